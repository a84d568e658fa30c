"""Tests are moved into files in the files' own manner."""

import ast

import pytest

from covet.languages.base import Addition
from covet.languages.python import PYTHON

HOST = '''"""Prices."""
import os

import pytest

from shop.prices import clamp


@pytest.fixture
def basket():
    return 1


def test_clamp_low():
    assert clamp(0, 1, 9) == 1


def test_other(basket):
    assert basket  # é


if __name__ == "__main__":
    pytest.main()
'''
CLASSES = """from shop.prices import (
    clamp,
)


class TestClamp:
    LOW = 1

    def test_low(self):
        assert clamp(0, self.LOW, 9) == 1

    def test_high(self):
        assert clamp(10, self.LOW, 9) == 9


def test_end():
    pass
"""
GUEST = '''import json, math
import pytest
from shop.prices import clamp, total
from unittest.mock import patch

LIMIT = [1, 2]
UNUSED = 3


@pytest.fixture
def basket():
    return [3]


@pytest.fixture(autouse=True)
def everywhere():
    os.environ["X"] = "1"


def helper(x):
    return x + math.pi


@pytest.mark.parametrize("a", LIMIT)
def test_clamp_low(a, basket):
    """Two
  lines.
    """
    assert clamp(a, 1, 9) == helper(basket[0])


@pytest.mark.usefixtures("basket")
def test_by_name():
    assert clamp(3, 1, 9) == 3


class TestTotal:
    def test_total(self):
        assert total([1]) == 1

    def test_other(self):
        assert total([]) == 0


class TestState:
    def setup_method(self):
        self.prices = [1]

    def test_sum(self):
        assert total(self.prices) == 1

    def test_left_out(self):
        assert False
'''


def merged(file, *names, beside=(), source=GUEST, subject="clamp", in_classes=False):
    return PYTHON.merge_tests(
        file,
        [Addition(source, names)],
        beside=beside,
        subject=subject,
        in_classes=in_classes,
    )


def names_in(text):
    return [test.qualname for test in PYTHON.tests(text, path="test_it.py")]


def test_what_was_there_keeps_every_byte() -> None:
    found = merged(HOST, "test_clamp_low", "TestState.test_sum", beside=["test_clamp_low"])
    kept = iter(found.text.splitlines())

    assert all(
        line in kept for line in HOST.replace("import clamp", "import clamp, total").splitlines()
    )


def test_a_test_comes_behind_those_of_its_function_and_before_the_main_block() -> None:
    beside = merged(HOST, "TestTotal.test_total", beside=["test_clamp_low"]).text
    end = merged(HOST, "TestTotal.test_total").text

    assert names_in(beside) == ["test_clamp_low", "test_total", "test_other"]
    assert names_in(end) == ["test_clamp_low", "test_other", "test_total"]
    assert end.index("def test_total") < end.index("__main__")


def test_it_brings_what_it_needs_and_nothing_else() -> None:
    text = merged("", "test_clamp_low").text

    assert text.startswith("import math\n\nimport pytest\n\nfrom shop.prices import clamp\n")
    assert "helper" in text
    assert "LIMIT" in text
    assert not any(name in text for name in ("json", "patch", "UNUSED", "total", "everywhere"))


def test_what_the_file_has_is_not_brought_again() -> None:
    text = merged(HOST, "test_by_name", source=HOST.replace("test_other(", "test_by_name(")).text

    assert text.count("import pytest") == 1
    assert text.count("def basket") == 1


def test_clashing_names_become_others_wherever_they_are_used() -> None:
    found = merged(HOST, "test_clamp_low", "test_by_name", beside=["test_clamp_low"])

    assert found.names == (("test_clamp_low_2", "test_by_name"),)
    assert "def test_clamp_low_2(a, basket_2):" in found.text
    assert "helper(basket_2[0])" in found.text
    assert '@pytest.mark.usefixtures("basket_2")' in found.text


def test_an_import_of_another_thing_by_the_same_name_gets_another() -> None:
    source = "from other import clamp\n\n\ndef test_it():\n    assert clamp(1) == 1\n"
    text = merged(HOST, "test_it", source=source).text

    assert "from other import clamp as clamp_2\n" in text
    assert "assert clamp_2(1) == 1" in text


def test_functions_become_methods_where_those_beside_them_are() -> None:
    found = merged(CLASSES, "test_clamp_low", beside=["TestClamp.test_low"])

    assert found.names == (("TestClamp.test_clamp_low",),)
    assert "    def test_clamp_low(self, a, basket):\n" in found.text
    assert "  lines.\n    " in found.text, "a string keeps its margin"
    assert names_in(found.text)[:3] == [
        "TestClamp.test_low", "TestClamp.test_clamp_low", "TestClamp.test_high",
    ]  # fmt: skip
    assert found.text.index("LIMIT = ") < found.text.index("class TestClamp")


def test_methods_that_need_no_object_become_functions() -> None:
    text = merged(HOST, "TestTotal.test_total").text

    assert "\ndef test_total():\n    assert total([1]) == 1\n" in text


def test_a_class_with_state_comes_whole_but_for_tests_that_were_not_chosen() -> None:
    found = merged(HOST, "TestState.test_sum")

    assert found.names == (("TestState.test_sum",),)
    assert "setup_method" in found.text
    assert "test_left_out" not in found.text


def test_a_unittest_class_takes_no_test_that_asks_for_fixtures() -> None:
    host = (
        "import unittest\n\n\nclass It(unittest.TestCase):\n    def test_a(self):\n        pass\n"
    )
    found = merged(host, "test_clamp_low", "TestTotal.test_total", beside=["It.test_a"])

    assert found.names == (("test_clamp_low", "It.test_total"),)


def test_a_codebase_of_classes_gets_a_class() -> None:
    found = merged(
        "", "test_clamp_low", "TestTotal.test_total", subject="Basket.add", in_classes=True
    )

    assert found.names == (("TestBasketAdd.test_clamp_low", "TestBasketAdd.test_total"),)


def test_imports_are_added_to_the_statement_of_their_module() -> None:
    text = merged(CLASSES, "TestTotal.test_total").text

    assert text.startswith("from shop.prices import (\n    clamp,\n    total,\n)\n")


def test_a_star_or_a_comment_in_an_import_is_left_alone() -> None:
    host = "from shop.prices import clamp  # noqa\n\n\ndef test_a():\n    pass\n"
    text = merged(host, "TestTotal.test_total").text

    assert "from shop.prices import clamp  # noqa\n" in text
    assert "from shop.prices import total\n" in text


def test_a_test_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        merged(HOST, "test_nowhere")


def test_additions_come_one_after_another_in_their_order() -> None:
    added = [Addition(GUEST, ("test_by_name",)), Addition(GUEST, ("TestTotal.test_total",))]
    found = PYTHON.merge_tests(HOST, added, beside=["test_clamp_low"], subject="", in_classes=False)

    assert found.names == (("test_by_name",), ("test_total",))
    assert names_in(found.text) == ["test_clamp_low", "test_by_name", "test_total", "test_other"]
    assert found.text.count("def basket_2") == 1
    ast.parse(found.text)


# ------------------------------------------------------------------------- steps, expectations


STEPS = '''def test_a():
    """Says what."""
    x = 1
    # about y
    y = 2

    with open(x) as file:
        a = 1
        b = 2
    z = 3; w = 4
    assert x == 1
'''


def test_steps_are_statements_that_stand_on_lines_of_their_own() -> None:
    lines = [(span.first_line, span.last_line) for span in PYTHON.steps(STEPS, "test_a")]

    assert lines == [(3, 3), (5, 5), (7, 9), (8, 8), (9, 9), (11, 11)]


def test_a_step_goes_with_the_comment_above_it() -> None:
    gone = PYTHON.steps(STEPS, "test_a")[1]
    text = PYTHON.without_steps(STEPS, [gone])

    assert "about y" not in text
    assert "y = 2" not in text
    assert "    x = 1\n\n    with" in text


EXPECTED = """import pytest
from shop import f


def test_a():
    result = f(2)
    other = [1]
    other = [2]
    assert result == 4
    assert 5 == f(3)
    assert f(other) == 1
    assert not f(0)
    with pytest.raises(ValueError):
        f(-1)
"""


@pytest.mark.parametrize(
    "test",
    [
        "def test_a(monkeypatch):\n    assert f(2) == 4\n",
        "@patch('shop.g')\ndef test_a():\n    assert f(2) == 4\n",
        "def test_a():\n    with patch('shop.g'):\n        assert f(2) == 4\n",
        "def test_a():\n    here = 2\n    here = 3\n    assert f(here) == 4\n",
        "def test_a():\n    assert helper(f(2)) == 4\n",
    ],
)
def test_what_means_something_else_in_another_file_is_no_expectation(test) -> None:
    head = "from unittest.mock import patch\nfrom shop import f\n\n\ndef helper(x): return x\n\n\n"

    assert PYTHON.expectations(head + test, "test_a") == ()


def test_expectations_are_equal_whatever_the_names_are() -> None:
    found = [(one.line, one.asked, one.expected) for one in PYTHON.expectations(EXPECTED, "test_a")]

    assert found == [
        (9, "f(2)", "4"),
        (10, "f(3)", "5"),
        (12, "f(0)", "False"),
        (13, "f(-1)", "raises ValueError"),
    ]


def test_names_that_double_each_other_are_no_expectation_and_take_no_time() -> None:
    doubled = "".join(f"    a{n + 1} = (a{n}, a{n})\n" for n in range(200))
    test = f"def test_a():\n    a0 = f(1)\n{doubled}    assert a200 == 1\n    assert f(2) == 4\n"

    found = PYTHON.expectations(f"from shop import f\n\n\n{test}", "test_a")

    assert [(one.asked, one.expected) for one in found] == [("f(2)", "4")]


@pytest.mark.parametrize("odd", ["f(1)" + ".a" * 900, "0x" + "f" * 8000])
def test_what_is_too_deep_or_too_long_to_be_written_out_is_no_expectation(odd) -> None:
    test = f"def test_a():\n    x = f(1)\n    assert x == {odd}\n"

    assert PYTHON.expectations(f"from shop import f\n\n\n{test}", "test_a") == ()
