#include "lge/io/nifti.hpp"

#include "lge/base/error.hpp"

#include <fmt/format.h>
#include <libdeflate.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <type_traits>

namespace lge::io {
namespace {

using volume::operator*;
using volume::Affine;
using volume::Vec3;

constexpr std::size_t header1 = 348, header2 = 540, extender = 4;
constexpr std::uint64_t max_extension_bytes = std::uint64_t{64} << 20;
constexpr std::uint64_t deflate_max_ratio = 1032;  // a match of 258 bytes costs at least two bits
constexpr std::string_view magic2("n+2\0\r\n\032\n", 8);
/// RAS to LPS and back.
constexpr Affine flip_xy{{-1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 1, 0}};

[[noreturn]] void refuse(const std::string& name, std::string_view reason) {
    throw Error(ExitCode::bad_data, fmt::format("{}: {}", name, reason));
}

// ---- number types -------------------------------------------------------------------------------------------------

struct TypeRow {
    NumberType type;
    std::int64_t datatype;
    std::size_t bytes;
};
constexpr std::array<TypeRow, 10> types{{{NumberType::uint8, 2, 1}, {NumberType::int8, 256, 1}, {NumberType::uint16, 512, 2},
                                        {NumberType::int16, 4, 2}, {NumberType::uint32, 768, 4}, {NumberType::int32, 8, 4},
                                        {NumberType::uint64, 1280, 8}, {NumberType::int64, 1024, 8},
                                        {NumberType::float32, 16, 4}, {NumberType::float64, 64, 8}}};
const TypeRow& row(NumberType type) {
    return *std::find_if(types.begin(), types.end(), [&](const TypeRow& r) { return r.type == type; });
}

/// Calls f(T{}) with the C++ type of the voxels.
template <class F>
void with_type(NumberType type, F&& f) {
    switch (type) {
        case NumberType::uint8: return f(std::uint8_t{});
        case NumberType::int8: return f(std::int8_t{});
        case NumberType::uint16: return f(std::uint16_t{});
        case NumberType::int16: return f(std::int16_t{});
        case NumberType::uint32: return f(std::uint32_t{});
        case NumberType::int32: return f(std::int32_t{});
        case NumberType::uint64: return f(std::uint64_t{});
        case NumberType::int64: return f(std::int64_t{});
        case NumberType::float32: return f(float{});
        case NumberType::float64: return f(double{});
    }
}

template <class T>
T load(const std::byte* from) {
    T v;
    std::memcpy(&v, from, sizeof v);
    return v;
}

template <class U>
void swap_each(std::span<std::byte> bytes) {
    for (std::size_t i = 0; i + sizeof(U) <= bytes.size(); i += sizeof(U)) {
        auto v = load<U>(bytes.data() + i);
        if constexpr (sizeof(U) == 2) v = __builtin_bswap16(v);
        else if constexpr (sizeof(U) == 4) v = __builtin_bswap32(v);
        else v = __builtin_bswap64(v);
        std::memcpy(bytes.data() + i, &v, sizeof v);
    }
}
void swap_bytes(std::span<std::byte> bytes, std::size_t width) {
    if (width == 2) swap_each<std::uint16_t>(bytes);
    if (width == 4) swap_each<std::uint32_t>(bytes);
    if (width == 8) swap_each<std::uint64_t>(bytes);
}

// ---- header -------------------------------------------------------------------------------------------------------

/// The fields that matter, of either version, widened.
struct Header {
    int version = 1;
    bool swapped = false;
    std::array<std::int64_t, 8> dim{};
    std::int64_t datatype = 0, bitpix = 0;
    std::array<double, 8> pixdim{};
    double vox_offset = 0, slope = 0, intercept = 0;
    int units = 0;
    std::int64_t qform_code = 0, sform_code = 0;
    std::array<double, 3> quatern{}, qoffset{};
    std::array<double, 12> srow{};
    [[nodiscard]] std::size_t size() const { return version == 1 ? header1 : header2; }
};

/// Where the fields of a version lie and how wide they are.
template <class Int, class Real, class Code>
struct Fields {
    std::span<const std::byte> bytes;
    bool swapped;

    template <class T>
    [[nodiscard]] T at(std::size_t offset) const {
        std::array<std::byte, sizeof(T)> b;
        std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(offset), sizeof(T), b.begin());
        if (swapped) std::reverse(b.begin(), b.end());
        return std::bit_cast<T>(b);
    }
    template <std::size_t N>
    void reals(std::array<double, N>& to, std::size_t offset) const {
        for (std::size_t i = 0; i < N; ++i) to[i] = static_cast<double>(at<Real>(offset + i * sizeof(Real)));
    }
    void dims(std::array<std::int64_t, 8>& to, std::size_t offset) const {
        for (std::size_t i = 0; i < 8; ++i) to[i] = at<Int>(offset + i * sizeof(Int));
    }
    void space(Header& h, std::size_t codes, std::size_t quatern) const {
        h.qform_code = at<Code>(codes);
        h.sform_code = at<Code>(codes + sizeof(Code));
        reals(h.quatern, quatern);
        reals(h.qoffset, quatern + 3 * sizeof(Real));
        reals(h.srow, quatern + 6 * sizeof(Real));
    }
};

Header parse_header(std::span<const std::byte> bytes, const std::string& name) {
    if (bytes.size() < header1) refuse(name, "cut short in its header");
    Header h;
    const auto size = load<std::uint32_t>(bytes.data());
    h.swapped = size == __builtin_bswap32(header1) || size == __builtin_bswap32(header2);
    const auto own = h.swapped ? __builtin_bswap32(size) : size;
    if (own == header1) {
        const Fields<std::int16_t, float, std::int16_t> f{bytes, h.swapped};
        const auto magic = as_text(bytes.subspan(344, 4));
        if (magic == std::string_view("ni1\0", 4)) refuse(name, "header of a two-file image, wanted a single .nii file");
        if (magic != std::string_view("n+1\0", 4)) refuse(name, "not a NIfTI file: wrong magic");
        f.dims(h.dim, 40);
        h.datatype = f.at<std::int16_t>(70);
        h.bitpix = f.at<std::int16_t>(72);
        f.reals(h.pixdim, 76);
        h.vox_offset = static_cast<double>(f.at<float>(108));
        h.slope = static_cast<double>(f.at<float>(112));
        h.intercept = static_cast<double>(f.at<float>(116));
        h.units = std::to_integer<int>(bytes[123]);
        f.space(h, 252, 256);
    } else if (own == header2) {
        if (bytes.size() < header2) refuse(name, "cut short in its header");
        h.version = 2;
        const Fields<std::int64_t, double, std::int32_t> f{bytes, h.swapped};
        if (as_text(bytes.subspan(4, 8)) != magic2) refuse(name, "not a NIfTI file: wrong magic");
        h.datatype = f.at<std::int16_t>(12);
        h.bitpix = f.at<std::int16_t>(14);
        f.dims(h.dim, 16);
        f.reals(h.pixdim, 104);
        const auto offset = f.at<std::int64_t>(168);
        if (offset < 0 || offset > std::int64_t{1} << 52) refuse(name, "vox_offset is out of range");
        h.vox_offset = static_cast<double>(offset);
        h.slope = f.at<double>(176);
        h.intercept = f.at<double>(184);
        h.units = f.at<std::int32_t>(500) & 0xff;
        f.space(h, 344, 352);
    } else {
        refuse(name, "not a NIfTI file");
    }
    return h;
}

/// What the header promises about the bytes.
struct Layout {
    std::array<std::size_t, 3> shape{1, 1, 1};
    const TypeRow* type = nullptr;
    std::uint64_t voxels_at = 0, voxel_bytes = 0;
    [[nodiscard]] std::uint64_t total() const { return voxels_at + voxel_bytes; }
};

Layout check_layout(const Header& h, const std::string& name, NiftiLimits limits) {
    Layout l;
    if (h.dim[0] < 1 || h.dim[0] > 7) refuse(name, fmt::format("{} axes, wanted 1 to 7", h.dim[0]));
    std::uint64_t voxels = 1;
    for (std::size_t a = 1; a <= static_cast<std::size_t>(h.dim[0]); ++a) {
        if (h.dim[a] < 1) refuse(name, fmt::format("axis {} has length {}, wanted at least 1", a, h.dim[a]));
        if (a > 3 && h.dim[a] != 1) refuse(name, fmt::format("axis {} has length {}, wanted a 3-D image", a, h.dim[a]));
        const auto n = static_cast<std::uint64_t>(h.dim[a]);
        if (n > limits.max_voxels / voxels) refuse(name, fmt::format("more voxels than the limit of {}", limits.max_voxels));
        voxels *= n;
        if (a <= 3) l.shape[a - 1] = static_cast<std::size_t>(n);
    }
    const auto type = std::find_if(types.begin(), types.end(), [&](const TypeRow& t) { return t.datatype == h.datatype; });
    if (type == types.end()) refuse(name, fmt::format("datatype {} is not supported, wanted an integer or float type", h.datatype));
    l.type = &*type;
    if (h.bitpix != static_cast<std::int64_t>(8 * type->bytes))
        refuse(name, fmt::format("bitpix {} does not fit datatype {}, wanted {}", h.bitpix, h.datatype, 8 * type->bytes));
    const auto first = static_cast<double>(h.size() + extender);
    if (!(h.vox_offset >= first)) refuse(name, fmt::format("vox_offset lies inside the header, wanted at least {}", first));
    if (!(h.vox_offset <= first + static_cast<double>(max_extension_bytes)) || h.vox_offset != std::floor(h.vox_offset))
        refuse(name, "vox_offset is out of range");
    l.voxels_at = static_cast<std::uint64_t>(h.vox_offset);
    l.voxel_bytes = voxels * type->bytes;
    if (!std::isfinite(h.slope) || !std::isfinite(h.intercept)) refuse(name, "scl_slope or scl_inter is not finite");
    return l;
}

std::vector<NiftiExtension> parse_extensions(std::span<const std::byte> bytes, const Header& h, const std::string& name) {
    std::vector<NiftiExtension> out;
    if (bytes[h.size()] == std::byte{0}) return out;
    auto rest = bytes.subspan(h.size() + extender);
    const auto is_zero = [](std::byte b) { return b == std::byte{0}; };
    while (!rest.empty() && !std::all_of(rest.begin(), rest.end(), is_zero)) {
        if (rest.size() < 16) refuse(name, "an extension does not fit before the voxels");
        const Fields<std::int32_t, float, std::int32_t> f{rest, h.swapped};
        const auto size = f.at<std::int32_t>(0);
        if (size < 16 || size % 16 != 0 || static_cast<std::size_t>(size) > rest.size())
            refuse(name, fmt::format("extension of {} bytes, wanted a multiple of 16 that fits before the voxels", size));
        std::string content(as_text(rest.subspan(8, static_cast<std::size_t>(size) - 8)));
        content.erase(content.find_last_not_of('\0') + 1);
        out.push_back({f.at<std::int32_t>(4), std::move(content)});
        rest = rest.subspan(static_cast<std::size_t>(size));
    }
    return out;
}

// ---- affine -------------------------------------------------------------------------------------------------------

/// The rotation of a unit quaternion (a, b, c, d), a >= 0, from b, c, d (NIfTI-1, method 2). Nothing when b, c, d are
/// too long, by nibabel's tolerance of three float steps.
std::optional<Affine> qform(const Header& h) {
    const auto [b, c, d] = h.quatern;
    const double rest = 1 - (b * b + c * c + d * d);
    if (!(rest >= -3.0 * static_cast<double>(std::numeric_limits<float>::epsilon()))) return std::nullopt;
    const double a = std::sqrt(std::max(rest, 0.0));
    // As nibabel does: dividing by the squared length keeps the rows at length 1 where `rest` was cut to 0.
    const double s = 2 / (a * a + b * b + c * c + d * d);
    Affine m;
    m.rows = {1 - s * (c * c + d * d), s * (b * c - a * d), s * (b * d + a * c), h.qoffset[0],
              s * (b * c + a * d), 1 - s * (b * b + d * d), s * (c * d - a * b), h.qoffset[1],
              s * (b * d - a * c), s * (c * d + a * b), 1 - s * (b * b + c * c), h.qoffset[2]};
    for (int axis = 0; axis < 3; ++axis) {
        const double flip = axis == 2 && h.pixdim[0] < 0 ? -1 : 1;
        m.set_column(axis, m.column(axis) * (flip * h.pixdim[static_cast<std::size_t>(axis) + 1]));
    }
    return m;
}

/// Nibabel's choice for a file without position: x to the left, the world's origin in the middle.
Affine centred(const Header& h, const Layout& l) {
    Affine m;
    for (std::size_t a = 0; a < 3; ++a) {
        const double step = (a == 0 ? -1 : 1) * h.pixdim[a + 1];
        m.rows[5 * a] = step;
        m.rows[4 * a + 3] = -step * (static_cast<double>(l.shape[a]) - 1) / 2;
    }
    return m;
}

bool usable(const Affine& m) {
    const auto fault = volume::check(m);
    return fault == volume::AffineFault::none || fault == volume::AffineFault::sheared;
}

/// The affine to LPS mm; what the header says twice and differently goes to `problems`.
Affine find_affine(const Header& h, const Layout& l, const std::string& name, std::vector<std::string>& problems) {
    const bool pixdim_good = std::all_of(h.pixdim.begin() + 1, h.pixdim.begin() + 4, [](double p) { return std::isfinite(p) && p > 0; });
    std::optional<Affine> q, s;
    if (h.qform_code > 0 && pixdim_good)
        if (auto m = qform(h); m && usable(*m)) q = m;
    if (h.sform_code > 0) {
        s = Affine{h.srow};
        if (!usable(*s)) refuse(name, "sform is singular or not finite");
    }
    if (!s && !pixdim_good) refuse(name, "pixdim is not a positive length");
    if (!s && h.qform_code > 0 && !q) refuse(name, "qform is not a rotation");

    if (s) {
        if (!pixdim_good) problems.emplace_back("pixdim is not a positive length; sform is taken");
        else if (h.qform_code > 0 && !q) problems.emplace_back("qform is not a rotation; sform is taken");
        else if (q) {
            if (const auto d = volume::difference({l.shape, *q}, {l.shape, *s}, Mm{0.1}))
                problems.push_back(fmt::format("qform differs from sform, which is taken: {}", *d));
        } else {
            const Vec3 spacing = volume::Grid{l.shape, *s}.spacing();
            for (std::size_t a = 0; a < 3; ++a)
                if (std::abs(spacing[a] - h.pixdim[a + 1]) > 1e-3 * spacing[a]) {
                    problems.push_back(fmt::format("pixdim {:.6g} along axis {} differs from sform's {:.6g}, which is taken", h.pixdim[a + 1], a, spacing[a]));
                    break;
                }
        }
        if (volume::check(*s) == volume::AffineFault::sheared) problems.emplace_back("sform is sheared");
    }
    if (!s && !q) problems.emplace_back("neither qform nor sform is set: the position in the patient is unknown");

    Affine m = s ? *s : q ? *q : centred(h, l);
    const int unit = h.units & 7;
    if (unit == 1 || unit == 3) {
        problems.push_back(fmt::format("lengths in {} are converted to mm", unit == 1 ? "metres" : "micrometres"));
        for (double& v : m.rows) v *= unit == 1 ? 1e3 : 1e-3;
    } else if (unit != 2) {
        problems.emplace_back("the unit of length is missing, mm is taken");
    }
    return flip_xy * m;
}

// ---- gzip ---------------------------------------------------------------------------------------------------------

bool is_gzip(std::span<const std::byte> b) { return b.size() >= 2 && b[0] == std::byte{0x1f} && b[1] == std::byte{0x8b}; }

/// The bytes of a member's header (RFC 1952). Its own checksum is checked where it has one.
std::size_t gzip_header_size(std::span<const std::byte> in, const std::string& name) {
    const auto byte = [&](std::size_t i) -> unsigned {
        if (i >= in.size()) refuse(name, "gzip data is cut short");
        return std::to_integer<unsigned>(in[i]);
    };
    if (byte(0) != 0x1f || byte(1) != 0x8b) refuse(name, "bytes follow the gzip data");
    const unsigned flags = byte(3);
    if (byte(2) != 8 || (flags & 0xe0U) != 0) refuse(name, "gzip header is damaged");
    std::size_t at = 10;
    if (flags & 4U) at += 2 + byte(at) + (byte(at + 1) << 8U);
    for (const unsigned text : {8U, 16U})
        if (flags & text) {
            while (byte(at) != 0) ++at;
            ++at;
        }
    if (flags & 2U) {
        const unsigned sum = byte(at) | byte(at + 1) << 8U;
        if (sum != (libdeflate_crc32(0, in.data(), at) & 0xffffU)) refuse(name, "gzip header is damaged");
        at += 2;
    }
    byte(at);
    return at;
}

struct Inflated {
    std::size_t bytes = 0;
    bool whole = true;  ///< false: there is more than fits in the buffer
};

/// All members one behind the other; every checksum and size is checked. Memory for `out` is the caller's, so nothing
/// that the data say about their size is believed.
Inflated inflate(std::span<const std::byte> in, std::span<std::byte> out, const std::string& name) {
    const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)> inflater(
        libdeflate_alloc_decompressor(), &libdeflate_free_decompressor);
    if (!inflater) throw std::bad_alloc();
    Inflated done;
    while (!in.empty()) {
        in = in.subspan(gzip_header_size(in, name));
        std::size_t used = 0, made = 0;
        switch (libdeflate_deflate_decompress_ex(inflater.get(), in.data(), in.size(), out.data() + done.bytes, out.size() - done.bytes, &used, &made)) {
            case LIBDEFLATE_SUCCESS: break;
            case LIBDEFLATE_INSUFFICIENT_SPACE: return {out.size(), false};
            default: refuse(name, "gzip data is damaged or cut short");
        }
        in = in.subspan(used);
        if (in.size() < 8) refuse(name, "gzip data is cut short");
        const auto little = [&](std::size_t at) {
            return std::to_integer<std::uint32_t>(in[at]) | std::to_integer<std::uint32_t>(in[at + 1]) << 8U |
                   std::to_integer<std::uint32_t>(in[at + 2]) << 16U | std::to_integer<std::uint32_t>(in[at + 3]) << 24U;
        };
        if (libdeflate_crc32(0, out.data() + done.bytes, made) != little(0)) refuse(name, "gzip checksum does not match");
        if (static_cast<std::uint32_t>(made) != little(4)) refuse(name, "gzip size does not match");
        in = in.subspan(8);
        done.bytes += made;
    }
    return done;
}

/// The content of a gzipped file, exactly as long as its NIfTI header says.
Bytes gunzip(std::span<const std::byte> in, const std::string& name, NiftiLimits limits) {
    // A first look at the start tells the size. libdeflate has filled a buffer that was too small up to the last
    // symbol (at most a stored block of 65,535 bytes) that did not fit, so the header is there; it is compared below.
    constexpr std::size_t look = std::size_t{128} << 10;
    Bytes start(look, std::byte{0});
    const Inflated first = inflate(in, start, name);
    const auto header = parse_header(std::span(start).first(first.bytes), name);
    const std::uint64_t total = check_layout(header, name, limits).total();
    if (first.whole) {
        start.resize(first.bytes);
        return start;
    }
    if (total <= look) refuse(name, fmt::format("longer than the {} bytes that its header tells", total));
    if (total / deflate_max_ratio > in.size()) refuse(name, fmt::format("shorter than the {} bytes that its header tells", total));
    Bytes out(total);
    const Inflated all = inflate(in, out, name);
    if (!all.whole) refuse(name, fmt::format("longer than the {} bytes that its header tells", total));
    out.resize(all.bytes);
    if (out.size() < header.size() || std::memcmp(out.data(), start.data(), header.size()) != 0) refuse(name, "gzip data is damaged");
    return out;
}

Bytes gzip(std::span<const std::byte> content) {
    const std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> deflater(
        libdeflate_alloc_compressor(6), &libdeflate_free_compressor);
    if (!deflater) throw std::bad_alloc();
    // With a checksum of the header itself (FHCRC), no time, no name, system unknown: no byte is unguarded.
    std::array<std::byte, 12> head{std::byte{0x1f}, std::byte{0x8b}, std::byte{8}, std::byte{2}};
    head[9] = std::byte{0xff};
    const auto put = [](std::byte* at, std::uint32_t v, int n) {
        for (int i = 0; i < n; ++i) at[i] = static_cast<std::byte>(v >> (8 * i) & 0xffU);
    };
    put(head.data() + 10, libdeflate_crc32(0, head.data(), 10), 2);
    Bytes out(head.size() + libdeflate_deflate_compress_bound(deflater.get(), content.size()) + 8);
    std::copy(head.begin(), head.end(), out.begin());
    const std::size_t n = libdeflate_deflate_compress(deflater.get(), content.data(), content.size(), out.data() + head.size(), out.size() - head.size() - 8);
    if (n == 0) throw Error(ExitCode::internal, "gzip buffer was too small");
    out.resize(head.size() + n + 8);
    put(out.data() + out.size() - 8, libdeflate_crc32(0, content.data(), content.size()), 4);
    put(out.data() + out.size() - 4, static_cast<std::uint32_t>(content.size()), 4);
    return out;
}

// ---- whole files --------------------------------------------------------------------------------------------------

/// `file` is not compressed; its memory becomes the image's.
Nifti assemble(Bytes file, const std::string& name, NiftiLimits limits) {
    const Header h = parse_header(file, name);
    const Layout l = check_layout(h, name, limits);
    if (file.size() < l.total()) refuse(name, fmt::format("cut short: {} bytes, its header tells {}", file.size(), l.total()));
    if (file.size() > l.total()) refuse(name, fmt::format("too long: {} bytes, its header tells {}", file.size(), l.total()));
    Nifti image;
    image.version = h.version;
    image.type = l.type->type;
    image.grid.shape = l.shape;
    image.grid.index_to_lps = find_affine(h, l, name, image.problems);
    image.extensions = parse_extensions(std::span(file).first(l.voxels_at), h, name);
    image.header.assign(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(h.size()));
    if (h.slope != 0) {
        image.slope = h.slope;
        image.intercept = h.intercept;
    }
    file.erase(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(l.voxels_at));
    image.raw = std::move(file);
    if (h.swapped) swap_bytes(image.raw, l.type->bytes);
    return image;
}

void check_size(const Nifti& image) {
    if (image.raw.size() != image.grid.voxel_count() * byte_size(image.type))
        throw Error(ExitCode::internal, "voxel bytes do not fit the grid");
}

/// The quaternion (b, c, d) of a rotation (Shepperd's method: from its largest component, so that nothing cancels).
std::array<double, 3> quaternion(const Affine& m) {
    const auto r = [&](std::size_t i, std::size_t j) { return m.rows[4 * i + j]; };
    const std::array<double, 4> squares{1 + r(0, 0) + r(1, 1) + r(2, 2), 1 + r(0, 0) - r(1, 1) - r(2, 2),
                                        1 - r(0, 0) + r(1, 1) - r(2, 2), 1 - r(0, 0) - r(1, 1) + r(2, 2)};
    const auto largest = std::max_element(squares.begin(), squares.end()) - squares.begin();
    const double s = 2 * std::sqrt(squares[static_cast<std::size_t>(largest)]);
    double a = 0, b = 0, c = 0, d = 0;
    switch (largest) {
        case 0: a = s / 4; b = (r(2, 1) - r(1, 2)) / s; c = (r(0, 2) - r(2, 0)) / s; d = (r(1, 0) - r(0, 1)) / s; break;
        case 1: a = (r(2, 1) - r(1, 2)) / s; b = s / 4; c = (r(0, 1) + r(1, 0)) / s; d = (r(0, 2) + r(2, 0)) / s; break;
        case 2: a = (r(0, 2) - r(2, 0)) / s; b = (r(0, 1) + r(1, 0)) / s; c = s / 4; d = (r(1, 2) + r(2, 1)) / s; break;
        default: a = (r(1, 0) - r(0, 1)) / s; b = (r(0, 2) + r(2, 0)) / s; c = (r(1, 2) + r(2, 1)) / s; d = s / 4; break;
    }
    if (a < 0) return {-b, -c, -d};
    return {b, c, d};
}

template <class Int, class Real, class Code>
struct FieldWriter {
    Bytes& bytes;
    bool swapped = false;
    template <class T, class V>
    void put(std::size_t offset, V value) {
        const T v = static_cast<T>(value);
        std::memcpy(bytes.data() + offset, &v, sizeof v);
        if (swapped) std::reverse(bytes.begin() + static_cast<std::ptrdiff_t>(offset), bytes.begin() + static_cast<std::ptrdiff_t>(offset + sizeof v));
    }
    /// What the voxels are and where they start, from the places of datatype, vox_offset, slope and cal_max.
    void voxels(std::size_t datatype, std::size_t offset, std::size_t slope, std::size_t display, const Nifti& image, std::size_t voxels_at) {
        const TypeRow& type = row(image.type);
        put<std::int16_t>(datatype, type.datatype);
        put<std::int16_t>(datatype + 2, 8 * type.bytes);
        if constexpr (sizeof(Int) == 2) put<float>(offset, voxels_at);
        else put<std::int64_t>(offset, voxels_at);
        put<Real>(slope, image.slope);
        put<Real>(slope + sizeof(Real), image.intercept);
        put<Real>(display, 0);
        put<Real>(display + sizeof(Real), 0);
    }
    void shape(std::size_t offset, const volume::Grid& g) {
        put<Int>(offset, 3);
        for (std::size_t a = 0; a < 7; ++a) put<Int>(offset + (a + 1) * sizeof(Int), a < 3 ? g.shape[a] : 1);
    }
    /// pixdim, qform and sform of an affine to RAS; the qform only where it can say the same.
    void space(std::size_t pixdim, std::size_t codes, std::size_t quatern, const Affine& ras) {
        const double flip = ras.determinant() < 0 ? -1 : 1;
        put<Real>(pixdim, flip);
        Affine rotation;
        for (int a = 0; a < 3; ++a) {
            put<Real>(pixdim + static_cast<std::size_t>(a + 1) * sizeof(Real), volume::length(ras.column(a)));
            rotation.set_column(a, volume::unit(ras.column(a)) * (a == 2 ? flip : 1));
        }
        for (std::size_t a = 4; a < 8; ++a) put<Real>(pixdim + a * sizeof(Real), 1);
        put<Code>(codes + sizeof(Code), 1);
        for (std::size_t i = 0; i < 12; ++i) put<Real>(quatern + (6 + i) * sizeof(Real), ras.rows[i]);
        if (volume::check(ras) != volume::AffineFault::none) return;
        put<Code>(codes, 1);
        const auto q = quaternion(rotation);
        for (std::size_t i = 0; i < 3; ++i) {
            put<Real>(quatern + i * sizeof(Real), q[i]);
            put<Real>(quatern + (3 + i) * sizeof(Real), ras.rows[4 * i + 3]);
        }
    }
};

/// An axis is too long for version 1.
bool needs_version2(const volume::Grid& g) {
    return std::any_of(g.shape.begin(), g.shape.end(), [](std::size_t n) { return n > 32767; });
}

using Fields1 = FieldWriter<std::int16_t, float, std::int16_t>;
using Fields2 = FieldWriter<std::int64_t, double, std::int32_t>;
void put_voxels(Bytes& out, bool version2, bool swapped, const Nifti& image, std::size_t voxels_at) {
    if (version2) Fields2{out, swapped}.voxels(12, 168, 176, 192, image, voxels_at);
    else Fields1{out, swapped}.voxels(70, 108, 112, 124, image, voxels_at);
}

void put_header(Bytes& out, const Nifti& image) {
    const Affine ras = flip_xy * image.grid.index_to_lps;
    constexpr std::uint8_t millimetres = 2;
    if (!needs_version2(image.grid)) {
        Fields1 f{out};
        f.put<std::int32_t>(0, header1);
        f.shape(40, image.grid);
        f.put<std::uint8_t>(123, millimetres);
        f.space(76, 252, 256, ras);
        std::memcpy(out.data() + 344, "n+1", 4);
    } else {
        Fields2 f{out};
        f.put<std::int32_t>(0, header2);
        std::memcpy(out.data() + 4, magic2.data(), magic2.size());
        f.shape(16, image.grid);
        f.put<std::int32_t>(500, millimetres);
        f.space(104, 344, 352, ras);
    }
}

template <class T>
Nifti from_volume(const volume::Volume<T>& v, NumberType type) {
    Nifti image;
    image.grid = v.grid;
    image.type = type;
    const auto bytes = std::as_bytes(std::span(v.voxels));
    image.raw.assign(bytes.begin(), bytes.end());
    return image;
}

}  // namespace

std::size_t byte_size(NumberType type) { return row(type).bytes; }

Nifti decode_nifti(std::span<const std::byte> file, const std::string& name, NiftiLimits limits) {
    return assemble(is_gzip(file) ? gunzip(file, name, limits) : Bytes(file.begin(), file.end()), name, limits);
}

Nifti read_nifti(const std::string& path, NiftiLimits limits) {
    Input input(path);
    const std::uint64_t most = limits.max_voxels * sizeof(double) + max_extension_bytes + header2 + extender;
    Bytes file = read_all(input, most);
    if (is_gzip(file)) file = gunzip(file, input.name(), limits);
    return assemble(std::move(file), input.name(), limits);
}

bool looks_like_nifti(std::span<const std::byte> head) {
    if (is_gzip(head)) return true;
    if (head.size() < 4) return false;
    const auto size = load<std::uint32_t>(head.data());
    return size == header1 || size == header2 || size == __builtin_bswap32(header1) || size == __builtin_bswap32(header2);
}

volume::Volume<float> to_float(const Nifti& image, const std::string& name, bool require_finite) {
    check_size(image);
    volume::Volume<float> out(image.grid);
    const bool plain = image.slope == 1 && image.intercept == 0;
    bool finite = true;
    with_type(image.type, [&]<class T>(T) {
        const std::byte* from = image.raw.data();
        for (std::size_t i = 0; i < out.voxels.size(); ++i) {
            const auto raw = load<T>(from + i * sizeof(T));
            const float v = plain ? static_cast<float>(raw) : static_cast<float>(image.slope * static_cast<double>(raw) + image.intercept);
            out.voxels[i] = v;
            finite &= std::isfinite(v);
        }
    });
    if (require_finite && !finite) refuse(name, "a voxel is not finite");
    return out;
}

volume::Volume<std::uint8_t> to_labels(const Nifti& image, const std::string& name) {
    check_size(image);
    volume::Volume<std::uint8_t> out(image.grid);
    bool good = true;
    if (image.type == NumberType::uint8 && image.slope == 1 && image.intercept == 0) {
        std::memcpy(out.voxels.data(), image.raw.data(), image.raw.size());
        return out;
    }
    with_type(image.type, [&]<class T>(T) {
        const std::byte* from = image.raw.data();
        for (std::size_t i = 0; i < out.voxels.size(); ++i) {
            const double v = image.slope * static_cast<double>(load<T>(from + i * sizeof(T))) + image.intercept;
            const bool fits = v >= 0 && v <= 255 && v == std::floor(v);
            out.voxels[i] = fits ? static_cast<std::uint8_t>(v) : std::uint8_t{0};
            good &= fits;
        }
    });
    if (!good) refuse(name, "a voxel is not a label: wanted whole numbers from 0 to 255");
    return out;
}

namespace {

/// `header`: of the file, to which the extensions and voxels are added.
Bytes encode(const Nifti& image, std::vector<NiftiExtension> extensions, std::span<const std::byte> header, bool swapped, const History* history, bool compress) {
    check_size(image);
    constexpr int comment = 6;
    if (history) extensions.push_back({comment, history->json()});
    const std::size_t first = header.size() + extender;
    const auto padded = [](const NiftiExtension& e) { return (e.content.size() + 8 + 15) / 16 * 16; };
    std::size_t voxels_at = first;
    for (const auto& e : extensions) voxels_at += padded(e);
    if (voxels_at - first > max_extension_bytes) throw Error(ExitCode::bad_data, "extensions are longer than 64 MiB");

    Bytes out(voxels_at + image.raw.size());
    std::fill_n(out.begin(), voxels_at, std::byte{0});
    std::copy(header.begin(), header.end(), out.begin());
    put_voxels(out, header.size() == header2, swapped, image, voxels_at);
    out[first - extender] = extensions.empty() ? std::byte{0} : std::byte{1};
    std::size_t at = first;
    for (const auto& e : extensions) {
        const std::array<std::int32_t, 2> head{static_cast<std::int32_t>(padded(e)), e.code};
        std::memcpy(out.data() + at, head.data(), sizeof head);
        if (swapped) swap_bytes(std::span(out).subspan(at, sizeof head), sizeof head[0]);
        std::memcpy(out.data() + at + sizeof head, e.content.data(), e.content.size());
        at += padded(e);
    }
    std::copy(image.raw.begin(), image.raw.end(), out.begin() + static_cast<std::ptrdiff_t>(voxels_at));
    if (swapped) swap_bytes(std::span(out).subspan(voxels_at), byte_size(image.type));
    return compress ? gzip(out) : out;
}

}  // namespace

Bytes encode_nifti(const Nifti& image, const History* history, bool compress) {
    if (image.grid.voxel_count() == 0 || !usable(image.grid.index_to_lps)) throw Error(ExitCode::internal, "image has no voxel or no usable affine");
    Bytes header(needs_version2(image.grid) ? header2 : header1, std::byte{0});
    put_header(header, image);
    return encode(image, image.extensions, header, false, history, compress);
}

Bytes encode_nifti_like(const Nifti& like, const Nifti& image, const History* history, bool compress) {
    if (like.header.empty() || like.grid.shape != image.grid.shape) throw Error(ExitCode::internal, "no header that fits the image");
    const Header h = parse_header(like.header, "header");
    return encode(image, {}, like.header, h.swapped, history, compress);
}

Nifti to_nifti(const volume::Volume<float>& v) { return from_volume(v, NumberType::float32); }
Nifti to_nifti(const volume::Volume<std::uint8_t>& v) { return from_volume(v, NumberType::uint8); }

bool is_nifti_name(const std::string& path) { return path.ends_with(".nii") || path.ends_with(".nii.gz"); }
bool wants_gzip(const std::string& path) { return path.ends_with(".nii.gz"); }

}  // namespace lge::io
