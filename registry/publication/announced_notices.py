"""The notices served by public announcement: the only query behind their page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from registry.models import StrikingOff
from registry.rules.end_grounds import EndGround
from registry.rules.endings.lifecycle import OPEN_STATES


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncedNotice:
    """A proposal to strike a filing off that was announced, because nobody could be reached."""

    proceeding: str
    number: str
    applicant_name: str
    service_name: str
    ground: EndGround
    reason: str
    basis: str
    announced_on: date
    served_on: date
    statement_by: date


def announced_notices() -> tuple[AnnouncedNotice, ...]:
    """The notices of the proceedings that are open, the latest announced first."""
    found = StrikingOff.objects.filter(
        announced_on__isnull=False, state__in=[state.value for state in OPEN_STATES]
    )
    return tuple(
        AnnouncedNotice(
            proceeding=row.number,
            number=row.filing.number or "",
            applicant_name=row.filing.applicant_name,
            service_name=row.filing.service_name,
            ground=EndGround(row.ground),
            reason=row.reason,
            basis=row.basis,
            announced_on=row.announced_on,
            served_on=row.served_on,
            statement_by=row.statement_by,
        )
        for row in found.select_related("filing").order_by("-announced_on", "-number")
        if row.announced_on and row.served_on and row.statement_by
    )
