# shellcheck disable=SC2154  # output and the like are set by bats
load helpers
load nifti

# Eight voxels of 2 x 5 x 10 mm: reference and prediction of which every figure is known by hand.
pair() {
  nifti truth.nii.gz 8,1,1 2,5,10 0 1 2 2 3 4 0 0
  nifti found.nii 8,1,1 2,5,10 0 1 2 3 3 2 2 0
}

@test "lge-dice keeps the rules of the suite" {
  keeps_the_rules lge-dice
  pair
  refuses_existing_output lge-dice truth.nii.gz found.nii -- out.jsonl
  cp truth.nii.gz before
  expect 64 lge-dice --force -o truth.nii.gz truth.nii.gz found.nii
  expect 0 cmp before truth.nii.gz
  expect 74 bash -c 'lge-dice truth.nii.gz found.nii >/dev/full'
}

@test "figures of a hand-made pair" {
  pair
  expect 0 lge-dice truth.nii.gz found.nii
  [ -z "$stderr" ]
  [ "${#lines[@]}" -eq 3 ]
  [ "$(jq -r .label <<<"$output" | paste -sd' ')" = "myocardium lv_cavity scar" ]
  expect 0 jq -se '.[] | select(.label == "myocardium") | .id == "truth" and (.dice - 8/9 | fabs < 1e-12) and .precision == 0.8 and .recall == 1
    and (.volume_ml - 0.5 | fabs < 1e-9) and (.volume_difference_ml - 0.1 | fabs < 1e-9) and .percent_of_myocardium == null and .hd_mm == 2' <<<"$output"
  expect 0 lge-dice --label scar truth.nii.gz found.nii
  expect 0 jq -e '.dice == 0.5 and .percent_of_myocardium == 40 and .reference_percent_of_myocardium == 50 and .empty == "none"' <<<"$output"
  expect 0 lge-dice --label rv_cavity truth.nii.gz found.nii
  expect 0 jq -e '.dice == 1 and .hd_mm == null and .empty == "both"' <<<"$output"
}

@test "a map compared with itself is perfect, from standard input too" {
  pair
  expect 0 bash -c 'lge-dice truth.nii.gz - <truth.nii.gz'
  expect 0 jq -se 'all(.dice == 1 and .hd_mm == 0 and .surface_dice == 1 and .id == "truth")' <<<"$output"
  expect 0 bash -c 'lge-dice - found.nii <found.nii'
  expect 0 jq -se 'all(.dice == 1 and .id == "found")' <<<"$output"
  expect 64 bash -c 'lge-dice - - <found.nii'
}

@test "labels by number, word and map" {
  pair
  expect 0 lge-dice --label 'wall=2,scar,4' --label 1 truth.nii.gz found.nii
  [ "$(jq -r .label <<<"$output" | paste -sd' ')" = "wall 1" ]
  expect 64 lge-dice --label 'wall=2,muscle' truth.nii.gz found.nii
  said "lge-dice: --label: *"
  nifti other.nii 8,1,1 2,5,10 0 3 2 2 2 2 0 1
  expect 0 lge-dice --label myocardium --label lv_cavity --label rv_cavity --prediction-map 1=5,3=1 truth.nii.gz other.nii
  [ "$(jq -c .dice <<<"$output" | paste -sd' ')" = "1 1 0" ]
  expect 64 lge-dice --label scar=3 --label scar=4 truth.nii.gz found.nii
  expect 64 lge-dice --prediction-map 1:5 truth.nii.gz other.nii
}

@test "grids that differ are named" {
  pair
  nifti wide.nii 8,1,1 2.5,5,10 0x8
  expect 65 lge-dice truth.nii.gz wide.nii
  said "lge-dice: wide.nii: grid differs from reference: spacing 2.5 mm along axis 0, wanted 2 mm"
  expect 0 lge-dice --tolerance 5 truth.nii.gz wide.nii
  nifti long.nii 4,2,1 2,5,10 0x8
  expect 65 lge-dice --tolerance 1000 truth.nii.gz long.nii
  said "lge-dice: long.nii: grid differs from reference: size 4x2x1, wanted 8x1x1"
}

@test "a header that gives the scale twice and differently is warned of" {
  nifti truth.nii 8,1,1 2,5,10 3 3 0x6
  printf '\0\0\100\100' | dd of=truth.nii bs=1 seek=80 conv=notrunc 2>/dev/null  # pixdim 3
  expect 0 lge-dice --label scar truth.nii truth.nii
  [[ $stderr == "lge-dice: warning: 1 reference file: pixdim 3 along axis 0 differs from sform's 2, which is taken" ]]
  expect 0 jq -e '.volume_ml == 0.2' <<<"$output"
}

@test "voxels that are no labels, and files that are no images, are refused" {
  pair
  nifti half.nii 8,1,1 2,5,10 0.5 0x7
  expect 65 lge-dice truth.nii.gz half.nii
  said "lge-dice: half.nii: *"
  nifti nan.nii 8,1,1 2,5,10 nan 0x7
  expect 65 lge-dice truth.nii.gz nan.nii
  nifti seven.nii 8,1,1 2,5,10 7 0x7
  expect 65 lge-dice truth.nii.gz seven.nii
  said "lge-dice: seven.nii: label 7 is not known, wanted 0 to 5; --label takes other numbers"
  expect 0 lge-dice --label 7 truth.nii.gz seven.nii
  echo text >text.nii
  expect 65 lge-dice truth.nii.gz text.nii
  said "lge-dice: text.nii: no NIfTI, NRRD, MetaImage, cohort or manifest"
  head -c 60 truth.nii.gz >cut.nii.gz
  expect 65 lge-dice -o out.jsonl truth.nii.gz cut.nii.gz
  [ ! -e out.jsonl ]
}

@test "folders are matched by case id, and what is missing is counted" {
  mkdir truth found
  for c in a b c; do nifti truth/${c}_label.nii.gz 4,1,1 1,1,1 2 3 0 0; done
  nifti truth/a_image.nii.gz 4,1,1 1,1,1 9x4
  nifti found/a.nii 4,1,1 1,1,1 2 3 0 0
  nifti found/b_pred.nii.gz 4,1,1 1,1,1 2 2 0 0
  nifti found/z.nii 4,1,1 1,1,1 0x4
  echo note >found/readme.txt
  expect 0 lge-dice --label scar truth found
  [ "$(jq -r .id <<<"$output" | paste -sd' ')" = "a b" ]
  [[ $stderr == *"found: no prediction for 1 of 3 reference cases"* && $stderr == *"found: 1 cases are not in the reference"* ]]
  expect 0 lge-dice -q --label scar --summary truth found
  [ -z "$stderr" ]
  expect 0 jq -e '.n == 2 and .missing == 1 and .extra == 1 and .prediction_empty == 1 and .dice.mean == 0.5 and .hd_mm.n == 1 and .dice.low == 0' <<<"$output"
  expect 65 lge-dice --require-all truth found
  said "lge-dice: found: no prediction for 1 of 3 reference cases"
  expect 66 lge-dice --prediction-suffix _none truth found
  nifti found/b_seg.nii.gz 4,1,1 1,1,1 2 2 0 0
  expect 65 lge-dice truth found
  said "lge-dice: found: two files have the same case id*"
  expect 0 lge-dice -q --prediction-suffix _seg --label scar truth found
  [ "${#lines[@]}" -eq 1 ]
}

@test "the same bytes from one and many threads" {
  mkdir truth found
  for c in 1 2 3 4 5 6 7 8; do
    nifti truth/$c.nii.gz 4,2,1 1,1,3 2 3 0 $((c % 6)) 0 1 1 0
    nifti found/$c.nii.gz 4,2,1 1,1,3 2 2 0 3 0 1 $((c % 5)) 0
  done
  lge-dice --threads 1 truth found >one
  lge-dice --threads 4 truth found >four
  expect 0 cmp one four
  lge-dice --threads 1 --summary truth found >one
  lge-dice --threads 4 --summary truth found >four
  expect 0 cmp one four
}

@test "status 1 under --fail-under, and the result is written all the same" {
  pair
  expect 1 lge-dice --label scar --fail-under 0.51 truth.nii.gz found.nii
  [ -n "$output" ]
  expect 0 lge-dice --label scar --fail-under 0.5 truth.nii.gz found.nii
  expect 64 lge-dice --fail-under 1.5 truth.nii.gz found.nii
}

@test "CSV and tables" {
  pair
  expect 0 lge-dice --label scar -o scores.csv truth.nii.gz found.nii
  [ "$(wc -l <scores.csv)" -eq 2 ]
  [[ $(head -1 scores.csv) == id,label,dice,jaccard,* && $(tail -1 scores.csv) == truth,scar,0.5,* ]]
  expect 0 lge-dice --label scar --format table truth.nii.gz found.nii
  [[ ${lines[0]} == "id "*dice* && ${lines[1]} == "truth "*0.500* ]]
  expect 0 lge-dice --summary --format csv --label scar truth.nii.gz found.nii
  [[ ${lines[1]} == scar,dice,1,0,0.5,,0.5,,,0.5 ]]
}

@test "NRRD and MetaImage files, and manifests from a file and a pipe" {
  pair
  printf 'NRRD0004\ntype: uchar\ndimension: 3\nspace: left-posterior-superior\nsizes: 8 1 1\nspace directions: (2,0,0) (0,5,0) (0,0,10)\nkinds: domain domain domain\nencoding: raw\nspace origin: (0,0,0)\n\n' >truth.nrrd
  printf '\0\1\2\2\3\4\0\0' >>truth.nrrd
  printf 'ObjectType = Image\nNDims = 3\nBinaryData = True\nCompressedData = False\nElementSpacing = 2 5 10\nDimSize = 8 1 1\nElementType = MET_UCHAR\nElementDataFile = LOCAL\n' >found.mha
  printf '\0\1\2\3\3\2\2\0' >>found.mha
  expect 0 lge-dice --label scar truth.nrrd found.mha
  expect 0 jq -e '.id == "truth" and .dice == 0.5 and .percent_of_myocardium == 40' <<<"$output"
  nifti upright.nii 8,1,1 2,5,10 0x8
  expect 65 lge-dice truth.nrrd upright.nii
  said "lge-dice: upright.nii: grid differs from reference: *"
  head -c -2 found.mha >cut.mha
  expect 65 lge-dice truth.nrrd cut.mha
  expect 65 bash -c 'lge-dice truth.nrrd - <found.mha'

  for c in p q; do
    cp truth.nii.gz "t-$c.nii.gz"
    echo "{\"schema\":\"lge.case/1\",\"id\":\"$c\",\"image\":\"i.nii\",\"label\":\"t-$c.nii.gz\"}"
  done >truth.jsonl
  sed 's/t-..nii.gz/found.nii/' truth.jsonl >found.jsonl
  expect 0 lge-dice --label scar truth.jsonl found.jsonl
  [ "$(jq -c '[.id, .dice]' <<<"$output" | paste -sd' ')" = '["p",0.5] ["q",0.5]' ]
  local direct=$output
  expect 0 bash -c 'lge-dice --label scar truth.jsonl - <found.jsonl'
  [ "$output" = "$direct" ]
  echo '{"schema":"lge.case/1","id":"r","image":"i.nii"}' >>found.jsonl
  expect 65 lge-dice truth.jsonl found.jsonl
  said "lge-dice: found.jsonl: a case has no label"
  echo '{"schema":"lge.case/1","id":"r","image":"i.nii","label":"../x.nii"}' >bad.jsonl
  expect 65 lge-dice bad.jsonl found.nii
}

@test "definitions, empty masks and lesions are what was asked for, and stand in the record" {
  nifti truth.nii 9,1,1 1,1,1 3 0 0 0 3 3 0 0 0
  nifti found.nii 9,1,1 1,1,1 3 0 0 0 0 3 3 0 3
  expect 0 lge-dice --label scar truth.nii found.nii
  local pooled=$output
  expect 0 lge-dice --label scar --hd95 max truth.nii found.nii
  expect 0 jq -se '.[0].hd95_mm != .[1].hd95_mm and (.[0].surface | contains("pooled")) and (.[1].surface | contains("larger"))' <<<"$pooled$output"
  expect 0 lge-dice --label scar --lesions any truth.nii found.nii
  expect 0 jq -e '.lesions == 3 and .reference_lesions == 2 and .lesion_recall == 1 and .lesion_match == "any"' <<<"$output"
  expect 0 lge-dice --label scar --lesions iou --lesion-share 0.5 truth.nii found.nii
  expect 0 jq -e '.lesion_recall == 0.5 and .lesion_share == 0.5' <<<"$output"
  expect 64 lge-dice --lesions any --by segment truth.nii found.nii

  nifti none.nii 9,1,1 1,1,1 0x9
  expect 0 lge-dice --label scar truth.nii none.nii
  expect 0 jq -e '.dice == 0 and .hd_mm == null and .no_distance == "infinite: the prediction is empty"' <<<"$output"
  expect 0 lge-dice --label scar --empty penalty truth.nii none.nii
  expect 0 jq -e '.dice == 0 and .hd_mm == 8 and .no_distance == null and (.empty_policy | startswith("penalty"))' <<<"$output"
  expect 0 lge-dice --label scar --empty omit none.nii none.nii
  expect 0 jq -e '.dice == null and .surface_dice == null' <<<"$output"
  expect 0 lge-dice --label scar --summary truth.nii none.nii
  expect 0 jq -e '.hd_mm == {"n":0,"infinite":1,"mean":null,"sd":null,"median":null,"low":null,"high":null,"finite_mean":null}' <<<"$output"
  expect 0 lge-dice --label scar --format table truth.nii none.nii
  [[ ${lines[1]} == *" inf "* ]]
}

@test "slices, levels and segments" {
  nifti truth.nii 4,1,2 1,1,1 2 3 0 0 2 2 0 0
  nifti found.nii 4,1,2 1,1,1 2 3 0 0 2 3 3 0
  expect 0 lge-dice --by slice --label scar truth.nii found.nii
  [ "$(jq -c '[.slice, .dice]' <<<"$output" | paste -sd' ')" = '[0,1] [1,0]' ]
  expect 65 lge-dice --by segment truth.nii found.nii
  said "lge-dice: truth.nii: the segments are not known, wanted a reference with an RV cavity or a cohort"

  lge-synth --quiet --phantom --count 2 --size 96 --normal-fraction 0 --seed 3 -o hearts.h5
  expect 0 lge-dice --by segment --label myocardium --label scar hearts.h5 hearts.h5
  expect 0 jq -se '(map(select(.label == "myocardium")) | group_by(.id) | all(map(.segment) as $s | ($s | sort) == $s and ($s | length) >= 16))
    and all(.dice == 1) and any(.label == "scar" and .percent_of_myocardium > 1)' <<<"$output"
  expect 0 lge-dice --by level --summary --label myocardium hearts.h5 hearts.h5
  expect 0 jq -se '(map(.level) | index("basal") != null and index("mid") != null and index("apical") != null) and all(.dice.mean == 1 and .n == 2)' <<<"$output"
}

@test "two sets of predictions are compared, groups apart, and the history says what made it" {
  mkdir truth a b
  for c in 1 2 3 4 5 6; do
    nifti truth/$c.nii 8,1,1 1,1,1 3 3 3 3 0 0 0 0
    nifti a/$c.nii 8,1,1 1,1,1 3 3 $((c % 2 * 3)) 0 0 0 0 0
    nifti b/$c.nii 8,1,1 1,1,1 3 3 3 $((c % 3 ? 3 : 0)) 0 0 0 0
  done
  expect 0 lge-dice --label scar --compare b truth a
  expect 0 jq -e '.schema == "lge.dice.compare/1" and .n == 6 and .dice.difference > 0.1 and .dice.low > 0 and .dice.wilcoxon_n == 5
    and .dice.wilcoxon_p == 0.0625 and .dice.wilcoxon_exact and .hd_mm.infinite == 0' <<<"$output"
  for c in 1 2 3; do echo "{\"id\":\"$c\",\"group\":\"one\"}"; done >groups.jsonl
  for c in 4 5 6; do echo "{\"id\":\"$c\",\"group\":\"two\"}"; done >>groups.jsonl
  expect 0 lge-dice --label scar --summary --groups groups.jsonl truth a
  [ "$(jq -c '[.group, .n]' <<<"$output" | paste -sd' ')" = '["one",3] ["two",3]' ]
  expect 1 lge-dice --label scar --compare a --fail-under 0.8 truth b
  expect 65 lge-dice --groups truth/1.nii truth a
  expect 64 lge-dice --compare - truth - </dev/null

  expect 0 lge-dice --label scar --history truth a
  [ "$(grep -c '"history"' <<<"$output")" -eq 1 ]
  expect 0 jq -se '.[0].history | .tool == "lge-dice" and .options.label == "scar" and (.inputs | length == 3)' <<<"$output"
  expect 0 lge-dice --label scar --format csv --compare b truth a
  [[ ${lines[0]} == label,figure,n,infinite,mean_a,mean_b,difference,low,high,wilcoxon_p ]]
}

@test "real labels agree with themselves" {
  real_data emidec
  expect 0 lge-dice -q --summary "$data" "$data"
  expect 0 jq -se 'all(.[]; .dice.mean == 1 and .missing == 0) and any(.[]; .label == "scar" and .both_empty > 0)' <<<"$output"
}

@test "SciPy gives the same figures" {
  python3 -c 'import scipy' 2>/dev/null || skip "no SciPy"
  for seed in 1 2 3 4 5; do
    python3 - $seed <<'EOF'
import json, sys
import numpy as np
from scipy import ndimage as ndi
r = np.random.default_rng(int(sys.argv[1]))
spacing = (1.375, 1.5, 8.0)
def blob():
    return (ndi.gaussian_filter(r.normal(size=(6, 14, 16)), 1.5) > 0.05).astype(int)
truth, found = blob(), blob()
def border(m):
    return m & ~ndi.binary_erosion(m)
t, f = border(truth == 1), border(found == 1)
d = np.concatenate([ndi.distance_transform_edt(~t, sampling=spacing[::-1])[f], ndi.distance_transform_edt(~f, sampling=spacing[::-1])[t]])
both = (truth & found).sum()
a, b = d[:f.sum()], d[f.sum():]
rim = lambda m, e: (m == 1) & (ndi.distance_transform_edt(~e, sampling=spacing[::-1]) <= 2)
r1, r2 = rim(truth, t), rim(found, f)
json.dump({"masd_mm": (a.mean() + b.mean()) / 2, "boundary_iou": (r1 & r2).sum() / (r1 | r2).sum(), "dice": 2 * both / (truth.sum() + found.sum()), "hd_mm": d.max(), "hd95_mm": np.percentile(d, 95), "assd_mm": d.mean(),
           "surface_dice": (d <= 2).mean(), "recall": both / truth.sum()}, open("want.json", "w"))
for name, m in ("truth", truth), ("found", found):
    open(name, "w").write(" ".join(map(str, m.ravel())))
EOF
    # shellcheck disable=SC2046  # one word a voxel
    nifti truth.nii 16,14,6 1.375,1.5,8 $(cat truth)
    # shellcheck disable=SC2046
    nifti found.nii 16,14,6 1.375,1.5,8 $(cat found)
    lge-dice --label 1 truth.nii found.nii >got.json
    # shellcheck disable=SC2016  # jq's variables
    expect 0 jq -se '.[0] as $got | .[1] | to_entries | all(.value - $got[.key] | fabs < 1e-6)' got.json want.json
  done
}

@test "SciPy gives the same signed-rank test" {
  python3 -c 'import scipy' 2>/dev/null || skip "no SciPy"
  mkdir truth a b
  local c scar
  for c in 1 2 3 4 5 6 7 8 9; do
    nifti truth/$c.nii 60,1,1 1,1,1 3x30 0x30
    scar=$((30 - c)) && nifti a/$c.nii 60,1,1 1,1,1 "3x$scar" "0x$((60 - scar))"
    scar=$((30 - 2 * c + (c % 4) * 4)) && nifti b/$c.nii 60,1,1 1,1,1 "3x$scar" "0x$((60 - scar))"
  done
  lge-dice --label scar truth a | jq -s 'map(.dice)' >a.json
  lge-dice --label scar truth b | jq -s 'map(.dice)' >b.json
  expect 0 lge-dice --label scar --compare b truth a
  echo "$output" >got.json
  expect 0 python3 - <<'EOF'
import json
from scipy.stats import wilcoxon
d = [y - x for x, y in zip(json.load(open("a.json")), json.load(open("b.json")))]
got = json.load(open("got.json"))["dice"]
assert len(d) == 9 and len({abs(x) for x in d}) == 9 and 0 not in d, d
assert abs(got["wilcoxon_p"] - wilcoxon(d, method="exact").pvalue) < 1e-9, (got, d)
assert abs(got["difference"] - sum(d) / len(d)) < 1e-9
EOF
}
