"""Labels of the fixed choices, by particular and code. The lists of administrators hold their own names."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.labels.country_words import COUNTRY_NAMES
from registry.rules.particulars.service_categories import CATEGORIES

_PERSONAL_DOCUMENTS: dict[str, Promise] = {
    "resident_id": _("Resident identity card"),
    "passport": _("Passport"),
    "hong_kong_macau_permit": _("Mainland travel permit for Hong Kong and Macao residents"),
    "taiwan_permit": _("Mainland travel permit for Taiwan residents"),
    "hong_kong_macau_residence_permit": _("Residence permit for Hong Kong and Macao residents"),
    "taiwan_residence_permit": _("Residence permit for Taiwan residents"),
    "foreign_permanent_resident_card": _("Foreign permanent resident's ID card"),
}
_CHAIN_KINDS: dict[str, Promise] = {
    "public": _("Public chain"),
    "consortium": _("Consortium chain"),
    "private": _("Private chain"),
}

CHOICE_LABELS: dict[str, dict[str, Promise]] = {
    "applicant.nature": {
        "organisation": _("Organisation"),
        "individual": _("Individual"),
    },
    "applicant.organisation_type": {
        "enterprise": _("Enterprise"),
        "state_organ": _("State organ"),
        "public_institution": _("Public institution"),
        "social_organisation": _("Social organisation"),
        "other": _("Other organisation"),
    },
    "applicant.document_type": {
        "unified_social_credit_code": _("Unified social credit code"),
        "credit_code_with_deviation": _("Credit code whose check character deviates"),
        **_PERSONAL_DOCUMENTS,
    },
    "applicant.nationality": COUNTRY_NAMES,
    "person_in_charge.nationality": COUNTRY_NAMES,
    "person_in_charge.capacity": {
        "legal_representative": _("Legal representative"),
        "principal": _("Principal"),
    },
    "person_in_charge.document_type": _PERSONAL_DOCUMENTS,
    "service.service_forms": {
        "website": _("Website"),
        "app": _("App"),
        "mini_program": _("Mini-program"),
        "official_account": _("Official account"),
        "api": _("API"),
        "node": _("Node"),
        "other": _("Other form"),
    },
    "service.application_fields": {
        "other": _("Other field"),
    },
    "service.chain_kind": _CHAIN_KINDS,
    "service.upstream": {
        "own": pgettext_lazy("who runs the chain", "The applicant itself"),
        "filed": _("Somebody else, with a filing number"),
        "unfiled": _("Somebody else, or nobody, without a filing number"),
    },
    "service.real_name_methods": {
        "mobile_number": _("By mobile number"),
        "identity_document": _("By identity document"),
        "organisation_code": _("Credit code of an organisation"),
        "national_network_identity": _("National network identity service"),
        "other": _("Other way"),
    },
    "service.prior_approval_matters": {
        "none": _("None of the above"),
    },
    "service.related_licences.kind": {
        "value_added_telecom": _("Value-added telecom"),
        "network_publishing": _("Network publishing"),
        "network_culture": _("Network culture"),
        "copyright_workstation": _("Copyright service workstation"),
        "audio_visual": _("Audio-visual programmes on information networks"),
        "property_exchange": _("Property or digital exchange"),
        "auction": _("Auction"),
        "classified_protection": _("Classified protection record"),
    },
    "content.categories": {
        "infrastructure_provider": _("Infrastructure provider"),
        "application_operator": _("Application operator"),
        "technology_provider": _("Technology provider"),
    },
    "content.infrastructure_service_types": {
        "mining_pool": _("Mining pool"),
        "cloud_mining": _("Cloud mining"),
        "node_information": _("Node information"),
    },
    "content.application_service_types": {
        "wallet": _("Wallet"),
        "explorer": _("Blockchain explorer"),
        "other": _("Other application"),
    },
    "content.technology_service_types": {
        "baas": _("BaaS"),
        "other": _("Other technical service"),
    },
    **{
        f"{category.main_chains_key}.chain": {"other": _("A chain that is not listed")}
        for category in CATEGORIES
    },
    **{f"{category.main_chains_key}.kind": _CHAIN_KINDS for category in CATEGORIES},
}
