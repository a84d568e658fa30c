import gzip
import json

import pytest

from covet.config import Config
from covet.errors import ConfigError, DataError, UsageError
from covet.evaluate.entrants import read_entrants
from covet.evaluate.recorded import read_held

SETTINGS = Config()


def one(spec):
    (entrant,) = read_entrants([spec], None, SETTINGS)
    return entrant


def test_a_word_tells_what_a_policy_is(tmp_path):
    file = tmp_path / "texts.jsonl"
    file.write_text("{}\n")
    model, endpoint = one("base=nano"), one("big=https://api.example.com/v1#large")
    recorded, search = one(f"old={file}?config=a&run=1"), one("search=pynguin:5")
    assert (model.kind, model.settings.policy.model) == ("model", "nano")
    assert endpoint.kind == "endpoint"
    assert endpoint.settings.policy.endpoint == "https://api.example.com/v1"
    assert endpoint.settings.policy.model == "large"
    assert (recorded.kind, recorded.where) == ("recorded", {"config": "a", "run": "1"})
    assert (search.kind, search.seconds) == ("pynguin", 5.0)


def test_the_directory_of_a_run_stands_for_the_model_that_it_left(tmp_path):
    (tmp_path / "model").mkdir()
    (tmp_path / "manifest.json").write_text("{}")
    tuned = one(f"tuned={tmp_path}")
    assert tuned.settings.policy.model == str(tmp_path / "model")
    assert tuned.what == tmp_path.name


def test_the_embedded_model_is_meant_whatever_folder_has_its_name(tmp_path, monkeypatch):
    (tmp_path / "nano" / "model").mkdir(parents=True)
    (tmp_path / "nano" / "manifest.json").write_text("{}")
    monkeypatch.chdir(tmp_path)
    assert one("base=nano").settings.policy.model == "nano"


def test_a_file_gives_each_policy_its_own_template_and_price(tmp_path):
    file = tmp_path / "rows.toml"
    (tmp_path / "big.md").write_text("{# answer: file #}\n{{ source }}")
    file.write_text(
        '[rows.big]\nendpoint = "http://127.0.0.1:1/v1"\nmodel = "large"\n'
        'template = "big.md"\nprice_out = 10.0\n'
        "[rows.search]\npynguin = 3\n"
    )
    big, search = read_entrants([], file, SETTINGS)
    assert big.settings.prompt.template == str(tmp_path / "big.md")
    assert big.settings.policy.price_out == 10.0
    assert search.seconds == 3.0


@pytest.mark.parametrize(
    ("specs", "words"),
    [
        ([], "no policy to try"),
        (["nano"], "the form NAME=SPEC"),
        (["a/b=nano"], "letters, digits"),
        (["a=nano", "a=nano"], "two policies are called a"),
        (["a=http://127.0.0.1/v1"], "URL#MODEL"),
        (["a=nothing.jsonl"], "no such file"),
        (["a=pynguin:soon"], "no number of seconds"),
        (["a=pynguin:0"], "between 1 and 3600"),
    ],
)
def test_a_word_that_makes_no_sense_is_refused(specs, words):
    with pytest.raises(UsageError, match=words):
        read_entrants(specs, None, SETTINGS)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = 1", "nothing else"),
        ("[rows]\na = 1", "a row is a table"),
        ("[rows.a]\ntemplate = 'x'", "neither model, candidates nor pynguin"),
        ("[rows.a]\nmodell = 'x'\nmodel = 'y'", "did you mean policy.model"),
        ("[rows.a]\ncandidates = 'a.jsonl'\nmodel = 'y'", "says nothing where there is candidates"),
        ("[rows.a]\nwhere = {x = 1}\nmodel = 'y'", "where is for candidates"),
        ("[rows.a]\npynguin = 'long'", "no number of seconds"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_by_the_row(tmp_path, text, words):
    file = tmp_path / "rows.toml"
    file.write_text(text)
    with pytest.raises((ConfigError, UsageError), match=words):
        read_entrants([], file, SETTINGS)


def test_what_says_only_how_a_policy_is_asked_makes_it_no_other():
    slow = Config.model_validate({"policy": {"concurrency": 2, "timeout_s": 9}})
    hot = Config.model_validate({"policy": {"temperature": 0.2}})
    spec = ["a=http://127.0.0.1/v1#m"]
    identity = read_entrants(spec, None, SETTINGS)[0].identity
    assert read_entrants(spec, None, slow)[0].identity == identity
    assert read_entrants(spec, None, hot)[0].identity != identity


# ------------------------------------------------------------------------- recorded candidates


@pytest.fixture
def held(tmp_path, examples):
    def read(*rows, **where):
        path = tmp_path / "rows.jsonl.gz"
        path.write_bytes(gzip.compress("\n".join(json.dumps(row) for row in rows).encode()))
        return read_held([path], where, examples)

    return read


def segment(first, last, **more):
    return {"file": "shop/price.py", "first_line": first, "last_line": last} | more


def test_whole_test_files_belong_to_the_function_around_their_segment(held, examples):
    clamp = examples[0].function.span
    found = held(
        segment(clamp.first_line, clamp.last_line, completion="a"),
        segment(clamp.first_line + 1, clamp.first_line + 1, completion="b"),
        segment(900, 901, completion="c"),
    )
    assert found.texts == {examples[0].id: ("a", "b")}
    assert found.counts == {examples[0].id: 2}
    assert found.are_files
    assert found.elsewhere == 1


def test_only_rows_that_say_so_are_taken(held, examples):
    clamp = examples[0].function.span
    place = clamp.first_line, clamp.last_line
    rows = [segment(*place, completion=str(run), run=run) for run in (1, 2, 2)]
    assert held(*rows, run="2").texts == {examples[0].id: ("2", "2")}


def test_answers_belong_to_the_task_that_they_name(held, examples):
    found = held(
        {"example_id": examples[1].id, "texts": ["x", "y"]}, {"example_id": "z", "texts": ["w"]}
    )
    assert found.texts == {examples[1].id: ("x", "y")}
    assert not found.are_files
    assert found.elsewhere == 1


def test_answers_and_whole_files_do_not_mix(held, examples):
    with pytest.raises(DataError, match="mixed"):
        held({"example_id": examples[0].id, "texts": ["x"]}, segment(1, 2, completion="a"))


def test_a_row_of_neither_kind_is_named(held):
    with pytest.raises(DataError, match="line 1: a row has example_id and texts"):
        held({"file": "a.py"})
