#include "lge/nn/net/heads.hpp"

#include "lge/nn/infer/forward.hpp"
#include "lge/nn/infer/framing.hpp"
#include "lge/nn/infer/seen_landmarks.hpp"
#include "lge/nn/train/segment_samples.hpp"
#include "lge/synth/store.hpp"
#include "toy.hpp"

#include <catch2/catch.hpp>

#include <numbers>

using namespace toy;

namespace {

struct Drawn {
    TrainInput input;
    Description d;
    Recipe recipe;
    explicit Drawn(Heads heads = {true, true}) {
        input.population = lge::synth::load_population("mild");
        d.widths = {4, 8, 8};
        d.size = 48;
        d.spacing_mm = 3;
        d.heads = heads;
        recipe.batch = 6;
    }
    [[nodiscard]] Tensors at(std::uint64_t number, bool varied = true) const { return SegmentSamples(input, d, recipe, false).draw(number, SegmentSamples::shard, varied); }
};

/// A map of one Gaussian.
std::vector<float> bump(std::size_t size, double x, double y, double sigma, double height = 1) {
    std::vector<float> map;
    for (std::size_t v = 0; v < size; ++v)
        for (std::size_t u = 0; u < size; ++u) {
            const double dx = static_cast<double>(u) - x, dy = static_cast<double>(v) - y;
            map.push_back(static_cast<float>(height * std::exp(-(dx * dx + dy * dy) / (2 * sigma * sigma)) / (2 * std::numbers::pi * sigma * sigma)));
        }
    return map;
}

}  // namespace

TEST_CASE("a pose is undone by its mirror and then its quarter turns counter-clockwise, and its map names it") {
    const Tensor canonical = random_tensor({5, 5}, 1);
    const lge::volume::Slice<const float> slice{canonical.const_data_ptr<float>(), 5, 5};
    for (std::size_t pose = 0; pose < pose_count; ++pose) {
        const WindowMap map = in_pose(upright({2, 2}, {1, 1}, 1), pose);
        Tensor seen = torch::empty({5, 5});
        cut_image(slice, map, 5, {seen.data_ptr<float>(), 25});
        const Tensor back = at::rot90(pose >= 4 ? seen.flip(1) : seen, static_cast<std::int64_t>(pose % 4), {0, 1});
        CHECK(torch::allclose(back, canonical, 1e-5, 1e-5));
        CHECK(pose_shares(map)[pose] == Approx(1));
    }
}

TEST_CASE("a turn between two poses belongs to both, more to the nearer one") {
    const auto turned = [](double degrees, double flip) {
        const double c = std::cos(degrees * std::numbers::pi / 180), s = std::sin(degrees * std::numbers::pi / 180);
        return pose_shares({{2 * c * flip, 2 * s, -2 * s * flip, 2 * c}, {}});
    };
    CHECK(turned(30, 1)[0] == Approx(2.0 / 3));
    CHECK(turned(30, 1)[1] == Approx(1.0 / 3));
    CHECK(turned(-9, -1)[4] == Approx(0.9));
    CHECK(turned(-9, -1)[7] == Approx(0.1));
}

TEST_CASE("a stretch to a round heart does not change the pose") {
    const WindowMap round = rounded({{2, 2}, {300, 90, 150}}, {1, 1}, 1), plain = upright({2, 2}, {1, 1}, 1);
    for (const double mirror : {1.0, -1.0})
        for (double degrees = -175; degrees < 180; degrees += 30) {
            const double c = std::cos(degrees * std::numbers::pi / 180), s = std::sin(degrees * std::numbers::pi / 180);
            const auto turned = [&](const WindowMap& map) {
                const auto& m = map.matrix;
                return pose_shares({{(m[0] * c - m[1] * s) * mirror, m[0] * s + m[1] * c, (m[2] * c - m[3] * s) * mirror, m[2] * s + m[3] * c}, map.centre});
            };
            const auto stretched = turned(round), wanted = turned(plain);
            for (std::size_t pose = 0; pose < pose_count; ++pose) CHECK(stretched[pose] == Approx(wanted[pose]).margin(1e-6));
        }
}

TEST_CASE("where a slice's point lies in a window is where the window's map finds it") {
    lge::Random random(4, 0, "test");
    const WindowMap map = vary(upright({20, 30}, {1.3, 1.3}, 2), {.turn_deg = 180, .log_scale = 0.1, .shift_px = 5, .mirror = true}, random);
    const auto [u, v] = in_slice(back_of(map, 32), {27, 18});
    CHECK(map.centre[0] + map.matrix[0] * (u - 15.5) + map.matrix[1] * (v - 15.5) == Approx(27));
    CHECK(map.centre[1] + map.matrix[2] * (u - 15.5) + map.matrix[3] * (v - 15.5) == Approx(18));
}

TEST_CASE("a heat map that is the Gaussian costs nothing, an even one its divergence, and what nobody knows nothing at all") {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const Tensor points = torch::tensor({2.0, 3.5, 4.0, 1.0, nan, nan, 1.0, nan}, torch::kFloat64).view({2, 2, 2});
    const auto square = [](double x) { return x * x; };
    Tensor exact = torch::empty({2, 2, 6, 7}, torch::kFloat64);
    for (int m = 0; m < 2; ++m)
        for (int v = 0; v < 6; ++v)
            for (int u = 0; u < 7; ++u) exact[0][m][v][u] = -(square(u - points[0][m][0].item<double>()) + square(v - points[0][m][1].item<double>())) / (2 * 1.5 * 1.5);
    exact[1] = random_tensor({2, 6, 7}, 2, torch::kFloat64);
    const Tensor costs = insertion_costs(exact, points, 1.5);
    CHECK(costs.abs().max().item<double>() < 1e-12);
    const Tensor share = at::softmax(exact[0][0].flatten(), 0), even = torch::zeros_like(exact);
    CHECK(insertion_costs(even, points, 1.5)[0][0].item<double>() == Approx(std::log(42.0) + (share * share.log()).sum().item<double>()));
    CHECK(gradient_error(random_tensor({2, 2, 6, 7}, 3, torch::kFloat64), [&](const Tensor& x) { return insertion_costs(x, points, 1.5).sum(); }) < 1e-8);
}

TEST_CASE("the cost of a pose is its cross entropy, with the gradient of its values") {
    const Tensor shares = torch::zeros({2, 8}, torch::kFloat64);
    shares[0][3] = 1;
    shares[1][0] = 0.75;
    shares[1][1] = 0.25;
    const Tensor logits = random_tensor({2, 8}, 4, torch::kFloat64);
    CHECK(pose_costs(logits, shares)[0].item<double>() == Approx(-at::log_softmax(logits, 1)[0][3].item<double>()));
    CHECK(gradient_error(logits, [&](const Tensor& x) { return pose_costs(x, shares).sum(); }) < 1e-8);
}

TEST_CASE("a peak is found between pixels, and its confidence is the share that lies round it") {
    const auto one = bump(32, 10.3, 20.7, 2);
    const Peak p = find_peak(one.data(), 32, 6);
    CHECK(p.x == Approx(10.3).margin(0.02));
    CHECK(p.y == Approx(20.7).margin(0.02));
    CHECK(p.confidence > 0.97);
    auto two = bump(32, 8, 8, 2, 0.6);
    const auto other = bump(32, 24, 24, 2, 0.4);
    for (std::size_t i = 0; i < two.size(); ++i) two[i] += other[i];
    CHECK(find_peak(two.data(), 32, 6).confidence == Approx(0.6).margin(0.02));
    const Peak corner = find_peak(bump(32, 0, 31, 2).data(), 32, 6);
    CHECK(corner.x < 2);
    CHECK(corner.y > 29);
}

TEST_CASE("heads change nothing of a sample, and add its insertions beside the wall and its pose") {
    const auto plain = Drawn(Heads{}).at(3), told = Drawn().at(3);
    REQUIRE(plain.size() == 2);
    REQUIRE(told.size() == 4);
    CHECK(torch::equal(plain[0], told[0]));
    CHECK(torch::equal(plain[1], told[1]));
    REQUIRE(told[2].sizes() == at::IntArrayRef({4, 2, 2}));
    CHECK(told[3].sum(1).sub(1).abs().max().item<double>() < 1e-6);
    int known = 0;
    for (std::uint64_t number = 0; number < 4; ++number) {
        const auto some = Drawn().at(number);
        for (std::int64_t i = 0; i < 4; ++i)
            for (std::int64_t m = 0; m < 2; ++m) {
                const auto x = some[2][i][m][0].item<float>(), y = some[2][i][m][1].item<float>();
                if (std::isnan(x)) continue;
                ++known;
                CHECK(some[1][i].eq(3).any().item<bool>());
                const auto near = [](float at) { return std::clamp<std::int64_t>(std::lround(at) - 2, 0, 43); };
                const Tensor around = some[1][i].slice(0, near(y), near(y) + 5).slice(1, near(x), near(x) + 5);
                CHECK(around.eq(2).any().item<bool>());
                CHECK(around.eq(0).any().item<bool>());
            }
    }
    CHECK(known > 10);
}

TEST_CASE("samples that are not varied stand in the eight poses in turn, where there are heads") {
    const auto told = Drawn().at(1, false), plain = Drawn(Heads{}).at(1, false);
    for (std::int64_t i = 0; i < 4; ++i) {
        CHECK(told[3][i].argmax().item<std::int64_t>() == 4 + i);
        CHECK(torch::equal(at::rot90(told[1][i].flip(1), i, {0, 1}), plain[1][i]));
    }
}

TEST_CASE("of a cohort's case the slice is known in which its landmarks lie, if it shows the RV") {
    Drawn drawn(Heads{true, false});
    lge::synth::Settings s;
    s.population = *drawn.input.population;
    s.captions = 0;
    s.size = 64;
    s.spacing_mm = 2;
    auto& cohort = drawn.input.cohorts.emplace_back();
    cohort.width = cohort.height = s.size;
    cohort.spacing_mm = s.spacing_mm;
    for (std::uint64_t i = 0; i < 2; ++i) lge::synth::append(cohort, lge::synth::draw_case(s, 7, i));
    drawn.input.population.reset();
    drawn.input.hold_out = 0;
    const SegmentSamples samples(drawn.input, drawn.d, drawn.recipe, false);
    int known = 0, all = 0;
    for (std::uint64_t number = 0; number < 60; ++number) {
        known += static_cast<int>(samples.draw(number, 4, false)[2].isfinite().all(2).all(1).sum().item<std::int64_t>());
        all += 4;
    }
    CHECK(known > 0);
    CHECK(known < all / 4);
}

TEST_CASE("a network with heads tells the classes of one without, comes back from its file, and files without heads are as ever") {
    Description d;
    d.widths = {4, 8, 8};
    CHECK(to_metadata(d).at("architecture").find("heads") == std::string::npos);
    const auto plain = make_unet(d);
    initialise(*plain, 5);
    d.heads = {true, true};
    const auto net = make_unet(d);
    initialise(*net, 5);
    const Tensor x = random_tensor({2, 1, 32, 32}, 6);
    const torch::NoGradGuard no_grad;
    const UNetAnswer told = net->answer(x);
    CHECK(torch::equal(told.classes, plain->forward(x)));
    CHECK(told.insertions.sizes() == at::IntArrayRef({2, 2, 32, 32}));
    CHECK(told.pose.sizes() == at::IntArrayRef({2, 8}));
    CHECK_FALSE(plain->answer(x).insertions.defined());

    const auto file = lge::io::decode_safetensors(encode_tensors(parameters_of(*net), to_metadata(d)), "m");
    const Description back = parse_description(file.metadata, Task::segment, "m");
    CHECK(back.heads.insertions);
    CHECK(back.heads.pose);
    const auto again = make_unet(back);
    load_parameters(*again, file, "", "m");
    CHECK(torch::equal(again->answer(x).pose, told.pose));
    auto odd = file.metadata;
    odd["architecture"] = R"({"network":"residual-unet","widths":[4,8,8],"heads":["tail"]})";
    CHECK_THROWS_AS(parse_description(odd, Task::segment, "m"), lge::Error);
}

TEST_CASE("a run with heads that is stopped goes on to the bytes of a straight one, and its losses fall") {
    const Drawn drawn;
    const SegmentSamples samples(drawn.input, drawn.d, drawn.recipe, false);
    const TemporaryFolder straight, broken;
    const auto learner = [&] {
        const auto net = make_unet(drawn.d);
        initialise(*net, 3);
        auto l = segment_learner(net, samples, drawn.recipe, "heads");
        l.validate = [] { return Score(0.5, {{"insertion_error_mm", 3.25}}); };
        return l;
    };
    auto recipe = short_run(straight.path, 8);
    recipe.batch = drawn.recipe.batch;
    recipe.overfit_one_batch = true;
    recipe.validate_every = 4;
    auto one = learner();
    const auto before = losses_at(one, 0);
    REQUIRE(before.size() == 5);
    CHECK(before[0].second.item<double>() == Approx((before[1].second + before[2].second + drawn.recipe.insertion_weight * before[3].second + drawn.recipe.pose_weight * before[4].second).item<double>()));
    REQUIRE(train(one, recipe, cpu, 2, quiet) == Ended::finished);
    recipe.folder = broken.path;
    recipe.stop_after = 3;
    auto part = learner();
    REQUIRE(train(part, recipe, cpu, 1, quiet) == Ended::stopped);
    recipe.stop_after = 0;
    auto two = learner();
    REQUIRE(train(two, recipe, cpu, 1, quiet) == Ended::finished);
    CHECK((weights(one) == weights(two)));
    const auto after = losses_at(one, 0);
    for (const std::size_t part_of : {3, 4}) CHECK(after[part_of].second.item<double>() < before[part_of].second.item<double>());
    const auto metrics = lge::read_file((straight.path / "metrics.jsonl").string());
    CHECK(lge::as_text(metrics).find("\"validation\":0.5,\"insertion_error_mm\":3.25") != std::string_view::npos);
}

TEST_CASE("the insertions of a heart are those of the middlemost slice that both maps are sure of, and a true header says which is which") {
    lge::volume::Grid grid{{64, 64, 5}, {{2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 8, 0}}};
    lge::orient::Pose pose;
    pose.slices = {0, 1, 2, 3, 4};
    pose.marks.resize(5);
    for (auto& m : pose.marks) m.centre = {64, 64}, m.rv_mm2 = 100;
    const Peak upper{20, 20, 0.9}, lower{20, 44, 0.9};  // the RV lies left: seen from the apex, counter-clockwise goes down
    std::vector<SeenInsertions> seen(5, {upper, lower});
    CHECK(choose_insertions(seen, pose, grid)->slice == 2);
    CHECK(choose_insertions(seen, pose, grid)->at.anterior.y == 20);
    seen[2].inferior.confidence = 0.4;
    pose.marks[1].rv_mm2 = 0;
    CHECK(choose_insertions(seen, pose, grid)->slice == 3);
    pose.mirrored = true;
    CHECK(choose_insertions(seen, pose, grid)->at.anterior.y == 44);
    pose.problems = {lge::orient::Problem::chirality_assumed};
    CHECK(choose_insertions(seen, pose, grid)->at.anterior.y == 20);
    for (auto& s : seen) s.anterior.confidence = 0.1;
    CHECK_FALSE(choose_insertions(seen, pose, grid));
}

TEST_CASE("the mean over views turns with the image, and over mirrors is mirrored with it") {
    const Drawn drawn;
    const auto net = make_unet(drawn.d);
    net->eval();
    {
        torch::NoGradGuard no_grad;
        torch::manual_seed(3);
        for (Tensor& p : net->parameters()) p.add_(torch::randn_like(p) * 0.3);  // else all classes are alike
    }
    lge::ThreadPool pool(2);
    const Engine engine{torch::kCPU, 4, pool};
    const Tensor windows = random_tensor({3, 1, 48, 48}, 7);
    const Tensor turned = at::rot90(windows, 1, {2, 3}).contiguous(), mirrored = windows.flip(3).contiguous();
    const auto close = [](const Tensor& a, const Tensor& b) { return torch::allclose(a, b, 1e-4, 1e-6); };
    for (const Views views : {Views::turns, Views::mirrors}) {
        const WindowShares straight = mean_shares(*net, windows, engine, views), after = mean_shares(*net, turned, engine, views);
        CHECK(close(after.classes, at::rot90(straight.classes, 1, {2, 3})));
        CHECK(close(after.insertions, at::rot90(straight.insertions, 1, {2, 3})));
        CHECK(close(straight.classes.sum(1), torch::ones({3, 48, 48})));
        CHECK(close(mean_shares(*net, mirrored, engine, views).classes, straight.classes.flip(3)) == (views == Views::mirrors));
    }
    const WindowShares one = mean_shares(*net, windows, engine, Views::one);
    CHECK(close(one.classes, window_shares(*net, windows, engine).classes));
    CHECK_FALSE(close(mean_shares(*net, turned, engine, Views::one).classes, at::rot90(one.classes, 1, {2, 3})));
}
