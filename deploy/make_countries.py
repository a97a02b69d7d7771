"""Writes registry/data/countries.csv: the countries of ISO 3166-1 with their names by the Unicode CLDR.

Run by hand in an environment with `pycountry` and `babel`; registry/data/README.md says how.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pycountry
from babel import Locale

TARGET = Path(__file__).resolve().parent.parent / "registry" / "data" / "countries.csv"
# Residents of these have permits of their own, which the forms ask for.
OF_CHINA = frozenset({"HKG", "MAC", "TWN"})
# Nobody is at home there.
WITHOUT_PEOPLE = frozenset({"ATA", "ATF", "BVT", "HMD", "IOT", "SGS", "UMI"})
# As documents of the People's Republic of China write them.
OFFICIAL_NAMES = {
    "FLK": ("马尔维纳斯群岛（福克兰群岛）", "Falkland Islands (Malvinas)"),
    "PSE": ("巴勒斯坦", "Palestine"),
}


def rows() -> list[tuple[str, str, str]]:
    """Code, Chinese and English name, in the order of the Chinese names by their sound."""
    chinese, english = Locale("zh").territories, Locale("en").territories
    found = [
        (each.alpha_3, *OFFICIAL_NAMES.get(each.alpha_3, (chinese[each.alpha_2], english[each.alpha_2])))
        for each in pycountry.countries
        if each.alpha_3 not in OF_CHINA | WITHOUT_PEOPLE
    ]
    # The usual characters stand in GBK in the order of their sound.
    return sorted(found, key=lambda row: row[1].encode("gbk"))


if __name__ == "__main__":
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("code", "name_zh", "name_en"))
        writer.writerows(rows())
