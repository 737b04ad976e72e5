#include "lge/orient/points.hpp"

#include "lge/base/error.hpp"
#include "lge/base/result.hpp"
#include "lge/base/stream.hpp"
#include "lge/io/records.hpp"
#include "lge/json/reader.hpp"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <string_view>
#include <vector>

namespace lge::orient {
namespace {

using volume::Vec3;

[[noreturn]] void wrong(const std::string& reason) { throw Error(ExitCode::bad_data, reason); }

struct Name {
    std::string_view key, slicer;  // in records; in a point's name, letters alone
    Vec3 io::Landmarks::* field;
};
constexpr std::array<Name, 4> names{{{"lv_base_mm", "lvbase", &io::Landmarks::lv_base}, {"lv_apex_mm", "lvapex", &io::Landmarks::lv_apex},
                                     {"rv_anterior_mm", "rvanterior", &io::Landmarks::rv_anterior}, {"rv_inferior_mm", "rvinferior", &io::Landmarks::rv_inferior}}};

Vec3 point(const json::Value& list) {
    Vec3 p{};
    if (list.kind() != json::Value::Kind::array || list.size() != 3) wrong("a point is not an array of three numbers");
    std::size_t n = 0;
    list.each([&](json::Value v) { p[n++] = v.number(); });
    return p;
}

io::Landmarks landmarks_of(const json::Value& object) {
    io::Landmarks marks = io::Landmarks::unknown();
    bool any = false;
    for (const auto& name : names)
        if (const auto list = object.find(name.key)) {
            marks.*name.field = point(*list);
            any = true;
        }
    if (!any) wrong("no lv_base_mm, lv_apex_mm, rv_anterior_mm or rv_inferior_mm");
    return marks;
}

/// Takes the points of Slicer one by one.
struct Collector {
    io::Landmarks marks = io::Landmarks::unknown();
    bool any = false;

    void add(std::string_view label, Vec3 at, bool ras) {
        std::string letters;
        for (const char c : label)
            if (std::isalnum(static_cast<unsigned char>(c)) != 0) letters += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        for (const auto& name : names) {
            if (letters != name.slicer) continue;
            if (!std::isnan((marks.*name.field)[0])) wrong(fmt::format("two points are called {}", name.key.substr(0, name.key.size() - 3)));
            if (!std::isfinite(at[0] + at[1] + at[2])) wrong("a point is not finite");
            marks.*name.field = ras ? Vec3{-at[0], -at[1], at[2]} : at;
            any = true;
        }
    }
    [[nodiscard]] io::Landmarks take() const {
        if (!any) wrong("no point is called lv_base, lv_apex, rv_anterior or rv_inferior");
        return marks;
    }
};

/// "RAS" or "LPS", or 0 and 1 in old files.
bool is_ras(std::string_view system) {
    if (system == "RAS" || system == "0") return true;
    if (system == "LPS" || system == "1") return false;
    wrong("coordinate system is neither LPS nor RAS");
}

io::Landmarks of_markups(const json::Value& markups) {
    Collector collector;
    markups.each([&](json::Value list) {
        const bool ras = is_ras(list.text_if("coordinateSystem").value_or("LPS"));
        if (const auto points = list.find("controlPoints"))
            points->each([&](json::Value p) {
                if (p.text_if("positionStatus").value_or("defined") != "defined") return;
                if (const auto at = p.find("position")) collector.add(p.text_if("label").value_or(""), point(*at), ras);
            });
    });
    return collector.take();
}

std::vector<std::string_view> split(std::string_view line, char by) {
    std::vector<std::string_view> parts;
    for (;;) {
        const auto at = line.find(by);
        parts.push_back(line.substr(0, at));
        if (at == std::string_view::npos) return parts;
        line.remove_prefix(at + 1);
    }
}
std::string_view trim(std::string_view t) {
    const auto first = t.find_first_not_of(" \t\r\""), last = t.find_last_not_of(" \t\r\"");
    return first == std::string_view::npos ? std::string_view{} : t.substr(first, last - first + 1);
}

io::Landmarks of_fcsv(std::string_view text) {
    bool ras = true;
    std::array<std::size_t, 4> column{1, 2, 3, 11};  // x, y, z, label
    Collector collector;
    for (const auto line : split(text, '\n')) {
        const auto trimmed = trim(line);
        if (trimmed.empty()) continue;
        if (trimmed.front() == '#') {
            const auto equals = trimmed.find('=');
            if (equals == std::string_view::npos) continue;
            const auto key = trim(trimmed.substr(1, equals - 1)), value = trim(trimmed.substr(equals + 1));
            if (key == "CoordinateSystem") ras = is_ras(value);
            if (key == "columns") {
                const auto titles = split(value, ',');
                constexpr std::array<std::string_view, 4> wanted{"x", "y", "z", "label"};
                for (std::size_t w = 0; w < wanted.size(); ++w) {
                    column[w] = titles.size();
                    for (std::size_t t = 0; t < titles.size(); ++t)
                        if (trim(titles[t]) == wanted[w]) column[w] = t;
                    if (column[w] == titles.size()) wrong("a column x, y, z or label is missing");
                }
            }
            continue;
        }
        const auto cells = split(line, ',');
        for (const std::size_t c : column)
            if (c >= cells.size()) wrong("a line has too few columns");
        Vec3 at{};
        for (std::size_t a = 0; a < 3; ++a) {
            const auto number = trim(cells[column[a]]);
            const auto end = number.data() + number.size();
            if (const auto parsed = std::from_chars(number.data(), end, at[a]); parsed.ec != std::errc() || parsed.ptr != end) wrong("a coordinate is not a number");
        }
        collector.add(trim(cells[column[3]]), at, ras);
    }
    return collector.take();
}

LandmarkFile of_lines(Input input) {
    json::Lines lines(std::move(input));
    LandmarkFile file;
    while (const auto record = lines.next()) {
        const auto added = attempt([&] {
            const bool pose = record->text_if("schema") == "lge.orient/1";
            const std::string id(io::record_id(*record, pose ? "lge.orient/1" : "lge.landmarks/1"));
            if (!file.by_id.emplace(id, landmarks_of(pose ? record->get("landmarks") : *record)).second) wrong("the same id as on a line before");
            return true;
        });
        if (!added) lines.refuse(added.error().what());
    }
    return file;
}

}  // namespace

LandmarkFile read_landmarks(const std::string& path) {
    Input input(path);
    constexpr std::size_t most = std::size_t{1} << 20;  // Slicer's files are small
    const std::string_view head = as_text(input.peek(most));
    const auto named = [&](auto f) {
        try {
            return f();
        } catch (const Error& e) {
            throw Error(e.code(), input.name() + ": " + e.what());
        }
    };
    if (head.starts_with("#")) return named([&] { return LandmarkFile{{}, of_fcsv(head)}; });
    json::Document document;
    const auto whole = attempt([&] { return document.parse(head); });
    if (whole && whole.value().kind() == json::Value::Kind::object)
        if (const auto markups = whole.value().find("markups")) return named([&] { return LandmarkFile{{}, of_markups(*markups)}; });
    return of_lines(std::move(input));
}

}  // namespace lge::orient
