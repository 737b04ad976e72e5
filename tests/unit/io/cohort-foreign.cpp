// Files that HDF5 finds right and lge-cohort(5) does not allow.
#include "lge/base/error.hpp"
#include "lge/base/stream.hpp"
#include "lge/io/cohort.hpp"
#include "lge/io/seal.hpp"

#include <catch2/catch.hpp>
#include <hdf5.h>

#include <filesystem>
#include <functional>

#include <unistd.h>

using namespace lge::io;
using lge::Bytes;

namespace {

/// Two cases of one slice of 4 x 3 pixels, with labels.
Bytes good() {
    Cohort c;
    c.width = 4;
    c.height = 3;
    for (std::uint32_t i = 0; i < 2; ++i) {
        CohortCase one;
        one.id = i == 0 ? "a" : "b";
        one.first_slice = i;
        one.slice_count = 1;
        c.cases.push_back(one);
        c.level.push_back(lge::anatomy::Level::mid);
    }
    c.image.assign(24, 0.5F);
    c.label.assign(24, 2);
    c.history = "{}";
    return encode_cohort(c);
}

/// The good file after a change by HDF5 itself, with the right checksum.
Bytes changed(const std::function<void(hid_t)>& change) {
    const auto path = (std::filesystem::temp_directory_path() / ("lge-cohort-" + std::to_string(::getpid()) + ".h5")).string();
    lge::write_file(path, lge::Overwrite::yes, good());
    const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    REQUIRE(file >= 0);
    change(file);
    REQUIRE(H5Fclose(file) >= 0);
    Bytes bytes = lge::read_file(path);
    std::filesystem::remove(path);
    put_seal(bytes, lge::as_text(bytes).find("lge.cohort/1 sha256 ") + 20);
    return bytes;
}

std::string why(std::span<const std::byte> file) {
    try {
        decode_cohort(file, "c.h5");
        return "accepted";
    } catch (const lge::Error& e) {
        return e.code() == lge::ExitCode::bad_data ? e.what() : "wrong status";
    }
}

void replace(hid_t file, const char* name, hid_t type, const std::vector<hsize_t>& shape, const void* data,
             const std::function<void(hid_t)>& storage = {}, const std::vector<hsize_t>& most = {}) {
    if (H5Lexists(file, name, H5P_DEFAULT) > 0) H5Ldelete(file, name, H5P_DEFAULT);
    const hid_t space = H5Screate_simple(static_cast<int>(shape.size()), shape.data(), most.empty() ? nullptr : most.data());
    const hid_t how = H5Pcreate(H5P_DATASET_CREATE);
    if (storage) storage(how);
    const hid_t set = H5Dcreate2(file, name, type, space, H5P_DEFAULT, how, H5P_DEFAULT);
    REQUIRE(set >= 0);
    if (data) REQUIRE(H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) >= 0);
    H5Dclose(set);
    H5Pclose(how);
    H5Sclose(space);
}

void attribute(hid_t file, const char* name, hid_t type, const void* data) {
    H5Adelete(file, name);
    const hid_t space = H5Screate(H5S_SCALAR);
    const hid_t a = H5Acreate2(file, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    REQUIRE(H5Awrite(a, type, data) >= 0);
    H5Aclose(a);
    H5Sclose(space);
}

}  // namespace

TEST_CASE("what HDF5 allows and a cohort does not is refused, each with its reason") {
    const std::vector<float> pixels(24, 1);
    const std::vector<double> wide(24, 1);
    const std::vector<std::uint8_t> bytes(24, 9);
    struct Row {
        const char* reason;
        std::function<void(hid_t)> change;
    };
    const auto chunks = [](hid_t how) {
        const hsize_t chunk[] = {1, 3, 4};
        H5Pset_chunk(how, 3, chunk);
    };
    const std::vector<Row> rows{
        {"objects that do not belong here", [&](hid_t f) { replace(f, "extra", H5T_STD_U8LE, {2}, bytes.data()); }},
        {"objects that do not belong here", [](hid_t f) { H5Lcreate_hard(f, "/", f, "cases/loop", H5P_DEFAULT, H5P_DEFAULT); }},
        {"an object is missing", [](hid_t f) { H5Ldelete(f, "level", H5P_DEFAULT); }},
        {"an object is missing", [](hid_t f) { H5Ldelete(f, "cases/id", H5P_DEFAULT); }},
        {"a soft or external link", [](hid_t f) { H5Ldelete(f, "level", H5P_DEFAULT); H5Lcreate_soft("/label", f, "level", H5P_DEFAULT, H5P_DEFAULT); }},
        {"a soft or external link", [](hid_t f) { H5Ldelete(f, "label", H5P_DEFAULT); H5Lcreate_external("other.h5", "/label", f, "label", H5P_DEFAULT, H5P_DEFAULT); }},
        {"cases is not a group", [&](hid_t f) { H5Ldelete(f, "cases", H5P_DEFAULT); replace(f, "cases", H5T_STD_U8LE, {2}, bytes.data()); }},
        {"level is not a dataset", [](hid_t f) { H5Ldelete(f, "level", H5P_DEFAULT); H5Gclose(H5Gcreate2(f, "level", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT)); }},
        {"image has the wrong type", [&](hid_t f) { replace(f, "image", H5T_IEEE_F64LE, {2, 3, 4}, wide.data()); }},
        {"image has the wrong type", [&](hid_t f) { replace(f, "image", H5T_IEEE_F32BE, {2, 3, 4}, pixels.data()); }},
        {"image has the wrong number of axes", [&](hid_t f) { replace(f, "image", H5T_IEEE_F32LE, {2, 12}, pixels.data()); }},
        {"label has length 4 along axis 1, wanted 3", [&](hid_t f) { replace(f, "label", H5T_STD_U8LE, {2, 4, 3}, bytes.data()); }},
        {"image can grow", [&](hid_t f) { replace(f, "image", H5T_IEEE_F32LE, {2, 3, 4}, pixels.data(), chunks, {H5S_UNLIMITED, 3, 4}); }},
        {"image is larger than its file can hold", [&](hid_t f) { replace(f, "image", H5T_IEEE_F32LE, {hsize_t{1} << 40U, 3, 4}, nullptr, chunks); }},
        {"image is larger than its file can hold", [&](hid_t f) { replace(f, "image", H5T_IEEE_F32LE, {hsize_t{1} << 31U, hsize_t{1} << 31U, 4}, nullptr, chunks); }},
        {"image has parts that were never written", [&](hid_t f) { replace(f, "image", H5T_IEEE_F32LE, {2, 3, 4}, nullptr, chunks); }},
        {"level is not whole", [](hid_t f) { replace(f, "level", H5T_STD_U8LE, {2}, nullptr); }},
        {"level is stored in a way that is not allowed", [](hid_t f) { replace(f, "level", H5T_STD_U8LE, {2}, nullptr, [](hid_t how) { H5Pset_external(how, "/etc/passwd", 0, 2); }); }},
        {"label is stored in a way that is not allowed", [](hid_t f) {
             replace(f, "label", H5T_STD_U8LE, {2, 3, 4}, nullptr, [](hid_t how) {
                 const hsize_t shape[] = {2, 3, 4};
                 const hid_t space = H5Screate_simple(3, shape, nullptr);
                 H5Pset_virtual(how, space, "other.h5", "label", space);
                 H5Sclose(space);
             });
         }},
        {"label has a filter that is not allowed", [&](hid_t f) { replace(f, "label", H5T_STD_U8LE, {2, 3, 4}, bytes.data(), [&](hid_t how) { chunks(how); H5Pset_filter(how, 32000, H5Z_FLAG_OPTIONAL, 0, nullptr); }); }},
        {"label is compressed twice", [&](hid_t f) { replace(f, "label", H5T_STD_U8LE, {2, 3, 4}, bytes.data(), [&](hid_t how) { chunks(how); H5Pset_deflate(how, 1); H5Pset_deflate(how, 1); }); }},
        {"id has the wrong type", [](hid_t f) {
             const char* ids[] = {"a", "b"};
             const hid_t type = H5Tcopy(H5T_C_S1);
             H5Tset_size(type, H5T_VARIABLE);
             replace(f, "cases/id", type, {2}, ids);
             H5Tclose(type);
         }},
        {"attribute schema is missing", [](hid_t f) { H5Adelete(f, "schema"); }},
        {"attribute complete is missing", [](hid_t f) { H5Adelete(f, "complete"); }},
        {"attribute spacing_mm has the wrong type", [&](hid_t f) { attribute(f, "spacing_mm", H5T_IEEE_F32LE, pixels.data()); }},
        {"not complete", [](hid_t f) { const std::uint8_t no = 0; attribute(f, "complete", H5T_STD_U8LE, &no); }},
        {"spacing_mm is not a positive length", [](hid_t f) { const double no = -1; attribute(f, "spacing_mm", H5T_IEEE_F64LE, &no); }},
        {"a level above 4", [&](hid_t f) { replace(f, "level", H5T_STD_U8LE, {2}, bytes.data()); }},
        {"a label above 5", [&](hid_t f) { replace(f, "label", H5T_STD_U8LE, {2, 3, 4}, bytes.data()); }},
        {"a slice of a case that does not exist", [](hid_t f) { const std::uint32_t owner[] = {0, 2}; replace(f, "case", H5T_STD_U32LE, {2}, owner); }},
        {"slices of a case are not neighbours", [](hid_t f) { const std::uint32_t owner[] = {1, 0}; replace(f, "case", H5T_STD_U32LE, {2}, owner); }},
        {"slices of a case are not neighbours", [](hid_t f) { const std::uint32_t owner[] = {0, 0}; replace(f, "case", H5T_STD_U32LE, {2}, owner); }},
    };
    REQUIRE(why(changed([](hid_t) {})) == "accepted");
    for (const auto& row : rows) {
        INFO(row.reason);
        CHECK(why(changed(row.change)) == std::string("c.h5: ") + row.reason);
    }
}
