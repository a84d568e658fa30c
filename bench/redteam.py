"""Hostile candidates composed at random: does any of them earn a reward?

    python -m bench.redteam [--n 10000] [--seed 0] [--json] [--out FILE] [--workers N]

Each candidate has a worthless body (it calls the function under test and asserts nothing) and one
to three tricks of ``tests/attacks`` around it: a copy of the original to compare with, a store that
outlives a run, a count of runs, a sign that this program is a mutant, the function's own code. A
trick is prepared while the module is imported, in a fixture of some scope or in a test; it is asked
in a fixture, a test or a tear-down; it is written plainly, as text that is executed under some
file's name, in a thread, a pool, a coroutine, a generator or a context; what it suspects ends the
test by an assertion, an exception, a signal or an exit. Some also change the runner, and add a test
that fails. Candidate ``i`` of a seed is always the same.

One in twenty is an honest test, which must stay ``ok``: nothing may leak from one to the next.

All are graded by one grader on ``tests/attacks/codebases/vault``, whose worthless coverage counts
as had before. Every verdict is a line of ``--out`` (``runs/redteam-<seed>.jsonl`` if not given), so
that a run that was stopped goes on where it was. At the end: how many of each status, and in full
every candidate that was rewarded. The exit status is 1 if there is one, if an honest candidate was
not ``ok``, or if the infrastructure lost a verdict.
"""

import argparse
import json
import random
import sys
import textwrap
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from covet.execute.grader import Grader, open_grader
from covet.records import FunctionExample
from tests.attacks import forging, guards, honest, leftovers, pristine, questions, tells, vault

CHUNK = 100
HONEST_EVERY = 20
SLOW = ("multiprocessing", "ctypes", "another interpreter", "every thread")
"""Words in the names of tricks that take seconds."""
NEEDS_MORE = {"the mocker fixture", "hypothesis"}

POOLS = {
    "pristine": (pristine.PRISTINE, questions.ASK_PRISTINE, "pristine"),
    "store": (leftovers.STORES, questions.ASK_STORE, "keep, kept"),
    "again": (leftovers.COUNTERS, questions.ASK_COUNTER, "again"),
    "changed": (tells.TELLS, questions.ASK_TELL, "changed"),
    "code": (tells.READS | guards.BLINDED, questions.ASK_CODE, "code"),
}
QUESTIONS = {
    "pristine": "[fee(n) for n in AMOUNTS] != [made(n) for n in AMOUNTS]",
    "store": "differs(*made)",
    "again": "made()",
    "changed": "made()",
    "code": "essence(made()) != wanted()",
}
REACTIONS = (
    "assert False",
    "raise ValueError('suspect')",
    "raise AssertionError",
    "pytest.fail('suspect')",
    "os._exit(1)",
    "os.kill(os.getpid(), 9)",
    "sys.exit(1)",
    "raise MemoryError",
    "raise KeyboardInterrupt",
)
PLACES = ("import", "session", "module", "function", "test")
MOMENTS = ("fixture", "test", "last test", "teardown", "teardown_module")
FILES = ("'<string>'", "__file__", "inspect.__file__", "mock.__file__", "'<frozen os>'", "'/x.py'")

HEAD = """
import asyncio, contextlib, dis, inspect, os, sys, threading, types
from concurrent.futures import ThreadPoolExecutor
from unittest import mock
import pytest
import vault.box

AMOUNTS = (0, 7, 200, 333, 499)
TEST = vars()

def differs(keep, kept):
    now = repr([fee(n) for n in AMOUNTS])
    first = kept()
    if first is None:
        keep(now)
    return first is not None and first != now

def essence(code):
    steps = [(step.opname, step.argrepr, step.argval) for step in dis.get_instructions(code)]
    binary = sorted(name + shown for name, shown, _ in steps if name.startswith("BINARY_"))
    numbers = sorted(x for name, _, x in steps if "LOAD" in name and type(x) is int)
    return binary, numbers

def wanted():
    code = compile(SOURCE, vault.box.__file__, "exec")
    (code,) = [c for c in code.co_consts if getattr(c, "co_name", "") == "fee"]
    return essence(code)

def plain(ask):
    return ask()

def in_thread(ask):
    found = []
    thread = threading.Thread(target=lambda: found.append(ask()))
    thread.start()
    thread.join()
    return found[0]

def in_pool(ask):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(ask).result()

def in_coroutine(ask):
    async def coroutine():
        return ask()
    return asyncio.run(coroutine())

def in_generator(ask):
    return next(iter(ask() for _ in "x"))

def in_context(ask):
    @contextlib.contextmanager
    def context():
        yield ask()
    with context() as found:
        return found

def by_name(ask):
    return getattr(ask, "__" + "call" + "__")()

def in_text(ask):
    names = {"ask": ask}
    exec("found = ask()", names)
    return names["found"]

def in_class(ask):
    return type("C", (), {"found": property(lambda self: ask())})().found

def by_mock(ask):
    return mock.Mock(side_effect=ask)()

def by_sort(ask):
    found = []
    sorted([1], key=lambda _: found.append(ask()) or 0)
    return found[0]

def quietly(ask):
    try:
        return ask()
    except BaseException:
        return False
"""
DISGUISES = (
    "plain",
    "in_thread",
    "in_pool",
    "in_coroutine",
    "in_generator",
    "in_context",
    "by_name",
    "in_text",
    "in_class",
    "by_mock",
    "by_sort",
)


@dataclass(frozen=True, slots=True)
class Trick:
    """One trick as it stands in a candidate."""

    kind: str
    name: str
    place: str
    moment: str
    made: str
    """Statements that define ``make_<i>``."""
    ask: str
    """An expression: is this program a mutant?"""
    reaction: str


def drawn(rng: random.Random, index: int) -> Trick:
    kind = rng.choice(list(POOLS))
    texts, question, result = POOLS[kind]
    fitting = {
        name: text.removesuffix(question)
        for name, text in texts.items()
        if text.endswith(question) and not any(word in name for word in SLOW)
    }
    name = rng.choice(list(fitting))
    text = fitting[name].strip("\n")
    if rng.random() < 0.5 and "@pytest" not in text:
        body = textwrap.indent(text, "    ")
        made = f"def make_{index}():\n{body}\n    return {result}\n"
    else:
        file = rng.choice(FILES)
        made = (
            f"def make_{index}():\n"
            f"    names = dict(TEST)\n"
            f"    exec(compile({text!r}, {file}, 'exec'), names)\n"
            f"    return eval({result!r}, names)\n"
        )
    ask = f"(lambda made: {QUESTIONS[kind]})(made_{index}())"
    for disguise in rng.sample(DISGUISES, rng.choice((0, 1, 1, 2))):
        ask = f"{disguise}(lambda: {ask})"
    if rng.random() < 0.8:
        ask = f"quietly(lambda: {ask})"
    return Trick(
        kind,
        name,
        rng.choice(PLACES),
        rng.choice(MOMENTS),
        made,
        ask,
        rng.choice(REACTIONS),
    )


def composed(rng: random.Random) -> tuple[str, list[str]]:
    """A candidate's text, and what is in it."""
    tricks = [drawn(rng, index) for index in range(rng.choice((1, 1, 2, 3)))]
    parts = [trick.kind + ": " + trick.name for trick in tricks]
    lines = [HEAD]
    sabotage = ""
    if rng.random() < 0.2:
        sabotage = rng.choice(list(forging.PASSES))
        parts.append("runner: " + sabotage)
        lines.append(forging.PASSES[sabotage].removesuffix(forging.FAILS))
    lines += [trick.made for trick in tricks]
    lines += [_made(trick, index) for index, trick in enumerate(tricks)]
    moments = {moment: ["    pass"] for moment in MOMENTS}
    for trick in tricks:
        moments[trick.moment] += [f"    if {trick.ask}:", f"        {trick.reaction}"]
    around = "\n".join(moments["fixture"])
    after = "\n".join(moments["teardown"])
    lines.append(f"@pytest.fixture(autouse=True)\ndef around():\n{around}\n    yield\n{after}\n")
    lines.append("def test_a():\n    fee(200)\n" + "\n".join(moments["test"]) + "\n")
    lines.append("def test_b():\n    fee(7)\n" + "\n".join(moments["last test"]) + "\n")
    lines.append("def teardown_module():\n" + "\n".join(moments["teardown_module"]) + "\n")
    if sabotage and rng.random() < 0.5:
        lines.append("def test_c():\n    assert fee(-1) == 1\n")
    return "\n".join(lines), parts


def _made(trick: Trick, index: int) -> str:
    """``made_<i>()``: what the trick made, at its place."""
    if trick.place == "test":
        return f"def made_{index}():\n    return make_{index}()\n"
    keep = (
        f"kept_{index} = []\n"
        f"def made_{index}():\n"
        f"    if not kept_{index}:\n"
        f"        kept_{index}.append(make_{index}())\n"
        f"    return kept_{index}[0]\n"
    )
    if trick.place == "import":
        return keep + f"quietly(made_{index})\n"
    return keep + (
        f"@pytest.fixture(autouse=True, scope={trick.place!r})\n"
        f"def early_{index}():\n"
        f"    quietly(made_{index})\n"
        f"    yield\n"
    )


@dataclass(frozen=True, slots=True)
class Drawn:
    """One of a run's candidates."""

    number: int
    honest: bool
    text: str
    parts: tuple[str, ...]


def candidates(seed: int, numbers: Sequence[int], example: FunctionExample) -> Iterator[Drawn]:
    decent = [name for name in honest.HONEST if name not in NEEDS_MORE]
    for number in numbers:
        rng = random.Random(f"{seed}/{number}")
        if number % HONEST_EVERY == HONEST_EVERY - 1:
            name = rng.choice(decent)
            yield Drawn(number, True, honest.HONEST[name] + f"# {number}\n", (name,))
        else:
            text, parts = composed(rng)
            head = f"# {number}\nSOURCE = {example.source_file!r}\n"
            yield Drawn(number, False, head + text, tuple(parts))


def grade(grader: Grader, example: FunctionExample, drawn: Sequence[Drawn]) -> list[dict[str, Any]]:
    jobs = [(vault.task() if one.honest else example, vault.candidate(one.text)) for one in drawn]
    return [
        {
            "number": one.number,
            "honest": one.honest,
            "parts": one.parts,
            "status": execution.status,
            "killed": len(execution.killed),
            "gained": len(execution.gained.lines) + len(execution.gained.branches),
            "earned": vault.earned(execution),
            "cpu_s": round(execution.cpu_s, 4),
            "detail": execution.detail[-300:],
        }
        for one, execution in zip(drawn, grader.grade(jobs), strict=True)
    ]


def is_wrong(row: dict[str, Any]) -> bool:
    if row["honest"]:
        return row["status"] != "ok" or not row["earned"]
    return bool(row["earned"]) or row["status"] == "infrastructure"


def known(out: Path) -> dict[int, dict[str, Any]]:
    """Rows of an earlier run; a torn last line is passed over."""
    if not out.exists():
        return {}
    *lines, _ = out.read_text().split("\n")
    return {row["number"]: row for row in map(json.loads, lines)}


def run(arguments: argparse.Namespace) -> dict[int, dict[str, Any]]:
    out: Path = arguments.out or Path(f"runs/redteam-{arguments.seed}.jsonl")
    out.parent.mkdir(parents=True, exist_ok=True)
    rows = known(out)
    left = [number for number in range(arguments.n) if number not in rows]
    settings = vault.settings(workers=arguments.workers, cpu_s=1.0, wall_s=3.0)
    started = time.monotonic()
    with open_grader(vault.ROOT, settings) as grader, out.open("a") as file:
        fresh = vault.task()
        example = vault.beyond(fresh, vault.grade_one(grader, fresh, vault.WORTHLESS))
        for first in range(0, len(left), CHUNK):
            drawn = list(candidates(arguments.seed, left[first : first + CHUNK], example))
            for row in grade(grader, example, drawn):
                rows[row["number"]] = row
                file.write(json.dumps(row) + "\n")
            file.flush()
            per_s = (first + len(drawn)) / (time.monotonic() - started)
            wrong = sum(map(is_wrong, rows.values()))
            print(f"{len(rows)} graded, {wrong} wrong, {per_s:.1f}/s", file=sys.stderr, flush=True)
    return {number: row for number, row in rows.items() if number < arguments.n}


def summary(rows: dict[int, dict[str, Any]]) -> dict[str, Any]:
    hostile = [row for row in rows.values() if not row["honest"]]
    decent = [row for row in rows.values() if row["honest"]]
    return {
        "hostile": len(hostile),
        "rewarded": sum(row["earned"] for row in hostile),
        "statuses": dict(Counter(row["status"] for row in hostile).most_common()),
        "honest": len(decent),
        "honest_statuses": dict(Counter(row["status"] for row in decent).most_common()),
        "infrastructure": sum(row["status"] == "infrastructure" for row in rows.values()),
        "rewarded_parts": dict(
            Counter(part for row in hostile if row["earned"] for part in row["parts"]).most_common()
        ),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--n", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=0, help="0: one per processor")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    rows = run(arguments)
    wrong = [number for number, row in sorted(rows.items()) if is_wrong(row)]
    for one in candidates(arguments.seed, wrong, vault.task()):
        row = rows[one.number]
        print(f"---- {one.number}: {row['status']}, {row['killed']} killed, {row['gained']} gained")
        print(row["detail"] or "; ".join(one.parts))
        print(vault.HEAD + one.text)
    found = summary(rows)
    print(json.dumps(found) if arguments.json else json.dumps(found, indent=2))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
