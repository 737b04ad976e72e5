load helpers

# A network so small that twenty steps take a second.
small=(--task segment --population mild --spacing 4 --batch 2 --threads 1)
tiny=("${small[@]}" --size 32 --steps 20)
# Phantoms are drawn as training goes; the cases held out are those of a cohort, which costs less than drawing those too.
phantoms=(--task align --population mild --hold-out 0.5 cohort.h5)

setup_file() {
  "$LGE_BIN/lge-synth" -q --phantom --population mild --count 8 --seed 5 -o "$BATS_FILE_TMPDIR/cohort.h5"
}

setup() {
  PATH=$LGE_BIN:$PATH
  cd "$BATS_TEST_TMPDIR" || return
  ln -s "$BATS_FILE_TMPDIR/cohort.h5" .
}

@test "lge-train keeps the rules of the suite" {
  keeps_the_rules lge-train --task segment --run-dir run
}

@test "a run that is stopped ends with 75 and, run again, gives the model of a run that was not" {
  expect 0 lge-train -q "${tiny[@]}" --run-dir straight
  expect 75 lge-train -q "${tiny[@]}" --run-dir broken --stop-after 10
  [ ! -e broken/model.safetensors ]
  expect 0 lge-train -q "${tiny[@]}" --run-dir broken
  expect 0 cmp straight/model.safetensors broken/model.safetensors
  expect 0 cmp straight/metrics.jsonl broken/metrics.jsonl
  [ "$(wc -l <straight/metrics.jsonl)" = 20 ]
  [ "$(jq -r .schema straight/metrics.jsonl | sort -u)" = lge.train/1 ]
}

@test "one and four threads give the same model" {
  local threads
  for threads in 1 4; do
    expect 0 lge-train -q --task segment --population mild --spacing 4 --batch 8 --size 32 --steps 5 --threads $threads --run-dir segment$threads
    expect 0 lge-train -q "${phantoms[@]}" --batch 4 --steps 5 --threads $threads --run-dir align$threads
  done
  expect 0 cmp segment1/model.safetensors segment4/model.safetensors
  expect 0 cmp align1/model.safetensors align4/model.safetensors
}

@test "a run's folder is not taken over by a run with another seed" {
  expect 75 lge-train -q "${tiny[@]}" --run-dir run --stop-after 2
  expect 64 lge-train -q "${tiny[@]}" --run-dir run --seed 2
  said 'lge-train: step-2: made with other options or data; *'
}

@test "the run's folder says what was run, and what became of it" {
  expect 0 lge-train -q "${tiny[@]}" --run-dir run --validate-every 10
  [ "$(jq -r '.schema, .run.tool, .run.options.batch, .run.options["validate-every"]' run/config.json | paste -sd' ')" = 'lge.config/1 lge-train 2 10' ]
  [ "$(jq -r '.schema, .ended, .step' run/summary.json | paste -sd' ')" = 'lge.train-summary/1 finished 20' ]
  [ "$(jq -r 'select(.validation).step' run/metrics.jsonl | paste -sd' ')" = '10 20' ]
  [ -s run/events.out.tfevents.000001.lge ]
  [ -s run/step-20/best.safetensors ]
}

@test "--verbose says a line a step" {
  expect 0 lge-train -v "${tiny[@]}" --run-dir run
  [ "$(grep -c '^lge-train: step [0-9]*/20: loss .*(dice_loss .*, cross_entropy .*), gradient .*, rate .*, .* samples/s, waits .* %, .* s left$' <<<"$stderr")" = 20 ]
}

@test "a batch in parts gives the model of the batch at once, nearly" {
  local parts
  for parts in 1 4; do
    expect 0 lge-train -q "${phantoms[@]}" --batch 8 --steps 3 --accumulate $parts --run-dir run$parts
  done
  jq -s 'map(.loss)' run1/metrics.jsonl >losses1
  jq -s 'map(.loss)' run4/metrics.jsonl >losses4
  expect 0 jq -ne --slurpfile a losses1 --slurpfile b losses4 '[$a[0], $b[0]] | transpose | all(((.[0] - .[1]) | fabs) < 1e-3)'
}

@test "--dry-run says what a step costs and leaves nothing" {
  expect 0 lge-train "${tiny[@]}" --run-dir run --dry-run
  [[ ${stderr_lines[0]} == 'lge-train: '*' million parameters; parts of a batch: 1' ]]
  [[ ${stderr_lines[1]} == 'lge-train: a step: '*' GFLOP forward, '*' in all' ]]
  [[ ${stderr_lines[2]} == 'lge-train: memory of tensors: '*' MB of weights, gradients and moments, and '*' MB more in a step' ]]
  [ ! -e run ]
}

@test "a run whose score does not rise ends early" {
  expect 0 lge-train "${small[@]}" --size 32 --run-dir run --validate-every 1 --patience 2 --learning-rate 1e-7 --average 0 --steps 1000
  [ "$(jq -r .ended run/summary.json)" = early ]
  [ "$(jq .step run/summary.json)" -lt 1000 ]
  expect 64 lge-train "${tiny[@]}" --run-dir other --patience 2
  said 'lge-train: --patience goes with --validate-every'
}

@test "what a task cannot use is refused" {
  expect 64 lge-train --task segment --run-dir run
  expect 64 lge-train --task align --run-dir run
  expect 64 lge-train --task align --population mild --size 64 --run-dir run
  said 'lge-train: --size and --spacing go with images; *'
  expect 64 lge-train "${tiny[@]}" --run-dir run --captions c.jsonl
  expect 64 lge-train "${small[@]}" --run-dir run --size 50
  said "lge-train: the window's size is 50 pixels; wanted a multiple of *"
  expect 66 lge-train "${tiny[@]}" --run-dir run missing.h5
  expect 66 lge-train --task segment --population none --run-dir run
}

@test "size, norm, smoothing, odd contrast and views each make another model, in which size and norm are told" {
  local short=("${small[@]}" --size 64 --steps 2) model=model.safetensors
  expect 0 lge-train -q "${short[@]}" --run-dir plain
  for option in "--network-size m" "--norm group" "--label-smoothing 0.1" "--odd-contrast 1" "--views 2"; do
    # shellcheck disable=SC2086
    expect 0 lge-train -q "${short[@]}" $option --run-dir "run${option// /}"
    expect 1 cmp plain/$model "run${option// /}/$model"
    expect 64 lge-train --task align --population mild $option --run-dir align
  done
  expect 0 grep -c '\[48,96,192,320\]' "run--network-sizem/$model"
  expect 0 grep -c '\\"norm\\":\\"group\\"' "run--normgroup/$model"
  expect 64 lge-train "${small[@]}" --size 48 --network-size l --run-dir run
}

@test "heads tell insertions and poses, in metrics and model, each by itself too, and belong to the run" {
  local few=("${small[@]}" --size 32 --steps 4)
  expect 0 lge-train -q "${few[@]}" --head insertions --head pose --validate-every 2 --run-dir both
  expect 0 jq -e -s 'all(.insertion_loss > 0 and .pose_loss > 0) and ([.[1, 3] | .insertion_error_mm > 0 and .pose_accuracy >= 0] | all)' both/metrics.jsonl
  expect 0 grep -c '\\"heads\\":\[\\"insertions\\",\\"pose\\"\]' both/model.safetensors
  expect 0 grep -c held_out_insertion_error_mm both/model.safetensors
  expect 0 lge-train -q "${few[@]}" --head pose --run-dir pose
  expect 0 jq -e -s 'all(.pose_loss > 0 and (has("insertion_loss") | not))' pose/metrics.jsonl
  expect 0 lge-train -q "${few[@]}" --run-dir plain
  expect 0 jq -e -s 'all(has("pose_loss") | not)' plain/metrics.jsonl
  expect 1 grep -c heads plain/model.safetensors
  expect 64 lge-train -q "${few[@]}" --head pose --pose-weight 0.5 --force --run-dir pose
  expect 64 lge-train "${few[@]}" --head tail --run-dir run
  expect 64 lge-train "${few[@]}" --pose-weight 0.5 --run-dir run
  said 'lge-train: --pose-weight goes with --head pose'
  expect 64 lge-train --task align --population mild --head pose --run-dir run
}

@test "a run starts from a finished model: of its own task, with its network, and with what it lacks anew" {
  expect 0 lge-train -q "${small[@]}" --size 64 --steps 4 --network-size m --run-dir first
  expect 0 lge-train "${small[@]}" --steps 1 --learning-rate 1e-7 --warm-up 0 --init first/model.safetensors --head pose --run-dir second
  [[ $stderr == *'tensors; anew: pose; left out: none'* ]]
  expect 0 grep -c '\[48,96,192,320\]' second/model.safetensors
  lge-synth -q --phantom --population mild --pose random --count 1 --output-dir p
  local image=p/images/phantom-000000.nii.gz
  for run in first second; do expect 0 lge-infer -q --task segment --model $run/model.safetensors --augment none --clean none $image -o $run.nii.gz; done
  expect 0 lge-dice -q first.nii.gz second.nii.gz --fail-under 0.99
  expect 0 lge-train -q "${phantoms[@]}" --batch 4 --steps 2 --caption-weight 1 --run-dir words
  expect 0 lge-train "${phantoms[@]}" --batch 4 --steps 1 --init words/model.safetensors --run-dir fewer
  [[ $stderr == *'tensors; anew: none; left out: decoder'* ]]
  expect 65 lge-train "${small[@]}" --steps 1 --init words/model.safetensors --run-dir run
  expect 64 lge-train "${small[@]}" --steps 1 --init first/model.safetensors --network-size m --run-dir run
  expect 64 lge-train "${small[@]}" --steps 1 --init first/model.safetensors --force --run-dir first
  expect 66 lge-train "${small[@]}" --steps 1 --init none.safetensors --run-dir run
}

@test "where samples come from is weighed, and what is held out can be listed" {
  local few=(--task align --batch 4 --steps 2)
  expect 0 lge-train -q "${few[@]}" --mix synth=1 cohort.h5 --run-dir drawn
  expect 0 lge-train -q "${few[@]}" --population mild --mix real=1,synth=1,phantom=2 cohort.h5 --run-dir mixed
  expect 1 cmp drawn/model.safetensors mixed/model.safetensors
  printf 'phantom-000001\nphantom-000004\n' > ids
  expect 0 lge-train -q "${few[@]}" --mix synth=1 --hold-out-list ids cohort.h5 --run-dir listed
  expect 1 cmp drawn/model.safetensors listed/model.safetensors
  expect 64 lge-train "${few[@]}" --mix drawn=1 cohort.h5 --run-dir run
  said "lge-train: --mix: 'drawn=1' is not real, synth or phantom = a weight"
  expect 64 lge-train "${few[@]}" --mix real=0 cohort.h5 --run-dir run
  expect 64 lge-train "${few[@]}" --mix phantom=1 cohort.h5 --run-dir run
  said 'lge-train: --mix: phantom goes with --population'
  expect 64 lge-train "${few[@]}" --population mild --mix real=1 --run-dir run
  said 'lge-train: --mix: real and synth go with a cohort'
  expect 64 lge-train --task segment --mix synth=1 cohort.h5 --run-dir run
  said 'lge-train: --mix: synth goes with --task align'
  expect 64 lge-train --task segment --any-pose 1 cohort.h5 --run-dir run
  said 'lge-train: --prior, --gate and --any-pose go with --task align'
  expect 65 lge-train "${few[@]}" cohort.h5 cohort.h5 --run-dir run
  said 'lge-train: a case id occurs twice in the cohorts: *'
}

@test "what names no case of the cohorts is not passed over" {
  local few=(--task align --batch 4 --steps 1)
  lge-synth -q --phantom --population mild --count 12 --seed 8 --captions own.jsonl -o own.h5
  printf 'nobody\n' >ids
  expect 65 lge-train "${few[@]}" --hold-out-list ids own.h5 --run-dir run
  said 'lge-train: the ids to hold out: none is of a case in the cohorts'
  sed 's/"id":"/&x-/' own.jsonl >strange.jsonl
  expect 65 lge-train "${few[@]}" --captions strange.jsonl own.h5 --run-dir run
  said 'lge-train: the captions: none is of a case in the cohorts'
  expect 65 lge-train "${few[@]}" --captions /dev/null own.h5 --run-dir run
  cat own.jsonl strange.jsonl >both.jsonl
  expect 0 lge-train "${few[@]}" --captions both.jsonl own.h5 --run-dir both
  [[ $stderr == *"the captions: $(wc -l <own.jsonl) of $(wc -l <both.jsonl) are of no case in the cohorts"* ]]
  expect 64 lge-train "${few[@]}" --captions own.jsonl --population mild --run-dir run
  expect 64 lge-train "${few[@]}" --hold-out 0.3 --population mild --run-dir run
  expect 64 lge-train "${few[@]}" --hold-out 0.3 --hold-out-list ids own.h5 --run-dir run
  expect 64 lge-train "${few[@]}" --hold-out 0 --validate-every 1 own.h5 --run-dir run
  said 'lge-train: there is nothing to validate on'
  [ ! -e run/model.safetensors ]
}

@test "options that would change nothing are refused" {
  refused() { expect 64 lge-train --steps 1 --run-dir run "$@"; }
  refused --task segment --population mild --finding-weight 2
  refused --task segment --population mild --answer-weight 0
  refused --task align --input image --scar-weight 2 cohort.h5
  refused --task align --finding-weight 0 --answer-weight 0 --scar-weight 0 --clause-weight 0 cohort.h5
  refused --task align --population mild --mix real=1 cohort.h5
  refused --task align --population mild --mix phantom=1 cohort.h5
  refused --task align --mix real=1,real=2 cohort.h5
  said 'lge-train: --mix: real stands there twice'
  refused --task align --batch 3 cohort.h5
  said 'lge-train: --batch: cases go 2 at a time; wanted a multiple of that'
  refused --task segment --population mild --size 100
  said "lge-train: the window's size is 100 pixels; wanted a multiple of 16 from 32 to 1024"
}

@test "each switch of aligning changes what is learned" {
  local few=(--task align --batch 8 --steps 2 --threads 1 --mix synth=1)
  expect 0 lge-train -q "${few[@]}" cohort.h5 --run-dir usual
  for switch in --own-only --no-hard-negatives '--gate 30' '--prior uniform' '--any-pose 1' '--finding-weight 0' '--answer-weight 0' '--scar-weight 0' '--clause-weight 0'; do
    expect 0 lge-train -q "${few[@]}" $switch cohort.h5 --run-dir other
    expect 1 cmp -s <(tail -c 100000 usual/model.safetensors) <(tail -c 100000 other/model.safetensors)
    rm -r other
  done
}

@test "with a captioning loss the model holds a decoder, and its metrics the loss of each word" {
  local few=("${phantoms[@]}" --batch 4 --steps 2)
  expect 0 lge-train -q "${few[@]}" --caption-weight 1 --run-dir captions
  [ "$(jq -e '.caption_loss > 0' captions/metrics.jsonl | sort -u)" = true ]
  grep -aq '"decoder.words_table"' captions/model.safetensors
  expect 0 lge-train -q "${few[@]}" --run-dir plain
  expect 1 grep -aq '"decoder.words_table"' plain/model.safetensors
  expect 64 lge-train "${tiny[@]}" --caption-weight 1 --run-dir run
}

# The folder of a BERT so small that its training takes seconds; weights are drawn.
tiny_bert() {
  python3 - "$1" <<'END'
import json, os, random, struct, sys
folder, width, wide, layers = sys.argv[1], 8, 16, 1
os.makedirs(folder)
words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"] + [p + c for c in "abcdefghijklmnopqrstuvwxyz0123456789" for p in ("", "##")]
open(folder + "/vocab.txt", "w").write("".join(w + "\n" for w in words))
json.dump({"model_type": "bert", "vocab_size": len(words), "hidden_size": width, "num_hidden_layers": layers, "num_attention_heads": 2,
           "intermediate_size": wide, "max_position_embeddings": 64}, open(folder + "/config.json", "w"))
shapes = {"embeddings.word_embeddings.weight": [len(words), width], "embeddings.position_embeddings.weight": [64, width],
          "embeddings.token_type_embeddings.weight": [2, width]}
def linear(name, out, into): shapes.update({name + ".weight": [out, into], name + ".bias": [out]})
def norm(name): shapes.update({name + ".weight": [width], name + ".bias": [width]})
norm("embeddings.LayerNorm")
for own in (f"encoder.layer.{i}." for i in range(layers)):
    for part in "query", "key", "value": linear(own + "attention.self." + part, width, width)
    linear(own + "attention.output.dense", width, width); norm(own + "attention.output.LayerNorm")
    linear(own + "intermediate.dense", wide, width); linear(own + "output.dense", width, wide); norm(own + "output.LayerNorm")
header, data, rng = {}, b"", random.Random(1)
for name, shape in shapes.items():
    count = 1
    for n in shape: count *= n
    values = struct.pack(f"<{count}f", *(rng.gauss(0, 0.3) for _ in range(count)))
    header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(data), len(data) + len(values)]}
    data += values
text = json.dumps(header).encode()
open(folder + "/model.safetensors", "wb").write(struct.pack("<Q", len(text)) + text + data)
END
}

@test "a BERT's folder reads the sentences, learns or keeps its weights, and is not needed afterwards" {
  local few=("${phantoms[@]}" --batch 4 --steps 2 --nan-limit 1)
  tiny_bert bert
  expect 0 lge-train -q "${few[@]}" --text-encoder bert --run-dir trained
  expect 0 lge-train -q "${few[@]}" --text-encoder bert --freeze-text --run-dir frozen
  expect 1 cmp trained/model.safetensors frozen/model.safetensors
  rm -r bert
  expect 0 lge-infer -q --task detect --model frozen/model.safetensors cohort.h5
  expect 66 lge-train "${few[@]}" --text-encoder bert --run-dir run
  expect 64 lge-train "${few[@]}" --freeze-text --run-dir run
  tiny_bert bert
  sed -i 's/"bert"/"roberta"/' bert/config.json
  expect 69 lge-train "${few[@]}" --text-encoder bert --run-dir run
  said 'lge-train: config.json: model_type is not bert'
}

@test "a sigmoid loss and a vision transformer train" {
  expect 0 lge-train -q "${phantoms[@]}" --batch 2 --steps 1 --nan-limit 1 --contrast sigmoid --run-dir pairs
  grep -aq '"contrast_offset"' pairs/model.safetensors
  expect 0 lge-train -q "${phantoms[@]}" --batch 2 --steps 1 --nan-limit 1 --input image --size 32 --spacing 3 --tower vit-s --run-dir vit
  grep -aq '"vision.vit.blocks.11.attn.qkv.weight"' vit/model.safetensors
  expect 64 lge-train --task align --population mild --tower vit-s --run-dir run
  expect 64 lge-train "${tiny[@]}" --contrast sigmoid --run-dir run
}

@test "another vocabulary is taken, and what is none is refused" {
  printf '%s\n' '[PAD]' '[UNK]' '[CLS]' '[SEP]' no scar wall > words
  expect 0 lge-train -q "${phantoms[@]}" --batch 2 --steps 1 --vocabulary words --run-dir run
  printf '%s\n' no scar > words
  expect 65 lge-train --task align --population mild --vocabulary words --run-dir run2
}

@test "without a GPU, --device cuda is unavailable" {
  if [ -e /dev/nvidia0 ]; then skip "there is a GPU"; fi
  expect 69 lge-train -q "${tiny[@]}" --run-dir run --device cuda
  [[ $stderr == "lge-train: "*"CUDA"*"; wanted --device cpu or auto" ]]
}

@test "an existing model is kept without --force" {
  refuses_existing_output lge-train -q "${tiny[@]}" --run-dir run -- model.safetensors
}
