"""The decoder as a process: it says that it lives, reads what waits, and leaves what it cannot finish to the next."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from registry import clock
from registry.files import decoding
from registry.jobs import runs
from registry.models import Attachment, WaitingFile
from registry.storage import attachments, pictures, waiting
from tests.builders.heavy_documents import curves
from tests.builders.odd_documents import document
from tests.builders.register import MORNING, Cast
from tests.services.portal import DecoderProcess, portal_environment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("decoder")]

WAIT_SECONDS = 120


@pytest.fixture
def cast(live_files: None) -> Cast:
    """Accounts whose files the processes find."""
    return Cast()


def waiting_file(cast: Cast, content: bytes, *, pages: int = 1) -> Attachment:
    attachment = attachments.receive(
        draft_id=uuid.uuid4(),
        slot="product_introduction",
        uploaded_by=cast.member,
        file=SimpleUploadedFile("样例.pdf", document(pages=pages)),
        at=MORNING,
    )
    attachments.STORE.remove(attachment.pk)
    attachments.STORE.write(attachment.pk, content)
    waiting.ask([attachment.pk], urgency=WaitingFile.Urgency.VIEWED, at=clock.now())
    return attachment


def wait_until_drawn(attachment: Attachment) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while Attachment.objects.get(pk=attachment.pk).drawn_at is None:
        assert time.monotonic() < deadline, "The decoder drew nothing."
        time.sleep(0.1)


def wait_until_taken(decoder: DecoderProcess) -> None:
    decoder.wait_until(
        lambda: WaitingFile.objects.filter(taken_at__isnull=False).exists(),
        seconds=WAIT_SECONDS,
        what="a file",
    )


@pytest.fixture
def decoder() -> Iterator[DecoderProcess]:
    """A decoder that ends with the test."""
    process = DecoderProcess()
    yield process
    process.stop(seconds=5)


def test_it_draws_what_waits_and_says_that_it_lives(cast: Cast, decoder: DecoderProcess) -> None:
    attachment = waiting_file(cast, document(pages=2), pages=2)
    wait_until_drawn(attachment)
    assert pictures.type_of(pictures.read(attachment.pk, 2, pictures.Size.FULL) or b"") == "image/png"
    assert decoding.is_alive(at=clock.now())
    assert not decoding.is_alive(at=clock.now() + runs.ALIVE_WITHIN + timedelta(seconds=20))
    assert not WaitingFile.objects.exists()


def test_asked_to_stop_it_ends_at_once_and_the_next_one_goes_on_at_once(
    cast: Cast, decoder: DecoderProcess
) -> None:
    attachment = waiting_file(cast, curves(30_000, page=1, pages=2), pages=2)
    wait_until_taken(decoder)
    started = time.monotonic()
    decoder.process.send_signal(signal.SIGTERM)
    assert decoder.process.wait(timeout=5) == 0
    assert time.monotonic() - started < 3
    assert WaitingFile.objects.values_list("taken_by", "attempts").get() == ("", 0)
    second = DecoderProcess()
    try:
        wait_until_drawn(attachment)
    finally:
        second.stop(seconds=5)
    assert pictures.type_of(pictures.read(attachment.pk, 2, pictures.Size.FULL) or b"") == "image/png"


def test_killed_it_leaves_no_child_and_its_file_is_taken_over(cast: Cast, decoder: DecoderProcess) -> None:
    attachment = waiting_file(cast, curves())
    wait_until_taken(decoder)
    decoder.wait_until(lambda: bool(_children_of(decoder.pid)), seconds=WAIT_SECONDS, what="a child")
    children = _children_of(decoder.pid)
    os.kill(decoder.pid, signal.SIGKILL)
    decoder.process.wait(timeout=5)
    deadline = time.monotonic() + 5
    while any(Path(f"/proc/{child}").exists() for child in children):
        assert time.monotonic() < deadline, "A child outlived its decoder."
        time.sleep(0.05)
    assert WaitingFile.objects.values_list("attempts", flat=True).get() == 1
    attachments.STORE.remove(attachment.pk)
    attachments.STORE.write(attachment.pk, document())
    with clock.stopped_at(clock.now() + waiting.SILENT_AFTER + timedelta(seconds=1)):
        assert decoding.work_once("the next one")
    assert Attachment.objects.get().drawn_at is not None


def test_asked_whether_one_lives_it_answers_by_its_exit_status(cast: Cast) -> None:
    command = [sys.executable, "-m", "filing_portal.decoder", "--is-alive"]

    def answer() -> int:
        return subprocess.run(command, env=portal_environment(), check=False, timeout=60).returncode

    assert answer() == 1
    decoding.say_alive(at=clock.now())
    assert answer() == 0


def _children_of(pid: int) -> list[int]:
    return [
        int(child)
        for path in Path(f"/proc/{pid}/task").glob("*/children")
        for child in path.read_text().split()
    ]
