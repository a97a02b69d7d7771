"""`mend_applicant_facts` carries out decisions that filings missed, as events, and decides nothing itself."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from registry.book import ledger
from registry.errors import RegisterIncomplete
from registry.integrity.register import verify_register
from registry.models import Applicant, Event, Filing
from registry.publication.record import Found, PublicEvent, look_up
from registry.rules.workflow.states import Act
from registry.sample import walk
from registry.sample.walk import SampleCase
from tests.builders import register as build
from tests.builders.register import GUANGDONG_DIVISION, MORNING, Cast, approve, change_applicant
from tests.registry.integrity.test_verification import EVENTS, without_triggers

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
NEW_NAME = "样例迁址科技有限公司"
MOVED = {"applicant.name": NEW_NAME, "applicant.division_code": GUANGDONG_DIVISION}


def run(*options: str) -> str:
    out = StringIO()
    call_command("mend_applicant_facts", *options, stdout=out, stderr=out)
    return out.getvalue()


def codes() -> set[str]:
    return {violation.code for violation in verify_register().violations}


def forget_change(filing: Filing, *, before: Filing) -> None:
    """The filing as the versions before left it: the change of its applicant never reached its stream."""
    event = filing.events.latest("sequence")
    assert event.act == Act.APPLICANT_CHANGED
    event.effects.all().delete()
    without_triggers(EVENTS, f"DELETE FROM {EVENTS} WHERE id = '{event.pk}'")
    Filing.objects.filter(pk=filing.pk).update(
        applicant_name=before.applicant_name,
        columns=before.columns,
        province_code="110000",
        last_event_sequence=event.sequence - 1,
        changed_at=None,
        former_applicant_names="",
        search_form=before.search_form,
        facets=before.facets,
    )


@pytest.fixture
def missed(cast: Cast) -> tuple[SampleCase, SampleCase]:
    """Two filings in force under an applicant that moved, of which the second never heard of it."""
    first = build.in_force(cast)
    materials = build.materials_for(cast)
    materials["service"]["service_name"] = "样例第二项服务"
    second = walk.submit(materials, member=cast.member, at=MORNING + HOUR)
    approve(cast, second, at=MORNING + 2 * HOUR)
    before = build.filing_of(second)
    change = change_applicant(cast, first.application.applicant, MOVED, at=MORNING + 4 * HOUR)
    approve(cast, change, at=MORNING + 5 * HOUR)
    forget_change(build.filing_of(second), before=before)
    return first, second


def test_it_shows_what_it_would_do_and_changes_nothing(missed: tuple[SampleCase, SampleCase]) -> None:
    first, second = missed
    assert codes() == {"filing_names_applicant_differently", "filing_in_another_province"}
    count = Event.objects.count()
    shown = run()
    assert str(build.filing_of(second).pk) in shown
    assert str(build.filing_of(first).pk) not in shown
    assert "to mend: 1 applicants, 1 filings; 0 refused" in shown
    assert NEW_NAME not in shown
    assert Event.objects.count() == count
    assert build.filing_of(second).applicant_name != NEW_NAME


def test_it_appends_one_event_for_each_filing_that_missed_the_decision(
    missed: tuple[SampleCase, SampleCase],
) -> None:
    _first, second = missed
    old_name, count = build.filing_of(second).applicant_name, Event.objects.count()
    assert "mended: 1 applicants, 1 filings; 0 refused" in run("--apply")
    filing = build.filing_of(second)
    assert (filing.applicant_name, filing.province_code) == (NEW_NAME, "440000")
    assert Event.objects.count() == count + 1
    assert codes() == set()
    found = look_up(filing.number or "")
    assert isinstance(found, Found)
    last = found.history[-1]
    assert (last.event, last.former["applicant_name"]) == (PublicEvent.APPLICANT_CHANGED, old_name)
    # Again there is nothing to do.
    assert run("--apply") == "mended: 0 applicants, 0 filings; 0 refused\n"
    assert Event.objects.count() == count + 1


def test_a_home_that_no_decision_made_is_put_right(missed: tuple[SampleCase, SampleCase]) -> None:
    first, _second = missed
    applicant = first.application.applicant
    Applicant.objects.filter(pk=applicant.pk).update(
        name="样例旧名", facts_application_id=first.application_id, facts_revision_number=1
    )
    assert "applicant_facts_without_decision" in codes()
    run("--apply")
    applicant.refresh_from_db()
    assert applicant.name == NEW_NAME
    assert codes() == set()


def test_without_one_decision_it_refuses(cast: Cast) -> None:
    case = build.submitted(cast)
    applicant = case.application.applicant
    Applicant.objects.filter(pk=applicant.pk).update(
        facts_application_id=case.application_id, facts_revision_number=1
    )
    with pytest.raises(RegisterIncomplete, match="facts_undecided"):
        ledger.mend_facts(applicant.pk)
    with pytest.raises(SystemExit):
        run("--apply")
    assert Applicant.objects.get().facts_application_id == case.application_id


def test_a_whole_register_has_nothing_to_mend(cast: Cast) -> None:
    build.in_force(cast)
    assert run("--apply") == "mended: 0 applicants, 0 filings; 0 refused\n"
