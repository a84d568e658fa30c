"""All that a reward may depend on, gathered once for the rollouts of one task.

Attempts of one example go in, an ``Evidence`` for each comes out. What their siblings did is part
of it: a mutant that everybody kills is worth less, and what another wrote is not new.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from covet.languages.base import Language
from covet.records import Candidate, Check, Execution, FunctionExample, PassMatrix, Reading, Verdict


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was written for an example, and what running it showed."""

    candidate: Candidate
    execution: Execution
    thought: str = ""
    """What the policy thought before."""
    is_whole: bool = True
    """Whether the answer came to its own end, and its thought to one."""


@dataclass(frozen=True)
class Evidence:
    """Of one attempt. Derivations are made when a term asks for them."""

    example: FunctionExample
    attempt: Attempt
    reading: Reading
    killers: Counter[str]
    """By mutant: how many of the siblings, this one included, kill it."""
    likeness: float
    """To the sibling that is most alike, from 0 to 1; 0 where there is none."""

    @property
    def execution(self) -> Execution:
        return self.attempt.execution

    @property
    def candidate(self) -> Candidate:
        return self.attempt.candidate

    @cached_property
    def asked(self) -> tuple[Check, ...]:
        """The assertions that were asked when the candidate ran."""
        ran = self.execution.ran
        return tuple(check for check in self.reading.checks if any(n in check.span for n in ran))

    @cached_property
    def known(self) -> frozenset[str]:
        """See :func:`known_mutants`."""
        return known_mutants(self.execution)

    @cached_property
    def killed(self) -> frozenset[str]:
        """Mutants of those that are known."""
        return self.known & frozenset(self.execution.killed)

    @cached_property
    def noticed(self) -> frozenset[str]:
        """Mutants on which an assertion failed; the others of those that were rejected crashed."""
        return self._with_a_cell("fail")

    @cached_property
    def lived(self) -> frozenset[str]:
        """Mutants that some test ran, and that passed all that did."""
        return (self._with_a_cell("pass") & self.known) - self.killed

    def _with_a_cell(self, verdict: Verdict) -> frozenset[str]:
        matrix = self.execution.mutants
        if matrix is None:
            return frozenset()
        return frozenset(
            program
            for column, program in enumerate(matrix.programs)
            if verdict in _column(matrix, column)
        )


def gather(
    example: FunctionExample, attempts: Sequence[Attempt], *, language: Language
) -> list[Evidence]:
    """In the order of the attempts."""
    passing = [one for one in attempts if one.execution.status == "ok"]
    killers = Counter(mutant for one in passing for mutant in {*one.execution.killed})
    shapes = [_shape(one.candidate.written, language) for one in attempts]
    return [
        Evidence(
            example,
            attempt,
            language.reading(
                attempt.candidate.source,
                example.function,
                first_line=_first_written(attempt.candidate),
            ),
            killers,
            max(
                (_jaccard(shapes[place], other) for at, other in enumerate(shapes) if at != place),
                default=0.0,
            ),
        )
        for place, attempt in enumerate(attempts)
    ]


def known_mutants(execution: Execution) -> frozenset[str]:
    """Ids of the mutants that were run and whose fate is known: some test rejects it, or every
    cell has a verdict of the candidate's own.
    """
    matrix = execution.mutants
    if matrix is None:
        return frozenset()
    killed = frozenset(execution.killed)
    return frozenset(
        program
        for column, program in enumerate(matrix.programs)
        if program in killed or "infrastructure" not in _column(matrix, column)
    )


def mutants_of(execution: Execution) -> dict[str, frozenset[str]]:
    """By term, the mutants that it is a share of."""
    known = known_mutants(execution)
    fresh = execution.gained.lines
    return {
        "kills": known,
        "new_kills": frozenset(mutant for mutant in known if _line(mutant) in fresh),
        "marginal": known - frozenset(execution.killed_before or ()),
    }


def _line(mutant: str) -> int:
    """That it changes; its id begins with it."""
    return int(mutant.partition(":")[0])


def _column(matrix: PassMatrix, column: int) -> tuple[Verdict, ...]:
    return tuple(row[column] for row in matrix.cells)


def _first_written(candidate: Candidate) -> int:
    """The first line that the policy wrote; what stands before it is the codebase's."""
    if not candidate.source.endswith(candidate.written):
        return 1
    return candidate.source[: len(candidate.source) - len(candidate.written)].count("\n") + 1


_LENGTH = 3
"""Tokens of a shingle; as short as that, one value more or less is a small difference."""


def _shape(written: str, language: Language) -> frozenset[tuple[str, ...]]:
    try:
        tokens = language.tokens(written)
    except SyntaxError:
        return frozenset()
    return frozenset(tuple(tokens[at : at + _LENGTH]) for at in range(len(tokens) - _LENGTH + 1))


def _jaccard(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    return len(one & other) / len(one | other) if one or other else 0.0
