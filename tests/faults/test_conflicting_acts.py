"""Two acts that exclude each other, sent at the same moment through the pages: one outcome, no server error.

The one that loses is told, and finds its text again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from http import HTTPStatus

import pytest

from applicants.changes.change import start_change
from applicants.drafts import store as drafts
from applicants.drafts.notes import NotesSave, save_notes
from applicants.models import Draft
from registry import clock
from registry.book import endings
from registry.book.in_force import materials_in_force
from registry.calendar.current import current_calendar
from registry.integrity.register import verify_register
from registry.models import Application, Event, Filing
from registry.rules.days.deadlines import earliest_service_end
from registry.rules.workflow.states import Act, Kind, State
from registry.sample import walk
from registry.sample.walk import SampleCase
from tests.applicants.amendments import amending
from tests.applicants.pages import Desk
from tests.builders import register as build
from tests.builders.register import MORNING, Cast
from tests.client import ClientResponse
from tests.faults.racing import Side, race
from tests.review.officers import mark_all, seen, sign_in
from tests.review.officers import send as send_act

pytestmark = pytest.mark.django_db(transaction=True)

NOW = MORNING + timedelta(hours=5)
TEXT = "样例：这段文字不能丢失。"
WON, TOLD = "won", "told, text kept"

Race = tuple[Side, Side]
pairs = pytest.mark.parametrize("count", [20, pytest.param(100, marks=pytest.mark.proof)])


class Scene:
    """The people and the files that all pairs share."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.files = build.materials_for(cast)["attachments"]
        clock.set_for_tests(NOW)
        self.desk = Desk.of(cast.member)
        self.officer, self.second = sign_in(cast.national), sign_in(cast.national_second)

    def in_national_review(self) -> SampleCase:
        case = build.forwarded(self.cast, files=self.files)
        mark_all(case, self.cast.national, at=NOW)
        return case

    def in_force(self) -> Filing:
        case = build.in_force(self.cast, files=self.files)
        return build.filing_of(case)


def read_page(answer: ClientResponse) -> str:
    """Through, or refused on a page that shows what was typed."""
    if answer.status_code == HTTPStatus.FOUND:
        return WON
    page = unescape(answer.content.decode())
    if answer.status_code != HTTPStatus.CONFLICT:
        return f"answered with {answer.status_code}"
    return TOLD if TEXT in page else "told, but the text is lost"


def reads_draft(draft: Draft, kept: Callable[[Draft], bool]) -> Callable[[ClientResponse], str]:
    """For a form whose text is in a draft: refused, the draft is there, and holds it."""

    def read(answer: ClientResponse) -> str:
        if answer.status_code == HTTPStatus.FOUND:
            return WON
        if answer.status_code != HTTPStatus.CONFLICT:
            return f"answered with {answer.status_code}"
        found = Draft.objects.filter(pk=draft.pk, application_id=draft.application_id).first()
        return TOLD if found is not None and kept(found) else "told, but the text is lost"

    return read


def approval(scene: Scene, case: SampleCase) -> Side:
    screen = seen(case.application)
    return Side(
        "approve",
        lambda: send_act(scene.officer, case, Act.APPROVE, {"text": TEXT}, on_screen=screen),
        read_page,
    )


def approve_and_withdraw(scene: Scene) -> Race:
    case = scene.in_national_review()
    fields = {"explanation": TEXT}
    return approval(scene, case), Side(
        "withdraw", lambda: scene.desk.post("withdraw", case.application_id, data=fields), read_page
    )


def approve_and_reject(scene: Scene) -> Race:
    """What 'reject' is where the province recommends approval: a proposal that a second officer confirms."""
    case = scene.in_national_review()
    screen = seen(case.application)
    reasons = {
        "reasons-TOTAL_FORMS": "1",
        "reasons-INITIAL_FORMS": "0",
        # Both find every item in order: what the second has against it is about the whole.
        "reasons-0-key": "whole",
        "reasons-0-code": "other",
        "reasons-0-remedy": TEXT,
        "text": TEXT,
    }
    return approval(scene, case), Side(
        "reject",
        lambda: send_act(scene.second, case, Act.PROPOSE_REJECTION, reasons, on_screen=screen),
        read_page,
    )


def supplement_and_approve(scene: Scene) -> Race:
    case = scene.in_national_review()
    draft, _address = amending.begin(scene.desk, case)
    scene.desk.post("open_section", draft.pk, "service")
    amending.mend(scene.desk, draft, "service", description=amending.CLEAR)
    amending.explain(scene.desk, draft, TEXT)
    sent = {"version": str(Draft.objects.get(pk=draft.pk).version), "declaration": "yes"}
    return approval(scene, case), Side(
        "supplement",
        lambda: scene.desk.post("submit", draft.pk, data=sent),
        reads_draft(draft, lambda found: TEXT in str(found.notes)),
    )


def change_and_cancellation(scene: Scene) -> Race:
    filing = scene.in_force()
    draft = start_change(filing, account=scene.cast.member, at=NOW)
    answers = {**draft.materials["service"], "description": f"{amending.CLEAR}{TEXT}"}
    version = draft.version_of("service")
    save = drafts.SectionSave("service", answers, frozenset(answers), version, "race")
    draft = drafts.save_section(draft.pk, save, at=NOW)
    days = {"service.description": clock.china_date(NOW).isoformat()}
    draft = save_notes(draft.pk, NotesSave({"changed_on": days, "late_reason": ""}), at=NOW)
    sent = {"version": str(draft.version), "declaration": "yes"}
    end = {"ends_on": _earliest_end().isoformat(), "arrangement": TEXT}
    cancel = {**end, "declaration": "on", "step": "submit", "key": str(draft.pk)}
    return Side(
        "change",
        lambda: scene.desk.post("submit", draft.pk, data=sent),
        reads_draft(draft, lambda found: TEXT in found.materials["service"]["description"]),
    ), Side("cancellation", lambda: scene.desk.post("cancel", filing.pk, data=cancel), read_page)


def taking_effect_and_withdrawing(scene: Scene) -> Race:
    """At midnight: the applicant's page by the last moment of the day before, the job by the first of the day."""
    clock.set_for_tests(NOW)
    filing = scene.in_force()
    details = {"ends_on": _earliest_end().isoformat(), "arrangement": "样例安排"}
    materials = materials_in_force(filing)
    case = walk.submit(
        materials,
        member=scene.cast.member,
        at=NOW,
        kind=Kind.CANCELLATION,
        filing_id=filing.pk,
        details=details,
    )
    build.forward(scene.cast, case, at=NOW)
    walk.act(case, Act.APPROVE, by=scene.cast.national, at=NOW, text="样例")
    midnight = clock.start_of(_earliest_end())
    clock.set_for_tests(midnight - timedelta(milliseconds=100))
    scene.desk = Desk.of(scene.cast.member)
    fields = {"explanation": TEXT}
    return Side(
        "take_effect",
        lambda: endings.take_effect(filing.pk, at=midnight),
        lambda event: WON if event is not None else "nothing to do",
    ), Side(
        "withdraw",
        lambda: scene.desk.post("withdraw_cancellation", case.application_id, data=fields),
        read_page,
    )


def _earliest_end() -> date:
    return earliest_service_end(clock.china_date(NOW), current_calendar())


def race_all(scene: Scene, prepare: Callable[[Scene], Race], count: int) -> Counter[tuple[str, str]]:
    """How the pairs ended; two more go one after the other: where a side cannot win, a race shows nothing."""
    outcomes: Counter[tuple[str, str]] = Counter()
    for quicker in (0, 1):
        sides = prepare(scene)
        found = {number: sides[number].read(sides[number].act()) for number in (quicker, 1 - quicker)}
        assert found[quicker] == WON, sides[quicker].name
        outcomes[found[0], found[1]] += 1
    for number in range(count):
        outcomes[race(*prepare(scene), seed=number)] += 1
    print(f"{prepare.__name__.replace('_', ' ')}: {dict(outcomes)}")
    return outcomes


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return Scene(cast)


@pairs
@pytest.mark.parametrize("prepare", [approve_and_withdraw, approve_and_reject, supplement_and_approve])
def test_one_of_two_acts_on_an_application_wins(
    scene: Scene, prepare: Callable[[Scene], Race], count: int
) -> None:
    outcomes = race_all(scene, prepare, count)
    assert set(outcomes) <= {(WON, TOLD), (TOLD, WON)}, outcomes
    approved = Event.objects.filter(act=Act.APPROVE.value).count()
    assert approved == outcomes[WON, TOLD]
    assert verify_register().violations == []


@pairs
def test_a_cancellation_and_a_change_do_not_both_stay_open(scene: Scene, count: int) -> None:
    outcomes = race_all(scene, change_and_cancellation, count)
    # A cancellation closes a change that was quicker.
    assert set(outcomes) <= {(WON, WON), (TOLD, WON)}, outcomes
    assert Application.objects.filter(kind="cancellation", state=State.PROVINCIAL_REVIEW).count() == count + 2
    changes = Application.objects.filter(kind="change").values_list("state", flat=True)
    assert list(changes) == [State.WITHDRAWN.value] * outcomes[WON, WON]
    assert verify_register().violations == []


@pairs
def test_a_cancellation_takes_effect_or_is_withdrawn(scene: Scene, count: int) -> None:
    outcomes = race_all(scene, taking_effect_and_withdrawing, count)
    assert set(outcomes) <= {(WON, TOLD), ("nothing to do", WON)}, outcomes
    cancelled = Filing.objects.filter(standing="cancelled").count()
    assert cancelled == outcomes[WON, TOLD]
    assert verify_register().violations == []
