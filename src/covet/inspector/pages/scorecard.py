"""The Scorecard page: each measure with its range, the funnel, files, and what is left out."""

from collections.abc import Mapping
from dataclasses import dataclass

from covet.errors import DataError
from covet.evaluate.metrics import COUNTS, FUNNEL, MEASURES
from covet.evaluate.rows import AFTER, BEFORE
from covet.evaluate.scorecard import Scorecard, change
from covet.inspector.address import Address, Page
from covet.inspector.charts import DotChart, dot_chart
from covet.inspector.source import Run, Source
from covet.records import Estimate, Split

SPLITS: tuple[Split, ...] = ("heldout", "reserved")

ABOUT = {
    "pass_rate": ("Pass rate", "written tests that pass, each time they are run"),
    "coverage_increase_rate": (
        "Coverage increase rate",
        "written tests that pass and run a line that no existing test runs",
    ),
    "coverage_increase_rate@3": (
        "Coverage increase rate @3",
        "functions for which at least one of three written tests does so",
    ),
    "covered_lines_increase@3": (
        "New lines covered @3",
        "most lines newly run by one of three written tests",
    ),
    "mutation_score@3": (
        "Mutation score @3",
        "the function's mutants that three written tests kill together",
    ),
    "diversity": ("Diversity", "written tests that are distinct, names and comments aside"),
}
STEPS = {
    "sampled": "all",
    "parsed": "that parse as a test",
    "runs": "… and run as far as an assertion",
    "passes": "… and pass",
    "stable": "… and pass again",
    "gains": "… and run a new line",
    "kills": "… and kill a mutant",
}


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One line of the headline table."""

    name: str
    about: str
    before: str
    after: str
    change: str
    range: str
    verdict: str
    """``better``, ``worse``, ``unclear`` or empty."""
    n: int
    chart: DotChart


@dataclass(frozen=True, slots=True)
class FunnelRow:
    """How many samples got to a step, and their share of all."""

    name: str
    before: tuple[int, float] | None
    after: tuple[int, float] | None


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file of the codebase: means over its tasks' samples."""

    path: str
    tasks: int
    before: tuple[float, float] | None
    """The share of samples that pass, and new lines of a sample."""
    after: tuple[float, float] | None
    address: Address


@dataclass(frozen=True, slots=True)
class Part:
    """All that is shown of one split."""

    split: Split
    title: str
    about: str
    tasks: int
    measures: tuple[MeasureRow, ...]
    funnel: tuple[FunnelRow, ...]
    left_out: tuple[str, ...]


def scorecard(source: Source, address: Address) -> Page:
    run = source.run(address.text("run"))
    first, second = pair(run, run, address)
    before, after = run.scorecard(first), run.scorecard(second)
    parts = [_part(split, before, after) for split in SPLITS]
    return Page(
        "scorecard.html",
        "Scorecard",
        {
            "address": address,
            "names": (first, second),
            "evaluations": run.evaluations,
            "policies": (before.policy, after.policy),
            "samples": run.settings.evaluate.samples,
            "parts": [
                (part, _files(source, run, part.split, first, second))
                for part in parts
                if part.tasks
            ],
        },
        run=run.name,
    )


def pair(run: Run, other: Run, address: Address) -> tuple[str, str]:
    """The evaluation of ``run`` and that of ``other`` which are set side by side: by default the
    first two that a run has. ``DataError`` where the address names another.
    """
    first, second = run.evaluations[:1], other.evaluations[1:2] or other.evaluations[:1]
    if run is other and not other.evaluations[1:]:
        second = ()
    for one, name in ((run, address.text("a")), (other, address.text("b"))):
        if name and name not in one.evaluations:
            known = ", ".join(one.evaluations) or "none"
            raise DataError(f"run {one.name} has no evaluation {name[:60]!r}; it has: {known}")
    return (
        address.text("a") or next(iter(first), BEFORE),
        address.text("b") or next(iter(second), AFTER),
    )


def _files(source: Source, run: Run, split: str, first: str, second: str) -> list[FileRow]:
    rows = source.index.ask(
        "SELECT path, evaluation, count(*) AS n, sum(passes * samples) / sum(samples) AS passes,"
        " sum(gained * samples) / sum(samples) AS gained FROM evaluated"
        " WHERE owner = ? AND split = ? AND evaluation IN (?, ?) AND samples > 0"
        " GROUP BY path, evaluation ORDER BY path",
        (run.name, split, first, second),
    )
    by_path: dict[str, dict[str, tuple[float, float]]] = {}
    tasks: dict[str, int] = {}
    for row in rows:
        by_path.setdefault(row["path"], {})[row["evaluation"]] = (row["passes"], row["gained"])
        tasks[row["path"]] = max(tasks.get(row["path"], 0), row["n"])
    return [
        FileRow(
            path,
            tasks[path],
            sides.get(first),
            sides.get(second),
            Address.of("compare", run=run.name, a=first, b=second, task=path),
        )
        for path, sides in by_path.items()
    ]


def _part(split: Split, before: Scorecard, after: Scorecard) -> Part:
    rows = {**after.rows[split], **before.rows[split]}
    title, about = {
        "heldout": ("Held-out files", "Files drawn at random, which training never saw."),
        "reserved": (
            "Reserved files",
            "Files held out by name in the settings: another kind of code than was trained on.",
        ),
        "train": ("Training files", ""),
    }[split]
    return Part(
        split=split,
        title=title,
        about=about,
        tasks=len(rows),
        measures=_measures(split, before, after),
        funnel=_funnel(before.funnel[split], after.funnel[split]),
        left_out=tuple(told for card in (before, after) if (told := _left_out(split, card))),
    )


def _measures(split: Split, before: Scorecard, after: Scorecard) -> tuple[MeasureRow, ...]:
    differences = change(before, after, split)
    return tuple(
        _measure(name, before.measures[split][name], after.measures[split][name], differences[name])
        for name in MEASURES
    )


def _measure(name: str, before: Estimate, after: Estimate, difference: Estimate) -> MeasureRow:
    title, about = ABOUT[name]
    share = name not in COUNTS
    told = range_told = verdict = ""
    if difference.n:
        factor, digits, unit = (100, 1, " points") if share else (1, 2, "")
        value, low, high = (
            f"{factor * number:+.{digits}f}".replace("-", "−")
            for number in (difference.value, difference.low, difference.high)
        )
        told, range_told = f"{value}{unit}", f"{low} to {high}"
        verdict = _verdict(difference)
    return MeasureRow(
        name=title,
        about=about,
        before=_value(before, share=share),
        after=_value(after, share=share),
        change=told,
        range=range_told,
        verdict=verdict,
        n=difference.n or before.n or after.n,
        chart=dot_chart(before, after, share=share),
    )


def _value(estimate: Estimate, *, share: bool) -> str:
    if not estimate.n:
        return "–"
    return f"{100 * estimate.value:.1f} %" if share else f"{estimate.value:.2f}"


def _verdict(difference: Estimate) -> str:
    """Whether the whole range lies on one side of no change."""
    if difference.low > 0:
        return "better"
    return "worse" if difference.high < 0 else "unclear"


def _funnel(before: Mapping[str, int], after: Mapping[str, int]) -> tuple[FunnelRow, ...]:
    def reached(counts: Mapping[str, int], step: str) -> tuple[int, float] | None:
        return (counts[step], counts[step] / counts["sampled"]) if counts["sampled"] else None

    return tuple(
        FunnelRow(STEPS[step], reached(before, step), reached(after, step)) for step in FUNNEL
    )


def _left_out(split: Split, card: Scorecard) -> str:
    out = card.left_out(split)
    told = [
        f"{out[key]} {words}"
        for key, words in {
            "too_long": "tasks whose prompt is too long",
            "unknown_samples": "samples whose grading failed through no fault of theirs",
            "too_few_samples": "tasks with fewer than three known samples",
        }.items()
        if out[key]
    ]
    return f"{card.evaluation}: {', '.join(told)}" if told else ""
