"""What tests are asked for: a change, functions, files or all gaps → Examples.

A function that is named counts with all of its lines, as if the change had written it. Nothing is
held out and no test removed: this is no training.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from covet.config import Config
from covet.errors import UsageError
from covet.execute.grader import Grader
from covet.mine import Report, mine
from covet.mine.change import Change, ChangedFile, parting, read_change
from covet.mine.functions import Files, read_files, read_text
from covet.records import FunctionExample

_MARKS = ("<<<<<<< ", ">>>>>>> ")
FOR_WRITING = {"variants": 0, "heldout": 0.0, "reserved": (), "gaps_only": False, "check": 0}
"""Settings of mining that learning has and writing has no use for."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line names; one of them."""

    base: str = ""
    """The change is that from where the two parted to the files on the disk."""
    functions: tuple[str, ...] = ()
    """``path::qualname``."""
    files: tuple[str, ...] = ()
    all_gaps: bool = False

    @property
    def words(self) -> str:
        if self.base:
            return f"the change since {self.base}"
        return ", ".join((*self.functions, *self.files)) or "all gaps"


@dataclass(frozen=True, slots=True)
class Targets:
    """The tasks, and what reading the codebase showed."""

    examples: tuple[FunctionExample, ...]
    report: Report
    in_classes: bool
    """Whether the codebase keeps its tests in classes."""


def find_targets(
    grader: Grader,
    config: Config,
    wanted: Wanted,
    *,
    within: str = "",
    say: Callable[[str], None] = lambda _: None,
) -> Targets:
    """The functions that are wanted, as tasks.

    Raises ``UsageError`` where one is not there, or a merge is not resolved.
    """
    files = read_files(grader.layout, config.codebase, language=grader.language, within=within)
    _check_resolved(grader, files)
    change = _change(grader, files, wanted)
    own = FOR_WRITING | {"gaps_only": wanted.all_gaps}
    settings = config.model_copy(update={"mine": config.mine.model_copy(update=own)})
    mined = mine(grader, settings, within=within, change=change, on_progress=say)
    if mined.dataset.report.unreadable:
        for path, why in mined.dataset.report.unreadable.items():
            say(f"warning: {path} is passed over: {why}")
    return Targets(mined.dataset.examples, mined.dataset.report, _in_classes(files))


def _check_resolved(grader: Grader, files: Files) -> None:
    """Of the files that cannot be parsed: not for the marks of a merge."""
    for path in files.unreadable:
        try:
            lines = read_text(grader.layout.root / path).split("\n")
        except (OSError, SyntaxError, UnicodeDecodeError):
            continue
        marked = [number for number, line in enumerate(lines, 1) if line.startswith(_MARKS)]
        if marked:
            raise UsageError(
                f"{path}: holds a merge conflict (line {marked[0]}); resolve it first. Nothing was"
                " asked or written"
            )


def _change(grader: Grader, files: Files, wanted: Wanted) -> Change | None:
    if wanted.base:
        root = grader.layout.root
        return read_change(root, parting(root, wanted.base))
    if wanted.all_gaps:
        return None
    spans = {
        f"{source.path}::{function.qualname}": (source.path, function.span)
        for source in files.sources
        for function in source.functions
    }
    lines: dict[str, set[int]] = {}
    for name in wanted.functions:
        if name not in spans:
            near = get_close_matches(name, spans, n=1)
            hint = f"did you mean {near[0]}?" if near else "write it path/of/file.py::Class.name"
            raise UsageError(f"{name}: no such function to test; {hint}")
        path, span = spans[name]
        lines.setdefault(path, set()).update(range(span.first_line, span.last_line + 1))
    known = {source.path: source for source in files.sources}
    for path in wanted.files:
        if path not in known:
            near = get_close_matches(path, known, n=1)
            hint = f"did you mean {near[0]}?" if near else "name it as from the codebase's root"
            raise UsageError(f"{path}: no source file of the codebase; {hint}")
        lines.setdefault(path, set()).update(range(1, known[path].text.count("\n") + 2))
    return Change(
        {path: ChangedFile(frozenset(found), frozenset(), "") for path, found in lines.items()}
    )


def _in_classes(files: Files) -> bool:
    names: Sequence[str] = [test.qualname for file in files.tests for test in file.tests]
    return sum("." in name for name in names) * 3 > len(names) * 2
