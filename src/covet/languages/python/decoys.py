"""Programs that say nothing about a test, to be mixed with mutants.

A test that looks at what it tests only by calling it passes on every program that computes the
same and, if it reaches the function at all, fails on one that raises at once. A test that does
otherwise looks at something else.
"""

import ast
from collections.abc import Iterator
from functools import lru_cache

from covet.languages.python.lines import Definition, docstring_of, span_of
from covet.languages.python.places import Edit, Text
from covet.records import Decoy, Span

_LOOKS_AT_NAMES = frozenset({"locals", "vars", "eval", "exec", "dir", "globals"})


@lru_cache(maxsize=64)
def decoys(source: str, span: Span) -> tuple[Decoy, ...]:
    """The unchanged program first; then what can be made of the function in ``span``."""
    text = Text(source)
    made = [Decoy(source, span, survives=True)]
    function = _function(text.tree, span)
    if function is None:
        return tuple(made)
    for edits in (_renamed(text, function), _swapped(text, function)):
        if edits:
            made.append(Decoy(_applied(text, edits), span, survives=True))
    raising = _raising(text, function)
    if raising is not None:
        body = Span(span_of(function.body[0]).first_line, span.last_line)
        made.append(Decoy(text.apply(raising), body, survives=False))
    return tuple(decoy for decoy in made if _compiles(decoy.source))


def _function(tree: ast.Module, span: Span) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    found = [n for n in ast.walk(tree) if isinstance(n, Definition) and span_of(n) == span]
    return found[0] if found else None


def _applied(text: Text, edits: list[Edit]) -> str:
    data = text.bytes
    for edit in sorted(edits, key=lambda e: e.start, reverse=True):
        data = data[: edit.start] + edit.new.encode() + data[edit.end :]
    return data.decode()


def _compiles(source: str) -> bool:
    try:
        compile(source, "<decoy>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


# ---------------------------------------------------------------------------- other names


def _renamed(text: Text, function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[Edit]:
    """Every local variable under another name."""
    names = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
    used = {node.id for node in names}
    if used & _LOOKS_AT_NAMES or any(isinstance(n, ast.ClassDef) for n in ast.walk(function)):
        return []
    stored = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    local = stored - set(_bound_otherwise(function))
    local = {name for name in local if not name.startswith("__") and name + "_" not in used}
    return [
        Edit(text.start(node), text.end(node), node.id + "_") for node in names if node.id in local
    ]


def _bound_otherwise(function: ast.AST) -> Iterator[str]:
    """Names that stand elsewhere than in name nodes with a place of their own."""
    for node in ast.walk(function):
        match node:
            case ast.arg(arg=name):
                yield name
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                yield from names
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                yield name
            case ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                yield name
            case ast.alias(name=name, asname=other):
                yield (other or name).partition(".")[0]
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.JoinedStr():
                yield from (n.id for n in ast.walk(node) if isinstance(n, ast.Name))
            case _:
                pass


# -------------------------------------------------------------------------- other branches


def _swapped(text: Text, function: ast.AST) -> list[Edit]:
    """The first ``if`` with an ``else``: its condition negated, its branches exchanged."""
    for node in ast.walk(function):
        if isinstance(node, ast.IfExp) and _is_plain(text, node):
            body, test, other = text.of(node.body), text.of(node.test), text.of(node.orelse)
            new = f"(({other}) if not ({test}) else ({body}))"
            return [Edit(text.start(node), text.end(node), new)]
        if isinstance(node, ast.If) and node.orelse and not _is_elif(text, node.orelse[0]):
            edits = _exchanged(text, node)
            if edits:
                return edits
    return []


def _is_plain(text: Text, node: ast.IfExp) -> bool:
    """On one line, and with nothing around its parts that would be lost."""
    return node.lineno == node.end_lineno and "lambda" not in text.of(node)


def _is_elif(text: Text, node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and text.bytes[text.start(node) :].startswith(b"elif")


def _exchanged(text: Text, node: ast.If) -> list[Edit]:
    first, second = _block(text, node.body), _block(text, node.orelse)
    if first is None or second is None or text.line_of(text.start(node)) == first[2]:
        return []
    one = text.bytes[first[0] : first[1]].decode()
    other = text.bytes[second[0] : second[1]].decode()
    start, end = text.start(node.test), text.end(node.test)
    return [
        Edit(start, end, f"not ({text.of(node.test)})"),
        Edit(first[0], first[1], other),
        Edit(second[0], second[1], one),
    ]


def _block(text: Text, body: list[ast.stmt]) -> tuple[int, int, int] | None:
    """From its first statement's line to the end of its last's, if it has its lines alone."""
    first, last = span_of(body[0]), span_of(body[-1])
    start, end = text.starts[first.first_line - 1], text.starts[last.last_line]
    before = text.bytes[start : text.start(body[0])] if not _decorated(body[0]) else b""
    after = text.bytes[text.end(body[-1]) : end].partition(b"#")[0]
    if before.strip() or after.strip() or not text.bytes[start:end].endswith(b"\n"):
        return None
    return start, end, first.first_line


def _decorated(node: ast.stmt) -> bool:
    return bool(getattr(node, "decorator_list", []))


# --------------------------------------------------------------------------------- raising


def _raising(text: Text, function: ast.FunctionDef | ast.AsyncFunctionDef) -> Edit | None:
    """A ``raise`` before everything else, which no ``except Exception`` stops."""
    docstring = docstring_of(function)
    body = [node for node in function.body if node is not docstring]
    if not body:
        return None
    line = text.starts[span_of(body[0]).first_line - 1]
    indent = text.bytes[line : text.start(body[0])]
    if _decorated(body[0]):
        indent = text.bytes[line:].partition(b"@")[0]
    if indent.strip():
        start = text.start(body[0])
        return Edit(start, start, "raise BaseException; ")
    return Edit(line, line, indent.decode() + "raise BaseException\n")
