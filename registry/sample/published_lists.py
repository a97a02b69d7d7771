"""Five invented lists with the figures of those published from 2019 to 2021, taken over by the real import.

How many services each list had and in which provinces is known in part (`registry/data/published_lists.json`). Known
shares are exact, the rest is spread over provinces in a fixed order and never above a known share. Every name is a
sample and every serial begins with 0000.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count, cycle, islice
from pathlib import Path

from django.conf import settings
from django.db import transaction

from registry.batches.importing.importing import import_rows
from registry.batches.importing.reading import ReadRow
from registry.labels.list_words import printed_short_title
from registry.models import BatchList, NumberHead
from registry.rules.batches.lifecycle import ListKind
from registry.rules.codes.filing_number import compose
from registry.rules.codes.jurisdictions import province_code_of
from registry.sample.logins import SampleDataRefused
from registry.sample.places import PLACES, SamplePlace

_DATA = Path(__file__).resolve().parents[1] / "data" / "published_lists.json"
# The provinces that share what is not known, those with more services first.
_OTHERS = (
    "330000", "310000", "320000", "510000", "370000", "500000", "420000", "350000", "430000", "410000", "610000",
    "340000", "120000", "130000", "460000", "520000", "360000", "210000", "530000", "450000", "220000", "140000",
)  # fmt: skip
# Where nobody counted the provinces of a list, it has these many.
_PROVINCES_UNCOUNTED = 21
# How many services the applicants with several have that the first list is known to name: 50 for 18 applicants.
_SEVERAL_IN_FIRST = (5, 5, 4, 4, 3, 3, 3, 3, *(2,) * 10)
# Those of later lists in turn, one such applicant for so many services; and one service in so many is of an applicant
# that an earlier list named.
_SEVERAL_IN_LATER = (2, 2, 3, 2, 4)
_ONE_APPLICANT_IN = 12
_EARLIER_ONE_IN = 8
_FIRST_CHARACTERS = "云数信智联安星海天元启明正德恒远嘉泰华瑞博众诚同和通达融汇卓凌宏思睿丰承鼎晟朗源"
_SECOND_CHARACTERS = "链证源盟信达格方图景衡域桥舟言册序印迹基章程帆谷林森泽川航"
_SERVICES = (
    "商品溯源平台", "电子存证服务", "供应链金融平台", "版权登记系统", "电子票据平台", "区块链服务平台",
    "政务数据共享平台", "数字身份系统", "物流追踪平台", "司法存证平台", "能源交易记录系统", "物联网数据平台",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class KnownList:
    """What is known of a published list; None where nobody counted. `first_here` are provinces new with it."""

    number: int
    published_on: date
    services: int
    provinces: int | None
    applicants: int | None
    applicants_with_several: int | None
    known: Mapping[str, int]
    first_here: Sequence[str]


@dataclass(slots=True)
class _Applicant:
    """An invented applicant with the services that lists have named so far."""

    place: SamplePlace
    year: int
    serial: str
    word: str
    services: int = 0

    @property
    def name(self) -> str:
        return f"样例（{self.place.city.removesuffix('市')}）{self.word}科技有限公司"

    def next_row(self, *, position: int) -> ReadRow:
        """The row of one more service."""
        self.services += 1
        kind = _SERVICES[(int(self.serial) + self.services) % len(_SERVICES)]
        number = compose(self.place.division_code, self.year, self.serial, self.services)
        return ReadRow(
            line=position + 1,
            position=str(position),
            applicant_name=self.name,
            service_name=f"样例{self.word}{kind}",
            number=str(number),
            province="",
        )


def known_lists() -> tuple[KnownList, ...]:
    """The five lists, in order."""
    found = json.loads(_DATA.read_text(encoding="utf-8"))["lists"]
    return tuple(
        KnownList(**{**each, "published_on": date.fromisoformat(each["published_on"])}) for each in found
    )


def provinces_of(known: KnownList, *, seen: Sequence[str]) -> dict[str, int]:
    """The services of each province: the known ones, and the rest spread, each at least one and never above a known.

    A province that is known to appear first in a later list is in none before; `seen` are those of earlier lists.
    """
    total = known.provinces or _PROVINCES_UNCOUNTED
    late = {code for each in known_lists() for code in each.first_here}
    usual = [*_OTHERS, *(code for code in sorted(late) if code in seen)]
    others = [code for code in (*known.first_here, *usual) if code not in known.known]
    others = others[: total - len(known.known)]
    # Those that have most stand first, whatever brought them in.
    others.sort(key=lambda code: usual.index(code) if code in usual else len(usual))
    most = min(known.known.values())
    shares = Counter(dict.fromkeys(others, 1))
    for _one in range(known.services - sum(known.known.values()) - len(others)):
        open_to = [code for code in others if shares[code] < most]
        shares[min(open_to, key=lambda code: shares[code] * (others.index(code) + 3))] += 1
    return {**known.known, **shares}


def planned_lists(*, taken: frozenset[str] = frozenset()) -> Iterator[tuple[KnownList, list[ReadRow]]]:
    """The rows of each list, always the same; serials that are `taken` are left out."""
    serials = (f"{each:08d}" for each in count(1) if f"{each:08d}" not in taken)
    words = (first + second for second in _SECOND_CHARACTERS for first in _FIRST_CHARACTERS)
    applicants: dict[str, list[_Applicant]] = {}
    for known in known_lists():
        shares = provinces_of(known, seen=list(applicants))
        again = {
            code: _who_comes_again(applicants.get(code, []), services) for code, services in shares.items()
        }
        left = {code: services - len(again[code]) for code, services in shares.items()}
        sizes = _sizes(left, several=_several(known))
        rows: list[ReadRow] = []
        for code in sorted(shares):
            here = applicants.setdefault(code, [])
            places = cycle([place for place in PLACES if province_code_of(place.division_code) == code])
            new = [
                _Applicant(next(places), known.published_on.year, next(serials), next(words))
                for _size in sizes[code]
            ]
            for applicant, size in (
                *((each, 1) for each in again[code]),
                *zip(new, sizes[code], strict=True),
            ):
                rows += [applicant.next_row(position=len(rows) + more) for more in range(1, size + 1)]
            here += new
        yield known, rows


def _several(known: KnownList) -> Sequence[int]:
    """How many services each of those applicants has that have several in this list."""
    if known.applicants_with_several is not None:
        return _SEVERAL_IN_FIRST
    return list(islice(cycle(_SEVERAL_IN_LATER), known.services // _ONE_APPLICANT_IN))


def _sizes(left: Mapping[str, int], *, several: Sequence[int]) -> dict[str, list[int]]:
    """How many services each new applicant of a province has: several where most are left, else one."""
    singles = dict(left)
    sizes: dict[str, list[int]] = {code: [] for code in left}
    for size in several:
        code = max(sorted(singles), key=lambda each: singles[each])
        sizes[code].append(size)
        singles[code] -= size
    return {code: [*sizes[code], *(1,) * singles[code]] for code in left}


def _who_comes_again(earlier: Sequence[_Applicant], services: int) -> list[_Applicant]:
    """The applicants of earlier lists that have one more service in this one, the first ones of their province."""
    return list(earlier[: services // _EARLIER_ONE_IN])


def fill_published_lists() -> int:
    """Takes over the five lists, all or none; gives how many services they have, 0 when the register has a list.

    Raises SampleDataRefused where data is real.
    """
    if not settings.SAMPLE_DATA:
        raise SampleDataRefused("sample_data_refused")
    with transaction.atomic():
        if BatchList.objects.filter(kind=ListKind.FILINGS.value, number__isnull=False).exists():
            return 0
        taken = frozenset(NumberHead.objects.values_list("serial", flat=True))
        services = 0
        for known, rows in planned_lists(taken=taken):
            digest = hashlib.sha256("".join(row.number for row in rows).encode()).hexdigest()
            source = (f"样例：{printed_short_title(ListKind.FILINGS, known.number)}清单（虚构数据）", digest)
            outcome = import_rows(
                rows, number=known.number, published_on=known.published_on, source=source, writes=True
            )
            services += outcome.count
        return services
