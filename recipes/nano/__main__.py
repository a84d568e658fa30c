"""Builds the demonstration policy and the bundled codebase, from the repository root.

`python -m recipes.nano` makes every part in order, or those of `--only`. Parts leave their results
in `--work`, and the later ones read them there; a killed `pretrain` goes on from its checkpoint.
What ships is written into `src/covet/nano`.
"""

import argparse
import hashlib
import json
import platform
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recipes.nano.card import write_card
from recipes.nano.check import count_overlap, files_that_differ
from recipes.nano.codebase import write_codebase
from recipes.nano.data import bundled_forms, make_pairs, read_pairs, write_pairs
from recipes.nano.families import TRAINING

if TYPE_CHECKING:
    from recipes.nano.pretrain import Progress  # imports torch, which --check does without

CODEBASE_SEED = 2024
DATA_SEED = 1
EVALUATION_SEED = 7
STEPS = 1600
BATCH = 16
TOKENIZER_TEXTS = 6000

NANO = Path(__file__).resolve().parents[2] / "src" / "covet" / "nano"
CODEBASE, MODEL = NANO / "codebase", NANO / "model"

COVET: dict[str, Any] = {
    "template": "nano",
    "prompt_tokens": 256,
    "max_new_tokens": 64,
    "stop": [],
    "about": "demonstration policy: writes tests for functions like those of the bundled codebase, "
    "nothing useful for real code",
}


def say(text: str) -> None:
    print(text, flush=True)


def note(work: Path, **figures: object) -> None:
    """Add figures to the record of the build, which ends up beside the model."""
    path = work / "build.json"
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    text = json.dumps({**known, **figures}, indent=2) + "\n"
    work.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def codebase(work: Path) -> None:
    write_codebase(CODEBASE, CODEBASE_SEED)
    note(work, codebase_seed=CODEBASE_SEED)
    say(f"codebase: written to {CODEBASE}")


def data(work: Path) -> None:
    stream = make_pairs(DATA_SEED, STEPS * BATCH, excluded=bundled_forms(CODEBASE_SEED))
    write_pairs(work / "pairs.jsonl", stream.pairs)
    counts = asdict(count_overlap(CODEBASE, stream.pairs))
    note(work, data_seed=DATA_SEED, dropped_as_bundled=stream.dropped, overlap=counts)
    say(f"data: {len(stream.pairs)} pairs, {stream.dropped} dropped as bundled; {counts}")
    if counts["shared_forms"]:
        raise SystemExit("data: a function of the bundled codebase is in the pre-training stream")


def tokenizer(work: Path) -> None:
    from recipes.nano.pretrain import POSITIONS
    from recipes.nano.tokenizer import save_tokenizer, train_tokenizer

    first = islice(read_pairs(work / "pairs.jsonl"), TOKENIZER_TEXTS)
    trained = train_tokenizer(pair.prompt + pair.completion for pair in first)
    save_tokenizer(trained, MODEL, positions=POSITIONS)
    say(f"tokenizer: {trained.get_vocab_size()} tokens, written to {MODEL}")


def pretrain(work: Path) -> None:
    import torch
    import transformers
    from tokenizers import Tokenizer
    from transformers.utils import logging as transformers_log

    from recipes.nano.pretrain import Recipe, save_model
    from recipes.nano.pretrain import pretrain as run
    from recipes.nano.tokenizer import EOS_ID

    encoder = Tokenizer.from_file(str(MODEL / "tokenizer.json"))
    pairs = [
        (encoder.encode(pair.prompt).ids, [*encoder.encode(pair.completion).ids, EOS_ID])
        for pair in read_pairs(work / "pairs.jsonl")
    ]
    recipe = Recipe(steps=STEPS, batch=BATCH)
    transformers_log.disable_progress_bar()
    model = run(pairs, recipe, folder=work, report=show)
    save_model(model, MODEL, new_tokens=COVET["max_new_tokens"])
    (MODEL / "covet.json").write_text(json.dumps(COVET, indent=2) + "\n", encoding="utf-8")
    lines = (work / "loss.jsonl").read_text(encoding="utf-8").splitlines()
    note(
        work,
        recipe=asdict(recipe),
        parameters=sum(weight.numel() for weight in model.parameters()),
        families=len(TRAINING),
        vocabulary=encoder.get_vocab_size(),
        loss=[json.loads(line) for line in lines],
        versions={
            "python": platform.python_version(),
            "torch": torch.__version__,
            "transformers": transformers.__version__,
        },
        weights_sha256=hashlib.sha256((MODEL / "model.safetensors").read_bytes()).hexdigest(),
    )


def show(progress: "Progress") -> None:
    say(
        f"pretrain: step {progress.step:5d}  loss {progress.loss:.3f}  "
        f"{progress.tokens:>8,} tokens  {progress.cpu_s:.0f} CPU-s"
    )


def evaluate(work: Path) -> None:
    from transformers.utils import logging as transformers_log

    from recipes.nano.evaluate import evaluate as score
    from recipes.nano.evaluate import tasks

    transformers_log.disable_progress_bar()
    for name, held_out in (("seen_families", False), ("held_out_families", True)):
        began = time.process_time()
        chosen = tasks(CODEBASE_SEED, held_out=held_out, count=300)
        scores = asdict(score(MODEL, chosen, samples=8, seed=EVALUATION_SEED))
        note(work, **{f"scores_{name}": scores})
        say(f"evaluate: {name} {scores} ({time.process_time() - began:.0f} CPU-s)")


def card(work: Path) -> None:
    shutil.copyfile(work / "build.json", MODEL / "build.json")
    write_card(MODEL)
    say(f"card: {MODEL / 'README.md'}")


PARTS: dict[str, Callable[[Path], None]] = {
    "codebase": codebase,
    "data": data,
    "tokenizer": tokenizer,
    "pretrain": pretrain,
    "evaluate": evaluate,
    "card": card,
}
"""In the order in which each needs the ones before it."""


def check() -> bool:
    """The full check: True if the codebase is its seed's and pre-training saw none of it."""
    stream = make_pairs(DATA_SEED, STEPS * BATCH, excluded=bundled_forms(CODEBASE_SEED))
    counts = count_overlap(CODEBASE, stream.pairs)
    differing = files_that_differ(CODEBASE, CODEBASE_SEED)
    say(json.dumps({**asdict(counts), "files_that_differ": differing}))
    return not counts.shared_forms and not differing


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m recipes.nano", description=__doc__)
    parser.add_argument(
        "--only",
        nargs="+",
        choices=PARTS,
        default=list(PARTS),
        metavar="PART",
        help=", ".join(PARTS),
    )
    parser.add_argument("--check", action="store_true", help="check what is there, build nothing")
    parser.add_argument("--work", type=Path, default=Path("build/nano"), help="default: build/nano")
    arguments = parser.parse_args()
    if arguments.check:
        return 0 if check() else 1
    for name, part in PARTS.items():
        if name in arguments.only:
            part(arguments.work)
    return 0


if __name__ == "__main__":
    sys.exit(main())
