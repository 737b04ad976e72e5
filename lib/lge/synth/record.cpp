#include "lge/synth/record.hpp"

#include "lge/base/error.hpp"
#include "lge/io/records.hpp"

#include <charconv>

namespace lge::synth {

std::string write_recipe(const DrawnCase& c, const Settings& settings, std::optional<std::string_view> history) {
    const Recipe& r = c.recipe;
    json::Writer w;
    w.object().key("schema").text("lge.synth/1").key("id").text(c.id);
    w.key("seed").text(std::to_string(r.seed)).key("index").integer(static_cast<std::int64_t>(r.index));  // 64 bits: as text
    w.key("source").integer(static_cast<std::int64_t>(r.source));
    w.key("style").text(anatomy::word(settings.style)).key("wordings").integer(static_cast<std::int64_t>(settings.captions));
    w.key("levels").array();
    for (const anatomy::Level level : r.levels) w.text(anatomy::word(level));
    w.end().key("heart");
    if (r.heart) write_heart(w, *r.heart);
    else w.null();
    w.key("scars").array();
    for (const Scar& s : r.scars) write_scar(w, s);
    w.end().key("blur_px").number(r.blur_px).key("look_alike").boolean(r.look_alike);
    w.key("quality");
    if (r.scars.empty()) w.null();
    else
        w.object().key("contrast_sd").number(c.quality.contrast_sd).key("clear_of_blood").number(c.quality.clear_of_blood)
            .key("area_mm2").number(c.quality.area_mm2).end();
    w.key("refused").integer(c.refused).key("gave_up").boolean(c.gave_up);
    if (history) w.key("history").raw(*history);
    return w.end().take_line();
}

Replay parse_recipe(const json::Value& record) {
    io::record_id(record, "lge.synth/1");
    Replay replay;
    Recipe& r = replay.recipe;
    const std::string_view seed = record.text("seed");
    if (const auto [end, error] = std::from_chars(seed.data(), seed.data() + seed.size(), r.seed); error != std::errc() || end != seed.data() + seed.size())
        throw Error(ExitCode::bad_data, "seed: wanted a whole number as text");
    const auto whole = [&](std::string_view key, std::int64_t most) {
        const auto n = record.integer(key);
        if (n < 0 || n > most) throw Error(ExitCode::bad_data, std::string(key) + " is out of range");
        return static_cast<std::size_t>(n);
    };
    r.index = whole("index", std::int64_t{1} << 52);
    r.source = whole("source", std::int64_t{1} << 32);
    replay.settings.captions = whole("wordings", 32);
    const auto style = anatomy::from_word<Style>(record.text("style"));
    if (!style) throw Error(ExitCode::bad_data, "style: wanted clinical or plain");
    replay.settings.style = *style;
    record.get("levels").each([&](json::Value v) {
        const auto level = anatomy::from_word<anatomy::Level>(v.text());
        if (!level) throw Error(ExitCode::bad_data, "levels: wanted basal, mid, apical or apex");
        r.levels.push_back(*level);
    });
    if (const auto heart = record.find("heart")) r.heart = parse_heart(*heart);
    if (r.heart && (r.levels.empty() || r.levels.size() > 64)) throw Error(ExitCode::bad_data, "levels: wanted 1 to 64");
    record.get("scars").each([&](json::Value v) { r.scars.push_back(parse_scar(v)); });
    if (r.scars.size() > 32) throw Error(ExitCode::bad_data, "scars: wanted 32 or fewer");
    r.blur_px = record.number("blur_px");
    if (!(r.blur_px >= 0 && r.blur_px <= 20)) throw Error(ExitCode::bad_data, "blur_px is out of range");
    r.look_alike = record.boolean_if("look_alike").value_or(false);
    if (record.find("refused")) replay.refused = static_cast<unsigned>(whole("refused", 1000));
    replay.gave_up = record.boolean_if("gave_up").value_or(false);
    if (const auto history = record.find("history")) replay.history = io::parse_history(*history);
    return replay;
}

}  // namespace lge::synth
