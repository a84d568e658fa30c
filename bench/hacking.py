"""Does a reward for coverage teach weak tests, and does ``balanced`` not?

    python -m bench.hacking [--out DIR] [--seeds 3] [--jobs 2] [--table]

Two arms of the learning study (``bench.learning``, whose runs and folder are used where they are
there): ``grpo``, which pays for passing and new lines alone, and ``balanced``. Both start from the
embedded policy, in whose pre-training 15 % of the tests are weak on purpose (``is not None``,
``isinstance``, ``pytest.raises(Exception)``).

``start`` is that policy, untrained. The table has, for the first and the last ten steps, means over
the seeds of what the sampled tests were like (weak: the share of passing tests whose term
``asserts`` is below 0.25, or that a guard refuses), and what the held-out evaluation found, with
the paired difference to the start (ranges by a bootstrap over tasks, all seeds of a task together).
It is written to ``DIR/hacking.md``.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from bench import learning
from covet.evaluate.metrics import Bootstrap

ARMS = ("grpo", "balanced")
STRETCH = 10
SHOWN = ("reward", "passes", "weak", "asserts", "kills", "canaries_paid")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=Path("runs/learning"))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--table", action="store_true", help="only from what is there")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    out = arguments.out.resolve()
    if not arguments.table:
        wanted = [f"{arm}-{n}" for n in range(arguments.seeds) for arm in ("start", *ARMS)]
        learning.run_all(out, wanted, jobs=arguments.jobs)
    text = table(out, seeds=arguments.seeds)
    (out / "hacking.md").write_text(text + "\n")
    print(text)


def table(out: Path, *, seeds: int) -> str:
    lines = [
        "| reward | seeds | steps | " + " | ".join(SHOWN) + " |",
        "|---" * (3 + len(SHOWN)) + "|",
    ]
    for arm in ARMS:
        runs = [rows for seed in range(seeds) if (rows := steps(out / f"{arm}-{seed}"))]
        if not runs:
            continue
        for name, chosen in (("first", slice(None, STRETCH)), ("last", slice(-STRETCH, None))):
            cells = [
                mean([row.get(shown) for rows in runs for row in rows[chosen]]) for shown in SHOWN
            ]
            lines.append(f"| {arm} | {len(runs)} | {name} {STRETCH} | " + " | ".join(cells) + " |")
    lines += ["", "Held out, means over seeds; in brackets the difference to the start:", ""]
    lines += ["| reward | " + " | ".join(learning.MEASURES) + " |"]
    lines += ["|---" * (1 + len(learning.MEASURES)) + "|"]
    bootstrap = Bootstrap(resamples=4000, seed=0)
    start: dict[str, dict[str, float]] = {}
    for arm in ("start", *ARMS):
        found = {m: learning.over_seeds(out, arm, seeds, "heldout", m) for m in learning.MEASURES}
        start = start or found
        cells = [learning.cell(found[m], start[m], bootstrap)["text"] for m in found]
        lines.append(f"| {arm} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def steps(run: Path) -> list[dict[str, Any]]:
    """The metrics of a finished run, the later row of a step that was taken twice."""
    if not (run / "done.json").exists():
        return []
    rows = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    return list({row["step"]: row for row in rows}.values())


def mean(values: Sequence[float | None]) -> str:
    known = [float(value) for value in values if value is not None]
    return f"{fmean(known):.3f}" if known else ""


if __name__ == "__main__":
    main()
