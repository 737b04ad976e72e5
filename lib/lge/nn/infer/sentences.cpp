#include "lge/nn/infer/sentences.hpp"

#include "lge/base/result.hpp"
#include "lge/base/stream.hpp"
#include "lge/io/records.hpp"
#include "lge/nn/infer/prompts.hpp"
#include "lge/report/parse.hpp"

#include <unordered_set>

namespace lge::nn {
namespace {

bool states(const anatomy::Finding& f) { return f.lge == anatomy::Presence::present || f.lge == anatomy::Presence::absent; }

}  // namespace

std::vector<KnownSentence> understand(const std::vector<std::string>& sentences) {
    const auto lexicon = report::shipped_lexicon();
    report::Parser parser(lexicon);
    std::unordered_set<std::string> before;
    std::vector<KnownSentence> known;
    for (const auto& text : sentences) {
        const auto& finding = parser.read(text).finding;
        if (states(finding) && before.insert(text).second) known.push_back({text, finding});
    }
    return known;
}

std::vector<KnownSentence> read_known_sentences(const std::string& path) {
    Bytes file = read_file(path);
    const std::string name = display_name(path);
    const auto text = as_text(file);
    const auto first = text.find_first_not_of(" \t\r\n");
    std::vector<KnownSentence> known;
    if (first != std::string_view::npos && text[first] == '{') {
        std::unordered_set<std::string> before;
        for (auto& c : io::read_captions(std::move(file), name))
            if (states(c.finding) && before.insert(c.text).second) known.push_back({std::move(c.text), std::move(c.finding)});
    } else {
        known = understand(sentence_lines(text));
    }
    if (known.empty()) throw Error(ExitCode::bad_data, name + ": no sentence in it that states or denies enhancement");
    return known;
}

}  // namespace lge::nn
