"""One file takes so much of the decoder and no more, however many pages it has, and others are read in their turn."""

from __future__ import annotations

import html
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override
from pytest_django.fixtures import Settings

from registry import clock
from registry.errors import AttachmentRefused
from registry.files import decoding
from registry.labels.files import refusal_message
from registry.models import Account, Attachment, WaitingFile
from registry.rules.workflow.states import Role
from registry.storage import attachments, pictures, waiting
from registry.storage.checks import sandbox
from registry.storage.checks.limits import DRAWING_CPU_SECONDS
from tests.applicants.drafts.test_files_being_read import organisation
from tests.applicants.pages import Desk
from tests.builders.heavy_documents import slow_pages
from tests.builders.odd_documents import document
from tests.builders.register import MORNING, Cast
from tests.registry.files.test_pictures import decode_all, received

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files_wait")]

PDF = "application/pdf"
SLOT = "product_introduction"
# A correct picture of a page, large and small.
PAGE = (b"\x89PNG\r\n\x1a\n", b"\x89PNG\r\n\x1a\n")


def sent(account: Account, *, name: str = "样例.pdf", pages: int = 1, sender: str = "") -> Attachment:
    """A file that waits; each comes a second after the one before."""
    clock.set_for_tests(clock.now() + timedelta(seconds=1))
    return attachments.quarantine(
        draft_id=uuid.uuid4(),
        slot=SLOT,
        uploaded_by=account,
        file=SimpleUploadedFile(name, document(pages=pages)),
        sender=sender,
        at=clock.now(),
    )


def one_page_a_child(monkeypatch: pytest.MonkeyPatch, *, cpu_seconds: float) -> list[int]:
    """Children that draw one page each and say that it took so long; gives the pages as they are drawn."""
    drawn: list[int] = []

    def draw_pages(
        _content: bytes, _content_type: str, *, pages: tuple[int, int], widths: tuple[int, int]
    ) -> sandbox.DrawnPages:
        drawn.append(pages[0])
        return sandbox.DrawnPages((PAGE,), None, cpu_seconds)

    monkeypatch.setattr(sandbox, "draw_pages", draw_pages)
    return drawn


def test_a_file_of_many_slow_pages_is_refused_with_words_and_those_of_others_go_on(
    cast: Cast, settings: Settings
) -> None:
    """Each of its pages would be drawn, as the first ones are."""
    settings.DECODER_FILE_CPU_SECONDS = 2
    desk = Desk.of(cast.member)
    draft = organisation(desk)
    content = slow_pages(6_000, pages=30)
    assert desk.upload(draft, SLOT, content=content).status_code == 302
    other = sent(cast.stranger)
    drawn = sandbox.draw_pages(content, PDF, pages=(1, 30), widths=(2000, 96))
    assert (drawn.refusal, 1 <= len(drawn.pictures) < 30, drawn.cpu_seconds > 2) == (None, True, True)
    assert decode_all() == 2
    slow = Attachment.objects.exclude(pk=other.pk).get()
    other.refresh_from_db()
    assert (slow.state, slow.refusal_code, other.state) == ("refused", "file_takes_too_long", "clean")
    page = html.unescape(desk.get("attachments", draft.pk).content.decode())
    assert ("绘制耗时过长" in page, "/again/" in page) == (True, False)
    assert not WaitingFile.objects.exists()


def test_the_processor_time_of_all_pages_together_is_limited(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.DECODER_FILE_CPU_SECONDS = 100
    drawn = one_page_a_child(monkeypatch, cpu_seconds=14)
    file = sent(cast.member, pages=40)
    decode_all()
    file.refresh_from_db()
    # Seven pages are 98 seconds, eight 112: the ninth is not begun.
    assert (drawn, file.refusal_code) == ([1, 2, 3, 4, 5, 6, 7, 8], "file_takes_too_long")
    assert pictures.read(file.pk, 1, pictures.Size.SMALL) in (None, PAGE[1])


def test_a_file_that_takes_no_more_than_it_may_is_checked(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.DECODER_FILE_CPU_SECONDS = 100
    drawn = one_page_a_child(monkeypatch, cpu_seconds=49)
    file = sent(cast.member, pages=3)
    decode_all()
    file.refresh_from_db()
    # The third is begun with 98 seconds spent.
    assert (drawn, file.state) == ([1, 2, 3], "clean")


def test_a_file_that_is_at_work_too_long_is_refused_and_may_be_tried_again(
    cast: Cast, settings: Settings
) -> None:
    desk = Desk.of(cast.member)
    draft = organisation(desk)
    desk.upload(draft, SLOT, content=document(pages=2))
    with override("en"):
        settings.DECODER_FILE_WALL_SECONDS = 0
        assert decode_all() == 1
        refused = Attachment.objects.get()
        assert refused.refusal_code == "reading_took_too_long"
        assert "Try again in a few minutes" in refusal_message(refused.refusal)
    assert "/again/" in desk.get("attachments", draft.pk).content.decode()
    settings.DECODER_FILE_WALL_SECONDS = 600
    assert desk.post("try_file_again", draft.pk, refused.pk).status_code == 302
    assert decode_all() == 1
    refused.refresh_from_db()
    assert refused.state == "clean"


def test_a_checked_file_whose_pages_take_longer_goes_on_in_its_next_turn(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    """One that an earlier version accepted, or a restored copy without pictures: its pages are not given up."""
    settings.DECODER_FILE_CPU_SECONDS = 20
    attachment = received(cast, document(pages=5, change=lambda pdf: setattr(pdf.Root, "Lang", "zh")))
    drawn = one_page_a_child(monkeypatch, cpu_seconds=14)
    waiting.ask([attachment.pk], urgency=WaitingFile.Urgency.VIEWED, at=MORNING)
    other = received(cast, document(pages=1, change=lambda pdf: setattr(pdf.Root, "Lang", "en")))
    clock.set_for_tests(MORNING + timedelta(minutes=1))
    assert decoding.work_once("test")
    waiting.ask([other.pk], urgency=WaitingFile.Urgency.VIEWED, at=MORNING + timedelta(seconds=30))
    row = WaitingFile.objects.get(pk=attachment.pk)
    assert (drawn, row.taken_by, row.attempts) == ([1, 2], "", 0)
    assert decoding.work_once("test")
    assert list(WaitingFile.objects.values_list("pk", flat=True)) == [attachment.pk]
    decode_all()
    assert drawn == [1, 2, 1, 3, 4, 5]
    attachment.refresh_from_db()
    assert (attachment.state, attachment.drawn_at is not None) == ("clean", True)


def test_a_child_says_what_it_took_and_one_that_was_ended_took_all_it_may(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = sandbox.draw_pages(document(pages=3), PDF, pages=(1, 3), widths=(300, 96))
    assert (len(real.pictures), 0 < real.cpu_seconds < DRAWING_CPU_SECONDS) == (3, True)
    ended = AttachmentRefused("file_too_complex")
    first = b'{"sizes": [1, 1], "cpu_seconds": 2.5}\nab'
    monkeypatch.setattr(sandbox, "_answer", lambda *_, **__: (first, ended))
    killed = sandbox.draw_pages(b"x" * 70_000, PDF, pages=(1, 3), widths=(300, 96))
    assert (killed.pictures, killed.refusal, killed.cpu_seconds) == (
        ((b"a", b"b"),),
        ended,
        DRAWING_CPU_SECONDS,
    )


# ---------------------------------------------------------------- whose turn it is


def order_taken() -> list[str]:
    """The names of the files as one decoder takes them, each done before the next."""
    taken = []
    clock.set_for_tests(clock.now() + timedelta(seconds=1))
    while (row := waiting.take("test")) is not None:
        clock.set_for_tests(clock.now() + timedelta(seconds=30))
        taken.append(Attachment.objects.get(pk=row.pk).name)
        waiting.finish(row)
    return taken


def test_who_sends_many_files_is_read_in_turn_with_others(cast: Cast) -> None:
    for number in range(1, 5):
        sent(cast.member, name=f"甲{number}.pdf")
    sent(cast.stranger, name="乙1.pdf")
    sent(cast.stranger, name="乙2.pdf")
    assert order_taken() == ["甲1.pdf", "乙1.pdf", "甲2.pdf", "乙2.pdf", "甲3.pdf", "甲4.pdf"]


def test_who_comes_while_two_others_have_sent_many_waits_for_one_file_of_each(cast: Cast) -> None:
    first, second = (cast.get(f"样例{name}", Role.APPLICANT) for name in ("张", "李"))
    for account, mark in ((first, "甲"), (second, "乙")):
        for number in range(1, 4):
            sent(account, name=f"{mark}{number}.pdf")
    rows = []
    for number in (1, 2):
        rows.append(waiting.take(f"decoder-{number}"))
        clock.set_for_tests(clock.now() + timedelta(seconds=1))
    assert [Attachment.objects.get(pk=row.pk).name for row in rows if row is not None] == [
        "甲1.pdf",
        "乙1.pdf",
    ]
    for row in rows:
        assert row is not None
        waiting.finish(row)
    sent(cast.stranger, name="丙.pdf")
    assert order_taken() == ["甲2.pdf", "乙2.pdf", "丙.pdf", "甲3.pdf", "乙3.pdf"]


def test_accounts_of_one_address_take_their_turn_together(cast: Cast) -> None:
    for number in range(1, 4):
        account = cast.get(f"样例同址{number}", Role.APPLICANT)
        sent(account, name=f"同址{number}.pdf", sender="192.0.2.1")
    sent(cast.stranger, name="别处.pdf", sender="192.0.2.2")
    assert order_taken() == ["同址1.pdf", "别处.pdf", "同址2.pdf", "同址3.pdf"]


def test_files_of_nobody_known_wait_in_the_order_they_came(cast: Cast) -> None:
    files = [sent(cast.member, name=f"{number}.pdf") for number in range(3)]
    Attachment.objects.update(uploaded_by=None)
    assert order_taken() == [each.name for each in files]
