"""The chain or platform that a service runs on, beside the register: who runs it for others has a filing (Art. 2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from registry.rules.codes import filing_number
from registry.rules.particulars.consistency.definitions import Found, Registered, Stated, error, question
from registry.rules.particulars.likeness import spelling_of
from registry.rules.particulars.materials import rows_of, value_of
from registry.rules.particulars.service import FILED_UPSTREAM, OWN_CHAIN

_UPSTREAM, _FILINGS = "service.upstream", "service.upstream_filings"
_NUMBER = f"{_FILINGS}.number"
_SUPPORTER, _APPLICANT, _SERVICE = "service.technical_supporter", "applicant.name", "service.service_name"


@error(_UPSTREAM, _FILINGS, basis="2")
def upstream_is_in_the_register(stated: Stated) -> Iterator[Found]:
    """Every filing number that was issued is in the register."""
    known = _looked_up(stated)
    for index, number in _numbers(stated):
        if known is not None and number not in known:
            yield Found(_NUMBER, {"found": number}, index)


@error(_UPSTREAM, _FILINGS, basis="2")
def upstream_is_in_force(stated: Stated) -> Iterator[Found]:
    """A filing that has been cancelled or struck off stands for no platform that serves others."""
    for index, number, filing in _filings(stated):
        if filing.has_ended:
            yield Found(_NUMBER, {"found": number, "name": filing.service_name}, index)


@question(_UPSTREAM, _FILINGS, basis="2")
def upstream_goes_on(stated: Stated) -> Iterator[Found]:
    """A platform whose end is approved carries nothing after that day."""
    for index, number, filing in _filings(stated):
        if not filing.has_ended and filing.ends_on is not None:
            yield Found(_NUMBER, {"found": number, "on": filing.ends_on.isoformat()}, index)
            return


@error(_UPSTREAM, _FILINGS, _APPLICANT, _SERVICE, basis="2")
def upstream_is_another_service(stated: Stated) -> Iterator[Found]:
    """A service does not run on itself."""
    own = _spelt(stated, _SERVICE)
    for index, number, filing in _filings(stated):
        if _is_applicants(stated, filing) and own and spelling_of(filing.service_name) == own:
            yield Found(_NUMBER, {"found": number}, index)


@question(_UPSTREAM, _FILINGS, _APPLICANT, _SERVICE, basis="2")
def upstream_is_somebody_elses(stated: Stated) -> Iterator[Found]:
    """A platform that somebody else runs is filed by somebody else."""
    own = _spelt(stated, _SERVICE)
    for index, number, filing in _filings(stated):
        if _is_applicants(stated, filing) and spelling_of(filing.service_name) != own:
            yield Found(_NUMBER, {"found": number, "name": filing.service_name}, index)
            return


@question(_UPSTREAM, _FILINGS, _SUPPORTER, basis="2")
def upstream_is_the_technical_supporters(stated: Stated) -> Iterator[Found]:
    """Where a technical supporter is named, one of the filings is that supporter's."""
    supporter, filings = _spelt(stated, _SUPPORTER), [*_filings(stated)]
    if (
        supporter
        and filings
        and all(spelling_of(filing.applicant_name) != supporter for *_, filing in filings)
    ):
        index, number, filing = filings[0]
        facts = {
            "found": number,
            "name": filing.applicant_name,
            "supporter": str(value_of(stated.materials, _SUPPORTER)).strip(),
        }
        yield Found(_NUMBER, facts, index)


@question(_UPSTREAM, _SUPPORTER, _APPLICANT, basis="2")
def own_platform_has_no_supporter(stated: Stated) -> Iterator[Found]:
    """Who runs chain and platform alone needs nobody's technical support."""
    supporter = _spelt(stated, _SUPPORTER)
    is_own = value_of(stated.materials, _UPSTREAM) == OWN_CHAIN
    if is_own and supporter and supporter != _spelt(stated, _APPLICANT):
        yield Found(_UPSTREAM, {"supporter": str(value_of(stated.materials, _SUPPORTER)).strip()})


RULES = (
    upstream_is_in_the_register,
    upstream_is_in_force,
    upstream_goes_on,
    upstream_is_another_service,
    upstream_is_somebody_elses,
    upstream_is_the_technical_supporters,
    own_platform_has_no_supporter,
)


def _numbers(stated: Stated) -> Iterator[tuple[int, str]]:
    """The well-formed numbers with their rows, where the chain or platform is said to have a filing."""
    if value_of(stated.materials, _UPSTREAM) != FILED_UPSTREAM:
        return
    for index, row in enumerate(rows_of(stated.materials, _FILINGS)):
        number = row.get("number")
        if isinstance(number, str) and filing_number.is_valid(number):
            yield index, str(filing_number.parse(number))


def _looked_up(stated: Stated) -> Mapping[str, Registered] | None:
    """What the register has under the numbers; None where it is not asked."""
    numbers = [number for _index, number in _numbers(stated)]
    if stated.register is None:
        return None
    return stated.register(numbers) if numbers else {}


def _filings(stated: Stated) -> Iterator[tuple[int, str, Registered]]:
    known = _looked_up(stated) or {}
    for index, number in _numbers(stated):
        if number in known:
            yield index, number, known[number]


def _is_applicants(stated: Stated, filing: Registered) -> bool:
    return bool(own := _spelt(stated, _APPLICANT)) and spelling_of(filing.applicant_name) == own


def _spelt(stated: Stated, key: str) -> str:
    value = value_of(stated.materials, key)
    return spelling_of(value) if isinstance(value, str) else ""
