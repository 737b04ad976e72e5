#include "lge/report/trie.hpp"

#include <algorithm>

namespace lge::report {

std::uint32_t Trie::step(std::uint32_t node, std::uint32_t symbol) {
    if (node == 0 && symbol < root_.size() && root_[symbol] != 0) return root_[symbol];
    if (node != 0 || symbol >= sign_symbol)
        for (std::uint32_t c = growing_[node].first_child; c != 0; c = growing_[c].sibling)
            if (growing_[c].symbol == symbol) return c;
    const auto made = static_cast<std::uint32_t>(growing_.size());
    growing_.push_back({symbol, 0, growing_[node].first_child, 0, 0});
    growing_[node].first_child = made;
    if (node == 0 && symbol < sign_symbol) {
        if (root_.size() <= symbol) root_.resize(symbol + 1);
        root_[symbol] = made;
    }
    return made;
}

bool Trie::add(const Choices& pattern, std::uint32_t entry, Sort sort) {
    std::vector<std::uint32_t> ends{0}, next;
    for (const auto& alternatives : pattern) {
        next.clear();
        for (const std::uint32_t from : ends)
            for (const auto& words : alternatives) {
                std::uint32_t node = from;
                for (const std::uint32_t symbol : words) node = step(node, symbol);
                next.push_back(node);
            }
        std::sort(next.begin(), next.end());
        next.erase(std::unique(next.begin(), next.end()), next.end());
        ends.swap(next);
        if (ends.size() > most_phrases) return false;
    }
    if (ends.front() == 0) return false;
    for (const std::uint32_t node : ends) {
        std::uint32_t& number = sort == Sort::main ? growing_[node].main : growing_[node].side;
        if (number == 0) {
            lists_.emplace_back();
            number = static_cast<std::uint32_t>(lists_.size());
        }
        auto& list = lists_[number - 1];
        if (std::find(list.begin(), list.end(), entry) == list.end()) list.push_back(entry);
    }
    return true;
}

// Nodes are numbered breadth first, so that what most sentences touch, the first words of phrases, lies together.
void Trie::finish() {
    std::vector<std::uint32_t> order{0};
    order.reserve(growing_.size());
    nodes_.resize(growing_.size());
    edges_.reserve(growing_.size());
    for (std::size_t n = 0; n < order.size(); ++n) {
        const Growing& old = growing_[order[n]];
        const std::size_t begin = edges_.size();
        for (std::uint32_t c = old.first_child; c != 0; c = growing_[c].sibling) edges_.push_back({growing_[c].symbol, c});
        std::sort(edges_.begin() + static_cast<std::ptrdiff_t>(begin), edges_.end(), [](const Edge& a, const Edge& b) { return a.symbol < b.symbol; });
        for (std::size_t e = begin; e < edges_.size(); ++e) {
            const std::uint32_t made = edges_[e].node;
            edges_[e].node = static_cast<std::uint32_t>(order.size());
            order.push_back(made);
        }
        std::uint64_t sieve = 0;
        for (std::size_t e = begin; e < edges_.size(); ++e) sieve |= sieve_bit(edges_[e].symbol);
        nodes_[n] = {sieve, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(edges_.size()), old.main, old.side};
    }
    std::fill(root_.begin(), root_.end(), 0);
    for (std::uint32_t e = nodes_[0].begin; e < nodes_[0].end; ++e)
        if (edges_[e].symbol < sign_symbol) root_[edges_[e].symbol] = edges_[e].node;
    growing_ = {};
}

}  // namespace lge::report
