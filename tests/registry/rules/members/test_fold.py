"""The members of an applicant, as the history of acts alone makes them."""

from __future__ import annotations

import pytest

from registry.rules.members.events import MembershipAct, MembershipFacts
from registry.rules.members.fold import MemberTerms, fold_members


def happened(act: str, account: str, facts: dict[str, str]) -> tuple[MembershipAct, MembershipFacts]:
    return MembershipAct(act), MembershipFacts.of({"account": account, **facts})


FOUNDED = happened("founded", "li", {"role": "owner"})
LETTER = {"scope": "prepare_only", "letter": "scan-1", "valid_until": "2026-12-31"}
AGENT_JOINS = happened("invitation_accepted", "wang", {"role": "editor", **LETTER})


def test_an_invitation_makes_nobody_a_member_until_it_is_accepted() -> None:
    invited = happened("invited", "", {"role": "editor"})
    assert fold_members([FOUNDED, invited]) == {"li": MemberTerms("owner")}
    accepted = happened("invitation_accepted", "zhao", {"role": "editor"})
    assert fold_members([FOUNDED, invited, accepted]) == {
        "li": MemberTerms("owner"),
        "zhao": MemberTerms("editor"),
    }


def test_a_claim_that_is_granted_makes_a_member() -> None:
    granted = happened("claim_granted", "qian", {"role": "owner"})
    assert fold_members([FOUNDED, granted]) == {"li": MemberTerms("owner"), "qian": MemberTerms("owner")}


def test_an_agent_is_a_member_on_the_terms_of_its_letter() -> None:
    agent = MemberTerms("editor", scope="prepare_only", letter="scan-1", valid_until="2026-12-31")
    assert fold_members([FOUNDED, AGENT_JOINS])["wang"] == agent


def test_a_renewed_letter_replaces_the_terms_and_keeps_the_role() -> None:
    renewed = happened(
        "letter_renewed", "wang", {"scope": "all_acts", "letter": "scan-2", "valid_until": "2027-06-30"}
    )
    assert fold_members([FOUNDED, AGENT_JOINS, renewed])["wang"] == MemberTerms(
        "editor", scope="all_acts", letter="scan-2", valid_until="2027-06-30"
    )


def test_a_changed_role_carries_no_letter() -> None:
    changed = happened("role_changed", "wang", {"role": "owner"})
    assert fold_members([FOUNDED, AGENT_JOINS, changed])["wang"] == MemberTerms("owner")


@pytest.mark.parametrize("act", ["revoked", "left"])
def test_who_left_or_was_revoked_is_a_member_no_more_and_may_come_back(act: str) -> None:
    ended = happened(act, "wang", {})
    assert fold_members([FOUNDED, AGENT_JOINS, ended]) == {"li": MemberTerms("owner")}
    back = happened("invitation_accepted", "wang", {"role": "editor"})
    assert fold_members([FOUNDED, AGENT_JOINS, ended, back])["wang"] == MemberTerms("editor")


@pytest.mark.parametrize("act", ["revoked", "left", "letter_renewed"])
def test_a_history_that_ends_what_never_began_is_no_history(act: str) -> None:
    with pytest.raises(KeyError):
        fold_members([FOUNDED, happened(act, "sun", LETTER)])


def test_nobody_joins_without_a_role_of_the_table() -> None:
    with pytest.raises(ValueError, match="not a valid"):
        fold_members([happened("founded", "li", {})])
    with pytest.raises(ValueError, match="visitor"):
        fold_members([happened("founded", "li", {"role": "visitor"})])
