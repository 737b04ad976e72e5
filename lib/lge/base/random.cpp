#include "lge/base/random.hpp"

#include <cmath>
#include <numbers>
#include <numeric>

namespace lge {

std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> c, std::array<std::uint32_t, 2> k) noexcept {
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t a = std::uint64_t{0xD2511F53} * c[0];
        const std::uint64_t b = std::uint64_t{0xCD9E8D57} * c[2];
        c = {static_cast<std::uint32_t>(b >> 32) ^ c[1] ^ k[0], static_cast<std::uint32_t>(b),
             static_cast<std::uint32_t>(a >> 32) ^ c[3] ^ k[1], static_cast<std::uint32_t>(a)};
        k[0] += 0x9E3779B9;
        k[1] += 0xBB67AE85;
    }
    return c;
}

std::uint64_t hash_name(std::string_view text) noexcept {
    std::uint64_t h = 0xcbf29ce484222325;
    for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return h;
}

Random::Random(std::uint64_t seed, std::uint64_t item, std::string_view purpose) noexcept {
    // The seed fills the key and the purpose is folded into it; the item and the position fill the counter.
    const std::uint64_t key = seed * 0x9E3779B97F4A7C15 ^ hash_name(purpose);
    key_ = {static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32)};
    counter_ = {0, 0, static_cast<std::uint32_t>(item), static_cast<std::uint32_t>(item >> 32)};
}

std::uint32_t Random::next() noexcept {
    if (used_ == 4) {
        block_ = philox4x32(counter_, key_);
        if (++counter_[0] == 0) ++counter_[1];
        used_ = 0;
    }
    return block_[used_++];
}

double Random::uniform() noexcept {
    const std::uint64_t high = next(), low = next();
    return static_cast<double>((high << 32 | low) >> 11) * 0x1p-53;
}

double Random::log_uniform(double low, double high) noexcept { return low * std::pow(high / low, uniform()); }

double Random::normal() noexcept {
    if (has_spare_) {
        has_spare_ = false;
        return spare_;
    }
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    const double angle = 2.0 * std::numbers::pi * uniform();
    spare_ = radius * std::sin(angle);
    has_spare_ = true;
    return radius * std::cos(angle);
}

std::uint32_t Random::below(std::uint32_t n) noexcept {
    // Lemire, "Fast random integer generation in an interval", 2019.
    std::uint64_t m = std::uint64_t{next()} * n;
    if (static_cast<std::uint32_t>(m) < n) {
        const std::uint32_t threshold = (0U - n) % n;
        while (static_cast<std::uint32_t>(m) < threshold) m = std::uint64_t{next()} * n;
    }
    return static_cast<std::uint32_t>(m >> 32);
}

std::size_t Random::weighted(std::span<const double> weights) noexcept {
    double x = uniform() * std::accumulate(weights.begin(), weights.end(), 0.0);
    std::size_t last = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (weights[i] <= 0) continue;
        last = i;
        if ((x -= weights[i]) < 0) return i;
    }
    return last;
}

}  // namespace lge
