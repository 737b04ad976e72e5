#include "lge/nn/net/bert.hpp"
#include "lge/nn/net/caption.hpp"
#include "lge/nn/net/loss.hpp"
#include "lge/nn/train/optimiser.hpp"
#include "nn/numbers.hpp"

#include <catch2/catch.hpp>

using namespace lge::nn;

namespace {

constexpr std::int64_t pad = Tokenizer::pad;

const Tokenizer tokenizer({"no", "scar", "of", "the", "septal", "wall", "-", "mid", "."});
constexpr std::size_t length = 12;

Tensor row_of(const std::string& text) { return torch::tensor(tokenizer.encode(text, length), torch::kInt64).unsqueeze(0); }

CaptionDecoder small_decoder() {
    CaptionDecoder decoder(static_cast<std::int64_t>(tokenizer.size()), length, 2, 16, 8);
    initialise(decoder, 5);
    return decoder;
}

double difference(const Tensor& a, const Tensor& b) { return (a - b).abs().max().item<double>(); }

/// The vector of `tokens`, whose first seven say something, after checking that another token in place of any of them
/// changes it.
template <class Tower>
Tensor each_token_counts(const Tower& tower, const Tensor& tokens) {
    const Tensor before = tower.forward(tokens);
    for (std::int64_t n = 0; n < 7; ++n) {
        Tensor other = tokens.clone();
        other[0][n] = 4;
        INFO(n);
        CHECK(difference(tower.forward(other), before) > 1e-4);
    }
    return before;
}

/// A decoder that has learnt one sentence for each of two views.
struct Learnt {
    CaptionDecoder decoder = small_decoder();
    Tensor seen = random_tensor({2, 3, 8}, 3);
    std::vector<std::string> texts{"No scar of the wall.", "Scar of the mid-septal wall."};
    Learnt() {
        const Tensor tokens = torch::cat({row_of(texts[0]), row_of(texts[1])});
        Optimiser optimiser(decoder);
        Recipe recipe;
        recipe.weight_decay = 0;
        for (std::uint64_t step = 0; step < 150; ++step) {
            decoder.zero_grad();
            caption_costs(decoder.forward(tokens, seen), tokens, pad).sum().backward();
            optimiser.update(step, 1e-2, recipe);
        }
    }
};

}  // namespace

TEST_CASE("a caption's cost is that of the next token at each place, not of the token that stands there") {
    const Tensor tokens = torch::tensor({2, 5, 4, 3}, torch::kInt64).unsqueeze(0);
    const auto certain = [](const Tensor& said) { return (torch::one_hot(said, 6).to(torch::kFloat64) - 0.5) * 100; };
    CHECK(caption_costs(certain(tokens.roll(-1, 1)), tokens, pad).item<double>() == Approx(0).margin(1e-9));
    CHECK(caption_costs(certain(tokens), tokens, pad).item<double>() == Approx(300));
    CHECK(caption_costs(torch::zeros({1, 4, 6}, torch::kFloat64), tokens, pad).item<double>() == Approx(3 * std::log(6)));
}

TEST_CASE("padding is neither guessed nor paid for, and the end of a sentence is") {
    const Tensor tokens = row_of("no scar"), logits = random_tensor({1, static_cast<std::int64_t>(length), 13}, 2, torch::kFloat64);
    const auto cost = [&](const Tensor& l) { return caption_costs(l, tokens, pad).item<double>(); };
    CHECK(cost(logits) == Approx(caption_costs(logits.slice(1, 0, 4), tokens.slice(1, 0, 4), pad).item<double>()));
    Tensor other = logits.clone();
    other.slice(1, 3) += random_tensor({1, static_cast<std::int64_t>(length) - 3, 13}, 4, torch::kFloat64);
    CHECK(cost(other) == Approx(cost(logits)));
    other.select(1, 2).select(1, tokenizer.marks().end) += 1;
    CHECK(cost(other) < cost(logits));
}

TEST_CASE("the captioning loss has the gradient of its values") {
    const Tensor tokens = torch::tensor({2, 4, 3, 0, 2, 5, 4, 3}, torch::kInt64).view({2, 4});
    CHECK(gradient_error(random_tensor({2, 4, 6}, 9, torch::kFloat64), [&](const Tensor& x) { return caption_costs(x, tokens, pad).sum(); }) < 1e-8);
}

TEST_CASE("captions that do not count leave the mean cost of a word as it is") {
    const Tensor tokens = torch::cat({row_of("no scar"), row_of("scar of the wall")}), costs = torch::tensor({6.0, 100.0});
    CHECK(mean_caption_cost(costs, tokens, pad, torch::tensor({1.0, 0.0})).item<double>() == Approx(2));
    CHECK(mean_caption_cost(costs, tokens, pad, torch::tensor({1.0, 1.0})).item<double>() == Approx(106.0 / 8));
    CHECK(mean_caption_cost(costs, tokens, pad, torch::tensor({0.0, 0.0})).item<double>() == 0);
}

TEST_CASE("what the decoder guesses depends on the tokens before and on what is seen, and on no later token") {
    const auto decoder = small_decoder();
    torch::NoGradGuard no_grad;
    const Tensor tokens = row_of("scar of the septal wall"), seen = random_tensor({1, 3, 8}, 6), before = decoder.forward(tokens, seen);
    for (std::int64_t changed = 1; changed < 6; ++changed) {
        Tensor other = tokens.clone();
        other[0][changed] = 4;
        const Tensor after = decoder.forward(other, seen);
        INFO(changed);
        CHECK(difference(after.slice(1, 0, changed), before.slice(1, 0, changed)) < 1e-6);
        for (std::int64_t n = changed; n < 6; ++n) CHECK(difference(after.select(1, n), before.select(1, n)) > 1e-4);
    }
    for (std::int64_t k = 0; k < 3; ++k) {
        Tensor other = seen.clone();
        other[0][k] += random_tensor({8}, 11);
        CHECK(difference(decoder.forward(tokens, other).select(1, 0), before.select(1, 0)) > 1e-4);
    }
}

TEST_CASE("a BERT's vector is pooled from every one of its tokens and from no padding, with either pooling") {
    for (const auto pooling : {TextPooling::mean, TextPooling::first}) {
        BertTower tower({.vocabulary = static_cast<std::int64_t>(tokenizer.size()), .width = 16, .layers = 1, .heads = 2, .wide = 32, .places = length, .pooling = pooling}, 16, true);
        initialise(tower, 5);
        torch::NoGradGuard no_grad;
        const Tensor tokens = row_of("scar of the septal wall"), before = each_token_counts(tower, tokens);
        tower.bert->words[pad] += 3;
        CHECK(difference(tower.forward(tokens), before) < 1e-5);
        CHECK(difference(tower.forward(tokens.slice(1, 0, 7)), before) < 1e-5);
    }
}

TEST_CASE("a row of padding alone leaves a BERT's gradient finite, whether its vector counts or not") {
    for (const auto pooling : {TextPooling::mean, TextPooling::first}) {
        BertTower tower({.vocabulary = static_cast<std::int64_t>(tokenizer.size()), .width = 16, .layers = 2, .heads = 2, .wide = 32, .places = length, .pooling = pooling}, 16, true);
        initialise(tower, 5);
        const Tensor tokens = torch::cat({row_of("scar of the septal wall"), torch::full({1, length}, pad, torch::kInt64)});
        for (const std::int64_t rows : {1, 2}) {
            tower.zero_grad();
            tower.forward(tokens).slice(0, 0, rows).select(1, 0).sum().backward();
            for (const auto& [name, p] : parameters_of(tower)) {
                INFO(name);
                CHECK((p.grad().defined() && p.grad().isfinite().all().item<bool>()));
            }
        }
    }
}

TEST_CASE("a text's vector is pooled from every one of its tokens and from no padding") {
    TextTower tower(static_cast<std::int64_t>(tokenizer.size()), length, 1, 16);
    initialise(tower, 5);
    torch::NoGradGuard no_grad;
    const Tensor tokens = row_of("scar of the septal wall"), before = each_token_counts(tower, tokens);
    tower.words_table[pad] += 3;
    CHECK(difference(tower.forward(tokens), before) < 1e-6);
}

TEST_CASE("greedy and beam search write the sentence that was learnt for what is seen") {
    const Learnt learnt;
    for (const std::size_t beams : {1U, 4U}) {
        const auto written = generate(learnt.decoder, tokenizer, learnt.seen, {beams, length, {}});
        for (std::size_t i = 0; i < 2; ++i) {
            REQUIRE(written[i]);
            CHECK(written[i]->text == learnt.texts[i]);
            CHECK(std::exp(written[i]->log_probability) > 0.8);
        }
    }
}

TEST_CASE("more beams find no sentence that is less probable") {
    const auto decoder = small_decoder();
    const Tensor seen = random_tensor({4, 3, 8}, 8);
    const auto few = generate(decoder, tokenizer, seen, {1, 6, {}}), many = generate(decoder, tokenizer, seen, {64, 6, {}});
    for (std::size_t i = 0; i < 4; ++i) {
        REQUIRE(many[i]);
        if (few[i]) CHECK(many[i]->log_probability >= few[i]->log_probability - 1e-6);
    }
}

TEST_CASE("a sentence that is not allowed gives way to the most probable one that is") {
    const Learnt learnt;
    const auto written = generate(learnt.decoder, tokenizer, learnt.seen, {512, length, [&](const std::string& s) { return s.find("septal") != std::string::npos; }});
    for (const auto& one : written) {
        REQUIRE(one);
        CHECK(one->text.find("septal") != std::string::npos);
    }
    CHECK(written[1]->text == learnt.texts[1]);
    CHECK_FALSE(generate(learnt.decoder, tokenizer, learnt.seen, {2, length, [](const std::string&) { return false; }})[0]);
}

TEST_CASE("of a list of sentences the one that was learnt is chosen, at the probability with which it is written") {
    const Learnt learnt;
    const auto chosen = choose(learnt.decoder, tokenizer, learnt.seen, {"Scar of the wall.", learnt.texts[1], learnt.texts[0]});
    const auto written = generate(learnt.decoder, tokenizer, learnt.seen, {4, length, {}});
    for (std::size_t i = 0; i < 2; ++i) {
        CHECK(chosen[i].text == learnt.texts[i]);
        CHECK(chosen[i].log_probability == Approx(written[i]->log_probability).margin(1e-4));
    }
}
