#include "lge/base/error.hpp"
#include "lge/base/random.hpp"
#include "lge/metrics/detection.hpp"
#include "lge/plot/bullseye.hpp"
#include "lge/plot/canvas.hpp"
#include "lge/plot/chart.hpp"
#include "lge/plot/compare.hpp"
#include "lge/plot/curves.hpp"
#include "lge/plot/segments.hpp"
#include "temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <fstream>

// fontconfig keeps what it read until the process ends.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libfontconfig\n"; }

namespace plot = lge::plot;
using lge::metrics::Judged;

namespace {

std::string text_of(const lge::Bytes& b) { return {reinterpret_cast<const char*>(b.data()), b.size()}; }

std::string write(const TemporaryFolder& folder, const char* name, const std::string& text) {
    const auto path = (folder.path / name).string();
    std::ofstream(path) << text;
    return path;
}

plot::Run random_run(std::uint64_t seed, std::size_t n) {
    plot::Run run;
    lge::Random r(seed, 0, "run");
    for (std::size_t i = 0; i < n; ++i) {
        const bool truth = r.chance(0.5);
        const double p = std::round(std::clamp(r.normal(truth ? 0.6 : 0.4, 0.2), 0.0, 1.0) * 50) / 50;
        run.items.push_back({std::to_string(i), truth, p >= 0.5, p});
    }
    return run;
}

double area(const std::vector<plot::Sample>& line) {
    double sum = 0;
    for (std::size_t i = 1; i < line.size(); ++i) sum += (line[i].x - line[i - 1].x) * (line[i].y + line[i - 1].y) / 2;
    return sum;
}

}  // namespace

TEST_CASE("ticks are round, lie in the range and are neither few nor many") {
    for (const auto& [low, high] : {std::pair{0.0, 1.0}, {0.0, 0.2}, {-3.0, 17.0}, {0.0, 12345.0}, {2.634, 2.661}, {0.0, 0.002}}) {
        const auto t = plot::round_ticks(low, high);
        CHECK(t.at.size() >= 3);
        CHECK(t.at.size() <= 10);
        for (const double v : t.at) {
            CHECK(v >= low - 1e-9);
            CHECK(v <= high + 1e-9);
            const double shown = std::round(v * std::pow(10, t.decimals)) / std::pow(10, t.decimals);
            CHECK(v == Approx(shown).margin(1e-12));
        }
    }
    CHECK(plot::round_ticks(-1e308, 1e308).at.size() == 1);
    CHECK(plot::round_ticks(1, 1).at.size() == 1);
    CHECK(plot::round_ticks(1e9, 1e9 + 1e-6).at.size() <= 10);
    CHECK(plot::round_ticks(0, 1).at.size() == 6);
    CHECK(plot::round_ticks(0, 1).decimals == 1);
}

TEST_CASE("the ROC line encloses the area under the curve, and its band holds it") {
    const auto run = random_run(1, 150);
    const auto panels = plot::judgement_panels({run}, lge::metrics::Unit::case_, {1, 300});
    REQUIRE(panels.size() == 3);
    REQUIRE(panels[0].series.size() == 2);
    const auto& band = panels[0].series[0];
    const auto& line = panels[0].series[1];
    CHECK(band.mark == plot::Mark::band);
    CHECK(area(line.samples) == Approx(lge::metrics::delong(run.items)->value));
    CHECK(line.samples.front().x == 0);
    CHECK(line.samples.back().x == 1);
    CHECK(line.samples.back().y == 1);
    for (const auto& s : band.samples) {
        CHECK(*s.low <= *s.high);
        CHECK((*s.low >= 0 && *s.high <= 1));
    }
    // Precision ends at the share of positives, where everything is called.
    const auto& end = panels[1].series[0].samples.back();
    CHECK(end.x == 1);
    CHECK(end.y == Approx((*panels[1].guide)[1]));
    double positives = 0;
    for (const auto& i : run.items) positives += i.truth;
    CHECK(end.y == Approx(positives / 150));
    CHECK(plot::judgement_panels({run, random_run(2, 80)}, lge::metrics::Unit::case_, {1, 300})[0].series.size() == 2);
    plot::Run absent{"a", {{"x", false, false, 0.1}}};
    CHECK_THROWS_AS(plot::judgement_panels({absent}, lge::metrics::Unit::case_, {}), lge::Error);
}

TEST_CASE("training records become a panel of losses and one for each other number, thinned by means") {
    const TemporaryFolder folder;
    std::string text;
    for (int i = 1; i <= 1000; ++i)
        text += R"({"schema":"lge.train/1","id":"s","step":)" + std::to_string(i) + R"(,"loss":)" + std::to_string(i % 2) + R"(,"dice_loss":0.25,"gradient_norm":null,"learning_rate":0.1,"skipped":0})" + "\n";
    const auto run = plot::read_training(write(folder, "m.jsonl", text));
    CHECK(run.keys == std::vector<std::string>{"loss", "dice_loss", "learning_rate"});
    const auto panels = plot::training_panels({run});
    REQUIRE(panels.size() == 2);
    REQUIRE(panels[0].series.size() == 2);
    CHECK(panels[0].series[0].samples.size() == 250);
    for (const auto& s : panels[0].series[0].samples) CHECK(s.y == 0.5);
    CHECK(panels[0].series[1].samples.front().x == 2.5);
    CHECK(plot::training_panels({run, run}).size() == 3);
    CHECK_THROWS_AS(plot::read_training(write(folder, "empty.jsonl", "")), lge::Error);
    CHECK_THROWS_AS(plot::read_training(write(folder, "other.jsonl", "{\"schema\":\"lge.case/1\",\"id\":\"a\",\"step\":1}\n")), lge::Error);
}

TEST_CASE("targets hold the means of what records say of segments") {
    const TemporaryFolder folder;
    const auto dice = write(folder, "dice.jsonl",
                            "{\"schema\":\"lge.dice/1\",\"id\":\"a\",\"label\":\"scar\",\"segment\":3,\"dice\":0.5,\"hd95_mm\":4}\n"
                            "{\"schema\":\"lge.dice/1\",\"id\":\"b\",\"label\":\"scar\",\"segment\":3,\"dice\":1,\"hd95_mm\":null}\n"
                            "{\"schema\":\"lge.dice/1\",\"id\":\"b\",\"label\":\"lv_cavity\",\"segment\":17,\"dice\":0.25,\"hd95_mm\":2}\n");
    const auto means = plot::read_bullseyes(dice, {});
    REQUIRE(means.eyes.size() == 2);
    CHECK(means.eyes[0].heading == "scar");
    CHECK(means.eyes[0].value[3] == 0.75);
    CHECK_FALSE(means.eyes[0].value[4]);
    CHECK(means.eyes[0].below == "2 cases");
    CHECK(means.eyes[1].heading == "LV cavity");
    CHECK(means.eyes[1].value[17] == 0.25);
    CHECK(means.high == 1);
    const auto distance = plot::read_bullseyes(dice, {"hd95_mm"});
    CHECK(distance.eyes[0].value[3] == 4);
    CHECK(distance.quantity == "95 % Hausdorff distance, mm");
    CHECK(distance.high == 4);
    CHECK(plot::read_bullseyes(dice, {std::nullopt, true}).eyes.size() == 3);
    CHECK(plot::read_bullseyes(dice, {std::nullopt, true, 2}).eyes.size() == 2);
    CHECK_THROWS_AS(plot::read_bullseyes(dice, {"no_such"}), lge::Error);

    const auto detections = write(folder, "found.jsonl",
                                  "{\"schema\":\"lge.detection/1\",\"id\":\"a\",\"unit\":\"case\",\"score\":1,\"probability\":1,\"present\":true,\"threshold\":0.5,\"segments\":[1,2]}\n"
                                  "{\"schema\":\"lge.detection/1\",\"id\":\"b\",\"unit\":\"case\",\"score\":0,\"probability\":0,\"present\":false,\"threshold\":0.5}\n");
    const auto found = plot::read_bullseyes(detections, {});
    CHECK(found.eyes[0].value[1] == 50);
    CHECK(found.eyes[0].value[17] == 0);
    CHECK_THROWS_AS(plot::read_bullseyes(write(folder, "none.jsonl", "{\"schema\":\"lge.dice/1\",\"id\":\"a\",\"label\":\"scar\",\"dice\":1}\n"), {}), lge::Error);
}

TEST_CASE("a segment's sector lies where the model has it") {
    // Only one segment has a value; its colour must be found at the middle of its sector in the picture, read back through cairo.
    const auto colour_at = [](const lge::Bytes& png, double dx, double dy) {
        std::pair<const lge::Bytes*, std::size_t> at{&png, 0};
        const auto read = [](void* from, unsigned char* to, unsigned n) {
            auto& [bytes, done] = *static_cast<std::pair<const lge::Bytes*, std::size_t>*>(from);
            if (done + n > bytes->size()) return CAIRO_STATUS_READ_ERROR;
            std::transform(bytes->begin() + static_cast<std::ptrdiff_t>(done), bytes->begin() + static_cast<std::ptrdiff_t>(done + n), to, [](std::byte b) { return std::to_integer<unsigned char>(b); });
            done += n;
            return CAIRO_STATUS_SUCCESS;
        };
        const plot::Surface surface(cairo_image_surface_create_from_png_stream(read, &at));
        // The target's centre: margin, half of 250; margin and heading, the radius.
        const auto x = static_cast<int>(26 + 125 + dx), y = static_cast<int>(13 + 46 + 111 - dy);
        const auto* row = reinterpret_cast<const std::uint32_t*>(cairo_image_surface_get_data(surface.get()) + static_cast<std::ptrdiff_t>(y) * cairo_image_surface_get_stride(surface.get()));
        return row[x] & 0xFFFFFFU;
    };
    const double ring = 111 / 3.5;
    struct Place { int segment; double radius, angle; };
    for (const auto& p : {Place{1, 3, 90}, Place{2, 3, 150}, Place{4, 3, 270}, Place{6, 3, 30}, Place{8, 2, 150}, Place{12, 2, 30}, Place{13, 1, 90}, Place{14, 1, 180}, Place{16, 1, 0}}) {
        plot::Bullseyes b{"", {{}}, "x"};
        b.eyes[0].value[static_cast<std::size_t>(p.segment)] = 1;
        const auto png = plot::draw(b, {});
        // A little off the middle, where the number stands.
        const double angle = (p.angle + 14) * std::acos(-1.0) / 180, r = p.radius * ring;
        // The bright end of viridis is yellow; what has no value is grey.
        const auto is_yellow = [](unsigned rgb) { return (rgb >> 16U & 0xFFU) > 160 && (rgb >> 8U & 0xFFU) > 150 && (rgb & 0xFFU) < 90; };
        CHECK(is_yellow(colour_at(png, r * std::cos(angle), r * std::sin(angle))));
        CHECK_FALSE(is_yellow(colour_at(png, -r * std::cos(angle), -r * std::sin(angle))));
    }
}

TEST_CASE("two runs are drawn from their scores and from their cases") {
    const TemporaryFolder folder;
    const auto score = [&](const char* name, double value) {
        return write(folder, name, R"({"schema":"lge.score/1","id":"all","sensitivity":{"value":)" + std::to_string(value) + R"(,"low":0.2,"high":0.9},"kappa":{"value":-0.1,"low":-0.3,"high":0.2},"brier":{"value":0.2,"low":null,"high":null},"auc":{"value":null,"low":null,"high":null}})" + "\n");
    };
    const auto panels = plot::comparison_panels(score("a.jsonl", 0.5), score("b.jsonl", 0.6), "a", "b", std::nullopt, {});
    REQUIRE(panels.size() == 2);
    CHECK(panels[0].y.words == std::vector<std::string>{"sensitivity", "kappa"});
    CHECK(panels[0].series[1].samples[0].x == Approx(0.6));
    CHECK(panels[0].x.low == Approx(-0.4));
    CHECK(panels[1].y.words == std::vector<std::string>{"Brier score"});

    const auto dice = [&](const char* name, const char* second) {
        return write(folder, name, std::string(R"({"schema":"lge.dice/1","id":"x","label":"scar","dice":0.5})") + "\n" + R"({"schema":"lge.dice/1","id":"y","label":"scar","dice":)" + second + "}\n");
    };
    const auto cases = plot::comparison_panels(dice("c.jsonl", "0.7"), dice("d.jsonl", "0.9"), "a", "b", std::nullopt, {1, 200});
    REQUIRE(cases.size() == 1);
    CHECK(cases[0].series.size() == 4);  // two cases, two means
    CHECK(cases[0].series[2].samples[0].y == Approx(0.6));
    const auto lost = plot::comparison_panels(dice("e.jsonl", "null"), dice("f.jsonl", "0.9"), "a", "b", std::nullopt, {1, 200});
    CHECK(lost[0].x.label.starts_with("1 left out"));
    CHECK_THROWS_AS(plot::comparison_panels(dice("g.jsonl", "1"), score("h.jsonl", 0.1), "a", "b", std::nullopt, {}), lge::Error);
}

TEST_CASE("charts and targets are whole PNG and SVG files, the same twice, larger with a scale, and never without content") {
    const plot::Chart chart{"title", plot::judgement_panels({random_run(1, 60)}, lge::metrics::Unit::case_, {1, 100}), {"a run"}};
    const auto svg = text_of(plot::draw(chart, {plot::Format::svg, 1}));
    CHECK(svg.starts_with("<?xml"));
    CHECK(svg.ends_with("</svg>\n"));
    const auto png = plot::draw(chart, {});
    CHECK(png == plot::draw(chart, {}));
    CHECK(plot::draw(chart, {plot::Format::png, 2}).size() > png.size());
    CHECK_THROWS_AS(plot::draw(chart, {plot::Format::png, 100}), lge::Error);
    CHECK_THROWS_AS(plot::draw(plot::Chart{}, {}), lge::Error);
    CHECK_THROWS_AS(plot::draw(plot::Bullseyes{}, {}), lge::Error);
}

TEST_CASE("the scales of colour grow steadily in brightness, or fall, and so read without colour") {
    for (int i = 1; i <= 50; ++i) {
        CHECK(plot::brightness(plot::viridis(i / 50.0)) > plot::brightness(plot::viridis((i - 1) / 50.0)));
        CHECK(plot::brightness(plot::amber(i / 50.0)) < plot::brightness(plot::amber((i - 1) / 50.0)));
    }
}
