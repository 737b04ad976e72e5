#include "lge/base/random.hpp"
#include "lge/report/trie.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace lge::report;

TEST_CASE("the longest phrase of each sort is the one that a search through all of them finds") {
    lge::Random random(5, 0, "phrases");
    const auto symbol = [&] { return static_cast<std::uint32_t>(random.next() % 3 == 0 ? '+' + random.next() % 3 : word_symbol + 1 + random.next() % 40); };
    struct Phrase { std::vector<std::uint32_t> symbols; std::uint32_t entry; Trie::Sort sort; };
    std::vector<Phrase> phrases;
    Trie trie;
    for (std::uint32_t e = 0; e < 3000; ++e) {
        Phrase p{{}, e, random.next() % 3 == 0 ? Trie::Sort::side : Trie::Sort::main};
        for (auto n = 1 + random.next() % 5; n > 0; --n) p.symbols.push_back(symbol());
        Choices places;
        for (const auto s : p.symbols) places.push_back({{s}});
        REQUIRE(trie.add(places, p.entry, p.sort));
        phrases.push_back(p);
    }
    trie.finish();
    for (int n = 0; n < 3000; ++n) {
        std::vector<Token> text(1 + random.next() % 7);
        for (Token& t : text) t.symbol = random.next() % 20 == 0 ? word_symbol + 5000 : symbol();
        const auto found = trie.find_both(text.data(), text.data() + text.size(), trie.first(text[0].symbol));
        for (const auto& [sort, match] : {std::pair{Trie::Sort::main, found.main}, {Trie::Sort::side, found.side}}) {
            std::size_t longest = 0;
            std::vector<std::uint32_t> entries;
            for (const Phrase& p : phrases) {
                const auto same = [](const Token& t, std::uint32_t s) { return t.symbol == s; };
                if (p.sort != sort || p.symbols.size() > text.size() || p.symbols.size() < longest || !std::equal(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(p.symbols.size()), p.symbols.begin(), same)) continue;
                if (p.symbols.size() > longest) entries.clear();
                longest = p.symbols.size();
                entries.push_back(p.entry);
            }
            REQUIRE((match.list == 0 ? 0 : match.tokens) == longest);
            if (longest > 0) REQUIRE(std::ranges::equal(trie.entries(match), entries));
        }
    }
}
