"""The chain or platform that somebody else runs: its filing is asked for, and compared with the register (Art. 2)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import pytest

from registry.labels.particulars import contradiction_message
from registry.rules.codes.filing_number import compose
from registry.rules.particulars import public_columns
from registry.rules.particulars.completeness import canonical_materials, checklist_items, find_gaps
from registry.rules.particulars.consistency.catalogue import find_contradictions, find_questions
from registry.rules.particulars.consistency.definitions import Registered, Severity
from registry.rules.particulars.form_version import asks_more_of, carried_over, with_version
from registry.rules.particulars.transformations import clear_irrelevant
from tests.builders.materials import LISTS, TODAY, complete_organisation, of_first_version, with_answer

Materials = dict[str, Any]

# Sample numbers: the serial begins with 0000.
IN_FORCE, ENDED, ENDING, OWN, ITSELF, UNKNOWN = (
    str(compose("110108", 2026, f"0000100{place}", 1)) for place in range(6)
)
PLATFORM = "样例区块链平台有限公司"


def runs_on(*numbers: str, supporter: str | None = None) -> Materials:
    materials = with_answer(complete_organisation(seed=1), "service.upstream", "filed")
    materials = with_answer(materials, "service.technical_supporter", supporter)
    materials = with_answer(materials, "service.no_upstream_filing_reason", None)
    return with_answer(materials, "service.upstream_filings", [{"number": each} for each in numbers] or None)


def register(numbers: Collection[str]) -> Mapping[str, Registered]:
    own = runs_on()
    name, service = own["applicant"]["name"], own["service"]["service_name"]
    known = {
        IN_FORCE: Registered(PLATFORM, "样例云链", has_ended=False),
        ENDED: Registered(PLATFORM, "样例旧链", has_ended=True),
        ENDING: Registered(PLATFORM, "样例将止链", has_ended=False, ends_on=date(2027, 1, 31)),
        OWN: Registered(name, "样例自建平台", has_ended=False),
        ITSELF: Registered(name, service, has_ended=False),
    }
    return {number: known[number] for number in numbers if number in known}


def found(materials: Materials) -> list[tuple[str, str]]:
    """What the rules about the chain or platform find: their names, and whether it is an error."""
    both = [
        each
        for severity in (Severity.ERROR, Severity.QUESTION)
        for each in find_contradictions(materials, today=TODAY, severity=severity, register=register)
    ]
    return [
        (each.rule.name, each.rule.severity.value) for each in both if "upstream" in each.rule.compares[0]
    ]


@pytest.mark.parametrize(
    ("materials", "wanted"),
    [
        (runs_on(IN_FORCE), []),
        (runs_on(IN_FORCE, supporter=PLATFORM), []),
        (runs_on(IN_FORCE, supporter=f" {PLATFORM.replace('区', '区 ')} "), []),
        (runs_on(UNKNOWN), [("upstream_is_in_the_register", "error")]),
        (runs_on(IN_FORCE, UNKNOWN), [("upstream_is_in_the_register", "error")]),
        (runs_on(ENDED), [("upstream_is_in_force", "error")]),
        (runs_on(ENDING), [("upstream_goes_on", "question")]),
        (runs_on(ITSELF), [("upstream_is_another_service", "error")]),
        (runs_on(OWN), [("upstream_is_somebody_elses", "question")]),
        (
            runs_on(IN_FORCE, supporter="另一样例公司"),
            [("upstream_is_the_technical_supporters", "question")],
        ),
        (runs_on(OWN, IN_FORCE, supporter=PLATFORM), [("upstream_is_somebody_elses", "question")]),
        (
            with_answer(
                with_answer(complete_organisation(seed=1), "service.upstream", "own"),
                "service.technical_supporter",
                "另一样例公司",
            ),
            [("own_platform_has_no_supporter", "question")],
        ),
        (with_answer(complete_organisation(seed=1), "service.upstream", "own"), []),
        (with_answer(runs_on(UNKNOWN), "service.upstream", "own"), []),
    ],
)
def test_the_number_is_compared_with_the_register(
    materials: Materials, wanted: list[tuple[str, str]]
) -> None:
    assert found(materials) == wanted


def test_without_a_register_nothing_is_found_that_only_it_can_tell() -> None:
    for number in (UNKNOWN, ENDED, ENDING, OWN, ITSELF):
        assert find_gaps(runs_on(number), lists=LISTS, today=TODAY) == ()
        assert find_questions(runs_on(number), today=TODAY) == ()


def test_each_finding_says_which_number_and_in_which_entry() -> None:
    [unknown] = find_contradictions(
        runs_on(IN_FORCE, UNKNOWN), today=TODAY, severity=Severity.ERROR, register=register
    )
    message = contradiction_message(unknown)
    assert UNKNOWN in message
    assert "2" in message.split(UNKNOWN)[0]


def test_the_number_may_be_pasted_from_the_foot_of_a_site() -> None:
    pasted = f"本网站备案号：{IN_FORCE[:4]} {IN_FORCE[4:-1].lower()}"
    materials = canonical_materials(runs_on(pasted), today=TODAY, lists=LISTS)
    assert materials["service"]["upstream_filings"] == [{"number": IN_FORCE}]
    wrong = IN_FORCE[:-2] + ("0" if IN_FORCE[-2] != "0" else "1") + "号"
    for text in (wrong, "京ICP备99000001号", "没有"):
        [gap] = find_gaps(runs_on(text), lists=LISTS, today=TODAY)
        assert (gap.key, gap.code) == ("service.upstream_filings.number", "invalid_filing_number")


def test_whoever_has_no_number_says_why() -> None:
    materials = with_answer(runs_on(), "service.upstream", "unfiled")
    assert [(gap.key, gap.code) for gap in find_gaps(materials, lists=LISTS, today=TODAY)] == [
        ("service.no_upstream_filing_reason", "missing")
    ]
    said = with_answer(materials, "service.no_upstream_filing_reason", "公有链，没有运营主体")
    assert find_gaps(said, lists=LISTS, today=TODAY) == ()
    assert [(gap.key, gap.code) for gap in find_gaps(runs_on(), lists=LISTS, today=TODAY)] == [
        ("service.upstream_filings", "missing")
    ]
    nothing = with_answer(complete_organisation(), "service.upstream", None)
    assert ("service.upstream", "missing") in [
        (gap.key, gap.code) for gap in find_gaps(nothing, lists=LISTS, today=TODAY)
    ]


def test_the_numbers_are_public_and_nothing_else_of_it_is() -> None:
    columns = public_columns(runs_on(IN_FORCE, ENDING, IN_FORCE))
    assert columns["upstream_numbers"] == [IN_FORCE, ENDING]
    reason = clear_irrelevant(with_answer(runs_on(IN_FORCE), "service.upstream", "unfiled"))
    assert public_columns(reason)["upstream_numbers"] == []


def test_what_was_filed_before_stays_complete_and_its_checklist_does_not_grow() -> None:
    second = with_version(of_first_version(complete_organisation()), 2)
    for older in (of_first_version(complete_organisation()), second):
        assert "service.upstream" not in checklist_items(older)
        gaps = find_gaps(older, lists=LISTS, today=TODAY)
        assert [gap for gap in gaps if gap.key.startswith("service.upstream")] == []


def test_a_change_is_asked_for_it_where_it_touches_chain_or_supporter() -> None:
    older = with_version(of_first_version(complete_organisation()), 2)

    def asked_in_a_change(key: str, value: Any) -> bool:
        after = with_answer(older, key, value)
        after = carried_over(after) if asks_more_of(older, after) else after
        gaps = find_gaps(after, lists=LISTS, today=TODAY, filed=lambda: older)
        return "service.upstream" in [gap.key for gap in gaps]

    assert asked_in_a_change("service.technical_supporter", "样例支持公司")
    assert not asked_in_a_change("service.description", "样例：" + "说明" * 20)
    assert not asked_in_a_change("service.service_forms", ["website", "other"])
