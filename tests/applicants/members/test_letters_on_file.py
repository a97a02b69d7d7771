"""A letter of authority on file is used and never asked for again while it runs; when it has ended, it is asked for."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from applicants.amendments.amendment import start_amendment
from applicants.changes.change import start_change
from applicants.models import Draft
from registry import clock
from registry.book.revisions import get_revision, materials_of
from registry.members import invitations
from registry.members.invitations import LetterGiven, Recipient
from registry.models import Applicant, Application, Attachment, Invitation, Membership
from registry.rules.members.permissions import MemberRole, Scope
from registry.rules.particulars.materials import files_of, value_of
from tests.access.member_scene import scan
from tests.applicants.amendments.amending import explain, send
from tests.applicants.members.test_agents import LAST_DAY, by_agent, filed, in_charge, own, points_on, renew
from tests.applicants.pages import Desk, as_form, value_in
from tests.builders import register as build
from tests.builders.register import MORNING, Cast

pytestmark = pytest.mark.django_db

__all__ = ["in_charge"]
LETTER = "attachments.letter_of_authority"


def later(desk: Desk, days: int) -> Desk:
    """The same person, signed in anew some days later."""
    clock.set_for_tests(MORNING + timedelta(days=days))
    return Desk.of(desk.account)


def second(desk: Desk, applicant: Applicant, seed: int) -> Draft:
    """A second service of a client, filled in without a word about the agent."""
    clock.set_for_tests(clock.now() + timedelta(minutes=1))
    draft = desk.start(applicant.pk)
    materials = by_agent(seed, account=desk.account)
    for section in ("service", "content"):
        assert desk.save(draft, section, as_form(section, materials)).status_code == 302
    desk.upload_all(draft)
    return draft


def stated(application: Application) -> tuple[object, ...]:
    """What an application says of the agent and its letter."""
    materials = materials_of(get_revision(application.pk, application.revision_number))
    letters = [str(each["id"]) for each in files_of(materials, LETTER)]
    agent = [value_of(materials, f"applicant.{name}") for name in ("filed_by_agent", "authority_expires_on")]
    return (*agent, letters)


def submitted(desk: Desk, draft: Draft) -> Application:
    answer = desk.submit(draft)
    assert answer.status_code == 302, points_on(answer)
    draft.refresh_from_db()
    return Application.objects.get(pk=str(draft.application_id))


def letters_of(member: Membership) -> list[str]:
    return [str(member.letter_id)]


def test_a_second_filing_uses_the_letter_of_the_first(desk: Desk) -> None:
    first = filed(desk, 61)
    draft = second(desk, first.applicant, 62)
    page = desk.get("section", draft.pk, "applicant").content.decode()
    sent = re.findall(r'<(?:input|select|textarea)(?![^>]*disabled)[^>]* name="([^"]+)"', page)
    assert {"filed_by_agent", "authority_expires_on"} & set(sent) == set()
    assert {"agent_name", "authority_scope"} <= set(sent)
    member = own(desk, first.applicant)
    page = desk.get("attachments", draft.pk).content.decode()
    assert reverse("files:download", args=[member.letter_id]) in page
    assert reverse("applicants:upload", args=[draft.pk, "letter_of_authority"]) not in page
    assert desk.upload(draft, "letter_of_authority").status_code == 404
    assert desk.post("remove_file", draft.pk, member.letter_id).status_code == 404
    assert stated(submitted(desk, draft)) == (
        True,
        LAST_DAY.isoformat(),
        letters_of(own(desk, first.applicant)),
    )
    assert Attachment.objects.filter(slot="letter_of_authority").count() == 1


def test_a_letter_that_an_owner_gave_is_used_in_the_first_filing_of_the_agent(
    desk: Desk, stranger: Desk, cast: Cast
) -> None:
    case = build.in_force(cast, member=stranger.account)
    applicant = case.application.applicant
    account = desk.account
    account.email, account.email_verified_at = "sample.agent.four@example.com", MORNING
    account.save()
    recipient = Recipient(Invitation.Channel.EMAIL, account.email)
    letter = LetterGiven(scan(), Scope.ALL_ACTS, LAST_DAY)
    sent = invitations.invite(
        applicant.pk, recipient, role=MemberRole.EDITOR, letter=letter, by=stranger.account, at=MORNING
    )
    member = invitations.accept(sent.pk, account=account, at=MORNING)
    draft = second(desk, applicant, 63)
    found = submitted(desk, draft)
    assert stated(found) == (True, LAST_DAY.isoformat(), letters_of(member))
    # The owner's own filing is by no agent.
    own_draft = second(stranger, applicant, 64)
    assert stated(submitted(stranger, own_draft)) == (False, None, [])


def test_a_letter_that_has_ended_is_asked_for_where_it_is_renewed(desk: Desk, in_charge: Desk) -> None:
    first = filed(desk, 65, applicant__authority_expires_on="2026-03-04")
    member = own(desk, first.applicant)
    agent = later(desk, 4)
    draft = second(agent, first.applicant, 66)
    page = agent.get("check", draft.pk).content.decode()
    letter_page = reverse("applicants:member", args=[member.pk])
    assert letter_page in page
    assert agent.submit(draft).status_code == 409
    assert (
        reverse("applicants:renew_letter", args=[member.pk])
        in agent.get("member", member.pk).content.decode()
    )
    assert renew(agent, member, date(2026, 12, 31)) == 302
    member.refresh_from_db()
    assert stated(submitted(agent, draft)) == (True, "2026-12-31", letters_of(member))


def test_the_section_that_a_letter_on_file_keeps_back_says_where_it_is_renewed(desk: Desk) -> None:
    first = filed(desk, 70, applicant__authority_expires_on="2026-03-04")
    member = own(desk, first.applicant)
    agent = later(desk, 4)
    draft = second(agent, first.applicant, 71)
    fields = agent.page_fields(draft, "applicant")
    sent = {"agent_name": "样例代办有限公司", **fields, "next_step": "forward"}
    answer = agent.post("section", draft.pk, "applicant", data=sent)
    page = agent.client.get(answer["Location"]).content.decode()
    (summary,) = re.findall(r"data-error-summary>(.*?)</div>", page, re.DOTALL)
    assert f'href="{reverse("applicants:member", args=[member.pk])}"' in summary


def test_an_owner_renews_an_ended_letter_and_the_agent_says_whom_to_ask(desk: Desk, in_charge: Desk) -> None:
    first = filed(desk, 67, applicant__authority_expires_on="2026-03-04")
    invitations.accept(Invitation.objects.get().pk, account=in_charge.account, at=clock.now())
    member = own(desk, first.applicant)
    agent = later(desk, 4)
    page = agent.get("member", member.pk).content.decode()
    assert reverse("applicants:renew_letter", args=[member.pk]) not in page
    assert renew(later(in_charge, 4), member, date(2026, 12, 31)) == 302
    draft = second(agent, first.applicant, 68)
    assert stated(submitted(agent, draft))[:2] == (True, "2026-12-31")


def test_an_amendment_of_an_open_application_takes_the_renewed_letter(desk: Desk) -> None:
    application = filed(desk, 69, applicant__authority_expires_on="2026-03-04")
    agent = later(desk, 4)
    draft = start_amendment(application, account=agent.account, at=clock.now())
    assert agent.get("amendment", draft.pk).status_code == 200
    member = own(agent, application.applicant)
    assert reverse("applicants:member", args=[member.pk]) in agent.get("check", draft.pk).content.decode()
    assert renew(agent, member, date(2026, 12, 31)) == 302
    member.refresh_from_db()
    assert explain(agent, draft, "样例：更换授权委托书。").status_code == 302
    answer = send(agent, draft)
    assert answer.status_code == 302, points_on(answer)
    application.refresh_from_db()
    assert application.revision_number == 2
    assert stated(application) == (True, "2026-12-31", letters_of(member))


@pytest.mark.parametrize("is_by_owner", [True, False])
def test_a_service_filed_under_a_letter_that_has_ended_can_be_changed(
    desk: Desk, in_charge: Desk, cast: Cast, is_by_owner: bool
) -> None:
    application = filed(desk, 70, applicant__authority_expires_on="2026-03-04")
    invitations.accept(Invitation.objects.get().pk, account=in_charge.account, at=clock.now())
    filing = build.filing_of(approved(cast, application))
    who = later(in_charge if is_by_owner else desk, 4)
    member = own(desk, application.applicant)
    if not is_by_owner:
        assert renew(later(in_charge, 4), member, date(2026, 12, 31)) == 302
    draft = start_change(filing, account=who.account, at=clock.now())
    materials = draft.materials
    section = as_form("service", materials) | {
        "description": materials["service"]["description"] + "样例补充"
    }
    assert who.save(draft, "service", section, next_step="stay").status_code == 302
    today = clock.today().isoformat()
    page = who.get("changes", draft.pk).content.decode()
    kept = {name: value_in(page, name) for name in ("version", "window")}
    sent = {**kept, "on-service.description": today, "next_step": "stay"}
    assert who.post("changes", draft.pk, data=sent).status_code == 302
    assert who.upload(draft, "authenticity_statement").status_code == 302
    changed = submitted(who, draft)
    member.refresh_from_db()
    expected = (False, None, []) if is_by_owner else (True, "2026-12-31", letters_of(member))
    assert stated(changed) == expected


def approved(cast: Cast, application: Application) -> build.SampleCase:
    case = build.SampleCase(application.pk, cast.member)
    build.approve(cast, case, at=MORNING + timedelta(hours=2))
    return case
