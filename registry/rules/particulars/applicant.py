"""主体信息: who files, and the person who acts when an agent files."""

from __future__ import annotations

from registry.rules.codes.countries import countries
from registry.rules.particulars.conditions import (
    ALWAYS,
    IS_ORGANISATION,
    MAY_BE_A_PERSON,
    NEVER,
    Not,
    all_of,
    answered,
)
from registry.rules.particulars.definitions import AnswerKind, Particular, PersonalKind

ORGANISATION = "organisation"
INDIVIDUAL = "individual"
NATURES = (ORGANISATION, INDIVIDUAL)

ORGANISATION_TYPES = ("enterprise", "state_organ", "public_institution", "social_organisation", "other")

CREDIT_CODE = "unified_social_credit_code"
# Some codes that registrars gave out before 2016 have a check character of another rule. Choosing this declares that
# the licence shows the code so; the office looks.
DEVIATING_CREDIT_CODE = "credit_code_with_deviation"
ORGANISATION_DOCUMENT_TYPES = (CREDIT_CODE, DEVIATING_CREDIT_CODE)
PASSPORT = "passport"
PERSONAL_DOCUMENT_TYPES = (
    "resident_id",
    PASSPORT,
    "hong_kong_macau_permit",
    "taiwan_permit",
    "hong_kong_macau_residence_permit",
    "taiwan_residence_permit",
    "foreign_permanent_resident_card",
)
# Printed on both sides; a passport states everything on one page.
CARDS = tuple(each for each in PERSONAL_DOCUMENT_TYPES if each != PASSPORT)
# These do not state where their holder lives.
DOCUMENT_TYPES_WITHOUT_ADDRESS = (
    PASSPORT,
    "hong_kong_macau_permit",
    "taiwan_permit",
    "foreign_permanent_resident_card",
)
DOCUMENT_TYPES_BY_NATURE = {
    ORGANISATION: ORGANISATION_DOCUMENT_TYPES,
    INDIVIDUAL: PERSONAL_DOCUMENT_TYPES,
}

# Who acts this time is stated in each application; it is no fact of the applicant.
ABOUT_THE_AGENT = (
    "applicant.filed_by_agent",
    "applicant.agent_name",
    "applicant.authority_scope",
    "applicant.authority_expires_on",
)
# Two states may give the same number to two people: a passport is known by both.
NATIONALITIES = tuple(countries())

_BY_AGENT = answered("applicant.filed_by_agent", True)

PARTICULARS = (
    Particular(key="applicant.nature", kind=AnswerKind.CHOICE, choices=NATURES, printed=True),
    Particular(
        key="applicant.organisation_type",
        kind=AnswerKind.CHOICE,
        choices=ORGANISATION_TYPES,
        applies=IS_ORGANISATION,
        printed=True,
    ),
    Particular(key="applicant.name", kind=AnswerKind.TEXT, printed=True, names_somebody=True),
    Particular(
        key="applicant.group_name", kind=AnswerKind.TEXT, applies=IS_ORGANISATION, required=NEVER, basis=""
    ),
    Particular(
        key="applicant.division_code", kind=AnswerKind.DIVISION, max_length=6, basis="3", printed=True
    ),
    Particular(
        key="applicant.document_type",
        kind=AnswerKind.CHOICE,
        choices=ORGANISATION_DOCUMENT_TYPES + PERSONAL_DOCUMENT_TYPES,
        printed=True,
    ),
    Particular(
        key="applicant.nationality",
        kind=AnswerKind.CHOICE,
        choices=NATIONALITIES,
        # Read beside the passport, as a name is.
        personal_kind=PersonalKind.NAME,
        applies=answered("applicant.document_type", PASSPORT),
        personal=ALWAYS,
        printed=True,
        came_later=True,
    ),
    Particular(
        key="applicant.document_number",
        kind=AnswerKind.DOCUMENT_NUMBER,
        max_length=40,
        personal=Not(
            all_of(IS_ORGANISATION, answered("applicant.document_type", *ORGANISATION_DOCUMENT_TYPES))
        ),
        personal_kind=PersonalKind.IDENTITY,
        printed=True,
    ),
    Particular(
        key="applicant.document_address",
        kind=AnswerKind.TEXT,
        applies=Not(answered("applicant.document_type", *DOCUMENT_TYPES_WITHOUT_ADDRESS)),
        personal=MAY_BE_A_PERSON,
        personal_kind=PersonalKind.CONTACT,
    ),
    Particular(key="applicant.investor_or_governing_body", kind=AnswerKind.TEXT, applies=IS_ORGANISATION),
    Particular(
        key="applicant.mailing_address",
        kind=AnswerKind.TEXT,
        personal=MAY_BE_A_PERSON,
        personal_kind=PersonalKind.CONTACT,
    ),
    Particular(key="applicant.home_page_url", kind=AnswerKind.URL, required=NEVER),
    Particular(key="applicant.filed_by_agent", kind=AnswerKind.YES_NO, basis=""),
    Particular(
        key="applicant.agent_name",
        kind=AnswerKind.TEXT,
        applies=_BY_AGENT,
        personal=ALWAYS,
        personal_kind=PersonalKind.NAME,
        basis="",
        printed=True,
        names_somebody=True,
    ),
    Particular(
        key="applicant.authority_scope",
        kind=AnswerKind.LONG_TEXT,
        applies=_BY_AGENT,
        max_length=1000,
        basis="",
    ),
    Particular(
        key="applicant.authority_expires_on", kind=AnswerKind.DATE, applies=_BY_AGENT, max_length=10, basis=""
    ),
)
