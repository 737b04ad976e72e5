#pragma once
// Which of the series of a DICOM folder is meant. Without ITK, since the tools and the library that reads DICOM share it.
#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lge::itk {

/// How an inversion recovery image was reconstructed: phase-sensitive, or its magnitude; any: not told, or not asked.
enum class Contrast { any, psir, magnitude };
constexpr std::array<std::pair<std::string_view, Contrast>, 3> choices(Contrast) {
    return {{{"any", Contrast::any}, {"psir", Contrast::psir}, {"magnitude", Contrast::magnitude}}};
}

struct SeriesChoice {
    Contrast contrast = Contrast::any;
    std::optional<std::int64_t> number;  // of the series, DICOM (0020,0011)
};

/// What an image is by its ImageType (0008,0008) and series description (0008,103E). An explicit PSIR or MAG goes before a
/// plain M or R (magnitude, real) of the type, since scanners call a phase-sensitive image M as well.
inline Contrast contrast_of(std::string_view image_type, std::string_view description) {
    const auto words = [](std::string_view text) {
        std::vector<std::string> list(1);
        for (const char c : text) {
            if (std::isalnum(static_cast<unsigned char>(c)) != 0) list.back() += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
            else if (!list.back().empty()) list.emplace_back();
        }
        return list;
    };
    const auto has = [](const std::vector<std::string>& list, std::initializer_list<std::string_view> any) {
        return std::any_of(list.begin(), list.end(), [&](const auto& w) { return std::find(any.begin(), any.end(), w) != any.end(); });
    };
    const auto type = words(image_type), title = words(description);
    for (const auto& list : {type, title}) {
        if (has(list, {"MAG", "MAGNITUDE"})) return Contrast::magnitude;
        if (has(list, {"PSIR", "PS"}) || (has(list, {"PHASE"}) && has(list, {"SENSITIVE", "SENS"}))) return Contrast::psir;
    }
    if (has(type, {"R", "CR", "REAL"})) return Contrast::psir;
    return has(type, {"M"}) ? Contrast::magnitude : Contrast::any;
}

}  // namespace lge::itk
