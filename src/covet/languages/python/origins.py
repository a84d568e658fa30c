"""Where the values of a test come from: the focal function, the codebase, a mock, or the test.

A reading of the text alone, statement by statement: branches and loops are gone through once, in
the order of the text, and functions of the file are followed where they are called. Names that
nothing explains count as the codebase's, so that what is not understood is not held against a test.
"""

import ast
import builtins
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from covet.languages.python.effects import parameters
from covet.languages.python.lines import Definition
from covet.languages.python.nodes import dotted, last_of, own_parts, raising, root_of, written
from covet.records import Function


class Origin(IntEnum):
    """Of a value; one that is made of several has the greatest of theirs."""

    OWN = 0
    """The test wrote it down, or made it of what it wrote down."""
    MOCK = 1
    CODE = 2
    """The codebase made it, or may have changed it."""
    FOCAL = 3
    """The focal function gave it."""


_BUILTIN = frozenset(dir(builtins))
_TEST_MODULES = ("pytest", "unittest", "mock", "hypothesis", "typing", "__future__")
_WORLD = frozenset(
    {"os", "sys", "pathlib", "glob", "shutil", "subprocess", "runpy", "importlib", "sqlite3"}
    | {"open", "exec", "eval", "__import__"}
)
"""Modules and builtins that tell of what the codebase may have done, or run it."""
MAKES_MOCKS = frozenset(
    {"Mock", "MagicMock", "AsyncMock", "PropertyMock", "NonCallableMock", "create_autospec"}
    | {"mock_open", "stub"}
)
MOCKS = MAKES_MOCKS | {"patch", "sentinel", "mocker", "monkeypatch", "call", "spy"}
_MUTABLE = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp, ast.Call)
_CONSTRUCTORS = ("__init__", "__new__", "__post_init__", "__call__")
DEPTH = 4
"""Calls of the file's own functions that are followed into each other."""
LONG = 2000
"""Characters beyond which what a name stands for is not written out."""
CHANGED = "\u2032"
"""Put behind what a name stands for, each time that it may have changed."""
Block = ast.With | ast.AsyncWith


@dataclass(frozen=True, slots=True)
class Known:
    """Of a name: its value's origin and text, with earlier names replaced by theirs."""

    origin: Origin
    text: str
    is_mutable: bool = False


@dataclass(slots=True)
class File:
    """What holds in all of a test file; it is made once, and then read."""

    focal: str
    """The last part of the focal function's name."""
    owner: str
    """Of a method: its class."""
    order: tuple[str, ...] = ()
    """The focal function's positional parameters, a method's object left out."""
    spared: frozenset[str] = frozenset()
    """Those of its parameters that it leaves as they are."""
    aliases: set[str] = field(default_factory=set)
    """Names under which the focal function is called."""
    owners: set[str] = field(default_factory=set)
    """Names of the class that it is a method of."""
    foreign: set[str] = field(default_factory=set)
    """Names that were imported from the codebase, or from what it uses."""
    paths: dict[str, str] = field(default_factory=dict)
    """What the imported names stand for, by their full names."""
    classes: dict[str, ast.ClassDef] = field(default_factory=dict)
    has_star: bool = False
    shared: set[str] = field(default_factory=set)
    """Names that functions set outside of themselves."""
    gave: dict[tuple[ast.AST, tuple[Origin, ...]], Origin] = field(default_factory=dict)
    """What calls of the file's own functions came to, by the origins of the arguments."""


@dataclass(slots=True)
class Names:
    """What the names of a file, or of one of its functions, stand for."""

    file: File
    known: dict[str, Known] = field(default_factory=dict)
    helpers: dict[str, Definition] = field(default_factory=dict)
    """The functions of the file that can be called here, ``self.name`` among them."""
    within: frozenset[str] = frozenset()
    """Names that inner functions and classes use, which whoever is handed one can change."""
    depth: int = 0

    def inside(self) -> "Names":
        """For a function of the file: it binds names of its own."""
        return Names(self.file, dict(self.known), dict(self.helpers), self.within, self.depth)

    # ------------------------------------------------------------------------- questions

    def origin(self, node: ast.expr | None) -> Origin:
        if node is None or isinstance(node, ast.Constant | ast.Lambda):
            return Origin.OWN
        if isinstance(node, ast.Name):
            return self._of_name(node.id)
        if isinstance(node, ast.Attribute):
            return self._of_attribute(node)
        if isinstance(node, ast.Call):
            return self._of_call(node)
        return max((self.origin(part) for part in _parts(node)), default=Origin.OWN)

    def is_focal(self, node: ast.expr) -> bool:
        """Whether an expression names the focal function."""
        file = self.file
        if isinstance(node, ast.Name):
            return node.id in file.aliases and node.id not in self.known
        if not isinstance(node, ast.Attribute) or node.attr != file.focal:
            return False
        if not file.owner:
            root = root_of(node)
            return root in file.foreign or root not in self.known
        return self.origin(node.value) >= Origin.CODE or root_of(node) in file.foreign

    def text(self, node: ast.expr) -> str:
        """The expression with names replaced by what they stand for: equal for equal values."""
        if isinstance(node, ast.Name) and node.id in self.known:
            return self.known[node.id].text
        return written(self._expanded(node))

    def constant(self, node: ast.expr | None) -> object:
        """The value, where it is written down; else None."""
        try:
            return None if node is None else ast.literal_eval(self.text(node))
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            return None

    def path(self, node: ast.expr) -> str:
        """The full name of what was imported, or of a part of it; empty for anything else."""
        if isinstance(node, ast.Name):
            return "" if node.id in self.known else self.file.paths.get(node.id, "")
        if isinstance(node, ast.Attribute) and (before := self.path(node.value)):
            return f"{before}.{node.attr}"
        return ""

    def runs_code(self, statements: Iterable[ast.stmt]) -> bool:
        parts = (part for statement in statements for part in ast.walk(statement))
        return any(self.origin(part) >= Origin.CODE for part in parts if isinstance(part, ast.expr))

    def helper(self, call: ast.Call) -> Definition | None:
        """The function of the file that is called."""
        return self.helpers.get(dotted(call.func))

    # ------------------------------------------------------------------------ statements

    def walk(self, statements: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
        """Every statement, those in blocks too, each before it takes effect."""
        for node in statements:
            self._touch(node)
            yield node
            match node:
                case ast.Assign(targets=targets, value=value):
                    for target in targets:
                        self.bind(target, value)
                case ast.AnnAssign(target=target, value=value) if value is not None:
                    self.bind(target, value)
                case ast.AugAssign(target=target, value=value):
                    if self.origin(value) > self.origin(target):
                        self.bind(target, value)
                case ast.With() | ast.AsyncWith():
                    yield from self._walk_with(node)
                case ast.For() | ast.AsyncFor():
                    self.bind(node.target, node.iter, text=written(node.target))
                    yield from self.walk([*node.body, *node.orelse])
                case ast.If() | ast.While():
                    yield from self.walk([*node.body, *node.orelse])
                case ast.Match():
                    for case in node.cases:
                        yield from self.walk(case.body)
                case ast.Try():
                    yield from self._walk_try(node)
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    self.helpers[node.name] = node
                    self.give(node.name, Origin.OWN)
                case ast.ClassDef():
                    self.file.classes[node.name] = node
                    self.give(node.name, _given_by_class(node, self))
                case _:
                    pass

    def _walk_try(self, node: ast.Try) -> Iterator[ast.stmt]:
        yield from self.walk(node.body)
        for handler in node.handlers:
            if handler.name:
                self.give(handler.name, Origin.CODE)
            yield from self.walk(handler.body)
        yield from self.walk([*node.orelse, *node.finalbody])

    def _walk_with(self, node: Block) -> Iterator[ast.stmt]:
        for item in node.items:
            if isinstance(item.optional_vars, ast.Name):
                raised = isinstance(item.context_expr, ast.Call) and raising(item.context_expr)
                origin = Origin.CODE if raised else self.origin(item.context_expr)
                text = self.text(item.context_expr)
                self.known[item.optional_vars.id] = Known(origin, text, is_mutable=True)
        runs_code = self.runs_code(node.body)
        yield from self.walk(node.body)
        if runs_code:  # what it redirects, records or holds may have changed by it
            for item in node.items:
                for part in ast.walk(item.context_expr):
                    if isinstance(part, ast.Name):
                        self._change(part.id)

    def entering(
        self, node: Definition, around: ast.ClassDef | None, given: Mapping[str, Known] | None
    ) -> "Names":
        """The names in a function of the file; ``given``: what it is called with, where known."""
        names = self.inside()
        if around is not None:
            names.prepare(around)
        values = _parametrized(node, around)
        patched = any("patch" in ast.dump(one) for one in node.decorator_list)
        for argument in _arguments(node):
            name = argument.arg
            if given is not None and name in given:
                names.known[name] = given[name]
            elif name in values or name in {"self", "cls"}:
                names.give(name, Origin.OWN)
            elif name in MOCKS or (patched and name not in self.helpers):
                names.give(name, Origin.MOCK)
            elif name in self.helpers:
                names.known[name] = Known(self.given_by(self.helpers[name]), name, is_mutable=True)
            else:
                names.give(name, Origin.CODE)
        return names

    def called_with(self, call: ast.Call, node: Definition) -> dict[str, Known]:
        """What the parameters of a function of the file are in a call of it."""
        order = [one.arg for one in (*node.args.posonlyargs, *node.args.args)]
        if order[:1] in (["self"], ["cls"]):
            order = order[1:]
        if any(isinstance(one, ast.Starred) for one in call.args):
            return {}
        given: list[tuple[str, ast.expr]] = list(zip(order, call.args, strict=False))
        given += [(keyword.arg, keyword.value) for keyword in call.keywords if keyword.arg]
        found = {name: self._known(value) for name, value in given}
        defaults = order[len(order) - len(node.args.defaults) :]
        for name in {*defaults} - found.keys():
            found[name] = Known(Origin.OWN, name)
        return found

    def prepare(self, around: ast.ClassDef) -> None:
        """What the methods of a class set on their object, and those methods."""
        for base in around.bases:
            above = self.file.classes.get(last_of(base))
            if above is not None and above is not around:
                self.prepare(above)
        methods = [inner for inner in around.body if isinstance(inner, Definition)]
        others = [inner for inner in methods if not inner.name.startswith("test")]
        for inner in others:
            is_fixture = any("fixture" in ast.dump(one) for one in inner.decorator_list)
            self.helpers[inner.name if is_fixture else f"self.{inner.name}"] = inner
        for inner in others:
            names = self.entering(inner, None, None)
            for _ in names.walk(inner.body):
                pass
            for name, known in names.known.items():
                if name.startswith(("self.", "cls.")):
                    self.known[f"self.{name.partition('.')[2]}"] = known

    def bind(self, target: ast.expr, value: ast.expr | None, *, text: str = "") -> None:
        if isinstance(target, ast.Tuple | ast.List):
            for place, part in enumerate(target.elts):
                self.bind(part, value, text=f"{self.text(value) if value else text}[{place}]")
            return
        if isinstance(target, ast.Starred):
            self.bind(target.value, value, text=written(target))
            return
        if isinstance(target, ast.Subscript) and self.origin(value) >= Origin.CODE:
            self._change(dotted(target.value))
        name = dotted(target)
        if name:
            known = self._known(value)
            self.known[name] = Known(known.origin, text or known.text or name, known.is_mutable)
            self.helpers.pop(name, None)

    def give(self, name: str, origin: Origin) -> None:
        self.known[name] = Known(origin, name)

    def given_by(self, node: Definition, given: Mapping[str, Known] | None = None) -> Origin:
        """What a function of the file gives: what it returns or yields."""
        key = node, tuple(one.origin for one in (given or {}).values())
        if key in self.file.gave or self.depth >= DEPTH:
            return self.file.gave.get(key, Origin.CODE)
        self.file.gave[key] = Origin.CODE  # of one that calls itself
        names = self.entering(node, None, given)
        names.depth = self.depth + 1
        found = Origin.OWN
        for statement in names.walk(node.body):
            if isinstance(statement, ast.Return):
                found = max(found, names.origin(statement.value))
            elif isinstance(statement, ast.Expr) and isinstance(
                statement.value, ast.Yield | ast.YieldFrom
            ):
                found = max(found, names.origin(statement.value.value))
        self.file.gave[key] = found
        return found

    # --------------------------------------------------------------------------- details

    def _expanded(self, node: ast.AST) -> ast.AST:
        """A copy with names as what they stand for, and the focal function under one name."""
        stands_for = self._stands_for(node)
        if stands_for:
            return ast.Name(stands_for, ast.Load())
        fields = {
            name: [self._expanded(part) if isinstance(part, ast.AST) else part for part in value]
            if isinstance(value, list)
            else (self._expanded(value) if isinstance(value, ast.AST) else value)
            for name, value in ast.iter_fields(node)
        }
        return type(node)(**fields)

    def _stands_for(self, node: ast.AST) -> str:
        if not isinstance(node, ast.Name | ast.Attribute):
            return ""
        name = dotted(node)
        known = self.known.get(name)
        if known is not None and known.text != name:
            return f"({known.text})"
        is_function = isinstance(node, ast.Name) or not self.file.owner
        return self.file.focal if known is None and is_function and self.is_focal(node) else ""

    def _known(self, value: ast.expr | None) -> Known:
        text = self.text(value) if value is not None else ""
        text = text if len(text) <= LONG else ""
        return Known(self.origin(value), text, isinstance(value, _MUTABLE))

    def _touch(self, statement: ast.stmt) -> None:
        """What is handed to the codebase may be changed by it; so may an object whose method is
        called.
        """
        self.within |= frozenset(_used_within(statement))
        for node in own_parts(statement):
            if isinstance(node, ast.NamedExpr):
                self.bind(node.target, node.value)
            if not isinstance(node, ast.Call) or self._of_call(node) < Origin.CODE:
                continue
            for name in self.within & self.known.keys():
                self._change(name, if_mutable=True)
            for place, argument in enumerate(node.args):
                if not (self.is_focal(node.func) and self._is_spared(place)):
                    self._change(dotted(argument))
            for keyword in node.keywords:
                if not (self.is_focal(node.func) and keyword.arg in self.file.spared):
                    self._change(dotted(keyword.value))
            receiver = dotted(node.func.value) if isinstance(node.func, ast.Attribute) else ""
            if receiver not in {"self", "cls"}:
                self._change(receiver)

    def _is_spared(self, place: int) -> bool:
        order = self.file.order
        return place < len(order) and order[place] in self.file.spared

    def _change(self, name: str, *, if_mutable: bool = False) -> None:
        """From here on it is not what it was, nor is what hangs on it."""
        if if_mutable and not self.known[name].is_mutable:
            return
        for known in [one for one in self.known if one == name or one.startswith(f"{name}.")]:
            before = self.known[known]
            if before.origin is not Origin.MOCK and (
                before.is_mutable or before.origin >= Origin.CODE or known != name
            ):
                origin = max(before.origin, Origin.CODE)
                self.known[known] = Known(origin, f"{before.text}{CHANGED}", is_mutable=True)

    def _of_name(self, name: str) -> Origin:
        if name in self.known and name not in self.file.shared:
            return self.known[name].origin
        if name in self.file.foreign or name in self.file.aliases:
            return Origin.CODE
        if name in MOCKS:
            return Origin.MOCK
        if name in _WORLD or name in self.file.shared:
            return Origin.CODE
        return Origin.CODE if self.file.has_star and name not in _BUILTIN else Origin.OWN

    def _of_attribute(self, node: ast.Attribute) -> Origin:
        name = dotted(node)
        if name in self.known:
            return self.known[name].origin
        if self.file.owner and self.is_focal(node):
            return Origin.FOCAL  # a property, or the method itself
        if node.attr in MOCKS:
            return Origin.MOCK
        return self.origin(node.value)

    def _of_call(self, node: ast.Call) -> Origin:
        callee = node.func
        if self.is_focal(callee):
            return Origin.FOCAL
        file = self.file
        if file.owner and root_of(callee) in file.owners and file.focal in _CONSTRUCTORS:
            return Origin.FOCAL
        helper = self.helper(node)
        if helper is not None:
            return self.given_by(helper, self.called_with(node, helper))
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        parts = [self.origin(callee), *map(self.origin, given)]
        if parts[0] is Origin.MOCK:
            return Origin.MOCK
        return max(parts)


# -------------------------------------------------------------------------------------- files


def of_file(tree: ast.Module, function: Function) -> Names:
    """What a test file imports and writes down outside of its functions."""
    *owners, focal = function.qualname.split(".")
    found = parameters(function.source)
    order, spared = found if found is not None else ((), frozenset[str]())
    file = File(focal, owners[-1] if owners else "", order[1:] if owners else order, spared)
    names = Names(file)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            _imported(node, names)
        elif isinstance(node, ast.Global | ast.Nonlocal):
            file.shared |= {*node.names}
    for node in tree.body:
        if isinstance(node, Definition):
            names.helpers[node.name] = node
    plain = (ast.Assign, ast.AnnAssign, ast.Expr, ast.ClassDef)
    for _ in names.walk(node for node in tree.body if isinstance(node, plain)):
        pass
    return names


def _imported(node: ast.Import | ast.ImportFrom, names: Names) -> None:
    file = names.file
    for alias in node.names:
        module = (node.module or ".") if isinstance(node, ast.ImportFrom) else alias.name
        name = alias.asname or alias.name.partition(".")[0]
        is_whole = isinstance(node, ast.Import) and alias.asname is None
        full = alias.name if isinstance(node, ast.Import) else f"{module}.{alias.name}"
        file.paths[name] = name if is_whole else full
        top = module.partition(".")[0]
        if alias.name == "*":
            file.has_star = True
            (file.owners if file.owner else file.aliases).add(file.owner or file.focal)
        elif isinstance(node, ast.ImportFrom) and alias.name == file.focal and not file.owner:
            file.aliases.add(name)
            file.foreign.add(name)
        elif top in _TEST_MODULES or top in sys.stdlib_module_names:
            is_world = top in _WORLD
            origin = Origin.MOCK if alias.name in MOCKS else Origin.OWN
            names.give(name, Origin.CODE if is_world else origin)
        else:
            file.foreign.add(name)
            if file.owner and alias.name == file.owner:
                file.owners.add(name)


def _used_within(statement: ast.stmt) -> Iterator[str]:
    """Names in what a statement defines, tests left out, to be called by others."""
    made: list[ast.AST] = [one for one in own_parts(statement) if isinstance(one, ast.Lambda)]
    if isinstance(statement, Definition | ast.ClassDef):
        made += [] if statement.name.lower().startswith("test") else [statement]
    for part in (part for one in made for part in ast.walk(one)):
        if isinstance(part, ast.Name):
            yield part.id


def _given_by_class(node: ast.ClassDef, names: Names) -> Origin:
    """Whether what a class of the file makes has anything to do with the codebase."""
    parts = (part for part in ast.walk(node) if isinstance(part, ast.expr))
    return max(map(names.origin, parts), default=Origin.OWN)


# ------------------------------------------------------------------------------------ details


def _parts(node: ast.expr) -> list[ast.expr]:
    parts = [part for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr)]
    for part in ast.iter_child_nodes(node):
        if isinstance(part, ast.comprehension):
            parts += [part.iter, *part.ifs]
    return parts


def _arguments(node: Definition) -> list[ast.arg]:
    given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return given + [rest for rest in (node.args.vararg, node.args.kwarg) if rest is not None]


def _parametrized(node: Definition, around: ast.ClassDef | None) -> set[str]:
    """Names of parameters that are given as values."""
    found: set[str] = set()
    for decorator in [*node.decorator_list, *(around.decorator_list if around else [])]:
        if isinstance(decorator, ast.Call) and last_of(decorator.func) in {"parametrize", "given"}:
            first = decorator.args[0] if decorator.args else None
            for part in ast.walk(first) if first else ():
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    found |= {name.strip() for name in part.value.split(",")}
            found |= {keyword.arg for keyword in decorator.keywords if keyword.arg}
    return found
