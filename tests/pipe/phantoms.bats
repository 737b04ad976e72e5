# Tools in pipes, on phantoms alone.
load ../cli/helpers

# The released networks, and one that is quick and knows nothing.
setup_file() {
  PATH=$LGE_BIN:$PATH
  cd "$BATS_FILE_TMPDIR" || return
  lge-synth -q --phantom --population mild --pose random --count 12 --seed 3 --output-dir patients
  lge-train -q --task segment --population mild --size 32 --spacing 4 --steps 2 --batch 2 --run-dir quick -o quick.safetensors
}

setup() {
  PATH=$LGE_BIN:$PATH
  cd "$BATS_TEST_TMPDIR" || return
  ln -s "$LGE_TESTS"/../share/weights/*.safetensors "$BATS_FILE_TMPDIR"/quick.safetensors "$BATS_FILE_TMPDIR"/patients .
}

@test "the lines of the README work as they stand, in a pipe and apart" {
  ln -s "$LGE_TESTS"/../share .
  cp patients/images/phantom-000001.nii.gz case.nii.gz
  mkdir images
  cp patients/images/* images
  jq -c 'del(.label, .report)' patients/cases.jsonl >cases.jsonl
  expect 0 lge-infer --task segment --model share/weights/segment.safetensors case.nii.gz -o mask.nii.gz
  expect 0 bash -c 'lge-infer --task segment --model share/weights/segment.safetensors cases.jsonl --output-dir masks > labelled.jsonl'
  expect 0 lge-orient labelled.jsonl -o cohort.h5
  expect 0 bash -c 'lge-infer --task detect --model share/weights/align.safetensors cohort.h5 > detections.jsonl'
  expect 0 bash -o pipefail -c 'lge-infer --task segment --model share/weights/segment.safetensors case.nii.gz -o - | lge-orient --label - case.nii.gz -o - --format h5 | lge-infer --task detect --model share/weights/align.safetensors - >pipe.jsonl'
  expect 0 diff <(jq -c 'select(.id == "phantom-000001") | del(.id)' detections.jsonl) <(jq -c 'del(.id)' pipe.jsonl)
  [ "$(jq -s 'map(select(.unit == "case")) | length' detections.jsonl)" = 12 ]
}

@test "a thousand volumes flow through one pipe in the memory of a hundred, and the one that is damaged is named and left out" {
  head -c 2000 patients/images/phantom-000003.nii.gz >cut.nii.gz
  seq 1000 | jq -c '{schema: "lge.case/1", id: "case-\(.)", image: (if . == 500 then "cut.nii.gz" else "patients/images/phantom-00000\(. % 10).nii.gz" end)}' >cases.jsonl
  rm patients
  mkdir patients
  cp -r "$BATS_FILE_TMPDIR"/patients/images patients
  cat cases.jsonl | lge-infer --task segment --model quick.safetensors --output-dir masks --keep-going - >labelled.jsonl 2>err 3>&- &
  local job=$! early=0 now=0 last=0 status=0
  while kill -0 "$job" 2>/dev/null; do
    now=$(awk '/VmHWM/ { print $2 }' "/proc/$job/status" 2>/dev/null || true)
    [ -z "$now" ] || last=$now
    [ "$early" != 0 ] || [ "$(wc -l <labelled.jsonl)" -lt 100 ] || early=$last
    sleep 0.2
  done
  wait "$job" || status=$?
  echo "status $status, memory $early kB after 100, $last kB at the end" "$(tail -3 err)"
  [ "$status" = 65 ]
  [ "$(wc -l <labelled.jsonl)" = 999 ]
  [ "$(ls masks | wc -l)" = 999 ]
  grep -q 'cut.nii.gz: .*left out' err
  # A volume kept of each would be 600 MB; what fragments as threads come and go is a tenth of it.
  ((early > 0 && last < early + 98304))
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
