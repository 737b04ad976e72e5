#pragma once
// Phrases over the numbers of words, of two sorts that are looked for in one walk; of each sort the longest phrase wins.
#include "lge/report/scan.hpp"

#include <map>
#include <span>
#include <utility>
#include <vector>

namespace lge::report {

/// A phrase with choices: each place is a list of alternatives, each of them symbols; an empty one leaves the place out.
using Choices = std::vector<std::vector<std::vector<std::uint32_t>>>;

class Trie {
public:
    enum class Sort : std::uint8_t { main, side };
    struct Match { std::uint32_t list = 0, tokens = 0; };  // list 0: none
    struct Matches { Match main, side; };
    static constexpr std::size_t most_phrases = 20000;     // of one pattern

    /// False when the pattern stands for too many phrases, or for the empty one.
    bool add(const Choices& pattern, std::uint32_t entry, Sort sort = Sort::main);
    /// To be called once, after the last add.
    void finish();

    /// The node of a phrase's first symbol; 0 when no phrase starts with it.
    [[nodiscard]] std::uint32_t first(std::uint32_t symbol) const { return symbol < root_.size() ? root_[symbol] : 0; }
    /// The longest phrases that start at a token, whose first node is given.
    [[nodiscard]] Matches find_both(const Token* at, const Token* end, std::uint32_t index) const {
        Matches best;
        for (std::uint32_t n = 1; index != 0; ++n) {
            const Node& node = nodes_[index];
            if (node.main != 0) best.main = {node.main, n};
            if (node.side != 0) best.side = {node.side, n};
            if (++at == end) break;
            index = child(node, at->symbol);
        }
        return best;
    }
    [[nodiscard]] Match find(const Token* at, const Token* end) const { return find_both(at, end, first(at->symbol)).main; }
    [[nodiscard]] std::span<const std::uint32_t> entries(Match m) const { return std::span(members_).subspan(members_of_[m.list - 1], members_of_[m.list] - members_of_[m.list - 1]); }

private:
    /// Children: edges_[begin, end), by symbol. `sieve` has a bit for each child's symbol, so that most misses are seen here.
    struct Node { std::uint64_t sieve = 0; std::uint32_t begin = 0, end = 0, main = 0, side = 0; };
    static constexpr std::uint64_t sieve_bit(std::uint32_t symbol) { return 1ULL << (symbol & 63U); }
    struct Edge { std::uint32_t symbol, node; };
    struct Growing { std::uint32_t symbol, first_child, sibling, main, side; };
    [[nodiscard]] std::uint32_t child(const Node& n, std::uint32_t symbol) const {
        if ((n.sieve & sieve_bit(symbol)) == 0) return 0;
        std::uint32_t low = n.begin, high = n.end;
        while (high - low > 4) {
            const std::uint32_t middle = low + (high - low) / 2;
            if (edges_[middle].symbol <= symbol) low = middle;
            else high = middle;
        }
        for (; low < high; ++low)
            if (edges_[low].symbol == symbol) return edges_[low].node;
        return 0;
    }
    std::uint32_t step(std::uint32_t node, std::uint32_t symbol);
    std::uint32_t with(std::uint32_t list, std::uint32_t entry);
    void merge_nodes(const std::vector<std::uint32_t>& begin);

    std::vector<Growing> growing_{{}};
    std::vector<Node> nodes_;
    std::vector<Edge> edges_;
    std::vector<std::uint32_t> root_;  // by symbol: the first step takes no search
    std::vector<std::vector<std::uint32_t>> lists_;         // until finish, then
    std::vector<std::uint32_t> members_, members_of_{0};    // one behind the other, and where each begins
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> longer_;  // a list and an entry more
};

}  // namespace lge::report
