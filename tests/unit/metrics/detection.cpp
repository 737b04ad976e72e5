#include "lge/base/error.hpp"
#include "lge/base/random.hpp"
#include "lge/metrics/detection.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace metrics = lge::metrics;
using lge::anatomy::Presence;
using metrics::Judged;

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
        CHECK(*metrics::auc(items) == Approx(auc_by_pairs(items)));
        CHECK(*metrics::average_precision(items) == Approx(average_precision_by_thresholds(items)));
    }
}

TEST_CASE("the four-item example of scikit-learn's documentation") {
    // roc_auc_score and average_precision_score of y = 0 0 1 1, p = 0.1 0.4 0.35 0.8 are 0.75 and 0.8333.
    const std::vector<Judged> items{{"a", false, false, 0.1}, {"b", false, false, 0.4}, {"c", true, false, 0.35}, {"d", true, true, 0.8}};
    const auto s = metrics::score(items, metrics::Unit::case_, {1, 1000});
    CHECK(*s.auc.value == Approx(0.75));
    CHECK(*s.average_precision.value == Approx(0.8333333333));
    CHECK(*s.brier.value == Approx((0.01 + 0.16 + 0.4225 + 0.04) / 4));
    CHECK(s.true_positive == 1);
    CHECK(s.false_negative == 1);
    CHECK(s.true_negative == 2);
    CHECK(s.false_positive == 0);
    CHECK(*s.balanced_accuracy.value == Approx(0.75));
    CHECK(*s.sensitivity.value == Approx(0.5));
    CHECK(*s.specificity.value == 1);
    CHECK(*s.ppv.value == 1);
    CHECK(*s.npv.value == Approx(2.0 / 3));
    CHECK(*s.f1.value == Approx(2.0 / 3));
    CHECK(*s.sensitivity.low == Approx(*metrics::wilson(1, 2).low));
}

TEST_CASE("intervals hold their value, do not depend on the order, and repeat with the seed") {
    auto items = random_items(99, 200, 50);
    const auto s = metrics::score(items, metrics::Unit::case_, {7, 1000});
    for (const auto& e : {s.balanced_accuracy, s.sensitivity, s.specificity, s.ppv, s.npv, s.f1, s.auc, s.average_precision, s.brier}) {
        CHECK(*e.low < *e.value);
        CHECK(*e.value < *e.high);
    }
    std::reverse(items.begin(), items.end());
    const auto reversed = metrics::score(items, metrics::Unit::case_, {7, 1000});
    CHECK(*reversed.auc.low == *s.auc.low);
    CHECK(*reversed.balanced_accuracy.high == *s.balanced_accuracy.high);
    CHECK(*metrics::score(items, metrics::Unit::case_, {8, 1000}).auc.low != *s.auc.low);
}

TEST_CASE("slices of one case are drawn together, so that repeating them does not narrow the interval") {
    const auto cases = random_items(42, 40, 20);
    std::vector<Judged> slices;
    for (const auto& item : cases)
        for (int copy = 0; copy < 10; ++copy) slices.push_back(item);
    const auto one = metrics::score(cases, metrics::Unit::slice, {1, 1000}), many = metrics::score(slices, metrics::Unit::slice, {1, 1000});
    CHECK(*many.sensitivity.low == Approx(*one.sensitivity.low));
    CHECK(*many.auc.high == Approx(*one.auc.high));
}

TEST_CASE("without positives there is no sensitivity, no balanced accuracy and no AUC") {
    const std::vector<Judged> items{{"a", false, false, 0.1}, {"b", false, true, 0.9}};
    const auto s = metrics::score(items, metrics::Unit::case_, {1, 100});
    CHECK_FALSE(s.sensitivity.value);
    CHECK_FALSE(s.balanced_accuracy.value);
    CHECK_FALSE(s.auc.value);
    CHECK(*s.specificity.value == 0.5);
    CHECK(metrics::write_score(s, {}).find("\"auc\":{\"value\":null,\"low\":null,\"high\":null}") != std::string::npos);
}

TEST_CASE("truth and detections are joined by id, and what has no partner is listed") {
    auto truth = truths({said("a", "true"), said("b", "false"), said("d", "true"), said("e", "null"), said("a", "true")});
    truth[{"c", {}}] = Presence::uncertain;
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
    CHECK(truths({said("a", "true")}).at({"a", {}}) == Presence::present);
    CHECK(truths({said("a", "null")}).at({"a", {}}) == Presence::not_stated);
    const std::string slice = R"({"id":"a","present":false,"slice":3})";
    CHECK(truths({slice}).empty());
    CHECK(truths({slice}, metrics::Unit::slice).at({"a", 3}) == Presence::absent);
    lge::anatomy::Finding f;
    f.lge = Presence::uncertain;
    CHECK(truths({lge::io::write_finding_record("x", f)}).at({"x", {}}) == Presence::uncertain);
    lge::io::CaptionRecord caption;
    caption.id = "x";
    caption.slice = 2;
    caption.text = "scar";
    caption.finding.lge = Presence::present;
    CHECK(truths({lge::io::write_caption(caption)}, metrics::Unit::slice).at({"x", 2}) == Presence::present);
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
    const auto cases = metrics::truth_of(c, metrics::Unit::case_);
    CHECK(cases == metrics::Truths{{{"a", {}}, Presence::present}, {{"b", {}}, Presence::absent}});
    const auto slices = metrics::truth_of(c, metrics::Unit::slice);
    CHECK(slices == metrics::Truths{{{"a", 0}, Presence::absent}, {{"a", 1}, Presence::present}, {{"b", 0}, Presence::absent}});
}
