#!/usr/bin/env python3
"""event-files.py TRAINER - TensorBoard reads the event files of a run that was stopped and went on, as its metrics have them"""
import json
import math
import subprocess
import sys
import tempfile

try:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

trainer = sys.argv[1]
with tempfile.TemporaryDirectory() as folder:
    run = f"{folder}/run"
    command = [trainer, "-q", "--task", "segment", "--population", "mild", "--spacing", "4", "--batch", "2", "--size", "32",
               "--steps", "12", "--threads", "1", "--save-every", "4", "--validate-every", "5", "--run-dir", run]
    assert subprocess.run(command + ["--stop-after", "6"]).returncode == 75
    # Steps 7 and 8 of a run that was killed after its last checkpoint are void once it goes on from there.
    assert subprocess.run(command + ["--stop-after", "2"]).returncode == 75
    subprocess.run(["rm", "-r", f"{run}/step-8"], check=True)
    assert subprocess.run(command).returncode == 0

    board = EventAccumulator(run, size_guidance={"scalars": 0})
    board.Reload()
    with open(f"{run}/metrics.jsonl") as lines:
        records = [json.loads(line) for line in lines]
    assert len(records) == 12
    for tag in ("loss", "dice_loss", "cross_entropy", "gradient_norm", "learning_rate", "validation"):
        wanted = {r["step"]: r[tag] for r in records if tag in r}
        read = board.Scalars(tag)
        assert [event.step for event in read] == sorted(wanted), (tag, [event.step for event in read])
        for event in read:
            assert math.isclose(event.value, wanted[event.step], rel_tol=1e-6), (tag, event.step)
    assert len(board.Scalars("samples_per_second")) == 12
print("TensorBoard reads the 12 steps of every scalar, once each")
