"""Files of a draft: replaced where they stand, and said to be the same where they are."""

from __future__ import annotations

import html
import io

from django.urls import reverse
from PIL import Image

from applicants.models import Draft
from registry import clock
from registry.models import Attachment
from registry.storage.attachments import SENT_TWICE_WITHIN
from tests.applicants.pages import Desk, error_texts
from tests.builders.register import MORNING

SLOT = "business_licence"
ORGANISATION = {"nature": "organisation", "organisation_type": "enterprise"}


def picture(colour: str) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(written, "PNG")
    return written.getvalue()


def names(draft: Draft, slot: str = SLOT) -> list[str]:
    draft.refresh_from_db()
    return [entry["sha256"] for entry in draft.materials["attachments"].get(slot, [])]


def organisation(desk: Desk) -> Draft:
    draft = desk.start()
    desk.save(draft, "applicant", ORGANISATION)
    return draft


def shown(desk: Desk, draft: Draft) -> str:
    return html.unescape(desk.get("attachments", draft.pk).content.decode())


def test_in_a_slot_for_one_file_a_new_one_takes_the_place_of_the_present_one(desk: Desk) -> None:
    draft = organisation(desk)
    desk.upload(draft, SLOT, content=picture("white"))
    before = names(draft)

    answer = desk.upload(draft, SLOT, content=picture("red"))

    assert answer.status_code == 302
    assert (len(before), len(names(draft)), names(draft) != before) == (1, 1, True)
    assert Attachment.objects.filter(draft_id=draft.pk, slot=SLOT).count() == 1


def test_a_file_that_is_refused_does_not_cost_the_present_one(desk: Desk) -> None:
    draft = organisation(desk)
    desk.upload(draft, SLOT, content=picture("white"))
    before = names(draft)

    answer = desk.upload(draft, SLOT, content=b"PK\x03\x04" + b"\0" * 60)

    assert answer.status_code == 400
    assert len(error_texts(answer.content.decode())) == 1
    assert names(draft) == before


def test_a_full_slot_for_one_file_offers_to_replace_it(desk: Desk) -> None:
    draft = organisation(desk)
    action = f'action="{reverse("applicants:upload", args=[draft.pk, SLOT])}"'
    empty = shown(desk, draft)
    desk.upload(draft, SLOT, content=picture("white"))
    full = shown(desk, draft)
    assert (action in empty, action in full) == (True, True)


def test_a_full_slot_for_several_files_says_so_at_the_slot(desk: Desk) -> None:
    draft = desk.start()
    for shade in range(5):
        clock.set_for_tests(MORNING + shade * SENT_TWICE_WITHIN)
        assert (
            desk.upload(draft, "product_introduction", content=picture(f"rgb({shade},0,0)")).status_code
            == 302
        )

    answer = desk.upload(draft, "product_introduction", content=picture("white"))

    assert answer.status_code == 400
    page = answer.content.decode()
    section = page[page.index('id="slot-product_introduction"') :]
    section = section[: section.index("</section>")]
    assert len(error_texts(section)) == 1
    assert len(names(draft, "product_introduction")) == 5


def test_the_same_file_twice_is_said_at_the_second(desk: Desk) -> None:
    draft = organisation(desk)
    desk.upload(draft, "product_introduction", content=picture("red"))
    desk.upload(draft, "product_introduction", content=picture("white"))
    once = shown(desk, draft)
    clock.set_for_tests(MORNING + 3 * SENT_TWICE_WITHIN)
    desk.upload(draft, "product_introduction", content=picture("red"))
    desk.upload(draft, SLOT, content=picture("white"))
    twice = shown(desk, draft)
    assert (once.count("file-row__note"), twice.count("file-row__note")) == (0, 2)
