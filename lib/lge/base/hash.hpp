#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace lge {

/// SHA-256, fed in pieces.
class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;
    void add(std::span<const std::byte> bytes);
    /// 64 hexadecimal digits, lower case; ends the stream.
    std::string hex();

private:
    struct Context;
    std::unique_ptr<Context> context_;
};

std::string sha256(std::span<const std::byte> bytes);

}  // namespace lge
