"""负责人信息: who answers for the service.

For an organisation that is its legal representative or principal. An individual is his or her own person in
charge: name and document stand in the applicant's section already, and only contact details are asked here.
"""

from __future__ import annotations

from registry.rules.particulars.applicant import NATIONALITIES, PASSPORT, PERSONAL_DOCUMENT_TYPES
from registry.rules.particulars.conditions import ALWAYS, IS_ORGANISATION, all_of, answered
from registry.rules.particulars.definitions import AnswerKind, Particular, PersonalKind

CAPACITIES = ("legal_representative", "principal")

PARTICULARS = (
    Particular(
        key="person_in_charge.name",
        kind=AnswerKind.TEXT,
        applies=IS_ORGANISATION,
        personal=ALWAYS,
        personal_kind=PersonalKind.NAME,
        max_length=100,
        printed=True,
        names_somebody=True,
    ),
    Particular(
        key="person_in_charge.capacity",
        kind=AnswerKind.CHOICE,
        choices=CAPACITIES,
        applies=IS_ORGANISATION,
        printed=True,
    ),
    Particular(
        key="person_in_charge.document_type",
        kind=AnswerKind.CHOICE,
        choices=PERSONAL_DOCUMENT_TYPES,
        applies=IS_ORGANISATION,
        printed=True,
    ),
    Particular(
        key="person_in_charge.nationality",
        kind=AnswerKind.CHOICE,
        choices=NATIONALITIES,
        # Read beside the passport, as a name is.
        personal_kind=PersonalKind.NAME,
        applies=all_of(IS_ORGANISATION, answered("person_in_charge.document_type", PASSPORT)),
        personal=ALWAYS,
        printed=True,
        came_later=True,
    ),
    Particular(
        key="person_in_charge.document_number",
        kind=AnswerKind.DOCUMENT_NUMBER,
        max_length=40,
        applies=IS_ORGANISATION,
        personal=ALWAYS,
        personal_kind=PersonalKind.IDENTITY,
        printed=True,
    ),
    Particular(
        key="person_in_charge.office_phone",
        kind=AnswerKind.PHONE,
        max_length=40,
        required=IS_ORGANISATION,
        personal=ALWAYS,
        personal_kind=PersonalKind.CONTACT,
    ),
    Particular(
        key="person_in_charge.mobile",
        kind=AnswerKind.MOBILE,
        max_length=20,
        personal=ALWAYS,
        personal_kind=PersonalKind.CONTACT,
        printed=True,
    ),
    Particular(
        key="person_in_charge.email",
        kind=AnswerKind.EMAIL,
        max_length=254,
        personal=ALWAYS,
        personal_kind=PersonalKind.CONTACT,
        printed=True,
    ),
)
