"""The tables of the statistics, the same for pages, CSV files and the API, in the active language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from registry.calendar.current import current_calendar
from registry.labels import particulars as words
from registry.labels.province_words import short_name
from registry.presentation.materials import service_type_text
from registry.public.filters import shown_name
from registry.public.words import STANDING_LABELS
from registry.publication.record import ListedName, listed_names
from registry.rules.figures import Share
from registry.rules.particulars.applicant import INDIVIDUAL
from registry.statistics.decision_times import DecisionTimes, decision_times
from registry.statistics.public import (
    MOST_CHAINS,
    MOST_SERVICES,
    NOT_STATED,
    Counted,
    ListFigures,
    RegisterFigures,
    Several,
)

_BAR = 100
# From the first of a month back into the month eleven before it.
_ELEVEN_MONTHS = timedelta(days=330)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table; `width` is its bar's, of 100 for the longest. What is not stated has no bar."""

    code: str
    name: str
    share: Share
    width: int

    @property
    def percent(self) -> Decimal | None:
        return self.share.percent


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table. `name` is its key in the API and in CSV files; `counts` says what is counted, `note` how."""

    name: str
    title: str
    counts: str
    rows: tuple[Row, ...]
    note: str = ""


def tables_of_list(figures: ListFigures, several: Sequence[Several]) -> tuple[Table, ...]:
    """The tables of a list's page."""
    return (
        _provinces("provinces", _("Provinces of this list"), figures.provinces),
        _applicants(several, of=figures.applicants),
        _provinces(
            "cumulative_provinces", _("Provinces, this list and all before it"), figures.cumulative_provinces
        ),
    )


def tables_of_register(figures: RegisterFigures) -> tuple[Table, ...]:
    """The tables of the register's page, provinces first."""
    several_codes = _("A service may count under several of these.")
    labels = _labels(listed_names())
    described = (
        ("categories", _("Categories of service"), several_codes),
        ("service_types", _("Types of service"), several_codes),
        ("application_fields", _("Application fields"), several_codes),
        ("chain_kind", _("Kinds of chain"), ""),
        (
            "main_chains",
            _("Main chains"),
            _("The %(most)s most frequent. A service may count under several of these.")
            % {"most": MOST_CHAINS},
        ),
        ("organisation_type", _("Kinds of applicant"), _("Services by the kind of who filed them.")),
    )
    return (
        _provinces(
            "provinces",
            _("Provinces by filing number"),
            figures.provinces,
            note=_("A number keeps its province, wherever its applicant moves."),
        ),
        _provinces(
            "jurisdictions",
            _("Provinces responsible on this day"),
            figures.jurisdictions,
            note=_("By the applicant's place of registration on this day."),
        ),
        *(
            Table(
                name=name,
                title=title,
                counts=_("Services"),
                rows=_rows(figures.breakdowns[name], labels[name]),
                note=note,
            )
            for name, title, note in described
        ),
        _applicants(figures.several, of=figures.applicants),
    )


def decision_times_until(as_of: date) -> list[DecisionTimes] | None:
    """The decision times of the twelve months that end with a day; None while the office keeps them to itself."""
    if not settings.DECISION_TIMES_ARE_PUBLIC:
        return None
    since = (as_of.replace(day=1) - _ELEVEN_MONTHS).replace(day=1)
    return decision_times(since=since, until=as_of, calendar=current_calendar())


def cells_of(tables: Iterable[Table]) -> Iterator[tuple[str, str, str, int, int, str]]:
    """The rows of all tables as a CSV file has them; the percentage with its two decimals."""
    for table in tables:
        for row in table.rows:
            percent = "" if row.percent is None else str(row.percent)
            yield table.title, row.code, row.name, row.share.count, row.share.of, percent


def head_of_cells() -> tuple[str, ...]:
    """The head of the CSV file."""
    return (
        _("Table"),
        pgettext("column of a table", "Code"),
        pgettext("column of a table", "Name"),
        _("Number"),
        _("Of"),
        _("Share in percent"),
    )


def ended_in_words(figures: RegisterFigures) -> list[dict[str, Any]]:
    """How services ended that are no longer in force, with how many."""
    return [{"label": STANDING_LABELS[standing], "count": count} for standing, count in figures.ended.items()]


def _provinces(name: str, title: str, counted: Iterable[Counted], *, note: str = "") -> Table:
    return Table(name=name, title=title, counts=_("Services"), rows=_rows(counted, short_name), note=note)


def _applicants(several: Iterable[Several], *, of: int) -> Table:
    lines = [Counted(str(each.services), Share(each.applicants, of)) for each in several]
    return Table(
        name="applicants_by_services",
        title=_("Applicants by the number of their services"),
        counts=_("Applicants"),
        rows=_rows(lines, _services),
        note=_("An applicant is who holds numbers with the same first 16 digits."),
    )


def _services(code: str) -> str:
    count = int(code)
    if count >= MOST_SERVICES:
        return _("%(count)s services or more") % {"count": count}
    return ngettext("%(count)s service", "%(count)s services", count) % {"count": count}


def _rows(counted: Iterable[Counted], label: Callable[[str], object]) -> tuple[Row, ...]:
    rows = list(counted)
    most = max((row.share.count for row in rows if row.code != NOT_STATED), default=1)
    return tuple(
        Row(
            row.code,
            _("Not stated") if row.code == NOT_STATED else str(label(row.code)),
            row.share,
            0 if row.code == NOT_STATED else max(1, round(_BAR * row.share.count / most)),
        )
        for row in rows
    )


def _labels(names: Mapping[str, Mapping[str, ListedName]]) -> dict[str, Callable[[str], object]]:
    def listed(list_name: str) -> Callable[[str], object]:
        known = names[list_name]
        return lambda code: shown_name(known[code]) if code in known else code

    return {
        "categories": lambda code: words.choice_label("content.categories", code),
        "service_types": service_type_text,
        "application_fields": listed("application_fields"),
        "chain_kind": lambda code: words.choice_label("service.chain_kind", code),
        "main_chains": listed("main_chains"),
        "organisation_type": lambda code: words.choice_label(
            "applicant.nature" if code == INDIVIDUAL else "applicant.organisation_type", code
        ),
    }
