"""What the organisation of the journey states: every section, every category, every service type."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from registry.rules.particulars import AnswerKind, particulars_of
from registry.rules.particulars.service_categories import CATEGORIES
from registry.sample.identities import sample_credit_code
from registry.sample.materials import organisation_materials

_SEED = 7_341
# Dongcheng, Beijing.
_DIVISION = "110101"


def organisation(*, today: date, seed: int = _SEED) -> dict[str, Any]:
    """Complete answers of an organisation in Beijing that an agent files for; files are the caller's.

    It offers everything there is to offer: all service types of all categories, on a listed and on an
    unlisted chain, with nodes abroad, licences and a service contact of its own.
    """
    materials = organisation_materials(
        seed=seed,
        today=today,
        categories=[category.code for category in CATEGORIES],
        division_code=_DIVISION,
    )
    materials["applicant"] |= {
        "group_name": "样例旅程集团",
        "filed_by_agent": True,
        "agent_name": "钱样例",
        "authority_scope": "代为办理本项区块链信息服务的备案、补正和查询。",
        "authority_expires_on": (today + timedelta(days=300)).isoformat(),
    }
    materials["service"] |= _service(materials["service"], today)
    materials["content"] |= _content(seed)
    return materials


def plain_organisation(*, today: date, seed: int = _SEED + 1) -> dict[str, Any]:
    """Complete answers of an organisation in Beijing that runs a single application of its own."""
    materials = organisation_materials(
        seed=seed, today=today, categories=["application_operator"], division_code=_DIVISION
    )
    code = sample_credit_code(seed=seed, organisation_type="enterprise", division_code=_DIVISION)
    materials["applicant"] |= {"organisation_type": "enterprise", "document_number": code}
    return materials


def only_required_answers(materials: dict[str, Any]) -> dict[str, Any]:
    """The materials without what their form does not require; the files stay."""
    kept: dict[str, Any] = dict(materials)
    for section in ("applicant", "person_in_charge", "service", "content"):
        answers = materials[section]
        required = [each for each in particulars_of(section) if each.required(materials)]
        kept[section] = {each.name: answers[each.name] for each in required if each.name in answers}
        for each in required:
            if each.kind is AnswerKind.GROUP and each.name in answers:
                kept[section][each.name] = [
                    {one.name: row[one.name] for one in each.fields if one.name in row and one.required(row)}
                    for row in answers[each.name]
                ]
    return kept


def every_optional_answer(materials: dict[str, Any]) -> dict[str, Any]:
    """The materials with every answer that an ordinary service may leave out."""
    given = {**materials, "applicant": dict(materials["applicant"]), "service": dict(materials["service"])}
    if given["applicant"]["nature"] == "organisation":
        given["applicant"]["group_name"] = "样例旅程集团"
    given["applicant"]["home_page_url"] = "https://www.example.com/"
    if given["service"]["upstream"] != "own":
        given["service"]["technical_supporter"] = "样例区块链技术服务有限公司"
    given["service"] |= {
        "related_licences": [
            {
                "kind": "classified_protection",
                "number": "样例等保0002号",
                "valid_from": "2025-01-06",
                "has_no_expiry": True,
            }
        ],
        "has_service_contact": True,
        "service_contact_name": "李样例",
        "service_contact_mobile": "19900009977",
        "service_contact_email": "contact-journey@example.com",
    }
    return given


def _service(given: dict[str, Any], today: date) -> dict[str, Any]:
    return {
        "service_forms": ["website", "app", "official_account", "api", "other"],
        "other_service_form": "命令行工具（样例）",
        "apps": [
            {
                "name": "样例旅程客户端",
                "package_name": "com.example.journey",
                "filing_number": "京ICP备99007341号-2A",
                "download_url": "https://app.example.com/download",
            }
        ],
        "apis": [{"documentation_url": "https://docs.example.com/journey"}],
        "official_accounts": [{"name": "样例旅程", "platform": "样例社交平台"}],
        "application_fields": [*given["application_fields"], "other"],
        "other_application_field": "文旅票务（样例）",
        "service_started_on": (today - timedelta(days=3)).isoformat(),
        "has_nodes_abroad": True,
        "nodes_abroad_explanation": "境外设有一个只读观察节点（样例），不存储用户资料。",
        "technical_supporter": "样例区块链技术服务有限公司",
        "real_name_methods": ["mobile_number", "other"],
        "other_real_name_method": "线下柜台核验（样例）",
        "prior_approval_matters": ["publishing"],
        "related_licences": [
            {
                "kind": "network_publishing",
                "publishing_items": "网络出版物（样例）",
                "number": "样例网出证第0001号",
                "valid_from": (today - timedelta(days=400)).isoformat(),
                "valid_until": (today + timedelta(days=600)).isoformat(),
            },
            {
                "kind": "classified_protection",
                "number": "样例等保0002号",
                "valid_from": (today - timedelta(days=200)).isoformat(),
                "has_no_expiry": True,
            },
        ],
        "has_service_contact": True,
        "service_contact_name": "李样例",
        "service_contact_mobile": "19900009977",
        "service_contact_email": "contact-journey@example.com",
    }


def _content(seed: int) -> dict[str, Any]:
    types = {category.types_key.split(".")[1]: list(category.type_codes) for category in CATEGORIES}
    chains = [category.main_chains_key.split(".")[1] for category in CATEGORIES]
    return {
        **types,
        chains[0]: [
            {
                "chain": "ethereum",
                "kind": "public",
                "uses_contract": True,
                "contract_address": f"0x{seed:040x}",
            },
            {"chain": "bitcoin", "kind": "public", "uses_contract": False},
        ],
        chains[1]: [{"chain": "other", "other_chain_name": "样例旅程链", "kind": "consortium"}],
        chains[2]: [{"chain": "chainmaker", "kind": "consortium"}],
        "other_application_service": "为样例用户提供链上记录的查验和下载。",
        "explorer_url": "https://explorer.example.com/",
        "explorer_visits_per_year": 120_000,
        "explorer_average_daily_visits": 340,
        "explorer_servers": [
            {"ip_address": "203.0.113.10", "place": "北京市样例机房"},
            {"ip_address": "2001:db8::10", "place": "贵州省样例机房"},
        ],
        "baas_service_count": 2,
        "baas_customers": [
            {"name": "样例甲科技有限公司", "service": "存证上链"},
            {"name": "样例乙贸易有限公司"},
        ],
        "baas_hardware_and_software_separated": True,
        "baas_has_cloud_qualification": True,
        "baas_cloud_qualification": "可信云样例证书",
        "baas_machine_room_place": "北京市样例区样例机房",
        "other_technology_service": "提供区块链开发组件与技术支持（样例）。",
        "technology_service_count": 3,
        "technology_is_open_source": True,
        "technology_source_code_url": "https://code.example.com/journey",
    }
