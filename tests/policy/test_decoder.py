"""The decoder over models of many makes, against plain forward passes; the drawing of tokens
against the whole cumulative sum.
"""

import math
from collections.abc import Sequence

import pytest

pytest.importorskip("torch")

import torch
from torch import Tensor
from transformers import AutoConfig, AutoModelForCausalLM, DynamicCache, PreTrainedModel

from covet.errors import ModelError
from covet.policy import decoder
from covet.policy.decoder import Decoder, RoomyLayer, drawn, uniforms, with_room

SMALL = {
    "vocab_size": 300,
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 256,
    "pad_token_id": 0,
    "initializer_range": 0.2,
}
GPT2 = {"n_embd": 32, "n_layer": 2, "n_head": 2, "n_positions": 256, "initializer_range": 0.2}
MAKES = {
    "gpt2": GPT2,
    "bloom": {"n_layer": 2, "n_head": 2},
    "llama": {},
    "qwen2": {},
    "mistral": {"sliding_window": 8},
    "gemma2": {"sliding_window": 8, "head_dim": 8, "query_pre_attn_scalar": 8},
    "gemma3_text": {"sliding_window": 8, "head_dim": 8, "num_hidden_layers": 6},
    "lfm2": {"layer_types": ["conv", "full_attention"]},
    "falcon_h1": {"mamba_n_heads": 4, "mamba_d_head": 16, "mamba_d_ssm": 64, "mamba_d_state": 8},
}
PROMPTS = [(7, 8, 9), (7, 8, 9), tuple(range(20, 29)), *([tuple(range(40, 70))] * 3)]


def make(name: str) -> PreTrainedModel:
    torch.manual_seed(0)
    model = AutoModelForCausalLM.from_config(AutoConfig.for_model(name, **SMALL | MAKES[name]))
    return model.eval()


@torch.inference_mode()
def decode(
    model: PreTrainedModel,
    prompts: Sequence[tuple[int, ...]],
    lengths: Sequence[int],
    *,
    temperature: float = 1.0,
) -> list[tuple[list[int], list[float]]]:
    """Of each prompt, as many tokens as is said, with their log-probabilities."""
    numbers = [uniforms((place,), max(lengths)) for place in range(len(prompts))]
    found: list[tuple[list[int], list[float]]] = [([], []) for _ in prompts]
    running = Decoder(model, temperature=temperature)
    running.prefill(prompts)
    live = list(range(len(prompts)))
    for step in range(max(lengths)):
        tokens, logprobs = running.choose(torch.tensor([numbers[i][step] for i in live]))
        for i, token, logprob in zip(live, tokens.tolist(), logprobs.tolist(), strict=True):
            found[i][0].append(token)
            found[i][1].append(logprob)
        keep = [place for place, i in enumerate(live) if step + 1 < lengths[i]]
        if keep:
            live = [live[place] for place in keep]
            running.advance(tokens, keep=keep)
    return found


@torch.inference_mode()
def scored(
    model: PreTrainedModel, prompt: tuple[int, ...], tokens: list[int], *, temperature: float
) -> list[float]:
    """The tokens' log-probabilities by one pass over everything, nothing beside it."""
    logits = model(torch.tensor([[*prompt, *tokens]])).logits[0, len(prompt) - 1 : -1]
    table = torch.log_softmax(logits / temperature, dim=-1)
    return table.gather(1, torch.tensor(tokens)[:, None])[:, 0].tolist()


# -------------------------------------------------------------------------------- makes


@pytest.mark.parametrize("name", MAKES)
def test_every_make_of_model_gives_the_log_probabilities_of_a_plain_pass(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoder, "ROOM", 5)  # so that room is made several times
    model = make(name)
    lengths = [9, 2, 24, 13, 1, 23]  # they leave from the front, the middle and the end
    found = decode(model, PROMPTS, lengths, temperature=0.8)
    for prompt, length, (tokens, logprobs) in zip(PROMPTS, lengths, found, strict=True):
        assert len(tokens) == length
        assert logprobs == pytest.approx(scored(model, prompt, tokens, temperature=0.8), abs=1e-4)


def test_who_leaves_changes_nothing_for_those_who_stay() -> None:
    model = make("qwen2")
    together = decode(model, PROMPTS, [12] * 6)
    for lengths in ([1, 12, 3, 12, 2, 12], [12, 1, 1, 1, 1, 1], [1, 2, 3, 4, 5, 12]):
        for (tokens, _), length, (whole, _) in zip(
            decode(model, PROMPTS, lengths), lengths, together, strict=True
        ):
            assert tokens == whole[:length]


def test_prompts_without_padding_and_with_it_give_the_same_tokens() -> None:
    model = make("llama")
    together = decode(model, PROMPTS, [10] * 6)
    numbers_of = [[0, 1], [2], [3, 4, 5]]
    for places in numbers_of:
        given = [PROMPTS[place] if place in places else PROMPTS[places[0]] for place in range(6)]
        alone = decode(model, given, [10] * 6)
        assert [alone[place][0] for place in places] == [together[place][0] for place in places]


def test_a_prompt_of_several_samples_is_read_once() -> None:
    model, batches = make("gpt2"), []
    model.register_forward_pre_hook(
        lambda _, __, given: batches.append(tuple(given["input_ids"].shape)), with_kwargs=True
    )
    decode(model, PROMPTS, [3, 3, 1, 3, 2, 1])
    assert batches == [(3, 30), (4, 1), (3, 1)]


def test_scores_that_are_not_finite_are_a_model_error() -> None:
    model = make("gpt2")
    with torch.no_grad():
        model.get_input_embeddings().weight[7] = math.nan
    with pytest.raises(ModelError, match="not finite"):
        decode(model, PROMPTS, [1] * 6)


def test_a_model_without_keys_and_values_is_refused() -> None:
    config = AutoConfig.for_model(
        "mamba", vocab_size=50, hidden_size=16, num_hidden_layers=1, state_size=4
    )
    with pytest.raises(ModelError, match="MambaForCausalLM keeps no keys and values"):
        Decoder(AutoModelForCausalLM.from_config(config), temperature=1.0)


# -------------------------------------------------------------------------------- cache


def states(rows: int, tokens: int, *, first: int) -> tuple[Tensor, Tensor]:
    """Keys and values of which no two are alike; a value is of another size than a key."""
    keys = torch.arange(first, first + rows * 2 * tokens * 3).reshape(rows, 2, tokens, 3)
    return keys.float(), -keys[..., :2].float()


def test_the_roomy_layer_holds_what_the_layer_of_transformers_holds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(decoder, "ROOM", 3)
    plain, roomy = DynamicCache(), RoomyLayer()
    steps: list[tuple[Tensor, Tensor] | list[int]] = [
        states(2, 4, first=0), [0, 0, 0, 1, 1], states(5, 1, first=100), [0, 4, 2],
        states(3, 1, first=200), states(3, 2, first=300), [2, 1], states(2, 1, first=400),
        [1, 0], [0, 1, 1, 0], states(4, 1, first=500), [3], states(1, 1, first=600),
    ]  # fmt: skip
    for step in steps:
        if isinstance(step, list):
            plain.batch_select_indices(torch.tensor(step))
            roomy.reorder_cache(torch.tensor(step))
        else:
            plain.update(*step, 0)
            roomy.update(*step)
        assert torch.equal(roomy.keys, plain.layers[0].keys)
        assert torch.equal(roomy.values, plain.layers[0].values)
        assert roomy.get_seq_length() == plain.get_seq_length()


def test_a_token_is_written_into_the_room_and_nothing_else_moves() -> None:
    (layer,) = with_room(DynamicCache(config=AutoConfig.for_model("gpt2", n_layer=1))).layers
    layer.update(*states(2, 4, first=0))
    layer.reorder_cache(torch.tensor([0, 0, 1, 1]))
    before = layer.keys.data_ptr()
    for step in range(decoder.ROOM):
        if step == 10:
            layer.reorder_cache(torch.tensor([0, 3]))
        layer.update(*states(2 if step >= 10 else 4, 1, first=step))
    assert layer.keys.data_ptr() == before
    layer.update(*states(2, 1, first=0))
    assert layer.keys.data_ptr() != before


# ------------------------------------------------------------------------------ drawing


@pytest.mark.parametrize("size", [1, 5, 127, 128, 129, 300, 1000])
@pytest.mark.parametrize("spread", [0.1, 3.0, 30.0])
def test_tokens_are_drawn_where_the_whole_cumulative_sum_says(size: int, spread: float) -> None:
    torch.manual_seed(size)
    scores = torch.randn(400, size) * spread
    numbers = torch.rand(400, dtype=torch.float64)
    tokens, logprobs = drawn(scores, numbers)
    cumulative = torch.softmax(scores.double(), dim=-1).cumsum(dim=-1)
    above = cumulative.gather(-1, tokens[:, None])[:, 0]
    below = above - torch.softmax(scores.double(), dim=-1).gather(-1, tokens[:, None])[:, 0]
    assert (numbers <= above + 1e-6).all()
    assert (numbers >= below - 1e-6).all()
    expected = torch.log_softmax(scores, dim=-1).gather(-1, tokens[:, None])[:, 0]
    torch.testing.assert_close(logprobs, expected, rtol=1e-6, atol=2e-6)


def test_a_token_without_probability_is_never_drawn() -> None:
    torch.manual_seed(0)
    scores = torch.randn(3000, 500).masked_fill(torch.rand(3000, 500) < 0.95, -math.inf)
    scores[:, 250] = 0.0  # one at least
    scores[:1000, 251:] = -math.inf
    scores[1000:2000, :250] = -math.inf
    for number in (0.0, 1e-300, 0.5, math.nextafter(1.0, 0.0)):
        tokens, logprobs = drawn(scores, torch.full((3000,), number, dtype=torch.float64))
        assert (tokens < 500).all()
        assert torch.isfinite(scores.gather(-1, tokens[:, None])).all()
        assert torch.isfinite(logprobs).all()


def test_the_same_number_gives_the_same_token_whatever_is_drawn_beside_it() -> None:
    torch.manual_seed(0)
    scores, numbers = torch.randn(64, 700), torch.rand(64, dtype=torch.float64)
    tokens, logprobs = drawn(scores, numbers)
    for row in range(64):
        alone = drawn(scores[row : row + 1], numbers[row : row + 1])
        assert (alone[0].item(), alone[1].item()) == (tokens[row].item(), logprobs[row].item())
