// lge-infer - label maps and zero-shot calls from trained models
#include "lge/base/hash.hpp"
#include "lge/base/parallel.hpp"
#include "lge/base/process.hpp"
#include "lge/base/result.hpp"
#include "lge/cli/program.hpp"
#include "lge/io/nifti.hpp"
#include "lge/io/records.hpp"
#include "lge/nn/detector.hpp"
#include "lge/nn/segmenter.hpp"

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
    bool keep_going = false;
    unsigned batch = 4;
    lge::nn::DeviceChoice device = lge::nn::DeviceChoice::automatic;
};

const lge::cli::Program<Options> program{
    .name = "lge-infer",
    .purpose = "label maps and zero-shot calls from trained models",
    .operands = {{"input", "image (.nii, .nii.gz), manifest (.jsonl) or cohort (.h5), told by content; - is standard input"}},
    .options = lge::cli::table<Options>({
        {option<Options>("task", 't', "task", &Options::task, "Label maps (segment), or is there enhancement (detect; cohorts only).").required(),
         option<Options>("model", 'm', "file", &Options::model, "Model that lge-train wrote for the task.").required()},
        lge::cli::output_options<Options>("Where the result goes."),
        {option<Options>("output-dir", 0, "folder", &Options::output_dir, "Folder of the label maps of a manifest's cases; the output is then the manifest with its labels.").in_group("segment"),
         option<Options>("keep-going", 0, "", &Options::keep_going, "Leave out cases of a manifest that cannot be read, and end with status 65.").in_group("segment"),
         option<Options>("unit", 0, "unit", &Options::unit, "A record for each case, each slice, or both.").in_group("detect"),
         option<Options>("present", 0, "file", &Options::present, "Prompts of presence, one a line, instead of the shipped ones.").in_group("detect"),
         option<Options>("absent", 0, "file", &Options::absent, "Prompts of absence.").in_group("detect"),
         number<Options>("batch", 0, "count", &Options::batch, 1, 4096, "Slices that go through the network together.").in_group("segment"),
         option<Options>("device", 0, "device", &Options::device, "Where to compute.").in_group("run")},
        {lge::cli::thread_option<Options>()},
    }),
};

lge::Overwrite overwrite(const Options& o) { return o.force ? lge::Overwrite::yes : lge::Overwrite::no; }
lge::io::History history(const Context& context, const Bytes& input) { return {context.invocation.tool, context.invocation.version, context.invocation.options, {lge::sha256(input)}}; }

/// The label map of an image file's bytes, as a file: the image's grid.
Bytes segment_image(const lge::nn::Segmenter& segmenter, const Bytes& file, const std::string& name, bool compress, const Context& context) {
    const lge::io::Nifti image = lge::io::decode_nifti(file, name);
    for (const auto& problem : image.problems) context.log.warn("{}: {}", name, problem);
    lge::io::Nifti label = lge::io::to_nifti(segmenter.segment(lge::io::to_float(image, name)));
    label.version = image.version;
    const auto made = history(context, file);
    return lge::io::encode_nifti(label, &made, compress);
}

/// A case's file name; its id may not lead out of the folder.
std::string file_name(const std::string& id) {
    if (id.find_first_of("/\\") != std::string::npos || id.front() == '.') throw Error(ExitCode::bad_data, "a case id cannot be a file name: it holds a slash or begins with a dot");
    return id + ".nii.gz";
}

ExitCode segment_manifest(const Options& o, const std::string& path, const lge::nn::Segmenter& segmenter, Context& context) {
    if (o.output_dir.empty()) throw Error(ExitCode::usage, "a manifest needs --output-dir");
    const auto cases = lge::io::read_manifest(path);
    const std::filesystem::path folder = o.output_dir;
    lge::make_folder(folder);
    lge::Output output(o.output, overwrite(o));
    lge::Progress progress(context.log, "segment", cases.size());
    ExitCode status = ExitCode::ok;
    for (auto one : cases) {
        const auto done = lge::attempt([&] {
            const std::filesystem::path mask = folder / file_name(one.id);
            lge::write_file(mask.string(), overwrite(o), segment_image(segmenter, lge::read_file(one.image), lge::display_name(one.image), true, context));
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
            continue;
        }
        output.write(lge::io::write_case(one));
        output.flush();
    }
    output.commit();
    return status;
}

Bytes segment_cohort(const lge::nn::Segmenter& segmenter, const Bytes& file, const std::string& name, const Context& context) {
    lge::io::Cohort cohort = lge::io::decode_cohort(file, name);
    cohort.label.resize(cohort.image.size());
    lge::Progress progress(context.log, "segment", cohort.cases.size());
    for (std::size_t c = 0; c < cohort.cases.size(); ++c) {
        // In the frame of the cohort's pixels: only their distance matters to the network.
        lge::volume::Grid grid{{cohort.width, cohort.height, cohort.cases[c].slice_count}, {{cohort.spacing_mm, 0, 0, 0, 0, cohort.spacing_mm, 0, 0, 0, 0, 1, 0}}};
        lge::volume::Volume<float> image(grid);
        const auto first = static_cast<std::ptrdiff_t>(cohort.cases[c].first_slice * cohort.slice_size());
        std::copy_n(cohort.image.begin() + first, image.voxels.size(), image.voxels.begin());
        const auto label = segmenter.segment(image);
        std::copy(label.voxels.begin(), label.voxels.end(), cohort.label.begin() + first);
        progress.add();
    }
    cohort.history = history(context, file).json();
    return lge::io::encode_cohort(cohort);
}

ExitCode segment(const Options& o, const std::string& path, Context& context) {
    if (o.output != "-") lge::refuse_same_file(path, o.output);
    const Bytes file = lge::read_file(path);
    const std::string name = lge::display_name(path);
    const bool nifti = lge::io::looks_like_nifti(file), cohort = lge::io::looks_like_hdf5(file);
    if (!nifti && !cohort && path == "-") throw Error(ExitCode::bad_data, name + ": neither an image nor a cohort; a manifest must be a file");
    const lge::nn::Segmenter segmenter(o.model, o.device, o.threads, o.batch);
    if (!nifti && !cohort) return segment_manifest(o, path, segmenter, context);
    if (!o.output_dir.empty()) throw Error(ExitCode::usage, "--output-dir goes with a manifest");
    lge::Output output(o.output, overwrite(o));
    output.refuse_terminal();
    output.write(nifti ? segment_image(segmenter, file, name, lge::io::wants_gzip(o.output), context) : segment_cohort(segmenter, file, name, context));
    output.commit();
    return ExitCode::ok;
}

std::string record(const std::string& id, std::optional<std::int64_t> slice, const lge::nn::Call& call) {
    return lge::io::write_detection({id, slice ? "slice" : "case", slice, call.score, call.probability, call.threshold, call.present, {}, {}});
}

ExitCode detect(const Options& o, const std::string& path, Context& context) {
    const auto prompts_at = [](const std::string& given, const char* shipped) { return lge::nn::read_prompts(given.empty() ? lge::shared_file(shipped).string() : given); };
    const lge::nn::Prompts prompts{prompts_at(o.present, "prompts/present.txt"), prompts_at(o.absent, "prompts/absent.txt")};
    const lge::io::Cohort cohort = lge::io::read_cohort(path);
    const lge::nn::Detector detector(o.model, prompts, o.device);
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
    refuse(o.task == Job::detect && (!o.output_dir.empty() || o.keep_going), "--output-dir and --keep-going go with --task segment");
    refuse(o.task == Job::segment && (!o.present.empty() || !o.absent.empty() || o.unit != Unit::both), "--present, --absent and --unit go with --task detect");
    return o.task == Job::segment ? segment(o, operands[0], context) : detect(o, operands[0], context);
}

}  // namespace

int main(int argc, char** argv) { return lge::cli::run(program, argc, argv, infer); }
