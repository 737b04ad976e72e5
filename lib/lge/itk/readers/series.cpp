// DICOM by ITK, in the library that lge::itk loads when a folder is read.
#include "lge/base/stream.hpp"
#include "lge/itk/bridge.hpp"

#include <fmt/format.h>
#include <itkGDCMImageIO.h>
#include <itkImageFileReader.h>
#include <itkMetaDataObject.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <mutex>
#include <set>
#include <sstream>
#include <system_error>

namespace {

using lge::Error;
using lge::ExitCode;
using lge::volume::Grid;
using lge::volume::Vec3;
// Vec3 is a std::array, so its operators are not found by argument.
using lge::volume::dot, lge::volume::operator*, lge::volume::operator+, lge::volume::operator-;
using Image = itk::Image<float, 3>;

struct DicomSlice {
    std::string path, name;
    Grid grid;
    double position = 0;  // mm along the normal
};

Image::Pointer read_image(const std::string& path, itk::GDCMImageIO* io) {
    auto reader = itk::ImageFileReader<Image>::New();
    reader->SetImageIO(io);
    reader->SetFileName(path);
    reader->Update();
    return reader->GetOutput();
}

std::vector<std::string> files_in(const std::string& folder, const std::string& name) {
    std::error_code error;
    std::vector<std::string> files;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
        if (entry->is_regular_file(error)) files.push_back(entry->path().string());
    if (error) throw Error(ExitCode::no_input, name + ": folder cannot be read: " + error.message());
    std::sort(files.begin(), files.end());
    return files;
}

/// `said`: what GDCM warns of.
lge::volume::Volume<float> read(const std::string& folder, std::ostringstream& said) {
    const std::string name = lge::display_name(folder);
    std::vector<DicomSlice> slices;
    std::set<std::string> series;
    for (const auto& path : files_in(folder, name)) {
        auto io = itk::GDCMImageIO::New();
        if (!io->CanReadFile(path.c_str())) continue;
        DicomSlice slice{path, lge::display_name(path), {}, 0};
        lge::itk::without_itk_errors(ExitCode::bad_data, slice.name + ": DICOM header is damaged, or holds no image", [&] {
            io->SetFileName(path);
            io->ReadImageInformation();
        });
        if (io->GetNumberOfComponents() != 1) throw Error(ExitCode::bad_data, slice.name + ": several numbers a pixel, wanted 1");
        std::string uid, position;
        itk::ExposeMetaData<std::string>(io->GetMetaDataDictionary(), "0020|000e", uid);
        itk::ExposeMetaData<std::string>(io->GetMetaDataDictionary(), "0020|0032", position);
        if (position.empty()) throw Error(ExitCode::bad_data, slice.name + ": image position is missing");
        if (said.str().find("Incomplete") != std::string::npos) throw Error(ExitCode::bad_data, slice.name + ": cut short");
        series.insert(uid);
        for (unsigned a = 0; a < 3; ++a) {
            slice.grid.shape[a] = a < io->GetNumberOfDimensions() ? io->GetDimensions(a) : 1;
            for (unsigned r = 0; r < 3; ++r)
                slice.grid.index_to_lps.rows[4 * r + a] = io->GetDirection(a)[r] * io->GetSpacing(a);
            slice.grid.index_to_lps.rows[4 * a + 3] = io->GetOrigin(a);
        }
        if (slice.grid.shape[2] != 1) throw Error(ExitCode::bad_data, fmt::format("{}: {} frames in one file, wanted one slice a file", slice.name, slice.grid.shape[2]));
        slices.push_back(std::move(slice));
    }
    if (slices.empty()) throw Error(ExitCode::no_input, name + ": no DICOM image in the folder");
    if (series.size() > 1) throw Error(ExitCode::bad_data, fmt::format("{}: {} series in the folder, wanted 1", name, series.size()));

    const Grid& first = slices.front().grid;
    const Vec3 normal = lge::volume::unit(lge::volume::cross(first.index_to_lps.column(0), first.index_to_lps.column(1)));
    for (auto& s : slices) {
        if (s.grid.shape != first.shape)
            throw Error(ExitCode::bad_data, fmt::format("{}: {}x{} pixels, wanted {}x{} as in the other slices", s.name, s.grid.shape[0], s.grid.shape[1], first.shape[0], first.shape[1]));
        for (int a = 0; a < 2; ++a)
            if (lge::volume::length(s.grid.index_to_lps.column(a) - first.index_to_lps.column(a)) > 1e-3 * first.spacing()[static_cast<std::size_t>(a)])
                throw Error(ExitCode::bad_data, s.name + ": pixel spacing or orientation differs from the other slices");
        s.position = dot(s.grid.index_to_lps.column(3), normal);
    }
    std::stable_sort(slices.begin(), slices.end(), [](const auto& a, const auto& b) { return a.position < b.position; });

    Grid grid = first;
    grid.shape[2] = slices.size();
    grid.index_to_lps.set_column(3, slices.front().grid.index_to_lps.column(3));
    if (slices.size() > 1) {
        const Vec3 step = (slices.back().grid.index_to_lps.column(3) - slices.front().grid.index_to_lps.column(3)) * (1 / static_cast<double>(slices.size() - 1));
        for (std::size_t k = 1; k < slices.size(); ++k) {
            const double distance = slices[k].position - slices[k - 1].position;
            if (distance < 1e-3) throw Error(ExitCode::bad_data, fmt::format("{}: two images at one position (a cine, or several contrasts), wanted one a slice", slices[k].name));
        }
        for (std::size_t k = 1; k < slices.size(); ++k) {
            const Vec3 expected = slices.front().grid.index_to_lps.column(3) + step * static_cast<double>(k);
            const double off = lge::volume::length(slices[k].grid.index_to_lps.column(3) - expected);
            if (off > 0.1 * lge::volume::length(step)) throw Error(ExitCode::bad_data, fmt::format("{}: slice lies {:.3g} mm off the even distance of {:.4g} mm", slices[k].name, off, lge::volume::length(step)));
        }
        grid.index_to_lps.set_column(2, step);
    } else {
        grid.index_to_lps.set_column(2, normal * first.spacing()[2]);
    }
    lge::volume::Volume<float> v(grid);
    for (std::size_t k = 0; k < slices.size(); ++k) {
        auto io = itk::GDCMImageIO::New();
        const auto image = lge::itk::without_itk_errors(ExitCode::bad_data, slices[k].name + ": pixels are damaged", [&] { return read_image(slices[k].path, io); });
        if (said.str().find("Incomplete") != std::string::npos) throw Error(ExitCode::bad_data, slices[k].name + ": cut short");
        std::copy_n(image->GetBufferPointer(), v.slice(k).size(), v.slice(k).pixels);
    }
    return v;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) void lge_read_dicom_series(const std::string& folder, lge::volume::Volume<float>& out) {
    // GDCM only warns of pixels that are cut short, on std::cerr, which all threads share.
    static std::mutex one_at_a_time;
    const std::lock_guard lock(one_at_a_time);
    std::ostringstream said;
    struct Redirected {
        std::streambuf* before;
        ~Redirected() { std::cerr.rdbuf(before); }
    } const redirected{std::cerr.rdbuf(said.rdbuf())};
    out = read(folder, said);
}
