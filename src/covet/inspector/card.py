"""A model that leaves its run, and that run's directory → the model's card, a ``README.md``.

The card says what the model is, how and on what it was trained, what came of it on held-out tasks,
and where that ends. It names files of the codebase and holds no line of them, nor of prompts,
tests or traces; neither endpoints nor paths of the machine; and secrets are taken out.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from covet import config
from covet.errors import DataError
from covet.evaluate.metrics import COUNTS, MEASURES
from covet.inspector.curves import read_steps
from covet.inspector.files import whole_file
from covet.inspector.page import visible
from covet.inspector.pages.scorecard import ABOUT
from covet.runlog import decode, read_jsonl
from covet.secrets import detector

FILES_SHOWN = 200
"""Names of files that training saw."""
_LEFT_OUT = frozenset(
    {
        "api_key_env", "batch", "checkpoint_every", "concurrency", "endpoint", "extra",
        "micro_batch", "price_in", "price_out", "retries", "server", "stall_s", "threads",
        "timeout_s", "vllm", "vllm_gpus", "vllm_options",
    }
)  # fmt: skip
"""Settings that say where and how fast, not what was learned."""
_TABLES = ("prompt", "policy", "warmup", "execute", "reward", "train")
_NANO = """\
- It was made from the embedded demonstration model, which writes tests for small functions like
  those of the bundled codebase and nothing useful for real code.
"""
_LIMITS = """\
- What it writes is code that nobody has read: run it in a sandbox, and read it before it is merged.
- It was tuned for one codebase as it stood then. Nothing was measured on any other, and what it
  learned of this one grows old as the code changes.
- A test that it writes says what the code does, not what it ought to do: a bug that is there is
  tested for as if it were meant.
- It may have learned words of the codebase by heart. Who may not read the codebase should not have
  the model either.
- The base model's own limits, and the terms of its licence, hold for it too.
"""


@dataclass(frozen=True, slots=True)
class Exported:
    """What a card is about."""

    name: str
    kind: str
    """``adapter``, ``merged`` (an adapter with its base) or ``whole``."""
    base: str
    """What it was made from: a name on Hugging Face, or a folder's; never a path."""
    dtype: str
    adapter: Mapping[str, object] = field(default_factory=dict)
    """Its rank and the like."""
    rounding: float = 0.0
    """Of a merged one: what rounding moved, as a share of what was learned."""
    unfinished: str = ""
    """Of a run that has not ended: how far it came."""


def model_card(model: Exported, run: Path | None) -> str:
    """The card; without a ``run`` it says that nothing is known of the training."""
    parts = [_head(model), _what(model), _use(model)]
    if run is None:
        parts.append("## Training\n\nNot told: it was exported from a folder, not from a run.\n")
    else:
        settings = config.load(run / "covet.toml")
        parts += [_training(model, run, settings), _seen(run), _measured(run)]
    parts.append(_limits(model))
    return detector().redact("\n".join(parts))


def _head(model: Exported) -> str:
    tags = ["covet", "unit-tests", *(["lora"] if model.kind == "adapter" else [])]
    library = "peft" if model.kind == "adapter" else "transformers"
    return (
        f"---\nbase_model: {json.dumps(model.base)}\nlibrary_name: {library}\n"
        f"pipeline_tag: text-generation\ntags: {json.dumps(tags)}\n---\n\n# {_plain(model.name)}\n"
    )


def _what(model: Exported) -> str:
    words = {
        "adapter": f"An adapter (LoRA) of {_code(model.base)}, which it is loaded with.",
        "merged": f"{_code(model.base)} with the change of an adapter (LoRA) in its weights.",
        "whole": f"A whole model, tuned from {_code(model.base)}.",
    }
    lines = [words[model.kind], "", f"Weights: {model.dtype}, safetensors."]
    if model.adapter:
        lines.append(
            "Adapter: " + ", ".join(f"{key} {_code(value)}" for key, value in model.adapter.items())
        )
    if model.rounding:
        lines.append(
            f"Rounding to {model.dtype} moved the merged weights by {model.rounding:.1%} of what"
            " the adapter changes them: it answers nearly, not exactly, as the adapter does."
        )
    if model.unfinished:
        lines.append(f"**Not the end of its training:** {_plain(model.unfinished)}.")
    return "\n".join(lines) + "\n"


def _use(model: Exported) -> str:
    loader = "peft", "AutoPeftModelForCausalLM"
    if model.kind != "adapter":
        loader = "transformers", "AutoModelForCausalLM"
    return (
        "## Use\n\n"
        f"```python\nfrom {loader[0]} import {loader[1]}\nfrom transformers import AutoTokenizer\n"
        f'\nmodel = {loader[1]}.from_pretrained("PATH")\n'
        'tokenizer = AutoTokenizer.from_pretrained("PATH")\n```\n\n'
        "With Covet: `--set policy.model=PATH`. `covet.json`, where there is one, names the prompt"
        " template that it was trained with; with another it writes worse.\n"
    )


# -------------------------------------------------------------------------------- training


def _training(model: Exported, run: Path, settings: config.Config) -> str:
    manifest = _manifest(run)
    lines = ["## Training", ""]
    steps = len(read_steps(run))
    taken = f", {steps} steps" if steps else ""
    lines.append(
        "It writes unit tests for Python code, and learned from one codebase by "
        f"`covet {manifest.get('verb', 'train')}` (Covet {manifest.get('covet')}){taken}."
    )
    started = _named(settings.policy.model)
    if started != model.base:
        lines.append(f"It started from {_code(started)}.")
    lines += ["", "Seeds: " + ", ".join(f"{key} {value}" for key, value in _seeds(settings)), ""]
    lines.append("Settings that differ from the defaults:")
    lines.append("")
    changed = [f"- `{key}` = {_code(value)}" for key, value in _changed(settings)]
    return "\n".join([*lines, *(changed or ["- none"])]) + "\n"


def _seeds(settings: config.Config) -> Iterator[tuple[str, int]]:
    for table, section in settings:
        if hasattr(section, "seed"):
            yield table, section.seed


def _changed(settings: config.Config) -> Iterator[tuple[str, object]]:
    usual = config.Config()
    for table in _TABLES:
        section, default = getattr(settings, table), getattr(usual, table)
        for key, value in section:
            if key not in _LEFT_OUT | {"seed"} and value != getattr(default, key):
                yield f"{table}.{key}", _named(value) if isinstance(value, str) else value


def _named(value: str) -> str:
    """The last part of what is, or may be, a path of this machine."""
    path = Path(value)
    is_path = path.is_absolute() or value.startswith((".", "~")) or path.exists()
    return path.name if is_path else value


# ------------------------------------------------------------------------------------ data


def _seen(run: Path) -> str:
    ids = _examples(run)
    files = Counter(name.partition("::")[0] for name in ids)
    lines = ["## Trained on", ""]
    codebase = _codebase(run)
    of = f" of {_code(codebase)}" if codebase else ""
    lines.append(f"{len(ids)} tasks in {len(files)} files{of}:")
    lines.append("")
    shown = sorted(files)[:FILES_SHOWN]
    lines += [f"- {_code(path)}: {files[path]}" for path in shown]
    if len(files) > len(shown):
        lines.append(f"- and {len(files) - len(shown)} files more")
    return "\n".join(lines) + "\n"


def _examples(run: Path) -> set[str]:
    """Ids of the tasks that were learned from: by their rollouts, or as demonstrations."""
    rollouts, demonstrations = run / "rollouts.jsonl", run / "demonstrations.jsonl"
    if rollouts.exists():
        return {str(row["example_id"]) for row in read_jsonl(rollouts, dict[str, Any])}
    if demonstrations.exists():
        rows = read_jsonl(demonstrations, dict[str, Any])
        return {row["prompt"]["example_id"] for row in rows if row.get("split") == "train"}
    return set()


def _codebase(run: Path) -> str:
    """The name of the codebase; empty where its tasks are not to be found."""
    tasks = Path(str(_manifest(run).get("tasks") or run / "tasks"))
    try:
        told = decode(whole_file(tasks / "manifest.json"), dict[str, Any])
    except (OSError, DataError):
        return ""
    return Path(str(told.get("codebase", ""))).name


def _manifest(run: Path) -> dict[str, Any]:
    return decode(whole_file(run / "manifest.json"), dict[str, Any])


# -------------------------------------------------------------------------------- measures


def _measured(run: Path) -> str:
    path = run / "scorecard.json"
    if not path.exists():
        return "## Measured\n\nNothing: the run has no scorecard. `covet eval` makes one.\n"
    card = decode(whole_file(path), dict[str, Any])
    lines = ["## Measured", "", "On tasks that training never saw.", ""]
    for title, side in (("Held-out files", card), ("Reserved files", card.get("reserved") or {})):
        if side.get("tasks"):
            lines += [f"### {title}: {side['tasks']} tasks", "", *_table(side), ""]
    lines.append(
        "Percent; lines for new lines covered. Ranges are 95 % bootstraps over tasks: they hold"
        " neither the seed of training nor the choice of codebase."
    )
    return "\n".join(lines) + "\n"


def _table(side: Mapping[str, Any]) -> Iterator[str]:
    columns = [name for name in ("before", "after", "change") if side.get(name)]
    yield "| measure | " + " | ".join(columns) + " | n |"
    yield "|---|" + "---:|" * (len(columns) + 1)
    for name in MEASURES:
        found = [side[column].get(name) for column in columns]
        if all(found) and found[-1]["n"]:
            cells = [
                _estimate(one, name, column) for one, column in zip(found, columns, strict=True)
            ]
            title, about = ABOUT[name]
            yield f"| {title}: {about} | " + " | ".join(cells) + f" | {found[-1]['n']} |"


def _estimate(found: Mapping[str, float], name: str, column: str) -> str:
    digits, factor = (2, 1) if name in COUNTS else (1, 100)
    value, low, high = (
        round(factor * found[key], digits) + 0.0 for key in ("value", "low", "high")
    )
    if column != "change":
        return f"{value:.{digits}f}"
    return f"{value:+.{digits}f} [{low:+.{digits}f}, {high:+.{digits}f}]"


# ----------------------------------------------------------------------------------- words


def _limits(model: Exported) -> str:
    return f"## Limits\n\n{_NANO if model.base == 'nano' else ''}{_LIMITS}"


def _plain(text: str) -> str:
    return visible(" ".join(text.split()))


def _code(value: object) -> str:
    """A value that nothing in can end the code span or the line that it stands in."""
    text = visible(" ".join(str(value).split())).replace("`", "ˋ").replace("|", "¦")
    return f"`{text}`"
