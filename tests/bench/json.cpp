// How fast JSON Lines records are read from a file in the page cache, and how much of that is parsing.
#include "lge/base/random.hpp"
#include "lge/json/reader.hpp"
#include "lge/json/writer.hpp"

#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace {

using lge::json::Writer;

/// Records of the shape of lge.finding/1, about 400 bytes each.
std::string records(std::size_t bytes) {
    lge::Random random(1, 0, "bench");
    std::string all;
    for (int i = 0; all.size() < bytes; ++i) {
        Writer w;
        w.object().key("schema").text("lge.finding/1").key("id").text("case" + std::to_string(i)).key("lge").text("present").key("segments").array();
        for (unsigned s = 1; s <= 17; s += 1 + random.below(6)) w.integer(s);
        w.end().key("levels").array().text("basal").text("mid").end().key("walls").array().text("inferior").text("inferolateral").end();
        w.key("pattern").text("ischaemic").key("transmurality").text("subendocardial").key("extent_percent").number(random.uniform(0, 60));
        w.key("mass_g").number(random.uniform(0, 40)).key("mvo").boolean(random.chance(0.2)).key("territory").null().key("evidence").array();
        for (int e = 0; e < 2; ++e)
            w.object().key("start").integer(random.below(900)).key("end").integer(random.below(900)).key("section").text("findings").key("rule").text("lge.present").end();
        all += w.end().end().take_line();
    }
    return all;
}

const std::string& text() {
    static const std::string all = records(std::size_t{64} << 20);
    return all;
}

/// Reads the text from a file with `pass` once an iteration.
template <class Pass>
void read(benchmark::State& state, Pass pass) {
    std::string path = (std::filesystem::temp_directory_path() / "lge-bench-XXXXXX").string();
    close(mkstemp(path.data()));
    std::ofstream(path, std::ios::binary) << text();
    std::size_t n = 0;
    for (auto _ : state) {
        lge::json::Lines in{lge::Input(path)};
        n += pass(in);
    }
    benchmark::DoNotOptimize(n);
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * text().size()));
    std::filesystem::remove(path);
}

void records_read(benchmark::State& state) {
    read(state, [](lge::json::Lines& in) {
        std::size_t n = 0;
        while (const auto record = in.next()) n += record->text("id").size();
        return n;
    });
}
BENCHMARK(records_read)->Unit(benchmark::kMillisecond);

void lines_read(benchmark::State& state) {
    read(state, [](lge::json::Lines& in) {
        std::size_t n = 0;
        while (const auto line = in.next_line()) n += line->size();
        return n;
    });
}
BENCHMARK(lines_read)->Unit(benchmark::kMillisecond);

void records_written(benchmark::State& state) {
    std::size_t n = 0;
    for (auto _ : state) n += records(std::size_t{4} << 20).size();
    state.SetBytesProcessed(static_cast<std::int64_t>(n));
}
BENCHMARK(records_written)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
