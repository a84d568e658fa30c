"""A Board for people: tables on a terminal, and the same as Markdown for a model's card.

Every table is first plain cells (``Sheet``); a terminal and Markdown show the same. No path of the
machine and no line of the codebase is in them: names of policies, files and measures alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich.table import Table

from covet.evaluate.board import Board, Line, Part
from covet.evaluate.metrics import ALL, COUNTS, FUNNEL
from covet.records import Estimate, Split
from covet.secrets import detector

TITLES: dict[Split, str] = {"heldout": "Held-out tasks", "reserved": "Reserved tasks"}
STEPS = {
    "sampled": "samples",
    "parsed": "parse as a test file",
    "runs": "… and run as far as an assertion",
    "passes": "… and pass",
    "stable": "… and pass again",
    "gains": "… and run a new line",
    "kills": "… and kill a mutant that no test killed",
}
LEFT_OUT = {
    "too_long": "tasks whose prompt is too long",
    "no_samples": "tasks without a candidate",
    "unknown_samples": "samples whose grading failed through no fault of theirs",
    "fewer_than_3": "tasks with fewer than three samples, left out of every measure @3",
}
FILES_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as text."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def sheets(board: Board) -> list[Sheet]:
    """All tables, in the order in which they are read."""
    return [sheet for split in board.tasks for sheet in _of_split(board, split)]


def _of_split(board: Board, split: Split) -> Iterator[Sheet]:
    columns = list(_columns(board, split))
    if not columns:
        return
    names = tuple(name for name, _ in columns)
    title = f"{TITLES[split]}: {board.tasks[split]}"
    yield Sheet(
        f"{title} (percent; lines and branches for increases; [95 % range])",
        ("measure", *names),
        tuple(
            (name, *(_ranged(part.measures[name], name) for _, part in columns))
            for name in ALL
            if any(part.measures[name].n for _, part in columns)
        ),
    )
    compared = [(name, part) for name, part in columns if part.change]
    if compared:
        yield Sheet(
            f"Against {board.against}, on the same tasks [95 % range] (tasks)",
            ("measure", *(name for name, _ in compared)),
            tuple(
                (name, *(_change(part.change[name], name) for _, part in compared))
                for name in ALL
                if any(part.change[name].n for _, part in compared)
            ),
        )
    yield Sheet(
        "What becomes of samples",
        ("step", *names),
        tuple(
            (STEPS[step], *(_reached(part.funnel, step) for _, part in columns)) for step in FUNNEL
        ),
    )
    yield _spent(columns)
    yield from _files(columns)


def _columns(board: Board, split: Split) -> Iterator[tuple[str, Part]]:
    for line in board.lines:
        if line.status == "absent":
            continue
        yield line.name, line.written[split]
        if split in line.mended:
            yield f"{line.name}, mended", line.mended[split]


def _ranged(found: Estimate, name: str) -> str:
    if not found.n:
        return "–"
    value, low, high = _scaled(found, name)
    return f"{value} [{low}, {high}]"


def _change(found: Estimate, name: str) -> str:
    if not found.n:
        return "–"
    value, low, high = _scaled(found, name, sign="+")
    return f"{value} [{low}, {high}] ({found.n})"


def _scaled(found: Estimate, name: str, *, sign: str = "") -> tuple[str, str, str]:
    digits, factor = (2, 1) if name in COUNTS else (1, 100)
    numbers = (round(factor * one, digits) + 0.0 for one in (found.value, found.low, found.high))
    value, low, high = (f"{number:{sign}.{digits}f}" for number in numbers)
    return value, low, high


def _reached(counts: Mapping[str, int], step: str) -> str:
    all_of_them = counts["sampled"]
    if not all_of_them or step == "sampled":
        return str(counts[step])
    return f"{counts[step]} ({100 * counts[step] / all_of_them:.0f} %)"


def _spent(columns: Sequence[tuple[str, Part]]) -> Sheet:
    def per(number: float | None, part: Part, digits: int = 2) -> str:
        samples = part.spent.samples
        return "–" if number is None or not samples else f"{number / samples:.{digits}f}"

    spends = [part for _, part in columns]
    return Sheet(
        "What a sample takes",
        ("of a sample", *(name for name, _ in columns)),
        (
            ("seconds to write", *(per(part.spent.sample_s or None, part) for part in spends)),
            ("seconds to grade", *(per(part.spent.grade_s, part) for part in spends)),
            ("tokens of its prompt", *(per(part.spent.prompt_tokens, part, 0) for part in spends)),
            ("tokens written", *(per(part.spent.completion_tokens, part, 0) for part in spends)),
            ("cost of all of them", *(_cost(part) for part in spends)),
        ),
    )


def _cost(part: Part) -> str:
    return "–" if part.spent.prompt_tokens is None else f"{part.spent.cost:.4f}"


def _files(columns: Sequence[tuple[str, Part]]) -> Iterator[Sheet]:
    paths = sorted({path for _, part in columns for path in part.files})
    if len(paths) < 2:
        return
    rows: list[tuple[str, ...]] = []
    for path in paths[:FILES_SHOWN]:
        tasks = max(part.files[path]["tasks"] for _, part in columns if path in part.files)
        cells = [
            " / ".join(
                _share(part.files.get(path, {}).get(name))
                for name in ("pass_rate", "coverage_increase_rate", "mutation_score@3")
            )
            for _, part in columns
        ]
        rows.append((path, str(tasks), *cells))
    if len(paths) > FILES_SHOWN:
        rest = f"and {len(paths) - FILES_SHOWN} files more"
        rows.append((rest, *[""] * (len(rows[0]) - 1)))
    names = [name for name, _ in columns]
    title = "By file, percent: samples that pass / that run a new line / mutants killed @3"
    yield Sheet(title, ("file", "tasks", *names), tuple(rows))


def _share(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.0f}"


def remarks(board: Board, *, reasons: bool = True) -> list[str]:
    """What a reader must know beside the tables. ``reasons``: with the errors that policies met,
    which may name paths and addresses.
    """
    found = list(board.notes) if reasons else []
    for line in board.lines:
        found += _remarks(line, reasons=reasons)
    return found


def _remarks(line: Line, *, reasons: bool) -> Iterator[str]:
    why = f": {line.why}" if reasons and line.why else ""
    if line.status == "absent":
        yield f"{line.name} is absent{why}"
        return
    if line.status == "incomplete":
        yield f"{line.name} is incomplete, {line.missing} tasks are missing{why}"
    for split, part in line.written.items():
        for key, count in part.left_out.items():
            if count:
                yield f"{line.name}, {split}: {count} {LEFT_OUT[key]}"
        if part.refused:
            told = ", ".join(f"{guard} {count}" for guard, count in sorted(part.refused.items()))
            yield f"{line.name}, {split}: samples that guards refuse: {told}"
    if line.repairs:
        told = ", ".join(f"{rule} {count}" for rule, count in sorted(line.repairs.items()))
        more = "" if line.mended else "; none of them fares otherwise for it"
        yield f"{line.name}: form mended in samples: {told}{more}"
    if line.seen.leaks:
        yield f"{line.name} LEAKS: {'; '.join(line.seen.leaks[:5])}" + (
            f"; and {len(line.seen.leaks) - 5} more" if len(line.seen.leaks) > 5 else ""
        )
    elif line.seen.tasks is not None:
        yield f"{line.name}: none of its {line.seen.tasks} training tasks shows one of these"
    elif line.seen.why:
        unknown = "what it was trained on is not known"
        yield f"{line.name}: {line.seen.why if reasons else unknown}"


def as_table(sheet: Sheet) -> Table:
    """For a terminal."""
    table = Table(title=sheet.title, title_justify="left")
    for place, name in enumerate(sheet.head):
        table.add_column(_bare(name), justify="right" if place else "left", no_wrap=not place)
    for row in sheet.rows:
        table.add_row(*map(_bare, row))
    return table


def _bare(text: str) -> str:
    """Brackets are no markup."""
    return text.replace("[", "\\[")


def as_markdown(board: Board) -> str:
    """For a model's card."""
    parts = ["## Scorecard", ""]
    parts += [f"- **{_cell(line.name)}**: {_cell(line.what)}" for line in board.lines]
    for sheet in sheets(board):
        parts += ["", f"### {sheet.title}", ""]
        parts.append("| " + " | ".join(map(_cell, sheet.head)) + " |")
        parts.append("|---|" + "---:|" * (len(sheet.head) - 1))
        parts += ["| " + " | ".join(map(_cell, row)) + " |" for row in sheet.rows]
    told = remarks(board, reasons=False)
    if told:
        parts += ["", "### To know", "", *(f"- {_cell(remark)}" for remark in told)]
    parts += ["", _FOOT]
    return detector().redact("\n".join(parts) + "\n")


_FOOT = (
    "Ranges are 95 % bootstraps over tasks: they hold the choice of tasks and of samples, and"
    " neither the seed of training nor the choice of codebase."
)


def _cell(text: str) -> str:
    """Nothing in it can end the cell or the line."""
    return " ".join(text.split()).replace("|", "¦").replace("<", "‹")
