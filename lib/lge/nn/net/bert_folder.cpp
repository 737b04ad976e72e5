#include "lge/nn/net/bert_folder.hpp"

#include "lge/json/reader.hpp"
#include "lge/nn/net/bert.hpp"
#include "lge/nn/net/vocabulary.hpp"
#include "lge/nn/net/weights.hpp"

#include <fmt/format.h>

namespace lge::nn {
namespace {

namespace fs = std::filesystem;

/// One JSON file of the folder; errors name it.
class File {
public:
    explicit File(const fs::path& path) : name_(path.filename().string()), bytes_(read_file(path.string())), document_(json::Limits{std::size_t{64} << 20, 64}) {}
    template <class F>
    void read(F f) {
        try {
            f(document_.parse(as_text(bytes_)));
        } catch (const Error& e) {
            throw Error(e.code(), fmt::format("{}: {}", name_, e.what()));
        }
    }

private:
    std::string name_;
    Bytes bytes_;
    json::Document document_;
};

/// Refuses a setting that is there with another value than `wanted`.
void need(const json::Value& v, std::string_view key, std::string_view wanted) {
    const auto found = v.text_if(key);
    if (found && *found != wanted) throw Error(ExitCode::unavailable, fmt::format("{} is not {}", key, wanted));
}

BertShape read_shape(const fs::path& folder) {
    BertShape s;
    File(folder / "config.json").read([&](const json::Value& v) {
        need(v, "model_type", "bert");
        need(v, "position_embedding_type", "absolute");
        s.vocabulary = v.integer("vocab_size");
        s.width = v.integer("hidden_size");
        s.layers = v.integer("num_hidden_layers");
        s.heads = v.integer("num_attention_heads");
        s.wide = v.integer("intermediate_size");
        s.places = v.integer("max_position_embeddings");
        s.kinds = v.integer_if("type_vocab_size").value_or(2);
        s.epsilon = v.number_if("layer_norm_eps").value_or(1e-12);
        const auto act = v.text_if("hidden_act").value_or("gelu");
        if (act != "gelu" && act != "relu") throw Error(ExitCode::unavailable, "hidden_act is neither gelu nor relu");
        s.relu = act == "relu";
    });
    const fs::path pooling = folder / "1_Pooling" / "config.json";
    if (fs::exists(pooling))
        File(pooling).read([&](const json::Value& v) {
            const bool first = v.boolean_if("pooling_mode_cls_token").value_or(false), mean = v.boolean_if("pooling_mode_mean_tokens").value_or(false);
            if (first == mean) throw Error(ExitCode::unavailable, "pooling is neither the mean nor the first token");
            s.pooling = first ? TextPooling::first : TextPooling::mean;
        });
    return s;
}

/// The parts of a tokenizer.json.
Tokenizer read_tokenizer(const fs::path& path) {
    BertRules rules;
    std::vector<std::string> pieces;
    File(path).read([&](const json::Value& v) {
        const json::Value model = v.get("model");
        need(model, "type", "WordPiece");
        rules.unknown = model.text_if("unk_token").value_or("[UNK]");
        rules.inside = model.text_if("continuing_subword_prefix").value_or("##");
        rules.longest_word = static_cast<std::size_t>(std::max<std::int64_t>(1, model.integer_if("max_input_chars_per_word").value_or(100)));
        model.get("vocab").each_member([&](std::string_view piece, const json::Value& number) {
            const auto n = number.integer();
            if (n < 0 || n > 10'000'000) throw Error(ExitCode::bad_data, "a piece's number is out of range");
            if (static_cast<std::size_t>(n) >= pieces.size()) pieces.resize(static_cast<std::size_t>(n) + 1);
            pieces[static_cast<std::size_t>(n)] = piece;
        });
        if (const auto normaliser = v.find("normalizer")) {
            need(*normaliser, "type", "BertNormalizer");
            rules.clean = normaliser->boolean_if("clean_text").value_or(true);
            rules.part_chinese = normaliser->boolean_if("handle_chinese_chars").value_or(true);
            rules.lower = normaliser->boolean_if("lowercase").value_or(true);
            rules.strip_accents = normaliser->boolean_if("strip_accents").value_or(rules.lower);
        } else {
            rules.clean = rules.part_chinese = rules.lower = rules.strip_accents = false;
        }
        if (const auto splitter = v.find("pre_tokenizer")) need(*splitter, "type", "BertPreTokenizer");
        rules.special.clear();
        if (const auto added = v.find("added_tokens")) added->each([&](const json::Value& a) { rules.special.emplace_back(a.text("content")); });
    });
    return Tokenizer::bert(std::move(pieces), std::move(rules));
}

/// A vocab.txt, one piece a line, with what tokenizer_config.json says.
Tokenizer read_vocabulary(const fs::path& folder) {
    BertRules rules;
    const fs::path config = folder / "tokenizer_config.json";
    if (fs::exists(config))
        File(config).read([&](const json::Value& v) {
            rules.lower = v.boolean_if("do_lower_case").value_or(true);
            rules.part_chinese = v.boolean_if("tokenize_chinese_chars").value_or(true);
            rules.strip_accents = v.boolean_if("strip_accents").value_or(rules.lower);
        });
    const Bytes file = read_file((folder / "vocab.txt").string());
    return Tokenizer::bert(lines_of(as_text(file)), std::move(rules));
}

std::string old_name(std::string name) {
    const auto swap_end = [&](std::string_view from, std::string_view to) {
        if (name.ends_with(from)) name.replace(name.size() - from.size(), from.size(), to);
    };
    swap_end("LayerNorm.weight", "LayerNorm.gamma");
    swap_end("LayerNorm.bias", "LayerNorm.beta");
    return name;
}

}  // namespace

BertFolder read_bert_folder(const fs::path& folder) {
    BertFolder found;
    found.shape = read_shape(folder);
    found.tokenizer = fs::exists(folder / "tokenizer.json") ? read_tokenizer(folder / "tokenizer.json") : read_vocabulary(folder);
    if (static_cast<std::int64_t>(found.tokenizer.size()) > found.shape.vocabulary) throw Error(ExitCode::bad_data, "config.json: vocab_size is smaller than the vocabulary");
    found.weights = io::read_safetensors((folder / "model.safetensors").string());
    return found;
}

void load_bert(Bert& bert, const io::Safetensors& file, const std::string& name) {
    torch::NoGradGuard no_grad;
    for (auto& [key, tensor] : tensors_of(bert)) {
        std::string found;
        for (const auto& candidate : {key, "bert." + key, old_name(key), "bert." + old_name(key)})
            if (found.empty() && file.tensors.contains(candidate)) found = candidate;
        Tensor target = tensor;
        put_tensor(target, tensor_of(file, found.empty() ? key : found, name), key, name);
    }
}

}  // namespace lge::nn
