"""Files are received, kept, given back and thrown away: row and file always together."""

from __future__ import annotations

import errno
import hashlib
import os
import threading
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.utils.translation import override
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks

from registry import clock
from registry.errors import AttachmentRefused, DecryptionFailed, RegisterIncomplete
from registry.integrity.register import verify_register
from registry.labels import states
from registry.labels.files import REFUSAL_MESSAGES, refusal_message
from registry.models import Account, Attachment
from registry.rules.particulars import UnknownParticular
from registry.rules.particulars import attachments as slots
from registry.storage import attachments
from registry.storage.encrypted_files import ORPHAN_AGE_SECONDS
from registry.tasks import sweep_attachments
from tests.builders import odd_documents, odd_pictures
from tests.builders.register import MORNING, Cast, submitted

pytestmark = pytest.mark.django_db

SLOT = "attachments.product_introduction"


def receive(
    member: Account,
    *,
    draft_id: uuid.UUID | None = None,
    slot: str = SLOT,
    content: bytes | None = None,
    name: str = "样例介绍.png",
) -> Attachment:
    return attachments.receive(
        draft_id=draft_id or uuid.uuid4(),
        slot=slot,
        uploaded_by=member,
        file=SimpleUploadedFile(name, content or odd_pictures.png()),
        at=MORNING,
    )


def stored(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def age(path: Path, *, seconds: float) -> None:
    then = path.stat().st_mtime - seconds
    os.utime(path, (then, then))


def test_a_received_file_is_described_by_what_is_kept_of_it(cast: Cast) -> None:
    attachment = receive(cast.member, content=odd_documents.document(pages=3), name="样例 说明.docx")
    kept = attachments.open_bytes(attachment)
    assert attachments.entry_of(Attachment.objects.get()) == {
        "id": str(attachment.pk),
        "name": "样例 说明.pdf",
        "content_type": "application/pdf",
        "size_bytes": len(kept),
        "sha256": hashlib.sha256(kept).hexdigest(),
        "page_count": 3,
    }
    assert (attachment.slot, attachment.state) == ("product_introduction", Attachment.State.CLEAN)
    assert attachment.uploaded_at == MORNING


def test_a_slot_is_named_by_its_key_or_its_name(cast: Cast) -> None:
    assert receive(cast.member, slot="business_licence").slot == "business_licence"
    assert receive(cast.member, slot="attachments.business_licence").slot == "business_licence"
    with pytest.raises(UnknownParticular):
        receive(cast.member, slot="attachments.nothing")


def test_neither_content_nor_name_is_readable_on_disk(cast: Cast, own_files: Path) -> None:
    text = b"canary of the content " * 20
    content = odd_documents.document(lambda pdf: setattr(pdf.pages[0].obj, "Contents", pdf.make_stream(text)))
    attachment = receive(cast.member, content=content, name="canary.pdf")
    (name,) = stored(own_files)
    token = (own_files / name).read_bytes()
    assert b"%PDF" in attachments.open_bytes(attachment)
    assert (b"%PDF" in token, b"canary" in token, "canary" in name) == (False, False, False)
    assert (own_files / name).stat().st_mode & 0o777 == 0o600


def test_a_file_put_in_the_place_of_another_does_not_open(cast: Cast, own_files: Path) -> None:
    first, second = receive(cast.member), receive(cast.member)
    (own_files / first.storage_name).replace(own_files / second.storage_name)
    with pytest.raises(DecryptionFailed):
        attachments.open_bytes(second)
    with pytest.raises(RegisterIncomplete) as lost:
        attachments.open_bytes(first)
    assert lost.value.code == "file_missing"


def test_a_slot_takes_no_more_files_than_it_has_room_for(cast: Cast) -> None:
    draft_id = uuid.uuid4()
    receive(cast.member, draft_id=draft_id, slot="business_licence")
    with pytest.raises(AttachmentRefused) as refusal:
        receive(cast.member, draft_id=draft_id, slot="business_licence")
    assert (refusal.value.code, refusal.value.facts) == ("too_many_files", {"maximum": 1})
    assert Attachment.objects.count() == 1


def test_the_files_of_a_draft_have_100_mb_together(cast: Cast, own_files: Path) -> None:
    draft_id = uuid.uuid4()
    nearly_full = receive(cast.member, draft_id=draft_id, slot="icp_proof")
    Attachment.objects.update(size_bytes=slots.MAX_TOTAL_BYTES - 10)
    with pytest.raises(AttachmentRefused) as refusal:
        receive(cast.member, draft_id=draft_id)
    assert refusal.value.code == "draft_too_large"
    assert stored(own_files) == [nearly_full.storage_name]
    receive(cast.member)


def test_a_discarded_file_is_gone_with_its_row(
    cast: Cast, own_files: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    attachment = receive(cast.member)
    with django_capture_on_commit_callbacks(execute=True):
        assert attachments.discard(attachment) is True
    assert (Attachment.objects.count(), stored(own_files)) == (0, [])
    assert attachments.discard(attachment) is False


def test_what_a_revision_uses_is_never_discarded(cast: Cast, own_files: Path) -> None:
    submitted(cast)
    used = Attachment.objects.get()
    assert attachments.discard(used) is False
    assert stored(own_files) == [used.storage_name]


def test_the_sweep_removes_old_files_without_a_row_and_nothing_else(cast: Cast, own_files: Path) -> None:
    kept, lost, fresh = (receive(cast.member) for _ in range(3))
    Attachment.objects.filter(pk__in=[lost.pk, fresh.pk]).delete()
    unfinished = own_files / kept.storage_name
    unfinished = unfinished.with_name(f"{uuid.uuid4().hex}.part")
    unfinished.write_bytes(b"half")
    for path in (own_files / kept.storage_name, own_files / lost.storage_name, unfinished):
        age(path, seconds=ORPHAN_AGE_SECONDS + 60)
    assert sweep_attachments() == 2
    assert stored(own_files) == sorted([kept.storage_name, fresh.storage_name])
    assert sweep_attachments() == 0


def test_the_sweep_goes_by_the_portals_clock(cast: Cast, own_files: Path) -> None:
    with clock.stopped_at(MORNING):
        receive(cast.member)
        Attachment.objects.all().delete()
        assert sweep_attachments() == 0
    with clock.stopped_at(MORNING + timedelta(hours=25)):
        assert sweep_attachments() == 1


def test_an_upload_that_fails_at_its_row_leaves_no_file(
    cast: Cast, own_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Attachment, "save", lambda *_, **__: (_ for _ in ()).throw(OSError("database lost")))
    with pytest.raises(OSError, match="database lost"):
        receive(cast.member)
    assert stored(own_files) == []


def test_a_full_disk_has_its_own_refusal_and_leaves_nothing(
    cast: Cast, own_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(AttachmentRefused) as refusal:
        receive(cast.member)
    assert refusal.value.code == "storage_full"
    assert (Attachment.objects.count(), stored(own_files)) == (0, [])


def test_rows_and_files_agree_for_the_check_of_the_register(cast: Cast, own_files: Path) -> None:
    submitted(cast)
    assert verify_register().violations == []
    (own_files / "ab").mkdir(exist_ok=True)
    (own_files / "ab" / uuid.uuid4().hex).write_bytes(b"stray")
    assert [violation.code for violation in verify_register().violations] == ["file_without_row"]


@pytest.mark.django_db(transaction=True)
def test_two_uploads_at_once_do_not_both_take_the_last_place(cast: Cast) -> None:
    member, draft_id = cast.member, uuid.uuid4()
    refused: list[str] = []
    together = threading.Barrier(4)

    def upload() -> None:
        together.wait()
        try:
            receive(member, draft_id=draft_id, slot="business_licence")
        except AttachmentRefused as refusal:
            refused.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=upload) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["too_many_files"] * 3
    assert Attachment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_discard_keeps_the_file(cast: Cast, own_files: Path) -> None:
    attachment = receive(cast.member)
    with transaction.atomic():
        attachments.discard(attachment)
        transaction.set_rollback(True)
    assert stored(own_files) == [attachment.storage_name]
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("code", REFUSAL_MESSAGES)
def test_every_refusal_says_what_to_do(code: str, language: str) -> None:
    facts = {
        "maximum_bytes": 10_485_760,
        "width": 1,
        "height": 2,
        "pages": 300,
        "characters": "㿿",
        "field": "a",
        "page": 3,
        "carried": {"names": ["a.xml"], "count": 1},
    }
    facts |= {"maximum": 5} if code in {"too_many_files", "too_many_pages"} else {}
    with override(language):
        message = refusal_message(AttachmentRefused(code, **facts))
    is_chinese = any("\u4e00" <= character <= "\u9fff" for character in message)
    assert is_chinese is (language == "zh-hans")
    assert "%" not in message


def test_the_page_of_a_refused_request_says_the_same_as_the_form() -> None:
    refusal = AttachmentRefused("too_many_files", maximum=1)
    assert states.refusal_message(refusal) == refusal_message(refusal)
