"""Statistics for everybody: the only queries behind their pages, files, API and command.

Services (项) and applicants (家) are counted apart; applicants by the head of their numbers. The figures of a list are
those of its frozen rows. The figures as of a day are as the register had recorded by the end of that day in China:
numbers issued by then or in a list published by then, without those ended by then, with the particulars in force then.
So a figure of a day that is over never changes, except by an import of lists published before it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import (
    Count,
    Exists,
    F,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.fields.json import KT, KeyTransform
from django.db.models.functions import Coalesce, Substr
from redis.exceptions import RedisError

from registry.clock import china_date, start_of, today
from registry.models import Application, BatchEntry, BatchList, Event, Filing
from registry.publication.chain_names import codes_of_names, counted_under
from registry.rules.batches.lifecycle import PUBLIC_STATES, ListKind
from registry.rules.codes import filing_number
from registry.rules.codes.jurisdictions import province_code_of
from registry.rules.figures import Growth, Share
from registry.rules.particulars.applicant import INDIVIDUAL
from registry.rules.workflow.events import FACTS_COLUMNS, FACTS_PROVINCE
from registry.rules.workflow.lifecycle import ENDING_ACTS
from registry.rules.workflow.states import PUBLIC_STANDINGS, Act, Kind, Outcome, Standing

# The Provisions have been in force since then; before it there is nothing to count.
FIRST_DAY = date(2019, 2, 15)
# Applicants with this many services or more are counted together.
MOST_SERVICES = 10
MOST_CHAINS = 20
NOT_STATED = "not_stated"

_PUBLIC_LISTS = [state.value for state in PUBLIC_STATES]
_BEFORE_HEAD = 1 + len(filing_number.MARK)
# What all numbers of one applicant share, and the two digits of the province by the number.
_HEAD = Substr("number", _BEFORE_HEAD + 1, 16)
_PROVINCE_DIGITS = Substr("number", _BEFORE_HEAD + 1, 2)
_KEPT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Counted:
    """How many services a code has, of how many."""

    code: str
    share: Share


@dataclass(frozen=True, slots=True)
class Several:
    """How many applicants have exactly so many services; of the last line, so many or more."""

    services: int
    applicants: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFigures:
    """One list beside those before it.

    `growth` is on the list before, None for the first. `new_provinces` are in no earlier list. `provinces` go by the
    frozen rows, `cumulative_provinces` by those of all lists up to this one.
    """

    number: int
    published_on: date
    services: int
    applicants: int
    growth: Growth | None
    provinces: tuple[Counted, ...]
    new_provinces: tuple[str, ...]
    cumulative_services: int
    cumulative_provinces: tuple[Counted, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterFigures:
    """The register as of a day.

    `services` are in force, `recorded` those that ever were; `ended` says how the others ended. `provinces` go by the
    number's abbreviation, `jurisdictions` by the place of registration as of the day. `breakdowns` count the services
    by what is stated of them; a service may count under several codes of one breakdown, and under `NOT_STATED` where
    nothing is stated. `listed` services were named by `lists` lists.
    """

    as_of: date
    services: int
    applicants: int
    recorded: int
    ended: Mapping[Standing, int]
    lists: int
    listed: int
    several: tuple[Several, ...]
    provinces: tuple[Counted, ...]
    jurisdictions: tuple[Counted, ...]
    breakdowns: Mapping[str, tuple[Counted, ...]]


# ---------------------------------------------------------------- lists


def all_lists(*, up_to: int | None = None) -> tuple[ListFigures, ...]:
    """The figures of every published list, the first number first; with `up_to` no list after that number."""
    entries = BatchEntry.objects.filter(_IN_PUBLIC_LIST)
    if up_to is not None:
        entries = entries.filter(batch_list__number__lte=up_to)
    by_list = ("batch_list__number", "batch_list__published_at")
    counted = entries.values(*by_list, "province_code").annotate(services=Count("pk")).order_by(*by_list)
    applicants = dict(
        entries.values("batch_list__number")
        .annotate(applicants=Count(_HEAD, distinct=True))
        .values_list("batch_list__number", "applicants")
    )
    provinces: dict[tuple[int, datetime], Counter[str]] = {}
    for row in counted:
        of_list = provinces.setdefault((row[by_list[0]], row[by_list[1]]), Counter())
        of_list[row["province_code"]] += row["services"]
    found: list[ListFigures] = []
    cumulative: Counter[str] = Counter()
    for (number, published_at), here in provinces.items():
        new = sorted(code for code in here if code not in cumulative)
        cumulative += here
        found.append(
            ListFigures(
                number=number,
                published_on=china_date(published_at),
                services=here.total(),
                applicants=applicants[number],
                growth=Growth(here.total(), found[-1].services) if found else None,
                provinces=_shares(here, of=here.total()),
                new_provinces=tuple(new),
                cumulative_services=cumulative.total(),
                cumulative_provinces=_shares(cumulative, of=cumulative.total()),
            )
        )
    return tuple(found)


def list_figures(number: int) -> ListFigures | None:
    """The figures of the published list with this number, or None."""
    found = all_lists(up_to=number)
    return found[-1] if found and found[-1].number == number else None


def several_in_list(number: int) -> tuple[Several, ...]:
    """How many applicants have one, two, three … services in a published list."""
    return _several(BatchEntry.objects.filter(_IN_PUBLIC_LIST, batch_list__number=number))


_IN_PUBLIC_LIST = Q(kind=ListKind.FILINGS.value, batch_list__state__in=_PUBLIC_LISTS)


# ---------------------------------------------------------------- the register as of a day


def register_figures(as_of: date) -> RegisterFigures:
    """The register as recorded by the end of a day in China, or so far; today's figures are at most a minute old."""
    if as_of < today():
        return _figures(as_of, _count(as_of))
    key = f"statistics.public.{as_of.isoformat()}"
    # An unreachable cache costs a count at each request, and nothing else.
    with suppress(OSError, RedisError):
        kept = cache.get(key)
        if isinstance(kept, dict):
            return _figures(as_of, kept)
    counted = _count(as_of)
    with suppress(OSError, RedisError):
        cache.set(key, counted, _KEPT_SECONDS)
    return _figures(as_of, counted)


def _figures(as_of: date, counted: Mapping[str, Any]) -> RegisterFigures:
    services = sum(counted["provinces"].values())
    ended = {Standing(standing): count for standing, count in counted["ended"].items()}
    return RegisterFigures(
        as_of=as_of,
        services=services,
        applicants=sum(applicants for _services, applicants in counted["several"]),
        recorded=services + sum(ended.values()),
        ended=ended,
        lists=counted["lists"],
        listed=counted["listed"],
        several=tuple(Several(*line) for line in counted["several"]),
        provinces=_shares(counted["provinces"], of=services),
        jurisdictions=_shares(counted["jurisdictions"], of=services),
        breakdowns={name: _shares(rows, of=services) for name, rows in counted["breakdowns"].items()},
    )


@transaction.atomic
def _count(as_of: date) -> dict[str, Any]:
    """Everything that is counted, as the cache can keep it; the number of queries is fixed."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # It would compile these queries to machine code, which takes several times as long as they take.
            cursor.execute("SET LOCAL jit = off")
    end = start_of(as_of + timedelta(days=1))
    endings = Event.objects.filter(act__in=list(ENDING_ACTS), at__lt=end)
    in_force = _recorded(end).filter(~Exists(endings.filter(filing=OuterRef("pk"))))
    ended = Counter({standing.value: 0 for standing in ENDING_ACTS.values()})
    for act, count in endings.values_list("act").annotate(Count("filing", distinct=True)):
        ended[ENDING_ACTS[Act(act)].value] += count
    lists = BatchList.objects.filter(
        kind=ListKind.FILINGS.value, state__in=_PUBLIC_LISTS, published_at__lt=end
    ).aggregate(lists=Count("pk"), listed=Coalesce(Sum("count"), 0))
    return {
        **lists,
        **_described(in_force, end),
        "ended": ended,
        "several": [[each.services, each.applicants] for each in _several(in_force)],
    }


def _recorded(end: datetime) -> QuerySet[Filing]:
    """The filings numbered before a moment; those of an imported list have been since the day of that list."""
    return Filing.objects.filter(numbered_at__lt=end, standing__in=sorted(PUBLIC_STANDINGS))


def _described(filings: QuerySet[Filing], end: datetime) -> dict[str, Any]:
    """The filings by province and by what was stated of them before a moment.

    The database groups them by the values as they stand, so that as many rows come as there are combinations: those
    that did not change since by their own rows, the others by their history.
    """
    approved = Application.objects.filter(
        filing=OuterRef("pk"),
        kind__in=(Kind.INITIAL.value, Kind.CHANGE.value),
        decision=Outcome.APPROVAL.value,
        decided_at__lt=end,
    ).order_by("-decided_at")
    as_they_are = filings.filter(Q(changed_at__isnull=True) | Q(changed_at__lt=end)).annotate(
        stated=F("columns"),
        jurisdiction=F("province_code"),
        nature=KT("columns__applicant_nature"),
        organisation=KT("columns__organisation_type"),
    )
    as_they_were = filings.filter(changed_at__gte=end).annotate(
        stated=Subquery(approved.values("columns")[:1], output_field=JSONField()),
        jurisdiction=_fact(end, FACTS_PROVINCE),
        nature=_fact(end, FACTS_COLUMNS, "applicant_nature"),
        organisation=_fact(end, FACTS_COLUMNS, "organisation_type"),
    )
    codes = codes_of_names(before=end)
    provinces: Counter[str] = Counter()
    jurisdictions: Counter[str] = Counter()
    breakdowns: dict[str, Counter[str]] = {name: Counter() for name in BREAKDOWNS}
    for then in (as_they_are, as_they_were):
        grouped = then.values_list(
            _PROVINCE_DIGITS,
            "jurisdiction",
            "nature",
            "organisation",
            *(KeyTransform(name, "stated") for name in _WITH_FEW_VALUES),
        )
        for digits, jurisdiction, nature, organisation, *values, count in grouped.annotate(Count("pk")):
            province = province_code_of(f"{digits}0000")
            provinces[province] += count
            # Whose facts no event held was imported: it was where its number says.
            jurisdictions[jurisdiction or province] += count
            kind = INDIVIDUAL if nature == INDIVIDUAL else organisation
            _add(breakdowns["organisation_type"], kind, count)
            for name, value in zip(_WITH_FEW_VALUES, values, strict=True):
                _add(breakdowns[name], value, count)
        for name in _WITH_MANY_VALUES:
            for value, count in then.values_list(KeyTransform(name, "stated")).annotate(Count("pk")):
                stated = _under_listed_chains(value, codes) if name == "main_chains" else value
                _add(breakdowns[name], stated, count)
    breakdowns["main_chains"] = _most_frequent(breakdowns["main_chains"])
    return {"provinces": provinces, "jurisdictions": jurisdictions, "breakdowns": breakdowns}


# Columns with few values between them are read in one pass; each of the others has many of its own.
_WITH_FEW_VALUES = ("categories", "service_types", "chain_kind")
_WITH_MANY_VALUES = ("application_fields", "main_chains")
BREAKDOWNS = (*_WITH_FEW_VALUES, *_WITH_MANY_VALUES, "organisation_type")


def _fact(end: datetime, paths: tuple[str, ...], name: str = "") -> Subquery:
    """A fact of the applicant as the last of the filing's events before a moment says it; null where none does."""
    suffix = f"__{name}" if name else ""
    saying = (
        Event.objects.filter(
            filing=OuterRef("pk"),
            act__in=(Act.APPROVE.value, Act.CONFIRM.value, Act.APPLICANT_CHANGED.value),
            at__lt=end,
        )
        .annotate(fact=Coalesce(*(KT(f"{path}{suffix}") for path in paths)))
        .filter(fact__isnull=False)
        .order_by("-sequence")
    )
    return Subquery(saying.values("fact")[:1])


# ---------------------------------------------------------------- counting


def _several(numbered: QuerySet[Any, Any]) -> tuple[Several, ...]:
    """How many applicants have one, two, three … of the rows with a `number`; empty lines are left out."""
    lines = range(1, MOST_SERVICES + 1)
    of_applicants = numbered.order_by().values(head=_HEAD).annotate(services=Count("pk"))
    counted = of_applicants.aggregate(
        **{
            f"with_{line}": Count(
                "head", filter=Q(services=line) if line < MOST_SERVICES else Q(services__gte=line)
            )
            for line in lines
        }
    )
    return tuple(Several(line, counted[f"with_{line}"]) for line in lines if counted[f"with_{line}"])


def _add(counted: Counter[str], value: object, count: int) -> None:
    """Counts under each text of a value, once; under NOT_STATED where there is none."""
    texts = value if isinstance(value, list) else [value]
    codes = dict.fromkeys(str(text) for text in texts if text)
    for code in codes or (NOT_STATED,):
        counted[code] += count


def _under_listed_chains(stated: object, codes: Mapping[str, str]) -> object:
    """The chains of a filing, each as the office counts it."""
    return [counted_under(str(each), codes) for each in stated] if isinstance(stated, list) else stated


def _most_frequent(counted: Counter[str]) -> Counter[str]:
    """The most frequent of many names, and how many state none."""
    stated = Counter({code: count for code, count in counted.items() if code != NOT_STATED})
    most = dict(sorted(stated.items(), key=_by_count)[:MOST_CHAINS])
    return Counter(most | {code: count for code, count in counted.items() if code == NOT_STATED})


def _shares(counted: Mapping[str, int], *, of: int) -> tuple[Counted, ...]:
    """The most first, then by code; what is not stated last."""
    rows = sorted(counted.items(), key=lambda row: (row[0] == NOT_STATED, *_by_count(row)))
    return tuple(Counted(code, Share(count, of)) for code, count in rows if count)


def _by_count(row: tuple[str, int]) -> tuple[int, str]:
    return -row[1], row[0]
