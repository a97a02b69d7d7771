"""Labels and help texts of the attachment slots."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.rules.particulars.applicant import PASSPORT, PERSONAL_DOCUMENT_TYPES
from registry.rules.particulars.attachments import related_licence_slot
from registry.rules.particulars.service import RELATED_LICENCE_KINDS

_LICENCE_HELP_TEXT = _("A scan of the licence or record listed under the related licences.")

LABELS: dict[str, Promise] = {
    "attachments.business_licence": _("Business licence"),
    "attachments.organisation_certificate": _("Certificate of the organ, institution or social organisation"),
    "attachments.identity_document_front": _("Identity document, page with photograph"),
    "attachments.identity_document_back": _("Identity document, reverse"),
    "attachments.person_in_charge_document": _("Document of the person in charge (scan)"),
    "attachments.person_in_charge_document_back": _("Document of the person in charge, reverse"),
    "attachments.authenticity_statement": _("Authenticity statement"),
    "attachments.letter_of_authority": _("Letter of authority"),
    "attachments.product_introduction": _("Product introduction"),
    "attachments.icp_proof": _("Proof of the ICP filing"),
    "attachments.management_system_documents": _("Management rules and emergency plan"),
    "attachments.prior_approval_licences": _("Licences for matters of prior approval"),
    "attachments.related_licence_value_added_telecom": _("Value-added telecom licence (scan)"),
    "attachments.related_licence_network_publishing": _("Network publishing licence (scan)"),
    "attachments.related_licence_network_culture": _("Network culture licence (scan)"),
    "attachments.related_licence_copyright_workstation": _("Copyright service workstation (proof)"),
    "attachments.related_licence_audio_visual": _("Audio-visual licence (scan)"),
    "attachments.related_licence_property_exchange": _("Approval of the property or digital exchange (scan)"),
    "attachments.related_licence_auction": _("Auction approval (scan)"),
    "attachments.related_licence_classified_protection": _("Classified protection record (scan)"),
    "attachments.cloud_service_qualification": _("Cloud service qualification (scan)"),
    "attachments.technology_documents": _("White paper and documents"),
}

_ID_PORTRAIT = _("A scan of the side of the identity card with the portrait.")
_ID_EMBLEM = _(
    "A scan of the side of the identity card with the national emblem, unless the first file is a PDF with both."
)
_PASSPORT_PAGE = _("A scan of the page of the passport with photograph and particulars.")
_CARD_PHOTOGRAPH = _("A scan of the side of the card with the photograph.")
_CARD_OTHER = _(
    "A scan of the side of the card without the photograph, unless the first file is a PDF with both."
)
_CARDS = tuple(each for each in PERSONAL_DOCUMENT_TYPES if each not in ("resident_id", PASSPORT))
_FIRST_SIDES = {
    "resident_id": _ID_PORTRAIT,
    PASSPORT: _PASSPORT_PAGE,
    **dict.fromkeys(_CARDS, _CARD_PHOTOGRAPH),
}
_SECOND_SIDES = {"resident_id": _ID_EMBLEM, **dict.fromkeys(_CARDS, _CARD_OTHER)}
# What a scan shows, by the type of the document: the slot, the particular that states the type, and the texts.
HELP_BY_DOCUMENT: Mapping[str, tuple[str, Mapping[str, Promise]]] = {
    "attachments.identity_document_front": ("applicant.document_type", _FIRST_SIDES),
    "attachments.identity_document_back": ("applicant.document_type", _SECOND_SIDES),
    "attachments.person_in_charge_document": ("person_in_charge.document_type", _FIRST_SIDES),
    "attachments.person_in_charge_document_back": ("person_in_charge.document_type", _SECOND_SIDES),
}

HELP_TEXTS: dict[str, Promise] = {
    "attachments.business_licence": _("A scan of the licence in force, complete and readable."),
    "attachments.organisation_certificate": _("A scan of the certificate in force, complete and readable."),
    "attachments.identity_document_front": _("A scan of the side or page with the photograph."),
    "attachments.identity_document_back": _(
        "A scan of the other side, unless the first file is a PDF with both; a passport has none."
    ),
    "attachments.person_in_charge_document": _(
        "The document named in the section on the person in charge, with the side of the photograph; "
        "a PDF of two pages may hold both sides."
    ),
    "attachments.person_in_charge_document_back": _(
        "A scan of the other side of the card, unless the first file is a PDF with both."
    ),
    "attachments.authenticity_statement": _(
        "Sign the PDF that the system has prepared electronically and upload it as it was saved; or print it, sign "
        "and seal it, and upload the scan."
    ),
    "attachments.letter_of_authority": _("States the agent, the scope and the expiry."),
    "attachments.product_introduction": _(
        "What the service is and how it works, with its technical structure."
    ),
    "attachments.icp_proof": _("For every website, a proof that the filing belongs to the applicant."),
    "attachments.management_system_documents": _(
        "The rules for registration, review, emergencies and protection that are really in use, "
        "not a general text."
    ),
    "attachments.prior_approval_licences": _("At least one scan for each matter that is ticked."),
    "attachments.cloud_service_qualification": _("A scan of the qualification named in the content section."),
    "attachments.technology_documents": _("The white paper or technical documents of what is provided."),
    **{related_licence_slot(kind): _LICENCE_HELP_TEXT for kind in RELATED_LICENCE_KINDS},
}
