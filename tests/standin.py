"""A model server in a thread: real HTTP, with the shapes of OpenAI's API and of vLLM's further
routes (as in the source of vLLM 0.33), and faults on demand. What it writes is a function of model,
prompt and seed; its tokens are bytes.

As a program it takes the arguments of ``vllm serve``, for tests of what starts servers.
"""

import argparse
import hashlib
import json
import math
import os
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

EOS = 256
USER, ASSISTANT = "<|user|>", "<|assistant|>\n"


@dataclass(frozen=True)
class Fault:
    """What happens instead of an answer."""

    status: int = 200
    body: bytes | dict[str, Any] = b""
    headers: dict[str, str] = field(default_factory=dict)
    manner: str = "answer"
    """Or ``drop`` the connection, ``tear`` the body in its middle, ``hang``, or ``drip``."""


@dataclass(frozen=True)
class Written:
    ids: list[int]
    logprobs: list[float]
    text: str
    finish: str
    reasoning: str | None = None


def write(model: str, prompt: str, body: dict[str, Any]) -> Written:
    """A test that depends on all three, cut at stop strings and at the limit."""
    seed = json.dumps([model, prompt, body.get("seed")])
    number = int.from_bytes(hashlib.blake2b(seed.encode(), digest_size=2).digest())
    text = f"def test_{number}():\n    assert double({number}) == {2 * number}\n"
    for stop in body.get("stop") or ():
        text = text.partition(stop)[0]
    ids = [*text.encode(), EOS]
    limit = body.get("max_tokens") or body.get("max_completion_tokens") or 16
    finish = "stop"
    if len(ids) > limit:
        ids, text, finish = ids[:limit], text.encode()[:limit].decode(), "length"
    logprobs = [-math.log(2 + (one + number) % 5) for one in ids]
    return Written(ids, logprobs, text, finish)


class Standin:
    """A context manager; ``url`` is its base URL."""

    def __init__(
        self,
        *,
        kind: str = "vllm",
        models: tuple[str, ...] = ("m",),
        key: str = "",
        write: Callable[[str, str, dict[str, Any]], Written] = write,
        opening: str = "",
        window: int | None = 8192,
        takes_adapters: bool = True,
        processed: bool = True,
        port: int = 0,
    ) -> None:
        self.kind, self.models, self.key, self.write = kind, list(models), key, write
        self.opening, self.window = opening, window
        self.takes_adapters, self.processed = takes_adapters, processed
        self.adapters: dict[str, str] = {}
        self.most_adapters = 0
        self.asked: list[tuple[str, dict[str, Any], dict[str, str]]] = []
        """Path, body and headers of every request."""
        self.faults: deque[Fault] = deque()
        """Of the next completions, one each."""
        self.fault: Callable[[str, dict[str, Any]], Fault | None] = lambda _path, _body: None
        """By path and body, for as long as it is set."""
        self.change: Callable[[dict[str, Any]], None] = lambda _reply: None
        """What is done to an answer before it is sent."""
        self.pause_s = 0.0
        self.at_once = self.most_at_once = 0
        self.lock = threading.Lock()
        self.closing = threading.Event()
        standin = self

        class Handler(_Handler):
            server_of = standin

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, request: object, client_address: object) -> None:
                pass  # a client that went away

        self._server = Server(("127.0.0.1", port), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def bodies(self, *ends: str) -> list[dict[str, Any]]:
        """Of the completions that were asked for, or of the paths that end so."""
        ends = ends or ("/completions",)
        return [body for path, body, _ in self.asked if path.endswith(ends)]

    def template(self, body: dict[str, Any]) -> str:
        if "messages" not in body:
            return body["prompt"]
        said = "".join(f"{USER}{message['content']}\n" for message in body["messages"])
        return f"{said}{ASSISTANT}{self.opening}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server_of: Standin

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        me = self.server_of
        me.asked.append((self.path, {}, dict(self.headers)))
        if self.path == "/health":
            self._send(200, b"")
        elif self.path == "/version" and me.kind == "vllm":
            self._send(200, {"version": "0.33.0"})
        elif not self._allowed():
            pass
        elif self.path == "/v1/models":
            self._send(200, {"object": "list", "data": self._cards()})
        else:
            self._send(404, {"detail": "Not Found"})

    def do_POST(self) -> None:
        me = self.server_of
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        me.asked.append((self.path, body, dict(self.headers)))
        if not self._allowed():
            return
        route = {
            "/v1/chat/completions": self._complete,
            "/v1/completions": self._complete,
            **(
                {
                    "/tokenize": self._tokenize,
                    "/detokenize": self._detokenize,
                    "/v1/load_lora_adapter": self._load,
                    "/v1/unload_lora_adapter": self._unload,
                }
                if me.kind == "vllm"
                else {}
            ),
        }.get(self.path)
        if route is None or ("lora" in self.path and not me.takes_adapters):
            self._send(404, {"detail": "Not Found"})
            return
        fault = me.fault(self.path, body)
        if fault is None and me.faults and self.path.endswith("/completions"):
            fault = me.faults.popleft()
        with me.lock:
            me.at_once += 1
            me.most_at_once = max(me.most_at_once, me.at_once)
        try:
            me.closing.wait(me.pause_s)
            self._fail(fault) if fault else route(body)
        finally:
            with me.lock:
                me.at_once -= 1

    # ------------------------------------------------------------------------------- routes

    def _complete(self, body: dict[str, Any]) -> None:
        me = self.server_of
        chat = self.path.endswith("/chat/completions")
        if not self._knows(body):
            return
        if me.kind == "plain" and (odd := body.keys() & {"return_token_ids", "top_k"}):
            self._error(400, f"Unrecognized request argument supplied: {min(odd)}")
            return
        prompt = me.template(body)
        read = [*prompt.encode()]
        limit = body.get("max_tokens") or 16
        if me.window is not None and len(read) + limit > me.window:
            self._error(
                400,
                f"This model's maximum context length is {me.window} tokens. However, you "
                f"requested {limit} output tokens and your prompt contains {len(read)}.",
            )
            return
        written = me.write(body["model"], prompt, body)
        if allowed := body.get("allowed_token_ids"):
            written = Written(allowed[:1], [0.0 if me.processed else -9.1], "!", "length")
        reply = _chat(written, read, body) if chat else _text(written, read, body)
        if me.kind == "plain":
            _plainly(reply)
        me.change(reply)
        self._send(200, reply)

    def _tokenize(self, body: dict[str, Any]) -> None:
        if self._knows(body):
            tokens = [*self.server_of.template(body).encode()]
            length = self.server_of.window
            self._send(
                200,
                {
                    "count": len(tokens),
                    "max_model_len": length,
                    "tokens": tokens,
                    "token_strs": None,
                },
            )

    def _detokenize(self, body: dict[str, Any]) -> None:
        if self._knows(body):
            self._send(200, {"prompt": bytes(body["tokens"]).decode(errors="replace")})

    def _load(self, body: dict[str, Any]) -> None:
        me, name, path = self.server_of, body["lora_name"], body["lora_path"]
        if name in me.adapters:
            self._error(400, f"The lora adapter '{name}' has already been loaded.")
        elif not (Path(path) / "adapter_config.json").is_file():
            self._error(404, f"Loading lora {name} failed: No adapter found for {path}")
        else:
            me.adapters[name] = path
            me.most_adapters = max(me.most_adapters, len(me.adapters))
            self._send(200, f"Success: LoRA adapter '{name}' added successfully.".encode())

    def _unload(self, body: dict[str, Any]) -> None:
        name = body["lora_name"]
        if self.server_of.adapters.pop(name, None) is None:
            self._error(404, f"The lora adapter '{name}' cannot be found.")
        else:
            self._send(200, f"Success: LoRA adapter '{name}' removed successfully.".encode())

    def _cards(self) -> list[dict[str, Any]]:
        me = self.server_of
        base = [{"id": name, "root": name, "max_model_len": me.window} for name in me.models]
        adapters = [
            {"id": name, "root": path, "parent": me.models[0], "max_model_len": None}
            for name, path in me.adapters.items()
        ]
        common = {"object": "model", "created": 0, "owned_by": "vllm", "permission": []}
        return [common | card for card in [*base, *adapters]]

    def _knows(self, body: dict[str, Any]) -> bool:
        me, name = self.server_of, body.get("model")
        if name in me.models or name in me.adapters:
            return True
        self._error(404, f"The model `{name}` does not exist.", kind="NotFoundError")
        return False

    def _allowed(self) -> bool:
        me = self.server_of
        said = self.headers.get("Authorization", "")
        if not me.key or not self.path.startswith("/v1") or said == f"Bearer {me.key}":
            return True
        if me.kind == "vllm":
            self._send(401, {"error": "Unauthorized"})
        else:
            self._error(401, f"Incorrect API key provided: {said.removeprefix('Bearer ')}.")
        return False

    # ------------------------------------------------------------------------------- sending

    def _fail(self, fault: Fault) -> None:
        if fault.manner == "drop":
            self.close_connection = True
            return
        if fault.manner == "hang":
            self.server_of.closing.wait(30)
            self.close_connection = True
            return
        body = fault.body if isinstance(fault.body, bytes) else json.dumps(fault.body).encode()
        missing = {"tear": 100, "drip": 1 << 20}.get(fault.manner, 0)
        self._send(fault.status, body, headers=fault.headers, missing=missing)
        while fault.manner == "drip" and not self.server_of.closing.wait(0.05):
            self.wfile.write(b" ")

    def _error(self, status: int, message: str, *, kind: str = "BadRequestError") -> None:
        error = {"message": message, "type": kind, "param": None, "code": status}
        self._send(status, {"error": error})

    def _send(
        self,
        status: int,
        body: bytes | dict[str, Any],
        *,
        headers: dict[str, str] | None = None,
        missing: int = 0,
    ) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content) + missing))
        self.end_headers()
        self.wfile.write(content)
        self.close_connection = self.close_connection or bool(missing)


# ------------------------------------------------------------------------------------ shapes


def _pieces(written: Written) -> list[str]:
    return [chr(one) if one < 128 else "�" for one in written.ids if one != EOS] + (
        ["<eos>"] if EOS in written.ids else []
    )


def _chat(written: Written, read: list[int], body: dict[str, Any]) -> dict[str, Any]:
    pairs = zip(_pieces(written), written.logprobs, strict=True)
    content = [
        {"token": piece, "logprob": logprob, "bytes": [*piece.encode()], "top_logprobs": []}
        for piece, logprob in pairs
    ]
    tells = body.get("return_token_ids")
    message = {
        "role": "assistant",
        "content": written.text,
        "refusal": None,
        "annotations": None,
        "audio": None,
        "function_call": None,
        "reasoning": written.reasoning,
    }
    choice = {
        "index": 0,
        "message": message,
        "logprobs": {"content": content} if body.get("logprobs") else None,
        "finish_reason": written.finish,
        "stop_reason": None,
        "token_ids": written.ids if tells else None,
    }
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 0,
        "model": body["model"],
        "choices": [choice],
        "service_tier": None,
        "system_fingerprint": None,
        "usage": _usage(written, read),
        "prompt_logprobs": None,
        "prompt_token_ids": read if tells else None,
        "kv_transfer_params": None,
    }


def _text(written: Written, read: list[int], body: dict[str, Any]) -> dict[str, Any]:
    pieces = _pieces(written)
    logprobs = {
        "text_offset": [sum(map(len, pieces[:n])) for n in range(len(pieces))],
        "token_logprobs": written.logprobs,
        "tokens": pieces,
        "top_logprobs": [None] * len(pieces),
    }
    tells = body.get("return_token_ids")
    choice = {
        "index": 0,
        "text": written.text,
        "logprobs": logprobs if body.get("logprobs") is not None else None,
        "finish_reason": written.finish,
        "stop_reason": None,
        "token_ids": written.ids if tells else None,
        "prompt_logprobs": None,
        "prompt_token_ids": read if tells else None,
    }
    return {
        "id": "cmpl-1",
        "object": "text_completion",
        "created": 0,
        "model": body["model"],
        "choices": [choice],
        "usage": _usage(written, read),
    }


def _usage(written: Written, read: list[int]) -> dict[str, Any]:
    return {
        "prompt_tokens": len(read),
        "total_tokens": len(read) + len(written.ids),
        "completion_tokens": len(written.ids),
        "prompt_tokens_details": None,
        "completion_tokens_details": None,
    }


def _plainly(reply: dict[str, Any]) -> None:
    for place in (reply, reply["choices"][0]):
        for name in ("token_ids", "prompt_token_ids", "prompt_logprobs", "kv_transfer_params"):
            place.pop(name, None)


# ------------------------------------------------------------------------------------ program


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("verb", choices=["serve"])
    parser.add_argument("model")
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--served-model-name", required=True)
    parser.add_argument("--logprobs-mode", default="raw_logprobs")
    parser.add_argument("--enable-lora", action="store_true")
    ranks = [1, 8, 16, 32, 64, 128, 256, 320, 512]
    parser.add_argument("--max-lora-rank", type=int, choices=ranks, default=16)
    parser.add_argument("--max-loras", type=int, default=1)
    parser.add_argument("--gpu-memory-utilization", type=float, default=0.9)
    given = parser.parse_args(arguments)
    known = ("VLLM_NO_USAGE_STATS", "CUDA_VISIBLE_DEVICES", "HF_HUB_OFFLINE", "PYTHONPATH")
    print(vars(given), {name: os.environ.get(name) for name in known})
    key = os.environ["VLLM_API_KEY"]
    if given.served_model_name == "broken":
        print("INFO: reading weights")
        print(f"torch.OutOfMemoryError: CUDA out of memory (key {key})")
        sys.exit(1)
    helper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    print(f"pids {os.getpid()} {helper.pid}", flush=True)
    time.sleep({"slow": 0.6, "stuck": 600.0}.get(given.served_model_name, 0.0))
    with Standin(
        models=(given.served_model_name,),
        key=key,
        processed=given.logprobs_mode == "processed_logprobs",
        takes_adapters=given.enable_lora
        and os.environ.get("VLLM_ALLOW_RUNTIME_LORA_UPDATING") == "1",
        port=given.port,
    ):
        threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1:])
