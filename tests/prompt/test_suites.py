"""Answers of test writers and code writers are read, whatever they are."""

import pytest
from hypothesis import example as example_of
from hypothesis import given
from hypothesis import strategies as st

from covet.errors import ConfigError, DataError
from covet.prompt.roles import ask, load_role, role_names
from covet.prompt.solutions import parse_solution
from covet.prompt.suites import parse_suite, write_suite
from covet.records import Case, Completion, InstructionExample, Segment

STDIO = InstructionExample("t", "Double the number.", "", "", (), "train")
CALL = InstructionExample("t", "Double the number.", "f", "", (), "train")
GOOD = "```\nInput:\n3\n\nOutput:\n6\n```"
SIX = Case("stdio", "3\n", "6\n")


def completion(text: str, *, finish: str = "stop") -> Completion:
    return Completion((Segment("policy", text),), finish, "m", 0)


def block(given: str, expected: str) -> str:
    return f"```\nInput:\n{given}\n\nOutput:\n{expected}\n```\n"


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        GOOD.replace("\n", "\r\n"),
        f"<reasoning>three</reasoning>\n{GOOD}",
        f"<think>Input: 9\nOutput: 9</think>\n{GOOD}",
        GOOD.replace("```\nInput", "```text\nInput"),
        GOOD.removesuffix("\n```"),
        "Input: 3\nOutput: 6\n",
        "Input: 3\n\nOutput: 6\n\nThat is all.",
        "**Test Input:**\n\n```\n3\n```\n\n**Test Output:**\n\n```\n6\n```\n\n**Explanation:** so",
        "### Test 1\n\n**Input:** `3`\n**Output:** `6`",
    ],
)
def test_a_case_is_read_in_every_form_that_models_write(text):
    suite = parse_suite(text, STDIO)
    assert suite.cases == (SIX,)
    assert suite.refused == ()


@pytest.mark.parametrize(
    ("text", "ended", "reason"),
    [
        ("```\nInput:\n3\n```", True, "no_output: line 2"),
        ("```\nOutput:\n3\n```", True, "no_input: line 2"),
        ("```\nInput:\n3\n\nOutput:\n6", False, "cut_off: line 2"),
        ("```\nInput:\n\ud800\n\nOutput:\n6\n```", True, "not_utf8: line 2"),
        ("Input: 3\n\nand then 4\n\nOutput: 6", True, "no_fence: line 1"),
    ],
)
def test_what_is_no_case_is_refused_with_its_reason_and_line(text, ended, reason):
    suite = parse_suite(text, STDIO, ended=ended)
    assert suite.cases == ()
    assert suite.refused == (reason,)


def test_a_block_without_output_does_not_swallow_the_next_one():
    suite = parse_suite(f"```\nInput:\n3\n```\n\n{block('4', '8')}", STDIO)
    assert suite.cases == (Case("stdio", "4\n", "8\n"),)
    assert suite.refused == ("no_output: line 2",)


def test_repetitions_stay_as_they_were_written():
    assert parse_suite(f"{GOOD}\n{GOOD}", STDIO).cases == (SIX, SIX)


def test_a_case_of_a_megabyte_is_read_and_a_too_long_one_refused():
    long = "7 " * (1 << 19)
    assert parse_suite(block(long, "1"), STDIO).cases[0].given == f"{long}\n"
    suite = parse_suite(f"{block('x' * ((1 << 24) + 1), '1')}{block('3', '6')}", STDIO)
    assert suite.refused == ("too_long: line 2",)
    assert suite.cases == (SIX,)


@pytest.mark.parametrize(
    ("given_", "expected", "fine"),
    [
        ("1, [2, 3], key='x'", "{'a': (1, 2)}", True),
        ("", "-1", True),
        ("__import__('os')", "1", False),
        ("*[1]", "1", False),
        ("1", "print(1)", False),
        ("1), f(2", "1", False),
        ("(" * 10_000, "1", False),
    ],
)
def test_calls_take_and_give_literals_alone(given_, expected, fine):
    suite = parse_suite(block(given_, expected), CALL)
    assert bool(suite.cases) is fine
    assert bool(suite.refused) is not fine


def test_a_case_that_the_instruction_shows_is_marked():
    known = InstructionExample("t", "", "", "", (Case("stdio", "3", "6", shown=True),), "train")
    suite = parse_suite(GOOD + block("4", "8"), known)
    assert [case.shown for case in suite.cases] == [True, False]


def test_lines_are_read_and_odd_ones_refused():
    suite = parse_suite("1 => 2\nhm\n2 => 4\n3 => 6", CALL, form="lines", ended=False)
    assert [case.given for case in suite.cases] == ["1", "2"]
    assert suite.refused == ("not_a_case: line 2", "cut_off: line 4")


LINE = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\n\r�"))
TEXT = st.lists(LINE.filter(lambda line: "put" not in line.lower()), max_size=4).map(
    lambda lines: "".join(f"{line}\n" for line in lines)
)


@given(st.lists(st.tuples(TEXT, TEXT), max_size=4))
@example_of([("```\n\n", "~~~\n")])
def test_what_is_written_is_read_back_to_the_character(pairs):
    cases = [Case("stdio", given_, expected.rstrip() and expected) for given_, expected in pairs]
    read = parse_suite(write_suite(cases), STDIO)
    assert read.refused == ()
    assert [case.given for case in read.cases] == [case.given for case in cases]
    assert [case.expected.rstrip() for case in read.cases] == [c.expected.rstrip() for c in cases]


@given(st.text())
def test_no_answer_makes_reading_raise(text):
    for form in ("blocks", "lines"):
        parse_suite(text, STDIO, form=form)
        parse_suite(text, CALL, form=form, ended=False)
    parse_solution(completion(text), CALL)


# ------------------------------------------------------------------------------ programs


@pytest.mark.parametrize(
    ("text", "finish", "problem"),
    [
        ("```python\ndef f(n):\n    return n\n```", "stop", ""),
        ("```python\nf = lambda n: n\n```", "stop", ""),
        ("Sorry, I can not do that.", "stop", "syntax"),
        ("```python\ndef f(n):\n    return (n", "length", "cut_off"),
        ("", "stop", "no_code"),
        ("```python\ndef g(n):\n    return n\n```", "stop", "no_entry_point"),
        ("x = 1\n" * (1 << 18), "stop", "too_long"),
    ],
)
def test_what_is_no_program_is_told_and_never_run(text, finish, problem):
    solution, found = parse_solution(completion(text, finish=finish), CALL)
    assert found == problem
    assert bool(solution.text) is not bool(problem)


# ------------------------------------------------------------------------------- prompts


@pytest.mark.parametrize("role", ["tests", "solutions"])
def test_no_prompt_shows_the_reference_or_a_hidden_case(role):
    secret = InstructionExample(
        "t", "Double it.", "f", "SECRET", (Case("call", "HIDDEN", "HIDDEN"),), "train"
    )
    for name in role_names(role):
        prompt = ask(
            secret, load_role(role, name), tests=12, suffix=" /no_think", budget=9999, count=len
        )
        assert "Double it." in prompt.text
        assert "SECRET" not in prompt.text
        assert "HIDDEN" not in prompt.text
        assert prompt.text.endswith(" /no_think")


def test_a_prompt_that_does_not_fit_is_an_error_that_names_the_task():
    with pytest.raises(DataError, match="t: its prompt takes"):
        ask(STDIO, load_role("tests", "default"), tests=12, suffix="", budget=5, count=len)


def test_an_unknown_template_is_named_with_those_that_there_are():
    with pytest.raises(ConfigError, match="default, lines"):
        load_role("solutions", "nonesuch")
