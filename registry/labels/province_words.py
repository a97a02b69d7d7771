"""The short names of the provincial divisions, and their letters (ISO 3166-2:CN) for those who read no Chinese."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from registry.rules.codes.jurisdictions import abbreviation_of, province_of

_LETTERS_AND_NAMES: Mapping[str, tuple[str, Promise]] = {
    "110000": ("BJ", _("Beijing")),
    "120000": ("TJ", _("Tianjin")),
    "130000": ("HE", _("Hebei")),
    "140000": ("SX", _("Shanxi")),
    "150000": ("NM", _("Inner Mongolia")),
    "210000": ("LN", _("Liaoning")),
    "220000": ("JL", _("Jilin")),
    "230000": ("HL", _("Heilongjiang")),
    "310000": ("SH", _("Shanghai")),
    "320000": ("JS", _("Jiangsu")),
    "330000": ("ZJ", _("Zhejiang")),
    "340000": ("AH", _("Anhui")),
    "350000": ("FJ", _("Fujian")),
    "360000": ("JX", _("Jiangxi")),
    "370000": ("SD", _("Shandong")),
    "410000": ("HA", _("Henan")),
    "420000": ("HB", _("Hubei")),
    "430000": ("HN", _("Hunan")),
    "440000": ("GD", _("Guangdong")),
    "450000": ("GX", _("Guangxi")),
    "460000": ("HI", _("Hainan")),
    "500000": ("CQ", _("Chongqing")),
    "510000": ("SC", _("Sichuan")),
    "520000": ("GZ", _("Guizhou")),
    "530000": ("YN", _("Yunnan")),
    "540000": ("XZ", _("Tibet")),
    "610000": ("SN", _("Shaanxi")),
    "620000": ("GS", _("Gansu")),
    "630000": ("QH", _("Qinghai")),
    "640000": ("NX", _("Ningxia")),
    "650000": ("XJ", _("Xinjiang")),
    "710000": ("TW", _("Taiwan")),
    "810000": ("HK", _("Hong Kong")),
    "820000": ("MO", _("Macao")),
}


def short_name(province_code: str) -> str:
    """The province as people say it: 广东, Guangdong."""
    _letters, name = _LETTERS_AND_NAMES[province_code]
    return str(name)


def full_name(province_code: str) -> str:
    """The province as a record names it: 广东省; in English its English form, as in `short_name`."""
    return province_of(province_code).name if _is_chinese() else short_name(province_code)


def sign_of(province_code: str) -> str:
    """What stands for the province in a small place: the abbreviation of its numbers, in English its two letters."""
    letters, _name = _LETTERS_AND_NAMES[province_code]
    return abbreviation_of(province_code) if _is_chinese() else letters


def _is_chinese() -> bool:
    return (get_language() or "").startswith("zh")
