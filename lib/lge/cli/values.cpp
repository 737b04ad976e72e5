#include "lge/cli/program.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <cmath>

namespace lge::cli {
namespace {

[[noreturn]] void refuse(const std::string& reason) { throw Error(ExitCode::usage, reason); }

template <class T>
void parse_number(std::string_view text, T& out, std::string_view kind) {
    T v{};
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), v);
    if (ec == std::errc::result_out_of_range) refuse(fmt::format("'{}' is out of range", text));
    if (ec != std::errc{} || end != text.data() + text.size()) refuse(fmt::format("wanted {}, got '{}'", kind, text));
    out = v;
}

constexpr std::string_view whole = "a whole number", natural = "a whole number without a sign";

}  // namespace

std::string show(bool v) { return v ? "true" : "false"; }
std::string show(std::int64_t v) { return fmt::format("{}", v); }
std::string show(std::uint64_t v) { return fmt::format("{}", v); }
std::string show(double v) { return fmt::format("{}", v); }

void parse(std::string_view text, bool& out) {
    if (text != "true" && text != "false") refuse(fmt::format("wanted true or false, got '{}'", text));
    out = text == "true";
}
void parse(std::string_view text, int& out) { parse_number(text, out, whole); }
void parse(std::string_view text, unsigned& out) { parse_number(text, out, natural); }
void parse(std::string_view text, std::int64_t& out) { parse_number(text, out, whole); }
void parse(std::string_view text, std::uint64_t& out) { parse_number(text, out, natural); }
void parse(std::string_view text, double& out) {
    double v = 0;
    parse_number(text, v, "a number");
    if (!std::isfinite(v)) refuse(fmt::format("wanted a finite number, got '{}'", text));
    out = v;
}
void parse(std::string_view text, std::string& out) { out = text; }
void parse(std::string_view text, std::filesystem::path& out) { out = text; }

void refuse_choice(std::string_view text, const std::vector<std::string>& choices) {
    refuse(fmt::format("wanted one of {}, got '{}'", fmt::join(choices, ", "), text));
}

std::string describe_range(double low, double high) {
    if (high == unbounded) return low == -unbounded ? std::string() : fmt::format("{} or more", low);
    if (low == -unbounded) return fmt::format("{} or less", high);
    return fmt::format("{} to {}", low, high);
}
void refuse_range(const std::string& range, const std::string& given) { refuse(fmt::format("wanted {}, got {}", range, given)); }

Shard parse_shard(std::string_view text) {
    const auto slash = text.find('/');
    Shard shard;
    try {
        parse_number(text.substr(0, slash), shard.index, natural);
        parse_number(slash == std::string_view::npos ? std::string_view() : text.substr(slash + 1), shard.count, natural);
    } catch (const Error&) {
        shard.index = 0;
    }
    if (shard.index < 1 || shard.index > shard.count) refuse(fmt::format("--shard: wanted i/n with 1 <= i <= n, got '{}'", text));
    --shard.index;
    return shard;
}

}  // namespace lge::cli
