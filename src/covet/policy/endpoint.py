"""One HTTP server that is asked and may fail: time limits, retries, and how many requests at once.

Paths and JSON bodies enter, answers that were checked leave. A request is sent again where the
answer may not be the last word: too many requests (429, and no sooner than ``Retry-After``), a
fault of the server (5xx), a lost connection, no answer in time, or one that is not what was asked
for. Everything else is a ``ModelError`` at once. The key goes into the header and nowhere else: it
is cut from whatever a server says before that is shown.

All requests run in one event loop in a thread of its own, so that any thread may ask, and so that
one that is interrupted takes its requests back.
"""

import asyncio
import contextlib
import email.utils
import hashlib
import json
import threading
import time
import weakref
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from concurrent.futures import Future
from ipaddress import ip_address
from typing import Any, TypeVar

import httpx2
import msgspec

from covet.errors import ModelError

T = TypeVar("T")

CONNECT_S = 10.0
LONGEST_PAUSE_S = 60.0
"""Between two attempts, unless the server asks for more."""
_PASSING = frozenset({408, 409, 425, 429})
"""Statuses, beside 5xx, that another attempt may not meet."""
_HOPELESS = frozenset({401, 403, 404, 405})
_SHOWN_CHARACTERS = 300


class Hopeless(ModelError):
    """No other request to this endpoint will fare better: its URL, key or model is wrong."""


class Endpoint:
    """A server at ``url``, a base such as ``http://127.0.0.1:8000/v1``.

    ``key``: sent as a bearer token; empty: none is. ``pause``: how the loop waits.
    """

    def __init__(
        self,
        url: str,
        *,
        key: str = "",
        timeout_s: float,
        retries: int,
        concurrency: int,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.url = url
        self.concurrency = concurrency
        self.attempts = 0
        """Requests sent, again or for the first time."""
        self.retried = 0
        self._key, self._timeout_s, self._retries, self._pause = key, timeout_s, retries, pause
        self.slots = asyncio.Semaphore(concurrency)
        """Whoever sends many requests holds one of these for each."""
        self._client = httpx2.AsyncClient(
            headers={"Authorization": f"Bearer {key}"} if key else {},
            timeout=httpx2.Timeout(None, connect=CONNECT_S),
            limits=httpx2.Limits(max_connections=None, max_keepalive_connections=concurrency),
            trust_env=not is_local(url),  # a proxy has no business between two local processes
        )
        self._loop = asyncio.new_event_loop()
        thread = threading.Thread(target=self._loop.run_forever, name="covet-endpoint", daemon=True)
        thread.start()
        self._finish = weakref.finalize(self, _finish, self._loop, thread, self._client)

    def close(self) -> None:
        """Requests under way end; asking again is an error."""
        self._finish()

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Wait for a coroutine that runs in the endpoint's loop; from any other thread."""
        if not self._finish.alive:
            coroutine.close()
            raise RuntimeError("the endpoint was closed")
        future: Future[T] = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        try:
            return future.result()
        except BaseException:  # an interrupt, above all: what was asked for is taken back
            future.cancel()
            raise

    async def get(self, path: str, decode: Callable[[bytes], T]) -> T:
        """See ``post``."""
        return await self._ask("GET", path, None, decode)

    async def post(self, path: str, body: Mapping[str, object], decode: Callable[[bytes], T]) -> T:
        """What ``decode`` makes of the answer; a ``path`` with a scheme is a URL of its own.

        ``decode`` raises ``msgspec.DecodeError`` or ``ValueError`` for what it cannot use.
        """
        return await self._ask("POST", path, json.dumps(body).encode(), decode)

    async def _ask(
        self, method: str, path: str, body: bytes | None, decode: Callable[[bytes], T]
    ) -> T:
        url = path if "://" in path else f"{self.url}{path}"
        for attempt in range(self._retries + 1):
            self.attempts += 1
            try:
                return self._decoded(await self._send(method, url, body), decode)
            except _Fault as fault:
                told = f"{method} {url} {fault}"
                if fault.hopeless:
                    raise Hopeless(f"{told}; {_HINT}") from fault
                if not fault.passing:
                    raise ModelError(told) from fault
                if attempt == self._retries:
                    times = f"{attempt + 1} times" if attempt else "once"
                    raise ModelError(f"{told}; it was asked {times}") from fault
                if fault.after_s > max(self._timeout_s, LONGEST_PAUSE_S):
                    raise ModelError(
                        f"{told}; it wants to be left alone for {fault.after_s:.0f} s, which is "
                        "longer than policy.timeout_s"
                    ) from fault
                pause_s = max(fault.after_s, _backoff_s(attempt, salt=body or url.encode()))
            self.retried += 1
            await self._pause(pause_s)
        raise AssertionError("the last attempt returns or raises")

    async def _send(self, method: str, url: str, body: bytes | None) -> bytes:
        """The body of an answer of status 2xx."""
        headers = {"Content-Type": "application/json"} if body is not None else {}
        try:
            async with asyncio.timeout(self._timeout_s):
                response = await self._client.request(method, url, content=body, headers=headers)
        except TimeoutError as error:
            raise _Fault(f"did not answer within {self._timeout_s:g} s") from error
        except httpx2.RequestError as error:
            name = type(error).__name__
            raise _Fault(f"failed: {name}: {error}" if str(error) else f"failed: {name}") from error
        status = response.status_code
        if 200 <= status < 300:
            return response.content
        if 300 <= status < 400:
            moved = response.headers.get("location", "elsewhere")
            raise _Fault(self._without_key(f"answered {status}: it is at {moved}"), hopeless=True)
        raise _Fault(
            self._without_key(f"answered {status}: {_reason(response.content)}"),
            passing=status in _PASSING or status >= 500,
            hopeless=status in _HOPELESS,
            after_s=_retry_after_s(response.headers),
        )

    def _decoded(self, content: bytes, decode: Callable[[bytes], T]) -> T:
        try:
            return decode(content)
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            shown = f"{error}); it begins {_excerpt(content)!r}"
            raise _Fault(self._without_key(f"answered what cannot be used ({shown}")) from None

    def _without_key(self, text: str) -> str:
        return text.replace(self._key, "[key]") if self._key else text


def is_local(url: str) -> bool:
    """Whether a URL names this machine."""
    host = httpx2.URL(url).host
    if host == "localhost":
        return True
    with contextlib.suppress(ValueError):
        return ip_address(host).is_loopback
    return False


# ------------------------------------------------------------------------------------- faults

_HINT = (
    "look at policy.endpoint (the base URL, with /v1 where the server has one), policy.model (the "
    "name that the server gives it) and policy.api_key_env"
)


class _Fault(Exception):
    """One attempt failed; the message goes on from the request's method and URL."""

    def __init__(
        self, message: str, *, passing: bool = True, hopeless: bool = False, after_s: float = 0.0
    ) -> None:
        super().__init__(message)
        self.passing, self.hopeless, self.after_s = passing, hopeless, after_s


def _backoff_s(attempt: int, *, salt: bytes) -> float:
    """Doubling from 1 s, less a share of up to a half that differs from request to request, so
    that they do not all come back at once.
    """
    digest = hashlib.blake2b(salt + bytes([attempt]), digest_size=4).digest()
    share = int.from_bytes(digest) / (1 << 32)
    return min(LONGEST_PAUSE_S, 2.0**attempt) * (1 - share / 2)


class _ErrorText(msgspec.Struct):
    message: str


class _Error(msgspec.Struct):
    """How OpenAI's API, and vLLM, say what is wrong."""

    error: _ErrorText


def _reason(content: bytes) -> str:
    try:
        return " ".join(msgspec.json.decode(content, type=_Error).error.message.split())
    except (msgspec.DecodeError, ValueError, RecursionError):
        return _excerpt(content) or "nothing"


def _excerpt(content: bytes) -> str:
    text = " ".join(content[: 4 * _SHOWN_CHARACTERS].decode(errors="replace").split())
    return text[:_SHOWN_CHARACTERS]


def _retry_after_s(headers: Mapping[str, str]) -> float:
    """RFC 9110, section 10.2.3: seconds or a date; 0 where neither is there."""
    told = headers.get("retry-after", "")
    with contextlib.suppress(ValueError):
        return max(0.0, float(told))
    with contextlib.suppress(ValueError, OverflowError):
        return max(0.0, email.utils.parsedate_to_datetime(told).timestamp() - time.time())
    return 0.0


def _finish(
    loop: asyncio.AbstractEventLoop, thread: threading.Thread, client: httpx2.AsyncClient
) -> None:
    async def end() -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await client.aclose()

    if threading.current_thread() is thread:  # the last who held the endpoint was a request of its
        loop.stop()
        return
    asyncio.run_coroutine_threadsafe(end(), loop).result(timeout=CONNECT_S)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(timeout=CONNECT_S)
    loop.close()
