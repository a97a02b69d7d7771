"""The short pages of a section that is too long for one: which questions stand on which page.

Only a first filing has them, which is filled in from nothing. A change or an amendment shows the section as a whole,
most of it as the office has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Part:
    """One short page: its name in the address, its title and lead, and the names of its particulars."""

    section: str
    name: str
    label: Promise
    lead: Promise
    names: tuple[str, ...]

    @property
    def key(self) -> str:
        """What its saves are counted under."""
        return f"{self.section}.{self.name}"


def _service(name: str, label: Promise, lead: Promise, names: tuple[str, ...]) -> Part:
    return Part("service", name, label, lead, names)


# Questions that hang on each other's answers stand on one page.
PARTS: Mapping[str, tuple[Part, ...]] = MappingProxyType(
    {
        "service": (
            _service(
                "forms",
                _("The service and its forms"),
                _("What it is called, and how the public reaches it."),
                (
                    "service_name",
                    "service_forms",
                    "other_service_form",
                    "websites",
                    "apps",
                    "mini_programs",
                    "official_accounts",
                    "apis",
                    "nodes",
                ),
            ),
            _service(
                "purpose",
                _("What it is for, and since when"),
                _("Its fields, what it does, and the day it started."),
                (
                    "application_fields",
                    "other_application_field",
                    "description",
                    "service_started_on",
                    "late_reason",
                ),
            ),
            _service(
                "chain",
                _("Chain, nodes and servers"),
                _("On which chain it stands, and where its nodes and servers are."),
                (
                    "chain_kind",
                    "consensus",
                    "node_count",
                    "node_places",
                    "node_countries",
                    "has_nodes_abroad",
                    "nodes_abroad_explanation",
                    "server_addresses",
                    "technical_supporter",
                    "upstream",
                    "upstream_filings",
                    "no_upstream_filing_reason",
                ),
            ),
            _service(
                "duties",
                _("Rules and users"),
                _("How the service meets its duties towards users and the public."),
                (
                    "has_management_system",
                    "published_rules_url",
                    "real_name_methods",
                    "other_real_name_method",
                    "log_retention_months",
                    "complaint_channel",
                ),
            ),
            _service(
                "licences",
                _("Licences and contact"),
                _("What else was approved, and whom the office asks."),
                (
                    "prior_approval_matters",
                    "related_licences",
                    "has_service_contact",
                    "service_contact_name",
                    "service_contact_mobile",
                    "service_contact_email",
                ),
            ),
        )
    }
)


def parts_of(section: str) -> tuple[Part, ...]:
    """The pages of a section in order; none where it stands on one page."""
    return PARTS.get(section, ())


def part_of(key: str) -> Part | None:
    """The page that a particular, or a field of its rows, stands on; None where the section stands on one page."""
    section, _dot, rest = key.partition(".")
    name = rest.partition(".")[0]
    return next((each for each in parts_of(section) if name in each.names), None)


def find_part(section: str, name: str) -> Part | None:
    return next((each for each in parts_of(section) if each.name == name), None)


def keys_of_saves(section: str) -> tuple[str, ...]:
    """What the saves of a section and of its pages are counted under."""
    return (section, *(each.key for each in parts_of(section)))
