"""THE ONLY WRITER of batch lists: each act locks the list, asks the table, appends an event and saves the folded row.

Locks are taken in the order counter of the kind, list, filings.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from registry import clock
from registry.batches import corrections
from registry.batches.announcement import filled
from registry.batches.candidates import Candidate, as_rows, as_today, still_standing, unlisted
from registry.batches.corrections import Wanted
from registry.batches.entries import entry_of
from registry.batches.holds import held_positions
from registry.book import ledger
from registry.book.act_request import SYSTEM, Actor
from registry.book.counters import count_on, lock_counter
from registry.book.imported_heads import facts_of_owners, import_heads
from registry.calendar.current import current_calendar
from registry.errors import FilingError, GlyphMissing, NotFound, OutOfDate, RegisterIncomplete
from registry.jobs import doorbell
from registry.models import BatchEntry, BatchFile, BatchList, Event, ListCounter
from registry.rules.batches.events import (
    Freeze,
    HeldBack,
    ImportedList,
    Named,
    Proposal,
    PublishedRow,
    Window,
    explained,
    finalised,
    published,
    rows_sha256,
)
from registry.rules.batches.fold import fold_list
from registry.rules.batches.lifecycle import (
    UNDERWAY_STATES,
    ListAct,
    ListFacts,
    ListKind,
    ListOrder,
    ListState,
    decide_on_list,
    refusals_on_list,
)
from registry.rules.codes.filing_number import FilingNumber
from registry.rules.codes.jurisdictions import province_code_of
from registry.rules.days.deadlines import Deadline, Period, deadline
from registry.rules.days.working_days import add_working_days, is_provisional
from registry.rules.printable import unprintable
from registry.rules.substance import says_something
from registry.rules.visible_text import clean, is_visible
from registry.rules.workflow.events import ApplicantFacts, Imported
from registry.rules.workflow.states import StreamKind
from registry.streams import writer
from registry.streams.chain import events_of, text_of_id

PUBLISH_TASK = "registry.tasks.sweep_batch_lists"
_ENTRIES_AT_ONCE = 1000
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """What a head composes: the last day, the order, the announcement, what is held back and why, and when to show it.

    A corrigendum has `wanted` in place of an order and of what is held back. `publish_at` is None for "as soon as it
    is confirmed".
    """

    kind: ListKind = ListKind.FILINGS
    cut_off_on: date
    order: ListOrder = ListOrder.PROVINCE
    announcement: str
    held_back: Mapping[uuid.UUID, str] = field(default_factory=dict)
    wanted: tuple[Wanted, ...] = ()
    publish_at: datetime | None = None

    def candidates(self) -> list[Candidate]:
        """Everything the list may name, what is held back included."""
        if self.kind is ListKind.CORRIGENDA:
            return corrections.candidates(self.wanted)
        return unlisted(self.kind, cut_off_on=self.cut_off_on, order=self.order)

    def entries(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Those of the candidates that the list names."""
        return [each for each in candidates if each.filing_id not in self.held_back]


# ---------------------------------------------------------------- officers


@transaction.atomic
def propose(
    composition: Composition, *, actor: Actor, seen: Sequence[str] | None = None, at: datetime | None = None
) -> BatchList:
    """Proposes a list; `seen` are the numbers that the preview on the screen named.

    Raises OutOfDate ("list_changed_since", with what was added and what is gone) when it would name others now,
    TransitionNotAllowed, and GlyphMissing when the announcement or a correction has a character that no file can
    print; a name of the book prints its code point.
    """
    at = at or clock.now()
    kind = composition.kind
    lock_counter(ListCounter, kind=kind.value)
    candidates = composition.candidates()
    entries = composition.entries(candidates)
    if seen is not None:
        _refuse_changed(entries, seen)
    refused = refusals_of(composition, entries, actor=actor)
    if refused:
        raise refused[0]
    numbers = {each.filing_id: each.number for each in candidates}
    proposal = Proposal(
        kind=kind,
        cut_off_on=composition.cut_off_on,
        order=None if kind is ListKind.CORRIGENDA else composition.order,
        announcement=composition.announcement.strip(),
        publish_at=composition.publish_at,
        entries=[Named(str(each.filing_id), each.number, each.correction) for each in entries],
        held_back=[
            HeldBack(str(key), numbers[key], reason)
            for key, reason in composition.held_back.items()
            if key in numbers
        ],
    )
    return _append(BatchList(), ListAct.PROPOSE, proposal.as_payload(), actor=actor, at=at)


def refusals_of(composition: Composition, entries: Sequence[Candidate], *, actor: Actor) -> list[FilingError]:
    """Everything for which a proposal with these entries would be refused now; empty when nothing is."""
    kind = composition.kind
    facts = ListFacts(
        state=None,
        role=actor.role,
        has_entries=bool(entries),
        has_announcement=is_visible(composition.announcement),
        do_corrections_hold=not corrections.faults(entries),
        are_held_back_explained=all(map(says_something, composition.held_back.values())),
        is_another_underway=underway(kind) is not None,
    )
    refused: list[FilingError] = [*refusals_on_list(ListAct.PROPOSE, facts)]
    written = composition.announcement + "".join(map(_written_by_the_office, entries))
    if missing := unprintable(written):
        refused.append(GlyphMissing("glyph_missing", characters=missing))
    return refused


@transaction.atomic
def confirm(
    list_id: uuid.UUID, *, actor: Actor, seen_sequence: int | None = None, at: datetime | None = None
) -> BatchList:
    """Confirms a proposal: from its moment on the system freezes and publishes what was proposed and is in force.

    Raises OutOfDate when something was done since the page was shown, TransitionNotAllowed.
    """
    at = at or clock.now()
    batch_list = _lock(list_id, seen_sequence=seen_sequence)
    proposal = proposal_of(batch_list)
    facts = _facts(batch_list, actor, has_entries=bool(proposal.entries))
    decide_on_list(ListAct.CONFIRM, facts)
    doorbell.ring_on_commit(PUBLISH_TASK)
    return _append(batch_list, ListAct.CONFIRM, {}, actor=actor, at=at)


@transaction.atomic
def drop(
    list_id: uuid.UUID,
    *,
    act: ListAct,
    actor: Actor,
    explanation: str,
    seen_sequence: int | None = None,
    at: datetime | None = None,
) -> BatchList:
    """Sends a proposal back, or recalls a confirmed list before it is frozen; what it named may be proposed again.

    Raises OutOfDate when something was done since the page was shown, TransitionNotAllowed.
    """
    at = at or clock.now()
    batch_list = _lock(list_id, seen_sequence=seen_sequence)
    decide_on_list(act, _facts(batch_list, actor, has_explanation=says_something(explanation)))
    return _append(batch_list, act, explained(clean(explanation, line_breaks=True)), actor=actor, at=at)


# ---------------------------------------------------------------- the system


@transaction.atomic
def freeze(list_id: uuid.UUID, *, at: datetime | None = None) -> BatchList:
    """Freezes the entries of a confirmed list whose moment has come, and gives it the next number of its kind.

    What was proposed and still stands so now becomes an entry; what does not is left out and named in the event. The
    places of the announcement are filled in for what is left. A list that is frozen already is given as it is. Raises
    TransitionNotAllowed.
    """
    at = at or clock.now()
    found = BatchList.objects.filter(pk=list_id).first()
    if found is None:
        raise NotFound("list_unknown", list=str(list_id))
    counter = lock_counter(ListCounter, kind=found.kind)
    batch_list = _lock(list_id)
    if batch_list.state in (ListState.FROZEN, ListState.PUBLISHED, ListState.FINAL):
        return batch_list
    proposal = proposal_of(batch_list)
    kept = _still_listable(proposal, locks=True)
    moment = batch_list.publish_at
    decide_on_list(
        ListAct.FREEZE,
        _facts(
            batch_list, SYSTEM, has_moment_come=moment is not None and moment <= at, has_entries=bool(kept)
        ),
    )
    count_on(counter)
    announcement = filled(proposal, kept, number=counter.last, earliest=at)
    rows = as_rows(kept)
    names = {each.number for each in kept}
    frozen = Freeze(
        number=counter.last,
        dated_on=clock.china_date(at),
        count=len(rows),
        rows_sha256=rows_sha256(rows),
        announcement=announcement,
        left_out=[each.number for each in proposal.entries if each.number not in names],
    )
    _append(batch_list, ListAct.FREEZE, frozen.as_payload(), actor=SYSTEM, at=at)
    _enter(batch_list, rows, [each.filing_id for each in kept])
    return batch_list


@transaction.atomic
def publish(list_id: uuid.UUID, *, at: datetime | None = None) -> BatchList:
    """Shows a frozen list whose files are all made: in one step, for every reader; its window opens, if it has one.

    A list that is public already is given as it is. Raises TransitionNotAllowed.
    """
    at = at or clock.now()
    batch_list = _lock(list_id)
    if batch_list.state in (ListState.PUBLISHED, ListState.FINAL):
        return batch_list
    made = {each.format: each.sha256 for each in BatchFile.objects.filter(batch_list=batch_list)}
    has_every_file = all(each.value in made for each in BatchFile.Format)
    decide_on_list(ListAct.PUBLISH, _facts(batch_list, SYSTEM, has_every_file=has_every_file))
    today = clock.china_date(at)
    due = deadline(Period.OBJECTION, today, current_calendar())
    payload = published(
        today,
        window=_window(due) if ListKind(batch_list.kind).has_window else None,
        manifest_sha256=made[BatchFile.Format.MANIFEST.value],
    )
    doorbell.ring_on_commit(PUBLISH_TASK)
    return _append(batch_list, ListAct.PUBLISH, payload, actor=SYSTEM, at=at)


@transaction.atomic
def finalise(list_id: uuid.UUID, *, at: datetime | None = None) -> BatchList:
    """Makes a published list final once its window and the days for post are over; a final one stays as it is.

    The event names the entries that an admitted, undecided objection holds back: they become final with its dismissal.
    Raises TransitionNotAllowed.
    """
    at = at or clock.now()
    batch_list = _lock(list_id)
    if batch_list.state == ListState.FINAL:
        return batch_list
    has_window = ListKind(batch_list.kind).has_window
    is_over = batch_list.published_at is not None and clock.china_date(at) >= final_from(batch_list)
    decide_on_list(
        ListAct.FINALISE, _facts(batch_list, SYSTEM, has_window=has_window, is_window_over=is_over)
    )
    payload = finalised(_window(window_of(batch_list)), held=held_positions(batch_list))
    return _append(batch_list, ListAct.FINALISE, payload, actor=SYSTEM, at=at)


@transaction.atomic
def import_list(
    rows: Sequence[tuple[str, str, FilingNumber]],
    *,
    number: int,
    published_on: date,
    source_name: str,
    source_sha256: str,
    at: datetime | None = None,
) -> BatchList:
    """Takes over a list that was published before the register began: applicant, service and number of each entry.

    List, filings, applicants and entries are written in one transaction, in several statements: nobody sees any of
    them before its end, and a run that is killed leaves nothing. Only `registry.batches.importing` calls this, with
    checked rows and under `lock_for_import`. Raises TransitionNotAllowed.
    """
    at = at or clock.now()
    counter = lock_counter(ListCounter, kind=ListKind.FILINGS.value)
    decide_on_list(ListAct.IMPORT, _import_facts(counter, number=number, has_entries=bool(rows)))
    counter.last = number
    counter.save(update_fields=["last"])
    published = [
        PublishedRow(position, applicant, service, str(each), province_code_of(each.division_code))
        for position, (applicant, service, each) in enumerate(rows, start=1)
    ]
    owners = import_heads([(each, applicant) for applicant, _service, each in rows], at=at)
    supplied = facts_of_owners(owners.values())
    events = ledger.import_filings(
        (
            _imported(row, each, owners[each.head], supplied, number=number, on=published_on)
            for row, (_applicant, _service, each) in zip(published, rows, strict=True)
        ),
        at=at,
    )
    brought = ImportedList(
        kind=ListKind.FILINGS,
        number=number,
        published_on=published_on,
        published_at=clock.start_of(published_on),
        count=len(published),
        rows_sha256=rows_sha256(published),
        source_name=source_name,
        source_sha256=source_sha256,
    )
    batch_list = _append(BatchList(), ListAct.IMPORT, brought.as_payload(), actor=SYSTEM, at=at)
    _enter(batch_list, published, [event.stream_id for event in events])
    return batch_list


def _imported(
    row: PublishedRow,
    named: FilingNumber,
    owner: uuid.UUID,
    supplied: Mapping[uuid.UUID, ApplicantFacts],
    *,
    number: int,
    on: date,
) -> Imported:
    """A filing as its row names it; what its applicant has supplied of itself by now stands before the list's name."""
    names = {"applicant_name": row.applicant_name, "service_name": row.service_name}
    facts = supplied.get(owner, ApplicantFacts({}, row.province_code))
    return Imported(
        number=row.number,
        division_code=named.division_code,
        columns={**names, **facts.columns},
        applicant_id=str(owner),
        province_code=facts.province_code,
        list_kind=ListKind.FILINGS.value,
        list_number=number,
        position=row.position,
        listed_on=on,
        known_since=clock.iso_instant(clock.start_of(on)),
    )


def lock_for_import() -> None:
    """Locks the numbers of lists until the transaction ends: no other list is frozen or imported meanwhile."""
    lock_counter(ListCounter, kind=ListKind.FILINGS.value)


def refuse_import(number: int) -> None:
    """Raises TransitionNotAllowed unless a list with this number may be imported now."""
    counter = ListCounter.objects.filter(kind=ListKind.FILINGS.value).first() or ListCounter()
    decide_on_list(ListAct.IMPORT, _import_facts(counter, number=number, has_entries=True))


# ---------------------------------------------------------------- reading


def underway(kind: ListKind) -> BatchList | None:
    """The list of a kind that is on its way to publication, if there is one."""
    states = [state.value for state in UNDERWAY_STATES]
    return BatchList.objects.filter(kind=kind.value, state__in=states).order_by("-proposed_at").first()


def next_number(kind: ListKind) -> int:
    """The number that the next list of a kind gets when it is frozen."""
    counter = ListCounter.objects.filter(kind=kind.value).first()
    return 1 + (counter.last if counter is not None else 0)


def announcement_of(batch_list: BatchList) -> str:
    """The announcement: of a list before its freeze as it would be published now."""
    if batch_list.number is not None:
        return batch_list.announcement
    proposal = proposal_of(batch_list)
    kept = _still_listable(proposal, locks=False)
    return filled(proposal, kept, number=next_number(proposal.kind), earliest=clock.now())


def proposal_of(batch_list: BatchList) -> Proposal:
    """What was proposed. Raises RegisterIncomplete for a list without events."""
    event = events_of(batch_list.pk).first()
    if event is None:
        raise RegisterIncomplete("list_without_events", list=str(batch_list.pk))
    return Proposal.of(event.payload)


def named(kind: ListKind, entries: Sequence[Named]) -> list[Candidate]:
    """What entries of a proposal would print today, in this order, whether they can still be listed or not."""
    if kind is ListKind.CORRIGENDA:
        return corrections.as_proposed([each.correction for each in entries if each.correction])
    return as_today(kind, [uuid.UUID(each.filing) for each in entries])


def history_of(batch_list: BatchList) -> list[Event]:
    """The events of a list with who acted, in sequence."""
    return list(events_of(batch_list.pk).select_related("actor"))


def window_of(batch_list: BatchList) -> Deadline:
    """The objection window of a published list by the calendar in force now. Raises RegisterIncomplete."""
    if batch_list.published_at is None:
        raise RegisterIncomplete("list_not_published", list=str(batch_list.pk))
    return deadline(Period.OBJECTION, clock.china_date(batch_list.published_at), current_calendar())


def last_day_to_object(batch_list: BatchList) -> tuple[date | None, bool]:
    """The last day to object, and whether it is provisional: by the calendar in force now while the window is open."""
    if not is_open(batch_list):
        return batch_list.objections_until, False
    window = window_of(batch_list)
    return window.due_on, window.provisional


def final_from(batch_list: BatchList) -> date:
    """The first day on which a published list can be made final: the window, the days for post, and one more day.

    What was posted on the last day counts, and is given time to arrive.
    """
    until = window_of(batch_list).due_on
    return add_working_days(until, settings.OBJECTION_POST_WORKING_DAYS, current_calendar()) + _ONE_DAY


def may_final_day_move(batch_list: BatchList) -> bool:
    """Whether the first day to make it final is counted through a year whose holidays are not announced."""
    return is_provisional(window_of(batch_list).event_on, final_from(batch_list), current_calendar())


def is_open(batch_list: BatchList) -> bool:
    """Whether its window is open, or post is still waited for."""
    return batch_list.state == ListState.PUBLISHED and ListKind(batch_list.kind).has_window


def rows_of(batch_list: BatchList) -> list[PublishedRow]:
    """The frozen rows, in their order."""
    found = BatchEntry.objects.filter(batch_list=batch_list).order_by("position")
    return [each.row for each in found.select_related("corrects__batch_list")]


def _still_listable(proposal: Proposal, *, locks: bool) -> list[Candidate]:
    """What was proposed and can be listed now, in order."""
    if proposal.kind is ListKind.CORRIGENDA:
        return corrections.still_hold([each.correction for each in proposal.entries if each.correction])
    return still_standing(proposal.kind, [uuid.UUID(each.filing) for each in proposal.entries], locks=locks)


def _written_by_the_office(candidate: Candidate) -> str:
    """The words of a correction; nothing of any other candidate."""
    correction = candidate.correction
    return correction.after + correction.reason if correction else ""


def _window(due: Deadline) -> Window:
    return Window(
        published_on=due.event_on,
        objections_until=due.due_on,
        provisional=due.provisional,
        calendar_version=due.calendar_version,
    )


def _refuse_changed(entries: Sequence[Candidate], seen: Sequence[str]) -> None:
    """Raises OutOfDate ("list_changed_since", with `added` and `gone`) unless the entries are the numbers seen."""
    now = [each.number for each in entries]
    if sorted(now) != sorted(seen):
        raise OutOfDate(
            "list_changed_since",
            added=sorted(set(now).difference(seen)),
            gone=sorted(set(seen).difference(now)),
        )


def _facts(batch_list: BatchList, actor: Actor, **known: bool) -> ListFacts:
    return ListFacts(
        state=ListState(batch_list.state),
        role=actor.role,
        actor_id=text_of_id(actor.account_id),
        proposer_id=str(batch_list.proposer_id),
        **known,
    )


def _import_facts(counter: ListCounter, *, number: int, has_entries: bool) -> ListFacts:
    own = BatchList.objects.filter(kind=ListKind.FILINGS.value, number__isnull=False, is_imported=False)
    return ListFacts(
        state=None,
        role=SYSTEM.role,
        has_entries=has_entries,
        is_next_number=number == counter.last + 1,
        is_before_own_lists=not own.exists(),
    )


def _enter(batch_list: BatchList, rows: Sequence[PublishedRow], filings: Sequence[uuid.UUID]) -> None:
    """Writes the entries of a list; the rows and the ids of their filings stand in the same order."""
    BatchEntry.objects.bulk_create(
        (entry_of(batch_list, row, filing_id) for row, filing_id in zip(rows, filings, strict=True)),
        batch_size=_ENTRIES_AT_ONCE,
    )


def _lock(list_id: uuid.UUID, *, seen_sequence: int | None = None) -> BatchList:
    found = BatchList.objects.select_for_update(no_key=True, of=("self",)).filter(pk=list_id).first()
    if found is None:
        raise NotFound("list_unknown", list=str(list_id))
    if seen_sequence is not None and seen_sequence != found.last_event_sequence:
        raise OutOfDate("list_moved_on", state=found.state)
    return found


def _append(
    batch_list: BatchList, act: ListAct, payload: Mapping[str, Any], *, actor: Actor, at: datetime
) -> BatchList:
    return writer.append_folded(
        batch_list,
        StreamKind.BATCH_LIST,
        act,
        payload,
        fold_list,
        actor_id=actor.account_id,
        role=actor.role,
        at=at,
    )
