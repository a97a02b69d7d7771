"""The daily digest of the register: which chains there are, how long each is, and how it ends.

A chain of hashes cannot show that its last events were taken away; the digest of an earlier day can. Its hash goes
to the administrators by mail, so that the digests themselves cannot be cut off unseen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max, OuterRef, Subquery

from registry import clock
from registry.models import FilingEvent, RegisterDigest
from registry.rules.workflow.hash_chain import GENESIS, content_digest

Heads = dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class DigestFault:
    """Something that a digest knows and the register does not say any more."""

    code: str
    subject: str
    detail: str


@transaction.atomic
def make_digest(at: datetime) -> RegisterDigest:
    """The digest of the day in China of a moment; the one there is when it was made before.

    It holds the ends of the chains that grew since the digest before. Nights without it lose nothing: the next one
    holds what grew meanwhile.
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
    event_count = FilingEvent.objects.count()
    previous_hash = before.hash if before is not None else GENESIS
    digest = RegisterDigest(
        day=day, made_at=at, event_count=event_count, heads=grown, previous_hash=previous_hash
    )
    digest.hash = _hash_of(digest)
    digest.save(force_insert=True)
    return digest


def find_faults() -> Iterable[DigestFault]:
    """Every digest that was altered, and every chain that is shorter or another than a digest says."""
    previous_hash, last_day = GENESIS, date.min
    known: dict[tuple[str, int], str] = {}
    for digest in RegisterDigest.objects.order_by("day"):
        if digest.previous_hash != previous_hash:
            yield DigestFault("digest_chain_broken", str(digest.day), f"after {last_day}")
        if digest.hash != _hash_of(digest):
            yield DigestFault("digest_altered", str(digest.day), "")
        known |= {(stream, sequence): ending for stream, (sequence, ending) in digest.heads.items()}
        previous_hash, last_day = digest.hash, digest.day
    if not known:
        return
    found = {
        (str(stream), sequence): ending
        for stream, sequence, ending in FilingEvent.objects.values_list(
            "stream_id", "sequence", "hash"
        ).iterator()
    }
    for (stream, sequence), ending in known.items():
        if (stream, sequence) not in found:
            yield DigestFault("events_cut_off", stream, f"event {sequence}")
        elif found[stream, sequence] != ending:
            yield DigestFault("event_differs_from_digest", stream, f"event {sequence}")


def _heads_now() -> Heads:
    last = (
        FilingEvent.objects.filter(stream_id=OuterRef("stream_id"))
        .values("stream_id")
        .annotate(last=Max("sequence"))
        .values("last")
    )
    heads = FilingEvent.objects.annotate(last=Subquery(last)).filter(sequence=F("last"))
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
