"""What a model is shown: the prompt that sampling puts, the answer that parsing reads."""

import ast

import pytest

from covet import config
from covet.languages.python import PYTHON
from covet.prompt import load_template, parse
from covet.prompt.template import Template, compile_template
from covet.records import Completion, Demonstration, Segment
from covet.rollout import Roller
from covet.warmup.demonstrations import NOT_READ_BACK, PROMPT_TOO_LONG, Demonstrator
from covet.warmup.request import Task, some_of, tasks_of
from tests.warmup.conftest import REMOVED, MakeTask
from tests.warmup.teacher import TRACE

FILE = compile_template("{# answer: file #}\nTest this:\n{{ focal }}", name="file")


def demonstrator(template: Template, *, budget: int = 1 << 20) -> Demonstrator:
    return Demonstrator(template, PYTHON, budget, count=len)


def shown(task: Task, template: Template, *, thought: str = "") -> Demonstration:
    made = demonstrator(template).demonstration(task, thought=thought)
    assert isinstance(made, Demonstration)
    return made


def read_back(made: Demonstration, task: Task) -> str:
    completion = Completion((Segment("policy", made.text),), "stop", "", 0)
    candidate = parse(completion, task.example, answer=made.prompt.answer, language=PYTHON)
    assert candidate.problem == ""
    return candidate.source


@pytest.mark.parametrize("name", ["default", "nano"])
def test_the_prompt_is_that_of_a_rollout(make_task: MakeTask, name: str) -> None:
    class Counts:
        """As much of a policy as a prompt needs."""

        def count_tokens(self, text: str) -> int:
            return len(text)

    task, template = make_task(), load_template(name)
    roller = Roller(
        policy=Counts(),
        grader=None,
        language=PYTHON,
        template=template,
        weights=config.Reward(),
        budget=1 << 20,
    )
    assert shown(task, template).prompt == roller.prompt(task.example)


@pytest.mark.parametrize("thought", ["", TRACE])
@pytest.mark.parametrize("name", ["default", "nano"])
def test_the_answer_becomes_the_test_file_with_the_removed_tests(
    make_task: MakeTask, name: str, thought: str
) -> None:
    task = make_task()
    made = shown(task, load_template(name), thought=thought)
    source = read_back(made, task)
    assert source.endswith(REMOVED)
    assert "from trips import capped" in source
    assert "step by step" not in source
    assert made.text.startswith(f"<think>\n{TRACE}\n</think>\n") == bool(thought)
    assert ("```python\n" in made.text) == (name == "default")


def test_a_file_of_its_own_has_the_imports_and_the_removed_tests_alone(make_task: MakeTask) -> None:
    task = make_task()
    source = read_back(shown(task, FILE, thought=TRACE), task)
    assert "from trips import capped" in source
    assert [test.qualname for test in PYTHON.tests(source, path="test_a.py")] == [
        "test_capped_high"
    ]
    ast.parse(source)


def test_a_secret_in_an_answer_is_taken_out(make_task: MakeTask) -> None:
    key = "AKIAIOSFODNN7ZQXWJHV"
    task = make_task(removed=f'def test_key():\n    assert capped("{key}") == 18\n')
    assert key not in shown(task, FILE).text


def test_what_does_not_fit_or_is_not_read_back_is_left_out_with_why(make_task: MakeTask) -> None:
    good, broken = make_task("trips"), make_task("tours", removed="def helper():\n    pass\n")
    found = demonstrator(load_template("nano")).show([good, broken], traces={})
    assert [one.prompt.example_id for one in found.demonstrations] == ["trips.py::capped"]
    assert found.left_out == {"tours.py::capped": NOT_READ_BACK}
    tight = demonstrator(load_template("nano"), budget=20).show([good], traces={})
    assert tight.left_out == {"trips.py::capped": PROMPT_TOO_LONG}


def test_only_tasks_with_a_reference_are_taken_and_of_one_side(make_task: MakeTask) -> None:
    tasks = [make_task("a"), make_task("b", split="heldout"), make_task("c"), make_task("d")]
    references = {task.example.id: task.reference for task in tasks[:3]}
    examples = [task.example for task in tasks]
    assert tasks_of(examples, references, split="train") == [tasks[0], tasks[2]]
    assert tasks_of(examples, references, split="heldout") == [tasks[1]]


def test_some_of_the_tasks_are_drawn_by_a_seed_and_stay_in_order(make_task: MakeTask) -> None:
    tasks = [make_task(name) for name in "abcdefgh"]
    assert some_of(tasks, most=100, seed=0) == tasks
    assert some_of(tasks, most=0, seed=0) == []
    drawn = [some_of(tasks, most=3, seed=seed) for seed in range(9)]
    assert all(some == sorted(some, key=tasks.index) and len(some) == 3 for some in drawn)
    assert drawn[4] == some_of(tasks, most=3, seed=4)
    assert len({tuple(task.example.id for task in some) for some in drawn}) > 5
