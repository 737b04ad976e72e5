#include "lge/io/runs.hpp"

#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace lge::io {
namespace {

constexpr std::size_t least_match = 3, longest_match = 258;

struct Code { std::uint32_t bits = 0; unsigned count = 0; };  // the first bit is the lowest

constexpr std::uint32_t reversed(std::uint32_t code, unsigned count) {
    std::uint32_t out = 0;
    for (unsigned i = 0; i < count; ++i) out |= (code >> i & 1U) << (count - 1 - i);
    return out;
}

// A match of each length at distance 1: fixed code of the length, its extra bits, and distance code 0, five zero bits.
constexpr std::array<Code, longest_match + 1> match_codes = [] {
    std::array<Code, longest_match + 1> codes{};
    std::size_t length = least_match;
    for (unsigned symbol = 257; symbol < 285; ++symbol) {
        const unsigned extra = symbol < 265 ? 0 : (symbol - 261) / 4;
        const unsigned count = symbol < 280 ? 7 : 8, code = symbol < 280 ? symbol - 256 : 0xC0 + symbol - 280;
        for (std::uint32_t i = 0; i < 1U << extra && length <= longest_match; ++i, ++length) codes[length] = {reversed(code, count) | i << count, count + extra + 5};
    }
    codes[longest_match] = {reversed(0xC0 + 285 - 280, 8), 8 + 5};
    return codes;
}();

constexpr std::array<std::uint8_t, 144> literal_codes = [] {
    std::array<std::uint8_t, 144> codes{};
    for (std::uint32_t v = 0; v < codes.size(); ++v) codes[v] = static_cast<std::uint8_t>(reversed(0x30 + v, 8));
    return codes;
}();

class Bits {
public:
    explicit Bits(std::byte* to) : to_(to) {}
    void put(std::uint32_t bits, unsigned count) {
        held_ |= static_cast<std::uint64_t>(bits) << count_;
        count_ += count;
        if (count_ < 32) return;
        std::memcpy(to_, &held_, 4);
        to_ += 4, held_ >>= 32, count_ -= 32;
    }
    std::byte* end() {
        for (; count_ > 0; count_ -= std::min(count_, 8U), held_ >>= 8) *to_++ = static_cast<std::byte>(held_ & 0xffU);
        return to_;
    }

private:
    std::byte* to_;
    std::uint64_t held_ = 0;
    unsigned count_ = 0;
};

std::size_t run_end(std::span<const std::uint8_t> values, std::size_t at) {
    const std::uint8_t value = values[at];
    const std::uint64_t wanted = 0x0101010101010101U * value;
    std::uint64_t eight = 0;
    for (; at + 8 <= values.size(); at += 8) {
        std::memcpy(&eight, &values[at], 8);
        if (eight != wanted) return at + static_cast<std::size_t>(std::countr_zero(eight ^ wanted)) / 8;
    }
    while (at < values.size() && values[at] == value) ++at;
    return at;
}

}  // namespace

Bytes deflate_runs(std::span<const std::uint8_t> values) {
    Bytes out(values.size() + 32);  // a literal takes a byte, and no match is longer than the literals it stands for
    out[0] = std::byte{0x78}, out[1] = std::byte{0x01};
    Bits bits(out.data() + 2);
    bits.put(0b011, 3);  // the last block, fixed codes
    for (std::size_t at = 0; at < values.size();) {
        const std::uint32_t literal = literal_codes[values[at]];
        std::size_t left = run_end(values, at) - at;
        at += left;
        bits.put(literal, 8);
        for (--left; left >= least_match;) {
            const std::size_t length = std::min(left, longest_match);
            bits.put(match_codes[length].bits, match_codes[length].count);
            left -= length;
        }
        for (; left > 0; --left) bits.put(literal, 8);
    }
    bits.put(0, 7);  // end of block
    std::byte* end = bits.end();
    const std::uint32_t adler = libdeflate_adler32(1, values.data(), values.size());
    for (int shift = 24; shift >= 0; shift -= 8) *end++ = static_cast<std::byte>(adler >> shift & 0xffU);
    out.resize(static_cast<std::size_t>(end - out.data()));
    return out;
}

}  // namespace lge::io
