"""The Policy contract, over every implementation."""

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from covet import config
from covet.errors import ModelError
from covet.policy.base import Draw, Policy
from covet.policy.http import HTTPPolicy
from covet.policy.opening import open_policy
from covet.policy.recorded import RecordedPolicy
from covet.policy.vllm import VLLMPolicy
from covet.records import Prompt
from tests.standin import Standin

EXAMPLES = ("a.py::add", "b.py::sub", "c.py::mul")


def make_recorded(_folder: Path, _open: ExitStack) -> Policy:
    return RecordedPolicy({name: [f"{name} text {i}\n" for i in range(4)] for name in EXAMPLES})


def make_hf(folder: Path, _open: ExitStack) -> Policy:
    pytest.importorskip("torch")
    from tests.tiny_models import write_model

    write_model(folder)
    settings = config.Policy(model=str(folder), max_new_tokens=12, threads=1, batch=8)
    return open_policy(settings)


def make_remote(_folder: Path, opened: ExitStack, *, server: str, api: str) -> Policy:
    standin = opened.enter_context(Standin(kind=server))
    settings = {"model": "m", "endpoint": standin.url, "server": server, "api": api}
    policy = open_policy(config.Policy.model_validate(settings))
    assert isinstance(policy, VLLMPolicy if server == "vllm" else HTTPPolicy)
    return opened.enter_context(closing(policy))


MAKERS: dict[str, Callable[[Path, ExitStack], Policy]] = {
    "hf": make_hf,
    "recorded": make_recorded,
    "http-chat": partial(make_remote, server="plain", api="chat"),
    "http-completions": partial(make_remote, server="plain", api="completions"),
    "vllm-chat": partial(make_remote, server="vllm", api="chat"),
    "vllm-completions": partial(make_remote, server="vllm", api="completions"),
}


@pytest.fixture(scope="module", params=sorted(MAKERS))
def policy(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Policy]:
    with ExitStack() as opened:
        yield MAKERS[request.param](tmp_path_factory.mktemp("contract") / "model", opened)


def draw(name: str, *, samples: int = 3, key: tuple[int | str, ...] = (0, 1)) -> Draw:
    text = f"write a test for {name} {'please ' * EXAMPLES.index(name)}\n"
    return Draw(Prompt(name, text, template="", answer="append"), samples, key=(*key, name))


def test_every_draw_gets_as_many_completions_as_it_asks_for(policy: Policy) -> None:
    counts = [3, 0, 4]
    answers = policy.sample([draw(n, samples=c) for n, c in zip(EXAMPLES, counts, strict=True)])
    assert [len(answer) for answer in answers] == counts


def test_no_draws_give_no_completions(policy: Policy) -> None:
    assert policy.sample([]) == []


def test_a_completion_starts_with_a_segment_of_the_policys_own(policy: Policy) -> None:
    for completion in policy.sample([draw(EXAMPLES[0])])[0]:
        assert completion.segments[0].owner == "policy"
        assert completion.finish in ("stop", "length")


def test_a_completion_names_the_policy_and_its_version(policy: Policy) -> None:
    for completion in policy.sample([draw(EXAMPLES[0])])[0]:
        assert (completion.policy, completion.version) == (policy.name, policy.version)


def test_log_probabilities_match_the_tokens_or_are_absent(policy: Policy) -> None:
    for completion in policy.sample([draw(EXAMPLES[0])])[0]:
        for segment in completion.segments:
            assert len(segment.logprobs) in (0, len(segment.token_ids))
            assert all(value <= 0 for value in segment.logprobs)


def test_the_same_key_gives_the_same_completions_whatever_the_global_state(policy: Policy) -> None:
    draws = [draw(name) for name in EXAMPLES]
    first = policy.sample(draws)
    random.seed(1)
    np.random.seed(1)
    assert policy.sample(draws) == first


def test_a_draw_does_not_depend_on_what_is_drawn_beside_it(policy: Policy) -> None:
    alone = policy.sample([draw(EXAMPLES[1])])[0]
    beside = policy.sample([draw(EXAMPLES[0], samples=2), draw(EXAMPLES[1])])[1]
    assert [c.text for c in beside] == [c.text for c in alone]


def test_fewer_samples_are_the_first_of_more(policy: Policy) -> None:
    more = policy.sample([draw(EXAMPLES[0], samples=4)])[0]
    fewer = policy.sample([draw(EXAMPLES[0], samples=2)])[0]
    assert [c.text for c in fewer] == [c.text for c in more[:2]]


def test_longer_texts_have_no_fewer_tokens(policy: Policy) -> None:
    counts = [policy.count_tokens("word " * n) for n in (1, 5, 50)]
    assert counts == sorted(counts)
    assert counts[0] > 0


def test_the_prompt_budget_is_positive(policy: Policy) -> None:
    assert policy.prompt_tokens > 0


def test_a_request_that_cannot_be_answered_is_a_model_error(policy: Policy) -> None:
    endless = Prompt("unknown", "word " * 5000, template="", answer="append")
    with pytest.raises(ModelError, match="unknown"):
        policy.sample([Draw(endless, 1, key=(0,))])
