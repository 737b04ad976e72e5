#include "lge/base/error.hpp"
#include "lge/io/safetensors.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto input = std::as_bytes(std::span(data, size));
    lge::Bytes file(input.begin(), input.end());
    try {
        const auto model = lge::io::decode_safetensors(std::move(file), "fuzz");
        (void)lge::io::decode_safetensors(lge::io::encode_safetensors(model), "again");
    } catch (const lge::Error& e) {
        if (e.code() != lge::ExitCode::bad_data) __builtin_trap();
    }
    return 0;
}
