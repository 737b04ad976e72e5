// lge-plot - draw pictures of hearts, masks and calls
#include "lge/base/stream.hpp"
#include "lge/cli/program.hpp"
#include "lge/metrics/answers.hpp"
#include "lge/plot/cases.hpp"
#include "lge/plot/montage.hpp"

#include <algorithm>
#include <map>

namespace {

using lge::ExitCode;
using lge::cli::number;
using lge::cli::option;
using lge::metrics::Key;
namespace plot = lge::plot;

enum class Picture { montage };
constexpr std::array<std::pair<std::string_view, Picture>, 1> choices(Picture) { return {{{"montage", Picture::montage}}}; }

struct Options : lge::cli::OutputOptions {
    std::optional<std::string> label, detections, title;
    unsigned cases = 6, slices = 5, columns = 0, tile = 180;
    bool whole = false, show_ids = false;
    std::optional<plot::Format> format;
};

const lge::cli::Program<Options> program{
    .name = "lge-plot",
    .purpose = "draw pictures of hearts, masks and calls",
    .operands = {{"picture", "what to draw: montage, slices of cases side by side"},
                 {"images", "a cohort, a NIfTI image, or -"}},
    .options = lge::cli::table<Options>({
        {option<Options>("label", 'l', "file", &Options::label,
                         "Outline the labels of this cohort (matched by case id) or NIfTI label map; by default those of the cohort itself."),
         option<Options>("detections", 'd', "file", &Options::detections,
                         "lge.detection/1 records: the call and probability of a case stand above it, those of a slice in it."),
         number<Options>("cases", 0, "count", &Options::cases, 1, 1000, "Cases to show, spread evenly over the cohort."),
         number<Options>("slices", 0, "count", &Options::slices, 1, 1000, "Slices of each case to show, spread evenly from its first to its last."),
         number<Options>("columns", 0, "count", &Options::columns, 0, 1000, "Slices in a row; 0 fits them to the slices of a case."),
         number<Options>("tile", 0, "pixels", &Options::tile, 32, 2048, "Side of the square that holds a slice."),
         option<Options>("whole", 0, "", &Options::whole,
                         "Show slices whole; by default, where there are labels, the square about them that is twice as wide as they are."),
         option<Options>("title", 0, "text", &Options::title, "Caption above the picture."),
         option<Options>("show-ids", 0, "", &Options::show_ids, "Write case ids, which may name a patient, instead of case numbers."),
         option<Options>("format", 'f', "format", &Options::format, "Format of the picture; by default what its suffix says, else png.")},
        lge::cli::output_options<Options>("Write to file; - is standard output."),
    }),
};

/// Evenly spread cases and slices with their calls. Says how many of the shown cases have none.
plot::Montage compose(const Options& o, const plot::Cases& cases, const std::map<Key, plot::Call>& calls, std::size_t& uncalled) {
    const auto call_of = [&](const Key& key) {
        const auto found = calls.find(key);
        return found == calls.end() ? std::nullopt : std::optional(found->second);
    };
    plot::Montage m{o.title.value_or(""), {}, o.columns, o.tile};
    for (const auto c : plot::spread_evenly(cases.size(), o.cases)) {
        plot::Block block{o.show_ids ? cases.id(c) : fmt::format("case {}", c + 1), call_of({cases.id(c), std::nullopt}), {}, {}};
        bool called = block.call.has_value();
        for (const auto s : plot::spread_evenly(cases.slice_count(c), o.slices)) {
            auto tile = cases.tile(c, s);
            if (const auto call = call_of({cases.id(c), static_cast<std::int64_t>(s)})) {
                tile.corner += ": " + plot::words(*call);
                called = true;
            }
            block.tiles.push_back(std::move(tile));
        }
        if (!o.whole) block.view = plot::view_of_labels(block.tiles);
        uncalled += !called;
        m.blocks.push_back(std::move(block));
    }
    return m;
}

ExitCode draw(const Options& o, const std::vector<std::string>& operands, lge::cli::Context& context) {
    const std::array<std::string, 3> inputs{operands[1], o.label.value_or(""), o.detections.value_or("")};
    if (std::count(inputs.begin(), inputs.end(), "-") > 1) throw lge::Error(ExitCode::usage, "only one input can be standard input");
    for (const auto& input : inputs)
        if (!input.empty()) lge::refuse_same_file(input, o.output);
    lge::Output out(o.output, o.force ? lge::Overwrite::yes : lge::Overwrite::no);
    out.refuse_terminal();

    const plot::Cases cases(operands[1], o.label);
    Picture picture{};
    lge::cli::parse(operands[0], picture);
    std::map<Key, plot::Call> calls;
    if (o.detections)
        for (const auto& [key, d] : lge::metrics::read_detections(*o.detections).items) calls[key] = {d.present, d.probability};
    std::size_t uncalled = 0;
    const auto montage = compose(o, cases, calls, uncalled);
    if (o.detections && uncalled > 0)
        context.log.warn("{}: no detection for {} of the {} cases shown", lge::display_name(*o.detections), uncalled, montage.blocks.size());
    out.write(plot::draw(montage, o.format.value_or(o.output.ends_with(".svg") ? plot::Format::svg : plot::Format::png)));
    out.commit();
    return ExitCode::ok;
}

}  // namespace

int main(int argc, char** argv) { return lge::cli::run(program, argc, argv, draw); }
