#include "../temporary_folder.hpp"
#include "lge/base/error.hpp"
#include "lge/base/stream.hpp"
#include "lge/orient/points.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <string>

using namespace lge::orient;
using lge::volume::Vec3;

namespace {

LandmarkFile read(const std::string& text) {
    const TemporaryFolder folder;
    const auto path = (folder.path / "points").string();
    lge::write_file(path, lge::Overwrite::no, lge::as_bytes(text));
    return read_landmarks(path);
}
std::string refusal(const std::string& text) {
    try {
        read(text);
        return "accepted";
    } catch (const lge::Error& e) {
        CHECK(e.code() == lge::ExitCode::bad_data);
        return e.what();
    }
}

const std::string fcsv = "# Markups fiducial file version = 4.11\n# CoordinateSystem = LPS\n"
                         "# columns = id,x,y,z,ow,ox,oy,oz,vis,sel,lock,label,desc,associatedNodeID\n";

}  // namespace

TEST_CASE("Slicer's fcsv gives the points with our names, in LPS and RAS") {
    const auto lps = read(fcsv + "1,10.5,-20,3e1,0,0,0,1,1,1,0,RV anterior,,\n2,1,2,3,0,0,0,1,1,1,0,LV-Base,,\r\n3,1,2,3,0,0,0,1,1,1,0,F-3,,\n");
    REQUIRE(lps.only);
    CHECK(lps.only->rv_anterior == Vec3{10.5, -20, 30});
    CHECK(lps.only->lv_base == Vec3{1, 2, 3});
    CHECK(std::isnan(lps.only->lv_apex[0]));
    auto ras = fcsv;
    ras.replace(ras.find("LPS"), 3, "RAS");
    CHECK(read(ras + "1,10.5,-20,3,0,0,0,1,1,1,0,rv_anterior,,\n").only->rv_anterior == Vec3{-10.5, 20, 3});
    CHECK(read("# Markups fiducial file version = 4.3\n# CoordinateSystem = 0\n1,1,2,3,0,0,0,1,1,1,0,lv_apex,,\n").only->lv_apex == Vec3{-1, -2, 3});
}

TEST_CASE("Slicer's markups JSON gives the points with our names") {
    const std::string file = R"({
 "@schema": "https://raw.githubusercontent.com/slicer/slicer/master/Modules/Loadable/Markups/Resources/Schema/markups-schema-v1.0.3.json#",
 "markups": [
  {"type": "Fiducial", "coordinateSystem": "RAS", "controlPoints": [
    {"id": "1", "label": "rv_inferior", "position": [1.0, 2.0, 3.0], "positionStatus": "defined"},
    {"id": "2", "label": "lv_apex", "position": [0.0, 0.0, 0.0], "positionStatus": "undefined"}]},
  {"type": "Fiducial", "coordinateSystem": "LPS", "controlPoints": [{"id": "1", "label": "lv base", "position": [4, 5, 6]}]}]
})";
    const auto marks = read(file).only;
    REQUIRE(marks);
    CHECK(marks->rv_inferior == Vec3{-1, -2, 3});
    CHECK(marks->lv_base == Vec3{4, 5, 6});
    CHECK(std::isnan(marks->lv_apex[0]));
}

TEST_CASE("records give landmarks by case id") {
    const auto file = read("{\"schema\":\"lge.landmarks/1\",\"id\":\"a\",\"rv_anterior_mm\":[1,2,3],\"lv_apex_mm\":null}\n"
                           "{\"schema\":\"lge.orient/1\",\"id\":\"b\",\"landmarks\":{\"lv_base_mm\":[4,5,6],\"rv_inferior_mm\":null,\"slices\":[]}}\n");
    CHECK_FALSE(file.only);
    REQUIRE(file.by_id.size() == 2);
    CHECK(file.by_id.at("a").rv_anterior == Vec3{1, 2, 3});
    CHECK(file.by_id.at("b").lv_base == Vec3{4, 5, 6});
    CHECK(std::isnan(file.by_id.at("b").rv_inferior[0]));
}

TEST_CASE("bad landmark files are refused with the place and the reason, never with what they hold") {
    CHECK(refusal(fcsv) == "points: no point is called lv_base, lv_apex, rv_anterior or rv_inferior");
    CHECK(refusal(fcsv + "1,1,2,3,0,0,0,1,1,1,0,lv_base,,\n2,1,2,3,0,0,0,1,1,1,0,LV base,,\n") == "points: two points are called lv_base");
    CHECK(refusal(fcsv + "1,1,2,3,0\n") == "points: a line has too few columns");
    CHECK(refusal(fcsv + "1,1,secret,3,0,0,0,1,1,1,0,lv_base,,\n") == "points: a coordinate is not a number");
    CHECK(refusal(fcsv + "1,1,nan,3,0,0,0,1,1,1,0,lv_base,,\n") == "points: a point is not finite");
    CHECK(refusal("# CoordinateSystem = secret\n") == "points: coordinate system is neither LPS nor RAS");
    CHECK(refusal("# columns = id,x,y,label\n1,2,3,4\n") == "points: a column x, y, z or label is missing");
    CHECK(refusal(R"({"markups":[{"controlPoints":[{"label":"lv_base","position":[1,2]}]}]})") == "points: a point is not an array of three numbers");
    CHECK(refusal("{\"schema\":\"lge.landmarks/1\",\"id\":\"a\"}\n") == "points:1: no lv_base_mm, lv_apex_mm, rv_anterior_mm or rv_inferior_mm");
    CHECK(refusal("{\"schema\":\"lge.case/1\",\"id\":\"a\",\"image\":\"x\"}\n") == "points:1: schema is not lge.landmarks/1");
    CHECK(refusal("{\"schema\":\"lge.landmarks/1\",\"id\":\"a\",\"lv_base_mm\":[1,2,3]}\n{\"schema\":\"lge.landmarks/1\",\"id\":\"a\",\"lv_base_mm\":[1,2,3]}\n") ==
          "points:2: the same id as on a line before");
    CHECK(refusal("{\"markups\":[").starts_with("points:1: "));
}
