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
