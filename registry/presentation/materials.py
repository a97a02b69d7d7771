"""Materials as pages show them: sections and rows in the active language, and deadlines with their days.

The classes are the input of `includes/particulars.html`, `includes/file_row.html` and `includes/deadline.html`. Each
desk fills in the fields of a row that only it uses: links to mend, marks, notes, forms.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise

from registry import lists
from registry.calendar.explanations import explain_deadline
from registry.labels import particulars as words
from registry.labels.date_format import day
from registry.labels.division_words import division_path
from registry.labels.files import carried_names
from registry.labels.masking import mask
from registry.labels.public_words import column_label
from registry.labels.signature_words import SaidOfSignatures, said_of
from registry.labels.telephone import telephone
from registry.rules.days import deadlines
from registry.rules.days.working_days import Calendar
from registry.rules.errors import DivisionUnknown
from registry.rules.particulars import (
    AnswerKind,
    Particular,
    changed_keys,
    particulars_of,
    public_columns,
    sections,
    slots,
)
from registry.rules.particulars.completeness import is_looked_for
from registry.rules.particulars.materials import (
    AttachedFile,
    Materials,
    date_of,
    files_of,
    is_given,
    rows_of,
    value_of,
)
from registry.rules.particulars.public import (
    PublicColumn,
    Shown,
    columns_on_page,
    public_sections_of_forms,
)
from registry.rules.particulars.service_categories import CATEGORY_BY_CODE
from registry.rules.workflow.examined import is_about
from registry.rules.workflow.states import Kind


class _Everything:
    """A container of every key: an applicant's own pages mask nothing."""

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str)


REVEAL_EVERYTHING: Container[str] = _Everything()


@dataclass(slots=True)
class GroupField:
    """One answer in a row of a group."""

    key: str
    label: Promise | str
    value: str


@dataclass(slots=True)
class PresentedFile:
    """One file with the addresses of its download and of its pages as pictures.

    A signed PDF has what its signatures say, the size of its bytes as sent, and whether these hold something active;
    `carried` are the names of the files that were within a PDF and are not in the copy.
    """

    id: str
    name: str
    size_bytes: int
    page_count: int
    content_type: str
    state: str = ""
    reason: str = ""
    remove_url: str = ""
    signatures: SaidOfSignatures = field(default_factory=SaidOfSignatures)
    original_size_bytes: int = 0
    original_acts: bool = False
    carried: str = ""

    @property
    def url(self) -> str:
        return reverse("files:download", args=[self.id])

    @property
    def original_url(self) -> str:
        """Where a signed PDF is downloaded as it was sent; empty for any other file."""
        return reverse("files:original", args=[self.id]) if self.original_size_bytes else ""

    @property
    def picture_url(self) -> str:
        return f"{reverse('files:page', args=[self.id, 1])}?size=small"

    @property
    def pages(self) -> list[dict[str, Any]]:
        """Every page: its number and the address of its picture."""
        return [
            {"number": number, "picture_url": reverse("files:page", args=[self.id, number])}
            for number in range(1, self.page_count + 1)
        ]


@dataclass(slots=True)
class PresentedRow:
    """One particular or slot; at most one of `value`, `values`, `groups`, `outside` and `files` is filled.

    `outside` has web addresses that are shown as links, out of the portal.
    """

    key: str
    label: Promise | str
    kind: str
    value: str = ""
    values: list[str] = field(default_factory=list)
    groups: list[list[GroupField]] = field(default_factory=list)
    files: list[PresentedFile] = field(default_factory=list)
    is_personal: bool = False
    is_masked: bool = False
    changed: bool = False
    before: str = ""
    deficient: bool = False
    mend_url: str = ""
    reveal_url: str = ""
    page_url: str = ""
    page_label: str = ""
    outside: list[str] = field(default_factory=list)
    mark: str = ""
    mark_label: Promise | str = ""
    note: str = ""
    form_template: str = ""
    form: Any = None

    @property
    def name(self) -> str:
        """The last part of the key, which is the name of the form's field."""
        return self.key.rsplit(".", 1)[-1]

    @property
    def empty(self) -> bool:
        return not (self.value or self.page_url or self.values or self.groups or self.outside or self.files)

    @property
    def text(self) -> str:
        """The answer as one line of text, for a comparison."""
        if self.files:
            return "; ".join(file.name for file in self.files)
        if self.groups:
            return "; ".join(" · ".join(part.value for part in row if part.value) for row in self.groups)
        return " / ".join(self.values) or self.value


@dataclass(slots=True)
class Section:
    """One section of the forms with its rows in the order of the form."""

    key: str
    label: Promise | str
    rows: list[PresentedRow]
    edit_url: str = ""
    edit_label: Promise | str = ""


def sections_of(
    materials: Materials,
    *,
    public_only: bool = False,
    reveal: Container[str] = (),
    before: Materials | None = None,
    on: date = date.max,
) -> list[Section]:
    """The sections of the materials, with a row for every particular and slot that the answers call for.

    What identifies a person or leads to one is masked unless `reveal` contains its key. With `before`, rows
    that differ from those materials are marked and carry the earlier answer. Divisions have the names of the day
    `on`, by default their latest. With `public_only` the sections are those of the public columns.
    """
    if public_only:
        return public_sections(public_columns(materials), on=on)
    presenter = _Presenter(materials, reveal=reveal, on=on)
    presented = [
        Section(section, words.section_label(section), presenter.rows(section)) for section in sections()
    ]
    if before is not None:
        _mark_changes(presented, before, materials, _Presenter(before, reveal=reveal, on=on))
    return [section for section in presented if section.rows]


def sections_about(
    kind: Kind,
    materials: Materials,
    *,
    reveal: Container[str] = (),
    before: Materials | None = None,
    on: date = date.max,
) -> list[Section]:
    """The sections as `sections_of` gives them, with the rows alone that an application of this kind is about."""
    presented = sections_of(materials, reveal=reveal, before=before, on=on)
    for section in presented:
        section.rows = [row for row in section.rows if is_about(kind, row.key)]
    return [section for section in presented if section.rows]


def _mark_changes(presented: list[Section], before: Materials, after: Materials, earlier: _Presenter) -> None:
    changed = set(changed_keys(before, after))
    earlier_rows = {row.key: row for section in sections() for row in earlier.rows(section)}
    for section in presented:
        for row in section.rows:
            if row.key in changed:
                row.changed = True
                row.before = earlier_rows[row.key].text if row.key in earlier_rows else ""


class _Presenter:
    """Converts the answers of one set of materials into rows; reads the administrator's lists once, if at all."""

    def __init__(self, materials: Materials, *, reveal: Container[str], on: date) -> None:
        self._materials = materials
        self._reveal = reveal
        self._on = on

    def rows(self, section: str) -> list[PresentedRow]:
        if section == "attachments":
            return [
                PresentedRow(
                    key=slot.key,
                    label=words.label_of(slot.key),
                    kind="files",
                    files=[present_file(entry) for entry in files_of(self._materials, slot.key)],
                    is_personal=slot.personal(self._materials),
                )
                for slot in slots()
                if is_looked_for(slot, self._materials)
            ]
        return [
            self._row(particular)
            for particular in particulars_of(section)
            if is_looked_for(particular, self._materials)
        ]

    def _row(self, particular: Particular) -> PresentedRow:
        personal = any(one.personal(self._materials) for one in (particular, *particular.fields))
        row = PresentedRow(
            key=particular.key,
            label=words.label_of(particular.key),
            kind=particular.kind.value,
            is_personal=personal,
        )
        answer = value_of(self._materials, particular.key)
        if not is_given(answer):
            return row
        if particular.kind is AnswerKind.GROUP:
            row.groups = [
                [
                    GroupField(one.key, words.label_of(one.key), self._shown(one, line[one.name], row))
                    for one in particular.fields_for(self._materials)
                    if one.applies(line) and is_given(line.get(one.name))
                ]
                for line in rows_of(self._materials, particular.key)
            ]
        elif isinstance(answer, list):
            row.values = [self._shown(particular, one, row) for one in answer]
        else:
            row.value = self._shown(particular, answer, row)
        return row

    def _shown(self, particular: Particular, answer: Any, row: PresentedRow) -> str:
        text = self.text(particular, answer)
        if particular.is_masked(self._materials) and particular.key not in self._reveal:
            row.is_masked = True
            return mask(text, particular.kind)
        return text

    def text(self, particular: Particular, answer: Any) -> str:
        """One answer in words; an answer that is malformed for its particular stays as typed."""
        match particular.kind:
            case AnswerKind.CHOICE | AnswerKind.MULTI_CHOICE if isinstance(answer, str):
                return self._choice(particular, answer)
            case AnswerKind.YES_NO if isinstance(answer, bool):
                return str(words.yes_no_label(answer=answer))
            case AnswerKind.INTEGER if isinstance(answer, int):
                return f"{answer:,}"
            case AnswerKind.DATE if (on := date_of(answer)) is not None:
                return day(on)
            case AnswerKind.DIVISION:
                return division_text(str(answer), on=self._on)
            case AnswerKind.MOBILE | AnswerKind.PHONE:
                return telephone(str(answer))
        return str(answer)

    def _choice(self, particular: Particular, code: str) -> str:
        if particular.list_name is not None and code not in particular.extra_choices:
            names = self._names_in(particular.list_name)
            if code in names:
                return names[code]
        return str(words.choice_label(particular.key, code))

    def public_row(self, column: PublicColumn, value: Any) -> PresentedRow:
        """A public column of the forms; empty where the value says nothing."""
        kind = AnswerKind.MULTI_CHOICE if column.take else column.particular.kind
        row = PresentedRow(key=column.name, label=column_label(column), kind=kind.value)
        if is_given(value) and column.is_list:
            row.values = [self._public_text(column, one) for one in value]
        elif is_given(value):
            row.value = self._public_text(column, value)
        return row

    def _public_text(self, column: PublicColumn, value: str) -> str:
        match column.shown:
            case Shown.SERVICE_TYPES:
                return service_type_text(value)
            case Shown.LISTED:
                return self._names_in(column.named_in or "").get(value, value)
        return self.text(column.particular, value)

    def _names_in(self, list_name: str) -> Mapping[str, str]:
        return self._list_names.get(list_name, {})

    @cached_property
    def _list_names(self) -> Mapping[str, Mapping[str, str]]:
        return lists.names_by_list()


def division_text(code: str, *, on: date = date.max) -> str:
    """The name of a division from the province down; an unknown code stays a code."""
    try:
        return division_path(code, on=on)
    except DivisionUnknown:
        return code


def present_file(entry: AttachedFile) -> PresentedFile:
    """A file of the materials as input of `includes/file_row.html`."""
    signed = entry.get("signatures") or {}
    return PresentedFile(
        id=str(entry.get("id", "")),
        name=str(entry.get("name", "")),
        size_bytes=int(entry.get("size_bytes") or 0),
        page_count=int(entry.get("page_count") or 1),
        content_type=str(entry.get("content_type", "")),
        signatures=said_of(signed.get("each", ())),
        original_size_bytes=int(entry.get("original_size_bytes") or 0),
        original_acts=bool(signed.get("acts")),
        carried=carried_names(entry.get("carried") or {}),
    )


# ---------------------------------------------------------------- public columns


def public_sections(columns: Mapping[str, Any], *, on: date = date.max) -> list[Section]:
    """The public columns of a filing, in the form that `public_columns` gives, as sections and rows."""
    presenter = _Presenter({}, reveal=REVEAL_EVERYTHING, on=on)
    found = {
        section: [
            presenter.public_row(column, columns.get(column.name)) for column in columns_on_page(section)
        ]
        for section in public_sections_of_forms()
    }
    return [
        Section(section, words.section_label(section), shown)
        for section, rows in found.items()
        if (shown := [row for row in rows if not row.empty])
    ]


def service_type_text(code: str) -> str:
    """The words for a code of the form "category.type"; two categories have a type "other"."""
    category, _dot, service_type = code.partition(".")
    if category not in CATEGORY_BY_CODE:
        return code
    return str(words.choice_label(CATEGORY_BY_CODE[category].types_key, service_type))


# ---------------------------------------------------------------- deadlines


def deadline_context(
    deadline: deadlines.Deadline,
    calendar: Calendar,
    *,
    today: date,
    title: str,
) -> dict[str, Any]:
    """The context of `includes/deadline.html`: the due day, the current day's number, and why it is that day.

    `day_number` is None for a period that is counted backwards, and before the period. Raises CalendarInconsistent
    when the deadline was computed with another calendar.
    """
    explanation = explain_deadline(deadline, calendar)
    counts_forward = not deadline.period.runs_backwards and today >= deadline.event_on
    return {
        "title": title,
        "due_on": deadline.due_on,
        "working_days": deadline.working_days,
        "day_number": deadlines.day_number(deadline.event_on, today, calendar) if counts_forward else None,
        "days_left": deadlines.working_days_left(deadline.due_on, today, calendar),
        "late_by": deadlines.late_by(deadline, today, calendar),
        "provisional": deadline.provisional,
        "days": explanation.days,
        "sentences": explanation.sentences,
    }
