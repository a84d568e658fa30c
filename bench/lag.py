"""What a lag hides: wall time of a step where grading waits as long as learning takes.

    python -m bench.lag [--steps 24] [--json]

The embedded model on the task of ``tests/train/toy.py``, with rewards that always differ, one
thread for each tensor operation. First the learner's own time for a step is measured at a lag of 0
without waiting; then grading sleeps for exactly that long, and lags of 0, 1 and 2 take turns. Every
row says what a step took, and how that is to the slowest of its stages (sampling, grading,
learning).
"""

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

from covet.nano import model_path
from covet.records import Group, InstructionExample
from covet.train.report import StepReport
from tests.train.toy import Roll, Samples, run

FIRST = 4
"""Steps that are not counted: the pipeline fills."""
SIZE: dict[str, Any] = {"examples": 6, "group": 16, "micro_batch": 96, "checkpoint_every": 1000}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--steps", type=int, default=24)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    alone = median(report.cost.update_s for report in reports(0, arguments.steps, grade_s=0.0))
    rows = []
    for lag in (0, 1, 2):
        seen = reports(lag, arguments.steps, grade_s=alone)
        stages = {
            "sampling": median(report.cost.sample_s for report in seen),
            "grading": alone,
            "learning": median(report.cost.update_s for report in seen),
        }
        wall = median(report.cost.wall_s for report in seen)
        slowest = max(stages, key=lambda name: stages[name])
        rows.append({"lag": lag, "wall_s": wall, **stages, "to_slowest": wall / stages[slowest]})
        if not arguments.json:
            told = ", ".join(f"{name} {taken:.3f}" for name, taken in stages.items())
            print(
                f"lag {lag}: {wall:.3f} s a step ({told}); {wall / stages[slowest]:.2f} x {slowest}"
            )
    if arguments.json:
        print(json.dumps(rows))


def uneven(group: Group) -> Group:
    """Every other rollout earns 1."""
    return replace(
        group,
        rollouts=tuple(
            replace(one, reward=replace(one.reward, value=float(place % 2)))
            for place, one in enumerate(group.rollouts)
        ),
    )


def reports(lag: int, steps: int, *, grade_s: float) -> list[StepReport]:
    def sleeping(roll: Roll) -> Roll:
        def late(policy: Samples, examples: Sequence[InstructionExample], step: int) -> list[Group]:
            groups = roll(policy, examples, step)
            time.sleep(grade_s)
            return [uneven(group) for group in groups]

        return late

    with tempfile.TemporaryDirectory() as folder:
        _, seen = run(
            model_path(), Path(folder, "run"), steps=steps, lag=lag, change=sleeping, **SIZE
        )
    return seen[FIRST:]


if __name__ == "__main__":
    main()
