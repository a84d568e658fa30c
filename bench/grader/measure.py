"""CPU time, wall time, and what was measured before.

CPU time is user and system time. Of a command that has ended ``getrusage`` tells it; a reading
``now`` adds what ``/proc`` tells of the processes below this one that still live, with the children
that they have waited for.
"""

import contextlib
import hashlib
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Usage:
    """Seconds that something took."""

    cpu_s: float = 0.0
    wall_s: float = 0.0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(self.cpu_s + other.cpu_s, self.wall_s + other.wall_s)

    def __sub__(self, other: "Usage") -> "Usage":
        return Usage(self.cpu_s - other.cpu_s, self.wall_s - other.wall_s)


def now() -> Usage:
    """A reading; the difference of two is what this process and all below it took in between, to
    about 0.02 s.
    """
    own = resource.getrusage(resource.RUSAGE_SELF)
    below = sum(_cpu_s(pid) for pid in descendants(os.getpid()))
    return Usage(own.ru_utime + own.ru_stime + _children() + below, time.monotonic())


def _cpu_s(pid: int) -> float:
    """Of a living process and the children that it has waited for."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def _children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


@dataclass(frozen=True, slots=True)
class Done:
    """A command that has ended."""

    code: int
    """Below 0: ended by that signal."""
    timed_out: bool
    usage: Usage
    output: str
    """The end of what it printed."""


_TAIL = 4000


@dataclass(frozen=True, slots=True)
class Bounds:
    """Of one command."""

    cpu_s: float
    wall_s: float
    memory_mb: int = 4096


def run(command: Sequence[str], *, cwd: Path, env: Mapping[str, str], bounds: Bounds) -> Done:
    """Run to its end, or to one of the bounds; counts the children's CPU time only."""
    before, started = _children(), time.monotonic()
    with subprocess.Popen(
        command,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as process:
        with contextlib.suppress(ProcessLookupError):
            limit_s = max(1, round(bounds.cpu_s))
            resource.prlimit(process.pid, resource.RLIMIT_CPU, (limit_s, limit_s))
            memory = bounds.memory_mb << 20
            resource.prlimit(process.pid, resource.RLIMIT_AS, (memory, memory))
        slept = False
        try:
            output, _ = process.communicate(timeout=bounds.wall_s)
        except subprocess.TimeoutExpired:
            slept = True
            os.killpg(process.pid, signal.SIGKILL)
            output, _ = process.communicate()
    usage = Usage(_children() - before, time.monotonic() - started)
    code = process.returncode
    by_cpu = code in (-signal.SIGKILL, -signal.SIGXCPU) and usage.cpu_s >= 0.9 * limit_s
    return Done(code, slept or by_cpu, usage, output.decode("utf-8", "replace")[-_TAIL:])


class Store:
    """Measurements by the content of what was measured, a JSON line each.

    What an interrupted call measured is taken over by the next one in the same folder.
    """

    def __init__(self, path: Path) -> None:
        self.reused = 0
        """How often a measurement of an earlier call was taken."""
        self._path = path
        self._known: dict[str, dict[str, Any]] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            for line in path.read_text(encoding="utf-8").splitlines():
                with contextlib.suppress(ValueError):  # cut off by an interruption
                    row = json.loads(line)
                    self._known[row["key"]] = row
        self._file = path.open("a", encoding="utf-8")
        if path.stat().st_size and not path.read_bytes().endswith(b"\n"):
            self._file.write("\n")

    def close(self) -> None:
        self._file.close()

    def get(self, *content: object) -> dict[str, Any] | None:
        found = self._known.get(key_of(content))
        self.reused += found is not None
        return found

    def put(self, *content: object, row: Mapping[str, Any]) -> dict[str, Any]:
        whole = {"key": key_of(content)} | dict(row)
        self._known[whole["key"]] = whole
        self._file.write(json.dumps(whole) + "\n")
        self._file.flush()
        return whole


def key_of(content: object) -> str:
    return hashlib.sha256(json.dumps(content, default=asdict).encode()).hexdigest()


def say(text: str) -> None:
    """To people, beside the results."""
    print(text, file=sys.stderr, flush=True)


def descendants(pid: int) -> Iterator[int]:
    """The processes below one, by ``/proc``."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                fields = (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()
                children.setdefault(int(fields[1]), []).append(int(entry.name))
    waiting = [pid]
    while waiting:
        found = children.get(waiting.pop(), [])
        yield from found
        waiting += found
