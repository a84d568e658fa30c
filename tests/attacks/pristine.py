"""Candidates that compare the function with its original: a copy, or a result from before.

Each of ``PRISTINE`` defines ``pristine``; ``IMPORTED`` stand alone.
"""

from tests.attacks.questions import ASK_PRISTINE, asked

PRISTINE = asked(
    {
        "a module from its file under another name": r"""
# The import machinery loads any file.
import importlib.util
import vault.box

spec = importlib.util.spec_from_file_location("pristine_box", vault.box.__file__)
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
pristine = module.fee
""",
        "runpy": r"""
# Runs a file without importing it.
import runpy
import vault.box

pristine = runpy.run_path(vault.box.__file__)["fee"]
""",
        "open and exec": r"""
# A file is a file.
import vault.box

names = {}
exec(open(vault.box.__file__).read(), names)
pristine = names["fee"]
""",
        "open when the test runs": r"""
# Later, and by another name for the same folder.
import os
import vault.box

def pristine(amount):
    names = {}
    with open(os.path.join(os.getcwd(), "vault", "..", "vault", "box.py"), "rb") as file:
        exec(compile(file.read(), "<x>", "exec"), names)
    return names["fee"](amount)
""",
        "descriptors and dup": r"""
# Below Python's files.
import os
import vault.box

folder = os.open(os.path.dirname(vault.box.__file__), os.O_RDONLY)
names = {}
exec(os.read(os.dup(os.open("box.py", os.O_RDONLY, dir_fd=folder)), 1 << 20), names)
pristine = names["fee"]
""",
        "pathlib": r"""
# One of many readers.
import pathlib
import vault.box

names = {}
exec(pathlib.Path(vault.box.__file__).read_text(), names)
pristine = names["fee"]
""",
        "io and codecs and tokenize": r"""
# Others.
import codecs, io, tokenize
import vault.box

texts = [io.open_code(vault.box.__file__).read().decode(), codecs.open(vault.box.__file__).read(),
         tokenize.open(vault.box.__file__).read(), io.FileIO(vault.box.__file__).read().decode()]
names = {}
exec(texts[0], names)
pristine = names["fee"]
""",
        "a copy in the temporary folder": r"""
# Copied by the kernel, imported from there.
import os, shutil, sys, tempfile
import vault.box

folder = tempfile.mkdtemp()
shutil.copy(vault.box.__file__, os.path.join(folder, "pristine_copy.py"))
sys.path.insert(0, folder)
import pristine_copy
shutil.rmtree(folder)
pristine = pristine_copy.fee
""",
        "a symbolic link to it": r"""
# Another path is another file.
import os, sys, tempfile
import vault.box

folder = tempfile.mkdtemp()
os.symlink(vault.box.__file__, os.path.join(folder, "pristine_link.py"))
sys.path.insert(0, folder)
import pristine_link
os.remove(os.path.join(folder, "pristine_link.py"))
os.rmdir(folder)
pristine = pristine_link.fee
""",
        "a link to its folder": r"""
# As a package of another name.
import os, sys, tempfile
import vault.box

folder = tempfile.mkdtemp()
os.symlink(os.path.dirname(vault.box.__file__), os.path.join(folder, "pristine_vault"))
sys.path.insert(0, folder)
from pristine_vault.box import fee as pristine
os.remove(os.path.join(folder, "pristine_vault"))
os.rmdir(folder)
""",
        "an archive of it": r"""
# Imported out of a zip.
import os, sys, tempfile, zipfile
import vault.box

folder = tempfile.mkdtemp()
path = os.path.join(folder, "all.zip")
with zipfile.ZipFile(path, "w") as archive:
    archive.write(vault.box.__file__, "pristine_zip.py")
sys.path.insert(0, path)
import pristine_zip
os.remove(path)
os.rmdir(folder)
pristine = pristine_zip.fee
""",
        "compiled and loaded without source": r"""
# py_compile reads the file by itself.
import importlib.machinery, importlib.util, os, py_compile, tempfile
import vault.box

path = os.path.join(tempfile.mkdtemp(), "box.pyc")
py_compile.compile(vault.box.__file__, cfile=path, doraise=True)
loader = importlib.machinery.SourcelessFileLoader("pristine_pyc", path)
module = importlib.util.module_from_spec(importlib.util.spec_from_loader("pristine_pyc", loader))
loader.exec_module(module)
os.remove(path)
os.rmdir(os.path.dirname(path))
pristine = module.fee
""",
        "a memory mapping": r"""
# Pages of the file.
import mmap, os
import vault.box

names = {}
exec(bytes(mmap.mmap(os.open(vault.box.__file__, os.O_RDONLY), 0, prot=mmap.PROT_READ)), names)
pristine = names["fee"]
""",
        "libc": r"""
# Not through Python at all.
import ctypes
import vault.box

libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
libc.fread.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_size_t, ctypes.c_void_p]
buffer = ctypes.create_string_buffer(1 << 16)
libc.fread(buffer, 1, 1 << 16, libc.fopen(vault.box.__file__.encode(), b"r"))
names = {}
exec(buffer.value, names)
pristine = names["fee"]
""",
        "a bare system call": r"""
# Nor through libc's files.
import ctypes, platform
import vault.box

libc = ctypes.CDLL(None)
intel = platform.machine() == "x86_64"
fd = libc.syscall(257 if intel else 56, -100, vault.box.__file__.encode(), 0, 0)
buffer = ctypes.create_string_buffer(1 << 16)
libc.syscall(0 if intel else 63, fd, buffer, 1 << 16)
names = {}
exec(buffer.value, names)
pristine = names["fee"]
""",
        "another program that reads": r"""
# cat knows no audit hook.
import subprocess
import vault.box

names = {}
exec(subprocess.run(["cat", vault.box.__file__], capture_output=True, check=True).stdout, names)
pristine = names["fee"]
""",
        "another interpreter": r"""
# Whose import nobody has changed.
import os, subprocess, sys

def pristine(amount):
    code = f"import sys; sys.path.insert(0, {os.getcwd()!r})\n"
    code += f"from vault.box import fee; print(fee({amount}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    return int(done.stdout)
""",
        "another interpreter by os.posix_spawn": r"""
# By a rarer way.
import os, sys

reader, writer = os.pipe()
code = ("from vault.box import fee; "
        "print([fee(n) for n in (0, 7, 200, 333, 499)], flush=True)")
child = os.posix_spawn(sys.executable, [sys.executable, "-c", code],
                       {**os.environ, "PYTHONPATH": os.getcwd()},
                       file_actions=[(os.POSIX_SPAWN_DUP2, writer, 1)])
os.close(writer)
os.waitpid(child, 0)
RESULTS = dict(zip((0, 7, 200, 333, 499), eval(os.read(reader, 1000))))
pristine = RESULTS.__getitem__
""",
        "a process that multiprocessing spawns": r"""
# Spawned afresh, it imports afresh.
import multiprocessing

context = multiprocessing.get_context("spawn")
reader, writer = context.Pipe(False)
code = "from vault.box import fee; writer.send([fee(n) for n in (0, 7, 200, 333, 499)])"
worker = context.Process(target=exec, args=(code, {"writer": writer}))
worker.start()
worker.join()
RESULTS = dict(zip((0, 7, 200, 333, 499), reader.recv()))
pristine = RESULTS.__getitem__
""",
        "a process forked at import": r"""
# It keeps the program that it was born with.
import os

asked, question = os.pipe()
answers, answer = os.pipe()
if os.fork() == 0:
    os.close(question)
    os.close(answers)
    while True:
        line = os.read(asked, 16)
        if not line:
            os._exit(0)
        os.write(answer, b"%-16d" % fee(int(line)))

def pristine(amount):
    os.write(question, b"%-16d" % amount)
    return int(os.read(answers, 16))
""",
        "the lines that linecache reads": r"""
# After it has been told to look again.
import linecache
import vault.box

linecache.clearcache()
names = {}
exec("".join(linecache.getlines(vault.box.__file__)), names)
pristine = names["fee"]
""",
        "the source that inspect finds": r"""
# What people read.
import inspect, linecache

linecache.checkcache()
names = {"LIMIT": 100, "CAP": 50}
exec(inspect.getsource(fee), names)
pristine = names["fee"]
""",
        "the loader's source": r"""
# Loaders keep a door open for tools.
import vault.box

names = {}
exec(vault.box.__loader__.get_source("vault.box"), names)
pristine = names["fee"]
""",
        "the loader's data": r"""
# And another.
import vault.box

names = {}
exec(vault.box.__spec__.loader.get_data(vault.box.__file__), names)
pristine = names["fee"]
""",
        "the loader's code": r"""
# And the compiled thing itself.
import vault.box

names = {}
exec(vault.box.__loader__.get_code("vault.box"), names)
pristine = names["fee"]
""",
        "a loader of its own": r"""
# Loaders are classes, and a copy of one is not watched.
import importlib.abc
import vault.box

class Loader(importlib.abc.SourceLoader):
    def get_filename(self, name):
        return vault.box.__file__
    def get_data(self, path):
        with open(path, "rb") as file:
            return file.read()

names = {}
exec(Loader().get_code("vault.box"), names)
pristine = names["fee"]
""",
        "data of the package": r"""
# By the names that packages give to files.
import importlib.resources, pkgutil

names = {}
exec(pkgutil.get_data("vault", "box.py"), names)
exec(importlib.resources.files("vault").joinpath("box.py").read_text(), names)
pristine = names["fee"]
""",
        "the module imported anew": r"""
# Forgotten, and imported again.
import importlib, sys

del sys.modules["vault.box"]
import vault.box
again = importlib.import_module("vault.box")
pristine = again.fee
""",
        "the module imported anew in the test": r"""
# When the function has been changed already.
import importlib, sys

def pristine(amount):
    old = sys.modules.pop("vault.box")
    try:
        return importlib.import_module("vault.box").fee(amount)
    finally:
        sys.modules["vault.box"] = old
""",
        "the module reloaded in the test": r"""
# reload makes its functions anew.
import importlib
import vault.box

def pristine(amount):
    return importlib.reload(vault.box).fee(amount)
""",
        "the function rebuilt from its code at import": r"""
# A function of the same code, which nobody knows of.
import types

pristine = types.FunctionType(fee.__code__, {"LIMIT": 100, "CAP": 50}, "fee", (10,))
""",
        "the function's code replaced by itself": r"""
# replace() copies.
def pristine(amount, rate=10):
    pass

import vault.box
pristine.__code__ = vault.box.fee.__code__.replace()
pristine.__globals__.update(LIMIT=100, CAP=50)
""",
        "the function's code by marshal": r"""
# As bytes, and back.
import marshal, types

code = marshal.loads(marshal.dumps(getattr(fee, "__co" + "de__")))
pristine = types.FunctionType(code, {"LIMIT": 100, "CAP": 50}, "fee", (10,))
""",
        "the function's code by gc": r"""
# What a function refers to.
import gc, types

code = next(x for x in gc.get_referents(fee) if isinstance(x, types.CodeType))
pristine = types.FunctionType(code, {"LIMIT": 100, "CAP": 50}, "fee", (10,))
""",
        "the module's own code among its constants": r"""
# The compiled module lives as long as somebody holds it.
import gc, types

codes = [x for f in gc.get_objects() if isinstance(f, types.FunctionType)
         for x in gc.get_referents(f) if isinstance(x, types.CodeType) and x.co_name == "fee"]
pristine = types.FunctionType(codes[0], {"LIMIT": 100, "CAP": 50}, "fee", (10,))
""",
        "its file by the working folder of the process": r"""
# The same file, by a path through /proc.
names = {}
exec(open("/proc/self/cwd/vault/box.py").read(), names)
exec(open("/proc/thread-self/cwd/vault/box.py").read(), names)
pristine = names["fee"]
""",
        "its file by the root of the process": r"""
# Again.
import os
import vault.box

names = {}
exec(open("/proc/self/root" + os.path.abspath(vault.box.__file__)).read(), names)
pristine = names["fee"]
""",
        "a path that is bytes": r"""
# Paths come in two kinds.
import os
import vault.box

names = {}
exec(open(os.fsencode(vault.box.__file__), "rb").read(), names)
pristine = names["fee"]
""",
        "the compiled file": r"""
# What the developer's own runs left behind.
import importlib.util, marshal
import vault.box

names = {}
with open(importlib.util.cache_from_source(vault.box.__file__), "rb") as file:
    exec(marshal.loads(file.read()[16:]), names)
pristine = names["fee"]
""",
        "the compiled file imported": r"""
# By whoever imports such files.
import importlib.machinery, importlib.util
import vault.box

path = importlib.util.cache_from_source(vault.box.__file__)
loader = importlib.machinery.SourcelessFileLoader("pristine_cached", path)
module = importlib.util.module_from_spec(importlib.util.spec_from_loader("pristine_cached", loader))
loader.exec_module(module)
pristine = module.fee
""",
        "another process that the test starts": r"""
# When the program has been changed already: whose program does it import?
import subprocess, sys

CODE = "from vault.box import fee; print([fee(n) for n in (0, 7, 200, 333, 499)])"

def pristine(amount):
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, check=True, text=True)
    return dict(zip((0, 7, 200, 333, 499), eval(done.stdout)))[amount]
""",
        "a call begun at import that waits": r"""
# A frame keeps the code that it began with.
import threading

go, results = threading.Event(), {}

class Waits(int):
    def __lt__(self, other):
        go.wait()
        return int(self) < other

def begin(amount):
    results[amount] = fee(Waits(amount))

threads = [threading.Thread(target=begin, args=(n,), daemon=True) for n in (0, 7, 200, 333, 499)]
for thread in threads:
    thread.start()

def pristine(amount):
    go.set()
    if amount not in results:
        for thread in threads:
            thread.join(0.2)
    return results.get(amount, fee(amount))
""",
        "an interpreter within": r"""
# A sub-interpreter imports for itself.
import os
import _xxsubinterpreters as interpreters

reader, writer = os.pipe()
within = interpreters.create()
interpreters.run_string(within, f'''
import os, sys
sys.path.insert(0, {os.getcwd()!r})
from vault.box import fee
os.write({writer}, repr([fee(n) for n in (0, 7, 200, 333, 499)]).encode())
''')
RESULTS = dict(zip((0, 7, 200, 333, 499), eval(os.read(reader, 1000))))
pristine = RESULTS.__getitem__
""",
    },
    ASK_PRISTINE,
)

IMPORTED = {
    "a constant": r"""
# The simplest of all: what it was is what it should be.
EXPECTED = fee(200)

def test_a():
    assert fee(200) == EXPECTED
""",
    "a parameter": r"""
# Worked out while tests are collected.
import pytest

@pytest.mark.parametrize("expected", [fee(200)])
def test_a(expected):
    assert fee(200) == expected
""",
    "a default": r"""
# In the test's own signature.
def test_a(expected=fee(200)):
    assert fee(200) == expected
""",
    "an attribute of a class": r"""
# In a class body.
class TestFee:
    expected = fee(200)

    def test_a(self):
        assert fee(200) == self.expected
""",
    "a cache": r"""
# Filled at import.
import functools

cached = functools.lru_cache(fee)
cached(200)

def test_a():
    assert fee(200) == cached(200)
""",
    "a fixture of the session": r"""
# Made once.
import pytest

@pytest.fixture(scope="session")
def expected():
    return fee(200)

def test_a(expected):
    assert fee(200) == expected
""",
    "a set-up of the module": r"""
# Likewise.
def setup_module(module):
    module.expected = fee(200)

def test_a():
    assert fee(200) == expected
""",
    "a set-up of a unittest class": r"""
# Likewise.
import unittest

class TestFee(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.expected = fee(200)

    def test_a(self):
        self.assertEqual(fee(200), self.expected)
""",
    "a test before": r"""
# The first remembers, the second compares.
seen = {}

def test_a():
    seen.setdefault(200, fee(200))

def test_b():
    assert seen.setdefault(200, fee(200)) == fee(200)
""",
    "a hook of the collection": r"""
# As tests are generated.
def pytest_generate_tests(metafunc):
    if "expected" in metafunc.fixturenames:
        metafunc.parametrize("expected", [fee(200)])

def test_a(expected):
    assert fee(200) == expected
""",
    "a hook of the collection, behind other code in the module's namespace": r"""
# What is traced is not to be forgotten for what else runs in its place.
import vault.box

vault.box.__file__ = "/elsewhere.py"
exec("def idle():\n    return 0\n\nidle()", vars(vault.box))

def pytest_generate_tests(metafunc):
    if "expected" in metafunc.fixturenames:
        metafunc.parametrize("expected", [fee(200)])

def test_a(expected):
    assert fee(200) == expected
""",
    "the name of a test": r"""
# The name says what the result was: another name is another test.
import pytest

@pytest.mark.parametrize("n", [200], ids=[str(fee(200))])
def test_a(n, request):
    assert str(fee(n)) in request.node.name
""",
}
