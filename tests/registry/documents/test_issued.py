"""Issued documents: they say what was entered and decided, once from each event, and are kept as they were."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from registry.book import numbering
from registry.calendar.current import current_calendar
from registry.calendar.explanations import explain_deadline
from registry.documents import certificates, issuing, papers, receipts
from registry.documents.case_files import office_case, own_case
from registry.documents.printing import LANGUAGE
from registry.errors import NotFound, StorageFull
from registry.integrity.register import verify_register
from registry.jobs.runs import record_failure
from registry.models import IssuedDocument, JobFailure
from registry.presentation.materials import REVEAL_EVERYTHING, sections_of
from registry.rules.days.deadlines import decision_due
from registry.rules.particulars.materials import value_of
from registry.rules.provisions import DISCLAIMER
from registry.rules.workflow.states import Act, Kind
from registry.sample import walk
from registry.sample.walk import SAMPLE_REASON, SampleCase
from registry.storage.encrypted_files import storage_name
from registry.tasks import sweep_documents
from tests.builders import register as build
from tests.builders.register import MORNING, Cast
from tests.registry.documents.reading import nature_of, qr_of, squeezed, words_of

pytestmark = pytest.mark.django_db

RARE = "𠮷镕喆㛃"
KINDS = IssuedDocument.Kind
SHIPPED = {"Document-Sans", "Document-Sans-Bold", "Document-Rare"}
OFFICIAL = {"Noto-Serif-CJK-SC", "Noto-Serif-CJK-SC-Bold"}


def with_rare_names(cast: Cast, *, seed: int = 21) -> dict[str, Any]:
    materials = build.materials_for(cast, seed=seed)
    materials["applicant"]["name"] = f"样例{RARE}科技有限公司"
    materials["person_in_charge"]["name"] = RARE
    materials["service"]["service_name"] = f"样例{RARE}平台"
    return materials


def decided(cast: Cast, materials: dict[str, Any]) -> SampleCase:
    case = walk.submit(materials, member=cast.member, at=MORNING)
    build.forward(cast, case, at=MORNING + timedelta(hours=1))
    walk.act(case, Act.APPROVE, by=cast.national, at=MORNING + timedelta(hours=2), text="样例")
    numbering.issue_number(build.filing_of(case).pk, at=MORNING + timedelta(hours=3))
    return case


def swept() -> list[IssuedDocument]:
    sweep_documents()
    return list(IssuedDocument.objects.order_by("event__sequence", "kind"))


def words_without(document: IssuedDocument, *parts: str) -> list[str]:
    words = words_of(document)
    return [part for part in parts if squeezed(part) not in words]


def test_what_was_entered_stands_in_every_document_rare_characters_included(cast: Cast) -> None:
    materials = with_rare_names(cast)
    case = decided(cast, materials)
    number = str(build.filing_of(case).number)
    receipt, decision = swept()
    certificate = certificates.certificate_of(build.filing_of(case).pk)
    whole, masked = own_case(case.application), office_case(case.application)
    assert [each.kind for each in (receipt, decision)] == [KINDS.RECEIPT, KINDS.DECISION]
    names = (materials["applicant"]["name"], materials["service"]["service_name"])
    for document, further in (
        (receipt, (case.application.receipt_number,)),
        (decision, (number, "予以备案")),
        (certificate, (number,)),
        (whole, (number, RARE)),
        (masked, (number, RARE)),
    ):
        assert words_without(document, *names, *further) == []
        assert words_of(document).count(squeezed(DISCLAIMER)) == 1
        language, is_tagged, is_accessible, fonts = nature_of(issuing.bytes_of(document))
        assert (language, is_tagged, is_accessible) == ("zh-CN", True, True)
        is_official = document.kind in (KINDS.RECEIPT, KINDS.DECISION)
        # What goes out in the office's name is set in the faces of official papers, with the shipped ones behind them.
        assert fonts <= SHIPPED | OFFICIAL if is_official else fonts == SHIPPED
    with override(LANGUAGE):
        rows = [row for each in sections_of(materials, reveal=REVEAL_EVERYTHING) for row in each.rows]
    entered = [each for row in rows if not row.files for each in (row.values or [row.value]) if each]
    assert words_without(whole, *entered) == []
    mobile = value_of(materials, "person_in_charge.mobile").removeprefix("+86")
    assert (mobile in words_of(whole), mobile in words_of(masked)) == (True, False)


def test_the_receipt_says_by_when_it_is_decided_and_why_as_the_pages_do(cast: Cast) -> None:
    case = build.submitted(cast, seed=22)
    (receipt,) = swept()
    due = decision_due(case.application.received_on, current_calendar())
    with override(LANGUAGE):
        explanation = explain_deadline(due, current_calendar())
    files = case.application.revisions.get().files.select_related("attachment")
    digests = [receipts.digest_shown(file.attachment.sha256) for file in files]
    assert (
        words_without(receipt, explanation.text, due.due_on.isoformat(), "北京市互联网信息办公室", *digests)
        == []
    )


def test_a_joint_submission_has_one_receipt_that_lists_every_service(cast: Cast) -> None:
    together = uuid.uuid4()
    cases = []
    for name in ("样例甲平台", "样例乙平台", "样例丙平台"):
        materials = build.materials_for(cast, seed=23)
        materials["service"]["service_name"] = name
        cases.append(walk.submit(materials, member=cast.member, at=MORNING, together_id=together))
    (receipt,) = swept()
    numbers = [case.application.receipt_number for case in cases]
    assert words_without(receipt, *numbers, "样例甲平台", "样例乙平台", "样例丙平台", "各项服务共用") == []
    events = [case.application.events.get(act=Act.SUBMIT.value) for case in cases]
    assert {papers.issue_paper(event.pk) for event in events} == {receipt}


def test_a_rejection_names_each_reason_its_article_what_to_do_and_the_remedies(cast: Cast) -> None:
    build.rejected(cast, seed=24)
    _receipt, notice = swept()
    assert (
        words_without(
            notice,
            "不予备案通知书",
            "服务简介",
            "第十一条",
            str(SAMPLE_REASON["remedy"]),
            "六十日内依法申请行政复议",
            "六个月内依法向人民法院提起行政诉讼",
            "2026年4月14日",
        )
        == []
    )


def test_a_change_states_what_differs_and_a_confirmed_rejection_has_the_proposals_reasons(
    cast: Cast,
) -> None:
    first = build.in_force(cast, seed=25)
    later = MORNING + timedelta(days=1)
    materials = build.materials_for(cast, seed=25, at=MORNING)
    materials["service"]["service_name"] = "样例改名平台"
    details = {"changes": [{"key": "service.service_name", "changed_on": "2026-03-02"}]}
    change = walk.submit(
        materials,
        member=cast.member,
        at=later,
        kind=Kind.CHANGE,
        filing_id=first.application.filing_id,
        details=details,
    )
    reasons = [dict(SAMPLE_REASON)]
    walk.act(change, Act.PROPOSE_REJECTION, by=cast.provincial, at=later, reasons=reasons, text="内部意见")
    walk.act(change, Act.CONFIRM, by=cast.provincial_second, at=later)
    notice = swept()[-1]
    assert words_without(notice, "北京市互联网信息办公室", "服务简介", "变更") == []
    assert words_without(notice, "内部意见") == ["内部意见"]
    assert notice.application_id == change.application_id


def test_the_qr_code_leads_to_the_record_page(cast: Cast) -> None:
    case = build.in_force(cast, seed=26)
    document = certificates.certificate_of(build.filing_of(case).pk)
    (address,) = qr_of(issuing.bytes_of(document))
    assert address.startswith("http://testserver/")
    response = Client().get(urlsplit(address).path)
    assert response.status_code == 200
    assert case.application.service_name in response.content.decode()


def test_there_is_no_certificate_of_what_is_not_in_force(cast: Cast) -> None:
    case = build.approved(cast, seed=27)
    with pytest.raises(NotFound):
        certificates.certificate_of(build.filing_of(case).pk)


def test_the_same_event_asked_twice_gives_the_same_bytes(cast: Cast) -> None:
    case = build.submitted(cast, seed=28)
    (receipt,) = swept()
    again = papers.issue_paper(receipt.event_id)
    assert (again, issuing.bytes_of(again)) == (receipt, issuing.bytes_of(receipt))
    assert own_case(case.application) == own_case(case.application)
    assert sweep_documents() == 0


def test_a_character_without_a_glyph_prints_as_its_code_point_and_fails_no_paper(cast: Cast) -> None:
    materials = build.materials_for(cast, seed=29)
    materials["service"]["service_name"] = "样例\U00030000平台"
    case = walk.submit(materials, member=cast.member, at=MORNING)
    (receipt,) = swept()
    assert "样例〔U+30000〕平台" in words_of(receipt)
    assert not JobFailure.objects.exists()
    client = Client(headers={"Accept-Language": "zh-hans"})
    client.force_login(cast.member)
    response = client.get(reverse("files:case_file", args=[case.application_id]))
    assert response.status_code == 200
    assert "样例〔U+30000〕平台" in words_of(own_case(case.application))


def test_a_paper_that_could_not_be_made_is_tried_again_after_the_later_ones(cast: Cast) -> None:
    case = build.submitted(cast, seed=29)
    failed = case.application.events.get()
    record_failure(papers.FAILURES, failed.pk, StorageFull("storage_full"))
    later = build.submitted(cast, seed=33).application.events.get()
    assert papers.to_make(most=2) == [later.pk, failed.pk]


def test_documents_are_read_under_their_chinese_name(cast: Cast) -> None:
    case = build.submitted(cast, seed=30)
    client = Client()
    client.force_login(cast.member)
    event = case.application.events.get()
    response = client.get(reverse("files:paper", args=[event.pk]))
    assert response.content.startswith(b"%PDF")
    name = f"filename*=utf-8''%E6%94%B6%E4%BB%B6%E5%9B%9E%E6%89%A7-{case.application.receipt_number}.pdf"
    assert response.headers["Content-Disposition"] == f"attachment; {name}"


def test_the_register_is_checked_with_its_documents(cast: Cast) -> None:
    build.submitted(cast, seed=31)
    (receipt,) = swept()
    assert [str(each) for each in verify_register().violations] == []
    stored = issuing.STORE.path(receipt.pk)
    kept = stored.read_bytes()
    issuing.STORE.write(receipt.pk, b"another")
    assert [each.code for each in verify_register().violations] == ["document_altered"]
    stored.unlink()
    assert [each.code for each in verify_register().violations] == ["document_missing"]
    stored.write_bytes(kept)
    stored.with_name("f" * 32).write_bytes(b"x")
    assert [each.code for each in verify_register().violations] == ["document_without_row"]


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_once_get_one_document(cast: Cast) -> None:
    case = build.submitted(cast, seed=32)
    event = papers.event_of_paper(case.application.events.get().pk)
    both_made = threading.Barrier(2, timeout=30)
    given: list[IssuedDocument] = []

    def make() -> bytes:
        content = f"made by {threading.get_ident()}".encode()
        # Without this the second would find what the first one kept, and there would be no race.
        both_made.wait()
        return content

    def ask() -> None:
        given.append(issuing.issue(KINDS.RECEIPT, event, make))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert IssuedDocument.objects.count() == 1
    assert {each.pk for each in given} == {IssuedDocument.objects.get().pk}
    assert list(issuing.STORE.names()) == [storage_name(given[0].pk)]
