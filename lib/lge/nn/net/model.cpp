#include "lge/nn/net/model.hpp"

#include "lge/anatomy/heart.hpp"
#include "lge/json/reader.hpp"
#include "lge/json/writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace lge::nn {
namespace {

template <class Range>
std::string list(const Range& numbers) {
    json::Writer w;
    w.array();
    for (const auto n : numbers) w.integer(static_cast<std::int64_t>(n));
    return w.end().take();
}

template <class T>
std::vector<T> read_list(const json::Value& value) {
    std::vector<T> numbers;
    value.each([&](const json::Value& v) {
        const auto n = v.integer();
        if (n < 0 || n > 4096) throw Error(ExitCode::bad_data, "number out of range");
        numbers.push_back(static_cast<T>(n));
    });
    return numbers;
}

template <class E>
std::string_view word_of(E wanted) {
    for (const auto& [word, value] : choices(E{}))
        if (value == wanted) return word;
    return {};
}

/// The member `key`, one of the words of E; `fallback` where it is not there.
template <class E>
E value_of(std::string_view text, std::string_view what) {
    for (const auto& [word, value] : choices(E{}))
        if (word == text) return value;
    throw Error(ExitCode::bad_data, fmt::format("{} is none of the known words", what));
}

template <class E>
E read_word(const json::Value& v, std::string_view key, E fallback) {
    const auto found = v.text_if(key);
    return found ? value_of<E>(*found, key) : fallback;
}

void write_heads(json::Writer& w, Heads heads) {
    w.array();
    for (const auto& [word, head] : choices(Head{}))
        if (heads.has(head)) w.text(word);
    w.end();
}

Heads read_heads(const json::Value& list) {
    Heads heads;
    list.each([&](const json::Value& v) { heads.add(value_of<Head>(v.text(), "a head")); });
    return heads;
}

std::string write_bert(const BertShape& s) {
    json::Writer w;
    w.object().key("vocabulary").integer(s.vocabulary).key("width").integer(s.width).key("layers").integer(s.layers).key("heads").integer(s.heads).key("wide").integer(s.wide)
        .key("places").integer(s.places).key("kinds").integer(s.kinds).key("epsilon").number(s.epsilon).key("activation").text(s.relu ? "relu" : "gelu")
        .key("pooling").text(word_of(s.pooling)).key("frozen").boolean(s.frozen).end();
    return w.take();
}

BertShape read_bert(const json::Value& v) {
    BertShape s;
    s.vocabulary = v.integer("vocabulary");
    s.width = v.integer("width");
    s.layers = v.integer("layers");
    s.heads = v.integer("heads");
    s.wide = v.integer("wide");
    s.places = v.integer("places");
    s.kinds = v.integer("kinds");
    s.epsilon = v.number("epsilon");
    s.relu = v.text("activation") == "relu";
    s.pooling = read_word(v, "pooling", TextPooling::mean);
    s.frozen = v.boolean_if("frozen").value_or(false);
    return s;
}

std::vector<std::string> read_texts(const json::Value& list) {
    std::vector<std::string> texts;
    list.each([&](const json::Value& v) { texts.emplace_back(v.text()); });
    return texts;
}

void write_texts(json::Writer& w, const std::vector<std::string>& texts) {
    w.array();
    for (const auto& text : texts) w.text(text);
    w.end();
}

/// A list of pieces, or for a BERT tokenizer an object with its rules.
std::string write_tokenizer(const Tokenizer& t) {
    json::Writer w;
    if (!t.rules()) {
        write_texts(w, t.pieces());
        return w.take();
    }
    const BertRules& r = *t.rules();
    w.object().key("clean").boolean(r.clean).key("part_chinese").boolean(r.part_chinese).key("lower").boolean(r.lower).key("strip_accents").boolean(r.strip_accents)
        .key("unknown").text(r.unknown).key("start").text(r.start).key("end").text(r.end).key("inside").text(r.inside).key("longest_word").integer(static_cast<std::int64_t>(r.longest_word));
    write_texts(w.key("special"), r.special);
    write_texts(w.key("pieces"), t.pieces());
    return w.end().take();
}

Tokenizer read_tokenizer(const json::Value& v) {
    if (v.kind() == json::Value::Kind::array) return Tokenizer(read_texts(v));
    BertRules r;
    r.clean = v.get("clean").boolean();
    r.part_chinese = v.get("part_chinese").boolean();
    r.lower = v.get("lower").boolean();
    r.strip_accents = v.get("strip_accents").boolean();
    r.unknown = v.text("unknown");
    r.start = v.text("start");
    r.end = v.text("end");
    r.inside = v.text("inside");
    r.longest_word = static_cast<std::size_t>(std::clamp<std::int64_t>(v.integer("longest_word"), 1, 10'000));
    r.special = read_texts(v.get("special"));
    return Tokenizer::bert(read_texts(v.get("pieces")), std::move(r));
}

}  // namespace

Description usual_description(Task task) {
    Description d;
    d.task = task;
    if (task == Task::align) d.size = 96, d.spacing_mm = 1;
    return d;
}

void check(const Description& d) {
    const auto need = [](bool good, const char* reason) { if (!good) throw Error(ExitCode::usage, reason); };
    need(d.widths.size() >= 3 && d.widths.size() <= 6, "a network needs 3 to 6 stages");
    for (const auto width : d.widths) need(width >= 4 && width <= 1024, "a stage needs 4 to 1024 channels");
    const std::size_t step = std::size_t{1} << d.widths.size();
    if (d.size < 2 * step || d.size > 1024 || d.size % step != 0)
        throw Error(ExitCode::usage, fmt::format("the window's size is {} pixels; wanted a multiple of {} from {} to 1024", d.size, step, 2 * step));
    need(d.spacing_mm >= 0.1 && d.spacing_mm <= 20, "the spacing must lie between 0.1 and 20 mm");
    need(d.labels.size() >= 2 && d.labels.size() <= anatomy::label_count && d.labels[0] == 0, "the labels must begin with background");
    for (const auto label : d.labels) need(label < anatomy::label_count, "a label number is above 5");
    need(d.embedding >= 8 && d.embedding <= 2048 && d.embedding % 4 == 0, "the embedding must be a multiple of 4 between 8 and 2048");
    need(d.text_layers >= 1 && d.text_layers <= 48 && d.text_length >= 4 && d.text_length <= 1024, "text needs 1 to 48 layers and 4 to 1024 tokens");
    need(d.decoder_layers >= 0 && d.decoder_layers <= 48, "captions need at most 48 layers");
    if (d.tower != Tower::unet) need(d.size % 16 == 0, "a vision transformer's window must be a multiple of 16 pixels");
    if (d.bert) {
        const BertShape& b = *d.bert;
        need(b.width >= 8 && b.width <= 4096 && b.heads >= 1 && b.width % b.heads == 0 && b.layers >= 1 && b.layers <= 48 && b.wide >= 8 && b.wide <= 32768,
             "the text encoder's numbers make no network");
        need(b.vocabulary >= 5 && b.vocabulary <= 10'000'000 && b.kinds >= 1 && b.kinds <= 64 && b.epsilon > 0 && b.places >= d.text_length && b.places <= 65536,
             "the text encoder's numbers make no network");
        need(static_cast<std::int64_t>(d.tokenizer.size()) <= b.vocabulary, "the text encoder has fewer words than its tokenizer");
    }
    need(std::isfinite(d.temperature) && d.temperature > 0 && std::isfinite(d.offset), "the temperature must be above 0, and the offset a number");
    for (const double t : {d.slice_threshold, d.case_threshold, d.segment_threshold}) need(t >= 0 && t <= 1, "a threshold must lie between 0 and 1");
}

std::map<std::string, std::string> to_metadata(const Description& d) {
    std::map<std::string, std::string> m;
    m["schema"] = "lge.model/1";
    m["task"] = word_of(d.task);
    json::Writer architecture, preprocessing;
    architecture.object().key("network").text(d.task == Task::segment ? "residual-unet" : "two-towers").key("widths").raw(list(d.widths));
    if (d.norm != NormKind::instance) architecture.key("norm").text(word_of(d.norm));
    if (d.task == Task::segment && d.heads.any()) write_heads(architecture.key("heads"), d.heads);
    preprocessing.object().key("size").integer(static_cast<std::int64_t>(d.size)).key("spacing_mm").number(d.spacing_mm)
        .key("normalisation").text("percentiles 1 and 99, then mean 0 and deviation 1, of each window").end();
    if (d.task == Task::segment) {
        m["labels"] = list(d.labels);
    } else {
        architecture.key("input").text(word_of(d.input)).key("embedding").integer(d.embedding).key("text_layers").integer(d.text_layers).key("text_length").integer(d.text_length)
            .key("decoder_layers").integer(d.decoder_layers).key("tower").text(word_of(d.tower)).key("contrast").text(word_of(d.contrast));
        if (d.bert) architecture.key("text_encoder").raw(write_bert(*d.bert));
        m["tokenizer"] = write_tokenizer(d.tokenizer);
        json::Writer detection;
        detection.object().key("temperature").number(d.temperature).key("offset").number(d.offset).key("slice_threshold").number(d.slice_threshold)
                             .key("case_threshold").number(d.case_threshold).key("segment_threshold").number(d.segment_threshold).key("pooling").text(word_of(d.pooling));
        if (!d.prompts.empty()) detection.key("prompts").text(d.prompts);
        m["detection"] = detection.end().take();
        if (!d.calibration.empty()) m["calibration"] = d.calibration;
    }
    m["architecture"] = architecture.end().take();
    m["preprocessing"] = preprocessing.take();
    m["history"] = d.history;
    return m;
}

Description parse_description(const std::map<std::string, std::string>& metadata, Task wanted, const std::string& name) {
    const auto entry = [&](const char* key) -> const std::string& {
        const auto found = metadata.find(key);
        if (found == metadata.end()) throw Error(ExitCode::bad_data, fmt::format("{}: not a model: no {} in its metadata", name, key));
        return found->second;
    };
    if (entry("schema") != "lge.model/1") throw Error(ExitCode::bad_data, name + ": schema is not lge.model/1");
    if (entry("task") != word_of(wanted)) throw Error(ExitCode::bad_data, fmt::format("{}: the model was not trained with --task {}", name, word_of(wanted)));
    Description d;
    d.task = wanted;
    const char* key = "architecture";
    try {
        json::Document document(json::Limits{std::size_t{16} << 20, 64});
        const json::Value architecture = document.parse(entry(key));
        d.widths = read_list<std::int64_t>(architecture.get("widths"));
        if (const auto norm = architecture.find("norm")) {
            if (norm->text() != word_of(NormKind::group)) throw Error(ExitCode::bad_data, "norm is not group");
            d.norm = NormKind::group;
        }
        if (const auto heads = architecture.find("heads")) d.heads = read_heads(*heads);
        if (wanted == Task::align) {
            static_cast<void>(architecture.get("input"));  // no default
            d.input = read_word(architecture, "input", InputKind::strip);
            d.embedding = architecture.integer("embedding");
            d.text_layers = architecture.integer("text_layers");
            d.text_length = architecture.integer("text_length");
            d.decoder_layers = architecture.integer_if("decoder_layers").value_or(0);
            d.tower = read_word(architecture, "tower", Tower::unet);
            d.contrast = read_word(architecture, "contrast", Contrast::softmax);
            if (const auto encoder = architecture.find("text_encoder")) d.bert = read_bert(*encoder);
        }
        const json::Value preprocessing = document.parse(entry(key = "preprocessing"));
        const auto size = preprocessing.integer("size");
        d.size = size < 0 ? 0 : static_cast<std::size_t>(size);
        d.spacing_mm = preprocessing.number("spacing_mm");
        if (wanted == Task::segment) {
            d.labels = read_list<std::uint8_t>(document.parse(entry(key = "labels")));
        } else {
            d.tokenizer = read_tokenizer(document.parse(entry(key = "tokenizer")));
            const json::Value detection = document.parse(entry(key = "detection"));
            d.temperature = detection.number("temperature");
            d.offset = detection.number("offset");
            d.slice_threshold = detection.number("slice_threshold");
            d.case_threshold = detection.number("case_threshold");
            d.segment_threshold = detection.number_if("segment_threshold").value_or(d.segment_threshold);
            d.prompts = detection.text_if("prompts").value_or("");
            if (const auto told = metadata.find("calibration"); told != metadata.end()) d.calibration = told->second;
            const auto pooling = detection.text_if("pooling").value_or(word_of(Pooling::model));
            bool known = false;
            for (const auto& [word, value] : choices(Pooling{}))
                if (word == pooling) {
                    d.pooling = value;
                    known = true;
                }
            if (!known) throw Error(ExitCode::bad_data, "pooling is not known");
        }
        check(d);
    } catch (const Error& e) {
        if (std::string_view(e.what()).starts_with(name)) throw;
        throw Error(ExitCode::bad_data, fmt::format("{}: metadata {}: {}", name, key, e.what()));
    }
    d.history = entry("history");
    return d;
}

}  // namespace lge::nn
