// lge-infer - label maps and zero-shot calls from trained models
#include "lge/base/hash.hpp"
#include "lge/base/parallel.hpp"
#include "lge/base/process.hpp"
#include "lge/base/result.hpp"
#include "lge/cli/program.hpp"
#include "lge/io/cohort.hpp"
#include "lge/io/nifti.hpp"
#include "lge/io/records.hpp"
#include "lge/nn/calibrate.hpp"
#include "lge/nn/segment_files.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace {

using lge::Bytes;
using lge::Error;
using lge::ExitCode;
using lge::cli::Context;
using lge::cli::number;
using lge::cli::option;

enum class Job : std::uint8_t { segment, detect };
constexpr std::array<std::pair<std::string_view, Job>, 2> choices(Job) { return {{{"segment", Job::segment}, {"detect", Job::detect}}}; }
enum class Unit : std::uint8_t { both, one_case, slice };
constexpr std::array<std::pair<std::string_view, Unit>, 3> choices(Unit) { return {{{"case", Unit::one_case}, {"slice", Unit::slice}, {"both", Unit::both}}}; }

struct Options : lge::cli::OutputOptions, lge::cli::ThreadOptions {
    Job task = Job::segment;
    std::string model, output_dir, present, absent;
    Unit unit = Unit::both;
    bool keep_going = false, keep_scar = false, calibrate = false;
    unsigned batch = 4;
    lge::nn::DeviceChoice device = lge::nn::DeviceChoice::automatic;
};

const lge::cli::Program<Options> program{
    .name = "lge-infer",
    .purpose = "label maps and zero-shot calls from trained models",
    .operands = {{"input", "image (.nii, .nii.gz), manifest (.jsonl) or cohort (.h5), told by content; - is standard input", lge::cli::Arity::some}},
    .options = lge::cli::table<Options>({
        {option<Options>("task", 't', "task", &Options::task, "Label maps (segment), or is there enhancement (detect; cohorts only).").required(),
         option<Options>("model", 'm', "file", &Options::model, "Model that lge-train wrote for the task.").required()},
        lge::cli::output_options<Options>("Where the result goes."),
        {option<Options>("output-dir", 0, "folder", &Options::output_dir, "Folder of the label maps of several images, or of a manifest's cases; with a manifest the output is the manifest with its labels.").in_group("segment"),
         option<Options>("keep-going", 0, "", &Options::keep_going, "Leave out cases of a manifest that cannot be read, and end with status 65.").in_group("segment"),
         option<Options>("keep-scar", 0, "", &Options::keep_scar, "Keep scar and no-reflow of a cohort's own labels where the new wall is.").in_group("segment"),
         option<Options>("unit", 0, "unit", &Options::unit, "A record for each case, each slice, or both.").in_group("detect"),
         option<Options>("present", 0, "file", &Options::present, "Prompts of presence, one a line, instead of the shipped ones.").in_group("detect"),
         option<Options>("absent", 0, "file", &Options::absent, "Prompts of absence.").in_group("detect"),
         option<Options>("calibrate", 0, "", &Options::calibrate, "Write a copy of the model whose probabilities and thresholds are set on the cohort's findings; never on the cases to be judged.").in_group("detect"),
         number<Options>("batch", 0, "count", &Options::batch, 1, 4096, "Slices that go through the network together.").in_group("segment"),
         option<Options>("device", 0, "device", &Options::device, "Where to compute.").in_group("run")},
        {lge::cli::thread_option<Options>()},
    }),
};

lge::Overwrite overwrite(const Options& o) { return o.force ? lge::Overwrite::yes : lge::Overwrite::no; }
lge::io::History history(const Context& context, const Bytes& input) { return {context.invocation.tool, context.invocation.version, context.invocation.options, {lge::sha256(input)}}; }

/// A case's file name; its id may not lead out of the folder.
std::string file_name(const std::string& id) {
    if (id.find_first_of("/\\") != std::string::npos || id.front() == '.') throw Error(ExitCode::bad_data, "a case id cannot be a file name: it holds a slash or begins with a dot");
    return id + ".nii.gz";
}

/// A label map for each case; with `manifest`, the output is the manifest that names them.
ExitCode segment_cases(const Options& o, std::vector<lge::io::CaseRecord> cases, bool manifest, const lge::nn::Segmenter& segmenter, Context& context) {
    if (o.output_dir.empty()) throw Error(ExitCode::usage, "a manifest or several images need --output-dir");
    const std::filesystem::path folder = o.output_dir;
    lge::make_folder(folder);
    std::optional<lge::Output> output;
    if (manifest) output.emplace(o.output, overwrite(o));
    lge::Progress progress(context.log, "segment", cases.size());
    ExitCode status = ExitCode::ok;
    for (auto& one : cases) {
        const auto done = lge::attempt([&] {
            const std::filesystem::path mask = folder / file_name(one.id);
            const Bytes image = lge::read_file(one.image);
            lge::write_file(mask.string(), overwrite(o), lge::nn::segment_nifti(segmenter, image, lge::display_name(one.image), true, history(context, image), context.log));
            if (!manifest) return true;
            one.label = lge::io::name_in_manifest(o.output, mask);
            for (auto* file : {&one.landmarks, &one.report})
                if (*file) **file = lge::io::name_in_manifest(o.output, **file);
            one.image = lge::io::name_in_manifest(o.output, one.image);
            return true;
        });
        progress.add();
        if (!done) {
            if (!o.keep_going || (done.error().code() != ExitCode::bad_data && done.error().code() != ExitCode::no_input)) throw done.error();
            context.log.warn("{}; left out", done.error().what());
            status = ExitCode::bad_data;
        } else if (output) {
            output->write(lge::io::write_case(one));
            output->flush();
        }
    }
    if (output) output->commit();
    return status;
}

ExitCode segment(const Options& o, const std::vector<std::string>& paths, Context& context) {
    if (paths.size() > 1) {
        std::vector<lge::io::CaseRecord> cases;
        for (const auto& path : paths) cases.push_back({lge::io::case_id(path), path, {}, {}, {}, {}});
        return segment_cases(o, std::move(cases), false, lge::nn::Segmenter(o.model, o.device, o.threads, o.batch), context);
    }
    const std::string& path = paths[0];
    if (o.output != "-") lge::refuse_same_file(path, o.output);
    Bytes file = lge::read_file(path);
    const std::string name = lge::display_name(path);
    const bool nifti = lge::io::looks_like_nifti(file), cohort = lge::io::looks_like_hdf5(file);
    const lge::nn::Segmenter segmenter(o.model, o.device, o.threads, o.batch);
    if (!nifti && !cohort) return segment_cases(o, lge::io::read_manifest(path, lge::json::Lines(std::move(file), name)), true, segmenter, context);
    if (!o.output_dir.empty()) throw Error(ExitCode::usage, "--output-dir goes with a manifest or several images");
    lge::Output output(o.output, overwrite(o));
    output.refuse_terminal();
    if (nifti) {
        output.write(lge::nn::segment_nifti(segmenter, file, name, lge::io::wants_gzip(o.output), history(context, file), context.log));
    } else {
        std::optional<lge::Progress> progress;
        output.write(lge::nn::segment_cohort(segmenter, file, name, o.keep_scar, history(context, file), [&](std::size_t, std::size_t of) {
            if (!progress) progress.emplace(context.log, "segment", of);
            progress->add();
        }));
    }
    output.commit();
    return ExitCode::ok;
}

std::string record(const std::string& id, std::optional<std::int64_t> slice, const lge::nn::Call& call) {
    return lge::io::write_detection({id, slice ? "slice" : "case", slice, call.score, call.probability, call.threshold, call.present, {}, {}});
}

ExitCode detect(const Options& o, const std::string& path, Context& context) {
    const auto prompts_at = [](const std::string& given, const char* shipped) { return lge::nn::read_prompts(given.empty() ? lge::shared_file(shipped).string() : given); };
    const lge::nn::Prompts prompts{prompts_at(o.present, "prompts/present.txt"), prompts_at(o.absent, "prompts/absent.txt")};
    if (o.calibrate) {
        const auto model = lge::io::read_safetensors(o.model);
        const auto set = lge::nn::calibrate(model, lge::display_name(o.model), lge::io::read_cohort(path), prompts, o.device);
        lge::Output output(o.output, overwrite(o));
        output.refuse_terminal();
        output.write(set.model);
        output.commit();
        context.log.note("balanced accuracy {:.3f} on the {} cases that set the threshold", set.balanced_accuracy, set.cases);
        return ExitCode::ok;
    }
    // The model first: from a pipe, it ends when all before it has been written, the cohort perhaps among it.
    const lge::nn::Detector detector(o.model, prompts, o.device);
    const lge::io::Cohort cohort = lge::io::read_cohort(path);
    lge::Output output(o.output, overwrite(o));
    std::size_t unread = 0;
    std::size_t c = 0;
    lge::ordered_parallel(lge::thread_count(o.threads), cohort.cases.size(), [&](std::size_t i) { return detector.judge(cohort, i); }, [&](const lge::nn::CaseCalls& calls) {
        const std::string& id = cohort.cases[c++].id;
        unread += calls.whole ? 0 : 1;
        if (o.unit != Unit::slice && calls.whole) output.write(record(id, std::nullopt, *calls.whole));
        for (std::size_t k = 0; o.unit != Unit::one_case && k < calls.slices.size(); ++k)
            if (calls.slices[k]) output.write(record(id, static_cast<std::int64_t>(k), *calls.slices[k]));
    });
    if (unread > 0) context.log.warn("no wall to judge in {} of {} cases: no record", unread, cohort.cases.size());
    output.commit();
    return ExitCode::ok;
}

ExitCode infer(const Options& o, const std::vector<std::string>& operands, Context& context) {
    const auto refuse = [](bool wrong, const char* reason) { if (wrong) throw Error(ExitCode::usage, reason); };
    refuse(o.task == Job::detect && operands.size() > 1, "--task detect takes one cohort");
    refuse(o.task == Job::detect && (!o.output_dir.empty() || o.keep_going), "--output-dir and --keep-going go with --task segment");
    refuse(o.task == Job::segment && (!o.present.empty() || !o.absent.empty() || o.unit != Unit::both || o.calibrate), "--present, --absent, --unit and --calibrate go with --task detect");
    return o.task == Job::segment ? segment(o, operands, context) : detect(o, operands[0], context);
}

}  // namespace

int main(int argc, char** argv) { return lge::cli::run(program, argc, argv, infer); }
