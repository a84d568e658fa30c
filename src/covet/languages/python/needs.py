"""What tests need of the file they stand in, and how names in a piece of it are changed.

``needs`` follows names from tests to the imports, fixtures, helpers and constants at the top level
of their file, and from those to others. What pytest applies without being told to (fixtures with
``autouse``, ``pytestmark``, ``setup_module`` and the like) is not followed: in another file it
would bear on tests that are there already.
"""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from textwrap import indent

from covet.languages.python.lines import Definition, parse, split_lines
from covet.languages.python.places import Edit, Text, bound_by

Class = ast.ClassDef
Test = tuple[Class | None, Definition]
"""A test, and the class that it is a method of."""


def find_test(tree: ast.Module, qualname: str) -> Test:
    """The last of that name, which is the one that runs; ``KeyError`` where there is none, or it
    stands deeper than in a class at the top level.
    """
    owner, _, name = qualname.rpartition(".")
    home: Class | None = None
    body: Sequence[ast.stmt] = tree.body
    if owner:
        home = next((n for n in reversed(body) if isinstance(n, Class) and n.name == owner), None)
        body = home.body if home is not None else ()
    found = [node for node in body if isinstance(node, Definition) and node.name == name]
    if not found:
        raise KeyError(qualname)
    return home, found[-1]


def needs(tree: ast.Module, tests: Sequence[Test]) -> tuple[list[ast.stmt], frozenset[str]]:
    """The statements at the top level that the tests need, in file order and without the tests
    and their classes, and all names that were followed.
    """
    homes = {id(home) for home, _ in tests if home} | {id(test) for _, test in tests}
    binds: dict[str, list[ast.stmt]] = {}
    for statement in tree.body:
        if id(statement) not in homes:
            for name in bound_at_top(statement):
                binds.setdefault(name, []).append(statement)
    fixtures = {n.name for n in tree.body if isinstance(n, Definition) and is_fixture(n)}
    waiting = [name for test in tests for part in _parts(*test) for name in _names(part, fixtures)]
    followed: set[str] = set()
    wanted: dict[int, ast.stmt] = {}
    while waiting:
        name = waiting.pop()
        if name in followed:
            continue
        followed.add(name)
        for statement in binds.get(name, ()):
            wanted[id(statement)] = statement
            if not isinstance(statement, ast.Import | ast.ImportFrom):
                waiting += _names(statement, fixtures)
    chosen = [statement for statement in tree.body if id(statement) in wanted]
    return chosen, frozenset(followed)


def _parts(home: Class | None, test: Definition) -> Iterator[ast.AST]:
    """The test, and of its class what is not another test."""
    yield test
    if home is not None:
        yield from (*home.bases, *home.decorator_list)
        yield from (part for part in home.body if not is_test(part))


def is_test(node: ast.AST) -> bool:
    return isinstance(node, Definition) and node.name.startswith("test")


def is_fixture(node: Definition) -> bool:
    return any("fixture" in ast.dump(decorator) for decorator in node.decorator_list)


def bound_at_top(statement: ast.stmt) -> Iterator[str]:
    """The names to which a statement at the top level gives a meaning there."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        yield from bound_by(node)
        if not isinstance(node, Definition | Class | ast.Lambda):
            waiting += ast.iter_child_nodes(node)


def _names(node: ast.AST, fixtures: set[str]) -> Iterator[str]:
    """The names that a node uses: those it reads, the fixtures it asks for by parameters, and
    fixtures that it names in strings.
    """
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            yield part.id
        elif isinstance(part, Definition) and (is_test(part) or is_fixture(part)):
            yield from (arg.arg for arg in (*part.args.args, *part.args.kwonlyargs))
        elif isinstance(part, ast.Constant) and part.value in fixtures:
            yield str(part.value)


# ------------------------------------------------------------------------------------- texts


def fragment(source: str, node: ast.stmt) -> str:
    """A statement from its first decorator on, at no indentation, ending in a newline; what is
    inside of strings stays as it is.
    """
    first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
    lines = split_lines(source)[first - 1 : node.end_lineno]
    inside = _string_lines(node)
    margin = node.col_offset
    kept = [
        line if number in inside else line[min(margin, len(line) - len(line.lstrip(" \t"))) :]
        for number, line in enumerate(lines, first)
    ]
    text = "".join(kept)
    return text if text.endswith("\n") else text + "\n"


def indented(text: str, margin: str) -> str:
    """A fragment within a block; what is inside of strings stays as it is."""
    inside = {line for node in parse(text).body for line in _string_lines(node)}
    return "".join(
        line if number in inside else indent(line, margin)
        for number, line in enumerate(split_lines(text), 1)
    )


def _string_lines(node: ast.AST) -> set[int]:
    """The lines that begin inside of a string; of strings in a row, all but the first, which is
    wrong and does no harm between the parentheses that such strings need.
    """
    return {
        line
        for part in ast.walk(node)
        if isinstance(part, ast.JoinedStr)
        or (isinstance(part, ast.Constant) and isinstance(part.value, str | bytes))
        for line in range(part.lineno + 1, (part.end_lineno or part.lineno) + 1)
    }


def renamed(text: str, names: Mapping[str, str]) -> str:
    """A fragment in which those names are others: as names, parameters, definitions, and whole
    strings (which is how fixtures are asked for).
    """
    if not names.keys() & set(re.findall(r"\w+", text)):
        return text
    place = Text(text)
    edits = {edit for node in ast.walk(place.tree) for edit in _renames(place, node, names)}
    data = place.bytes
    for edit in sorted(edits, key=lambda edit: -edit.start):
        data = data[: edit.start] + edit.new.encode() + data[edit.end :]
    return data.decode()


def _renames(place: Text, node: ast.AST, names: Mapping[str, str]) -> Iterator[Edit]:
    match node:
        case ast.Name(id=name) if name in names:
            yield Edit(place.start(node), place.end(node), names[name])
        case ast.arg(arg=name) if name in names:
            start = place.starts[node.lineno - 1] + node.col_offset
            yield Edit(start, start + len(name.encode()), names[name])
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            if name in names:
                yield _definition_edit(place, node, names[name])
        case ast.Constant(value=str() as name) if name in names:
            quoted = place.of(node)
            if quoted[1:-1] == name:
                new = quoted[0] + names[name] + quoted[-1]
                yield Edit(place.start(node), place.end(node), new)
        case _:
            pass


def _definition_edit(place: Text, node: Definition | Class, new: str) -> Edit:
    start = place.start(node)
    found = re.compile(rb"(?:def|class)\s+(\w+)").search(place.bytes, start)
    assert found is not None
    return Edit(found.start(1), found.end(1), new)


def with_self(text: str) -> str:
    """A function as a method."""
    place = Text(text)
    [node] = [n for n in place.tree.body if isinstance(n, Definition)]
    found = re.compile(rb"def\s+\w+\s*\(").search(place.bytes, place.start(node))
    assert found is not None
    has_more = bool([*node.args.args, *node.args.kwonlyargs, *node.args.posonlyargs])
    return place.apply(Edit(found.end(), found.end(), "self, " if has_more else "self"))


def without_self(text: str) -> str:
    """A method as a function; it has to be one that uses ``self`` for nothing."""
    place = Text(text)
    [node] = [n for n in place.tree.body if isinstance(n, Definition)]
    first = (*node.args.posonlyargs, *node.args.args)[0]
    start = place.starts[first.lineno - 1] + first.col_offset
    rest = re.compile(rb"\w+\s*(?::[^,)]*)?,?\s*").match(place.bytes, start)
    assert rest is not None
    return place.apply(Edit(start, rest.end(), ""))


def uses_self(node: Definition) -> bool:
    """Whether a method needs its object, or has none."""
    given = (*node.args.posonlyargs, *node.args.args)
    if not given or any(isinstance(d, ast.Name) for d in node.decorator_list):
        return True
    name = given[0].arg
    return any(isinstance(p, ast.Name) and p.id in {name, "super"} for p in ast.walk(node))
