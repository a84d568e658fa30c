"""The small adversarial experiment: two policies of half a million parameters, on a CPU.

``python -m recipes.pairs`` makes the tasks and the model that both start from; then, from the
repository root, ``python -m bench.adversarial --pairs build/pairs --work build/adversarial``. Arms
and seeds are run one after the other, each an ordinary run of ``covet adversarial`` that a second
call goes on with. ``measures.jsonl`` gets a row after each round and
``steps.jsonl`` one for every training step of a test writer; ``--report`` prints the table.

Arms: ``rounds`` (lambda 0.85, tau 4), ``no_validity`` (lambda 1), ``no_clip`` (tau 0), ``cases``
(the test writer fine-tuned on the tasks' own cases for about the processor seconds that ``rounds``
took for its own).

Measured on held-out tasks: of suites, one sampled for each, valid share, number of cases,
discrimination against the start's programs and against the newest code writer's; Best-of-16 and
fidelity over programs of the start; of programs, the share that passes all reference cases.
"""

import argparse
import random
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from bench.curves import Panel, draw
from covet import config
from covet.config import Config, as_toml
from covet.evaluate.best_of_n import at_random, best_of_n, shares
from covet.evaluate.fidelity import spearman
from covet.execute.programs import ProgramGrader, ProgramJob, open_programs
from covet.instructions.dataset import read_examples
from covet.policy.hf import HFPolicy
from covet.records import InstructionExample, PassMatrix, Solution, Suite
from covet.rollout.answers import Wanted, asker_for, read_solutions, read_suites, write_answers
from covet.rollout.instructions import distinct, reference
from covet.runlog import RunLog, append_jsonl, encode, read_jsonl, write_whole
from covet.train.adversarial import Adversaries

ARMS = ("rounds", "no_validity", "no_clip", "cases")
ROUNDS, TASKS, HELDOUT, PROGRAMS = 3, 400, 200, 16
MEASURES = "measures.jsonl"


def settings(arm: str, seed: int, model: Path, steps: int) -> Config:
    suites: dict[str, Any] = {"tests": 4, "tau": 0 if arm == "no_clip" else 4}
    if arm == "no_validity":
        suites["discrimination"] = 1.0
    trained = {
        "seed": seed,
        "examples": 16,
        "group": 8,
        "learning_rate": 5e-4,
        "warmup_steps": 5,
        "kl": 0.01,
        "lag": 0,
        "checkpoint_every": 20,
    }
    rounds = {
        "mode": "tests_from_cases" if arm == "cases" else "rounds",
        "rounds": ROUNDS,
        "tests_steps": (steps,),
        "code_steps": (steps // 2,),
        "greedy": False,
    }
    return config.parse(
        {
            "policy": {"model": str(model), "batch": 128},
            "suites": suites,
            "train": trained,
            "adversarial": rounds,
            "sandbox": {"workers": 1},
        },
        origin="the experiment",
    )


class Arm:
    """One arm and seed."""

    def __init__(self, name: str, seed: int, *, pairs: Path, work: Path, steps: int) -> None:
        self.name, self.seed, self.pairs, self.work = name, seed, pairs, work
        self.root = work / f"{name}-{seed}"
        self.config = settings(name, seed, pairs / "model", steps)
        self.heldout = read_examples(pairs / "heldout.jsonl")[:HELDOUT]
        self.log = work / MEASURES
        self.started = time.monotonic()

    def run(self, programs: ProgramGrader) -> None:
        examples = read_examples(self.pairs / "train.jsonl")[:TASKS]
        start = str(self.pairs / "model")
        chosen = self.config
        if self.name == "cases":
            chosen = self._at_equal_compute(len(examples))
        exists = (self.root / "manifest.json").exists()
        log = (
            RunLog.reopen(self.root)
            if exists
            else RunLog.create(self.root, as_toml(chosen), extra={"arm": self.name})
        )
        self._measure(programs, 0, tests=start, code=start)
        players = Adversaries(chosen, examples, programs, log, self._tell)
        if self.name == "cases":
            self._measure(programs, ROUNDS, tests=players.run().tests, code=start)
        else:
            for number in range(1, ROUNDS + 1):
                short = chosen.adversarial.model_copy(update={"rounds": number})
                players.config = chosen.model_copy(update={"adversarial": short})
                now = players.run()
                before = self.root / f"round-{number - 1}" / "code" / "model"
                against = start if number == 1 else str(before)
                self._measure(programs, number, tests=now.tests, code=now.code, against=against)
        log.close()

    def _tell(self, name: str, done: int, total: int, note: str) -> None:
        if done % 20 == 0 or done == total:
            spent = time.monotonic() - self.started
            print(
                f"{spent:6.0f} s  {self.name}-{self.seed}  {name} {done}/{total}  {note}",
                flush=True,
            )

    def _at_equal_compute(self, tasks: int) -> Config:
        """As many epochs as take the processor seconds of ``rounds``' test writer."""
        rounds = self.work / f"rounds-{self.seed}"
        spent = sum(_cpu_s(rounds / f"round-{number}" / "tests") for number in range(1, ROUNDS + 1))
        if not spent:
            raise SystemExit(f"cases-{self.seed} wants rounds-{self.seed} to be run before it")
        epochs = max(1, round(spent / (tasks * SECONDS_A_DEMONSTRATION)))
        learned = {"epochs": epochs, "examples": 16, "micro_batch": 16, "learning_rate": 5e-4}
        return self.config.model_copy(
            update={"warmup": self.config.warmup.model_copy(update={**learned, "seed": self.seed})}
        )

    # ------------------------------------------------------------------------- measures

    def _measure(
        self, programs: ProgramGrader, number: int, *, tests: str, code: str, against: str = ""
    ) -> None:
        name = {"arm": self.name, "seed": self.seed, "round": number}
        if any(name.items() <= row.items() for row in _rows(self.log)):
            return
        folder = self.root / f"measured-{number}"
        start = str(self.pairs / "model")
        suites = read_suites(self._written(folder / "suites.jsonl", tests, "tests", 1))
        pool = read_solutions(
            self._written(self.work / "start.jsonl", start, "solutions", PROGRAMS)
        )
        mine = read_solutions(self._written(folder / "programs.jsonl", code, "solutions", 4))
        row: dict[str, Any] = {**name, "tests": tests, "code": code}
        row |= of_suites(programs, self.heldout, suites, pool)
        row["pass_rate"] = fmean(solved(programs, self.heldout, mine))
        row["discrimination_new"] = fmean(detected(programs, self.heldout, suites, mine))
        if against:
            path = self._written(folder / "against.jsonl", against, "solutions", 4)
            told = detected(programs, self.heldout, suites, read_solutions(path))
            row["discrimination_trained"] = fmean(told)
        append_jsonl(self.log, row)
        shown = {key: round(value, 3) for key, value in row.items() if isinstance(value, float)}
        print(f"{self.name}-{self.seed} round {number}: {shown}", flush=True)

    def _written(self, path: Path, model: str, role: str, samples: int) -> Path:
        policy = HFPolicy(self.config.policy.model_copy(update={"model": model}))
        asker = asker_for(policy, self.config, "tests" if role == "tests" else "solutions")
        key = ("measure", self.seed, role)
        write_answers(path, self.heldout, Wanted(policy, asker, samples, key, 128 // samples))
        return path


SECONDS_A_DEMONSTRATION = 0.006
"""Processor seconds that fine-tuning takes for one, about; what was taken is measured and told."""


def of_suites(
    programs: ProgramGrader,
    examples: Sequence[InstructionExample],
    suites: Mapping[str, Sequence[Suite]],
    pool: Mapping[str, Sequence[Solution]],
) -> dict[str, Any]:
    """Of one suite for each task, with the values by task for paired differences."""
    cases = {one.id: distinct(suites[one.id][0].cases) for one in examples}
    solutions = {one.id: (reference(one), *pool[one.id]) for one in examples}
    own = programs.matrices([ProgramJob(e, solutions[e.id], cases[e.id]) for e in examples])
    known = programs.matrices([ProgramJob(e, tuple(pool[e.id]), e.cases) for e in examples])
    valid, best, chance, ranked = [], [], [], []
    for matrix, truth in zip(own, known, strict=True):
        valid.append(_share(row[0] == "pass" for row in matrix.cells))
        worth = [float(score == 1.0) for score in shares(truth)]
        scores = [score or 0.0 for score in shares(_without_first(matrix))]
        scores = scores or [0.0] * len(worth)
        best.append(best_of_n(scores, worth, n=PROGRAMS))
        chance.append(at_random(worth))
        ranked.append(spearman(scores, [score or 0.0 for score in shares(truth)]) or 0.0)
    return {
        "valid": fmean(valid),
        "cases": fmean(len(suites[one.id][0].cases) for one in examples),
        "distinct": fmean(map(len, cases.values())),
        "discrimination_start": fmean(detected(programs, examples, suites, pool)),
        "best_of_16": fmean(best),
        "random": fmean(chance),
        "fidelity": fmean(ranked),
        "by_task": {"best_of_16": best, "fidelity": ranked},
    }


def detected(
    programs: ProgramGrader,
    examples: Sequence[InstructionExample],
    suites: Mapping[str, Sequence[Suite]],
    pool: Mapping[str, Sequence[Solution]],
) -> list[float]:
    """By task, the share of the programs that fail a valid case."""
    jobs = [
        ProgramJob(one, (reference(one), *pool[one.id]), distinct(suites[one.id][0].cases))
        for one in examples
    ]
    found: list[float] = []
    for matrix in programs.matrices(jobs):
        rows = [row[1:] for row in matrix.cells if row[0] == "pass"]
        columns = range(len(matrix.programs) - 1)
        found.append(_share(any(row[p] != "pass" for row in rows) for p in columns))
    return found


def solved(
    programs: ProgramGrader,
    examples: Sequence[InstructionExample],
    written: Mapping[str, Sequence[Solution]],
) -> list[float]:
    """By task, the share of the programs that pass all reference cases."""
    jobs = [ProgramJob(one, tuple(written[one.id]), one.cases) for one in examples]
    return [_share(score == 1.0 for score in shares(m)) for m in programs.matrices(jobs)]


def _without_first(matrix: PassMatrix) -> PassMatrix:
    return PassMatrix(matrix.tests, matrix.programs[1:], tuple(row[1:] for row in matrix.cells))


def _share(values: Iterable[bool]) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0


def _rows(path: Path) -> list[dict[str, Any]]:
    return list(read_jsonl(path, dict)) if path.exists() else []


def _cpu_s(run: Path) -> float:
    by_step = {row["step"]: row["cpu_s"] for row in _rows(run / "metrics.jsonl")}
    return sum(by_step.values())


# ---------------------------------------------------------------------------- the report


COLUMNS = (
    "valid",
    "cases",
    "discrimination_start",
    "discrimination_trained",
    "discrimination_new",
    "best_of_16",
    "fidelity",
    "pass_rate",
)


def report(work: Path) -> str:
    rows = _rows(work / MEASURES)
    groups: dict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[row["arm"], row["round"]].append(row)
    lines = ["| arm | round | seeds | " + " | ".join(COLUMNS) + " |"]
    lines.append("|---|---:|---:|" + "---:|" * len(COLUMNS))
    for (arm, number), found in sorted(
        groups.items(), key=lambda one: (ARMS.index(one[0][0]), one[0][1])
    ):
        cells = [
            f"{fmean(values):.3f}" if (values := [r[c] for r in found if c in r]) else ""
            for c in COLUMNS
        ]
        lines.append(f"| {arm} | {number} | {len(found)} | " + " | ".join(cells) + " |")
    lines += ["", *_paired(rows), *_spent(work)]
    return "\n".join(lines)


def _spent(work: Path) -> list[str]:
    """Processor seconds of the test writer's learning."""
    found: dict[str, list[float]] = defaultdict(list)
    for arm, runs in (("rounds", "round-*/tests"), ("cases", "imitation")):
        for root in sorted(work.glob(f"{arm}-*")):
            found[arm].append(sum(map(_cpu_s, root.glob(runs))))
    return [
        f"CPU-s of the test writer's learning, {arm}: {', '.join(f'{s:.0f}' for s in seconds)}"
        for arm, seconds in found.items()
    ]


def _paired(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """``rounds`` less ``cases`` after the last round, by task, with a bootstrap over tasks."""
    last = {(r["arm"], r["seed"]): r for r in rows if r["round"] == ROUNDS}
    seeds = sorted(s for arm, s in last if arm == "rounds" and ("cases", s) in last)
    lines: list[str] = []
    for name in ("best_of_16", "fidelity"):
        pairs = [
            [
                a - b
                for a, b in zip(
                    *(last[arm, s]["by_task"][name] for arm in ("rounds", "cases")), strict=True
                )
            ]
            for s in seeds
        ]
        if not pairs:
            continue
        by_task = [fmean(values) for values in zip(*pairs, strict=True)]
        draw = random.Random(0)
        means = sorted(fmean(draw.choices(by_task, k=len(by_task))) for _ in range(2000))
        lines.append(
            f"{name}, rounds less cases, {len(seeds)} seeds: {fmean(by_task):+.3f}"
            f" [{means[50]:+.3f}, {means[1949]:+.3f}]"
        )
    return lines


PANELS = {
    "discrimination_trained": "told wrong: writer trained against",
    "discrimination_new": "told wrong: newest writer's programs",
    "discrimination_start": "told wrong: programs of the start",
    "valid": "share of cases that are right",
    "cases": "cases in a suite",
    "pass_rate": "programs that are right",
}
LEGEND = {
    "rounds": "rounds",
    "no_validity": "no validity term",
    "no_clip": "no clip on short suites",
    "cases": "fine-tuned on true cases",
}


def curves(work: Path) -> str:
    """What is measured after each round, as an SVG."""
    rows = _rows(work / MEASURES)
    panels: list[Panel] = []
    for measure, title in PANELS.items():
        arms: dict[str, dict[float, list[float]]] = {}
        for arm in ARMS:
            for row in (row for row in rows if row["arm"] == arm and measure in row):
                arms.setdefault(arm, {}).setdefault(row["round"], []).append(row[measure])
        panels.append(Panel(title, arms))
    return draw(panels, LEGEND, x="rounds")


def steps_of(work: Path) -> list[dict[str, Any]]:
    """Of every training step of a test writer, means over its rollouts."""
    found: list[dict[str, Any]] = []
    for run in sorted(work.glob("*/round-*/tests")):
        arm, _, seed = run.parent.parent.name.rpartition("-")
        by_step: dict[int, dict[tuple[str, int], dict[str, float]]] = defaultdict(dict)
        for row in _rows(run / "rollouts.jsonl"):
            by_step[row["step"]][row["example_id"], row["sample"]] = row["terms"]
        for step, terms in sorted(by_step.items()):
            told = list(terms.values())
            means = {key: fmean(one[key] for one in told) for key in told[0]}
            found.append({"arm": arm, "seed": int(seed), "step": step, **means})
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.adversarial", description=__doc__)
    parser.add_argument("--pairs", type=Path, default=Path("build/pairs"))
    parser.add_argument("--work", type=Path, default=Path("build/adversarial"))
    parser.add_argument("--arms", nargs="+", choices=ARMS, default=list(ARMS))
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--steps", type=int, default=100, help="of the test writer in a round")
    parser.add_argument("--report", action="store_true", help="the table of what is there")
    parser.add_argument("--curves", type=Path, metavar="FILE", help="an SVG of what is there")
    chosen = parser.parse_args()
    chosen.work.mkdir(parents=True, exist_ok=True)
    if not chosen.report:
        for seed in chosen.seeds:
            for name in chosen.arms:
                arm = Arm(name, seed, pairs=chosen.pairs, work=chosen.work, steps=chosen.steps)
                with open_programs(arm.config) as programs:
                    arm.run(programs)
    rows = steps_of(chosen.work)
    write_whole(chosen.work / "steps.jsonl", b"".join(encode(row) + b"\n" for row in rows))
    print(report(chosen.work))
    if chosen.curves:
        chosen.curves.write_text(curves(chosen.work), encoding="utf-8")


if __name__ == "__main__":
    main()
