#pragma once
// Event files that TensorBoard opens: TFRecord frames around Event messages, written by hand.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace lge::nn {

/// CRC-32C (Castagnoli, reflected polynomial 0x82F63B78).
std::uint32_t crc32c(std::string_view bytes) noexcept;

/// A TFRecord: length (uint64, little-endian), its masked checksum, the bytes, their masked checksum;
/// masked(c) = (c >> 15 | c << 17) + 0xa282ead8.
std::string frame_record(std::string_view bytes);

/// Scalars of steps, beside the run's metrics: a log that may end anywhere, so that it is appended to and never replaced.
class EventFile {
public:
    /// A new file "events.out.tfevents.NUMBER.lge" in `folder`, where NUMBER is the first that is free: TensorBoard reads them
    /// in this order, and forgets what earlier ones say of steps after `begin`. Empty `folder`: nothing is written.
    EventFile(const std::filesystem::path& folder, std::uint64_t begin, double wall_time);
    /// Tags and their values at `step`; NaN is written as NaN. A write that fails is passed over: the metrics hold the same.
    void add(std::uint64_t step, double wall_time, std::span<const std::pair<std::string, double>> scalars);
    void flush();

private:
    void put(std::string_view event);
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_{nullptr, std::fclose};
};

}  // namespace lge::nn
