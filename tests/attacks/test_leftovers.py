"""What one candidate leaves behind, the next does not find."""

import pytest

from covet.execute.grader import Grader
from covet.records import Execution
from tests.attacks import leftovers, vault
from tests.attacks.questions import ASK_COUNTER, ASK_SMALL_STORE, ASK_STORE

OF_THE_INIT = (
    "courtesy of process 1",
    "processors of process 1",
    "the scheduling of process 1",
    "the disk's courtesy of process 1",
    "limits of process 1",
    "a lock on a file of the codebase",
)
LEAVES = """
def test_a():
    keep(5 if "SIZE" in globals() else "5")
    well_tested()
"""
FINDS = """
def test_a():
    assert kept() is not None
    well_tested()
"""
LEAVES_AND_RAISES = """
def test_a():
    again()
    raise ValueError
"""
FINDS_AGAIN = """
def test_a():
    assert again()
    well_tested()
"""


def grade_both(grader: Grader, first: str, second: str) -> tuple[Execution, Execution]:
    """One after the other, by the same worker."""
    jobs = [(vault.task(), vault.candidate(body)) for body in (first, second)]
    return (
        grader.grade(jobs[:1], wants_mutants=False)[0],
        grader.grade(jobs[1:], wants_mutants=False)[0],
    )


@pytest.mark.parametrize("name", leftovers.STORES, ids=vault.ids(leftovers.STORES))
def test_the_next_candidate_finds_nothing(grader: Grader, name: str) -> None:
    text = leftovers.STORES[name].removesuffix(ASK_STORE).removesuffix(ASK_SMALL_STORE)
    left, found = grade_both(grader, text + LEAVES, text + FINDS)
    assert left.status in ("ok", "forged", "error", "unstable", "failed"), left
    assert found.status in ("failed", "forged", "error"), found


@pytest.mark.parametrize("name", OF_THE_INIT, ids=vault.ids(OF_THE_INIT))
def test_the_next_candidate_has_the_same_processor(grader: Grader, name: str) -> None:
    text = leftovers.COUNTERS[name].removesuffix(ASK_COUNTER)
    _, found = grade_both(grader, text + LEAVES_AND_RAISES, text + FINDS_AGAIN)
    assert found.status in ("failed", "forged", "error"), found


@pytest.mark.parametrize(
    "damage",
    [
        "import vault.box; vault.box.fee = None; vault.box.CAP = 0",
        "import vault.box; del vault.box.Vault, Vault.take",
        "import sys; sys.modules.pop('vault.box'); sys.modules['vault'] = None",
        "import sys; sys.path.clear(); sys.meta_path.clear(); sys.path_hooks.clear()",
        "import builtins; builtins.len = builtins.open = builtins.__import__ = None",
        "import os; os.environ.clear(); os.fork = os.write = os.read = None",
        "import json, select; json.dumps = json.loads = select.poll = None",
        "import _pytest.python; _pytest.python.Function.runtest = None",
        "import gc; gc.disable(); gc.set_threshold(1)",
        "import signal; signal.signal(signal.SIGCHLD, signal.SIG_IGN)",
        "import os, tempfile; os.chmod(tempfile.gettempdir(), 0)",
        "import sys; sys.setrecursionlimit(60); sys.stdout = sys.stderr = None",
        "import os; [os.close(fd) for fd in range(8) if fd != 3]",
        "import time; time.time = time.monotonic = time.process_time = lambda: 0.0",
        "import random; random.seed = random.Random = random.shuffle = None",
    ],
    ids=lambda text: text.split(";")[1].strip().split("(")[0].split(" = ")[0],
)
def test_the_next_candidate_is_graded_as_ever(grader: Grader, damage: str) -> None:
    _, found = grade_both(
        grader,
        f"def test_a():\n    exec({damage!r}, globals())\n",
        f"{vault.HONEST}# after {damage!r}\n",
    )
    assert found.status == "ok", found
