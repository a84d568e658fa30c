"""Is a training run that is killed again and again the run that was left in peace?

    python -m bench.resume [--kills 20] [--lags 0,1,2] [--seed 0] [--json]

For each lag: one run in peace, and one whose process gets SIGKILL at random moments, ``--kills``
times at least, and goes on from its last checkpoint each time. The weights at the end are compared
bit for bit. The task is that of ``tests/train/toy.py`` with a tiny random model, so that a step
takes a moment and a kill hits any part of one: sampling, learning, writing rows or a checkpoint.
Every step learns, and which examples it asks about hangs on how they did before.
"""

import argparse
import hashlib
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.tiny_models import write_model
from tests.train import toy

STEPS = 160
MOST_NEW_STEPS = 9
"""A process is killed after at most so many steps of its own."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--lags", default="0,1,2")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--one", nargs=3, metavar=("MODEL", "RUN", "LAG"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        model, root, lag = arguments.one
        toy.run(
            Path(model),
            Path(root),
            steps=STEPS,
            lag=int(lag),
            curriculum=True,
            refill=1,
            learning_rate=2e-4,
        )
        return
    rows = [
        compared(int(lag), kills=arguments.kills, seed=arguments.seed)
        for lag in arguments.lags.split(",")
    ]
    if arguments.json:
        print(json.dumps(rows))
    sys.exit(0 if all(row["same"] and row["kills"] >= arguments.kills for row in rows) else 1)


def compared(lag: int, *, kills: int, seed: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        model = write_model(Path(folder, "model"))
        whole, broken = Path(folder, "whole"), Path(folder, "broken")
        in_peace = start(model, whole, lag)
        drawn = random.Random(f"{seed}/{lag}")
        count = 0
        while count < kills:
            child = start(model, broken, lag)
            before, wanted = rows_of(broken), drawn.randint(1, MOST_NEW_STEPS)
            while child.poll() is None and rows_of(broken) < before + wanted:
                time.sleep(0.002)
            time.sleep(drawn.random() * 0.3)
            if child.poll() is not None:
                break  # it came to its end
            child.send_signal(signal.SIGKILL)
            child.wait()
            count += 1
        if start(model, broken, lag).wait() or in_peace.wait():
            raise SystemExit(f"lag {lag}: a run failed")
        same = digest(whole) == digest(broken) != digest(model)
        learned = sum(json.loads(row)["updated"] for row in open_rows(whole))
    told = "the same bits" if same else "OTHER WEIGHTS"
    print(
        f"lag {lag}: {count} kills, {told} after {STEPS} steps, {learned} of which learned",
        file=sys.stderr,
        flush=True,
    )
    return {"lag": lag, "kills": count, "same": same, "steps": STEPS, "learned": learned}


def start(model: Path, root: Path, lag: int) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "bench.resume", "--one", str(model), str(root), str(lag)]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL)


def rows_of(root: Path) -> int:
    return len(open_rows(root))


def open_rows(root: Path) -> list[bytes]:
    path = root / "metrics.jsonl"
    return path.read_bytes().splitlines() if path.exists() else []


def digest(root: Path) -> str:
    """Of a model folder's weights, or of a run's last ones."""
    last = root / "checkpoints" / f"step-{STEPS:06d}"
    folder = last if last.exists() else root
    return hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()


if __name__ == "__main__":
    main()
