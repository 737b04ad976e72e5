#!/usr/bin/env python3
"""segment.py BENCH_SEGMENT [SIZE...]: training steps of the segmentation network, ours and PyTorch eager's in turn: the same
network, batch of 16, loss, clipping, AdamW and averaged weights, two threads each, in both orders of pixels; least of all
steps, wall and CPU time, and the ratio to the better order. Then what drawing costs beside it. Needs PyTorch 2.11."""
import os
import pathlib
import re
import subprocess
import sys
import time

os.environ |= {"OMP_NUM_THREADS": "2", "OMP_WAIT_POLICY": "passive"}  # threads that wait do not count as work
sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "differential"))
import torch
from torch.nn import functional as F
from unet import UNet

WIDTHS = {"s": [24, 48, 96, 128], "m": [48, 96, 192, 320], "l": [64, 128, 256, 512, 512]}
torch.set_num_threads(2)


def loss_of(logits, target):
    log_share = F.log_softmax(logits, 1)
    share, truth = log_share.exp(), F.one_hot(target, 4).permute(0, 3, 1, 2).to(logits.dtype)
    dice = 1 - (2 * (share * truth).sum((2, 3)) + 20) / ((share + truth).sum((2, 3)) + 20)
    return dice[:, 1:].mean() - (truth * log_share).sum(1).mean()


def peer(size, precision, order, steps):
    torch.manual_seed(0)
    layout = torch.channels_last if order == "NHWC" else torch.contiguous_format
    net = UNet(WIDTHS[size], 4).to(memory_format=layout)
    x, y = torch.randn(16, 1, 128, 128).to(memory_format=layout), torch.randint(0, 4, (16, 128, 128))
    optimiser = torch.optim.AdamW(net.parameters(), 2e-3, (0.9, 0.99), fused=True)
    average = [p.detach().clone() for p in net.parameters()]
    wall, cpu = [], []
    for _ in range(steps + 2):
        start = time.perf_counter(), time.process_time()
        optimiser.zero_grad(set_to_none=True)
        with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16"):
            logits = net(x)
        loss_of(logits.float(), y).backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0, foreach=True)
        optimiser.step()
        with torch.no_grad():
            torch._foreach_lerp_(average, list(net.parameters()), 0.01)
        wall.append(1e3 * (time.perf_counter() - start[0]))
        cpu.append(1e3 * (time.process_time() - start[1]))
    return min(wall[2:]), min(cpu[2:])


def ours(tool, size, precision, steps, mode):
    line = subprocess.run([tool, size, precision, str(steps), mode], check=True, capture_output=True, text=True).stdout
    return [float(n) for n in re.findall(r"[\d.]+", line)]


tool = sys.argv[1]
for size in sys.argv[2:] or ["s"]:
    steps = {"s": 8, "m": 4, "l": 3}[size]
    for precision in "bf16", "fp32":
        best = {}
        for _ in range(3):  # in turn, since the machine may be busy
            _, wall, _, cpu, alone = ours(tool, size, precision, steps, "step")
            rounds = {"ours": (wall, cpu), **{order: peer(size, precision, order, steps) for order in ("NCHW", "NHWC")}}
            best = {name: tuple(map(min, zip(best.get(name, times), times))) for name, times in rounds.items()}
        for name, (wall, cpu) in best.items():
            print(f"{size} {precision} {name}: {wall:.0f} ms a step, {cpu:.0f} ms of CPU")
        ratio = [min(best["NCHW"][k], best["NHWC"][k]) / best["ours"][k] for k in (0, 1)]
        print(f"{size} {precision}: {ratio[0]:.2f} times PyTorch's steps a second, {ratio[1]:.2f} times its steps a CPU second", flush=True)
    wall, _, cpu, least, alone, phantoms, cohort = ours(tool, size, "bf16", steps, "draw")
    net = ours(tool, size, "bf16", steps, "step")[3]
    print(f"{size} bf16 with phantoms as it goes: {cpu:.0f} ms of CPU a step, of it drawing {phantoms:.0f} (from a cohort {cohort:.0f}): the loader gives {net / phantoms:.1f} "
          f"({net / cohort:.1f}) times what the network takes; while one thread works alone, {alone:.1f} ms a step, the other is idle: {100 * alone / (cpu + alone):.1f} % of both")
