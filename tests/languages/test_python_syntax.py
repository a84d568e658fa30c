import textwrap

import pytest

from covet.languages.python import PYTHON
from covet.records import Span


def dedent(source: str) -> str:
    return textwrap.dedent(source).lstrip("\n")


def names(source: str) -> list[str]:
    found = PYTHON.functions(dedent(source), path="a.py", module="a")
    return [function.qualname for function in found]


def names_of_tests(source: str) -> list[str]:
    return [test.qualname for test in PYTHON.tests(dedent(source), path="test_a.py")]


def without(source: str, *qualnames: str) -> str:
    source = dedent(source)
    found = PYTHON.tests(source, path="test_a.py")
    return PYTHON.remove_tests(source, [test for test in found if test.qualname in qualnames])


@pytest.mark.parametrize(
    ("path", "is_source", "is_test"),
    [
        ("a/b.py", True, False),
        ("a/__init__.py", True, False),
        ("a/test_b.py", False, True),
        ("a/b_test.py", False, True),
        ("a/conftest.py", False, False),
        ("a/test_b.txt", False, False),
        ("tests/helper.py", True, False),
    ],
)
def test_a_file_is_known_by_its_name(path: str, is_source: bool, is_test: bool) -> None:
    assert (PYTHON.is_source(path), PYTHON.is_test(path)) == (is_source, is_test)


# ------------------------------------------------------------------------------ functions


def test_methods_and_conditional_definitions_count_and_inner_functions_do_not() -> None:
    source = """
        def a():
            def inner():
                return 1
            return inner

        class B:
            async def c(self):
                return 1

            class D:
                def e(self):
                    return 1

        try:
            import x
        except ImportError:
            def f():
                return 1
        """
    assert names(source) == ["a", "B.c", "B.D.e", "f"]


def test_stubs_and_overloads_are_no_functions() -> None:
    source = '''
        import typing

        def a(): ...

        def b():
            """Doc."""
            raise NotImplementedError("later")

        def c():
            pass

        @typing.overload
        def d(x: int) -> int:
            return 1

        def d(x):
            return x
        '''
    assert names(source) == ["d"]


def test_a_span_begins_at_the_first_decorator_and_ends_with_the_body() -> None:
    source = dedent("""
        @one
        @two(
            3
        )
        def f():
            return (
                1
            )
        # after
        """)
    (function,) = PYTHON.functions(source, path="a.py", module="a")
    assert function.span == Span(1, 8)
    assert function.source == source.removesuffix("# after\n")


def test_names_are_unique_though_a_property_and_its_setter_share_one() -> None:
    source = """
        class A:
            @property
            def x(self):
                return 1

            @x.setter
            def x(self, value):
                self.y = value

        def f():
            return 1

        def f():
            return 2
        """
    assert names(source) == ["A.x", "A.x.setter", "f"]
    found = PYTHON.functions(dedent(source), path="a.py", module="a")
    assert "return 2" in found[-1].source


def test_source_of_a_last_line_without_newline_ends_in_one() -> None:
    (function,) = PYTHON.functions("def f():\n    return 1", path="a.py", module="a")
    assert function.source == "def f():\n    return 1\n"


# ---------------------------------------------------------------------------------- tests


def test_what_pytest_collects_is_a_test() -> None:
    source = """
        import unittest
        import pytest

        def test_a(): pass

        async def test_b(): pass

        @pytest.fixture
        def test_data(): pass

        def helper(): pass

        class TestC:
            def test_d(self): pass
            def helper(self): pass

            class TestE:
                def test_f(self): pass

        class TestMade:
            def __init__(self): pass
            def test_g(self): pass

        class Cases(unittest.TestCase):
            def test_h(self): pass

        class MoreCases(Cases):
            def test_i(self): pass

        class Other:
            def test_j(self): pass

        if True:
            def test_k(): pass
        """
    expected = ["test_a", "test_b", "TestC.test_d", "TestC.TestE.test_f", "Cases.test_h"]
    assert names_of_tests(source) == [*expected, "MoreCases.test_i", "test_k"]


def test_a_test_goes_with_its_decorators_and_every_other_byte_stays() -> None:
    before = "# -*- größe -*-\r\nimport x\r\n\r\n\tdata = 1\n".replace("\tdata", "data")
    test = "@x.mark\r\n@x.more(\r\n  1)\r\ndef test_a():\r\n    assert 1  # é\r\n"
    after = "\x0c\n\n# end\n\n\ndef test_b(): assert 2"
    source = before + test + after
    first, second = PYTHON.tests(source, path="test_a.py")
    assert PYTHON.remove_tests(source, [first]) == before + after
    assert PYTHON.remove_tests(source, [second]) == before + test + "\x0c\n\n# end\n\n\n"


def test_a_class_without_tests_left_goes_with_its_docstring() -> None:
    source = '''
        a = 1
        @mark
        class TestA:
            """Doc."""

            def test_b(self): pass

            # about c
            def test_c(self): pass
        b = 2
        '''
    assert without(source, "TestA.test_b", "TestA.test_c") == "a = 1\nb = 2\n"
    assert "class TestA" in without(source, "TestA.test_b")


def test_a_class_that_holds_something_else_stays() -> None:
    source = """
        class TestA:
            x = 1
            def test_b(self): pass
        """
    assert without(source, "TestA.test_b") == "class TestA:\n    x = 1\n"


def test_a_branch_that_held_only_a_test_still_parses() -> None:
    source = """
        if True:
            def test_a():
                pass
        else:
            x = 1
        """
    assert without(source, "test_a") == "if True:\n    pass\nelse:\n    x = 1\n"


def test_inserted_code_stands_two_blank_lines_below_and_ends_in_one_newline() -> None:
    assert PYTHON.insert_tests("a = 1\n\n", "\ndef t():\n    '\x0c'\n\n") == (
        "a = 1\n\n\ndef t():\n    '\x0c'\n"
    )


def test_inserted_code_takes_the_line_ends_of_its_file() -> None:
    assert PYTHON.insert_tests("a = 1\r\n", "b = 2\nc = 3") == (
        "a = 1\r\n\r\n\r\nb = 2\r\nc = 3\r\n"
    )


def test_imports_are_those_of_statements_that_run_with_the_module() -> None:
    source = """
import os, json.decoder as j
from . import near
from shop.cart import total
try:
    import numpy as np
except ImportError:
    from array import array
if os.name == "nt":
    import winreg
with open("x") as file:
    import late


def test():
    import never


class Test:
    import neither
"""
    assert PYTHON.imports(source) == (
        "os",
        "json.decoder",
        "shop.cart",
        "numpy",
        "array",
        "winreg",
        "late",
    )
    assert PYTHON.imports("def (") == ()


def test_what_is_read_before_tests_lies_in_the_folders_above_them() -> None:
    assert PYTHON.read_before("tests/cart/test_total.py") == (
        "conftest.py",
        "tests/conftest.py",
        "tests/cart/conftest.py",
    )
    assert PYTHON.read_before("test_total.py") == ("conftest.py",)
