"""The statement of a change has its own words: what changes, since when, and which filings it concerns."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from applicants.changes.change import start_applicant_change, start_change
from applicants.drafts.matter import matter_of
from applicants.drafts.unsigned import statement_for
from applicants.models import Draft
from registry.documents import authenticity_statement
from registry.documents.statement import concerned_filings, statement_code
from registry.rules.workflow.states import Act, Kind, Outcome
from registry.sample import walk
from tests.applicants.pages import Desk
from tests.builders import register as build
from tests.builders.register import GUANGDONG_DIVISION, MORNING, Cast, change_applicant
from tests.registry.documents.reading import squeezed, words_of

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
TODAY = date(2026, 3, 3)
NEW_NAME = "样例迁址科技有限公司"


def words_printed(draft: Draft) -> str:
    materials = draft.materials
    change = matter_of(draft).stated_change(materials)
    return words_of(authenticity_statement(materials, today=TODAY, change=change))


def with_answers(draft: Draft, section: str, days: dict[str, str], **answers: object) -> Draft:
    draft.materials = {**draft.materials, section: {**draft.materials[section], **answers}}
    draft.notes = {**draft.notes, "changed_on": days}
    draft.save()
    return draft


def test_a_change_of_the_applicant_names_all_its_filings_and_what_changes_since_when(cast: Cast) -> None:
    first = build.in_force(cast)
    materials = build.materials_for(cast)
    materials["service"]["service_name"] = "样例待定服务"
    pending = walk.submit(materials, member=cast.member, at=MORNING + HOUR)
    applicant = first.application.applicant
    draft = start_applicant_change(applicant, account=cast.member, at=MORNING + 4 * HOUR)
    days = {"applicant.name": "2026-02-27", "applicant.division_code": "2026-03-01"}
    given = {"name": NEW_NAME, "division_code": GUANGDONG_DIVISION}
    printed = words_printed(with_answers(draft, "applicant", days, **given))
    filing = build.filing_of(first)
    for wanted in (
        "区块链信息服务备案主体信息变更",
        f"名称{squeezed(filing.applicant_name)}{NEW_NAME}2026-02-27",
        "2026-03-01",
        squeezed(filing.service_name),
        str(filing.number),
        "样例待定服务",
        pending.application.receipt_number,
        "涉及的备案（共2项）",
        "变更适用于上列全部备案",
        "广东省网信办",
    ):
        assert wanted in printed, wanted
    # No words of a first filing, and no particulars of one arbitrary service.
    assert "申请办理上列" not in printed
    assert "服务信息" not in printed
    assert statement_code(draft.materials).replace("-", "") in printed.replace("-", "")


def test_a_change_of_a_filing_names_that_filing_alone(cast: Cast) -> None:
    first = build.in_force(cast)
    filing = build.filing_of(first)
    draft = start_change(filing, account=cast.member, at=MORNING + 4 * HOUR)
    printed = words_printed(
        with_answers(draft, "service", {"service.service_name": "2026-03-01"}, service_name="样例改名服务")
    )
    assert "区块链信息服务变更备案" in printed
    assert f"{squeezed(filing.service_name)}样例改名服务2026-03-01" in printed
    assert "涉及的备案（共1项）" in printed
    assert str(filing.number) in printed
    assert "服务信息" in printed
    assert "申请办理上列" not in printed


def test_a_first_filing_keeps_its_words(cast: Cast) -> None:
    printed = words_of(authenticity_statement(build.materials_for(cast), today=TODAY))
    assert "申请办理上列区块链信息服务的备案" in printed
    assert "变更事项" not in printed.split("现郑重承诺")[0]


def test_a_mended_first_filing_names_the_receipt_that_it_goes_with(cast: Cast, desk: Desk) -> None:
    case = build.rejected(cast)
    assert desk.post("amend", case.application_id).status_code == 302
    draft = Draft.objects.get()
    printed = words_of(statement_for(draft, draft.materials, (), today=TODAY))
    assert f"收件编号{case.application.receipt_number}的申请" in printed
    assert "申请办理上列区块链信息服务的备案" in printed


def test_a_new_application_names_no_receipt(cast: Cast, desk: Desk) -> None:
    draft = desk.start()
    desk.fill(draft, build.materials_for(cast))
    assert "收件编号" not in words_of(statement_for(draft, draft.materials, (), today=TODAY))


def test_a_mended_change_states_the_days_that_were_handed_in(cast: Cast, desk: Desk) -> None:
    first = build.in_force(cast)
    change = change_applicant(
        cast, first.application.applicant, {"applicant.name": NEW_NAME}, at=MORNING + 4 * HOUR
    )
    build.forward(cast, change, at=MORNING + 5 * HOUR, recommends=Outcome.REJECTION)
    reason = {**walk.SAMPLE_REASON, "key": "applicant.name"}
    walk.act(change, Act.REJECT, by=cast.national, at=MORNING + 6 * HOUR, reasons=[reason], text="样例")
    assert desk.post("amend", change.application_id).status_code == 302
    stated = matter_of(Draft.objects.get()).stated_change({})
    assert stated is not None
    assert (stated.kind, stated.changed_on) == (Kind.APPLICANT_CHANGE, {"applicant.name": "2026-03-02"})
    assert stated.before["applicant"]["name"] == first.application.applicant_name
    assert stated.filings == concerned_filings(first.application.applicant_id, None)


def test_another_day_asks_for_another_signature(cast: Cast, desk: Desk) -> None:
    """The statement prints the days: one that was signed for others is outdated, and says which."""
    first = build.in_force(cast)
    draft = start_applicant_change(first.application.applicant, account=cast.member, at=MORNING + 4 * HOUR)
    with_answers(draft, "applicant", {"applicant.name": "2026-02-27"}, name=NEW_NAME)
    assert desk.upload(draft, "authenticity_statement").status_code == 302
    assert "须重新签署" not in desk.get("statement", draft.pk).content.decode()
    draft.refresh_from_db()
    with_answers(draft, "applicant", {"applicant.name": "2026-02-26"})
    page = desk.get("statement", draft.pk).content.decode()
    (changed,) = re.findall(r"<ul><li>([^<]*)</li></ul>", page)
    assert "名称" in changed


def test_the_declaration_of_a_change_of_the_applicant_names_every_filing_that_it_touches(
    cast: Cast, desk: Desk
) -> None:
    first = build.in_force(cast)
    materials = build.materials_for(cast)
    materials["service"]["service_name"] = "样例待定服务"
    pending = walk.submit(materials, member=cast.member, at=MORNING + HOUR)
    draft = start_applicant_change(first.application.applicant, account=cast.member, at=MORNING + 4 * HOUR)
    days = {"applicant.mailing_address": "2026-03-02"}
    with_answers(draft, "applicant", days, mailing_address="样例路 2 号")
    page = desk.get("check", draft.pk).content.decode()
    declared = page.split("本承诺涉及的备案</h2>")[1].split("</ul>")[0]
    named = re.findall(r"<li>(.*?) · <span[^>]*>(.*?)</span></li>", declared)
    assert named == [
        (build.filing_of(first).service_name, build.filing_of(first).number),
        ("样例待定服务", f"收件编号 {pending.application.receipt_number}"),
    ]
    assert "我承诺以上所填变更事项和变更日期真实" in page
    assert "本承诺涉及上列 2 项备案。" in page
    desk.client.cookies["django_language"] = "en"
    page = desk.get("check", draft.pk).content.decode()
    assert f"Receipt number {pending.application.receipt_number}" in page
    assert "It concerns the 2 filings named above." in page


def test_the_declaration_of_a_change_of_one_filing_names_it_and_that_of_a_first_filing_none(
    cast: Cast, desk: Desk
) -> None:
    first = desk.start()
    assert "本承诺涉及" not in desk.get("check", first.pk).content.decode()
    filing = build.filing_of(build.in_force(cast))
    draft = start_change(filing, account=cast.member, at=MORNING + 4 * HOUR)
    days = {"content.other_technology_service": "2026-03-02"}
    with_answers(draft, "content", days, other_technology_service="样例另一说明")
    page = desk.get("check", draft.pk).content.decode()
    assert re.findall(
        r"<li>(.*?) · <span[^>]*>(.*?)</span></li>", page.split("本承诺涉及的备案</h2>")[1]
    ) == [(filing.service_name, filing.number)]


@pytest.mark.parametrize("kind", ["first_filing", "applicant_change"])
def test_english_pages_show_the_statement_in_english_marked_as_no_legal_text(
    cast: Cast, desk: Desk, kind: str
) -> None:
    if kind == "first_filing":
        draft = desk.start()
        desk.fill(draft, build.materials_for(cast))
        opening = "this applicant files the blockchain information services listed above"
    else:
        applicant = build.in_force(cast).application.applicant
        draft = start_applicant_change(applicant, account=cast.member, at=MORNING + 4 * HOUR)
        with_answers(draft, "applicant", {"applicant.name": "2026-02-27"}, name=NEW_NAME)
        opening = "the change applying to all filings listed above"
    assert "承诺书英文译文" not in desk.get("statement", draft.pk).content.decode()
    desk.client.cookies["django_language"] = "en"
    page = desk.get("statement", draft.pk).content.decode()
    assert opening in page
    assert "Art. 22 of the Provisions" in page
    assert "This translation has no legal force." in page
