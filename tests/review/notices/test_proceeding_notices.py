"""The national office is told of objections and of statements in its inbox, each once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from registry.integrity.register import verify_register
from registry.models import Account, BatchList, Filing, Notice
from review.notices.desk_notices import events_for_desks, notify_desk
from tests.builders import batch as batches
from tests.builders import objection as build
from tests.builders import striking_off as proceedings
from tests.builders.objection import OBJECTING
from tests.builders.register import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch_list(cast: Cast) -> BatchList:
    """A published list of two filings."""
    batches.filings_in_force(cast, 2)
    return batches.published(cast)


def _sweep() -> None:
    for _run in range(2):
        for event in events_for_desks():
            notify_desk(event, at=OBJECTING + timedelta(days=1))


def _told(kind: str) -> set[Account]:
    return {notice.account for notice in Notice.objects.filter(kind=kind) if notice.account is not None}


def test_a_new_objection_is_told_to_every_officer_of_the_office(cast: Cast, batch_list: BatchList) -> None:
    objection = build.received(batch_list).objection
    _sweep()
    officers = set(Account.objects.filter(role__startswith="national_", is_active=True))
    assert _told("desk_objection") == officers
    assert Notice.objects.filter(kind="desk_objection").count() == len(officers) > 1
    notice = Notice.objects.filter(kind="desk_objection")[0]
    assert objection.receipt_number in notice.body
    assert notice.link_path == f"/review/objections/{objection.pk}/"
    assert build.NAME not in notice.body
    assert verify_register().violations == []


def test_a_statement_is_told_to_the_officer_who_asked_for_it(cast: Cast, batch_list: BatchList) -> None:
    build.answered(cast, batch_list)
    _sweep()
    assert _told("desk_objection_answered") == {cast.national}


def test_a_statement_goes_to_all_when_who_asked_has_left(cast: Cast, batch_list: BatchList) -> None:
    build.answered(cast, batch_list)
    Account.objects.filter(pk=cast.national.pk).update(is_active=False)
    _sweep()
    assert cast.national not in _told("desk_objection_answered")
    assert _told("desk_objection_answered") == {cast.national_head}


def test_a_statement_on_a_striking_off_is_told_to_who_proposed_it(cast: Cast) -> None:
    batches.filings_in_force(cast, 1)
    proceeding = proceedings.proposed(cast, Filing.objects.get())
    proceeding = proceedings.stated(cast, proceeding)
    _sweep()
    assert _told("desk_striking_off_stated") == {proceeding.proposer}
    assert verify_register().violations == []
