#include "lge/io/safetensors.hpp"

#include "lge/base/error.hpp"
#include "lge/io/seal.hpp"
#include "lge/json/reader.hpp"
#include "lge/json/writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace lge::io {
namespace {

constexpr std::size_t max_header = std::size_t{16} << 20, max_tensors = 100'000;
/// Stands once in a header, since quotes inside of texts are escaped; its value is the SHA-256 of the file with those
/// 64 digits as "0".
constexpr std::string_view seal = R"("sha256":")";

std::optional<std::uint64_t> element_size(std::string_view dtype) {
    constexpr std::array<std::pair<std::string_view, std::uint64_t>, 15> sizes{{
        {"F64", 8}, {"I64", 8}, {"U64", 8}, {"F32", 4}, {"I32", 4}, {"U32", 4}, {"F16", 2}, {"BF16", 2}, {"I16", 2}, {"U16", 2},
        {"I8", 1}, {"U8", 1}, {"BOOL", 1}, {"F8_E4M3", 1}, {"F8_E5M2", 1}}};
    for (const auto& [name, size] : sizes)
        if (name == dtype) return size;
    return std::nullopt;
}

/// Bytes that a tensor takes, or nothing when its type is unknown, a length is negative or the product too large.
std::optional<std::uint64_t> tensor_bytes(const TensorView& t) {
    auto bytes = element_size(t.dtype);
    if (!bytes) return std::nullopt;
    for (const std::int64_t n : t.shape)
        if (n < 0 || __builtin_mul_overflow(*bytes, static_cast<std::uint64_t>(n), &*bytes)) return std::nullopt;
    return bytes;
}

std::array<std::byte, 8> little(std::uint64_t v) {
    std::array<std::byte, 8> b;
    for (std::size_t i = 0; i < 8; ++i) b[i] = static_cast<std::byte>(v >> (8 * i) & 0xffU);
    return b;
}

using Extent = std::pair<std::uint64_t, std::uint64_t>;

TensorView parse_tensor(json::Value v, std::span<const std::byte> data, std::vector<Extent>& extents) {
    TensorView t;
    t.dtype = v.text("dtype");
    v.get("shape").each([&](json::Value n) { t.shape.push_back(n.integer()); });
    std::vector<std::int64_t> offsets;
    v.get("data_offsets").each([&](json::Value n) { offsets.push_back(n.integer()); });
    const auto bytes = tensor_bytes(t);
    if (!bytes) throw Error(ExitCode::bad_data, "a tensor has an unknown type or a shape that is out of range");
    if (offsets.size() != 2 || offsets[0] < 0 || offsets[1] < offsets[0] || static_cast<std::uint64_t>(offsets[1]) > data.size())
        throw Error(ExitCode::bad_data, "a tensor lies outside of the file");
    const Extent e{static_cast<std::uint64_t>(offsets[0]), static_cast<std::uint64_t>(offsets[1])};
    if (e.second - e.first != *bytes) throw Error(ExitCode::bad_data, "a tensor's offsets do not fit its shape");
    extents.push_back(e);
    t.bytes = data.subspan(e.first, *bytes);
    return t;
}

void parse(Safetensors& out) {
    const std::span<const std::byte> file(out.storage);
    std::uint64_t length = 0;
    if (file.size() < sizeof length) throw Error(ExitCode::bad_data, "cut short");
    for (std::size_t i = 0; i < sizeof length; ++i) length |= std::to_integer<std::uint64_t>(file[i]) << (8 * i);
    if (length > max_header || length > file.size() - sizeof length) throw Error(ExitCode::bad_data, "not a safetensors file, or cut short");
    const auto header = as_text(file.subspan(sizeof length, length));
    if (!header.starts_with('{')) throw Error(ExitCode::bad_data, "not a safetensors file");
    const auto data = file.subspan(sizeof length + length);

    const auto sealed = header.find(seal);
    if (sealed != std::string_view::npos) {
        const auto digits_at = sealed + seal.size();
        if (header.size() - digits_at < seal_digits || header.substr(digits_at, seal_digits) != seal_of(file, sizeof length + digits_at))
            throw Error(ExitCode::bad_data, "damaged: its SHA-256 does not match");
    }
    json::Document document({.line_bytes = max_header, .depth = 8});
    std::vector<Extent> extents;
    document.parse(header).each_member([&](std::string_view key, json::Value v) {
        if (key == "__metadata__") {
            v.each_member([&](std::string_view name, json::Value text) { out.metadata.emplace(name, text.text()); });
            return;
        }
        if (out.tensors.size() == max_tensors) throw Error(ExitCode::bad_data, fmt::format("more than {} tensors", max_tensors));
        out.tensors.emplace(key, parse_tensor(v, data, extents));
    });
    const auto schema = out.metadata.find("schema");
    const bool ours = schema != out.metadata.end() && schema->second.starts_with("lge.");
    if (sealed == std::string_view::npos && (ours || out.metadata.contains("sha256"))) throw Error(ExitCode::bad_data, "its SHA-256 is missing");

    std::sort(extents.begin(), extents.end());
    std::uint64_t next = 0;
    for (const auto& [start, end] : extents) {
        if (start != next) throw Error(ExitCode::bad_data, "tensors overlap or leave a gap");
        next = end;
    }
    if (next != data.size()) throw Error(ExitCode::bad_data, "bytes that belong to no tensor, or cut short");
}

}  // namespace

Safetensors decode_safetensors(Bytes file, const std::string& name) {
    Safetensors out;
    out.storage = std::move(file);
    try {
        parse(out);
    } catch (const Error& e) {
        throw Error(e.code(), fmt::format("{}: {}", name, e.what()));
    }
    return out;
}

Safetensors read_safetensors(const std::string& path) {
    Input input(path);
    return decode_safetensors(read_all(input), input.name());
}

Bytes encode_safetensors(const Safetensors& s) {
    // Wide elements first, so that every tensor is aligned for its type.
    std::vector<std::pair<std::string_view, const TensorView*>> order;
    for (const auto& [name, t] : s.tensors) {
        if (name == "__metadata__" || tensor_bytes(t) != t.bytes.size()) throw Error(ExitCode::internal, "a tensor's bytes do not fit its shape");
        order.emplace_back(name, &t);
    }
    std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return *element_size(a.second->dtype) > *element_size(b.second->dtype); });
    std::map<std::string_view, Extent> extents;
    std::uint64_t next = 0;
    for (const auto& [name, t] : order) {
        extents[name] = {next, next + t->bytes.size()};
        next += t->bytes.size();
    }

    auto metadata = s.metadata;
    metadata["sha256"] = std::string(seal_digits, '0');
    json::Writer w;
    w.object().key("__metadata__").object();
    for (const auto& [key, text] : metadata) w.key(key).text(text);
    w.end();
    for (const auto& [name, t] : s.tensors) {
        w.key(name).object().key("dtype").text(t.dtype).key("shape").array();
        for (const std::int64_t n : t.shape) w.integer(n);
        const auto [start, end] = extents[name];
        w.end().key("data_offsets").array().integer(static_cast<std::int64_t>(start)).integer(static_cast<std::int64_t>(end)).end().end();
    }
    std::string header = w.end().take();
    header.resize((header.size() + 7) / 8 * 8, ' ');
    if (header.size() > max_header) throw Error(ExitCode::bad_data, "metadata of a model are longer than 16 MiB");

    Bytes out;
    out.reserve(8 + header.size() + next);
    const auto put = [&](std::span<const std::byte> bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); };
    put(little(header.size()));
    put(as_bytes(header));
    for (const auto& [name, t] : order) put(t->bytes);
    put_seal(out, 8 + header.find(seal) + seal.size());
    return out;
}

}  // namespace lge::io
