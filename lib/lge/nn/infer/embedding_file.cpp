#include "lge/nn/infer/embedding_file.hpp"

#include "lge/io/safetensors.hpp"

namespace lge::nn {

void EmbeddingFile::add(io::EmbeddingRecord record) { by_unit_[record.unit].push_back(std::move(record)); }

Bytes EmbeddingFile::encode(const io::History& history) const {
    io::Safetensors file;
    file.metadata["schema"] = "lge.embeddings/1";
    file.metadata["history"] = history.json();
    std::map<std::string, std::vector<float>> rows;
    for (const auto& [unit, records] : by_unit_) {
        json::Writer ids, slices;
        ids.array();
        slices.array();
        auto& numbers = rows[unit];
        for (const auto& r : records) {
            ids.text(r.id);
            if (r.slice) slices.integer(*r.slice);
            numbers.insert(numbers.end(), r.vector.begin(), r.vector.end());
        }
        file.metadata[unit + "_ids"] = ids.end().str();
        if (unit == "slice") file.metadata["slices"] = slices.end().str();
        const auto n = static_cast<std::int64_t>(records.size());
        file.tensors[unit] = {"F32", {n, static_cast<std::int64_t>(numbers.size()) / n}, std::as_bytes(std::span(numbers))};
    }
    return io::encode_safetensors(file);
}

}  // namespace lge::nn
