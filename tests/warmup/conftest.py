from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from covet import config
from covet.execute.grader import open_grader
from covet.languages.python import PYTHON
from covet.mine import mine, write
from covet.records import Coverage, FunctionExample, Reference
from covet.warmup.request import Request, Task
from tests.standin import Standin
from tests.warmup.teacher import NAME, TRACE, says

CODEBASE = Path(__file__).resolve().parent.parent / "codebases" / "mine_removal"
SOURCE = "def capped(n):\n    if n > 18:\n        return 18\n    return n\n"
SHOWN = "from trips import capped\n\n\ndef test_capped_low():\n    assert capped(11) == 11\n"
REMOVED = "def test_capped_high():\n    assert capped(20) == 18\n"

MakeTask = Callable[..., Task]


@pytest.fixture(scope="session")
def make_task() -> MakeTask:
    def make(
        name: str = "trips", *, split: str = "train", removed: str = REMOVED, source: str = SOURCE
    ) -> Task:
        """The function in a file of that name, with a test that was taken away."""
        path, whole = f"tests/test_{name}.py", f"{SHOWN}\n\n{removed}"
        (function,) = PYTHON.functions(source, path=f"{name}.py", module=name)
        tests = PYTHON.tests(whole, path=path)
        example = FunctionExample(
            id=f"{name}.py::capped",
            function=function,
            source_file=source,
            test_path=path,
            test_file=SHOWN,
            tests=tests[:1],
            executable=Coverage(frozenset({2, 3, 4})),
            baseline=Coverage(frozenset({1, 2, 4})),
            split=split,  # pyrefly: ignore[bad-argument-type]
        )
        return Task(example, Reference(example.id, tests[1:], removed, whole))

    return make


@pytest.fixture
def make_request() -> Callable[..., Request]:
    def make(**changes: object) -> Request:
        chosen = config.parse({"warmup": {"teacher": NAME} | changes}, origin="the test")
        return Request.load(chosen.warmup, PYTHON)

    return make


@pytest.fixture(scope="session")
def tasks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset that was really mined."""
    settings = config.load(
        overrides=["sandbox.workers=2", "mine.server=''", "mine.cache=false", "mine.check=0"]
    )
    folder = tmp_path_factory.mktemp("mined") / "tasks"
    with open_grader(CODEBASE, settings) as grader:
        mined = mine(grader, settings)
    write(mined.dataset, mined.references, folder)
    return folder


@pytest.fixture
def teacher() -> Iterator[Standin]:
    """Says the same to every request."""
    written = says(TRACE)
    with Standin(
        kind="plain", models=(NAME,), window=None, write=lambda _model, _prompt, _body: written
    ) as standin:
        yield standin
