#pragma once
// The JSON Lines records that tools pass to each other (lge-records(5)): structs, and their JSON in fixed key order.
#include "lge/anatomy/finding.hpp"
#include "lge/json/reader.hpp"
#include "lge/json/writer.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace lge::io {

/// lge.case/1: one line of a manifest. Paths are relative to the manifest's folder.
struct CaseRecord {
    std::string id;
    std::string image;
    std::optional<std::string> label, landmarks, report, split;
};

/// lge.caption/1
struct CaptionRecord {
    std::string id;
    std::string level;                 // "basal", ... or empty: the whole case
    std::optional<std::int64_t> slice; // of the case, from 0
    std::string text;
    anatomy::Finding finding;
};

/// lge.detection/1
struct DetectionRecord {
    std::string id;
    std::string unit;                  // "case" or "slice"
    std::optional<std::int64_t> slice;
    double score = 0, probability = 0, threshold = 0;  // the call is probability >= threshold
    bool present = false;
    std::optional<std::string> caption;
    std::optional<std::vector<int>> segments;          // those called
    std::optional<std::string> wall{}, level{}, extent{};  // of an answer that is yes: the class of each kind that fits best
    std::vector<std::optional<double>> segment_scores{};   // of segments 1-17; nothing where not seen; or empty
    struct Margins {
        std::string kind;                              // "wall", "level" or "extent"
        std::vector<std::pair<std::string, double>> classes;
    };
    std::vector<Margins> margins{};                    // as score is for presence
};

/// lge.embedding/1
struct EmbeddingRecord {
    std::string id;
    std::string unit;                                  // "case", "slice" or "text"
    std::optional<std::int64_t> slice;
    std::vector<float> vector;                         // of length 1
};

/// Checks `schema` (bad_data "schema is not lge.case/1") and `id` (text, not empty) and gives the id.
std::string_view record_id(const json::Value& record, std::string_view schema);

/// What a case is called when nobody says: the file's name without folder and .nii, .nii.gz, .nrrd, .mha or .mhd.
std::string case_id(const std::string& path);

CaseRecord parse_case(const json::Value& record);
std::string write_case(const CaseRecord& c);
/// A manifest (path or "-"), one case at a time.
class Manifest {
public:
    explicit Manifest(const std::string& path, json::Lines lines);
    /// The next case; an id that came before, a path that leads out of the folder and a bad line are bad_data
    /// "FILE:LINE: reason", and the call after it goes on with the next line.
    std::optional<CaseRecord> next();
    /// Of the case that next() gave: "FILE:LINE".
    [[nodiscard]] std::string where() const { return lines_.where(); }

private:
    std::filesystem::path folder_;
    json::Lines lines_;
    std::unordered_set<std::string> ids_;
};
/// Reads a manifest (path or "-"); ids must be unique and files lie beneath the manifest's folder. With "-" the paths
/// are relative to the working folder. The paths given are absolute, ready to be opened.
std::vector<CaseRecord> read_manifest(const std::string& path);
/// The same of lines that are open already.
std::vector<CaseRecord> read_manifest(const std::string& path, json::Lines lines);
/// `file` as the manifest at `path` (or "-") must name it; usage when it does not lie beneath the manifest's folder.
std::string name_in_manifest(const std::string& path, const std::filesystem::path& file);

/// The object under "finding" or a whole lge.finding/1 record. `text`: for the evidence's "text" key, when asked for.
void write_finding(json::Writer& w, const anatomy::Finding& f, std::optional<std::string_view> text = std::nullopt);
anatomy::Finding parse_finding(const json::Value& v);
/// A whole record and its newline, behind what the writer holds.
void write_finding_line(json::Writer& w, std::string_view id, const anatomy::Finding& f, std::optional<std::string_view> text = std::nullopt);
std::string write_finding_record(std::string_view id, const anatomy::Finding& f, std::optional<std::string_view> text = std::nullopt);

CaptionRecord parse_caption(const json::Value& record);
/// A whole file of them; bad_data "NAME:LINE: reason".
std::vector<CaptionRecord> read_captions(Bytes file, const std::string& name);
std::string write_caption(const CaptionRecord& c);
DetectionRecord parse_detection(const json::Value& record);
std::string write_detection(const DetectionRecord& d);
std::string write_embedding(const EmbeddingRecord& e);

}  // namespace lge::io
