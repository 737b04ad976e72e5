#include "lge/synth/fit.hpp"
#include "lge/synth/record.hpp"
#include "lge/synth/store.hpp"

#include "lge/base/error.hpp"
#include "lge/base/parallel.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstring>
#include <numbers>
#include <set>

using namespace lge;
using anatomy::Level;
using anatomy::Presence;
using anatomy::Segments;

namespace {

synth::Settings settings(const std::string& population = "wide") {
    synth::Settings s;
    s.population = synth::load_population(population);
    s.size = 96;
    s.spacing_mm = 1.6;
    return s;
}

// The segments of a slice's scar pixels, judged anew from the labels alone.
Segments judged(const synth::DrawnCase& c, std::size_t k) {
    Segments found;
    const auto label = c.label.slice(k);
    const auto wall = anatomy::find_wall(label);
    for (std::size_t y = 0; y < label.height; ++y)
        for (std::size_t x = 0; x < label.width; ++x)
            if (label(x, y) == 3 || label(x, y) == 4) found.add(synth::segment_of_pixel(x, y, c.level[k], *wall, anatomy::canonical_insertion));
    return found;
}

// A cohort of normal phantoms, as another tool would hand it over.
io::Cohort normal_hearts(std::size_t count, std::size_t size = 96, double spacing_mm = 1.6) {
    auto s = settings("mild");
    s.size = size, s.spacing_mm = spacing_mm;
    s.normal_fraction = 1;
    io::Cohort cohort;
    cohort.width = cohort.height = s.size;
    cohort.spacing_mm = s.spacing_mm;
    for (std::size_t i = 0; i < count; ++i) synth::append(cohort, synth::draw_case(s, 5, i));
    return cohort;
}

std::string bytes(const synth::DrawnCase& c) {
    std::string all(reinterpret_cast<const char*>(c.image.voxels.data()), c.image.voxels.size() * sizeof(float));
    all.append(reinterpret_cast<const char*>(c.label.voxels.data()), c.label.voxels.size());
    for (const auto& slice : c.captions)
        for (const auto& text : slice) all += text;
    return all + c.report;
}

}  // namespace

TEST_CASE("the finding names exactly the segments of the drawn pixels, slice by slice") {
    for (const char* prior : {"uniform", "clinical"}) {
        auto s = settings();
        s.wish.prior = synth::load_prior(prior);
        s.normal_fraction = 0.1;
        int scarred = 0;
        for (std::uint64_t i = 0; i < 100; ++i) {
            const auto c = synth::draw_case(s, 7, i);
            CAPTURE(i);
            Segments all;
            for (std::size_t k = 0; k < c.level.size(); ++k) {
                const Segments found = judged(c, k);
                REQUIRE(found == *c.slice_findings[k].segments);
                REQUIRE((c.slice_findings[k].lge == Presence::present) == !found.empty());
                all = all | found;
            }
            REQUIRE(all == *c.finding.segments);
            scarred += c.finding.lge == Presence::present;
        }
        CHECK(scarred > 70);
    }
}

TEST_CASE("10,000 draws into hearts name exactly the segments of their pixels") {
    const auto cohort = normal_hearts(8, 64, 2.4);
    synth::Canvases canvases(cohort);
    auto s = settings("mild");
    s.normal_fraction = 0.02;
    s.captions = 0;
    std::size_t wrong = 0, slices = 0, gave_up = 0;
    for (std::uint64_t i = 0; i < 10000; ++i) {
        s.wish.prior.kind = i % 2 == 0 ? synth::Prior::Kind::uniform : synth::Prior::Kind::clinical;
        const auto c = synth::draw_into(canvases.at(i % 8), s, 17, i);
        gave_up += c.gave_up;
        for (std::size_t k = 0; k < c.level.size(); ++k) {
            wrong += judged(c, k) != *c.slice_findings[k].segments;
            slices += c.slice_findings[k].lge == Presence::present;
        }
        if (!c.recipe.scars.empty() && !c.quality.good(s.gate_sd)) ++wrong;
    }
    CHECK(wrong == 0);
    CHECK(slices > 50000);
    CHECK(gave_up < 100);
}

TEST_CASE("what the gate refuses is counted and bounded, and the heart then counts as normal") {
    const auto cohort = normal_hearts(2);
    synth::Canvases canvases(cohort);
    auto s = settings("mild");
    s.normal_fraction = 0;
    s.gate_sd = 1000;
    const auto c = synth::draw_into(canvases.at(0), s, 1, 0);
    CHECK(c.gave_up);
    CHECK(c.refused == 8);
    CHECK(c.finding.lge == Presence::absent);
    CHECK(std::memcmp(c.image.voxels.data(), cohort.image.data(), c.image.voxels.size() * sizeof(float)) == 0);
    const auto phantom = synth::draw_case(s, 1, 0);
    CHECK(phantom.gave_up);
    CHECK(phantom.refused == 4);
    CHECK(phantom.finding.lge == Presence::absent);
    CHECK(std::none_of(phantom.label.voxels.begin(), phantom.label.voxels.end(), [](std::uint8_t l) { return l == 3 || l == 4; }));
    s.gate_sd = 5;
    const auto good = synth::draw_into(canvases.at(1), s, 1, 1);
    CHECK(good.quality.contrast_sd >= 5);
    CHECK(good.quality.area_mm2 >= 20);
    CHECK(good.quality.clear_of_blood > 0);
}

TEST_CASE("a prior fitted to drawn hearts gives their scars back") {
    const auto cohort = normal_hearts(4);
    synth::Canvases canvases(cohort);
    auto s = settings("mild");
    s.normal_fraction = 0;
    s.wish.extent = anatomy::Extent::transmural;
    s.wish.wall = anatomy::Wall::inferior;
    s.wish.levels = {Level::mid};
    s.wish.scars = 1;
    for (std::uint64_t i = 0; i < 8; ++i) {
        const auto c = synth::draw_into(canvases.at(i % 4), s, 4, i);
        io::Cohort one;
        one.width = one.height = s.size, one.spacing_mm = s.spacing_mm;
        synth::append(one, c);
        const auto found = synth::fit_scars(synth::prepare(one, 0));
        REQUIRE(found.size() == 1);
        CHECK(found[0].depth_high > 0.65);
        CHECK(found[0].centre == Approx(150).margin(30));
        CHECK(found[0].half_width < 45);
        CHECK(found[0].z_centre == Approx(0.5).margin(0.1));
        CHECK(found[0].signal == Approx(c.recipe.scars[0].signal).epsilon(0.35));
        const auto burden = synth::measure_burden(synth::prepare(one, 0));
        REQUIRE(burden);
        CHECK(burden->angle_deg == Approx(150).margin(30));
        CHECK(burden->transmurality > 0.6);
        CHECK(burden->contrast > 0.5);
    }
}

TEST_CASE("a prior file is read as it was written") {
    auto s = settings("mild");
    std::vector<std::vector<synth::Scar>> hearts;
    for (std::uint64_t i = 0; i < 5; ++i) {
        Random random(i, 0, "prior");
        const std::vector<Level> levels(9, Level::mid);
        hearts.push_back(synth::draw_scars(s.wish, levels, {}, random));
    }
    const std::string text = synth::write_prior(hearts, "test");
    const auto prior = synth::parse_prior(text, "test.json");
    CHECK(prior.hearts.size() == 5);
    CHECK(synth::write_prior(prior.hearts, "test") == text);
    CHECK_THROWS_WITH(synth::parse_prior(R"({"schema":"lge.prior/1","name":"x","hearts":[]})", "x.json"), "x.json: no hearts");
}

TEST_CASE("what a recipe holds draws the case again, and every parameter survives its record") {
    auto s = settings();
    for (std::uint64_t i = 0; i < 6; ++i) {
        const auto c = synth::draw_case(s, 6, i);
        json::Document document;
        const std::string line = synth::write_recipe(c, s, std::nullopt);
        const auto replay = synth::parse_recipe(document.parse(line));
        const auto again = synth::redraw_case(replay.settings, replay.recipe);
        CHECK(bytes(again) == bytes(c));
        CHECK(synth::write_recipe(again, replay.settings, std::nullopt).substr(0, line.find("\"refused\"")) == line.substr(0, line.find("\"refused\"")));
    }
}

TEST_CASE("a slice drawn alone has the labels that it has in its stack") {
    const auto s = settings();
    for (std::uint64_t i = 0; i < 12; ++i) {
        auto bare = s;
        bare.normal_fraction = 1;
        const auto one = synth::draw_slice(bare, 19, i);
        const auto c = synth::draw_case(bare, 19, i);
        REQUIRE(one.label.grid.shape == std::array<std::size_t, 3>{96, 96, 1});
        bool found = false;
        for (std::size_t k = 0; k < c.level.size(); ++k)
            found = found || (c.level[k] == one.level && std::memcmp(c.label.slice(k).pixels, one.label.voxels.data(), one.label.voxels.size()) == 0);
        CHECK(found);
    }
}

TEST_CASE("the insertions of a slice lie where background, wall and RV cavity meet, the inferior one counter-clockwise of the anterior one") {
    const auto s = settings();
    int seen = 0;
    for (std::uint64_t i = 0; i < 40; ++i) {
        const auto one = synth::draw_slice(s, 23, i);
        const auto label = one.label.slice(0);
        const bool rv = std::find(label.pixels, label.pixels + label.size(), std::uint8_t{5}) != label.pixels + label.size();
        CHECK(one.insertions.has_value() == rv);
        if (!one.insertions) continue;
        ++seen;
        for (const auto& p : {one.insertions->anterior, one.insertions->inferior}) {
            std::array<bool, 6> near{};
            for (std::size_t y = 0; y < label.height; ++y)
                for (std::size_t x = 0; x < label.width; ++x)
                    if (std::hypot(static_cast<double>(x) - p.x, static_cast<double>(y) - p.y) < (label(x, y) == 5 ? 6 : 2)) near[label(x, y)] = true;  // the RV ends in a tip
            CHECK(near[0]);
            CHECK((near[2] || near[3] || near[4]));
            CHECK(near[5]);
        }
        const auto wall = anatomy::find_wall(label);
        REQUIRE(wall);
        const double turn = wall->place(one.insertions->inferior).angle.value - wall->place(one.insertions->anterior).angle.value;
        CHECK(turn - 360 * std::floor(turn / 360) < 180);
    }
    CHECK(seen > 20);
}

TEST_CASE("a wish for wall, level and extent is kept") {
    auto s = settings("mild");
    s.normal_fraction = 0;
    s.wish.wall = anatomy::Wall::inferolateral;
    s.wish.levels = {Level::mid};
    s.wish.extent = anatomy::Extent::midwall;
    for (std::uint64_t i = 0; i < 20; ++i) {
        const auto c = synth::draw_case(s, 3, i);
        CHECK(*c.finding.segments == Segments::of({11}));
        CHECK(c.finding.pattern == std::vector{anatomy::Pattern::midwall});
        CHECK(c.finding.levels == std::vector<std::string>{"mid"});
        CHECK(c.finding.walls == std::vector<std::string>{"inferolateral"});
    }
}

TEST_CASE("a wall that the level does not have is refused") {
    synth::Wish wish;
    wish.wall = anatomy::Wall::anteroseptal;
    wish.levels = {Level::basal};
    CHECK_NOTHROW(synth::check(wish));
    wish.levels = {Level::mid, Level::apical};
    CHECK_THROWS_WITH(synth::check(wish), Catch::Contains("no anteroseptal wall"));
    wish.wall = anatomy::Wall::septal;
    CHECK_NOTHROW(synth::check(wish));
    wish.levels = {Level::apex};
    CHECK_THROWS_AS(synth::check(wish), Error);
}

TEST_CASE("a case is the same on any number of threads") {
    const auto s = settings();
    std::vector<std::string> alone, together;
    const auto make = [&](std::size_t i) { return bytes(synth::draw_case(s, 11, i)); };
    ordered_parallel(1, std::size_t{12}, make, [&](std::string b) { alone.push_back(std::move(b)); });
    ordered_parallel(4, std::size_t{12}, make, [&](std::string b) { together.push_back(std::move(b)); });
    CHECK(alone == together);
    CHECK(std::set<std::string>(alone.begin(), alone.end()).size() == alone.size());
    CHECK(bytes(synth::draw_case(s, 12, 0)) != alone[0]);
}

TEST_CASE("scars drawn into a cohort leave all other pixels bit-identical") {
    const auto cohort = normal_hearts(3);
    auto s = settings("mild");
    s.normal_fraction = 0;
    std::size_t changed = 0;
    for (std::uint64_t i = 0; i < 60; ++i) {
        const std::size_t which = i % 3;
        const auto c = synth::draw_into(synth::prepare(cohort, which), s, 2, i);
        for (std::size_t k = 0; k < c.level.size(); ++k) {
            const auto before = cohort.image_slice(cohort.cases[which].first_slice + k);
            const auto old_label = cohort.label_slice(cohort.cases[which].first_slice + k);
            const auto after = c.image.slice(k);
            const auto label = c.label.slice(k);
            REQUIRE(judged(c, k) == *c.slice_findings[k].segments);
            const auto scar_near = [&](std::size_t x, std::size_t y) {
                for (std::ptrdiff_t dy = -5; dy <= 5; ++dy)
                    for (std::ptrdiff_t dx = -5; dx <= 5; ++dx) {
                        const auto px = static_cast<std::ptrdiff_t>(x) + dx, py = static_cast<std::ptrdiff_t>(y) + dy;
                        if (label.inside(px, py) && anatomy::is_wall(label(static_cast<std::size_t>(px), static_cast<std::size_t>(py))) &&
                            label(static_cast<std::size_t>(px), static_cast<std::size_t>(py)) != 2)
                            return true;
                    }
                return false;
            };
            for (std::size_t y = 0; y < label.height; ++y)
                for (std::size_t x = 0; x < label.width; ++x) {
                    if (label(x, y) != old_label(x, y)) {
                        REQUIRE(old_label(x, y) == 2);
                        REQUIRE((label(x, y) == 3 || label(x, y) == 4));
                    }
                    if (std::memcmp(&before(x, y), &after(x, y), sizeof(float)) == 0) continue;
                    ++changed;
                    REQUIRE(scar_near(x, y));
                }
        }
    }
    CHECK(changed > 1000);
}

TEST_CASE("a drawn scar is bright against its wall, and a copy that stays normal is untouched") {
    const auto cohort = normal_hearts(2);
    auto s = settings("mild");
    s.normal_fraction = 0;
    s.wish.extent = anatomy::Extent::transmural;
    for (std::uint64_t i = 0; i < 10; ++i) {
        const auto c = synth::draw_into(synth::prepare(cohort, i % 2), s, 8, i);
        double scar = 0, wall = 0, n_scar = 0, n_wall = 0;
        for (std::size_t p = 0; p < c.label.voxels.size(); ++p) {
            if (c.label.voxels[p] == 3) scar += c.image.voxels[p], n_scar += 1;
            if (c.label.voxels[p] == 2) wall += c.image.voxels[p], n_wall += 1;
        }
        REQUIRE(n_scar > 0);
        const auto tissue = synth::measure(c.image.voxels, c.label.voxels, 10);
        CHECK(scar / n_scar > wall / n_wall + 0.4 * std::abs(tissue->blood - tissue->wall));
    }
    s.normal_fraction = 1;
    const auto same = synth::draw_into(synth::prepare(cohort, 0), s, 8, 0);
    CHECK(std::memcmp(same.image.voxels.data(), cohort.image.data(), same.image.voxels.size() * sizeof(float)) == 0);
    CHECK(same.finding.lge == Presence::absent);
}

TEST_CASE("a cohort without labels or levels is refused") {
    auto cohort = normal_hearts(1);
    auto unnamed = cohort;
    unnamed.level[0] = Level::unknown;
    CHECK_THROWS_WITH(synth::prepare(unnamed, 0), Catch::Contains("unknown level"));
    cohort.label.clear();
    CHECK_THROWS_WITH(synth::prepare(cohort, 0), Catch::Contains("no labels"));
}

TEST_CASE("a stack in random pose says in its header how the heart lies") {
    auto s = settings("mild");
    s.pose = synth::Pose::random;
    s.normal_fraction = 0;
    int mirrored = 0, backwards = 0;
    for (std::uint64_t i = 0; i < 16; ++i) {
        const auto c = synth::draw_case(s, 4, i);
        const auto& affine = c.label.grid.index_to_lps;
        CHECK(volume::check(affine) == volume::AffineFault::none);
        CHECK(c.image.grid == c.label.grid);
        // Base first and seen from the apex, columns x rows point away from the viewer: determinant below 0.
        const bool reversed = c.level.front() != Level::basal;
        mirrored += (affine.determinant() > 0) != reversed;
        backwards += reversed;
        using volume::operator-;
        const auto axis = volume::unit(c.landmarks.lv_apex - c.landmarks.lv_base);
        CHECK(axis[0] > 0);
        CHECK(axis[1] < 0);
        CHECK(axis[2] < 0);
        const auto at = affine.inverse()(c.landmarks.rv_anterior);
        const auto wall = anatomy::find_wall(c.label.slice(static_cast<std::size_t>(std::lround(at[2]))));
        REQUIRE(wall);
        const auto centre = affine({wall->centre.x, wall->centre.y, at[2]});
        const auto anterior = c.landmarks.rv_anterior - centre, inferior = c.landmarks.rv_inferior - centre;
        // The septum runs counter-clockwise from the anterior to the inferior insertion as seen from the apex.
        CHECK(volume::dot(volume::cross(anterior, inferior), axis) > 0);
        const double cosine = volume::dot(anterior, inferior) / (volume::length(anterior) * volume::length(inferior));
        CHECK(std::acos(cosine) * 180 / std::numbers::pi == Approx(118).margin(28));
    }
    CHECK(mirrored > 0);
    CHECK(mirrored < 16);
    CHECK(backwards > 0);
    CHECK(backwards < 16);
}

TEST_CASE("population files are checked") {
    for (const char* name : {"wide", "hard", "mild"}) CHECK(synth::load_population(name).name == name);
    CHECK_THROWS_WITH(synth::parse_population(R"({"schema":"lge.population/1","name":"x","ranges":{}})", "x.json"), Catch::Contains("x.json: no range slices"));
    CHECK_THROWS_WITH(synth::parse_population(R"({"schema":"lge.population/1","name":"x","ranges":{"slices":{"low":9,"high":8}}})", "x.json"), Catch::Contains("slices must rise"));
    CHECK_THROWS_WITH(synth::parse_population(R"({"schema":"lge.population/2"})", "x.json"), Catch::Contains("schema"));
    CHECK_THROWS_AS(synth::load_population("nowhere"), Error);
}
