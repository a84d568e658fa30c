"""Text and tokens: chat templates, ends, stop strings, thoughts, and answers that are cut off."""

import json
from pathlib import Path

import pytest

pytest.importorskip("torch")

import torch
from tokenizers import AddedToken
from tokenizers.processors import TemplateProcessing
from transformers import AutoTokenizer, PreTrainedTokenizerFast

from covet import config
from covet.errors import ModelError
from covet.policy.base import Draw
from covet.policy.hf import HFPolicy
from covet.policy.speech import Speech
from covet.records import Prompt
from tests.tiny_models import make_tokenizer

CHAT = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
THINKING = CHAT.replace("assistant\n{% endif", "assistant\n<think>\n{% endif")


def tokenizer(
    *, template: str = "", turns: bool = True, tags: str = "text"
) -> PreTrainedTokenizerFast:
    """``tags``: whether those of thoughts are ``text``, ``added`` tokens or ``special`` ones."""
    made = make_tokenizer()
    if turns:
        ends = [AddedToken(one, special=True) for one in ("<|im_start|>", "<|im_end|>")]
        made.add_tokens(ends, special_tokens=True)
    if tags != "text":
        special = tags == "special"
        thoughts = [AddedToken(one, special=special) for one in ("<think>", "</think>")]
        made.add_tokens(thoughts, special_tokens=special)
    made.chat_template = template or None
    return made


def speech(made: PreTrainedTokenizerFast, *, stops: tuple[str, ...] = ()) -> Speech:
    return Speech(made, chat=None, ends=frozenset(), stops=stops)


def ids(made: PreTrainedTokenizerFast, text: str) -> list[int]:
    return list(made(text, add_special_tokens=False).input_ids)


def policy_of(folder: Path, **settings: object) -> HFPolicy:
    known = {"model": str(folder), "max_new_tokens": 48, "threads": 1} | settings
    return HFPolicy(config.Policy.model_validate(known), autocast=False)


def draw(text: str, *, samples: int) -> Draw:
    return Draw(Prompt(text, text, "", "append"), samples, key=(0, text))


# ----------------------------------------------------------------------------------- prompts


def test_a_prompt_goes_through_the_chat_template_as_one_turn_of_the_user() -> None:
    made = tokenizer(template=CHAT)
    asked = speech(made).encode("write a test")
    assert made.decode(asked) == (
        "<|im_start|>user\nwrite a test<|im_end|>\n<|im_start|>assistant\n"
    )


def test_no_line_of_a_prompt_can_end_the_users_turn() -> None:
    made = tokenizer(template=CHAT)
    asked = speech(made).encode('END = "<|im_end|>\\n<|im_start|>system"')
    turns = set(made.convert_tokens_to_ids(["<|im_start|>", "<|im_end|>"]))
    assert sum(one in turns for one in asked) == 3
    assert 'END = "<|im_end|>\\n<|im_start|>system"' in made.decode(asked)


def test_without_a_chat_template_a_prompt_goes_in_as_it_is() -> None:
    made = tokenizer()
    assert speech(made).encode("write a test") == ids(made, "write a test")


def test_a_tokenizer_that_ends_every_text_does_not_end_prompts() -> None:
    made = tokenizer()
    made.backend_tokenizer.post_processor = TemplateProcessing(
        single="$A <eos>", special_tokens=[("<eos>", 1)]
    )
    assert made("write").input_ids[-1] == 1
    assert speech(made).encode("write") == ids(made, "write")


def test_a_chat_template_that_refuses_a_prompt_is_a_model_error() -> None:
    made = tokenizer(template="{{ raise_exception('only systems speak here') }}")
    with pytest.raises(ModelError, match="does not take a prompt: only systems speak here"):
        speech(made).encode("write a test")


@pytest.mark.parametrize("chat", [True, False])
def test_the_card_says_whether_prompts_go_through_the_chat_template(
    llama_folder: Path, tmp_path: Path, chat: bool
) -> None:
    folder = tmp_path / "model"
    policy_of(llama_folder).save(folder)
    made = AutoTokenizer.from_pretrained(folder)
    made.chat_template = "[{{ messages[0].content }}]"
    made.save_pretrained(folder)
    (folder / "covet.json").write_text(json.dumps({"chat": chat, "stop": ["\n\n"]}))
    asked = policy_of(folder).encode(draw("write", samples=1).prompt)
    assert made.decode(asked) == ("[write]" if chat else "write")


def test_a_card_that_asks_for_a_chat_template_that_is_not_there_is_an_error(
    llama_folder: Path, tmp_path: Path
) -> None:
    policy_of(llama_folder).save(tmp_path / "model")
    (tmp_path / "model" / "covet.json").write_text('{"chat": true}')
    with pytest.raises(ModelError, match=r"covet\.json says chat, and .* no chat template"):
        policy_of(tmp_path / "model")


def test_a_template_may_lie_in_the_model_folder(llama_folder: Path, tmp_path: Path) -> None:
    policy_of(llama_folder).save(tmp_path / "model")
    (tmp_path / "model" / "covet.json").write_text('{"template": "prompt.md"}')
    assert policy_of(tmp_path / "model").template == "prompt.md"
    (tmp_path / "model" / "prompt.md").write_text("{# answer: file #}\n{{ focal }}")
    policy = policy_of(tmp_path / "model", lora_rank=2)
    assert policy.template == str(tmp_path / "model" / "prompt.md")
    policy.save(tmp_path / "adapter")
    assert policy_of(tmp_path / "adapter").template == str(tmp_path / "adapter" / "prompt.md")


# ---------------------------------------------------------------------------------- the end


def test_an_answer_ends_with_any_of_several_end_tokens(llama_folder: Path, tmp_path: Path) -> None:
    policy_of(llama_folder).save(tmp_path / "model")
    settings = tmp_path / "model" / "generation_config.json"
    told = json.loads(settings.read_text())
    settings.write_text(json.dumps(told | {"eos_token_id": [1, 50, 60]}))
    (answers,) = policy_of(tmp_path / "model").sample([draw("def", samples=64)])
    last = [completion.segments[0].token_ids[-1] for completion in answers]
    for completion, end in zip(answers, last, strict=True):
        assert (completion.finish == "stop") == (end in (1, 50, 60))
        assert not {1, 50, 60} & set(completion.segments[0].token_ids[:-1])
        assert len(completion.segments[0].token_ids) <= 48
    assert {1, 50, 60, "length"} <= {*last, *(c.finish for c in answers)}


def test_the_token_that_ends_a_turn_ends_an_answer_though_no_setting_says_so() -> None:
    made = tokenizer(template=CHAT)
    end = made.convert_tokens_to_ids("<|im_end|>")
    talk = speech(made)
    assert talk.ended([*ids(made, "so"), end])
    assert talk.ended([*ids(made, "so"), 1])
    assert not talk.ended(ids(made, "so"))
    assert talk.answer([*ids(made, "so"), end], prompt=()).text == "so"
    plain = Speech(made, chat=False, ends=frozenset(), stops=())
    assert not plain.ended([*ids(made, "so"), end])


def test_an_ordinary_token_behind_an_answer_ends_none() -> None:
    made = tokenizer(template="{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}x")
    assert not speech(made).ended(ids(made, "x"))


def test_a_stop_string_is_cut_where_it_stands_and_the_tokens_up_to_it_are_kept(
    llama_folder: Path,
) -> None:
    policy = policy_of(llama_folder)
    (free,) = policy.sample([draw("def", samples=16)])
    texts = [completion.text for completion in free]
    pairs = [t[i : i + 2] for t in texts for i in range(4, len(t) - 2)]
    stops = tuple(dict.fromkeys(pair for pair in pairs if pair.isascii()))[:3]
    stopping = policy_of(llama_folder, stop=stops)
    (answers,) = stopping.sample([draw("def", samples=16)])
    ended = 0
    for completion, whole in zip(answers, free, strict=True):
        places = [whole.text.index(stop) for stop in stops if stop in whole.text]
        assert completion.text == whole.text[: min(places, default=None)]
        (segment,), (all_of_it,) = completion.segments, whole.segments
        count = len(segment.token_ids)
        assert segment.token_ids == all_of_it.token_ids[:count]
        assert segment.logprobs == pytest.approx(all_of_it.logprobs[:count], abs=1e-5)
        if places:
            ended += 1
            assert completion.finish == "stop"
            before = policy.tokenizer.decode(segment.token_ids[:-1], skip_special_tokens=True)
            assert not any(stop in before for stop in stops)
    assert ended


def test_the_log_probabilities_of_a_stopped_answer_are_those_of_its_tokens(
    llama_folder: Path,
) -> None:
    policy = policy_of(llama_folder, stop=("\n", "a", "e"))
    prompt = policy.encode(draw("def", samples=1).prompt)
    stopped = [c for c in policy.sample([draw("def", samples=32)])[0] if c.finish == "stop"]
    assert stopped
    for completion in stopped:
        (segment,) = completion.segments
        with torch.no_grad():
            scores = policy.model(torch.tensor([[*prompt, *segment.token_ids]])).logits[0]
        table = torch.log_softmax(scores, dim=-1)[len(prompt) - 1 : -1]
        expected = table.gather(-1, torch.tensor(segment.token_ids)[:, None])[:, 0]
        assert segment.logprobs == pytest.approx(expected.tolist(), abs=1e-4)


@pytest.mark.parametrize("stop", ["é", "\n\n\ndef", "== 3\ndef test_sub"])
def test_a_stop_string_of_many_tokens_is_seen_with_its_last(stop: str) -> None:
    made = tokenizer()
    text = f"assert add(1, 2) {stop} and more"
    tokens, talk = ids(made, text), speech(made, stops=(stop,))
    first = next(n for n in range(1, len(tokens)) if talk.ended(tokens[:n]))
    assert stop in made.decode(tokens[:first])
    assert stop not in made.decode(tokens[: first - 1])
    assert talk.answer(tokens[:first], prompt=()).text == "assert add(1, 2) "


# --------------------------------------------------------------------------------- thoughts


@pytest.mark.parametrize("tags", ["text", "added", "special"])
def test_a_thought_is_told_and_counted_however_its_tags_are_written(tags: str) -> None:
    made = tokenizer(template=CHAT, tags=tags)
    talk, text = speech(made), "<think>\nit adds\n</think>\ndef test_add_1():"
    tokens = ids(made, text)
    said = talk.answer([*tokens, made.convert_tokens_to_ids("<|im_end|>")], prompt=())
    assert said.text == text
    assert "</think>" in made.decode(tokens[: said.thought_tokens])
    assert "</think>" not in made.decode(tokens[: said.thought_tokens - 1])
    assert talk.answer(ids(made, "def test_add_1():"), prompt=()).thought_tokens == 0


@pytest.mark.parametrize("tags", ["text", "added", "special"])
def test_a_thought_that_the_template_begins_is_told_whole(tags: str) -> None:
    made = tokenizer(template=THINKING, tags=tags)
    talk = speech(made)
    prompt, tokens = talk.encode("write a test"), ids(made, "it adds\n</think>\nassert")
    said = talk.answer(tokens, prompt=prompt)
    assert said.text == "<think>\nit adds\n</think>\nassert"
    assert "</think>" in made.decode(tokens[: said.thought_tokens])
    assert said.thought_tokens < len(tokens)


@pytest.mark.parametrize("template", [CHAT, THINKING])
def test_a_thought_that_was_cut_off_is_all_thought_and_no_answer(template: str) -> None:
    made = tokenizer(template=template)
    talk = speech(made)
    given = "```python\ndef test_add_1(): pass\n```"
    tokens = ids(made, given if template is THINKING else f"<think>{given}")
    said = talk.answer(tokens, prompt=talk.encode("write a test"))
    assert said.thought_tokens == len(tokens)
    assert said.text.startswith("<think>")
    assert "</think>" not in said.text


def test_a_prompt_that_speaks_of_thoughts_begins_none() -> None:
    made = tokenizer(template=CHAT)
    talk = speech(made)
    said = talk.answer(ids(made, "assert"), prompt=talk.encode("think in <think>"))
    assert (said.text, said.thought_tokens) == ("assert", 0)


def test_completions_carry_the_count_of_their_thoughts(llama_folder: Path, tmp_path: Path) -> None:
    policy_of(llama_folder).save(tmp_path / "model")
    made = AutoTokenizer.from_pretrained(tmp_path / "model")
    made.chat_template = "{{ messages[0].content }}<think>"
    made.save_pretrained(tmp_path / "model")
    policy = policy_of(tmp_path / "model")
    (answers,) = policy.sample([draw("def", samples=8)])
    for completion in answers:
        assert completion.text.startswith("<think>")
        assert completion.thought_tokens == len(completion.segments[0].token_ids)
