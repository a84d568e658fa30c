"""``covet init``: a commented ``covet.toml`` with what was found and every default.

Values that were found in the codebase are written out; the rest stand as comments, so that a
later release may change a default without a stale file standing in its way.
"""

import textwrap
import tomllib
from pathlib import Path

import click

from covet.cli.outcome import emit
from covet.config import Config, Section, as_toml_value, parse
from covet.errors import UsageError
from covet.execute.codebase import Layout
from covet.runlog import write_whole

HEADER = """\
# Settings of Covet for this codebase. A line that is commented out shows the default.
# Any of them can be given for one call: covet mine . --set mine.heldout=0.3
"""


def run(*, codebase: Path, force: bool, as_json: bool) -> None:
    if not codebase.is_dir():
        raise UsageError(f"{codebase}: not a folder; give the root of a codebase")
    target = codebase / "covet.toml"
    if target.exists() and not force:
        raise UsageError(f"{target} is there already; edit it, or add --force to replace it")
    found = found_settings(codebase)
    text = render(found)
    parse(tomllib.loads(text), origin=str(target))
    write_whole(target, text.encode())
    if as_json:
        emit({"written": str(target), "found": found})
    else:
        click.echo(f"wrote {target}")
        for key, value in found["codebase"].items():
            click.echo(f"  found codebase.{key} = {as_toml_value(value)}")
        click.echo("next: covet doctor")


def found_settings(codebase: Path) -> dict[str, dict[str, object]]:
    """What can be told about a codebase by looking, as tables of settings."""
    layout = Layout.discover(codebase, Config().codebase)
    found: dict[str, object] = {
        "python": _portable(layout.interpreter, codebase),
        "source": tuple(path for path in layout.search_path if path != "."),
    }
    tests = tuple(name for name in ("tests", "test") if (codebase / name).is_dir())
    if tests:
        found["tests"] = tests
    return {"codebase": {key: value for key, value in found.items() if value}}


def _portable(interpreter: Path, codebase: Path) -> str:
    """The interpreter where it is the codebase's own; empty where it is only ours."""
    root = codebase.resolve()
    return str(interpreter.relative_to(root)) if interpreter.is_relative_to(root) else ""


def render(found: dict[str, dict[str, object]]) -> str:
    """The file's text: each setting with its meaning, in the order of the stages."""
    lines = [HEADER]
    for table, section in Config():
        lines += ["", f"[{table}]", *_paragraph(type(section).__doc__ or "")]
        lines += _settings(section, found.get(table, {}))
    return "\n".join(lines) + "\n"


def _settings(section: Section, found: dict[str, object]) -> list[str]:
    lines: list[str] = []
    for key, field in type(section).model_fields.items():
        lines += _paragraph(field.description or "")
        default = getattr(section, key)
        mark = "" if key in found else "# "
        lines.append(f"{mark}{key} = {as_toml_value(found.get(key, default))}")
    return lines


def _paragraph(text: str) -> list[str]:
    plain = text.replace("``", "`")
    return textwrap.wrap(" ".join(plain.split()), 96, initial_indent="# ", subsequent_indent="# ")
