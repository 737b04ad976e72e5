#include "lge/synth/wording.hpp"

namespace lge::synth {
namespace {

bool is_name(char c) { return (c >= 'a' && c <= 'z') || c == '_'; }

// Where the bracket that opens at `at` closes, and the bars between its alternatives.
std::size_t read_bracket(std::string_view pattern, std::size_t at, std::vector<std::size_t>& bars) {
    int depth = 0;
    for (std::size_t i = at; i < pattern.size(); ++i) {
        if (pattern[i] == '[') ++depth;
        if (pattern[i] == '|' && depth == 1) bars.push_back(i);
        if (pattern[i] == ']' && --depth == 0) return i;
    }
    return pattern.size();
}

void spin_into(std::string& out, std::string_view pattern, Slots slots, Random& random) {
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == '[') {
            std::vector<std::size_t> bars{i};
            const std::size_t close = read_bracket(pattern, i, bars);
            bars.push_back(close);
            const std::size_t n = random.below(static_cast<std::uint32_t>(bars.size() - 1));
            spin_into(out, pattern.substr(bars[n] + 1, bars[n + 1] - bars[n] - 1), slots, random);
            i = close;
        } else if (pattern[i] == '$') {
            std::size_t end = i + 1;
            while (end < pattern.size() && is_name(pattern[end])) ++end;
            for (const auto& [name, value] : slots)
                if (name == pattern.substr(i + 1, end - i - 1)) out += value;
            i = end - 1;
        } else {
            out += pattern[i];
        }
    }
}

}  // namespace

std::string spin(std::string_view pattern, Slots slots, Random& random) {
    std::string out;
    out.reserve(160);
    spin_into(out, pattern, slots, random);
    return out;
}

std::string joined(const std::vector<std::string>& items, std::string_view last) {
    std::string out;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (i > 0) out += i + 1 == items.size() ? last : std::string_view(", ");
        out += items[i];
    }
    return out;
}

std::string capital(std::string text) {
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text;
}

}  // namespace lge::synth
