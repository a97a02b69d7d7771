"""Contradictions between answers, and between an answer and the law or today's date.

Each function looks at one matter and yields its gaps; `completeness.find_gaps` runs all of them after the
check of the single answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from registry.rules.particulars.applicant import DOCUMENT_TYPES_BY_NATURE
from registry.rules.particulars.attachments import (
    MAX_FILE_BYTES,
    MAX_FILE_MEGABYTES,
    MAX_TOTAL_BYTES,
    MAX_TOTAL_MEGABYTES,
)
from registry.rules.particulars.catalogue import slots
from registry.rules.particulars.conditions import IS_ORGANISATION
from registry.rules.particulars.form_version import version_of
from registry.rules.particulars.gaps import Gap
from registry.rules.particulars.materials import Materials, date_of, files_of, is_given, rows_of, value_of
from registry.rules.particulars.service import CHAIN_KINDS, LOG_RETENTION_MINIMUM_MONTHS, NO_PRIOR_APPROVAL
from registry.rules.particulars.service_categories import CATEGORIES, Category

# The first block of the first public chain: an earlier start of a service is a mistyped year.
FIRST_BLOCK_ON = date(2009, 1, 3)


def document_type_fits_nature(materials: Materials, today: date) -> Iterator[Gap]:  # noqa: ARG001
    """An organisation files under its credit code, an individual under a personal document."""
    nature = value_of(materials, "applicant.nature")
    document_type = value_of(materials, "applicant.document_type")
    fitting = DOCUMENT_TYPES_BY_NATURE.get(nature) if isinstance(nature, str) else None
    if fitting is not None and is_given(document_type) and document_type not in fitting:
        yield Gap("applicant.document_type", "document_type_contradicts_nature", {"nature": nature})


def authority_is_in_force(materials: Materials, today: date) -> Iterator[Gap]:
    """The letter of authority has not expired."""
    if value_of(materials, "applicant.filed_by_agent") is not True:
        return
    expires_on = date_of(value_of(materials, "applicant.authority_expires_on"))
    if expires_on is not None and expires_on < today:
        yield Gap("applicant.authority_expires_on", "authority_expired", {"on": expires_on.isoformat()})


def agent_is_somebody_else(materials: Materials, today: date) -> Iterator[Gap]:  # noqa: ARG001
    """Who answers for the filing (the person in charge, or the individual who files) is nobody's agent."""
    if value_of(materials, "applicant.filed_by_agent") is not True:
        return
    agent = value_of(materials, "applicant.agent_name")
    own = "person_in_charge.name" if IS_ORGANISATION(materials) else "applicant.name"
    if is_given(agent) and agent == value_of(materials, own):
        yield Gap("applicant.agent_name", "agent_is_person_in_charge")


def service_can_be_reached(materials: Materials, today: date) -> Iterator[Gap]:  # noqa: ARG001
    """The public reaches the service by a website, an app or an official account (Art. 2).

    Since version 2 of the form every form of the service states how.
    """
    if version_of(materials) >= 2:
        return
    ways = ("service.websites", "service.apps", "service.official_accounts")
    if not any(is_given(value_of(materials, key)) for key in ways):
        yield Gap("service.websites", "no_website_app_or_account")


def service_has_started(materials: Materials, today: date) -> Iterator[Gap]:
    """Filing follows the start of the service (Art. 11(1)); a start still to come cannot be filed."""
    started_on = date_of(value_of(materials, "service.service_started_on"))
    if started_on is not None and started_on > today:
        yield Gap("service.service_started_on", "service_start_in_future", {"on": started_on.isoformat()})
    elif started_on is not None and started_on < FIRST_BLOCK_ON:
        yield Gap("service.service_started_on", "service_start_too_early", {"on": FIRST_BLOCK_ON.isoformat()})


def nodes_agree(materials: Materials, today: date) -> Iterator[Gap]:  # noqa: ARG001
    """The nodes listed by place are as many as the number stated.

    Since version 2 of the form the number is asked of public chains alone, whose places are not counted.
    """
    if version_of(materials) >= 2:
        return
    stated = value_of(materials, "service.node_count")
    counts = [row.get("node_count") for row in rows_of(materials, "service.node_places")]
    if type(stated) is not int or not counts or not all(type(count) is int for count in counts):
        return
    listed = sum(count for count in counts if count is not None)
    if listed != stated:
        yield Gap("service.node_count", "node_counts_differ", {"stated": stated, "listed": listed})


def management_system_exists(materials: Materials, today: date) -> Iterator[Gap]:  # noqa: ARG001
    """A provider has content-security management systems (Art. 5)."""
    if value_of(materials, "service.has_management_system") is False:
        yield Gap("service.has_management_system", "management_system_required")


def logs_are_kept(materials: Materials, today: date) -> Iterator[Gap]:  # noqa: ARG001
    """Content and logs are kept at least six months (Art. 17)."""
    months = value_of(materials, "service.log_retention_months")
    if type(months) is int and 0 <= months < LOG_RETENTION_MINIMUM_MONTHS:
        yield Gap(
            "service.log_retention_months",
            "log_retention_too_short",
            {"minimum": LOG_RETENTION_MINIMUM_MONTHS},
        )


def none_stands_alone(materials: Materials, today: date) -> Iterator[Gap]:  # noqa: ARG001
    """ "None of the above" is not ticked beside a matter of prior approval."""
    matters = value_of(materials, "service.prior_approval_matters")
    if isinstance(matters, list) and NO_PRIOR_APPROVAL in matters and set(matters) != {NO_PRIOR_APPROVAL}:
        yield Gap("service.prior_approval_matters", "none_beside_others")


def every_prior_approval_has_its_scan(materials: Materials, today: date) -> Iterator[Gap]:  # noqa: ARG001
    """At least as many licence scans as matters of prior approval; an empty slot is a missing file."""
    matters = value_of(materials, "service.prior_approval_matters")
    if not isinstance(matters, list):
        return
    wanted = len({matter for matter in matters if isinstance(matter, str)} - {NO_PRIOR_APPROVAL})
    given = len(files_of(materials, "attachments.prior_approval_licences"))
    if 0 < given < wanted:
        yield Gap("attachments.prior_approval_licences", "too_few_files", {"minimum": wanted})


def licences_are_in_force(materials: Materials, today: date) -> Iterator[Gap]:
    """A licence that is claimed is valid on the day of the check."""
    key = "service.related_licences"
    for index, row in enumerate(rows_of(materials, key)):
        valid_from = date_of(row.get("valid_from"))
        valid_until = None if row.get("has_no_expiry") is True else date_of(row.get("valid_until"))
        if valid_from is not None and valid_from > today:
            yield Gap(f"{key}.valid_from", "licence_not_yet_valid", {"on": valid_from.isoformat()}, index)
        if valid_until is None:
            continue
        if valid_from is not None and valid_until < valid_from:
            yield Gap(f"{key}.valid_until", "licence_validity_reversed", {}, index)
        elif valid_until < today:
            yield Gap(f"{key}.valid_until", "licence_expired", {"on": valid_until.isoformat()}, index)


def contract_address_needs_public_chain(materials: Materials, today: date) -> Iterator[Gap]:  # noqa: ARG001
    """A contract address is given only for a chain that is public."""
    for category in _chosen_categories(materials):
        key = category.main_chains_key
        for index, row in enumerate(rows_of(materials, key)):
            if is_given(row.get("contract_address")) and row.get("kind") in CHAIN_KINDS[1:]:
                yield Gap(f"{key}.contract_address", "contract_address_not_asked", {}, index)


def chain_kinds_agree(materials: Materials, today: date) -> Iterator[Gap]:  # noqa: ARG001
    """The chain kind stated for the service is that of one of its main chains."""
    stated = value_of(materials, "service.chain_kind")
    kinds = [
        row.get("kind")
        for category in _chosen_categories(materials)
        for row in rows_of(materials, category.main_chains_key)
    ]
    if not kinds or stated not in CHAIN_KINDS or any(kind not in CHAIN_KINDS for kind in kinds):
        return
    if stated not in kinds:
        yield Gap("service.chain_kind", "chain_kind_contradicts_main_chains")


def attachments_fit(materials: Materials, today: date) -> Iterator[Gap]:  # noqa: ARG001
    """No file over its limit, all files together not over theirs."""
    total = 0
    asked = [slot.key for slot in slots() if slot.applies(materials)]
    for key in asked:
        for index, file in enumerate(files_of(materials, key)):
            size = file.get("size_bytes")
            if type(size) is not int:
                continue
            total += size
            if size > MAX_FILE_BYTES:
                yield Gap(key, "file_too_large", {"maximum_megabytes": MAX_FILE_MEGABYTES}, index)
    if total > MAX_TOTAL_BYTES:
        yield Gap(asked[-1], "files_too_large", {"maximum_megabytes": MAX_TOTAL_MEGABYTES})


def _chosen_categories(materials: Materials) -> list[Category]:
    chosen = value_of(materials, "content.categories")
    codes = chosen if isinstance(chosen, list) else []
    return [category for category in CATEGORIES if category.code in codes]


CONTRADICTIONS: tuple[Callable[[Materials, date], Iterator[Gap]], ...] = (
    document_type_fits_nature,
    authority_is_in_force,
    agent_is_somebody_else,
    service_can_be_reached,
    service_has_started,
    nodes_agree,
    management_system_exists,
    logs_are_kept,
    none_stands_alone,
    every_prior_approval_has_its_scan,
    licences_are_in_force,
    contract_address_needs_public_chain,
    chain_kinds_agree,
    attachments_fit,
)
