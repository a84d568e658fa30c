"""Candidates that know how they are watched, and by whom.

Each of ``BLINDED`` defines ``code``; ``WALKS`` stand alone.
"""

from tests.attacks.questions import ASK_CODE, asked

_WALK = r"""
import sys, types

def walk(*roots):
    modules = [module for name, module in list(sys.modules.items()) if name.startswith("_covet")]
    seen, left = set(), [*roots, *modules]
    while left and len(seen) < 3000:
        thing = left.pop(0)
        if id(thing) in seen or isinstance(thing, (str, bytes, int, float, type(None))):
            continue
        if isinstance(thing, types.ModuleType) and not thing.__name__.startswith("_covet"):
            continue
        seen.add(id(thing))
        yield thing
        try:
            if isinstance(thing, dict):
                left += thing.values()
            elif isinstance(thing, (list, tuple, set, frozenset)):
                left += thing
            else:
                left += list(getattr(thing, "__dict__", {}).values())
                slots = getattr(type(thing), "__slots__", ())
                left += [getattr(thing, name, None) for name in slots]
                left.append(getattr(thing, "__self__", None))
                left += [cell.cell_contents for cell in getattr(thing, "__closure__", None) or ()]
        except Exception:
            pass

def own(request):
    plugins = request.config.pluginmanager.get_plugins()
    ours = [plugin for plugin in plugins if "covet" in type(plugin).__module__]
    return [*ours, request.session, request.config]

def has(thing, *names):
    try:
        return all(hasattr(thing, name) for name in names)
    except Exception:
        return False
"""

_READ = """
def read():
    return getattr(fee, "__" + "code" + "__")
"""

BLINDED = asked(
    {
        "another number of the process": r"""
# Whoever checks whether it is itself asks os.
import os
def code():
    real, os.getpid = os.getpid, lambda: 0
    try:
        return read()
    finally:
        os.getpid = real
""",
        "another frame": r"""
# Whoever asks who asks, asks sys.
import inspect, sys, types
honest = types.SimpleNamespace(f_back=None, f_lineno=1, f_locals={}, f_globals={},
    f_code=types.SimpleNamespace(co_filename=inspect.__file__, co_name="getfile"))
def code():
    real, sys._getframe = sys._getframe, lambda depth=0: honest
    try:
        return read()
    finally:
        sys._getframe = real
""",
        "an event of its own": r"""
# What a guard asks of the thing that it was told of is answered by the thing.
import sys
class Thing:
    def __getattr__(self, name):
        Thing.found = read()
        return None
    def __float__(self):
        Thing.found = read()
        return 0.0
    def __fspath__(self):
        Thing.found = read()
        return "box.py"
def code():
    for event, *rest in (("object.__getattr__", "__code__"), ("object.__getattr__", "gi_frame"),
                         ("time.sleep",), ("open", "r", 0), ("object.__setattr__", "__code__", 0)):
        try:
            sys.audit(event, Thing(), *rest)
        except Exception:
            pass
    return getattr(Thing, "found", None) or read()
""",
        "a number that acts": r"""
# While a guard makes a float of it.
import time
class Number(float):
    def __float__(self):
        Number.found = read()
        return 0.0
def code():
    time.sleep(Number(0))
    return getattr(Number, "found", None) or read()
""",
        "a path that acts": r"""
# While a guard takes it apart.
class Path(str):
    def rfind(self, *rest):
        Path.found = read()
        return str.rfind(self, *rest)
    def startswith(self, *rest):
        Path.found = read()
        return str.startswith(self, *rest)
    def __eq__(self, other):
        Path.found = read()
        return str.__eq__(self, other)
    __hash__ = str.__hash__
def code():
    try:
        open(Path("/absent/box.py"))
    except OSError:
        pass
    return getattr(Path, "found", None) or read()
""",
        "a guard kept busy": r"""
# One at a time: in a thread it waits, and elsewhere nobody watches.
import sys, threading, time
begun, go = threading.Event(), threading.Event()
class Slow:
    def __float__(self):
        begun.set()
        go.wait(2)
        return 0.0
    def __getattr__(self, name):
        begun.set()
        go.wait(2)
        raise AttributeError
def keep_busy():
    sys.audit("time.sleep", Slow())
    sys.audit("object.__getattr__", Slow(), "__code__")
def code():
    thread = threading.Thread(target=keep_busy, daemon=True)
    thread.start()
    begun.wait(1)
    try:
        return read()
    finally:
        go.set()
        thread.join()
""",
        "a table emptied": r"""
# Guards are modules, and modules have names.
import sys
def code():
    for name, module in list(sys.modules.items()):
        if name.startswith("_covet"):
            for value in vars(module).values():
                if isinstance(value, dict) and "object.__getattr__" in value:
                    value.clear()
                if isinstance(value, type) and hasattr(value, "_is_candidate"):
                    value._is_candidate = lambda self, frame: False
                    value._is_honest_reader = lambda self, frame: True
                    value._say = value._forged = lambda *_: None
    return read()
""",
        "modules of the worker forgotten": r"""
# And imported again under a name of one's own.
import importlib, sys
def code():
    package = sys.modules.get("_covet_worker")
    try:
        guard = importlib.import_module("_covet_worker.guard")
        guard.Guard._say = lambda *_: None
    except Exception:
        pass
    return read()
""",
        "a function in the library's name": r"""
# Code says of itself where it is from.
import inspect
names = {}
exec(compile("def getfile(value):\n    return value.__code__\n", inspect.__file__, "exec"), names)
code = lambda: names["getfile"](fee)
""",
        "a function in mock's name": r"""
# Again.
from unittest import mock
names = {}
exec(compile("def get(value):\n    return value.__code__\n", mock.__file__, "exec"), names)
code = lambda: names["get"](fee)
""",
        "a function in the codebase's name": r"""
# And again.
import vault
names = {}
exec(compile("def get(value):\n    return value.__code__\n", vault.__file__, "exec"), names)
code = lambda: names["get"](fee)
""",
        "a function in a frozen module's name": r"""
# And again.
names = {}
text = "def get(value):\n    return value.__code__\n"
exec(compile(text, "<frozen importlib._bootstrap>", "exec"), names)
code = lambda: names["get"](fee)
""",
        "a function whose file is replaced": r"""
# The name of a file is a field.
import inspect
def getfile(value):
    return value.__code__
getfile.__code__ = getfile.__code__.replace(co_filename=inspect.__file__)
code = lambda: getfile(fee)
""",
        "a module of its own in the temporary folder": r"""
# Another file than the test's.
import os, sys, tempfile
folder = tempfile.mkdtemp()
with open(os.path.join(folder, "own_helper.py"), "w") as file:
    file.write("import gc, types\ndef get(value):\n    return next("
               "x for x in gc.get_referents(value) if isinstance(x, types.CodeType))\n")
sys.path.insert(0, folder)
import own_helper
os.remove(os.path.join(folder, "own_helper.py"))
os.rmdir(folder)
code = lambda: own_helper.get(fee)
""",
        "memory by a module of its own": r"""
# ctypes, asked for from another file.
import os, sys, tempfile
folder = tempfile.mkdtemp()
with open(os.path.join(folder, "own_memory.py"), "w") as file:
    file.write("import ctypes\nget = ctypes.pythonapi.PyFunction_GetCode\n"
               "get.restype = ctypes.py_object\nget.argtypes = [ctypes.py_object]\n"
               "def code(value):\n    return get(value)\n")
sys.path.insert(0, folder)
import own_memory
os.remove(os.path.join(folder, "own_memory.py"))
os.rmdir(folder)
code = lambda: own_memory.code(fee)
""",
        "a property that unwrap follows": r"""
# A trampoline: the library reads, and returns what it read.
import inspect, operator
class Follows:
    focal = fee
    __wrapped__ = property(operator.attrgetter("focal_function.__code__"))
follows = Follows()
follows.focal_function = fee
code = lambda: inspect.unwrap(follows)
""",
        "a conversion of a library": r"""
# Any library that calls what it is given is a trampoline.
import functools
import iniconfig
ini = iniconfig.IniConfig("x", data="[a]\nb=__code__\n")
code = lambda: ini.get("a", "b", convert=functools.partial(getattr, fee))
""",
        "operators of an argument": r"""
# The function under test reads its own code, and returns it.
import functools
class Amount:
    __lt__ = __gt__ = lambda *_: False
    __mul__ = lambda self, other: self
    __floordiv__ = functools.partial(getattr, fee, "__code__")
code = lambda: fee(Amount())
""",
        "a signal's frame": r"""
# A handler is given the frame that it interrupts.
import signal
found = []
class Amount(int):
    def __lt__(self, other):
        signal.raise_signal(signal.SIGUSR1)
        return int(self) < other
def handle(number, frame):
    while frame is not None:
        found.append(frame.f_code)
        frame = frame.f_back
def code():
    found.clear()
    before = signal.signal(signal.SIGUSR1, handle)
    try:
        fee(Amount(200))
    finally:
        signal.signal(signal.SIGUSR1, before)
    return next(x for x in found if x.co_name == "fee")
""",
        "a thread's last words": r"""
# threading.excepthook is given a traceback.
import threading
found = []
class Loud:
    def __lt__(self, other):
        raise ValueError
def last(arguments):
    trace = arguments.exc_traceback
    while trace is not None:
        found.append(trace.tb_frame.f_code)
        trace = trace.tb_next
def code():
    found.clear()
    before, threading.excepthook = threading.excepthook, last
    try:
        thread = threading.Thread(target=fee, args=(Loud(),))
        thread.start()
        thread.join()
    finally:
        threading.excepthook = before
    return next(x for x in found if x.co_name == "fee")
""",
        "a guard that is switched off by its owner": _WALK
        + r"""
# Objects lead to objects: from the request to whoever can pause the guard.
import pytest
@pytest.fixture(autouse=True)
def look(request):
    for thing in walk(*own(request)):
        if has(thing, "pause", "resume") and not isinstance(thing, type):
            thing.pause()
    yield
code = lambda: read()
""",
    },
    _READ + ASK_CODE,
)

WALKS = {
    name: _WALK + text
    for name, text in {
        "the plan of programs": r"""
# Everything that will be run lies in the runner: the original beside each mutant.
import pytest

now = []

@pytest.fixture(autouse=True)
def look(request):
    for thing in walk(*own(request), request.node):
        if has(thing, "changes", "original") and has(thing.original, "apply"):
            kind = type(thing.original)
            real = kind.apply
            def apply(self, real=real, original=thing.original):
                now[:] = [original, self]
                real(self)
            kind.apply = apply
    yield

def test_a():
    fee(200)
    if len(now) == 2:
        first, second = (types.FunctionType(c.code, fee.__globals__, "f", (10,)) for c in now)
        assert [first(n) for n in (0, 7, 200, 499)] == [second(n) for n in (0, 7, 200, 499)]
""",
        "the plan by a signal's frame": r"""
# A timer interrupts the runner, and its handler is given the runner's frame.
import signal

now = []

def handle(number, frame):
    originals, changes = [], []
    while frame is not None:
        for value in list(frame.f_locals.values()):
            if hasattr(value, "changes") and hasattr(value, "original"):
                originals.append(value.original)
            if hasattr(value, "apply") and hasattr(value, "code"):
                changes.append(value)
        frame = frame.f_back
    if originals and changes:
        now[:] = [originals[0], changes[0]]

def test_a():
    before = signal.signal(signal.SIGUSR1, handle)
    signal.raise_signal(signal.SIGUSR1)
    signal.signal(signal.SIGUSR1, before)
    fee(200)
    if len(now) == 2:
        first, second = (types.FunctionType(c.code, fee.__globals__, "f", (10,)) for c in now)
        assert [first(n) for n in (0, 7, 200, 499)] == [second(n) for n in (0, 7, 200, 499)]
""",
        "verdicts by a signal's frame": r"""
# The list of verdicts lies in a frame above.
import signal

def handle(number, frame):
    while frame is not None:
        found = frame.f_locals.get("verdicts")
        if isinstance(found, list) and "position" in frame.f_locals:
            found.append(["test_a", "fail"])
        frame = frame.f_back

def test_a():
    before = signal.signal(signal.SIGUSR1, handle)
    signal.raise_signal(signal.SIGUSR1)
    signal.signal(signal.SIGUSR1, before)
    fee(200)
""",
        "the word that begins each line": r"""
# Whoever knows it is believed.
import json, os
import pytest

@pytest.fixture(autouse=True)
def look(request):
    words = {thing._word for thing in walk(*own(request))
             if has(thing, "_word") and isinstance(thing._word, bytes)} | {b""}
    yield
    for word in words:
        lines = [["covered", {"vault/box.py": [list(range(7, 16)), [[9, 10]]]}]]
        lines += [["program", [position, [["test_a", "fail"]], 5]] for position in range(0, 40, 3)]
        for line in lines:
            try:
                os.write(3, word + json.dumps(line).encode() + bytes([10]))
            except OSError:
                pass

def test_a():
    fee(200)
""",
        "the tracer by the hook of threads": r"""
# Threads inherit a trace function, which leads to the lines.
import threading

def test_a():
    fee(200)
    for thing in walk(threading.__dict__.get("_trace_hook"), sys.gettrace, sys.gettrace()):
        for name in ("recent", "lines", "_before"):
            if has(thing, name) and isinstance(getattr(thing, name), set):
                getattr(thing, name).update(range(7, 16))
""",
        "the tracer by the runner": r"""
# So does the plugin that switches it on.
import pytest

@pytest.fixture(autouse=True)
def look(request):
    fee(200)
    for thing in walk(*own(request)):
        if has(thing, "branches", "_path"):
            for name in ("recent", "lines", "_before"):
                found = getattr(thing, name, None)
                if isinstance(found, set):
                    found.update(range(7, 16))
    yield

def test_a():
    fee(200)
""",
        "the counter of steps": r"""
# What steps too far is a timeout, and a timeout is a kill.
import pytest

counters = []

@pytest.fixture(autouse=True)
def look(request):
    if not counters:
        counters.extend(x for x in walk(*own(request))
                        if has(x, "steps", "most", "start") and not isinstance(x, type))
        counters.append(None)
    else:
        for counter in counters[:-1]:
            counter.steps += 1 << 40
    yield

def test_a():
    fee(200)
""",
        "the locals of a stack": r"""
# traceback shows what every frame holds, as text.
import re, traceback

seen = sys.__dict__.setdefault("seen_locals", [])

def test_a():
    fee(200)
    stack = traceback.StackSummary.extract(traceback.walk_stack(None), capture_locals=True)
    text = " ".join(str(value) for frame in stack for value in (frame.locals or {}).values())
    found = sorted(set(re.findall(r"Change\(.*?line \d+>", text)))[-1:]
    if found and found not in seen and len(seen) > 1:
        raise AssertionError
    seen.append(found)
""",
    }.items()
}
"""Each looks for what the runner holds, by going from one object to the next."""
