"""Places in a source text: where a syntax node stands, byte for byte, and how to change it.

``ast`` counts columns in UTF-8 bytes, so that is what positions are here. An edit keeps the
number of lines where it can.
"""

import ast
import re
from dataclasses import dataclass

from covet.languages.python.lines import parse, split_lines


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

    def start(self, node: ast.expr | ast.stmt) -> int:
        return self.starts[node.lineno - 1] + node.col_offset

    def end(self, node: ast.expr | ast.stmt) -> int:
        return self.starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)

    def of(self, node: ast.expr | ast.stmt) -> str:
        return self.bytes[self.start(node) : self.end(node)].decode()

    def replace(self, node: ast.expr | ast.stmt, new: str) -> Edit:
        """Keeps the number of lines: an expression's in parentheses, a statement's below it."""
        missing = self.of(node).count("\n") - new.count("\n")
        if missing > 0:
            new += "\n" * missing
            new = f"({new})" if isinstance(node, ast.expr) else new
        return Edit(self.start(node), self.end(node), new)

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
