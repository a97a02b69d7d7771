"""Individuals with each of their identity documents: a valid number, and the sides that have to be scanned."""

from __future__ import annotations

import pytest
from django.utils import translation

from registry.labels.particulars import label_of
from registry.presentation.materials import sections_of
from registry.rules.particulars import required_slots
from registry.rules.particulars.applicant import PERSONAL_DOCUMENT_TYPES
from registry.rules.particulars.completeness import find_gaps
from tests.builders.materials import LISTS, TODAY, complete_individual, with_answer

FRONT, BACK = "attachments.identity_document_front", "attachments.identity_document_back"


def codes(materials: dict[str, object]) -> set[tuple[str, str]]:
    return {(gap.key, gap.code) for gap in find_gaps(materials, lists=LISTS, today=TODAY)}


@pytest.mark.parametrize("document_type", PERSONAL_DOCUMENT_TYPES)
def test_an_individual_can_file_with_each_document(document_type: str) -> None:
    materials = complete_individual(document_type=document_type)
    sides = {key for key in required_slots(materials) if "identity_document" in key}

    assert codes(materials) == set()
    assert sides == ({FRONT} if document_type == "passport" else {FRONT, BACK})
    assert "attachments.business_licence" not in required_slots(materials)


@pytest.mark.parametrize("document_type", PERSONAL_DOCUMENT_TYPES)
def test_each_required_side_is_missed_and_each_wrong_number_named(document_type: str) -> None:
    materials = complete_individual(document_type=document_type)
    for key in (FRONT, BACK):
        without = {**materials, "attachments": dict(materials["attachments"])}
        without["attachments"].pop(key.rsplit(".", 1)[1], None)
        is_missed = any(found == key for found, _code in codes(without))
        assert is_missed == (key in required_slots(materials))
    wrong = with_answer(materials, "applicant.document_number", "1")
    assert ("applicant.document_number", f"invalid_{document_type}") in codes(wrong)


@pytest.mark.django_db
@pytest.mark.parametrize("document_type", PERSONAL_DOCUMENT_TYPES)
def test_each_document_is_named_in_both_languages_and_its_number_masked(document_type: str) -> None:
    materials = complete_individual(document_type=document_type)
    number = materials["applicant"]["document_number"]
    for language in ("zh-hans", "en"):
        with translation.override(language):
            (applicant,) = [each for each in sections_of(materials) if each.key == "applicant"]
            rows = {row.key: row for row in applicant.rows}
            assert rows["applicant.document_type"].value not in ("", document_type)
            assert number not in rows["applicant.document_number"].value
            assert str(label_of(FRONT))
