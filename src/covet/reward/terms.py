"""What a candidate can be rewarded for: one function per term, each from 0 to 1.

A term reads an Execution and nothing else. Whether a candidate deserves any of it (the gate) and
how much each term weighs is the rubric's affair.
"""

from collections.abc import Callable, Mapping

from covet.records import Execution, PassMatrix, Verdict


def passes(execution: Execution) -> float:
    """1 where every test passed against the original program, each time it was run."""
    return float(execution.status == "ok")


def gains(execution: Execution) -> float:
    """1 where at least one line of the focal function ran that the baseline does not reach.

    How many lines does not matter: a function with few uncovered lines is as good a task as one
    with many.
    """
    return float(bool(execution.gained.lines))


def kills(execution: Execution) -> float:
    """The share of the function's mutants that were killed, of those whose fate is known.

    A mutant whose run failed through our own fault is neither killed nor alive. 0 where none is
    known, also because none was run.
    """
    known = known_mutants(execution)
    return len(known & frozenset(execution.killed)) / len(known) if known else 0.0


TERMS: Mapping[str, Callable[[Execution], float]] = {
    "passes": passes,
    "gains": gains,
    "kills": kills,
}
"""In the order in which people read them; the names are those of the weights in the settings."""


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


def _column(matrix: PassMatrix, column: int) -> tuple[Verdict, ...]:
    return tuple(row[column] for row in matrix.cells)
