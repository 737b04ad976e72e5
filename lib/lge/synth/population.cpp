#include "lge/base/error.hpp"
#include "lge/base/hash.hpp"
#include "lge/base/process.hpp"
#include "lge/base/stream.hpp"
#include "lge/json/reader.hpp"
#include "lge/synth/population.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

namespace lge::synth {
namespace {

struct Field { std::string_view key; Range Population::* range; double low, high; };  // bounds that make sense

constexpr std::array fields{
    Field{"slices", &Population::slices, 3, 40}, Field{"gap_mm", &Population::gap_mm, 1, 20},
    Field{"native_size", &Population::native_size, 64, 512}, Field{"native_spacing_mm", &Population::native_spacing_mm, 0.5, 4},
    Field{"endo_radius_mm", &Population::endo_radius_mm, 5, 60}, Field{"wall_mm", &Population::wall_mm, 1, 40},
    Field{"taper", &Population::taper, 0, 0.95}, Field{"taper_power", &Population::taper_power, 0.5, 6},
    Field{"shape", &Population::shape, 0, 0.2}, Field{"wall_shape", &Population::wall_shape, 0, 0.4},
    Field{"log_stretch", &Population::log_stretch, -1, 1}, Field{"elastic_mm", &Population::elastic_mm, 0, 8},
    Field{"shift_mm", &Population::shift_mm, -40, 40}, Field{"breath_mm", &Population::breath_mm, 0, 10},
    Field{"outflow", &Population::outflow, 0, 1}, Field{"apex_cap", &Population::apex_cap, 0, 1}, Field{"rv", &Population::rv, 0, 1},
    Field{"rv_span_deg", &Population::rv_span_deg, 40, 200}, Field{"rv_offset", &Population::rv_offset, 0.2, 2}, Field{"rv_depth", &Population::rv_depth, 0.1, 3},
    Field{"rv_wall_mm", &Population::rv_wall_mm, 0, 10},
    Field{"blood", &Population::blood, 0.01, 1}, Field{"wall_of_blood", &Population::wall_of_blood, 0, 1},
    Field{"bright_wall", &Population::bright_wall, 0, 1}, Field{"inversion", &Population::inversion, 0, 1}, Field{"psir", &Population::psir, 0, 1},
    Field{"t1_wall_ms", &Population::t1_wall_ms, 200, 900}, Field{"t1_blood_ms", &Population::t1_blood_ms, 100, 800}, Field{"scar_t1_of_blood", &Population::scar_t1_of_blood, 0.2, 2},
    Field{"ti_error_ms", &Population::ti_error_ms, -200, 300}, Field{"tr_ms", &Population::tr_ms, 500, 6000},
    Field{"raised", &Population::raised, 0, 1}, Field{"raised_by", &Population::raised_by, 0, 20},
    Field{"wall_drift", &Population::wall_drift, 0, 1},
    Field{"rim", &Population::rim, 0, 1}, Field{"rim_mm", &Population::rim_mm, 0.1, 12},
    Field{"papillary", &Population::papillary, 0, 1}, Field{"fat", &Population::fat, 0, 1}, Field{"fat_mm", &Population::fat_mm, 0, 20},
    Field{"line", &Population::line, 0, 1}, Field{"hug", &Population::hug, 0, 1}, Field{"ambient", &Population::ambient, 0, 1},
    Field{"chest", &Population::chest, 0, 1}, Field{"torso", &Population::torso, 0, 1}, Field{"matched_tissue", &Population::matched_tissue, 0, 1},
    Field{"scar_signal", &Population::scar_signal, 0, 5}, Field{"scar_texture", &Population::scar_texture, 0, 1}, Field{"thin", &Population::thin, 0, 1},
    Field{"small_scar", &Population::small_scar, 0, 1}, Field{"grey_zone", &Population::grey_zone, 0, 1},
    Field{"unnulled", &Population::unnulled, 0, 1}, Field{"streak", &Population::streak, 0, 1}, Field{"slow_blood", &Population::slow_blood, 0, 1},
    Field{"texture", &Population::texture, 0, 1}, Field{"bias", &Population::bias, 0, 1.5}, Field{"blur_mm", &Population::blur_mm, 0, 6},
    Field{"noise", &Population::noise, 0, 0.5}, Field{"log_gamma", &Population::log_gamma, -1.5, 1.5},
    Field{"partial_volume", &Population::partial_volume, 0, 1}, Field{"end_mixing", &Population::end_mixing, 0, 1}, Field{"ghost", &Population::ghost, 0, 1}, Field{"lifted", &Population::lifted, 0, 1},
    Field{"outlier", &Population::outlier, 0, 1},
};

}  // namespace

Population parse_population(std::string_view json, const std::string& name) {
    const auto refuse = [&](const std::string& why) { throw Error(ExitCode::bad_data, name + ": " + why); };
    Population population;
    population.sha256 = sha256(as_bytes(json));
    std::array<bool, fields.size()> seen{};
    json::Document document;
    try {
        const json::Value root = document.parse(json);
        if (root.text("schema") != "lge.population/1") refuse("schema is not lge.population/1");
        population.name = root.text("name");
        root.get("ranges").each_member([&](std::string_view key, json::Value value) {
            const auto field = std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.key == key; });
            if (field == fields.end()) throw Error(ExitCode::bad_data, "unknown range");
            const Range range{value.number("low"), value.number("high")};
            if (!(field->low <= range.low && range.low <= range.high && range.high <= field->high))
                throw Error(ExitCode::bad_data, std::string(field->key) + " must rise within " + std::to_string(field->low) + " to " + std::to_string(field->high));
            population.*(field->range) = range;
            seen[static_cast<std::size_t>(field - fields.begin())] = true;
        });
    } catch (const Error& e) {
        const std::string_view what = e.what();
        if (what.starts_with(name + ": ")) throw;
        refuse(std::string(what));
    }
    for (std::size_t i = 0; i < fields.size(); ++i)
        if (!seen[i]) refuse("no range " + std::string(fields[i].key));
    return population;
}

Population load_population(const std::string& name_or_file) {
    constexpr std::array<std::string_view, 3> shipped{"wide", "hard", "mild"};
    const bool is_name = std::find(shipped.begin(), shipped.end(), name_or_file) != shipped.end();
    if (!is_name && name_or_file != "-" && !std::filesystem::exists(name_or_file))
        throw Error(ExitCode::no_input, "no population " + display_name(name_or_file) + ": wanted wide, hard, mild or a file");
    const std::string path = is_name ? shared_file("phantom/" + name_or_file + ".json").string() : name_or_file;
    const Bytes text = read_file(path, std::size_t{1} << 20);
    return parse_population(as_text(text), display_name(path));
}

}  // namespace lge::synth
