"""Encrypted values belong to one row, and a key can be replaced while what it sealed stays readable."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pgtrigger
import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, models
from pytest_django.fixtures import Settings

from applicants.models import Draft
from registry.accounts.sessions import BROWSER, SessionStore
from registry.encryption import decrypt, encrypt
from registry.errors import DecryptionFailed
from registry.members import claims, invitations
from registry.members.invitations import Recipient
from registry.models import (
    Account,
    AccountSession,
    Applicant,
    Application,
    Attachment,
    ConsultationFile,
    ConsultationPart,
    HeadClaim,
    Invitation,
    MembershipClaim,
    Notice,
    ObjectionFile,
    ObjectionPart,
    OfficeProposal,
    PersonalParticulars,
    StrikingOffFile,
    StrikingOffPart,
    Telling,
    TellingFile,
)
from registry.models.encrypted import EncryptedTextField
from registry.notices import notice as notices
from registry.notices.kinds import kind_of
from registry.notices.tellings import Told, note_told_by_office
from registry.rules.members.permissions import MemberRole
from registry.rules.office.events import OfficeSubject
from registry.rules.office.proposals import ProposalState
from registry.sample.walk import sample_scan
from registry.storage import attachments, evidence
from review.models import ContactFile, ContactNote, OwnText, SiteVisit, UnsentForm, WaitingVisit
from review.own_texts import own_texts
from review.visits import waiting
from review.visits.addresses import FiledAddress
from review.visits.seen import broken_off
from tests.builders import batch as batches
from tests.builders import claimed, register
from tests.builders import consultation as consultations
from tests.builders import contact as contacts
from tests.builders import objection as objections
from tests.builders import striking_off as strikings_off
from tests.builders.register import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_of_each(cast: Cast, tmp_path: Path) -> dict[type[models.Model], list[models.Model]]:
    """Two rows of every table that people's data go into, with something in every encrypted column."""
    claimed.imported(tmp_path)
    for number, applicant in enumerate(Applicant.objects.filter(is_imported=True)[:2]):
        identity = replace(claimed.stated(number + 1), nationality="CAN")
        claimed.claim(applicant, cast.stranger, identity=identity, at=register.MORNING)
    for number in range(2):
        member = cast.get(f"样例个人{number}", cast.member.acts_as)
        member.mobile, member.email = f"+8619900008{number:03d}", f"row{number}@home.example.com"
        member.save()
        case = register.submitted(cast, seed=400 + number, nature="individual", member=member)
        _offer_and_ask(case.application.applicant, owner=member, asking=cast.stranger, number=number)
        draft = Draft(kind="initial", account=member, created_at=register.MORNING, saved_at=register.MORNING)
        draft.materials = {"service": {"service_name": f"样例{number}"}}
        draft.printed_on_statement = {"service.service_name": f"样例{number}"}
        draft.amendment_notes = f'{{"explanation": "样例{number}"}}'
        draft.save()
        session = SessionStore()
        session[BROWSER] = f"Browser {number}"
        session.save()
    register.approve(cast, case, at=register.MORNING + timedelta(hours=1))
    for applicant in Applicant.objects.filter(document_number__isnull=False):
        applicant.nationality = "CAN"
        applicant.save()
    batch_list = batches.published(cast)
    for _number in range(2):
        scan = SimpleUploadedFile("sample.png", sample_scan("evidence"), "image/png")
        objections.received(batch_list, files=evidence.take([scan]))
    scans = [SimpleUploadedFile("sample.png", sample_scan(shown), "image/png") for shown in ("one", "two")]
    files = evidence.take(scans)
    strikings_off.answered(cast, strikings_off.proposed(cast, register.filing_of(case), files=files))
    for number in range(2):
        _consult(cast, seed=430 + number)
        contacts.called(cast, case)
        own_texts.add(
            cast.provincial,
            OwnText.Place.OPINION,
            name=f"样例{number}",
            text=f"样例正文{number}。",
            at=register.MORNING,
        )
        _tell(cast, number=number)
        _propose_and_type(cast, case.application, number=number)
        _visit(case.application, number=number)
    for attachment in Attachment.objects.all():
        attachment.signatures = f'{{"each": [], "codes": ["{attachment.pk}"]}}'
        attachment.carried = f'{{"names": ["{attachment.pk}"], "count": 1}}'
        attachment.refusal_facts = f'{{"field": "{attachment.pk}"}}'
        attachment.save()
    found: dict[type[models.Model], list[models.Model]] = {
        model: list(model._default_manager.order_by("pk"))[-2:]
        for model in (
            Draft,
            Applicant,
            Attachment,
            PersonalParticulars,
            AccountSession,
            Invitation,
            HeadClaim,
            MembershipClaim,
            ObjectionPart,
            ObjectionFile,
            ConsultationPart,
            ConsultationFile,
            ContactNote,
            ContactFile,
            StrikingOffPart,
            StrikingOffFile,
            OfficeProposal,
            Telling,
            TellingFile,
            UnsentForm,
            OwnText,
            SiteVisit,
            WaitingVisit,
        )
    }
    some: dict[type[models.Model], list[models.Model]] = {
        Account: list(Account.objects.filter(mobile_index__isnull=False)),
        # An imported applicant has no document before it is claimed.
        Applicant: list(Applicant.objects.filter(document_number__isnull=False).order_by("-pk")[:2]),
    }
    return found | some


def _consult(cast: Cast, *, seed: int) -> None:
    """A question to another body, with an answer and its scan."""
    scan = SimpleUploadedFile("sample.png", sample_scan(f"answer {seed}"), "image/png")
    sent = consultations.sent(cast, register.submitted(cast, seed=seed))
    consultations.answered(sent, by=cast.provincial, files=evidence.take([scan]))


def _tell(cast: Cast, *, number: int) -> None:
    """A notice that the office told somebody itself, with what proves it."""
    notices.notify(
        "lapsed",
        key=f"sample-{number}",
        accounts=[cast.member],
        facts=kind_of("lapsed").sample,
        link_path="/applicant/",
        at=register.MORNING,
    )
    scan = SimpleUploadedFile("sample.png", sample_scan("receipt"), "image/png")
    note_told_by_office(
        Notice.objects.get(key=f"sample-{number}", account=cast.member),
        Told(how=Notice.ToldHow.PHONE, to=f"样例负责人{number}"),
        by=cast.provincial,
        at=register.MORNING + timedelta(hours=1),
        files=evidence.take([scan]),
    )


def _propose_and_type(cast: Cast, application: Application, *, number: int) -> None:
    """A takeover that an owner objected to, and what an officer typed and has not sent."""
    OfficeProposal.objects.create(
        subject=OfficeSubject.TAKEOVER.value,
        key=f"sample-{number}",
        content={},
        content_sha256="0" * 64,
        reason="样例：写明理由",
        state=ProposalState.PROPOSED.value,
        proposed_at=register.MORNING,
        proposed_by=cast.provincial,
        last_event_sequence=1,
        objection=f"样例反对理由{number}",
    )
    UnsentForm.objects.create(
        application=application,
        applicant_id=application.applicant_id,
        province_code=application.province_code,
        officer=cast.provincial,
        place=f"sample-{number}",
        body=f"note=样例{number}",
        saved_at=register.MORNING,
    )


def _visit(application: Application, *, number: int) -> None:
    """A web address that was looked at, and one that waits."""
    for host in ("seen", "waits"):
        address = FiledAddress("service.websites.url", f"https://{host}{number}.example.com/")
        words = (application.service_name, application.applicant_name)
        waiting.ask(application, [address], words=words, asked_by=None, at=register.MORNING)
        if host == "seen":
            row = waiting.take("sample")
            assert row is not None
            waiting.finish(row, broken_off(address.url), at=register.MORNING)


def _offer_and_ask(applicant: Applicant, *, owner: Account, asking: Account, number: int) -> None:
    """An invitation, and a request to the owners."""
    mailbox = Recipient(Invitation.Channel.EMAIL, f"offered{number}@home.example.com")
    invitations.invite(applicant.pk, mailbox, role=MemberRole.EDITOR, by=owner, at=register.MORNING)
    claims.open_claim(
        applicant,
        account=asking,
        way=MembershipClaim.Way.OWNERS,
        stated_name=f"样例{number}",
        explanation=f"样例说明{number}",
        draft_id=None,
        at=register.MORNING,
    )


def _encrypted_fields(model: type[models.Model]) -> list[EncryptedTextField]:
    return [each for each in model._meta.get_fields() if isinstance(each, EncryptedTextField)]


def _swap(one: models.Model, other: models.Model, field: EncryptedTextField) -> None:
    """What somebody with the database, and without the keys, could do."""
    table, column, key = one._meta.db_table, field.column, one._meta.pk.column
    # What is only ever added to is not changed by the portal, and by its owner all the same.
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{table}" t SET "{column}" = other."{column}" FROM "{table}" other '
            f"WHERE t.{key} IN (%s, %s) AND other.{key} IN (%s, %s) AND t.{key} <> other.{key}",
            [one.pk, other.pk, one.pk, other.pk],
        )


def test_a_value_moved_to_another_row_does_not_open(
    two_of_each: dict[type[models.Model], list[models.Model]],
) -> None:
    assert set(two_of_each) == {model for model in apps.get_models() if _encrypted_fields(model)}
    for model, (one, other) in two_of_each.items():
        for field in _encrypted_fields(model):
            before = [getattr(model._default_manager.get(pk=row.pk), field.name) for row in (one, other)]
            assert None not in before
            _swap(one, other, field)
            for row in (one, other):
                with pytest.raises(DecryptionFailed) as refusal:
                    getattr(model._default_manager.get(pk=row.pk), field.name)
                assert refusal.value.code == "not_this_row"
            _swap(one, other, field)
            after = [getattr(model._default_manager.get(pk=row.pk), field.name) for row in (one, other)]
            assert after == before


def test_a_value_moved_to_another_column_does_not_open(cast: Cast) -> None:
    account = cast.member
    account.mobile, account.email = "+8619900008001", "row@home.example.com"
    account.save()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE registry_account SET email = mobile WHERE id = %s", [account.pk])
    with pytest.raises(DecryptionFailed):
        Account.objects.get(pk=account.pk).email  # noqa: B018


def test_a_stored_file_put_in_the_place_of_another_does_not_open(
    two_of_each: dict[type[models.Model], list[models.Model]], settings: Settings
) -> None:
    one, other = two_of_each[Attachment]
    assert isinstance(one, Attachment)
    assert isinstance(other, Attachment)
    paths = [settings.ATTACHMENT_ROOT / each.storage_name for each in (one, other)]
    contents = [path.read_bytes() for path in paths]
    plain = attachments.open_bytes(one)
    assert plain.startswith(b"\x89PNG")
    assert plain not in contents[0]
    assert sample_scan("scan") not in contents[0]
    paths[0].write_bytes(contents[1])
    with pytest.raises(DecryptionFailed):
        attachments.open_bytes(one)


def test_with_a_new_first_key_the_old_values_open_and_new_ones_are_sealed_with_it(
    cast: Cast, settings: Settings
) -> None:
    account = cast.member
    account.mobile = "+8619900008001"
    account.save()
    old_keys = settings.PERSONAL_DATA_KEYS
    settings.PERSONAL_DATA_KEYS = {"test-3": b"3" * 32, **old_keys}
    found = Account.objects.by_mobile("+8619900008001")
    assert found is not None
    assert found.mobile == "+8619900008001"
    found.save()
    settings.PERSONAL_DATA_KEYS = {"test-3": b"3" * 32}
    assert Account.objects.get(pk=account.pk).mobile == "+8619900008001"
    settings.PERSONAL_DATA_KEYS = old_keys
    with pytest.raises(DecryptionFailed) as refusal:
        Account.objects.get(pk=account.pk).mobile  # noqa: B018
    assert refusal.value.code == "key_not_configured"


def test_a_changed_byte_anywhere_in_a_token_is_noticed() -> None:
    bound_to = f"table.column.{uuid.uuid4()}"
    token = encrypt("样例".encode(), bound_to=bound_to)
    assert decrypt(token, bound_to=bound_to).decode() == "样例"
    for place in range(len(token)):
        broken = token[:place] + bytes([token[place] ^ 1]) + token[place + 1 :]
        with pytest.raises(DecryptionFailed):
            decrypt(broken, bound_to=bound_to)
