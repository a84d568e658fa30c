"""Wrong programs: one small change to one place of a text, by the operators of ``mutators``.

A change replaces the exact source range of a syntax node, so that every other byte stays. Left
alone are docstrings, annotations, decorators and the insides of f-strings. What does not
compile, or compiles to what was there, or to what another mutant is, is no mutant.
"""

import ast
import difflib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType

from covet.languages.python.lines import (
    Definition,
    compiled,
    docstring_of,
    span_of,
    split_lines,
)
from covet.languages.python.mutators import OPERATORS
from covet.languages.python.places import Edit, Site, Text
from covet.records import Mutant, Span


@dataclass(frozen=True, slots=True)
class _Change:
    operator: str
    edit: Edit
    site: Site


@lru_cache(maxsize=64)
def mutants(source: str, span: Span, *, limit: int) -> tuple[Mutant, ...]:
    """In file order. A mutant's ``span`` is the statement (or header of a compound one) that
    holds its change: if no line of it runs, the change cannot show.
    """
    text = _text(source)
    changes = sorted(_changes(text, span), key=lambda c: (c.edit.start, c.edit.end))
    distinct = list(_distinct(text, changes))
    lines = [text.line_of(change.edit.start) for change in distinct]
    ids: list[str] = []
    seen: Counter[str] = Counter()
    for line, change in zip(lines, distinct, strict=True):
        name = f"{line}:{change.operator}"
        ids.append(f"{name}:{seen[name]}")
        seen[name] += 1
    return tuple(_mutant(text, distinct[i], ids[i]) for i in spread(lines, limit))


@lru_cache(maxsize=8)
def _text(source: str) -> Text:
    """Functions of one file come one after another."""
    return Text(source)


def _mutant(text: Text, change: _Change, identity: str) -> Mutant:
    span, diff = _statement_span(change.site), _diff(text, change.edit)
    return Mutant(identity, change.operator, span, text.apply(change.edit), diff)


def spread(lines: Sequence[int], limit: int) -> list[int]:
    """At most ``limit`` indices into ``lines``, ascending: as many different lines as possible,
    evenly over them, and within a line another first choice than in the line before.
    """
    if len(lines) <= limit:
        return list(range(len(lines)))
    queues: dict[int, list[int]] = {}
    for index, line in enumerate(lines):
        queues.setdefault(line, []).append(index)
    for turn, queue in enumerate(queues.values()):
        shift = turn % len(queue)
        queue[:] = queue[shift:] + queue[:shift]
    chosen: list[int] = []
    while len(chosen) < limit:
        waiting = [queue for queue in queues.values() if queue]
        take = min(limit - len(chosen), len(waiting))
        chosen += [waiting[turn * len(waiting) // take].pop(0) for turn in range(take)]
    return sorted(chosen)


def _changes(text: Text, span: Span) -> Iterator[_Change]:
    for site in _sites(text, text.tree, (), span):
        for operator in OPERATORS:
            for edit in operator.find(site):
                first, last = text.line_of(edit.start), text.line_of(max(edit.start, edit.end - 1))
                if first in span and last in span:
                    yield _Change(operator.name, edit, site)


def _sites(text: Text, node: ast.AST, parents: tuple[ast.AST, ...], span: Span) -> Iterator[Site]:
    if isinstance(node, ast.stmt):
        lines = span_of(node)
        if lines.last_line < span.first_line or span.last_line < lines.first_line:
            return
    if parents:
        yield Site(text, node, parents)
    for child in _children(node):
        yield from _sites(text, child, (*parents, node), span)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """What may be changed inside ``node``."""
    if isinstance(node, ast.JoinedStr):
        return
    owner = isinstance(node, ast.Module | ast.ClassDef | Definition)
    docstring = docstring_of(node) if owner else None
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list", "type_params", "type_comment"}:
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and child is not docstring:
                yield child


def _distinct(text: Text, changes: Sequence[_Change]) -> Iterator[_Change]:
    """Those that compile to something new."""
    seen: dict[ast.stmt, set[object]] = {}
    for change in changes:
        unit, header = _unit(text, change.site)
        if unit not in seen:
            seen[unit] = {_fingerprint(header + _unit_text(text, unit))}
        try:
            changed = _fingerprint(header + _unit_text(text, unit, change.edit))
        except SyntaxError:
            continue
        if changed not in seen[unit]:
            seen[unit].add(changed)
            yield change


def _unit(text: Text, site: Site) -> tuple[ast.stmt, str]:
    """The smallest statement of a module or class around a site, which compiles alone, and the
    line to put before it.
    """
    chain = [*site.parents, site.node]
    depth = 1
    while isinstance(chain[depth], ast.ClassDef) and depth + 1 < len(chain):
        inner = chain[depth + 1]
        if not isinstance(inner, ast.stmt) or not _stands_alone(text, inner):
            break
        depth += 1
    unit, owner = chain[depth], chain[depth - 1]
    assert isinstance(unit, ast.stmt)
    return unit, f"class {owner.name}:\n" if isinstance(owner, ast.ClassDef) else ""


def _stands_alone(text: Text, statement: ast.stmt) -> bool:
    line = text.starts[span_of(statement).first_line - 1]
    return not text.bytes[line : text.start(statement)].partition(b"@")[0].strip()


def _unit_text(text: Text, unit: ast.stmt, edit: Edit | None = None) -> str:
    span = span_of(unit)
    return text.between_lines(span.first_line, span.last_line, edit)


def _fingerprint(source: str) -> object:
    return _essence(compiled(source))


def _essence(value: object) -> object:
    """A code object without its positions, equal exactly where two compute the same."""
    match value:
        case CodeType():
            return (
                value.co_code,
                tuple(_essence(constant) for constant in value.co_consts),
                (value.co_names, value.co_varnames, value.co_freevars, value.co_cellvars),
                (value.co_argcount, value.co_posonlyargcount, value.co_kwonlyargcount),
                (value.co_flags, value.co_name, value.co_exceptiontable),
            )
        case tuple():
            return tuple(_essence(item) for item in value)
        case frozenset():
            return frozenset(_essence(item) for item in value)
        case _:
            return (type(value).__name__, repr(value))


def _statement_span(site: Site) -> Span:
    """The lines of the innermost statement around a site; of a compound one, its header's."""
    chain = [*site.parents, site.node]
    statement = next(node for node in reversed(chain) if isinstance(node, ast.stmt))
    span = span_of(statement)
    body: list[ast.stmt | ast.match_case] = getattr(statement, "body", None) or getattr(
        statement, "cases", []
    )
    if not body:
        return span
    first = body[0].pattern.lineno if isinstance(body[0], ast.match_case) else body[0].lineno
    return Span(span.first_line, max(span.first_line, first - 1))


def _diff(text: Text, edit: Edit) -> str:
    first = text.line_of(edit.start) - 1
    last = text.line_of(max(edit.start, edit.end - 1)) + 1
    before = split_lines(text.between_lines(first, last))
    after = split_lines(text.between_lines(first, last, edit))
    lines = difflib.unified_diff(before, after, n=1)
    return "".join(line.rstrip("\r\n") + "\n" for line in list(lines)[3:])
