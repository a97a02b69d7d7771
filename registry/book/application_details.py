"""What an application asks beside its materials: days of changes, the end of a service, and why it is late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise

from registry.labels import particulars as words
from registry.labels.states import label_of
from registry.models import Application
from registry.rules.particulars import is_particular, is_slot
from registry.rules.particulars.materials import date_of
from registry.rules.workflow.date_rules import PERIODS
from registry.rules.workflow.states import Act, Kind

SUBMISSIONS = (Act.SUBMIT, Act.SUPPLEMENT, Act.RESUBMIT)
DETAIL_NAMES = ("changes", "ends_on", "arrangement", "late_reason")


@dataclass(frozen=True, slots=True)
class DatedChange:
    """Since when something is otherwise than the register has it."""

    label: Promise | str
    on: date


@dataclass(frozen=True, slots=True)
class ApplicationDetails:
    """What is asked, as `includes/asked.html` shows it to both sides.

    `late_by` working days after the period of `article` had ended; `late_reason` is the applicant's.
    """

    kind: Kind
    kind_label: Promise
    changes: tuple[DatedChange, ...]
    ends_on: date | None
    arrangement: str
    late_by: int
    late_reason: str
    article: str

    @property
    def has_something_to_say(self) -> bool:
        return bool(self.changes or self.ends_on or self.late_by)


def latest_details(application: Application) -> dict[str, Any]:
    """The details as the latest submission that named each of them has them."""
    asked: dict[str, Any] = {}
    submissions = application.events.filter(act__in=[act.value for act in SUBMISSIONS])
    for payload in submissions.order_by("sequence").values_list("payload", flat=True):
        given = payload.get("details") or {}
        asked |= {name: given[name] for name in DETAIL_NAMES if name in given}
    return asked


def details_of(application: Application, materials: Mapping[str, Any]) -> ApplicationDetails:
    """What an application asks, in words. A first filing gives its reason for coming late in the materials."""
    kind = Kind(application.kind)
    details = latest_details(application)
    reason = details.get("late_reason")
    if kind is Kind.INITIAL:
        reason = materials.get("service", {}).get("late_reason")
    return ApplicationDetails(
        kind=kind,
        kind_label=label_of(kind),
        changes=tuple(_changed_on(change) for change in details.get("changes", ()) if _is_known(change)),
        ends_on=date_of(details.get("ends_on")) if kind is Kind.CANCELLATION else None,
        arrangement=str(details.get("arrangement") or ""),
        late_by=application.late_by_working_days,
        late_reason=str(reason or ""),
        article=PERIODS[kind].article,
    )


def _is_known(change: Mapping[str, Any]) -> bool:
    key = str(change.get("key", ""))
    return (is_particular(key) or is_slot(key)) and date_of(change.get("changed_on")) is not None


def _changed_on(change: Mapping[str, Any]) -> DatedChange:
    return DatedChange(words.label_of(str(change["key"])), date.fromisoformat(change["changed_on"]))
