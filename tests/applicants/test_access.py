"""What is not yours is not there."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.urls.converters import UUIDConverter

from applicants.urls import urlpatterns
from filing_portal.access import ACCESS, Audience
from registry.models import Applicant, Membership
from registry.rules.workflow.states import Role
from tests.applicants.pages import Desk
from tests.builders.register import MORNING, Cast, submitted

READ = ("draft", "attachments", "statement", "statement_pdf", "check", "delete_draft")
WRITE = ("submit", "delete_draft")


def test_another_accounts_draft_is_not_found(desk: Desk, stranger: Desk) -> None:
    draft = desk.start()
    desk.upload(draft, "product_introduction")
    draft.refresh_from_db()
    file_id = draft.materials["attachments"]["product_introduction"][0]["id"]

    found = [desk.get(name, draft.pk).status_code for name in READ if name != "statement_pdf"]
    foreign = [stranger.get(name, draft.pk).status_code for name in READ]
    foreign += [stranger.post(name, draft.pk).status_code for name in WRITE]
    foreign += [
        stranger.get("section", draft.pk, "service").status_code,
        stranger.post("section", draft.pk, "service").status_code,
        stranger.post("autosave", draft.pk, "service").status_code,
        stranger.post("upload", draft.pk, "product_introduction").status_code,
        stranger.post("remove_file", draft.pk, file_id).status_code,
        stranger.post("move_file", draft.pk, file_id).status_code,
    ]

    assert found == [302, 200, 200, 200, 200]
    assert set(foreign) == {404}


def test_another_applicants_application_is_not_found(desk: Desk, stranger: Desk, cast: Cast) -> None:
    case = submitted(cast)

    assert desk.get("application", case.application_id).status_code == 200
    assert desk.get("withdraw", case.application_id).status_code == 200
    for name in ("application", "withdraw"):
        assert stranger.get(name, case.application_id).status_code == 404
    for name in ("withdraw", "copy"):
        assert stranger.post(name, case.application_id).status_code == 404
    assert case.application.state == "provincial_review"


def test_a_draft_cannot_be_started_for_another_applicant(stranger: Desk, cast: Cast) -> None:
    case = submitted(cast)

    answer = stranger.post("start", data={"applicant": str(case.application.applicant_id)})

    assert answer.status_code == 404
    assert stranger.post("start", data={"applicant": "nonsense"}).status_code == 404


def test_a_second_member_sees_the_applicants_drafts_a_revoked_one_does_not(
    desk: Desk, stranger: Desk, cast: Cast
) -> None:
    case = submitted(cast)
    draft = desk.start(case.application.applicant_id)
    desk.upload(draft, "product_introduction")
    draft.refresh_from_db()
    file_id = draft.materials["attachments"]["product_introduction"][0]["id"]
    membership = Membership.objects.create(
        applicant=Applicant.objects.get(), account=cast.stranger, role="editor", created_at=MORNING
    )
    before = [stranger.get("check", draft.pk), stranger.client.get(reverse("files:download", args=[file_id]))]
    Membership.objects.filter(pk=membership.pk).update(revoked_at=MORNING)
    after = [stranger.get("check", draft.pk), stranger.client.get(reverse("files:download", args=[file_id]))]

    assert [answer.status_code for answer in before] == [200, 200]
    assert [answer.status_code for answer in after] == [404, 404]


@pytest.mark.parametrize("role", [Role.PROVINCIAL_HEAD, Role.NATIONAL_HEAD, Role.ADMINISTRATOR, Role.AUDITOR])
def test_officers_have_no_applicants_desk(cast: Cast, db: None, role: Role) -> None:
    officer = Desk.of(cast.get("样例", role, "110000" if role is Role.PROVINCIAL_HEAD else ""))

    assert officer.get("dashboard").status_code == 404
    assert officer.get("start").status_code == 404


def test_every_address_of_the_room_asks_anonymous_visitors_to_sign_in(client: Client, db: None) -> None:
    for pattern in urlpatterns:
        name = f"applicants:{pattern.name}"
        if Audience.ANONYMOUS in ACCESS[name]:  # a secret address, such as a calendar's
            continue
        wanted = {
            argument: uuid.UUID(int=4, version=4) if isinstance(converter, UUIDConverter) else "service"
            for argument, converter in pattern.pattern.converters.items()
        }
        answer = client.get(reverse(name, kwargs=wanted))
        assert answer.status_code == 302, name
        assert "/account/login/" in answer["Location"], name


def test_unknown_sections_are_not_found(desk: Desk) -> None:
    draft = desk.start()

    assert desk.get("section", draft.pk, "everything").status_code == 404
