"""Holiday notices: the official years give the official days, and every contradiction names its line."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest

from registry.rules.days.holiday_notice import HolidayNoticeRefused, ReadNotice, as_table, read_notice
from registry.rules.days.holiday_reading import holiday_code
from registry.rules.days.official_days import calendar_with, shipped_calendar, shipped_days
from registry.rules.days.working_days import is_working_day

NOTICES = tomllib.loads(
    (Path(__file__).resolve().parents[3] / "data" / "holiday_notices.toml").read_text(encoding="utf-8")
)
YEARS = tuple(range(2020, 2027))
INVENTED = NOTICES["invented_2027"]
REAL = {
    **{year: NOTICES[str(year)] for year in range(2008, 2027) if year != 2019},
    2019: NOTICES["first_2019"] + NOTICES["correction_2019"],
}


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


# ---------------------------------------------------------------- notices as they are really written


def refusal(text: str, year: int) -> list[str]:
    return [code for code, _line in contradictions(text, year)]


def test_every_notice_of_2008_to_2026_gives_the_shipped_days() -> None:
    shipped = shipped_calendar()
    read_again = calendar_with(
        {year: read_notice(text, year=year).announced for year, text in REAL.items()}, version="test"
    )
    first, last = date(2007, 12, 29), date(2026, 12, 31)
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    assert [day for day in days if is_working_day(day, read_again) != is_working_day(day, shipped)] == []
    assert {day for day in read_again.make_up_days if day >= first} == {
        day for day in shipped.make_up_days if day >= first
    }


def test_a_notice_of_before_2008_needs_no_holiday_of_later_years() -> None:
    found = read_notice(NOTICES["2007"], year=2007).announced
    assert {day for day in found.make_up_days if day.year == 2006} == {date(2006, 12, 30), date(2006, 12, 31)}
    assert {day for day in found.make_up_days if day.year == 2007} | {date(2007, 12, 29)} == set(
        shipped_days().announced[2007].make_up_days
    )


def test_the_last_day_of_2005_was_worked_under_the_notice_of_2006() -> None:
    assert is_working_day(date(2005, 12, 31), shipped_calendar())


@pytest.mark.parametrize(
    "written",
    [
        "4.25（星期日）、5.8（星期六）上班",
        "4/25（星期日）、5/8（星期六）上班",
        "4-25、5-8上班",
        "四月二十五日（星期日）、五月八日（星期六）上班",
        "4月25日（星期日）、5.8（星期六）上班",
        "4.25、5月8日（星期六）上班",
        "前后两个周末上班",
        "节前的周日和节后的周六调休上班",
        "周日照常上班",
        "20270425、20270508上班",
        "4月25日（星期日）和5.8（星期六）补班，上班时间照旧",
        "请各单位于4.25（星期日）、5.8（星期六）上班",
        "调休上班的日子按单位规定",
        "上班日期另行通知",
        "调休安排由各单位自行决定",
        "补休日期另行规定",
        "除夕上班",
        "节后职工上班",
    ],
)
def test_a_sentence_that_arranges_something_and_yields_no_day_is_refused(written: str) -> None:
    text = altered("4月25日（星期日）、5月8日（星期六）上班", written)
    assert contradictions(text) == [("not_understood", 5)]


@pytest.mark.parametrize(
    "written", ["4月25号（星期日）、5月8号（星期六）上班", "4月25日(周日)和5月8日(周六)照常上班"]
)
def test_days_in_other_usual_forms_are_read(written: str) -> None:
    text = altered("4月25日（星期日）、5月8日（星期六）上班", written)
    assert read_notice(text, year=2027).announced == read_notice(INVENTED, year=2027).announced


def test_a_correction_takes_the_place_of_what_was_announced() -> None:
    first = read_notice(NOTICES["first_2019"], year=2019).announced
    corrected = read_notice(NOTICES["first_2019"] + NOTICES["correction_2019"], year=2019).announced
    added = {date(2019, 5, day) for day in (2, 3, 4)}
    assert set(corrected.holidays) - set(first.holidays) == added
    assert corrected.make_up_days - first.make_up_days == {date(2019, 4, 28), date(2019, 5, 5)}


def test_a_correction_under_its_own_heading_with_its_year_is_read_alike() -> None:
    line = "四、劳动节：2019年5月1日至4日放假调休，共4天。4月28日（星期日）、5月5日（星期日）上班。\n"
    whole = read_notice(REAL[2019], year=2019).announced
    assert read_notice(NOTICES["first_2019"] + line, year=2019).announced == whole
    assert (
        read_notice(NOTICES["first_2019"].replace("四、劳动节：5月1日放假。\n", line), year=2019).announced
        == whole
    )


def test_a_correction_takes_back_the_days_worked_for_what_it_replaces() -> None:
    text = INVENTED + "关于调整2027年劳动节假期安排的通知\n劳动节：5月1日放假，与周末连休。\n"
    before, after = read_notice(INVENTED, year=2027).announced, read_notice(text, year=2027).announced
    assert before.make_up_days - after.make_up_days == {date(2027, 4, 25), date(2027, 5, 8)}


def test_the_same_holiday_twice_without_a_correction_is_refused() -> None:
    assert refusal(INVENTED + "劳动节：5月1日至2日放假。\n", 2027) == ["day_named_twice", "day_named_twice"]


def test_a_numbered_extension_is_read() -> None:
    text = NOTICES["2020"]
    assert "一、延长2020年春节" in text
    assert date(2020, 2, 2) in read_notice(text, year=2020).announced.holidays
    assert refusal(text.replace("延长2020年春节", "延长2021年春节"), 2020) == ["year_differs"]


@pytest.mark.parametrize(
    "line",
    [
        "国务院办公厅关于2026年部分节假日安排的通知",
        "现将2026年元旦、春节、清明节、劳动节放假调休日期的具体安排通知如下。",
        "2025年10月30日",
        "国务院办公厅 2028年11月4日",
        "二〇二五年十一月四日",
        "二○二五年十二月八日",
        "祝节日平安。国务院办公厅2025年11月4日",
        "（2025年11月4日）",
        "2025-11-04",
        "现公布2026年放假安排。",
        "2026年“五一”假期安排",
        "关于调整2026年劳动节假期安排的通知",
    ],
)
@pytest.mark.parametrize("place", [0, 3, 99])
def test_title_preamble_and_signature_are_of_the_year_of_the_notice(line: str, place: int) -> None:
    lines = INVENTED.splitlines()
    lines.insert(place, line)
    found = refusal("\n".join(lines), 2027)
    assert found[0] == "year_differs"


@pytest.mark.parametrize(
    "line",
    [
        "2026年11月4日",
        "国务院办公厅\n2026年11月4日",
        "2027年1月26日",
        "二〇二六年十一月四日",
        "2026年11月4日（星期三）",
    ],
)
def test_a_notice_is_signed_in_its_year_or_the_one_before(line: str) -> None:
    assert (
        read_notice(f"{INVENTED}\n{line}\n", year=2027).announced
        == read_notice(INVENTED, year=2027).announced
    )


@pytest.mark.parametrize(
    "around",
    [
        "新华社北京11月4日电（记者 样例）国务院办公厅4日发布关于2027年部分节假日安排的通知。",
        "发布时间：2026-11-04 10:00　来源：中国政府网",
        "2026年11月4日 10:00 来源：样例网 字号：大 中 小 打印",
        "国办发明电〔2026〕7号",
        "索引号：000014349/2026-00100　成文日期：2026年11月4日",
        "各省、自治区、直辖市人民政府，国务院各部委、各直属机构：",
        "经国务院批准，现将2027年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。",
        "根据2024年11月修订的放假办法，自2025年1月1日起，全体公民放假的假日增加2天，放假调休原则如下：",
    ],
)
def test_lines_of_the_press_and_the_preamble_arrange_nothing(around: str) -> None:
    assert (
        read_notice(f"{around}\n{INVENTED}", year=2027).announced
        == read_notice(INVENTED, year=2027).announced
    )


@pytest.mark.parametrize(
    "around",
    [
        "节假日期间，各单位要安排好值班，遇有重大情况及时报告。",
        "不能休假的职工，按照劳动法规定安排补休。",
        "鼓励单位安排职工在2月4日（除夕）前错峰放假。",
        "责任编辑：样例　2026年11月4日 10:00",
        "（新华社北京11月4日电）",
    ],
)
def test_what_is_said_after_the_last_holiday_arranges_nothing(around: str) -> None:
    assert (
        read_notice(f"{INVENTED}{around}\n", year=2027).announced
        == read_notice(INVENTED, year=2027).announced
    )


def test_a_weekend_day_that_is_taken_on_another_day_is_worked_said_again_or_not() -> None:
    moved = altered(
        "4月25日（星期日）、5月8日（星期六）上班",
        "其中，4月25日（星期日）、5月8日（星期六）两个公休日调至5月4日（星期二）、5日（星期三）",
    )
    again = moved.replace(
        "至5月4日（星期二）、5日（星期三）", "至5月4日（星期二）、5日（星期三），4月25日、5月8日上班"
    )
    expected = read_notice(INVENTED, year=2027).announced
    assert read_notice(moved, year=2027).announced == expected
    assert read_notice(again, year=2027).announced == expected


def test_only_weekend_days_are_taken_on_another_day() -> None:
    text = altered("4月25日（星期日）、5月8日（星期六）上班", "4月26日公休日调至5月4日")
    assert refusal(text, 2027) == ["make_up_day_on_weekday"]


def test_december_under_new_year_is_that_of_the_year_before_also_behind_january() -> None:
    text = (
        NOTICES["first_2019"]
        .replace("2018年12月30日至2019年1月1日", "12月30日至1月1日")
        .replace("2018年12月29日", "12月29日")
    )
    assert read_notice(text, year=2019).announced == read_notice(NOTICES["first_2019"], year=2019).announced
