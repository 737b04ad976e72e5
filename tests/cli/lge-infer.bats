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
  [ "$(grep -c "no wall to judge; it gets no record" <<<"$stderr")" = $((16 - judged)) ]
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
  # With the old scar kept, the wall stays where the network drew it.
  expect 0 lge-infer -q --threads 1 --task segment --keep-scar --model segment.safetensors cohort.h5 -o kept.h5
  expect 0 lge-dice -q --label myocardium labelled.h5 kept.h5 --fail-under 1
  expect 64 lge-infer -q --task segment --keep-scar --model segment.safetensors cohort.h5 --output-dir x
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
  printf '[presence]\n+ There is a scar.\n- There is a scar.\n[wall anterior]\n+ There is a scar.\n' >same.txt
  expect 0 lge-infer -q --threads 1 --task detect --model align.safetensors --prompts same.txt --unit case cohort.h5
  [ "$(jq -s 'map(.score | fabs) | max < 1e-6' <<<"$output")" = true ]
  [ "$(jq -s 'map(.margins.wall.anterior | fabs) | max < 1e-6' <<<"$output")" = true ]
}

@test "a file of prompts that is no such file is bad data, with the line" {
  refused() {
    printf '%b' "$1" >prompts.txt
    expect 65 lge-infer --task detect --model align.safetensors --prompts prompts.txt cohort.h5
    said "lge-infer: prompts.txt$2"
  }
  refused '# nothing\n' ': *presence*'
  refused '[presence]\n+ Scar.\n' ': *presence*'
  refused '+ Scar.\n' ':1: *before the first*'
  refused '[presence]\nScar.\n' ':2: wanted*'
  refused '[presence]\n+ Scar.\n- None.\n[wall upper]\n+ x\n' ':4: not a class*'
  refused '[presence]\n+ Scar.\n- None.\n[wall anterior]\n+ x\n[wall anterior]\n' ':6: *above*'
  refused '[presence]\n+ Scar.\n- None.\n[extent transmural]\n' ': no sentence with + for transmural'
}

@test "a record names what fits best where the call is present, and its segments are those that reach a threshold" {
  lge-infer -q --threads 1 --task detect --model align.safetensors cohort.h5 -o calls.jsonl
  expect 0 jq -e -s 'all(.segment_scores | length == 17)' calls.jsonl
  expect 0 jq -e -s 'all(.present or (.wall == null and .extent == null and .level == null and .segments == []))' calls.jsonl
  expect 0 jq -e -s 'map(select(.present)) | length > 0 and all(.wall as $w | .extent as $e | .margins | (.wall | has($w)) and (.extent | has($e)))' calls.jsonl
  # The level named is the one whose segments have the highest mean score.
  expect 0 jq -e -s 'def mean: map(select(. != null)) | if length == 0 then -1 else add / length end;
    map(select(.present and .unit == "case")) | length > 0 and all(
      [["basal", (.segment_scores[:6] | mean)], ["mid", (.segment_scores[6:12] | mean)], ["apical", (.segment_scores[12:16] | mean)]] as $m
      | .level as $l | ($m | map(select(.[0] == $l))[0][1]) == ($m | map(.[1]) | max))' calls.jsonl
  expect 0 jq -e -s 'map(select(.unit == "slice")) | all(.level == null and (.segment_scores | map(select(. != null)) | length | . == 6 or . == 4 or . == 0))' calls.jsonl
  expect 0 jq -e -s 'all((.segments | length) == 0 or .segments == ([.segment_scores | to_entries[] | select(.value != null and .value >= 0.5) | .key + 1]))' calls.jsonl
  # A case's segments are the highest of its slices'.
  expect 0 jq -e -s 'group_by(.id) | all((map(select(.unit == "slice").segment_scores[6]) | max) == (map(select(.unit == "case").segment_scores[6]) | max))' calls.jsonl
  lge-synth -q --phantom --population mild --count 16 --captions truth.jsonl -o again.h5
  expect 0 lge-score truth.jsonl calls.jsonl --unit slice
}

@test "a case's score is pooled as asked, and a model calibrated for a pooling keeps it" {
  lge-infer -q --threads 1 --task detect --model align.safetensors --unit slice cohort.h5 >slices.jsonl
  for how in mean max top; do
    lge-infer -q --threads 1 --task detect --model align.safetensors --pooling $how --unit case cohort.h5 >$how.jsonl
  done
  expect 0 jq -e -n --slurpfile s slices.jsonl --slurpfile mean mean.jsonl --slurpfile max max.jsonl --slurpfile top top.jsonl '
    def near($a; $b): ($a - $b | fabs) < 1e-6;
    ($s | group_by(.id) | map({(.[0].id): map(.score)}) | add) as $of
    | ($mean | length) > 0
    and ($mean | all(near(.score; $of[.id] | add / length))) and ($max | all(near(.score; $of[.id] | max)))
    and ($top | all(near(.score; $of[.id] | sort | reverse | .[:3] | add / length)))'
  expect 0 lge-infer --threads 1 --task detect --model align.safetensors --pooling max --unit case cohort.h5
  [[ $stderr == *"thresholds are set for other pooling"* ]]
  lge-infer -q --task detect --calibrate --model align.safetensors --pooling max cohort.h5 -o pooled.safetensors
  expect 0 lge-infer --threads 1 --task detect --model pooled.safetensors --unit case cohort.h5
  [[ $stderr != *pooling* ]]
  expect 0 diff <(jq .score <<<"$output") <(jq .score max.jsonl)
}

@test "several cohorts follow each other, and shards share out the cases" {
  lge-synth -q --phantom --population mild --count 3 --seed 9 -o more.h5
  lge-infer -q --threads 2 --task detect --model align.safetensors cohort.h5 >one.jsonl
  lge-infer -q --threads 1 --task detect --model align.safetensors more.h5 >two.jsonl
  expect 0 bash -c 'lge-infer -q --threads 1 --task detect --model align.safetensors cohort.h5 - <more.h5 >both.jsonl'
  expect 0 diff both.jsonl <(cat one.jsonl two.jsonl)
  for i in 1 2 3; do lge-infer -q --task detect --model align.safetensors --unit case --shard $i/3 cohort.h5; done | sort >sharded
  expect 0 diff sharded <(jq -c 'select(.unit == "case")' one.jsonl | sort)
}

@test "the nearest sentence agrees with the call, and a list may be records or lines" {
  printf '# a list\nThere is a scar in the inferior wall.\nNo scar.\nThe weather is fine.\n' >list.txt
  lge-infer -q --threads 1 --task detect --model align.safetensors --captions list.txt cohort.h5 >calls.jsonl
  expect 0 jq -e -s 'all(.caption == (if .present then "There is a scar in the inferior wall." else "No scar." end))' calls.jsonl
  expect 0 lge-infer -q --threads 1 --task caption --model align.safetensors --captions list.txt --unit case cohort.h5
  echo "$output" >captions.jsonl
  [ "$(jq -r .schema captions.jsonl | sort -u)" = lge.caption/1 ]
  expect 0 diff <(jq -r .text captions.jsonl) <(jq -r 'select(.unit == "case").caption' calls.jsonl)
  expect 0 jq -e -s 'all(.finding.lge == (if .text == "No scar." then "absent" else "present" end))' captions.jsonl
  expect 0 jq -e -s 'map(select(.finding.lge == "present")) | all(.finding.segments == [4,10,15])' captions.jsonl
  expect 0 lge-infer -q --threads 1 --task caption --model align.safetensors --captions captions.jsonl --unit case cohort.h5
  echo 'The weather is fine.' >nothing.txt
  expect 65 lge-infer -q --task caption --model align.safetensors --captions nothing.txt cohort.h5
}

@test "a model with a decoder writes captions that the reports' parser understands and that agree with the call" {
  lge-train -q --task align --caption-weight 1 --steps 12 --batch 4 --threads 1 --hold-out 0.5 --run-dir writes -o writes.safetensors cohort.h5
  lge-infer -q --threads 1 --shard 1/4 --task detect --model writes.safetensors cohort.h5 >calls.jsonl
  expect 0 lge-infer -q --threads 1 --shard 1/4 --task caption --wording written --model writes.safetensors cohort.h5 -o written.jsonl
  expect 0 diff <(jq -c '[.id, .slice]' written.jsonl) <(jq -c '[.id, .slice]' calls.jsonl)
  expect 0 diff <(jq -c '.finding.lge == "present"' written.jsonl) <(jq -c .present calls.jsonl)
  jq -c '{id: "\(.id)-\(.slice)", text}' written.jsonl >texts.jsonl
  expect 0 bash -c 'lge-reportparse -q texts.jsonl | jq .lge'
  expect 0 diff <(echo "$output") <(jq .finding.lge written.jsonl)
  expect 64 lge-infer -q --task caption --wording written --model align.safetensors cohort.h5
}

@test "vectors have length 1 and give the score, as records and as tensors" {
  printf '[presence]\n+ There is a scar.\n- No scar.\n' >prompts.txt
  printf 'There is a scar.\nNo scar.\n' >list.txt
  lge-infer -q --threads 1 --task detect --prompts prompts.txt --model align.safetensors cohort.h5 >calls.jsonl
  expect 0 lge-infer -q --threads 1 --task embed --model align.safetensors --text list.txt cohort.h5 -o vectors.jsonl
  expect 0 jq -e -s 'all(.vector | map(. * .) | add - 1 | fabs < 1e-5)' vectors.jsonl
  expect 0 jq -e -n --slurpfile v vectors.jsonl --slurpfile c calls.jsonl '
    def dot($a; $b): [$a, $b] | transpose | map(.[0] * .[1]) | add;
    $v[0].id == "text-1" and $v[1].unit == "text" and ($v | length) == ($c | length) + 2
    and ([$v[2:], $c] | transpose | all(.[0].id == .[1].id and .[0].slice == .[1].slice
      and (dot(.[0].vector; $v[0].vector) - dot(.[0].vector; $v[1].vector) - .[1].score | fabs) < 1e-5))'
  expect 0 lge-infer -q --threads 1 --task embed --model align.safetensors --text list.txt cohort.h5 -o vectors.safetensors
  local length
  length=$(od -An -tu8 -N8 vectors.safetensors | tr -d ' ')
  tail -c +9 vectors.safetensors | head -c "$length" >header.json
  [ "$(jq -c .text.shape header.json)" = '[2,64]' ]
  [ "$(jq '.slice.shape[0]' header.json)" = "$(jq -s 'map(select(.unit == "slice")) | length' vectors.jsonl)" ]
  expect 0 diff <(jq -c '.__metadata__.case_ids | fromjson | .[]' header.json) <(jq 'select(.unit == "case").id' vectors.jsonl)
}

@test "an image becomes a call by way of a segmenter, the one that the tools give apart, and its masks are kept" {
  lge-synth -q --phantom --population mild --pose random --count 2 --output-dir p
  expect 0 lge-infer -q --task detect --model align.safetensors p/cases.jsonl -o read.jsonl
  lge-orient -q p/cases.jsonl -o oriented.h5
  lge-infer -q --task detect --model align.safetensors oriented.h5 -o apart.jsonl
  expect 0 diff read.jsonl apart.jsonl
  expect 65 lge-infer -q --task detect --model align.safetensors p/images/phantom-000000.nii.gz
  said 'lge-infer: phantom-000000.nii.gz: no label map; *'

  lge-infer -q --task segment --model segment.safetensors p/images/*.nii.gz --output-dir masks
  jq -c --arg m masks '.label = "masks/" + .id + ".nii.gz" | .image = "p/" + .image | del(.landmarks, .report)' p/cases.jsonl >labelled.jsonl
  lge-infer -q --keep-going --task detect --model align.safetensors labelled.jsonl -o drawn-apart.jsonl || [ $? = 65 ]
  lge-infer -q --keep-going --task detect --model align.safetensors --segmenter segment.safetensors --output-dir drawn p/images/*.nii.gz -o at-once.jsonl || [ $? = 65 ]
  expect 0 diff drawn-apart.jsonl at-once.jsonl
  for mask in drawn/*; do expect 0 lge-dice -q "masks/${mask#drawn/}" "$mask" --fail-under 1; done
}

@test "heat maps lie on the image's own grid, or for cohorts in a cohort, and lge-plot lays them over" {
  lge-synth -q --phantom --population mild --pose random --count 1 --output-dir p
  expect 0 lge-infer -q --task detect --model align.safetensors --heat heat --heat-of scar --heat-of presence --heat-of inferior p/cases.jsonl -o calls.jsonl
  [ "$(ls heat | tr '\n' ' ')" = 'phantom-000000_inferior.nii.gz phantom-000000_presence.nii.gz phantom-000000_scar.nii.gz ' ]
  expect 0 lge-plot montage p/images/phantom-000000.nii.gz --heat heat/phantom-000000_scar.nii.gz -o one.png
  expect 0 lge-infer -q --task detect --model align.safetensors --heat heats cohort.h5 -o calls.jsonl --force
  [ "$(ls heats)" = scar.h5 ]
  expect 0 lge-plot montage cohort.h5 --heat heats/scar.h5 -o all.png
  expect 0 lge-infer -q --task detect --model image.safetensors --heat seen cohort.h5 -o calls.jsonl --force
  [ "$(ls seen)" = presence.h5 ]
  expect 64 lge-infer -q --task detect --model align.safetensors --heat x --heat-of upper cohort.h5
  expect 64 lge-infer -q --task detect --model image.safetensors --heat x --heat-of scar cohort.h5
  expect 64 lge-infer -q --task detect --model align.safetensors --heat-of scar cohort.h5
}

@test "a label map may be on the canonical grid, uncleaned, averaged, and with its doubt and landmarks beside it" {
  lge-synth -q --phantom --population mild --pose random --count 1 --output-dir p
  local image=p/images/phantom-000000.nii.gz
  expect 0 lge-infer -q --task segment --model segment.safetensors $image -o mask.nii.gz --uncertainty doubt.nii.gz --landmarks marks.jsonl
  expect 0 lge-plot montage $image --heat doubt.nii.gz -o doubt.png
  [ "$(jq -r '.schema + .id' marks.jsonl)" = lge.landmarks/1phantom-000000 ]
  for option in '--clean none' '--clean component' '--augment none' '--augment mirrors' '--precision bf16'; do
    # shellcheck disable=SC2086  # two words
    expect 0 lge-infer -q --task segment --model segment.safetensors $option $image -o other.nii.gz --force
    expect 0 lge-dice -q mask.nii.gz other.nii.gz
  done
  # What has no LV is in no pose.
  if lge-orient -q --label mask.nii.gz $image -o canonical.nii.gz --label-output canonical-mask.nii.gz; then
    expect 0 lge-infer -q --task segment --model segment.safetensors --grid canonical $image -o posed.nii.gz
    expect 0 lge-dice -q canonical-mask.nii.gz posed.nii.gz --fail-under 1
    [ "$(jq -c .lv_base_mm marks.jsonl)" != null ]
  fi
  expect 0 lge-infer -q --task segment --model segment.safetensors cohort.h5 -o labelled.h5 --uncertainty doubt.h5
  expect 0 lge-plot montage labelled.h5 --heat doubt.h5 -o doubt.png --force
  expect 0 lge-infer -q --task segment --model segment.safetensors p/cases.jsonl --output-dir m --uncertainty u --landmarks all.jsonl
  [ "$(ls u)" = phantom-000000.nii.gz ]
  expect 0 diff <(jq -c 'del(.id)' all.jsonl) <(jq -c 'del(.id)' marks.jsonl)
  expect 64 lge-infer -q --task segment --model segment.safetensors cohort.h5 -o x.h5 --grid canonical
}

@test "a model with heads tells insertions and the stored pose in its landmarks, and one without as much as ever" {
  lge-train -q --task segment --population mild --size 32 --spacing 4 --steps 60 --batch 8 --threads 1 --head insertions --head pose --run-dir heads -o heads.safetensors
  lge-synth -q --phantom --population mild --pose random --count 3 --output-dir p
  expect 0 lge-infer -q --task segment --model heads.safetensors p/cases.jsonl --output-dir masks -o labelled.jsonl --landmarks marks.jsonl
  expect 0 jq -e -s 'length == 3 and all(has("rv_anterior_confidence") and has("rv_inferior_confidence"))' marks.jsonl
  expect 0 jq -e -s 'all((.lv_base_mm == null) or (.pose | (.rotation_deg | IN(0, 90, 180, -90)) and .share >= 0.125 and .share <= 1))' marks.jsonl
  expect 0 jq -e -s 'all([.rv_anterior_confidence, .rv_inferior_confidence] | all(. == null) or all(. >= 0.5 and . <= 1))' marks.jsonl
  expect 0 lge-infer -q --task segment --model heads.safetensors p/cases.jsonl --output-dir averaged --augment mirrors --landmarks averaged.jsonl -o averaged-cases.jsonl
  expect 0 lge-infer -q --task segment --model segment.safetensors p/cases.jsonl --output-dir plain -o plain-cases.jsonl --landmarks plain.jsonl
  expect 0 jq -e -s 'all((has("pose") or has("rv_anterior_confidence")) | not)' plain.jsonl
}

@test "a summary is a line a case" {
  expect 0 lge-infer -q --task detect --model align.safetensors --summary cohort.h5
  [ "${#lines[@]}" = 16 ]
  [ "$(grep -cE '^phantom-[0-9]+  (present|absent) [01]\.[0-9]{2}(  .*)?$|^phantom-[0-9]+  no wall to judge$' <<<"$output")" = 16 ]
  lge-synth -q --phantom --population mild --pose random --count 2 --output-dir p
  expect 0 lge-infer -q --task segment --model segment.safetensors --summary p/images/phantom-000000.nii.gz -o mask.nii.gz
  [[ $output =~ ^phantom-000000\ \ LV\ cavity\ [0-9]+\ ml,\ wall\ [0-9]+\ ml,\ RV\ cavity\ [0-9]+\ ml$ ]]
  local first=$output
  expect 0 lge-infer -q --task segment --model segment.safetensors --summary p/cases.jsonl --output-dir masks
  [ "${lines[0]}" = "$first" ]
  [ "${#lines[@]}" = 2 ]
  expect 64 lge-infer -q --task segment --model segment.safetensors --summary p/images/phantom-000000.nii.gz
}

@test "every task leaves out what is damaged and names it, with --keep-going, and ends with status 65" {
  lge-synth -q --phantom --population mild --pose random --count 3 --output-dir p
  head -c 3000 p/images/phantom-000001.nii.gz >p/cut.nii.gz
  sed -i '2s|images/phantom-000001|cut|' p/cases.jsonl
  sed -i '2a{"schema":"lge.case/1"}' p/cases.jsonl
  for task in detect caption embed; do
    expect 65 lge-infer --threads 2 --task $task --model align.safetensors --unit case --keep-going p/cases.jsonl
    [ "$(jq -r .id <<<"$output" | tr '\n' ' ')" = 'phantom-000000 phantom-000002 ' ]
    [[ $stderr == *"cut.nii.gz: "*"left out"*"cases.jsonl:3: "*"left out"* ]]
    expect 65 lge-infer -q --task $task --model align.safetensors --unit case p/cases.jsonl
  done
  expect 65 lge-infer --task segment --model segment.safetensors --keep-going p/cases.jsonl --output-dir p/masks -o p/labelled.jsonl
  [ "$(jq -r .id p/labelled.jsonl | tr '\n' ' ')" = 'phantom-000000 phantom-000002 ' ]
  [ "$(ls p/masks | wc -l)" = 2 ]
  head -c 5000 cohort.h5 >cut.h5
  expect 65 lge-infer --task detect --model align.safetensors --unit case --keep-going cut.h5 cohort.h5
  [[ $stderr == *"cut.h5: "*"left out"* && ${#lines[@]} = 16 ]]
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
  [[ $stderr == "lge-infer: balanced accuracy 0."*" on the 1"*" cases that set the threshold"* || $stderr == *" 1.000 on the 1"* ]]
  lge-infer -q --threads 1 --task detect --unit case --model align.safetensors cohort.h5 -o before.jsonl
  lge-infer -q --threads 1 --task detect --unit case --model calibrated.safetensors cohort.h5 -o after.jsonl
  expect 0 diff <(jq .score before.jsonl) <(jq .score after.jsonl)
  run ! diff -q <(jq .threshold before.jsonl) <(jq .threshold after.jsonl)
  lge-synth -q --phantom --population mild --count 3 --normal-fraction 1 -o normal.h5
  expect 65 lge-infer -q --threads 1 --task detect --calibrate --model align.safetensors normal.h5 -o x.safetensors
  expect 64 lge-infer -q --task segment --calibrate --model segment.safetensors cohort.h5 -o x.h5
  expect 64 lge-infer -q --task detect --calibrate --model align.safetensors --unit case cohort.h5 -o x.safetensors
  expect 64 lge-infer -q --task detect --calibrate --model calibrated.safetensors cohort.h5 -o calibrated.safetensors --force
  said 'lge-infer: calibrated.safetensors: is an input too*'
}

@test "a model is calibrated with what reports say, and tells of the cases and prompts" {
  lge-synth -q --phantom --population mild --count 12 --seed 31 --captions captions.jsonl -o told.h5
  lge-infer -q --threads 1 --task detect --calibrate --model align.safetensors told.h5 -o own.safetensors
  expect 0 lge-infer -q --threads 1 --task detect --calibrate --model align.safetensors --captions captions.jsonl told.h5 -o read.safetensors
  expect 0 cmp own.safetensors read.safetensors
  jq -c '.finding.lge = (if .finding.lge == "present" then "absent" else "present" end) | .finding.segments = []' captions.jsonl >wrong.jsonl
  expect 0 lge-infer -q --threads 1 --task detect --calibrate --model align.safetensors --captions wrong.jsonl told.h5 -o wrong.safetensors
  run ! cmp -s own.safetensors wrong.safetensors
  grep -aq "$(sha256sum told.h5 | cut -c1-64)" own.safetensors
  printf '[presence]\n+ There is a scar.\n- There is no scar.\n' >other.txt
  expect 0 lge-infer --threads 1 --task detect --model own.safetensors --unit case --prompts other.txt told.h5
  [[ $stderr == *"thresholds are set for other prompts"* ]]
  expect 0 lge-infer --threads 1 --task detect --model own.safetensors --unit case told.h5
  [[ $stderr != *thresholds* ]]
}

@test "no output lies upon another or upon an input" {
  lge-synth -q --phantom --population mild --count 2 --output-dir q
  cp q/images/phantom-000000.nii.gz one.nii.gz
  cp one.nii.gz before.nii.gz
  segment() { expect "$1" lge-infer -q --threads 1 --task segment --model segment.safetensors --force "${@:2}"; }
  segment 64 one.nii.gz -o m.nii.gz --uncertainty m.nii.gz
  segment 64 one.nii.gz -o m.nii.gz --landmarks ./m.nii.gz
  segment 64 one.nii.gz -o - --landmarks -
  segment 64 one.nii.gz -o m.nii.gz --uncertainty one.nii.gz
  segment 64 one.nii.gz --output-dir .
  segment 64 one.nii.gz --output-dir d --uncertainty d
  segment 64 one.nii.gz --output-dir d -o m.nii.gz
  segment 64 cohort.h5 -o m.nii.gz
  expect 64 lge-infer -q --threads 1 --task detect --model align.safetensors --segmenter segment.safetensors --output-dir . --force one.nii.gz
  expect 0 cmp one.nii.gz before.nii.gz
  [ ! -e m.nii.gz ]
  mkdir -p twin
  cp one.nii.gz twin/
  segment 65 one.nii.gz twin/one.nii.gz --output-dir d
  said "lge-infer: one.nii.gz: another case has this one's id"
}

@test "a shard without a case is nothing, in either task" {
  lge-synth -q --phantom --population mild --count 1 --output-dir lone
  expect 0 lge-infer -q --task segment --model segment.safetensors lone/cases.jsonl --shard 2/2 --output-dir none
  expect 0 lge-infer -q --task detect --model align.safetensors cohort.h5 --shard 64/64
  [ -z "$output" ]
}

@test "sentences that nobody understands can be asked with, but are no captions" {
  printf '[presence]\n+ bright wall\n- dark wall\n' >odd.txt
  expect 0 lge-infer -q --threads 1 --task detect --model align.safetensors --prompts odd.txt --unit case cohort.h5
  [ "$(jq -s 'all(.caption == null) and length > 0' <<<"$output")" = true ]
  expect 65 lge-infer -q --threads 1 --task caption --model align.safetensors --prompts odd.txt cohort.h5
  said 'lge-infer: of the sentences to choose from*'
  expect 64 lge-infer -q --threads 1 --task detect --model align.safetensors --heat h --heat-of scar --heat-of scar cohort.h5
  said 'lge-infer: a heat map of scar is asked for twice*'
}

@test "a caption contradicts nothing that its record names" {
  lge-infer -q --threads 1 --task detect --model align.safetensors cohort.h5 -o calls.jsonl
  expect 0 jq -e -s '["subendocardial", "midwall", "subepicardial", "transmural"] as $all | map(select(.present)) | length > 0 and
    all(.extent as $e | (.caption | ascii_downcase) as $c | ($all - [$e]) | map(. as $other | $c | contains($other)) | any | not)' calls.jsonl
  expect 0 jq -e -s 'map(select(.present)) | all((.caption | contains("septal wall") | not) or (.wall | contains("septal")))' calls.jsonl
}

@test "the rule judges by the share of bright wall, needs masks and no model" {
  expect 0 lge-infer -q --threads 1 --task detect --rule 0.1 cohort.h5 -o rule.jsonl
  expect 0 jq -e -s 'all(.score >= 0 and .score <= 1 and .present == (.score >= 0.1)) and any(.present) and any(.present | not)' rule.jsonl
  expect 0 diff <(jq -r 'select(.unit == "case") | .id' rule.jsonl) <(lge-infer -q --task detect --model align.safetensors --unit case cohort.h5 | jq -r .id)
  expect 0 jq -e '.auc.value > 0.7' <(lge-score -q cohort.h5 rule.jsonl)
  expect 64 lge-infer --task detect cohort.h5
  [[ $stderr == "lge-infer: --model is required"* ]]
  expect 64 lge-infer --task detect --rule 0.1 --model align.safetensors cohort.h5
  expect 64 lge-infer --task detect --rule 0.1 --heat h cohort.h5
  expect 64 lge-infer --task segment --rule 0.1 cohort.h5
}

@test "options of the other task are refused" {
  expect 64 lge-infer --task detect --model align.safetensors --output-dir d cohort.h5
  expect 64 lge-infer --task segment --model segment.safetensors --prompts p.txt cohort.h5
  expect 64 lge-infer --task segment --model segment.safetensors --heat h cohort.h5
  expect 64 lge-infer --task detect --model align.safetensors --augment none cohort.h5
  expect 64 lge-infer --task detect --model align.safetensors --batch 8 cohort.h5
  expect 64 lge-infer --task detect --model align.safetensors --segmenter segment.safetensors cohort.h5
  expect 64 lge-infer --task detect --model align.safetensors --summary --unit case cohort.h5
  expect 64 lge-infer --task detect --model align.safetensors --text t.txt cohort.h5
  expect 64 lge-infer --task embed --model align.safetensors --summary cohort.h5
}
