#include "lge/base/error.hpp"
#include "lge/base/random.hpp"
#include "lge/metrics/score_records.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <map>

namespace metrics = lge::metrics;
using lge::anatomy::Presence;
using metrics::Figure;
using metrics::Judged;
constexpr auto auc = static_cast<std::size_t>(Figure::auc), average_precision = static_cast<std::size_t>(Figure::average_precision);

namespace {

std::vector<Judged> random_items(std::uint64_t trial, std::size_t n, unsigned steps) {
    lge::Random r(5, trial, "items");
    std::vector<Judged> items;
    for (std::size_t i = 0; i < n; ++i) {
        const bool truth = r.chance(0.4);
        const double p = static_cast<double>(r.below(steps) + (truth ? 1 : 0)) / steps;
        items.push_back({"case" + std::to_string(i), truth, p >= 0.5, p});
    }
    items[0].truth = true;
    items[1].truth = false;
    return items;
}

double auc_by_pairs(const std::vector<Judged>& items) {
    double won = 0, pairs = 0;
    for (const auto& a : items)
        for (const auto& b : items)
            if (a.truth && !b.truth) {
                ++pairs;
                won += a.probability > b.probability ? 1 : a.probability == b.probability ? 0.5 : 0;
            }
    return won / pairs;
}

double average_precision_by_thresholds(const std::vector<Judged>& items) {
    std::vector<double> thresholds;
    double positives = 0, recall = 0, sum = 0;
    for (const auto& i : items) {
        thresholds.push_back(i.probability);
        positives += i.truth;
    }
    std::sort(thresholds.rbegin(), thresholds.rend());
    thresholds.erase(std::unique(thresholds.begin(), thresholds.end()), thresholds.end());
    for (const double t : thresholds) {
        double hit = 0, called = 0;
        for (const auto& i : items)
            if (i.probability >= t) {
                ++called;
                hit += i.truth;
            }
        sum += (hit / positives - recall) * (hit / called);
        recall = hit / positives;
    }
    return sum;
}

metrics::Truths truths(std::initializer_list<std::string> lines, metrics::Unit unit = metrics::Unit::case_) {
    metrics::Truths all;
    for (const auto& line : lines) {
        lge::json::Document document;
        metrics::add_truth(document.parse(line), unit, all);
    }
    return all;
}

std::string said(const char* id, const char* present) { return std::string(R"({"id":")") + id + R"(","present":)" + present + "}"; }

metrics::Detections detections(std::initializer_list<std::pair<const char*, double>> probabilities) {
    metrics::Detections all;
    for (const auto& [id, p] : probabilities) {
        lge::io::DetectionRecord d;
        d.id = id;
        d.unit = "case";
        d.probability = p;
        d.threshold = 0.5;
        d.present = p >= 0.5;
        lge::json::Document document;
        metrics::add_detection(document.parse(lge::io::write_detection(d)), metrics::Unit::case_, all);
    }
    return all;
}

}  // namespace

TEST_CASE("AUC equals counting pairs, and average precision equals going through the thresholds") {
    for (std::uint64_t trial = 0; trial < 60; ++trial) {
        const auto items = random_items(trial, 5 + trial, trial % 2 ? 7 : 1000);
        CHECK(*metrics::figures_of(items)[auc] == Approx(auc_by_pairs(items)));
        CHECK(*metrics::figures_of(items)[average_precision] == Approx(average_precision_by_thresholds(items)));
    }
}

TEST_CASE("the four-item example of scikit-learn's documentation") {
    // roc_auc_score and average_precision_score of y = 0 0 1 1, p = 0.1 0.4 0.35 0.8 are 0.75 and 0.8333.
    const std::vector<Judged> items{{"a", false, false, 0.1}, {"b", false, false, 0.4}, {"c", true, false, 0.35}, {"d", true, true, 0.8}};
    const auto s = metrics::score(items, metrics::Unit::case_, {1, 1000});
    CHECK(*s[Figure::auc].value == Approx(0.75));
    CHECK(*s[Figure::average_precision].value == Approx(0.8333333333));
    CHECK(*s[Figure::brier].value == Approx((0.01 + 0.16 + 0.4225 + 0.04) / 4));
    CHECK(s.true_positive == 1);
    CHECK(s.false_negative == 1);
    CHECK(s.true_negative == 2);
    CHECK(s.false_positive == 0);
    CHECK(*s[Figure::balanced_accuracy].value == Approx(0.75));
    CHECK(*s[Figure::sensitivity].value == Approx(0.5));
    CHECK(*s[Figure::specificity].value == 1);
    CHECK(*s[Figure::ppv].value == 1);
    CHECK(*s[Figure::npv].value == Approx(2.0 / 3));
    CHECK(*s[Figure::f1].value == Approx(2.0 / 3));
    CHECK(*s[Figure::sensitivity].low == Approx(*lge::wilson(1, 2).low));
}

TEST_CASE("intervals hold their value, do not depend on the order, and repeat with the seed") {
    auto items = random_items(99, 200, 50);
    const auto s = metrics::score(items, metrics::Unit::case_, {7, 1000});
    for (const auto& e : {s[Figure::balanced_accuracy], s[Figure::sensitivity], s[Figure::specificity], s[Figure::ppv], s[Figure::npv], s[Figure::f1], s[Figure::auc], s[Figure::average_precision], s[Figure::brier]}) {
        CHECK(*e.low < *e.value);
        CHECK(*e.value < *e.high);
    }
    std::reverse(items.begin(), items.end());
    const auto reversed = metrics::score(items, metrics::Unit::case_, {7, 1000});
    CHECK(*reversed[Figure::auc].low == *s[Figure::auc].low);
    CHECK(*reversed[Figure::balanced_accuracy].high == *s[Figure::balanced_accuracy].high);
    CHECK(*metrics::score(items, metrics::Unit::case_, {8, 1000})[Figure::auc].low != *s[Figure::auc].low);
}

TEST_CASE("slices of one case are drawn together, so that repeating them does not narrow the interval") {
    const auto cases = random_items(42, 40, 20);
    std::vector<Judged> slices;
    for (const auto& item : cases)
        for (int copy = 0; copy < 10; ++copy) slices.push_back(item);
    const auto one = metrics::score(cases, metrics::Unit::slice, {1, 1000}), many = metrics::score(slices, metrics::Unit::slice, {1, 1000});
    CHECK(*many[Figure::sensitivity].low == Approx(*one[Figure::sensitivity].low));
    CHECK(*many[Figure::auc].high == Approx(*one[Figure::auc].high));
}

TEST_CASE("without positives there is no sensitivity, no balanced accuracy and no AUC") {
    const std::vector<Judged> items{{"a", false, false, 0.1}, {"b", false, true, 0.9}};
    const auto s = metrics::score(items, metrics::Unit::case_, {1, 100});
    CHECK_FALSE(s[Figure::sensitivity].value);
    CHECK_FALSE(s[Figure::balanced_accuracy].value);
    CHECK_FALSE(s[Figure::auc].value);
    CHECK(*s[Figure::specificity].value == 0.5);
    CHECK(metrics::write_records(std::vector<metrics::Scored>{{{}, 0, {}, {}, s}}, {}).find("\"auc\":{\"value\":null,\"low\":null,\"high\":null}") != std::string::npos);
}

TEST_CASE("truth and detections are joined by id, and what has no partner is listed") {
    auto truth = truths({said("a", "true"), said("b", "false"), said("d", "true"), said("e", "null"), said("a", "true")});
    truth[{"c", {}}].presence = Presence::uncertain;
    const auto found = detections({{"b", 0.6}, {"a", 0.4}, {"c", 1}, {"z", 0}});
    const auto joined = metrics::join(truth, found, std::nullopt);
    REQUIRE(joined.items.size() == 2);
    CHECK(joined.items[0].id == "a");
    CHECK(joined.items[0].truth);
    CHECK_FALSE(joined.items[0].called);
    CHECK(joined.items[1].called);
    CHECK(joined.left_out == 2);
    CHECK(joined.missing == std::vector<metrics::Key>{{"d", {}}});
    CHECK(joined.extra == std::vector<metrics::Key>{{"z", {}}});
    CHECK(metrics::join(truth, found, 0.4).items[0].called);
    CHECK_FALSE(metrics::join(truth, found, 0.61).items[1].called);
    CHECK_THROWS_AS(detections({{"a", 0.1}, {"a", 0.1}}), lge::Error);
    CHECK_THROWS_AS(truths({said("a", "true"), said("a", "false")}), lge::Error);
}

TEST_CASE("truth comes from findings, captions and plain lines") {
    CHECK(truths({said("a", "true")}).at({"a", {}}).presence == Presence::present);
    CHECK(truths({said("a", "null")}).at({"a", {}}).presence == Presence::not_stated);
    const std::string slice = R"({"id":"a","present":false,"slice":3})";
    CHECK(truths({slice}).empty());
    CHECK(truths({slice}, metrics::Unit::slice).at({"a", 3}).presence == Presence::absent);
    lge::anatomy::Finding f;
    f.lge = Presence::uncertain;
    CHECK(truths({lge::io::write_finding_record("x", f)}).at({"x", {}}).presence == Presence::uncertain);
    lge::io::CaptionRecord caption;
    caption.id = "x";
    caption.slice = 2;
    caption.text = "scar";
    caption.finding.lge = Presence::present;
    CHECK(truths({lge::io::write_caption(caption)}, metrics::Unit::slice).at({"x", 2}).presence == Presence::present);
    for (const auto* bad : {R"({"present":true})", R"({"id":"","present":true})", R"({"id":"a","present":"yes"})", R"({"schema":"lge.case/1","id":"a"})"})
        CHECK_THROWS_AS(truths({bad}), lge::Error);
}

TEST_CASE("a cohort's labels say which cases and slices have scar") {
    lge::io::Cohort c;
    c.width = c.height = 2;
    c.level.resize(3);
    c.label.assign(12, 2);
    c.label[6] = 4;
    c.cases = {{.id = "a", .canonical_to_lps = {}, .first_slice = 0, .slice_count = 2}, {.id = "b", .canonical_to_lps = {}, .first_slice = 2, .slice_count = 1}};
    const auto presences = [&](metrics::Unit unit) {
        std::map<metrics::Key, Presence> found;
        for (const auto& [key, truth] : metrics::truth_of(c, unit)) found[key] = truth.presence;
        return found;
    };
    CHECK(presences(metrics::Unit::case_) == std::map<metrics::Key, Presence>{{{"a", {}}, Presence::present}, {{"b", {}}, Presence::absent}});
    CHECK(presences(metrics::Unit::slice) == std::map<metrics::Key, Presence>{{{"a", 0}, Presence::absent}, {{"a", 1}, Presence::present}, {{"b", 0}, Presence::absent}});
}

TEST_CASE("a cohort's labels say which segments have scar, on each slice and in all") {
    lge::io::Cohort c;
    c.width = c.height = 48;
    c.level = {lge::anatomy::Level::basal, lge::anatomy::Level::mid};
    c.label.assign(2 * 48 * 48, 0);
    for (std::size_t s = 0; s < 2; ++s)
        for (std::size_t y = 0; y < 48; ++y)
            for (std::size_t x = 0; x < 48; ++x) {
                const double dx = static_cast<double>(x) - 23.5, dy = 23.5 - static_cast<double>(y), r = std::hypot(dx, dy);
                const bool inferior = std::abs(std::remainder(std::atan2(dy, dx) * 57.29578 - 270, 360)) < 25;  // segments 4 and 10
                c.label[(s * 48 + y) * 48 + x] = r < 10 ? 1 : r < 18 ? (s == 1 && inferior ? 3 : 2) : 0;
            }
    c.cases = {{.id = "a", .canonical_to_lps = {}, .first_slice = 0, .slice_count = 2}};
    CHECK(metrics::truth_of(c, metrics::Unit::case_).at({"a", {}}).segments == lge::anatomy::Segments::of({10}));
    CHECK(metrics::truth_of(c, metrics::Unit::slice).at({"a", 0}).segments->empty());
    CHECK(metrics::truth_of(c, metrics::Unit::slice).at({"a", 1}).level == lge::anatomy::Level::mid);
}

TEST_CASE("segments and levels are joined where both sides speak of them") {
    const auto truth = truths({R"({"id":"a","present":true,"segments":[1,7]})", R"({"id":"b","present":false})", R"({"id":"c","present":true})",
                               R"({"id":"d","present":true,"segments":[17]})"});
    metrics::Detections found;
    for (const auto* line : {R"({"schema":"lge.detection/1","id":"a","unit":"case","score":1,"probability":0.9,"present":true,"threshold":0.5,"segments":[1,2]})",
                             R"({"schema":"lge.detection/1","id":"b","unit":"case","score":1,"probability":0.1,"present":false,"threshold":0.5})",
                             R"({"schema":"lge.detection/1","id":"c","unit":"case","score":1,"probability":0.9,"present":true,"threshold":0.5,"segments":[3]})",
                             R"({"schema":"lge.detection/1","id":"d","unit":"case","score":1,"probability":0.9,"present":true,"threshold":0.5})"}) {
        lge::json::Document document;
        metrics::add_detection(document.parse(line), metrics::Unit::case_, found);
    }
    const auto segments = metrics::join_parts(truth, found, std::nullopt, metrics::Unit::case_, metrics::By::segment);
    REQUIRE(segments.size() == 17);
    for (const auto& j : segments) {
        REQUIRE(j.items.size() == 2);  // a and b; c's truth names no segment, d's answer none
        CHECK(j.left_out == 2);
        CHECK(j.items[0].truth == (j.part.segment == 1 || j.part.segment == 7));
        CHECK(j.items[0].called == (j.part.segment == 1 || j.part.segment == 2));
        CHECK_FALSE(j.items[1].called);
        CHECK_FALSE(metrics::figures_of(j.items)[auc]);
    }
    const auto levels = metrics::join_parts(truth, found, std::nullopt, metrics::Unit::case_, metrics::By::level);
    REQUIRE(levels.size() == 4);
    CHECK((levels[0].items[0].truth && levels[0].items[0].called));
    CHECK((levels[1].items[0].truth && !levels[1].items[0].called));

    const auto slices = truths({R"({"id":"a","slice":0,"present":true,"level":"basal"})", R"({"id":"a","slice":1,"present":false,"level":"mid"})"}, metrics::Unit::slice);
    metrics::Detections answers;
    for (const int s : {0, 1}) answers[{"a", s}] = {"a", "slice", s, 0.3, 0.3, 0.5, false, std::nullopt, std::nullopt};
    const auto by_level = metrics::join_parts(slices, answers, 0.2, metrics::Unit::slice, metrics::By::level);
    REQUIRE(by_level.size() == 2);
    CHECK(by_level[1].part.level == lge::anatomy::Level::mid);
    CHECK(by_level[1].items[0].called);
}

TEST_CASE("segments with scores are ranked by them, and those that were not seen are judged only where there is scar") {
    const auto truth = truths({R"({"id":"a","present":true,"segments":[7]})", R"({"id":"b","present":false})", R"({"id":"c","present":true,"segments":[7,12]})"});
    metrics::Detections found;
    for (const auto& [id, score] : {std::pair{"a", "0.5"}, {"b", "0.25"}, {"c", "null"}}) {
        const std::string scores = "null,null,null,null,null,null," + std::string(score) + ",null,null,null,null,0.125,null,null,null,null,null";
        lge::json::Document document;
        metrics::add_detection(document.parse(R"({"schema":"lge.detection/1","id":")" + std::string(id) + R"(","unit":"case","score":1,"probability":0.5,"present":true,"threshold":0.5,"segments":[],"segment_scores":[)" + scores + "]}"),
                               metrics::Unit::case_, found);
    }
    const auto parts = metrics::join_parts(truth, found, std::nullopt, metrics::Unit::case_, metrics::By::segment);
    REQUIRE(parts.size() == 2);  // no other segment was seen or has scar
    CHECK(parts[0].part.segment == 7);
    REQUIRE(parts[0].items.size() == 3);
    CHECK(*metrics::figures_of(parts[0].items)[static_cast<std::size_t>(Figure::auc)] == 0.5);  // 0.5 and, not seen, 0 against 0.25
    CHECK(parts[1].items.size() == 3);
}

TEST_CASE("kappa, correlation and calibration error of a hand-made table") {
    // Rows truth, columns call: 3 1 / 2 4.
    std::vector<Judged> items;
    const auto add = [&](int n, bool truth, bool called, double p) {
        for (int i = 0; i < n; ++i) items.push_back({"c" + std::to_string(items.size()), truth, called, p});
    };
    add(3, true, true, 0.95);
    add(1, true, false, 0.25);
    add(2, false, true, 0.95);
    add(4, false, false, 0.05);
    const auto f = metrics::figures_of(items);
    const auto of = [&](Figure x) { return *f[static_cast<std::size_t>(x)]; };
    CHECK(of(Figure::kappa) == Approx((0.7 - 0.5) / (1 - 0.5)));  // expected: 0.4 x 0.5 + 0.6 x 0.5
    CHECK(of(Figure::mcc) == Approx((3 * 4 - 2 * 1) / std::sqrt(5.0 * 5 * 4 * 6)));
    // Bins: five of 0.95 with three positives, one of 0.25 that is positive, four of 0.05 without.
    CHECK(of(Figure::calibration_error) == Approx((5 * std::abs(0.95 - 0.6) + 0.75 + 4 * 0.05) / 10));
}

TEST_CASE("DeLong's variance equals its definition over all pairs, and Obuchowski's with one item a case is the same") {
    for (std::uint64_t trial = 0; trial < 30; ++trial) {
        const auto items = random_items(trial, 8 + trial, trial % 2 ? 6 : 1000);
        std::vector<double> positive, negative;
        for (const auto& i : items) (i.truth ? positive : negative).push_back(i.probability);
        if (positive.size() < 2 || negative.size() < 2) continue;
        const auto order = [](double p, double n) { return p > n ? 1.0 : p == n ? 0.5 : 0.0; };
        const auto variance = [](const std::vector<double>& v) {
            double mean = 0, squares = 0;
            for (const double x : v) mean += x / static_cast<double>(v.size());
            for (const double x : v) squares += (x - mean) * (x - mean);
            return squares / static_cast<double>(v.size() - 1);
        };
        std::vector<double> of_positive, of_negative;
        for (const double p : positive) {
            double sum = 0;
            for (const double n : negative) sum += order(p, n);
            of_positive.push_back(sum / static_cast<double>(negative.size()));
        }
        for (const double n : negative) {
            double sum = 0;
            for (const double p : positive) sum += order(p, n);
            of_negative.push_back(sum / static_cast<double>(positive.size()));
        }
        const auto found = metrics::delong(items);
        REQUIRE(found);
        CHECK(found->value == Approx(auc_by_pairs(items)));
        CHECK(*found->error == Approx(std::sqrt(variance(of_positive) / static_cast<double>(positive.size()) + variance(of_negative) / static_cast<double>(negative.size()))));
    }
}

TEST_CASE("repeating the items of a case changes neither DeLong's error nor the test of two runs") {
    const auto cases = random_items(7, 60, 20);
    auto better = cases;
    for (auto& i : better) i.probability = std::clamp(i.probability + (i.truth ? 0.1 : -0.05), 0.0, 1.0);
    std::vector<Judged> slices, better_slices;
    for (std::size_t i = 0; i < cases.size(); ++i)
        for (int copy = 0; copy < 5; ++copy) {
            slices.push_back(cases[i]);
            better_slices.push_back(better[i]);
        }
    CHECK(*metrics::delong(slices)->error == Approx(*metrics::delong(cases)->error));
    const auto once = *metrics::delong_difference(cases, better), repeated = *metrics::delong_difference(slices, better_slices);
    CHECK(once.value == Approx(auc_by_pairs(better) - auc_by_pairs(cases)));
    CHECK(repeated.value == Approx(once.value));
    CHECK(*repeated.error == Approx(*once.error));
    CHECK(*repeated.p() == Approx(*once.p()));
    CHECK(metrics::delong_difference(cases, cases)->p() == 1);
}

TEST_CASE("a threshold is the best of all, and lies midway to the next probability") {
    for (std::uint64_t trial = 0; trial < 40; ++trial) {
        const auto items = random_items(trial, 30, 9);
        for (const auto goal : {metrics::Goal::balanced_accuracy, metrics::Goal::f1, metrics::Goal::mcc}) {
            const auto reached = [&](double threshold) {
                auto called = items;
                for (auto& i : called) i.called = i.probability >= threshold;
                const auto f = metrics::figures_of(called);
                return f[static_cast<std::size_t>(goal == metrics::Goal::f1 ? Figure::f1 : goal == metrics::Goal::mcc ? Figure::mcc : Figure::balanced_accuracy)].value_or(0);
            };
            const double chosen = reached(metrics::choose_threshold(items, goal));
            for (const auto& i : items) CHECK(reached(i.probability) <= chosen + 1e-12);
        }
    }
    const std::vector<Judged> two{{"a", false, false, 0.2}, {"b", true, false, 0.6}};
    CHECK(metrics::choose_threshold(two, metrics::Goal::f1) == Approx(0.4));
    CHECK_THROWS_AS(metrics::choose_threshold(std::vector<Judged>{two[0]}, metrics::Goal::f1), lge::Error);
}

TEST_CASE("two runs are compared on the items that both have") {
    auto items = random_items(11, 80, 40), other = items;
    for (auto& i : other) i.called = i.truth;
    const std::size_t wrong = static_cast<std::size_t>(std::count_if(items.begin(), items.end(), [](const Judged& i) { return i.called != i.truth; }));
    metrics::Joined a, b;
    a.items = items;
    b.items = other;
    std::reverse(b.items.begin(), b.items.end());
    b.items.push_back({"another", true, true, 0.5});
    const auto c = metrics::compare_runs(a, b, metrics::Unit::case_, {1, 500});
    CHECK(c.n == 80);
    CHECK(c.only_b_right == wrong);
    CHECK(c.only_a_right == 0);
    CHECK(c.mcnemar_p == Approx(2 * std::pow(0.5, static_cast<double>(wrong))));
    const auto& accuracy = c.difference[static_cast<std::size_t>(Figure::balanced_accuracy)];
    CHECK(*accuracy.value == Approx(*c.b[0] - *c.a[0]));
    CHECK(*accuracy.low > 0);
    CHECK(c.auc->value == 0);
    CHECK(metrics::compare_runs(a, b, metrics::Unit::slice, {1, 500}).mcnemar_p == Approx(std::erfc(std::sqrt(static_cast<double>(wrong) / 2))));
    b.items = {{"another", true, true, 0.5}};
    CHECK_THROWS_AS(metrics::compare_runs(a, b, metrics::Unit::case_, {1, 500}), lge::Error);
}
