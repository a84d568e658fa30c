"""Source text as lines, statements and code objects; among others, which lines can run.

Text goes in; ``SyntaxError`` is the one way in which it can be refused, whatever the compiler
itself raises. Nothing is executed.
"""

import ast
import re
import threading
import warnings
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from types import CodeType

from covet.languages.python.worker.tracing import statements
from covet.records import Span

Definition = ast.FunctionDef | ast.AsyncFunctionDef

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_FILTERS = threading.Lock()  # warnings.catch_warnings changes what every thread sees


def split_lines(source: str) -> list[str]:
    """Lines as Python counts them, each with its own ending; joined, they are ``source``."""
    return list(_lines(source))


@lru_cache(maxsize=32)  # of a long file many parts are asked for
def _lines(source: str) -> tuple[str, ...]:
    return tuple(_LINE.findall(source))


def text_of(source: str, span: Span) -> str:
    """The lines of ``span``, ending in a newline."""
    text = "".join(_lines(source)[span.first_line - 1 : span.last_line])
    return text if text.endswith(("\n", "\r")) else text + "\n"


@lru_cache(maxsize=32)
def parse(source: str) -> ast.Module:
    """The same tree for whoever asks: it is not to be changed."""
    with _compiler():
        return ast.parse(source)


def compiled(source: str) -> CodeType:
    """The module's code object."""
    with _compiler():
        return compile(source, "<module>", "exec", dont_inherit=True)


@contextmanager
def _compiler() -> Iterator[None]:
    """No warnings out, and ``SyntaxError`` for all that the compiler refuses."""
    with _FILTERS, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except (ValueError, RecursionError, MemoryError, OverflowError) as error:
            raise SyntaxError(f"cannot be compiled: {error}") from error


def code_objects(code: CodeType) -> Iterator[CodeType]:
    """``code`` and all that is defined inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from code_objects(constant)


def executable_lines(source: str, span: Span) -> frozenset[int]:
    """The lines in ``span`` that hold instructions, docstrings left out; where ``span`` is one
    function, without its header. A statement over several lines counts by its first, as when it
    is traced.
    """
    running, headers = _lines_of(source)
    return frozenset(line for line in running if line in span) - headers.get(span, frozenset())


@lru_cache(maxsize=512)  # mining asks for every file of a codebase, several times over
def _lines_of(source: str) -> tuple[frozenset[int], dict[Span, frozenset[int]]]:
    """All lines that hold instructions, and the header of the function at each span."""
    silent: set[int] = set()
    headers: dict[Span, frozenset[int]] = {}
    for node in ast.walk(parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | Definition):
            silent |= _docstring_lines(node)
        if isinstance(node, Definition):
            span = span_of(node)
            headers[span] = frozenset(range(span.first_line, node.body[0].lineno))
    first, _ = statements(source)
    running = {
        first.get(line, line)
        for code in code_objects(compiled(source))
        for start, end, line in code.co_lines()
        if start < end and line is not None
    }
    return frozenset(running - silent), headers


def span_of(statement: ast.stmt) -> Span:
    """From the first decorator to the end."""
    first = statement.lineno
    if isinstance(statement, ast.ClassDef | Definition):
        first = min([first, *(decorator.lineno for decorator in statement.decorator_list)])
    return Span(first, statement.end_lineno or first)


def blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    """The bodies of a compound statement."""
    for name in statement._fields:
        if name not in _BLOCKS:
            continue
        children: list[ast.AST] = getattr(statement, name)
        block = [child for child in children if isinstance(child, ast.stmt)]
        if block:
            yield block
        for child in children:
            if isinstance(child, ast.ExceptHandler | ast.match_case):
                yield child.body


_BLOCKS = frozenset({"body", "handlers", "cases", "orelse", "finalbody"})


def all_statements(tree: ast.Module) -> Iterator[ast.stmt]:
    """However deep, each before those that it holds, and all of one depth before the next."""
    waiting: deque[ast.stmt] = deque(tree.body)
    while waiting:
        statement = waiting.popleft()
        yield statement
        for block in blocks(statement):
            waiting.extend(block)


def definition(source: str) -> Definition | None:
    """The function whose text it is, as it stands in its file; None where it is none's."""
    try:
        body = parse(f"if 0:\n{source}" if source[:1] in {" ", "\t"} else source).body
    except SyntaxError:
        return None
    if len(body) == 1 and isinstance(body[0], ast.If):
        body = body[0].body
    return body[0] if len(body) == 1 and isinstance(body[0], Definition) else None


def docstring_of(
    node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef,
) -> ast.Expr | None:
    first = node.body[0] if node.body else None
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        return first if isinstance(first.value.value, str) else None
    return None


def _docstring_lines(node: ast.Module | ast.ClassDef | Definition) -> set[int]:
    docstring = docstring_of(node)
    if docstring is None:
        return set()
    lines = set(range(docstring.lineno, (docstring.end_lineno or docstring.lineno) + 1))
    return lines if isinstance(node, ast.Module) else lines - {node.lineno}
