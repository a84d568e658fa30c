"""The statements of a test, and a file without some of them."""

import ast
from collections.abc import Iterator, Sequence

from covet.languages.python.lines import Definition, docstring_of, parse, span_of, split_lines
from covet.languages.python.needs import find_test
from covet.records import Span


def steps(source: str, test: str) -> tuple[Span, ...]:
    """See ``Language.steps``."""
    _, node = find_test(parse(source), test)
    taken = [line for part in node.body for line in _lines(span_of(part))]
    return tuple(span for span in _steps(node) if all(taken.count(n) == 1 for n in _lines(span)))


def _steps(node: Definition | ast.With | ast.AsyncWith) -> Iterator[Span]:
    docstring = docstring_of(node) if isinstance(node, Definition) else None
    for part in node.body:
        if part is not docstring and not isinstance(part, ast.Global | ast.Nonlocal):
            yield span_of(part)
            if isinstance(part, ast.With | ast.AsyncWith) and len(part.body) > 1:
                yield from _steps(part)


def _lines(span: Span) -> range:
    return range(span.first_line, span.last_line + 1)


def without_steps(source: str, gone: Sequence[Span]) -> str:
    """See ``Language.without_steps``."""
    lines = split_lines(source)
    doomed = {number for span in gone for number in _lines(span)}
    for span in gone:  # the comments above a statement are about it
        number = span.first_line - 1
        while number and lines[number - 1].lstrip().startswith("#"):
            doomed.add(number)
            number -= 1
    kept: list[str] = []
    for number, line in enumerate(lines, 1):
        if number in doomed:
            continue
        is_blank = not line.strip()
        after_gap = number - 1 in doomed and (not kept or not kept[-1].strip() or _opens(kept[-1]))
        if not (is_blank and after_gap):
            kept.append(line)
    return "".join(kept)


def _opens(line: str) -> bool:
    return line.rstrip().endswith(":")
