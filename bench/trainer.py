"""What a step of training costs, against TRL's GRPOTrainer.

    python -m bench.trainer [--json] [--sizes 0.5M,3.7M,27M] [--steps 8]

Both sides train the same random Qwen2 model by GRPO on one thread: the same prompts, tokens, group
size, reward (the share of letters), divergence from a reference, entropy bonus, clip bounds and
clipped gradient norm. The models have no end-of-sequence token, so that both write the same number
of tokens. The steps alternate, one of Covet's after each of TRL's; the first of each warms up. A
step is all of it: sampling, reward, advantages, reference, loss, backward, optimizer; the figure is
the ratio of the medians of its processor time. Needs ``pip install trl==1.16.0``. Ends with 1 where
a bar is missed.
"""

import argparse
import contextlib
import json
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
import transformers
from transformers import AutoModelForCausalLM, AutoTokenizer, TrainerCallback

from bench.models import SIZES, prompts, write_model
from covet import config
from covet.algo.samples import training_samples
from covet.policy.base import Draw
from covet.policy.hf import HFPolicy
from covet.records import Candidate, Completion, Execution, Group, Prompt, Reward, Rollout
from covet.train.grpo import comparison, judge
from covet.train.learner import Learner

BARS = {"0.5M": 0.50, "3.7M": 0.60, "27M": 0.70}
"""The most of TRL's processor time that a step of ours may take."""
GROUP = 8
PROMPT_TOKENS = 96


@dataclass(frozen=True, slots=True)
class Load:
    """What is done in one step."""

    prompts: int
    new_tokens: int


LOADS = {"0.5M": Load(4, 128), "3.7M": Load(4, 128), "27M": Load(2, 96)}


@dataclass(slots=True)
class Row:
    """One size of model: processor seconds of each step."""

    size: str
    parameters: int = 0
    sample_s: list[float] = field(default_factory=list)
    learn_s: list[float] = field(default_factory=list)
    ours_s: list[float] = field(default_factory=list)
    theirs_s: list[float] = field(default_factory=list)
    our_tokens: int = 0
    their_tokens: int = 0

    @property
    def ratio(self) -> float:
        return statistics.median(self.ours_s) / statistics.median(self.theirs_s)

    @property
    def met(self) -> bool:
        return self.ratio <= BARS[self.size]


def measure(name: str, folder: Path, *, steps: int, micro_batch: int) -> Row:
    write_model(folder, SIZES[name])
    row = Row(name)
    load = LOADS[name]
    settings = config.parse(
        {
            "policy": {"model": str(folder), "max_new_tokens": load.new_tokens, "threads": 1},
            "train": {
                "steps": steps,
                "examples": load.prompts,
                "group": GROUP,
                "kl": 0.02,
                "entropy": 0.001,
                "max_grad_norm": 0.05,
                "learning_rate": 1e-4,
                "micro_batch": micro_batch,
            },
        },
        origin="the bench",
    )
    ours = _ours(settings, row)
    _theirs(settings, row, folder=folder, after_step=ours)
    if row.our_tokens != row.their_tokens:
        raise AssertionError(f"{row.our_tokens} tokens against {row.their_tokens}")
    for times in (row.ours_s, row.theirs_s, row.sample_s, row.learn_s):
        del times[0]
    return row


def letters(text: str) -> float:
    return sum(character.isalpha() for character in text) / max(1, len(text))


def _texts(settings: config.Config) -> list[str]:
    return prompts([PROMPT_TOKENS] * settings.train.examples)


# --------------------------------------------------------------------------------- ours


def _ours(settings: config.Config, row: Row) -> Callable[[int], None]:
    """One step of training."""
    policy = HFPolicy(settings.policy, autocast=False)
    learner = Learner.of(policy, settings.train, steps=settings.train.steps)
    compare = comparison(settings)
    row.parameters = sum(one.numel() for one in policy.model.parameters())
    asked = [Prompt(str(i), text, "", "append") for i, text in enumerate(_texts(settings))]

    def step(number: int) -> None:
        started = time.process_time()
        draws = [Draw(prompt, GROUP, (number, prompt.example_id)) for prompt in asked]
        groups = [
            Group(prompt.example_id, prompt, policy.encode(prompt), tuple(map(_rollout, answers)))
            for prompt, answers in zip(asked, policy.sample(draws), strict=True)
        ]
        sampled = time.process_time()
        judged = [judge(group, compare) for group in groups]
        samples = [
            sample
            for one in judged
            for sample in training_samples(one.group, [a or 0.0 for a in one.advantages])
        ]
        update = learner.learn(samples, step=number)
        ended = time.process_time()
        row.ours_s.append(ended - started)
        row.sample_s.append(sampled - started)
        row.learn_s.append(ended - sampled)
        row.our_tokens += update.tokens

    return step


def _rollout(completion: Completion) -> Rollout:
    reward = Reward(letters(completion.text), {})
    return Rollout(completion, Candidate("", completion.text, completion.text), OK, reward)


OK = Execution("ok")

# ------------------------------------------------------------------------------- theirs


class _Turns(TrainerCallback):
    """Times each of the trainer's steps, and lets the other side take one after it."""

    def __init__(self, row: Row, after_step: Callable[[int], None]) -> None:
        self._row = row
        self._after_step = after_step
        self._started = 0.0

    def on_step_begin(self, *_: Any, **__: Any) -> None:
        self._started = time.process_time()

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        del args, control
        self._row.theirs_s.append(time.process_time() - self._started)
        self._after_step(state.global_step)
        ours, theirs = self._row.ours_s[-1], self._row.theirs_s[-1]
        print(f"{self._row.size}: {ours:.3f} s against {theirs:.3f} s", file=sys.stderr)


def _theirs(
    settings: config.Config, row: Row, *, folder: Path, after_step: Callable[[int], None]
) -> None:
    from datasets import Dataset
    from trl import GRPOConfig, GRPOTrainer

    def reward(completions: Sequence[str], completion_ids: Sequence[Any], **_: Any) -> list[float]:
        row.their_tokens += sum(map(len, completion_ids))
        return [letters(text) for text in completions]

    chosen = settings.train
    batch = chosen.examples * GROUP
    size = min(chosen.micro_batch, batch)
    arguments = GRPOConfig(
        output_dir=str(folder.with_name("trl")),
        use_cpu=True,
        bf16=False,
        gradient_checkpointing=False,
        per_device_train_batch_size=size,
        gradient_accumulation_steps=batch // size,
        num_generations=GROUP,
        max_completion_length=settings.policy.max_new_tokens,
        max_steps=chosen.steps,
        learning_rate=chosen.learning_rate,
        lr_scheduler_type="constant_with_warmup",
        warmup_steps=chosen.warmup_steps,
        adam_beta2=0.95,
        max_grad_norm=chosen.max_grad_norm,
        beta=chosen.kl,
        entropy_coef=chosen.entropy,
        epsilon=chosen.clip_low,
        epsilon_high=chosen.clip_high,
        loss_type="dapo",
        report_to=[],
        save_strategy="no",
        logging_strategy="no",
        disable_tqdm=True,
        dataloader_pin_memory=False,
    )
    trainer = GRPOTrainer(
        model=AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32),
        reward_funcs=reward,
        args=arguments,
        train_dataset=Dataset.from_dict({"prompt": _texts(settings)}),
        processing_class=AutoTokenizer.from_pretrained(folder),
        callbacks=[_Turns(row, after_step)],
    )
    with contextlib.redirect_stdout(sys.stderr):  # it prints its log
        trainer.train()


# ------------------------------------------------------------------------------- report


def table(rows: Sequence[Row]) -> str:
    """As Markdown; medians."""
    lines = [
        "| parameters | sampling | learning | Covet's step | TRL's step | ratio | bar |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        columns = [row.sample_s, row.learn_s, row.ours_s, row.theirs_s]
        times = " | ".join(f"{statistics.median(column):.3f} s" for column in columns)
        mark = "" if row.met else " MISSED"
        lines.append(
            f"| {row.parameters / 1e6:.1f}M | {times} | {row.ratio:.2f}{mark} "
            f"| {BARS[row.size]:.2f} |"
        )
    return "\n".join(lines)


def report(rows: Sequence[Row]) -> dict[str, Any]:
    import trl

    return {
        "rows": [
            {
                "size": row.size,
                "parameters": row.parameters,
                "tokens": row.our_tokens,
                "sample_cpu_s": row.sample_s,
                "learn_cpu_s": row.learn_s,
                "ours_cpu_s": row.ours_s,
                "theirs_cpu_s": row.theirs_s,
                "ratio": row.ratio,
                "bar": BARS[row.size],
                "met": row.met,
            }
            for row in rows
        ],
        "trl": trl.__version__,
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "python": platform.python_version(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.trainer",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--sizes", default=",".join(SIZES), help="of the models")
    parser.add_argument("--steps", type=int, default=8)
    parser.add_argument("--micro-batch", type=int, default=32, help="sequences in a forward pass")
    arguments = parser.parse_args()
    steps, micro_batch = arguments.steps, arguments.micro_batch
    with tempfile.TemporaryDirectory() as scratch:
        rows = [
            measure(name, Path(scratch) / name, steps=steps + 1, micro_batch=micro_batch)
            for name in arguments.sizes.split(",")
        ]
    print(json.dumps(report(rows)) if arguments.json else table(rows))
    sys.exit(any(not row.met for row in rows))


if __name__ == "__main__":
    main()
