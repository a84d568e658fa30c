"""What sampling costs, against ``generate`` of transformers.

    python -m bench.decoder [--json] [--sizes 0.5M,3.7M,27M] [--rounds 5] [--their-batch 64]

Eight prompts of 68 to 96 tokens get eight completions each, from random Qwen2 models on one thread.
A completion ends at each token with a chance of 1 in 51, and after 256 tokens: so a few are much
longer than the rest. Covet's side is ``HFPolicy.sample``, with texts and log-probabilities; the
other is ``generate`` alone, which gives tokens only. Their turns alternate. The figure is the ratio
of tokens per second of processor time, each side's over all rounds. Ends with 1 where a bar is
missed.
"""

import argparse
import json
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
import transformers

from bench.models import PAD, SIZES, prompts, write_model
from covet import config
from covet.policy.base import Draw
from covet.policy.hf import HFPolicy
from covet.records import Prompt

BAR = 2.8
PROMPT_TOKENS = tuple(range(68, 100, 4))
SAMPLES = 8
NEW_TOKENS = 256
END_CHANCE = 1 / 51


@dataclass(frozen=True, slots=True)
class Rate:
    """Tokens and the processor seconds that they took."""

    tokens: int
    cpu_s: float

    @property
    def per_s(self) -> float:
        return self.tokens / self.cpu_s


@dataclass(frozen=True, slots=True)
class Row:
    """One size of model."""

    size: str
    parameters: int
    ours: tuple[Rate, ...]
    theirs: tuple[Rate, ...]

    @property
    def ratio(self) -> float:
        return _pooled(self.ours).per_s / _pooled(self.theirs).per_s

    @property
    def range(self) -> tuple[float, float]:
        """The least and the greatest ratio of a round."""
        ratios = [a.per_s / b.per_s for a, b in zip(self.ours, self.theirs, strict=True)]
        return min(ratios), max(ratios)


def _pooled(rates: Sequence[Rate]) -> Rate:
    return Rate(sum(rate.tokens for rate in rates), sum(rate.cpu_s for rate in rates))


def measure(name: str, folder: Path, *, rounds: int, their_batch: int) -> Row:
    size = SIZES[name]
    ends = tuple(range(300, 300 + round(size.vocabulary * END_CHANCE)))
    write_model(folder, size, ends=ends)
    policy = HFPolicy(
        config.Policy(model=str(folder), max_new_tokens=NEW_TOKENS, threads=1), autocast=False
    )
    texts = prompts(PROMPT_TOKENS)
    ours, theirs = [], []
    for turn in range(rounds + 1):
        ours.append(_timed(lambda turn=turn: _sampled(policy, texts, turn)))
        theirs.append(_timed(lambda turn=turn: _generated(policy, texts, turn, their_batch)))
        print(f"{name}: {ours[-1].per_s:.0f} against {theirs[-1].per_s:.0f}", file=sys.stderr)
    parameters = sum(one.numel() for one in policy.model.parameters())
    return Row(name, parameters, tuple(ours[1:]), tuple(theirs[1:]))  # the first warms up


def _timed(side: Callable[[], int]) -> Rate:
    started = time.process_time()
    return Rate(side(), time.process_time() - started)


def _sampled(policy: HFPolicy, texts: Sequence[str], turn: int) -> int:
    draws = [
        Draw(Prompt(str(number), text, template="", answer="append"), SAMPLES, (turn, number))
        for number, text in enumerate(texts)
    ]
    answers = policy.sample(draws)
    return sum(len(one.segments[0].token_ids) for answer in answers for one in answer)


def _generated(policy: HFPolicy, texts: Sequence[str], turn: int, batch: int) -> int:
    torch.manual_seed(turn)
    repeated = [text for text in texts for _ in range(SAMPLES)]
    ends = torch.tensor(policy.model.generation_config.eos_token_id)
    tokens = 0
    for start in range(0, len(repeated), batch):
        given = policy.tokenizer(repeated[start : start + batch], padding=True, return_tensors="pt")
        with torch.inference_mode():
            whole = policy.model.generate(
                input_ids=given["input_ids"],
                attention_mask=given["attention_mask"],
                do_sample=True,
                max_new_tokens=NEW_TOKENS,
                top_k=0,
                pad_token_id=PAD,
            )
        new = whole[:, given["input_ids"].shape[1] :]
        ended = torch.isin(new, ends)
        lengths = torch.where(ended.any(1), ended.int().argmax(1) + 1, new.shape[1])
        tokens += int(lengths.sum())
    return tokens


def table(rows: Sequence[Row]) -> str:
    """As Markdown."""
    lines = [
        "| parameters | Covet, tokens/CPU-s | `generate`, tokens/CPU-s | ratio | of the rounds |",
        "|---|---|---|---|---|",
    ]
    for row in rows:
        low, high = row.range
        mark = "" if row.ratio >= BAR else " MISSED"
        lines.append(
            f"| {row.parameters / 1e6:.1f}M | {_pooled(row.ours).per_s:.0f} "
            f"| {_pooled(row.theirs).per_s:.0f} | {row.ratio:.2f}{mark} | {low:.2f} to {high:.2f} |"
        )
    return "\n".join(lines)


def report(rows: Sequence[Row], *, their_batch: int) -> dict[str, object]:
    return {
        "rows": [
            {
                **asdict(row),
                "ratio": row.ratio,
                "ratio_of_rounds": row.range,
                "median": statistics.median(
                    a.per_s / b.per_s for a, b in zip(row.ours, row.theirs, strict=True)
                ),
                "bar": BAR,
                "met": row.ratio >= BAR,
            }
            for row in rows
        ],
        "their_batch": their_batch,
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "python": platform.python_version(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.decoder",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--sizes", default=",".join(SIZES), help="of the models")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--their-batch", type=int, default=64, help="completions at a time")
    arguments = parser.parse_args()
    rounds, their_batch = arguments.rounds, arguments.their_batch
    with tempfile.TemporaryDirectory() as scratch:
        rows = [
            measure(name, Path(scratch) / name, rounds=rounds, their_batch=their_batch)
            for name in arguments.sizes.split(",")
        ]
    if arguments.json:
        print(json.dumps(report(rows, their_batch=their_batch)))
    else:
        print(table(rows))
    sys.exit(any(row.ratio < BAR for row in rows))


if __name__ == "__main__":
    main()
