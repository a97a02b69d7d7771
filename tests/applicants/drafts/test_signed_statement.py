"""The statement comes back as a signed PDF: what the pages say of it, what goes on and what does not."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from applicants.models import Draft
from registry.models import Application, Attachment
from registry.rules.particulars.materials import Materials
from tests.applicants.pages import Desk, as_form
from tests.builders import signed_documents as documents
from tests.builders.odd_documents import document
from tests.builders.register import Cast, materials_for
from tests.builders.signed_documents import certificate, signed

SLOT = "authenticity_statement"


@pytest.fixture
def materials(cast: Cast, db: None) -> dict[str, Any]:
    return materials_for(cast)


@pytest.fixture
def draft(desk: Desk, materials: Materials) -> Draft:
    """Complete but for the statement."""
    draft = desk.start()
    desk.fill(draft, materials)
    desk.upload_all(draft)
    for entry in draft.materials["attachments"][SLOT]:
        desk.post("remove_file", draft.pk, entry["id"])
    draft.refresh_from_db()
    return draft


def ours(desk: Desk, draft: Draft) -> bytes:
    """The statement as the applicant downloads it."""
    return desk.get("statement_pdf", draft.pk).content


def by_applicant(materials: Materials) -> documents.Certificate:
    return certificate(materials["applicant"]["name"])


def pages_of(desk: Desk, draft: Draft) -> tuple[str, str]:
    return (desk.get("statement", draft.pk).content.decode(), desk.get("check", draft.pk).content.decode())


def test_a_statement_signed_electronically_goes_to_the_office_without_paper(
    desk: Desk, draft: Draft, materials: Materials, cast: Cast
) -> None:
    content = signed(ours(desk, draft), by=by_applicant(materials))
    assert desk.upload(draft, SLOT, content=content).status_code == 302
    original = reverse("files:original", args=[Attachment.objects.exclude(original_sha256="").get().pk])
    said = f"由{materials['applicant']['name']}于"
    for page in pages_of(desk, draft):
        assert said in page
        assert "签署后未经改动" in page
        assert "未核验证书的颁发机构" in page
        assert original in page
    assert desk.submit(draft).status_code == 302
    case = reverse("review:case", args=[Application.objects.get().pk])
    row = Desk.of(cast.provincial).client.get(case).content.decode()
    beside = Desk.of(cast.provincial).client.get(case, {"file": original.split("/")[-3]}).content.decode()
    assert (row.count(said), beside.count(said)) == (1, 2)
    assert (row.count(original), beside.count(original)) == (1, 2)
    assert "已签署的 PDF 印有本备案信息的核对码" in row


def test_the_text_of_our_statement_is_found_by_its_check_code(
    desk: Desk, draft: Draft, materials: Materials
) -> None:
    desk.upload(draft, SLOT, content=signed(ours(desk, draft), by=by_applicant(materials)))
    draft.refresh_from_db()
    (entry,) = draft.materials["attachments"][SLOT]
    assert len(entry["signatures"]["codes"]) == 1


def test_one_changed_after_signing_is_an_error_in_words(
    desk: Desk, draft: Draft, materials: Materials
) -> None:
    content = documents.with_page_altered(signed(ours(desk, draft), by=by_applicant(materials)))
    desk.upload(draft, SLOT, content=content)
    statement, check = pages_of(desk, draft)
    assert "签署后已被改动" in statement
    assert "在签署后被改动。请移除该文件，重新签署承诺书" in statement
    assert 'name="declaration"' not in check
    assert desk.submit(draft).status_code == 409


def test_one_that_cannot_be_read_here_is_no_wall_and_is_asked_of_the_reviewer(
    desk: Desk, draft: Draft, materials: Materials, cast: Cast
) -> None:
    content = documents.by_sm2(signed(ours(desk, draft), by=by_applicant(materials)))
    desk.upload(draft, SLOT, content=content)
    for page in pages_of(desk, draft):
        assert "本系统无法读取该签名" in page
    assert desk.submit(draft, answers=False).status_code == 302
    case = Application.objects.get()
    page = Desk.of(cast.provincial).client.get(reverse("review:case", args=[case.pk])).content.decode()
    assert "本系统无法读取其电子签名，请核实" in page


def test_one_signed_by_somebody_else_is_asked_about_and_the_office_reads_question_and_answer(
    desk: Desk, draft: Draft, cast: Cast
) -> None:
    desk.upload(draft, SLOT, content=signed(ours(desk, draft), by=certificate("样例别人")))
    check = desk.get("check", draft.pk).content.decode()
    assert "承诺书的电子签名人为样例别人" in check
    assert 'name="declaration"' not in check
    assert desk.submit(draft, answers=True).status_code == 302
    case = reverse("review:case", args=[Application.objects.get().pk])
    page = Desk.of(cast.provincial).client.get(case).content.decode()
    assert "承诺书的电子签名人为样例别人" in page
    assert "样例答复" in page


def test_one_signed_before_what_it_prints_changed_has_to_be_signed_anew(
    desk: Desk, draft: Draft, materials: Materials
) -> None:
    former = signed(ours(desk, draft), by=by_applicant(materials))
    desk.save(draft, "service", {**as_form("service", materials), "service_name": "样例新名称"})
    desk.upload(draft, SLOT, content=former)
    statement, check = pages_of(desk, draft)
    assert "承诺书须重新签署" in statement
    assert "核对码：已签署的 PDF 上为" in statement
    assert 'name="declaration"' not in check
    desk.upload(draft, SLOT, content=signed(ours(desk, draft), by=by_applicant(materials)))
    assert 'name="declaration"' in desk.get("check", draft.pk).content.decode()
    draft.refresh_from_db()
    assert len(draft.materials["attachments"][SLOT]) == 1


def test_several_may_sign_one_after_the_other(desk: Desk, draft: Draft, materials: Materials) -> None:
    once = signed(ours(desk, draft), by=by_applicant(materials), field="Seal")
    person = materials["person_in_charge"]["name"]
    desk.upload(draft, SLOT, content=signed(once, by=certificate(person), field="Person"))
    statement, check = pages_of(desk, draft)
    assert f"由{person}于" in statement
    assert "此后仅填写了表单域或者追加了签名" in statement
    assert 'name="declaration"' in check


def test_any_other_slot_says_the_same_of_a_signed_file_and_asks_nothing(desk: Desk, draft: Draft) -> None:
    changed = documents.with_page_altered(signed(document(), by=certificate("样例别人")))
    desk.upload(draft, "product_introduction", content=changed)
    page = desk.get("attachments", draft.pk).content.decode()
    assert "签署后已被改动：样例别人于" in page
    assert "请移除该文件" not in page


def test_the_reviewer_is_warned_of_what_the_copy_lost_and_the_applicant_is_not(
    desk: Desk, draft: Draft, materials: Materials, cast: Cast
) -> None:
    acting = documents.with_script(ours(desk, draft))
    desk.upload(draft, SLOT, content=signed(acting, by=by_applicant(materials)))
    assert all("签名原件含有脚本" not in page for page in pages_of(desk, draft))
    assert desk.submit(draft).status_code == 302
    case = Application.objects.get()
    file_id = Attachment.objects.exclude(original_sha256="").get().pk
    client = Desk.of(cast.provincial).client
    page = client.get(reverse("review:case", args=[case.pk]), {"file": str(file_id)}).content.decode()
    assert "签名原件含有脚本" in page
