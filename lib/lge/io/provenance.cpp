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
    return w.end().end().str();
}

}  // namespace lge::io
