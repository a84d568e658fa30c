"""What training costs on a GPU, stage by stage, against what the machine could do.

    python -m bench.gpu [--sizes 0.5b,7b] [--steps 4] [--json] [--cpu]

Random weights in the shapes of Qwen2.5-Coder 0.5B and 7B in bfloat16, an adapter of rank 32, 8
prompts of 1,024 tokens with 8 completions of 256 each; no tests are run. For each size: seconds of
sampling, of scoring by the starting policy, of learning; tokens a second; the most memory; and each
stage against its floor: the operations over the rate at which this GPU was seen to multiply
matrices, or the bytes of weights and cache over the bandwidth at which it was seen to copy,
whichever is more. ``--cpu`` tries the same code with a tiny shape where there is no GPU.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, Qwen2Config

from covet import config
from covet.policy.base import Draw
from covet.policy.hf import HFPolicy
from covet.records import Prompt, TrainingSample
from covet.train.learner import Learner
from tests.tiny_models import make_tokenizer


@dataclass(frozen=True)
class Shape:
    """Of a model."""

    hidden: int
    layers: int
    heads: int
    kv_heads: int
    inner: int
    vocabulary: int
    tied: bool


SHAPES = {
    "0.5b": Shape(896, 24, 14, 2, 4864, 151_936, tied=True),
    "7b": Shape(3584, 28, 28, 4, 18_944, 152_064, tied=False),
    "tiny": Shape(64, 2, 4, 2, 128, 300, tied=True),
}
"""The first two: the published configurations of Qwen2.5-Coder."""
PROMPTS, GROUP = 8, 8
PROMPT_TOKENS, NEW_TOKENS = 1024, 256
RANK = 32


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="0.5b,7b")
    parser.add_argument("--steps", type=int, default=4)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--cpu", action="store_true")
    arguments = parser.parse_args()
    if not torch.cuda.is_available() and not arguments.cpu:
        print("there is no GPU here; --cpu tries the code with a tiny shape", file=sys.stderr)
        sys.exit(3)
    sizes = ["tiny"] if arguments.cpu else arguments.sizes.split(",")
    machine = probe()
    rows = [row for size in sizes for row in measured(size, machine, steps=arguments.steps)]
    if arguments.json:
        print(json.dumps({"machine": machine, "rows": rows}))
        return
    print(
        f"{machine['device']}: {machine['flops'] / 1e12:.1f} TFLOP/s in bfloat16,"
        f" {machine['bytes_s'] / 1e9:.0f} GB/s"
    )
    print("| size | stage | s | tokens/s | floor s | times the floor | memory GB |")
    print("|---|---|---|---|---|---|---|")
    for row in rows:
        print(
            f"| {row['size']} | {row['stage']} | {row['s']:.3f} | {row['tokens_s']:.0f}"
            f" | {row['floor_s']:.3f} | {row['s'] / row['floor_s']:.1f} | {row['memory_gb']:.1f} |"
        )


def probe() -> dict[str, Any]:
    """How fast this machine multiplies and copies; the best of a few."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    side = 8192 if device == "cuda" else 512
    left = torch.randn(side, side, device=device, dtype=torch.bfloat16)
    block = torch.empty(1 << 30 if device == "cuda" else 1 << 24, device=device, dtype=torch.uint8)
    multiply = fastest(lambda: left @ left)
    copy = fastest(lambda: block.clone())
    name = torch.cuda.get_device_name() if device == "cuda" else "cpu"
    return {
        "device": name,
        "flops": 2 * side**3 / multiply,
        "bytes_s": 2 * block.numel() / copy,
    }


def fastest(run: Callable[[], object]) -> float:
    return min(timed(run) for _ in range(6))


def timed(run: Callable[[], object]) -> float:
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    started = time.perf_counter()
    run()
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return time.perf_counter() - started


def measured(size: str, machine: dict[str, Any], *, steps: int) -> list[dict[str, Any]]:
    shape = SHAPES[size]
    small = size == "tiny"
    prompt_tokens, new_tokens = (32, 16) if small else (PROMPT_TOKENS, NEW_TOKENS)
    with tempfile.TemporaryDirectory() as folder:
        policy = HFPolicy(settings(write(Path(folder, "model"), shape), new_tokens))
    policy._ends = frozenset()  # noqa: SLF001  every completion is as long as may be
    training = config.Train(kl=0.01, lag=0, micro_batch=4)
    learner = Learner.of(policy, training, steps=steps)
    if torch.cuda.is_available():
        torch.cuda.reset_peak_memory_stats()
    taken: dict[str, list[float]] = {"sample": [], "score": [], "learn": []}
    for step in range(steps + 1):  # the first warms up
        for stage, seconds in one_step(policy, learner, step, prompt_tokens).items():
            taken[stage] += [seconds] if step else []
    memory = torch.cuda.max_memory_allocated() / 1e9 if torch.cuda.is_available() else 0.0
    rows = PROMPTS * GROUP
    tokens = {
        "sample": rows * new_tokens,
        "score": rows * (prompt_tokens + new_tokens),
        "learn": rows * (prompt_tokens + new_tokens),
    }
    floors = floor(policy, shape, machine, rows, prompt_tokens, new_tokens)
    return [
        {
            "size": size,
            "stage": stage,
            "s": (seconds := sorted(several)[len(several) // 2]),
            "tokens_s": tokens[stage] / seconds,
            "floor_s": floors[stage],
            "memory_gb": memory,
        }
        for stage, several in taken.items()
    ]


def one_step(policy: HFPolicy, learner: Learner, step: int, prompt_tokens: int) -> dict[str, float]:
    """Seconds of each stage."""
    samples: list[TrainingSample] = []
    return {
        "sample": timed(lambda: samples.extend(sampled(policy, step, prompt_tokens))),
        "score": timed(lambda: learner.logprobs(samples, model=learner.start)),
        "learn": timed(lambda: learner.learn(samples, step=step)),
    }


def floor(
    policy: HFPolicy, shape: Shape, machine: dict[str, Any], rows: int, prompt: int, new: int
) -> dict[str, float]:
    """Seconds that the arithmetic, or the memory traffic, of each stage takes by itself."""
    count = sum(parameter.numel() for parameter in policy.model.parameters())
    flops, bytes_s = machine["flops"], machine["bytes_s"]
    scored = rows * (prompt + new)
    cache = 2 * shape.layers * shape.kv_heads * (shape.hidden // shape.heads) * 2  # bytes a token
    step_bytes = 2 * count + rows * (prompt + new / 2) * cache
    return {
        "sample": max(
            2 * count * (PROMPTS * prompt + rows * new) / flops, new * step_bytes / bytes_s
        ),
        "score": 2 * count * scored / flops,
        "learn": 2 * count * scored * (2 + 1 + 1) / flops,
        # forward here and of the start, and back through frozen weights to the adapter
    }


def settings(model: Path, new_tokens: int) -> config.Policy:
    return config.Policy.model_validate(
        {
            "model": str(model),
            "dtype": "bfloat16",
            "lora_rank": RANK,
            "max_new_tokens": new_tokens,
            "batch": PROMPTS * GROUP,
            "threads": 2,
        }
    )


def write(folder: Path, shape: Shape) -> Path:
    tokenizer = make_tokenizer()
    made = Qwen2Config(
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        intermediate_size=shape.inner,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        num_key_value_heads=shape.kv_heads,
        max_position_embeddings=4096,
        tie_word_embeddings=shape.tied,
    )
    kept = torch.get_default_dtype()
    torch.set_default_dtype(torch.bfloat16)
    try:
        with torch.device("cuda" if torch.cuda.is_available() else "cpu"):
            model = AutoModelForCausalLM.from_config(made)
    finally:
        torch.set_default_dtype(kept)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def sampled(policy: HFPolicy, step: int, prompt_tokens: int) -> list[TrainingSample]:
    prompts = [
        Prompt(f"e{n}", chr(97 + n) * prompt_tokens, template="", answer="append")
        for n in range(PROMPTS)
    ]
    draws = [Draw(prompt, GROUP, (step, prompt.example_id)) for prompt in prompts]
    samples = []
    for prompt, completions in zip(prompts, policy.sample(draws), strict=True):
        start = policy.encode(prompt)
        for place, completion in enumerate(completions):
            (segment,) = completion.segments
            samples.append(
                TrainingSample(
                    (*start, *segment.token_ids),
                    (False,) * len(start) + (True,) * len(segment.token_ids),
                    (0.0,) * len(start) + segment.logprobs,
                    advantage=float(place % 2) - 0.5,
                )
            )
    return samples


if __name__ == "__main__":
    main()
