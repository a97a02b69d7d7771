"""During the review: supplementing what the office has, while the clock goes on."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from registry import clock
from registry.rules.workflow.states import Act
from registry.sample import walk
from tests.applicants.amendments.amending import (
    ANSWER,
    CLEAR,
    answer_reasons,
    begin,
    events,
    explain,
    mend,
    path_of,
    send,
)
from tests.applicants.pages import Desk
from tests.builders.register import MORNING, Cast, submitted

DESCRIPTION = "service.description"


def test_a_supplement_keeps_the_clock_and_needs_an_explanation(desk: Desk, cast: Cast) -> None:
    case = submitted(cast)
    received_on = case.application.received_on
    clock.set_for_tests(MORNING + timedelta(days=2))
    desk = Desk.of(cast.member)
    draft, url = begin(desk, case)
    locked = desk.get("section", draft.pk, "service").content.decode()
    desk.post("open_section", draft.pk, "service")
    mend(desk, draft, "service", description=CLEAR)

    unexplained = send(desk, draft)
    explain(desk, draft, "样例：补充技术说明。")

    assert path_of(url)[0] == reverse("applicants:amendment", args=[draft.pk])
    assert '<textarea name="description"' not in locked
    assert unexplained.status_code == 409
    assert "#explanation" in unexplained.content.decode()
    assert send(desk, draft).status_code == 302
    application = case.application
    assert (application.revision_number, application.round_number) == (2, 1)
    assert application.received_on == received_on
    (event,) = events(application, Act.SUPPLEMENT)
    assert event.payload["explanation"] == "样例：补充技术说明。"
    assert event.payload["details"]["opened"] == ["service"]
    assert "样例：补充技术说明。" in desk.get("application", application.pk).content.decode()


def test_a_supplement_that_changes_nothing_is_refused(desk: Desk, cast: Cast) -> None:
    draft, _url = begin(desk, submitted(cast))
    explain(desk, draft, "样例：补充技术说明。")

    answer = send(desk, draft)

    assert answer.status_code == 409
    assert reverse("applicants:amendment", args=[draft.pk]) in answer.content.decode()
    assert 'name="declaration"' not in desk.get("check", draft.pk).content.decode()


def test_a_supplement_begun_before_the_rejection_goes_on_as_its_amendment(desk: Desk, cast: Cast) -> None:
    case = submitted(cast)
    draft, _url = begin(desk, case)
    desk.post("open_section", draft.pk, "service")
    mend(desk, draft, "service", description=CLEAR)
    explain(desk, draft, "样例")
    reasons = [{"id": "1", "key": DESCRIPTION, "code": "other", "article": "11", "remedy": "样例"}]
    walk.act(case, Act.PROPOSE_REJECTION, by=cast.provincial, at=MORNING, reasons=reasons, text="")

    deciding = send(desk, draft)
    closed = desk.get("application", case.application_id).content.decode()
    walk.act(case, Act.CONFIRM, by=cast.provincial_second, at=MORNING)
    unanswered = send(desk, draft)

    assert deciding.status_code == 409
    assert reverse("applicants:amend", args=[case.application_id]) not in closed
    assert unanswered.status_code == 409
    assert "#answer-1" in unanswered.content.decode()
    answer_reasons(desk, draft, {"1": ANSWER})
    assert send(desk, draft).status_code == 302
    assert case.application.round_number == 2
