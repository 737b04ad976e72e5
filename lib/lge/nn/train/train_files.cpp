#include "lge/base/hash.hpp"
#include "lge/base/stream.hpp"
#include "lge/json/reader.hpp"
#include "lge/nn/train/train.hpp"

namespace lge::nn {

std::vector<std::string> read_files(const TrainFiles& files, TrainInput& input) {
    Sha256 all;
    std::vector<std::string> hashes;
    const auto read = [&](const std::string& path) {
        Bytes bytes = read_file(path);
        all.add(bytes);
        hashes.push_back(sha256(bytes));
        return bytes;
    };
    if (!files.captions.empty()) {
        input.captions = io::read_captions(read(files.captions), display_name(files.captions));
        if (input.captions.empty()) throw Error(ExitCode::bad_data, display_name(files.captions) + ": no captions");
    }
    for (const auto& path : files.cohorts) input.cohorts.push_back(io::decode_cohort(read(path), display_name(path)));
    if (!files.population.empty()) input.population = synth::load_population(files.population);
    if (!files.start.empty()) input.start = io::decode_safetensors(read(files.start), display_name(files.start));
    if (!files.encoder.empty()) input.encoder = io::decode_safetensors(read(files.encoder), display_name(files.encoder));
    if (!files.text_encoder.empty()) {
        input.text_encoder = read_bert_folder(files.text_encoder);
        all.add(input.text_encoder->weights.storage);
    }
    input.inputs_hash = all.hex();
    return hashes;
}

}  // namespace lge::nn
