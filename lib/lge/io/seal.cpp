#include "lge/io/seal.hpp"

#include "lge/base/hash.hpp"

#include <cstring>

namespace lge::io {

std::string seal_of(std::span<const std::byte> file, std::size_t digits_at) {
    const std::string zeros(seal_digits, '0');
    Sha256 hash;
    hash.add(file.first(digits_at));
    hash.add(std::as_bytes(std::span(zeros)));
    hash.add(file.subspan(digits_at + seal_digits));
    return hash.hex();
}

void put_seal(std::span<std::byte> file, std::size_t digits_at) {
    std::memcpy(file.data() + digits_at, seal_of(file, digits_at).data(), seal_digits);
}

}  // namespace lge::io
