"""Labels and help texts of the sections on the applicant and the person in charge."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LABELS: dict[str, Promise] = {
    "applicant.nature": _("Nature of the applicant"),
    "applicant.organisation_type": _("Type of organisation"),
    "applicant.name": _("Name of the applicant"),
    "applicant.group_name": _("Group"),
    "applicant.division_code": _("Place of registration"),
    "applicant.document_type": _("Type of document"),
    "applicant.nationality": _("Nationality"),
    "applicant.document_number": _("Document number"),
    "applicant.document_address": _("Address on the document"),
    "applicant.investor_or_governing_body": _("Investor or governing body"),
    "applicant.mailing_address": _("Mailing address"),
    "applicant.home_page_url": _("Home page"),
    "applicant.filed_by_agent": _("Is the filing made by an agent?"),
    "applicant.agent_name": _("Name of the agent"),
    "applicant.authority_scope": _("Scope of the authority"),
    "applicant.authority_expires_on": _("Authority expires on"),
    "person_in_charge.name": _("Name of the person in charge"),
    "person_in_charge.capacity": _("Capacity of the person in charge"),
    "person_in_charge.document_type": _("Document of the person in charge"),
    "person_in_charge.nationality": _("Nationality of the person in charge"),
    "person_in_charge.document_number": _("Document number of the person in charge"),
    "person_in_charge.office_phone": _("Office phone"),
    "person_in_charge.mobile": _("Mobile number"),
    "person_in_charge.email": _("E-mail address"),
}

# What is read off a document, by whose it is.
HELP_BY_NATURE: Mapping[str, Mapping[str, Promise]] = {
    "organisation": {
        "applicant.document_type": _("Organisations give the unified social credit code."),
        "applicant.document_number": _("The 18 characters on the licence or certificate."),
        "applicant.name": _("Exactly as on the licence or certificate. It is published."),
        "applicant.document_address": _("As printed on the licence or certificate."),
    },
    "individual": {
        "applicant.document_type": _("Choose the document that you hold; its scan is attached later."),
        "applicant.name": _("Exactly as on the identity document. It is published."),
        "applicant.document_address": _("As printed on the identity document."),
        "applicant.division_code": _(
            "Province, prefecture and county of the address on the document, or where you live if it has none. It "
            "decides which provincial office reviews and opens the filing number."
        ),
    },
}

HELP_TEXTS: dict[str, Promise] = {
    "applicant.nature": _(
        "An organisation files under its credit code, an individual under a personal document; "
        "the questions that follow depend on it."
    ),
    "applicant.organisation_type": _("As stated on the licence or certificate of the organisation."),
    "applicant.name": _("Exactly as on the licence, certificate or identity document. It is published."),
    "applicant.group_name": _("The group the organisation belongs to, if you like to state it."),
    "applicant.division_code": _(
        "Province, prefecture and county of registration. It decides which provincial office "
        "reviews and opens the filing number."
    ),
    "applicant.document_type": _(
        "Organisations give the unified social credit code; individuals choose the document they hold."
    ),
    "applicant.document_number": _("A person's number is stored encrypted and never published."),
    "applicant.document_address": _("As printed on the licence, certificate or identity document."),
    "applicant.investor_or_governing_body": _(
        "The investors of an enterprise, or the body that an institution or social organisation reports to."
    ),
    "applicant.mailing_address": _(
        "Detailed enough for a letter to arrive: decisions and notices may be sent by post."
    ),
    "applicant.home_page_url": _("The home page of the applicant, if there is one."),
    "applicant.filed_by_agent": _(
        "An agent needs a letter of authority stating what it covers and until when. Whoever files as an agent "
        "remains one; the person in charge is offered ownership by text message."
    ),
    "applicant.agent_name": _("The person or organisation that the letter of authority names."),
    "applicant.authority_scope": _("What the agent may do for the applicant, in the words of the letter."),
    "applicant.authority_expires_on": _("The last day on which the agent may act."),
    "person_in_charge.name": _("The legal representative or principal of the organisation."),
    "person_in_charge.capacity": _(
        "Says whether the licence or certificate names this person as legal representative, or "
        "the person is the principal."
    ),
    "person_in_charge.document_type": _("Choose the document whose scan you attach."),
    **dict.fromkeys(
        ("applicant.nationality", "person_in_charge.nationality"),
        _("As in the passport: the same number may be another person's in another country."),
    ),
    "person_in_charge.document_number": _("Stored encrypted, never published."),
    "person_in_charge.office_phone": _("With area code. Filings fail when nobody can be reached."),
    "person_in_charge.mobile": _(
        "The number of the person in charge, not of somebody else. Stored encrypted, never published."
    ),
    "person_in_charge.email": _(
        "Where the office writes with questions. Notices go to the accounts that act for the applicant, "
        "not here. Stored encrypted, never published."
    ),
}
