#include "lge/io/cohort.hpp"

#include "lge/base/error.hpp"
#include "lge/base/module.hpp"

#include <string_view>

namespace lge::io {
namespace {

// HDF5 brings two dozen libraries of network code that cost every start of a tool 20 ms, so it comes in when needed.
template <class Function>
Function* from_hdf5(const char* name) {
    return reinterpret_cast<Function*>(module_function("liblge-hdf5.so", name));
}

}  // namespace

volume::Grid Cohort::grid(std::size_t c) const {
    const auto& one = cases.at(c);
    return {{width, height, one.slice_count}, one.canonical_to_lps};
}

Bytes encode_cohort(const Cohort& cohort, std::vector<SliceChunks> slices) {
    Bytes out;
    from_hdf5<void(const Cohort&, std::vector<SliceChunks>&, Bytes&)>("lge_encode_cohort")(cohort, slices, out);
    return out;
}

Bytes encode_cohort(const Cohort& cohort) {
    const std::size_t n = cohort.slice_count(), size = cohort.slice_size();
    if (cohort.image.size() != n * size || !(cohort.label.empty() || cohort.label.size() == n * size))
        throw Error(ExitCode::internal, "inconsistent cohort: images, labels and levels differ in number");
    std::vector<SliceChunks> slices;
    slices.reserve(n);
    for (std::size_t i = 0; i < n; ++i)
        slices.push_back(encode_slice({cohort.image.data() + i * size, size}, cohort.label.empty() ? std::span<const std::uint8_t>() : std::span(cohort.label.data() + i * size, size),
                                      cohort.image_type));
    return encode_cohort(cohort, std::move(slices));
}

Cohort decode_cohort(std::span<const std::byte> file, const std::string& name) {
    if (!looks_like_hdf5(file)) throw Error(ExitCode::bad_data, name + ": not an HDF5 file");
    Cohort cohort;
    from_hdf5<void(std::span<const std::byte>, const std::string&, Cohort&)>("lge_decode_cohort")(file, name, cohort);
    return cohort;
}

Cohort read_cohort(const std::string& path) {
    Input input(path);
    return decode_cohort(read_all(input), input.name());
}

bool looks_like_hdf5(std::span<const std::byte> head) {
    constexpr std::string_view magic("\x89HDF\r\n\x1a\n", 8);
    return as_text(head).starts_with(magic);
}

}  // namespace lge::io
