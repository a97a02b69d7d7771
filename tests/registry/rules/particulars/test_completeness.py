"""Every gap is found, with its field; complete materials have none."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.rules.particulars import (
    changed_keys,
    clear_irrelevant,
    find_particular,
    particulars,
    public_columns,
    required_slots,
    slots,
    split_personal,
)
from registry.rules.particulars.completeness import (
    GAP_CODES,
    Gap,
    canonical_materials,
    checklist_items,
    find_gaps,
)
from registry.rules.particulars.consistency.catalogue import find_rule
from registry.rules.particulars.materials import Materials
from tests.builders.materials import (
    LISTS,
    TODAY,
    attached_file,
    complete_individual,
    complete_organisation,
    of_first_version,
    with_answer,
    with_required_files,
)
from tests.registry.rules.particulars.test_transformations import MATERIALS


def gaps(materials: Materials, today: date = TODAY) -> tuple[Gap, ...]:
    return find_gaps(materials, lists=LISTS, today=today)


def codes(materials: Materials) -> list[tuple[str, str]]:
    return [(gap.key, gap.code) for gap in gaps(materials)]


@pytest.mark.parametrize("seed", range(60))
def test_sample_materials_have_no_gap(seed: int) -> None:
    assert gaps(complete_organisation(seed=seed)) == ()
    assert gaps(complete_individual(seed=seed)) == ()


def test_samples_are_the_same_for_a_seed_and_varied_across_seeds() -> None:
    columns = [public_columns(complete_organisation(seed=seed)) for seed in range(60)]
    assert columns == [public_columns(complete_organisation(seed=seed)) for seed in range(60)]
    assert len({c["applicant_name"] for c in columns}) == 60
    assert len({c["division_code"][:2] for c in columns}) >= 25
    assert len({tuple(c["application_fields"]) for c in columns}) == 12
    assert len({chain for c in columns for chain in c["main_chains"]}) == 15
    assert len({service_type for c in columns for service_type in c["service_types"]}) == 8
    assert all(c["applicant_name"].startswith("样例") for c in columns)


def test_nothing_given_is_everything_missing() -> None:
    empty: Materials = {}
    assert codes(empty)[:3] == [
        ("applicant.nature", "missing"),
        ("applicant.name", "missing"),
        ("applicant.division_code", "missing"),
    ]
    expected = {p.key for p in particulars() if p.applies(empty) and p.required(empty)}
    expected |= set(required_slots(empty)) | {"service.websites"}
    assert {key for key, _ in codes(empty)} == expected


@pytest.mark.parametrize("build", [complete_organisation, complete_individual])
def test_whatever_required_is_taken_away_is_found_missing(build: Callable[..., Materials]) -> None:
    for seed in range(7):
        materials = build(seed=seed)
        for particular in particulars():
            if not (particular.applies(materials) and particular.required(materials)):
                continue
            without = with_answer(materials, particular.key, None)
            assert Gap(particular.key, "missing") in gaps(without)
        for key in required_slots(materials):
            assert gaps(with_answer(materials, key, None)) == (Gap(key, "file_missing"),)


def test_gaps_stand_in_the_order_of_the_forms() -> None:
    order = [entry.key for top in particulars() for entry in (top, *top.fields)]
    order += [slot.key for slot in slots()]
    found = [order.index(gap.key) for gap in gaps({})]
    assert found == sorted(found)


ANSWERS = [
    ("applicant.document_number", "91330106MA0000074X", "invalid_unified_social_credit_code"),
    ("applicant.division_code", "110000", "division_not_registrable"),
    ("applicant.division_code", "000000", "division_not_registrable"),
    ("applicant.home_page_url", "www", "invalid_url"),
    ("applicant.name", "样" * 201, "too_long"),
    ("applicant.name", "\u3164", "nothing_visible"),
    ("service.service_name", "\u2800\u200b\u0301", "nothing_visible"),
    ("service.description", "\ufeff\u2060" * 30, "nothing_visible"),
    ("applicant.name", "样例\U00030000公司", "unprintable"),
    ("person_in_charge.name", "样\U0001f600例", "unprintable"),
    ("applicant.name", ["样例"], "not_understood"),
    ("applicant.nature", "dragon", "not_a_choice"),
    ("applicant.filed_by_agent", "yes", "not_understood"),
    ("person_in_charge.document_number", "110101197001010076", "invalid_resident_id"),
    ("person_in_charge.mobile", "12345", "invalid_mobile"),
    ("person_in_charge.email", "somebody", "invalid_email"),
    ("person_in_charge.office_phone", "12", "invalid_phone"),
    ("service.description", "区块链服务", "too_short"),
    ("service.service_forms", ["telepathy"], "not_a_choice"),
    ("service.service_forms", "website", "not_understood"),
    ("service.application_fields", ["astrology"], "not_a_choice"),
    ("service.service_started_on", "2026-13-01", "not_a_date"),
    ("service.service_started_on", "2026-11-21", "service_start_in_future"),
    ("service.service_started_on", "1926-11-20", "service_start_too_early"),
    ("service.node_count", "four", "not_a_number"),
    ("service.node_count", True, "not_a_number"),
    ("service.node_count", 0, "too_small"),
    ("service.node_count", 10**9, "too_large"),
    ("service.log_retention_months", 5, "log_retention_too_short"),
    ("service.prior_approval_matters", ["none", "none", "astrology"], "not_a_choice"),
    ("service.websites", "https://example.com/", "not_understood"),
]


@pytest.mark.parametrize(("key", "answer", "code"), ANSWERS)
def test_a_wrong_answer_is_found_at_its_field(key: str, answer: object, code: str) -> None:
    assert (key, code) in codes(with_answer(complete_organisation(), key, answer))


@pytest.mark.parametrize(
    ("document_type", "number"),
    [
        ("resident_id", "11010119700101007"),
        ("passport", "护照"),
        ("hong_kong_macau_permit", "X12345678"),
        ("taiwan_permit", "1"),
        ("hong_kong_macau_residence_permit", "830000199201300022"),
        ("taiwan_residence_permit", "810000199408230021"),
        ("foreign_permanent_resident_card", "911999199001010015"),
    ],
)
def test_a_document_number_is_checked_by_its_type(document_type: str, number: str) -> None:
    materials = with_answer(complete_individual(), "applicant.document_type", document_type)
    materials = with_answer(materials, "applicant.nationality", "CAN")
    materials = with_answer(materials, "applicant.document_number", number)
    assert codes(materials) == [("applicant.document_number", f"invalid_{document_type}")]


def test_a_gap_holds_nothing_that_was_typed() -> None:
    typed = "110101197001010076"
    for key in ("person_in_charge.document_number", "service.service_started_on", "applicant.nature"):
        for gap in gaps(with_answer(complete_organisation(), key, typed)):
            assert not any(part in str(gap.facts) for part in (typed, "19700101"))


def test_numbers_may_be_pasted_with_invisible_marks_and_texts_may_have_lines() -> None:
    materials = with_answer(complete_organisation(), "person_in_charge.mobile", "\u202a19900000001\u202c")
    description = materials["service"]["description"]
    materials = with_answer(materials, "service.description", f"{description}\r\n\t{description}")
    assert codes(materials) == []


def test_a_gap_in_a_row_names_its_field_and_row() -> None:
    materials = complete_organisation()
    site = materials["service"]["websites"][0]
    rows = [site, {**site, "url": "nowhere"}, {**site, "icp_number": ""}, "no row"]
    found = gaps(with_answer(materials, "service.websites", rows))
    assert [(gap.key, gap.code, gap.row) for gap in found] == [
        ("service.websites.url", "invalid_url", 1),
        ("service.websites.icp_number", "missing", 2),
        ("service.websites", "not_understood", 3),
    ]
    assert {gap.particular_key for gap in found} == {"service.websites"}


def test_a_group_has_a_limit() -> None:
    site = complete_organisation()["service"]["websites"][0]
    assert codes(with_answer(complete_organisation(), "service.websites", [site] * 21)) == [
        ("service.websites", "too_many_rows")
    ]


def test_the_document_type_fits_the_nature_of_the_applicant() -> None:
    organisation = with_answer(complete_organisation(), "applicant.document_type", "passport")
    assert ("applicant.document_type", "document_type_contradicts_nature") in codes(organisation)
    individual = with_answer(complete_individual(), "applicant.document_type", "unified_social_credit_code")
    assert ("applicant.document_type", "document_type_contradicts_nature") in codes(individual)


def test_on_the_first_version_of_the_form_a_service_is_reached_by_site_app_or_account() -> None:
    materials = with_answer(of_first_version(complete_organisation()), "service.websites", None)
    materials = with_answer(materials, "service.service_forms", ["api"])
    assert codes(materials) == [("service.websites", "no_website_app_or_account")]
    account = [{"name": "样例", "platform": "样例平台"}]
    assert codes(with_answer(materials, "service.official_accounts", account)) == []
    assert codes(with_answer(materials, "service.apps", [{"name": "样例客户端"}])) == []


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("service.node_count", 10_000, "node_counts_differ"),
        ("service.has_management_system", False, "management_system_required"),
    ],
)
def test_on_the_first_version_of_the_form_nodes_add_up_and_the_system_is_stated(
    key: str, value: Any, code: str
) -> None:
    materials = of_first_version(complete_organisation())
    assert codes(materials) == []
    assert codes(with_answer(materials, key, value)) == [(key, code)]


def test_a_service_that_starts_today_can_be_filed() -> None:
    assert codes(with_answer(complete_organisation(), "service.service_started_on", "2026-11-20")) == []


def test_whether_a_late_filing_explains_itself_is_not_decided_here() -> None:
    assert codes(with_answer(complete_organisation(), "service.service_started_on", "2020-01-01")) == []


def test_nodes_abroad_are_explained() -> None:
    materials = with_answer(complete_organisation(), "service.has_nodes_abroad", True)
    assert codes(materials) == [("service.nodes_abroad_explanation", "foreign_nodes_unexplained")]
    assert codes(with_answer(materials, "service.nodes_abroad_explanation", "样例说明")) == []


def test_none_of_the_above_stands_alone() -> None:
    materials = with_answer(complete_organisation(), "service.prior_approval_matters", ["none", "news"])
    assert ("service.prior_approval_matters", "none_beside_others") in codes(materials)


def test_every_matter_of_prior_approval_has_its_scan() -> None:
    key = "attachments.prior_approval_licences"
    materials = with_answer(complete_organisation(), "service.prior_approval_matters", ["news", "publishing"])
    assert codes(materials) == [(key, "file_missing")]
    one, two = (attached_file("prior_approval_licences", number=number) for number in (1, 2))
    assert gaps(with_answer(materials, key, [one])) == (Gap(key, "too_few_files", {"minimum": 2}),)
    assert gaps(with_answer(materials, key, [one, two])) == ()


def licence(**answers: object) -> Materials:
    row = {
        "kind": "value_added_telecom",
        "number": "样例0001",
        "valid_from": "2024-01-01",
        "valid_until": "2026-11-20",
    }
    return with_answer(complete_organisation(), "service.related_licences", [{**row, **answers}])


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, []),
        ({"valid_until": "2026-11-19"}, [("valid_until", "licence_expired")]),
        ({"valid_until": "2023-12-31"}, [("valid_until", "licence_validity_reversed")]),
        ({"valid_until": "", "has_no_expiry": True}, []),
        ({"valid_until": ""}, [("valid_until", "missing")]),
        (
            {"valid_from": "2026-11-21"},
            [
                ("valid_from", "licence_not_yet_valid"),
                ("valid_until", "licence_validity_reversed"),
            ],
        ),
        ({"number": ""}, [("number", "missing")]),
        ({"kind": "network_publishing"}, [("publishing_items", "missing")]),
    ],
)
def test_a_related_licence_states_number_and_validity_and_is_in_force(
    answers: dict[str, object], expected: list[tuple[str, str]]
) -> None:
    materials = with_required_files(licence(**answers))
    assert codes(materials) == [(f"service.related_licences.{name}", code) for name, code in expected]


def test_a_related_licence_comes_with_its_scan() -> None:
    assert codes(licence()) == [("attachments.related_licence_value_added_telecom", "file_missing")]


def test_an_agent_names_scope_and_expiry_and_brings_the_letter() -> None:
    materials = with_answer(complete_organisation(), "applicant.filed_by_agent", True)
    assert codes(materials) == [
        ("applicant.agent_name", "missing"),
        ("applicant.authority_scope", "missing"),
        ("applicant.authority_expires_on", "missing"),
        ("attachments.letter_of_authority", "file_missing"),
    ]
    materials = with_answer(materials, "applicant.agent_name", "样例代理")
    materials = with_answer(materials, "applicant.authority_scope", "办理样例备案")
    materials = with_required_files(materials)
    for expires_on, expected in (("2026-11-20", []), ("2026-11-19", ["authority_expired"])):
        found = codes(with_answer(materials, "applicant.authority_expires_on", expires_on))
        assert [code for _, code in found] == expected


def chain_gaps(**answers: object) -> list[tuple[str, str, int | None]]:
    materials = complete_organisation(categories=["application_operator"])
    materials = with_answer(materials, "service.chain_kind", answers.get("kind"))
    materials = with_answer(materials, "service.node_places", [{"place": "北京市", "node_count": 4}])
    row = {"chain": "ethereum", **answers}
    materials = with_answer(materials, "content.application_main_chains", [row])
    key = "content.application_main_chains."
    return [(gap.key.removeprefix(key), gap.code, gap.row) for gap in gaps(materials)]


def test_a_contract_address_is_asked_only_of_a_public_chain() -> None:
    assert chain_gaps(kind="public") == [("uses_contract", "missing", 0)]
    assert chain_gaps(kind="public", uses_contract=False) == []
    assert chain_gaps(kind="public", uses_contract=True) == [("contract_address", "missing", 0)]
    assert chain_gaps(kind="public", uses_contract=True, contract_address="0x" + "1" * 40) == []
    for kind in ("consortium", "private"):
        assert chain_gaps(kind=kind) == []
        stale: dict[str, object] = {"kind": kind, "uses_contract": True, "contract_address": "0x1"}
        assert chain_gaps(**stale) == [("contract_address", "contract_address_not_asked", 0)]


def test_a_chain_that_is_not_listed_is_named() -> None:
    assert chain_gaps(chain="other", kind="private") == [("other_chain_name", "missing", 0)]
    assert chain_gaps(chain="other", other_chain_name="样例链", kind="private") == []


def test_the_chain_kind_of_the_service_is_that_of_a_main_chain() -> None:
    materials = complete_organisation(categories=["application_operator"], seed=7)
    other = "private" if materials["service"]["chain_kind"] != "private" else "public"
    assert codes(with_answer(materials, "service.chain_kind", other)) == [
        ("service.chain_kind", "chain_kind_contradicts_main_chains")
    ]


def test_a_platform_without_customers_lists_none() -> None:
    materials = complete_organisation(categories=["technology_provider"])
    materials["content"].update(technology_service_types=["baas"])
    answers = {
        "baas_service_count": 0,
        "baas_hardware_and_software_separated": False,
        "baas_has_cloud_qualification": False,
        "baas_machine_room_place": "样例机房",
    }
    materials["content"].update(answers)
    materials["content"].pop("baas_customers", None)
    materials = with_required_files(clear_irrelevant(materials))
    assert codes(materials) == []
    assert codes(with_answer(materials, "content.baas_service_count", 1)) == [
        ("content.baas_customers", "missing")
    ]


def test_files_are_of_the_allowed_type_number_and_size() -> None:
    key = "attachments.identity_document_front"
    materials = complete_individual()
    word = {**attached_file("identity_document_front"), "content_type": "application/msword"}
    assert gaps(with_answer(materials, key, [word])) == (Gap(key, "file_type_not_allowed", {}, 0),)
    two = [attached_file("identity_document_front", number=number) for number in (1, 2)]
    assert gaps(with_answer(materials, key, two)) == (Gap(key, "too_many_files", {"maximum": 1}),)
    heavy = {**attached_file("identity_document_front"), "size_bytes": 10 * 1024 * 1024 + 1}
    assert gaps(with_answer(materials, key, [heavy])) == (
        Gap(key, "file_too_large", {"maximum_megabytes": 10}, 0),
    )


def test_all_files_together_have_a_limit() -> None:
    materials = complete_organisation()
    for number, key in enumerate(("icp_proof", "management_system_documents")):
        slot = next(slot for slot in slots() if slot.name == key)
        materials["attachments"][key] = [
            {**attached_file(key, number=each + number), "size_bytes": 9_999_999}
            for each in range(min(slot.max_files, 10))
        ]
    assert [code for _, code in codes(materials)] == ["files_too_large"]


def test_the_checklist_has_one_item_for_everything_that_is_asked() -> None:
    for materials in (complete_organisation(), complete_individual()):
        items = checklist_items(materials)
        asked = [p.key for p in particulars() if p.applies(materials)]
        asked += [slot.key for slot in slots() if slot.applies(materials)]
        assert list(items) == asked
        # Without the kind of chain its nodes are asked by place.
        assert {gap.particular_key for gap in gaps({**materials, "service": {}})} <= set(items) | {
            "attachments.icp_proof",
            "service.node_places",
        }


def test_canonical_materials_are_written_in_one_way() -> None:
    materials = complete_organisation()
    number = materials["applicant"]["document_number"]
    materials = with_answer(materials, "applicant.document_number", f" {number.lower()} ")
    materials = with_answer(materials, "person_in_charge.mobile", "199 0000 0001")
    materials = with_answer(materials, "person_in_charge.email", "nobody")
    canonical = canonical_materials(materials, today=TODAY, lists=LISTS)
    assert canonical["applicant"]["document_number"] == number
    assert canonical["person_in_charge"]["mobile"] == "+8619900000001"
    assert canonical["person_in_charge"]["email"] == "nobody"
    assert canonical_materials(canonical, today=TODAY, lists=LISTS) == canonical
    assert gaps(canonical_materials(complete_organisation(), today=TODAY, lists=LISTS)) == ()


def test_a_gap_appears_the_day_a_licence_has_expired() -> None:
    materials = with_required_files(licence())
    assert gaps(materials, TODAY) == ()
    assert [gap.code for gap in gaps(materials, TODAY + timedelta(days=1))] == ["licence_expired"]


@settings(max_examples=200, deadline=None)
@given(MATERIALS, st.dates(date(2019, 2, 15), date(2026, 12, 31)))
def test_no_materials_break_the_check(materials: Materials, today: date) -> None:
    for gap in find_gaps(materials, lists=LISTS, today=today):
        assert gap.code in GAP_CODES or find_rule(gap.code) is not None
    canonical_materials(materials, today=today, lists=LISTS)
    checklist_items(materials)


def test_find_gives_the_fields_of_groups_for_their_gaps() -> None:
    assert find_particular("service.websites.url").section == "service"


@pytest.mark.parametrize(
    ("key", "pasted", "kept"),
    [
        ("applicant.name", "样例\x00公司", "样例公司"),
        ("applicant.name", "样例\u202e公司\u202c", "样例公司"),
        ("applicant.name", "样例\n公司", "样例公司"),
        ("applicant.name", "Sample\u2028Company", "Sample Company"),
        ("person_in_charge.name", "古丽\u200b·\ufeff样例", "古丽·样例"),
        ("service.service_name", "样例\U0001f680链", "样例\U0001f680链"),
        (
            "service.description",
            "样例服务" * 10 + "\x0b第二行\u2029第三行",
            "样例服务" * 10 + "\n第二行\n第三行",
        ),
        ("service.websites.name", "样例\u00ad网站", "样例网站"),
    ],
)
def test_what_nobody_sees_is_taken_out_of_a_pasted_answer_and_is_no_gap(
    key: str, pasted: str, kept: str
) -> None:
    section, name, *field = key.split(".")
    materials = deepcopy(complete_organisation())
    answers = materials[section][name][0] if field else materials[section]
    answers[(field or [name])[0]] = pasted
    assert gaps(materials) == ()
    canonical = canonical_materials(materials, today=TODAY, lists=LISTS)
    found = canonical[section][name][0][field[0]] if field else canonical[section][name]
    assert found == kept


def test_a_text_within_its_length_once_it_is_cleaned_is_not_too_long() -> None:
    materials = with_answer(complete_organisation(), "service.description", "样例\u200b" * 2000)
    assert gaps(materials) == ()
    found = codes(with_answer(materials, "service.description", "\u200b" * 1_000_000))
    assert found == [("service.description", "too_long")]


def test_a_rule_that_came_later_asks_nothing_of_what_is_filed() -> None:
    filed = with_answer(complete_organisation(), "person_in_charge.name", "样\U00030000")
    assert find_gaps(filed, lists=LISTS, today=TODAY, filed=lambda: filed) == ()
    changed = with_answer(filed, "person_in_charge.name", "例\U00030000")
    (gap,) = find_gaps(changed, lists=LISTS, today=TODAY, filed=lambda: filed)
    assert (gap.key, gap.code) == ("person_in_charge.name", "unprintable")
    assert gap.facts == {"found": "\U00030000 (U+30000)"}


def test_a_credit_code_that_deviates_is_a_wall_until_the_deviation_is_declared() -> None:
    materials = complete_organisation()
    number = materials["applicant"]["document_number"]
    other = next(each for each in "0123456789" if each != number[-1])
    deviating = with_answer(materials, "applicant.document_number", number[:-1] + other)
    assert codes(deviating) == [("applicant.document_number", "invalid_unified_social_credit_code")]
    declared = with_answer(deviating, "applicant.document_type", "credit_code_with_deviation")
    assert codes(declared) == []
    needless = with_answer(materials, "applicant.document_type", "credit_code_with_deviation")
    assert codes(needless) == [("applicant.document_number", "invalid_credit_code_with_deviation")]
    assert checklist_items(declared) == checklist_items(materials)
    plain, personal = split_personal(declared)
    assert plain["applicant"]["document_number"] == number[:-1] + other
    assert "document_number" not in personal.get("applicant", {})


@pytest.mark.parametrize(
    ("document_type", "is_asked"),
    [("resident_id", True), ("taiwan_residence_permit", True), ("passport", False), ("taiwan_permit", False)],
)
def test_an_address_on_the_document_is_asked_only_of_documents_that_state_one(
    document_type: str, *, is_asked: bool
) -> None:
    materials = complete_individual(document_type=document_type)
    assert ("applicant.document_address" in checklist_items(materials)) is is_asked
    materials["applicant"].pop("document_address", None)
    assert (("applicant.document_address", "missing") in codes(materials)) is is_asked


def test_an_address_that_was_asked_once_is_no_change_when_it_goes() -> None:
    filed = complete_individual(document_type="passport")
    filed["applicant"]["document_address"] = "样例路 1 号"
    assert changed_keys(filed, clear_irrelevant(filed)) == ()
    assert find_gaps(filed, lists=LISTS, today=TODAY) == ()
