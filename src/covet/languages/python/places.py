"""Places in a source text: where a syntax node stands, byte for byte, and how to change it.

``ast`` counts columns in UTF-8 bytes, so that is what positions are here. An edit keeps the
number of lines where it can.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from covet.languages.python.lines import parse, split_lines

Placed = ast.expr | ast.stmt | ast.keyword
"""Nodes that know where they stand."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Bytes ``start`` to ``end`` of the text become ``new``."""

    start: int
    end: int
    new: str


class Text:
    """A source text with what ``ast`` says about it: positions as offsets into its UTF-8 bytes."""

    def __init__(self, source: str) -> None:
        self.tree = parse(source)
        self.bytes = source.encode()
        self.lines = split_lines(source)
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line.encode()))
        self._stores: dict[ast.AST, Counter[str]] = {}

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """All of the tree."""
        return tuple(ast.walk(self.tree))

    @cached_property
    def bound(self) -> frozenset[str]:
        """Every name that the text itself gives a meaning to, anywhere in it; ``*`` for all that
        an import may bring.
        """
        return frozenset(name for node in self.nodes for name in bound_by(node))

    def stores(self, scope: ast.AST) -> Counter[str]:
        """How often each name gets a value somewhere in ``scope``; twice where it is another
        scope's.
        """
        if scope not in self._stores:
            self._stores[scope] = Counter(_stores(scope))
        return self._stores[scope]

    def start(self, node: Placed) -> int:
        return self.starts[node.lineno - 1] + node.col_offset

    def end(self, node: Placed) -> int:
        return self.starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)

    def of(self, node: Placed) -> str:
        return self.bytes[self.start(node) : self.end(node)].decode()

    def replace(self, node: ast.expr | ast.stmt, new: str) -> Edit:
        """Keeps the number of lines: an expression's in parentheses, a statement's below it."""
        missing = self.of(node).count("\n") - new.count("\n")
        if missing > 0:
            new += "\n" * missing
            new = f"({new})" if isinstance(node, ast.expr) else new
        return Edit(self.start(node), self.end(node), new)

    def replace_block(self, block: list[ast.stmt], new: str) -> Edit:
        """One statement in place of all; the lines that it takes away stay, empty."""
        start, end = self.start(block[0]), self.end(block[-1])
        return Edit(start, end, new + "\n" * self.bytes[start:end].count(b"\n"))

    def between(self, left: ast.expr, right: ast.expr, operator: str) -> tuple[int, int]:
        """The range of an operator (a pattern) between two nodes; comments do not count."""
        start, end = self.end(left), self.start(right)
        gap = re.sub(rb"#[^\r\n]*", lambda c: b" " * len(c[0]), self.bytes[start:end])
        found = re.search(operator.encode(), gap)
        assert found is not None, (operator, gap)
        return start + found.start(), start + found.end()

    def apply(self, edit: Edit) -> str:
        return (self.bytes[: edit.start] + edit.new.encode() + self.bytes[edit.end :]).decode()

    def between_lines(self, first: int, last: int, edit: Edit | None = None) -> str:
        """Those lines, both included, after an edit among them."""
        start, end = self.starts[max(first, 1) - 1], self.starts[min(last, len(self.lines))]
        if edit is None:
            return self.bytes[start:end].decode()
        changed = self.bytes[start : edit.start] + edit.new.encode() + self.bytes[edit.end : end]
        return changed.decode()

    def line_of(self, offset: int) -> int:
        low, high = 0, len(self.lines)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.starts[middle] <= offset else (low, middle)
        return low + 1


def _stores(scope: ast.AST) -> Iterator[str]:
    for node in ast.walk(scope):
        if isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Global | ast.Nonlocal):
            yield from node.names * 2


def bound_by(node: ast.AST) -> list[str]:
    """The names to which a node, its children left out, gives a meaning or takes it."""
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
            return [name]
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return [node.name]
        case ast.alias(name=name, asname=other):
            return [other or name.partition(".")[0]]
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            return names
        case ast.ExceptHandler(name=str() as name) | ast.MatchAs(name=str() as name):
            return [name]
        case ast.MatchStar(name=str() as name) | ast.MatchMapping(rest=str() as name):
            return [name]
        case _:
            return []


@lru_cache(maxsize=8)
def text_of(source: str) -> Text:
    """Functions of one file come one after another."""
    return Text(source)


@dataclass(frozen=True, slots=True)
class Site:
    """A node that may be changed, with what surrounds it."""

    text: Text
    node: ast.AST
    parents: tuple[ast.AST, ...]
    """From the module down to the node's parent."""

    @property
    def parent(self) -> ast.AST:
        return self.parents[-1]

    @property
    def statement(self) -> ast.stmt:
        """The innermost around the node, or the node itself."""
        return next(node for node in reversed(self.chain) if isinstance(node, ast.stmt))

    @property
    def chain(self) -> tuple[ast.AST, ...]:
        """From the module down to the node itself."""
        return (*self.parents, self.node)
