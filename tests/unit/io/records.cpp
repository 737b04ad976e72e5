#include "lge/base/error.hpp"
#include "lge/base/random.hpp"
#include "lge/io/provenance.hpp"
#include "lge/io/records.hpp"
#include "lge/io/safetensors.hpp"

#include <catch2/catch.hpp>

#include <cstring>
#include <filesystem>
#include <fstream>

#include <unistd.h>

using namespace lge::io;
using lge::Bytes;
using lge::anatomy::Segments;

namespace {

lge::anatomy::Finding full_finding() {
    using namespace lge::anatomy;
    Finding f;
    f.lge = Presence::present;
    f.segments = Segments::of({2, 8, 17});
    f.segments_possible = Segments::of({14});
    f.levels = {"basal", "mid"};
    f.walls = {"anteroseptal"};
    f.pattern = {Pattern::subendocardial, Pattern::transmural};
    f.transmurality = Transmurality{50, std::nullopt, "near_transmural"};
    f.extent_percent = {{12, 15.5}};
    f.mass_g = 21.3;
    f.mvo = false;
    f.territory = {Territory::lad};
    f.etiology = Etiology{Cause::ischemic, "prior_mi", Certainty::probable};
    f.etiology_excluded = {"amyloid"};
    f.uncertainty = {"possible"};
    f.viability = "nonviable";
    f.temporal = "unchanged";
    f.other = {"thrombus"};
    f.evidence = {{4, 8, "impression", "scar-in-wall"}};
    return f;
}

struct Folder {
    std::filesystem::path path = std::filesystem::temp_directory_path() / ("lge-records-" + std::to_string(::getpid()));
    Folder() { std::filesystem::create_directories(path / "sub"); }
    ~Folder() { std::filesystem::remove_all(path); }
    [[nodiscard]] std::string write(const std::string& text) const {
        std::ofstream(path / "m.jsonl") << text;
        return (path / "m.jsonl").string();
    }
};

std::string manifest_error(const std::string& text) {
    const Folder folder;
    try {
        read_manifest(folder.write(text));
        return "accepted";
    } catch (const lge::Error& e) {
        return e.code() == lge::ExitCode::bad_data ? e.what() : "wrong status";
    }
}

std::string safetensors_error(Bytes file) {
    try {
        decode_safetensors(std::move(file), "m.safetensors");
        return "accepted";
    } catch (const lge::Error& e) {
        return e.code() == lge::ExitCode::bad_data ? e.what() : "wrong status";
    }
}

/// A file with this header and `data` zero bytes behind it.
Bytes with_header(const std::string& header, std::size_t data) {
    Bytes out(8 + header.size() + data, std::byte{0});
    const std::uint64_t n = header.size();
    std::memcpy(out.data(), &n, 8);
    std::memcpy(out.data() + 8, header.data(), header.size());
    return out;
}

Safetensors small_model(const std::vector<float>& weights, const std::vector<std::uint8_t>& mask) {
    Safetensors s;
    s.metadata = {{"schema", "lge.model/1"}, {"note", "a \"quoted\" text"}};
    s.tensors["weight"] = {"F32", {2, 3}, std::as_bytes(std::span(weights))};
    s.tensors["mask"] = {"U8", {3}, std::as_bytes(std::span(mask))};
    s.tensors["empty"] = {"F16", {0, 4}, {}};
    return s;
}

}  // namespace

TEST_CASE("a finding is written in the order of its schema and comes back as it went") {
    const auto f = full_finding();
    const std::string line = write_finding_record("a", f);
    CHECK(line == R"({"schema":"lge.finding/1","id":"a","lge":"present","segments":[2,8,17],"segments_possible":[14],"levels":["basal","mid"],"walls":["anteroseptal"],)"
                  R"("pattern":["subendocardial","transmural"],"transmurality":{"min_pct":50,"max_pct":null,"class":"near_transmural"},"extent_percent":[12,15.5],"mass_g":21.3,)"
                  R"("mvo":false,"territory":["LAD"],"etiology":{"class":"ischemic","dx":"prior_mi","certainty":"probable"},"etiology_excluded":["amyloid"],"uncertainty":["possible"],)"
                  R"("viability":"nonviable","temporal":"unchanged","other":["thrombus"],"evidence":[{"start":4,"end":8,"section":"impression","rule":"scar-in-wall"}]})" "\n");
    lge::json::Document document;
    CHECK(parse_finding(document.parse(line)) == f);
}

TEST_CASE("a finding that says nothing has null where nothing can be told") {
    lge::anatomy::Finding f;
    f.segments.reset();
    const std::string line = write_finding_record("a", f);
    CHECK(line == R"({"schema":"lge.finding/1","id":"a","lge":null,"segments":null,"segments_possible":[],"levels":[],"walls":[],"pattern":[],"transmurality":null,"extent_percent":null,)"
                  R"("mass_g":null,"mvo":null,"territory":[],"etiology":null,"etiology_excluded":[],"uncertainty":[],"viability":null,"temporal":null,"other":[],"evidence":[]})" "\n");
    lge::json::Document document;
    CHECK(parse_finding(document.parse(line)) == f);
}

TEST_CASE("the text of evidence stands in the record only when it is asked for") {
    const auto f = full_finding();
    CHECK(write_finding_record("a", f, "The scar.").find(R"("rule":"scar-in-wall","text":"scar"})") != std::string::npos);
    CHECK(write_finding_record("a", f).find("\"text\"") == std::string::npos);
    // evidence past the end of the text has no text
    CHECK(write_finding_record("a", f, "The").find("\"text\"") == std::string::npos);
}

TEST_CASE("words and numbers that a finding cannot have are refused") {
    lge::json::Document document;
    for (const char* text : {R"({"lge":"perhaps"})", R"({"segments":[0]})", R"({"segments":[18]})", R"({"segments":"2"})", R"({"pattern":["blue"]})", R"({"extent_percent":[1]})",
                             R"({"evidence":[{"start":3,"end":2,"section":"","rule":""}]})", R"({"evidence":[{"start":-1,"end":2,"section":"","rule":""}]})", R"({"mvo":1})"})
        CHECK_THROWS_AS(parse_finding(document.parse(text)), lge::Error);
}

TEST_CASE("captions and detections come back as they went") {
    lge::json::Document document;
    const CaptionRecord caption{"a", "mid", 3, "scar", full_finding()};
    const std::string line = write_caption(caption);
    CHECK(line.starts_with(R"({"schema":"lge.caption/1","id":"a","level":"mid","slice":3,"text":"scar","finding":{"lge":)"));
    const auto back = parse_caption(document.parse(line));
    CHECK(back.level == "mid");
    CHECK(back.slice == 3);
    CHECK(back.finding == caption.finding);

    const DetectionRecord detection{"a", "slice", 2, -1.5, 0.25, 0.5, false, "no scar", std::vector<int>{1, 7}};
    const std::string call = write_detection(detection);
    CHECK(call == R"({"schema":"lge.detection/1","id":"a","unit":"slice","slice":2,"score":-1.5,"probability":0.25,"present":false,"threshold":0.5,"caption":"no scar","segments":[1,7]})" "\n");
    const auto again = parse_detection(document.parse(call));
    CHECK(write_detection(again) == call);
    CHECK_THROWS_WITH(parse_detection(document.parse(R"({"schema":"lge.detection/1","id":"a","unit":"case","slice":2})")), "slice stands with unit slice, and only there");
    CHECK_THROWS_WITH(parse_detection(document.parse(line)), "schema is not lge.detection/1");
}

TEST_CASE("a detection carries what is named and the scores behind it") {
    lge::json::Document document;
    DetectionRecord d{"a", "case", {}, 0.5, 0.75, 0.5, true, {}, std::vector<int>{7}};
    d.wall = "anterior";
    d.level = "mid";
    d.extent = "transmural";
    d.segment_scores.assign(17, std::nullopt);
    d.segment_scores[6] = 0.5;
    d.margins = {{"wall", {{"anterior", 0.25}, {"inferior", -0.5}}}, {"extent", {{"transmural", 1}}}};
    const std::string line = write_detection(d);
    CHECK(line == R"({"schema":"lge.detection/1","id":"a","unit":"case","score":0.5,"probability":0.75,"present":true,"threshold":0.5,"segments":[7],)"
                  R"("wall":"anterior","level":"mid","extent":"transmural","segment_scores":[null,null,null,null,null,null,0.5,null,null,null,null,null,null,null,null,null,null],)"
                  R"("margins":{"wall":{"anterior":0.25,"inferior":-0.5},"extent":{"transmural":1}}})" "\n");
    CHECK(write_detection(parse_detection(document.parse(line))) == line);
    CHECK_THROWS_WITH(parse_detection(document.parse(R"({"schema":"lge.detection/1","id":"a","unit":"case","score":1,"probability":1,"present":true,"threshold":0.5,"segment_scores":[1]})")),
                      "segment_scores are not 17");
    CHECK(write_embedding({"a", "slice", 2, {0.6F, -0.8F}}) == R"({"schema":"lge.embedding/1","id":"a","unit":"slice","slice":2,"vector":[0.6,-0.8]})" "\n");
}

TEST_CASE("a manifest read case by case goes on behind a bad line") {
    const Folder folder;
    const std::string path = folder.write("{\"schema\":\"lge.case/1\",\"id\":\"a\",\"image\":\"a.nii\"}\n{}\n{\"schema\":\"lge.case/1\",\"id\":\"b\",\"image\":\"b.nii\"}\n");
    Manifest manifest(path, lge::json::Lines(lge::Input(path)));
    CHECK(manifest.next()->id == "a");
    CHECK_THROWS_AS(manifest.next(), lge::Error);
    CHECK(manifest.next()->id == "b");
    CHECK_FALSE(manifest.next());
}

TEST_CASE("a manifest gives its cases with files that can be opened") {
    const Folder folder;
    const auto cases = read_manifest(folder.write("{\"schema\":\"lge.case/1\",\"id\":\"a\",\"image\":\"sub/a.nii\",\"split\":\"test\"}\n{\"schema\":\"lge.case/1\",\"id\":\"b\",\"image\":\"b.nii\",\"label\":\"c.nii\"}\n"));
    REQUIRE(cases.size() == 2);
    CHECK(cases[0].image == (folder.path / "sub/a.nii").string());
    CHECK(cases[0].split == "test");
    CHECK_FALSE(cases[0].label);
    CHECK(cases[1].label == (folder.path / "c.nii").string());
    CHECK(write_case({"a", "x.nii", "y.nii", {}, {}, "train"}) == R"({"schema":"lge.case/1","id":"a","image":"x.nii","label":"y.nii","split":"train"})" "\n");
}

TEST_CASE("a bad line of a manifest is named by file and line") {
    const std::string good = R"({"schema":"lge.case/1","id":"a","image":"a.nii"})" "\n";
    CHECK(manifest_error(good + good) == "m.jsonl:2: the same id as on a line before");
    CHECK(manifest_error(good + R"({"schema":"lge.case/2","id":"b","image":"a.nii"})" "\n") == "m.jsonl:2: schema is not lge.case/1");
    CHECK(manifest_error(R"({"schema":"lge.case/1","id":"","image":"a.nii"})" "\n") == "m.jsonl:1: id is empty");
    for (const char* path : {"../a.nii", "/etc/passwd", "sub/../../a.nii"})
        CHECK(manifest_error(R"({"schema":"lge.case/1","id":"a","image":")" + std::string(path) + "\"}\n").starts_with("m.jsonl:1: "));
}

TEST_CASE("a history names options once, in the order given") {
    CHECK(History{"lge-x", "1.0", {{"seed", "3"}, {"wall", "a"}, {"wall", "b"}}, {"00ff"}}.json() ==
          R"({"tool":"lge-x","version":"1.0","options":{"seed":"3","wall":["a","b"]},"inputs":["00ff"]})");
}

TEST_CASE("tensors and metadata come back as they went, aligned, and the same content gives the same bytes") {
    const std::vector<float> weights{1, 2, 3, 4, 5, 6};
    const std::vector<std::uint8_t> mask{7, 8, 9};
    const auto model = small_model(weights, mask);
    const Bytes file = encode_safetensors(model);
    const auto back = decode_safetensors(file, "m");
    CHECK(back.metadata.at("note") == "a \"quoted\" text");
    CHECK(back.metadata.at("sha256").size() == 64);
    REQUIRE(back.tensors.size() == 3);
    CHECK(back.tensors.at("weight").shape == std::vector<std::int64_t>{2, 3});
    CHECK(std::memcmp(back.tensors.at("weight").bytes.data(), weights.data(), 24) == 0);
    CHECK(reinterpret_cast<std::uintptr_t>(back.tensors.at("weight").bytes.data()) % alignof(float) == 0);
    CHECK(std::memcmp(back.tensors.at("mask").bytes.data(), mask.data(), 3) == 0);
    CHECK(back.tensors.at("empty").bytes.empty());
    CHECK(encode_safetensors(back) == file);
}

TEST_CASE("every proper prefix and every flipped bit of a model file is refused") {
    const std::vector<float> weights{1, 2, 3, 4, 5, 6};
    const std::vector<std::uint8_t> mask{7, 8, 9};
    Bytes file = encode_safetensors(small_model(weights, mask));
    std::size_t taken = 0;
    for (std::size_t n = 0; n < file.size(); ++n) taken += safetensors_error(Bytes(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(n))) == "accepted" ? 1 : 0;
    for (std::size_t bit = 0; bit < 8 * file.size(); ++bit) {
        Bytes damaged = file;
        damaged[bit / 8] ^= std::byte{1} << bit % 8;
        taken += safetensors_error(std::move(damaged)) == "accepted" ? 1 : 0;
    }
    CHECK(taken == 0);
    file.push_back(std::byte{0});
    CHECK(safetensors_error(file) != "accepted");
}

TEST_CASE("headers of a model that lie are refused") {
    CHECK(safetensors_error(with_header(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 8)) == "accepted");
    for (const char* header : {
             R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,7]}})",
             R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}})",
             R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}})",
             R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}})",
             R"({"a":{"dtype":"F31","shape":[2],"data_offsets":[0,8]}})",
             R"({"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}})",
             R"({"a":{"dtype":"F32","shape":[4611686018427387904,2],"data_offsets":[0,0]}})",
             R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}})",
             R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
             R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[5],"data_offsets":[3,8]}})",
             R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[3],"data_offsets":[5,8]}})",
             R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"a":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}})",
             R"({"a":{"dtype":"U8","shape":[8]}})",
             R"({"__metadata__":{"schema":"lge.model/1"},"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}})",
             R"([])", "not JSON"}) {
        INFO(header);
        CHECK(safetensors_error(with_header(header, 8)) != "accepted");
    }
    Bytes long_header = with_header("{}", 0);
    long_header[5] = std::byte{1};
    CHECK(safetensors_error(long_header) == "m.safetensors: not a safetensors file, or cut short");
}
