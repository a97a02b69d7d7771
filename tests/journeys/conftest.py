"""Browsers that are watched, and the officers who work in them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from registry.accounts.officers import create_officer
from registry.models import Account
from registry.rules.workflow.states import Role
from tests.journeys.people import PASSWORD, PATIENCE_MS, Reviewer, bring_session
from tests.journeys.watching import Watch, faults_of

OpenBrowser = Callable[..., BrowserContext]

BEIJING = "110000"

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture
def outbox() -> Path:
    """Where the portal of the tests leaves what it sent."""
    return Path(os.environ["FILING_PORTAL_TEST_VAR_DIR"]) / "outbox"


@pytest.fixture
def watches() -> list[Watch]:
    """The watches of this test, one a browser profile; `expect` on one announces a refusal."""
    return []


@pytest.fixture
def open_browser(
    browser: Browser, browser_context_arguments: dict[str, Any], watches: list[Watch]
) -> Iterator[OpenBrowser]:
    """Opens watched browser profiles on a portal. At the end nothing may have gone wrong in any of them."""
    with ExitStack() as stack:

        def open_profile(home: str, **changes: Any) -> BrowserContext:
            context = browser.new_context(**{**browser_context_arguments, **changes})
            stack.callback(context.close)
            context.set_default_timeout(PATIENCE_MS)
            watches.append(Watch(home))
            watches[-1].on(context)
            return context

        yield open_profile
        assert faults_of(watches) == []


def officer_at(open_browser: OpenBrowser, home: str, account: Account) -> Reviewer:
    """An officer at the desk, signed in, in a browser profile of its own."""
    context = open_browser(home)
    bring_session(context, home, account)
    return Reviewer(context.new_page(), home)


@pytest.fixture
def officers(transactional_db: None) -> dict[Role, Account]:
    """A reviewer in Beijing and one at the national office."""
    return {
        role: create_officer(
            name=name,
            role=role,
            email=email,
            province_code=BEIJING if role is Role.PROVINCIAL_REVIEWER else "",
            password=PASSWORD,
        )
        for role, name, email in (
            (Role.PROVINCIAL_REVIEWER, "孙样例", "beijing-journey@example.com"),
            (Role.NATIONAL_REVIEWER, "周样例", "national-journey@example.com"),
        )
    }
