"""Portal processes that are forked from one that has everything loaded: a start costs no imports.

They are processes as any other: with connections of their own, and killed by SIGKILL where a test says so.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from functools import cache
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext, ForkServerProcess
from unittest import mock

from filing_portal.parent_death import end_with_parent
from tests.services.portal import portal_environment


@cache
def _warm() -> ForkServerContext:
    """The process to fork from, started once: on this test process's database, and connected to nothing."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.services.warm"])
    with mock.patch.dict(os.environ, portal_environment()):
        forkserver.ensure_running()
    return context


def _run(work: Callable[..., None], arguments: tuple[str, ...]) -> None:
    end_with_parent()
    work(*arguments)


def start_fork(work: Callable[..., None], *arguments: str) -> ForkServerProcess:
    """A process that does this function of a module, and dies with the test process at the latest."""
    process = _warm().Process(target=_run, args=(work, arguments))
    process.start()
    return process
