"""How much of a function's code stands in other code too.

Code is compared by its syntax tree, part by part, with all names that it binds taken as one: a copy
stays one when it is renamed, cut into pieces or written as expressions. What is written down
(numbers, texts, tables) is no code: a test that expects the same table has not copied it.
"""

import ast
from collections import Counter
from collections.abc import Iterable, Mapping

from covet.languages.python.lines import definition, docstring_of
from covet.languages.python.tokens import LOCAL, bound

LEAST = 20
"""Nodes below which a function is too short for a likeness to say anything."""
PART = 5
"""Nodes below which a part is too common to be looked for."""

_DATA = (ast.Constant, ast.List, ast.Tuple, ast.Set, ast.Dict, ast.UnaryOp)
_SILENT = (ast.expr_context, ast.arguments, ast.type_ignore)


class Original:
    """The code of one function, to be looked for."""

    def __init__(self, source: str) -> None:
        node = definition(source)
        docstring = docstring_of(node) if node else None
        self._body = [part for part in node.body if part is not docstring] if node else []
        self._shapes = _Shapes(dict.fromkeys(bound([node]), LOCAL) if node else {})
        self._size = sum(self._shapes.size(part) for part in self._body)

    def share_in(self, written: Iterable[ast.stmt]) -> float:
        """From 0 to 1; 0 where the function is too short to say, or is not the text of one."""
        if self._size < LEAST:
            return 0.0
        statements = list(written)
        shapes = _Shapes(dict.fromkeys(bound(statements), LOCAL) | _imported(statements))
        there = Counter(
            shapes.text(part)
            for statement in statements
            for part in ast.walk(statement)
            if shapes.counts(part)
        )
        return sum(self._found(part, there) for part in self._body) / self._size

    def _found(self, node: ast.AST, there: Counter[str]) -> int:
        """Nodes of the largest parts that are there, each as often as it is."""
        shapes = self._shapes
        if shapes.counts(node) and there[shapes.text(node)] > 0:
            there[shapes.text(node)] -= 1
            return shapes.size(node)
        return sum(self._found(part, there) for part in ast.iter_child_nodes(node))


class _Shapes:
    """Of the nodes of trees: their text, with names replaced, and how many of them are code."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        self._made: dict[ast.AST, tuple[str, int]] = {}

    def text(self, node: ast.AST) -> str:
        return self._shape(node)[0]

    def size(self, node: ast.AST) -> int:
        return self._shape(node)[1]

    def counts(self, node: ast.AST) -> bool:
        return isinstance(node, ast.stmt | ast.expr) and self.size(node) >= PART

    def _shape(self, node: ast.AST) -> tuple[str, int]:
        if node not in self._made:
            parts, size = [type(node).__name__], int(not isinstance(node, (*_DATA, *_SILENT)))
            for _, value in ast.iter_fields(node):
                for part in value if isinstance(value, list) else [value]:
                    if isinstance(part, ast.expr_context):
                        continue
                    if isinstance(part, ast.AST):
                        text, count = self._shape(part)
                        size += count
                        parts.append(text)
                    else:
                        is_name = isinstance(node, ast.Name | ast.arg)
                        parts.append(self._names.get(part, part) if is_name else repr(part))
            self._made[node] = f"{' '.join(map(str, parts))};", size
        return self._made[node]


def _imported(statements: Iterable[ast.stmt]) -> dict[str, str]:
    """Names that imports give, as they are called where they come from."""
    return {
        alias.asname: alias.name
        for statement in statements
        for node in ast.walk(statement)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname
    }
