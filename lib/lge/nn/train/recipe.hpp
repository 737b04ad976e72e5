#pragma once
// How a run learns.
#include "lge/nn/net/device.hpp"
#include "lge/nn/net/model.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace lge::nn {

/// Weights of the parts of aligning's objective, 0 leaves a part out, and what stands against what.
struct AlignLosses {
    double finding = 1;  // contrastive: which sentence belongs to which slice or case
    double answer = 1;   // whether there is enhancement at all, along the direction between sentences of either answer
    double scar = 1;     // where it is, on strips of drawn hearts
    double clause = 1;   // segment-wise: which clause about an AHA segment its sector of a slice belongs to
    double caption = 0;  // the slice's sentence, written token after token from what the tower sees
    bool no_hard_negatives = false;  // sentences changed in one field do not stand among the negatives
    bool own_only = false;  // a text is positive for its own image alone, as in plain CLIP
    double any_pose = 0.3;  // share of the cases in any turn, from which only the answer and what names no place is learned
};

/// What of the segmentation network's learning is not in every run.
struct SegmentLosses {
    double insertion_weight = 1, pose_weight = 0.3;  // of the heads' losses beside that of the classes
    double label_smoothing = 0;  // share of a pixel's truth that is spread over all classes
    double odd_contrast = 0;     // share of the samples whose contrast no scanner would give
    std::uint64_t views = 1;     // windows of each drawn heart
};

/// How boldly a network of either task is trained, and how often the run says and keeps what it has.
struct Learning : AlignLosses, SegmentLosses {
    std::uint64_t seed = 1;
    double learning_rate = 2e-3;  // the highest
    double warm_up = 0.05;        // share of the steps
    double weight_decay = 1e-3;
    double clip = 1;              // of the gradient's norm
    double average = 0.99;        // of the weights, a step; less at the start
    unsigned nan_limit = 5;
    std::uint64_t accumulate = 1;      // parts of a batch whose activations are kept one at a time
    std::uint64_t validate_every = 0;  // steps; 0: never
    std::uint64_t patience = 0;        // validations without a better score before the run ends early; 0: to the last step
    bool overfit_one_batch = false;    // every step sees the first one's samples
    bool dry_run = false;
    std::uint64_t save_every = 200;    // steps
    std::uint64_t stop_after = 0;      // steps of this call; 0: none
};

/// A whole run: what suits its task, unless it is said otherwise, and where it keeps its state.
struct Recipe : Learning {
    Recipe() = default;
    explicit Recipe(Task task, const Learning& learning = {}) : Learning(learning) {
        if (task == Task::align) steps = 300, batch = 12, precision = Precision::fp32;
    }
    std::uint64_t steps = 800;
    std::uint64_t batch = 16;  // slices (segment) or cases (align)
    Precision precision = Precision::bf16;
    std::filesystem::path folder;
    std::string config;  // JSON: the options in force, for the run's folder
};

}  // namespace lge::nn
