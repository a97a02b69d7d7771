"""Drafts never lose what was typed, and never overwrite what somebody else saved."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applicants.drafts import store as drafts
from applicants.drafts.store import SectionSave
from applicants.models import Draft
from registry import clock
from registry.errors import NotFound, OutOfDate
from registry.models import Applicant, Attachment
from registry.rules.workflow.states import Act
from registry.sample import walk
from registry.storage import attachments
from registry.storage.attachments import SENT_TWICE_WITHIN
from tests.applicants.pages import Desk, as_form, error_texts, value_in
from tests.builders.register import MORNING, Cast, in_force, materials_for, submitted

NEVER_VALID = {
    "nature": "organisation",
    "document_type": "unified_social_credit_code",
    "document_number": "不是号码",
    "home_page_url": "www",
    "name": "  样例\u3000公司  ",
}


def save(
    draft: Draft,
    section: str = "service",
    *,
    version: int,
    answers: Mapping[str, str],
    window: str = "",
    is_autosave: bool = False,
) -> Draft:
    change = SectionSave(section, answers, frozenset(answers), version, window, is_autosave)
    return drafts.save_section(draft.pk, change, at=MORNING)


def test_malformed_answers_are_kept_as_typed_and_flagged(desk: Desk) -> None:
    draft = desk.start()

    answer = desk.save(draft, "applicant", NEVER_VALID)

    draft.refresh_from_db()
    assert draft.materials["applicant"] == NEVER_VALID
    assert answer["Location"].endswith("/applicant/?flag=1")
    page = desk.client.get(answer["Location"]).content.decode()
    assert "不是号码" in page
    assert len(error_texts(page)) == 2
    assert "data-error-summary" in page


def test_what_is_missing_is_flagged_only_when_asked_for(desk: Desk) -> None:
    draft = desk.start()

    plain = desk.get("section", draft.pk, "person_in_charge").content.decode()
    asked = desk.get("section", draft.pk, "person_in_charge", gaps="1").content.decode()

    assert error_texts(plain) == []
    assert len(error_texts(asked)) == 2  # mobile and e-mail; the nature of the applicant is not known yet


def test_an_older_form_does_not_overwrite_and_both_texts_are_kept(desk: Desk) -> None:
    draft = desk.start()
    save(draft, version=0, answers={"service_name": "别处保存的名称"})

    with pytest.raises(OutOfDate) as refused:
        save(draft, version=0, answers={"service_name": "此处填写的名称"})

    assert refused.value.facts["saved"] == {"service_name": "别处保存的名称"}
    draft.refresh_from_db()
    assert draft.materials["service"] == {"service_name": "别处保存的名称"}


def test_two_tabs_on_two_sections_do_not_disturb_each_other(desk: Desk) -> None:
    draft = desk.start()
    save(draft, "service", version=0, answers={"service_name": "样例"})
    save(draft, "applicant", version=0, answers={"nature": "organisation"})

    draft.refresh_from_db()
    assert draft.materials["service"] == {"service_name": "样例"}
    assert draft.materials["applicant"] == {"nature": "organisation"}
    assert draft.version == 3


def test_the_same_text_from_an_older_form_is_no_conflict(desk: Desk) -> None:
    draft = desk.start()
    save(draft, version=0, answers={"service_name": "样例"})

    assert save(draft, version=0, answers={"service_name": "样例"}).version_of("service") == 2


def test_a_pages_own_autosave_does_not_make_its_save_a_conflict(desk: Desk) -> None:
    draft = desk.start()
    save(draft, version=0, window="one", is_autosave=True, answers={"service_name": "样"})

    save(draft, version=0, window="one", answers={"service_name": "样例"})

    draft.refresh_from_db()
    assert draft.materials["service"] == {"service_name": "样例"}


def test_an_autosave_that_arrives_after_the_save_changes_nothing(desk: Desk) -> None:
    draft = desk.start()
    save(draft, version=0, window="one", answers={"service_name": "样例"})

    with pytest.raises(OutOfDate):
        save(draft, version=0, window="one", is_autosave=True, answers={"service_name": "样"})


def test_autosave_answers_with_time_and_version(desk: Desk) -> None:
    draft = desk.start()
    sent = {**desk.page_fields(draft, "service"), "service_name": "样例服务"}

    saved = desk.post("autosave", draft.pk, "service", data=sent)
    again = desk.post("autosave", draft.pk, "service", data=sent)

    told = saved.json()
    # What follows from the answers is told apart: tests/applicants/drafts/test_asked_once.py.
    assert told.pop("follows")
    assert told == {"saved_at": "10:00", "version": 1, "contradictions": ""}
    assert again.status_code == 409
    draft.refresh_from_db()
    assert draft.materials["service"] == {"service_name": "样例服务"}


def test_autosave_keeps_what_a_choice_has_just_switched_off(desk: Desk, cast: Cast) -> None:
    """A slip of the mouse while typing must not empty other answers; saving by the button clears them."""
    materials = materials_for(cast)
    draft = desk.start()
    desk.fill(draft, materials)
    slip = {**as_form("applicant", materials), "nature": "individual"}
    for name in ("organisation_type", "investor_or_governing_body"):
        del slip[name]  # the scripts switch them off
    sent = {**slip, **desk.page_fields(draft, "applicant")}

    desk.post("autosave", draft.pk, "applicant", data=sent)

    draft.refresh_from_db()
    assert draft.materials["applicant"]["organisation_type"] == materials["applicant"]["organisation_type"]
    assert draft.materials["person_in_charge"] == materials["person_in_charge"]
    desk.save(draft, "applicant", slip)
    draft.refresh_from_db()
    assert "organisation_type" not in draft.materials["applicant"]
    assert "name" not in draft.materials["person_in_charge"]


def test_the_merge_page_shows_both_texts_and_saves_the_choice(desk: Desk) -> None:
    draft = desk.start()
    older = {**desk.page_fields(draft, "service"), "service_name": "此处名称", "consensus": "此处共识"}
    desk.save(draft, "service", {"service_name": "别处名称", "consensus": "别处共识"})

    conflict = desk.post("section", draft.pk, "service", data=older)

    page = conflict.content.decode()
    assert conflict.status_code == 409
    assert all(text in page for text in ("此处名称", "别处名称", "此处共识", "别处共识"))
    assert 'name="keep-service_name"' in page
    assert 'name="keep-service_forms"' not in page
    choice = {
        **older,
        "version": value_in(page, "version"),
        "keep-service_name": "saved",
        "keep-consensus": "mine",
    }
    assert desk.post("section", draft.pk, "service", data=choice).status_code == 302
    draft.refresh_from_db()
    assert draft.materials["service"] == {"service_name": "别处名称", "consensus": "此处共识"}


def test_rows_are_added_and_removed_without_scripts(desk: Desk) -> None:
    draft = desk.start()
    rows = {"websites-TOTAL_FORMS": "2", "websites-0-name": "甲", "websites-1-name": "乙"}
    rows["service_forms"] = "website"

    added = desk.save(draft, "service", rows, add_row="websites")
    page = desk.client.get(added["Location"]).content.decode()
    removed = desk.save(draft, "service", rows, remove_row="websites-0")

    assert added["Location"].endswith("?add=websites#group-websites")
    assert 'name="websites-TOTAL_FORMS" value="3"' in page
    assert removed["Location"].endswith("#group-websites")
    draft.refresh_from_db()
    assert draft.materials["service"]["websites"] == [{"name": "乙"}]


def test_the_next_list_of_places_comes_by_a_button(desk: Desk) -> None:
    draft = desk.start()

    answer = desk.save(draft, "applicant", {"division_code__0": "440000"}, choose="division_code")

    page = desk.client.get(answer["Location"].partition("#")[0]).content.decode()
    assert "深圳市" in page
    assert desk.get("places").json()[0]["children"][0]["children"][0] == {
        "code": "110101",
        "name": "东城区",
        "other": "Dongcheng District",
    }


def test_a_further_service_begins_with_what_was_given_before(desk: Desk, cast: Cast) -> None:
    case = in_force(cast)
    applicant = case.application.applicant
    clock_moves = MORNING + timedelta(days=3)

    draft = drafts.start_draft(cast.member, applicant=applicant, at=clock_moves)

    assert draft.materials["applicant"]["name"] == applicant.name
    assert draft.materials["person_in_charge"] != {}
    assert draft.materials["service"] == {"has_service_contact": False}
    assert set(draft.materials["attachments"]) == {
        "organisation_certificate",
        "person_in_charge_document",
        "person_in_charge_document_back",
    }


def test_what_the_register_knows_of_an_applicant_is_not_changed_in_a_draft(desk: Desk, cast: Cast) -> None:
    case = in_force(cast)
    draft = desk.start(case.application.applicant_id)
    page = desk.get("section", draft.pk, "applicant").content.decode()
    stated = deepcopy(draft.materials)

    desk.save(draft, "applicant", {"name": "另一个名称", "mailing_address": "样例新址"})
    desk.save(draft, "person_in_charge", {"name": "样例另一人"})

    draft.refresh_from_db()
    assert '<input type="text" name="name"' not in page
    assert draft.materials["applicant"]["name"] == case.application.applicant_name
    assert draft.materials["applicant"]["mailing_address"] == stated["applicant"]["mailing_address"]
    assert draft.materials["person_in_charge"] == stated["person_in_charge"]


def test_typing_the_document_of_ones_own_applicant_ties_the_draft_to_it(desk: Desk, cast: Cast) -> None:
    case = in_force(cast)
    draft = desk.start()
    code = case.application.applicant.credit_code

    desk.save(
        draft,
        "applicant",
        {
            "nature": "organisation",
            "document_type": "unified_social_credit_code",
            "document_number": f" {code.lower()} ",
            "name": "随手写的名称",
        },
    )

    draft.refresh_from_db()
    assert draft.applicant_id == case.application.applicant_id
    assert draft.materials["applicant"]["name"] == case.application.applicant_name


def test_typing_somebody_elses_document_tells_nothing(stranger: Desk, cast: Cast) -> None:
    case = submitted(cast)
    draft = stranger.start()
    code = case.application.applicant.credit_code
    typed = {
        "nature": "organisation",
        "document_type": "unified_social_credit_code",
        "document_number": code,
        "name": "随手写的名称",
    }

    stranger.save(draft, "applicant", typed)

    draft.refresh_from_db()
    assert draft.applicant_id is None
    assert draft.materials["applicant"]["name"] == "随手写的名称"


def test_files_are_attached_reordered_and_removed(desk: Desk, cast: Cast) -> None:
    draft = desk.start()
    for page in ("one", "two"):
        content = walk.sample_scan(page)
        assert desk.upload(draft, "product_introduction", content=content).status_code == 302
    draft.refresh_from_db()
    first, second = (entry["id"] for entry in draft.materials["attachments"]["product_introduction"])

    desk.post("move_file", draft.pk, second)
    draft.refresh_from_db()
    moved = [entry["id"] for entry in draft.materials["attachments"]["product_introduction"]]
    desk.post("remove_file", draft.pk, second)
    desk.post("remove_file", draft.pk, first)

    draft.refresh_from_db()
    assert moved == [second, first]
    assert draft.materials["attachments"] == {}
    assert not Attachment.objects.filter(draft_id=draft.pk).exists()


def test_an_upload_that_is_sent_twice_is_there_once(desk: Desk) -> None:
    draft = desk.start()
    for moment in (MORNING, MORNING + SENT_TWICE_WITHIN, MORNING + 3 * SENT_TWICE_WITHIN):
        clock.set_for_tests(moment)
        assert desk.upload(draft, "product_introduction").status_code == 302

    draft.refresh_from_db()
    # The third one was chosen anew.
    assert len(draft.materials["attachments"]["product_introduction"]) == 2
    assert Attachment.objects.count() == 2


def test_a_refused_file_is_named_at_its_slot_with_what_to_do(desk: Desk) -> None:
    draft = desk.start()

    answer = desk.upload(draft, "product_introduction", content=b"GIF89a not one of the kinds")

    assert answer.status_code == 400
    assert len(error_texts(answer.content.decode())) == 1
    draft.refresh_from_db()
    assert draft.materials["attachments"] == {}


def test_a_slot_that_does_not_apply_takes_no_file(desk: Desk) -> None:
    draft = desk.start()

    assert desk.upload(draft, "business_licence").status_code == 404
    assert desk.upload(draft, "no_such_slot").status_code == 404


def test_files_of_a_slot_that_a_choice_rules_out_go(desk: Desk, cast: Cast) -> None:
    draft = desk.start()
    organisation = {"nature": "organisation", "organisation_type": "enterprise"}
    desk.save(draft, "applicant", organisation)
    desk.upload(draft, "business_licence")

    desk.save(draft, "applicant", {**organisation, "organisation_type": "state_organ"})
    desk.save(draft, "applicant", organisation)

    draft.refresh_from_db()
    assert draft.materials["attachments"] == {}
    assert desk.upload(draft, "business_licence").status_code == 302


def test_deleting_a_draft_takes_its_files_but_not_those_of_the_register(desk: Desk, cast: Cast) -> None:
    case = submitted(cast)
    draft = desk.start(case.application.applicant_id)
    desk.upload(draft, "product_introduction")
    in_register = Attachment.objects.exclude(draft_id=draft.pk).count()
    asked = desk.get("delete_draft", draft.pk)

    desk.post("delete_draft", draft.pk)

    assert asked.status_code == 200
    assert not Draft.objects.filter(pk=draft.pk).exists()
    assert not Attachment.objects.filter(draft_id=draft.pk).exists()
    assert Attachment.objects.count() == in_register


def test_a_withdrawn_application_is_copied_without_its_statement(desk: Desk, cast: Cast) -> None:
    case = submitted(cast)
    walk.act(case, Act.WITHDRAW, by=cast.member, at=MORNING)

    answer = desk.post("copy", case.application_id)

    draft = Draft.objects.get()
    assert answer["Location"] == reverse("applicants:section", args=[draft.pk, "applicant"])
    assert draft.materials["service"]["service_name"] == case.application.service_name
    assert "authenticity_statement" not in draft.materials["attachments"]
    assert "product_introduction" in draft.materials["attachments"]


def test_an_open_application_is_not_copied(cast: Cast, db: None) -> None:
    case = submitted(cast)

    with pytest.raises(NotFound):
        drafts.copy_application(case.application, account=cast.member, at=MORNING)
    assert Applicant.objects.count() == 1


def test_draft_texts_are_not_readable_in_the_database(desk: Desk) -> None:
    draft = desk.start()
    desk.save(draft, "person_in_charge", {"mobile": "19900001234"})

    row = Draft.objects.filter(pk=draft.pk).values("content", "section_saves").get()

    assert b"19900001234" not in bytes(row["content"])
    assert "19900001234" not in str(row["section_saves"])
    draft.refresh_from_db()
    assert draft.materials["person_in_charge"]["mobile"] == "19900001234"


def test_an_interrupted_upload_does_not_block_its_slot_for_good(desk: Desk, cast: Cast) -> None:
    draft = desk.start()
    desk.fill(draft, materials_for(cast))
    scan = SimpleUploadedFile("scan.png", walk.sample_scan("scan"), "image/png")
    left = attachments.receive(
        draft_id=draft.pk,
        slot="product_introduction",
        uploaded_by=cast.member,
        file=scan,
        at=MORNING - timedelta(hours=1),
    )

    desk.upload(draft, "product_introduction")

    draft.refresh_from_db()
    assert len(draft.materials["attachments"]["product_introduction"]) == 1
    assert not Attachment.objects.filter(pk=left.pk).exists()


def test_an_optional_fact_that_was_left_empty_is_not_asked_of_a_registered_applicant(
    desk: Desk, cast: Cast
) -> None:
    """It changes by a change of the applicant alone; what a filing says of it would hold nowhere."""
    case = in_force(cast)
    draft = desk.start(case.application.applicant_id)
    assert "group_name" not in draft.materials["applicant"]
    page = desk.get("section", draft.pk, "applicant").content.decode()
    assert '<input type="text" name="group_name"' not in page

    desk.save(draft, "applicant", {"group_name": "样例集团"})

    draft.refresh_from_db()
    assert "group_name" not in draft.materials["applicant"]


def test_a_draft_saved_while_typing_holds_nothing_that_nobody_sees(desk: Desk) -> None:
    draft = desk.start()
    typed = {"nature": "organisation", "name": "样例\u200b公司\ufeff\x00 ", "group_name": "\u3164"}
    desk.save(draft, "applicant", typed)
    draft.refresh_from_db()
    kept = draft.materials["applicant"]
    assert (kept["name"], kept["group_name"]) == ("样例公司 ", "\u3164")
    page = desk.get("section", draft.pk, "applicant", flag="1").content.decode()
    assert len(error_texts(page)) == 1


def test_the_button_pressed_twice_begins_one_draft_and_a_second_filing_is_another(desk: Desk) -> None:
    first, second = desk.start(), desk.start()
    assert first.pk == second.pk
    desk.save(first, "applicant", {"name": "样例公司"})
    desk.start()
    assert Draft.objects.count() == 2
