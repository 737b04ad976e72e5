#include "lge/itk/read.hpp"

#include "lge/base/module.hpp"
#include "lge/base/stream.hpp"

namespace lge::itk {
namespace {

/// A function of the library that holds ITK's readers. With GDCM's dictionaries they take 20 ms to load, so they come in
/// only when a file needs them.
template <class F>
F* from_readers(const char* name) { return reinterpret_cast<F*>(module_function("liblge-readers.so", name)); }

}  // namespace

Format format_of(std::span<const std::byte> head) {
    const auto text = as_text(head);
    if (text.starts_with("NRRD000")) return Format::nrrd;
    const auto first = text.substr(0, text.find('\n'));
    for (const std::string_view key : {"ObjectType", "NDims", "Comment"})
        if (first.starts_with(key) && first.find('=') != std::string_view::npos) return Format::meta_image;
    return Format::none;
}

volume::Volume<float> read_volume(const std::string& path, Format format) {
    volume::Volume<float> v;
    from_readers<void(const std::string&, Format, volume::Volume<float>&)>("lge_read_volume_file")(path, format, v);
    return v;
}

volume::Volume<float> read_series(const std::string& folder, const SeriesChoice& choice) {
    volume::Volume<float> v;
    from_readers<void(const std::string&, const SeriesChoice&, volume::Volume<float>&)>("lge_read_dicom_series")(folder, choice, v);
    return v;
}

}  // namespace lge::itk
