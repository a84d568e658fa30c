"""Two processes that learn together, on the processor, against one that learns alone."""

import os
import socket
import subprocess
import sys
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


@pytest.mark.parametrize("lag", [0, 1])
def test_two_processes_learn_what_one_learns(llama_folder: Path, tmp_path: Path, lag: int) -> None:
    alone, root = tmp_path / "alone", tmp_path / "together"
    run(llama_folder, alone, steps=3, lag=lag, curriculum=True)
    port = str(free_port())
    children = [
        subprocess.Popen(
            [sys.executable, toy.__file__, str(llama_folder), str(folder), "3", str(lag)],
            env=os.environ
            | {
                "RANK": str(rank),
                "WORLD_SIZE": "2",
                "MASTER_ADDR": "127.0.0.1",
                "MASTER_PORT": port,
            },
        )
        for rank, folder in enumerate((root, tmp_path / "second"))
    ]
    assert [child.wait(timeout=120) for child in children] == [0, 0]

    def told(folder: Path) -> list[dict[str, Any]]:
        return list(read_jsonl(folder / "metrics.jsonl", dict[str, Any]))

    for one, other in zip(told(alone), told(root), strict=True):
        for name in ("samples", "tokens", "loss", "kl", "entropy", "grad_norm", "passes"):
            assert other[name] == pytest.approx(one[name], rel=2e-4, abs=1e-6), name
    assert not (tmp_path / "second" / "metrics.jsonl").exists()
    weights = [
        load_file(folder / "model.safetensors")
        for path in (alone, root)
        if (folder := checkpoint.latest(path / "checkpoints"))
    ]
    for name, value in weights[0].items():
        torch.testing.assert_close(value, weights[1][name], rtol=0, atol=5e-3)
