"""服务内容: the categories of the service, its types, its main chains, and the extra questions of some types."""

from __future__ import annotations

from registry.rules.particulars.conditions import NEVER, Condition, Not, all_of, answered
from registry.rules.particulars.definitions import AnswerKind, Particular
from registry.rules.particulars.service import CHAIN_KINDS
from registry.rules.particulars.service_categories import (
    APPLICATION_OPERATOR,
    BAAS,
    CATEGORY_BY_CODE,
    CATEGORY_CODES,
    EXPLORER,
    OTHER,
    TECHNOLOGY_PROVIDER,
    Category,
)

UNLISTED_CHAIN = OTHER


def type_chosen(category: str, service_type: str) -> Condition:
    """The category is chosen, and in it the type of service."""
    return all_of(
        answered("content.categories", category),
        answered(CATEGORY_BY_CODE[category].types_key, service_type),
    )


def _main_chains(category: Category) -> Particular:
    """A category's main chains: from the list or by name; a contract address only on a public chain.

    Not every service on a public chain has a contract there (a mining pool, an explorer), so the form asks
    first whether it uses one.
    """
    key = category.main_chains_key
    is_public = answered("kind", "public")
    return Particular(
        key=key,
        kind=AnswerKind.GROUP,
        applies=answered("content.categories", category.code),
        max_rows=20,
        fields=(
            Particular(
                key=f"{key}.chain",
                kind=AnswerKind.CHOICE,
                choices="main_chains",
                extra_choices=(UNLISTED_CHAIN,),
            ),
            Particular(
                key=f"{key}.other_chain_name",
                kind=AnswerKind.TEXT,
                max_length=100,
                applies=answered("chain", UNLISTED_CHAIN),
            ),
            Particular(key=f"{key}.kind", kind=AnswerKind.CHOICE, choices=CHAIN_KINDS),
            Particular(key=f"{key}.uses_contract", kind=AnswerKind.YES_NO, applies=is_public),
            Particular(
                key=f"{key}.contract_address",
                kind=AnswerKind.TEXT,
                applies=all_of(is_public, answered("uses_contract", True)),
            ),
        ),
    )


def _service_types(category: Category) -> Particular:
    return Particular(
        key=category.types_key,
        kind=AnswerKind.MULTI_CHOICE,
        choices=category.type_codes,
        applies=answered("content.categories", category.code),
    )


_INFRASTRUCTURE, _APPLICATION, _TECHNOLOGY = (CATEGORY_BY_CODE[code] for code in CATEGORY_CODES)
_IS_EXPLORER = type_chosen(APPLICATION_OPERATOR, EXPLORER)
_IS_OTHER_APPLICATION = type_chosen(APPLICATION_OPERATOR, OTHER)
_IS_BAAS = type_chosen(TECHNOLOGY_PROVIDER, BAAS)
_IS_OTHER_TECHNOLOGY = type_chosen(TECHNOLOGY_PROVIDER, OTHER)
HAS_CLOUD_QUALIFICATION = all_of(_IS_BAAS, answered("content.baas_has_cloud_qualification", True))
OFFERS_OTHER_TECHNOLOGY = _IS_OTHER_TECHNOLOGY

_LARGEST_COUNT = 10**15

PARTICULARS = (
    Particular(key="content.categories", kind=AnswerKind.MULTI_CHOICE, choices=CATEGORY_CODES, printed=True),
    _service_types(_INFRASTRUCTURE),
    _main_chains(_INFRASTRUCTURE),
    _service_types(_APPLICATION),
    _main_chains(_APPLICATION),
    Particular(
        key="content.other_application_service",
        kind=AnswerKind.LONG_TEXT,
        max_length=1000,
        applies=_IS_OTHER_APPLICATION,
    ),
    Particular(key="content.explorer_url", kind=AnswerKind.URL, applies=_IS_EXPLORER),
    Particular(
        key="content.explorer_visits_per_year",
        kind=AnswerKind.INTEGER,
        minimum=0,
        maximum=_LARGEST_COUNT,
        applies=_IS_EXPLORER,
    ),
    Particular(
        key="content.explorer_average_daily_visits",
        kind=AnswerKind.INTEGER,
        minimum=0,
        maximum=_LARGEST_COUNT,
        applies=_IS_EXPLORER,
    ),
    Particular(
        key="content.explorer_servers",
        kind=AnswerKind.GROUP,
        applies=_IS_EXPLORER,
        max_rows=100,
        fields=(
            Particular(key="content.explorer_servers.ip_address", kind=AnswerKind.IP_ADDRESS, max_length=45),
            Particular(key="content.explorer_servers.place", kind=AnswerKind.TEXT),
        ),
    ),
    _service_types(_TECHNOLOGY),
    _main_chains(_TECHNOLOGY),
    Particular(
        key="content.baas_service_count",
        kind=AnswerKind.INTEGER,
        minimum=0,
        maximum=_LARGEST_COUNT,
        applies=_IS_BAAS,
    ),
    Particular(
        key="content.baas_customers",
        kind=AnswerKind.GROUP,
        applies=_IS_BAAS,
        # A platform that serves nobody yet has no list to give.
        required=Not(answered("content.baas_service_count", 0)),
        max_rows=500,
        fields=(
            Particular(key="content.baas_customers.name", kind=AnswerKind.TEXT),
            Particular(key="content.baas_customers.service", kind=AnswerKind.TEXT, required=NEVER),
        ),
    ),
    Particular(key="content.baas_hardware_and_software_separated", kind=AnswerKind.YES_NO, applies=_IS_BAAS),
    Particular(key="content.baas_has_cloud_qualification", kind=AnswerKind.YES_NO, applies=_IS_BAAS),
    Particular(key="content.baas_cloud_qualification", kind=AnswerKind.TEXT, applies=HAS_CLOUD_QUALIFICATION),
    Particular(key="content.baas_machine_room_place", kind=AnswerKind.TEXT, applies=_IS_BAAS),
    Particular(
        key="content.other_technology_service",
        kind=AnswerKind.LONG_TEXT,
        max_length=1000,
        applies=_IS_OTHER_TECHNOLOGY,
    ),
    Particular(
        key="content.technology_service_count",
        kind=AnswerKind.INTEGER,
        minimum=0,
        maximum=_LARGEST_COUNT,
        applies=_IS_OTHER_TECHNOLOGY,
    ),
    Particular(key="content.technology_is_open_source", kind=AnswerKind.YES_NO, applies=_IS_OTHER_TECHNOLOGY),
    Particular(
        key="content.technology_source_code_url",
        kind=AnswerKind.URL,
        applies=all_of(_IS_OTHER_TECHNOLOGY, answered("content.technology_is_open_source", True)),
    ),
)
