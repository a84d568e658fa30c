"""Tests → their files, in the manner of the codebase, and graded there once more.

``Placing`` holds the texts of test files as they would be; nothing is written. What is added to a
file counts only if the new tests of a function, in that text and without the others, pass, reach
every line and reject at least 99 of 100 of the mutants that they did before. Where all together do
not, each is tried by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from covet.agent.asking import Asked
from covet.agent.house import House
from covet.agent.judging import Judge, Judged, Piece, name_of
from covet.errors import CodebaseError
from covet.execute.matrix import KILLS
from covet.languages.base import Addition
from covet.mine.functions import read_text
from covet.records import Candidate, FunctionExample, PassMatrix

KEPT = 0.99
"""The least share of mutants that tests have to reject after they were cut and placed."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A test in its file."""

    piece: Piece
    path: str
    name: str
    kills: frozenset[str]
    """Mutants that the existing tests let live, rejected by it there."""


@dataclass(slots=True)
class Placing:
    """Test files as they would be."""

    judge: Judge
    house: House
    in_classes: bool
    texts: dict[str, str] = field(default_factory=dict)
    originals: dict[str, str] = field(default_factory=dict)
    """Empty where there is no file yet."""

    def place(
        self, example: FunctionExample, pieces: Sequence[Piece], before: frozenset[str] | None
    ) -> list[Placed]:
        """Those of the tests that hold in their file."""
        path = example.test_path
        if path not in self.originals:
            self.originals[path] = self.texts[path] = self._on_disk(path)
        placed = self._tried(example, pieces, (), before)
        if placed is not None:
            return placed
        kept: list[Placed] = []
        for piece in pieces:
            kept += self._tried(example, [piece], kept, before) or ()
        return kept

    def _on_disk(self, path: str) -> str:
        file = self.judge.grader.layout.root / path
        try:
            return read_text(file)
        except FileNotFoundError:
            return ""
        except (OSError, SyntaxError, UnicodeDecodeError) as error:
            raise CodebaseError(f"{file}: cannot be read ({error})") from error

    def _tried(
        self,
        example: FunctionExample,
        pieces: Sequence[Piece],
        already: Sequence[Placed],
        before: frozenset[str] | None,
    ) -> list[Placed] | None:
        """None where they do not hold together; the text of the file is what it was then."""
        if not pieces:
            return []
        path = example.test_path
        old = self.texts[path]
        merged, names = self._merged(example, pieces, already)
        plain = self.house.settled(old, merged, path)
        mended = self.house.settled(old, self.house.mended(old, plain, path), path)
        all_names = [*(one.name for one in already), *names]
        for text in dict.fromkeys((mended, plain, merged)):
            judged = self._judged(example, text, all_names)
            if judged is not None and _is_enough(judged, pieces, before):
                self.texts[path] = text
                kills = _kills(judged.execution.mutants, before)
                return [
                    Placed(piece, path, name, kills.get(name, frozenset()))
                    for piece, name in zip(pieces, names, strict=True)
                ]
        return None

    def _merged(
        self, example: FunctionExample, pieces: Sequence[Piece], already: Sequence[Placed]
    ) -> tuple[str, list[str]]:
        language = self.judge.grader.language
        path, text = example.test_path, self.texts[example.test_path]
        known = {test.qualname for test in language.tests(text, path=path)}
        beside = [t.qualname for t in example.tests if t.path == path and t.qualname in known]
        beside += [one.name for one in already]
        is_settled = self.house.is_settled(text, path)
        sources = [piece.asked.candidate.source for piece in pieces]
        if not is_settled:  # else the whole file is formatted later
            sources = [self.house.formatted(source, path) for source in sources]
        additions = [
            Addition(source, (piece.test,)) for source, piece in zip(sources, pieces, strict=True)
        ]
        merged = language.merge_tests(
            text,
            additions,
            beside=beside,
            subject=example.function.qualname,
            in_classes=self.in_classes,
        )
        return merged.text, [name for names in merged.names for name in names]

    def _judged(self, example: FunctionExample, text: str, names: Sequence[str]) -> Judged | None:
        """The new tests of a function where they stand, without the others."""
        language = self.judge.grader.language
        try:
            tests = language.tests(text, path=example.test_path)
            gone = [test for test in tests if test.qualname not in set(names)]
            source = language.remove_tests(text, gone) if gone else text
            language.tests(source, path=example.test_path)
        except SyntaxError:
            return None
        asked = Asked(Candidate(example.test_path, source, source), "")
        [judged] = self.judge.judge(example, [asked])
        # Guards have judged each test alone; here they would judge what others have brought.
        return judged if judged.execution.status == "ok" else None


def _is_enough(judged: Judged, pieces: Sequence[Piece], before: frozenset[str] | None) -> bool:
    lines = frozenset[int]().union(*(piece.lines for piece in pieces))
    kills = frozenset[str]().union(*(piece.kills for piece in pieces))
    found = frozenset(judged.execution.killed) if before is not None else frozenset[str]()
    return lines <= judged.execution.gained.lines and len(kills & found) >= KEPT * len(kills)


def _kills(matrix: PassMatrix | None, before: frozenset[str] | None) -> dict[str, frozenset[str]]:
    """By test, those that nothing rejected before."""
    found: dict[str, frozenset[str]] = {}
    if matrix is None or before is None:
        return found
    for test, row in zip(matrix.tests, matrix.cells, strict=True):
        rejected = {m for m, cell in zip(matrix.programs, row, strict=True) if cell in KILLS}
        name = name_of(test)
        found[name] = found.get(name, frozenset()) | (rejected - before)
    return found
