"""Rounds of quality sampling, carried through the real acts."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date, datetime, timedelta

from registry.book.act_request import Actor
from registry.models import Account, QualityCase, QualityRound
from registry.quality import rounds
from registry.quality.rounds import Asked
from registry.rules.quality.lifecycle import CaseState
from tests.builders.register import MORNING, Cast

# The cases of the builders are decided on Monday, 2 March 2026, or on the days after it.
FIRST, LAST = date(2026, 3, 2), date(2026, 3, 4)
LATER = MORNING + timedelta(days=3)
WHY = "样例：营业执照上的住所与填报的不一致，办理时未指出。"


def drawn(
    head: Account,
    *,
    first_on: date = FIRST,
    last_on: date = LAST,
    percent: int = 100,
    away: Collection[uuid.UUID] = (),
    key: uuid.UUID | None = None,
    at: datetime = LATER,
) -> QualityRound:
    """A round that a head drew."""
    asked = Asked(first_on=first_on, last_on=last_on, percent=percent)
    return rounds.draw_round(asked, actor=Actor.of(head), away=away, key=key, at=at)


def looked_at(
    case: QualityCase,
    *,
    by: Account,
    finding: CaseState = CaseState.FOUND,
    text: str = WHY,
    at: datetime = LATER,
) -> QualityCase:
    """A drawn case with what its second look found."""
    return rounds.look(case.pk, finding, text, actor=Actor.of(by), at=at)


def office(cast: Cast) -> None:
    """The officers of the province, and of the nation, who have no part in what the builders decide."""
    assert {cast.provincial_second, cast.provincial_head, cast.national_second, cast.national_head}
