"""Training against a vLLM server: every version goes there as an adapter, and steps are sampled
from the one that they are for. The server is the stand-in: it writes of itself, its shapes are
real.
"""

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("peft")

from covet import config
from covet.policy.hf import HFPolicy
from covet.policy.vllm import VLLMPolicy
from covet.runlog import RunLog, read_jsonl
from covet.train.grpo import train
from tests.standin import Standin
from tests.train.toy import EXAMPLES, make_roll, settings


def learned(model: Path, root: Path, server: Standin, *, steps: int, lag: int) -> HFPolicy:
    chosen = settings(model, steps=steps, lag=lag)
    policy_settings = chosen.policy.model_copy(update={"lora_rank": 4})
    chosen = chosen.model_copy(update={"policy": policy_settings})
    policy = HFPolicy(chosen.policy, autocast=False)
    known = config.Policy.model_validate(
        {"model": "m", "server": "vllm", "endpoint": server.url, "max_new_tokens": 8}
        | {"api": "completions", "adapters": lag + 2}
    )
    log = (
        RunLog.reopen(root)
        if (root / "manifest.json").exists()
        else RunLog.create(root, config.as_toml(chosen), extra={})
    )
    with closing(VLLMPolicy(known)) as served, closing(log):
        train(
            policy=policy,
            examples=EXAMPLES,
            roll=make_roll(chosen),
            config=chosen,
            log=log,
            on_step=lambda _: None,
            served=served,
        )
    return policy


@pytest.mark.parametrize("lag", [0, 1, 2])
def test_each_step_is_sampled_from_the_adapter_of_its_version(
    llama_folder: Path, tmp_path: Path, lag: int
) -> None:
    with Standin() as server:
        learned(llama_folder, tmp_path / "run", server, steps=5, lag=lag)
        asked = [body["model"] for body in server.bodies("/completions")]
    versions = [int(name.removeprefix("covet-v").partition("-")[0]) for name in asked]
    wanted = [max(0, step - lag) for step in range(5)]
    assert sorted(set(versions)) == sorted(set(wanted))
    rows = read_jsonl(tmp_path / "run" / "rollouts.jsonl", dict[str, Any])
    assert {(row["step"], row["version"]) for row in rows} == set(enumerate(wanted))


def test_a_run_that_goes_on_gives_the_server_its_older_versions_again(
    llama_folder: Path, tmp_path: Path
) -> None:
    with Standin() as server:
        whole = learned(llama_folder, tmp_path / "whole", server, steps=6, lag=2)
    with Standin() as first:
        learned(llama_folder, tmp_path / "parts", first, steps=4, lag=2)
    with Standin() as second:
        resumed = learned(llama_folder, tmp_path / "parts", second, steps=6, lag=2)
        loaded = [body["lora_name"] for body in second.bodies("/load_lora_adapter")]
    assert [name.partition("-")[2].partition("-")[0] for name in loaded[:3]] == ["v2", "v3", "v4"]
    for name, value in whole.weights().items():
        assert (resumed.weights()[name] == value).all(), name
