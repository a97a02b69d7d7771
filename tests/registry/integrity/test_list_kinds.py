"""The check of the register on lists of endings and corrigenda, and what it names when they are tampered with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection

from registry.integrity.register import verify_register
from registry.models import BatchEntry, Filing, ListCounter
from registry.rules.batches.lifecycle import ListKind
from tests.builders import batch as batches
from tests.builders import striking_off
from tests.builders.batch import LISTING, corrected
from tests.builders.register import Cast
from tests.registry.integrity.test_lists import PROTECTED

pytestmark = pytest.mark.django_db

CANCELLED = ListKind.CANCELLED.value
CORRIGENDA = ListKind.CORRIGENDA.value


@pytest.fixture(autouse=True)
def _published(cast: Cast) -> None:
    """A list of filings, one of endings, and two corrigenda of the first entry."""
    first, second, third = batches.filings_in_force(cast, 3)
    batches.published(cast)
    striking_off.struck_off(cast, third, at=LISTING + timedelta(hours=5))
    of_struck_off = batches.composition(kind=ListKind.STRUCK_OFF, cut_off_on=date(2026, 12, 31))
    batches.published(cast, of_struck_off, at=LISTING + timedelta(days=9))
    batches.cancel(cast, second)
    batches.published(cast, batches.composition(kind=ListKind.CANCELLED), at=LISTING + timedelta(days=1))
    entry = BatchEntry.objects.get(filing=first)
    batches.corrigendum(cast, corrected(entry), at=LISTING + timedelta(days=2))
    batches.corrigendum(cast, corrected(entry, after="样例再次更正"), at=LISTING + timedelta(days=3))


def test_lists_of_every_kind_have_no_violation() -> None:
    assert verify_register().violations == []


def _restore() -> None:
    Filing.objects.filter(standing="cancelled").update(standing="in_force")


def _date_otherwise() -> None:
    BatchEntry.objects.filter(kind=CANCELLED).update(ended_on=date(2026, 3, 6))


def _give_another_ground() -> None:
    BatchEntry.objects.filter(kind="struck_off").update(end_ground="applicant_gone")


def _correct_nothing() -> None:
    BatchEntry.objects.filter(kind=CORRIGENDA, batch_list__number=1).update(corrects=None)


def _correct_another() -> None:
    other = BatchEntry.objects.filter(kind="filings").latest("position")
    BatchEntry.objects.filter(kind=CORRIGENDA, batch_list__number=1).update(corrects=other)


def _say_otherwise() -> None:
    BatchEntry.objects.filter(kind=CORRIGENDA, batch_list__number=2).update(before="样例从未写过")


def _correct_a_corrigendum() -> None:
    first, second = BatchEntry.objects.filter(kind=CORRIGENDA).order_by("batch_list__number")
    BatchEntry.objects.filter(pk=second.pk).update(corrects=first)


def _write_another_name() -> None:
    BatchEntry.objects.filter(kind=CORRIGENDA, batch_list__number=2).update(after="样例另一名称")


def _lose_an_ending() -> None:
    BatchEntry.objects.filter(kind=CANCELLED).delete()


def _count_on() -> None:
    ListCounter.objects.filter(kind=CORRIGENDA).update(last=3)


@pytest.mark.parametrize(
    ("tamper", "code"),
    [
        (_restore, "list_entry_not_ended"),
        (_date_otherwise, "list_entry_with_another_day"),
        (_date_otherwise, "list_entries_altered"),
        (_give_another_ground, "list_entry_with_another_day"),
        (_correct_nothing, "corrected_entry_missing"),
        (_correct_another, "correction_of_another_filing"),
        (_say_otherwise, "correction_of_what_was_not_said"),
        (_correct_a_corrigendum, "corrected_entry_missing"),
        (_write_another_name, "list_entries_altered"),
        (_lose_an_ending, "noted_entry_missing"),
        (_count_on, "list_numbers_have_gaps"),
    ],
)
def test_each_kind_of_tampering_is_named(tamper: Callable[[], None], code: str) -> None:
    if connection.vendor == "postgresql":
        # What only the owner of the tables can do.
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in PROTECTED:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    tamper()
    assert code in {violation.code for violation in verify_register().violations}
