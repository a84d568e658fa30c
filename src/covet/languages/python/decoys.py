"""Programs that say nothing about a test, to be mixed with mutants.

A test that looks at what it tests only by calling it passes on every program that computes the
same and, if it reaches the function at all, fails on one that raises at once. A test that does
otherwise looks at something else.
"""

import ast
import io
import tokenize
from collections.abc import Iterator
from functools import lru_cache

from covet.languages.python.lines import Definition, docstring_of, span_of
from covet.languages.python.places import Edit, Text, text_of
from covet.records import Decoy, Span

_LOOKS_AT_NAMES = frozenset({"locals", "vars", "eval", "exec", "dir", "globals"})


_RAISE = '__import__("pytest").fail("reached")'
"""No ``except Exception`` stops it, and pytest knows what to do with it wherever it appears."""


@lru_cache(maxsize=64)
def decoys(source: str, span: Span) -> tuple[Decoy, ...]:
    """The unchanged program first; then what can be made of the function in ``span``."""
    text = text_of(source)
    made = [Decoy(source, span, survives=True)]
    function = _function(text, span)
    if function is None:
        return tuple(made)
    harmless = [_idle(text, function, which) for which in (0, 1)]
    others = (_commented(text, span), _renamed(text, function), _swapped(text, function))
    made += [
        Decoy(_applied(text, edits), span, survives=True)
        for edits in (*harmless, *others)
        if edits and _compiles(_applied(text, edits, span))
    ]
    made += [
        Decoy(text.apply(_before(text, statement, _RAISE)), lines, survives=False)
        for statement, lines in _raising(function, span)
    ]
    return tuple(made)


def _function(text: Text, span: Span) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    found = [n for n in text.nodes if isinstance(n, Definition) and span_of(n) == span]
    return found[0] if found else None


def _applied(text: Text, edits: list[Edit], span: Span | None = None) -> str:
    """The whole text after the edits, or the lines of a span alone."""
    start = text.starts[span.first_line - 1] if span is not None else 0
    end = text.starts[span.last_line] if span is not None else len(text.bytes)
    parts: list[bytes] = []
    at = start
    for edit in sorted(edits, key=lambda e: e.start):
        parts += [text.bytes[at : edit.start], edit.new.encode()]
        at = edit.end
    parts.append(text.bytes[at:end])
    return b"".join(parts).decode()


def _compiles(lines: str) -> bool:
    """A function's lines alone, however deep they stand."""
    shell = "if True:\n" if lines[:1].isspace() else ""
    try:
        compile(shell + lines, "<decoy>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


# ------------------------------------------------------------------------------- comments


def _commented(text: Text, span: Span) -> list[Edit]:
    """A comment at the end of every line that ends a statement: the code is the same."""
    lines = text.between_lines(span.first_line, span.last_line)
    ends: list[Edit] = []
    for token in tokenize.generate_tokens(io.StringIO(lines).readline):
        line, column = token.start[0] + span.first_line - 1, token.start[1]
        if token.type == tokenize.NEWLINE and line in span and token.string:
            whole = text.lines[line - 1]
            if "#" not in whole[column - 1 :]:
                place = text.starts[line - 1] + len(whole[:column].encode())
                ends.append(Edit(place, place, "  # same"))
    return ends


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


# -------------------------------------------------------------------------------- one more


def _idle(text: Text, function: ast.FunctionDef | ast.AsyncFunctionDef, which: int) -> list[Edit]:
    """A statement that does nothing but be there, before one of the first two."""
    names = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
    body = _body(function)
    if names & _LOOKS_AT_NAMES or which >= len(body):
        return []
    name = min(set(_SPARE) - names, default="")
    return [_before(text, body[which], f"{name} = None")] if name else []


_SPARE = ("kept", "last", "seen", "spare")


def _body(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.stmt]:
    docstring = docstring_of(function)
    return [node for node in function.body if node is not docstring]


def _before(text: Text, statement: ast.stmt, new: str) -> Edit:
    """On a line of its own, or on the statement's where others stand there."""
    line = text.starts[span_of(statement).first_line - 1]
    start = text.start(statement)
    if _decorated(statement):
        start = line + text.bytes[line:].index(b"@")
    indent = text.bytes[line:start]
    if indent.strip():
        return Edit(start, start, f"{new}; ")
    return Edit(line, line, f"{indent.decode()}{new}\n")


# --------------------------------------------------------------------------------- raising


def _raising(
    function: ast.FunctionDef | ast.AsyncFunctionDef, span: Span
) -> Iterator[tuple[ast.stmt, Span]]:
    """Statements before which a ``raise`` can stand that nothing in the function stops, and the
    lines whose tests must notice it: for the first, all of the body's.
    """
    body = _body(function)
    if body:
        yield body[0], Span(span_of(body[0]).first_line, span.last_line)
    for statement in _reached(body):
        line = span_of(statement).first_line
        if statement is not body[0]:
            yield statement, Span(line, line)


def _reached(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Those on a line of their own, in no ``try`` or ``with`` and in no inner function."""
    for statement in body:
        yield statement
        yield from _inside(statement)


def _inside(statement: ast.stmt) -> Iterator[ast.stmt]:
    if not isinstance(statement, ast.If | ast.For | ast.While | ast.AsyncFor):
        return
    for block in (statement.body, statement.orelse):
        first = block[0] if block else None
        if first is None or first.lineno == statement.lineno:
            continue
        if isinstance(first, ast.If) and first.col_offset == statement.col_offset:
            yield from _inside(first)  # an elif, before which nothing can stand
        else:
            yield from _reached(block)
