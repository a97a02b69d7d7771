"""Passports have a nationality, and cards two sides; what was filed before either was asked stays valid."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from registry.labels.particulars import choice_label, in_reading_order
from registry.rules.codes.countries import countries
from registry.rules.particulars import clear_irrelevant, find_particular, required_slots, split_personal
from registry.rules.particulars.applicant import PERSONAL_DOCUMENT_TYPES
from registry.rules.particulars.completeness import checklist_items, find_gaps
from tests.builders.materials import (
    LISTS,
    TODAY,
    attached_file,
    complete_individual,
    complete_organisation,
    with_answer,
    with_required_files,
)

BACK = "attachments.person_in_charge_document_back"
FRONT = "attachments.person_in_charge_document"


def codes(materials: dict[str, Any], *, filed: dict[str, Any] | None = None) -> list[tuple[str, str]]:
    found = find_gaps(materials, lists=LISTS, today=TODAY, filed=None if filed is None else lambda: filed)
    return [(gap.key, gap.code) for gap in found]


def person_with(document_type: str, number: str = "E1234567") -> dict[str, Any]:
    materials = with_answer(complete_organisation(), "person_in_charge.document_type", document_type)
    return with_answer(materials, "person_in_charge.document_number", number)


def test_a_passport_is_asked_with_its_nationality_and_no_other_document_is() -> None:
    passport = complete_individual(document_type="passport")
    assert codes(passport) == []
    assert codes(with_answer(passport, "applicant.nationality", None)) == [
        ("applicant.nationality", "missing")
    ]
    assert codes(with_answer(passport, "applicant.nationality", "XYZ")) == [
        ("applicant.nationality", "not_a_choice")
    ]
    assert codes(person_with("passport")) == [("person_in_charge.nationality", "missing")]
    for document_type in PERSONAL_DOCUMENT_TYPES:
        given = complete_individual(document_type=document_type)
        is_asked = find_particular("applicant.nationality").applies(given)
        assert is_asked is (document_type == "passport")
    cleared = clear_irrelevant(with_answer(complete_individual(), "applicant.nationality", "CAN"))
    assert "nationality" not in cleared["applicant"]


def test_a_nationality_is_personal_and_stands_in_no_plain_part() -> None:
    plain, personal = split_personal(complete_individual(document_type="passport"))
    assert "nationality" not in plain["applicant"]
    assert personal["applicant"]["nationality"]


@pytest.mark.parametrize("nature", ["individual", "organisation"])
def test_a_passport_filed_before_nationalities_were_asked_stays_valid_and_its_checklist_as_it_was(
    nature: str,
) -> None:
    if nature == "individual":
        filed = with_answer(complete_individual(document_type="passport"), "applicant.nationality", None)
        section = "applicant"
    else:
        filed, section = person_with("passport"), "person_in_charge"
    assert codes(filed, filed=filed) == []
    assert f"{section}.nationality" not in checklist_items(filed)
    other_service = with_answer(filed, "service.consensus", "样例共识")
    assert codes(other_service, filed=filed) == []
    renewed = with_answer(filed, f"{section}.document_number", "E7654321")
    assert codes(renewed, filed=filed) == [(f"{section}.nationality", "missing")]
    stated = with_answer(renewed, f"{section}.nationality", "FRA")
    assert codes(stated, filed=filed) == []
    assert f"{section}.nationality" in checklist_items(stated)


def test_countries_are_those_of_iso_3166_under_names_of_both_languages() -> None:
    found = countries()
    for code, chinese, english in (
        ("CAN", "加拿大", "Canada"),
        ("DEU", "德国", "Germany"),
        ("KOR", "韩国", "South Korea"),
        ("CIV", "科特迪瓦", "Côte d’Ivoire"),
        ("CHN", "中国", "China"),
    ):
        assert (found[code].name_zh, found[code].name_en) == (chinese, english)
    assert {"HKG", "MAC", "TWN"} & set(found) == set()
    assert len(found) > 193
    for names in ({each.name_zh for each in found.values()}, {each.name_en for each in found.values()}):
        assert len(names) == len(found)


def test_countries_are_offered_in_the_order_of_their_names() -> None:
    key = "applicant.nationality"
    with translation.override("en"):
        offered = [str(choice_label(key, code)) for code in in_reading_order(key, tuple(countries()))]
    assert offered[:3] == ["Afghanistan", "Åland Islands", "Albania"]
    with translation.override("zh-hans"):
        offered = [str(choice_label(key, code)) for code in in_reading_order(key, tuple(countries()))]
    assert offered[0].startswith("阿")
    assert offered.index("德国") < offered.index("法国") < offered.index("日本") < offered.index("中国")


@pytest.mark.parametrize("document_type", [each for each in PERSONAL_DOCUMENT_TYPES if each != "passport"])
def test_both_sides_of_a_card_of_the_person_in_charge_are_required(document_type: str) -> None:
    materials = with_answer(complete_organisation(), "person_in_charge.document_type", document_type)
    materials["attachments"].pop("person_in_charge_document_back", None)
    assert BACK in required_slots(materials)
    gap = (BACK, "file_missing")
    assert gap in codes(materials)
    name = "person_in_charge_document"
    two_pages = {**attached_file(name), "page_count": 2}
    two_files = [attached_file(name), attached_file(name, number=2)]
    for files in ([two_pages], two_files):
        assert gap not in codes(with_answer(materials, FRONT, files))
    assert gap not in codes(with_answer(materials, BACK, [attached_file(f"{name}_back")]))


def test_a_passport_of_the_person_in_charge_has_one_side() -> None:
    materials = with_answer(person_with("passport"), "person_in_charge.nationality", "FRA")
    materials["attachments"].pop("person_in_charge_document_back", None)
    assert codes(materials) == []
    assert BACK not in required_slots(materials)


def test_one_file_with_both_sides_serves_an_individual_too() -> None:
    materials = complete_individual()
    materials["attachments"].pop("identity_document_back")
    assert codes(materials) == [("attachments.identity_document_back", "file_missing")]
    both = {**attached_file("identity_document_front"), "page_count": 2}
    assert codes(with_answer(materials, "attachments.identity_document_front", [both])) == []


def test_one_side_that_was_filed_before_stays_valid_until_the_scan_is_another() -> None:
    filed = complete_organisation()
    filed["attachments"].pop("person_in_charge_document_back")
    assert codes(filed, filed=filed) == []
    assert BACK not in checklist_items(filed)
    assert codes(with_answer(filed, "service.consensus", "样例共识"), filed=filed) == []
    renewed = with_answer(filed, FRONT, [attached_file("person_in_charge_document", number=7)])
    assert codes(renewed, filed=filed) == [(BACK, "file_missing")]
    assert codes(with_required_files(renewed), filed=filed) == []
    assert BACK in checklist_items(with_required_files(renewed))
