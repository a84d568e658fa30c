"""The in-process policy: the decoder, the folder formats and what it says when it cannot."""

import importlib
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch")

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from covet import config
from covet.errors import EnvironmentNotReady, ModelError
from covet.nano import model_path
from covet.policy.base import Draw
from covet.policy.hf import HFPolicy
from covet.policy.weights import resolve_model
from covet.records import Completion, Prompt


def load(folder: Path, *, autocast: bool = False, **settings: object) -> HFPolicy:
    known = {"model": str(folder), "max_new_tokens": 16, "threads": 1} | settings
    return HFPolicy(config.Policy.model_validate(known), autocast=autocast)


def draw(text: str, *, samples: int = 2, key: int = 0) -> Draw:
    return Draw(Prompt(text, text, template="", answer="append"), samples, key=(key, text))


def only(completion: Completion) -> tuple[tuple[int, ...], tuple[float, ...]]:
    (segment,) = completion.segments
    return segment.token_ids, segment.logprobs


DRAWS = [draw("def test", samples=3), draw("assert add(1, 2) == 3\n", samples=1), draw("x")]


@pytest.mark.parametrize("kind", ["llama_folder", "gpt2_folder"])
@pytest.mark.parametrize("temperature", [1.0, 0.5])
def test_recorded_log_probabilities_are_those_of_a_plain_forward_pass(
    kind: str, temperature: float, request: pytest.FixtureRequest
) -> None:
    policy = load(request.getfixturevalue(kind), temperature=temperature)
    for given, answers in zip(DRAWS, policy.sample(DRAWS), strict=True):
        prompt = policy.encode(given.prompt)
        for completion in answers:
            tokens, logprobs = only(completion)
            with torch.no_grad():
                logits = policy.model(torch.tensor([[*prompt, *tokens]])).logits[0]
            table = torch.log_softmax(logits / temperature, dim=-1)
            expected = [
                table[len(prompt) + place - 1, token].item() for place, token in enumerate(tokens)
            ]
            assert logprobs == pytest.approx(expected, abs=1e-4)


def test_completions_do_not_depend_on_or_touch_the_global_random_state(llama_folder: Path) -> None:
    policy = load(llama_folder)
    torch.manual_seed(1)
    first = policy.sample(DRAWS)
    random.seed(2)
    torch.manual_seed(2)
    before = torch.get_rng_state()
    assert policy.sample(DRAWS) == first
    assert torch.equal(torch.get_rng_state(), before)


def test_a_fresh_load_samples_the_same_bits(llama_folder: Path) -> None:
    first = load(llama_folder, autocast=True).sample(DRAWS)
    assert load(llama_folder, autocast=True).sample(DRAWS) == first


def test_the_batch_size_does_not_change_the_tokens(llama_folder: Path) -> None:
    large, small = load(llama_folder, batch=96), load(llama_folder, batch=2)
    texts = [[c.text for c in answers] for answers in large.sample(DRAWS)]
    assert [[c.text for c in answers] for answers in small.sample(DRAWS)] == texts


def test_another_key_gives_another_completion(llama_folder: Path) -> None:
    policy = load(llama_folder)
    one, two = policy.sample([draw("def", key=0), draw("def", key=1)])
    assert {c.text for c in one}.isdisjoint(c.text for c in two)


def test_samples_follow_the_models_distribution(llama_folder: Path) -> None:
    policy = load(llama_folder, max_new_tokens=1, batch=2000)
    given = draw("def", samples=4000)
    (answers,) = policy.sample([given])
    counts = torch.zeros(policy.model.config.vocab_size)
    for completion in answers:
        counts[only(completion)[0][0]] += 1
    with torch.no_grad():
        logits = policy.model(torch.tensor([policy.encode(given.prompt)])).logits[0, -1]
    distance = (counts / len(answers) - logits.softmax(-1)).abs().sum() / 2
    assert distance < 0.15  # of 4000 fair draws from 300 tokens: about 0.1


def test_a_completion_ends_with_its_end_token_and_finish_says_so(llama_folder: Path) -> None:
    policy = load(llama_folder, max_new_tokens=64)
    (answers,) = policy.sample([draw("def", samples=64)])
    end = policy.tokenizer.eos_token_id
    ended = [c for c in answers if c.finish == "stop"]
    cut = [c for c in answers if c.finish == "length"]
    assert ended
    assert cut
    for completion in ended:
        tokens, logprobs = only(completion)
        assert tokens.index(end) == len(tokens) - 1 == len(logprobs) - 1
        assert "<eos>" not in completion.text
    for completion in cut:
        assert len(only(completion)[0]) == 64
        assert end not in only(completion)[0]


def test_a_stop_string_ends_the_completion_and_is_cut_from_its_text(
    llama_folder: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "model"
    load(llama_folder).save(folder)
    free = load(folder, max_new_tokens=64).sample([draw("def", samples=8)])[0]
    long = max(free, key=lambda c: len(c.text))
    pairs = (long.text[i : i + 2] for i in range(5, len(long.text)))
    stop = next(pair for pair in pairs if pair.isascii())
    (folder / "covet.json").write_text(json.dumps({"stop": [stop]}))
    stopped = load(folder, max_new_tokens=64).sample([draw("def", samples=8)])[0]
    for completion, whole in zip(stopped, free, strict=True):
        assert completion.text == whole.text.split(stop)[0]
        if stop in whole.text:
            assert completion.finish == "stop"
            tokens = only(completion)[0]
            assert tokens == only(whole)[0][: len(tokens)]


def test_a_saved_folder_is_an_ordinary_model_folder_with_the_same_weights(
    llama_folder: Path, tmp_path: Path
) -> None:
    policy = load(llama_folder)
    policy.save(tmp_path / "saved")
    again = AutoModelForCausalLM.from_pretrained(tmp_path / "saved", dtype="auto")
    for name, weight in again.state_dict().items():
        assert torch.equal(weight, policy.model.state_dict()[name])
    tokenizer = AutoTokenizer.from_pretrained(tmp_path / "saved")
    assert tokenizer("def x").input_ids == list(policy.encode(draw("def x").prompt))
    settings = json.loads((tmp_path / "saved" / "config.json").read_text())
    assert settings["architectures"] == ["LlamaForCausalLM"]


def test_a_folder_saved_in_half_precision_is_half_the_size_and_loads(
    llama_folder: Path, tmp_path: Path
) -> None:
    policy = load(llama_folder)
    policy.save(tmp_path / "full")
    policy.save(tmp_path / "half", dtype="bfloat16")
    full, half = (
        (tmp_path / name / "model.safetensors").stat().st_size for name in ("full", "half")
    )
    assert half < 0.6 * full
    assert policy.model.dtype == torch.float32
    assert load(tmp_path / "half").model.dtype == torch.float32


def test_the_folders_card_sets_template_and_budgets_and_is_saved_again(
    llama_folder: Path, tmp_path: Path
) -> None:
    load(llama_folder).save(tmp_path / "model")
    card = {"template": "nano", "prompt_tokens": 30, "max_new_tokens": 20, "stop": ["\n\n"]}
    (tmp_path / "model" / "covet.json").write_text(json.dumps(card))
    policy = load(tmp_path / "model", max_new_tokens=0)
    assert (policy.template, policy.prompt_tokens, policy.max_new_tokens) == ("nano", 30, 20)
    policy.save(tmp_path / "again")
    saved = json.loads((tmp_path / "again" / "covet.json").read_text())
    assert card.items() <= saved.items()


def test_settings_outrank_the_folders_card(llama_folder: Path, tmp_path: Path) -> None:
    load(llama_folder).save(tmp_path / "model")
    (tmp_path / "model" / "covet.json").write_text('{"max_new_tokens": 20}')
    assert load(tmp_path / "model", max_new_tokens=7).max_new_tokens == 7


def test_a_chat_model_is_asked_through_its_chat_template(
    llama_folder: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "model"
    load(llama_folder).save(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    tokenizer.chat_template = (
        "{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}"
        "{% if add_generation_prompt %}[assistant]{% endif %}"
    )
    tokenizer.save_pretrained(folder)
    policy = load(folder)
    ids = policy.encode(draw("hello").prompt)
    assert policy.tokenizer.decode(ids) == "[user]hello[assistant]"
    assert policy.count_tokens("hello") == len(ids)


def test_a_prompt_longer_than_the_model_is_refused_with_its_numbers(llama_folder: Path) -> None:
    with pytest.raises(ModelError, match=r"has \d+ tokens, and .* takes 1 to 80 before 16"):
        load(llama_folder).sample([draw("a b c " * 100)])


def test_an_answer_longer_than_the_model_is_refused(llama_folder: Path) -> None:
    with pytest.raises(ModelError, match="leave no room for a prompt in its 96 positions"):
        load(llama_folder, max_new_tokens=96)


def test_a_folder_that_is_not_there_is_named() -> None:
    with pytest.raises(ModelError, match="/nowhere/model is not there"):
        resolve_model("/nowhere/model")


def test_a_folder_without_a_model_is_named_with_what_it_holds(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(ModelError, match=r"no config\.json; found notes\.txt"):
        load(tmp_path)


def test_pickled_weights_are_refused(llama_folder: Path, tmp_path: Path) -> None:
    policy = load(llama_folder)
    policy.save(tmp_path / "model")
    torch.save(policy.model.state_dict(), tmp_path / "model" / "pytorch_model.bin")
    (tmp_path / "model" / "model.safetensors").unlink()
    with pytest.raises(ModelError, match="convert them"):
        load(tmp_path / "model")


def test_torn_weights_are_a_model_error(llama_folder: Path, tmp_path: Path) -> None:
    load(llama_folder).save(tmp_path / "model")
    weights = tmp_path / "model" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:5000])
    with pytest.raises(ModelError, match="the model cannot be loaded"):
        load(tmp_path / "model")


def test_weights_that_lack_a_tensor_are_refused(llama_folder: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    load(llama_folder).save(tmp_path / "model")
    weights = tmp_path / "model" / "model.safetensors"
    tensors = load_file(weights)
    del tensors["model.norm.weight"]
    save_file(tensors, weights, metadata={"format": "pt"})
    with pytest.raises(ModelError, match=r"lack model\.norm\.weight"):
        load(tmp_path / "model")


def test_a_card_with_an_unknown_key_is_a_model_error(llama_folder: Path, tmp_path: Path) -> None:
    load(llama_folder).save(tmp_path / "model")
    (tmp_path / "model" / "covet.json").write_text('{"halt": []}')
    with pytest.raises(ModelError, match="halt"):
        load(tmp_path / "model")


def test_weights_that_are_not_finite_are_a_model_error(llama_folder: Path) -> None:
    policy = load(llama_folder)
    with torch.no_grad():
        policy.model.get_input_embeddings().weight.fill_(float("nan"))
    with pytest.raises(ModelError, match="not finite"):
        policy.sample(DRAWS)


def test_a_name_unknown_to_a_machine_without_network_is_a_model_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelError, match="someone/no-such-model: no folder of that name is here"):
        load(Path("someone/no-such-model"))


def test_a_machine_without_torch_is_told_what_to_install() -> None:
    code = "import sys\nsys.modules['torch'] = None\nimport covet.policy.hf\n"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "EnvironmentNotReady: a model in this process needs torch" in done.stderr
    assert "pip install 'covet[train]'" in done.stderr


def test_a_machine_without_peft_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("covet.policy.hf", "covet.policy.lora"):
        monkeypatch.delitem(sys.modules, name)
        monkeypatch.delattr(name)
    monkeypatch.setitem(sys.modules, "peft", None)
    with pytest.raises(EnvironmentNotReady, match=r"needs peft, .* pip install 'covet\[train\]'"):
        importlib.import_module("covet.policy.hf")


@pytest.mark.skipif(not (model_path() / "config.json").exists(), reason="no embedded model yet")
def test_the_embedded_model_loads_under_its_name() -> None:
    policy = load(Path("nano"), autocast=True, max_new_tokens=0)
    assert (policy.name, policy.template) == ("nano", "nano")
    assert (policy.prompt_tokens, policy.max_new_tokens) == (256, 64)
    assert policy.sample([draw("+def f(x):\n", samples=1)])[0][0].text
