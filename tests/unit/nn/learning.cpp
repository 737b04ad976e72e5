#include "lge/nn/infer/forward.hpp"
#include "lge/nn/net/loss.hpp"
#include "nn/numbers.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace lge::nn;
using lge::Error;
using lge::ExitCode;

namespace {

Description small() {
    Description d;
    d.widths = {4, 8, 8};
    d.size = 32;
    d.embedding = 16;
    d.text_layers = 1;
    d.text_length = 12;
    d.tokenizer = Tokenizer({"scar", "of", "the", "wall", "no"});
    return d;
}

const torch::Device cpu(torch::kCPU);

}  // namespace

TEST_CASE("a certain and right segmentation costs nothing, a certain and wrong one costs its Dice and more") {
    const Tensor target = torch::zeros({1, 20, 20}, torch::kInt64);
    target.slice(1, 0, 10).fill_(1);  // 200 of 400 pixels
    const Tensor right = (torch::one_hot(target, 2).permute({0, 3, 1, 2}).to(torch::kFloat64) - 0.5) * 100;
    CHECK((segment_loss(right, target).dice + segment_loss(right, target).cross_entropy).item<double>() == Approx(0).margin(1e-9));
    const auto wrong = segment_loss(-right, target);
    CHECK(wrong.dice.item<double>() == Approx(1 - 20.0 / 420));
    CHECK(wrong.cross_entropy.item<double>() == Approx(100));
}

TEST_CASE("the segmentation loss has the gradient of its values") {
    const Tensor target = torch::tensor({0, 1, 2, 1, 1, 0, 2, 2}, torch::kInt64).view({2, 2, 2});
    CHECK(gradient_error(random_tensor({2, 3, 2, 2}, 5, torch::kFloat64), [&](const Tensor& x) { const auto loss = segment_loss(x, target);
        return (loss.dice + loss.cross_entropy).sum(); }) < 1e-8);
}

TEST_CASE("the contrastive loss of two pairs is the one worked by hand") {
    const Tensor similarity = numbers({2, 0, 1, 3}, {2, 2});
    const double rows = (std::log(1 + std::exp(-2.0)) + std::log(1 + std::exp(-2.0))) / 2, columns = (std::log(1 + std::exp(-1.0)) + std::log(1 + std::exp(-3.0))) / 2;
    CHECK(contrastive_loss(similarity, torch::eye(2, torch::kBool), torch::eye(2, torch::kBool).logical_not()).item<double>() == Approx((rows + columns) / 2));
}

TEST_CASE("sentences that say the same are positives of each other, so that which of them stands where costs the same") {
    const Tensor similarity = random_tensor({3, 3}, 6, torch::kFloat64);
    const Tensor positive = torch::eye(3, torch::kBool);
    positive[0][1] = positive[1][0] = true;
    const Tensor swapped = similarity.index_select(1, torch::tensor({1, 0, 2}));
    const auto loss = [](const Tensor& x, const Tensor& p) { return contrastive_loss(x, p, p.logical_not()); };
    CHECK(loss(similarity, positive).item<double>() == Approx(loss(swapped, positive).item<double>()));
    CHECK(loss(similarity, torch::eye(3, torch::kBool)).item<double>() != Approx(loss(swapped, torch::eye(3, torch::kBool)).item<double>()));
    CHECK(gradient_error(similarity, [&](const Tensor& s) { return loss(s, positive); }) < 1e-8);
}

TEST_CASE("the gradient of the contrastive loss of more texts than images is that of differences") {
    Tensor positive = torch::zeros({3, 5}, torch::kBool);
    positive.diagonal().fill_(true);
    positive[0][3] = true;
    Tensor negative = positive.logical_not();
    negative[1][4] = false;
    CHECK(gradient_error(random_tensor({3, 5}, 91, torch::kFloat64), [&](const Tensor& s) { return contrastive_loss(s, positive, negative); }) < 1e-8);
}

TEST_CASE("pairs that may or may not be true do not count in the contrastive loss") {
    Tensor similarity = random_tensor({3, 3}, 7, torch::kFloat64);
    const Tensor positive = torch::eye(3, torch::kBool), negative = positive.logical_not();
    negative[0][2] = false;
    const double before = contrastive_loss(similarity, positive, negative).item<double>();
    similarity[0][2] += 5;
    CHECK(contrastive_loss(similarity, positive, negative).item<double>() == Approx(before));
    similarity[0][1] += 5;
    CHECK(contrastive_loss(similarity, positive, negative).item<double>() > before);
}

TEST_CASE("the sigmoid loss is the mean cost of the pairs that are true or false, and has the gradient of its values") {
    const Tensor logits = numbers({2, 0, -1, 3, 1, -2}, {2, 3}), positive = torch::tensor({true, false, false, true, false, false}).view({2, 3}),
                 negative = torch::tensor({false, true, false, false, true, true}).view({2, 3});
    const auto cost = [](double x) { return std::log(1 + std::exp(-x)); };
    CHECK(sigmoid_loss(logits, positive, negative).item<double>() == Approx((cost(2) + cost(3) + cost(0) + cost(-1) + cost(2)) / 5));
    CHECK(gradient_error(logits, [&](const Tensor& x) { return sigmoid_loss(x, positive, negative); }) < 1e-8);
}

TEST_CASE("the loss of presence has the gradient of its values, for images, texts, scale and offset") {
    const Tensor images = random_tensor({3, 4}, 1, torch::kFloat64), texts = random_tensor({5, 4}, 2, torch::kFloat64), present = numbers({1, 0, 1}, {3}), said = numbers({1, 0, 0, 1, 0}, {5}),
                 scale = numbers({3}, {1}), offset = numbers({0.3}, {1});
    CHECK(gradient_error(images, [&](const Tensor& x) { return answer_loss(x, texts, present, said, scale, offset); }) < 1e-8);
    CHECK(gradient_error(texts, [&](const Tensor& x) { return answer_loss(images, x, present, said, scale, offset); }) < 1e-8);
    CHECK(gradient_error(scale, [&](const Tensor& x) { return answer_loss(images, texts, present, said, x, offset); }) < 1e-8);
    CHECK(gradient_error(offset, [&](const Tensor& x) { return answer_loss(images, texts, present, said, scale, x); }) < 1e-8);
}

TEST_CASE("the loss of place is that of its values, and its gradient too") {
    const Tensor share = torch::tensor({0.0, 1.0, 0.5, 1.0}, torch::kFloat64).view({1, 2, 2}), logits = numbers({0, 0, 0, 0}, {1, 2, 2});
    CHECK(scar_loss(logits, share).item<double>() == Approx(std::log(2.0) + 1 - (2 * 1.25 + 20) / (2 + 2.5 + 20)));
    CHECK(gradient_error(random_tensor({1, 2, 2}, 8, torch::kFloat64), [&](const Tensor& x) { return scar_loss(x, share); }) < 1e-8);
}

TEST_CASE("slices in a batch of 1 and of 16 get the same shares") {
    const Description d = small();
    const auto net = make_unet(d);
    initialise(*net, 9);
    const Tensor windows = random_tensor({16, 1, 32, 32}, 8);
    lge::ThreadPool pool(2);
    CHECK((window_shares(*net, windows, {cpu, 1, pool}).classes - window_shares(*net, windows, {cpu, 16, pool}).classes).abs().max().item<double>() < 1e-5);
}

TEST_CASE("padding does not change what a text means") {
    const Description d = small();
    const auto net = make_align_net(d);
    initialise(*net, 4);
    torch::NoGradGuard no_grad;
    const auto row = d.tokenizer.encode("scar wall", static_cast<std::size_t>(d.text_length));
    const Tensor padded = torch::tensor(row, torch::kInt64).unsqueeze(0), bare = padded.slice(1, 0, 4);
    auto& tower = dynamic_cast<TextTower&>(*net->text);
    Tensor short_places = tower.places_table.slice(1, 0, 4).clone();
    const Tensor long_text = net->text->forward(padded);
    tower.places_table = short_places;
    CHECK((net->text->forward(bare) - long_text).abs().max().item<double>() < 1e-5);
    CHECK(long_text.norm().item<double>() == Approx(1));
}

TEST_CASE("a model comes back from its file with weights and description") {
    const Description d = small();
    const auto net = make_align_net(d), other = make_align_net(d);
    initialise(*net, 4);
    Description align = d;
    align.task = Task::align;
    align.case_threshold = 0.375;
    const auto file = lge::io::decode_safetensors(encode_tensors(parameters_of(*net), to_metadata(align)), "m");
    const Description back = parse_description(file.metadata, Task::align, "m");
    CHECK(back.tokenizer.pieces() == d.tokenizer.pieces());
    CHECK(back.widths == d.widths);
    CHECK(back.case_threshold == 0.375);
    load_parameters(*other, file, "", "m");
    CHECK((encode_tensors(parameters_of(*other), {}) == encode_tensors(parameters_of(*net), {})));
    CHECK_THROWS_AS(parse_description(file.metadata, Task::segment, "m"), Error);
}

TEST_CASE("a model with a caption decoder, a vision transformer and a frozen BERT comes back from its file") {
    Description d = small();
    d.task = Task::align;
    d.input = InputKind::image;
    d.tower = Tower::vit_s;
    d.contrast = Contrast::sigmoid;
    d.decoder_layers = 1;
    d.tokenizer = Tokenizer::bert({"[PAD]", "[UNK]", "[CLS]", "[SEP]", "scar", "##s", "\xc3\xa9"}, {.strip_accents = false});
    d.bert = BertShape{.vocabulary = 7, .width = 8, .layers = 1, .heads = 2, .wide = 16, .places = 12, .pooling = TextPooling::first, .frozen = true};
    check(d);
    const auto net = make_align_net(d);
    initialise(*net, 4);
    for (auto& entry : tensors_of(*net)) entry.second.data().add_(0.25);
    CHECK(parameters_of(*net).size() < tensors_of(*net).size());
    const auto file = lge::io::decode_safetensors(encode_tensors(tensors_of(*net), to_metadata(d)), "m");
    const Description back = parse_description(file.metadata, Task::align, "m");
    CHECK(back.tokenizer.encode("SCARS \xc3\x89 [SEP]", 8) == std::vector<std::int64_t>{2, 4, 5, 6, 3, 3, 0, 0});
    CHECK(to_metadata(back) == to_metadata(d));
    const auto other = make_align_net(back);
    load_parameters(*other, file, "", "m");
    CHECK((encode_tensors(tensors_of(*other), {}) == encode_tensors(tensors_of(*net), {})));
}

TEST_CASE("a model with a tensor missing, misshapen or not finite is bad data") {
    const Description d = small();
    const auto net = make_unet(d);
    initialise(*net, 4);
    auto tensors = parameters_of(*net);
    const auto refused = [&](const NamedTensors& all) {
        const auto file = lge::io::decode_safetensors(encode_tensors(all, {}), "m");
        try {
            load_parameters(*net, file, "", "m");
        } catch (const Error& e) {
            return e.code() == ExitCode::bad_data;
        }
        return false;
    };
    auto missing = tensors;
    missing.pop_back();
    CHECK(refused(missing));
    auto misshapen = tensors;
    misshapen[0].second = torch::zeros({1});
    CHECK(refused(misshapen));
    auto poisoned = tensors;
    poisoned[0].second = torch::full_like(tensors[0].second, NAN);
    CHECK(refused(poisoned));
    CHECK_FALSE(refused(tensors));
}
