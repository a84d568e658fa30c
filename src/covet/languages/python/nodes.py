"""What a syntax node names and holds, as the readings of tests ask for it."""

import ast
from collections.abc import Iterator

from covet.languages.python.lines import Definition

_RAISES = frozenset({"raises", "assertRaises", "warns", "assertWarns", "deprecated_call"})
RAISES_SAYING = frozenset({"assertRaisesRegex", "assertWarnsRegex", "assertRaisesRegexp"})


def raising(call: ast.Call) -> bool:
    """Whether it asserts that something raises or warns."""
    return last_of(call.func) in _RAISES | RAISES_SAYING


def written(node: ast.AST) -> str:
    """Its text; where it cannot be written in this version of Python, its structure."""
    try:
        return ast.unparse(node)
    except ValueError:  # a backslash in an f-string's expression
        return ast.dump(node)


def last_of(node: ast.AST | None) -> str:
    """The last part of the name of a thing, or of what is called."""
    if isinstance(node, ast.Call):
        node = node.func
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def root_of(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def dotted(node: ast.expr) -> str:
    """``a`` or ``self.a``; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{node.value.id}.{node.attr}"
    return ""


def own_parts(statement: ast.stmt) -> Iterator[ast.AST]:
    """The nodes of a statement, those of the statements and functions within it left out."""
    left: list[ast.AST] = [statement]
    while left:
        node = left.pop()
        yield node
        if not (isinstance(node, Definition | ast.ClassDef) and node is not statement):
            left += [
                part
                for part in ast.iter_child_nodes(node)
                if not isinstance(part, ast.stmt | ast.ExceptHandler | ast.match_case)
            ]
