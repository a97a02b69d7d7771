"""Proceedings to strike filings off, carried through the real acts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from registry import clock
from registry.book.act_request import Actor
from registry.endings import striking_off
from registry.endings.striking_off import Grounds
from registry.models import Account, Filing, Notice, StrikingOff
from registry.notices import filing_notices
from registry.notices.notice import open_notice
from registry.rules.end_grounds import EndGround
from registry.storage.evidence import Unread
from tests.builders.register import Cast, member_of

# A Wednesday without holidays near it, long after the builders' filings were numbered: 10:00 in China.
STRIKING = datetime(2026, 5, 13, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
REASON = "样例：所提交的网站备案证明经核实系伪造。"
BASIS = "样例依据：《区块链信息服务管理规定》第十二条、第二十二条。"
STATEMENT = "样例：证明系代办人提供，我单位并不知情。"
ANSWER = "样例：经复核，上述情况不影响对事实的认定。"
WHY_DROPPED = "样例：经核实，材料属实。"


def grounds(ground: EndGround = EndGround.FALSE_MATERIALS, *, successor_number: str | None = None) -> Grounds:
    """Why the filings of the builders are struck off."""
    return Grounds(ground=ground, reason=REASON, basis=BASIS, successor_number=successor_number)


def proposed(
    cast: Cast,
    filing: Filing,
    *,
    ground: EndGround = EndGround.FALSE_MATERIALS,
    successor_number: str | None = None,
    files: Sequence[Unread] = (),
    by: Account | None = None,
    at: datetime = STRIKING,
) -> StrikingOff:
    """A proceeding proposed by a national reviewer."""
    why = grounds(ground, successor_number=successor_number)
    actor = Actor.of(by or cast.national)
    return striking_off.propose(filing.pk, why, actor=actor, files=files, at=at)


def noticed(cast: Cast, proceeding: StrikingOff, *, at: datetime = STRIKING + HOUR) -> StrikingOff:
    """The proceeding with its notice on the way, in the inboxes of the applicant's members."""
    sent = striking_off.send_notice(proceeding.pk, actor=Actor.of(cast.national), at=at)
    tell_applicants(at=at)
    return sent


def served(cast: Cast, proceeding: StrikingOff, *, at: datetime = STRIKING + 2 * HOUR) -> StrikingOff:
    """The proceeding with its notice opened by a member, and recorded as served."""
    noticed(cast, proceeding, at=at)
    notice = Notice.objects.get(kind="strike_off_notice", event__stream_id=proceeding.pk)
    open_notice(notice, at=at)
    return striking_off.record_service(proceeding.pk, at=at)


def announced(cast: Cast, proceeding: StrikingOff, *, at: datetime = STRIKING + HOUR) -> StrikingOff:
    """The proceeding with its notice announced in public."""
    return striking_off.announce(proceeding.pk, actor=Actor.of(cast.national), at=at)


def stated(cast: Cast, proceeding: StrikingOff, *, at: datetime = STRIKING + 3 * HOUR) -> StrikingOff:
    """A served proceeding with the applicant's statement."""
    served(cast, proceeding, at=at - HOUR)
    return striking_off.state(proceeding.pk, actor=member_of(proceeding), text=STATEMENT, at=at)


def answered(cast: Cast, proceeding: StrikingOff, *, at: datetime = STRIKING + 4 * HOUR) -> StrikingOff:
    """A proceeding whose statement is answered: a head may decide."""
    stated(cast, proceeding, at=at - HOUR)
    return striking_off.answer(proceeding.pk, actor=Actor.of(cast.national), text=ANSWER, at=at)


def confirmed(cast: Cast, proceeding: StrikingOff, *, at: datetime = STRIKING + 5 * HOUR) -> StrikingOff:
    """A filing struck off after a statement and its answer."""
    answered(cast, proceeding, at=at - HOUR)
    return striking_off.confirm(proceeding.pk, actor=Actor.of(cast.national_head), at=at)


def struck_off(
    cast: Cast,
    filing: Filing,
    *,
    ground: EndGround = EndGround.FALSE_MATERIALS,
    successor_number: str | None = None,
    at: datetime = STRIKING,
) -> Filing:
    """The filing, struck off in the shortest lawful way: the applicant says that it makes no statement."""
    proceeding = proposed(cast, filing, ground=ground, successor_number=successor_number, at=at)
    striking_off.send_notice(proceeding.pk, actor=Actor.of(cast.national), at=at)
    striking_off.waive(proceeding.pk, actor=member_of(proceeding), at=at)
    striking_off.confirm(proceeding.pk, actor=Actor.of(cast.national_head), at=at)
    filing.refresh_from_db()
    return filing


def tell_applicants(*, at: datetime | None = None) -> None:
    """Makes every notice to applicants that is due."""
    for event in filing_notices.events_for_applicants():
        filing_notices.notify_applicant(event, at=at or clock.now())
