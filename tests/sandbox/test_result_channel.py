"""Whatever arrives on the result channel, the coordinator neither crashes nor believes it."""

import contextlib
import importlib
import json
import os
import socket
import struct
import sys
import threading
import types
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import covet.languages.python
from covet.errors import SandboxError
from covet.records import Span
from covet.sandbox.base import Cell, Exchange, Exchanged, Limits, Program, Request, WorkerSpec
from covet.sandbox.channel import Channel

WORKER = Path(covet.languages.python.__file__).parent / "worker"
WORD = b"0123456789abcdef"
REQUEST = Request((Program("a"), Program("b")), "test_new.py", "def test_a(): pass\n")
BASE = Program("", "m.py", "def f():\n    return 1\n")
WRONG = BASE.source.replace("1", "2")
EXCHANGE = Exchange(
    base=BASE,
    pool=frozenset({WRONG}),
    place=1,
    programs=(Program("wrong", "m.py", WRONG, Span(2, 2)),),
    test_path="test_new.py",
    test_source="def test_a(): pass\n",
    imports=("m",),
)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
names = st.sampled_from(
    ["cell", "cells", "end", "outcomes", "covered", "lines", "steps", "over", "lost", "stateful"]
)
values = json_values | st.sampled_from(["done", "pass", "fail", 0, 1, [], {}, [["test_a", "pass"]]])
messages = st.dictionaries(names, values, max_size=6) | json_values


@pytest.fixture(scope="module")
def record() -> types.ModuleType:
    """The module that listens to candidates, imported as the worker imports it."""
    package = types.ModuleType("_covet_worker_here")
    package.__path__ = [str(WORKER)]
    sys.modules["_covet_worker_here"] = package
    return importlib.import_module("_covet_worker_here.record")


kinds = st.sampled_from(
    ["end", "collected", "outcome", "covered", "lines", "program", "said", "steps", "forged", "x"]
)
lines = st.binary(max_size=40) | st.builds(
    lambda word, kind, value: word + json.dumps([kind, value]).encode(),
    st.sampled_from([WORD, b"", WORD[:-1], WORD[::-1]]),
    kinds,
    values,
)


@settings(max_examples=400, deadline=None)
@given(st.lists(lines, max_size=8), st.integers(1, 64))
def test_a_record_takes_only_lines_with_its_word_and_form(
    record: types.ModuleType, said: list[bytes], size: int
) -> None:
    heard = record.Record(WORD)
    data = b"\n".join(said) + b"\n"
    for start in range(0, len(data), size):
        heard.feed(data[start : start + size])
    heard.close()
    foreign = [line for line in data.split(b"\n")[:-1] if not line.startswith(WORD)]
    assert heard.malformed or not foreign
    told = record.cell_of(heard, "crash")
    assert told["end"] in {"done", "timeout", "out_of_memory", "crash", "forged"}
    assert not heard.malformed or told["end"] == "forged"
    json.dumps(told)


class Liar:
    """In the worker's place: says what it is told to, then closes."""

    def __init__(self) -> None:
        self.ours, self.theirs = socket.socketpair()

    def channel(self) -> Channel:
        channel = Channel.__new__(Channel)
        limits = Limits(cpu_s=1, wall_s=1, memory_mb=64, disk_mb=1)
        channel._spec = WorkerSpec((sys.executable,), Path("/"), (".",), limits)
        from covet.sandbox.channel import ProgramSets

        channel._sets = ProgramSets()
        channel._socket = self.ours
        channel._folder = types.SimpleNamespace(cleanup=lambda: None)
        channel._errors = open(os.devnull, "rb")  # noqa: SIM115, PTH123 (closed by the channel)
        channel._process = types.SimpleNamespace(pid=0, wait=lambda *_: 0)
        return channel

    def say(self, data: bytes) -> None:
        def speak() -> None:
            with self.theirs:
                try:
                    self.theirs.sendall(data)
                    self.theirs.shutdown(socket.SHUT_WR)
                    while self.theirs.recv(1 << 16):
                        pass
                except OSError:
                    pass

        threading.Thread(target=speak, daemon=True).start()


def framed(message: object) -> bytes:
    body = json.dumps(message).encode()
    return struct.pack(">I", len(body)) + body


def believed(cells: Iterator[Cell]) -> list[Cell]:
    found = list[Cell]()
    with contextlib.suppress(SandboxError):
        found.extend(cells)
    return found


@settings(max_examples=150, deadline=None)
@given(st.lists(messages.map(framed) | st.binary(max_size=40), max_size=4))
def test_a_worker_that_lies_is_an_error_or_gives_cells_of_the_right_form(
    said: list[bytes],
) -> None:
    liar = Liar()
    liar.say(b"".join(said))
    with contextlib.closing(liar.channel()) as channel:
        found = believed(channel.cells(REQUEST))
    for cell in found:
        assert cell.program in {"a", "b"}
        assert all(isinstance(test, str) for test, _ in cell.outcomes)


@settings(max_examples=150, deadline=None)
@given(st.lists(messages.map(framed) | st.binary(max_size=40), max_size=3))
def test_an_exchange_with_one_that_lies_ends_likewise(said: list[bytes]) -> None:
    liar = Liar()
    liar.say(b"".join(said))
    with contextlib.closing(liar.channel()) as channel:
        try:
            found = channel.exchange(EXCHANGE)
        except SandboxError:
            return
    assert isinstance(found, Exchanged)
    assert set(found.cells) <= {"wrong"}


def test_what_is_in_order_is_taken() -> None:
    cell = {"end": "done", "outcomes": [["test_a", "fail"]], "steps": 1}
    first = {"end": "done", "outcomes": [["test_a", "pass"]]}
    liar = Liar()
    liar.say(framed({"cells": [[0, first], [1, cell]]}) + framed({"over": True}))
    with contextlib.closing(liar.channel()) as channel:
        found = channel.exchange(EXCHANGE)
    assert found.original is not None
    assert found.original.outcomes == (("test_a", "pass"),)
    assert found.cells["wrong"].outcomes == (("test_a", "fail"),)


@pytest.mark.parametrize(
    "answer",
    [
        {"cells": [[2, {"end": "done", "outcomes": [], "steps": 0}]]},
        {"cells": [[0, {"end": "won"}]]},
        {"cells": [[0, {"end": "done", "outcomes": [["test_a", "great"]]}]]},
        {"cells": [[0, {"end": "done", "cpu_s": -1}]]},
        {"lost": True},
        [],
    ],
)
def test_what_is_not_is_an_error(answer: object) -> None:
    liar = Liar()
    liar.say(framed(answer) + framed({"over": True}))
    with contextlib.closing(liar.channel()) as channel, pytest.raises(SandboxError):
        channel.exchange(EXCHANGE)
