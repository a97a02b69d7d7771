"""The statistics as of any day equal a recount from nothing but events and frozen rows, whatever happened before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from registry import clock
from registry.batches import lists, publishing
from registry.book import endings, numbering
from registry.book.act_request import Actor
from registry.book.in_force import materials_in_force
from registry.book.rows import event_record
from registry.errors import FilingError
from registry.models import Application, BatchList, Event, Filing
from registry.rules.codes import filing_number
from registry.rules.codes.jurisdictions import province_code_of
from registry.rules.workflow.events import Imported
from registry.rules.workflow.projection import FilingRow, fold
from registry.rules.workflow.states import OPEN_STATES, Act, Kind, Standing, StreamKind
from registry.sample import walk
from registry.sample.walk import SampleCase
from registry.statistics import public
from registry.statistics.public import NOT_STATED, Counted, RegisterFigures
from tests.builders import batch as batches
from tests.builders import register as build
from tests.builders import striking_off
from tests.builders.printed_lists import BEIJING, GUANGDONG, print_list
from tests.builders.register import MORNING, Cast

pytestmark = pytest.mark.django_db

STEPS = 22
FIELDS = (["copyright"], ["copyright", "justice"], ["evidence_deposit", "energy", "other"])
PLACES = ("110108", "440305", "310115")
_TEXT_COLUMNS = ("chain_kind",)
_LIST_COLUMNS = ("categories", "service_types", "application_fields", "main_chains")


@dataclass
class Walk:
    """Acts on a few services in any order, hours or weeks apart."""

    cast: Cast
    random: Random
    at: datetime = MORNING
    done: Counter[str] = field(default_factory=Counter)

    def run(self, steps: int) -> None:
        """So many steps; what the law refuses is left out."""
        acts: tuple[Callable[[], None], ...] = (
            self.file,
            self.file,
            self.change_service,
            self.move_applicant,
            self.cancel,
            self.decide,
            self.decide,
            self.decide,
            self.take_effect,
            self.strike_off,
            self.publish_list,
            self.take_list_over,
        )
        for _step in range(steps):
            self.at += timedelta(hours=self.random.choice((1, 9, 30, 400)))
            act = self.random.choice(acts)
            try:
                with transaction.atomic(), clock.stopped_at(self.at):
                    act()
                self.done[act.__name__] += 1
            except FilingError:
                continue

    def file(self) -> None:
        seed = self.random.randint(1, 4)
        nature = "individual" if seed == 4 else "organisation"
        walk.submit(
            build.materials_for(self.cast, seed=seed, at=self.at, nature=nature),
            member=self.cast.member,
            at=self.at,
        )

    def change_service(self) -> None:
        filing = self._one_in_force()
        materials = deepcopy(materials_in_force(filing))
        materials["service"]["application_fields"] = self.random.choice(FIELDS)
        days = [{"key": "service.application_fields", "changed_on": clock.today().isoformat()}]
        self._ask(Kind.CHANGE, filing, materials, {"changes": days})

    def move_applicant(self) -> None:
        place = self.random.choice(PLACES)
        build.change_applicant(
            self.cast, self._one_in_force().applicant, {"applicant.division_code": place}, at=self.at
        )

    def cancel(self) -> None:
        filing = self._one_in_force()
        ends_on = (clock.today() + timedelta(days=60)).isoformat()
        self._ask(
            Kind.CANCELLATION,
            filing,
            materials_in_force(filing),
            {"ends_on": ends_on, "arrangement": "样例安排"},
        )

    def decide(self) -> None:
        waiting = Application.objects.filter(state__in=[state.value for state in OPEN_STATES]).order_by("pk")
        application = self._one(list(waiting))
        case = SampleCase(application.pk, self.cast.member)
        provincial = walk.sample_account(
            "样例初审", self.cast.provincial.acts_as, province_code=application.province_code
        )
        walk.act(
            case, Act.FORWARD, by=provincial, at=self.at, recommends="approval", text="样例意见：均已核对"
        )
        walk.act(case, Act.APPROVE, by=self.cast.national, at=self.at, text="样例")
        if case.application.kind == Kind.INITIAL:
            self.at += timedelta(hours=6)
            numbering.issue_number(build.filing_of(case).pk, at=self.at)

    def take_effect(self) -> None:
        filing = self._one(list(Filing.objects.filter(ends_on__isnull=False, standing=Standing.IN_FORCE)))
        self.at += timedelta(days=60)
        endings.take_effect(filing.pk, at=self.at)

    def strike_off(self) -> None:
        striking_off.struck_off(self.cast, self._one_in_force(), at=self.at)

    def publish_list(self) -> None:
        if self.done["publish_list"]:
            # Printing its files takes as long as all else: one a walk is enough.
            raise FilingError("nothing_to_do")
        batch_list = lists.propose(
            batches.composition(cut_off_on=clock.today()),
            actor=Actor.of(self.cast.national_head),
            at=self.at,
        )
        lists.confirm(batch_list.pk, actor=Actor.of(self.cast.national), at=self.at)
        publishing.publish_list(batch_list.pk)
        for event in publishing.to_note():
            publishing.note_entries(event)

    def take_list_over(self) -> None:
        """A list of an earlier day, taken over now: lawful until the register has published one of its own."""
        earlier = clock.today() - timedelta(days=self.random.randint(1, 40))
        print_list(
            1 + BatchList.objects.count(), published_on=earlier, services={BEIJING: [1, 2], GUANGDONG: [1]}
        )

    def _ask(self, kind: Kind, filing: Filing, materials: Mapping[str, Any], details: dict[str, Any]) -> None:
        walk.submit(
            materials, member=self.cast.member, at=self.at, kind=kind, filing_id=filing.pk, details=details
        )

    def _one_in_force(self) -> Filing:
        return self._one(
            list(Filing.objects.filter(standing=Standing.IN_FORCE, in_force_application_id__isnull=False))
        )

    def _one(self, found: list[Any]) -> Any:
        if not found:
            raise FilingError("nothing_to_do")
        return self.random.choice(sorted(found, key=lambda each: each.pk))


# ---------------------------------------------------------------- the recount


def _rows(end: datetime) -> Iterator[FilingRow]:
    """Every filing's row by its events before a moment."""
    streams: dict[Any, list[Event]] = {}
    for event in Event.objects.filter(stream_kind=StreamKind.FILING).order_by("sequence"):
        if _known_since(event) < end:
            streams.setdefault(event.stream_id, []).append(event)
    for events in streams.values():
        row = fold(map(event_record, events)).filing
        if row is not None:
            yield row


def _known_since(event: Event) -> datetime:
    """When an act was recorded; what a list of earlier years brought counts from the day of that list."""
    if event.act == Act.IMPORT:
        return datetime.fromisoformat(Imported.of(event.payload).known_since)
    return event.at


def recounted(day: date) -> dict[str, Any]:
    """The figures as of a day, counted one by one."""
    end = clock.start_of(day + timedelta(days=1))
    rows = [row for row in _rows(end) if row.number is not None]
    in_force = [row for row in rows if row.standing is Standing.IN_FORCE]
    numbers = [filing_number.parse(str(row.number)) for row in in_force]
    of_heads = Counter(number.head for number in numbers)
    stated: dict[str, Counter[str]] = {name: Counter() for name in public.BREAKDOWNS}
    for row in in_force:
        for name in _LIST_COLUMNS:
            stated[name].update(row.columns.get(name) or [NOT_STATED])
        for name in _TEXT_COLUMNS:
            stated[name][row.columns.get(name) or NOT_STATED] += 1
        is_person = row.columns.get("applicant_nature") == "individual"
        kind = "individual" if is_person else row.columns.get("organisation_type") or NOT_STATED
        stated["organisation_type"][kind] += 1
    return {
        "services": len(in_force),
        "applicants": len(of_heads),
        "recorded": len(rows),
        "cancelled": sum(row.standing is Standing.CANCELLED for row in rows),
        "struck_off": sum(row.standing is Standing.STRUCK_OFF for row in rows),
        "several": Counter(of_heads.values()),
        "provinces": Counter(province_code_of(number.division_code) for number in numbers),
        "jurisdictions": Counter(row.province_code for row in in_force),
        **stated,
    }


def published(figures: RegisterFigures) -> dict[str, Any]:
    """The figures of the statistics, in the form of the recount."""
    return {
        "services": figures.services,
        "applicants": figures.applicants,
        "recorded": figures.recorded,
        "cancelled": figures.ended[Standing.CANCELLED],
        "struck_off": figures.ended[Standing.STRUCK_OFF],
        "several": Counter({each.services: each.applicants for each in figures.several}),
        "provinces": _counted(figures.provinces),
        "jurisdictions": _counted(figures.jurisdictions),
        **{name: _counted(rows) for name, rows in figures.breakdowns.items()},
    }


def _counted(rows: tuple[Counted, ...]) -> Counter[str]:
    return Counter({row.code: row.share.count for row in rows})


# ---------------------------------------------------------------- the property

reached: Counter[str] = Counter()


def _walks_and_compares(cast: Cast, seed: int) -> None:
    # Made before the walk, which is undone at its end.
    assert all(each.pk for each in (cast.member, cast.provincial, cast.national, cast.national_head))
    with transaction.atomic():
        one = Walk(cast, Random(seed))
        one.run(STEPS)
        reached.update(one.done)
        last = clock.china_date(one.at)
        changes = {clock.china_date(at) for at in Event.objects.values_list("at", flat=True)}
        days = {day + timedelta(days=off) for day in changes for off in (-1, 0)} | {last}
        # Today's figures are kept for a minute: of another walk they would be those of another register.
        with clock.stopped_at(one.at + timedelta(days=2)):
            for day in sorted(days):
                assert published(public.register_figures(day)) == recounted(day), (day, one.done)
        transaction.set_rollback(True)


def _walks(count: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        limited = settings(
            max_examples=count,
            deadline=None,
            database=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        )
        return limited(given(seed=st.integers(0, 2**32 - 1))(test))

    return decorate


@_walks(5)
def test_as_of_any_day_the_statistics_equal_a_recount_from_events(cast: Cast, seed: int) -> None:
    _walks_and_compares(cast, seed)


@pytest.mark.proof
@_walks(200)
def test_two_hundred_walks_equal_a_recount_from_events(cast: Cast, seed: int) -> None:
    _walks_and_compares(cast, seed)


@pytest.mark.proof
def test_the_walks_reach_every_act() -> None:
    """Runs after them: a walk that the law refuses everything proves nothing."""
    wanted = {
        "file",
        "change_service",
        "move_applicant",
        "cancel",
        "decide",
        "take_effect",
        "strike_off",
        "publish_list",
        "take_list_over",
    }
    assert set(reached) == wanted
