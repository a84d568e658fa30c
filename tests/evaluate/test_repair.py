import pytest

from covet.evaluate.repair import repair
from covet.languages.python import PYTHON
from covet.prompt import parse
from covet.records import Completion, Segment

TEST = "def test_high():\n    assert clamp(20, 1, 9) == 9\n"
IMPORTS = "from shop.price import clamp\n\n\n"


@pytest.fixture
def mended(examples):
    def mend(text, *, answer="file", finish="stop"):
        completion = Completion((Segment("policy", text),), finish, "someone", 0)
        candidate = parse(completion, examples[0], answer=answer, language=PYTHON)
        return repair(completion, candidate, examples[0], answer=answer, language=PYTHON)

    return mend


def test_what_can_be_read_as_it_is_stays_as_it_is(mended):
    found = mended(f"Here it is:\n\n```python\n{IMPORTS}{TEST}```\n")
    assert found.rules == ()
    assert found.candidate.written == IMPORTS + TEST


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        (f"Sure! ```python\n{IMPORTS}{TEST}```\nHope it helps.", ("fences",)),
        (
            f"```python\n{IMPORTS}{TEST}```\nThen:\n```sh\npytest\n```\n```py\nx = 1\n```",
            ("fences",),
        ),
        (f"```python\n{IMPORTS}{TEST}``` Hope it helps.", ("fences", "prose")),
        ("    " + (IMPORTS + TEST).replace("\n", "\n    "), ("indentation",)),
        (f"Here is a test:\n\n{IMPORTS}{TEST}", ("prose",)),
        (f"Here is a test:\n\n{IMPORTS}{TEST}\nI hope that it helps!\n", ("prose",)),
        (TEST, ("imports",)),
        (f"Here:\n{TEST}", ("prose", "imports")),
    ],
)
def test_a_form_that_is_wrong_is_mended_by_the_rules_that_are_named(mended, text, rules):
    found = mended(text)
    assert found.rules == rules
    assert found.candidate.problem == ""
    assert "from shop.price import clamp" in found.candidate.source
    assert "assert clamp(20, 1, 9) == 9" in found.candidate.source


def test_of_an_answer_that_was_cut_off_what_is_whole_is_kept(mended):
    found = mended(f"{IMPORTS}{TEST}\n\ndef test_low():\n    assert clamp(0, 1,", finish="length")
    assert found.rules == ("cut_off",)
    assert found.candidate.written == IMPORTS + TEST


def test_imports_come_behind_a_docstring_and_those_of_the_future(mended):
    found = mended(f'"""Of clamp."""\n\nfrom __future__ import annotations\n\n{TEST}')
    assert found.rules == ("imports",)
    compile(found.candidate.source, "test_file", "exec")


def test_a_name_that_the_module_does_not_have_is_not_made_up(mended):
    found = mended("def test_other():\n    assert squeeze(20) == 9\n")
    assert found.rules == ()


def test_a_name_that_the_test_file_binds_needs_no_import(mended):
    assert mended(TEST, answer="append").rules == ()


@pytest.mark.parametrize(
    "text", ["", "I cannot do that.", "```python\n```", "def", "\ud800", "(" * 5000, "a\0b", "'''"]
)
def test_what_holds_no_test_is_left_alone(mended, text):
    found = mended(text)
    assert found.rules == ()
    assert found.candidate.problem in ("no_tests", "syntax")
