"""The files of a striking off wait for the decoder: proposal and statement stand at once, deciding on them waits."""

from __future__ import annotations

import html
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from registry import clock
from registry.book.act_request import Actor
from registry.endings import striking_off
from registry.errors import AttachmentRefused, NotFound, TransitionNotAllowed
from registry.integrity.register import verify_register
from registry.models import Account, Attachment, Event, Filing, Notice, StrikingOff, StrikingOffFile
from registry.rules.endings.lifecycle import StrikingOffAct, StrikingOffState
from registry.rules.workflow.events import evidence_seen
from registry.rules.workflow.sealed import EvidenceFile as StatedFile
from registry.storage import evidence, waiting
from registry.storage.attachments import QUARANTINE
from registry.storage.checks import sandbox
from registry.tasks import sweep_notices
from tests.access.member_scene import scan
from tests.builders import batch as batches
from tests.builders import signed_documents
from tests.builders import striking_off as build
from tests.builders.odd_documents import document, doubling_forms
from tests.builders.odd_pictures import png, png_with_wrong_check_sum
from tests.builders.register import Cast, member_of
from tests.builders.striking_off import HOUR, STRIKING
from tests.client import ClientResponse
from tests.registry.files.test_pictures import decode_all
from tests.review.officers import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files_wait")]

_Side = StrikingOffFile.Side
LATER = STRIKING + 3 * HOUR


@pytest.fixture
def filing(cast: Cast) -> Filing:
    (filing,) = batches.filings_in_force(cast, 1)
    clock.set_for_tests(STRIKING)
    return filing


def damaged() -> SimpleUploadedFile:
    """Its first bytes are a picture's: only the decoder can know."""
    return SimpleUploadedFile("样例.png", png_with_wrong_check_sum(), "image/png")


def text_of(answer: ClientResponse) -> str:
    return html.unescape(answer.content.decode())


def applicant_of(proceeding: StrikingOff) -> Account:
    account_id = member_of(proceeding).account_id
    assert account_id is not None
    return Account.objects.get(pk=account_id)


def stated(cast: Cast, filing: Filing, file: SimpleUploadedFile) -> StrikingOff:
    """A served proceeding with the applicant's statement and a file."""
    proceeding = build.served(cast, build.proposed(cast, filing))
    clock.set_for_tests(LATER)
    return striking_off.state(
        proceeding.pk,
        actor=member_of(proceeding),
        text=build.STATEMENT,
        files=evidence.take([file]),
        at=LATER,
    )


def told() -> list[object]:
    rows = Notice.objects.filter(kind="strike_off_file_refused").order_by("created_at", "pk")
    return list(rows.values_list("account", flat=True))


def no_child(*_arguments: str, **_given: object) -> None:
    raise AssertionError("a request had a file read")


def test_a_statement_is_received_at_once_and_answered_when_its_files_were_read(
    cast: Cast, filing: Filing, monkeypatch: pytest.MonkeyPatch
) -> None:
    proceeding = build.served(cast, build.proposed(cast, filing))
    clock.set_for_tests(LATER)
    applicant = sign_in(applicant_of(proceeding))
    own = reverse("applicants:striking_off", args=[proceeding.pk])
    with monkeypatch.context() as web:
        web.setattr(sandbox, "_answer", no_child)
        assert applicant.post(own, {"text": build.STATEMENT, "evidence": scan()}).status_code == 302
        shown = text_of(applicant.get(own))
    proceeding.refresh_from_db()
    assert (proceeding.state, proceeding.stated_at) == (StrikingOffState.STATED, LATER)
    assert ('hx-trigger="load delay' in shown, "sample.png" in shown) == (True, True)
    office, page = sign_in(cast.national), reverse("review:striking_off", args=[proceeding.pk])
    act = reverse("review:striking_off_act", args=[proceeding.pk, StrikingOffAct.ANSWER])
    (file,) = striking_off.files_of(proceeding, _Side.APPLICANT)
    address = reverse("review:striking_off_file", args=[proceeding.pk, file.pk])
    assert (act in text_of(office.get(page)), office.get(address).status_code) == (False, 404)
    with pytest.raises(TransitionNotAllowed, match="evidence_read"):
        striking_off.answer(proceeding.pk, actor=Actor.of(cast.national), text=build.ANSWER)

    # The decoder comes three days late.
    clock.set_for_tests(LATER + timedelta(days=3))
    assert decode_all() == 1
    applicant, office = sign_in(applicant_of(proceeding)), sign_in(cast.national)
    assert "hx-trigger" not in text_of(applicant.get(own))
    assert (act in text_of(office.get(page)), office.get(address).status_code) == (True, 200)
    assert (
        applicant.get(reverse("applicants:statement_file", args=[proceeding.pk, file.pk])).status_code == 200
    )
    striking_off.answer(proceeding.pk, actor=Actor.of(cast.national), text=build.ANSWER)
    assert verify_register().violations == []


def test_no_notice_is_sent_or_announced_while_a_file_of_the_office_is_read_for_the_first_time(
    cast: Cast, filing: Filing
) -> None:
    proceeding = build.proposed(cast, filing, files=evidence.take([scan()]))
    office, page = sign_in(cast.national), reverse("review:striking_off", args=[proceeding.pk])
    acts = [
        reverse("review:striking_off_act", args=[proceeding.pk, act])
        for act in (StrikingOffAct.SEND_NOTICE, StrikingOffAct.ANNOUNCE)
    ]
    shown = text_of(office.get(page))
    assert ([act in shown for act in acts], "No notice is sent" in shown) == ([False, False], True)
    for act in (striking_off.send_notice, striking_off.announce):
        with pytest.raises(TransitionNotAllowed, match="evidence_read"):
            act(proceeding.pk, actor=Actor.of(cast.national))
    sent = office.post(acts[0], {"event": "1"})
    assert (sent.status_code, "Look at it first" in text_of(sent)) == (409, True)

    # The decoder comes three days late.
    clock.set_for_tests(STRIKING + timedelta(days=3))
    decode_all()
    office = sign_in(cast.national)
    shown = text_of(office.get(page))
    assert ([act in shown for act in acts], "No notice is sent" in shown) == ([True, True], False)
    striking_off.send_notice(proceeding.pk, actor=Actor.of(cast.national))
    # What the office saw when it sent the notice stands in the event, and in that of the announcement.
    (file,) = striking_off.files_of(proceeding, _Side.OFFICE)
    striking_off.announce(proceeding.pk, actor=Actor.of(cast.national))
    seen = [
        evidence_seen(event.payload)
        for event in striking_off.history_of(proceeding)
        if event.act in (StrikingOffAct.SEND_NOTICE, StrikingOffAct.ANNOUNCE)
    ]
    assert seen == [(StatedFile(str(file.pk), file.readable_sha256),)] * 2
    assert verify_register().violations == []


def test_a_file_of_the_office_that_was_refused_or_is_read_again_keeps_no_notice_back(
    cast: Cast, filing: Filing
) -> None:
    proceeding = build.proposed(cast, filing, files=evidence.take([heavy()]))
    office = Actor.of(cast.national)
    decode_all()
    assert StrikingOffAct.SEND_NOTICE in striking_off.acts_open(proceeding, office, today=clock.today())
    striking_off.read_file_again(proceeding.pk, refused_file(proceeding, _Side.OFFICE).pk, actor=office)
    sent = striking_off.send_notice(proceeding.pk, actor=office)
    assert evidence_seen(striking_off.history_of(sent)[-1].payload) == ()


def test_a_filing_is_not_struck_off_while_a_file_of_the_statement_is_being_read(
    cast: Cast, filing: Filing
) -> None:
    proceeding = stated(cast, filing, scan())
    with pytest.raises(TransitionNotAllowed, match="evidence_read"):
        striking_off.answer(proceeding.pk, actor=Actor.of(cast.national), text=build.ANSWER, at=LATER)
    decode_all()
    striking_off.answer(proceeding.pk, actor=Actor.of(cast.national), text=build.ANSWER, at=LATER)
    head = Actor.of(cast.national_head)
    assert striking_off.confirm(proceeding.pk, actor=head, at=LATER).state == StrikingOffState.CONFIRMED


def test_a_file_of_a_statement_that_could_not_be_read_is_told_once_and_replaced_by_the_applicant(
    cast: Cast, filing: Filing
) -> None:
    proceeding = stated(cast, filing, damaged())
    decode_all()
    clock.set_for_tests(LATER + timedelta(days=3))
    sweep_notices()
    sweep_notices()
    account = applicant_of(proceeding)
    assert told() == [account.pk]
    (file,) = striking_off.files_of(proceeding, _Side.APPLICANT)
    office, applicant = sign_in(cast.national), sign_in(account)
    # The office replaces none of the applicant's, and may answer without it.
    not_own = reverse("review:replace_striking_off_file", args=[proceeding.pk, file.pk])
    assert not_own not in text_of(office.get(reverse("review:striking_off", args=[proceeding.pk])))
    assert office.post(not_own, {f"{file.pk}-file": scan()}).status_code == 409

    own = reverse("applicants:striking_off", args=[proceeding.pk])
    address = reverse("applicants:replace_statement_file", args=[proceeding.pk, file.pk])
    assert address in text_of(applicant.get(own))
    wrong = applicant.post(address, {f"{file.pk}-file": SimpleUploadedFile("x.docx", b"PK\x03\x04word/")})
    assert (wrong.status_code, "Word" in text_of(wrong)) == (400, True)
    assert sign_in(cast.stranger).post(address, {f"{file.pk}-file": scan()}).status_code == 404
    assert applicant.post(address, {f"{file.pk}-file": scan()}).status_code == 302
    assert applicant.post(address, {f"{file.pk}-file": scan()}).status_code == 404
    decode_all()
    sweep_notices()
    (again,) = striking_off.files_of(proceeding, _Side.APPLICANT)
    assert (again.is_readable, again.position, told()) == (True, file.position, [account.pk])
    assert Event.objects.filter(stream_id=proceeding.pk).latest("sequence").act == "strike_off_file_replaced"
    proceeding.refresh_from_db()
    assert (proceeding.state, proceeding.stated_at) == (StrikingOffState.STATED, LATER)
    assert verify_register().violations == []


def test_a_file_of_the_office_is_replaced_by_the_office(cast: Cast, filing: Filing) -> None:
    proceeding = build.proposed(cast, filing, files=evidence.take([damaged()]))
    decode_all()
    sweep_notices()
    assert told() == [cast.national.pk]
    (file,) = striking_off.files_of(proceeding, _Side.OFFICE)
    office, page = sign_in(cast.national), reverse("review:striking_off", args=[proceeding.pk])
    address = reverse("review:replace_striking_off_file", args=[proceeding.pk, file.pk])
    assert address in text_of(office.get(page))
    assert office.post(address, {}).status_code == 400
    assert office.post(address, {f"{file.pk}-file": scan()}).status_code == 302
    decode_all()
    build.served(cast, proceeding)
    # The applicant knows of none of them.
    with pytest.raises(NotFound):
        striking_off.replace_file(
            proceeding.pk, file.pk, evidence.take([scan()])[0], actor=Actor.of(cast.stranger)
        )
    assert [each.is_readable for each in striking_off.files_of(proceeding, _Side.OFFICE)] == [True]
    assert verify_register().violations == []


def test_a_file_whose_reading_broke_off_can_be_read_once_more_by_its_side(cast: Cast, filing: Filing) -> None:
    proceeding = stated(cast, filing, SimpleUploadedFile("x.pdf", document(doubling_forms)))
    decode_all()
    (file,) = striking_off.files_of(proceeding, _Side.APPLICANT)
    assert file.attachment is not None
    assert file.attachment.refusal_code == "file_too_complex"
    applicant = sign_in(applicant_of(proceeding))
    address = reverse("applicants:read_statement_file_again", args=[proceeding.pk, file.pk])
    assert address in text_of(applicant.get(reverse("applicants:striking_off", args=[proceeding.pk])))
    with pytest.raises(TransitionNotAllowed, match="striking_off_own_file"):
        striking_off.read_file_again(proceeding.pk, file.pk, actor=Actor.of(cast.national))
    QUARANTINE.write(file.attachment.pk, png())
    Attachment.objects.filter(pk=file.attachment.pk).update(content_type="image/png")
    assert applicant.post(address).status_code == 302
    decode_all()
    assert [each.is_readable for each in striking_off.files_of(proceeding, _Side.APPLICANT)] == [True]


def test_each_side_has_its_own_five_files(cast: Cast, filing: Filing) -> None:
    five = evidence.take([SimpleUploadedFile(f"{n}.png", png((100 + n, 80)), "image/png") for n in range(5)])
    proceeding = build.proposed(cast, filing, files=five)
    decode_all()
    build.served(cast, proceeding)
    striking_off.state(proceeding.pk, actor=member_of(proceeding), text=build.STATEMENT, files=five, at=LATER)
    assert [len(striking_off.files_of(proceeding, side)) for side in _Side] == [5, 5]


def test_a_signed_pdf_of_the_applicant_is_kept_as_it_was_signed(cast: Cast, filing: Filing) -> None:
    content = signed_documents.signed(document())
    proceeding = stated(cast, filing, SimpleUploadedFile("样例.pdf", content))
    decode_all()
    (file,) = striking_off.files_of(proceeding, _Side.APPLICANT)
    assert file.attachment is not None
    original = reverse("files:original", args=[file.attachment.pk])
    for account in (cast.national, applicant_of(proceeding)):
        assert sign_in(account).get(original).content == content
    for account in (cast.provincial, cast.stranger):
        assert sign_in(account).get(original).status_code == 404


def heavy() -> SimpleUploadedFile:
    """Too much for the decoder, though it may be without fault: it can be read once more."""
    return SimpleUploadedFile("x.pdf", document(doubling_forms))


def refused_file(proceeding: StrikingOff, side: _Side) -> StrikingOffFile:
    (found,) = striking_off.files_of(proceeding, side)
    assert found.is_refused
    return found


def test_a_file_of_a_statement_that_is_read_again_or_replaced_does_not_keep_the_office_from_answering(
    cast: Cast, filing: Filing
) -> None:
    proceeding = stated(cast, filing, heavy())
    decode_all()
    member, office = member_of(proceeding), Actor.of(cast.national)
    striking_off.read_file_again(proceeding.pk, refused_file(proceeding, _Side.APPLICANT).pk, actor=member)
    assert StrikingOffAct.ANSWER in striking_off.acts_open(proceeding, office, today=clock.today())
    decode_all()
    (sound,) = evidence.take([scan()])
    file = refused_file(proceeding, _Side.APPLICANT)
    striking_off.replace_file(proceeding.pk, file.pk, sound, actor=member)
    (waiting,) = striking_off.files_of(proceeding, _Side.APPLICANT)
    assert waiting.is_waiting
    assert striking_off.answer(proceeding.pk, actor=office, text=build.ANSWER).state == "answered"


def test_a_place_takes_three_other_files_of_its_side_and_is_read_three_times_more(
    cast: Cast, filing: Filing
) -> None:
    proceeding = stated(cast, filing, heavy())
    member = member_of(proceeding)
    for _time in range(3):
        decode_all()
        file = refused_file(proceeding, _Side.APPLICANT)
        striking_off.read_file_again(proceeding.pk, file.pk, actor=member)
        decode_all()
        (another,) = evidence.take([heavy()])
        striking_off.replace_file(proceeding.pk, file.pk, another, actor=member)
    decode_all()
    last = refused_file(proceeding, _Side.APPLICANT)
    with pytest.raises(TransitionNotAllowed, match="evidence_readings_left"):
        striking_off.read_file_again(proceeding.pk, last.pk, actor=member)
    with pytest.raises(TransitionNotAllowed, match="evidence_replacements_left"):
        striking_off.replace_file(proceeding.pk, last.pk, another, actor=member)
    own = text_of(
        sign_in(applicant_of(proceeding)).get(reverse("applicants:striking_off", args=[proceeding.pk]))
    )
    offered = [
        reverse(f"applicants:{name}", args=[proceeding.pk, last.pk]) in own
        for name in ("replace_statement_file", "read_statement_file_again")
    ]
    assert (offered, "put in this place three times" in own) == ([False, False], True)


def test_files_are_not_exchanged_once_the_other_side_was_heard_on_them_but_may_be_read_once_more(
    cast: Cast, filing: Filing
) -> None:
    proceeding = build.proposed(cast, filing, files=evidence.take([heavy()]))
    decode_all()
    build.served(cast, proceeding)
    clock.set_for_tests(LATER)
    member, office = member_of(proceeding), Actor.of(cast.national)
    striking_off.state(proceeding.pk, actor=member, text=build.STATEMENT, files=evidence.take([heavy()]))
    decode_all()
    striking_off.answer(proceeding.pk, actor=office, text=build.ANSWER)
    (sound,) = evidence.take([scan()])
    pages = {
        _Side.OFFICE: (office, cast.national, "review:striking_off", "replace_striking_off_file"),
        _Side.APPLICANT: (
            member,
            applicant_of(proceeding),
            "applicants:striking_off",
            "replace_statement_file",
        ),
    }
    for side, (actor, account, page, name) in pages.items():
        file = refused_file(proceeding, side)
        with pytest.raises(TransitionNotAllowed, match="not_in_this_state"):
            striking_off.replace_file(proceeding.pk, file.pk, sound, actor=actor)
        shown = text_of(sign_in(account).get(reverse(page, args=[proceeding.pk])))
        desk = page.split(":")[0]
        again = name.replace("replace_", "read_") + "_again"
        offered = [f'"{reverse(f"{desk}:{each}", args=[proceeding.pk, file.pk])}"' for each in (name, again)]
        assert [each in shown for each in offered] == [False, True]
        striking_off.read_file_again(proceeding.pk, file.pk, actor=actor)


def test_nobody_is_asked_for_another_file_once_none_is_taken(cast: Cast, filing: Filing) -> None:
    proceeding = stated(cast, filing, damaged())
    decode_all()
    striking_off.answer(proceeding.pk, actor=Actor.of(cast.national), text=build.ANSWER)
    sweep_notices()
    assert told() == []


def test_a_statement_that_is_refused_leaves_none_of_its_files_in_quarantine(
    cast: Cast, filing: Filing, monkeypatch: pytest.MonkeyPatch
) -> None:
    proceeding = build.served(cast, build.proposed(cast, filing))
    clock.set_for_tests(LATER)
    monkeypatch.setattr(waiting, "MOST_OF_AN_ACCOUNT", 1)
    with pytest.raises(AttachmentRefused, match="too_many_waiting"):
        striking_off.state(
            proceeding.pk,
            actor=member_of(proceeding),
            text=build.STATEMENT,
            files=evidence.take([scan(), damaged()]),
        )
    proceeding.refresh_from_db()
    assert proceeding.state == StrikingOffState.SERVED
    assert [path for path in Path(settings.QUARANTINE_ROOT).rglob("*") if path.is_file()] == []
