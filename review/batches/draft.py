"""The office's draft of its next list: kept on every step, refused when it would overwrite a colleague's, proposed.

A draft is not a list: it holds what the office is about to propose, and nothing of the book reads it.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from registry import clock
from registry.batches import lists
from registry.batches.announcement import filled
from registry.batches.candidates import Candidate
from registry.batches.corrections import Wanted
from registry.batches.lists import Composition
from registry.book.act_request import Actor
from registry.errors import FilingError, NotFound, OutOfDate
from registry.models import Account, BatchList
from registry.rules.batches.corrections import CorrectedColumn
from registry.rules.batches.lifecycle import PUBLIC_STATES, ListKind, ListOrder, ListState
from review.batches.announcement import standing_text
from review.models import ListDraft

_ONE_DAY = timedelta(days=1)
# A draft whose list has gone this far is done with: the next list begins anew.
_USED = PUBLIC_STATES | {ListState.FROZEN}


class MomentPassed(FilingError):
    """The set moment of a list is over before it was proposed."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The draft as it stands: `version` is 0, and nobody has saved it, until the first save."""

    content: Composition
    version: int
    changed_at: datetime | None = None
    changed_by: Account | None = None
    batch_list: BatchList | None = None

    @property
    def is_saved(self) -> bool:
        return self.changed_at is not None


@dataclass(frozen=True, slots=True)
class Composed:
    """What a draft would propose now: every candidate in order, those named and those held back with the reason.

    `announcement` is as it would be published.
    """

    announcement: str
    candidates: Sequence[Candidate]
    entries: Sequence[Candidate]
    held_back: Sequence[tuple[Candidate, str]]

    @property
    def numbers(self) -> list[str]:
        """The numbers it names, in order: what a proposal says that it saw."""
        return [each.number for each in self.entries]


def current_draft(kind: ListKind, *, at: datetime) -> Draft:
    """The office's draft of the next list; a fresh one once the last was frozen or published.

    A fresh draft keeps the reasons of what is still held back.
    """
    row = _rows(kind).first()
    if row is None:
        return Draft(_fresh(kind, at=at), version=0)
    if row.batch_list is not None and row.batch_list.state in _USED:
        return Draft(replace(_fresh(kind, at=at), held_back=_held_back(row)), version=row.version)
    return Draft(_content(row), row.version, row.changed_at, row.changed_by, row.batch_list)


@transaction.atomic
def save(content: Composition, *, seen_version: int, by: Account, at: datetime) -> Draft:
    """Saves what was typed; saving what stands there already changes nothing.

    Raises OutOfDate ("list_draft_saved_meanwhile") when somebody saved it since the page was shown.
    """
    kind = content.kind
    row = _rows(kind).select_for_update(no_key=True, of=("self",)).first()
    before = current_draft(kind, at=at)
    if before.is_saved and before.content == content:
        return before
    if before.version != seen_version:
        raise saved_meanwhile(before)
    row = row or ListDraft(kind=kind.value)
    # What is typed now is for the next list, whatever becomes of the one that was proposed.
    row.batch_list = None
    row.cut_off_on = content.cut_off_on
    row.order = content.order.value
    row.announcement = content.announcement
    row.publish_at = content.publish_at
    row.held_back = {str(key): reason for key, reason in content.held_back.items()}
    row.corrections = [_written(each) for each in content.wanted] or None
    row.version = seen_version + 1
    row.changed_at, row.changed_by = at, by
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        # Two heads began the office's first draft at the same moment.
        raise OutOfDate("list_draft_saved_meanwhile", by="", at=None) from error
    return current_draft(kind, at=at)


def saved_meanwhile(draft: Draft) -> OutOfDate:
    """The refusal to save over, or to propose, a draft that somebody saved since the page was shown."""
    by = draft.changed_by.name if draft.changed_by is not None else ""
    return OutOfDate("list_draft_saved_meanwhile", by=by, at=draft.changed_at)


def compose(content: Composition) -> Composed:
    """What the draft would propose if it were proposed now."""
    candidates = content.candidates()
    entries = content.entries(candidates)
    announcement = filled(content, entries, number=lists.next_number(content.kind))
    held_back = [
        (each, content.held_back[each.filing_id])
        for each in candidates
        if each.filing_id in content.held_back
    ]
    return Composed(announcement, candidates, entries, held_back)


def refusals_of(draft: Draft, composed: Composed, *, by: Account, at: datetime) -> list[FilingError]:
    """Everything for which the draft would be refused if it were proposed now; empty when nothing is."""
    refused = lists.refusals_of(draft.content, composed.entries, actor=Actor.of(by))
    return [*refused, *([MomentPassed("list_moment_passed")] if _is_moment_over(draft, at) else [])]


@transaction.atomic
def propose(
    kind: ListKind, *, seen_version: int, seen: Sequence[str], by: Account, at: datetime
) -> BatchList:
    """Proposes the draft as it was previewed: `seen` are the numbers that the preview named.

    Raises OutOfDate ("list_draft_saved_meanwhile", or "list_changed_since" with the numbers `added` and `gone`),
    MomentPassed, and what `lists.propose` raises; the draft stays as it is.
    """
    row = _rows(kind).select_for_update(no_key=True, of=("self",)).first()
    draft = current_draft(kind, at=at)
    if row is None or not draft.is_saved:
        raise NotFound("list_draft_unknown")
    if draft.version != seen_version:
        raise saved_meanwhile(draft)
    if _is_moment_over(draft, at):
        raise MomentPassed("list_moment_passed")
    batch_list = lists.propose(draft.content, actor=Actor.of(by), seen=seen, at=at)
    row.batch_list = batch_list
    row.version += 1
    row.save(update_fields=["batch_list", "version"])
    return batch_list


def _is_moment_over(draft: Draft, at: datetime) -> bool:
    publish_at = draft.content.publish_at
    return publish_at is not None and publish_at <= at


def _fresh(kind: ListKind, *, at: datetime) -> Composition:
    """What a list begins with: everything up to yesterday, by province, at once, and the standing text."""
    return Composition(
        kind=kind, cut_off_on=clock.china_date(at) - _ONE_DAY, announcement=standing_text(kind)
    )


def _content(row: ListDraft) -> Composition:
    return Composition(
        kind=ListKind(row.kind),
        cut_off_on=row.cut_off_on,
        order=ListOrder(row.order),
        announcement=row.announcement,
        publish_at=row.publish_at,
        held_back=_held_back(row),
        wanted=tuple(map(_read, row.corrections or ())),
    )


def _written(wanted: Wanted) -> dict[str, str]:
    return {
        "entry": str(wanted.entry_id),
        "column": wanted.column.value,
        "after": wanted.after,
        "reason": wanted.reason,
    }


def _read(stored: Mapping[str, str]) -> Wanted:
    return Wanted(
        entry_id=uuid.UUID(stored["entry"]),
        column=CorrectedColumn(stored["column"]),
        after=stored["after"],
        reason=stored["reason"],
    )


def _held_back(row: ListDraft) -> dict[uuid.UUID, str]:
    return {uuid.UUID(key): reason for key, reason in row.held_back.items()}


def _rows(kind: ListKind) -> QuerySet[ListDraft]:
    return ListDraft.objects.filter(kind=kind.value).select_related("changed_by", "batch_list")
