import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covet.languages.python import PYTHON
from covet.prompt import parse
from covet.prompt.parse import code_in
from covet.records import Candidate, Completion, FunctionExample, Segment

NEW = "def test_new():\n    assert second(3) == 3\n"


def parsed(example: FunctionExample, text: str, *, answer: str = "append") -> Candidate:
    completion = Completion((Segment("policy", text),), "stop", "someone", 0)
    return parse(completion, example, answer=answer, language=PYTHON)


def test_a_raw_answer_is_code_as_a_whole(make_example):
    candidate = parsed(make_example(), "# return n\n" + NEW)
    assert candidate.written == "# return n\n" + NEW
    assert candidate.problem == ""


def test_the_candidate_keeps_imports_and_fixtures_and_drops_the_existing_tests(make_example):
    candidate = parsed(make_example(), NEW)
    tests = PYTHON.tests(candidate.source, path=candidate.path)
    assert [test.qualname for test in tests] == ["test_new"]
    assert candidate.source.startswith("import pytest\n\nfrom trips import Trip, first, second\n")
    assert "def trip():" in candidate.source
    assert candidate.path == "tests/test_trips.py"
    ast.parse(candidate.source)


@pytest.mark.parametrize(
    ("qualname", "name"), [("second", "second"), ("Trip.hours", "Trip"), ("Trip.__init__", "Trip")]
)
def test_a_first_test_file_begins_with_an_import_of_the_focal_function(
    make_example, qualname: str, name: str
):
    candidate = parsed(make_example(qualname, test_file="", tests=()), NEW)
    assert candidate.source == f"import pytest\n\nfrom trips import {name}\n\n\n{NEW}"


def test_a_file_answer_stands_alone(make_example):
    candidate = parsed(make_example(), f"```python\n{NEW}```", answer="file")
    assert (candidate.source, candidate.written) == (NEW, NEW)


def test_a_broken_existing_test_file_gives_way_to_an_import(make_example):
    example = make_example(test_file="", tests=())
    broken = FunctionExample(
        **{name: getattr(example, name) for name in example.__slots__} | {"test_file": "def (:\n"}
    )
    assert parsed(broken, NEW).source.startswith("import pytest\n\nfrom trips import second\n")


@pytest.mark.parametrize(
    "answer",
    [
        f"Here they are:\n\n```python\n{NEW}```\n\nThey pass.",
        f"```py\nassert False\n```\nBetter:\n```Python\n{NEW}```",
        f"```python title=a.py\n{NEW}```",
        f"```\n{NEW}```",
        f"~~~python\n{NEW}~~~",
        f"````python\n{NEW}````",
        f"```python\n{NEW}",
        f"```python\n{NEW}```\nRun them:\n```bash\npytest\n```",
        "1. so:\n   ```python\n   def test_new():\n       assert second(3) == 3\n   ```\n",
        f"<think>\n```python\nassert 1\n```\n</think>\n```python\n{NEW}```",
        f"It is easy.\n</think>\n```python\n{NEW}```",
        f"<think>a</think>{NEW}<think>and now",
        f"```python\r\n{NEW}```".replace("\n", "\r\n").replace("\r\r", "\r"),
        f"\n\n{NEW}\n\n",
    ],
)
def test_the_code_is_found_in_an_answer(answer: str):
    assert code_in(answer) == NEW


@pytest.mark.parametrize("answer", ["", "  \n", "<think>hm", "```python\n```", "# nothing\n"])
def test_an_answer_without_a_test_says_so(make_example, answer: str):
    assert parsed(make_example(), answer).problem == "no_tests"


def test_existing_tests_do_not_count_as_written(make_example):
    assert parsed(make_example(), "x = second(3)\n").problem == "no_tests"


def test_a_class_of_the_test_file_makes_tests_of_its_subclass(make_example):
    base = "import unittest\n\n\nclass Base(unittest.TestCase):\n    limit = 18\n"
    text = (
        "class TripMore(Base):\n    def test_it(self):\n        assert second(20) == self.limit\n"
    )
    assert parsed(make_example(test_file=base, tests=()), text).problem == ""
    assert parsed(make_example(), text).problem == "no_tests"


def test_a_helper_is_no_test(make_example):
    assert parsed(make_example(), "class Helper:\n    def test_it(self): pass\n").problem == (
        "no_tests"
    )


def test_a_method_of_a_test_class_is_a_test(make_example):
    text = "class TestNew:\n    def test_it(self):\n        assert second(3) == 3\n"
    assert parsed(make_example(), text).problem == ""


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        ("def test_new():\n    assert second(3 ==\n", "line 2: "),
        ("I would rather not.", "line 1: "),
        ("def test_a():\n\tx = 1\n        y = 2\n", "line 3: "),
        ("```text\nno code\n```", "line 1: "),
    ],
)
def test_what_cannot_be_parsed_says_where(make_example, answer: str, detail: str):
    candidate = parsed(make_example(), answer)
    assert candidate.problem == "syntax"
    assert candidate.detail.startswith(detail)


@pytest.mark.parametrize(
    "answer",
    [
        "x = '\0'",
        "\ud800",
        "def test_a(): return " + "(" * 5000,
        "def test_a(): return " + "-" * 20_000 + "1",
        "def test_a(): return " + "x." * 20_000 + "y",
        "def test_a(): return '\\d' is 1",
        "def test_a(): return " + "9" * 10_000,
        "\ufeffdef test_a(): pass",
        "`" * 50_000,
        "<think>" * 20_000,
        "\x0c\x1c\u2028",
    ],
)
def test_an_answer_that_upsets_the_compiler_is_a_candidate(make_example, answer: str):
    candidate = parsed(make_example(), answer)
    assert candidate.source.encode()


PIECES = st.sampled_from(
    ["```", "```python\n", "```\n", "~~~", "<think>", "</think>", "\n", "    ", "def test_a():",
     " pass", "class TestA:\n", "\t", "\0", "\x0c", "'", '"""', "\\", "(", "é", "\ud83d"]
)  # fmt: skip


@given(text=st.one_of(st.text(), st.lists(PIECES | st.text(max_size=3)).map("".join)))
def test_nothing_that_a_policy_writes_raises(make_example, text: str):
    example = make_example()
    for answer in ("append", "file"):
        candidate = parsed(example, text, answer=answer)
        assert candidate.source.encode().decode() == candidate.source
        if not candidate.problem:
            assert PYTHON.tests(candidate.written, path=candidate.path)
            ast.parse(candidate.source)
