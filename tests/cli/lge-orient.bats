load helpers

heart() { "$LGE_TESTS/cli/heart.py" "$@"; }

@test "lge-orient keeps the rules of the suite" {
  heart a
  keeps_the_rules lge-orient --label a_label.nii
}

@test "a heart becomes a cohort and a record" {
  heart a
  expect 0 lge-orient -q -l a_label.nii a_image.nii -o a.h5 -r a.jsonl
  [ -z "$output$stderr" ]
  [ "$(head -c 4 a.h5 | tail -c 3)" = HDF ]
  expect 0 jq -e '.schema == "lge.orient/1" and .id == "a_image" and (.rotation_deg | fabs) < 3 and .mirrored == false
    and .apex_first == false and .slices == [0,1,2,3,4,5] and .levels == ["basal","basal","mid","mid","apical","apical"]
    and .problems == ["rv_inherited"] and .confidence > 0.8' a.jsonl
  refuses_existing_output lge-orient -l a_label.nii a_image.nii -- a.h5
}

@test "NIfTI, NRRD, MetaImage and standard input give the same pose" {
  heart a
  heart b --nrrd
  heart c --mha
  for f in a_image.nii b_image.nrrd c_image.mha; do
    expect 0 lge-orient -q -l "${f/image/label}" "$f" -o /dev/null -r "$f.jsonl"
    jq -c 'del(.id, .landmarks, .intensity) | (.rotation_deg, .confidence) |= (. * 1000 | round)' "$f.jsonl" >>records
  done
  [ "$(sort -u records | wc -l)" -eq 1 ]
  expect 0 lge-orient -q -l - a_image.nii -o piped.h5 <a_label.nii
  expect 0 bash -c 'lge-orient -q -l - a_image.nii <a_label.nii | cmp - piped.h5'
  expect 64 lge-orient -q -l - - -o x.h5
  said 'lge-orient: only one input can be standard input'
}

@test "a nominal header is named, and the order comes from the anatomy" {
  heart a --nominal --reverse
  expect 0 lge-orient -l a_label.nii a_image.nii -o a.h5 -r a.jsonl
  expect 0 jq -e '.apex_first and (.rotation_deg | fabs) < 3 and .problems == ["header_nominal","chirality_assumed","rv_inherited"]' a.jsonl
  expect 0 lge-orient -q --view base -l a_label.nii a_image.nii -o b.h5 -r b.jsonl
  expect 0 jq -e '.mirrored and (.problems | contains(["view_doubtful"]))' b.jsonl
}

@test "--check writes records alone and says no when a stack cannot be standardised" {
  heart a --no-rv --nominal
  expect 1 lge-orient -q --check -l a_label.nii a_image.nii
  expect 0 jq -e '.problems | contains(["rotation_unknown", "rv_missing"])' <<<"$output"
  heart b
  expect 0 lge-orient -q --check -l b_label.nii b_image.nii
}

@test "label numbers are mapped, and those that have no meaning refused" {
  heart a
  head -c 352 a_label.nii >b_label.nii
  tail -c +353 a_label.nii | tr '\001\005' '\003\001' >>b_label.nii
  expect 0 lge-orient -q -l a_label.nii a_image.nii -o a.h5 -r a.jsonl
  expect 0 lge-orient -q -l b_label.nii --label-map 1=5,3=1 a_image.nii -o b.h5 -r b.jsonl
  cmp a.jsonl b.jsonl
  expect 65 lge-orient -q -l a_label.nii --label-map 5=9 a_image.nii -o c.h5
  said 'lge-orient: a_label.nii: label 9, wanted 0 to 5 *'
  expect 64 lge-orient -l a_label.nii --label-map 5: a_image.nii -o c.h5
  [ ! -e c.h5 ]
}

@test "a manifest keeps its order on any number of threads, and --keep-going passes over what is damaged" {
  for n in 1 2 3 4 5; do
    heart "h$n"
    echo "{\"schema\":\"lge.case/1\",\"id\":\"case $((9 - n))\",\"image\":\"h${n}_image.nii\",\"label\":\"h${n}_label.nii\"}"
  done >cases.jsonl
  expect 0 lge-orient -q --threads 1 cases.jsonl -o one.h5 -r one.jsonl
  expect 0 lge-orient -q --threads 4 cases.jsonl -o four.h5 -r four.jsonl
  cmp one.jsonl four.jsonl
  [ "$(jq -r .id one.jsonl | tr '\n' ,)" = 'case 8,case 7,case 6,case 5,case 4,' ]
  truncate -s 5000 h3_image.nii
  expect 65 lge-orient -q cases.jsonl -o none.h5
  [[ $stderr == 'lge-orient: h3_image.nii: '* ]]
  [ ! -e none.h5 ]
  expect 65 lge-orient --keep-going cases.jsonl -o four.h5 --force -r rest.jsonl
  [[ $stderr == *'h3_image.nii: '* ]]
  [ "$(jq -r .id rest.jsonl | wc -l)" -eq 4 ]
}

@test "damaged and mismatched inputs are refused with the reason" {
  heart a
  heart b --nrrd
  heart c --mha
  for f in a_image.nii b_image.nrrd c_image.mha; do
    head -c 9000 "$f" >"cut_$f"
    expect 65 lge-orient -q -l a_label.nii "cut_$f" -o x.h5
    said "lge-orient: cut_$f: *"
  done
  heart d --nominal
  expect 65 lge-orient -q -l d_label.nii a_image.nii -o x.h5
  said 'lge-orient: d_label.nii: grid differs from the image: *'
  { head -c 352 a_label.nii; head -c 13824 /dev/zero; } >empty.nii
  expect 65 lge-orient -q -l empty.nii a_image.nii -o x.h5
  said 'lge-orient: empty.nii: no LV in the label map'
  expect 65 lge-orient -q -l a_image.nii a_image.nii -o x.h5
  expect 64 lge-orient -q a_image.nii -o x.h5
  expect 64 lge-orient -q -l a_label.nii -l a_label.nii a_image.nii -o x.h5
  expect 64 lge-orient -q -l a_label.nii a_image.nii -o a_image.nii --force
  expect 65 lge-orient -q -l a_label.nii -l a_label.nii a_image.nii a_image.nii -o x.h5
  sed 's/LOCAL/\/etc\/passwd/' c_image.mha >out.mha
  expect 65 lge-orient -q -l c_label.mha out.mha -o x.h5
  [ ! -e x.h5 ]
}

@test "both insertions are found on every ACDC slice with RV beside the wall, and most stacks can be standardised" {
  local data
  real_data acdc
  local images=() labels=() f
  for f in "$data"/*_frame01_image.nii.gz; do
    images+=("$f")
    labels+=(-l "${f/image/label}")
  done
  expect 0 lge-orient -q --check --label-map 1=5,3=1 "${labels[@]}" "${images[@]}"
  [ "$(jq -c 'select(.problems | contains(["view_doubtful"]))' <<<"$output" | wc -l)" -eq 0 ]
  [ "$(jq -c 'select(.apex_first)' <<<"$output" | wc -l)" -le 1 ]  # patient047 is ambiguous
}

@test "a DICOM folder of one heart phase is sorted by position, its header true" {
  local data n
  real_data sunnybrook
  mkdir stack
  for ((n = 7; n < 400; n += 20)); do  # the seventh of twenty phases, every slice
    [ ! -e "$data/dicoms/SCD0000301/$n.dcm" ] || cp "$data/dicoms/SCD0000301/$n.dcm" "stack/$((1000 - n)).dcm"
  done
  # With the image as its own label map the grid agrees, and its first fault is a voxel that is no label.
  expect 65 lge-orient -q -l stack stack -o x.h5
  said 'lge-orient: stack: voxel is not a label number *'
  truncate -s 100000 stack/993.dcm
  expect 65 lge-orient -q -l stack stack -o x.h5
  said 'lge-orient: 993.dcm: *'
}

@test "a DICOM folder with several images a position is refused by name" {
  local data
  real_data sunnybrook
  heart a
  expect 65 lge-orient -q -l a_label.nii "$data/dicoms/SCD0000301" -o x.h5
  said 'lge-orient: *.dcm: two images at one position *'
}
