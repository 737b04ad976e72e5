#pragma once
// One table describes a tool: parsing, --help, the man page, bash completion and --print-config all read it.
#include "lge/base/error.hpp"
#include "lge/base/log.hpp"
#include "lge/base/units.hpp"

#include <array>
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace lge::cli {

/// How many words an operand stands for.
enum class Arity { one, optional, any, some };

struct Operand {
    std::string name;
    std::string brief;
    Arity arity = Arity::one;
};

/// What the table knows of an option once the type of its field is forgotten.
struct OptionDoc {
    std::string group;                 // heading in --help, empty: "options"
    std::string name;                  // long name, without dashes
    char letter = 0;                   // 0: none
    std::string value;                 // placeholder with its unit, empty for a flag
    std::string fallback;              // as shown, from the field's own initialiser; empty: none
    std::string brief;                 // one sentence
    std::vector<std::string> choices;  // the words it takes; empty: any
    std::string range;                 // as shown, such as "0 to 1"; empty: any
    bool repeatable = false;
    bool required = false;
    [[nodiscard]] bool is_flag() const { return value.empty(); }
};

/// The type-free half of a program, enough for help, man page and completion.
struct ProgramDoc {
    std::string name;
    std::string purpose;  // lower case, no full stop: it follows ".Nd"
    std::vector<Operand> operands;
    std::vector<OptionDoc> options;
};

std::string show(bool v);
std::string show(std::int64_t v);
std::string show(std::uint64_t v);
std::string show(double v);
inline std::string show(int v) { return show(std::int64_t{v}); }
inline std::string show(unsigned v) { return show(std::uint64_t{v}); }
inline std::string show(const std::string& v) { return v; }
inline std::string show(const std::filesystem::path& v) { return v.string(); }
template <class Rep, class Tag> std::string show(Quantity<Rep, Tag> v) { return show(v.value); }

/// Each throws usage with the reason, without naming the option.
void parse(std::string_view text, bool& out);
void parse(std::string_view text, int& out);
void parse(std::string_view text, unsigned& out);
void parse(std::string_view text, std::int64_t& out);
void parse(std::string_view text, std::uint64_t& out);
void parse(std::string_view text, double& out);  // finite
void parse(std::string_view text, std::string& out);
void parse(std::string_view text, std::filesystem::path& out);
template <class Rep, class Tag> void parse(std::string_view text, Quantity<Rep, Tag>& out) { parse(text, out.value); }

/// An enum becomes an option by listing its words beside it, found by argument-dependent look-up:
///   constexpr std::array<std::pair<std::string_view, Prior>, 2> choices(Prior) { return {{{"uniform", Prior::uniform}, ...}}; }
template <class E>
concept Choice = std::is_enum_v<E> && requires(E e) { choices(e); };

template <Choice E>
std::string show(E v) {
    for (const auto& [word, value] : choices(E{}))
        if (value == v) return std::string(word);
    return {};
}

[[noreturn]] void refuse_choice(std::string_view text, const std::vector<std::string>& choices);

template <Choice E>
std::vector<std::string> choice_words() {
    std::vector<std::string> words;
    for (const auto& [word, value] : choices(E{})) words.emplace_back(word);
    return words;
}
template <Choice E>
void parse(std::string_view text, E& out) {
    for (const auto& [word, value] : choices(E{}))
        if (word == text) {
            out = value;
            return;
        }
    refuse_choice(text, choice_words<E>());
}

template <class T> struct Element { using type = T; static constexpr bool many = false, maybe = false; };
template <class T> struct Element<std::vector<T>> { using type = T; static constexpr bool many = true, maybe = false; };
template <class T> struct Element<std::optional<T>> { using type = T; static constexpr bool many = false, maybe = true; };

template <class Opts>
struct Option {
    OptionDoc doc;
    std::function<void(Opts&, const std::vector<std::string>&)> set;  // replaces what the field holds; throws usage
    std::function<std::vector<std::string>(const Opts&)> get;         // one text a value
    std::function<void(const Opts&)> check = [](const Opts&) {};      // of the range; throws usage

    Option&& required() && { doc.required = true; doc.fallback.clear(); return std::move(*this); }
    Option&& in_group(std::string group) && { doc.group = std::move(group); return std::move(*this); }
};

/// An option that fills `field`. bool: a flag. std::vector: repeatable. std::optional: no default.
/// Enums with `choices` take one of their words.
template <class Opts, class Base, class T>
    requires std::derived_from<Opts, Base>
Option<Opts> option(std::string name, char letter, std::string value, T Base::* field, std::string brief) {
    using E = typename Element<T>::type;
    Option<Opts> o;
    o.doc.name = std::move(name);
    o.doc.letter = letter;
    o.doc.value = std::move(value);
    o.doc.brief = std::move(brief);
    o.doc.repeatable = Element<T>::many;
    if constexpr (Choice<E>) o.doc.choices = choice_words<E>();
    o.set = [field](Opts& s, const std::vector<std::string>& texts) {
        if constexpr (Element<T>::many) (s.*field).clear();
        for (const auto& t : texts) {
            E v{};
            parse(t, v);
            if constexpr (Element<T>::many) (s.*field).push_back(std::move(v));
            else s.*field = std::move(v);
        }
    };
    o.get = [field](const Opts& s) {
        std::vector<std::string> texts;
        if constexpr (Element<T>::many) for (const auto& v : s.*field) texts.push_back(show(v));
        else if constexpr (Element<T>::maybe) { if (s.*field) texts.push_back(show(*(s.*field))); }
        else texts.push_back(show(s.*field));
        return texts;
    };
    if constexpr (!std::same_as<T, bool>)
        for (const auto& t : o.get(Opts())) o.doc.fallback += (o.doc.fallback.empty() ? "" : ", ") + t;
    return o;
}

std::string describe_range(double low, double high);
[[noreturn]] void refuse_range(const std::string& range, const std::string& given);

/// The same, for a number (or unit, or list of them) that must lie in [low, high].
template <class Opts, class Base, class T>
    requires std::derived_from<Opts, Base>
Option<Opts> number(std::string name, char letter, std::string value, T Base::* field, double low, double high, std::string brief) {
    auto o = option<Opts>(std::move(name), letter, std::move(value), field, std::move(brief));
    o.doc.range = describe_range(low, high);
    o.check = [get = o.get, low, high, range = o.doc.range](const Opts& s) {
        for (const auto& text : get(s)) {
            double v = 0;
            parse(text, v);
            if (v < low || v > high) refuse_range(range, text);
        }
    };
    return o;
}
inline constexpr double unbounded = std::numeric_limits<double>::infinity();

/// Options that mean the same in every tool. A tool's Options derives from those it offers and lists them with the
/// function of the same name.
struct OutputOptions { std::string output = "-"; bool force = false; };
struct SeedOptions { std::uint64_t seed = 1; };
struct ThreadOptions { unsigned threads = 0; };
struct ShardOptions { std::string shard = "1/1"; };

template <class Opts>
std::vector<Option<Opts>> output_options(std::string brief) {
    return {option<Opts>("output", 'o', "file", &Opts::output, std::move(brief)),
            option<Opts>("force", 0, "", &Opts::force, "Replace an output that exists.")};
}
template <class Opts>
Option<Opts> seed_option() { return option<Opts>("seed", 0, "number", &Opts::seed, "Seed of the random numbers; the same seed gives the same bytes."); }
template <class Opts>
Option<Opts> thread_option() { return number<Opts>("threads", 0, "count", &Opts::threads, 0, 1024, "Threads to use; 0 takes one for each processor."); }
template <class Opts>
Option<Opts> shard_option() { return option<Opts>("shard", 0, "i/n", &Opts::shard, "Do only every n-th item, starting at the i-th."); }

/// A part of a list: items index, index + count, ... (index from 0).
struct Shard {
    std::size_t index = 0, count = 1;
    [[nodiscard]] bool has(std::size_t item) const { return item % count == index; }
};
/// "i/n" with 1 <= i <= n; throws usage.
Shard parse_shard(std::string_view text);

/// What a tool was asked to do, for provenance: its name, version and every option in force with a value, but for those
/// that leave the bytes of a result alone (output, force, threads, shard, quiet, verbose, config). Of an option whose
/// placeholder is "file" or "folder" only the last part of the path.
struct Invocation {
    std::string tool;
    std::string version;
    std::vector<std::pair<std::string, std::string>> options;
};

/// What a tool's body is given beside its options.
struct Context {
    Log log;
    Invocation invocation;
};

template <class Opts>
struct Program {
    std::string name;
    std::string purpose;
    std::vector<Operand> operands;
    std::vector<Option<Opts>> options;

    [[nodiscard]] ProgramDoc doc() const {
        ProgramDoc d{name, purpose, operands, {}};
        for (const auto& o : options) d.options.push_back(o.doc);
        return d;
    }
};

/// Joins single options and groups of them into one table, in order.
template <class Opts>
std::vector<Option<Opts>> table(std::initializer_list<std::vector<Option<Opts>>> parts) {
    std::vector<Option<Opts>> all;
    for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
    return all;
}

/// A table with its types forgotten: what parsing needs.
struct Binding {
    std::function<void(std::size_t option, const std::vector<std::string>& texts)> set;
    std::function<std::vector<std::string>(std::size_t option)> get;
    std::function<void(std::size_t option)> check;
};

/// Parses the command line (files named by --config first), answers --help, --version, --print-config,
/// --print-mdoc-options and --print-completion, then runs `body`; returns the exit status after a message for
/// whatever left it. Only operands of the declared number reach the body.
int run(const ProgramDoc& doc, const Binding& binding, int argc, const char* const* argv,
        const std::function<ExitCode(const std::vector<std::string>& operands, Context& context)>& body);

template <class Opts, class Body>
int run(const Program<Opts>& program, int argc, const char* const* argv, Body body) {
    Opts opts = Opts();  // with Opts{}, g++ 12 warns wrongly of bases that may be unset
    const Binding binding{
        [&](std::size_t i, const std::vector<std::string>& texts) { program.options[i].set(opts, texts); },
        [&](std::size_t i) { return program.options[i].get(opts); },
        [&](std::size_t i) { program.options[i].check(opts); },
    };
    return run(program.doc(), binding, argc, argv,
               [&](const std::vector<std::string>& operands, Context& context) { return body(std::as_const(opts), operands, context); });
}

}  // namespace lge::cli
