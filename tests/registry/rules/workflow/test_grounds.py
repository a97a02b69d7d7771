"""Art. 3, 12: one rule of what an outcome rests on, for every act, office, outcome and kind of application."""

from __future__ import annotations

from typing import Any

import pytest

from registry.rules.workflow.grounds import Ground, Marks
from registry.rules.workflow.lifecycle import TRANSITIONS
from registry.rules.workflow.states import ALL_KINDS, Act, Outcome

GROUNDS = {"checklist_answered", "deficiencies_passed_over", "fault_marked", "sentence_given"}
# Every act by which an office recommends, proposes, confirms or decides an outcome.
WAYS = {"forward", "approve", "reject", "propose_approval", "propose_rejection", "confirm"}
SENTENCE = "样例：名称与执照一致，材料齐全"
NAME, TEXT = "service.service_name", "service.description"


def test_art_12_every_way_to_an_outcome_asks_the_same_at_either_office_for_every_kind() -> None:
    rows = [row for row in TRANSITIONS if row.act.value in WAYS]
    assert {row.act.value for row in rows} == WAYS
    # Two offices propose a rejection and confirm; the nation confirms either outcome.
    assert len(rows) == 9
    assert [row.act.value for row in rows if not {each.name for each in row.guards} >= GROUNDS] == []
    assert {row.kinds for row in rows} == {ALL_KINDS}


@pytest.mark.parametrize(
    ("act", "details", "proposal"),
    [
        (Act.FORWARD, {"recommends": "approval"}, None),
        (Act.PROPOSE_APPROVAL, {}, None),
        (Act.APPROVE, {}, None),
        (Act.CONFIRM, {}, Outcome.APPROVAL),
    ],
)
def test_art_12_an_approval_names_what_it_passes_over(
    act: Act, details: dict[str, Any], proposal: Outcome | None
) -> None:
    def ground(*deficient: str, passed_over: tuple[str, ...] = ()) -> Ground:
        said = {**details, "passed_over": passed_over}
        return Ground(act, Marks(True, deficient), said, proposal)

    assert ground().not_passed_over == ()
    assert ground(NAME, TEXT, passed_over=(TEXT,)).not_passed_over == (NAME,)
    assert ground(NAME, passed_over=(NAME, TEXT)).not_passed_over == ()
    assert ground(NAME).not_marked == ()


@pytest.mark.parametrize(
    ("act", "proposal"),
    [(Act.PROPOSE_REJECTION, None), (Act.REJECT, None), (Act.CONFIRM, Outcome.REJECTION)],
)
def test_art_12_a_rejection_rests_on_what_the_office_marked_deficient(
    act: Act, proposal: Outcome | None
) -> None:
    def ground(*keys: str, deficient: tuple[str, ...] = ()) -> Ground:
        return Ground(act, Marks(True, deficient), {"reasons": [{"key": key} for key in keys]}, proposal)

    assert ground(NAME).not_marked == (NAME,)
    assert ground(NAME, TEXT, deficient=(TEXT,)).not_marked == (NAME,)
    assert ground(NAME, deficient=(NAME, TEXT)).not_marked == ()
    # The materials as a whole have no mark of their own.
    assert ground("whole").not_marked == ()
    assert ground("whole", NAME).not_marked == (NAME,)
    assert ground(NAME, deficient=(TEXT,)).not_passed_over == ()


def test_art_3_a_province_does_not_recommend_rejection_while_it_finds_everything_in_order() -> None:
    adverse = {"recommends": "rejection", "text": SENTENCE}
    assert Ground(Act.FORWARD, Marks(True), adverse).not_marked == ("whole",)
    assert Ground(Act.FORWARD, Marks(True, (NAME,)), adverse).not_marked == ()


@pytest.mark.parametrize(
    ("act", "name"),
    [
        (Act.FORWARD, "text"),
        (Act.PROPOSE_APPROVAL, "text"),
        (Act.RETURN_TO_PROVINCE, "question"),
        (Act.SEND_BACK, "explanation"),
    ],
)
def test_art_12_what_has_to_be_said_is_a_sentence(act: Act, name: str) -> None:
    assert not Ground(act, Marks(True), {name: "好"}).says_why
    assert not Ground(act, Marks(True), {}).says_why
    assert Ground(act, Marks(True), {name: SENTENCE}).says_why


def test_art_12_an_approval_says_why_where_something_is_deficient() -> None:
    assert Ground(Act.APPROVE, Marks(True), {"text": ""}).says_why
    assert not Ground(Act.APPROVE, Marks(True, (NAME,)), {"text": "好", "passed_over": [NAME]}).says_why
    assert Ground(Act.APPROVE, Marks(True, (NAME,)), {"text": SENTENCE, "passed_over": [NAME]}).says_why


def test_an_act_that_is_no_outcome_rests_on_no_mark() -> None:
    for act in (Act.SUPPLEMENT, Act.WITHDRAW, Act.ESCALATE, Act.RETURN_TO_PROVINCE):
        ground = Ground(act, Marks(False, (NAME,)), {"question": SENTENCE})
        assert (ground.outcome, ground.not_marked, ground.not_passed_over) == (None, (), ())
    assert Ground(Act.FORWARD, Marks(True), {"recommends": "perhaps"}).outcome is None
