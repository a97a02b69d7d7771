"""A review form that a leader signed is filed with its case; an office that wants it decides nothing without it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pgtrigger
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from registry import clock
from registry.book.revisions import get_revision, materials_of
from registry.documents.paper_settings import confirm_settings, propose_settings, settings_of
from registry.files import decoding
from registry.files.access import may_read
from registry.integrity.register import verify_register
from registry.models import Account, Attachment, Event, SignedForm
from registry.rules.office.events import OfficeAct, OfficeFacts
from registry.rules.office.papers import NATIONAL_OFFICE_CODE
from registry.rules.workflow.states import Act
from registry.sample import walk
from registry.sample.walk import SAMPLE_REASON, SampleCase
from registry.storage import attachments
from review.review_forms.signed_forms import SignedFormRefused, file_signed_form, is_missing
from tests.builders import register as build
from tests.builders.register import BEIJING, MORNING, Cast
from tests.filing_portal.test_kept_forms import left_alone, sign_in_again
from tests.review.decisions.test_decisions import VAGUE, last_event, reasons
from tests.review.officers import mark_all, seen, send, sign_in, text_of, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files_wait")]

HOUR = timedelta(hours=1)
SIGNED = {"signer_name": "样例局长", "signer_title": "副局长", "signed_on": "2026-03-02", "revision": "1"}
OPINION = "样例意见：材料齐全，均已核对。"


@pytest.fixture(autouse=True)
def _morning() -> None:
    clock.set_for_tests(MORNING)


def scan(name: str = "signed.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, walk.sample_scan("scan"), "image/png")


def want_signed_forms(proposer: Account, second: Account, code: str) -> None:
    wanted = replace(settings_of(code), needs_signed_form=True)
    proposal = propose_settings(wanted, reason="样例：先签后决", by=proposer, at=MORNING)
    confirm_settings(proposal.pk, by=second, at=MORNING)


def filed(case: SampleCase, officer: Account, *, is_read: bool = True, **changes: Any) -> SignedForm:
    form = file_signed_form(
        case.application,
        officer=officer,
        **{
            "seen_revision": 1,
            "signer_name": "样例局长",
            "signer_title": "副局长",
            "signed_on": date(2026, 3, 2),
            "file": scan(),
            "at": MORNING,
            **changes,
        },
    )
    if is_read:
        assert decoding.work_once("test")
    return SignedForm.objects.get(pk=form.pk)


def post(client: Client, case: SampleCase, **changes: Any) -> Any:
    return client.post(url("signed_form", case), {**SIGNED, "scan": scan(), **changes})


def proposed(cast: Cast) -> SampleCase:
    """A case whose rejection the province has proposed."""
    case = build.submitted(cast)
    given = [dict(SAMPLE_REASON)]
    mark_all(case, cast.provincial, at=MORNING, deficient=[VAGUE["key"]], remark="样例")
    walk.act(case, Act.PROPOSE_REJECTION, by=cast.provincial, at=MORNING, reasons=given, text="样例")
    return case


def supplemented(case: SampleCase) -> None:
    """The applicant hands in further materials: the case has its second version of them."""
    before = materials_of(get_revision(case.application.pk, 1))
    walk.act(
        case,
        Act.SUPPLEMENT,
        by=case.member,
        at=MORNING + HOUR,
        materials={**before, "service": {**before["service"], "service_name": "样例改名平台"}},
        explanation="样例：补充说明",
    )


def test_without_the_setting_nothing_is_asked(cast: Cast) -> None:
    case = proposed(cast)
    assert not is_missing(case.application, cast.provincial_second)
    assert send(sign_in(cast.provincial_second), case, Act.CONFIRM, {}).status_code == 302
    assert last_event(case).act == Act.CONFIRM


def test_where_the_office_wants_it_a_decision_without_it_is_refused_in_words_with_the_way_to_go(
    cast: Cast,
) -> None:
    want_signed_forms(cast.provincial_head, cast.provincial, BEIJING)
    case = proposed(cast)
    client = sign_in(cast.provincial_second)
    page = client.get(url("act", case, "confirm"), seen(case.application))
    assert "The signed review form is not filed yet" in text_of(page)
    assert f'href="{url("signed_form", case)}"' in page.content.decode()
    assert 'class="act-form"' not in page.content.decode()
    assert "not filed yet; your office wants it before it decides" in text_of(client.get(url("case", case)))
    refused = send(client, case, Act.CONFIRM, {})
    assert refused.status_code == 409
    assert "only once the signed review form is filed" in text_of(refused)
    assert last_event(case).act == Act.PROPOSE_REJECTION
    filed(case, cast.provincial_second)
    assert send(client, case, Act.CONFIRM, {}).status_code == 302
    assert last_event(case).act == Act.CONFIRM
    assert verify_register().violations == []


def test_a_direct_decision_of_the_nation_asks_for_it_and_keeps_what_was_typed(cast: Cast) -> None:
    want_signed_forms(cast.national_head, cast.national, NATIONAL_OFFICE_CODE)
    case = build.forwarded(cast)
    mark_all(case, cast.national, at=MORNING)
    client = sign_in(cast.national)
    refused = send(client, case, Act.APPROVE, {"text": OPINION})
    assert refused.status_code == 409
    assert OPINION in refused.content.decode()
    assert "once the signed review form is there" in text_of(refused)
    filed(case, cast.national)
    assert OPINION in client.get(url("act", case, "approve"), seen(case.application)).content.decode()
    assert send(client, case, Act.APPROVE, {"text": OPINION}).status_code == 302
    assert last_event(case).act == Act.APPROVE


def test_acts_that_decide_nothing_are_never_asked_for_it(cast: Cast) -> None:
    want_signed_forms(cast.provincial_head, cast.provincial, BEIJING)
    case = build.submitted(cast)
    mark_all(case, cast.provincial, at=MORNING, deficient=[VAGUE["key"]], remark="样例")
    sent = send(
        sign_in(cast.provincial), case, Act.PROPOSE_REJECTION, {"text": "样例意见。", **reasons(VAGUE)}
    )
    assert sent.status_code == 302, text_of(sent)


def test_one_offices_setting_and_form_are_not_the_others(cast: Cast) -> None:
    want_signed_forms(cast.provincial_head, cast.provincial, BEIJING)
    want_signed_forms(cast.national_head, cast.national, NATIONAL_OFFICE_CODE)
    case = build.submitted(cast)
    filed(case, cast.provincial)
    assert not is_missing(case.application, cast.provincial)
    assert is_missing(case.application, cast.national)


def test_a_form_counts_once_its_scan_was_read_and_for_the_materials_that_were_signed(cast: Cast) -> None:
    want_signed_forms(cast.provincial_head, cast.provincial, BEIJING)
    case = build.submitted(cast)
    filed(case, cast.provincial, is_read=False)
    assert is_missing(case.application, cast.provincial)
    assert decoding.work_once("test")
    assert not is_missing(case.application, cast.provincial)
    supplemented(case)
    assert case.application.revision_number == 2
    assert is_missing(case.application, cast.provincial)
    clock.set_for_tests(MORNING + HOUR)
    shown = text_of(sign_in(cast.provincial).get(url("signed_form", case)))
    assert "about earlier materials: it does not count any more" in shown


def test_a_form_about_materials_that_moved_on_is_not_filed_for_the_new_ones(cast: Cast) -> None:
    case = build.submitted(cast)
    supplemented(case)
    clock.set_for_tests(MORNING + HOUR)
    answer = post(sign_in(cast.provincial), case)
    assert answer.status_code == 409
    assert "handed in other materials since this page was opened" in text_of(answer)
    assert 'name="revision" value="2"' in answer.content.decode()
    assert not SignedForm.objects.exists()


def test_the_page_files_it_with_who_when_and_the_scan_in_quarantine(cast: Cast) -> None:
    case = build.submitted(cast)
    client = sign_in(cast.provincial)
    assert post(client, case).status_code == 302
    form = SignedForm.objects.get()
    assert (form.signer_name, form.signer_title, form.signed_on) == ("样例局长", "副局长", date(2026, 3, 2))
    assert (form.event.actor, form.revision_number, form.office_code) == (cast.provincial, 1, BEIJING)
    assert form.scan.state == Attachment.State.WAITING
    assert attachments.QUARANTINE.read(form.scan.pk) == walk.sample_scan("scan")
    page = client.get(url("signed_form", case))
    for said in ("副局长 样例局长", "2026-03-02", "Being read", cast.provincial.name):
        assert said in text_of(page)
    assert 'hx-target="#signed-forms"' in page.content.decode()
    history = text_of(client.get(url("case", case)))
    assert "Signed review form filed" in history
    assert "副局长 样例局长" in history
    assert verify_register().violations == []
    assert decoding.work_once("test")
    page = client.get(url("signed_form", case))
    assert reverse("files:download", args=[form.scan_id]) in page.content.decode()
    assert "hx-get" not in page.content.decode()


def test_a_scan_that_could_not_be_read_says_so_and_the_form_is_filed_again_without_typing_it_anew(
    cast: Cast,
) -> None:
    want_signed_forms(cast.provincial_head, cast.provincial, BEIJING)
    case = build.submitted(cast)
    broken = SimpleUploadedFile("signed.png", walk.sample_scan("scan")[:60], "image/png")
    form = filed(case, cast.provincial, file=broken)
    assert form.scan.state == Attachment.State.REFUSED
    assert is_missing(case.application, cast.provincial)
    client = sign_in(cast.provincial)
    page = client.get(url("signed_form", case))
    assert "It does not count. File the form again with another scan." in text_of(page)
    assert 'value="副局长"' in page.content.decode()
    assert post(client, case).status_code == 302
    assert decoding.work_once("test")
    assert not is_missing(case.application, cast.provincial)
    assert verify_register().violations == []


def test_the_auditors_trail_has_who_signed_when_and_the_digest_of_the_scan(cast: Cast) -> None:
    case = build.submitted(cast)
    form = filed(case, cast.provincial)
    event = Event.objects.get(act=OfficeAct.SIGNED_FORM_FILED)
    said = OfficeFacts.of(event.payload).after
    assert (event.actor, said["signer_title"], said["signer_name"], said["signed_on"]) == (
        cast.provincial,
        "副局长",
        "样例局长",
        "2026-03-02",
    )
    assert said["scan_sha256"] == form.scan.received_sha256
    trail = sign_in(cast.auditor).get(reverse("office:events"), {"stream": case.application.receipt_number})
    for word in ("Signed review form filed", "样例局长", "2026-03-02", said["scan_sha256"]):
        assert word in text_of(trail)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"signed_on": "2026-03-03"}, "This day has not come yet"),
        ({"signed_on": "2026-03-01"}, "The materials were handed in later than this"),
        ({"signer_name": " "}, "Fill in “"),
        ({"signer_name": "\u200b"}, "Name of who signed"),
        ({"scan": ""}, "Choose a file first"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_stays_typed(
    cast: Cast, changes: dict[str, str], words: str
) -> None:
    case = build.submitted(cast)
    answer = post(sign_in(cast.provincial), case, **changes)
    assert answer.status_code in (400, 409)
    assert words in text_of(answer)
    assert 'value="副局长"' in answer.content.decode()
    assert not SignedForm.objects.exists()
    assert not Attachment.objects.filter(slot="evidence").exists()


def test_who_signed_is_never_left_open(cast: Cast) -> None:
    with pytest.raises(SignedFormRefused, match="signer_missing"):
        filed(build.submitted(cast), cast.provincial, signer_title="\u200b")


def test_a_file_that_is_none_is_refused_and_leaves_nothing(cast: Cast) -> None:
    case = build.submitted(cast)
    wrong = SimpleUploadedFile("signed.png", b"<html>", "image/png")
    answer = post(sign_in(cast.provincial), case, scan=wrong)
    assert answer.status_code == 400
    assert not SignedForm.objects.exists()
    assert not Event.objects.filter(act=OfficeAct.SIGNED_FORM_FILED).exists()


def test_it_is_filed_where_the_case_lies_and_seen_by_its_own_office_and_the_nation_alone(cast: Cast) -> None:
    case = build.submitted(cast)
    form = filed(case, cast.provincial)
    with pytest.raises(SignedFormRefused, match="not_at_this_desk"):
        filed(case, cast.national)
    assert post(sign_in(cast.elsewhere), case).status_code == 404
    assert sign_in(cast.elsewhere).get(url("signed_form", case)).status_code == 404
    readers = [cast.provincial, cast.provincial_second, cast.national]
    everybody = [*readers, cast.elsewhere, cast.member, cast.auditor]
    assert [each for each in everybody if may_read(form.scan, each)] == readers


def test_a_province_does_not_see_what_the_nations_leader_signed(cast: Cast) -> None:
    case = build.forwarded(cast)
    form = filed(case, cast.national, signer_name="样例司领导")
    assert may_read(form.scan, cast.national)
    assert not may_read(form.scan, cast.provincial)
    assert "样例司领导" in text_of(sign_in(cast.national).get(url("case", case)))
    for name in ("case", "signed_form"):
        assert "样例司领导" not in text_of(sign_in(cast.provincial).get(url(name, case)))


def test_the_database_refuses_to_change_or_remove_a_filed_form(cast: Cast) -> None:
    form = filed(build.submitted(cast), cast.provincial)
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        SignedForm.objects.filter(pk=form.pk).update(signer_name="样例另一人")


def _other_signer(form: SignedForm) -> None:
    _change_act(form, signer_name="样例另一人")


def _other_day(form: SignedForm) -> None:
    _change_act(form, signed_on="2026-02-27")


def _other_scan(form: SignedForm) -> None:
    _change_act(form, scan_sha256="0" * 64)


def _change_act(form: SignedForm, **changes: str) -> None:
    payload = dict(form.event.payload)
    payload["after"] = {**payload["after"], **changes}
    with pgtrigger.ignore("registry.Event:event_append_only"):
        Event.objects.filter(pk=form.event_id).update(payload=payload)


@pytest.mark.parametrize(
    ("alter", "column"),
    [(_other_signer, "signer_name"), (_other_day, "signed_on"), (_other_scan, "scan_sha256")],
)
def test_check_register_names_a_form_that_is_not_what_its_act_says(
    cast: Cast, alter: Callable[[SignedForm], None], column: str
) -> None:
    alter(filed(build.submitted(cast), cast.provincial))
    found = verify_register().violations
    assert f"signed_form.{column}" in [each.detail for each in found]


def test_what_was_typed_survives_a_session_that_ended(cast: Cast) -> None:
    case = build.submitted(cast)
    client, address = left_alone(sign_in(cast.provincial)), url("signed_form", case)
    client.post(address, {**SIGNED, "scan": scan()})
    sign_in_again(client, cast.provincial)
    page = client.get(address)
    assert 'value="样例局长"' in page.content.decode()
    assert "What you typed is back in the form." in text_of(page)
    assert not Attachment.objects.filter(slot="evidence").exists()
    assert post(client, case).status_code == 302
    assert "kept_form" not in client.session


def test_the_setting_is_proposed_shown_in_words_and_confirmed_by_another_officer(cast: Cast) -> None:
    page = text_of(sign_in(cast.provincial_head).get("/review/papers/"))
    assert "not required before the office decides" in page
    given = {**settings_of(BEIJING).as_content(), "needs_signed_form": "on", "reason": "样例：先签后决"}
    sent = sign_in(cast.provincial_head).post("/review/papers/", {**given, "act": "propose"})
    assert sent.status_code == 302
    shown = text_of(sign_in(cast.provincial).get("/review/papers/"))
    assert "signed review form required no yes" in " ".join(shown.split())
    assert not settings_of(BEIJING).needs_signed_form
