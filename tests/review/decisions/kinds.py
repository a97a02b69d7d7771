"""Applications of all four kinds, decided both ways, and the words of each as an official would write them.

The words are written out here by hand: what the product says is held against them, not against its own table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from registry import clock
from registry.book import numbering
from registry.calendar.current import current_calendar
from registry.rules.days.deadlines import earliest_service_end
from registry.rules.workflow.states import Act, Kind, Outcome, Standing
from registry.sample import walk
from registry.sample.walk import SampleCase
from review.access import office_of
from review.desk.checklist import checklist_of
from tests.builders.register import (
    MORNING,
    Cast,
    change_applicant,
    change_asked,
    filing_of,
    forward,
    in_force,
    submitted,
)
from tests.review.officers import mark_all, materials_now

LATER = MORNING + timedelta(days=1)
REASON = {**walk.SAMPLE_REASON, "key": "whole", "code": "other"}


@dataclass(frozen=True, slots=True)
class Said:
    """What one kind of application calls one outcome, on the desk, on papers and in links."""

    decide: str
    decided: str
    propose: str
    proposed: str
    confirm: str
    notice: str
    whole: str
    whole_case: str


def _in_chinese(own: str) -> dict[Outcome, Said]:
    """`own` stands before 备案 in every word of the kind."""
    return {
        Outcome.APPROVAL: Said(
            f"予以{own}备案",
            f"予以{own}备案",
            f"拟予以{own}备案",
            f"已拟予以{own}备案",
            f"确认予以{own}备案",
            f"{own}备案决定书",
            f"{own}备案申请材料",
            f"{own}备案案卷",
        ),
        Outcome.REJECTION: Said(
            f"不予{own}备案",
            f"不予{own}备案",
            f"拟不予{own}备案",
            f"已拟不予{own}备案",
            f"确认不予{own}备案",
            f"不予{own}备案通知书",
            f"{own}备案申请材料",
            f"{own}备案案卷",
        ),
    }


def _in_english(matter: str) -> dict[Outcome, Said]:
    """`matter` is change or cancellation."""
    whole = (f"Whole application for a {matter}", f"Whole case of a {matter}")
    return {
        Outcome.APPROVAL: Said(
            f"Approve the {matter}",
            f"{matter.capitalize()} approved",
            f"Propose approval of the {matter}",
            f"Approval of the {matter} proposed",
            f"Confirm the approval of the {matter}",
            f"Decision on the {matter}",
            *whole,
        ),
        Outcome.REJECTION: Said(
            f"Reject the {matter}",
            f"{matter.capitalize()} not approved",
            f"Propose rejection of the {matter}",
            f"Rejection of the {matter} proposed",
            f"Confirm the rejection of the {matter}",
            f"Notice that the {matter} is not approved",
            *whole,
        ),
    }


_FILING_IN_ENGLISH = {
    Outcome.APPROVAL: Said(
        "Approve the filing",
        "Approved",
        "Propose approval",
        "Approval proposed",
        "Confirm the approval",
        "Decision on the filing",
        "Whole application",
        "Whole case",
    ),
    Outcome.REJECTION: Said(
        "Reject the filing",
        "Not approved",
        "Propose rejection",
        "Rejection proposed",
        "Confirm the rejection",
        "Notice that the filing is not approved",
        "Whole application",
        "Whole case",
    ),
}
# What stands before 备案 in the words of each kind; a change of the applicant is a change.
OWN: Mapping[Kind, str] = {
    Kind.INITIAL: "",
    Kind.CHANGE: "变更",
    Kind.APPLICANT_CHANGE: "变更",
    Kind.CANCELLATION: "注销",
}
_ENGLISH: Mapping[str, Mapping[Outcome, Said]] = {
    "": _FILING_IN_ENGLISH,
    "变更": _in_english("change"),
    "注销": _in_english("cancellation"),
}


def said(kind: Kind, outcome: Outcome, language: str) -> Said:
    """The words of a kind and an outcome in a language."""
    of_kind = _in_chinese(OWN[kind]) if language == "zh-hans" else _ENGLISH[OWN[kind]]
    return of_kind[outcome]


# Names of pages and of the catalogue that are about filing in general, whatever an application asks for.
_GENERAL = re.compile("不予备案的常见原因|不予备案理由|依职权注销备案|撤销备案|备案申请、审核与公开查询")
_OUTCOMES = re.compile("(?:予以|不予)(变更|注销|)备案")
_THINGS = re.compile("(首次|变更|注销|)备案(?:决定书|通知书|申请(?!事项)|审批表|案卷)")


def foreign(text: str, kind: Kind, language: str, *, of_first_filing: bool = False) -> list[str]:
    """What a surface says that belongs to another kind, or to a licence.

    In Chinese wherever it stands; in English as a text of its own, or as an opinion anywhere. A surface
    `of_first_filing` may say what belongs to a first filing as well.
    """
    if language == "zh-hans":
        plain = _GENERAL.sub("", text)
        own = {OWN[kind]} | ({"", "首次"} if of_first_filing or kind is Kind.INITIAL else set())
        found = [
            plain[max(0, each.start() - 6) : each.end() + 6]
            for each in _OUTCOMES.finditer(plain)
            if each[1] not in own
        ]
        found += [
            plain[max(0, each.start() - 6) : each.end() + 6]
            for each in _THINGS.finditer(plain)
            if each[1] not in own
        ]
        return found + ["准予"] * text.count("准予")
    labels = {part.strip() for part in re.split(r"<[^>]+>|\n", text)}
    return sorted(
        word
        for other, outcomes in _ENGLISH.items()
        if other != OWN[kind] and not (of_first_filing and not other)
        for outcome in outcomes.values()
        for word in _texts(outcome)
        if word in labels or (word.startswith(("Approve the ", "Reject the ")) and word in text)
    )


def _texts(words: Said) -> tuple[str, ...]:
    return tuple(getattr(words, name) for name in Said.__slots__)


def _first_filing(cast: Cast) -> SampleCase:
    return submitted(cast, at=LATER)


def _cancellation(cast: Cast) -> SampleCase:
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


def _change_of_applicant(cast: Cast) -> SampleCase:
    applicant = in_force(cast).application.applicant
    return change_applicant(cast, applicant, {"applicant.name": "样例拟改名称有限公司"}, at=LATER)


ASKED: Mapping[Kind, Callable[[Cast], SampleCase]] = {
    Kind.INITIAL: _first_filing,
    Kind.CHANGE: change_asked,
    Kind.APPLICANT_CHANGE: _change_of_applicant,
    Kind.CANCELLATION: _cancellation,
}


def decide(
    cast: Cast, case: SampleCase, outcome: Outcome, *, look: Callable[..., None] = lambda *_names: None
) -> None:
    """Decides a case against the province's opinion, so that it meets every act.

    `look` is called before each step with the names of those in the cast who look at it then.
    """
    is_approval = outcome is Outcome.APPROVAL
    other = Outcome.REJECTION if is_approval else Outcome.APPROVAL
    for officer in (cast.provincial, cast.national):
        item = checklist_of(case.application, office_of(officer)).items[0]
        if officer == cast.provincial:
            look("provincial")
            mark_all(case, officer, at=LATER, deficient=(item,), remark="样例：此项与材料不符，请核对。")
            look("provincial")
            walk.act(case, Act.PROPOSE_REJECTION, by=officer, at=LATER, reasons=[REASON], text="样例")
            look("provincial", "provincial_second", "member")
            walk.act(
                case, Act.SEND_BACK, by=cast.provincial_second, at=LATER, explanation="样例：请再核对一次"
            )
            forward(cast, case, at=LATER, recommends=other)
        else:
            mark_all(case, officer, at=LATER, deficient=(item,), remark="样例：此项与材料不符，请核对。")
    look("national", "provincial")
    reasons: dict[str, Any] = {} if is_approval else {"reasons": [REASON]}
    proposal = Act.PROPOSE_APPROVAL if is_approval else Act.PROPOSE_REJECTION
    walk.act(case, proposal, by=cast.national, at=LATER, text="样例意见：均已核对", **reasons)
    look("national", "national_second", "member")
    walk.act(case, Act.CONFIRM, by=cast.national_second, at=LATER)
    filing = case.application.filing
    if filing is not None and filing.standing == Standing.AWAITING_NUMBER:
        numbering.issue_number(filing.pk, at=LATER)
    look("national", "provincial", "provincial_head", "member")
