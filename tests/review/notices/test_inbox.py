"""An officer's notices: one line for each case, all read at once, and what became of one's own proposal."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from registry import clock
from registry.models import Account, EventEffect, Notice
from registry.notices import notice as notices
from registry.notices.kinds import kind_of
from registry.rules.workflow.effects import EffectKind
from registry.rules.workflow.states import Act, Kind, Outcome, Role
from registry.sample import walk
from registry.sample.walk import SAMPLE_REASON, SampleCase
from review.notices import matters
from review.notices.desk_notices import events_for_desks, notify_desk
from review.tasks import sweep_desk_notices
from tests.builders import batch as batches
from tests.builders import objection as objections
from tests.builders import register as build
from tests.builders.objection import OBJECTING
from tests.builders.register import MORNING, Cast
from tests.review.officers import sign_in, text_of

pytestmark = pytest.mark.django_db

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
INBOX = reverse("review:inbox")


@pytest.fixture(autouse=True)
def _two_days_later() -> None:
    clock.set_for_tests(MORNING + 2 * DAY)


def say(account: Account, case: SampleCase | None, number: int) -> Notice:
    """A notice to an officer about a case, or about none, that many minutes after the morning."""
    notices.notify(
        "desk_withdrawn",
        key=str(number),
        accounts=[account],
        facts={**kind_of("desk_withdrawn").sample, "service_name": f"样例服务 {number}"},
        application=None if case is None else case.application,
        link_path="/review/",
        at=MORNING + number * MINUTE,
    )
    return Notice.objects.get(key=str(number), account=account)


def lines(page: str) -> list[str]:
    """The numbers of the notices that stand on the page, in its order; those behind a line in brackets."""
    found = []
    for row in re.split(r'<li class="inbox__row', page)[1:]:
        number = re.search(r"样例服务 (\d+)</a>", row)
        if number is not None:
            found.append(number[1])
    return found


def body_of(client: Client, address: str = INBOX) -> str:
    return client.get(address).content.decode()


def posted_keys(page: str) -> str:
    found = re.search(r'name="notices" value="([^"]*)"', page)
    return found[1] if found is not None else ""


def test_the_notices_of_one_case_stand_on_one_line_with_the_newest_and_the_others_behind_it(
    cast: Cast,
) -> None:
    one, two = build.submitted(cast), build.submitted(cast, seed=2)
    for number, case in enumerate((one, two, one, None, two, one, None)):
        say(cast.provincial, case, number)
    client = sign_in(cast.provincial)
    page = body_of(client)
    # The newest of each matter, and after each its earlier ones, the latest first.
    assert lines(page) == ["6", "5", "2", "0", "4", "1", "3"]
    assert page.count("<details") - page.count("account-menu") >= 2
    text = text_of(client.get(INBOX))
    assert "2 earlier notices · 2 unread" in text
    assert "1 earlier notice · 1 unread" in text


def test_a_case_with_something_unread_stands_before_those_that_are_read(cast: Cast) -> None:
    one, two = build.submitted(cast), build.submitted(cast, seed=2)
    old, newer, newest = (say(cast.provincial, case, number) for number, case in enumerate((one, one, two)))
    client = sign_in(cast.provincial)
    for each in (newer, newest):
        client.get(reverse("review:notice", args=[each.pk]))
    text = text_of(client.get(INBOX))
    assert lines(body_of(client)) == ["1", "0", "2"]
    assert "1 earlier notice · 1 unread" in text
    client.get(reverse("review:notice", args=[old.pk]))
    assert lines(body_of(client)) == ["2", "1", "0"]
    assert "1 earlier notice " in text_of(client.get(INBOX)).replace("\n", " ")
    assert notices.unread_count(cast.provincial) == 0


def test_a_page_holds_twenty_cases_however_many_notices_they_have(cast: Cast) -> None:
    cases = [build.submitted(cast, seed=number) for number in range(22)]
    number = 0
    for _round in range(2):
        for case in cases:
            say(cast.provincial, case, number)
            number += 1
    client = sign_in(cast.provincial)
    first = client.get(INBOX)
    heads = [each.newest.key for each in first.context["matters"]]
    assert heads == [str(each) for each in range(43, 23, -1)]
    second = client.get(INBOX + first.context["next_url"])
    assert [each.newest.key for each in second.context["matters"]] == ["23", "22"]
    assert [[each.key for each in matter.earlier] for matter in second.context["matters"]] == [["1"], ["0"]]
    assert second.context["next_url"] == ""


def test_what_is_behind_a_line_is_bounded_and_the_rest_has_a_page(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matters, "MOST_BEHIND", 2)
    case, other = build.submitted(cast), build.submitted(cast, seed=2)
    for number in range(5):
        say(cast.provincial, case, number)
    say(cast.provincial, other, 5)
    client = sign_in(cast.provincial)
    page = body_of(client)
    assert lines(page) == ["5", "4", "3", "2"]
    assert "4 earlier notices" in text_of(client.get(INBOX))
    about = re.search(r'href="([^"]*\?about=[^"]*)"', page)
    assert about is not None
    assert lines(body_of(client, about[1])) == ["4", "3", "2", "1", "0"]
    # Nobody else has them there.
    assert lines(body_of(sign_in(cast.provincial_second), about[1])) == []


@pytest.mark.parametrize("count", [1, 20, 200])
def test_the_inbox_asks_as_many_queries_for_one_notice_as_for_two_hundred(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    cases = [build.submitted(cast, seed=number) for number in range(5)]
    for number in range(count):
        say(cast.provincial, cases[number % 5], number)
    client = sign_in(cast.provincial)
    client.get(INBOX)
    with django_assert_num_queries(8):
        client.get(INBOX)


def test_the_notices_of_an_objection_stand_on_one_line(cast: Cast) -> None:
    batches.filings_in_force(cast, 2)
    objections.answered(cast, batches.published(cast))
    for event in events_for_desks():
        notify_desk(event, at=OBJECTING + DAY)
    (matter,) = sign_in(cast.national).get(INBOX).context["matters"]
    told = (matter.newest, *matter.earlier)
    assert {each.kind for each in told} == {"desk_objection", "desk_objection_answered"}


# ---------------------------------------------------------------- all read


def test_all_read_marks_what_the_page_knew_and_nothing_that_came_since(cast: Cast) -> None:
    case = build.submitted(cast)
    for number in range(3):
        say(cast.provincial, case, number)
    client = sign_in(cast.provincial)
    page = body_of(client)
    assert "Mark all as read" in page
    # It is older than those on the page by its own moment, and was not there when the page was made.
    late = say(cast.provincial, None, -5)
    for said in ("3 notices marked as read.", "These notices had been read already."):
        answer = client.post(reverse("review:mark_read"), {"notices": posted_keys(page)}, follow=True)
        assert said in text_of(answer)
    late.refresh_from_db()
    assert late.opened_at is None
    assert notices.unread_count(cast.provincial) == 1
    assert list(
        Notice.objects.filter(opened_at=clock.now()).values_list("key", flat=True).order_by("key")
    ) == [
        "0",
        "1",
        "2",
    ]


def test_all_read_never_touches_a_notice_of_somebody_else_or_outside_ones_inbox(cast: Cast) -> None:
    case = build.submitted(cast)
    own, colleagues = say(cast.provincial, case, 1), say(cast.provincial_second, case, 2)
    elsewhere = say(cast.elsewhere, None, 3)
    moved = say(cast.provincial, None, 4)
    # Of a province the officer has left.
    Notice.objects.filter(pk=moved.pk).update(province_code="440000")
    keys = ",".join(str(each.pk) for each in (own, colleagues, elsewhere, moved))
    sign_in(cast.provincial).post(reverse("review:mark_read"), {"notices": f"{keys},nonsense,"})
    opened = Notice.objects.filter(opened_at__isnull=False).values_list("pk", flat=True)
    assert list(opened) == [own.pk]


def test_all_read_is_a_post_with_a_token_and_nothing_else(cast: Cast) -> None:
    own = say(cast.provincial, None, 1)
    address = reverse("review:mark_read")
    assert sign_in(cast.provincial).get(address, {"notices": str(own.pk)}).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.provincial)
    assert strict.post(address, {"notices": str(own.pk)}).status_code == 403
    own.refresh_from_db()
    assert own.opened_at is None


def test_an_inbox_without_anything_unread_has_no_button(cast: Cast) -> None:
    client = sign_in(cast.provincial)
    assert "Mark all as read" not in body_of(client)
    say(cast.provincial, None, 1)
    client.post(reverse("review:mark_read"), {"notices": posted_keys(body_of(client))})
    assert "Mark all as read" not in body_of(client)


# ---------------------------------------------------------------- one's own proposal was confirmed


def _change(cast: Cast) -> SampleCase:
    return build.change_asked(cast)


def _cancellation(cast: Cast) -> SampleCase:
    return walk.submit(
        build.materials_for(cast),
        member=cast.member,
        at=MORNING,
        kind=Kind.CANCELLATION,
        filing_id=build.filing_of(build.in_force(cast)).pk,
        details={"ends_on": "2026-06-01", "arrangement": "样例"},
    )


def _applicant_change(cast: Cast) -> SampleCase:
    applicant = build.filing_of(build.in_force(cast)).applicant
    return build.change_applicant(
        cast, applicant, {"applicant.name": "样例更名科技有限公司"}, at=MORNING + DAY
    )


KINDS = {
    Kind.INITIAL: (build.submitted, "予以备案", "不予备案"),
    Kind.CHANGE: (_change, "予以变更备案", "不予变更备案"),
    Kind.APPLICANT_CHANGE: (_applicant_change, "予以变更备案", "不予变更备案"),
    Kind.CANCELLATION: (_cancellation, "予以注销备案", "不予注销备案"),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("act", [Act.PROPOSE_APPROVAL, Act.PROPOSE_REJECTION])
def test_who_proposed_is_told_in_the_words_of_the_kind_that_a_colleague_confirmed_it_and_once(
    cast: Cast, kind: Kind, act: Act
) -> None:
    make, approved, rejected = KINDS[kind]
    case = make(cast)
    # An approval is proposed only against the province's opinion.
    against = Outcome.REJECTION if act is Act.PROPOSE_APPROVAL else Outcome.APPROVAL
    build.forward(cast, case, at=MORNING + DAY, recommends=against)
    _propose(case, act, by=cast.national)
    walk.act(case, Act.CONFIRM, by=cast.national_second, at=MORNING + DAY)
    for _run in range(2):
        sweep_desk_notices()
    (told,) = Notice.objects.filter(kind="desk_confirmed")
    decided = approved if act is Act.PROPOSE_APPROVAL else rejected
    assert (told.account, told.application) == (cast.national, case.application)
    assert told.subject.startswith(f"您的拟办意见已经复核同意：{case.application.receipt_number} 样例")
    assert f"决定：{decided}。" in told.body
    assert cast.national_second.name in told.body
    assert told.link_path == f"/review/cases/{case.application_id}/"


def test_a_rejection_proposed_and_confirmed_in_the_province_is_told_there(cast: Cast) -> None:
    case = build.submitted(cast)
    _propose(case, Act.PROPOSE_REJECTION, by=cast.provincial)
    walk.act(case, Act.CONFIRM, by=cast.provincial_second, at=MORNING + DAY)
    sweep_desk_notices()
    (told,) = Notice.objects.filter(kind="desk_confirmed")
    assert told.account == cast.provincial
    assert notices.inbox_of(cast.elsewhere).count() == 0


def test_the_latest_proposal_counts_and_who_has_left_the_office_is_not_told(cast: Cast) -> None:
    case = build.forwarded(cast)
    _propose(case, Act.PROPOSE_REJECTION, by=cast.national)
    walk.act(case, Act.SEND_BACK, by=cast.national_second, at=MORNING + DAY, explanation="样例说明：请再核对")
    _propose(case, Act.PROPOSE_REJECTION, by=cast.national_second)
    walk.act(case, Act.CONFIRM, by=cast.national, at=MORNING + DAY)
    Account.objects.filter(pk=cast.national_second.pk).update(role=Role.AUDITOR.value)
    sweep_desk_notices()
    assert not Notice.objects.filter(kind="desk_confirmed").exists()
    effect = EventEffect.objects.get(kind=EffectKind.TELL_OFFICE.value, event__act=Act.CONFIRM.value)
    assert effect.outcome == "nobody"


def _propose(case: SampleCase, act: Act, *, by: Account) -> None:
    said: dict[str, Any] = {"reasons": [dict(SAMPLE_REASON)]} if act is Act.PROPOSE_REJECTION else {}
    walk.act(case, act, by=by, at=MORNING + DAY, text="样例：理由已经说明清楚。", **said)
