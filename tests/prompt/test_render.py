import difflib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covet.errors import ConfigError
from covet.languages.python import PYTHON
from covet.prompt import PromptTooLong, Template, load_template, render
from covet.prompt.template import compile_template
from covet.prompt.views import diff_view
from covet.records import FunctionExample


def rendered(example: FunctionExample, template: Template, *, budget: int = 10**6) -> str:
    prompt = render(example, template=template, language=PYTHON, budget=budget, count=len)
    assert len(prompt.text) <= budget
    return prompt.text


SOURCE_AND_TESTS = compile_template(
    "{# answer: append #}\n{{ source }}=====\n{{ test_file }}", name="both"
)
BUDGETS = range(420, 1200, 20)
FOCAL = "+def second(n):\n+    if n > 18:\n+        return 18\n+    return n\n"


def test_the_nano_template_is_the_focal_function_its_tests_and_a_request(make_example):
    assert rendered(make_example(), load_template("nano")) == (
        "+def second(n):\n"
        "+    if n > 18:\n"
        "+        return 18\n"
        "+    return n\n"
        "# tests\n"
        "def test_second_1():\n"
        "    assert second(11) == 11\n"
        "def test_second_2():\n"
        "    assert second(20) == 18\n"
        "# new\n"
    )


def test_the_nano_template_shows_neither_a_change_nor_similar_tests(make_example, old_source: str):
    nano = load_template("nano")
    text = rendered(make_example(similar=True, old=old_source), nano)
    assert text == rendered(make_example(), nano)


def test_the_nano_template_of_an_untested_function_has_no_tests(make_example):
    text = rendered(make_example("first", tests=()), load_template("nano"))
    assert text == "+def first(n):\n+    return n + 1\n# tests\n# new\n"


def test_tests_of_a_class_are_shown_without_their_indentation(make_example):
    example = make_example("Trip.hours", tests=("TestTrip.test_hours",))
    text = rendered(example, load_template("nano"))
    assert "# tests\ndef test_hours(self, trip):\n    assert trip.hours() == 2\n# new\n" in text


def test_the_source_view_marks_every_line_of_the_file_and_the_focal_ones_with_plus(make_example):
    example = make_example()
    view = rendered(example, SOURCE_AND_TESTS).partition("=====")[0].splitlines()
    assert [line[1:] for line in view] == example.source_file.splitlines()
    assert [line for line in view if line[0] == "+"] == FOCAL.splitlines()
    assert {line[0] for line in view} == {"+", " "}


def test_the_default_template_shows_the_file_the_tests_and_where_they_go(make_example):
    text = rendered(make_example(), load_template("default"))
    assert FOCAL in text
    assert make_example().test_file in text
    assert "Its existing tests, in `tests/test_trips.py`" in text
    assert "@@ … @@" in text
    assert "left out @@" not in text


def test_the_default_template_shows_similar_tests_and_where_they_stand(make_example):
    text = rendered(make_example(similar=True), load_template("default"))
    first = (
        '`tests/test_routes.py`:\n\n```python\ndef test_length(self):\n    assert route("a", "b")'
    )
    assert first in text
    assert text.index("def test_length(self)") < text.index("def test_shortest()")


def test_the_default_template_shows_a_change_and_asks_for_tests_of_it(
    make_example, old_source: str
):
    example = make_example(old=old_source)
    text = rendered(example, load_template("default"))
    assert f"```diff\n{example.diff}```" in text
    assert FOCAL in text
    assert "Write new tests for what the change did to `second`" in text


def test_the_default_template_speaks_of_what_there_is_alone(make_example):
    text = rendered(make_example(), load_template("default"))
    assert "change" not in text
    assert "Tests of other functions" not in text
    assert "\n\n\n\nWrite new tests" not in text


def test_the_default_template_says_what_a_new_test_file_imports(make_example):
    text = rendered(make_example("Trip.hours", test_file="", tests=()), load_template("default"))
    assert "`tests/test_trips.py`, which already imports `pytest` and `Trip`" in text


def test_the_prompt_knows_its_example_its_template_and_how_it_is_answered(make_example):
    prompt = render(
        make_example(), template=load_template("nano"), language=PYTHON, budget=999, count=len
    )
    assert (prompt.example_id, prompt.template, prompt.answer) == (
        "trips.py::second",
        "nano",
        "append",
    )


def test_similar_tests_go_before_all_else_and_the_least_like_first(make_example):
    template = compile_template(
        "{# answer: append #}\n{{ similar_paths }}{{ similar | join }}{{ source }}{{ test_file }}",
        name="t",
    )
    example = make_example(similar=True)
    seen: list[tuple[bool, ...]] = []
    for budget in range(len(rendered(example, template)), 600, -10):
        text = rendered(example, template, budget=budget)
        state = tuple(name in text for name in ("test_length", "test_shortest", "def last"))
        assert text.count("test_routes.py") == sum(state[:2])
        if state not in seen:
            seen.append(state)
    assert seen == [(True, True, True), (True, False, True), (False, False, True), (False,) * 3]


def test_what_is_cut_of_a_file_is_cut_of_its_diff(make_example, old_source: str):
    template = compile_template("{# answer: append #}\n{{ diff }}=====\n{{ source }}", name="t")
    example = make_example(old=old_source)
    seen: list[str] = []
    for budget in range(len(rendered(example, template)), 320, -5):
        text = rendered(example, template, budget=budget)
        diff, _, source = text.partition("=====\n")
        assert ("+def last(n)" in diff) == (" def last(n)" in source)
        assert ("-LIMIT = 18" in diff) == (" SPEED = 80" in source)
        assert "-        return LIMIT\n+        return 18\n" in diff
        if diff not in seen:
            seen.append(diff)
    assert seen[0] == example.diff
    assert seen[-1] == (
        "--- a/trips.py\n"
        "+++ b/trips.py\n"
        "@@ -12,7 +11,7 @@\n"
        "@@ 1 line left out @@\n"
        " def second(n):\n"
        "     if n > 18:\n"
        "-        return LIMIT\n"
        "+        return 18\n"
        "     return n\n"
        "@@ 2 lines left out @@\n"
    )


def test_the_diff_of_a_new_file_shrinks_with_the_file(make_example):
    template = compile_template("{# answer: append #}\n{{ diff }}=====\n{{ source }}", name="t")
    text = rendered(make_example(old="", tests=()), template, budget=360)
    assert text == (
        "--- a/trips.py\n"
        "+++ b/trips.py\n"
        "@@ -0,0 +1,31 @@\n"
        f"@@ 11 lines left out @@\n{FOCAL}@@ 16 lines left out @@\n"
        "=====\n"
        f"@@ 11 lines left out @@\n{FOCAL}@@ 16 lines left out @@\n"
    )


@given(cut=st.sets(st.integers(1, 40)))
def test_a_diff_has_just_the_lines_that_are_not_left_out(
    make_example, old_source: str, cut: set[int]
):
    new = make_example().source_file.splitlines()
    whole = "\n".join(difflib.unified_diff(old_source.splitlines(), new, "a", "b", "", "", 99, ""))
    view = diff_view(f"{whole}\n", left_out=frozenset(cut)).splitlines()[3:]
    shown = [line[1:] for line in view if line[0] in "+ " and line.strip("+ ")]
    assert shown == [line for number, line in enumerate(new, 1) if number not in cut and line]
    removed_beside = [("-LIMIT = 18", {5, 6}), ("-        return LIMIT", {13, 14})]
    for line, beside in removed_beside:
        assert (line in view) == (not beside <= cut)


def test_functions_go_before_tests_and_the_farthest_function_goes_first(make_example):
    example = make_example()
    whole = len(rendered(example, SOURCE_AND_TESTS))
    text = rendered(example, SOURCE_AND_TESTS, budget=whole - 1)
    assert "def last(n)" not in text
    assert "def hours" in text
    assert "@@ 2 lines left out @@\n" in text
    assert example.test_file in text


def test_unlinked_tests_go_before_linked_ones_and_the_oldest_first(make_example):
    example = make_example()
    order = ["test_first", "test_hours", "test_second_1", "test_second_2"]
    seen: list[list[str]] = []
    for budget in range(len(rendered(example, SOURCE_AND_TESTS)), 300, -15):
        text = rendered(example, SOURCE_AND_TESTS, budget=budget)
        left = [name for name in order if f"def {name}(" in text]
        if left not in seen:
            seen.append(left)
    assert seen == [order[number:] for number in range(len(order) + 1)]


def test_a_cut_test_file_keeps_its_imports_and_fixtures(make_example):
    template = compile_template("{# answer: append; cut: tests #}\n{{ test_file }}", name="t")
    text = rendered(make_example(), template, budget=130)
    assert text.startswith("import pytest\n\nfrom trips import")
    assert "def trip():" in text
    assert "test_" not in text


def test_the_imports_of_the_file_go_last_of_its_other_lines(make_example):
    template = compile_template("{# answer: append #}\n{{ source }}", name="t")
    example = make_example("last", tests=())
    seen: list[tuple[bool, bool]] = []
    for budget in range(len(rendered(example, template)), 60, -5):
        text = rendered(example, template, budget=budget)
        state = ("import math" in text, "class Trip" in text)
        if state not in seen:
            seen.append(state)
    assert seen == [(True, True), (True, False), (False, False)]


def test_what_the_template_does_not_allow_to_be_cut_stays(make_example):
    template = compile_template("{# answer: append; cut: tests #}\n{{ source }}", name="t")
    with pytest.raises(PromptTooLong):
        rendered(make_example(), template, budget=len(make_example().source_file))


def test_a_focal_function_that_does_not_fit_alone_is_too_long(make_example):
    with pytest.raises(
        PromptTooLong, match=r"trips.py::second: .* prompt.tokens allows 10"
    ) as told:
        rendered(make_example(), load_template("nano"), budget=10)
    assert told.value.tokens == len(FOCAL) + len("# tests\n# new\n")
    assert (told.value.example_id, told.value.budget) == ("trips.py::second", 10)


@given(budget=st.integers(0, 1500), qualname=st.sampled_from(["first", "second", "Trip.hours"]))
def test_whatever_the_budget_the_focal_function_is_whole(make_example, budget: int, qualname: str):
    example = make_example(qualname)
    try:
        text = rendered(example, SOURCE_AND_TESTS, budget=budget)
    except PromptTooLong:
        return
    marked = "".join(line[1:] for line in text.splitlines(keepends=True) if line[0] == "+")
    assert marked == example.function.source


def test_no_more_is_cut_than_must_be(make_example):
    """Every size that can come out is what comes out until the next larger one fits."""
    example = make_example()
    sizes = {budget: len(rendered(example, SOURCE_AND_TESTS, budget=budget)) for budget in BUDGETS}
    for budget, size in sizes.items():
        assert size == max(other for other in sizes.values() if other <= budget)


def test_counting_tokens_is_asked_for_few_times(make_example):
    many = "".join(f"def f{number}():\n    return {number}\n\n\n" for number in range(500))
    example = make_example("f250", source=many, tests=(), test_file="")
    calls: list[int] = []

    def count(text: str) -> int:
        calls.append(len(text))
        return len(text)

    template = load_template("default")
    prompt = render(example, template=template, language=PYTHON, budget=4000, count=count)
    assert len(calls) <= 12
    assert "+def f250():" in prompt.text
    assert " def f249():" in prompt.text
    assert " def f3():" not in prompt.text


def test_a_template_that_fails_is_an_error_that_names_it(make_example, tmp_path: Path):
    path = tmp_path / "odd.md"
    path.write_text("{# answer: append #}\n{{ tests[7] }}")
    with pytest.raises(ConfigError, match=r"odd\.md"):
        rendered(make_example(), load_template(str(path)))
