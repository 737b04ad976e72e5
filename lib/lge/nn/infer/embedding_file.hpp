#pragma once
// Vectors of cases, slices and sentences as one safetensors file.
#include "lge/base/stream.hpp"
#include "lge/io/provenance.hpp"
#include "lge/io/records.hpp"

#include <map>
#include <string>
#include <vector>

namespace lge::nn {

/// Tensors "case", "slice" and "text" [N,E], as far as there are any; in the metadata "schema" (lge.embeddings/1), "history",
/// and for each tensor, in the order of its rows, "case_ids", "slice_ids" and "slices", or "text_ids" as JSON arrays.
class EmbeddingFile {
public:
    void add(io::EmbeddingRecord record);
    [[nodiscard]] Bytes encode(const io::History& history) const;

private:
    std::map<std::string, std::vector<io::EmbeddingRecord>> by_unit_;
};

}  // namespace lge::nn
