"""Pairs → tasks to train and measure on, and the texts that the model is pre-trained on.

Pre-training shows suites whose inputs are mostly drawn blindly and whose outputs are sometimes
wrong, and programs of which a share has a mistake: the start is as weak as it is told to be, so
that what reinforcement learning adds can be seen. No instruction of a task is among them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from covet.records import Case, InstructionExample
from recipes.nano.draw import Draw
from recipes.pairs.families import DOMAIN, Pair, answers, draw_pair

WRONG_PROGRAMS, WRONG_OUTPUTS, AIMED_INPUTS = 0.5, 0.1, 0.2
"""Shares of what pre-training shows."""
REFERENCE_CASES = 12


@dataclass(frozen=True, slots=True)
class Text:
    """One prompt with the answer to it."""

    prompt: str
    completion: str


def make_tasks(
    seed: int, count: int, *, split: Literal["train", "heldout"], taken: set[str]
) -> list[InstructionExample]:
    """That many, of instructions that are not ``taken``, which grows by them.

    Of the cases some are where a mistake shows, one for each, and the others anywhere.
    """
    draw = Draw(seed)
    found: list[InstructionExample] = []
    while len(found) < count:
        pair = draw_pair(draw)
        if pair.instruction in taken:
            continue
        taken.add(pair.instruction)
        found.append(
            InstructionExample(
                id=f"{split}-{len(found):05d}-{pair.family}",
                instruction=pair.instruction,
                entry_point="f",
                reference=pair.code,
                cases=_reference_cases(draw, pair),
                split=split,
            )
        )
    return found


def make_texts(seed: int, count: int, *, taken: set[str]) -> Iterator[Text]:
    """Suites and programs in turn, for instructions that are not ``taken``."""
    draw = Draw(seed)
    while count:
        pair = draw_pair(draw)
        if pair.instruction in taken:
            continue
        count -= 1
        if count % 2:
            yield Text(tests_prompt(pair.instruction), some_suite(draw, pair))
        else:
            yield Text(code_prompt(pair.instruction), _program(draw, pair))


def tests_prompt(instruction: str) -> str:
    """As the bundled template ``lines`` renders it."""
    return f"# task\n{instruction}\n# tests\n"


def code_prompt(instruction: str) -> str:
    return f"# task\n{instruction}\n# code\n"


def suite(cases: Sequence[Case]) -> str:
    """As it is read back: a line for each case."""
    return "".join(f"{case.given} => {case.expected}\n" for case in cases)


def some_suite(draw: Draw, pair: Pair) -> str:
    """As pre-training shows them."""
    right = answers(pair.code)
    numbers = [int(one) for one in re.findall(r"\d+", pair.instruction)]
    aims = [n for n in DOMAIN if any(abs(n - one) <= 1 for one in numbers)] or list(DOMAIN)
    inputs: list[int] = []
    size = draw.choice((3, 4, 4, 4, 5))
    while len(inputs) < size:
        n = draw.choice(aims) if draw.chance(AIMED_INPUTS) else draw.choice(DOMAIN)
        inputs += [n] if n not in inputs else []
    return suite(
        [
            Case("call", str(n), str(right[n] + (draw.choice((-2, -1, 1, 2)) * _wrong(draw))))
            for n in inputs
        ]
    )


def _wrong(draw: Draw) -> bool:
    return draw.chance(WRONG_OUTPUTS)


def _program(draw: Draw, pair: Pair) -> str:
    return draw.choice(pair.mistakes) if draw.chance(WRONG_PROGRAMS) else pair.code


def _reference_cases(draw: Draw, pair: Pair) -> tuple[Case, ...]:
    right = answers(pair.code)
    inputs: list[int] = []
    for mistake in dict.fromkeys(pair.mistakes):
        telling = [n for n in DOMAIN if answers(mistake)[n] != right[n]]
        if not set(telling) & set(inputs):
            inputs.append(draw.choice(telling))
    others = [n for n in DOMAIN if n not in inputs]
    draw.shuffle(others)
    chosen = [*inputs, *others][:REFERENCE_CASES]
    return tuple(Case("call", str(n), str(right[n])) for n in chosen)
