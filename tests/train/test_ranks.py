"""Two processes that learn together, on the processor, against one that learns alone."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")

import torch
from safetensors.torch import load_file

from covet.runlog import read_jsonl
from covet.train import checkpoint
from tests.train import toy
from tests.train.toy import run


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def together(model: Path, folders: Sequence[Path], *, steps: int, **changes: object) -> None:
    """As many processes as there are folders train on the toy."""
    port = str(free_port())
    command = [sys.executable, toy.__file__, str(model)]
    children = [
        subprocess.Popen(
            [*command, str(folder), str(steps), json.dumps(changes)],
            env=os.environ
            | {
                "RANK": str(rank),
                "WORLD_SIZE": str(len(folders)),
                "MASTER_ADDR": "127.0.0.1",
                "MASTER_PORT": port,
            },
        )
        for rank, folder in enumerate(folders)
    ]
    assert [child.wait(timeout=120) for child in children] == [0] * len(children)


def told(folder: Path) -> list[dict[str, Any]]:
    return list(read_jsonl(folder / "metrics.jsonl", dict[str, Any]))


def same(one: Path, other: Path) -> None:
    """The two runs told the same and ended in the same weights."""
    for row, like in zip(told(one), told(other), strict=True):
        for name in ("samples", "tokens", "loss", "kl", "entropy", "grad_norm", "passes"):
            known = row[name] is not None  # nothing is learned from groups without a signal
            expected = pytest.approx(row[name], rel=2e-4, abs=1e-6) if known else None
            assert like[name] == expected, name
    weights, others = [
        load_file(next(folder.glob("*model.safetensors")))
        for path in (one, other)
        if (folder := checkpoint.latest(path / "checkpoints"))
    ]
    assert weights.keys() == others.keys()
    for name, value in weights.items():
        torch.testing.assert_close(value, others[name], rtol=0, atol=5e-3)


@pytest.mark.parametrize(
    ("lag", "shard"), [(0, False), (1, False), (1, True)], ids=["whole", "lag", "parted, lag"]
)
def test_two_processes_learn_what_one_learns(
    llama_folder: Path, tmp_path: Path, lag: int, *, shard: bool
) -> None:
    alone, root, second = (tmp_path / name for name in ("alone", "together", "second"))
    run(llama_folder, alone, steps=3, lag=lag, curriculum=True)
    together(llama_folder, (root, second), steps=3, lag=lag, curriculum=True, shard=shard)
    same(alone, root)
    assert not (second / "metrics.jsonl").exists()


def test_where_one_has_fewer_batches_than_the_other_all_are_waited_for(
    llama_folder: Path, tmp_path: Path
) -> None:
    alone, root, second = (tmp_path / name for name in ("alone", "together", "second"))
    changes: dict[str, object] = {"examples": 1, "group": 9, "micro_batch": 4, "minibatches": 3}
    changes |= {"ratio": "decoupled", "lag": 0}
    run(llama_folder, alone, steps=2, **changes)
    together(llama_folder, (root, second), steps=2, shard=True, **changes)
    same(alone, root)


def test_a_parted_adapter_goes_on_where_it_was_killed(llama_folder: Path, tmp_path: Path) -> None:
    alone, root, second = (tmp_path / name for name in ("alone", "together", "second"))
    run(llama_folder, alone, steps=4, lag=1, lora_rank=4)
    folders = root, second
    together(llama_folder, folders, steps=2, lag=1, lora_rank=4, shard=True)
    together(llama_folder, folders, steps=4, lag=1, lora_rank=4, shard=True)
    same(alone, root)
