// NRRD and MetaImage by ITK, in the library that lge::itk loads when such a file is read.
#include "lge/base/stream.hpp"
#include "lge/itk/bridge.hpp"
#include "lge/itk/read.hpp"

#include <fmt/format.h>
#include <itkImageFileReader.h>
#include <itkMetaImageIO.h>
#include <itkNrrdImageIO.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <string_view>

namespace lge::itk {
namespace {

constexpr std::uint64_t max_voxels = std::uint64_t{1} << 29;

/// The value of a key of a MetaImage header, without blanks; empty when it is absent.
std::string_view meta_value(std::string_view text, std::string_view key) {
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        const auto equals = line.find('=');
        if (equals == std::string_view::npos) return {};
        const auto trim = [](std::string_view t) {
            const auto first = t.find_first_not_of(" \t\r"), last = t.find_last_not_of(" \t\r");
            return first == std::string_view::npos ? std::string_view{} : t.substr(first, last - first + 1);
        };
        if (trim(line.substr(0, equals)) == key) return trim(line.substr(equals + 1));
    }
    return {};
}

/// What MetaImage's own reader lets pass: data that are cut short, or that lie elsewhere than beside the header.
/// `bytes` of voxels are wanted.
void check_meta_data(const std::string& path, const std::string& name, std::uint64_t bytes) {
    Input input(path);
    Bytes head(std::size_t{1} << 16);
    const std::string_view text = as_text(std::span(head).first(input.read(head)));
    const auto file = meta_value(text, "ElementDataFile");
    if (file.empty() || file == "LIST" || file.find_first_of("/% ") != std::string_view::npos)
        throw Error(ExitCode::bad_data, name + ": ElementDataFile is missing or leads out of the folder, wanted LOCAL or a file beside the header");
    if (meta_value(text, "CompressedData").starts_with("T")) throw Error(ExitCode::bad_data, name + ": compressed MetaImage is not read, since damage to it would not be seen");
    const std::uint64_t before = file == "LOCAL" ? text.find('\n', text.find("ElementDataFile")) + 1 : 0;
    const auto size = file == "LOCAL" ? input.size() : Input((std::filesystem::path(path).parent_path() / file).string()).size();
    if (!size || *size != before + bytes) throw Error(ExitCode::bad_data, fmt::format("{}: cut short or too long: wanted {} bytes of voxels", name, bytes));
}

volume::Volume<float> read(const std::string& path, Format format) {
    const std::string name = display_name(path);
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
        if (format == Format::meta_image) check_meta_data(path, name, voxels * io->GetComponentSize());
        auto reader = ::itk::ImageFileReader<::itk::Image<float, 3>>::New();
        reader->SetImageIO(io);
        reader->SetFileName(path);
        reader->Update();
        auto v = copy<float>(*reader->GetOutput());
        if (!std::all_of(v.voxels.begin(), v.voxels.end(), [](float x) { return std::isfinite(x); })) throw Error(ExitCode::bad_data, name + ": voxel is not finite");
        return v;
    });
}

}  // namespace
}  // namespace lge::itk

extern "C" __attribute__((visibility("default"))) void lge_read_volume_file(const std::string& path, lge::itk::Format format, lge::volume::Volume<float>& out) {
    out = lge::itk::read(path, format);
}
