"""Cancelling a filing: on the earliest lawful day, declared late, handed in again, and taken back (Art. 11)."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from html import unescape

import pytest

from applicants.words import CANCELLATION, SUPPLEMENT
from registry import clock, tasks
from registry.calendar.current import current_calendar
from registry.integrity.register import verify_register
from registry.models import Application
from registry.publication.record import Found, look_up
from registry.rules.days.deadlines import earliest_service_end
from registry.rules.workflow.states import Act
from registry.sample import walk
from registry.sample.walk import SampleCase
from tests.applicants.pages import Desk, desk_at, value_in
from tests.builders.register import MORNING, Cast, filing_of, in_force
from tests.client import ClientResponse

pytestmark = pytest.mark.django_db

NOW = MORNING + timedelta(days=7)
ARRANGEMENT = "样例：提前公告并逐一通知用户，用户可在终止前导出数据。"


@pytest.fixture
def case(cast: Cast) -> SampleCase:
    return in_force(cast)


def earliest(at: datetime = NOW) -> date:
    return earliest_service_end(clock.china_date(at), current_calendar())


def ask(desk: Desk, case: SampleCase, *, step: str = "submit", **typed: str) -> ClientResponse:
    """Sends the form as the page has it, with some answers of one's own."""
    page = unescape(desk.get("cancel", case.application.filing_id).content.decode())
    sent = {
        "key": value_in(page, "key"),
        "ends_on": earliest().isoformat(),
        "arrangement": ARRANGEMENT,
        "declaration": "on",
        "step": step,
        **typed,
    }
    return desk.post("cancel", case.application.filing_id, data={k: v for k, v in sent.items() if v})


def cancellation_of(case: SampleCase) -> Application:
    return Application.objects.get(kind="cancellation", filing=case.application.filing_id)


def decided(cast: Cast, application: Application, *, at: datetime, outcome: str = "approval") -> SampleCase:
    found = SampleCase(application.pk, cast.member)
    walk.act(found, Act.FORWARD, by=cast.provincial, at=at, recommends=outcome, text="样例意见：均已核对")
    if outcome == "approval":
        walk.act(found, Act.APPROVE, by=cast.national, at=at, text="样例")
    else:
        reasons = [{**walk.SAMPLE_REASON, "key": "whole", "code": "other"}]
        walk.act(found, Act.REJECT, by=cast.national, at=at, reasons=reasons, text="样例")
    return found


def text_of(answer: ClientResponse) -> str:
    return unescape(answer.content.decode())


def test_the_earliest_lawful_day_is_offered_accepted_and_takes_effect(cast: Cast, case: SampleCase) -> None:
    with desk_at(NOW, cast) as desk:
        page = desk.get("cancel", case.application.filing_id).content.decode()
        assert value_in(page, "ends_on") == "" or earliest().isoformat() in page
        assert f'value="{earliest().isoformat()}"' in page
        answer = ask(desk, case)
        assert answer.status_code == 302, text_of(answer)
        application = cancellation_of(case)
        assert (application.event_on, application.late_by_working_days) == (earliest(), 0)
        assert ARRANGEMENT in text_of(desk.get("application", application.pk))
    decided(cast, application, at=NOW + timedelta(days=2))
    filing = filing_of(case)
    assert (filing.standing, filing.ends_on) == ("in_force", earliest())
    found = look_up(filing.number or "")
    assert isinstance(found, Found)
    assert found.filing.ends_on == earliest()
    end = clock.start_of(earliest())
    with clock.stopped_at(end - timedelta(seconds=1)):
        assert tasks.sweep_clocks() == 0
    with clock.stopped_at(end):
        assert tasks.sweep_clocks() == 1
        assert tasks.sweep_clocks() == 0
    filing.refresh_from_db()
    assert (filing.standing, filing.cancelled_on) == ("cancelled", earliest())
    assert verify_register().violations == []


def test_one_day_too_early_offers_the_earliest_day_or_to_declare_it_late(
    cast: Cast, case: SampleCase
) -> None:
    with desk_at(NOW, cast) as desk:
        # The day before the earliest one may be a day off: what counts is the last lawful day to submit.
        too_early = (earliest() - timedelta(days=1)).isoformat()
        answer = ask(desk, case, ends_on=too_early)
        assert answer.status_code == 400
        page = text_of(answer)
        assert 'value="use_earliest"' in page
        assert ARRANGEMENT in page
        answer = ask(desk, case, ends_on=too_early, is_declared_late="on")
        assert answer.status_code == 400
        answer = ask(desk, case, ends_on=too_early, step="use_earliest")
        assert f'value="{earliest().isoformat()}"' in text_of(answer)
        assert ARRANGEMENT in text_of(answer)
        assert not Application.objects.filter(kind="cancellation").exists()
        answer = ask(desk, case, ends_on=too_early, is_declared_late="on", late_reason="样例：突发终止")
        assert answer.status_code == 302, text_of(answer)
        application = cancellation_of(case)
        assert application.late_by_working_days >= 1
        assert "样例：突发终止" in text_of(desk.get("application", application.pk))


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"ends_on": "2026-13-40"}, "ends_on"),
        ({"ends_on": ""}, "ends_on"),
        ({"ends_on": "3026-01-01"}, "ends_on"),
        ({"arrangement": ""}, "arrangement"),
        ({"declaration": ""}, "declaration"),
    ],
)
def test_what_is_missing_or_wrong_is_said_at_its_field(
    cast: Cast, case: SampleCase, typed: dict[str, str], field: str
) -> None:
    with desk_at(NOW, cast) as desk:
        answer = ask(desk, case, **typed)
        assert answer.status_code == 400
        assert f'id="id_{field}_error"' in text_of(answer) or f'href="#id_{field}"' in text_of(answer)


def test_sent_twice_it_is_one_application_and_closes_an_open_change(cast: Cast, case: SampleCase) -> None:
    with desk_at(NOW, cast) as desk:
        page = desk.get("cancel", case.application.filing_id).content.decode()
        key = value_in(page, "key")
        first, second = ask(desk, case, key=key), ask(desk, case, key=key)
        assert (first.status_code, second.status_code, first["Location"]) == (302, 302, second["Location"])
        assert Application.objects.filter(kind="cancellation").count() == 1
        # Another form, from another tab, is refused with its text kept.
        answer = ask(desk, case, key=str(uuid.uuid4()), arrangement="样例：另一个安排")
        assert answer.status_code == 409
        assert "样例：另一个安排" in text_of(answer)


def test_a_rejected_cancellation_is_resubmitted_with_another_arrangement(
    cast: Cast, case: SampleCase
) -> None:
    with desk_at(NOW, cast) as desk:
        ask(desk, case)
    application = cancellation_of(case)
    decided(cast, application, at=NOW + timedelta(days=1), outcome="rejection")
    with desk_at(NOW + timedelta(days=2), cast) as desk:
        assert desk.post("amend", application.pk)["Location"].endswith("/cancellation/")
        page = text_of(desk.get("cancellation", application.pk))
        assert ARRANGEMENT in page
        sent = {
            "key": value_in(page, "key"),
            "ends_on": earliest().isoformat(),
            "arrangement": ARRANGEMENT,
            "declaration": "on",
            "step": "submit",
            "answer_1": "样例：已补充数据导出办法。",
        }
        assert "重新提交" in page
        # Not declared: refused, and the text is kept.
        answer = desk.post("cancellation", application.pk, data={**sent, "declaration": ""})
        assert answer.status_code == 400
        assert "已补充数据导出办法" in text_of(answer)
        sent["arrangement"] = ARRANGEMENT + "导出期三十日。"
        assert desk.post("cancellation", application.pk, data=sent).status_code == 302
    application.refresh_from_db()
    assert (application.state, application.round_number) == ("provincial_review", 2)
    # The first submission decides lateness.
    assert application.late_by_working_days == 0
    assert verify_register().violations == []


def test_a_rejected_cancellation_may_be_answered_with_nothing_to_change(cast: Cast, case: SampleCase) -> None:
    with desk_at(NOW, cast) as desk:
        ask(desk, case)
    application = cancellation_of(case)
    decided(cast, application, at=NOW + timedelta(days=1), outcome="rejection")
    with desk_at(NOW + timedelta(days=2), cast) as desk:
        page = text_of(desk.get("cancellation", application.pk))
        sent = {
            "key": value_in(page, "key"),
            "ends_on": earliest().isoformat(),
            "arrangement": ARRANGEMENT,
            "declaration": "on",
            "step": "submit",
            "answer_1": "样例：安排已写明，无须修改。",
        }
        assert desk.post("cancellation", application.pk, data=sent).status_code == 302
    application.refresh_from_db()
    assert (application.state, application.round_number) == ("provincial_review", 2)
    assert verify_register().violations == []


def test_a_supplement_of_a_cancellation_promises_no_new_period(cast: Cast, case: SampleCase) -> None:
    with desk_at(NOW, cast) as desk:
        ask(desk, case)
        application = cancellation_of(case)
        form = text_of(desk.get("cancel", filing_of(in_force(cast, seed=2)).pk))
        again = text_of(desk.get("cancellation", application.pk))
    period, button = str(CANCELLATION.submit_note), str(CANCELLATION.submit)
    assert (period in form, button in form) == (True, True)
    assert (period in again, button in again) == (False, False)
    assert str(SUPPLEMENT.submit_note) in again


def test_an_approved_cancellation_is_taken_back_before_the_end(cast: Cast, case: SampleCase) -> None:
    with desk_at(NOW, cast) as desk:
        ask(desk, case)
    application = cancellation_of(case)
    decided(cast, application, at=NOW + timedelta(days=1))
    with desk_at(NOW + timedelta(days=3), cast) as desk:
        assert desk.post("withdraw_cancellation", application.pk, data={"explanation": "样例：服务继续"})[
            "Location"
        ]
        filing = filing_of(case)
        assert (filing.standing, filing.ends_on) == ("in_force", None)
        assert desk.post("withdraw_cancellation", application.pk).status_code == 302
    with clock.stopped_at(clock.start_of(earliest())):
        assert tasks.sweep_clocks() == 0
    assert verify_register().violations == []


def test_a_day_that_is_past_is_called_past_and_not_too_early(cast: Cast, case: SampleCase) -> None:
    with desk_at(NOW, cast) as desk:
        past = text_of(ask(desk, case, ends_on=(clock.china_date(NOW) - timedelta(days=1)).isoformat()))
        today = text_of(ask(desk, case, ends_on=clock.china_date(NOW).isoformat()))
    for page, is_past in ((past, True), (today, False)):
        assert ("This day is past" in page or "该日期已过" in page) is is_past
        assert ("Too early" in page or "过早" in page) is not is_past


def test_the_declaration_says_what_is_cancelled_and_names_the_filing(desk: Desk, case: SampleCase) -> None:
    filing = filing_of(case)
    page = text_of(desk.get("cancel", filing.pk))
    assert "我承诺按以上所填日期终止服务、对用户作出妥善安排" in page
    assert f"本承诺涉及的备案：{filing.service_name} · {filing.number}" in page
    desk.client.cookies["django_language"] = "en"
    page = text_of(desk.get("cancel", filing.pk))
    assert f"It concerns this filing: {filing.service_name} · {filing.number}" in page
