"""Art. 12: what an officer marks before a decision, by kind of application, written by hand beside the rule."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from registry.rules.particulars.proven import doubted_keys, proofs_in
from registry.rules.workflow.examined import Way, counted, examined_keys, ways_of_examination
from registry.rules.workflow.states import Kind
from tests.builders.materials import attached_file, complete_individual, complete_organisation, with_answer

DAY = date(2026, 11, 20)
# An enterprise of Hangzhou, Shangcheng district: the code is made up, its check character is right.
CODE, PLACE = "91330102MA0000073R", "330102"
M, S, U, E = Way.OFFICER, Way.SOFTWARE, Way.UNCHANGED, Way.NOT_GIVEN
NOT_ASKED = None


def enterprise(**service: Any) -> dict[str, Any]:
    """The materials of a first filing whose credit code names the same place and sort of organisation."""
    materials = complete_organisation(seed=3, today=DAY)
    materials["applicant"] |= {
        "nature": "organisation",
        "organisation_type": "enterprise",
        "document_type": "unified_social_credit_code",
        "document_number": CODE,
        "division_code": PLACE,
        "filed_by_agent": False,
    }
    for name in ("group_name", "home_page_url", "agent_name", "authority_scope", "authority_expires_on"):
        materials["applicant"].pop(name, None)
    materials["attachments"].pop("letter_of_authority", None)
    materials["attachments"].pop("organisation_certificate", None)
    materials["attachments"]["business_licence"] = [attached_file("business_licence")]
    materials["service"].pop("related_licences", None)
    for website in materials["service"]["websites"]:
        website["icp_number"] = "浙ICP备99000003号-1"
    materials["service"] |= {"service_started_on": "2026-11-16", "log_retention_months": 6, **service}
    return materials


def altered(key: str, value: Any) -> dict[str, Any]:
    """One answer otherwise, and the statement signed anew."""
    materials = with_answer(enterprise(), key, value)
    materials["attachments"]["authenticity_statement"] = [attached_file("authenticity_statement", number=2)]
    return materials


# Particular or slot: first filing, late first filing, change of the description, change of the applicant's name, and
# the same change where the licence is the former one, so that all it is to prove is in doubt.
TABLE: dict[str, tuple[Way | None, Way | None, Way | None, Way | None, Way | None]] = {
    "applicant.nature": (S, S, U, U, U),
    "applicant.organisation_type": (S, S, U, U, M),
    "applicant.name": (M, M, U, M, M),
    "applicant.group_name": (E, E, E, E, E),
    "applicant.division_code": (S, S, U, U, M),
    "applicant.document_type": (S, S, U, U, M),
    "applicant.document_number": (S, S, U, U, M),
    "applicant.mailing_address": (M, M, U, U, U),
    "applicant.home_page_url": (E, E, E, E, E),
    "applicant.filed_by_agent": (M, M, U, U, U),
    "person_in_charge.name": (M, M, U, U, M),
    "person_in_charge.document_number": (M, M, U, U, U),
    "person_in_charge.mobile": (M, M, U, U, U),
    "service.service_name": (M, M, U, NOT_ASKED, NOT_ASKED),
    "service.description": (M, M, M, NOT_ASKED, NOT_ASKED),
    "service.service_started_on": (S, M, U, NOT_ASKED, NOT_ASKED),
    "service.late_reason": (E, M, E, NOT_ASKED, NOT_ASKED),
    "service.log_retention_months": (S, S, U, NOT_ASKED, NOT_ASKED),
    "service.related_licences": (E, E, E, NOT_ASKED, NOT_ASKED),
    "attachments.business_licence": (M, M, U, M, M),
    "attachments.product_introduction": (M, M, M, NOT_ASKED, NOT_ASKED),
    "attachments.authenticity_statement": (M, M, M, M, M),
}


def _columns() -> list[dict[str, Way]]:
    first = enterprise()
    renamed = altered("applicant.name", "样例更名有限公司")
    with_new_licence = deepcopy(renamed)
    with_new_licence["attachments"]["business_licence"] = [attached_file("business_licence", number=2)]
    late = enterprise(service_started_on="2026-09-01")
    described = altered("service.description", first["service"]["description"] + "样例补充说明。")
    return [
        ways_of_examination(Kind.INITIAL, first, is_late=False, on=DAY),
        ways_of_examination(Kind.INITIAL, late, is_late=True, on=DAY),
        ways_of_examination(Kind.CHANGE, described, is_late=False, on=DAY, before=first),
        ways_of_examination(Kind.APPLICANT_CHANGE, with_new_licence, is_late=False, on=DAY, before=first),
        ways_of_examination(Kind.APPLICANT_CHANGE, renamed, is_late=False, on=DAY, before=first),
    ]


@pytest.mark.parametrize("key", TABLE)
def test_art_12_who_examines_a_particular_of_each_kind_of_application(key: str) -> None:
    assert tuple(ways.get(key) for ways in _columns()) == TABLE[key]


def test_art_12_a_change_of_the_service_asks_for_what_it_alters_and_what_was_signed_for_it() -> None:
    wanted = [key for key, way in _columns()[2].items() if way is M]
    # The introduction proves the description, so it is read again beside it.
    assert wanted == [
        "service.description",
        "attachments.authenticity_statement",
        "attachments.product_introduction",
    ]


@pytest.mark.parametrize("is_late", [False, True])
def test_art_11_a_cancellation_asks_for_plan_and_dates_and_the_reason_of_a_late_one(is_late: bool) -> None:
    ways = ways_of_examination(Kind.CANCELLATION, enterprise(), is_late=is_late, on=DAY)
    stated = ["cancellation.ends_on", "cancellation.arrangement"] + ["cancellation.late_reason"] * is_late
    assert ways == dict.fromkeys(stated, M)


def test_the_first_change_of_an_imported_filing_is_examined_whole() -> None:
    assert ways_of_examination(Kind.CHANGE, enterprise(), is_late=False, on=DAY) == _columns()[0]


def test_every_item_may_be_marked_and_has_one_way() -> None:
    for kind in Kind:
        ways = ways_of_examination(kind, enterprise(), is_late=False, on=DAY)
        assert tuple(ways) == examined_keys(kind, enterprise(), is_late=False)


# ---------------------------------------------------------------- what software proves, and what it leaves alone


@pytest.mark.parametrize(
    ("key", "value", "left_to_officers"),
    [
        # Another check character: the number is no credit code, and says nothing.
        (
            "applicant.document_number",
            "91330102MA0000073A",
            ["nature", "organisation_type", "division_code", "document_type", "document_number"],
        ),
        # A deviation is declared, and only the licence can show it.
        (
            "applicant.document_type",
            "credit_code_with_deviation",
            ["nature", "organisation_type", "division_code", "document_type", "document_number"],
        ),
        # Moved within the province: the code keeps the place of its registrar.
        ("applicant.division_code", "330105", ["division_code"]),
        # Another province: a question compares code and place, so neither is proven.
        ("applicant.division_code", "110105", ["division_code", "document_number"]),
        # The code says nothing of a type that several sorts of code stand for.
        ("applicant.organisation_type", "other", ["organisation_type"]),
    ],
)
def test_a_credit_code_proves_only_what_it_says(key: str, value: str, left_to_officers: list[str]) -> None:
    ways = ways_of_examination(Kind.INITIAL, altered(key, value), is_late=False, on=DAY)
    before = _columns()[0]
    now_left = [
        name.removeprefix("applicant.") for name, way in ways.items() if way is M and before[name] is S
    ]
    assert sorted(now_left) == sorted(left_to_officers)


def test_nothing_is_proven_of_a_person_by_the_check_digit_of_a_document() -> None:
    individual = complete_individual(seed=2, today=DAY)
    proven = proofs_in(individual, on=DAY)
    assert [key for key in proven if key.startswith("applicant.")] == []


@pytest.mark.parametrize(
    ("key", "value", "is_proven"),
    [
        ("service.service_started_on", "2026-11-20", True),
        ("service.service_started_on", "2026-11-21", False),
        ("service.service_started_on", "2009-01-03", True),
        ("service.service_started_on", "2009-01-02", False),
        ("service.log_retention_months", 6, True),
        ("service.log_retention_months", 5, False),
    ],
)
def test_art_17_and_dates_are_proven_at_their_limits(key: str, value: Any, is_proven: bool) -> None:
    assert (key in proofs_in(altered(key, value), on=DAY)) is is_proven


@pytest.mark.parametrize(("expires_on", "is_proven"), [("2026-11-20", True), ("2026-11-19", False)])
def test_a_letter_of_authority_runs_to_its_last_day(expires_on: str, is_proven: bool) -> None:
    by_agent = enterprise()
    by_agent["applicant"] |= {"filed_by_agent": True, "authority_expires_on": expires_on}
    key = "applicant.authority_expires_on"
    assert (key in proofs_in(by_agent, on=DAY)) is is_proven
    assert (key in doubted_keys(by_agent, on=DAY)) is not is_proven


def test_who_acts_for_the_applicant_is_examined_with_every_change() -> None:
    by_agent = enterprise()
    by_agent["applicant"] |= {
        "filed_by_agent": True,
        "agent_name": "样例代理人",
        "authority_scope": "样例：代为办理备案",
        "authority_expires_on": "2027-11-20",
    }
    by_agent["attachments"]["letter_of_authority"] = [attached_file("letter_of_authority")]
    now = with_answer(by_agent, "service.description", by_agent["service"]["description"] + "样例补充说明。")
    ways = ways_of_examination(Kind.CHANGE, now, is_late=False, on=DAY, before=by_agent)
    assert {key for key, way in ways.items() if way is M} == {
        "applicant.filed_by_agent",
        "applicant.agent_name",
        "applicant.authority_scope",
        "applicant.authority_expires_on",
        "attachments.letter_of_authority",
        "attachments.authenticity_statement",
        "attachments.product_introduction",
        "service.description",
    }


def test_a_licence_that_has_expired_since_its_last_check_is_looked_at_again() -> None:
    licence = {
        "kind": "auction",
        "number": "样例1号",
        "valid_from": "2020-01-01",
        "valid_until": "2026-11-19",
    }
    before = enterprise(related_licences=[licence])
    now = with_answer(before, "service.description", before["service"]["description"] + "样例补充说明。")
    found = [
        ways_of_examination(Kind.CHANGE, now, is_late=False, on=day, before=before)
        for day in (date(2026, 11, 19), DAY)
    ]
    assert [ways["service.related_licences"] for ways in found] == [U, M]


def test_marks_of_officers_and_proofs_of_software_are_counted_apart() -> None:
    ways = {"a": M, "b": M, "c": S, "d": S, "e": U, "f": E}
    some = counted(ways, frozenset({"a", "d", "gone"}))
    assert (some.by_officers, some.software, some.unchanged, some.not_given) == (2, ("c",), 1, 1)
