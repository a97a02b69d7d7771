"""Why a file was refused stays on its page until whoever sent it was shown it, or sends a file of the same name."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from applicants.drafts import store as drafts
from applicants.models import Draft
from registry import clock
from registry.models import Attachment
from registry.storage.attachments import SENT_TWICE_WITHIN
from tests.applicants.drafts.test_files_being_read import organisation, rows, shown
from tests.applicants.pages import Desk
from tests.builders.odd_documents import document
from tests.builders.odd_pictures import png, png_with_wrong_check_sum
from tests.client import ClientResponse
from tests.registry.files.test_pictures import decode_all

SEVERAL, ONE = "product_introduction", "business_licence"


def sound(name: str, *, width: int = 120) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, png((width, 80)), "image/png")


def damaged(name: str) -> SimpleUploadedFile:
    """Its first bytes are a picture's: only the decoder can know."""
    return SimpleUploadedFile(name, png_with_wrong_check_sum(), "image/png")


def send(
    desk: Desk,
    draft: Draft,
    *files: SimpleUploadedFile,
    slot: str = SEVERAL,
    seen: Sequence[str] = (),
) -> ClientResponse:
    """The form of a slot, as a browser sends it a while later; `seen` are the refused files that its page listed."""
    clock.set_for_tests(clock.now() + 2 * SENT_TWICE_WITHIN)
    return desk.post("upload", draft.pk, slot, data={"file": list(files), "seen": list(seen)})


def listed(desk: Desk, draft: Draft, slot: str = SEVERAL) -> list[str]:
    """The ids that the page hands to the form of this slot."""
    return re.findall(
        rf'<input type="hidden" name="seen" value="([^"]+)" form="send-{slot}">',
        shown(desk, draft, slot=slot),
    )


def names(desk: Desk, draft: Draft, slot: str = SEVERAL) -> list[str]:
    return rows(shown(desk, draft, slot=slot))


def test_of_many_files_sent_at_once_without_scripts_each_refusal_is_shown(desk: Desk) -> None:
    """The decoder may be done with one before the next is taken, as here."""
    draft = organisation(desk)
    files = [damaged("甲.png"), sound("乙.png"), damaged("丙.png"), sound("丁.png", width=130)]
    assert send(desk, draft, *files).status_code == 302
    found = names(desk, draft)
    assert (found[:2], sorted(found[2:])) == (["乙.png", "丁.png"], ["丙.png", "甲.png"])
    assert f'id="send-{SEVERAL}"' in shown(desk, draft, slot=SEVERAL)


@pytest.mark.usefixtures("files_wait")
def test_files_chosen_together_carry_what_stood_there_when_they_were_chosen(desk: Desk) -> None:
    """With scripts each is a request of its own; the page may list the refusal of the first before the last is sent."""
    draft = organisation(desk)
    chosen_with = listed(desk, draft)
    for file in (damaged("甲.png"), damaged("乙.png"), sound("丙.png")):
        assert send(desk, draft, file, seen=chosen_with).status_code == 302
        decode_all()
    assert names(desk, draft) == ["丙.png", "甲.png", "乙.png"]


def test_a_refusal_that_the_page_listed_goes_with_the_next_file_and_one_that_came_since_stays(
    desk: Desk,
) -> None:
    draft = organisation(desk)
    send(desk, draft, damaged("甲.png"))
    page = listed(desk, draft)
    assert len(page) == 1
    # Sent from another tab, whose page was opened before.
    send(desk, draft, damaged("乙.png"))
    assert names(desk, draft) == ["甲.png", "乙.png"]
    send(desk, draft, sound("丙.png"), seen=page)
    assert names(desk, draft) == ["丙.png", "乙.png"]


def test_an_answer_that_lists_the_refusal_has_shown_it_too(desk: Desk) -> None:
    draft = organisation(desk)
    send(desk, draft, damaged("甲.png"))
    word = SimpleUploadedFile("x.docx", b"PK\x03\x04word/")
    answer = send(desk, draft, word).content.decode()
    (seen,) = re.findall(r'name="seen" value="([^"]+)" form="send-product_introduction"', answer)
    assert names(desk, draft) == ["甲.png"]
    send(desk, draft, sound("乙.png"), seen=[seen])
    assert names(desk, draft) == ["乙.png"]


def test_a_file_of_the_same_name_takes_the_place_of_the_refused_one(desk: Desk) -> None:
    draft = organisation(desk)
    send(desk, draft, damaged("甲.png"), damaged("乙.png"))
    send(desk, draft, sound("甲.png"))
    assert names(desk, draft) == ["甲.png", "乙.png"]
    assert list(Attachment.objects.values_list("state", flat=True).order_by("state")) == ["clean", "refused"]


def test_a_refusal_in_another_place_stays(desk: Desk) -> None:
    draft = organisation(desk)
    send(desk, draft, damaged("甲.png"))
    page = listed(desk, draft)
    send(desk, draft, sound("甲.png"), slot=ONE, seen=page)
    assert (names(desk, draft), names(desk, draft, ONE)) == (["甲.png"], ["甲.png"])


def test_in_a_full_place_for_one_file_a_refused_replacement_stays_until_it_was_seen(desk: Desk) -> None:
    draft = organisation(desk)
    send(desk, draft, sound("原.png"), slot=ONE)
    send(desk, draft, damaged("甲.png"), slot=ONE)
    assert names(desk, draft, ONE) == ["原.png", "甲.png"]
    page = listed(desk, draft, ONE)
    send(desk, draft, sound("乙.png", width=140), slot=ONE)
    assert names(desk, draft, ONE) == ["乙.png", "甲.png"]
    send(desk, draft, sound("丙.png", width=150), slot=ONE, seen=page)
    assert names(desk, draft, ONE) == ["丙.png"]


def test_a_file_that_is_turned_away_at_the_door_leaves_the_refusals(desk: Desk) -> None:
    draft = organisation(desk)
    send(desk, draft, damaged("甲.png"))
    page = listed(desk, draft)
    assert send(desk, draft, SimpleUploadedFile("甲.png", b"nothing"), seen=page).status_code == 400
    assert names(desk, draft) == ["甲.png"]


def test_an_answer_with_an_error_lists_each_refused_file_once(desk: Desk) -> None:
    draft = organisation(desk)
    send(desk, draft, damaged("甲.png"))
    answer = send(desk, draft, SimpleUploadedFile("x.docx", b"PK\x03\x04word/"))
    assert (answer.status_code, rows(answer.content.decode())) == (400, ["甲.png"])


def test_who_did_not_send_a_refused_file_takes_it_from_nobody(desk: Desk) -> None:
    draft = organisation(desk)
    send(desk, draft, damaged("甲.png"))
    (refused,) = Attachment.objects.all()
    Attachment.objects.filter(pk=refused.pk).update(uploaded_by=None)
    drafts.attach_file(
        draft.pk,
        f"attachments.{SEVERAL}",
        file=sound("乙.png"),
        account=desk.account,
        seen=[refused.pk],
        at=clock.now(),
    )
    assert names(desk, draft) == ["乙.png", "甲.png"]


def test_what_a_form_says_was_seen_is_heeded_for_refused_files_of_its_place_alone(desk: Desk) -> None:
    draft = organisation(desk)
    send(desk, draft, sound("甲.png"))
    other = organisation(desk)
    send(desk, other, damaged("乙.png"))
    seen = [str(each.pk) for each in Attachment.objects.all()] + [str(uuid.uuid4()), "nonsense", ""]
    assert send(desk, draft, sound("丙.png", width=140), seen=seen).status_code == 302
    assert (names(desk, draft), names(desk, other)) == (["甲.png", "丙.png"], ["乙.png"])


def test_of_refusals_that_nobody_looks_at_the_newest_stay(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "MOST_UNSEEN", 3)
    draft = organisation(desk)
    for number in range(5):
        send(desk, draft, damaged(f"{number}.png"))
    assert names(desk, draft) == ["1.png", "2.png", "3.png", "4.png"]
    send(desk, draft, SimpleUploadedFile("x.pdf", document(), "application/pdf"))
    assert names(desk, draft) == ["x.pdf", "2.png", "3.png", "4.png"]
