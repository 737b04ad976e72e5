#include "lge/cli/pages.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

namespace lge::cli {
namespace {

constexpr std::size_t columns = 80;

/// The words of `text` from column `column` on, broken before `columns` and indented by `indent`.
std::string wrap(std::string_view text, std::size_t column, std::size_t indent) {
    std::string out;
    bool first = true;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        const std::string_view word = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (!first && column + 1 + word.size() > columns) {
            out += "\n" + std::string(indent, ' ');
            column = indent;
        } else if (!first) {
            out += ' ';
            ++column;
        }
        out += word;
        column += word.size();
        first = false;
    }
    return out + "\n";
}

/// `left`, then `right` wrapped in a column of its own, below when `left` reaches into it.
std::string row(const std::string& left, std::string_view right, std::size_t indent) {
    std::string out = "  " + left;
    if (out.size() + 2 > indent) out += "\n" + std::string(indent, ' ');
    else out.resize(indent, ' ');
    return out + wrap(right, indent, indent);
}

std::string usage_word(const Operand& o) {
    switch (o.arity) {
        case Arity::one: return o.name;
        case Arity::optional: return "[" + o.name + "]";
        case Arity::any: return "[" + o.name + " ...]";
        case Arity::some: return o.name + " ...";
    }
    return {};
}

std::vector<std::string> facts(const OptionDoc& o) {
    std::vector<std::string> all;
    if (o.required) all.emplace_back("required");
    if (o.repeatable) all.emplace_back("repeatable");
    if (!o.choices.empty()) all.push_back(fmt::format("{}", fmt::join(o.choices, ", ")));
    if (!o.range.empty()) all.push_back(o.range);
    if (!o.is_flag() && !o.fallback.empty()) all.push_back("default " + o.fallback);
    return all;
}

std::vector<std::string> groups(const ProgramDoc& d) {
    std::vector<std::string> names;
    for (const auto& o : d.options)
        if (std::find(names.begin(), names.end(), o.group) == names.end()) names.push_back(o.group);
    return names;
}

/// One argument of an mdoc macro.
std::string mdoc_word(std::string_view word) {
    std::string out;
    for (const char c : word) {
        if (c == '\\') out += "\\e";
        else if (c == '-') out += "\\-";
        else if (c == '"') out += "\\(dq";
        else out += c;
    }
    if (out.find(' ') != std::string::npos) return "\"" + out + "\"";
    const bool punctuation = out.size() == 1 && std::ispunct(static_cast<unsigned char>(out[0]));
    const bool callable = out.size() == 2 && std::isupper(static_cast<unsigned char>(out[0]));  // such as Fl or Ar
    return punctuation || callable ? "\\&" + out : out;
}

/// A line of text, or several: one a sentence.
std::string mdoc_text(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool line_start = out.empty() || out.back() == '\n';
        if (text[i] == '\\') out += "\\e";
        else if (line_start && (text[i] == '.' || text[i] == '\'')) out += std::string("\\&") + text[i];
        else if (text[i] == ' ' && i > 0 && text[i - 1] == '.' && i + 1 < text.size() && std::isupper(static_cast<unsigned char>(text[i + 1]))) out += '\n';
        else out += text[i];
    }
    return out + "\n";
}

std::string mdoc_list(const std::vector<std::string>& words) {
    std::string out;
    for (std::size_t i = 0; i < words.size(); ++i) {
        out += ".Cm " + mdoc_word(words[i]);
        if (i + 2 < words.size()) out += " ,\n";
        else if (i + 2 == words.size()) out += "\nor\n";
        else out += " .\n";
    }
    return out;
}

}  // namespace

std::string help_page(const ProgramDoc& d) {
    const std::string lead = "usage: " + d.name;
    std::string synopsis = "[options]";
    for (const auto& o : d.operands) synopsis += " " + usage_word(o);
    std::string out = lead + " " + wrap(synopsis, lead.size() + 1, lead.size() + 1) + "\n" + wrap(d.purpose, 0, 0);
    if (!d.operands.empty()) out += "\n";
    for (const auto& o : d.operands) out += row(o.name, o.brief, 16);
    for (const auto& group : groups(d)) {
        out += "\n" + (group.empty() ? "options" : group) + ":\n";
        for (const auto& o : d.options) {
            if (o.group != group) continue;
            std::string left = o.letter ? fmt::format("-{}, --{}", o.letter, o.name) : "    --" + o.name;
            if (!o.is_flag()) left += " " + o.value;
            const auto all = facts(o);
            out += row(left, all.empty() ? o.brief : fmt::format("{} [{}]", o.brief, fmt::join(all, "; ")), 30);
        }
    }
    return out;
}

std::string mdoc_options(const ProgramDoc& d) {
    std::string out;
    for (const auto& group : groups(d)) {
        if (!group.empty()) {
            std::string title = group;
            title[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(title[0])));
            out += ".Ss " + title + "\n";
        }
        out += ".Bl -tag -width Ds\n";
        for (const auto& o : d.options) {
            if (o.group != group) continue;
            out += ".It";
            if (o.letter) out += fmt::format(" Fl {} ,", o.letter);
            out += " Fl \\-" + mdoc_word(o.name);
            if (!o.is_flag()) out += " Ar " + mdoc_word(o.value);
            out += "\n" + mdoc_text(o.brief);
            if (o.required) out += "This option is required.\n";
            if (o.repeatable) out += "It may be given more than once.\n";
            if (!o.choices.empty()) out += fmt::format(".Ar {}\nis\n", mdoc_word(o.value)) + mdoc_list(o.choices);
            if (!o.range.empty()) out += "It takes " + mdoc_text(o.range + ".");
            if (!o.is_flag() && !o.fallback.empty()) out += "The default is\n.Cm " + mdoc_word(o.fallback) + " .\n";
        }
        out += ".El\n";
    }
    return out;
}

std::string bash_completion(const ProgramDoc& d) {
    std::string function = "_" + d.name;
    std::replace(function.begin(), function.end(), '-', '_');
    std::string words, cases;
    for (const auto& o : d.options) {
        words += (words.empty() ? "--" : " --") + o.name;
        if (o.is_flag()) continue;
        const std::string names = o.letter ? fmt::format("-{}|--{}", o.letter, o.name) : "--" + o.name;
        if (!o.choices.empty())
            cases += fmt::format("    {}) mapfile -t COMPREPLY < <(compgen -W '{}' -- \"$cur\"); return ;;\n", names, fmt::join(o.choices, " "));
        else if (o.value == "folder")
            cases += fmt::format("    {}) mapfile -t COMPREPLY < <(compgen -d -- \"$cur\"); return ;;\n", names);
        else if (o.value == "file")
            cases += fmt::format("    {}) mapfile -t COMPREPLY < <(compgen -f -- \"$cur\"); return ;;\n", names);
        else
            cases += fmt::format("    {}) return ;;\n", names);
    }
    // Bash splits --name=value at the equals sign.
    return fmt::format(R"(# bash completion for {0}
{1}() {{
  local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD-1]}}
  if [[ $prev == = ]]; then prev=${{COMP_WORDS[COMP_CWORD-2]}}; fi
  if [[ $cur == = ]]; then cur=; fi
  COMPREPLY=()
  case $prev in
{2}  esac
  if [[ $cur == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W '{3}' -- "$cur")
  else
    mapfile -t COMPREPLY < <(compgen -f -- "$cur")
  fi
}}
complete -o filenames -F {1} {0}
)", d.name, function, cases, words);
}

}  // namespace lge::cli
