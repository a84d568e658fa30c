"""Puts probes into a file's code: statements that tell a recorder, once, that they were reached.

A probe is ``if not MARK._7: MARK.line(7)``: after the first time it costs one look at an attribute.
``MARK`` is a constant of the code, so that no name of the module's is taken. There are probes for
lines (by the first line of the statement, as ``tracing`` counts them), for the ways that a decision
went (into a body, or past it) and for the entries of functions; these also look at who called,
until that is settled. Nothing else changes: names, line numbers, docstrings and frames are what
they were.
"""

from __future__ import annotations

import ast
import dis
import sys
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from types import CodeType
from typing import Any, Optional

from .tracing import header_of

MARK = "\0mark of covet\0"
"""Stands for the recorder until the code is compiled."""

Definition = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass
class Sites:
    """What the probes of one file are about, by their numbers."""

    lines: dict[int, frozenset[int]] = field(default_factory=dict)
    """The lines that were reached."""
    ways: dict[int, tuple[int, bool]] = field(default_factory=dict)
    """The line that decided; whether what runs next is the same every time."""
    handlers: dict[int, int] = field(default_factory=dict)
    """The line of an ``except`` that is asked whether it is meant."""
    entries: dict[int, int] = field(default_factory=dict)
    """The first line of the function."""

    @property
    def count(self) -> int:
        return len(self.lines) + len(self.ways) + len(self.handlers) + len(self.entries)

    def add(self, kind: str, told: Any) -> int:
        number = self.count
        getattr(self, kind)[number] = told
        return number


def instrument(data: bytes, path: str, recorder: object, sites: Sites) -> CodeType:
    """The file's code with its probes, which tell ``recorder`` (``line``, ``way``, ``passed``,
    ``enter``, ``caught``); ``sites`` is filled. Raises what the compiler raises.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(data, filename=path)
        known = frozenset(_lines(compile(tree, path, "exec"))) if _FORGETS else None
        tree.body = _Writer(sites, _with_lambdas(data), known).scope(tree)
        code = compile(tree, path, "exec", dont_inherit=True)
    return _with(recorder, code)


_FORGETS = sys.version_info < (3, 10)
"""Whether the compiler leaves no trace of some statements that do nothing, and ``while True``."""


def _lines(code: CodeType) -> Iterator[int]:
    """Those that instructions stand for."""
    for each in code_objects(code):
        yield from (line for _, line in dis.findlinestarts(each))


def _with_lambdas(data: bytes) -> frozenset[int]:
    """The lines that may hold one."""
    lines = enumerate(data.splitlines(), 1) if b"lambda" in data else ()
    return frozenset(number for number, line in lines if b"lambda" in line)


def code_objects(code: CodeType) -> Iterator[CodeType]:
    """It and all that is defined inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from code_objects(constant)


def _with(recorder: object, code: CodeType) -> CodeType:
    return code.replace(
        co_consts=tuple(
            _with(recorder, constant)
            if isinstance(constant, CodeType)
            else recorder
            if isinstance(constant, str) and constant == MARK
            else constant
            for constant in code.co_consts
        )
    )


class _Writer:
    """Changes a tree in place."""

    def __init__(
        self, sites: Sites, lambdas: frozenset[int], known: Optional[frozenset[int]]
    ) -> None:
        """``known``: the lines that instructions stand for, where not all do."""
        self._sites = sites
        self._lambdas = lambdas
        self._known = known

    # ------------------------------------------------------------------------- statements

    def scope(self, node: Any) -> list[ast.stmt]:
        """The body of a module, a class or a function."""
        body: list[ast.stmt] = node.body
        first = 1 if body and _is_text(body[0]) else 0
        while first < len(body) and getattr(body[first], "module", "") == "__future__":
            first += 1
        rest = self._block(body[first:], finally_=False)
        if not isinstance(node, Definition):
            told = [self._lines([each], _At(each)) for each in body[:first]]
            return [*body[:first], *told, *rest]
        at = _At(_start(body[first] if first < len(body) else body[0]))
        line = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        return [*body[:first], at.entry(self._sites.add("entries", line)), *rest]

    def _block(
        self, body: Iterable[ast.stmt], *, finally_: bool, header: int = 0
    ) -> list[ast.stmt]:
        """``header``: a line that is known to have been reached; ``finally_``: what follows the
        block is not the same every time.
        """
        found: list[ast.stmt] = []
        last = header
        for statement in body:
            if statement.lineno != last and not self._is_silent(statement):
                found.append(self._lines([statement], _At(_start(statement))))
            last = statement.lineno
            self._statement(statement, finally_=finally_)
            found.append(statement)
        return found

    def _statement(self, node: Any, *, finally_: bool) -> None:
        self._lambdas_in(node)
        if isinstance(node, (*Definition, ast.ClassDef)):
            node.body = self.scope(node)
        elif isinstance(node, (ast.If, ast.While, ast.For, ast.AsyncFor)):
            ends = [self._way(node, finally_=finally_)] if _has_other_way(node) else []
            way = [] if self._is_silent(node) else [self._way(node, finally_=finally_)]
            node.body = [*way, *self._block(node.body, finally_=finally_, header=node.lineno)]
            node.orelse = [*ends, *self._block(node.orelse, finally_=finally_)]
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            node.body = self._block(node.body, finally_=finally_, header=node.lineno)
        elif hasattr(node, "finalbody"):
            self._try(node, finally_=finally_)
        elif hasattr(node, "cases"):
            self._match(node, finally_=finally_)

    def _try(self, node: Any, *, finally_: bool) -> None:
        node.body = self._block(node.body, finally_=finally_, header=node.lineno)
        node.orelse = self._block(node.orelse, finally_=finally_)
        node.finalbody = self._block(node.finalbody, finally_=True)
        for handler in node.handlers:
            ways = [self._way(handler, finally_=finally_)] if isinstance(node, ast.Try) else []
            told = [self._lines([handler], _At(handler))] if handler.type is None else []
            body = self._block(handler.body, finally_=finally_, header=handler.lineno)
            handler.body = [*ways, *told, *body]
            if handler.type is not None:
                number = self._sites.add("handlers", handler.lineno)
                handler.type = _At(handler.type).call("caught", number, handler.type)

    def _match(self, node: Any, *, finally_: bool) -> None:
        """Cases are looked at one after the other: the body of one tells of all before it."""
        cases = list(node.cases)
        if not _takes_all(cases[-1]):
            node.cases.append(_wildcard(cases[-1]))
        for place, case in enumerate(node.cases):
            asked = cases[: place + 1]
            line = _line_of(asked[-1])
            body = self._block(case.body, finally_=finally_, header=line)
            case.body = [
                self._lines(asked, _At(asked[-1].pattern)),
                *self._between(asked),
                self._way(asked[-1], finally_=finally_),
                *body,
            ]

    def _between(self, cases: list[Any]) -> Iterator[ast.stmt]:
        """The ways from each case to the next."""
        for one, other in zip(cases, cases[1:]):  # noqa: B905, RUF007  (Python 3.9)
            number = self._sites.add("ways", (_line_of(one), True))
            yield _At(cases[-1].pattern).probe("passed", number, _line_of(other))

    def _is_silent(self, statement: ast.stmt) -> bool:
        """Whether no instruction stands for it in a function."""
        if self._known is not None:
            first, last = header_of(statement) or (0, 0)
            return self._known.isdisjoint(range(first, last + 1))
        if isinstance(statement, ast.AnnAssign):
            return statement.value is None and bool(statement.simple)
        return isinstance(statement, (ast.Global, ast.Nonlocal))

    # ----------------------------------------------------------------------------- probes

    def _lines(self, nodes: Iterable[Any], at: "_At") -> ast.stmt:
        """Also of decorators, which are told line by line."""
        lines = set()
        for node in nodes:
            lines.add(_line_of(node))
            for decorator in getattr(node, "decorator_list", ()):
                lines.update(each.lineno for each in ast.walk(decorator) if hasattr(each, "lineno"))
        return at.probe("line", self._sites.add("lines", frozenset(lines)))

    def _way(self, node: Any, *, finally_: bool) -> ast.stmt:
        """At the line that decides."""
        line = _line_of(node)
        at = _At(node if hasattr(node, "lineno") else node.pattern)
        return at.probe("way", self._sites.add("ways", (line, not finally_)))

    def _lambdas_in(self, statement: ast.stmt) -> None:
        """They run later than the statement."""
        first, last = header_of(statement) or (0, 0)
        decorators = [each.lineno for each in getattr(statement, "decorator_list", ())]
        if self._lambdas.isdisjoint(range(min([first, *decorators]), last + 1)):
            return
        for node in _own(statement):
            if isinstance(node, ast.Lambda):
                number = self._sites.add("lines", frozenset({first}))
                at = _At(node.body)
                told = at.either(at.flag(number), at.call("line", number))
                node.body = at.both(told, node.body)


class _At:
    """Makes nodes that stand where another stands."""

    def __init__(self, node: Any) -> None:
        line, column = node.lineno, node.col_offset
        self._place = {
            "lineno": line,
            "end_lineno": line,
            "col_offset": column,
            "end_col_offset": column,
        }

    def probe(self, told: str, number: int, *more: int) -> ast.stmt:
        return self._when(
            self._not(self.flag(number)), self.call(told, number, *map(self._of, more))
        )

    def entry(self, number: int) -> ast.stmt:
        """Nothing to tell where it is known to be entered directly; or indirectly, and again by one
        of the files, be it by way of a stranger, as long as there is need to look::

            if not (MARK._7 or MARK.i7 and MARK.i7() and (
                MARK.frame(1).f_code.co_filename in MARK.files
                or MARK.frame(1).f_code.co_filename in MARK.strangers
                and MARK.frame(2).f_code.co_filename in MARK.files
            )): MARK.enter(7)
        """
        by_way = self.both(self._called_by(1, "strangers"), self._called_by(2, "files"))
        inside = self.either(self._called_by(1, "files"), by_way)
        looks = ast.Call(self._mark(f"i{number}"), [], [], **self._place)
        known = self.both(self._mark(f"i{number}"), looks, inside)
        test = self._not(self.either(self.flag(number), known))
        return self._when(test, self.call("enter", number))

    def _called_by(self, depth: int, paths: str) -> ast.expr:
        code = self._part(self.call("frame", depth), "f_code")
        path = self._part(code, "co_filename")
        return ast.Compare(path, [ast.In()], [self._mark(paths)], **self._place)

    def flag(self, number: int) -> ast.expr:
        return self._mark(f"_{number}")

    def call(self, told: str, number: int, *more: ast.expr) -> ast.expr:
        return ast.Call(self._mark(told), [self._of(number), *more], [], **self._place)

    def either(self, *values: ast.expr) -> ast.expr:
        return ast.BoolOp(ast.Or(), list(values), **self._place)

    def both(self, *values: ast.expr) -> ast.expr:
        return ast.BoolOp(ast.And(), list(values), **self._place)

    def _when(self, test: ast.expr, then: ast.expr) -> ast.stmt:
        return ast.If(test, [ast.Expr(then, **self._place)], [], **self._place)

    def _not(self, value: ast.expr) -> ast.expr:
        return ast.UnaryOp(ast.Not(), value, **self._place)

    def _mark(self, name: str) -> ast.expr:
        return self._part(self._of(MARK), name)

    def _part(self, value: ast.expr, name: str) -> ast.expr:
        return ast.Attribute(value, name, ast.Load(), **self._place)

    def _of(self, value: Any) -> ast.expr:
        return ast.Constant(value, **self._place)


def _line_of(node: ast.AST) -> int:
    """Under which its statement counts."""
    first, _ = header_of(node) or (0, 0)
    return first


def _wildcard(case: Any) -> Any:
    """A case that takes what no other took."""
    pattern = getattr(ast, "MatchAs")()  # noqa: B009
    return type(case)(pattern=ast.copy_location(pattern, case.pattern), guard=None, body=[])


def _own(statement: ast.stmt) -> Iterator[ast.AST]:
    """The expressions of a statement, without those of statements in it."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        for child in ast.iter_child_nodes(waiting.pop()):
            if isinstance(child, ast.expr) or not hasattr(child, "lineno"):
                waiting.append(child)
                yield child


def _start(statement: Any) -> Any:
    """The node that its first instruction stands at."""
    decorators = getattr(statement, "decorator_list", ())
    return decorators[0] if decorators else statement


def _is_text(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _has_other_way(node: Any) -> bool:
    """Whether it can be left by its own decision, seen by whoever follows the frame."""
    if isinstance(node, ast.AsyncFor):
        return False
    return not (isinstance(node, ast.While) and isinstance(node.test, ast.Constant))


def _takes_all(case: Any) -> bool:
    if case.guard is not None:
        return False
    pattern = case.pattern
    while type(pattern).__name__ == "MatchOr":
        pattern = pattern.patterns[-1]
    return type(pattern).__name__ == "MatchAs" and pattern.pattern is None
