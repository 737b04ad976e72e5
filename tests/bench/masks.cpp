// bench-masks [FOLDER] - all figures of one label between two masks in memory. Without FOLDER on phantoms; with it on FOLDER/{sax,iso}_{ref,pred}_{myo,scar}.nii.gz, so
// that other programs can read the same.
#include "lge/io/nifti.hpp"
#include "lge/metrics/masks.hpp"

#include <benchmark/benchmark.h>

#include <cmath>

namespace {

using Volume = lge::volume::Volume<std::uint8_t>;
namespace metrics = lge::metrics;

/// An annulus that tapers to the apex, and a wedge of scar in it.
Volume phantom(std::array<std::size_t, 3> shape, lge::volume::Vec3 spacing, bool scar, double shift_x, double shift_y, double start) {
    lge::volume::Grid grid{shape, {}};
    for (std::size_t a = 0; a < 3; ++a) grid.index_to_lps.rows[5 * a] = spacing[a];
    Volume v(grid, std::uint8_t{0});
    const double n = static_cast<double>(shape[0]), cx = n / 2 + shift_x, cy = static_cast<double>(shape[1]) / 2 + shift_y;
    for (std::size_t k = 0; k < shape[2]; ++k)
        for (std::size_t j = 0; j < shape[1]; ++j)
            for (std::size_t i = 0; i < shape[0]; ++i) {
                const double s = n * (1 - 0.5 * static_cast<double>(k) / static_cast<double>(shape[2]));
                const double x = static_cast<double>(i) - cx, y = static_cast<double>(j) - cy, r = std::hypot(x, y), angle = std::atan2(y, x);
                const bool in_scar = r > 0.09 * s && r < 0.12 * s && angle > start && angle < start + 1;
                const bool in_wall = r >= 0.09 * s && r < 0.13 * s && !in_scar;
                v(i, j, k) = scar ? in_scar : in_wall;
            }
    return v;
}

std::string folder;

Volume load(const std::string& stack, const std::string& side, const std::string& label) {
    const auto path = folder + "/" + stack + "_" + side + "_" + label + ".nii.gz";
    if (!folder.empty()) return lge::io::to_labels(lge::io::read_nifti(path), path);
    const bool reference = side == "ref";
    const double dx = reference ? 0 : 2, dy = reference ? 0 : 1, start = reference ? 0.2 : 0.3;
    if (stack == "sax") return phantom({256, 256, 12}, {1.4, 1.4, 8}, label == "scar", dx, dy, start);
    return phantom({320, 320, 120}, {1.25, 1.25, 1.25}, label == "scar", dx, dy, start);
}

void masks(benchmark::State& state, const std::string& stack, const std::string& label) {
    const auto reference = load(stack, "ref", label), prediction = load(stack, "pred", label);
    const auto sets = std::vector{metrics::parse_label_set("1")};
    for (auto _ : state) benchmark::DoNotOptimize(metrics::compare("x", reference.voxels, prediction.voxels, reference.grid, sets, {}));
    const auto s = metrics::compare("x", reference.voxels, prediction.voxels, reference.grid, sets, {}).front();
    state.counters["dice"] = s.overlap.dice();
    state.counters["hd_mm"] = s.surface->hd_mm;
    state.counters["hd95_mm"] = s.surface->hd95_mm;
    state.counters["assd_mm"] = s.surface->assd_mm;
}

}  // namespace

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    if (argc > 1) folder = argv[1];
    for (const auto* stack : {"sax", "iso"})
        for (const auto* label : {"myo", "scar"})
            benchmark::RegisterBenchmark((std::string(stack) + "_" + label).c_str(), [=](benchmark::State& s) { masks(s, stack, label); })->Unit(benchmark::kMillisecond);
    benchmark::RunSpecifiedBenchmarks();
}
