"""What the text of a test file tells of how it tests a function: what it asks, and how it avoids
asking.

``checks`` are told of every function of the file, helpers included; which of them were asked is
found by running. Nothing here runs anything.
"""

import ast
from collections.abc import Iterator
from functools import lru_cache

from covet.languages.python import origins
from covet.languages.python.checks import called_helpers, checks
from covet.languages.python.lines import Definition, parse, text_of
from covet.languages.python.tokens import tokens
from covet.languages.python.tricks import stand_ins, tricks
from covet.records import Function, Reading, Span


@lru_cache(maxsize=512)
def reading(source: str, function: Function, *, first_line: int) -> Reading:
    """See :meth:`covet.languages.base.Language.reading`."""
    try:
        tree = parse(source)
        names = origins.of_file(tree, function)
        followed = {
            helper
            for _, node, around in _functions(tree)
            for helper in called_helpers(node, names.entering(node, around, None))
        }
        return Reading(
            checks=tuple(
                check
                for name, node, around in _functions(tree)
                if node not in followed  # those are read where they are called
                for check in checks(name, node, names, around)
            ),
            tricks=tuple(tricks(tree, function, names.inside(), first_line=first_line)),
            stand_ins=tuple(stand_ins(tree, first_line=first_line)),
            distinct_tests={
                name: _body(source, node)
                for name, node, _ in _functions(tree)
                if name.rpartition("::")[2].startswith("test")
            },
        )
    except (SyntaxError, RecursionError, ValueError):  # or a number too long to be written out
        return Reading()


def _functions(tree: ast.Module) -> Iterator[tuple[str, Definition, ast.ClassDef | None]]:
    """Functions and methods by their names, with the class around them."""
    for node in tree.body:
        if isinstance(node, Definition):
            yield node.name, node, None
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, Definition):
                    yield f"{node.name}::{inner.name}", inner, node


def _body(source: str, node: ast.stmt) -> str:
    text = text_of(source, Span(node.lineno, node.end_lineno or node.lineno))
    return " ".join(tokens(text))
