"""Probes tell what tracing sees, in every interpreter that tests may run in."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

from covet.languages.python.worker import instrument
from tests.languages.both_ways import PROGRAMS, TIMES, probed, probes, traced

FILES = sorted(PROGRAMS.glob("*.py"))


@pytest.mark.parametrize("program", FILES, ids=[path.stem for path in FILES])
def test_probes_tell_what_tracing_sees(program: Path):
    assert probed(program) == traced(program)


@pytest.mark.parametrize("version", ["3.9", "3.10", "3.12", "3.13", "3.14"])
def test_probes_tell_what_tracing_sees_elsewhere(version: str):
    interpreter = shutil.which(f"python{version}")
    if interpreter is None or subprocess.run([interpreter, "-c", ""], check=False).returncode:
        pytest.skip(f"there is no python{version} on the path")
    programs = [path for path in FILES if path.stem != "match" or version != "3.9"]
    command = [interpreter, "-I", str(PROGRAMS.parent.parent / "languages" / "both_ways.py")]
    done = subprocess.run([*command, *programs], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_a_function_is_told_of_until_nothing_new_can_come(tmp_path: Path):
    path = tmp_path / "known.py"
    path.write_text(
        "def f(n): pass\n\n@staticmethod\ndef g(): f(0); f(0)\n\n"
        "def run(): g(); list(map(f, [1, 2])); eval('f(3)'); eval('f(4)')\n"
    )
    heard: list[tuple[str, int, str]] = []

    def entered(frame: FrameType, line: int) -> bool:
        caller = frame.f_back
        assert caller is not None
        heard.append((frame.f_code.co_name, line, caller.f_code.co_name))
        return caller.f_code.co_filename != str(path)

    probed(path, entered)
    once = [("run", 6, "probed"), ("g", 3, "run"), ("f", 1, "g"), ("f", 1, "<module>")]
    assert heard == once * TIMES


def test_code_with_probes_is_otherwise_what_it_was():
    text = (PROGRAMS / "classes.py").read_text()
    plain = compile(text, "known.py", "exec")
    code = instrument.instrument(text.encode(), "known.py", object(), instrument.Sites())

    def told(code: CodeType) -> list[Any]:
        inner = [told(each) for each in code.co_consts if isinstance(each, CodeType)]
        words = code.co_varnames, code.co_freevars, code.co_cellvars, code.co_flags
        return [code.co_name, code.co_firstlineno, *words, inner]

    assert told(code) == told(plain)
    assert {hash(code), hash(plain)}  # they can still be keys


def test_a_tracer_of_the_codebase_is_left_alone(tmp_path: Path):
    path = tmp_path / "known.py"
    path.write_text(
        "import sys\n\ndef f(n):\n    if n:\n        n = 2\n    return n\n\n"
        "def run():\n    def mine(*_): return mine\n    sys.settrace(mine)\n"
        "    f(1)\n    assert sys.gettrace() is mine\n    sys.settrace(None)\n"
    )
    for lines, _ in probed(path):
        assert {4, 5, 6} <= lines


def test_functions_that_were_imported_before_get_probes_too(tmp_path: Path):
    path = tmp_path / "known_before.py"
    path.write_text(
        "def f(n):\n    return [n]\n\nclass A:\n    def g(self):\n        return f(1)\n"
    )
    spec = importlib.util.spec_from_file_location("known_before", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.modules["known_before"] = module
    try:
        own = probes.Probes(str(tmp_path), [path.name])
        own.fit(lambda _frame, _line: True)
        assert module.A().g() == [1]
        assert own.take() == {path.name: ({2, 6}, set())}
    finally:
        del sys.modules["known_before"]
