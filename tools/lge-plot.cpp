// lge-plot - draw pictures of hearts, masks, calls and scores
#include "lge/base/stream.hpp"
#include "lge/cli/program.hpp"
#include "lge/plot/bullseye.hpp"
#include "lge/plot/cases.hpp"
#include "lge/plot/compare.hpp"
#include "lge/plot/curves.hpp"
#include "lge/plot/segments.hpp"

#include <algorithm>
#include <filesystem>

namespace {

using lge::ExitCode;
using lge::cli::number;
using lge::cli::option;
namespace plot = lge::plot;

enum class Picture { montage, bullseye, curves, training, compare };
constexpr std::array<std::pair<std::string_view, Picture>, 5> choices(Picture) {
    return {{{"montage", Picture::montage}, {"bullseye", Picture::bullseye}, {"curves", Picture::curves}, {"training", Picture::training}, {"compare", Picture::compare}}};
}

struct Options : lge::cli::OutputOptions, lge::cli::SeedOptions {
    std::vector<std::string> label, name;
    std::optional<std::string> detections, heat, title, figure;
    std::string heat_name = "heat";
    unsigned cases = 6, slices = 5, columns = 0, tile = 180;
    double scale = 1;
    bool captions = false, whole = false, each = false, show_ids = false;
    lge::metrics::Unit unit = lge::metrics::Unit::case_;
    std::optional<plot::Format> format;
};

const lge::cli::Program<Options> program{
    .name = "lge-plot",
    .purpose = "draw pictures of hearts, masks, calls and scores",
    .operands = {{"picture", "what to draw: montage, bullseye, curves, training or compare"},
                 {"inputs", "montage: a cohort or NIfTI image; bullseye: records of segments or a cohort; curves: truth, then detections of each run; training: "
                            "metrics.jsonl of each run; compare: scores of two runs. One may be -",
                  lge::cli::Arity::some}},
    .options = lge::cli::table<Options>({
        {option<Options>("label", 'l', "file", &Options::label,
                         "montage: outline the labels of this cohort (matched by case id) or NIfTI label map; by default those of the cohort itself. Given several "
                         "times, each case is shown with each.").in_group("montage"),
         option<Options>("heat", 0, "file", &Options::heat, "Lay the images of this cohort or NIfTI volume over the slices as heat.").in_group("montage"),
         option<Options>("heat-name", 0, "text", &Options::heat_name, "What the heat is, beside its colour bar.").in_group("montage"),
         option<Options>("detections", 'd', "file", &Options::detections,
                         "lge.detection/1 records: the call and probability of a case stand above it, those of a slice in it.").in_group("montage"),
         option<Options>("captions", 0, "", &Options::captions, "Write the caption of a case's detection behind its number; it may hold words of a report.").in_group("montage"),
         number<Options>("cases", 0, "count", &Options::cases, 1, 1000, "Cases to show, spread evenly over the cohort; of bullseye with --each, the first.").in_group("montage"),
         number<Options>("slices", 0, "count", &Options::slices, 1, 1000, "Slices of each case to show, spread evenly from its first to its last.").in_group("montage"),
         number<Options>("columns", 0, "count", &Options::columns, 0, 1000, "Slices in a row; 0 fits them to the slices of a case.").in_group("montage"),
         number<Options>("tile", 0, "pixels", &Options::tile, 32, 2048, "Side of the square that holds a slice.").in_group("montage"),
         option<Options>("whole", 0, "", &Options::whole,
                         "Show slices whole; by default, where there are labels, the square about them that is twice as wide as they are.").in_group("montage"),
         option<Options>("figure", 0, "name", &Options::figure,
                         "Of bullseye and compare: the figure of the records that is drawn; by default dice, and of scores by segment balanced_accuracy.").in_group("other pictures"),
         option<Options>("each", 0, "", &Options::each, "Of bullseye: one target a case, not the mean over cases.").in_group("other pictures"),
         option<Options>("unit", 'u', "unit", &Options::unit, "Of curves: judge whole cases or single slices.").in_group("other pictures"),
         option<Options>("name", 'n', "text", &Options::name, "Name of a run in the legend, in their order; by default the name of its file.").in_group("other pictures"),
         lge::cli::seed_option<Options>().in_group("other pictures"),
         option<Options>("title", 0, "text", &Options::title, "Caption above the picture."),
         option<Options>("show-ids", 0, "", &Options::show_ids, "Write case ids, which may name a patient, instead of case numbers."),
         number<Options>("scale", 0, "factor", &Options::scale, 0.1, 20, "Pixels of a PNG for each of the default picture's; 3 is good for print."),
         option<Options>("format", 'f', "format", &Options::format, "Format of the picture; by default what its suffix says, else png.")},
        lge::cli::output_options<Options>("Write to file; - is standard output."),
    }),
};

/// The name of a run: as given, else its file's without what follows the first dot; of a trainer's metrics.jsonl its folder's.
std::string run_name(const Options& o, const std::string& path, std::size_t run) {
    if (run < o.name.size()) return o.name[run];
    const auto folder = std::filesystem::path(path).parent_path().filename().string();
    const auto name = lge::display_name(path);
    return name == "metrics.jsonl" && !folder.empty() ? folder : name.substr(0, name.find('.'));
}

lge::Bytes montage(const Options& o, const std::string& images, const plot::Page& page, const lge::Log& log) {
    plot::MontageChoice choice{o.title.value_or(""), o.cases, o.slices, o.columns, o.tile, o.whole, o.show_ids, {}, o.heat_name};
    if (o.detections)
        for (const auto& [key, d] : lge::metrics::read_detections(*o.detections).items) choice.calls[key] = {d.present, d.probability, o.captions ? d.caption.value_or("") : ""};
    std::vector<plot::Cases> runs;
    std::vector<std::string> names;
    for (std::size_t r = 0; r < std::max<std::size_t>(o.label.size(), 1); ++r) {
        runs.emplace_back(images, o.label.empty() ? std::nullopt : std::optional(o.label[r]), o.heat);
        names.push_back(o.label.empty() ? "" : run_name(o, o.label[r], r));
    }
    const auto made = plot::compose(runs, names, choice);
    if (o.detections && made.uncalled > 0)
        log.warn("{}: no detection for {} of the {} cases shown", lge::display_name(*o.detections), made.uncalled, made.montage.blocks.size() / runs.size());
    return plot::draw(made.montage, page);
}

plot::Chart chart(const Options& o, Picture picture, const std::vector<std::string>& inputs) {
    plot::Chart made{o.title.value_or("")};
    const lge::metrics::Bootstrap bootstrap{o.seed, 1000};
    const std::size_t first = picture == Picture::curves ? 1 : 0;  // before it: the truth
    for (std::size_t i = first; i < inputs.size(); ++i) made.runs.push_back(run_name(o, inputs[i], i - first));
    if (picture == Picture::compare) {
        made.panels = plot::comparison_panels(inputs[0], inputs[1], made.runs[0], made.runs[1], o.figure, bootstrap);
    } else if (picture == Picture::training) {
        std::vector<plot::TrainingRun> runs;
        for (const auto& input : inputs) runs.push_back(plot::read_training(input));
        made.panels = plot::training_panels(runs);
    } else {
        made.panels = plot::judgement_panels(plot::read_runs(inputs[0], {inputs.begin() + 1, inputs.end()}, o.unit), o.unit, bootstrap);
    }
    if (made.runs.size() == 1 && o.name.empty()) made.runs.clear();
    return made;
}

/// As with every tool, an input that is not there is said first.
Picture parse_picture(const std::string& word, const std::vector<std::string>& inputs) {
    Picture picture{};
    try {
        lge::cli::parse(word, picture);
    } catch (const lge::Error&) {
        lge::Input missing(inputs[0]);
        throw;
    }
    return picture;
}

ExitCode draw(const Options& o, const std::vector<std::string>& operands, lge::cli::Context& context) {
    const std::vector<std::string> inputs(operands.begin() + 1, operands.end());
    const auto picture = parse_picture(operands[0], inputs);
    const bool one = picture == Picture::montage || picture == Picture::bullseye;
    if (one && inputs.size() != 1) throw lge::Error(ExitCode::usage, operands[0] + ": wanted one input");
    if (picture == Picture::curves && inputs.size() < 2) throw lge::Error(ExitCode::usage, "curves: wanted truth, then detections");
    if (picture == Picture::compare && inputs.size() != 2) throw lge::Error(ExitCode::usage, "compare: wanted two inputs");
    std::vector<std::string> all = inputs;
    all.insert(all.end(), o.label.begin(), o.label.end());
    for (const auto* more : {&o.detections, &o.heat})
        if (*more) all.push_back(**more);
    const auto pipes = std::count(all.begin(), all.end(), "-");
    if (pipes > 1 || (pipes == 1 && o.label.size() > 1)) throw lge::Error(ExitCode::usage, "only one input can be standard input, and with several --label none");
    for (const auto& input : all) lge::refuse_same_file(input, o.output);
    lge::Output out(o.output, o.force ? lge::Overwrite::yes : lge::Overwrite::no);
    out.refuse_terminal();

    const plot::Page page{o.format.value_or(o.output.ends_with(".svg") ? plot::Format::svg : plot::Format::png), o.scale};
    if (picture == Picture::montage) {
        out.write(montage(o, inputs[0], page, context.log));
    } else if (picture == Picture::bullseye) {
        auto eyes = plot::read_bullseyes(inputs[0], {o.figure, o.each, o.cases, o.show_ids});
        eyes.caption = o.title.value_or("");
        out.write(plot::draw(eyes, page));
    } else {
        out.write(plot::draw(chart(o, picture, inputs), page));
    }
    out.commit();
    return ExitCode::ok;
}

}  // namespace

int main(int argc, char** argv) { return lge::cli::run(program, argc, argv, draw); }
