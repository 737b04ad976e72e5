// Our reader and ITK's on the same .nii.gz in the same run: a phantom-like image of 32 MB, or the file named in
// LGE_BENCH_NIFTI.
#include "lge/base/random.hpp"
#include "lge/io/nifti.hpp"

#include <benchmark/benchmark.h>
#include <itkImage.h>
#include <itkImageFileReader.h>
#include <itkNiftiImageIO.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include <unistd.h>

namespace {

/// A smooth bright blob with noise of four bits, int16: packs like an MR image, about 2 to 1.
lge::io::Nifti phantom() {
    lge::io::Nifti image;
    image.grid = {{512, 512, 64}, lge::volume::Affine{}};
    image.type = lge::io::NumberType::int16;
    image.raw.resize(image.grid.voxel_count() * 2);
    lge::Random random(1, 0, "bench");
    std::size_t at = 0;
    for (std::size_t k = 0; k < 64; ++k)
        for (std::size_t j = 0; j < 512; ++j)
            for (std::size_t i = 0; i < 512; ++i, at += 2) {
                const double x = static_cast<double>(i) / 256 - 1, y = static_cast<double>(j) / 256 - 1, z = static_cast<double>(k) / 32 - 1;
                const double r2 = x * x + y * y + z * z;
                const auto v = static_cast<std::int16_t>(r2 > 1 ? 0 : 1000 * std::exp(-2 * r2) + random.below(16));
                std::memcpy(image.raw.data() + at, &v, 2);
            }
    return image;
}

/// The file to read; made once, removed at the end.
class File {
public:
    File() {
        if (const char* named = std::getenv("LGE_BENCH_NIFTI")) {
            path_ = named;
            return;
        }
        made_ = true;
        path_ = std::filesystem::temp_directory_path() / ("lge-bench-" + std::to_string(::getpid()) + ".nii.gz");
        lge::write_file(path_.string(), lge::Overwrite::yes, lge::io::encode_nifti(phantom(), nullptr, true));
    }
    ~File() {
        if (made_) std::filesystem::remove(path_);
    }
    [[nodiscard]] std::string path() const { return path_.string(); }

private:
    std::filesystem::path path_;
    bool made_ = false;
};
const File& file() {
    static const File f;
    return f;
}

void read_ours(benchmark::State& state) {
    std::size_t bytes = 0;
    for ([[maybe_unused]] auto _ : state) {
        const auto image = lge::io::read_nifti(file().path());
        benchmark::DoNotOptimize(image.raw.data());
        bytes += image.raw.size();
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}

void read_itk(benchmark::State& state) {
    using Image = itk::Image<std::int16_t, 3>;
    std::size_t bytes = 0;
    for ([[maybe_unused]] auto _ : state) {
        const auto reader = itk::ImageFileReader<Image>::New();
        reader->SetImageIO(itk::NiftiImageIO::New());
        reader->SetFileName(file().path());
        reader->Update();
        benchmark::DoNotOptimize(reader->GetOutput()->GetBufferPointer());
        bytes += reader->GetOutput()->GetBufferedRegion().GetNumberOfPixels() * sizeof(std::int16_t);
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}

void write_ours(benchmark::State& state) {
    const auto image = lge::io::read_nifti(file().path());
    for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(lge::io::encode_nifti(image, nullptr, true).data());
    state.SetBytesProcessed(static_cast<std::int64_t>(image.raw.size()) * state.iterations());
}

BENCHMARK(read_ours)->Unit(benchmark::kMillisecond);
BENCHMARK(read_itk)->Unit(benchmark::kMillisecond);
BENCHMARK(write_ours)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
