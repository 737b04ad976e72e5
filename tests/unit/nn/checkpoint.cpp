#include "lge/nn/train/checkpoint.hpp"

#include "lge/base/stream.hpp"
#include "toy.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using namespace toy;
using lge::Error;
using lge::ExitCode;
namespace fs = std::filesystem;

namespace {

void write_raw(const fs::path& path, std::span<const std::byte> bytes) {
    std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

struct Loaded {
    std::optional<Progressed> found;
    lge::Bytes parameters;
};
Loaded load(const fs::path& folder, const std::string& identity = "pairs") {
    auto learner = pairs();
    Optimiser o(*learner.net);
    NamedTensors best;
    auto found = load_checkpoint(folder, o, best, identity, quiet);
    return {found, weights(learner)};
}

/// A folder with checkpoints of the given steps; the net of step n is that of n steps of training.
void train_to(const fs::path& folder, std::uint64_t save_every, std::uint64_t steps) {
    auto learner = pairs();
    auto recipe = short_run(folder, 1000);
    recipe.save_every = save_every;
    recipe.stop_after = steps;
    recipe.validate_every = 1;
    learner.validate = [] { return 0.5; };
    REQUIRE(train(learner, recipe, cpu, 1, quiet) == Ended::stopped);
}

}  // namespace

TEST_CASE("a damaged newest checkpoint gives way to the one before it, and three are kept") {
    const TemporaryFolder folder;
    train_to(folder.path, 5, 25);
    CHECK_FALSE(fs::exists(folder.path / "step-10"));
    for (const char* kept : {"step-15", "step-20", "step-25"}) CHECK(fs::exists(folder.path / kept));
    CHECK(lge::as_text(lge::read_file((folder.path / "latest").string())) == "step-25\n");
    CHECK(load(folder.path).found->step == 25);
    fs::resize_file(folder.path / "step-25/optimiser.safetensors", fs::file_size(folder.path / "step-25/optimiser.safetensors") - 1);
    CHECK(load(folder.path).found->step == 20);
    fs::remove(folder.path / "step-20/average.safetensors");
    CHECK(load(folder.path).found->step == 15);
    fs::remove(folder.path / "step-15/state.json");
    CHECK_THROWS_AS(load(folder.path), Error);
}

TEST_CASE("a bit flipped anywhere in a checkpoint is refused, and no weight has changed by then") {
    const TemporaryFolder folder;
    train_to(folder.path, 1000, 3);
    const fs::path checkpoint = folder.path / "step-3";
    std::vector<std::pair<fs::path, lge::Bytes>> files;
    std::size_t bits = 0;
    for (const auto& entry : fs::directory_iterator(checkpoint)) {
        files.emplace_back(entry.path(), lge::read_file(entry.path().string()));
        bits += 8 * files.back().second.size();
    }
    REQUIRE(files.size() == 5);
    REQUIRE(load(folder.path).found->step == 3);
    const lge::Bytes untouched = weights(pairs());

    lge::Random random(2, 0, "flips");
    int refused = 0;
    constexpr int flips = 2000;
    for (int i = 0; i < flips; ++i) {
        // Every file in turn, so that small ones are hit as often as large ones.
        auto& [path, bytes] = files[static_cast<std::size_t>(i) % files.size()];
        lge::Bytes damaged = bytes;
        damaged[random.below(static_cast<std::uint32_t>(damaged.size()))] ^= static_cast<std::byte>(1U << random.below(8));
        write_raw(path, damaged);
        auto learner = pairs();
        Optimiser o(*learner.net);
        NamedTensors best;
        try {
            load_checkpoint(folder.path, o, best, "pairs", quiet);
        } catch (const Error& e) {
            refused += e.code() == ExitCode::bad_data && weights(learner) == untouched;
        }
        write_raw(path, bytes);
    }
    CHECK(refused == flips);
    CHECK(load(folder.path).found->step == 3);
}

TEST_CASE("a checkpoint cut short at any byte of its state is refused") {
    const TemporaryFolder folder;
    train_to(folder.path, 1000, 1);
    const fs::path state = folder.path / "step-1/state.json";
    const lge::Bytes whole = lge::read_file(state.string());
    for (std::size_t length = 0; length < whole.size(); ++length) {
        write_raw(state, std::span(whole).first(length));
        CHECK_THROWS_AS(load(folder.path), Error);
    }
    write_raw(state, whole);
    CHECK(load(folder.path).found);
}

TEST_CASE("what a killed run left half written is passed over and swept away by the next checkpoint") {
    const TemporaryFolder folder;
    train_to(folder.path, 1000, 4);
    fs::copy(folder.path / "step-4", folder.path / "step-9.tmp");
    fs::remove(folder.path / "step-9.tmp/state.json");
    CHECK(load(folder.path).found->step == 4);
    train_to(folder.path, 1000, 1);
    CHECK_FALSE(fs::exists(folder.path / "step-9.tmp"));
    CHECK(load(folder.path).found->step == 5);
}

TEST_CASE("a checkpoint of another run is refused") {
    const TemporaryFolder folder;
    train_to(folder.path, 1000, 2);
    try {
        load(folder.path, "another");
        FAIL("took over another run");
    } catch (const Error& e) {
        CHECK(e.code() == ExitCode::usage);
    }
}
