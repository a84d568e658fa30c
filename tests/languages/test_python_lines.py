import textwrap
import threading
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covet.languages.python.lines import compiled, executable_lines, parse, split_lines
from covet.languages.python.mutants import mutants
from covet.records import Span


def lines(source: str, first: int, last: int) -> list[int]:
    return sorted(executable_lines(textwrap.dedent(source).lstrip("\n"), Span(first, last)))


@given(st.text(alphabet="a é\r\n\x0c\u2028'"))
def test_split_lines_lose_no_character(source: str) -> None:
    assert "".join(split_lines(source)) == source


def test_a_line_ends_where_python_says_and_not_at_other_separators() -> None:
    assert split_lines("a\x0c\u2028b\r\nc\rd\n") == ["a\x0c\u2028b\r\n", "c\r", "d\n"]


def test_decorators_header_and_docstring_of_a_function_do_not_count() -> None:
    source = '''
        import functools

        @functools.cache
        def f(
            a,
            b=2,
        ):
            """One

            two."""

            # a comment
            c = a
            return c
        '''
    assert lines(source, 3, 14) == [13, 14]


def test_functions_inside_the_function_count_with_their_headers() -> None:
    source = """
        def f(a):
            def g(b):
                return b
            return [
                g(c)
                for c in a
            ]
        """
    assert lines(source, 1, 7) == [2, 3, 4]


def test_a_segment_of_a_class_counts_every_line_that_runs() -> None:
    source = '''
        class A:
            """Doc."""

            x = 1

            def f(self):
                return 1
        '''
    assert lines(source, 1, 7) == [1, 4, 6, 7]
    assert lines(source, 4, 6) == [4, 6]


def test_lines_that_the_compiler_drops_do_not_count() -> None:
    source = """
        def f():
            if 0:
                a = 1
            return 2
            b = 3
        """
    assert 3 not in lines(source, 1, 5)
    assert 5 not in lines(source, 1, 5)


@pytest.mark.parametrize(
    "source",
    ["def f(:", "a = '\x00'", "a = '\ud800'", "(" * 1000 + ")" * 1000, "-" * 100_000 + "1"],
    ids=["syntax", "null byte", "surrogate", "parentheses", "depth"],
)
def test_whatever_the_compiler_refuses_is_a_syntax_error(source: str) -> None:
    for ask in (compiled, parse, lambda text: mutants(text, Span(1, 1), limit=1)):
        with pytest.raises(SyntaxError):
            ask(source)


def test_dubious_text_parses_without_a_warning_in_any_thread() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        threads = [
            threading.Thread(target=lambda: [compiled("'\\d' is 1") for _ in range(20)])
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        parse("'\\d'")
    assert caught == []


def test_a_statement_over_several_lines_counts_by_its_first_as_when_it_is_traced() -> None:
    source = """
    def f(
        a,
        b=(
            1
        ),
    ):
        if (
            a
            and b
        ):
            return [
                a,
                b,
            ]
        return None
    """
    assert lines(source, 1, 15) == [7, 11, 15]
