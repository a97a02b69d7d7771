"""The stories of the sample register: the acts by which each case came to its state.

A story is a generator. It yields the moment of its next act and does the act when it is resumed, so that all stories
can be played together in chronological order.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any, Protocol

from django.utils.translation import override

from registry import clock
from registry.book import endings, numbering
from registry.book.act_request import Actor
from registry.endings import striking_off
from registry.endings.striking_off import Grounds
from registry.errors import RegisterIncomplete
from registry.labels.act_words import outcome_words
from registry.models import Account, Application, Filing, StrikingOff
from registry.rules.days.deadlines import earliest_service_end, resubmission_due
from registry.rules.days.working_days import Calendar
from registry.rules.end_grounds import EndGround
from registry.rules.particulars.reasons import INITIAL_CATALOGUE, reason
from registry.rules.workflow.guards import CHECKLIST_ANSWERED
from registry.rules.workflow.lifecycle import acts_that_ask
from registry.rules.workflow.states import Act, Kind, Outcome
from registry.sample import walk
from registry.sample.days import day_of_receipt, escalated_at, later, office_hour, start_of
from registry.sample.plan import Planned

Moments = Iterator[datetime]

# The reasons for rejection that applicants and agents report most often.
_REASONS = (
    reason(
        1,
        catalogue=INITIAL_CATALOGUE,
        key="service.description",
        code="technical_description_vague",
        remedy="请写明共识机制和节点部署地点。",
    ),
    reason(
        2,
        catalogue=INITIAL_CATALOGUE,
        key="attachments.icp_proof",
        code="file_does_not_match",
        remedy="请提交与网站一致的备案证明。",
    ),
)
_OPINION = "样例意见：材料齐全，建议{decide}。"
_ARRANGEMENT = "样例：提前三十日公告并逐一通知用户，用户可在终止前导出数据，链上凭证继续可查。"
_GROUNDS = Grounds(
    ground=EndGround.FALSE_MATERIALS,
    reason="样例：所提交的网站备案证明经核实系伪造。",
    basis="样例依据：《区块链信息服务管理规定》第十二条、第二十二条。",
)
_ADVERSE_OPINION = "样例意见：技术说明过于笼统，建议{decide}。"
_APPROVAL = "样例：{decide}。"


@dataclass(frozen=True, slots=True)
class Officers:
    """The officers who act in a case: two of its province, two of the national office and its head."""

    provincial: Account
    provincial_second: Account
    national: Account
    national_second: Account
    national_head: Account


class Cast(Protocol):
    """The people in the stories, and the materials they submit."""

    today: date
    calendar: Calendar

    def member_for(self, planned: Planned) -> Account: ...

    def officers_for(self, planned: Planned) -> Officers: ...

    def materials_for(self, planned: Planned, *, at: datetime) -> dict[str, Any]: ...

    def examine(
        self, application: Application, officer: Account, *, deficient: Sequence[str], at: datetime
    ) -> None: ...


@dataclass(slots=True)
class Story:
    """The story of one case; `at` is the moment of its latest act."""

    cast: Cast
    planned: Planned
    at: datetime = field(init=False)
    case: walk.SampleCase = field(init=False)
    materials: dict[str, Any] = field(init=False)

    def moments(self) -> Moments:
        """The moments of the whole story, including a planned second application about the filing."""
        yield from STORIES[self.planned.story](self)
        if self.planned.then:
            yield from FOLLOWING_STORIES[self.planned.then](self)

    @property
    def officers(self) -> Officers:
        return self.cast.officers_for(self.planned)

    def submitted(self) -> Moments:
        yield from self._on_day(self.planned.day)
        self.materials = self.cast.materials_for(self.planned, at=self.at)
        member = self.cast.member_for(self.planned)
        joint = self.planned.together
        together_id = uuid.uuid5(uuid.NAMESPACE_OID, f"sample go {joint}") if joint is not None else None
        self.case = walk.submit(self.materials, member=member, at=self.at, together_id=together_id)

    def submitted_about_filing(self, kind: Kind, details: Mapping[str, Any]) -> None:
        """Submits a further application about the filing, now."""
        filing_id = self.case.application.filing_id
        self.case = walk.submit(
            self.materials,
            member=self.case.member,
            at=self.at,
            kind=kind,
            filing_id=filing_id,
            details=details,
        )

    def act(self, act: Act, *, by: Account | None, **details: Any) -> None:
        if by is not None and act in acts_that_ask(CHECKLIST_ANSWERED):
            application = self.case.application
            deficient = walk.spoken_against(act, application, details)
            self.cast.examine(application, by, deficient=deficient, at=self.at)
        walk.act(self.case, act, by=by, at=self.at, **details)

    def text(self, form: str, outcome: Outcome) -> str:
        """An officer's text, which names the outcome as the kind of application does; always in Chinese."""
        with override("zh-hans"):
            return form.format(decide=outcome_words(Kind(self.case.application.kind), outcome).decide)

    def wait(self, working_days: int) -> Moments:
        self.at = later(self.at, working_days, self.cast.calendar)
        yield self.at

    def until(self, moment: datetime) -> Moments:
        self.at = moment
        yield self.at

    def _on_day(self, number: int) -> Moments:
        day = day_of_receipt(number, today=self.cast.today, calendar=self.cast.calendar)
        yield from self.until(office_hour(day, seed=self.planned.together or self.planned.seed))

    def forwarded(self, *, after: int = 3, recommends: Outcome = Outcome.APPROVAL) -> Moments:
        yield from self.wait(min(after, max(self.planned.day - 1, 0)))
        text = self.text(_OPINION if recommends is Outcome.APPROVAL else _ADVERSE_OPINION, recommends)
        self.act(Act.FORWARD, by=self.officers.provincial, recommends=recommends.value, text=text)

    def approved(self, *, after: int = 4) -> Moments:
        yield from self.wait(after)
        self.act(Act.APPROVE, by=self.officers.national, text=self.text(_APPROVAL, Outcome.APPROVAL))

    def rejected(self, *, after: int = 4) -> Moments:
        yield from self.wait(after)
        text = self.text(_ADVERSE_OPINION, Outcome.REJECTION)
        self.act(Act.REJECT, by=self.officers.national, reasons=_reasons(), text=text)
        self.notice_arrived()

    def notice_arrived(self) -> None:
        """Records the rejection's arrival at once, because the sample notices are created only at the end."""
        self.act(Act.NOTICE_DELIVERED, by=None, delivered_at=self.at.isoformat(), how="email")

    def numbered(self) -> Moments:
        yield from self.wait(0)
        numbering.issue_number(_filing_of(self).pk, at=self.at)

    def escalated(self) -> Moments:
        received_on = self.case.application.received_on
        yield from self.until(escalated_at(received_on, self.cast.calendar))
        self.act(Act.ESCALATE, by=None)

    def second_application_day(self) -> Moments:
        yield from self._on_day(self.planned.then_day)


def _reasons() -> list[dict[str, Any]]:
    return [dict(each) for each in _REASONS]


# ---------------------------------------------------------------- first applications


def _at_nation(story: Story) -> Moments:
    yield from story.submitted()
    yield from story.forwarded()


def _at_nation_for_rejection(story: Story) -> Moments:
    yield from story.submitted()
    yield from story.forwarded(recommends=Outcome.REJECTION)


def _rejection_proposed_by_province(story: Story) -> Moments:
    yield from story.submitted()
    yield from story.wait(2)
    text = story.text(_ADVERSE_OPINION, Outcome.REJECTION)
    story.act(Act.PROPOSE_REJECTION, by=story.officers.provincial, reasons=_reasons(), text=text)


def _escalated(story: Story) -> Moments:
    yield from story.submitted()
    yield from story.escalated()


def _rejection_proposed_by_nation(story: Story) -> Moments:
    yield from _at_nation(story)
    yield from story.wait(4)
    text = story.text(_ADVERSE_OPINION, Outcome.REJECTION)
    story.act(Act.PROPOSE_REJECTION, by=story.officers.national, reasons=_reasons(), text=text)


def _approval_proposed_by_nation(story: Story) -> Moments:
    yield from _escalated(story)
    yield from story.until(office_hour(clock.china_date(story.at), seed=story.planned.seed))
    text = story.text(_OPINION, Outcome.APPROVAL)
    story.act(Act.PROPOSE_APPROVAL, by=story.officers.national, text=text)


def _in_force(story: Story) -> Moments:
    yield from _at_nation(story)
    yield from story.approved(after=3 + story.planned.seed % 9)
    yield from story.numbered()


def _in_force_late(story: Story) -> Moments:
    """Decided by two national officers after the due day."""
    yield from _approval_proposed_by_nation(story)
    yield from story.wait(7)
    story.act(Act.CONFIRM, by=story.officers.national_second)
    yield from story.numbered()


def _rejected(story: Story) -> Moments:
    yield from _at_nation_for_rejection(story)
    yield from story.rejected()


def _rejected_by_province(story: Story) -> Moments:
    yield from _rejection_proposed_by_province(story)
    yield from story.wait(1)
    story.act(Act.CONFIRM, by=story.officers.provincial_second)
    story.notice_arrived()


def _withdrawn(story: Story) -> Moments:
    yield from story.submitted()
    yield from story.wait(4)
    story.act(Act.WITHDRAW, by=story.case.member, explanation="样例：服务推迟上线。")


def _lapsed(story: Story) -> Moments:
    yield from _rejected(story)
    last_day = resubmission_due(clock.china_date(story.at), story.cast.calendar).due_on
    yield from story.until(start_of(last_day + timedelta(days=1)))
    story.act(Act.LAPSE, by=None)


def _resubmitted(story: Story) -> Moments:
    yield from _rejected(story)
    yield from story.second_application_day()
    materials = _described_more_fully(story.materials)
    answers = {each["id"]: "样例：已按意见修改。" for each in _REASONS}
    story.act(Act.RESUBMIT, by=story.case.member, materials=materials, answers=answers)


def _supplemented(story: Story) -> Moments:
    yield from story.submitted()
    yield from story.wait(2)
    materials = _described_more_fully(story.materials)
    explanation = "样例：补充说明节点部署地点。"
    story.act(Act.SUPPLEMENT, by=story.case.member, materials=materials, explanation=explanation)


def _returned_to_province(story: Story) -> Moments:
    yield from _at_nation(story)
    yield from story.wait(2)
    story.act(Act.RETURN_TO_PROVINCE, by=story.officers.national, question="样例：请核对网站备案主体。")


# ---------------------------------------------------------------- later applications about a filing


def _change_at_province(story: Story) -> Moments:
    yield from story.second_application_day()
    changed_on = clock.china_date(story.at) - timedelta(days=1)
    story.materials = _described_more_fully(story.materials)
    changes = [{"key": "service.description", "changed_on": changed_on.isoformat()}]
    story.submitted_about_filing(Kind.CHANGE, {"changes": changes})


def _change_at_nation(story: Story) -> Moments:
    yield from _change_at_province(story)
    yield from story.forwarded()


def _change_approved(story: Story) -> Moments:
    yield from _change_at_nation(story)
    yield from story.approved()


def _change_rejected(story: Story) -> Moments:
    yield from _change_at_province(story)
    yield from story.forwarded(recommends=Outcome.REJECTION)
    yield from story.rejected()


def _cancellation_at_province(story: Story) -> Moments:
    yield from story.second_application_day()
    ends_on = earliest_service_end(clock.china_date(story.at), story.cast.calendar)
    details = {"ends_on": ends_on.isoformat(), "arrangement": _ARRANGEMENT}
    story.submitted_about_filing(Kind.CANCELLATION, details)


def _cancellation_at_nation(story: Story) -> Moments:
    yield from _cancellation_at_province(story)
    yield from story.forwarded()


def _cancellation_approved(story: Story) -> Moments:
    yield from _cancellation_at_nation(story)
    yield from story.approved()


def _cancelled(story: Story) -> Moments:
    yield from _cancellation_approved(story)
    filing = _filing_of(story)
    if filing.ends_on is None:
        raise RegisterIncomplete("application_without_filing")
    yield from story.until(start_of(filing.ends_on))
    endings.take_effect(filing.pk, at=story.at)


def _striking_off_noticed(story: Story) -> Moments:
    """The notice is on its way, and the time for a statement has not begun."""
    yield from story.second_application_day()
    filing_id = _filing_of(story).pk
    officer = Actor.of(story.officers.national)
    proceeding = striking_off.propose(filing_id, _GROUNDS, actor=officer, at=story.at)
    yield from story.wait(1)
    striking_off.send_notice(proceeding.pk, actor=officer, at=story.at)


def _struck_off(story: Story) -> Moments:
    yield from _striking_off_noticed(story)
    proceeding = StrikingOff.objects.get(filing=_filing_of(story))
    yield from story.wait(2)
    striking_off.waive(proceeding.pk, actor=Actor.of(story.case.member), at=story.at)
    yield from story.wait(3)
    striking_off.confirm(proceeding.pk, actor=Actor.of(story.officers.national_head), at=story.at)


def _filing_of(story: Story) -> Filing:
    filing = story.case.application.filing
    if filing is None:
        raise RegisterIncomplete("application_without_filing")
    return filing


def _described_more_fully(materials: Mapping[str, Any]) -> dict[str, Any]:
    changed = deepcopy(dict(materials))
    service = changed["service"]
    rows = [*service.get("node_places", ()), *service.get("node_countries", ())]
    places = "、".join(row.get("place") or row["country"] for row in rows)
    changed["service"]["description"] += f"节点部署于{places}。"
    return changed


Script = Callable[[Story], Moments]

STORIES: Mapping[str, Script] = MappingProxyType(
    {
        "at_province": Story.submitted,
        "rejection_proposed_by_province": _rejection_proposed_by_province,
        "at_nation": _at_nation,
        "at_nation_for_rejection": _at_nation_for_rejection,
        "escalated": _escalated,
        "rejection_proposed_by_nation": _rejection_proposed_by_nation,
        "approval_proposed_by_nation": _approval_proposed_by_nation,
        "in_force": _in_force,
        "in_force_late": _in_force_late,
        "rejected": _rejected,
        "rejected_by_province": _rejected_by_province,
        "withdrawn": _withdrawn,
        "lapsed": _lapsed,
        "resubmitted": _resubmitted,
        "supplemented": _supplemented,
        "returned_to_province": _returned_to_province,
    }
)
FOLLOWING_STORIES: Mapping[str, Script] = MappingProxyType(
    {
        "change_at_province": _change_at_province,
        "change_at_nation": _change_at_nation,
        "change_approved": _change_approved,
        "change_rejected": _change_rejected,
        "cancellation_at_province": _cancellation_at_province,
        "cancellation_at_nation": _cancellation_at_nation,
        "cancellation_approved": _cancellation_approved,
        "cancelled": _cancelled,
        "striking_off_noticed": _striking_off_noticed,
        "struck_off": _struck_off,
    }
)
