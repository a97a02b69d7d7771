"""Who issues a paper, and under which number: each event's paper has one, given once and before the paper is made.

Numbers are counted for each office's characters and year, so that each office and kind of paper has a count of its
own. Counter and number are one transaction: what is rolled back leaves no gap, and of two who make the same paper at
once the second gets the number of the first. The year is that of the event by the date in China, which the paper bears.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from registry import clock
from registry.book.counters import count_on, lock_counter
from registry.documents.paper_settings import settings_of
from registry.models import Event, PaperCounter, PaperNumber
from registry.rules.office.papers import NATIONAL_OFFICE_CODE, PaperSeries, PaperSettings, paper_number

# Up to so many characters the name stands on one line at a size of official.css.
_SIZES = (10, 12, 14, 16)


@dataclass(frozen=True, slots=True)
class Issuer:
    """An office as it heads and signs a paper; `number` is empty on papers without one."""

    name: str
    number: str = ""
    copies_to: str = ""

    @property
    def size(self) -> str:
        """The class of official.css in which the name fits one line; empty for a name that takes several."""
        return next((f"name-{most}" for most in _SIZES if len(self.name) <= most), "")


def issuer_of(event: Event, series: PaperSeries, *, office_code: str) -> Issuer:
    """The office that issues the paper of an event, with the paper's number, which is given now if it has none.

    Call outside a transaction, right before the paper is made. A decision of the national office goes to the
    province's office as well.
    """
    settings = settings_of(office_code)
    is_copied = office_code == NATIONAL_OFFICE_CODE and bool(event.province_code)
    return Issuer(
        name=settings.office_name,
        number=number_of(event, series, office_code=office_code, settings=settings),
        copies_to=settings_of(event.province_code).office_name if is_copied else "",
    )


def unnumbered_issuer(office_code: str) -> Issuer:
    """The office that writes a letter, which has no number."""
    return Issuer(name=settings_of(office_code).office_name)


def number_of(event: Event, series: PaperSeries, *, office_code: str, settings: PaperSettings) -> str:
    """The number of the paper of an event, given now if it has none; for good, whatever is set afterwards."""
    try:
        given = _given(event) or _give(event, series, office_code, settings.marks[series])
    except IntegrityError:
        # Somebody else gave it meanwhile, under other characters; the transaction above took its count back.
        given = PaperNumber.objects.get(event=event)
    return paper_number(given.mark, given.year, given.serial)


@transaction.atomic
def _give(event: Event, series: PaperSeries, office_code: str, mark: str) -> PaperNumber:
    year = clock.china_date(event.at).year
    counter = lock_counter(PaperCounter, mark=mark, year=year)
    # Whoever waited for the counter may find that the paper has its number by now.
    return _given(event) or PaperNumber.objects.create(
        event=event,
        office_code=office_code,
        series=series.value,
        mark=mark,
        year=year,
        serial=count_on(counter),
        given_at=clock.now(),
    )


def _given(event: Event) -> PaperNumber | None:
    return PaperNumber.objects.filter(event=event).first()
