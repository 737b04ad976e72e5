#include "lge/orient/inverse.hpp"

#include "lge/base/error.hpp"
#include "lge/base/hash.hpp"
#include "lge/io/cohort.hpp"
#include "lge/orient/native.hpp"
#include "lge/orient/source.hpp"

#include <algorithm>

namespace lge::orient {
namespace {

/// Labels or pixels of the case that is meant.
struct Canonical {
    volume::Volume<std::uint8_t> label;
    volume::Volume<float> image;
};

Canonical of_cohort(const io::Cohort& cohort, const Inverse& wanted, const std::string& name) {
    std::size_t n = 0;
    if (wanted.case_id) {
        const auto found = std::find_if(cohort.cases.begin(), cohort.cases.end(), [&](const auto& c) { return c.id == *wanted.case_id; });
        if (found == cohort.cases.end()) throw Error(ExitCode::bad_data, name + ": no case of that id");
        n = static_cast<std::size_t>(found - cohort.cases.begin());
    } else if (cohort.cases.size() != 1) {
        throw Error(ExitCode::usage, name + ": several cases, wanted --case");
    }
    const auto take = [&]<class T>(const Array<T>& all) {
        volume::Volume<T> v(cohort.grid(n));
        std::copy_n(all.begin() + static_cast<std::ptrdiff_t>(cohort.cases[n].first_slice * cohort.slice_size()), v.voxels.size(), v.voxels.begin());
        return v;
    };
    if (wanted.values == Values::image) return {{}, take(cohort.image)};
    if (cohort.label.empty()) throw Error(ExitCode::bad_data, name + ": cohort has no labels");
    return {take(cohort.label), {}};
}

}  // namespace

Native bring_back(const Inverse& wanted) {
    const std::string name = display_name(wanted.canonical);
    auto source = read_image(wanted.source);
    Native native{{}, std::move(source.nifti), {}};
    const volume::Grid grid = source.volume.grid;
    Canonical canonical;
    const auto content = std::make_shared<const Bytes>(read_file(wanted.canonical));
    if (io::looks_like_hdf5(*content)) canonical = of_cohort(io::decode_cohort(*content, name), wanted, name);
    else if (wanted.case_id) throw Error(ExitCode::usage, name + ": a volume has no cases, wanted no --case");
    else if (wanted.values == Values::image) canonical.image = read_image(Place{wanted.canonical, content}).volume;
    else canonical.label = read_labels(Place{wanted.canonical, content}).volume;
    native.hashes = {sha256(*content), source.sha256};
    try {
        native.voxels = wanted.values == Values::label ? io::to_nifti(to_native(canonical.label, grid)) : io::to_nifti(to_native(canonical.image, grid, wanted.interpolation));
    } catch (const Error& e) {
        throw Error(e.code(), name + ": " + e.what());
    }
    return native;
}

Bytes encode_native(const io::Nifti& voxels, const std::optional<io::Nifti>& header, const io::History& history, bool compress) {
    return header ? io::encode_nifti_like(*header, voxels, &history, compress) : io::encode_nifti(voxels, &history, compress);
}

}  // namespace lge::orient
