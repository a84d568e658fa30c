"""Candidates that let one program's run know of another's.

Each of ``STORES`` defines ``keep`` and ``kept``, each of ``COUNTERS`` defines ``again``.
"""

from tests.attacks.questions import ASK_COUNTER, ASK_SMALL_STORE, ASK_STORE, asked

STORES = {
    name: text + (ASK_SMALL_STORE if "SIZE" in text else ASK_STORE)
    for name, text in {
        "a global of the test module": r"""
# The module lives as long as its process.
seen = []
keep = seen.append
def kept():
    return seen[0] if seen else None
""",
        "builtins": r"""
# Never imported anew.
import builtins
def keep(text):
    builtins.seen = text
def kept():
    return getattr(builtins, "seen", None)
""",
        "sys": r"""
# Nor this.
import sys
def keep(text):
    sys.seen = text
def kept():
    return getattr(sys, "seen", None)
""",
        "a module of its own": r"""
# A name among the modules.
import sys, types
def keep(text):
    sys.modules["seen"] = types.ModuleType(text)
def kept():
    return sys.modules["seen"].__name__ if "seen" in sys.modules else None
""",
        "the environment": r"""
# Passed on to children too.
import os
def keep(text):
    os.environ["SEEN"] = text
def kept():
    return os.environ.get("SEEN")
""",
        "the environment of C": r"""
# Which os.environ does not show.
import ctypes
libc = ctypes.CDLL(None)
libc.getenv.restype = ctypes.c_char_p
def keep(text):
    libc.setenv(b"SEEN", text.encode(), 1)
def kept():
    found = libc.getenv(b"SEEN")
    return found.decode() if found else None
""",
        "the focal function": r"""
# Functions have attributes.
def keep(text):
    fee.seen = text
def kept():
    return getattr(fee, "seen", None)
""",
        "a class of the codebase": r"""
# So have classes.
def keep(text):
    Vault.seen = text
def kept():
    return getattr(Vault, "seen", None)
""",
        "a class of the library": r"""
# And those of the library.
import decimal, pathlib
def keep(text):
    pathlib.PurePath.seen = text
def kept():
    return getattr(pathlib.PurePath, "seen", None)
""",
        "the focal function's defaults": r"""
# A default argument is as good as an attribute.
def keep(text):
    fee.__kwdefaults__ = {"seen": text}
def kept():
    return (fee.__kwdefaults__ or {}).get("seen")
""",
        "a file": r"""
# In the one folder that can be written.
import os, tempfile
path = os.path.join(tempfile.gettempdir(), "seen")
def keep(text):
    with open(path, "w") as file:
        file.write(text)
def kept():
    return open(path).read() if os.path.exists(path) else None
""",
        "a file beside": r"""
# In any other.
import os
places = ["/var/tmp/seen", "/dev/shm/seen", "/run/seen", os.path.expanduser("~/seen"), "/scratch/x"]
def keep(text):
    for path in places:
        try:
            with open(path, "w") as file:
                file.write(text)
        except OSError:
            pass
def kept():
    return next((open(path).read() for path in places if os.path.exists(path)), None)
""",
        "a link": r"""
# Its target is text.
import os, tempfile
path = os.path.join(tempfile.gettempdir(), "seen")
def keep(text):
    os.symlink(text.replace("/", ""), path)
def kept():
    return os.readlink(path) if os.path.islink(path) else None
""",
        "a file that is open and gone": r"""
# A descriptor without a name.
import os, tempfile
def keep(text):
    fd = os.open(tempfile.gettempdir(), os.O_TMPFILE | os.O_RDWR)
    os.dup2(fd, 200, inheritable=True)
    os.write(200, text.encode())
def kept():
    try:
        return os.pread(200, 1000, 0).decode() or None
    except OSError:
        return None
""",
        "attributes of the temporary folder": r"""
# The folder itself stays.
import os, tempfile
folder = tempfile.gettempdir()
def keep(text):
    os.setxattr(folder, "user.seen", text.encode())
def kept():
    try:
        return os.getxattr(folder, "user.seen").decode()
    except OSError:
        return None
""",
        "the time of the temporary folder": r"""
# A number in the place of a time.
import os, tempfile
SIZE = 1 << 20
folder = tempfile.gettempdir()
def keep(number):
    os.utime(folder, (number, number))
def kept():
    found = int(os.stat(folder).st_mtime)
    return found if found <= SIZE else None
""",
        "the rights of the temporary folder": r"""
# Six bits.
import os, tempfile
SIZE = 63
folder = tempfile.gettempdir()
def keep(number):
    os.chmod(folder, 0o700 | number)
def kept():
    return os.stat(folder).st_mode & 63 or None
""",
        "a shared mapping": r"""
# Shared with every child that is forked.
import mmap
view = mmap.mmap(-1, 4096)
def keep(text):
    view[: len(text)] = text.encode()
def kept():
    return view[:].rstrip(b"\0").decode() or None
""",
        "a process of its own": r"""
# It remembers what it is told.
import os
asked, question = os.pipe()
answers, answer = os.pipe()
if os.fork() == 0:
    seen = b""
    while True:
        line = os.read(asked, 1000)
        if not line:
            os._exit(0)
        if line != b"?":
            seen = line
        os.write(answer, seen or b"?")
def ask(line):
    os.write(question, line)
    return os.read(answers, 1000)
def keep(text):
    ask(text.encode())
def kept():
    found = ask(b"?")
    return None if found == b"?" else found.decode()
""",
        "a thread": r"""
# Its stack is nobody else's.
import queue, threading
told, answers = queue.Queue(), queue.Queue()
def remember():
    seen = None
    while True:
        said = told.get()
        seen = said or seen
        answers.put(seen)
threading.Thread(target=remember, daemon=True).start()
def ask(said):
    told.put(said)
    return answers.get(timeout=1)
def keep(text):
    ask(text)
def kept():
    return ask(None)
""",
        "a generator": r"""
# A frame that waits.
def remember():
    seen = None
    while True:
        said = yield seen
        seen = said or seen
running = remember()
next(running)
keep = running.send
def kept():
    return running.send(None)
""",
        "a signal handler": r"""
# The interpreter keeps it.
import functools, signal
def handle(text, *_):
    pass
def keep(text):
    signal.signal(signal.SIGUSR1, functools.partial(handle, text))
def kept():
    found = signal.getsignal(signal.SIGUSR1)
    return found.args[0] if isinstance(found, functools.partial) else None
""",
        "a timer": r"""
# Set far ahead.
import signal
SIZE = 1 << 10
def keep(number):
    signal.setitimer(signal.ITIMER_REAL, number * 1000.0)
def kept():
    left = signal.getitimer(signal.ITIMER_REAL)[0]
    return round(left / 1000) if left else None
""",
        "the mask of new files": r"""
# Nine bits.
import os
SIZE = 0o700
first = os.umask(0)
os.umask(first)
def keep(number):
    os.umask(number)
def kept():
    now = os.umask(0)
    os.umask(now)
    return None if now in (0o22, 0o77, 0o2) else now
""",
        "the working folder": r"""
# One of many.
import os
SIZE = 16
folders = sorted(entry.path for entry in os.scandir("/usr/share") if entry.is_dir())[:SIZE]
def keep(number):
    os.chdir(folders[number % len(folders)])
def kept():
    return folders.index(os.getcwd()) or SIZE if os.getcwd() in folders else None
""",
        "a resource limit": r"""
# Any that is not needed.
import resource
SIZE = 100
def keep(number):
    resource.setrlimit(resource.RLIMIT_NOFILE, (300 + number, 512))
def kept():
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return soft - 300 if soft <= 400 else None
""",
        "the recursion limit": r"""
# A number of the interpreter's.
import sys
SIZE = 1 << 20
first = sys.getrecursionlimit()
def keep(number):
    sys.setrecursionlimit(10_000 + number)
def kept():
    now = sys.getrecursionlimit()
    return now - 10_000 if now > 10_000 else None
""",
        "the garbage collector's thresholds": r"""
# Numbers of the interpreter's.
import gc
SIZE = 1 << 20
def keep(number):
    gc.set_threshold(5000 + number)
def kept():
    now = gc.get_threshold()[0]
    return now - 5000 if now > 5000 else None
""",
        "the context of decimals": r"""
# A number of a library's.
import decimal
SIZE = 1 << 20
def keep(number):
    decimal.getcontext().prec = 1000 + number
def kept():
    now = decimal.getcontext().prec
    return now - 1000 if now > 1000 else None
""",
        "a context variable": r"""
# What contexts are for.
import contextvars, sys
seen = sys.modules.setdefault("seen_variable", contextvars.ContextVar("seen"))
keep = seen.set
def kept():
    return seen.get(None)
""",
        "a handler of coding errors": r"""
# A registry of C's.
import codecs
def keep(text):
    codecs.register_error("seen", lambda error: (text, error.end))
def kept():
    try:
        return b"\xff".decode("ascii", "seen")
    except LookupError:
        return None
""",
        "filters of warnings": r"""
# A list that everybody shares.
import warnings
def keep(text):
    warnings.filters.append(("ignore", None, Warning, None, 0, text))
def kept():
    return next((entry[5] for entry in warnings.filters if len(entry) > 5), None)
""",
        "lines of linecache": r"""
# A cache is a place to keep things.
import linecache
def keep(text):
    linecache.cache["seen"] = (1, None, [text], "seen")
def kept():
    return linecache.cache["seen"][2][0] if "seen" in linecache.cache else None
""",
        "a name interned": r"""
# Registries of classes.
import copyreg
class Seen:
    pass
def keep(text):
    copyreg.dispatch_table["seen"] = text
def kept():
    return copyreg.dispatch_table.get("seen")
""",
        "the interpreter's options": r"""
# Lists and dicts that nobody looks at.
import sys
def keep(text):
    sys._xoptions["seen"] = text
    sys.argv.append(text)
def kept():
    return sys._xoptions.get("seen")
""",
        "random's state": r"""
# A seed that nobody sets back.
import random
def keep(text):
    random.seed(text)
    random.__dict__["seeded"] = text
def kept():
    return random.__dict__.get("seeded")
""",
        "the name of its process": r"""
# Fifteen letters.
import ctypes
SIZE = 1 << 20
libc = ctypes.CDLL(None)
def keep(number):
    libc.prctl(15, b"c%d" % number, 0, 0, 0)
def kept():
    name = ctypes.create_string_buffer(16)
    libc.prctl(16, name, 0, 0, 0)
    return int(name.value[1:]) if name.value[1:].isdigit() else None
""",
        "a page of memory at a fixed place": r"""
# Mapped where it will be looked for.
import ctypes
libc = ctypes.CDLL(None)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t] + [ctypes.c_int] * 3 + [ctypes.c_long]
libc.msync.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
PLACE = 0x100000000000
def keep(text):
    libc.mmap(PLACE, 4096, 3, 0x32, -1, 0)
    ctypes.memmove(PLACE, text.encode() + b"\0", len(text) + 1)
def kept():
    return ctypes.string_at(PLACE).decode() if libc.msync(PLACE, 4096, 1) == 0 else None
""",
        "an audit hook": r"""
# Hooks cannot be taken away.
import sys
def keep(text):
    sys.addaudithook(
        lambda event, arguments: arguments[0].append(text) if event == "seen.ask" else None)
def kept():
    found = []
    sys.audit("seen.ask", found)
    return found[0] if found else None
""",
        "a hook of fork": r"""
# Called in every child, and never forgotten.
import os, sys
def keep(text):
    os.register_at_fork(after_in_child=lambda: setattr(sys, "seen_by_fork", text))
    sys.seen_by_fork = text
def kept():
    return getattr(sys, "seen_by_fork", None)
""",
    }.items()
}

COUNTERS = asked(
    {
        "processes so far": r"""
# The number of a process says how many there were.
import os
def again():
    return os.getpid() > 2
""",
        "processes so far by forking": r"""
# The next number does.
import os
def again():
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return child > 3
""",
        "the age of process 1": r"""
# Read from its files.
import os, time
def again():
    return time.time() - os.stat("/proc/1").st_ctime > 0.012
""",
        "the work of process 1": r"""
# Its own and its children's time, and page faults.
def again():
    fields = open("/proc/1/stat").read().rpartition(")")[2].split()
    return int(fields[8]) > 0 or int(fields[9]) > 0
""",
        "numbers of files": r"""
# Each new file in the temporary folder has the next one.
import os, tempfile
def again():
    path = os.path.join(tempfile.gettempdir(), "x")
    os.close(os.open(path, os.O_CREAT))
    number = os.stat(path).st_ino
    os.remove(path)
    return number > FIRST
FIRST = 3
""",
        "the time of the temporary folder": r"""
# A file that comes and goes leaves its mark.
import os, tempfile
folder = tempfile.gettempdir()
def again():
    before = os.stat(folder)
    os.close(os.open(os.path.join(folder, "x"), os.O_CREAT))
    os.remove(os.path.join(folder, "x"))
    os.utime(folder, ns=(1, 1))
    return before.st_mtime_ns == 1
""",
        "courtesy of process 1": r"""
# Whose children begin as courteous as it is.
import os
def again():
    before = os.getpriority(os.PRIO_PROCESS, 0)
    for who in (1, os.getppid()):
        try:
            os.setpriority(os.PRIO_PROCESS, who, 7)
        except OSError:
            pass
    return before == 7
""",
        "processors of process 1": r"""
# Likewise.
import os
def again():
    before = len(os.sched_getaffinity(0))
    for who in (1, os.getppid()):
        try:
            os.sched_setaffinity(who, {min(os.sched_getaffinity(0))})
        except OSError:
            pass
    return before == 1
""",
        "the scheduling of process 1": r"""
# Likewise.
import os
def again():
    before = os.sched_getscheduler(0)
    for who in (1, os.getppid()):
        try:
            os.sched_setscheduler(who, os.SCHED_BATCH, os.sched_param(0))
        except OSError:
            pass
    return before == os.SCHED_BATCH
""",
        "the disk's courtesy of process 1": r"""
# Likewise.
import ctypes, platform
libc = ctypes.CDLL(None)
getting, setting = (252, 251) if platform.machine() == "x86_64" else (31, 30)
def again():
    before = libc.syscall(getting, 1, 0)
    for who in (1, __import__("os").getppid()):
        libc.syscall(setting, 1, who, (2 << 13) | 6)
    return before == (2 << 13) | 6
""",
        "limits of process 1": r"""
# prlimit reaches others.
import os, resource
def again():
    before = resource.getrlimit(resource.RLIMIT_CORE), resource.getrlimit(resource.RLIMIT_STACK)
    for who in (1, os.getppid()):
        try:
            resource.prlimit(who, resource.RLIMIT_STACK, (4 << 20, before[1][1]))
        except OSError:
            pass
    return before[1][0] == 4 << 20
""",
        "a lock on a file of the codebase": r"""
# Held by whoever was there first.
import fcntl, os
import vault
def again():
    fd = os.open(vault.__file__, os.O_RDONLY)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    if os.fork() == 0:
        os.setsid()
        __import__("time").sleep(60)
    return False
""",
        "a count of calls": r"""
# Every call but the first fails.
import itertools, sys
count = sys.__dict__.setdefault("calls_so_far", itertools.count())
def again():
    return next(count) > 0
""",
        "a count of calls of the function itself": r"""
# A version of one's own that counts.
import vault.box
real = fee
def counted(*arguments):
    counted.calls += 1
    if counted.calls > 1:
        raise ValueError
    return real(*arguments)
counted.calls = 0
vault.box.fee = counted
def again():
    vault.box.fee(200)
    return False
""",
        "the clock since it was imported": r"""
# Later is a mutant.
import time
started = time.monotonic()
def again():
    return time.monotonic() - started > 0.006
""",
        "processor time": r"""
# Used by the same process.
import resource, time
started = time.process_time()
def again():
    return time.process_time() - started > 0.006
""",
        "objects created": r"""
# Every run leaves some.
import gc, sys
started = sys.getallocatedblocks()
def again():
    return sys.getallocatedblocks() - started > 2000
""",
        "references to the function": r"""
# Whoever swaps its code holds it.
import sys
started = sys.getrefcount(fee)
def again():
    return sys.getrefcount(fee) != started
""",
        "a weak reference that ends": r"""
# Told when the module of the run before goes.
import sys, weakref
class Last:
    pass
last = Last()
sys.__dict__.setdefault("ended", [])
weakref.finalize(last, sys.ended.append, 1)
def again():
    return bool(sys.ended) or hasattr(sys, "was_here") or setattr(sys, "was_here", 1)
""",
        "an end that is heard": r"""
# __del__ and atexit run between programs.
import atexit, builtins
class Last:
    def __del__(self):
        builtins.ended = True
last = Last()
atexit.register(setattr, builtins, "ended", True)
def teardown_module():
    builtins.ended = True
def again():
    return getattr(builtins, "ended", False)
""",
        "a hook of fork": r"""
# Each program in a child of its own is a fork more.
import os, sys
sys.forks = 0
def count():
    sys.forks += 1
os.register_at_fork(after_in_child=count, before=count)
def again():
    return sys.forks > 0
""",
        "a test that runs twice": r"""
# Its items are set up anew.
import sys
seen = sys.__dict__.setdefault("seen_items", set())
import pytest
@pytest.fixture(autouse=True)
def note(request):
    request.node.session.config.__dict__.setdefault("_covet_seen", []).append(1)
    global times
    times = len(request.config.__dict__["_covet_seen"])
    yield
def again():
    return times > 1
""",
    },
    ASK_COUNTER,
)
