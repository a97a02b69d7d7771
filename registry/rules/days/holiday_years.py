"""The years that a holiday notice states: in its title and preamble, and the day on which it is signed."""

from __future__ import annotations

import re

from registry.rules.days.holiday_reading import Reading

# "2019年部分节假日", "2019年元旦、春节", "2019年劳动节假期", but no date such as 2019年5月1日.
_ARRANGED_YEAR = re.compile(
    r"(\d{4})年的?(?:部分|节假日|放假|假期|假日|“?(?:元旦|春节|清明|劳动|五一|端午|中秋|国庆|十一))"
)
_SIGN = "〇○零一二三四五六七八九"
_DIGITS = str.maketrans(_SIGN, "000123456789")
_OFFICE = r"\(?(?:国务院办公厅|国务院|中国政府网)?\)?\(?"
_END = r"\)?(?:\(?(?:星期|周)[一二三四五六日天]\)?)?(?:\d{1,2}:\d{2}(?::\d{2})?)?\Z"
_SIGNED = re.compile(
    rf"{_OFFICE}(?:(?P<digits>\d{{4}})(?:年\d{{1,2}}月\d{{1,2}}日|[-/.]\d{{1,2}}[-/.]\d{{1,2}})"
    rf"|(?P<signs>[{_SIGN}]{{4}})年[一二三四五六七八九十]{{1,3}}月[一二三四五六七八九十]{{1,3}}日){_END}"
)


def check_years(line: str, number: int, reading: Reading) -> None:
    """Refuses a line that speaks of the holidays of another year."""
    for year in map(int, _ARRANGED_YEAR.findall(line)):
        if year != reading.year:
            reading.refuse("year_differs", number, stated=year, year=reading.year)
            return


def is_signature(sentence: str, number: int, reading: Reading) -> bool:
    """Whether a sentence is nothing but the day of signature; refuses one of neither this year nor the one before."""
    signed = _SIGNED.match(sentence)
    if signed is None:
        return False
    year = int(signed["digits"] or signed["signs"].translate(_DIGITS))
    if year not in (reading.year - 1, reading.year):
        reading.refuse("year_differs", number, stated=year, year=reading.year)
    return True
