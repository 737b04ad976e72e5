#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace lge {

/// One block of Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key) noexcept;

/// A stable 64-bit name of a text (FNV-1a), to key random numbers by case id or purpose.
std::uint64_t hash_name(std::string_view text) noexcept;

/// Counter-based random numbers: the stream depends on (seed, item, purpose) alone, never on threads or order.
/// All distributions are our own, so that the same key gives the same numbers with every standard library.
class Random {
public:
    Random(std::uint64_t seed, std::uint64_t item, std::string_view purpose) noexcept;

    std::uint32_t next() noexcept;
    /// In [0, 1), 53 bits.
    double uniform() noexcept;
    double uniform(double low, double high) noexcept { return low + (high - low) * uniform(); }
    /// Log-uniform in [low, high), 0 < low <= high.
    double log_uniform(double low, double high) noexcept;
    /// Mean 0, standard deviation 1 (Box-Muller).
    double normal() noexcept;
    double normal(double mean, double sd) noexcept { return mean + sd * normal(); }
    /// In 0..n-1 without bias; n > 0.
    std::uint32_t below(std::uint32_t n) noexcept;
    bool chance(double probability) noexcept { return uniform() < probability; }
    /// Index drawn in proportion to `weights` (none negative, not all zero).
    std::size_t weighted(std::span<const double> weights) noexcept;
    template <class Range>
    auto& pick(Range& items) noexcept { return items[below(static_cast<std::uint32_t>(std::size(items)))]; }

private:
    std::array<std::uint32_t, 4> counter_;
    std::array<std::uint32_t, 2> key_;
    std::array<std::uint32_t, 4> block_{};
    unsigned used_ = 4;
    double spare_ = 0;
    bool has_spare_ = false;
};

}  // namespace lge
