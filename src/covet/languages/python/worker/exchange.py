"""Programs as code that can be exchanged in a running interpreter.

A program differs from a file by one change. Where the change lies inside a function of a module
or class, the function's code object is compiled alone, from its own lines, and given to every
function object that runs the original's: ``from x import f``, decorators, properties and
subclasses keep theirs, and see the change. A changed default argument is given to the same
functions. Where an argument of a decorator is changed, the decorator is applied anew to what it
was applied to when the module was imported, which ``Keeper`` noted then, and the result takes the
old one's place in every module; that has to be done before tests are collected. What else a
program may change (classes, module code, a function that ran while its module was imported)
cannot be expressed so, and is refused here: such a program is run anew.

Every exchanged code counts its steps: one for each entry of the function and of its inner ones,
one for each turn of a ``for`` or ``while`` loop. The counter is a constant of the code object, so
that no name appears anywhere. It ends what steps too far.
"""

from __future__ import annotations

import ast
import bisect
import itertools
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from inspect import CO_NEWLOCALS
from types import CodeType, FunctionType
from typing import Any, Optional, Union

from .tracing import NO_BOUND

Definition = Union[ast.FunctionDef, ast.AsyncFunctionDef]
Functions = dict[tuple[int, str], list[FunctionType]]
"""By first line and name."""
_COUNT = "\0covet count\0"
_KEEP = "\0covet keep\0"


class Counter:
    """Counts steps; calls ``too_far`` at every step beyond ``most``."""

    def __init__(self, too_far: Callable[[], None]) -> None:
        self.steps = 0
        self.most = NO_BOUND
        self._too_far = too_far

    def start(self, most: int) -> None:
        self.steps, self.most = 0, most

    def step(self) -> None:
        self.steps += 1
        if self.steps > self.most:
            self._too_far()


@dataclass(frozen=True)
class Change:
    """A program as it is put in force."""

    functions: list[FunctionType]
    code: CodeType
    defaults: Optional[tuple[Any, ...]]
    keyword_defaults: Optional[dict[str, Any]]

    early = False
    """Whether it must be in force before anything binds the function's name."""

    def apply(self) -> None:
        for function in self.functions:
            function.__code__ = self.code
            function.__defaults__ = self.defaults
            function.__kwdefaults__ = self.keyword_defaults  # type: ignore[assignment]


class Broken(Exception):
    """A program that cannot even be imported."""


@dataclass(frozen=True)
class Redecorated:
    """A program whose change is an argument of a decorator."""

    name: str
    old: Any
    inner: Any
    """What the changed decorator is applied to."""
    decorators: list[CodeType]
    """The changed one's expression, then those of the decorators around it."""
    scope: dict[str, Any]

    early = True

    def apply(self) -> None:
        """``Broken`` where the changed decorator refuses its arguments, as it would while the
        module is imported. What else the decorators raise may come of their being applied for a
        second time.
        """
        try:
            changed = eval(self.decorators[0], self.scope)  # noqa: S307  (the codebase's own)
        except Exception as error:
            raise Broken from error
        new = changed(self.inner)
        for decorator in self.decorators[1:]:
            new = eval(decorator, self.scope)(new)  # noqa: S307
        for module in list(sys.modules.values()):
            names = getattr(module, "__dict__", {})
            for name, thing in list(names.items()):
                if thing is self.old:
                    names[name] = new


AnyChange = Union[Change, Redecorated]


class Keeper:
    """Notes, while a module is imported, its functions, and what each of its decorators with
    arguments is applied to. The notes are taken by decorators of our own, which hand on what
    they are given.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self.functions: Functions = {}
        self.kept: dict[tuple[int, int], Any] = {}
        """By the function's first line and the decorator's place, outermost first."""

    def compiled(self, source: bytes) -> CodeType:
        """The module's code, taking notes."""
        tree = ast.parse(source)
        self._annotate(tree.body)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            code = compile(tree, self._path, "exec", dont_inherit=True)
        return self._with_notes(code)

    def _annotate(self, body: list[ast.stmt]) -> None:
        for node in body:
            if isinstance(node, ast.ClassDef):
                self._annotate(node.body)
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                node.decorator_list = self._noting(node)

    def _noting(self, node: Definition) -> list[ast.expr]:
        noted: list[ast.expr] = []
        first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        for place, decorator in enumerate(node.decorator_list):
            noted.append(decorator)
            if isinstance(decorator, ast.Call):
                note = ast.Constant(f"{_KEEP}{first} {place}")
                noted.append(ast.copy_location(note, decorator))
        note = ast.Constant(f"{_KEEP}{first} -1")
        note.lineno = note.end_lineno = node.lineno
        note.col_offset = note.end_col_offset = node.col_offset
        return [*noted, note]

    def _with_notes(self, code: CodeType) -> CodeType:
        constants: list[Any] = []
        for constant in code.co_consts:
            if isinstance(constant, CodeType) and not constant.co_flags & CO_NEWLOCALS:
                constants.append(self._with_notes(constant))  # a class
            elif isinstance(constant, str) and constant.startswith(_KEEP):
                constants.append(self._note(constant))
            else:
                constants.append(constant)
        return code.replace(co_consts=tuple(constants))

    def _note(self, constant: str) -> Callable[[Any], Any]:
        first, place = map(int, constant[len(_KEEP) :].split())

        def note(thing: Any) -> Any:
            if place >= 0:
                self.kept[first, place] = thing
            elif type(thing) is FunctionType:
                self.functions.setdefault((first, thing.__name__), []).append(thing)
            return thing

        return note


@dataclass(frozen=True)
class _Unit:
    """A function of a module or class, with the classes around it."""

    node: Definition
    classes: tuple[str, ...]

    @property
    def first(self) -> int:
        return min([self.node.lineno, *(d.lineno for d in self.node.decorator_list)])

    @property
    def body(self) -> int:
        """The first line of the body: from there on nothing is the header's."""
        first = self.node.body[0]
        return min([first.lineno, *(d.lineno for d in getattr(first, "decorator_list", []))])

    @property
    def last(self) -> int:
        return self.node.end_lineno or self.node.lineno


class File:
    """One source file whose module is loaded."""

    def __init__(
        self,
        path: str,
        source: str,
        functions: Functions,
        ran: Iterable[int],
        kept: Mapping[tuple[int, int], Any],
    ) -> None:
        """``ran``: the lines that ran while the module was imported; ``kept``: see ``Keeper``."""
        self._kept = kept
        self.source = source
        self._path = path
        self._ran = frozenset(ran)
        self._lines = source.splitlines(keepends=True)
        self._starts = [0, *itertools.accumulate(map(len, self._lines))]
        self._tree = ast.parse(source)
        self._flags = _future_flags(self._tree)
        self._functions = functions
        self._counted: dict[int, list[tuple[int, str]]] = {}

    def change(self, start: int, end: int, new: str, counter: Counter) -> Optional[AnyChange]:
        """Characters ``start`` to ``end`` of the source become ``new``; None where that cannot
        be expressed by exchanging code.
        """
        unit = self._unit(self._line(start), self._line(end))
        functions = self._functions.get((unit.first, unit.node.name)) if unit else None
        if unit is None or not functions or _differ(functions):
            return None
        first, last = self._starts[unit.first - 1], self._starts[unit.last]
        if end > last:
            return None
        defaults: Optional[_Defaults] = functions[0].__defaults__, functions[0].__kwdefaults__
        if start < self._starts[unit.body - 1]:
            changed = self.source[first:start] + new + self.source[end:last]
            defaults = _header(unit, changed, functions[0])
            if defaults is None:
                return self._redecorated(unit, changed, functions[0])
        assert defaults is not None
        code = self._code(unit, start, end, new)
        if code is None or code.co_freevars != functions[0].__code__.co_freevars:
            return None
        return Change(functions, _with_counter(code, counter.step), *defaults)

    def original(self, start: int, counter: Counter) -> Optional[Change]:
        """The unchanged function around a character, counting its steps."""
        change = self.change(start, start, "", counter)
        return change if isinstance(change, Change) else None

    def _redecorated(self, unit: _Unit, text: str, function: FunctionType) -> Optional[Redecorated]:
        """Where exactly one decorator's arguments differ and nothing else of the header does."""
        node = _definition(ast.parse(text)) if not unit.classes else None
        if node is None or len(node.decorator_list) != len(unit.node.decorator_list):
            return None
        pairs = list(zip(node.decorator_list, unit.node.decorator_list))  # noqa: B905  (3.9)
        changed = [place for place, (new, old) in enumerate(pairs) if not _same(new, old)]
        if len(changed) != 1 or not _same(node.args, unit.node.args):
            return None
        (place,) = changed
        new, old = pairs[place]
        scope = function.__globals__
        inner = self._kept.get((unit.first, place), _NOTHING)
        if inner is _NOTHING and place == len(pairs) - 1:
            inner = function  # the innermost is applied to the function itself
        if not isinstance(new, ast.Call) or not isinstance(old, ast.Call) or inner is _NOTHING:
            return None
        if not _same(new.func, old.func) or node.name not in scope:
            return None
        outward = [pairs[other][0] for other in range(place, -1, -1)]
        codes = [
            compile(ast.Expression(one), "<decorator>", "eval", dont_inherit=True)
            for one in outward
        ]
        return Redecorated(node.name, scope[node.name], inner, codes, scope)

    def _line(self, offset: int) -> int:
        return max(1, bisect.bisect_right(self._starts, offset, hi=len(self._lines)))

    def _unit(self, first: int, last: int) -> Optional[_Unit]:
        body: list[ast.stmt] = self._tree.body
        classes: tuple[str, ...] = ()
        while True:
            around = next((node for node in body if _encloses(node, first, last)), None)
            if isinstance(around, ast.ClassDef):
                body, classes = around.body, (*classes, around.name)
            elif isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef)):
                unit = _Unit(around, classes)
                inside = range(unit.body, unit.last + 1)
                return None if self._ran.intersection(inside) else unit
            else:
                return None

    def _code(self, unit: _Unit, start: int, end: int, new: str) -> Optional[CodeType]:
        """The changed function with its steps counted, compiled in the place of its lines."""
        parts = ["\n" * (unit.first - 1 - len(unit.classes)), _shells(unit)]
        at = self._starts[unit.first - 1]
        edits = [(place, place, text) for place, text in self._counts(unit)]
        edits = [edit for edit in edits if not start < edit[0] < end]
        for first, last, text in sorted([*edits, (start, end, new)], key=lambda e: e[:2]):
            parts += [self.source[at:first], text]
            at = last
        parts.append(self.source[at : self._starts[unit.last]])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            module = compile(
                "".join(parts), self._path, "exec", flags=self._flags, dont_inherit=True
            )
        return _code_of(module, unit.node.name)

    def _counts(self, unit: _Unit) -> list[tuple[int, str]]:
        """Where a step is counted, and the text that does it."""
        if unit.first not in self._counted:
            places = [self._before(node.body[_begin(node)]) for node in _counting(unit.node)]
            self._counted[unit.first] = sorted(set(places))
        return self._counted[unit.first]

    def _before(self, statement: ast.stmt) -> tuple[int, str]:
        """A line of its own before the statement's, or the same line where others stand there."""
        decorators = getattr(statement, "decorator_list", [])
        line = min([statement.lineno, *(decorator.lineno for decorator in decorators)])
        text = self._lines[line - 1]
        column = len(text.encode()[: statement.col_offset].decode())
        start = self._starts[line - 1]
        if text[:column].strip():
            return start + column, f"{_COUNT!r}(); "
        return start, f"{text[:column]}{_COUNT!r}()\n"


def _counting(function: Definition) -> Iterator[Any]:
    for node in ast.walk(function):
        if isinstance(
            node, (ast.For, ast.AsyncFor, ast.While, ast.FunctionDef, ast.AsyncFunctionDef)
        ):
            yield node


def _begin(node: Any) -> int:
    """The first statement that is no docstring, or the docstring where there is nothing else."""
    is_function = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    documented = is_function and ast.get_docstring(node, clean=False) is not None
    return 1 if documented and len(node.body) > 1 else 0


def _same(one: ast.AST, other: ast.AST) -> bool:
    return ast.dump(one) == ast.dump(other)


_NOTHING = object()


def _header(unit: _Unit, text: str, function: FunctionType) -> Optional[_Defaults]:
    """The defaults of a function whose header is changed; None where more is than those."""
    node = _definition(ast.parse(_shells(unit) + text))
    if node is None or _dumps(node.decorator_list) != _dumps(unit.node.decorator_list):
        return None
    if not _same_parameters(node, unit.node):
        return None
    return _defaults(function, node, unit.node)


def _shells(unit: _Unit) -> str:
    return "".join(f"{' ' * depth}class {name}:\n" for depth, name in enumerate(unit.classes))


def _differ(functions: list[FunctionType]) -> bool:
    """Whether one definition has become functions with different defaults."""
    first = functions[0]
    return any(
        (f.__defaults__, f.__kwdefaults__, f.__code__)
        != (first.__defaults__, first.__kwdefaults__, first.__code__)
        for f in functions
    )


def _future_flags(tree: ast.Module) -> int:
    import __future__

    names = [
        alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module == "__future__"
        for alias in node.names
    ]
    flags = 0
    for name in names:
        flags |= int(getattr(__future__, name).compiler_flag)
    return flags


def _encloses(node: ast.stmt, first: int, last: int) -> bool:
    decorators = getattr(node, "decorator_list", [])
    start = min([node.lineno, *(decorator.lineno for decorator in decorators)])
    return start <= first and last <= (node.end_lineno or node.lineno)


def _definition(tree: ast.Module) -> Optional[Definition]:
    """The one function in the shells."""
    body: list[ast.stmt] = tree.body
    while len(body) == 1:
        node = body[0]
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return node
        if not isinstance(node, ast.ClassDef):
            return None
        body = node.body
    return None


def _dumps(nodes: Iterable[Optional[ast.expr]]) -> list[str]:
    return [ast.dump(node) if node is not None else "" for node in nodes]


def _same_parameters(new: Definition, old: Definition) -> bool:
    """But for their defaults."""
    if type(new) is not type(old) or new.name != old.name:
        return False
    return _names(new.args) == _names(old.args)


def _names(arguments: ast.arguments) -> list[str]:
    star, stars = arguments.vararg, arguments.kwarg
    parts = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    counts = f"{len(arguments.posonlyargs)} {len(arguments.args)} {len(arguments.defaults)}"
    return [
        counts,
        star.arg if star else "",
        stars.arg if stars else "",
        *(a.arg for a in parts),
        *("=" if default else "" for default in arguments.kw_defaults),
    ]


_Defaults = tuple[Optional[tuple[Any, ...]], Optional[dict[str, Any]]]


def _defaults(function: FunctionType, new: Definition, old: Definition) -> Optional[_Defaults]:
    """A function's defaults with the changed ones evaluated; None where they cannot be."""
    values = list(function.__defaults__ or ())
    keywords = dict(function.__kwdefaults__ or {})
    if len(values) != len(new.args.defaults):
        return None  # a decorator has given it others
    try:
        for index, (mine, its) in enumerate(zip(new.args.defaults, old.args.defaults)):  # noqa: B905
            if ast.dump(mine) != ast.dump(its):
                values[index] = _evaluated(mine, function)
        for name, mine, its in zip(new.args.kwonlyargs, new.args.kw_defaults, old.args.kw_defaults):  # noqa: B905
            if mine is not None and its is not None and ast.dump(mine) != ast.dump(its):
                keywords[name.arg] = _evaluated(mine, function)
    except Exception:  # noqa: BLE001  (a name of the class's, or whatever the default is wrong in)
        return None
    return tuple(values) if function.__defaults__ else None, keywords or None


def _evaluated(default: ast.expr, function: FunctionType) -> Any:
    code = compile(ast.Expression(default), "<default>", "eval", dont_inherit=True)
    return eval(code, function.__globals__)  # noqa: S307  (the codebase's own)


# ------------------------------------------------------------------------------- counting


def _with_counter(code: CodeType, step: Callable[[], None]) -> CodeType:
    constants: list[Any] = []
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            constants.append(_with_counter(constant, step))
        else:
            constants.append(step if constant == _COUNT else constant)
    return code.replace(co_consts=tuple(constants))


def _code_of(code: CodeType, name: str) -> Optional[CodeType]:
    """The one function inside the shells."""
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            if constant.co_name == name and constant.co_flags & CO_NEWLOCALS:
                return constant
            return _code_of(constant, name)
    return None
