"""The Language seam: all that Covet knows of a programming language.

A ``Language`` answers questions about source text without running it, and names the worker
program that a sandbox keeps warm to run it. Text goes in and records come out; nothing here
starts a process. Source that cannot be parsed raises ``SyntaxError``: callers decide whether
that is a codebase's fault or a candidate's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from covet.records import Decoy, Function, Mutant, Reading, Span, TestCase


@dataclass(frozen=True, slots=True)
class Definition:
    """A place where a file gives a name its meaning; one name may have several."""

    qualname: str
    """Of a function, as in ``functions``."""
    role: Literal["function", "setup", "class", "value"]
    """``setup``: a function that the runner calls around tests, without being told to."""
    span: Span
    """From the first decorator."""
    line: int
    """Of the name."""
    column: int
    """Of the name, in UTF-16 units from 0."""


@dataclass(frozen=True, slots=True)
class ServerSetup:
    """How to run a language server over a folder of source text."""

    command: tuple[str, ...]
    files: Mapping[str, str]
    """Its own settings, to be written into that folder: path → text."""
    settings: Mapping[str, Any]
    """What it is told over the wire."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What one check of a test says, in a form in which tests that expect the same are equal."""

    line: int
    asked: str
    """The expression, as a rule a call."""
    expected: str
    """Its value; ``raises E`` for an exception."""


@dataclass(frozen=True, slots=True)
class Addition:
    """Tests to be taken from one file into another."""

    source: str
    """The file that they stand in, and can be run in."""
    tests: tuple[str, ...]
    """Their names there, at the top level or in a class at it."""


@dataclass(frozen=True, slots=True)
class Merged:
    """A test file with tests from elsewhere."""

    text: str
    names: tuple[tuple[str, ...], ...]
    """For each addition what its tests are called in it."""


class Language(Protocol):
    """The contract; ``tests/contract/test_language.py`` runs over every implementation."""

    name: str

    def is_source(self, path: str) -> bool:
        """Whether a file of that path can hold focal functions."""
        ...

    def is_test(self, path: str) -> bool:
        """Whether a file of that path holds tests, by the language's own custom."""
        ...

    def functions(self, source: str, *, path: str, module: str) -> tuple[Function, ...]:
        """Every function and method of a file that has a body to test, in file order."""
        ...

    def executable_lines(self, source: str, span: Span) -> frozenset[int]:
        """The lines in ``span`` that can run when the function there is called; its header is
        not among them.
        """
        ...

    def tests(self, source: str, *, path: str) -> tuple[TestCase, ...]:
        """Every test of a file, unlinked, in file order."""
        ...

    def remove_tests(self, source: str, tests: Sequence[TestCase]) -> str:
        """The file without those tests; every other byte stays."""
        ...

    def insert_tests(self, source: str, code: str) -> str:
        """The file with ``code`` added at its end, two blank lines before it."""
        ...

    def merge_tests(
        self,
        file: str,
        additions: Sequence[Addition],
        *,
        beside: Sequence[str],
        subject: str,
        in_classes: bool,
    ) -> Merged:
        """The file with those tests and the imports, fixtures and helpers that they need and it
        lacks. What was there keeps every byte, but for imports that are added to.

        ``beside``: the tests of the file that are about the same function, behind which the new
        ones come, in their manner. ``subject``: what the function is called. ``in_classes``:
        tests with none beside them stand in a class. Raises ``KeyError`` for a test that is not
        there.
        """
        ...

    def steps(self, source: str, test: str) -> tuple[Span, ...]:
        """The statements of a test that may be taken out one by one, each before those in it."""
        ...

    def without_steps(self, source: str, gone: Sequence[Span]) -> str:
        """The file without those statements and the comments above them. What is left need not
        parse.
        """
        ...

    def expectations(self, source: str, test: str) -> tuple[Expectation, ...]:
        """What a test expects, as far as its text alone says it."""
        ...

    def written_anew(self, source: str, tests: Sequence[TestCase]) -> str:
        """Tests of a file as text that can be added to its end and does the same there."""
        ...

    def mutants(self, source: str, span: Span, *, limit: int) -> tuple[Mutant, ...]:
        """Wrong programs that differ from ``source`` by one change inside ``span``, in file
        order, thinned evenly to ``limit``; none equal to the original when compiled.
        """
        ...

    def plain_tests(self, source: str) -> tuple[str, ...]:
        """The names of all tests of a file, as the runner would name them, where the text alone
        settles them and nothing has to be set up for any; else empty.
        """
        ...

    def reading(self, source: str, function: Function, *, first_line: int) -> Reading:
        """What a test file asks of ``function``, and how; only what stands from ``first_line`` on
        is taken for a trick or a stand-in. Empty where it cannot be parsed.
        """
        ...

    def cheats(self, function: Function) -> Mapping[str, str]:
        """By name, test files that ask nothing of the function and, where they can be run, pass."""
        ...

    def imports(self, source: str) -> tuple[str, ...]:
        """The modules that a file imports at its top, by their full names, in order of appearance,
        those that it only tries to import included; relative ones are left out. Empty where it
        cannot be parsed.
        """
        ...

    def read_before(self, test_path: str) -> tuple[str, ...]:
        """The files that the runner reads before those tests, where they are there, the outermost
        first.
        """
        ...

    def tokens(self, source: str) -> tuple[str, ...]:
        """A function's text as tokens in which copies with other names for locals, other comments
        or another layout are the same.
        """
        ...

    def decoys(self, source: str, span: Span) -> tuple[Decoy, ...]:
        """Programs with a known answer, made from the function in ``span``; the first is the
        unchanged text.
        """
        ...

    def definitions(self, source: str) -> tuple[Definition, ...]:
        """Every function, class and value that has a name outside of functions, in file order;
        also declarations without a body, and all of one name.
        """
        ...

    def with_types(self, source: str, types: Mapping[tuple[int, str], Sequence[str]]) -> str:
        """The file, for reading only, with types for parameters that have none, by the first line
        of the function and the parameter's name; no line moves.

        A type is ``module:qualname``, one of the file itself ``:qualname``. A method's own object
        goes by the name ``""``.
        """
        ...

    def server(self, name: str, *, search_path: Sequence[str]) -> ServerSetup:
        """The set-up of a language server that imports from those folders, relative to its own.

        Raises ``UsageError`` where the language knows none of that name.
        """
        ...

    def worker(self, interpreter: Path) -> tuple[str, ...]:
        """The command line that starts a worker; it speaks ``covet.sandbox.base``'s protocol."""
        ...
