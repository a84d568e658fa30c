"""Instructions over one whole number, their programs, and how people get them wrong.

A family draws parameters and renders them twice, in words and as a function ``f(n)``. A mistake is
the same program with one parameter read wrongly: a bound that should be included, a number that is
off by one, branches that are swapped. Most mistakes show at very few inputs, and those follow from
the instruction: so there is something for a test writer to find out.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from recipes.nano.draw import Draw

LARGEST = 20
"""Inputs are 0 to this."""
DOMAIN = range(LARGEST + 1)


@dataclass(frozen=True, slots=True)
class Pair:
    """An instruction and its program."""

    family: str
    instruction: str
    code: str
    mistakes: tuple[str, ...]
    """Programs that answer otherwise for some input; the likeliest mistake stands most often."""


@dataclass(frozen=True, slots=True)
class Branches:
    """A comparison and what is returned either way."""

    words: str
    operator: str
    bound: int
    then: tuple[str, str]
    """In words, and as an expression."""
    otherwise: tuple[str, str]

    def code(self) -> str:
        return _function(
            f"if n {self.operator} {self.bound}:",
            f"    return {self.then[1]}",
            f"return {self.otherwise[1]}",
        )


COMPARISONS = (
    ("more than", ">"),
    ("above", ">"),
    ("at least", ">="),
    ("less than", "<"),
    ("below", "<"),
    ("at most", "<="),
)
NEIGHBOUR = {">": ">=", ">=": ">", "<": "<=", "<=": "<"}


def threshold(draw: Draw) -> Pair:
    words, operator = draw.choice(COMPARISONS)
    then, otherwise = _results(draw)
    branches = Branches(words, operator, draw.randint(2, 17), then, otherwise)
    text = f"if n is {words} {branches.bound} return {then[0]}, otherwise {otherwise[0]}"
    near = replace(branches, operator=NEIGHBOUR[operator])
    step = draw.choice((-1, 1))
    mistakes = [near] * 4 + [
        replace(branches, bound=branches.bound + step),
        replace(branches, then=otherwise, otherwise=then),
    ]
    return _pair("threshold", text, branches.code(), [one.code() for one in mistakes])


def within(draw: Draw) -> Pair:
    low = draw.randint(1, 8)
    high = low + draw.randint(3, 9)
    then, otherwise = _results(draw)

    def code(left: str, right: str) -> str:
        return _function(
            f"if {low} {left} n {right} {high}:",
            f"    return {then[1]}",
            f"return {otherwise[1]}",
        )

    text = f"if n is from {low} to {high} return {then[0]}, otherwise {otherwise[0]}"
    right = code("<=", "<=")
    return _pair("within", text, right, [code("<=", "<")] * 3 + [code("<", "<=")] * 2)


def steps(draw: Draw) -> Pair:
    low = draw.randint(2, 9)
    high = low + draw.randint(3, 8)
    first, second, third = draw.sample(range(1, 10), 3)

    def code(left: str, right: str) -> str:
        return _function(
            f"if n {left} {low}:",
            f"    return {first}",
            f"if n {right} {high}:",
            f"    return {second}",
            f"return {third}",
        )

    text = f"return {first} below {low}, {second} above {high}, {third} in between"
    return _pair("steps", text, code("<", ">"), [code("<=", ">")] * 2 + [code("<", ">=")] * 2)


def divisible(draw: Draw) -> Pair:
    by = draw.choice((2, 3, 4, 5))
    then, otherwise = _results(draw)

    def code(number: int, left: tuple[str, str], right: tuple[str, str]) -> str:
        return _function(f"if n % {number} == 0:", f"    return {left[1]}", f"return {right[1]}")

    text = f"if n is divisible by {by} return {then[0]}, otherwise {otherwise[0]}"
    mistakes = [code(by + 1, then, otherwise), code(by, otherwise, then)]
    return _pair("divisible", text, code(by, then, otherwise), mistakes)


def bounded(draw: Draw) -> Pair:
    bound, plus = draw.randint(5, 16), draw.randint(0, 4)
    first = _sum("n", plus)

    def code(operator: str, number: int) -> str:
        return _function(
            f"if {first[1]} {operator} {number}:", f"    return {number}", f"return {first[1]}"
        )

    text = f"return {first[0]}, but at most {bound}"
    mistakes = [code(">", bound - 1)] * 2 + [code(">", bound + 1), code("<", bound)]
    return _pair("bounded", text, code(">", bound), mistakes)


def special(draw: Draw) -> Pair:
    at = draw.randint(1, 18)
    then, otherwise = _results(draw)

    def code(condition: str) -> str:
        return _function(f"if {condition}:", f"    return {then[1]}", f"return {otherwise[1]}")

    text = f"if n is {at} return {then[0]}, otherwise {otherwise[0]}"
    mistakes = [_function(f"return {otherwise[1]}"), code(f"n == {at + 1}"), code(f"n >= {at}")]
    return _pair("special", text, code(f"n == {at}"), mistakes)


FAMILIES: tuple[Callable[[Draw], Pair], ...] = (
    threshold,
    threshold,
    within,
    steps,
    divisible,
    bounded,
    special,
)


def draw_pair(draw: Draw) -> Pair:
    """One whose mistakes show."""
    while True:
        pair = draw.choice(FAMILIES)(draw)
        if pair.mistakes:
            return pair


def answers(code: str) -> tuple[int, ...]:
    """What a program of this module returns for each input of the domain."""
    scope: dict[str, Any] = {}
    exec(code, scope)  # noqa: S102 (text of this module)
    return tuple(scope["f"](n) for n in DOMAIN)


def _pair(family: str, instruction: str, code: str, mistakes: list[str]) -> Pair:
    right = answers(code)
    return Pair(family, instruction, code, tuple(m for m in mistakes if answers(m) != right))


def _results(draw: Draw) -> tuple[tuple[str, str], tuple[str, str]]:
    first = _result(draw)
    while (second := _result(draw)) == first:
        pass
    return first, second


def _result(draw: Draw) -> tuple[str, str]:
    kind, number = draw.randrange(5), draw.randint(1, 9)
    if kind == 0:
        return "n", "n"
    if kind == 1:
        return str(number), str(number)
    if kind == 2:
        return "twice n", "n * 2"
    return _sum("n", number) if kind == 3 else _sum("n", -draw.randint(1, 3))


def _sum(name: str, number: int) -> tuple[str, str]:
    if not number:
        return name, name
    words, sign = ("plus", "+") if number > 0 else ("minus", "-")
    return f"{name} {words} {abs(number)}", f"{name} {sign} {abs(number)}"


def _function(*lines: str) -> str:
    return "def f(n):\n" + "".join(f"    {line}\n" for line in lines)
