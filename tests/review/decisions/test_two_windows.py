"""Two officers have one case open in two windows: whatever the first does, the second acts on the older page.

One outcome stands, whoever comes second is told, and nothing that was typed is lost. Each window sends what its own
page held, read from the page itself. What is expected is written here by kind of act, not taken from the tables.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from http import HTTPStatus
from itertools import product
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from registry import clock
from registry.integrity.register import verify_register
from registry.models import Account, Event
from registry.rules.workflow.states import Act, Outcome
from registry.sample import walk
from registry.sample.walk import SAMPLE_REASON, SampleCase
from review.desk import claims
from review.models import Assignment, MarkVersion, WorkingNote
from tests.builders.register import MORNING, Cast, forwarded, submitted
from tests.client import ClientResponse
from tests.review.decisions.test_decisions import VAGUE, reasons
from tests.review.officers import mark_all, seen, sign_in, text_of, url

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
LATER = MORNING + 3 * HOUR
ITEM = "applicant.name"

# What each window has typed: none is contained in another.
TYPED = {"first": "样例甲窗：须再核对营业执照原件", "second": "样例乙窗：所附证明与所填不一致"}


@dataclass(slots=True)
class Window:
    """A browser of one officer, with the pages it has open."""

    name: str
    officer: Account
    case: SampleCase
    client: Client
    screen: Mapping[str, int]
    forms: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def words(self) -> str:
        return TYPED[self.name]

    def post(self, name: str, *more: str, **fields: Any) -> ClientResponse:
        return self.client.post(url(name, self.case, *more), fields)


def hidden_of(page: str, address: str, *, key: str | None = None) -> dict[str, str]:
    """The hidden values of the first form of a page that is sent to an address; with `key`, of that item's."""
    for attributes, body in re.findall(r"<form\b([^>]*)>(.*?)</form>", page, re.S):
        action = re.search(r'action="([^"]*)"', attributes)
        if (unescape(action[1]).split("?")[0] if action else "") != address:
            continue
        inputs = re.findall(r'<input\b[^>]*type="hidden"[^>]*>', body)
        hidden = {
            name[1]: unescape(value[1]) if (value := re.search(r'\bvalue="([^"]*)"', each)) else ""
            for each in inputs
            if (name := re.search(r'\bname="([^"]*)"', each))
        }
        if key is None or hidden["key"] == key:
            return hidden
    raise AssertionError(f"no form to {address}")


def opened(name: str, officer: Account, case: SampleCase, acts: list[Act]) -> Window:
    """The case and the pages of the acts, as they are now, in the browser of one officer."""
    window = Window(name, officer, case, sign_in(officer), seen(case.application))
    page = window.client.get(url("case", case)).content.decode()
    window.forms["mark"] = hidden_of(page, url("mark", case), key=ITEM)
    for act in acts:
        shown = window.client.get(url("act", case, act.value), window.screen).content.decode()
        window.forms[act.value] = hidden_of(shown, url("act", case, act.value))
    return window


# ---------------------------------------------------------------- what a window can do


def note(window: Window) -> ClientResponse:
    return window.post("note", text=window.words)


def mark_deficient(window: Window) -> ClientResponse:
    return window.post(
        "mark", **window.forms["mark"] | {"key": ITEM, "verdict": "deficient", "remark": window.words}
    )


def take_back_mark(window: Window) -> ClientResponse:
    return window.post("mark", **window.forms["mark"] | {"key": ITEM, "verdict": "undo"})


def claim(window: Window) -> ClientResponse:
    return window.post("claim")


def release(window: Window) -> ClientResponse:
    return window.post("release")


def by_act(act: Act, **fields: Any) -> Callable[[Window], ClientResponse]:
    def send(window: Window) -> ClientResponse:
        typed = {name: window.words if value == "TYPED" else value for name, value in fields.items()}
        return window.post("act", act.value, **window.forms[act.value] | typed)

    send.__name__ = act.value
    return send


REASONS = reasons({**VAGUE, "remedy": "TYPED"})
FORWARD = by_act(Act.FORWARD, recommends=Outcome.APPROVAL.value, text="TYPED", over_marks="on")
APPROVE = by_act(Act.APPROVE, text="TYPED", over_marks="on")
REJECT = by_act(Act.PROPOSE_REJECTION, text="TYPED", **REASONS)
CONFIRM = by_act(Act.CONFIRM)
SEND_BACK = by_act(Act.SEND_BACK, explanation="TYPED")
ASK = by_act(Act.ASK, **REASONS, answer_by="2026-03-09")
BACK = by_act(Act.RETURN_TO_PROVINCE, question="TYPED")

PAPERS = (note, mark_deficient, take_back_mark, claim, release)


@dataclass(frozen=True, slots=True)
class Situation:
    """A case at a desk, two officers who may act on it, and the acts of the stream that are open to them."""

    name: str
    make: Callable[[Cast], SampleCase]
    officers: Callable[[Cast], tuple[Account, Account, Account]]
    acts: tuple[tuple[Act, Callable[[Window], ClientResponse]], ...]


def provincial(cast: Cast) -> SampleCase:
    return marked(submitted(cast), cast.provincial)


def national(cast: Cast) -> SampleCase:
    return marked(forwarded(cast), cast.national)


def marked(case: SampleCase, officer: Account) -> SampleCase:
    """Every item marked; one is deficient, which a rejection rests on, and not the one that the windows mark."""
    mark_all(case, officer, at=MORNING + 2 * HOUR, deficient=[VAGUE["key"]], remark="样例：共识机制未写明")
    return case


def proposed(case: SampleCase, officer: Account) -> SampleCase:
    marked(case, officer)
    walk.act(
        case, Act.PROPOSE_REJECTION, by=officer, at=MORNING + 2 * HOUR, reasons=[dict(SAMPLE_REASON)], text=""
    )
    return case


def of_province(cast: Cast) -> tuple[Account, Account, Account]:
    return cast.provincial, cast.provincial_second, cast.get("样例初审丙", cast.provincial.acts_as, "110000")


def of_nation(cast: Cast) -> tuple[Account, Account, Account]:
    return cast.national, cast.national_second, cast.get("样例复审丙", cast.national.acts_as)


SITUATIONS = (
    Situation(
        "provincial_review",
        provincial,
        of_province,
        ((Act.FORWARD, FORWARD), (Act.PROPOSE_REJECTION, REJECT), (Act.ASK, ASK)),
    ),
    Situation(
        "national_review",
        national,
        of_nation,
        (
            (Act.APPROVE, APPROVE),
            (Act.PROPOSE_REJECTION, REJECT),
            (Act.ASK, ASK),
            (Act.RETURN_TO_PROVINCE, BACK),
        ),
    ),
    Situation(
        "provincial_confirmation",
        lambda cast: proposed(submitted(cast), of_province(cast)[2]),
        of_province,
        ((Act.CONFIRM, CONFIRM), (Act.SEND_BACK, SEND_BACK)),
    ),
    Situation(
        "national_confirmation",
        lambda cast: proposed(forwarded(cast), of_nation(cast)[2]),
        of_nation,
        ((Act.CONFIRM, CONFIRM), (Act.SEND_BACK, SEND_BACK)),
    ),
)


# ---------------------------------------------------------------- what became of it


def what_stands(case: SampleCase) -> dict[str, int]:
    """How often each thing was done to the case."""
    events = Event.objects.filter(application=case.application_id)
    counts: dict[str, int] = {f"event {each.act}": 0 for each in events}
    for each in events:
        counts[f"event {each.act}"] += 1
    return counts | {
        "notes": WorkingNote.objects.filter(application=case.application_id).count(),
        "marks": MarkVersion.objects.filter(application=case.application_id).count(),
        "claims": Assignment.objects.filter(application=case.application_id).count(),
        "released": Assignment.objects.filter(
            application=case.application_id, released_at__isnull=False
        ).count(),
    }


def difference(before: Mapping[str, int], after: Mapping[str, int]) -> list[str]:
    return [name for name, count in after.items() if count != before.get(name, 0)]


# ---------------------------------------------------------------- what is expected

STREAM = frozenset(
    {"forward", "approve", "propose_rejection", "confirm", "send_back", "ask", "return_to_province"}
)
# What rests on the marks that the page showed.
RESTS_ON_MARKS = frozenset({"forward", "approve", "propose_rejection", "confirm"})
# After these nothing can be marked or claimed at the desk any more.
LEAVES = {
    "provincial_review": {"forward"},
    "national_review": {"approve", "return_to_province"},
    "provincial_confirmation": {"confirm"},
    "national_confirmation": {"confirm"},
}
MARKS = frozenset({"mark_deficient", "take_back_mark"})


def is_done(situation: str, first: str, second: str) -> bool:
    """Whether the second act is done after the first, from a page that does not show the first."""
    if second == "note":
        return True
    if second == "release":
        # Only one's own claim is released, and neither of these windows takes one for the other.
        return False
    if first in STREAM and second in STREAM:
        return False
    if first in LEAVES[situation]:
        return False
    if first == "claim" and second == "claim":
        return False
    if first in MARKS:
        return second not in MARKS and second not in RESTS_ON_MARKS
    return True


# What the officer who comes second reads, by the kinds of both acts.
def told(situation: str, first: str, second: str, name: str) -> str:
    if first in STREAM and second in STREAM:
        return name
    if second in MARKS:
        return (
            "does not lie at your office now"
            if first in LEAVES[situation]
            else f"{name} marked this item meanwhile"
        )
    if second == "claim":
        return (
            "does not lie at your office now" if first in LEAVES[situation] else f"{name} works on this case"
        )
    return {"mark_deficient": f"{name} found this deficient", "take_back_mark": "still unmarked"}.get(
        first, ""
    )


_LEAVES_BEHIND = {"note": "notes", "claim": "claims", "mark_deficient": "marks", "take_back_mark": "marks"}
HAS_WORDS = frozenset({"note", "mark_deficient", *STREAM} - {"confirm"})


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda each: each.name)
def test_of_two_acts_on_one_case_one_outcome_stands_and_the_other_is_told(
    cast: Cast, situation: Situation
) -> None:
    case = situation.make(cast)
    clock.set_for_tests(LATER)
    one, two, _third = situation.officers(cast)
    acts = [act for act, _send in situation.acts]
    older, newer = opened("first", one, case, acts), opened("second", two, case, acts)
    start = what_stands(case)
    sends = [*PAPERS, *(send for _act, send in situation.acts)]
    wrong: list[str] = []
    for first, second in product(sends, sends):
        with transaction.atomic():
            clock.set_for_tests(LATER)
            assert first(older).status_code == HTTPStatus.FOUND
            between = what_stands(case)
            clock.set_for_tests(LATER + timedelta(minutes=5))
            found = faults_of(
                situation.name, first.__name__, second, newer, other=one.name, start=start, between=between
            )
            wrong += [f"{first.__name__}, then {second.__name__}: {each}" for each in found]
            transaction.set_rollback(True)
    assert not wrong, "\n".join(wrong)


def faults_of(
    situation: str,
    first: str,
    second: Callable[[Window], ClientResponse],
    window: Window,
    *,
    other: str,
    start: Mapping[str, int],
    between: Mapping[str, int],
) -> list[str]:
    """What is not as it is to be, once the second window has sent its act."""
    answer = second(window)
    after, name = what_stands(window.case), second.__name__
    done = name if name in STREAM else _LEAVES_BEHIND.get(name, "")
    was_done = any(each.removeprefix("event ") == done for each in difference(between, after))
    faults = [
        f"{each} of the first is gone"
        for each in difference(start, between)
        if after.get(each, 0) < between[each]
    ]
    if was_done != is_done(situation, first, name):
        return [*faults, "was done" if was_done else "was not done"]
    if was_done:
        return faults if name not in STREAM or not verify_register().violations else [*faults, "not whole"]
    page = answer if answer.status_code != HTTPStatus.FOUND else window.client.get(answer["Location"])
    if page.status_code not in (HTTPStatus.OK, HTTPStatus.CONFLICT):
        faults.append(f"answered {page.status_code}")
    wanted = told(situation, first, name, other) if name != "release" else ""
    if wanted not in text_of(page):
        faults.append(f"does not say: {wanted}")
    if name in HAS_WORDS and window.words not in page.content.decode():
        faults.append("what was typed is gone")
    return faults


# ---------------------------------------------------------------- heads, and who is no officer any more


def test_a_head_takes_a_case_from_nobody_whom_the_page_did_not_name(cast: Cast) -> None:
    case, (one, two, third) = submitted(cast), of_province(cast)
    head = sign_in(cast.provincial_head)
    page = hidden_of(head.get(url("reassign", case)).content.decode(), "")
    claims.claim(case.application_id, officer=two, at=MORNING)
    sent = page | {"officer": str(third.pk), "reason": TYPED["first"]}
    refused = head.post(url("reassign", case), sent)
    assert refused.status_code == HTTPStatus.CONFLICT
    assert "Who works on this case has changed" in text_of(refused)
    assert f"{two.name} works on this case" in text_of(refused)
    assert TYPED["first"] in refused.content.decode()
    again = hidden_of(refused.content.decode(), "") | {"officer": str(third.pk), "reason": TYPED["first"]}
    assert head.post(url("reassign", case), again).status_code == HTTPStatus.FOUND
    # A second head, whose page is older still.
    other = sign_in(cast.get("样例省级负责人乙", cast.provincial_head.acts_as, "110000"))
    late = other.post(url("reassign", case), page | {"officer": str(one.pk), "reason": TYPED["second"]})
    assert late.status_code == HTTPStatus.CONFLICT
    assert Assignment.objects.get(released_at__isnull=True).officer == third


@pytest.mark.parametrize("situation", SITUATIONS[:2], ids=lambda each: each.name)
def test_who_is_no_officer_any_more_does_nothing_and_what_was_done_stays(
    cast: Cast, situation: Situation
) -> None:
    case = situation.make(cast)
    clock.set_for_tests(LATER)
    one, _two, _third = situation.officers(cast)
    window = opened("first", one, case, [act for act, _send in situation.acts])
    administrator = sign_in(cast.administrator)
    for send in (*PAPERS, *(send for _act, send in situation.acts)):
        for is_closed_first in (True, False):
            with transaction.atomic():
                if not is_closed_first:
                    send(window)
                before = what_stands(case)
                closed = administrator.post(
                    reverse("office:account_disable", args=[one.pk]),
                    {"act": "disable", "reason": "样例：该人员已调离本机关"},
                )
                assert closed.status_code == HTTPStatus.FOUND
                if is_closed_first:
                    answer = send(window)
                    assert reverse("account_login") in answer["Location"], send.__name__
                assert what_stands(case) == before, send.__name__
                transaction.set_rollback(True)


# ---------------------------------------------------------------- at the same moment


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_acts_sent_at_the_same_moment_one_is_done(cast: Cast) -> None:
    for situation in SITUATIONS:
        for first, second in product(situation.acts, situation.acts):
            clock.set_for_tests(MORNING)
            case = situation.make(cast)
            clock.set_for_tests(LATER)
            one, two, _third = situation.officers(cast)
            windows = opened("first", one, case, [first[0]]), opened("second", two, case, [second[0]])
            before, barrier = what_stands(case), Barrier(2)

            def at_once(
                pair: tuple[Window, Callable[[Window], ClientResponse]], barrier: Barrier = barrier
            ) -> int:
                barrier.wait()
                try:
                    return pair[1](pair[0]).status_code
                finally:
                    connection.close()

            with ThreadPoolExecutor(2) as pool:
                sent = zip(windows, (first[1], second[1]), strict=True)
                answers = sorted(pool.map(at_once, sent))
            assert answers == [HTTPStatus.FOUND, HTTPStatus.CONFLICT], (situation.name, first[0], second[0])
            done = difference(before, what_stands(case))
            assert sum(each.startswith("event ") for each in done) == 1
    assert verify_register().violations == []
