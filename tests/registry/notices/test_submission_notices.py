"""One notice for each submission, however many services it has: to whoever filed, and to the owners."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from registry import clock, tasks
from registry.models import Account, Membership, Notice
from registry.rules.workflow.states import Role
from tests.applicants.drafts.test_joint_submissions import NAMES, submit, three_services
from tests.builders import register as build
from tests.builders.register import MORNING, Cast

pytestmark = pytest.mark.django_db


def sweep() -> None:
    with clock.stopped_at(MORNING + timedelta(hours=1)):
        while tasks.sweep_notices():
            pass


def told() -> list[tuple[str, str]]:
    """Kinds of notices and the accounts they went to."""
    found = Notice.objects.filter(account__role=Role.APPLICANT.value)
    return sorted(found.values_list("kind", "account__name"))


def member(cast: Cast, name: str, applicant_id: uuid.UUID, *, role: str) -> Account:
    account = cast.get(name, Role.APPLICANT)
    Membership.objects.create(applicant_id=applicant_id, account=account, role=role, created_at=MORNING)
    return account


def test_services_filed_together_are_one_notice_that_names_each(cast: Cast) -> None:
    found = submit(three_services(cast.member))
    sweep()
    notice = Notice.objects.get(account=cast.member)
    assert notice.kind == "submitted_together"
    for application, name in zip(found, NAMES, strict=True):
        assert f"{name} · {application.receipt_number}" in notice.body
    assert notice.application_id == min(found, key=lambda each: each.receipt_number).pk
    assert "3 项服务" in notice.subject
    assert "3项服务" in notice.sms


def test_a_submission_is_told_to_who_filed_and_to_the_owners_only(cast: Cast) -> None:
    case = build.submitted(cast)
    applicant_id = case.application.applicant_id
    owner = member(cast, "样例所有人", applicant_id, role="owner")
    member(cast, "样例编辑", applicant_id, role="editor")
    Membership.objects.filter(account=cast.member).update(role="editor")
    sweep()
    assert told() == sorted([("submitted", cast.member.name), ("submitted", owner.name)])


def test_what_the_office_decides_is_told_to_every_member(cast: Cast) -> None:
    case = build.rejected(cast)
    editor = member(cast, "样例编辑", case.application.applicant_id, role="editor")
    sweep()
    assert ("rejected", editor.name) in told()
    assert ("submitted", editor.name) not in told()


def test_who_filed_and_left_is_told_nothing(cast: Cast) -> None:
    case = build.submitted(cast)
    owner = member(cast, "样例所有人", case.application.applicant_id, role="owner")
    Membership.objects.filter(account=cast.member).update(revoked_at=MORNING)
    sweep()
    assert told() == [("submitted", owner.name)]


def test_one_service_filed_alone_is_told_with_its_own_receipt_number(cast: Cast) -> None:
    case = build.submitted(cast)
    sweep()
    notice = Notice.objects.get(account=cast.member)
    assert notice.kind == "submitted"
    assert case.application.receipt_number in notice.subject
