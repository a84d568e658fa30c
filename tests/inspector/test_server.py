import http.client
import json
import subprocess
import sys

import pytest

from tests.inspector.runs import add_group, function_example, rollout


@pytest.fixture
def server(make_run, served):
    return served(make_run(tasks=3, reserved=1, steps=4, groups=4))


def ask(server, path, *, method="GET", host=None):
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=20)
    connection.putrequest(method, path, skip_host=True)
    connection.putheader("Host", host or f"127.0.0.1:{server.server_port}")
    connection.endheaders()
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer, text


PAGES = ["", "groups", "rollouts", "matrix", "compare", "dataset", "scorecard"]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_comes_with_a_policy_that_lets_nothing_else_in(server, page):
    answer, text = ask(server, f"/{page}")
    assert answer.status == 200
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "http" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert " style=" not in text
    assert "<script>" not in text


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:80", "", " "]
)
def test_who_calls_it_by_another_name_is_turned_away(server, host):
    answer, text = ask(server, "/groups", host=host or "-")
    assert answer.status == 421
    assert "clamp" not in text


def test_it_listens_on_the_loopback_address_alone(server):
    assert server.server_address[0] == "127.0.0.1"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_it_can_only_be_looked_at(server, method):
    assert ask(server, "/", method=method)[0].status == 501


@pytest.mark.parametrize(
    "path",
    [
        "/../../../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/style.css/../layout.html",
        "/layout.html",
        "//etc/passwd",
        "/groups/../covet.toml",
        "/\\..\\..",
        "/group?run=../../x&example=a",
        "/dataset?dataset=/etc",
        "/rollout?run=demo-001&example=/etc/passwd",
        "/task?example=x&a=../../../etc/passwd",
        "/scorecard?a=../../../../etc/passwd%00",
    ],
)
def test_no_address_leads_to_a_file(server, path):
    answer, text = ask(server, path)
    assert answer.status in (200, 404)
    assert "root:" not in text
    assert "{%" not in text


@pytest.mark.parametrize(
    "path",
    [
        "/groups?page=x",
        "/groups?step=1e9",
        "/groups?step=99999999999999999999999",
        "/groups?sort=nonsense",
        "/compare?by=passes;DROP",
        "/rollouts?flagged=maybe",
    ],
)
def test_an_argument_that_makes_no_sense_is_told(server, path):
    answer, text = ask(server, path)
    assert answer.status == 400
    assert "must be" in text


@pytest.mark.parametrize(
    "path",
    [
        "/groups?task=%27%20OR%201=1%20--",
        "/rollouts?q=%27%22%3Cscript%3E",
        "/groups?task=%25",
        "/matrix?example=%00",
        "/rollouts?q=%ff%fe",
        "/groups?page=-3",
        "/groups?page=900000000",
    ],
)
def test_odd_arguments_find_nothing_and_break_nothing(server, path):
    answer, text = ask(server, path)
    assert answer.status in (200, 404)
    assert "<script>" not in text


def test_an_address_without_end_is_turned_away(server):
    assert ask(server, "/groups?q=" + "x" * 20_000)[0].status == 414
    assert ask(server, "/groups?" + "&".join(f"a{n}=1" for n in range(99)))[0].status == 400


def test_a_head_request_has_no_body(server):
    answer, text = ask(server, "/", method="HEAD")
    assert answer.status == 200
    assert text == ""


def test_rows_that_are_written_now_are_shown_soon(make_run, served):
    import time

    run = make_run(tasks=1, reserved=0, steps=1, groups=1)
    server = served(run)
    stamp = ask(server, "/stamp")[1]
    example = function_example("item0")
    add_group(run, example, [rollout(example, "def test_quite_new(): ...\n")] * 2, step=9)
    for _ in range(100):
        if ask(server, "/stamp")[1] != stamp:
            break
        time.sleep(0.1)
    assert "step=9" in ask(server, "/groups")[1]


def test_a_port_that_is_taken_is_told(server, make_run):
    run = make_run(name="other", tasks=1, reserved=0, steps=1)
    port = str(server.server_port)
    command = [sys.executable, "-m", "covet", "inspect", str(run), "--no-open", "--port", port]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 3
    assert port in ended.stderr
    assert "--port" in ended.stderr


def test_the_verb_tells_its_address_and_ends_when_interrupted(make_run):
    import signal

    run = make_run(tasks=1, reserved=0, steps=1)
    command = [sys.executable, "-m", "covet", "inspect", str(run), "--no-open", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        told = json.loads(process.stdout.readline())
        assert told["address"].startswith("http://127.0.0.1:")
        assert told["runs"] == {"demo-001": str(run)}
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0


def test_the_verb_writes_one_file_and_says_how_large(make_run, tmp_path):
    run = make_run(tasks=2, reserved=0, steps=2, groups=2)
    path = tmp_path / "mail" / "run.html"
    command = [sys.executable, "-m", "covet", "inspect", str(run), "--export", str(path), "--json"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert json.loads(ended.stdout)["bytes"] == path.stat().st_size
    assert list(path.parent.iterdir()) == [path]
