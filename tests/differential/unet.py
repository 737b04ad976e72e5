#!/usr/bin/env python3
"""Our U-Net against the same network in PyTorch: logits to 1e-4 on the same safetensors file, written by each side and read
by the other, in both norms and on even windows of several sizes.

unet.py UNET_RUN. Exits 77 where PyTorch or safetensors is missing. bench/segment.py takes the network from here.
"""
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile

try:
    import torch
    from safetensors import safe_open
    from safetensors.torch import load_file, save_file
    from torch import nn
    from torch.nn import functional as F
except ImportError as reason:
    print(f"skipped: {reason}")
    sys.exit(77)


class Norm(nn.Module):
    def __init__(self, channels, kind):
        super().__init__()
        self.gain, self.bias = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.groups = None if kind == "instance" else next(g for g in (8, 4, 2, 1) if channels % g == 0)

    def forward(self, x):
        if self.groups is None:
            return F.instance_norm(x, weight=self.gain, bias=self.bias)
        return F.group_norm(x, self.groups, self.gain, self.bias)


class Block(nn.Module):
    def __init__(self, inside, outside, kind):
        super().__init__()
        self.first = nn.Conv2d(inside, outside, 3, padding=1, bias=False)
        self.second = nn.Conv2d(outside, outside, 3, padding=1, bias=False)
        self.first_norm, self.second_norm = Norm(outside, kind), Norm(outside, kind)
        self.shortcut = nn.Conv2d(inside, outside, 1, bias=False) if inside != outside else nn.Identity()

    def forward(self, x):
        y = self.second_norm(self.second(F.relu(self.first_norm(self.first(x)))))
        return F.relu(y + self.shortcut(x))


class Encoder(nn.Module):
    def __init__(self, widths, kind):
        super().__init__()
        self.stages = len(widths)
        for s, (inside, outside) in enumerate(zip([4] + widths, widths)):
            setattr(self, f"stage{s}", Block(inside, outside, kind))
        self.bottom = Block(widths[-1], widths[-1], kind)

    def forward(self, image):
        maps, x = [], F.pixel_unshuffle(image, 2)
        for s in range(self.stages):
            x = getattr(self, f"stage{s}")(F.max_pool2d(x, 2) if maps else x)
            maps.append(x)
        maps[-1] = self.bottom(x)
        return maps


class UNet(nn.Module):
    def __init__(self, widths, classes, kind="instance"):
        super().__init__()
        self.encoder = Encoder(widths, kind)
        self.levels = range(len(widths) - 2, -1, -1)
        for s in self.levels:
            setattr(self, f"decoder{s}", Block(widths[s + 1] + widths[s], widths[s], kind))
        self.head = nn.Conv2d(widths[0], 4 * classes, 1)

    def forward(self, image):
        maps = self.encoder(image)
        x = maps[-1]
        for s in self.levels:
            x = getattr(self, f"decoder{s}")(torch.cat([F.interpolate(x, scale_factor=2.0), maps[s]], 1))
        return F.pixel_shuffle(self.head(x), 2)


def metadata(widths, kind, size):
    architecture = {"network": "residual-unet", "widths": widths} | ({"norm": kind} if kind != "instance" else {})
    return {"schema": "lge.model/1", "task": "segment", "architecture": json.dumps(architecture), "labels": "[0,1,2,5]",
            "preprocessing": json.dumps({"size": size, "spacing_mm": 1.5}), "history": "{}"}


def seal(path):
    """Our models carry the SHA-256 of the file whose 64 digits of it are 0."""
    data = pathlib.Path(path).read_bytes()
    pathlib.Path(path).write_bytes(data.replace(b"0" * 64, hashlib.sha256(data).hexdigest().encode(), 1))


def main(unet_run):
    torch.manual_seed(1)
    with tempfile.TemporaryDirectory() as folder:
        path = {name: str(pathlib.Path(folder) / f"{name}.safetensors") for name in ("model", "image", "logits")}
        for widths, kind, size in ([24, 48, 96, 128], "instance", 64), ([8, 16, 24], "group", 48), ([4, 6, 10, 12, 16], "group", 64):
            image = torch.randn(3, 1, size, size)
            save_file({"image": image}, path["image"])
            for writer in "PyTorch", "ours":
                net = UNet(widths, 4, kind)
                if writer == "PyTorch":
                    for name, p in net.named_parameters():
                        nn.init.normal_(p, 1.0 if name.endswith("gain") else 0.0, 0.1)
                    save_file(net.state_dict(), path["model"], metadata(widths, kind, size) | {"sha256": "0" * 64})
                    seal(path["model"])
                else:
                    subprocess.run([unet_run, "make", path["model"], kind, *map(str, widths)], check=True)
                    net.load_state_dict(load_file(path["model"]))
                    with safe_open(path["model"], "pt") as file:
                        assert json.loads(file.metadata()["architecture"])["widths"] == widths
                subprocess.run([unet_run, "run", path["model"], path["image"], path["logits"]], check=True)
                with torch.no_grad():
                    wanted = net(image)
                worst = (load_file(path["logits"])["logits"] - wanted).abs().max().item()
                print(f"{kind} norm, widths {widths}, weights written by {writer}: logits differ by {worst:.1e} of {wanted.abs().max().item():.1f}")
                assert worst < 1e-4 and wanted.std().item() > 1e-3


if __name__ == "__main__":
    main(sys.argv[1])
