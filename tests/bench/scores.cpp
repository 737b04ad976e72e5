// bench-scores - all figures of n = 2,000 detections with 2,000 bootstrap draws, and of two runs against each other.
#include "lge/base/random.hpp"
#include "lge/metrics/detection.hpp"

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

namespace {

namespace metrics = lge::metrics;

std::vector<metrics::Judged> items(std::size_t n, const char* run) {
    std::vector<metrics::Judged> all;
    lge::Random truth(1, 0, "truth"), r(1, 0, run);
    for (std::size_t i = 0; i < n; ++i) {
        const bool present = truth.chance(0.5);
        const double p = metrics::normal_cdf(r.normal(present ? 1 : 0, 1));
        all.push_back({std::to_string(i), present, p >= 0.5, p});
    }
    return all;
}

void score(benchmark::State& state) {
    const auto all = items(2000, "a");
    for (auto _ : state) benchmark::DoNotOptimize(metrics::score(all, metrics::Unit::case_, {1, 2000}));
}
BENCHMARK(score)->Unit(benchmark::kMillisecond);

void compare(benchmark::State& state) {
    metrics::Joined a, b;
    a.items = items(2000, "a");
    b.items = items(2000, "b");
    for (auto _ : state) benchmark::DoNotOptimize(metrics::compare_runs(a, b, metrics::Unit::case_, {1, 2000}));
}
BENCHMARK(compare)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
