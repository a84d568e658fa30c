"""The Sandbox contract, over both implementations, in full isolation."""

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import covet.languages.python
from covet.errors import EnvironmentNotReady, IsolationUnavailable
from covet.records import Coverage, Span
from covet.sandbox.base import (
    Cell,
    Exchange,
    Exchanged,
    Limits,
    Program,
    Ran,
    Request,
    UsedFixture,
    Worker,
    WorkerSpec,
)
from covet.sandbox.forkserver import ForkServerSandbox
from covet.sandbox.process import ProcessSandbox
from covet.sandbox.worker import ChannelWorker

ROOT = Path(__file__).parents[1] / "codebases" / "boxed"
ZYGOTE = Path(covet.languages.python.__file__).parent / "worker" / "zygote.py"
ORIGINAL = Program("original")
LIMITS = Limits(cpu_s=2.0, wall_s=6.0, memory_mb=256, disk_mb=8)
PRICES = (ROOT / "shop" / "prices.py").read_text()
WRONG = Program("wrong", "shop/prices.py", PRICES.replace("price - share", "price + share"))

Run = Callable[..., list[Cell]]


def spec(root: Path = ROOT, isolation: str = "full", **limits: float) -> WorkerSpec:
    bounds = {"cpu_s": 2.0, "wall_s": 6.0, "memory_mb": 256, "disk_mb": 8, **limits}
    return WorkerSpec(
        command=(sys.executable, "-I", "-B", str(ZYGOTE)),
        root=root,
        search_path=(".",),
        limits=Limits(**bounds),
        isolation=isolation,
    )


@contextlib.contextmanager
def opened(sandbox: type, what: WorkerSpec) -> Iterator[Worker]:
    try:
        worker = sandbox().open(what)
    except IsolationUnavailable as refusal:
        if os.environ.get("COVET_TEST_WITHOUT_ISOLATION"):
            pytest.skip(str(refusal))
        raise
    try:
        yield worker
    finally:
        worker.close()


@pytest.fixture(scope="module", params=[ForkServerSandbox, ProcessSandbox])
def worker(request: pytest.FixtureRequest) -> Iterator[Worker]:
    with opened(request.param, spec()) as it:
        yield it


@pytest.fixture(scope="module")
def warm() -> Iterator[ChannelWorker]:
    with opened(ForkServerSandbox, spec()) as it:
        yield it


def run(worker: Worker, source: str | None, *programs: Program, **more: object) -> list[Cell]:
    path = more.pop("path", "tests/test_new.py")
    return list(worker.submit(Request(programs or (ORIGINAL,), path, source, **more)))


def outcomes(cell: Cell) -> dict[str, str]:
    return dict(cell.outcomes)


# ----------------------------------------------------------------------------- verdicts

KINDS = """
import unittest
import pytest
from shop.prices import discount, label

def test_passes():
    assert discount(100) == 90

def test_fails():
    assert discount(100) == 91

def test_fails_by_call():
    pytest.fail("so")

def test_raises():
    discount(-1)

def test_expects_a_raise():
    with pytest.raises(ValueError):
        discount(-1)

def test_exits():
    raise SystemExit(0)

@pytest.mark.skip
def test_skipped():
    assert False

def test_skips():
    pytest.skip("so")

@pytest.mark.xfail
def test_xfail():
    assert False

@pytest.mark.xfail(strict=True)
def test_xpass_strict():
    pass

@pytest.mark.parametrize("price", [1, 50])
def test_many(price):
    assert label(price) == "cheap"

class TestPlain:
    def test_method(self, basket, tmp_path, monkeypatch):
        monkeypatch.setenv("A", "b")
        (tmp_path / "x").write_text(basket[0])
        assert (tmp_path / "x").read_text() == "apple"

@pytest.fixture
def broken():
    raise AssertionError

def test_broken_fixture(broken):
    pass

@pytest.fixture
def breaks_later():
    yield
    raise RuntimeError

def test_broken_teardown(breaks_later):
    pass

class TestUnit(unittest.TestCase):
    def test_good(self):
        self.assertEqual(label(1), "cheap")

    def test_bad(self):
        self.assertEqual(label(1), "dear")

    def test_ugly(self):
        raise KeyError

    @unittest.skip("so")
    def test_later(self):
        pass

    def test_parts(self):
        for n in range(3):
            with self.subTest(n=n):
                self.assertNotEqual(n, 1)

def test_capsys(capsys):
    print("hello")
    assert capsys.readouterr().out == "hello\\n"
"""


def test_every_kind_of_test_gets_its_verdict(worker: Worker) -> None:
    (cell,) = run(worker, KINDS)
    assert cell.end == "done"
    assert cell.error == ""
    assert outcomes(cell) == {
        "test_passes": "pass",
        "test_fails": "fail",
        "test_fails_by_call": "fail",
        "test_raises": "error",
        "test_expects_a_raise": "pass",
        "test_exits": "error",
        "test_skipped": "not_run",
        "test_skips": "not_run",
        "test_xfail": "not_run",
        "test_xpass_strict": "fail",
        "test_many[1]": "pass",
        "test_many[50]": "fail",
        "TestPlain::test_method": "pass",
        "test_broken_fixture": "error",
        "test_broken_teardown": "error",
        "TestUnit::test_good": "pass",
        "TestUnit::test_bad": "fail",
        "TestUnit::test_ugly": "error",
        "TestUnit::test_later": "not_run",
        "TestUnit::test_parts": "fail",
        "test_capsys": "pass",
    }
    assert cell.collected == tuple(test for test, _ in cell.outcomes)
    assert "91" in cell.detail


def test_a_file_without_conftest_fares_as_one_with(worker: Worker) -> None:
    without = KINDS.replace("basket, ", "").replace("basket[0]", '"apple"')
    (beside,) = run(worker, without)
    (above,) = run(worker, without, path="test_new.py")
    assert outcomes(above) == outcomes(beside)


def test_a_file_that_cannot_be_collected_says_why(worker: Worker) -> None:
    for source, path, why in (
        ("def test_a(:\n", "test_new.py", "SyntaxError"),
        ("def test_a(:\n", "tests/test_new.py", "SyntaxError"),
        ("import nowhere_to_be_found\n", "tests/test_new.py", "nowhere_to_be_found"),
        ("1 / 0\n", "test_new.py", "ZeroDivisionError"),
        ("import sys; sys.exit(0)\n", "test_new.py", "SystemExit"),
    ):
        (cell,) = run(worker, source, path=path)
        assert cell.end == "done"
        assert why in cell.error
        assert cell.outcomes == ()


def test_a_module_that_cannot_be_imported_says_why(worker: Worker) -> None:
    broken = Program("broken", "shop/prices.py", "raise KeyError('gone')\n")
    good, bad = run(worker, "def test_a(): pass\n", ORIGINAL, broken, imports=("shop.prices",))
    assert outcomes(good) == {"test_a": "pass"}
    assert "gone" in bad.error
    assert bad.collected == ()


def test_a_test_file_has_the_place_of_its_path(worker: Worker) -> None:
    source = (
        "import pathlib, inspect\n"
        "from . import conftest\n"
        "def test_place():\n"
        "    assert (pathlib.Path(__file__).parent / 'test_prices.py').is_file()\n"
        "    assert __name__ == 'tests.test_new'\n"
        "    assert 'def test_place' in inspect.getsource(test_place)\n"
        "    assert pathlib.Path.cwd() == pathlib.Path(__file__).parent.parent\n"
    )
    (cell,) = run(worker, source)
    assert outcomes(cell) == {"test_place": "pass"}, cell.detail + cell.error


def test_given_text_stands_in_the_place_of_an_existing_file(worker: Worker) -> None:
    (cell,) = run(worker, "def test_other(): pass\n", path="tests/test_prices.py")
    assert cell.collected == ("test_other",)


def test_what_is_on_the_disk_can_be_run(worker: Worker) -> None:
    (file,) = run(worker, None, path="tests/test_prices.py")
    assert outcomes(file) == {
        "test_discount": "pass",
        "test_label[1]": "pass",
        "test_label[100]": "pass",
    }
    (folder,) = run(worker, None, path="tests")
    assert set(outcomes(folder).values()) == {"pass"}
    assert "tests/test_prices.py::test_discount" in folder.collected
    assert "tests/test_basket.py::test_basket" in folder.collected


def test_nothing_but_imports_can_be_run(worker: Worker) -> None:
    (cell,) = run(worker, None, path="", imports=("shop.uses",), traced=("shop/uses.py",))
    assert (cell.end, cell.error, cell.collected) == ("done", "", ())
    assert 5 in cell.covered["shop/uses.py"].lines


def test_a_run_can_end_at_the_first_failure(worker: Worker) -> None:
    source = "def test_a(): pass\ndef test_b(): assert 0\ndef test_c(): pass\n"
    (cell,) = run(worker, source, stop_at_first_failure=True)
    assert cell.outcomes == (("test_a", "pass"), ("test_b", "fail"))
    assert cell.collected == ("test_a", "test_b", "test_c")
    assert cell.end == "done"


# ----------------------------------------------------------------------------- programs


def test_every_way_of_binding_sees_the_changed_program(worker: Worker) -> None:
    source = (
        "import sys, importlib, inspect\n"
        "from shop.prices import discount\n"
        "import shop.prices as module\n"
        "from shop.uses import answer\n"
        "def test_name(): assert discount(100) == 90\n"
        "def test_module(): assert module.discount(100) == 90\n"
        "def test_decorator_and_default(): assert answer() == 45 + 90\n"
        "def test_reloaded(): assert importlib.reload(module).discount(100) == 90\n"
        "def test_source(): assert 'price - share' in inspect.getsource(discount)\n"
    )
    for path in ("test_new.py", "tests/test_new.py"):
        right, wrong = run(worker, source, ORIGINAL, WRONG, path=path)
        assert set(outcomes(right).values()) == {"pass"}, right.detail
        assert set(outcomes(wrong).values()) == {"fail"}
        assert (right.program, wrong.program) == ("original", "wrong")


def test_a_program_may_be_a_file_that_is_not_there(worker: Worker) -> None:
    program = Program("new", "solution.py", "def solve(): return 3\n")
    source = "from solution import solve\ndef test_a(): assert solve() == 3\n"
    there, absent = run(worker, source, program, ORIGINAL)
    assert outcomes(there) == {"test_a": "pass"}
    assert "solution" in absent.error


def test_traced_files_show_the_lines_and_branches_that_ran(worker: Worker) -> None:
    source = (
        "from shop.prices import discount, label\n"
        "def test_a(): assert discount(4, 2) == 2\n"
        "def test_b(): assert label(3) == 'cheap'\n"
    )
    for path in ("test_new.py", "tests/test_new.py"):
        (cell,) = run(worker, source, path=path, traced=("shop/prices.py",))
        assert cell.covered == {
            "shop/prices.py": Coverage(
                lines=frozenset({1, 4, 5, 7, 8, 11, 12, 13, 14, 16, 17, 20, 23, 24}),
                branches=frozenset({(5, 7), (8, 11), (8, 14), (11, 12), (11, 13), (14, 16)}),
            ),
            "": Coverage(lines=frozenset({1, 2, 3})),
        }
    (cell,) = run(
        worker,
        "from shop.prices import discount\ndef test_a():\n    discount(1, 0)\n    discount(-1)\n",
        traced=("shop/prices.py",),
    )
    assert cell.covered["shop/prices.py"].branches == {(5, 7), (8, 14), (14, 16), (18, 19), (5, 6)}


def test_lines_of_a_test_that_never_run_are_told_apart(worker: Worker) -> None:
    source = "def test_a():\n    if 1 > 2:\n        assert False\n    assert True\n"
    (cell,) = run(worker, source, traced=("shop/prices.py",))
    assert cell.covered[""].lines == {1, 2, 4}


def test_nothing_is_traced_unless_asked(worker: Worker) -> None:
    (cell,) = run(worker, "import sys\ndef test_a(): assert sys.gettrace() is None\n")
    assert outcomes(cell) == {"test_a": "pass"}
    assert cell.covered == {}


# ------------------------------------------------------------------------------- limits


def test_a_crash_is_not_the_end_of_the_request(worker: Worker) -> None:
    source = "import os, shop.prices\ndef test_a(): pass\ndef test_b(): os._exit(0)\n"
    first, second = run(worker, source, ORIGINAL, ORIGINAL)
    assert (first.end, second.end) == ("crash", "crash")
    assert first.outcomes == (("test_a", "pass"),)


@pytest.mark.parametrize("body", ["while True: pass", "import time; time.sleep(60)"])
def test_what_does_not_end_is_ended(worker: Worker, body: str) -> None:
    started = time.monotonic()
    limits = Limits(cpu_s=0.5, wall_s=1.5, memory_mb=256, disk_mb=8)
    (cell,) = run(worker, f"def test_a(): pass\ndef test_b():\n    {body}\n", limits=limits)
    assert cell.end == "timeout"
    assert cell.outcomes == (("test_a", "pass"),)
    assert time.monotonic() - started < 6


def test_too_much_memory_is_told_apart(worker: Worker) -> None:
    (cell,) = run(
        worker, "def test_a():\n    x = []\n    while True: x.append(bytearray(1 << 24))\n"
    )
    assert cell.end == "out_of_memory"
    assert outcomes(cell) == {"test_a": "out_of_memory"}


def test_nonsense_in_place_of_a_report_is_meddling(worker: Worker) -> None:
    lines = (b"}{", b"[]", b'["end", [1]]', b'["covered", {"a": 1}]', b"[" * 100_000, b"\xff")
    programs = [Program(str(line), "shop/state.py", f"LINE = {line!r}") for line in lines]
    source = (
        "import os\nfrom shop.state import LINE\ndef test_a():\n    os.write(3, LINE + b'\\n')\n"
    )
    assert [cell.end for cell in run(worker, source, *programs)] == ["forged"] * len(lines)


def test_nothing_passes_from_one_program_to_the_next(worker: Worker) -> None:
    source = (
        "import os, pathlib, tempfile, sys\n"
        "import shop.state as state\n"
        "def test_clean():\n"
        "    assert state.COUNT == 0 and not hasattr(os, 'leak')\n"
        "    assert 'LEAK' not in os.environ\n"
        "    assert os.listdir(tempfile.gettempdir()) == []\n"
        "    assert os.listdir(pathlib.Path.home()) == []\n"
        "    state.COUNT, os.leak, os.environ['LEAK'] = 1, 1, '1'\n"
        "    pathlib.Path(tempfile.gettempdir(), 'leak').write_text('x')\n"
        "    pathlib.Path(tempfile.gettempdir(), 'locked').mkdir(0)\n"
    )
    for _ in range(2):
        for cell in run(worker, source, *[ORIGINAL] * 3):
            assert outcomes(cell) == {"test_clean": "pass"}, cell.detail


def test_what_is_no_longer_wanted_is_not_run(warm: ChannelWorker) -> None:
    source = "import time\ndef test_a(): time.sleep(0.5)\n"
    started = time.monotonic()
    cells = warm.submit(Request((ORIGINAL,) * 20, "tests/test_new.py", source))
    assert next(iter(cells)).end == "done"
    cells.close()
    assert outcomes(run(warm, "def test_a(): pass\n")[0]) == {"test_a": "pass"}
    assert time.monotonic() - started < 4


# ---------------------------------------------------------------------------- processes


def descendants(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [int(c) for c in children] + [d for c in children for d in descendants(int(c))]


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_many_requests_leave_nothing_behind(warm: ChannelWorker) -> None:
    run(warm, "def test_a(): pass\n")
    before = open_files(), len(descendants(os.getpid()))
    for _ in range(15):
        run(warm, "import os\ndef test_a(tmp_path): os.fork() or os._exit(0)\n", ORIGINAL, WRONG)
    after = open_files(), len(descendants(os.getpid()))
    assert after == before


def test_a_closed_worker_leaves_no_process() -> None:
    with opened(ForkServerSandbox, spec()) as it:
        mine = [*descendants(it._channels[0]._process.pid), it._channels[0]._process.pid]
        it.close()
        it.close()
    assert not [pid for pid in mine if Path(f"/proc/{pid}").exists()]


def test_a_worker_that_dies_is_infrastructure_and_then_replaced() -> None:
    with opened(ForkServerSandbox, spec()) as it:
        cells = it.submit(Request((ORIGINAL,) * 3, "tests/test_new.py", "def test_a(): pass\n"))
        assert next(iter(cells)).end == "done"
        os.killpg(it._channels[0]._process.pid, 9)
        rest = list(cells)
        assert rest[-1].end == "infrastructure"
        assert len(rest) == 2
        assert outcomes(run(it, "def test_a(): pass\n")[0]) == {"test_a": "pass"}


def test_an_interpreter_that_does_not_serve_says_what_to_do(tmp_path: Path) -> None:
    bare = tmp_path / "bin" / "python"
    bare.parent.mkdir()
    bare.symlink_to(Path(sys.executable).resolve())
    home = Path(sys.executable).resolve().parent
    (tmp_path / "pyvenv.cfg").write_text(f"home = {home}\ninclude-system-site-packages = false\n")
    for sandbox in (ForkServerSandbox, ProcessSandbox):
        for command, why in (((str(tmp_path / "none"),), "none"), ((str(bare),), "pytest")):
            what = WorkerSpec((*command, "-I", str(ZYGOTE)), ROOT, (".",), LIMITS)
            with pytest.raises(EnvironmentNotReady, match=why):
                sandbox().open(what)


@pytest.mark.parametrize("sandbox", [ForkServerSandbox, ProcessSandbox])
def test_without_isolation_the_verdicts_are_the_same(sandbox: type) -> None:
    with opened(sandbox, spec(isolation="none")) as it:
        right, wrong = run(it, KINDS, ORIGINAL, WRONG)
        assert outcomes(right)["test_passes"] == "pass"
        assert outcomes(wrong)["test_passes"] == "fail"
        assert outcomes(right)["TestPlain::test_method"] == "pass"
        started = time.monotonic()
        limits = Limits(cpu_s=1, wall_s=1, memory_mb=256, disk_mb=8)
        (cell,) = run(it, "import time\ndef test_a(): time.sleep(60)\n", limits=limits)
        assert cell.end == "timeout"
        assert time.monotonic() - started < 8
        before = len(descendants(os.getpid()))
        (cell,) = run(
            it,
            "import os, time\n"
            "def test_a():\n"
            "    if os.fork() == 0:\n"
            "        os.setsid()\n"
            "        time.sleep(60)\n",
        )
        assert outcomes(cell) == {"test_a": "pass"}
        assert len(descendants(os.getpid())) <= before


# ------------------------------------------------------------------------ what tests run

CODEBASE = {
    "shop/__init__.py": "",
    "shop/prices.py": """\
def price(n):
    if n > 9:
        return cut(n)
    return n


def cut(n):
    return n - 1


def never(n):
    return n


class Bill:
    def __init__(self, n):
        self.n = n

    @property
    def sum(self):
        return price(self.n)


def steps(n):
    yield from map(cut, range(n))
""",
    "shop/other.py": """\
from shop import prices


def through(n):
    return [prices.price(m) for m in [n]]
""",
    "tests/__init__.py": "",
    "tests/help.py": """\
from shop.prices import price


def helped(n):
    return price(n)


class Base:
    def test_inherited(self):
        assert helped(1) == 1
""",
    "tests/conftest.py": """\
import pytest

from shop.prices import Bill, cut


@pytest.fixture(scope="session")
def shared():
    return Bill(20)


@pytest.fixture
def count():
    return cut(3)
""",
    "tests/test_a.py": """\
import pytest

from shop import other, prices
from shop.prices import cut, price
from tests.help import Base, helped

NINE = prices.never(9)


def test_direct():
    assert price(20) == 19


def test_only_cut():
    assert cut(2) == 1


def test_helped():
    assert helped(2) == 2


def test_indirect():
    assert other.through(1) == [1]


@pytest.mark.parametrize("n", [1, 20])
def test_many(n):
    assert price(n) <= n


def test_shared_first(shared):
    assert shared.n == 20


def test_shared_second(shared, count):
    assert shared.sum == 19


def test_lazy():
    assert sum(prices.steps(3)) == 0


def test_sorted():
    assert sorted([3, 1], key=price) == [1, 3]


class TestHeir(Base):
    def test_own(self):
        assert prices.Bill(1).sum == 1
""",
    "conftest.py": "from shop.prices import cut\n\nFOUR = cut(5)\n",
    "tests/test_b.py": """\
def test_nothing(count):
    assert count == 2


def test_fails():
    from shop.prices import never

    assert never(1) == 2
""",
}
FILES = ("tests/test_a.py", "tests/test_b.py", "")
SHOP, OTHER = "shop/prices.py", "shop/other.py"
PLACES = {
    "price": (SHOP, 1),
    "cut": (SHOP, 7),
    "never": (SHOP, 11),
    "Bill": (SHOP, 16),
    "sum": (SHOP, 19),
    "steps": (SHOP, 24),
    "through": (OTHER, 4),
}


@pytest.fixture(scope="module", params=[ForkServerSandbox, ProcessSandbox])
def told(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Cell]]:
    """Runs those tests, and has told what each of them ran."""
    root = tmp_path_factory.mktemp("told")
    for path, text in CODEBASE.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text)
    with opened(request.param, spec(root)) as it:

        def tell(path: str = "tests", **more: object) -> Cell:
            (cell,) = run(it, None, path=path, traced=(SHOP, OTHER), by_test=True, **more)
            assert cell.end == "done", cell.detail
            return cell

        yield tell


@pytest.fixture(scope="module")
def ran(told: Callable[..., Cell]) -> dict[str, Ran]:
    """By test, or by file where it is collected."""
    return {each.test or each.path: each for each in told().ran}


def entered(each: Ran) -> tuple[set[str], set[str]]:
    """The names of the functions that were entered directly, and by the way."""
    names = {place: name for name, place in PLACES.items()}
    return {names[place] for place in each.direct}, {names[place] for place in each.indirect}


@pytest.mark.parametrize(
    ("test", "direct", "indirect"),
    [
        ("test_direct", {"price"}, {"cut"}),
        ("test_only_cut", {"cut"}, set()),
        ("test_helped", {"price"}, set()),
        ("test_indirect", {"through"}, {"price"}),
        ("test_many", {"price"}, {"cut"}),
        ("test_lazy", {"steps"}, {"cut"}),
        ("test_sorted", {"price"}, set()),
        ("TestHeir::test_own", {"Bill", "sum"}, {"price"}),
    ],
)
def test_a_function_is_entered_directly_or_by_way_of_another(
    ran: dict[str, Ran], test: str, direct: set[str], indirect: set[str]
) -> None:
    assert entered(ran[f"tests/test_a.py::{test}"]) == (direct, indirect)


def test_what_a_wider_fixture_runs_is_told_of_every_test_that_uses_it(
    ran: dict[str, Ran],
) -> None:
    first, second = (ran[f"tests/test_a.py::test_shared_{n}"] for n in ("first", "second"))
    assert entered(first) == ({"Bill"}, set())
    assert entered(second) == ({"Bill", "sum", "cut"}, {"price"})
    assert 17 in first.covered[SHOP].lines & second.covered[SHOP].lines
    assert "Bill" not in entered(ran["tests/test_a.py::test_direct"])[0]


def test_a_test_with_parameters_is_told_once_with_all_that_they_ran(
    told: Callable[..., Cell],
) -> None:
    cell = told("tests/test_a.py")
    assert ("test_many[20]", "pass") in cell.outcomes
    (many,) = [each for each in cell.ran if "test_many" in each.test]
    assert many.test == "tests/test_a.py::test_many"
    assert many.covered == {
        SHOP: Coverage(frozenset({2, 3, 4, 8}), frozenset({(2, 3), (2, 4)})),
    }


def test_every_test_is_told_with_the_lines_that_it_ran_itself(ran: dict[str, Ran]) -> None:
    tests = {
        *("direct", "only_cut", "helped", "indirect", "many", "shared_first", "shared_second"),
        *("lazy", "sorted"),
    }
    assert set(ran) == {
        *(f"tests/test_a.py::test_{name}" for name in tests),
        *("tests/test_a.py::TestHeir::test_inherited", "tests/test_a.py::TestHeir::test_own"),
        *("tests/test_b.py::test_nothing", "tests/test_b.py::test_fails"),
        *FILES,
    }
    assert ran["tests/test_a.py::test_direct"].covered[SHOP].lines == {2, 3, 8}
    assert ran["tests/test_a.py::test_only_cut"].covered[SHOP].lines == {8}
    assert ran["tests/test_b.py::test_fails"].covered[SHOP].lines == {12}


def test_what_collecting_runs_is_told_of_the_file_or_of_none(ran: dict[str, Ran]) -> None:
    assert entered(ran["tests/test_a.py"]) == ({"never"}, set())
    assert 12 in ran["tests/test_a.py"].covered[SHOP].lines
    assert entered(ran["tests/test_b.py"]) == (set(), set())
    assert entered(ran[""]) == ({"cut"}, set())
    lines = {path: ran[path].covered.get(SHOP, Coverage()).lines for path in FILES}
    assert [path for path in FILES if 8 in lines[path]] == [""]


def test_a_test_stands_where_its_code_stands(ran: dict[str, Ran]) -> None:
    def place(test: str) -> tuple[str, int]:
        return ran[test].path, ran[test].line

    assert place("tests/test_a.py::test_direct") == ("tests/test_a.py", 10)
    assert place("tests/test_a.py::test_many") == ("tests/test_a.py", 26)
    assert place("tests/test_a.py::TestHeir::test_own") == ("tests/test_a.py", 48)
    assert place("tests/test_a.py::TestHeir::test_inherited") == ("tests/help.py", 9)


def test_a_fixture_is_told_with_its_place_and_the_class_of_what_it_gave(
    ran: dict[str, Ran],
) -> None:
    assert ran["tests/test_a.py::test_shared_second"].fixtures == (
        UsedFixture("shared", "tests/conftest.py", 6, "shop.prices:Bill"),
        UsedFixture("count", "tests/conftest.py", 11, ""),
    )
    assert ran["tests/test_a.py::test_direct"].fixtures == ()


def test_below_0_the_order_is_the_opposite_and_each_test_runs_the_same(
    told: Callable[..., Cell], ran: dict[str, Ran]
) -> None:
    forward, backward = told(), told(order=-1)
    assert backward.outcomes == forward.outcomes[::-1]
    again = {each.test or each.path: each for each in backward.ran}
    assert set(again) == set(ran)
    for test, each in ran.items():
        assert again[test] == each, test


def test_what_tests_run_is_told_only_where_it_is_asked_for(worker: Worker) -> None:
    (cell,) = run(worker, None, path="tests", traced=("shop/prices.py",))
    assert cell.ran == ()


def test_a_test_that_takes_too_long_by_itself_is_given_up_and_every_test_is_timed(
    worker: Worker,
) -> None:
    source = (
        "from shop.prices import discount\n"
        "def test_long():\n"
        "    for n in range(10_000): discount(n)\n"
        "def test_slow():\n"
        "    import random\n"
        "    random.shuffle([0] * 5_000_000)\n"
        "def test_short(): assert discount(100) == 90\n"
    )
    limits = Limits(cpu_s=20, wall_s=20, memory_mb=256, disk_mb=8, steps=1000)
    request = Request(
        (ORIGINAL,),
        "tests/test_new.py",
        source,
        traced=("shop/prices.py",),
        limits=limits,
        each_s=0.2,
    )
    (cell,) = worker.submit(request)
    assert outcomes(cell) == {
        "test_long": "timeout",
        "test_slow": "timeout",
        "test_short": "pass",
    }
    assert set(cell.took) == {"test_long", "test_slow", "test_short"}
    assert all(0 <= seconds < 2 for seconds in cell.took.values())
    (hasty,) = worker.submit(replace(request, each_s=0))
    assert (hasty.end, outcomes(hasty), hasty.took) == ("timeout", {}, {})


# ----------------------------------------------------------------------------- exchanges

BASE = Program("", "shop/prices.py", PRICES)
SHARE = next(n for n, line in enumerate(PRICES.splitlines(), 1) if "price - share" in line)
CHANGED = Program("changed", "shop/prices.py", WRONG.source, Span(SHARE, SHARE))
SAME = Program("same", "shop/prices.py", PRICES, Span(SHARE, SHARE))
FIRST = next(n for n, line in enumerate(PRICES.splitlines(), 1) if "def discount" in line)


def exchange(worker: Worker, source: str, *programs: Program, **more: object) -> Exchanged:
    request = Exchange(
        base=BASE,
        pool=frozenset({PRICES, *(program.source for program in programs)}),
        place=FIRST,
        programs=programs,
        test_path="tests/test_new.py",
        test_source=source,
        imports=("shop.prices",),
        **more,
    )
    return worker.exchange(request)


TWO = (
    "from shop.prices import discount\n"
    "def test_half(): assert discount(100) == 90\n"
    "def test_refused():\n"
    "    import pytest\n"
    "    with pytest.raises(ValueError): discount(-1)\n"
)


def test_an_exchange_tells_what_a_fresh_start_tells(worker: Worker) -> None:
    found = exchange(worker, TWO, CHANGED, SAME)
    assert found.original is not None
    assert outcomes(found.original) == {"test_half": "pass", "test_refused": "pass"}
    assert SHARE in found.original.lines["test_half"]
    assert SHARE not in found.original.lines["test_refused"]
    assert outcomes(found.cells["changed"]) == {"test_half": "fail"}
    assert outcomes(found.cells["same"]) == {"test_half": "pass"}
    assert not found.stateful


def test_where_the_original_does_not_pass_nothing_follows(worker: Worker) -> None:
    found = exchange(worker, TWO + "def test_wrong(): assert discount(100) == 1\n", CHANGED)
    assert found.original is not None
    assert outcomes(found.original)["test_wrong"] == "fail"
    assert "90" in found.original.detail
    assert not found.cells


def test_tests_that_pass_once_are_told_and_can_be_met_apart(worker: Worker) -> None:
    source = (
        TWO + "SEEN = []\ndef test_once():\n    assert not SEEN\n    SEEN.append(discount(2))\n"
    )
    found = exchange(worker, source, CHANGED, SAME)
    assert found.stateful
    apart = exchange(worker, source, CHANGED, SAME, known=found.original, how="apart")
    assert outcomes(apart.cells["same"]).get("test_half") == "pass"
    assert outcomes(apart.cells["changed"])["test_half"] == "fail"


def test_what_a_program_used_up_is_not_missed_by_the_original_after_it(worker: Worker) -> None:
    source = (
        "from shop.prices import discount\n"
        "def price():\n"
        "    try: return discount(100)\n"
        "    except RecursionError: return 0\n"
        "def test_often(): assert [price() for _ in range(5)] == [90] * 5\n"
    )
    endless = Program(
        "endless",
        "shop/prices.py",
        PRICES.replace("price - share", "discount(price)"),
        Span(SHARE, SHARE),
    )
    found = exchange(worker, source, endless)
    assert found.original is not None
    assert outcomes(found.cells["endless"]) == {"test_often": "timeout"}
    checked = exchange(worker, source, endless, known=found.original, how="check", order=1)
    assert outcomes(checked.cells["endless"]) == {"test_often": "timeout"}
    assert checked.original is not None
    assert outcomes(checked.original) == {"test_often": "pass"}


def test_what_is_called_while_tests_are_collected_is_left_out(worker: Worker) -> None:
    source = TWO + "HALF = discount(100)\ndef test_kept(): assert discount(100) == HALF\n"
    found = exchange(worker, source, CHANGED)
    assert found.original is not None
    assert found.original.collected_lines
    assert not found.cells
    apart = exchange(worker, source, CHANGED, known=found.original, how="apart")
    assert outcomes(apart.cells["changed"])["test_half"] == "fail"
