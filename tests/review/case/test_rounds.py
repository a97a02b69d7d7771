"""Later rounds and supplements before a reviewer: what changed, why, and what was answered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry import clock
from registry.integrity.register import verify_register
from registry.rules.workflow.states import Act, Outcome, State
from tests.applicants.amendments.amending import ANSWER, CLEAR, answer_reasons, begin, explain, mend
from tests.applicants.amendments.amending import send as send_amendment
from tests.applicants.pages import Desk
from tests.builders.register import MORNING, Cast, submitted
from tests.review.decisions.test_decisions import VAGUE, reasons
from tests.review.desk.test_marks import LONGER
from tests.review.officers import mark_all, materials_now, seen, send, sign_in, supplement, text_of, url

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def test_rejected_with_confirmation_mended_and_approved(cast: Cast) -> None:
    case = submitted(cast)
    before = materials_now(case)["service"]["description"]
    provincial, national = sign_in(cast.provincial), sign_in(cast.national)
    mark_all(case, cast.provincial, at=MORNING, deficient=[VAGUE["key"]])
    assert send(provincial, case, Act.PROPOSE_REJECTION, reasons(VAGUE) | {"text": ""}).status_code == 302
    assert send(sign_in(cast.provincial_second), case, Act.CONFIRM, {}).status_code == 302
    assert case.application.state == State.REJECTED

    desk = Desk.of(cast.member)
    draft, _url = begin(desk, case, key="service.description")
    mend(desk, draft, "service", description=CLEAR)
    answer_reasons(desk, draft, {"1": ANSWER})
    assert send_amendment(desk, draft).status_code == 302

    page = text_of(provincial.get(url("case", case)))
    assert "What changed: version 2 against version 1" in page
    assert "请写明共识机制。" in page
    assert ANSWER in page
    assert before in page
    assert CLEAR in page
    mark_all(case, cast.provincial, at=MORNING)
    opinion = {"recommends": Outcome.APPROVAL.value, "text": "样例意见：均已核对"}
    assert send(provincial, case, Act.FORWARD, opinion).status_code == 302
    mark_all(case, cast.national, at=MORNING)
    assert send(national, case, Act.APPROVE, {"text": ""}).status_code == 302
    application = case.application
    assert (application.state, application.round_number) == (State.APPROVED, 2)
    assert ANSWER in desk.get("application", application.pk).content.decode()
    assert verify_register().violations == []


def test_an_act_from_a_screen_before_the_applicants_supplement_is_refused_with_the_text_kept(
    cast: Cast,
) -> None:
    case = submitted(cast)
    mark_all(case, cast.provincial, at=MORNING)
    client = sign_in(cast.provincial)
    client.get(url("case", case))
    screen = seen(case.application)
    desk = Desk.of(cast.member)
    draft, _url = begin(desk, case)
    desk.post("open_section", draft.pk, "service")
    mend(desk, draft, "service", description=CLEAR)
    explain(desk, draft, "样例：技术说明更新。")
    assert send_amendment(desk, draft).status_code == 302

    opinion = {"recommends": Outcome.APPROVAL.value, "text": "我写的意见：已经核对"}
    stale = send(client, case, Act.FORWARD, opinion, on_screen=screen)

    assert stale.status_code == 409
    assert "我写的意见" in stale.content.decode()
    assert case.application.state == State.PROVINCIAL_REVIEW
    page = text_of(client.get(url("case", case)))
    assert "样例：技术说明更新。" in page
    assert "Sections the applicant opened besides: Service" in page
    assert CLEAR in page


def test_any_earlier_version_can_be_compared(cast: Cast) -> None:
    case = submitted(cast)
    first = materials_now(case)["service"]["description"]
    supplement(case, at=MORNING + HOUR, description=LONGER)
    supplement(case, at=MORNING + 2 * HOUR, consensus="样例共识")
    client = sign_in(cast.provincial)

    previous = text_of(client.get(url("case", case)))
    oldest = text_of(client.get(url("case", case), {"compare": "1"}))
    nonsense = text_of(client.get(url("case", case), {"compare": "9"}))

    assert "version 3 against version 2" in previous
    assert first not in previous
    assert "version 3 against version 1" in oldest
    assert first in oldest
    assert "version 3 against version 2" in nonsense


def test_a_first_version_has_nothing_to_compare(cast: Cast) -> None:
    case = submitted(cast)

    assert "What changed" not in text_of(sign_in(cast.provincial).get(url("case", case)))


def test_a_masked_value_stays_masked_in_the_comparison(cast: Cast) -> None:
    case = submitted(cast)
    materials = materials_now(case)
    mobile = str(materials["person_in_charge"]["mobile"])
    desk = Desk.of(cast.member)
    draft, _url = begin(desk, case)
    desk.post("open_section", draft.pk, "person_in_charge")
    mend(desk, draft, "person_in_charge", email="sample.changed@example.com", office_phone="010-55550123")
    explain(desk, draft, "样例")
    draft.refresh_from_db()
    assert draft.materials["person_in_charge"]["email"] == "sample.changed@example.com"

    assert send_amendment(desk, draft).status_code == 409  # The statement prints the address.
    desk.upload(draft, "authenticity_statement")
    assert send_amendment(desk, draft).status_code == 302

    page = sign_in(cast.provincial).get(url("case", case)).content.decode()
    assert "What changed: version 2 against version 1" in page
    assert "sample.changed@example.com" not in page
    assert str(materials["person_in_charge"]["email"]) not in page
    assert mobile not in page


def test_more_changes_ask_the_database_no_more_often(cast: Cast) -> None:
    clock.set_for_tests(MORNING)
    one, many = submitted(cast, seed=1), submitted(cast, seed=2)
    supplement(one, at=MORNING, description=LONGER)
    supplement(
        many,
        at=MORNING,
        description=LONGER,
        consensus="样例共识",
        log_retention_months=12,
        technical_supporter="样例",
    )
    client = sign_in(cast.provincial)
    counts = []
    for case in (one, one, many):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url("case", case)).status_code == 200
        counts.append(len(captured))

    assert counts[1] == counts[2]
