#!/usr/bin/env python3
"""heart.py NAME [--no-rv] [--nominal] [--reverse] [--nrrd] [--mha] [--dicom=FOLDER,SERIES,TYPE]: NAME_image.* and
NAME_label.* of a small heart, and its image as DICOM slices of a series (with --reverse on the same grid); standard
library only."""
import math
import os
import struct
import sys

name, flags = sys.argv[1], set(sys.argv[2:])
size, slices, spacing, distance = 48, 6, 3.0, 9.0
image, label = bytearray(), bytearray()
order = range(slices - 1, -1, -1) if "--reverse" in flags else range(slices)
for k in order:
    epi = 34 - 2.5 * k
    for y in range(size):
        for x in range(size):
            u, v = (x - 23.5) * spacing, -(y - 23.5) * spacing
            r, q = math.hypot(u, v), math.hypot(u + 1.1 * epi, v)  # RV to the left, insertions at 120 and 240 degrees
            l = 1 if r < epi - 10 else 2 if r < epi else 5 if q < 1.0535 * epi and k < 5 and "--no-rv" not in flags else 0
            label.append(l)
            image += struct.pack("<h", {0: 40, 1: 600, 2: 120, 5: 550}[l] + (7 * x + 13 * y + 3 * k) % 20)

def unit(v):
    n = math.sqrt(sum(a * a for a in v))
    return [a / n for a in v]

def cross(a, b):
    return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]

base = unit([-0.6, 0.55, 0.58])  # LPS
right = unit([(i == 0) - base[0] * base[i] for i in range(3)])
down = cross(base, right)
step = [-distance * b for b in base]
if "--nominal" in flags:
    right, down, step = [-1, 0, 0], [0, -1, 0], [0, 0, distance]
if "--reverse" in flags and "--nominal" not in flags:
    step = [-s for s in step]
columns = [[spacing * a for a in right], [spacing * a for a in down], step]

def nifti(kind, bits, data):
    sign = (-1, -1, 1)  # LPS to RAS
    head = bytearray(352)
    struct.pack_into("<i", head, 0, 348)
    struct.pack_into("<8h", head, 40, 3, size, size, slices, 1, 1, 1, 1)
    struct.pack_into("<hh", head, 70, kind, bits)
    struct.pack_into("<8f", head, 76, 1, spacing, spacing, distance, 1, 1, 1, 1)
    struct.pack_into("<f", head, 108, 352)
    struct.pack_into("<f", head, 112, 1)
    head[123] = 2
    struct.pack_into("<h", head, 254, 1)
    for row in range(3):
        struct.pack_into("<4f", head, 280 + 16 * row, *[sign[row] * columns[c][row] for c in range(3)], 10.0 * row)
    head[344:348] = b"n+1\0"
    return bytes(head) + bytes(data)

def nrrd(kind, data):
    axes = " ".join("(%.9g,%.9g,%.9g)" % tuple(c) for c in columns)
    return (f"NRRD0004\ntype: {kind}\ndimension: 3\nspace: left-posterior-superior\nsizes: {size} {size} {slices}\n"
            f"space directions: {axes}\nkinds: domain domain domain\nendian: little\nencoding: raw\n"
            f"space origin: (0,-10,20)\n\n").encode() + bytes(data)

def mha(kind, data):
    axes = " ".join("%.9g" % a for c in columns for a in unit(c))
    return (f"ObjectType = Image\nNDims = 3\nBinaryData = True\nBinaryDataByteOrderMSB = False\nCompressedData = False\n"
            f"TransformMatrix = {axes}\nOffset = 0 -10 20\nElementSpacing = {spacing} {spacing} {distance}\n"
            f"DimSize = {size} {size} {slices}\nElementType = {kind}\nElementDataFile = LOCAL\n").encode() + bytes(data)

def dicom(folder, series, kind):
    def element(group, number, vr, value):
        if isinstance(value, str):
            value = value.encode()
        value += (b"\0" if vr in ("UI", "OB") else b" ") * (len(value) % 2)
        head = struct.pack("<HH", group, number) + vr.encode()
        return head + (struct.pack("<HI", 0, len(value)) if vr in ("OB", "OW") else struct.pack("<H", len(value))) + value
    def numbers(values):
        return "\\".join("%.10g" % v for v in values)
    os.makedirs(folder, exist_ok=True)
    for s in range(slices):
        uid = f"1.2.826.0.1.3680043.9.{series}.{s + 1}"
        kind_of_object = "1.2.840.10008.5.1.4.1.1.4"  # MR image storage
        meta = (element(2, 1, "OB", b"\0\1") + element(2, 2, "UI", kind_of_object) + element(2, 3, "UI", uid)
                + element(2, 16, "UI", "1.2.840.10008.1.2.1") + element(2, 18, "UI", "1.2.3"))
        position = [(0, -10, 20)[r] + s * step[r] for r in range(3)]
        data = (element(8, 8, "CS", kind) + element(8, 0x16, "UI", kind_of_object) + element(8, 0x18, "UI", uid)
                + element(8, 0x60, "CS", "MR") + element(0x10, 0x10, "PN", "Canary^Patient") + element(0x18, 0x50, "DS", "8")
                + element(0x20, 0xd, "UI", "1.2.3.4") + element(0x20, 0xe, "UI", f"1.2.3.4.{series}")
                + element(0x20, 0x11, "IS", str(series)) + element(0x20, 0x13, "IS", str(s + 1))
                + element(0x20, 0x32, "DS", numbers(position)) + element(0x20, 0x37, "DS", numbers(right + down))
                + element(0x28, 2, "US", struct.pack("<H", 1)) + element(0x28, 4, "CS", "MONOCHROME2")
                + element(0x28, 0x10, "US", struct.pack("<H", size)) + element(0x28, 0x11, "US", struct.pack("<H", size))
                + element(0x28, 0x30, "DS", f"{spacing}\\{spacing}")
                + b"".join(element(0x28, n, "US", struct.pack("<H", v)) for n, v in ((0x100, 16), (0x101, 16), (0x102, 15), (0x103, 0)))
                + element(0x7fe0, 0x10, "OW", bytes(image[2 * size * size * s:2 * size * size * (s + 1)])))
        with open(f"{folder}/{(7 * s) % 10}-{series}.dcm", "wb") as out:
            out.write(bytes(128) + b"DICM" + element(2, 0, "UL", struct.pack("<I", len(meta))) + meta + data)

for flag in flags:
    if flag.startswith("--dicom="):
        folder, series, kind = flag[8:].split(",")
        dicom(folder, int(series), kind)
if "--nrrd" in flags:
    files = {"image.nrrd": nrrd("short", image), "label.nrrd": nrrd("uchar", label)}
elif "--mha" in flags:
    files = {"image.mha": mha("MET_SHORT", image), "label.mha": mha("MET_UCHAR", label)}
else:
    files = {"image.nii": nifti(4, 16, image), "label.nii": nifti(2, 8, label)}
for suffix, content in files.items():
    with open(f"{name}_{suffix}", "wb") as out:
        out.write(content)
