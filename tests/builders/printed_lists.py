"""The five lists that were published, as rows alone: real counts and the shares known of them, invented applicants.

Shares that nobody printed are spread over the rest, none above a known one.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from registry import clock
from registry.models import Applicant, BatchEntry, BatchList, Filing
from registry.models.applicant import document_index
from registry.rules.batches.lifecycle import ListKind, ListOrder, ListState
from registry.rules.codes import filing_number
from registry.rules.codes.jurisdictions import PROVINCES
from registry.rules.workflow.states import Standing

BEIJING, GUANGDONG, ZHEJIANG, SHANGHAI, JIANGSU = "110000", "440000", "330000", "310000", "320000"
INNER_MONGOLIA, HEILONGJIANG = "150000", "230000"
# The first list names 18 applicants with 2 to 5 services.
SEVERAL_IN_FIRST_LIST = (5, 5, 5, 4, 4, 3, *(2,) * 12)
_LATER = (INNER_MONGOLIA, HEILONGJIANG)

# By number: the day, the count, how many provinces, and the services of the provinces that are known.
PRINTED: Mapping[int, tuple[date, int, int, Mapping[str, int]]] = {
    1: (date(2019, 3, 30), 197, 18, {BEIJING: 63, GUANGDONG: 47, ZHEJIANG: 24, SHANGHAI: 19}),
    2: (date(2019, 10, 18), 309, 18, {BEIJING: 87, GUANGDONG: 72}),
    3: (
        date(2020, 4, 24),
        224,
        19,
        {BEIJING: 83, GUANGDONG: 44, ZHEJIANG: 27, SHANGHAI: 17, HEILONGJIANG: 1, INNER_MONGOLIA: 1},
    ),
    4: (
        date(2020, 10, 30),
        285,
        22,
        {BEIJING: 76, GUANGDONG: 57, ZHEJIANG: 32, SHANGHAI: 31, JIANGSU: 9},
    ),
    5: (date(2021, 6, 18), 223, 20, {BEIJING: 37, GUANGDONG: 35, JIANGSU: 34}),
}


def five_printed_lists() -> None:
    """All five lists, each final, with their filings in force."""
    for number, (published_on, count, provinces, known) in PRINTED.items():
        spread = _spread(count, provinces, known, is_later=number > 2)
        several = SEVERAL_IN_FIRST_LIST if number == 1 else ()
        print_list(
            number,
            published_on=published_on,
            services={
                code: [*several, *(1,) * (services - sum(several))] if code == BEIJING else [1] * services
                for code, services in spread.items()
            },
        )


def print_list(number: int, *, published_on: date, services: Mapping[str, Sequence[int]]) -> BatchList:
    """A final list; `services` has for each province how many each of its applicants has."""
    at = clock.start_of(published_on) + timedelta(hours=10)
    batch_list = BatchList.objects.create(
        kind=ListKind.FILINGS.value,
        state=ListState.FINAL.value,
        number=number,
        cut_off_on=published_on,
        order=ListOrder.PROVINCE.value,
        announcement="",
        proposed_at=at,
        publish_at=at,
        dated_on=published_on,
        count=sum(map(sum, services.values())),
        published_at=at,
        objections_until=published_on + timedelta(days=14),
        final_at=at + timedelta(days=21),
        last_event_sequence=0,
    )
    applicants: list[Applicant] = []
    filings: list[Filing] = []
    for code, of_applicants in services.items():
        for count in of_applicants:
            serial = f"{number:04d}{len(applicants):04d}"
            division_code = f"{code[:2]}0101"
            name = f"样例第{serial}号科技有限公司"
            applicant = Applicant(
                nature=Applicant.Nature.ORGANISATION,
                name=name,
                document_type="unified_social_credit_code",
                credit_code=f"SAMPLE{serial}",
                document_index=document_index("sample", serial),
                division_code=division_code,
                province_code=code,
                created_at=at,
            )
            applicants.append(applicant)
            filings += [
                Filing(
                    id=uuid.uuid4(),
                    applicant=applicant,
                    province_code=code,
                    standing=Standing.IN_FORCE.value,
                    number=str(filing_number.compose(division_code, published_on.year, serial, place + 1)),
                    division_code=division_code,
                    applicant_name=name,
                    service_name=f"样例服务{serial}-{place + 1}",
                    columns={"applicant_name": name},
                    opened_at=at,
                    numbered_at=at,
                )
                for place in range(count)
            ]
    Applicant.objects.bulk_create(applicants)
    Filing.objects.bulk_create(filings)
    BatchEntry.objects.bulk_create(
        BatchEntry(
            batch_list=batch_list,
            kind=batch_list.kind,
            position=position,
            filing=filing,
            number=str(filing.number),
            applicant_name=filing.applicant_name,
            service_name=filing.service_name,
            province_code=filing.province_code,
        )
        for position, filing in enumerate(filings, start=1)
    )
    return batch_list


def _spread(count: int, provinces: int, known: Mapping[str, int], *, is_later: bool) -> dict[str, int]:
    """The known shares, and the rest one by one over the next provinces until each has its part."""
    others = [each.code for each in PROVINCES if each.code not in known and each.code not in _LATER]
    if is_later:
        others = [*others, *(code for code in _LATER if code not in known)]
    spread = dict(known)
    others = others[: provinces - len(known)]
    rest = count - sum(known.values())
    for place, code in enumerate(others):
        spread[code] = rest // len(others) + (place < rest % len(others))
    return spread
