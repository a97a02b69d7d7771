"""Review forms: one page each whatever they hold, with both opinions; kept as they were handed out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from registry.calendar.current import current_calendar
from registry.documents import issuing
from registry.models import IssuedDocument
from registry.rules.workflow.states import Act, Outcome
from registry.sample import walk
from registry.sample.walk import SAMPLE_REASON
from review.desk import checklist
from review.models import ChecklistMark
from review.review_forms.content import facts_of
from review.review_forms.printing import print_forms, review_form
from tests.builders import consultation as consulted
from tests.builders import register as build
from tests.builders.register import MORNING, Cast
from tests.registry.documents.reading import nature_of, page_count, words_of

pytestmark = pytest.mark.django_db

LONG = "样例：这是写得很长的文字" + "样例文字" * 1000


def test_a_form_holds_both_opinions_and_what_was_found_wrong(cast: Cast) -> None:
    case = build.submitted(cast, seed=41)
    checklist.mark(
        case.application,
        ["service.description"],
        verdict=ChecklistMark.Verdict.DEFICIENT,
        revision_number=1,
        officer=cast.provincial,
        at=MORNING,
    )
    before = review_form(case.application, calendar=current_calendar())
    build.forward(cast, case, at=MORNING + timedelta(hours=1), recommends=Outcome.REJECTION)
    reasons = [dict(SAMPLE_REASON)]
    walk.act(
        case, Act.REJECT, by=cast.national, at=MORNING + timedelta(hours=2), reasons=reasons, text="样例"
    )
    after = review_form(case.application, calendar=current_calendar())
    words = words_of(after)
    wanted = ["有误1项：服务简介", "样例意见", "样例初审甲", "技术描述过于笼统", "样例复审甲", "负责人审批"]
    assert [each for each in wanted if each not in words] == []
    assert before.pk != after.pk
    assert nature_of(issuing.bytes_of(after))[:3] == ("zh-CN", True, True)


def test_a_form_is_made_anew_when_a_mark_changes_and_only_then(cast: Cast) -> None:
    case = build.submitted(cast, seed=42)
    first = review_form(case.application, calendar=current_calendar())
    assert review_form(case.application, calendar=current_calendar()) == first
    checklist.mark_rest_of_section(
        case.application, "service", revision_number=1, officer=cast.provincial, at=MORNING
    )
    assert review_form(case.application, calendar=current_calendar()) != first
    assert IssuedDocument.objects.filter(event=first.event).count() == 2


def test_the_longest_case_takes_one_page_alone_and_among_others(cast: Cast) -> None:
    short = build.forwarded(cast, seed=43)
    materials = build.materials_for(cast, seed=44)
    materials["applicant"]["name"] = "样例名称" * 50
    materials["service"]["service_name"] = "样例" * 50
    case = walk.submit(materials, member=cast.member, at=MORNING)
    walk.act(
        case,
        Act.FORWARD,
        by=cast.provincial,
        at=MORNING + timedelta(hours=1),
        recommends=Outcome.REJECTION.value,
        text=LONG,
    )
    reasons = [{**SAMPLE_REASON, "id": str(number), "text": LONG[:300]} for number in range(9)]
    walk.act(case, Act.REJECT, by=cast.national, at=MORNING + timedelta(hours=2), reasons=reasons, text=LONG)
    facts = facts_of(case.application, calendar=current_calendar())
    longest = replace(facts, asked=(LONG[:450],) * 2)
    assert page_count(print_forms([longest])) == 1
    others = facts_of(short.application, calendar=current_calendar())
    assert page_count(print_forms([others, longest, others])) == 3


def test_ticked_cases_are_printed_at_once_and_nobody_elses(cast: Cast) -> None:
    cases = [build.submitted(cast, seed=seed) for seed in (45, 46)]
    client = Client()
    client.force_login(cast.provincial)
    address = reverse("review:review_forms")
    response = client.get(address, {"case": [str(case.application_id) for case in cases]})
    numbers = [case.application.receipt_number for case in cases]
    words = words_of(response.content)
    assert page_count(response.content) == 2
    assert [number for number in numbers if number not in words] == []
    assert IssuedDocument.objects.filter(kind=IssuedDocument.Kind.REVIEW_FORM).count() == 2
    assert page_count(client.get(address).content) == 2
    client.force_login(cast.elsewhere)
    response = client.get(address, {"case": str(cases[0].application_id)})
    assert response.status_code == 302


def test_a_form_names_the_bodies_that_were_asked_and_what_is_open_at_the_decision(cast: Cast) -> None:
    case = build.submitted(cast, seed=43)
    assert "征求意见" not in words_of(review_form(case.application, calendar=current_calendar()))
    consultation = consulted.sent_to_guangdong(cast, case)
    before = words_of(review_form(case.application, calendar=current_calendar()))
    assert f"征求意见广东省网信办：尚未答复（答复期限{consultation.due_on.isoformat()}）" in before
    build.forward(cast, case, at=MORNING + timedelta(days=1))
    walk.act(case, Act.APPROVE, by=cast.national, at=MORNING + timedelta(days=2), text="样例意见：均已核对")
    after = words_of(review_form(case.application, calendar=current_calendar()))
    assert "广东省网信办：未答复，案件已作出决定" in after
