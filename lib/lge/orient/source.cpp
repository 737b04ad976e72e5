#include "lge/orient/source.hpp"

#include "lge/base/error.hpp"
#include "lge/base/hash.hpp"
#include "lge/base/stream.hpp"
#include "lge/io/nifti.hpp"
#include "lge/io/records.hpp"
#include "lge/itk/read.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>
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
Loaded<T> read(const std::string& path, N of_nifti, F of_floats) {
    const std::string name = display_name(path);
    std::error_code error;
    if (path != "-" && std::filesystem::is_directory(path, error)) {
        Loaded<T> loaded{of_floats(itk::read_series(path), name), {}, {}};
        loaded.sha256 = sha256(std::as_bytes(std::span(loaded.volume.voxels)));
        return loaded;
    }
    const Bytes file = read_file(path);
    const auto format = itk::format_of(file);
    if (format != itk::Format::none) {
        if (path == "-") throw Error(ExitCode::bad_data, name + ": NRRD and MetaImage are read from files only, wanted NIfTI");
        return {of_floats(itk::read_volume(path, format), name), sha256(file), {}};
    }
    auto image = io::decode_nifti(file, name);
    return {of_nifti(image, name), sha256(file), std::move(image.problems)};
}

bool is_manifest(const std::string& path) {
    std::error_code error;
    if (path == "-" || std::filesystem::is_directory(path, error)) return false;
    Input input(path);
    Bytes head(64);
    const auto text = as_text(std::span(head).first(input.read(head)));
    const auto at = text.find_first_not_of(" \t\r\n");
    return at != std::string_view::npos && text[at] == '{';
}

}  // namespace

Loaded<float> read_image(const std::string& path) {
    return read<float>(path, [](const io::Nifti& image, const std::string& name) { return io::to_float(image, name); },
                       [](volume::Volume<float> v, const std::string&) { return v; });
}
Loaded<std::uint8_t> read_labels(const std::string& path) {
    return read<std::uint8_t>(path, [](const io::Nifti& image, const std::string& name) { return io::to_labels(image, name); },
                              [](const volume::Volume<float>& v, const std::string& name) { return labels_of(v, name); });
}

std::string case_id(const std::string& path) {
    if (path == "-") return "stdin";
    std::filesystem::path p(path);
    std::string name = p.has_filename() ? p.filename().string() : p.parent_path().filename().string();
    for (const std::string_view end : {".nii.gz", ".nii", ".nrrd", ".mha", ".mhd"})
        if (name.size() > end.size() && name.ends_with(end)) return name.substr(0, name.size() - end.size());
    return name;
}

std::vector<CaseFiles> gather_cases(const std::vector<std::string>& inputs, const std::vector<std::string>& labels) {
    std::vector<CaseFiles> cases;
    std::size_t next_label = 0;
    for (const auto& input : inputs) {
        if (is_manifest(input)) {
            for (const auto& c : io::read_manifest(input)) {
                if (!c.label) throw Error(ExitCode::bad_data, display_name(input) + ": a case has no label");
                cases.push_back({c.id, c.image, *c.label});
            }
        } else {
            if (next_label == labels.size()) throw Error(ExitCode::usage, display_name(input) + ": no label map for it; give one --label for each volume");
            cases.push_back({case_id(input), input, labels[next_label++]});
        }
    }
    if (next_label < labels.size()) throw Error(ExitCode::usage, fmt::format("--label: {} given, wanted {}, one for each volume", labels.size(), next_label));
    std::set<std::string> ids;
    std::size_t from_stdin = 0;
    for (const auto& c : cases) {
        from_stdin += static_cast<std::size_t>(c.image == "-") + static_cast<std::size_t>(c.label == "-");
        if (!ids.insert(c.id).second) throw Error(ExitCode::bad_data, display_name(c.image) + ": its case id comes twice");
    }
    if (from_stdin > 1) throw Error(ExitCode::usage, "only one input can be standard input");
    return cases;
}

}  // namespace lge::orient
