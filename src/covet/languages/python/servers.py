"""Python as language servers are shown it: where names stand, types for parameters, settings.

Servers come to know the type of a fixture's value only where a test's parameter says so, and their
settings decide which files they look at; both are given here, on a copy. Columns are counted in
UTF-16 units, as the protocol does.
"""

import ast
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from covet.errors import UsageError
from covet.languages.base import Definition, ServerSetup
from covet.languages.python import lines
from covet.languages.python.lines import blocks, span_of
from covet.languages.python.places import Text
from covet.languages.python.syntax import accessor

_SETUP = frozenset(
    {
        "setUp", "tearDown", "setUpClass", "tearDownClass", "asyncSetUp", "asyncTearDown",
        "setup_method", "teardown_method", "setup_class", "teardown_class",
        "setup_function", "teardown_function", "setup_module", "teardown_module",
        "setUpModule", "tearDownModule",
    }
)  # fmt: skip
_HEADER = re.compile(rb"(?:async\s+)?(?:def|class)[\s\\]+")


# ---------------------------------------------------------------------------- definitions


@lru_cache(maxsize=512)
def definitions(source: str) -> tuple[Definition, ...]:
    """See ``Language.definitions``."""
    text = Text(source)
    return tuple(_definitions(text, text.tree.body, ""))


def _definitions(text: Text, body: Sequence[ast.stmt], prefix: str) -> Iterator[Definition]:
    for statement in body:
        match statement:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                qualname = prefix + name + accessor(statement)
                role = "setup" if name in _SETUP else "function"
                at = _name_of(text, statement)
                yield Definition(qualname, role, span_of(statement), *_position(text, at))
            case ast.ClassDef(name=name):
                at = _position(text, _name_of(text, statement))
                yield Definition(prefix + name, "class", span_of(statement), *at)
                yield from _definitions(text, statement.body, f"{prefix}{name}.")
            case ast.Assign(targets=targets):
                yield from _values(text, statement, targets, prefix)
            case ast.AnnAssign(target=target):
                yield from _values(text, statement, [target], prefix)
            case _:
                for block in blocks(statement):
                    yield from _definitions(text, block, prefix)


def _values(
    text: Text, statement: ast.stmt, targets: Sequence[ast.expr], prefix: str
) -> Iterator[Definition]:
    for target in targets:
        for node in ast.walk(target):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                at = _position(text, text.start(node))
                yield Definition(prefix + node.id, "value", span_of(statement), *at)


def _name_of(text: Text, node: lines.Definition | ast.ClassDef) -> int:
    """The offset of a definition's name."""
    start = text.start(node)
    header = _HEADER.match(text.bytes, start)
    return header.end() if header else start


def _position(text: Text, offset: int) -> tuple[int, int]:
    """Line, and column in UTF-16 units."""
    line = text.line_of(offset)
    before = text.bytes[text.starts[line - 1] : offset].decode()
    return line, len(before.encode("utf-16-le")) // 2


# ---------------------------------------------------------------------------------- types


def with_types(source: str, types: Mapping[tuple[int, str], Sequence[str]]) -> str:
    """See ``Language.with_types``. The annotations are strings, so that the imports they need can
    stand at the end; a class that was made in a function cannot be imported, and is left out.
    """
    text = Text(source)
    names: dict[str, str] = {}
    added: dict[int, str] = {}
    for node in ast.walk(text.tree):
        if isinstance(node, lines.Definition):
            first = span_of(node).first_line
            for name, argument in _parameters(node):
                told = [each for each in types.get((first, name), ()) if "<" not in each]
                known = [_local_name(each, names) for each in told]
                if known and argument.annotation is None:
                    end = text.starts[argument.lineno - 1] + argument.col_offset
                    end += len(argument.arg.encode())
                    added[end] = f': "{" | ".join(known)}"'
    found = text.bytes
    for offset in sorted(added, reverse=True):
        found = found[:offset] + added[offset].encode() + found[offset:]
    imports = [_import(name, local) for name, local in names.items()]
    return found.decode() + "".join(f"\n{line}" for line in imports)


def _parameters(node: lines.Definition) -> Iterator[tuple[str, ast.arg]]:
    """With their names; the first also goes without one, as the object that a method is of."""
    positional = [*node.args.posonlyargs, *node.args.args]
    yield from (("", argument) for argument in positional[:1])
    yield from ((argument.arg, argument) for argument in [*positional, *node.args.kwonlyargs])


def _local_name(target: str, names: dict[str, str]) -> str:
    """What an annotation calls a class, with an import of the outermost around it noted."""
    module, _, qualname = target.partition(":")
    if not module:
        return qualname
    outer, *inner = qualname.split(".")
    local = names.setdefault(f"{module}:{outer}", f"_type_{len(names)}")
    return ".".join([local, *inner])


def _import(target: str, local: str) -> str:
    module, _, name = target.partition(":")
    return f"from {module} import {name} as {local}"


# -------------------------------------------------------------------------------- servers


def server(name: str, *, search_path: Sequence[str]) -> ServerSetup:
    """See ``Language.server``. What is installed beside the codebase is not looked at."""
    folders = json.dumps([folder or "." for folder in search_path])
    if name == "pyrefly":
        # one thread, and an index that is complete before the first answer: the same every time
        options = ("lsp", "--indexing-mode", "lazy-blocking", "--threads", "1")
        settings = (
            'project-includes = ["**/*.py"]\nproject-excludes = []\n'
            "disable-project-excludes-heuristics = true\nskip-interpreter-query = true\n"
            f"use-ignore-files = false\nsearch-path = {folders}\n"
        )
        return ServerSetup((_program(name), *options), {"pyrefly.toml": settings}, {})
    if name == "ty":
        settings = (
            f"[environment]\nroot = {folders}\n\n"
            '[src]\ninclude = ["**/*.py"]\nrespect-ignore-files = false\n'
        )
        return ServerSetup((_program(name), "server"), {"ty.toml": settings}, {})
    raise UsageError(f"{name}: not a language server for Python that is known; use pyrefly or ty")


def _program(name: str) -> str:
    """Beside this interpreter, where it is there; else wherever it is found."""
    beside = Path(sys.executable).parent / name
    return str(beside) if beside.is_file() else name
