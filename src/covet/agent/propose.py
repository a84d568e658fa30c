"""Targets and policies → a Proposal: all of the agent, to read top to bottom.

Ask every policy about every function; grade; see what each test shows by itself; keep as few, and
as short, as show the same; put them into their files; run all tests of the codebase with them. A
test that does not hold there goes, and the files are made anew without it.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from covet.agent.applying import unified
from covet.agent.asking import Asked, Asking
from covet.agent.checking import Checked, check
from covet.agent.choosing import choose, shorten
from covet.agent.doubts import doubts
from covet.agent.house import House
from covet.agent.judging import Judge, Judged, Piece
from covet.agent.placing import Placed, Placing
from covet.agent.targets import Targets
from covet.config import Config
from covet.execute.grader import Grader
from covet.languages.base import Language
from covet.records import (
    FunctionExample,
    Kill,
    PossibleBug,
    Proposal,
    ProvenTest,
    TestFileChange,
    WrittenFunction,
)

Say = Callable[[str], None]
_TURNS = 4
"""How often files are made anew without tests that do not hold in them."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What came of one function before its tests are in a file."""

    example: FunctionExample
    before: frozenset[str] | None
    pieces: tuple[Piece, ...]
    bugs: tuple[PossibleBug, ...]
    mutants: frozenset[str]
    killed: frozenset[str]
    """By anything that was written, and the existing tests."""
    covered: frozenset[int]
    """Likewise."""
    funnel: dict[str, int]


def for_writing(config: Config) -> Config:
    """The settings under which tests are chosen: every mutant that there is, each test against
    each of them.
    """
    own = {"mutants": config.write.mutants, "matrix": "full"}
    return config.model_copy(update={"execute": config.execute.model_copy(update=own)})


def propose(
    grader: Grader,
    config: Config,
    targets: Targets,
    *,
    asked_for: str,
    asking: Asking,
    judge: Judge,
    within: str = "",
    on_function: Callable[[int, int, str], None] = lambda _done, _of, _note: None,
    say: Say = lambda _: None,
) -> Proposal:
    """``grader``: opened with the settings of ``for_writing``.

    ``on_function`` hears how many functions are done, of how many, and what came of the last.
    Raises ``ModelError`` where no policy answers.
    """
    started = time.monotonic()
    answers = asking.ask(targets.examples)
    found: list[_Found] = []
    for number, example in enumerate(targets.examples, 1):
        one = _of_function(example, answers[example.id], judge, config)
        found.append(one)
        on_function(number, len(targets.examples), f"{example.id}: {len(one.pieces)} tests")
    house = House.discover(grader.layout.root, grader.layout.interpreter)
    placed, placing, checked = _in_files(found, targets, house, judge, grader, config, within, say)
    files = tuple(
        TestFileChange(
            path,
            before,
            placing.texts[path],
            unified(path, before, placing.texts[path]),
            house.complaints(before, placing.texts[path], path),
        )
        for path, before in sorted(placing.originals.items())
        if placing.texts[path] != before
    )
    return Proposal(
        asked=asked_for,
        functions=tuple(_summed_up(one, placed[one.example.id]) for one in found),
        tests=tuple(
            test for one in found for test in _proven(one, placed[one.example.id], placing, grader)
        ),
        bugs=tuple(bug for one in found for bug in one.bugs),
        files=files,
        suite=checked.words if checked else "",
        notes=(*asking.notes, *house.notes),
        tokens=asking.tokens,
        seconds=round(time.monotonic() - started, 1),
    )


# -------------------------------------------------------------------------------- one function


def _of_function(
    example: FunctionExample, asked: Sequence[Asked], judge: Judge, config: Config
) -> _Found:
    before = judge.existing_kills(example) if asked else None
    judged = judge.judge(example, asked)
    salvaged = judge.salvaged(example, judged)
    pieces = judge.pieces(example, [*judged, *salvaged], before)
    chosen = choose(pieces, most=config.write.tests)
    short = [shorten(example, piece, judge=judge, before=before) for piece in chosen]
    kept = choose(short, most=config.write.tests)
    mutants = _mutants(example, judge, config)
    shown = frozenset[str]().union(*(piece.kills for piece in pieces))
    return _Found(
        example,
        before,
        tuple(kept),
        tuple(doubts(example, judged, judge=judge, agree=config.write.agree)),
        mutants,
        (shown | (before or frozenset())) & mutants,
        example.baseline.lines.union(*(piece.lines for piece in pieces)),
        _funnel(judged, salvaged, pieces, kept) | _lengths(pieces, kept, judge.grader.language),
    )


def _mutants(example: FunctionExample, judge: Judge, config: Config) -> frozenset[str]:
    found = judge.grader.language.mutants(
        example.source_file, example.function.span, limit=config.write.mutants
    )
    return frozenset(mutant.id for mutant in found)


def _funnel(
    judged: Sequence[Judged],
    salvaged: Sequence[Judged],
    pieces: Sequence[Piece],
    kept: Sequence[Piece],
) -> dict[str, int]:
    """In the order of the way."""
    return {
        "candidates": len(judged),
        "can be run": sum(not one.asked.candidate.problem for one in judged),
        "pass": sum(one.execution.status == "ok" for one in judged),
        "refused by a guard": sum(bool(one.reward.refused) for one in (*judged, *salvaged)),
        "pass without their failing tests": sum(one.holds for one in salvaged),
        "tests that pass alone": len(pieces),
        "tests that show something new": sum(bool(piece.shows) for piece in pieces),
        "tests kept": len(kept),
    }


def _lengths(pieces: Sequence[Piece], kept: Sequence[Piece], language: Language) -> dict[str, int]:
    """Lines of tests, what stands around them left out."""

    def lines(some: Sequence[Piece]) -> int:
        tests = (
            test for piece in some for test in language.tests(piece.asked.candidate.source, path="")
        )
        return sum(test.source.count("\n") for test in tests)

    return {"lines of tests that pass alone": lines(pieces), "lines of tests kept": lines(kept)}


# ------------------------------------------------------------------------------------ all files


def _in_files(
    found: Sequence[_Found],
    targets: Targets,
    house: House,
    judge: Judge,
    grader: Grader,
    config: Config,
    within: str,
    say: Say,
) -> tuple[dict[str, list[Placed]], Placing, Checked | None]:
    """The tests that hold in their files, and with all others of the codebase."""
    gone: set[tuple[str, str]] = set()  # of a piece: its example and its text
    checked: Checked | None = None
    for _ in range(_TURNS):
        placing = Placing(judge, house, targets.in_classes)
        placed: dict[str, list[Placed]] = {}
        for one in found:
            pieces = [piece for piece in one.pieces if _key(one, piece) not in gone]
            placed[one.example.id] = placing.place(one.example, pieces, one.before)
        new = {p: t for p, t in placing.texts.items() if t != placing.originals[p]}
        if not new:
            return placed, placing, None
        say(f"running all tests with {sum(map(len, placed.values()))} new ones among them")
        checked = check(grader, config, new, targets.report.suite, within=within)
        if not checked.broken and not checked.command_failed:
            return placed, placing, checked
        say(f"warning: {checked.words}")
        guilty = _guilty(found, placed, checked)
        gone |= guilty or {_key(one, p.piece) for one in found for p in placed[one.example.id]}
    nothing = Placing(judge, house, targets.in_classes)
    return {one.example.id: [] for one in found}, nothing, checked


def _guilty(
    found: Sequence[_Found], placed: dict[str, list[Placed]], checked: Checked
) -> set[tuple[str, str]]:
    """The new tests that do not pass, and all of a file that cannot be run; none where existing
    tests are broken alone.
    """
    names = {name.partition("[")[0].replace("::", ".") for name in checked.broken}
    return {
        _key(one, each.piece)
        for one in found
        for each in placed[one.example.id]
        if f"{each.path}.{each.name}" in names or f"{each.path}." in names
    }


def _key(found: _Found, piece: Piece) -> tuple[str, str]:
    return found.example.id, piece.asked.candidate.source


# --------------------------------------------------------------------------------- summing up


def _summed_up(found: _Found, placed: Sequence[Placed]) -> WrittenFunction:
    example = found.example
    wanted = example.executable.lines
    missed = wanted - example.baseline.lines
    reached = frozenset[int]().union(*(one.piece.lines for one in placed))
    killed = (found.before or frozenset()).union(*(one.kills for one in placed))
    return WrittenFunction(
        example.id,
        example.function,
        tuple(sorted(wanted)),
        tuple(sorted(missed)),
        tuple(sorted(missed - reached)),
        len(found.mutants),
        len(found.before & found.mutants) if found.before is not None else None,
        len(killed & found.mutants),
        len(found.killed),
        found.funnel | {"tests kept": len(placed)},
        "" if placed else _why_none(found),
    )


def _why_none(found: _Found) -> str:
    funnel = found.funnel
    if not funnel["candidates"]:
        return "no policy answered for it"
    if not funnel["can be run"]:
        return "no answer could be run"
    if not funnel["tests that pass alone"]:
        if funnel["pass"] and funnel["refused by a guard"]:
            return "what passed was refused by a guard, or did not pass alone"
        return "no test passed"
    if not funnel["tests that show something new"]:
        return "no test reached a new line or rejected a mutant that lives"
    return "no test held in its file and with the others"


def _proven(
    found: _Found, placed: Sequence[Placed], placing: Placing, grader: Grader
) -> list[ProvenTest]:
    language, example = grader.language, found.example
    diffs = {
        mutant.id: mutant.diff
        for mutant in language.mutants(
            example.source_file, example.function.span, limit=grader.config.execute.mutants
        )
    }
    text = placing.texts.get(example.test_path, "")
    sources = {test.qualname: test.source for test in language.tests(text, path=example.test_path)}
    return [
        ProvenTest(
            example.id,
            one.path,
            one.name,
            sources[one.name],
            one.piece.asked.policy,
            tuple(sorted(one.piece.lines)),
            tuple(Kill(mutant, diffs[mutant]) for mutant in sorted(one.kills & diffs.keys())),
        )
        for one in placed
    ]
