#include "lge/synth/store.hpp"

#include "lge/io/nifti.hpp"
#include "lge/io/records.hpp"
#include "lge/json/writer.hpp"

#include <cmath>
#include <cstring>

namespace lge::synth {
namespace {

// Made before the files in it are opened.
std::filesystem::path made(std::filesystem::path folder) {
    for (const char* part : {"images", "labels"}) make_folder(folder / part);
    return folder;
}

}  // namespace

void append(io::Cohort& cohort, const DrawnCase& c) {
    const auto first = static_cast<std::uint32_t>(cohort.level.size());
    cohort.cases.push_back({c.id, c.image.grid.index_to_lps, c.landmarks, first, static_cast<std::uint32_t>(c.level.size())});
    cohort.image.insert(cohort.image.end(), c.image.voxels.begin(), c.image.voxels.end());
    cohort.label.insert(cohort.label.end(), c.label.voxels.begin(), c.label.voxels.end());
    cohort.level.insert(cohort.level.end(), c.level.begin(), c.level.end());
    for (std::size_t k = 0; k < c.level.size(); ++k) {
        json::Writer finding, captions;
        io::write_finding(finding, c.slice_findings[k]);
        cohort.findings.push_back(finding.str());
        captions.array();
        for (const std::string& text : c.captions[k]) captions.text(text);
        cohort.captions.push_back(captions.end().str());
    }
}

std::string caption_lines(const DrawnCase& c) {
    std::string lines;
    for (std::size_t k = 0; k < c.level.size(); ++k)
        for (const std::string& text : c.captions[k])
            lines += io::write_caption({c.id, std::string(anatomy::word(c.level[k])), static_cast<std::int64_t>(k), text, c.slice_findings[k]});
    return lines;
}

std::string report_line(const DrawnCase& c) {
    return json::Writer().object().key("id").text(c.id).key("text").text(c.report).end().take_line();
}

std::string finding_line(const DrawnCase& c) { return io::write_finding_record(c.id, c.finding); }

Stack encode_stack(const DrawnCase& c, const io::History& history) {
    io::Nifti image;
    image.grid = c.image.grid;
    image.type = io::NumberType::uint16;
    image.raw.resize(c.image.voxels.size() * sizeof(std::uint16_t));
    for (std::size_t i = 0; i < c.image.voxels.size(); ++i) {
        const auto value = static_cast<std::uint16_t>(std::lround(1000 * c.image.voxels[i]));
        std::memcpy(image.raw.data() + i * sizeof value, &value, sizeof value);
    }
    return {io::encode_nifti(image, &history, true), io::encode_nifti(io::to_nifti(c.label), &history, true)};
}

StackFolder::StackFolder(std::filesystem::path folder, Overwrite overwrite)
    : folder_(made(std::move(folder))), overwrite_(overwrite), cases_((folder_ / "cases.jsonl").string(), overwrite),
      reports_((folder_ / "reports.jsonl").string(), overwrite), truth_((folder_ / "truth.jsonl").string(), overwrite) {}

void StackFolder::add(const DrawnCase& c, const Stack& stack) {
    const std::string image = "images/" + c.id + ".nii.gz", label = "labels/" + c.id + ".nii.gz";
    write_file((folder_ / image).string(), overwrite_, stack.image);
    write_file((folder_ / label).string(), overwrite_, stack.label);
    io::CaseRecord record{c.id, image, label, std::nullopt, std::nullopt, std::nullopt};
    cases_.write(io::write_case(record));
    reports_.write(report_line(c));
    truth_.write(finding_line(c));
}

void StackFolder::commit() {
    reports_.commit();
    truth_.commit();
    cases_.commit();
}

}  // namespace lge::synth
