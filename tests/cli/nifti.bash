# A small NIfTI file without the suite's own writer: nifti FILE X,Y,Z SPACING_X,Y,Z VALUE...
# VALUE is NUMBER or NUMBERxCOUNT; voxels are 8-bit, or float32 when a value has a point or is nan.
nifti() {
  python3 - "$@" <<'EOF'
import gzip, struct, sys
name, shape, spacing, words = sys.argv[1], *[[float(v) for v in a.split(",")] for a in sys.argv[2:4]], sys.argv[4:]
shape = [int(v) for v in shape]
voxels = []
for word in words:
    value, _, count = word.partition("x")
    voxels += [value] * int(count or 1)
assert len(voxels) == shape[0] * shape[1] * shape[2], len(voxels)
real = any("." in v or v == "nan" for v in voxels)
head = bytearray(352)
struct.pack_into("<i", head, 0, 348)
struct.pack_into("<8h", head, 40, 3, *shape, 1, 1, 1, 1)
struct.pack_into("<2h", head, 70, 16 if real else 2, 32 if real else 8)
struct.pack_into("<8f", head, 76, 1, *spacing, 0, 0, 0, 0)
struct.pack_into("<3f", head, 108, 352, 1, 0)
head[123] = 2
struct.pack_into("<2h", head, 252, 0, 1)
for row in range(3):
    struct.pack_into("<4f", head, 280 + 16 * row, *[spacing[row] if c == row else 0 for c in range(4)])
head[344:348] = b"n+1\0"
body = struct.pack("<%df" % len(voxels), *map(float, voxels)) if real else bytes(map(int, voxels))
data = bytes(head) + body
open(name, "wb").write(gzip.compress(data) if name.endswith(".gz") else data)
EOF
}
