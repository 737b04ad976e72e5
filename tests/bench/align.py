#!/usr/bin/env python3
"""align.py BENCH_ALIGN [THREADS] - training steps of --task align (strips or images, sentences, captions) beside PyTorch
eager with the same networks, first weights, batch and precision (fp32), turn by turn in one run: CPU time and time of a step,
the least of each. Needs torch and safetensors."""
import pathlib
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "differential"))
from networks import TOWERS, Net, caption_decoder, linear, text_tower, unit

import torch
import torch.nn.functional as F
from safetensors.torch import load_file

CASES, SLICES, LENGTH, STEPS, ROUNDS = 12, 8, 24, 12, 3


def pool(n, features, level, of_case):
    row = linear(n.attention, features + n["level_table"][level])[:, 0]
    weight = (row - row.max().detach()).exp()

    def gather(x):
        return torch.zeros(CASES, x.shape[1]).index_add(0, of_case, x)

    mean = gather(features) / SLICES
    attended = gather(features * weight[:, None]) / gather(weight[:, None]).clamp_min(1e-12)
    return unit(linear(n.out, torch.cat([mean, attended], 1)))


def loss_of(kind, n, b):
    features, seen, _ = TOWERS[kind](n.vision, b["rows"])
    texts = torch.cat([text_tower(n.text, b["tokens"]), text_tower(n.text, b["case_tokens"])])
    vectors = torch.cat([unit(linear(n.slice_out, features)), pool(n.case_pool, features, b["level"], b["of_case"])])
    scale, target = n["log_scale"].exp(), torch.arange(len(vectors))
    similarity = scale * vectors @ texts.T
    finding = (F.cross_entropy(similarity, target) + F.cross_entropy(similarity.T, target)) / 2
    yes = b["present"][:, None]
    direction = (texts * yes).sum(0) / yes.sum() - (texts * (1 - yes)).sum(0) / (1 - yes).sum()
    answer = F.binary_cross_entropy_with_logits(scale * vectors @ direction + n["offset"], b["present"] * 0.9 + 0.05)
    logits = caption_decoder(n.decoder, b["tokens"], seen)
    return finding + answer + F.cross_entropy(logits[:, :-1].flatten(0, 1), b["tokens"][:, 1:].flatten(), ignore_index=0)


def words(count):
    tokens = torch.randint(4, 2000, (count, LENGTH))
    tokens[:, 0], tokens[:, -1] = 2, 3
    return tokens


def theirs(kind, weights):
    weights = {key: value.clone().requires_grad_(True) for key, value in weights.items()}
    rows = CASES * SLICES
    batch = {"rows": torch.randn(rows, 3, 24, 96) if kind == "strip" else torch.randn(rows, 1, 96, 96), "tokens": words(rows), "case_tokens": words(CASES),
             "level": torch.randint(1, 4, (rows,)), "of_case": torch.arange(CASES).repeat_interleave(SLICES), "present": torch.randint(0, 2, (rows + CASES,)).float()}
    optimiser = torch.optim.AdamW(weights.values(), lr=2e-3)
    for step in range(3 + STEPS):
        if step == 3:
            cpu, wall = time.process_time(), time.perf_counter()
        optimiser.zero_grad()
        loss_of(kind, Net(weights), batch).backward()
        torch.nn.utils.clip_grad_norm_(weights.values(), 1)
        optimiser.step()
    return (time.process_time() - cpu) / STEPS, (time.perf_counter() - wall) / STEPS


def main():
    bench, threads = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "1"
    torch.set_num_threads(int(threads))
    for kind in "strip", "image":
        own, other = [], []
        for _ in range(ROUNDS):
            with tempfile.TemporaryDirectory() as folder:
                out = subprocess.run([bench, kind, folder, threads], check=True, capture_output=True, text=True).stdout
                own.append(tuple(map(float, out.split())))
                other.append(theirs(kind, load_file(pathlib.Path(folder) / "model")))
        for i, what in enumerate(("CPU", "wall")):
            a, b = min(t[i] for t in own), min(t[i] for t in other)
            print(f"{kind:5}, {threads} threads, {what:4}: ours {1e3 * a:7.1f} ms, PyTorch eager {1e3 * b:7.1f} ms a step, ratio {b / a:.2f}")


main()
