#!/usr/bin/env python3
"""masks.py FOLDER - writes the phantoms of bench-masks to FOLDER and times surface-distance (all five of its figures) on
them, and scikit-learn's AUC with 2,000 bootstrap draws: CPU time, best of several, beside which bench-masks FOLDER and bench-scores
(column CPU) are to be read. Needs numpy, nibabel, surface-distance and scikit-learn."""
import os, sys, time
for name in "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS":
    os.environ[name] = "1"
import nibabel, numpy, surface_distance
from sklearn.metrics import roc_auc_score


def phantom(shape, scar, dx, dy, start):
    i, j, k = numpy.ogrid[:shape[0], :shape[1], :shape[2]]
    s = shape[0] * (1 - 0.5 * k / shape[2])
    x, y = i - shape[0] / 2 - dx, j - shape[1] / 2 - dy
    r, angle = numpy.hypot(x, y), numpy.arctan2(y, x)
    in_scar = (r > 0.09 * s) & (r < 0.12 * s) & (angle > start) & (angle < start + 1)
    return in_scar if scar else (r >= 0.09 * s) & (r < 0.13 * s) & ~in_scar


def best(f, runs):
    times = []
    for _ in range(runs):
        start = time.process_time()
        f()
        times.append(time.process_time() - start)
    return 1e3 * min(times)


folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
for stack, shape, spacing in ("sax", (256, 256, 12), (1.4, 1.4, 8.0)), ("iso", (320, 320, 120), (1.25, 1.25, 1.25)):
    for label in "myo", "scar":
        reference, prediction = phantom(shape, label == "scar", 0, 0, 0.2), phantom(shape, label == "scar", 2, 1, 0.3)
        for side, mask in ("ref", reference), ("pred", prediction):
            nibabel.save(nibabel.Nifti1Image(mask.astype(numpy.uint8), numpy.diag([*spacing, 1])), f"{folder}/{stack}_{side}_{label}.nii.gz")

        def five():
            d = surface_distance.compute_surface_distances(reference, prediction, spacing)
            return (surface_distance.compute_dice_coefficient(reference, prediction), surface_distance.compute_robust_hausdorff(d, 100),
                    surface_distance.compute_robust_hausdorff(d, 95), surface_distance.compute_average_surface_distance(d),
                    surface_distance.compute_surface_dice_at_tolerance(d, 2.0))

        print(f"{stack}_{label:5} surface-distance {best(five, 8):8.2f} ms")

g = numpy.random.default_rng(0)
truth = g.integers(0, 2, 2000)
score = g.normal(size=2000) + truth
print(f"AUC, 2,000 draws of 2,000: scikit-learn {best(lambda: [roc_auc_score(truth[d], score[d]) for d in (g.integers(0, 2000, 2000) for _ in range(2000))], 1):8.2f} ms")
