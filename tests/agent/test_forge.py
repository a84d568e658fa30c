"""What a pull request on GitHub is told, against a stand-in that speaks its API."""

import json
import re

import pytest
from click.testing import CliRunner

from covet.agent.forge import Forge
from covet.agent.telling import MARKER, as_junit, as_markdown
from covet.cli import main
from covet.errors import DataError, EnvironmentNotReady, UsageError
from covet.languages.python import PYTHON
from covet.records import (
    Function,
    Kill,
    PossibleBug,
    Proposal,
    ProvenTest,
    Span,
    TestFileChange,
    WrittenFunction,
)
from covet.runlog import encode
from tests.agent.github import TOKEN, Fault, GitHub

HEAD = "a" * 40
BEFORE = "def test_a():\n    pass\n"
AFTER = BEFORE + "\n\ndef test_b():\n    assert f(2) == 4\n"
FUNCTION = Function("shop/price.py", "shop.price", "f", Span(1, 2), "def f(x):\n    return x * x\n")


def proposal(*, path="tests/test_price.py", before=BEFORE, source="def test_b():\n", **other):
    made = {
        "asked": "the change since origin/main",
        "functions": (
            WrittenFunction(
                "shop/price.py::f", FUNCTION, (1, 2), (2,), (), 4, 1, 3, 3, {"tests kept": 1}
            ),
        ),
        "tests": (
            ProvenTest(
                "shop/price.py::f", path, "test_b", source, "m", (2,),
                (Kill("2:arithmetic:0", "@@ -2 +2 @@\n-    return x * x\n+    return x + x\n"),),
            ),
        ),
        "bugs": (),
        "files": (TestFileChange(path, before, AFTER, "diff"),),
        "suite": "9 tests run together, all pass",
    }  # fmt: skip
    return Proposal(**made | other)


@pytest.fixture
def hub():
    with GitHub() as hub:
        yield hub


@pytest.fixture
def pauses():
    return []


@pytest.fixture
def forge(hub, pauses):
    return Forge("shop/shop", TOKEN, url=hub.url, pause=pauses.append, now=lambda: 1000.0)


def ran(pull=None, *, head=HEAD, owner="shop"):
    """An event of ``workflow_run``, cut to what is read of it and what stands beside that."""
    return {
        "action": "completed",
        "workflow_run": {
            "id": 7,
            "event": "pull_request",
            "conclusion": "success",
            "head_branch": "work",
            "head_sha": head,
            "head_repository": {"full_name": f"{owner}/shop", "owner": {"login": owner}},
            "pull_requests": [] if pull is None else [{"number": pull, "id": 1}],
        },
        "repository": {"full_name": "shop/shop"},
        "sender": {"login": "somebody"},
    }


# ------------------------------------------------------------------------------- which one


def test_an_event_of_a_pull_request_names_it(hub, forge) -> None:
    pull = hub.add_pull(5, head=HEAD, labels=["covet"])
    found = forge.of_event({"action": "synchronize", "number": 5, "pull_request": pull})

    assert (found.number, found.head, found.is_fork) == (5, HEAD, False)
    assert found.labels == {"covet"}
    assert hub.asked == []


def test_a_workflow_that_ran_names_the_pull_request_of_its_branch(hub, forge) -> None:
    hub.add_pull(5, head=HEAD)

    assert forge.of_event(ran(5)).number == 5


def test_the_pull_request_of_a_fork_is_found_by_its_branch(hub, forge) -> None:
    hub.add_pull(5, head="b" * 40, owner="other")
    hub.add_pull(6, head=HEAD, owner="stranger")
    found = forge.of_event(ran(owner="stranger"))

    assert (found.number, found.is_fork) == (6, True)


def test_a_run_of_a_fork_speaks_for_no_branch_of_ours(hub, forge) -> None:
    hub.add_pull(5, head=HEAD)
    hub.add_pull(6, head=HEAD, owner="stranger")
    event = ran(5, owner="stranger")

    assert forge.of_event(event).number == 6


def test_a_pull_request_of_our_branch_into_a_fork_is_not_looked_for_here(hub, forge) -> None:
    hub.add_pull(5, head=HEAD)
    event = ran(5)
    elsewhere = {"number": 99, "base": {"repo": {"url": "https://api.github.com/repos/other/shop"}}}
    event["workflow_run"]["pull_requests"].insert(0, elsewhere)

    assert forge.of_event(event).number == 5


def test_a_pull_request_that_has_moved_on_is_left_alone(hub, forge) -> None:
    hub.add_pull(5, head="c" * 40)

    assert forge.of_event(ran(5)) is None


def test_a_fork_that_is_gone_is_a_fork(hub, forge) -> None:
    pull = hub.add_pull(5, head=HEAD)
    pull["head"]["repo"] = None

    assert forge.pull_request(5).is_fork


def test_another_event_is_told_apart(forge) -> None:
    with pytest.raises(UsageError, match="neither of a pull request nor"):
        forge.of_event({"action": "opened", "issue": {"number": 5}})


# ------------------------------------------------------------------------------- comments


def test_there_is_one_comment_and_it_is_edited(hub, forge) -> None:
    hub.page = 2
    hub.add_pull(5, head=HEAD)
    for number in range(4):
        hub.add_comment(5, f"a word {number}", kind="User")
    pull = forge.pull_request(5)
    first = forge.comment(pull, f"{MARKER}\none")
    same = forge.comment(pull, f"{MARKER}\none")
    second = forge.comment(pull, f"{MARKER}\ntwo")

    assert first == same == second
    assert [row["body"] for row in hub.comments[5]][4:] == [f"{MARKER}\ntwo"]
    assert sum(method == "PATCH" for method, _, _ in hub.asked) == 1


def test_a_comment_of_somebody_with_our_marker_is_not_touched(hub, forge) -> None:
    hub.add_pull(5, head=HEAD)
    hub.add_comment(5, f"{MARKER}\nmine", kind="User")
    forge.comment(forge.pull_request(5), f"{MARKER}\nours")

    assert [row["body"] for row in hub.comments[5]] == [f"{MARKER}\nmine", f"{MARKER}\nours"]


# --------------------------------------------------------------------------------- errors


def test_a_limit_is_waited_for_as_the_headers_say(hub, forge, pauses) -> None:
    hub.add_pull(5, head=HEAD)
    hub.faults.append(Fault(429, "slow down", {"Retry-After": "7"}))
    reset = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1030"}
    hub.faults.append(Fault(403, "API rate limit exceeded for installation", reset))
    hub.faults.append(Fault(403, "You have exceeded a secondary rate limit."))

    assert forge.pull_request(5).number == 5
    assert pauses == [7.0, 30.0, 60.0]


def test_a_limit_that_lasts_is_told(hub, forge, pauses) -> None:
    reset = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "4600"}
    hub.faults.append(Fault(403, "API rate limit exceeded", reset))
    with pytest.raises(EnvironmentNotReady, match="is lifted in 3600 s"):
        forge.pull_request(5)
    assert pauses == []


def test_a_fault_of_the_server_is_tried_again(hub, forge, pauses) -> None:
    hub.add_pull(5, head=HEAD)
    hub.faults.append(Fault(502, "Server Error"))

    assert forge.pull_request(5).number == 5
    assert pauses == [1.0]


@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        (Fault(401, "Bad credentials"), EnvironmentNotReady, "look at GITHUB_TOKEN"),
        (
            Fault(403, "Resource not accessible by integration"),
            EnvironmentNotReady,
            "pull-requests: write",
        ),
        (Fault(404, "Not Found"), UsageError, "shop/shop has no such thing"),
        (
            Fault(
                422,
                "Validation Failed",
                errors=[{"resource": "IssueComment", "code": "custom", "field": "body"}],
            ),
            DataError,
            "IssueComment custom body",
        ),
    ],
)
def test_what_github_refuses_is_said_with_what_to_do(hub, forge, fault, kind, words) -> None:
    hub.faults.append(fault)
    with pytest.raises(kind, match=words) as caught:
        forge.pull_request(5)
    assert TOKEN not in str(caught.value)


def test_a_server_that_is_not_there_is_named(pauses) -> None:
    forge = Forge("shop/shop", TOKEN, url="http://127.0.0.1:9", pause=pauses.append)
    with pytest.raises(EnvironmentNotReady, match="cannot be reached"):
        forge.pull_request(5)
    assert len(pauses) == 3


# -------------------------------------------------------------------------------- branches


def test_a_branch_holds_the_tests_on_top_of_the_pull_request(hub, forge) -> None:
    hub.add_pull(5, head=HEAD)
    hub.files["pkg/tests/test_price.py"] = BEFORE.replace("\n", "\r\n")
    pull = forge.pull_request(5)
    name = forge.branch(pull, proposal(), under="pkg", language=PYTHON)
    again = forge.branch(pull, proposal(), under="pkg", language=PYTHON)
    commit = hub.commits[hub.refs[f"refs/heads/{name}"]]
    [entry] = hub.trees[commit["tree"]]["tree"]

    assert name == again == "covet/tests-for-5"
    assert commit["parents"] == [HEAD]
    assert entry["path"] == "pkg/tests/test_price.py"
    assert entry["content"] == AFTER.replace("\n", "\r\n")


@pytest.mark.parametrize(
    "path",
    [
        "shop/price.py",
        "../test_x.py",
        ".github/test_x.py",
        "/etc/test_x.py",
        "a\\test_x.py",
        "",
        ".",
        "a\n::add-mask::/test_x.py",
        "a\x1b[2J/test_x.py",
    ],
)
def test_no_branch_changes_anything_but_tests(hub, forge, path) -> None:
    hub.add_pull(5, head=HEAD)
    with pytest.raises(DataError, match="is no test file"):
        forge.branch(forge.pull_request(5), proposal(path=path), language=PYTHON)
    assert hub.trees == {}


def test_no_branch_undoes_what_somebody_wrote_meanwhile(hub, forge) -> None:
    hub.add_pull(5, head=HEAD)
    hub.files["tests/test_price.py"] = BEFORE + "# more\n"
    with pytest.raises(DataError, match="is not what the tests were written for"):
        forge.branch(forge.pull_request(5), proposal(), language=PYTHON)


def test_nothing_of_a_fork_is_pushed(hub, forge) -> None:
    hub.add_pull(5, head=HEAD, owner="stranger")
    with pytest.raises(UsageError, match="comes from a fork"):
        forge.branch(forge.pull_request(5), proposal(), language=PYTHON)


# ---------------------------------------------------------------------------------- telling


def test_a_comment_has_a_table_and_the_proof_of_each_test() -> None:
    text = as_markdown(proposal())

    assert text.startswith(MARKER)
    assert "### Covet: 1 new test for the change since origin/main" in text
    assert "| `shop/price.py::f` | 1 → 2 of 2 | 1 → 3 of 4 | 1 |" in text
    assert "first to reach line 2; rejects 1 mutant that the existing tests let live" in text
    assert "```diff\n-    return x * x\n+    return x + x\n```" in text


def test_what_a_model_wrote_leaves_no_fence_and_mentions_nobody() -> None:
    hostile = "def test_b():\n    '''\n```\n@everyone <img src=x> [a](http://b)\n'''\n"
    bug = PossibleBug("f<b>@a", hostile, "````\nf: 3", 2, 3, ("m",))
    text = as_markdown(
        proposal(source=hostile, bugs=(bug,), notes=("see @somebody at http://x <b>",))
    )

    assert "````python\ndef test_b():" in text
    assert "`````\n````\nf: 3\n`````" in text
    assert "@somebody" not in text
    assert "http://x" not in text
    assert "<b>" not in text


NAME = "x\\\\|<img src=y> [a](//b) @all"


@pytest.mark.parametrize("name", [NAME, "x|y", "x`y", "x\r\ny", ""])
def test_a_name_leaves_neither_its_cell_nor_its_code(name) -> None:
    function = WrittenFunction(name, FUNCTION, (1, 2), (2,), (), 4, 1, 3, 3, {})
    [row] = [
        line
        for line in as_markdown(proposal(functions=(function,))).splitlines()
        if line.startswith("| `")
    ]

    assert re.fullmatch(r"\| `[^`|\\]+` \| 1 → 2 of 2 \| 1 → 3 of 4 \| 0 \|", row)


@pytest.mark.parametrize(
    "words", ["#12", "a/b#12", "GH-12", "www.b.org", "&#64;all", "&commat;all"]
)
def test_words_make_no_link_that_github_makes_by_itself(words) -> None:
    bug = PossibleBug(words, "", "", 2, 3, ("m",))
    text = as_markdown(proposal(bugs=(bug,), notes=(words,), suite=words))

    assert not re.search(r"(?<!amp;)#\d|GH-\d|www\.|(?<!\\)&(?!amp;)", text)


def test_a_comment_fits() -> None:
    tests = proposal(source="x = 1\n" * 3000).tests * 8
    text = as_markdown(proposal(tests=tests))

    assert len(text) < 65_536
    assert "more sections are in the run's artifact" in text


def test_a_junit_report_has_a_case_for_each_function_and_bug() -> None:
    bug = PossibleBug("shop/price.py::f", "def test_c():\n", "f(1): expected 2\x00", 2, 3, ("m",))
    text = as_junit(proposal(bugs=(bug,))).decode()

    assert 'tests="2" failures="1" skipped="0"' in text
    assert 'name="possible bug: f(1): expected 2' in text


# ------------------------------------------------------------------------------- the command


@pytest.fixture
def comment(hub, tmp_path, monkeypatch):
    def run(found, event, *more):
        monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
        (tmp_path / "run").mkdir(exist_ok=True)
        (tmp_path / "run" / "proposal.json").write_bytes(encode(found))
        (tmp_path / "event.json").write_text(json.dumps(event))
        words = ["comment", str(tmp_path / "run"), "--repository", "shop/shop"]
        words += ["--event", str(tmp_path / "event.json"), "--api", hub.url, *more]
        return CliRunner().invoke(main, words)

    return run


def test_the_command_comments_and_makes_a_branch_where_the_label_asks(hub, comment) -> None:
    hub.add_pull(5, head=HEAD, labels=["covet-branch"])
    hub.files["tests/test_price.py"] = BEFORE
    done = comment(proposal(), ran(5), "--branch-label", "covet-branch")
    [row] = hub.comments[5]

    assert done.exit_code == 0, done.output
    assert "branch: covet/tests-for-5" in done.output
    assert f"/shop/shop/compare/{HEAD}...covet/tests-for-5" in row["body"]


def test_the_command_comments_on_a_fork_and_says_why_there_is_no_branch(hub, comment) -> None:
    hub.add_pull(6, head=HEAD, owner="stranger")
    done = comment(proposal(), ran(owner="stranger"), "--branch")

    assert done.exit_code == 0, done.output
    assert "comes from a fork" in hub.comments[6][0]["body"]
    assert hub.refs == {}


def test_the_command_needs_a_token(monkeypatch, tmp_path) -> None:
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    done = CliRunner().invoke(main, ["comment", str(tmp_path), "--repository", "a/b"])

    assert done.exit_code == 3
    assert "GITHUB_TOKEN: not set" in done.output


def test_a_proposal_that_is_none_is_refused(hub, comment, tmp_path) -> None:
    hub.add_pull(5, head=HEAD)
    comment(proposal(), ran(5))
    (tmp_path / "run" / "proposal.json").write_text('{"asked": 1}')
    words = ["comment", str(tmp_path / "run"), "--repository", "shop/shop", "--api", hub.url]
    done = CliRunner().invoke(main, [*words, "--pull", "5"])

    assert done.exit_code == 2
    assert "not a Proposal" in done.output
