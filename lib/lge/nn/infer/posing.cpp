#include "lge/nn/infer/posing.hpp"

#include "lge/base/stream.hpp"
#include "lge/orient/canonical.hpp"
#include "lge/orient/points.hpp"
#include "lge/orient/source.hpp"

#include <algorithm>

namespace lge::nn {

Labelled read_labelled(const Item& item, const Segmenter* segmenter, const Log& log) {
    auto image = orient::read_image(orient::Place{item.record.image, item.content});
    for (const auto& problem : image.problems) log.warn("{}: {}", item.name, problem);
    Labelled read{std::move(image.volume), {}, std::move(image.nifti), std::move(image.sha256), {}};
    if (item.record.label) {
        const std::string name = display_name(*item.record.label);
        read.label = orient::read_labels(*item.record.label).volume;
        if (const auto reason = difference(read.label.grid, read.image.grid, Mm{0.1})) throw Error(ExitCode::bad_data, name + ": grid differs from the image: " + *reason);
        if (!read.label.voxels.empty() && *std::max_element(read.label.voxels.begin(), read.label.voxels.end()) >= anatomy::label_count)
            throw Error(ExitCode::bad_data, name + ": a label above 5");
        return read;
    }
    if (segmenter == nullptr) throw Error(ExitCode::bad_data, item.name + ": no label map; name one in a manifest, or give a --segmenter to draw it");
    try {
        read.drawn = segmenter->draw(read.image);
    } catch (const Error& e) {
        throw Error(e.code(), item.name + ": " + e.what());
    }
    read.label = read.drawn->label;
    return read;
}

orient::Pose pose_of(const Item& item, const volume::Volume<std::uint8_t>& label) {
    io::Landmarks marks = io::Landmarks::unknown();
    if (item.record.landmarks) {
        const auto file = orient::read_landmarks(*item.record.landmarks);
        const auto found = file.by_id.find(item.record.id);
        if (!file.only && found == file.by_id.end()) throw Error(ExitCode::bad_data, display_name(*item.record.landmarks) + ": no landmarks of this case");
        marks = file.only ? *file.only : found->second;
    }
    try {
        auto pose = orient::judge(label, {}, marks);
        if (pose.has(orient::Problem::lv_missing)) throw Error(ExitCode::bad_data, "no LV in the label map");
        return pose;
    } catch (const Error& e) {
        throw Error(e.code(), item.name + ": " + e.what());
    }
}

PosedCase pose_case(const Item& item, const Segmenter* segmenter, const Log& log) {
    if (item.cohort) return {item.cohort, item.number, std::nullopt};
    Labelled native = read_labelled(item, segmenter, log);
    const orient::Canvas canvas;
    auto cohort = std::make_shared<io::Cohort>();
    cohort->width = cohort->height = canvas.size;
    cohort->spacing_mm = canvas.spacing.value;
    cohort->normalisation = orient::description(canvas.normalise);
    const auto pose = pose_of(item, native.label);
    try {
        append(*cohort, orient::to_canonical(item.record.id, native.image, &native.label, pose, canvas));
    } catch (const Error& e) {
        throw Error(e.code(), item.name + ": " + e.what());
    }
    return {std::move(cohort), 0, std::move(native)};
}

}  // namespace lge::nn
