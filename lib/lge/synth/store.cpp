#include "lge/synth/store.hpp"

#include "lge/io/nifti.hpp"
#include "lge/io/records.hpp"
#include "lge/json/writer.hpp"
#include "lge/synth/contrary.hpp"
#include "lge/synth/record.hpp"

#include <cmath>
#include <cstring>

namespace lge::synth {
namespace {

// Made before the files in it are opened.
std::filesystem::path made(std::filesystem::path folder) {
    for (const char* part : {"images", "labels"}) make_folder(folder / part);
    return folder;
}

// All of a case but its pixels.
void append_words(io::Cohort& cohort, const DrawnCase& c) {
    cohort.cases.push_back({c.id, c.image.grid.index_to_lps, c.landmarks, static_cast<std::uint32_t>(cohort.level.size()), static_cast<std::uint32_t>(c.level.size())});
    cohort.level.insert(cohort.level.end(), c.level.begin(), c.level.end());
    for (std::size_t k = 0; k < c.level.size(); ++k) {
        json::Writer finding, captions;
        io::write_finding(finding, c.slice_findings[k]);
        cohort.findings.push_back(finding.take());
        captions.array();
        for (const std::string& text : c.captions[k]) captions.text(text);
        cohort.captions.push_back(captions.end().take());
    }
}

template <class T>
void move_behind(std::vector<T>& all, std::vector<T>& more) { all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end())); }

}  // namespace

io::ImageType image_type_of(const io::Cohort* source) { return source ? source->image_type : io::ImageType::float16; }

void append(io::Cohort& cohort, const DrawnCase& c) {
    // Grown by the half, a large cohort is copied a few times only, and never has twice its size reserved.
    const auto grow = [](auto& pixels, std::size_t more) {
        if (pixels.capacity() < pixels.size() + more) pixels.reserve(pixels.size() + pixels.size() / 2 + more);
    };
    grow(cohort.image, c.image.voxels.size());
    grow(cohort.label, c.label.voxels.size());
    cohort.image.insert(cohort.image.end(), c.image.voxels.begin(), c.image.voxels.end());
    cohort.label.insert(cohort.label.end(), c.label.voxels.begin(), c.label.voxels.end());
    append_words(cohort, c);
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

void StackFolder::add(const Encoded& c) {
    const std::string image = "images/" + c.id + ".nii.gz", label = "labels/" + c.id + ".nii.gz";
    write_file((folder_ / image).string(), overwrite_, c.stack->image);
    write_file((folder_ / label).string(), overwrite_, c.stack->label);
    io::CaseRecord record{c.id, image, label, std::nullopt, std::nullopt, std::nullopt};
    cases_.write(io::write_case(record));
    reports_.write(c.report);
    truth_.write(c.finding);
}

void StackFolder::commit() {
    reports_.commit();
    truth_.commit();
    cases_.commit();
}

Summary::Summary(const DrawnCase& c) : cases(1), slices(c.level.size()), refused(c.refused), gave_up(c.gave_up) {
    const Recipe& r = c.recipe;
    look_alikes = r.look_alike || (r.heart && (r.heart->unnulled || r.heart->streak || r.heart->slow_blood));
    for (const Scar& s : r.scars) ++extents[static_cast<std::size_t>(s.extent)];
    for (const auto& f : c.slice_findings) {
        slices_with_scar += f.lge == anatomy::Presence::present;
        f.segments->each([&](int id) { ++segments[static_cast<std::size_t>(id)]; });
    }
    if (c.finding.lge != anatomy::Presence::present) return;
    with_scar = 1;
    contrast_sd = c.quality.contrast_sd;
    area_mm2 = c.quality.area_mm2;
    std::uint32_t wall = 0, scar = 0;
    for (const std::uint8_t label : c.label.voxels) wall += anatomy::is_wall(label), scar += anatomy::is_scar(label);
    scar_share = static_cast<double>(scar) / wall;
}

Summary& Summary::operator+=(const Summary& o) {
    cases += o.cases, with_scar += o.with_scar, slices += o.slices, slices_with_scar += o.slices_with_scar;
    refused += o.refused, gave_up += o.gave_up, look_alikes += o.look_alikes;
    for (std::size_t i = 0; i < segments.size(); ++i) segments[i] += o.segments[i];
    for (std::size_t i = 0; i < extents.size(); ++i) extents[i] += o.extents[i];
    contrast_sd += o.contrast_sd, area_mm2 += o.area_mm2, scar_share += o.scar_share;
    return *this;
}

std::string Summary::json() const {
    json::Writer w;
    const auto whole = [&](std::string_view key, std::size_t n) { w.key(key).integer(static_cast<std::int64_t>(n)); };
    const auto mean = [&](std::string_view key, double sum) { with_scar == 0 ? w.key(key).null() : w.key(key).number(sum / static_cast<double>(with_scar)); };
    w.object().key("schema").text("lge.synth.summary/1").key("id").text("all");
    whole("cases", cases), whole("cases_with_scar", with_scar), whole("slices", slices), whole("slices_with_scar", slices_with_scar);
    whole("draws_refused", refused), whole("cases_given_up", gave_up), whole("cases_with_look_alike", look_alikes);
    w.key("scars").object();
    for (const auto& [word, extent] : anatomy::choices(anatomy::Extent{})) whole(word, extents[static_cast<std::size_t>(extent)]);
    w.end().key("slices_of_segment").array();
    for (std::size_t id = 1; id <= 17; ++id) w.integer(static_cast<std::int64_t>(segments[id]));
    w.end();
    mean("contrast_sd", contrast_sd), mean("largest_area_mm2", area_mm2), mean("scar_share_of_wall", scar_share);
    return w.end().take_line();
}

Store::Store(const Destinations& d, io::History history, io::Cohort frame) : history_(std::move(history)), cohort_(std::move(frame)) {
    cohort_.history = history_.json();
    if (d.folder) folder_.emplace(*d.folder, d.overwrite);
    else out_.emplace(d.output, d.overwrite).refuse_terminal();
    const auto open = [&](Side& side, const std::optional<std::string>& path) { if (path) side.file.emplace(*path, d.overwrite); };
    open(captions_, d.captions), open(hard_captions_, d.hard_captions), open(reports_, d.reports);
    open(findings_, d.findings), open(records_, d.records), open(summary_file_, d.summary);
}

Encoded Store::encode(const DrawnCase& c, const Settings& settings, bool first) const {
    Encoded e;
    e.id = c.id;
    if (folder_) e.stack = encode_stack(c, history_);
    else {
        append_words(e.cohort, c);
        const std::size_t size = cohort_.slice_size();
        for (std::size_t k = 0; k < c.level.size(); ++k)
            e.slices.push_back(io::encode_slice({c.image.voxels.data() + k * size, size}, {c.label.voxels.data() + k * size, size}, cohort_.image_type));
    }
    if (folder_ || reports_.file) e.report = report_line(c);
    if (folder_ || findings_.file) e.finding = finding_line(c);
    if (captions_.file) e.captions = caption_lines(c);
    if (hard_captions_.file) e.hard_captions = hard_caption_lines(c, settings.style);
    if (records_.file) e.record = write_recipe(c, settings, first ? std::optional<std::string_view>(cohort_.history) : std::nullopt);
    e.summary = Summary(c);
    return e;
}

void Store::add(Encoded c) {
    if (folder_) folder_->add(c);
    else {
        c.cohort.cases[0].first_slice = static_cast<std::uint32_t>(cohort_.level.size());
        move_behind(cohort_.cases, c.cohort.cases), move_behind(cohort_.level, c.cohort.level);
        move_behind(cohort_.findings, c.cohort.findings), move_behind(cohort_.captions, c.cohort.captions);
        move_behind(slices_, c.slices);
    }
    captions_.write(c.captions), hard_captions_.write(c.hard_captions), reports_.write(c.report);
    findings_.write(c.finding), records_.write(c.record);
    summary_ += c.summary;
}

void Store::commit() {
    if (folder_) folder_->commit();
    if (out_) {
        out_->write(io::encode_cohort(cohort_, std::move(slices_)));
        out_->commit();
    }
    summary_file_.write(summary_.json());
    for (Side* side : {&captions_, &hard_captions_, &reports_, &findings_, &records_, &summary_file_})
        if (side->file) side->file->commit();
}

}  // namespace lge::synth
