"""Whoever writes into the record is told, at the field, that it stays there and what does not belong in it."""

from __future__ import annotations

import pytest
from django.utils import translation

from registry.rules.workflow.states import Act
from review.decisions.forms import ACT_FORMS, ActForm
from review.desk.checklist import mark
from review.models import ChecklistMark
from tests.builders.register import MORNING, Cast, submitted
from tests.review.officers import mark_all, seen, sign_in, text_of, url

pytestmark = pytest.mark.django_db

HINT = "Stays in the record for good: no identity numbers, mobiles or other personal data here."
FREE_TEXTS = {"text", "question", "explanation"}
FORMS = sorted(set(ACT_FORMS.values()), key=lambda form: form.__name__)


@pytest.mark.parametrize("form", FORMS)
def test_every_free_text_of_an_act_says_that_it_stays(form: type[ActForm]) -> None:
    texts = {name: field for name, field in form.base_fields.items() if name in FREE_TEXTS}
    own = (
        set(form.base_fields)
        - set(ActForm.base_fields)
        - {"recommends", "over_marks", "drafted", "answer_by"}
    )
    assert set(texts) == own
    with translation.override("en"):
        assert [name for name, field in texts.items() if HINT not in str(field.help_text)] == []


def test_reasons_say_that_they_stay(cast: Cast) -> None:
    case = submitted(cast)
    mark_all(case, cast.provincial, at=MORNING)
    shown = text_of(
        sign_in(cast.provincial).get(url("act", case, "propose_rejection"), seen(case.application))
    )
    # Once at the rows of reasons, once at the supplement below them.
    assert shown.count(HINT) == 2


def test_a_reason_to_reveal_says_that_it_stays(cast: Cast) -> None:
    case = submitted(cast)
    shown = text_of(sign_in(cast.provincial).get(url("reveal", case, "person_in_charge.mobile")))
    assert shown.count(HINT) == 1


def test_a_remark_says_that_it_stays(cast: Cast) -> None:
    case = submitted(cast)
    client = sign_in(cast.provincial)
    of_the_note = text_of(client.get(url("case", case))).count(HINT)
    assert of_the_note == 1
    mark(
        case.application,
        ["service.description"],
        verdict=ChecklistMark.Verdict.DEFICIENT,
        revision_number=1,
        officer=cast.provincial,
        at=MORNING,
    )
    assert text_of(client.get(url("case", case))).count(HINT) == of_the_note + 1


def test_confirming_asks_for_no_text() -> None:
    """The control: the texts compared above are those that forms really have."""
    assert set(ACT_FORMS[Act.CONFIRM].base_fields) == set(ActForm.base_fields)
    assert "text" in ACT_FORMS[Act.FORWARD].base_fields
