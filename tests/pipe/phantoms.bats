# Tools in pipes, on phantoms alone.
load ../cli/helpers

# Small networks, made once for the file.
setup_file() {
  PATH=$LGE_BIN:$PATH
  cd "$BATS_FILE_TMPDIR" || return
  lge-synth -q --phantom --population mild --pose random --count 12 --seed 3 --output-dir patients
  lge-train -q --task segment --population mild --size 64 --spacing 2.4 --steps 120 --batch 8 --run-dir segment -o segment.safetensors
  lge-train -q --task align --population mild --steps 12 --batch 4 --run-dir align -o align.safetensors
}

setup() {
  PATH=$LGE_BIN:$PATH
  cd "$BATS_TEST_TMPDIR" || return
  ln -s "$BATS_FILE_TMPDIR"/*.safetensors "$BATS_FILE_TMPDIR"/patients .
}

@test "a volume becomes a call in one pipe, the one that files between the tools give" {
  local image=patients/images/phantom-000001.nii.gz
  expect 0 bash -o pipefail -c "lge-infer -q --task segment --model segment.safetensors $image -o - |
    lge-orient -q --label - $image -o - | lge-infer -q --task detect --model align.safetensors - >pipe.jsonl"
  lge-infer -q --task segment --model segment.safetensors $image -o mask.nii.gz
  lge-orient -q --label mask.nii.gz $image -o cohort.h5
  lge-infer -q --task detect --model align.safetensors cohort.h5 -o files.jsonl
  [ "$(jq -r 'select(.unit == "case") | .id' pipe.jsonl)" = phantom-000001 ]
  expect 0 diff pipe.jsonl files.jsonl
}

@test "reports become captions, captions train a model, and the findings judge its calls" {
  lge-orient -q patients/cases.jsonl -o cohort.h5
  expect 0 bash -o pipefail -c 'lge-reportparse -q patients/reports.jsonl -o findings.jsonl --captions captions.jsonl &&
    lge-train -q --task align --captions captions.jsonl --steps 3 --batch 4 --run-dir run -o - cohort.h5 |
    lge-infer -q --task detect --unit case --model - cohort.h5 | lge-score findings.jsonl - >score.jsonl'
  [ "$(jq -s '.[0].n' score.jsonl)" = 12 ]
}

@test "a cohort flows through label maps into scores" {
  lge-synth -q --phantom --population mild --count 3 -o drawn.h5
  expect 0 bash -o pipefail -c 'cat drawn.h5 | lge-infer -q --task segment --model segment.safetensors - -o - | lge-dice drawn.h5 - >dice.jsonl'
  [ "$(jq -s 'map(select(.label == "myocardium")) | length' dice.jsonl)" = 3 ]
}

@test "a pipe whose reader goes away ends its writers without a word" {
  expect 0 bash -c 'lge-synth -q --phantom --population mild --count 40 --captions - --force -o cohort.h5 2>err | head -n 1 >first'
  [ "$(jq -r .schema first)" = lge.caption/1 ]
  [ ! -s err ]
}
