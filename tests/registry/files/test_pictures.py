"""Pages are drawn once, by the decoder, and kept as encrypted pictures; a view never waits for a child."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import threading
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks

from registry import clock
from registry.errors import AttachmentRefused, DecryptionFailed
from registry.files import decoding
from registry.models import Attachment, JobFailure, WaitingFile
from registry.storage import attachments, pictures, waiting
from registry.storage.checks import sandbox
from registry.storage.encrypted_files import ORPHAN_AGE_SECONDS
from registry.tasks import sweep_attachments, sweep_pictures
from tests.builders.heavy_documents import curves
from tests.builders.odd_documents import document
from tests.builders.odd_pictures import jpeg, png
from tests.builders.register import MORNING, Cast

pytestmark = pytest.mark.django_db

VIEWED = WaitingFile.Urgency.VIEWED
SVG = "image/svg+xml"


def received(cast: Cast, content: bytes | None = None, *, name: str = "样例.pdf") -> Attachment:
    return attachments.receive(
        draft_id=uuid.uuid4(),
        slot="product_introduction",
        uploaded_by=cast.member,
        file=SimpleUploadedFile(name, content or document(pages=2)),
        at=MORNING,
    )


def view(cast: Cast, attachment: Attachment, page: int = 1, **query: str) -> tuple[str, bytes, str]:
    """The media type of what a viewer is sent, its bytes, and when to ask again."""
    client = Client()
    client.force_login(cast.member, backend="registry.accounts.backends.AccountBackend")
    answer = client.get(reverse("files:page", args=[attachment.pk, page]), query)
    assert answer.status_code == 200
    return answer.headers["Content-Type"], answer.content, answer.headers.get("Retry-After", "")


def decode_all() -> int:
    """Works as the decoder does until nothing waits; gives how many files."""
    done = 0
    while decoding.work_once("test"):
        done += 1
    return done


def width_of(picture: bytes) -> int:
    return Image.open(io.BytesIO(picture)).width


def test_a_view_starts_no_child_and_has_the_page_drawn(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    attachment = received(cast)
    with monkeypatch.context() as without_children:
        without_children.setattr(subprocess, "run", None)
        kind, shown, again = view(cast, attachment)
        assert (kind, again) == (SVG, "2")
        assert "正在生成图像" in shown.decode()
        view(cast, attachment)
    assert WaitingFile.objects.get().urgency == VIEWED
    assert decode_all() == 1
    with monkeypatch.context() as without_children:
        without_children.setattr(subprocess, "run", None)
        for page in (1, 2):
            kind, shown, again = view(cast, attachment, page)
            assert (kind, width_of(shown), again) == ("image/png", 2000, "")
        assert width_of(view(cast, attachment, size="small")[1]) == 96
    assert not WaitingFile.objects.exists()


def test_a_page_is_drawn_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    attachment = received(cast, document(pages=3, change=lambda pdf: setattr(pdf.Root, "Lang", "zh")))
    drawn: list[tuple[int, int]] = []
    real = sandbox.draw_pages

    def counted(
        content: bytes, content_type: str, *, pages: tuple[int, int], widths: tuple[int, int]
    ) -> sandbox.DrawnPages:
        found = real(content, content_type, pages=pages, widths=widths)
        drawn.append((pages[0], pages[0] + len(found.pictures) - 1))
        return found

    monkeypatch.setattr(sandbox, "draw_pages", counted)
    for _ in range(3):
        view(cast, attachment, 3)
        decode_all()
    assert drawn == [(1, 3)]
    # One that was lost is drawn again, and the others are not.
    (Path(settings.PICTURE_ROOT) / attachment.storage_name / "2-small").unlink()
    waiting.ask([attachment.pk], urgency=VIEWED, at=MORNING)
    decode_all()
    assert drawn == [(1, 3), (2, 3)]


@pytest.mark.parametrize(("make", "kind"), [(png, "image/png"), (lambda: jpeg((900, 700)), "image/jpeg")])
def test_a_picture_is_kept_no_larger_than_it_is(make: Callable[[], bytes], kind: str, cast: Cast) -> None:
    content = make()
    attachment = received(cast, content, name="样例.png")
    view(cast, attachment)
    decode_all()
    assert width_of(view(cast, attachment)[1]) == width_of(content)


def test_a_page_of_noise_is_kept_as_a_photograph(cast: Cast) -> None:
    noise = Image.frombytes("RGB", (1500, 1500), os.urandom(1500 * 1500 * 3))
    written = io.BytesIO()
    noise.save(written, "PNG")
    attachment = received(cast, written.getvalue(), name="样例.png")
    view(cast, attachment)
    decode_all()
    kind, shown, _again = view(cast, attachment)
    assert kind == "image/jpeg"
    assert len(shown) < len(written.getvalue()) / 2


def test_pictures_are_unreadable_on_disk_and_belong_to_their_page(cast: Cast) -> None:
    attachment = received(cast)
    view(cast, attachment)
    decode_all()
    directory = Path(settings.PICTURE_ROOT) / attachment.storage_name
    names = sorted(path.name for path in directory.iterdir())
    assert names == ["1-full", "1-small", "2-full", "2-small"]
    for path in directory.iterdir():
        assert (b"PNG" in path.read_bytes()[:200], path.stat().st_mode & 0o777) == (False, 0o600)
    (directory / "1-full").replace(directory / "2-full")
    with pytest.raises(DecryptionFailed):
        pictures.read(attachment.pk, 2, pictures.Size.FULL)


def test_pictures_go_with_their_file(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    attachment, lost = received(cast), received(cast)
    for each in (attachment, lost):
        view(cast, each)
    decode_all()
    root = Path(settings.PICTURE_ROOT)
    with django_capture_on_commit_callbacks(execute=True):
        attachments.discard(attachment)
    assert [path.name for path in root.glob("??/*")] == [lost.pk.hex]
    Attachment.objects.all().delete()
    assert sweep_attachments() == 0
    with clock.stopped_at(clock.now() + timedelta(seconds=ORPHAN_AGE_SECONDS + 60)):
        # The files themselves, and the pictures.
        assert sweep_attachments() == 2
    assert list(root.glob("??/*")) == []


def test_a_page_that_takes_too_long_is_said_to_be_undrawable_and_the_others_are_drawn(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    attachment = received(cast, document(pages=3))
    # As accepted by a version that drew nothing on receipt.
    attachments.STORE.remove(attachment.pk)
    attachments.STORE.write(attachment.pk, curves(page=2, pages=3))
    view(cast, attachment)
    assert decode_all() == 1
    kinds = [view(cast, attachment, page)[0] for page in (1, 2, 3)]
    assert kinds == ["image/png", SVG, "image/png"]
    shown = view(cast, attachment, 2)
    assert ("本页无法生成图像" in shown[1].decode(), shown[2]) == (True, "")
    assert Attachment.objects.get().drawn_at is not None


def test_what_is_no_picture_is_never_kept_as_one(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    attachment = received(cast)
    answers = ((b"<svg onload='alert(1)'/>", b"<svg/>"),) * 50
    monkeypatch.setattr(sandbox, "draw_pages", lambda *_, **__: sandbox.DrawnPages(answers, None))
    view(cast, attachment)
    decode_all()
    shown = [view(cast, attachment, page) for page in (1, 2)]
    assert ["本页无法生成图像" in each[1].decode() for each in shown] == [True, True]
    assert not (Path(settings.PICTURE_ROOT) / attachment.storage_name / "3-full").exists()


def test_a_child_that_is_killed_is_tried_again_and_then_left_with_its_reason(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    attachment = received(cast)
    broken = sandbox.DrawnPages((), AttachmentRefused("reading_broke_off"))
    monkeypatch.setattr(sandbox, "draw_pages", lambda *_, **__: broken)
    view(cast, attachment)
    assert decode_all() == waiting.MOST_ATTEMPTS
    failure = JobFailure.objects.get()
    assert (failure.subject_id, failure.attempts) == (attachment.pk, 3)
    assert failure.last_error == "AttachmentRefused reading_broke_off"
    assert view(cast, attachment)[0] == SVG
    monkeypatch.undo()
    assert decode_all() == 1
    assert view(cast, attachment)[0] == "image/png"
    assert not JobFailure.objects.exists()


def test_a_child_killed_from_outside_is_told_from_one_that_took_too_long(cast: Cast) -> None:
    found: list[tuple[int, str]] = []
    content = curves(page=2, pages=2)

    def draw() -> None:
        drawn = sandbox.draw_pages(content, "application/pdf", pages=(1, 2), widths=(2000, 96))
        found.append((len(drawn.pictures), drawn.refusal.code if drawn.refusal else ""))

    thread = threading.Thread(target=draw)
    thread.start()
    child = _await_child()
    os.kill(child, signal.SIGKILL)
    thread.join()
    draw()
    assert found[0] in [(0, "reading_broke_off"), (1, "reading_broke_off")]
    assert found[1] == (1, "file_too_complex")


def _await_child() -> int:
    """The process id of the child that decodes a file."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                words = path.read_bytes().split(b"\0")
                parent = int((path.parent / "stat").read_text().rpartition(")")[2].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
            if b"registry.storage.checks.worker" in words and parent == os.getpid():
                return int(path.parent.name)
        time.sleep(0.02)
    raise AssertionError("No child was started.")


def test_a_file_whose_decoder_fell_silent_is_taken_over_once(cast: Cast) -> None:
    attachment = received(cast)
    view(cast, attachment)
    first = waiting.take("first")
    assert first is not None
    assert waiting.take("second") is None
    with clock.stopped_at(clock.now() + waiting.SILENT_AFTER + timedelta(seconds=1)):
        second = waiting.take("second")
        assert second is not None
        assert (second.pk, second.attempts) == (attachment.pk, 2)
    # The first one was only slow: it notices, and takes nothing from the other.
    with pytest.raises(waiting.Overtaken):
        waiting.keep(first)
    waiting.finish(first)
    assert WaitingFile.objects.get().taken_by == "second"


def test_a_decoder_that_stops_leaves_its_file_to_the_next_as_if_untouched(cast: Cast) -> None:
    received(cast)
    assert sweep_pictures() == 1
    waiting.take("first")
    assert waiting.give_back("first") == 1
    row = waiting.take("second")
    assert row is not None
    assert row.attempts == 1


def test_what_somebody_looks_at_comes_before_what_the_sweep_found(cast: Cast) -> None:
    older, newer = received(cast), received(cast)
    Attachment.objects.filter(pk=newer.pk).update(uploaded_at=MORNING + timedelta(hours=1))
    assert decoding.ask_for_undrawn(most=1, at=MORNING) == 1
    assert WaitingFile.objects.get().pk == newer.pk
    assert sweep_pictures() == 1
    view(cast, older)
    first = waiting.take("test")
    assert first is not None
    assert first.pk == older.pk
    assert sweep_pictures() == 0
    decode_all()
    waiting.finish(first)
    Attachment.objects.filter(pk=older.pk).update(state=Attachment.State.REFUSED)
    assert sweep_pictures() == 0


@pytest.mark.django_db(transaction=True)
def test_two_decoders_at_once_never_take_the_same_file(cast: Cast) -> None:
    files = {received(cast, png((20 + number, 20)), name="样例.png").pk for number in range(12)}
    decoding.ask_for_undrawn(most=100, at=MORNING)
    taken: list[uuid.UUID] = []
    together = threading.Barrier(4)

    def take_all(name: str) -> None:
        together.wait()
        try:
            while (row := waiting.take(name)) is not None:
                taken.append(row.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=take_all, args=(f"decoder-{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(taken), set(taken)) == (12, files)
