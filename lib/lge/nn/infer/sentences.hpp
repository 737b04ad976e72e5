#pragma once
// Sentences whose meaning is known: what captions are chosen from.
#include "lge/anatomy/finding.hpp"

#include <string>
#include <vector>

namespace lge::nn {

struct KnownSentence {
    std::string text;
    anatomy::Finding finding;
};

/// As lge-reportparse understands them; what states neither presence nor absence of enhancement is left out, and so is
/// what came before.
std::vector<KnownSentence> understand(const std::vector<std::string>& sentences);
/// A list of sentences, told by content: lge.caption/1 records with their findings, or one a line. bad_data when none is
/// left.
std::vector<KnownSentence> read_known_sentences(const std::string& path);

}  // namespace lge::nn
