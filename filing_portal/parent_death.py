"""Makes the kernel kill a process when its parent dies (Linux only; elsewhere it does nothing)."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def end_with_parent(signal_number: int = signal.SIGKILL) -> None:
    """Makes the kernel send `signal_number` to this process when its parent dies.

    Call it in the child, after fork. A parent that died before the call is detected if process 1 has adopted the
    child.
    """
    if not sys.platform.startswith("linux"):
        return
    parent = os.getppid()
    _prctl(_PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal_number)


if sys.platform.startswith("linux"):
    # Loaded before any fork: a child must not load libraries between fork and exec.
    _prctl = ctypes.CDLL(None, use_errno=True).prctl
