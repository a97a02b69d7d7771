"""A cancellation and a change are decided in their own words on every page, paper and notice of the desk."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from registry import clock
from registry.calendar.current import current_calendar
from registry.documents import papers
from registry.documents.case_files import office_case
from registry.labels.act_words import outcome_words
from registry.models import Notice
from registry.notices.filing_notices import notify_applicant
from registry.rules.days.deadlines import earliest_service_end
from registry.rules.workflow.states import Act, Kind, Outcome
from registry.sample import walk
from registry.sample.walk import SampleCase
from review.desk.actions import OFFICER_ACTS
from review.review_forms.printing import review_form
from tests.builders.register import MORNING, Cast, change_asked, filing_of, forward, in_force
from tests.registry.documents.reading import words_of
from tests.review.officers import BACKEND, materials_now, seen, url

pytestmark = pytest.mark.django_db

LATER = MORNING + timedelta(days=1)
REASON = {**walk.SAMPLE_REASON, "key": "whole", "code": "other"}
WORDS = ("decide", "decided", "propose", "proposed", "confirm")
# What the desk of a change or a cancellation never says, whatever the table holds.
OF_A_FIRST_FILING = ("予以备案", "不予备案", "Approve the filing", "Reject the filing", "Filing approved")


def cancellation_asked(cast: Cast) -> SampleCase:
    case = in_force(cast)
    details = {
        "ends_on": earliest_service_end(clock.china_date(LATER), current_calendar()).isoformat(),
        "arrangement": "样例：提前公告并逐一通知用户。",
    }
    return walk.submit(
        materials_now(case),
        member=cast.member,
        at=LATER,
        kind=Kind.CANCELLATION,
        filing_id=filing_of(case).pk,
        details=details,
    )


ASKED: dict[Kind, Callable[[Cast], SampleCase]] = {
    Kind.CANCELLATION: cancellation_asked,
    Kind.CHANGE: change_asked,
}


def signed_in(cast: Cast, who: str, language: str) -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(getattr(cast, who), backend=BACKEND)
    return client


def pages(case: SampleCase, client: Client) -> Iterator[str]:
    """The texts of the queue, of the case, and of the page of every act, offered or refused."""
    addresses: list[tuple[str, dict[str, int]]] = [(reverse("review:queue"), {}), (url("case", case), {})]
    addresses += [(url("act", case, act.value), seen(case.application)) for act in sorted(OFFICER_ACTS)]
    for address, query in addresses:
        body = client.get(address, query).content.decode()
        # The panel of the applicant's other applications names each by its own kind.
        yield re.sub(r'<section class="section" id="others".*?</section>', "", body, flags=re.S)


def walked(cast: Cast, kind: Kind, outcome: Outcome, language: str) -> tuple[SampleCase, list[str]]:
    """A case decided against the province's opinion, so that it meets every act, with all that the desk showed."""
    case = ASKED[kind](cast)
    found: list[str] = []
    other = Outcome.REJECTION if outcome is Outcome.APPROVAL else Outcome.APPROVAL

    def look(*names: str) -> None:
        for name in names:
            found.extend(pages(case, signed_in(cast, name, language)))

    look("provincial")
    proposal = Act.PROPOSE_APPROVAL if outcome is Outcome.APPROVAL else Act.PROPOSE_REJECTION
    walk.act(case, Act.PROPOSE_REJECTION, by=cast.provincial, at=LATER, reasons=[REASON], text="样例")
    look("provincial", "provincial_second")
    walk.act(case, Act.SEND_BACK, by=cast.provincial_second, at=LATER, explanation="样例：请再核对一次")
    forward(cast, case, at=LATER, recommends=other)
    look("national", "provincial")
    reasons: dict[str, Any] = {"reasons": [REASON]} if outcome is Outcome.REJECTION else {}
    walk.act(case, proposal, by=cast.national, at=LATER, text="样例意见：均已核对", **reasons)
    look("national", "national_second")
    walk.act(case, Act.CONFIRM, by=cast.national_second, at=LATER)
    look("national", "provincial")
    return case, found


def phrases_of_others(kind: Kind, language: str) -> set[str]:
    own = outcome_words(kind, Outcome.APPROVAL)
    others = [other for other in Kind if outcome_words(other, Outcome.APPROVAL) is not own]
    with translation.override(language):
        return {
            str(getattr(outcome_words(other, outcome), name))
            for other in others
            for outcome in Outcome
            for name in WORDS
        }


def foreign(text: str, kind: Kind, language: str) -> list[str]:
    """The words of other kinds on a page: anywhere in Chinese; in English as a label, or an opinion anywhere."""
    labels = {part.strip() for part in re.split(r"<[^>]+>", text)}
    anywhere = "" if language == "zh-hans" else ("Approve the ", "Reject the ")
    others = phrases_of_others(kind, language)
    said = [word for word in OF_A_FIRST_FILING if word in text]
    return said + sorted(
        word for word in others if word in labels or (word.startswith(anywhere) and word in text)
    )


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("kind", ASKED)
def test_the_desk_decides_each_kind_in_its_own_words(
    cast: Cast, kind: Kind, outcome: Outcome, language: str
) -> None:
    _case, found = walked(cast, kind, outcome, language)
    assert [words for text in found if (words := foreign(text, kind, language))] == []
    everything = "\n".join(found)
    with translation.override(language):
        own = outcome_words(kind, outcome)
        missing = [name for name in WORDS if str(getattr(own, name)) not in everything]
    assert missing == []


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("kind", ASKED)
def test_papers_and_notices_name_the_decision_as_the_kind_does(
    cast: Cast, kind: Kind, outcome: Outcome
) -> None:
    case, _found = walked(cast, kind, outcome, "zh-hans")
    application = case.application
    decided = application.events.get(act=Act.CONFIRM.value)
    own = outcome_words(kind, outcome)
    form = review_form(application, calendar=current_calendar())
    printed = [words_of(each) for each in (papers.issue_paper(decided.pk), form, office_case(application))]
    with translation.override("zh-hans"):
        assert [str(own.decided) in words for words in printed] == [True] * 3
    assert own.paper in printed[0]
    assert [words for words in printed if foreign(words, kind, "zh-hans")] == []
    notify_applicant(decided.pk, at=LATER)
    told = Notice.objects.filter(event=decided)
    assert told
    for notice in told:
        with translation.override(notice.language):
            assert str(own.decided) in notice.subject
        assert foreign(notice.subject + notice.body, kind, notice.language) == []
