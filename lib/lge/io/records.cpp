#include "lge/io/records.hpp"

#include "lge/base/error.hpp"
#include "lge/base/result.hpp"
#include "lge/base/stream.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lge::io {
namespace {

namespace fs = std::filesystem;
using anatomy::Finding;
using json::Value;
using json::Writer;

[[noreturn]] void wrong(const std::string& reason) { throw Error(ExitCode::bad_data, reason); }

std::optional<std::string> text_if(const Value& v, std::string_view key) {
    const auto t = v.text_if(key);
    return t ? std::optional<std::string>(*t) : std::nullopt;
}
void text_or_null(Writer& w, std::string_view key, std::optional<std::string_view> text) {
    w.key(key);
    if (text) w.text(*text);
    else w.null();
}
/// Null where the text is empty.
void filled_or_null(Writer& w, std::string_view key, std::string_view text) {
    text_or_null(w, key, text.empty() ? std::nullopt : std::optional(text));
}
void number_or_null(Writer& w, std::string_view key, std::optional<double> number) {
    w.key(key);
    if (number) w.number(*number);
    else w.null();
}

template <class E>
E word_value(const Value& v, std::string_view key) {
    const auto value = anatomy::from_word<E>(v.text());
    if (!value) wrong(fmt::format("a word under {} that is not one of its choices", key));
    return *value;
}

void texts(Writer& w, std::string_view key, const std::vector<std::string>& list) {
    w.key(key).array();
    for (const auto& t : list) w.text(t);
    w.end();
}
std::vector<std::string> texts(const Value& v, std::string_view key) {
    std::vector<std::string> out;
    if (const auto list = v.find(key)) list->each([&](Value t) { out.emplace_back(t.text()); });
    return out;
}

template <class E>
void words(Writer& w, std::string_view key, const std::vector<E>& list) {
    w.key(key).array();
    for (const E e : list) w.text(anatomy::word(e));
    w.end();
}
template <class E>
std::vector<E> words(const Value& v, std::string_view key) {
    std::vector<E> out;
    if (const auto list = v.find(key)) list->each([&](Value t) { out.push_back(word_value<E>(t, key)); });
    return out;
}

void segments(Writer& w, std::string_view key, const std::optional<anatomy::Segments>& s) {
    w.key(key);
    if (!s) {
        w.null();
        return;
    }
    w.array();
    s->each([&](int id) { w.integer(id); });
    w.end();
}
std::int64_t segment_number(const Value& v) {
    const auto id = v.integer();
    if (id < 1 || id > 17) wrong("a segment that is not 1 to 17");
    return id;
}
std::optional<anatomy::Segments> segments(const Value& v, std::string_view key) {
    const auto list = v.find(key);
    if (!list) return std::nullopt;
    anatomy::Segments s;
    list->each([&](Value id) { s.add(static_cast<int>(segment_number(id))); });
    return s;
}

/// The keys after schema and id.
void finding_members(Writer& w, const Finding& f, std::optional<std::string_view> text) {
    filled_or_null(w, "lge", anatomy::word(f.lge));
    segments(w, "segments", f.segments);
    segments(w, "segments_possible", f.segments_possible);
    texts(w, "levels", f.levels);
    texts(w, "walls", f.walls);
    words(w, "pattern", f.pattern);
    w.key("transmurality");
    if (f.transmurality) {
        w.object();
        number_or_null(w, "min_pct", f.transmurality->min_pct);
        number_or_null(w, "max_pct", f.transmurality->max_pct);
        filled_or_null(w, "class", f.transmurality->grade);
        w.end();
    } else w.null();
    w.key("extent_percent");
    if (!f.extent_percent) w.null();
    else if (f.extent_percent->first == f.extent_percent->second) w.number(f.extent_percent->first);
    else w.array().number(f.extent_percent->first).number(f.extent_percent->second).end();
    number_or_null(w, "mass_g", f.mass_g);
    w.key("mvo");
    if (f.mvo) w.boolean(*f.mvo);
    else w.null();
    words(w, "territory", f.territory);
    w.key("etiology");
    if (f.etiology) {
        w.object();
        filled_or_null(w, "class", f.etiology->cause ? anatomy::word(*f.etiology->cause) : std::string_view());
        filled_or_null(w, "dx", f.etiology->diagnosis);
        w.key("certainty").text(anatomy::word(f.etiology->certainty)).end();
    } else w.null();
    texts(w, "etiology_excluded", f.etiology_excluded);
    texts(w, "uncertainty", f.uncertainty);
    text_or_null(w, "viability", f.viability);
    text_or_null(w, "temporal", f.temporal);
    texts(w, "other", f.other);
    w.key("evidence").array();
    for (const auto& e : f.evidence) {
        w.object().key("start").integer(static_cast<std::int64_t>(e.start)).key("end").integer(static_cast<std::int64_t>(e.end));
        w.key("section").text(e.section).key("rule").text(e.rule);
        if (text && e.start <= e.end && e.end <= text->size()) w.key("text").text(text->substr(e.start, e.end - e.start));
        w.end();
    }
    w.end();
}

std::pair<double, double> parse_extent(const Value& v) {
    if (v.kind() != Value::Kind::array) return {v.number(), v.number()};
    std::vector<double> bounds;
    v.each([&](Value n) { bounds.push_back(n.number()); });
    if (bounds.size() != 2) wrong("extent_percent has other than two bounds");
    return {bounds[0], bounds[1]};
}

anatomy::Evidence parse_evidence(const Value& v) {
    const auto start = v.integer("start"), end = v.integer("end");
    if (start < 0 || end < start) wrong("evidence that ends before it starts");
    return {static_cast<std::size_t>(start), static_cast<std::size_t>(end), std::string(v.text("section")), std::string(v.text("rule"))};
}

void integer_if(Writer& w, std::string_view key, const std::optional<std::int64_t>& n) {
    if (n) w.key(key).integer(*n);
}

/// The folder that a manifest's paths start from: its own, or the working folder for "-".
fs::path folder_of_manifest(const std::string& path) {
    const fs::path parent = path == "-" ? fs::path() : fs::path(path).parent_path();
    return fs::absolute(parent.empty() ? "." : parent).lexically_normal();
}

}  // namespace

std::string_view record_id(const Value& record, std::string_view schema) {
    if (record.kind() != Value::Kind::object || record.text_if("schema") != schema) wrong(fmt::format("schema is not {}", schema));
    const auto id = record.text("id");
    if (id.empty()) wrong("id is empty");
    return id;
}

CaseRecord parse_case(const Value& record) {
    CaseRecord c;
    c.id = record_id(record, "lge.case/1");
    c.image = record.text("image");
    c.label = text_if(record, "label");
    c.landmarks = text_if(record, "landmarks");
    c.report = text_if(record, "report");
    c.split = text_if(record, "split");
    return c;
}

std::string write_case(const CaseRecord& c) {
    Writer w;
    w.object().key("schema").text("lge.case/1").key("id").text(c.id).key("image").text(c.image);
    for (const auto& [key, value] : {std::pair{"label", &c.label}, {"landmarks", &c.landmarks}, {"report", &c.report}, {"split", &c.split}})
        if (*value) w.key(key).text(**value);
    return w.end().take_line();
}

std::vector<CaseRecord> read_manifest(const std::string& path) { return read_manifest(path, json::Lines{Input(path)}); }

Manifest::Manifest(const std::string& path, json::Lines lines) : folder_(folder_of_manifest(path)), lines_(std::move(lines)) {}

std::optional<CaseRecord> Manifest::next() {
    const auto record = lines_.next();
    if (!record) return std::nullopt;
    const auto parsed = attempt([&] {
        CaseRecord c = parse_case(*record);
        const auto resolve = [&](std::string& file) { file = beneath(folder_, file).string(); };
        resolve(c.image);
        for (auto* file : {&c.label, &c.landmarks, &c.report})
            if (*file) resolve(**file);
        return c;
    });
    if (!parsed) lines_.refuse(parsed.error().what());
    if (!ids_.insert(parsed.value().id).second) lines_.refuse("the same id as on a line before");
    return parsed.value();
}

std::vector<CaseRecord> read_manifest(const std::string& path, json::Lines lines) {
    Manifest manifest(path, std::move(lines));
    std::vector<CaseRecord> cases;
    while (auto one = manifest.next()) cases.push_back(std::move(*one));
    return cases;
}

std::string case_id(const std::string& path) {
    if (path == "-") return "stdin";
    fs::path p(path);
    std::string name = p.has_filename() ? p.filename().string() : p.parent_path().filename().string();
    for (const std::string_view end : {".nii.gz", ".nii", ".nrrd", ".mha", ".mhd"})
        if (name.size() > end.size() && name.ends_with(end)) return name.substr(0, name.size() - end.size());
    return name;
}

std::string name_in_manifest(const std::string& path, const fs::path& file) {
    const fs::path name = fs::absolute(file).lexically_normal().lexically_relative(folder_of_manifest(path));
    if (name.empty() || *name.begin() == "..")
        throw Error(ExitCode::usage, fmt::format("{}: lies outside of the folder of the manifest {}, which could not name it", display_name(file.string()), display_name(path)));
    return name.string();
}

void write_finding(Writer& w, const Finding& f, std::optional<std::string_view> text) {
    w.object();
    finding_members(w, f, text);
    w.end();
}

Finding parse_finding(const Value& v) {
    Finding f;
    if (const auto word = v.find("lge")) f.lge = word_value<anatomy::Presence>(*word, "lge");
    f.segments = segments(v, "segments");
    f.segments_possible = segments(v, "segments_possible").value_or(anatomy::Segments{});
    f.levels = texts(v, "levels");
    f.walls = texts(v, "walls");
    f.pattern = words<anatomy::Pattern>(v, "pattern");
    if (const auto t = v.find("transmurality"))
        f.transmurality = anatomy::Transmurality{t->number_if("min_pct"), t->number_if("max_pct"), text_if(*t, "class").value_or("")};
    if (const auto e = v.find("extent_percent")) f.extent_percent = parse_extent(*e);
    f.mass_g = v.number_if("mass_g");
    f.mvo = v.boolean_if("mvo");
    f.territory = words<anatomy::Territory>(v, "territory");
    if (const auto e = v.find("etiology")) {
        anatomy::Etiology etiology;
        if (const auto cause = e->find("class")) etiology.cause = word_value<anatomy::Cause>(*cause, "etiology");
        etiology.diagnosis = text_if(*e, "dx").value_or("");
        if (const auto c = e->find("certainty")) etiology.certainty = word_value<anatomy::Certainty>(*c, "etiology");
        f.etiology = etiology;
    }
    f.etiology_excluded = texts(v, "etiology_excluded");
    f.uncertainty = texts(v, "uncertainty");
    f.viability = text_if(v, "viability");
    f.temporal = text_if(v, "temporal");
    f.other = texts(v, "other");
    if (const auto list = v.find("evidence")) list->each([&](Value e) { f.evidence.push_back(parse_evidence(e)); });
    return f;
}

void write_finding_line(Writer& w, std::string_view id, const Finding& f, std::optional<std::string_view> text) {
    w.object().key("schema").text("lge.finding/1").key("id").text(id);
    finding_members(w, f, text);
    w.end().end_line();
}

std::string write_finding_record(std::string_view id, const Finding& f, std::optional<std::string_view> text) {
    Writer w;
    write_finding_line(w, id, f, text);
    return w.take();
}

CaptionRecord parse_caption(const Value& record) {
    CaptionRecord c;
    c.id = record_id(record, "lge.caption/1");
    c.level = text_if(record, "level").value_or("");
    c.slice = record.integer_if("slice");
    c.text = record.text("text");
    c.finding = parse_finding(record.get("finding"));
    return c;
}

std::vector<CaptionRecord> read_captions(Bytes file, const std::string& name) {
    json::Lines lines(std::move(file), name);
    std::vector<CaptionRecord> captions;
    while (const auto record = lines.next()) {
        auto caption = attempt([&] { return parse_caption(*record); });
        if (!caption) lines.refuse(caption.error().what());
        captions.push_back(std::move(caption.value()));
    }
    return captions;
}

std::string write_caption(const CaptionRecord& c) {
    Writer w;
    w.object().key("schema").text("lge.caption/1").key("id").text(c.id);
    if (!c.level.empty()) w.key("level").text(c.level);
    integer_if(w, "slice", c.slice);
    w.key("text").text(c.text).key("finding");
    write_finding(w, c.finding);
    return w.end().take_line();
}

DetectionRecord parse_detection(const Value& record) {
    DetectionRecord d;
    d.id = record_id(record, "lge.detection/1");
    d.unit = record.text("unit");
    if (d.unit != "case" && d.unit != "slice") wrong("unit is neither case nor slice");
    d.slice = record.integer_if("slice");
    if (d.slice.has_value() != (d.unit == "slice")) wrong("slice stands with unit slice, and only there");
    d.score = record.number("score");
    d.probability = record.number("probability");
    const auto present = record.boolean_if("present");
    if (!present) wrong("no present");
    d.present = *present;
    d.threshold = record.number("threshold");
    d.caption = text_if(record, "caption");
    if (const auto list = record.find("segments")) {
        d.segments.emplace();
        list->each([&](Value id) { d.segments->push_back(static_cast<int>(segment_number(id))); });
    }
    for (const auto& [key, field] : {std::pair{"wall", &d.wall}, {"level", &d.level}, {"extent", &d.extent}}) *field = text_if(record, key);
    if (const auto list = record.find("segment_scores")) {
        list->each([&](Value v) { d.segment_scores.push_back(v.is_null() ? std::nullopt : std::optional(v.number())); });
        if (d.segment_scores.size() != 17) wrong("segment_scores are not 17");
    }
    if (const auto kinds = record.find("margins"))
        kinds->each_member([&](std::string_view kind, Value classes) {
            d.margins.push_back({std::string(kind), {}});
            classes.each_member([&](std::string_view name, Value margin) { d.margins.back().classes.emplace_back(name, margin.number()); });
        });
    return d;
}

std::string write_detection(const DetectionRecord& d) {
    Writer w;
    w.object().key("schema").text("lge.detection/1").key("id").text(d.id).key("unit").text(d.unit);
    integer_if(w, "slice", d.slice);
    w.key("score").number(d.score).key("probability").number(d.probability);
    w.key("present").boolean(d.present).key("threshold").number(d.threshold);
    if (d.caption) w.key("caption").text(*d.caption);
    if (d.segments) {
        w.key("segments").array();
        for (const int id : *d.segments) w.integer(id);
        w.end();
    }
    for (const auto& [key, word] : {std::pair{"wall", &d.wall}, {"level", &d.level}, {"extent", &d.extent}})
        if (*word) w.key(key).text(**word);
    if (!d.segment_scores.empty()) {
        w.key("segment_scores").array();
        for (const auto& s : d.segment_scores) s ? w.number(*s) : w.null();
        w.end();
    }
    if (!d.margins.empty()) {
        w.key("margins").object();
        for (const auto& [kind, classes] : d.margins) {
            w.key(kind).object();
            for (const auto& [name, margin] : classes) w.key(name).number(margin);
            w.end();
        }
        w.end();
    }
    return w.end().take_line();
}

std::string write_embedding(const EmbeddingRecord& e) {
    Writer w;
    w.object().key("schema").text("lge.embedding/1").key("id").text(e.id).key("unit").text(e.unit);
    integer_if(w, "slice", e.slice);
    w.key("vector").array();
    for (const float x : e.vector) w.raw(fmt::format("{}", x));
    return w.end().end().take_line();
}

}  // namespace lge::io
