"""A button that is pressed twice begins one draft: two requests at the same moment, on the database of the portal."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from applicants.drafts import store as drafts
from applicants.models import Draft
from registry.models import Account, Applicant
from registry.rules.workflow.states import Act
from registry.sample import walk
from tests.applicants.pages import Desk
from tests.builders import register as build
from tests.builders.register import MORNING, Cast

Request = Callable[[Desk], Any]


def press_twice(account: Account, request: Request, *, before: Callable[[], None] = lambda: None) -> int:
    """How many drafts there are after the request came from two browsers' threads at once."""
    desks = [Desk.of(account), Desk.of(account)]
    ready = threading.Barrier(2, timeout=20)

    def press(desk: Desk) -> int:
        try:
            ready.wait()
            return int(request(desk).status_code)
        finally:
            connection.close()

    before()
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(press, desks)) == [302, 302]
    return Draft.objects.filter(account=account).count()


def start(applicant: Applicant | None) -> Request:
    return lambda desk: desk.client.post(
        "/applicant/start/", {"applicant": str(applicant.pk) if applicant is not None else ""}
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_known", [False, True])
def test_two_posts_at_once_to_the_start_page_make_one_draft(cast: Cast, *, is_known: bool) -> None:
    applicant = build.filing_of(build.in_force(cast)).applicant if is_known else None
    for _each in range(5):
        assert press_twice(cast.member, start(applicant)) == 1
        Draft.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_two_posts_at_once_copy_an_application_once(cast: Cast) -> None:
    case = build.submitted(cast)
    walk.act(case, Act.WITHDRAW, by=cast.member, at=MORNING)
    for _each in range(5):
        assert press_twice(cast.member, lambda desk: desk.post("copy", case.application_id)) == 1
        Draft.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_same_two_posts_make_two(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    both_have_looked = threading.Barrier(2, timeout=20)
    save = Draft.save

    def wait_and_save(draft: Draft, **options: Any) -> None:
        both_have_looked.wait()
        save(draft, **options)

    monkeypatch.setattr(drafts, "lock_row", lambda _model, _row_id: None)
    monkeypatch.setattr(Draft, "save", wait_and_save)
    assert press_twice(cast.member, start(None)) == 2


@pytest.mark.django_db
def test_who_begins_another_filing_later_or_after_typing_gets_another_draft(cast: Cast) -> None:
    first = drafts.begin_draft(cast.member, applicant=None, at=MORNING)
    again = drafts.begin_draft(cast.member, applicant=None, at=MORNING + timedelta(seconds=9))
    assert again == first
    later = drafts.begin_draft(cast.member, applicant=None, at=MORNING + timedelta(seconds=30))
    assert later != first
    save = drafts.SectionSave("service", {"service_name": "样例平台"}, frozenset({"service_name"}))
    drafts.save_section(later.pk, save, at=MORNING + timedelta(seconds=31))
    typed_in = drafts.begin_draft(cast.member, applicant=None, at=MORNING + timedelta(seconds=32))
    assert typed_in.pk not in {first.pk, later.pk}
    assert drafts.begin_draft(cast.stranger, applicant=None, at=MORNING).account == cast.stranger


@pytest.mark.django_db
def test_a_copy_and_a_new_filing_are_two_drafts_though_both_begin_within_seconds(cast: Cast) -> None:
    case = build.submitted(cast)
    walk.act(case, Act.WITHDRAW, by=cast.member, at=MORNING)
    applicant = case.application.applicant
    copied = drafts.copy_application(case.application, account=cast.member, at=MORNING)
    begun = drafts.begin_draft(cast.member, applicant=applicant, at=MORNING)
    assert copied.materials["service"]["service_name"]
    assert not begun.materials["service"].get("service_name")
    assert isinstance(begun.pk, uuid.UUID)
    assert copied.pk != begun.pk
