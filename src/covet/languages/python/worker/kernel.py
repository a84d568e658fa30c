"""System calls that Python has no name for, by ctypes; each raises ``OSError``.

Numbers are those of x86_64 and aarch64, which share everything above 424. Nothing here decides
what to allow, except the filter of ``seccomp``, whose lists stand together at the end.
"""

import ctypes
import os
import platform
import struct
import sys
from collections.abc import Sequence

CLONE_NEWNS = 0x00020000
CLONE_NEWCGROUP = 0x02000000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_REC, MS_PRIVATE = 1 << 14, 1 << 18
MNT_DETACH = 2

_OPEN_TREE, _MOVE_MOUNT, _MOUNT_SETATTR = 428, 429, 442
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_AT_FDCWD, _AT_EMPTY_PATH, _AT_RECURSIVE, _CLOEXEC = -100, 0x1000, 0x8000, 0o2000000

MACHINE = platform.machine()
_ARCHITECTURES = {"x86_64": (0xC000003E, 155, 126, 317), "aarch64": (0xC00000B7, 41, 91, 277)}
"""AUDIT_ARCH, and the numbers of pivot_root, capset and seccomp."""

_libc = ctypes.CDLL(None, use_errno=True)


def supported() -> bool:
    """Whether the numbers here are this machine's."""
    return sys.platform == "linux" and MACHINE in _ARCHITECTURES and sys.maxsize > 2**32


def _checked(result: int, what: str) -> int:
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error), what)
    return result


def _syscall(what: str, number: int, *arguments: object) -> int:
    values = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    return _checked(int(_libc.syscall(ctypes.c_long(number), *values)), what)


def unshare(flags: int) -> None:
    _checked(int(_libc.unshare(ctypes.c_int(flags))), "unshare")


def setns(fd: int, kind: int) -> None:
    _checked(int(_libc.setns(ctypes.c_int(fd), ctypes.c_int(kind))), "setns")


def mount(kind: str, target: str, flags: int, data: str = "") -> None:
    """A new file system of ``kind`` at ``target``; with an empty kind, a change of flags."""
    name = kind.encode() or None
    result = _libc.mount(
        name, os.fsencode(target), name, ctypes.c_ulong(flags), data.encode() or None
    )
    _checked(int(result), "mount " + (kind or "flags") + " at " + target)


def unmount(target: str) -> None:
    _checked(int(_libc.umount2(os.fsencode(target), MNT_DETACH)), "umount " + target)


def pivot_root_here() -> None:
    """Make the working directory, a mount, the root; the old root is gone."""
    _syscall("pivot_root", _ARCHITECTURES[MACHINE][1], b".", b".")
    unmount(".")
    os.chdir("/")


def copy_tree(path: str) -> int:
    """A descriptor of a detached bind mount of ``path`` with everything mounted below it."""
    flags = 1 | _CLOEXEC | _AT_RECURSIVE
    return _syscall("open_tree " + path, _OPEN_TREE, _AT_FDCWD, os.fsencode(path), flags)


def make_read_only(tree: int, flags: int = MS_RDONLY | MS_NOSUID | MS_NODEV) -> None:
    """Recursively; needs Linux 5.12."""
    attributes = ctypes.create_string_buffer(struct.pack("<QQQQ", flags, 0, 0, 0), 32)
    _syscall(
        "mount_setattr",
        _MOUNT_SETATTR,
        tree,
        b"",
        _AT_EMPTY_PATH | _AT_RECURSIVE,
        ctypes.byref(attributes),
        32,
    )


def make_read_only_here() -> None:
    """The mount of the working directory alone, not what is mounted below it."""
    attributes = ctypes.create_string_buffer(struct.pack("<QQQQ", MS_RDONLY, 0, 0, 0), 32)
    _syscall("mount_setattr", _MOUNT_SETATTR, _AT_FDCWD, b".", 0, ctypes.byref(attributes), 32)


def attach(tree: int, target: str) -> None:
    """Mount what ``copy_tree`` returned, and close it."""
    _syscall("move_mount " + target, _MOVE_MOUNT, tree, b"", _AT_FDCWD, os.fsencode(target), 4)
    os.close(tree)


def close_from(first: int) -> None:
    """Every descriptor from ``first`` on. ``os.closerange`` may be a loop of a million calls."""
    if supported():
        _syscall("close_range", 436, first, 0xFFFFFFFF, 0)
    else:
        os.closerange(first, 4096)


# --------------------------------------------------------------------------- prctl, caps


def _prctl(what: str, *arguments: int) -> int:
    padded = [*arguments, 0, 0, 0, 0][:5]
    return _checked(int(_libc.prctl(*[ctypes.c_ulong(a) for a in padded])), what)


def die_with_parent() -> None:
    """SIGKILL when the thread that forked this process ends."""
    _prctl("PR_SET_PDEATHSIG", 1, 9)


def adopt_orphans() -> None:
    _prctl("PR_SET_CHILD_SUBREAPER", 36, 1)


def set_dumpable(value: bool) -> None:
    """While false, no process of equal rights can look into this one's memory or files."""
    _prctl("PR_SET_DUMPABLE", 4, int(value))


def no_new_privileges() -> None:
    _prctl("PR_SET_NO_NEW_PRIVS", 38, 1)


def drop_capabilities() -> None:
    header = ctypes.create_string_buffer(struct.pack("<Ii", 0x20080522, 0), 8)
    nothing = ctypes.create_string_buffer(24)
    number = _ARCHITECTURES[MACHINE][2]
    _syscall("capset", number, ctypes.byref(header), ctypes.byref(nothing))


# ------------------------------------------------------------------------------ landlock

_READ_RIGHTS = 1 | 4 | 8  # execute, read a file, list a folder
_FILE_RIGHTS = 1 | 2 | 4 | 1 << 14 | 1 << 15  # those that make sense for what is no folder


def landlock_version() -> int:
    """The kernel's; 0 where it has none."""
    try:
        return _syscall("landlock", _LANDLOCK_CREATE, 0, 0, 1)
    except OSError:
        return 0


def landlock(writable: Sequence[str]) -> None:
    """From here on: read anything, write below ``writable`` alone, connect to nothing and
    signal nothing outside. Call ``no_new_privileges`` first.
    """
    version = landlock_version()
    rights = (1 << 13) - 1
    for since, right in ((2, 1 << 13), (3, 1 << 14), (5, 1 << 15)):
        rights |= right if version >= since else 0
    attributes = struct.pack("<QQQ", rights, 3 if version >= 4 else 0, 3 if version >= 6 else 0)[
        : 24 if version >= 6 else 16 if version >= 4 else 8
    ]
    buffer = ctypes.create_string_buffer(attributes, len(attributes))
    ruleset = _syscall(
        "landlock_create_ruleset", _LANDLOCK_CREATE, ctypes.byref(buffer), len(attributes), 0
    )
    _landlock_rule(ruleset, "/", _READ_RIGHTS)
    for path in writable:
        _landlock_rule(ruleset, path, rights)
    _syscall("landlock_restrict_self", _LANDLOCK_RESTRICT, ruleset, 0)
    os.close(ruleset)


def _landlock_rule(ruleset: int, path: str, rights: int) -> None:
    fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    if not os.path.isdir(path):  # noqa: PTH112
        rights &= _FILE_RIGHTS
    rule = ctypes.create_string_buffer(struct.pack("<Qi", rights, fd), 12)
    _syscall("landlock_add_rule " + path, _LANDLOCK_ADD, ruleset, 1, ctypes.byref(rule), 0)
    os.close(fd)


# ------------------------------------------------------------------------------- seccomp

_DENIED = {  # name: (x86_64, aarch64)
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "pidfd_getfd": (438, 438),
    "process_madvise": (440, 440),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "unshare": (272, 97),
    "setns": (308, 268),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "personality": (135, 92),
    "open_by_handle_at": (304, 265),
    "name_to_handle_at": (303, 264),
    "fanotify_init": (300, 262),
    "syslog": (103, 116),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "adjtimex": (159, 171),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "vhangup": (153, 58),
    "move_pages": (279, 239),
    "migrate_pages": (256, 238),
    # A pair of sockets is fine; one that connects could reach a server in a shown folder.
    "socket": (41, 198),
    "memfd_create": (319, 279),  # memory that no limit of a process counts
    "memfd_secret": (447, 447),
    "shmget": (29, 194),  # System V and POSIX queues would outlive a program's run
    "semget": (64, 190),
    "msgget": (68, 186),
    "mq_open": (240, 180),
    "iopl": (172, -1),
    "ioperm": (173, -1),
    "modify_ldt": (154, -1),
}
_OF_ITSELF = {  # name: ((x86_64, aarch64), {argument: the one value that is allowed})
    "setpriority": ((141, 140), {0: 0, 1: 0}),
    "sched_setparam": ((142, 118), {0: 0}),
    "sched_setscheduler": ((144, 119), {0: 0}),
    "sched_setattr": ((314, 274), {0: 0}),
    "sched_setaffinity": ((203, 122), {0: 0}),
    "prlimit64": ((302, 261), {0: 0}),
    "ioprio_set": ((251, 30), {0: 1, 1: 0}),
}
"""What a process may do to itself alone: all candidates of a worker run as one user."""
_CLONE = {"x86_64": 56, "aarch64": 220}
_CLONE3 = 435
_NAMESPACE_FLAGS = 0x7E020000
_ALLOW, _EPERM, _ENOSYS, _KILL = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000


def _instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("<HBBI", code, if_true, if_false, value)


def seccomp_filter() -> bytes:
    """A classic BPF program: what is on the list fails with EPERM, the rest passes.

    Sockets of any family but AF_UNIX fail too, and new processes in new namespaces; clone3,
    whose flags no filter can see, is said not to exist, so that clone is used. Calls of
    another architecture end the process.
    """
    column = list(_ARCHITECTURES).index(MACHINE)
    load, equal, at_least, any_bit, answer = 0x20, 0x15, 0x35, 0x45, 0x06
    program = [
        _instruction(load, 4),
        _instruction(equal, _ARCHITECTURES[MACHINE][0], 1),
        _instruction(answer, _KILL),
        _instruction(load, 0),
    ]
    if MACHINE == "x86_64":
        program += [_instruction(at_least, 0x40000000, 0, 1), _instruction(answer, _KILL)]
    for number in sorted({numbers[column] for numbers in _DENIED.values()} - {-1}):
        program += [_instruction(equal, number, 0, 1), _instruction(answer, _EPERM)]
    for numbers, arguments in _OF_ITSELF.values():
        checks = b""
        for argument, value in arguments.items():
            checks += _instruction(load, 16 + 8 * argument)
            checks += _instruction(equal, value, 1) + _instruction(answer, _EPERM)
        checks += _instruction(answer, _ALLOW)
        program += [_instruction(equal, numbers[column], 0, len(checks) // 8), checks]
    program += [_instruction(equal, _CLONE3, 0, 1), _instruction(answer, _ENOSYS)]
    program += [
        _instruction(equal, _CLONE[MACHINE], 0, 3),
        _instruction(load, 16),
        _instruction(any_bit, _NAMESPACE_FLAGS, 0, 1),
        _instruction(answer, _EPERM),
        _instruction(answer, _ALLOW),
    ]
    return b"".join(program)


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p)]


def seccomp(instructions: bytes) -> None:
    """Install a filter. Call ``no_new_privileges`` first."""
    buffer = ctypes.create_string_buffer(instructions, len(instructions))
    program = _Program(len(instructions) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    _syscall("seccomp", _ARCHITECTURES[MACHINE][3], 1, 0, ctypes.byref(program))
