"""Which of its arguments a function can change, as far as its own text tells.

An argument stays as it is where it is only iterated, compared, calculated with, looked into and
handed to builtins that look; any other use may change it.
"""

import ast

from covet.languages.python.lines import Definition, definition

_LOOK = frozenset(
    {"sum", "len", "min", "max", "any", "all", "isinstance", "str", "repr", "int", "float", "bool"}
    | {"abs", "round", "type", "id", "hash", "ord", "callable", "hasattr"}
)
_LEAVE = (ast.Compare, ast.BinOp, ast.UnaryOp, ast.FormattedValue, ast.If, ast.While, ast.Assert)
_LOOPS = (ast.For, ast.AsyncFor, ast.comprehension)


def parameters(source: str) -> tuple[tuple[str, ...], frozenset[str]] | None:
    """Of a function, as it stands in its file: its positional parameters in order, and which of
    all that have a name it leaves as they are. None where the text is not that of one function.
    """
    node = definition(source)
    if node is None:
        return None
    above = {part: parent for parent in ast.walk(node) for part in ast.iter_child_nodes(parent)}
    given = [*node.args.posonlyargs, *node.args.args]
    every = {argument.arg for argument in (*given, *node.args.kwonlyargs)}
    changed = {
        part.id
        for part in ast.walk(node)
        if isinstance(part, ast.Name) and _may_change(part, above)
    }
    changed |= _through_loops(node, changed)
    return tuple(argument.arg for argument in given), frozenset(every - changed)


def _may_change(name: ast.Name, above: dict[ast.AST, ast.AST]) -> bool:
    if isinstance(name.ctx, ast.Del):
        return True
    if isinstance(name.ctx, ast.Store):
        return isinstance(above[name], ast.AugAssign)  # in place, where it is a list
    node: ast.AST = name
    while True:
        parent = above[node]
        if isinstance(parent, ast.Subscript | ast.Attribute):
            if not isinstance(parent.ctx, ast.Load):
                return True
        elif isinstance(parent, ast.Call):
            looks = isinstance(parent.func, ast.Name) and parent.func.id in _LOOK
            return node is parent.func or not looks
        elif not isinstance(parent, ast.BoolOp | ast.GeneratorExp | ast.keyword):
            return not isinstance(parent, (*_LEAVE, *_LOOPS))
        node = parent


def _through_loops(node: Definition, changed: set[str]) -> set[str]:
    """What is iterated is changed where what a turn gives is."""
    found: set[str] = set()
    for loop in ast.walk(node):
        if isinstance(loop, _LOOPS):
            turned = {part.id for part in ast.walk(loop.target) if isinstance(part, ast.Name)}
            if turned & (changed | found):
                found |= {part.id for part in ast.walk(loop.iter) if isinstance(part, ast.Name)}
    return found
