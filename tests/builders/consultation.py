"""Consultations about cases, carried through the real acts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from registry.book.act_request import Actor
from registry.consultations import consultations
from registry.consultations.consultations import Asking, Given
from registry.models import Account, Consultation
from registry.rules.consultations.lifecycle import Body
from registry.sample.walk import SampleCase
from registry.storage.evidence import Unread
from tests.builders.register import GUANGDONG, MORNING, Cast

HOUR = timedelta(hours=1)
QUESTION = "样例：该网站的备案主体与公安机关掌握的情况是否一致？"
ANSWER = "样例：经核实，情况一致。"
WHO = "样例网络安全保卫总队 样例民警"
POLICE = "样例市公安局网络安全保卫总队"
# Received on Monday, 2 March 2026: the Friday of that week.
FRIDAY = date(2026, 3, 6)


def asking(
    *,
    body: Body = Body.POLICE,
    body_name: str = POLICE,
    text: str = QUESTION,
    due_on: date = FRIDAY,
    asked_code: str = "",
    keys: Sequence[str] = ("service.service_name",),
    in_full: Sequence[str] = (),
) -> Asking:
    """A question to the police, unless another body is named."""
    return Asking(
        body=body,
        body_name=body_name,
        text=text,
        due_on=due_on,
        asked_code=asked_code,
        keys=keys,
        in_full=in_full,
    )


def sent(
    cast: Cast, case: SampleCase, *, by: Account | None = None, at: datetime = MORNING + HOUR, **what: Any
) -> Consultation:
    """A question about a case at the province, put by its reviewer."""
    return consultations.send(
        case.application.pk,
        asking(**what),
        actor=Actor.of(by or cast.provincial),
        at=at,
    )


def sent_to_guangdong(cast: Cast, case: SampleCase, **what: Any) -> Consultation:
    """A question to the office of another province, which answers inside the portal."""
    return sent(
        cast, case, body=Body.OFFICE, body_name="广东省互联网信息办公室", asked_code=GUANGDONG, **what
    )


def answered(
    consultation: Consultation,
    *,
    by: Account,
    text: str = ANSWER,
    answered_on: date = date(2026, 3, 3),
    files: Sequence[Unread] = (),
    at: datetime = MORNING + timedelta(days=1),
) -> Consultation:
    """The consultation with an answer that an officer entered."""
    given = Given(text=text, who=WHO, answered_on=answered_on, files=files)
    return consultations.answer(consultation.pk, given, actor=Actor.of(by), at=at)
