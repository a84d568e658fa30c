"""The Language seam: all that Covet knows of a programming language.

A ``Language`` answers questions about source text without running it, and names the worker
program that a sandbox keeps warm to run it. Text goes in and records come out; nothing here
starts a process. Source that cannot be parsed raises ``SyntaxError``: callers decide whether
that is a codebase's fault or a candidate's.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from covet.records import Decoy, Function, Mutant, Span, TestCase


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

    def imports(self, source: str) -> tuple[str, ...]:
        """The modules that a file imports at its top, by their full names, in order of
        appearance; relative ones are left out. Empty where it cannot be parsed.
        """
        ...

    def decoys(self, source: str, span: Span) -> tuple[Decoy, ...]:
        """Programs with a known answer, made from the function in ``span``; the first is the
        unchanged text.
        """
        ...

    def worker(self, interpreter: Path) -> tuple[str, ...]:
        """The command line that starts a worker; it speaks ``covet.sandbox.base``'s protocol."""
        ...
