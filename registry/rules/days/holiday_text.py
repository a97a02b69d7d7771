"""The grammar of the State Council's holiday notices: headings, days off, days worked, extensions, corrections.

Each sentence stands under a heading that names its holidays (元旦：, 中秋节、国庆节：). Its clauses are days with a
verb (放假调休, 补休, 上班, 公休日调至), or a remark about them (共3天, 与周末连休). A sentence that arranges something
or names days but cannot be read is refused. What only encourages (鼓励…) or speaks of rules in general arranges
nothing, nor do lines of the press around a notice. A correction (调整…) takes the place of what was said before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from registry.rules.days.holiday_reading import Reading, holiday_code, normalise
from registry.rules.days.holiday_years import check_years, is_signature
from registry.rules.days.working_days import DayReason

_ONE_DAY = timedelta(days=1)
_NUMERALS = {sign: number for number, sign in enumerate("一二三四五六七八九十", start=1)}
_LONGEST_RANGE = timedelta(days=20)
_WEEKDAYS = {
    sign: number
    for number, signs in enumerate(("一", "二", "三", "四", "五", "六", "日天"))
    for sign in signs
}

_NUMBERING = r"(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十\d]+\)|\d{1,2}[.、](?!\d))"
_NUMBERED = re.compile(_NUMBERING)
_HEADING = re.compile(rf"{_NUMBERING}?([^:,。()]{{1,40}}?):")
_BARE_HEADING = re.compile(rf"{_NUMBERING}?([^:,。()\d]{{2,12}})\Z")
_ONE = re.compile(
    r"(?:(?P<year>\d{4})年)?(?:(?P<month>\d{1,2})月)?(?P<day>\d{1,2})[日号](?:\((?P<note>[^()]*)\))?"
)
_RANGE = re.compile(r"[至到\-—–~]+")
_JOINT = re.compile(r"[、和及]")
_STATED_WEEKDAY = re.compile(r"(?:星期|周|礼拜)([一二三四五六日天])")
_OUTER_COMMA = re.compile(r",(?![^()]*\))")
_OFF_VERB = re.compile(
    r"(?:放假(?:调休|公休)?|调休放假|公休|补休|休息|调休)(?:共?(\d+|[一二三四五六七八九十])天)?\Z"
)
_WORK_VERB = re.compile(r"(?:照常|正常)?上班\Z")
_RESUME_VERB = re.compile(r"起(?:照常|正常)?上班\Z")
_COUNT = re.compile(r"(?:共|放假)(?:计)?(\d+|[一二三四五六七八九十])天\Z")
_REMARK = re.compile(r"(?:与周末连休|不调休|调休|放假调休|放假)\Z")
# "其中" opens the reasons for days already named; "为法定节假日" and "照常公休" name no others.
_DETAIL = re.compile(r"其中[,:]?")
_LINKING = re.compile(r"(?:其中|将|另)[,:]?")
_CONFIRMS = re.compile(r"(?:为.{0,12}(?:法定(?:节)?假日|公休日)|照常公休)\Z")
_MOVED = re.compile(r"(.+?)(?:[两一二三四五六]个)?公休日(?:及[^\d]{1,6}?)?(?:分别)?调至(.+)\Z")
_EXTENSION = re.compile(r"(?:现?将)?延长(?:\d{4}年)?([^\d]{1,8}?)(?:假期)?至(.+)\Z")
_CORRECTION = re.compile(r"调整(?:\d{4}年)?([^\d,。;:]{2,8}?)(?:假期|放假|假日|休假)")
_SINGLE_DAY = re.compile(r"关于(.{4,60}纪念日)(?:调休)?放假")
_SENTENCE_END = re.compile(r"[。;!]|(?<=如下):")
_NAMES_A_DAY = re.compile(r"\d{1,2}月\d{1,2}[日号]|\d{1,2}[日号]|\d天")
_ARRANGES = re.compile(r"放假|调休|补休|公休|上班|连休")
_LIKE_A_DAY = re.compile(
    r"\d{1,2}(?:[月日号]|[./-]\d)|星期|礼拜|周[一二三四五六日天]|[一二三四五六七八九十廿]+[月日号]"
)
# What notices say before the first holiday, and what they say of workers in general.
_PREAMBLE = re.compile(r"通知|办法|规定|原则|国务院批准|日期")
_IN_GENERAL = re.compile(r"如下\Z|的通知\Z|放假办法|劳动法|职工|劳动者|工资|值班")
# What stands around a notice in the press.
_PRESS = re.compile(
    r"新华社|记者|来源|发布|编辑|时间|字号|日期|国办发|国务院办公厅|中国政府网|\d日电|责编|打印"
)
_ARRANGES_NOTHING = ("鼓励", "提倡", "建议")


@dataclass(slots=True)
class _Place:
    """The position in the text: the line, the holidays of the heading, the year and month last named.

    `has_begun` after the first heading of a holiday; `corrects` once a correction is announced.
    """

    number: int = 0
    names: tuple[str, ...] = ()
    has_begun: bool = False
    corrects: bool = False
    year: int | None = None
    month: int | None = None


@dataclass(slots=True)
class _Sentence:
    """What one sentence has named so far; days without a verb yet are `waiting`."""

    waiting: list[list[date]] = field(default_factory=list)
    off: list[date] = field(default_factory=list)
    joins_weekend: bool = False
    is_detail: bool = False
    counts: list[int] = field(default_factory=list)


def read_text(reading: Reading) -> None:
    """Reads the official text into a reading, with every contradiction that its lines show."""
    place = _Place()
    for place.number, line in enumerate(reading.lines, start=1):
        plain = normalise(line)
        check_years(plain, place.number, reading)
        _read_title(plain, place, reading)
        for sentence in _SENTENCE_END.split(plain):
            if is_signature(sentence, place.number, reading):
                continue
            if _PRESS.search(sentence) and not _ARRANGES.search(sentence):
                continue
            _read_sentence(_under_heading(sentence, place, reading), place, reading)


def _read_title(line: str, place: _Place, reading: Reading) -> None:
    """Takes the holiday that a correction or the notice of a single day names in its title."""
    if correction := _CORRECTION.search(line):
        place.corrects = True
    if (title := correction or _SINGLE_DAY.search(line)) and (name := holiday_code(title[1])):
        _begin((name,), place, reading, is_corrected=place.corrects)


def _begin(names: tuple[str, ...], place: _Place, reading: Reading, *, is_corrected: bool) -> None:
    """Begins the days of these holidays; a correction takes back those named before."""
    place.names, place.has_begun = names, True
    place.month = place.year = None
    if is_corrected and not set(names).isdisjoint(reading.off.values()):
        reading.take_back(names)


def _under_heading(sentence: str, place: _Place, reading: Reading) -> str:
    """The sentence without heading and number; a heading with names of holidays stays in force until the next."""
    heading = _HEADING.match(sentence) or _BARE_HEADING.match(sentence)
    if heading is None:
        return _NUMBERED.sub("", sentence, count=1) if _NUMBERED.match(sentence) else sentence
    found = [holiday_code(name) for name in _JOINT.split(heading[1])]
    if heading.re is _BARE_HEADING and None in found:
        return sentence
    rest = sentence[heading.end() :]
    names = tuple(name for name in found if name is not None)
    if len(names) == len(found):
        # Only corrections say the year of a holiday that was arranged before.
        is_corrected = place.corrects or re.match(r"\d{4}年", rest) is not None
        _begin(names, place, reading, is_corrected=is_corrected)
    elif not _IN_GENERAL.search(heading[1]) and not _PREAMBLE.search(heading[1]):
        place.names = ()
        place.month = place.year = None
    return rest


def _read_sentence(sentence: str, place: _Place, reading: Reading) -> None:
    if _arranges_nothing(sentence, place):
        return
    before = len(reading.contradictions)
    said = _Sentence(is_detail=_DETAIL.match(sentence) is not None)
    for clause in _OUTER_COMMA.split(sentence):
        clause = _LINKING.sub("", clause, count=1) if _LINKING.match(clause) else clause
        if not clause or _read_extension(clause, place, reading):
            continue
        if not _read_clause(clause, said, place, reading):
            if len(reading.contradictions) == before:
                reading.refuse("not_understood", place.number, clause=clause[:60])
            return
    if said.waiting and len(reading.contradictions) == before:
        reading.refuse("not_understood", place.number, clause=sentence[:60])
    _check_counts(said, place, reading)


def _arranges_nothing(sentence: str, place: _Place) -> bool:
    """Whether a sentence says nothing of days off or worked, or speaks of rules in general only."""
    arranges = _ARRANGES.search(sentence) is not None
    if sentence.startswith(_ARRANGES_NOTHING) or (not arranges and not _NAMES_A_DAY.search(sentence)):
        return True
    if not arranges:
        return False
    if not place.has_begun:
        return _PREAMBLE.search(sentence) is not None and "上班" not in sentence
    is_general = _IN_GENERAL.search(sentence) is not None and "上班" not in sentence
    return is_general and not _LIKE_A_DAY.search(sentence)


def _read_clause(clause: str, said: _Sentence, place: _Place, reading: Reading) -> bool:
    """Reads a clause and returns whether it made sense; days without a verb wait for the next clause."""
    if _CONFIRMS.search(clause):
        said.waiting = []
        return True
    if moved := _MOVED.match(clause):
        return _read_moved(moved[1], moved[2], place, reading)
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
            if not (said.is_detail and day in reading.off):
                reading.add_off(day, _name_for(day, place.names), place.number)
            said.off.append(day)
        if off[1]:
            said.counts.append(_count(off[1]))
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
            reading.add_worked(day, place.number, names=place.names)
        return True
    return False


def _read_moved(from_text: str, to_text: str, place: _Place, reading: Reading) -> bool:
    """Reads 9月27日（星期六）公休日调至9月29日（星期一）: the first is worked, the second off."""
    moved, taken = _all_days(from_text, place, reading), _all_days(to_text, place, reading)
    if not moved or not taken or not place.names:
        return False
    for day in taken:
        if day not in reading.off:
            reading.add_off(day, _name_for(day, place.names), place.number)
    for day in moved:
        reading.move(day, place.number, names=place.names)
    return True


def _all_days(text: str, place: _Place, reading: Reading) -> list[date]:
    """The days of a text that holds nothing else; empty for any other."""
    found: list[date] = []
    end = 0
    for named, position in _named_days(text):
        days = _days_of(named, place, reading)
        if days is None:
            return []
        found += days
        end = position
    return found if end == len(text) else []


def _read_remark(clause: str, said: _Sentence) -> bool:
    if count := _COUNT.match(clause):
        said.counts.append(_count(count[1]))
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
        year = year or _year_of_month(int(match["month"]), place, reading)
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


def _year_of_month(month: int, place: _Place, reading: Reading) -> int | None:
    """The year of a month that is named without one; None where the notice's own is meant."""
    if month == 12 and DayReason.NEW_YEAR in place.names:
        return reading.year - 1
    if place.year is not None and place.month == 12 and month < 12:
        return place.year + 1
    return place.year


def _count(text: str) -> int:
    """A number of days in digits, or up to ten in a Chinese numeral."""
    return _NUMERALS[text] if text in _NUMERALS else int(text)


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
