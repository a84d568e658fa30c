"""What a recorded candidate earned and why, in words: for ``covet score --explain``."""

from collections.abc import Iterator, Mapping
from typing import Any

from covet.config import Reward
from covet.records import Execution, FunctionExample, Mutant
from covet.reward import Explained, known_mutants
from covet.reward.terms import TERMS


def as_row(number: int, one: Explained) -> dict[str, Any]:
    """For ``rewards.jsonl``."""
    return {
        "candidate": number,
        "reward": one.reward.value,
        "refused": one.reward.refused,
        "terms": one.reward.terms,
        "asked": [{"line": check.span.first_line, "kind": check.kind} for check in one.asked],
    }


def in_words(
    number: int,
    example: FunctionExample,
    execution: Execution,
    one: Explained,
    *,
    settings: Reward,
    mutants: Mapping[str, Mutant],
) -> Iterator[str]:
    """Lines of text; ``mutants``: the example's, by id."""
    most = sum(getattr(settings, name) for name in TERMS)
    yield f"candidate {number}, for {example.id}: {execution.status}"
    yield f"  earns {one.reward.value:.3f} of {most:g} (preset {settings.preset})"
    if execution.status != "ok":
        yield "  a candidate that does not pass earns nothing"
        yield from (f"    {line}" for line in execution.detail.splitlines()[-6:])
        return
    yield from (f"  refused by {reason}" for reason in one.reward.refused)
    for name, earned in one.credits.items():
        weight = getattr(settings, name)
        yield f"    {name:<12} {one.reward.terms[name]:5.2f} x {weight:<5g} = {earned:.3f}"
    asked = ", ".join(f"line {check.span.first_line} {check.kind}" for check in one.asked)
    yield f"  asks: {asked or 'nothing'}"
    gained = ", ".join(map(str, sorted(execution.gained.lines)))
    yield f"  new lines: {gained or 'none'}"
    known = known_mutants(execution)
    alive = [mutant for name, mutant in mutants.items() if name in known - {*execution.killed}]
    yield f"  kills {len(known) - len(alive)} of {len(known)} mutants" + (
        "; these survive:" if alive else ""
    )
    for mutant in alive:
        yield f"    {mutant.id}"
        yield from (f"      {line}" for line in mutant.diff.splitlines())
