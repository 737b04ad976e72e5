#include "lge/nn/segment_files.hpp"

#include "lge/io/cohort.hpp"
#include "lge/io/nifti.hpp"

#include "lge/base/error.hpp"

#include <algorithm>

namespace lge::nn {

Bytes segment_nifti(const Segmenter& segmenter, std::span<const std::byte> file, const std::string& name, bool compress, const io::History& history, const Log& log) {
    const io::Nifti image = io::decode_nifti(file, name);
    for (const auto& problem : image.problems) log.warn("{}: {}", name, problem);
    io::Nifti label = io::to_nifti(segmenter.segment(io::to_float(image, name)));
    label.version = image.version;
    return io::encode_nifti(label, &history, compress);
}

Bytes segment_cohort(const Segmenter& segmenter, std::span<const std::byte> file, const std::string& name, bool keep_scar, const io::History& history,
                     const std::function<void(std::size_t done, std::size_t of)>& done) {
    io::Cohort cohort = io::decode_cohort(file, name);
    if (keep_scar && cohort.label.empty()) throw Error(ExitCode::bad_data, name + ": no label maps to keep the scar of");
    cohort.label.resize(cohort.image.size());
    for (std::size_t c = 0; c < cohort.cases.size(); ++c) {
        // In the frame of the cohort's pixels: only their distance matters to the network.
        volume::Grid grid{{cohort.width, cohort.height, cohort.cases[c].slice_count}, {{cohort.spacing_mm, 0, 0, 0, 0, cohort.spacing_mm, 0, 0, 0, 0, 1, 0}}};
        volume::Volume<float> image(grid);
        const auto first = static_cast<std::ptrdiff_t>(cohort.cases[c].first_slice * cohort.slice_size());
        std::copy_n(cohort.image.begin() + first, image.voxels.size(), image.voxels.begin());
        const auto label = segmenter.segment(image);
        std::transform(label.voxels.begin(), label.voxels.end(), cohort.label.begin() + first, cohort.label.begin() + first, [&](std::uint8_t drawn, std::uint8_t old) {
            return keep_scar && anatomy::is_wall(drawn) && (old == 3 || old == 4) ? old : drawn;
        });
        done(c + 1, cohort.cases.size());
    }
    cohort.history = history.json();
    return io::encode_cohort(cohort);
}

}  // namespace lge::nn
