"""What ``covet demo`` teaches, over several seeds.

    python -m bench.seeds [--seeds 3] [--out runs/seeds]

Runs the demo once for each seed, one after the other, continues what was interrupted, and prints
the pooled tables: each measure before, after, and its paired change, with the 95 % range of a
bootstrap over tasks (the seeds of a task stay together). Writes ``seeds.json`` as it goes.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from covet.evaluate.metrics import MEASURES, Bootstrap, estimate_clusters
from covet.evaluate.rows import AFTER, BEFORE, read_rows
from covet.records import Estimate

SPLITS = ("heldout", "reserved")


def demo(seed: int, out: Path) -> dict[str, Any]:
    """The demo's JSON for one seed; continues or reads what is there."""
    command = [sys.executable, "-m", "covet", "demo", "--json", "--out", str(out)]
    if (out / "manifest.json").exists():
        command.append("--resume")
    else:
        command += ["--seed", str(seed)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def pooled(runs: Sequence[Path], split: str) -> dict[str, dict[str, Estimate]]:
    """Before, after and the paired change of every measure over all runs.

    A task that several seeds are tried on is one cluster: its seeds share its difficulty.
    """
    values: dict[str, dict[str, list[tuple[str, float]]]] = {
        name: {"before": [], "after": [], "change": []} for name in MEASURES
    }
    for run in runs:
        before, after = read_rows(run, BEFORE), read_rows(run, AFTER)
        for task, first in before.items():
            if first.split != split or task not in after:
                continue
            for name, of in MEASURES.items():
                was, now = of(first), of(after[task])
                if was is not None and now is not None:
                    values[name]["before"].append((task, was))
                    values[name]["after"].append((task, now))
                    values[name]["change"].append((task, now - was))
    return {
        name: {column: _estimate(pairs) for column, pairs in columns.items()}
        for name, columns in values.items()
    }


def _estimate(pairs: Sequence[tuple[str, float]]) -> Estimate:
    by_task: dict[str, list[float]] = {}
    for task, value in pairs:
        by_task.setdefault(task, []).append(value)
    return estimate_clusters(list(by_task.values()), Bootstrap(resamples=10_000))


def table(estimates: dict[str, dict[str, Estimate]]) -> str:
    """As Markdown."""
    lines = ["| measure | before | after | change | tasks |", "|---|---|---|---|---|"]
    for name, columns in estimates.items():
        cells = [
            f"{estimate.value:.3f} [{estimate.low:.3f}, {estimate.high:.3f}]"
            for estimate in columns.values()
        ]
        lines.append(f"| {name} | {' | '.join(cells)} | {columns['change'].n} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--out", type=Path, default=Path("runs/seeds"))
    arguments = parser.parse_args()
    results: dict[str, Any] = {}
    for seed in range(arguments.seeds):
        results[f"seed {seed}"] = demo(seed, arguments.out / f"seed-{seed}")
        (arguments.out / "seeds.json").write_text(json.dumps(results, indent=2))
    runs = [arguments.out / f"seed-{seed}" for seed in range(arguments.seeds)]
    for split in SPLITS:
        estimates = pooled(runs, split)
        results[f"pooled {split}"] = msgspec.to_builtins(estimates)
        print(f"{split}, {arguments.seeds} seeds\n\n{table(estimates)}\n")
    (arguments.out / "seeds.json").write_text(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
