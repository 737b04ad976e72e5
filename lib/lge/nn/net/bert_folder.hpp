#pragma once
// A text encoder's folder as Hugging Face's libraries write it. For use inside nn and its tests.
#include "lge/io/safetensors.hpp"
#include "lge/nn/net/model.hpp"

#include <filesystem>

namespace lge::nn {

struct BertFolder {
    BertShape shape;
    Tokenizer tokenizer;
    io::Safetensors weights;
};
/// Reads config.json, model.safetensors, tokenizer.json (or vocab.txt, with the switches of tokenizer_config.json where it
/// stands) and, where it stands, 1_Pooling/config.json; without that the mean is taken. no_input when a file is missing,
/// bad_data when one is damaged, unavailable when it asks for what BERT has not (another model_type, normaliser, pooling).
BertFolder read_bert_folder(const std::filesystem::path& folder);

struct Bert;
/// Fills `bert` from the file, whether its names begin with "bert." or not, and end as of old (gamma, beta) or as today.
void load_bert(Bert& bert, const io::Safetensors& file, const std::string& name);

}  // namespace lge::nn
