"""Runs pytest on one test file or folder and reports each test.

Two ways that agree. The cheap one, for a file given as text: a configuration and session that
the warm process made before any request, from the codebase's own settings and plugins. The
other: pytest from the start, in the child, where a ``conftest.py`` wants a say in how the
session starts, where a file or folder on the disk is run, and for pytest 7. In both, a file
given as text becomes a module at its path without being written anywhere: it has the
``__file__``, the package, the ``conftest.py`` and the import mode of its place.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from . import bare
from .owned import is_own
from .report import Reporter
from .task import Task
from .tracing import Tracer

if TYPE_CHECKING:
    from .plugin import Recorder

_OLDEST = (7, 4)
_PREPARES_SINCE = (8, 0)


class NotReady(Exception):
    """The interpreter has no pytest that serves."""


@dataclass(frozen=True)
class Prepared:
    """What the warm process knows and has of pytest."""

    version: str
    arguments: list[str]
    config: Any = None
    session: Any = None
    recorder: Any = None
    suits_bare: bool = False
    """Whether plain tests may be run without being collected."""

    @property
    def ready(self) -> bool:
        return self.session is not None


# -------------------------------------------------------------------------- warm process


_plugin: list[Any] = []
"""The modules, once there is a pytest that it can be imported with."""


def prepare(root: str, folders: list[str]) -> Prepared:
    """Find arguments that the codebase's settings accept, and prepare what can be. ``folders``:
    those that its modules are found in.
    """
    try:
        import pytest
    except ImportError as error:
        message = f"{sys.executable} has no pytest ({error}); install pytest>=7.4 there"
        raise NotReady(message) from error
    version: tuple[int, ...] = tuple(map(int, pytest.__version__.split(".")[:2]))
    if version < _OLDEST:
        message = f"{sys.executable} has pytest {pytest.__version__}; Covet needs 7.4 or later"
        raise NotReady(message)
    package = __package__ or ""
    _plugin.append(importlib.import_module(package + ".plugin"))
    _plugin.append(importlib.import_module(package + ".per_test"))
    for name in (
        "_pytest.main",
        "_pytest.python",
        "_pytest.unittest",
        "asyncio",
        "inspect",
    ):
        importlib.import_module(name)
    arguments, is_clean = _rehearse(root, folders)
    if not is_clean or version < _PREPARES_SINCE:
        return Prepared(pytest.__version__, arguments)
    _practise(arguments, root)
    config, session, recorder = _session(arguments)
    return Prepared(
        pytest.__version__, arguments, config, session, recorder, bare.suits(config, session)
    )


def _session(arguments: list[str]) -> tuple[Any, Any, Recorder]:
    from _pytest.config import _prepareconfig
    from _pytest.main import Session

    recorder = _plugin[0].Recorder()
    config = _prepareconfig([*arguments, "--noconftest"], [recorder])
    config._do_configure()  # noqa: SLF001  (pytest has no other way)
    session: Any = Session.from_config(config)
    config.hook.pytest_sessionstart(session=session)
    return config, session, recorder


_PRACTICE = """
import pytest

@pytest.fixture
def thing():
    yield 1

@pytest.mark.parametrize("n", range(4))
def test_parameters(thing, n):
    assert thing == 1 and isinstance(n, int)

class TestClass:
    def test_method(self):
        with pytest.raises(ValueError):
            raise ValueError

def test_fails():
    assert [1] == [2]
"""


class _Nobody:
    """Hears a practice run."""

    out_of_memory = False

    def say(self, kind: str, value: object) -> None:
        """Not a word."""

    tell = say

    def failure(self, error: BaseException) -> str:
        raise error


def _practise(arguments: list[str], root: str) -> Any:
    """Run tests of our own, which import nothing of the codebase's, with a configuration that
    is then thrown away; it is returned. What the interpreter learns by that, and writes into
    memory, each child need not learn and write again.
    """
    path = list(sys.path)
    name = "test_covet_practice"
    config, session, recorder = _session(arguments)
    for _ in range(3):
        task = Task(root, name + ".py", _PRACTICE, None, stop=False)
        recorder.begin(task, cast("Any", _Nobody()), Tracer(root, []))
        _main_loop(config, session, recorder)
        sys.modules.pop(name, None)
    config._ensure_unconfigure()  # noqa: SLF001
    sys.path[:] = path
    return config


def _rehearse(root: str, folders: list[str]) -> tuple[list[str], bool]:
    """In a child: the first arguments that work, and whether no module of the codebase's was
    imported meanwhile, as by settings that name one of its warnings. They are found as candidates
    find them, before an installed copy.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            sys.path[:0] = folders
            os.write(writer, json.dumps(_first_that_works(root)).encode())
        finally:
            os._exit(0)
    os.close(writer)
    with open(reader, encoding="utf-8") as file:  # noqa: PTH123
        text = file.read()
    os.waitpid(child, 0)
    if not text:
        return next(_variants(root)), False
    arguments, is_clean = json.loads(text)
    return list(arguments), bool(is_clean)


def _first_that_works(root: str) -> tuple[list[str], bool]:
    for arguments in _variants(root):
        try:
            config = _practise(arguments, root)
        except BaseException:  # noqa: BLE001, S112  (usage errors are of many kinds)
            continue
        if config.inipath is None or Path(root) in config.inipath.parents:
            return arguments, not _imported_from(root)
    return next(_variants(root)), False


def _variants(root: str) -> Iterator[list[str]]:
    """Ways to start pytest, from what suits us best to what offends no setting.

    Settings from outside of the root are no settings of the codebase's, hence ``-c``.
    """
    base = ["--rootdir=" + root, "--confcutdir=" + root, "--maxfail=0"]
    quiet = ["--tb=native", "--capture=no", "--color=no", "-p", "no:cacheprovider"]
    installed = {
        name: arguments
        for name, arguments in _PLUGINS.items()
        if importlib.util.find_spec(name) is not None
    }
    plugins = [argument for arguments in installed.values() for argument in arguments]
    # An option of a plugin in the settings is an error once the plugin is switched off.
    kept = [a for name, arguments in installed.items() if "-p" not in arguments for a in arguments]
    configs: list[list[str]] = [[], ["-c", os.devnull]]
    for config in configs:
        yield [*base, *config, *quiet, *plugins]
        yield [*base, *config, *quiet, *kept]
        yield [*base, *config, *quiet, *plugins, "-o", "addopts="]


_PLUGINS = {"pytest_randomly": ["-p", "no:randomly"], "xdist": ["-n0"], "pytest_cov": ["--no-cov"]}
"""Installed plugins that would change the order, start processes or trace."""


def _imported_from(root: str) -> bool:
    files = [str(getattr(module, "__file__", "") or "") for module in list(sys.modules.values())]
    return any(is_own(file, root) for file in files)


# --------------------------------------------------------------------------------- child


class Watch(Protocol):
    """Over a candidate. It rests while pytest starts anew: plugins and a ``conftest.py`` of the
    codebase's do what they like with it, and nothing of the candidate's has run.
    """

    def rest(self) -> None: ...

    def go_on(self) -> None: ...


def run(prepared: Prepared, task: Task, reporter: Reporter, tracer: Tracer, watch: Watch) -> None:
    """Never raises: what goes wrong is reported."""
    try:
        if task.quick and prepared.suits_bare and bare.applies(task):
            prepared.recorder.begin(task, reporter, tracer)
            prepared.recorder.run_bare(prepared.config)
        elif prepared.ready and task.source is not None and _can_be_late(task):
            prepared.recorder.begin(task, reporter, tracer)
            _run_prepared(prepared)
        else:
            watch.rest()
            recorder = _plugin[0].Recorder(before=watch.go_on)
            recorder.begin(task, reporter, tracer)
            plugins: list[Any] = [recorder]
            if task.probes is not None:
                plugins.append(_plugin[1].PerTest(task.root, reporter, task.probes))
            _run_anew(prepared, task, plugins)
    except BaseException as error:  # noqa: BLE001  (candidates raise anything, anywhere)
        reporter.say("error", reporter.failure(error))


_TOO_LATE = re.compile(
    r"pytest_(addoption|addhooks|plugins|load_initial|cmdline|sessionstart|collection\b)"
)
"""What a ``conftest.py`` cannot say any more once a session has started."""


def _can_be_late(task: Task) -> bool:
    """Whether every ``conftest.py`` that applies may be loaded into a session under way."""
    for folder in task.folders:
        conftest = folder / "conftest.py"
        if conftest.is_file() and _TOO_LATE.search(conftest.read_text(errors="replace")):
            return False
    return True


def _run_prepared(prepared: Prepared) -> None:
    prepared.config.pluginmanager._noconftest = False  # noqa: SLF001
    _main_loop(prepared.config, prepared.session, prepared.recorder)


def _main_loop(config: Any, session: Any, recorder: Recorder) -> None:
    """``_pytest.main.wrap_session`` from where ``_session`` left off."""
    from _pytest.main import Failed, Interrupted, _main

    try:
        _main(config, session)
    except (Failed, Interrupted):
        pass
    except BaseException as error:  # noqa: BLE001  (recorded)
        recorder.interrupted(error)
    finally:
        config.hook.pytest_sessionfinish(session=session, exitstatus=0)


def _run_anew(prepared: Prepared, task: Task, plugins: list[Any]) -> None:
    from _pytest.config import _prepareconfig

    place = task.absolute
    if task.source is not None:
        place = next(folder for folder in place.parents if folder.is_dir())
    arguments = [*prepared.arguments, str(place)]
    if place.is_dir():
        arguments.append("--continue-on-collection-errors")
    config = _prepareconfig(arguments, plugins)
    config.hook.pytest_cmdline_main(config=config)
