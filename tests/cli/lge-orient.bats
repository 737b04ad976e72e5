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

# fiducials NAME: the true points of heart.py's heart NAME in its header's LPS mm, as a .fcsv of 3D Slicer.
fiducials() {
  python3 - "$1_image.nii" <<'P' >"$1.fcsv"
import math, struct, sys
head = open(sys.argv[1], "rb").read(352)
rows = [struct.unpack_from("<4f", head, 280 + 16 * r) for r in range(3)]
def point(name, x, y, k):
    p = [sign * (r[0] * x + r[1] * y + r[2] * k + r[3]) for sign, r in zip((-1, -1, 1), rows)]
    print(f"{name},{p[0]:.6f},{p[1]:.6f},{p[2]:.6f},0,0,0,1,1,1,0,{name},,")
print("# Markups fiducial file version = 4.11\n# CoordinateSystem = LPS\n# columns = id,x,y,z,ow,ox,oy,oz,vis,sel,lock,label,desc,associatedNodeID")
point("lv_base", 23.5, 23.5, 0)
point("lv_apex", 23.5, 23.5, 5)
for name, angle in (("rv_anterior", 120), ("rv_inferior", 240)):
    a = math.radians(angle)
    point(name, 23.5 + 29 / 3 * math.cos(a), 23.5 - 29 / 3 * math.sin(a), 2)
P
}

@test "points from Slicer do without a label map, and tell the side that a lost header does not" {
  heart a --nominal
  fiducials a
  expect 0 lge-orient -q --landmarks a.fcsv a_image.nii -o a.h5 -r a.jsonl
  expect 0 jq -e '(.rotation_deg | fabs) < 0.01 and .mirrored == false and .confidence == 1 and .problems == ["header_nominal"]
    and .levels == ["basal","basal","mid","mid","apical","apical"]' a.jsonl
  expect 0 lge-orient -q --landmarks a.fcsv -l a_label.nii a_image.nii -o b.h5 -r b.jsonl
  expect 0 jq -e '(.rotation_deg | fabs) < 0.01 and (.problems | contains(["chirality_assumed"]) | not)' b.jsonl
  # Its own records serve as landmarks, by id.
  expect 0 lge-orient -q --landmarks a.jsonl a_image.nii -o c.h5 -r c.jsonl
  expect 0 jq -e '(.rotation_deg | fabs) < 0.01' c.jsonl
  echo '{"schema":"lge.case/1","id":"one","image":"a_image.nii","landmarks":"a.fcsv"}' >cases.jsonl
  expect 0 lge-orient -q cases.jsonl -o d.h5
  expect 0 bash -c 'lge-orient -q - -o - <cases.jsonl | cmp - d.h5'
  expect 64 lge-orient -q --landmarks a.fcsv --landmarks a.fcsv a_image.nii -o x.h5
  expect 65 lge-orient -q --landmarks a_image.nii a_image.nii -o x.h5
  sed 's/LPS/RAS/' a.fcsv >far.fcsv
  expect 65 lge-orient -q --landmarks far.fcsv a_image.nii -o x.h5
  said 'lge-orient: a_image.nii: landmark * lies outside of the volume, wanted LPS mm by its header'
  [ ! -e x.h5 ]
}

@test "a cohort is oriented again, from a file and from standard input" {
  heart a
  expect 0 lge-orient -q -l a_label.nii a_image.nii -o a.h5
  expect 0 lge-orient -q a.h5 -o b.h5 --spacing 1.5 --size 100 -r b.jsonl
  expect 0 jq -e '.id == "a_image" and (.rotation_deg | fabs) < 3 and .slices == [0,1,2,3,4,5] and .mirrored == false and .apex_first == false' b.jsonl
  expect 0 bash -c 'lge-orient -q --spacing 1.5 --size 100 -r b.jsonl --force -o - - <a.h5 | cmp - b.h5'
  expect 64 lge-orient -q -l a_label.nii a.h5 -o x.h5
}

@test "canonical volumes and labels, their transform, and the label map of a pipe" {
  heart a
  expect 0 lge-orient -q -l a_label.nii a_image.nii -o a.nii.gz --label-output al.nii --transform a.tfm -r a.jsonl
  [ "$(sed -n 1p a.tfm)" = '#Insight Transform File V1.0' ]
  expect 0 lge-orient -q -l - a_image.nii -o - --format nifti <a_label.nii
  expect 0 lge-orient -q -l a_label.nii a_image.nii -o - --format h5 --transform a.json
  expect 0 jq -e '.schema == "lge.transform/1" and .id == "a_image" and (.matrix | length) == 4 and .matrix[3] == [0,0,0,1]' a.json
  # The canonical volume is in its pose already.
  expect 0 lge-orient -q -l al.nii a.nii.gz -o again.h5 -r again.jsonl
  expect 0 jq -e '(.rotation_deg | fabs) < 3 and .mirrored == false and .apex_first == false' again.jsonl
  heart b
  expect 64 lge-orient -q -l a_label.nii -l b_label.nii a_image.nii b_image.nii -o two.nii.gz
  expect 64 lge-orient -q -l a_label.nii a_image.nii -o c.h5 --label-output c.nii
  expect 64 lge-orient -q -l a_label.nii a_image.nii -o - -r -
  [ ! -e c.h5 ]
}

@test "--inverse brings labels back under the header of their source, bit by bit" {
  heart a
  printf 'a description' | dd of=a_image.nii bs=1 seek=148 conv=notrunc status=none
  expect 0 lge-orient -q -l a_label.nii a_image.nii -o a.h5
  expect 0 lge-orient -q --inverse a_image.nii a.h5 -o back.nii
  # All but type and size of the voxels, their offset, slope, and the range for display.
  for range in 0,70 74,34 120,4 132,216; do
    cmp -i "${range%,*}" -n "${range#*,}" back.nii a_image.nii
  done
  expect 0 lge-dice -q --format jsonl a_label.nii back.nii
  expect 0 jq -se 'map(select(.label == "myocardium").dice) | length == 1 and .[0] >= 0.93' <<<"$output"
  expect 0 lge-orient -q --inverse a_image.nii --values image a.h5 -o heat.nii
  expect 64 lge-orient -q --inverse a_image.nii -l a_label.nii a.h5 -o x.nii
  expect 65 lge-orient -q --inverse a_image.nii --case other a.h5 -o x.nii
  expect 64 lge-orient -q --inverse a_image.nii a.h5 -o a_image.nii --force
  heart b --nominal
  expect 65 lge-orient -q --inverse b_image.nii a.h5 -o x.nii
  said 'lge-orient: a.h5: slices are not parallel to those of the source'
  [ ! -e x.nii ]
}

@test "AHA segments go to a file for one case and to a folder for several" {
  heart a
  heart b
  expect 0 lge-orient -q -l a_label.nii a_image.nii -o a.h5 --aha a.nii
  expect 0 python3 -c "
data = open('a.nii', 'rb').read()[-48 * 48 * 6:]
print(sorted(set(data)) == list(range(17)), all((s > 0) == (l == 2) for s, l in zip(data, open('a_label.nii', 'rb').read()[352:])))"
  [ "$output" = 'True True' ]
  expect 0 lge-orient -q -l a_label.nii -l b_label.nii a_image.nii b_image.nii -o two.h5 --aha maps
  [ "$(ls maps)" = $'a_image_aha.nii.gz\nb_image_aha.nii.gz' ]
  expect 64 lge-orient -q -l a_label.nii -l b_label.nii a_image.nii b_image.nii -o x.h5 --aha -
}

@test "shards hold every case once, in order" {
  for n in 1 2 3 4 5; do
    heart "h$n"
    echo "{\"schema\":\"lge.case/1\",\"id\":\"$n\",\"image\":\"h${n}_image.nii\",\"label\":\"h${n}_label.nii\"}"
  done >cases.jsonl
  for i in 1 2; do expect 0 lge-orient -q --shard $i/2 cases.jsonl -o part$i.h5 -r part$i.jsonl; done
  [ "$(jq -r .id part1.jsonl | tr -d '\n')" = 135 ]
  [ "$(jq -r .id part2.jsonl | tr -d '\n')" = 24 ]
  expect 64 lge-orient -q --shard 3/2 cases.jsonl -o x.h5
}

@test "of a DICOM folder with several series one is chosen by number or contrast, and no patient is named" {
  heart a --reverse '--dicom=both,5,ORIGINAL\PRIMARY\M\MAG' '--dicom=one,5,ORIGINAL\PRIMARY\M\MAG'
  heart b --reverse '--dicom=both,6,ORIGINAL\PRIMARY\M\PSIR'
  expect 0 lge-orient -q -l a_label.nii one -o one.h5 -r one.jsonl
  expect 0 jq -e '.apex_first and (.rotation_deg | fabs) < 3 and .mirrored == false and .problems == ["rv_inherited"]' one.jsonl
  expect 65 lge-orient -q -l a_label.nii both -o x.h5
  said 'lge-orient: both: 2 series could be the stack (numbers 5, 6), wanted 1; choose by number or contrast'
  expect 0 lge-orient -q -l a_label.nii --contrast psir both -o psir.h5
  expect 0 lge-orient -q -l a_label.nii --contrast magnitude both -o magnitude.h5
  expect 0 lge-orient -q -l a_label.nii --series 6 both -o six.h5
  expect 66 lge-orient -q -l a_label.nii --series 7 both -o x.h5
  said 'lge-orient: both: no image of the series and contrast that are asked for'
  # A series of another geometry that is no stack is passed over.
  mkdir more
  cp both/*-5.dcm more
  cp both/0-6.dcm more
  expect 0 lge-orient -q -l a_label.nii more -o more.h5
  run ! grep -qa Canary ./*.h5 ./*.jsonl
}

@test "sheared and singular headers are named, and never end in a crash" {
  heart a
  for what in nan zero shear; do
    cp a_image.nii b_image.nii
    cp a_label.nii b_label.nii
    for f in b_image.nii b_label.nii; do
      python3 -c "
import struct, sys
d = bytearray(open('$f', 'rb').read())
m = [list(struct.unpack_from('<4f', d, 280 + 16 * r)) for r in range(3)]
for r in range(3):
    if '$what' == 'nan': m[r][0] = float('nan')
    if '$what' == 'zero': m[r][1] = m[r][0]
    if '$what' == 'shear': m[r][2] += 2 * m[r][0]
    struct.pack_into('<4f', d, 280 + 16 * r, *m[r])
open('$f', 'wb').write(d)"
    done
    if [ $what = shear ]; then
      expect 0 lge-orient -q -l b_label.nii b_image.nii -o b.h5 -r b.jsonl
      expect 0 jq -e '.problems | contains(["affine_sheared"])' b.jsonl
    else
      expect 65 lge-orient -q -l b_label.nii b_image.nii -o x.h5
      said 'lge-orient: b_image.nii: sform is singular or not finite'
    fi
  done
  [ ! -e x.h5 ]
}

@test "by the wall, blood becomes 1 and the cohort says how" {
  heart a
  expect 0 lge-orient -q --normalise wall -l a_label.nii a_image.nii -o a.h5 -r a.jsonl
  expect 0 jq -e '.intensity[0] > 115 and .intensity[0] < 145 and .intensity[1] > 600 and .intensity[1] < 625' a.jsonl
  grep -qa 'wall quartile and blood median of the case to 0-1' a.h5
  expect 65 lge-orient -q --normalise wall -l a_label.nii --label-map 1=0 a_image.nii -o x.h5
  said 'lge-orient: a_image.nii: too little LV wall or blood to normalise by, wanted 20 pixels of each'
}
