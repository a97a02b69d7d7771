"""审核中 while the office that holds an application has taken it up; otherwise 未审核, whatever the applicant does."""

from __future__ import annotations

from datetime import datetime, timedelta

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


def taken_up(case: SampleCase, *, at: datetime = LATER) -> bool:
    return is_taken_up(with_uptake(Application.objects.filter(pk=case.application_id), at=at).get())


def test_a_supplement_of_the_applicant_takes_nothing_up(cast: Cast) -> None:
    case = build.submitted(cast)
    assert not taken_up(case)
    materials = build.materials_for(cast)
    materials["service"]["description"] += "样例补充"
    walk.act(case, Act.SUPPLEMENT, by=cast.member, at=LATER, materials=materials, explanation="样例说明")
    assert not taken_up(case)


def test_a_claim_takes_the_application_up_until_it_ends(cast: Cast) -> None:
    case = build.submitted(cast)
    claims.claim(case.application_id, officer=cast.provincial, at=LATER)
    assert taken_up(case)
    claims.release(case.application_id, officer=cast.provincial, at=LATER)
    assert not taken_up(case)
    claims.claim(case.application_id, officer=cast.provincial_second, at=LATER)
    assert taken_up(case)


def test_a_claim_that_nobody_works_on_expires_and_work_keeps_it(cast: Cast) -> None:
    case = build.submitted(cast)
    claims.claim(case.application_id, officer=cast.provincial, at=LATER)
    claims.note_activity(case.application, officer=cast.provincial, at=LATER + timedelta(days=2))
    assert taken_up(case, at=LATER + timedelta(days=4))
    assert not taken_up(case, at=LATER + timedelta(days=10))


def test_each_office_takes_it_up_for_itself_in_every_round(cast: Cast) -> None:
    case, hour = build.submitted(cast), timedelta(hours=1)
    claims.claim(case.application_id, officer=cast.provincial, at=LATER)
    build.forward(cast, case, at=LATER + hour)
    # The province's claim and act are not the nation's.
    assert not taken_up(case, at=LATER + hour)
    claims.claim(case.application_id, officer=cast.national, at=LATER + 2 * hour)
    assert taken_up(case, at=LATER + 2 * hour)
    walk.act(
        case, Act.RETURN_TO_PROVINCE, by=cast.national, at=LATER + 3 * hour, question="样例：网站归谁所有？"
    )
    assert not taken_up(case, at=LATER + 3 * hour)
    reasons = [dict(walk.SAMPLE_REASON)]
    walk.act(
        case, Act.PROPOSE_REJECTION, by=cast.provincial, at=LATER + 4 * hour, reasons=reasons, text="样例"
    )
    # Who has acted has taken it up, without a claim and however long ago; sent back, it is still at that office.
    assert taken_up(case, at=LATER + timedelta(days=12))
    walk.act(
        case, Act.SEND_BACK, by=cast.provincial_second, at=LATER + 5 * hour, explanation="样例：请再核对一次"
    )
    assert taken_up(case, at=LATER + timedelta(days=12))
    walk.act(
        case, Act.PROPOSE_REJECTION, by=cast.provincial, at=LATER + 6 * hour, reasons=reasons, text="样例"
    )
    walk.act(case, Act.CONFIRM, by=cast.provincial_second, at=LATER + 7 * hour)
    materials = build.materials_for(cast)
    materials["service"]["description"] += "样例补正"
    again = LATER + 8 * hour
    walk.act(case, Act.RESUBMIT, by=cast.member, at=again, materials=materials, answers={"1": "样例答复"})
    # The second round begins untouched.
    assert not taken_up(case, at=again)
