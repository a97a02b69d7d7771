"""Likely duplicates: found in every province, told in full only within the jurisdiction."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from registry.book import numbering
from registry.models import Account, EventEffect, JobFailure
from registry.rules.workflow.effects import EffectKind
from registry.rules.workflow.states import Act, Outcome
from registry.sample import walk
from registry.sample.walk import SampleCase
from registry.streams.backfill import fill_effects
from review.case import likeness
from review.case.likeness import likenesses_of, refresh_traits
from review.models import LikenessTrait
from tests.builders.register import GUANGDONG_DIVISION, MORNING, Cast, filing_of, materials_for, submitted
from tests.review.officers import materials_now, sign_in, supplement, text_of, url

pytestmark = pytest.mark.django_db

SITE = [{"name": "样例", "url": "https://www.canary-sample.cn/", "icp_number": "京ICP备99000001号-1"}]
CANARY_SERVICE, CANARY_APPLICANT = "金丝雀样例服务", "金丝雀样例公司"


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def like(cast: Cast, *, seed: int, service: dict[str, Any], division: str, applicant: str = "") -> SampleCase:
    """A submitted case with these answers in its service section."""
    materials = materials_for(cast, seed=seed, division_code=division)
    materials["service"].update(service)
    if applicant:
        materials["applicant"]["name"] = applicant
    return walk.submit(materials, member=cast.member, at=MORNING)


def in_force_in_guangdong(cast: Cast, *, seed: int) -> SampleCase:
    case = submitted(cast, seed=seed, division_code=GUANGDONG_DIVISION)
    walk.act(
        case,
        Act.FORWARD,
        by=cast.elsewhere,
        at=MORNING,
        recommends=Outcome.APPROVAL.value,
        text="样例意见：均已核对",
    )
    walk.act(case, Act.APPROVE, by=cast.national, at=MORNING, text="样例")
    numbering.issue_number(filing_of(case).pk, at=MORNING)
    return case


def found_for(case: SampleCase, officer: Account) -> list[tuple[bool, str, str, list[str]]]:
    refresh_traits()
    found = likenesses_of(case.application, materials_now(case), officer)
    return [(each.is_disclosed, each.service_name, each.province, each.agrees) for each in found]


def test_what_is_not_public_elsewhere_is_shown_to_the_national_office_alone(cast: Cast) -> None:
    own = like(cast, seed=1, service={"websites": SITE}, division="110108")
    other = like(
        cast,
        seed=2,
        service={"websites": SITE, "service_name": CANARY_SERVICE},
        division=GUANGDONG_DIVISION,
        applicant=CANARY_APPLICANT,
    )
    agrees = ["Same domain: canary-sample.cn"]
    assert found_for(own, cast.national) == [(True, CANARY_SERVICE, "Guangdong", agrees)]
    assert found_for(own, cast.provincial) == [(False, "", "Guangdong", agrees)]
    national = sign_in(cast.national).get(url("case", own)).content.decode()
    provincial = sign_in(cast.provincial).get(url("case", own)).content.decode()
    receipt = other.application.receipt_number
    secrets = (CANARY_SERVICE, CANARY_APPLICANT, str(other.application_id))
    assert [secret in national for secret in secrets] == [True] * 3
    assert [secret in provincial for secret in (*secrets, receipt)] == [False] * 4
    assert "An application in Guangdong that is not public" in text_of(
        sign_in(cast.provincial).get(url("case", own))
    )


def test_what_is_public_elsewhere_leads_to_its_public_record(cast: Cast) -> None:
    filed = in_force_in_guangdong(cast, seed=2)
    name = f"{filed.application.service_name}服务"
    own = like(cast, seed=1, service={"service_name": name}, division="110108")
    refresh_traits()
    filing = filing_of(filed)
    [likeness] = likenesses_of(own.application, materials_now(own), cast.provincial)
    assert (likeness.number, likeness.service_name, likeness.application) == (
        filing.number,
        filing.service_name,
        None,
    )
    assert likeness.url == reverse("public:filing", args=[filing.number])
    assert likeness.agrees == ["Nearly the same name"]


def test_an_applicant_is_no_duplicate_of_itself_and_a_stranger_is_none_at_all(cast: Cast) -> None:
    first = like(cast, seed=1, service={"websites": SITE, "service_name": "样例甲"}, division="110108")
    again = like(cast, seed=1, service={"websites": SITE, "service_name": "样例甲"}, division="110108")
    submitted(cast, seed=3)
    assert found_for(first, cast.national) == []
    assert found_for(again, cast.national) == []


def test_the_person_in_charge_who_files_alone_is_found_without_another_index(cast: Cast) -> None:
    person = submitted(cast, seed=5, nature="individual")
    materials = materials_for(cast, seed=1)
    for key in ("document_type", "document_number"):
        materials["person_in_charge"][key] = materials_now(person)["applicant"][key]
    own = walk.submit(materials, member=cast.member, at=MORNING)
    assert [agrees for *_rest, agrees in found_for(own, cast.provincial)] == [
        ["The person in charge files as an individual"]
    ]


def test_traits_are_made_once_for_each_revision_and_can_be_thrown_away(cast: Cast) -> None:
    case = submitted(cast, seed=1)
    assert [refresh_traits(), refresh_traits()] == [1, 0]
    before = set(LikenessTrait.objects.values_list("kind", "value", "revision_number"))
    LikenessTrait.objects.all().delete()
    EventEffect.objects.filter(kind=EffectKind.TRAITS.value).delete()
    assert fill_effects() == 1
    assert refresh_traits() == 1
    assert set(LikenessTrait.objects.values_list("kind", "value", "revision_number")) == before
    supplement(case, at=MORNING, description="样例：补充后的技术说明，节点部署于北京，共识机制为 PBFT。")
    assert refresh_traits() == 1
    assert {each[2] for each in LikenessTrait.objects.values_list("kind", "value", "revision_number")} == {2}


def test_an_application_whose_traits_cannot_be_made_holds_up_no_other(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, other = submitted(cast, seed=1), submitted(cast, seed=2)

    def refuse_the_first(columns: dict[str, Any]) -> frozenset[likeness.Trait]:
        if columns["service_name"] == broken.application.service_name:
            raise ValueError("sample")
        return likeness_of(columns)

    likeness_of = likeness.traits_of
    monkeypatch.setattr(likeness, "traits_of", refuse_the_first)
    assert refresh_traits() == 1
    assert set(LikenessTrait.objects.values_list("application", flat=True)) == {other.application_id}
    assert JobFailure.objects.get(job=likeness.FAILURES).last_error == "ValueError"
    monkeypatch.undo()
    assert refresh_traits() == 1
    assert not JobFailure.objects.exists()


def test_many_duplicates_take_no_more_queries(cast: Cast) -> None:
    own = like(cast, seed=1, service={"websites": SITE}, division="110108")
    likenesses_of(own.application, materials_now(own), cast.national)
    counts = []
    for seed in (2, 3, 4):
        like(cast, seed=seed, service={"websites": SITE}, division=GUANGDONG_DIVISION)
        refresh_traits()
        application, materials = own.application, materials_now(own)
        with CaptureQueriesContext(connection) as captured:
            assert len(likenesses_of(application, materials, cast.national)) == seed - 1
        counts.append(len(captured))
    assert counts == [counts[0]] * 3
