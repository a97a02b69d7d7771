"""The years that a holiday notice states: in its title and preamble, and the day on which it is signed."""

from __future__ import annotations

import re

from registry.rules.days.holiday_reading import Reading

# "2019年部分节假日", "2019年元旦、春节", "2019年劳动节假期", but no date such as 2019年5月1日.
_ARRANGED_YEAR = re.compile(r"(\d{4})年(?:部分|节假日|元旦|春节|清明|劳动|“?五一|端午|中秋|国庆|“?十一)")
_NUMERALS = {
    sign: str(value)
    for value, signs in enumerate(("〇○零0", "一", "二", "三", "四", "五", "六", "七", "八", "九"))
    for sign in signs
}
_SIGNED = re.compile(
    r"(?:\(?(?:中国政府网|国务院办公厅|国务院)\)?)?"
    r"(?:(?P<digits>\d{4})年\d{1,2}月\d{1,2}日|(?P<signs>[〇○零一二三四五六七八九]{4})年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}日)"
    r"(?:\(?(?:星期|周)[一二三四五六日天]\)?)?(?:\d{1,2}:\d{2}(?::\d{2})?)?\Z"
)


def signed_year(line: str) -> int | None:
    """The year of a line that is nothing but the day of signature, with or without the office; None for another."""
    signed = _SIGNED.match(line)
    if signed is None:
        return None
    return int(signed["digits"] or "".join(_NUMERALS[sign] for sign in signed["signs"]))


def check_years(line: str, number: int, reading: Reading) -> None:
    """Refuses a line that arranges another year, or a signature of neither this year nor the one before."""
    stated = [int(year) for year in _ARRANGED_YEAR.findall(line) if int(year) != reading.year]
    signed = signed_year(line)
    if signed is not None and signed not in (reading.year - 1, reading.year):
        stated.append(signed)
    if stated:
        reading.refuse("year_differs", number, stated=stated[0], year=reading.year)
