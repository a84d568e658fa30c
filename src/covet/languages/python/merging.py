"""Tests are moved from one file into another, in the manner of the file that they come to.

Works on text by the positions that ``ast`` gives: what is in the file already keeps every byte, but
for imports that are added to. A test comes behind those of the same function, as a method where
those are methods; otherwise to the end. It brings the imports, fixtures and helpers that it needs
(``needs``) and the file lacks; where the file means something else by one of their names, they, or
the test, get another.
"""

import ast
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from covet.languages.base import Addition, Merged
from covet.languages.python.lines import Definition, docstring_of, parse, span_of, split_lines
from covet.languages.python.needs import (
    Class,
    bound_at_top,
    find_test,
    fragment,
    indented,
    is_test,
    needs,
    renamed,
    uses_self,
    with_self,
    without_self,
)
from covet.languages.python.syntax import insert_tests, remove_tests, tests

_WIDTH = 88
"""Of an import that is written anew."""


def merge_tests(
    file: str,
    additions: Sequence[Addition],
    *,
    beside: Sequence[str],
    subject: str,
    in_classes: bool,
) -> Merged:
    """See ``Language.merge_tests``."""
    names: list[tuple[str, ...]] = []
    near = list(beside)
    for addition in additions:
        merging = _Merging(file, addition, near, subject, in_classes=in_classes)
        file, added = merging.merged()
        names.append(added)
        near += added
    return Merged(file, tuple(names))


@dataclass(slots=True)
class _Merging:
    """One addition to one file."""

    file: str
    addition: Addition
    beside: Sequence[str]
    subject: str
    in_classes: bool
    renames: dict[str, str] = field(default_factory=dict)
    """Of the addition: what becomes of names that mean something else in the file."""

    def merged(self) -> tuple[str, tuple[str, ...]]:
        guest = parse(self.addition.source)
        chosen = [find_test(guest, name) for name in self.addition.tests]
        wanted, followed = needs(guest, chosen)
        support = list(self._support(wanted))
        imports = list(self._imports(wanted, followed))
        home = self._home()
        parts, names = self._tests(chosen, home)
        before = [renamed(fragment(self.addition.source, s), self.renames) for s in support]
        text = self._inserted(before, parts, home)
        return with_imports(text, imports), names

    # ------------------------------------------------------------------------------ the file

    def _bound(self) -> dict[str, list[ast.stmt]]:
        found: dict[str, list[ast.stmt]] = {}
        for statement in parse(self.file).body:
            for name in bound_at_top(statement):
                found.setdefault(name, []).append(statement)
        return found

    def _home(self) -> Class | None:
        """The class that the tests become methods of."""
        tree = parse(self.file)
        owners = {name.rpartition(".")[0] for name in self.beside[-1:]}
        if not self.beside and self.in_classes:
            owners = {_class_name(self.subject)}
        return next((n for n in tree.body if isinstance(n, Class) and n.name in owners), None)

    # -------------------------------------------------------------------------- what it needs

    def _support(self, wanted: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
        """The fixtures, helpers and values that the file lacks."""
        bound = self._bound()
        known = {ast.dump(statement) for statement in parse(self.file).body}
        for statement in wanted:
            if isinstance(statement, ast.Import | ast.ImportFrom) or ast.dump(statement) in known:
                continue
            if (known_as := self._twin(statement)) is not None:
                self.renames[_name_of(statement)] = known_as
                continue
            names = list(bound_at_top(statement))
            is_plain = isinstance(statement, Definition | Class | ast.Assign | ast.AnnAssign)
            if not is_plain and any(name in bound for name in names):
                continue  # an import in a try, as a rule, that the file has in its own way
            self._rename(names, bound)
            yield statement

    def _twin(self, statement: ast.stmt) -> str | None:
        """What the file calls a function or class that differs in its name alone, for another by
        that name was there before.
        """
        if not isinstance(statement, Definition | Class):
            return None
        shape = _nameless(statement)
        names = re.compile(rf"{re.escape(statement.name)}_?\d*")
        return next(
            (
                node.name
                for node in parse(self.file).body
                if isinstance(node, Definition | Class)
                and names.fullmatch(node.name)
                and _nameless(node) == shape
            ),
            None,
        )

    def _imports(self, wanted: Sequence[ast.stmt], followed: frozenset[str]) -> Iterator["_Import"]:
        """What the file does not import yet."""
        bound = self._bound()
        have = set(_imports_of(parse(self.file).body))
        for one in _imports_of(wanted):
            if one.bound not in followed or one in have:
                continue
            others = bound.get(one.bound, ())
            clashes = [s for s in others if not _brings(s, one)]
            if others and not clashes and one.origin:
                continue  # the same thing, by way of another module of its package
            if clashes:
                self._rename([one.bound], bound)
                yield _Import(one.level, one.module, one.name, self.renames[one.bound])
            else:
                yield one

    def _rename(self, names: Sequence[str], bound: dict[str, list[ast.stmt]]) -> None:
        for name in names:
            if name in bound:
                self.renames[name] = _free(name, {*bound, *self.renames.values()})

    # ---------------------------------------------------------------------------- the tests

    def _tests(
        self, chosen: Sequence[tuple[Class | None, Definition]], home: Class | None
    ) -> tuple[list["_Part"], tuple[str, ...]]:
        """The texts to insert, and the tests' names in the file, in the order of ``chosen``."""
        parts: list[_Part] = []
        names: list[str] = []
        top = set(self._bound()) | set(self.renames.values())
        inside = {n.name for n in home.body if isinstance(n, Definition)} if home else set[str]()
        whole: dict[str, _Part] = {}
        for owner, test in chosen:
            if owner is not None and not _is_plain(owner, test):
                part = whole.get(owner.name) or self._class(owner, chosen, top)
                if owner.name not in whole:
                    whole[owner.name] = part
                    parts.append(part)
                names.append(f"{part.name}.{test.name}")
                continue
            text = fragment(self.addition.source, test)
            as_method = home is not None and _takes(home, owner, test)
            taken = inside if as_method else top
            name = _free(test.name, taken)
            taken.add(name)
            text = renamed(text, self.renames | ({test.name: name} if name != test.name else {}))
            if as_method and home is not None:
                text = with_self(text) if owner is None else text
                names.append(f"{home.name}.{name}")
            else:
                text = without_self(text) if owner is not None else text
                names.append(name)
            parts.append(_Part(name, text, in_home=as_method))
        if home is None and self.in_classes and not self.beside:
            return self._in_new_class(parts, names, top)
        return parts, tuple(names)

    def _class(
        self, owner: Class, chosen: Sequence[tuple[Class | None, Definition]], top: set[str]
    ) -> "_Part":
        """The whole class, less the tests that were not chosen."""
        kept = {id(test) for home, test in chosen if home is owner}
        path = "test_it.py"
        gone = [
            case
            for case in tests(self.addition.source, path=path)
            if case.qualname.rpartition(".")[0] == owner.name
            and case.span not in {span_of(t) for t in owner.body if id(t) in kept}
        ]
        source = remove_tests(self.addition.source, gone) if gone else self.addition.source
        node = next(n for n in parse(source).body if isinstance(n, Class) and n.name == owner.name)
        name = _free(owner.name, top)
        top.add(name)
        changes = self.renames | ({owner.name: name} if name != owner.name else {})
        return _Part(name, renamed(fragment(source, node), changes), in_home=False)

    def _in_new_class(
        self, parts: list["_Part"], names: list[str], top: set[str]
    ) -> tuple[list["_Part"], tuple[str, ...]]:
        """Functions in a class of their own, where that is the manner of the codebase."""
        loose = [part for part in parts if not part.text.lstrip().startswith("class ")]
        if not loose:
            return parts, tuple(names)
        name = _free(_class_name(self.subject), top)
        body = "\n".join(indented(with_self(part.text), "    ") for part in loose)
        made = _Part(name, f"class {name}:\n{body}", in_home=False)
        moved = {part.name for part in loose}
        rest = [part for part in parts if part not in loose]
        return [*rest, made], tuple(f"{name}.{n}" if n in moved else n for n in names)

    # ----------------------------------------------------------------------------- inserting

    def _inserted(self, before: Sequence[str], parts: Sequence["_Part"], home: Class | None) -> str:
        methods = [part.text for part in parts if part.in_home]
        loose = [part.text for part in parts if not part.in_home]
        text = self.file
        if home is not None and methods:
            margin = " " * home.body[0].col_offset
            last = self._last_in(home)
            block = "\n".join(indented(method, margin) for method in methods)
            text = _after(text, last.end_lineno or 0, "\n" + block)
            if before:
                place = span_of(home).first_line - 1
                text = _after(text, place, "\n\n".join(before) + "\n\n")
            before = ()
        if before or loose:
            text = self._at_top(text, "\n\n".join([*before, *loose]))
        return text

    def _last_in(self, home: Class) -> ast.stmt:
        """The last of the tests beside which new ones come, or else the last of the class."""
        near = {name.rpartition(".")[2] for name in self.beside}
        found = [n for n in home.body if isinstance(n, Definition) and n.name in near]
        return found[-1] if found else home.body[-1]

    def _at_top(self, text: str, code: str) -> str:
        body = parse(text).body
        near = {name.partition(".")[0] for name in self.beside}
        found = [n for n in body if isinstance(n, Definition | Class) and n.name in near]
        main = next((n for n in body if _is_main(n)), None)
        if found and (main is None or found[-1].lineno < main.lineno):
            if found[-1] is not body[-1]:
                return _after(text, found[-1].end_lineno or 0, f"\n\n{code}")
        elif main is not None:
            return _after(text, main.lineno - 1, f"{code}\n\n")
        return insert_tests(text, code)


@dataclass(frozen=True, slots=True)
class _Part:
    """A test, or a class of tests, as it is to be inserted."""

    name: str
    text: str
    in_home: bool


def _is_plain(owner: Class, test: Definition) -> bool:
    """Whether a method may leave its class."""
    rest = [n for n in owner.body if n is not docstring_of(owner) and not is_test(n)]
    return not (owner.bases or owner.keywords or owner.decorator_list or rest or uses_self(test))


def _takes(home: Class, owner: Class | None, test: Definition) -> bool:
    """Whether a test can be a method of ``home``: of a ``unittest`` class only what asks for no
    fixture and has no decorator.
    """
    given = (*test.args.posonlyargs, *test.args.args, *test.args.kwonlyargs)
    asks = len(given) > (owner is not None) or bool(test.decorator_list)
    return not (home.bases and (asks or isinstance(test, ast.AsyncFunctionDef)))


def _class_name(subject: str) -> str:
    words = subject.replace(".", "_").split("_")
    return "Test" + "".join(word[:1].upper() + word[1:] for word in words if word)


def _free(name: str, taken: set[str]) -> str:
    """``name``, or ``name_2``, or ``Name2``."""
    joint = "_" if name.islower() or name.isupper() or "_" in name else ""
    number, found = 2, name
    while found in taken:
        found = f"{name}{joint}{number}"
        number += 1
    return found


def _name_of(statement: ast.stmt) -> str:
    assert isinstance(statement, Definition | Class)
    return statement.name


def _nameless(node: Definition | Class) -> str:
    return ast.dump(node).replace(repr(node.name), "''")


def _is_main(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and "__main__" in ast.dump(node.test)


def _after(text: str, line: int, code: str) -> str:
    """With ``code`` behind that line."""
    lines = split_lines(text)
    if line and not lines[line - 1].endswith("\n"):
        lines[line - 1] += "\n"
    return "".join([*lines[:line], code, *lines[line:]])


# ---------------------------------------------------------------------------- its imports


@dataclass(frozen=True, slots=True, order=True)
class _Import:
    """One name that an import brings."""

    level: int
    module: str
    """Empty for ``import x``."""
    name: str
    alias: str

    @property
    def bound(self) -> str:
        return self.alias or (self.name if self._is_from else self.name.partition(".")[0])

    @property
    def _is_from(self) -> bool:
        return bool(self.module or self.level)

    @property
    def origin(self) -> str:
        return "." * self.level + self.module

    @property
    def top(self) -> str:
        """The package."""
        return (self.module or self.name).partition(".")[0]

    @property
    def words(self) -> str:
        return f"{self.name} as {self.alias}" if self.alias else self.name


def _imports_of(body: Sequence[ast.stmt]) -> Iterator[_Import]:
    for node in body:
        if isinstance(node, ast.Import):
            yield from (_Import(0, "", a.name, a.asname or "") for a in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            yield from (_Import(node.level, module, a.name, a.asname or "") for a in node.names)


def _brings(statement: ast.stmt, one: _Import) -> bool:
    """Whether what a statement binds goes together with an import of the same name: what two
    modules of one package call the same is taken for the same, which running the test will tell.
    """
    return any(
        (each.name == one.name or not one.origin)
        and each.alias == one.alias
        and bool(each.origin) == bool(one.origin)
        and each.level == one.level
        and each.top == one.top
        for each in _imports_of([statement])
        if each.bound == one.bound
    )


def with_imports(text: str, imports: Sequence[_Import]) -> str:
    """With those imports, each in the statement that imports from the same module already, or in
    a new one behind the last of its kind (the standard library's, others, relative ones).
    """
    for one in dict.fromkeys(imports):
        if one in set(_imports_of(parse(text).body)):
            continue
        text = _extended(text, one) or _with_line(text, one)
    return text


def _extended(text: str, one: _Import) -> str:
    """Empty where no statement can be added to."""
    for node in parse(text).body:
        if not isinstance(node, ast.ImportFrom) or not one.origin:
            continue
        if (node.level, node.module or "") != (one.level, one.module) or node.names[0].name == "*":
            continue
        lines = split_lines(text)
        own = lines[node.lineno - 1 : node.end_lineno]
        if any("#" in line or ";" in line for line in own):
            continue
        words = [each.words for each in _imports_of([node])]
        in_order = words == sorted(words)
        words.append(one.words)
        new = _from_line(one.origin, sorted(words) if in_order else words, wraps=len(own) > 1)
        lines[node.lineno - 1 : node.end_lineno] = [new]
        return "".join(lines)
    return ""


def _from_line(origin: str, words: Sequence[str], *, wraps: bool) -> str:
    line = f"from {origin} import {', '.join(words)}\n"
    if not wraps and len(line) <= _WIDTH:
        return line
    return f"from {origin} import (\n" + "".join(f"    {word},\n" for word in words) + ")\n"


def _with_line(text: str, one: _Import) -> str:
    line = (
        _from_line(one.origin, [one.words], wraps=False)
        if one.origin
        else (f"import {one.words}\n")
    )
    body = parse(text).body
    head = [n for n in body if isinstance(n, ast.Import | ast.ImportFrom)]
    kinds = [(_kind(_imports_of([node])), node) for node in head]
    own = _kind([one])
    same = [node for kind, node in kinds if kind == own]
    before = [node for kind, node in kinds if kind < own]
    if same:
        plain = [n for n in same if isinstance(n, ast.Import) == (not one.origin)] or same
        later = [n for n in plain if _key(n) < (one.module or one.name)]
        if later:
            return _after(text, later[-1].end_lineno or 0, line)
        return _after(text, plain[0].lineno - 1, line)
    if before:
        return _after(text, before[-1].end_lineno or 0, f"\n{line}")
    if head:
        return _after(text, head[0].lineno - 1, f"{line}\n")
    first = docstring_of(parse(text))
    if first is not None:
        return _after(text, first.end_lineno or 0, f"\n{line}")
    place = _first_code_line(text)
    return _after(text, place, f"{line}\n\n" if text.strip() else line)


def _key(node: ast.Import | ast.ImportFrom) -> str:
    return node.module or "" if isinstance(node, ast.ImportFrom) else node.names[0].name


def _first_code_line(text: str) -> int:
    """How many lines of comments a file begins with."""
    number = 0
    for line in split_lines(text):
        if not line.startswith("#"):
            break
        number += 1
    return number


_TOOLS = frozenset({"pytest", "hypothesis", "mock", "numpy", "freezegun"})


def _kind(imports: Iterator[_Import] | Sequence[_Import]) -> int:
    """0: ``__future__``, 1: the standard library, 2: tools of tests, 3: others, 4: relative."""
    one = next(iter(imports))
    top = (one.module or one.name).partition(".")[0]
    if one.level:
        return 4
    if top == "__future__":
        return 0
    if top in sys.stdlib_module_names:
        return 1
    return 2 if top in _TOOLS else 3
