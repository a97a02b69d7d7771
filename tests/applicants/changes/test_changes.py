"""Changing what is in force: of a filing, of the applicant in all its filings, in time and late."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from html import unescape

import pytest

from applicants.models import Draft
from registry.book import numbering
from registry.book.in_force import materials_in_force
from registry.integrity.register import verify_register
from registry.models import Account, Applicant, Application
from registry.publication.record import Found, PublicEvent, look_up
from registry.rules.particulars import APPLICANT_SLOTS
from registry.rules.workflow.states import Act, Kind, Outcome
from registry.sample import walk
from registry.sample.identities import sample_credit_code
from registry.sample.walk import SampleCase
from tests.applicants.pages import Desk, as_form, desk_at, value_in
from tests.builders.register import (
    GUANGDONG_DIVISION,
    MORNING,
    Cast,
    filing_of,
    forward,
    in_force,
    materials_for,
)
from tests.client import ClientResponse

pytestmark = pytest.mark.django_db

# A Monday a week after the filings came into force.
NOW = MORNING + timedelta(days=7)
TODAY = "2026-03-09"
DESCRIPTION = "样例：共识机制改为权威证明，节点由三个增至五个，分别部署在北京、上海、广州、成都和武汉。"


def begin(desk: Desk, case: SampleCase) -> Draft:
    answer = desk.post("change", case.application.filing_id)
    assert answer.status_code == 302
    return Draft.objects.filter(kind="change").latest("created_at")


def begin_applicant_change(desk: Desk, applicant: Applicant) -> Draft:
    answer = desk.post("change_applicant", applicant.pk)
    assert answer.status_code == 302
    return Draft.objects.filter(kind="applicant_change").latest("created_at")


def save(desk: Desk, draft: Draft, section: str, **answers: str) -> ClientResponse:
    draft.refresh_from_db()
    data = {**as_form(section, draft.materials), **answers}
    return desk.save(draft, section, data, next_step="stay")


def give_days(desk: Desk, draft: Draft, *, step: str = "forward", **fields: str) -> ClientResponse:
    page = desk.get("changes", draft.pk).content.decode()
    named = dict.fromkeys(re.findall(r'name="(on-[a-z_.0-9]+)"', page), TODAY)
    kept = {name: value_in(page, name) for name in ("version", "window")}
    return desk.post("changes", draft.pk, data={**named, **kept, "next_step": step, **fields})


def renew(desk: Desk, draft: Draft) -> ClientResponse:
    """A new scan of the certificate that states the applicant's particulars."""
    draft.refresh_from_db()
    for entry in draft.materials["attachments"]["organisation_certificate"]:
        desk.post("remove_file", draft.pk, entry["id"])
    return desk.upload(draft, "organisation_certificate", content=walk.sample_scan("new"))


def sign(desk: Desk, draft: Draft) -> None:
    """A statement signed anew: what it prints has changed."""
    assert desk.upload(draft, "authenticity_statement").status_code == 302


def send(desk: Desk, draft: Draft, **data: str) -> ClientResponse:
    found = Draft.objects.get(pk=draft.pk)
    return desk.post("submit", draft.pk, data={"version": str(found.version), "declaration": "yes", **data})


def approve(cast: Cast, case: SampleCase, *, at: datetime, by_province: Account | None = None) -> None:
    walk.act(
        case,
        Act.FORWARD,
        by=by_province or cast.provincial,
        at=at,
        recommends="approval",
        text="样例意见：均已核对",
    )
    walk.act(case, Act.APPROVE, by=cast.national, at=at, text="样例")


def text_of(answer: ClientResponse) -> str:
    return unescape(answer.content.decode())


def test_a_change_opens_with_what_is_in_force_and_keeps_the_number(cast: Cast) -> None:
    case = in_force(cast)
    filing = filing_of(case)
    with desk_at(NOW, cast) as desk:
        draft = begin(desk, case)
        assert begin(desk, case) == draft
        assert draft.materials == materials_in_force(filing)
        page = text_of(desk.get("changes", draft.pk))
        assert "Nothing differs from what is in force yet" in page or "与现行备案相比尚无变化" in page
        assert send(desk, draft).status_code == 409
        assert save(desk, draft, "service", service_name="样例存证服务（新）").status_code == 302
        assert give_days(desk, draft).status_code == 302
        page = text_of(desk.get("check", draft.pk))
        assert "样例存证服务（新）" in page
        assert filing.service_name in page
        # The name stands on the statement: it has to be signed anew.
        assert send(desk, draft).status_code == 409
        sign(desk, draft)
        answer = send(desk, draft)
        assert answer.status_code == 302
        application = Application.objects.get(kind="change")
        assert answer["Location"].endswith(f"/{application.pk}/")
        assert send(desk, draft)["Location"] == answer["Location"]
        assert (application.event_on, application.late_by_working_days) == (date.fromisoformat(TODAY), 0)
        found = look_up(filing.number or "")
        assert isinstance(found, Found)
        assert found.filing.service_name == filing.service_name
        page = text_of(desk.get("application", application.pk))
        assert TODAY in page
    approve(cast, SampleCase(application.pk, cast.member), at=NOW + timedelta(days=1))
    found = look_up(filing.number or "")
    assert isinstance(found, Found)
    assert found.filing.service_name == "样例存证服务（新）"
    assert [entry.event for entry in found.history] == [PublicEvent.NUMBERED, PublicEvent.CHANGED]
    assert found.history[1].columns == ("service_name",)
    assert verify_register().violations == []


def test_each_change_needs_its_day_not_in_the_future(cast: Cast) -> None:
    case = in_force(cast)
    with desk_at(NOW, cast) as desk:
        draft = begin(desk, case)
        save(desk, draft, "service", description=DESCRIPTION)
        answer = give_days(desk, draft, **{"on-service.description": ""})
        assert answer["Location"].endswith("?gaps=1")
        assert "on-service.description-error" in text_of(desk.client.get(answer["Location"]))
        answer = give_days(desk, draft, **{"on-service.description": "2026-03-10"})
        assert answer["Location"].endswith("?flag=1")
        assert "on-service.description-error" in text_of(desk.client.get(answer["Location"]))
        assert send(desk, draft).status_code == 409
        assert not Application.objects.filter(kind="change").exists()


@pytest.mark.parametrize(
    "day", ["0001-01-01", "1899-12-31", "2003-12-31", "2200-01-01", "9999-12-31", "2026-W10-1"]
)
def test_a_change_on_a_day_at_the_edge_fails_no_page(cast: Cast, day: str) -> None:
    case = in_force(cast)
    with desk_at(NOW, cast) as desk:
        draft = begin(desk, case)
        save(desk, draft, "service", description=DESCRIPTION)
        assert give_days(desk, draft, **{"on-service.description": day}).status_code == 302
        assert desk.client.get(f"{_url(desk, draft)}?gaps=1").status_code == 200
        for name in ("check", "statement", "attachments"):
            assert desk.get(name, draft.pk).status_code == 200, name
        for name in ("deadlines", "dashboard"):
            assert desk.get(name).status_code == 200, name
        assert send(desk, draft).status_code == 409


def test_art_11_a_change_after_5_working_days_is_late_and_says_why(cast: Cast) -> None:
    case = in_force(cast, seed=7)
    with desk_at(NOW, cast) as desk:
        draft = begin(desk, case)
        save(desk, draft, "service", description=DESCRIPTION)
        # From Monday 2 March, Monday 9 March is the fifth working day; from Friday 27 February, with the
        # make-up Saturday after it, it is the seventh.
        give_days(desk, draft, **{"on-service.description": "2026-03-02"})
        assert "late_reason-error" not in text_of(desk.client.get(f"{_url(desk, draft)}?gaps=1"))
        give_days(desk, draft, **{"on-service.description": "2026-02-27"})
        assert "late_reason-error" in text_of(desk.client.get(f"{_url(desk, draft)}?gaps=1"))
        assert send(desk, draft).status_code == 409
        give_days(
            desk, draft, **{"on-service.description": "2026-02-27", "late_reason": "样例：内部流程延误"}
        )
        answer = send(desk, draft)
        assert answer.status_code == 302
        application = Application.objects.get(kind="change")
        assert application.late_by_working_days == 2
        assert "样例：内部流程延误" in text_of(desk.get("application", application.pk))


def _url(desk: Desk, draft: Draft) -> str:
    return desk.get("changes", draft.pk).wsgi_request.path


def test_the_applicant_and_the_start_stay_locked_whatever_the_form_sends(cast: Cast) -> None:
    case = in_force(cast)
    with desk_at(NOW, cast) as desk:
        draft = begin(desk, case)
        before = draft.materials
        for section in ("applicant", "person_in_charge"):
            assert desk.get("section", draft.pk, section).status_code == 404
            sent = {**as_form(section, before), "name": "样例：别的名称", "next_step": "stay"}
            desk.post("section", draft.pk, section, data=sent)
        save(desk, draft, "service", service_started_on="2026-01-05")
        draft.refresh_from_db()
        assert draft.materials["applicant"] == before["applicant"]
        assert draft.materials["person_in_charge"] == before["person_in_charge"]
        assert draft.materials["service"] == before["service"]
        slot = next(name for name in before["attachments"] if name in APPLICANT_SLOTS)
        assert desk.upload(draft, slot).status_code == 404
        draft.refresh_from_db()
        assert draft.materials["attachments"] == before["attachments"]


def test_a_rejected_change_is_amended_and_the_day_stays(cast: Cast) -> None:
    case = in_force(cast)
    filing = filing_of(case)
    with desk_at(NOW, cast) as desk:
        draft = begin(desk, case)
        save(desk, draft, "service", description=DESCRIPTION)
        give_days(desk, draft)
        send(desk, draft)
    changed = SampleCase(Application.objects.get(kind="change").pk, cast.member)
    for round_number in (1, 2):
        at = NOW + timedelta(days=round_number)
        forward(cast, changed, at=at, recommends=Outcome.REJECTION)
        walk.act(
            changed, Act.REJECT, by=cast.national, at=at, reasons=[dict(walk.SAMPLE_REASON)], text="样例"
        )
        materials = materials_in_force(filing)
        materials["service"]["description"] = f"{DESCRIPTION}第{round_number}次修改。"
        walk.act(changed, Act.RESUBMIT, by=cast.member, at=at, materials=materials, answers={"1": "样例"})
        assert changed.application.event_on == date.fromisoformat(TODAY)
    assert verify_register().violations == []


def test_an_applicant_moves_province_with_three_filings_in_one_application(cast: Cast) -> None:
    cases = [in_force(cast)]
    applicant = cases[0].application.applicant
    for place in (2, 3):
        materials = materials_for(cast, seed=1)
        materials["service"]["service_name"] = f"样例服务{place}"
        case = walk.submit(materials, member=cast.member, at=MORNING)
        approve(cast, case, at=MORNING + timedelta(hours=2))
        numbering.issue_number(filing_of(case).pk, at=MORNING + timedelta(hours=3))
        cases.append(case)
    numbers = [filing_of(case).number for case in cases]
    with desk_at(NOW, cast) as desk:
        draft = begin_applicant_change(desk, applicant)
        answer = save(
            desk,
            draft,
            "applicant",
            name="样例科技（深圳）有限公司",
            division_code=GUANGDONG_DIVISION,
            division_code_province="440000",
            division_code_prefecture="440300",
            division_code_county=GUANGDONG_DIVISION,
        )
        assert answer.status_code == 302
        draft.refresh_from_db()
        assert draft.materials["applicant"]["division_code"] == GUANGDONG_DIVISION
        # The scan on file states the former name.
        refused = send(desk, draft)
        assert refused.status_code == 409
        assert "#slot-organisation_certificate" in text_of(refused)
        assert renew(desk, draft).status_code == 302
        assert give_days(desk, draft).status_code == 302
        sign(desk, draft)
        # The credit code keeps the place where it was given.
        assert send(desk, draft).status_code == 409
        desk.answer(draft, "样例公司迁至深圳，代码不变。")
        answer = send(desk, draft)
        assert answer.status_code == 302, text_of(answer)
    application = Application.objects.get(kind="applicant_change")
    assert application.province_code == "440000"
    approve(
        cast, SampleCase(application.pk, cast.member), at=NOW + timedelta(days=1), by_province=cast.elsewhere
    )
    for case, number in zip(cases, numbers, strict=True):
        filing = filing_of(case)
        assert (filing.number, filing.applicant_name) == (number, "样例科技（深圳）有限公司")
        assert filing.province_code == "440000"
        assert materials_in_force(filing)["applicant"]["division_code"] == GUANGDONG_DIVISION
    assert verify_register().violations == []
    with desk_at(NOW + timedelta(days=2), cast) as desk:
        # The next change begins with the applicant as it is now, and does not take the move back.
        draft = begin(desk, cases[0])
        assert draft.materials["applicant"]["name"] == "样例科技（深圳）有限公司"
        save(desk, draft, "service", description=DESCRIPTION)
        give_days(desk, draft)
        assert send(desk, draft).status_code == 302
        changed = Application.objects.get(kind=Kind.CHANGE.value)
        assert changed.province_code == "440000"


def test_a_new_document_is_taken_over_unless_it_is_somebody_elses(cast: Cast) -> None:
    mine = in_force(cast)
    other = in_force(cast, seed=2, member=cast.stranger)
    applicant = mine.application.applicant
    others_code = other.application.applicant.credit_code
    with desk_at(NOW, cast) as desk:
        draft = begin_applicant_change(desk, applicant)
        save(desk, draft, "applicant", document_number=others_code)
        renew(desk, draft)
        give_days(desk, draft)
        sign(desk, draft)
        assert send(desk, draft).status_code == 409
        kind, place = materials_for(cast)["applicant"]["organisation_type"], applicant.division_code
        free = sample_credit_code(seed=77, organisation_type=kind, division_code=place)
        save(desk, draft, "applicant", document_number=free)
        give_days(desk, draft)
        sign(desk, draft)
        assert send(desk, draft).status_code == 302
    application = Application.objects.get(kind="applicant_change")
    approve(cast, SampleCase(application.pk, cast.member), at=NOW + timedelta(days=1))
    applicant.refresh_from_db()
    assert applicant.credit_code == free
    # The statement that was replaced is deleted only when the test's transaction commits, which it never does.
    assert {each.code for each in verify_register().violations} <= {"file_without_row"}


def test_strangers_and_filings_that_end_take_no_change(cast: Cast) -> None:
    case = in_force(cast)
    filing_id = case.application.filing_id
    with desk_at(NOW, cast) as desk:
        stranger = Desk.of(cast.stranger)
        for name in ("filing", "change", "cancel"):
            assert stranger.get(name, filing_id).status_code == 404
        assert stranger.post("change", filing_id).status_code == 404
        assert stranger.post("change_applicant", case.application.applicant_id).status_code == 404
        draft = begin(desk, case)
        assert stranger.get("changes", draft.pk).status_code == 404
        page = text_of(desk.get("filing", filing_id))
        assert str(filing_id) in page


def test_one_day_for_all_replaces_the_days_there_but_not_the_one_typed_beside_it(cast: Cast) -> None:
    with desk_at(NOW, cast) as desk:
        draft = begin(desk, in_force(cast))
        save(desk, draft, "service", description=DESCRIPTION, service_name="样例新平台")
        give_days(desk, draft, step="stay")
        page = desk.get("changes", draft.pk).content.decode()
        names = re.findall(r'name="(on-service[a-z_.0-9]+)"', page)
        assert len(names) == 2
        kept = {name: value_in(page, name) for name in ("version", "window")}
        was = {name.replace("on-", "was-", 1): TODAY for name in names}
        assert {name: value_in(page, name) for name in was} == was
        typed = {
            **was,
            **kept,
            "on-all": "2026-03-05",
            names[0]: "2026-03-06",
            names[1]: TODAY,
            "next_step": "stay",
        }
        desk.post("changes", draft.pk, data=typed)
    draft.refresh_from_db()
    days = draft.notes["changed_on"]
    assert [days[name.removeprefix("on-")] for name in names] == ["2026-03-06", "2026-03-05"]
