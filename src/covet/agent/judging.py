"""Candidates → what each of their tests shows by itself.

Every candidate is graded as in training. Of one that fails, the tests that pass are kept and graded
again as a candidate of their own. A test counts alone: it has to pass in a file with no other test,
and the lines and mutants that are told of it are those that it reaches and rejects there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from covet import config
from covet.agent.asking import Asked
from covet.execute.grader import Grader, OnDone
from covet.languages.base import Language
from covet.mine.functions import read_text
from covet.records import Candidate, Execution, FunctionExample, Reward, Verdict
from covet.reward import Attempt, rewards


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate with all that is known of it."""

    asked: Asked
    execution: Execution
    reward: Reward

    @property
    def holds(self) -> bool:
        """Whether it passes, each time it is run, and cheats in no way that is known."""
        return self.execution.status == "ok" and not self.reward.refused


@dataclass(frozen=True, slots=True)
class Piece:
    """One test, alone in its file, and what it shows."""

    asked: Asked
    test: str
    """Its qualified name."""
    lines: frozenset[int]
    """That nothing reached before."""
    kills: frozenset[str]
    """Mutants that the existing tests let live."""

    @property
    def shows(self) -> frozenset[int | str]:
        return self.lines | self.kills

    @property
    def length(self) -> int:
        return self.asked.candidate.source.count("\n")


@dataclass(frozen=True, slots=True)
class Judge:
    """Grades for one run."""

    grader: Grader
    settings: config.Reward
    on_done: OnDone | None = None

    def judge(
        self, example: FunctionExample, asked: Sequence[Asked], *, wants_mutants: bool = True
    ) -> list[Judged]:
        jobs = [(example, one.candidate) for one in asked]
        found = self.grader.grade(jobs, on_done=self.on_done, wants_mutants=wants_mutants)
        attempts = [Attempt(one.candidate, each) for one, each in zip(asked, found, strict=True)]
        earned = rewards(
            [(example, attempt) for attempt in attempts],
            language=self.grader.language,
            settings=self.settings,
        )
        return [
            Judged(one, execution, reward)
            for one, execution, reward in zip(asked, found, earned, strict=True)
        ]

    def existing_kills(self, example: FunctionExample) -> frozenset[str] | None:
        """The mutants of the function that its existing tests reject, in whichever file they
        stand; None where those beside which new ones come do not pass by themselves.
        """
        language = self.grader.language
        own = Candidate(example.test_path, example.test_file, example.test_file)
        has_own = bool(language.tests(example.test_file, path=example.test_path))
        others = sorted({test.path for test in example.tests} - {example.test_path})
        texts = [(path, self._text(path)) for path in others]
        files = [own] * has_own + [Candidate(path, text, text) for path, text in texts if text]
        found = self.grader.grade([(example, file) for file in files], on_done=self.on_done)
        if has_own and found[0].mutants is None and found[0].status != "ok":
            return None
        return frozenset(mutant for execution in found for mutant in execution.killed)

    def _text(self, path: str) -> str:
        try:
            return read_text(self.grader.layout.root / path)
        except (OSError, SyntaxError, UnicodeDecodeError):
            return ""

    # --------------------------------------------------------------------------- single tests

    def salvaged(self, example: FunctionExample, judged: Sequence[Judged]) -> list[Judged]:
        """Of candidates that fail, those of their tests that pass, as candidates."""
        kept: list[Asked] = []
        for one in judged:
            candidate = one.asked.candidate
            if one.execution.status in {"failed", "error", "timeout"} and not candidate.problem:
                found = only(candidate, _passing(one.execution), self.grader.language)
                if found is not None:
                    kept.append(Asked(found, one.asked.policy))
        return self.judge(example, kept, wants_mutants=False)

    def pieces(
        self, example: FunctionExample, judged: Sequence[Judged], before: frozenset[str] | None
    ) -> list[Piece]:
        """Each test of the candidates that hold, alone; one of each text."""
        alone: dict[str, tuple[Asked, str]] = {}
        for one in judged:
            if not one.holds:
                continue
            candidate = one.asked.candidate
            for test in sorted({name_of(test) for test in one.execution.outcomes}):
                found = only(candidate, {test}, self.grader.language)
                if found is not None:
                    alone.setdefault(found.source, (Asked(found, one.asked.policy), test))
        again = self.judge(example, [asked for asked, _ in alone.values()])
        return [
            piece(one, test, before)
            for one, (_, test) in zip(again, alone.values(), strict=True)
            if one.holds
        ]


def piece(judged: Judged, test: str, before: frozenset[str] | None) -> Piece:
    """``before``: what the existing tests kill; where that is not known, no kill counts."""
    killed = frozenset(judged.execution.killed)
    return Piece(
        judged.asked,
        test,
        judged.execution.gained.lines,
        killed - before if before is not None else frozenset(),
    )


def only(candidate: Candidate, names: set[str], language: Language) -> Candidate | None:
    """A candidate without its other tests; None where none of them is found in it."""
    tests = language.tests(candidate.source, path=candidate.path)
    gone = [test for test in tests if test.qualname not in names]
    if len(gone) == len(tests):
        return None
    return with_source(candidate, language.remove_tests(candidate.source, gone), language)


def with_source(candidate: Candidate, source: str, language: Language) -> Candidate | None:
    """A candidate with another text, of which no line before what was written differs; None where
    that cannot be parsed.
    """
    try:
        language.tests(source, path=candidate.path)
    except SyntaxError:
        return None
    own = candidate.source.endswith(candidate.written)
    start = len(candidate.source) - len(candidate.written) if own else 0
    return replace(candidate, source=source, written=source[start:])


def name_of(test: str) -> str:
    """``TestA::test_b[1-2]`` → ``TestA.test_b``."""
    return test.partition("[")[0].replace("::", ".")


def _passing(execution: Execution) -> set[str]:
    """Tests that pass with all their parameters."""
    verdicts: dict[str, set[Verdict]] = {}
    for test, verdict in execution.outcomes.items():
        verdicts.setdefault(name_of(test), set()).add(verdict)
    return {name for name, found in verdicts.items() if found == {"pass"}}
