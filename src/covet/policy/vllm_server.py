"""A vLLM server of our own, in an environment of its own: vLLM and the trainer rarely take the same
releases of torch and transformers.

The path of that environment's Python enters by ``policy.vllm``; a server that answers, its URL and
its key come out. It listens on this machine alone and reports to nobody, and it ends with this
process, however that ends (``covet.policy.leash``).
"""

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx2

from covet import config
from covet.errors import ConfigError, EnvironmentNotReady
from covet.nano import model_path
from covet.policy import leash

START_S = 1800.0
"""How long a server may take until it answers: a large model is read, compiled and captured."""
GRACE_S = 20.0
"""How long it may take to end by itself."""
TOLD_EVERY_S = 10.0
_RANKS = (1, 8, 16, 32, 64, 128, 256, 320, 512)
"""What ``--max-lora-rank`` takes."""


class Server:
    """A server that answers by the time this is made; ``close`` ends it.

    ``log``: where it writes. ``say`` hears of it while it starts. ``ConfigError`` where
    ``policy.vllm`` is no program; ``EnvironmentNotReady`` where the server ends before it answers,
    or takes longer than ``start_s``.
    """

    def __init__(
        self,
        settings: config.Policy,
        *,
        log: Path,
        say: Callable[[str], None] = lambda _: None,
        start_s: float = START_S,
    ) -> None:
        python = Path(settings.vllm).expanduser().absolute()  # not resolved: a link to it is a venv
        if not os.access(python, os.X_OK) or python.is_dir():
            raise ConfigError(
                f"policy.vllm is {settings.vllm}, which is no program here; it takes the Python of "
                "an environment with vLLM, such as /opt/vllm/bin/python"
            )
        self.log = log
        self.key = secrets.token_urlsafe(24)
        """Asked for below ``/v1``, where completions and adapters are."""
        port = _free_port()
        self.url = f"http://127.0.0.1:{port}/v1"
        self._start_s = start_s
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as file:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-I", leash.__file__, str(GRACE_S)),
                    *_command(python, settings, port=port),
                ],
                stdin=subprocess.PIPE,
                stdout=file,
                stderr=subprocess.STDOUT,
                env=_environment(python, settings) | {"VLLM_API_KEY": self.key},
                start_new_session=True,
            )
        try:
            self._wait(say)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End it and everything that it started."""
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        try:
            self._process.wait(GRACE_S + 10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def ended(self, *, within_s: float = 0.0) -> str:
        """What is known of its end; empty where it goes on running for ``within_s``."""
        try:
            code = self._process.wait(within_s)
        except subprocess.TimeoutExpired:
            return ""
        return (
            f"the vLLM server, started by policy.vllm, ended with exit code {code}; "
            f"{self._last_words()}"
        )

    def _wait(self, say: Callable[[str], None]) -> None:
        started = told = time.monotonic()
        while not self._is_healthy():
            now = time.monotonic()
            if ended := self.ended():
                raise EnvironmentNotReady(ended)
            if now - started > self._start_s:
                raise EnvironmentNotReady(
                    f"the vLLM server did not answer within {self._start_s:.0f} s; "
                    f"{self._last_words()}"
                )
            if now - told >= TOLD_EVERY_S:
                told = now
                line = "".join(self._lines(1))[:100] or "it has said nothing yet"
                say(f"vLLM starts, {now - started:.0f} s: {line}")
            time.sleep(0.2)

    def _is_healthy(self) -> bool:
        url = f"{self.url.removesuffix('/v1')}/health"
        try:
            return httpx2.get(url, timeout=2, trust_env=False).status_code == httpx2.codes.OK
        except httpx2.RequestError:
            return False

    def _last_words(self) -> str:
        lines = self._lines(8)
        said = "".join(f"\n    {line}" for line in lines)
        return f"all that it said is in {self.log}" + (f", at the end:{said}" if lines else "")

    def _lines(self, count: int) -> list[str]:
        """The last of its log that hold anything."""
        with self.log.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - 8192))
            text = file.read().decode(errors="replace")
        return [line for line in text.replace(self.key, "[key]").splitlines() if line.strip()][
            -count:
        ]


def _command(python: Path, settings: config.Policy, *, port: int) -> list[str]:
    rank = settings.lora_rank
    adapters = [
        *("--enable-lora", "--max-lora-rank", str(next((r for r in _RANKS if r >= rank), rank))),
        *("--max-loras", str(settings.adapters)),
    ]
    return [
        *(str(python), "-m", "vllm.entrypoints.cli.main", "serve", _model(settings.model)),
        *("--host", "127.0.0.1", "--port", str(port)),
        *("--served-model-name", settings.model),
        *("--logprobs-mode", "processed_logprobs"),
        *(adapters if rank else ()),
        *settings.vllm_options,
    ]


def _model(name: str) -> str:
    """What the server is told to load."""
    path = model_path() if name == "nano" else Path(name).expanduser()
    if (path / "adapter_config.json").is_file():
        raise ConfigError(
            f"policy.model is {name}, an adapter; a vLLM server loads a whole model, and adapters "
            "are published to it: name the model that it adapts"
        )
    return str(path.absolute()) if path.is_dir() else name


def _environment(python: Path, settings: config.Policy) -> dict[str, str]:
    """Ours, without what would lead its Python to our packages."""
    ours = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", settings.api_key_env}
    known = {name: value for name, value in os.environ.items() if name not in ours}
    known["PATH"] = f"{python.parent}{os.pathsep}{known.get('PATH', os.defpath)}"
    known |= {"PYTHONUNBUFFERED": "1", "VLLM_NO_USAGE_STATS": "1", "DO_NOT_TRACK": "1"}
    if Path(_model(settings.model)).is_dir():
        known |= {"HF_HUB_OFFLINE": "1"}
    if settings.lora_rank:
        known |= {"VLLM_ALLOW_RUNTIME_LORA_UPDATING": "1"}
    if settings.vllm_gpus:
        known |= {"CUDA_VISIBLE_DEVICES": settings.vllm_gpus}
    return known


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
