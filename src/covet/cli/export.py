"""``covet export``: a run's model, or a model folder, as a folder that stands on its own.

An adapter stays one, or is merged into its base; a whole model is copied. With it go its
tokenizer, ``covet.json`` with the prompt that it was trained on, and a card (``README.md``). What
else lies in a run or a checkpoint stays there. The folder is written beside and renamed: it is
whole or not there.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
import msgspec

import covet.policy.hf  # noqa: F401 - where torch is missing, this says what to install
from covet.cli.outcome import emit
from covet.config import Config, load
from covet.errors import UsageError
from covet.inspector.card import Exported, model_card
from covet.nano import model_path
from covet.policy import lora
from covet.policy.weights import (
    FILES,
    Card,
    Source,
    check_folder,
    has_tokenizer,
    load_model,
    load_tokenizer,
    locate,
    new_folder,
    own_template,
    read_card,
    stored_type,
    write_card,
)
from covet.prompt import template_names
from covet.train import checkpoint


@dataclass(frozen=True, slots=True)
class Found:
    """What is to be exported."""

    source: Source
    run: Path | None = None
    settings: Config | None = None
    """Of the run."""
    unfinished: str = ""
    """How far a run came that has not ended."""

    @property
    def adapter(self) -> lora.Adapter | None:
        folder = self.source.folder
        return lora.read(folder) if lora.is_adapter(folder) else None


def run(*, source: str, out: Path, merge: bool, dtype: str | None, as_json: bool) -> None:
    if out.exists():
        raise UsageError(f"{out}: is there already; name another --out")
    found = find(source)
    adapter = found.adapter
    if adapter is not None and dtype and not merge:
        raise UsageError("--dtype is for whole models; an adapter keeps its own. Add --merge")
    with _beside(out) as part:
        exported = _write(found, adapter, part, merge=merge, dtype=dtype)
        exported = replace(exported, name=out.resolve().name)
        (part / "README.md").write_text(model_card(exported, found.run), encoding="utf-8")
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    result = {
        "out": str(out),
        "kind": exported.kind,
        "base": adapter.base.name if adapter else None,
        "dtype": exported.dtype,
        "rounding": exported.rounding,
        "from": str(found.source.name),
        "unfinished": found.unfinished,
        "bytes": size,
    }
    if as_json:
        emit(result)
    else:
        _show(exported, result)


def find(source: str) -> Found:
    """The model of a run, else of its last checkpoint; else the model of that folder or name."""
    path = Path(source).expanduser()
    if not (path / "covet.toml").is_file() or (path / "config.json").is_file():
        return Found(locate(source))
    settings, model = load(path / "covet.toml"), path / "model"
    if model.is_dir():
        return Found(locate(str(model)), path, settings)
    last = checkpoint.latest(path / "checkpoints")
    if last is None:
        raise UsageError(f"{path}: the run has no weights yet; neither model/ nor a checkpoint")
    step = int(last.name.removeprefix("step-"))
    return Found(
        locate(str(last)), path, settings, f"the checkpoint of step {step} of a run that goes on"
    )


@contextmanager
def _beside(out: Path) -> Iterator[Path]:
    part = out.with_name(f".{out.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    with new_folder(part):
        yield part
        part.rename(out)


def _write(
    found: Found, adapter: lora.Adapter | None, part: Path, *, merge: bool, dtype: str | None
) -> Exported:
    """Everything but the card."""
    folder = found.source.folder
    if adapter is None:
        check_folder(folder)
    if adapter is not None and merge:
        exported = _merge(found, adapter, part, dtype=dtype)
    elif adapter is None and dtype and dtype != stored_type(folder):
        load_model(folder, device="cpu", dtype=dtype).save_pretrained(part)
        exported = Exported("", "whole", _base(found), dtype)
    else:
        _copy(folder, part)
        exported = _copied(found, adapter, part)
    if not has_tokenizer(part):
        beside = folder if has_tokenizer(folder) or adapter is None else adapter.base.folder
        load_tokenizer(beside).save_pretrained(part)
    _write_prompt(found, adapter, part)
    return replace(exported, unfinished=found.unfinished)


def _merge(found: Found, adapter: lora.Adapter, part: Path, *, dtype: str | None) -> Exported:
    merged = lora.merge(found.source.folder, dtype=dtype or "")
    merged.model.save_pretrained(part)
    return Exported(
        "",
        "merged",
        _shown(adapter.base.name),
        stored_type(part),
        adapter=_of(adapter),
        rounding=merged.rounding,
    )


def _copied(found: Found, adapter: lora.Adapter | None, part: Path) -> Exported:
    if adapter is None:
        return Exported("", "whole", _base(found), stored_type(part))
    adapter.describe(part)
    base = _shown(adapter.base.name)
    return Exported("", "adapter", base, stored_type(part), adapter=_of(adapter))


def _copy(folder: Path, part: Path) -> None:
    for path in sorted({path for glob in FILES for path in folder.glob(glob)}):
        if path.is_file():
            shutil.copyfile(path, part / path.name)


def _write_prompt(found: Found, adapter: lora.Adapter | None, part: Path) -> None:
    """``covet.json`` as the run had it, its template beside it where that is the user's own."""
    folders = (found.source.folder, *((adapter.base.folder,) if adapter else ()))
    card = next((card for folder in folders if (card := read_card(folder))), None)
    template = own_template(card, *folders) if card else None
    settings = found.settings
    if settings is not None:
        chat = bool(getattr(load_tokenizer(part), "chat_template", None))
        card = card or Card(template="default", chat=chat)
        if settings.prompt.template:
            template = _template_file(settings.prompt.template)
            card = msgspec.structs.replace(card, template=settings.prompt.template)
        policy = settings.policy
        card = msgspec.structs.replace(
            card,
            prompt_tokens=settings.prompt.tokens or card.prompt_tokens,
            max_new_tokens=policy.max_new_tokens or card.max_new_tokens,
            stop=tuple(dict.fromkeys((*card.stop, *policy.stop))),
        )
    if card is not None:
        write_card(card, part, template=template)


def _template_file(name: str) -> Path | None:
    """The user's own template that a run was set to; None: it is one of Covet's."""
    if name in template_names():
        return None
    if not Path(name).is_file():
        raise UsageError(
            f"{name}: the prompt template of the run is not here; call this in the folder that the "
            "run was started in"
        )
    return Path(name)


def _base(found: Found) -> str:
    """What a whole model was tuned from, as far as that is known."""
    if found.settings is None:
        return _shown(found.source.name)
    return _shown(found.settings.policy.model)


def _shown(name: str) -> str:
    """A model's name without the place where it lies."""
    path = Path(name)
    if name == "nano" or path == model_path():
        return "nano"
    return path.name if path.is_absolute() or path.exists() else name


def _of(adapter: lora.Adapter) -> dict[str, object]:
    return {"rank": adapter.settings.r, "alpha": adapter.settings.lora_alpha}


def _show(exported: Exported, result: dict[str, Any]) -> None:
    words = {
        "adapter": f"an adapter of {result['base']}",
        "merged": f"{result['base']} with its adapter merged, {exported.dtype}",
        "whole": f"a whole model, {exported.dtype}",
    }
    click.echo(f"wrote {result['out']}: {words[exported.kind]}, {result['bytes'] / 1e6:.1f} MB")
    if result["unfinished"]:
        click.echo(f"warning: it is {result['unfinished']}")
    if exported.rounding:
        click.echo(
            f"rounding to {exported.dtype} moved the merged weights by {exported.rounding:.1%} of "
            "what the adapter changes them; --dtype float32 keeps all of it"
        )
    click.echo(f"its card: {result['out']}/README.md")
