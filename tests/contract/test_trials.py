"""The Sandbox contract for whole programs, over both implementations, in full isolation."""

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from covet.errors import IsolationUnavailable
from covet.languages.python import PYTHON
from covet.sandbox.base import Answer, Limits, Trial, Worker, WorkerSpec
from covet.sandbox.forkserver import ForkServerSandbox
from covet.sandbox.process import ProcessSandbox

LIMITS = Limits(cpu_s=1.0, wall_s=2.0, memory_mb=256, disk_mb=4, steps=100_000)
COUNTING = "seen = []\ndef f(x):\n    seen.append(x)\n    return len(seen)\n"


def opened(sandbox: type, root: Path) -> Worker:
    command = PYTHON.worker(Path(sys.executable))
    try:
        return sandbox().open(WorkerSpec(command, root, (), LIMITS, serves="programs"))
    except IsolationUnavailable as refusal:
        if os.environ.get("COVET_TEST_WITHOUT_ISOLATION"):
            pytest.skip(str(refusal))
        raise


@pytest.fixture(scope="module", params=[ForkServerSandbox, ProcessSandbox])
def worker(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    it = opened(request.param, tmp_path_factory.mktemp("root"))
    yield it
    it.close()


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    it = opened(ForkServerSandbox, tmp_path_factory.mktemp("root"))
    yield it
    it.close()


def answers(worker: Worker, kind: str, program: str, *inputs: str, **more: object) -> list[Answer]:
    more.setdefault("entry_point", "" if kind == "stdio" else "f")
    (row,) = worker.trial(Trial(kind, (program,), inputs, **more))
    return list(row)


def answer(worker: Worker, kind: str, program: str, given: str = "", **more: object) -> Answer:
    (one,) = answers(worker, kind, program, given, **more)
    return one


BOTH = pytest.mark.parametrize("apart", [False, True])


def test_every_program_answers_every_input_in_order(worker: Worker) -> None:
    programs = ("print(int(input()) * 2)", "import os\nprint(int(input()) + 2)")
    rows = list(worker.trial(Trial("stdio", programs, ("1", "5"))))
    assert [[one.text for one in row] for row in rows] == [["2\n", "10\n"], ["3\n", "7\n"]]


@BOTH
def test_results_of_calls_are_told_as_values(worker: Worker, apart: bool) -> None:
    program = "def f(x, *, y=0): return {'a': [x, (y, 1.5)]}"
    one = answer(worker, "call", program, "3, y='é'", apart=apart)
    assert one == Answer("done", '{"d": [["a", [3, {"t": ["\\u00e9", 1.5]}]]]}')


def test_a_method_of_a_class_is_called_on_an_instance(warm: Worker) -> None:
    program = "class Solution:\n    def go(self, x): return x + 1\n"
    assert answer(warm, "call", program, "3", entry_point="Solution.go").text == "4"


@BOTH
def test_an_input_meets_a_program_from_its_beginning(worker: Worker, apart: bool) -> None:
    found = answers(worker, "call", COUNTING, "1", "2", "3", apart=apart)
    assert [one.text for one in found] == ["1", "1", "1"]


@pytest.mark.parametrize(
    "spoil",
    [
        (
            "import collections\nC = collections.Counter\ndef f(x):\n"
            "    C.n = getattr(C, 'n', 0) + 1\n    return C.n\n"
        ),
        (
            "import collections\ndef g(C):\n    C.n = hasattr(C, 'n')\n    return C.n\n"
            "def f(x): return g(collections.Counter)\n"
        ),
        (
            "from collections import Counter\nB = Counter\ndef f(x):\n"
            "    seen = hasattr(B, 'n')\n    B.n = 1\n    return seen\n"
        ),
        (
            "import decimal\ndef f(x):\n    c = decimal.getcontext()\n    c.prec += 1\n"
            "    return c.prec == 29\n"
        ),
        (
            "import os\ndef f(x):\n    seen = os.environ.get('X', '')\n    os.environ['X'] = '1'\n"
            "    return seen\n"
        ),
        (
            "import os\ndef f(x):\n    path = os.environ['TMPDIR'] + '/x'\n"
            "    with open(path, 'a+') as file:\n        file.write('x')\n"
            "        return file.tell()\n"
        ),
        "import random\nvalue = random.random()\ndef f(x): return value\n",
        (
            "import sys\ndef f(x):\n    before = sys.getrecursionlimit()\n"
            "    sys.setrecursionlimit(5000)\n    return before\n"
        ),
        "import sys\ndef f(x):\n    sys.stdout.close()\n    return sys.stdout.closed\n",
    ],
)
def test_what_an_input_leaves_behind_is_gone_before_the_next(warm: Worker, spoil: str) -> None:
    found = answers(warm, "call", spoil, "1", "2", "3")
    assert len({(one.end, one.text) for one in found}) == 1, found
    assert found[0].end == "done"


@BOTH
@pytest.mark.parametrize(
    ("program", "end"),
    [
        ("while True: pass", "timeout"),
        ("import time\ntime.sleep(60)", "timeout"),
        ("while True: print('PASS ' * 1000)", "error"),
        ("import os\nwhile True: os.write(1, b'x' * 100000)", "error"),
        ("print('x' * 3_000_000)", "error"),
        ("1 / 0", "error"),
        ("x = [", "error"),
        ("a\0b", "error"),
        ("raise SystemExit(3)", "error"),
        ("exit()", "done"),
        ("a = [0] * 10**9", "out_of_memory"),
        ("def f(): f()\nf()", "error"),
        ("import os\nos._exit(0)", "done"),
        ("import os\nos._exit(1)", "error"),
        ("import os\nos.abort()", "crash"),
        ("import os\nos.kill(os.getppid(), 9)\nos.kill(1, 9)", "done"),
        ("import os\nos.kill(-1, 9)", "error"),
        ("import os\nwhile True: os.fork()", "error or timeout"),
        ("import os\nos.write(3, b'[0, \"done\", \"\", \"\"]\\nrubbish\\n')", "error"),
        ("import threading\nthreading.Thread(target=lambda: sum(0 for _ in iter(int, 1))).start()",
         "timeout"),
        ("import sys\nsys.stderr.write('a warning')", "done"),
        ("(" * 5000, "error"),
        ("x = " + "-" * 50_000 + "1", "error"),
    ],
)  # fmt: skip
def test_whatever_a_program_does_has_its_end(
    warm: Worker, program: str, end: str, apart: bool
) -> None:
    assert answer(warm, "stdio", program, apart=apart).end in end.split(" or ")
    assert answer(warm, "stdio", "print(1)").text == "1\n"


def test_what_hangs_is_not_run_on_and_on(worker: Worker) -> None:
    program = "def f(x):\n    while x: pass\n    return x\n"
    found = answers(worker, "call", program, "1", "0", "2", "0", timeouts=2)
    assert [one.end for one in found] == ["timeout", "done", "timeout", "not_run"]


@pytest.mark.parametrize(
    "body",
    [
        "for _ in range(n): pass\n    return n",
        "while n: n -= 1\n    return n",
        "return len([x for x in range(n) if x])",
        "return sum(1 for a in range(10) for b in range(n // 10))",
        "return len({x: 1 for x in range(n)})",
        "def g(): 0\n    return len(list(map(lambda _: g(), range(n))))",
    ],
)
def test_turns_decide_and_not_the_clock(warm: Worker, body: str) -> None:
    found = answers(warm, "call", f"def f(n):\n    {body}\n", "99_900", "100_010")
    assert [one.end for one in found] == ["done", "timeout"]


def test_counting_changes_nothing_that_a_program_sees(warm: Worker) -> None:
    program = """
def f():
    "words"
    x = [y for y in range(5) if y % 2 for _ in "ab"]
    for z in ():
        pass
    else:
        x.append(f.__doc__)
    def g():
        "more"
    def h():
        "alone"
        yield 1
    return x, g.__doc__, g(), [*h()], {k: v for k, v in zip("ab", x)}, f.__code__.co_firstlineno
"""
    counted = answer(warm, "call", program)
    plain = answer(warm, "call", program, limits=replace(LIMITS, steps=0))
    assert counted.end == "done"
    assert counted == plain


@BOTH
def test_input_and_output_keep_every_byte(worker: Worker, apart: bool) -> None:
    program = "import sys\nsys.stdout.write(sys.stdin.read())"
    given = "a\r\nb\0\udcff é\n\n "
    assert answer(worker, "stdio", program, given, apart=apart).text == given


@BOTH
def test_a_megabyte_of_input_is_read(worker: Worker, apart: bool) -> None:
    program = "import sys\nprint(len(sys.stdin.read()))"
    assert answer(worker, "stdio", program, "x" * 1_200_000, apart=apart).text == "1200000\n"


def test_arguments_that_are_no_literals_are_an_error(warm: Worker) -> None:
    given = ("x", "1), g(2", "*[1]", "__import__('os')", "", "1,", "[1] * 3", "(" * 300)
    found = answers(warm, "call", "def f(*a): return len(a)", *given)
    ends = [one.end for one in found]
    assert ends == ["error"] * 4 + ["done"] * 2 + ["error"] * 2
    assert "literals" in found[0].detail


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("type('A', (), {'__eq__': lambda s, o: True, '__repr__': lambda s: '4'})()", '{"o": "A"}'),
        ("(i for i in [4])", '{"o": "generator"}'),
        ("type('I', (int,), {'__eq__': lambda s, o: True})(5)", "5"),
        ("type('S', (str,), {'__str__': lambda s: 'x'})('y')", '"y"'),
        ("__import__('collections').Counter('aa')", '{"d": [["a", 2]]}'),
        ("__import__('fractions').Fraction(1, 2)", '{"q": ["0x1", "0x2"]}'),
        ("2 ** 70", '{"i": "0x400000000000000000"}'),
        ("{1: 2}.keys()", '{"s": [1]}'),
        ("b'a'", '{"b": "61"}'),
        ("1j", '{"c": [0.0, 1.0]}'),
        ("(a := [], a.append(a))[0]", '{"o": "nested too deeply"}'),
    ],
)
def test_a_result_is_what_it_is_and_not_what_it_says(warm: Worker, value: str, told: str) -> None:
    assert answer(warm, "call", f"def f():\n    return {value}\n").text == told


# --------------------------------------------------------------------------------- tests


def test_a_test_program_calls_the_candidate_in_another_process(worker: Worker) -> None:
    passing = "assert candidate(3) == 4"
    failing = "assert candidate(3) == 5"
    raising = "try:\n    candidate('x')\nexcept TypeError: pass\nelse: assert False"
    found = answers(worker, "test", "def f(x): return x + 1", passing, failing, raising)
    assert [(one.end, one.text) for one in found] == [
        ("done", "passed"),
        ("done", "failed"),
        ("done", "passed"),
    ]


@pytest.mark.parametrize(
    ("program", "end"),
    [
        ("import os\ndef f(x): os._exit(0)", "error"),
        ("def f(x): raise SystemExit(0)", "error"),
        ("def f(x):\n    while True: pass", "timeout"),
        ("def f(x): raise AssertionError", "error"),
        ("import os\ndef f(x): os.abort()", "crash"),
        ("import os\ndef f(x): os.kill(os.getppid(), 9)", "crash"),
        ("class A:\n    def __eq__(s, o): return True\ndef f(x): return A()", "done"),
        ("import builtins\nbuiltins.AssertionError = ValueError\ndef f(x): return 5", "done"),
        ("import os\nos.write(3, b'[0, \"done\", \"passed\", \"\"]\\n')\ndef f(x): return 5",
         "error"),
        ("x = [", "error"),
    ],
)  # fmt: skip
def test_no_program_forges_a_test(warm: Worker, program: str, end: str) -> None:
    one = answer(warm, "test", program, "assert candidate(3) == 4")
    assert one.end == end
    assert one.text != "passed"


SEARCH = """
import ctypes, re
def f(x):
    found = 0
    for low, high in re.findall(r"^(\\w+)-(\\w+) rw", open("/proc/self/maps").read(), re.M):
        start, size = int(low, 16), int(high, 16) - int(low, 16)
        if size < 1 << 26:
            at = ctypes.string_at(start, size)
            places = [place.end() for place in re.finditer(b"ORACLE", at)]
            found += sum(at[place : place + 6][::-1] == b"terces" for place in places)
    return found
"""
"""Counts the word ORACLE with another behind it, which stands nowhere in this text."""


def test_a_program_finds_neither_tests_nor_other_programs_in_its_memory(warm: Worker) -> None:
    if answer(warm, "call", SEARCH, "0").end != "done":
        pytest.skip("this kernel shows no process its memory")
    test = "word = 'ORACLE" + "secret'\nassert candidate(0) == 0, candidate(0)\n"
    one = answer(warm, "test", SEARCH, test)
    assert (one.text, one.detail) == ("passed", "")
    other = "word = 'ORACLE" + "secret'\ndef f(x): return word\n"
    for programs in ((other, SEARCH), (SEARCH, other)):
        rows = list(warm.trial(Trial("call", programs, ("0",), entry_point="f")))
        assert rows[programs.index(SEARCH)][0].text == "0"
    shown = answer(warm, "call", SEARCH, "'ORACLE" + "secret'")
    assert int(shown.text) > 0


# ----------------------------------------------------------------------------------- end


def test_a_trial_can_be_abandoned(warm: Worker) -> None:
    rows = warm.trial(Trial("stdio", ("print(1)", "import time\ntime.sleep(60)"), ("",)))
    assert next(rows)[0].text == "1\n"
    rows.close()
    assert answer(warm, "stdio", "print(2)").text == "2\n"


def test_nothing_to_run_has_no_answers(warm: Worker) -> None:
    assert list(warm.trial(Trial("stdio", (), ("1",)))) == []
    assert list(warm.trial(Trial("stdio", ("print(1)",), ()))) == [()]
