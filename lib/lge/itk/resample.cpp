#include "lge/itk/resample.hpp"

#include "lge/itk/bridge.hpp"

#include <itkBSplineInterpolateImageFunction.h>
#include <itkLinearInterpolateImageFunction.h>
#include <itkResampleImageFilter.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace lge::itk {
namespace {

using volume::Affine;
using volume::Grid;
using volume::Slice;
using volume::Vec3;
using volume::Volume;

/// The two neighbours of a place on an axis of `n` pixels, and the weight of the second. Half a pixel beyond the ends the
/// end itself counts, as in ITK.
struct Pair {
    std::size_t a, b;
    double t;
};
bool inside(double x, std::size_t n) { return x >= -0.5 && x < static_cast<double>(n) - 0.5; }
Pair neighbours(double x, std::size_t n) {
    const double clamped = std::clamp(x, 0.0, static_cast<double>(n - 1));
    const auto a = static_cast<std::size_t>(clamped);
    return {a, std::min(a + 1, n - 1), clamped - static_cast<double>(a)};
}

/// The label with the largest sum of weights; of equals the lowest.
template <std::size_t N>
std::uint8_t strongest(const std::array<std::uint8_t, N>& label, const std::array<double, N>& weight) {
    if (std::all_of(label.begin(), label.end(), [&](auto l) { return l == label[0]; })) return label[0];
    double best = -1;
    std::uint8_t winner = 0;
    for (std::size_t c = 0; c < N; ++c) {
        double sum = 0;
        for (std::size_t d = 0; d < N; ++d)
            if (label[d] == label[c]) sum += weight[d];
        if (sum > best + 1e-12 || (sum > best - 1e-12 && label[c] < winner)) {
            best = sum;
            winner = label[c];
        }
    }
    return winner;
}

/// The x, from the first to one before the last, of 0 to n - 1 for which low <= start + step x < high.
std::pair<std::size_t, std::size_t> span_of(double start, double step, std::size_t n, double low, double high) {
    const auto good = [&](std::size_t x) {
        const double at = start + step * static_cast<double>(x);
        return at >= low && at < high;
    };
    const auto whole = [&](double x) { return static_cast<std::size_t>(std::clamp(x, 0.0, static_cast<double>(n))); };
    if (step == 0) return n > 0 && good(0) ? std::pair{std::size_t{0}, n} : std::pair{n, n};
    const double a = (low - start) / step, b = (high - start) / step;
    std::size_t first = whole(std::min(a, b) - 1), last = whole(std::max(a, b) + 2);  // rounding is put right here
    while (first < last && !good(first)) ++first;
    while (last > first && !good(last - 1)) --last;
    return {first, last};
}

/// The pixels of each slice of `onto` from slice from[n] of `v`: inner(slice, i, j) where all four neighbours of the place
/// (i, j) are pixels, edge(slice, i, j) up to half a pixel beyond the outermost; elsewhere, and for from[n] == no_slice,
/// `outside`.
template <class T, class Inner, class Edge>
Volume<T> each_in_plane(const Volume<T>& v, const Grid& onto, std::span<const std::size_t> from, T outside, Inner inner, Edge edge) {
    Volume<T> out(onto, outside);
    const Affine map = v.grid.index_to_lps.inverse() * onto.index_to_lps;
    const Vec3 dx = map.column(0);
    const auto common = [](auto s, auto t) { return std::pair{std::max(s.first, t.first), std::min(s.second, t.second)}; };
    for (std::size_t n = 0; n < onto.shape[2]; ++n) {
        if (from[n] == no_slice) continue;
        const Slice<const T> source = v.slice(from[n]);
        const Slice<T> target = out.slice(n);
        const double w = static_cast<double>(source.width), h = static_cast<double>(source.height);
        for (std::size_t y = 0; y < target.height; ++y) {
            const Vec3 row = map({0, static_cast<double>(y), static_cast<double>(n)});
            const auto span = [&](double low, double beyond) {
                return common(span_of(row[0], dx[0], target.width, low, w - beyond), span_of(row[1], dx[1], target.width, low, h - beyond));
            };
            const auto all = span(-0.5, 0.5);
            auto within = span(0, 1);
            if (within.first >= within.second) within = {all.second, all.second};
            const auto fill = [&](std::size_t first, std::size_t last, auto f) {
                // Signed: x86 turns signed integers into floats, and back, in one instruction.
                for (auto x = static_cast<std::ptrdiff_t>(first); x < static_cast<std::ptrdiff_t>(last); ++x) {
                    const double at = static_cast<double>(x);
                    target(static_cast<std::size_t>(x), y) = f(source, row[0] + dx[0] * at, row[1] + dx[1] * at);
                }
            };
            fill(all.first, within.first, edge);
            fill(within.first, within.second, inner);
            fill(within.second, all.second, edge);
        }
    }
    return out;
}

Volume<float> bspline_slices(const Volume<float>& v, const Grid& onto, std::span<const std::size_t> from, float outside) {
    using Plane = ::itk::Image<float, 2>;
    using Spline = ::itk::BSplineInterpolateImageFunction<Plane, double, float>;
    const float* ready = nullptr;  // the slice that `spline` was made for
    auto spline = Spline::New();
    spline->SetSplineOrder(3);
    const auto sample = [&](Slice<const float> source, double i, double j) {
        if (source.pixels != ready) {
            auto plane = Plane::New();
            plane->SetRegions(Plane::SizeType{{source.width, source.height}});
            plane->GetPixelContainer()->SetImportPointer(const_cast<float*>(source.pixels), source.size(), false);
            spline->SetInputImage(plane);
            ready = source.pixels;
        }
        Spline::ContinuousIndexType at;
        at[0] = i;
        at[1] = j;
        return static_cast<float>(spline->EvaluateAtContinuousIndex(at));
    };
    return each_in_plane(v, onto, from, outside, sample, sample);
}

}  // namespace

Volume<float> resample(const Volume<float>& v, const Grid& onto, Interpolation interpolation, float outside) {
    return without_itk_errors(ExitCode::bad_data, "grid is singular", [&] {
        using Image = ::itk::Image<float, 3>;
        auto filter = ::itk::ResampleImageFilter<Image, Image>::New();
        filter->SetNumberOfWorkUnits(1);
        if (interpolation == Interpolation::bspline) {
            auto spline = ::itk::BSplineInterpolateImageFunction<Image, double, float>::New();
            spline->SetSplineOrder(3);
            filter->SetInterpolator(spline);
        } else {
            filter->SetInterpolator(::itk::LinearInterpolateImageFunction<Image, double>::New());
        }
        auto target = Image::New();
        set_grid(*target, onto);
        filter->SetInput(view(v));
        filter->SetOutputSpacing(target->GetSpacing());
        filter->SetOutputOrigin(target->GetOrigin());
        filter->SetOutputDirection(target->GetDirection());
        filter->SetSize({{onto.shape[0], onto.shape[1], onto.shape[2]}});
        filter->SetDefaultPixelValue(outside);
        filter->Update();
        auto out = copy<float>(*filter->GetOutput());
        out.grid = onto;
        return out;
    });
}

Volume<std::uint8_t> resample_labels(const Volume<std::uint8_t>& v, const Grid& onto) {
    Volume<std::uint8_t> out(onto, 0);
    const Affine map = v.grid.index_to_lps.inverse() * onto.index_to_lps;
    const auto& n = v.grid.shape;
    for (std::size_t k = 0; k < onto.shape[2]; ++k)
        for (std::size_t j = 0; j < onto.shape[1]; ++j)
            for (std::size_t i = 0; i < onto.shape[0]; ++i) {
                const Vec3 p = map({static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)});
                if (!inside(p[0], n[0]) || !inside(p[1], n[1]) || !inside(p[2], n[2])) continue;
                const std::array<Pair, 3> pair{neighbours(p[0], n[0]), neighbours(p[1], n[1]), neighbours(p[2], n[2])};
                std::array<std::uint8_t, 8> label{};
                std::array<double, 8> weight{};
                for (unsigned c = 0; c < 8; ++c) {
                    const auto pick = [&](unsigned a) { return (c >> a & 1U) != 0 ? pair[a].b : pair[a].a; };
                    label[c] = v(pick(0), pick(1), pick(2));
                    weight[c] = 1;
                    for (unsigned a = 0; a < 3; ++a) weight[c] *= (c >> a & 1U) != 0 ? pair[a].t : 1 - pair[a].t;
                }
                out(i, j, k) = strongest(label, weight);
            }
    return out;
}

Volume<float> resample_slices(const Volume<float>& v, const Grid& onto, std::span<const std::size_t> from, Interpolation interpolation, float outside) {
    if (interpolation == Interpolation::bspline)
        return without_itk_errors(ExitCode::internal, "B-spline interpolation failed", [&] { return bspline_slices(v, onto, from, outside); });
    const auto mix = [](float a, float b, float c, float d, double u, double t) {
        const double top = a + (static_cast<double>(b) - a) * u, low = c + (static_cast<double>(d) - c) * u;
        return static_cast<float>(top + (low - top) * t);
    };
    return each_in_plane(v, onto, from, outside,
        [&](Slice<const float> s, double i, double j) {
            const auto x = static_cast<std::ptrdiff_t>(i), y = static_cast<std::ptrdiff_t>(j), w = static_cast<std::ptrdiff_t>(s.width);
            const float* p = s.pixels + y * w + x;
            return mix(p[0], p[1], p[w], p[w + 1], i - static_cast<double>(x), j - static_cast<double>(y));
        },
        [&](Slice<const float> s, double i, double j) {
            const Pair x = neighbours(i, s.width), y = neighbours(j, s.height);
            return mix(s(x.a, y.a), s(x.b, y.a), s(x.a, y.b), s(x.b, y.b), x.t, y.t);
        });
}

Volume<std::uint8_t> resample_label_slices(const Volume<std::uint8_t>& v, const Grid& onto, std::span<const std::size_t> from) {
    const auto mix = [](std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d, double u, double t) {
        if (a == b && a == c && a == d) return a;
        return strongest<4>({a, b, c, d}, {(1 - u) * (1 - t), u * (1 - t), (1 - u) * t, u * t});
    };
    return each_in_plane(v, onto, from, std::uint8_t{0},
        [&](Slice<const std::uint8_t> s, double i, double j) {
            const auto x = static_cast<std::ptrdiff_t>(i), y = static_cast<std::ptrdiff_t>(j), w = static_cast<std::ptrdiff_t>(s.width);
            const std::uint8_t* p = s.pixels + y * w + x;
            return mix(p[0], p[1], p[w], p[w + 1], i - static_cast<double>(x), j - static_cast<double>(y));
        },
        [&](Slice<const std::uint8_t> s, double i, double j) {
            const Pair x = neighbours(i, s.width), y = neighbours(j, s.height);
            return mix(s(x.a, y.a), s(x.b, y.a), s(x.a, y.b), s(x.b, y.b), x.t, y.t);
        });
}

}  // namespace lge::itk
