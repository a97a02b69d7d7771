"""An officer's notices by what they are about: one line for each case or proceeding, with its newest notice.

What belongs together is what is about one application, or else what tells of the same stream of events (an objection, a
striking off, a consultation, a proposal). A notice about neither stands for itself.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, F, Q, QuerySet, UUIDField, Window
from django.db.models.functions import Coalesce, RowNumber

from registry.cursors import ID, MOMENT, YES_OR_NO, Key, Keyset, Page
from registry.models import Notice

PAGE_SIZE = 20
# Behind one line; all of them have a page of their own.
MOST_BEHIND = 10
_ORDER = Keyset(
    "matters",
    (Key("is_read", YES_OR_NO), Key("created_at", MOMENT, falls=True), Key("id", ID, falls=True)),
)
_LONG = ("body", "sms", "sms_parameters")


@dataclass(frozen=True, slots=True)
class Matter:
    """What notices are about: the newest of them, those before it, at most MOST_BEHIND, and how many there are."""

    key: uuid.UUID
    newest: Notice
    earlier: Sequence[Notice]
    earlier_count: int
    unread_earlier_count: int

    @property
    def is_unread(self) -> bool:
        """Whether any of its notices has not been opened."""
        return self.newest.opened_at is None or self.unread_earlier_count > 0


def page_of_matters(inbox: QuerySet[Notice], cursor: str) -> tuple[list[Matter], Page[Any]]:
    """The matters of the page that the cursor asks for, and that page; a refused cursor gives the first one.

    Those with something unread come first, then the newest.
    """
    notices = _by_matter(inbox)
    newest = notices.annotate(place=_place()).filter(place=1).values("pk")
    unread = notices.filter(opened_at__isnull=True).values("matter")
    is_read = ExpressionWrapper(~Q(matter__in=unread), output_field=BooleanField())
    lines = notices.filter(pk__in=newest).annotate(is_read=is_read).defer(*_LONG)
    page = _ORDER.page_or_start(lines, cursor, size=PAGE_SIZE)
    earlier: dict[uuid.UUID, list[Notice]] = defaultdict(list)
    counts: dict[uuid.UUID, tuple[int, int]] = {}
    for each in _earlier(notices, [line.matter for line in page.rows]):
        earlier[each.matter].append(each)
        counts[each.matter] = (each.whole_count - 1, each.unread_count)
    return [_matter(line, earlier[line.matter], *counts.get(line.matter, (0, 0))) for line in page.rows], page


def notices_about(inbox: QuerySet[Notice], key: uuid.UUID) -> QuerySet[Any]:
    """The notices of an inbox about one matter."""
    return _by_matter(inbox).filter(matter=key)


def _by_matter(inbox: QuerySet[Notice]) -> QuerySet[Any]:
    """The notices with their `matter`, the key of what they are about."""
    subject = Coalesce("application_id", "event__stream_id", "id", output_field=UUIDField())
    return inbox.annotate(matter=subject)


def _place() -> Window:
    """The place of a notice among those of its matter: 1 for the newest."""
    order = (F("created_at").desc(), F("id").desc())
    return Window(RowNumber(), partition_by=F("matter"), order_by=order)


def _earlier(notices: QuerySet[Any], keys: Sequence[uuid.UUID]) -> QuerySet[Any]:
    """The notices behind the lines of these matters, the latest first, each with the counts of its matter."""
    unread = Count("pk", filter=Q(opened_at__isnull=True))
    counted = notices.filter(matter__in=keys).annotate(
        place=_place(),
        whole_count=Window(Count("pk"), partition_by=F("matter")),
        unread_count=Window(unread, partition_by=F("matter")),
    )
    return counted.filter(place__gt=1, place__lte=MOST_BEHIND + 1).order_by("place").defer(*_LONG)


def _matter(newest: Any, earlier: Sequence[Notice], count: int, unread_count: int) -> Matter:
    unread_earlier = unread_count - (newest.opened_at is None) if earlier else 0
    return Matter(newest.matter, newest, earlier, count, unread_earlier)
