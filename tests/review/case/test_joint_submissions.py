"""What was submitted in one go is shown together, claimed in one press, and decided case by case."""

from __future__ import annotations

import re
import uuid

import pytest
from django.urls import reverse

from registry.integrity.register import verify_register
from registry.presentation.timeline import joint_submissions
from registry.rules.particulars import find_slot, required_slots
from registry.rules.workflow.states import Act
from registry.sample import walk
from registry.sample.walk import SampleCase
from review.desk import claims
from review.desk.claims import ClaimRefused
from review.models import Assignment
from review.queue.queue import Filters, queue_page
from tests.builders.register import MORNING, Cast, forward, materials_for
from tests.review.officers import sign_in, url

pytestmark = pytest.mark.django_db


def three_together(cast: Cast) -> list[SampleCase]:
    """Three services of one applicant, handed in in one go; and one more that came alone."""
    first = materials_for(cast, seed=1)
    entry = next(iter(first["attachments"].values()))
    go = uuid.uuid4()
    cases = []
    for seed, together_id in ((1, go), (2, go), (3, go), (4, None)):
        materials = materials_for(cast, seed=seed, files=first["attachments"])
        materials |= {section: first[section] for section in ("applicant", "person_in_charge")}
        materials["attachments"] = {find_slot(key).name: entry for key in required_slots(materials)}
        cases.append(walk.submit(materials, member=cast.member, at=MORNING, together_id=together_id))
    return cases


def test_the_queue_and_the_case_say_what_came_together(cast: Cast) -> None:
    *cases, alone = three_together(cast)

    found = {
        row.application.pk: row.together for row in queue_page(cast.provincial, Filters(), at=MORNING).rows
    }

    assert found[alone.application_id] is None
    places = [found[case.application_id] for case in cases]
    assert [(each.place, each.total) for each in places if each] == [(1, 3), (2, 3), (3, 3)]
    client = sign_in(cast.provincial)
    queue = client.get(reverse("review:queue")).content.decode()
    assert "2 of 3 submitted together, with" in queue
    page = client.get(url("case", cases[1])).content.decode()
    links = re.findall(r'href="/review/cases/([0-9a-f-]{36})/"', page)
    assert {str(cases[0].application_id), str(cases[2].application_id)} <= set(links)
    assert verify_register().violations == []
    assert joint_submissions([alone.application]) == {}


def test_all_are_claimed_in_one_press_as_far_as_they_are_free(cast: Cast) -> None:
    *cases, alone = three_together(cast)
    claims.claim(cases[1].application_id, officer=cast.provincial_second, at=MORNING)
    walk.act(cases[2], Act.WITHDRAW, by=cast.member, at=MORNING, explanation="样例：写明理由")

    with pytest.raises(ClaimRefused):
        claims.claim_joint_submission(cases[1].application_id, officer=cast.provincial, at=MORNING)
    assert Assignment.objects.count() == 1
    for _press in range(2):
        answer = sign_in(cast.provincial).post(url("claim", cases[0]), {"together": "yes"})
        assert answer.status_code == 302

    held = dict(Assignment.objects.values_list("application", "officer"))
    assert held == {
        cases[0].application_id: cast.provincial.pk,
        cases[1].application_id: cast.provincial_second.pk,
    }
    assert alone.application_id not in held


def test_each_is_decided_on_its_own(cast: Cast) -> None:
    *cases, _alone = three_together(cast)
    forward(cast, cases[0], at=MORNING)
    assert [case.application.state for case in cases] == [
        "national_review",
        "provincial_review",
        "provincial_review",
    ]
