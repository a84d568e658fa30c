"""Puts probes into a file's code: statements that tell a recorder, once, that they were reached.

A probe is ``if not MARK._7: MARK.line(7)``: after the first time it costs one look at an attribute.
``MARK`` is a constant of the code, so that no name of the module's is taken. There are probes for
lines (by the first line of the statement, as ``tracing`` counts them), for the ways that a decision
went (into a body, or past it) and for the entries of functions. Nothing else changes: names, line
numbers, docstrings and frames are what they were.
"""

from __future__ import annotations

import ast
import dis
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from types import CodeType
from typing import Any, Union

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
        known = set(_lines(compile(tree, path, "exec", dont_inherit=True)))
        _Writer(sites, known).write(tree)
        code = compile(tree, path, "exec", dont_inherit=True)
    return _with(recorder, code)


def _lines(code: CodeType) -> Iterator[int]:
    """Those that instructions stand for, of all code in it."""
    if hasattr(code, "co_lines"):
        yield from (line for _, _, line in code.co_lines() if line)
    else:
        yield from (line for _, line in dis.findlinestarts(code) if line)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _lines(constant)


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

    def __init__(self, sites: Sites, known: set[int]) -> None:
        self._sites = sites
        self._known = known

    def write(self, tree: ast.Module) -> None:
        tree.body = self._scope(tree)

    # ------------------------------------------------------------------------- statements

    def _scope(self, node: Any) -> list[ast.stmt]:
        """The body of a module, a class or a function."""
        body: list[ast.stmt] = node.body
        first = 1 if body and _is_text(body[0]) else 0
        while first < len(body) and getattr(body[first], "module", "") == "__future__":
            first += 1
        leading = [] if isinstance(node, Definition) else body[:first]
        for statement in leading:
            self._expressions(statement)
        after = [probe for statement in leading for probe in self._line(statement)]
        entry: list[ast.stmt] = []
        if isinstance(node, Definition):
            at = _start(body[first] if first < len(body) else body[0])
            entry = [_probe("enter", self._sites.add("entries", _first_line(node)), at)]
        return [*body[:first], *entry, *after, *self._block(body[first:], finally_=False)]

    def _block(
        self, body: Iterable[ast.stmt], *, finally_: bool, header: int = 0
    ) -> list[ast.stmt]:
        """``header``: a line that is known to have been reached; ``finally_``: what follows the
        block is not the same every time.
        """
        found: list[ast.stmt] = []
        last = header
        for statement in body:
            if statement.lineno != last or getattr(statement, "decorator_list", ()):
                found += self._line(statement)
            last = statement.lineno
            self._statement(statement, finally_=finally_)
            found.append(statement)
        return found

    def _statement(self, node: Any, *, finally_: bool) -> None:
        if isinstance(node, (*Definition, ast.ClassDef)):
            self._expressions(node)
            node.body = self._scope(node)
            return
        self._expressions(node)
        if isinstance(node, (ast.If, ast.While, ast.For, ast.AsyncFor)):
            ends = [*self._way(node, finally_=finally_)] if _has_other_way(node) else []
            node.body = [
                *self._way(node, finally_=finally_),
                *self._block(node.body, finally_=finally_, header=node.lineno),
            ]
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
        is_plain = isinstance(node, ast.Try)
        for handler in node.handlers:
            body = self._block(handler.body, finally_=finally_, header=handler.lineno)
            handler.body = [
                *(self._way(handler, finally_=finally_) if is_plain else ()),
                *(self._line(handler) if handler.type is None else ()),
                *body,
            ]
            if handler.type is not None:
                number = self._sites.add("handlers", handler.lineno)
                asked = _call("caught", number, handler.type)
                asked.args.append(handler.type)
                handler.type = asked

    def _match(self, node: Any, *, finally_: bool) -> None:
        """Cases are looked at one after the other: the body of one tells of all before it."""
        cases = list(node.cases)
        if not _takes_all(cases[-1]):
            node.cases.append(_wildcard(cases[-1]))
        for place, case in enumerate(node.cases):
            asked = cases[: place + 1]
            body = self._block(case.body, finally_=finally_, header=_line_of(asked[-1]))
            at = ast.Pass(**_at(_line_of(asked[-1])))
            case.body = [
                *self._lines(asked, at),
                *self._between(asked, at),
                *self._way(asked[-1], finally_=finally_),
                *body,
            ]

    def _between(self, cases: list[Any], at: ast.stmt) -> list[ast.stmt]:
        """The ways from each case to the next."""
        lines = [_line_of(case) for case in cases if self._is_known(case)]
        return [
            _probe("passed", self._sites.add("ways", (lines[place], True)), at, lines[place + 1])
            for place in range(len(lines) - 1)
        ]

    # ----------------------------------------------------------------------------- probes

    def _is_known(self, node: ast.AST) -> bool:
        """Whether instructions stand for it."""
        first, last = header_of(node) or (0, 0)
        return any(line in self._known for line in range(first, last + 1))

    def _line(self, statement: Any) -> list[ast.stmt]:
        """Also of its decorators, which are told line by line."""
        more = {
            node.lineno
            for decorator in getattr(statement, "decorator_list", ())
            for node in ast.walk(decorator)
            if hasattr(node, "lineno")
        }
        return self._lines([statement], _start(statement), more & self._known)

    def _lines(self, nodes: Iterable[ast.AST], at: Any, more: Iterable[int] = ()) -> list[ast.stmt]:
        """Nothing, where no instructions stand for them."""
        lines = {_line_of(node) for node in nodes if self._is_known(node)}.union(more)
        return [_probe("line", self._sites.add("lines", frozenset(lines)), at)] if lines else []

    def _way(self, node: Any, *, finally_: bool) -> list[ast.stmt]:
        """At the line that decides."""
        if not self._is_known(node):
            return []
        line = _line_of(node)
        probe = _probe("way", self._sites.add("ways", (line, not finally_)), ast.Pass(**_at(line)))
        return [probe]

    # ------------------------------------------------------------------------ expressions

    def _expressions(self, statement: ast.stmt) -> None:
        """What runs later than the statement: lambdas."""
        for node in _own(statement):
            if isinstance(node, ast.Lambda) and self._is_known(statement):
                number = self._sites.add("lines", frozenset({statement.lineno}))
                told = ast.BoolOp(ast.Or(), [_flag(number), _call("line", number, node.body)])
                node.body = _placed(ast.BoolOp(ast.And(), [told, node.body]), node.body)


def _line_of(node: ast.AST) -> int:
    """Under which its statement counts."""
    first, _ = header_of(node) or (0, 0)
    return first


def _wildcard(case: Any) -> Any:
    """A case that takes what no other took."""
    at = _at(case.pattern.lineno)
    return type(case)(pattern=getattr(ast, "MatchAs")(**at), guard=None, body=[])  # noqa: B009


def _own(statement: ast.stmt) -> Iterator[ast.AST]:
    """The expressions of a statement, without those of statements in it."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr) or not hasattr(child, "lineno"):
                waiting.append(child)
                yield child


def _probe(told: str, number: int, at: Any, *more: int) -> ast.stmt:
    test = ast.UnaryOp(ast.Not(), _flag(number))
    call = _call(told, number, at)
    call.args += [ast.Constant(each) for each in more]
    return _placed(ast.If(test, [_placed(ast.Expr(call), at)], []), at)


def _flag(number: int) -> ast.expr:
    return ast.Attribute(ast.Constant(MARK), f"_{number}", ast.Load())


def _call(told: str, number: int, at: Any) -> ast.Call:
    teller = ast.Attribute(ast.Constant(MARK), told, ast.Load())
    call = ast.Call(teller, [ast.Constant(number)], [])
    _placed(call, at)
    return call


def _at(line: int) -> dict[str, int]:
    return {"lineno": line, "end_lineno": line, "col_offset": 0, "end_col_offset": 0}


def _placed(node: Any, at: Any) -> Any:
    """With a place for all in it that has none."""
    for each in ast.walk(node):
        if isinstance(each, (ast.stmt, ast.expr)) and not hasattr(each, "lineno"):
            each.lineno = each.end_lineno = at.lineno
            each.col_offset = each.end_col_offset = at.col_offset
    return node


def _start(statement: Any) -> Any:
    """The node that its first instruction stands at."""
    decorators = getattr(statement, "decorator_list", ())
    return decorators[0] if decorators else statement


def _first_line(node: Union[ast.FunctionDef, ast.AsyncFunctionDef]) -> int:
    return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])


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
