"""Programs × cases → the pass matrix: solutions of an instruction, run on inputs in the sandbox.

``ProgramGrader.matrix`` takes an example, solutions and cases and gives a ``PassMatrix`` whose
rows are the cases and whose columns are the solutions. Each different program meets each
different input once, however many cases and solutions share them, over all calls. A program's
process is only ever told the input: what is expected stays here, and here it is compared.

Verdicts: ``pass``; ``fail``, the program ended well with something else; ``error``, it raised,
exited with another status than 0, could not be compiled or wrote too much, or the case itself
cannot be read; ``timeout``, ``out_of_memory``, ``crash``; ``not_run`` after ``programs.timeouts``
inputs on which it ran out of time; ``infrastructure``, nothing is known, also not after a second
try.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from covet.config import Config
from covet.records import Case, InstructionExample, PassMatrix, Solution
from covet.sandbox.base import Answer


@dataclass(frozen=True, slots=True)
class ProgramJob:
    """One matrix to fill."""

    example: InstructionExample
    """Says how outputs are compared, what may be used, and which function is called; its own cases
    and reference have no part in it."""
    solutions: tuple[Solution, ...]
    cases: tuple[Case, ...]


OnMatrix = Callable[[str, PassMatrix], None]
"""Hears the key and the matrix of each job, as soon as it is done."""


def open_programs(config: Config) -> "ProgramGrader":
    """The grader that ``[programs]`` and ``[sandbox]`` describe. A context manager: its workers are
    opened when first needed and end with it.
    """
    return ProgramGrader(config)


class ProgramGrader:
    """Thread-safe."""

    def __init__(self, config: Config) -> None:
        self.config = config

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends every worker, also one that is busy."""

    def matrix(
        self, example: InstructionExample, solutions: Sequence[Solution], cases: Sequence[Case]
    ) -> PassMatrix:
        """``tests`` and ``programs`` are named by their positions, ``"0"``, ``"1"``, …; repetitions
        have rows and columns of their own.

        ``UsageError`` for a solution in a language that programs are not run in.
        """
        return self.matrices([ProgramJob(example, tuple(solutions), tuple(cases))])[0]

    def matrices(
        self, jobs: Sequence[ProgramJob], *, on_done: OnMatrix | None = None
    ) -> list[PassMatrix]:
        """One for each job, in order; in parallel over the workers."""
        raise NotImplementedError

    def key(self, job: ProgramJob) -> str:
        """Equal where nothing that a verdict could depend on differs; stable over runs."""
        raise NotImplementedError

    def remember(self, key: str, matrix: PassMatrix) -> None:
        """Take ``matrix`` for the answer to ``key`` from now on, unless something is unknown in
        it.
        """
        raise NotImplementedError

    def outputs(
        self, example: InstructionExample, solution: Solution, given: Sequence[Case]
    ) -> list[Answer]:
        """What a program answers to the inputs of cases, whatever they expect."""
        raise NotImplementedError
