"""Whether inputs keep to the constraints that a task gives, by its validator in the sandbox."""

from collections.abc import Sequence
from dataclasses import replace

from covet.execute.programs import ProgramJob
from covet.records import Case, Comparison, InstructionExample, Solution


def validation(example: InstructionExample, cases: Sequence[Case]) -> ProgramJob:
    """The task's validator asked about the inputs of cases: it passes those that it accepts."""
    return ProgramJob(
        replace(example, entry_point="valid", comparison=Comparison(), cases=()),
        (Solution(example.validator),),
        tuple(Case("call", repr(case.given), "True") for case in cases),
    )
