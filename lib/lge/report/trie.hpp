#pragma once
// Phrases over the numbers of words, of two sorts that are looked for in one walk; of each sort the longest phrase wins.
#include "lge/report/scan.hpp"

#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace lge::report {

/// A phrase with choices: each place is a list of alternatives, each of them symbols; an empty one leaves the place out.
using Choices = std::vector<std::vector<std::vector<std::uint32_t>>>;

class Trie {
public:
    enum class Sort : std::uint8_t { main, side };
    using States = std::u32string;  // of a pattern, while it is added; up to three take no allocation
    struct Match { std::uint32_t list = 0, tokens = 0; };  // list 0: none
    struct Matches { Match main, side; };
    static constexpr std::size_t longest_phrase = 64;  // symbols
    static constexpr std::size_t most_states = 10000;  // of one pattern

    /// False when the pattern stands for the empty phrase or for one that is too long, or takes too many states. The time it
    /// takes grows with the words of the pattern, not with the phrases that it stands for.
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
            if ((node.sieve & sieve_bit(at->symbol)) == 0) break;
            const std::uint32_t cell = node.base + at->symbol;  // below 0 wraps round, and so lies behind the last
            if (cell >= cells_.size() || cells_[cell].parent != index) break;
            index = cells_[cell].node;
        }
        return best;
    }
    [[nodiscard]] Match find(const Token* at, const Token* end) const { return find_both(at, end, first(at->symbol)).main; }
    [[nodiscard]] std::span<const std::uint32_t> entries(Match m) const { return std::span(members_).subspan(members_of_[m.list - 1], members_of_[m.list] - members_of_[m.list - 1]); }

private:
    /// A node's child by a symbol stands in cells_[base + symbol], if that cell names the node as its parent. The rows of
    /// children lie in and out of each other, so that a step is one look: Aoe, IEEE Trans. Softw. Eng. 1989;15:1066-1077.
    /// `sieve` has a bit for each child's symbol, so that most misses are seen in the node.
    struct Node { std::uint32_t sieve = 0, base = 0, main = 0, side = 0; };
    static constexpr std::uint32_t sieve_bit(std::uint32_t symbol) { return 1U << (symbol & 31U); }
    struct Cell { std::uint32_t parent = 0, node = 0; };
    struct Edge { std::uint32_t symbol, node; };
    /// Until finish. The choices of a pattern share what follows them, so a node may have several parents; one that has is
    /// copied before another pattern goes on from it.
    struct Growing { std::uint32_t first_edge = 0, parents = 0, main = 0, side = 0; };
    struct GrowingEdge { std::uint32_t symbol = 0, node = 0, next = 0; };  // next of the same parent; 0: none
    struct Addition;
    [[nodiscard]] std::uint32_t edge(std::uint32_t node, std::uint32_t symbol) const;
    void link(std::uint32_t node, std::uint32_t symbol, std::uint32_t child);
    std::uint32_t own(std::uint32_t edge);
    void put_entry(const Addition& addition, std::uint32_t node);
    std::uint32_t grow(Addition& addition, const States& states);
    void graft(Addition& addition, std::uint32_t node, const States& states);
    std::uint32_t with(std::uint32_t list, std::uint32_t entry);
    [[nodiscard]] std::vector<std::uint32_t> children_first() const;
    void merge_nodes(const std::vector<std::uint32_t>& begin);
    void lay_rows(const std::vector<std::uint32_t>& begin);

    std::vector<Growing> growing_{{}};
    std::vector<GrowingEdge> growing_edges_{{}};
    std::vector<Node> nodes_;
    std::vector<Edge> edges_;          // until finish, then
    std::vector<Cell> cells_;
    std::vector<std::uint32_t> root_;  // by symbol: the first step takes no search; until finish the edge
    std::vector<std::vector<std::uint32_t>> lists_;         // until finish, then
    std::vector<std::uint32_t> members_, members_of_{0};    // one behind the other, and where each begins
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> longer_;  // a list and an entry more
};

}  // namespace lge::report
