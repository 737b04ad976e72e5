#include "lge/orient/record.hpp"

#include "lge/json/writer.hpp"

#include <fmt/format.h>

#include <cmath>

namespace lge::orient {
namespace {

void write_point(json::Writer& w, std::string_view key, const volume::Vec3& p) {
    w.key(key);
    if (std::isnan(p[0])) {
        w.null();
        return;
    }
    w.array();
    for (const double x : p) w.number(x);
    w.end();
}

void write_points(json::Writer& w, const io::Landmarks& marks) {
    write_point(w, "lv_base_mm", marks.lv_base);
    write_point(w, "lv_apex_mm", marks.lv_apex);
    write_point(w, "rv_anterior_mm", marks.rv_anterior);
    write_point(w, "rv_inferior_mm", marks.rv_inferior);
}

}  // namespace

std::string write_landmarks(std::string_view id, const io::Landmarks& landmarks, const LandmarkSource& source) {
    json::Writer w;
    w.object().key("schema").text("lge.landmarks/1").key("id").text(id);
    write_points(w, landmarks);
    if (source.heat_maps) {
        const auto confidence = [&](std::string_view key, auto member) {
            w.key(key);
            if (source.insertions) w.number((*source.insertions).*member);
            else w.null();
        };
        confidence("rv_anterior_confidence", &LandmarkSource::Confidence::anterior);
        confidence("rv_inferior_confidence", &LandmarkSource::Confidence::inferior);
    }
    if (source.pose) w.key("pose").object().key("rotation_deg").number(source.pose->rotation_deg).key("mirrored").boolean(source.pose->mirrored).key("share").number(source.pose->share).end();
    return w.end().take_line();
}

std::string write_record(std::string_view id, const Pose& pose, const std::optional<Intensity>& intensity) {
    json::Writer w;
    w.object().key("schema").text("lge.orient/1").key("id").text(id);
    w.key("rotation_deg").number(pose.rotation.value).key("mirrored").boolean(pose.mirrored).key("apex_first").boolean(pose.apex_first);
    w.key("slices").array();
    for (const std::size_t k : pose.slices) w.integer(static_cast<std::int64_t>(k));
    w.end().key("levels").array();
    for (const auto level : pose.levels) {
        if (level == anatomy::Level::unknown) w.null();
        else w.text(anatomy::word(level));
    }
    w.end().key("landmarks").object();
    write_points(w, pose.landmarks);
    w.key("slices").array();
    for (std::size_t n = 0; n < pose.marks.size(); ++n) {
        const SliceMarks& m = pose.marks[n];
        w.object().key("slice").integer(static_cast<std::int64_t>(pose.slices[n]));
        const auto angle = [&](Degrees stored) { m.rv ? w.number(turn((pose.mirrored ? Degrees{180} - stored : stored) + pose.rotation).value) : w.null(); };
        w.key("anterior_deg");
        angle(pose.mirrored ? m.last : m.first);
        w.key("inferior_deg");
        angle(pose.mirrored ? m.first : m.last);
        w.key("inherited").boolean(m.inherited).key("confidence").number(m.confidence).end();
    }
    w.end().end().key("confidence").number(pose.confidence).key("problems").array();
    for (const Problem p : pose.problems) w.text(word(p));
    w.end().key("intensity");
    if (intensity) w.array().number(intensity->zero).number(intensity->one).end();
    else w.null();
    w.end();
    return w.take_line();
}

volume::Affine canonical_to_source(const Pose& pose) {
    volume::Affine a;
    a.set_column(0, pose.right);
    a.set_column(1, pose.down);
    a.set_column(2, volume::unit(pose.step));
    a.set_column(3, pose.first_centre);
    return a;
}

std::string write_transform(std::string_view id, const volume::Affine& transform) {
    json::Writer w;
    w.object().key("schema").text("lge.transform/1").key("id").text(id).key("matrix").array();
    for (std::size_t r = 0; r < 3; ++r) {
        w.array();
        for (std::size_t c = 0; c < 4; ++c) w.number(transform.rows[4 * r + c]);
        w.end();
    }
    w.array().number(0).number(0).number(0).number(1).end().end().end();
    return w.take_line();
}

std::string write_itk_transform(const volume::Affine& t) {
    std::string text = "#Insight Transform File V1.0\n#Transform 0\nTransform: AffineTransform_double_3_3\nParameters:";
    for (std::size_t r = 0; r < 3; ++r)
        for (std::size_t c = 0; c < 3; ++c) text += fmt::format(" {}", t.rows[4 * r + c]);
    for (std::size_t r = 0; r < 3; ++r) text += fmt::format(" {}", t.rows[4 * r + 3]);
    return text + "\nFixedParameters: 0 0 0\n";
}

}  // namespace lge::orient
