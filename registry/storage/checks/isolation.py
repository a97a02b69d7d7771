"""What the kernel forbids a process that decodes a file: all but computing on what it was handed.

A process that looks at a web address is walled in likewise, but for connections to the network.

Three walls, each as far as the kernel has it (Linux; elsewhere none, and the decoder's own service has to do):
nobody may look into the process; of the file system it reads libraries, fonts and time zones only (Landlock); of the
system's calls it makes those on a list, so no sockets, no programs, no other processes (seccomp).
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import signal
import struct
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

_CHECKS = Path(__file__).resolve().parent
_ROOT = _CHECKS.parents[2]
# pypdfium2 reads the fonts that a document names and does not bring.
_SYSTEM = ("/lib", "/lib64", "/usr/lib", "/usr/local/lib", "/etc/ld.so.cache", "/dev/null", "/dev/urandom")
# pyHanko knows when laws of signatures came into force, by their place's clock.
_TIME_ZONES = ("/usr/share/zoneinfo",)
_FONTS = ("/usr/share/fonts", "/usr/share/X11/fonts", "/usr/local/share/fonts")

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
_SECCOMP_MODE_FILTER = 2
# The same numbers on every processor.
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_READ_FILE, _READ_DIRECTORY = 1 << 2, 1 << 3
# Whatever the first version of Landlock knows: running, writing, making, removing.
_EVERY_ACCESS = (1 << 13) - 1
_RULE_PATH_BENEATH = 1


def confine(*, reads: Sequence[str] = (), may_connect: bool = False) -> None:
    """Puts the walls around this process for good. Called before anything of a file or an answer is read.

    `reads` are further paths that it may read; with `may_connect` it may open connections over IPv4 and IPv6.
    """
    if not sys.platform.startswith("linux"):
        return
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _allow_reading(libc, [*_library_paths(), str(_CHECKS), *_SYSTEM, *_FONTS, *_TIME_ZONES, *reads])
    _allow_calls(libc, may_connect=may_connect)


def _library_paths() -> list[str]:
    """Where Python finds its modules, but no directory that the portal stands in: its files stand there too."""
    found = (Path(each).resolve() for each in sys.path if each)
    return [str(path) for path in found if path != _ROOT and path not in _ROOT.parents]


# ---------------------------------------------------------------- Landlock


def _allow_reading(libc: ctypes.CDLL, paths: Iterable[str]) -> None:
    access = struct.pack("=Q", _EVERY_ACCESS)
    ruleset = libc.syscall(_LANDLOCK_CREATE, access, len(access), 0)
    if ruleset < 0:
        return
    for path in paths:
        try:
            place = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            continue
        allowed = _READ_FILE | _READ_DIRECTORY if Path(path).is_dir() else _READ_FILE
        rule = struct.pack("=Qi", allowed, place)
        libc.syscall(_LANDLOCK_ADD, ruleset, _RULE_PATH_BENEATH, rule, 0)
        os.close(place)
    libc.syscall(_LANDLOCK_RESTRICT, ruleset, 0)
    os.close(ruleset)


# ---------------------------------------------------------------- seccomp


def _numbers(calls: str) -> tuple[int, ...]:
    return tuple(int(each.partition("=")[2]) for each in calls.split())


# The calls of the interpreter and of the decoders, by processor; `open` and its like have no number on the second.
_CALLS: dict[str, tuple[int, ...]] = {
    "x86_64": _numbers(
        "read=0 write=1 close=3 stat=4 fstat=5 lstat=6 poll=7 lseek=8 mmap=9 mprotect=10 munmap=11 brk=12 "
        "rt_sigaction=13 rt_sigprocmask=14 rt_sigreturn=15 pread64=17 readv=19 writev=20 access=21 "
        "sched_yield=24 mremap=25 madvise=28 dup=32 nanosleep=35 getpid=39 exit=60 uname=63 fcntl=72 "
        "getcwd=79 readlink=89 gettimeofday=96 getrlimit=97 getrusage=98 sysinfo=99 getuid=102 getgid=104 "
        "geteuid=107 getegid=108 getppid=110 sigaltstack=131 arch_prctl=158 setrlimit=160 gettid=186 "
        "time=201 futex=202 sched_getaffinity=204 getdents64=217 set_tid_address=218 fadvise64=221 "
        "clock_gettime=228 clock_getres=229 clock_nanosleep=230 exit_group=231 newfstatat=262 "
        "readlinkat=267 faccessat=269 set_robust_list=273 getcpu=309 getrandom=318 statx=332 rseq=334 "
        "faccessat2=439 "
    ),
    "aarch64": _numbers(
        "getcwd=17 dup=23 fcntl=25 faccessat=48 close=57 getdents64=61 lseek=62 read=63 write=64 readv=65 "
        "writev=66 pread64=67 ppoll=73 readlinkat=78 newfstatat=79 fstat=80 exit=93 exit_group=94 "
        "set_tid_address=96 futex=98 set_robust_list=99 nanosleep=101 clock_gettime=113 clock_getres=114 "
        "clock_nanosleep=115 sched_getaffinity=123 sched_yield=124 sigaltstack=132 rt_sigaction=134 "
        "rt_sigprocmask=135 rt_sigreturn=139 uname=160 getrlimit=163 setrlimit=164 getrusage=165 "
        "getcpu=168 gettimeofday=169 getpid=172 getppid=173 getuid=174 geteuid=175 getgid=176 getegid=177 "
        "gettid=178 sysinfo=179 brk=214 munmap=215 mremap=216 mmap=222 fadvise64=223 mprotect=226 "
        "madvise=233 getrandom=278 statx=291 rseq=293 faccessat2=439 "
    ),
}
# Beside them, for connections: those of sockets, and what looks whether one has something to read.
_CONNECTING: dict[str, tuple[int, ...]] = {
    "x86_64": _numbers(
        "ioctl=16 select=23 connect=42 sendto=44 recvfrom=45 sendmsg=46 recvmsg=47 shutdown=48 bind=49 "
        "getsockname=51 getpeername=52 setsockopt=54 getsockopt=55 pselect6=270 ppoll=271 recvmmsg=299 "
        "sendmmsg=307 "
    ),
    "aarch64": _numbers(
        "ioctl=29 pselect6=72 bind=200 connect=203 getsockname=204 getpeername=205 sendto=206 recvfrom=207 "
        "setsockopt=208 getsockopt=209 shutdown=210 sendmsg=211 recvmsg=212 recvmmsg=243 sendmmsg=269 "
    ),
}
# The call that makes a socket, and the families of the network: none of the machine's own.
_SOCKET = {"x86_64": 41, "aarch64": 198}
_FAMILIES = (2, 10)
_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
# Of files: opened to be read and not to be made or emptied. Number of the call, and which argument holds the flags.
_OPENING = {"x86_64": ((2, 1), (257, 2)), "aarch64": ((56, 2),)}
_WRITING_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# Threads, and no processes. The newer call hides its flags: "no such call" makes libraries use the older one.
_CLONE = {"x86_64": 56, "aarch64": 220}
_CLONE_THREAD = 0x10000
_CLONE_3 = 435
# Of itself only: a limit, and the signal by which a library ends its process.
_ON_ITSELF = {"x86_64": (302, 234), "aarch64": (261, 131)}

_LOAD, _EQUAL, _ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENTS_AT = 0, 4, 16


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def _allow_calls(libc: ctypes.CDLL, *, may_connect: bool) -> None:
    machine = platform.machine()
    if machine not in _CALLS or sys.byteorder != "little":
        return
    instructions = b"".join(_filter(machine, may_connect=may_connect))
    program = _Program(len(instructions) // 8, instructions)
    libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0)


def _filter(machine: str, *, may_connect: bool) -> Sequence[bytes]:
    """The rules as the kernel reads them: what the process is, then each call in turn, then a refusal."""
    refused = _do(_RETURN, _REFUSE | errno.EPERM)
    limiting, signalling = _ON_ITSELF[machine]
    rules = [
        _do(_LOAD, _ARCHITECTURE_AT),
        _do(_EQUAL, _ARCHITECTURES[machine], 1, 0),
        _do(_RETURN, _KILL),
        _do(_LOAD, _NUMBER_AT),
    ]
    for number in (*_CALLS[machine], *(_CONNECTING[machine] if may_connect else ())):
        rules += [_do(_EQUAL, number, 0, 1), _do(_RETURN, _ALLOW)]
    rules += [_do(_EQUAL, _CLONE_3, 0, 1), _do(_RETURN, _REFUSE | errno.ENOSYS)]
    for number, position in _OPENING[machine]:
        rules += _when(number, position, _do(_ANY_BIT, _WRITING_FLAGS, 0, 1), refused, _do(_RETURN, _ALLOW))
    rules += _when(_CLONE[machine], 0, _do(_ANY_BIT, _CLONE_THREAD, 0, 1), _do(_RETURN, _ALLOW), refused)
    for family in _FAMILIES if may_connect else ():
        rules += _when(
            _SOCKET[machine], 0, _do(_EQUAL, family, 0, 1), _do(_RETURN, _ALLOW), _do(_LOAD, _NUMBER_AT)
        )
    rules += _when(limiting, 0, _do(_EQUAL, 0, 0, 1), _do(_RETURN, _ALLOW), refused)
    rules += _when(signalling, 0, _do(_EQUAL, os.getpid(), 0, 1), _do(_RETURN, _ALLOW), refused)
    return [*rules, refused]


def _when(number: int, position: int, test: bytes, then: bytes, otherwise: bytes) -> list[bytes]:
    """For one call: the low half of an argument is tested."""
    load = _do(_LOAD, _ARGUMENTS_AT + 8 * position)
    return [_do(_EQUAL, number, 0, 4), load, test, then, otherwise]


def _do(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)
