"""What teaches the embedded policy to write better tests for functions it never saw?

    python -m bench.learning [--out DIR] [--seeds 5] [--arms grpo,all] [--jobs 2] [--table]

Eight ways to spend about the same compute from the same start, on the bundled codebase, ``--seeds``
times each: continued fine-tuning on what the policy was pre-trained on (fresh draws of the same
kind, by the human-like tests of the recipe), and seven of reinforcement learning: six that differ
from the first, ``grpo``, in one setting each, and ``all`` of it together. All are measured on the
same held-out tasks, the files of which no arm saw, and, apart, on families of functions that
neither pre-training nor training saw. ``start`` is what they start from, untrained.

Each run is a folder ``DIR/<arm>-<seed>`` and is passed over where it is finished; a call that was
stopped goes on where it was. Fine-tuning gets the processor time that the ``grpo`` run of its seed
took, sampling and grading included. At the end, or with ``--table`` at once, ``DIR/table.md`` and
``DIR/table.json`` hold what there is: means over seeds, ranges by a bootstrap over tasks (all seeds
of a task together), and paired differences to fine-tuning.
"""

import argparse
import json
import math
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import fmean
from typing import Any

from covet import config
from covet.cli.demo import PRESET
from covet.evaluate import metrics
from covet.evaluate.metrics import Bootstrap
from covet.evaluate.rows import TaskRow, read_rows

COMMON = (
    *PRESET,
    "mine.heldout=0.25",
    "sandbox.workers=1",
    "train.steps=40",
    "train.lag=0",
    "train.checkpoint_every=20",
    "evaluate.tasks=300",
)
COVERAGE = ("reward.preset=coverage",)
MUTATION = (*COVERAGE, "reward.passes=0.2", "reward.gains=0.4", "reward.kills=0.4")
BALANCED = ("reward.preset=balanced",)
ARMS: dict[str, tuple[str, ...]] = {
    "grpo": (*COVERAGE, "train.kl=0"),
    "all": (
        *BALANCED,
        "train.kl=0.01",
        "train.entropy=0.003",
        "train.advantage=parts_at_k",
    ),
    "mutation": (*MUTATION, "train.kl=0"),
    "max_k": (*COVERAGE, "train.kl=0", "train.advantage=max_at_k"),
    "kl": (*COVERAGE, "train.kl=0.01"),
    "entropy": (*COVERAGE, "train.kl=0", "train.entropy=0.003"),
    "balanced": (*BALANCED, "train.kl=0"),
    "sft": (),
    "start": (),
}
"""In the order in which they run; fine-tuning needs to know what ``grpo`` took, and ``start`` is
what all of them start from.
"""
MEASURES = (
    "pass_rate",
    "coverage_increase_rate",
    "coverage_increase_rate@3",
    "covered_lines_increase@3",
    "mutation_score@3",
    "diversity",
)
SFT_BATCH = 16
SFT_RATE = 1e-3
SFT_WARMUP = 50


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=Path("runs/learning"))
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--arms", default=",".join(ARMS))
    parser.add_argument("--jobs", type=int, default=2, help="runs at a time")
    parser.add_argument("--table", action="store_true", help="only from what is there")
    parser.add_argument("--one", default="", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    out = arguments.out.resolve()
    if arguments.one:
        arm, _, seed = arguments.one.rpartition("-")
        one(out, arm, int(seed))
        return
    if not arguments.table:
        arms = [arm for arm in ARMS if arm in arguments.arms.split(",")]
        wanted = [f"{arm}-{seed}" for seed in range(arguments.seeds) for arm in arms]
        run_all(out, wanted, jobs=arguments.jobs)
    print(table(out, seeds=arguments.seeds))


def run_all(out: Path, names: Sequence[str], *, jobs: int) -> None:
    prepare(out)
    left = [name for name in names if not (out / name / "done.json").exists()]
    with ThreadPoolExecutor(jobs) as pool:
        for name, code in zip(left, pool.map(lambda name: started(out, name), left), strict=True):
            print(f"{name}: {'done' if code == 0 else f'failed with {code}'}", flush=True)


def started(out: Path, name: str) -> int:
    """In a process of its own, whose output lies beside its results."""
    (out / name).mkdir(exist_ok=True)
    if name.startswith("sft-"):
        needed = out / name.replace("sft", "grpo") / "done.json"
        while not needed.exists():
            time.sleep(5)
    with (out / name / "output.txt").open("ab") as output:
        command = [sys.executable, "-m", "bench.learning", "--out", str(out), "--one", name]
        return subprocess.run(command, stdout=output, stderr=output, check=False).returncode


def settings(arm: str, seed: int) -> config.Config:
    return config.load(overrides=[*COMMON, *ARMS[arm], f"train.seed={seed}"])


def prepare(out: Path) -> None:
    """The tasks that all arms share."""
    from covet.execute.grader import open_grader
    from covet.mine import mine, write
    from covet.nano import codebase_path

    if (out / "tasks").exists():
        return
    chosen = settings("grpo", 0)
    with open_grader(codebase_path(), chosen) as grader:
        mined = mine(grader, chosen)
    write(mined.dataset, mined.references, out / "tasks")


def one(out: Path, arm: str, seed: int) -> None:
    """Train, evaluate, and leave ``done.json``."""
    from covet.cli.progress import Reporter
    from covet.cli.train import keep_model, open_roller, train_policy
    from covet.evaluate import scorecard
    from covet.execute.grader import open_grader
    from covet.mine import read
    from covet.nano import codebase_path
    from covet.policy.hf import HFPolicy
    from covet.runlog import RunLog

    root = out / f"{arm}-{seed}"
    chosen = settings(arm, seed)
    dataset = read(out / "tasks")
    log = (
        RunLog.reopen(root)
        if (root / "manifest.json").exists()
        else RunLog.create(root, config.as_toml(chosen), extra={"arm": arm})
    )
    with open_grader(codebase_path(), chosen) as grader:
        policy = HFPolicy(chosen.policy, seed=seed)
        roller = open_roller(policy, grader, chosen, root)
        cpu_s: float
        if arm == "sft":
            grpo = json.loads((out / f"grpo-{seed}" / "done.json").read_text())
            cpu_s = fine_tune(policy, root, budget_s=grpo["train_cpu_s"], seed=seed)
        elif arm == "start":
            cpu_s = 0.0
        else:
            train_policy(policy, roller, dataset.split("train"), chosen, log, Reporter())
            keep_model(policy, log)
            cpu_s = spent(root)
        scorecard.evaluate(
            "after", dataset.examples, roller=roller, settings=chosen, run=root, on_done=print
        )
    done = {"arm": arm, "seed": seed, "train_cpu_s": round(cpu_s, 1)}
    (root / "done.json").write_text(json.dumps(done) + "\n")
    log.close()


def spent(root: Path) -> float:
    """Processor seconds of training, sampling and grading; a step that was repeated counts once."""
    rows = [json.loads(line) for line in (root / "metrics.jsonl").read_text().splitlines()]
    by_step = {row["step"]: row["cpu_s"] + row["grade_cpu_s"] for row in rows}
    return sum(by_step.values())


def fine_tune(policy: Any, root: Path, *, budget_s: float, seed: int) -> float:
    """Go on with pre-training's own objective on fresh pairs for ``budget_s`` of processor time,
    the learning rate falling to zero at its end. Returns what it took. Begins anew if killed.
    """
    import torch
    from torch.nn import functional

    from recipes.nano.__main__ import CODEBASE_SEED
    from recipes.nano.data import bundled_forms, make_pairs
    from recipes.nano.pretrain import Recipe, batches, collate

    recipe = Recipe(steps=0, batch=SFT_BATCH, seed=1000 + seed)
    count = math.ceil(budget_s / 0.05) * SFT_BATCH  # no step is as fast as that
    stream = make_pairs(1000 + seed, min(count, 60_000), excluded=bundled_forms(CODEBASE_SEED))
    encode, end = policy.tokenizer, policy.tokenizer.eos_token_id
    pairs = [
        (encode(pair.prompt)["input_ids"], [*encode(pair.completion)["input_ids"], end])
        for pair in stream.pairs
    ]
    model = policy.model
    optimizer = torch.optim.AdamW(model.parameters(), SFT_RATE, (0.9, 0.95), weight_decay=0.05)
    source = batches(pairs, recipe)
    started = time.process_time()
    step = 0
    while (used := time.process_time() - started) < budget_s:
        rate = SFT_RATE * min(1.0, (step + 1) / SFT_WARMUP) * (1 - used / budget_s)
        for group in optimizer.param_groups:
            group["lr"] = rate
        ids, weights = collate(next(source), recipe.prompt_weight)
        with torch.autocast("cpu", torch.bfloat16):
            logits = model(input_ids=ids).logits
        targets, weights = ids[:, 1:], weights[:, 1:]
        losses = functional.cross_entropy(
            logits[:, :-1].float().flatten(0, 1), targets.flatten(), reduction="none"
        ).view_as(weights)
        ((losses * weights).sum() / weights.sum()).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        step += 1
        if step % 100 == 0:
            print(f"step {step}: {losses[weights == 1].mean().item():.4f}", flush=True)
    policy.version = step
    policy.save(root / "model")
    return time.process_time() - started


# -------------------------------------------------------------------------------- the table


def values(rows: Iterable[TaskRow], measure: str) -> dict[str, float]:
    """By task, where it can be told."""
    of = metrics.MEASURES[measure]
    return {row.example_id: value for row in rows if (value := of(row)) is not None}


def over_seeds(out: Path, arm: str, seeds: int, split: str, measure: str) -> dict[str, float]:
    """The mean of a task's values over the finished seeds."""
    found: dict[str, list[float]] = {}
    for seed in range(seeds):
        root = out / f"{arm}-{seed}"
        if not (root / "done.json").exists():
            continue
        rows = [row for row in read_rows(root, "after").values() if row.split == split]
        for task, value in values(rows, measure).items():
            found.setdefault(task, []).append(value)
    return {task: fmean(several) for task, several in found.items()}


def table(out: Path, *, seeds: int) -> str:
    bootstrap = Bootstrap(resamples=4000, seed=0)
    lines: list[str] = []
    told: dict[str, Any] = {}
    finished = {
        arm: sum((out / f"{arm}-{seed}" / "done.json").exists() for seed in range(seeds))
        for arm in ARMS
    }
    for split in ("heldout", "reserved"):
        lines += [
            f"### {split}",
            "",
            "| arm | seeds | " + " | ".join(MEASURES) + " |",
            "|---" * (2 + len(MEASURES)) + "|",
        ]
        base = {measure: over_seeds(out, "sft", seeds, split, measure) for measure in MEASURES}
        for arm in (arm for arm in ARMS if finished[arm]):
            cells = [
                cell(over_seeds(out, arm, seeds, split, measure), base[measure], bootstrap)
                for measure in MEASURES
            ]
            texts = " | ".join(each["text"] for each in cells)
            lines.append(f"| {arm} | {finished[arm]} | {texts} |")
            told[f"{split}/{arm}"] = dict(zip(MEASURES, cells, strict=True))
        lines.append("")
    text = "\n".join(lines)
    (out / "table.md").write_text(text + "\n")
    (out / "table.json").write_text(json.dumps(told, indent=2) + "\n")
    return text


def cell(
    own: Mapping[str, float], base: Mapping[str, float], bootstrap: Bootstrap
) -> dict[str, Any]:
    """A mean, and where it is not the base's own the paired difference to that."""
    if not own:
        return {"text": ""}
    mean = fmean(own.values())
    shared = sorted(own.keys() & base.keys())
    if own == base or not shared:
        return {"text": f"{mean:.3f}", "mean": mean, "n": len(own)}
    found = metrics.estimate([own[task] - base[task] for task in shared], bootstrap)
    sign = "**" if found.low > 0 or found.high < 0 else ""
    text = f"{mean:.3f} ({sign}{found.value:+.3f}{sign} [{found.low:+.3f}, {found.high:+.3f}])"
    return {
        "text": text, "mean": mean, "n": len(shared),
        "difference": found.value, "low": found.low, "high": found.high,
    }  # fmt: skip


if __name__ == "__main__":
    main()
