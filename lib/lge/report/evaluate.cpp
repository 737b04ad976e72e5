#include "lge/report/evaluate.hpp"

#include "lge/base/result.hpp"
#include "lge/base/stream.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lge::report {

namespace {

using Words = std::vector<std::string>;
using Kind = json::Value::Kind;

std::string number(double v) { return fmt::format("{}", v); }

/// The words of any value: list items, key:value pairs of an object without its nulls, or the value itself.
Words words_of(const std::optional<json::Value>& v) {
    Words words;
    if (!v) return words;
    const auto one = [](const json::Value& x) -> std::string {
        switch (x.kind()) {
            case Kind::string: return std::string(x.text());
            case Kind::number: return number(x.number());
            case Kind::boolean: return x.boolean() ? "true" : "false";
            default: return {};
        }
    };
    if (v->kind() == Kind::array) v->each([&](json::Value x) { words.push_back(one(x)); });
    else if (v->kind() == Kind::object)
        v->each_member([&](std::string_view key, json::Value x) {
            if (const auto w = one(x); !w.empty()) words.push_back(std::string(key) + ":" + w);
        });
    else words.push_back(one(*v));
    return words;
}

Words segment_words(anatomy::Segments s) {
    Words words;
    s.each([&](int id) { words.push_back(std::to_string(id)); });
    return words;
}

template <class List>
Words enum_words(const List& list) {
    Words words;
    for (const auto e : list) words.emplace_back(anatomy::word(e));
    return words;
}

/// Case does not matter in words of doubt.
void lower(Words& words) {
    for (auto& w : words)
        for (char& c : w)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
}

void tidy(Answer& a) {
    for (auto& words : a) {
        std::sort(words.begin(), words.end());
        words.erase(std::unique(words.begin(), words.end()), words.end());
    }
}

}  // namespace

Answer answer_of(const anatomy::Finding& f) {
    Answer a;
    if (f.lge != anatomy::Presence::not_stated) a[0] = {std::string(anatomy::word(f.lge))};
    a[1] = f.segments ? segment_words(*f.segments) : Words{"undetermined"};
    a[2] = segment_words(f.segments_possible);
    a[3] = f.levels;
    a[4] = f.walls;
    a[5] = enum_words(f.pattern);
    if (f.transmurality) {
        if (f.transmurality->min_pct) a[6].push_back("min_pct:" + number(*f.transmurality->min_pct));
        if (f.transmurality->max_pct) a[6].push_back("max_pct:" + number(*f.transmurality->max_pct));
        if (!f.transmurality->grade.empty()) a[6].push_back("class:" + f.transmurality->grade);
    }
    if (f.extent_percent) {
        a[7].push_back(number(f.extent_percent->first));
        if (f.extent_percent->second != f.extent_percent->first) a[7].push_back(number(f.extent_percent->second));
    }
    if (f.mass_g) a[8] = {number(*f.mass_g)};
    if (f.mvo) a[9] = {*f.mvo ? "true" : "false"};
    a[10] = enum_words(f.territory);
    if (f.etiology) {
        if (f.etiology->cause) a[11].push_back("class:" + std::string(anatomy::word(*f.etiology->cause)));
        if (!f.etiology->diagnosis.empty()) a[11].push_back("dx:" + f.etiology->diagnosis);
        a[11].push_back("certainty:" + std::string(anatomy::word(f.etiology->certainty)));
    }
    a[12] = f.etiology_excluded;
    if (f.viability) a[13] = {*f.viability};
    if (f.temporal) a[14] = {*f.temporal};
    a[15] = f.other;
    a[16] = f.uncertainty;
    lower(a[16]);
    tidy(a);
    return a;
}

Answer answer_of(const json::Value& gold) {
    const auto own = gold.find("labels");
    const json::Value labels = own.value_or(gold);
    if (!own && std::none_of(scored_fields.begin(), scored_fields.end(), [&](std::string_view field) { return gold.find(field).has_value(); })) throw Error(ExitCode::bad_data, "no labels");
    Answer a;
    for (std::size_t i = 0; i < scored_fields.size(); ++i) a[i] = words_of(labels.find(scored_fields[i]));
    if (!labels.find("segments")) a[1] = {"undetermined"};
    lower(a[16]);
    tidy(a);
    return a;
}

std::unordered_map<std::string, Answer> read_gold(const std::string& path) {
    std::unordered_map<std::string, Answer> gold;
    json::Lines lines{Input(path)};
    while (const auto record = lines.next()) {
        const auto added = attempt([&] { return gold.emplace(std::string(record->text("id")), answer_of(*record)).second; });
        if (!added) lines.refuse(added.error().what());
        if (!added.value()) lines.refuse("this id came before");
    }
    return gold;
}

void Evaluation::add(const std::string& id, const Answer& gold, const Answer& found, const Spans& evidence) {
    for (std::size_t i = 0; i < scored_fields.size(); ++i) {
        Tally& t = tallies_[i];
        ++t.reports;
        std::size_t common = 0;
        for (const auto& w : found[i]) common += std::binary_search(gold[i].begin(), gold[i].end(), w);
        t.true_positive += common;
        t.false_positive += found[i].size() - common;
        t.false_negative += gold[i].size() - common;
        if (gold[i] == found[i]) ++t.exact;
        else disagreements_.push_back({id, i, gold[i], found[i], evidence});
    }
}

}  // namespace lge::report
