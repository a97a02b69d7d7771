"""审核中 once an officer has taken the application up; until then 未审核, whatever the applicant does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from registry.book.uptake import is_taken_up, with_uptake
from registry.models import Application
from registry.rules.workflow.states import Act
from registry.sample import walk
from registry.sample.walk import SampleCase
from review.desk import claims
from tests.builders import register as build
from tests.builders.register import MORNING, Cast

pytestmark = pytest.mark.django_db

LATER = MORNING + timedelta(hours=1)


def taken_up(case: SampleCase) -> bool:
    return is_taken_up(with_uptake(Application.objects.filter(pk=case.application_id)).get())


def test_a_supplement_of_the_applicant_takes_nothing_up(cast: Cast) -> None:
    case = build.submitted(cast)
    assert not taken_up(case)
    materials = build.materials_for(cast)
    materials["service"]["description"] += "样例补充"
    walk.act(case, Act.SUPPLEMENT, by=cast.member, at=LATER, materials=materials, explanation="样例说明")
    assert not taken_up(case)


def test_a_claim_takes_the_application_up_and_its_end_does_not_undo_that(cast: Cast) -> None:
    case = build.submitted(cast)
    claims.claim(case.application_id, officer=cast.provincial, at=LATER)
    assert taken_up(case)
    claims.release(case.application_id, officer=cast.provincial, at=LATER)
    assert taken_up(case)


def test_an_act_without_a_claim_takes_the_application_up(cast: Cast) -> None:
    case = build.submitted(cast)
    build.forward(cast, case, at=LATER)
    walk.act(case, Act.RETURN_TO_PROVINCE, by=cast.national, at=LATER + timedelta(hours=1), question="样例")
    assert taken_up(case)
