"""Datasets of instructions with programs become InstructionExamples that hold what they promise.

::

    rows      a file, or a name that ``datasets`` knows → rows, as they are stored
    schemas   a row of UTRL, TACO, APPS, CodeContests, LiveCodeBench, HumanEval, MBPP → Task
    shown     which cases stand in the instruction itself
    overlap   whether an instruction stands in another dataset too
    lint      Tasks → examples whose reference passes their cases twice, counted filter by filter

Rows are data: nothing of them is evaluated, no pickle is loaded, and programs run in the sandbox.
"""

from covet.instructions.lint import Report, lint
from covet.instructions.rows import read_rows
from covet.instructions.schemas import SCHEMAS, Refusal, Task, read_task

__all__ = ["SCHEMAS", "Refusal", "Report", "Task", "lint", "read_rows", "read_task"]
