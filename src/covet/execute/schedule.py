"""The order in which a candidate meets mutants and decoys, and what it may be believed of.

To a candidate all programs look alike, and nothing in its process says which is which: the
order is drawn here, in another process, from a secret. Among the mutants stand programs that
are unchanged or compute the same, so that what a mutant leaves behind is noticed, and a
candidate that claims a failure where it cannot know of one is found out.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from covet.execute import matrix
from covet.records import Decoy, Mutant, Span
from covet.sandbox.base import Cell, Program

DECOYS = 0.3
"""How likely a decoy stands after a mutant, and half as likely one more after each decoy: what a
mutant leaves behind is noticed soon, and the order tells nothing."""


@dataclass(frozen=True, slots=True)
class Place:
    """One program in the order."""

    program: Program
    mutant: str = ""
    """Its id; empty: a decoy."""
    survives: bool = True
    """What is known of a decoy."""
    raises: Span | None = None
    """Where a program that raises does so; None for others."""
    entry: bool = False
    """Whether that is as soon as the function is entered."""


WHOLE = 0.4
"""How likely such a decoy is met by every test that enters the function, and not only by those
that meet the mutant before it."""
THOROUGH = 0.25
"""How many mutants are met by every test, also by those after one that rejects them. So are all
programs that raise, lest an honest test stand before one that lies."""
PROBES = 8
"""Programs that raise at some line; one of them at the first. A test that claims a line must
fail on the one that raises there."""


def mixed(
    mutants: Sequence[Mutant], decoys: Sequence[Decoy], *, path: str, secret: str
) -> tuple[Place, ...]:
    """For one process."""
    drawn = random.Random(secret)  # noqa: S311  (the secret is not the algorithm)
    same = _Harmless(decoys, drawn)
    order = list(mutants)
    drawn.shuffle(order)
    places: list[Place] = []
    for mutant in order:
        places.append(_place(mutant, path, thorough=drawn.random() < THOROUGH))
        while drawn.random() < DECOYS * (1.0 if places[-1].mutant else 0.5):
            decoy = same.next()
            span = decoy.span if drawn.random() < WHOLE else mutant.span
            places.append(_decoy(decoy, span, path))
    for probe in _probes(decoys, drawn, path):
        places.insert(drawn.randrange(len(places) + 1), probe)
    if order:
        decoy = same.next()
        places.append(_decoy(decoy, decoy.span, path))
    return _numbered(places)


def apart(
    mutants: Sequence[Mutant],
    decoys: Sequence[Decoy],
    *,
    path: str,
    secret: str,
    share: float,
    everything: bool,
) -> tuple[Place, ...]:
    """For processes of their own: harmless decoys by ``share`` of the mutants, one at least and
    none of them the unchanged program; probes where ``everything`` is run in this way.
    """
    drawn = random.Random(secret)  # noqa: S311
    same = _Harmless(decoys[1:] if len(decoys) > 1 else decoys, drawn)
    places = [_place(mutant, path, thorough=drawn.random() < THOROUGH) for mutant in mutants]
    for _ in range(max(1, round(len(mutants) * share)) if mutants else 0):
        decoy = same.next()
        places.append(_decoy(decoy, decoy.span, path))
    if everything:  # in the order of the original: what a test does may need one before it
        probes = _probes(decoys, drawn, path)
        places += [replace(p, program=replace(p.program, lines=probes[0].raises)) for p in probes]
    drawn.shuffle(places)
    return _numbered(places)


class _Harmless:
    """Programs that compute the same, in an order that brings each kind soon."""

    def __init__(self, decoys: Sequence[Decoy], drawn: random.Random) -> None:
        survive = [decoy for decoy in decoys if decoy.survives]
        self._all = survive or list(decoys[:1])
        self._drawn = drawn
        self._left: list[Decoy] = []

    def next(self) -> Decoy:
        if not self._left:
            self._left = list(self._all)
            self._drawn.shuffle(self._left)
        return self._left.pop()


def _probes(decoys: Sequence[Decoy], drawn: random.Random, path: str) -> list[Place]:
    """The one that raises at the entry first."""
    raising = [decoy for decoy in decoys if not decoy.survives]
    others = drawn.sample(raising[1:], min(PROBES - 1, max(0, len(raising) - 1)))
    return [
        replace(_decoy(decoy, decoy.span, path), raises=decoy.span, entry=decoy is raising[0])
        for decoy in (*raising[:1], *others)
    ]


def plain(mutants: Sequence[Mutant], *, path: str) -> tuple[Place, ...]:
    return _numbered([_place(mutant, path) for mutant in mutants])


def _place(mutant: Mutant, path: str, *, thorough: bool = False) -> Place:
    return Place(Program("", path, mutant.source, mutant.span, thorough), mutant.id)


def _decoy(decoy: Decoy, span: Span, path: str) -> Place:
    program = Program("", path, decoy.source, span, thorough=not decoy.survives)
    return Place(program, survives=decoy.survives)


def _numbered(places: Sequence[Place]) -> tuple[Place, ...]:
    return tuple(
        replace(place, program=replace(place.program, id=str(number)))
        for number, place in enumerate(places)
    )


@dataclass(frozen=True, slots=True)
class Findings:
    """What a run of an order showed."""

    cells: Mapping[str, Cell]
    """By mutant: those that can be believed."""
    again: frozenset[str]
    """Mutants whose answer may be owed to what ran before, or that brought the process down."""
    stateful: bool = False
    """A test passes where something raises in lines that it says it runs, in a process in which it
    ran before: it may have kept the answer. Only processes of their own can tell."""
    doubted: tuple[tuple[str, Span], ...] = ()
    """Tests that pass where something raises in lines that they say they run: they neither notice
    those lines nor are believed to run them."""
    broken: str = ""
    """Why the tests are not to be believed at all; empty where they are."""
    status: Literal["ok", "unstable", "forged"] = "ok"
    """``unstable``: they fail where nothing is wrong, by chance or by looking at more than what
    the function does. ``forged``: they pass where nothing can."""


def read(
    order: Sequence[Place],
    cells: Mapping[str, Cell],
    *,
    steps: Mapping[str, int],
    lines: Mapping[str, frozenset[int]],
    alone: bool,
    stop: bool,
) -> Findings:
    """``steps`` and ``lines``: of each test, on the original. ``stop``: what a mutant's tests say
    after the first that rejects it is left out. ``alone``: each program had a process of its
    own, so that nothing but the tests themselves can explain a decoy's answer.
    """
    believed: dict[str, Cell] = {}
    again: set[str] = set()
    since: list[str] = []  # mutants since the last decoy that did well
    doubted: list[tuple[str, Span]] = []
    stateful = False
    broken, well = "", True
    status: Literal["ok", "unstable", "forged"] = "ok"
    for place in order:
        cell = cells.get(place.program.id)
        if cell is None:
            continue
        killed = is_kill(cell)
        if place.mutant:
            believed[place.mutant] = _until_kill(cell) if stop else cell
            since.append(place.mutant)
            if not alone and (cell.end != "done" or (not killed and _was_skipped(cell, steps))):
                again.add(place.mutant)
        elif not place.survives:
            liars = [
                test
                for test, verdict in cell.outcomes
                if verdict == "pass" and (place.entry or _claims(test, place, lines))
            ]
            if liars and not alone:
                stateful = True
            elif liars and place.raises is not None:
                doubted += [(test, place.raises) for test in liars]
                if place.entry and not killed:
                    broken, status = "passes on a program that raises when it is entered", "forged"
        elif killed:
            if alone:
                broken = broken or "fails on a program that computes the same"
                status = "forged" if status == "forged" else "unstable"
            well = False
            again.update(since)
        else:
            if not well:
                again.update(since)
            well = True
            since.clear()
    if not well:
        again.update(since)
    trusted = {mutant: cell for mutant, cell in believed.items() if mutant not in again}
    return Findings(trusted, frozenset(again), stateful, tuple(doubted), broken, status)


def _claims(test: str, place: Place, lines: Mapping[str, frozenset[int]]) -> bool:
    """Whether the test says that it runs a line where the program raises."""
    span = place.raises
    return span is not None and any(line in span for line in lines.get(test, ()))


def _until_kill(cell: Cell) -> Cell:
    verdicts = [verdict in matrix.KILLS for _, verdict in cell.outcomes]
    if True not in verdicts:
        return cell
    return replace(cell, outcomes=cell.outcomes[: verdicts.index(True) + 1])


def is_kill(cell: Cell) -> bool:
    if cell.end != "infrastructure" and (cell.end != "done" or cell.error):
        return True
    return any(verdict in matrix.KILLS for _, verdict in cell.outcomes)


def _was_skipped(cell: Cell, steps: Mapping[str, int]) -> bool:
    """Whether the function was hardly entered, as where an earlier answer was kept."""
    expected = sum(steps.get(test, 0) for test, _ in cell.outcomes)
    return cell.steps * 2 < expected
