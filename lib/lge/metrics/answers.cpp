#include "lge/metrics/answers.hpp"

#include "lge/base/error.hpp"
#include "lge/base/hash.hpp"
#include "lge/json/reader.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lge::metrics {
namespace {

using anatomy::Level;
using anatomy::Presence;
using anatomy::Segments;

template <class Take>
void each_line(json::Lines lines, Take take) {
    while (const auto value = lines.next()) {
        try {
            take(*value);
        } catch (const Error& e) {
            lines.refuse(e.what());
        }
    }
}

bool speaks_of(const std::optional<std::int64_t>& slice, Unit unit) { return slice.has_value() == (unit == Unit::slice); }

Truth truth_of(const anatomy::Finding& f) {
    Truth t{f.lge, f.segments, f.segments_possible, Level::unknown};
    // A finding of enhancement that names no segment does not say that none has it.
    if (f.lge == Presence::present && t.segments && t.segments->empty()) t.segments.reset();
    if (f.lge == Presence::absent) t.segments = Segments{};
    if (f.lge == Presence::not_stated || f.lge == Presence::uncertain) t.segments.reset();
    return t;
}

Level level_of(std::optional<std::string_view> word) {
    if (!word || word->empty()) return Level::unknown;
    const auto level = anatomy::from_word<Level>(*word);
    if (!level) throw Error(ExitCode::bad_data, "level is not basal, mid, apical or apex");
    return *level;
}

Truth plain_truth(const json::Value& line) {
    Truth t;
    if (const auto present = line.boolean_if("present")) t.presence = *present ? Presence::present : Presence::absent;
    t.level = level_of(line.text_if("level"));
    if (const auto segments = line.find("segments")) {
        t.segments.emplace();
        segments->each([&](json::Value v) {
            const auto s = v.integer();
            if (s < 1 || s > 17) throw Error(ExitCode::bad_data, "segment is not from 1 to 17");
            t.segments->add(static_cast<int>(s));
        });
    } else if (t.presence == Presence::absent) {
        t.segments.emplace();
    }
    return t;
}

/// The segments with scar, of all slices together or of one.
Segments scarred(const volume::Volume<std::uint8_t>& label, const PartMap& map, std::size_t first_slice, std::size_t slices) {
    std::array<std::uint64_t, 18> wall{}, scar{};
    const std::size_t size = label.grid.shape[0] * label.grid.shape[1];
    for (std::size_t v = first_slice * size; v < (first_slice + slices) * size; ++v) {
        wall[map.of[v]] += anatomy::is_wall(label.voxels[v]);
        scar[map.of[v]] += anatomy::is_scar(label.voxels[v]);
    }
    Segments found;
    for (std::size_t s = 1; s < 18; ++s)
        if (scar[s] > 0 && static_cast<double>(scar[s]) >= scarred_share * static_cast<double>(wall[s])) found.add(static_cast<int>(s));
    return found;
}

/// The part of the truth and of the answer that speaks of some segments; nothing where either does not.
std::optional<Judged> judge_segments(const Key& key, const Truth& t, const io::DetectionRecord& d, bool called, Segments of) {
    if (!t.segments) return std::nullopt;
    const bool truth = !(*t.segments & of).empty();
    if (!truth && !(t.doubtful & of).empty()) return std::nullopt;
    Segments named;
    if (d.segments)
        for (const int s : *d.segments) named.add(s);
    else if (called) return std::nullopt;
    double score = std::numeric_limits<double>::quiet_NaN();
    if (!d.segment_scores.empty()) {
        of.each([&](int s) {
            if (const auto& own = d.segment_scores[static_cast<std::size_t>(s) - 1]; own && !(score >= *own)) score = *own;
        });
        // Nothing was seen of it: a scar there was missed, and without one there is nothing to judge.
        if (std::isnan(score) && !truth) return std::nullopt;
        if (std::isnan(score)) score = 0;
    }
    return Judged{key.id, truth, !(named & of).empty(), score, key.slice};
}

}  // namespace

void add_truth(const json::Value& line, Unit unit, Truths& to) {
    const auto schema = line.text_if("schema");
    Key key;
    Truth truth;
    if (schema == "lge.finding/1") {
        key = {std::string(io::record_id(line, *schema)), line.integer_if("slice")};
        truth = truth_of(io::parse_finding(line));
    } else if (schema == "lge.caption/1") {
        const auto caption = io::parse_caption(line);
        key = {caption.id, caption.slice};
        truth = truth_of(caption.finding);
        truth.level = level_of(caption.level);
    } else if (!schema) {
        key = {std::string(line.text("id")), line.integer_if("slice")};
        if (key.id.empty()) throw Error(ExitCode::bad_data, "id is empty");
        truth = plain_truth(line);
    } else {
        throw Error(ExitCode::bad_data, "schema is not lge.finding/1 or lge.caption/1");
    }
    if (!speaks_of(key.slice, unit)) return;
    const auto [at, fresh] = to.emplace(std::move(key), truth);
    if (!fresh && at->second.presence != truth.presence) throw Error(ExitCode::bad_data, "an earlier line says otherwise of this id");
}

void add_detection(const json::Value& line, std::optional<Unit> unit, Detections& to) {
    auto d = io::parse_detection(line);
    if (!(d.probability >= 0 && d.probability <= 1)) throw Error(ExitCode::bad_data, "probability is not from 0 to 1");
    if (unit && d.unit != anatomy::word(*unit)) return;
    Key key{d.id, d.slice};
    if (!to.emplace(std::move(key), std::move(d)).second) throw Error(ExitCode::bad_data, "this id has a detection on an earlier line");
}

Truths truth_of(const io::Cohort& cohort, Unit unit) {
    if (cohort.label.empty()) throw Error(ExitCode::bad_data, "cohort has no labels");
    const auto presence = [](bool scar) { return scar ? Presence::present : Presence::absent; };
    Truths all;
    for (std::size_t c = 0; c < cohort.cases.size(); ++c) {
        const auto& one = cohort.cases[c];
        volume::Volume<std::uint8_t> label(cohort.grid(c));
        std::copy_n(cohort.label.begin() + static_cast<std::ptrdiff_t>(one.first_slice * cohort.slice_size()), label.voxels.size(), label.voxels.begin());
        const auto frame = frame_of(cohort, c);
        const auto map = part_map(label, frame, By::segment);
        bool any = false;
        for (std::size_t s = 0; s < one.slice_count; ++s) {
            const auto pixels = label.slice(s).span();
            const bool scar = std::any_of(pixels.begin(), pixels.end(), anatomy::is_scar);
            any = any || scar;
            if (unit == Unit::slice) all.emplace(Key{one.id, static_cast<std::int64_t>(s)}, Truth{presence(scar), scarred(label, map, s, 1), {}, frame.level[s]});
        }
        if (unit == Unit::case_) all.emplace(Key{one.id, std::nullopt}, Truth{presence(any), scarred(label, map, 0, one.slice_count), {}, Level::unknown});
    }
    return all;
}

Read<Truths> read_truth(const std::string& path, Unit unit) {
    Bytes file = read_file(path);
    const auto name = display_name(path);
    Read<Truths> read{{}, sha256(file)};
    if (io::looks_like_hdf5(file)) {
        const auto cohort = io::decode_cohort(file, name);
        if (cohort.label.empty()) throw Error(ExitCode::bad_data, name + ": cohort has no labels");
        read.items = truth_of(cohort, unit);
    } else {
        each_line(json::Lines(std::move(file), name), [&](const json::Value& line) { add_truth(line, unit, read.items); });
    }
    return read;
}

Read<Detections> read_detections(const std::string& path, std::optional<Unit> unit) {
    Bytes file = read_file(path);
    Read<Detections> read{{}, sha256(file)};
    each_line(json::Lines(std::move(file), display_name(path)), [&](const json::Value& line) { add_detection(line, unit, read.items); });
    return read;
}

Joined join(const Truths& truths, const Detections& detections, std::optional<double> threshold) {
    Joined joined;
    for (const auto& [key, truth] : truths) {
        if (truth.presence != Presence::present && truth.presence != Presence::absent) {
            ++joined.left_out;
            continue;
        }
        const auto answer = detections.find(key);
        if (answer == detections.end()) {
            joined.missing.push_back(key);
            continue;
        }
        const auto& d = answer->second;
        joined.items.push_back({key.id, truth.presence == Presence::present, threshold ? d.probability >= *threshold : d.present, d.probability, key.slice});
    }
    for (const auto& [key, d] : detections)
        if (!truths.contains(key)) joined.extra.push_back(key);
    return joined;
}

std::vector<Joined> join_parts(const Truths& truths, const Detections& detections, std::optional<double> threshold, Unit unit, By by) {
    std::vector<Part> parts;
    if (by == By::level)
        for (const auto& [word, level] : choices(Level{})) parts.push_back({std::nullopt, level, 0});
    else
        for (int s = 1; s <= 17; ++s) parts.push_back({std::nullopt, anatomy::level_of_segment(s), s});
    std::vector<Joined> all;
    // Where no detection names segments, the absent calls alone would be scored.
    const bool segments = std::any_of(detections.begin(), detections.end(), [](const auto& d) { return d.second.segments.has_value(); });
    for (const auto& part : parts) {
        Joined joined;
        if (by == By::level && unit == Unit::slice) {
            Truths here;
            std::copy_if(truths.begin(), truths.end(), std::inserter(here, here.end()), [&](const auto& t) { return t.second.level == part.level; });
            joined = join(here, detections, threshold);
            joined.extra.clear();
        } else if (segments) {
            const Segments of = part.segment > 0 ? Segments::of({part.segment}) : anatomy::segments_of(part.level);
            for (const auto& [key, truth] : truths) {
                const auto answer = detections.find(key);
                if (answer == detections.end()) {
                    joined.missing.push_back(key);
                    continue;
                }
                const bool called = threshold ? answer->second.probability >= *threshold : answer->second.present;
                if (auto item = judge_segments(key, truth, answer->second, called, of)) joined.items.push_back(std::move(*item));
                else ++joined.left_out;
            }
        }
        joined.part = part;
        if (!joined.items.empty()) all.push_back(std::move(joined));
    }
    return all;
}

}  // namespace lge::metrics
