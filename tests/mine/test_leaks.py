import re
from collections.abc import Sequence

import pytest

from covet.errors import DataError
from covet.languages.python import PYTHON
from covet.mine import leaks
from covet.records import Coverage, Function, FunctionExample, Reference, Span, TestCase

HIDDEN = "def test_hidden():\n    assert 1\n"
"""A test about a function of ``b.py``, which is held out."""
ABOUT = {
    "a.py": frozenset({("test_a.py", "test_own")}),
    "b.py": frozenset({("test_a.py", "test_hidden")}),
}


def function(path: str) -> Function:
    return Function(path, path[:-3], "f", Span(1, 2), "def f():\n    return 1\n")


def case(name: str, *, path: str = "test_a.py") -> TestCase:
    return TestCase(path, name, Span(1, 2), f"def {name}():\n    assert 1\n")


def example(path: str, *, split: str = "train", **changed: object) -> FunctionExample:
    plain: dict[str, object] = {"test_path": "test_a.py", "test_file": "", "tests": ()}
    return FunctionExample(
        id=f"{path}::f",
        function=function(path),
        source_file="",
        executable=Coverage(),
        baseline=Coverage(),
        split=split,
        **{**plain, **changed},
    )


def checked(
    *examples: FunctionExample,
    references: Sequence[Reference] = (),
    clusters: Sequence[Sequence[Function]] = (),
) -> None:
    leaks.check(
        examples,
        {reference.example: reference for reference in references},
        clusters=clusters,
        about=ABOUT,
        language=PYTHON,
    )


HELD = example("b.py", split="heldout", test_file=HIDDEN, tests=(case("test_hidden"),))


def test_sides_that_share_nothing_pass():
    checked(
        example("a.py", test_file="def test_own():\n    assert 1\n", tests=(case("test_own"),)),
        HELD,
        example("c.py", split="reserved", test_file=HIDDEN),
        references=[Reference("b.py::f", (case("test_hidden"),), HIDDEN, HIDDEN)],
        clusters=[(function("b.py"), function("c.py")), (function("a.py"), function("gone.py"))],
    )


@pytest.mark.parametrize("split", ["heldout", "reserved"])
def test_a_file_on_both_sides_is_a_leak(split: str):
    with pytest.raises(DataError, match=r"a\.py is on both sides"):
        checked(example("a.py"), example("a.py", split=split))


@pytest.mark.parametrize("split", ["heldout", "reserved"])
def test_near_copies_on_both_sides_are_a_leak(split: str):
    told = r"near copies are on both sides: a\.py::f, gone\.py::f, b\.py::f"
    cluster = [function(path) for path in ("a.py", "gone.py", "b.py")]
    with pytest.raises(DataError, match=told):
        checked(example("a.py"), example("b.py", split=split), clusters=[cluster])


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param({"test_file": HIDDEN}, id="the test file"),
        pytest.param(
            {"test_file": HIDDEN.replace("hidden", "\uff48idden")}, id="its name spelled otherwise"
        ),
        pytest.param({"tests": (case("test_hidden"),)}, id="linked tests"),
        pytest.param({"similar": (case("test_hidden"),)}, id="similar tests"),
    ],
)
def test_a_test_about_a_held_out_function_in_a_training_row_is_a_leak(shown: dict[str, object]):
    told = r"a\.py::f shows test_a\.py::test_hidden, which is about a held-out function"
    with pytest.raises(DataError, match=told):
        checked(example("a.py", **shown), HELD)


def test_a_test_about_a_held_out_function_in_a_training_reference_is_a_leak():
    reference = Reference("a.py::f", (case("test_hidden"),), "", "")
    with pytest.raises(DataError, match=r"a\.py::f shows test_a\.py::test_hidden"):
        checked(example("a.py"), HELD, references=[reference])


def test_a_test_of_that_name_in_another_file_is_none():
    checked(
        example("a.py", test_path="test_c.py", test_file=HIDDEN),
        example("d.py", tests=(case("test_hidden", path="test_d.py"),)),
        HELD,
    )


def test_the_error_counts_all_leaks_and_names_the_first_few():
    examples = [example(f"{n}.py", test_file=HIDDEN) for n in range(9)]
    with pytest.raises(DataError) as caught:
        checked(*examples, HELD)
    assert str(caught.value).startswith(
        "9 leaks between training and held-out tasks: 0.py::f shows"
    )
    assert len(re.findall("shows", str(caught.value))) == 5
