// Populations, priors and records of lge-synth: any text is taken or refused.
#include "lge/base/error.hpp"
#include "lge/synth/record.hpp"

#include <cstdint>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto try_to = [](auto read) {
        try {
            read();
        } catch (const lge::Error&) {
        }
    };
    try_to([&] { lge::synth::parse_population(text, "input"); });
    try_to([&] { lge::synth::parse_prior(text, "input"); });
    std::string line;
    try_to([&] {
        lge::json::Document document;
        const auto replay = lge::synth::parse_recipe(document.parse(text));
        lge::synth::DrawnCase c;
        c.id = "x";
        c.recipe = replay.recipe;
        line = lge::synth::write_recipe(c, replay.settings, std::nullopt);
    });
    // What was read once can be read again.
    if (line.empty()) return 0;
    try {
        lge::json::Document document;
        lge::synth::parse_recipe(document.parse(line));
    } catch (const lge::Error&) {
        __builtin_trap();
    }
    return 0;
}
