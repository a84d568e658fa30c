"""What a hostile candidate tries, and what comes of it. Full isolation, the fork server.

Every test ends by grading an ordinary candidate with the same worker.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import covet.languages.python
from covet.errors import IsolationUnavailable
from covet.sandbox.base import Cell, Limits, Program, Request, Worker, WorkerSpec
from covet.sandbox.forkserver import ForkServerSandbox
from covet.sandbox.isolation import probe

ROOT = Path(__file__).parents[1] / "codebases" / "boxed"
ZYGOTE = Path(covet.languages.python.__file__).parent / "worker" / "zygote.py"
SPEC = WorkerSpec(
    command=(sys.executable, "-I", "-B", str(ZYGOTE)),
    root=ROOT,
    search_path=(".",),
    limits=Limits(cpu_s=1.0, wall_s=3.0, memory_mb=256, disk_mb=4),
)


@pytest.fixture(scope="module")
def warm() -> Iterator[Worker]:
    os.environ["COVET_TEST_SECRET"] = "hunter2"
    try:
        worker = ForkServerSandbox().open(SPEC)
    except IsolationUnavailable as refusal:
        if os.environ.get("COVET_TEST_WITHOUT_ISOLATION"):
            pytest.skip(str(refusal))
        raise
    finally:
        del os.environ["COVET_TEST_SECRET"]
    yield worker
    worker.close()


@pytest.fixture
def worker(warm: Worker) -> Iterator[Worker]:
    yield warm
    (cell,) = submit(warm, "def test_a(): pass\n")
    assert cell.outcomes == (("test_a", "pass"),)


def submit(worker: Worker, source: str) -> list[Cell]:
    return list(worker.submit(Request((Program("p"),), "test_new.py", source)))


def passes(worker: Worker, body: str, **values: object) -> None:
    """The body, run as a test with these names set, finds what it asserts."""
    lines = [f"    {name} = {value!r}" for name, value in values.items()]
    lines += ["    " + line for line in body.strip("\n").split("\n")]
    (cell,) = submit(worker, "import os\ndef test_a():\n" + "\n".join(lines) + "\n")
    assert cell.outcomes == (("test_a", "pass"),), cell.detail + cell.error


def processes() -> int:
    return len([entry for entry in os.listdir("/proc") if entry.isdigit()])  # noqa: PTH208


def test_every_layer_is_in_force(warm: Worker) -> None:
    assert {layer.name for layer in probe() if layer.available} >= {
        "user namespace",
        "namespaces",
        "private root",
        "temporary folder",
        "seccomp",
        "landlock",
    }
    assert {"seccomp", "resource limits"} < set(warm.protections)


def test_files_can_be_written_in_the_temporary_folder_alone(worker: Worker) -> None:
    folders = [
        ROOT,
        ZYGOTE.parent,
        Path.home(),
        "/",
        "/dev/shm",
        "/var/tmp",
        "/usr",
        "/etc",
        "/proc/self",
        "/dev",
        Path(sys.prefix),
    ]
    body = """
import tempfile
with open(os.path.join(tempfile.gettempdir(), "ok"), "w") as file:
    file.write("x")
for folder in folders:
    for how in (lambda p: open(p, "w"), os.mkdir, lambda p: os.symlink("/", p)):
        try:
            how(os.path.join(folder, "covet-was-here"))
        except OSError:
            continue
        assert folder == tempfile.gettempdir(), folder
    try:
        os.chmod(folder, 0o777)
    except OSError:
        continue
    assert 0, folder
for kind in ("core_pattern", "hostname"):
    try:
        open("/proc/sys/kernel/" + kind, "w")
    except OSError:
        continue
    assert 0, kind
"""
    passes(worker, body, folders=[str(folder) for folder in folders])
    assert not (ROOT / "covet-was-here").exists()


def test_secrets_of_the_machine_are_absent(worker: Worker, tmp_path: Path) -> None:
    secret = Path.home() / f".covet-test-secret-{os.getpid()}"
    secret.write_text("hunter2")
    (tmp_path / "key").write_text("hunter2")
    try:
        body = """
for path in (secret, beside, "/etc/shadow", "/root/.bashrc", "/proc/1/environ", "/proc/1/mem",
             "/proc/kcore", "/proc/kmsg", "/proc/net/tcp", "/sys/kernel"):
    try:
        os.listdir(path) if os.path.isdir(path) else open(path, "rb").read(1)
    except OSError:
        continue
    assert 0, path
assert "hunter2" not in "".join(os.environ.values())
assert set(os.environ) <= {"PATH", "HOME", "TMPDIR", "TZ", "LC_ALL", "PYTHONHASHSEED",
    "OMP_NUM_THREADS", "JE_ARROW_MALLOC_CONF", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS",
    "PYTHONDONTWRITEBYTECODE", "PYTEST_CURRENT_TEST", "PYTEST_VERSION"}, set(os.environ)
assert len([p for p in os.listdir("/proc") if p.isdigit()]) <= 2
assert os.listdir("/proc/self/fd") == ["0", "1", "2", "3", "4"], os.listdir("/proc/self/fd")
"""
        passes(worker, body, secret=str(secret), beside=str(tmp_path / "key"))
    finally:
        secret.unlink()


def test_no_network_is_reached(worker: Worker) -> None:
    with socket.socket() as listening, socket.socket(socket.AF_UNIX) as local:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        local.bind("\0covet-test")
        local.listen()
        body = """
import socket
for attempt in (
    lambda: socket.create_connection(("127.0.0.1", port), 1),
    lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
    lambda: socket.socket(socket.AF_INET6),
    lambda: socket.socket(socket.AF_NETLINK),
    lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW),
    lambda: socket.getaddrinfo("example.org", 80),
    lambda: socket.socket(socket.AF_UNIX).connect("\\0covet-test"),
):
    try:
        attempt()
    except OSError:
        continue
    assert 0
a, b = socket.socketpair()
a.sendall(b"x")
assert b.recv(1) == b"x"
"""
        passes(worker, body, port=listening.getsockname()[1])


def test_a_server_whose_socket_lies_in_the_codebase_is_not_reached(worker: Worker) -> None:
    place = ROOT / "server.sock"
    place.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as local:
        local.bind(str(place))
        try:
            local.listen()
            body = """
import socket
try:
    socket.socket(socket.AF_UNIX).connect(place)
except OSError:
    pass
else:
    assert 0
"""
            passes(worker, body, place=str(place))
        finally:
            place.unlink()


def test_devices_of_the_machine_cannot_be_changed(worker: Worker) -> None:
    before = os.stat("/dev/full")  # noqa: PTH116
    body = """
for change in (
    lambda: os.chmod("/dev/full", 0o600),
    lambda: os.chown("/dev/full", os.getuid(), os.getgid()),
    lambda: os.utime("/dev/full", (1, 1)),
):
    try:
        change()
    except OSError:
        continue
    assert 0
with open("/dev/null", "w") as file:
    file.write("x")
assert len(os.urandom(4)) == 4
"""
    passes(worker, body)
    after = os.stat("/dev/full")  # noqa: PTH116
    assert (after.st_mode, after.st_uid, after.st_mtime) == (
        before.st_mode,
        before.st_uid,
        before.st_mtime,
    )


def test_no_memory_is_had_that_is_not_counted(worker: Worker) -> None:
    body = """
try:
    os.memfd_create("x")
except OSError:
    pass
else:
    assert 0
"""
    passes(worker, body)


def test_flags_of_standard_input_do_not_reach_the_next_program(worker: Worker) -> None:
    set_flag = """
import fcntl
fcntl.fcntl(0, fcntl.F_SETFL, os.O_APPEND | os.O_NONBLOCK)
"""
    look = """
import fcntl
assert not fcntl.fcntl(0, fcntl.F_GETFL) & (os.O_APPEND | os.O_NONBLOCK)
"""
    passes(worker, set_flag)
    passes(worker, look)


def test_a_test_file_too_large_to_compile_meets_the_limits_of_its_program(worker: Worker) -> None:
    source = "x = [" + "0," * 3_000_000 + "]\ndef test_a():\n    pass\n"
    (cell,) = submit(worker, source)
    assert cell.end in ("out_of_memory", "timeout"), cell


def test_system_calls_that_open_doors_are_refused(worker: Worker) -> None:
    body = """
import ctypes, platform
libc = ctypes.CDLL(None, use_errno=True)
x86 = platform.machine() == "x86_64"
calls = {"ptrace": (101, 117, 16, 1, 0, 0), "mount": (165, 40, 0, 0, 0, 0, 0),
    "unshare": (272, 97, 0x10000000), "setns": (308, 268, 3, 0), "bpf": (321, 280, 0, 0),
    "keyctl": (250, 219, 0), "io_uring_setup": (425, 425, 1, 0), "chroot": (161, 51, b"/tmp"),
    "process_vm_readv": (310, 270, 1, 0, 0, 0, 0, 0), "pidfd_getfd": (438, 438, 3, 0, 0),
    "userfaultfd": (323, 282, 0), "perf_event_open": (298, 241, 0, 0, 0, 0, 0),
    "personality": (135, 92, 0x40000), "clone": (56, 220, 0x10000000 | 17, 0, 0, 0, 0),
    "umount2": (166, 39, b"/proc", 2), "reboot": (169, 142, 0, 0, 0, 0),
    "init_module": (175, 105, 0, 0, 0), "shmget": (29, 194, 0, 4096, 0o1600)}
for name, (intel, arm, *arguments) in calls.items():
    result = libc.syscall(intel if x86 else arm, *arguments)
    if result == 0 and name == "clone":
        os._exit(0)
    assert (result, ctypes.get_errno()) == (-1, 1), (name, result, ctypes.get_errno())
with open("/proc/self/status") as file:
    text = file.read()
assert "NoNewPrivs:\\t1" in text and "Seccomp:\\t2" in text
assert "CapEff:\\t0000000000000000" in text and "CapPrm:\\t0000000000000000" in text
"""
    passes(worker, body)


def test_a_daemon_does_not_outlive_its_program(worker: Worker) -> None:
    before = processes()
    body = """
import signal, time
if os.fork() == 0:
    os.setsid()
    for number in range(1, 32):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    if os.fork() == 0:
        time.sleep(60)
    os._exit(0)
os.wait()
"""
    passes(worker, body)
    assert processes() <= before + 2  # others may start some meanwhile


def test_killing_everything_in_sight_kills_no_one_else(worker: Worker) -> None:
    for attack in (
        "os.kill(-1, 9)",
        "os.kill(1, 9)",
        "os.kill(os.getppid(), 9)",
        "os.killpg(0, 9)",
        "os.kill(os.getpid(), 19)",
    ):
        (cell,) = submit(worker, f"import os\ndef test_a():\n    {attack}\n")
        assert cell.end in ("done", "crash", "timeout"), attack


def test_the_init_cannot_be_looked_into(worker: Worker) -> None:
    body = """
paths = ["/proc/1/" + name for name in ("mem", "environ", "auxv", "root/etc")]
for path in paths + ["/proc/1/fd/" + fd for fd in map(str, range(12))]:
    try:
        os.listdir(path) if path.endswith("etc") else open(path, "rb").read(1)
    except OSError:
        continue
    assert 0, path
"""
    passes(worker, body)


def test_a_fork_bomb_is_bounded(worker: Worker) -> None:
    source = """
import os, time
def test_a():
    while True:
        try:
            os.fork()
        except OSError:
            time.sleep(0.01)
"""
    before, started = processes(), time.monotonic()
    (cell,) = submit(worker, source)
    assert cell.end in ("timeout", "crash")
    assert time.monotonic() - started < 15
    assert processes() <= before + 10


def test_processes_are_counted(worker: Worker) -> None:
    if "process limit" not in worker.protections:
        pytest.skip("the superuser without a writable control group is bounded by time alone")
    body = """
import time
count = 0
try:
    while count < 1000:
        if os.fork() == 0:
            time.sleep(60)
            os._exit(0)
        count += 1
except OSError:
    pass
assert count < 400
"""
    passes(worker, body)


def test_the_disk_is_bounded(worker: Worker) -> None:
    body = """
import tempfile
written = 0
try:
    for number in range(100):
        with open(os.path.join(tempfile.gettempdir(), str(number)), "wb") as file:
            file.write(b"x" * (1 << 20))
        written += 1
except OSError:
    pass
assert written <= 4
"""
    passes(worker, body)


@pytest.mark.parametrize("fd", [1, 2, 3])
def test_a_flood_of_output_harms_nobody(worker: Worker, fd: int) -> None:
    source = f"import os\ndef test_a():\n    while True: os.write({fd}, b'x' * 65536)\n"
    started = time.monotonic()
    (cell,) = submit(worker, source)
    assert cell.end == ("forged" if fd == 3 else "timeout")
    assert time.monotonic() - started < 6


def test_nothing_survives_when_covet_is_killed() -> None:
    program = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from test_containment import ForkServerSandbox, SPEC, Request, Program
worker = ForkServerSandbox().open(SPEC)
print(worker._channels[0]._process.pid, flush=True)
source = "import select\\ndef test_a(): select.select([], [], [], 60)\\n"
list(worker.submit(Request((Program("p"),) * 20, "test_new.py", source)))
"""
    covet = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    assert covet.stdout is not None
    with covet.stdout:
        supervisor = int(covet.stdout.readline())
    time.sleep(0.5)
    family = [supervisor, *descendants(supervisor)]
    assert len(family) >= 4  # supervisor, warm process, init, candidate
    covet.kill()
    covet.wait()
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and any(is_running(pid) for pid in family):
        time.sleep(0.02)
    assert not [pid for pid in family if is_running(pid)]


def descendants(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(c) for c in children] + [d for c in children for d in descendants(int(c))]


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
