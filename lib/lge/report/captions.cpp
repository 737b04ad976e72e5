#include "lge/report/captions.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>

namespace lge::report {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80; }
bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

std::string lower(std::string_view w) {
    std::string t(w);
    for (char& c : t) if (is_capital(c)) c = static_cast<char>(c + 32);
    return t;
}

template <std::size_t N>
bool among(std::string_view word, const std::array<std::string_view, N>& list) {
    return std::find(list.begin(), list.end(), lower(word)) != list.end();
}

constexpr std::array<std::string_view, 12> titles{"dr", "mr", "mrs", "ms", "miss", "prof", "professor", "doctor", "sir", "mme", "herr", "frau"};
constexpr std::array<std::string_view, 24> months{"jan", "january", "feb", "february", "mar", "march", "apr", "april", "may", "jun", "june", "jul", "july",
                                                  "aug", "august", "sep", "sept", "september", "oct", "october", "nov", "november", "dec", "december"};
constexpr std::array<std::string_view, 9> records{"mrn", "id", "accession", "nhs", "dob", "ref", "hospital", "patient", "record"};

/// Digits joined by '/', '-', '.' or ':' (dates, times), or four digits and more in a row.
bool names_a_date_or_record(std::string_view run) {
    std::size_t groups = 0, in_group = 0, longest = 0, slashes = 0, dashes = 0, dots = 0, colons = 0;
    for (const char c : run) {
        if (is_digit(c)) {
            if (in_group++ == 0) ++groups;
            longest = std::max(longest, in_group);
            continue;
        }
        in_group = 0;
        slashes += c == '/';
        dashes += c == '-';
        dots += c == '.';
        colons += c == ':';
    }
    return longest >= 4 || colons > 0 || (groups == 3 && (slashes == 2 || dashes == 2 || dots == 2)) || slashes == 2;
}

}  // namespace

std::string deidentified(std::string_view text) {
    std::string out;
    const auto put = [&](std::string_view t) { out += t; };
    for (std::size_t i = 0; i < text.size();) {
        if (is_space(text[i])) {
            if (!out.empty() && out.back() != ' ') out += ' ';
            ++i;
            continue;
        }
        if (is_digit(text[i])) {
            std::size_t j = i;
            while (j < text.size() && (is_digit(text[j]) || ((text[j] == '/' || text[j] == '-' || text[j] == '.' || text[j] == ':') && j + 1 < text.size() && is_digit(text[j + 1])))) ++j;
            if (names_a_date_or_record(text.substr(i, j - i))) put("[...]");
            else put(text.substr(i, j - i));
            i = j;
            continue;
        }
        if (is_letter(text[i])) {
            std::size_t j = i;
            while (j < text.size() && (is_letter(text[j]) || is_digit(text[j]) || (text[j] == '\'' && j + 1 < text.size() && is_letter(text[j + 1])))) ++j;
            const auto word = text.substr(i, j - i);
            const bool title = among(word, titles) && is_capital(word.front());
            const bool record = !title && among(word, records);
            const bool month = among(word, months) && is_capital(word.front());
            const auto digits = std::count_if(word.begin(), word.end(), is_digit);
            if (digits >= 4) {
                put("[...]");
                i = j;
                continue;
            }
            if (month) {
                std::size_t k = j;
                while (k < text.size() && (is_space(text[k]) || text[k] == '.' || text[k] == ',' || text[k] == '-')) ++k;
                if (k < text.size() && is_digit(text[k])) {  // "March 2019"
                    put("[...]");
                    while (k < text.size() && is_digit(text[k])) ++k;
                    i = k;
                    continue;
                }
            }
            if (record) {
                // "MRN: AB1234", "Patient Jane Doe": the word stays, what follows a colon or in capitals goes
                put(word);
                std::size_t k = j;
                while (k < text.size() && (is_space(text[k]) || text[k] == ':' || text[k] == '#' || text[k] == '.')) ++k;
                std::size_t e = k;
                while (e < text.size() && (is_digit(text[e]) || is_capital(text[e]))) ++e;
                if (e >= k + 3) {
                    put(" [...]");
                    i = e;
                    continue;
                }
                i = j;
                continue;
            }
            if (title) {
                std::size_t k = j;
                if (k < text.size() && text[k] == '.') ++k;
                std::size_t end = k;
                bool name = false;
                for (;;) {  // up to the last capitalised word in a row
                    std::size_t m = end;
                    while (m < text.size() && (is_space(text[m]) || text[m] == '.' || text[m] == '-')) ++m;
                    if (m >= text.size() || !is_capital(text[m])) break;
                    while (m < text.size() && (is_letter(text[m]) || text[m] == '\'' || text[m] == '-')) ++m;
                    end = m;
                    name = true;
                }
                if (name) {
                    put("[...]");
                    i = end;
                    continue;
                }
            }
            put(word);
            i = j;
            continue;
        }
        if (static_cast<unsigned char>(text[i]) >= 0x20 && text[i] != 0x7f) out += text[i];
        ++i;
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

std::vector<Caption> captions(std::string_view text, const Reading& reading) {
    std::vector<Caption> out;
    std::unordered_set<std::string> seen;
    const auto& all = reading.statements;
    for (std::size_t k = 0; k < all.size();) {
        const std::uint32_t sentence = all[k].sentence;
        Caption c;
        auto& f = c.finding;
        anatomy::Segments certain, possible;
        Levels levels = 0;
        std::uint32_t walls = 0;
        bool located = false;
        bool present = false, uncertain = false;
        const std::size_t first = k;
        for (; k < all.size() && all[k].sentence == sentence; ++k) {
            present = present || all[k].presence == anatomy::Presence::present;
            uncertain = uncertain || all[k].presence == anatomy::Presence::uncertain;
        }
        f.lge = present ? anatomy::Presence::present : uncertain ? anatomy::Presence::uncertain : anatomy::Presence::absent;
        for (std::size_t n = first; n < k; ++n) {
            const Statement& s = all[n];
            if (s.presence != f.lge) continue;
            for (const Place& p : s.places) {
                located = true;
                levels |= p.levels;
                if (f.lge != anatomy::Presence::absent) walls |= p.walls;
                (f.lge == anatomy::Presence::present ? certain : possible) = (f.lge == anatomy::Presence::present ? certain : possible) | (p.segments - s.spared);
            }
            if (f.lge != anatomy::Presence::absent)
                for (const auto p : s.patterns)
                    if (std::find(f.pattern.begin(), f.pattern.end(), p) == f.pattern.end()) f.pattern.push_back(p);
        }
        std::sort(f.pattern.begin(), f.pattern.end());
        f.segments = certain;
        if (f.lge == anatomy::Presence::present && !located) f.segments.reset();
        if (f.lge == anatomy::Presence::uncertain) f.segments_possible = possible;
        const auto names = level_names(levels);
        if (names.size() == 1) c.level = names.front();
        if (f.lge != anatomy::Presence::absent) f.levels = names;
        for (std::size_t w = 0; w < wall_words.size(); ++w)
            if ((walls >> w & 1U) != 0) f.walls.emplace_back(wall_words[w]);
        const Sentence& s = reading.sentences[sentence];
        c.text = deidentified(text.substr(s.start, s.end - s.start));
        if (c.text.empty() || !seen.insert(c.text).second) continue;
        out.push_back(std::move(c));
    }
    return out;
}

}  // namespace lge::report
