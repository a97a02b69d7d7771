"""A public filing as its record page shows it, in sections and rows."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.labels.date_format import day
from registry.labels.ending_words import GROUNDS
from registry.labels.list_words import short_title
from registry.labels.province_words import full_name
from registry.labels.public_words import column_label
from registry.presentation.materials import PresentedRow, Section, public_sections
from registry.publication.addresses import list_path
from registry.publication.record import PublicFiling
from registry.publication.upstream import count_building_on
from registry.rules.batches.lifecycle import ENDING_LISTS
from registry.rules.end_grounds import EndGround
from registry.rules.particulars.public import REGISTRATION, PublicColumn, Shown, columns_on_page
from registry.rules.workflow.states import Standing


def record_sections(filing: PublicFiling) -> list[Section]:
    """The section of the registration, then those of the applicant's statements, in the active language."""
    stated: dict[str, Any] = {
        name: list(value) if isinstance(value, tuple) else value for name, value in asdict(filing).items()
    }
    rows = [
        row
        for column in columns_on_page(REGISTRATION)
        for row in _registration_rows(column, stated[column.name], filing)
    ]
    registration = Section(REGISTRATION, _("Registration"), [row for row in rows if not row.empty])
    sections = [registration, *public_sections(stated)]
    if filing.standing is Standing.IN_FORCE:
        _link_websites(sections)
    for section in sections:
        section.rows = [each for row in section.rows for each in _linked_upstream(row)]
    if (count := count_building_on(filing.number)) > 0:
        registration.rows.append(
            PresentedRow(
                key="built_on_by",
                label=_("Services that run on it"),
                kind="text",
                value=ngettext("%(count)s filing in force", "%(count)s filings in force", count)
                % {"count": count},
            )
        )
    return sections


def _linked_upstream(row: PresentedRow) -> list[PresentedRow]:
    """A row for each filing that the service runs on, with a link to its record; any other row as it is."""
    if row.key != "upstream_numbers":
        return [row]
    return [
        PresentedRow(
            key=row.key, label=row.label, kind="text", page_url=_record_url(number), page_label=number
        )
        for number in row.values
    ]


def _record_url(number: str) -> str:
    return reverse("public:filing", args=[number])


def _link_websites(sections: list[Section]) -> None:
    """Makes links of the service's web addresses. One that ended may have left its address to somebody else."""
    for row in (row for section in sections for row in section.rows if row.key == "website_urls"):
        if all(address.startswith(("https://", "http://")) for address in row.values):
            row.outside, row.values = row.values, []


def _registration_rows(column: PublicColumn, value: Any, filing: PublicFiling) -> list[PresentedRow]:
    """The rows of a column: one, or one for each record that it names."""
    if column.shown is not Shown.RECORDS:
        return [_registration_row(column, value, filing)]
    numbers = value if column.is_list else [value] if value else []
    return [
        PresentedRow(
            key=column.name,
            label=column_label(column),
            kind="text",
            page_url=_record_url(number),
            page_label=number,
        )
        for number in numbers
    ]


def _registration_row(column: PublicColumn, value: Any, filing: PublicFiling) -> PresentedRow:
    row = PresentedRow(key=column.name, label=column_label(column), kind="text")
    match column.shown:
        case Shown.PROVINCE:
            row.value = full_name(value)
        case Shown.DAY:
            row.kind, row.value = "date", day(value)
        case Shown.GROUND if value:
            row.value = str(GROUNDS[EndGround(value)])
        case Shown.ANSWER:
            row.value = value
        case Shown.BATCH if value is None and filing.standing is Standing.IN_FORCE:
            row.value = _("Not yet in a batch list")
        case Shown.BATCH if value is not None:
            row.page_url, row.page_label = list_path(value), short_title(value)
        case Shown.ENDING_LIST if value is not None:
            kind = ENDING_LISTS[filing.standing]
            row.page_url, row.page_label = list_path(value, kind), short_title(value, kind)
    return row
