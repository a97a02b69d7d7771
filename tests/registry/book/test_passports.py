"""The same passport number of two states is two applicants; of the same state it is one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from applicants.drafts import store as drafts
from registry.book.applicants import find_applicant, known_answers
from registry.integrity.register import verify_register
from registry.models import Account, Applicant
from registry.models.applicant import document_index
from registry.sample import walk
from tests.builders import register as build
from tests.builders.register import MORNING, Cast

pytestmark = pytest.mark.django_db


def file_with(cast: Cast, nationality: str | None, *, member: Account, number: str = "E1234567") -> Applicant:
    """An individual's filing in force under a passport."""
    materials = build.materials_for(cast, seed=31, nature="individual", member=member)
    materials["applicant"] |= {"document_type": "passport", "document_number": number}
    if nationality is not None:
        materials["applicant"]["nationality"] = nationality
    case = walk.submit(materials, member=member, at=MORNING)
    return case.application.applicant


def as_stored_before(applicant: Applicant) -> None:
    """As a passport of unknown nationality stands in the register."""
    applicant.nationality = None
    applicant.document_index = document_index("passport", applicant.document_number or "")
    applicant.save()


def test_the_same_number_of_two_states_is_two_applicants_and_of_one_state_one(cast: Cast) -> None:
    canadian = file_with(cast, "CAN", member=cast.member)
    french = file_with(cast, "FRA", member=cast.stranger)
    assert canadian != french
    given = {"document_type": "passport", "document_number": "E1234567"}
    assert find_applicant({**given, "nationality": "CAN"}) == canadian
    assert find_applicant({**given, "nationality": "FRA"}) == french
    assert find_applicant({**given, "nationality": "DEU"}) is None
    assert file_with(cast, "CAN", member=cast.member) == canadian
    assert (canadian.nationality, french.nationality) == ("CAN", "FRA")
    assert not list(verify_register().violations)


def test_a_passport_stored_before_stays_valid_and_is_taken_for_the_stated_one(cast: Cast) -> None:
    stored = file_with(cast, "CAN", member=cast.member)
    as_stored_before(stored)
    given = {"document_type": "passport", "document_number": "E1234567"}
    assert find_applicant(given) == stored
    assert find_applicant({**given, "nationality": "CAN"}) == stored
    assert known_answers(stored)["applicant.nationality"] is None


def test_a_draft_knows_the_applicant_by_number_and_nationality(cast: Cast) -> None:
    applicant = file_with(cast, "CAN", member=cast.member)
    for nationality, expected in (("FRA", None), ("CAN", applicant)):
        draft = drafts.start_draft(cast.member, applicant=None, at=MORNING + timedelta(hours=1))
        answers = {
            "nature": "individual",
            "document_type": "passport",
            "document_number": "e 1234567",
            "nationality": nationality,
        }
        save = drafts.SectionSave("applicant", answers, frozenset(answers))
        assert drafts.save_section(draft.pk, save, at=MORNING + timedelta(hours=1)).applicant == expected


def test_the_nationality_cannot_be_read_in_the_database(cast: Cast) -> None:
    applicant = file_with(cast, "CAN", member=cast.member)
    raw = Applicant.objects.filter(pk=applicant.pk).values_list("document_index", flat=True)[0]
    assert "CAN" not in raw
