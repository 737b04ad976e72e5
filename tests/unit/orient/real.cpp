// Against hearts of patients, where there are any (LGE_DATA_REAL).
#include "../real_data.hpp"
#include "../temporary_folder.hpp"
#include "lge/itk/read.hpp"
#include "lge/itk/resample.hpp"
#include "lge/orient/native.hpp"
#include "lge/orient/pose.hpp"
#include "lge/orient/source.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numbers>
#include <vector>

using namespace lge::orient;
using lge::Degrees;
using lge::volume::Affine;
using lge::volume::Volume;
using Labels = Volume<std::uint8_t>;

namespace {

/// ACDC's numbers (1 RV cavity, 2 myocardium, 3 LV cavity) as ours.
constexpr std::array<std::uint8_t, 4> acdc_numbers{0, 5, 2, 1};

/// The label maps of ACDC, cut to the heart and as much around
/// that it can be turned.
struct Heart {
    std::string name;
    Labels label;
};
std::vector<Heart> acdc_hearts(const std::filesystem::path& folder) {
    std::vector<Heart> hearts;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        if (entry.path().string().ends_with("_label.nii.gz")) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const auto& file : files) {
        Labels v = read_labels(file.string()).volume;
        std::array<std::size_t, 2> low{v.grid.shape[0], v.grid.shape[1]}, high{};
        for (std::size_t k = 0; k < v.grid.shape[2]; ++k)
            for (std::size_t j = 0; j < v.grid.shape[1]; ++j)
                for (std::size_t i = 0; i < v.grid.shape[0]; ++i) {
                    auto& l = v(i, j, k);
                    l = acdc_numbers.at(l);
                    if (l == 0) continue;
                    low = {std::min(low[0], i), std::min(low[1], j)};
                    high = {std::max(high[0], i), std::max(high[1], j)};
                }
        const auto width = static_cast<double>(high[0] - low[0] + 1), height = static_cast<double>(high[1] - low[1] + 1);
        const auto side = static_cast<std::size_t>(std::ceil(std::hypot(width, height))) + 4;
        const auto first = [&](std::size_t a) { return (static_cast<std::ptrdiff_t>(low[a] + high[a]) - static_cast<std::ptrdiff_t>(side)) / 2; };
        hearts.push_back({file.filename().string(), lge::volume::crop(v, {first(0), first(1), 0}, {side, side, v.grid.shape[2]})});
    }
    return hearts;
}

/// Turned about the middle of its slices, counter-clockwise as seen with i to the right and j down; the header stays.
Labels turned(const Labels& v, double degrees) {
    const double c = std::cos(degrees * std::numbers::pi / 180), s = std::sin(degrees * std::numbers::pi / 180);
    const double m = (static_cast<double>(v.grid.shape[0]) - 1) / 2;
    const Affine turn{{c, -s, 0, m - c * m + s * m, s, c, 0, m - s * m - c * m, 0, 0, 1, 0}};
    std::vector<std::size_t> slices(v.grid.shape[2]);
    for (std::size_t k = 0; k < slices.size(); ++k) slices[k] = k;
    Labels out = lge::itk::resample_label_slices(v, {v.grid.shape, v.grid.index_to_lps * turn}, slices);
    out.grid = v.grid;
    return out;
}

double myocardium_dice(const Labels& a, const Labels& b) {
    double both = 0, sum = 0;
    for (std::size_t n = 0; n < a.voxels.size(); ++n) {
        const bool x = lge::anatomy::is_wall(a.voxels[n]), y = lge::anatomy::is_wall(b.voxels[n]);
        both += x && y ? 2 : 0;
        sum += (x ? 1 : 0) + (y ? 1 : 0);
    }
    return both / sum;
}

double there_and_back(const Labels& label) {
    const Pose pose = judge(label, {});
    const auto canonical = lge::itk::resample_label_slices(label, canonical_grid(pose, lge::Mm{1.25}, 128), pose.slices);
    return myocardium_dice(label, to_native(canonical, label.grid));
}

}  // namespace

TEST_CASE("the angle follows a patient's heart that is turned, and both insertions are found on every slice that shows RV") {
    const auto folder = real_data("acdc");
    if (folder.empty()) {
        WARN("no ACDC: set LGE_DATA_REAL");
        return;
    }
    std::size_t hearts = 0;
    for (const auto& heart : acdc_hearts(folder)) {
        CAPTURE(heart.name);
        ++hearts;
        const Pose still = judge(heart.label, {});
        for (std::size_t n = 0; n < still.marks.size(); ++n) {
            const SliceMarks& m = still.marks[n];
            CAPTURE(still.slices[n]);
            if (m.lv() && m.rv_mm2 >= 20) CHECK((m.rv && !m.inherited));  // less is a slip of the reader's
        }
        double sum = 0, square = 0, before = 0, first = 0;
        for (int step = 0; step < 72; ++step) {
            const Pose pose = judge(turned(heart.label, 5 * step), {});
            const double off = turn_between(still.rotation, pose.rotation + Degrees{5.0 * step}).value;
            if (step == 0) first = off;
            else if (std::abs(turn_between(Degrees{before}, Degrees{off}).value) > 5) FAIL_CHECK("a jump at " << 5 * step << " degrees by " << off - before);
            before = off;
            sum += off;
            square += off * off;
        }
        const double mean = sum / 72, sd = std::sqrt(std::max(0.0, square / 72 - mean * mean));
        CHECK(first == Approx(0).margin(1e-9));
        CHECK(sd <= 1.5);
    }
    CHECK(hearts >= 40);
}

TEST_CASE("a patient's mask brought back from the canonical pose overlaps with itself by 0.95 and more") {
    const auto acdc = real_data("acdc"), one_acdc = real_data("acdc_nifti"), emidec = real_data("emidec_nifti");
    if (acdc.empty() || one_acdc.empty() || emidec.empty()) {
        WARN("no ACDC and EMIDEC: set LGE_DATA_REAL");
        return;
    }
    for (const auto& heart : acdc_hearts(acdc)) {
        CAPTURE(heart.name);
        CHECK(there_and_back(heart.label) >= 0.95);
    }
    auto cine = read_labels((one_acdc / "patient101/patient101_frame01_gt.nii.gz").string()).volume;
    for (auto& l : cine.voxels) l = acdc_numbers.at(l);
    CHECK(there_and_back(cine) >= 0.95);
    CHECK(there_and_back(read_labels((emidec / "Case_P100/Contours/Case_P100.nii.gz").string()).volume) >= 0.95);
}

namespace {

using Polygon = std::vector<std::array<double, 2>>;
Polygon read_contour(const std::filesystem::path& file) {
    std::ifstream in(file);
    Polygon p;
    for (double x, y; in >> x >> y;) p.push_back({x, y});
    return p;
}
bool encloses(const Polygon& p, double x, double y) {
    bool inside = false;
    for (std::size_t a = 0, b = p.size() - 1; a < p.size(); b = a++)
        if ((p[a][1] > y) != (p[b][1] > y) && x < (p[b][0] - p[a][0]) * (y - p[a][1]) / (p[b][1] - p[a][1]) + p[a][0]) inside = !inside;
    return inside;
}

}  // namespace

TEST_CASE("patients' DICOM headers tell order and mirror, and the anatomy agrees") {
    const auto folder = real_data("sunnybrook");
    if (folder.empty()) {
        WARN("no Sunnybrook: set LGE_DATA_REAL");
        return;
    }
    for (const int patient : {1, 2, 4, 5, 6}) {
        CAPTURE(patient);
        const auto contours = folder / "contourfiles" / ("SC-HF-I-" + std::to_string(patient));
        const auto pictures = folder / "dicoms" / ("SCD0000" + std::to_string(patient < 3 ? patient : patient - 1) + "01");
        // End diastole: the pictures that have an outer contour too.
        const TemporaryFolder stack;
        const auto number = [](const std::filesystem::path& contour) { return std::stoi(contour.filename().string().substr(8, 4)); };
        std::vector<int> numbers;
        for (const auto& entry : std::filesystem::directory_iterator(contours / "o-contours")) numbers.push_back(number(entry.path()));
        const auto link = [&](const TemporaryFolder& in, int n) { std::filesystem::create_symlink(pictures / (std::to_string(n) + ".dcm"), in.path / (std::to_string(n) + ".dcm")); };
        for (const int n : numbers) link(stack, n);
        Labels label(lge::itk::read_series(stack.path.string()).grid, 0);
        REQUIRE(label.grid.shape[2] == numbers.size());
        const auto to_index = label.grid.index_to_lps.inverse();
        for (const int n : numbers) {
            const TemporaryFolder alone;
            link(alone, n);
            const auto k = static_cast<std::size_t>(std::lround(to_index(lge::itk::read_series(alone.path.string()).grid.index_to_lps.column(3))[2]));
            const auto contour = [&](const std::string& kind) {
                auto digits = std::to_string(n);
                return read_contour(contours / (kind + "-contours") / ("IM-0001-" + std::string(4 - digits.size(), '0') + digits + "-" + kind + "contour-manual.txt"));
            };
            const Polygon inner = contour("i"), outer = patient == 6 ? Polygon() : contour("o");  // those of patient 6 lie elsewhere
            for (std::size_t j = 0; j < label.grid.shape[1]; ++j)
                for (std::size_t i = 0; i < label.grid.shape[0]; ++i) {
                    const auto x = static_cast<double>(i), y = static_cast<double>(j);
                    if (inner.size() > 2 && encloses(inner, x, y)) label(i, j, k) = 1;
                    else if (outer.size() > 2 && encloses(outer, x, y)) label(i, j, k) = 2;
                }
        }
        const Pose pose = judge(label, {});
        CHECK_FALSE(pose.has(Problem::header_nominal));
        CHECK_FALSE(pose.has(Problem::order_disagrees));
        CHECK_FALSE(pose.has(Problem::order_uncertain));
        CHECK_FALSE(pose.has(Problem::affine_sheared));
        CHECK_FALSE(pose.mirrored);  // stored as radiologists look at them: from the apex
        CHECK(pose.standard());
        CHECK(pose.slices.size() >= 3);
        if (patient == 1) CHECK(pose.rotation.value == Approx(-111).margin(2));  // stored turned: the chest wall is to the right
        else CHECK(std::abs(pose.rotation.value) < 40);
    }
}
