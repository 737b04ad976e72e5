// lge-infer - label maps, zero-shot calls, captions and vectors from trained models
#include "lge/base/hash.hpp"
#include "lge/cli/program.hpp"
#include "lge/nn/infer/answer_files.hpp"
#include "lge/nn/infer/calibrate.hpp"
#include "lge/nn/infer/contrast_rule.hpp"
#include "lge/nn/infer/segment_files.hpp"

#include <algorithm>

namespace {

namespace nn = lge::nn;
using lge::Error;
using lge::ExitCode;
using lge::cli::Context;
using lge::cli::number;
using lge::cli::option;

enum class Job : std::uint8_t { segment, detect, caption, embed };
constexpr std::array<std::pair<std::string_view, Job>, 4> choices(Job) {
    return {{{"segment", Job::segment}, {"detect", Job::detect}, {"caption", Job::caption}, {"embed", Job::embed}}};
}

struct Options : lge::cli::OutputOptions, lge::cli::ThreadOptions, lge::cli::ShardOptions {
    Job task = Job::segment;
    std::string model, output_dir, segmenter, uncertainty, landmarks, heat, prompts, captions, text;
    std::vector<std::string> heat_of;
    nn::MapGrid grid = nn::MapGrid::native;
    nn::Views augment = nn::Views::turns;
    nn::Cleaning clean = nn::Cleaning::topology;
    nn::Precision precision = nn::Precision::fp32;
    nn::Unit unit = nn::Unit::both;
    nn::Wording wording = nn::Wording::nearest;
    std::optional<nn::Pooling> pooling;
    std::optional<double> rule;
    bool keep_going = false, summary = false, keep_scar = false, calibrate = false;
    unsigned batch = 4;
    nn::DeviceChoice device = nn::DeviceChoice::automatic;
};

const lge::cli::Program<Options> program{
    .name = "lge-infer",
    .purpose = "label maps, zero-shot calls, captions and vectors from trained models",
    .operands = {{"input", "image (.nii, .nii.gz and others), manifest (.jsonl) or cohort (.h5), told by content; - is standard input", lge::cli::Arity::some}},
    .options = lge::cli::table<Options>({
        {option<Options>("task", 't', "task", &Options::task, "What to make: label maps; calls whether there is enhancement, and where; captions; or vectors.").required(),
         option<Options>("model", 'm', "file", &Options::model, "Model that lge-train wrote: with --task segment for segment, else for align. Left out with --rule.")},
        lge::cli::output_options<Options>("Where the result goes."),
        {option<Options>("output-dir", 0, "folder", &Options::output_dir, "Folder of label maps: of several images or a manifest's cases, where the output is the manifest with its labels; or of those that --segmenter draws."),
         option<Options>("summary", 0, "", &Options::summary, "A line a case for people: in place of records, or on standard output beside a label map or cohort that goes to a file."),
         option<Options>("keep-going", 0, "", &Options::keep_going, "Leave out what cannot be read, tell of it, and end with status 65."),
         option<Options>("grid", 0, "grid", &Options::grid, "Of label maps: the image's own, or the canonical pose.").in_group("segment"),
         option<Options>("augment", 0, "views", &Options::augment, "Average over no other view of a slice, over its four quarter turns, or over those and their mirror images: about one, three and six times the work.").in_group("segment"),
         option<Options>("clean", 0, "how", &Options::clean, "Keep the largest component of the LV and of the RV (component) and mend each slice too (topology).").in_group("segment"),
         option<Options>("uncertainty", 0, "path", &Options::uncertainty, "Write how much in doubt each pixel is, 0 to 1: a file beside one label map or cohort, else a folder.").in_group("segment"),
         option<Options>("landmarks", 0, "file", &Options::landmarks, "Write an lge.landmarks/1 record a case: LV centre and RV insertions as its label map shows them.").in_group("segment"),
         option<Options>("keep-scar", 0, "", &Options::keep_scar, "Keep scar and no-reflow of a cohort's own labels where the new wall is.").in_group("segment"),
         option<Options>("unit", 0, "unit", &Options::unit, "A record for each case, each slice, or both.").in_group("detect, caption and embed"),
         option<Options>("segmenter", 0, "file", &Options::segmenter, "Model for segment that draws the label maps of images without one.").in_group("detect, caption and embed"),
         option<Options>("prompts", 0, "file", &Options::prompts, "Sentences that stand for the classes, instead of the shipped ones.").in_group("detect, caption and embed"),
         option<Options>("captions", 0, "file", &Options::captions, "Sentences to choose the nearest from: one a line, or lge.caption/1 records; without it those of the prompts. With --calibrate: what is true of the cohort's cases, as lge.caption/1 records.").in_group("detect, caption and embed"),
         option<Options>("wording", 0, "kind", &Options::wording, "Of --task caption: the nearest sentence, or one that the model writes.").in_group("detect, caption and embed"),
         option<Options>("pooling", 0, "how", &Options::pooling, "A case's score: of its own vector (model), or the mean, highest (max) or mean of the three highest (top) of its slices' scores. Without it, what the model was calibrated for.").in_group("detect, caption and embed"),
         option<Options>("heat", 0, "folder", &Options::heat, "Write heat maps of each case on the grid of its image, for cohorts as a cohort.").in_group("detect, caption and embed"),
         option<Options>("heat-of", 0, "class", &Options::heat_of, "What they show: scar (where the model marks it; the default there), presence, or a class of the prompts.").in_group("detect, caption and embed"),
         number<Options>("rule", 0, "share", &Options::rule, 0, 1, "Judge without a model (detect): present where at least this share of the wall is brighter than 70 % of the way from its muscle to blood.").in_group("detect, caption and embed"),
         option<Options>("calibrate", 0, "", &Options::calibrate, "Write a copy of the model whose probabilities and thresholds are set on the cohort's findings; never on the cases to be judged.").in_group("detect, caption and embed"),
         option<Options>("text", 0, "file", &Options::text, "Sentences, one a line, whose vectors come before those of the cases.").in_group("detect, caption and embed"),
         number<Options>("batch", 0, "count", &Options::batch, 1, 4096, "Slices that go through the segmentation network together, at most.").in_group("run"),
         option<Options>("precision", 0, "type", &Options::precision, "Of the segmentation network.").in_group("run"),
         option<Options>("device", 0, "device", &Options::device, "Where to compute.").in_group("run"),
         lge::cli::thread_option<Options>().in_group("run"), lge::cli::shard_option<Options>().in_group("run")},
    }),
};

/// Which options the tasks share out among themselves.
void check(const Options& o, std::size_t operands) {
    const auto only = [&](bool given, std::initializer_list<Job> jobs, const char* reason) {
        if (given && std::find(jobs.begin(), jobs.end(), o.task) == jobs.end()) throw Error(ExitCode::usage, reason);
    };
    only(o.grid != nn::MapGrid::native || !o.uncertainty.empty() || !o.landmarks.empty() || o.keep_scar, {Job::segment},
         "--grid, --uncertainty, --landmarks and --keep-scar go with --task segment");
    const Options plain;
    if (o.task != Job::segment && o.segmenter.empty() && (o.augment != plain.augment || o.clean != plain.clean || o.precision != plain.precision || o.batch != plain.batch))
        throw Error(ExitCode::usage, "--augment, --clean, --precision and --batch are of the segmentation network: they go with --task segment or --segmenter");
    only(o.unit != nn::Unit::both || !o.segmenter.empty(), {Job::detect, Job::caption, Job::embed}, "--unit and --segmenter go with --task detect, caption and embed");
    only(!o.prompts.empty() || !o.captions.empty() || o.pooling, {Job::detect, Job::caption}, "--prompts, --captions and --pooling go with --task detect and caption");
    only(!o.heat.empty() || o.calibrate, {Job::detect}, "--heat and --calibrate go with --task detect");
    only(o.rule.has_value(), {Job::detect}, "--rule goes with --task detect");
    if (o.model.empty() != o.rule.has_value()) throw Error(ExitCode::usage, o.rule ? "--rule judges without --model" : "--model is required");
    if (o.rule && (!o.prompts.empty() || !o.captions.empty() || o.pooling || !o.heat.empty() || o.calibrate))
        throw Error(ExitCode::usage, "--prompts, --captions, --pooling, --heat and --calibrate ask a model, --rule has none");
    only(o.wording != nn::Wording::nearest, {Job::caption}, "--wording goes with --task caption");
    only(!o.text.empty(), {Job::embed}, "--text goes with --task embed");
    only(o.summary, {Job::segment, Job::detect}, "--summary goes with --task segment and detect");
    if (!o.heat_of.empty() && o.heat.empty()) throw Error(ExitCode::usage, "--heat-of goes with --heat");
    if (o.task != Job::segment && !o.output_dir.empty() && o.segmenter.empty()) throw Error(ExitCode::usage, "--output-dir goes with --task segment or with --segmenter");
    if (o.summary && o.unit != plain.unit) throw Error(ExitCode::usage, "--summary is a line a case: wanted no --unit");
    if (!o.calibrate) return;
    if (operands != 1) throw Error(ExitCode::usage, "--calibrate takes one cohort");
    if (o.keep_going || o.summary || o.unit != plain.unit || o.shard != plain.shard || !o.segmenter.empty() || !o.heat.empty())
        throw Error(ExitCode::usage, "--calibrate judges a whole cohort: wanted no --keep-going, --summary, --unit, --shard, --segmenter and --heat");
}

nn::Questions questions(const Options& o) { return {o.prompts.empty() ? nn::shipped_prompts() : nn::read_prompts(o.prompts), {}, o.pooling}; }

ExitCode calibrate(const Options& o, const std::string& cohort, Context& context) {
    for (const auto& input : {o.model, cohort, o.captions, o.prompts}) lge::refuse_same_file(input, o.output);
    lge::Input input(cohort);
    const lge::Bytes file = lge::read_all(input);
    const auto captions = o.captions.empty() ? std::vector<lge::io::CaptionRecord>() : lge::io::read_captions(lge::read_file(o.captions), lge::display_name(o.captions));
    const auto set = nn::calibrate(lge::io::read_safetensors(o.model), lge::display_name(o.model), lge::io::decode_cohort(file, input.name()), lge::sha256(file), captions, questions(o), o.device);
    lge::Output output(o.output, o.force ? lge::Overwrite::yes : lge::Overwrite::no);
    output.refuse_terminal();
    output.write(set.model);
    output.commit();
    context.log.note("balanced accuracy {:.3f} on the {} cases that set the threshold", set.balanced_accuracy, set.cases);
    if (set.balanced_accuracy < 0.6) context.log.warn("these calls are little better than chance: is it the kind of picture that the model learned?");
    return ExitCode::ok;
}

ExitCode infer(const Options& o, const std::vector<std::string>& operands, Context& context) {
    check(o, operands.size());
    if (o.calibrate) return calibrate(o, operands[0], context);
    const nn::RunChoice run{o.threads, o.keep_going, o.force ? lge::Overwrite::yes : lge::Overwrite::no};
    const lge::io::History history{context.invocation.tool, context.invocation.version, context.invocation.options, {}};
    const nn::SegmentChoice choice{o.augment, o.clean, !o.uncertainty.empty(), o.precision};
    const auto segmenter = [&](const std::string& model) { return nn::Segmenter(model, o.device, o.threads, o.batch, choice); };
    nn::Inputs inputs(operands, lge::cli::parse_shard(o.shard));
    // The model first: from a pipe, it ends when all before it has been written, the cohort perhaps among it.
    if (o.task == Job::segment) return segment_files(segmenter(o.model), inputs, operands.size() > 1, {o.output, o.output_dir, o.uncertainty, o.landmarks, o.summary, o.grid, o.keep_scar}, run, history, context.log);
    std::optional<nn::Segmenter> draws;
    if (!o.segmenter.empty()) draws.emplace(segmenter(o.segmenter));
    const nn::AnswerSource source{inputs, draws ? &*draws : nullptr};
    const nn::AnswerTargets targets{o.output, o.unit, o.summary, o.heat, o.heat_of, o.output_dir};
    if (o.rule) return detect_files([&](const auto& cohort, std::size_t c) { return nn::judge_by_contrast(cohort, c, *o.rule); }, nullptr, source, targets, run, history, context.log);
    auto asked = questions(o);
    if (!o.captions.empty()) asked.captions = nn::read_known_sentences(o.captions);
    const nn::Detector detector(o.model, asked, o.device);
    if (const auto other = detector.other_than_calibrated(); !other.empty()) context.log.warn("the model's thresholds are set for other {}; --calibrate with these sets them anew", other);
    if (o.task == Job::detect) return detect_files([&](const auto& cohort, std::size_t c) { return detector.judge(cohort, c); }, &detector, source, targets, run, history, context.log);
    if (o.task == Job::caption) return caption_files(detector, o.wording, source, targets, run, history, context.log);
    const auto sentences = o.text.empty() ? std::vector<std::string>() : nn::read_lines(o.text);
    return embed_files(detector, source, sentences, targets, run, history, context.log);
}

}  // namespace

int main(int argc, char** argv) { return lge::cli::run(program, argc, argv, infer); }
