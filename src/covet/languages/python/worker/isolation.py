"""The walls around candidates, put up in three places.

- ``leave_the_machine``, in the supervisor: user, process, network, IPC and host name spaces, and
  a bound on the number of processes.
- ``enter_private_root``, in the warm process: a root in memory that shows the interpreter, its
  libraries, the codebase and four devices, all read-only, and nothing else.
- ``enter_request``, in each request's init: processes, ``/proc`` and a temporary folder of its
  own; then every capability is dropped, and landlock and seccomp stand behind the mounts.

What the kernel refuses is ``Refused``, never passed over. The one exception is ``/proc``, which
some containers mask: candidates then do without.
"""

from __future__ import annotations

import contextlib
import glob
import os
import resource
import sys
from collections.abc import Iterator, Sequence

from . import kernel

CANDIDATE_ID = 1000
"""User and group that candidates seem to be."""
PROCESSES = 256
"""Most processes and threads of a worker."""
_INODES = 65536
_OPEN_FILES = 512
_ADVICE = {
    "user namespace": (
        "allow it (sysctl kernel.unprivileged_userns_clone=1, user.max_user_namespaces>0, "
        "kernel.apparmor_restrict_unprivileged_userns=0; in a container: --privileged or a "
        "seccomp profile with unshare and mount)"
    ),
    "namespaces": "run where unshare is allowed (in a container: --privileged)",
    "private root": "run on Linux 5.12 or later, where mounts in a user namespace are allowed",
    "landlock": "run on Linux 5.13 or later with landlock among the kernel's lsm=",
    "seccomp": "run on x86_64 or aarch64, with seccomp in the kernel",
    "temporary folder": "run where tmpfs may be mounted in a user namespace",
}


class Refused(Exception):
    """A layer that the kernel does not give."""

    def __init__(self, layer: str, why: object) -> None:
        super().__init__(
            f"the kernel refuses the sandbox's {layer} ({why}); {_ADVICE[layer]}, or set "
            'sandbox.isolation = "none" to run model-written code with your own rights'
        )
        self.layer = layer
        self.why = str(why)


@contextlib.contextmanager
def _layer(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Refused(name, error) from error


# ---------------------------------------------------------------------------- supervisor


def leave_the_machine() -> None:
    """Unshare everything but mounts; the next child is process 1 of its own world."""
    if not kernel.supported():
        raise Refused("seccomp", f"{sys.platform} on {kernel.MACHINE}")
    user, group = os.geteuid(), os.getegid()
    with _layer("user namespace"):
        kernel.unshare(kernel.CLONE_NEWUSER)
        _write("/proc/self/setgroups", "deny")
        _write("/proc/self/uid_map", f"{CANDIDATE_ID} {user} 1")
        _write("/proc/self/gid_map", f"{CANDIDATE_ID} {group} 1")
    with _layer("namespaces"):
        kernel.unshare(
            kernel.CLONE_NEWPID
            | kernel.CLONE_NEWNET
            | kernel.CLONE_NEWIPC
            | kernel.CLONE_NEWUTS
            | kernel.CLONE_NEWCGROUP
        )


class ProcessGroupLimit:
    """A control group with at most ``PROCESSES`` members, where this process may make one.

    The superuser needs it, for whom RLIMIT_NPROC does not count.
    """

    def __init__(self) -> None:
        self.path = ""
        for parent in _control_groups():
            with contextlib.suppress(OSError):
                self._enter(parent)
                return

    def _enter(self, parent: str) -> None:
        for left_over in glob.glob(parent + "/covet-*"):  # noqa: PTH207
            with contextlib.suppress(OSError):
                os.rmdir(left_over)  # noqa: PTH106
        path = f"{parent}/covet-{os.getpid()}"
        os.mkdir(path)  # noqa: PTH102
        try:
            _write(path + "/pids.max", str(PROCESSES))
            self._return = os.open(parent + "/cgroup.procs", os.O_WRONLY | os.O_CLOEXEC)
            _write(path + "/cgroup.procs", str(os.getpid()))
        except OSError:
            os.rmdir(path)  # noqa: PTH106
            raise
        self.path = path

    def leave(self) -> None:
        """Once its other members are gone."""
        if self.path:
            with contextlib.suppress(OSError):
                os.write(self._return, b"0")
                os.rmdir(self.path)  # noqa: PTH106


def _control_groups() -> Iterator[str]:
    """The folders of the group that this process is in which can bound processes."""
    with contextlib.suppress(OSError), open("/proc/self/cgroup", encoding="ascii") as file:  # noqa: PTH123
        for line in file:
            _, controllers, path = line.rstrip("\n").split(":", 2)
            if controllers == "pids":
                yield "/sys/fs/cgroup/pids" + path.rstrip("/")
            elif not controllers:
                yield "/sys/fs/cgroup" + path.rstrip("/")
                yield "/sys/fs/cgroup/unified" + path.rstrip("/")


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="ascii") as file:  # noqa: PTH123
        file.write(text)


# -------------------------------------------------------------------------- warm process


def enter_private_root(root: str, home: str) -> str:
    """Leave the machine's files behind; the path of the temporary folder to be.

    ``home`` is that of the user who runs Covet: it is never shown as a whole.
    """
    shown = _shown(root, home)
    scratch = next(
        path
        for path in ("/tmp", "/var/tmp", "/scratch")  # noqa: S108
        if not any(_is_inside(other, path) for other in shown)
    )
    with _layer("private root"):
        kernel.unshare(kernel.CLONE_NEWNS)
        kernel.mount("", "/", kernel.MS_REC | kernel.MS_PRIVATE)
        trees = [(path, *_copy(path)) for path in shown]
        devices = [(path, _copy_device(path)) for path in _DEVICES]
        base = "/tmp"  # noqa: S108  (any folder: it is hidden, not written to)
        kernel.mount("tmpfs", base, kernel.MS_NOSUID | kernel.MS_NODEV, "size=1m,mode=0755")
        for path, tree, is_folder in trees:
            _mount_point(base + path, is_folder)
            kernel.attach(tree, base + path)
        for path, tree in devices:
            _mount_point(base + path, is_folder=False)
            kernel.attach(tree, base + path)
        _furnish(base, scratch)
        with contextlib.suppress(OSError):
            _mount_proc(base + "/proc")
        os.chdir(base)
        kernel.pivot_root_here()
        kernel.make_read_only_here()
    return scratch


_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
_SYSTEM = ("/usr", "/nix/store", "/gnu/store")
_TOP = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_SETTINGS = ("/etc/ld.so.cache", "/etc/localtime", "/etc/alternatives")


def _shown(root: str, home: str) -> list[str]:
    """What candidates may read, none inside another, parents before children."""
    top = [path for path in _TOP if not os.path.islink(path)]  # noqa: PTH114
    folders = [sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix]
    executable = os.path.dirname(os.path.realpath(sys.executable))  # noqa: PTH120
    wanted = [*_SYSTEM, *top, *_SETTINGS]
    worker = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120
    for path in map(os.path.abspath, filter(None, (*folders, executable, *sys.path, worker))):
        if not _is_inside(home, path):  # a folder around the home would show all of it
            wanted.append(path)  # noqa: PERF401
    wanted.append(root)
    kept: list[str] = []
    for path in sorted(set(wanted)):
        if os.path.exists(path) and not any(_is_inside(path, other) for other in kept):  # noqa: PTH110
            kept.append(path)
    return kept


def _is_inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _copy(path: str) -> tuple[int, bool]:
    tree = kernel.copy_tree(os.path.realpath(path))
    kernel.make_read_only(tree)
    return tree, os.path.isdir(path)  # noqa: PTH112


def _copy_device(path: str) -> int:
    """A device node whose owner and times cannot be changed; it can still be written to."""
    tree = kernel.copy_tree(path)
    kernel.make_read_only(tree, kernel.MS_RDONLY | kernel.MS_NOSUID | kernel.MS_NOEXEC)
    return tree


def _mount_point(path: str, is_folder: bool) -> None:
    os.makedirs(path if is_folder else os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120
    if not is_folder:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o644))


def _furnish(base: str, scratch: str) -> None:
    for path in _TOP:
        if os.path.islink(path):  # noqa: PTH114
            os.symlink(os.readlink(path), base + path)  # noqa: PTH115, PTH211
    for folder in ("/etc", "/proc", "/tmp", "/var/tmp", scratch):  # noqa: S108
        os.makedirs(base + folder, exist_ok=True)  # noqa: PTH103
    for name in ("fd", "stdin", "stdout", "stderr"):
        number = {"fd": "", "stdin": "/0", "stdout": "/1", "stderr": "/2"}[name]
        os.symlink("/proc/self/fd" + number, f"{base}/dev/{name}")  # noqa: PTH211
    user = f"covet:x:{CANDIDATE_ID}:{CANDIDATE_ID}:covet:{scratch}:/bin/sh\n"
    _write(base + "/etc/passwd", user)
    _write(base + "/etc/group", f"covet:x:{CANDIDATE_ID}:\n")
    _write(base + "/etc/hosts", "127.0.0.1 localhost\n::1 localhost\n")


def _mount_proc(path: str) -> None:
    flags = kernel.MS_RDONLY | kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC
    kernel.mount("proc", path, flags, "subset=pid")


# ---------------------------------------------------------------------------------- init


def enter_request(
    scratch: str,
    disk_mb: int,
    instructions: bytes,
    changed: tuple[str, bytes] | None = None,
) -> None:
    """Called by process 1 of a fresh process namespace; afterwards it has no rights left.

    ``changed``: a file of the codebase, and what is to stand in its place for all who look.
    """
    flags = kernel.MS_NOSUID | kernel.MS_NODEV
    with _layer("temporary folder"):
        kernel.unshare(kernel.CLONE_NEWNS)
        if changed is not None:
            _put_in_place(scratch, *changed)
        data = f"size={disk_mb}m,nr_inodes={_INODES},mode=0700"
        kernel.mount("tmpfs", scratch, flags, data)
        with contextlib.suppress(OSError):
            _mount_proc("/proc")
    with _layer("seccomp"):
        kernel.no_new_privileges()
        kernel.drop_capabilities()
    with _layer("landlock"):
        kernel.landlock([scratch, *_DEVICES])
    with _layer("seccomp"):
        kernel.seccomp(instructions)


def _put_in_place(scratch: str, path: str, text: bytes) -> None:
    """The text lies in a folder in memory that is then hidden below another."""
    kernel.mount("tmpfs", scratch, kernel.MS_NOSUID | kernel.MS_NODEV, "size=64m,mode=0700")
    copy = scratch + "/text"
    with open(copy, "wb") as file:  # noqa: PTH123
        file.write(text)
    if not os.path.exists(path):  # noqa: PTH110
        return  # a file that is not there is served to imports alone
    _cover(path, copy)
    empty = scratch + "/empty"
    _write(empty, "")
    folder, name = os.path.split(path)
    stem = glob.escape(name.rpartition(".")[0])
    for compiled in glob.glob(f"{glob.escape(folder)}/__pycache__/{stem}.*"):  # noqa: PTH207
        _cover(compiled, empty)


def _cover(path: str, other: str) -> None:
    tree = kernel.copy_tree(other)
    kernel.make_read_only(tree)
    kernel.attach(tree, path)


def limit_program(cpu_s: float, memory_mb: int, disk_mb: int, *, isolated: bool) -> None:
    """Bounds on one process; memory is counted from what the warm interpreter has already."""
    seconds = int(cpu_s) + 2  # behind the timer that counts fractions
    memory = _address_space() + (memory_mb << 20)
    limits = {
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_FSIZE: disk_mb << 20,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: _OPEN_FILES,
    }
    if isolated:  # elsewhere the user's other processes would be counted
        limits[resource.RLIMIT_NPROC] = PROCESSES
    for what, most in limits.items():
        _, hard = resource.getrlimit(what)
        value = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (value, value))


_spare: list[int] = []


def measure_again() -> None:
    """The interpreter has grown, by imports of the codebase's own."""
    _spare.clear()


def _address_space() -> int:
    if not _spare:
        try:
            with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123
                _spare.append(int(file.read().split()[0]) * resource.getpagesize())
        except OSError:
            _spare.append(512 << 20)
    return _spare[0]


def protections(limit: ProcessGroupLimit | None) -> Sequence[str]:
    """The layers in force in a warm process that has entered them, for people."""
    layers = [
        "user, process, network, IPC, host name and mount namespaces",
        "private root, read-only",
        f"landlock (version {kernel.landlock_version()})",
        "seccomp",
        "resource limits",
    ]
    if (limit is not None and limit.path) or os.getuid() != 0:
        layers.append("process limit")
    return layers
