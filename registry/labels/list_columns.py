"""The columns of each kind of list: the same on pages, in the order and the words of the announcements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.labels.date_format import day
from registry.labels.ending_words import GROUNDS
from registry.labels.list_words import printed_title, short_title
from registry.labels.province_words import full_name
from registry.rules.batches.corrections import CorrectedColumn, Correction
from registry.rules.batches.events import PublishedRow
from registry.rules.batches.lifecycle import ListKind
from registry.rules.codes.jurisdictions import province_of
from registry.rules.end_grounds import EndGround


@dataclass(frozen=True, slots=True)
class ListColumn:
    """One column: what it is called in Chinese files and on pages, and its width in a spreadsheet, in characters."""

    name: str
    printed: str
    label: Promise
    width: int


_POSITION = ListColumn("position", "序号", pgettext_lazy("position in a list", "No."), 8)
_APPLICANT = ListColumn("applicant", "主体名称", _("Applicant"), 44)
_SERVICE = ListColumn("service", "服务名称", _("Service"), 44)
_NUMBER = ListColumn("number", "备案编号", _("Filing number"), 36)
_PROVINCE = ListColumn("province", "省份", _("Province"), 22)
_OF_A_FILING = (_POSITION, _APPLICANT, _SERVICE, _NUMBER, _PROVINCE)
LIST_COLUMNS: Mapping[ListKind, tuple[ListColumn, ...]] = {
    ListKind.FILINGS: _OF_A_FILING,
    ListKind.CANCELLED: (*_OF_A_FILING, ListColumn("ended_on", "注销日期", _("Cancelled on"), 14)),
    ListKind.STRUCK_OFF: (
        *_OF_A_FILING,
        ListColumn("ended_on", "撤销（注销）日期", pgettext_lazy("a filing", "Struck off on"), 14),
        ListColumn("end_ground", "撤销（注销）事由", _("Ground"), 30),
    ),
    ListKind.CORRIGENDA: (
        _POSITION,
        ListColumn("list", "所更正清单", _("Corrected list"), 40),
        ListColumn("corrected", "原序号", pgettext_lazy("of the corrected list", "Entry"), 8),
        _NUMBER,
        ListColumn("column", "更正事项", pgettext_lazy("of an entry", "What is corrected"), 14),
        ListColumn("before", "更正前", pgettext_lazy("a correction", "Before"), 44),
        ListColumn("after", "更正后", pgettext_lazy("a correction", "After"), 44),
        ListColumn("reason", "更正理由", _("Reason"), 44),
    ),
}
_PRINTED_GROUNDS: Mapping[EndGround, str] = {
    EndGround.FALSE_MATERIALS: "撤销：备案材料不实",
    EndGround.APPLICANT_GONE: "依职权注销：主体已终止或者死亡",
}
_PRINTED_CORRECTED: Mapping[CorrectedColumn, str] = {
    CorrectedColumn.APPLICANT_NAME: "主体名称",
    CorrectedColumn.SERVICE_NAME: "服务名称",
    CorrectedColumn.ENTRY: "撤回该项",
}
CORRECTED: Mapping[CorrectedColumn, Promise] = {
    CorrectedColumn.APPLICANT_NAME: _("Name of the applicant"),
    CorrectedColumn.SERVICE_NAME: _("Name of the service"),
    CorrectedColumn.ENTRY: pgettext_lazy("an entry of a list", "Entry withdrawn"),
}


def printed_cells(kind: ListKind, row: PublishedRow) -> tuple[object, ...]:
    """What a file has of a row, in Chinese."""
    values = _values(row)
    if row.end_ground:
        values["end_ground"] = _PRINTED_GROUNDS[EndGround(row.end_ground)]
    if row.correction is not None:
        correction = row.correction
        values |= {
            "list": printed_title(ListKind(correction.list_kind), correction.list_number),
            "column": _PRINTED_CORRECTED[correction.column],
        }
    return tuple(values[column.name] for column in LIST_COLUMNS[kind])


def printed_correction(correction: Correction, *, number: str) -> str:
    """What a corrigendum does to an entry, in one Chinese sentence, as feeds have it; `number` is the filing's."""
    corrected = printed_title(ListKind(correction.list_kind), correction.list_number)
    what = _PRINTED_CORRECTED[correction.column]
    if not correction.is_withdrawal:
        what += f"由“{correction.before}”更正为“{correction.after}”"
    return f"{corrected}第{correction.position}项（{number}）：{what}。理由：{correction.reason}"


def shown_cells(kind: ListKind, row: PublishedRow) -> dict[str, object]:
    """What a page has of a row, by column, in the active language."""
    values = _values(row) | {"province": full_name(row.province_code)}
    if row.ended_on is not None:
        values["ended_on"] = day(row.ended_on)
    if row.end_ground:
        values["end_ground"] = GROUNDS[EndGround(row.end_ground)]
    if row.correction is not None:
        correction = row.correction
        values |= {
            "list": short_title(correction.list_number, ListKind(correction.list_kind)),
            "column": CORRECTED[correction.column],
        }
    return {column.name: values[column.name] for column in LIST_COLUMNS[kind]}


def _values(row: PublishedRow) -> dict[str, object]:
    values: dict[str, object] = {
        "position": row.position,
        "applicant": row.applicant_name,
        "service": row.service_name,
        "number": row.number,
        "province": province_of(row.province_code).name,
        "ended_on": "" if row.ended_on is None else row.ended_on.isoformat(),
    }
    if row.correction is not None:
        values |= {
            "corrected": row.correction.position,
            "before": row.correction.before,
            "after": row.correction.after,
            "reason": row.correction.reason,
        }
    return values
