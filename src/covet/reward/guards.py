"""What makes a candidate worth nothing although its tests pass.

A guard is a predicate over the evidence that says why, or nothing. They stand before the weights:
no sum of credits pays for a test that cheats or asks nothing. ``docs/reward-hacking.md`` shows a
candidate for each of them.
"""

from collections.abc import Callable, Mapping

from covet.records import CheckKind, TrickName
from covet.reward.evidence import Evidence
from covet.reward.terms import marginal

Guard = Callable[[Evidence], str]
"""Why it is refused; empty where it is not."""

IDLE: frozenset[CheckKind] = frozenset({"constant", "same", "own", "source"})
"""Assertions that hold whatever the codebase does, or ask what is no behaviour."""
LEAST_LIVED = 2
"""Wrong programs that must have come through for that to say anything of the assertions."""


def checks_nothing(evidence: Evidence) -> str:
    """No assertion was reached."""
    if evidence.asked:
        return ""
    if not evidence.reading.checks:
        return "there is no assertion in it"
    places = ", ".join(str(check.span.first_line) for check in evidence.reading.checks[:3])
    return f"no assertion was reached (line {places})"


def checks_itself(evidence: Evidence) -> str:
    """Every assertion holds whatever the codebase does."""
    asked = evidence.asked
    if not asked or any(check.kind not in IDLE for check in asked):
        return ""
    told = ", ".join(f"line {check.span.first_line}: {check.kind}" for check in asked[:3])
    return f"no assertion is about the codebase ({told})"


def misses_target(evidence: Evidence) -> str:
    """No line of the focal function ran."""
    reached = evidence.execution.covered.lines & evidence.example.executable.lines
    return "" if reached else "the function under test is never run"


def adds_nothing(evidence: Evidence) -> str:
    """It shows nothing new: no line, and no mutant killed that the existing tests leave alive."""
    execution = evidence.execution
    if execution.mutants is None or execution.gained.lines or marginal(evidence):
        return ""
    return "it covers no new line and kills no mutant that the existing tests leave alive"


def notices_nothing(evidence: Evidence) -> str:
    """No assertion fails on a wrong program, and most of those that its tests run come through:
    what crashes is rejected by calling the function, and that is all that happens.
    """
    lived, crashed = len(evidence.lived), len(evidence.killed)
    if evidence.noticed or lived < max(LEAST_LIVED, crashed):
        return ""
    return f"no assertion fails on any wrong program; {lived} pass all tests that run them"


def _by_trick(name: TrickName) -> Guard:
    def guard(evidence: Evidence) -> str:
        found = [trick for trick in evidence.reading.tricks if trick.name == name]
        return f"line {found[0].line}: {found[0].what}" if found else ""

    return guard


replaces_target = _by_trick("replaces_target")
swallows = _by_trick("swallows")
skips = _by_trick("skips")
reads_source = _by_trick("reads_source")
copies_target = _by_trick("copies_target")

GUARDS: Mapping[str, Guard] = {
    "checks_nothing": checks_nothing,
    "checks_itself": checks_itself,
    "misses_target": misses_target,
    "adds_nothing": adds_nothing,
    "replaces_target": replaces_target,
    "swallows": swallows,
    "skips": skips,
    "reads_source": reads_source,
    "copies_target": copies_target,
    "notices_nothing": notices_nothing,
}
"""The names are those of the setting ``reward.guards``."""


def refusals(evidence: Evidence, names: tuple[str, ...]) -> tuple[str, ...]:
    """``guard: reason`` of each that finds something."""
    found = ((name, GUARDS[name](evidence)) for name in names)
    return tuple(f"{name}: {why}" for name, why in found if why)
