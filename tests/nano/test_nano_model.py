import json
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from covet.nano import codebase_path, model_path
from recipes.nano.__main__ import CODEBASE_SEED, DATA_SEED
from recipes.nano.data import bundled_forms, make_pairs, render_prompt

pytest.importorskip("torch")
pytest.importorskip("transformers")

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedTokenizerFast

from recipes.nano.evaluate import evaluate, judge, tasks
from recipes.nano.pretrain import POSITIONS, Recipe, batches, collate, make_model, pretrain


@pytest.fixture(scope="module")
def tokenizer():
    return AutoTokenizer.from_pretrained(model_path())


@pytest.fixture(scope="module")
def pairs():
    return make_pairs(DATA_SEED + 1, 3000, excluded=frozenset()).pairs


def encode(tokenizer, text: str) -> list[int]:
    return tokenizer.encode(text, add_special_tokens=False)


def test_paths_are_found_without_loading_anything_heavy():
    code = (
        "import sys, covet.nano as nano;"
        "assert nano.model_path().is_dir() and nano.codebase_path().is_dir();"
        "assert not {'torch', 'transformers', 'numpy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_model_folder_loads_and_is_small():
    model = AutoModelForCausalLM.from_pretrained(model_path())
    assert sum(weight.numel() for weight in model.parameters()) < 600_000
    assert model.config.max_position_embeddings == POSITIONS
    assert model.generation_config.do_sample
    assert sum(path.stat().st_size for path in model_path().iterdir()) < 2_000_000


def test_folder_says_how_to_prompt_it(tokenizer):
    settings = json.loads((model_path() / "covet.json").read_text())
    assert settings["template"] == "nano"
    assert settings["prompt_tokens"] + settings["max_new_tokens"] <= POSITIONS
    assert settings["stop"] == []
    assert tokenizer.chat_template is None


def test_tokenizer_is_fast_and_adds_nothing(tokenizer):
    assert isinstance(tokenizer, PreTrainedTokenizerFast)
    assert (tokenizer.pad_token, tokenizer.eos_token) == ("<pad>", "<eos>")
    assert (tokenizer.pad_token_id, tokenizer.eos_token_id) == (0, 1)
    assert len(tokenizer) == 1024
    assert tokenizer.encode("x") == encode(tokenizer, "x")


def test_thousands_of_prompts_survive_encoding_and_fit_the_budget(tokenizer, pairs):
    for pair in pairs:
        prompt, completion = encode(tokenizer, pair.prompt), encode(tokenizer, pair.completion)
        assert tokenizer.decode(prompt) == pair.prompt
        assert tokenizer.decode(completion) == pair.completion
        assert len(prompt) <= 256
        assert len(completion) < 64


@settings(deadline=None)
@given(text=st.text(st.characters(max_codepoint=127)))
def test_any_ascii_survives_encoding(tokenizer, text):
    assert tokenizer.decode(encode(tokenizer, text)) == text


def test_the_text_of_a_special_token_is_text(tokenizer):
    ids = encode(tokenizer, 'x = "<eos><pad>"')
    assert not {0, 1} & set(ids)
    assert tokenizer.decode(ids) == 'x = "<eos><pad>"'


def test_an_identifier_is_the_same_tokens_at_its_definition_and_call(tokenizer):
    name = encode(tokenizer, "get_order_reze")
    for text in ("def get_order_reze(x):", "    assert get_order_reze(1) == 2"):
        ids = encode(tokenizer, text)
        assert any(ids[i : i + len(name)] == name for i in range(len(ids)))


def test_shipped_policy_writes_tests_and_is_far_from_perfect():
    chosen = tasks(CODEBASE_SEED, held_out=False, count=24)
    scores = evaluate(model_path(), chosen, samples=4, seed=1)
    assert scores.valid > 0.5
    assert 0.05 < scores.passed < 0.6


def test_judge_tells_valid_passing_and_new_apart():
    (function, suite), *_ = tasks(CODEBASE_SEED, held_out=False, count=1)
    case, name = suite.open_cases[0], function.name
    calls = f"    try:\n        {case.call}\n    except (ValueError, KeyError):\n        pass\n"
    good = f"# plan\ndef test_a():\n{calls}"
    assert judge(function, suite, good) == (True, True, True)
    fails = f"def test_a():\n    assert {case.call} == 'no such result'\n"
    assert judge(function, suite, fails) == (True, False, False)
    assert judge(function, suite, "def test_a():\n    assert True\n") == (False, False, False)
    assert judge(function, suite, f"{name}(") == (False, False, False)


def test_build_record_says_that_no_bundled_function_was_seen():
    build = json.loads((model_path() / "build.json").read_text())
    assert build["overlap"]["shared_forms"] == 0
    assert build["overlap"]["bundled_forms"] == len(bundled_forms(CODEBASE_SEED))
    assert build["codebase_seed"] == CODEBASE_SEED


def test_every_bundled_prompt_fits_the_budget(tokenizer):
    for held_out in (False, True):
        for task in tasks(CODEBASE_SEED, held_out=held_out, count=10_000):
            assert len(encode(tokenizer, render_prompt(*task))) <= 256
    assert codebase_path().is_dir()


def test_a_killed_run_ends_at_the_same_weights(tmp_path):
    token_pairs = [([2 + i, 3, 4], [5, 6 + i, 1]) for i in range(8)]
    recipe = Recipe(steps=200, batch=2, warmup=10)

    class KilledError(Exception):
        pass

    def killed(_):
        raise KilledError

    whole = pretrain(token_pairs, recipe, folder=tmp_path / "a", report=lambda _: None)
    with pytest.raises(KilledError):
        pretrain(token_pairs, recipe, folder=tmp_path / "b", report=killed)
    resumed = pretrain(token_pairs, recipe, folder=tmp_path / "b", report=lambda _: None)
    for one, other in zip(whole.parameters(), resumed.parameters(), strict=True):
        assert torch.equal(one, other)


def test_a_checkpoint_of_another_recipe_is_refused(tmp_path):
    token_pairs = [([2, 3], [4, 1])] * 4
    pretrain(token_pairs, Recipe(steps=2, batch=2), folder=tmp_path, report=lambda _: None)
    with pytest.raises(ValueError, match="another recipe"):
        pretrain(token_pairs, Recipe(steps=3, batch=2), folder=tmp_path, report=lambda _: None)


def test_padding_weighs_nothing_and_a_prompt_little():
    ids, weights = collate([([5, 6], [7, 1]), ([5], [1])], 0.2)
    assert ids.tolist() == [[5, 6, 7, 1], [5, 1, 0, 0]]
    assert weights.tolist() == [pytest.approx([0.2, 0.2, 1, 1]), pytest.approx([0.2, 1, 0, 0])]


def test_an_epoch_shows_every_pair_once():
    token_pairs = [([i], [1]) for i in range(40)]
    source = batches(token_pairs, Recipe(steps=10, batch=4))
    seen = [pair[0][0] for _ in range(10) for pair in next(source)]
    assert sorted(seen) == list(range(40))


def test_same_seed_gives_the_same_untrained_weights():
    first, second = make_model(3), make_model(3)
    pairs = zip(first.parameters(), second.parameters(), strict=True)
    assert all(torch.equal(one, other) for one, other in pairs)
