"""A task without a sandbox: a completion earns 1 where it has the digit 3.

Run as a script, ``toy.py MODEL RUN STEPS SETTINGS`` trains on it; SETTINGS is JSON.
"""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from covet import config
from covet.policy.base import Draw
from covet.policy.hf import HFPolicy
from covet.records import (
    Candidate,
    Completion,
    Coverage,
    Execution,
    Group,
    InstructionExample,
    Prompt,
    Reward,
    Rollout,
)
from covet.runlog import RunLog
from covet.train import ranks
from covet.train.grpo import comparison, judge, train
from covet.train.pipeline import Sampler
from covet.train.report import StepReport

Samples = HFPolicy | Sampler
EXAMPLES = [
    InstructionExample(f"task{i}", f"write {i}\n", "", "", (), split="train") for i in range(6)
]
Roll = Callable[[Samples, Sequence[InstructionExample], int], list[Group]]


def settings(
    model: Path, *, steps: int, temperature: float = 1.0, lora_rank: int = 0, **changes: object
) -> config.Config:
    policy = {
        "model": str(model),
        "max_new_tokens": 8,
        "threads": 1,
        "batch": 64,
        "temperature": temperature,
        "lora_rank": lora_rank,
    }
    training: dict[str, object] = {
        "steps": steps,
        "examples": 4,
        "group": 8,
        "learning_rate": 1e-2,
        "warmup_steps": 3,
        "checkpoint_every": 2,
        "lag": 0,
        "micro_batch": 20,
    }
    return config.parse({"policy": policy, "train": training | changes}, origin="the toy")


def earned(completion: Completion) -> Reward:
    """1 where the digit 3 is written."""
    share = float("3" in completion.text)
    return Reward(share, {"passes": share})


def make_roll(chosen: config.Config) -> Roll:
    def roll(policy: Samples, examples: Sequence[InstructionExample], step: int) -> list[Group]:
        prompts = [Prompt(e.id, e.instruction, "", "append") for e in examples]
        draws = [
            Draw(p, chosen.train.group, (chosen.train.seed, step, p.example_id)) for p in prompts
        ]
        return [
            Group(
                prompt.example_id,
                prompt,
                policy.encode(prompt),
                tuple(rollout(completion) for completion in completions),
            )
            for prompt, completions in zip(prompts, policy.sample(draws), strict=True)
        ]

    return roll


def rollout(completion: Completion) -> Rollout:
    reward = earned(completion)
    passed = reward.value > 0
    execution = Execution(
        "ok" if passed else "failed",
        gained=Coverage(frozenset({3} if passed else ())),
        cpu_s=0.25,
    )
    return Rollout(
        completion, Candidate("t.py", completion.text, completion.text), execution, reward
    )


def compared(group: Group) -> tuple[float | None, ...]:
    """The advantages of its rollouts."""
    return judge(group, comparison(config.Config())).advantages


def without_signal(roll: Roll) -> Roll:
    def dead(policy: Samples, examples: Sequence[InstructionExample], step: int) -> list[Group]:
        return [
            replace(group, rollouts=(group.rollouts[0],) * len(group.rollouts))
            for group in roll(policy, examples, step)
        ]

    return dead


def spoil(group: Group, *, places: Sequence[int]) -> Group:
    """The grading of the rollouts at ``places`` failed."""
    broken = Execution("infrastructure")
    return replace(
        group,
        rollouts=tuple(
            replace(one, execution=broken, reward=Reward(0.0, {})) if place in places else one
            for place, one in enumerate(group.rollouts)
        ),
    )


def run(
    model: Path,
    root: Path,
    *,
    steps: int,
    change: Callable[[Roll], Roll] = lambda roll: roll,
    **changes: object,
) -> tuple[HFPolicy, list[StepReport]]:
    """Train from the start, or from where the run in ``root`` stands."""
    chosen = settings(model, steps=steps, **changes)
    policy = HFPolicy(chosen.policy, autocast=False)
    log = (
        RunLog.reopen(root)
        if (root / "manifest.json").exists()
        else RunLog.create(root, config.as_toml(chosen), extra={})
    )
    reports: list[StepReport] = []

    def heard(report: StepReport) -> None:
        assert policy.is_parted == (chosen.train.shard and ranks.count() > 1)
        reports.append(report)

    try:
        train(
            policy=policy,
            examples=EXAMPLES,
            roll=change(make_roll(chosen)),
            config=chosen,
            log=log,
            on_step=heard,
        )
    finally:
        log.close()
    return policy, reports


if __name__ == "__main__":
    ranks.join()
    run(
        Path(sys.argv[1]),
        Path(sys.argv[2]),
        steps=int(sys.argv[3]),
        **json.loads(sys.argv[4]),
    )
    ranks.leave()
