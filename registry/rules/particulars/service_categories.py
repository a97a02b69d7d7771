"""The three categories of blockchain information service, as data.

Each category has its service types; a type names the particulars and slots it adds to the forms. The
conditions in `particulars.content` and `particulars.attachments` say the same per field; a test holds the
two together.
"""

from __future__ import annotations

from dataclasses import dataclass

INFRASTRUCTURE_PROVIDER = "infrastructure_provider"
APPLICATION_OPERATOR = "application_operator"
TECHNOLOGY_PROVIDER = "technology_provider"

EXPLORER = "explorer"
BAAS = "baas"
OTHER = "other"


@dataclass(frozen=True, slots=True)
class ServiceType:
    """A type of service within a category, with the keys of its extra particulars and slots."""

    code: str
    extra_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Category:
    """A category of service: its types, of which several may be chosen, and its keys in the materials."""

    code: str
    types: tuple[ServiceType, ...]
    types_key: str
    main_chains_key: str

    @property
    def type_codes(self) -> tuple[str, ...]:
        return tuple(service_type.code for service_type in self.types)


CATEGORIES = (
    Category(
        code=INFRASTRUCTURE_PROVIDER,
        types=(ServiceType("mining_pool"), ServiceType("cloud_mining"), ServiceType("node_information")),
        types_key="content.infrastructure_service_types",
        main_chains_key="content.infrastructure_main_chains",
    ),
    Category(
        code=APPLICATION_OPERATOR,
        types=(
            ServiceType("wallet"),
            ServiceType(
                EXPLORER,
                (
                    "content.explorer_url",
                    "content.explorer_visits_per_year",
                    "content.explorer_average_daily_visits",
                    "content.explorer_servers",
                ),
            ),
            ServiceType(OTHER, ("content.other_application_service",)),
        ),
        types_key="content.application_service_types",
        main_chains_key="content.application_main_chains",
    ),
    Category(
        code=TECHNOLOGY_PROVIDER,
        types=(
            ServiceType(
                BAAS,
                (
                    "content.baas_service_count",
                    "content.baas_customers",
                    "content.baas_hardware_and_software_separated",
                    "content.baas_has_cloud_qualification",
                    "content.baas_machine_room_place",
                ),
            ),
            ServiceType(
                OTHER,
                (
                    "content.other_technology_service",
                    "content.technology_service_count",
                    "content.technology_is_open_source",
                    "attachments.technology_documents",
                ),
            ),
        ),
        types_key="content.technology_service_types",
        main_chains_key="content.technology_main_chains",
    ),
)

CATEGORY_CODES = tuple(category.code for category in CATEGORIES)
CATEGORY_BY_CODE = {category.code: category for category in CATEGORIES}
