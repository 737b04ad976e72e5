// lge-orient - bring hearts into the canonical pose
#include "lge/base/parallel.hpp"
#include "lge/base/result.hpp"
#include "lge/base/stream.hpp"
#include "lge/cli/program.hpp"
#include "lge/io/provenance.hpp"
#include "lge/metrics/labels.hpp"
#include "lge/orient/canonical.hpp"
#include "lge/orient/source.hpp"

#include <algorithm>
#include <map>

namespace {

using lge::Error;
using lge::ExitCode;
using lge::cli::number;
using lge::cli::option;
namespace orient = lge::orient;

struct Options : lge::cli::OutputOptions, lge::cli::ThreadOptions {
    std::vector<std::string> label;
    std::optional<std::string> label_map, records;
    lge::Mm spacing{1.25};
    unsigned size = 128;
    orient::Normalise normalise = orient::Normalise::percentile;
    lge::itk::Interpolation interpolation = lge::itk::Interpolation::linear;
    orient::Trust trust = orient::Trust::header;
    orient::View view = orient::View::apex;
    bool check = false, keep_going = false;
};

const lge::cli::Program<Options> program{
    .name = "lge-orient",
    .purpose = "bring hearts into the canonical pose",
    .operands = {{"input", "short-axis volume (NIfTI, NRRD, MetaImage, a folder of DICOM slices), - for NIfTI on standard input, or a manifest of lge.case/1 records", lge::cli::Arity::some}},
    .options = lge::cli::table<Options>({
        {option<Options>("label", 'l', "file", &Options::label, "Label map of a volume, on its grid; give one for each volume, in their order. A manifest names its own. - is standard input."),
         option<Options>("label-map", 0, "from=to", &Options::label_map, "Read label numbers as others, such as 1=5,3=1; those not named stay."),
         option<Options>("records", 'r', "file", &Options::records, "Write an lge.orient/1 record for each case to file: pose, levels, landmarks, confidence and problems."),
         number<Options>("spacing", 0, "mm", &Options::spacing, 0.1, 20, "Pixel size of the canonical slices."),
         number<Options>("size", 0, "pixels", &Options::size, 8, 2048, "Width and height of the canonical slices."),
         option<Options>("normalise", 0, "how", &Options::normalise, "Intensity: percentile turns the 1st and 99th percentile of a case into 0 and 1, none keeps the values."),
         option<Options>("interpolation", 0, "how", &Options::interpolation, "Of intensity within a slice; bspline is cubic."),
         option<Options>("trust", 0, "witness", &Options::trust, "Decides where header and anatomy disagree; with anatomy the directions of the header are not used."),
         option<Options>("view", 0, "side", &Options::view, "Where the header does not say: from which side the slices are seen as stored (i to the right, j down)."),
         option<Options>("check", 0, "", &Options::check, "Judge only: write the records (to --records, else to the output) and no cohort; exit with status 1 when a case cannot be standardised."),
         option<Options>("keep-going", 0, "", &Options::keep_going, "Pass over a case that cannot be read or has no LV, and end with status 65.")},
        lge::cli::output_options<Options>("Write the cohort to file; - is standard output."),
        {lge::cli::thread_option<Options>()},
    }),
};

struct Made {
    std::optional<orient::CanonicalCase> canonical;
    orient::Pose pose;
    std::vector<std::string> hashes, problems;
};

Made make(const Options& o, const orient::CaseFiles& files) {
    auto image = orient::read_image(files.image);
    auto label = orient::read_labels(files.label);
    if (o.label_map)
        for (const auto map = lge::metrics::parse_label_map(*o.label_map); auto& l : label.volume.voxels) l = map[l];
    if (const auto highest = *std::max_element(label.volume.voxels.begin(), label.volume.voxels.end()); highest >= lge::anatomy::label_count)
        throw Error(ExitCode::bad_data, fmt::format("{}: label {}, wanted 0 to 5 (--label-map reads numbers as others)", lge::display_name(files.label), highest));
    if (const auto reason = difference(label.volume.grid, image.volume.grid, lge::Mm{0.1}))
        throw Error(ExitCode::bad_data, lge::display_name(files.label) + ": grid differs from the image: " + *reason);
    Made made{{}, {}, {image.sha256, label.sha256}, std::move(image.problems)};
    try {
        made.pose = orient::judge(label.volume, {.trust = o.trust, .view = o.view});
    } catch (const Error& e) {
        throw Error(e.code(), lge::display_name(files.image) + ": " + e.what());
    }
    if (o.check) return made;
    if (made.pose.has(orient::Problem::lv_missing)) throw Error(ExitCode::bad_data, lge::display_name(files.label) + ": no LV in the label map");
    made.canonical = orient::to_canonical(files.id, image.volume, label.volume, made.pose, {o.spacing, o.size, o.interpolation, o.normalise});
    return made;
}

ExitCode run(const Options& o, const std::vector<std::string>& operands, lge::cli::Context& context) {
    const auto overwrite = o.force ? lge::Overwrite::yes : lge::Overwrite::no;
    const auto records_to = o.records ? o.records : o.check ? std::optional(o.output) : std::nullopt;
    if (o.records == "-" && o.output == "-" && !o.check) throw Error(ExitCode::usage, "--records and --output are both standard output");
    if (o.label_map) lge::metrics::parse_label_map(*o.label_map);  // a fault shows before any file is read
    const auto cases = orient::gather_cases(operands, o.label);
    for (const auto& c : cases)
        for (const auto& output : {o.output, records_to.value_or("-")})
            for (const auto& input : {c.image, c.label}) lge::refuse_same_file(input, output);
    std::optional<lge::Output> out, records;
    if (!o.check) {
        out.emplace(o.output, overwrite);
        out->refuse_terminal();
    }
    if (records_to) records.emplace(*records_to, overwrite);

    lge::io::Cohort cohort;
    cohort.width = cohort.height = o.size;
    cohort.spacing_mm = o.spacing.value;
    cohort.normalisation = orient::description(o.normalise);
    lge::io::History history{context.invocation.tool, context.invocation.version, context.invocation.options, {}};
    std::map<orient::Problem, std::size_t> counts;
    std::size_t refused = 0, unfit = 0, item = 0;
    {
        lge::Progress progress(context.log, "cases", cases.size());
        const auto work = [&](std::size_t n) { return lge::attempt([&] { return make(o, cases[n]); }); };
        const auto take = [&](lge::Result<Made> result) {
            const auto& files = cases[item++];
            progress.add();
            if (!result && !o.keep_going) throw result.error();
            if (!result) {
                context.log.warn("{}", result.error().what());
                ++refused;
                return;
            }
            const Made& made = result.value();
            for (const auto& problem : made.problems) context.log.warn("{}: {}", lge::display_name(files.image), problem);
            for (const auto problem : made.pose.problems) {
                ++counts[problem];
                if (is_fatal(problem)) context.log.warn("{}: cannot be standardised: {}", lge::display_name(files.image), word(problem));
            }
            unfit += made.pose.standard() ? 0 : 1;
            if (records) records->write(orient::write_record(files.id, made.pose));
            if (made.canonical) append(cohort, *made.canonical);
            history.inputs.insert(history.inputs.end(), made.hashes.begin(), made.hashes.end());
        };
        lge::ordered_parallel(lge::thread_count(o.threads), cases.size(), work, take);
    }
    for (const auto& [problem, count] : counts) context.log.note("{}: {} of {} cases", word(problem), count, cases.size());
    if (out) {
        if (cohort.cases.empty()) throw Error(ExitCode::bad_data, "no case could be oriented");
        cohort.history = history.json();
        out->write(lge::io::encode_cohort(cohort));
        out->commit();
    }
    if (records) records->commit();
    return refused > 0 ? ExitCode::bad_data : o.check && unfit > 0 ? ExitCode::no : ExitCode::ok;
}

}  // namespace

int main(int argc, char** argv) { return lge::cli::run(program, argc, argv, run); }
