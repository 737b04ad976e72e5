#pragma once
// How far findings agree with a labelled set, field by field.
#include "lge/anatomy/finding.hpp"
#include "lge/json/reader.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace lge::report {

inline constexpr std::array<std::string_view, 17> scored_fields{
    "lge", "segments", "segments_possible", "levels", "walls", "pattern", "transmurality", "extent_percent", "mass_g", "mvo", "territory",
    "etiology", "etiology_excluded", "viability", "temporal", "other", "uncertainty"};

/// Bytes of a text, from and to.
using Spans = std::vector<std::pair<std::size_t, std::size_t>>;

/// A finding as one set of words for each field: {} where it says nothing. Words make up the F1, whole sets the accuracy.
using Answer = std::array<std::vector<std::string>, scored_fields.size()>;
Answer answer_of(const anatomy::Finding& f);
/// From a line of a labelled set: the object under "labels", or the record itself; bad_data for one that has no scored field.
Answer answer_of(const json::Value& gold);

/// The answers of a labelled file by id; bad_data for an id that comes twice and for a record without labels.
std::unordered_map<std::string, Answer> read_gold(const std::string& path);

/// Counts for one field.
struct Tally {
    std::uint64_t reports = 0, exact = 0;             // whole answers
    std::uint64_t true_positive = 0, false_positive = 0, false_negative = 0;  // words of the sets
};

struct Disagreement {
    std::string id;
    std::size_t field;
    std::vector<std::string> gold, found;
    Spans evidence;  // of what was found
};

class Evaluation {
public:
    void add(const std::string& id, const Answer& gold, const Answer& found, const Spans& evidence = {});
    [[nodiscard]] const std::array<Tally, scored_fields.size()>& tallies() const { return tallies_; }
    [[nodiscard]] const std::vector<Disagreement>& disagreements() const { return disagreements_; }

private:
    std::array<Tally, scored_fields.size()> tallies_{};
    std::vector<Disagreement> disagreements_;
};

}  // namespace lge::report
