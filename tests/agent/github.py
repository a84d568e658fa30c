"""A stand-in for GitHub's REST API: real HTTP, with the shapes of its published answers.

It knows one repository with pull requests, comments, files and git objects; pages have as many rows
as it is told, errors on demand. What it was asked is kept.
"""

import base64
import hashlib
import json
import re
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

TOKEN = "ghs_standin"
DOCS = "https://docs.github.com/rest"


@dataclass
class Fault:
    """What is answered instead."""

    status: int
    message: str
    headers: dict[str, str] = field(default_factory=dict)
    errors: list[dict[str, str]] = field(default_factory=list)


class GitHub:
    """A context manager; ``url`` is the API's."""

    def __init__(self, *, page: int = 100) -> None:
        self.page = page
        self.pulls: dict[int, dict[str, Any]] = {}
        self.comments: dict[int, list[dict[str, Any]]] = {}
        self.files: dict[str, str] = {}
        self.refs: dict[str, str] = {}
        self.trees: dict[str, dict[str, Any]] = {}
        self.commits: dict[str, dict[str, Any]] = {}
        self.faults: deque[Fault] = deque()
        self.asked: list[tuple[str, str, Any]] = []
        self._ids = 1000
        standin = self

        class Handler(_Handler):
            github = standin

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def add_pull(self, number: int, *, head: str, owner: str = "shop", labels=()) -> dict[str, Any]:
        full = "shop/shop" if owner == "shop" else f"{owner}/shop"
        self.pulls[number] = {
            "url": f"{self.url}/repos/shop/shop/pulls/{number}",
            "id": number,
            "number": number,
            "state": "open",
            "labels": [{"id": 1, "name": name, "color": "ededed"} for name in labels],
            "head": {
                "label": f"{owner}:work",
                "ref": "work",
                "sha": head,
                "user": {"login": owner, "type": "User"},
                "repo": {"full_name": full, "fork": owner != "shop", "owner": {"login": owner}},
            },
            "base": {
                "label": "shop:main",
                "ref": "main",
                "sha": "0" * 40,
                "repo": {"full_name": "shop/shop", "fork": False},
            },
        }
        self.comments[number] = []
        return self.pulls[number]

    def add_comment(self, number: int, body: str, *, kind: str = "Bot") -> dict[str, Any]:
        self._ids += 1
        comment = {
            "id": self._ids,
            "html_url": f"https://github.com/shop/shop/pull/{number}#issuecomment-{self._ids}",
            "body": body,
            "user": {"login": "github-actions[bot]" if kind == "Bot" else "a", "type": kind},
            "author_association": "NONE",
        }
        self.comments[number].append(comment)
        return comment


class _Handler(BaseHTTPRequestHandler):
    github: GitHub
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def do_PATCH(self) -> None:
        self._answer("PATCH")

    def _answer(self, method: str) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        place = urlsplit(self.path)
        hub = self.github
        hub.asked.append((method, place.path, body))
        if hub.faults:
            fault = hub.faults.popleft()
            self._error(fault.status, fault.message, fault.headers, fault.errors)
            return
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self._error(401, "Bad credentials")
            return
        query = {key: values[0] for key, values in parse_qs(place.query).items()}
        for wanted, pattern, route in _ROUTES:
            found = re.fullmatch(f"/repos/shop/shop{pattern}", place.path)
            if wanted == method and found is not None:
                route(self, query, body, *found.groups())
                return
        self._error(404, "Not Found")

    # --------------------------------------------------------------------------------- routes

    def _pull(self, _query: Any, _body: Any, number: str) -> None:
        found = self.github.pulls.get(int(number))
        if found is None:
            self._error(404, "Not Found")
        else:
            self._send(200, found)

    def _pulls(self, query: dict[str, str], _body: Any) -> None:
        wanted = query.get("head")
        rows = [p for p in self.github.pulls.values() if wanted in (None, p["head"]["label"])]
        self._page(rows, query)

    def _comments(self, query: dict[str, str], _body: Any, number: str) -> None:
        self._page(self.github.comments[int(number)], query)

    def _comment(self, _query: Any, body: dict[str, str], number: str) -> None:
        self._send(201, self.github.add_comment(int(number), body["body"]))

    def _edit(self, _query: Any, body: dict[str, str], wanted: str) -> None:
        rows = [row for rows in self.github.comments.values() for row in rows]
        comment = next(row for row in rows if row["id"] == int(wanted))
        comment["body"] = body["body"]
        self._send(200, comment)

    def _contents(self, _query: Any, _body: Any, path: str) -> None:
        if path not in self.github.files:
            self._error(404, "Not Found")
            return
        data = base64.encodebytes(self.github.files[path].encode()).decode()
        row = {"type": "file", "encoding": "base64", "path": path, "content": data}
        self._send(200, row)

    def _commit(self, _query: Any, _body: Any, sha: str) -> None:
        self._send(200, {"sha": sha, "tree": {"sha": "t" * 40}, "parents": []})

    def _make_tree(self, _query: Any, body: dict[str, Any]) -> None:
        sha = _sha(body)
        self.github.trees[sha] = body
        self._send(201, {"sha": sha, "tree": body["tree"], "truncated": False})

    def _make_commit(self, _query: Any, body: dict[str, Any]) -> None:
        sha = _sha(body)
        self.github.commits[sha] = body
        self._send(201, {"sha": sha, "tree": {"sha": body["tree"]}})

    def _matching(self, query: dict[str, str], _body: Any, name: str) -> None:
        rows = [
            {"ref": ref, "object": {"type": "commit", "sha": sha}}
            for ref, sha in self.github.refs.items()
            if ref.startswith(f"refs/{name}")
        ]
        self._page(rows, query)

    def _make_ref(self, _query: Any, body: dict[str, str]) -> None:
        if body["ref"] in self.github.refs:
            self._error(422, "Reference already exists")
            return
        self.github.refs[body["ref"]] = body["sha"]
        self._send(201, {"ref": body["ref"], "object": {"sha": body["sha"]}})

    def _move_ref(self, _query: Any, body: dict[str, Any], name: str) -> None:
        self.github.refs[f"refs/{name}"] = body["sha"]
        self._send(200, {"ref": f"refs/{name}", "object": {"sha": body["sha"]}})

    # -------------------------------------------------------------------------------- sending

    def _page(self, rows: list[dict[str, Any]], query: dict[str, str]) -> None:
        size = min(self.github.page, int(query.get("per_page", 30)))
        number = int(query.get("page", 1))
        some = rows[(number - 1) * size : number * size]
        headers = {}
        if number * size < len(rows):
            rest = "".join(f"&{k}={v}" for k, v in query.items() if k != "page")
            path = urlsplit(self.path).path
            following = f"{self.github.url}{path}?page={number + 1}{rest}"
            headers["Link"] = f'<{following}>; rel="next", <{following}>; rel="last"'
        self._send(200, some, headers)

    def _error(
        self,
        status: int,
        message: str,
        headers: dict[str, str] | None = None,
        errors: list[dict[str, str]] | None = None,
    ) -> None:
        body: dict[str, Any] = {
            "message": message,
            "documentation_url": DOCS,
            "status": str(status),
        }
        if errors:
            body["errors"] = errors
        self._send(status, body, headers)

    def _send(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


_ROUTES = (
    ("GET", r"/pulls/(\d+)", _Handler._pull),
    ("GET", r"/pulls", _Handler._pulls),
    ("GET", r"/issues/(\d+)/comments", _Handler._comments),
    ("POST", r"/issues/(\d+)/comments", _Handler._comment),
    ("PATCH", r"/issues/comments/(\d+)", _Handler._edit),
    ("GET", r"/contents/(.+)", _Handler._contents),
    ("GET", r"/git/commits/(\w+)", _Handler._commit),
    ("POST", r"/git/trees", _Handler._make_tree),
    ("POST", r"/git/commits", _Handler._make_commit),
    ("GET", r"/git/matching-refs/(.+)", _Handler._matching),
    ("POST", r"/git/refs", _Handler._make_ref),
    ("PATCH", r"/git/refs/(.+)", _Handler._move_ref),
)


def _sha(body: Any) -> str:
    return hashlib.sha1(json.dumps(body, sort_keys=True).encode()).hexdigest()
