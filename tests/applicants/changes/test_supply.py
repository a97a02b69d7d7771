"""Supplying what an earlier list did not say of a filing (补录): by its first change, and never for a cancellation."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
from django.test import Client

from applicants.drafts.unsigned import statement_for
from applicants.models import Draft
from registry import clock, tasks
from registry.batches.importing.importing import import_file
from registry.book import ledger
from registry.book.act_request import Actor, Request
from registry.calendar.current import current_calendar
from registry.documents.certificates import certificate, has_certificate
from registry.errors import MaterialsIncomplete, TransitionNotAllowed
from registry.integrity.register import verify_register
from registry.models import Applicant, Application, Event, Filing
from registry.publication.record import Found, PublicEvent, look_up
from registry.rules.codes.filing_number import compose, parse
from registry.rules.days.deadlines import earliest_service_end
from registry.rules.workflow.states import Act, Kind, Standing, State
from registry.sample import walk
from registry.sample.walk import SampleCase
from tests.applicants.pages import SECTIONS, Desk, as_form, desk_at, value_in
from tests.builders import claimed, published
from tests.builders import register as build
from tests.builders.claimed import LINES, NUMBER
from tests.builders.register import BEIJING_DIVISION, GUANGDONG_DIVISION, MORNING, Cast, materials_for
from tests.client import ClientResponse
from tests.registry.documents.reading import words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_files")]

NOW = MORNING + timedelta(days=1)
LATER = NOW + timedelta(days=1)


@pytest.fixture
def filing(tmp_path: Path, cast: Cast) -> Filing:
    return claimed.granted(tmp_path, cast)


def text_of(answer: ClientResponse) -> str:
    return unescape(answer.content.decode())


def supply(cast: Cast, filing: Filing, *, seed: int = 1, place: str = BEIJING_DIVISION) -> SampleCase:
    """The particulars of a filing, submitted through the ledger."""
    materials = materials_for(cast, seed=seed, at=NOW)
    materials["applicant"]["division_code"] = place
    event = ledger.submit(
        Kind.CHANGE,
        applicant_id=filing.applicant_id,
        filing_id=filing.pk,
        actor=Actor.of(cast.member),
        request=Request(materials=materials, declaration_accepted=True),
        at=NOW,
    )
    return SampleCase(event.application_id or uuid.uuid4(), cast.member)


def approve(cast: Cast, case: SampleCase, *, province_code: str = "110000") -> None:
    officer = claimed.officer_of(cast, province_code)
    walk.act(case, Act.FORWARD, by=officer, at=LATER, recommends="approval", text="样例意见：均已核对")
    walk.act(case, Act.APPROVE, by=cast.national, at=LATER, text="样例")


def record_page() -> str:
    return unescape(Client().get(f"/filings/{quote(NUMBER)}/").content.decode())


# ---------------------------------------------------------------- through the pages


def test_the_first_change_asks_for_everything_and_the_record_shows_it(cast: Cast, filing: Filing) -> None:
    assert "Its particulars have not been supplied" in record_page() or "尚未补录" in record_page()
    materials = materials_for(cast, seed=1, at=NOW)
    with desk_at(NOW, cast) as desk:
        page = text_of(desk.get("filing", filing.pk))
        assert LINES[0][1] in page
        begun = desk.post("change", filing.pk)
        draft = Draft.objects.get()
        assert begun["Location"].endswith(f"/drafts/{draft.pk}/applicant/")
        assert desk.post("change", filing.pk)["Location"] == begun["Location"]
        assert draft.materials["service"] == {"service_name": LINES[0][2]}
        form = text_of(desk.get("section", draft.pk, "applicant"))
        assert claimed.stated().document_number in form
        assert 'type="hidden" name="document_number"' in form
        assert NUMBER in form
        assert desk.get("changes", draft.pk).status_code == 404
        refused = desk.submit(draft)
        assert refused.status_code == 409
        desk.fill(draft, materials)
        desk.upload_all(draft)
        check = text_of(desk.get("check", draft.pk))
        assert materials["service"]["description"] in check
        sent = desk.submit(draft)
        assert sent.status_code == 302, text_of(sent)
        application = Application.objects.get()
        assert (application.kind, application.event_on, application.late_by_working_days) == (
            "change",
            None,
            0,
        )
        assert desk.get("application", application.pk).status_code == 200
        assert filing.applicant_name in text_of(desk.get("dashboard"))
    with clock.stopped_at(NOW):
        office = Desk.of(cast.provincial)
        case_page = office.client.get(f"/review/cases/{application.pk}/")
        assert case_page.status_code == 200
        assert materials["service"]["description"] in text_of(case_page)
    approve(cast, SampleCase(application.pk, cast.member))
    filing.refresh_from_db()
    applicant = Applicant.objects.get(pk=filing.applicant_id)
    assert (filing.number, filing.standing, filing.is_imported) == (NUMBER, Standing.IN_FORCE, True)
    assert filing.service_name == materials["service"]["service_name"]
    assert applicant.facts_application_id == application.pk
    assert applicant.name == materials["applicant"]["name"]
    assert verify_register().violations == []
    found = look_up(NUMBER)
    assert isinstance(found, Found)
    assert [change.event for change in found.history] == [PublicEvent.IMPORTED, PublicEvent.SUPPLIED]
    assert found.history[1].former == {"applicant_name": LINES[0][1], "service_name": LINES[0][2]}
    record = record_page()
    assert materials["service"]["service_name"] in record
    assert "This is my filing" not in record
    assert "这是我的备案" not in record
    with desk_at(LATER, cast) as desk:
        page = text_of(desk.get("filing", filing.pk))
        assert materials["service"]["description"] in page


# ---------------------------------------------------------------- in the book


def test_what_is_incomplete_is_refused_with_every_gap(cast: Cast, filing: Filing) -> None:
    materials = materials_for(cast, seed=1, at=NOW)
    materials["service"].pop("description")
    with pytest.raises(MaterialsIncomplete) as refusal:
        ledger.submit(
            Kind.CHANGE,
            applicant_id=filing.applicant_id,
            filing_id=filing.pk,
            actor=Actor.of(cast.member),
            request=Request(materials=materials, declaration_accepted=True),
            at=NOW,
        )
    assert [gap.key for gap in refusal.value.facts["gaps"]] == ["service.description"]


def test_a_service_that_began_years_ago_is_not_late(cast: Cast, filing: Filing) -> None:
    materials = materials_for(cast, seed=1, at=NOW)
    materials["service"]["service_started_on"] = "2019-01-15"
    ledger.submit(
        Kind.CHANGE,
        applicant_id=filing.applicant_id,
        filing_id=filing.pk,
        actor=Actor.of(cast.member),
        request=Request(materials=materials, declaration_accepted=True),
        at=NOW,
    )
    assert Application.objects.get().late_by_working_days == 0


def test_another_document_than_the_claimed_one_is_refused(cast: Cast, filing: Filing) -> None:
    with pytest.raises(TransitionNotAllowed, match="same_applicant"):
        supply(cast, filing, seed=2)


def test_the_second_filing_of_the_head_takes_the_applicant_from_the_register(
    cast: Cast, filing: Filing
) -> None:
    approve(cast, supply(cast, filing))
    second = Filing.objects.select_related("applicant").get(number=LINES[1][3])
    name = second.applicant.name
    assert (second.applicant_name, second.service_name) == (name, LINES[1][2])
    assert [each.act for each in Event.objects.filter(filing=second).order_by("sequence")] == [
        Act.IMPORT,
        Act.APPLICANT_CHANGED,
    ]
    found = look_up(LINES[1][3])
    assert isinstance(found, Found)
    assert verify_register().violations == []
    with desk_at(LATER, cast) as desk:
        begun = desk.post("change", second.pk)
        draft = Draft.objects.get()
        assert begun["Location"].endswith(f"/drafts/{draft.pk}/service/")
        assert 'type="hidden" name="name"' in text_of(desk.get("section", draft.pk, "applicant"))
        materials = materials_for(cast, seed=1, at=NOW)
        for section in SECTIONS[2:]:
            assert desk.save(draft, section, as_form(section, materials)).status_code == 302
        desk.upload_all(draft)
        sent = desk.submit(draft)
        assert sent.status_code == 302, text_of(sent)
    application = Application.objects.get(filing=second)
    walk.act(
        SampleCase(application.pk, cast.member),
        Act.FORWARD,
        by=cast.provincial,
        at=LATER + timedelta(hours=1),
        recommends="approval",
        text="样例意见：均已核对",
    )
    walk.act(
        SampleCase(application.pk, cast.member),
        Act.APPROVE,
        by=cast.national,
        at=LATER + timedelta(hours=2),
        text="样例",
    )
    assert verify_register().violations == []


def test_an_applicant_that_moved_is_reviewed_and_listed_where_it_is_now(cast: Cast, filing: Filing) -> None:
    case = supply(cast, filing, place=GUANGDONG_DIVISION)
    assert case.application.province_code == "440000"
    approve(cast, case, province_code="440000")
    filing.refresh_from_db()
    assert (filing.province_code, filing.number) == ("440000", NUMBER)
    assert verify_register().violations == []


def test_after_a_rejection_it_is_submitted_again_and_stays_in_time(cast: Cast, filing: Filing) -> None:
    case = supply(cast, filing)
    reasons = [{**walk.SAMPLE_REASON, "key": "service.description", "code": "other"}]
    walk.act(case, Act.FORWARD, by=cast.provincial, at=NOW, recommends="rejection", text="样例意见：均已核对")
    walk.act(case, Act.REJECT, by=cast.national, at=NOW, reasons=reasons, text="样例")
    with desk_at(LATER, cast) as desk:
        desk.post("amend", case.application_id)
        draft = Draft.objects.get(amends_application_id=case.application_id)
        sent = {**as_form("service", draft.materials), "description": "样例：更正后的说明。" * 6}
        assert desk.save(draft, "service", sent).status_code == 302
        fields = {
            name: value_in(text_of(desk.get("amendment", draft.pk)), name) for name in ("version", "window")
        }
        answer = {f"answer-{reasons[0]['id']}": "样例：已更正。", **fields, "next_step": "forward"}
        assert desk.post("amendment", draft.pk, data=answer).status_code == 302
        again = desk.submit(draft)
        assert again.status_code == 302, text_of(again)
    application = case.application
    assert (application.state, application.round_number) == (State.PROVINCIAL_REVIEW, 2)
    assert (application.event_on, application.late_by_working_days) == (None, 0)
    assert verify_register().violations == []


def test_a_later_change_is_a_change_like_any_other(cast: Cast, filing: Filing) -> None:
    approve(cast, supply(cast, filing))
    materials = materials_for(cast, seed=1, at=NOW)
    materials["service"]["description"] += "样例"
    with pytest.raises(TransitionNotAllowed, match="event_date_missing"):
        ledger.submit(
            Kind.CHANGE,
            applicant_id=filing.applicant_id,
            filing_id=filing.pk,
            actor=Actor.of(cast.member),
            request=Request(materials=materials, declaration_accepted=True),
            at=LATER,
        )


def test_a_change_of_the_applicant_waits_for_the_particulars(cast: Cast, filing: Filing) -> None:
    with desk_at(NOW, cast) as desk:
        page = text_of(desk.get("filing", filing.pk))
        assert f"/applicants/{filing.applicant_id}/change/" not in page
        desk.post("change_applicant", filing.applicant_id)
        assert not Draft.objects.exists()


def test_a_new_service_of_the_applicant_goes_on_with_its_head(cast: Cast, filing: Filing) -> None:
    case = build.in_force(cast, seed=1, at=NOW)
    fresh = build.filing_of(case)
    assert fresh.applicant_id == filing.applicant_id
    issued, named = parse(str(fresh.number)), parse(LINES[1][3])
    assert (issued.head, issued.sequence) == (named.head, named.sequence + 1)
    filing.refresh_from_db()
    assert filing.applicant_name == fresh.applicant_name
    assert verify_register().violations == []


def test_the_certificate_and_the_notice_say_what_is_known(cast: Cast, filing: Filing) -> None:
    assert not has_certificate(filing)
    case = supply(cast, filing)
    approve(cast, case)
    filing.refresh_from_db()
    assert has_certificate(filing)
    event = Event.objects.filter(filing=filing).latest("sequence")
    printed = words_of(certificate(filing, event))
    assert "第一批（系统启用前公布）" in printed
    assert "2019" not in printed.replace(NUMBER, "")


# ---------------------------------------------------------------- cancellation


def test_a_cancellation_needs_no_particulars(cast: Cast, filing: Filing) -> None:
    with desk_at(NOW, cast) as desk:
        page = text_of(desk.get("cancel", filing.pk))
        ends_on = earliest_service_end(clock.china_date(NOW), current_calendar())
        sent = {
            "key": value_in(page, "key"),
            "ends_on": ends_on.isoformat(),
            "arrangement": "样例：提前公告并逐一通知用户。",
            "declaration": "on",
            "step": "submit",
        }
        answer = desk.post("cancel", filing.pk, data=sent)
        assert answer.status_code == 302, text_of(answer)
        application = Application.objects.get()
        assert desk.get("application", application.pk).status_code == 200
    with clock.stopped_at(NOW):
        office = Desk.of(cast.provincial)
        assert office.client.get(f"/review/cases/{application.pk}/").status_code == 200
    assert application.province_code == "110000"
    approve(cast, SampleCase(application.pk, cast.member))
    assert verify_register().violations == []
    with clock.stopped_at(clock.start_of(ends_on)):
        assert tasks.sweep_clocks() == 1
    filing.refresh_from_db()
    assert (filing.standing, filing.in_force_application_id) == (Standing.CANCELLED, None)
    assert verify_register().violations == []
    assert "This is my filing" not in record_page()


# ---------------------------------------------------------------- later lists


def test_a_later_list_names_a_claimed_head_and_its_filing_bears_the_supplied_facts(
    tmp_path: Path, cast: Cast, filing: Filing
) -> None:
    approve(cast, supply(cast, filing))
    head = parse(NUMBER)
    number = str(compose(head.division_code, head.year, head.serial, 7))
    path = published.csv_file(tmp_path, [("1", "样例旧名", "样例后续服务", number)], name="second.csv")
    assert import_file(path, number=2, published_on=date(2019, 10, 18), writes=True).is_written
    further = Filing.objects.get(number=number)
    assert further.applicant_name == Applicant.objects.get(pk=filing.applicant_id).name
    assert verify_register().violations == []


def test_the_statement_says_that_particulars_of_a_filing_are_supplied_and_which(
    cast: Cast, filing: Filing
) -> None:
    """It was the statement of a first filing, for a service that has its number."""
    with desk_at(NOW, cast) as desk:
        desk.post("change", filing.pk)
        draft = Draft.objects.get(filing_id=filing.pk)
        printed = words_of(statement_for(draft, draft.materials, (), today=clock.today()))
    for wanted in (
        "区块链信息服务备案信息补充填报",
        "涉及的备案（共1项）",
        str(filing.number),
        "补充填报上列已备案区块链信息服务的备案信息",
        "备案编号不因本次补充填报而改变",
    ):
        assert wanted in printed, wanted
    assert "申请办理上列" not in printed
    assert "变更事项变更前" not in printed
