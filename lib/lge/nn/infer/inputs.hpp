#pragma once
// What a command line names, one case at a time.
#include "lge/base/error.hpp"
#include "lge/base/log.hpp"
#include "lge/base/parallel.hpp"
#include "lge/base/result.hpp"
#include "lge/cli/program.hpp"
#include "lge/io/cohort.hpp"
#include "lge/io/records.hpp"

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace lge::nn {

/// An image, a case of a manifest, or a case of a cohort.
struct Item {
    enum class From : std::uint8_t { image, manifest, cohort } from = From::image;
    std::string name;                          // for messages: a file's, or "FILE:LINE"
    io::CaseRecord record;                     // id and paths; of a cohort's case the id alone
    std::shared_ptr<const Bytes> content;      // of an image that can be read only once
    std::shared_ptr<const io::Cohort> cohort;  // of a cohort's case,
    std::size_t number = 0;                    // which of its cases it is,
    std::string sha256;                        // and its file's hash
    std::optional<Error> fault;                // what keeps it from being read
};

/// The cases of inputs in turn: each is an image (a NIfTI, NRRD or MetaImage file or a folder of DICOM slices), a manifest or
/// a cohort, told by content; "-" is standard input. A manifest is read line by line, a cohort whole, an image not at all.
/// An image whose id an earlier one has is a fault: files of results are named after it.
class Inputs {
public:
    explicit Inputs(std::vector<std::string> paths, cli::Shard shard = {});
    ~Inputs();
    /// The next case of the shard; what cannot be read is a case with a fault.
    std::optional<Item> next();
    /// The case that next() will give, or null.
    const Item* peek();
    /// A single writer feeds standard input, perhaps slowly: reading ahead would keep results from its reader.
    [[nodiscard]] bool live() const { return live_; }
    /// Other shards have the rest.
    [[nodiscard]] bool shared_out() const { return shard_.count > 1; }

private:
    std::optional<Item> read();
    std::set<std::string, std::less<>> ids_;
    std::vector<std::string> paths_;
    cli::Shard shard_;
    std::size_t path_ = 0, item_ = 0;
    bool live_ = false;
    std::optional<io::Manifest> manifest_;
    std::shared_ptr<const io::Cohort> cohort_;
    std::string cohort_name_, cohort_hash_;
    std::size_t case_ = 0;
    std::optional<Item> ahead_;
};

/// Faults that --keep-going passes over: the input's, not the tool's.
inline bool is_fault_of_input(const Error& e) { return e.code() == ExitCode::bad_data || e.code() == ExitCode::no_input; }

/// make(item) on `threads` threads (one where the input is live) and take(item, made) in order. With `keep_going` a case that
/// is missing or bad is told of and left out, and the status is bad_data.
template <class Make, class Take>
ExitCode each_case(Inputs& inputs, unsigned threads, bool keep_going, const Log& log, Make make, Take take) {
    using Made = decltype(make(std::declval<const Item&>()));
    using Pair = std::pair<Item, Result<Made>>;
    ExitCode status = ExitCode::ok;
    ordered_parallel(
        inputs.live() ? 1 : thread_count(threads), [&] { return inputs.next(); },
        [&](Item item) {
            auto made = attempt([&]() -> Made {
                if (item.fault) throw *item.fault;
                return make(std::as_const(item));
            });
            return Pair(std::move(item), std::move(made));
        },
        [&](Pair done) {
            if (done.second) return take(done.first, std::move(done.second).value());
            const Error& error = done.second.error();
            if (!keep_going || !is_fault_of_input(error)) throw Error(error);
            log.warn("{}; left out", error.what());
            status = ExitCode::bad_data;
        });
    return status;
}

}  // namespace lge::nn
