from textwrap import dedent

import pytest

from covet.languages.python import PYTHON
from covet.mine.functions import SourceFile, TestFile
from covet.mine.links import Links, combine, existing_test_file, named, referenced


def source(path: str, text: str) -> SourceFile:
    module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    text = dedent(text)
    return SourceFile(path, module, text, PYTHON.functions(text, path=path, module=module))


def suite(path: str, text: str) -> TestFile:
    text = dedent(text)
    module = path.removesuffix(".py").replace("/", ".")
    return TestFile(path, module, text, PYTHON.tests(text, path=path))


class Seen:
    """What running showed: by test, the functions that it entered directly, and by the way."""

    def __init__(self, ran: dict[str, tuple[set[str], set[str]]] | None = None) -> None:
        self._ran = {("tests/test_b.py", name): seen for name, seen in (ran or {}).items()}
        self._places = {"f": ("a/b.py", 1), "g": ("a/b.py", 5)}

    def knows(self, test: tuple[str, str]) -> bool:
        return test in self._ran

    def entering(self, place: tuple[str, int]) -> list[tuple[str, str]]:
        return [
            test
            for test, seen in self._ran.items()
            if place in {self._places[name] for name in set.union(*seen)}
        ]

    def direct(self, test: tuple[str, str]) -> set[tuple[str, int]]:
        return {self._places[name] for name in self._ran[test][0]}


def by_text(sources: list[SourceFile], files: list[TestFile]) -> Links:
    """As where no test was seen running."""
    return combine(sources, files, [named(sources, files)], Seen())


def linked(sources: list[SourceFile], files: list[TestFile]) -> dict[str, list[tuple[str, str]]]:
    """Qualname → the tests linked to it with their kind."""
    links = by_text(sources, files)
    return {
        function.qualname: [(test.qualname, " ".join(test.evidence)) for test in links.of(function)]
        for each in sources
        for function in each.functions
        if links.of(function)
    }


ONE = source("a/b.py", "def f(n):\n    return n\n\n\ndef g(n):\n    return n\n")


@pytest.mark.parametrize(
    "text",
    [
        "import a.b\ndef test_it(): a.b.f(1)",
        "import a.b as m\ndef test_it(): m.f(1)",
        "from a import b\ndef test_it(): b.f(1)",
        "from a import b as c\ndef test_it(): c.f(1)",
        "from a.b import f\ndef test_it(): f(1)",
        "from a.b import f as h\ndef test_it(): h(1)",
        "from a.b import *\ndef test_it(): f(1)",
        "def test_it():\n    from a.b import f\n    f(1)",
        "from a.b import f\ndef test_it(): assert list(map(f, [1])) == [1]",
        "from a.b import f\n@mark.parametrize('x', [f(1)])\ndef test_it(x): 0",
        "from a.b import f\ndef helper(): return f(1)\ndef test_it(): helper()",
        "from a.b import f\nVALUE = f(1)\ndef test_it(): assert VALUE == 1",
        "from a.b import f\n@fixture\ndef one(): return f(1)\ndef test_it(one): 0",
        "try:\n    from a.b import f\nexcept ImportError:\n    f = None\ndef test_it(): f(1)",
    ],
)
def test_a_test_is_linked_to_the_function_that_it_reaches_through_its_imports(text: str):
    assert linked([ONE], [suite("tests/test_b.py", text)]) == {"f": [("test_it", "import")]}


def test_a_relative_import_is_resolved_from_the_test_files_own_package():
    file = suite("a/test_b.py", "from .b import f\nfrom . import b\ndef test_it(): f(b.g(1))")
    assert linked([ONE], [file]) == {
        "f": [("test_it", "import")],
        "g": [("test_it", "import")],
    }


@pytest.mark.parametrize("text", ["from .b import f", "from a.b import f", "from .b import *"])
def test_a_function_that_a_package_passes_on_is_linked_where_it_is_defined(text: str):
    package = source("a/__init__.py", text)
    file = suite("tests/test_a.py", "import a\ndef test_it(): a.f(1)")
    assert linked([package, ONE], [file]) == {"f": [("test_it", "import")]}


def test_packages_that_pass_a_name_round_in_a_circle_link_nothing():
    circle = [source("a/__init__.py", "from c import f"), source("c.py", "from a import f")]
    assert (
        linked([*circle, ONE], [suite("tests/test_a.py", "import a\ndef test_it(): a.f()")]) == {}
    )


def test_an_import_that_a_test_does_not_use_links_nothing():
    assert linked([ONE], [suite("tests/t.py", "from a.b import f, g\ndef test_it(): g(1)")]) == {
        "g": [("test_it", "import")]
    }


def test_a_local_variable_of_the_same_name_links_nothing():
    file = suite("tests/test_b.py", "from a.b import f\ndef test_it():\n    f = 1\n    print(f)")
    assert linked([ONE], [file]) == {}


def test_a_test_called_after_the_function_is_linked_by_name():
    file = suite("tests/test_b.py", "from a import b\ndef test_f_1(): b.f(1)\ndef test_gg(): 0")
    assert linked([ONE], [file]) == {"f": [("test_f_1", "name")]}


def test_the_longest_name_that_fits_wins():
    module = source("m.py", "".join(f"def {n}(): return 1\n" for n in ("sum", "sum_flag", "su")))
    file = suite("tests/test_m.py", "def test_sum_flag_1(): 0\ndef test_sum_flags(): 0")
    assert linked([module], [file]) == {
        "sum_flag": [("test_sum_flag_1", "name")],
        "sum": [("test_sum_flags", "name")],
    }


def test_a_name_is_looked_for_in_the_modules_that_the_test_file_imports():
    other = source("a/c.py", "def f(): return 2")
    file = suite("tests/test_all.py", "from a import c\ndef test_f(): c")
    assert linked([ONE, other], [file]) == {"f": [("test_f", "name")]}
    links = by_text([ONE, other], [file])
    assert links.of(other.functions[0])
    assert not links.of(ONE.functions[0])


def test_of_two_functions_of_one_name_the_mentioned_one_is_meant():
    other = source("a/c.py", "def f(): return 2")
    file = suite("tests/test_all.py", "from a import b, c\ndef test_f(): c.f()\ndef test_f_2(): 0")
    links = by_text([ONE, other], [file])
    assert [test.qualname for test in links.of(other.functions[0])] == ["test_f"]
    assert not links.of(ONE.functions[0])


STACK = source(
    "stack.py",
    """
    class Stack:
        def __init__(self): self.items = []
        def push(self, item): self.items.append(item)
        def pop(self): return self.items.pop()
        @property
        def top(self): return self.items[-1]
        @top.setter
        def top(self, item): self.items[-1] = item
    def push(n): return n
    """,
)


def test_a_class_is_linked_by_its_construction_and_the_methods_that_are_used():
    file = suite(
        "tests/test_stack.py",
        "from stack import Stack\ndef test_it():\n    s = Stack()\n    s.push(1)\n    s.top = 2",
    )
    assert set(linked([STACK], [file])) == {
        "Stack.__init__",
        "Stack.push",
        "Stack.top",
        "Stack.top.setter",
    }


@pytest.mark.parametrize(
    ("text", "qualname"),
    [
        ("class TestStack:\n    def test_pop_twice(self): 0", "Stack.pop"),
        ("class StackTest(TestCase):\n    def testPop(self): 0", "Stack.pop"),
        ("class TestPush:\n    def test_it(self): 0", "push"),
        ("class TestStack:\n    def test_push(self): 0", "Stack.push"),
        ("def test_stack_pop_of_nothing(): 0", "Stack.pop"),
        ("def test_push(): 0", "push"),
    ],
)
def test_methods_are_linked_by_the_class_and_the_name(text: str, qualname: str):
    found = linked([STACK], [suite("tests/test_stack.py", text)])
    assert set(found) == {qualname}
    assert found[qualname][0][1] == "name"


def test_what_setup_does_counts_for_every_test_of_its_class():
    text = """
    from stack import Stack
    class TestIt:
        def setup_method(self): self.stack = Stack()
        def test_it(self): self.stack.pop()
    """
    assert linked([STACK], [suite("tests/test_stack.py", text)]) == {
        "Stack.__init__": [("TestIt.test_it", "import")],
        "Stack.pop": [("TestIt.test_it", "import")],
    }


def test_the_tests_of_a_function_are_in_the_order_of_their_files():
    first = suite("tests/test_b.py", "from a.b import f\ndef test_z(): f(1)\ndef test_f(): f(2)")
    second = suite("tests/test_a.py", "from a.b import f\ndef test_y(): f(1)")
    assert [name for name, _ in linked([ONE], [first, second])["f"]] == [
        "test_y",
        "test_z",
        "test_f",
    ]


def test_new_tests_belong_where_most_tests_of_the_module_are_or_the_name_says():
    big = suite("tests/test_all.py", "from a.b import f\ndef test_x(): f(1)\ndef test_y(): f(2)")
    small = suite("tests/test_cli.py", "from a.b import f\ndef test_x(): f(1)")
    named = suite("tests/test_b.py", "from a.b import f\ndef test_x(): f(1)")

    def home(*files: TestFile) -> str:
        return existing_test_file(
            ONE, by_text([ONE], list(files)), {file.path: file for file in files}
        )

    assert home(small, big) == "tests/test_all.py"
    assert home(small, big, named) == "tests/test_b.py"
    assert home() == ""


BOTH = suite(
    "tests/test_b.py",
    "from a.b import f, g\ndef test_f(): f(1)\ndef test_both(): f(g(1))\ndef test_other(): 0",
)


def evidence(
    found: list[object], ran: dict[str, tuple[set[str], set[str]]]
) -> dict[str, dict[str, str]]:
    links = combine([ONE], [BOTH], found, Seen(ran))
    return {
        function.qualname: {t.qualname: " ".join(t.evidence) for t in links.all_of(function)}
        for function in ONE.functions
    }


def test_all_evidence_of_a_link_is_told_in_one_order():
    found = [referenced({("a/b.py", "f"): [("tests/test_b.py", "test_f")]}), named([ONE], [BOTH])]
    assert evidence(found, {"test_f": ({"f"}, set())})["f"] == {
        "test_f": "name reference direct",
        "test_both": "import",
    }
    assert evidence(found[::-1], {"test_f": ({"f"}, set())})["f"]["test_f"] == (
        "name reference direct"
    )


def test_what_a_test_was_seen_to_pass_by_it_is_not_linked_to():
    found = [named([ONE], [BOTH])]
    assert evidence(found, {})["g"] == {"test_both": "import"}
    assert evidence(found, {"test_both": ({"f"}, set())})["g"] == {}


def test_a_test_that_names_nothing_is_linked_by_what_it_was_seen_to_run():
    assert evidence([], {"test_other": ({"g"}, {"f"})}) == {
        "f": {"test_other": "indirect"},
        "g": {"test_other": "direct"},
    }


def test_a_test_that_runs_a_function_only_by_the_way_is_not_about_it():
    ran = {"test_f": ({"f"}, {"g"}), "test_both": (set(), {"g"})}
    links = combine([ONE], [BOTH], [named([ONE], [BOTH])], Seen(ran))
    g = ONE.functions[1]
    assert [test.qualname for test in links.all_of(g)] == ["test_f", "test_both"]
    assert [test.qualname for test in links.of(g)] == ["test_both"]


def test_a_test_that_is_not_in_the_files_is_linked_to_nothing():
    found = [referenced({("a/b.py", "f"): [("tests/test_b.py", "test_gone")]})]
    assert evidence(found, {"test_gone": ({"f"}, set())}) == {"f": {}, "g": {}}
