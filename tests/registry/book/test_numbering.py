"""The numbers of filings: when none is given, and which serials are drawn."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import DjangoAssertNumQueries, Settings

from registry.book import numbering
from registry.errors import NotFound, SequenceExhausted, TransitionNotAllowed
from registry.integrity.register import verify_register
from registry.models import Filing, NumberHead
from registry.rules.codes import filing_number
from registry.rules.workflow.states import Standing
from tests.builders import register as build
from tests.builders.register import MORNING, Cast

pytestmark = pytest.mark.django_db


def test_a_filing_that_is_not_approved_gets_no_number(cast: Cast) -> None:
    filing = build.filing_of(build.forwarded(cast))
    with pytest.raises(TransitionNotAllowed, match="not_in_this_state"):
        numbering.issue_number(filing.pk, at=MORNING)
    assert not NumberHead.objects.exists()


def test_an_applicant_has_999_numbers_and_no_more(cast: Cast) -> None:
    build.in_force(cast)
    NumberHead.objects.update(last_sequence=998)
    last = build.filing_of(build.in_force(cast))
    assert filing_number.parse(str(last.number)).sequence == 999
    beyond = build.filing_of(build.approved(cast))
    with pytest.raises(SequenceExhausted, match="sequence_exhausted"):
        numbering.issue_number(beyond.pk, at=MORNING)
    beyond.refresh_from_db()
    assert (beyond.standing, beyond.number) == (Standing.AWAITING_NUMBER, None)


def test_numbers_issued_together_are_those_that_would_be_issued_one_by_one(cast: Cast) -> None:
    numbered = build.filing_of(build.in_force(cast, seed=0))
    cases = [build.approved(cast, seed=seed) for seed in (1, 2, 1, 2, 0)]
    keys = [build.filing_of(case).pk for case in cases]
    issued = numbering.issue_numbers([*reversed(keys), numbered.pk, keys[0]], at=MORNING)
    assert issued == dict(Filing.objects.values_list("pk", "number"))
    assert issued[numbered.pk] == numbered.number
    parsed = [filing_number.parse(issued[key]) for key in keys]
    assert [number.sequence for number in parsed] == [2, 2, 1, 1, 2]
    assert parsed[0].head == parsed[2].head
    assert parsed[1].head == parsed[3].head
    assert parsed[4].head == filing_number.parse(issued[numbered.pk]).head
    assert NumberHead.objects.count() == 3
    assert verify_register().violations == []


def test_numbers_issued_together_are_issued_all_or_none(cast: Cast) -> None:
    waiting, undecided = build.approved(cast), build.forwarded(cast, seed=2)
    keys = [build.filing_of(case).pk for case in (waiting, undecided)]
    with pytest.raises(TransitionNotAllowed, match="not_in_this_state"):
        numbering.issue_numbers(keys, at=MORNING)
    with pytest.raises(NotFound, match="filing_unknown"):
        numbering.issue_numbers([keys[0], uuid.uuid4()], at=MORNING)
    assert not NumberHead.objects.exists()
    assert not Filing.objects.filter(number__isnull=False).exists()
    assert verify_register().violations == []


def test_a_number_among_others_adds_the_statements_of_its_two_rows_and_no_more(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    alone = build.filing_of(build.approved(cast)).pk
    group = [build.filing_of(build.approved(cast, seed=seed)).pk for seed in range(1, 5)]
    with CaptureQueriesContext(connection) as captured:
        numbering.issue_number(alone, at=MORNING)
    with django_assert_num_queries(len(captured) + 2 * (len(group) - 1)):
        numbering.issue_numbers(group, at=MORNING)


@pytest.mark.parametrize("is_sample", [True, False])
def test_serials_of_samples_begin_with_0000_and_others_never_do(
    cast: Cast, settings: Settings, is_sample: bool
) -> None:
    settings.ISSUES_SAMPLE_NUMBERS = is_sample
    filing = build.filing_of(build.in_force(cast))
    serial = filing_number.parse(str(filing.number)).serial
    assert serial.startswith("0000") is is_sample


def test_a_serial_is_given_to_one_applicant_only(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbering, "SAMPLE_SERIALS", 1)
    first = build.filing_of(build.in_force(cast))
    assert filing_number.parse(str(first.number)).serial == "00000000"
    other = build.filing_of(build.approved(cast, seed=2))
    with pytest.raises(SequenceExhausted, match="serials_exhausted"):
        numbering.issue_number(other.pk, at=MORNING)
