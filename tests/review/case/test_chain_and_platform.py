"""The filing of the chain or platform: asked of the applicant, compared with the register, and linked both ways."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from registry import clock
from registry.errors import MaterialsIncomplete
from registry.models import Filing
from registry.publication.upstream import building_on
from registry.rules.codes import filing_number
from registry.rules.workflow.states import Role
from registry.sample import walk
from registry.sample.walk import SampleCase
from tests.applicants.drafts.test_questions import case_words
from tests.builders import register as build
from tests.builders.register import MORNING, Cast
from tests.review.officers import sign_in

pytestmark = pytest.mark.django_db

LATER = MORNING + timedelta(days=1)
UNKNOWN = str(filing_number.compose("110108", 2026, "00001234", 1))


def platform(cast: Cast) -> Filing:
    """A filing in force of another applicant."""
    return build.filing_of(build.in_force(cast, seed=2, member=cast.get("样例平台经办人", Role.APPLICANT)))


def running_on(cast: Cast, number: str) -> dict[str, Any]:
    materials = build.materials_for(cast, at=LATER)
    service = {**materials["service"], "upstream": "filed", "upstream_filings": [{"number": number}]}
    service.pop("no_upstream_filing_reason", None)
    return {**materials, "service": service}


def filed_on(cast: Cast, number: str) -> SampleCase:
    clock.set_for_tests(LATER)
    return walk.submit(running_on(cast, number), member=cast.member, at=LATER)


def test_both_records_name_each_other_and_the_case_of_the_platform_says_which(cast: Cast) -> None:
    upstream = platform(cast)
    case = filed_on(cast, str(upstream.number))
    record = Client().get(reverse("public:filing", args=[upstream.number])).content.decode()
    assert 'id="row-built_on_by"' not in record
    build.approve(cast, case, at=LATER + timedelta(hours=1))
    filing = build.filing_of(case)
    assert filing.upstream_numbers == upstream.number
    own = Client().get(reverse("public:filing", args=[filing.number]))
    assert reverse("public:filing", args=[upstream.number]) in own.content.decode()
    theirs = Client(headers={"Accept-Language": "en"}).get(reverse("public:filing", args=[upstream.number]))
    assert "1 filing in force" in theirs.content.decode()
    assert str(filing.number) not in theirs.content.decode()
    officer = sign_in(cast.national)
    page = officer.get(reverse("review:case", args=[case.application_id])).content.decode()
    assert str(upstream.number) in page.split('id="upstream"')[1].split("</section>")[0]
    about = upstream.applications.get()
    page = officer.get(reverse("review:case", args=[about.pk])).content.decode()
    assert str(filing.number) in page.split('id="upstream"')[1].split("</section>")[0]


def test_a_filing_that_has_ended_runs_on_nothing(cast: Cast) -> None:
    upstream = platform(cast)
    case = filed_on(cast, str(upstream.number))
    assert list(building_on(str(upstream.number))) == []
    build.approve(cast, case, at=LATER + timedelta(hours=1))
    assert [each.pk for each in building_on(str(upstream.number))] == [build.filing_of(case).pk]
    Filing.objects.filter(pk=build.filing_of(case).pk).update(standing="cancelled")
    assert list(building_on(str(upstream.number))) == []


def test_an_unknown_number_is_refused_by_the_book(cast: Cast) -> None:
    with pytest.raises(MaterialsIncomplete) as refusal:
        filed_on(cast, UNKNOWN)
    assert [gap.code for gap in refusal.value.facts["gaps"]] == ["upstream_is_in_the_register"]


def test_a_platform_that_ended_after_the_filing_was_handed_in_is_shown_to_the_office(cast: Cast) -> None:
    upstream = platform(cast)
    case = filed_on(cast, str(upstream.number))
    Filing.objects.filter(pk=upstream.pk).update(standing="cancelled")
    page = sign_in(cast.provincial).get(reverse("review:case", args=[case.application_id]))
    assert "upstream_is_in_force" in case_words(page.content.decode())
    # Nothing above it says that all is well.
    assert page.context["case"].failed_checks == 1


def test_the_badge_is_not_green_above_a_contradiction(cast: Cast) -> None:
    """Errors count as failed; a question, answered or not, is for the officer to weigh."""
    whole = walk.complete_materials(1, member=cast.member, at=MORNING, division_code=build.BEIJING_DIVISION)
    clean = walk.submit(whole, member=cast.member, at=MORNING)
    officer = sign_in(cast.provincial)

    def counted(case: SampleCase) -> tuple[int, int, bool]:
        page = officer.get(reverse("review:case", args=[case.application_id]))
        seen = page.context["case"]
        panel = page.content.decode().split('id="checks"')[1].split("</div>")[0]
        return seen.failed_checks, seen.doubtful_checks, "status--good" in panel

    assert counted(clean) == (0, 0, True)
    # One scan in every slot: the management system is that of the introduction.
    asked = build.submitted(cast, seed=3, member=cast.get("样例另一经办人", Role.APPLICANT))
    assert counted(asked) == (0, 1, False)
