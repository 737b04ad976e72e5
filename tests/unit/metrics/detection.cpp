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

lge::io::DetectionRecord detection(std::string id, double probability, bool present) {
    lge::io::DetectionRecord d;
    d.id = std::move(id);
    d.unit = "case";
    d.probability = probability;
    d.threshold = 0.5;
    d.present = present;
    return d;
}

metrics::Truth truth(const char* text) {
    lge::json::Document document;
    return metrics::parse_truth(document.parse(text));
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
    const std::vector<metrics::Truth> said{{{"a", {}}, Presence::present}, {{"b", {}}, Presence::absent}, {{"c", {}}, Presence::uncertain},
                                           {{"d", {}}, Presence::present}, {{"e", {}}, Presence::not_stated}, {{"a", {}}, Presence::present}};
    const std::vector detections{detection("b", 0.6, true), detection("a", 0.4, false), detection("c", 1, true), detection("z", 0, false)};
    const auto joined = metrics::join(said, detections, std::nullopt);
    REQUIRE(joined.items.size() == 2);
    CHECK(joined.items[0].id == "a");
    CHECK(joined.items[0].truth);
    CHECK_FALSE(joined.items[0].called);
    CHECK(joined.items[1].called);
    CHECK(joined.left_out == 2);
    CHECK(joined.missing == std::vector<metrics::Key>{{"d", {}}});
    CHECK(joined.extra == std::vector<metrics::Key>{{"z", {}}});
    CHECK(metrics::join(said, detections, 0.4).items[0].called);
    CHECK_FALSE(metrics::join(said, detections, 0.61).items[1].called);

    auto twice = detections;
    twice.push_back(detection("a", 0.1, false));
    CHECK_THROWS_AS(metrics::join(said, twice, std::nullopt), lge::Error);
    auto torn = said;
    torn.push_back({{"b", {}}, Presence::present});
    CHECK_THROWS_AS(metrics::join(torn, detections, std::nullopt), lge::Error);
}

TEST_CASE("truth comes from findings, captions and plain lines") {
    CHECK(truth(R"({"id":"a","present":true})").presence == Presence::present);
    CHECK(truth(R"({"id":"a","present":false,"slice":3})").key.slice == 3);
    CHECK(truth(R"({"id":"a","present":null})").presence == Presence::not_stated);
    lge::anatomy::Finding f;
    f.lge = Presence::uncertain;
    CHECK(truth(lge::io::write_finding_record("x", f).c_str()).presence == Presence::uncertain);
    CHECK_THROWS_AS(truth(R"({"present":true})"), lge::Error);
    CHECK_THROWS_AS(truth(R"({"id":"a","present":"yes"})"), lge::Error);
    CHECK_THROWS_AS(truth(R"({"schema":"lge.case/1","id":"a"})"), lge::Error);
}

TEST_CASE("a cohort's labels say which cases and slices have scar") {
    lge::io::Cohort c;
    c.width = c.height = 2;
    c.level.resize(3);
    c.label.assign(12, 2);
    c.label[6] = 4;
    c.cases = {{.id = "a", .canonical_to_lps = {}, .first_slice = 0, .slice_count = 2}, {.id = "b", .canonical_to_lps = {}, .first_slice = 2, .slice_count = 1}};
    const auto cases = metrics::truth_of(c, metrics::Unit::case_);
    REQUIRE(cases.size() == 2);
    CHECK(cases[0].presence == Presence::present);
    CHECK(cases[1].presence == Presence::absent);
    const auto slices = metrics::truth_of(c, metrics::Unit::slice);
    REQUIRE(slices.size() == 3);
    CHECK(slices[0].presence == Presence::absent);
    CHECK(slices[1].presence == Presence::present);
    CHECK(slices[1].key == metrics::Key{"a", 1});
}
