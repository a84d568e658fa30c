"""Which of the existing tests are run again, and that it makes no difference to what is found."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from covet import config
from covet.execute.grader import Grader, open_grader
from covet.languages.python import PYTHON
from covet.mine import mine, write
from covet.mine.baseline import Baseline, measure
from covet.mine.cache import Answers, Cache
from covet.mine.functions import Files, read_files
from covet.records import Coverage

CODEBASE = {
    "one.py": "TABLE = []\n\n\ndef f(n):\n    if n:\n        return 1\n    return 0\n",
    "two.py": "def g(n):\n    return n + 1\n\n\ndef called():\n    return 3\n\n\nSIX = called()\n",
    "three.py": "from one import f\n\n\ndef h(n):\n    return f(n)\n\n\ndef k(n):\n    return n\n",
    "four.py": "def start(n):\n    return n\n",
    "conftest.py": "from four import start\n\nSTARTED = start(3)\n",
    "test_one.py": "from one import f\n\n\ndef test_f():\n    assert f(1)\n",
    "test_two.py": "from two import SIX, g\n\n\ndef test_g():\n    assert g(1) == 2 < SIX\n",
    "test_three.py": "from three import h\n\n\ndef test_h():\n    assert h(1)\n",
    "test_zero.py": "import three\n\nZERO = three.k(0)\n\n\ndef test_k():\n    assert not ZERO\n",
    "tests/helpers.py": "def helped(n):\n    return n\n",
}
TESTS = {"test_one.py", "test_two.py", "test_three.py", "test_zero.py"}
IMPORTED = {
    "four.py": Coverage(frozenset({1})),
    "one.py": Coverage(frozenset({1, 4})),
    "three.py": Coverage(frozenset({1, 4, 8})),
    "two.py": Coverage(frozenset({1, 5, 6, 9})),
}
"""What importing covers: ``called`` runs."""
SETTINGS = config.load(overrides=["sandbox.workers=2", "sandbox.isolation=none"])


def written(root: Path) -> Path:
    for path, text in CODEBASE.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


def read(root: Path) -> Files:
    with open_grader(root, SETTINGS) as grader:
        return read_files(grader.layout, SETTINGS.codebase, language=PYTHON)


def measured(grader: Grader, place: Path) -> tuple[str, Baseline]:
    """What is said of the tests that are run, and what is found."""
    heard: list[str] = []
    files = read_files(grader.layout, SETTINGS.codebase, language=PYTHON)
    cache = Cache(place, grader.layout.root, PYTHON, also="")
    found = measure(grader, files, test_paths=(".",), cache=cache, on_progress=heard.append)
    return heard[-1], found


@dataclass(frozen=True)
class Kept:
    """What measuring the codebase once left."""

    data: bytes
    heard: str
    found: Baseline


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    place = tmp_path_factory.mktemp("kept") / "cache.json"
    with open_grader(written(tmp_path_factory.mktemp("code")), SETTINGS) as grader:
        heard, found = measured(grader, place)
    return Kept(place.read_bytes(), heard, found)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return written(tmp_path / "code")


@pytest.fixture
def place(tmp_path: Path, kept: Kept) -> Path:
    """With what was kept of the same codebase elsewhere."""
    place = tmp_path / "cache.json"
    place.write_bytes(kept.data)
    return place


@pytest.fixture
def grader(root: Path) -> Iterator[Grader]:
    with open_grader(root, SETTINGS) as grader:
        yield grader


def change(root: Path, path: str, old: str, new: str) -> None:
    text = (root / path).read_text() if old else ""
    assert old in text
    (root / path).write_text(text.replace(old, new) if old else new)


def known(root: Path, place: Path, *, also: str = "") -> set[str]:
    found = Cache(place, root, PYTHON, also=also).known(read(root), IMPORTED)
    return set(found) - {""}


def test_at_first_all_is_run(kept: Kept) -> None:
    assert kept.heard == "running the existing tests of 4 files, twice"
    assert kept.found.suite.passed == 4


def test_where_nothing_changed_nothing_is_run_again_and_the_same_is_found(
    grader: Grader, place: Path, kept: Kept
) -> None:
    heard, found = measured(grader, place)
    assert heard == "running the tests of 0 files anew, twice; 4 are known"
    assert found == kept.found
    assert found.imported == {
        **IMPORTED,
        "three.py": Coverage(frozenset({1, 4, 8, 9})),  # test_zero.py is collected
        "four.py": Coverage(frozenset({1, 2})),  # conftest.py is
    }


def test_what_was_kept_is_what_counts(grader: Grader, place: Path, kept: Kept) -> None:
    passed = b'"test_one.py::test_f":"pass"'
    assert kept.data.count(passed) == 2
    place.write_bytes(kept.data.replace(passed, passed.replace(b"pass", b"fail")))
    change(grader.layout.root, "test_two.py", "g(1) == 2", "g(1) == 7")
    heard, found = measured(grader, place)
    assert heard == "running the tests of 1 files anew, twice; 3 are known"
    assert set(found.suite.failing) == {"test_one.py::test_f", "test_two.py::test_g"}


def test_a_part_that_is_run_again_is_found_as_if_all_were(
    grader: Grader, place: Path, tmp_path: Path
) -> None:
    change(grader.layout.root, "one.py", "    if n:\n", "    n = n + 0\n    if n:\n")
    change(grader.layout.root, "test_zero.py", "k(0)", "k(0) + 0")
    heard, found = measured(grader, place)
    assert heard == "running the existing tests of 4 files, twice"
    change(grader.layout.root, "test_three.py", "h(1)", "h(0) == 0")
    heard, found = measured(grader, place)
    assert heard == "running the tests of 1 files anew, twice; 3 are known"
    assert found == measured(grader, tmp_path / "none.json")[1]


@pytest.mark.parametrize(
    ("path", "old", "new", "again"),
    [
        pytest.param("test_two.py", "g(1) == 2", "g(1) == 1 + 1", {"test_two.py"}, id="a test"),
        pytest.param("one.py", "return 1", "return 5", {"test_one.py", "test_three.py"}, id="body"),
        pytest.param(
            "three.py",
            "return f(n)",
            "return 1",
            {"test_three.py", "test_zero.py"},
            id="a body that two files enter",
        ),
        pytest.param("two.py", "return n + 1", "return 2", {"test_two.py"}, id="another body"),
        pytest.param("four.py", "return n", "return -n", TESTS, id="a body that conftest.py runs"),
        pytest.param("two.py", "return 3", "return 4", TESTS, id="a body that importing runs"),
        pytest.param("one.py", "TABLE = []", "TABLE = {}", TESTS, id="a line of a module"),
        pytest.param("one.py", "def f(n):", "def f(n=0):", TESTS, id="a header"),
        pytest.param("conftest.py", "start(3)", "start(4)", TESTS, id="conftest.py"),
        pytest.param("tests/helpers.py", "return n", "return 1", TESTS, id="what helps tests"),
        pytest.param("pytest.ini", "", "[pytest]\n", TESTS, id="settings"),
        pytest.param("tests/conftest.py", "", "", TESTS, id="a new conftest.py"),
        pytest.param("five.py", "", "def m():\n    return 1\n", TESTS, id="a new module"),
        pytest.param("test_five.py", "", "def test_m():\n    pass\n", set(), id="new tests"),
        pytest.param("notes.md", "", "of another kind\n", set(), id="another file"),
    ],
)
def test_what_can_have_changed_is_run_again(
    root: Path, place: Path, path: str, old: str, new: str, again: set[str]
) -> None:
    assert known(root, place) == TESTS
    change(root, path, old, new)
    assert TESTS - known(root, place) == again


def test_another_interpreter_or_limit_runs_everything(root: Path, place: Path) -> None:
    assert known(root, place, also="another") == set()


@pytest.mark.parametrize("damage", ["", "{}", '{"base": 1}', None])
def test_a_damaged_cache_runs_everything(root: Path, place: Path, damage: str | None) -> None:
    place.write_text(place.read_text()[:-9] if damage is None else damage)
    assert known(root, place) == set()


def test_a_place_that_cannot_be_written_is_passed_over(grader: Grader, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    _, found = measured(grader, tmp_path / "file" / "cache.json")
    assert found.suite.passed == 4


def test_a_dataset_from_what_was_kept_is_the_same_bytes(
    root: Path, tmp_path: Path, cache_home: Path
) -> None:
    settings = config.load(overrides=["sandbox.workers=2", "mine.server=''"])
    before = set(cache_home.rglob("*.json"))
    heard: list[str] = []
    for name in ("one", "two"):
        with open_grader(root, settings) as grader:
            mined = mine(grader, settings, on_progress=heard.append)
        write(mined.dataset, mined.references, tmp_path / name)
    kept = set(cache_home.rglob("*.json")) - before
    assert {path.name.partition(".")[2] for path in kept} == {"json", "answers.json"}
    assert any("are known" in line for line in heard)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_what_was_found_out_is_known_for_the_same_content_alone(tmp_path: Path) -> None:
    made: list[str] = []

    def find(what: str) -> tuple[str, ...]:
        made.append(what)
        return (what,)

    place = tmp_path / "kept.answers.json"
    for base in ("base", "base", "another"):
        answers = Answers(place, base)
        for what in ("a", "b"):
            assert answers.get(tuple[str, ...], partial(find, what), "kind", what) == (what,)
        answers.keep()
    assert made == ["a", "b", "a", "b"]
    Answers(place, "another").keep()  # what is not asked for again is forgotten
    assert Answers(place, "another").get(tuple[str, ...], partial(find, "a"), "kind", "a")
    assert made[4:] == ["a"]


def test_without_a_place_nothing_is_known_or_kept(tmp_path: Path) -> None:
    made: list[int] = []
    answers = Answers()
    for _ in range(2):
        answers.get(int, lambda: made.append(1) or len(made), "x")
    answers.keep()
    assert made == [1, 1]
    assert not list(tmp_path.iterdir())
