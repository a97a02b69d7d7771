"""Clearing, parting, comparing and printing whole materials."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.rules.particulars import (
    changed_keys,
    clear_irrelevant,
    join_personal,
    particulars,
    printed_values,
    public_columns,
    slots,
    split_personal,
)
from registry.rules.particulars.materials import SECTIONS, Materials
from registry.rules.workflow.hash_chain import canonical_json
from tests.builders.materials import attached_file, complete_individual, complete_organisation, with_answer

SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.text(max_size=6))
JSON = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["name", "url", "0", "x"]), inner)
    ),
    max_leaves=6,
)
ROW = st.dictionaries(
    st.sampled_from(["name", "url", "place", "address", "id", "sha256", "kind", "chain"]), SCALARS | JSON
)
VALUES = st.one_of(SCALARS, JSON, st.lists(ROW, max_size=3), st.lists(ROW | SCALARS, max_size=3))


def section_answers(section: str) -> st.SearchStrategy[dict[str, Any]]:
    names = [p.name for p in particulars() if p.section == section]
    names += [slot.name for slot in slots() if slot.section == section]
    return st.dictionaries(st.sampled_from([*names, "unknown"]), VALUES, max_size=6)


MATERIALS = st.fixed_dictionaries(
    {}, optional={**{section: section_answers(section) | JSON for section in SECTIONS}, "unknown": JSON}
)


@settings(max_examples=300, deadline=None)
@given(MATERIALS)
def test_joining_the_parts_gives_the_materials_to_the_byte(materials: Materials) -> None:
    public_part, personal_part = split_personal(materials)
    assert canonical_json(join_personal(public_part, personal_part)) == canonical_json(materials)


@pytest.mark.parametrize("seed", range(40))
def test_parts_of_whole_samples_join_again(seed: int) -> None:
    for materials in (complete_organisation(seed=seed), complete_individual(seed=seed)):
        assert canonical_json(join_personal(*split_personal(materials))) == canonical_json(materials)


def test_the_plain_part_holds_nothing_of_persons() -> None:
    for materials in (complete_organisation(), complete_individual()):
        materials = with_answer(materials, "service.has_service_contact", True)
        materials = with_answer(materials, "service.service_contact_mobile", "19900008888")
        person, applicant = materials["person_in_charge"], materials["applicant"]
        secrets = [str(person["mobile"]), person["email"], "19900008888", "样例扫描件"]
        if applicant["nature"] == "individual":
            secrets += [applicant["document_number"], applicant["document_address"]]
            secrets += [materials["service"]["complaint_channel"]]
        else:
            secrets += [person["name"], person["document_number"], person["office_phone"]]
        plain, personal = (canonical_json(part).decode() for part in split_personal(materials))
        for secret in secrets:
            assert secret in personal
            assert secret not in plain


def test_an_organisation_is_public_by_name_code_and_address() -> None:
    materials = complete_organisation()
    plain, _ = split_personal(materials)
    assert plain["applicant"] == materials["applicant"]
    individual = complete_individual()
    plain, _ = split_personal(individual)
    assert plain["applicant"]["name"] == individual["applicant"]["name"]


def test_a_document_number_is_personal_until_an_organisation_is_certain() -> None:
    for nature, document_type in ((None, None), ("organisation", "resident_id"), (None, "passport")):
        materials = with_answer(complete_individual(), "applicant.nature", nature)
        materials = with_answer(materials, "applicant.document_type", document_type)
        plain, _ = split_personal(materials)
        assert "document_number" not in plain["applicant"]


def test_whatever_is_unknown_counts_as_personal() -> None:
    materials = {"applicant": {"name": "样例", "horoscope": "狮子座"}, "notes": "样例"}
    assert split_personal(materials) == (
        {"applicant": {"name": "样例"}},
        {"applicant": {"horoscope": "狮子座"}, "notes": "样例"},
    )


def test_clearing_leaves_complete_materials_alone() -> None:
    for seed in range(20):
        for materials in (complete_organisation(seed=seed), complete_individual(seed=seed)):
            assert clear_irrelevant(materials) == materials


def test_clearing_drops_what_a_choice_makes_irrelevant() -> None:
    materials = complete_organisation(categories=["technology_provider"])
    materials["content"]["explorer_url"] = "https://explorer.example.com/"
    materials["service"]["nodes_abroad_explanation"] = "样例"
    materials["attachments"]["letter_of_authority"] = [attached_file("letter_of_authority")]
    materials["service"]["horoscope"] = "狮子座"
    cleared = clear_irrelevant(materials)
    assert cleared == clear_irrelevant(cleared)
    assert set(materials["content"]) - set(cleared["content"]) == {"explorer_url"}
    assert set(materials["service"]) - set(cleared["service"]) == {"nodes_abroad_explanation", "horoscope"}
    assert set(materials["attachments"]) - set(cleared["attachments"]) == {"letter_of_authority"}


def test_clearing_follows_choices_that_depend_on_each_other() -> None:
    materials = complete_organisation(categories=["technology_provider"])
    materials["content"] = {
        "categories": ["infrastructure_provider"],
        "technology_service_types": ["baas"],
        "baas_has_cloud_qualification": True,
        "baas_cloud_qualification": "样例资质",
    }
    materials["attachments"]["cloud_service_qualification"] = [attached_file("cloud_service_qualification")]
    cleared = clear_irrelevant(materials)
    assert cleared["content"] == {"categories": ["infrastructure_provider"]}
    assert "cloud_service_qualification" not in cleared["attachments"]


def test_clearing_looks_into_rows() -> None:
    chain = {"chain": "chainmaker", "kind": "consortium", "uses_contract": True, "contract_address": "0x1"}
    materials = complete_organisation(categories=["application_operator"])
    materials = with_answer(materials, "content.application_main_chains", [chain, "no row"])
    assert clear_irrelevant(materials)["content"]["application_main_chains"] == [
        {"chain": "chainmaker", "kind": "consortium"},
        "no row",
    ]


def test_clearing_does_not_change_what_it_was_given() -> None:
    materials = with_answer(complete_organisation(), "service.nodes_abroad_explanation", "样例")
    before = deepcopy(materials)
    clear_irrelevant(materials)
    assert materials == before


def test_not_given_is_the_same_in_every_way_of_writing_it() -> None:
    materials = complete_organisation()
    empties: list[object] = ["", [], "  "]
    for empty in empties:
        written = with_answer(materials, "applicant.group_name", empty)
        assert changed_keys(with_answer(materials, "applicant.group_name", None), written) == ()


def test_changes_are_named_in_the_order_of_the_forms() -> None:
    before = complete_organisation()
    after = with_answer(before, "service.service_name", "样例改名服务")
    after = with_answer(after, "applicant.name", "样例改名科技有限公司")
    after["attachments"]["icp_proof"] = [attached_file("icp_proof", number=2)]
    after["service"]["websites"][0]["url"] = "https://new.example.com/"
    assert changed_keys(before, after) == (
        "applicant.name",
        "service.service_name",
        "service.websites",
        "attachments.icp_proof",
    )


def test_files_are_compared_by_their_content() -> None:
    before = complete_organisation()
    after = deepcopy(before)
    after["attachments"]["icp_proof"][0].update(name="另一个名字.pdf", id="other")
    assert changed_keys(before, after) == ()


def test_yes_is_not_one() -> None:
    before = with_answer(complete_organisation(), "service.node_count", 1)
    assert changed_keys(before, with_answer(before, "service.node_count", True)) == ("service.node_count",)


def test_the_statement_prints_who_files_what() -> None:
    materials = complete_organisation()
    printed = printed_values(materials)
    assert list(printed) == [
        "applicant.nature",
        "applicant.organisation_type",
        "applicant.name",
        "applicant.division_code",
        "applicant.document_type",
        "applicant.document_number",
        "person_in_charge.name",
        "person_in_charge.capacity",
        "person_in_charge.document_type",
        "person_in_charge.document_number",
        "person_in_charge.mobile",
        "person_in_charge.email",
        "service.service_name",
        "service.service_started_on",
        "content.categories",
    ]
    assert printed["applicant.name"] == materials["applicant"]["name"]


def test_public_columns_are_exactly_these() -> None:
    materials = complete_organisation(seed=4, categories=["application_operator"])
    chain = {"chain": "other", "other_chain_name": "样例链", "kind": "public", "uses_contract": False}
    materials = with_answer(materials, "content.application_main_chains", [chain, {"chain": "eos"}, chain])
    materials = with_answer(materials, "content.application_service_types", ["wallet", "other"])
    service, applicant = materials["service"], materials["applicant"]
    assert public_columns(materials) == {
        "applicant_name": applicant["name"],
        "applicant_nature": "organisation",
        "organisation_type": applicant["organisation_type"],
        "division_code": applicant["division_code"],
        "service_name": service["service_name"],
        "service_forms": service["service_forms"],
        "application_fields": service["application_fields"],
        "categories": ["application_operator"],
        "service_types": ["application_operator.wallet", "application_operator.other"],
        "main_chains": ["样例链", "eos"],
        "chain_kind": service["chain_kind"],
        "website_urls": [service["websites"][0]["url"]],
        "app_names": [service["apps"][0]["name"]],
        "upstream_numbers": [],
    }


@settings(max_examples=100, deadline=None)
@given(MATERIALS)
def test_no_materials_break_a_transformation(materials: Materials) -> None:
    clear_irrelevant(materials)
    public_columns(materials)
    printed_values(materials)
    assert changed_keys(materials, materials) == ()
