#!/usr/bin/env python3
"""heart.py NAME [--no-rv] [--nominal] [--reverse] [--nrrd] [--mha]: NAME_image.* and NAME_label.* of a small heart, standard library only."""
import math
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

if "--nrrd" in flags:
    files = {"image.nrrd": nrrd("short", image), "label.nrrd": nrrd("uchar", label)}
elif "--mha" in flags:
    files = {"image.mha": mha("MET_SHORT", image), "label.mha": mha("MET_UCHAR", label)}
else:
    files = {"image.nii": nifti(4, 16, image), "label.nii": nifti(2, 8, label)}
for suffix, content in files.items():
    with open(f"{name}_{suffix}", "wb") as out:
        out.write(content)
