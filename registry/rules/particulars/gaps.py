"""A gap: one fault of the materials that has to be mended, with its field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from registry.rules.errors import FilingError


@dataclass(frozen=True, slots=True)
class Gap:
    """What is wrong with one particular or slot.

    `key` is a particular's or slot's key; inside a group it is the field's key ("service.websites.url") and
    `row` the index of its row. `code` names the fault, `facts` hold what its message needs; wording lives
    in labels.
    """

    key: str
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    row: int | None = None

    @property
    def particular_key(self) -> str:
        """The key of the whole particular: "service.websites" for a field in its rows."""
        return ".".join(self.key.split(".")[:2])


class InvalidAnswer(FilingError):
    """An answer does not have the format its particular asks for; code and facts are those of a gap."""


MISSING = "missing"
FILE_MISSING = "file_missing"
FORMER_PROOF = "former_proof"
UNPRINTABLE = "unprintable"

GAP_CODES = (
    MISSING,
    FILE_MISSING,
    "not_understood",
    "nothing_visible",
    UNPRINTABLE,
    "too_short",
    "too_long",
    "too_small",
    "too_large",
    "too_many_rows",
    "not_a_choice",
    "not_a_number",
    "not_a_date",
    "invalid_url",
    "several_addresses",
    "trailing_punctuation",
    "private_address",
    "invalid_email",
    "invalid_mobile",
    "invalid_phone",
    "invalid_icp_number",
    "invalid_app_filing_number",
    "invalid_mini_program_filing_number",
    "invalid_filing_number",
    "icp_letter_differs",
    "invalid_ip_address",
    "invalid_server_address",
    "invalid_unified_social_credit_code",
    "invalid_credit_code_with_deviation",
    "invalid_resident_id",
    "invalid_passport",
    "invalid_hong_kong_macau_permit",
    "invalid_taiwan_permit",
    "invalid_hong_kong_macau_residence_permit",
    "invalid_taiwan_residence_permit",
    "invalid_foreign_permanent_resident_card",
    "division_not_registrable",
    "document_type_contradicts_nature",
    "no_website_app_or_account",
    "service_start_in_future",
    "service_start_too_early",
    "chain_kind_contradicts_main_chains",
    "contract_address_not_asked",
    "node_counts_differ",
    "foreign_nodes_unexplained",
    "management_system_required",
    "log_retention_too_short",
    "none_beside_others",
    "licence_not_yet_valid",
    "licence_expired",
    "licence_validity_reversed",
    "authority_expired",
    "agent_is_person_in_charge",
    "file_type_not_allowed",
    "file_too_large",
    "files_too_large",
    "too_many_files",
    "too_few_files",
    FORMER_PROOF,
)
