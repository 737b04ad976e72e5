#pragma once
// The first letters and digits of sixteen bytes at a time, in lower case.
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace lge::report {

/// The ASCII letters and digits before the first other byte of sixteen, in lower case and padded with zeros.
struct Letters {
    std::uint64_t low = 0, high = 0;
    std::size_t count = 0;
    bool operator==(const Letters&) const = default;
};

/// For any processor. Sixteen bytes must be readable.
inline Letters plain_letters_of(const char* from) {
    const auto eight = [](const char* at, std::uint64_t& lower) -> std::size_t {
        constexpr std::uint64_t each = 0x0101010101010101ULL, high = each * 0x80;
        std::uint64_t bytes = 0;
        for (unsigned k = 0; k < 8; ++k) bytes |= static_cast<std::uint64_t>(static_cast<unsigned char>(at[k])) << 8 * k;
        lower = bytes | each * 0x20;
        const auto within = [](std::uint64_t x, unsigned first, unsigned last) {  // the high bit of each byte from first to last
            const std::uint64_t seven = x & ~high;
            return (seven + each * (0x80 - first)) ^ (seven + each * (0x7f - last));
        };
        const std::uint64_t other = ~((within(lower, 'a', 'z') | within(bytes, '0', '9')) & ~bytes) & high;
        if (other == 0) return 8;
        const auto letters = static_cast<std::size_t>(std::countr_zero(other)) / 8;
        lower &= (1ULL << letters * 8) - 1;
        return letters;
    };
    Letters out;
    out.count = eight(from, out.low);
    if (out.count == 8) out.count += eight(from + 8, out.high);
    return out;
}

#ifdef __SSE2__
inline Letters letters_of(const char* from) {
    alignas(16) static constexpr unsigned char keep[32] = {255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255};
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
    const __m128i lower = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
    // moved to the least of a signed byte, so that one comparison tells whether a byte is among the next 26 or 10
    const __m128i letter = _mm_cmplt_epi8(_mm_sub_epi8(lower, _mm_set1_epi8(static_cast<char>('a' + 128))), _mm_set1_epi8(-128 + 26));
    const __m128i digit = _mm_cmplt_epi8(_mm_sub_epi8(bytes, _mm_set1_epi8(static_cast<char>('0' + 128))), _mm_set1_epi8(-128 + 10));
    Letters out;
    out.count = static_cast<std::size_t>(std::countr_one(static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(letter, digit)))));
    const __m128i kept = _mm_and_si128(lower, _mm_loadu_si128(reinterpret_cast<const __m128i*>(keep + 16 - out.count)));
    std::uint64_t parts[2];
    std::memcpy(parts, &kept, sizeof parts);
    out.low = parts[0];
    out.high = parts[1];
    return out;
}
#else
inline Letters letters_of(const char* from) { return plain_letters_of(from); }
#endif

}  // namespace lge::report
