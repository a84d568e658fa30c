"""Which cases stand in the instruction itself: who repeats them earns nothing."""

import re
from dataclasses import replace

from covet.records import Case, InstructionExample

_SHORTEST = 1
"""Characters of a text that is looked for."""


def mark_shown(example: InstructionExample) -> InstructionExample:
    """The example with every case marked whose input stands in the instruction, and its output
    behind it, white space aside.
    """
    text = _plain(example.instruction)
    cases = tuple(
        replace(case, shown=case.shown or _stands(case, text, example.entry_point))
        for case in example.cases
    )
    return replace(example, cases=cases)


def _stands(case: Case, text: str, entry_point: str) -> bool:
    if case.kind == "test":
        return False
    given = _plain(case.given)
    if case.kind == "call":
        given = f"{entry_point}({given})"
    expected = _plain(case.expected)
    if len(given) < _SHORTEST or not expected:
        return False
    return any(
        _whole_word(text, expected, after=found.end())
        for found in re.finditer(re.escape(given), text)
        if _is_apart(text, found.start(), found.end())
    )


def _whole_word(text: str, wanted: str, *, after: int) -> bool:
    place = text.find(wanted, after)
    while place >= 0:
        if _is_apart(text, place, place + len(wanted)):
            return True
        place = text.find(wanted, place + 1)
    return False


def _is_apart(text: str, start: int, end: int) -> bool:
    """Not a part of a longer word or number."""
    before, behind = text[:start][-1:], text[end : end + 1]
    return not (before.isalnum() and text[start].isalnum()) and not (
        behind.isalnum() and text[end - 1].isalnum()
    )


def _plain(text: str) -> str:
    return " ".join(text.replace("'", '"').split())
