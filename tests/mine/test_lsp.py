import os
import sys
import time
from pathlib import Path

import pytest

from covet.errors import CodebaseError, EnvironmentNotReady
from covet.mine.lsp import LanguageServer, Position, Request

SPEAK = """
import json, os, sys, time

def read():
    size = 0
    while (line := sys.stdin.buffer.readline().strip()):
        if line.lower().startswith(b"content-length"):
            size = int(line.split(b":")[1])
    return json.loads(sys.stdin.buffer.read(size)) if size else None

def write(**message):
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    sys.stdout.buffer.write(b"Content-Length: %d\\r\\n\\r\\n" % len(body) + body)
    sys.stdout.buffer.flush()

def greet():
    write(id=read()["id"], result={"capabilities": {}})
    read()
"""


def stand_in(folder: Path, code: str, **options: float) -> LanguageServer:
    """A server that runs this code."""
    program = folder / "server.py"
    program.write_text(SPEAK + code)
    return LanguageServer(
        [sys.executable, str(program)], folder, settings={"python": {"level": 3}}, **options
    )


def test_a_server_that_is_missing_says_that_it_is_to_be_installed(tmp_path: Path) -> None:
    server = LanguageServer(["no-such-language-server"], tmp_path)
    with pytest.raises(EnvironmentNotReady, match=r"no-such-language-server.*install it"), server:
        pass


def test_a_server_that_dies_at_once_is_named_with_its_exit_code_and_last_words(tmp_path: Path):
    server = stand_in(tmp_path, "sys.stderr.write('out of luck'); sys.exit(7)")
    with pytest.raises(CodebaseError, match=r"ended before.*exit code 7.*out of luck"), server:
        pass


def test_a_server_that_dies_amid_requests_fails_them_all(tmp_path: Path) -> None:
    server = stand_in(tmp_path, "greet(); write(id=read()['id'], result=1); sys.exit(0)")
    with server, pytest.raises(CodebaseError, match="ended before it answered second"):
        server.ask([Request("first", {}), Request("second", {})])


def test_a_server_that_never_answers_is_given_up_after_its_time(tmp_path: Path) -> None:
    server = stand_in(tmp_path, "time.sleep(60)", timeout_s=0.3)
    started = time.monotonic()
    with pytest.raises(CodebaseError, match=r"did not answer initialize within 0\.3 s"), server:
        pass
    assert time.monotonic() - started < 10


def test_a_server_that_reads_nothing_is_given_up_too(tmp_path: Path) -> None:
    server = stand_in(tmp_path, "greet(); time.sleep(60)", timeout_s=0.3)
    with server, pytest.raises(CodebaseError, match=r"did not answer textDocument/\w+ within"):
        server.open({"a.py": "x = 1\n" * 500_000}, language="python")


def test_a_refusal_is_told_in_the_servers_own_words(tmp_path: Path) -> None:
    server = stand_in(tmp_path, "greet(); write(id=read()['id'], error={'message': 'not today'})")
    with server, pytest.raises(CodebaseError, match=r"refused one .*not today"):
        server.ask([Request("one", {})])


def test_what_is_no_message_ends_the_conversation(tmp_path: Path) -> None:
    server = stand_in(tmp_path, "greet(); print('Content-Length: 3\\n\\nab}', flush=True); read()")
    with server, pytest.raises(CodebaseError, match="ended before it answered one"):
        server.ask([Request("one", {})])


def test_answers_belong_to_their_requests_in_whatever_order_they_come(tmp_path: Path) -> None:
    code = """
greet()
asked = [read() for _ in range(3)]
write(method="window/logMessage", params={})
for request in reversed(asked):
    write(id=request["id"], result=request["method"] * 2)
read()
"""
    with stand_in(tmp_path, code) as server:
        assert server.ask([Request(name, {}) for name in "abc"]) == ["aa", "bb", "cc"]


def test_a_server_that_asks_for_its_settings_is_given_them(tmp_path: Path) -> None:
    code = """
greet()
request = read()
items = [{"section": "python"}, {"section": "other"}, {}]
write(id="own", method="workspace/configuration", params={"items": items})
write(id=request["id"], result=read()["result"])
read()
"""
    with stand_in(tmp_path, code) as server:
        answer = server.ask([Request("one", {})])
    assert answer == [[{"level": 3}, None, {"python": {"level": 3}}]]


def test_lines_count_from_one_here_and_places_outside_of_the_root_are_left_out(tmp_path: Path):
    code = """
greet()
request = read()
position = request["params"]["position"]
uri = request["params"]["textDocument"]["uri"]
place = {"range": {"start": position, "end": position}}
write(id=request["id"], result=[{"uri": uri, **place}, {"uri": "file:///other/a.py", **place}])
read()
"""
    with stand_in(tmp_path, code) as server:
        place = Position("a folder/ü.py", 4, 2)
        assert server.references([place]) == [[place]]


def test_nothing_that_a_server_started_outlives_it(tmp_path: Path) -> None:
    code = """
import subprocess
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
greet()
write(id=read()["id"], result=child.pid)
time.sleep(60)
"""
    with stand_in(tmp_path, code) as server:
        [pid] = server.ask([Request("one", {})])
        os.kill(pid, 0)
    deadline = time.monotonic() + 10
    while _runs(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not _runs(pid)


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
