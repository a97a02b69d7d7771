"""Evidence follows facts: what is stated otherwise than before needs the document that shows it (Art. 12).

One table says which document proves what; a mended first filing, a change and a supplement are asked alike.
"""

from __future__ import annotations

from typing import Any

import pytest

from registry.rules.particulars.consistency.catalogue import find_questions
from registry.rules.particulars.evidence import outdated_proofs
from tests.builders.materials import (
    TODAY,
    attached_file,
    complete_individual,
    complete_organisation,
    with_answer,
    with_required_files,
)

Materials = dict[str, Any]

LICENCE = "attachments.business_licence"
PERSON = "attachments.person_in_charge_document"
FRONT = "attachments.identity_document_front"
PROOF = "attachments.icp_proof"
APPROVALS = "attachments.prior_approval_licences"
AUDIO_VISUAL = "attachments.related_licence_audio_visual"
TELECOM = "attachments.related_licence_value_added_telecom"
LETTER = "attachments.letter_of_authority"
CLOUD = "attachments.cloud_service_qualification"


def site(
    host: str, *, name: str = "样例站", path: str = "", number: str = "京ICP备99000001号-1"
) -> Materials:
    return {"name": name, "url": f"https://{host}/{path}", "icp_number": number}


def licence(kind: str, number: str = "样例许 1 号", until: str = "2027-12-31") -> Materials:
    return {"kind": kind, "number": number, "valid_from": "2024-01-01", "valid_until": until}


OTHER_LICENCE = licence("value_added_telecom")


def filed() -> Materials:
    """An enterprise with every document that a fact of the table is proven by."""
    materials = complete_organisation(seed=2, categories=["technology_provider"], division_code="110105")
    answers = {
        "applicant.organisation_type": "enterprise",
        "applicant.filed_by_agent": True,
        "applicant.agent_name": "样例代理有限公司",
        "applicant.authority_scope": "全部事项",
        "applicant.authority_expires_on": "2027-06-30",
        "service.websites": [site("www.sample-one.cn")],
        "service.published_rules_url": "https://www.sample-one.cn/rules",
        "service.prior_approval_matters": ["news"],
        "service.related_licences": [licence("audio_visual"), OTHER_LICENCE],
        "content.technology_service_types": ["baas"],
        "content.baas_has_cloud_qualification": True,
        "content.baas_cloud_qualification": "样例资质甲",
    }
    for key, value in answers.items():
        materials = with_answer(materials, key, value)
    return with_required_files(materials)


def asked(before: Materials, after: Materials) -> list[tuple[str, str]]:
    """The questions about documents: the slot, and the fact that changed."""
    found = find_questions(after, today=TODAY, versions=(before,))
    return [
        (each.contradiction.found.key, each.contradiction.found.facts["changed"])
        for each in found
        if each.name.endswith("_shows_what_changed")
    ]


def with_new_file(materials: Materials, slot: str, *, number: int = 9) -> Materials:
    return with_answer(materials, slot, [attached_file(slot.split(".")[1], number=number)])


# What changes, and the documents that have to follow.
CHANGES: list[tuple[str, Any, list[str]]] = [
    ("applicant.name", "样例更名科技有限公司", [LICENCE]),
    ("applicant.document_number", "91110108MA0000001X", [LICENCE]),
    ("applicant.document_address", "样例省样例市样例路 9 号", [LICENCE]),
    ("person_in_charge.name", "李样例", [LICENCE, PERSON]),
    ("person_in_charge.document_number", "11010519491231002X", [PERSON]),
    ("applicant.agent_name", "另一样例代理有限公司", [LETTER]),
    ("applicant.authority_expires_on", "2028-06-30", [LETTER]),
    ("service.websites", [site("www.sample-two.cn")], [PROOF]),
    ("service.websites", [site("www.sample-one.cn", number="京ICP备99000001号-2")], [PROOF]),
    ("service.websites", [site("www.sample-one.cn"), site("www.sample-two.cn")], [PROOF]),
    ("service.prior_approval_matters", ["publishing"], [APPROVALS]),
    ("service.related_licences", [licence("audio_visual", until="2029-12-31"), OTHER_LICENCE], [AUDIO_VISUAL]),
    ("service.related_licences", [licence("audio_visual"), {**OTHER_LICENCE, "number": "样例许 2 号"}], [TELECOM]),
    ("content.baas_cloud_qualification", "样例资质乙", [CLOUD]),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value", "slots"), CHANGES)
def test_a_fact_that_changes_asks_for_the_document_that_shows_it(
    key: str, value: Any, slots: list[str]
) -> None:
    before = filed()
    after = with_answer(before, key, value)
    assert asked(before, after) == [(slot, key) for slot in slots]


@pytest.mark.parametrize(("key", "value", "slots"), CHANGES)
def test_a_new_document_answers_it_and_the_old_one_renamed_does_not(
    key: str, value: Any, slots: list[str]
) -> None:
    before = filed()
    after = with_answer(before, key, value)
    renamed = after
    for slot in slots:
        after = with_new_file(after, slot)
        files = renamed["attachments"][slot.split(".")[1]]
        renamed = with_answer(renamed, slot, [{**files[0], "id": "another", "name": "新.pdf"}])
    assert asked(before, after) == []
    assert asked(before, renamed) == [(slot, key) for slot in slots]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("service.websites", [site("www.sample-one.cn", name="新名", path="new")]),
        ("service.websites", [site("m.sample-one.cn")]),
        ("service.related_licences", [licence("value_added_telecom")]),
        ("service.prior_approval_matters", ["none"]),
        ("service.service_name", "样例新名"),
        ("service.description", "样例：" + "说明" * 20),
        ("applicant.mailing_address", "样例路 9 号"),
        ("applicant.name", None),
        ("person_in_charge.mobile", "13900001111"),
        ("applicant.filed_by_agent", False),
    ],
)
def test_what_no_document_shows_and_what_falls_away_asks_for_none(key: str, value: Any) -> None:
    before = filed()
    assert asked(before, with_answer(before, key, value)) == []


def test_an_individual_proves_a_new_name_by_the_document_itself() -> None:
    before = complete_individual()
    assert asked(before, with_answer(before, "applicant.name", "样例新名")) == [(FRONT, "applicant.name")]


def test_a_document_proves_what_was_stated_when_it_was_handed_in() -> None:
    """Over several rounds: a return to what the document was handed in for needs no other, a further step does."""
    first = filed()
    second = with_answer(first, "applicant.name", "样例乙有限公司")
    third = with_answer(second, "applicant.name", first["applicant"]["name"])
    assert [*outdated_proofs((first, second), third)] == []
    renewed = with_new_file(second, LICENCE)
    again = with_answer(renewed, "applicant.name", "样例丙有限公司")
    assert [gap.key for gap in outdated_proofs((first, renewed), again)] == [LICENCE]
    # Nobody is asked about a first filing: nothing was handed in before.
    assert asked({}, second) == []
    assert find_questions(second, today=TODAY) == ()


def test_the_applicant_may_say_that_the_same_document_shows_it() -> None:
    before = filed()
    after = with_answer(before, "applicant.name", "样例更名科技有限公司")
    [question] = find_questions(after, today=TODAY, versions=(before,))
    answered = {
        **after,
        "answers_to_questions": {
            question.name: {"compared": question.compared, "text": "执照原本如此，首次误填"}
        },
    }
    [kept] = find_questions(answered, today=TODAY, versions=(before,), base=lambda: before)
    assert kept.answer == "执照原本如此，首次误填"
    # In the next round the answer still stands beside the fact that it is about.
    [later] = find_questions(answered, today=TODAY, versions=(before, answered), base=lambda: answered)
    assert later.answer == "执照原本如此，首次误填"
    changed = with_answer(answered, "applicant.name", "样例再更名有限公司")
    [again] = find_questions(changed, today=TODAY, versions=(before, answered), base=lambda: answered)
    assert again.answer == ""
