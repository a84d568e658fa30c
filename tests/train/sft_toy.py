"""Fine-tuning without a codebase: prompts to answer with a line of code each.

Run as a script, ``sft_toy.py MODEL RUN`` fine-tunes on them.
"""

import sys
from pathlib import Path

from covet import config
from covet.policy.hf import HFPolicy
from covet.records import Demonstration, Prompt
from covet.runlog import RunLog
from covet.train import sft
from covet.train.sft import SftEpoch, SftStep

WORDS = ("add", "sub", "mul", "div", "mod", "max", "min")


def demonstration(name: str, text: str) -> Demonstration:
    return Demonstration(Prompt(name, f"write {name}\n", "", "append"), "train", text)


TRAIN = [demonstration(word, f"assert {word}(1, 2) == 3\n") for word in WORDS]
HELDOUT = [demonstration(word, f"assert {word}(1, 2) == 3\n") for word in ("pow", "gcd")]


def settings(model: Path, **changes: object) -> config.Config:
    policy = {"model": str(model), "max_new_tokens": 40}
    warmup = {
        "epochs": 3,
        "examples": 2,
        "micro_batch": 1,
        "learning_rate": 1e-2,
        "checkpoint_every": 3,
    }
    return config.parse({"policy": policy, "warmup": warmup | changes}, origin="the toy")


def run(
    model: Path, root: Path, *, train: list[Demonstration] = TRAIN, **changes: object
) -> tuple[HFPolicy, list[SftStep | SftEpoch]]:
    """Fine-tune from the start, or from where the run in ``root`` stands."""
    chosen = settings(model, **changes)
    policy = HFPolicy(chosen.policy, autocast=False)
    log = (
        RunLog.reopen(root)
        if (root / "manifest.json").exists()
        else RunLog.create(root, config.as_toml(chosen), extra={})
    )
    rows: list[SftStep | SftEpoch] = []
    try:
        sft.train(
            policy=policy,
            samples=sft.encode(policy, train).samples,
            heldout=sft.encode(policy, HELDOUT).samples,
            settings=chosen.warmup,
            log=log,
            on_row=rows.append,
        )
    finally:
        log.close()
    return policy, rows


if __name__ == "__main__":
    run(Path(sys.argv[1]), Path(sys.argv[2]))
