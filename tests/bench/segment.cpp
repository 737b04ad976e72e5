// bench-segment SIZE PRECISION STEPS [step|draw] - steps of segmentation training, batch 16 of 128x128, two threads: one line
// of milliseconds (wall and CPU, the median and the least of all steps), for bench/segment.py. "step": windows drawn beforehand;
// "draw": phantoms drawn as training goes, and beside it what drawing alone costs, from phantoms and from a cohort.
#include "lge/nn/train/segment_samples.hpp"
#include "lge/synth/store.hpp"

#include <torch/types.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <pthread.h>
#include <string>
#include <unistd.h>

using namespace lge;

namespace {

double wall() { return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count(); }
double clock_ms(clockid_t clock) {
    timespec t{};
    clock_gettime(clock, &t);
    return 1e3 * static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_nsec);
}

/// A cohort of drawn hearts, for the other way that windows come.
io::Cohort cohort_of(const synth::Population& population) {
    synth::Settings s;
    s.population = population;
    s.captions = 0;
    io::Cohort cohort;
    cohort.width = cohort.height = s.size;
    cohort.spacing_mm = s.spacing_mm;
    for (std::uint64_t i = 0; i < 6; ++i) synth::append(cohort, synth::draw_case(s, 1, i));
    return cohort;
}

/// CPU milliseconds a batch.
double drawing(const nn::SegmentSamples& samples, std::size_t shards) {
    std::vector<double> each;
    for (std::uint64_t b = 0; b < 6; ++b) {
        const double start = clock_ms(CLOCK_THREAD_CPUTIME_ID);
        for (std::size_t s = 0; s < shards; ++s) static_cast<void>(samples.draw(b * shards + s, nn::SegmentSamples::shard, true));
        each.push_back(clock_ms(CLOCK_THREAD_CPUTIME_ID) - start);
    }
    std::sort(each.begin(), each.end());
    return each[each.size() / 2];
}

nn::NetworkSize size_of(const std::string& word) { return word == "l" ? nn::NetworkSize::l : word == "m" ? nn::NetworkSize::m : nn::NetworkSize::s; }

}  // namespace

int main(int argc, char** argv) {
    if (argc < 4) return 64;
    nn::Description d;
    d.widths = nn::widths_of(size_of(argv[1]));
    nn::Recipe recipe;
    recipe.precision = std::string(argv[2]) == "fp32" ? nn::Precision::fp32 : nn::Precision::bf16;
    recipe.steps = std::stoul(argv[3]) + 3;
    recipe.save_every = recipe.steps + 1;
    std::string folder = (std::filesystem::temp_directory_path() / "lge-bench-XXXXXX").string();
    recipe.folder = ::mkdtemp(folder.data());
    const bool draws = argc > 4 && std::string(argv[4]) == "draw";

    nn::TrainInput input;
    input.population = synth::load_population("wide");
    const nn::SegmentSamples samples(input, d, recipe, false);
    const auto device = nn::prepare_torch(nn::DeviceChoice::cpu, 1);
    const auto net = nn::make_unet(d);
    nn::initialise(*net, recipe.seed);
    auto learner = nn::segment_learner(net, samples, recipe, "bench");
    std::vector<nn::Tensors> first;
    for (std::size_t s = 0; s < learner.shards; ++s) first.push_back(learner.draw(0, s));

    clockid_t main_thread{};
    pthread_getcpuclockid(pthread_self(), &main_thread);  // it does what the shards' threads wait for
    std::vector<std::array<double, 3>> times;
    learner.draw = [&, draw = learner.draw](std::uint64_t step, std::size_t shard) {
        if (shard == 0) times.push_back({wall(), clock_ms(CLOCK_PROCESS_CPUTIME_ID), clock_ms(main_thread)});
        return draws ? draw(step, shard) : first[shard];
    };
    nn::train(learner, recipe, device, 2, Log("bench-segment", Verbosity::quiet));
    std::filesystem::remove_all(folder);

    std::array<std::vector<double>, 3> each;
    for (std::size_t i = 3; i < times.size(); ++i)
        for (std::size_t k = 0; k < 3; ++k) each[k].push_back(times[i][k] - times[i - 1][k]);
    for (auto& e : each) std::sort(e.begin(), e.end());
    const auto middle = [](const std::vector<double>& v) { return v[v.size() / 2]; };
    std::printf("wall %.1f least %.1f cpu %.1f least %.1f alone %.1f", middle(each[0]), each[0][0], middle(each[1]), each[1][0], middle(each[2]));
    if (draws) {
        nn::TrainInput other;
        other.cohorts.push_back(cohort_of(*input.population));
        other.hold_out = 0;
        std::printf(" phantoms %.1f cohort %.1f", drawing(samples, learner.shards), drawing(nn::SegmentSamples(other, d, recipe, false), learner.shards));
    }
    std::printf("\n");
}
