#include "lge/orient/cases.hpp"

#include "lge/base/error.hpp"
#include "lge/base/hash.hpp"
#include "lge/base/stream.hpp"
#include "lge/io/records.hpp"
#include "lge/orient/native.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string_view>

namespace lge::orient {
namespace {

bool is_folder(const std::string& path) {
    std::error_code error;
    return path != "-" && std::filesystem::is_directory(path, error);
}

/// The cases of one operand; volumes without label or landmarks yet.
std::vector<Case> open_input(const std::string& path) {
    if (is_folder(path)) return {{io::case_id(path), {path, {}}, {}, {}, {}, {}, 0, {}}};
    Input input(path);
    const std::string name = input.name();
    const auto head = input.peek(64);
    const auto text = as_text(head);
    std::vector<Case> cases;
    if (const auto at = text.find_first_not_of(" \t\r\n"); at != std::string_view::npos && text[at] == '{') {
        for (auto& c : io::read_manifest(path, json::Lines(std::move(input)))) {
            if (!c.label && !c.landmarks) throw Error(ExitCode::bad_data, name + ": a case has neither label nor landmarks");
            cases.push_back({c.id, {c.image, {}}, c.label.value_or(""), c.landmarks.value_or(""), {}, {}, 0, {}});
        }
        return cases;
    }
    if (io::looks_like_hdf5(head)) {
        const Bytes file = read_all(input);
        const auto cohort = std::make_shared<const io::Cohort>(io::decode_cohort(file, name));
        const std::string hash = sha256(file);
        for (std::size_t n = 0; n < cohort->cases.size(); ++n) cases.push_back({cohort->cases[n].id, {path, {}}, {}, {}, {}, cohort, n, hash});
        return cases;
    }
    Place place{path, {}};
    if (!input.size()) place.content = std::make_shared<const Bytes>(read_all(input));
    return {{io::case_id(path), std::move(place), {}, {}, {}, {}, 0, {}}};
}

/// Landmarks of the files that name no case, one for each volume in turn; those of the others by id, for every case.
void give_landmarks(std::vector<Case>& cases, const std::vector<std::string>& files, const std::vector<std::size_t>& volumes) {
    std::vector<io::Landmarks> in_turn;
    std::map<std::string, io::Landmarks> by_id;
    for (const auto& path : files) {
        const auto file = read_landmarks(path);
        if (file.only) in_turn.push_back(*file.only);
        for (const auto& [id, marks] : file.by_id)
            if (!by_id.emplace(id, marks).second) throw Error(ExitCode::bad_data, display_name(path) + ": an id that another file of landmarks has as well");
    }
    if (!in_turn.empty() && in_turn.size() != volumes.size())
        throw Error(ExitCode::usage, fmt::format("--landmarks: {} files without case ids, wanted {}, one for each volume", in_turn.size(), volumes.size()));
    for (std::size_t n = 0; n < in_turn.size(); ++n) cases[volumes[n]].landmarks = in_turn[n];
    for (auto& c : cases)
        if (const auto found = by_id.find(c.id); found != by_id.end() && !c.landmarks) c.landmarks = found->second;
}

/// A case of a cohort, in the shape of what is read from files.
struct Read {
    volume::Volume<float> image;
    std::optional<volume::Volume<std::uint8_t>> label;
    io::Landmarks landmarks = io::Landmarks::unknown();
    std::string label_name;
};

Read of_cohort(const Case& c) {
    const auto& cohort = *c.cohort;
    const auto& about = cohort.cases[c.number];
    const auto first = static_cast<std::ptrdiff_t>(about.first_slice * cohort.slice_size());
    Read r{volume::Volume<float>(cohort.grid(c.number)), {}, io::Landmarks::unknown(), display_name(c.image.path)};
    std::copy_n(cohort.image.begin() + first, r.image.voxels.size(), r.image.voxels.begin());
    if (!cohort.label.empty()) {
        r.label.emplace(r.image.grid);
        std::copy_n(cohort.label.begin() + first, r.label->voxels.size(), r.label->voxels.begin());
    } else {
        r.landmarks = about.landmarks;
    }
    return r;
}

Read of_files(const Case& c, const Work& work, Oriented& o) {
    auto image = read_image(c.image, work.series);
    o.hashes.push_back(image.sha256);
    o.problems = std::move(image.problems);
    o.header = std::move(image.nifti);
    Read r{std::move(image.volume), {}, io::Landmarks::unknown(), display_name(c.label)};
    if (c.label.empty()) return r;
    auto label = read_labels(c.label);
    o.hashes.push_back(label.sha256);
    if (const auto reason = difference(label.volume.grid, r.image.grid, Mm{0.1})) throw Error(ExitCode::bad_data, r.label_name + ": grid differs from the image: " + *reason);
    r.label = std::move(label.volume);
    return r;
}

io::Landmarks own_landmarks(const Case& c) {
    if (c.landmark_file.empty()) return c.landmarks.value_or(io::Landmarks::unknown());
    const auto file = read_landmarks(c.landmark_file);
    if (file.only) return *file.only;
    const auto found = file.by_id.find(c.id);
    if (found == file.by_id.end()) throw Error(ExitCode::bad_data, display_name(c.landmark_file) + ": no landmarks of this case");
    return found->second;
}

}  // namespace

std::vector<Case> gather_cases(const std::vector<std::string>& inputs, const std::vector<std::string>& labels, const std::vector<std::string>& landmarks) {
    const auto is_stdin = [](const auto& list) { return std::count(list.begin(), list.end(), "-"); };
    if (is_stdin(inputs) + is_stdin(labels) + is_stdin(landmarks) > 1) throw Error(ExitCode::usage, "only one input can be standard input");
    std::vector<Case> cases;
    std::vector<std::size_t> volumes;  // those whose label and landmarks the command line names
    for (const auto& input : inputs)
        for (auto& c : open_input(input)) {
            if (!c.cohort && c.label.empty() && c.landmark_file.empty()) volumes.push_back(cases.size());
            cases.push_back(std::move(c));
        }
    give_landmarks(cases, landmarks, volumes);
    const bool landmarks_do = labels.empty() && std::all_of(volumes.begin(), volumes.end(), [&](std::size_t v) { return cases[v].landmarks.has_value(); });
    if (!landmarks_do) {
        if (labels.size() < volumes.size()) throw Error(ExitCode::usage, display_name(cases[volumes[labels.size()]].image.path) + ": no label map for it; give one --label for each volume, or --landmarks");
        if (labels.size() > volumes.size()) throw Error(ExitCode::usage, fmt::format("--label: {} given, wanted {}, one for each volume", labels.size(), volumes.size()));
        for (std::size_t n = 0; n < volumes.size(); ++n) cases[volumes[n]].label = labels[n];
    }
    std::set<std::string> ids;
    for (const auto& c : cases)
        if (!ids.insert(c.id).second) throw Error(ExitCode::bad_data, display_name(c.image.path) + ": its case id comes twice");
    return cases;
}

Oriented orient_case(const Case& c, const Work& work) {
    Oriented o;
    const std::string name = display_name(c.image.path);
    Read r = c.cohort ? of_cohort(c) : of_files(c, work, o);
    if (c.cohort) o.hashes.push_back(c.cohort_sha256);
    if (r.label) {
        for (auto& l : r.label->voxels) l = work.label_numbers[l];
        if (const auto highest = *std::max_element(r.label->voxels.begin(), r.label->voxels.end()); highest >= anatomy::label_count)
            throw Error(ExitCode::bad_data, fmt::format("{}: label {}, wanted 0 to 5 (--label-map reads numbers as others)", r.label_name, highest));
    }
    if (c.landmarks || !c.landmark_file.empty()) r.landmarks = own_landmarks(c);
    const auto* label = r.label ? &*r.label : nullptr;
    if (work.aha && !label) throw Error(ExitCode::bad_data, name + ": no label map to draw the AHA segments in");
    try {
        o.pose = label ? judge(*label, work.settings, r.landmarks) : judge(r.image.grid, work.settings, r.landmarks);
        if (work.pixels && !o.pose.has(Problem::lv_missing)) o.canonical = to_canonical(c.id, r.image, label, o.pose, work.canvas);
    } catch (const Error& e) {
        throw Error(e.code(), name + ": " + e.what());
    }
    if ((work.pixels || work.aha) && o.pose.has(Problem::lv_missing))
        throw Error(ExitCode::bad_data, label ? r.label_name + ": no LV in the label map" : name + ": no LV, wanted landmarks lv_base and lv_apex");
    if (work.aha) o.aha = aha_map(*label, o.pose, work.seventeen);
    if (c.cohort && o.canonical)
        for (const std::size_t k : o.pose.slices) {
            const std::size_t n = c.cohort->cases[c.number].first_slice + k;
            if (!c.cohort->findings.empty()) o.canonical->findings.push_back(c.cohort->findings[n]);
            if (!c.cohort->captions.empty()) o.canonical->captions.push_back(c.cohort->captions[n]);
        }
    return o;
}

}  // namespace lge::orient
