"""Asking the applicant for corrections at the desk: its form, its notice, and what comes back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from registry import clock, tasks
from registry.models import Notice
from registry.rules.workflow.states import Act
from registry.sample import walk
from tests.builders.register import MORNING, Cast, submitted
from tests.review.decisions.test_decisions import VAGUE, last_event, reasons
from tests.review.officers import mark_all, materials_now, seen, send, sign_in, text_of, url

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
# Received on Monday, 2 March 2026: day 20 is Monday, 30 March.
FRIDAY = "2026-03-06"
LICENCE = {"key": "attachments.product_introduction", "code": "file_unreadable", "remedy": "", "text": ""}


@pytest.fixture(autouse=True)
def _morning() -> None:
    clock.set_for_tests(MORNING)


def test_the_form_offers_the_working_days_inside_the_period_and_no_whole(cast: Cast) -> None:
    case = submitted(cast)
    page = sign_in(cast.provincial).get(url("act", case, "ask"), seen(case.application)).content.decode()
    assert 'value="2026-03-03"' in page
    assert 'value="2026-03-27"' in page
    for outside in ("2026-03-02", "2026-03-07", "2026-03-30"):
        assert f'value="{outside}"' not in page
    assert '<option value="2026-03-09" selected' in page
    assert 'value="whole"' not in page
    assert "The decision is due" not in page or "2026-03-30" in page


def test_points_of_any_item_are_asked_and_told_at_once(cast: Cast) -> None:
    case = submitted(cast)
    client = sign_in(cast.provincial)
    sent = send(client, case, Act.ASK, {"answer_by": FRIDAY, **reasons(VAGUE, LICENCE)})
    assert sent.status_code == 302, text_of(sent)
    assert sent["Location"] == url("case", case)
    event = last_event(case)
    assert (event.act, event.payload["answer_by"]) == ("ask", FRIDAY)
    assert [point["key"] for point in event.payload["points"]] == [VAGUE["key"], LICENCE["key"]]
    tasks.sweep_notices()
    told = Notice.objects.get(kind="asked", account=cast.member)
    assert "请于2026年3月6日前（含当日）补正" in told.body
    assert VAGUE["remedy"] in told.body
    page = text_of(client.get(url("case", case)))
    assert "The applicant is asked for corrections" in page
    assert "4 working days left" in page
    assert "The applicant was given time to correct the materials" in page
    assert "corrections asked for, by 2026-03-06" in text_of(client.get("/review/"))


def test_without_a_point_or_a_day_the_form_says_so_and_keeps_what_was_typed(cast: Cast) -> None:
    case = submitted(cast)
    client = sign_in(cast.provincial)
    unpinned = send(client, case, Act.ASK, {"answer_by": FRIDAY, **reasons(extra=1)})
    assert unpinned.status_code == 400
    assert "Pin at least one point" in text_of(unpinned)
    dayless = send(client, case, Act.ASK, {"answer_by": "2026-03-30", **reasons(VAGUE)})
    assert dayless.status_code == 400
    assert VAGUE["remedy"] in dayless.content.decode()
    assert last_event(case).act == "submit"


def test_the_notice_is_shown_before_it_is_sent(cast: Cast) -> None:
    case = submitted(cast)
    client = sign_in(cast.provincial)
    shown = send(client, case, Act.ASK, {"answer_by": FRIDAY, "preview": "yes", **reasons(VAGUE)})
    page = text_of(shown)
    assert "请于2026年3月6日前（含当日）补正" in page
    assert VAGUE["remedy"] in page
    assert last_event(case).act == "submit"


def test_a_refusal_waits_until_the_day_has_ended(cast: Cast) -> None:
    case = submitted(cast)
    client = sign_in(cast.provincial)
    send(client, case, Act.ASK, {"answer_by": FRIDAY, **reasons(VAGUE)})
    mark_all(case, cast.provincial, at=MORNING, deficient=[VAGUE["key"]], remark="样例：请写明共识机制。")
    early = send(client, case, Act.PROPOSE_REJECTION, {"text": "", **reasons(VAGUE)})
    assert early.status_code == 409
    assert "still runs" in text_of(early)
    assert VAGUE["remedy"] in early.content.decode()
    clock.set_for_tests(MORNING + 5 * DAY)
    assert send(client, case, Act.PROPOSE_REJECTION, {"text": "", **reasons(VAGUE)}).status_code == 302


def test_the_answer_stands_beside_its_point_on_the_case(cast: Cast) -> None:
    case = submitted(cast)
    client = sign_in(cast.provincial)
    send(client, case, Act.ASK, {"answer_by": FRIDAY, **reasons(VAGUE)})
    client.get(url("case", case))
    materials = materials_now(case)
    materials["service"]["description"] = "样例：采用实用拜占庭容错共识，四个节点分别部署在北京、上海。"
    walk.act(
        case,
        Act.SUPPLEMENT,
        by=cast.member,
        at=MORNING + DAY,
        materials=materials,
        answers={"1": "样例：已写明共识机制。"},
    )
    page = text_of(client.get(url("case", case)))
    assert "The applicant is asked for corrections" not in page
    assert "样例：已写明共识机制。" in page
    assert "to be answered by 2026-03-06" in page


def test_another_province_cannot_ask(cast: Cast) -> None:
    case = submitted(cast)
    client = sign_in(cast.elsewhere)
    assert send(client, case, Act.ASK, {"answer_by": FRIDAY, **reasons(VAGUE)}).status_code == 404
    assert last_event(case).act == "submit"
