#include "lge/base/error.hpp"
#include "lge/base/hash.hpp"
#include "lge/base/stream.hpp"
#include "lge/json/reader.hpp"
#include "lge/json/writer.hpp"
#include "lge/synth/prior.hpp"

#include <array>
#include <cmath>
#include <filesystem>

namespace lge::synth {
namespace {

struct Field { std::string_view key; double Scar::* member; double low, high; };
constexpr std::array fields{
    Field{"centre_deg", &Scar::centre, -720, 720}, Field{"half_width_deg", &Scar::half_width, 1, 720}, Field{"depth_low", &Scar::depth_low, 0, 1},
    Field{"depth_high", &Scar::depth_high, 0, 2}, Field{"z_centre", &Scar::z_centre, -1, 2}, Field{"z_half", &Scar::z_half, 0.01, 100},
    Field{"signal", &Scar::signal, -60, 60}, Field{"texture", &Scar::texture, 0, 2}, Field{"core", &Scar::core, 0, 1}, Field{"raggedness", &Scar::raggedness, 0, 1}, Field{"border_px", &Scar::border_px, 1, 20},
    Field{"thinning", &Scar::thinning, 0, 0.95},
};

}  // namespace

void write_scar(json::Writer& w, const Scar& scar) {
    w.object().key("extent").text(anatomy::word(scar.extent));
    for (const Field& f : fields) w.key(f.key).number(scar.*f.member);
    w.key("segments").array();
    scar.segments.each([&](int id) { w.integer(id); });
    w.end().end();
}

Scar parse_scar(const json::Value& v) {
    Scar scar;
    const auto extent = anatomy::from_word<anatomy::Extent>(v.text("extent"));
    if (!extent) throw Error(ExitCode::bad_data, "extent: wanted subendocardial, midwall, subepicardial or transmural");
    scar.extent = *extent;
    for (const Field& f : fields) {
        scar.*f.member = v.number(f.key);
        if (!(scar.*f.member >= f.low && scar.*f.member <= f.high)) throw Error(ExitCode::bad_data, std::string(f.key) + " is out of range");
    }
    if (scar.depth_high <= scar.depth_low) throw Error(ExitCode::bad_data, "depth_high must be more than depth_low");
    v.get("segments").each([&](json::Value id) {
        const auto n = id.integer();
        if (n < 1 || n > 17) throw Error(ExitCode::bad_data, "segments: wanted 1 to 17");
        scar.segments.add(static_cast<int>(n));
    });
    return scar;
}

std::string write_prior(std::span<const std::vector<Scar>> hearts, const std::string& name) {
    json::Writer w;
    w.object().key("schema").text("lge.prior/1").key("name").text(name).key("hearts").array();
    for (const auto& scars : hearts) {
        w.array();
        for (const Scar& s : scars) write_scar(w, s);
        w.end();
    }
    w.end().end();
    return w.take_line();
}

Prior parse_prior(std::string_view json, const std::string& name) {
    Prior prior;
    prior.kind = Prior::Kind::file;
    prior.sha256 = sha256(as_bytes(json));
    json::Document document(json::Limits{std::size_t{64} << 20, 64});
    try {
        const json::Value root = document.parse(json);
        if (root.text("schema") != "lge.prior/1") throw Error(ExitCode::bad_data, "schema is not lge.prior/1");
        root.get("hearts").each([&](json::Value heart) {
            std::vector<Scar> scars;
            heart.each([&](json::Value scar) { scars.push_back(parse_scar(scar)); });
            if (scars.empty() || scars.size() > 32) throw Error(ExitCode::bad_data, "a heart needs 1 to 32 scars");
            prior.hearts.push_back(std::move(scars));
        });
        if (prior.hearts.empty()) throw Error(ExitCode::bad_data, "no hearts");
    } catch (const Error& e) {
        throw Error(e.code(), name + ": " + e.what());
    }
    return prior;
}

Prior load_prior(const std::string& name_or_file) {
    Prior prior;
    if (name_or_file == "uniform" || name_or_file == "clinical") {
        prior.kind = name_or_file == "uniform" ? Prior::Kind::uniform : Prior::Kind::clinical;
        return prior;
    }
    if (name_or_file != "-" && !std::filesystem::exists(name_or_file)) throw Error(ExitCode::no_input, "no prior " + display_name(name_or_file) + ": wanted clinical, uniform or a file");
    const Bytes text = read_file(name_or_file, std::size_t{64} << 20);
    return parse_prior(as_text(text), display_name(name_or_file));
}

}  // namespace lge::synth
