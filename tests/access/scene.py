"""One small register in two provinces, reached by acting, with an object for every address of the portal."""

from __future__ import annotations

import hashlib
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import ClientHandler

from applicants.amendments.amendment import start_amendment
from applicants.changes.change import start_change
from applicants.deadlines import calendar_feed
from applicants.drafts import store as drafts
from applicants.drafts.steps import FORM_SECTIONS
from applicants.models import Draft
from registry import clock
from registry.batches import files as list_files
from registry.batches import lists, objections
from registry.batches.objections import Posted, Received
from registry.book import takeovers
from registry.book.act_request import Actor
from registry.book.in_force import materials_in_force
from registry.deadlines import holiday_loading
from registry.documents.paper_settings import propose_settings, settings_of
from registry.endings import striking_off
from registry.members.claims import proof_of
from registry.models import (
    Account,
    Applicant,
    Attachment,
    BatchEntry,
    BatchFile,
    BatchList,
    Consultation,
    Delivery,
    Filing,
    ListEntry,
    MembershipClaim,
    Notice,
    Objection,
    OfficeProposal,
    QualityCase,
    QualityRound,
    StrikingOff,
    Telling,
)
from registry.notices import filing_notices, objector_notices
from registry.notices import notice as notices
from registry.notices.kinds import kind_of
from registry.notices.wording import propose_wording
from registry.office.articles import save_draft
from registry.rules.office.events import OfficeAct
from registry.rules.office.leave import LeaveDays
from registry.rules.particulars import required_slots, sections
from registry.rules.workflow.states import Act, Kind, Role
from registry.sample import walk
from registry.sample.walk import SampleCase
from registry.storage import attachments, evidence
from registry.storage.attachments import refused_files
from review.access import Office, office_of
from review.desk import checklist, claims
from review.desk.checklist import checklist_of
from review.desk.leave import enter_leave
from review.models import ChecklistMark, ContactNote, OfficerLeave, OwnText, SavedFilters
from review.own_texts import own_texts
from review.queue.queue import Filters, Left
from review.queue.saved_filters import save_filters
from tests.access.member_scene import MemberScene, build_members, claim_to
from tests.access.passkeys import add_passkey
from tests.access.visitors import Visitor
from tests.builders import article, odd_documents, register, signed_documents
from tests.builders import batch as batches
from tests.builders import consultation as build_consultation
from tests.builders import contact as build_contact
from tests.builders import quality as build_quality
from tests.builders import striking_off as build_striking_off
from tests.builders.holidays import MOVING_2027
from tests.builders.objection import statement
from tests.builders.odd_documents import document, doubling_forms
from tests.builders.printed_lists import GUANGDONG, print_list
from tests.builders.register import BEIJING, BEIJING_DIVISION, GUANGDONG_DIVISION, MORNING, Cast, member_of
from tests.builders.telling import receipt, told

# The day after the cases were received: every act of the desks is in time.
NOW = MORNING + timedelta(days=1)
# The end of the address where one of the scene's objections is followed.
OBJECTION_SECRET = "sample-secret"
PASSWORD = "Harbour-lantern-42"
MASKED_KEY = "person_in_charge.mobile"


@dataclass(slots=True)
class Scene:
    """Accounts with open sessions, and the objects that addresses name."""

    cast: Cast
    accounts: dict[Visitor, Account]
    cookies: dict[Visitor, str]
    under_review: SampleCase
    claimed: SampleCase
    at_nation: SampleCase
    in_force: SampleCase
    withdrawn: SampleCase
    elsewhere: SampleCase
    draft: Draft
    stranger_draft: Draft
    amendment: Draft
    change: Draft
    cancellation: SampleCase
    ending: SampleCase
    draft_file: Attachment
    second_file: Attachment
    refused_file: Attachment
    case_file: Attachment
    signed_file: Attachment
    list_entry: ListEntry
    officer: Account
    saved_filters: SavedFilters
    feed_token: str
    members: MemberScene
    passkey: Authenticator
    notice: Notice
    desk_notice: Notice
    lost: Delivery
    telling: Telling
    batch_list: BatchList
    first_list: BatchList
    objection: Objection
    sent_objection: Objection
    unread_letter: Objection
    unread_objection: Received
    article: int
    consultation: Consultation
    asked_consultation: Consultation
    contact: ContactNote
    own_text: OwnText
    told_striking_off: StrikingOff
    stated_striking_off: StrikingOff
    unread_striking_off: StrikingOff
    unread_proposal: StrikingOff
    calendar_proposal: OfficeProposal
    text_proposal: OfficeProposal
    papers_proposal: OfficeProposal
    takeover: OfficeProposal
    leave: OfficerLeave
    quality_round: QualityRound
    quality_waiting: QualityCase
    quality_looked_at: QualityCase

    def browser(self, visitor: Visitor, **options: Any) -> Client:
        """A fresh browser with the visitor's session; what the server answers leaves the next one alone."""
        client = Client(headers={"Accept-Language": "zh-hans"}, **options)
        client.handler = _server(client.handler.enforce_csrf_checks)
        if visitor in self.cookies:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.cookies[visitor]
        return client


@cache
def _server(enforce_csrf_checks: bool) -> ClientHandler:
    """What answers all browsers: the chain of middleware is put together once, as in a web process."""
    return ClientHandler(enforce_csrf_checks)


def _own_texts(cast: Cast) -> OwnText:
    """The second of two texts that the province's reviewer keeps."""
    first, second = (
        own_texts.add(cast.provincial, OwnText.Place.OPINION, name=name, text="样例：正文。", at=NOW)
        for name in ("样例一", "样例二")
    )
    assert first.position < second.position
    return second


def build_scene() -> Scene:
    """The register as it stands on `NOW`. About five seconds."""
    cast = Cast()
    accounts = _accounts(cast)
    under_review = register.submitted(cast, seed=101)
    claimed = register.submitted(cast, seed=102)
    at_nation = register.forwarded(cast, seed=103)
    in_force = register.in_force(cast, seed=104)
    withdrawn = register.submitted(cast, seed=105)
    walk.act(withdrawn, Act.WITHDRAW, by=cast.member, at=MORNING + timedelta(hours=1))
    elsewhere = register.submitted(cast, seed=106, division_code=GUANGDONG_DIVISION, member=cast.stranger)
    cancellation = _cancellation(cast, seed=110)
    ending = _cancellation(cast, seed=111)
    register.forward(cast, ending, at=MORNING + timedelta(hours=5))
    walk.act(ending, Act.APPROVE, by=cast.national, at=MORNING + timedelta(hours=6), text="样例")
    with clock.stopped_at(NOW):
        mark_everything(under_review, cast.provincial)
        mark_everything(at_nation, cast.national)
        claims.claim(claimed.application_id, officer=cast.provincial, at=NOW)
        draft = complete_draft(cast.member, seed=107)
        stranger_draft = complete_draft(
            cast.stranger, seed=108, division_code=GUANGDONG_DIVISION, files=False
        )
        changed = register.filing_of(register.in_force(cast, seed=109))
        proposed = register.filing_of(register.in_force(cast, seed=112))
        change = start_change(changed, account=cast.member, at=NOW)
        amendment = start_amendment(claimed.application, account=cast.member, at=NOW)
        members = build_members(
            cast.member,
            cast.stranger,
            applicant=under_review.application.applicant,
            other=claimed.application.applicant,
            draft=complete_draft(cast.stranger, seed=101, files=False),
        )
        cookies = {visitor: _signed_in(account) for visitor, account in accounts.items()}
    first_list = _first_list()
    objection, sent_objection, unread_letter, unread_objection = _objections(
        cast, first_list, register.filing_of(in_force)
    )
    draft_files = draft.materials["attachments"]
    slot = (
        "management_system_documents"
        if "management_system_documents" in draft_files
        else next(iter(draft_files))
    )
    notice, desk_notice, lost = _notices(cast, under_review)
    sampled = build_quality.drawn(
        cast.provincial_head,
        last_on=build_quality.FIRST,
        away={cast.provincial_second.pk},
        at=NOW,
    )
    return Scene(
        cast=cast,
        accounts=accounts,
        cookies=cookies,
        under_review=under_review,
        claimed=claimed,
        at_nation=at_nation,
        in_force=in_force,
        withdrawn=withdrawn,
        elsewhere=elsewhere,
        draft=draft,
        stranger_draft=stranger_draft,
        amendment=amendment,
        change=change,
        cancellation=cancellation,
        ending=ending,
        draft_file=Attachment.objects.get(pk=draft_files[slot][0]["id"]),
        second_file=Attachment.objects.get(pk=draft_files[slot][-1]["id"]),
        refused_file=refused_file(draft, cast.member),
        case_file=_file_of(under_review),
        signed_file=_signed_file(cast.member),
        list_entry=ListEntry.objects.filter(list_name="application_fields")[1],
        officer=cast.provincial_second,
        saved_filters=save_filters(cast.provincial, "样例", Filters(left=Left.SOON), at=NOW),
        feed_token=calendar_feed.make_address(cast.member, at=NOW),
        members=members,
        passkey=Authenticator.objects.get(user=cast.member, type=Authenticator.Type.WEBAUTHN),
        notice=notice,
        desk_notice=desk_notice,
        lost=lost,
        telling=_telling(cast, at_nation),
        batch_list=lists.propose(
            batches.composition(cut_off_on=clock.china_date(MORNING)),
            actor=Actor.of(cast.national_head),
            at=NOW,
        ),
        first_list=first_list,
        objection=objection,
        sent_objection=sent_objection,
        unread_letter=unread_letter,
        unread_objection=unread_objection,
        article=_article(cast),
        consultation=_consultation(cast, under_review),
        asked_consultation=build_consultation.sent_to_guangdong(cast, under_review, at=NOW),
        contact=build_contact.called(cast, under_review, at=NOW),
        own_text=_own_texts(cast),
        told_striking_off=_striking_off(cast, register.filing_of(cancellation)),
        unread_striking_off=_unread_statement(cast, changed),
        unread_proposal=_unread_proposal(cast, proposed),
        stated_striking_off=_stated(_striking_off(cast, register.filing_of(ending))),
        calendar_proposal=_calendar_proposal(cast),
        text_proposal=propose_wording(
            kind_of("rejected"), "en", None, reason="样例：写明理由", by=cast.administrator, at=NOW
        ),
        papers_proposal=propose_settings(
            replace(settings_of(BEIJING), court="样例人民法院"),
            reason="样例：写明理由",
            by=cast.provincial_head,
            at=NOW,
        ),
        takeover=_takeover(cast, members.applicant),
        leave=enter_leave(
            cast.provincial.pk,
            LeaveDays(date(2026, 3, 9), date(2026, 3, 13)),
            substitute_id=cast.provincial_second.pk,
            by=cast.provincial,
            at=NOW,
        ),
        quality_round=sampled,
        quality_waiting=sampled.cases.get(position=1),
        quality_looked_at=build_quality.looked_at(
            sampled.cases.get(position=2), by=cast.provincial_head, at=NOW
        ),
    )


def _calendar_proposal(cast: Cast) -> OfficeProposal:
    """A proposed holiday notice that a second officer has not looked at yet."""
    digest = holiday_loading.preview(MOVING_2027, year=2027).digest
    return holiday_loading.propose(
        MOVING_2027, year=2027, source="样例通知", digest=digest, by=cast.national_head, at=NOW
    )


def _takeover(cast: Cast, applicant: Applicant) -> OfficeProposal:
    """A takeover whose owners may still object."""
    claim = claim_to(applicant, cast.get("样例又一认领人", Role.APPLICANT), MembershipClaim.Way.OFFICE)
    seen = [str(scan.pk) for scan in proof_of(claim)]
    replaced = MembershipClaim.Outcome.REPLACED
    takeovers.propose_takeover(
        claim.pk, replaced, reason="样例：写明理由", proof_seen=seen, officer=cast.provincial, at=NOW
    )
    return takeovers.confirm_takeover(
        claim.pk,
        OfficeAct.TAKEOVER_CONFIRMED,
        reason="",
        proof_seen=seen,
        digest=takeovers.effect_of(claim, replaced).digest,
        officer=cast.provincial_second,
        at=NOW,
    )


def _telling(cast: Cast, case: SampleCase) -> Telling:
    """What the province told of a case that is at the nation now: the receipt of the post, and one not readable."""
    event = case.application.events.get(act=Act.SUBMIT.value)
    filing_notices.notify_applicant(event.pk, at=MORNING)
    files = [receipt(), SimpleUploadedFile("sample.pdf", document(doubling_forms))]
    return told(Notice.objects.filter(event=event).earliest("pk"), cast.provincial, at=NOW, files=files)


def _article(cast: Cast) -> int:
    """A public article whose next text the administrator has written."""
    number = article.published(cast, at=MORNING)
    save_draft(number, article.content(), seen_version=2, by=cast.administrator, at=NOW)
    return number


def _objections(
    cast: Cast, batch_list: BatchList, filing: Filing
) -> tuple[Objection, Objection, Objection, Received]:
    """Objections of old to the member's filing: one that waits, one that the applicant was sent, two with a file that
    could not be read, by post and through the site.
    """
    entry = BatchEntry.objects.create(
        batch_list=batch_list,
        kind=batch_list.kind,
        position=2,
        filing=filing,
        number=str(filing.number),
        applicant_name=filing.applicant_name,
        service_name=filing.service_name,
        province_code=filing.province_code,
    )
    officer = Actor.of(cast.national)
    scan = SimpleUploadedFile("sample.png", walk.sample_scan("letter"), "image/png")
    scans = evidence.take([scan])
    too_much = evidence.take([SimpleUploadedFile("sample.pdf", document(doubling_forms))])
    waiting, sent, unread_letter = (
        objections.receive(
            entry.pk,
            statement(contact=""),
            actor=officer,
            files=files,
            posted=Posted(date(2019, 4, 2), clock.china_date(NOW)),
            at=NOW,
        ).objection
        for files in (scans, scans, too_much)
    )
    unread = objections.receive(entry.pk, statement(), files=too_much, at=NOW)
    released = [file.pk for file in sent.files.all()]
    objections.admit(sent.pk, actor=officer, released=released, at=NOW)
    Objection.objects.filter(pk=waiting.pk).update(link_digest=objections.digest_of(OBJECTION_SECRET))
    for event in objector_notices.events_for_objectors():
        objector_notices.notify_objector(event, at=NOW)
    Delivery.objects.create(
        notice=Notice.objects.get(objection=waiting), channel="sms", state="given_up", next_attempt_at=None
    )
    asked = objections.send(sent.pk, actor=officer, text="样例：请说明。", at=NOW)
    return waiting, asked, unread_letter, unread


def _consultation(cast: Cast, case: SampleCase) -> Consultation:
    """One of a body outside, with an answer and its scan."""
    scan = SimpleUploadedFile("sample.png", walk.sample_scan("answer"), "image/png")
    sent = build_consultation.sent(cast, case, at=NOW)
    return build_consultation.answered(
        sent, by=cast.provincial, files=evidence.take([scan]), at=NOW + timedelta(hours=1)
    )


def _striking_off(cast: Cast, filing: Filing) -> StrikingOff:
    """A proposal about the member's filing that the applicant was notified of."""
    proceeding = build_striking_off.proposed(cast, filing, at=NOW)
    return striking_off.send_notice(proceeding.pk, actor=Actor.of(cast.national), at=NOW)


def _unread_proposal(cast: Cast, filing: Filing) -> StrikingOff:
    """One of which a file of the office could not be read."""
    too_much = evidence.take([SimpleUploadedFile("sample.pdf", document(doubling_forms))])
    return build_striking_off.proposed(cast, filing, files=too_much, at=NOW)


def _unread_statement(cast: Cast, filing: Filing) -> StrikingOff:
    """One of which a file of the applicant could not be read."""
    too_much = evidence.take([SimpleUploadedFile("sample.pdf", document(doubling_forms))])
    proceeding = _striking_off(cast, filing)
    return striking_off.state(
        proceeding.pk, actor=member_of(proceeding), text="样例：陈述。", files=too_much, at=NOW
    )


def _stated(proceeding: StrikingOff) -> StrikingOff:
    """The same with the applicant's statement and a file."""
    scan = SimpleUploadedFile("sample.png", walk.sample_scan("statement"), "image/png")
    member = member_of(proceeding)
    return striking_off.state(
        proceeding.pk, actor=member, text="样例：陈述。", files=evidence.take([scan]), at=NOW
    )


def _first_list() -> BatchList:
    """A list of before, with a file."""
    first = print_list(1, published_on=date(2019, 3, 30), services={GUANGDONG: [1]})
    content = "样例".encode()
    file = BatchFile.objects.create(
        batch_list=first,
        format=BatchFile.Format.CSV.value,
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        rows=1,
        created_at=NOW,
    )
    list_files.STORE.write(file.pk, content)
    return first


def complete_draft(
    account: Account,
    *,
    seed: int,
    division_code: str = BEIJING_DIVISION,
    files: bool = True,
    answers: Mapping[str, Mapping[str, Any]] | None = None,
) -> Draft:
    """A draft that can be submitted as it is; `answers` replaces some, section by section."""
    materials = walk.complete_materials(
        seed, member=account, at=clock.now(), division_code=division_code, files={}
    )
    for section, changed in (answers or {}).items():
        materials[section] |= changed
    draft = drafts.start_draft(account, applicant=None, at=clock.now())
    for section in FORM_SECTIONS:
        save = drafts.SectionSave(section=section, answers=materials[section])
        draft = drafts.save_section(draft.pk, save, at=clock.now())
    if files:
        for key in required_slots(materials):
            attach(draft, key, account)
        # Another picture: the same one twice is taken for a double click.
        attach(draft, "attachments.management_system_documents", account, shows="second")
    draft.refresh_from_db()
    return draft


def attach(
    draft: Draft, slot: str, account: Account, *, name: str = "sample.png", shows: str | None = None
) -> None:
    """One sample scan in a slot of the draft."""
    upload = SimpleUploadedFile(name, walk.sample_scan(shows or slot), "image/png")
    drafts.attach_file(draft.pk, slot, file=upload, account=account, at=clock.now())


def refused_file(draft: Draft, account: Account) -> Attachment:
    """A file that was too much for the decoder, and may be tried again."""
    upload = SimpleUploadedFile("sample.pdf", document(doubling_forms))
    drafts.attach_file(
        draft.pk, "attachments.product_introduction", file=upload, account=account, at=clock.now()
    )
    draft.refresh_from_db()
    (refused,) = refused_files(draft.pk)
    return refused


def mark_everything(case: SampleCase, officer: Account) -> None:
    """The officer's office has answered its whole checklist."""
    application = case.application
    for section in sections():
        checklist.mark_rest_of_section(
            application,
            section,
            revision_number=application.revision_number,
            officer=officer,
            at=clock.now(),
        )
    assert checklist_of(application, office_of(officer)).is_answered
    assert ChecklistMark.objects.filter(application=application, office=Office(office_of(officer))).exists()


def _cancellation(cast: Cast, *, seed: int) -> SampleCase:
    """The cancellation, under review, of a filing in force."""
    filing = register.filing_of(register.in_force(cast, seed=seed))
    return walk.submit(
        materials_in_force(filing),
        member=cast.member,
        at=MORNING + timedelta(hours=4),
        kind=Kind.CANCELLATION,
        filing_id=filing.pk,
        details={"ends_on": "2026-08-03", "arrangement": "样例安排"},
    )


def _accounts(cast: Cast) -> dict[Visitor, Account]:
    accounts = {
        Visitor.MEMBER: cast.member,
        Visitor.STRANGER: cast.stranger,
        Visitor.PROVINCIAL: cast.provincial,
        Visitor.ELSEWHERE: cast.elsewhere,
        Visitor.PROVINCIAL_HEAD: cast.provincial_head,
        Visitor.NATIONAL: cast.national,
        Visitor.NATIONAL_HEAD: cast.national_head,
        Visitor.ADMINISTRATOR: cast.administrator,
        Visitor.AUDITOR: cast.auditor,
    }
    for account in accounts.values():
        # With a password and a second factor the pages about them show something.
        account.set_password(PASSWORD)
        account.save(update_fields=["password"])
        TOTP.activate(account, generate_totp_secret())
        RecoveryCodes.activate(account)
        add_passkey(account)
    return accounts


def _signed_in(account: Account) -> str:
    client = Client()
    client.force_login(account)
    session = client.session
    # As after confirming the password a moment ago, so that no page asks for it again.
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(account.pk)
    session.save()
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


def _notices(cast: Cast, case: SampleCase) -> tuple[Notice, Notice, Delivery]:
    """The member's receipt, whose text message may not have arrived, and a notice to the desk."""
    receipt = case.application.events.get(act=Act.SUBMIT.value)
    filing_notices.notify_applicant(receipt.pk, at=NOW)
    facts = kind_of("desk_escalated").sample
    notices.notify(
        "desk_escalated", key="scene", accounts=[cast.provincial], facts=facts, application=case.application
    )
    notice = Notice.objects.get(event=receipt, account=cast.member)
    unknown = Delivery(notice=notice, channel=Delivery.Channel.SMS, state=Delivery.State.UNKNOWN)
    unknown.save()
    return notice, Notice.objects.get(key="scene"), unknown


def _file_of(case: SampleCase) -> Attachment:
    return Attachment.objects.filter(uses__revision__application=case.application_id).distinct().get()


def _signed_file(member: Account) -> Attachment:
    """A signed PDF that the member uploaded, and that is in no application."""
    upload = SimpleUploadedFile("sample.pdf", signed_documents.signed(odd_documents.document()))
    slot = "attachments.authenticity_statement"
    return attachments.receive(draft_id=uuid.uuid4(), slot=slot, uploaded_by=member, file=upload, at=NOW)


def number_of(scene: Scene) -> str:
    """The filing number of the case in force."""
    filing = scene.in_force.application.filing
    assert filing is not None
    assert filing.number is not None
    return filing.number


def key() -> str:
    """A fresh idempotency key."""
    return str(uuid.uuid4())
