#pragma once
// The landmarks of a heart that a network has drawn.
#include "lge/nn/infer/segmenter.hpp"
#include "lge/orient/pose.hpp"

#include <optional>

namespace lge::nn {

/// The share of a heat map round its peak from which on the peak is believed.
inline constexpr double least_confidence = 0.5;

/// A slice of the stack and its insertions.
struct ChosenInsertions {
    std::size_t slice = 0;
    SeenInsertions at;
};

/// The insertions that stand for the heart: of the slices in which the label map shows LV and RV and both peaks are believed,
/// those of the one nearest to the middle; nothing where there is none. A mirrored heart looks much like another one, so where
/// the header says from which side the slices are seen (see orient::judge), that decides which of the two is the anterior one.
/// `pose`: what the label map shows.
std::optional<ChosenInsertions> choose_insertions(const std::vector<SeenInsertions>& seen, const orient::Pose& pose, const volume::Grid& grid);

}  // namespace lge::nn
