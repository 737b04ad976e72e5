#include "lge/nn/train/tensorboard.hpp"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <cstring>

namespace lge::nn {
namespace {

constexpr std::array<std::uint32_t, 256> crc_table = [] {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        table[i] = i;
        for (int bit = 0; bit < 8; ++bit) table[i] = table[i] >> 1 ^ (table[i] & 1 ? 0x82F63B78U : 0U);
    }
    return table;
}();

template <class Integer>
void put_little_endian(std::string& out, Integer value) {
    for (std::size_t byte = 0; byte < sizeof value; ++byte) out += static_cast<char>(value >> 8 * byte & 0xFF);
}

std::uint32_t masked(std::uint32_t crc) { return std::rotr(crc, 15) + 0xa282ead8U; }

// Protocol buffers: a field is its number and wire type, then its value.
void put_varint(std::string& out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
    out += static_cast<char>(value);
}
void put_key(std::string& out, unsigned field, unsigned wire_type) { put_varint(out, field << 3 | wire_type); }
void put_integer(std::string& out, unsigned field, std::uint64_t value) {
    put_key(out, field, 0);
    put_varint(out, value);
}
void put_double(std::string& out, unsigned field, double value) {
    put_key(out, field, 1);
    put_little_endian(out, std::bit_cast<std::uint64_t>(value));
}
void put_float(std::string& out, unsigned field, float value) {
    put_key(out, field, 5);
    put_little_endian(out, std::bit_cast<std::uint32_t>(value));
}
void put_bytes(std::string& out, unsigned field, std::string_view bytes) {
    put_key(out, field, 2);
    put_varint(out, bytes.size());
    out += bytes;
}

/// Event: wall_time 1, step 2, then one of file_version 3, summary 5, session_log 7.
std::string event_of(double wall_time, std::uint64_t step, unsigned what, std::string_view content) {
    std::string event;
    put_double(event, 1, wall_time);
    put_integer(event, 2, step);
    put_bytes(event, what, content);
    return event;
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes) noexcept {
    std::uint32_t crc = ~0U;
    for (const char c : bytes) crc = crc_table[(crc ^ static_cast<unsigned char>(c)) & 0xFF] ^ crc >> 8;
    return ~crc;
}

std::string frame_record(std::string_view bytes) {
    std::string frame;
    put_little_endian(frame, static_cast<std::uint64_t>(bytes.size()));
    put_little_endian(frame, masked(crc32c(frame)));
    frame += bytes;
    put_little_endian(frame, masked(crc32c(bytes)));
    return frame;
}

EventFile::EventFile(const std::filesystem::path& folder, std::uint64_t begin, double wall_time) {
    if (folder.empty()) return;
    for (unsigned number = 1; number < 1000000 && !file_; ++number) {
        const auto path = folder / fmt::format("events.out.tfevents.{:06}.lge", number);
        std::error_code error;
        if (std::filesystem::exists(path, error)) continue;
        file_.reset(std::fopen(path.c_str(), "wbxe"));
        if (!file_) return;
    }
    put(event_of(wall_time, 0, 3, "brain.Event:2"));
    std::string session;
    put_integer(session, 1, 1);  // status START: what is known of this step and later ones is void
    put(event_of(wall_time, begin + 1, 7, session));
    flush();
}

void EventFile::add(std::uint64_t step, double wall_time, std::span<const std::pair<std::string, double>> scalars) {
    std::string summary;
    for (const auto& [tag, value] : scalars) {
        std::string one;
        put_bytes(one, 1, tag);
        put_float(one, 2, static_cast<float>(value));
        put_bytes(summary, 1, one);
    }
    put(event_of(wall_time, step, 5, summary));
}

void EventFile::put(std::string_view event) {
    if (!file_) return;
    const std::string frame = frame_record(event);
    // Half a frame would hide all that comes after it.
    if (std::fwrite(frame.data(), 1, frame.size(), file_.get()) != frame.size()) file_.reset();
}

void EventFile::flush() {
    if (file_ && std::fflush(file_.get()) != 0) file_.reset();
}

}  // namespace lge::nn
