"""The details of an application beside its materials: days of changes, end of service, reason for lateness."""

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
from registry.rules.workflow.events import details_of as submitted_details
from registry.rules.workflow.states import Act, Kind

SUBMISSIONS = (Act.SUBMIT, Act.SUPPLEMENT, Act.RESUBMIT)
DETAIL_NAMES = ("changes", "ends_on", "arrangement", "late_reason")


@dataclass(frozen=True, slots=True)
class DatedChange:
    """A registered value that changed, and the day it changed."""

    key: str
    label: Promise | str
    on: date


@dataclass(frozen=True, slots=True)
class ApplicationDetails:
    """An application's details in words, as `includes/asked.html` shows them to both sides.

    `late_by` counts the working days after the end of the period that `article` sets; `late_reason` is what the
    applicant wrote.
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
    def days(self) -> dict[str, date]:
        """The day of each change by its key."""
        return {each.key: each.on for each in self.changes}

    @property
    def says_more_than_changes(self) -> bool:
        return bool(self.ends_on or self.late_by)


def latest_details(application: Application, *, revision_number: int | None = None) -> dict[str, Any]:
    """Each detail by its name, as given in the latest submission that contains it; not validated.

    With `revision_number` as they were when that revision was handed in.
    """
    details: dict[str, Any] = {}
    submissions = application.events.filter(act__in=[act.value for act in SUBMISSIONS])
    if revision_number is not None:
        submissions = submissions.filter(revision_number__lte=revision_number)
    for payload in submissions.order_by("sequence").values_list("payload", flat=True):
        given = submitted_details(payload)
        details |= {name: given[name] for name in DETAIL_NAMES if name in given}
    return details


def details_of(application: Application, materials: Mapping[str, Any]) -> ApplicationDetails:
    """The details of an application, in words.

    A first filing states its reason for lateness in the materials, every other kind in its details.
    """
    kind = Kind(application.kind)
    details = latest_details(application)
    reason = details.get("late_reason")
    if kind is Kind.INITIAL:
        reason = materials.get("service", {}).get("late_reason")
    return ApplicationDetails(
        kind=kind,
        kind_label=label_of(kind),
        changes=tuple(
            _dated_change(change) for change in details.get("changes", ()) if _is_well_formed(change)
        ),
        ends_on=date_of(details.get("ends_on")) if kind is Kind.CANCELLATION else None,
        arrangement=str(details.get("arrangement") or ""),
        late_by=application.late_by_working_days,
        late_reason=str(reason or ""),
        article=PERIODS[kind].article,
    )


def _is_well_formed(change: Mapping[str, Any]) -> bool:
    key = str(change.get("key", ""))
    return (is_particular(key) or is_slot(key)) and date_of(change.get("changed_on")) is not None


def _dated_change(change: Mapping[str, Any]) -> DatedChange:
    key = str(change["key"])
    return DatedChange(key, words.label_of(key), date.fromisoformat(change["changed_on"]))
