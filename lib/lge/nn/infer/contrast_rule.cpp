#include "lge/nn/infer/contrast_rule.hpp"

#include "lge/nn/net/strip.hpp"

#include <algorithm>

namespace lge::nn {
namespace {

constexpr float bright = 0.7F;

double bright_share(volume::Slice<const float> image, const anatomy::WallBorders& wall) {
    const HeartSamples heart = sample_heart(image, wall);
    const HeartScale scale = heart_scale(heart);
    const float limit = scale.wall + bright * scale.contrast();
    const auto above = std::count_if(heart.muscle.begin(), heart.muscle.end(), [&](float v) { return scale.contrast() > 0 && v > limit; });
    return static_cast<double>(above) / static_cast<double>(heart.muscle.size());
}

}  // namespace

OfCase<io::DetectionRecord> judge_by_contrast(const io::Cohort& cohort, std::size_t c, double least) {
    if (cohort.label.empty()) throw Error(ExitCode::bad_data, "no label maps to find the wall by");
    const auto& one = cohort.cases[c];
    OfCase<io::DetectionRecord> answers{{}, std::vector<std::optional<io::DetectionRecord>>(one.slice_count)};
    const auto answer = [&](std::string unit, std::optional<std::int64_t> slice, double share) {
        io::DetectionRecord r;
        r.id = one.id, r.unit = std::move(unit), r.slice = slice;
        r.score = r.probability = share, r.threshold = least, r.present = share >= least;
        return r;
    };
    double sum = 0, count = 0;
    for (std::size_t k = 0; k < one.slice_count; ++k) {
        const auto wall = readable_wall(cohort.label_slice(one.first_slice + k));
        if (!wall) continue;
        const double share = bright_share(cohort.image_slice(one.first_slice + k), *wall);
        answers.slices[k] = answer("slice", static_cast<std::int64_t>(k), share);
        sum += share, ++count;
    }
    if (count > 0) answers.whole = answer("case", std::nullopt, sum / count);
    return answers;
}

}  // namespace lge::nn
