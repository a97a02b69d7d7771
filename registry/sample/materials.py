"""Complete materials of invented applicants, plainly labelled as samples, for demonstrations and tests.

The same seed gives the same materials. Sixty seeds give sixty different applicants from all over the country, in
every category, on many chains and in many fields. Only the files are missing: the caller adds the scans.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random
from types import MappingProxyType
from typing import Any

from registry.rules.particulars import INITIAL_LISTS, find_particular, required_slots
from registry.rules.particulars.form_version import CURRENT_VERSION, with_version
from registry.rules.particulars.service_categories import CATEGORY_BY_CODE, CATEGORY_CODES
from registry.sample.identities import (
    sample_credit_code,
    sample_mobile,
    sample_nationality,
    sample_personal_number,
    sample_resident_id,
)
from registry.sample.places import SEVEN_DIGIT_AREAS, SamplePlace, place_for

__all__ = ["individual_materials", "organisation_materials", "required_slots"]

_FIRST_CHARACTERS = "链信云溯证星方恒智图源元数鼎联汇"
_SECOND_CHARACTERS = "通达宝桥源诚汇行尚和科"
_PRODUCTS = {
    "traceability": "商品溯源平台",
    "evidence_deposit": "电子存证服务",
    "electronic_certificates": "电子票据查验平台",
    "supply_chain_finance": "供应链协同平台",
    "copyright": "数字版权登记平台",
    "government_services": "政务数据共享服务",
    "justice": "司法证据核验服务",
    "energy": "绿电凭证服务",
    "internet_of_things": "物联设备可信接入平台",
    "digital_collectibles": "数字藏品展示平台",
    "cloud_platform": "区块链云服务平台",
    "finance": "资金流向对账服务",
}
_CONSENSUS = ("PBFT", "Raft", "Tendermint BFT", "PoA", "HotStuff")
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
_ORGANISATION_TYPES = (
    *("enterprise",) * 8,
    "public_institution",
    "social_organisation",
    "other",
)
_NAME_ENDINGS = {
    "enterprise": "科技有限公司",
    "state_organ": "数据管理局",
    "public_institution": "信息中心",
    "social_organisation": "区块链促进会",
    "other": "科技合伙企业",
}


def organisation_materials(
    *,
    seed: int,
    today: date,
    categories: Sequence[str] | None = None,
    division_code: str | None = None,
    attachments: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Materials of a sample organisation whose service started a few days before `today`."""
    random = Random(f"organisation {seed}")  # noqa: S311 -- samples, not secrets
    place = place_for(division_code, seed=seed)
    organisation_type = random.choice(_ORGANISATION_TYPES)
    brand = _brand(seed)
    short_city = place.city.removesuffix("市")
    name = f"样例（{short_city}）{brand}{_NAME_ENDINGS[organisation_type]}"
    credit_code = sample_credit_code(
        seed=seed, organisation_type=organisation_type, division_code=place.division_code
    )
    address = f"{place.city}{place.district}样例路{seed % 900 + 1}号"
    materials = _service_and_content(random, seed, brand, place, today, categories)
    materials["applicant"] = {
        "nature": "organisation",
        "organisation_type": organisation_type,
        "name": name,
        "division_code": place.division_code,
        "document_type": "unified_social_credit_code",
        "document_number": credit_code,
        "document_address": address,
        "investor_or_governing_body": f"样例{brand}控股有限公司",
        "mailing_address": f"{address}样例大厦{seed % 20 + 1}层",
        "home_page_url": f"https://www.sample-{seed}.example.com/",
        "filed_by_agent": False,
    }
    if seed % 5 == 0:
        materials["applicant"]["group_name"] = f"样例{brand}集团"
    materials["person_in_charge"] = {
        "name": f"{random.choice(_SURNAMES)}样例",
        "capacity": "legal_representative" if seed % 3 else "principal",
        "document_type": "resident_id",
        "document_number": sample_resident_id(seed=seed),
        "office_phone": _office_phone(place, seed),
        "mobile": sample_mobile(seed=seed),
        "email": f"sample-{seed}@example.com",
    }
    return _in_order(materials, attachments)


def individual_materials(
    *,
    seed: int,
    today: date,
    categories: Sequence[str] | None = None,
    division_code: str | None = None,
    attachments: Mapping[str, Any] | None = None,
    document_type: str = "resident_id",
) -> dict[str, Any]:
    """Materials of a sample individual whose service started a few days before `today`."""
    random = Random(f"individual {seed}")  # noqa: S311 -- samples, not secrets
    place = place_for(division_code, seed=seed)
    address = f"{place.city}{place.district}样例小区{seed % 90 + 1}号楼"
    materials = _service_and_content(random, seed, _brand(seed), place, today, categories)
    passport = {"nationality": sample_nationality(seed=seed)} if document_type == "passport" else {}
    materials["applicant"] = {
        "nature": "individual",
        "name": f"{random.choice(_SURNAMES)}样例（个人）",
        "division_code": place.division_code,
        "document_type": document_type,
        **passport,
        # The offset avoids the resident IDs of persons in charge of sample organisations.
        "document_number": sample_personal_number(document_type, seed=seed + 15_000),
        "document_address": address,
        "mailing_address": address,
        "filed_by_agent": False,
    }
    materials["person_in_charge"] = {
        "mobile": sample_mobile(seed=seed + 5_000),
        "email": f"sample-person-{seed}@example.com",
    }
    return _in_order(materials, attachments)


def _office_phone(place: SamplePlace, seed: int) -> str:
    local = f"555{seed % 10_000:04d}" if place.area_code in SEVEN_DIGIT_AREAS else f"5550{seed % 10_000:04d}"
    return f"{place.area_code}-{local}"


def _brand(seed: int) -> str:
    first = _FIRST_CHARACTERS[seed % len(_FIRST_CHARACTERS)]
    second = _SECOND_CHARACTERS[seed % len(_SECOND_CHARACTERS)]
    return first + second


def _in_order(materials: dict[str, Any], attachments: Mapping[str, Any] | None) -> dict[str, Any]:
    ordered = {
        "applicant": materials["applicant"],
        "person_in_charge": materials["person_in_charge"],
        "service": materials["service"],
        "content": materials["content"],
        "attachments": dict(attachments or {}),
    }
    return with_version(ordered, CURRENT_VERSION)


# ---------------------------------------------------------------- the service and its content


def _service_and_content(
    random: Random, seed: int, brand: str, place: SamplePlace, today: date, categories: Sequence[str] | None
) -> dict[str, Any]:
    chosen = list(categories) if categories is not None else _pick_categories(random, seed)
    chain = INITIAL_LISTS["main_chains"][seed % len(INITIAL_LISTS["main_chains"])]
    field = INITIAL_LISTS["application_fields"][seed % len(INITIAL_LISTS["application_fields"])].code
    content: dict[str, Any] = {"categories": chosen}
    for code in chosen:
        _add_category(content, random, code, chain_code=chain.code, chain_kind=chain.kind, seed=seed)
    service = _service(random, seed, brand, place, today, field, chain.kind)
    return {"service": service, "content": content}


def _pick_categories(random: Random, seed: int) -> list[str]:
    if seed % 7 == 0:
        return sorted(random.sample(CATEGORY_CODES, 2), key=CATEGORY_CODES.index)
    # Most services that are filed are applications.
    return [random.choice((*CATEGORY_CODES, CATEGORY_CODES[1], CATEGORY_CODES[1]))]


def _service(
    random: Random, seed: int, brand: str, place: SamplePlace, today: date, field: str, chain_kind: str
) -> dict[str, Any]:
    product = f"样例{brand}{_PRODUCTS[field]}"
    node_count = random.randint(4, 24)
    here = random.randint(1, node_count - 1)
    # Of a public chain the places are not counted, of another the nodes are the sum of its places.
    nodes: dict[str, Any] = {
        "node_places": [
            {"place": f"{place.city}{place.district}", "node_count": here},
            {"place": "贵州省贵安新区", "node_count": node_count - here},
        ]
    }
    if chain_kind == "public":
        nodes = {"node_count": node_count, "node_countries": [{"country": "中国", "share_percent": 100}]}
    site = f"https://service-{seed}.example.com/"
    service: dict[str, Any] = {
        "service_name": product,
        **_forms_of_service(seed, product, site, f"{place.icp_letter}ICP备99{seed % 1_000_000:06d}号"),
        "application_fields": [field],
        "description": (
            f"{product}是为演示而虚构的样例服务：把业务记录的摘要写入区块链，供用户核对记录是否被改动。"
            "原始资料保存在境内服务器，链上只保存摘要和时间。"
        ),
        "service_started_on": (today - timedelta(days=seed % 8)).isoformat(),
        "chain_kind": chain_kind,
        "consensus": random.choice(_CONSENSUS),
        **nodes,
        "has_nodes_abroad": False,
        "server_addresses": [
            {"address": f"node-{seed}.example.com", "place": f"{place.city}{place.district}样例机房"}
        ],
        "published_rules_url": f"{site}rules",
        "real_name_methods": ["mobile_number"] if seed % 2 else ["mobile_number", "identity_document"],
        "log_retention_months": random.choice((6, 12, 24)),
        "complaint_channel": f"{site}complaints",
        "prior_approval_matters": ["none"],
        "has_service_contact": False,
    }
    if seed % 9 == 0:
        service["technical_supporter"] = "样例区块链技术服务有限公司"
    return {**service, **_upstream(chain_kind, has_supporter=seed % 9 == 0)}


def _upstream(chain_kind: str, *, has_supporter: bool) -> dict[str, Any]:
    """Who runs the chain or platform: of a public chain nobody, else the applicant, unless it has a supporter."""
    if chain_kind == "public":
        return {
            "upstream": "unfiled",
            "no_upstream_filing_reason": "公有链由全体节点共同维护，没有运营主体（样例）。",
        }
    if has_supporter:
        return {"upstream": "unfiled", "no_upstream_filing_reason": "技术提供方的备案申请正在审核（样例）。"}
    return {"upstream": "own"}


# Most services have a website; those of a few seeds have none.
_FORMS_WITHOUT_WEBSITE: Mapping[int, tuple[str, ...]] = MappingProxyType(
    {
        22: ("app",),
        23: ("mini_program",),
        26: ("api",),
        27: ("node",),
        28: ("mini_program", "official_account"),
    }
)


def _forms_of_service(seed: int, product: str, site: str, icp_subject: str) -> dict[str, Any]:
    """The forms in which a service is offered, with the rows of each."""
    forms = list(_FORMS_WITHOUT_WEBSITE.get(seed % 29, ("website",)))
    if "website" in forms:
        forms += (
            ["app"] * (seed % 4 == 0) + ["official_account"] * (seed % 6 == 0) + ["api"] * (seed % 3 == 0)
        )
    rows: dict[str, list[dict[str, Any]]] = {
        "website": [{"name": product, "url": site, "icp_number": f"{icp_subject}-1"}],
        "app": [
            {
                "name": f"{product}客户端",
                "package_name": f"com.example.sample{seed}",
                "filing_number": f"{icp_subject}-2A",
            }
        ],
        "mini_program": [
            {"platform": "样例社交平台", "name": f"{product}小程序", "filing_number": f"{icp_subject}-3X"}
        ],
        "official_account": [{"name": product, "platform": "样例社交平台"}],
        "api": [{"documentation_url": f"{site}api"}],
        "node": [{"chain": "样例存证链", "identity": f"sample-node-{seed:04d}"}],
    }
    return {"service_forms": forms, **{_ROWS_BY_FORM[form]: rows[form] for form in forms}}


_ROWS_BY_FORM: Mapping[str, str] = MappingProxyType(
    {
        "website": "websites",
        "app": "apps",
        "mini_program": "mini_programs",
        "official_account": "official_accounts",
        "api": "apis",
        "node": "nodes",
    }
)


def _add_category(
    content: dict[str, Any], random: Random, code: str, *, chain_code: str, chain_kind: str, seed: int
) -> None:
    category = CATEGORY_BY_CODE[code]
    service_type = random.choice(category.type_codes)
    chain: dict[str, Any] = {"chain": chain_code, "kind": chain_kind}
    if chain_kind == "public":
        chain["uses_contract"] = chain_code != "bitcoin"
        if chain["uses_contract"]:
            chain["contract_address"] = f"0x{seed:040x}"
    content[find_particular(category.types_key).name] = [service_type]
    content[find_particular(category.main_chains_key).name] = [chain]
    content.update(_extra_answers(random, code, service_type, seed))


def _extra_answers(random: Random, category: str, service_type: str, seed: int) -> dict[str, Any]:
    match (category, service_type):
        case ("application_operator", "explorer"):
            return {
                "explorer_url": f"https://explorer-{seed}.example.com/",
                "explorer_visits_per_year": random.randint(10_000, 900_000),
                "explorer_average_daily_visits": random.randint(50, 4_000),
                "explorer_servers": [{"ip_address": "203.0.113.10", "place": "样例机房"}],
            }
        case ("application_operator", "other"):
            return {"other_application_service": "为样例用户提供链上记录的查验和下载。"}
        case ("technology_provider", "baas"):
            return {
                "baas_service_count": 2,
                "baas_customers": [{"name": "样例甲科技有限公司"}, {"name": "样例乙贸易有限公司"}],
                "baas_hardware_and_software_separated": True,
                "baas_has_cloud_qualification": False,
                "baas_machine_room_place": "样例市样例区样例机房",
            }
        case ("technology_provider", "other"):
            return {
                "other_technology_service": "提供区块链开发组件与技术支持（样例）。",
                "technology_service_count": random.randint(1, 9),
                "technology_is_open_source": True,
                "technology_source_code_url": f"https://code.example.com/sample-{seed}",
            }
    return {}
