"""服务信息: what the service is, where it runs, and how it meets the duties of Art. 5 to 9, 17 and 18."""

from __future__ import annotations

from registry.rules.particulars.conditions import (
    ALWAYS,
    MAY_BE_A_PERSON,
    NEVER,
    Condition,
    Given,
    Not,
    all_of,
    answered,
    any_of,
)
from registry.rules.particulars.definitions import LONG_TEXT_LENGTH, AnswerKind, Particular, PersonalKind
from registry.rules.particulars.form_version import before, since

CHAIN_KINDS = ("public", "consortium", "private")
SERVICE_FORMS = ("website", "app", "mini_program", "official_account", "api", "node", "other")
REAL_NAME_METHODS = (
    "mobile_number",
    "identity_document",
    "organisation_code",
    "national_network_identity",
    "other",
)
LOG_RETENTION_MINIMUM_MONTHS = 6
NO_PRIOR_APPROVAL = "none"
# Who runs the chain or platform that the service runs on: the applicant, or somebody else with or without a filing.
OWN_CHAIN, FILED_UPSTREAM, UNFILED_UPSTREAM = "own", "filed", "unfiled"
UPSTREAM_KINDS = (OWN_CHAIN, FILED_UPSTREAM, UNFILED_UPSTREAM)
OTHER = "other"

RELATED_LICENCE_KINDS = (
    "value_added_telecom",
    "network_publishing",
    "network_culture",
    "copyright_workstation",
    "audio_visual",
    "property_exchange",
    "auction",
    "classified_protection",
)

_HAS_CONTACT = answered("service.has_service_contact", True)
_NODES_ABROAD = answered("service.has_nodes_abroad", True)

_IS_MOBILE = Not(answered("is_for_computers", True))
# Since version 2 of the form each form of the service has its own rows, asked where it is ticked.
_BY_FORM = since(2)


def _offered_as(form: str) -> Condition:
    return answered("service.service_forms", form)


WEBSITES = Particular(
    key="service.websites",
    kind=AnswerKind.GROUP,
    applies=any_of(before(2), _offered_as("website")),
    required=any_of(_BY_FORM, _offered_as("website")),
    max_rows=20,
    fields=(
        Particular(key="service.websites.name", kind=AnswerKind.TEXT),
        Particular(key="service.websites.url", kind=AnswerKind.URL),
        Particular(key="service.websites.icp_number", kind=AnswerKind.ICP_NUMBER, max_length=40),
    ),
)

APPS = Particular(
    key="service.apps",
    kind=AnswerKind.GROUP,
    applies=any_of(before(2), _offered_as("app")),
    required=any_of(_BY_FORM, _offered_as("app")),
    max_rows=20,
    fields=(
        Particular(key="service.apps.name", kind=AnswerKind.TEXT),
        # Only apps of mobile devices are filed with the communications ministry.
        Particular(
            key="service.apps.is_for_computers", kind=AnswerKind.YES_NO, required=NEVER, within=_BY_FORM
        ),
        Particular(
            key="service.apps.package_name",
            kind=AnswerKind.TEXT,
            applies=_IS_MOBILE,
            within=_BY_FORM,
        ),
        Particular(
            key="service.apps.filing_number",
            kind=AnswerKind.APP_FILING_NUMBER,
            max_length=40,
            applies=_IS_MOBILE,
            within=_BY_FORM,
        ),
        Particular(key="service.apps.download_url", kind=AnswerKind.URL, required=NEVER),
    ),
)

MINI_PROGRAMS = Particular(
    key="service.mini_programs",
    kind=AnswerKind.GROUP,
    applies=all_of(_BY_FORM, _offered_as("mini_program")),
    max_rows=20,
    fields=(
        Particular(key="service.mini_programs.platform", kind=AnswerKind.TEXT),
        Particular(key="service.mini_programs.name", kind=AnswerKind.TEXT),
        Particular(
            key="service.mini_programs.filing_number",
            kind=AnswerKind.MINI_PROGRAM_FILING_NUMBER,
            max_length=40,
        ),
    ),
)

OFFICIAL_ACCOUNTS = Particular(
    key="service.official_accounts",
    kind=AnswerKind.GROUP,
    applies=any_of(before(2), _offered_as("official_account")),
    required=_BY_FORM,
    max_rows=20,
    fields=(
        Particular(key="service.official_accounts.name", kind=AnswerKind.TEXT),
        Particular(key="service.official_accounts.platform", kind=AnswerKind.TEXT),
    ),
)

APIS = Particular(
    key="service.apis",
    kind=AnswerKind.GROUP,
    applies=all_of(_BY_FORM, _offered_as("api")),
    max_rows=20,
    fields=(Particular(key="service.apis.documentation_url", kind=AnswerKind.URL),),
)

NODES = Particular(
    key="service.nodes",
    kind=AnswerKind.GROUP,
    applies=all_of(_BY_FORM, _offered_as("node")),
    max_rows=100,
    fields=(
        Particular(key="service.nodes.chain", kind=AnswerKind.TEXT, max_length=100),
        Particular(key="service.nodes.identity", kind=AnswerKind.TEXT),
    ),
)

# Of a public chain nobody can count the nodes of each place. Places that were counted before stay as they are.
_IS_PUBLIC = answered("service.chain_kind", "public")
_COUNTED_BEFORE = all_of(Given("service.node_places"), Not(Given("service.node_countries")))

NODE_PLACES = Particular(
    key="service.node_places",
    kind=AnswerKind.GROUP,
    applies=any_of(before(2), Not(_IS_PUBLIC), _COUNTED_BEFORE),
    max_rows=100,
    fields=(
        Particular(
            key="service.node_places.place",
            kind=AnswerKind.TEXT,
            personal=MAY_BE_A_PERSON,
            personal_kind=PersonalKind.OPERATION,
        ),
        Particular(
            key="service.node_places.node_count", kind=AnswerKind.INTEGER, minimum=1, maximum=1_000_000
        ),
    ),
)

NODE_COUNTRIES = Particular(
    key="service.node_countries",
    kind=AnswerKind.GROUP,
    applies=all_of(since(2), _IS_PUBLIC, Not(_COUNTED_BEFORE)),
    max_rows=100,
    fields=(
        Particular(key="service.node_countries.country", kind=AnswerKind.TEXT, max_length=100),
        Particular(
            key="service.node_countries.share_percent", kind=AnswerKind.INTEGER, minimum=1, maximum=100
        ),
    ),
)

SERVER_ADDRESSES = Particular(
    key="service.server_addresses",
    kind=AnswerKind.GROUP,
    max_rows=100,
    fields=(
        Particular(key="service.server_addresses.address", kind=AnswerKind.SERVER_ADDRESS, max_length=253),
        Particular(
            key="service.server_addresses.place",
            kind=AnswerKind.TEXT,
            personal=MAY_BE_A_PERSON,
            personal_kind=PersonalKind.OPERATION,
        ),
    ),
)

UPSTREAM_FILINGS = Particular(
    key="service.upstream_filings",
    kind=AnswerKind.GROUP,
    applies=all_of(since(3), answered("service.upstream", FILED_UPSTREAM)),
    max_rows=20,
    basis="2",
    fields=(
        Particular(
            key="service.upstream_filings.number", kind=AnswerKind.FILING_NUMBER, max_length=200, basis="2"
        ),
    ),
)

RELATED_LICENCES = Particular(
    key="service.related_licences",
    kind=AnswerKind.GROUP,
    required=NEVER,
    max_rows=20,
    fields=(
        Particular(
            key="service.related_licences.kind", kind=AnswerKind.CHOICE, choices=RELATED_LICENCE_KINDS
        ),
        Particular(
            key="service.related_licences.publishing_items",
            kind=AnswerKind.TEXT,
            applies=answered("kind", "network_publishing"),
        ),
        Particular(key="service.related_licences.number", kind=AnswerKind.TEXT, max_length=100),
        Particular(key="service.related_licences.valid_from", kind=AnswerKind.DATE, max_length=10),
        Particular(key="service.related_licences.has_no_expiry", kind=AnswerKind.YES_NO, required=NEVER),
        Particular(
            key="service.related_licences.valid_until",
            kind=AnswerKind.DATE,
            max_length=10,
            applies=Not(answered("has_no_expiry", True)),
        ),
    ),
)

PARTICULARS = (
    Particular(key="service.service_name", kind=AnswerKind.TEXT, max_length=100, printed=True),
    Particular(key="service.service_forms", kind=AnswerKind.MULTI_CHOICE, choices=SERVICE_FORMS),
    Particular(
        key="service.other_service_form",
        kind=AnswerKind.TEXT,
        applies=answered("service.service_forms", OTHER),
    ),
    WEBSITES,
    APPS,
    MINI_PROGRAMS,
    OFFICIAL_ACCOUNTS,
    APIS,
    NODES,
    Particular(
        key="service.application_fields",
        kind=AnswerKind.MULTI_CHOICE,
        choices="application_fields",
        extra_choices=(OTHER,),
    ),
    Particular(
        key="service.other_application_field",
        kind=AnswerKind.TEXT,
        applies=answered("service.application_fields", OTHER),
    ),
    Particular(key="service.description", kind=AnswerKind.LONG_TEXT, minimum=30, max_length=LONG_TEXT_LENGTH),
    Particular(key="service.service_started_on", kind=AnswerKind.DATE, max_length=10, printed=True),
    Particular(
        key="service.late_reason", kind=AnswerKind.LONG_TEXT, required=NEVER, max_length=2000, basis="22"
    ),
    Particular(key="service.chain_kind", kind=AnswerKind.CHOICE, choices=CHAIN_KINDS),
    Particular(key="service.consensus", kind=AnswerKind.TEXT),
    # Of other chains it is the sum of the places.
    Particular(
        key="service.node_count",
        kind=AnswerKind.INTEGER,
        applies=any_of(before(2), _IS_PUBLIC),
        minimum=1,
        maximum=10_000_000,
    ),
    NODE_PLACES,
    NODE_COUNTRIES,
    Particular(key="service.has_nodes_abroad", kind=AnswerKind.YES_NO),
    Particular(
        key="service.nodes_abroad_explanation",
        kind=AnswerKind.LONG_TEXT,
        applies=_NODES_ABROAD,
        max_length=2000,
    ),
    SERVER_ADDRESSES,
    Particular(key="service.technical_supporter", kind=AnswerKind.TEXT, required=NEVER, basis="2"),
    # Since version 3: whoever gives technical support is a provider with a filing of its own.
    Particular(
        key="service.upstream",
        kind=AnswerKind.CHOICE,
        applies=since(3),
        choices=UPSTREAM_KINDS,
        basis="2",
        came_later=True,
    ),
    UPSTREAM_FILINGS,
    Particular(
        key="service.no_upstream_filing_reason",
        kind=AnswerKind.LONG_TEXT,
        applies=all_of(since(3), answered("service.upstream", UNFILED_UPSTREAM)),
        max_length=1000,
        basis="2",
    ),
    # The documents of the system say that there is one.
    Particular(key="service.has_management_system", kind=AnswerKind.YES_NO, applies=before(2), basis="5"),
    Particular(key="service.published_rules_url", kind=AnswerKind.URL, basis="7"),
    Particular(
        key="service.real_name_methods", kind=AnswerKind.MULTI_CHOICE, choices=REAL_NAME_METHODS, basis="8"
    ),
    Particular(
        key="service.other_real_name_method",
        kind=AnswerKind.TEXT,
        applies=answered("service.real_name_methods", OTHER),
        basis="8",
    ),
    Particular(
        key="service.log_retention_months", kind=AnswerKind.INTEGER, minimum=0, maximum=1200, basis="17"
    ),
    Particular(
        key="service.complaint_channel",
        kind=AnswerKind.TEXT,
        personal=MAY_BE_A_PERSON,
        personal_kind=PersonalKind.OPERATION,
        basis="18",
    ),
    Particular(
        key="service.prior_approval_matters",
        kind=AnswerKind.MULTI_CHOICE,
        choices="prior_approval_matters",
        extra_choices=(NO_PRIOR_APPROVAL,),
    ),
    RELATED_LICENCES,
    Particular(key="service.has_service_contact", kind=AnswerKind.YES_NO, basis=""),
    Particular(
        key="service.service_contact_name",
        kind=AnswerKind.TEXT,
        max_length=100,
        applies=_HAS_CONTACT,
        personal=ALWAYS,
        personal_kind=PersonalKind.NAME,
        basis="",
        names_somebody=True,
    ),
    Particular(
        key="service.service_contact_mobile",
        kind=AnswerKind.MOBILE,
        max_length=20,
        applies=_HAS_CONTACT,
        personal=ALWAYS,
        personal_kind=PersonalKind.CONTACT,
        basis="",
    ),
    Particular(
        key="service.service_contact_email",
        kind=AnswerKind.EMAIL,
        max_length=254,
        applies=_HAS_CONTACT,
        personal=ALWAYS,
        personal_kind=PersonalKind.CONTACT,
        basis="",
    ),
)
