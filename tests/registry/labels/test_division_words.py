"""Places in English: standard names of provinces, romanised names below, the smallest first."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.utils import translation

from registry.labels.division_words import division_label, division_path
from registry.rules.codes.jurisdictions import County, divisions

TODAY = date(2026, 11, 27)

# By code, as atlases and the places themselves write them.
HARD = {
    # Readings that dictionaries of common words get wrong.
    "330382": "Yueqing, Wenzhou, Zhejiang",
    "341502": "Jin'an District, Lu'an, Anhui",
    "320116": "Luhe District, Nanjing, Jiangsu",
    "371524": "Dong'e County, Liaocheng, Shandong",
    "341621": "Guoyang County, Bozhou, Anhui",
    "361124": "Yanshan County, Shangrao, Jiangxi",
    "410621": "Xun County, Hebi, Henan",
    "341021": "She County, Huangshan, Anhui",
    "140428": "Zhangzi County, Changzhi, Shanxi",
    "411104": "Shaoling District, Luohe, Henan",
    "130981": "Botou, Cangzhou, Hebei",
    "610829": "Wubu County, Yulin, Shaanxi",
    "331082": "Linhai, Taizhou, Zhejiang",
    "440113": "Panyu District, Guangzhou, Guangdong",
    "131025": "Daicheng County, Langfang, Hebei",
    "140109": "Wanbailin District, Taiyuan, Shanxi",
    "500107": "Jiulongpo District, Chongqing",
    "610102": "Xincheng District, Xi'an, Shaanxi",
    # Names of other languages than Chinese.
    "152502": "Xilinhot, Xilingol League, Inner Mongolia",
    "150105": "Saihan District, Hohhot, Inner Mongolia",
    "150603": "Kangbashi District, Ordos, Inner Mongolia",
    "650104": "Xinshi District, Ürümqi, Xinjiang",
    "653101": "Kashgar, Kashgar Prefecture, Xinjiang",
    "654022": "Qapqal Xibe Autonomous County, Ili Kazakh Autonomous Prefecture, Xinjiang",
    "653130": "Maralbexi County, Kashgar Prefecture, Xinjiang",
    "540102": "Chengguan District, Lhasa, Tibet",
    "540202": "Samzhubzê District, Xigazê, Tibet",
    "542521": "Burang County, Ngari Prefecture, Tibet",
    "632801": "Golmud, Haixi Mongol and Tibetan Autonomous Prefecture, Qinghai",
    "513201": "Barkam, Ngawa Tibetan and Qiang Autonomous Prefecture, Sichuan",
    "230204": "Tiefeng District, Qiqihar, Heilongjiang",
    "230103": "Nangang District, Harbin, Heilongjiang",
    # Peoples, and other types.
    "530925": "Shuangjiang Lahu, Va, Blang and Dai Autonomous County, Lincang, Yunnan",
    "620721": "Sunan Yugur Autonomous County, Zhangye, Gansu",
    "450328": "Longsheng Multi-ethnic Autonomous County, Guilin, Guangxi",
    "622926": "Dongxiang Autonomous County, Linxia Hui Autonomous Prefecture, Gansu",
    "150723": "Oroqen Autonomous Banner, Hulunbuir, Inner Mongolia",
    "520203": "Liuzhi Special District, Liupanshui, Guizhou",
    "429021": "Shennongjia Forestry District, Hubei",
    "532531": "Lüchun County, Honghe Hani and Yi Autonomous Prefecture, Yunnan",
    # Nothing below, or nothing between.
    "441900": "Dongguan, Guangdong",
    "110108": "Haidian District, Beijing",
    "810000": "Hong Kong",
    "710000": "Taiwan",
}


@pytest.mark.parametrize(("code", "name"), HARD.items())
def test_a_place_has_the_name_that_atlases_give_it(code: str, name: str) -> None:
    with translation.override("en"):
        assert division_path(code, on=TODAY) == name


def test_chinese_pages_name_places_from_the_province_down() -> None:
    with translation.override("zh-hans"):
        assert division_path("330382", on=TODAY) == "浙江省温州市乐清市"


def test_every_division_in_force_has_a_name_in_latin_letters() -> None:
    places = [
        (each.code, each.name)
        for level in divisions(TODAY)
        for prefecture in level.prefectures
        for each in (County(prefecture.code, prefecture.name), *prefecture.counties)
    ]
    with translation.override("en"):
        labels = [(code, division_label(code, name)) for code, name in places]
    assert len(labels) > 3_000
    wrong = [label for label in labels if not re.fullmatch(r"[A-ZÜ][A-Za-züêö', -]+", label[1])]
    assert wrong == []


def test_a_code_that_is_no_longer_in_force_keeps_its_name() -> None:
    with translation.override("en"):
        assert division_path("330103", on=TODAY) == "Xiacheng District, Hangzhou, Zhejiang"


def test_names_beside_each_other_differ() -> None:
    """Two places of one list that share a romanisation are told apart by their type or stand in this list."""
    with translation.override("en"):
        twins = [
            (prefecture.name, name)
            for level in divisions(TODAY)
            for prefecture in level.prefectures
            for name in {
                division_label(each.code, each.name)
                for each in prefecture.counties
                if sum(
                    division_label(other.code, other.name) == division_label(each.code, each.name)
                    for other in prefecture.counties
                )
                > 1
            }
        ]
    assert twins == []
