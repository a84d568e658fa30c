"""A SIGKILL at a random moment of a small demo, again and again: are the weights the same?

    python -m bench.kills [--times 10] [--out runs/kills]

Runs a small demo undisturbed, then more of the same seed until ``--times`` have been killed (the
whole process group, by SIGKILL) at a moment drawn at random from the undisturbed run's duration,
and resumed. Compares the SHA-256 of the final weights and prints one line a run.
"""

import argparse
import hashlib
import itertools
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path


def start(out: Path, *, resume: bool) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "covet", "demo", "--small", "--json", "--out", str(out)]
    command = [*command[:4], *command[5:], "--resume"] if resume else command
    return subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )


def finish(out: Path, *, resume: bool) -> None:
    code = start(out, resume=resume).wait()
    if code:
        sys.exit(f"{out}: covet demo ended with {code}")


def weights_digest(out: Path) -> str:
    return hashlib.sha256((out / "model" / "model.safetensors").read_bytes()).hexdigest()


def killed_at(out: Path, moment_s: float) -> bool:
    """Start, kill after that many seconds; False where it was done before."""
    process = start(out, resume=False)
    try:
        process.wait(timeout=moment_s)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return True
    return False


def stage(out: Path) -> str:
    """How far a run had come, for the table."""
    steps = sorted((out / "checkpoints").glob("step-*")) if (out / "checkpoints").is_dir() else []
    metrics = out / "metrics.jsonl"
    taken = metrics.read_bytes().count(b"\n") if metrics.exists() else 0
    return f"{taken} steps logged, newest checkpoint {steps[-1].name if steps else 'none'}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0, help="of the moments")
    parser.add_argument("--out", type=Path, default=Path("runs/kills"))
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    started = time.monotonic()
    finish(arguments.out / "undisturbed", resume=False)
    duration_s = time.monotonic() - started
    wanted = weights_digest(arguments.out / "undisturbed")
    print(f"undisturbed: {duration_s:.0f} s, {wanted[:16]}", flush=True)
    rows = []
    for number in itertools.count():
        out = arguments.out / f"killed-{number}"
        moment_s = rng.uniform(0.5, duration_s)
        killed = killed_at(out, moment_s)
        seen = stage(out)
        finish(out, resume=(out / "manifest.json").exists())
        same = weights_digest(out) == wanted
        rows.append({"moment_s": round(moment_s, 1), "killed": killed, "seen": seen, "same": same})
        print(json.dumps(rows[-1]), flush=True)
        if sum(row["killed"] for row in rows) == arguments.times:
            break
    (arguments.out / "kills.json").write_text(json.dumps(rows, indent=2))
    same = sum(row["same"] for row in rows)
    print(f"{same} of {len(rows)} end with the same weights")
    sys.exit(same != len(rows))


if __name__ == "__main__":
    main()
