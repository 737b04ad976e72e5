#include "lge/nn/infer/inputs.hpp"

#include "lge/base/hash.hpp"
#include "lge/base/stream.hpp"

#include <algorithm>
#include <filesystem>

namespace lge::nn {

Inputs::Inputs(std::vector<std::string> paths, cli::Shard shard) : paths_(std::move(paths)), shard_(shard) {
    if (std::count(paths_.begin(), paths_.end(), "-") > 1) throw Error(ExitCode::usage, "only one input can be standard input");
}
Inputs::~Inputs() = default;

std::optional<Item> Inputs::next() {
    if (ahead_) return std::exchange(ahead_, std::nullopt);
    for (;;) {
        auto item = read();
        if (!item) return item;
        if (!item->fault && !item->cohort && !ids_.insert(item->record.id).second) item->fault = Error(ExitCode::bad_data, item->name + ": another case has this one's id");
        if (shard_.has(item_++)) return item;
    }
}

const Item* Inputs::peek() {
    if (!ahead_) ahead_ = next();
    return ahead_ ? &*ahead_ : nullptr;
}

/// The next case of the input that is open, else of the one after it.
std::optional<Item> Inputs::read() {
    for (;;) {
        Item item;
        if (manifest_) {
            item.from = Item::From::manifest;
            auto record = attempt([&] { return manifest_->next(); });
            if (!record) {
                item.fault = record.error();
                return item;
            }
            if (record.value()) {
                item.record = std::move(*record.value());
                item.name = display_name(item.record.image);
                return item;
            }
            manifest_.reset();
        }
        if (cohort_) {
            if (case_ < cohort_->cases.size()) {
                item.from = Item::From::cohort;
                item.name = cohort_name_;
                item.record.id = cohort_->cases[case_].id;
                item.cohort = cohort_;
                item.number = case_++;
                item.sha256 = cohort_hash_;
                return item;
            }
            cohort_.reset();
        }
        if (path_ == paths_.size()) return std::nullopt;
        const std::string path = paths_[path_++];
        item.name = display_name(path);
        item.record.id = io::case_id(path);
        item.record.image = path;
        std::error_code error;
        if (path != "-" && std::filesystem::is_directory(path, error)) return item;
        const auto opened = attempt([&] {
            Input input(path);
            const auto head = input.peek(64);
            const auto text = as_text(head);
            const auto first = text.find_first_not_of(" \t\r\n");
            if (first != std::string_view::npos && text[first] == '{') {
                live_ = live_ || !input.size();
                manifest_.emplace(path, json::Lines(std::move(input)));
            } else if (io::looks_like_hdf5(head)) {
                const Bytes file = read_all(input);
                cohort_ = std::make_shared<const io::Cohort>(io::decode_cohort(file, item.name));
                cohort_name_ = item.name;
                cohort_hash_ = sha256(file);
                case_ = 0;
            } else if (!input.size()) {
                item.content = std::make_shared<const Bytes>(read_all(input));
            }
            return true;
        });
        if (!opened) item.fault = opened.error();
        if (!opened || (!manifest_ && !cohort_)) return item;
    }
}

}  // namespace lge::nn
