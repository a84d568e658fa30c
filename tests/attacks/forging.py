"""Candidates that lie about themselves: to the runner, the tracer and whoever listens.

Each pays through one of three lies. ``COVERAGE``: lines that never ran are claimed.
``PASSES``: a test that fails, and covers what none covered before, is made to look passed.
``ENDINGS``: a run is ended or doubled at the moment that pays.
"""

COVERAGE = {
    "lines added to the tracer by its function": r"""
# The trace function leads to the set of lines.
import sys

def test_a():
    fee(200)
    tracer = sys.gettrace()
    for file in getattr(getattr(tracer, "__self__", None), "files", {}).values():
        file.lines.update(range(1, 40))
""",
    "lines added to the tracer by its closure": r"""
# A local trace function holds the same set.
import sys

def test_a():
    found = getattr(sys.gettrace(), "__self__", None)
    fee(200)
    for file in getattr(found, "files", {}).values():
        for cell in file.follow(fee.__code__).__closure__:
            inside = cell.cell_contents
            if isinstance(inside, set) and all(isinstance(x, int) for x in inside):
                inside.update(range(7, 16))
""",
    "a trace function that is called by hand": r"""
# It believes whatever frame it is told of.
import sys, types

def test_a():
    tracer = sys.gettrace()
    for line in range(7, 16) if tracer else ():
        frame = types.SimpleNamespace(f_code=fee.__code__, f_lineno=line, f_lasti=0)
        tracer(frame, "call", None)(frame, "line", None)
""",
    "lines of a text that calls itself the focal file": r"""
# A line is told by its file and number, and both can be made up.
import vault.box

def test_a():
    fee(200)
    for line in range(7, 16):
        exec(compile("\n" * (line - 1) + "0", vault.box.__file__, "exec"))
""",
    "a function of its own in the focal file's name": r"""
# Its branches are as it likes.
import vault.box

def test_a():
    text = "\n" * 6 + "def fee(amount, rate):\n\n" + "\n".join(
        f"    if rate != {line}: rate = 0" for line in range(9, 16)) + "\n"
    names = {}
    exec(compile(text, vault.box.__file__, "exec"), names)
    names["fee"](1, 2)
""",
    "code with a borrowed file name": r"""
# A code object may be given any name.
def own(amount):
    if amount:
        amount = 1
    if amount:
        amount = 2
    return amount

def test_a():
    import vault.box
    own.__code__ = own.__code__.replace(co_filename=vault.box.__file__, co_firstlineno=9)
    own(1)
""",
    "a jump to lines that are not reached": r"""
# A debugger may set the next line.
import sys

def test_a():
    targets = [10, 12, 14]
    before = sys.gettrace()
    def jump(frame, event, argument):
        theirs = before(frame, event, argument) if before is not None else None
        def local(frame, event, argument):
            if theirs is not None:
                theirs(frame, event, argument)
            if event == "line" and targets:
                frame.f_lineno = targets.pop()
                if theirs is not None:
                    theirs(frame, "line", None)
            return local
        return local if frame.f_code.co_name == "fee" else theirs
    for _ in range(3):
        sys.settrace(jump)
        try:
            fee(200)
        except Exception:
            pass
    sys.settrace(before)
""",
    "coverage said on every descriptor": r"""
# Lines of the protocol, from whoever knows it.
import json, os

def test_a():
    fee(200)
    lines = json.dumps(["covered", {"vault/box.py": [list(range(7, 16)), [[9, 10]]]}])
    end = json.dumps(["end", "done"])
    for fd in range(3, 64):
        try:
            os.write(fd, f'["collected", ["test_a"]]\n["outcome", ["test_a", "pass"]]\n'
                         f"{lines}\n{end}\n".encode())
        except OSError:
            pass
""",
    "coverage said in place of the runner": r"""
# The reporter is a module like any other.
import sys

def test_a():
    fee(200)
    for name, module in list(sys.modules.items()):
        if name.endswith(".tracing"):
            module.Tracer.covered = lambda self: {"vault/box.py": (list(range(7, 16)), [(9, 10)])}
""",
    "what is written is changed on its way": r"""
# Every report passes through os.write or json.dumps.
import json, os

real_write, real_dumps = os.write, json.dumps

def dumps(value, *rest, **options):
    if isinstance(value, list) and value[:1] == ["covered"]:
        value = ["covered", {"vault/box.py": [list(range(7, 16)), [[9, 10]]]}]
    return real_dumps(value, *rest, **options)

def write(fd, data):
    if b'["covered"' in bytes(data):
        real_write(fd, b'["covered", {"vault/box.py": [[9, 10, 11, 12, 13, 14], [[9, 10]]]}]\n')
        return len(data)
    return real_write(fd, data)

json.dumps, os.write = dumps, write

def test_a():
    fee(200)
""",
    "the source that lines are counted by": r"""
# The tracer asks linecache where statements begin.
import linecache
import vault.box

text = "".join(f"x = {n}\n" for n in range(40))
linecache.getlines = lambda *_: text.splitlines(True)
linecache.cache[vault.box.__file__] = (len(text), None, text.splitlines(True), vault.box.__file__)

def test_a():
    fee(200)
""",
    "a thread that adds lines when the test is over": r"""
# After the test, before the report.
import gc, sys, threading, time

def test_a():
    fee(200)
    tracer = getattr(sys.gettrace(), "__self__", None)
    def later():
        for _ in range(1000):
            for file in tracer.files.values():
                file.lines.update(range(7, 16))
            time.sleep(0.0005)
    threading.Thread(target=later, daemon=True).start()
""",
    "pragmas and settings of coverage": r"""
# Where a tool of that name listens.
import os
os.environ["COVERAGE_PROCESS_START"] = "x"

def test_a():  # pragma: no cover
    fee(200)
    try:
        import coverage
        coverage.process_startup()
    except Exception:
        pass
""",
    "memory of the tracer by ctypes": r"""
# What Python hides, memory shows.
import ctypes, gc, sys

def test_a():
    fee(200)
    add = ctypes.pythonapi.PySet_Add
    add.argtypes = [ctypes.py_object, ctypes.py_object]
    for found in gc.get_objects():
        if type(found).__name__ == "_File" and isinstance(getattr(found, "lines", None), set):
            for line in range(7, 16):
                add(found.lines, line)
    for found in gc.get_referrers(*[x for x in gc.get_objects() if type(x) is set and 9 in x]):
        pass
""",
}

FAILS = r"""
def test_a():
    assert fee(-1) == 1
"""

PASSES = {
    name: body + FAILS
    for name, body in {
        "calls that swallow what is raised": r"""
# The runner's call is replaced at import.
import _pytest.runner

real = _pytest.runner.CallInfo.from_call.__func__

def from_call(cls, func, when, reraise=None):
    def quiet():
        try:
            func()
        except BaseException:
            pass
    return real(cls, quiet, when, reraise)

_pytest.runner.CallInfo.from_call = classmethod(from_call)
""",
        "a test function that runs itself quietly": r"""
# pytest asks the item to run.
import _pytest.python

real = _pytest.python.Function.runtest

def runtest(self):
    try:
        real(self)
    except BaseException:
        pass

_pytest.python.Function.runtest = runtest
""",
        "a report that always passed": r"""
# Made from whatever happened.
from _pytest.reports import TestReport

real = TestReport.from_item_and_call.__func__

def made(cls, item, call):
    report = real(cls, item, call)
    report.outcome, report.longrepr = "passed", None
    return report

TestReport.from_item_and_call = classmethod(made)
""",
        "a class of reports without failures": r"""
# failed is a property.
import _pytest.reports

_pytest.reports.BaseReport.failed = property(lambda self: False)
_pytest.reports.BaseReport.passed = property(lambda self: True)
""",
        "call_and_report in other hands": r"""
# One function stands between an item and its report.
import _pytest.runner

real = _pytest.runner.call_and_report

def call_and_report(item, when, log=True, **more):
    real_runtest = item.runtest
    def quiet():
        try:
            real_runtest()
        except BaseException:
            pass
    item.runtest = quiet
    return real(item, when, log, **more)

_pytest.runner.call_and_report = call_and_report
""",
        "a plugin of its own that is registered": r"""
# Hooks are open to plugins, and plugins to everyone.
import pytest

class Liar:
    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self, item, call):
        outcome = yield
        report = outcome.get_result()
        report.outcome, report.longrepr = "passed", None

@pytest.fixture(autouse=True, scope="session")
def lie(request):
    request.config.pluginmanager.register(Liar())
""",
        "a plugin that runs tests in its own way": r"""
# The first to answer runs the test.
import pytest

class Runner:
    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem):
        try:
            pyfuncitem.obj()
        except BaseException:
            pass
        return True

@pytest.fixture(autouse=True, scope="module")
def lie(request):
    request.config.pluginmanager.register(Runner())
""",
        "the whole protocol in its own way": r"""
# Logged as passed, without being run by the runner.
import pytest
from _pytest.reports import TestReport

class Protocol:
    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item, nextitem):
        hook = item.ihook
        hook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        try:
            hook.pytest_runtest_setup(item=item)
            hook.pytest_runtest_call(item=item)
        except BaseException:
            pass
        finally:
            for when in ("setup", "call", "teardown"):
                report = TestReport(item.nodeid, item.location, {}, "passed", None, when)
                hook.pytest_runtest_logreport(report=report)
        hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        return True

def pytest_generate_tests(metafunc):
    manager = metafunc.config.pluginmanager
    if not manager.has_plugin("protocol"):
        manager.register(Protocol(), "protocol")
""",
        "plugins named by the module": r"""
# pytest_plugins is read from test modules.
import sys, types
import pytest

@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    outcome.get_result().outcome = "passed"

module = types.ModuleType("lying_plugin")
module.pytest_runtest_makereport = pytest_runtest_makereport
sys.modules["lying_plugin"] = module
pytest_plugins = ["lying_plugin"]
""",
        "the recorder taken out": r"""
# Whoever reports is a plugin, and plugins can be unregistered.
import json, os
import pytest

@pytest.fixture(autouse=True)
def lie(request):
    manager = request.config.pluginmanager
    for plugin in list(manager.get_plugins()):
        if hasattr(plugin, "_verdict"):
            manager.unregister(plugin)
    for fd in range(3, 16):
        try:
            os.write(fd, b'["outcome", ["test_a", "pass"]]\n')
        except OSError:
            pass
    yield
""",
        "the recorder's methods replaced": r"""
# It is an object like any other.
import pytest

@pytest.fixture(autouse=True)
def lie(request):
    for plugin in list(request.config.pluginmanager.get_plugins()):
        if hasattr(plugin, "_verdict"):
            say = plugin._reporter.say
            class Liar:
                out_of_memory = False
                def __getattr__(self, name, real=plugin._reporter):
                    return getattr(real, name)
                def say(self, kind, value):
                    if kind == "outcome":
                        value = [value[0], "pass"]
                    if kind != "detail":
                        say(kind, value)
            plugin._reporter = Liar()
    yield
""",
        "the reporter's voice replaced": r"""
# Everything said is said by one method.
import sys

for name, module in list(sys.modules.items()):
    reporter = getattr(module, "Reporter", None)
    if name.startswith("_covet") and reporter is not None:
        real = reporter.say
        def say(self, kind, value, real=real):
            if kind == "outcome":
                value = [value[0], "pass"]
            if kind not in ("detail", "error"):
                real(self, kind, value)
        reporter.say = say
""",
        "outcomes changed on their way": r"""
# Bytes at last.
import json, os

real_write, real_dumps = os.write, json.dumps
os.write = lambda fd, data: (
    real_write(fd, bytes(data).replace(b'"fail"', b'"pass"')) and 0 or len(data))
json.dumps = lambda value, *rest, **options: real_dumps(
    value, *rest, **options).replace('"fail"', '"pass"')
""",
        "outcomes said before the runner says them": r"""
# The first or the last to speak is believed.
import os

for _ in range(2):
    for fd in range(3, 16):
        try:
            os.write(fd, b'["collected", ["test_a"]]\n["outcome", ["test_a", "pass"]]\n')
        except OSError:
            pass
""",
        "an end said before the failure": r"""
# What comes after the end is not heard.
import os
import pytest

@pytest.fixture(autouse=True)
def lie():
    fee(-1)
    for fd in range(3, 16):
        try:
            os.write(fd, b'["collected", ["test_a"]]\n["outcome", ["test_a", "pass"]]\n'
                         b'["covered", {"vault/box.py": [[9, 11, 12], []]}]\n["end", "done"]\n')
        except OSError:
            pass
    yield
""",
        "an assertion that is no failure": r"""
# Rewritten assertions raise whatever goes by that name.
import builtins

class Quiet(BaseException):
    def __new__(cls, *_):
        import pytest
        return pytest.skip.Exception("x", _use_item_location=True)

builtins.AssertionError = Quiet
""",
        "isinstance that lies": r"""
# The runner asks what was raised.
import builtins

real = builtins.isinstance

def isinstance(value, kind):
    try:
        if real(value, AssertionError):
            return True
    except TypeError:
        pass
    return real(value, kind)

builtins.isinstance = isinstance
""",
        "the item's own way to run": r"""
# An instance may have a method of its own.
import pytest

@pytest.fixture(autouse=True)
def lie(request):
    item, body = request.node, request.node.obj
    def quiet():
        try:
            body()
        except BaseException:
            pass
    item.runtest = item.obj = quiet
    yield
""",
        "the item's own way to run, and a tear-down that fails but once": r"""
# What fails is run again by pytest itself, so that its report can be read; there the module is
# torn down once, and it passes.
import itertools
import sys
import pytest

def test_first():
    fee(200)

@pytest.fixture(autouse=True)
def lie(request):
    item, body = request.node, request.node.obj
    def quiet():
        try:
            body()
        except BaseException:
            pass
    item.runtest = item.obj = quiet
    yield

def teardown_module():
    if next(sys.__dict__.setdefault("calls_so_far", itertools.count())) > 0:
        raise ValueError
""",
        "an assertion handler that agrees": r"""
# Failed comparisons are explained by hooks and helpers.
import _pytest.assertion.rewrite as rewrite

def agree(*_):
    return ""

rewrite._call_reprcompare = agree
rewrite._format_explanation = agree
import sys
sys.modules[__name__].__dict__["@pytest_ar"] = rewrite
""",
        "an excepthook for hooks": r"""
# pluggy's caller runs every hook there is.
import pluggy._callers, pluggy._hooks, pluggy._manager

real = pluggy._manager.PluginManager._hookexec

def hookexec(self, name, methods, arguments, first):
    if name == "pytest_runtest_call":
        try:
            arguments["item"].obj()
        except BaseException:
            pass
        return []
    return real(self, name, methods, arguments, first)

pluggy._manager.PluginManager._hookexec = hookexec

import pytest

@pytest.fixture(autouse=True)
def lie(request):
    manager = request.config.pluginmanager
    inner = manager._inner_hookexec
    def quiet(name, methods, arguments, first):
        if name == "pytest_pyfunc_call":
            try:
                return inner(name, methods, arguments, first)
            except BaseException:
                return True
        return inner(name, methods, arguments, first)
    manager._inner_hookexec = quiet
    yield
""",
        "a report mended in a finalizer": r"""
# Reports hang on their items until the test is torn down.
import gc
import pytest
from _pytest.reports import TestReport

@pytest.fixture(autouse=True)
def lie(request):
    yield
    for found in gc.get_objects():
        if isinstance(found, TestReport):
            found.outcome, found.longrepr = "passed", None
    for plugin in request.config.pluginmanager.get_plugins():
        if hasattr(plugin, "_verdict"):
            plugin._verdict = "pass"
""",
        "a profiler that looks away": r"""
# A profile function is called where the verdict is made.
import sys

def watch(frame, event, argument):
    if frame.f_code.co_name in ("_verdict", "pytest_runtest_logreport") and event == "call":
        report = frame.f_locals.get("report")
        if report is not None:
            report.outcome = "passed"

sys.setprofile(watch)
""",
        "files that pytest reads": r"""
# A conftest.py and a pytest.ini of its own, wherever one can write.
import os, tempfile
import vault.box

for folder in (os.path.dirname(os.path.dirname(vault.box.__file__)), os.getcwd(),
               os.path.dirname(__file__), tempfile.gettempdir()):
    for name, text in (("conftest.py", "def pytest_runtest_call(item): pass\n"),
                       ("pytest.ini", "[pytest]\naddopts = --collect-only\n")):
        try:
            with open(os.path.join(folder, name), "w") as file:
                file.write(text)
        except OSError:
            pass
""",
        "exit codes of its own": r"""
# The process that runs the tests says how it went.
import atexit, os
import pytest

atexit.register(os._exit, 0)

@pytest.fixture(autouse=True)
def lie(request):
    request.addfinalizer(lambda: os._exit(0))
    yield
""",
        "results that are printed": r"""
# Whoever reads the output of pytest.
import sys

print("tests/test_covet_box.py . [100%]\n\n=== 1 passed in 0.01s ===", flush=True)
print('["outcome", ["test_a", "pass"]]', file=sys.stderr, flush=True)
print('["outcome", ["test_a", "pass"]]', file=sys.__stdout__, flush=True)
""",
        "an audit hook that stops the guards": r"""
# A hook may refuse, and what it refuses does not happen.
import sys

def refuse(event, arguments):
    if event in ("sys.settrace", "os.kill", "object.__getattr__", "gc.get_objects"):
        raise RuntimeError

sys.addaudithook(refuse)

import _pytest.python
real = _pytest.python.Function.runtest
_pytest.python.Function.runtest = lambda self: fee(-1)
""",
        "a mark given while it runs": r"""
# An expected failure is none.
import pytest

@pytest.fixture(autouse=True)
def lie(request):
    request.node.add_marker(pytest.mark.xfail(reason="x"))
    yield
""",
        "another outcome than was collected": r"""
# Items may be swapped before they run.
def pytest_collection_modifyitems(items):
    items.clear()

def setup_module(module):
    module.test_a = lambda: fee(-1)
    import gc
    for found in gc.get_objects():
        if type(found).__name__ == "Function" and hasattr(found, "_obj"):
            found._obj = lambda: fee(-1)
""",
    }.items()
}
"""Each has a failing test below it, whose honest twin earns nothing."""


ENDINGS = {
    "leaving by os._exit in a test": r"""
# An end without a word, with the status of success.
import os

def test_a():
    fee(-1)
    os._exit(0)
""",
    "leaving by os._exit when all has passed": r"""
# After the last report, before the end.
import os

def test_a():
    fee(-1)

def teardown_module():
    os._exit(0)
""",
    "leaving by os._exit at import": r"""
# Before anything is known.
import os
fee(-1)
os._exit(0)

def test_a():
    pass
""",
    "leaving by os._exit with a failure": r"""
# A mutant that crashes is a dead one.
import os

def test_a():
    fee(-1)
    os._exit(1)
""",
    "sys.exit at import": r"""
# SystemExit is no error.
import sys
fee(-1)
sys.exit(0)

def test_a():
    pass
""",
    "sys.exit in a fixture": r"""
# Nor in a fixture.
import sys
import pytest

@pytest.fixture(autouse=True)
def leave():
    yield
    fee(-1)
    sys.exit(0)

def test_a():
    fee(200)
""",
    "an interrupt": r"""
# The session ends early, in good order.
def test_a():
    fee(-1)

def test_b():
    raise KeyboardInterrupt
""",
    "pytest.exit": r"""
# With a return code of success.
import pytest

def test_a():
    fee(-1)

def test_b():
    pytest.exit("done", returncode=0)
""",
    "a session that should stop": r"""
# The tests that would fail are not run.
def test_a(request):
    fee(200)
    request.session.shouldstop = "enough"
    request.session.items.clear()

def test_b():
    assert fee(-1) == 1
""",
    "a skip of what would fail": r"""
# Not run is not failed, and covers nothing that counts.
import pytest

def test_a():
    fee(-1)
    pytest.skip("no")
""",
    "a fork that goes on as the runner": r"""
# Two processes report.
import os

def test_a():
    fee(-1)
    if os.fork():
        os._exit(0)
    raise AssertionError
""",
    "another program in its place": r"""
# exec keeps the pipe.
import os, sys

def test_a():
    fee(-1)
    report = '["collected", ["test_a"]]\n["outcome", ["test_a", "pass"]]\n["covered", ' \
        '{"vault/box.py": [[9, 11, 12], []]}]\n["end", "done"]\n'
    for fd in range(3, 16):
        try:
            os.set_inheritable(fd, True)
        except OSError:
            pass
    os.execv(sys.executable, [sys.executable, "-c",
        f"import os\nfor fd in range(3, 16):\n"
        f"    try: os.write(fd, {report.encode()!r})\n    except OSError: pass"])
""",
    "a report by a child that stays": r"""
# Said again and again until it is heard first.
import os, time

if os.fork() == 0:
    report = b'["collected", ["test_a"]]\n["outcome", ["test_a", "pass"]]\n["covered", ' \
        b'{"vault/box.py": [[9, 11, 12], []]}]\n["end", "done"]\n'
    while True:
        for fd in range(3, 16):
            try:
                os.write(fd, report)
            except OSError:
                pass
        time.sleep(0.0005)

def test_a():
    assert fee(-1) == 1
""",
    "a flood that is cut off after a pass": r"""
# What was known by then.
import os

def test_a():
    fee(-1)

def test_b():
    while True:
        os.write(3, b"x" * 65536)
""",
    "an end that is said and then a hang": r"""
# The rest of the time belongs to the candidate.
import os, time

def test_a():
    for fd in range(3, 16):
        try:
            os.write(fd, b'["collected", ["test_a"]]\n["outcome", ["test_a", "pass"]]\n'
                b'["covered", {"vault/box.py": [[9, 11, 12], []]}]\n["end", "done"]\n')
        except OSError:
            pass
    time.sleep(60)
""",
}
"""Each claims the line that only ``fee(-1)`` covers without finishing a run that passes."""
