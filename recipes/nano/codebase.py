"""The bundled codebase: a package of generated modules with partial pytest suites.

`codebase_files(seed)` gives every file as path → text, `write_codebase` puts them into a folder
that holds nothing else, and `bundled_functions(seed)` gives the functions that stand in it, which
pre-training leaves out. The held-out families live in a subpackage of their own.
"""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from recipes.nano.draw import NOUNS, RESERVED, Draw
from recipes.nano.families import HELD_OUT, TRAINING, Family
from recipes.nano.functions import Function, Suite, make_function, make_suite, normal_form

PACKAGE = "samplekit"
HELD_OUT_FOLDER = "heldout"
MODULES = 175
HELD_OUT_MODULES = 16
FULL_SHARE = 0.08
"""Share of functions whose existing tests may leave no line: a real codebase has some."""
WIDTH = 88

README = """# samplekit

Generated, and bundled with Covet to try it on: {functions} small functions in {modules} modules,
each module with a partial pytest suite that leaves lines uncovered. The functions under
`samplekit/{held_out}/` come from {families} families of functions that the demonstration policy
never saw in pre-training; the rest come from families that it did see, as other functions.

Nothing here is meant to be used. Run its tests with `python -m pytest` in this folder.
"""
PYPROJECT = """[project]
name = "samplekit"
version = "0.0.0"
description = "A generated codebase to try Covet on"
requires-python = ">=3.9"

[tool.pytest.ini_options]
testpaths = ["tests"]
pythonpath = ["."]
"""


@dataclass(frozen=True, slots=True)
class Module:
    """One generated module: its dotted name under the package, its functions, their tests."""

    name: str
    functions: tuple[tuple[Function, Suite], ...]

    @property
    def path(self) -> str:
        return f"{PACKAGE}/{self.name.replace('.', '/')}.py"

    @property
    def test_path(self) -> str:
        *folders, last = self.name.split(".")
        return "/".join(("tests", *folders, f"test_{last}.py"))


def make_modules(seed: int) -> list[Module]:
    """Every module of the codebase, in a fixed order; no two share a name or a function."""
    draw = Draw(seed)
    plain = [noun for noun in NOUNS if noun not in RESERVED]
    names = [*plain, *(f"{noun}_rules" for noun in plain)]
    draw.shuffle(names)
    pool = iter(names)
    forms: set[str] = set()
    modules = [_make_module(draw, next(pool), TRAINING, forms=forms) for _ in range(MODULES)]
    for _ in range(HELD_OUT_MODULES):
        name = f"{HELD_OUT_FOLDER}.{next(pool)}"
        modules.append(_make_module(draw, name, HELD_OUT, forms=forms))
    return modules


def _make_module(
    draw: Draw, name: str, families: Mapping[str, Family], *, forms: set[str]
) -> Module:
    """Seven to nine functions of normal forms that are not in `forms`, to which they are added."""
    functions: dict[str, tuple[Function, Suite]] = {}
    size = draw.randint(7, 9)
    while len(functions) < size:
        function = make_function(draw, families, taken=functions)
        form = normal_form(function.source)
        if form not in forms:
            forms.add(form)
            functions[function.name] = (function, make_suite(draw, function, full_share=FULL_SHARE))
    return Module(name, tuple(functions.values()))


def bundled_functions(seed: int) -> Iterator[tuple[Function, Suite]]:
    """The functions of the codebase, each with its existing tests."""
    for module in make_modules(seed):
        yield from module.functions


def codebase_files(seed: int) -> dict[str, str]:
    """Path → text of every file."""
    modules = make_modules(seed)
    files = {
        "pyproject.toml": PYPROJECT,
        "README.md": README.format(
            functions=sum(len(module.functions) for module in modules),
            modules=len(modules),
            held_out=HELD_OUT_FOLDER,
            families=len(HELD_OUT),
        ),
        f"{PACKAGE}/__init__.py": '"""Generated: small functions to try Covet on."""\n',
        f"{PACKAGE}/{HELD_OUT_FOLDER}/__init__.py": (
            '"""Generated: functions of families that pre-training left out."""\n'
        ),
    }
    for module in modules:
        files[module.path] = _module_text(module)
        files[module.test_path] = _tests_text(module)
    return files


def _module_text(module: Module) -> str:
    subject = module.name.rpartition(".")[2].replace("_", " ")
    parts = [f'"""Generated: small functions, filed under {subject}."""\n']
    return "\n\n".join((*parts, *(function.source for function, _ in module.functions)))


def _tests_text(module: Module) -> str:
    tests = [test for _, suite in module.functions for test in suite.tests]
    names = [function.name for function, _ in module.functions]
    head = f"{_import_line(module.name, names)}\n"
    if any("pytest." in test for test in tests):
        head = f"import pytest\n\n{head}"
    return "\n\n".join((head, *tests))


def _import_line(module: str, names: list[str]) -> str:
    """One import of all the module's functions, tested or not, wrapped where it is long."""
    source = f"from {PACKAGE}.{module} import"
    line = f"{source} {', '.join(names)}"
    if len(line) <= WIDTH:
        return line
    return "\n".join((f"{source} (", *(f"    {name}," for name in names), ")"))


def write_codebase(folder: Path, seed: int) -> None:
    """Write the codebase; whatever else the folder held is removed."""
    shutil.rmtree(folder, ignore_errors=True)
    for path, text in codebase_files(seed).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
