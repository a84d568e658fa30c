"""The text of a whole program, made ready to be run many times.

``prepare`` compiles it, puts a count of turns into it where turns are bounded, and says whether it
is *plain*: so made that a run with fresh names leaves nothing behind for the next in the same
process. That is judged by what the text names: imports of modules without state alone, none of
the names that reach beyond, nothing of a module's replaced. What only seems plain is found out
afterwards by ``Standing``; a program that is not plain gets a process for each input.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import sys
from dataclasses import dataclass
from operator import is_
from types import CodeType
from typing import Any, Optional, TypeVar

TURN = "turn of covet"
"""A name that no program can write."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MODULES = _words(
    "abc array bisect cmath collections collections.abc copy dataclasses datetime enum fractions "
    "functools heapq itertools json math numbers operator random re statistics string sys textwrap "
    "time typing"
)
"""Loaded beforehand; programs that import no others may be plain."""
_SYS = _words(
    "stdin stdout stderr maxsize exit setrecursionlimit getrecursionlimit version version_info "
    "float_info"
)
_NAMES = _words(
    "open exec eval compile globals locals vars setattr delattr getattr breakpoint help"
)
_ATTRIBUTES = _words("fileno detach mro")
_REACHING = ("f_", "gi_", "tb_", "cr_", "ag_", "co_", "func_")
_DUNDERS = frozenset(
    f"__{name}__"
    for name in _words(
        "init new name main class doc str repr len iter next getitem setitem delitem contains call "
        "eq ne lt le gt ge hash bool add radd iadd sub rsub isub mul rmul imul truediv rtruediv "
        "floordiv rfloordiv mod rmod pow rpow neg pos abs and rand or ror xor rxor invert lshift "
        "rshift int float index reversed enter exit slots post_init matmul divmod missing copy "
        "deepcopy annotations future"
    )
)


@dataclass(frozen=True)
class Whole:
    """A program's text, read once."""

    code: Optional[CodeType]
    """None where it cannot be compiled; ``problem`` says why."""
    plain: bool
    problem: str = ""
    uses_random: bool = False
    sets_attributes: bool = False
    """Of something; else what programs share cannot be changed by one that is plain."""


def load_modules() -> None:
    for name in sorted(MODULES):
        importlib.import_module(name)


def prepare(data: bytes, path: str, *, counted: bool) -> Whole:
    """Whatever is wrong with it is told, not raised, save that this interpreter breaks down."""
    try:
        tree = ast.parse(data, path)
        look = _Look(tree)
        if counted:
            _count_turns(tree)
        code = compile(tree, path, "exec", dont_inherit=True)
    except Exception as error:  # noqa: BLE001  (the compiler raises many things)
        return Whole(None, plain=True, problem=f"{type(error).__name__}: {error}"[:500])
    return Whole(
        code,
        plain=look.plain,
        uses_random=b"random" in data,
        sets_attributes=look.sets_attributes,
    )


# --------------------------------------------------------------------------------- turns


_Loop = (ast.For, ast.While, ast.AsyncFor)
_Function = (ast.FunctionDef, ast.AsyncFunctionDef)


def _count_turns(tree: ast.Module) -> None:
    for node in ast.walk(tree):
        if isinstance(node, _Loop):
            node.body.insert(0, _turn(node.body[0]))
        elif isinstance(node, _Function):
            place = int(ast.get_docstring(node, clean=False) is not None)
            node.body.insert(place, _turn(node.body[min(place, len(node.body) - 1)]))
        elif isinstance(node, ast.comprehension):
            counted = ast.Compare(_call(), [ast.Is()], [ast.Constant(None)])  # it gives None
            node.ifs.insert(0, _placed(counted, node.target))


def _turn(before: ast.stmt) -> ast.stmt:
    return _placed(ast.Expr(value=_call()), before)


def _call() -> ast.Call:
    return ast.Call(func=ast.Name(id=TURN, ctx=ast.Load()), args=[], keywords=[])


_Node = TypeVar("_Node", ast.stmt, ast.expr)


def _placed(node: _Node, like: ast.AST) -> _Node:
    return ast.fix_missing_locations(ast.copy_location(node, like))


# ---------------------------------------------------------------------------------- plain


class _Look(ast.NodeVisitor):
    def __init__(self, tree: ast.Module) -> None:
        self.plain = True
        self.sets_attributes = False
        self._modules: set[str] = set()
        """Names that are bound to modules."""
        self._imported: set[str] = set()
        """Names of what is imported from them."""
        nodes = list(ast.walk(tree))
        for node in nodes:
            if isinstance(node, ast.Import):
                self._import(node)
            elif isinstance(node, ast.ImportFrom):
                self._import_from(node)
        kinds = {type(node) for node in nodes}
        if ast.Try in kinds and (ast.Yield in kinds or ast.YieldFrom in kinds):
            self.plain = False  # what a generator does when it is thrown away
        if kinds & {ast.AsyncFunctionDef, ast.Await}:
            self.plain = False
        if self.plain:
            self.visit(tree)

    def _import(self, node: ast.Import) -> None:
        for alias in node.names:
            if alias.name not in MODULES:
                self.plain = False
            self._modules.add(alias.asname or alias.name.partition(".")[0])

    def _import_from(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        if module == "__future__":
            return
        if module not in MODULES or node.level:
            self.plain = False
        for alias in node.names:
            name = alias.name
            if name.startswith("_") or (module == "sys" and name not in _SYS):
                self.plain = False
            if module + "." + name in sys.modules:
                self._modules.add(alias.asname or name)
            self._imported.add(alias.asname or name)

    def visit_Name(self, node: ast.Name) -> None:  # pyrefly: ignore[missing-override-decorator]
        name = node.id
        if name in _NAMES or (name.startswith("__") and name not in _DUNDERS):
            self.plain = False
        if name in self._modules:  # a module is only ever looked into
            self.plain = False

    def visit_Attribute(self, node: ast.Attribute) -> None:  # pyrefly: ignore[missing-override-decorator]
        name, inner = node.attr, node.value
        if name.startswith("__") and name.endswith("__") and name not in _DUNDERS:
            self.plain = False
        if name in _ATTRIBUTES or name.startswith(_REACHING):
            self.plain = False
        if not isinstance(node.ctx, ast.Load):
            self.sets_attributes = True
            if self._is_foreign(inner):
                self.plain = False
        root = _root(inner)
        if isinstance(root, ast.Name) and root.id in self._modules:
            if name.startswith("_") or (root is inner and self._is_no_part(root.id, name)):
                self.plain = False
            self._visit_but_root(inner)
        else:
            self.visit(inner)

    def _is_no_part(self, module: str, name: str) -> bool:
        return module == "sys" and name not in _SYS

    def _visit_but_root(self, node: ast.AST) -> None:
        while isinstance(node, ast.Attribute):
            if node.attr.startswith("_"):
                self.plain = False
            node = node.value

    def visit_Subscript(self, node: ast.Subscript) -> None:  # pyrefly: ignore[missing-override-decorator]
        if not isinstance(node.ctx, ast.Load) and self._is_foreign(node.value, deep=True):
            self.plain = False
        self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:  # pyrefly: ignore[missing-override-decorator]
        if node.name.startswith("__") and node.name not in _DUNDERS:
            self.plain = False
        self.generic_visit(node)

    def _is_foreign(self, node: ast.AST, *, deep: bool = False) -> bool:
        """Whether something of the standard library's would be changed."""
        root = _root(node)
        if not isinstance(root, ast.Name):
            return False
        if deep and root is node:
            return root.id in self._modules
        return root.id in self._modules or root.id in self._imported or hasattr(builtins, root.id)


def _root(node: ast.AST) -> ast.AST:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node


# ------------------------------------------------------------------------------- standing


class Standing:
    """What the modules that programs share hold, and whether it still stands."""

    def __init__(self) -> None:
        builtins.__dict__[TURN] = None
        self._known = [(space, dict(space)) for space in _spaces()]

    def holds(self) -> bool:
        builtins.__dict__[TURN] = None  # the count is this worker's
        return all(_same(space, known) for space, known in self._known)


def _spaces() -> list[Any]:
    modules = [sys.modules[name] for name in sorted(MODULES - {"sys"})]
    spaces: list[Any] = [vars(module) for module in (*modules, builtins)]
    for module in modules:
        spaces += [
            vars(thing)
            for thing in vars(module).values()
            if isinstance(thing, type) and thing.__module__ == module.__name__
        ]
    return spaces


def _same(space: Any, known: dict[str, Any]) -> bool:
    return len(space) == len(known) and all(map(is_, map(space.get, known), known.values()))
