"""The search finds a filing by every name that the public has known it by, and by no other, and says which it was."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import import_module
from urllib.parse import quote

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from registry import clock
from registry.book import numbering
from registry.integrity.register import verify_register
from registry.models import Applicant, Event, Filing
from registry.publication import record
from registry.publication import search as searching
from registry.publication.record import Criteria, search
from registry.rules.search_form import SEPARATOR, form_of
from registry.rules.workflow.states import Act, Standing
from registry.sample import walk
from tests.builders import register as build
from tests.builders.register import MORNING, Cast
from tests.builders.renaming import (
    HOUR,
    approve,
    ask_applicant_name,
    ask_service_name,
    reject,
    rename_applicant,
    rename_service,
)
from tests.registry.public.test_api import conforms
from tests.registry.publication.test_publication import fill_the_register

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
SERVICE_NAMES = ("样例甲服务", "样例乙服务", "样例丙服务")
APPLICANT_NAMES = ("样例甲（北京）科技有限公司", "样例乙（北京）科技有限公司", "样例丙（北京）科技有限公司")
migration = import_module("registry.migrations.0022_former_names")


@pytest.fixture
def twice_renamed(cast: Cast) -> Filing:
    """A filing in force whose service and applicant have each had two names before."""
    filing = named(cast, 0)
    for place in (1, 2):
        rename_service(cast, filing, SERVICE_NAMES[place], at=MORNING + place * 10 * DAY)
        rename_applicant(cast, filing, APPLICANT_NAMES[place], at=MORNING + place * 10 * DAY + 5 * HOUR)
    return filing


def named(cast: Cast, place: int, *, at: datetime = MORNING) -> Filing:
    """A filing in force with the names of this place in the lists."""
    materials = build.materials_for(cast)
    materials["service"] |= {
        "service_name": SERVICE_NAMES[place],
        "service_started_on": clock.china_date(at).isoformat(),
    }
    materials["applicant"]["name"] = APPLICANT_NAMES[place]
    case = walk.submit(materials, member=cast.member, at=at)
    approve(cast, case, at=at + HOUR)
    numbering.issue_number(build.filing_of(case).pk, at=at + 3 * HOUR)
    return build.filing_of(case)


def found(text: str) -> dict[str, dict[str, tuple[str, ...]]]:
    """The numbers that a search finds, with the former names that it says."""
    page = search(Criteria(text=text))
    return {each.number: dict(page.former_names.get(each.number, {})) for each in page.filings}


def test_every_name_before_finds_the_filing_and_is_said(twice_renamed: Filing) -> None:
    number = str(twice_renamed.number)
    for name in SERVICE_NAMES[:2]:
        assert found(name) == {number: {"service_name": (name,)}}
    for name in APPLICANT_NAMES[:2]:
        assert found(name) == {number: {"applicant_name": (name,)}}
    # Half-width brackets, parts, and words of several names.
    assert found("乙(北京)科技") == {number: {"applicant_name": (APPLICANT_NAMES[1],)}}
    assert found("甲服务 丙（北京）") == {number: {"service_name": (SERVICE_NAMES[0],)}}
    assert found("甲服务 乙（北京）") == {
        number: {"service_name": (SERVICE_NAMES[0],), "applicant_name": (APPLICANT_NAMES[1],)}
    }
    assert found("甲服务 丁服务") == {}


def test_what_a_name_of_today_or_the_number_has_means_no_former_name(twice_renamed: Filing) -> None:
    number = str(twice_renamed.number)
    for text in (SERVICE_NAMES[2], APPLICANT_NAMES[2], "样例", "科技有限公司", number[4:12], ""):
        assert found(text) == {number: {}}


def test_a_name_that_came_back_is_the_name_of_today(cast: Cast) -> None:
    filing = named(cast, 0)
    rename_service(cast, filing, SERVICE_NAMES[1], at=MORNING + 10 * DAY)
    rename_service(cast, filing, SERVICE_NAMES[0], at=MORNING + 20 * DAY)
    assert found(SERVICE_NAMES[0]) == {str(filing.number): {}}
    assert found(SERVICE_NAMES[1]) == {str(filing.number): {"service_name": (SERVICE_NAMES[1],)}}
    rename_service(cast, filing, SERVICE_NAMES[1], at=MORNING + 30 * DAY)
    assert filing.former_service_names.split("\n") == list(SERVICE_NAMES[:2])
    assert found(SERVICE_NAMES[0]) == {str(filing.number): {"service_name": (SERVICE_NAMES[0],)}}
    assert found(SERVICE_NAMES[1]) == {str(filing.number): {}}
    assert verify_register().violations == []


def test_a_name_that_was_never_in_force_is_not_found(cast: Cast) -> None:
    filing = named(cast, 0)
    number = str(filing.number)
    asked = ask_service_name(cast, filing, SERVICE_NAMES[1], at=MORNING + 10 * DAY)
    assert found(SERVICE_NAMES[1]) == {}
    reject(cast, asked, at=MORNING + 10 * DAY + HOUR)
    assert found(SERVICE_NAMES[1]) == {}
    applicant = Applicant.objects.get(pk=filing.applicant_id)
    withdrawn = ask_applicant_name(cast, applicant, APPLICANT_NAMES[1], at=MORNING + 11 * DAY)
    walk.act(withdrawn, Act.WITHDRAW, by=cast.member, at=MORNING + 11 * DAY + HOUR)
    assert found(APPLICANT_NAMES[1]) == {}
    # The same names are found once they have been in force and were replaced.
    rename_applicant(cast, filing, APPLICANT_NAMES[1], at=MORNING + 12 * DAY)
    rename_applicant(cast, filing, APPLICANT_NAMES[2], at=MORNING + 13 * DAY)
    assert list(found(APPLICANT_NAMES[1])) == [number]
    assert found(SERVICE_NAMES[1]) == {}


def test_every_filing_of_an_applicant_is_found_by_the_names_the_public_knew_it_by(cast: Cast) -> None:
    first = named(cast, 0)
    materials = build.materials_for(cast)
    materials["applicant"]["name"] = APPLICANT_NAMES[0]
    materials["service"]["service_name"] = "样例丁服务"
    pending = walk.submit(materials, member=cast.member, at=MORNING + 5 * HOUR)
    awaiting = walk.submit(
        {**materials, "service": {**materials["service"], "service_name": "样例戊服务"}},
        member=cast.member,
        at=MORNING + 6 * HOUR,
    )
    approve(cast, awaiting, at=MORNING + 7 * HOUR)
    assert build.filing_of(awaiting).standing == Standing.AWAITING_NUMBER
    rename_applicant(cast, first, APPLICANT_NAMES[1], at=MORNING + 10 * DAY)
    approve(cast, pending, at=MORNING + 11 * DAY)
    for case in (pending, awaiting):
        numbering.issue_number(build.filing_of(case).pk, at=MORNING + 12 * DAY)
        assert build.filing_of(case).applicant_name == APPLICANT_NAMES[1]
    # One was handed in after the renaming; those before it waited for their numbers.
    later = named(cast, 1, at=MORNING + 13 * DAY)
    filings = [first, *(build.filing_of(case) for case in (pending, awaiting)), later]
    formerly = {str(each.number): {"applicant_name": (APPLICANT_NAMES[0],)} for each in filings}
    assert found(APPLICANT_NAMES[0]) == formerly
    assert len(found(APPLICANT_NAMES[1])) == 4
    assert found(SERVICE_NAMES[1]) == {str(later.number): {}}
    rename_applicant(cast, first, APPLICANT_NAMES[2], at=MORNING + 20 * DAY)
    assert found(APPLICANT_NAMES[0]) == formerly
    assert set(found(APPLICANT_NAMES[1])) == set(formerly)
    assert verify_register().violations == []


def test_names_that_a_version_before_left_out_are_reported_and_mended(cast: Cast) -> None:
    first = named(cast, 0)
    rename_applicant(cast, first, APPLICANT_NAMES[1], at=MORNING + 10 * DAY)
    later = named(cast, 1, at=MORNING + 13 * DAY)
    assert list(found(APPLICANT_NAMES[0])) == [str(later.number), str(first.number)]
    as_before = later.search_form.replace(f"{form_of(APPLICANT_NAMES[0])}{SEPARATOR}", "")
    assert as_before != later.search_form
    Filing.objects.filter(pk=later.pk).update(former_applicant_names="", search_form=as_before)
    assert [each.code for each in verify_register().violations] == ["filing_lacks_former_name"]
    assert list(found(APPLICANT_NAMES[0])) == [str(first.number)]
    call_command("carry_over")
    assert list(found(APPLICANT_NAMES[0])) == [str(later.number), str(first.number)]
    assert verify_register().violations == []
    # What no filing was ever called is found out.
    Filing.objects.update(former_applicant_names="样例从未使用之名")
    assert {each.code for each in verify_register().violations} == {"row_differs_from_events"}


def test_the_page_and_the_api_say_which_former_name_was_found(twice_renamed: Filing) -> None:
    browser = Client(headers={"Accept-Language": "en"})
    for query, said in ((SERVICE_NAMES[0], True), (APPLICANT_NAMES[1], True), (SERVICE_NAMES[2], False)):
        page = browser.get(f"/filings/?q={quote(query)}").content.decode()
        assert (str(twice_renamed.number) in page, f">formerly {query}<" in page) == (True, said)
    body = browser.get(f"/api/v1/filings/?q={quote('甲服务')}").json()
    conforms(body, "FilingPage", SchemaGenerator().get_schema(request=None, public=True))
    (hit,) = body["results"]
    assert hit["former_names"] == {"service_name": [SERVICE_NAMES[0]]}
    assert hit["service_name"] == SERVICE_NAMES[2]
    (plain,) = browser.get(f"/api/v1/filings/?q={quote('丙服务')}").json()["results"]
    assert "former_names" not in plain
    home = browser.get("/").content.decode()
    assert (SERVICE_NAMES[2] in home, "formerly" in home) == (True, False)


def test_the_migration_finds_the_names_that_the_fold_finds(cast: Cast, twice_renamed: Filing) -> None:
    other = build.filing_of(build.in_force(cast, seed=2))
    reject(
        cast,
        ask_service_name(cast, twice_renamed, "样例丁服务", at=MORNING + 40 * DAY),
        at=MORNING + 40 * DAY + HOUR,
    )
    kept = {
        each.pk: (each.former_applicant_names, each.former_service_names) for each in Filing.objects.all()
    }
    assert kept == {
        twice_renamed.pk: ("\n".join(APPLICANT_NAMES[:2]), "\n".join(SERVICE_NAMES[:2])),
        other.pk: ("", ""),
    }
    Filing.objects.update(former_applicant_names="", former_service_names="")
    migration.find_former_names(apps, None)
    filled = {
        each.pk: (each.former_applicant_names, each.former_service_names) for each in Filing.objects.all()
    }
    assert filled == kept
    assert Event.objects.filter(filing=other).exists()


def test_what_a_person_was_called_before_is_neither_found_nor_told(cast: Cast) -> None:
    filing = build.filing_of(build.in_force(cast, nature="individual"))
    before = filing.applicant_name
    rename_applicant(cast, filing, "样例新名", at=MORNING + 10 * DAY)
    rename_service(cast, filing, SERVICE_NAMES[1], at=MORNING + 20 * DAY)

    filing.refresh_from_db()
    assert (filing.applicant_name, filing.former_applicant_names) == ("样例新名", "")
    assert filing.former_service_names != ""
    assert (found(before), set(found("样例新名"))) == ({}, {filing.number})
    shown = record.look_up(filing.number or "")
    assert isinstance(shown, record.Found)
    (renamed,) = (each for each in shown.history if "applicant_name" in each.columns)
    assert "applicant_name" not in renamed.former
    assert verify_register().violations == []
    Filing.objects.update(former_applicant_names="", former_service_names="")
    migration.find_former_names(apps, None)
    assert verify_register().violations == []


@pytest.mark.postgresql
def test_postgresql_finds_a_rare_former_name_by_index(twice_renamed: Filing) -> None:
    fill_the_register(twice_renamed.applicant, 2_000)
    number = str(twice_renamed.number)
    assert list(found("样例甲服务")) == [number]
    matching = searching.matching(record._public(), Criteria(text="样例甲服务"))
    plan = matching.order_by("-numbered_at", "-id")[: record.PAGE_SIZE].explain()
    assert "filing_by_search_parts" in plan, plan
