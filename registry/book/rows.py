"""Rows as folds of a filing's stream: its events as the fold reads them, and the rows that result, saved."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from functools import cache
from typing import Any

from django.db import models, transaction
from django.db.models import Q

from registry.clock import iso_instant
from registry.models import Application, Event, Filing
from registry.publication.search import SEARCH_COLUMNS
from registry.rules.workflow.events import known_form
from registry.rules.workflow.projection import (
    ApplicationRow,
    EventRecord,
    FilingRow,
    fold,
    names_borne,
    with_names_before,
)
from registry.rules.workflow.states import Act, Standing
from registry.streams.chain import StoredEvent, events_of, text_of_id


def event_record(event: Event | StoredEvent) -> EventRecord:
    """The event as input of the fold."""
    return EventRecord(
        sequence=event.sequence,
        act=Act(event.act),
        at=iso_instant(event.at),
        actor_id=text_of_id(event.actor_id),
        application_id=text_of_id(event.application_id),
        payload=known_form(event.payload, version=event.version),
    )


# What the offices' search of cases stands on, in the row of an application.
_CASE_SEARCH = frozenset({"filing_number", "search_form"})
# Which row each table is the fold of.
_FOLDED: Mapping[type[models.Model], type[FilingRow] | type[ApplicationRow]] = {
    Filing: FilingRow,
    Application: ApplicationRow,
}


def row_columns(model: type[models.Model]) -> tuple[str, ...]:
    """The columns of a table that the fold of events fills."""
    return (*(field.name for field in fields(_FOLDED[model])), *_FOLDED[model].DERIVED)


def row_values(model: type[models.Model], row: FilingRow | ApplicationRow) -> dict[str, Any]:
    """A folded row as column values of its table."""
    return {name: read(_plain(getattr(row, name))) for name, read in _readers(model)}


@cache
def _readers(model: type[models.Model]) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    """For each column of a folded row, what makes the column's value of the row's."""
    columns = {field.attname: field for field in model._meta.concrete_fields}
    return tuple((name, columns[name].to_python) for name in row_columns(model))


def fill_filing(filing: Filing, row: FilingRow) -> None:
    """Sets a new filing to the folded row, for the ledger to save many at once."""
    for name, value in row_values(Filing, row).items():
        setattr(filing, name, value)


def save_filing(filing: Filing, row: FilingRow) -> None:
    """Writes the folded row, with the names from before its number that it has; only the ledger calls this."""
    _save(filing, row_values(Filing, with_names_before(row, filing.former_applicant_names)))


def bring_names_before(filings: Sequence[Filing]) -> None:
    """Brings filings about to be numbered the names their applicants bore in public before; for the ledger alone.

    The search finds all filings of an applicant by each name that the public has known it by.
    """
    told = Filing.objects.filter(applicant__in={each.applicant_id for each in filings}, number__isnull=False)
    telling = told.filter(~Q(former_applicant_names="") | ~Q(standing=Standing.IN_FORCE.value))
    of_applicant: dict[uuid.UUID, list[Filing]] = {}
    for other in telling.order_by("numbered_at", "pk"):
        of_applicant.setdefault(other.applicant_id, []).append(other)
    for filing in filings:
        names = names_borne(of_applicant.get(filing.applicant_id, ()), called=filing.applicant_name)
        if names:
            _save(filing, {"former_applicant_names": names})


def names_before(filing: Filing) -> str:
    """The names that `bring_names_before` brought to a numbered filing, made again from the applicant's streams."""
    if filing.numbered_at is None:
        return ""
    until = [event for event in events_of(filing.pk) if event.at <= filing.numbered_at]
    own = fold(map(event_record, until)).filing
    others = Filing.objects.filter(applicant=filing.applicant_id, numbered_at__lt=filing.numbered_at)
    rows = []
    for other in others.exclude(pk=filing.pk).order_by("numbered_at", "pk"):
        earlier = [event for event in events_of(other.pk) if event.at < filing.numbered_at]
        row = fold(map(event_record, earlier)).filing
        if row is not None and (row.former_applicant_names or row.standing is not Standing.IN_FORCE):
            rows.append(row)
    return "" if own is None else names_borne(rows, called=own.applicant_name)


def save_application(application: Application, row: ApplicationRow) -> None:
    """Writes the folded row; only the ledger calls this."""
    _save(application, row_values(Application, row))


def search_columns_differ(filing: Filing) -> bool:
    """Whether what the search stands on is not what the rest of the row makes of it."""
    row = FilingRow(
        applicant_id=str(filing.applicant_id),
        province_code=filing.province_code,
        standing=Standing(filing.standing),
        columns=filing.columns,
        opened_at=iso_instant(filing.opened_at),
        number=filing.number,
        numbered_at=iso_instant(filing.numbered_at) if filing.numbered_at else None,
        former_applicant_names=filing.former_applicant_names,
        former_service_names=filing.former_service_names,
        list_number=filing.list_number,
        end_ground=filing.end_ground,
    )
    return (row.search_form, row.facets) != (filing.search_form, filing.facets)


@transaction.atomic
def mend_search_columns(filing_id: uuid.UUID) -> bool:
    """Takes what finds a filing from its events again, and nothing else; whether it was not in its row."""
    locked = Filing.objects.select_for_update(no_key=True).get(pk=filing_id)
    row = fold(event_record(event) for event in events_of(filing_id)).filing
    if row is None:
        return False
    row = with_names_before(row, names_before(locked))
    values = {name: value for name, value in row_values(Filing, row).items() if name in SEARCH_COLUMNS}
    if all(getattr(locked, name) == value for name, value in values.items()):
        return False
    _save(locked, values)
    return True


@transaction.atomic
def mend_case_search(application_id: uuid.UUID) -> bool:
    """Takes what finds an application at the offices from its events again; whether it was not in its row."""
    locked = Application.objects.select_for_update(no_key=True).get(pk=application_id)
    events = events_of(locked.stream_id)
    row = fold(event_record(event) for event in events).applications.get(str(application_id))
    if row is None:
        return False
    values = {name: value for name, value in row_values(Application, row).items() if name in _CASE_SEARCH}
    if all(getattr(locked, name) == value for name, value in values.items()):
        return False
    _save(locked, values)
    return True


def _save(instance: models.Model, values: dict[str, Any]) -> None:
    """Writes what the fold changed; the row was read under its lock."""
    if instance._state.adding:
        changed = None
    else:
        changed = [name for name, value in values.items() if getattr(instance, name) != value]
    for name, value in values.items():
        setattr(instance, name, value)
    instance.save(force_insert=changed is None, update_fields=changed)


def _plain(value: Any) -> Any:
    return value.value if hasattr(value, "value") else value
