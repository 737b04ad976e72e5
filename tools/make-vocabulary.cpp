// make-vocabulary LEXICON OUT - trains the shipped vocabulary on captions that lge-synth's grammar draws, the prompts, and
// the words of the report lexicon: cmake --build DIR --target vocabulary
#include "lge/base/process.hpp"
#include "lge/base/stream.hpp"
#include "lge/nn/infer/prompts.hpp"
#include "lge/nn/net/clauses.hpp"
#include "lge/nn/net/tokenizer.hpp"
#include "lge/nn/net/vocabulary.hpp"
#include "lge/synth/draw.hpp"

#include <cstdio>

namespace {

using lge::nn::split_words;

constexpr std::size_t size = 2044;     // pieces; 2048 tokens with the special ones
constexpr std::uint64_t hearts = 400;  // of each population and style

void count(const std::string& text, std::uint64_t weight, lge::nn::WordCounts& words) {
    for (const auto& word : split_words(text)) words[word] += weight;
}

void count_captions(lge::nn::WordCounts& words) {
    for (const char* population : {"wide", "hard"})
        for (const auto style : {lge::synth::Style::clinical, lge::synth::Style::plain}) {
            lge::synth::Settings s;
            s.population = lge::synth::load_population(population);
            s.style = style;
            s.size = 64;
            s.gate_sd = 0;
            for (std::uint64_t i = 0; i < hearts; ++i) {
                const auto heart = lge::synth::draw_case(s, 1, i);
                count(heart.report, 1, words);
                for (const auto& slice : heart.captions)
                    for (const auto& text : slice) count(text, 1, words);
            }
        }
}

void count_prompts(const lge::nn::Prompts& prompts, lge::nn::WordCounts& words) {
    for (const auto* side : {&prompts.present, &prompts.absent})
        for (const auto& sentence : *side) count(sentence, 20, words);
}

/// The lines of a lexicon; those with # are comments, and "[kind]" heads a group of phrases.
void count_lines(const std::string& path, lge::nn::WordCounts& words) {
    const lge::Bytes file = lge::read_file(path);
    for (const auto& line : lge::nn::lines_of(lge::as_text(file)))
        if (!line.empty() && line.front() != '#' && line.front() != '[') count(line, 20, words);
}

}  // namespace

int main(int argc, char** argv) {
    lge::prepare_process();
    if (argc != 3) {
        std::fputs("usage: make-vocabulary LEXICON OUT\n", stderr);
        return 64;
    }
    try {
        lge::nn::WordCounts words;
        count_captions(words);
        count_lines(argv[1], words);
        const auto shipped = lge::nn::shipped_prompts();
        count_prompts(shipped.presence, words);
        for (const auto& one : shipped.classes) count_prompts(one.prompts, words);
        lge::nn::each_clause([&](int segment, lge::nn::Clause what, std::size_t wording) { count(lge::nn::clause(segment, what, wording), 20, words); });
        lge::write_file(argv[2], lge::Overwrite::yes, lge::as_bytes(lge::nn::write_pieces(lge::nn::train_pieces(words, size))));
    } catch (const std::exception& e) {
        std::fprintf(stderr, "make-vocabulary: %s\n", e.what());
        return 70;
    }
}
