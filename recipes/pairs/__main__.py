"""Makes the tasks and the model of the small adversarial experiment, from the repository root.

``python -m recipes.pairs`` writes ``build/pairs``: ``train.jsonl`` and ``heldout.jsonl`` (a record
``InstructionExample`` a line) and ``model`` (a folder that any policy loads). A killed pre-training
goes on from its checkpoint there.
"""

import argparse
import json
from dataclasses import asdict
from itertools import islice
from pathlib import Path

from covet.runlog import encode
from recipes.nano.pretrain import POSITIONS, Progress, Recipe, pretrain, save_model
from recipes.nano.tokenizer import EOS_ID, save_tokenizer, train_tokenizer
from recipes.pairs.data import make_tasks, make_texts

TRAIN_SEED, HELDOUT_SEED, TEXT_SEED = 11, 12, 13
TRAIN_TASKS, HELDOUT_TASKS = 1200, 300
TOKENIZER_TEXTS = 4000
NEW_TOKENS = 56
CARD: dict[str, object] = {
    "template": "lines",
    "prompt_tokens": 96,
    "max_new_tokens": NEW_TOKENS,
    "stop": [],
    "about": "both roles of the small adversarial experiment start from this; useless for else",
}


def show(progress: Progress) -> None:
    print(
        f"pretrain: step {progress.step:5d}  loss {progress.loss:.3f}  "
        f"{progress.tokens:>8,} tokens  {progress.cpu_s:.0f} CPU-s",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m recipes.pairs", description=__doc__)
    parser.add_argument("--work", type=Path, default=Path("build/pairs"))
    parser.add_argument("--steps", type=int, default=1600)
    parser.add_argument("--batch", type=int, default=32)
    arguments = parser.parse_args()
    work: Path = arguments.work
    work.mkdir(parents=True, exist_ok=True)

    taken: set[str] = set()
    heldout = make_tasks(HELDOUT_SEED, HELDOUT_TASKS, split="heldout", taken=taken)
    train = make_tasks(TRAIN_SEED, TRAIN_TASKS, split="train", taken=taken)
    for name, tasks in (("train", train), ("heldout", heldout)):
        lines = b"".join(encode(task) + b"\n" for task in tasks)
        (work / f"{name}.jsonl").write_bytes(lines)

    recipe = Recipe(steps=arguments.steps, batch=arguments.batch)
    texts = list(make_texts(TEXT_SEED, recipe.steps * recipe.batch, taken=taken))
    first = islice(texts, TOKENIZER_TEXTS)
    tokenizer = train_tokenizer(text.prompt + text.completion for text in first)
    folder = work / "model"
    save_tokenizer(tokenizer, folder, positions=POSITIONS)
    pairs = [
        (tokenizer.encode(text.prompt).ids, [*tokenizer.encode(text.completion).ids, EOS_ID])
        for text in texts
    ]
    model = pretrain(pairs, recipe, folder=work / "pretraining", report=show)
    save_model(model, folder, new_tokens=NEW_TOKENS)
    card = json.dumps(CARD, indent=2) + "\n"
    (folder / "covet.json").write_text(card, encoding="utf-8")
    build = json.dumps({"recipe": asdict(recipe), "tasks": [len(train), len(heldout)]}, indent=2)
    (folder / "build.json").write_text(build + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
