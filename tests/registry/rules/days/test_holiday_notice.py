"""Holiday notices: the official years give the official days, and every contradiction names its line."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest

from registry.rules.days.holiday_notice import HolidayNoticeRefused, ReadNotice, as_table, read_notice
from registry.rules.days.holiday_reading import holiday_code
from registry.rules.days.official_days import calendar_with, shipped_days
from registry.rules.days.working_days import is_working_day

NOTICES = tomllib.loads(
    (Path(__file__).resolve().parents[3] / "data" / "holiday_notices.toml").read_text(encoding="utf-8")
)
YEARS = tuple(range(2020, 2027))
INVENTED = NOTICES["invented_2027"]


def read(year: int) -> ReadNotice:
    return read_notice(NOTICES[str(year)], year=year)


def contradictions(text: str, year: int = 2027) -> list[tuple[str, int]]:
    with pytest.raises(HolidayNoticeRefused) as refusal:
        read_notice(text, year=year)
    return [(each.code, each.line_number) for each in refusal.value.contradictions]


def altered(old: str, new: str) -> str:
    assert old in INVENTED
    return INVENTED.replace(old, new)


@pytest.mark.parametrize("year", YEARS)
def test_the_official_years_give_the_days_of_chinesecalendar(year: int) -> None:
    calendar = calendar_with({year: read(year).announced}, version="test")
    first = date(year, 1, 1)
    days = [first + timedelta(days=offset) for offset in range((date(year + 1, 1, 1) - first).days)]
    assert [is_working_day(day, calendar) for day in days] == [
        chinese_calendar.is_workday(day) for day in days
    ]


@pytest.mark.parametrize("year", YEARS)
def test_make_up_days_are_those_that_ship(year: int) -> None:
    shipped = shipped_days().announced[year].make_up_days
    assert {day for day in read(year).announced.make_up_days if day.year == year} == set(shipped)


def test_a_notice_reaches_into_december_of_the_year_before() -> None:
    assert read(2023).announced.holidays[date(2022, 12, 31)] == "new_year"
    unsaid = NOTICES["2023"].replace("2022年12月31日至2023年1月2日", "12月31日至1月2日")
    assert read_notice(unsaid, year=2023).announced == read(2023).announced
    worked = altered("共3天。\n二、", "共3天。12月27日（星期日）上班。\n二、")
    assert date(2026, 12, 27) in read_notice(worked, year=2027).announced.make_up_days


def test_the_day_after_an_extension_is_said_to_be_worked_and_is() -> None:
    assert date(2020, 2, 3) not in read(2020).announced.holidays


def test_the_holiday_of_2015_alone_is_known_by_its_long_name() -> None:
    assert holiday_code("中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日") == "victory_day_2015"
    assert holiday_code("胜利日") is None


def test_what_is_only_encouraged_is_worked() -> None:
    assert date(2024, 2, 9) not in read(2024).announced.holidays


def test_two_holidays_under_one_heading_keep_their_names() -> None:
    holidays = read(2023).announced.holidays
    assert (holidays[date(2023, 9, 30)], holidays[date(2023, 10, 1)]) == (
        "mid_autumn_festival",
        "national_day",
    )


def test_an_extension_takes_back_the_make_up_days_it_covers() -> None:
    announced = read(2020).announced
    assert announced.holidays[date(2020, 2, 2)] == "spring_festival"
    assert date(2020, 2, 1) not in announced.make_up_days


def test_each_line_tells_what_was_read_from_it() -> None:
    lines = {line.number: line for line in read_notice(INVENTED, year=2027).lines}
    assert (lines[1].off, lines[1].worked) == ((), ())
    assert lines[3].worked == (date(2027, 1, 31), date(2027, 2, 20))
    assert (lines[3].off[0], lines[3].off[-1]) == (date(2027, 2, 5), date(2027, 2, 12))


@pytest.mark.parametrize("year", [*YEARS, 2027])
def test_a_table_gives_what_the_text_gives(year: int) -> None:
    announced = read_notice(NOTICES.get(str(year), INVENTED), year=year).announced
    assert read_notice(as_table(announced), year=year).announced == announced


def test_a_table_may_be_in_chinese() -> None:
    table = as_table(read_notice(INVENTED, year=2027).announced)
    chinese = table.replace(",off,new_year", ",放假,元旦").replace(",work,", ",上班,")
    assert read_notice(chinese, year=2027).announced == read_notice(table, year=2027).announced


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("1月1日（星期五）", "1月1日（星期四）", "weekday_differs", 2),
        ("2月20日（星期六）", "2月20日（周日）", "weekday_differs", 3),
        ("至12日（星期五）放假调休，共8天", "至12日（星期五）放假调休，共7天", "day_count_differs", 3),
        ("放假1天，不调休", "放假2天，不调休", "day_count_differs", 6),
        ("2月20日（星期六）上班", "2月22日上班", "make_up_day_on_weekday", 3),
        ("2月20日（星期六）上班", "2月6日（星期六）上班", "day_off_and_worked", 3),
        ("6月9日（星期三）", "6月31日", "no_such_day", 6),
        ("6月9日（星期三）", "2028年6月9日", "day_in_another_year", 6),
        ("2月20日（星期六）上班", "2028年2月20日上班", "day_in_another_year", 3),
        ("2月20日（星期六）上班", "1月31日上班", "day_named_twice", 3),
        ("2月20日（星期六）上班", "2月20日上班，2月20日放假", "day_off_and_worked", 3),
        ("放假1天，不调休", "放假1天，6月9日起正常上班", "day_off_and_worked", 6),
        ("放假1天，不调休", "放假1天，延长端午节假期至6月9日", "extension_of_nothing", 6),
        ("放假1天，不调休", "放假1天，延长端午节假期至6月31日", "no_such_day", 6),
        ("6月9日（星期三）放假1天，不调休", "6月9日（星期三）", "not_understood", 6),
        ("1月1日（星期五）至3日（星期日）", "1月3日至1日", "range_reversed", 2),
        ("至7日（星期四）放假调休，共7天", "至30日放假调休", "range_too_long", 8),
        ("2027年部分节假日", "2026年部分节假日", "year_differs", 1),
        ("五、端午节：", "五、重阳节：", "holiday_unknown", 6),
        ("6月9日（星期三）放假1天", "6月9日（星期三）大家庆祝", "not_understood", 6),
        ("9月15日（星期三）放假", "6月9日（星期三）放假", "day_named_twice", 7),
        ("五、端午节：6月9日（星期三）放假1天，不调休。\n", "", "holidays_missing", 0),
    ],
)
def test_a_contradiction_is_refused_with_its_line(old: str, new: str, code: str, line: int) -> None:
    assert (code, line) in contradictions(altered(old, new))


def test_every_contradiction_is_named_at_once() -> None:
    text = altered("1月1日（星期五）", "1月1日（星期四）").replace("放假1天，不调休", "放假2天")
    assert contradictions(text) == [("weekday_differs", 2), ("day_count_differs", 6)]


def test_joined_with_the_weekend_its_days_may_be_counted_in() -> None:
    joined = altered("1月1日（星期五）至3日（星期日）放假，共3天", "1月1日放假，与周末连休，共3天")
    assert date(2027, 1, 2) not in read_notice(joined, year=2027).announced.holidays


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("2027-02-30,off,new_year", "no_such_day"),
        ("2027-01-01,holiday,new_year", "table_kind"),
        ("2027-01-01,off,birthday", "holiday_unknown"),
        ("2027-01-01,off", "holiday_unknown"),
        ("2027-01-04,work,", "make_up_day_on_weekday"),
        ("2027-01-01", "table_line"),
    ],
)
def test_a_line_of_a_table_that_cannot_be_is_refused(line: str, code: str) -> None:
    assert contradictions(f"date,kind,name\n{line}\n") == [(code, 2)]


@pytest.mark.parametrize("text", ["", "hello", "放假", "x" * 30_000, "date,kind,name\n"])
def test_what_is_no_notice_is_refused(text: str) -> None:
    assert contradictions(text)[0][1] == 0
