"""Pytest plugin: processor seconds by area against their budget, and how many tests are left to `make proof`.

Processor time, not time by the clock: it is the same on a busy machine, and several workers add up.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.services.areas import AREAS, area_of
from tests.services.session import services

_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
# Collection, databases, browsers: what a test process prepares once, for whichever test comes first.
_SET_UP = "set-up"
_SERVERS = "servers"


def processor_seconds(process: int, *, without: Collection[int] = ()) -> float:
    """What a process and all below it have used, ended ones included; `without` are left out with all below them."""
    if process == os.getpid() and not _has_children():
        return sum(os.times()[:4])
    children: dict[int, list[int]] = defaultdict(list)
    used: Counter[int] = Counter()
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                # After the name in brackets: state, parent, …, and from the twelfth on four counts of ticks, for
                # the process itself and for its children that ended.
                fields = (
                    (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
                )
            except OSError:
                continue
            children[int(fields[1])].append(int(folder.name))
            used[int(folder.name)] = sum(map(int, fields[11:15]))
    ticks, found = 0, [process]
    while found:
        if (each := found.pop()) not in without:
            ticks += used[each]
            found += children[each]
    return ticks / _TICKS_A_SECOND


def _has_children() -> bool:
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


class ProcessorTime:
    """Charges what this process uses to one area after the other, and adds up what the test processes did."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = defaultdict(float)
        self._tests: Counter[str] = Counter()
        self._left_to_proof: Counter[str] = Counter()
        self._area = _SET_UP
        self._charged = 0.0

    def _charge(self, area: str) -> None:
        now = processor_seconds(os.getpid(), without=services.process_ids())
        # A process whose parent ended before it drops out of the count.
        self._seconds[area] += max(0.0, now - self._charged)
        self._charged = now

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        left = [item for item in items if item.get_closest_marker("proof")]
        self._left_to_proof.update(area_of(item.nodeid).name for item in left)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        if not any(self._tests.values()):
            self._charge(_SET_UP)
        self._area = area_of(item.nodeid).name
        self._tests[self._area] += 1
        answer = yield
        self._charge(self._area)
        return answer

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Iterator[None]:
        if fixturedef.scope != "session":
            return (yield)
        self._charge(self._area)
        answer = yield
        self._charge(_SET_UP)
        return answer

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """A test process hands its counts to the one that started it."""
        if "PYTEST_XDIST_WORKER" in os.environ:
            self._charge(_SET_UP)
            counts = (self._seconds, self._tests, self._left_to_proof)
            vars(session.config)["workeroutput"]["processor_time"] = tuple(dict(count) for count in counts)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        # A test process that crashed has no output.
        seconds, tests, left = getattr(node, "workeroutput", {}).get("processor_time", ({}, {}, {}))
        for area, used in seconds.items():
            self._seconds[area] += used
        self._tests.update(tests)
        # Each of them collects every test.
        self._left_to_proof = self._left_to_proof or Counter(left)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if terminalreporter.config.option.numprocesses:
            self._seconds[_SET_UP] += sum(os.times()[:2])
        self._seconds[_SERVERS] = sum(processor_seconds(each) for each in services.process_ids())
        write = terminalreporter.write_line
        terminalreporter.section("processor seconds by area")
        write(f"{'':10}{'tests':>7}{'used':>7}{'budget':>8}")
        for area in AREAS:
            used = self._seconds[area.name]
            note = "  OVER BUDGET" if used > area.budget_seconds else ""
            write(f"{area.name:10}{self._tests[area.name]:7}{used:7.0f}{area.budget_seconds:8}{note}")
        for name in (_SET_UP, _SERVERS):
            write(f"{name:10}{'':7}{self._seconds[name]:7.0f}")
        together = f"{self._tests.total():7}{sum(self._seconds.values()):7.0f}"
        write(f"{'together':10}{together}{sum(area.budget_seconds for area in AREAS):8}")
        by_area = ", ".join(f"{name} {count}" for name, count in self._left_to_proof.most_common())
        write(f"Left to `make proof`: {self._left_to_proof.total()} tests ({by_area or 'none'}).")
