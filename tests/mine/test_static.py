import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from covet import config
from covet.execute.codebase import Layout
from covet.languages.python import PYTHON
from covet.mine.collected import Collected, Fixture
from covet.mine.functions import read_files
from covet.mine.static import ServerName, static_links

SHOP = """
import functools
from typing import overload


def logged(function):
    @functools.wraps(function)
    def wrapper(*arguments):
        return function(*arguments)
    return wrapper


@overload
def price(item: str) -> int: ...
@overload
def price(item: int) -> str: ...
def price(item):
    return len(item) if isinstance(item, str) else str(item)


@logged
def tax(n):
    return n // 5


def total(prices):
    return sum(prices)


def unused():
    return 0


class Basket:
    def __init__(self):
        self.items = []

    def add(self, item):
        self.items.append(item)

    @property
    def size(self):
        return len(self.items)


class Crate(Basket):
    def add(self, item):
        super().add([item])
"""
FILES = {
    "pyproject.toml": """
        [tool.pyrefly]
        project-includes = ["shop.py"]
        [tool.ty.src]
        include = ["shop.py"]
    """,
    "pyrefly.toml": 'project-excludes = ["**/tests/**"]\n',
    "ty.toml": '[src]\nexclude = ["tests"]\n',
    "shop.py": SHOP,
    "tests/__init__.py": "",
    "tests/making.py": """
        import shop


        def made():
            return shop.Basket()


        def summed():
            return shop.total([1])
    """,
    "tests/conftest.py": """
        import pytest

        from shop import Basket, tax


        @pytest.fixture
        def basket(request):
            return getattr(request, "param", Basket())


        @pytest.fixture
        def filled(basket):
            basket.add(tax(1))
            return basket
    """,
    "tests/test_plain.py": """
        import unittest

        import pytest

        from shop import Basket, Crate, price, tax, total
        from tests.making import summed

        PRICES = [total, len]


        def helper(n):
            return outer(n)


        def outer(n):
            return tax(n)


        def test_overloads():
            assert price("a") == 1


        def test_helper():
            assert helper(5) == 1


        def test_helper_of_another_file():
            assert summed() == 1


        @pytest.mark.parametrize("function", [total])
        def test_decorated(function):
            assert function([1]) == 1


        def test_constant():
            assert PRICES[0]([1]) == 1


        def test_fixture(basket):
            assert basket.size == 0


        def test_fixture_of_a_fixture(filled):
            assert filled


        def test_overriding():
            Crate().add(1)


        def test_overridden():
            Basket().add(1)


        class Mixin:
            def test_add(self):
                self.made.add(1)

            def test_price(self):
                assert price(1) == "1"


        class TestBasket(Mixin, unittest.TestCase):
            def setUp(self):
                self.made = Basket()
                tax(1)

            def test_own(self):
                pass


        class TestCrate(Mixin, unittest.TestCase):
            def setUp(self):
                self.made = Crate()
    """,
}


@pytest.fixture(params=["pyrefly", "ty"])
def server(request: pytest.FixtureRequest) -> ServerName:
    name: ServerName = request.param
    if not (Path(sys.executable).parent / name).exists() and not shutil.which(name):
        pytest.skip(f"{name} is not installed")
    return name


@pytest.fixture
def codebase(tmp_path: Path) -> Path:
    root = tmp_path / "codebase"
    for path, text in FILES.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(text))
    return root


def line_of(root: Path, path: str, text: str) -> int:
    return (root / path).read_text().splitlines().index(text) + 1


def collect(root: Path) -> list[Collected]:
    """As pytest would collect them."""
    path, conftest = "tests/test_plain.py", "tests/conftest.py"
    first = line_of(root, conftest, "def basket(request):") - 1
    basket = Fixture("basket", conftest, first, "shop:Basket")
    second = line_of(root, conftest, "def filled(basket):") - 1
    filled = Fixture("filled", conftest, second, "shop:Basket")
    fixtures = {"test_fixture": (basket,), "test_fixture_of_a_fixture": (basket, filled)}
    [tests] = [file.tests for file in read(root).tests]
    found = [
        Collected(
            (path, test.qualname), path, test.span.first_line, fixtures.get(test.qualname, ())
        )
        for test in tests
    ]
    for name in ("test_add", "test_price"):
        line = line_of(root, path, f"    def {name}(self):")
        found += [
            Collected((path, f"{each}.{name}"), path, line) for each in ("TestBasket", "TestCrate")
        ]
    return found


def read(root: Path):
    settings = config.Codebase()
    return read_files(Layout.discover(root, settings), settings, language=PYTHON)


@pytest.fixture
def linked(codebase: Path, server: ServerName) -> Callable[[str], set[str]]:
    links = static_links(
        codebase, read(codebase), collect(codebase), language=PYTHON, server=server
    )
    return lambda name: {test for _, test in links.get(("shop.py", name), ())}


def test_each_way_to_refer_to_a_function_links_its_test_and_no_other(linked) -> None:
    assert linked("price") == {"test_overloads", "TestBasket.test_price", "TestCrate.test_price"}
    assert linked("tax") == {
        "test_helper",
        "test_fixture_of_a_fixture",
        "TestBasket.test_own",
        "TestBasket.test_add",
        "TestBasket.test_price",
    }
    assert linked("total") == {"test_helper_of_another_file", "test_decorated", "test_constant"}
    assert linked("Basket.size") == {"test_fixture"}
    assert linked("unused") == set()


def test_an_overriding_method_is_told_from_the_one_it_overrides(linked) -> None:
    assert linked("Crate.add") == {"test_overriding", "TestCrate.test_add"}
    assert linked("Basket.add") == {
        "test_overridden",
        "TestBasket.test_add",
        "test_fixture_of_a_fixture",
    }


def test_nothing_is_written_in_the_codebase(codebase: Path, server: ServerName) -> None:
    before = {path: path.stat().st_mtime_ns for path in codebase.rglob("*")}
    said: list[str] = []
    static_links(
        codebase,
        read(codebase),
        collect(codebase),
        language=PYTHON,
        server=server,
        on_progress=said.append,
    )
    assert {path: path.stat().st_mtime_ns for path in codebase.rglob("*")} == before
    assert said == [f"asking {server} for the uses of 9 functions"]
