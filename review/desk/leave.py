"""Leave of officers: who is away, who stands in, and what goes to the substitute meanwhile.

What would come back to somebody on leave (a case returned or sent back, a notice about a case) goes to the substitute,
and nothing new is handed to who is away. Where the substitute is away too, it goes to who stands in for the substitute.
It ends by itself. Who stands in acts in the own name: nobody confirms the own proposal (Art. 12).
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from registry import clock
from registry.calendar.current import current_calendar
from registry.errors import FilingError, NotFound
from registry.models import Account
from registry.rules.office.events import OfficeAct, OfficeSubject
from registry.rules.office.leave import LeaveDays, faults_of_days
from registry.streams import office_acts
from review.access import Office, colleagues_of, is_head, office_of
from review.models import OfficerLeave


class LeaveRefused(FilingError):
    """The leave is not entered or ended; the code says why, and `field` where it is mended."""


def days_of(leave: OfficerLeave) -> LeaveDays:
    """The days of a leave as the rules know them."""
    return LeaveDays(leave.first_on, leave.last_on)


def leaves_on(day: date) -> QuerySet[OfficerLeave]:
    """The leaves that last on a day."""
    found = OfficerLeave.objects.filter(last_on__gte=day, first_on__lte=day, ended_at__isnull=True)
    return found.select_related("officer", "substitute")


def away_on(day: date, officers: Iterable[Account] | None = None) -> dict[uuid.UUID, OfficerLeave]:
    """The leave of each officer who is away on a day, by the officer's id; of these officers, or of all."""
    found = leaves_on(day)
    if officers is not None:
        found = found.filter(officer__in=[each.pk for each in officers])
    return {each.officer_id: each for each in found}


def leave_of(officer: Account, *, at: datetime) -> OfficerLeave | None:
    """The leave that the officer is on now."""
    return leaves_on(clock.china_date(at)).filter(officer=officer).first()


@dataclass(frozen=True, slots=True)
class Presence:
    """The leave that an officer is on, and the leaves of those for whom the officer stands in, by name."""

    leave: OfficerLeave | None
    stands_in_for: tuple[OfficerLeave, ...]


def presence_of(officer: Account, *, at: datetime) -> Presence:
    """Whether an officer is away now, and for whom the officer stands in, also in another's place; one query."""
    away = away_on(clock.china_date(at))
    found = [each for each in away.values() if _stand_in(each.officer, away) == officer]
    return Presence(away.get(officer.pk), tuple(sorted(found, key=lambda each: (each.officer.name, each.pk))))


def present(officers: Iterable[Account], *, at: datetime) -> list[Account]:
    """These officers, with the substitute in the place of each who is away; each once, in the same order.

    Somebody whose substitute has left the office stays: nobody else would be told.
    """
    asked = list(officers)
    away = away_on(clock.china_date(at)) if asked else {}
    found: dict[uuid.UUID, Account] = {}
    for officer in asked:
        stand_in = _stand_in(officer, away)
        there = stand_in if stand_in is not None else officer
        found.setdefault(there.pk, there)
    return list(found.values())


def stand_in_of(officer: Account, *, at: datetime) -> Account | None:
    """Who takes what would come back to an officer who is away; None when the officer is there, or no substitute is."""
    return _stand_in(officer, away_on(clock.china_date(at)))


def _stand_in(officer: Account, away: Mapping[uuid.UUID, OfficerLeave]) -> Account | None:
    passed_over = {officer.pk}
    leave = away.get(officer.pk)
    while leave is not None and leave.substitute_id not in passed_over:
        substitute = leave.substitute
        if not is_colleague(officer, substitute):
            return None
        if substitute.pk not in away:
            return substitute
        passed_over.add(substitute.pk)
        leave = away[substitute.pk]
    return None


def names_with_leave(officers: Iterable[Account], *, at: datetime) -> list[tuple[str, str]]:
    """Choices of officers by id, each with its name; of who is on leave it says until when, and who stands in."""
    asked = list(officers)
    away = away_on(clock.china_date(at), asked)
    return [(str(each.pk), _name_with(each, away.get(each.pk))) for each in asked]


def _name_with(officer: Account, leave: OfficerLeave | None) -> str:
    if leave is None:
        return officer.name
    return _("%(name)s (on leave until %(last)s, %(substitute)s stands in)") % {
        "name": officer.name,
        "last": leave.last_on.isoformat(),
        "substitute": leave.substitute.name,
    }


def is_colleague(officer: Account, other: Account) -> bool:
    """Whether the other works at the officer's office now."""
    if not (officer.is_officer and other.is_officer and other.is_active):
        return False
    office = office_of(officer)
    is_there = office is Office.NATION or other.province_code == officer.province_code
    return office_of(other) is office and is_there


def substitutes_of(officer: Account) -> QuerySet[Account]:
    """Who may stand in for an officer: the active others of the same office, by name."""
    return colleagues_of(officer).exclude(pk=officer.pk)


def leaves_at_office_of(officer: Account, *, at: datetime) -> list[OfficerLeave]:
    """The leaves of the officer's office that last or are planned, the earliest first."""
    people = colleagues_of(officer)
    found = OfficerLeave.objects.filter(
        officer__in=people, last_on__gte=clock.china_date(at), ended_at__isnull=True
    )
    return list(found.select_related("officer", "substitute").order_by("first_on", "officer__name", "id"))


@transaction.atomic
def enter_leave(
    officer_id: uuid.UUID,
    days: LeaveDays,
    *,
    substitute_id: uuid.UUID,
    cases: Collection[uuid.UUID] = (),
    by: Account,
    at: datetime,
) -> OfficerLeave:
    """Enters an officer's leave: by the officer, or by a head of the office.

    `cases` are handed over to the substitute when the leave begins, as far as the officer holds them then. Raises
    NotFound, LeaveRefused.
    """
    # Whoever enters a leave of the same people at the same time waits here.
    both = Account.objects.select_for_update(no_key=True).filter(pk__in={officer_id, substitute_id})
    rows = {each.pk: each for each in both.order_by("pk")}
    officer = rows.get(officer_id)
    if officer is None or not may_enter_for(officer, by):
        raise NotFound("not_found")
    faults = faults_of_days(days, today=clock.china_date(at), calendar=current_calendar())
    for field, code in faults.items():
        raise LeaveRefused(code, field=field)
    substitute = rows.get(substitute_id)
    if substitute is None or substitute == officer or not is_colleague(officer, substitute):
        raise LeaveRefused("not_a_substitute", field="substitute")
    entered = _overlapping(days).filter(officer=officer).order_by("first_on").first()
    if entered is not None:
        has_begun = entered.first_on <= clock.china_date(at)
        raise LeaveRefused("on_leave_already" if has_begun else "leave_entered_already", field="first_on")
    if _overlapping(days).filter(officer=substitute).exists():
        raise LeaveRefused("substitute_on_leave", field="substitute", name=substitute.name)
    leave = OfficerLeave.objects.create(
        officer=officer,
        substitute=substitute,
        first_on=days.first_on,
        last_on=days.last_on,
        cases=sorted(map(str, cases)),
        entered_by=by,
        entered_at=at,
    )
    _record(OfficeAct.LEAVE_ENTERED, leave, before={}, after=_stated(leave), by=by, at=at)
    return leave


@transaction.atomic
def end_leave(leave_id: uuid.UUID, *, by: Account, at: datetime) -> OfficerLeave:
    """Ends a leave before its last day, or takes back one that has not begun. Raises NotFound, LeaveRefused."""
    found = OfficerLeave.objects.select_for_update(of=("self",)).select_related("officer", "substitute")
    leave = found.filter(pk=leave_id).first()
    if leave is None or not may_enter_for(leave.officer, by):
        raise NotFound("not_found")
    if leave.ended_at is not None or leave.last_on < clock.china_date(at):
        raise LeaveRefused("leave_is_over", field="")
    leave.ended_at = at
    leave.save(update_fields=["ended_at"])
    _record(OfficeAct.LEAVE_ENDED, leave, before=_stated(leave), after={}, by=by, at=at)
    return leave


def may_enter_for(officer: Account, by: Account) -> bool:
    """Whether `by` enters and ends this officer's leave: the officer, or a head of the same office."""
    if not officer.is_officer or not officer.is_active:
        return False
    return officer.pk == by.pk or (is_head(by) and is_colleague(by, officer))


def _overlapping(days: LeaveDays) -> QuerySet[OfficerLeave]:
    return OfficerLeave.objects.filter(
        Q(first_on__lte=days.last_on, last_on__gte=days.first_on), ended_at__isnull=True
    )


def _stated(leave: OfficerLeave) -> dict[str, Any]:
    return {
        "substitute": str(leave.substitute_id),
        "first_on": leave.first_on.isoformat(),
        "last_on": leave.last_on.isoformat(),
    }


def _record(
    act: OfficeAct,
    leave: OfficerLeave,
    *,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    by: Account,
    at: datetime,
) -> None:
    office_acts.record(
        act,
        OfficeSubject.ACCOUNT,
        leave.officer_id,
        by=by,
        at=at,
        before=before,
        after=after,
        province_code=leave.officer.province_code,
    )
