import os
import threading

import pytest

from covet.errors import DataError
from covet.inspector.address import Address
from covet.inspector.index import Index
from covet.inspector.site import whole
from covet.inspector.source import open_source
from tests.inspector.runs import add_group, add_tasks, function_example, rollout


def row(step, sample, completion="def test(): ...", **more):
    from covet.runlog import encode

    return encode(
        {"step": step, "example_id": "a", "sample": sample, "completion": completion, **more}
    )


@pytest.fixture
def index(tmp_path):
    made = Index()
    made.follow("run", tmp_path / "rollouts.jsonl", "rollouts")
    yield made
    made.close()


def samples(index):
    return [(one["step"], one["sample"]) for one in index.ask("SELECT * FROM rollouts")]


def test_a_file_that_is_not_there_yet_is_followed(index, tmp_path):
    index.catch_up()
    assert samples(index) == []
    (tmp_path / "rollouts.jsonl").write_bytes(row(0, 0) + b"\n")
    index.catch_up()
    assert samples(index) == [(0, 0)]


def test_a_torn_last_line_waits_until_it_is_whole(index, tmp_path):
    whole = row(0, 0) + b"\n" + row(0, 1) + b"\n"
    for cut in range(len(row(0, 0)) + 1, len(whole)):
        (tmp_path / "rollouts.jsonl").write_bytes(whole[:cut])
        index.catch_up()
        assert samples(index) == [(0, 0)]
    (tmp_path / "rollouts.jsonl").write_bytes(whole)
    index.catch_up()
    assert samples(index) == [(0, 0), (0, 1)]


def test_of_a_step_that_was_run_again_the_last_rows_hold(index, tmp_path):
    path = tmp_path / "rollouts.jsonl"
    path.write_bytes(row(0, 0, reward=0.1) + b"\n" + row(0, 0, reward=0.9) + b"\n")
    index.catch_up()
    (found,) = index.ask("SELECT * FROM rollouts")
    assert found["reward"] == 0.9
    assert b"0.9" in index.line(found)


def test_lines_that_cannot_be_read_are_counted_and_passed_over(index, tmp_path):
    spoilt = b"\n".join([row(0, 0), b"{nonsense", b"", b'{"step": 1}', b"\xff\x00", row(0, 1), b""])
    (tmp_path / "rollouts.jsonl").write_bytes(spoilt)
    index.catch_up()
    assert samples(index) == [(0, 0), (0, 1)]
    assert index.progress().bad == 3


def test_a_file_that_was_replaced_is_read_anew(index, tmp_path):
    path = tmp_path / "rollouts.jsonl"
    path.write_bytes(b"".join(row(0, one) + b"\n" for one in range(5)))
    index.catch_up()
    index.line(index.ask("SELECT * FROM rollouts")[0])
    path.unlink()
    path.write_bytes(row(7, 0, "other") + b"\n")
    index.catch_up()
    assert samples(index) == [(7, 0)]
    assert b"other" in index.line(index.ask("SELECT * FROM rollouts")[0])


def test_an_endless_line_is_passed_over_without_being_held(index, tmp_path, monkeypatch):
    monkeypatch.setattr("covet.inspector.files.LONGEST", 1000)
    path = tmp_path / "rollouts.jsonl"
    path.write_bytes(row(0, 0) + b"\n" + row(0, 1, "x" * 5000) + b"\n" + row(0, 2) + b"\n")
    index.catch_up()
    assert samples(index) == [(0, 0), (0, 2)]
    assert index.progress().bad == 1


@pytest.mark.parametrize("wanted", ['say "hi"', "SAY", "naïve", "NAÏVE", "back\\slash", "a\tb"])
def test_a_text_is_found_in_any_case_and_as_it_reads(index, tmp_path, wanted):
    text = 'say "hi"\nnaïve back\\slash a\tb'
    path = tmp_path / "rollouts.jsonl"
    path.write_bytes(row(0, 0, text) + b"\n" + row(0, 1, "other") + b"\n")
    index.catch_up()
    found = index.ask("SELECT * FROM rollouts WHERE holds(file, start, size, ?)", (wanted,))
    assert [one["sample"] for one in found] == [0]


def test_many_threads_may_ask_while_rows_come_in(index, tmp_path):
    path = tmp_path / "rollouts.jsonl"
    wrong = []

    def ask():
        try:
            for _ in range(50):
                index.ask("SELECT count(*) AS n FROM rollouts")
        except Exception as error:  # noqa: BLE001 (whatever it is, the test tells it)
            wrong.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    with path.open("ab") as file:
        for one in range(2000):
            file.write(row(one, 0) + b"\n")
            if not one % 100:
                file.flush()
                index.catch_up()
    index.catch_up()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(samples(index)) == 2000


def test_the_run_directory_is_left_as_it_was(make_run, opened):
    run = make_run(tasks=2, reserved=1, steps=2, groups=2)
    before = {path: path.stat().st_mtime_ns for path in run.rglob("*")}
    opened(run)
    assert {path: path.stat().st_mtime_ns for path in run.rglob("*")} == before


# ---------------------------------------------------------------------------------- source


def test_a_folder_of_runs_is_all_of_them(make_run, tmp_path, opened):
    for seed in range(3):
        make_run(name=f"many/seed-{seed}", tasks=1, reserved=0, steps=2, seed=seed)
    source = opened(tmp_path / "many")
    assert [run.name for run in source.runs] == ["seed-0", "seed-1", "seed-2"]


def test_runs_of_one_name_are_told_apart_by_their_paths(make_run, opened):
    one = make_run(name="a/run", tasks=1, reserved=0, steps=1)
    other = make_run(name="b/run", tasks=1, reserved=0, steps=1)
    assert [run.name for run in opened(one, other).runs] == ["a/run", "b/run"]


def test_a_dataset_named_beside_a_run_tells_its_tasks(make_run, tmp_path, opened):
    run = make_run(tasks=1, reserved=0, steps=1)
    example = function_example("away")
    add_group(run, example, [rollout(example, "def test_a(): ...\n")])
    assert opened(run).example(opened(run).runs[0], example.id) is None
    add_tasks(tmp_path / "tasks", [example])
    source = opened(run, tmp_path / "tasks")
    assert source.example(source.runs[0], example.id) == example


def test_a_run_without_its_manifest_can_be_looked_at(make_run, opened):
    run = make_run(tasks=1, reserved=0, steps=2)
    (run / "manifest.json").write_text("{torn")
    assert opened(run).runs[0].manifest == {}
    (run / "manifest.json").unlink()
    (run / "covet.toml").write_text("not = [toml")
    assert opened(run).runs[0].settings.train.steps == 50


@pytest.mark.parametrize("name", ["nothing", "empty"])
def test_a_path_that_holds_no_run_is_an_error_that_names_it(tmp_path, name):
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match=name):
        open_source([tmp_path / name])


def test_without_a_path_the_newest_run_here_is_taken(make_run, tmp_path, monkeypatch, opened):
    import os

    monkeypatch.chdir(tmp_path)
    old = make_run(name="runs/old", tasks=1, reserved=0, steps=1)
    make_run(name="runs/new", tasks=1, reserved=0, steps=1)
    os.utime(old, (1, 1))
    assert [run.name for run in opened().runs] == ["new"]


def test_a_run_that_a_process_holds_is_said_to_go_on(make_run, opened):
    from covet.runlog import hold

    run = make_run(tasks=1, reserved=0, steps=1)
    source = opened(run)
    assert not source.runs[0].goes_on
    with hold(run):
        assert source.runs[0].goes_on
    assert not source.runs[0].goes_on


DEEP = b'{"example_id": "a", "id": "a", "more": ' + b"[" * 200_000 + b"]" * 200_000 + b"}"
HUGE = 10**30
BAD_ROWS = {
    "depth": ("rollouts", DEEP),
    "no UTF-8": ("rollouts", b'{"example_id": "\xff\xfe"}'),
    "a step that no database holds": (
        "rollouts",
        b'{"example_id": "a", "step": %d}' % HUGE,
    ),
    "a task that is too deep": ("tasks", DEEP),
    "evidence that is no list": ("tasks", b'{"id": "a", "tests": [{"evidence": 5}]}'),
    "lines that are lists": ("tasks", b'{"id": "a", "executable": {"lines": [[1]]}}'),
    "a version beyond that": (
        "evaluated",
        b'{"example_id": "a", "version": %d}' % HUGE,
    ),
}


@pytest.mark.parametrize("name", BAD_ROWS)
def test_a_row_of_anything_is_counted_as_bad_and_reading_goes_on(tmp_path, name):
    kind, data = BAD_ROWS[name]
    path, index = tmp_path / "rows.jsonl", Index()
    path.write_bytes(data + b'\n{"example_id": "b", "id": "b"}\n')
    index.follow("run", path, kind)
    index.catch_up()
    assert index.progress().bad == 1
    assert len(index.ask(f"SELECT * FROM {kind}")) == 1
    index.close()


def test_rewards_too_large_to_be_summed_stop_no_reading(tmp_path):
    path, index = tmp_path / "after.jsonl", Index()
    path.write_bytes(b'{"example_id": "a", "samples": [{"reward": 1e308}, {"reward": 1e308}]}\n')
    index.follow("run", path, "evaluated")
    index.catch_up()
    assert len(index.ask("SELECT * FROM evaluated")) == 1
    index.close()


@pytest.mark.parametrize(
    "name",
    ["manifest.json", "covet.toml", "metrics.jsonl", "rollouts.jsonl", "evaluations/new.jsonl"],
)
@pytest.mark.parametrize("odd", ["pipe", "device"])
def test_a_pipe_or_a_device_in_a_run_is_a_file_that_is_not_there(make_run, opened, name, odd):
    run = make_run(tasks=1, reserved=0, steps=1)
    file = run / name
    file.unlink(missing_ok=True)
    if odd == "pipe":
        os.mkfifo(file)
    else:
        file.symlink_to("/dev/zero")
    source = opened(run)
    assert whole(source, Address.of(""))[0] == 200
