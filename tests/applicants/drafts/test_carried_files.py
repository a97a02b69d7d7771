"""Files within an uploaded PDF do not reach the office: applicant and desk are told which, on pages and on paper."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils.translation import override

from applicants.models import Draft
from registry.documents.case_files import case_file
from registry.labels.files import carried_names
from registry.models import Application, Attachment
from tests.applicants.pages import Desk
from tests.builders import signed_documents as documents
from tests.builders.hiding_documents import invoice_within
from tests.builders.odd_documents import document
from tests.builders.register import Cast, materials_for
from tests.builders.signed_documents import certificate, signed
from tests.registry.documents.reading import words_of

SLOT = "product_introduction"
SAID = "该 PDF 内嵌的其他文件已被剔除，不随本文件提交至网信办：“发票.xml”。其中需要提交的，应当单独上传。"


@pytest.fixture
def materials(cast: Cast, db: None) -> dict[str, Any]:
    return materials_for(cast)


@pytest.fixture
def draft(desk: Desk, materials: dict[str, Any]) -> Draft:
    """Complete, its introduction a PDF with an invoice within."""
    draft = desk.start()
    desk.fill(draft, materials)
    desk.upload_all(draft)
    for entry in draft.materials["attachments"][SLOT]:
        desk.post("remove_file", draft.pk, entry["id"])
    assert desk.upload(draft, SLOT, content=document(invoice_within)).status_code == 302
    draft.refresh_from_db()
    return draft


def test_a_file_within_a_pdf_is_told_to_applicant_and_office_by_name(
    desk: Desk, draft: Draft, cast: Cast
) -> None:
    for page in (desk.get("attachments", draft.pk), desk.get("check", draft.pk)):
        said = page.content.decode()
        assert said.count("内嵌的其他文件已被剔除") == 1
        assert SAID in said
    assert desk.submit(draft).status_code == 302
    application = Application.objects.get()
    own = desk.client.get(reverse("applicants:application", args=[application.pk])).content.decode()
    assert SAID in own
    case = reverse("review:case", args=[application.pk])
    file = Attachment.objects.exclude(carried=None).get().pk
    shown = Desk.of(cast.provincial).client.get(case, {"file": str(file)}).content.decode()
    assert shown.count(SAID) == 2
    for for_office in (True, False):
        paper = "".join(words_of(case_file(application, for_office=for_office)).split())
        assert "该PDF内嵌的其他文件已被剔除，不随本文件提交：“发票.xml”。" in paper


def test_in_english_it_is_told_as_well(desk: Desk, draft: Draft) -> None:
    desk.client.cookies["django_language"] = "en"
    page = desk.get("attachments", draft.pk).content.decode()
    assert "do not reach the office: “发票.xml”. Any that matters has to be uploaded" in page


def test_what_has_no_name_or_is_one_of_many_is_told() -> None:
    carried = {"names": ["a.xml", ""], "count": 5}
    with override("en"):
        assert carried_names(carried) == "“a.xml”, a file without a name, 3 more"
    with override("zh-hans"):
        assert carried_names(carried) == "“a.xml”、未命名的文件、其他 3 个"
        assert carried_names({}) == ""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda content: content, "签署后未经改动"),
        (documents.with_page_altered, "签署后已被改动"),
        (documents.by_sm2, "无法读取该签名"),
    ],
)
def test_the_paper_of_a_case_says_who_signed_a_pdf_and_whether_it_was_changed_since(
    desk: Desk, draft: Draft, materials: dict[str, Any], change: Any, said: str
) -> None:
    name = materials["applicant"]["name"]
    content = change(signed(document(), by=certificate(name)))
    assert desk.upload(draft, SLOT, content=content).status_code == 302
    desk.submit(draft)
    application = Application.objects.get()
    own = desk.client.get(reverse("applicants:application", args=[application.pk])).content.decode()
    assert said in own
    for for_office in (True, False):
        paper = "".join(words_of(case_file(application, for_office=for_office)).split())
        assert said in paper
        assert (f"由{name}于" in paper) == (f"由{name}于" in own)
        assert ("未核验证书的颁发机构" in paper) == ("未核验证书的颁发机构" in own)
