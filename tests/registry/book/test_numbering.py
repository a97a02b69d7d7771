"""The numbers of filings: when none is given, and which serials are drawn."""

from __future__ import annotations

import pytest
from pytest_django.fixtures import Settings

from registry.book import numbering
from registry.errors import SequenceExhausted, TransitionNotAllowed
from registry.models import NumberHead
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
