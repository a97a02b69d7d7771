"""Objections carried through the real acts."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from registry.batches import objections
from registry.batches.objections import Posted, Received
from registry.book.act_request import Actor
from registry.models import BatchEntry, BatchList, Objection
from registry.rules.objections.lifecycle import ObjectionAct
from registry.storage.evidence import Unread
from registry.storage.objection_parts import Statement
from tests.builders.batch import LISTING
from tests.builders.register import Cast, member_of

# The day after the list of the builders was published.
OBJECTING = LISTING + timedelta(days=1)
NAME, CONTACT, FACTS = "样例疑议人", "+8613900000001", "样例：该服务的名称与网站所示不一致。"
REASONS = "样例：经核实，所附材料可以证明所述事实。"
QUESTION = "样例：有人反映该服务的名称与网站所示不一致，请说明。"
ANSWER = "样例：网站名称系简称，备案名称为全称。"


def statement(*, name: str = NAME, contact: str = CONTACT, facts: str = FACTS) -> Statement:
    """What the objector of the builders states."""
    return Statement(name=name, contact=contact, facts=facts)


def entry_of(batch_list: BatchList, position: int = 1) -> BatchEntry:
    """An entry of a list by its position."""
    return BatchEntry.objects.get(batch_list=batch_list, position=position)


def received(
    batch_list: BatchList,
    *,
    position: int = 1,
    files: Sequence[Unread] = (),
    key: uuid.UUID | None = None,
    at: datetime = OBJECTING,
) -> Received:
    """An objection that came through the site, with its secret."""
    entry = entry_of(batch_list, position)
    return objections.receive(entry.pk, statement(), files=files, key=key, at=at)


def posted(
    cast: Cast,
    batch_list: BatchList,
    *,
    posted_on: date,
    received_on: date,
    at: datetime,
    position: int = 1,
) -> Objection:
    """An objection by post, entered by a national reviewer."""
    return objections.receive(
        entry_of(batch_list, position).pk,
        statement(contact=""),
        actor=Actor.of(cast.national),
        posted=Posted(posted_on, received_on),
        at=at,
    ).objection


def admitted(cast: Cast, batch_list: BatchList, *, position: int = 1, at: datetime = OBJECTING) -> Objection:
    """An objection that holds its entry back."""
    objection = received(batch_list, position=position, at=at).objection
    return objections.admit(objection.pk, actor=Actor.of(cast.national), at=at + timedelta(hours=1))


def sent(cast: Cast, batch_list: BatchList, *, position: int = 1, at: datetime = OBJECTING) -> Objection:
    """An objection on which the applicant has been asked for a statement."""
    objection = admitted(cast, batch_list, position=position, at=at)
    return objections.send(
        objection.pk, actor=Actor.of(cast.national), text=QUESTION, at=at + timedelta(hours=2)
    )


def answered(cast: Cast, batch_list: BatchList, *, position: int = 1, at: datetime = OBJECTING) -> Objection:
    """An objection with the applicant's statement."""
    objection = sent(cast, batch_list, position=position, at=at)
    return objections.answer(objection.pk, actor=member_of(objection), text=ANSWER, at=at + timedelta(days=1))


def proposed(
    cast: Cast, batch_list: BatchList, *, uphold: bool, position: int = 1, at: datetime = OBJECTING
) -> Objection:
    """An objection whose decision a national reviewer proposes."""
    objection = answered(cast, batch_list, position=position, at=at)
    return objections.explain(
        objection.pk,
        act=ObjectionAct.PROPOSE_UPHOLDING if uphold else ObjectionAct.PROPOSE_DISMISSAL,
        actor=Actor.of(cast.national),
        explanation=REASONS,
        at=at + timedelta(days=2),
    )


def decided(
    cast: Cast, batch_list: BatchList, *, uphold: bool, position: int = 1, at: datetime = OBJECTING
) -> Objection:
    """A decided objection: proposed by a national reviewer, confirmed by the head."""
    objection = proposed(cast, batch_list, uphold=uphold, position=position, at=at)
    return objections.confirm(objection.pk, actor=Actor.of(cast.national_head), at=at + timedelta(days=3))
