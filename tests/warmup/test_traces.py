"""Traces by a teacher: asked again, journaled, kept to a budget; a recorded teacher, and one
behind HTTP.
"""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from covet import config
from covet.errors import ModelError
from covet.policy.base import Policy
from covet.policy.opening import open_policy
from covet.policy.recorded import RecordedPolicy
from covet.runlog import read_jsonl
from covet.warmup.estimate import estimate
from covet.warmup.journal import FILE, Answer, Journal, Spent
from covet.warmup.request import Request, Task
from covet.warmup.traces import (
    NO_BUDGET,
    TOO_LONG,
    Traces,
    teacher_settings,
    write_traces,
)
from tests.standin import Fault, Standin, Written
from tests.warmup.conftest import REMOVED, MakeTask
from tests.warmup.teacher import OPENING, TRACE, says

MakeRequest = Callable[..., Request]


@pytest.fixture
def two(make_task: MakeTask) -> list[Task]:
    return [make_task("trips"), make_task("tours")]


def ask(
    tasks: list[Task],
    request: Request,
    teacher: Policy | Standin,
    run: Path,
    *,
    cache: Path | None = None,
) -> Traces:
    def opened() -> Policy:
        if not isinstance(teacher, Standin):
            return teacher
        settings = config.Config(warmup=request.settings)
        policy = teacher_settings(settings).model_copy(update={"retries": 0})
        return open_policy(policy.model_copy(update={"endpoint": teacher.url}))

    return write_traces(
        tasks,
        request=request,
        open_teacher=opened,
        journal=Journal(run, cache=cache),
        on_progress=lambda _done, _note: None,
    )


def rows(run: Path) -> list[Answer]:
    return list(read_jsonl(run / FILE, Answer))


def rows_or_none(run: Path) -> list[Answer]:
    return rows(run) if (run / FILE).exists() else []


def recorded(tasks: list[Task], *texts: str, prompt_tokens: int = 4096) -> RecordedPolicy:
    return RecordedPolicy(
        {task.example.id: texts for task in tasks}, prompt_tokens=prompt_tokens, name="tape"
    )


# --------------------------------------------------------------------------- the request


def test_the_request_shows_the_function_its_tests_and_what_was_removed(
    make_request: MakeRequest, two: list[Task]
) -> None:
    request = make_request(words=150)
    text = request.prompt(two[0], budget=1 << 30, count=len).text
    for part in ("+def capped(n):", "def test_capped_low", REMOVED, OPENING, "at most 150 words"):
        assert part in text
    for wish in ("edge case", "each and every one", "lines, conditions or branches", "no code"):
        assert wish in text


def test_the_request_is_cut_to_the_teachers_budget_and_keeps_what_it_is_about(
    make_request: MakeRequest, make_task: MakeTask
) -> None:
    filler = "".join(f"\n\ndef other_{n}():\n    return {n}\n" for n in range(40))
    task = make_task()
    long = type(task.example)(
        **{name: getattr(task.example, name) for name in task.example.__slots__}
        | {"source_file": task.example.source_file + filler}
    )
    request = make_request()
    whole = request.prompt(Task(long, task.reference), budget=1 << 30, count=len).text
    text = request.prompt(Task(long, task.reference), budget=len(whole) - 500, count=len).text
    assert len(text) <= len(whole) - 500
    assert "lines left out" in text
    assert REMOVED in text


def test_secrets_leave_in_no_request(make_request: MakeRequest, make_task: MakeTask) -> None:
    key = "AKIAIOSFODNN7ZQXWJHV"
    task = make_task(removed=f'def test_key():\n    assert capped("{key}") == 18\n')
    text = make_request().prompt(task, budget=1 << 30, count=len).text
    assert key not in text
    assert "<redacted:" in text


# ----------------------------------------------------------------------- the teacher's answers


def test_good_answers_become_traces_and_every_answer_a_line(
    make_request: MakeRequest, two: list[Task], tmp_path: Path
) -> None:
    traces = ask(two, make_request(), recorded(two, f"  {TRACE}\n"), tmp_path)
    assert traces.texts == {task.example.id: TRACE for task in two}
    assert not traces.missing
    assert [(row.example, row.attempt, row.problem) for row in rows(tmp_path)] == [
        ("trips.py::capped", 0, ""),
        ("tours.py::capped", 0, ""),
    ]
    assert traces.spent.requests == 2
    assert traces.spent.tokens_out == 2 * -(-len(f"  {TRACE}\n") // 4)


def test_the_teachers_own_thoughts_are_no_part_of_a_trace(
    make_request: MakeRequest, two: list[Task], tmp_path: Path
) -> None:
    traces = ask(two, make_request(), recorded(two, f"<think>Hm.</think>\n\n{TRACE}"), tmp_path)
    assert set(traces.texts.values()) == {TRACE}


def test_a_bad_answer_is_asked_for_again_with_another_seed(
    make_request: MakeRequest, make_task: MakeTask, tmp_path: Path, teacher: Standin
) -> None:
    teacher.write = lambda *_: says(TRACE if len(teacher.asked) == 3 else "No.")
    request = make_request(endpoint=teacher.url, batch=1)
    traces = ask([make_task()], request, teacher, tmp_path)
    assert traces.texts == {"trips.py::capped": TRACE}
    assert traces.rejected == {"it does not begin with the opening words": 2}
    assert len({body["seed"] for body in teacher.bodies()}) == 3
    assert len({body["messages"][0]["content"] for body in teacher.bodies()}) == 1
    assert [row.attempt for row in rows(tmp_path)] == [0, 1, 2]


def test_what_stays_bad_is_left_out_with_the_last_reason(
    make_request: MakeRequest, two: list[Task], tmp_path: Path, teacher: Standin
) -> None:
    teacher.write = lambda _model, prompt, _body: says(
        TRACE if "tours.py" in prompt else f"{OPENING} No."
    )
    traces = ask(two, make_request(endpoint=teacher.url, attempts=2), teacher, tmp_path)
    assert list(traces.texts) == ["tours.py::capped"]
    assert traces.missing == {"trips.py::capped": "it is too short"}
    assert traces.rejected == {"it is too short": 2}


def test_a_request_that_is_too_long_is_counted_and_not_sent(
    make_request: MakeRequest, two: list[Task], tmp_path: Path
) -> None:
    traces = ask(two, make_request(), recorded(two, TRACE, prompt_tokens=100), tmp_path)
    assert set(traces.missing.values()) == {TOO_LONG}
    assert not (tmp_path / FILE).exists()


# ----------------------------------------------------------------------------- the journal


def test_what_was_answered_is_not_asked_again(
    make_request: MakeRequest, two: list[Task], tmp_path: Path
) -> None:
    request = make_request()
    first = ask(two, request, recorded(two, TRACE), tmp_path)

    def nobody() -> Policy:
        raise AssertionError("the teacher is not needed")

    again = write_traces(
        two,
        request=request,
        open_teacher=nobody,
        journal=Journal(tmp_path, cache=None),
        on_progress=lambda _done, _note: None,
    )
    assert again == first


def test_another_run_finds_the_answers_in_the_cache_and_pays_nothing(
    make_request: MakeRequest, two: list[Task], tmp_path: Path
) -> None:
    one, other, cache = tmp_path / "one", tmp_path / "other", tmp_path / "cache"
    one.mkdir()
    other.mkdir()
    request = make_request()
    ask(two, request, recorded(two, TRACE), one, cache=cache)
    traces = ask(two, request, RecordedPolicy({}), other, cache=cache)
    assert len(traces.texts) == 2
    assert traces.spent == Spent()
    assert all(row.reused for row in rows(other))


@pytest.mark.parametrize(
    "change",
    [
        {"teacher": "somebody else"},
        {"endpoint": "http://127.0.0.1:9/v1"},
        {"temperature": 0.1},
        {"seed": 1},
        {"words": 199},
        {"opening": "Well."},
    ],
)
def test_another_teacher_or_request_is_not_answered_from_the_cache(
    make_request: MakeRequest, two: list[Task], tmp_path: Path, change: dict[str, Any]
) -> None:
    cache, run = tmp_path / "cache", tmp_path / "run"
    ask(two, make_request(), recorded(two, TRACE), tmp_path, cache=cache)
    known = estimate(two, request=make_request(), journal=Journal(None, cache=cache))
    changed = estimate(two, request=make_request(**change), journal=Journal(None, cache=cache))
    assert (known.kept, changed.kept) == (2, 0)
    assert not run.exists()


def test_another_reference_is_not_answered_from_the_cache(
    make_request: MakeRequest, make_task: MakeTask, tmp_path: Path
) -> None:
    cache, task = tmp_path / "cache", make_task()
    ask([task], make_request(), recorded([task], TRACE), tmp_path, cache=cache)
    other = make_task(removed=REMOVED.replace("20", "21"))
    journal = Journal(None, cache=cache)
    assert estimate([task, other], request=make_request(), journal=journal).kept == 1


def test_a_rule_that_an_old_answer_breaks_now_is_seen_when_it_is_read(
    make_request: MakeRequest, two: list[Task], tmp_path: Path
) -> None:
    request = make_request(attempts=1)
    ask(two, request, recorded(two, TRACE), tmp_path)
    path = tmp_path / FILE
    path.write_bytes(path.read_bytes().replace(b"by an unusual amount", b"by pytest alone"))
    traces = ask(two, request, recorded(two, TRACE), tmp_path)
    assert set(traces.missing.values()) == {"it talks of the test framework"}


def test_a_torn_last_line_costs_that_answer_alone(
    make_request: MakeRequest, two: list[Task], tmp_path: Path
) -> None:
    ask(two, make_request(), recorded(two, TRACE), tmp_path)
    path = tmp_path / FILE
    path.write_bytes(path.read_bytes()[:-20])
    assert len(Journal(tmp_path, cache=None)) == 1
    assert len(ask(two, make_request(), recorded(two, TRACE), tmp_path).texts) == 2
    assert len(rows(tmp_path)) == 2


# ------------------------------------------------------------------- what it takes, and failing


def test_tokens_are_those_that_the_server_counts(
    make_request: MakeRequest, make_task: MakeTask, tmp_path: Path, teacher: Standin
) -> None:
    tasks = [make_task(f"trips{n}") for n in range(7)]
    request = make_request(endpoint=teacher.url, batch=4, price_in=1.0, price_out=10.0)
    traces = ask(tasks, request, teacher, tmp_path)
    read = sum(len(teacher.template(body).encode()) for body in teacher.bodies())
    written = 7 * len(says(TRACE).ids)
    assert traces.spent == Spent(7, read, written)
    assert traces.spent.cost(request.settings) == pytest.approx((read + 10 * written) / 1e6)
    assert Journal(tmp_path, cache=None).spent == traces.spent


def test_tokens_are_guessed_where_the_server_does_not_count(
    make_request: MakeRequest, two: list[Task], tmp_path: Path, teacher: Standin
) -> None:
    teacher.change = lambda reply: reply.pop("usage")
    traces = ask(two, make_request(endpoint=teacher.url), teacher, tmp_path)
    assert traces.spent.tokens_out == 2 * -(-len(TRACE) // 3)
    assert traces.spent.tokens_in > 2 * 500


@pytest.mark.parametrize(
    "bound", [{"budget_tokens": 20_000}, {"budget_cost": 0.02, "price_in": 1.0, "price_out": 1.0}]
)
def test_a_budget_is_kept_and_what_it_left_out_is_counted(
    make_request: MakeRequest,
    make_task: MakeTask,
    tmp_path: Path,
    teacher: Standin,
    bound: dict[str, float],
) -> None:
    """A request takes 3,000 tokens or so, and might take 1,000 more."""
    tasks = [make_task(f"trips{n}") for n in range(30)]
    settings = {"endpoint": teacher.url, "batch": 2, "max_new_tokens": 1500}
    traces = ask(tasks, make_request(**settings, **bound), teacher, tmp_path)
    assert 2 < len(traces.texts) < 10
    assert set(traces.missing.values()) == {NO_BUDGET}
    assert len(traces.texts) + len(traces.missing) == 30
    assert len(teacher.bodies()) == len(traces.texts)
    assert 12_000 < traces.spent.tokens <= 20_000


def test_a_teacher_that_fails_half_way_keeps_what_it_answered(
    make_request: MakeRequest, make_task: MakeTask, tmp_path: Path, teacher: Standin
) -> None:
    tasks = [make_task(f"trips{n}") for n in range(10)]
    request = make_request(endpoint=teacher.url, batch=4)
    broken = Fault(400, {"error": {"message": "out of order"}})
    teacher.fault = lambda _path, _body: broken if len(rows_or_none(tmp_path)) >= 4 else None
    with pytest.raises(ModelError, match=r"does not answer: .*out of order.*kept \([4-7]\)"):
        ask(tasks, request, teacher, tmp_path)
    kept = len(rows(tmp_path))
    teacher.fault = lambda _path, _body: None
    before = len(teacher.bodies())
    assert len(ask(tasks, request, teacher, tmp_path).texts) == 10
    assert len(rows(tmp_path)) == 10
    assert len(teacher.bodies()) - before == 10 - kept


def test_an_answer_is_in_the_journal_before_the_others_of_its_batch_are_there(
    make_request: MakeRequest, two: list[Task], tmp_path: Path, teacher: Standin
) -> None:
    may_end = threading.Event()

    def write(_model: str, prompt: str, _body: dict[str, Any]) -> Written:
        if "tours.py" in prompt:
            assert may_end.wait(20)
        return says(TRACE)

    teacher.write = write
    worker = threading.Thread(
        target=ask, args=(two, make_request(endpoint=teacher.url), teacher, tmp_path)
    )
    worker.start()
    try:
        while not rows_or_none(tmp_path):
            assert worker.is_alive()
        assert len(rows(tmp_path)) == 1
    finally:
        may_end.set()
        worker.join()
    assert len(rows(tmp_path)) == 2


def test_an_estimate_asks_nobody_and_writes_nothing(
    make_request: MakeRequest, two: list[Task], tmp_path: Path
) -> None:
    request = make_request(price_in=1.0, price_out=2.0, attempts=3, max_new_tokens=500)
    found = estimate(two, request=request, journal=Journal(None, cache=tmp_path))
    assert (found.traces, found.kept, found.requests_most) == (2, 0, 6)
    assert 800 < found.tokens_in < 3000
    assert found.tokens_out == 2 * 280
    assert found.cost == pytest.approx((found.tokens_in + 2 * found.tokens_out) / 1e6)
    assert found.cost_most == pytest.approx((3 * found.tokens_in + 2 * 6 * 500) / 1e6)
    assert not list(tmp_path.iterdir())


def test_the_teacher_takes_after_the_policy_only_what_an_endpoint_needs() -> None:
    settings = config.parse(
        {
            "policy": {"model": "nano", "temperature": 0.3, "api": "completions", "retries": 9},
            "warmup": {"teacher": "big", "temperature": 0.9, "batch": 5},
        },
        origin="the test",
    )
    teacher = teacher_settings(settings)
    assert (teacher.model, teacher.temperature, teacher.concurrency) == ("big", 0.9, 5)
    assert (teacher.api, teacher.retries, teacher.endpoint) == ("completions", 9, "")
