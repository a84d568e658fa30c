"""The pytest plugin of a run: it collects, reports, and traces what the tests do themselves.

A test's verdict is the first thing that went wrong with it: an assertion of its own is ``fail``,
anything else that it or a fixture raises is ``error``; skipped and expected failures are
``not_run``.
"""

from __future__ import annotations

import importlib
import importlib.util
import random
import signal
import sys
import time
from collections.abc import Callable, Generator
from importlib.machinery import ModuleSpec
from types import CodeType, ModuleType
from typing import Any, Optional, cast

import pytest
from _pytest.runner import collect_one_node
from _pytest.warnings import catch_warnings_for_item

from . import bare, batch, changed, single
from .report import Reporter, readable
from .task import Task, compile_test
from .tracing import Tracer


def silence(config: Any) -> None:
    """No test report on the terminal, whose summary alone costs more than most tests.

    Plugins that ask for the reporter still find it.
    """
    manager = config.pluginmanager
    reporter = manager.unregister(name="terminalreporter")
    if reporter is not None:
        manager._name2plugin["terminalreporter"] = reporter  # noqa: SLF001


class Recorder:
    """Collects a file that is given as text, and reports every test."""

    def __init__(self, before: Callable[[], None] = lambda: None) -> None:
        """``before``: called when all is configured and nothing collected."""
        self._before = before
        self._session: Any = None
        self._current = ""
        self._verdict = ""
        self._quiet = False
        self._began = 0.0

    def begin(self, task: Task, reporter: Reporter, tracer: Tracer) -> None:
        """To be called before collecting; registering comes earlier, where it costs nothing."""
        self._task = task
        self._reporter = reporter
        self._tracer = tracer

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        silence(session.config)

    # ----------------------------------------------------------------------- collecting

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> Optional[bool]:
        self._session = session
        self._before()
        if self._task.source is None:
            return None
        _collect(session, self._task)
        return True

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        if self._task.order < 0:
            session.items.reverse()
        elif self._task.order:
            random.Random(self._task.order).shuffle(session.items)  # noqa: S311
        self._say_collected([self._name(item.nodeid) for item in session.items])

    @pytest.hookimpl(hookwrapper=True)
    def pytest_make_collect_report(self) -> Generator[None, Any, None]:
        with self._tracer:
            outcome = yield
        report = outcome.get_result()
        if report.failed:
            error = getattr(getattr(report, "call", None), "excinfo", None)
            if error is not None and isinstance(error.value, MemoryError):
                self._reporter.out_of_memory = True
            self._reporter.say("error", readable(report.longreprtext))

    # -------------------------------------------------------------------------- running

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Optional[bool]:
        if not self._task.quick or session.testsfailed:
            return None
        runner = single.Runner(session, lambda item: self._name(item.nodeid), self._by_protocol)
        self._run_quickly(session.config, runner)
        return True

    def run_bare(self, config: pytest.Config) -> None:
        """Without a session, for tests that need none."""
        task = self._task
        try:
            with self._tracer:
                module = _import(task, config)
        except BaseException:  # noqa: BLE001  (a candidate raises anything)
            self._reporter.say("said", "look closer")
            return
        names = list(task.plain)
        if task.order:
            random.Random(task.order).shuffle(names)  # noqa: S311
        self._say_collected(names)
        self._run_quickly(config, bare.Runner(module, names))

    def _run_quickly(self, config: pytest.Config, runner: batch.Tests) -> None:
        with catch_warnings_for_item(config=config, ihook=config.hook, when="runtest", item=None):
            if self._task.plan is not None:
                batch.Batch(self._task.plan, runner, self._reporter, self._tracer).run()
            else:
                batch.original(runner, self._reporter, self._tracer)

    def _say_collected(self, names: list[str]) -> None:
        if self._task.plan is not None and self._tracer.since():
            self._task.plan.collected = frozenset(self._tracer.since())
            self._reporter.say("collection", self._tracer.since())
        self._reporter.say("collected", names)

    def _by_protocol(self, item: Any) -> str:
        """One test as pytest runs it, to be told by nobody."""
        self._quiet = True
        try:
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        finally:
            self._quiet = False
        return self._verdict

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_setup(self) -> Generator[None, Any, None]:
        with self._tracer:
            yield

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_call(self) -> Generator[None, Any, None]:
        with self._tracer:
            yield

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_teardown(self) -> Generator[None, Any, None]:
        with self._tracer:
            yield

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self._current, self._verdict = nodeid, ""
        self._tracer.begin()
        self._began = time.process_time()
        if self._task.each_s:
            signal.setitimer(signal.ITIMER_PROF, self._task.each_s)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self, call: pytest.CallInfo[Any]) -> Generator[None, Any, None]:
        if call.excinfo is not None and isinstance(call.excinfo.value, MemoryError):
            self._reporter.failure(call.excinfo.value)  # frees what the frames hold
        outcome = yield
        report = outcome.get_result()
        if report.failed and call.excinfo is not None:
            report.covet_verdict = single.verdict_of(call.excinfo.value, report.when)

    def pytest_runtest_logreport(self, report: Any) -> None:
        if self._verdict not in ("", "pass", "not_run"):
            return
        if report.failed:
            unnamed = "fail" if report.when == "call" else "error"
            self._verdict = getattr(report, "covet_verdict", unnamed)
            if not self._quiet:
                self._reporter.tell("detail", readable(report.longreprtext))
        elif type(report).__name__ == "SubtestReport" or hasattr(report, "context"):
            return  # a part of a test that passed or was skipped
        elif report.skipped or hasattr(report, "wasxfail"):
            self._verdict = "not_run"
        elif report.when == "call" and report.passed:
            self._verdict = self._verdict or "pass"

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        verdict, self._current = self._verdict or "error", ""
        if self._quiet:
            self._verdict = verdict
            return
        if verdict == "out_of_memory":
            self._reporter.out_of_memory = True
        if verdict == "not_run" and self._task.source is not None:
            self._tracer.forget()  # a test that says nothing covers nothing
        self._reporter.say("outcome", [self._name(nodeid), verdict])
        if self._task.each_s:
            signal.setitimer(signal.ITIMER_PROF, 0)
            self._reporter.say("took", [self._name(nodeid), time.process_time() - self._began])
        if self._task.stop and verdict not in ("pass", "not_run"):
            self._session.shouldfail = "a test did not pass"

    # --------------------------------------------------------------------- interruptions

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        self.interrupted(excinfo.value)

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        self.interrupted(excinfo.value)

    def interrupted(self, error: BaseException) -> None:
        """Somebody ended the whole run, most likely the test that was running."""
        text = self._reporter.failure(error)
        if self._current and not self._quiet:
            self._reporter.say("detail", text)
            self._reporter.say("outcome", [self._name(self._current), "error"])
            self._current = ""
        else:
            self._reporter.say("error", text)

    def _name(self, nodeid: str) -> str:
        if self._task.is_file and "::" in nodeid:
            return nodeid.split("::", 1)[1]
        return nodeid


# ------------------------------------------------------------------ a file given as text


def _collect(session: Any, task: Task) -> None:
    """What ``Session.perform_collect`` does for one file, which need not exist."""
    session._initialpaths = frozenset({task.absolute})  # noqa: SLF001
    session._initialpaths_with_parents = {task.absolute, *task.absolute.parents}  # noqa: SLF001
    session.items = list[Any]()
    try:
        parent = _parent(session, task)
        if parent is not None:
            hook = session.gethookproxy(task.absolute.parent)
            module = hook.pytest_pycollect_makemodule(module_path=task.absolute, parent=parent)
            module._getobj = lambda: _import(task, session.config)  # noqa: SLF001
            session.items.extend(session.genitems(module))
        session.config.pluginmanager.check_pending()
        session.config.hook.pytest_collection_modifyitems(
            session=session, config=session.config, items=session.items
        )
    finally:
        session.config.hook.pytest_collection_finish(session=session)
    session.testscollected = len(session.items)


def _parent(session: Any, task: Task) -> Any:
    """The node of the file's folder, below those of its parents, each with its ``conftest.py``;
    None where one of these fails. In pytest 7 the session itself.
    """
    if not hasattr(session.config.hook, "pytest_collect_directory"):
        return session
    node: Any = session
    for folder in task.folders:
        hook = session.gethookproxy(folder.parent)
        node = hook.pytest_collect_directory(path=folder, parent=node) or node
        if (folder / "conftest.py").is_file():
            # Collecting a folder loads its conftest.py. What else lies there is not wanted.
            node.collect = list
            report = collect_one_node(node)
            node.ihook.pytest_collectreport(report=report)
            if report.failed:
                return None
    return node


def _import(task: Task, config: pytest.Config) -> ModuleType:
    """The text as a module, named and placed as its import mode would."""
    if task.source is None:
        raise TypeError("only a file that is given as text is imported here")
    path = str(task.absolute)
    try:
        changed.show_source(path, task.source)
        code = task.code or compile_test(task.source, path, config)
        name = _enter_path(task, config.getoption("importmode"))
        loader = _Loader(path, task.source, code)
        spec = ModuleSpec(name, cast("Any", loader), origin=path)
        spec.has_location = True
        package = name.rpartition(".")[0]
        if package:
            _import_package(package)
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        loader.exec_module(module)
    except (SyntaxError, ImportError) as error:
        import traceback

        text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
        raise pytest.Collector.CollectError(text) from error
    except pytest.skip.Exception as skip:
        if skip.allow_module_level:
            raise
        message = "pytest.skip outside of a test, without allow_module_level=True"
        raise pytest.Collector.CollectError(message) from skip
    config.pluginmanager.consider_module(module)
    return module


def _enter_path(task: Task, mode: str) -> str:
    """The module's name; its top folder is put on the import path, where the mode says so."""
    folder, parts = task.absolute.parent, [task.absolute.stem]
    if mode == "importlib":
        return ".".join(task.absolute.relative_to(task.root).with_suffix("").parts)
    while (folder / "__init__.py").is_file() and folder.name.isidentifier():
        parts.insert(0, folder.name)
        folder = folder.parent
    if mode == "append":
        if str(folder) not in sys.path:
            sys.path.append(str(folder))
    elif sys.path[:1] != [str(folder)]:
        sys.path.insert(0, str(folder))
    return ".".join(parts)


def _import_package(name: str) -> None:
    """The test's package, if its folders are one; relative imports need it."""
    try:
        importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not (name + ".").startswith(error.name + "."):
            raise


class _Loader:
    """Runs code that is compiled already, and shows its source."""

    def __init__(self, path: str, source: str, code: CodeType) -> None:
        self._path, self._source, self._code = path, source, code

    def create_module(self, spec: ModuleSpec) -> None:
        """The usual kind."""

    def exec_module(self, module: ModuleType) -> None:
        exec(self._code, module.__dict__)  # noqa: S102

    def get_source(self, fullname: str) -> str:
        del fullname
        return self._source

    def get_filename(self, fullname: str) -> str:
        del fullname
        return self._path
