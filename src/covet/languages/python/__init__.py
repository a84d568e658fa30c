"""Python, tested by pytest: the first implementation of the Language seam.

``syntax`` finds functions and tests, ``lines`` what can run; ``mutants`` makes wrong programs by
the table in ``mutators``, ``decoys`` harmless ones, ``cheats``
tests that ask nothing; ``plain`` knows test files that need not be
collected; ``servers`` prepares files for language servers, ``answers`` writes tests anew;
``merging`` takes tests from one file into another with what they need (``needs``), ``steps`` takes
statements out of them, ``expected`` reads what they expect;
``reading`` tells what a test file asks (``checks``, by way of ``origins``) and how it avoids asking
(``tricks``). ``worker/`` runs inside the sandbox and imports nothing of Covet.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from covet.languages.base import Addition, Definition, Expectation, Merged, ServerSetup
from covet.languages.python import lines, servers, syntax
from covet.languages.python.answers import written_anew
from covet.languages.python.cheats import cheats
from covet.languages.python.decoys import decoys
from covet.languages.python.expected import expectations
from covet.languages.python.merging import merge_tests
from covet.languages.python.mutants import mutants
from covet.languages.python.plain import plain_tests
from covet.languages.python.reading import reading
from covet.languages.python.steps import steps, without_steps
from covet.languages.python.tokens import tokens
from covet.records import Decoy, Function, Mutant, Reading, Span, TestCase


class Python:
    """See :class:`covet.languages.base.Language`."""

    name: str = "python"

    def is_source(self, path: str) -> bool:
        return syntax.is_source(path)

    def is_test(self, path: str) -> bool:
        return syntax.is_test(path)

    def functions(self, source: str, *, path: str, module: str) -> tuple[Function, ...]:
        return syntax.functions(source, path=path, module=module)

    def executable_lines(self, source: str, span: Span) -> frozenset[int]:
        return lines.executable_lines(source, span)

    def tests(self, source: str, *, path: str) -> tuple[TestCase, ...]:
        return syntax.tests(source, path=path)

    def remove_tests(self, source: str, tests: Sequence[TestCase]) -> str:
        return syntax.remove_tests(source, tests)

    def insert_tests(self, source: str, code: str) -> str:
        return syntax.insert_tests(source, code)

    def merge_tests(
        self,
        file: str,
        additions: Sequence[Addition],
        *,
        beside: Sequence[str],
        subject: str,
        in_classes: bool,
    ) -> Merged:
        return merge_tests(file, additions, beside=beside, subject=subject, in_classes=in_classes)

    def steps(self, source: str, test: str) -> tuple[Span, ...]:
        return steps(source, test)

    def without_steps(self, source: str, gone: Sequence[Span]) -> str:
        return without_steps(source, gone)

    def expectations(self, source: str, test: str) -> tuple[Expectation, ...]:
        return expectations(source, test)

    def written_anew(self, source: str, tests: Sequence[TestCase]) -> str:
        return written_anew(source, tests)

    def mutants(self, source: str, span: Span, *, limit: int) -> tuple[Mutant, ...]:
        return mutants(source, span, limit=limit)

    def plain_tests(self, source: str) -> tuple[str, ...]:
        return plain_tests(source)

    def reading(self, source: str, function: Function, *, first_line: int) -> Reading:
        return reading(source, function, first_line=first_line)

    def cheats(self, function: Function) -> Mapping[str, str]:
        return cheats(function)

    def imports(self, source: str) -> tuple[str, ...]:
        return syntax.imports(source)

    def read_before(self, test_path: str) -> tuple[str, ...]:
        return syntax.read_before(test_path)

    def tokens(self, source: str) -> tuple[str, ...]:
        return tokens(source)

    def decoys(self, source: str, span: Span) -> tuple[Decoy, ...]:
        return decoys(source, span)

    def definitions(self, source: str) -> tuple[Definition, ...]:
        return servers.definitions(source)

    def with_types(self, source: str, types: Mapping[tuple[int, str], Sequence[str]]) -> str:
        return servers.with_types(source, types)

    def server(self, name: str, *, search_path: Sequence[str]) -> ServerSetup:
        return servers.server(name, search_path=search_path)

    def worker(self, interpreter: Path) -> tuple[str, ...]:
        """Isolated from the environment and from user packages, writing no bytecode."""
        program = Path(__file__).parent / "worker" / "zygote.py"
        return (str(interpreter), "-I", "-B", str(program))


PYTHON = Python()
