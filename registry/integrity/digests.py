"""The daily digest of the register: the length and last hash of every chain of events.

A hash chain cannot show that its last events were deleted; the digest of an earlier day can. The digest's own hash
is mailed to the administrators, so that nobody can delete the latest digests unnoticed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max, OuterRef, Subquery

from registry import clock
from registry.integrity.reading import SILENT, Progress, in_batches
from registry.integrity.violations import MALFORMED, Violation
from registry.models import Event, RegisterDigest
from registry.rules.workflow.hash_chain import GENESIS, content_digest

# The sequence and hash of the last event, by stream id.
Heads = dict[str, list[Any]]


@transaction.atomic
def make_digest(at: datetime) -> RegisterDigest:
    """The digest for the day in China of the moment `at`; the existing one when that day has one already.

    It holds the heads of the chains that grew since the previous digest, so a skipped day loses nothing: the next
    digest covers it.
    """
    day = clock.china_date(at)
    made = RegisterDigest.objects.filter(day=day).first()
    if made is not None:
        return made
    before = RegisterDigest.objects.order_by("-day").first()
    known: Heads = {}
    for heads in RegisterDigest.objects.order_by("day").values_list("heads", flat=True):
        known |= heads
    grown = {stream: head for stream, head in _heads_now().items() if known.get(stream, [0, ""])[0] < head[0]}
    event_count = Event.objects.count()
    previous_hash = before.hash if before is not None else GENESIS
    digest = RegisterDigest(
        day=day, made_at=at, event_count=event_count, heads=grown, previous_hash=previous_hash
    )
    digest.hash = _hash_of(digest)
    digest.save(force_insert=True)
    return digest


def find_digest_violations(progress: Progress = SILENT) -> Iterator[Violation]:
    """Yields every altered digest, and every chain that is shorter than a digest says or has another hash there."""
    previous_hash, last_day = GENESIS, date.min
    for digest in RegisterDigest.objects.order_by("day").iterator(1):
        if digest.previous_hash != previous_hash:
            yield Violation("digest_chain_broken", str(digest.day), f"after {last_day}")
        if digest.hash != _hash_of(digest):
            yield Violation("digest_altered", str(digest.day), "")
        for heads in in_batches(progress.through(digest.heads.items(), "ends of chains")):
            try:
                yield from _differing_heads(heads)
            except MALFORMED as error:
                yield Violation("digest_malformed", str(digest.day), type(error).__name__)
        previous_hash, last_day = digest.hash, digest.day


def _differing_heads(heads: Sequence[tuple[str, Sequence[Any]]]) -> Iterator[Violation]:
    """The heads of a digest, some hundred at a time, that are not in the register or have another hash there."""
    sequences = {sequence for _stream, (sequence, _ending) in heads}
    events = Event.objects.filter(stream_id__in=[stream for stream, _head in heads], sequence__in=sequences)
    found = {
        (str(stream), sequence): ending
        for stream, sequence, ending in events.values_list("stream_id", "sequence", "hash")
    }
    for stream, (sequence, ending) in heads:
        if (stream, sequence) not in found:
            yield Violation("events_cut_off", stream, f"event {sequence}")
        elif found[stream, sequence] != ending:
            yield Violation("event_differs_from_digest", stream, f"event {sequence}")


def _heads_now() -> Heads:
    last = (
        Event.objects.filter(stream_id=OuterRef("stream_id"))
        .values("stream_id")
        .annotate(last=Max("sequence"))
        .values("last")
    )
    heads = Event.objects.annotate(last=Subquery(last)).filter(sequence=F("last"))
    return {
        str(stream): [sequence, ending]
        for stream, sequence, ending in heads.values_list("stream_id", "sequence", "hash").iterator()
    }


def _hash_of(digest: RegisterDigest) -> str:
    return content_digest(
        {
            "day": digest.day.isoformat(),
            "event_count": digest.event_count,
            "heads": digest.heads,
            "previous_hash": digest.previous_hash,
        }
    )
