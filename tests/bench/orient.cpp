// What lge-orient does with a heart of 256x256x12 pixels, part by part and from files to the bytes of a cohort.
#include "../unit/orient/phantom.hpp"
#include "lge/io/nifti.hpp"
#include "lge/orient/canonical.hpp"
#include "lge/orient/source.hpp"

#include <benchmark/benchmark.h>

#include <cstring>
#include <filesystem>

#include <unistd.h>

namespace {

namespace orient = lge::orient;

phantom::Case heart() {
    phantom::Heart h;
    h.size = 256;
    h.slices = 12;
    h.centre_x = 127.2;
    h.centre_y = 128.7;
    h.rough = 0.3;
    return phantom::make(h);
}

/// The heart as two .nii.gz, int16 with noise and uint8; removed at the end.
class Files {
public:
    Files() : folder_(std::filesystem::temp_directory_path() / ("lge-bench-" + std::to_string(::getpid()))) {
        std::filesystem::create_directory(folder_);
        const auto c = heart();
        lge::io::Nifti n;
        n.grid = c.image.grid;
        n.type = lge::io::NumberType::int16;
        n.raw.resize(c.image.voxels.size() * 2);
        lge::Random random(1, 0, "bench");
        for (std::size_t v = 0; v < c.image.voxels.size(); ++v) {
            const auto value = static_cast<std::int16_t>(c.image.voxels[v] + static_cast<float>(random.normal(0, 12)));
            std::memcpy(n.raw.data() + 2 * v, &value, 2);
        }
        lge::write_file(image(), lge::Overwrite::yes, lge::io::encode_nifti(n, nullptr, true));
        lge::write_file(label(), lge::Overwrite::yes, lge::io::encode_nifti(lge::io::to_nifti(c.label), nullptr, true));
    }
    ~Files() {
        if (std::getenv("LGE_BENCH_KEEP") == nullptr) std::filesystem::remove_all(folder_);
    }
    [[nodiscard]] std::string image() const { return (folder_ / "image.nii.gz").string(); }
    [[nodiscard]] std::string label() const { return (folder_ / "label.nii.gz").string(); }

private:
    std::filesystem::path folder_;
};
const Files& files() {
    static const Files f;
    return f;
}

void frame(benchmark::State& state) {
    const auto c = heart();
    for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(orient::judge(c.label, {}).rotation);
}

void read_image(benchmark::State& state) {
    for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(orient::read_image(files().image()).volume.voxels.data());
}

void read_label(benchmark::State& state) {
    for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(orient::read_labels(files().label()).volume.voxels.data());
}

void resample(benchmark::State& state) {
    const auto c = heart();
    const auto pose = orient::judge(c.label, {});
    for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(orient::to_canonical("x", c.image, &c.label, pose, {}).image.voxels.data());
}

lge::io::Cohort cohort_of(orient::CanonicalCase c) {
    lge::io::Cohort cohort;
    cohort.width = c.image.grid.shape[0];
    cohort.height = c.image.grid.shape[1];
    append(cohort, c);
    return cohort;
}

void encode(benchmark::State& state) {
    const auto c = heart();
    const auto cohort = cohort_of(orient::to_canonical("x", c.image, &c.label, orient::judge(c.label, {}), {}));
    for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(lge::io::encode_cohort(cohort).data());
}

void files_to_cohort(benchmark::State& state) {
    for ([[maybe_unused]] auto _ : state) {
        const auto image = orient::read_image(files().image());
        const auto label = orient::read_labels(files().label());
        const auto pose = orient::judge(label.volume, {});
        benchmark::DoNotOptimize(lge::io::encode_cohort(cohort_of(orient::to_canonical("x", image.volume, &label.volume, pose, {}))).data());
    }
}

BENCHMARK(frame)->Unit(benchmark::kMicrosecond);
BENCHMARK(read_image)->Unit(benchmark::kMicrosecond);
BENCHMARK(read_label)->Unit(benchmark::kMicrosecond);
BENCHMARK(resample)->Unit(benchmark::kMicrosecond);
BENCHMARK(encode)->Unit(benchmark::kMicrosecond);
BENCHMARK(files_to_cohort)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
