"""Candidates that look for what makes a mutant a mutant.

Each of ``TELLS`` defines ``changed``, each of ``READS`` defines ``code``.
"""

from tests.attacks.questions import ASK_CODE, ASK_TELL, asked

TELLS = asked(
    {
        "the import machinery": r"""
# Changed files are served by functions of somebody's.
import importlib.machinery
loader = importlib.machinery.SourceFileLoader
names = {loader.get_code.__module__, loader.get_data.__module__}
def changed():
    return any("covet" in str(name) for name in names)
""",
        "linecache": r"""
# An entry without a time.
import linecache
import vault.box
def changed():
    entry = linecache.cache.get(vault.box.__file__)
    return entry is not None and (len(entry) == 1 or entry[1] is None)
""",
        "the processor timer": r"""
# A mutant has less time than the original.
import signal
def changed():
    left = signal.getitimer(signal.ITIMER_PROF)[0]
    return 0 < left < 2
""",
        "the processor limit": r"""
# Likewise.
import resource
def changed():
    return resource.getrlimit(resource.RLIMIT_CPU)[0] < 5
""",
        "a tracer": r"""
# Only the original is traced.
import sys
seen = []
def changed():
    return sys.gettrace() is None
""",
        "the runner's plugin": r"""
# It was told to stop at the first failure, as with mutants.
import pytest
@pytest.fixture(autouse=True)
def look(request):
    global stops
    stops = [getattr(getattr(plugin, "_task", None), "stop", False)
             for plugin in request.config.pluginmanager.get_plugins()]
    yield
def changed():
    return any(stops)
""",
        "the runner's modules": r"""
# Whatever they know is a module's attribute.
import sys
def changed():
    for name, module in list(sys.modules.items()):
        if name.startswith("_covet"):
            for key, value in list(vars(module).items()):
                if isinstance(value, dict) and {"path", "source"} <= set(value) and value["source"]:
                    return True
    return False
""",
        "frames above": r"""
# Somebody's arguments say what is run.
import sys
def changed():
    frame = sys._getframe()
    while frame is not None:
        file = frame.f_locals.get("changed_file")
        if isinstance(file, dict) and file.get("path"):
            return True
        frame = frame.f_back
    return False
""",
        "frames of a traceback": r"""
# The same, by raising.
def changed():
    try:
        raise ValueError
    except ValueError as error:
        frame = error.__traceback__.tb_frame
    while frame is not None:
        file = frame.f_locals.get("changed_file")
        if isinstance(file, dict) and file.get("path"):
            return True
        frame = frame.f_back
    return False
""",
        "frames by inspect": r"""
# The same, politely.
import inspect
def changed():
    for info in inspect.stack():
        file = info.frame.f_locals.get("changed_file")
        if isinstance(file, dict) and file.get("path"):
            return True
    return False
""",
        "frames of every thread": r"""
# The same, from beside.
import sys, threading
def changed():
    found = []
    main = threading.main_thread().ident
    def look():
        frame = sys._current_frames()[main]
        while frame is not None:
            file = frame.f_locals.get("changed_file")
            found.append(isinstance(file, dict) and bool(file.get("path")))
            frame = frame.f_back
    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    return any(found)
""",
        "frames of a generator": r"""
# gi_frame leads up while it runs.
def changed():
    def look():
        frame = running.gi_frame
        while frame is not None:
            file = frame.f_locals.get("changed_file")
            if isinstance(file, dict) and file.get("path"):
                yield True
            frame = frame.f_back
    running = look()
    return next(running, False)
""",
        "a label in memory": r"""
# Everything that is alive can be listed.
import gc
def changed():
    for found in gc.get_objects():
        if type(found) is dict and "source" in found and "path" in found:
            if isinstance(found["source"], str) and found["source"] and found["path"]:
                return True
    return False
""",
        "another text of the file in memory": r"""
# The changed source lies somewhere.
import gc
def texts():
    for found in gc.get_objects():
        for inner in gc.get_referents(found):
            if isinstance(inner, (str, bytes)) and len(inner) > 400:
                yield inner if isinstance(inner, str) else inner.decode("utf-8", "replace")
def changed():
    head = SOURCE[:40]
    return any(text.startswith(head) and text != SOURCE and text.count("def fee(") == 1
               and text[-60:] == SOURCE[-60:] for text in texts())
""",
        "names of mutants in memory": r"""
# 9:compare:0 is no name for an original.
import gc, re
pattern = re.compile(r"\d+:(compare|boundary|condition|number|arithmetic|return):\d+$")
def changed():
    for found in gc.get_objects():
        for inner in gc.get_referents(found):
            if type(inner) is str and pattern.match(inner):
                return True
    return False
""",
        "memory read by ctypes": r"""
# Without gc: what /proc/self/mem holds.
import re
pattern = re.compile(rb"\d+:(?:compare|boundary|condition|number|arithmetic|return):\d+\0")
def changed():
    with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb") as memory:
        for line in maps:
            if "[heap]" in line or (" rw-p " in line and line.split()[-1] == "0"):
                first, last = (int(x, 16) for x in line.split()[0].split("-"))
                try:
                    memory.seek(first)
                    if pattern.search(memory.read(min(last - first, 64 << 20))):
                        return True
                except (OSError, ValueError):
                    pass
    return False
""",
        "the source that inspect shows": r"""
# Held against what the prompt shows.
import inspect
def changed():
    return inspect.getsource(fee) not in SOURCE
""",
        "the source of the module": r"""
# As a whole.
import inspect
import vault.box
def changed():
    return inspect.getsource(vault.box) != SOURCE
""",
        "the loader's data": r"""
# Served to whoever imports.
import vault.box
def changed():
    return vault.box.__loader__.get_data(vault.box.__file__).decode() != SOURCE
""",
        "lines of a traceback": r"""
# The text of the line that raised.
import traceback
WANTED = {line.strip() for line in SOURCE.splitlines()}
class Loud:
    def __init__(self):
        self.calls = 0
    def __lt__(self, other):
        return False
    def __mul__(self, other):
        raise ValueError
def changed():
    try:
        fee(Loud())
    except ValueError as error:
        return traceback.extract_tb(error.__traceback__)[-2].line not in WANTED
    return True
""",
        "lines that run": r"""
# A trace of one's own: the order of lines for one call.
import sys
def lines():
    seen = []
    def local(frame, event, argument):
        if event == "line":
            seen.append(frame.f_lineno)
        return local
    before = sys.gettrace()
    sys.settrace(lambda frame, *_: local if frame.f_code.co_name == "fee" else None)
    fee(200)
    sys.settrace(before)
    return seen
def changed():
    return lines() != [9, 11, 13, 15]
""",
        "instructions that run": r"""
# Finer.
import sys
def offsets():
    seen = []
    def local(frame, event, argument):
        frame.f_trace_opcodes = True
        if event == "opcode":
            seen.append(frame.f_lasti)
        return local
    before = sys.gettrace()
    sys.settrace(lambda frame, *_: local if frame.f_code.co_name == "fee" else None)
    fee(200)
    sys.settrace(before)
    return seen
names = {}
exec(SOURCE, names)
def wanted():
    global fee
    ours, fee = fee, names["fee"]
    try:
        return offsets()
    finally:
        fee = ours
def changed():
    return offsets() != wanted()
""",
        "a profile": r"""
# Calls into C and out.
import sys
def seen():
    found = []
    sys.setprofile(lambda frame, event, argument: found.append(
        (event, frame.f_code.co_code, frame.f_code.co_consts)
        if frame.f_code.co_name == "fee" else None))
    fee(200)
    sys.setprofile(None)
    return [x for x in found if x]
names = {}
exec(SOURCE, names)
def changed():
    global fee
    first = seen()
    ours, fee = fee, names["fee"]
    try:
        return first != seen()
    finally:
        fee = ours
""",
        "a note of the wall": r"""
# faulthandler shows lines without a word of Python.
import faulthandler, os, re, tempfile
class Loud:
    def __init__(self, value):
        self.value = value
        self.lines = []
    def look(self):
        with tempfile.TemporaryFile("w+") as file:
            faulthandler.dump_traceback(file, all_threads=False)
            file.seek(0)
            self.lines += re.findall(r"line (\d+) in fee", file.read())
    def __lt__(self, other):
        self.look()
        return self.value < other
    def __mul__(self, other):
        self.look()
        return self.value * other
def changed():
    loud = Loud(200)
    fee(loud)
    return loud.lines != ["11", "13", "15"]
""",
        "the finder of a file that is not there": r"""
# A mutant that is a file of its own is found by somebody.
import sys
def changed():
    return any(type(hook).__name__ == "_NewFile" for hook in sys.meta_path)
""",
        "the name of the process": r"""
# Command lines and names say much.
import sys
def changed():
    text = open("/proc/self/cmdline").read() + open("/proc/self/comm").read() + str(sys.argv)
    return "mutant" in text or "mutants" in text
""",
        "the compiled file": r"""
# An original may have a .pyc, a mutant has none.
import os
import vault.box
def changed():
    cached = vault.box.__spec__.cached
    return bool(cached) != bool(vault.box.__cached__) or vault.box.__spec__.loader_state is not None
""",
    },
    ASK_TELL,
)

READS = asked(
    {
        "its attribute": r"""
# The plain way.
def code():
    return fee.__code__
""",
        "getattr": r"""
# By a name that no text shows.
def code():
    return getattr(fee, "".join(["__", "co", "de", "__"]))
""",
        "object.__getattribute__": r"""
# Past every override.
def code():
    return object.__getattribute__(fee, "__code__")
""",
        "operator.attrgetter": r"""
# From C.
import operator
get = operator.attrgetter("__code__")
def code():
    return get(fee)
""",
        "a descriptor": r"""
# The slot itself.
import types
slot = types.FunctionType.__dict__["__code__"]
def code():
    return slot.__get__(fee)
""",
        "map": r"""
# Called by C alone.
def code():
    return next(map(getattr, [fee], ["__code__"]))
""",
        "a thread pool": r"""
# Called by the library.
from concurrent.futures import ThreadPoolExecutor
def code():
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(getattr, fee, "__code__").result()
""",
        "a partial in a thread": r"""
# Called by the library, and handed back.
import functools, threading
def code():
    found = []
    get = functools.partial(getattr, fee, "__code__")
    thread = threading.Thread(target=lambda: found.append(get()))
    thread.start()
    thread.join()
    return found[0]
""",
        "pytest.raises": r"""
# Called by the runner.
import pytest
def code():
    found = []
    class Catch:
        def __init__(self, *_):
            pass
    def get(value, name):
        found.append(getattr(value, name))
        raise ValueError
    pytest.raises(ValueError, get, fee, "__code__")
    return found[0]
""",
        "the library's calls": r"""
# Functions of the library call what they are given.
import functools, unittest.mock
def code():
    cached = functools.singledispatch(getattr)
    return unittest.mock.Mock(side_effect=getattr)(fee, "__code__")
""",
        "inspect": r"""
# Which reads code for a living.
import inspect
def code():
    return dict(inspect.getmembers(fee))["__code__"]
""",
        "inspect statically": r"""
# Without running anything.
import inspect
def code():
    return inspect.getattr_static(type(fee), "__code__").__get__(fee)
""",
        "dis": r"""
# So does dis.
import dis
def code():
    return dis.Bytecode(fee).codeobj
""",
        "unwrapping by dis": r"""
# By its back door.
import dis
def code():
    return dis._get_code_object(fee)
""",
        "references": r"""
# What the function holds.
import gc, types
def code():
    return next(x for x in gc.get_referents(fee) if isinstance(x, types.CodeType))
""",
        "everything alive": r"""
# All there is.
import gc, types
def code():
    functions = [x for x in gc.get_objects() if x is fee]
    return functions[0].__code__
""",
        "memory": r"""
# The word in which a function keeps its code.
import ctypes
def code():
    size = ctypes.sizeof(ctypes.c_void_p)
    for index in range(2, 12):
        place = ctypes.c_void_p.from_address(id(fee) + index * size).value
        if place and ctypes.c_void_p.from_address(place + size).value == id(type(code_type)):
            return ctypes.cast(place, ctypes.py_object).value
    raise LookupError
code_type = compile("0", "x", "eval")
""",
        "Python's C interface": r"""
# A function for it.
import ctypes
get = ctypes.pythonapi.PyFunction_GetCode
get.restype = ctypes.py_object
get.argtypes = [ctypes.py_object]
def code():
    return get(fee)
""",
        "the frame of a traceback": r"""
# An error inside shows where.
class Loud:
    def __lt__(self, other):
        raise ValueError
def code():
    try:
        fee(Loud())
    except ValueError as error:
        return error.__traceback__.tb_next.tb_frame.f_code
""",
        "the caller's frame": r"""
# An argument that looks who asks.
import sys
class Loud:
    def __lt__(self, other):
        Loud.found = sys._getframe(1).f_code
        return True
def code():
    try:
        fee(Loud())
    finally:
        return Loud.found
""",
        "a trace function": r"""
# Called with the frame.
import sys
def code():
    found = []
    before = sys.gettrace()
    sys.settrace(lambda frame, *_: found.append(frame.f_code))
    fee(200)
    sys.settrace(before)
    return next(x for x in found if x.co_name == "fee")
""",
        "a profile function": r"""
# Likewise.
import sys
def code():
    found = []
    sys.setprofile(lambda frame, *_: found.append(frame.f_code))
    fee(200)
    sys.setprofile(None)
    return next(x for x in found if x.co_name == "fee")
""",
        "a profiler": r"""
# Of the library.
import cProfile
def code():
    profile = cProfile.Profile()
    profile.runcall(fee, 200)
    return next(entry.code for entry in profile.getstats()
                if getattr(entry.code, "co_name", "") == "fee")
""",
        "a walk over a traceback": r"""
# By the library.
import traceback
class Loud:
    def __lt__(self, other):
        raise ValueError
def code():
    try:
        fee(Loud())
    except ValueError as error:
        return [frame for frame, _ in traceback.walk_tb(error.__traceback__)][-2].f_code
""",
        "pytest's traceback": r"""
# By the runner.
import pytest
class Loud:
    def __lt__(self, other):
        raise ValueError
def code():
    with pytest.raises(ValueError) as caught:
        fee(Loud())
    return caught.traceback[-2].frame.code.raw
""",
        "format strings": r"""
# Which look up attributes.
import re, types
class Catch(str):
    def __format__(self, spec):
        return ""
import string
def code():
    return string.Formatter().get_field("0.__code__", (fee,), {})[0]
""",
        "pattern matching": r"""
# Which looks up attributes too.
import types
def code():
    match fee:
        case types.FunctionType(__code__=found):
            return found
""",
        "a copy that pickle makes": r"""
# reduce of a method names its parts.
import copyreg, types
def code():
    return types.MethodType(fee, 1).__func__.__code__
""",
        "attributes of what runs in it": r"""
# A generator inside shows who waits.
import sys
def code():
    found = []
    class Loud:
        def __lt__(self, other):
            frame = (lambda: (yield))().gi_frame or sys._getframe()
            found.append(sys._getframe().f_back.f_code)
            return True
    try:
        fee(Loud())
    finally:
        return found[0]
""",
    },
    ASK_CODE,
)
