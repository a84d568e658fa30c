"""Pre-training pairs in the policy's text format; no bundled function is among them.

The prompt is what the product's `nano` template renders: the focal function's lines, each behind a
`+`, the tests that exist, and a request for a new one. The completion is a one-line plan, which is
the uncovered line aimed at, and a test that runs it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from recipes.nano.codebase import bundled_functions
from recipes.nano.draw import Draw
from recipes.nano.families import TRAINING
from recipes.nano.functions import (
    Case,
    Function,
    Suite,
    make_function,
    make_suite,
    normal_form,
    write_test,
)


@dataclass(frozen=True, slots=True)
class Pair:
    """One pre-training example, with the source of its function for the overlap check."""

    family: str
    source: str
    prompt: str
    completion: str


@dataclass(frozen=True, slots=True)
class Stream:
    """The pairs of a data set, and how many drawn functions were dropped as bundled ones."""

    pairs: list[Pair]
    dropped: int


def render_prompt(function: Function, suite: Suite) -> str:
    """The policy's prompt: `+` lines, `# tests` and those that exist, `# new`."""
    shown = "".join(f"+{line}\n" for line in function.source.splitlines())
    return f"{shown}# tests\n{''.join(suite.tests)}# new\n"


def render_completion(draw: Draw, function: Function, *, suite: Suite, case: Case) -> str:
    """The plan line and a test of that case, numbered after the existing ones."""
    aim = function.line(max(case.lines - suite.covered))
    test = write_test(draw, function, case, number=len(suite.tests) + 1)
    return f"# {aim}\n{test}"


def bundled_forms(seed: int) -> frozenset[str]:
    """The normal form of every function of the bundled codebase."""
    return frozenset(normal_form(function.source) for function, _ in bundled_functions(seed))


def make_pairs(seed: int, count: int, *, excluded: frozenset[str]) -> Stream:
    """That many pairs, none of a function whose normal form is excluded."""
    draw, pairs, dropped = Draw(seed), list[Pair](), 0
    while len(pairs) < count:
        function = make_function(draw, TRAINING)
        suite = make_suite(draw, function)
        case = draw.choice(suite.open_cases)
        completion = render_completion(draw, function, suite=suite, case=case)
        if normal_form(function.source) in excluded:
            dropped += 1
            continue
        prompt = render_prompt(function, suite)
        pairs.append(Pair(function.family, function.source, prompt, completion))
    return Stream(pairs, dropped)


def write_pairs(path: Path, pairs: list[Pair]) -> None:
    """One JSON object per line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for pair in pairs:
            row = {
                "family": pair.family,
                "source": pair.source,
                "prompt": pair.prompt,
                "completion": pair.completion,
            }
            file.write(json.dumps(row) + "\n")


def read_pairs(path: Path) -> Iterator[Pair]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield Pair(**json.loads(line))


def overlap(pairs: Iterator[Pair], forms: frozenset[str]) -> int:
    """How many pairs show a function of that set; the recipe demands none."""
    return sum(normal_form(pair.source) in forms for pair in pairs)
