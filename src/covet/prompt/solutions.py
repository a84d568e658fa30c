"""What a code writer answered becomes a program, or the reason why it is none.

The last fenced Python block counts, as in test files (``parse.code_in``); an answer without any is
code as a whole. What Python cannot parse is refused here and never run: prose is no program.
"""

import ast
import warnings
from typing import Literal

from covet.prompt.parse import code_in
from covet.records import Completion, InstructionExample, Solution

LONGEST = 1 << 20
"""Characters of a program."""


Problem = Literal["", "no_code", "cut_off", "syntax", "too_long", "no_entry_point"]
"""Why an answer holds no program; ``cut_off``: it ends at the token limit."""


def parse_solution(completion: Completion, example: InstructionExample) -> tuple[Solution, Problem]:
    """The program, and why it is none; with a problem its text is empty, as nothing is run."""
    source = code_in(completion.text)
    problem = _problem(source, example.entry_point)
    if problem == "syntax" and completion.finish == "length":
        problem = "cut_off"
    return Solution("" if problem else source, "python", completion.policy), problem


def _problem(source: str, entry_point: str) -> Problem:
    if not source:
        return "no_code"
    if len(source) > LONGEST:
        return "too_long"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what a policy wrote
            tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "syntax"
    function = entry_point.rpartition(".")[2]
    return "no_entry_point" if function and function not in _defined(tree) else ""


def _defined(tree: ast.Module) -> set[str]:
    """Names that the top level may bind; a class's method is asked for by its last name."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.alias):
            found.add(node.asname or node.name)
    return found
