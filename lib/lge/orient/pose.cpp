#include "lge/orient/pose.hpp"

#include "lge/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <optional>

namespace lge::orient {
namespace {

using anatomy::Level;
using volume::Affine;
using volume::Vec3;
// Vec3 is a std::array, so its operators are not found by argument.
using volume::check, volume::cross, volume::dot, volume::length, volume::unit;
using volume::operator*, volume::operator+, volume::operator-;

/// Slices in space: mm of the plane to LPS.
struct Plane {
    Vec3 right, down, origin, step;  // unit, unit, LPS of index (0, 0, 0), LPS to the next index k
    PixelSize pixel;

    explicit Plane(const Affine& a)
        : right(unit(a.column(0))), down(unit(a.column(1) - right * dot(a.column(1), right))), origin(a.column(3)), step(a.column(2)),
          pixel{length(a.column(0)), dot(a.column(1), down), dot(a.column(1), right)} {}
    [[nodiscard]] Vec3 lps(PlanePoint m, double k) const { return origin + right * m.p + down * m.q + step * k; }
};

/// The axes of the header are the patient's own.
bool is_nominal(const Plane& plane) {
    const auto along_axis = [](Vec3 v) { return std::max({std::abs(v[0]), std::abs(v[1]), std::abs(v[2])}) > 1 - 1e-8; };
    return along_axis(plane.right) && along_axis(plane.down) && along_axis(unit(plane.step));
}

/// Straight line through the LV centres over the slices, least squares with the pull of far centres limited (Huber, 5 mm).
struct CentreLine {
    PlanePoint at, slope;  // at slice 0 and per slice
    [[nodiscard]] PlanePoint operator()(double k) const { return {at.p + slope.p * k, at.q + slope.q * k}; }
};
CentreLine fit_centres(const std::vector<SliceMarks>& marks) {
    CentreLine line;
    std::vector<double> weight(marks.size(), 1);
    for (int round = 0; round < 5; ++round) {
        double n = 0, k1 = 0, k2 = 0, p0 = 0, p1 = 0, q0 = 0, q1 = 0;
        for (std::size_t s = 0; s < marks.size(); ++s) {
            if (!marks[s].lv()) continue;
            const double k = static_cast<double>(s), w = weight[s] * std::sqrt(marks[s].cavity_mm2 + marks[s].wall_mm2);
            n += w; k1 += w * k; k2 += w * k * k;
            p0 += w * marks[s].centre.p; p1 += w * k * marks[s].centre.p;
            q0 += w * marks[s].centre.q; q1 += w * k * marks[s].centre.q;
        }
        const double det = n * k2 - k1 * k1;
        line.slope = det > 1e-9 * n * n ? PlanePoint{(n * p1 - k1 * p0) / det, (n * q1 - k1 * q0) / det} : PlanePoint{};
        line.at = {(p0 - line.slope.p * k1) / n, (q0 - line.slope.q * k1) / n};
        for (std::size_t s = 0; s < marks.size(); ++s) {
            const PlanePoint c = line(static_cast<double>(s));
            const double off = std::hypot(marks[s].centre.p - c.p, marks[s].centre.q - c.q);
            weight[s] = off > 5 ? 5 / off : 1;
        }
    }
    return line;
}

constexpr double closed_ring = 0.9;
bool is_ring(const SliceMarks& m) { return m.cavity_mm2 > 0 && m.closed >= closed_ring; }

/// Where the base is, from the anatomy: +1 sure that it is in the first slices, -1 in the last.
double base_first(const std::vector<SliceMarks>& marks) {
    const std::size_t third = std::max<std::size_t>(1, marks.size() / 3);
    const auto lean = [&](auto feature) {
        double first = 0, last = 0;
        for (std::size_t s = 0; s < third; ++s) {
            first += feature(marks[s]);
            last += feature(marks[marks.size() - 1 - s]);
        }
        return first + last > 0 ? (first - last) / (first + last) : 0;
    };
    if (marks.size() < 2) return 0;
    const double cavity = lean([](const SliceMarks& m) { return m.cavity_mm2; });
    const double rv = lean([](const SliceMarks& m) { return m.rv_mm2; });
    const double open = lean([](const SliceMarks& m) { return m.cavity_mm2 > 0 && m.closed < closed_ring ? 1.0 : 0.0; });
    const double cap = lean([](const SliceMarks& m) { return m.lv() && m.cavity_mm2 == 0 ? 1.0 : 0.0; });
    return std::clamp(cavity + rv + 0.5 * open - 0.5 * cap, -1.0, 1.0);
}

/// Slices without insertions take those of their neighbours, turned evenly between two.
bool inherit(std::vector<SliceMarks>& marks) {
    const std::vector<SliceMarks> known = marks;
    bool any = false;
    const auto has = [&](std::size_t s) { return known[s].rv; };
    for (std::size_t s = 0; s < marks.size(); ++s) {
        if (known[s].rv) continue;
        std::optional<std::size_t> before, after;
        for (std::size_t t = s; t-- > 0 && !before;) if (has(t)) before = t;
        for (std::size_t t = s + 1; t < marks.size() && !after; ++t) if (has(t)) after = t;
        if (!before && !after) continue;
        const SliceMarks& a = known[before ? *before : *after];
        const SliceMarks& b = known[after ? *after : *before];
        const double t = before && after ? static_cast<double>(s - *before) / static_cast<double>(*after - *before) : 0;
        SliceMarks& m = marks[s];
        m.rv = m.inherited = any = true;
        m.first = turn(a.first + turn_between(a.first, b.first) * t);
        m.last = turn(a.last + turn_between(a.last, b.last) * t);
        m.first_radius = a.first_radius + (b.first_radius - a.first_radius) * t;
        m.last_radius = a.last_radius + (b.last_radius - a.last_radius) * t;
        m.confidence = 0.5 * std::min(a.confidence, b.confidence);
    }
    return any;
}

/// Weighted circular mean without what lies more than 30 degrees from the circular median.
struct Direction {
    Degrees mean;
    double scatter = 0;  // standard deviation, degrees, of all
    double share = 0;    // of the weight that the mean rests on
};
std::optional<Direction> mean_direction(const std::vector<std::pair<Degrees, double>>& angles) {
    double total = 0;
    for (const auto& a : angles) total += a.second;
    if (total <= 0) return std::nullopt;
    const auto cost = [&](Degrees c) {
        double sum = 0;
        for (const auto& [angle, w] : angles) sum += w * std::abs(turn_between(c, angle).value);
        return sum;
    };
    const Degrees median = std::min_element(angles.begin(), angles.end(), [&](const auto& a, const auto& b) { return cost(a.first) < cost(b.first); })->first;
    double sum = 0, square = 0, kept = 0;
    for (const auto& [angle, w] : angles) {
        const double d = turn_between(median, angle).value;
        square += w * d * d;
        if (std::abs(d) > 30) continue;
        sum += w * d;
        kept += w;
    }
    return Direction{turn(median + Degrees{sum / kept}), std::sqrt(square / total), kept / total};
}

std::vector<Level> find_levels(const std::vector<SliceMarks>& marks) {
    std::vector<Level> levels(marks.size(), Level::unknown);
    std::optional<std::size_t> first;
    std::size_t last = 0;
    for (std::size_t s = 0; s < marks.size(); ++s)
        if (is_ring(marks[s])) {
            if (!first) first = s;
            last = s;
        }
    if (!first) return levels;
    const std::size_t n = last - *first + 1;
    for (std::size_t s = *first; s <= last; ++s) {
        const std::size_t place = s - *first;  // first ceil(n/3) are basal, up to ceil(2n/3) mid
        levels[s] = place < (n + 2) / 3 ? Level::basal : place < (2 * n + 2) / 3 ? Level::mid : Level::apical;
    }
    for (std::size_t s = last + 1; s < marks.size(); ++s)
        levels[s] = marks[s].cavity_mm2 > 0 ? Level::apical : marks[s].wall_mm2 > 0 ? Level::apex : Level::unknown;
    return levels;
}

/// Of a direction in space, counter-clockwise from +p as stored.
Degrees angle_in_plane(const Plane& plane, Vec3 d) { return turn(to_degrees(Radians{std::atan2(-dot(d, plane.down), dot(d, plane.right))})); }

}  // namespace

std::string_view word(Problem p) {
    for (const auto& [text, value] : choices(Problem{}))
        if (value == p) return text;
    return {};
}
bool Pose::has(Problem p) const { return std::find(problems.begin(), problems.end(), p) != problems.end(); }
bool Pose::standard() const { return std::none_of(problems.begin(), problems.end(), is_fatal); }

Pose judge(const volume::Volume<std::uint8_t>& label, const Settings& settings) {
    const auto fault = check(label.grid.index_to_lps);
    if (fault == volume::AffineFault::not_finite) throw Error(ExitCode::bad_data, "affine is not finite");
    if (fault == volume::AffineFault::singular) throw Error(ExitCode::bad_data, "affine is singular");
    Pose pose;
    const auto note = [&](Problem p) { pose.problems.push_back(p); };
    if (fault == volume::AffineFault::sheared) note(Problem::affine_sheared);

    const Plane plane(label.grid.index_to_lps);
    std::vector<SliceMarks> marks;
    for (std::size_t k = 0; k < label.grid.shape[2]; ++k) marks.push_back(mark_slice(label.slice(k), plane.pixel));
    const auto with_lv = [](const SliceMarks& m) { return m.lv(); };
    const auto lv_count = std::count_if(marks.begin(), marks.end(), with_lv);
    if (lv_count < 3) note(Problem::few_slices);
    if (lv_count == 0) {
        note(Problem::lv_missing);
        std::sort(pose.problems.begin(), pose.problems.end());
        return pose;
    }
    const auto first = static_cast<std::size_t>(std::find_if(marks.begin(), marks.end(), with_lv) - marks.begin());
    const auto last = marks.size() - 1 - static_cast<std::size_t>(std::find_if(marks.rbegin(), marks.rend(), with_lv) - marks.rbegin());
    const CentreLine line = fit_centres(marks);
    marks = {marks.begin() + static_cast<std::ptrdiff_t>(first), marks.begin() + static_cast<std::ptrdiff_t>(last) + 1};

    // Order: two witnesses, each from -1 (base last) to +1 (base first).
    const bool nominal = is_nominal(plane);
    if (nominal) note(Problem::header_nominal);
    const bool use_header = !nominal && settings.trust == Trust::header;
    const double by_anatomy = base_first(marks);
    const double by_header = nominal ? 0 : -dot(unit(plane.step), unit(Vec3{-1, 1, 1}));
    const bool header_knows = std::abs(by_header) > 0.2, anatomy_knows = std::abs(by_anatomy) > 0.1;
    if (header_knows && anatomy_knows && by_header * by_anatomy < 0) note(Problem::order_disagrees);
    const bool by_header_then = use_header && header_knows;
    if (!by_header_then && !anatomy_knows) note(Problem::order_uncertain);
    pose.apex_first = (by_header_then ? by_header : by_anatomy) < 0;

    pose.slices.resize(marks.size());
    std::iota(pose.slices.begin(), pose.slices.end(), first);
    if (pose.apex_first) {
        std::reverse(pose.slices.begin(), pose.slices.end());
        std::reverse(marks.begin(), marks.end());
    }

    // Chirality: right x down points away from the viewer; seen from the apex that is towards the base.
    if (use_header) {
        const Vec3 to_base = pose.apex_first ? plane.step : plane.step * -1;
        pose.mirrored = dot(cross(plane.right, plane.down), to_base) < 0;
    } else {
        pose.mirrored = settings.view == View::base;
        note(Problem::chirality_assumed);
    }
    const auto seen = [&](Degrees stored) { return turn(pose.mirrored ? Degrees{180} - stored : stored); };  // from the apex
    const auto anterior = [&](const SliceMarks& m) { return pose.mirrored ? m.last : m.first; };
    const auto inferior = [&](const SliceMarks& m) { return pose.mirrored ? m.first : m.last; };

    pose.levels = find_levels(marks);
    const bool rv_found = std::any_of(marks.begin(), marks.end(), [](const auto& m) { return m.rv; });
    if (inherit(marks)) note(Problem::rv_inherited);

    std::vector<std::pair<Degrees, double>> anteriors;
    for (std::size_t s = 0; s < marks.size(); ++s)
        if (marks[s].rv && !marks[s].inherited)
            anteriors.emplace_back(seen(anterior(marks[s])), std::max(marks[s].confidence, 1e-3) * (pose.levels[s] == Level::basal || pose.levels[s] == Level::mid ? 1 : 1.0 / 3));
    Degrees insertion = anatomy::canonical_insertion;
    if (const auto direction = rv_found ? mean_direction(anteriors) : std::nullopt) {
        insertion = direction->mean;
        if (direction->scatter > 20) note(Problem::insertions_scatter);
        double weight = 0;
        for (const auto& a : anteriors) weight += a.second;
        pose.confidence = weight / static_cast<double>(anteriors.size()) * direction->share * std::exp(-direction->scatter * direction->scatter / 800);
        Degrees septum{0};
        Vec3 up{};
        for (const SliceMarks& m : marks)
            if (m.rv) {
                const Degrees a = seen(anterior(m)), i = seen(inferior(m));
                septum = turn(a + turn(i - a) * 0.5);
                const auto point = [&](Degrees d, double radius) { const Radians r = to_radians(d); return plane.right * (radius * std::cos(r.value)) - plane.down * (radius * std::sin(r.value)); };
                up = up + (point(anterior(m), m.first_radius) - point(inferior(m), m.last_radius)) * m.confidence;
            }
        if (use_header && dot(unit(up), unit(Vec3{0, -1, 1})) < -0.2) note(Problem::chirality_disagrees);
        // Hearts lie with the RV to the left of the picture in every stack that is shown as radiologists do.
        if (!use_header && std::abs(turn_between(Degrees{180}, turn(insertion + Degrees{60})).value) > 90) note(Problem::view_doubtful);
    } else {
        note(Problem::rv_missing);
        if (use_header) insertion = turn(seen(angle_in_plane(plane, {0, -1, 1})) + Degrees{30});  // anterior is 30 degrees before the insertion
        else note(Problem::rotation_unknown);
    }
    const Degrees rotation = turn(anatomy::canonical_insertion - insertion);
    pose.rotation = rotation.value > 180 ? rotation - Degrees{360} : rotation;

    // The canonical axes: turned back by the rotation, then mirrored as stored.
    const double c = std::cos(to_radians(pose.rotation).value), s = std::sin(to_radians(pose.rotation).value), mirror = pose.mirrored ? -1 : 1;
    pose.right = plane.right * (mirror * c) + plane.down * s;
    pose.down = plane.right * (-mirror * s) + plane.down * c;
    const auto centre = [&](std::size_t k) { return plane.lps(line(static_cast<double>(k)), static_cast<double>(k)); };
    pose.first_centre = centre(pose.slices.front());
    pose.step = pose.slices.size() > 1 ? (centre(pose.slices.back()) - pose.first_centre) * (1 / static_cast<double>(pose.slices.size() - 1))
                                       : plane.step * (pose.apex_first ? -1.0 : 1.0);
    pose.landmarks.lv_base = pose.first_centre;
    pose.landmarks.lv_apex = centre(pose.slices.back());

    // Insertions at mid level: the slice nearest to the middle that shows its own.
    std::optional<std::size_t> middle;
    const double wanted = static_cast<double>(marks.size() - 1) / 2;
    for (std::size_t n = 0; n < marks.size(); ++n)
        if (marks[n].rv && !marks[n].inherited && (!middle || std::abs(static_cast<double>(n) - wanted) < std::abs(static_cast<double>(*middle) - wanted))) middle = n;
    if (middle) {
        const SliceMarks& m = marks[*middle];
        const auto on_wall = [&](Degrees angle, double radius) {
            const Radians a = to_radians(angle);
            return plane.lps({m.centre.p + radius * std::cos(a.value), m.centre.q - radius * std::sin(a.value)}, static_cast<double>(pose.slices[*middle]));
        };
        const Vec3 at_first = on_wall(m.first, m.first_radius), at_last = on_wall(m.last, m.last_radius);
        pose.landmarks.rv_anterior = pose.mirrored ? at_last : at_first;
        pose.landmarks.rv_inferior = pose.mirrored ? at_first : at_last;
    }
    pose.marks = std::move(marks);
    std::sort(pose.problems.begin(), pose.problems.end());
    return pose;
}

volume::Grid canonical_grid(const Pose& pose, Mm spacing, std::size_t size) {
    if (pose.slices.empty()) throw Error(ExitCode::internal, "pose has no slices");
    volume::Grid g{{size, size, pose.slices.size()}, {}};
    g.index_to_lps.set_column(0, pose.right * spacing.value);
    g.index_to_lps.set_column(1, pose.down * spacing.value);
    g.index_to_lps.set_column(2, pose.step);
    const double half = spacing.value * (static_cast<double>(size) - 1) / 2;
    g.index_to_lps.set_column(3, pose.first_centre - pose.right * half - pose.down * half);
    return g;
}

}  // namespace lge::orient
