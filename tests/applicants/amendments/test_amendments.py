"""After a rejection: mending what was named, answering every reason, and submitting again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applicants.amendments.amendment import open_draft
from applicants.drafts import submission
from applicants.drafts.pages.frame import examine
from applicants.models import Draft
from registry import clock
from registry.book.revisions import get_revision, materials_of
from registry.calendar.current import current_calendar
from registry.integrity.register import verify_register
from registry.models import Applicant, Membership
from registry.rules.days.deadlines import resubmission_due
from registry.rules.particulars import changed_keys
from registry.rules.particulars.reasons import WHOLE
from registry.rules.workflow.states import Act, State
from registry.sample import walk
from registry.sample.walk import SampleCase
from tests.applicants.amendments.amending import (
    ANSWER,
    CLEAR,
    answer_reasons,
    begin,
    events,
    mend,
    path_of,
    rejected_for,
    send,
)
from tests.applicants.pages import Desk
from tests.builders.register import MORNING, Cast

DESCRIPTION = "service.description"


def revision(case: SampleCase, number: int) -> dict[str, Any]:
    return materials_of(get_revision(case.application_id, number))


def mended(desk: Desk, case: SampleCase) -> Draft:
    """An amendment with nothing left to do but to send it."""
    draft, _url = begin(desk, case, key=DESCRIPTION)
    assert mend(desk, draft, "service", description=CLEAR).status_code == 302
    assert answer_reasons(desk, draft, {"1": ANSWER}).status_code == 302
    return draft


def test_each_reason_leads_to_just_its_field_or_slot(desk: Desk, cast: Cast) -> None:
    slot = "attachments.person_in_charge_document"
    case = rejected_for(cast, DESCRIPTION, slot, "service.websites.url", WHOLE)
    page = desk.get("application", case.application_id).content.decode()

    draft, url = begin(desk, case, key=DESCRIPTION)

    assert page.count('name="key" value="service.description"') == 1
    section = reverse("applicants:section", args=[draft.pk, "service"])
    assert path_of(url) == (section, "id_description")
    places = [path_of(begin(desk, case, key=key)[1]) for key in (slot, "service.websites.url", WHOLE)]
    assert places == [
        (reverse("applicants:attachments", args=[draft.pk]), "slot-person_in_charge_document"),
        (section, "group-websites"),
        (reverse("applicants:amendment", args=[draft.pk]), ""),
    ]
    assert Draft.objects.filter(amends_application_id=case.application_id).count() == 1


def test_only_what_a_reason_names_is_open(desk: Desk, cast: Cast) -> None:
    case = rejected_for(cast, DESCRIPTION)
    draft, _url = begin(desk, case)

    page = desk.get("section", draft.pk, "service").content.decode()
    files = desk.get("attachments", draft.pk).content.decode()

    assert '<textarea name="description"' in page
    assert 'name="service_name"' not in page
    assert revision(case, 1)["service"]["service_name"] in page
    assert "/remove/" not in files
    assert 'type="file"' not in files


def test_a_forged_form_changes_nothing_that_is_locked(desk: Desk, cast: Cast) -> None:
    case = rejected_for(cast, DESCRIPTION)
    draft, _url = begin(desk, case)
    file_id = draft.materials["attachments"]["person_in_charge_document"][0]["id"]

    mend(desk, draft, "service", description=CLEAR, service_name="伪造", chain_kind="public")
    desk.post("section", draft.pk, "applicant", data={"mailing_address": "伪造", "version": "0"})
    version = draft.version_of("content")
    desk.post("autosave", draft.pk, "content", data={"categories": "x", "version": version})
    refused = [
        desk.upload(draft, "person_in_charge_document").status_code,
        desk.post("remove_file", draft.pk, file_id).status_code,
        desk.post("move_file", draft.pk, file_id).status_code,
    ]

    draft.refresh_from_db()
    assert changed_keys(revision(case, 1), draft.materials) == (DESCRIPTION,)
    assert refused == [404, 404, 404]


def test_a_section_opens_after_a_confirmation_and_is_recorded(desk: Desk, cast: Cast) -> None:
    case = rejected_for(cast, DESCRIPTION)
    draft = mended(desk, case)

    asked = desk.get("open_section", draft.pk, "person_in_charge")
    still_locked = desk.get("section", draft.pk, "person_in_charge").content.decode()
    opened = desk.post("open_section", draft.pk, "person_in_charge")
    page = desk.get("section", draft.pk, "person_in_charge").content.decode()

    assert asked.status_code == 200
    assert 'name="email"' not in still_locked
    assert opened.status_code == 302
    assert 'name="email"' in page
    assert desk.get("open_section", draft.pk, "everything").status_code == 404
    assert send(desk, draft).status_code == 302
    (event,) = events(case.application, Act.RESUBMIT)
    assert event.payload["details"]["opened"] == ["person_in_charge"]


def test_the_next_round_has_new_materials_answers_and_a_new_clock(desk: Desk, cast: Cast) -> None:
    case = rejected_for(cast, DESCRIPTION)
    draft = mended(desk, case)
    later = MORNING + timedelta(days=3)
    clock.set_for_tests(later)
    desk = Desk.of(cast.member)
    comparison = desk.get("check", draft.pk).content.decode()

    answer = send(desk, draft)

    application = case.application
    assert revision(case, 1)["service"]["description"] in comparison
    assert CLEAR in comparison
    assert answer["Location"] == reverse("applicants:application", args=[application.pk])
    assert (application.state, application.round_number) == (State.PROVINCIAL_REVIEW, 2)
    assert application.received_on == clock.china_date(later)
    (event,) = events(application, Act.RESUBMIT)
    assert event.payload["answers"] == {"1": ANSWER}
    page = desk.get("application", application.pk).content.decode()
    assert ANSWER in page
    assert "2026-04-02" in page
    assert changed_keys(revision(case, 1), revision(case, 2)) == (DESCRIPTION,)
    assert open_draft(application) is None
    assert verify_register().violations == []


def test_an_unanswered_reason_is_refused_with_the_way_to_it_and_nothing_is_lost(
    desk: Desk, cast: Cast
) -> None:
    case = rejected_for(cast, DESCRIPTION, "service.consensus")
    draft, _url = begin(desk, case)
    mend(desk, draft, "service", description=CLEAR)
    answer_reasons(desk, draft, {"1": ANSWER, "2": " "})

    answer = send(desk, draft)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert f"{reverse('applicants:amendment', args=[draft.pk])}?gaps=1#answer-2" in page
    assert "#answer-1" not in page
    draft.refresh_from_db()
    assert draft.materials["service"]["description"] == CLEAR
    assert draft.notes["answers"]["1"] == ANSWER
    assert case.application.state == State.REJECTED
    shown = desk.get("amendment", draft.pk, gaps="1").content.decode()
    assert 'aria-invalid="true"' in shown


def test_nothing_to_change_is_an_answer_that_the_reviewer_reads(desk: Desk, cast: Cast) -> None:
    case = rejected_for(cast, DESCRIPTION)
    draft, _url = begin(desk, case)
    unanswered = desk.get("check", draft.pk).content.decode()
    refused = send(desk, draft)
    answer_reasons(desk, draft, {"1": "样例：说明已写明共识机制，无须修改。"})
    ready = desk.get("check", draft.pk).content.decode()

    sent = send(desk, draft)

    assert refused.status_code == 409
    assert 'name="declaration"' not in unanswered
    assert 'name="declaration"' in ready
    assert reverse("applicants:amendment", args=[draft.pk]) in ready
    assert sent.status_code == 302
    assert (case.application.state, case.application.round_number) == (State.PROVINCIAL_REVIEW, 2)
    assert changed_keys(revision(case, 1), revision(case, 2)) == ()
    page = Desk.of(cast.provincial).client.get(reverse("review:case", args=[case.application_id]))
    assert "无须修改。" in page.content.decode()
    assert verify_register().violations == []


def test_the_declaration_is_asked_for_again(desk: Desk, cast: Cast) -> None:
    draft = mended(desk, rejected_for(cast, DESCRIPTION))

    assert send(desk, draft, declaration="").status_code == 400
    assert send(desk, draft).status_code == 302


def test_the_statement_is_signed_anew_only_when_a_printed_value_changed(desk: Desk, cast: Cast) -> None:
    case = rejected_for(cast, DESCRIPTION, "service.service_name")
    draft = mended(desk, case)
    answer_reasons(desk, draft, {"1": ANSWER, "2": ANSWER})
    unprinted = desk.get("statement", draft.pk).content.decode()
    mend(desk, draft, "service", service_name="样例改名服务")

    outdated = send(desk, draft)
    uploaded = desk.upload(draft, "authenticity_statement", content=walk.sample_scan("anew"))

    assert 'type="file"' not in unprinted
    assert outdated.status_code == 409
    assert reverse("applicants:statement", args=[draft.pk]) in outdated.content.decode()
    assert uploaded.status_code == 302
    assert send(desk, draft).status_code == 302
    assert changed_keys(revision(case, 1), revision(case, 2)) == (
        "service.service_name",
        DESCRIPTION,
        "attachments.authenticity_statement",
    )


def test_what_an_open_answer_asks_for_opens_as_well(desk: Desk, cast: Cast) -> None:
    case = rejected_for(cast, "service.has_nodes_abroad")
    draft, _url = begin(desk, case)
    before = desk.get("section", draft.pk, "service").content.decode()

    mend(desk, draft, "service", has_nodes_abroad="yes", nodes_abroad_explanation="样例说明")

    draft.refresh_from_db()
    assert 'name="has_nodes_abroad"' in before
    assert draft.materials["service"]["has_nodes_abroad"] is True
    assert draft.materials["service"]["nodes_abroad_explanation"] == "样例说明"


def test_sent_twice_makes_one_round(desk: Desk, cast: Cast) -> None:
    case = rejected_for(cast, DESCRIPTION)
    draft = mended(desk, case)

    answers = [send(desk, draft) for _ in range(3)]

    assert {answer["Location"] for answer in answers} == {
        reverse("applicants:application", args=[case.application_id])
    }
    assert len(events(case.application, Act.RESUBMIT)) == 1
    assert desk.get("check", draft.pk)["Location"] == answers[0]["Location"]


@pytest.mark.django_db(transaction=True)
def test_a_double_click_makes_one_round(cast: Cast) -> None:
    desk = Desk.of(cast.member)
    case = rejected_for(cast, DESCRIPTION)
    draft = mended(desk, case)
    version = Draft.objects.get(pk=draft.pk).version

    def click(_number: int) -> object:
        try:
            [application] = submission.submit(
                draft.pk,
                account=cast.member,
                seen={draft.pk: version},
                declaration_accepted=True,
                at=MORNING,
            )
            return application.pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(click, range(4)))

    assert found == {case.application_id}
    assert len(events(case.application, Act.RESUBMIT)) == 1


def test_a_second_tab_does_not_overwrite_answers_unseen(desk: Desk, cast: Cast) -> None:
    draft, _url = begin(desk, rejected_for(cast, DESCRIPTION))
    answer_reasons(desk, draft, {"1": "第一个窗口"})

    stale = answer_reasons(desk, draft, {"1": "第二个窗口"}, version="0", window="other")
    page = stale.content.decode()
    autosaved = desk.post(
        "autosave_amendment", draft.pk, data={"answer-1": "自动", "version": "0", "window": "other"}
    )

    assert stale.status_code == 409
    assert "第一个窗口" in page
    assert "第二个窗口" in page
    assert autosaved.status_code == 409
    draft.refresh_from_db()
    assert draft.notes["answers"] == {"1": "第一个窗口"}


def test_a_screen_before_a_later_save_is_not_declared_true(desk: Desk, cast: Cast) -> None:
    draft = mended(desk, rejected_for(cast, DESCRIPTION))

    assert send(desk, draft, version="1").status_code == 409


def test_after_thirty_working_days_it_is_refused_in_clear_words(desk: Desk, cast: Cast) -> None:
    case = rejected_for(cast, DESCRIPTION)
    draft = mended(desk, case)
    last = resubmission_due(clock.china_date(MORNING), current_calendar()).due_on
    on_the_last = MORNING + (last - clock.china_date(MORNING))

    clock.set_for_tests(on_the_last + timedelta(days=1))
    desk = Desk.of(cast.member)
    answer = send(desk, draft)
    page = desk.get("application", case.application_id).content.decode()

    assert answer.status_code == 409
    assert "30 个工作日" in answer.content.decode()
    assert reverse("applicants:amend", args=[case.application_id]) not in page
    assert case.application.state == State.REJECTED
    clock.set_for_tests(on_the_last)
    desk = Desk.of(cast.member)
    assert send(desk, draft).status_code == 302


def test_the_days_left_are_shown(desk: Desk, cast: Cast) -> None:
    case = rejected_for(cast, DESCRIPTION)
    draft, _url = begin(desk, case)

    pages = [desk.get("application", case.application_id), desk.get("amendment", draft.pk)]

    assert ["30 个工作日" in page.content.decode() for page in pages] == [True, True]


def test_an_amendment_belongs_to_the_members_of_its_applicant(desk: Desk, stranger: Desk, cast: Cast) -> None:
    case = rejected_for(cast, DESCRIPTION)
    draft = mended(desk, case)
    foreign = [
        stranger.post("amend", case.application_id).status_code,
        stranger.get("amendment", draft.pk).status_code,
        stranger.post("amendment", draft.pk).status_code,
        stranger.post("autosave_amendment", draft.pk).status_code,
        stranger.get("open_section", draft.pk, "service").status_code,
        stranger.post("open_section", draft.pk, "service").status_code,
        stranger.get("check", draft.pk).status_code,
        send(stranger, draft).status_code,
    ]
    Membership.objects.create(
        applicant=Applicant.objects.get(), account=cast.stranger, role="editor", created_at=MORNING
    )

    assert set(foreign) == {404}
    assert stranger.get("amendment", draft.pk).status_code == 200
    assert send(stranger, draft).status_code == 302


def test_the_draft_of_a_first_submission_has_no_reasons_to_answer(desk: Desk) -> None:
    draft = desk.start()

    assert desk.get("amendment", draft.pk).status_code == 404
    assert desk.post("open_section", draft.pk, "service").status_code == 404


def test_discarding_an_amendment_leaves_the_application_and_its_files(desk: Desk, cast: Cast) -> None:
    case = rejected_for(cast, WHOLE)
    draft, _url = begin(desk, case)
    file_id = draft.materials["attachments"]["person_in_charge_document"][0]["id"]
    assert desk.post("remove_file", draft.pk, file_id).status_code == 302

    answer = desk.post("delete_draft", draft.pk)

    assert answer["Location"] == reverse("applicants:application", args=[case.application_id])
    assert open_draft(case.application) is None
    assert desk.client.get(reverse("files:download", args=[file_id])).status_code == 200


def test_amendments_stand_with_their_application_not_among_the_drafts(desk: Desk, cast: Cast) -> None:
    case = rejected_for(cast, DESCRIPTION)
    draft, _url = begin(desk, case)

    page = desk.get("dashboard").content.decode()

    assert str(draft.pk) not in page
    assert str(case.application_id) in page


def test_a_page_of_many_reasons_asks_the_database_no_more_often(desk: Desk, cast: Cast) -> None:
    one, _url = begin(desk, rejected_for(cast, DESCRIPTION))
    keys = [
        DESCRIPTION,
        "service.consensus",
        "applicant.mailing_address",
        "attachments.person_in_charge_document",
    ] * 5
    many, _url = begin(desk, rejected_for(cast, *keys))
    counts = []
    for draft in (one, one, many):
        with CaptureQueriesContext(connection) as captured:
            assert desk.get("amendment", draft.pk).status_code == 200
        counts.append(len(captured))

    assert counts[1] == counts[2]


def test_going_on_leads_past_the_sections_in_which_nothing_may_be_changed(desk: Desk, cast: Cast) -> None:
    case = rejected_for(cast, DESCRIPTION, "attachments.product_introduction")
    draft, _url = begin(desk, case, key=DESCRIPTION)
    draft.refresh_from_db()
    examination = examine(draft)
    assert examination.step_after("applicant") == "service"
    assert examination.step_after("service") == "attachments"
    assert examination.step_after("attachments") == "statement"
