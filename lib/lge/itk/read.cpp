#include "lge/itk/read.hpp"

#include "lge/base/stream.hpp"
#include "lge/itk/bridge.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <itkImageFileReader.h>
#include <itkMetaImageIO.h>
#include <itkNrrdImageIO.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace lge::itk {
namespace {

constexpr std::uint64_t max_voxels = std::uint64_t{1} << 29;

/// What MetaImage's reader would not notice: ElementDataFile leads elsewhere than to the file's own folder.
void refuse_foreign_data(const std::string& path, const std::string& name) {
    Input input(path);
    Bytes head(std::size_t{1} << 16);
    const std::string_view text = as_text(std::span(head).first(input.read(head)));
    const auto at = text.find("ElementDataFile");
    if (at == std::string_view::npos) throw Error(ExitCode::bad_data, name + ": MetaImage header has no ElementDataFile");
    const auto line = text.substr(at, text.find('\n', at) - at);
    if (line.find('/') != std::string_view::npos || line.find("LIST") != std::string_view::npos)
        throw Error(ExitCode::bad_data, name + ": ElementDataFile leads out of the folder, wanted LOCAL or a file beside the header");
}

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
    const std::string name = display_name(path);
    if (format == Format::meta_image) refuse_foreign_data(path, name);
    return without_itk_errors(ExitCode::bad_data, name + ": damaged, or not the image its header says", [&] {
        ::itk::ImageIOBase::Pointer io;
        if (format == Format::nrrd) io = ::itk::NrrdImageIO::New().GetPointer();
        else io = ::itk::MetaImageIO::New().GetPointer();
        io->SetFileName(path);
        io->ReadImageInformation();
        if (io->GetNumberOfComponents() != 1) throw Error(ExitCode::bad_data, fmt::format("{}: {} numbers a voxel, wanted 1", name, io->GetNumberOfComponents()));
        std::uint64_t voxels = 1;
        for (unsigned a = 0; a < io->GetNumberOfDimensions(); ++a) {
            const std::uint64_t n = io->GetDimensions(a);
            if (a > 2 && n != 1) throw Error(ExitCode::bad_data, name + ": more than three axes");
            if (n == 0 || n > max_voxels / voxels) throw Error(ExitCode::bad_data, name + ": size is 0 or above the limit of 2^29 voxels");
            voxels *= n;
        }
        auto reader = ::itk::ImageFileReader<::itk::Image<float, 3>>::New();
        reader->SetImageIO(io);
        reader->SetFileName(path);
        reader->Update();
        auto v = copy<float>(*reader->GetOutput());
        if (!std::all_of(v.voxels.begin(), v.voxels.end(), [](float x) { return std::isfinite(x); })) throw Error(ExitCode::bad_data, name + ": voxel is not finite");
        return v;
    });
}

volume::Volume<float> read_series(const std::string& folder) {
    // GDCM's dictionaries take 20 ms to load, so it comes in only when a folder is read.
    void* module = dlopen("liblge-dicom.so", RTLD_NOW);
    if (module == nullptr) throw Error(ExitCode::unavailable, "liblge-dicom.so: not installed beside the tools");
    const auto read = reinterpret_cast<void (*)(const std::string&, volume::Volume<float>&)>(dlsym(module, "lge_read_dicom_series"));
    if (read == nullptr) throw Error(ExitCode::unavailable, "liblge-dicom.so: of another version");
    volume::Volume<float> v;
    read(folder, v);
    return v;
}

}  // namespace lge::itk
