"""Python code as tokens that tell copies: what is changed to make a copy one's own leaves none.

The tokens are those of the syntax tree, so that comments, blank lines, quotes, brackets and line
breaks are gone; so are docstrings and annotations. Names that the code binds itself, its own and
its parameters' among them, are all one token: neither renaming nor one variable more hides a copy.
Names of what lies outside, attributes, keywords and constants stay: they are what a function does,
and without them short functions that have nothing in common look alike.
"""

import ast
from collections.abc import Iterator, Sequence

from covet.languages.python.lines import docstring_of, parse

LOCAL = "_"
"""Stands for every name that is bound within."""

_Scope = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_GONE = frozenset({"annotation", "returns", "type_params", "type_comment", "ctx", "kind"})
"""Fields of nodes that leave no token."""
_SAME = {"AnnAssign": "Assign"}
_FOREIGN = (ast.Attribute, ast.keyword, ast.alias, ast.ImportFrom)
"""Nodes whose strings are names of others, even where they are spelt like a local one."""


def tokens(source: str) -> tuple[str, ...]:
    """Of a function as it stands in its file, indented or not, or of any statements; raises
    ``SyntaxError`` where they cannot be parsed.
    """
    if source[:1] in {" ", "\t"}:
        block = parse(f"if 0:\n{source}").body[0]
        body = block.body if isinstance(block, ast.If) else []
    else:
        body = parse(source).body
    names = frozenset(bound(body))
    return tuple(_flat(body, names))


def bound(body: Sequence[ast.stmt]) -> Iterator[str]:
    """Names that are bound anywhere within, in whatever scope."""
    for node in (node for statement in body for node in ast.walk(statement)):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                yield name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.ClassDef(name=name) | ast.alias(asname=str(name)):
                yield name
            case ast.ExceptHandler(name=str(name)) | ast.MatchMapping(rest=str(name)):
                yield name
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name
            case _:
                pass


def _flat(body: Sequence[ast.stmt], names: frozenset[str]) -> Iterator[str]:
    """Every node, in the order of the text, as its kind and its strings."""
    waiting: list[ast.AST | str] = [*reversed(body)]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            yield item
            continue
        if not isinstance(item, ast.Name | ast.arg | ast.Constant | ast.Expr):
            kind = type(item).__name__
            yield _SAME.get(kind, kind)
        waiting += reversed(list(_parts(item, names)))


def _parts(node: ast.AST, names: frozenset[str]) -> Iterator[ast.AST | str]:
    if isinstance(node, ast.Constant):
        yield repr(node.value)
        return
    for field, value in ast.iter_fields(node):
        if field in _GONE:
            continue
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, str):
                is_foreign = isinstance(node, _FOREIGN) and field != "asname"
                yield LOCAL if part in names and not is_foreign else part
            elif isinstance(part, ast.AST) and not _is_docstring(part, node):
                yield part


def _is_docstring(part: ast.AST, node: ast.AST) -> bool:
    return isinstance(node, _Scope) and part is docstring_of(node)
