// lge-train - train the segmentation network, or align images with sentences
#include "lge/base/process.hpp"
#include "lge/cli/program.hpp"
#include "lge/io/provenance.hpp"
#include "lge/nn/net/vocabulary.hpp"
#include "lge/nn/train/train.hpp"

#include <algorithm>

namespace {

using lge::ExitCode;
using lge::cli::number;
using lge::cli::option;
using lge::nn::Task;

struct Options : lge::cli::OutputOptions, lge::cli::ThreadOptions, lge::nn::Learning {
    Options() { output.clear(); }
    Task task = Task::segment;
    std::filesystem::path run_dir;
    // data
    std::string population, captions, init, init_encoder, mix, prior = "clinical", hold_out_list;
    double hold_out = 0.15, gate = 3;
    // the network, where the task's usual one is not wanted
    std::optional<unsigned> size;
    std::optional<lge::Mm> spacing;
    std::optional<lge::nn::NetworkSize> network_size;
    std::optional<lge::nn::NormKind> norm;
    std::vector<lge::nn::Head> heads;
    std::optional<lge::nn::InputKind> input;
    std::optional<lge::nn::Tower> tower;
    std::optional<lge::nn::Contrast> contrast;
    std::string text_encoder, vocabulary;
    bool freeze_text = false;
    // the run, where the task's usual one is not wanted
    std::optional<std::uint64_t> steps, batch;
    std::optional<lge::nn::Precision> precision;
    lge::nn::DeviceChoice device = lge::nn::DeviceChoice::automatic;
};

const lge::cli::Program<Options> program{
    .name = "lge-train",
    .purpose = "train the segmentation network, or align images with sentences",
    .operands = {{"cohort", "cohorts to learn from (.h5), one of them may be -", lge::cli::Arity::any}},
    .options = lge::cli::table<Options>({
        {option<Options>("task", 't', "task", &Options::task, "What to learn: label maps, or which sentences belong to which images.").required(),
         option<Options>("run-dir", 0, "folder", &Options::run_dir, "Folder of checkpoints and metrics; a run that was stopped goes on from it.").required()},
        lge::cli::output_options<Options>("Model file to write; without it, model.safetensors in the run's folder."),
        {option<Options>("population", 0, "name", &Options::population, "Draw phantoms of this population as training goes: wide, hard, mild or a file.").in_group("data"),
         option<Options>("mix", 0, "weights", &Options::mix, "Where samples come from, as real=1,synth=2,phantom=1: the cohorts' cases, scars drawn into those without (align), phantoms of the population. Without it real and phantom alike, of what there is.").in_group("data"),
         option<Options>("prior", 0, "prior", &Options::prior, "Which scars are drawn (align): uniform, clinical or a file of lge-synth --fit.").in_group("data"),
         number<Options>("gate", 0, "SD", &Options::gate, 0, 100, "Contrast over remote wall that drawn scars must have (align); 0: any.").in_group("data"),
         option<Options>("captions", 0, "file", &Options::captions, "Sentences as lge.caption/1 records, instead of those in the cohorts (align).").in_group("data"),
         option<Options>("init", 0, "file", &Options::init, "Model of the same task to start from, with its network, window and vocabulary.").in_group("data"),
         option<Options>("init-encoder", 0, "file", &Options::init_encoder, "Segmentation model whose encoder is the start (align).").in_group("data"),
         option<Options>("input", 0, "kind", &Options::input, "What the image tower looks at (align): the canonical image, or the wall unwrapped into a strip by the label map.").in_group("data"),
         option<Options>("tower", 0, "kind", &Options::tower, "What looks at canonical images (align): the segmentation network's encoder, or a vision transformer of patches of 16 pixels; without it unet.").in_group("data"),
         option<Options>("text-encoder", 0, "folder", &Options::text_encoder, "BERT-family encoder that reads the sentences (align), as Hugging Face's libraries save it; without it a small transformer learns to.").in_group("data"),
         option<Options>("freeze-text", 0, "", &Options::freeze_text, "The encoder of --text-encoder keeps its weights, and only a map behind it learns.").in_group("data"),
         option<Options>("vocabulary", 0, "file", &Options::vocabulary, "Pieces of words (align), as a vocab.txt of lower-case text; without it the shipped ones.").in_group("data"),
         number<Options>("hold-out", 0, "share", &Options::hold_out, 0, 0.9, "Share of the cases kept for measured figures and thresholds, chosen by their ids.").in_group("data"),
         option<Options>("hold-out-list", 0, "file", &Options::hold_out_list, "The ids to keep instead, one a line.").in_group("data"),
         number<Options>("any-pose", 0, "share", &Options::any_pose, 0, 1, "Share of the cases seen in any turn and mirrored, from which no place is learned (align).").in_group("data"),
         number<Options>("size", 0, "pixels", &Options::size, 32, 1024, "Side of the image window; without it 128 (segment) or 96 (align).").in_group("data"),
         number<Options>("spacing", 0, "mm", &Options::spacing, 0.1, 20, "Distance of the window's pixels; without it 1.5 (segment) or 1 (align).").in_group("data"),
         number<Options>("views", 0, "count", &Options::views, 1, 4, "Windows of each drawn heart, each in a pose of its own: less drawing, less variety (segment).").in_group("data"),
         number<Options>("odd-contrast", 0, "share", &Options::odd_contrast, 0, 1, "Share of the samples whose light and dark are exchanged or bent by a wave, as no scanner would (segment).").in_group("data"),
         option<Options>("network-size", 0, "size", &Options::network_size, "The segmentation network: about 1, 6 or 25 million weights (segment); without it s.").in_group("network"),
         option<Options>("norm", 0, "kind", &Options::norm, "What its maps are normalised over, of each image: one channel or groups of channels (segment); without it instance.").in_group("network"),
         option<Options>("head", 0, "kind", &Options::heads, "What else it tells (segment): heat maps of the RV insertions, the pose of a slice; given once for each.").in_group("network"),
         number<Options>("insertion-weight", 0, "weight", &Options::insertion_weight, 0, 1000, "Of the loss of --head insertions beside that of the classes.").in_group("learning"),
         number<Options>("pose-weight", 0, "weight", &Options::pose_weight, 0, 1000, "Of the loss of --head pose.").in_group("learning"),
         number<Options>("label-smoothing", 0, "share", &Options::label_smoothing, 0, 0.5, "Share of a pixel's truth that is spread over all classes (segment).").in_group("learning"),
         number<Options>("finding-weight", 0, "weight", &Options::finding, 0, 1000, "Of the contrastive loss (align): which sentence belongs to which slice or case.").in_group("learning"),
         number<Options>("answer-weight", 0, "weight", &Options::answer, 0, 1000, "Of the loss of presence (align): on which side of the sentences a slice or case lies.").in_group("learning"),
         number<Options>("scar-weight", 0, "weight", &Options::scar, 0, 1000, "Of the loss of place (align, strips of drawn hearts): where in the wall the scar is.").in_group("learning"),
         number<Options>("clause-weight", 0, "weight", &Options::clause, 0, 1000, "Of the segment-wise loss (align): which clause about an AHA segment belongs to its sector.").in_group("learning"),
         number<Options>("caption-weight", 0, "weight", &Options::caption, 0, 1000, "Of the captioning loss (align): the slice's sentence, written token after token; above 0 the model can write captions.").in_group("learning"),
         option<Options>("own-only", 0, "", &Options::own_only, "A sentence is true of its own image alone, as in plain CLIP (align).").in_group("learning"),
         option<Options>("no-hard-negatives", 0, "", &Options::no_hard_negatives, "Leave out the sentences that are changed in one field (align).").in_group("learning"),
         option<Options>("contrast", 0, "kind", &Options::contrast, "Contrastive loss (align): softmax over the batch, or each pair by itself with a sigmoid; without it softmax.").in_group("learning"),
         number<Options>("steps", 0, "count", &Options::steps, 1, 1e8, "Steps of the whole run; without it 800 (segment) or 300 (align).").in_group("learning"),
         number<Options>("batch", 0, "count", &Options::batch, 1, 65536, "Slices (segment) or cases (align) a step; without it 16 or 12.").in_group("learning"),
         number<Options>("learning-rate", 0, "rate", &Options::learning_rate, 1e-7, 1, "Highest rate.").in_group("learning"),
         number<Options>("warm-up", 0, "share", &Options::warm_up, 0, 1, "Share of the steps in which the rate rises, before its cosine to 0.").in_group("learning"),
         number<Options>("weight-decay", 0, "rate", &Options::weight_decay, 0, 1, "Decay of the weights, a step at rate 1.").in_group("learning"),
         number<Options>("clip", 0, "norm", &Options::clip, 1e-6, 1e6, "Largest norm of the gradient.").in_group("learning"),
         number<Options>("average", 0, "share", &Options::average, 0, 0.99999, "Share that the averaged weights keep at a step.").in_group("learning"),
         option<Options>("precision", 0, "type", &Options::precision, "Number type of convolutions and matrix products, weights stay fp32; without it bf16 (segment) or fp32 (align). A CPU without bf16 in hardware computes in fp32.").in_group("learning"),
         number<Options>("nan-limit", 0, "count", &Options::nan_limit, 1, 1e6, "Give up after so many steps in a row without a finite loss.").in_group("learning"),
         number<Options>("accumulate", 0, "parts", &Options::accumulate, 1, 65536, "Keep the activations of a part of the batch at a time and compute them twice: the same gradient in less memory.").in_group("learning"),
         number<Options>("validate-every", 0, "steps", &Options::validate_every, 0, 1e8, "Steps between scores of the averaged weights on the cases held out; the best weights become the model. 0: never.").in_group("learning"),
         number<Options>("patience", 0, "count", &Options::patience, 0, 1e6, "End early after so many validations without a better score; 0: never.").in_group("learning"),
         option<Options>("overfit-one-batch", 0, "", &Options::overfit_one_batch, "Show the first batch at every step: its loss must fall to almost nothing where all is well.").in_group("run"),
         option<Options>("dry-run", 0, "", &Options::dry_run, "Say what a step costs in parameters, operations and memory, and end before the first.").in_group("run"),
         number<Options>("save-every", 0, "steps", &Options::save_every, 1, 1e8, "Steps between checkpoints.").in_group("run"),
         number<Options>("stop-after", 0, "steps", &Options::stop_after, 0, 1e8, "Checkpoint and end with status 75 after so many steps of this call; 0: never.").in_group("run"),
         option<Options>("device", 0, "device", &Options::device, "Where to compute.").in_group("run")},
        {lge::cli::seed_option<Options>(), lge::cli::thread_option<Options>()},
    }),
};

/// Options of the other task are refused, so that none is silently without effect.
void check(const Options& o, const std::vector<std::string>& cohorts) {
    const auto refuse = [](bool wrong, const char* reason) { if (wrong) throw lge::Error(ExitCode::usage, reason); };
    const bool segment = o.task == Task::segment;
    refuse(segment && !o.captions.empty(), "--captions goes with --task align");
    refuse(segment && !o.init_encoder.empty(), "--init-encoder goes with --task align");
    refuse(!o.init.empty() && (!o.init_encoder.empty() || o.network_size || o.norm || o.input || o.tower || o.contrast || !o.text_encoder.empty() || !o.vocabulary.empty()),
           "--init brings its network: wanted no --init-encoder, --network-size, --norm, --input, --tower, --contrast, --text-encoder and --vocabulary");
    refuse(!segment && (o.network_size || o.norm), "--network-size and --norm go with --task segment");
    refuse(!segment && (o.label_smoothing > 0 || o.odd_contrast > 0 || o.views > 1), "--label-smoothing, --odd-contrast and --views go with --task segment");
    refuse(!segment && !o.heads.empty(), "--head goes with --task segment");
    const auto lacks = [&](lge::nn::Head head) { return std::find(o.heads.begin(), o.heads.end(), head) == o.heads.end(); };
    refuse(o.insertion_weight != Options().insertion_weight && lacks(lge::nn::Head::insertions), "--insertion-weight goes with --head insertions");
    refuse(o.pose_weight != Options().pose_weight && lacks(lge::nn::Head::pose), "--pose-weight goes with --head pose");
    refuse(o.views > 1 && o.population.empty(), "--views goes with --population");
    refuse(segment && o.input, "--input goes with --task align");
    refuse(segment && (o.tower || o.contrast || !o.text_encoder.empty() || !o.vocabulary.empty()), "--tower, --contrast, --text-encoder and --vocabulary go with --task align");
    refuse(o.tower && o.input != lge::nn::InputKind::image, "--tower goes with --input image");
    refuse(o.freeze_text && o.text_encoder.empty(), "--freeze-text goes with --text-encoder");
    refuse(!o.vocabulary.empty() && !o.text_encoder.empty(), "--text-encoder has a vocabulary of its own; wanted no --vocabulary");
    refuse(segment && o.caption > 0, "--caption-weight goes with --task align");
    refuse(!segment && o.input != lge::nn::InputKind::image && (o.size || o.spacing), "--size and --spacing go with images; a strip has a size of its own");
    refuse(o.patience > 0 && o.validate_every == 0, "--patience goes with --validate-every");
    const Options plain;
    refuse(segment && (o.prior != plain.prior || o.gate != plain.gate || o.any_pose != plain.any_pose), "--prior, --gate and --any-pose go with --task align");
    refuse(segment && (o.finding != plain.finding || o.answer != plain.answer || o.scar != plain.scar), "--finding-weight, --answer-weight and --scar-weight go with --task align");
    refuse(!segment && o.finding + o.answer + o.scar + o.clause + o.caption == 0, "nothing to learn: every weight of the objective is 0");
    refuse(o.input == lge::nn::InputKind::image && o.scar != plain.scar && o.scar != 0, "--scar-weight goes with --input strip");
    refuse(cohorts.empty() && (o.hold_out != plain.hold_out || !o.hold_out_list.empty() || !o.captions.empty()), "--hold-out, --hold-out-list and --captions go with a cohort");
    refuse(o.hold_out != plain.hold_out && !o.hold_out_list.empty(), "wanted either --hold-out or --hold-out-list");
    refuse(segment && (o.own_only || o.no_hard_negatives || o.clause != plain.clause), "--own-only, --no-hard-negatives and --clause-weight go with --task align");
    if (!o.mix.empty()) {
        const auto mix = lge::nn::parse_mix(o.mix);
        refuse(segment && mix.synth > 0, "--mix: synth goes with --task align");
        refuse(mix.phantom > 0 && o.population.empty(), "--mix: phantom goes with --population");
        refuse((mix.real > 0 || mix.synth > 0) && cohorts.empty(), "--mix: real and synth go with a cohort");
        refuse(mix.phantom == 0 && !o.population.empty(), "--mix leaves out the phantoms of --population");
        refuse(mix.real == 0 && mix.synth == 0 && !cohorts.empty(), "--mix leaves out the cohorts");
    }
    refuse(cohorts.empty() && o.population.empty(), "nothing to learn from: wanted a cohort or --population");
}

/// What to build: the network of --init, or that of the options.
lge::nn::Description description_of(const Options& o, const std::optional<lge::io::Safetensors>& start) {
    lge::nn::Description d = lge::nn::usual_description(o.task);
    if (start) d = lge::nn::parse_description(start->metadata, o.task, lge::display_name(o.init));
    else if (o.task == Task::align && o.text_encoder.empty())
        d.tokenizer = lge::nn::Tokenizer(lge::nn::read_pieces(o.vocabulary.empty() ? lge::shared_file("text/vocabulary.txt").string() : o.vocabulary));
    if (o.network_size) d.widths = lge::nn::widths_of(*o.network_size);
    d.norm = o.norm.value_or(d.norm);
    d.input = o.input.value_or(d.input);
    d.tower = o.tower.value_or(d.tower);
    d.contrast = o.contrast.value_or(d.contrast);
    for (const auto head : o.heads) d.heads.add(head);
    d.size = o.size.value_or(d.size);
    d.spacing_mm = o.spacing.value_or(lge::Mm{d.spacing_mm}).value;
    return d;
}

ExitCode train(const Options& o, const std::vector<std::string>& operands, lge::cli::Context& context) {
    check(o, operands);
    const bool segment = o.task == Task::segment;
    lge::nn::Recipe recipe(o.task, o);
    recipe.steps = o.steps.value_or(recipe.steps);
    recipe.batch = o.batch.value_or(recipe.batch);
    recipe.precision = o.precision.value_or(recipe.precision);
    recipe.folder = o.run_dir;

    lge::nn::TrainInput input;
    input.world = lge::nn::world_of_environment();
    std::optional<lge::Output> output;
    if (input.world.rank == 0 && !o.dry_run) {
        lge::make_folder(o.run_dir);
        output.emplace(o.output.empty() ? (o.run_dir / "model.safetensors").string() : o.output, o.force ? lge::Overwrite::yes : lge::Overwrite::no);
        output->refuse_terminal();
    }
    if (!o.dry_run) input.peers = lge::nn::meet(input.world);
    // Several processes say the same; the first says it for all.
    const lge::Log log(context.log.program(), input.world.rank == 0 ? context.log.verbosity() : lge::Verbosity::quiet);
    if (!o.mix.empty()) input.mix = lge::nn::parse_mix(o.mix);
    input.prior = lge::synth::load_prior(o.prior);
    input.gate_sd = o.gate;
    input.hold_out = o.hold_out;
    if (!o.hold_out_list.empty()) input.held_out_ids = lge::nn::read_ids(o.hold_out_list);
    input.device = o.device;
    input.threads = o.threads;
    input.freeze_text = o.freeze_text;
    const auto hashes = lge::nn::read_files({o.captions, operands, o.population, o.init, o.init_encoder, o.text_encoder}, input);
    const auto& [tool, version, options] = context.invocation;
    recipe.config = lge::io::History{tool, version, options, hashes}.json();

    const auto description = description_of(o, input.start);
    const auto model = segment ? lge::nn::train_segment(input, recipe, description, log) : lge::nn::train_align(input, recipe, description, lge::nn::shipped_prompts().presence, log);
    if (o.dry_run) return ExitCode::ok;
    if (!model) {
        log.note("stopped at a checkpoint; the same command goes on from there");
        return ExitCode::try_again;
    }
    if (output) {
        output->write(*model);
        output->commit();
    }
    return ExitCode::ok;
}

}  // namespace

int main(int argc, char** argv) { return lge::cli::run(program, argc, argv, train); }
