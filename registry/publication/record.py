"""The public register: the only queries behind the public pages and the API.

They fetch a fixed list of columns of filings that have a number, and nothing else of a filing or of its applications'
materials.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import Field, dataclass, field, make_dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.cache import cache as shared
from django.db.models import Count, QuerySet
from redis.exceptions import RedisError

from registry.clock import china_date
from registry.cursors import CursorInvalid
from registry.models import Event, Filing, ListEntry
from registry.publication.lists import PublicCorrection, corrections_of_filing, list_number_of_filing
from registry.publication.orders import ORDERS, Order
from registry.publication.search import (
    FORMER_NAMES,
    MAXIMUM_QUERY_LENGTH,
    Criteria,
    former_names_meant,
    is_meant_as_number,
    matching,
    number_meant,
    receipt_number_meant,
    terms_of,
)
from registry.publication.tally import COUNTED_UP_TO, Tally, tally
from registry.rules.batches.lifecycle import ENDING_LISTS, ListKind
from registry.rules.codes import filing_number
from registry.rules.end_grounds import EndGround
from registry.rules.errors import NotAFilingNumber
from registry.rules.particulars.applicant import INDIVIDUAL
from registry.rules.particulars.public import APPLICANT_COLUMNS, published_columns
from registry.rules.workflow.events import (
    ApplicantFacts,
    Imported,
    StruckOff,
    cancelled_on_of,
    list_kind_of,
    list_number_of,
    list_position_of,
    listed_on_of,
    number_of,
    outcome_of,
)
from registry.rules.workflow.states import PUBLIC_STANDINGS, Act, Kind, Outcome, Standing

__all__ = [
    "COUNTED_UP_TO",
    "MAXIMUM_PAGE_SIZE",
    "MAXIMUM_QUERY_LENGTH",
    "PAGE_SIZE",
    "Criteria",
    "CursorInvalid",
    "Figures",
    "Found",
    "ListedName",
    "NotANumber",
    "NotInRegister",
    "NumbersPage",
    "Order",
    "PublicChange",
    "PublicEvent",
    "PublicFiling",
    "RegisterPage",
    "Tally",
    "exported",
    "figures",
    "filings_of",
    "has_more_than",
    "is_meant_as_number",
    "is_published",
    "latest",
    "listed_names",
    "look_up",
    "number_meant",
    "numbers_found",
    "receipt_number_meant",
    "search",
    "terms_of",
    "why_not_a_number",
]

PAGE_SIZE = 30
MAXIMUM_PAGE_SIZE = 100
_EXPORTED_AT_ONCE = 1_000
_PUBLIC_STANDINGS = sorted(PUBLIC_STANDINGS)
_FIGURES_SECONDS = 60
_FIGURES_KEY = "publication.figures"

_PUBLISHED_ACTS = (
    Act.ISSUE_NUMBER,
    Act.APPROVE,
    Act.CONFIRM,
    Act.APPLICANT_CHANGED,
    Act.WITHDRAW_CANCELLATION,
    Act.TAKE_EFFECT,
    Act.STRIKE_OFF,
    Act.NOTE_PREDECESSOR,
    Act.ENTER_IN_LIST,
    Act.IMPORT,
)
_FETCHED = (
    "number",
    "province_code",
    "columns",
    "standing",
    "numbered_at",
    "changed_at",
    "ends_on",
    "cancelled_on",
    "struck_off_on",
    "end_ground",
    "end_basis",
    "successor_number",
    "predecessor_numbers",
    "search_form",
    *FORMER_NAMES.values(),
    "batch",
    "ending_list",
    "is_imported",
)


if TYPE_CHECKING:

    class PublicFiling:
        """The public columns of one filing; codes are not translated. Here are those that code reads by name.

        `ends_on` is the day on which a service in force ends by its approved cancellation. `end_ground` is a code of
        `EndGround`, empty unless the office struck the filing off. `batch` is None until a batch list names the filing,
        `ending_list` until a list announces its end. One that is imported is known by its list alone: `numbered_on` is
        None, and of its particulars there are the names.
        """

        __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

        number: str
        applicant_name: str
        service_name: str
        province_code: str
        categories: tuple[str, ...]
        standing: Standing
        numbered_on: date | None
        changed_on: date | None
        ends_on: date | None
        cancelled_on: date | None
        struck_off_on: date | None
        end_ground: str
        successor_number: str | None
        predecessor_numbers: tuple[str, ...]
        batch: int | None
        ending_list: int | None
        is_imported: bool

        def __init__(self, **columns: Any) -> None: ...

else:

    def filing_class() -> type:
        """A frozen dataclass with a field for every published column of the table."""
        names = [column.name for column in published_columns()]
        return make_dataclass("PublicFiling", names, frozen=True, slots=True)

    PublicFiling = filing_class()


class PublicEvent(StrEnum):
    """The kinds of entries in a filing's public history."""

    NUMBERED = "numbered"
    CHANGED = "changed"
    APPLICANT_CHANGED = "applicant_changed"
    CANCELLATION_APPROVED = "cancellation_approved"
    CANCELLATION_WITHDRAWN = "cancellation_withdrawn"
    CANCELLED = "cancelled"
    STRUCK_OFF = "struck_off"
    FOLLOWS = "follows"
    LISTED = "listed"
    ENDING_LISTED = "ending_listed"
    CORRECTED = "corrected"
    SUPPLIED = "supplied"
    IMPORTED = "imported"


@dataclass(frozen=True, slots=True)
class PublicChange:
    """One entry of a filing's public history.

    `columns` names the public columns that a change altered, `former` has their values before it, but for a person's
    former name. `batch` and `list_kind` name the list that an entry is about, `number` the filing where a service that
    is struck off goes on, or that this one follows; `ground` is why it was struck off, `corrections` are what a
    corrigendum says.
    """

    event: PublicEvent
    on: date
    columns: tuple[str, ...] = ()
    former: Mapping[str, Any] = field(default_factory=dict)
    batch: int | None = None
    number: str | None = None
    ground: EndGround | None = None
    list_kind: ListKind | None = None
    corrections: tuple[PublicCorrection, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """The public filing with the number, and its history, oldest entry first."""

    filing: PublicFiling
    history: tuple[PublicChange, ...]


@dataclass(frozen=True, slots=True)
class NotANumber:
    """The text cannot be a filing number; `code` and `facts` as `filing_number.parse` raises them."""

    typed: str
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NotInRegister:
    """The number is well formed, and no public filing has it."""

    number: str


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """One page of filings; `tally` is None when they were not counted.

    `former_names` has, by number and by column, the names of before a change by which the text found a filing.
    """

    filings: tuple[PublicFiling, ...]
    tally: Tally | None
    former_names: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    next_cursor: str = ""
    previous_cursor: str = ""


@dataclass(frozen=True, slots=True)
class NumbersPage:
    """A `RegisterPage` of the numbers alone."""

    numbers: tuple[str, ...]
    former_names: Mapping[str, Mapping[str, tuple[str, ...]]]
    next_cursor: str
    previous_cursor: str


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers of filings in force, of applicants that hold them, and of provinces that have one."""

    in_force: int
    applicants: int
    provinces: int


@dataclass(frozen=True, slots=True)
class ListedName:
    """An entry of an administrator's list in both languages; `code` is None for a name as the applicant typed it."""

    code: str | None
    name_zh: str
    name_en: str


# ---------------------------------------------------------------- one number


def look_up(text: str) -> Found | NotANumber | NotInRegister:
    """The result of looking up a number, however it is typed, or pasted with what stands around it.

    Only well-formed numbers query the database.
    """
    try:
        number = str(filing_number.stated_in(text))
    except NotAFilingNumber as refusal:
        meant = filing_number.find_in(text[: filing_number.MAXIMUM_FOOT_LENGTH]) or text
        return NotANumber(filing_number.normalise(meant), refusal.code, refusal.facts)
    row = _fetched().filter(number=number).first()
    if row is None:
        return NotInRegister(number)
    return Found(_reader()(row), _history(number))


def is_published(number: str) -> bool:
    """Whether a public filing has exactly this number."""
    return _public().filter(number=number).exists()


def why_not_a_number(text: str) -> NotANumber | None:
    """Why a long text of mostly digits is not a filing number; None for a number, a name or a short part."""
    written = filing_number.normalise(text).removesuffix("号")
    digits = sum(character.isdigit() for character in written)
    if digits < filing_number.LENGTH - 3 or digits * 2 < len(written):
        return None
    try:
        filing_number.parse(text)
    except NotAFilingNumber as refusal:
        return NotANumber(written, refusal.code, refusal.facts)
    return None


# ---------------------------------------------------------------- many filings


def search(
    criteria: Criteria,
    *,
    cursor: str = "",
    page_size: int = PAGE_SIZE,
    order: Order = Order.NEWEST,
    counts: bool = True,
) -> RegisterPage:
    """One page of the filings that meet all criteria. Raises CursorInvalid."""
    page = ORDERS[order].page(
        matching(_fetched(), criteria),
        cursor,
        size=max(1, min(page_size, MAXIMUM_PAGE_SIZE)),
        among=_public(),
    )
    asked = page.rows if criteria.text else ()
    return RegisterPage(
        filings=tuple(map(_reader(), page.rows)),
        tally=tally(_public(), criteria) if counts else None,
        former_names={
            row["number"]: meant for row in asked if (meant := former_names_meant(criteria.text, row))
        },
        next_cursor=page.next_cursor,
        previous_cursor=page.previous_cursor,
    )


def numbers_found(criteria: Criteria, *, cursor: str, page_size: int, order: Order) -> NumbersPage:
    """The numbers of a page of `search`, for whoever has the filings ready. Raises CursorInvalid."""
    read = ("number", "columns", "search_form", *FORMER_NAMES.values()) if criteria.text else ("number",)
    rows = matching(_public(), criteria).values(*read)
    page = ORDERS[order].page(rows, cursor, size=page_size, among=_public())
    found = page.rows if criteria.text else ()
    former = {row["number"]: meant for row in found if (meant := former_names_meant(criteria.text, row))}
    return NumbersPage(
        tuple(row["number"] for row in page.rows), former, page.next_cursor, page.previous_cursor
    )


def filings_of(numbers: Sequence[str]) -> tuple[PublicFiling, ...]:
    """The public filings that have these numbers, in no order."""
    return tuple(map(_reader(), _fetched().filter(number__in=numbers)))


def exported(criteria: Criteria, *, order: Order = Order.NEWEST) -> Iterator[PublicFiling]:
    """Every filing that meets all criteria, in order, read a thousand at a time."""
    rows = ORDERS[order].ordered(matching(_fetched(), criteria))
    yield from map(_reader(), rows.iterator(chunk_size=_EXPORTED_AT_ONCE))


def has_more_than(number: int, criteria: Criteria) -> bool:
    """Whether more filings than this meet all criteria."""
    return matching(_public(), criteria).order_by()[: number + 1].count() > number


def latest(count: int) -> tuple[PublicFiling, ...]:
    """The `count` filings in force whose numbers were issued last, newest first."""
    rows = _fetched().filter(standing=Standing.IN_FORCE).order_by("-numbered_at", "-id")
    return tuple(map(_reader(), rows[:count]))


def figures() -> Figures:
    """The figures of the register, at most a minute old."""
    kept = _kept_figures()
    if kept is not None:
        return kept
    counted = Filing.objects.filter(standing=Standing.IN_FORCE).aggregate(
        in_force=Count("id"),
        applicants=Count("applicant_id", distinct=True),
        provinces=Count("province_code", distinct=True),
    )
    with suppress(OSError, RedisError):
        shared.set(_FIGURES_KEY, counted, _FIGURES_SECONDS)
    return _figures(counted)


def _kept_figures() -> Figures | None:
    # An unreachable cache costs a count at each request, and nothing else.
    with suppress(OSError, RedisError):
        kept = shared.get(_FIGURES_KEY)
        return _figures(kept) if isinstance(kept, dict) else None
    return None


def _figures(counted: Mapping[str, int]) -> Figures:
    return Figures(counted["in_force"], counted["applicants"], counted["provinces"])


def listed_names() -> dict[str, dict[str, ListedName]]:
    """The names of all entries of the lists that name public codes, retired ones included, by list and code."""
    lists = [column.named_in for column in published_columns() if column.named_in is not None]
    found: dict[str, dict[str, ListedName]] = {name: {} for name in lists}
    for entry in ListEntry.objects.filter(list_name__in=lists):
        found[entry.list_name][entry.code] = ListedName(entry.code, entry.name_zh, entry.name_en)
    return found


# Both are narrowed by every question and never read themselves; to put them together anew takes longer than to read.
@cache
def _public() -> QuerySet[Filing]:
    return Filing.objects.filter(standing__in=_PUBLIC_STANDINGS)


@cache
def _fetched() -> QuerySet[Filing, dict[str, Any]]:
    """The public filings, with the columns that are fetched of them."""
    found: QuerySet[Filing, dict[str, Any]] = (
        _public()
        .annotate(
            batch=list_number_of_filing(ListKind.FILINGS),
            ending_list=list_number_of_filing(*ENDING_LISTS.values()),
        )
        .values(*_FETCHED)
    )
    return found


def lacks_particulars(filing: PublicFiling) -> bool:
    """Whether the register has only the names of an imported filing: all that state particulars state a category."""
    return filing.is_imported and not filing.categories


def _reader() -> Callable[[Mapping[str, Any]], PublicFiling]:
    """What makes the public filing of a row."""
    published = published_columns()
    stored = [(column.name, column.is_list) for column in published if column.is_stored]

    def read(row: Mapping[str, Any]) -> PublicFiling:
        columns: Mapping[str, Any] = row["columns"]
        stated = {name: _stated(columns.get(name), is_list=is_list) for name, is_list in stored}
        in_force = row["standing"] == Standing.IN_FORCE
        return PublicFiling(
            **stated,
            number=row["number"],
            province_code=row["province_code"],
            standing=Standing(row["standing"]),
            numbered_on=None if row["is_imported"] else china_date(row["numbered_at"]),
            changed_on=china_date(row["changed_at"]) if row["changed_at"] else None,
            ends_on=row["ends_on"] if in_force else None,
            cancelled_on=row["cancelled_on"],
            struck_off_on=row["struck_off_on"],
            end_ground=row["end_ground"],
            end_basis=row["end_basis"],
            successor_number=row["successor_number"],
            predecessor_numbers=tuple(row["predecessor_numbers"].splitlines()),
            batch=row["batch"],
            ending_list=row["ending_list"],
            is_imported=row["is_imported"],
        )

    return read


def _stated(value: Any, *, is_list: bool) -> str | tuple[str, ...]:
    return tuple(str(one) for one in value or ()) if is_list else str(value or "")


# ---------------------------------------------------------------- history


def _history(number: str) -> tuple[PublicChange, ...]:
    events = (
        Event.objects.filter(
            filing__number=number,
            act__in=_PUBLISHED_ACTS,
        )
        .order_by("sequence")
        .values("act", "at", "payload", "application__kind", "application__columns")
    )
    entries: list[PublicChange] = []
    columns: Mapping[str, Any] = {}
    corrections = corrections_of_filing(number)
    for event in events:
        act, payload, on = Act(event["act"]), event["payload"], china_date(event["at"])
        if act is Act.ISSUE_NUMBER:
            entries.append(PublicChange(PublicEvent.NUMBERED, on))
        elif act is Act.TAKE_EFFECT:
            entries.append(PublicChange(PublicEvent.CANCELLED, cancelled_on_of(payload)))
        elif act is Act.STRIKE_OFF:
            entries.append(_striking_off(StruckOff.of(payload)))
        elif act is Act.NOTE_PREDECESSOR:
            entries.append(PublicChange(PublicEvent.FOLLOWS, on, number=number_of(payload)))
        elif act is Act.APPLICANT_CHANGED and columns:
            after = {**columns, **ApplicantFacts.of_change(payload).columns}
            entries.append(_change(PublicEvent.APPLICANT_CHANGED, on, columns, after))
            columns = after
        elif act is Act.IMPORT:
            entries.append(_noted(PublicEvent.IMPORTED, payload))
            columns = Imported.of(payload).columns
        elif act is Act.ENTER_IN_LIST:
            entries.append(_noted(_LISTED[ListKind(list_kind_of(payload))], payload, corrections))
        elif act is Act.WITHDRAW_CANCELLATION:
            entries.append(PublicChange(PublicEvent.CANCELLATION_WITHDRAWN, on))
        elif outcome_of(act, payload) is Outcome.APPROVAL:
            kind, after = event["application__kind"], event["application__columns"]
            if kind == Kind.INITIAL and (facts := ApplicantFacts.of(payload)) is not None:
                after = {**after, **facts.columns}
            if kind == Kind.CHANGE and (facts := ApplicantFacts.of(payload)) is not None:
                after = {**after, **facts.columns}
                entries.append(_supplied(on, columns, after))
            elif kind == Kind.CHANGE:
                # The applicant's facts have a home of their own: a change of the service alters none of them.
                after = {**after, **{name: columns[name] for name in APPLICANT_COLUMNS if name in columns}}
                entries.append(_change(PublicEvent.CHANGED, on, columns, after))
            if kind == Kind.CANCELLATION:
                entries.append(PublicChange(PublicEvent.CANCELLATION_APPROVED, on))
            if kind in (Kind.INITIAL, Kind.CHANGE):
                columns = after
    return tuple(entries)


def _striking_off(struck: StruckOff) -> PublicChange:
    return PublicChange(
        PublicEvent.STRUCK_OFF, struck.struck_off_on, number=struck.successor_number, ground=struck.ground
    )


_LISTED: Mapping[ListKind, PublicEvent] = {
    ListKind.FILINGS: PublicEvent.LISTED,
    ListKind.CANCELLED: PublicEvent.ENDING_LISTED,
    ListKind.STRUCK_OFF: PublicEvent.ENDING_LISTED,
    ListKind.CORRIGENDA: PublicEvent.CORRECTED,
}


def _noted(
    event: PublicEvent, payload: Mapping[str, Any], corrections: Sequence[PublicCorrection] = ()
) -> PublicChange:
    number, position = list_number_of(payload), list_position_of(payload)
    said = (
        each
        for each in corrections
        if event is PublicEvent.CORRECTED and (each.corrigendum, each.position) == (number, position)
    )
    return PublicChange(
        event,
        listed_on_of(payload),
        batch=number,
        list_kind=ListKind(list_kind_of(payload)),
        corrections=tuple(said),
    )


def _supplied(on: date, listed: Mapping[str, Any], after: Mapping[str, Any]) -> PublicChange:
    """The particulars supplied to an imported filing; altered is only what its list had stated otherwise."""
    return _change(PublicEvent.SUPPLIED, on, listed, {**after, **_unstated(listed, after)})


def _unstated(listed: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    return {name: listed.get(name) for name in after if not listed.get(name)}


def _change(
    event: PublicEvent, on: date, before: Mapping[str, Any], after: Mapping[str, Any]
) -> PublicChange:
    former = {
        column.name: column.value_in(before)
        for column in published_columns()
        if column.is_compared and column.value_in(before) != column.value_in(after)
    }
    altered = tuple(former)
    if before.get("applicant_nature") == INDIVIDUAL:
        # That the name changed is public; what a person was called before is not.
        former.pop("applicant_name", None)
    return PublicChange(event, on, altered, former)
