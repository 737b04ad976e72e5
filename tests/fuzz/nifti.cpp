#include "lge/base/error.hpp"
#include "lge/io/nifti.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        const auto image = lge::io::decode_nifti(std::as_bytes(std::span(data, size)), "fuzz", {.max_voxels = std::uint64_t{1} << 22});
        (void)lge::io::to_float(image, "fuzz", false);
        (void)lge::io::decode_nifti(lge::io::encode_nifti(image, nullptr, true), "again");
        (void)lge::io::to_labels(image, "fuzz");
    } catch (const lge::Error& e) {
        if (e.code() != lge::ExitCode::bad_data) __builtin_trap();
    }
    return 0;
}
