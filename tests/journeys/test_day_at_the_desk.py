"""A day of two provincial and two national officers and a head: from the queue to the next case, without a mouse."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from registry import clock
from registry.book.in_force import materials_in_force
from registry.models import Account, Application
from registry.rules.workflow.states import Kind, State
from registry.sample import walk
from registry.sample.walk import SampleCase
from review.models import Assignment
from tests.builders import register as build
from tests.builders.register import Cast
from tests.journeys.conftest import OpenBrowser
from tests.journeys.desk_hands import DeskHands, Spent, table
from tests.journeys.people import bring_session
from tests.journeys.test_keyboard import Keyboard
from tests.services.portal import WebProcess

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# An officer who reads every item; before the keys a clean case took 23 clicks, 19 loads and four texts.
_MOST_KEYS, _MOST_LOADS = 12, 3
_REMEDY = "请补充加盖公章的营业执照扫描件，并核对名称。"
_GROUNDS = "样例：备案主体名称与营业执照不一致，且未提交说明，不符合填报要求。"


@dataclass(frozen=True)
class Day:
    """How many cases of each kind come in."""

    clean: int
    rejected_by_province: int
    rejected_by_nation: int
    changes: int
    cancellations: int


def _cases(cast: Cast, day: Day) -> dict[uuid.UUID, str]:
    """The cases of the day in the order of their receipt, each with what will become of it."""
    now = clock.now()
    kinds = (
        ["first filing"] * day.clean
        + ["rejected by the province"] * day.rejected_by_province
        + ["rejected by the nation"] * day.rejected_by_nation
        + ["change"] * day.changes
        + ["cancellation"] * day.cancellations
    )
    found = {}
    for place, kind in enumerate(kinds):
        at = now - timedelta(minutes=len(kinds) - place)
        made = _one(cast, kind, seed=100 + place, at=at)
        found[made.application_id] = kind
    return found


def _one(cast: Cast, kind: str, *, seed: int, at: datetime) -> SampleCase:
    if kind not in ("change", "cancellation"):
        return build.submitted(cast, seed=seed, at=at)
    filing = build.filing_of(build.in_force(cast, seed=seed, at=at - timedelta(days=30)))
    if kind == "change":
        return build.change_asked(cast, filing, at=at)
    ends_on = clock.china_date(at) + timedelta(days=70)
    return walk.submit(
        materials_in_force(filing),
        member=cast.member,
        at=at,
        kind=Kind.CANCELLATION,
        filing_id=filing.pk,
        details={"ends_on": ends_on.isoformat(), "arrangement": "样例安排"},
    )


def _desk(open_browser: OpenBrowser, home: str, account: Account) -> DeskHands:
    context = open_browser(home)
    bring_session(context, home, account)
    return DeskHands(context.new_page(), home)


def _case_of(hands: DeskHands) -> uuid.UUID:
    found = re.search("/cases/([^/]+)/", hands.page.url)
    assert found is not None
    return uuid.UUID(found.group(1))


def _assign(hands: DeskHands, officer: Account, case: uuid.UUID) -> None:
    """The head hands a case to an officer."""
    page, keys = hands.page, Keyboard(hands.page)
    page.goto(f"{hands.home}/review/cases/{case}/")
    keys.follow('a[href$="/reassign/"]')
    keys.go_to("main form select")
    for _option in page.locator("main form select option").all():
        if page.locator("main form select").input_value() != str(officer.pk):
            keys.press("ArrowDown")
    expect(page.locator("main form select")).to_have_value(str(officer.pk))
    keys.type('main form [name="reason"]', "样例：按专业分工办理，请于本周内完成核对。")
    keys.follow("main form .actions button")


def _work(hands: DeskHands, kinds: dict[uuid.UUID, str], refusing: str, *, most: int) -> int:
    """Works on at most so many cases, one after another; gives how many there were."""
    hands.open_queue()
    for done in range(most):
        if not hands.take_next():
            return done
        case = _case_of(hands)
        kind = kinds[case]
        row = Application.objects.get(pk=case)
        is_confirmed = row.state in (State.PROVINCIAL_CONFIRMATION, State.NATIONAL_CONFIRMATION)
        if kind == refusing and not is_confirmed:
            hands.mark_first_as_deficient()
            hands.mark_rest()
            hands.refuse(remedy=_REMEDY, grounds=_GROUNDS)
        else:
            hands.mark_rest()
            hands.lead_on()
        hands.note(f"{row.state}: {kind}")
    return most


def _work_by_turns(
    pair: tuple[DeskHands, DeskHands], kinds: dict[uuid.UUID, str], refusing: str
) -> list[Spent]:
    """Two officers of one office in turns of three cases, until neither has one."""
    for _turn in kinds:
        if not sum([_work(hands, kinds, refusing, most=3) for hands in pair]):
            break
    return [each for hands in pair for each in hands.spent]


@pytest.mark.parametrize(
    "day",
    [
        pytest.param(Day(2, 1, 1, 1, 1), id="six cases"),
        pytest.param(Day(17, 4, 4, 10, 5), id="forty cases", marks=pytest.mark.proof),
    ],
)
def test_a_day_of_cases_is_decided_with_the_keyboard_alone(
    live_portal: WebProcess, open_browser: OpenBrowser, day: Day
) -> None:
    cast, home = Cast(), live_portal.url
    kinds = _cases(cast, day)
    head = _desk(open_browser, home, cast.provincial_head)
    handed = next(iter(kinds))
    _assign(head, cast.provincial_second, handed)
    assert Assignment.objects.get(application_id=handed).officer_id == cast.provincial_second.pk

    province = (
        _desk(open_browser, home, cast.provincial),
        _desk(open_browser, home, cast.provincial_second),
    )
    own = province[1]
    own.page.goto(f"{home}/review/cases/{handed}/")
    own.mark_rest()
    own.lead_on()
    nation = (_desk(open_browser, home, cast.national), _desk(open_browser, home, cast.national_second))
    spent = _work_by_turns(province, kinds, "rejected by the province")
    spent += _work_by_turns(nation, kinds, "rejected by the nation")

    states = Counter(
        (kinds[pk], state)
        for pk, state in Application.objects.filter(pk__in=kinds).values_list("pk", "state")
    )
    assert states == {
        ("first filing", State.APPROVED): day.clean,
        ("rejected by the province", State.REJECTED): day.rejected_by_province,
        ("rejected by the nation", State.REJECTED): day.rejected_by_nation,
        ("change", State.APPROVED): day.changes,
        ("cancellation", State.APPROVED): day.cancellations,
    }
    print(f"\n{table(spent)}")
    clean = [each for each in spent if each.kind.endswith("first filing")]
    assert max(each.keys for each in clean) <= _MOST_KEYS
    assert max(each.loads for each in spent) <= _MOST_LOADS
    assert not any(each.clicks for each in spent)
