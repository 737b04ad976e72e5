load helpers

# Small trained models and phantoms, made once for the file.
setup_file() {
  PATH=$LGE_BIN:$PATH
  cd "$BATS_FILE_TMPDIR" || return
  lge-synth --phantom -q --population mild --count 16 -o cohort.h5
  lge-train -q --task segment --population mild --size 32 --spacing 4 --steps 20 --batch 2 --threads 1 --run-dir segment -o segment.safetensors
  lge-train -q --task align --steps 20 --batch 4 --threads 1 --hold-out 0.5 --run-dir align -o align.safetensors cohort.h5
  lge-train -q --task align --input image --size 32 --spacing 4 --steps 4 --batch 4 --threads 1 --hold-out 0.5 --init-encoder segment.safetensors --run-dir image -o image.safetensors cohort.h5
}

setup() {
  PATH=$LGE_BIN:$PATH
  cd "$BATS_TEST_TMPDIR" || return
  ln -s "$BATS_FILE_TMPDIR"/*.safetensors "$BATS_FILE_TMPDIR"/cohort.h5 .
}

@test "lge-infer keeps the rules of the suite" {
  keeps_the_rules lge-infer --task segment --model segment.safetensors
}

@test "every case of a cohort gets a detection and its slices too, whatever the threads and the way in" {
  for model in align image; do
    expect 0 lge-infer -q --threads 1 --task detect --model $model.safetensors cohort.h5 -o both.jsonl --force
    [ "$(jq -r 'select(.unit == "case") | .id' both.jsonl | sort -u | wc -l)" = 16 ]
    [ "$(jq -r .schema both.jsonl | sort -u)" = lge.detection/1 ]
    expect 0 jq -e -s 'all(.present == (.probability >= .threshold) and .probability > 0 and .probability < 1)' both.jsonl
    expect 0 bash -c "lge-infer -q --threads 2 --task detect --model $model.safetensors --unit case - <cohort.h5 >case.jsonl"
    expect 0 diff case.jsonl <(jq -c 'select(.unit == "case")' both.jsonl)
  done
}

@test "a case without a wall has no record and is told of, and what the network drew decides" {
  lge-infer -q --threads 1 --task segment --model segment.safetensors cohort.h5 -o drawn.h5
  expect 0 lge-infer --threads 1 --task detect --model align.safetensors --unit case drawn.h5
  local judged=${#lines[@]}
  if ((judged < 16)); then [[ $stderr == *"no wall to judge in $((16 - judged)) of 16 cases: no record" ]]; fi
}

@test "the masks of a manifest are named relative to the output, which must be able to name them" {
  lge-synth -q --phantom --population mild --pose random --count 2 --output-dir p
  expect 0 lge-infer -q --threads 1 --task segment --model segment.safetensors p/cases.jsonl --output-dir p/masks -o p/labelled.jsonl
  [ "$(jq -r .label p/labelled.jsonl | head -1)" = masks/phantom-000000.nii.gz ]
  [ "$(jq -r .image p/labelled.jsonl | head -1)" = images/phantom-000000.nii.gz ]
  expect 0 bash -c 'lge-infer -q --threads 1 --task segment --model segment.safetensors p/cases.jsonl --output-dir p/again >labelled.jsonl'
  [ "$(jq -r .label labelled.jsonl | head -1)" = p/again/phantom-000000.nii.gz ]
  mkdir elsewhere
  expect 64 lge-infer -q --threads 1 --task segment --model segment.safetensors p/cases.jsonl --output-dir p/more -o elsewhere/labelled.jsonl
  said 'lge-infer: *: lies outside of the folder of the manifest *'
}

@test "a cohort gets label maps of the suite's numbers" {
  expect 0 lge-infer -q --threads 1 --task segment --model segment.safetensors cohort.h5 -o labelled.h5
  expect 0 lge-infer -q --threads 4 --task segment --model segment.safetensors cohort.h5 -o again.h5
  expect 0 cmp labelled.h5 again.h5
  expect 0 bash -c 'lge-dice cohort.h5 labelled.h5 | jq -e -s "length >= 16"'
}

@test "models that are damaged, of another task or no models at all are bad data" {
  head -c 5000 segment.safetensors >cut.safetensors
  expect 65 lge-infer --task detect --model segment.safetensors cohort.h5
  said 'lge-infer: segment.safetensors: the model was not trained with --task align'
  expect 65 lge-infer --task segment --model cut.safetensors cohort.h5 -o out.h5
  expect 65 lge-infer --task segment --model cohort.h5 cohort.h5 -o out.h5
  expect 66 lge-infer --task segment --model missing.safetensors cohort.h5 -o out.h5
  [ ! -e out.h5 ]
}

@test "prompts can be given, and the same ones for both answers leave no margin" {
  echo 'There is a scar.' >prompt.txt
  expect 0 lge-infer -q --threads 1 --task detect --model align.safetensors --present prompt.txt --absent prompt.txt --unit case cohort.h5
  [ "$(jq -s 'map(.score | fabs) | max < 1e-6' <<<"$output")" = true ]
  echo '# nothing' >empty.txt
  expect 65 lge-infer --task detect --model align.safetensors --present empty.txt cohort.h5
}

@test "several images get label maps named after them, and one that is damaged is left out with --keep-going" {
  lge-synth -q --phantom --population mild --pose random --count 2 --output-dir p
  head -c 3000 p/images/phantom-000000.nii.gz >cut.nii.gz
  expect 0 lge-infer -q --threads 1 --task segment --model segment.safetensors p/images/*.nii.gz --output-dir masks
  [ "$(ls masks)" = "$(ls p/images)" ]
  expect 65 lge-infer -q --threads 1 --task segment --model segment.safetensors cut.nii.gz p/images/phantom-000001.nii.gz --output-dir some --keep-going
  [ "$(ls some)" = phantom-000001.nii.gz ]
  expect 64 lge-infer -q --threads 1 --task segment --model segment.safetensors p/images/*.nii.gz
}

@test "calibrating sets thresholds and changes no score" {
  expect 0 lge-infer --threads 1 --task detect --calibrate --model align.safetensors cohort.h5 -o calibrated.safetensors
  [[ $stderr == "lge-infer: balanced accuracy 0."*" on the 1"*" cases that set the threshold" || $stderr == *" 1.000 on the 1"* ]]
  lge-infer -q --threads 1 --task detect --unit case --model align.safetensors cohort.h5 -o before.jsonl
  lge-infer -q --threads 1 --task detect --unit case --model calibrated.safetensors cohort.h5 -o after.jsonl
  expect 0 diff <(jq .score before.jsonl) <(jq .score after.jsonl)
  run ! diff -q <(jq .threshold before.jsonl) <(jq .threshold after.jsonl)
  lge-synth -q --phantom --population mild --count 3 --normal-fraction 1 -o normal.h5
  expect 65 lge-infer -q --threads 1 --task detect --calibrate --model align.safetensors normal.h5 -o x.safetensors
  expect 64 lge-infer -q --task segment --calibrate --model segment.safetensors cohort.h5 -o x.h5
}

@test "options of the other task are refused" {
  expect 64 lge-infer --task detect --model align.safetensors --output-dir d cohort.h5
  expect 64 lge-infer --task segment --model segment.safetensors --present p.txt cohort.h5
}
