"""Writes the English names of prefectures and counties, registry/data/place_names.csv.

Needs an environment with `pypinyin`, which reads the characters; names that it gets wrong, and those of minorities'
languages, stand in registry/data/irregular_place_names.txt. Types and peoples are translated by rule.

    python -m deploy.make_place_names
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from pypinyin import lazy_pinyin

from registry.rules.codes.jurisdictions import dated_names

DATA = Path(__file__).resolve().parents[1] / "registry" / "data"
# Nobody is registered under a division that ended before the portal's law was in sight.
EARLIEST_YEAR = 2015

# The longer type first.
TYPES = (
    ("自治州", "Autonomous Prefecture"),
    ("自治县", "Autonomous County"),
    ("自治旗", "Autonomous Banner"),
    ("行政委员会", "Administrative Committee"),
    ("地区", "Prefecture"),
    ("特区", "Special District"),
    ("盟", "League"),
    ("县", "County"),
    ("区", "District"),
    ("旗", "Banner"),
    ("市", ""),
)
WHOLE = {
    "市辖区": "Urban districts",
    "县": "Counties",
    "省直辖县级行政单位": "Directly under the province",
    "自治区直辖县级行政单位": "Directly under the autonomous region",
}
PEOPLES = {
    "蒙古": "Mongol",
    "回": "Hui",
    "藏": "Tibetan",
    "维吾尔": "Uygur",
    "苗": "Miao",
    "彝": "Yi",
    "壮": "Zhuang",
    "布依": "Bouyei",
    "朝鲜": "Korean",
    "满": "Manchu",
    "侗": "Dong",
    "瑶": "Yao",
    "白": "Bai",
    "土家": "Tujia",
    "哈尼": "Hani",
    "哈萨克": "Kazakh",
    "傣": "Dai",
    "黎": "Li",
    "傈僳": "Lisu",
    "佤": "Va",
    "畲": "She",
    "拉祜": "Lahu",
    "水": "Sui",
    "东乡": "Dongxiang",
    "纳西": "Naxi",
    "景颇": "Jingpo",
    "柯尔克孜": "Kyrgyz",
    "土": "Tu",
    "达斡尔": "Daur",
    "仫佬": "Mulao",
    "羌": "Qiang",
    "布朗": "Blang",
    "撒拉": "Salar",
    "毛南": "Maonan",
    "仡佬": "Gelao",
    "锡伯": "Xibe",
    "普米": "Pumi",
    "塔吉克": "Tajik",
    "怒": "Nu",
    "鄂温克": "Ewenki",
    "保安": "Bonan",
    "裕固": "Yugur",
    "独龙": "Derung",
    "鄂伦春": "Oroqen",
    "各": "Multi-ethnic",
}
# What these characters are read as in names of places; the irregular names have the exceptions.
READINGS = {
    "长": "chang",
    "都": "du",
    "圩": "xu",
    "漯": "luo",
    "峒": "tong",
    "尾": "wei",
    "泊": "bo",
    "柏": "bai",
    "棱": "ling",
    "覃": "qin",
}
# Peoples that are named without the word for people, and the places whose name a people gave.
_PLAIN_PEOPLES = ("哈萨克", "蒙古", "柯尔克孜", "锡伯", "塔吉克")
_NAMED_AFTER_A_PEOPLE = {"东乡族": "Dongxiang", "鄂伦春": "Oroqen", "鄂温克族": "Ewenki"}
_LONGEST_FIRST = "|".join(sorted(PEOPLES, key=len, reverse=True))
_PEOPLE = re.compile(rf"(?P<people>{_LONGEST_FIRST})族\Z|(?P<plain>{'|'.join(_PLAIN_PEOPLES)})\Z")
_SIMPLIFIED = str.maketrans("區縣員會", "区县员会")


class Namer:
    """Gives English names; reads the irregular ones once."""

    def __init__(self) -> None:
        self.irregular: dict[tuple[str, str], str] = {}
        for line in (DATA / "irregular_place_names.txt").read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                province, name, english = line.split(" ", 2)
                self.irregular[province, name] = english

    def english(self, code: str, name: str) -> str:
        name = name.translate(_SIMPLIFIED)
        if name in WHOLE:
            return WHOLE[name]
        kind, word = next(((kind, word) for kind, word in TYPES if name.endswith(kind)), ("", ""))
        stem = name.removesuffix(kind)
        if len(stem) == 1 and kind == "市":
            stem = name
        peoples: list[str] = []
        if word.startswith("Autonomous"):
            if stem in _NAMED_AFTER_A_PEOPLE:
                return f"{_NAMED_AFTER_A_PEOPLE[stem]} {word}"
            while found := _PEOPLE.search(stem):
                peoples.insert(0, PEOPLES[found["people"] or found["plain"]])
                stem = stem[: found.start()]
        return " ".join(filter(None, (self._romanised(code, stem), _listed(peoples), word)))

    def _romanised(self, code: str, stem: str) -> str:
        given = self.irregular.get((code[:2], stem)) or self.irregular.get(("-", stem))
        if given:
            return given
        read = lazy_pinyin(stem, v_to_u=True)
        syllables = [READINGS.get(each, syllable) for each, syllable in zip(stem, read, strict=True)]
        joined = syllables[0] + "".join(f"'{each}" if each[0] in "aeo" else each for each in syllables[1:])
        return joined[0].upper() + joined[1:]


def _listed(peoples: list[str]) -> str:
    if len(peoples) < 2:
        return "".join(peoples)
    return f"{', '.join(peoples[:-1])} and {peoples[-1]}"


def rows() -> Iterator[tuple[str, str, str]]:
    """Code, name and English name of every division since EARLIEST_YEAR, in the order of codes."""
    namer = Namer()
    for code, dated in sorted(dated_names().items()):
        for each in dated:
            if each.last_year >= EARLIEST_YEAR and not code.endswith("0000"):
                yield code, each.name, namer.english(code, each.name)


def main() -> None:
    with (DATA / "place_names.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("code", "name", "english"))
        writer.writerows(rows())


if __name__ == "__main__":
    main()
