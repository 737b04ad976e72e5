#pragma once
#include <cstddef>
#include <span>
#include <string>

namespace lge::io {

/// The hexadecimal digits of a SHA-256 that stands inside of the file it is of.
inline constexpr std::size_t seal_digits = 64;

/// The SHA-256 of a file whose own digits, which start at byte `digits_at`, are all taken as "0".
std::string seal_of(std::span<const std::byte> file, std::size_t digits_at);
/// Writes it there.
void put_seal(std::span<std::byte> file, std::size_t digits_at);

}  // namespace lge::io
