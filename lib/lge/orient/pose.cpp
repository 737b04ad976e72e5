#include "lge/orient/pose.hpp"

#include "lge/base/error.hpp"
#include "lge/orient/stack.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <optional>

namespace lge::orient {
namespace {

using anatomy::Level;
using volume::Affine;
using volume::Grid;
using volume::Vec3;
// Vec3 is a std::array, so its operators are not found by argument.
using volume::check, volume::cross, volume::dot, volume::unit;
using volume::operator*, volume::operator+, volume::operator-;

/// Slices in space: mm of the plane to LPS.
struct Plane {
    Vec3 right, down, origin, step;  // unit, unit, LPS of index (0, 0, 0), LPS to the next index k
    PixelSize pixel;

    explicit Plane(const Affine& a)
        : right(unit(a.column(0))), down(unit(a.column(1) - right * dot(a.column(1), right))), origin(a.column(3)), step(a.column(2)),
          pixel(pixel_size(a)) {}
    [[nodiscard]] Vec3 lps(PlanePoint m, double k) const { return origin + right * m.p + down * m.q + step * k; }
};

/// The axes of the header are the patient's own.
bool is_nominal(const Plane& plane) {
    const auto along_axis = [](Vec3 v) { return std::max({std::abs(v[0]), std::abs(v[1]), std::abs(v[2])}) > 1 - 1e-8; };
    return along_axis(plane.right) && along_axis(plane.down) && along_axis(unit(plane.step));
}

/// Of a direction in space, counter-clockwise from +p as stored.
Degrees angle_in_plane(const Plane& plane, Vec3 d) { return turn(to_degrees(Radians{std::atan2(-dot(d, plane.down), dot(d, plane.right))})); }

/// Counter-clockwise from +p as stored, from `centre` to `to`.
Degrees angle_to(PlanePoint centre, PlanePoint to) { return turn(to_degrees(Radians{std::atan2(-(to.q - centre.q), to.p - centre.p)})); }

/// A landmark in the frame of the stored slices.
struct Placed {
    PlanePoint at;
    double k = 0;
};
struct Given { std::optional<Placed> base, apex, anterior, inferior; };

Given place(const Grid& grid, const PixelSize& pixel, const io::Landmarks& landmarks) {
    const Affine to_index = grid.index_to_lps.inverse();
    const auto one = [&](const Vec3& lps, const char* name) -> std::optional<Placed> {
        if (!std::isfinite(lps[0] + lps[1] + lps[2])) return std::nullopt;
        const Vec3 p = to_index(lps);
        for (std::size_t a = 0; a < 3; ++a)
            if (!(p[a] >= -1 && p[a] <= static_cast<double>(grid.shape[a])))
                throw Error(ExitCode::bad_data, fmt::format("landmark {} lies outside of the volume, wanted LPS mm by its header", name));
        return Placed{{p[0] * pixel.x + p[1] * pixel.skew, p[1] * pixel.y}, p[2]};
    };
    return {one(landmarks.lv_base, "lv_base"), one(landmarks.lv_apex, "lv_apex"), one(landmarks.rv_anterior, "rv_anterior"), one(landmarks.rv_inferior, "rv_inferior")};
}

/// From one slice with wall to another; base and apex may stand in either order.
struct Range {
    std::size_t first = 0, last = 0;
};
std::optional<Range> find_range(const std::vector<SliceMarks>& marks, const Given& given) {
    const auto with_lv = [](const SliceMarks& m) { return m.lv(); };
    const auto first = std::find_if(marks.begin(), marks.end(), with_lv);
    if (first != marks.end())
        return Range{static_cast<std::size_t>(first - marks.begin()), static_cast<std::size_t>(marks.rend() - std::find_if(marks.rbegin(), marks.rend(), with_lv)) - 1};
    if (!given.base || !given.apex) return std::nullopt;
    const auto slice = [&](double k) { return static_cast<std::size_t>(std::clamp(std::round(k), 0.0, static_cast<double>(marks.size() - 1))); };
    return Range{slice(std::min(given.base->k, given.apex->k)), slice(std::max(given.base->k, given.apex->k))};
}

bool far_apart(const Given& g) { return g.base && g.apex && std::abs(g.base->k - g.apex->k) >= 0.5; }

CentreLine find_line(const std::vector<SliceMarks>& marks, const Given& g) {
    if (far_apart(g)) {
        const double n = g.apex->k - g.base->k;
        const PlanePoint slope{(g.apex->at.p - g.base->at.p) / n, (g.apex->at.q - g.base->at.q) / n};
        return {{g.base->at.p - slope.p * g.base->k, g.base->at.q - slope.q * g.base->k}, slope};
    }
    if (std::any_of(marks.begin(), marks.end(), [](const auto& m) { return m.lv(); })) return fit_centres(marks);
    return {g.base->at, {}};
}

/// What the judgement has come to so far; marks and levels run from base to apex as soon as the order is known.
struct Judging {
    const Grid& grid;
    const Plane plane;
    const Settings& settings;
    const Given given;
    CentreLine line;
    bool nominal = false;
    std::vector<SliceMarks> marks;
    Pose pose;

    void note(Problem p) { if (!pose.has(p)) pose.problems.push_back(p); }
    [[nodiscard]] bool use_header() const { return !nominal && settings.trust == Trust::header; }
    /// A stored angle as seen from the apex.
    [[nodiscard]] Degrees seen(Degrees stored) const { return turn(pose.mirrored ? Degrees{180} - stored : stored); }
    [[nodiscard]] Degrees anterior(const SliceMarks& m) const { return pose.mirrored ? m.last : m.first; }
    [[nodiscard]] Degrees inferior(const SliceMarks& m) const { return pose.mirrored ? m.first : m.last; }
    [[nodiscard]] Degrees stored_angle(const Placed& p) const { return angle_to(line(p.k), p.at); }
};

/// Two witnesses, each from -1 (base last) to +1 (base first). Landmarks speak for the anatomy where they are given.
void judge_order(Judging& j) {
    const double by_anatomy = far_apart(j.given) ? (j.given.apex->k > j.given.base->k ? 1 : -1) : base_first(j.marks);
    const double by_header = j.nominal ? 0 : -dot(unit(j.plane.step), unit(Vec3{-1, 1, 1}));
    const bool header_knows = std::abs(by_header) > 0.2, anatomy_knows = std::abs(by_anatomy) > 0.1;
    if (header_knows && anatomy_knows && by_header * by_anatomy < 0) j.note(Problem::order_disagrees);
    const bool take_header = j.use_header() && header_knows;
    if (!take_header && !anatomy_knows) j.note(Problem::order_uncertain);
    j.pose.apex_first = (take_header ? by_header : by_anatomy) < 0;
    if (j.pose.apex_first) {
        std::reverse(j.pose.slices.begin(), j.pose.slices.end());
        std::reverse(j.marks.begin(), j.marks.end());
    }
}

/// Named insertions tell from which side a slice is stored: seen from the apex, the septum runs counter-clockwise from the
/// anterior to the inferior one. With the anterior one alone it is the end of the arc of the label map that lies nearer.
std::optional<bool> mirrored_by_points(const Judging& j) {
    if (!j.given.anterior) return std::nullopt;
    const Degrees a = j.stored_angle(*j.given.anterior);
    if (j.given.inferior) return turn(j.stored_angle(*j.given.inferior) - a).value > 180;
    const SliceMarks* nearest = nullptr;
    double distance = 0;
    for (std::size_t n = 0; n < j.marks.size(); ++n) {
        const double d = std::abs(static_cast<double>(j.pose.slices[n]) - j.given.anterior->k);
        if (j.marks[n].rv && (nearest == nullptr || d < distance)) nearest = &j.marks[n], distance = d;
    }
    if (nearest == nullptr) return std::nullopt;
    return std::abs(turn_between(a, nearest->last).value) < std::abs(turn_between(a, nearest->first).value);
}

void judge_chirality(Judging& j) {
    const auto by_points = mirrored_by_points(j);
    // Right x down points away from the viewer; seen from the apex that is towards the base.
    const Vec3 to_base = j.pose.apex_first ? j.plane.step : j.plane.step * -1;
    const bool by_header = dot(cross(j.plane.right, j.plane.down), to_base) < 0;
    if (!j.nominal && by_points && *by_points != by_header) j.note(Problem::chirality_disagrees);
    if (j.use_header()) j.pose.mirrored = by_header;
    else if (by_points) j.pose.mirrored = *by_points;
    else {
        j.pose.mirrored = j.settings.view == View::base;
        j.note(Problem::chirality_assumed);
    }
}

/// What the header and the usual view say of insertions found in the label map.
void doubt_insertions(Judging& j, Degrees insertion) {
    Vec3 up{};
    for (const SliceMarks& m : j.marks)
        if (m.rv) {
            const auto point = [&](Degrees d, double radius) {
                const Radians r = to_radians(d);
                return j.plane.right * (radius * std::cos(r.value)) - j.plane.down * (radius * std::sin(r.value));
            };
            up = up + (point(j.anterior(m), m.first_radius) - point(j.inferior(m), m.last_radius)) * m.confidence;
        }
    if (j.use_header() && dot(unit(up), unit(Vec3{0, -1, 1})) < -0.2) j.note(Problem::chirality_disagrees);
    // Hearts lie with the RV to the left of the picture in every stack that is shown as radiologists do.
    if (j.pose.has(Problem::chirality_assumed) && std::abs(turn_between(Degrees{180}, turn(insertion + Degrees{60})).value) > 90) j.note(Problem::view_doubtful);
}

/// How much a slice says of the rotation: the outflow tract leads astray at the base, and the RV ends before the apex.
double place_weight(std::size_t slice, std::size_t slices) {
    const double at = (static_cast<double>(slice) + 0.5) / static_cast<double>(slices);  // 0 base, 1 apex
    return std::clamp(std::min(at / 0.2, (1 - at) / 0.35), 1.0 / 3, 1.0);
}

/// The angle of the anterior insertion as seen from the apex, and the confidence in it.
Degrees judge_rotation(Judging& j) {
    const bool rv_found = std::any_of(j.marks.begin(), j.marks.end(), [](const auto& m) { return m.rv; });
    if (inherit(j.marks)) j.note(Problem::rv_inherited);
    std::vector<std::pair<Degrees, double>> anteriors;
    for (std::size_t s = 0; s < j.marks.size(); ++s)
        if (j.marks[s].rv && !j.marks[s].inherited)
            anteriors.emplace_back(j.seen(j.anterior(j.marks[s])), std::max(j.marks[s].confidence, 1e-3) * place_weight(s, j.marks.size()));
    const auto direction = rv_found ? mean_direction(anteriors) : std::nullopt;
    if (direction) doubt_insertions(j, direction->mean);

    if (j.given.anterior) {
        const Degrees insertion = j.seen(j.stored_angle(*j.given.anterior));
        if (direction && std::abs(turn_between(direction->mean, insertion).value) > 20) j.note(Problem::insertions_scatter);
        j.pose.confidence = 1;
        return insertion;
    }
    if (direction) {
        if (direction->scatter > 20) j.note(Problem::insertions_scatter);
        double weight = 0;
        for (const auto& a : anteriors) weight += a.second;
        j.pose.confidence = weight / static_cast<double>(anteriors.size()) * direction->share * std::exp(-direction->scatter * direction->scatter / 800);
        return direction->mean;
    }
    j.note(Problem::rv_missing);
    if (j.use_header()) return turn(j.seen(angle_in_plane(j.plane, {0, -1, 1})) + Degrees{30});  // anterior is 30 degrees before the insertion
    j.note(Problem::rotation_unknown);
    return anatomy::canonical_insertion;
}

/// The canonical axes: turned back by the rotation, then mirrored as stored; the LV centre line.
void set_axes(Judging& j) {
    Pose& p = j.pose;
    const double c = std::cos(to_radians(p.rotation).value), s = std::sin(to_radians(p.rotation).value), mirror = p.mirrored ? -1 : 1;
    p.right = j.plane.right * (mirror * c) + j.plane.down * s;
    p.down = j.plane.right * (-mirror * s) + j.plane.down * c;
    const auto centre = [&](std::size_t k) { return j.plane.lps(j.line(static_cast<double>(k)), static_cast<double>(k)); };
    p.first_centre = centre(p.slices.front());
    p.step = p.slices.size() > 1 ? (centre(p.slices.back()) - p.first_centre) * (1 / static_cast<double>(p.slices.size() - 1))
                                 : j.plane.step * (p.apex_first ? -1.0 : 1.0);
}

/// Those given; else the LV axis, and the insertions of the slice nearest to the middle that shows its own.
void set_landmarks(Judging& j) {
    Pose& p = j.pose;
    p.landmarks.lv_base = p.first_centre;
    p.landmarks.lv_apex = p.first_centre + p.step * static_cast<double>(p.slices.size() - 1);
    std::optional<std::size_t> middle;
    const double wanted = static_cast<double>(j.marks.size() - 1) / 2;
    for (std::size_t n = 0; n < j.marks.size(); ++n)
        if (j.marks[n].rv && !j.marks[n].inherited && (!middle || std::abs(static_cast<double>(n) - wanted) < std::abs(static_cast<double>(*middle) - wanted))) middle = n;
    if (middle) {
        const SliceMarks& m = j.marks[*middle];
        const auto on_wall = [&](Degrees angle, double radius) {
            const Radians a = to_radians(angle);
            return j.plane.lps({m.centre.p + radius * std::cos(a.value), m.centre.q - radius * std::sin(a.value)}, static_cast<double>(p.slices[*middle]));
        };
        const Vec3 at_first = on_wall(m.first, m.first_radius), at_last = on_wall(m.last, m.last_radius);
        p.landmarks.rv_anterior = p.mirrored ? at_last : at_first;
        p.landmarks.rv_inferior = p.mirrored ? at_first : at_last;
    }
    const auto take = [&](const std::optional<Placed>& given, Vec3& to) { if (given) to = j.plane.lps(given->at, given->k); };
    take(j.given.base, p.landmarks.lv_base);
    take(j.given.apex, p.landmarks.lv_apex);
    take(j.given.anterior, p.landmarks.rv_anterior);
    take(j.given.inferior, p.landmarks.rv_inferior);
}

/// `marks`: of every slice of the grid; empty ones where there is no label map.
Pose judge_marks(const Grid& grid, const Plane& plane, std::vector<SliceMarks> marks, const Settings& settings, const io::Landmarks& landmarks) {
    Judging j{grid, plane, settings, place(grid, plane.pixel, landmarks), {}, is_nominal(plane), {}, {}};
    Pose& pose = j.pose;
    if (check(grid.index_to_lps) == volume::AffineFault::sheared) j.note(Problem::affine_sheared);
    const bool masks = std::any_of(marks.begin(), marks.end(), [](const auto& m) { return m.lv(); });
    const auto range = find_range(marks, j.given);
    if (!range) {
        j.note(Problem::lv_missing);
        j.note(Problem::few_slices);
        std::sort(pose.problems.begin(), pose.problems.end());
        return pose;
    }
    j.line = find_line(marks, j.given);
    j.marks = {marks.begin() + static_cast<std::ptrdiff_t>(range->first), marks.begin() + static_cast<std::ptrdiff_t>(range->last) + 1};
    pose.slices.resize(j.marks.size());
    std::iota(pose.slices.begin(), pose.slices.end(), range->first);
    if (!masks)
        for (std::size_t n = 0; n < j.marks.size(); ++n) j.marks[n].centre = j.line(static_cast<double>(pose.slices[n]));
    if ((masks ? static_cast<std::size_t>(std::count_if(j.marks.begin(), j.marks.end(), [](const auto& m) { return m.lv(); })) : j.marks.size()) < 3) j.note(Problem::few_slices);
    if (j.nominal) j.note(Problem::header_nominal);

    judge_order(j);
    judge_chirality(j);
    pose.levels = masks ? find_levels(j.marks) : thirds(j.marks.size());
    const Degrees rotation = turn(anatomy::canonical_insertion - judge_rotation(j));
    pose.rotation = rotation.value > 180 ? rotation - Degrees{360} : rotation;
    set_axes(j);
    set_landmarks(j);
    if (settings.turning == Turning::stored) {
        pose.rotation = Degrees{0};
        pose.mirrored = false;
        pose.right = plane.right;
        pose.down = plane.down;
    }
    pose.marks = std::move(j.marks);
    std::sort(pose.problems.begin(), pose.problems.end());
    return std::move(pose);
}

Plane plane_of(const Grid& grid) {
    const auto fault = check(grid.index_to_lps);
    if (fault == volume::AffineFault::not_finite) throw Error(ExitCode::bad_data, "affine is not finite");
    if (fault == volume::AffineFault::singular) throw Error(ExitCode::bad_data, "affine is singular");
    return Plane(grid.index_to_lps);
}

}  // namespace

std::string_view word(Problem p) {
    for (const auto& [text, value] : choices(Problem{}))
        if (value == p) return text;
    return {};
}
bool Pose::has(Problem p) const { return std::find(problems.begin(), problems.end(), p) != problems.end(); }
bool Pose::standard() const { return std::none_of(problems.begin(), problems.end(), is_fatal); }

Pose judge(const volume::Volume<std::uint8_t>& label, const Settings& settings, const io::Landmarks& landmarks) {
    const Plane plane = plane_of(label.grid);
    std::vector<SliceMarks> marks;
    for (std::size_t k = 0; k < label.grid.shape[2]; ++k) marks.push_back(mark_slice(label.slice(k), plane.pixel));
    return judge_marks(label.grid, plane, std::move(marks), settings, landmarks);
}

Pose judge(const Grid& grid, const Settings& settings, const io::Landmarks& landmarks) {
    return judge_marks(grid, plane_of(grid), std::vector<SliceMarks>(grid.shape[2]), settings, landmarks);
}

Grid canonical_grid(const Pose& pose, Mm spacing, std::size_t size, Stacking stacking) {
    if (pose.slices.empty()) throw Error(ExitCode::internal, "pose has no slices");
    Grid g{{size, size, pose.slices.size()}, {}};
    Vec3 step = pose.step, first = pose.first_centre;
    if (stacking == Stacking::upright) {
        const Vec3 normal = cross(pose.right, pose.down), to_middle = pose.step * (static_cast<double>(pose.slices.size() - 1) / 2);
        step = normal * dot(pose.step, normal);
        first = first + to_middle - normal * dot(to_middle, normal);
    }
    g.index_to_lps.set_column(0, pose.right * spacing.value);
    g.index_to_lps.set_column(1, pose.down * spacing.value);
    g.index_to_lps.set_column(2, step);
    const double half = spacing.value * (static_cast<double>(size) - 1) / 2;
    g.index_to_lps.set_column(3, first - pose.right * half - pose.down * half);
    return g;
}

}  // namespace lge::orient
