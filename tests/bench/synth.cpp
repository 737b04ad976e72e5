// Slices a second, on one core: scars with text into 128 x 128 slices, whole phantoms, captions.
#include "lge/synth/draw.hpp"
#include "lge/synth/store.hpp"

#include <benchmark/benchmark.h>

namespace {

using namespace lge;

synth::Settings settings_of(const std::string& population) {
    synth::Settings s;
    s.population = synth::load_population(population);
    return s;
}

// Twenty normal hearts of 128 x 128 pixels.
const io::Cohort& hearts() {
    static const io::Cohort cohort = [] {
        auto s = settings_of("mild");
        s.normal_fraction = 1;
        io::Cohort c;
        c.width = c.height = s.size;
        c.spacing_mm = s.spacing_mm;
        c.image_type = synth::image_type_of(nullptr);
        for (std::uint64_t i = 0; i < 20; ++i) synth::append(c, synth::draw_case(s, 1, i));
        return c;
    }();
    return cohort;
}

void scars(benchmark::State& state) {
    auto s = settings_of("wide");
    s.normal_fraction = 0;
    s.captions = static_cast<std::size_t>(state.range(0));
    synth::Canvases canvases(hearts());
    std::uint64_t index = 0;
    std::int64_t slices = 0;
    for (std::size_t c = 0; c < canvases.size(); ++c) canvases.at(c);
    for (auto _ : state) {
        const auto c = synth::draw_into(canvases.at(index % canvases.size()), s, 7, index);
        ++index;
        slices += static_cast<std::int64_t>(c.level.size());
        benchmark::DoNotOptimize(c.image.voxels.data());
    }
    state.counters["slices/s"] = benchmark::Counter(static_cast<double>(slices), benchmark::Counter::kIsRate);
}
BENCHMARK(scars)->Arg(1)->Arg(3)->Unit(benchmark::kMillisecond);

void phantom(benchmark::State& state, const char* population) {
    const auto s = settings_of(population);
    std::uint64_t index = 0;
    std::int64_t slices = 0;
    for (auto _ : state) {
        const auto c = synth::draw_case(s, 7, index++);
        slices += static_cast<std::int64_t>(c.level.size());
        benchmark::DoNotOptimize(c.image.voxels.data());
    }
    state.counters["slices/s"] = benchmark::Counter(static_cast<double>(slices), benchmark::Counter::kIsRate);
}
BENCHMARK_CAPTURE(phantom, wide, "wide")->Unit(benchmark::kMillisecond)->MinTime(3);
BENCHMARK_CAPTURE(phantom, hard, "hard")->Unit(benchmark::kMillisecond)->MinTime(3);
BENCHMARK_CAPTURE(phantom, mild, "mild")->Unit(benchmark::kMillisecond)->MinTime(3);

void texture(benchmark::State& state) {
    std::uint64_t index = 0;
    for (auto _ : state) {
        Random random(1, index++, "texture");
        benchmark::DoNotOptimize(synth::smooth_field(128, 128, 6, random).v.data());
    }
}
BENCHMARK(texture)->Unit(benchmark::kMicrosecond);

// What a run does with its cases besides drawing them: all chunks, then the file and its checksum.
void encode(benchmark::State& state, io::ImageType type) {
    io::Cohort cohort = hearts();
    cohort.image_type = type;
    for (auto _ : state) benchmark::DoNotOptimize(io::encode_cohort(cohort).size());
    state.counters["slices/s"] = benchmark::Counter(static_cast<double>(cohort.slice_count()) * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK_CAPTURE(encode, float16, io::ImageType::float16)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(encode, float32, io::ImageType::float32)->Unit(benchmark::kMillisecond);

void encode_stack(benchmark::State& state) {
    auto s = settings_of("mild");
    const auto c = synth::draw_case(s, 1, 0);
    for (auto _ : state) benchmark::DoNotOptimize(synth::encode_stack(c, {}).image.size());
    state.counters["slices/s"] = benchmark::Counter(static_cast<double>(c.level.size()) * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(encode_stack)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
