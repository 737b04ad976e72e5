#pragma once
// What the scanner does to a drawn picture: slice thickness, coil, motion, point spread, noise and display curve.
#include "lge/synth/field.hpp"
#include "lge/synth/heart.hpp"

#include <span>

namespace lge::synth {

/// Neighbouring anatomy along the slice's thickness: a copy drawn in or out from the axis at (cx, cy) is mixed in;
/// end_mixing makes it more and stronger at the heart's ends. z: 0 base, 1 apex.
void mix_through_plane(Plane& image, const Heart& heart, double z, double cx, double cy, Random& random);

/// Texture, coil shading, ghosts, blur and noise. `bias` is shared by the slices of a stack.
void expose(Plane& image, const Heart& heart, const Plane& bias, Random& random);

/// To 0-1 over all slices of a stack by one scale, through the display curve, on the raised floor of phase-sensitive
/// images.
void develop(std::span<float> stack, const Heart& heart);

}  // namespace lge::synth
