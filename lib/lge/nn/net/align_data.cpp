#include "lge/nn/net/align_data.hpp"

#include "lge/json/reader.hpp"
#include "lge/nn/net/image.hpp"
#include "lge/nn/net/strip.hpp"

#include <fmt/format.h>
#include <torch/types.h>

#include <algorithm>
#include <map>
#include <numeric>

namespace lge::nn {
namespace {

std::optional<anatomy::WallBorders> wall_of(const CaseView::Slice& s) {
    if (s.label.pixels == nullptr) throw Error(ExitCode::bad_data, "a case has no label map; a model of wall strips needs one (lge-infer --task segment draws it)");
    return readable_wall(s.label);
}

CaseInput strips_of(const CaseView& view, std::vector<std::size_t> which, Looks looks, Random& random) {
    CaseInput in;
    const auto n = static_cast<std::int64_t>(which.size());
    in.rows = at::empty({n, strip_channels, strip_rows, strip_angles}, torch::kFloat32);
    in.scar = at::empty({n, strip_rows / 2, strip_angles / 2}, torch::kFloat32);
    // One reader is wrong about all slices of a case in much the same way.
    BorderRange range;
    if (looks == Looks::any_pose) range = {.turn_deg = 180, .mirror = true};
    BorderShift shift = BorderShift::none();
    if (looks != Looks::plain) shift = BorderShift::draw(range, random);
    for (std::size_t i = 0; i < which.size(); ++i) {
        const auto& slice = view.slices[which[i]];
        const auto wall = wall_of(slice);
        if (!wall) throw Error(ExitCode::internal, "a slice without a readable wall was chosen");
        if (looks != Looks::plain && random.chance(0.5)) {
            const BorderShift first = shift;
            shift = BorderShift::draw(range, random);
            shift.turn_deg = first.turn_deg;
            shift.mirrored = first.mirrored;
        }
        const auto points = strip_points(*wall, shift);
        const std::span<float> strip(in.rows.mutable_data_ptr<float>() + i * strip_channels * strip_pixels, strip_channels * strip_pixels);
        fill_strip(slice.image, points, heart_scale(sample_heart(slice.image, *wall)), strip);
        if (looks != Looks::plain) vary_strip(strip, random);
        fill_scar(slice.label, points, {in.scar.mutable_data_ptr<float>() + i * strip_pixels / 4, strip_pixels / 4});
    }
    in.slices = std::move(which);
    return in;
}

CaseInput images_of(const CaseView& view, const Description& d, std::vector<std::size_t> which, Looks looks, Random& random) {
    CaseInput in;
    const auto side = static_cast<std::int64_t>(d.size);
    in.rows = at::empty({static_cast<std::int64_t>(which.size()), 1, side, side}, torch::kFloat32);
    for (std::size_t i = 0; i < which.size(); ++i) {
        const auto& slice = view.slices[which[i]].image;
        const std::span<float> window(in.rows.mutable_data_ptr<float>() + i * d.size * d.size, d.size * d.size);
        WindowMap map = upright({(static_cast<double>(slice.width) - 1) / 2, (static_cast<double>(slice.height) - 1) / 2}, {view.spacing_mm, view.spacing_mm}, d.spacing_mm);
        // A mirror or a large turn would make the sentence wrong.
        const bool any = looks == Looks::any_pose;
        if (looks != Looks::plain) map = vary(map, {.turn_deg = any ? 180.0 : 8.0, .log_scale = 0.08, .shift_px = 0.03 * static_cast<double>(d.size), .mirror = any}, random);
        cut_image(slice, map, d.size, window);
        stretch(window);
        if (looks != Looks::plain) vary_intensity(window, d.size, random);
        standardise(window);
    }
    in.slices = std::move(which);
    return in;
}

/// Sentences that neither affirm nor deny teach nothing here.
bool says_something(const anatomy::Finding& f) { return f.lge == anatomy::Presence::present || f.lge == anatomy::Presence::absent; }

/// Presence, and sentences of the case as a whole where it was given none: what is true of its slices.
Told complete(Told told) {
    const auto present = [](const Sentence& s) { return s.meaning.present; };
    for (auto& own : told.slices) {
        // "No scar elsewhere" is said of the case; of a slice that another sentence speaks of it is not true.
        if (std::any_of(own.begin(), own.end(), present)) std::erase_if(own, [&](const Sentence& s) { return !present(s); });
        told.present = told.present || std::any_of(own.begin(), own.end(), present);
    }
    told.present = told.present || std::any_of(told.whole.begin(), told.whole.end(), present);
    std::erase_if(told.whole, [&](const Sentence& s) { return s.meaning.present != told.present; });
    if (told.whole.empty())
        for (const auto& own : told.slices)
            for (const auto& s : own)
                if (s.meaning.present == told.present) told.whole.push_back(s);
    return told;
}

}  // namespace

CaseView view_of(const io::Cohort& cohort, std::size_t c) {
    CaseView view{{}, cohort.spacing_mm};
    const auto& one = cohort.cases[c];
    for (std::size_t n = one.first_slice; n < one.first_slice + one.slice_count; ++n)
        view.slices.push_back({cohort.image_slice(n), cohort.label.empty() ? volume::Slice<const std::uint8_t>{} : cohort.label_slice(n), cohort.level[n]});
    return view;
}

CaseView view_of(const synth::DrawnCase& drawn) {
    CaseView view{{}, drawn.image.grid.spacing()[0]};
    for (std::size_t k = 0; k < drawn.level.size(); ++k)
        view.slices.push_back({drawn.image.slice(k), drawn.label.slice(k), drawn.level[k]});
    return view;
}

CaseInput input_of(const CaseView& view, const Description& d, std::vector<std::size_t> which, Looks looks, Random& random) {
    return d.input == InputKind::strip ? strips_of(view, std::move(which), looks, random) : images_of(view, d, std::move(which), looks, random);
}
CaseInput input_of(const CaseView& view, const Description& d, std::vector<std::size_t> which) {
    Random unused(0, 0, "");
    return input_of(view, d, std::move(which), Looks::plain, unused);
}

std::vector<std::size_t> readable_slices(const CaseView& view, const Description& d) {
    std::vector<std::size_t> all(view.slices.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    if (d.input == InputKind::image) return all;
    std::vector<std::size_t> found;
    std::vector<float> contrast;
    for (const std::size_t k : all)
        if (const auto wall = wall_of(view.slices[k])) {
            found.push_back(k);
            contrast.push_back(heart_scale(sample_heart(view.slices[k].image, *wall)).contrast());
        }
    const auto enough = enough_contrast(contrast);
    std::vector<std::size_t> readable;
    for (std::size_t i = 0; i < found.size(); ++i)
        if (enough[i]) readable.push_back(found[i]);
    return readable;
}

Meaning meaning_of(const anatomy::Finding& f) {
    Meaning m{f.lge == anatomy::Presence::present, f.segments ? f.segments->bits : 0U, 0};
    for (const auto p : f.pattern) m.patterns |= 1U << static_cast<unsigned>(p);
    return m;
}

Relation relate(const Meaning& image, const Meaning& text) {
    if (image.present != text.present) return Relation::negative;
    if (!image.present) return Relation::positive;
    // 0 stands for anything: a text that leaves it out says less, an image of which it is not known may be anything.
    const auto part = [](std::uint32_t whole, std::uint32_t said) {
        if (said == 0 || whole == said) return Relation::positive;
        if (whole == 0) return Relation::open;
        if ((whole & said) == 0) return Relation::negative;
        return (said & ~whole) == 0 ? Relation::positive : Relation::open;
    };
    const Relation place = part(image.segments, text.segments), pattern = part(image.patterns, text.patterns);
    if (place == Relation::negative || pattern == Relation::negative) return Relation::negative;
    return place == Relation::positive && pattern == Relation::positive ? Relation::positive : Relation::open;
}

std::optional<Meaning> shown_by(const std::vector<Sentence>& sentences) {
    Meaning shown;
    for (const auto& s : sentences) {
        if (s.meaning.present && s.meaning.segments == 0) return std::nullopt;
        shown.present = shown.present || s.meaning.present;
        shown.segments |= s.meaning.segments;
        shown.patterns |= s.meaning.patterns;
    }
    return sentences.empty() ? std::nullopt : std::optional(shown);
}

std::vector<Told> told_of(const io::Cohort& cohort, const std::vector<io::CaptionRecord>& captions) {
    std::vector<Told> told(cohort.cases.size());
    for (std::size_t c = 0; c < told.size(); ++c) told[c].slices.resize(cohort.cases[c].slice_count);
    if (captions.empty()) {
        if (cohort.captions.empty() || cohort.findings.empty()) throw Error(ExitCode::bad_data, "a cohort has no captions or no findings; wanted both, or --captions");
        json::Document texts, findings;
        for (std::size_t c = 0; c < told.size(); ++c)
            for (std::uint32_t k = 0; k < cohort.cases[c].slice_count; ++k) {
                const std::size_t n = cohort.cases[c].first_slice + k;
                if (cohort.captions[n].empty() || cohort.findings[n].empty()) continue;
                const anatomy::Finding finding = io::parse_finding(findings.parse(cohort.findings[n]));
                if (!says_something(finding)) continue;
                texts.parse(cohort.captions[n]).each([&](const json::Value& v) { told[c].slices[k].push_back({std::string(v.text()), meaning_of(finding), finding}); });
            }
    } else {
        std::map<std::string_view, std::size_t> by_id;
        for (std::size_t c = 0; c < told.size(); ++c) by_id[cohort.cases[c].id] = c;
        for (const auto& record : captions) {
            const auto found = by_id.find(record.id);
            if (found == by_id.end() || !says_something(record.finding)) continue;
            const io::CohortCase& one = cohort.cases[found->second];
            Told& own = told[found->second];
            if (record.slice && (*record.slice < 0 || *record.slice >= static_cast<std::int64_t>(one.slice_count)))
                throw Error(ExitCode::bad_data, fmt::format("captions: a slice number is {}, but its case has {} slices", *record.slice, one.slice_count));
            const Sentence sentence{record.text, meaning_of(record.finding), record.finding};
            const bool whole = !record.slice && record.level.empty();
            if (whole) own.whole.push_back(sentence);
            for (std::uint32_t k = 0; k < one.slice_count; ++k) {
                const anatomy::Level level = cohort.level[one.first_slice + k];
                bool here = false;
                if (record.slice) here = *record.slice == k;
                else if (!whole) here = record.level == anatomy::word(level);
                else here = !sentence.meaning.present || (sentence.meaning.segments & anatomy::segments_of(level).bits) != 0;
                if (here) own.slices[k].push_back(sentence);
            }
        }
    }
    for (auto& t : told) t = complete(std::move(t));
    return told;
}

Told told_of(const synth::DrawnCase& drawn) {
    Told told;
    for (std::size_t k = 0; k < drawn.captions.size(); ++k) {
        told.slices.emplace_back();
        for (const auto& text : drawn.captions[k]) told.slices.back().push_back({text, meaning_of(drawn.slice_findings[k]), drawn.slice_findings[k]});
    }
    return complete(std::move(told));
}

}  // namespace lge::nn
