#!/usr/bin/env python3
"""orient.py FILE: SimpleITK reading a .nii.gz and resampling it once to 128x128 pixels of 1.25 mm, one thread; beside
files_to_cohort of bench-orient, which reads the label map, finds the pose and makes the cohort as well. Run bench-orient
with LGE_BENCH_KEEP=1 to keep its file."""
import sys
import time

import SimpleITK as sitk

sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(1)
times = []
for _ in range(80):
    start = time.process_time()
    image = sitk.ReadImage(sys.argv[1])
    origin = image.TransformContinuousIndexToPhysicalPoint((70.0, 70.0, 0.0))
    sitk.Resample(image, (128, 128, image.GetSize()[2]), sitk.Euler3DTransform((20, 30, 10), 0, 0, 0.4), sitk.sitkLinear, origin,
                  (1.25, 1.25, image.GetSpacing()[2]), image.GetDirection(), 0.0, sitk.sitkFloat32)
    times.append(time.process_time() - start)
times.sort()
print(f"read and resample, ms of CPU time: minimum {times[0] * 1e3:.1f}, median {times[len(times) // 2] * 1e3:.1f}")
