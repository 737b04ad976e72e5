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
  said "lge-dice: text.nii: neither NIfTI nor a cohort"
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
  [[ ${lines[1]} == scar,dice,1,0.5,,0.5,, ]]
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
json.dump({"dice": 2 * both / (truth.sum() + found.sum()), "hd_mm": d.max(), "hd95_mm": np.percentile(d, 95), "assd_mm": d.mean(),
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
