"""Test files so plain that to find their tests takes no more than reading them.

A file of undecorated test functions and methods without parameters needs nothing of pytest but
to be run. To collect it properly costs more than most of its tests. What is told here is only
what the text alone settles; the worker knows whether a ``conftest.py`` or a plugin has a say.
"""

import ast
import builtins
import re
from collections.abc import Iterator
from functools import lru_cache

from covet.languages.python.lines import Definition, parse

_HOOKS = re.compile(r"(pytest_|pytestmark$|setup|teardown|setUp|tearDown|__test__$|__getattr__$)")
_BUILTIN = frozenset(dir(builtins))
_TEST = re.compile(r"(test|Test)")


@lru_cache(maxsize=64)
def plain_tests(source: str) -> tuple[str, ...]:
    """The names of all tests, in file order, as in pytest's ids; empty where the file has none
    or is not plain.
    """
    try:
        tree = parse(source)
    except SyntaxError:
        return ()
    names = list(_names(tree))
    return () if None in names else tuple(name for name in names if name is not None)


def _names(tree: ast.Module) -> Iterator[str | None]:
    """None for whatever is not plain."""
    seen: set[str] = set()
    for node in tree.body:
        for bound in _bound(node):
            if bound == "*" or bound in seen or _HOOKS.match(bound) or "unittest" in bound:
                yield None
            if _TEST.match(bound) and not isinstance(node, ast.FunctionDef | ast.ClassDef):
                yield None
            seen.add(bound)
        if isinstance(node, ast.ClassDef):
            yield from _methods(node)
        elif isinstance(node, Definition):
            if any("fixture" in ast.dump(decorator) for decorator in node.decorator_list):
                yield None
            elif node.name.startswith("test"):
                yield node.name if _is_plain(node, parameters=0) else None


def _methods(node: ast.ClassDef) -> Iterator[str | None]:
    if any(not isinstance(base, ast.Name) or base.id not in _BUILTIN for base in node.bases):
        yield None  # a test case, perhaps
    if not node.name.startswith("Test"):
        return
    if node.bases or node.keywords or node.decorator_list:
        yield None
    seen: set[str] = set()
    for inner in node.body:
        for bound in _bound(inner):
            if bound in seen or _HOOKS.match(bound) or bound in {"__init__", "__new__"}:
                yield None
            if _TEST.match(bound) and not isinstance(inner, ast.FunctionDef):
                yield None
            seen.add(bound)
        if isinstance(inner, Definition) and inner.name.startswith("test"):
            yield f"{node.name}::{inner.name}" if _is_plain(inner, parameters=1) else None
        elif isinstance(inner, Definition) and inner.decorator_list:
            yield None


def _is_plain(node: ast.FunctionDef | ast.AsyncFunctionDef, *, parameters: int) -> bool:
    given = node.args
    others = [*given.posonlyargs, *given.kwonlyargs, given.vararg, given.kwarg]
    return (
        isinstance(node, ast.FunctionDef)
        and not node.decorator_list
        and len(given.args) == parameters
        and not any(others)
        and not any(isinstance(part, ast.Yield | ast.YieldFrom) for part in ast.walk(node))
    )


def _bound(node: ast.stmt) -> Iterator[str]:
    """The names that a statement of a module or class binds, inside of compound ones too."""
    if isinstance(node, Definition | ast.ClassDef):
        yield node.name
        return
    if isinstance(node, ast.Import | ast.ImportFrom):
        module = getattr(node, "module", None)
        if module:
            yield module if "unittest" in module and "mock" not in module else ""
        for alias in node.names:
            yield (alias.asname or alias.name).replace("unittest.mock", "")
        return
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            yield part.id
        elif isinstance(part, Definition | ast.ClassDef | ast.Import | ast.ImportFrom):
            yield "*"  # under a condition
