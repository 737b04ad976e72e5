load helpers

@test "lge-synth keeps the rules of the suite" {
  keeps_the_rules lge-synth
}

@test "lge-synth leaves an existing cohort alone without --force" {
  refuses_existing_output lge-synth --phantom --count 1 --size 64 --quiet -- out.h5
}

@test "lge-synth gives the same bytes on 1, 2 and 8 threads, and another seed gives others" {
  for threads in 1 2 8; do
    expect 0 lge-synth --phantom --count 6 --size 64 --spacing 2.4 --seed 3 --threads $threads -o $threads.h5 --captions $threads.jsonl
  done
  cmp 1.h5 2.h5
  cmp 1.h5 8.h5
  cmp 1.jsonl 8.jsonl
  expect 0 lge-synth --phantom --count 6 --size 64 --spacing 2.4 --seed 4 -o other.h5
  expect 1 cmp 1.h5 other.h5
}

@test "lge-synth draws scars into hearts with the same bytes on 1, 2 and 8 threads, and each case the same in every shard" {
  expect 0 lge-synth --phantom --population mild --count 3 --size 64 --spacing 2.4 --normal-fraction 1 -o hearts.h5
  for threads in 1 2 8; do
    expect 0 lge-synth hearts.h5 --count 12 --hard-fraction 0.3 --threads $threads -o $threads.h5 --captions $threads.captions --reports $threads.reports \
      --findings $threads.findings --records $threads.records --hard-captions $threads.hard --summary $threads.summary
    for kind in h5 captions reports findings records hard summary; do cmp 1.$kind $threads.$kind; done
  done
  for i in 1 2 3 4; do expect 0 lge-synth hearts.h5 --count 12 --hard-fraction 0.3 --shard $i/4 --captions part-$i.captions -o part-$i.h5; done
  cmp <(sort 1.captions) <(sort part-?.captions)
  expect 64 lge-synth hearts.h5 --count 3 --shard 4/4 -o none.h5
  said "lge-synth: --shard 4/4 has nothing to do: there are 3 cases"
}

@test "lge-synth draws case i the same in every shard" {
  expect 0 lge-synth --phantom --count 6 --size 64 --reports all.jsonl --findings truth.jsonl -o all.h5
  for i in 1 2 3 4; do
    expect 0 lge-synth --phantom --count 6 --size 64 --shard $i/4 --reports part-$i.jsonl -o part-$i.h5
  done
  sort all.jsonl >wanted
  sort part-?.jsonl >found
  cmp wanted found
  [ "$(wc -l <all.jsonl)" -eq 6 ]
}

@test "lge-synth keeps a wish in finding, captions and reports" {
  expect 0 lge-synth --phantom --population mild --count 4 --normal-fraction 0 --wall inferior --level basal --extent transmural \
    --captions captions.jsonl --findings findings.jsonl --reports reports.jsonl -o out.h5
  [ "$(jq -c '[.schema, .lge, .segments, .pattern]' findings.jsonl | sort -u)" = '["lge.finding/1","present",[4],["transmural"]]' ]
  [ "$(jq -r 'select(.finding.lge == "present") | .level' captions.jsonl | sort -u)" = basal ]
  run ! grep -v -i -e transmural -e full-thickness <(jq -r .text reports.jsonl | grep -i -e inferior -e 'segment 4')
  [ "$(jq -rs 'length' reports.jsonl)" -eq 4 ]
}

@test "lge-synth denies enhancement in every normal case" {
  expect 0 lge-synth --phantom --count 3 --size 64 --normal-fraction 1 --findings findings.jsonl --reports reports.jsonl -o out.h5
  [ "$(jq -c '[.lge, .segments]' findings.jsonl | sort -u)" = '["absent",[]]' ]
  [ "$(jq -r .text reports.jsonl | grep -ciE '\b(no|without|absence)\b')" -ge 3 ]
}

@test "lge-synth writes a folder of stacks in random pose with manifest, reports and truth" {
  expect 0 lge-synth --phantom --population mild --count 3 --pose random --output-dir ward
  [ "$(ls ward/images)" = "$(ls ward/labels)" ]
  while read -r file; do gzip -t "ward/$file"; done < <(jq -r '.image, .label' ward/cases.jsonl)
  [ "$(jq -r .id ward/cases.jsonl)" = "$(jq -r .id ward/reports.jsonl)" ]
  [ "$(jq -r .id ward/cases.jsonl)" = "$(jq -r .id ward/truth.jsonl)" ]
  expect 73 lge-synth --phantom --population mild --count 3 --pose random --output-dir ward
}

@test "lge-synth draws scars into a cohort, also through a pipe" {
  expect 0 lge-synth --phantom --population mild --count 3 --size 64 --spacing 2.4 --normal-fraction 1 -o normal.h5
  expect 0 lge-synth normal.h5 --count 6 --normal-fraction 0 --findings findings.jsonl -o scars.h5
  [ "$(jq -r .lge findings.jsonl | sort -u)" = present ]
  [ "$(jq -r .id findings.jsonl | sort -u | wc -l)" -eq 6 ]
  lge-synth --quiet - --count 6 --normal-fraction 0 <normal.h5 | cat >piped.h5
  cmp scars.h5 piped.h5
}

@test "lge-synth refuses a wall that the level does not have" {
  expect 64 lge-synth --phantom --wall anteroseptal --level apical -o out.h5
  said "lge-synth: the apical level has no anteroseptal wall: wanted anterior, septal, inferior or lateral"
  expect 64 lge-synth --phantom --wall anterior --level apex -o out.h5
  [ ! -e out.h5 ]
}

@test "lge-synth refuses options that do not go together" {
  expect 64 lge-synth
  said "lge-synth: wanted either --phantom or a cohort*"
  expect 64 lge-synth --phantom cohort.h5
  expect 64 lge-synth --phantom --pose random -o out.h5
  said "lge-synth: --pose random needs --output-dir*"
  expect 64 lge-synth cohort.h5 --size 64 -o out.h5
  expect 64 lge-synth --phantom --count 0 -o out.h5
  expect 64 lge-synth --phantom --count 1 --captions - --records - -o out.h5
  expect 64 lge-synth --phantom --count 1 --captions -
  expect 64 lge-synth --phantom --count 1 --captions out.h5 -o out.h5
  said "lge-synth: out.h5 takes one result only"
  expect 64 lge-synth --phantom --normal-fraction 1.5 -o out.h5
}

@test "lge-synth refuses inputs that are not what they should be" {
  expect 66 lge-synth missing.h5 -o out.h5
  said "lge-synth: missing.h5: *"
  echo nonsense >bad.h5
  expect 65 lge-synth bad.h5 -o out.h5
  said "lge-synth: bad.h5: *"
  expect 66 lge-synth --phantom --population missing -o out.h5
  said "lge-synth: no population missing: wanted wide, hard, mild or a file"
  echo '{"schema":"lge.population/1","name":"x","ranges":{"slices":{"low":9,"high":8}}}' >bad.json
  expect 65 lge-synth --phantom --population bad.json -o out.h5
  said "lge-synth: bad.json: slices must rise*"
  [ ! -e out.h5 ]
}

@test "lge-synth draws recorded phantoms again byte for byte, and an edited record otherwise" {
  expect 0 lge-synth --phantom --population mild --count 4 --size 64 --spacing 2.4 --normal-fraction 0 --seed 5 --style plain --records records.jsonl --captions first.jsonl -o first.h5
  [ "$(jq -r .schema records.jsonl | sort -u)" = lge.synth/1 ]
  for threads in 1 3; do
    expect 0 lge-synth --replay records.jsonl --threads $threads --captions again.jsonl -o again.h5 --force
    cmp first.h5 again.h5
    cmp first.jsonl again.jsonl
    rm again.jsonl
  done
  jq -c '.scars[0].depth_low = 0 | .scars[0].depth_high = 0.3 | .scars[0].extent = "subendocardial"' records.jsonl >edited.jsonl
  expect 0 lge-synth --replay edited.jsonl -o edited.h5
  run ! cmp -s first.h5 edited.h5
}

@test "lge-synth draws recorded scars into the same cohort again, and recorded stacks into a folder" {
  expect 0 lge-synth --phantom --population mild --count 2 --size 64 --spacing 2.4 --normal-fraction 1 -o normal.h5
  expect 0 lge-synth normal.h5 --count 5 --normal-fraction 0.2 --hard-fraction 0.5 --gate 9 --records records.jsonl --summary one.json -o scars.h5
  expect 0 lge-synth normal.h5 --replay records.jsonl --records again.jsonl --summary two.json -o again.h5
  cmp scars.h5 again.h5
  cmp records.jsonl again.jsonl
  cmp one.json two.json
  expect 65 lge-synth --replay records.jsonl -o no.h5
  said "lge-synth: records.jsonl:1: the record is of scars in a cohort: wanted the cohort too"
  expect 0 lge-synth --phantom --population mild --count 3 --pose random --records stacks.jsonl --output-dir one
  expect 0 lge-synth --replay stacks.jsonl --output-dir two
  diff -r one two
  expect 65 lge-synth --replay stacks.jsonl -o no.h5
}

@test "lge-synth refuses records that are damaged" {
  expect 0 lge-synth --phantom --population mild --count 1 --size 64 --normal-fraction 0 --records good.jsonl -o good.h5
  for change in 'del(.heart.wall_mm)' '.heart.size = 1e9' '.heart.blur_mm = 1e9' '.heart.tissue = [1]' '.blur_px = 1e9' '.seed = 5' '.levels = ["top"]' '.scars[0].half_width_deg = -3' '.wordings = 99' '.schema = "lge.case/1"' '.heart = null'; do
    jq -c "$change" good.jsonl >bad.jsonl
    expect 65 lge-synth --replay bad.jsonl -o bad.h5
    said "lge-synth: bad.jsonl:1: *"
  done
  [ ! -e bad.h5 ]
  : >empty.jsonl
  expect 65 lge-synth --replay empty.jsonl -o bad.h5
  expect 66 lge-synth --replay missing.jsonl -o bad.h5
}

@test "lge-synth learns a prior from hearts and draws like them" {
  expect 0 lge-synth --phantom --population mild --count 6 --size 64 --spacing 2.4 --normal-fraction 0 --wall lateral --extent transmural -o lateral.h5
  expect 0 lge-synth --fit lateral.h5 -o prior.json
  [ "$(jq -r .schema prior.json)" = lge.prior/1 ]
  [ "$(jq '.hearts | length' prior.json)" -eq 6 ]
  expect 0 lge-synth lateral.h5 --fit -o - --quiet
  expect 0 lge-synth --phantom --population mild --count 8 --size 64 --spacing 2.4 --normal-fraction 0 --prior prior.json --findings findings.jsonl -o out.h5
  # The lateral wall is segments 5, 6, 11, 12 and 16: most of what is drawn lies there.
  [ "$(jq -s 'map(.segments[]) | map(select(. == 5 or . == 6 or . == 11 or . == 12 or . == 16)) | length * 3' findings.jsonl)" -gt "$(jq -s 'map(.segments[]) | length' findings.jsonl)" ]
  expect 0 lge-synth --phantom --population mild --count 2 --size 64 --normal-fraction 1 -o normal.h5
  expect 1 lge-synth --fit normal.h5 -o none.json
  [ ! -e none.json ]
  echo '{"schema":"lge.prior/1","name":"x","hearts":[[{"extent":"round"}]]}' >bad.json
  expect 65 lge-synth --phantom --prior bad.json -o no.h5
  said "lge-synth: bad.json: extent: wanted *"
  expect 66 lge-synth --phantom --prior missing -o no.h5
  said "lge-synth: no prior missing: wanted clinical, uniform or a file"
}

@test "lge-synth counts what it drew, and writes captions that are wrong in one field" {
  expect 0 lge-synth --phantom --population mild --count 5 --size 64 --spacing 2.4 --normal-fraction 0.4 --summary summary.json --hard-captions hard.jsonl --findings findings.jsonl -o out.h5
  [ "$(jq .cases summary.json)" -eq 5 ]
  [ "$(jq .cases_with_scar summary.json)" -eq "$(jq -s 'map(select(.lge == "present")) | length' findings.jsonl)" ]
  [ "$(jq -r .changed hard.jsonl | sort -u | wc -l)" -ge 2 ]
  [ "$(jq -r 'select(.text == "") | .id' hard.jsonl)" = "" ]
}

@test "lge-synth fixes arc, transmurality and the number of scars" {
  expect 0 lge-synth --phantom --population mild --count 3 --size 64 --spacing 2.4 --normal-fraction 0 --extent subendocardial --transmurality 50 --arc 90 --scars 2 --gate 0 --records r.jsonl -o out.h5
  [ "$(jq -c '.scars | length' r.jsonl | sort -u)" = 2 ]
  [ "$(jq -c '.scars[] | [.half_width_deg, .depth_high]' r.jsonl | sort -u)" = "[45,0.5]" ]
  expect 64 lge-synth --phantom --transmurality 50 -o no.h5
  expect 64 lge-synth --phantom --extent transmural --transmurality 50 -o no.h5
  expect 64 lge-synth --phantom --extent subendocardial --transmurality 90 -o no.h5
  expect 64 lge-synth --fit --phantom -o no.h5
  expect 64 lge-synth --phantom --replay r.jsonl -o no.h5
}
