"""Striking off at the national office and at the applicant's desk, page by page."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from http import HTTPStatus
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.fixtures import Settings

from registry import clock
from registry.book.act_request import Actor
from registry.endings import striking_off
from registry.models import Account, Filing, Notice, StrikingOff, StrikingOffFile
from registry.rules.end_grounds import EndGround
from registry.rules.endings.lifecycle import StrikingOffAct, StrikingOffState
from registry.rules.workflow.states import Standing
from registry.tasks import sweep_clocks
from review.endings.forms import basis_of
from tests.builders import batch as batches
from tests.builders import objection as objections
from tests.builders import register
from tests.builders import striking_off as build
from tests.builders.odd_pictures import png
from tests.builders.register import Cast, member_of
from tests.builders.striking_off import HOUR, STRIKING
from tests.client import ClientResponse
from tests.review.officers import sign_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _striking(settings: Settings) -> Iterator[None]:
    settings.SESSION_COOKIE_AGE = 10 * 366 * 24 * 3600
    with clock.stopped_at(STRIKING + 6 * HOUR):
        yield


@pytest.fixture
def filing(cast: Cast) -> Filing:
    """A filing in force."""
    return batches.filings_in_force(cast, 1)[0]


def _act(client: Client, proceeding: StrikingOff, act: StrikingOffAct, text: str = "") -> ClientResponse:
    proceeding.refresh_from_db()
    data = {"event": proceeding.last_event_sequence, f"{act.value}-text": text}
    return client.post(reverse("review:striking_off_act", args=[proceeding.pk, act.value]), data)


def _page(client: Client, proceeding: StrikingOff) -> str:
    return text_of(client.get(reverse("review:striking_off", args=[proceeding.pk])))


def _applicant(proceeding: StrikingOff) -> Client:
    return sign_in(Account.objects.get(pk=str(member_of(proceeding).account_id)))


def _upload() -> SimpleUploadedFile:
    return SimpleUploadedFile("样例.png", png(), "image/png")


def _proposal(**changed: object) -> dict[str, object]:
    return {"ground": "false_materials", "reason": build.REASON, "basis": build.BASIS} | changed


def test_a_filing_goes_from_its_number_to_its_striking_off(cast: Cast, filing: Filing) -> None:
    reviewer, head = sign_in(cast.national), sign_in(cast.national_head)
    found = reviewer.post(reverse("review:strikings_off"), {"number": str(filing.number).lower()})
    address = reverse("review:strike_off", args=[filing.pk])
    assert (found.status_code, found["Location"]) == (HTTPStatus.FOUND, address)
    sent = reviewer.post(address, _proposal(evidence=_upload()))
    assert sent.status_code == HTTPStatus.FOUND
    proceeding = StrikingOff.objects.get()
    assert proceeding.number in text_of(reviewer.get(reverse("review:strikings_off")))
    own = reverse("applicants:striking_off", args=[proceeding.pk])
    applicant = _applicant(proceeding)
    assert applicant.get(own).status_code == HTTPStatus.NOT_FOUND
    assert _act(reviewer, proceeding, StrikingOffAct.SEND_NOTICE).status_code == HTTPStatus.FOUND
    build.tell_applicants(at=clock.now())
    notice = Notice.objects.get(kind="strike_off_notice")
    assert (
        applicant.get(reverse("applicants:notice", args=[notice.pk]), follow=True).status_code
        == HTTPStatus.OK
    )
    assert sweep_clocks() == 1
    shown = text_of(applicant.get(own))
    for told in (build.REASON, build.BASIS, proceeding.number, "2026-05-20"):
        assert told in shown
    assert _act(head, proceeding, StrikingOffAct.CONFIRM).status_code == HTTPStatus.CONFLICT
    stated = applicant.post(own, {"text": build.STATEMENT, "evidence": _upload()})
    assert stated.status_code == HTTPStatus.FOUND
    assert build.STATEMENT in _page(reviewer, proceeding)
    assert _act(reviewer, proceeding, StrikingOffAct.ANSWER, build.ANSWER).status_code == HTTPStatus.FOUND
    assert build.ANSWER in text_of(applicant.get(own))
    assert _act(reviewer, proceeding, StrikingOffAct.CONFIRM).status_code == HTTPStatus.CONFLICT
    assert _act(head, proceeding, StrikingOffAct.CONFIRM).status_code == HTTPStatus.FOUND
    filing.refresh_from_db()
    assert filing.standing == Standing.STRUCK_OFF
    shown = text_of(applicant.get(own))
    assert "行政复议" in shown
    assert proceeding.number in text_of(applicant.get(reverse("applicants:filing", args=[filing.pk])))


def test_each_officer_is_offered_what_the_table_allows(cast: Cast, filing: Filing) -> None:
    proceeding = build.answered(cast, build.proposed(cast, filing, by=cast.national_head))
    confirm = reverse("review:striking_off_act", args=[proceeding.pk, StrikingOffAct.CONFIRM.value])
    other_head = cast.get("样例国家级负责人乙", cast.national_head.acts_as)
    for account, is_offered in (
        (cast.national, False),
        (cast.national_head, False),
        (other_head, True),
    ):
        shown = sign_in(account).get(reverse("review:striking_off", args=[proceeding.pk]))
        assert (confirm in shown.content.decode()) == is_offered


def test_a_refused_act_keeps_what_was_typed(cast: Cast, filing: Filing) -> None:
    proceeding = build.stated(cast, build.proposed(cast, filing))
    client = sign_in(cast.national)
    empty = _act(client, proceeding, StrikingOffAct.ANSWER)
    assert empty.status_code == HTTPStatus.BAD_REQUEST
    striking_off.answer(proceeding.pk, actor=Actor.of(cast.national_second), text="样例")
    refused = _act(client, proceeding, StrikingOffAct.ANSWER, build.ANSWER)
    assert (refused.status_code, build.ANSWER in text_of(refused)) == (HTTPStatus.CONFLICT, True)


def test_a_refused_proposal_keeps_what_was_typed(cast: Cast, filing: Filing) -> None:
    client, address = sign_in(cast.national), reverse("review:strike_off", args=[filing.pk])
    wrong = client.post(address, _proposal(successor="京网信备"))
    assert (wrong.status_code, build.REASON in text_of(wrong)) == (HTTPStatus.BAD_REQUEST, True)
    bad_file = client.post(address, _proposal(evidence=SimpleUploadedFile("a.png", b"x", "image/png")))
    assert (bad_file.status_code, build.REASON in text_of(bad_file)) == (HTTPStatus.BAD_REQUEST, True)
    build.proposed(cast, filing)
    second = client.post(address, _proposal())
    assert (second.status_code, build.REASON in text_of(second)) == (HTTPStatus.CONFLICT, True)


def test_the_same_form_sent_twice_proposes_once(cast: Cast, filing: Filing) -> None:
    client, address = sign_in(cast.national), reverse("review:strike_off", args=[filing.pk])
    key = str(uuid.uuid4())
    first, second = (client.post(address, _proposal(key=key)) for _time in range(2))
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert StrikingOff.objects.count() == 1


def test_without_a_basis_the_offices_own_text_is_taken(cast: Cast, filing: Filing) -> None:
    address = reverse("review:strike_off", args=[filing.pk])
    sign_in(cast.national).post(address, _proposal(ground="applicant_gone", basis=""))
    assert StrikingOff.objects.get().basis == basis_of(EndGround.APPLICANT_GONE)


def test_a_number_that_the_register_does_not_have_is_said(cast: Cast) -> None:
    client = sign_in(cast.national)
    for typed in ("样例", "京网信备11010826000012340012号"):
        answer = client.post(reverse("review:strikings_off"), {"number": typed})
        assert (answer.status_code, typed in answer.content.decode()) == (HTTPStatus.BAD_REQUEST, True)


def test_an_upheld_objection_leads_to_a_proposal_with_its_reasons(cast: Cast) -> None:
    batches.filings_in_force(cast, 1)
    objection = objections.decided(cast, batches.published(cast), uphold=True)
    head = sign_in(cast.national_head)
    page = head.get(reverse("review:objection", args=[objection.pk])).content.decode()
    address = f"{reverse('review:strike_off', args=[objection.filing_id])}?objection={objection.pk}"
    assert address in page
    assert objections.REASONS in text_of(head.get(address))
    data = _proposal(objection=str(objection.pk))
    assert (
        head.post(reverse("review:strike_off", args=[objection.filing_id]), data).status_code
        == HTTPStatus.FOUND
    )
    proceeding = StrikingOff.objects.get()
    assert proceeding.objection_id == objection.pk
    page = head.get(reverse("review:objection", args=[objection.pk])).content.decode()
    assert (address in page, reverse("review:striking_off", args=[proceeding.pk]) in page) == (False, True)


def test_an_objection_to_another_filing_leads_nowhere(cast: Cast) -> None:
    filings = batches.filings_in_force(cast, 2)
    objection = objections.decided(cast, batches.published(cast), uphold=True)
    other = next(each for each in filings if each.pk != objection.filing_id)
    address = reverse("review:strike_off", args=[other.pk])
    sign_in(cast.national).post(address, _proposal(objection=str(objection.pk)))
    assert StrikingOff.objects.get().objection_id is None


def test_the_case_page_leads_the_national_office_to_a_proposal(cast: Cast) -> None:
    case = register.in_force(cast, seed=701)
    address = reverse("review:strike_off", args=[register.filing_of(case).pk])
    page = reverse("review:case", args=[case.application_id])
    for account, is_offered in ((cast.national, True), (cast.provincial, False)):
        assert (address in sign_in(account).get(page).content.decode()) == is_offered


def test_the_applicant_may_say_that_it_makes_no_statement(cast: Cast, filing: Filing) -> None:
    proceeding = build.served(cast, build.proposed(cast, filing))
    applicant = _applicant(proceeding)
    address = reverse("applicants:waive_statement", args=[proceeding.pk])
    assert applicant.post(address).status_code == HTTPStatus.FOUND
    assert applicant.post(address).status_code == HTTPStatus.CONFLICT
    proceeding.refresh_from_db()
    assert proceeding.state == StrikingOffState.WAIVED
    own = reverse("applicants:striking_off", args=[proceeding.pk])
    assert applicant.post(own, {"text": build.STATEMENT}).status_code == HTTPStatus.FOUND


def test_a_statement_with_a_bad_file_or_after_the_decision_keeps_its_text(cast: Cast, filing: Filing) -> None:
    proceeding = build.served(cast, build.proposed(cast, filing))
    applicant, own = _applicant(proceeding), reverse("applicants:striking_off", args=[proceeding.pk])
    bad = SimpleUploadedFile("a.png", b"x", "image/png")
    refused = applicant.post(own, {"text": build.STATEMENT, "evidence": bad})
    assert (refused.status_code, build.STATEMENT in text_of(refused)) == (HTTPStatus.BAD_REQUEST, True)
    striking_off.drop(proceeding.pk, actor=Actor.of(cast.national), explanation=build.WHY_DROPPED)
    late = applicant.post(own, {"text": build.STATEMENT})
    assert (late.status_code, build.STATEMENT in text_of(late)) == (HTTPStatus.CONFLICT, True)
    assert build.WHY_DROPPED in text_of(applicant.get(own))


def test_the_office_reads_all_files_and_the_applicant_its_own(cast: Cast, filing: Filing) -> None:
    reviewer = sign_in(cast.national)
    reviewer.post(reverse("review:strike_off", args=[filing.pk]), _proposal(evidence=_upload()))
    proceeding = StrikingOff.objects.get()
    build.served(cast, proceeding, at=clock.now())
    applicant = _applicant(proceeding)
    own = reverse("applicants:striking_off", args=[proceeding.pk])
    applicant.post(own, {"text": build.STATEMENT, "evidence": _upload()})
    for side, status in (("applicant", HTTPStatus.OK), ("office", HTTPStatus.NOT_FOUND)):
        file = StrikingOffFile.objects.get(side=side)
        office = reviewer.get(reverse("review:striking_off_file", args=[proceeding.pk, file.pk]))
        assert (office.status_code, office["Content-Type"]) == (HTTPStatus.OK, "image/png")
        member = applicant.get(reverse("applicants:statement_file", args=[proceeding.pk, file.pk]))
        assert member.status_code == status


def test_what_is_announced_is_public_until_it_is_decided(cast: Cast, filing: Filing) -> None:
    address, anyone = reverse("public:announced_notices"), Client()
    proceeding = build.proposed(cast, filing)
    assert build.REASON not in text_of(anyone.get(address))
    build.announced(cast, proceeding)
    shown = text_of(anyone.get(address))
    for told in (filing.service_name, build.REASON, build.BASIS, "2026-06-12", "2026-06-22"):
        assert told in shown
    striking_off.drop(proceeding.pk, actor=Actor.of(cast.national), explanation=build.WHY_DROPPED)
    assert build.REASON not in text_of(anyone.get(address))


def test_the_paper_is_served_to_who_may_read_the_filing(cast: Cast, filing: Filing) -> None:
    build.struck_off(cast, filing)
    applicant = sign_in(cast.member)
    page = applicant.get(reverse("applicants:filing", args=[filing.pk])).content.decode()
    event = filing.events.get(act="strike_off")
    address = reverse("files:paper", args=[event.pk])
    assert address in page
    answer = applicant.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (HTTPStatus.OK, "application/pdf")
    assert quote(str(filing.number)) in answer["Content-Disposition"]
    assert sign_in(cast.stranger).get(address).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("count", [1, 6])
def test_the_list_asks_the_same_number_of_queries_for_many(cast: Cast, count: int) -> None:
    for filing in batches.filings_in_force(cast, count):
        build.served(cast, build.proposed(cast, filing))
    client, address = sign_in(cast.national), reverse("review:strikings_off")
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    assert len(asked) == _QUERIES_OF_LIST


_QUERIES_OF_LIST = 7
