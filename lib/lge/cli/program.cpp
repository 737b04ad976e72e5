#include "lge/cli/program.hpp"

#include "lge/base/process.hpp"
#include "lge/base/stream.hpp"
#include "lge/cli/config.hpp"
#include "lge/cli/pages.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <boost/program_options.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <map>
#include <new>

namespace po = boost::program_options;

namespace lge::cli {
namespace {

[[noreturn]] void refuse(const std::string& reason) { throw Error(ExitCode::usage, reason + "; try --help"); }

/// What every tool has beside its own options.
std::vector<OptionDoc> general_options() {
    const auto general = [](std::string name, char letter, std::string value, std::string brief) {
        OptionDoc o;
        o.group = "general";
        o.name = std::move(name);
        o.letter = letter;
        o.value = std::move(value);
        o.brief = std::move(brief);
        return o;
    };
    std::vector<OptionDoc> all = {
        general("quiet", 'q', "", "Say nothing but errors."),
        general("verbose", 'v', "", "Say more about the work."),
        general("config", 0, "file", "Read options from a file, one name = value a line; the command line goes before it."),
        general("print-config", 0, "", "Print the options in force as a config file and stop."),
        general("help", 'h', "", "Print this help and stop."),
        general("version", 0, "", "Print the version and stop."),
    };
    all[2].repeatable = true;
    return all;
}
constexpr std::array<std::string_view, 2> hidden_options = {"print-mdoc-options", "print-completion"};

/// The texts given to each option, by name, and the operands.
struct CommandLine {
    std::map<std::string, std::vector<std::string>> options;
    std::vector<std::string> operands;
    [[nodiscard]] bool has(const std::string& name) const { return options.count(name) != 0; }
};

[[noreturn]] void refuse_syntax(const po::invalid_syntax& e) {
    const std::string option = e.get_option_name();
    switch (e.kind()) {
        case po::invalid_syntax::missing_parameter:
        case po::invalid_syntax::empty_adjacent_parameter: refuse(option + ": needs a value");
        case po::invalid_syntax::extra_parameter: refuse(option + ": takes no value");
        default: refuse(option + ": not understood");
    }
}

CommandLine read_command_line(const ProgramDoc& d, int argc, const char* const* argv) {
    po::options_description description;
    for (const auto& o : d.options) {
        const std::string names = o.letter ? o.name + "," + o.letter : o.name;
        if (o.is_flag()) description.add_options()(names.c_str(), "");
        else description.add_options()(names.c_str(), po::value<std::string>(), "");
    }
    for (const auto name : hidden_options) description.add_options()(name.data(), "");
    // Boost guesses unique prefixes by default: --conf would silently mean --config.
    namespace style = po::command_line_style;
    constexpr int strict = style::unix_style & ~style::allow_guessing;
    CommandLine line;
    try {
        // Without a program name: Boost takes argc of 0 badly.
        const std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
        for (const auto& p : po::command_line_parser(words).options(description).style(strict).run().options) {
            if (p.string_key.empty()) line.operands.insert(line.operands.end(), p.value.begin(), p.value.end());
            else line.options[p.string_key].push_back(p.value.empty() ? "true" : p.value.back());
        }
    } catch (const po::unknown_option& e) {
        refuse(fmt::format("unknown option '{}'", e.get_option_name()));
    } catch (const po::invalid_syntax& e) {
        refuse_syntax(e);
    }
    return line;
}

/// The texts in force for each option, and whether they came from the command line.
struct InForce {
    std::vector<std::string> texts;
    std::string where;  // "--name" or "FILE:LINE: name", for messages
    bool from_command_line = false;
};

std::map<std::string, InForce> merge(const ProgramDoc& d, const CommandLine& line) {
    const auto find = [&](const std::string& name) {
        return std::find_if(d.options.begin(), d.options.end(), [&](const OptionDoc& o) { return o.name == name; });
    };
    std::map<std::string, InForce> all;
    if (line.has("config"))
        for (const auto& path : line.options.at("config"))
            for (const auto& setting : read_config(path)) {
                const std::string where = fmt::format("{}:{}: {}", display_name(path), setting.line, setting.name);
                const auto o = find(setting.name);
                if (o == d.options.end() || o->name == "config" || o->name == "print-config" || o->name == "help" || o->name == "version")
                    refuse(where + ": unknown option");
                if (setting.value.empty()) refuse(where + ": needs a value");
                auto& slot = all[setting.name];
                slot.where = where;
                if (!o->repeatable) slot.texts.clear();
                slot.texts.push_back(setting.value);
            }
    for (const auto& [name, texts] : line.options) {
        const auto o = find(name);
        if (texts.size() > 1 && !o->repeatable) refuse(fmt::format("--{}: given {} times", name, texts.size()));
        if (std::any_of(texts.begin(), texts.end(), [](const auto& t) { return t.empty(); })) refuse("--" + name + ": needs a value");
        all[name] = {texts, "--" + name, true};
    }
    return all;
}

Verbosity verbosity(const std::map<std::string, InForce>& given) {
    const auto state = [&](const std::string& name) {
        const auto found = given.find(name);
        if (found == given.end()) return std::pair(false, false);
        bool on = false;
        try {
            parse(found->second.texts.back(), on);
        } catch (const Error& e) {
            refuse(found->second.where + ": " + e.what());
        }
        return std::pair(on, found->second.from_command_line);
    };
    const auto [quiet, quiet_here] = state("quiet");
    const auto [verbose, verbose_here] = state("verbose");
    if (quiet && verbose && quiet_here == verbose_here) refuse("--quiet and --verbose exclude each other");
    if (quiet && (!verbose || quiet_here)) return Verbosity::quiet;
    return verbose ? Verbosity::verbose : Verbosity::normal;
}

void check_operands(const ProgramDoc& d, const std::vector<std::string>& operands) {
    std::size_t least = 0, most = 0;
    bool open = false;
    for (const auto& o : d.operands) {
        least += o.arity == Arity::one || o.arity == Arity::some;
        ++most;
        open |= o.arity == Arity::any || o.arity == Arity::some;
    }
    if (operands.size() < least || (!open && operands.size() > most)) {
        const std::string wanted = open ? fmt::format("{} or more", least) : least == most ? fmt::format("{}", least) : fmt::format("{} to {}", least, most);
        refuse(fmt::format("wanted {} operand{}, got {}", wanted, least == 1 && most == 1 && !open ? "" : "s", operands.size()));
    }
    if (std::any_of(operands.begin(), operands.end(), [](const auto& o) { return o.empty(); })) refuse("an operand is empty");
}

[[noreturn]] void fail_stdout() {
    throw Error(ExitCode::io_error, fmt::format("standard output: write failed: {}", std::strerror(errno)));
}

void print(std::string_view text) {
    while (!text.empty()) {
        const ssize_t n = ::write(STDOUT_FILENO, text.data(), text.size());
        if (n < 0 && errno != EINTR) fail_stdout();
        text.remove_prefix(n < 0 ? 0 : static_cast<std::size_t>(n));
    }
}

/// Flushes what was printed through the C and C++ libraries. Some file systems tell of a failed write only at close,
/// so a copy is closed.
void check_stdout() {
    errno = EIO;
    if (!std::cout.flush() || std::fflush(stdout) != 0 || std::ferror(stdout)) fail_stdout();
    const int copy = dup(STDOUT_FILENO);
    if (copy >= 0 && close(copy) != 0) fail_stdout();
}

std::string config_page(const ProgramDoc& d, const Binding& binding, Verbosity v) {
    std::string out = fmt::format("# {} {}\n", d.name, version());
    for (std::size_t i = 0; i < d.options.size(); ++i) {
        const auto texts = binding.get(i);
        // An option that has no value yet: what has a default that is empty cannot be set to it either.
        const bool unset = std::all_of(texts.begin(), texts.end(), [](const auto& t) { return t.empty(); });
        if (unset) out += fmt::format("# {} =\n", d.options[i].name);
        else for (const auto& text : texts) out += config_line(d.options[i].name, text);
    }
    out += config_line("quiet", show(v == Verbosity::quiet));
    out += config_line("verbose", show(v == Verbosity::verbose));
    return out;
}

Invocation describe(const ProgramDoc& d, const Binding& binding) {
    constexpr std::array<std::string_view, 4> no_effect = {"output", "force", "threads", "shard"};
    Invocation call{d.name, std::string(version()), {}};
    for (std::size_t i = 0; i < d.options.size(); ++i) {
        const auto& o = d.options[i];
        if (std::find(no_effect.begin(), no_effect.end(), o.name) != no_effect.end()) continue;
        const bool path = o.value == "file" || o.value == "folder";
        for (const auto& text : binding.get(i))
            if (!text.empty()) call.options.emplace_back(o.name, path ? std::filesystem::path(text).filename().string() : text);
    }
    return call;
}

ExitCode answer(const ProgramDoc& own, const Binding& binding, int argc, const char* const* argv,
                const std::function<ExitCode(const std::vector<std::string>&, Context&)>& body) {
    ProgramDoc all = own;
    for (auto& o : general_options()) all.options.push_back(std::move(o));
    const CommandLine line = read_command_line(all, argc, argv);
    const std::array<std::pair<std::string, std::function<std::string()>>, 4> pages = {{
        {"help", [&] { return help_page(all); }},
        {"version", [&] { return fmt::format("{} {}\n", own.name, version()); }},
        {"print-mdoc-options", [&] { return mdoc_options(all); }},
        {"print-completion", [&] { return bash_completion(all); }},
    }};
    for (const auto& [name, page] : pages)
        if (line.has(name)) {
            print(page());
            return ExitCode::ok;
        }

    const auto given = merge(all, line);
    for (std::size_t i = 0; i < own.options.size(); ++i) {
        const auto found = given.find(own.options[i].name);
        if (found == given.end()) continue;
        try {
            binding.set(i, found->second.texts);
            binding.check(i);
        } catch (const Error& e) {
            refuse(found->second.where + ": " + e.what());
        }
    }
    const Verbosity v = verbosity(given);
    if (line.has("print-config")) {
        print(config_page(own, binding, v));
        return ExitCode::ok;
    }
    for (const auto& o : own.options)
        if (o.required && !given.count(o.name)) refuse("--" + o.name + " is required");
    check_operands(own, line.operands);
    Context context{Log(own.name, v), describe(own, binding)};
    return body(line.operands, context);
}

}  // namespace

int run(const ProgramDoc& doc, const Binding& binding, int argc, const char* const* argv,
        const std::function<ExitCode(const std::vector<std::string>& operands, Context& context)>& body) {
    prepare_process();
    const auto fail = [&](ExitCode code, std::string_view reason) {
        write_line_to_stderr(doc.name, reason);
        return static_cast<int>(code);
    };
    try {
        const ExitCode code = answer(doc, binding, argc, argv, body);
        check_stdout();
        return static_cast<int>(code);
    } catch (const Error& e) {
        return fail(e.code(), e.what());
    } catch (const std::bad_alloc&) {
        return fail(ExitCode::unavailable, "out of memory");
    } catch (...) {  // what() of a foreign exception may quote patient data
        return fail(ExitCode::internal, "internal error");
    }
}

}  // namespace lge::cli
