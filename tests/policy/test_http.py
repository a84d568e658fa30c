"""Policies behind an endpoint: what is sent, what becomes of the answers, and what is said when
there are none.
"""

import asyncio
import concurrent.futures
import email.utils
import gc
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import Any

import pytest

from covet import config
from covet.errors import ConfigError, EnvironmentNotReady, ModelError
from covet.policy.base import Draw
from covet.policy.http import HTTPPolicy
from covet.policy.opening import open_policy
from covet.prompt.parse import code_in
from covet.records import Completion, Prompt
from tests.standin import Fault, Standin, Written

Opened = Callable[..., HTTPPolicy]
NOT_FOUND = {"detail": "Not Found"}


def draw(name: str, *, samples: int = 1) -> Draw:
    prompt = Prompt(name, f"write a test for {name}\n", template="", answer="append")
    return Draw(prompt, samples, key=(0, name))


def texts(answers: list[list[Completion]]) -> list[list[str]]:
    return [[completion.text for completion in answer] for answer in answers]


class Pauses:
    """Waits no time, and tells how long it would have."""

    def __init__(self) -> None:
        self.asked: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)
        await asyncio.sleep(0)


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@pytest.fixture
def server() -> Iterator[Standin]:
    with Standin(kind="plain") as standin:
        yield standin


@pytest.fixture
def opened(server: Standin, pauses: Pauses) -> Iterator[Opened]:
    with ExitStack() as stack:

        def make(**settings: Any) -> HTTPPolicy:
            known = {"model": "m", "endpoint": server.url} | settings
            policy = HTTPPolicy(config.Policy.model_validate(known), pause=pauses)
            return stack.enter_context(closing(policy))

        yield make


# ------------------------------------------------------------------------------- what is sent


def test_a_chat_model_is_put_the_prompt_as_a_message(server: Standin, opened: Opened) -> None:
    opened(temperature=0.5, max_new_tokens=70, stop=("\n\n",)).sample([draw("a")])
    (body,) = server.bodies("/v1/chat/completions")
    assert isinstance(body.pop("seed"), int)
    assert body == {
        "model": "m",
        "messages": [{"role": "user", "content": "write a test for a\n"}],
        "temperature": 0.5,
        "max_tokens": 70,
        "stop": ["\n\n"],
    }


def test_another_model_is_put_the_prompt_as_it_is(server: Standin, opened: Opened) -> None:
    opened(api="completions").sample([draw("a")])
    (body,) = server.bodies("/v1/completions")
    assert body["prompt"] == "write a test for a\n"
    assert body["max_tokens"] == 512


def test_every_completion_has_a_seed_of_its_own_that_its_key_decides(
    server: Standin, opened: Opened
) -> None:
    policy = opened()
    policy.sample([draw("a", samples=3), draw("b", samples=2)])
    policy.sample([draw("b", samples=2)])
    by_prompt: dict[str, list[int]] = {}
    for body in server.bodies():
        by_prompt.setdefault(body["messages"][0]["content"], []).append(body["seed"])
    first, second = by_prompt.values()
    assert len(set(first)) == 3
    assert sorted(second[:2]) == sorted(second[2:])
    assert len({*first, *second}) == 5
    assert all(0 <= seed < 1 << 31 for seed in (*first, *second))


def test_extra_fields_are_added_replaced_and_taken_out(server: Standin, opened: Opened) -> None:
    extra = '{"max_tokens": null, "max_completion_tokens": 9, "reasoning": {"effort": "low"}}'
    (answer,) = opened(extra=extra).sample([draw("a")])
    (body,) = server.bodies()
    assert "max_tokens" not in body
    assert (body["max_completion_tokens"], body["reasoning"]) == (9, {"effort": "low"})
    assert answer[0].finish == "length"


def test_no_more_requests_run_at_once_than_the_settings_say(
    server: Standin, opened: Opened
) -> None:
    server.pause_s = 0.02
    answers = opened(concurrency=3).sample([draw("a", samples=10), draw("b", samples=2)])
    assert [len(answer) for answer in answers] == [10, 2]
    assert server.most_at_once == 3


def test_a_proxy_is_not_asked_the_way_to_this_machine(
    monkeypatch: pytest.MonkeyPatch, opened: Opened
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert opened().sample([draw("a")])[0][0].text


def test_threads_may_sample_at_the_same_time(server: Standin, opened: Opened) -> None:
    server.pause_s = 0.05
    policy = opened()
    found: dict[str, list[list[str]]] = {}
    threads = [
        threading.Thread(target=lambda name=name: found.update({name: texts(ask(policy, name))}))
        for name in "abc"
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {name: texts(ask(policy, name)) for name in "abc"}
    assert server.most_at_once > 1


def ask(policy: HTTPPolicy, name: str) -> list[list[Completion]]:
    return policy.sample([draw(name, samples=2)])


# --------------------------------------------------------------------------- what comes back


def test_a_completion_that_was_cut_off_is_marked_and_counted(opened: Opened) -> None:
    policy = opened(max_new_tokens=10)
    ((cut,),) = policy.sample([draw("a")])
    assert (cut.finish, len(cut.text)) == ("length", 10)
    assert policy.usage.truncated == 1


def test_a_stop_string_ends_a_completion(opened: Opened) -> None:
    ((stopped,),) = opened(stop=("assert",)).sample([draw("a")])
    assert stopped.finish == "stop"
    assert stopped.text.endswith("():\n    ")


@pytest.mark.parametrize("name", ["reasoning_content", "reasoning"])
def test_a_thought_that_comes_apart_stands_in_tags_that_the_parser_drops(
    server: Standin, opened: Opened, name: str
) -> None:
    def think(reply: dict[str, Any]) -> None:
        reply["choices"][0]["message"] |= {name: "18 is the limit", "content": "assert f() == 18"}
        reply["usage"]["completion_tokens_details"] = {"reasoning_tokens": 4}

    server.change = think
    policy = opened()
    ((completion,),) = policy.sample([draw("a")])
    assert completion.text == "<think>\n18 is the limit\n</think>\n\nassert f() == 18"
    assert code_in(completion.text) == "assert f() == 18\n"
    assert (policy.usage.thinking, completion.thought_tokens) == (1, 4)


def test_a_thought_that_was_cut_off_leaves_nothing_to_run(server: Standin, opened: Opened) -> None:
    def think(reply: dict[str, Any]) -> None:
        message = {"reasoning_content": "```python\ndef test_it(): ...\n```\nor", "content": None}
        reply["choices"][0] |= {"finish_reason": "length", "message": message}

    server.change = think
    policy = opened()
    ((completion,),) = policy.sample([draw("a")])
    assert completion.finish == "length"
    assert code_in(completion.text) == ""
    assert (policy.usage.thinking, policy.usage.truncated) == (1, 1)


def test_tags_that_the_model_writes_itself_stay_and_are_counted(
    server: Standin, opened: Opened
) -> None:
    server.change = lambda reply: reply["choices"][0].update(text="<think>hm</think>assert x")
    policy = opened(api="completions")
    assert policy.sample([draw("a")])[0][0].text == "<think>hm</think>assert x"
    assert policy.usage.thinking == 1


def test_a_refusal_and_a_filtered_answer_are_answers(server: Standin, opened: Opened) -> None:
    def refuse(reply: dict[str, Any]) -> None:
        message = {"content": None, "refusal": "I cannot write that."}
        reply["choices"][0] |= {"finish_reason": "content_filter", "message": message}

    server.change = refuse
    policy = opened()
    ((completion,),) = policy.sample([draw("a")])
    assert (completion.text, completion.finish) == ("I cannot write that.", "stop")
    assert policy.usage.filtered == 1


def test_a_plain_server_tells_no_tokens_to_learn_from(opened: Opened) -> None:
    ((completion,),) = opened().sample([draw("a")])
    assert completion.segments[0].token_ids == ()
    assert completion.segments[0].logprobs == ()


def test_tokens_are_summed_and_priced(server: Standin, opened: Opened) -> None:
    policy = opened(price_in=2.0, price_out=10.0, max_new_tokens=8)
    policy.sample([draw("a", samples=3)])
    prompt = len(server.template({"messages": [{"content": "write a test for a\n"}]}))
    usage = policy.usage
    assert (usage.completions, usage.requests, usage.retries) == (3, 3, 0)
    assert (usage.prompt_tokens, usage.completion_tokens) == (3 * prompt, 24)
    assert usage.cost == pytest.approx((3 * prompt * 2 + 24 * 10) / 1e6)


def test_tokens_that_a_server_does_not_tell_are_known_to_be_missing(
    server: Standin, opened: Opened
) -> None:
    server.change = lambda reply: reply.update(usage=None)
    policy = opened(price_out=10.0)
    policy.sample([draw("a")])
    assert (policy.usage.unmetered, policy.usage.completions, policy.usage.cost) == (1, 1, 0.0)


# -------------------------------------------------------------------------------- what fails


def test_after_too_many_requests_it_waits_as_long_as_the_server_says(
    server: Standin, opened: Opened, pauses: Pauses
) -> None:
    wanted = texts(opened().sample([draw("a")]))
    date = email.utils.formatdate(time.time() + 40, usegmt=True)
    server.faults.extend(
        Fault(429, {"error": {"message": "slow down"}}, {"Retry-After": after})
        for after in ("7", date, "soon", "")
    )
    policy = opened()
    assert texts(policy.sample([draw("a")])) == wanted
    seconds, until, third, fourth = pauses.asked
    assert seconds == 7.0
    assert 30 < until <= 40
    assert 2 <= third <= 4
    assert 4 <= fourth <= 8
    assert (policy.usage.retries, policy.usage.requests) == (4, 5)


def test_a_server_that_wants_a_long_rest_is_left_alone(server: Standin, opened: Opened) -> None:
    server.faults.append(Fault(429, {"error": {"message": "quota"}}, {"Retry-After": "86400"}))
    with pytest.raises(ModelError, match=r"429: quota; it wants to be left alone for 86400 s"):
        opened().sample([draw("a")])


@pytest.mark.parametrize(
    "fault",
    [
        Fault(500, b"oops"),
        Fault(503, {"error": {"message": "overloaded"}}),
        Fault(manner="drop"),
        Fault(200, b'{"choices": [', manner="tear"),
        Fault(200, b"<html>busy</html>"),
        Fault(200, {"choices": []}),
    ],
    ids=["500", "503", "dropped", "torn", "garbage", "empty"],
)
def test_one_fault_costs_one_more_request_and_nothing_else(
    server: Standin, opened: Opened, fault: Fault
) -> None:
    policy = opened()
    wanted = texts(policy.sample([draw("a"), draw("b")]))
    server.faults.append(fault)
    assert texts(policy.sample([draw("a"), draw("b")])) == wanted
    assert (policy.usage.requests, policy.usage.retries) == (5, 1)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<html>busy</html>", r"JSON is malformed.*begins '<html>busy</html>'"),
        (b"", r"it begins ''"),
        (b"\xff\xfe", r"cannot be used"),
        (b"[" * 100_000, r"cannot be used"),
        ({"choices": []}, r"`choices` is empty"),
        ({"error": {"message": "no credit"}}, r"missing required field `choices`.*no credit"),
        ({"choices": [{"finish_reason": "stop"}]}, r"missing required field `message`"),
        ({"choices": [{"message": {"content": 3}}]}, r"Expected `str \| null`, got `int`"),
        ({"choices": [{"message": {"content": "x"}}]}, r"broke the answer off.*None"),
        (
            {"choices": [{"message": {"content": "x"}, "finish_reason": "abort"}]},
            r"broke the answer off.*abort",
        ),
    ],
)
def test_nonsense_is_a_model_error_that_shows_it_after_its_retries(
    server: Standin, opened: Opened, body: bytes | dict[str, Any], words: str
) -> None:
    server.fault = lambda _path, _body: Fault(200, body)
    with pytest.raises(ModelError, match=words) as caught:
        opened(retries=2).sample([draw("a.py::f")])
    assert "a.py::f: POST http://127.0.0.1:" in str(caught.value)
    assert "it was asked 3 times" in str(caught.value)
    assert len(server.bodies()) == 3


def test_what_one_prompt_fails_for_ever_loses_none_of_the_others(
    server: Standin, opened: Opened
) -> None:
    policy = opened(concurrency=2)
    wanted = texts(policy.sample([draw("a", samples=3), draw("bad"), draw("c", samples=3)]))
    server.asked.clear()

    def poisoned(_path: str, body: dict[str, Any]) -> Fault | None:
        return Fault(500, b"boom") if "bad" in str(body["messages"]) else None

    server.fault = poisoned
    draws = [draw("a", samples=3), draw("bad"), draw("c", samples=3)]
    with pytest.raises(ModelError) as caught:
        policy.sample(draws)
    assert "bad: POST" in str(caught.value)
    assert "answered 500: boom; it was asked 5 times" in str(caught.value)
    assert "Of 7 completions 1 failed, and the other 6 are kept" in str(caught.value)
    assert len(server.bodies()) == 6 + 5

    server.fault = lambda _path, _body: None
    assert texts(policy.sample(draws)) == wanted
    assert len(server.bodies()) == 6 + 5 + 1
    assert texts(policy.sample(draws)) == wanted
    assert len(server.bodies()) == 6 + 5 + 1 + 7


def test_a_server_that_is_down_is_not_asked_for_everything(server: Standin, opened: Opened) -> None:
    server.fault = lambda _path, _body: Fault(500, b"boom")
    with pytest.raises(ModelError, match=r"Of 50 completions \d failed, \d\d were not asked for$"):
        opened(retries=1, concurrency=4).sample([draw("a", samples=50)])
    assert len(server.bodies()) < 20


def test_a_hung_server_is_given_up_in_time(server: Standin, opened: Opened) -> None:
    server.fault = lambda _path, _body: Fault(manner="hang")
    started = time.monotonic()
    with pytest.raises(ModelError, match=r"did not answer within 0\.2 s; it was asked 2 times"):
        opened(timeout_s=0.2, retries=1).sample([draw("a", samples=2)])
    assert time.monotonic() - started < 3


def test_an_answer_that_never_ends_is_given_up_in_time(server: Standin, opened: Opened) -> None:
    server.fault = lambda _path, _body: Fault(manner="drip")
    with pytest.raises(ModelError, match=r"did not answer within 0\.3 s"):
        opened(timeout_s=0.3, retries=0).sample([draw("a")])


def test_a_wrong_url_is_said_at_once(server: Standin, opened: Opened) -> None:
    with pytest.raises(ModelError, match=r"answered 404: .*Not Found.*policy\.endpoint"):
        opened(endpoint=f"{server.url}/v2", concurrency=1).sample([draw("a", samples=5)])
    assert len(server.asked) == 1


def test_a_wrong_model_is_said_in_the_servers_words(opened: Opened) -> None:
    with pytest.raises(ModelError, match=r"The model `other` does not exist.*policy\.model"):
        opened(model="other").sample([draw("a")])


def test_a_request_that_the_server_cannot_take_is_sent_once(
    server: Standin, opened: Opened
) -> None:
    with pytest.raises(ModelError, match="Unrecognized request argument supplied: top_k"):
        opened(extra='{"top_k": 20}').sample([draw("a")])
    assert len(server.asked) == 1


def test_a_server_that_is_not_there_is_named(opened: Opened) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/v1"
        with pytest.raises(ModelError, match=rf"{url}/chat/completions failed: ConnectError"):
            opened(endpoint=url, retries=1).sample([draw("a")])


def test_a_redirect_is_reported_and_not_followed(server: Standin, opened: Opened) -> None:
    server.faults.append(Fault(301, b"", {"Location": "https://elsewhere.invalid/v1"}))
    with pytest.raises(ModelError, match=r"301: it is at https://elsewhere\.invalid/v1"):
        opened().sample([draw("a")])


def test_an_interrupt_ends_the_waiting_and_not_the_policy(server: Standin, opened: Opened) -> None:
    server.fault = lambda _path, _body: Fault(manner="hang")
    policy = opened()

    def interrupt() -> None:
        while not server.at_once:
            time.sleep(0.01)
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        policy.sample([draw("a")])
    server.fault = lambda _path, _body: None
    assert policy.sample([draw("a")])[0][0].text


def test_closing_ends_what_is_under_way(server: Standin, opened: Opened) -> None:
    server.fault = lambda _path, _body: Fault(manner="hang")
    policy = opened()
    ended: list[bool] = []

    def sample() -> None:
        with pytest.raises(concurrent.futures.CancelledError):
            policy.sample([draw("a")])
        ended.append(True)

    thread = threading.Thread(target=sample)
    thread.start()
    while not server.at_once:
        time.sleep(0.01)
    policy.close()
    thread.join(5)
    assert ended


def test_a_policy_that_is_forgotten_lets_its_connections_go(server: Standin) -> None:
    def alive() -> int:
        return sum(thread.name == "covet-endpoint" for thread in threading.enumerate())

    before = alive()
    policy = HTTPPolicy(config.Policy(model="m", endpoint=server.url))
    policy.sample([draw("a")])
    assert alive() == before + 1
    del policy
    gc.collect()
    assert alive() == before


# ------------------------------------------------------------------------------------ the key


def test_the_key_is_read_from_the_variable_and_sent(
    server: Standin, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.key = "sk-secret-1"
    monkeypatch.setenv("SOME_KEY", " sk-secret-1\n")
    assert opened(api_key_env="SOME_KEY").sample([draw("a")])[0][0].text


def test_a_key_variable_that_is_not_set_is_named(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOME_KEY", raising=False)
    with pytest.raises(EnvironmentNotReady, match="environment variable SOME_KEY, which is not"):
        opened(api_key_env="SOME_KEY")


def test_a_key_that_a_server_repeats_is_shown_nowhere(
    server: Standin, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.key = "another"
    monkeypatch.setenv("SOME_KEY", "sk-secret-2")
    with pytest.raises(ModelError, match=r"401: Incorrect API key provided: \[key\]") as caught:
        opened(api_key_env="SOME_KEY").sample([draw("a")])
    error: BaseException | None = caught.value
    while error is not None:
        assert "sk-secret-2" not in str(error)
        error = error.__cause__ or error.__context__
    server.key = ""
    server.fault = lambda _path, _body: Fault(200, b"you said sk-secret-2")
    with pytest.raises(ModelError, match=r"you said \[key\]"):
        opened(api_key_env="SOME_KEY", retries=0).sample([draw("a")])


def test_a_key_that_no_header_takes_is_not_repeated(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOME_KEY", "two words")
    with pytest.raises(EnvironmentNotReady, match="SOME_KEY holds characters") as caught:
        opened(api_key_env="SOME_KEY")
    assert "two words" not in str(caught.value)


@pytest.mark.parametrize(
    ("override", "secret"),
    [
        ("policy.api_key_env=sk-live-1234", "sk-live"),
        ("policy.endpoint=https://me:sk-live-1234@host/v1", "sk-live"),
        ("policy.endpoint=https://host/v1?key=sk-live-1234", "sk-live"),
    ],
)
def test_a_key_in_the_settings_is_refused_and_not_shown(override: str, secret: str) -> None:
    with pytest.raises(ConfigError, match="is not shown") as caught:
        config.load(overrides=[override])
    assert secret not in str(caught.value)
    assert secret not in str(caught.value.__cause__)


@pytest.mark.parametrize("extra", ["[1]", "{", '"x"'])
def test_extra_fields_that_are_no_object_are_refused(extra: str) -> None:
    with pytest.raises(ConfigError, match=r"policy\.extra: takes a json object"):
        config.load(overrides=[f"policy.extra={extra!r}"])


# ------------------------------------------------------------------------------------ opening


def test_an_endpoint_and_a_server_of_our_own_exclude_each_other() -> None:
    with pytest.raises(ConfigError, match="leave one of them empty"):
        open_policy(config.Policy(endpoint="http://127.0.0.1:1/v1", vllm="/bin/python"))
    with pytest.raises(ConfigError, match=r"policy\.endpoint says not where"):
        open_policy(config.Policy(server="vllm"))


def test_a_server_that_writes_its_own_answers_is_told_apart_by_its_model(
    server: Standin, opened: Opened
) -> None:
    server.write = lambda model, _prompt, _body: Written([104], [0.0], model, "stop")
    ((completion,),) = opened().sample([draw("a")])
    assert (completion.text, completion.policy, completion.version) == ("m", "m", 0)
