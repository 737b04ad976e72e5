#include "lge/metrics/labels.hpp"

#include "lge/anatomy/heart.hpp"
#include "lge/base/error.hpp"

#include <algorithm>
#include <charconv>
#include <numeric>

namespace lge::metrics {
namespace {

[[noreturn]] void refuse(const std::string& reason) { throw Error(ExitCode::usage, reason); }

std::uint8_t parse_label(std::string_view text) {
    if (const auto label = anatomy::from_word<anatomy::Label>(text)) return static_cast<std::uint8_t>(*label);
    std::uint8_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) refuse("wanted a label word or a number from 0 to 255");
    return number;
}

template <class F>
void each_part(std::string_view text, F f) {
    while (true) {
        const auto comma = text.find(',');
        f(text.substr(0, comma));
        if (comma == std::string_view::npos) return;
        text.remove_prefix(comma + 1);
    }
}

LabelSet make(std::string name, std::initializer_list<std::size_t> numbers) {
    LabelSet set{std::move(name), {}};
    for (const auto n : numbers) set.numbers.set(n);
    return set;
}

}  // namespace

std::vector<LabelSet> default_label_sets() {
    return {make("myocardium", {2, 3, 4}), make("lv_cavity", {1}), make("scar", {3, 4}), make("rv_cavity", {5})};
}

LabelSet parse_label_set(std::string_view text) {
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) {
        const auto sets = default_label_sets();
        const auto known = std::find_if(sets.begin(), sets.end(), [&](const LabelSet& s) { return s.name == text; });
        if (known != sets.end()) return *known;
        return make(std::string(text), {parse_label(text)});
    }
    if (equals == 0) refuse("wanted a name before =");
    LabelSet set{std::string(text.substr(0, equals)), {}};
    each_part(text.substr(equals + 1), [&](std::string_view part) { set.numbers.set(parse_label(part)); });
    return set;
}

LabelMap unchanged_labels() {
    LabelMap map{};
    std::iota(map.begin(), map.end(), std::uint8_t{0});
    return map;
}

LabelMap parse_label_map(std::string_view text) {
    LabelMap map = unchanged_labels();
    std::bitset<256> seen;
    each_part(text, [&](std::string_view part) {
        const auto equals = part.find('=');
        if (equals == std::string_view::npos) refuse("wanted FROM=TO");
        const auto from = parse_label(part.substr(0, equals));
        if (seen.test(from)) refuse("a label is mapped twice");
        seen.set(from);
        map[from] = parse_label(part.substr(equals + 1));
    });
    return map;
}

}  // namespace lge::metrics
