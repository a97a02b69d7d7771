"""Pytest plugin: gives the session its servers before Django reads the settings, and takes them away again."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# Before anything of the portal is imported: its own default is the embedded set-up.
os.environ["DJANGO_SETTINGS_MODULE"] = "filing_portal.settings.testing"

from tests.services.processor_time import ProcessorTime
from tests.services.quick import QuickSlice
from tests.services.session import NO_SERVER, services

# Compiled once, and not by each of the many processes that tests start.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

_REPOSITORY = Path(__file__).resolve().parents[2]
# Several workers are done together only when no long test is left for the end: these start first, among their kind.
_LONGEST_FIRST = (
    "tests/access/",
    "tests/registry/book/test_ledger_machine.py",
    "tests/registry/sample/test_sample_data.py",
    "tests/journeys/",
    "tests/privacy/",
    "tests/faults/",
    "tests/registry/accounts/test_personal_data_at_rest.py",
    "tests/applicants/drafts/test_scripts.py",
    "tests/review/case/test_case_browser.py",
    "tests/filing_portal/test_supervisor.py",
    "tests/filing_portal/test_production_processes.py",
    "tests/test_demo.py",
    "tests/registry/storage/checks/",
)


def _is_xdist_worker() -> bool:
    return "PYTEST_XDIST_WORKER" in os.environ


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("filing portal")
    group.addoption(
        "--quick", action="store_true", help="a slice of the tests, on SQLite, without any server"
    )
    group.addoption("--areas", action="store_true", help="processor seconds by area, against their budget")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Runs before pytest-django loads the settings."""
    if early_config.known_args_namespace.quick:
        os.environ["DATABASE_URL"] = NO_SERVER
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    if _is_xdist_worker():
        _take_own_redis_databases()
    else:
        services.announce()


def pytest_configure(config: pytest.Config) -> None:
    """Several workers share the servers, so they start before the workers do."""
    if config.option.quick:
        config.pluginmanager.register(QuickSlice())
    if config.option.areas:
        config.pluginmanager.register(ProcessorTime())
    if _is_xdist_worker():
        return
    _compile_messages()
    if getattr(config.option, "numprocesses", None) and not config.option.collectonly:
        services.start()


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Before pytest-django puts the kinds of tests one after another, which keeps the order within each."""
    items.sort(key=_place_in_order)
    yield


def _place_in_order(item: pytest.Item) -> int:
    places = (place for place, start in enumerate(_LONGEST_FIRST) if item.nodeid.startswith(start))
    return next(places, len(_LONGEST_FIRST))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line that says what the tests ran on."""
    if not _is_xdist_worker() and not terminalreporter.config.option.collectonly:
        terminalreporter.write_line(f"Ran on {services.describe()}.")


def pytest_unconfigure() -> None:
    """Also reached after Ctrl-C."""
    if not _is_xdist_worker():
        services.stop()


def _take_own_redis_databases() -> None:
    if "REDIS_URL" not in os.environ:
        return
    number = int(os.environ["PYTEST_XDIST_WORKER"].removeprefix("gw"))
    address, _slash, _database = os.environ["REDIS_URL"].rpartition("/")
    os.environ["REDIS_URL"] = f"{address}/{2 * number}"


def _compile_messages() -> None:
    """Translations are tested as users see them, so the compiled files must be current."""
    from filing_portal.messages import compile_messages

    compile_messages(_REPOSITORY)
