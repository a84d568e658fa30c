"""Whether what came out is what was expected: pure functions, far from any program.

Standard output is compared by the example's ``Comparison``, results of calls as Python compares
them. Results arrive as text that ``values`` of the worker wrote, made of built-in values alone, so
that no program has a say in what they are equal to.
"""

import ast
import math
from collections.abc import Mapping
from typing import Any

from covet.languages.python.worker import values
from covet.records import Case, Comparison, Verdict
from covet.sandbox.base import Answer

LONGEST = 1 << 16
"""Characters of a call's expected result; longer is not read."""
_UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, SyntaxError)
_OVERGROWN = (MemoryError, RecursionError)


def is_readable(case: Case) -> bool:
    """Whether what a case expects can be told: a call's is to be a literal."""
    if case.kind != "call":
        return True
    try:
        _expected(case.expected)
    except (*_UNREADABLE, *_OVERGROWN):
        return False
    return True


def verdict(answer: Answer, case: Case, comparison: Comparison) -> Verdict:
    """Of a program that ended well, or did not; a checker is asked elsewhere."""
    if answer.end != "done":
        return answer.end
    if case.kind == "test":
        return "pass" if answer.text == "passed" else "fail"
    if case.kind == "call":
        return "pass" if equal_results(answer.text, case.expected, comparison) else "fail"
    return "pass" if equal_texts(answer.text, case.expected, comparison) else "fail"


def equal_texts(output: str, expected: str, comparison: Comparison) -> bool:
    """Two standard outputs."""
    mode = comparison.mode
    if mode == "exact":
        return output == expected
    if mode == "ends":
        return output.strip() == expected.strip()
    found, wanted = output.split(), expected.split()
    if mode == "whitespace":
        return found == wanted
    return len(found) == len(wanted) and all(
        word == other or _near_words(word, other, comparison)
        for word, other in zip(found, wanted, strict=True)
    )


def _near_words(word: str, expected: str, comparison: Comparison) -> bool:
    try:
        return _near(float(word), float(expected), comparison)
    except ValueError:
        return False


def _near(number: float, expected: float, comparison: Comparison) -> bool:
    """|number - expected| ≤ max(absolute, relative · |expected|), and equal where infinite."""
    if not (math.isfinite(number) and math.isfinite(expected)):
        return number == expected
    bound = max(comparison.absolute, comparison.relative * abs(expected))
    return abs(number - expected) <= bound


def equal_results(told: str, expected: str, comparison: Comparison) -> bool:
    """A call's result as the worker tells it, and a literal."""
    try:
        wanted = _expected(expected)
        found = values.decode(told)
        if comparison.mode == "tolerance":
            return _near_values(found, wanted, comparison)
        return bool(found == wanted)
    except (*_UNREADABLE, *_OVERGROWN):
        return False


def shown(told: str) -> str:
    """A call's result for a checker."""
    try:
        return repr(values.decode(told))
    except (*_UNREADABLE, *_OVERGROWN):
        return "<no value>"


def _expected(text: str) -> Any:
    if len(text) > LONGEST:
        raise ValueError(len(text))
    return ast.literal_eval(text.strip())


def _near_values(found: Any, wanted: Any, comparison: Comparison) -> bool:
    """Numbers near each other, at the same places of the same containers."""
    numbers = _NUMBERS.issuperset((type(found), type(wanted)))
    if numbers and float in (type(found), type(wanted)):
        return _near(float(found), float(wanted), comparison)
    if type(found) is not type(wanted) or type(wanted) not in _CONTAINERS:
        return bool(found == wanted)
    if len(found) != len(wanted):
        return False
    if isinstance(wanted, Mapping):
        return all(
            key in found and _near_values(found[key], value, comparison)
            for key, value in wanted.items()
        )
    return all(
        _near_values(one, other, comparison) for one, other in zip(found, wanted, strict=True)
    )


_NUMBERS = frozenset({int, float})
_CONTAINERS = frozenset({list, tuple, dict})
