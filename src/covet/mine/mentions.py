"""What each test of a Python file names, read from its source without running it.

``read`` gives, for every function, method and assigned name of the file's top level, the dotted
names that it mentions through the file's imports (``a.b.f`` where the file says ``from a.b import
f`` and calls ``f``) and the attributes that it uses of anything. What a test reaches through a
helper, a fixture of the same file, its class's ``setUp`` or a constant counts as its own.

This is the quick way, and specific to Python: attributes of values are not followed to their
types, fixtures of ``conftest.py`` are not looked up.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass

_SETUPS = frozenset({"setUp", "setUpClass", "setup_method", "setup_class", "setup"})


@dataclass(frozen=True, slots=True)
class Imports:
    """What the import statements of a file bind."""

    names: Mapping[str, str]
    """Name in the file → dotted name of what it stands for."""
    stars: tuple[str, ...]
    """The modules that everything is imported from."""


@dataclass(frozen=True, slots=True)
class Mentions:
    """What a stretch of code names."""

    dotted: frozenset[str] = frozenset()
    """As ``a.b.f``; every leading part of such a name is there too."""
    bare: frozenset[str] = frozenset()
    """Names that neither the file nor an import of a single name explains."""
    attributes: frozenset[str] = frozenset()

    def __or__(self, other: "Mentions") -> "Mentions":
        return Mentions(
            self.dotted | other.dotted,
            self.bare | other.bare,
            self.attributes | other.attributes,
        )


def read_imports(tree: ast.Module, *, module: str, is_package: bool) -> Imports:
    """The imports of a file, wherever in it they stand; relative ones are resolved."""
    names: dict[str, str] = {}
    stars: list[str] = []
    package = module if is_package else module.rpartition(".")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                names[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom):
            origin = _origin(node, package)
            for alias in node.names:
                if alias.name == "*":
                    stars.append(origin)
                else:
                    names[alias.asname or alias.name] = f"{origin}.{alias.name}"
    return Imports(names, tuple(stars))


def _origin(node: ast.ImportFrom, package: str) -> str:
    """The dotted name of the module that names are imported from."""
    if not node.level:
        return node.module or ""
    parts = package.split(".") if package else []
    above = parts[: len(parts) - (node.level - 1)]
    return ".".join([*above, *([node.module] if node.module else [])])


def read(tree: ast.Module, imports: Imports) -> dict[str, Mentions]:
    """What each top-level name and each method (``TestA.test_b``) of a file mentions."""
    return _Reader(tree, imports).all()


class _Reader:
    """One file; each definition is walked once, then joined with those that it uses."""

    def __init__(self, tree: ast.Module, imports: Imports) -> None:
        self._imports = imports.names
        self._nodes: dict[str, list[ast.AST]] = {}
        self._methods: dict[str, list[str]] = {}
        for node in tree.body:
            self._add(node)
        self._own: dict[str, tuple[Mentions, frozenset[str]]] = {}

    def _add(self, node: ast.stmt) -> None:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            self._nodes.setdefault(node.name, []).append(node)
        elif isinstance(node, ast.ClassDef):
            self._add_class(node, node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            for name in _assigned(node):
                self._nodes.setdefault(name, []).append(node)
        elif isinstance(node, ast.If | ast.Try | ast.With):
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.stmt):
                    self._add(child)

    def _add_class(self, node: ast.ClassDef, name: str) -> None:
        self._nodes[name] = [*node.decorator_list, *node.bases]
        for child in node.body:
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                self._nodes.setdefault(f"{name}.{child.name}", []).append(child)
                self._methods.setdefault(name, []).append(child.name)
            elif isinstance(child, ast.ClassDef):
                self._add_class(child, f"{name}.{child.name}")

    def all(self) -> dict[str, Mentions]:
        return {name: self._reached(name) for name in self._nodes}

    def _reached(self, name: str) -> Mentions:
        """The mentions of a definition and of every other in the file that it leads to."""
        seen: set[str] = set()
        waiting = [name]
        total = Mentions()
        while waiting:
            current = waiting.pop()
            if current in seen:
                continue
            seen.add(current)
            mentions, local = self._of(current)
            total |= mentions
            waiting.extend(local)
        return total

    def _of(self, name: str) -> tuple[Mentions, frozenset[str]]:
        """What one definition mentions, and which others of the file it uses."""
        if name not in self._own:
            found = [self._walk(node, name) for node in self._nodes[name]]
            mentions = Mentions()
            for part, _ in found:
                mentions |= part
            self._own[name] = mentions, frozenset().union(*(local for _, local in found))
        return self._own[name]

    def _walk(self, top: ast.AST, name: str) -> tuple[Mentions, frozenset[str]]:
        shadowed = _stored(top)
        dotted: set[str] = set()
        bare: set[str] = set()
        attributes: set[str] = set()
        local = self._setups(name)
        for node in ast.walk(top):
            if isinstance(node, ast.Attribute):
                attributes.add(node.attr)
            if isinstance(node, ast.arg) and node.arg in self._nodes:
                local.add(node.arg)  # a fixture
            chain = _chain(node)
            if chain is None or chain[0] in shadowed:
                continue
            root, rest = chain
            if root in self._nodes:
                local.add(root)
            elif root in self._imports:
                dotted.add(".".join([self._imports[root], *rest]))
            elif not rest:
                bare.add(root)
        local |= self._siblings(name, attributes)
        mentions = Mentions(frozenset(dotted), frozenset(bare), frozenset(attributes))
        return mentions, frozenset(local - {name})

    def _setups(self, name: str) -> set[str]:
        return self._siblings(name, _SETUPS)

    def _siblings(self, name: str, attributes: set[str] | frozenset[str]) -> set[str]:
        """The methods of the same class that have one of those names."""
        owner = name.rpartition(".")[0]
        return {
            f"{owner}.{method}" for method in self._methods.get(owner, ()) if method in attributes
        }


def _chain(node: ast.AST) -> tuple[str, list[str]] | None:
    """``a.b.c`` as its first name and the rest; None for anything else."""
    rest: list[str] = []
    while isinstance(node, ast.Attribute):
        rest.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        return node.id, rest[::-1]
    return None


def _stored(top: ast.AST) -> frozenset[str]:
    """The names that a function sets itself: assigned in it, or its parameters."""
    if not isinstance(top, ast.FunctionDef | ast.AsyncFunctionDef):
        return frozenset()
    names = {node.id for node in ast.walk(top) if isinstance(node, ast.Name) and _is_store(node)}
    return frozenset(names | {node.arg for node in ast.walk(top) if isinstance(node, ast.arg)})


def _is_store(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Store | ast.Del)


def _assigned(node: ast.Assign | ast.AnnAssign) -> list[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return [
        name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)
    ]
