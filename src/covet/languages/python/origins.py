"""Where the values of a test come from: the focal function, the codebase, a mock, or the test.

A reading of the text alone, statement by statement, without loops or calls followed: enough to
tell an assertion about a result from one about the test's own making. Names that nothing explains
count as the codebase's, so that what is not understood is not held against a test.
"""

import ast
import builtins
import sys
from dataclasses import dataclass, field
from enum import IntEnum

from covet.languages.python.lines import Definition
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
MOCKS = frozenset(
    {"Mock", "MagicMock", "AsyncMock", "PropertyMock", "NonCallableMock", "create_autospec"}
    | {"patch", "mock_open", "sentinel", "mocker", "monkeypatch", "call", "stub", "spy"}
)
_MUTABLE = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp, ast.Call)


@dataclass(frozen=True, slots=True)
class Known:
    """Of a name: its value's origin and text, with earlier names replaced by theirs."""

    origin: Origin
    text: str
    is_mutable: bool = False


@dataclass(slots=True)
class Names:
    """What the names of a file, or of one of its functions, stand for."""

    focal: str
    """The last part of the focal function's name."""
    owner: str
    """Of a method: its class."""
    known: dict[str, Known] = field(default_factory=dict)
    aliases: frozenset[str] = frozenset()
    """Names under which the focal function is called."""
    owners: frozenset[str] = frozenset()
    """Names of the class that it is a method of."""
    foreign: frozenset[str] = frozenset()
    """Names that were imported from the codebase, or from what it uses."""
    has_star: bool = False

    def inside(self) -> "Names":
        """For a function of the file: it binds names of its own."""
        return Names(
            self.focal,
            self.owner,
            dict(self.known),
            self.aliases,
            self.owners,
            self.foreign,
            self.has_star,
        )

    # ------------------------------------------------------------------------- questions

    def origin(self, node: ast.expr | None) -> Origin:
        if node is None or isinstance(node, ast.Constant):
            return Origin.OWN
        if isinstance(node, ast.Name):
            return self._of_name(node.id)
        if isinstance(node, ast.Attribute):
            return self._of_attribute(node)
        if isinstance(node, ast.Call):
            return self._of_call(node)
        if isinstance(node, ast.Lambda):
            return Origin.OWN
        return max((self.origin(part) for part in _parts(node)), default=Origin.OWN)

    def is_focal(self, node: ast.expr) -> bool:
        """Whether an expression names the focal function."""
        if isinstance(node, ast.Name):
            return node.id in self.aliases
        if not isinstance(node, ast.Attribute) or node.attr != self.focal:
            return False
        if not self.owner:
            root = _root(node)
            return root in self.foreign or root not in self.known
        return self.origin(node.value) >= Origin.CODE or _root(node) in self.foreign

    def text(self, node: ast.expr) -> str:
        """The expression with names replaced by what they stand for: equal for equal values."""
        if isinstance(node, ast.Name) and node.id in self.known:
            return self.known[node.id].text
        return ast.unparse(_Expanded(self).visit(ast.parse(ast.unparse(node), mode="eval").body))

    # ------------------------------------------------------------------------ statements

    def bind(self, target: ast.expr, value: ast.expr | None, *, text: str = "") -> None:
        if isinstance(target, ast.Tuple | ast.List):
            for place, part in enumerate(target.elts):
                self.bind(part, value, text=f"{self.text(value) if value else text}[{place}]")
            return
        name = _dotted(target)
        if name:
            said = text or (self.text(value) if value is not None else name)
            is_mutable = isinstance(value, _MUTABLE)
            self.known[name] = Known(self.origin(value), said, is_mutable)

    def give(self, name: str, origin: Origin) -> None:
        self.known[name] = Known(origin, name)

    def imported(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            module = (node.module or ".") if isinstance(node, ast.ImportFrom) else alias.name
            name = alias.asname or alias.name.partition(".")[0]
            top = module.partition(".")[0]
            if alias.name == "*":
                self.has_star = True
                self.aliases |= {self.focal} if not self.owner else frozenset()
                self.owners |= {self.owner} if self.owner else frozenset()
            elif isinstance(node, ast.ImportFrom) and alias.name == self.focal and not self.owner:
                self.aliases |= {name}
                self.foreign |= {name}
            elif top in _TEST_MODULES or top in sys.stdlib_module_names:
                self.known[name] = Known(Origin.OWN, name)
            else:
                self.foreign |= {name}
                if self.owner and alias.name == self.owner:
                    self.owners |= {name}

    def touched(self, statement: ast.stmt) -> None:
        """Mutable values that are handed to the codebase may be changed by it."""
        for node in ast.walk(statement):
            if isinstance(node, ast.Call) and self._of_call(node) >= Origin.CODE:
                given = [*node.args, *(keyword.value for keyword in node.keywords)]
                for name in {_dotted(argument) for argument in given} & self.known.keys():
                    before = self.known[name]
                    if before.origin is Origin.OWN and before.is_mutable:
                        self.known[name] = Known(Origin.CODE, before.text, is_mutable=True)

    # --------------------------------------------------------------------------- details

    def _of_name(self, name: str) -> Origin:
        if name in self.known:
            return self.known[name].origin
        if name in self.foreign or name in self.aliases:
            return Origin.CODE
        if name in MOCKS:
            return Origin.MOCK
        return Origin.CODE if self.has_star and name not in _BUILTIN else Origin.OWN

    def _of_attribute(self, node: ast.Attribute) -> Origin:
        name = _dotted(node)
        if name in self.known:
            return self.known[name].origin
        if self.owner and self.is_focal(node):
            return Origin.FOCAL  # a property, or the method itself
        if node.attr in MOCKS:
            return Origin.MOCK
        return self.origin(node.value)

    def _of_call(self, node: ast.Call) -> Origin:
        callee = node.func
        if self.is_focal(callee):
            return Origin.FOCAL
        if self.owner and _root(callee) in self.owners and self.focal in _CONSTRUCTORS:
            return Origin.FOCAL
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        parts = [self.origin(callee), *map(self.origin, given)]
        if parts[0] is Origin.MOCK:
            return Origin.MOCK
        return max(parts)


_CONSTRUCTORS = ("__init__", "__new__", "__post_init__", "__call__")


class _Expanded(ast.NodeTransformer):
    def __init__(self, names: Names) -> None:
        self._names = names

    # typing has ``override`` from 3.12 on.
    def visit_Name(self, node: ast.Name) -> ast.AST:  # pyrefly: ignore[missing-override-decorator]
        known = self._names.known.get(node.id)
        if known is None or known.text == node.id:
            return node
        return ast.Name(f"({known.text})", ast.Load())


def of_file(tree: ast.Module, function: Function) -> Names:
    """What a test file imports and writes down outside of its functions."""
    *owners, focal = function.qualname.split(".")
    names = Names(focal, owners[-1] if owners else "")
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names.imported(node)
    for statement in tree.body:
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                names.bind(target, statement.value)
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            names.bind(statement.target, statement.value)
    for node in tree.body:
        if isinstance(node, Definition):
            names.give(node.name, _given_by(node, names))
    return names


def _given_by(node: Definition, names: Names) -> Origin:
    """Whether a helper or fixture has anything to do with the codebase."""
    found = [
        names.origin(part) for part in ast.walk(node) if isinstance(part, ast.Call | ast.Attribute)
    ]
    return max(found, default=Origin.OWN)


def _parts(node: ast.expr) -> list[ast.expr]:
    parts = [part for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr)]
    for part in ast.iter_child_nodes(node):
        if isinstance(part, ast.comprehension):
            parts += [part.iter, *part.ifs]
    return parts


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _dotted(node: ast.expr) -> str:
    """``a`` or ``self.a``; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{node.value.id}.{node.attr}"
    return ""
