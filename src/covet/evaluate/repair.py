"""An answer whose form alone is wrong, mended by stated rules, each of which is named and counted.

A model that was never told how its answers are read loses tests over it. The rules look at form
only: what a test calls, expects or asks is never touched, nothing is taken from the task but the
names that its module has, and an answer that can be read as it is stays as it is, but for imports.
``docs/scorecard.md`` describes the rules; samples are counted as written and as mended.
"""

import ast
import builtins
import re
import textwrap
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from covet.languages.base import Language
from covet.prompt.answer import answer as as_answer
from covet.prompt.parse import parse, without_thoughts
from covet.records import Candidate, Completion, FunctionExample, Segment

Rule = Literal["fences", "indentation", "prose", "cut_off", "imports"]
LINES = 400
"""Most lines that are tried to be left off at the end."""
_OPENS = re.compile(r"^(?P<before>.*?)(?:`{3,}|~{3,})[ \t]*(?P<info>\w*)[ \t]*$")
_CODE = re.compile(r"(?:import|from|def|async def|class|@)\b|@|\"\"\"|'''|#")
_LANGUAGES = frozenset({"", "python", "py", "python3", "pytest"})
_BUILTINS = frozenset(dir(builtins)) | {"__file__", "__name__", "__doc__"}


@dataclass(frozen=True, slots=True)
class Repaired:
    """A candidate, and what was mended in it; no rules: nothing was."""

    candidate: Candidate
    rules: tuple[Rule, ...] = ()


def repair(
    completion: Completion,
    candidate: Candidate,
    example: FunctionExample,
    *,
    answer: Literal["append", "file"],
    language: Language,
) -> Repaired:
    """``candidate``: what the completion was read as."""
    rules: list[Rule] = []
    found = candidate
    if candidate.problem:
        is_cut = completion.finish == "length"
        mended = _legible(completion.text, is_cut=is_cut, example=example, language=language)
        if mended is None:
            return Repaired(candidate)
        text, rules = mended
        found = _read(text, completion, example, answer=answer, language=language)
        if found.problem:
            return Repaired(candidate)
    missing = _missing_imports(found.source, example)
    if missing:
        written = _with_imports(found.written, missing)
        found = _read(written, completion, example, answer=answer, language=language)
        rules.append("imports")
    return Repaired(found, tuple(rules)) if rules and not found.problem else Repaired(candidate)


def _read(
    text: str,
    completion: Completion,
    example: FunctionExample,
    *,
    answer: Literal["append", "file"],
    language: Language,
) -> Candidate:
    segment = Segment("policy", as_answer(text, code="fenced"))
    return parse(
        replace(completion, segments=(segment,)), example, answer=answer, language=language
    )


# ---------------------------------------------------------------------------------- reading


def _legible(
    text: str, *, is_cut: bool, example: FunctionExample, language: Language
) -> tuple[str, list[Rule]] | None:
    """Code with a test in it, ending in a newline, and the rules that it took."""
    text = without_thoughts(text.encode("utf-8", "replace").decode()).replace("\r\n", "\n")
    steps: tuple[tuple[Rule, Callable[[str], str]], ...] = (
        ("fences", _without_fences),
        ("indentation", _dedented),
        ("prose", _from_first_code),
    )

    def holds_tests(code: str) -> bool:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return bool(language.tests(code, path=example.test_path))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False

    rules: list[Rule] = []
    for rule, step in steps:
        changed = step(text).strip("\n") + "\n"
        if changed.strip("\n") != text.strip("\n"):
            rules.append(rule)
            text = changed
        if holds_tests(text):
            return text, rules
    for shorter in _shortened(text):
        if holds_tests(shorter):
            last: Rule = "cut_off" if is_cut else "prose"
            return shorter, rules if last in rules else [*rules, last]
    return None


def _without_fences(text: str) -> str:
    """The lines of all blocks in Python, one after the other; of a text without any, all lines but
    those that are a fence. A fence may stand behind other words, and lack its end.
    """
    blocks: list[str] = []
    others: list[str] = []
    inside: bool | None = None
    for line in text.split("\n"):
        fence = _OPENS.match(line)
        if fence is None:
            (blocks if inside else others).append(line)
        elif inside is not None and not fence["info"]:
            inside = None
        else:
            inside = fence["info"].lower() in _LANGUAGES
    return "\n".join(blocks if any(line.strip() for line in blocks) else others)


def _dedented(text: str) -> str:
    return textwrap.dedent(text.expandtabs(4))


def _from_first_code(text: str) -> str:
    """From the first line that begins as code does."""
    lines = text.split("\n")
    first = next((at for at, line in enumerate(lines) if _CODE.match(line)), 0)
    return "\n".join(lines[first:])


def _shortened(text: str) -> Iterator[str]:
    """Without the last line, the last two …; where one was that is indented, what it belongs to
    goes as a whole.
    """
    lines = text.rstrip("\n").split("\n")
    for _ in range(LINES):
        if not lines:
            return
        gone = lines.pop()
        while lines and gone[:1].isspace():
            gone = lines.pop()
        while lines and (lines[-1].startswith("@") or not lines[-1].strip()):
            lines.pop()
        if lines:
            yield "\n".join(lines) + "\n"


# -------------------------------------------------------------------------- missing imports


def _missing_imports(source: str, example: FunctionExample) -> list[str]:
    """Import statements for names that a test file uses, that nothing in it binds, and that the
    focal function's module has at its top; for ``pytest`` and the module itself, too.
    """
    loose = _loose_names(source)
    if not loose:
        return []
    module = example.function.module
    package, _, last = module.rpartition(".")
    own = _top_names(example.source_file) & loose
    found = ["import pytest"] if "pytest" in loose else []
    if own:
        found.append(f"from {module} import {', '.join(sorted(own))}")
    if last in loose - own:
        found.append(f"from {package} import {last}" if package else f"import {last}")
    return found


def _loose_names(source: str) -> frozenset[str]:
    """Names that are read and bound nowhere in the file; none where that cannot be told."""
    tree = _tree(source)
    if tree is None:
        return frozenset()
    read: set[str] = set()
    bound: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Load()):
                read.add(name)
            case ast.Name(id=name):
                bound.add(name)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                bound.add(node.name)
            case ast.arg(arg=name):
                bound.add(name)
            case ast.alias(name="*"):
                return frozenset()
            case ast.alias(name=name, asname=other):
                bound.add(other or name.partition(".")[0])
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                bound.add(name)
            case ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                bound.add(name)
            case _:
                pass
    return frozenset(read - bound - _BUILTINS)


def _top_names(source: str) -> frozenset[str]:
    tree = _tree(source)
    names: set[str] = set()
    for node in tree.body if tree else ():
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                names.add(node.name)
            case ast.Assign(targets=targets):
                names |= {target.id for target in targets if isinstance(target, ast.Name)}
            case ast.AnnAssign(target=ast.Name(id=name)):
                names.add(name)
            case _:
                pass
    return frozenset(names)


def _with_imports(written: str, imports: list[str]) -> str:
    """At the top, but behind a docstring and ``from __future__``."""
    tree = _tree(written)
    behind = 0
    for node in tree.body if tree else ():
        is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        is_future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
        if not (is_text or is_future):
            break
        behind = node.end_lineno or behind
    lines = written.split("\n")
    return "\n".join([*lines[:behind], *imports, *lines[behind:]])


def _tree(source: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
