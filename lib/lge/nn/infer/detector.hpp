#pragma once
// Zero-shot answers of a trained image-text model.
#include "lge/io/cohort.hpp"
#include "lge/io/records.hpp"
#include "lge/nn/infer/prompts.hpp"
#include "lge/nn/infer/sentences.hpp"
#include "lge/nn/net/device.hpp"
#include "lge/nn/net/model.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lge::nn {

/// What a model is asked.
struct Questions {
    PromptSet prompts = shipped_prompts();
    std::vector<KnownSentence> captions;  // to choose the nearest from; empty: those of the prompts
    std::optional<Pooling> pooling;       // in place of the model's own
};

/// Something of a case and of its slices; nothing where the model cannot read it.
template <class T>
struct OfCase {
    std::optional<T> whole;
    std::vector<std::optional<T>> slices;
};

/// Answers for cases in the canonical pose. The functions may be called on several threads at once; each is bad_data when
/// the model looks at wall strips and the cohort has no labels.
class Detector {
public:
    /// no_input or bad_data when the model cannot be used; unavailable when the device cannot.
    Detector(const std::string& model, const Questions& questions, DeviceChoice device);
    ~Detector();
    Detector(Detector&&) noexcept;

    [[nodiscard]] OfCase<io::DetectionRecord> judge(const io::Cohort& cohort, std::size_t c) const;
    /// bad_data when no sentence that can be chosen affirms enhancement, or none denies it.
    void check_captions() const;
    /// The sentence that fits best, of those that agree with the call and with the wall, level and extent that are named.
    [[nodiscard]] OfCase<io::CaptionRecord> caption(const io::Cohort& cohort, std::size_t c) const;
    /// The sentences that the model's decoder finds most probable, of those that lge-reportparse understands and that agree
    /// with the call; of the case, that of the slice that speaks most clearly for its call. Where none is found, the nearest.
    /// usage for a model without decoder.
    [[nodiscard]] OfCase<io::CaptionRecord> write(const io::Cohort& cohort, std::size_t c) const;
    /// Unit vectors in the space that images and sentences share.
    [[nodiscard]] OfCase<std::vector<float>> embed(const io::Cohort& cohort, std::size_t c) const;
    [[nodiscard]] std::vector<std::vector<float>> embed(const std::vector<std::string>& sentences) const;
    /// What speaks for scar ("scar", where the model marks it), for "presence", or for a class of the prompts by its name, on
    /// the pixels of a case (heat.hpp). usage when there is no such class.
    [[nodiscard]] volume::Volume<float> heat(const io::Cohort& cohort, std::size_t c, const std::string& of) const;
    /// usage when one of these cannot be shown, or stands there twice.
    void check_heat(const std::vector<std::string>& of) const;
    /// "scar" or, where the model does not mark it, "presence".
    [[nodiscard]] std::string default_heat() const;
    /// What the model's thresholds are set for, and what it is asked now differ: "pooling", "prompts"; empty where they do not.
    [[nodiscard]] std::string other_than_calibrated() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace lge::nn
