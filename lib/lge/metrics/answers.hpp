#pragma once
// What is true of cases or slices, what was answered, and the two joined.
#include "lge/io/cohort.hpp"
#include "lge/io/records.hpp"
#include "lge/metrics/parts.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace lge::metrics {

enum class Unit : std::uint8_t { case_, slice };
constexpr std::array<std::pair<std::string_view, Unit>, 2> choices(Unit) { return {{{"case", Unit::case_}, {"slice", Unit::slice}}}; }

/// Which case, or slice of a case (from 0), something is said of.
struct Key {
    std::string id;
    std::optional<std::int64_t> slice;
    auto operator<=>(const Key&) const = default;
};

struct Truth {
    anatomy::Presence presence = anatomy::Presence::not_stated;
    std::optional<anatomy::Segments> segments;               ///< with enhancement; nothing: not known
    anatomy::Segments doubtful;                              ///< may have it
    anatomy::Level level = anatomy::Level::unknown;          ///< of a slice
    bool operator==(const Truth&) const = default;
};

using Truths = std::map<Key, Truth>;
using Detections = std::map<Key, io::DetectionRecord>;

/// Takes a line in: an lge.finding/1 or lge.caption/1 record, or an object with "id", "present" (true, false or null) and
/// perhaps "slice", "level" and "segments". A key may come again when it says the same. bad_data for other lines.
void add_truth(const json::Value& line, Unit unit, Truths& to);
/// Takes an lge.detection/1 record in. bad_data when its key is there already.
void add_detection(const json::Value& line, std::optional<Unit> unit, Detections& to);

/// A segment of a label map has enhancement when this share of its wall is scar or no-reflow.
inline constexpr double scarred_share = 0.05;

/// What was read, and the SHA-256 of the file where it was asked for.
template <class T>
struct Read {
    T items;
    std::string sha256;
};
/// Every line of a file that speaks of the unit: of a slice when it has a slice, else of the case. A cohort is taken as
/// well: present where it has scar or no-reflow.
Read<Truths> read_truth(const std::string& path, Unit unit);
Truths truth_of(const io::Cohort& cohort, Unit unit);
/// The records of that unit, or all.
Read<Detections> read_detections(const std::string& path, std::optional<Unit> unit = std::nullopt);

/// One case or slice, or a part of it, with a truth and an answer.
struct Judged {
    std::string id;
    bool truth = false, called = false;
    double probability = 0;                   ///< NaN: only the call is known
    std::optional<std::int64_t> slice = std::nullopt;
};
struct Joined {
    Part part;                      // none: the whole
    std::vector<Judged> items;      // in the order of their keys
    std::size_t left_out = 0;       // the truth is uncertain or not stated
    std::vector<Key> missing;       // truth without detection
    std::vector<Key> extra;         // detection without truth
};
/// By key. With `threshold` the call is probability >= threshold, else what the record says.
Joined join(const Truths& truths, const Detections& detections, std::optional<double> threshold);

/// The same for each level or segment. A segment is called when the detection names it; one that was called absent and
/// names none has none. A level of cases is that of its segments; of slices, those whose truth states it are joined. Parts without an
/// item are left out.
std::vector<Joined> join_parts(const Truths& truths, const Detections& detections, std::optional<double> threshold, Unit unit, By by);

}  // namespace lge::metrics
