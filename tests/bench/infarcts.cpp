// Drawn scars beside those of real infarct patients: bench-infarcts FOLDER [OUT], FOLDER holding the EMIDEC training set as
// Case_{N,P}nnn_{image,label}.nii.gz. Half of the patients fit a prior; the other half is compared with scars drawn into
// the normal hearts by that prior, with and without the quality gate, and by the clinical one. Two-sample Kolmogorov-Smirnov tests.
// With OUT, the hearts go there as real.h5 and drawn.h5, to be looked at with lge-plot.
#include "lge/base/error.hpp"
#include "lge/io/nifti.hpp"
#include "lge/synth/fit.hpp"
#include "lge/synth/store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <set>
#include <string>

namespace {

using namespace lge;
using anatomy::Level;

constexpr std::size_t side = 128;
constexpr double nominal_mm = 1.5;  // the true spacing is lost: each slice was stretched

// The stacks run from apex to base; the RV lies to the left. The anterior insertion is taken where it nominally lies.
void add_case(io::Cohort& cohort, const std::string& id, const std::string& image_file, const std::string& label_file) {
    const auto image = io::to_float(io::read_nifti(image_file), id);
    const auto label = io::to_labels(io::read_nifti(label_file), id);
    double x = 0, y = 0, n = 0;
    const auto [w, h, slices] = label.grid.shape;
    std::vector<std::size_t> with_wall;
    for (std::size_t k = slices; k-- > 0;) {
        const auto slice = label.slice(k);
        bool wall = false;
        for (std::size_t j = 0; j < h; ++j)
            for (std::size_t i = 0; i < w; ++i)
                if (slice(i, j) > 0) x += static_cast<double>(i), y += static_cast<double>(j), n += 1, wall = wall || anatomy::is_wall(slice(i, j));
        if (wall) with_wall.push_back(k);
    }
    if (with_wall.size() < 3) return;
    const auto left = static_cast<std::ptrdiff_t>(x / n) - static_cast<std::ptrdiff_t>(side / 2), top = static_cast<std::ptrdiff_t>(y / n) - static_cast<std::ptrdiff_t>(side / 2);
    io::CohortCase c{id, {}, io::Landmarks::unknown(), static_cast<std::uint32_t>(cohort.level.size()), static_cast<std::uint32_t>(with_wall.size())};
    for (int axis = 0; axis < 3; ++axis) {
        volume::Vec3 step{};
        step[static_cast<std::size_t>(axis)] = axis == 2 ? 10 : nominal_mm;
        c.canonical_to_lps.set_column(axis, step);
    }
    const std::size_t count = with_wall.size();
    for (std::size_t s = 0; s < count; ++s) {
        const auto pixels = image.slice(with_wall[s]);
        const auto labels = label.slice(with_wall[s]);
        for (std::size_t j = 0; j < side; ++j)
            for (std::size_t i = 0; i < side; ++i) {
                const auto px = left + static_cast<std::ptrdiff_t>(i), py = top + static_cast<std::ptrdiff_t>(j);
                const bool inside = pixels.inside(px, py);
                cohort.image.push_back(inside ? pixels(static_cast<std::size_t>(px), static_cast<std::size_t>(py)) : 0.0F);
                cohort.label.push_back(inside ? labels(static_cast<std::size_t>(px), static_cast<std::size_t>(py)) : std::uint8_t{0});
            }
        cohort.level.push_back(3 * s < count ? Level::basal : 3 * s < 2 * count ? Level::mid : Level::apical);
    }
    cohort.cases.push_back(c);
}

io::Cohort read_group(const std::filesystem::path& folder, const std::string& letter) {
    io::Cohort cohort;
    cohort.width = cohort.height = side;
    cohort.spacing_mm = nominal_mm;
    std::set<std::string> ids;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        if (const std::string name = entry.path().filename().string(); name.starts_with("Case_" + letter) && name.ends_with("_image.nii.gz"))
            ids.insert(name.substr(0, name.size() - std::string("_image.nii.gz").size()));
    for (const std::string& id : ids) add_case(cohort, id, (folder / (id + "_image.nii.gz")).string(), (folder / (id + "_label.nii.gz")).string());
    return cohort;
}

std::vector<synth::Burden> burdens_of(const io::Cohort& cohort) {
    std::vector<synth::Burden> all;
    for (std::size_t c = 0; c < cohort.cases.size(); ++c)
        if (const auto b = synth::measure_burden(synth::prepare(cohort, c))) all.push_back(*b);
    return all;
}

// Two-sample Kolmogorov-Smirnov: the largest distance of the distributions and its asymptotic probability; for angles
// Kuiper's form, which does not depend on where the circle is cut (Stephens 1970).
struct Distance { double d, p; };
Distance compare(std::vector<double> a, std::vector<double> b, bool circular) {
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
    double above = 0, below = 0;
    for (const auto* sample : {&a, &b})
        for (const double x : *sample) {
            const auto share = [x](const std::vector<double>& v) { return static_cast<double>(std::upper_bound(v.begin(), v.end(), x) - v.begin()) / static_cast<double>(v.size()); };
            above = std::max(above, share(a) - share(b)), below = std::max(below, share(b) - share(a));
        }
    const double d = circular ? above + below : std::max(above, below);
    const double n = static_cast<double>(a.size()) * static_cast<double>(b.size()) / static_cast<double>(a.size() + b.size()), root = std::sqrt(n);
    const double lambda = circular ? (root + 0.155 + 0.24 / root) * d : (root + 0.12 + 0.11 / root) * d;
    double p = 0;
    for (int j = 1; j < 100; ++j) {
        const double square = j * j * lambda * lambda;
        p += circular ? 2 * (4 * square - 1) * std::exp(-2 * square) : (j % 2 == 1 ? 2 : -2) * std::exp(-2 * square);
    }
    return {d, std::clamp(p, 0.0, 1.0)};
}

double quantile(std::vector<double> v, double share) {
    std::sort(v.begin(), v.end());
    return v.empty() ? 0 : v[static_cast<std::size_t>(std::lround(share * static_cast<double>(v.size() - 1)))];
}

struct Row { const char* name; double synth::Burden::* value; };
constexpr Row rows[] = {{"contrast (blood - wall = 1)", &synth::Burden::contrast}, {"area a slice, mm2", &synth::Burden::area_mm2}, {"share of the wall", &synth::Burden::share},
                        {"transmurality", &synth::Burden::transmurality}, {"arc a slice, degrees", &synth::Burden::arc_deg}, {"angle, degrees", &synth::Burden::angle_deg}};

std::vector<double> column(const std::vector<synth::Burden>& burdens, double synth::Burden::* value) {
    std::vector<double> v;
    for (const auto& b : burdens) v.push_back(b.*value);
    return v;
}

// Scars drawn into normal hearts, measured as the real ones are.
std::vector<synth::Burden> drawn(const io::Cohort& hearts, const synth::Prior& prior, std::size_t count, bool gate, io::Cohort* kept = nullptr) {
    synth::Settings s;
    s.population = synth::load_population("wide");
    s.wish.prior = prior;
    s.normal_fraction = 0;
    s.captions = 0;
    if (!gate) s.gate_sd = 0;
    synth::Canvases canvases(hearts);
    std::vector<synth::Burden> all;
    unsigned refused = 0, given_up = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto c = synth::draw_into(canvases.at(i % canvases.size()), s, 3, i);
        refused += c.refused, given_up += c.gave_up;
        io::Cohort one;
        one.width = hearts.width, one.height = hearts.height, one.spacing_mm = hearts.spacing_mm;
        synth::append(one, c);
        if (kept && i < hearts.cases.size()) synth::append(*kept, c);
        if (const auto b = synth::measure_burden(synth::prepare(one, 0))) all.push_back(*b);
    }
    fmt::print(stderr, "{} drawn, {} draws refused, {} given up\n", all.size(), refused, given_up);
    return all;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2 && argc != 3) return fmt::print(stderr, "usage: bench-infarcts FOLDER [OUT]\n"), 64;
    try {
        const io::Cohort patients = read_group(argv[1], "P"), normals = read_group(argv[1], "N");
        fmt::print("{} infarct patients, {} normal hearts\n", patients.cases.size(), normals.cases.size());
        std::vector<double> contrast_sd;
        for (std::size_t c = 0; c < patients.cases.size(); ++c) {
            const auto size = patients.slice_size(), first = patients.cases[c].first_slice * size, count = patients.cases[c].slice_count * size;
            volume::Volume<float> image(patients.grid(c));
            volume::Volume<std::uint8_t> label(patients.grid(c));
            std::copy_n(patients.image.data() + first, count, image.voxels.data());
            std::copy_n(patients.label.data() + first, count, label.voxels.data());
            contrast_sd.push_back(synth::judge(image, label, {}).contrast_sd);
        }
        fmt::print("infarct above remote wall in its SDs: {:.1f} ({:.1f}, {:.1f}); {} patients reach 5\n", quantile(contrast_sd, 0.5), quantile(contrast_sd, 0.25), quantile(contrast_sd, 0.75),
                   std::count_if(contrast_sd.begin(), contrast_sd.end(), [](double sd) { return sd >= 5; }));
        // Each half of the patients fits the prior that the other half is compared with.
        std::array<synth::Prior, 2> fitted;
        for (std::size_t c = 0; c < patients.cases.size(); ++c)
            if (auto scars = synth::fit_scars(synth::prepare(patients, c)); !scars.empty()) fitted[c % 2].hearts.push_back(std::move(scars));
        io::Cohort pictures;
        pictures.width = pictures.height = side, pictures.spacing_mm = nominal_mm;
        std::vector<synth::Burden> by_fit, gated;
        for (synth::Prior& prior : fitted) {
            prior.kind = synth::Prior::Kind::file;
            for (const auto& b : drawn(normals, prior, 230, false, pictures.cases.empty() ? &pictures : nullptr)) by_fit.push_back(b);
            for (const auto& b : drawn(normals, prior, 230, true)) gated.push_back(b);
        }
        const auto by_clinical = drawn(normals, synth::load_prior("clinical"), 460, true), real = burdens_of(patients);
        fmt::print("median (25 %, 75 %); KS distance (Kuiper's for angles) and p against the patients\n");
        for (const Row& row : rows) {
            const auto show = [&](const std::vector<synth::Burden>& b) {
                const auto v = column(b, row.value);
                return fmt::format("{:.2f} ({:.2f}, {:.2f})", quantile(v, 0.5), quantile(v, 0.25), quantile(v, 0.75));
            };
            const bool circular = row.value == &synth::Burden::angle_deg;
            fmt::print("{:28} real {}", row.name, show(real));
            using Named = std::pair<const char*, const std::vector<synth::Burden>*>;
            for (const auto& [name, burdens] : {Named("fitted", &by_fit), Named("fitted and gated", &gated), Named("clinical", &by_clinical)}) {
                const Distance d = compare(column(real, row.value), column(*burdens, row.value), circular);
                fmt::print(" | {} {} D {:.2f} p {:.3f}", name, show(*burdens), d.d, d.p);
            }
            fmt::print("\n");
        }
        if (argc == 3) {
            write_file(std::string(argv[2]) + "/real.h5", Overwrite::yes, io::encode_cohort(patients));
            write_file(std::string(argv[2]) + "/drawn.h5", Overwrite::yes, io::encode_cohort(pictures));
        }
    } catch (const Error& e) {
        return fmt::print(stderr, "bench-infarcts: {}\n", e.what()), static_cast<int>(e.code());
    }
    return 0;
}
