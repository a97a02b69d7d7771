"""Who must file: the questions of Art. 2."""

from __future__ import annotations

from itertools import product

import pytest

from registry.rules.scope import NO, ROLES, YES, Assessment, ScopeQuestion, ScopeResult, assess, choices_of

ALL_MET = dict.fromkeys(["blockchain", "public", "channel", "territory"], YES)


@pytest.mark.parametrize("role", ["entity", "node", "technical_support"])
def test_art_2_a_provider_or_supporter_of_such_a_service_must_file(role: str) -> None:
    found = assess({**ALL_MET, "role": role})
    assert (found.result, found.decided_by, found.next_question) == (ScopeResult.MUST_FILE, None, None)


def test_art_2_one_test_that_fails_decides_and_asking_stops() -> None:
    for answers in product((YES, NO), repeat=4):
        given = dict(zip(ALL_MET, answers, strict=True))
        found = assess({**given, "role": "none"})
        first_no = next((name for name, answer in given.items() if answer == NO), "role")
        assert (found.result, found.decided_by) == (ScopeResult.OUTSIDE, ScopeQuestion(first_no))
        assert found.answered[-1][0] == ScopeQuestion(first_no)


def test_questions_are_asked_in_order_and_a_made_up_answer_counts_as_none() -> None:
    assert assess({}) == Assessment((), ScopeQuestion.BLOCKCHAIN)
    assert assess({"blockchain": YES, "public": "perhaps"}).next_question == ScopeQuestion.PUBLIC
    assert assess({"role": "node"}).next_question == ScopeQuestion.BLOCKCHAIN
    assert choices_of(ScopeQuestion.ROLE) == ROLES
