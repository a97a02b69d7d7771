"""The sample register: every state and kind, at every distance from the due day, made once and refused elsewhere."""

from __future__ import annotations

import io
from collections import Counter
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from pytest_django.fixtures import Settings

from applicants.models import Draft
from registry import clock
from registry.book.application_details import details_of
from registry.book.held_facts import materials_as_of
from registry.book.in_force import versions_before
from registry.calendar.current import current_calendar
from registry.integrity.register import verify_register
from registry.models import Account, Applicant, Application, Event, Filing, Membership
from registry.presentation.contradictions import contradictions_in
from registry.publication.upstream import registered
from registry.rules.codes import filing_number
from registry.rules.days.deadlines import day_number, decision_due
from registry.rules.workflow.states import OPEN_STATES, Kind, Standing, State
from review.models import Assignment, ChecklistMark

# A Thursday, and a Sunday on which nothing falls due.
A_WORKING_DAY = datetime(2026, 11, 19, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
A_DAY_OFF = datetime(2026, 11, 22, 0, 5, tzinfo=ZoneInfo("Asia/Shanghai"))


def sample_data(*arguments: str) -> str:
    out = io.StringIO()
    call_command("sample_data", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def _accepted(settings: Settings, own_files: Path) -> None:
    settings.SAMPLE_DATA = True


@pytest.mark.django_db
@pytest.mark.usefixtures("_accepted")
def test_the_sample_register_has_every_state_and_kind_is_clean_and_gives_everybody_something_to_do() -> None:
    with clock.stopped_at(A_WORKING_DAY):
        sample_data()
        assert verify_register().violations == []
        before = Event.objects.count()
        assert sample_data() == "The sample data is there already; nothing was changed.\n"
    assert Event.objects.count() == before
    assert not Event.objects.filter(at__gt=A_WORKING_DAY).exists()

    assert set(Application.objects.values_list("state", flat=True)) == set(State)
    kinds = {Kind.INITIAL, Kind.CHANGE, Kind.CANCELLATION}
    assert set(Application.objects.values_list("kind", flat=True)) == kinds
    standings = {Standing.PENDING, Standing.IN_FORCE, Standing.CANCELLED, Standing.STRUCK_OFF}
    assert set(Filing.objects.values_list("standing", flat=True)) == standings
    assert 55 <= Applicant.objects.count() <= 75
    assert len(set(Applicant.objects.values_list("province_code", flat=True))) == 29
    assert set(Applicant.objects.values_list("nature", flat=True)) == {"organisation", "individual"}

    numbers = Filing.objects.filter(standing=Standing.IN_FORCE).values_list("number", flat=True)
    assert 20 <= len(numbers) <= 25
    assert all(filing_number.parse(str(number)).serial.startswith("0000") for number in numbers)

    open_ones = Application.objects.filter(state__in=[state.value for state in OPEN_STATES])
    today, calendar = clock.china_date(A_WORKING_DAY), current_calendar()
    days = {day_number(each.received_on, today, calendar) for each in open_ones}
    assert set(range(1, 21)) <= days
    assert max(days) > 20
    assert any(decision_due(each.received_on, calendar).due_on == today for each in open_ones)
    assert open_ones.filter(escalated=True).exists()
    assert Application.objects.filter(late_by_working_days__gt=0).exists()

    _assert_those_who_can_sign_in_find_something_to_do()
    _assert_nothing_of_it_is_a_false_alarm()


@pytest.mark.proof
@pytest.mark.django_db
@pytest.mark.usefixtures("_accepted")
def test_the_same_is_there_when_it_is_made_on_a_day_off() -> None:
    with clock.stopped_at(A_DAY_OFF):
        sample_data()
        assert verify_register().violations == []
    _assert_those_who_can_sign_in_find_something_to_do()


def _assert_nothing_of_it_is_a_false_alarm() -> None:
    """All rules of consistency over every application of the register: no error, and the questions counted."""
    asked: Counter[str] = Counter()
    for application in Application.objects.select_related("applicant", "filing"):
        materials = materials_as_of(application)
        days = details_of(application, materials).days
        found = contradictions_in(
            Kind(application.kind),
            materials,
            today=clock.china_date(A_WORKING_DAY),
            changed_on={key: day.isoformat() for key, day in days.items()},
            url_of=lambda key: key,
            versions=versions_before(application, number=application.revision_number, now=materials),
            register=registered,
        )
        for each in found:
            assert not each.is_error, (application.receipt_number, each.name, each.message)
            asked[each.name] += 1
    print(f"{Application.objects.count()} applications, questions: {dict(asked)}")
    # The samples share a sheet for several documents, one page shows several forms, and one applicant has moved.
    assert set(asked) <= {
        *("management_documents_are_their_own", "introduction_shows_every_form"),
        *("explorer_has_a_page", "wallet_has_a_screen", "icp_number_is_of_the_applicants_province"),
    }


def _assert_those_who_can_sign_in_find_something_to_do() -> None:
    accounts = {account.name: account for account in Account.objects.exclude(email_index=None)}
    mine = Application.objects.filter(
        applicant__in=Membership.objects.filter(account=accounts["样例经办人甲"]).values("applicant")
    )
    assert sorted(mine.values_list("state", flat=True)) == [
        "approved",
        "approved",
        "national_review",
        "rejected",
    ]
    begun = Draft.objects.filter(account=accounts["样例经办人甲"])
    assert [each.materials["service"]["service_name"][:2] for each in begun] == ["样例", "样例"]
    assert len({each.together_id for each in begun}) == 1
    gone_together = Application.objects.exclude(together_id=None).values_list("applicant", flat=True)
    assert (len(gone_together), len(set(gone_together))) == (3, 1)
    for province_code in ("110000", "440000"):
        queue = Application.objects.filter(
            province_code=province_code, state__in=["provincial_review", "provincial_confirmation"]
        )
        assert queue.count() >= 7
    assert Assignment.objects.count() == 8
    assert set(ChecklistMark.objects.values_list("verdict", flat=True)) == {"fine", "deficient"}


@pytest.mark.django_db
def test_an_installation_with_real_data_refuses(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.SAMPLE_DATA = False
    with pytest.raises(SystemExit) as ending:
        call_command("sample_data")
    assert ending.value.code == 1
    assert capsys.readouterr().err == "This installation holds real data: sample data is refused.\n"
    assert not Account.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("_accepted")
def test_the_logins_are_printed_without_making_anything() -> None:
    assert "applicant@example.com" in sample_data("--logins")
    assert not Account.objects.exists()
