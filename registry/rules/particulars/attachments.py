"""附件: the scans and documents, one slot each.

File names are always personal (people name scans after persons); `personal` says whether the content is,
too.
"""

from __future__ import annotations

from registry.rules.particulars.applicant import CARDS, PASSPORT
from registry.rules.particulars.conditions import (
    ALWAYS,
    IS_INDIVIDUAL,
    IS_ORGANISATION,
    AnsweredOtherThan,
    AnyRow,
    Condition,
    Given,
    Not,
    Pages,
    all_of,
    answered,
    any_of,
)
from registry.rules.particulars.content import HAS_CLOUD_QUALIFICATION, OFFERS_OTHER_TECHNOLOGY
from registry.rules.particulars.definitions import Slot
from registry.rules.particulars.form_version import since
from registry.rules.particulars.service import NO_PRIOR_APPROVAL, RELATED_LICENCE_KINDS

# The only place of both limits: pages and refusals say them from here.
_MEGABYTE = 1024 * 1024
MAX_FILE_MEGABYTES, MAX_TOTAL_MEGABYTES = 10, 100
MAX_FILE_BYTES = MAX_FILE_MEGABYTES * _MEGABYTE
MAX_TOTAL_BYTES = MAX_TOTAL_MEGABYTES * _MEGABYTE

# The sections and slots about the applicant itself, not about one of its services.
APPLICANT_SECTIONS = ("applicant", "person_in_charge")
APPLICANT_SLOTS = (
    "business_licence",
    "organisation_certificate",
    "identity_document_front",
    "identity_document_back",
    "person_in_charge_document",
    "person_in_charge_document_back",
)
# Those that hold a picture of somebody's identity document.
IDENTITY_DOCUMENT_SLOTS = (
    "identity_document_front",
    "identity_document_back",
    "person_in_charge_document",
    "person_in_charge_document_back",
)


def is_of_applicant(key: str) -> bool:
    """Whether a particular or slot belongs to the applicant's facts, by its key."""
    section, _dot, name = key.partition(".")
    return section in APPLICANT_SECTIONS or (section == "attachments" and name in APPLICANT_SLOTS)


def related_licence_slot(licence_kind: str) -> str:
    """The key of the slot for the scan of a related licence of this kind."""
    return f"attachments.related_licence_{licence_kind}"


def _one_side(name: str) -> Condition:
    """The scan in this slot shows one side alone of a card that has two."""
    return Not(Pages(f"attachments.{name}", 2))


SLOTS = (
    Slot(
        key="attachments.business_licence",
        applies=all_of(IS_ORGANISATION, answered("applicant.organisation_type", "enterprise", "other")),
    ),
    Slot(
        key="attachments.organisation_certificate",
        applies=all_of(
            IS_ORGANISATION,
            answered(
                "applicant.organisation_type", "state_organ", "public_institution", "social_organisation"
            ),
        ),
    ),
    Slot(key="attachments.identity_document_front", applies=IS_INDIVIDUAL, personal=ALWAYS),
    Slot(
        key="attachments.identity_document_back",
        applies=IS_INDIVIDUAL,
        # A passport states everything on one page; one file may hold both sides of a card.
        required=all_of(
            Not(answered("applicant.document_type", PASSPORT)), _one_side("identity_document_front")
        ),
        personal=ALWAYS,
    ),
    Slot(
        key="attachments.person_in_charge_document",
        applies=IS_ORGANISATION,
        personal=ALWAYS,
        max_files=2,
    ),
    Slot(
        key="attachments.person_in_charge_document_back",
        applies=all_of(IS_ORGANISATION, answered("person_in_charge.document_type", *CARDS)),
        required=_one_side("person_in_charge_document"),
        personal=ALWAYS,
        came_later=True,
    ),
    Slot(key="attachments.authenticity_statement", personal=ALWAYS, max_files=4),
    Slot(
        key="attachments.letter_of_authority",
        applies=answered("applicant.filed_by_agent", True),
        personal=ALWAYS,
        max_files=4,
        basis="",
    ),
    Slot(key="attachments.product_introduction", max_files=5),
    Slot(key="attachments.icp_proof", applies=Given("service.websites"), max_files=20),
    Slot(
        key="attachments.management_system_documents",
        applies=any_of(since(2), answered("service.has_management_system", True)),
        max_files=10,
        basis="5",
    ),
    Slot(
        key="attachments.prior_approval_licences",
        applies=AnsweredOtherThan("service.prior_approval_matters", (NO_PRIOR_APPROVAL,)),
        max_files=20,
    ),
    *(
        Slot(
            key=related_licence_slot(licence_kind),
            applies=AnyRow("service.related_licences", answered("kind", licence_kind)),
            max_files=5,
        )
        for licence_kind in RELATED_LICENCE_KINDS
    ),
    Slot(key="attachments.cloud_service_qualification", applies=HAS_CLOUD_QUALIFICATION, max_files=5),
    Slot(key="attachments.technology_documents", applies=OFFERS_OTHER_TECHNOLOGY, max_files=10),
)
