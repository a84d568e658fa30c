"""An Example becomes a Prompt that fits a budget of tokens.

A prompt that is too long loses the least useful parts first, and no more of them than it must.
The order is the template's; by default:

1. ``similar``: the tests of other functions, the least like first;
2. ``functions``: the other functions of the source file, the one farthest from the focal
   function first;
3. ``tests``: the existing tests, those that are not linked to the focal function first, and each
   time the oldest, which is the one that stands first in the file;
4. ``module``: the lines between the functions, the farthest first, and the head of the file with
   its imports last;
5. ``test_file``: what is left of the test file.

The focal function is never cut. What is cut of the source file is cut of its diff too.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from textwrap import dedent
from typing import Any

from covet.errors import DataError
from covet.languages.base import Language
from covet.prompt.template import Template
from covet.prompt.views import diff_view, lines_of, source_view
from covet.records import FunctionExample, Prompt, Span, TestCase
from covet.secrets import detector


class PromptTooLong(DataError):
    """Even with all that may be left out left out, the example does not fit the budget."""

    def __init__(self, example_id: str, *, tokens: int, budget: int) -> None:
        super().__init__(
            f"{example_id}: its prompt takes {tokens} tokens at least, and prompt.tokens allows"
            f" {budget}; raise it, or leave the example out"
        )
        self.example_id = example_id
        self.tokens = tokens
        self.budget = budget


@dataclass(frozen=True, slots=True)
class _LeftOut:
    """What a prompt does not show."""

    similar: int = 0
    """How many of the similar tests, from the least like."""
    lines: frozenset[int] = frozenset()
    """Of the source file."""
    tests: tuple[TestCase, ...] = ()
    test_file: bool = False

    @classmethod
    def together(cls, parts: Sequence["_LeftOut"]) -> "_LeftOut":
        return cls(
            sum(part.similar for part in parts),
            frozenset().union(*(part.lines for part in parts)),
            tuple(test for part in parts for test in part.tests),
            any(part.test_file for part in parts),
        )


def render(
    example: FunctionExample,
    *,
    template: Template,
    language: Language,
    budget: int,
    count: Callable[[str], int],
) -> Prompt:
    """The example in the template's words, in at most ``budget`` tokens as ``count`` counts, with
    the secrets taken out (``covet.secrets``).

    Raises ``PromptTooLong`` where that cannot be. ``count`` is called about log2 of the number
    of parts that may be left out.
    """
    whole = template.fill(_variables(example, language, _LeftOut()))
    text = detector().redact(whole)
    if count(text) > budget:
        redact = detector().redact if text != whole else str
        text = _fit(example, template, language=language, budget=budget, count=count, redact=redact)
    return Prompt(example.id, text, template.name, template.answer)


def _fit(
    example: FunctionExample,
    template: Template,
    *,
    language: Language,
    budget: int,
    count: Callable[[str], int],
    redact: Callable[[str], str],
) -> str:
    """The text with the fewest parts left out that fits, found by bisection."""
    try:
        parts = [part for kind in template.cut for part in _parts(example, language, kind)]
    except SyntaxError as error:
        raise DataError(f"{example.id}: one of its files cannot be parsed: {error}") from error

    def text_without(number: int) -> str:
        left_out = _LeftOut.together(parts[:number])
        return redact(template.fill(_variables(example, language, left_out)))

    fits = len(parts)
    text = text_without(fits)
    if (tokens := count(text)) > budget:
        raise PromptTooLong(example.id, tokens=tokens, budget=budget)
    too_few = 0
    while fits - too_few > 1:
        middle = (fits + too_few) // 2
        shorter = text_without(middle)
        if count(shorter) <= budget:
            fits, text = middle, shorter
        else:
            too_few = middle
    return text


def _parts(example: FunctionExample, language: Language, kind: str) -> list[_LeftOut]:
    """The parts of one kind, the one to leave out first at the front."""
    if kind == "similar":
        return [_LeftOut(similar=1)] * len(example.similar)
    if kind == "tests":
        return [_LeftOut(tests=(test,)) for test in _tests_oldest_first(example, language)]
    if kind == "test_file":
        return [_LeftOut(test_file=True)]
    focal = example.function.span
    others = [
        span for span in _functions(example.source_file, language) if _distance(span, focal) > 0
    ]
    if kind == "module":
        others = _between(others, focal, last_line=len(lines_of(example.source_file)))
    others.sort(key=lambda span: (-_distance(span, focal), span.first_line))
    if kind == "module":
        others.sort(key=lambda span: span.first_line == 1)
    return [
        _LeftOut(lines=frozenset(range(span.first_line, span.last_line + 1))) for span in others
    ]


@lru_cache(maxsize=4)  # every function of a file asks the same
def _functions(source: str, language: Language) -> tuple[Span, ...]:
    return tuple(function.span for function in language.functions(source, path="", module=""))


@lru_cache(maxsize=4)  # likewise
def _tests(source: str, path: str, language: Language) -> tuple[TestCase, ...]:
    return language.tests(source, path=path) if source else ()


def _tests_oldest_first(example: FunctionExample, language: Language) -> list[TestCase]:
    linked = {_place(test) for test in example.tests}
    found = _tests(example.test_file, example.test_path, language)
    return [test for test in found if _place(test) not in linked] + list(example.tests)


def _between(functions: Sequence[Span], focal: Span, *, last_line: int) -> list[Span]:
    """The stretches of a file that belong to no function."""
    stretches: list[Span] = []
    next_line = 1
    for span in sorted([*functions, focal], key=lambda span: span.first_line):
        if span.first_line > next_line:
            stretches.append(Span(next_line, span.first_line - 1))
        next_line = max(next_line, span.last_line + 1)
    if last_line >= next_line:
        stretches.append(Span(next_line, last_line))
    return stretches


def _distance(span: Span, focal: Span) -> int:
    """Lines from one to the other; 0 where they overlap."""
    return max(focal.first_line - span.last_line, span.first_line - focal.last_line, 0)


def _place(test: TestCase) -> tuple[str, Span]:
    return test.path, test.span


def _variables(example: FunctionExample, language: Language, left_out: _LeftOut) -> dict[str, Any]:
    """What a template may name; ``covet.prompt.template.VARIABLES`` describes each."""
    gone = {_place(test) for test in left_out.tests}
    similar = example.similar[: len(example.similar) - left_out.similar]
    return {
        "function": example.function,
        "focal": "".join(f"+{line}\n" for line in lines_of(example.function.source)),
        "source": source_view(example.source_file, example.function.span, left_out=left_out.lines),
        "diff": diff_view(example.diff, left_out=left_out.lines),
        "tests": [_alone(test) for test in example.tests if _place(test) not in gone],
        "similar": [_alone(test) for test in similar],
        "similar_paths": [test.path for test in similar],
        "test_path": example.test_path,
        "test_file": _test_file(example, language, left_out),
    }


def _alone(test: TestCase) -> str:
    """A test's source without the indentation that its class gives it."""
    return dedent(test.source).rstrip("\n") + "\n"


def _test_file(example: FunctionExample, language: Language, left_out: _LeftOut) -> str:
    if not example.test_file:
        return ""
    if left_out.test_file:
        return "# left out\n"
    gone = [test for test in left_out.tests if test.path == example.test_path]
    text = language.remove_tests(example.test_file, gone) if gone else example.test_file
    return text.rstrip("\n") + "\n"
