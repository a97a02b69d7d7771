"""Art. 11(3): who ends a chain or platform, and who decides on it, sees which services in force run on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from registry import clock
from registry.book.revisions import get_revision, materials_of
from registry.models import Account, Filing
from registry.publication import upstream as lookup
from registry.rules.workflow.states import Role
from registry.sample import walk
from registry.sample.walk import SampleCase
from tests.applicants.cancellations.test_cancellation import ask, cancellation_of
from tests.applicants.pages import Desk
from tests.builders import register as build
from tests.builders.register import GUANGDONG_DIVISION, MORNING, Cast
from tests.review.officers import sign_in, url

pytestmark = pytest.mark.django_db

LATER = MORNING + timedelta(days=1)
PLACE = 'id="left-by-the-end"'


@pytest.fixture(autouse=True)
def _the_clock() -> Iterator[None]:
    with clock.stopped_at(LATER + timedelta(days=3)):
        yield


@pytest.fixture
def platform(cast: Cast) -> SampleCase:
    """A filing in force in Beijing, whose member signs in as the cast's."""
    return build.in_force(cast, seed=2)


def running_on(cast: Cast, number: str, *, seed: int, member: Account, at: datetime = LATER) -> SampleCase:
    """A filing of Guangdong, submitted, that names a number as that of its chain or platform."""
    materials = build.materials_for(cast, at=at, seed=seed, member=member, division_code=GUANGDONG_DIVISION)
    service = {**materials["service"], "upstream": "filed", "upstream_filings": [{"number": number}]}
    service.pop("no_upstream_filing_reason", None)
    return walk.submit({**materials, "service": service}, member=member, at=at)


def approve_in_guangdong(cast: Cast, case: SampleCase) -> Filing:
    build.approve(cast, case, at=LATER + timedelta(hours=2))
    return build.filing_of(case)


def named_on(client: Client, address: str) -> str:
    """The list of those that run on it, as the page has it; empty where it has none."""
    page = unescape(client.get(address).content.decode())
    return page.split(PLACE)[1].split("</section>")[0] if PLACE in page else ""


def test_art_11_both_sides_of_a_cancellation_see_who_runs_on_the_service(
    cast: Cast, platform: SampleCase
) -> None:
    filing = build.filing_of(platform)
    stranger = cast.get("样例粤经办人", Role.APPLICANT)
    case = running_on(cast, str(filing.number), seed=4, member=stranger)
    hidden = case.application.service_name
    applicant, form = Desk.of(cast.member), reverse("applicants:cancel", args=[filing.pk])
    # A filing under review is no part of the public record: neither side is told of it.
    assert named_on(applicant.client, form) == ""
    below = approve_in_guangdong(cast, case)
    shown = named_on(applicant.client, form)
    for text in (below.number, hidden, below.applicant_name, reverse("public:filing", args=[below.number])):
        assert str(text) in shown
    with_application = ask(applicant, platform)
    assert with_application.status_code == 302
    cancelling = SampleCase(cancellation_of(platform).pk, cast.member)
    # The office of the other province has no part in the case; that of Beijing sees what the public record shows.
    for officer in (cast.provincial, cast.national):
        at_desk = named_on(sign_in(officer), url("case", cancelling))
        assert str(below.number) in at_desk
        assert hidden in at_desk
    assert sign_in(cast.elsewhere).get(url("case", cancelling)).status_code == 404
    # Nothing of the other applicant that its record does not show.
    stated = materials_of(get_revision(case.application_id, 1))["person_in_charge"]
    kept = [stranger.name, *(stated[name] for name in ("name", "document_number", "mobile", "email"))]
    assert [each for each in kept if each in shown] == []


def test_a_case_that_ends_nothing_says_it_only_below(cast: Cast, platform: SampleCase) -> None:
    filing = build.filing_of(platform)
    case = running_on(cast, str(filing.number), seed=4, member=cast.stranger)
    below = approve_in_guangdong(cast, case)
    page = sign_in(cast.national).get(url("case", platform)).content.decode()
    assert PLACE not in page
    assert str(below.number) in page.split('id="upstream"')[1].split("</section>")[0]


def test_a_service_that_nothing_runs_on_is_cancelled_without_a_word_of_it(
    cast: Cast, platform: SampleCase
) -> None:
    filing = build.filing_of(platform)
    assert named_on(Desk.of(cast.member).client, reverse("applicants:cancel", args=[filing.pk])) == ""


def test_one_that_has_ended_itself_is_left_by_nothing(cast: Cast, platform: SampleCase) -> None:
    filing = build.filing_of(platform)
    below = approve_in_guangdong(
        cast, running_on(cast, str(filing.number), seed=4, member=cast.get("样例粤经办人", Role.APPLICANT))
    )
    address = reverse("applicants:cancel", args=[filing.pk])
    assert str(below.number) in named_on(Desk.of(cast.member).client, address)
    Filing.objects.filter(pk=below.pk).update(standing="cancelled")
    assert named_on(Desk.of(cast.member).client, address) == ""


def test_a_striking_off_names_them_as_well(cast: Cast, platform: SampleCase) -> None:
    filing = build.filing_of(platform)
    below = approve_in_guangdong(
        cast, running_on(cast, str(filing.number), seed=4, member=cast.get("样例粤经办人", Role.APPLICANT))
    )
    address = reverse("review:strike_off", args=[filing.pk])
    assert str(below.number) in named_on(sign_in(cast.national), address)


def test_more_than_a_page_holds_are_counted_and_the_first_are_named(
    cast: Cast, platform: SampleCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = str(build.filing_of(platform).number)
    for seed, name in ((4, "样例粤经办人"), (7, "样例粤另一经办人")):
        approve_in_guangdong(cast, running_on(cast, number, seed=seed, member=cast.get(name, Role.APPLICANT)))
    assert (lookup.named_building_on(number).count, len(lookup.named_building_on(number).shown)) == (2, 2)
    monkeypatch.setattr(lookup, "MOST_NAMED", 1)
    found = lookup.named_building_on(number)
    assert (found.count, len(found.shown), found.are_not_all_shown) == (2, 1, True)
    assert lookup.named_building_on(None).count == 0
