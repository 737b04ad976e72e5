// bench-heads MODEL POPULATION SLICES - RV insertions of unseen phantom slices in the eight poses, from heat maps and from the
// label map that the same network draws, and poses: one line of figures. The label map's two points are given the names that
// suit them best, since it cannot tell them apart in a mirrored slice.
#include "lge/nn/infer/forward.hpp"
#include "lge/nn/net/heads.hpp"
#include "lge/nn/train/segment_samples.hpp"
#include "lge/orient/landmarks.hpp"

#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

using namespace lge;

namespace {

using Points = std::array<std::array<double, 2>, 2>;

double apart(const std::array<double, 2>& a, const std::array<double, 2>& b) { return std::hypot(a[0] - b[0], a[1] - b[1]); }

/// The ends of the septal arc, in pixels; nothing where the label map shows none.
std::optional<Points> of_label_map(std::vector<std::uint8_t>& label, std::size_t size, double spacing) {
    const auto marks = orient::mark_slice({label.data(), size, size}, {spacing, spacing});
    if (!marks.rv) return std::nullopt;
    const auto point = [&](Degrees angle, double radius) {
        const double a = to_radians(angle).value;
        return std::array<double, 2>{(marks.centre.p + radius * std::cos(a)) / spacing, (marks.centre.q - radius * std::sin(a)) / spacing};
    };
    return Points{point(marks.first, marks.first_radius), point(marks.last, marks.last_radius)};
}

/// Median, mean, and how many.
void say(const char* what, std::vector<double> errors) {
    std::sort(errors.begin(), errors.end());
    double sum = 0;
    for (const double e : errors) sum += e;
    const auto n = std::max<std::size_t>(errors.size(), 1);
    std::printf("%s: median %.2f mean %.2f 95%% %.2f mm of %zu; ", what, errors.empty() ? NAN : errors[errors.size() / 2], sum / static_cast<double>(n),
                errors.empty() ? NAN : errors[errors.size() * 95 / 100], errors.size());
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) return 64;
    const auto file = io::read_safetensors(argv[1]);
    const nn::Description d = nn::parse_description(file.metadata, nn::Task::segment, argv[1]);
    const auto net = nn::make_unet(d);
    nn::load_parameters(*net, file, "", argv[1]);
    const auto device = nn::prepare_torch(nn::DeviceChoice::cpu, 1);
    nn::TrainInput input;
    input.population = synth::load_population(argv[2]);
    nn::Recipe recipe;
    recipe.seed = 20'000;  // other hearts than those of any run
    const nn::SegmentSamples samples(input, d, recipe, true);
    ThreadPool pool(2);
    std::vector<double> by_heat, by_sure_heat, by_heat_either, by_label, by_heat_there;
    double right = 0, mirror_right = 0, all = 0;
    for (std::uint64_t number = 0; number < std::stoul(argv[3]) / nn::SegmentSamples::shard; ++number) {
        const auto drawn = samples.draw(number, nn::SegmentSamples::shard, false);
        const auto shares = nn::window_shares(*net, drawn[0], {device, nn::SegmentSamples::shard, pool});
        const auto found = shares.classes.argmax(1);
        for (std::int64_t i = 0; i < found.size(0); ++i) {
            if (shares.pose.defined()) {
                const auto told = shares.pose[i].argmax().item<std::int64_t>(), truth = drawn.back()[i].argmax().item<std::int64_t>();
                right += told == truth;
                mirror_right += told / 4 == truth / 4;
                ++all;
            }
            if (!shares.insertions.defined() || !drawn[2][i].isfinite().all().item<bool>()) continue;
            Points truth{}, heat{};
            double confidence = 1;
            for (std::size_t m = 0; m < 2; ++m) {
                const auto at = static_cast<std::int64_t>(m);
                truth[m] = {drawn[2][i][at][0].item<double>(), drawn[2][i][at][1].item<double>()};
                const nn::Peak p = nn::find_peak(shares.insertions[i][at].const_data_ptr<float>(), d.size, nn::insertion_reach_mm / d.spacing_mm);
                heat[m] = {p.x, p.y};
                confidence = std::min(confidence, p.confidence);
            }
            const auto add = [&](std::vector<double>& to, const Points& p) {
                for (std::size_t m = 0; m < 2; ++m) to.push_back(d.spacing_mm * apart(p[m], truth[m]));
            };
            const auto best_named = [&](Points p) {
                if (apart(p[0], truth[1]) + apart(p[1], truth[0]) < apart(p[0], truth[0]) + apart(p[1], truth[1])) std::swap(p[0], p[1]);
                return p;
            };
            add(by_heat, heat);
            add(by_heat_either, best_named(heat));
            if (confidence >= 0.5) add(by_sure_heat, heat);
            std::vector<std::uint8_t> label;
            const auto classes = found[i].contiguous();
            for (std::int64_t p = 0; p < classes.numel(); ++p) label.push_back(d.labels[static_cast<std::size_t>(classes.const_data_ptr<std::int64_t>()[p])]);
            if (const auto ends = of_label_map(label, d.size, d.spacing_mm)) {
                add(by_label, best_named(*ends));
                add(by_heat_there, best_named(heat));
            }
        }
    }
    say("heat maps", by_heat);
    say("believed", by_sure_heat);
    say("names at best", by_heat_either);
    say("label map, names at best", by_label);
    say("heat maps there, names at best", by_heat_there);
    std::printf("poses right %.3f, mirrors right %.3f of %.0f\n", right / all, mirror_right / all, all);
}
