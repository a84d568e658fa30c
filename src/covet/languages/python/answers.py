"""Existing tests as they would be written anew at the end of their file."""

import ast
from collections.abc import Sequence
from textwrap import dedent

from covet.languages.python.lines import all_statements, docstring_of, parse
from covet.records import TestCase


def written_anew(source: str, tests: Sequence[TestCase]) -> str:
    """The tests as text that can be added to the end of ``source`` and does the same there.

    A method stands in a class of its own: with the same bases where it needs nothing else of its
    class, and derived from the class where it does. Raises ``SyntaxError`` where the file cannot be
    parsed.
    """
    tree = parse(source)
    parts: list[str] = []
    methods: dict[str, list[TestCase]] = {}
    for test in tests:
        owner = test.qualname.rpartition(".")[0]
        if owner:
            methods.setdefault(owner, []).append(test)
        else:
            parts.append(dedent(test.source).strip("\n"))
    nodes = all_statements(tree) if methods else ()
    taken = {node.name for node in nodes if isinstance(node, ast.ClassDef)}
    for owner, group in methods.items():
        node = _class(tree, owner)
        name = _free(node.name + "More", taken)
        taken.add(name)
        body = "\n\n".join(test.source.strip("\n") for test in group)  # text in it keeps its margin
        parts.append(f"{_header(node, owner, name)}\n{body}")
    return "\n\n\n".join(parts) + "\n"


def _class(tree: ast.Module, owner: str) -> ast.ClassDef:
    body: Sequence[ast.stmt] = tree.body
    found: ast.ClassDef | None = None
    for name in owner.split("."):
        found = next(n for n in body if isinstance(n, ast.ClassDef) and n.name == name)
        body = found.body
    if found is None:
        raise ValueError(owner)
    return found


def _header(node: ast.ClassDef, owner: str, name: str) -> str:
    if _needs_the_class(node):
        return f"class {name}({owner}):"
    bases = [
        *map(ast.unparse, node.bases),
        *(f"{w.arg}={ast.unparse(w.value)}" for w in node.keywords),
    ]
    decorators = "".join(f"@{ast.unparse(one)}\n" for one in node.decorator_list)
    return (
        f"{decorators}class {name}({', '.join(bases)}):" if bases else f"{decorators}class {name}:"
    )


def _needs_the_class(node: ast.ClassDef) -> bool:
    """Whether it holds more than tests that stand for themselves."""
    docstring = docstring_of(node)
    return any(part is not docstring and not _is_test(part) for part in node.body)


def _is_test(part: ast.stmt) -> bool:
    match part:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return name.startswith("test")
        case ast.ClassDef(name=name):
            return name.startswith("Test")
        case _:
            return isinstance(part, ast.Pass)


def _free(name: str, taken: set[str]) -> str:
    number, found = 2, name
    while found in taken:
        found = f"{name}{number}"
        number += 1
    return found
