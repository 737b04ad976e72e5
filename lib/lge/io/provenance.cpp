#include "lge/io/provenance.hpp"

#include "lge/json/writer.hpp"

#include <algorithm>

namespace lge::io {

std::string History::json() const {
    json::Writer w;
    w.object().key("tool").text(tool).key("version").text(version).key("options").object();
    for (std::size_t i = 0; i < options.size(); ++i) {
        const auto& name = options[i].first;
        const auto same = [&](const auto& o) { return o.first == name; };
        const auto from = options.begin() + static_cast<std::ptrdiff_t>(i);
        if (std::any_of(options.begin(), from, same)) continue;
        w.key(name);
        if (std::count_if(from, options.end(), same) == 1) {
            w.text(options[i].second);
            continue;
        }
        w.array();
        for (const auto& [key, value] : options)
            if (key == name) w.text(value);
        w.end();
    }
    w.end().key("inputs").array();
    for (const auto& hash : inputs) w.text(hash);
    return w.end().end().take();
}

History parse_history(const json::Value& v) {
    History h{std::string(v.text("tool")), std::string(v.text("version")), {}, {}};
    v.get("options").each_member([&](std::string_view name, json::Value value) {
        if (value.kind() == json::Value::Kind::array) value.each([&](json::Value one) { h.options.emplace_back(name, one.text()); });
        else h.options.emplace_back(name, value.text());
    });
    v.get("inputs").each([&](json::Value hash) { h.inputs.emplace_back(hash.text()); });
    return h;
}

}  // namespace lge::io
