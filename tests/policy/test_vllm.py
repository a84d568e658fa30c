"""vLLM: tokens to learn from, versions by adapters, and a server that is started and ended."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from covet import config
from covet.algo.samples import training_samples
from covet.errors import ConfigError, EnvironmentNotReady, ModelError
from covet.policy.base import Draw
from covet.policy.opening import open_policy
from covet.policy.vllm import VLLMPolicy, thought_tokens
from covet.policy.vllm_server import Server
from covet.records import (
    Candidate,
    Completion,
    Execution,
    Group,
    Prompt,
    Reward,
    Rollout,
)
from tests import standin
from tests.standin import EOS, Fault, Standin, Written

Opened = Callable[..., VLLMPolicy]


def draw(name: str = "a", *, samples: int = 1) -> Draw:
    prompt = Prompt(name, f"write a test for {name}\n", template="", answer="append")
    return Draw(prompt, samples, key=(0, name))


def settings(**given: Any) -> config.Policy:
    return config.Policy.model_validate({"model": "m", "server": "vllm"} | given)


async def at_once(_seconds: float) -> None:
    await asyncio.sleep(0)


@pytest.fixture
def server() -> Iterator[Standin]:
    with Standin() as one:
        yield one


@pytest.fixture
def opened(server: Standin) -> Iterator[Opened]:
    with ExitStack() as stack:

        def make(**given: Any) -> VLLMPolicy:
            known = settings(**{"endpoint": server.url} | given)
            return stack.enter_context(closing(VLLMPolicy(known, pause=at_once)))

        yield make


def adapter(folder: Path, weights: str = "weights") -> Path:
    folder.mkdir(parents=True)
    (folder / "adapter_config.json").write_text('{"r": 8}')
    (folder / "adapter_model.safetensors").write_text(weights)
    return folder


# ------------------------------------------------------------------------------------- tokens


@pytest.mark.parametrize("api", ["chat", "completions"])
def test_tokens_and_log_probabilities_are_those_that_the_server_sampled(
    server: Standin, opened: Opened, api: str
) -> None:
    policy = opened(api=api)
    ((completion,),) = policy.sample([draw()])
    (segment,) = completion.segments
    assert bytes(segment.token_ids[:-1]).decode() == completion.text == segment.text
    assert segment.token_ids[-1] == EOS
    body = server.bodies()[0]
    prompt = server.template(body)
    assert segment.logprobs == tuple(standin.write("m", prompt, body).logprobs)
    assert policy.encode(draw().prompt) == tuple(prompt.encode())


@pytest.mark.parametrize("api", ["chat", "completions"])
def test_samples_are_asked_of_the_whole_distribution(
    server: Standin, opened: Opened, api: str
) -> None:
    opened(api=api).sample([draw()])
    (body,) = server.bodies()
    whole = {"temperature": 1.0, "top_p": 1.0, "top_k": -1, "min_p": 0.0, "repetition_penalty": 1.0}
    assert whole.items() <= body.items()
    assert body["return_token_ids"] is True


def test_what_it_sampled_can_be_learned_from(opened: Opened) -> None:
    policy = opened()
    prompt = draw().prompt
    ((first, second),) = policy.sample([draw(samples=2)])
    group = Group("a", prompt, policy.encode(prompt), (rollout(first, 0.0), rollout(second, 1.0)))
    samples = training_samples(group, [-1.0, 1.0])
    prompt_ids = policy.encode(prompt)
    for sample, completion in zip(samples, (first, second), strict=True):
        (segment,) = completion.segments
        assert sample.token_ids == prompt_ids + segment.token_ids
        assert sample.logprobs == (0.0,) * len(prompt_ids) + segment.logprobs


def rollout(completion: Completion, value: float) -> Rollout:
    candidate = Candidate("test_a.py", completion.text, completion.text)
    return Rollout(completion, candidate, Execution("ok"), Reward(value, {}))


def test_the_tokens_of_a_real_model_come_through_to_the_bit(llama_folder: Path) -> None:
    here = open_policy(config.Policy(model=str(llama_folder), max_new_tokens=12))

    def answer(_model: str, prompt: str, body: dict[str, Any]) -> Written:
        told = Prompt("a", prompt, template="", answer="append")
        ((completion,),) = here.sample([Draw(told, 1, key=(body["seed"],))])
        (segment,) = completion.segments
        return Written(
            list(segment.token_ids), list(segment.logprobs), completion.text, completion.finish
        )

    with (
        Standin(models=(str(llama_folder),), write=answer) as server,
        closing(
            VLLMPolicy(
                settings(
                    model=str(llama_folder),
                    endpoint=server.url,
                    api="completions",
                    max_new_tokens=12,
                )
            )
        ) as policy,
    ):
        ((completion,),) = policy.sample([draw()])
        body = server.bodies()[0]
    told = Prompt("a", body["prompt"], template="", answer="append")
    assert ((completion.segments,),) == tuple(
        tuple(one.segments for one in answers)
        for answers in here.sample([Draw(told, 1, key=(body["seed"],))])
    )


def test_a_prompts_tokens_are_asked_for_once(server: Standin, opened: Opened) -> None:
    policy = opened()
    text = draw().prompt.text
    before = len(server.bodies("/tokenize"))
    counted = policy.count_tokens(text)
    assert counted == len(server.template({"messages": [{"content": text}]}))
    assert policy.count_tokens(text) == counted
    assert len(server.bodies("/tokenize")) == before + 1
    policy.sample([draw("b")])
    policy.encode(draw("b").prompt)
    assert len(server.bodies("/tokenize")) == before + 1


def test_what_changes_the_chat_template_changes_the_counting_too(
    server: Standin, opened: Opened
) -> None:
    policy = opened(extra='{"chat_template_kwargs": {"enable_thinking": false}, "top_k": 20}')
    policy.count_tokens("x")
    body = server.bodies("/tokenize")[-1]
    assert body["chat_template_kwargs"] == {"enable_thinking": False}
    assert "top_k" not in body


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda reply: reply.update(prompt_token_ids=None), "no token ids; vLLM tells them from"),
        (lambda reply: reply["choices"][0].update(token_ids=None), "no token ids"),
        (lambda reply: reply["choices"][0].update(logprobs=None), "with 0 log-probabilities"),
        (lambda reply: reply["choices"][0]["token_ids"].pop(), "tokens with"),
        (lambda reply: reply.update(model="n"), "m was asked and n answered"),
    ],
)
def test_an_answer_without_what_learning_needs_is_a_model_error(
    server: Standin, opened: Opened, change: Callable[[dict[str, Any]], None], words: str
) -> None:
    policy = opened(retries=1)
    server.change = change
    with pytest.raises(ModelError, match=words):
        policy.sample([draw()])


def test_log_probabilities_of_another_distribution_are_refused() -> None:
    with Standin(processed=False) as server:
        with pytest.raises(ModelError, match=r"temperature of 0\.7.*--logprobs-mode processed_log"):
            VLLMPolicy(settings(endpoint=server.url, temperature=0.7))
        with closing(VLLMPolicy(settings(endpoint=server.url))) as policy:  # there they agree
            assert policy.sample([draw()])
    with (
        Standin() as server,
        closing(VLLMPolicy(settings(endpoint=server.url, temperature=0.7))) as policy,
    ):
        assert policy.sample([draw()])


def test_the_window_of_the_model_bounds_the_prompt(opened: Opened) -> None:
    assert opened(max_new_tokens=5000).prompt_tokens == 8192 - 5000
    assert opened(max_new_tokens=100).prompt_tokens == 4096
    with pytest.raises(ModelError, match="9000 new tokens leave no room for a prompt in the 8192"):
        opened(max_new_tokens=9000)


def test_a_model_that_is_not_served_is_named_with_those_that_are(opened: Opened) -> None:
    with pytest.raises(ModelError, match="does not serve Qwen/Other; it has m"):
        opened(model="Qwen/Other")


def test_a_model_without_a_chat_template_is_to_be_asked_otherwise(server: Standin) -> None:
    none = {"error": {"message": "there is no chat template.", "type": "BadRequestError"}}
    server.fault = lambda _path, body: Fault(400, none) if "messages" in body else None
    with pytest.raises(ModelError, match=r"no chat template\. Where.*policy\.api is completions"):
        VLLMPolicy(settings(endpoint=server.url))
    with closing(VLLMPolicy(settings(endpoint=server.url, api="completions"))) as policy:
        assert policy.sample([draw()])


def test_an_endpoint_without_the_version_in_its_path_is_refused(opened: Opened) -> None:
    with pytest.raises(ConfigError, match="ends in /v1"):
        opened(endpoint="http://127.0.0.1:8000")


# ------------------------------------------------------------------------------------ thoughts


@pytest.mark.parametrize(
    ("written", "opened", "count"),
    [
        (["assert", " x"], False, 0),
        (["<th", "ink>", "hm", "</think>\n", "assert"], False, 4),
        (["<think>", "hm"], False, 2),
        (["hm", "</", "think>", "x"], True, 3),
        (["hm", "hm"], True, 2),
    ],
)
def test_the_tokens_of_a_thought_are_counted_to_its_end(
    written: list[str], opened: bool, count: int
) -> None:
    assert thought_tokens(written, opened=opened) == count


@pytest.mark.parametrize(
    ("raw", "told", "finish", "text", "thought"),
    [
        ("hm</think>x", {}, "stop", "<think>\nhm</think>x", 10),
        ("hm, and", {}, "length", "<think>\nhm, and", 7),
        ("hm</think>x", {"reasoning": "hm", "content": "x"}, "stop", None, 10),
        ("</think>x", {"reasoning": None, "content": "x"}, "stop", "x", 8),
    ],
    ids=["ended", "cut off", "taken out", "empty"],
)
def test_a_thought_that_the_chat_template_opens_is_told_whole(
    raw: str, told: dict[str, Any], finish: str, text: str | None, thought: int
) -> None:
    def answer(_model: str, _prompt: str, _body: dict[str, Any]) -> Written:
        return Written([*raw.encode()], [-1.0] * len(raw), raw, finish)

    with (
        Standin(opening="<think>\n", write=answer) as server,
        closing(VLLMPolicy(settings(endpoint=server.url))) as policy,
    ):
        server.change = lambda reply: reply["choices"][0]["message"].update(told)
        ((completion,),) = policy.sample([draw()])
    assert completion.text == (text or "<think>\nhm\n</think>\n\nx")
    assert completion.thought_tokens == thought
    assert completion.segments[0].token_ids == tuple(raw.encode())


# ------------------------------------------------------------------------------------ versions


def test_samples_come_from_the_version_that_was_published(
    server: Standin, opened: Opened, tmp_path: Path
) -> None:
    policy = opened()
    before = policy.sample([draw()])
    policy.publish(1, adapter(tmp_path / "v1", "one"))
    after = policy.sample([draw()])
    assert (before[0][0].version, after[0][0].version) == (0, 1)
    assert before[0][0].text != after[0][0].text
    assert (policy.version, after[0][0].policy) == (1, "m")
    models = [body["model"] for body in server.bodies()]
    assert models[0] == "m"
    assert re.fullmatch(r"covet-v1-[0-9a-f]{12}", models[1])
    assert server.adapters[models[1]] == str((tmp_path / "v1").resolve())


def test_a_version_that_is_asked_for_is_sampled_while_newer_ones_come(
    opened: Opened, tmp_path: Path
) -> None:
    policy = opened()
    policy.publish(1, adapter(tmp_path / "1", "one"))
    wanted = policy.sample([draw()])
    policy.publish(2, adapter(tmp_path / "2", "two"))
    assert policy.sample([draw()], version=1) == wanted
    assert policy.sample([draw()])[0][0].version == 2
    assert policy.sample([draw()], version=0)[0][0].version == 0


@pytest.mark.parametrize("adapters", [2, 3, 4])
def test_old_versions_go_and_every_version_has_a_new_name(
    server: Standin, opened: Opened, tmp_path: Path, adapters: int
) -> None:
    policy = opened(adapters=adapters)
    for version in range(1, 7):
        policy.publish(version, adapter(tmp_path / str(version), f"weights {version}"))
    names = [body["lora_name"] for body in server.bodies("/load_lora_adapter")]
    assert len(set(names)) == 6
    kept = adapters - 1
    assert list(server.adapters) == names[-kept:]
    assert server.most_adapters == adapters
    assert policy.sample([draw()], version=7 - kept)
    with pytest.raises(ModelError, match=rf"version {6 - kept} of m is not there; it has 0, "):
        policy.sample([draw()], version=6 - kept)


def test_other_weights_under_an_old_number_get_another_name(
    server: Standin, opened: Opened, tmp_path: Path
) -> None:
    policy = opened()
    policy.publish(1, adapter(tmp_path / "first", "one"))
    policy.publish(1, adapter(tmp_path / "second", "two"))
    first, second = (body["lora_name"] for body in server.bodies("/load_lora_adapter"))
    assert first != second
    assert list(server.adapters) == [second]


def test_a_run_that_goes_on_finds_its_adapter_on_the_server(
    server: Standin, opened: Opened, tmp_path: Path
) -> None:
    folder = adapter(tmp_path / "1")
    opened().publish(1, folder)
    again = opened()
    again.publish(1, folder)
    assert again.sample([draw()])[0][0].version == 1
    assert len(server.bodies("/load_lora_adapter")) == 1


def test_an_adapter_whose_loading_was_not_heard_of_is_loaded_once(
    server: Standin, opened: Opened, tmp_path: Path
) -> None:
    lost = iter([Fault(manner="drop")])

    def lose(path: str, body: dict[str, Any]) -> Fault | None:
        if path.endswith("/load_lora_adapter") and (fault := next(lost, None)):
            server.adapters[body["lora_name"]] = body["lora_path"]
            return fault
        return None

    server.fault = lose
    policy = opened()
    policy.publish(1, adapter(tmp_path / "1"))
    assert policy.sample([draw()])[0][0].version == 1


def test_the_base_can_be_replaced_as_version_zero(
    server: Standin, opened: Opened, tmp_path: Path
) -> None:
    policy = opened()
    policy.publish(0, adapter(tmp_path / "warm"))
    policy.sample([draw()])
    assert server.bodies()[-1]["model"].startswith("covet-v0-")


def test_a_server_that_takes_no_adapters_is_said_to(tmp_path: Path) -> None:
    with (
        Standin(takes_adapters=False) as server,
        closing(VLLMPolicy(settings(endpoint=server.url))) as policy,
    ):
        with pytest.raises(ModelError, match=r"404.*VLLM_ALLOW_RUNTIME_LORA_UPDATING=1"):
            policy.publish(1, adapter(tmp_path / "1"))
        assert policy.version == 0


def test_a_folder_that_is_no_adapter_is_named(opened: Opened, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=rf"{tmp_path} is no adapter: adapter_config\.json"):
        opened().publish(1, tmp_path)


# ------------------------------------------------------------------------------------ a server


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """An environment's Python whose vLLM is the stand-in."""
    path = tmp_path / "env" / "bin" / "python"
    path.parent.mkdir(parents=True)
    path.write_text(
        textwrap.dedent(
            f"""\
            #!/bin/sh
            [ "$1 $2" = "-m vllm.entrypoints.cli.main" ] || exit 9
            shift 2
            exec {sys.executable} {standin.__file__} "$@"
            """
        )
    )
    path.chmod(0o755)
    return path


def pids(log: Path) -> list[int]:
    found = re.search(r"pids (\d+) (\d+)", log.read_text())
    assert found
    return [int(one) for one in found.groups()]


def gone(pid: int) -> bool:
    """Whether a process has ended; one that nobody has waited for has."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True
    return state in "ZX"


def wait_until(held: Callable[[], bool], *, seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not held():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_server_is_started_sampled_from_taught_and_ended(
    python: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    log = tmp_path / "logs" / "vllm.log"
    given = {
        "vllm": str(python),
        "server": "plain",
        "lora_rank": 12,
        "vllm_gpus": "1",
        "vllm_options": ["--gpu-memory-utilization=0.4"],
        "temperature": 0.8,
    }
    policy = open_policy(settings(**given), log=log)
    assert isinstance(policy, VLLMPolicy)
    with closing(policy):
        policy.publish(1, adapter(tmp_path / "1"))
        assert policy.sample([draw()])[0][0].version == 1
        running = pids(log)
    wait_until(lambda: all(gone(pid) for pid in running))
    said = log.read_text()
    for words in (
        "'host': '127.0.0.1'",
        "'logprobs_mode': 'processed_logprobs'",
        "'enable_lora': True",
        "'max_lora_rank': 16",
        "'max_loras': 3",
        "'gpu_memory_utilization': 0.4",
        "'VLLM_NO_USAGE_STATS': '1'",
        "'CUDA_VISIBLE_DEVICES': '1'",
        "'PYTHONPATH': None",
    ):
        assert words in said


def test_only_who_has_its_key_can_use_the_server(python: Path, tmp_path: Path) -> None:
    with (
        closing(Server(settings(vllm=str(python)), log=tmp_path / "log")) as server,
        pytest.raises(ModelError, match="401"),
    ):
        VLLMPolicy(settings(endpoint=server.url))


def test_whoever_waits_for_a_server_hears_of_it(
    python: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("covet.policy.vllm_server.TOLD_EVERY_S", 0.1)
    heard: list[str] = []
    log = tmp_path / "log"
    with closing(Server(settings(model="slow", vllm=str(python)), log=log, say=heard.append)):
        assert any(re.match(r"vLLM starts, \d s: pids", line) for line in heard)


def test_a_server_that_dies_while_it_starts_names_its_log_and_its_last_words(
    python: Path, tmp_path: Path
) -> None:
    with pytest.raises(EnvironmentNotReady) as caught:
        Server(settings(model="broken", vllm=str(python)), log=tmp_path / "log")
    said = str(caught.value)
    assert "ended with exit code 1" in said
    assert str(tmp_path / "log") in said
    assert "CUDA out of memory (key [key])" in said


def test_an_option_that_vllm_does_not_know_is_told_in_its_words(
    python: Path, tmp_path: Path
) -> None:
    with pytest.raises(EnvironmentNotReady, match="unrecognized arguments: --no-such-option"):
        Server(settings(vllm=str(python), vllm_options=["--no-such-option"]), log=tmp_path / "log")


def test_a_server_that_never_answers_is_ended(python: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with pytest.raises(EnvironmentNotReady, match=r"did not answer within 1 s"):
        Server(settings(model="stuck", vllm=str(python)), log=log, start_s=1)
    wait_until(lambda: all(gone(pid) for pid in pids(log)))


def test_a_server_that_dies_while_it_samples_is_named(python: Path, tmp_path: Path) -> None:
    given = settings(vllm=str(python), retries=0)
    log = tmp_path / "log"
    with closing(VLLMPolicy(given, server=Server(given, log=log))) as policy:
        main, helper = pids(log)
        os.kill(main, signal.SIGKILL)
        wait_until(lambda: gone(helper))
        with pytest.raises(EnvironmentNotReady, match=rf"exit code 137; all.*{log}"):
            policy.sample([draw()])


def test_a_server_ends_with_the_process_that_started_it_however_that_ends(
    python: Path, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    code = f"""
import os, signal
from pathlib import Path
from covet import config
from covet.policy.vllm_server import Server
Server(config.Policy(model="m", vllm={str(python)!r}), log=Path({str(log)!r}))
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", code], check=False)
    assert done.returncode == -signal.SIGKILL
    wait_until(lambda: all(gone(pid) for pid in pids(log)))


def test_a_python_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"policy\.vllm is /no/python, which is no program"):
        Server(settings(vllm="/no/python"), log=tmp_path / "log")


def test_an_adapter_is_no_model_to_serve(python: Path, tmp_path: Path) -> None:
    folder = adapter(tmp_path / "adapter")
    with pytest.raises(ConfigError, match="name the model that it adapts"):
        Server(settings(model=str(folder), vllm=str(python)), log=tmp_path / "log")
