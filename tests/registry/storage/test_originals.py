"""A signed PDF is kept as it was sent, beside the copy that is shown: both together, and nothing of others."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks

from registry import clock
from registry.book.revisions import materials_of
from registry.errors import AttachmentRefused, DecryptionFailed, TransitionNotAllowed
from registry.integrity.register import verify_register
from registry.models import Account, Attachment, PersonalParticulars, Revision
from registry.presentation.materials import present_file
from registry.rules.particulars import attachments as slots
from registry.rules.particulars import changed_keys
from registry.rules.particulars.consistency.catalogue import find_rule
from registry.sample import walk
from registry.storage import attachments
from registry.storage.encrypted_files import ORPHAN_AGE_SECONDS, storage_name
from registry.tasks import sweep_attachments
from tests.builders.odd_documents import document
from tests.builders.register import MORNING, Cast, materials_for
from tests.builders.signed_documents import COMPANY, certificate, signed

pytestmark = pytest.mark.django_db

SLOT = "attachments.authenticity_statement"
SIGNED = signed(document(), by=certificate(COMPANY))


def receive(
    member: Account, content: bytes = SIGNED, *, draft_id: uuid.UUID | None = None, slot: str = SLOT
) -> Attachment:
    upload = SimpleUploadedFile("样例承诺书.pdf", content)
    return attachments.receive(
        draft_id=draft_id or uuid.uuid4(), slot=slot, uploaded_by=member, file=upload, at=MORNING
    )


def original_of(attachment: Attachment) -> Path:
    return Path(settings.ORIGINAL_ROOT) / storage_name(attachment.pk)


def test_the_bytes_as_sent_come_back_to_the_last_one(cast: Cast) -> None:
    attachment = receive(cast.member)
    assert attachments.open_original(attachment) == SIGNED
    assert attachments.open_bytes(attachment) != SIGNED
    assert (attachment.original_sha256, attachment.original_size_bytes) == (
        hashlib.sha256(SIGNED).hexdigest(),
        len(SIGNED),
    )


def test_a_file_that_nobody_signed_is_kept_once(cast: Cast) -> None:
    attachment = receive(cast.member, document())
    assert (attachment.is_kept_as_sent, attachment.signatures) == (False, None)
    assert not original_of(attachment).exists()
    assert "signatures" not in attachments.entry_of(attachment)


def test_the_original_is_unreadable_on_disk_and_its_signer_in_the_table(cast: Cast) -> None:
    attachment = receive(cast.member)
    assert b"%PDF" not in original_of(attachment).read_bytes()
    column = Attachment.objects.filter(pk=attachment.pk).values_list("signatures", flat=True).get()
    assert column is not None
    assert COMPANY.encode() not in bytes(column)
    assert json.loads(Attachment.objects.get().signatures)["each"][0]["signer"] == COMPANY


def test_neither_store_opens_what_belongs_to_the_other(cast: Cast, own_files: Path) -> None:
    attachment = receive(cast.member)
    original_of(attachment).write_bytes((own_files / attachment.storage_name).read_bytes())
    with pytest.raises(DecryptionFailed):
        attachments.open_original(attachment)


def test_a_discarded_file_takes_its_original_along(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    attachment = receive(cast.member)
    with django_capture_on_commit_callbacks(execute=True):
        assert attachments.discard(attachment)
    assert not original_of(attachment).exists()


def test_an_upload_that_fails_leaves_no_original(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(Attachment, "save", fail)
    with pytest.raises(RuntimeError):
        receive(cast.member)
    assert list(attachments.ORIGINALS.names()) == []


def test_originals_without_a_row_are_swept_away_and_others_stay(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, lost, plain = receive(cast.member), uuid.uuid4(), receive(cast.member, document())
    for row_id in (lost, plain.pk):
        attachments.ORIGINALS.write(row_id, b"sample")
    later = clock.now() + timedelta(seconds=ORPHAN_AGE_SECONDS + 60)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert sweep_attachments() == 2
    assert list(attachments.ORIGINALS.names()) == [storage_name(kept.pk)]


def test_the_original_counts_against_the_limit_of_a_draft(cast: Cast) -> None:
    draft_id = uuid.uuid4()
    receive(cast.member, draft_id=draft_id)
    Attachment.objects.update(size_bytes=0, original_size_bytes=slots.MAX_TOTAL_BYTES - 10)
    with pytest.raises(AttachmentRefused) as refusal:
        receive(cast.member, document(), draft_id=draft_id)
    assert refusal.value.code == "draft_too_large"
    Attachment.objects.update(original_size_bytes=slots.MAX_TOTAL_BYTES - len(SIGNED))
    with pytest.raises(AttachmentRefused):
        receive(cast.member, draft_id=draft_id)


def _alter(attachment: Attachment) -> None:
    attachments.ORIGINALS.write(attachment.pk, b"something else")


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        (lambda attachment: original_of(attachment).unlink(), "original_missing"),
        (lambda attachment: original_of(attachment).write_bytes(b"x"), "original_unreadable"),
        (_alter, "original_altered"),
        (lambda _attachment: attachments.ORIGINALS.write(uuid.uuid4(), b"x"), "original_without_row"),
    ],
    ids=["missing", "unreadable", "altered", "without row"],
)
def test_the_check_of_the_register_covers_the_originals(
    damage: Callable[[Attachment], None], found: str, cast: Cast
) -> None:
    attachment = receive(cast.member)
    assert [each.code for each in verify_register().violations] == []
    damage(attachment)
    assert [each.code for each in verify_register().violations] == [found]


# ---------------------------------------------------------------- in the materials


def signed_materials(cast: Cast) -> dict[str, object]:
    materials = materials_for(cast)
    entry = attachments.entry_of(receive(cast.member))
    return {**materials, "attachments": {**materials["attachments"], "authenticity_statement": [entry]}}


def test_what_was_handed_in_names_the_original_and_keeps_the_signer_encrypted(cast: Cast) -> None:
    materials = signed_materials(cast)
    walk.submit(materials, member=cast.member, at=MORNING)
    revision = Revision.objects.get()
    (entry,) = revision.public_part["attachments"]["authenticity_statement"]
    assert entry["original_sha256"] == hashlib.sha256(SIGNED).hexdigest()
    assert COMPANY not in json.dumps(revision.public_part["attachments"], ensure_ascii=False)
    assert COMPANY in PersonalParticulars.objects.get().content
    (whole,) = materials_of(revision)["attachments"]["authenticity_statement"]
    assert whole["signatures"]["each"][0]["signer"] == COMPANY
    assert verify_register().violations == []


def test_an_original_exchanged_after_it_was_handed_in_is_found(cast: Cast) -> None:
    walk.submit(signed_materials(cast), member=cast.member, at=MORNING)
    Attachment.objects.exclude(original_sha256="").update(original_sha256="0" * 64)
    codes = {each.code for each in verify_register().violations}
    assert codes == {"revision_files_differ", "original_altered"}


def test_materials_that_name_another_original_cannot_be_handed_in(cast: Cast) -> None:
    materials = signed_materials(cast)
    Attachment.objects.exclude(original_sha256="").update(original_sha256="0" * 64)
    with pytest.raises(TransitionNotAllowed):
        walk.submit(materials, member=cast.member, at=MORNING)


# ---------------------------------------------------------------- who downloads it


def client_of(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="registry.accounts.backends.AccountBackend")
    return client


def test_the_original_is_a_download_that_no_browser_opens_as_a_page(cast: Cast) -> None:
    attachment = receive(cast.member)
    address = reverse("files:original", args=[attachment.pk])
    assert present_file(attachments.entry_of(attachment)).original_url == address
    response = client_of(cast.member).get(address)
    assert response.content == SIGNED
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"].startswith("attachment; ")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "no-store, private"


def test_the_original_is_shown_to_those_who_may_read_the_file(cast: Cast) -> None:
    walk.submit(signed_materials(cast), member=cast.member, at=MORNING)
    attachment = Attachment.objects.exclude(original_sha256="").get()
    address = reverse("files:original", args=[attachment.pk])
    readers = (cast.member, cast.provincial, cast.national)
    assert [client_of(each).get(address).status_code for each in readers] == [200, 200, 200]
    others = (cast.stranger, cast.elsewhere)
    assert [client_of(each).get(address).status_code for each in others] == [404, 404]


def test_a_file_that_nobody_signed_has_no_original_to_download(cast: Cast) -> None:
    attachment = receive(cast.member, document())
    assert client_of(cast.member).get(reverse("files:original", args=[attachment.pk])).status_code == 404


# ---------------------------------------------------------------- the same file, or another


def test_signed_or_not_is_not_the_same_file_though_the_copies_may_be() -> None:
    copy = {"id": "1", "sha256": "a" * 64}
    once, twice = ({**copy, "original_sha256": each * 64} for each in "bc")
    statements = [{"attachments": {"authenticity_statement": [each]}} for each in (copy, once, twice)]
    for before in statements:
        for after in statements:
            assert changed_keys(before, after) == (() if before is after else (SLOT,))
    rule = find_rule("statement_is_signed_by_the_applicant")
    assert rule is not None
    assert len({rule.compared(each) for each in statements}) == 3


def test_a_statement_signed_by_a_second_person_is_no_double_click(cast: Cast) -> None:
    once = receive(cast.member)
    again = receive(cast.member)
    both = receive(cast.member, signed(SIGNED, field="Second"))
    Attachment.objects.update(sha256=once.sha256)
    for each in (again, both):
        each.refresh_from_db()
    assert attachments.is_sent_twice(again, listed=[str(once.pk)])
    assert not attachments.is_sent_twice(both, listed=[str(once.pk)])
