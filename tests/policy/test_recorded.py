"""The recorded policy."""

from pathlib import Path

import pytest

from covet.errors import DataError, ModelError
from covet.policy.base import Draw
from covet.policy.recorded import RecordedPolicy, Recording
from covet.records import Prompt
from covet.runlog import append_jsonl


def draw(example_id: str, samples: int) -> Draw:
    return Draw(Prompt(example_id, "?", template="", answer="append"), samples, key=(0,))


def test_a_recording_read_from_a_file_answers_in_order(tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    append_jsonl(path, Recording("a", ("one", "two")))
    append_jsonl(path, Recording("b", ("x",)))
    append_jsonl(path, Recording("a", ("three",)))
    policy = RecordedPolicy.read(path)
    answers = policy.sample([draw("b", 1), draw("a", 3)])
    assert [[c.text for c in answer] for answer in answers] == [["x"], ["one", "two", "three"]]


def test_asking_for_more_than_was_recorded_names_the_example_and_the_counts() -> None:
    policy = RecordedPolicy({"a": ["one"]})
    with pytest.raises(ModelError, match="holds 1 completions for a and 2 were asked for"):
        policy.sample([draw("a", 2)])


def test_a_malformed_line_is_a_data_error(tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    path.write_text('{"example_id": "a"}\n')
    with pytest.raises(DataError, match="line 1"):
        RecordedPolicy.read(path)
