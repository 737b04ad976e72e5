#include "lge/base/error.hpp"
#include "lge/base/random.hpp"
#include "lge/io/nifti.hpp"

#include <catch2/catch.hpp>
#include <libdeflate.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>

#include <unistd.h>

using namespace lge::io;
using lge::Bytes;
using lge::volume::Affine;
using lge::volume::Vec3;
using lge::volume::cross;
using lge::volume::operator*;

namespace {

constexpr std::array all_types{NumberType::uint8, NumberType::int8, NumberType::uint16, NumberType::int16, NumberType::uint32,
                               NumberType::int32, NumberType::uint64, NumberType::int64, NumberType::float32, NumberType::float64};

/// Any rotation, spacing, mirror and origin.
Affine random_affine(lge::Random& random) {
    const Vec3 a = lge::volume::unit({random.normal(), random.normal(), random.normal()});
    const Vec3 b = lge::volume::unit(cross(a, {random.normal(), random.normal(), random.normal()}));
    Affine m;
    const Vec3 c = cross(a, b);
    const double mirror = random.chance(0.5) ? -1 : 1;
    m.set_column(0, a * random.uniform(0.5, 3));
    m.set_column(1, b * random.uniform(0.5, 3));
    m.set_column(2, c * (mirror * random.uniform(1, 12)));
    m.set_column(3, {random.uniform(-200, 200), random.uniform(-200, 200), random.uniform(-200, 200)});
    return m;
}

Nifti random_image(std::uint64_t item, std::array<std::size_t, 3> shape, NumberType type) {
    lge::Random random(7, item, "nifti");
    Nifti image;
    image.grid = {shape, random_affine(random)};
    image.type = type;
    image.raw.resize(image.grid.voxel_count() * byte_size(type));
    for (auto& b : image.raw) b = static_cast<std::byte>(random.next() & 0xffU);
    return image;
}

double farthest(const Affine& a, const Affine& b) {
    double worst = 0;
    for (std::size_t i = 0; i < 12; ++i) worst = std::max(worst, std::abs(a.rows[i] - b.rows[i]) / std::max(1.0, std::abs(b.rows[i])));
    return worst;
}

bool refused(std::span<const std::byte> file, std::string* why = nullptr) {
    try {
        decode_nifti(file, "x.nii");
        return false;
    } catch (const lge::Error& e) {
        if (why) *why = e.what();
        return e.code() == lge::ExitCode::bad_data;
    }
}

template <class T>
void put(Bytes& file, std::size_t at, T value) { std::memcpy(file.data() + at, &value, sizeof value); }

Bytes small_file(bool compress = false) { return encode_nifti(random_image(1, {5, 4, 3}, NumberType::int16), nullptr, compress); }

/// A gzip member around a content.
Bytes member(std::span<const std::byte> content) {
    auto* deflater = libdeflate_alloc_compressor(1);
    Bytes out(libdeflate_gzip_compress_bound(deflater, content.size()));
    out.resize(libdeflate_gzip_compress(deflater, content.data(), content.size(), out.data(), out.size()));
    libdeflate_free_compressor(deflater);
    return out;
}
Bytes joined(Bytes a, const Bytes& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

/// The fields of a version 1 file of int16 voxels, and the voxels, in the other byte order.
Bytes byte_swapped(Bytes file) {
    const auto reverse = [&](std::size_t at, std::size_t width, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) std::reverse(file.begin() + static_cast<std::ptrdiff_t>(at + i * width), file.begin() + static_cast<std::ptrdiff_t>(at + (i + 1) * width));
    };
    reverse(0, 4, 1);
    reverse(40, 2, 8);
    reverse(56, 4, 3);
    reverse(68, 2, 4);
    reverse(76, 4, 11);
    reverse(252, 2, 2);
    reverse(256, 4, 18);
    reverse(352, 2, (file.size() - 352) / 2);
    return file;
}

struct Folder {
    std::filesystem::path path = std::filesystem::temp_directory_path() / ("lge-io-" + std::to_string(::getpid()));
    Folder() { std::filesystem::create_directories(path); }
    ~Folder() { std::filesystem::remove_all(path); }
    [[nodiscard]] std::string write(const std::string& name, const Bytes& bytes) const {
        std::ofstream(path / name, std::ios::binary).write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
        return (path / name).string();
    }
};

}  // namespace

TEST_CASE("1,000 random images of all types come back from a file as they went, voxel for voxel") {
    for (std::uint64_t i = 0; i < 1000; ++i) {
        lge::Random random(3, i, "shape");
        const std::array<std::size_t, 3> shape{1 + random.below(40), 1 + random.below(40), 1 + random.below(12)};
        Nifti image = random_image(i, shape, all_types[i % all_types.size()]);
        if (random.chance(0.3)) image.slope = random.uniform(0.1, 2), image.intercept = random.uniform(-5, 5);
        if (random.chance(0.3)) image.extensions.push_back({4, std::string(random.below(50), 'x')});
        const Bytes file = encode_nifti(image, nullptr, i % 2 == 0);
        const Nifti back = decode_nifti(file, "x");
        REQUIRE(back.raw == image.raw);
        REQUIRE(back.type == image.type);
        REQUIRE(back.grid.shape == image.grid.shape);
        REQUIRE(farthest(back.grid.index_to_lps, image.grid.index_to_lps) < 1e-6);
        REQUIRE(back.slope == Approx(image.slope).epsilon(1e-7));
        REQUIRE(back.extensions.size() == image.extensions.size());
        REQUIRE((image.extensions.empty() || back.extensions[0].content == image.extensions[0].content));
        // qform and sform say the same: to tell otherwise is one of the problems.
        REQUIRE(back.problems.empty());
        if (i % 50 == 0) REQUIRE(encode_nifti(image, nullptr, i % 2 == 0) == file);
    }
}

TEST_CASE("qform alone gives the same affine as sform") {
    for (std::uint64_t i = 0; i < 200; ++i) {
        const Nifti image = random_image(i, {3, 4, 5}, NumberType::uint8);
        Bytes file = encode_nifti(image, nullptr, false);
        put<std::int16_t>(file, 254, 0);
        const Nifti back = decode_nifti(file, "x");
        // The quaternion's real part is recomputed from three floats: where it is near 0 its last digits are lost.
        CHECK(farthest(back.grid.index_to_lps, image.grid.index_to_lps) < 5e-3);
        CHECK(back.problems.empty());
    }
}

TEST_CASE("an axis longer than 32767 makes a NIfTI-2 file, which reads back") {
    const Nifti image = random_image(2, {40000, 2, 1}, NumberType::uint16);
    const Bytes file = encode_nifti(image, nullptr, true);
    const Nifti back = decode_nifti(file, "x");
    CHECK(back.version == 2);
    CHECK(back.raw == image.raw);
    CHECK(farthest(back.grid.index_to_lps, image.grid.index_to_lps) < 1e-12);
}

TEST_CASE("a sheared affine is written as sform alone and told when read") {
    Nifti image = random_image(3, {3, 3, 3}, NumberType::uint8);
    image.grid.index_to_lps = Affine{{1, 0.5, 0, 3, 0, 1, 0, 4, 0, 0, 2, 5}};
    const Nifti back = decode_nifti(encode_nifti(image, nullptr, false), "x");
    CHECK(farthest(back.grid.index_to_lps, image.grid.index_to_lps) < 1e-6);
    CHECK(back.problems == std::vector<std::string>{"sform is sheared"});
}

TEST_CASE("history stands in a comment extension behind those that were there") {
    Nifti image = random_image(4, {2, 2, 2}, NumberType::uint8);
    image.extensions = {{4, "<xml/>"}};
    const History history{"lge-test", "1", {{"seed", "1"}}, {}};
    const Nifti back = decode_nifti(encode_nifti(image, &history, true), "x");
    REQUIRE(back.extensions.size() == 2);
    CHECK(back.extensions[0].code == 4);
    CHECK(back.extensions[1].code == 6);
    CHECK(back.extensions[1].content == history.json());
}

TEST_CASE("a file in the other byte order gives the same image") {
    const Bytes file = small_file();
    const Nifti a = decode_nifti(file, "x"), b = decode_nifti(byte_swapped(file), "x");
    CHECK(a.raw == b.raw);
    CHECK(a.grid == b.grid);
}

TEST_CASE("scaled voxels become floats and labels, and what cannot is refused") {
    Nifti image = random_image(5, {2, 1, 1}, NumberType::int16);
    image.raw.resize(4);
    put<std::int16_t>(image.raw, 0, 3);
    put<std::int16_t>(image.raw, 2, -4);
    image.slope = 0.5;
    image.intercept = 2;
    CHECK(to_float(image, "x").voxels == lge::Array<float>{3.5F, 0});
    CHECK_THROWS_WITH(to_labels(image, "x.nii"), "x.nii: a voxel is not a label: wanted whole numbers from 0 to 255");
    image.slope = 1;
    image.intercept = 5;
    CHECK(to_labels(image, "x").voxels == lge::Array<std::uint8_t>{8, 1});
    image.type = NumberType::float32;
    image.grid.shape[0] = 1;
    put(image.raw, 0, std::numeric_limits<float>::quiet_NaN());
    CHECK_THROWS_AS(to_float(image, "x"), lge::Error);
    CHECK(std::isnan(to_float(image, "x", false).voxels[0]));
}

TEST_CASE("every proper prefix of a small .nii and .nii.gz is refused, and so is a byte more") {
    for (const bool compress : {false, true}) {
        Nifti image = random_image(6, {9, 8, 7}, NumberType::float32);
        image.extensions = {{6, "a note"}};
        Bytes file = encode_nifti(image, nullptr, compress);
        REQUIRE_FALSE(refused(file));
        std::size_t taken = 0;
        for (std::size_t n = 0; n < file.size(); ++n) taken += refused(std::span(file).first(n)) ? 0 : 1;
        CHECK(taken == 0);
        file.push_back(std::byte{0});
        CHECK(refused(file));
    }
}

TEST_CASE("a bit flipped anywhere in a small .nii.gz is refused or changes nothing") {
    const Bytes file = small_file(true);
    const Nifti whole = decode_nifti(file, "x");
    std::size_t harmless = 0;
    for (std::size_t bit = 0; bit < 8 * file.size(); ++bit) {
        Bytes damaged = file;
        damaged[bit / 8] ^= std::byte{1} << bit % 8;
        if (refused(damaged)) continue;
        ++harmless;
        REQUIRE(decode_nifti(damaged, "x").raw == whole.raw);
    }
    // Only the bits that fill up the last byte of the compressed data mean nothing.
    CHECK(harmless <= 7);
}

TEST_CASE("of 2,000 flipped bits, 200 zeroed pages and 200 cuts of a 3 MB .nii.gz none is accepted") {
    const Bytes file = encode_nifti(random_image(8, {128, 128, 96}, NumberType::int16), nullptr, true);
    REQUIRE(file.size() > 3'000'000);
    REQUIRE_FALSE(refused(file));
    lge::Random random(11, 0, "damage");
    std::size_t accepted = 0;
    Bytes damaged = file;
    for (int i = 0; i < 2000; ++i) {
        const auto at = random.below(static_cast<std::uint32_t>(file.size()));
        damaged[at] ^= std::byte{1} << random.below(8);
        accepted += refused(damaged) ? 0 : 1;
        damaged[at] = file[at];
    }
    for (int i = 0; i < 200; ++i) {
        const std::size_t at = random.below(static_cast<std::uint32_t>(file.size() / 4096)) * std::size_t{4096};
        std::fill_n(damaged.begin() + static_cast<std::ptrdiff_t>(at), 4096, std::byte{0});
        accepted += refused(damaged) ? 0 : 1;
        std::copy_n(file.begin() + static_cast<std::ptrdiff_t>(at), 4096, damaged.begin() + static_cast<std::ptrdiff_t>(at));
    }
    for (int i = 0; i < 200; ++i) accepted += refused(std::span(file).first(random.below(static_cast<std::uint32_t>(file.size())))) ? 0 : 1;
    CHECK(accepted == 0);
    CHECK(damaged == file);
}

TEST_CASE("gzip members one behind the other are one content, and nothing else may follow") {
    const Bytes file = small_file();
    const auto front = std::span(file).first(100), back = std::span(file).subspan(100);
    CHECK(decode_nifti(joined(member(front), member(back)), "x").raw == decode_nifti(file, "x").raw);
    CHECK(refused(member(front)));
    CHECK(refused(joined(member(file), member(back))));
    CHECK(refused(joined(member(file), Bytes(512, std::byte{0}))));
}

TEST_CASE("a gzip bomb is refused by the size that its header tells") {
    Bytes file = small_file();
    file.resize(std::size_t{64} << 20, std::byte{0});
    std::string why;
    CHECK(refused(member(file), &why));
    CHECK(why == "x.nii: longer than the 472 bytes that its header tells");
    // and a header that tells of more than the data can hold takes no memory
    Bytes tiny = small_file();
    put<std::int16_t>(tiny, 42, 20000);
    put<std::int16_t>(tiny, 44, 2000);
    tiny.resize(std::size_t{200} << 10, std::byte{0});
    CHECK(refused(member(tiny), &why));
    CHECK(why == "x.nii: shorter than the 240000352 bytes that its header tells");
}

TEST_CASE("headers that lie are refused, each with its reason") {
    const float nan = std::numeric_limits<float>::quiet_NaN(), infinite = std::numeric_limits<float>::infinity();
    struct Row {
        const char* reason;
        std::function<void(Bytes&)> damage;
    };
    const auto at = []<class T>(std::size_t offset, T value) { return [=](Bytes& b) { put<T>(b, offset, value); }; };
    const std::vector<Row> rows{
        {"not a NIfTI file", at(0, std::int32_t{347})},
        {"not a NIfTI file: wrong magic", at(344, std::int32_t{0})},
        {"header of a two-file image, wanted a single .nii file", [](Bytes& b) { std::memcpy(b.data() + 344, "ni1", 4); }},
        {"0 axes, wanted 1 to 7", at(40, std::int16_t{0})},
        {"8 axes, wanted 1 to 7", at(40, std::int16_t{8})},
        {"axis 1 has length 0, wanted at least 1", at(42, std::int16_t{0})},
        {"axis 2 has length -4, wanted at least 1", at(44, std::int16_t{-4})},
        {"axis 4 has length 2, wanted a 3-D image", [](Bytes& b) { put<std::int16_t>(b, 40, 4); put<std::int16_t>(b, 48, 2); }},
        {"more voxels than the limit of 536870912", [](Bytes& b) { for (std::size_t i = 42; i <= 46; i += 2) put<std::int16_t>(b, i, 32767); }},
        {"datatype 128 is not supported, wanted an integer or float type", at(70, std::int16_t{128})},
        {"bitpix 8 does not fit datatype 4, wanted 16", at(72, std::int16_t{8})},
        {"vox_offset lies inside the header, wanted at least 352", at(108, nan)},
        {"vox_offset lies inside the header, wanted at least 352", at(108, -1.0F)},
        {"vox_offset lies inside the header, wanted at least 352", at(108, 348.0F)},
        {"vox_offset is out of range", at(108, 352.5F)},
        {"vox_offset is out of range", at(108, 1e12F)},
        {"cut short: 472 bytes, its header tells 488", at(108, 368.0F)},
        {"scl_slope or scl_inter is not finite", at(112, nan)},
        {"scl_slope or scl_inter is not finite", at(116, infinite)},
        {"sform is singular or not finite", at(280, nan)},
        {"sform is singular or not finite", [](Bytes& b) { std::fill_n(b.begin() + 280, 16, std::byte{0}); }},
        {"qform is not a rotation", [=](Bytes& b) { put<std::int16_t>(b, 254, 0); put(b, 256, 2.0F); }},
        {"qform is not a rotation", [=](Bytes& b) { put<std::int16_t>(b, 254, 0); put(b, 260, nan); }},
        {"qform is not a rotation", [=](Bytes& b) { put<std::int16_t>(b, 254, 0); put(b, 268, nan); }},
        {"pixdim is not a positive length", [=](Bytes& b) { put<std::int16_t>(b, 254, 0); put(b, 80, 0.0F); }},
        {"pixdim is not a positive length", [=](Bytes& b) { put<std::int16_t>(b, 254, 0); put(b, 84, -1.5F); }},
        {"pixdim is not a positive length", [=](Bytes& b) { put<std::int16_t>(b, 254, 0); put(b, 88, nan); }},
    };
    for (const auto& row : rows) {
        Bytes file = small_file();
        row.damage(file);
        std::string why;
        CHECK(refused(file, &why));
        CHECK(why == std::string("x.nii: ") + row.reason);
    }
}

TEST_CASE("extensions with lying sizes are refused") {
    for (const std::int32_t size : {0, 8, 15, 24, 48, -16, std::numeric_limits<std::int32_t>::max()}) {
        Nifti image = random_image(9, {2, 2, 2}, NumberType::uint8);
        image.extensions = {{6, std::string(20, 'x')}};  // takes 32 bytes
        Bytes file = encode_nifti(image, nullptr, false);
        REQUIRE_FALSE(refused(file));
        put(file, 352, size);
        CHECK(refused(file));
    }
}

TEST_CASE("what a header says twice and differently is told") {
    const auto problems = [](const std::function<void(Bytes&)>& change) {
        Bytes file = small_file();
        change(file);
        return decode_nifti(file, "x").problems;
    };
    const auto other_origin = problems([](Bytes& b) { put(b, 268, 900.0F); });
    REQUIRE(other_origin.size() == 1);
    CHECK(other_origin[0].starts_with("qform differs from sform, which is taken: position or direction"));
    CHECK(problems([](Bytes& b) { put(b, 268, std::numeric_limits<float>::quiet_NaN()); }) == std::vector<std::string>{"qform is not a rotation; sform is taken"});
    CHECK(problems([](Bytes& b) { put(b, 80, -1.0F); }) == std::vector<std::string>{"pixdim is not a positive length; sform is taken"});
    CHECK(problems([](Bytes& b) { b[123] = std::byte{0}; }) == std::vector<std::string>{"the unit of length is missing, mm is taken"});
    CHECK(problems([](Bytes& b) { b[123] = std::byte{3}; }) == std::vector<std::string>{"lengths in micrometres are converted to mm"});
    CHECK(problems([](Bytes& b) { std::fill_n(b.begin() + 252, 4, std::byte{0}); }) == std::vector<std::string>{"neither qform nor sform is set: the position in the patient is unknown"});
    const auto spacing = problems([](Bytes& b) { put<std::int16_t>(b, 252, 0); put(b, 80, 44.0F); });
    REQUIRE(spacing.size() == 1);
    CHECK(spacing[0].starts_with("pixdim 44 along axis 0 differs from sform's"));
}

TEST_CASE("slope 0 means no scaling") {
    Bytes file = small_file();
    put(file, 112, 0.0F);
    put(file, 116, 9.0F);
    const Nifti image = decode_nifti(file, "x");
    CHECK(image.slope == 1);
    CHECK(image.intercept == 0);
}

TEST_CASE("other voxels under the header of a file keep every bit that is not theirs, in both byte orders and versions") {
    auto image = random_image(1, {5, 4, 3}, NumberType::int16);
    image.extensions = {{4, "of the other voxels"}};
    image.slope = 0.5;
    Bytes file = encode_nifti(image, nullptr, false);
    for (std::size_t i = 148; i < 228; ++i) file[i] = std::byte{'t'};  // descrip
    put(file, 124, 900.0F);  // cal_max
    auto labels = random_image(2, {5, 4, 3}, NumberType::uint8);
    auto heat = random_image(3, {5, 4, 3}, NumberType::float32);
    for (std::size_t i = 0; i < 60; ++i) put(heat.raw, 4 * i, static_cast<float>(i) / 7);
    History history{"tool", "1", {}, {}};
    for (const bool swapped : {false, true}) {
        // Swapping works on files without extensions, whose fields it does not know.
        Bytes given = file;
        if (swapped) {
            image.extensions.clear();
            given = byte_swapped(encode_nifti(image, nullptr, false));
        }
        const Nifti like = decode_nifti(given, "x");
        for (const auto& other : {labels, heat}) {
            const Bytes made = encode_nifti_like(like, other, &history, false);
            const Nifti read = decode_nifti(made, "y");
            CHECK(read.raw == other.raw);
            CHECK(read.type == other.type);
            CHECK(read.slope == 1);
            CHECK(read.grid == like.grid);
            REQUIRE(read.extensions.size() == 1);
            CHECK(read.extensions[0].content == history.json());
            for (std::size_t i = 0; i < 348; ++i) {
                const bool voxels = (i >= 70 && i < 74) || (i >= 108 && i < 120) || (i >= 124 && i < 132);
                if (!voxels) CHECK(made[i] == given[i]);
            }
        }
    }
    auto longer = labels;
    longer.grid.shape = {5, 4, 2};
    longer.raw.resize(40);
    CHECK_THROWS_AS(encode_nifti_like(decode_nifti(file, "x"), longer, nullptr, false), lge::Error);

    // Version 2 is written for long axes only.
    const auto wide = random_image(4, {40000, 1, 1}, NumberType::int16), mask = random_image(5, {40000, 1, 1}, NumberType::uint8);
    const Bytes second = encode_nifti(wide, nullptr, false);
    const Bytes made = encode_nifti_like(decode_nifti(second, "x"), mask, nullptr, true);
    const Nifti read = decode_nifti(made, "y");
    CHECK(read.raw == mask.raw);
    CHECK(read.version == 2);
    CHECK(read.grid == decode_nifti(second, "x").grid);
}

TEST_CASE("a named file is read, never the one of the same name beside it") {
    const Folder folder;
    const Nifti plain = random_image(20, {3, 3, 3}, NumberType::int16), packed = random_image(21, {3, 3, 3}, NumberType::int16);
    const auto nii = folder.write("case.nii", encode_nifti(plain, nullptr, false));
    const auto gz = folder.write("case.nii.gz", encode_nifti(packed, nullptr, true));
    CHECK(read_nifti(nii).raw == plain.raw);
    CHECK(read_nifti(gz).raw == packed.raw);
    // content decides, not the name
    const auto lying = folder.write("lying.nii", encode_nifti(packed, nullptr, true));
    CHECK(read_nifti(lying).raw == packed.raw);
    std::filesystem::create_symlink(gz, folder.path / "link.nii");
    CHECK(read_nifti((folder.path / "link.nii").string()).raw == packed.raw);
}

TEST_CASE("files are told by their first bytes") {
    CHECK(looks_like_nifti(small_file()));
    CHECK(looks_like_nifti(small_file(true)));
    CHECK(looks_like_nifti(byte_swapped(small_file())));
    CHECK_FALSE(looks_like_nifti(lge::as_bytes("\x89HDF\r\n")));
    CHECK_FALSE(looks_like_nifti({}));
    CHECK(wants_gzip("a.nii.gz"));
    CHECK_FALSE(wants_gzip("a.nii"));
}
