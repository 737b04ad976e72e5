#include "lge/metrics/label_source.hpp"

#include "lge/base/error.hpp"
#include "lge/base/stream.hpp"

#include <catch2/catch.hpp>

#include <unistd.h>

namespace metrics = lge::metrics;
namespace fs = std::filesystem;

namespace {

struct Folder {
    fs::path path = fs::temp_directory_path() / ("lge-metrics-" + std::to_string(::getpid()));
    Folder() { fs::create_directories(path); }
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }
};

lge::io::Cohort cohort(std::initializer_list<const char*> ids) {
    lge::io::Cohort c;
    c.width = 3;
    c.height = 2;
    std::uint32_t first = 0;
    for (const auto* id : ids) {
        lge::io::CohortCase one;
        one.id = id;
        one.first_slice = first;
        one.slice_count = 1 + first % 2;
        first += one.slice_count;
        c.cases.push_back(one);
    }
    c.level.assign(first, lge::anatomy::Level::mid);
    c.image.assign(first * 6, 0.5F);
    c.label.assign(first * 6, 0);
    for (std::size_t i = 0; i < c.label.size(); ++i) c.label[i] = static_cast<std::uint8_t>(i % 5);
    return c;
}

}  // namespace

TEST_CASE("cohorts are matched by case id, in the order of the reference") {
    const Folder folder;
    const auto write = [&](const char* name, const lge::io::Cohort& c) {
        const auto path = (folder.path / name).string();
        lge::write_file(path, lge::Overwrite::no, lge::io::encode_cohort(c));
        return path;
    };
    const auto truth_path = write("truth", cohort({"a", "b", "c"})), found_path = write("found", cohort({"c", "x", "a"}));
    auto map = metrics::unchanged_labels();
    map[4] = 9;
    const metrics::LabelSource truth(truth_path, "", metrics::unchanged_labels()), found(found_path, "", map);
    const auto pairing = metrics::pair_up(truth, found);
    CHECK(pairing.pairs == std::vector<std::pair<std::size_t, std::size_t>>{{0, 2}, {2, 0}});
    CHECK(pairing.missing == std::vector<std::string>{"b"});
    CHECK(pairing.extra == std::vector<std::string>{"x"});
    const auto b = truth.load(1);
    CHECK(b.volume.grid.shape == std::array<std::size_t, 3>{3, 2, 2});
    CHECK(b.volume.voxels[0] == 6 % 5);
    CHECK(truth.load(0).volume.voxels[4] == 4);
    CHECK(found.load(0).volume.voxels[4] == 9);

    auto bare = cohort({"a"});
    bare.label.clear();
    const auto bare_path = write("bare", bare);
    CHECK_THROWS_AS(metrics::LabelSource(bare_path, "", map), lge::Error);
}
