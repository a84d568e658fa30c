"""Candidates that try the walls earn nothing, and the next candidate notices nothing.

Each candidate is rewarded only if what it tries succeeds. After those that could harm their worker
an honest one is graded by it; after the others, at the end.
"""

import os
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import covet.languages.python
from covet.execute.grader import Grader
from covet.records import Execution
from tests.attacks import containment, vault

WORKER = Path(covet.languages.python.__file__).parent / "worker"


@dataclass
class Walls:
    """Grades candidates that know where everything is."""

    grader: Grader
    known: dict[str, object]
    followers: int = field(default=0)

    def try_out(self, body: str, *, may_harm: bool = False) -> Execution:
        head = "".join(f"{name} = {value!r}\n" for name, value in self.known.items())
        before = footprint()
        execution = vault.grade_one(self.grader, vault.task(), head + body)
        assert footprint() == before
        if may_harm:
            self.expect_honest()
        return execution

    def expect_honest(self) -> None:
        self.followers += 1
        job = (vault.task(), vault.candidate(vault.HONEST + f"# {self.followers}\n"))
        (honest,) = self.grader.grade([job], wants_mutants=False)
        assert honest.status == "ok", honest


def footprint() -> dict[str, tuple[int, int, float]]:
    """What a write to the codebase, or beside it, would change."""
    files = [path for path in vault.ROOT.parent.rglob("*") if path.is_file()]
    stats = {str(path): path.stat() for path in files if path.suffix != ".pyc"}
    return {path: (stat.st_mode, stat.st_size, stat.st_mtime) for path, stat in stats.items()}


@pytest.fixture(scope="module")
def walls(hasty_grader: Grader, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walls]:
    folder = tmp_path_factory.mktemp("runs")
    (folder / "rollouts.jsonl").write_text("{}")
    home = Path.home() / f".covet-test-secret-{os.getpid()}"
    place = vault.ROOT / f"server-{os.getpid()}.sock"
    abstract_name = f"\0covet-attacks-{os.getpid()}"
    place.unlink(missing_ok=True)
    tcp, udp = socket.socket(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    local, abstract = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
    with tcp, udp, local, abstract:
        for listening, address in (
            (tcp, ("127.0.0.1", 0)),
            (local, str(place)),
            (abstract, abstract_name),
        ):
            listening.bind(address)
            listening.listen()
        udp.bind(("127.0.0.1", 0))
        home.write_text("hunter2")
        try:
            walls = Walls(
                hasty_grader,
                {
                    "SECRET": str(vault.NEIGHBOUR / "secret.txt"),
                    "HOME_SECRET": str(home),
                    "RUNS": str(folder),
                    "NEIGHBOUR": str(vault.NEIGHBOUR),
                    "ROOT": str(vault.ROOT),
                    "PREFIX": sys.prefix,
                    "WORKER": str(WORKER),
                    "PORT": tcp.getsockname()[1],
                    "UDP_PORT": udp.getsockname()[1],
                    "SOCKET": str(place),
                    "ABSTRACT": abstract_name,
                },
            )
            yield walls
            walls.expect_honest()
        finally:
            home.unlink()
            place.unlink()


def expect_nothing_earned(execution: Execution) -> None:
    assert not vault.earned(execution)
    assert execution.status not in ("ok", "no_tests", "syntax", "infrastructure"), execution


def test_a_candidate_whose_attack_succeeds_is_rewarded(walls: Walls) -> None:
    """Else what follows would show nothing."""
    assert vault.earned(walls.try_out(vault.HONEST))


@pytest.mark.parametrize("name", containment.SECRETS, ids=vault.ids(containment.SECRETS))
def test_what_is_not_the_candidates_is_not_read(walls: Walls, name: str) -> None:
    expect_nothing_earned(walls.try_out(containment.SECRETS[name]))


@pytest.mark.parametrize("name", containment.NETWORK, ids=vault.ids(containment.NETWORK))
def test_nobody_is_reached(walls: Walls, name: str) -> None:
    expect_nothing_earned(walls.try_out(containment.NETWORK[name]))


@pytest.mark.parametrize("name", containment.WRITES, ids=vault.ids(containment.WRITES))
def test_nothing_is_written(walls: Walls, name: str) -> None:
    expect_nothing_earned(walls.try_out(containment.WRITES[name]))


@pytest.mark.parametrize("name", containment.SYSTEM_CALLS, ids=vault.ids(containment.SYSTEM_CALLS))
def test_a_system_call_that_opens_a_door_fails(walls: Walls, name: str) -> None:
    intel, arm, arguments = containment.SYSTEM_CALLS[name]
    body = containment.SYSTEM_CALL.format(name=name, intel=intel, arm=arm, arguments=arguments)
    expect_nothing_earned(walls.try_out(body))


@pytest.mark.parametrize("name", containment.KILLING, ids=vault.ids(containment.KILLING))
def test_no_one_else_is_killed(walls: Walls, name: str) -> None:
    expect_nothing_earned(walls.try_out(containment.KILLING[name], may_harm=True))


@pytest.mark.parametrize("name", containment.BOMBS, ids=vault.ids(containment.BOMBS))
def test_a_bomb_goes_off_within_bounds(walls: Walls, name: str) -> None:
    before, started = processes(), time.monotonic()
    expect_nothing_earned(walls.try_out(containment.BOMBS[name], may_harm=True))
    assert time.monotonic() - started < 12
    assert processes() <= before + 2 * 4  # of each hash seed: supervisor, warm, ahead, loaded


@pytest.mark.parametrize("name", containment.HANGS, ids=vault.ids(containment.HANGS))
def test_a_hang_ends_at_the_limit(walls: Walls, name: str) -> None:
    before, started = processes(), time.monotonic()
    execution = walls.try_out(containment.HANGS[name], may_harm=True)
    assert execution.status in ("timeout", "crashed", "forged", "out_of_memory"), execution
    assert time.monotonic() - started < 8
    assert processes() <= before + 2 * 4  # of each hash seed: supervisor, warm, ahead, loaded


@pytest.mark.parametrize("name", containment.ODD, ids=vault.ids(containment.ODD))
def test_what_is_odd_is_a_candidate_like_any_other(walls: Walls, name: str) -> None:
    execution = walls.try_out(containment.ODD[name], may_harm=True)
    assert not vault.earned(execution)
    assert execution.status != "infrastructure"


@pytest.mark.parametrize(
    "source",
    ["\0", "\ud800", "(" * 5000, "x = " + "-" * 100_000 + "1", "#" * 5_000_000, "\f\r\n\t"],
    ids=["null", "surrogate", "brackets", "signs", "long", "blank"],
)
def test_a_text_that_is_no_program_is_a_candidate_like_any_other(walls: Walls, source: str) -> None:
    execution = walls.try_out(source, may_harm=True)
    assert not vault.earned(execution)
    assert execution.status != "infrastructure"


def processes() -> int:
    """Those that this process started, at any remove, and orphans that may be of their kind."""
    parents, commands = dict[int, int](), dict[int, bytes]()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            pid = int(folder.name)
            parents[pid] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            commands[pid] = (folder / "cmdline").read_bytes()
        except OSError:
            continue
    ours = [pid for pid in parents if is_ours(pid, parents)]
    orphans = [pid for pid, up in parents.items() if up == 1 and b"zygote.py" in commands[pid]]
    return len(ours) + len(orphans)


def is_ours(pid: int, parents: dict[int, int]) -> bool:
    while pid in parents:
        pid = parents[pid]
        if pid == os.getpid():
            return True
    return False
