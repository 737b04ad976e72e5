// DICOM by ITK, in the library that lge::itk loads when a folder is read.
#include "lge/base/stream.hpp"
#include "lge/itk/bridge.hpp"
#include "lge/itk/series.hpp"

#include <fmt/format.h>
#include <itkGDCMImageIO.h>
#include <itkImageFileReader.h>
#include <itkMetaDataObject.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <mutex>
#include <map>
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
    std::string series;                  // its UID
    std::optional<std::int64_t> number;  // of the series
    lge::itk::Contrast contrast = lge::itk::Contrast::any;
    Grid grid;
    double position = 0;  // mm along the normal of the first
    std::string fault;    // why it is no slice of a stack; matters only when its series is meant
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

/// The images of a folder. `said`: what GDCM warns of.
std::vector<DicomSlice> list_images(const std::string& folder, const std::string& name, std::ostringstream& said) {
    std::vector<DicomSlice> slices;
    for (const auto& path : files_in(folder, name)) {
        auto io = itk::GDCMImageIO::New();
        if (!io->CanReadFile(path.c_str())) continue;
        DicomSlice slice{path, lge::display_name(path), {}, {}, {}, {}, 0, {}};
        lge::itk::without_itk_errors(ExitCode::bad_data, slice.name + ": DICOM header is damaged, or holds no image", [&] {
            io->SetFileName(path);
            io->ReadImageInformation();
        });
        const auto text = [&](const char* tag) {
            std::string value;
            itk::ExposeMetaData<std::string>(io->GetMetaDataDictionary(), tag, value);
            return value;
        };
        const std::string position = text("0020|0032"), number = text("0020|0011");
        slice.series = text("0020|000e");
        if (std::int64_t n = 0; std::from_chars(number.data() + std::min(number.find_first_not_of(' '), number.size()), number.data() + number.size(), n).ec == std::errc()) slice.number = n;
        slice.contrast = lge::itk::contrast_of(text("0008|0008"), text("0008|103e"));
        if (io->GetNumberOfComponents() != 1) slice.fault = "several numbers a pixel, wanted 1";
        else if (position.empty()) slice.fault = "image position is missing";
        if (said.str().find("Incomplete") != std::string::npos) throw Error(ExitCode::bad_data, slice.name + ": cut short");
        for (unsigned a = 0; a < 3; ++a) {
            slice.grid.shape[a] = a < io->GetNumberOfDimensions() ? io->GetDimensions(a) : 1;
            for (unsigned r = 0; r < 3; ++r)
                slice.grid.index_to_lps.rows[4 * r + a] = io->GetDirection(a)[r] * io->GetSpacing(a);
            slice.grid.index_to_lps.rows[4 * a + 3] = io->GetOrigin(a);
        }
        if (slice.grid.shape[2] != 1 && slice.fault.empty()) slice.fault = fmt::format("{} frames in one file, wanted one slice a file", slice.grid.shape[2]);
        slices.push_back(std::move(slice));
    }
    if (slices.empty()) throw Error(ExitCode::no_input, name + ": no DICOM image in the folder");
    return slices;
}

Vec3 normal_of(const Grid& g) { return lge::volume::unit(lge::volume::cross(g.index_to_lps.column(0), g.index_to_lps.column(1))); }

/// At least three slices that lie one behind the other.
bool is_stack(const std::vector<DicomSlice>& slices) {
    const Vec3 normal = normal_of(slices.front().grid);
    std::set<std::int64_t> positions;  // tenths of mm
    for (const auto& s : slices) {
        if (!s.fault.empty() || std::abs(dot(normal_of(s.grid), normal)) < 0.999) return false;
        positions.insert(std::llround(10 * dot(s.grid.index_to_lps.column(3), normal)));
    }
    return positions.size() >= 3;
}

/// Those of the one series that is meant.
std::vector<DicomSlice> choose_series(std::vector<DicomSlice> all, const lge::itk::SeriesChoice& choice, const std::string& name) {
    std::map<std::string, std::vector<DicomSlice>> series;
    for (auto& s : all) {
        if (choice.contrast != lge::itk::Contrast::any && s.contrast != choice.contrast) continue;
        if (choice.number && s.number != choice.number) continue;
        series[s.series].push_back(std::move(s));
    }
    if (series.empty()) throw Error(ExitCode::no_input, name + ": no image of the series and contrast that are asked for");
    if (series.size() > 1 && std::any_of(series.begin(), series.end(), [](const auto& s) { return is_stack(s.second); }))
        std::erase_if(series, [](const auto& s) { return !is_stack(s.second); });
    if (series.size() > 1) {
        std::set<std::int64_t> numbers;
        for (const auto& [uid, slices] : series)
            if (slices.front().number) numbers.insert(*slices.front().number);
        throw Error(ExitCode::bad_data, fmt::format("{}: {} series could be the stack (numbers {}), wanted 1; choose by number or contrast", name, series.size(), fmt::join(numbers, ", ")));
    }
    for (const auto& s : series.begin()->second)
        if (!s.fault.empty()) throw Error(ExitCode::bad_data, s.name + ": " + s.fault);
    return std::move(series.begin()->second);
}

lge::volume::Volume<float> read(const std::string& folder, const lge::itk::SeriesChoice& choice, std::ostringstream& said) {
    const std::string name = lge::display_name(folder);
    auto slices = choose_series(list_images(folder, name, said), choice, name);
    const Grid first = slices.front().grid;
    const Vec3 normal = normal_of(first);
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

extern "C" __attribute__((visibility("default"))) void lge_read_dicom_series(const std::string& folder, const lge::itk::SeriesChoice& choice, lge::volume::Volume<float>& out) {
    // GDCM only warns of pixels that are cut short, on std::cerr, which all threads share.
    static std::mutex one_at_a_time;
    const std::lock_guard lock(one_at_a_time);
    std::ostringstream said;
    struct Redirected {
        std::streambuf* before;
        ~Redirected() { std::cerr.rdbuf(before); }
    } const redirected{std::cerr.rdbuf(said.rdbuf())};
    out = read(folder, choice, said);
}
