"""Pages over HTTP on the loopback address: for a browser on this machine, to look and not to touch.

Only GET and HEAD, only under the names of the loopback address (another site that lets its own name
point here is turned away), and nothing but pages and two files of our own: no address names a file.
No page may load anything from elsewhere, be framed, or run a script that is not ours. A thread
reads what runs add.
"""

import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import covet
from covet.errors import EnvironmentNotReady
from covet.inspector.address import Address
from covet.inspector.page import FOLDER
from covet.inspector.site import whole
from covet.inspector.source import Source

HOST = "127.0.0.1"
FILES = {"style.css": "text/css", "keys.js": "text/javascript"}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';"
        " form-action 'self'; base-uri 'none'; frame-ancestors 'none';"
        " require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
LOOK_EVERY_S = 1.0
"""Between two looks at what has grown."""
LONGEST_ADDRESS = 8192
IDLE_S = 30.0
"""After which a connection that says nothing is ended."""


class Server(ThreadingHTTPServer):
    """Serves one source until it is closed."""

    daemon_threads = True
    request_queue_size = 32

    def __init__(self, source: Source, *, port: int) -> None:
        self.source = source
        self.ended = threading.Event()
        super().__init__((HOST, port), Handler)
        self.hosts = {f"{name}:{self.server_port}" for name in (HOST, "localhost", "[::1]")}

    # typing has ``override`` from 3.12 on.
    def handle_error(  # pyrefly: ignore[missing-override-decorator]
        self,
        request: object,  # noqa: ARG002 (the base's)
        client_address: object,  # noqa: ARG002 (likewise)
    ) -> None:
        """What went wrong is told where covet runs; an answer that the end cut off is not."""
        if not self.ended.is_set():
            traceback.print_exc()

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.server_port}/"


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server_version = f"covet/{covet.__version__}"
    sys_version = ""
    protocol_version = "HTTP/1.1"
    timeout = IDLE_S

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        if self.headers.get("Host", "") not in self._ours.hosts:
            self._send(421, "text/plain", b"not by this name\n", with_body=with_body)
            return
        if len(self.path) > LONGEST_ADDRESS:
            self._send(414, "text/plain", b"too long\n", with_body=with_body)
            return
        try:
            status, kind, data = self._found()
        except Exception:
            self._send(500, "text/plain", b"this page failed\n", with_body=with_body)
            raise  # to ``handle_error``; other pages go on
        self._send(status, kind, data, with_body=with_body)

    def _found(self) -> tuple[int, str, bytes]:
        parts = urlsplit(self.path)
        name = parts.path.removeprefix("/")
        if name in FILES:
            return 200, FILES[name], (FOLDER / name).read_bytes()
        if name == "stamp":
            return 200, "text/plain", self._ours.source.index.stamp().encode()
        try:
            address = Address.parsed(parts.path, parts.query)
        except ValueError:  # more arguments than any page has
            return 400, "text/plain", b"too many arguments\n"
        status, text = whole(self._ours.source, address)
        return status, "text/html", text.encode("utf-8", "backslashreplace")

    def _send(self, status: int, kind: str, data: bytes, *, with_body: bool) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.end_headers()
        if with_body:
            with suppress(BrokenPipeError, ConnectionResetError):  # the reader has gone on
                self.wfile.write(data)

    # typing has ``override`` from 3.12 on.
    def log_message(  # pyrefly: ignore[missing-override-decorator]
        self,
        format: str,  # noqa: A002 (the base's name)
        *args: object,
    ) -> None:
        """Nothing: what people look at is their affair."""

    @property
    def _ours(self) -> Server:
        assert isinstance(self.server, Server)
        return self.server


@contextmanager
def serving(source: Source, *, port: int = 0) -> Iterator[Server]:
    """A server that answers in threads of its own; ``EnvironmentNotReady`` where the port is taken.
    Port 0: any that is free.
    """
    try:
        server = Server(source, port=port)
    except OSError as error:
        raise EnvironmentNotReady(
            f"port {port} of {HOST} cannot be had ({error.strerror}); name another with --port"
        ) from error
    ended = server.ended
    threads = [
        threading.Thread(target=server.serve_forever, name="inspector", daemon=True),
        threading.Thread(target=_look, args=(source, ended), name="inspector-index", daemon=True),
    ]
    for thread in threads:
        thread.start()
    try:
        yield server
    finally:
        ended.set()
        server.shutdown()
        server.server_close()
        for thread in threads:
            thread.join(timeout=10)
        source.index.close()


def _look(source: Source, ended: threading.Event) -> None:
    while not ended.is_set():
        source.follow()
        source.index.catch_up(until=ended.is_set)
        ended.wait(LOOK_EVERY_S)
