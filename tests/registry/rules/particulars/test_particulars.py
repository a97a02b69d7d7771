"""The tables of the forms, held against what the domain asks."""

from __future__ import annotations

import pytest

from registry.rules.particulars import (
    INITIAL_LISTS,
    AnswerKind,
    Particular,
    UnknownParticular,
    find_particular,
    find_slot,
    particulars,
    particulars_of,
    required_slots,
    sections,
    slots,
)
from registry.rules.particulars.conditions import NEVER
from registry.rules.particulars.materials import SECTIONS
from registry.rules.particulars.service_categories import CATEGORIES, Category
from tests.builders.materials import complete_individual, complete_organisation, with_answer


def every_particular() -> list[Particular]:
    return [entry for top in particulars() for entry in (top, *top.fields)]


def test_sections_stand_in_the_order_of_the_forms() -> None:
    assert sections() == ("applicant", "person_in_charge", "service", "content", "attachments")
    assert [p for section in SECTIONS for p in particulars_of(section)] == list(particulars())


def test_every_key_is_used_once() -> None:
    keys = [entry.key for entry in every_particular()] + [slot.key for slot in slots()]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("entry", every_particular(), ids=lambda entry: entry.key)
def test_a_particular_is_found_by_its_key(entry: Particular) -> None:
    assert find_particular(entry.key) is entry


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(UnknownParticular):
        find_particular("service.horoscope")
    with pytest.raises(UnknownParticular):
        find_slot("attachments.horoscope")


@pytest.mark.parametrize("entry", every_particular(), ids=lambda entry: entry.key)
def test_choices_rows_and_fields_belong_to_their_kind(entry: Particular) -> None:
    assert bool(entry.choices) == (entry.kind in (AnswerKind.CHOICE, AnswerKind.MULTI_CHOICE))
    assert bool(entry.fields) == (entry.kind is AnswerKind.GROUP)
    assert entry.list_name is None or entry.list_name in INITIAL_LISTS
    assert all(field.key.startswith(f"{entry.key}.") for field in entry.fields)


def test_lists_in_the_beginning_hold_no_extra_choice() -> None:
    for entry in every_particular():
        if entry.list_name is not None:
            codes = {listed.code for listed in INITIAL_LISTS[entry.list_name]}
            assert codes & set(entry.extra_choices) == set()


def test_an_organisation_is_asked_for_itself_and_its_person_in_charge() -> None:
    materials = complete_organisation()
    asked = [p.key for p in (*particulars_of("applicant"), *particulars_of("person_in_charge"))]
    applying = [key for key in asked if find_particular(key).applies(materials)]
    assert applying == [
        "applicant.nature",
        "applicant.organisation_type",
        "applicant.name",
        "applicant.group_name",
        "applicant.division_code",
        "applicant.document_type",
        "applicant.document_number",
        "applicant.document_address",
        "applicant.investor_or_governing_body",
        "applicant.mailing_address",
        "applicant.home_page_url",
        "applicant.filed_by_agent",
        "person_in_charge.name",
        "person_in_charge.capacity",
        "person_in_charge.document_type",
        "person_in_charge.document_number",
        "person_in_charge.office_phone",
        "person_in_charge.mobile",
        "person_in_charge.email",
    ]


def test_an_individual_is_not_asked_twice_who_he_is() -> None:
    materials = complete_individual()
    applying = [p.name for p in particulars_of("person_in_charge") if p.applies(materials)]
    assert applying == ["office_phone", "mobile", "email"]
    asked_of_organisations = {"organisation_type", "group_name", "investor_or_governing_body"}
    of_the_applicant = {p.name for p in particulars_of("applicant") if p.applies(materials)}
    assert of_the_applicant & asked_of_organisations == set()


CERTIFICATES = {"attachments.business_licence", "attachments.organisation_certificate"}


def test_slots_follow_the_type_of_organisation() -> None:
    expected = {
        "enterprise": "business_licence",
        "other": "business_licence",
        "state_organ": "organisation_certificate",
        "public_institution": "organisation_certificate",
        "social_organisation": "organisation_certificate",
    }
    for organisation_type, name in expected.items():
        materials = with_answer(complete_organisation(), "applicant.organisation_type", organisation_type)
        certificates = [key for key in required_slots(materials) if key in CERTIFICATES]
        assert certificates == [f"attachments.{name}"]


def test_a_passport_has_no_reverse() -> None:
    materials = complete_individual()
    keys = set(required_slots(materials))
    assert {"attachments.identity_document_front", "attachments.identity_document_back"} <= keys
    passport = with_answer(materials, "applicant.document_type", "passport")
    assert keys - set(required_slots(passport)) == {"attachments.identity_document_back"}


def test_the_authenticity_statement_is_always_required() -> None:
    for materials in (complete_organisation(), complete_individual()):
        assert "attachments.authenticity_statement" in required_slots(materials)


# What a type of service is asked beside what all are.
EXTRA_KEYS: dict[tuple[str, str], set[str]] = {
    ("application_operator", "explorer"): {
        "content.explorer_url",
        "content.explorer_visits_per_year",
        "content.explorer_average_daily_visits",
        "content.explorer_servers",
    },
    ("application_operator", "other"): {"content.other_application_service"},
    ("technology_provider", "baas"): {
        "content.baas_service_count",
        "content.baas_customers",
        "content.baas_hardware_and_software_separated",
        "content.baas_has_cloud_qualification",
        "content.baas_machine_room_place",
    },
    ("technology_provider", "other"): {
        "content.other_technology_service",
        "content.technology_service_count",
        "content.technology_is_open_source",
        "attachments.technology_documents",
    },
}


@pytest.mark.parametrize("category", CATEGORIES, ids=lambda category: category.code)
def test_a_service_type_asks_for_exactly_what_the_category_table_says(category: Category) -> None:
    def applying(service_types: list[str]) -> set[str]:
        materials = complete_organisation(categories=[category.code])
        materials["content"] = {
            "categories": [category.code],
            find_particular(category.types_key).name: service_types,
        }
        content = [p.key for p in particulars_of("content") if p.applies(materials)]
        return set(content + [slot.key for slot in slots() if slot.applies(materials)])

    without = applying([])
    assert {category.types_key, category.main_chains_key} <= without
    for code in category.type_codes:
        assert applying([code]) - without == EXTRA_KEYS.get((category.code, code), set())


def test_categories_hold_the_types_the_domain_names() -> None:
    assert {category.code: category.type_codes for category in CATEGORIES} == {
        "infrastructure_provider": ("mining_pool", "cloud_mining", "node_information"),
        "application_operator": ("wallet", "explorer", "other"),
        "technology_provider": ("baas", "other"),
    }


def test_a_related_licence_asks_for_its_own_scan() -> None:
    materials = with_answer(complete_organisation(), "service.related_licences", [{"kind": "auction"}])
    keys = [key for key in required_slots(materials) if "related_licence" in key]
    assert keys == ["attachments.related_licence_auction"]


def test_conditions_can_be_written_out_for_the_page() -> None:
    assert find_particular("service.nodes_abroad_explanation").applies.as_data() == {
        "key": "service.has_nodes_abroad",
        "in": [True],
    }
    chain_fields = {field.name: field for field in find_particular("content.application_main_chains").fields}
    assert chain_fields["contract_address"].applies.as_data() == {
        "all": [{"key": "kind", "in": ["public"]}, {"key": "uses_contract", "in": [True]}]
    }


# Written by hand from what a document says of a person, and from what leads to one; not from the tables.
MASKED = {
    "applicant.document_number",
    "applicant.document_address",
    "applicant.mailing_address",
    "person_in_charge.document_number",
    "person_in_charge.office_phone",
    "person_in_charge.mobile",
    "person_in_charge.email",
    "service.service_contact_mobile",
    "service.service_contact_email",
}


def test_every_personal_answer_says_what_it_is_of_a_person() -> None:
    for each in every_particular():
        assert (each.personal is NEVER) == (each.personal_kind is None), each.key


def test_an_office_sees_masked_what_identifies_a_person_or_leads_to_one_and_nothing_else() -> None:
    individual = with_answer(complete_individual(), "service.has_service_contact", True)
    assert {each.key for each in every_particular() if each.is_masked(individual)} == MASKED
    assert {each.key for each in every_particular() if each.is_masked(complete_organisation())} == {
        key for key in MASKED if not key.startswith("applicant.")
    }
