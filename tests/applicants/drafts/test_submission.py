"""From the empty wizard to an application in the book, through the pages."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from applicants.drafts import submission
from applicants.models import Draft
from registry import clock
from registry.book.revisions import get_revision, materials_of
from registry.integrity.register import verify_register
from registry.models import Account, Applicant, Application, Membership
from registry.rules.particulars.materials import Materials, value_of
from registry.rules.workflow.states import Act
from registry.sample import walk
from registry.sample.materials import individual_materials, organisation_materials
from tests.applicants.pages import Desk, as_form
from tests.builders.register import BEIJING_DIVISION, MORNING, Cast, in_force, materials_for, submitted

ALL_CATEGORIES = ("infrastructure_provider", "application_operator", "technology_provider")


def complete_draft(desk: Desk, materials: Materials) -> Draft:
    draft = desk.start()
    desk.fill(draft, materials)
    desk.upload_all(draft)
    return draft


@pytest.mark.parametrize(
    "make", [organisation_materials, individual_materials], ids=["organisation", "individual"]
)
def test_the_whole_way_in_all_three_categories(desk: Desk, make: Callable[..., dict[str, Any]]) -> None:
    materials = make(seed=7, today=clock.today(), categories=ALL_CATEGORIES, division_code=BEIJING_DIVISION)
    materials["content"] |= {
        "application_service_types": ["wallet", "explorer", "other"],
        "other_application_service": "样例服务说明",
        "explorer_url": "https://explorer.example.com/",
        "explorer_visits_per_year": 0,
        "explorer_average_daily_visits": 12,
        "explorer_servers": [{"ip_address": "192.0.2.1", "place": "样例机房"}],
        "technology_service_types": ["baas", "other"],
        "baas_service_count": 1,
        "baas_customers": [{"name": "样例客户"}],
        "baas_hardware_and_software_separated": False,
        "baas_has_cloud_qualification": True,
        "baas_cloud_qualification": "样例资质",
        "baas_machine_room_place": "样例机房",
        "other_technology_service": "样例技术服务",
        "technology_service_count": 2,
        "technology_is_open_source": True,
        "technology_source_code_url": "https://code.example.com/",
        "infrastructure_service_types": ["node_information"],
    }
    draft = complete_draft(desk, materials)

    answer = desk.submit(draft)

    application = Application.objects.get()
    assert answer["Location"] == reverse("applicants:application", args=[application.pk])
    assert application.state == "provincial_review"
    stored = materials_of(get_revision(application.pk, 1))
    for key in ("content.explorer_visits_per_year", "content.baas_has_cloud_qualification"):
        assert value_of(stored, key) == value_of(materials, key)
    assert stored["content"] == materials["content"]
    assert set(stored["attachments"]) >= {"cloud_service_qualification", "technology_documents"}
    membership = Membership.objects.get()
    assert (membership.account_id, membership.role) == (desk.account.pk, "owner")
    assert verify_register().violations == []


def test_back_and_resend_give_the_same_application(desk: Desk, cast: Cast) -> None:
    draft = complete_draft(desk, materials_for(cast))

    answers = [desk.submit(draft) for _ in range(3)]

    assert Application.objects.count() == 1
    assert {answer["Location"] for answer in answers} == {answers[0]["Location"]}
    assert desk.get("check", draft.pk)["Location"] == answers[0]["Location"]
    assert desk.get("section", draft.pk, "service").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_double_click_gives_one_application(cast: Cast) -> None:
    desk = Desk.of(cast.member)
    draft = complete_draft(desk, materials_for(cast))

    def submit(_click: int) -> object:
        try:
            [application] = submission.submit(
                draft.pk,
                account=desk.account,
                seen={draft.pk: draft.version},
                declaration_accepted=True,
                at=MORNING,
            )
            return application.pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(submit, range(4)))

    assert len(found) == 1
    assert Application.objects.count() == 1


def test_gaps_are_listed_with_the_way_to_their_field_and_submission_is_refused(
    desk: Desk, cast: Cast
) -> None:
    materials = materials_for(cast)
    materials["service"]["websites"] = [{"name": "样例网站", "url": "nowhere", "icp_number": ""}]
    del materials["service"]["consensus"]
    draft = desk.start()
    desk.fill(draft, materials)

    page = desk.get("check", draft.pk).content.decode()
    refused = desk.post("submit", draft.pk, data={"version": str(draft.version), "declaration": "yes"})

    links = re.findall(r'<ul class="points">(.*?)</ul>', page, re.DOTALL)
    targets = re.findall(r'href="([^"]+)"', "".join(links))
    section = reverse("applicants:section", args=[draft.pk, "service"])
    assert f"{section}?gaps=1#id_websites-0-url" in targets
    assert f"{section}?gaps=1#id_websites-0-icp_number" in targets
    chain = reverse("applicants:part", args=[draft.pk, "service", "chain"])
    assert f"{chain}?gaps=1#id_consensus" in targets
    for target in targets:
        path, _, anchor = target.partition("#")
        assert f'id="{anchor}"' in desk.client.get(path).content.decode(), target
    assert 'name="declaration"' not in page
    assert refused.status_code == 409
    assert not Applicant.objects.exists()


def test_the_declaration_has_to_be_made(desk: Desk, cast: Cast) -> None:
    draft = complete_draft(desk, materials_for(cast))

    refused = desk.submit(draft, declaration="")

    assert refused.status_code == 400
    assert 'aria-invalid="true"' in refused.content.decode()
    assert not Application.objects.exists()


def test_what_was_not_on_the_page_is_not_submitted(desk: Desk, cast: Cast) -> None:
    materials = materials_for(cast)
    draft = complete_draft(desk, materials)
    seen = str(draft.version)
    desk.save(draft, "service", {**as_form("service", materials), "consensus": "Raft（样例）"})

    refused = desk.submit(draft, version=seen)

    assert refused.status_code == 409
    assert not Application.objects.exists()


def test_somebody_elses_applicant_is_refused_with_what_to_do(desk: Desk, stranger: Desk, cast: Cast) -> None:
    submitted(cast)
    materials = materials_for(cast, member=cast.stranger)
    draft = complete_draft(stranger, materials)

    refused = stranger.submit(draft)

    assert refused.status_code == 409
    assert reverse("applicants:claim", args=[draft.pk]) in refused.content.decode()
    assert Application.objects.count() == 1
    assert not Membership.objects.filter(account=cast.stranger).exists()
    draft.refresh_from_db()
    assert draft.materials["applicant"]["name"] == materials["applicant"]["name"]


def test_a_revoked_member_is_a_stranger(desk: Desk, cast: Cast) -> None:
    submitted(cast)
    draft = complete_draft(desk, materials_for(cast))
    assert draft.applicant_id is not None
    Membership.objects.update(revoked_at=MORNING)

    assert desk.get("check", draft.pk).status_code == 404
    assert desk.post("submit", draft.pk, data={"version": str(draft.version)}).status_code == 404


def test_a_known_applicant_written_differently_is_taken_from_the_register(desk: Desk, cast: Cast) -> None:
    """Typed and only autosaved: the check is the first to notice."""
    materials = materials_for(cast)
    draft = complete_draft(desk, materials)
    in_force(cast)
    Draft.objects.filter(pk=draft.pk).update(applicant=None)
    sent = {**as_form("applicant", materials), "name": "样例（北京）另一写法有限公司"}
    desk.post("autosave", draft.pk, "applicant", data={**sent, **desk.page_fields(draft, "applicant")})
    desk.post("remove_file", draft.pk, _statement(draft))
    desk.upload(draft, "authenticity_statement")

    refused = desk.submit(draft)

    assert refused.status_code == 409
    draft.refresh_from_db()
    assert draft.materials["applicant"]["name"] == materials["applicant"]["name"]
    assert draft.applicant_id is not None


def test_a_name_mistyped_at_first_can_be_put_right_until_a_filing_is_approved(desk: Desk, cast: Cast) -> None:
    materials = materials_for(cast)
    wrong = copy.deepcopy(materials)
    wrong["applicant"]["name"] = "样例（北京）写错的名称有限公司"
    first = walk.submit(wrong, member=cast.member, at=MORNING)
    assert first.application.applicant.name == "样例（北京）写错的名称有限公司"
    walk.act(first, Act.WITHDRAW, by=cast.member, at=MORNING, explanation="样例：名称有误")

    draft = complete_draft(desk, materials)
    answer = desk.submit(draft)

    assert answer.status_code == 302
    applicant = Applicant.objects.get()
    assert applicant.name == materials["applicant"]["name"]
    assert Application.objects.exclude(pk=first.application_id).get().applicant_name == applicant.name


def test_a_late_filing_says_how_late_and_asks_why(desk: Desk, cast: Cast) -> None:
    materials = materials_for(cast)
    materials["service"]["service_started_on"] = "2026-01-20"
    draft = complete_draft(desk, materials)
    asked = desk.get("check", draft.pk).content.decode()
    late_reason = reverse("applicants:part", args=[draft.pk, "service", "purpose"])
    assert f"{late_reason}?gaps=1#id_late_reason" in asked
    field = desk.get("part", draft.pk, "service", "purpose", gaps="1").content.decode()
    assert "本次备案已逾期，请说明原因。" in field

    desk.save(draft, "service", {**as_form("service", materials), "late_reason": "样例原因"})
    desk.upload(draft, "authenticity_statement")
    answer = desk.submit(draft)

    assert answer.status_code == 302
    application = Application.objects.get()
    # Due on 3 February; then the Spring Festival, and two Saturdays that are worked.
    assert application.late_by_working_days == 15
    assert str(application.event_on) == "2026-01-20"


def test_a_start_before_every_calendar_is_a_gap_and_no_server_error(desk: Desk, cast: Cast) -> None:
    materials = materials_for(cast)
    materials["service"]["service_started_on"] = "0001-01-01"
    draft = desk.start()
    desk.fill(draft, materials)

    assert "服务起始日期过早" in desk.get("check", draft.pk).content.decode()
    assert desk.get("dashboard").status_code == 200


def test_a_further_service_is_submitted_for_the_same_applicant(desk: Desk, cast: Cast) -> None:
    case = submitted(cast)
    draft = desk.start(case.application.applicant_id)
    materials = materials_for(cast, seed=1)
    for section in ("person_in_charge", "service", "content"):
        desk.save(draft, section, as_form(section, materials))
    desk.save(draft, "applicant", as_form("applicant", materials))
    desk.upload_all(draft)

    answer = desk.submit(draft)

    assert answer.status_code == 302
    assert Applicant.objects.count() == 1
    assert Application.objects.count() == 2


def _statement(draft: Draft) -> str:
    draft.refresh_from_db()
    return draft.materials["attachments"]["authenticity_statement"][0]["id"]


def test_accounts_stay_apart(desk: Desk, stranger: Desk, cast: Cast) -> None:
    draft = complete_draft(desk, materials_for(cast))

    assert stranger.post("submit", draft.pk, data={"version": "1", "declaration": "yes"}).status_code == 404
    assert Account.objects.get(pk=draft.account_id) == cast.member
    assert not Application.objects.exists()
