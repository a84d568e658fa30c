import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covet.mine.similar import Corpus, words
from covet.records import Function, Span, TestCase


def case(name: str, body: str, *, path: str = "tests/test_a.py", line: int = 1) -> TestCase:
    lines = body.count("\n")
    return TestCase(path, name, Span(line, line + lines), f"def {name}():\n    {body}\n")


def function(name: str, body: str = "return 1", *, path: str = "shop/prices.py") -> Function:
    module = path.removesuffix(".py").replace("/", ".")
    return Function(path, module, name, Span(1, 2), f"def {name}(x):\n    {body}\n")


PRICE = case("test_price", "assert price_of('tea', taxed=True) == 3")
STOCK = case("test_stock", "assert count_stock(['tea']).total == 1", line=9)
PARSE = case("test_parse", "with raises(ValueError): parse_order('x')", path="tests/test_b.py")


def names(tests: tuple[TestCase, ...]) -> list[str]:
    return [test.qualname for test in tests]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("snake_case", "snake_case snake case"),
        ("CamelCase", "camelcase camel case"),
        ("readJSON2", "readjson2 read json 2"),
        ("HTTPServer", "httpserver http server"),
        ("_private", "_private"),
        ("__init__", "__init__"),
        ("x = 10.5", "x 10 5"),
        ("größe_2", "größe_2 größe 2"),
        ("-- //", ""),
    ],
)
def test_identifiers_are_split_into_their_words(text: str, expected: str):
    assert words(text) == expected.split()


def test_the_test_that_shares_the_name_comes_first():
    like = Corpus([STOCK, PARSE, PRICE]).like(function("price_of"), without=(), most=3)
    assert names(like)[0] == "test_price"


def test_a_test_of_the_same_words_in_another_spelling_is_found():
    other = case("test_order", "assert OrderParser().run('x')", line=5)
    like = Corpus([STOCK, other]).like(function("parse_order"), without=(), most=1)
    assert names(like) == ["test_order"]


def test_the_name_counts_more_than_the_body():
    body = case("test_body", "assert unrelated(tea, total, count)", line=20)
    named = case("test_named", "assert brew(1)", line=30)
    like = Corpus([body, named]).like(
        function("brew", "return tea + total + count"), without=(), most=2
    )
    assert names(like) == ["test_named", "test_body"]


def test_what_is_left_out_is_told_by_path_and_lines_not_by_its_links():
    linked = TestCase(PRICE.path, PRICE.qualname, PRICE.span, PRICE.source, ("direct",))
    like = Corpus([PRICE, STOCK]).like(function("price_of"), without=[linked], most=3)
    assert "test_price" not in names(like)


def test_a_copy_of_what_is_left_out_with_another_constant_is_not_offered():
    source = "assert price_of('tea', taxed=True, count=1, of=shop) == 3\n    assert not error"
    held = case("test_price", source)
    copy = case("test_price_too", source.replace("3", "4"), path="tests/test_c.py")
    assert Corpus([held, copy]).like(function("price_of"), without=[held], most=3) == ()


def test_a_test_that_holds_all_of_what_is_left_out_is_not_offered():
    held = case("test_price", "assert price_of('tea', taxed=True) == 3")
    more = "\n    ".join(["assert price_of('tea', taxed=True) == 3", *["stock.refill()"] * 9])
    longer = case("test_price", more, path="tests/test_c.py")
    assert Corpus([held, longer]).like(function("price_of"), without=[held], most=3) == ()


def test_copies_of_each_other_are_offered_once_the_first_by_path_and_line():
    copies = [
        case("test_price", "assert price_of('tea') == 3", path=path, line=line)
        for path, line in [("tests/test_b.py", 1), ("tests/test_a.py", 7), ("tests/test_a.py", 3)]
    ]
    like = Corpus(copies).like(function("price_of"), without=(), most=3)
    assert [(test.path, test.span.first_line) for test in like] == [("tests/test_a.py", 3)]


def test_a_test_that_shares_no_word_is_not_offered():
    far = TestCase("t.py", "check", Span(1, 1), "assert zebra")
    assert Corpus([far]).like(function("price_of", "return tea"), without=(), most=3) == ()


@pytest.mark.parametrize("tests", [[], [TestCase("t", "-", Span(1, 1), "")]])
def test_a_corpus_without_words_offers_nothing_or_no_error(tests: list[TestCase]):
    assert len(Corpus(tests).like(function("f"), without=(), most=3)) <= len(tests)


def test_a_test_that_is_left_out_need_not_be_in_the_corpus():
    assert names(Corpus([PRICE]).like(function("price_of"), without=[STOCK], most=0)) == []
    assert names(Corpus([PRICE]).like(function("price_of"), without=[STOCK], most=1)) == [
        "test_price"
    ]


_BODIES = st.lists(
    st.lists(
        st.sampled_from(["tea", "price", "stock", "order", "total", "x1", "readJSON"]), min_size=1
    ),
    min_size=1,
    max_size=8,
)


@given(_BODIES, st.integers(0, 4), st.randoms())
def test_the_order_in_which_tests_come_changes_nothing(
    bodies: list[list[str]], most: int, random: object
):
    tests = [case(f"test_{at}", " + ".join(body), line=9 * at) for at, body in enumerate(bodies)]
    shuffled = list(tests)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    focal = function("price_of", "return tea * order")
    like = Corpus(tests).like(focal, without=tests[:1], most=most)
    assert like == Corpus(shuffled).like(focal, without=tests[:1], most=most)
    assert len(like) <= most
    assert tests[0] not in like


def test_another_hash_seed_changes_nothing():
    program = (
        "from covet.mine.similar import Corpus\n"
        "from covet.records import Function, Span, TestCase\n"
        "tests = [TestCase('t.py', f'test_{n}', Span(n, n), f'tea x{n % 7} stock y{n % 5}')"
        " for n in range(1, 60)]\n"
        "f = Function('a.py', 'a', 'tea_stock', Span(1, 1), 'x1 y2 x3 y4')\n"
        "print([t.qualname for t in Corpus(tests).like(f, without=(), most=20)])"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
