"""The publication of lists, step by step: each sweep takes every list on to where it can go.

Freeze, files, showing, noting the entries in their filings' streams, and the end of the window: every step finds in
the database whether it is still to be done.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.db.models.lookups import Exact

from registry import clock
from registry.batches import files, lists
from registry.book import ledger
from registry.calendar.current import current_calendar
from registry.models import BatchEntry, BatchFile, BatchList, Event, EventEffect, JobFailure
from registry.rules.batches.lifecycle import ListAct, ListKind, ListState
from registry.rules.days.deadlines import Period
from registry.rules.days.working_days import latest_start
from registry.rules.workflow.effects import EffectKind
from registry.rules.workflow.events import LISTED_KIND, LISTED_NUMBER, LISTED_PLACE
from registry.rules.workflow.states import Act
from registry.streams import effects

# The names under which the steps' failures are kept.
PUBLISHING, NOTING, FINALISING = "publish_list", "note_entries", "finalise_list"
# What one sweep notes, so that other work waits seconds and not minutes; the next sweep goes on.
ENTRIES_AT_ONCE = 200
PLACE = "place"
_ONE_DAY = timedelta(days=1)


def to_publish(at: datetime) -> list[uuid.UUID]:
    """The confirmed lists whose moment has come, and the frozen ones, earliest first."""
    confirmed = BatchList.objects.filter(state=ListState.CONFIRMED.value, publish_at__lte=at)
    frozen = BatchList.objects.filter(state=ListState.FROZEN.value)
    return list((confirmed | frozen).order_by("publish_at", "pk").values_list("pk", flat=True))


def publish_list(list_id: uuid.UUID) -> None:
    """Freezes a list, makes what is missing of its files, and shows it; call outside a transaction.

    Every step that was done is left as it is, so that a killed job goes on where it stopped.
    """
    lists.freeze(list_id)
    files.make_files(list_id)
    lists.publish(list_id)


def to_finalise(at: datetime) -> list[uuid.UUID]:
    """The published lists that may have become final, oldest first: their window was over yesterday."""
    yesterday = clock.china_date(at) - _ONE_DAY
    last = latest_start(yesterday, Period.OBJECTION.working_days, current_calendar())
    found = BatchList.objects.filter(
        kind__in=[each.value for each in ListKind if each.has_window],
        state=ListState.PUBLISHED.value,
        published_at__lt=clock.start_of(last + _ONE_DAY),
    )
    return [
        each.pk for each in found.order_by("published_at") if lists.final_from(each) <= clock.china_date(at)
    ]


def to_note() -> list[uuid.UUID]:
    """The publications whose entries are not all noted in their filings' streams, by their events."""
    return effects.events_awaiting(EffectKind.ENTRIES)


def note_entries(event_id: uuid.UUID, *, most: int = ENTRIES_AT_ONCE) -> int:
    """Notes up to `most` entries of a published list in the streams of their filings; gives how many.

    The effect is done once none is left. Each entry is a transaction of its own: noting it twice notes it once.
    """
    published = Event.objects.get(pk=event_id, act=ListAct.PUBLISH.value)
    batch_list = BatchList.objects.get(pk=published.stream_id)
    noted = _notes(batch_list).filter(**{"stream_id": OuterRef("filing_id"), PLACE: OuterRef("position")})
    left = BatchEntry.objects.filter(~Exists(noted), batch_list=batch_list).order_by("position")
    taken = list(left[:most])
    for entry in taken:
        ledger.enter_in_list(
            entry.filing_id,
            list_kind=batch_list.kind,
            list_number=batch_list.number or 0,
            position=entry.position,
            listed_on=clock.china_date(published.at),
        )
    if len(taken) < most:
        with transaction.atomic():
            effects.settle(event_id, EffectKind.ENTRIES, at=clock.now())
    return len(taken)


def told_of(batch_list: BatchList) -> int:
    """Of how many entries the applicant is told, or found to have nobody who could be told."""
    return EventEffect.objects.filter(
        kind=EffectKind.TELL_APPLICANT.value, done_at__isnull=False, event__in=_notes_of_entries(batch_list)
    ).count()


def files_made(batch_list: BatchList) -> tuple[int, int]:
    """How many files of a list are made, and how many it has in the end."""
    return BatchFile.objects.filter(batch_list=batch_list).count(), len(BatchFile.Format)


def failure_of(batch_list: BatchList) -> JobFailure | None:
    """The work on a list that failed last and has not succeeded since: publishing it, noting it, making it final."""
    published = Event.objects.filter(stream_id=batch_list.pk, act=ListAct.PUBLISH.value)
    return (
        JobFailure.objects.filter(
            Q(job__in=(PUBLISHING, FINALISING), subject_id=batch_list.pk)
            | Q(job=NOTING, subject_id__in=published.values("pk"))
        )
        .order_by("-last_attempt_at")
        .first()
    )


def progress_of(batch_list: BatchList) -> tuple[int, int]:
    """How many entries of a published list are noted and told, and how many there are."""
    return _notes_of_entries(batch_list).count(), batch_list.count or 0


def _notes_of_entries(batch_list: BatchList) -> QuerySet[Event]:
    """What the streams of the filings that a list names have noted of it."""
    named = BatchEntry.objects.filter(batch_list=batch_list)
    return _notes(batch_list).filter(filing__in=named.values("filing"))


def _notes(batch_list: BatchList) -> QuerySet[Event]:
    """The events that note entries of a list, with the position that each notes as PLACE."""
    number = BatchList.objects.filter(pk=batch_list.pk).values("number")
    noting = Event.objects.filter(
        Exact(Cast(KT(LISTED_NUMBER), IntegerField()), Subquery(number)),
        **{"act": Act.ENTER_IN_LIST.value, LISTED_KIND: batch_list.kind},
    )
    return noting.annotate(**{PLACE: Cast(KT(LISTED_PLACE), IntegerField())})
