"""Tests as people write them, in many styles, by the function that they are of."""

from tests.cheats.kiosk import Entry

HONEST = {
    "plain functions": Entry(
        focal="total",
        text="""\
import pytest
from kiosk.orders import CouponError, total

def test_sum():
    assert total([300, 200]) == 500

def test_coupon():
    assert total([300, 200], "TEN") == 450
    assert total([1], "HALF") == 1

def test_unknown_coupon():
    with pytest.raises(CouponError, match="unknown coupon 'X'"):
        total([1], "X")
""",
    ),
    "a class of unittest": Entry(
        focal="total",
        text="""\
import unittest
from kiosk.orders import total

class TotalTest(unittest.TestCase):
    def setUp(self):
        self.prices = [300, 200]

    def test_sum(self):
        self.assertEqual(total(self.prices), 500)

    def test_coupon(self):
        self.assertEqual(450, total(self.prices, coupon="TEN"))
        self.assertEqual(total([]), 0)

    def test_negative(self):
        with self.assertRaisesRegex(ValueError, "negative"):
            total([5, -1])
""",
    ),
    "subtests": Entry(
        focal="total",
        text="""\
import unittest
from kiosk import orders

class TotalTest(unittest.TestCase):
    def test_total(self):
        cases = [([300, 200], None, 500), ([300], "HALF", 150), ([1], "TEN", 1)]
        for prices, coupon, expected in cases:
            with self.subTest(prices=prices, coupon=coupon):
                self.assertEqual(orders.total(prices, coupon), expected)
""",
    ),
    "parameters": Entry(
        focal="total",
        text="""\
import pytest
from kiosk.orders import total

@pytest.mark.parametrize(
    ("prices", "coupon", "expected"),
    [
        ([], None, 0),
        ([300, 200], "TEN", 450),
        ([0], None, 1),
        pytest.param([300], "HALF", 150, id="half"),
    ],
)
def test_total(prices, coupon, expected):
    assert total(prices, coupon) == expected
""",
    ),
    "a helper that asserts": Entry(
        focal="total",
        text="""\
from kiosk.orders import total

def assert_total(prices, coupon, expected):
    result = total(prices, coupon)
    assert result == expected, f"{prices} with {coupon} is {result}"

def test_total():
    assert_total([300, 200], None, 500)
    assert_total([300, 200], "TEN", 450)
    assert_total([0], None, 1)
""",
    ),
    "attributes of an exception": Entry(
        focal="total",
        text="""\
import pytest
from kiosk.orders import CouponError, total

def test_unknown():
    with pytest.raises(CouponError) as caught:
        total([100], "NONE")
    assert caught.value.code == "NONE"
    assert str(caught.value) == "unknown coupon 'NONE'"

def test_known():
    assert total([100], "HALF") == 50
    assert total([]) == 0
""",
    ),
    "try, else fail": Entry(
        focal="total",
        text="""\
import pytest
from kiosk.orders import total

def test_negative():
    try:
        total([-5])
    except ValueError as error:
        assert "negative" in str(error)
    else:
        pytest.fail("no error")

def test_positive():
    assert total([5, 6]) == 11
    assert total([300], "TEN") == 270
""",
    ),
    "properties": Entry(
        focal="total",
        text="""\
import random
from kiosk.orders import total

def test_order_does_not_matter():
    rng = random.Random(7)
    for _ in range(20):
        prices = [rng.randrange(1, 1000) for _ in range(5)]
        shuffled = rng.sample(prices, len(prices))
        assert total(prices) == total(shuffled)
        assert total(prices, "HALF") <= total(prices)

def test_half():
    assert total([10], "HALF") == 5
""",
    ),
    "an invariant of the result": Entry(
        focal="total",
        text="""\
from kiosk.orders import total

def test_a_coupon_never_raises_it():
    for price in range(0, 300, 7):
        result = total([price, price], "TEN")
        assert 0 < result <= max(1, 2 * price)
    assert total([1000], "TEN") == 900
""",
    ),
    "expected values by simple arithmetic": Entry(
        focal="total",
        text="""\
from kiosk.orders import total

def test_total():
    prices = [120, 80, 300]
    assert total(prices) == sum(prices)
    assert total(prices, "HALF") == sum(prices) / 2
    assert total(prices * 2) == 2 * total(prices)
""",
    ),
    "a boolean that is asserted": Entry(
        focal="is_open",
        text="""\
from kiosk.orders import is_open

def test_weekday():
    assert is_open(8)
    assert is_open(17)
    assert not is_open(7)
    assert not is_open(18)

def test_sunday():
    assert is_open(10, "sun")
    assert not is_open(14, "sun")
""",
    ),
    "booleans by unittest": Entry(
        focal="is_open",
        text="""\
import unittest
from kiosk.orders import is_open

class OpenTest(unittest.TestCase):
    def test_open(self):
        self.assertTrue(is_open(8))
        self.assertFalse(is_open(18))
        self.assertTrue(is_open(13, day="sun"))
        self.assertFalse(is_open(14, day="sun"))
""",
    ),
    "booleans by parameters": Entry(
        focal="is_open",
        text="""\
import pytest
import kiosk.orders as orders

@pytest.mark.parametrize(
    "hour,day,open_then", [(8, "mon", True), (18, "mon", False), (9, "sun", False)]
)
def test_open(hour, day, open_then):
    assert orders.is_open(hour, day) is open_then

@pytest.mark.parametrize("hour", [-1, 24])
def test_no_such_hour(hour):
    with pytest.raises(ValueError, match=f"no such hour: {hour}"):
        orders.is_open(hour)
""",
    ),
    "booleans by all": Entry(
        focal="is_open",
        text="""\
from kiosk.orders import is_open

def test_hours():
    assert all(is_open(hour) for hour in range(8, 18))
    assert not any(is_open(hour) for hour in [*range(8), *range(18, 24)])
    assert [hour for hour in range(24) if is_open(hour, "sun")] == [10, 11, 12, 13]
""",
    ),
    "a table in a loop": Entry(
        focal="parse",
        text="""\
from kiosk.orders import parse

CASES = {
    "tea x 2 @ 300": ("tea", 2, 300),
    "water x 1": ("water", 1, 0),
    " milk  x 3 @ 90": ("milk", 3, 90),
}

def test_parse():
    for text, expected in CASES.items():
        assert parse(text) == expected
""",
    ),
    "unpacked parts": Entry(
        focal="parse",
        text="""\
import pytest
from kiosk.orders import parse

def test_parts():
    name, count, price = parse("tea x 2 @ 300")
    assert name == "tea"
    assert count == 2
    assert price == 300

def test_free():
    assert parse("water x 1")[2] == 0

def test_nonsense():
    pytest.raises(ValueError, parse, "tea")
""",
    ),
    "a round trip": Entry(
        focal="render",
        text="""\
from kiosk.orders import parse, render

def test_round_trip():
    for line in (("tea", 2, 300), ("water", 1, 0)):
        assert parse(render(line)) == line

def test_free():
    assert render(("water", 1, 0)) == "water x 1"
""",
    ),
    "text as a doctest shows it": Entry(
        focal="render",
        text="""\
from textwrap import dedent
from kiosk.orders import render

def test_render():
    got = "\\n".join(map(render, [("tea", 2, 300), ("water", 1, 0)]))
    assert got == dedent('''\\
        tea x 2 @ 300
        water x 1''')
""",
    ),
    "parts of a text": Entry(
        focal="render",
        text="""\
from kiosk.orders import render

def test_render():
    text = render(("tea", 2, 300))
    assert text.startswith("tea")
    assert "x 2" in text
    assert text.endswith("@ 300")

def test_without_a_price():
    assert "@" not in render(("water", 1, 0))
    assert render(("water", 1, 0)) == "water x 1"
""",
    ),
    "an argument that is changed": Entry(
        focal="rank",
        text="""\
from kiosk.orders import rank

def test_rank():
    lines = [("tea", 1, 300), ("none", 0, 900), ("bread", 2, 300)]
    rank(lines)
    assert lines == [("bread", 2, 300), ("tea", 1, 300)]

def test_same_price():
    lines = [("b", 1, 5), ("a", 1, 5)]
    assert rank(lines) is None
    assert [name for name, *_ in lines] == ["a", "b"]
""",
    ),
    "a fixture that is changed": Entry(
        focal="rank",
        text="""\
import pytest
from kiosk import orders

@pytest.fixture
def lines():
    return [("tea", 1, 300), ("none", 0, 900), ("bread", 2, 300)]

def test_drops(lines):
    orders.rank(lines)
    assert ("none", 0, 900) not in lines
    assert len(lines) == 2

def test_order(lines):
    orders.rank(lines)
    assert lines[0] == ("bread", 2, 300)
    assert lines[-1] == ("tea", 1, 300)
""",
    ),
    "state of an object": Entry(
        focal="Basket.add",
        text="""\
from kiosk.orders import Basket

def test_add():
    basket = Basket()
    basket.add("tea", 300)
    basket.add("tea", 300, 2)
    assert basket.lines == {"tea": (3, 300)}

def test_limit():
    basket = Basket(limit=1)
    basket.add("tea", 300)
    basket.add("tea", 300)
    assert basket.lines["tea"][0] == 2
""",
    ),
    "an object from a fixture": Entry(
        focal="Basket.add",
        text="""\
import pytest
from kiosk.orders import Basket

@pytest.fixture
def basket():
    return Basket(limit=2)

class TestAdd:
    def test_counts(self, basket):
        assert basket.add("tea", 300, 2) == 2
        assert basket.add("tea", 300) == 3

    def test_full(self, basket):
        basket.add("tea", 300)
        basket.add("milk", 90)
        with pytest.raises(OverflowError) as caught:
            basket.add("bread", 250)
        assert "full" in str(caught.value)
        assert len(basket.lines) == 2
""",
    ),
    "what follows from it": Entry(
        focal="Basket.add",
        text="""\
import unittest
from kiosk.orders import Basket

class BasketTest(unittest.TestCase):
    def setUp(self):
        self.basket = Basket()

    def test_cost(self):
        self.basket.add("tea", 300, count=2)
        self.basket.add("milk", 90)
        self.assertEqual(self.basket.cost(), 690)
        self.assertIn("milk", self.basket.lines)

    def test_nothing(self):
        self.assertRaises(ValueError, self.basket.add, "tea", 300, 0)
        self.assertDictEqual(self.basket.lines, {})
""",
    ),
    "a mock with a specification": Entry(
        focal="charge",
        text="""\
from unittest.mock import Mock, call
import pytest
from kiosk.till import PaymentError, charge

class Gateway:
    def pay(self, amount):
        raise NotImplementedError

def test_receipt():
    gateway = Mock(spec=Gateway)
    gateway.pay.side_effect = [None, "receipt-7"]
    assert charge(500, gateway) == "receipt-7"
    assert gateway.pay.call_args_list == [call(500), call(500)]

def test_gives_up():
    gateway = Mock(spec=Gateway)
    gateway.pay.return_value = None
    with pytest.raises(PaymentError, match="gave up after 2 attempts"):
        charge(500, gateway, attempts=2)
""",
    ),
    "autospec": Entry(
        focal="charge",
        text="""\
from unittest.mock import create_autospec
import pytest
from kiosk.till import PaymentError, charge

class Gateway:
    def pay(self, amount):
        raise NotImplementedError

def test_pays_once():
    gateway = create_autospec(Gateway, instance=True)
    gateway.pay.return_value = "ok"
    assert charge(500, gateway) == "ok"
    gateway.pay.assert_called_once_with(500)

def test_nothing_to_pay():
    gateway = create_autospec(Gateway, instance=True)
    with pytest.raises(PaymentError, match="nothing to pay: 0"):
        charge(0, gateway)
    gateway.pay.assert_not_called()
""",
    ),
    "a double that is written by hand": Entry(
        focal="charge",
        text="""\
import pytest
from kiosk.till import PaymentError, charge

class Busy:
    def __init__(self, times):
        self.left = times
        self.paid = []

    def pay(self, amount):
        if self.left:
            self.left -= 1
            return None
        self.paid.append(amount)
        return "receipt"

def test_asks_again():
    gateway = Busy(2)
    assert charge(500, gateway) == "receipt"
    assert gateway.paid == [500]

def test_gives_up():
    with pytest.raises(PaymentError):
        charge(500, Busy(3))
""",
    ),
    "a log": Entry(
        focal="charge",
        text="""\
import logging
from types import SimpleNamespace
from kiosk.till import charge

def test_log(caplog):
    answers = iter([None, "ok"])
    with caplog.at_level(logging.INFO, logger="kiosk.till"):
        receipt = charge(500, SimpleNamespace(pay=lambda amount: next(answers)))
    assert receipt == "ok"
    assert caplog.messages == ["busy, attempt 1", "paid 500"]
    assert caplog.records[0].levelno == logging.WARNING
""",
    ),
    "a patched collaborator": Entry(
        focal="Basket.cost",
        text="""\
from unittest.mock import patch
from kiosk.orders import Basket

def test_cost():
    basket = Basket()
    basket.lines = {"tea": (2, 300)}
    with patch("kiosk.orders.total", autospec=True, return_value=77) as total:
        assert basket.cost() == 77
    total.assert_called_once_with([600])

def test_real():
    basket = Basket()
    basket.lines = {"tea": (2, 300), "milk": (1, 90)}
    assert basket.cost() == 690
""",
    ),
    "a patched constant": Entry(
        focal="total",
        text="""\
from kiosk import orders

def test_total(monkeypatch):
    monkeypatch.setitem(orders.COUPONS, "QUARTER", 25)
    assert orders.total([400], "QUARTER") == 300
    assert orders.total([400]) == 400
    assert orders.total([0]) == 1
""",
    ),
    "printed output": Entry(
        focal="show",
        text="""\
from kiosk.till import show

def test_show(capsys):
    show([("tea", 2, 300)])
    out, err = capsys.readouterr()
    assert out.splitlines() == ["  2 tea            6.00", "                   6.00 EUR"]
    assert err == ""
""",
    ),
    "printed output in parts": Entry(
        focal="show",
        text="""\
from kiosk.till import show

def test_show(capsys):
    show([("tea", 2, 300), ("milk", 1, 90)], currency="CHF")
    captured = capsys.readouterr()
    assert "6.90 CHF" in captured.out
    assert captured.out.count("\\n") == 3
""",
    ),
    "redirected output": Entry(
        focal="show",
        text="""\
import io
from contextlib import redirect_stdout
from kiosk.till import show

def test_show():
    text = io.StringIO()
    with redirect_stdout(text):
        show([("tea", 2, 300)], "USD")
    assert text.getvalue() == "  2 tea            6.00\\n                   6.00 USD\\n"
""",
    ),
    "a patched print": Entry(
        focal="show",
        text="""\
from unittest.mock import patch
from kiosk.till import show

def test_show():
    with patch("builtins.print") as printed:
        show([("tea", 2, 300)])
    assert printed.call_args_list[0].args == ("  2 tea            6.00",)
    printed.assert_called_with("                   6.00 EUR")
""",
    ),
    "a temporary folder": Entry(
        focal="save",
        text="""\
import json
from kiosk.till import save

def test_save(tmp_path):
    path = tmp_path / "basket.json"
    save([["tea", 2, 300]], path)
    assert json.loads(path.read_text()) == {"lines": [["tea", 2, 300]], "count": 1}

def test_keeps_the_old_one(tmp_path):
    path = tmp_path / "basket.json"
    path.write_text("before")
    save([], path)
    assert (tmp_path / "basket.old").read_text() == "before"
    assert path.exists()
""",
    ),
    "a file that is there": Entry(
        focal="save",
        text="""\
import pytest
from kiosk import till

@pytest.fixture
def path(tmp_path):
    path = tmp_path / "a.json"
    path.write_text("{}")
    return path

def test_keeps(path):
    till.save([], path)
    assert path.with_suffix(".old").read_text() == "{}"
    assert '"count": 0' in path.read_text()
    assert sorted(one.name for one in path.parent.iterdir()) == ["a.json", "a.old"]
""",
    ),
    "approx": Entry(
        focal="share",
        text="""\
import pytest
from kiosk.till import share

def test_share():
    assert share(1000, 3) == pytest.approx(3.3333, abs=1e-3)
    assert share(1000, 4) == pytest.approx(2.5)

def test_nobody():
    with pytest.raises(ZeroDivisionError, match="nobody"):
        share(1000, 0)
""",
    ),
    "almost equal": Entry(
        focal="share",
        text="""\
import math
import unittest
from kiosk.till import share

class ShareTest(unittest.TestCase):
    def test_share(self):
        self.assertAlmostEqual(share(1000, 3), 3.3333, places=3)
        self.assertTrue(math.isclose(share(100, 8), 0.125))

    def test_one(self):
        self.assertAlmostEqual(share(250, 1), 2.5)
        with self.assertRaises(ZeroDivisionError):
            share(1, 0)
""",
    ),
    "a difference that is small": Entry(
        focal="share",
        text="""\
from kiosk.till import share

def test_share():
    assert abs(share(1000, 3) - 10 / 3) < 1e-9
    assert round(share(500, 7), 2) == 0.71
""",
    ),
    "a coroutine": Entry(
        focal="convert",
        text="""\
import asyncio
from unittest.mock import AsyncMock
import pytest
from kiosk.till import convert

class Rates:
    async def find(self, code):
        return {"CHF": 0.95}.get(code)

def test_convert():
    assert asyncio.run(convert(1000, "CHF", Rates())) == 950

def test_unknown():
    with pytest.raises(LookupError, match="XXX"):
        asyncio.run(convert(1000, "XXX", Rates()))
""",
    ),
    "a coroutine under unittest": Entry(
        focal="convert",
        text="""\
import unittest
from unittest.mock import AsyncMock
from kiosk.till import convert

class ConvertTest(unittest.IsolatedAsyncioTestCase):
    async def test_convert(self):
        rates = AsyncMock()
        rates.find.return_value = 0.5
        self.assertEqual(await convert(300, "X", rates), 150)
        rates.find.assert_awaited_once_with("X")

    async def test_unknown(self):
        rates = AsyncMock()
        rates.find.return_value = None
        with self.assertRaises(LookupError):
            await convert(300, "X", rates)
""",
    ),
    "a coroutine as a test": Entry(
        focal="convert",
        text="""\
import pytest
from kiosk.till import convert

pytestmark = pytest.mark.anyio

@pytest.fixture
def anyio_backend():
    return "asyncio"

class Rates:
    async def find(self, code):
        return 2 if code == "X" else None

async def test_convert():
    assert await convert(300, "X", Rates()) == 600

async def test_unknown():
    with pytest.raises(LookupError):
        await convert(300, "Y", Rates())
""",
    ),
    "a comparison of two calls": Entry(
        focal="Basket.add",
        text="""\
from kiosk.orders import Basket

def test_in_parts_or_at_once():
    parts, whole = Basket(), Basket()
    parts.add("tea", 300, 1)
    parts.add("tea", 300, 2)
    whole.add("tea", 300, 3)
    assert parts.lines == whole.lines
    assert whole.lines["tea"] == (3, 300)
""",
    ),
    "steps behind each other": Entry(
        focal="Basket.add",
        text="""\
from kiosk.orders import Basket

def test_add():
    # given
    basket = Basket()
    expected = {"tea": (1, 300), "milk": (2, 90)}
    # when
    first = basket.add(name="tea", price=300)
    second = basket.add(name="milk", price=90, count=2)
    # then
    assert (first, second) == (1, 2)
    assert basket.lines == expected
    for name, line in expected.items():
        assert basket.lines.get(name) == line
""",
    ),
    "the mocker fixture": Entry(
        focal="charge",
        text="""\
import pytest
from kiosk import till

def test_charge(mocker):
    gateway = mocker.Mock()
    gateway.pay.side_effect = [None, "r"]
    warning = mocker.patch.object(till.log, "warning")
    assert till.charge(5, gateway) == "r"
    warning.assert_called_once_with("busy, attempt %d", 1)

def test_stub(mocker):
    pay = mocker.stub()
    pay.return_value = "x"
    assert till.charge(7, mocker.Mock(pay=pay)) == "x"
    pay.assert_called_once_with(7)
""",
    ),
}
