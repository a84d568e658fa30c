"""``covet write``, from a change to tests in the working tree, and all that may come between."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.agent.conftest import (
    CLAMP,
    GOOD,
    IMPORTS,
    QUICK,
    TESTS,
    WRONG,
    answers,
    git,
    shop,
    write,
)
from tests.standin import Fault, Standin, Written

__all__ = ["answers", "shop", "write"]


def proposal(tmp_path: Path) -> dict:
    return json.loads((tmp_path / "run" / "proposal.json").read_text())


def changed(root: Path) -> list[str]:
    return git(root, "status", "--porcelain").splitlines()


def test_tests_for_a_function_are_proven_cut_and_merged(write, answers, shop, tmp_path) -> None:
    before = (shop / TESTS).read_text()
    done = write("--function", CLAMP, "--policy", answers(clamp=[GOOD, WRONG, WRONG]))
    found = proposal(tmp_path)
    [test] = found["tests"]
    text = (shop / TESTS).read_text()

    assert done.exit_code == 0, done.output
    assert changed(shop) == [f" M {TESTS}"]
    kept = iter(text.splitlines())
    assert all(line in kept for line in before.splitlines())
    assert "other = 3" not in text, "what a test does not need is gone"
    assert (test["path"], test["name"], test["lines"]) == (TESTS, "test_clamp_high", [8])
    assert test["kills"]
    assert all(kill["diff"] for kill in test["kills"])
    assert "test_clamp_again" not in text, "it shows nothing new"
    assert f"wrote {TESTS}" in done.output
    assert "first to reach line 8" in done.output
    own = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly"],
        cwd=shop,
        capture_output=True,
        text=True,
        check=False,
    )
    assert own.returncode == 0, own.stdout


def test_tests_that_look_right_and_fail_are_shown_and_never_written(
    write, answers, shop, tmp_path
) -> None:
    other = WRONG.replace("def test_", "def test_it_")
    done = write("--function", CLAMP, "--policy", answers(clamp=[WRONG, other]))
    [bug] = proposal(tmp_path)["bugs"]

    assert done.exit_code == 1
    assert changed(shop) == []
    assert (bug["agreeing"], bug["asked"]) == (2, 2)
    assert bug["shown"].startswith("clamp(20, 1, 9): expected 1\n")
    assert "2 of 2 test files expect the same" in done.output
    assert "no test was kept" in done.output


def test_an_answer_that_repeats_another_is_no_second_witness(write, answers, tmp_path) -> None:
    done = write("--function", CLAMP, "--policy", answers(clamp=[WRONG, WRONG]))

    assert done.exit_code == 1
    assert proposal(tmp_path)["bugs"] == []


def test_what_a_model_wrote_moves_no_cursor_of_a_terminal(write, answers) -> None:
    odd = GOOD.replace(
        "assert clamp(20, 1, 9) == 9", "assert clamp(20, 1, 9) == 9, '\x1b[2J\u202e'"
    )
    done = write("--function", CLAMP, "--dry-run", "--policy", answers(clamp=[odd]))

    assert "\\x1b[2J\\u202e" in done.output
    assert not set("\x1b\u202e") & set(done.output)


def test_a_change_is_what_was_done_since_it_parted_from_the_base(
    write, answers, shop, tmp_path
) -> None:
    source = shop / "shop" / "price.py"
    text = source.read_text()
    git(shop, "checkout", "--quiet", "-b", "work")
    source.write_text(text.replace("if value > high:", "if value >= high:"))
    git(shop, "commit", "--quiet", "--all", "--message", "two")
    git(shop, "checkout", "--quiet", "main")
    (shop / "NEWS").write_text("elsewhere\n")
    git(shop, "add", "NEWS")
    git(shop, "commit", "--quiet", "--message", "three")
    git(shop, "checkout", "--quiet", "work")
    source.write_text(source.read_text() + "\n\n# not committed\n")
    (shop / "scratch").write_text("dirty\n")
    done = write("--base", "main", "--policy", answers(clamp=[GOOD]))
    [function] = proposal(tmp_path)["functions"]

    assert done.exit_code == 0, done.output
    assert function["example_id"] == CLAMP
    assert set(changed(shop)) == {" M shop/price.py", f" M {TESTS}", "?? scratch"}
    assert source.read_text().endswith("# not committed\n")


def test_a_change_without_functions_is_no_failure(write, answers) -> None:
    done = write("--base", "main", "--policy", answers(clamp=[GOOD]))

    assert done.exit_code == 0, done.output
    assert "touches no function" in done.output


def test_a_codebase_without_tests_gets_its_first_file(write, answers, shop) -> None:
    git(shop, "rm", "-r", "--quiet", "tests")
    git(shop, "commit", "--quiet", "--message", "none")
    done = write("--all-gaps", "--policy", answers(clamp=[GOOD]))
    text = (shop / TESTS).read_text()

    assert done.exit_code == 0, done.output
    assert text.startswith("from shop.price import clamp\n\n\ndef test_clamp_")
    assert changed(shop) == ["?? tests/"]


@pytest.mark.parametrize("how", ["--dry-run", "--patch"])
def test_the_codebase_may_be_left_as_it_is(write, answers, shop, tmp_path, how) -> None:
    patch = tmp_path / "it.patch"
    where = ["--patch", patch] if how == "--patch" else ["--dry-run"]
    done = write("--function", CLAMP, "--policy", answers(clamp=[GOOD]), *where)

    assert done.exit_code == 0, done.output
    assert changed(shop) == []
    if how == "--patch":
        git(shop, "apply", str(patch))
        assert changed(shop) == [f" M {TESTS}"]
    else:
        assert f"+++ b/{TESTS}" in done.output


def test_line_ends_and_rights_of_a_test_file_stay(write, answers, shop, tmp_path) -> None:
    file = shop / TESTS
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    file.chmod(0o600)
    patch = tmp_path / "it.patch"
    done = write("--function", CLAMP, "--policy", answers(clamp=[GOOD]))
    after = file.read_bytes()
    git(shop, "checkout", "--quiet", TESTS)
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    other = write(
        "--function", CLAMP, "--policy", answers(clamp=[GOOD]), "--patch", patch,
        out=tmp_path / "other",
    )  # fmt: skip
    git(shop, "apply", str(patch))

    assert (done.exit_code, other.exit_code) == (0, 0), done.output + other.output
    assert after.count(b"\n") == after.count(b"\r\n")
    assert file.read_bytes() == after


def test_a_merge_conflict_stops_it_before_anything_is_asked(write, answers, shop) -> None:
    file = shop / TESTS
    file.write_text(file.read_text() + "<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> work\n")
    done = write("--function", CLAMP, "--policy", answers(clamp=[GOOD]))

    assert done.exit_code == 2
    assert f"{TESTS}: holds a merge conflict" in done.output


def test_a_file_that_changed_meanwhile_is_not_written_to(write, answers, shop) -> None:
    command = f"python -c \"open('{shop / TESTS}', 'a').write('# edited')\""
    done = write(
        "--function", CLAMP, "--policy", answers(clamp=[GOOD]), "--set", f"write.command={command}"
    )

    assert done.exit_code == 2
    assert "was changed while tests were written" in done.output
    assert "test_clamp_high" not in (shop / TESTS).read_text()


def test_a_read_only_checkout_is_told_before_anything_is_paid_for(shop, answers, tmp_path) -> None:
    policy = answers(clamp=[GOOD])
    given = " ".join(f"--set {one!r}" for one in QUICK)
    inside = (
        f"mount --bind {shop} {shop} && mount -o remount,ro,bind {shop} && cd {tmp_path} && "
        f"PYTHONDONTWRITEBYTECODE=1 {sys.executable} -m covet write {shop} --out {tmp_path}/run"
        f" --function {CLAMP} --policy {policy} {given}"
    )
    unshare = ["unshare", "--map-root-user", "--mount"]
    if subprocess.run([*unshare, "true"], check=False, capture_output=True).returncode:
        pytest.skip("no mount namespaces here")
    done = subprocess.run(
        [*unshare, "sh", "-c", inside], capture_output=True, text=True, check=False
    )

    assert done.returncode == 3, done.stderr
    assert "may not be written to; --patch FILE or --dry-run leave it as it is" in done.stderr
    assert not (tmp_path / "run" / "answers.jsonl").exists()


def test_new_tests_that_break_others_are_left_out(write, answers, shop) -> None:
    text = IMPORTS + (
        "import shop.price\n\n\n"
        "def test_clamp_high():\n"
        "    shop.price.seen = clamp(20, 1, 9)\n"
        "    assert shop.price.seen == 9\n"
    )
    (shop / "tests" / "test_zz.py").write_text(
        "import shop.price\n\n\ndef test_nothing_was_left():\n"
        "    assert not hasattr(shop.price, 'seen')\n"
    )
    done = write("--function", CLAMP, "--policy", answers(clamp=[text]))

    assert done.exit_code == 1, done.output
    assert "test_nothing_was_left does not pass" in done.output
    assert changed(shop) == ["?? tests/test_zz.py"]


# ------------------------------------------------------------------------------- endpoints


def says(text):
    """A server whose model always writes that."""

    def write(_model, _prompt, body):
        limit = body.get("max_tokens") or 16
        ids = [*text.encode()]
        finish = "stop" if len(ids) <= limit else "length"
        return Written(ids[:limit], [-1.0] * len(ids[:limit]), text[:limit], finish)

    return write


def to(server: Standin, *settings: str) -> list[str]:
    words = ["--policy", f"{server.url}#m", "-n", "2"]
    given = ("policy.retries=1", "policy.timeout_s=5", *settings)
    return words + [word for one in given for word in ("--set", one)]


def test_an_endpoint_that_is_rate_limited_is_asked_again(write, shop) -> None:
    with Standin(kind="plain", write=says(GOOD)) as server:
        error = {"error": {"message": "Rate limit reached"}}
        server.faults.append(Fault(429, error, {"Retry-After": "0"}))
        done = write("--function", CLAMP, *to(server))

    assert done.exit_code == 0, done.output
    assert changed(shop) == [f" M {TESTS}"]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault(500, {"error": {"message": "broken"}}), "answered 500"),
        (Fault(200, b"<html>welcome</html>"), "cannot be used"),
        (Fault(401, {"error": {"message": "Incorrect API key"}}), "answered 401"),
        (Fault(manner="drop"), "failed"),
    ],
    ids=["faulty", "wrong", "refused", "gone"],
)
def test_an_endpoint_that_fails_is_named_and_nothing_is_written(write, shop, fault, words) -> None:
    with Standin(kind="plain", write=says(GOOD)) as server:
        server.fault = lambda path, _: fault if path.endswith("/completions") else None
        done = write("--function", CLAMP, *to(server, "policy.retries=0"))

    assert done.exit_code == 2, done.output
    assert words in done.output
    assert changed(shop) == []


def test_an_endpoint_that_is_slow_is_not_waited_for_without_end(write, shop) -> None:
    with Standin(kind="plain", write=says(GOOD)) as server:
        server.pause_s = 20
        done = write("--function", CLAMP, *to(server, "policy.timeout_s=0.3", "policy.retries=0"))

    assert done.exit_code == 2, done.output
    assert "did not answer within 0.3 s" in done.output
    assert changed(shop) == []


def test_answers_that_are_cut_off_are_no_tests(write, shop) -> None:
    with Standin(kind="plain", write=says(GOOD)) as server:
        done = write("--function", CLAMP, *to(server, "policy.max_new_tokens=60"))

    assert done.exit_code == 1, done.output
    assert "no answer could be run" in done.output
    assert changed(shop) == []


def test_what_one_policy_cannot_another_may(write, answers, shop, tmp_path) -> None:
    with Standin(kind="plain") as server:
        server.fault = lambda *_: Fault(500, {"error": {"message": "broken"}})
        more = to(server, "policy.retries=0")
        done = write("--function", CLAMP, "--policy", answers(clamp=[GOOD]), *more)

    assert done.exit_code == 0, done.output
    assert changed(shop) == [f" M {TESTS}"]
    assert "answered 500" in proposal(tmp_path)["notes"][0]


def test_a_budget_of_tokens_is_never_overstepped(write, tmp_path) -> None:
    with Standin(kind="plain", write=says(GOOD)) as server:
        done = write("--file", "shop/price.py", *to(server, "write.budget_tokens=1000"))
        asked = [path for path, _, _ in server.asked if path.endswith("/completions")]

    assert done.exit_code == 1, done.output
    assert asked == []
    assert "the budget of 1000 tokens" in proposal(tmp_path)["notes"][0]


def test_an_interrupted_run_writes_nothing_and_goes_on_where_it_was(shop, tmp_path) -> None:
    out = tmp_path / "run"
    with Standin(kind="plain", write=says(GOOD)) as server:
        server.fault = lambda _, body: (
            Fault(manner="hang") if "+def discount" in json.dumps(body) else None
        )
        words = ["write", str(shop), "--file", "shop/price.py", "--out", str(out)]
        given = [word for one in QUICK for word in ("--set", one)]
        chunks = ["--set", "policy.timeout_s=60"]
        program = [sys.executable, "-m", "covet", *words, *to(server)[:4], *given, *chunks]
        process = subprocess.Popen(
            program, stderr=subprocess.PIPE, text=True, start_new_session=True
        )
        deadline = time.monotonic() + 60
        while len(server.asked) < 3 and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.3)
        os.kill(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=60)
        assert process.returncode == 130, said
        assert "no file was left half-written" in said
        assert "--resume" in said
        assert changed(shop) == []
        server.fault = lambda *_: None
        again = [sys.executable, "-m", "covet", *words, "--policy", f"{server.url}#m", "--resume"]
        done = subprocess.run(again, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert changed(shop) == [f" M {TESTS}"]


def test_a_run_that_is_resumed_pays_for_nothing_twice(write, shop) -> None:
    with Standin(kind="plain", write=says(GOOD)) as server:
        first = write("--function", CLAMP, *to(server))
        git(shop, "checkout", "--quiet", TESTS)
        asked = len(server.asked)
        policy = ["--policy", f"{server.url}#m", "--resume"]
        done = write("--function", CLAMP, *policy)

        assert (first.exit_code, done.exit_code) == (0, 0), first.output + done.output
        assert len(server.asked) == asked
    assert changed(shop) == [f" M {TESTS}"]


# ------------------------------------------------------------------------------- what is asked


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "say what to write tests for"),
        (["--base", "main", "--all-gaps"], "say what to write tests for"),
        (["--function", "shop/price.py::clmp"], "did you mean shop/price.py::clamp?"),
        (["--file", "shop/prize.py"], "did you mean shop/price.py?"),
        (["--base", "nowhere"], "no such commit"),
    ],
)
def test_what_makes_no_sense_is_said_with_what_would(write, answers, tmp_path, words, said) -> None:
    done = write(*words, "--policy", answers(clamp=[GOOD]))

    assert done.exit_code == 2
    assert said in done.output
    assert not (tmp_path / "run").exists(), "a run that never began leaves nothing to resume"


def test_a_run_is_resumed_with_the_policies_that_it_began_with(write, answers, tmp_path) -> None:
    write("--function", CLAMP, "--policy", answers(clamp=[GOOD]))
    done = write("--function", CLAMP, "--policy", tmp_path / "others.jsonl", "--resume")

    assert done.exit_code == 2
    assert "goes on with the same --policy" in " ".join(done.output.split())


def test_tests_that_pass_and_ask_nothing_are_not_said_to_fail(write, answers) -> None:
    idle = "from shop.price import clamp\n\ndef test_idle():\n    assert clamp is not None\n"
    done = write("--function", CLAMP, "--policy", answers(clamp=[idle]))

    assert done.exit_code == 1
    assert "refused by a guard" in done.output


def test_json_is_one_object_on_stdout(write, answers) -> None:
    done = write("--function", CLAMP, "--policy", answers(clamp=[GOOD]), "--json")
    told = json.loads(done.stdout)

    assert told["written"] == [TESTS]
    assert told["proposal"]["tests"][0]["name"] == "test_clamp_high"
