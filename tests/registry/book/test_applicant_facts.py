"""The applicant's facts have one home: nothing approved later brings an older value back, anywhere."""

from __future__ import annotations

import random
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from registry import clock
from registry.book import numbering
from registry.book.applicants import correct_applicant
from registry.book.in_force import (
    applicant_materials_in_force,
    base_of_filing,
    materials_before_change,
    materials_in_force,
)
from registry.book.revisions import get_revision, materials_of
from registry.documents.decisions import decision_context
from registry.errors import FilingError, MaterialsIncomplete
from registry.integrity.register import verify_register
from registry.models import Applicant, Application, Filing, Notice
from registry.public.words import history_entry
from registry.publication.record import Found, PublicEvent, look_up
from registry.rules.particulars import changed_keys
from registry.rules.particulars.materials import value_of
from registry.rules.workflow.lifecycle import TransitionNotAllowed
from registry.rules.workflow.states import OPEN_STATES, Act, Kind, Outcome, Standing, State
from registry.sample import walk
from registry.sample.walk import SampleCase
from registry.storage import attachments
from review.notices.desk_notices import events_for_desks, notify_desk
from tests.builders import register as build
from tests.builders.register import GUANGDONG_DIVISION, MORNING, Cast, approve, change_applicant

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
NEW_NAME = "样例迁址科技有限公司"
NEW_PERSON = "样例新负责人"


def service_materials(
    cast: Cast,
    name: str,
    *,
    facts: Mapping[str, Any] | None = None,
    files: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Complete materials of another service of the same applicant, with its own facts or those given by key."""
    materials = build.materials_for(cast, files=files)
    materials["service"]["service_name"] = name
    for key, value in (facts or {}).items():
        section, particular = key.split(".")
        materials[section][particular] = value
    return materials


def change_service(cast: Cast, filing: Filing, description: str, *, at: datetime) -> SampleCase:
    materials = deepcopy(materials_in_force(filing))
    materials["service"]["description"] = description
    days = [{"key": "service.description", "changed_on": clock.china_date(at).isoformat()}]
    return walk.submit(
        materials,
        member=cast.member,
        at=at,
        kind=Kind.CHANGE,
        filing_id=filing.pk,
        details={"changes": days},
    )


def names_and_provinces(applicant: Applicant) -> set[tuple[str, str]]:
    filings = Filing.objects.filter(applicant=applicant).exclude(standing=Standing.CANCELLED.value)
    return {(filing.applicant_name, filing.province_code) for filing in filings}


def test_a_filing_approved_after_a_change_of_the_applicant_does_not_bring_the_old_facts_back(
    cast: Cast,
) -> None:
    first = build.in_force(cast)
    applicant = first.application.applicant
    second = walk.submit(service_materials(cast, "样例服务二"), member=cast.member, at=MORNING + HOUR)
    approve(cast, second, at=MORNING + 2 * HOUR)
    pending = walk.submit(service_materials(cast, "样例服务三"), member=cast.member, at=MORNING + 3 * HOUR)
    moved = {
        "applicant.name": NEW_NAME,
        "applicant.division_code": GUANGDONG_DIVISION,
        "person_in_charge.name": NEW_PERSON,
    }
    approve(cast, change_applicant(cast, applicant, moved, at=MORNING + 4 * HOUR), at=MORNING + 5 * HOUR)
    assert pending.application.applicant_name == NEW_NAME
    approve(cast, pending, at=MORNING + 6 * HOUR)
    applicant.refresh_from_db()
    assert names_and_provinces(applicant) == {(NEW_NAME, "440000")}
    assert applicant.name == NEW_NAME

    group = change_applicant(cast, applicant, {"applicant.group_name": "样例集团"}, at=MORNING + 7 * HOUR)
    approve(cast, group, at=MORNING + 8 * HOUR)
    applicant.refresh_from_db()
    assert names_and_provinces(applicant) == {(NEW_NAME, "440000")}
    for filing in Filing.objects.filter(applicant=applicant):
        materials = materials_in_force(filing)
        assert value_of(materials, "person_in_charge.name") == NEW_PERSON
        assert value_of(materials, "applicant.group_name") == "样例集团"
    assert verify_register().violations == []


def test_the_last_change_stays_the_last_where_the_clock_went_back_before_its_approval(cast: Cast) -> None:
    applicant = build.in_force(cast).application.applicant
    for name, at in (("样例先改名有限公司", MORNING + 10 * HOUR), (NEW_NAME, MORNING + 5 * HOUR)):
        approve(cast, change_applicant(cast, applicant, {"applicant.name": name}, at=at), at=at + HOUR)
        applicant.refresh_from_db()
    assert applicant.name == NEW_NAME
    assert verify_register().violations == []


def test_a_service_change_approved_after_a_change_of_the_applicant_is_published_as_what_it_is(
    cast: Cast,
) -> None:
    case = build.in_force(cast)
    filing = build.filing_of(case)
    open_change = change_service(cast, filing, "样例：另有说明，服务内容不变。" * 4, at=MORNING + 4 * HOUR)
    renamed = change_applicant(
        cast, case.application.applicant, {"applicant.name": NEW_NAME}, at=MORNING + 5 * HOUR
    )
    approve(cast, renamed, at=MORNING + 6 * HOUR)
    approve(cast, open_change, at=MORNING + 7 * HOUR)
    filing.refresh_from_db()
    assert filing.applicant_name == NEW_NAME
    found = look_up(filing.number or "")
    assert isinstance(found, Found)
    assert [(entry.event, entry.columns) for entry in found.history] == [
        (PublicEvent.NUMBERED, ()),
        (PublicEvent.APPLICANT_CHANGED, ("applicant_name",)),
        (PublicEvent.CHANGED, ()),
    ]
    assert verify_register().violations == []


def test_the_public_history_names_a_move_with_what_was_before(cast: Cast) -> None:
    case = build.in_force(cast)
    filing = build.filing_of(case)
    name = filing.applicant_name
    values = {"applicant.name": NEW_NAME, "applicant.division_code": GUANGDONG_DIVISION}
    applicant = case.application.applicant
    approve(cast, change_applicant(cast, applicant, values, at=MORNING + HOUR), at=MORNING + 2 * HOUR)
    found = look_up(filing.number or "")
    assert isinstance(found, Found)
    change = found.history[-1]
    assert change.former == {"applicant_name": name, "province_code": "110000"}
    with override("zh-hans"):
        shown = history_entry(change)["text"]
    assert f"（原为：{name}）" in str(shown)
    assert "（原为：北京市）" in str(shown)


def test_an_approved_cancellation_and_its_withdrawal_stand_in_the_public_history(cast: Cast) -> None:
    case = build.in_force(cast)
    filing = build.filing_of(case)
    at = MORNING + timedelta(days=1)
    ends_on = (clock.china_date(at) + timedelta(days=90)).isoformat()
    cancellation = walk.submit(
        materials_in_force(filing),
        member=cast.member,
        at=at,
        kind=Kind.CANCELLATION,
        filing_id=filing.pk,
        details={"ends_on": ends_on, "arrangement": "样例安排"},
    )
    approve(cast, cancellation, at=at + HOUR)
    assert cast.national_head.is_active
    event = walk.act(
        cancellation,
        Act.WITHDRAW_CANCELLATION,
        by=cast.member,
        at=at + 2 * HOUR,
        explanation="样例：继续提供",
    )
    found = look_up(filing.number or "")
    assert isinstance(found, Found)
    assert [entry.event for entry in found.history] == [
        PublicEvent.NUMBERED,
        PublicEvent.CANCELLATION_APPROVED,
        PublicEvent.CANCELLATION_WITHDRAWN,
    ]
    for _run in range(2):
        if event.pk in events_for_desks():
            notify_desk(event.pk)
    told = Notice.objects.filter(kind="desk_cancellation_withdrawn")
    assert [(notice.account, "样例：继续提供" in notice.body) for notice in told] == [
        (cast.national_head, True)
    ]


def test_what_happened_to_a_pending_filing_is_no_public_history(cast: Cast, client: Client) -> None:
    first = build.in_force(cast)
    pending = walk.submit(service_materials(cast, "样例服务二"), member=cast.member, at=MORNING + HOUR)
    applicant = first.application.applicant
    renamed = change_applicant(cast, applicant, {"applicant.name": NEW_NAME}, at=MORNING + 2 * HOUR)
    approve(cast, renamed, at=MORNING + 3 * HOUR)
    approve(cast, pending, at=MORNING + 4 * HOUR)
    number = build.filing_of(pending).number or ""
    found = look_up(number)
    assert isinstance(found, Found)
    assert [entry.event for entry in found.history] == [PublicEvent.NUMBERED]
    assert client.get(reverse("public:filing", args=[number])).status_code == 200
    event = pending.application.events.get(act=Act.ISSUE_NUMBER.value)
    assert decision_context(event)["applicant_name"] == NEW_NAME


def test_a_withdrawn_filing_hears_of_nothing(cast: Cast) -> None:
    first = build.in_force(cast)
    withdrawn = walk.submit(service_materials(cast, "样例服务二"), member=cast.member, at=MORNING + HOUR)
    walk.act(withdrawn, Act.WITHDRAW, by=cast.member, at=MORNING + 2 * HOUR)
    applicant = first.application.applicant
    renamed = change_applicant(cast, applicant, {"applicant.name": NEW_NAME}, at=MORNING + 3 * HOUR)
    approve(cast, renamed, at=MORNING + 4 * HOUR)
    filing = build.filing_of(withdrawn)
    assert [event.act for event in filing.events.order_by("sequence")] == ["submit", "withdraw"]
    assert verify_register().violations == []


def test_a_place_corrected_before_the_first_approval_is_the_filings_place(cast: Cast) -> None:
    case = build.rejected(cast)
    materials = build.materials_for(cast)
    materials["applicant"]["division_code"] = GUANGDONG_DIVISION
    at = MORNING + 4 * HOUR
    walk.act(case, Act.RESUBMIT, by=cast.member, at=at, materials=materials, answers={"1": "样例答复"})
    approve(cast, case, at=MORNING + 5 * HOUR)
    filing = build.filing_of(case)
    assert (filing.province_code, filing.applicant.province_code) == ("440000", "440000")
    assert verify_register().violations == []


def test_a_late_correction_does_not_touch_facts_that_were_approved_meanwhile(cast: Cast) -> None:
    case = build.forwarded(cast)
    stale = Applicant.objects.get()
    given = {**build.materials_for(cast)["applicant"], "name": "样例旧名"}
    walk.act(case, Act.APPROVE, by=cast.national, at=MORNING + 2 * HOUR, text="样例")
    correct_applicant(stale, given)
    assert Applicant.objects.get().name == case.application.applicant_name
    assert verify_register().violations == []


def test_a_second_filing_approved_first_makes_the_home_and_the_first_one_follows(cast: Cast) -> None:
    """Two first filings of an applicant that the register does not know: the first approval decides the facts."""
    early = walk.submit(service_materials(cast, "样例甲"), member=cast.member, at=MORNING)
    facts = {"applicant.name": "样例后来名称有限公司"}
    late = walk.submit(service_materials(cast, "样例乙", facts=facts), member=cast.member, at=MORNING + HOUR)
    approve(cast, late, at=MORNING + 2 * HOUR)
    assert early.application.applicant_name == "样例后来名称有限公司"
    approve(cast, early, at=MORNING + 3 * HOUR)
    assert {filing.applicant_name for filing in Filing.objects.all()} == {"样例后来名称有限公司"}
    assert verify_register().violations == []


def test_a_rejected_change_of_the_applicant_is_not_resubmitted_over_a_newer_one(cast: Cast) -> None:
    case = build.in_force(cast)
    applicant = case.application.applicant
    old = change_applicant(cast, applicant, {"applicant.group_name": "样例旧集团"}, at=MORNING + 4 * HOUR)
    build.forward(cast, old, at=MORNING + 5 * HOUR, recommends=Outcome.REJECTION)
    reasons = [dict(walk.SAMPLE_REASON)]
    walk.act(old, Act.REJECT, by=cast.national, at=MORNING + 6 * HOUR, reasons=reasons, text="样例")
    approve(
        cast,
        change_applicant(cast, applicant, {"applicant.name": NEW_NAME}, at=MORNING + 7 * HOUR),
        at=MORNING + 8 * HOUR,
    )
    materials = deepcopy(applicant_materials_in_force(applicant))
    materials["applicant"]["group_name"] = "样例又一集团"
    at = MORNING + 9 * HOUR
    with pytest.raises(TransitionNotAllowed) as refused:
        walk.act(old, Act.RESUBMIT, by=cast.member, at=at, materials=materials, answers={"1": "样例答复"})
    assert refused.value.code == "base_revision_in_force"


def test_the_desk_and_the_decision_see_what_a_change_changes_and_nothing_else(cast: Cast) -> None:
    """Before and after start from the home: of the applicant in its own change, of the service in a change of it."""
    case = build.in_force(cast)
    filing = build.filing_of(case)
    service = change_service(cast, filing, "样例：另有说明，服务内容不变。" * 4, at=MORNING + 4 * HOUR)
    applicant = change_applicant(
        cast, case.application.applicant, {"applicant.name": NEW_NAME}, at=MORNING + 5 * HOUR
    )
    approve(cast, applicant, at=MORNING + 6 * HOUR)
    approve(cast, service, at=MORNING + 7 * HOUR)
    group = change_applicant(
        cast, case.application.applicant, {"applicant.group_name": "样例集团"}, at=MORNING + 8 * HOUR
    )
    expected = {
        # A new name comes with the document that states it.
        applicant: {"applicant.name", "attachments.organisation_certificate"},
        service: {"service.description"},
        group: {"applicant.group_name"},
    }
    for asked, keys in expected.items():
        before = materials_before_change(asked.application)
        assert before is not None
        after = materials_of(get_revision(asked.application_id, 1))
        assert set(changed_keys(before, after)) == keys
    assert materials_before_change(case.application) is None


def test_a_change_of_the_applicant_with_the_old_scan_is_incomplete_whenever_it_is_handed_in(
    cast: Cast,
) -> None:
    case = build.in_force(cast)
    applicant = case.application.applicant
    before = applicant_materials_in_force(applicant)
    renamed = {**before, "applicant": {**before["applicant"], "name": NEW_NAME}}
    details = {"changes": [{"key": "applicant.name", "changed_on": "2026-03-02"}]}
    submit = partial(walk.submit, member=cast.member, kind=Kind.APPLICANT_CHANGE, details=details)
    with pytest.raises(MaterialsIncomplete) as refused:
        submit(renamed, at=MORNING + 4 * HOUR)
    expected = [("attachments.organisation_certificate", "former_proof")]
    assert [(gap.key, gap.code) for gap in refused.value.facts["gaps"]] == expected
    change = change_applicant(cast, applicant, {"applicant.name": NEW_NAME}, at=MORNING + 5 * HOUR)
    with pytest.raises(MaterialsIncomplete):
        walk.act(
            change,
            Act.SUPPLEMENT,
            by=cast.member,
            at=MORNING + 6 * HOUR,
            materials=renamed,
            explanation="样例：旧证",
        )


def test_check_register_names_an_applicant_that_stands_under_two_names(cast: Cast) -> None:
    case = build.in_force(cast)
    applicant = case.application.applicant
    Applicant.objects.filter(pk=applicant.pk).update(name="样例被改名", facts_revision_number=None)
    assert "applicant_facts_without_decision" in {each.code for each in verify_register().violations}
    Applicant.objects.filter(pk=applicant.pk).update(facts_revision_number=1)
    assert {each.code for each in verify_register().violations} == {"applicant_row_differs"}


# ---------------------------------------------------------------- walks against a model

VARIED = {
    "applicant.name": ("样例甲公司", "样例乙公司", "样例丙公司"),
    "applicant.group_name": ("样例一集团", "样例二集团"),
    "applicant.division_code": ("110108", "440305", "310115"),
    "applicant.mailing_address": ("样例路 1 号", "样例路 2 号"),
    "person_in_charge.name": ("样例甲", "样例乙", "样例丙"),
}


@dataclass
class Walk:
    """Acts on one applicant in any order, beside a model that knows only the last approved value of each fact."""

    cast: Cast
    chance: random.Random
    files: Mapping[str, Any]
    at: datetime = MORNING
    model: dict[str, Any] = field(default_factory=dict)
    changed: dict[Any, dict[str, Any]] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)

    def run(self, count: int) -> None:
        acts = (self.file, self.change_applicant, self.change_service, self.cancel, self.decide, self.decide)
        for _ in range(count):
            self.at += HOUR
            act = self.chance.choice(acts)
            try:
                with transaction.atomic():
                    act()
                self.done.append(act.__name__)
            except FilingError:
                continue
            self.compare()

    def any_values(self) -> dict[str, Any]:
        keys = self.chance.sample(sorted(VARIED), self.chance.randint(1, 3))
        return {key: self.chance.choice(VARIED[key]) for key in keys}

    def file(self) -> None:
        """A first filing, often with facts that the register does not have (any more)."""
        name = f"样例服务{self.chance.randrange(10**6)}"
        materials = service_materials(self.cast, name, facts=self.any_values(), files=self.files)
        walk.submit(materials, member=self.cast.member, at=self.at)

    def change_applicant(self) -> None:
        applicant = Applicant.objects.first()
        if applicant is None or not self.model:
            return
        before = applicant_materials_in_force(applicant)
        values = {key: value for key, value in self.any_values().items() if value_of(before, key) != value}
        case = change_applicant(self.cast, applicant, values, at=self.at)
        self.changed[case.application_id] = values

    def change_service(self) -> None:
        filing = self.chance.choice(list(Filing.objects.filter(standing=Standing.IN_FORCE.value)) or [None])
        if filing is not None:
            change_service(self.cast, filing, f"样例说明{self.chance.randrange(10**6)}" * 8, at=self.at)

    def cancel(self) -> None:
        filing = self.chance.choice(list(Filing.objects.filter(standing=Standing.IN_FORCE.value)) or [None])
        if filing is not None and self.chance.random() < 0.5:
            ends_on = (clock.china_date(self.at) + timedelta(days=90)).isoformat()
            walk.submit(
                materials_in_force(filing),
                member=self.cast.member,
                at=self.at,
                kind=Kind.CANCELLATION,
                filing_id=filing.pk,
                details={"ends_on": ends_on, "arrangement": "样例安排"},
            )

    def decide(self) -> None:
        waiting = Application.objects.filter(state__in=[state.value for state in OPEN_STATES]).order_by("pk")
        application = self.chance.choice(list(waiting) or [None])
        if application is None:
            return
        case = SampleCase(application.pk, self.cast.member)
        if self.chance.random() < 0.2:
            walk.act(case, Act.WITHDRAW, by=self.cast.member, at=self.at)
            return
        provincial = walk.sample_account(
            "样例初审", self.cast.provincial.acts_as, province_code=application.province_code
        )
        walk.act(
            case, Act.FORWARD, by=provincial, at=self.at, recommends="approval", text="样例意见：均已核对"
        )
        walk.act(case, Act.APPROVE, by=self.cast.national, at=self.at + timedelta(minutes=1), text="样例")
        row = case.application
        if row.kind == Kind.INITIAL and row.filing is not None:
            numbering.issue_number(row.filing.pk, at=self.at + timedelta(minutes=2))
            if not self.model:
                facts = applicant_materials_in_force(row.applicant)
                self.model = {key: value_of(facts, key) for key in VARIED}
        if row.kind == Kind.APPLICANT_CHANGE:
            self.model |= self.changed[row.pk]

    def compare(self) -> None:
        if not self.model:
            return
        applicant = Applicant.objects.get()
        assert applicant.name == self.model["applicant.name"], self.done
        for filing in Filing.objects.filter(standing=Standing.IN_FORCE.value):
            materials = materials_in_force(filing)
            assert {key: value_of(materials, key) for key in VARIED} == self.model, self.done
            assert filing.applicant_name == self.model["applicant.name"], self.done
            assert filing.columns["division_code"] == self.model["applicant.division_code"], self.done
        for application in Application.objects.filter(
            state__in=[*(state.value for state in OPEN_STATES), State.REJECTED.value]
        ).exclude(kind=Kind.APPLICANT_CHANGE.value):
            assert application.applicant_name == self.model["applicant.name"], self.done


ACTS_OF_A_WALK = 30
# Ten walks at a time, so that no test takes minutes: fifty in every run, five hundred in the proof.
TENS = [pytest.param(ten, marks=[pytest.mark.proof] if ten >= 5 else []) for ten in range(50)]


@pytest.mark.parametrize("ten", TENS)
def test_in_every_order_each_fact_has_the_last_approved_value(cast: Cast, ten: int) -> None:
    reached: set[str] = set()
    # Made before the walks, each of which is undone at its end; its files are taken away after it.
    assert all(officer.pk for officer in (cast.member, cast.provincial, cast.elsewhere, cast.national))
    files = build.materials_for(cast)["attachments"]
    for seed in range(ten * 10, ten * 10 + 10):
        with transaction.atomic():
            one = Walk(cast, random.Random(seed), files)
            one.run(ACTS_OF_A_WALK)
            reached |= set(one.done)
            # Files of tests before may be there still.
            assert {each.code for each in verify_register().violations} <= {"file_without_row"}, one.done
            transaction.set_rollback(True)
        attachments.remove_orphans(now=datetime.now(UTC) + timedelta(days=2))
    assert reached == {"file", "change_applicant", "change_service", "cancel", "decide"}


def test_what_is_not_in_force_yet_is_referred_to_by_nothing(cast: Cast) -> None:
    filing = build.filing_of(build.submitted(cast))
    assert base_of_filing(filing) is None
    in_force = build.filing_of(build.in_force(cast, seed=2))
    base = base_of_filing(in_force)
    assert base is not None
    assert base.as_payload() == {
        "application_id": str(in_force.in_force_application_id),
        "revision_number": 1,
    }
