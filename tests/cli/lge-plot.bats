# shellcheck disable=SC2154  # output and the like are set by bats
load helpers
load nifti

images() {
  nifti image.nii 8,8,3 1,1,8 0x64 50x64 9x64
  nifti mask.nii.gz 8,8,3 1,1,8 0x64 0x18 2x4 3x2 0x40 0x64
}

@test "lge-plot keeps the rules of the suite" {
  keeps_the_rules lge-plot
  images
  refuses_existing_output lge-plot montage image.nii -- out.png
  expect 74 bash -c 'lge-plot montage image.nii >/dev/full'
}

@test "a PNG, an SVG by suffix, and the same bytes twice" {
  images
  expect 0 lge-plot --label mask.nii.gz -o a.png montage image.nii
  expect 0 lge-plot --label mask.nii.gz -o b.png montage image.nii
  expect 0 cmp a.png b.png
  [ "$(head -c 4 a.png | tail -c 3)" = PNG ]
  expect 0 lge-plot --label mask.nii.gz -o a.svg montage image.nii
  [[ $(head -1 a.svg) == "<?xml"* && $(tail -1 a.svg) == "</svg>" ]]
  lge-plot montage image.nii >plain.png
  run ! cmp -s plain.png a.png
}

@test "calls stand above a case, ids only when asked" {
  images
  echo '{"schema":"lge.detection/1","id":"image","unit":"case","score":0.9,"probability":0.93,"present":true,"threshold":0.5}' >calls.jsonl
  expect 0 lge-plot -o plain.png montage image.nii
  expect 0 lge-plot --detections calls.jsonl -o called.png montage image.nii
  [ -z "$stderr" ]
  run ! cmp -s plain.png called.png
  expect 0 lge-plot --show-ids -o named.png montage image.nii
  run ! cmp -s plain.png named.png
  sed 's/"image"/"another"/' calls.jsonl >other.jsonl
  expect 0 lge-plot --detections other.jsonl -o other.png montage image.nii
  [[ $stderr == *"no detection for 1 of the 1 cases shown"* ]]
  expect 0 cmp plain.png other.png
}

@test "captions, heat and two runs change the picture" {
  images
  echo '{"schema":"lge.detection/1","id":"image","unit":"case","score":0.9,"probability":0.93,"present":true,"threshold":0.5,"caption":"scar"}' >calls.jsonl
  expect 0 lge-plot --detections calls.jsonl -o plain.png montage image.nii
  expect 0 lge-plot --detections calls.jsonl --captions -o caption.png montage image.nii
  run ! cmp -s plain.png caption.png
  nifti heat.nii 8,8,3 1,1,8 0x100 5x40 0x52
  expect 0 lge-plot --detections calls.jsonl --heat heat.nii -o heat.png montage image.nii
  run ! cmp -s plain.png heat.png
  nifti small.nii 4,4,3 1,1,8 0x48
  expect 65 lge-plot --heat small.nii -o out.png montage image.nii
  said "lge-plot: small.nii: size differs from image.nii"
  nifti other.nii 8,8,3 1,1,8 0x64 0x40 2x4 0x20 0x64
  expect 0 lge-plot --label mask.nii.gz --label other.nii --name first --name second -o two.svg montage image.nii
  expect 0 lge-plot --label mask.nii.gz -o one.svg montage image.nii
  run ! cmp -s one.svg two.svg
  expect 0 lge-plot --label mask.nii.gz --scale 2 -o large.png montage image.nii
  [ "$(stat -c %s large.png)" -gt "$(stat -c %s heat.png)" ]
}

@test "targets of segments" {
  lge-synth -q --phantom --count 2 --size 96 --normal-fraction 0 --seed 3 -o hearts.h5
  expect 0 lge-plot -o hearts.svg bullseye hearts.h5
  expect 0 lge-plot --each -o each.svg bullseye hearts.h5
  run ! cmp -s hearts.svg each.svg
  lge-dice --by segment hearts.h5 hearts.h5 >dice.jsonl
  expect 0 lge-plot -o dice.png bullseye dice.jsonl
  expect 0 lge-plot --figure assd_mm -o assd.png bullseye dice.jsonl
  expect 64 lge-plot --figure volume -o out.png bullseye dice.jsonl
  said "lge-plot: --figure: the records have no such figure"
  expect 0 bash -c 'lge-plot -o piped.png bullseye - <dice.jsonl'
  expect 0 cmp dice.png piped.png
  lge-dice hearts.h5 hearts.h5 >whole.jsonl
  expect 65 lge-plot -o out.png bullseye whole.jsonl
  said "lge-plot: whole.jsonl: says nothing of segments"
  expect 64 lge-plot -o out.png bullseye dice.jsonl whole.jsonl
  [ ! -e out.png ]
}

@test "curves of detections and of training, and two runs compared" {
  for i in 1 2 3 4 5 6 7 8; do
    echo "{\"id\":\"$i\",\"present\":$([ $((i % 2)) = 0 ] && echo true || echo false)}"
  done >truth.jsonl
  for i in 1 2 3 4 5 6 7 8; do
    echo "{\"schema\":\"lge.detection/1\",\"id\":\"$i\",\"unit\":\"case\",\"score\":0,\"probability\":0.$(((i * 5) % 9)),\"present\":false,\"threshold\":0.5}"
  done >first.jsonl
  sed 's/"probability":0./"probability":0.1/' first.jsonl >second.jsonl
  expect 0 lge-plot -o one.png curves truth.jsonl first.jsonl
  expect 0 lge-plot -o two.svg curves truth.jsonl first.jsonl second.jsonl
  expect 64 lge-plot -o out.png curves truth.jsonl
  expect 65 lge-plot --unit slice -o out.png curves truth.jsonl first.jsonl
  grep true truth.jsonl >present.jsonl
  expect 65 lge-plot -o out.png curves present.jsonl first.jsonl
  said "lge-plot: first.jsonl: wanted cases with and without enhancement"

  for i in 1 2 3; do echo "{\"schema\":\"lge.train/1\",\"id\":\"step-$i\",\"step\":$i,\"loss\":$((4 - i)),\"gradient_norm\":1,\"skipped\":0}"; done >metrics.jsonl
  expect 0 lge-plot -o train.png training metrics.jsonl
  expect 0 lge-plot -o trains.png training metrics.jsonl metrics.jsonl
  expect 65 lge-plot -o out.png training truth.jsonl
  said "lge-plot: truth.jsonl:1: no schema"

  lge-score -q truth.jsonl first.jsonl >a.jsonl
  lge-score -q truth.jsonl second.jsonl >b.jsonl
  expect 0 lge-plot -o compare.png compare a.jsonl b.jsonl
  expect 0 lge-plot --title A -o titled.png compare a.jsonl b.jsonl
  run ! cmp -s compare.png titled.png
  expect 64 lge-plot -o out.png compare a.jsonl
  expect 65 lge-plot -o out.png compare a.jsonl truth.jsonl
  [ ! -e out.png ]
}

@test "labels of another size, unknown pictures and large pictures are refused" {
  images
  nifti small.nii 4,4,3 1,1,8 0x48
  expect 65 lge-plot --label small.nii -o out.png montage image.nii
  said "lge-plot: small.nii: size differs from image.nii"
  expect 64 lge-plot -o out.png collage image.nii
  expect 64 lge-plot --tile 5000 -o out.png montage image.nii
  expect 64 bash -c 'lge-plot --label - montage - <image.nii'
  echo text >text.nii
  expect 65 lge-plot -o out.png montage text.nii
  [ ! -e out.png ]
}
