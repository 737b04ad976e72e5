#include "lge/report/trie.hpp"

#include <algorithm>
#include <bit>

namespace lge::report {

std::uint32_t Trie::step(std::uint32_t node, std::uint32_t symbol) {
    if (node == 0 && symbol < root_.size() && root_[symbol] != 0) return root_[symbol];
    if (node != 0)
        for (std::uint32_t c = growing_[node].first_child; c != 0; c = growing_[c].sibling)
            if (growing_[c].symbol == symbol) return c;
    const auto made = static_cast<std::uint32_t>(growing_.size());
    growing_.push_back({.symbol = symbol, .sibling = growing_[node].first_child});
    growing_[node].first_child = made;
    if (node == 0) {
        if (root_.size() <= symbol) root_.resize(symbol + 1);
        root_[symbol] = made;
    }
    return made;
}

/// The list that is `list` and an entry; equal lists are one.
std::uint32_t Trie::with(std::uint32_t list, std::uint32_t entry) {
    const auto [at, added] = longer_.try_emplace({list, entry}, list);
    if (!added) return at->second;
    std::vector<std::uint32_t> entries;
    if (list != 0) entries = lists_[list - 1];
    if (std::find(entries.begin(), entries.end(), entry) == entries.end()) {
        entries.push_back(entry);
        lists_.push_back(std::move(entries));
        at->second = static_cast<std::uint32_t>(lists_.size());
    }
    return at->second;
}

bool Trie::add(const Choices& pattern, std::uint32_t entry, Sort sort) {
    std::vector<std::uint32_t> ends{0}, next;
    for (const auto& alternatives : pattern) {
        next.clear();
        ++places_;
        for (const std::uint32_t from : ends)
            for (const auto& words : alternatives) {
                std::uint32_t node = from;
                for (const std::uint32_t symbol : words) node = step(node, symbol);
                if (std::exchange(growing_[node].place, places_) != places_) next.push_back(node);
            }
        ends.swap(next);
        if (ends.size() > most_phrases) return false;
    }
    if (std::find(ends.begin(), ends.end(), 0U) != ends.end()) return false;
    std::uint32_t before = 0, after = with(0, entry);  // most ends had the same list
    for (const std::uint32_t node : ends) {
        std::uint32_t& list = sort == Sort::main ? growing_[node].main : growing_[node].side;
        if (list != before) after = with(before = list, entry);
        list = after;
    }
    return true;
}

/// Nodes that lead to the same ends become one, which makes the trie several times smaller: the choices of one pattern
/// share what follows them. A child is always made after its parent, so the last come first.
void Trie::merge_nodes(const std::vector<std::uint32_t>& begin) {
    std::vector<std::uint32_t> same(growing_.size());
    std::size_t slots = 1024;
    while (slots < growing_.size() * 2) slots *= 2;
    std::vector<std::uint32_t> table(slots);  // node + 1
    const auto children = [&](std::uint32_t n) { return std::span(edges_).subspan(begin[n], begin[n + 1] - begin[n]); };
    for (auto n = static_cast<std::uint32_t>(growing_.size()); n-- > 0;) {
        std::uint64_t hash = (std::uint64_t{growing_[n].main} << 32U | growing_[n].side) * 0x9e3779b97f4a7c15ULL;
        for (Edge& e : children(n)) {
            e.node = same[e.node];
            hash = (hash ^ hash >> 29U ^ (std::uint64_t{e.symbol} << 32U | e.node)) * 0xd6e8feb86659fd93ULL;
        }
        std::size_t i = (hash ^ hash >> 32U) & (slots - 1);
        for (; table[i] != 0; i = (i + 1) & (slots - 1)) {
            const std::uint32_t o = table[i] - 1;
            const auto a = children(n), b = children(o);
            if (growing_[n].main == growing_[o].main && growing_[n].side == growing_[o].side &&
                std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Edge& x, const Edge& y) { return x.symbol == y.symbol && x.node == y.node; })) break;
        }
        if (table[i] == 0) table[i] = n + 1;
        same[n] = table[i] - 1;
    }
}

/// Rows from the longest to the shortest, each where its cells are free, but not before the last of its length: what lies
/// there is nearly full, and the search through it would take most of the time. The root has root_ instead.
void Trie::lay_rows(const std::vector<std::uint32_t>& row) {
    std::vector<std::uint32_t> order;
    for (std::uint32_t n = 1; n < nodes_.size(); ++n)
        if (row[n] < row[n + 1]) order.push_back(n);
    const auto length = [&](std::uint32_t n) { return row[n + 1] - row[n]; };
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return length(a) > length(b); });
    std::vector<std::uint64_t> taken(1);  // bits of cells
    const auto free_from = [&](std::uint32_t cell) {  // bits of the 64 cells from one on
        const std::uint32_t k = cell / 64, shift = cell % 64;
        const std::uint64_t low = k < taken.size() ? taken[k] : 0, high = k + 1 < taken.size() ? taken[k + 1] : 0;
        return ~(shift == 0 ? low : low >> shift | high << (64 - shift));
    };
    std::uint32_t from = 0, before = 0;
    for (const std::uint32_t n : order) {
        const std::span children(edges_.data() + row[n], edges_.data() + row[n + 1]);
        if (length(n) != std::exchange(before, length(n))) from = 0;
        for (std::uint64_t fits = 0;; from += 64) {
            fits = ~0ULL;
            for (const Edge& e : children)
                if ((fits &= free_from(from + e.symbol - children.front().symbol)) == 0) break;
            if (fits == 0) continue;
            from += static_cast<std::uint32_t>(std::countr_zero(fits));
            break;
        }
        nodes_[n].base = from - children.front().symbol;
        const std::uint32_t last = nodes_[n].base + children.back().symbol;
        if (cells_.size() <= last) {
            cells_.resize(last + 1);
            taken.resize(last / 64 + 1);
        }
        for (const Edge& e : children) {
            const std::uint32_t cell = nodes_[n].base + e.symbol;
            cells_[cell] = {n, e.node};
            taken[cell / 64] |= 1ULL << cell % 64;
            nodes_[n].sieve |= sieve_bit(e.symbol);
        }
    }
}

void Trie::finish() {
    std::vector<std::uint32_t> begin(growing_.size() + 1);
    edges_.clear();
    edges_.reserve(growing_.size());
    for (std::size_t n = 0; n < growing_.size(); ++n) {
        begin[n] = static_cast<std::uint32_t>(edges_.size());
        for (std::uint32_t c = growing_[n].first_child; c != 0; c = growing_[c].sibling) edges_.push_back({growing_[c].symbol, c});
        std::sort(edges_.begin() + begin[n], edges_.end(), [](const Edge& a, const Edge& b) { return a.symbol < b.symbol; });
    }
    begin.back() = static_cast<std::uint32_t>(edges_.size());
    merge_nodes(begin);
    // Breadth first, so that what most sentences touch, the first words of phrases, lies together.
    constexpr std::uint32_t unseen = ~0U;
    std::vector<std::uint32_t> order{0}, number(growing_.size(), unseen), row{0};
    std::vector<Edge> edges;
    number[0] = 0;
    for (std::size_t k = 0; k < order.size(); ++k) {
        const std::uint32_t n = order[k];
        for (std::uint32_t e = begin[n]; e < begin[n + 1]; ++e) {
            const Edge& old = edges_[e];
            if (number[old.node] == unseen) {
                number[old.node] = static_cast<std::uint32_t>(order.size());
                order.push_back(old.node);
            }
            edges.push_back({old.symbol, number[old.node]});
        }
        row.push_back(static_cast<std::uint32_t>(edges.size()));
        nodes_.push_back({.main = growing_[n].main, .side = growing_[n].side});
    }
    edges_.swap(edges);
    std::fill(root_.begin(), root_.end(), 0);
    for (std::uint32_t e = row[0]; e < row[1]; ++e) root_[edges_[e].symbol] = edges_[e].node;
    lay_rows(row);
    for (const auto& list : lists_) {
        members_.insert(members_.end(), list.begin(), list.end());
        members_of_.push_back(static_cast<std::uint32_t>(members_.size()));
    }
    growing_ = {};
    edges_ = {};
    longer_ = {};
    lists_ = {};
}

}  // namespace lge::report
