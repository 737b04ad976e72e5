#include "lge/nn/train/run_log.hpp"

#include "lge/base/stream.hpp"
#include "lge/json/reader.hpp"
#include "toy.hpp"

#include <catch2/catch.hpp>

#include <cstring>

using namespace toy;
namespace fs = std::filesystem;

namespace {

/// The records of an event file, after their checksums have been checked.
std::vector<std::string> records_of(const fs::path& path) {
    const lge::Bytes bytes = lge::read_file(path.string());
    std::string_view text = lge::as_text(bytes);
    std::vector<std::string> records;
    while (!text.empty()) {
        std::uint64_t length = 0;
        REQUIRE(text.size() >= 16);
        std::memcpy(&length, text.data(), 8);
        REQUIRE(text.size() >= 16 + length);
        records.emplace_back(text.substr(12, length));
        REQUIRE(frame_record(records.back()) == text.substr(0, 16 + length));
        text.remove_prefix(16 + length);
    }
    return records;
}

}  // namespace

TEST_CASE("CRC-32C is that of RFC 3720") {
    CHECK(crc32c("123456789") == 0xE3069283U);
    CHECK(crc32c(std::string(32, '\0')) == 0x8A9136AAU);
    CHECK(crc32c(std::string(32, '\xff')) == 0x62A8AB43U);
    std::string rising;
    for (char c = 0; c < 32; ++c) rising += c;
    CHECK(crc32c(rising) == 0x46DD794EU);
    CHECK(crc32c("") == 0);
}

TEST_CASE("a record is its length, the length's masked checksum, its bytes and theirs") {
    const std::string frame = frame_record("123456789");
    REQUIRE(frame.size() == 8 + 4 + 9 + 4);
    CHECK(frame.substr(0, 8) == std::string("\x09\0\0\0\0\0\0\0", 8));
    CHECK(frame.substr(12, 9) == "123456789");
    std::uint32_t masked = 0;
    std::memcpy(&masked, frame.data() + 21, 4);
    CHECK(masked == ((0xE3069283U >> 15 | 0xE3069283U << 17) + 0xa282ead8U));
}

TEST_CASE("an event file says its version, the session's start and then scalars; the next one has a name behind it") {
    const TemporaryFolder folder;
    {
        EventFile events(folder.path, 0, 1e9);
        const std::vector<std::pair<std::string, double>> scalars{{"loss", 0.5}};
        events.add(300, 1e9, scalars);
    }
    EventFile(folder.path, 300, 1e9);
    const auto records = records_of(folder.path / "events.out.tfevents.000001.lge");
    REQUIRE(records.size() == 3);
    const std::string time("\x09\0\0\0\0\x65\xCD\xCD\x41", 9);  // field 1, 1e9 as a double
    CHECK(records[0] == time + std::string("\x10\0", 2) + "\x1a\x0d" "brain.Event:2");
    CHECK(records[1] == time + "\x10\x01" + "\x3a\x02" "\x08\x01");
    CHECK(records[2] == time + "\x10\xac\x02" + std::string("\x2a\x0d\x0a\x0b\x0a\x04" "loss\x15\0\0\0\x3f", 15));
    CHECK(records_of(folder.path / "events.out.tfevents.000002.lge").size() == 2);
}

TEST_CASE("a run's folder holds its options, a record a step, and where the time went") {
    const TemporaryFolder folder;
    auto learner = pairs();
    auto recipe = short_run(folder.path, 6);
    recipe.config = R"({"tool":"test"})";
    recipe.validate_every = 3;
    learner.validate = [] { return 0.25; };
    REQUIRE(train(learner, recipe, cpu, 2, quiet) == Ended::finished);
    lge::json::Document document;
    const auto parse = [&](const char* file) { return document.parse(lge::as_text(lge::read_file((folder.path / file).string()))); };
    CHECK(parse("config.json").get("run").text("tool") == "test");
    CHECK(parse("config.json").text("identity") == "pairs");
    const auto summary = parse("summary.json");
    CHECK(summary.text("ended") == "finished");
    CHECK(summary.integer("step") == 6);
    CHECK(summary.number("best_score") == 0.25);
    CHECK(summary.number("wait_share") >= 0);
    CHECK(summary.number("wait_share") <= 1);
    CHECK(summary.number("draw_share") + summary.number("network_share") <= 1);
    CHECK(records_of(folder.path / "events.out.tfevents.000001.lge").size() == 2 + 6);
    int validated = 0, steps = 0;
    lge::json::Lines lines(lge::read_file((folder.path / "metrics.jsonl").string()), "metrics");
    while (const auto record = lines.next()) {
        ++steps;
        CHECK(record->text("schema") == "lge.train/1");
        validated += record->find("validation").has_value();
    }
    CHECK(steps == 6);
    CHECK(validated == 2);
}

TEST_CASE("metrics are cut back to where a checkpoint knew them") {
    const TemporaryFolder folder;
    const fs::path path = folder.path / "metrics.jsonl";
    {
        Metrics metrics(path, 0);
        metrics.add("one\n");
        metrics.add("two\n");
        CHECK(metrics.bytes() == 8);
        metrics.sync();
    }
    Metrics metrics(path, 4);
    metrics.add("three\n");
    CHECK(lge::as_text(lge::read_file(path.string())) == "one\nthree\n");
    CHECK(Metrics(path, 1000).bytes() == 10);
}
