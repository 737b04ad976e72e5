// lge-orient - bring hearts into the canonical pose
#include "lge/base/parallel.hpp"
#include "lge/base/result.hpp"
#include "lge/cli/program.hpp"
#include "lge/metrics/labels.hpp"
#include "lge/orient/inverse.hpp"
#include "lge/orient/writer.hpp"

#include <map>

namespace {

using lge::Error;
using lge::ExitCode;
using lge::cli::number;
using lge::cli::option;
namespace orient = lge::orient;

/// 16 or 17 segments of the AHA model.
enum class Segments { sixteen, seventeen };
constexpr std::array<std::pair<std::string_view, Segments>, 2> choices(Segments) { return {{{"16", Segments::sixteen}, {"17", Segments::seventeen}}}; }

struct Options : lge::cli::OutputOptions, lge::cli::ThreadOptions, lge::cli::ShardOptions {
    std::vector<std::string> label, landmarks;
    std::optional<std::string> label_map, records, transform, aha, label_output, inverse, case_id;
    std::optional<std::int64_t> series;
    lge::itk::Contrast contrast = lge::itk::Contrast::any;
    std::optional<orient::Format> format;
    lge::Mm spacing{1.25};
    unsigned size = 128;
    orient::Normalise normalise = orient::Normalise::percentile;
    lge::itk::Interpolation interpolation = lge::itk::Interpolation::linear;
    orient::Trust trust = orient::Trust::header;
    orient::View view = orient::View::apex;
    orient::Turning turning = orient::Turning::canonical;
    Segments segments = Segments::sixteen;
    orient::Values values = orient::Values::label;
    bool check = false, keep_going = false;
};

const lge::cli::Program<Options> program{
    .name = "lge-orient",
    .purpose = "bring hearts into the canonical pose",
    .operands = {{"input", "short-axis volume (NIfTI, NRRD, MetaImage, a folder of DICOM slices), cohort, or manifest of lge.case/1 records; - for NIfTI, a cohort or a manifest on standard input", lge::cli::Arity::some}},
    .options = lge::cli::table<Options>({
        {option<Options>("label", 'l', "file", &Options::label, "Label map of a volume, on its grid; give one for each volume, in their order. A manifest names its own. - is standard input."),
         option<Options>("label-map", 0, "from=to", &Options::label_map, "Read label numbers as others, such as 1=5,3=1; those not named stay."),
         option<Options>("landmarks", 0, "file", &Options::landmarks, "Points that a reader set, which go before the label map and do without it: lge.landmarks/1 or lge.orient/1 records, found by case id, or 3D Slicer fiducials (.mrk.json, .fcsv), one file for each volume."),
         option<Options>("contrast", 0, "kind", &Options::contrast, "Of a DICOM folder with phase-sensitive and magnitude images: which of them to read."),
         number<Options>("series", 0, "number", &Options::series, 0, 1e9, "Of a DICOM folder with several series: the number of the one to read."),
         option<Options>("trust", 0, "witness", &Options::trust, "Decides where header and anatomy disagree; with anatomy the directions of the header are not used."),
         option<Options>("view", 0, "side", &Options::view, "Where neither header nor landmarks say: from which side the slices are seen as stored (i to the right, j down)."),
         option<Options>("pose", 0, "pose", &Options::turning, "How slices come out: in the canonical pose, or turned as they are stored with the LV in the middle, for experiments that ask what the pose is worth."),
         option<Options>("check", 0, "", &Options::check, "Judge only: write the records (to --records, else to the output) and no cohort; exit with status 1 when a case cannot be standardised."),
         option<Options>("keep-going", 0, "", &Options::keep_going, "Pass over a case that cannot be read or has no LV, and end with status 65."),
         lge::cli::thread_option<Options>(), lge::cli::shard_option<Options>()},
        lge::cli::output_options<Options>("Write the cohort, or with a name in .nii or .nii.gz the canonical volume of one case, to file; - is standard output."),
        {option<Options>("format", 0, "kind", &Options::format, "Of the output, whatever its name; on standard output h5 without it."),
         number<Options>("spacing", 0, "mm", &Options::spacing, 0.1, 20, "Pixel size of the canonical slices."),
         number<Options>("size", 0, "pixels", &Options::size, 8, 2048, "Width and height of the canonical slices."),
         option<Options>("normalise", 0, "how", &Options::normalise, "Intensity: percentile turns the 1st and 99th percentile of a case into 0 and 1, wall the lower quartile of the LV wall and the median of the LV blood; none keeps the values."),
         option<Options>("interpolation", 0, "how", &Options::interpolation, "Of intensity within a slice; bspline is cubic."),
         option<Options>("label-output", 0, "file", &Options::label_output, "Write the canonical label map of one case to file (NIfTI)."),
         option<Options>("records", 'r', "file", &Options::records, "Write an lge.orient/1 record for each case to file: pose, levels, landmarks, confidence and problems."),
         option<Options>("transform", 0, "file", &Options::transform, "Write the map from canonical to source mm: .tfm for ITK (one case), else an lge.transform/1 record a case."),
         option<Options>("aha", 0, "path", &Options::aha, "Write the AHA segment of each wall pixel on the grid of the source (NIfTI): to a file for one case, to path/ID_aha.nii.gz for several."),
         option<Options>("segments", 0, "count", &Options::segments, "Of --aha: 17 also numbers the solid wall beyond the cavity, which 16 leaves out."),
         option<Options>("inverse", 0, "file", &Options::inverse, "Bring canonical labels back: the input is a cohort or a canonical volume, file the volume that it was made of, the output NIfTI with the header of that volume."),
         option<Options>("case", 0, "id", &Options::case_id, "Of --inverse: the case of a cohort with several."),
         option<Options>("values", 0, "kind", &Options::values, "Of --inverse: what to bring back, the label map or the picture (a heat map).")},
    }),
};

ExitCode bring_back(const Options& o, const std::vector<std::string>& operands, const lge::io::History& history) {
    const bool other = !o.label.empty() || !o.landmarks.empty() || o.records || o.transform || o.aha || o.label_output || o.check || o.format == orient::Format::h5;
    if (other) throw Error(ExitCode::usage, "--inverse: it goes with --case, --values, --interpolation and --output alone");
    if (operands.size() != 1) throw Error(ExitCode::usage, "--inverse: wanted one cohort or canonical volume");
    for (const auto& input : {operands[0], *o.inverse}) lge::refuse_same_file(input, o.output);
    lge::Output out(o.output, o.force ? lge::Overwrite::yes : lge::Overwrite::no);
    out.refuse_terminal();
    const auto native = orient::bring_back({operands[0], *o.inverse, o.case_id, o.values, o.interpolation});
    lge::io::History own = history;
    own.inputs = native.hashes;
    out.write(orient::encode_native(native.voxels, native.header, own, lge::io::wants_gzip(o.output)));
    out.commit();
    return ExitCode::ok;
}

ExitCode run(const Options& o, const std::vector<std::string>& operands, lge::cli::Context& context) {
    const lge::io::History history{context.invocation.tool, context.invocation.version, context.invocation.options, {}};
    if (o.inverse) return bring_back(o, operands, history);
    if (o.case_id) throw Error(ExitCode::usage, "--case: it goes with --inverse");
    const auto shard = lge::cli::parse_shard(o.shard);
    orient::Work work{.settings = {.trust = o.trust, .view = o.view, .turning = o.turning},
                            .canvas = {.spacing = o.spacing, .size = o.size, .interpolation = o.interpolation, .normalise = o.normalise},
                            .series = {o.contrast, o.series},
                            .label_numbers = o.label_map ? lge::metrics::parse_label_map(*o.label_map) : lge::metrics::unchanged_labels(),
                            .pixels = !o.check, .aha = o.aha.has_value(), .seventeen = o.segments == Segments::seventeen};
    orient::Targets targets{.pixels = o.output, .format = o.format, .label = o.label_output, .records = o.records, .transform = o.transform, .aha = o.aha};
    if (o.check) {
        if (o.label_output || o.format) throw Error(ExitCode::usage, "--check: it writes records, no pixels");
        targets.pixels.reset();
        if (!targets.records) targets.records = o.output;
    }
    if (targets.pixel_format() == orient::Format::nifti) work.canvas.stacking = orient::Stacking::upright;
    else if (o.label_output) throw Error(ExitCode::usage, "--label-output: it goes with a NIfTI output; a cohort holds its labels");
    auto cases = orient::gather_cases(operands, o.label, o.landmarks);
    std::size_t item = 0;
    std::erase_if(cases, [&](const auto&) { return !shard.has(item++); });
    if (cases.empty()) throw Error(ExitCode::bad_data, "no case in this shard");
    orient::Writer writer(targets, cases, o.force ? lge::Overwrite::yes : lge::Overwrite::no);

    std::map<orient::Problem, std::size_t> counts;
    std::size_t refused = 0, unfit = 0, done = 0;
    {
        lge::Progress progress(context.log, "cases", cases.size());
        const auto make = [&](std::size_t n) { return lge::attempt([&] { return orient::orient_case(cases[n], work); }); };
        const auto take = [&](lge::Result<orient::Oriented> result) {
            const auto& c = cases[done++];
            progress.add();
            if (!result && !o.keep_going) throw result.error();
            if (!result) {
                context.log.warn("{}", result.error().what());
                ++refused;
                return;
            }
            const auto& oriented = result.value();
            for (const auto& problem : oriented.problems) context.log.warn("{}: {}", lge::display_name(c.image.path), problem);
            for (const auto problem : oriented.pose.problems) {
                ++counts[problem];
                if (is_fatal(problem)) context.log.warn("{}: cannot be standardised: {}", lge::display_name(c.image.path), word(problem));
            }
            unfit += oriented.pose.standard() ? 0 : 1;
            writer.add(c, oriented, work.canvas, history);
        };
        lge::ordered_parallel(lge::thread_count(o.threads), cases.size(), make, take);
    }
    for (const auto& [problem, count] : counts) context.log.note("{}: {} of {} cases", word(problem), count, cases.size());
    writer.commit(history);
    return refused > 0 ? ExitCode::bad_data : o.check && unfit > 0 ? ExitCode::no : ExitCode::ok;
}

}  // namespace

int main(int argc, char** argv) { return lge::cli::run(program, argc, argv, run); }
