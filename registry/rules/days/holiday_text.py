"""The grammar of the State Council's holiday notices: headings, days off, days worked, extensions.

Each sentence stands under a heading that names its holidays (元旦：, 中秋节、国庆节：). Its clauses are days with a
verb (放假调休, 补休, 上班), or a remark about them (共3天, 与周末连休). A sentence that names days but cannot be read
is refused; one that only encourages (鼓励…) or names no day arranges nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from registry.rules.days.holiday_reading import Reading, holiday_code, normalise
from registry.rules.days.working_days import DayReason

_ONE_DAY = timedelta(days=1)
_LONGEST_RANGE = timedelta(days=20)
_WEEKDAYS = {
    sign: number
    for number, signs in enumerate(("一", "二", "三", "四", "五", "六", "日天"))
    for sign in signs
}

_HEADING = re.compile(
    r"(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十\d]+\)|\d+[.、])?([^:,。()]{1,40}?):"
)
_BARE_HEADING = re.compile(
    r"(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十\d]+\)|\d+[.、])?([^:,。()\d]{2,12})\Z"
)
_ONE = re.compile(
    r"(?:(?P<year>\d{4})年)?(?:(?P<month>\d{1,2})月)?(?P<day>\d{1,2})日(?:\((?P<note>[^()]*)\))?"
)
_RANGE = re.compile(r"[至到\-—–~]+")
_JOINT = re.compile(r"[、和及]")
_STATED_WEEKDAY = re.compile(r"(?:星期|周|礼拜)([一二三四五六日天])")
_OUTER_COMMA = re.compile(r",(?![^()]*\))")
_OFF_VERB = re.compile(r"(?:放假(?:调休|公休)?|调休放假|公休|补休|休息|调休)(?:共?(\d+)天)?\Z")
_WORK_VERB = re.compile(r"(?:照常|正常)?上班\Z")
_RESUME_VERB = re.compile(r"起(?:照常|正常)?上班\Z")
_COUNT = re.compile(r"(?:共|放假)(?:计)?(\d+)天\Z")
_REMARK = re.compile(r"(?:与周末连休|不调休|调休|放假调休|放假)\Z")
_EXTENSION = re.compile(r"(?:将)?延长(?:\d{4}年)?([^\d]{1,8}?)(?:假期)?至(.+)\Z")
_TITLE_YEAR = re.compile(r"(\d{4})年部分节假日")
_DATED_ONLY = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日\Z")
_NAMES_A_DAY = re.compile(r"\d{1,2}月\d{1,2}日|\d{1,2}日|\d天")
_ARRANGES_NOTHING = ("鼓励", "提倡", "建议")


@dataclass(slots=True)
class _Place:
    """The position in the text: the line, the holidays of the heading, the year and month last named."""

    number: int = 0
    names: tuple[str, ...] = ()
    year: int | None = None
    month: int | None = None


@dataclass(slots=True)
class _Sentence:
    """What one sentence has named so far; days without a verb yet are `waiting`."""

    waiting: list[list[date]] = field(default_factory=list)
    off: list[date] = field(default_factory=list)
    joins_weekend: bool = False
    counts: list[int] = field(default_factory=list)


def read_text(reading: Reading) -> None:
    """Reads the official text into a reading, with every contradiction that its lines show."""
    place = _Place()
    for place.number, line in enumerate(reading.lines, start=1):
        plain = normalise(line)
        stated = _TITLE_YEAR.search(plain)
        if stated is not None and int(stated[1]) != reading.year:
            reading.refuse("year_differs", place.number, stated=int(stated[1]), year=reading.year)
        if _DATED_ONLY.match(plain):
            continue
        for sentence in re.split(r"[。;!]", plain):
            _read_sentence(_under_heading(sentence, place), place, reading)


def _under_heading(sentence: str, place: _Place) -> str:
    """The sentence without its heading; a heading with names of holidays stays in force until the next."""
    heading = _HEADING.match(sentence) or _BARE_HEADING.match(sentence)
    if heading is None:
        return sentence
    found = [holiday_code(name) for name in _JOINT.split(heading[1])]
    if heading.re is _BARE_HEADING and None in found:
        return sentence
    place.names = tuple(name for name in found if name is not None) if None not in found else ()
    place.month = place.year = None
    return sentence[heading.end() :]


def _read_sentence(sentence: str, place: _Place, reading: Reading) -> None:
    if not _NAMES_A_DAY.search(sentence) or sentence.startswith(_ARRANGES_NOTHING):
        return
    before = len(reading.contradictions)
    said = _Sentence()
    for clause in _OUTER_COMMA.split(sentence):
        if not clause or _read_extension(clause, place, reading):
            continue
        if not _read_clause(clause, said, place, reading):
            if len(reading.contradictions) == before:
                reading.refuse("not_understood", place.number, clause=clause[:60])
            return
    if said.waiting and len(reading.contradictions) == before:
        reading.refuse("not_understood", place.number, clause=sentence[:60])
    _check_counts(said, place, reading)


def _read_clause(clause: str, said: _Sentence, place: _Place, reading: Reading) -> bool:
    """Reads a clause and returns whether it made sense; days without a verb wait for the next clause."""
    end = 0
    named: list[list[date]] = []
    for text, position in _named_days(clause):
        days = _days_of(text, place, reading)
        if days is None:
            return False
        named.append(days)
        end = position
    verb = clause[end:]
    if not named:
        return _read_remark(clause, said)
    if not verb:
        said.waiting += named
        return True
    named = said.waiting + named
    said.waiting = []
    if off := _OFF_VERB.match(verb):
        if not place.names:
            reading.refuse("holiday_unknown", place.number, found=clause[:20])
            return False
        for day in (day for days in named for day in days):
            reading.add_off(day, _name_for(day, place.names), place.number)
            said.off.append(day)
        if off[1]:
            said.counts.append(int(off[1]))
        return True
    if _RESUME_VERB.match(verb):
        for day in (days[0] for days in named):
            if day in reading.off:
                reading.refuse(
                    "day_off_and_worked",
                    place.number,
                    day=day.isoformat(),
                    other_line=reading.found_in[day],
                )
        return True
    if _WORK_VERB.match(verb):
        for day in (day for days in named for day in days):
            reading.add_worked(day, place.number)
        return True
    return False


def _read_remark(clause: str, said: _Sentence) -> bool:
    if count := _COUNT.match(clause):
        said.counts.append(int(count[1]))
        return True
    if "周末连休" in clause:
        said.joins_weekend = True
    return _REMARK.match(clause) is not None


def _read_extension(clause: str, place: _Place, reading: Reading) -> bool:
    """Reads 延长春节假期至2月2日: the holiday lasts until that day; make-up days before it become days off."""
    extension = _EXTENSION.match(clause)
    name = holiday_code(extension[1]) if extension else None
    if extension is None or name is None:
        return False
    known = [day for day, each in reading.off.items() if each == name]
    until = _days_of(extension[2], place, reading)
    if until is None:
        return True
    if not known or until[-1] <= max(known):
        reading.refuse("extension_of_nothing", place.number, found=extension[1])
        return True
    day = max(known) + _ONE_DAY
    while day <= until[-1]:
        reading.worked.discard(day)
        reading.off[day] = name
        reading.found_in[day] = place.number
        day += _ONE_DAY
    return True


def _named_days(clause: str) -> Iterator[tuple[str, int]]:
    """The days and ranges at the beginning of a clause, each with where it ends."""
    position = 0
    while (first := _ONE.match(clause, position)) is not None:
        end = first.end()
        reach = _RANGE.match(clause, end)
        if reach is not None and (last := _ONE.match(clause, reach.end())) is not None:
            end = last.end()
        yield clause[position:end], end
        joint = _JOINT.match(clause, end)
        position = joint.end() if joint is not None else len(clause)


def _days_of(text: str, place: _Place, reading: Reading) -> list[date] | None:
    """The days of one named day or range; None when a date does not exist or the range is wrong."""
    named = [day for match in _ONE.finditer(text) if (day := _day(match, place, reading)) is not None]
    matches = len(list(_ONE.finditer(text)))
    if not matches or len(named) < matches:
        return None
    first, last = named[0], named[-1]
    if first > last:
        reading.refuse("range_reversed", place.number, first=first.isoformat(), last=last.isoformat())
        return None
    if last - first > _LONGEST_RANGE:
        reading.refuse("range_too_long", place.number, first=first.isoformat(), last=last.isoformat())
        return None
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]


def _day(match: re.Match[str], place: _Place, reading: Reading) -> date | None:
    year = int(match["year"]) if match["year"] else None
    month = int(match["month"]) if match["month"] else place.month
    if match["month"]:
        if year is None and place.year is not None and place.month is not None:
            # After "2022年12月31日", "1月2日" lies in the year that follows.
            year = place.year + (1 if int(match["month"]) < place.month else 0)
        elif year is None and int(match["month"]) == 12 and DayReason.NEW_YEAR in place.names:
            year = reading.year - 1
        place.year = year
    else:
        year = place.year
    place.month = month
    found = f"{match['month'] or month or ''}月{match['day']}日"
    try:
        day = date(year or reading.year, month or 0, int(match["day"]))
    except ValueError:
        reading.refuse("no_such_day", place.number, found=found)
        return None
    stated = _STATED_WEEKDAY.search(match["note"] or "")
    if stated is not None and _WEEKDAYS[stated[1]] != day.weekday():
        reading.refuse(
            "weekday_differs",
            place.number,
            day=day.isoformat(),
            stated=_WEEKDAYS[stated[1]],
            weekday=day.weekday(),
        )
    return day


def _name_for(day: date, names: tuple[str, ...]) -> str:
    """The holiday that a day belongs to, when a heading names National Day and the Mid-autumn Festival."""
    if len(names) > 1 and DayReason.NATIONAL_DAY in names:
        others = [name for name in names if name != DayReason.NATIONAL_DAY]
        return DayReason.NATIONAL_DAY if day.month == 10 else others[0]
    return names[0]


def _check_counts(said: _Sentence, place: _Place, reading: Reading) -> None:
    """Compares stated day counts with the days read; a holiday joined with a weekend may include its days."""
    counted = len(said.off)
    allowed = {counted}
    if said.joins_weekend and said.off:
        first, last = min(said.off), max(said.off)
        while (first - _ONE_DAY).weekday() >= 5:
            first -= _ONE_DAY
        while (last + _ONE_DAY).weekday() >= 5:
            last += _ONE_DAY
        allowed.add((last - first).days + 1)
    for stated in said.counts:
        if stated not in allowed:
            reading.refuse("day_count_differs", place.number, stated=stated, counted=counted)
