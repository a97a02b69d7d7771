"""The plan of the sample register: its services, the story of each, and how many working days ago it began.

The invented applicants come from 29 provinces. Beijing and Guangdong, whose officers can sign in, have most of the
work.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

_BEIJING = ("110105", "110108")
_GUANGDONG = ("440305", "440106", "441900")


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One service of the sample register.

    Today is working day `day` after its receipt (Art. 12). For a further service of an applicant, `service_of` is the
    seed of the applicant's first. `owner` is the key of the sample login it belongs to. Services with the same
    `together` are one joint submission. `then` is the story of what came later about the same filing; today is its day
    `then_day`.
    """

    seed: int
    story: str
    day: int
    nature: str = "organisation"
    division_code: str | None = None
    owner: str = ""
    service_of: int | None = None
    together: int | None = None
    is_filed_late: bool = False
    then: str = ""
    then_day: int = 0

    @property
    def applicant_seed(self) -> int:
        return self.seed if self.service_of is None else self.service_of


def plan() -> tuple[Planned, ...]:
    """Every service of the sample register."""
    return (*_of_the_logins(), *_in_force(), *_open(), *_closed())


def _of_the_logins() -> Iterator[Planned]:
    """The services of the applicants with a sample login."""
    first = partial(Planned, division_code="110108", owner="applicant")
    yield first(seed=301, story="in_force", day=125)
    yield first(seed=305, service_of=301, story="in_force", day=70)
    yield first(seed=306, service_of=301, story="at_nation", day=9)
    yield Planned(seed=302, story="rejected", day=26, division_code="310115", owner="applicant")
    for_client = partial(
        Planned, story="at_province", day=3, division_code="440305", owner="agent", together=303
    )
    yield for_client(seed=303)
    yield for_client(seed=309, service_of=303)
    yield for_client(seed=310, service_of=303)
    person = partial(Planned, nature="individual", division_code="110105", owner="individual")
    yield person(seed=304, story="in_force", day=88)
    yield person(seed=307, service_of=304, story="at_province", day=6)


def _in_force() -> Iterator[Planned]:
    yield Planned(seed=1, story="in_force", day=250)
    yield Planned(seed=2, story="in_force", day=235, then="change_approved", then_day=44)
    yield Planned(seed=3, story="in_force", day=221, is_filed_late=True)
    yield Planned(seed=4, story="in_force", day=210, then="change_at_province", then_day=5)
    yield Planned(seed=5, story="in_force", day=198, then="striking_off_noticed", then_day=3)
    yield Planned(seed=6, story="in_force", day=186, then="struck_off", then_day=40)
    yield Planned(seed=7, story="in_force", day=175, then="cancelled", then_day=52)
    yield Planned(seed=8, story="in_force", day=160)
    yield Planned(seed=9, story="in_force", day=150, then="cancellation_approved", then_day=21)
    yield Planned(seed=10, story="in_force", day=140, then="change_at_nation", then_day=13)
    yield Planned(seed=11, story="in_force", day=128, then="change_rejected", then_day=27)
    yield Planned(seed=12, story="in_force", day=117, then="cancellation_at_nation", then_day=8)
    yield Planned(seed=13, story="in_force", day=106, is_filed_late=True)
    yield Planned(seed=14, story="in_force", day=95, then="cancelled", then_day=60)
    yield Planned(seed=16, story="in_force_late", day=72)
    yield Planned(seed=28, story="in_force", day=61)
    yield Planned(seed=18, story="in_force", day=50)
    yield Planned(seed=19, story="in_force", day=40, nature="individual")
    yield Planned(seed=20, story="in_force", day=33, nature="individual")
    yield Planned(
        seed=201, service_of=1, story="in_force", day=130, then="cancellation_at_province", then_day=4
    )
    yield Planned(seed=202, service_of=1, story="in_force", day=60)
    yield Planned(seed=203, service_of=4, story="in_force", day=90, division_code="440305")
    yield Planned(seed=204, service_of=8, story="in_force", day=55)


def _open() -> Iterator[Planned]:
    """Applications at every distance from their due day."""
    for seed, day in ((21, 1), (22, 5), (23, 8), (24, 11), (25, 13)):
        yield Planned(seed=seed, story="at_province", day=day)
    for seed, day in ((41, 1), (42, 2), (43, 4), (44, 7), (45, 12), (46, 15)):
        yield Planned(seed=seed, story="at_province", day=day, division_code=_BEIJING[seed % 2])
    for seed, day in ((47, 2), (48, 5), (49, 10), (50, 14), (51, 16)):
        yield Planned(seed=seed, story="at_province", day=day, division_code=_GUANGDONG[seed % 3])
    yield Planned(seed=65, story="at_province", day=3, nature="individual", division_code="110108")
    yield Planned(seed=66, story="at_province", day=9, nature="individual", division_code="440106")
    yield Planned(seed=26, story="rejection_proposed_by_province", day=4)
    yield Planned(seed=52, story="rejection_proposed_by_province", day=9, division_code="110105")
    yield Planned(seed=53, story="rejection_proposed_by_province", day=13, division_code="440305")
    for seed, day in ((27, 6), (29, 8), (31, 12), (32, 19), (33, 20), (34, 22)):
        yield Planned(seed=seed, story="at_nation", day=day)
    yield Planned(seed=30, story="at_nation_for_rejection", day=10)
    yield Planned(seed=54, story="at_nation", day=17, division_code="110108")
    yield Planned(seed=55, story="at_nation", day=18, division_code="440106")
    yield Planned(seed=35, story="escalated", day=16)
    yield Planned(seed=36, story="escalated", day=17)
    yield Planned(seed=56, story="escalated", day=21, division_code="441900", is_filed_late=True)
    yield Planned(seed=37, story="rejection_proposed_by_nation", day=11)
    yield Planned(seed=57, story="rejection_proposed_by_nation", day=14, division_code="110105")
    yield Planned(seed=38, story="approval_proposed_by_nation", day=18)
    yield Planned(seed=62, story="resubmitted", day=30, then_day=6)
    yield Planned(seed=63, story="supplemented", day=7, division_code="440106")
    yield Planned(seed=64, story="returned_to_province", day=8, division_code="110108")


def _closed() -> Iterator[Planned]:
    yield Planned(seed=17, story="rejected", day=30)
    yield Planned(seed=58, story="rejected_by_province", day=24, division_code="110108")
    yield Planned(seed=59, story="withdrawn", day=12, division_code="440305")
    yield Planned(seed=60, story="withdrawn", day=33, nature="individual")
    yield Planned(seed=39, story="lapsed", day=70)
    yield Planned(seed=61, story="lapsed", day=90)
