// The HDF5 half of lge::io, a library of its own that encode_cohort and decode_cohort load when they are needed.
#include "lge/io/cohort.hpp"

#include "lge/base/error.hpp"
#include "lge/io/half.hpp"
#include "lge/io/seal.hpp"

#include <fmt/format.h>
#include <hdf5.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <new>
#include <set>
#include <string_view>
#include <utility>

namespace lge::io {
namespace {

constexpr std::string_view schema = "lge.cohort/1";
/// The content of /sha256: this and 64 digits, the SHA-256 of the file with those digits as "0". A dataset in one piece,
/// since HDF5 has checksums of its own over attributes but not over such data.
constexpr std::string_view seal = "lge.cohort/1 sha256 ";
constexpr hsize_t landmark_count = 4;
/// The name of a file in memory, one that no file can have: HDF5 looks for it before it makes a new one.
constexpr const char* nowhere = "/dev/null/cohort";

[[noreturn]] void refuse(const std::string& name, std::string_view reason) {
    throw Error(ExitCode::bad_data, fmt::format("{}: {}", name, reason));
}

/// An HDF5 handle and what closes it.
class Id {
public:
    Id(hid_t id, herr_t (*close)(hid_t)) : id_(id), close_(close) {
        if (id_ < 0) throw Error(ExitCode::internal, "HDF5 failed");
    }
    ~Id() { if (id_ >= 0) close_(id_); }
    Id(Id&& o) noexcept : id_(std::exchange(o.id_, H5I_INVALID_HID)), close_(o.close_) {}
    Id& operator=(Id&&) = delete;
    operator hid_t() const { return id_; }

private:
    hid_t id_;
    herr_t (*close_)(hid_t);
};

void must(herr_t status) {
    if (status < 0) throw Error(ExitCode::internal, "HDF5 failed");
}

/// Errors are told by exceptions, never printed by the library; no code is loaded from a file's wish.
void prepare_hdf5() {
    must(H5open());
    must(H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr));
    must(H5PLset_loading_state(0));
}

// ---- types --------------------------------------------------------------------------------------------------------

/// IEEE binary16, little-endian.
Id float16_type() {
    Id t(H5Tcopy(H5T_IEEE_F32LE), H5Tclose);
    must(H5Tset_fields(t, 15, 10, 5, 0, 10));
    must(H5Tset_size(t, 2));
    must(H5Tset_ebias(t, 15));
    return t;
}
Id string_type(std::size_t size) {
    Id t(H5Tcopy(H5T_C_S1), H5Tclose);
    must(H5Tset_size(t, std::max<std::size_t>(size, 1)));
    must(H5Tset_strpad(t, H5T_STR_NULLPAD));
    must(H5Tset_cset(t, H5T_CSET_UTF8));
    return t;
}

// ---- writing ------------------------------------------------------------------------------------------------------

/// All but the pixels, by the rules that decode_cohort checks in a file: nothing is wrong, or what is.
std::optional<std::string> fault(const Cohort& c) {
    const std::size_t n = c.slice_count();
    if (c.cases.empty() || n * c.slice_size() == 0) return "no slice";
    if (!(c.spacing_mm > 0) || !std::isfinite(c.spacing_mm)) return "spacing_mm is not a positive length";
    if (!(c.findings.empty() || c.findings.size() == n) || !(c.captions.empty() || c.captions.size() == n)) return "texts and slices differ in number";
    std::size_t next = 0;
    std::set<std::string_view> ids;
    for (const auto& one : c.cases) {
        if (one.first_slice != next || one.slice_count == 0) return "slices of a case are not neighbours";
        next += one.slice_count;
        if (one.id.empty()) return "a case without id";
        if (std::any_of(one.id.begin(), one.id.end(), [](char ch) { return static_cast<unsigned char>(ch) < 0x20 || ch == 0x7f; })) return "a control character in an id";
        if (!ids.insert(one.id).second) return "the same id twice";
        if (!std::all_of(one.canonical_to_lps.rows.begin(), one.canonical_to_lps.rows.end(), [](double v) { return std::isfinite(v); })) return "an affine is not finite";
    }
    if (next != n) return "slices that belong to no case";
    if (std::any_of(c.level.begin(), c.level.end(), [](anatomy::Level l) { return l > anatomy::Level::apex; })) return "a level above 4";
    return std::nullopt;
}
std::optional<std::string> pixel_fault(const Cohort& c) {
    const std::size_t pixels = c.slice_count() * c.slice_size();
    if (c.image.size() != pixels || (!c.label.empty() && c.label.size() != pixels)) return "images, labels and levels differ in number";
    if (std::any_of(c.label.begin(), c.label.end(), [](std::uint8_t l) { return l >= anatomy::label_count; })) return "a label above 5";
    if (!std::all_of(c.image.begin(), c.image.end(), [](float v) { return std::isfinite(v); })) return "a pixel is not finite";
    return std::nullopt;
}
std::optional<std::string> fault(const Cohort& c, std::span<const SliceChunks> slices) {
    const std::size_t n = c.slice_count();
    if (slices.size() != n) return "images, labels and levels differ in number";
    const bool labels = n > 0 && !slices[0].label.empty();
    if (std::any_of(slices.begin(), slices.end(), [&](const SliceChunks& s) { return s.image.empty() || s.label.empty() == labels; })) return "some slices have labels and others none";
    return fault(c);
}

struct Storage {
    std::vector<hsize_t> chunk;  // empty: in one piece
    bool compress = false;
};

Id make_dataset(hid_t parent, const char* name, hid_t type, const std::vector<hsize_t>& shape, const Storage& storage) {
    const Id space(H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr), H5Sclose);
    const Id how(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
    must(H5Pset_obj_track_times(how, false));
    must(H5Pset_fill_time(how, H5D_FILL_TIME_NEVER));
    if (!storage.chunk.empty()) {
        must(H5Pset_chunk(how, static_cast<int>(storage.chunk.size()), storage.chunk.data()));
        if (storage.compress) must(H5Pset_deflate(how, 1));
        must(H5Pset_fletcher32(how));
    }
    return {H5Dcreate2(parent, name, type, space, H5P_DEFAULT, how, H5P_DEFAULT), H5Dclose};
}
void put_dataset(hid_t parent, const char* name, hid_t type, const std::vector<hsize_t>& shape, const Storage& storage, const void* data) {
    const Id set = make_dataset(parent, name, type, shape, storage);
    must(H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data));
}

/// Slices that are chunks already, each freed as soon as the file holds it.
void put_slices(hid_t parent, const char* name, hid_t type, const std::vector<hsize_t>& shape, bool compress, std::span<SliceChunks> slices, Bytes SliceChunks::* part) {
    const Id set = make_dataset(parent, name, type, shape, {{1, shape[1], shape[2]}, compress});
    for (std::size_t i = 0; i < slices.size(); ++i) {
        const std::array<hsize_t, 3> at{i, 0, 0};
        must(H5Dwrite_chunk(set, H5P_DEFAULT, 0, at.data(), (slices[i].*part).size(), (slices[i].*part).data()));
        slices[i].*part = {};
    }
}

void put_attribute(hid_t parent, const char* name, hid_t type, const void* data) {
    const Id space(H5Screate(H5S_SCALAR), H5Sclose);
    const Id attribute(H5Acreate2(parent, name, type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
    must(H5Awrite(attribute, type, data));
}
void put_attribute(hid_t parent, const char* name, std::string text) {
    if (text.empty()) text.push_back('\0');
    put_attribute(parent, name, string_type(text.size()), text.data());
}

/// Texts of one length, the longest's, padded with zero bytes.
void put_texts(hid_t parent, const char* name, const std::vector<std::string>& texts, const Storage& storage) {
    std::size_t longest = 1;
    for (const auto& t : texts) longest = std::max(longest, t.size());
    std::vector<char> flat(longest * texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i) std::copy(texts[i].begin(), texts[i].end(), flat.begin() + static_cast<std::ptrdiff_t>(i * longest));
    put_dataset(parent, name, string_type(longest), {texts.size()}, storage, flat.data());
}

void put_content(hid_t file, const Cohort& c, std::span<SliceChunks> slices) {
    const hsize_t n = c.slice_count(), h = c.height, w = c.width, cases = c.cases.size();
    put_dataset(file, "sha256", string_type(seal.size() + seal_digits), {}, {}, (std::string(seal) + std::string(seal_digits, '0')).data());
    put_attribute(file, "schema", std::string(schema));
    put_attribute(file, "spacing_mm", H5T_IEEE_F64LE, &c.spacing_mm);
    put_attribute(file, "normalisation", c.normalisation);
    put_attribute(file, "history", c.history);

    const bool half = c.image_type == ImageType::float16, labels = !slices[0].label.empty();
    put_slices(file, "image", half ? static_cast<hid_t>(float16_type()) : H5T_IEEE_F32LE, {n, h, w}, false, slices, &SliceChunks::image);
    if (labels) put_slices(file, "label", H5T_STD_U8LE, {n, h, w}, true, slices, &SliceChunks::label);
    put_dataset(file, "level", H5T_STD_U8LE, {n}, {}, c.level.data());
    std::vector<std::uint32_t> owner;
    for (std::uint32_t i = 0; i < c.cases.size(); ++i) owner.insert(owner.end(), c.cases[i].slice_count, i);
    put_dataset(file, "case", H5T_STD_U32LE, {n}, {}, owner.data());
    if (!c.findings.empty()) put_texts(file, "findings", c.findings, {{std::min<hsize_t>(n, 64)}, true});
    if (!c.captions.empty()) put_texts(file, "captions", c.captions, {{std::min<hsize_t>(n, 64)}, true});

    const Id group_how(H5Pcreate(H5P_GROUP_CREATE), H5Pclose);
    must(H5Pset_obj_track_times(group_how, false));
    const Id group(H5Gcreate2(file, "cases", H5P_DEFAULT, group_how, H5P_DEFAULT), H5Gclose);
    std::vector<std::string> ids;
    std::vector<double> affines, landmarks;
    for (const auto& one : c.cases) {
        ids.push_back(one.id);
        affines.insert(affines.end(), one.canonical_to_lps.rows.begin(), one.canonical_to_lps.rows.end());
        affines.insert(affines.end(), {0, 0, 0, 1});
        for (const auto& p : {one.landmarks.lv_base, one.landmarks.lv_apex, one.landmarks.rv_anterior, one.landmarks.rv_inferior})
            landmarks.insert(landmarks.end(), p.begin(), p.end());
    }
    put_texts(group, "id", ids, {});
    put_dataset(group, "affine", H5T_IEEE_F64LE, {cases, 4, 4}, {}, affines.data());
    put_dataset(group, "landmarks", H5T_IEEE_F64LE, {cases, landmark_count, 3}, {}, landmarks.data());
    const std::uint8_t complete = 1;
    put_attribute(file, "complete", H5T_STD_U8LE, &complete);
}

/// HDF5 keeps a new file's bytes in `bytes`, which stay when it is closed. (H5Fget_file_image gives the bytes of an open
/// file, whose superblock then has a wrong checksum in HDF5 1.10.)
void keep_image_in(hid_t access, Bytes& bytes) {
    H5FD_file_image_callbacks_t c{};
    c.image_realloc = [](void*, std::size_t size, H5FD_file_image_op_t, void* to) -> void* {
        try {
            static_cast<Bytes*>(to)->resize(size);
        } catch (const std::bad_alloc&) {
            return nullptr;
        }
        return static_cast<Bytes*>(to)->data();
    };
    c.image_free = [](void*, H5FD_file_image_op_t, void*) -> herr_t { return 0; };
    c.udata_copy = [](void* to) { return to; };
    c.udata_free = [](void*) -> herr_t { return 0; };
    c.udata = &bytes;
    must(H5Pset_file_image_callbacks(access, &c));
}

/// HDF5 reads `bytes` where they lie. It takes pointers to non-const, but leaves a file opened for reading alone.
void lend_image(hid_t access, std::span<const std::byte> bytes) {
    H5FD_file_image_callbacks_t c{};
    c.image_malloc = [](std::size_t, H5FD_file_image_op_t, void* from) { return from; };
    c.image_memcpy = [](void* to, const void*, std::size_t, H5FD_file_image_op_t, void*) { return to; };
    c.image_realloc = [](void*, std::size_t, H5FD_file_image_op_t, void*) -> void* { return nullptr; };
    c.image_free = [](void*, H5FD_file_image_op_t, void*) -> herr_t { return 0; };
    c.udata_copy = [](void* from) { return from; };
    c.udata_free = [](void*) -> herr_t { return 0; };
    auto* data = const_cast<std::byte*>(bytes.data());
    c.udata = data;
    must(H5Pset_file_image_callbacks(access, &c));
    must(H5Pset_file_image(access, data, bytes.size()));
}

/// Where the 64 digits of the seal lie.
std::optional<std::size_t> find_seal(std::span<const std::byte> file) {
    const auto at = as_text(file).find(seal);
    if (at == std::string_view::npos || file.size() - at < seal.size() + seal_digits) return std::nullopt;
    return at + seal.size();
}
// ---- reading ------------------------------------------------------------------------------------------------------

/// A file being read: what it holds must be what lge-cohort(5) says, and nothing else.
class Reader {
public:
    Reader(std::span<const std::byte> bytes, const std::string& name) : bytes_(bytes), name_(name) {}

    /// The links of a group are exactly `wanted` and some of `optional`, all hard.
    void check_links(hid_t group, std::vector<std::string_view> wanted, std::vector<std::string_view> optional) const {
        H5G_info_t info;
        if (H5Gget_info(group, &info) < 0 || info.nlinks > wanted.size() + optional.size()) wrong("objects that do not belong here");
        std::size_t found = 0;
        for (hsize_t i = 0; i < info.nlinks; ++i) {
            std::array<char, 32> text{};
            if (H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, i, text.data(), text.size(), H5P_DEFAULT) < 0) wrong("damaged links");
            const std::string_view link(text.data());
            H5L_info_t kind;
            if (H5Lget_info(group, text.data(), &kind, H5P_DEFAULT) < 0 || kind.type != H5L_TYPE_HARD) wrong("a soft or external link");
            if (std::find(wanted.begin(), wanted.end(), link) != wanted.end()) ++found;
            else if (std::find(optional.begin(), optional.end(), link) == optional.end()) wrong("objects that do not belong here");
        }
        if (found != wanted.size()) wrong("an object is missing");
    }

    [[nodiscard]] bool has(hid_t group, const char* name) const { return H5Lexists(group, name, H5P_DEFAULT) > 0; }

    /// Opens a dataset of exactly this shape (0: any length), checks how it is stored and reads it. `T` is one element
    /// as it lies in the file.
    template <class T, class Types>
    Array<T> read(hid_t group, const char* name, std::vector<hsize_t>& shape, const Types& accept) const {
        const hid_t raw = H5Dopen2(group, name, H5P_DEFAULT);
        if (raw < 0) wrong(fmt::format("{} is not a dataset", name));
        const Id set(raw, H5Dclose);
        const Id type(H5Dget_type(set), H5Tclose);
        if (!accept(type)) wrong(fmt::format("{} has the wrong type", name));
        const std::size_t element = H5Tget_size(type);
        const hsize_t count = check_shape(set, name, shape, element);
        check_storage(set, name, shape, count * element);
        Array<T> out(count * element / sizeof(T));
        if (H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, out.data()) < 0) wrong(fmt::format("{} is damaged", name));
        return out;
    }
    template <class T>
    Array<T> numbers(hid_t group, const char* name, hid_t type, std::vector<hsize_t> shape) const {
        return read<T>(group, name, shape, [&](hid_t t) { return H5Tequal(t, type) > 0; });
    }

    std::vector<std::string> texts(hid_t group, const char* name, std::vector<hsize_t> shape) const {
        std::size_t width = 0;
        const auto flat = read<char>(group, name, shape, [&](hid_t t) {
            width = H5Tget_size(t);
            return is_text(t);
        });
        std::vector<std::string> out;
        for (std::size_t i = 0; i < shape[0]; ++i) {
            const char* from = flat.data() + i * width;
            out.emplace_back(from, std::find(from, from + width, '\0'));
        }
        return out;
    }

    template <class F>
    void attribute(hid_t file, const char* name, F read_it) const {
        const hid_t raw = H5Aopen(file, name, H5P_DEFAULT);
        if (raw < 0) wrong(fmt::format("attribute {} is missing", name));
        const Id opened(raw, H5Aclose);
        const Id type(H5Aget_type(opened), H5Tclose), space(H5Aget_space(opened), H5Sclose);
        if (H5Sget_simple_extent_type(space) != H5S_SCALAR || H5Tget_size(type) > bytes_.size() || !read_it(opened, type))
            wrong(fmt::format("attribute {} has the wrong type", name));
    }
    template <class T>
    T number_attribute(hid_t file, const char* name, hid_t wanted) const {
        T value{};
        attribute(file, name, [&](hid_t a, hid_t t) { return H5Tequal(t, wanted) > 0 && H5Aread(a, t, &value) >= 0; });
        return value;
    }
    std::string text_attribute(hid_t file, const char* name) const {
        std::string value;
        attribute(file, name, [&](hid_t a, hid_t t) {
            if (!is_text(t)) return false;
            value.resize(H5Tget_size(t));
            return H5Aread(a, t, value.data()) >= 0;
        });
        value.erase(value.find_last_not_of('\0') + 1);
        return value;
    }

    [[noreturn]] void wrong(std::string_view reason) const { refuse(name_, reason); }

private:
    static bool is_text(hid_t type) { return H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) == 0; }

    hsize_t check_shape(hid_t set, const char* name, std::vector<hsize_t>& shape, std::size_t element) const {
        const Id space(H5Dget_space(set), H5Sclose);
        if (H5Sget_simple_extent_ndims(space) != static_cast<int>(shape.size())) wrong(fmt::format("{} has the wrong number of axes", name));
        std::vector<hsize_t> found(shape.size()), most(shape.size());
        H5Sget_simple_extent_dims(space, found.data(), most.data());
        if (most != found) wrong(fmt::format("{} can grow", name));
        // Deflate makes at most about 1032 bytes of one: what claims to be more is not in the file.
        const hsize_t limit = bytes_.size() * 1040;
        hsize_t bytes = element;
        for (std::size_t a = 0; a < shape.size(); ++a) {
            if (found[a] == 0 || (shape[a] != 0 && found[a] != shape[a])) wrong(fmt::format("{} has length {} along axis {}, wanted {}", name, found[a], a, shape[a]));
            if (bytes == 0 || found[a] > limit / bytes) wrong(fmt::format("{} is larger than its file can hold", name));
            bytes *= found[a];
        }
        shape = found;
        return bytes / element;
    }

    void check_storage(hid_t set, const char* name, const std::vector<hsize_t>& shape, hsize_t bytes) const {
        const Id how(H5Dget_create_plist(set), H5Pclose);
        const H5D_layout_t layout = H5Pget_layout(how);
        if ((layout != H5D_CONTIGUOUS && layout != H5D_CHUNKED && layout != H5D_COMPACT) || H5Pget_external_count(how) != 0)
            wrong(fmt::format("{} is stored in a way that is not allowed", name));
        const int filters = H5Pget_nfilters(how);
        bool deflated = false;
        for (int i = 0; i < filters; ++i) {
            unsigned flags = 0;
            std::size_t no_values = 0;
            const H5Z_filter_t f = H5Pget_filter2(how, static_cast<unsigned>(i), &flags, &no_values, nullptr, 0, nullptr, nullptr);
            if (f != H5Z_FILTER_DEFLATE && f != H5Z_FILTER_SHUFFLE && f != H5Z_FILTER_FLETCHER32) wrong(fmt::format("{} has a filter that is not allowed", name));
            if (f == H5Z_FILTER_DEFLATE && deflated) wrong(fmt::format("{} is compressed twice", name));
            deflated |= f == H5Z_FILTER_DEFLATE;
        }
        if (layout == H5D_CHUNKED) {
            std::vector<hsize_t> chunk(shape.size());
            if (H5Pget_chunk(how, static_cast<int>(chunk.size()), chunk.data()) != static_cast<int>(chunk.size())) wrong(fmt::format("{} is damaged", name));
            hsize_t wanted = 1, stored = 0;
            for (std::size_t a = 0; a < shape.size(); ++a) {
                if (chunk[a] == 0 || chunk[a] > shape[a]) wrong(fmt::format("{} has chunks larger than itself", name));
                wanted *= (shape[a] + chunk[a] - 1) / chunk[a];
            }
            const Id space(H5Dget_space(set), H5Sclose);
            if (H5Dget_num_chunks(set, space, &stored) < 0 || stored != wanted) wrong(fmt::format("{} has parts that were never written", name));
        }
        const hsize_t stored = H5Dget_storage_size(set);
        if (stored > bytes_.size() || (!deflated && stored < bytes) || (deflated && stored < bytes / 1040)) wrong(fmt::format("{} is not whole", name));
    }

    std::span<const std::byte> bytes_;
    const std::string& name_;
};

bool is_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t more = lead < 0x80 ? 0 : lead >= 0xc2 && lead < 0xe0 ? 1 : lead >= 0xe0 && lead < 0xf0 ? 2 : lead >= 0xf0 && lead < 0xf5 ? 3 : 4;
        if (more == 4 || i + more >= text.size()) return false;
        std::uint32_t point = more == 0 ? lead : lead & (0x3fU >> more);
        for (std::size_t k = 1; k <= more; ++k) {
            const auto next = static_cast<unsigned char>(text[i + k]);
            if ((next & 0xc0U) != 0x80U) return false;
            point = point << 6U | (next & 0x3fU);
        }
        if ((more == 2 && (point < 0x800 || (point >= 0xd800 && point < 0xe000))) || (more == 3 && (point < 0x10000 || point > 0x10ffff))) return false;
        i += more + 1;
    }
    return true;
}

Cohort read_content(hid_t file, const Reader& r) {
    Cohort c;
    r.check_links(file, {"image", "level", "case", "cases", "sha256"}, {"label", "findings", "captions"});
    if (r.text_attribute(file, "schema") != schema) r.wrong("schema is not lge.cohort/1");
    if (r.number_attribute<std::uint8_t>(file, "complete", H5T_STD_U8LE) != 1) r.wrong("not complete");
    c.spacing_mm = r.number_attribute<double>(file, "spacing_mm", H5T_IEEE_F64LE);
    c.normalisation = r.text_attribute(file, "normalisation");
    c.history = r.text_attribute(file, "history");

    std::vector<hsize_t> shape{0, 0, 0};
    bool half = false;
    const auto pixels = r.read<std::byte>(file, "image", shape, [&](hid_t t) {
        half = H5Tequal(t, float16_type()) > 0;
        return half || H5Tequal(t, H5T_IEEE_F32LE) > 0;
    });
    const hsize_t n = shape[0];
    c.image_type = half ? ImageType::float16 : ImageType::float32;
    c.height = shape[1];
    c.width = shape[2];
    c.image.resize(n * c.slice_size());
    if (half)
        for (std::size_t i = 0; i < c.image.size(); ++i) {
            std::uint16_t v;
            std::memcpy(&v, pixels.data() + 2 * i, sizeof v);
            c.image[i] = from_half(v);
        }
    else std::memcpy(c.image.data(), pixels.data(), pixels.size());

    if (r.has(file, "label")) c.label = r.numbers<std::uint8_t>(file, "label", H5T_STD_U8LE, shape);
    for (const std::uint8_t level : r.numbers<std::uint8_t>(file, "level", H5T_STD_U8LE, {n})) c.level.push_back(static_cast<anatomy::Level>(level));
    if (r.has(file, "findings")) c.findings = r.texts(file, "findings", {n});
    if (r.has(file, "captions")) c.captions = r.texts(file, "captions", {n});

    const hid_t raw = H5Gopen2(file, "cases", H5P_DEFAULT);
    if (raw < 0) r.wrong("cases is not a group");
    const Id group(raw, H5Gclose);
    r.check_links(group, {"id", "affine", "landmarks"}, {});
    auto ids = r.texts(group, "id", {0});
    const auto affines = r.numbers<double>(group, "affine", H5T_IEEE_F64LE, {ids.size(), 4, 4});
    const auto landmarks = r.numbers<double>(group, "landmarks", H5T_IEEE_F64LE, {ids.size(), landmark_count, 3});
    for (std::size_t i = 0; i < ids.size(); ++i) {
        if (!is_utf8(ids[i])) r.wrong("an id is not UTF-8");
        CohortCase one;
        one.id = std::move(ids[i]);
        const auto affine = affines.begin() + static_cast<std::ptrdiff_t>(16 * i);
        if (affine[12] != 0 || affine[13] != 0 || affine[14] != 0 || affine[15] != 1) r.wrong("an affine's last row is not 0 0 0 1");
        std::copy_n(affine, 12, one.canonical_to_lps.rows.begin());
        std::size_t at = 12 * i;
        for (auto* p : {&one.landmarks.lv_base, &one.landmarks.lv_apex, &one.landmarks.rv_anterior, &one.landmarks.rv_inferior})
            for (double& v : *p) v = landmarks[at++];
        c.cases.push_back(std::move(one));
    }
    const auto owner = r.numbers<std::uint32_t>(file, "case", H5T_STD_U32LE, {n});
    for (std::uint32_t i = 0; i < owner.size(); ++i) {
        if (owner[i] >= c.cases.size()) r.wrong("a slice of a case that does not exist");
        auto& one = c.cases[owner[i]];
        if (one.slice_count++ == 0) one.first_slice = i;
    }
    return c;
}

Bytes encode(const Cohort& cohort, std::span<SliceChunks> slices) {
    if (const auto what = fault(cohort, slices)) throw Error(ExitCode::internal, "inconsistent cohort: " + *what);
    prepare_hdf5();
    std::size_t expected = std::size_t{1} << 20;  // a little too much, so that the file is not copied as it grows
    for (const SliceChunks& s : slices) expected += s.image.size() + s.label.size();
    for (const auto* texts : {&cohort.findings, &cohort.captions})
        for (const std::string& text : *texts) expected += text.size();
    Bytes out;
    out.reserve(expected);
    {
        const Id access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose), create(H5Pcreate(H5P_FILE_CREATE), H5Pclose);
        // The latest format guards its own structure with checksums.
        must(H5Pset_libver_bounds(access, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST));
        must(H5Pset_fapl_core(access, std::size_t{1} << 20, false));
        keep_image_in(access, out);
        must(H5Pset_obj_track_times(create, false));
        const Id file(H5Fcreate(nowhere, H5F_ACC_TRUNC, create, access), H5Fclose);
        put_content(file, cohort, slices);
    }
    // The superblock says where the file ends (version 3: bytes 28 to 35); behind it is room to grow.
    std::uint64_t size = 0;
    if (out.size() < 48) throw Error(ExitCode::internal, "HDF5 failed");
    std::memcpy(&size, out.data() + 28, sizeof size);
    if (size > out.size()) throw Error(ExitCode::internal, "HDF5 failed");
    out.resize(size);
    const auto at = find_seal(out);
    if (!at || as_text(out).substr(*at, seal_digits) != std::string(seal_digits, '0')) throw Error(ExitCode::internal, "cohort cannot be sealed");
    put_seal(out, *at);
    return out;
}

Cohort decode(std::span<const std::byte> file, const std::string& name) {
    // First of all: HDF5 itself is not made for damaged files.
    const auto at = find_seal(file);
    if (!at) refuse(name, "not a cohort file, or cut short: no lge.cohort/1 checksum");
    if (as_text(file).substr(*at, seal_digits) != seal_of(file, *at)) refuse(name, "damaged or cut short: its SHA-256 does not match");
    prepare_hdf5();
    const Id access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
    must(H5Pset_fapl_core(access, std::size_t{1} << 20, false));
    lend_image(access, file);
    const hid_t raw = H5Fopen(nowhere, H5F_ACC_RDONLY, access);
    if (raw < 0) refuse(name, "not a readable HDF5 file");
    const Id opened(raw, H5Fclose);
    const Reader reader(file, name);
    Cohort c = read_content(opened, reader);
    if (const auto what = fault(c)) refuse(name, *what);
    if (const auto what = pixel_fault(c)) refuse(name, *what);
    return c;
}

}  // namespace
}  // namespace lge::io

extern "C" __attribute__((visibility("default"))) void lge_encode_cohort(const lge::io::Cohort& cohort, std::vector<lge::io::SliceChunks>& slices, lge::Bytes& out) {
    out = lge::io::encode(cohort, slices);
}
extern "C" __attribute__((visibility("default"))) void lge_decode_cohort(std::span<const std::byte> file, const std::string& name, lge::io::Cohort& out) {
    out = lge::io::decode(file, name);
}
