"""Writes the public record of a filing as bytes, after every event of the filing and outside that event's transaction.

A record that is written late, twice or not at all is never wrong: whoever reads compares what it was made from with the
register, and is answered from the register itself where they differ.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import NamedTuple

from django.db import models, transaction
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from registry import clock
from registry.models import BatchEntry, BatchList, Filing, JobFailure, PublishedRecord
from registry.public.record_json import WrittenRecord, edition, write_record
from registry.publication.ready import NumberedFiling, ready_record
from registry.rules.batches.lifecycle import PUBLIC_STATES
from registry.rules.workflow.effects import EffectKind
from registry.snapshot import files
from registry.snapshot.files import Tree
from registry.streams import effects

# The name under which failures are kept.
FAILURES = "write_record"
# Lists shown longer ago have had their entries noted, which calls for the records anew.
_LATELY = timedelta(days=2)


class _MadeFrom(NamedTuple):
    """The last event of a filing, and how many entries of published lists name it, before the bytes were made."""

    sequence: int
    listings: int


def to_write(names: str, *, most: int) -> list[uuid.UUID]:
    """At most `most` filings whose record is to be written: after an event, named by a list, made from other names.

    `names` is the digest of the administrator's lists. Filings that failed before come last.
    """
    failed = JobFailure.objects.filter(job=FAILURES, subject_id=OuterRef("event__filing"))
    waiting = (
        effects.undone(EffectKind.RECORD).annotate(has_failed=Exists(failed)).order_by("has_failed", "pk")
    )
    found = list(dict.fromkeys(waiting.values_list("event__filing", flat=True)[:most]))
    for others in (_listed_since(), _of_another_edition(names)):
        if len(found) < most:
            found += others.exclude(pk__in=found).values_list("pk", flat=True)[: most - len(found)]
    return found


def write(filing_id: uuid.UUID) -> WrittenRecord | None:
    """Writes the record of a filing as it is now, as a row and as a file; settles what its events so far call for.

    None for a filing that is not public.
    """
    # Read first: whatever happens while the bytes are made belongs to a later sequence, and makes them stale.
    read = Filing.objects.values_list("number", "last_event_sequence", _listings()).get(pk=filing_id)
    number, made_from = read[0], _MadeFrom(*read[1:])
    written = None if number is None else write_record(number)
    with transaction.atomic():
        # Two workers at one filing follow each other here, and the later event wins.
        Filing.objects.select_for_update(no_key=True).get(pk=filing_id)
        if number is not None and written is not None:
            _keep(filing_id, number, written, made_from)
        effects.settle_up_to(filing_id, made_from.sequence, EffectKind.RECORD, at=clock.now())
    return written


def put_file(tree: Tree, filing: NumberedFiling) -> bool:
    """Writes the record of a filing into a tree, whatever workers write meanwhile; whether it was not there."""
    address, body, was_there = files.record_address(filing.number), filing.body, True
    while True:
        if body is None:
            written = write(filing.filing_id)
            if written is None:
                return False
            body = written.body
        if not tree.put(address, body):
            return not was_there
        was_there = False
        # An event in between had its file written before these bytes: they are no longer ready.
        now = ready_record(filing.number, edition=edition())
        if now is not None and now.body == body:
            return True
        body = None


def _keep(filing_id: uuid.UUID, number: str, written: WrittenRecord, made_from: _MadeFrom) -> None:
    later = Q(sequence__gt=made_from.sequence) | Q(listings__gt=made_from.listings)
    if PublishedRecord.objects.filter(later, pk=filing_id).exists():
        return
    # The file first: a death after it leaves the effect undone, and both are written again.
    if (tree := files.tree_of(written.names)) is not None:
        tree.put(files.record_address(number), written.body)
    PublishedRecord.objects.update_or_create(
        filing_id=filing_id,
        defaults={
            "body": written.body,
            "sha256": written.sha256,
            "sequence": made_from.sequence,
            "listings": made_from.listings,
            "names": written.names,
            "edition": edition(),
            "written_at": clock.now(),
        },
    )


def _listings() -> Coalesce:
    """How many entries of published lists name a filing: they never change, and none is ever taken back."""
    entries = BatchEntry.objects.filter(filing=OuterRef("pk"), batch_list__state__in=PUBLIC_STATES)
    counted = entries.order_by().values("filing").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0)


def _listed_since() -> models.QuerySet[PublishedRecord]:
    """The records that do not know a list shown lately: noting it in the filings' streams takes a while."""
    shown = BatchList.objects.filter(
        state__in=PUBLIC_STATES,
        published_at__gt=clock.now() - _LATELY,
        published_at__gte=OuterRef("written_at"),
        entries__filing=OuterRef("pk"),
    )
    return PublishedRecord.objects.filter(
        Exists(shown), filing__batch_entries__batch_list__published_at__gt=clock.now() - _LATELY
    ).distinct()


def _of_another_edition(names: str) -> models.QuerySet[PublishedRecord]:
    """The records that were made from other code or other names, found in the index of editions."""
    now = edition()
    return PublishedRecord.objects.filter(
        Q(edition__lt=now)
        | Q(edition__gt=now)
        | Q(edition=now, names__lt=names)
        | Q(edition=now, names__gt=names)
    )
