#pragma once
// Scars and look-alikes put into images that have been through a camera.
#include "lge/base/random.hpp"
#include "lge/synth/scar.hpp"
#include "lge/synth/signal.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace lge::synth {

/// Brightness of blood and of normal wall, the wall's spread, and the brightness of no signal, from labelled pixels.
struct Tissue { double blood = 1, wall = 0, wall_sd = 0, floor = 0; };
/// Over any number of pixels: the 60 % quantile of cavity, the 40 % quantile of normal wall and half its 16-84 % range,
/// and the 1 % quantile of all. Nothing when cavity or wall has fewer than `least` pixels.
std::optional<Tissue> measure(std::span<const float> image, std::span<const std::uint8_t> label, std::size_t least);

/// Scar::signal by the inversion-recovery equation, at the inversion time that gives the case's wall and blood.
double fitted_signal(const Tissue& tissue, const Relaxation& t1);

/// Puts a mapped scar into an image: its intensity stands to the case's own wall and blood as Scar::signal says, its
/// edge is blurred and its noise matches the wall's. Pixels that the blurred scar does not reach stay bit-identical.
void paint(volume::Slice<float> image, const ScarMap& map, const Tissue& tissue, double blur_px, Random& random);

/// What looks like scar and is none: a patch of wall that was not nulled, or a bright line across the heart.
void paint_look_alike(volume::Slice<float> image, const SliceWall& wall, const Tissue& tissue, Random& random);

}  // namespace lge::synth
