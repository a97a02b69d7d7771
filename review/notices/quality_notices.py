"""Tells officers of quality sampling: what waits for their second look, and what one found of a case they decided."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import datetime
from typing import Any

from django.urls import reverse

from registry.models import Account, Event, QualityCase, QualityRound
from registry.notices import notice as notices
from registry.rules.office.papers import NATIONAL_OFFICE_CODE
from registry.rules.quality.events import Draw, Finding, case_of, officer_of
from registry.rules.quality.lifecycle import CaseState, RoundAct
from registry.rules.workflow.states import HEADS, PROVINCE
from review.access import Office, officers_at


def notify_of_round(event: Event, *, at: datetime) -> int:
    """The notices of one event of a round; gives how many were new. Nobody is told what they did themselves."""
    act = RoundAct(event.act)
    found = QualityRound.objects.defer("cases_decided").get(pk=event.stream_id)
    about: dict[str, Any] = {"key": str(event.pk), "event": event, "at": at}
    if act is RoundAct.DRAW:
        dealt = Counter(each.officer for each in Draw.of(event.payload).cases if each.officer)
        return sum(_to_look(found, officer, count, about) for officer, count in sorted(dealt.items()))
    if act is RoundAct.ASSIGN:
        return _to_look(found, officer_of(event.payload), 1, about)
    told = _looked_at(found, event, about) if act is RoundAct.LOOK else 0
    # The act after which no case waits.
    return told + (
        _done(found, about) if found.last_event_sequence == event.sequence and found.done_at else 0
    )


def _to_look(found: QualityRound, officer: str, count: int, about: dict[str, Any]) -> int:
    """Tells one officer of the round's office how many cases wait, but not of what the officer took."""
    there = [each for each in _officers_of(found.office_code) if str(each.pk) == officer]
    return notices.notify(
        "quality_to_look",
        accounts=[each for each in there if each.pk != about["event"].actor_id],
        facts={"count": count},
        link_path=reverse("review:quality"),
        **about,
    )


def _looked_at(found: QualityRound, event: Event, about: dict[str, Any]) -> int:
    """Tells those who had a part in the case, and of what was found the heads of the offices concerned."""
    stated = Finding.of(event.payload)
    case = QualityCase.objects.select_related("application").get(
        round=found, application=uuid.UUID(case_of(event.payload))
    )
    had_part = set(case.parts.values_list("officer_id", flat=True))
    concerned = [*officers_at(Office.PROVINCE, case.province_code), *officers_at(Office.NATION, "")]
    told = [each for each in concerned if each.pk in had_part]
    facts: dict[str, Any] = {"receipt_number": case.application.receipt_number}
    kind = "quality_in_order"
    if stated.finding is CaseState.FOUND:
        kind = "quality_found"
        facts["finding"] = stated.text
        if any(each.acts_as in PROVINCE for each in told):
            told += _heads_of(case.province_code)
        told += _heads_of(found.office_code)
    return notices.notify(
        kind,
        accounts=[each for each in dict.fromkeys(told) if each.pk != event.actor_id],
        facts=facts,
        link_path=reverse("review:quality_case", args=[case.pk]),
        # What was found is read where the case may be read: not by who has gone to another province since.
        application=case.application,
        **about,
    )


def _done(found: QualityRound, about: dict[str, Any]) -> int:
    """Tells the heads of the office that no case of the round waits any more, with its figures."""
    return notices.notify(
        "quality_done",
        accounts=_heads_of(found.office_code),
        facts={
            "round_number": found.number,
            "drawn": found.drawn,
            "found": found.found,
            "aside": found.aside,
        },
        link_path=reverse("review:quality_round", args=[found.pk]),
        **about,
    )


def _heads_of(office_code: str) -> list[Account]:
    """The heads of an office and nobody in their place: figures of a round are theirs."""
    return [each for each in _officers_of(office_code) if each.acts_as in HEADS]


def _officers_of(office_code: str) -> list[Account]:
    if office_code == NATIONAL_OFFICE_CODE:
        return list(officers_at(Office.NATION, ""))
    return list(officers_at(Office.PROVINCE, office_code))
