"""A client for one language server: JSON-RPC over its standard streams, read by hand.

Requests go out all at once and their answers are gathered in whatever order they come. A second
thread reads and a third writes, so that neither side ever waits for the other's pipe. Nothing here
knows a programming language, and nothing is kept of what a server says unasked.
"""

import json
import os
import queue
import signal
import subprocess
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self
from urllib.parse import unquote, urlsplit

from covet.errors import CodebaseError, EnvironmentNotReady

_SHOWN_CHARACTERS = 300
"""Of what a server that failed last wrote to its standard error."""
_CAPABILITIES: dict[str, Any] = {
    "workspace": {"configuration": True, "workspaceFolders": True},
    "textDocument": {"references": {}, "definition": {}, "documentSymbol": {}},
    "window": {"workDoneProgress": True},
    "general": {"positionEncodings": ["utf-16"]},
}


@dataclass(frozen=True, slots=True)
class Request:
    """A method with its parameters, as the protocol has them."""

    method: str
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a file."""

    path: str
    """Relative to the server's root, with forward slashes."""
    line: int
    """From 1."""
    column: int
    """From 0, in UTF-16 units."""


class LanguageServer:
    """A server at work in the folder ``root``, from ``with`` to its end.

    ``settings`` is what it hears when it asks for its configuration. It may take up to
    ``timeout_s`` seconds for each next answer. Entering raises ``EnvironmentNotReady`` where the
    command cannot be run; everything raises ``CodebaseError`` where the server ends, refuses or
    does not answer. At the end the server and all that it started are killed.
    """

    def __init__(
        self,
        command: Sequence[str],
        root: Path,
        *,
        settings: Mapping[str, Any] | None = None,
        timeout_s: float = 120.0,
    ) -> None:
        self._command = tuple(command)
        self._name = Path(command[0]).name
        self._root = root.resolve()
        self._settings = settings or {}
        self._timeout_s = timeout_s
        self._sent = 0
        self._outbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._inbox: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        """Answers; None is the end of the stream."""

    def __enter__(self) -> Self:
        self._errors = tempfile.TemporaryFile()
        try:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                cwd=self._root,
                start_new_session=True,
            )
        except OSError as error:
            self._errors.close()
            raise EnvironmentNotReady(
                f"{self._command[0]}: the language server cannot be started ({error.strerror});"
                " install it beside covet, or choose another"
            ) from error
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        self._threads = [
            threading.Thread(target=self._write, args=(stdin,), daemon=True),
            threading.Thread(target=self._read, args=(stdout,), daemon=True),
        ]
        for thread in self._threads:
            thread.start()
        try:
            self._greet()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def _greet(self) -> None:
        uri = self._root.as_uri()
        params = {
            "processId": os.getpid(),
            "rootUri": uri,
            "workspaceFolders": [{"uri": uri, "name": self._root.name}],
            "capabilities": _CAPABILITIES,
            "initializationOptions": self._settings,
        }
        self.ask([Request("initialize", params)])
        self.tell(Request("initialized", {}))

    def _end(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._outbox.put(None)
        for thread in self._threads:
            thread.join()
        self._errors.close()

    # ------------------------------------------------------------------------- what is asked

    def open(self, texts: Mapping[str, str], *, language: str) -> None:
        """Show the server files as an editor would, and wait until it has taken them in: asked
        sooner, some answer from an index that is not complete, without a word of it.
        """
        for path, text in texts.items():
            document = {"uri": self._uri(path), "languageId": language, "version": 1, "text": text}
            self.tell(Request("textDocument/didOpen", {"textDocument": document}))
        for path in texts:
            identity = {"textDocument": {"uri": self._uri(path)}}
            self.ask([Request("textDocument/documentSymbol", identity)])

    def references(self, positions: Sequence[Position]) -> list[list[Position]]:
        """For each name, everywhere that it is used; where it is defined is left out."""
        return self._places("textDocument/references", positions, includeDeclaration=False)

    def definitions(self, positions: Sequence[Position]) -> list[list[Position]]:
        """For each use of a name, where it is defined."""
        return self._places("textDocument/definition", positions)

    def _places(
        self, method: str, positions: Sequence[Position], **context: bool
    ) -> list[list[Position]]:
        asked = [
            Request(
                method,
                {
                    "textDocument": {"uri": self._uri(position.path)},
                    "position": {"line": position.line - 1, "character": position.column},
                    "context": context,
                },
            )
            for position in positions
        ]
        return [list(self._inside(answer)) for answer in self.ask(asked)]

    def ask(self, requests: Sequence[Request]) -> list[Any]:
        """The answers to those requests, in their order."""
        waiting: dict[int, int] = {}
        answers: list[Any] = [None] * len(requests)
        for index, request in enumerate(requests):
            self._sent += 1
            waiting[self._sent] = index
            self._send(id=self._sent, method=request.method, params=request.params)
        while waiting:
            answer = self._next(requests[min(waiting.values())].method)
            index = waiting.pop(answer.get("id", 0), -1)
            if index < 0:
                continue
            if "error" in answer:
                raise self._failure(f"refused {requests[index].method} ({answer['error']})")
            answers[index] = answer.get("result")
        return answers

    def tell(self, request: Request) -> None:
        """Send what has no answer."""
        self._send(method=request.method, params=request.params)

    # ------------------------------------------------------------------------------- streams

    def _send(self, **message: Any) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._outbox.put(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    def _next(self, method: str) -> dict[str, Any]:
        try:
            answer = self._inbox.get(timeout=self._timeout_s)
        except queue.Empty:
            raise self._failure(f"did not answer {method} within {self._timeout_s:g} s") from None
        if answer is None:
            self._inbox.put(None)  # for whoever asks again
            raise self._failure(f"ended before it answered {method}")
        return answer

    def _write(self, stream: IO[bytes]) -> None:
        with suppress(OSError), stream:
            while (message := self._outbox.get()) is not None:
                stream.write(message)
                stream.flush()

    def _read(self, stream: IO[bytes]) -> None:
        with suppress(OSError, ValueError), stream:
            while (message := _message(stream)) is not None:
                if "method" not in message:
                    self._inbox.put(message)
                elif "id" in message:
                    self._send(id=message["id"], result=self._reply(message))
        self._inbox.put(None)

    def _reply(self, message: Mapping[str, Any]) -> Any:
        """What a server is told that asks for something."""
        if message["method"] != "workspace/configuration":
            return None
        sections = [item.get("section") for item in message["params"]["items"]]
        return [self._settings.get(section) if section else self._settings for section in sections]

    # --------------------------------------------------------------------------------- words

    def _failure(self, what: str) -> CodebaseError:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=0.2)
        code = self._process.poll()
        self._errors.seek(max(0, self._errors.seek(0, os.SEEK_END) - _SHOWN_CHARACTERS))
        said = self._errors.read().decode(errors="replace").strip()
        seen = f"; exit code {code}" if code is not None else ""
        seen += f"; it last said: {said}" if said else ""
        return CodebaseError(
            f"{self._root}: the language server {self._name} {what}{seen}; choose another, or link"
            " tests to functions without one"
        )

    def _uri(self, path: str) -> str:
        return (self._root / path).as_uri()

    def _inside(self, answer: Any) -> Sequence[Position]:
        """Those of a server's locations that lie below the root."""
        found: list[Position] = []
        for item in answer if isinstance(answer, list) else [answer] if answer else []:
            file = Path(unquote(urlsplit(item.get("uri") or item["targetUri"]).path))
            start = (item.get("range") or item["targetSelectionRange"])["start"]
            if file.is_relative_to(self._root):
                path = file.relative_to(self._root).as_posix()
                found.append(Position(path, start["line"] + 1, start["character"]))
        return found


def _message(stream: IO[bytes]) -> dict[str, Any] | None:
    """The next of a stream; None at its end. Raises ``ValueError`` for what is none."""
    size = 0
    while line := stream.readline().strip():
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            size = int(value)
    return json.loads(stream.read(size)) if size else None
