"""One row of a known schema → a ``Task``, or why it is none.

======================  ====================================================================
schema                  fields that are read
======================  ====================================================================
``covet``               those of ``InstructionExample``
``utrl``                problem_statement, gt_test_cases, sampled_codes (no reference); its sets
                        of TACO and of LiveCodeBench-v2
``taco``, ``apps``      question, solutions, input_output (both JSON), limits where there are
``codecontests``        description, public/private/generated_tests, solutions, limits
``livecodebench``       question_content, public/private_test_cases, starter_code, metadata
``humaneval``           prompt, entry_point, canonical_solution, test
``mbpp``                text or prompt, code, test_list, test_setup_code; or humaneval's fields
======================  ====================================================================

Languages are taken as a schema declares them, never guessed. Programs in others than Python are
left out. A task's cases are standard input and output, or calls of a function at a program's top
level; where a test is neither, the test program itself is the case.
"""

import ast
import json
import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

import msgspec

from covet.instructions.encoded import unpack
from covet.records import Case, InstructionExample, ProgramLimits

Schema = Literal[
    "covet", "utrl", "taco", "apps", "codecontests", "livecodebench", "humaneval", "mbpp"
]
Row = Mapping[str, Any]
MEGABYTE = 1 << 20


class Refusal(Exception):
    """A row that makes no task: the filter's name, and what is wrong where more can be said."""

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Task:
    """A row, read."""

    example: InstructionExample
    """Its reference is the first of the solutions; empty where there is none."""
    solutions: tuple[str, ...] = ()
    """Programs in Python that the dataset takes for right."""
    sampled: Mapping[str, Sequence[str]] | None = None
    """By writer, raw answers of models that came with the row."""


def read_task(row: Row, schema: Schema, *, number: int) -> Task:
    """``Refusal`` says why a row is no task. ``number``: its place, for those without a name."""
    try:
        task = SCHEMAS[schema](row, f"{schema}/{number:06d}")
    except Refusal:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        found = f"no field {error}" if isinstance(error, KeyError) else str(error)
        raise Refusal("malformed row", found) from error
    if not task.example.instruction.strip():
        raise Refusal("no instruction")
    return task


# --------------------------------------------------------------------------------- schemas


def _covet(row: Row, name: str) -> Task:
    example = msgspec.convert({"id": name, **row}, InstructionExample)
    return Task(example, (example.reference,) if example.reference else ())


def _utrl(row: Row, name: str) -> Task:
    cases = _stdio(
        [one["input"] for one in row["gt_test_cases"]],
        [one["output"] for one in row["gt_test_cases"]],
    )
    given = cast("Mapping[str, Sequence[str]]", row.get("sampled_codes") or {})
    sampled = {writer: tuple(answers) for writer, answers in given.items() if answers}
    return Task(_example(name, row["problem_statement"], cases), sampled=sampled)


def _apps(row: Row, name: str) -> Task:
    """TACO's and APPS's."""
    told = row["input_output"]
    told = json.loads(told or "{}") if isinstance(told, str) else told or {}
    solutions = row["solutions"]
    solutions = json.loads(solutions or "[]") if isinstance(solutions, str) else solutions
    name = f"{name}" if row.get("problem_id") is None else f"{name}-{row['problem_id']}"
    limits = ProgramLimits(
        cpu_s=_seconds(row.get("time_limit")), memory_mb=_megabytes(row.get("memory_limit"))
    )
    entry = told.get("fn_name") or ""
    inputs, outputs = told.get("inputs") or [], told.get("outputs") or []
    cases = _calls(inputs, outputs) if entry else _stdio(inputs, outputs)
    example = _example(name, row["question"], cases, entry_point=entry, limits=limits)
    return _with_solutions(example, solutions or [])


_PYTHON_3 = 3
"""In CodeContests' list of languages."""


def _codecontests(row: Row, name: str) -> Task:
    tests = [row.get(f"{kind}_tests") or {} for kind in ("public", "private", "generated")]
    inputs = [one for kind in tests for one in kind.get("input") or []]
    outputs = [one for kind in tests for one in kind.get("output") or []]
    found = row.get("solutions") or {}
    pairs = zip(found.get("language") or [], found.get("solution") or [], strict=True)
    time = row.get("time_limit") or {}
    limits = ProgramLimits(
        cpu_s=float(time.get("seconds") or 0) + float(time.get("nanos") or 0) / 1e9,
        memory_mb=int(row.get("memory_limit_bytes") or 0) // MEGABYTE,
    )
    cases = _stdio(inputs, outputs)
    example = _example(f"{name}-{row['name']}", row["description"], cases, limits=limits)
    return _with_solutions(example, [text for code, text in pairs if code == _PYTHON_3])


def _livecodebench(row: Row, name: str) -> Task:
    private = row.get("private_test_cases") or "[]"
    if not private.lstrip().startswith("["):
        private = unpack(private)
    tests = [*json.loads(row["public_test_cases"]), *json.loads(private)]
    kinds = {one["testtype"] for one in tests}
    entry = json.loads(row.get("metadata") or "{}").get("func_name") or ""
    if kinds == {"functional"}:
        if "class Solution" in (row.get("starter_code") or ""):
            entry = f"Solution.{entry}"
        given = [[json.loads(line) for line in one["input"].splitlines()] for one in tests]
        cases = _calls(given, [json.loads(one["output"]) for one in tests])
    else:
        cases, entry = _stdio([one["input"] for one in tests], [one["output"] for one in tests]), ""
    example = _example(
        f"{name}-{row['question_id']}", row["question_content"], cases, entry_point=entry
    )
    return Task(example)


def _humaneval(row: Row, name: str) -> Task:
    entry = str(row["entry_point"]).strip()
    head = _besides(row["prompt"], entry)
    cases = asserted(row["test"], entry) or (_test_program(head + row["test"], entry),)
    name = str(row.get("task_id") or name)
    example = _example(name, row["prompt"], cases, entry_point=entry)
    return _with_solutions(example, [_joined(row["prompt"], row["canonical_solution"])])


def _joined(prompt: str, body: str) -> str:
    """A function's head and its body; of some rows the two are not indented alike."""
    whole = prompt + body
    try:
        ast.parse(whole)
    except SyntaxError:
        return prompt + textwrap.indent(textwrap.dedent(body.expandtabs(4)), "    ")
    return whole


def _besides(prompt: str, entry_point: str) -> str:
    """What a prompt defines beside the function that it asks for: tests may use it."""
    try:
        tree = ast.parse(f"{prompt}    pass\n")
    except SyntaxError:
        return ""
    others = [node for node in tree.body if getattr(node, "name", "") != entry_point]
    return "".join(f"{ast.unparse(node)}\n" for node in others)


def _mbpp(row: Row, name: str) -> Task:
    if "canonical_solution" in row:
        return _humaneval(row, name)
    tests = "\n".join(row["test_list"])
    entry = _called(tests)
    setup = [row.get("test_setup_code") or "", *(row.get("test_imports") or [])]
    body = "".join(f"    {line}\n" for line in tests.splitlines())
    program = "\n".join([*setup, f"def check(candidate):\n{body}"])
    cases = asserted(program, entry) or (_test_program(program, entry),)
    text = str(row.get("text") or row["prompt"]).strip()
    told = f"{text}\nThe function's name is `{entry}`.\n"
    name = f"mbpp/{row['task_id']}"
    example = _example(name, told, cases, entry_point=entry)
    return _with_solutions(example, [row["code"].replace("\r\n", "\n")])


SCHEMAS: Mapping[str, Callable[[Row, str], Task]] = {
    "covet": _covet,
    "utrl": _utrl,
    "taco": _apps,
    "apps": _apps,
    "codecontests": _codecontests,
    "livecodebench": _livecodebench,
    "humaneval": _humaneval,
    "mbpp": _mbpp,
}


# ----------------------------------------------------------------------------------- cases


def _example(
    name: str,
    instruction: object,
    cases: tuple[Case, ...],
    *,
    entry_point: str = "",
    limits: ProgramLimits | None = None,
) -> InstructionExample:
    if not isinstance(instruction, str):
        raise Refusal("no instruction")
    return InstructionExample(
        name,
        instruction,
        entry_point,
        "",
        tuple(dict.fromkeys(cases)),
        "train",
        limits=limits or ProgramLimits(),
    )


def _with_solutions(example: InstructionExample, solutions: Sequence[str]) -> Task:
    told = tuple(dict.fromkeys(one for one in solutions if one.strip()))
    if example.entry_point:
        entry, told = _with_entry(example.entry_point, told)
        if solutions and not told:
            raise Refusal("no such function")
        example = replace(example, entry_point=entry)
    return Task(replace(example, reference=told[0] if told else ""), told)


def _with_entry(name: str, solutions: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """How the function is called, at the top level or as a method of ``Solution`` as these
    datasets have it, whichever most solutions define; and those that do.
    """
    top = tuple(one for one in solutions if _defines(one, name))
    method = re.compile(rf"^\s+(?:async )?def +{re.escape(name)}\b", re.MULTILINE)
    inside = tuple(one for one in solutions if _defines(one, "Solution") and method.search(one))
    return (name, top) if len(top) >= len(inside) else (f"Solution.{name}", inside)


def _stdio(inputs: Sequence[object], outputs: Sequence[object]) -> tuple[Case, ...]:
    pairs = zip(inputs, outputs, strict=True)
    return tuple(Case("stdio", _text(given), _text(expected)) for given, expected in pairs)


def _text(value: object) -> str:
    """Some rows have a list of lines where others have the text."""
    if isinstance(value, list):
        return "".join(f"{line}\n" for line in cast("list[object]", value))
    if not isinstance(value, str):
        raise Refusal("malformed row", f"text expected, found {type(value).__name__}")
    return value


def _calls(inputs: Sequence[Any], outputs: Sequence[Any]) -> tuple[Case, ...]:
    """Of lists of arguments and of results, as JSON gave them. A result alone in a list is the
    result: so these datasets wrap them.
    """
    return tuple(
        Case(
            "call",
            ", ".join(map(repr, given)),
            repr(result[0] if isinstance(result, list) and len(result) == 1 else result),
        )
        for given, result in zip(inputs, outputs, strict=True)
    )


def asserted(test: str, entry_point: str) -> tuple[Case, ...]:
    """The cases of a test program whose ``check`` does nothing but assert that calls with literals
    equal literals; empty where it does anything else. The program is parsed and never run.
    """
    try:
        tree = ast.parse(test)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    checks = [one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == "check"]
    if len(checks) != 1:
        return ()
    found = [_asserted(one, {"candidate", entry_point}) for one in checks[0].body]
    kept = [one for one in found if one is not None]
    return tuple(kept) if len(kept) == len(found) else ()


def _asserted(statement: ast.stmt, names: set[str]) -> Case | None:
    if not isinstance(statement, ast.Assert) or not isinstance(statement.test, ast.Compare):
        return None
    compared = statement.test
    call, right = compared.left, compared.comparators[0]
    if len(compared.ops) != 1 or not isinstance(compared.ops[0], ast.Eq):
        return None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
        return None
    if call.func.id not in names or any(one.arg is None for one in call.keywords):
        return None
    try:
        for value in (*call.args, *(one.value for one in call.keywords), right):
            ast.literal_eval(value)
    except (ValueError, TypeError, RecursionError, MemoryError):
        return None
    given = [ast.unparse(one) for one in call.args]
    given += [f"{one.arg}={ast.unparse(one.value)}" for one in call.keywords]
    return Case("call", ", ".join(given), ast.unparse(right))


def _test_program(test: str, entry_point: str) -> Case:
    return Case("test", f"{entry_point} = candidate\n{test}\ncheck(candidate)\n", "")


def _called(tests: str) -> str:
    """The function that the first assertion calls."""
    for node in ast.walk(ast.parse(tests.splitlines()[0])):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            name = node.func.id
            if name not in ("set", "sorted", "list", "tuple", "abs", "round", "len"):
                return name
    raise Refusal("malformed row", "the first test calls no function by its name")


def _defines(source: str, name: str) -> bool:
    found = re.search(rf"^(?:async )?(?:def|class) +{re.escape(name)}\b", source, re.MULTILINE)
    return found is not None


def _seconds(told: object) -> float:
    """``2.0 seconds`` → 2.0; 0 where nothing is told."""
    found = re.match(r"\s*(\d+(?:\.\d+)?)\s*s", str(told or ""))
    return float(found[1]) if found else 0.0


def _megabytes(told: object) -> int:
    """``256.0 megabytes`` → 256."""
    found = re.match(r"\s*(\d+)(?:\.\d+)?\s*(mega|m|giga|g)", str(told or ""), re.IGNORECASE)
    if not found:
        return 0
    return int(found[1]) * (1024 if found[2].lower().startswith("g") else 1)
