#!/usr/bin/env python3
"""reports.py TOOL [REPORTS] [RUNS] - how fast lge-reportparse reads reports of 1,500 characters, beside a NegEx of Python's re.

Reports are the invented ones of tests/golden in the frame of a usual report. The least of RUNS counts: CPU seconds of
one thread, wall seconds of two. A pipe of all reports gives the most memory that the tool held, and the share of its CPU
time that the thread which reads and writes takes, which is what two threads cannot share out. Then reports of 1 and of
10 MiB on one line.
"""
import json
import pathlib
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time

LENGTH = 1500
FRAME = (
    "INDICATION: {a}-year-old {s} with {why}. Evaluate for myocardial scar.\n"
    "TECHNIQUE: Steady-state free precession cine images, T2-weighted STIR and phase-sensitive inversion recovery late gadolinium "
    "enhancement images were acquired at 1.5 Tesla after 0.15 mmol/kg gadobutrol. Heart rate {h} per minute, sinus rhythm.\n"
    "FINDINGS:\nLeft ventricle: end-diastolic volume {v} ml, end-systolic volume {e} ml, ejection fraction {f}%, mass {m} g. Normal size, "
    "wall thickness at most {t} mm. No regional wall motion abnormality at rest.\nRight ventricle: end-diastolic volume {r} ml, ejection "
    "fraction {f}%. Normal size and systolic function.\nAtria: the left atrium measures {l} cm2; no thrombus in the appendage.\n"
    "Valves: trileaflet aortic valve without stenosis, trivial mitral regurgitation.\nLate gadolinium enhancement: {lge}\n"
    "Pericardium: no effusion or thickening.\nAorta: the ascending aorta measures {o} mm, within normal limits for age.\n"
    "Extracardiac findings: no suspicious pulmonary nodule. Degenerative changes of the thoracic spine.\n")
WHY = ["shortness of breath", "atypical chest pain", "new heart failure", "ventricular tachycardia", "syncope on exertion"]


def reports(count):
    golden = pathlib.Path(__file__).resolve().parent.parent / "golden" / "reports.jsonl"
    texts = [t for t in (json.loads(line)["text"] for line in golden.open(encoding="utf-8")) if len(t) < 300]
    rng = random.Random(1)
    for i in range(count):
        numbers = {k: rng.randint(10, 200) for k in "ahvefmtrlo"}
        text = FRAME.format(lge=rng.choice(texts), why=rng.choice(WHY), s=rng.choice(["man", "woman"]), **numbers) + "IMPRESSION:\n"
        while len(text) < LENGTH - 40:
            text += rng.choice(texts) + "\n"
        yield {"id": f"r{i}", "text": text[:LENGTH]}


TARGET = re.compile(r"\b(?:(?:late|delayed) (?:gadolinium )?(?:hyper)?enhancement|hyperenhancement|enhancement|LGE|scar(?:ring)?|fibrosis|infarct(?:ion)?|necrosis)s?\b", re.I)
BEFORE = re.compile(r"\b(?:no (?:evidence of|definite|convincing)|no|not|without|negative for|absence of|neither|nor|free of|rule out)\b", re.I)
BEHIND = re.compile(r"^[^.;\n]{0,40}?\b(?:not (?:seen|present|identified|detected)|absent|none|negative|resolved)\b", re.I)
DOUBT = re.compile(r"\b(?:possibl[ey]|probabl[ey]|suspected|equivocal|questionable|cannot (?:be )?excluded?|versus|may (?:be|represent))\b", re.I)
STOP = re.compile(r"\b(?:but|however|although|except|apart from|other than)\b|[.;\n]", re.I)
SENTENCE = re.compile(r"(?<=[.;])\s+(?=[A-Z(\d])|\n+")


def negex(text):
    said = set()
    for sentence in SENTENCE.split(text):
        scopes = []
        for m in BEFORE.finditer(sentence):
            stop = STOP.search(sentence, m.end())
            scopes.append((m.end(), stop.start() if stop else len(sentence)))
        doubts = [m.start() for m in DOUBT.finditer(sentence)]
        for m in TARGET.finditer(sentence):
            if any(a <= m.start() < b for a, b in scopes) or BEHIND.match(sentence[m.end():]):
                said.add("absent")
            else:
                said.add("uncertain" if any(abs(d - m.start()) < 60 for d in doubts) else "present")
    return "present" if "present" in said else "uncertain" if "uncertain" in said else "absent" if said else None


def run(tool, threads, path):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    with open(path, "rb") as file:
        subprocess.run([tool, "--threads", str(threads)], stdin=file, stdout=subprocess.DEVNULL, check=True)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def piped(tool, path):
    """MiB that the tool held at most with two threads, and the share of the CPU time that its first thread took."""
    with subprocess.Popen([tool, "--threads", "2"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        with open(path, "rb") as file:
            shutil.copyfileobj(file, process.stdin)
        process.stdin.flush()
        proc, seen = pathlib.Path("/proc", str(process.pid)), None
        while True:  # until nothing moves: all is read, and the end of the input is not
            now = {t.name: int((t / "schedstat").read_text().split()[0]) for t in (proc / "task").iterdir()}
            if now == seen:
                break
            seen = now
            time.sleep(0.5)
        held = re.search(r"VmHWM:\s+(\d+)", (proc / "status").read_text()).group(1)
        process.stdin.close()
    return int(held) / 1024, seen[str(process.pid)] / sum(seen.values())


def long_report(path, texts, size):
    line = "".join(t.replace("\n", " ") + " " for t in texts)[:size]
    while len(line) < size:
        line += line[: size - len(line)]
    path.write_text(json.dumps({"id": "long", "text": line}, ensure_ascii=False) + "\n", encoding="utf-8")


def main():
    tool = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 40000
    runs = int(sys.argv[3]) if len(sys.argv) > 3 else 7
    with tempfile.TemporaryDirectory() as folder:
        path, long_path = pathlib.Path(folder, "reports.jsonl"), pathlib.Path(folder, "long.jsonl")
        texts = []
        with path.open("w", encoding="utf-8") as file:
            for record in reports(count):
                texts.append(record["text"])
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
        one = [run(tool, 1, path) for _ in range(runs)]
        two = [run(tool, 2, path) for _ in range(runs)]
        memory, share = piped(tool, path)
        few = texts[: min(count, 3000)]
        peer = []
        for _ in range(3):
            start = time.process_time()
            for text in few:
                negex(text)
            peer.append(time.process_time() - start)
        cpu, wall_one, wall_two = min(c for _, c in one), min(w for w, _ in one), min(w for w, _ in two)
        print(f"reports a second, one thread   {count / cpu:10.0f} of CPU time, {count / wall_one:.0f} of wall time")
        print(f"two threads                    {wall_one / wall_two:10.2f} times as fast")
        print(f"NegEx of Python's re           {len(few) / min(peer):10.0f} a second; the tool is {count / cpu / (len(few) / min(peer)):.1f} times as fast")
        print(f"CPU time of two threads        {min(c for _, c in two) / cpu:10.2f} times that of one; the reading and writing thread takes {share:.1%} of it")
        print(f"memory for {count} reports   {memory:10.1f} MiB")
        long_times = []
        for size in (1 << 20, 10 << 20):
            long_report(long_path, texts, size)
            long_times.append(min(run(tool, 1, long_path)[1] for _ in range(runs)))
        print(f"one report of 1, of 10 MiB     {long_times[0]:10.3f} and {long_times[1]:.3f} s of CPU time")


if __name__ == "__main__":
    main()
