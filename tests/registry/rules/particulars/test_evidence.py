"""What a change of the applicant alters needs a document that says so, and nothing else needs one."""

from __future__ import annotations

from typing import Any

import pytest

from registry.rules.particulars import is_particular, is_slot
from registry.rules.particulars.completeness import find_gaps
from registry.rules.particulars.evidence import EVIDENCE, former_proofs, proving_slots
from tests.builders.materials import (
    complete_individual,
    complete_organisation,
    with_answer,
    with_required_files,
)
from tests.registry.rules.particulars.test_completeness import LISTS, TODAY

LICENCE = "attachments.business_licence"
PERSON = "attachments.person_in_charge_document"
FRONT = "attachments.identity_document_front"


def enterprise() -> dict[str, Any]:
    return with_required_files(
        with_answer(complete_organisation(seed=2), "applicant.organisation_type", "enterprise")
    )


def asked(before: dict[str, Any], after: dict[str, Any]) -> dict[str, str]:
    """The slots whose scans are asked for anew, each with the particular that changed."""
    return {gap.key: str(gap.facts["changed"]) for gap in reversed(list(former_proofs(before, after)))}


def with_new_scan(materials: dict[str, Any], slot: str) -> dict[str, Any]:
    old = materials["attachments"][slot.split(".")[1]]
    return with_answer(materials, slot, [{**old[0], "sha256": "0" * 64}])


@pytest.mark.parametrize(
    ("key", "value", "slots"),
    [
        ("applicant.name", "样例更名科技有限公司", {LICENCE}),
        ("applicant.document_number", "91110108MA0000001X", {LICENCE}),
        ("applicant.document_address", "样例省样例市样例路 9 号", {LICENCE}),
        ("person_in_charge.document_number", "11010519491231002X", {PERSON}),
        ("person_in_charge.document_type", "passport", {PERSON}),
        ("person_in_charge.mobile", "13900001111", set()),
        ("person_in_charge.email", "new@example.com", set()),
        ("applicant.mailing_address", "样例路 9 号", set()),
        ("applicant.group_name", "样例集团", set()),
        ("applicant.division_code", "440305", set()),
        ("applicant.organisation_type", "other", set()),
        ("service.service_name", "样例新名", set()),
    ],
)
def test_only_what_stands_on_a_document_needs_a_new_one(key: str, value: str, slots: set[str]) -> None:
    before = enterprise()
    assert set(asked(before, with_answer(before, key, value))) == slots


def test_a_new_legal_representative_stands_on_the_licence_and_a_new_principal_does_not() -> None:
    before = with_answer(enterprise(), "person_in_charge.capacity", "legal_representative")
    after = with_answer(before, "person_in_charge.name", "样例新人")
    assert set(asked(before, after)) == {LICENCE, PERSON}
    principal = with_answer(after, "person_in_charge.capacity", "principal")
    assert set(asked(before, principal)) == {PERSON}


@pytest.mark.parametrize(
    ("key", "value"), [("applicant.name", "样例新名"), ("applicant.document_number", "E12345678")]
)
def test_an_individual_proves_a_new_name_or_document_by_the_document_itself(key: str, value: str) -> None:
    before = complete_individual()
    after = with_answer(before, key, value)
    assert asked(before, after) == {FRONT: key}
    assert asked(before, with_new_scan(after, FRONT)) == {}


def test_another_spelling_of_the_same_value_is_no_new_value() -> None:
    before = with_answer(enterprise(), "applicant.name", "样例（北京）科技 ABC 有限公司")
    for spelling in (
        "样例(北京)科技ABC有限公司",
        " 样例（北京）科技　ＡＢＣ有限公司",
        "样例（北京）科技abc有限公司",
    ):
        assert asked(before, with_answer(before, "applicant.name", spelling)) == {}
    assert asked(before, with_answer(before, "applicant.name", "样例（南京）科技 ABC 有限公司")) == {
        LICENCE: "applicant.name"
    }


def test_a_new_scan_closes_the_gap_and_the_old_one_renamed_does_not() -> None:
    before = enterprise()
    after = with_answer(before, "applicant.name", "样例更名科技有限公司")
    files = after["attachments"]["business_licence"]
    again = with_answer(after, LICENCE, [{**files[0], "id": "another", "name": "新照.png"}])
    assert set(asked(before, again)) == {LICENCE}
    assert asked(before, with_new_scan(after, LICENCE)) == {}
    # One new page beside an old one is a new document; the scan of another proof is none.
    both = with_answer(after, LICENCE, [files[0], {**files[0], "sha256": "1" * 64}])
    assert asked(before, both) == {}


def test_a_value_that_was_not_stated_may_stand_on_the_old_document() -> None:
    before = with_answer(enterprise(), "applicant.document_address", None)
    assert asked(before, with_answer(before, "applicant.document_address", "样例路 9 号")) == {}


def test_an_empty_slot_is_a_missing_file_and_no_former_proof() -> None:
    before = enterprise()
    after = with_answer(with_answer(before, "applicant.name", "样例新名"), LICENCE, [])
    gaps = find_gaps(after, lists=LISTS, today=TODAY, before=before)
    assert [(gap.key, gap.code) for gap in gaps] == [(LICENCE, "file_missing")]


def test_completeness_asks_only_where_there_is_something_before() -> None:
    before = enterprise()
    after = with_answer(before, "applicant.name", "样例新名科技有限公司")
    assert find_gaps(after, lists=LISTS, today=TODAY) == ()
    assert find_gaps(before, lists=LISTS, today=TODAY, before=before) == ()
    (gap,) = find_gaps(after, lists=LISTS, today=TODAY, before=before)
    assert (gap.key, gap.code, dict(gap.facts)) == (LICENCE, "former_proof", {"changed": "applicant.name"})


def test_the_table_names_particulars_and_slots_that_exist() -> None:
    assert all(is_particular(each.key) and all(map(is_slot, each.slots)) for each in EVIDENCE)
    assert proving_slots("person_in_charge.name")[0] == PERSON
    assert proving_slots("service.node_count") == ()
