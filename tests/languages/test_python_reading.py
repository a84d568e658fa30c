"""What the text of a test file is read to ask, and how it avoids asking."""

from operator import attrgetter
from textwrap import dedent, indent

import pytest

from covet.languages.python import PYTHON
from covet.languages.python.copies import Original
from covet.languages.python.effects import parameters
from covet.records import Function, Reading, Span

SOURCE = '''\
def price(items, coupon=None):
    """What is to be paid."""
    amount = sum(item.cost for item in items)
    if coupon is not None:
        amount -= amount * coupon.share // 100
    return max(amount, 0)
'''
PRICE = Function("shop/cart.py", "shop.cart", "price", Span(1, 6), SOURCE)
ADD = Function(
    "shop/cart.py",
    "shop.cart",
    "Cart.add",
    Span(1, 3),
    "    def add(self, item):\n        self.items.append(item)\n        return len(self.items)\n",
)
HEAD = """\
import unittest
from unittest import mock
from unittest.mock import ANY, Mock, patch

import pytest

import shop.cart
from shop.cart import Cart, price
from shop.checks import assert_fair

"""


def read(text: str, function: Function = PRICE) -> Reading:
    return PYTHON.reading(HEAD + dedent(text), function, first_line=HEAD.count("\n") + 1)


def kinds(body: str, function: Function = PRICE) -> list[str]:
    text = f"def test_it(cart, tmp_path, capsys, monkeypatch):\n{indent(dedent(body), '    ')}\n"
    return [check.kind for check in read(text, function).checks]


ASKED = {
    "assert price([1]) == 1": "value",
    "result = price([1])\nassert 1 == result": "value",
    "assert price([1]) is None": "value",
    "expected = 3\nassert price([1]) == expected": "value",
    "a, b = price([1])\nassert b == 1": "value",
    "assert price([1])['total'].cents == 3": "value",
    "assert [price([n]) for n in range(3)] == [0, 1, 2]": "value",
    "cart.add(1)\nassert cart.items == [1]": "state",
    "lines = [1]\ncart.sort(lines)\nassert lines == [2]": "state",
    "price([1])\nassert capsys.readouterr().out == 'paid'": "state",
    "text = io.StringIO()\nwith redirect(text):\n    price([1])\nassert text.getvalue() == 'a'": (
        "state"
    ),
    "with pytest.raises(ValueError, match='no'):\n    price([1])": "raises",
    "with pytest.raises(Exception, match='no'):\n    price([1])": "raises",
    "with pytest.raises(ValueError, match=''):\n    price([1])": "raises_type",
    "with pytest.raises(ValueError):\n    price([1])": "raises_type",
    "with pytest.raises((KeyError, ValueError)):\n    price([1])": "raises_type",
    "pytest.raises(ValueError, price, [1])": "raises_type",
    "with pytest.warns(UserWarning):\n    price([1])": "raises_type",
    "with pytest.raises(Exception):\n    price([1])": "broad",
    "E = Exception\nwith pytest.raises(E):\n    price([1])": "broad",
    "with pytest.raises(Exception, match='.*'):\n    price([1])": "broad",
    "with pytest.raises(expected_exception=Exception):\n    price([1])": "broad",
    "with pytest.raises(ValueError):\n    int('a')": "own",
    "assert_fair(price([1]))": "helper",
    "assert price([1]) == price([2])": "relation",
    "assert 'a' in price([1])": "member",
    "assert price([1]).startswith('a')": "member",
    "assert all(n > 1 for n in price([1]))": "member",
    "assert price([1]) > 3": "order",
    "assert 0 < price([1]) < 3": "order",
    "assert abs(price([1]) - 3) < 0.1": "order",
    "assert len(price([1])) == 3": "size",
    "assert price([1])": "truth",
    "assert not price([1])": "truth",
    "gate = Mock()\nprice([gate])\ngate.pay.assert_called_once_with(3)": "called",
    "gate = Mock()\nprice([gate])\nassert gate.pay.call_count == 2": "called",
    "with patch('shop.cart.log') as log:\n    price([1])\nlog.info.assert_called_once()": "called",
    "assert price([1]) != 3": "differs",
    "assert not price([1]) == 3": "differs",
    "assert 'a' not in price([1])": "differs",
    "assert price([1]) == ANY": "any",
    "assert price([1]) == (ANY, ANY)": "any",
    "assert price([1]) == pytest.approx(3, abs=100)": "any",
    "wide = 100\nassert price([1]) == pytest.approx(3, rel=wide)": "any",
    "assert abs(price([1]) - 3) < 1000": "any",
    "assert price([1]) in (True, False)": "any",
    "assert price([1]) == 1 or price([1]) == 2": "any",
    "assert str(price([1]))": "any",
    "gate = Mock()\nprice([gate])\ngate.pay.assert_called()": "any",
    "assert price([1]) is not None": "exists",
    "assert hasattr(price([1]), 'a')": "exists",
    "assert callable(price([1]))": "exists",
    "assert isinstance(price([1]), int)": "type",
    "assert type(price([1])) is int": "type",
    "assert True": "constant",
    "assert 'it works'": "constant",
    "assert f'{price([1])}'": "constant",
    "assert (price([1]) == 3, 'three')": "constant",
    "assert price([1]) == 3 or True": "constant",
    "assert price([1]) == 3 if price([1]) else True": "constant",
    "assert len(price([1])) >= 0": "constant",
    "assert 0 <= len(price([1]))": "constant",
    "assert len(repr(price([1]))) > 0": "constant",
    "assert price([1]) == price([1])": "same",
    "assert price([1]) == shop.cart.price([1])": "same",
    "a = price([1])\nb = a\nassert a == b": "same",
    "items = [1]\na = price(items)\nassert a == price(items)": "same",
    "assert 1 + 1 == 2": "own",
    "items = [1]\nprice(items)\nassert len(items) == 1": "own",  # price leaves them as they are
    "gate = Mock()\ngate.pay.return_value = 3\nassert gate.pay() == 3": "own",
    "gate = Mock()\ngate(1)\ngate.assert_called_once_with(1)": "own",
    "assert price.__name__ == 'price'": "source",
    "assert inspect.getsource(price) == 'a'": "source",
}


@pytest.mark.parametrize("body", ASKED)
def test_an_assertion_is_read_for_what_it_asks(body: str) -> None:
    assert kinds(body) == [ASKED[body]]


UNITTEST = {
    "self.assertEqual(price([1]), 1)": "value",
    "self.assertAlmostEqual(price([1]), 1.5)": "value",
    "self.assertAlmostEqual(price([1]), 1.5, delta=1000)": "any",
    "self.assertTrue(price([1]) == 1)": "value",
    "self.assertTrue(price([1]))": "truth",
    "self.assertFalse(price([1]))": "truth",
    "self.assertIsNone(price([1]))": "value",
    "self.assertIsNotNone(price([1]))": "exists",
    "self.assertIsInstance(price([1]), int)": "type",
    "self.assertIn('a', price([1]))": "member",
    "self.assertGreater(price([1]), 1)": "order",
    "self.assertNotEqual(price([1]), 1)": "differs",
    "self.assertTrue('it works')": "constant",
    "self.assertEqual(self.total, 4)": "value",
    "self.assertEqual(self.known, 4)": "own",
    "with self.assertRaises(ValueError):\n    price([1])": "raises_type",
    "with self.assertRaisesRegex(ValueError, 'no'):\n    price([1])": "raises",
    "self.assertRaises(Exception, price, [1])": "broad",
}


@pytest.mark.parametrize("body", UNITTEST)
def test_methods_of_unittest_are_read_like_asserts(body: str) -> None:
    text = f"""\
class PriceTest(unittest.TestCase):
    def setUp(self):
        self.total = price([1])
        self.known = 4

    def test_it(self):
{indent(body, " " * 8)}
"""
    (check,) = read(text).checks
    assert (check.kind, check.test) == (UNITTEST[body], "PriceTest::test_it")


def test_a_method_is_told_by_its_class_and_object() -> None:
    assert kinds("cart = Cart()\nassert cart.add(1) == 1", ADD) == ["value"]
    assert kinds("cart = Cart()\ncart.add(1)\nassert cart.items == [1]", ADD) == ["state"]


def test_a_state_that_may_have_changed_is_not_the_same() -> None:
    assert kinds("before = cart.total()\ncart.add(1)\nassert cart.total() == before") == ["state"]


def test_what_is_set_on_an_object_may_be_changed_by_its_methods() -> None:
    cart = "cart = Cart()\ncart.items = [1]\n"
    assert kinds(f"{cart}assert cart.items == [1]", ADD) == ["own"]
    assert kinds(f"{cart}cart.add(2)\nassert cart.items == [1, 2]", ADD) == ["state"]


BY_OTHER_WAYS = {
    "a dictionary": "found = {}\nfound['a'] = price([1])\nassert found == {'a': 1}",
    "a list": "found = []\nfound.append(price([1]))\nassert found == [1]",
    "a callback": "told = []\nprice([1], lambda n: told.append(n))\nassert told == [1]",
    "a double": (
        "paid = []\nclass Gate:\n    def pay(self, n):\n        paid.append(n)\n"
        "cart.check_out(Gate())\nassert paid == [1]"
    ),
    "a name that an inner function sets": (
        "paid = 0\ndef pay(n):\n    nonlocal paid\n    paid += n\n"
        "cart.check_out(pay)\nassert paid == 1"
    ),
    "a name by its text": (
        "import importlib\ncart = importlib.import_module('shop.cart')\nassert cart.size() == 1"
    ),
    "a file": "price([1])\nassert open('paid.txt').read() == '1'",
    "another process": (
        "import subprocess\ndone = subprocess.run(['shop'])\nassert done.returncode == 0"
    ),
    "a thread": (
        "found = []\nthread = Thread(target=lambda: found.append(price([1])))\nthread.start()\n"
        "assert found == [1]"
    ),
}


@pytest.mark.parametrize("name", BY_OTHER_WAYS)
def test_what_the_codebase_does_by_other_ways_is_its_own(name: str) -> None:
    (kind,) = kinds(BY_OTHER_WAYS[name])
    assert kind in {"value", "state"}


def test_methods_of_a_class_that_a_test_class_is_built_on_are_read() -> None:
    reading = read("""
        class Base(unittest.TestCase):
            def check(self, items, expected):
                self.assertEqual(price(items), expected)

        class PriceTest(Base):
            def test_it(self):
                self.check([1], 1)
    """)
    assert [(one.test, one.kind) for one in reading.checks] == [("PriceTest::test_it", "value")]


def test_a_class_of_the_test_that_is_one_of_the_codebase_s_is_the_codebase_s() -> None:
    own = "class Own{}:\n    size = 3\n"
    for outside in (True, False):
        for base, kind in (("(Cart)", "state"), ("", "own")):
            made = own.format(base)
            asked = f"{'' if outside else made}assert Own().size == 3"
            text = (made if outside else "") + f"def test_it():\n{indent(asked, '    ')}\n"
            assert [check.kind for check in read(text, ADD).checks] == [kind]


def test_parameters_and_fixtures_are_what_they_are_given() -> None:
    reading = read("""
        @pytest.fixture
        def items():
            return [1, 2]

        @pytest.fixture
        def paid(items):
            yield price(items)

        @pytest.mark.parametrize("count, expected", [(1, 1)])
        def test_values(count, expected):
            assert count == expected

        def test_fixture(items, paid):
            assert items == [1, 2]
            assert paid == 3
    """)
    assert [check.kind for check in reading.checks] == ["own", "own", "value"]


def test_helpers_are_read_where_they_are_called() -> None:
    reading = read("""
        def check(found, expected):
            assert found == expected

        def test_result():
            check(price([1]), 1)

        def test_own():
            check(1, 1)

        def test_nested():
            def inner(found):
                check(found, 2)
            inner(price([2]))
    """)
    assert [(check.test, check.kind) for check in reading.checks] == [
        ("test_result", "value"),
        ("test_own", "same"),
        ("test_nested", "value"),
    ]
    assert {check.span.first_line for check in reading.checks} == {HEAD.count("\n") + 3}


def test_a_function_that_is_called_after_checking_is_no_assertion_of_itself() -> None:
    checker = Function(
        "shop/cart.py", "shop.cart", "check", Span(1, 2), "def check(n):\n    pass\n"
    )
    assert kinds("shop.cart.check(1)\ncart.verify(2)\ncart.check_out(3)", checker) == []


def test_a_helper_without_an_assertion_asks_nothing() -> None:
    reading = read("""
        def check(found):
            return found == 1

        def test_it():
            check(price([1]))
    """)
    assert reading.checks == ()


CALLS = "".join(f"def f{n}(x):\n{f'    f{n + 1}(x){chr(10)}' * 3}\n" for n in range(30))
GIVEN = ", ".join(f"a{n}" for n in range(12))
HOSTILE = {
    "a helper that calls itself": "def f(n):\n  f(n)\n  f(n)\n\ndef test_a():\n    f(price(1))\n",
    "names that grow": "def test_it():\n    a = price(1)\n" + "    a = [a, a]\n" * 60,
    "helpers that multiply": f"{CALLS}def test_it():\n    f0(price(1))\n",
    "fixtures in a circle": "".join(
        f"@pytest.fixture\ndef a{n}({GIVEN}):\n    return a0\n\n" for n in range(12)
    )
    + "def test_it(a0):\n    assert a0 == 1\n",
    "a deep expression": f"def test_it():\n    assert {'not ' * 150}price(1)\n",
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.timeout(5)
def test_a_hostile_text_is_read_in_little_time(name: str) -> None:
    read(HOSTILE[name])


TRICKS = {
    "with patch('shop.cart.price'):\n    pass": "replaces_target",
    "with mock.patch.object(shop.cart, 'price'):\n    pass": "replaces_target",
    "monkeypatch.setattr(shop.cart, 'price', lambda items: 1)": "replaces_target",
    "monkeypatch.setattr('shop.cart.price', lambda items: 1)": "replaces_target",
    "monkeypatch.setitem(vars(shop.cart), 'price', 1)": "replaces_target",
    "setattr(shop.cart, 'price', 1)": "replaces_target",
    "shop.cart.price = lambda items: 1": "replaces_target",
    "del shop.cart.price": "replaces_target",
    "sys.modules['shop.cart'] = Mock()": "replaces_target",
    "with patch.dict(sys.modules, {'shop': Mock()}):\n    pass": "replaces_target",
    "importlib.reload(shop.cart).price = 1": "replaces_target",
    "try:\n    assert price([1]) == 1\nexcept Exception:\n    pass": "swallows",
    "try:\n    assert price([1]) == 1\nexcept:\n    print('no')": "swallows",
    "try:\n    assert price([1]) == 1\nexcept AssertionError as e:\n    assert e": "swallows",
    "try:\n    assert price([1]) == 1\nfinally:\n    return": "swallows",
    "with contextlib.suppress(AssertionError):\n    assert price([1]) == 1": "swallows",
    "with pytest.raises(AssertionError):\n    assert price([1]) == 1": "swallows",
    "with pytest.raises((KeyError, Exception)):\n    assert price([1]) == 1": "swallows",
    "pytest.skip('later')": "skips",
    "raise unittest.SkipTest('later')": "skips",
    "request.applymarker(pytest.mark.xfail)": "skips",
    "assert 'sum' in inspect.getsource(price)": "reads_source",
    "assert price.__code__.co_argcount == 2": "reads_source",
}


@pytest.mark.parametrize("body", TRICKS)
def test_a_trick_is_seen(body: str) -> None:
    found = read(f"def test_it(monkeypatch, request):\n{indent(body, '    ')}\n").tricks
    assert {trick.name for trick in found} == {TRICKS[body]}
    assert all(trick.line > HEAD.count("\n") for trick in found)


OUTSIDE = {
    "pytestmark = pytest.mark.skip\n": "skips",
    "@pytest.mark.skip\ndef test_it():\n    pass\n": "skips",
    "@pytest.mark.skipif(True, reason='')\ndef test_it():\n    pass\n": "skips",
    "@unittest.expectedFailure\ndef test_it():\n    pass\n": "skips",
    "@pytest.mark.parametrize('a', [pytest.param(1, marks=pytest.mark.xfail)])\n"
    "def test_it(a):\n    pass\n": "skips",
    "class Quiet:\n    def __exit__(self, *error):\n        return True\n": "swallows",
    "def quiet(test):\n    @wraps(test)\n    def run():\n        try:\n            test()\n"
    "        except Exception:\n            pass\n    return run\n": "swallows",
    "@contextmanager\ndef quiet():\n    try:\n        yield\n    except AssertionError:\n"
    "        pass\n": "swallows",
    "shop.cart.price = None\n": "replaces_target",
    "@patch('shop.cart.price')\ndef test_it(price):\n    pass\n": "replaces_target",
}


@pytest.mark.parametrize("text", OUTSIDE)
def test_a_trick_is_seen_outside_of_tests_too(text: str) -> None:
    assert {trick.name for trick in read(text).tricks} == {OUTSIDE[text]}


HONEST = [
    "with patch('shop.cart.tax', autospec=True):\n    price([1])",
    "with patch('other.price'):\n    price([1])",
    "monkeypatch.setattr(shop.cart, 'LIMIT', 3)",
    "gate = Mock()\ngate.price = lambda: 3\nprice([gate])",
    "self.price = 3",
    "with patch.dict(os.environ, {'shop': '1'}):\n    price([1])",
    (
        "try:\n    price([1])\nexcept ValueError as error:\n    assert str(error) == 'no'\n"
        "else:\n    pytest.fail('no error')"
    ),
    "try:\n    price([1])\n    assert False\nexcept Exception as e:\n    assert str(e) == 'a'",
    "try:\n    assert price([1]) == 1\nfinally:\n    cart.close()",
    "try:\n    assert price([1]) == 1\nexcept Exception:\n    print('no')\n    raise",
    "with contextlib.suppress(FileNotFoundError):\n    path.unlink()",
    "with pytest.raises(AssertionError):\n    shop.cart.assert_valid(1)",
    "with pytest.raises(Exception):\n    price([1])",
    "numpy = pytest.importorskip('numpy')",
]


@pytest.mark.parametrize("body", HONEST)
def test_what_honest_tests_do_is_no_trick(body: str) -> None:
    assert (
        read(f"def test_it(self, monkeypatch, cart, path):\n{indent(body, '    ')}\n").tricks == ()
    )


@pytest.mark.parametrize(
    "text",
    [
        "@pytest.mark.skipif(sys.platform == 'win32', reason='')\ndef test_it():\n    pass\n",
        "class Held:\n    def __exit__(self, *error):\n        return False\n",
        "@pytest.fixture\ndef cart():\n    try:\n        yield 1\n    finally:\n        pass\n",
        "def expected(items):\n    return sum(items) / 2\n",
    ],
)
def test_what_stands_around_honest_tests_is_no_trick(text: str) -> None:
    assert read(text).tricks == ()


@pytest.mark.parametrize(
    "text",
    [
        SOURCE.replace("price", "expected"),
        SOURCE.replace("items", "things").replace("amount", "value"),
        (
            "def part(amount, coupon):\n    if coupon is not None:\n"
            "        amount -= amount * coupon.share // 100\n    return amount\n\n"
            "def whole(items, coupon):\n  return max(part(sum(i.cost for i in items), coupon), 0)\n"
        ),
        (
            "whole = lambda items, coupon: max(sum(i.cost for i in items)"
            " - sum(i.cost for i in items) * coupon.share // 100, 0)\n"
            "def test_it():\n    amount = 3\n    amount -= amount * coupon.share // 100\n"
        ),
    ],
    ids=["another-name", "other-names-within", "in-pieces", "expressions"],
)
def test_a_copy_of_the_function_is_seen(text: str) -> None:
    assert {trick.name for trick in read(text).tricks} == {"copies_target"}


def test_a_table_that_the_function_holds_too_is_no_copy() -> None:
    source = "def table():\n    return {'a': [1, 2], 'b': [3, 4], 'c': {'d': 5, 'e': 6, 'f': 7}}\n"
    function = Function("shop/cart.py", "shop.cart", "table", Span(1, 2), source)
    text = f"def test_it():\n    assert table() == {source.partition('return ')[2]}\n"
    assert PYTHON.reading(text, function, first_line=1).tricks == ()


def test_of_a_short_function_no_copy_can_be_told() -> None:
    assert Original("def half(n):\n    return n / 2\n").share_in([]) == 0.0
    assert Original("x = (").share_in([]) == 0.0


def test_text_that_cannot_be_put_into_an_f_string_is_read_too() -> None:
    assert kinds("end = '\\n'\nassert price([f'{end}']) == f'{end}a'") == ["value"]
    assert kinds("end = '\\n'\nassert price([f'{end}']) == price([f'{end}'])") == ["same"]


def test_only_what_was_written_anew_is_taken_for_a_trick() -> None:
    text = "pytestmark = pytest.mark.skip\n\n\ndef test_it():\n    assert price([1]) == 1\n"
    assert PYTHON.reading(text, PRICE, first_line=1).tricks
    assert not PYTHON.reading(text, PRICE, first_line=2).tricks


def test_stand_ins_are_told_with_whether_they_are_faithful() -> None:
    reading = read("""
        def test_it(monkeypatch):
            gate = Mock(spec=Gate)
            other = Mock()
            with patch("shop.cart.tax", autospec=True), patch("shop.cart.log"):
                price([gate, other])
            monkeypatch.setattr(shop.cart, "LIMIT", 3)
    """)
    by_line = attrgetter("line")
    assert [(one.target, one.faithful) for one in sorted(reading.stand_ins, key=by_line)] == [
        ("", True),
        ("", False),
        ("shop.cart.tax", True),
        ("shop.cart.log", False),
        ("shop.cart.LIMIT", False),
    ]


def test_tests_that_do_the_same_are_told() -> None:
    reading = read("""
        def test_a():
            found = price([1])
            assert found == 1

        def test_b():
            result = price([1])  # again
            assert result == 1

        def test_c():
            assert price([2]) == 2
    """)
    bodies = reading.distinct_tests
    assert bodies["test_a"] == bodies["test_b"] != bodies["test_c"]


LONG_NUMBER = f"from shop import price\n\ndef test_it():\n    assert price(1) == 0x{'f' * 8000}\n"


@pytest.mark.parametrize("text", ["def test_it(:\n", "\0", "assert " + "(" * 3000, LONG_NUMBER])
def test_what_cannot_be_parsed_has_no_reading(text: str) -> None:
    assert PYTHON.reading(text, PRICE, first_line=1) == Reading()


@pytest.mark.parametrize(
    ("source", "spared"),
    [
        ("def f(a, b):\n    return sum(a) + b\n", {"a", "b"}),
        ("def f(a):\n    a.append(1)\n", set()),
        ("def f(a):\n    a[0] = 1\n", set()),
        ("def f(a):\n    a += [1]\n", set()),
        ("def f(a):\n    del a[0]\n", set()),
        ("def f(a):\n    return a\n", set()),
        ("def f(a):\n    g(a)\n", set()),
        ("def f(a):\n    for b in a:\n        b.clear()\n", set()),
        ("def f(a):\n    for b in a:\n        if b > 1:\n            return b * 2\n", {"a"}),
        ("    def f(self, a):\n        return len(a)\n", {"a", "self"}),
    ],
)
def test_arguments_that_a_function_cannot_change_are_known(source: str, spared: set[str]) -> None:
    found = parameters(source)
    assert found is not None
    assert found[1] == spared


def test_of_half_a_function_nothing_is_known() -> None:
    assert parameters("    return a\n") is None
