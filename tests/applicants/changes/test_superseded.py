"""A rejected change that another one has overtaken: said where it is met, and begun anew with what was typed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.urls import reverse

from applicants.amendments.amendment import open_draft, start_amendment
from applicants.changes.change import FilingChange, start_applicant_change
from applicants.deadlines.own_deadlines import resubmissions_due
from applicants.models import Draft
from registry import clock
from registry.book.in_force import materials_in_force
from registry.calendar.current import current_calendar
from registry.models import Applicant, Application, Filing
from registry.rules.workflow.states import Kind
from registry.sample import walk
from registry.sample.walk import SampleCase
from tests.applicants.pages import Desk, desk_at
from tests.builders import register as build
from tests.builders.register import MORNING, Cast, approve, change_applicant
from tests.builders.renaming import ask_service_name, reject

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
WANTED = "样例三鼎源区块链有限公司"
LATER = MORNING + timedelta(hours=9)


@pytest.fixture
def applicant(cast: Cast) -> Applicant:
    return build.in_force(cast).application.applicant


@pytest.fixture
def rejected(cast: Cast, applicant: Applicant) -> SampleCase:
    """A change of the applicant's name, rejected."""
    asked = change_applicant(cast, applicant, {"applicant.name": WANTED}, at=MORNING + 4 * HOUR)
    reject(cast, asked, at=MORNING + 4 * HOUR)
    return asked


@pytest.fixture
def later(cast: Cast) -> Iterator[Desk]:
    with desk_at(LATER, cast) as found:
        yield found


def overtake(cast: Cast, applicant: Applicant) -> None:
    """Another change of the applicant, approved while the first one waits."""
    applicant.refresh_from_db()
    second = change_applicant(cast, applicant, {"applicant.group_name": "样例集团"}, at=MORNING + 6 * HOUR)
    approve(cast, second, at=MORNING + 7 * HOUR)


def page_of(desk: Desk, case: SampleCase) -> str:
    return desk.get("application", case.application_id).content.decode()


def test_its_page_the_list_of_what_is_to_do_and_the_deadlines_say_it(
    cast: Cast, applicant: Applicant, rejected: SampleCase, later: Desk
) -> None:
    mending = reverse("applicants:amend", args=[rejected.application_id])
    anew = reverse("applicants:copy", args=[rejected.application_id])

    def told() -> tuple[bool, bool, list[bool], list[object]]:
        page = page_of(later, rejected)
        rows = later.get("dashboard").context["to_do"]
        due = resubmissions_due(
            Application.objects.filter(pk=rejected.application_id),
            today=clock.china_date(LATER),
            calendar=current_calendar(),
        )
        return (
            mending in page,
            anew in page,
            [row.is_superseded for row in rows],
            [each.duty and each.duty.value for each in due],
        )

    assert told() == (True, False, [False], ["resubmit"])
    overtake(cast, applicant)
    assert told() == (False, True, [True], [None])


def test_an_amendment_begun_before_is_blocked_from_its_first_page_on(
    cast: Cast, applicant: Applicant, rejected: SampleCase, later: Desk
) -> None:
    draft = start_amendment(rejected.application, account=cast.member, at=MORNING + 5 * HOUR)
    assert later.get("amendment", draft.pk).context["top"]["blocked"] == ""
    overtake(cast, applicant)
    assert later.get("amendment", draft.pk).context["top"]["blocked"] != ""
    assert later.get("amendment", draft.pk).context["top"]["may_begin_anew"]
    answer = later.post("amend", rejected.application_id)
    assert answer["Location"] == reverse("applicants:application", args=[rejected.application_id])


def test_it_is_begun_anew_with_what_was_typed_its_day_and_its_documents(
    cast: Cast, applicant: Applicant, rejected: SampleCase, later: Desk
) -> None:
    amendment = start_amendment(rejected.application, account=cast.member, at=MORNING + 5 * HOUR)
    licence = amendment.materials["attachments"]["organisation_certificate"]
    overtake(cast, applicant)
    later.post("copy", rejected.application_id)
    draft = Draft.objects.get(kind=Kind.APPLICANT_CHANGE.value, amends_application_id=None)
    change = FilingChange(draft)
    assert change.changed(draft.materials) == ("applicant.name", "attachments.organisation_certificate")
    assert draft.materials["applicant"]["name"] == WANTED
    assert draft.materials["applicant"]["group_name"] == "样例集团"
    assert draft.materials["attachments"]["organisation_certificate"] == licence
    assert change.changed_on["applicant.name"] == clock.china_date(MORNING).isoformat()
    assert not change.is_superseded
    assert open_draft(rejected.application) is None
    assert later.get("check", draft.pk).status_code == 200


def test_what_an_unsent_change_already_changes_stays(
    cast: Cast, applicant: Applicant, rejected: SampleCase, later: Desk
) -> None:
    overtake(cast, applicant)
    applicant.refresh_from_db()
    draft = start_applicant_change(applicant, account=cast.member, at=MORNING + 8 * HOUR)
    materials = draft.materials
    materials["applicant"]["name"] = "样例另一名称"
    materials["applicant"]["mailing_address"] = "样例市样例路三号"
    draft.materials = materials
    draft.save()
    later.post("copy", rejected.application_id)
    draft.refresh_from_db()
    found = draft.materials["applicant"]
    assert (found["name"], found["mailing_address"]) == ("样例另一名称", "样例市样例路三号")


def test_what_is_not_superseded_is_not_begun_anew(rejected: SampleCase, later: Desk) -> None:
    assert later.post("copy", rejected.application_id).status_code == 404


def test_a_second_change_is_begun_knowingly(
    cast: Cast, applicant: Applicant, rejected: SampleCase, later: Desk
) -> None:
    asked = later.post("change_applicant", applicant.pk)
    assert asked.status_code == 200
    page = asked.content.decode()
    assert reverse("applicants:amend", args=[rejected.application_id]) in page
    assert rejected.application.receipt_number in page
    drafts = Draft.objects.filter(kind=Kind.APPLICANT_CHANGE.value)
    assert not drafts.exists()
    assert later.post("change_applicant", applicant.pk, data={"anyway": "yes"}).status_code == 302
    assert drafts.count() == 1
    # One that is begun is gone on with.
    assert later.post("change_applicant", applicant.pk).status_code == 302


def test_a_service_change_is_begun_anew_as_well(cast: Cast, applicant: Applicant, later: Desk) -> None:
    filing = Filing.objects.get(applicant=applicant)
    first = ask_service_name(cast, filing, "样例新服务", at=MORNING + 4 * HOUR)
    reject(cast, first, at=MORNING + 4 * HOUR)
    assert later.post("change", filing.pk).status_code == 200
    materials = walk_description(cast, filing)
    approve(cast, materials, at=MORNING + 7 * HOUR)
    # The applicant's own facts move as well: they are no part of this change.
    overtake(cast, applicant)
    assert later.post("copy", first.application_id).status_code == 302
    draft = Draft.objects.get(kind=Kind.CHANGE.value)
    assert FilingChange(draft).changed(draft.materials) == ("service.service_name",)
    assert draft.materials["applicant"]["group_name"] == "样例集团"
    assert draft.materials["service"]["description"].endswith("样例二")


def walk_description(cast: Cast, filing: Filing) -> SampleCase:
    materials = materials_in_force(filing)
    service = {**materials["service"], "description": materials["service"]["description"] + "样例二"}
    return walk.submit(
        {**materials, "service": service},
        member=cast.member,
        at=MORNING + 6 * HOUR,
        kind=Kind.CHANGE,
        filing_id=filing.pk,
        details={"changes": [{"key": "service.description", "changed_on": "2026-03-02"}]},
    )


def test_a_cancellation_is_begun_anew_with_its_day_and_arrangement(
    cast: Cast, applicant: Applicant, later: Desk
) -> None:
    filing = Filing.objects.get(applicant=applicant)
    ends_on = (clock.china_date(MORNING) + timedelta(days=120)).isoformat()
    cancellation = walk.submit(
        materials_in_force(filing),
        member=cast.member,
        at=MORNING + 4 * HOUR,
        kind=Kind.CANCELLATION,
        filing_id=filing.pk,
        details={"ends_on": ends_on, "arrangement": "样例安排"},
    )
    reject(cast, cancellation, at=MORNING + 4 * HOUR)
    approve(cast, walk_description(cast, filing), at=MORNING + 7 * HOUR)
    answer = later.post("copy", cancellation.application_id)
    page = later.client.get(answer["Location"]).content.decode()
    assert answer["Location"].startswith(reverse("applicants:cancel", args=[filing.pk]))
    assert ends_on in page
    assert "样例安排" in page
    assert later.get("cancellation", cancellation.application_id).status_code == 302
