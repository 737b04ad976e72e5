#include "lge/orient/source.hpp"

#include "lge/base/error.hpp"
#include "lge/base/hash.hpp"
#include "lge/base/stream.hpp"
#include "lge/itk/read.hpp"

#include <cmath>
#include <filesystem>
#include <string_view>

namespace lge::orient {
namespace {

volume::Volume<std::uint8_t> labels_of(const volume::Volume<float>& v, const std::string& name) {
    volume::Volume<std::uint8_t> out(v.grid);
    for (std::size_t n = 0; n < v.voxels.size(); ++n) {
        const float x = v.voxels[n];
        if (!(x >= 0 && x <= 255 && x == std::floor(x))) throw Error(ExitCode::bad_data, name + ": voxel is not a label number from 0 to 255");
        out.voxels[n] = static_cast<std::uint8_t>(x);
    }
    return out;
}

/// `of_nifti` and `of_floats` make the voxels wanted.
template <class T, class N, class F>
Loaded<T> read(const Place& place, const itk::SeriesChoice& series, N of_nifti, F of_floats) {
    const std::string name = display_name(place.path);
    std::error_code error;
    if (!place.content && place.path != "-" && std::filesystem::is_directory(place.path, error)) {
        Loaded<T> loaded{of_floats(itk::read_series(place.path, series), name), {}, {}, {}};
        loaded.sha256 = sha256(std::as_bytes(std::span(loaded.volume.voxels)));
        return loaded;
    }
    const Bytes own = place.content ? Bytes() : read_file(place.path);
    const Bytes& file = place.content ? *place.content : own;
    const auto format = itk::format_of(file);
    if (format != itk::Format::none) {
        if (place.content || place.path == "-") throw Error(ExitCode::bad_data, name + ": NRRD and MetaImage are read from files only, wanted NIfTI");
        return {of_floats(itk::read_volume(place.path, format), name), sha256(file), {}, {}};
    }
    auto image = io::decode_nifti(file, name);
    Loaded<T> loaded{of_nifti(image, name), sha256(file), std::move(image.problems), {}};
    image.raw = {};
    loaded.nifti = std::move(image);
    return loaded;
}

}  // namespace

Loaded<float> read_image(const Place& place, const itk::SeriesChoice& series) {
    return read<float>(place, series, [](const io::Nifti& image, const std::string& name) { return io::to_float(image, name); },
                       [](volume::Volume<float> v, const std::string&) { return v; });
}
Loaded<std::uint8_t> read_labels(const Place& place) {
    return read<std::uint8_t>(place, {}, [](const io::Nifti& image, const std::string& name) { return io::to_labels(image, name); },
                              [](const volume::Volume<float>& v, const std::string& name) { return labels_of(v, name); });
}

}  // namespace lge::orient
