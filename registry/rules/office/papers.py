"""What an office's papers carry: the number (发文字号) of each, and what an office sets for itself.

A number has three parts, as GB/T 9704-2012 5.2.6 wants: the office's characters (机关代字), the year in full between
hexagonal brackets, and a serial without leading zeros: 京网信备审〔2026〕12号.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from registry.rules.codes.jurisdictions import abbreviation_of, province_of
from registry.rules.errors import FilingError
from registry.rules.printable import is_printable
from registry.rules.visible_text import is_visible

# The key of the national office, where a provincial office has the code of its province.
NATIONAL_OFFICE_CODE = "national"
LONGEST_NAME = 60
LONGEST_MARK = 16


class PaperSeries(StrEnum):
    """A kind of paper that is numbered for itself."""

    RECEIPT = "receipt"
    REQUEST = "request"
    DECISION = "decision"
    STRIKING_OFF = "striking_off"
    CONSULTATION = "consultation"


_LAST_CHARACTER: Mapping[PaperSeries, str] = MappingProxyType(
    {
        PaperSeries.RECEIPT: "收",
        PaperSeries.REQUEST: "补",
        PaperSeries.DECISION: "审",
        PaperSeries.STRIKING_OFF: "撤",
        PaperSeries.CONSULTATION: "函",
    }
)
_MARK = re.compile(rf"[\u3400-\u4dbf\u4e00-\u9fff]{{2,{LONGEST_MARK}}}\Z")


def default_mark(office_code: str, series: PaperSeries) -> str:
    """The characters of an office's papers where it has set none: 京网信备审; those of the nation begin 国网信备."""
    place = "国" if office_code == NATIONAL_OFFICE_CODE else abbreviation_of(office_code)
    return f"{place}网信备{_LAST_CHARACTER[series]}"


def default_name(office_code: str) -> str:
    """The full name of an office, as Art. 3 names them: 国家互联网信息办公室, 广东省互联网信息办公室."""
    place = "国家" if office_code == NATIONAL_OFFICE_CODE else province_of(office_code).name
    return f"{place}互联网信息办公室"


def paper_number(mark: str, year: int, serial: int) -> str:
    """The number of a paper: 京网信备审〔2026〕12号."""
    return f"{mark}〔{year}〕{serial}号"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSettings:
    """What an office sets for its papers.

    `reconsideration_body` and `court` are named in its decisions (Administrative Reconsideration Law Art. 24, 25;
    Administrative Litigation Law Art. 18); where one is empty, the paper says what the law says in general. With
    `needs_signed_form` the office decides only once the signed review form (审批表) is filed with the case.
    """

    office_name: str
    marks: Mapping[PaperSeries, str] = field(default_factory=dict)
    reconsideration_body: str = ""
    court: str = ""
    needs_signed_form: bool = False

    @classmethod
    def default(cls, office_code: str) -> PaperSettings:
        """What holds for an office that has set nothing."""
        marks = {series: default_mark(office_code, series) for series in PaperSeries}
        return cls(office_name=default_name(office_code), marks=marks)

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> PaperSettings:
        """The settings that `as_content` has written. Raises KeyError."""
        return cls(
            office_name=str(content["office_name"]),
            # What was proposed before letters to other bodies were numbered says nothing of them.
            marks={series: str(content.get(mark_key(series), "")) for series in PaperSeries},
            reconsideration_body=str(content["reconsideration_body"]),
            court=str(content["court"]),
            # Proposals of before say nothing of it.
            needs_signed_form=bool(content.get("needs_signed_form", False)),
        )

    def completed(self, office_code: str) -> PaperSettings:
        """The settings with the characters that hold for everybody where they have none for a kind of paper."""
        marks = {
            series: self.marks.get(series) or default_mark(office_code, series) for series in PaperSeries
        }
        return replace(self, marks=marks)

    def as_content(self) -> dict[str, Any]:
        """The settings as plain JSON values, one for each thing that is set."""
        return {
            "office_name": self.office_name,
            **{mark_key(series): self.marks[series] for series in PaperSeries},
            "reconsideration_body": self.reconsideration_body,
            "court": self.court,
            "needs_signed_form": self.needs_signed_form,
        }

    @property
    def missing(self) -> tuple[str, ...]:
        """The bodies that decisions should name and this office has not given."""
        return tuple(name for name in ("reconsideration_body", "court") if not getattr(self, name))


def mark_key(series: PaperSeries) -> str:
    """The name under which the characters of a kind of paper are kept: mark_decision."""
    return f"mark_{series.value}"


@dataclass(frozen=True, slots=True)
class SettingsFault:
    """Why settings are refused: the thing that is set, and a code for the words."""

    name: str
    code: str


class PaperSettingsRefused(FilingError):
    """The settings of an office's papers are refused; `faults` says for what."""

    def __init__(self, faults: tuple[SettingsFault, ...]) -> None:
        super().__init__("paper_settings_refused")
        self.faults = faults


def faults_of(settings: PaperSettings, *, marks_of_others: frozenset[str]) -> tuple[SettingsFault, ...]:
    """What is wrong with settings; `marks_of_others` are the characters that other offices number under.

    One office's characters differ by kind of paper, and from those of every other: a number names one paper.
    """
    found = []
    for name in ("office_name", "reconsideration_body", "court"):
        text = getattr(settings, name)
        if name == "office_name" and not is_visible(text):
            found.append(SettingsFault(name, "name_missing"))
        elif len(text) > LONGEST_NAME:
            found.append(SettingsFault(name, "name_too_long"))
        elif not all(map(is_printable, text)):
            found.append(SettingsFault(name, "name_not_printable"))
    seen: set[str] = set()
    for series in PaperSeries:
        mark = settings.marks[series]
        if not _MARK.match(mark) or not all(map(is_printable, mark)):
            found.append(SettingsFault(mark_key(series), "mark_malformed"))
        elif mark in seen:
            found.append(SettingsFault(mark_key(series), "mark_twice"))
        elif mark in marks_of_others:
            found.append(SettingsFault(mark_key(series), "mark_of_another"))
        seen.add(mark)
    return tuple(found)
