"""A phone of 390 pixels and a finger: the licence is a photograph of 48 megapixels, as the phone keeps it (HEIC)."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import Any

import pillow_heif
import pytest
from PIL import Image
from playwright.sync_api import expect

from registry import clock
from registry.models import Account, Attachment
from registry.rules.workflow.states import Role
from registry.sample.scans import draw, sheets_for
from registry.storage import attachments
from tests.journeys.answers import plain_organisation
from tests.journeys.conftest import OpenBrowser
from tests.journeys.drafting import answered_draft, member
from tests.journeys.people import PASSWORD, STATEMENT, ApplicantMember
from tests.journeys.whole_way import number_from_the_offices, sign_and_submit, sign_up_and_fill_in
from tests.services.portal import WebProcess

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("decoder")]

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 3,
    "is_mobile": True,
    "has_touch": True,
}
# 48.8 megapixels.
WIDTH, HEIGHT = 8_064, 6_048
LICENCE = "business_licence"


@cache
def photograph(picture: bytes) -> bytes:
    """The picture of a sheet as a phone would keep it: large, in HEIC, and turned by a tag."""
    pillow_heif.register_heif_opener()
    sheet = Image.open(io.BytesIO(picture)).convert("RGB").resize((WIDTH, HEIGHT), Image.Resampling.NEAREST)
    written = io.BytesIO()
    sheet.save(written, "HEIF", quality=40, enc_params={"preset": "ultrafast"})
    return written.getvalue()


def test_a_company_files_from_a_phone_first_to_a_number(
    live_portal: WebProcess, open_browser: OpenBrowser, officers: dict[Role, Account], outbox: Path
) -> None:
    home, materials = live_portal.url, plain_organisation(today=clock.today())
    applicant = ApplicantMember(open_browser(home, **PHONE).new_page(), home)
    page = applicant.page
    sign_up_and_fill_in(applicant, materials, outbox)
    _fits(applicant)
    applicant.upload_all(materials, but={STATEMENT, LICENCE})
    picture = draw(sheets_for(materials)[LICENCE])
    applicant.upload(LICENCE, "IMG_0042.HEIC", "image/heic", photograph(picture))
    expect(page.locator(f"#files-{LICENCE}")).to_contain_text("IMG_0042")
    _fits(applicant)
    application = sign_and_submit(applicant)
    _fits(applicant)

    kept = Attachment.objects.get(slot=LICENCE)
    assert (kept.state, kept.page_count) == (Attachment.State.CLEAN, 1)
    drawn = Image.open(io.BytesIO(attachments.open_bytes(kept)))
    assert drawn.width / drawn.height == pytest.approx(WIDTH / HEIGHT, rel=0.01)
    number = number_from_the_offices(open_browser, home, officers, application)
    page.reload()
    expect(page.locator(".number-panel__number")).to_have_text(number)
    _fits(applicant)


@pytest.mark.parametrize("kind", ["jpeg", "webp"])
def test_a_large_photograph_is_made_smaller_before_it_is_sent(
    live_portal: WebProcess, open_browser: OpenBrowser, kind: str
) -> None:
    account = member("photograph@example.com", password=PASSWORD)
    draft = answered_draft(account, plain_organisation(today=clock.today()))
    applicant = ApplicantMember(open_browser(live_portal.url, **PHONE).new_page(), live_portal.url)
    applicant.sign_in("photograph@example.com")
    applicant.open(f"/applicant/drafts/{draft.pk}/attachments/")
    written = io.BytesIO()
    noise = Image.effect_noise((WIDTH // 8, HEIGHT // 8), 60).convert("RGB")
    options = {"quality": 80} if kind == "jpeg" else {"quality": 70, "method": 0}
    noise.resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR).save(written, kind, **options)
    content = written.getvalue()
    assert 3_000_000 < len(content) < 10_000_000
    applicant.upload(LICENCE, f"photograph.{kind}", f"image/{kind}", content)
    kept = Attachment.objects.get(slot=LICENCE)
    assert (kept.state, kept.content_type) == (Attachment.State.CLEAN, "image/jpeg")
    drawn = Image.open(io.BytesIO(attachments.open_bytes(kept)))
    assert drawn.width * drawn.height == pytest.approx(16e6, rel=0.01)


def _fits(applicant: ApplicantMember) -> None:
    """Nothing has to be pushed aside to be read."""
    width = applicant.page.evaluate("() => document.documentElement.scrollWidth")
    assert width <= PHONE["viewport"]["width"]
