#pragma once
// Zero-shot answers of a trained image-text model.
#include "lge/io/cohort.hpp"
#include "lge/nn/device.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lge::nn {

/// Pairs of sentence sets that stand for "present" and "absent".
struct Prompts {
    std::vector<std::string> present, absent;
};
/// One sentence a line; blank lines and lines with # at the start do not count. bad_data when none is left.
std::vector<std::string> read_prompts(const std::string& path);

struct Call {
    double score = 0;  // mean similarity to the prompts of presence less that to those of absence
    double probability = 0, threshold = 0;
    bool present = false;
};
/// The answers for a case; nothing where no wall can be read.
struct CaseCalls {
    std::optional<Call> whole;
    std::vector<std::optional<Call>> slices;
};

/// Answers to "is there enhancement?" for cases in the canonical pose.
class Detector {
public:
    Detector(const std::string& model, const Prompts& prompts, DeviceChoice device);
    ~Detector();
    Detector(Detector&&) noexcept;

    /// May be called on several threads at once. bad_data when the model looks at wall strips and the cohort has no labels.
    [[nodiscard]] CaseCalls judge(const io::Cohort& cohort, std::size_t c) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace lge::nn
