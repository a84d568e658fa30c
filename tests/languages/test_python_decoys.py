"""Decoys: harmless ones compute the same, the others raise where they say."""

import random
import textwrap
from typing import Any

import pytest

from covet.languages.python import PYTHON
from covet.records import Decoy

SOURCE = textwrap.dedent('''
    LIMIT = 3


    class Shelf:
        def label(self, price, *, rate=2):
            """What it costs; "text" with # in it."""
            total = 0
            for step in range(price):
                if step % 2 == 0:
                    total += rate
                elif step > LIMIT:
                    total -= 1
                else:
                    total += 1
            text = "dear" if total > LIMIT else "cheap"
            try:
                extra = 10 // price
            except ZeroDivisionError as why:
                extra = len(str(why))
            if text == "dear":
                kept = [total, extra]
            else:
                kept = [extra]
            return text, kept, (lambda: total)()
''')


@pytest.fixture(scope="module")
def decoys() -> tuple[Decoy, ...]:
    (function,) = PYTHON.functions(SOURCE, path="shelf.py", module="shelf")
    return PYTHON.decoys(SOURCE, function.span)


def run(source: str, price: int, rate: int) -> Any:
    names: dict[str, Any] = {}
    exec(compile(source, "shelf.py", "exec"), names)
    return names["Shelf"]().label(price, rate=rate)


def test_the_first_is_the_unchanged_text(decoys: tuple[Decoy, ...]) -> None:
    assert decoys[0].source == SOURCE
    assert decoys[0].survives


def test_harmless_ones_differ_in_text_and_compute_the_same(decoys: tuple[Decoy, ...]) -> None:
    harmless = [decoy for decoy in decoys if decoy.survives]
    assert len(harmless) >= 5  # unchanged, idle twice, comments, names, branches
    assert len({decoy.source for decoy in harmless}) == len(harmless)
    drawn = random.Random(1)
    for _ in range(50):
        price, rate = drawn.randrange(12), drawn.randrange(-3, 4)
        expected = run(SOURCE, price, rate)
        assert all(run(decoy.source, price, rate) == expected for decoy in harmless)


def test_the_others_raise_where_they_say(decoys: tuple[Decoy, ...]) -> None:
    raising = [decoy for decoy in decoys if not decoy.survives]
    assert raising[0].span.last_line == decoys[0].span.last_line
    with pytest.raises(pytest.fail.Exception):
        run(raising[0].source, 0, 1)
    assert len(raising) > 6
    by_line = {decoy.span.first_line: decoy for decoy in raising[1:]}
    odd = next(n for n, line in enumerate(SOURCE.splitlines(), 1) if "total += 1" in line)
    assert run(by_line[odd].source, 1, 1) == run(SOURCE, 1, 1)
    with pytest.raises(pytest.fail.Exception):
        run(by_line[odd].source, 2, 1)


@pytest.mark.parametrize(
    "body",
    ["return 1", "yield 1", "'text'; return a", "x = 1; return x", "return (\n        1)"],
)
def test_whatever_the_body_every_decoy_compiles(body: str) -> None:
    source = f"def f(a):\n    {body}\n"
    (function,) = PYTHON.functions(source, path="f.py", module="f")
    for decoy in PYTHON.decoys(source, function.span):
        compile(decoy.source, "f.py", "exec")


def test_names_that_the_function_can_look_at_stay() -> None:
    source = "def f(a):\n    x = a\n    return locals()\n"
    (function,) = PYTHON.functions(source, path="f.py", module="f")
    for decoy in PYTHON.decoys(source, function.span):
        if decoy.survives:
            names: dict[str, Any] = {}
            exec(compile(decoy.source, "f.py", "exec"), names)
            assert names["f"](1) == {"a": 1, "x": 1}
