#!/usr/bin/env python3
"""Our NIfTI reader and writer against nibabel: voxels bit for bit, affines to 1e-6.

nifti.py NIFTI_DUMP DATA_FOLDER: files made by nibabel (all types, both byte orders, both versions, qform alone), then
every .nii and .nii.gz below the folder, where there is one. Exits 77 where nibabel is missing.
"""
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile

try:
    import nibabel
    import numpy
except ImportError:
    print("skipped: nibabel is not installed")
    sys.exit(77)

TYPES = "u1 i1 u2 i2 u4 i4 u8 i8 f4 f8".split()
LPS = numpy.diag([-1.0, -1.0, 1.0, 1.0])


def rotation(rng):
    q, _ = numpy.linalg.qr(rng.normal(size=(3, 3)))
    return q


def make_files(folder):
    rng = numpy.random.default_rng(1)
    files = []
    for kind in TYPES:
        for order in "<>":
            for image_class in (nibabel.Nifti1Image, nibabel.Nifti2Image):
                for form in ("sform", "qform", "both", "none"):
                    voxels = rng.integers(0, 256, (5, 6, 7, numpy.dtype(kind).itemsize), dtype="u1")
                    voxels = numpy.nan_to_num(voxels.copy().view("<" + kind)[..., 0])
                    affine = numpy.eye(4)
                    affine[:3, :3] = rotation(rng) * rng.uniform(0.5, 8, 3)
                    affine[:3, 3] = rng.uniform(-200, 200, 3)
                    header = image_class.header_class(endianness=order)
                    header.set_data_dtype(numpy.dtype(kind).newbyteorder(order))
                    image = image_class(voxels.astype(order + kind), affine, header)
                    image.set_sform(affine, code=int(form in ("sform", "both")))
                    image.set_qform(affine, code=int(form in ("qform", "both")))
                    image.header.set_xyzt_units("mm")
                    name = f"{kind}-{'le' if order == '<' else 'be'}-{image_class.__name__}-{form}"
                    for suffix in (".nii", ".nii.gz"):
                        nibabel.save(image, folder / (name + suffix))
                        files.append(folder / (name + suffix))
    return files


def expected(path):
    image = nibabel.load(path)
    raw = numpy.asanyarray(image.dataobj.get_unscaled())
    little = raw.astype(raw.dtype.newbyteorder("<"), copy=False)
    slope, intercept = image.dataobj.slope, image.dataobj.inter
    return {
        "shape": list((raw.shape + (1, 1, 1))[:3]),
        "affine": (LPS @ image.affine)[:3].ravel(),
        "sha256": hashlib.sha256(little.tobytes(order="F")).hexdigest(),
        "scale": (slope, intercept),
    }


def differs(ours, theirs):
    if "error" in ours:
        return "refused: " + ours["error"]
    if ours["shape"] != theirs["shape"]:
        return "shape"
    if ours["sha256"] != theirs["sha256"]:
        return "voxels"
    bound = 1e-6 * numpy.maximum(1, numpy.abs(theirs["affine"]))
    if not (numpy.abs(numpy.array(ours["index_to_lps"]) - theirs["affine"]) <= bound).all():
        return "affine"
    if not numpy.allclose((ours["slope"], ours["intercept"]), theirs["scale"], rtol=1e-7):
        return "scaling"
    return None


def compare(dump, files):
    out = subprocess.run([dump, *files], check=True, capture_output=True, text=True).stdout
    faults = 0
    for path, line in zip(files, out.splitlines(), strict=True):
        fault = differs(json.loads(line), expected(path))
        if fault:
            print(f"{path.name}: {fault}")
            faults += 1
    return faults


def compare_copies(dump, files, folder):
    """What we write, nibabel reads as the same image."""
    faults = 0
    for i, path in enumerate(files):
        copy = folder / f"copy-{i}{'.nii.gz' if i % 2 else '.nii'}"
        subprocess.run([dump, "--copy", path, copy], check=True)
        was, now = expected(path), expected(copy)
        bound = 1e-6 * numpy.maximum(1, numpy.abs(was["affine"]))
        if was["sha256"] != now["sha256"] or not (numpy.abs(now["affine"] - was["affine"]) <= bound).all():
            print(f"copy of {path.name} differs")
            faults += 1
    return faults


def main():
    dump, data = sys.argv[1], pathlib.Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        made = make_files(folder)
        real = sorted(p for p in data.rglob("*") if p.name.endswith((".nii", ".nii.gz"))) if data.is_dir() else []
        faults = compare(dump, made) + (compare(dump, real) if real else 0)
        copied = made[::7] + real[::10]
        faults += compare_copies(dump, copied, folder)
    print(f"{len(made)} made files, {len(real)} real files, {len(copied)} copies: {faults} differ")
    return 1 if faults else 0


sys.exit(main())
