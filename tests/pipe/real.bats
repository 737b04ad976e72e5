# All tools in one pipe on real volumes (ACDC: cine stacks with a reader's masks of both ventricles).
load ../cli/helpers

@test "orient, synth, reportparse, train, infer and score in one pipe on real volumes" {
  real_data acdc
  local cases=() name
  for name in patient001_frame01 patient005_frame01 patient012_frame01 patient031_frame01 patient042_frame01 patient047_frame01; do
    if [ -e "$data/${name}_image.nii.gz" ]; then cases+=("$name"); fi
  done
  if ((${#cases[@]} < 3)); then mapfile -t cases < <(cd "$data" && ls -- *_image.nii.gz | head -n 6 | sed 's/_image.nii.gz//'); fi
  cat >pipe.sh <<'END'
set -euo pipefail
data=$1; shift
images=(); labels=()
for name; do images+=("$data/${name}_image.nii.gz"); labels+=(--label "$data/${name}_label.nii.gz"); done
lge-orient -q --trust anatomy "${images[@]}" "${labels[@]}" --label-map 1=5,3=1 -o - |
  lge-synth -q --count 24 - -o scarred.h5 --reports - |
  lge-reportparse -q - -o findings.jsonl --captions - |
  lge-train -q --task align --captions - --hold-out 0.3 --steps 8 --batch 4 --run-dir run scarred.h5 -o - |
  lge-infer -q --task detect --unit case --model - scarred.h5 |
  lge-score findings.jsonl - >score.jsonl
lge-train -q --task segment --population mild --size 64 --spacing 2.4 --steps 30 --batch 8 --run-dir segment -o segment.safetensors
lge-infer -q --task segment --model segment.safetensors scarred.h5 -o - | lge-dice scarred.h5 - >dice.jsonl
END
  expect 0 bash pipe.sh "$data" "${cases[@]}"
  [ "$(jq -s '.[0].n' score.jsonl)" = 24 ]
  [ "$(jq -s 'map(select(.label == "myocardium")) | length' dice.jsonl)" = 24 ]
}
