"""Fills the register with the sample applicants, by playing all their stories in chronological order."""

from __future__ import annotations

import heapq
import uuid
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Protocol, cast

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.module_loading import import_string

from registry import clock
from registry.calendar.current import current_calendar
from registry.models import Account, Applicant, Application
from registry.models.applicant import index_of_identity
from registry.rules.codes.jurisdictions import province_of
from registry.rules.days.working_days import Calendar
from registry.rules.workflow.states import Role
from registry.sample import scans, walk
from registry.sample.logins import BEIJING, GUANGDONG, create_sample_accounts
from registry.sample.materials import individual_materials, organisation_materials
from registry.sample.places import place_for
from registry.sample.plan import Planned, plan
from registry.sample.stories import Officers, Story
from registry.storage import attachments
from registry.storage.checks import sandbox

_LATE_START = timedelta(days=45)
_LATE_REASON = "样例：对备案期限理解有误，现予补报。"
# The slots whose files a further service of the same applicant submits again unchanged.
_APPLICANT_SLOTS = frozenset(
    {
        "business_licence",
        "organisation_certificate",
        "identity_document_front",
        "identity_document_back",
        "person_in_charge_document",
        "person_in_charge_document_back",
    }
)
_OFFICES_WITH_LOGINS = {BEIJING: "beijing", GUANGDONG: "guangdong"}
_SETTLED = frozenset({"in_force", "in_force_late", "rejected", "rejected_by_province", "withdrawn", "lapsed"})

PictureSet = Mapping[str, tuple[str, bytes]]


class SampleMaker(Protocol):
    """A function in settings.SAMPLE_MAKERS that adds a desk's own sample data."""

    def __call__(self, accounts: Mapping[str, Account], *, now: datetime) -> None: ...


class SampleExaminer(Protocol):
    """The function in settings.SAMPLE_EXAMINER that marks a case as the officer found it."""

    def __call__(
        self, application: Application, officer: Account, *, deficient: Sequence[str], at: datetime
    ) -> None: ...


def is_filled() -> bool:
    """Whether the sample register exists; it is created completely or not at all."""
    given = _answers(plan()[0], on=clock.today())["applicant"]
    return Applicant.objects.filter(document_index=index_of_identity(given)).exists()


def fill_register(*, now: datetime) -> int:
    """Creates the sample accounts, plays every story up to `now`, and lets the desks add their sample data.

    All in one transaction. Gives the number of planned services. Raises SampleDataRefused.
    """
    planned = plan()
    with transaction.atomic():
        accounts = create_sample_accounts()
        with _pictures(planned, today=clock.china_date(now)) as pictures:
            examiner = cast(SampleExaminer, import_string(settings.SAMPLE_EXAMINER))
            today, calendar = clock.china_date(now), current_calendar()
            sample_cast = SampleCast(accounts, today, calendar, pictures, examiner)
            _play([Story(sample_cast, each) for each in planned], now=now)
        for path in settings.SAMPLE_MAKERS:
            maker = cast(SampleMaker, import_string(path))
            maker(accounts, now=now)
    return len(planned)


@dataclass(slots=True)
class SampleCast:
    """The accounts of the sample register, and the materials they submit."""

    accounts: Mapping[str, Account]
    today: date
    calendar: Calendar
    pictures: Mapping[int, Future[PictureSet]]
    examiner: SampleExaminer
    _accounts: dict[str, Account] = field(default_factory=dict)
    _kept: dict[tuple[int, str], list[dict[str, Any]]] = field(default_factory=dict)

    def member_for(self, planned: Planned) -> Account:
        """The sample login that owns the service, or an account of this applicant that cannot sign in."""
        if planned.owner:
            return self.accounts[planned.owner]
        return self._account(f"样例经办人{planned.applicant_seed:03d}", Role.APPLICANT)

    def officers_for(self, planned: Planned) -> Officers:
        """Two officers of each office, whose order alternates with the seed, and the national head."""
        province = province_of(_division_code(planned))
        if province.code in _OFFICES_WITH_LOGINS:
            office = _OFFICES_WITH_LOGINS[province.code]
            provincial = [self.accounts[f"{office}_{which}"] for which in ("one", "two")]
        else:
            provincial = [
                self._account(
                    f"样例审核员{province.abbreviation}{which}", Role.PROVINCIAL_REVIEWER, province.code
                )
                for which in "一二"
            ]
        national = [self.accounts["national_one"], self.accounts["national_two"]]
        if planned.seed % 2:
            provincial.reverse()
            national.reverse()
        return Officers(*[*provincial, *national, self.accounts["national_head"]])

    def materials_for(self, planned: Planned, *, at: datetime) -> dict[str, Any]:
        """Materials that are complete on the day of `at`, with each file received and checked."""
        materials = _answers(planned, on=clock.china_date(at))
        member = self.member_for(planned)
        draft_id = uuid.uuid4()
        received: dict[bytes, list[dict[str, Any]]] = {}
        for slot, (name, content) in self.pictures[planned.seed].result().items():
            kept = self._kept.get((planned.applicant_seed, slot)) or received.get(content)
            if kept is None:
                upload = SimpleUploadedFile(name, content, "image/png")
                attachment = attachments.receive(
                    draft_id=draft_id, slot=slot, uploaded_by=member, file=upload, at=at
                )
                kept = received[content] = [attachments.entry_of(attachment)]
            if slot in _APPLICANT_SLOTS:
                self._kept[planned.applicant_seed, slot] = kept
            materials["attachments"][slot] = kept
        return materials

    def examine(
        self, application: Application, officer: Account, *, deficient: Sequence[str], at: datetime
    ) -> None:
        """Has the officer mark everything, before the act that rests on it."""
        self.examiner(application, officer, deficient=deficient, at=at)

    def _account(self, name: str, role: Role, province_code: str = "") -> Account:
        if name not in self._accounts:
            self._accounts[name] = walk.sample_account(name, role, province_code=province_code)
        return self._accounts[name]


def _division_code(planned: Planned) -> str:
    return place_for(planned.division_code, seed=planned.applicant_seed).division_code


def _answers(planned: Planned, *, on: date) -> dict[str, Any]:
    """The materials without files; a further service has the applicant and person in charge of the first."""
    make = organisation_materials if planned.nature == "organisation" else individual_materials
    materials = make(seed=planned.seed, today=on, division_code=planned.division_code)
    if planned.service_of is not None:
        first = make(seed=planned.service_of, today=on, division_code=planned.division_code)
        materials |= {section: first[section] for section in ("applicant", "person_in_charge")}
    if planned.is_filed_late:
        materials["service"]["service_started_on"] = (on - _LATE_START).isoformat()
        materials["service"]["late_reason"] = _LATE_REASON
    return materials


@contextmanager
def _pictures(planned: tuple[Planned, ...], *, today: date) -> Iterator[Mapping[int, Future[PictureSet]]]:
    """The scans of every service by its seed, drawn and checked in other threads while the stories are played.

    `sandbox.normalise` caches its results, so that receiving these files later takes no time.
    """
    # In the order in which they are needed.
    oldest_first = sorted(planned, key=lambda each: -each.day)
    with ThreadPoolExecutor(max_workers=2) as pool:
        yield {each.seed: pool.submit(_picture_set, each, today) for each in oldest_first}


def _picture_set(planned: Planned, today: date) -> PictureSet:
    sheets = scans.sheets_for(_answers(planned, on=today), naming=_naming(planned))
    pictures = {slot: (f"{sheet.title}.png", scans.draw(sheet)) for slot, sheet in sheets.items()}
    for _name, content in pictures.values():
        sandbox.normalise(content, "image/png")
    return pictures


def _naming(planned: Planned) -> frozenset[str]:
    """The slots whose scans name their owner; only those that an officer may compare, since checking takes time."""
    is_open = planned.story not in _SETTLED or planned.then.endswith(("at_province", "at_nation"))
    if not is_open and not planned.owner:
        return frozenset()
    if province_of(_division_code(planned)).code in _OFFICES_WITH_LOGINS:
        return scans.NAMING_SLOTS
    return scans.NAMING_SLOTS - {"person_in_charge_document"}


def _play(stories: list[Story], *, now: datetime) -> None:
    """Plays all stories in chronological order, so that receipt numbers and filing numbers increase with time.

    The acts of a story after `now` are not played.
    """
    upcoming: list[tuple[datetime, int, Iterator[datetime]]] = []
    for order, story in enumerate(stories):
        moments = story.moments()
        upcoming.append((next(moments), order, moments))
    heapq.heapify(upcoming)
    while upcoming and upcoming[0][0] <= now:
        _moment, order, moments = heapq.heappop(upcoming)
        following = next(moments, None)
        if following is not None:
            heapq.heappush(upcoming, (following, order, moments))
