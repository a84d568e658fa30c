"""A Proposal → a pull request on GitHub: one comment that is kept up to date, a branch on request.

Everything goes by GitHub's REST API with a token that may write comments (and, for branches,
contents). No code of the pull request is run or checked out here: the proposal is what another job
without any rights has left, and is taken for text from a stranger. Which pull request it belongs to
is read from the event and asked of GitHub, never from the proposal.
"""

import json
import time
from base64 import b64decode
from binascii import Error as NoBase64
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

import httpx2

from covet.agent.telling import MARKER
from covet.errors import DataError, EnvironmentNotReady, UsageError
from covet.languages.base import Language
from covet.records import Proposal, TestFileChange

VERSION = "2022-11-28"
"""Of the API."""
LONGEST_WAIT_S = 120.0
"""For a limit of requests to pass; more is an error."""
_TRIES = 4
_TIMEOUT_S = 30.0
_PAGES = 50
_BRANCHES = "covet/tests-for-"


@dataclass(frozen=True, slots=True)
class PullRequest:
    """What is asked of a pull request."""

    number: int
    head: str
    """The commit."""
    is_fork: bool
    labels: frozenset[str] = frozenset()


@dataclass(slots=True)
class Forge:
    """One repository, ``owner/name``, at the API of ``url``."""

    repository: str
    token: str = field(repr=False)
    url: str = "https://api.github.com"
    pause: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.time

    # -------------------------------------------------------------------------- pull requests

    def of_event(self, event: Mapping[str, Any]) -> PullRequest | None:
        """The pull request that an event is about; None where there is none, or it has moved on
        since the run that the event tells of.

        ``pull_request`` events name it. Those of ``workflow_run`` do so for branches of the
        repository itself; of a fork, whatever it names, it is the open one from that branch.
        """
        if isinstance(known := event.get("pull_request"), dict):
            return _pull_request(known)
        run = event.get("workflow_run")
        if not isinstance(run, dict):
            raise UsageError(
                "the event is neither of a pull request nor of a workflow that ran for one; run"
                " this on pull_request or workflow_run, or name the pull request with --pull"
            )
        head = str((run.get("head_repository") or {}).get("full_name"))
        is_own = head.lower() == self.repository.lower()
        known = (run.get("pull_requests") or ()) if is_own else ()
        numbers = [each["number"] for each in known if self._is_here(each)]
        found = [self.pull_request(number) for number in numbers] or list(self._from_branch(run))
        return next((each for each in found if each.head == run["head_sha"]), None)

    def _is_here(self, row: Mapping[str, Any]) -> bool:
        """Whether a pull request that an event names is one to this repository: whoever has forked
        it can open one in the fork, from our branch and with a number of its own.
        """
        into = ((row.get("base") or {}).get("repo") or {}).get("url")
        return into is None or str(into).lower().endswith(f"/repos/{self.repository}".lower())

    def pull_request(self, number: int) -> PullRequest:
        return _pull_request(self._ask("GET", f"/pulls/{number}"))

    def _from_branch(self, run: Mapping[str, Any]) -> Iterator[PullRequest]:
        owner = (run.get("head_repository") or {}).get("owner", {}).get("login", "")
        head = quote(f"{owner}:{run['head_branch']}", safe=":")
        for each in self._pages(f"/pulls?state=open&head={head}"):
            yield _pull_request(each)

    # ------------------------------------------------------------------------------- comments

    def comment(self, pull: PullRequest, text: str) -> str:
        """The address of the one comment, which is edited where it is there already."""
        for known in self._pages(f"/issues/{pull.number}/comments?per_page=100"):
            if str(known.get("body", "")).startswith(MARKER) and _is_ours(known):
                if known["body"] == text:
                    return str(known["html_url"])
                changed = self._ask("PATCH", f"/issues/comments/{known['id']}", {"body": text})
                return str(changed["html_url"])
        made = self._ask("POST", f"/issues/{pull.number}/comments", {"body": text})
        return str(made["html_url"])

    # --------------------------------------------------------------------------------- branches

    def branch(
        self, pull: PullRequest, proposal: Proposal, *, under: str = "", language: Language
    ) -> str:
        """The name of a branch with the tests on top of the pull request's; made or renewed.

        ``under``: where in the repository the codebase is. Raises ``UsageError`` for the pull
        request of a fork, whose proposal anybody may have written.
        """
        if pull.is_fork:
            raise UsageError(
                f"pull request {pull.number} comes from a fork, and what its run proposes is not"
                " pushed to this repository; take the patch from the run's artifact"
            )
        tree = [self._entry(change, pull, under, language) for change in proposal.files]
        if not tree:
            raise UsageError("the proposal changes no file, so that a branch would be empty")
        base = self._ask("GET", f"/git/commits/{pull.head}")["tree"]["sha"]
        made = self._ask("POST", "/git/trees", {"base_tree": base, "tree": tree})["sha"]
        commit = self._ask(
            "POST",
            "/git/commits",
            {"message": _message(proposal), "tree": made, "parents": [pull.head]},
        )["sha"]
        name = f"{_BRANCHES}{pull.number}"
        known = self._ask("GET", f"/git/matching-refs/heads/{name}")
        if any(each["ref"] == f"refs/heads/{name}" for each in known):
            self._ask("PATCH", f"/git/refs/heads/{name}", {"sha": commit, "force": True})
        else:
            self._ask("POST", "/git/refs", {"ref": f"refs/heads/{name}", "sha": commit})
        return name

    def _entry(
        self, change: TestFileChange, pull: PullRequest, under: str, language: Language
    ) -> dict[str, str]:
        """A test file as it is to be; ``DataError`` where it is none, or not what it was."""
        path = str(PurePosixPath(under) / change.path)
        parts = PurePosixPath(path).parts
        odd = path.startswith(("/", ".")) or "\\" in path or ".." in parts
        if odd or not path.isprintable() or not language.is_test(path):
            raise DataError(f"{path!r}: is no test file, and nothing else is ever changed")
        now = self._content(path, pull.head)
        if (now or "").replace("\r\n", "\n") != change.before:
            raise DataError(
                f"{path}: is not what the tests were written for; run covet write on {pull.head}"
            )
        newline = "\r\n" if now and "\r\n" in now else "\n"
        content = change.after.replace("\n", newline)
        return {"path": path, "mode": "100644", "type": "blob", "content": content}

    def _content(self, path: str, commit: str) -> str | None:
        """None where there is no such file."""
        found = self._ask("GET", f"/contents/{quote(path)}?ref={commit}", missing=True)
        if found is None:
            return None
        try:
            return b64decode(found["content"]).decode()
        except (KeyError, TypeError, NoBase64, UnicodeDecodeError) as error:
            raise DataError(f"{path}: cannot be read as UTF-8 at {commit}") from error

    # ---------------------------------------------------------------------------------- requests

    def _pages(self, path: str) -> Iterator[dict[str, Any]]:
        following: str | None = path
        for _ in range(_PAGES):
            if following is None:
                return
            answer = self._send("GET", following, None)
            self._check(answer, "GET", following)
            yield from answer.json()
            following = answer.links.get("next", {}).get("url")

    def _ask(self, method: str, path: str, body: object = None, *, missing: bool = False) -> Any:
        answer = self._send(method, path, body)
        if missing and answer.status_code == 404:
            return None
        self._check(answer, method, path)
        return answer.json()

    def _send(self, method: str, path: str, body: object) -> httpx2.Response:
        """Asked again after a limit has passed, a fault of the server, or a lost connection."""
        url = path if "://" in path else f"{self.url}/repos/{self.repository}{path}"
        if not url.startswith(f"{self.url}/"):
            raise EnvironmentNotReady(f"{self.url}: sends on to {url}, where no token is sent")
        headers = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {self.token}",
            "X-GitHub-Api-Version": VERSION,
            "User-Agent": "covet",
        }
        for attempt in range(_TRIES):
            is_last = attempt == _TRIES - 1
            try:
                answer = httpx2.request(method, url, json=body, headers=headers, timeout=_TIMEOUT_S)
            except httpx2.RequestError as error:
                if is_last:
                    name = type(error).__name__
                    raise EnvironmentNotReady(f"{self.url}: cannot be reached ({name})") from error
                self.pause(2.0**attempt)
                continue
            wait_s = self._wait_s(answer, attempt)
            if wait_s is None or is_last:
                return answer
            if wait_s > LONGEST_WAIT_S:
                raise EnvironmentNotReady(
                    f"{self.url}: the limit of requests is used up, and is lifted in"
                    f" {wait_s:.0f} s; run this again then"
                )
            self.pause(wait_s)
        raise AssertionError("the last attempt returns or raises")

    def _wait_s(self, answer: httpx2.Response, attempt: int) -> float | None:
        """None: the answer stands. As GitHub says it: ``Retry-After``, else until the limit is
        reset, else a minute, for answers that tell of a limit.
        """
        status, headers = answer.status_code, answer.headers
        if status >= 500:
            return 2.0**attempt
        if status not in (403, 429):
            return None
        if (after := headers.get("retry-after", "")).isdigit():
            return float(after)
        if headers.get("x-ratelimit-remaining") == "0":
            reset = headers.get("x-ratelimit-reset", "")
            return max(1.0, float(reset) - self.now()) if reset.isdigit() else 60.0
        return 60.0 if "rate limit" in _said(answer).lower() else None

    def _check(self, answer: httpx2.Response, method: str, path: str) -> None:
        status = answer.status_code
        if 200 <= status < 300:
            return
        what = f"{method} {path.partition('?')[0]}: {status}: {_said(answer)}"
        if status == 401:
            raise EnvironmentNotReady(f"{what}; the token is not taken: look at GITHUB_TOKEN")
        if status == 403:
            raise EnvironmentNotReady(
                f"{what}; the token lacks a right: comments want `pull-requests: write`, branches"
                " `contents: write`"
            )
        if status == 404:
            raise UsageError(
                f"{what}; {self.repository} has no such thing, or the token may not see it"
            )
        if status == 422:
            raise DataError(f"{what}; GitHub does not take it")
        raise EnvironmentNotReady(what)


def _pull_request(row: Mapping[str, Any]) -> PullRequest:
    head, base = row["head"], row["base"]
    own = (head.get("repo") or {}).get("full_name")
    labels = frozenset(str(label["name"]) for label in row.get("labels") or ())
    is_fork = own != base["repo"]["full_name"]  # a fork that is gone has no repository
    return PullRequest(int(row["number"]), str(head["sha"]), is_fork, labels)


def _is_ours(comment: Mapping[str, Any]) -> bool:
    """Of a bot: people may quote the marker."""
    return (comment.get("user") or {}).get("type") == "Bot" or bool(
        comment.get("performed_via_github_app")
    )


def _message(proposal: Proposal) -> str:
    """Without a word that a model wrote."""
    count = len(proposal.tests)
    tests = "1 test" if count == 1 else f"{count} tests, each of"
    return f"Add {tests} which shows something new\n\nBy covet write."


def _said(answer: httpx2.Response) -> str:
    try:
        body = answer.json()
    except (json.JSONDecodeError, UnicodeDecodeError, ValueError):
        return answer.text[:200]
    if not isinstance(body, dict):
        return answer.text[:200]
    errors = [_error(each) for each in body.get("errors") or ()]
    return "; ".join([str(body.get("message", "")), *errors])[:300]


def _error(row: object) -> str:
    if not isinstance(row, dict):
        return str(row)
    return str(row.get("message") or " ".join(map(str, row.values())))
