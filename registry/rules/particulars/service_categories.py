"""The three categories of blockchain information service, as data.

The conditions in `particulars.content` and `particulars.attachments` say what each type of service adds to the forms.
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
class Category:
    """A category of service: its types, of which several may be chosen, and its keys in the materials."""

    code: str
    type_codes: tuple[str, ...]
    types_key: str
    main_chains_key: str


CATEGORIES = (
    Category(
        code=INFRASTRUCTURE_PROVIDER,
        type_codes=("mining_pool", "cloud_mining", "node_information"),
        types_key="content.infrastructure_service_types",
        main_chains_key="content.infrastructure_main_chains",
    ),
    Category(
        code=APPLICATION_OPERATOR,
        type_codes=("wallet", EXPLORER, OTHER),
        types_key="content.application_service_types",
        main_chains_key="content.application_main_chains",
    ),
    Category(
        code=TECHNOLOGY_PROVIDER,
        type_codes=(BAAS, OTHER),
        types_key="content.technology_service_types",
        main_chains_key="content.technology_main_chains",
    ),
)

CATEGORY_CODES = tuple(category.code for category in CATEGORIES)
CATEGORY_BY_CODE = {category.code: category for category in CATEGORIES}
