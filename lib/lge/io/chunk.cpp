#include "lge/io/chunk.hpp"

#include "lge/anatomy/heart.hpp"
#include "lge/base/error.hpp"
#include "lge/io/half.hpp"
#include "lge/io/runs.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace lge::io {
namespace {

constexpr std::size_t checksum_bytes = 4;

void put_checksum(Bytes& chunk) {
    const std::uint32_t sum = fletcher32(std::span(chunk).first(chunk.size() - checksum_bytes));
    for (std::size_t i = 0; i < checksum_bytes; ++i) chunk[chunk.size() - checksum_bytes + i] = static_cast<std::byte>(sum >> 8 * i & 0xffU);
}

Bytes encode_image(std::span<const float> image, ImageType type) {
    std::int32_t largest = 0;  // the bits of a float without its sign rise with it
    for (const float v : image) largest = std::max(largest, std::bit_cast<std::int32_t>(v) & 0x7fffffff);
    if (largest >= 0x7f800000) throw Error(ExitCode::internal, "inconsistent cohort: a pixel is not finite");
    if (type == ImageType::float32) {
        Bytes chunk(image.size_bytes() + checksum_bytes);
        std::memcpy(chunk.data(), image.data(), image.size_bytes());
        put_checksum(chunk);
        return chunk;
    }
    if (largest >= std::bit_cast<std::int32_t>(65520.0F)) throw Error(ExitCode::bad_data, "a pixel does not fit float16: wanted at most 65504");
    Bytes chunk(2 * image.size() + checksum_bytes);
    auto* out = chunk.data();
    for (std::size_t i = 0; i < image.size(); ++i) {
        const std::uint16_t half = to_half(image[i]);
        std::memcpy(out + 2 * i, &half, sizeof half);
    }
    put_checksum(chunk);
    return chunk;
}

Bytes encode_label(std::span<const std::uint8_t> label) {
    std::uint8_t largest = 0;
    for (const std::uint8_t l : label) largest = std::max(largest, l);
    if (largest >= anatomy::label_count) throw Error(ExitCode::internal, "inconsistent cohort: a label above 5");
    const Bytes deflated = deflate_runs(label);
    Bytes chunk(deflated.size() + checksum_bytes);
    std::copy(deflated.begin(), deflated.end(), chunk.begin());
    put_checksum(chunk);
    return chunk;
}

}  // namespace

SliceChunks encode_slice(std::span<const float> image, std::span<const std::uint8_t> label, ImageType type) {
    return {encode_image(image, type), label.empty() ? Bytes() : encode_label(label)};
}

std::uint32_t fletcher32(std::span<const std::byte> bytes) {
    if (bytes.empty()) return 0;
    // Both sums are taken modulo 65535, in which a byte swap is a multiplication by 256: words are added as they lie
    // (little-endian) and the sums multiplied at the end. A block's sums fit 32 bits.
    constexpr std::size_t block = 256;
    constexpr std::uint64_t modulus = 65535;
    std::uint64_t first = 0, second = 0, any = 0;
    const std::size_t words = bytes.size() / 2;
    const auto add = [&](const std::uint16_t* w, std::size_t n) {
        std::uint32_t plain = 0, weighed = 0;
        for (std::size_t i = 0; i < n; ++i) {
            plain += w[i];
            weighed += static_cast<std::uint32_t>(n - i) * w[i];
        }
        second = (second + n * first + weighed) % modulus;
        first = (first + plain) % modulus;
        any |= plain;
    };
    std::array<std::uint16_t, block> buffer{};
    std::size_t at = 0;
    for (; at + block <= words; at += block) {
        std::memcpy(buffer.data(), bytes.data() + 2 * at, 2 * block);
        add(buffer.data(), block);
    }
    std::memcpy(buffer.data(), bytes.data() + 2 * at, 2 * (words - at));
    std::size_t rest = words - at;
    if (bytes.size() % 2 == 1) {
        buffer[rest++] = std::to_integer<std::uint16_t>(bytes.back());
    }
    add(buffer.data(), rest);
    // HDF5 folds its sums, which leaves 65535 of a multiple of it, and 0 of zeros alone.
    const auto fold = [&](std::uint64_t sum) { return static_cast<std::uint32_t>(any == 0 ? 0 : (sum * 256 + modulus - 1) % modulus + 1); };
    return fold(second) << 16 | fold(first);
}

}  // namespace lge::io
