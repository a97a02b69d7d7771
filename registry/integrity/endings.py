"""Compares every proceeding to strike off with its events, texts, files and number, and with what it ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from registry.integrity.proceedings import Proceedings, find_gaps_in_numbers, find_proceeding_violations
from registry.integrity.reading import FETCHED, SILENT, Progress
from registry.integrity.violations import MALFORMED, Violation
from registry.models import Event, Filing, StrikingOff, StrikingOffCounter, StrikingOffPart
from registry.rules.endings.events import files_of, text_of
from registry.rules.endings.fold import fold_striking_off
from registry.rules.endings.lifecycle import StrikingOffAct, StrikingOffState
from registry.rules.workflow.events import StruckOff, file_in_place_of
from registry.rules.workflow.sealed import EvidenceFile, Sealed
from registry.rules.workflow.states import Act, Standing, StreamKind
from registry.storage.evidence import STRIKING_OFF_FILES


def find_ending_violations(progress: Progress = SILENT) -> Iterator[Violation]:
    """Yields every proceeding that differs from its events, text or file that was altered, and gap in the numbers.

    A filing is struck off by a confirmed proceeding that says the same, and by nothing else; a predecessor names the
    filing that follows it.
    """
    yield from find_proceeding_violations(_STRIKINGS_OFF, progress)
    numbers = StrikingOff.objects.values_list("number", flat=True)
    counters = {each.year: each.last for each in StrikingOffCounter.objects.all()}
    yield from find_gaps_in_numbers("striking_off", numbers.iterator(FETCHED), counters)
    yield from _unlike_their_proceeding()
    yield from _successions_of_one_side()


def _sealed(events: Sequence[Event]) -> Iterator[tuple[str, Sealed]]:
    for event in events:
        if event.act == StrikingOffAct.STATE:
            yield StrikingOffPart.Kind.STATEMENT.value, text_of(event.payload)
        elif event.act == StrikingOffAct.ANSWER:
            yield StrikingOffPart.Kind.ANSWER.value, text_of(event.payload)


def _stated(events: Sequence[Event]) -> Iterator[EvidenceFile]:
    for event in events:
        if event.act in (StrikingOffAct.PROPOSE, StrikingOffAct.STATE):
            yield from files_of(event.payload)
        elif event.act == StrikingOffAct.REPLACE_FILE:
            yield file_in_place_of(event.payload)


_STRIKINGS_OFF = Proceedings(
    name="striking_off",
    stream_kind=StreamKind.STRIKING_OFF,
    acts=StrikingOffAct,
    fold=fold_striking_off,
    rows=StrikingOff,
    texts=StrikingOffPart,
    store=STRIKING_OFF_FILES,
    owner="proceeding",
    sealed=_sealed,
    stated=_stated,
)


def _unlike_their_proceeding() -> Iterator[Violation]:
    """Every striking off in a filing's stream carries out one confirmed proceeding, and each of these has one."""
    confirmed = {
        str(each.pk): each for each in StrikingOff.objects.filter(state=StrikingOffState.CONFIRMED.value)
    }
    for event in Event.objects.filter(act=Act.STRIKE_OFF.value).order_by("pk").iterator(FETCHED):
        try:
            struck = StruckOff.of(event.payload)
        except MALFORMED as error:
            yield Violation("striking_off_unreadable", str(event.stream_id), type(error).__name__)
            continue
        row = confirmed.pop(struck.proceeding, None)
        if row is None or (row.filing_id, row.ground, row.reason, row.basis, row.successor_number) != (
            event.filing_id,
            struck.ground.value,
            struck.reason,
            struck.basis,
            struck.successor_number,
        ):
            yield Violation("struck_off_without_proceeding", str(event.stream_id))
    for key in sorted(confirmed):
        yield Violation("proceeding_without_striking_off", key)


def _successions_of_one_side() -> Iterator[Violation]:
    """Where a service goes on is said in both streams."""
    followed = {
        (row.number, row.successor_number)
        for row in Filing.objects.filter(standing=Standing.STRUCK_OFF.value, successor_number__isnull=False)
    }
    following = {
        (predecessor, row.number)
        for row in Filing.objects.exclude(predecessor_numbers="")
        for predecessor in row.predecessor_numbers.split("\n")
    }
    for predecessor, successor in sorted(followed ^ following, key=str):
        yield Violation("succession_of_one_side", str(predecessor), str(successor))
