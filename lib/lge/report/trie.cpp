#include "lge/report/trie.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace lge::report {

namespace {

/// The states that reading a pattern can be in: before one of its places, or within an alternative of several symbols. A set
/// of them, sorted, is what a beginning of its phrases leads to.
class Pattern {
public:
    using States = Trie::States;
    struct Step { std::uint32_t symbol, next; };

    explicit Pattern(const Choices& places) : steps_(places.size() + 1), optional_(places.size()), ends_(places.size() + 1, true) {
        for (std::size_t p = 0; p < places.size(); ++p) {
            std::size_t most = 0;
            for (const auto& words : places[p]) {
                most = std::max(most, words.size());
                optional_[p] = optional_[p] || words.empty();
                if (words.empty()) continue;
                auto next = static_cast<std::uint32_t>(p + 1);
                for (std::size_t k = words.size(); k-- > 1;) {
                    steps_.push_back({{words[k], next}});
                    next = static_cast<std::uint32_t>(steps_.size() - 1);
                }
                steps_[p].push_back({words[0], next});
            }
            longest_ += most;
        }
        for (std::size_t p = places.size(); p-- > 0;) ends_[p] = ends_[p + 1] && optional_[p];
    }
    [[nodiscard]] std::size_t longest() const { return longest_; }
    [[nodiscard]] bool ends(const States& states) const {
        return std::any_of(states.begin(), states.end(), [&](std::uint32_t s) { return s < ends_.size() && ends_[s]; });
    }
    /// By symbol.
    [[nodiscard]] std::vector<Step> steps(const States& states) const {
        std::vector<Step> out;
        out.reserve(steps_[states[0]].size());
        for (std::uint32_t s : states)
            do out.insert(out.end(), steps_[s].begin(), steps_[s].end());
            while (s < optional_.size() && optional_[s++]);
        const auto order = [](const Step& a, const Step& b) { return std::pair(a.symbol, a.next) < std::pair(b.symbol, b.next); };
        std::sort(out.begin(), out.end(), order);
        out.erase(std::unique(out.begin(), out.end(), [](const Step& a, const Step& b) { return a.symbol == b.symbol && a.next == b.next; }), out.end());
        return out;
    }

private:
    std::vector<std::vector<Step>> steps_;  // of the states
    std::vector<bool> optional_, ends_;     // by place: may be left out, and so may all behind it
    std::size_t longest_ = 0;
};

}  // namespace

struct Trie::Addition {
    Pattern pattern;
    std::uint32_t entry;
    Sort sort;
    std::map<States, std::uint32_t> grown = {};  // nodes that no other pattern leads to yet

    /// Calls do(symbol, states) for each symbol that can follow.
    template <class Do>
    void each_step(const States& states, Do&& apply) const {
        const auto steps = pattern.steps(states);
        for (std::size_t i = 0; i < steps.size();) {
            States next;
            const std::uint32_t symbol = steps[i].symbol;
            for (; i < steps.size() && steps[i].symbol == symbol; ++i) next.push_back(steps[i].next);
            apply(symbol, next);
        }
    }
};

std::uint32_t Trie::edge(std::uint32_t node, std::uint32_t symbol) const {
    if (node == 0) return symbol < root_.size() ? root_[symbol] : 0;
    std::uint32_t e = growing_[node].first_edge;
    while (e != 0 && growing_edges_[e].symbol != symbol) e = growing_edges_[e].next;
    return e;
}

void Trie::link(std::uint32_t node, std::uint32_t symbol, std::uint32_t child) {
    growing_edges_.push_back({symbol, child, growing_[node].first_edge});
    growing_[node].first_edge = static_cast<std::uint32_t>(growing_edges_.size() - 1);
    ++growing_[child].parents;
    if (node != 0) return;
    if (root_.size() <= symbol) root_.resize(symbol + 1);
    root_[symbol] = growing_[0].first_edge;
}

/// The child at an edge, as a node that has no other parent.
std::uint32_t Trie::own(std::uint32_t edge) {
    const std::uint32_t child = growing_edges_[edge].node;
    if (growing_[child].parents == 1) return child;
    const auto copy = static_cast<std::uint32_t>(growing_.size());
    growing_.push_back({.parents = 1, .main = growing_[child].main, .side = growing_[child].side});
    for (std::uint32_t e = growing_[child].first_edge; e != 0; e = growing_edges_[e].next) link(copy, growing_edges_[e].symbol, growing_edges_[e].node);
    --growing_[child].parents;
    growing_edges_[edge].node = copy;
    return copy;
}

void Trie::put_entry(const Addition& a, std::uint32_t node) {
    std::uint32_t& list = a.sort == Sort::main ? growing_[node].main : growing_[node].side;
    list = with(list, a.entry);
}

/// The node of what states of a pattern lead to, where nothing else does.
std::uint32_t Trie::grow(Addition& a, const States& states) {
    const auto [at, added] = a.grown.try_emplace(states, static_cast<std::uint32_t>(growing_.size()));
    if (!added || a.grown.size() > most_states) return at->second;
    const std::uint32_t node = at->second;
    growing_.emplace_back();
    if (a.pattern.ends(states)) put_entry(a, node);
    a.each_step(states, [&](std::uint32_t symbol, const auto& next) { link(node, symbol, grow(a, next)); });
    return node;
}

/// Lets what states of a pattern lead to go on from a node.
void Trie::graft(Addition& a, std::uint32_t node, const States& states) {
    if (a.pattern.ends(states)) put_entry(a, node);
    a.each_step(states, [&](std::uint32_t symbol, const auto& next) {
        if (const std::uint32_t e = edge(node, symbol); e != 0) graft(a, own(e), next);
        else link(node, symbol, grow(a, next));
    });
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
    Addition a{Pattern(pattern), entry, sort};
    const States start(1, 0);
    if (a.pattern.ends(start) || a.pattern.longest() > longest_phrase) return false;
    graft(a, 0, start);
    return a.grown.size() <= most_states;
}

/// The nodes that are in use, each behind its children.
std::vector<std::uint32_t> Trie::children_first() const {
    std::vector<std::uint32_t> order;
    std::vector<bool> seen(growing_.size());
    std::vector<std::pair<std::uint32_t, std::uint32_t>> path{{0, growing_[0].first_edge}};  // nodes, each with the edge that is next
    while (!path.empty()) {
        auto& [node, e] = path.back();
        if (e == 0) {
            order.push_back(node);
            path.pop_back();
            continue;
        }
        const std::uint32_t child = growing_edges_[std::exchange(e, growing_edges_[e].next)].node;
        if (seen[child]) continue;
        seen[child] = true;
        path.emplace_back(child, growing_[child].first_edge);
    }
    return order;
}

/// Nodes that lead to the same ends become one, whatever patterns made them.
void Trie::merge_nodes(const std::vector<std::uint32_t>& begin) {
    std::vector<std::uint32_t> same(growing_.size());
    std::size_t slots = 1024;
    while (slots < growing_.size() * 2) slots *= 2;
    std::vector<std::uint32_t> table(slots);  // node + 1
    const auto children = [&](std::uint32_t n) { return std::span(edges_).subspan(begin[n], begin[n + 1] - begin[n]); };
    for (const std::uint32_t n : children_first()) {
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
    edges_.reserve(growing_edges_.size());
    for (std::size_t n = 0; n < growing_.size(); ++n) {
        begin[n] = static_cast<std::uint32_t>(edges_.size());
        for (std::uint32_t e = growing_[n].first_edge; e != 0; e = growing_edges_[e].next) edges_.push_back({growing_edges_[e].symbol, growing_edges_[e].node});
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
    growing_edges_ = {};
    edges_ = {};
    longer_ = {};
    lists_ = {};
}

}  // namespace lge::report
