load helpers

# Small trained models and phantoms, made once for the file.
setup_file() {
  PATH=$LGE_BIN:$PATH
  cd "$BATS_FILE_TMPDIR" || return
  lge-synth --phantom -q --population mild --count 16 -o cohort.h5
  lge-train -q --task segment --population mild --size 32 --spacing 4 --steps 20 --batch 2 --threads 1 --run-dir segment -o segment.safetensors
  lge-train -q --task align --size 32 --spacing 4 --steps 20 --batch 16 --threads 1 --hold-out 0.5 --init-encoder segment.safetensors --run-dir align -o align.safetensors cohort.h5
}

setup() {
  PATH=$LGE_BIN:$PATH
  cd "$BATS_TEST_TMPDIR" || return
  ln -s "$BATS_FILE_TMPDIR"/*.safetensors "$BATS_FILE_TMPDIR"/cohort.h5 .
}

@test "lge-infer keeps the rules of the suite" {
  keeps_the_rules lge-infer --task segment --model segment.safetensors
}

@test "every case and slice of a cohort gets a detection, whatever the batch and the threads" {
  expect 0 lge-infer -q --threads 1 --task detect --model align.safetensors cohort.h5 -o both.jsonl
  [ "$(jq -r 'select(.unit == "case") | .id' both.jsonl | sort -u | wc -l)" = 16 ]
  [ "$(jq -r .schema both.jsonl | sort -u)" = lge.detection/1 ]
  expect 0 jq -e -s 'all(.present == (.probability >= .threshold) and .probability > 0 and .probability < 1)' both.jsonl
  expect 0 bash -c 'lge-infer -q --threads 1 --task detect --model align.safetensors --unit case - <cohort.h5 >case.jsonl'
  expect 0 diff case.jsonl <(jq -c 'select(.unit == "case")' both.jsonl)
  lge-infer -q --threads 1 --task detect --model align.safetensors --batch 1 cohort.h5 -o single.jsonl
  expect 0 jq -e -s --slurpfile a both.jsonl 'length == ($a | length) and (to_entries | all(.value.score - $a[.key].score | fabs < 1e-5))' single.jsonl
}

@test "a case's score is the mean of its slices' scores" {
  lge-infer -q --threads 1 --task detect --model align.safetensors cohort.h5 -o both.jsonl
  expect 0 jq -e -s 'group_by(.id) | all((map(select(.unit == "case"))[0].score) - (map(select(.unit == "slice").score) | add / length) | fabs < 1e-9)' both.jsonl
}

@test "a cohort gets label maps of the suite's numbers" {
  expect 0 lge-infer -q --threads 1 --task segment --model segment.safetensors cohort.h5 -o labelled.h5
  expect 0 lge-infer -q --threads 1 --task segment --model segment.safetensors --batch 1 labelled.h5 -o again.h5
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

@test "options of the other task are refused" {
  expect 64 lge-infer --task detect --model align.safetensors --output-dir d cohort.h5
  expect 64 lge-infer --task segment --model segment.safetensors --present p.txt cohort.h5
}
