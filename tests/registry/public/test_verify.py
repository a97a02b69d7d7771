"""The verify page and the badges of filing numbers."""

from __future__ import annotations

import io
from datetime import timedelta
from http import HTTPStatus
from xml.etree import ElementTree

import pytest
import zxingcpp
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from registry import clock
from registry.documents import issuing
from registry.documents.badges import badge_png, badge_svg, snippet
from registry.documents.certificates import certificate_of
from registry.models import Filing, IssuedDocument
from registry.public import verify
from registry.publication.addresses import record_url
from registry.publication.verification import certificate_with
from registry.rules.workflow.states import Standing
from registry.tasks import sweep_documents
from tests.builders import register as build
from tests.builders import striking_off
from tests.builders.register import MORNING, Cast

pytestmark = pytest.mark.django_db

NUMBER = "京网信备11010126000000010015号"


@pytest.fixture
def certified(cast: Cast) -> tuple[Filing, bytes]:
    """A filing in force and the bytes of its certificate."""
    filing = build.filing_of(build.in_force(cast))
    return filing, issuing.bytes_of(certificate_of(filing.pk))


def _ask(client: Client, content: bytes, *, language: str = "en") -> str:
    file = SimpleUploadedFile("certificate.pdf", content, "application/pdf")
    answer = client.post("/verify/", {"file": file}, headers={"accept-language": language})
    assert answer.status_code == HTTPStatus.OK
    return answer.content.decode()


def test_the_certificate_as_issued_is_genuine_and_shows_its_record(
    certified: tuple[Filing, bytes], client: Client
) -> None:
    filing, content = certified
    page = _ask(client, content)
    assert "genuine and current" in page
    assert f'<a class="filing-number" href="{reverse("public:filing", args=[filing.number])}">' in page
    assert filing.service_name in page


@pytest.mark.parametrize("how", ["one_byte", "cut_off", "something_else"])
def test_an_altered_file_was_not_issued(certified: tuple[Filing, bytes], client: Client, how: str) -> None:
    content = certified[1]
    middle = len(content) // 2
    altered = {
        "one_byte": content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :],
        "cut_off": content[:-1],
        "something_else": b"%PDF-1.7 sample",
    }[how]
    assert "did not issue this file" in _ask(client, altered)


def test_after_a_change_the_certificate_is_superseded_and_its_successor_current(
    cast: Cast, certified: tuple[Filing, bytes], client: Client
) -> None:
    filing, content = certified
    change = build.change_applicant(
        cast, filing.applicant, {"applicant.name": "样例新名有限公司"}, at=MORNING + timedelta(days=1)
    )
    build.approve(cast, change, at=MORNING + timedelta(days=2))
    assert "superseded" in _ask(client, content)
    assert "genuine and current" in _ask(client, issuing.bytes_of(certificate_of(filing.pk)))


def test_after_the_end_the_certificate_is_of_a_filing_no_longer_in_force(
    certified: tuple[Filing, bytes], client: Client
) -> None:
    filing, content = certified
    Filing.objects.filter(pk=filing.pk).update(standing=Standing.CANCELLED.value)
    assert "no longer in force" in _ask(client, content)


def test_the_certificate_of_a_filing_struck_off_says_so(
    cast: Cast, certified: tuple[Filing, bytes], client: Client
) -> None:
    filing, content = certified
    striking_off.struck_off(cast, filing)
    answer = _ask(client, content)
    for said in ("no longer in force", "Revoked", "its materials were false"):
        assert said in answer


def test_another_document_is_no_certificate(cast: Cast) -> None:
    build.in_force(cast)
    with clock.stopped_at(MORNING + timedelta(days=1)):
        sweep_documents()
    digests = IssuedDocument.objects.values_list("sha256", flat=True)
    assert digests
    assert [certificate_with(each) for each in digests] == [None] * len(digests)


@pytest.mark.parametrize(
    ("file", "said"),
    [(None, "Choose the PDF file"), (SimpleUploadedFile("x.pdf", b""), "The file is empty")],
)
def test_without_a_file_the_page_says_what_to_do(
    client: Client, file: SimpleUploadedFile | None, said: str
) -> None:
    answer = client.post(
        "/verify/", {} if file is None else {"file": file}, headers={"accept-language": "en"}
    )
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert said in answer.content.decode()


def test_a_file_that_is_too_large_is_refused(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "MAX_FILE_BYTES", 3)
    file = SimpleUploadedFile("x.pdf", b"1234")
    answer = client.post("/verify/", {"file": file}, headers={"accept-language": "en"})
    assert "more than 10 MB" in answer.content.decode()


def test_the_badge_leads_to_the_record(certified: tuple[Filing, bytes], client: Client) -> None:
    number = str(certified[0].number)
    answer = client.get(f"/filings/{number}/badge.png")
    assert answer.headers["Content-Type"] == "image/png"
    (read,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(answer.content)))
    assert read.text == record_url(number)
    vector = client.get(f"/filings/{number}/badge.svg")
    assert number in "".join(ElementTree.fromstring(vector.content).itertext())
    assert client.get(f"/filings/{number}/badge.gif").status_code == HTTPStatus.NOT_FOUND
    assert client.get(f"/filings/{NUMBER}/badge.svg").status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("standing", [Standing.IN_FORCE, Standing.CANCELLED, Standing.STRUCK_OFF])
def test_the_badge_says_how_the_filing_stands(standing: Standing) -> None:
    text = "".join(ElementTree.fromstring(badge_svg(NUMBER, standing)).itertext())
    assert {"已备案": Standing.IN_FORCE, "已注销": Standing.CANCELLED, "已撤销": Standing.STRUCK_OFF}[
        next(word for word in ("已备案", "已注销", "已撤销") if word in text)
    ] is standing
    with Image.open(io.BytesIO(badge_png(NUMBER, standing))) as picture:
        assert picture.size == (760, 192)


def test_the_snippet_is_html_that_links_to_the_record() -> None:
    root = ElementTree.fromstring(snippet(NUMBER, "https://portal.example.cn/a.svg?x=1&y=2"))
    assert root.get("href") == record_url(NUMBER)
    image = root.find("img")
    assert image is not None
    assert image.get("src") == "https://portal.example.cn/a.svg?x=1&y=2"
    assert NUMBER in (image.get("alt") or "")
