"""Functions and tests of a Python file: found, removed, inserted.

Works on text by the line numbers that ``ast`` gives, so that what is not touched keeps every
byte. Tests are what pytest collects by default: ``test*`` functions, those of ``Test*`` classes
without a constructor, and those of ``unittest.TestCase`` classes.
"""

import ast
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import PurePosixPath

from covet.languages.python.lines import (
    Definition,
    all_statements,
    blocks,
    docstring_of,
    parse,
    span_of,
    split_lines,
    text_of,
)
from covet.records import Function, Span, TestCase


def is_test(path: str) -> bool:
    name = PurePosixPath(path).name
    return name.endswith(".py") and (name.startswith("test_") or name.endswith("_test.py"))


def is_source(path: str) -> bool:
    name = PurePosixPath(path).name
    return name.endswith(".py") and name != "conftest.py" and not is_test(path)


# ------------------------------------------------------------------------------ functions


def functions(source: str, *, path: str, module: str) -> tuple[Function, ...]:
    """In file order; of several with one name, the last, which is the one that stays."""
    found = {
        qualname: Function(path, module, qualname, span_of(node), text_of(source, span_of(node)))
        for qualname, node in _definitions(parse(source).body, "")
        if not _is_stub(node) and "overload" not in _decorators(node)
    }
    return tuple(sorted(found.values(), key=lambda function: function.span.first_line))


def _definitions(body: Sequence[ast.stmt], prefix: str) -> Iterator[tuple[str, Definition]]:
    for statement in body:
        if isinstance(statement, Definition):
            yield prefix + statement.name + accessor(statement), statement
        elif isinstance(statement, ast.ClassDef):
            yield from _definitions(statement.body, f"{prefix}{statement.name}.")
        else:
            for block in blocks(statement):
                yield from _definitions(block, prefix)


def accessor(node: Definition) -> str:
    """``.setter`` or ``.deleter`` for those of a property, whose names are its own."""
    names = _decorators(node) & {"setter", "deleter"}
    return f".{min(names)}" if names else ""


def _is_stub(node: Definition) -> bool:
    return all(_says_nothing(statement) for statement in node.body)


def _says_nothing(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Raise(exc=ast.Name(id="NotImplementedError")):
            return True
        case ast.Raise(exc=ast.Call(func=ast.Name(id="NotImplementedError"))):
            return True
        case _:
            return False


def _decorators(node: Definition) -> set[str]:
    """The last part of each decorator's name."""
    return {_last_name(decorator) for decorator in node.decorator_list}


def _last_name(expression: ast.expr) -> str:
    match expression:
        case ast.Call(func=inner) | ast.Subscript(value=inner):
            return _last_name(inner)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


# ---------------------------------------------------------------------------------- tests


def tests(source: str, *, path: str) -> tuple[TestCase, ...]:
    """Unlinked, in file order."""
    tree = parse(source)
    return tuple(
        TestCase(path, qualname, span_of(node), text_of(source, span_of(node)))
        for qualname, node in _tests_in(tree.body, "", _unittest_classes(tree))
    )


def _tests_in(
    body: Sequence[ast.stmt], prefix: str, unittests: frozenset[str]
) -> Iterator[tuple[str, Definition]]:
    for statement in body:
        if isinstance(statement, Definition):
            if statement.name.startswith("test") and "fixture" not in _decorators(statement):
                yield prefix + statement.name, statement
        elif isinstance(statement, ast.ClassDef):
            if statement.name in unittests or _is_test_class(statement):
                yield from _tests_in(statement.body, f"{prefix}{statement.name}.", unittests)
        else:
            for block in blocks(statement):
                yield from _tests_in(block, prefix, unittests)


def _is_test_class(node: ast.ClassDef) -> bool:
    makes_itself = any(isinstance(s, Definition) and s.name == "__init__" for s in node.body)
    return node.name.startswith("Test") and not makes_itself


def _unittest_classes(tree: ast.Module) -> frozenset[str]:
    """Names of the classes that descend from one whose name ends in ``TestCase``."""
    found: set[str] = set()
    for node in all_statements(tree):
        if isinstance(node, ast.ClassDef):
            bases = {_last_name(base) for base in node.bases}
            if bases & found or any(base.endswith("TestCase") for base in bases):
                found.add(node.name)
    return frozenset(found)


def remove_tests(source: str, tests: Sequence[TestCase]) -> str:
    """Without those tests, and without classes that held nothing else but a docstring."""
    lines = split_lines(source)
    doomed = [test.span for test in tests]
    for span, text in _removals(parse(source).body, doomed):
        lines[span.first_line - 1 : span.last_line] = [
            text,
            *[""] * (span.last_line - span.first_line),
        ]
    return "".join(lines)


def _removals(body: Sequence[ast.stmt], doomed: Sequence[Span]) -> Iterator[tuple[Span, str]]:
    """What goes, as (lines, what stands there instead)."""
    for statement in body:
        if _goes(statement, doomed):
            yield span_of(statement), ""
            continue
        for block in blocks(statement):
            if all(_goes(inner, doomed) for inner in block):
                span = Span(span_of(block[0]).first_line, span_of(block[-1]).last_line)
                yield span, " " * block[0].col_offset + "pass\n"
            else:
                yield from _removals(block, doomed)


def _goes(statement: ast.stmt, doomed: Sequence[Span]) -> bool:
    if isinstance(statement, ast.ClassDef):
        docstring = docstring_of(statement)
        rest = [inner for inner in statement.body if inner is not docstring]
        return bool(rest) and all(_goes(inner, doomed) for inner in rest)
    return isinstance(statement, Definition) and span_of(statement) in doomed


def insert_tests(source: str, code: str) -> str:
    """With ``code`` at its end, two blank lines before it."""
    before = source.rstrip()
    added = ("\n\n\n" if before else "") + code.strip("\r\n") + "\n"
    if "\r\n" in source:
        added = added.replace("\r\n", "\n").replace("\n", "\r\n")
    return before + added


@lru_cache(maxsize=256)
def imports(source: str) -> tuple[str, ...]:
    """See ``Language.imports``."""
    try:
        tree = parse(source)
    except SyntaxError:
        return ()
    names: list[str] = []
    for node in _at_top(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.append(node.module)
    return tuple(dict.fromkeys(names))


def _at_top(node: ast.AST) -> Iterator[ast.AST]:
    """The statements that run when the module is imported, in order, those inside others too; of
    classes and functions none.
    """
    for inner in ast.iter_child_nodes(node):
        if isinstance(inner, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef, ast.expr)):
            continue
        yield inner
        yield from _at_top(inner)


def read_before(test_path: str) -> tuple[str, ...]:
    """See ``Language.read_before``."""
    above = PurePosixPath(test_path).parents
    return tuple((folder / "conftest.py").as_posix() for folder in reversed(above))
