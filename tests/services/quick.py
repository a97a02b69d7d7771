"""Pytest plugin of `make quick`: a slice of the tests that needs no server and no browser, on SQLite in memory."""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

import pytest

from tests.services.areas import area_of

# What the most frequent mistakes break, in the order of the work: law, book, desks, the public record.
SLICE = (
    "tests/house/",
    "tests/look/",
    "tests/registry/rules/",
    "tests/registry/book/test_ledger.py",
    "tests/registry/book/test_ledger_later_submissions.py",
    "tests/registry/book/test_numbering.py",
    "tests/registry/deadlines/",
    "tests/registry/labels/",
    "tests/registry/publication/",
    "tests/registry/public/",
    "tests/applicants/drafts/",
    "tests/review/decisions/",
    "tests/review/queue/",
    "tests/filing_portal/test_access.py",
)
# A test with one of these has processes or connections beside its own.
_MORE_THAN_ONE_PROCESS = {"transactional_db", "broker", "browser"}


def is_quick(item: pytest.Item) -> bool:
    """Whether a test belongs to the slice and runs in one process with one connection on any database."""
    if not item.nodeid.startswith(SLICE) or item.get_closest_marker("postgresql"):
        return False
    database = item.get_closest_marker("django_db")
    if database is not None and database.kwargs.get("transaction"):
        return False
    return not _MORE_THAN_ONE_PROCESS & set(getattr(item, "fixturenames", ()))


class QuickSlice:
    """Leaves the other tests out, and says how many of which area they are."""

    def __init__(self) -> None:
        self._left_out: Counter[str] = Counter()

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        left_out = [item for item in items if not is_quick(item)]
        items[:] = [item for item in items if is_quick(item)]
        config.hook.pytest_deselected(items=left_out)
        self._left_out.update(area_of(item.nodeid).name for item in left_out)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if "PYTEST_XDIST_WORKER" in os.environ:
            vars(session.config)["workeroutput"]["left_out"] = dict(self._left_out)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        # Each test process collects every test.
        self._left_out = self._left_out or Counter(getattr(node, "workeroutput", {}).get("left_out", {}))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        by_area = ", ".join(f"{name} {count}" for name, count in self._left_out.most_common())
        terminalreporter.section("what this left out")
        terminalreporter.write_line(f"{self._left_out.total()} tests: {by_area or 'none'}.")
        terminalreporter.write_line(
            "Among them everything on PostgreSQL, Redis, Celery workers and Chromium, and every race: `make test`."
        )
