#include "lge/nn/infer/answer_files.hpp"

#include "lge/nn/infer/embedding_file.hpp"
#include "lge/nn/infer/heat_folder.hpp"
#include "lge/nn/infer/posing.hpp"
#include "lge/orient/inverse.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>


namespace lge::nn {
namespace {

template <class T>
struct Answered {
    OfCase<T> of;
    std::vector<std::pair<std::string, volume::Volume<float>>> heat;
    PosedCase posed;
};

/// Runs `ask` on every case in the canonical pose and `take` in order; keeps label maps that were drawn.
template <class T, class Ask, class Take>
ExitCode each_answer(const AnswerSource& source, const AnswerTargets& targets, const RunChoice& run, const io::History& history, const Log& log, const char* what, Ask ask, Take take) {
    if (!targets.label_folder.empty()) make_folder(targets.label_folder);
    Progress progress(log, what, 0);
    const auto status = each_case(
        source.inputs, run.threads, run.keep_going, log,
        [&](const Item& item) {
            if (item.cohort && source.segmenter) throw Error(ExitCode::usage, item.name + ": --segmenter draws the label maps of images; a cohort has its own");
            Answered<T> answered{{}, {}, pose_case(item, source.segmenter, log)};
            try {
                ask(answered);
            } catch (const Error& e) {
                throw Error(e.code(), e.code() == ExitCode::bad_data ? item.name + ": " + e.what() : std::string(e.what()));
            }
            if (const auto& native = answered.posed.native; native && native->drawn && !targets.label_folder.empty()) {
                io::History own = history;
                own.inputs = {native->sha256};
                const std::string file = file_of_case(targets.label_folder, item.record.id);
                refuse_same_file(item.record.image, file);
                write_file(file, run.overwrite, orient::encode_native(io::to_nifti(native->label), native->header, own, true));
            }
            return answered;
        },
        [&](const Item& item, Answered<T> answered) {
            if (!answered.of.whole) log.warn("{}: no wall to judge; it gets no record", item.cohort ? fmt::format("{}: case {}", item.name, item.number + 1) : item.name);
            take(item, answered);
            progress.add();
        });
    return status;
}

/// f(record) for what of a case was asked for.
template <class T, class F>
void each_record(const OfCase<T>& of, Unit unit, F f) {
    if (unit != Unit::slice && of.whole) f(*of.whole, std::optional<std::int64_t>());
    for (std::size_t k = 0; unit != Unit::one_case && k < of.slices.size(); ++k)
        if (of.slices[k]) f(*of.slices[k], std::optional(static_cast<std::int64_t>(k)));
}

/// "p1  present 0.93  anterior wall, mid, transmural; segments 7 8".
std::string in_words(const std::string& id, const std::optional<io::DetectionRecord>& r) {
    if (!r) return fmt::format("{}  no wall to judge\n", id);
    std::vector<std::string> places;
    if (r->wall) places.push_back(*r->wall + " wall");
    for (const auto* word : {&r->level, &r->extent})
        if (*word) places.push_back(**word);
    const bool named = r->segments && !r->segments->empty();
    return fmt::format("{}  {} {:.2f}{}{}{}{}\n", id, r->present ? "present" : "absent", r->probability, places.empty() ? "" : "  ", fmt::join(places, ", "), named ? "; segments " : "",
                       named ? fmt::format("{}", fmt::join(*r->segments, " ")) : "");
}

}  // namespace

ExitCode detect_files(const Judge& judge, const Detector* detector, const AnswerSource& source, const AnswerTargets& targets, const RunChoice& run, const io::History& history, const Log& log) {
    const auto heat_of = !targets.heat.empty() && targets.heat_of.empty() ? std::vector{detector->default_heat()} : targets.heat_of;
    if (detector) detector->check_heat(heat_of);
    Output output(targets.output, run.overwrite);
    std::optional<HeatFolder> folder;
    if (!targets.heat.empty()) folder.emplace(targets.heat, run.overwrite, history);
    const auto status = each_answer<io::DetectionRecord>(
        source, targets, run, history, log, "detect",
        [&](auto& answered) {
            const auto& [cohort, number, native] = answered.posed;
            answered.of = judge(*cohort, number);
            for (const auto& of : folder ? heat_of : std::vector<std::string>()) answered.heat.emplace_back(of, detector->heat(*cohort, number, of));
        },
        [&](const Item& item, const auto& answered) {
            for (const auto& [of, heat] : answered.heat) folder->add(item, answered.posed, of, heat);
            if (targets.summary) output.write(in_words(item.record.id, answered.of.whole));
            else each_record(answered.of, targets.unit, [&](auto record, auto) {
                record.id = item.record.id;
                output.write(io::write_detection(record));
            });
            output.flush();
        });
    if (folder) folder->commit();
    output.commit();
    return status;
}

ExitCode caption_files(const Detector& detector, Wording wording, const AnswerSource& source, const AnswerTargets& targets, const RunChoice& run, const io::History& history, const Log& log) {
    detector.check_captions();
    Output output(targets.output, run.overwrite);
    const auto status = each_answer<io::CaptionRecord>(
        source, targets, run, history, log, "caption", [&](auto& answered) {
            const auto& [cohort, number, native] = answered.posed;
            answered.of = wording == Wording::written ? detector.write(*cohort, number) : detector.caption(*cohort, number);
        },
        [&](const Item& item, const auto& answered) {
            each_record(answered.of, targets.unit, [&](auto record, auto) {
                record.id = item.record.id;
                output.write(io::write_caption(record));
            });
            output.flush();
        });
    output.commit();
    return status;
}

ExitCode embed_files(const Detector& detector, const AnswerSource& source, const std::vector<std::string>& sentences, const AnswerTargets& targets, const RunChoice& run,
                     const io::History& history, const Log& log) {
    Output output(targets.output, run.overwrite);
    const bool tensors = targets.output.ends_with(".safetensors");
    EmbeddingFile file;
    const auto put = [&](io::EmbeddingRecord record) {
        if (tensors) file.add(std::move(record));
        else output.write(io::write_embedding(record));
    };
    const auto vectors = sentences.empty() ? std::vector<std::vector<float>>() : detector.embed(sentences);
    for (std::size_t t = 0; t < vectors.size(); ++t) put({fmt::format("text-{}", t + 1), "text", {}, vectors[t]});
    const auto status = each_answer<std::vector<float>>(
        source, targets, run, history, log, "embed", [&](auto& answered) { answered.of = detector.embed(*answered.posed.cohort, answered.posed.number); },
        [&](const Item& item, const auto& answered) {
            each_record(answered.of, targets.unit, [&](const auto& vector, auto slice) { put({item.record.id, slice ? "slice" : "case", slice, vector}); });
            output.flush();
        });
    if (tensors) output.write(file.encode(history));
    output.commit();
    return status;
}

}  // namespace lge::nn
