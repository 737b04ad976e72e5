#include "lge/nn/infer/segment_files.hpp"

#include "lge/itk/resample.hpp"
#include "lge/nn/infer/posing.hpp"
#include "lge/nn/infer/seen_landmarks.hpp"
#include "lge/orient/canonical.hpp"
#include "lge/orient/inverse.hpp"
#include "lge/orient/native.hpp"
#include "lge/orient/record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace lge::nn {
namespace {

/// What is made of one image.
struct Made {
    Bytes label, uncertainty;
    std::string landmarks, summary;
};

std::string volumes_in_words(const std::string& id, const volume::Volume<std::uint8_t>& label) {
    const double ml = label.grid.voxel_volume_mm3() / 1000;
    const auto share = [&](auto in) { return ml * static_cast<double>(std::count_if(label.voxels.begin(), label.voxels.end(), in)); };
    return fmt::format("{}  LV cavity {:.0f} ml, wall {:.0f} ml, RV cavity {:.0f} ml\n", id, share([](auto l) { return l == 1; }), share(anatomy::is_wall), share(is_right));
}

/// The landmarks that the label map shows, and what the network's heads tell: insertions of heat maps unless `given` ones stand in `pose`.
std::string landmarks_of(const std::string& id, const orient::Pose& pose, const Segmented& seen, bool given) {
    io::Landmarks marks = pose.landmarks;
    orient::LandmarkSource source{!seen.insertions.empty(), {}, {}};
    if (source.heat_maps && !given)
        if (const auto found = choose_insertions(seen.insertions, pose, seen.label.grid)) {
            const auto place = [&](const Peak& p) { return seen.label.grid.index_to_lps({p.x, p.y, static_cast<double>(found->slice)}); };
            marks.rv_anterior = place(found->at.anterior);
            marks.rv_inferior = place(found->at.inferior);
            source.insertions = {found->at.anterior.confidence, found->at.inferior.confidence};
        }
    if (seen.pose) source.pose = {seen.pose->quarter_turns == 3 ? -90.0 : 90.0 * seen.pose->quarter_turns, seen.pose->mirrored, seen.pose->share};
    return orient::write_landmarks(id, marks, source);
}

Made make(const Segmenter& segmenter, const Item& item, const MapTargets& targets, bool compress, io::History history, const Log& log) {
    Item unlabelled = item;
    unlabelled.record.label.reset();
    Labelled one = read_labelled(unlabelled, &segmenter, log);
    history.inputs = {one.sha256};
    Made made;
    if (targets.summary) made.summary = volumes_in_words(item.record.id, one.label);
    if (std::none_of(one.label.voxels.begin(), one.label.voxels.end(), anatomy::is_wall)) log.warn("{}: no heart found; its label map has no wall", item.name);
    const bool canonical = targets.grid == MapGrid::canonical;
    std::optional<orient::Pose> pose;
    if (canonical) pose = pose_of(item, one.label);
    if (!targets.landmarks.empty()) made.landmarks = landmarks_of(item.record.id, pose ? *pose : orient::judge(one.label, {}), *one.drawn, canonical && item.record.landmarks);
    const volume::Grid grid = canonical ? canonical_grid(*pose, orient::Canvas{}.spacing, orient::Canvas{}.size, orient::Stacking::upright) : one.label.grid;
    const auto& header = canonical ? std::nullopt : one.header;
    const auto label = canonical ? itk::resample_label_slices(one.label, grid, pose->slices) : std::move(one.label);
    made.label = orient::encode_native(io::to_nifti(label), header, history, compress);
    if (auto& doubt = one.drawn->uncertainty)
        made.uncertainty = orient::encode_native(io::to_nifti(canonical ? itk::resample_slices(*doubt, grid, pose->slices, itk::Interpolation::linear, 0) : std::move(*doubt)), header, history, compress);
    return made;
}

ExitCode segment_one(const Segmenter& segmenter, Inputs& inputs, const MapTargets& targets, const RunChoice& run, const io::History& history, const Log& log) {
    if (targets.summary && targets.output == "-") throw Error(ExitCode::usage, "--summary: the label map takes standard output; name its file with --output");
    const Item item = *inputs.next();
    if (item.fault) throw *item.fault;
    refuse_shared_outputs({targets.output, targets.uncertainty, targets.landmarks});
    for (const auto& path : {targets.output, targets.uncertainty, targets.landmarks}) refuse_same_file(item.record.image, path);
    Output output(targets.output, run.overwrite);
    output.refuse_terminal();
    const Made made = make(segmenter, item, targets, io::wants_gzip(targets.output), history, log);
    output.write(made.label);
    if (!targets.uncertainty.empty()) write_file(targets.uncertainty, run.overwrite, made.uncertainty);
    if (!targets.landmarks.empty()) write_file(targets.landmarks, run.overwrite, as_bytes(made.landmarks));
    output.commit();
    if (targets.summary) write_file("-", run.overwrite, as_bytes(made.summary));
    return ExitCode::ok;
}

/// The record of a manifest with its new label, its paths as the manifest at `path` must name them.
std::string relabelled(io::CaseRecord record, const std::string& label, const std::string& path) {
    record.label = io::name_in_manifest(path, label);
    for (auto* file : {&record.landmarks, &record.report})
        if (*file) **file = io::name_in_manifest(path, **file);
    record.image = io::name_in_manifest(path, record.image);
    return io::write_case(record);
}

ExitCode segment_many(const Segmenter& segmenter, Inputs& inputs, const MapTargets& targets, const RunChoice& run, const io::History& history, const Log& log) {
    if (targets.folder.empty()) throw Error(ExitCode::usage, "a manifest or several images need --output-dir");
    const bool listed = !targets.summary && inputs.peek()->from == Item::From::manifest;
    if (!targets.summary && !listed && targets.output != "-") throw Error(ExitCode::usage, "--output is the manifest with its labels, or the summary; label maps of images go into --output-dir alone");
    refuse_shared_outputs({targets.folder, targets.uncertainty});
    refuse_shared_outputs({targets.summary || listed ? targets.output : "", targets.landmarks});
    make_folder(targets.folder);
    if (!targets.uncertainty.empty()) make_folder(targets.uncertainty);
    std::optional<Output> output, landmarks;
    if (targets.summary || listed) output.emplace(targets.output, run.overwrite);
    if (!targets.landmarks.empty()) landmarks.emplace(targets.landmarks, run.overwrite);
    Progress progress(log, "segment", 0);
    struct Done {
        std::string line, landmarks;
    };
    const auto status = each_case(
        inputs, run.threads, run.keep_going, log,
        [&](const Item& item) {
            if (item.from == Item::From::cohort) throw Error(ExitCode::usage, item.name + ": a cohort is segmented alone");
            const std::string file = file_of_case(targets.folder, item.record.id), doubt = targets.uncertainty.empty() ? "" : file_of_case(targets.uncertainty, item.record.id);
            for (const auto& path : {file, doubt}) refuse_same_file(item.record.image, path);
            Made made = make(segmenter, item, targets, true, history, log);
            write_file(file, run.overwrite, made.label);
            if (!doubt.empty()) write_file(doubt, run.overwrite, made.uncertainty);
            return Done{listed && item.from == Item::From::manifest ? relabelled(item.record, file, targets.output) : std::move(made.summary), std::move(made.landmarks)};
        },
        [&](const Item&, Done done) {
            progress.add();
            if (landmarks) landmarks->write(done.landmarks);
            if (!output) return;
            output->write(done.line);
            output->flush();
        });
    if (landmarks) landmarks->commit();
    if (output) output->commit();
    return status;
}

/// A case of a cohort as a volume in the frame of the cohort's pixels: only their distance matters to the network.
volume::Volume<float> picture_of(const io::Cohort& cohort, std::size_t c) {
    const auto& one = cohort.cases[c];
    volume::Volume<float> image(volume::Grid{{cohort.width, cohort.height, one.slice_count}, {{cohort.spacing_mm, 0, 0, 0, 0, cohort.spacing_mm, 0, 0, 0, 0, 1, 0}}});
    std::copy_n(cohort.image.begin() + static_cast<std::ptrdiff_t>(one.first_slice * cohort.slice_size()), image.voxels.size(), image.voxels.begin());
    return image;
}

ExitCode segment_cohort(const Segmenter& segmenter, Inputs& inputs, const MapTargets& targets, const RunChoice& run, io::History history, const Log& log) {
    const Item first = *inputs.peek();
    if (!targets.folder.empty()) throw Error(ExitCode::usage, "--output-dir goes with a manifest or several images");
    if (!targets.landmarks.empty() || targets.grid == MapGrid::canonical) throw Error(ExitCode::usage, "a cohort is in the canonical pose; --grid and --landmarks go with images");
    if (io::is_nifti_name(targets.output)) throw Error(ExitCode::usage, display_name(targets.output) + ": the labels of a cohort go into a cohort (.h5)");
    refuse_shared_outputs({targets.output, targets.uncertainty});
    if (targets.summary && targets.output == "-") throw Error(ExitCode::usage, "--summary: the cohort takes standard output; name its file with --output");
    Output output(targets.output, run.overwrite);
    output.refuse_terminal();
    io::Cohort labelled = *first.cohort, doubtful;
    history.inputs = {first.sha256};
    if (targets.keep_scar && labelled.label.empty()) throw Error(ExitCode::bad_data, first.name + ": no label maps to keep the scar of");
    labelled.label.resize(labelled.image.size());
    labelled.history = history.json();
    if (!targets.uncertainty.empty()) doubtful = labelled;
    Progress progress(log, "segment", labelled.cases.size());
    std::size_t done = 0;
    std::string summary;
    const auto status = each_case(
        inputs, run.threads, false, log, [&](const Item& item) {
            if (item.cohort != first.cohort) throw Error(ExitCode::usage, item.name + ": a cohort is segmented alone");
            return segmenter.draw(picture_of(*item.cohort, item.number));
        },
        [&](const Item& item, const Segmented& drawn) {
            const auto at = static_cast<std::ptrdiff_t>(labelled.cases[item.number].first_slice * labelled.slice_size());
            std::transform(drawn.label.voxels.begin(), drawn.label.voxels.end(), labelled.label.begin() + at, labelled.label.begin() + at,
                           [&](std::uint8_t now, std::uint8_t old) { return targets.keep_scar && anatomy::is_wall(now) && anatomy::is_scar(old) ? old : now; });
            if (drawn.uncertainty) std::copy(drawn.uncertainty->voxels.begin(), drawn.uncertainty->voxels.end(), doubtful.image.begin() + at);
            if (targets.summary) {
                auto label = drawn.label;
                label.grid = labelled.grid(item.number);
                summary += volumes_in_words(item.record.id, label);
            }
            progress.add();
            ++done;
        });
    if (done != labelled.cases.size()) throw Error(ExitCode::usage, "--shard goes with images and manifests; a cohort is segmented whole");
    output.write(io::encode_cohort(labelled));
    if (!targets.uncertainty.empty()) {
        doubtful.label = labelled.label;
        doubtful.normalisation = "none";
        write_file(targets.uncertainty, run.overwrite, io::encode_cohort(doubtful));
    }
    output.commit();
    if (targets.summary) write_file("-", run.overwrite, as_bytes(summary));
    return status;
}

}  // namespace

std::string file_of_case(const std::string& folder, const std::string& id, std::string_view ending) {
    if (id.find_first_of("/\\") != std::string::npos || id.front() == '.') throw Error(ExitCode::bad_data, "a case id cannot be a file name: it holds a slash or begins with a dot");
    return (std::filesystem::path(folder) / (id + std::string(ending))).string();
}

ExitCode segment_files(const Segmenter& segmenter, Inputs& inputs, bool several, const MapTargets& targets, const RunChoice& run, const io::History& history, const Log& log) {
    const Item* first = inputs.peek();
    if (first == nullptr) {
        if (!inputs.shared_out()) throw Error(ExitCode::bad_data, "no case in the inputs");
        log.note("no case in this shard");
        return ExitCode::ok;
    }
    if (first->from == Item::From::cohort) return segment_cohort(segmenter, inputs, targets, run, history, log);
    if (targets.keep_scar) throw Error(ExitCode::usage, "--keep-scar goes with a cohort");
    const bool one = first->from == Item::From::image && !several && targets.folder.empty();
    return (one ? segment_one : segment_many)(segmenter, inputs, targets, run, history, log);
}

}  // namespace lge::nn
