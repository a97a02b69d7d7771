"""The search of cases: what has left the desk is found again, within the jurisdiction, with every criterion."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from registry import clock
from registry.integrity.register import verify_register
from registry.integrity.search_columns import mend_all_case_search, mend_unfilled_case_search
from registry.models import Account, Application
from registry.publication.search import condition_of_text
from registry.rules.workflow.decision_clock import UNDELIVERED
from registry.rules.workflow.states import Act, Kind, Outcome, State
from registry.sample import walk
from registry.sample.walk import SampleCase
from review.desk import claims
from review.models import CaseWork
from review.search import cases
from review.search.cases import PAGE_SIZE, Criteria, Order, search
from tests.builders.register import (
    GUANGDONG_DIVISION,
    MORNING,
    Cast,
    change_asked,
    filing_of,
    forwarded,
    in_force,
    materials_for,
    rejected,
    submitted,
)
from tests.builders.renaming import ask_applicant_name
from tests.client import ClientResponse
from tests.review.decisions.test_decisions import OPINION
from tests.review.officers import mark_all, send, sign_in, text_of, url

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
PAGE = "/review/search/"


def found(officer: Account, *, order: Order = Order.RECEIVED, **criteria: object) -> list[str]:
    page = search(officer, Criteria(**criteria), order=order)  # type: ignore[arg-type]
    return [case.receipt_number for case in page.rows]


def receipt(case: SampleCase) -> str:
    return case.application.receipt_number


def named(cast: Cast, applicant: str, service: str, *, seed: int) -> SampleCase:
    materials = materials_for(cast, seed=seed)
    materials["applicant"]["name"], materials["service"]["service_name"] = applicant, service
    return walk.submit(materials, member=cast.member, at=MORNING)


def test_a_case_that_has_left_the_desk_is_found_by_each_of_its_numbers_and_names(cast: Cast) -> None:
    filed = in_force(cast, seed=1)
    forwarded(cast, seed=2)
    row = filed.application
    number = filing_of(filed).number
    assert number is not None
    for text in (
        receipt(filed),
        receipt(filed).replace("-", "－"),
        number,
        f"© 2026 样例 {number}",
        number[12:20],
        row.applicant.credit_code,
        row.service_name,
        row.applicant_name,
    ):
        assert receipt(filed) in found(cast.provincial, text=text), text
    for text in (receipt(filed), number, row.applicant.credit_code):
        assert found(cast.provincial, text=text) == [receipt(filed)]
    # Nothing of it lies at the desk of the province.
    assert claims.claim_next(officer=cast.provincial, at=MORNING) is None


@pytest.mark.parametrize("text", ["ABC鏈", "ａｂｃ链", "科技 abc", "样例ABC • 鏈"])
def test_a_case_is_found_however_its_name_is_typed(cast: Cast, text: str) -> None:
    case = named(cast, "样例山水科技有限公司", "样例ＡＢＣ・链", seed=1)
    named(cast, "样例云海科技有限公司", "样例钱包", seed=2)
    assert found(cast.provincial, text=text) == [receipt(case)]


def test_words_of_nothing_but_signs_find_nothing(cast: Cast) -> None:
    submitted(cast)
    assert found(cast.provincial, text="·（）") == []
    assert len(found(cast.provincial, text=" ")) == 1


def test_every_case_of_a_filing_is_found_by_its_number(cast: Cast) -> None:
    change = change_asked(cast)
    filing = change.application.filing
    assert filing is not None
    first = Application.objects.get(filing=filing, kind=Kind.INITIAL.value)
    assert found(cast.provincial, text=str(filing.number)) == [receipt(change), first.receipt_number]
    assert verify_register().violations == []


def test_a_change_of_the_applicant_is_called_by_the_name_in_force_until_it_is_approved(cast: Cast) -> None:
    filed = in_force(cast)
    before = filed.application.applicant.name
    case = ask_applicant_name(cast, filed.application.applicant, "样例改后名称有限公司", at=MORNING + DAY)
    row = search(cast.provincial, Criteria(kind=Kind.APPLICANT_CHANGE.value), order=Order.RECEIVED).rows[0]
    assert (row.receipt_number, row.applicant_name, row.filing_number) == (receipt(case), before, None)
    assert found(cast.provincial, text="改后名称") == [receipt(case)]


def test_each_criterion_narrows(cast: Cast) -> None:
    open_case = submitted(cast, seed=1, at=MORNING - 10 * DAY)
    refused = rejected(cast, seed=2)
    filed = in_force(cast, seed=3)
    change = change_asked(cast)
    first = Application.objects.get(filing=change.application.filing, kind=Kind.INITIAL.value).receipt_number
    at = clock.china_date(MORNING)
    everything = {receipt(open_case), receipt(refused), receipt(filed), receipt(change), first}
    assert set(found(cast.provincial)) == everything
    for criteria, expected in (
        ({"kind": Kind.CHANGE.value}, {receipt(change)}),
        ({"outcome": Outcome.REJECTION.value}, {receipt(refused)}),
        ({"outcome": Outcome.APPROVAL.value}, {receipt(filed), first}),
        ({"stage": State.APPROVED.value}, {receipt(filed), first}),
        ({"stage": UNDELIVERED}, {receipt(refused)}),
        ({"stage": State.REJECTED.value}, set()),
        ({"stage": State.PROVINCIAL_REVIEW.value, "received_to": at - DAY}, {receipt(open_case)}),
        ({"received_from": at - 9 * DAY}, everything - {receipt(open_case)}),
        ({"received_from": at - 10 * DAY, "received_to": at - 10 * DAY}, {receipt(open_case)}),
        ({"decided_from": date(2020, 1, 1)}, {receipt(refused), receipt(filed), first}),
        ({"decided_to": at - DAY}, set()),
    ):
        assert set(found(cast.provincial, **criteria)) == expected, criteria


def test_what_runs_is_found_by_place_last_day_and_who_works_on_it(cast: Cast) -> None:
    """Received on Monday 2 March 2026 a case is due on 30 March, on the day after on 31 March."""
    clock.set_for_tests(MORNING + 2 * DAY)
    at_province, claimed = submitted(cast, seed=1), submitted(cast, seed=2, at=MORNING + DAY)
    claims.claim(claimed.application_id, officer=cast.provincial, at=MORNING + 2 * DAY)
    at_nation, refused = forwarded(cast, seed=3), rejected(cast, seed=4)
    closed = submitted(cast, seed=5)
    walk.act(closed, Act.WITHDRAW, by=cast.member, at=MORNING + DAY)
    first, second = date(2026, 3, 30), date(2026, 3, 31)
    running = {receipt(case) for case in (at_province, claimed, at_nation, refused)}
    for criteria, expected in (
        ({"place": "province"}, {receipt(at_province), receipt(claimed)}),
        ({"place": "nation"}, {receipt(at_nation)}),
        ({"place": "undelivered"}, {receipt(refused)}),
        ({"due_to": first}, running - {receipt(claimed)}),
        ({"due_to": first - DAY}, set()),
        ({"due_from": second, "due_to": second}, {receipt(claimed)}),
        ({"due_from": second + DAY}, set()),
        ({"due_from": date(1900, 1, 1), "due_to": date(2199, 12, 31)}, running),
        ({"due_from": date(2199, 12, 31)}, set()),
        ({"due_to": date(1900, 1, 1)}, set()),
        ({"holder": str(cast.provincial.pk)}, {receipt(claimed)}),
        ({"holder": str(cast.provincial_second.pk)}, set()),
        ({"holder": "nobody"}, {receipt(at_province)}),
    ):
        assert set(found(cast.provincial, **criteria)) == expected, criteria
    assert set(found(cast.national, holder="nobody")) == {receipt(at_nation)}


def test_only_colleagues_can_be_asked_for_as_who_works_on_a_case(cast: Cast) -> None:
    page = sign_in(cast.provincial).get(PAGE, {"holder": str(cast.national.pk)})
    assert page.status_code == 400
    assert cast.national.name not in text_of(page)


def test_a_rejection_is_told_apart_before_and_after_it_has_arrived(cast: Cast) -> None:
    case = rejected(cast)
    row = search(cast.national, Criteria(), order=Order.RECEIVED).rows[0]
    assert (row.awaits_delivery, row.decided_by, row.decision) == (True, "national_reviewer", "rejection")
    at = MORNING + DAY
    walk.act(case, Act.NOTICE_DELIVERED, by=None, at=at, delivered_at=at.isoformat(), how="email")
    row = search(cast.national, Criteria(), order=Order.RECEIVED).rows[0]
    assert (row.awaits_delivery, row.decided_by) == (False, "national_reviewer")
    assert found(cast.national, stage=State.REJECTED.value) == [receipt(case)]
    assert found(cast.national, stage=UNDELIVERED) == []


def test_a_province_finds_its_own_cases_and_the_nation_all(cast: Cast) -> None:
    here, there = submitted(cast, seed=1), submitted(cast, seed=2, division_code=GUANGDONG_DIVISION)
    assert found(cast.provincial) == [receipt(here)]
    assert found(cast.elsewhere) == [receipt(there)]
    assert set(found(cast.national)) == {receipt(here), receipt(there)}
    assert found(cast.national, province="440000") == [receipt(there)]
    for text in (receipt(there), there.application.service_name, there.application.applicant.credit_code):
        assert (found(cast.provincial, text=text), found(cast.elsewhere, text=text)) == ([], [receipt(there)])
    # A province that is asked for by hand is not one of this officer's.
    assert found(cast.provincial, province="440000") == []


def test_the_orders_are_whole_and_pages_follow_without_gap(cast: Cast) -> None:
    for seed in range(1, PAGE_SIZE + 4):
        submitted(cast, seed=seed, at=MORNING - (seed % 5) * DAY)
    for order in (Order.RECEIVED, Order.OLDEST, Order.APPLICANT):
        first = search(cast.provincial, Criteria(), order=order)
        second = search(cast.provincial, Criteria(), order=order, cursor=first.next_cursor)
        back = search(cast.provincial, Criteria(), order=order, cursor=second.previous_cursor)
        assert (len(first.rows), len(second.rows), second.next_cursor) == (PAGE_SIZE, 3, "")
        assert back.rows == first.rows
        shown = [*first.rows, *second.rows]
        assert len({case.id for case in shown}) == PAGE_SIZE + 3
        keys = [case.applicant_name if order is Order.APPLICANT else str(case.received_on) for case in shown]
        assert keys == sorted(keys, reverse=order is Order.RECEIVED)
        refused = search(cast.provincial, Criteria(), order=order, cursor="nonsense")
        assert (refused.rows, refused.is_start_instead) == (first.rows, True)


def test_the_order_of_decisions_has_decided_cases_only(cast: Cast) -> None:
    submitted(cast, seed=1)
    earlier, later = rejected(cast, seed=2), rejected(cast, seed=3, at=MORNING + DAY)
    assert found(cast.national, order=Order.DECIDED) == [receipt(later), receipt(earlier)]


def test_what_an_officer_worked_on_stays_theirs_when_it_has_left_the_desk(cast: Cast) -> None:
    decided, noted, other = (submitted(cast, seed=seed) for seed in (1, 2, 3))
    mark_all(decided, cast.provincial, at=MORNING)
    clock.set_for_tests(MORNING + timedelta(minutes=4))
    officer = sign_in(cast.provincial)
    officer.post(url("note", noted), {"text": "样例备注"})
    clock.set_for_tests(MORNING + timedelta(minutes=8))
    assert send(officer, decided, Act.FORWARD, OPINION).status_code == 302
    assert decided.application.state == State.NATIONAL_REVIEW
    mine = {"is_mine": True, "order": Order.WORKED}
    assert found(cast.provincial, **mine) == [receipt(decided), receipt(noted)]  # type: ignore[arg-type]
    assert found(cast.provincial_second, **mine) == []  # type: ignore[arg-type]
    claims.claim(other.application_id, officer=cast.provincial_second, at=MORNING)
    assert found(cast.provincial_second, **mine) == [receipt(other)]  # type: ignore[arg-type]
    page = text_of(officer.get(f"{PAGE}?cases=mine"))
    assert (receipt(decided) in page, receipt(noted) in page, receipt(other) in page) == (True, True, False)


def test_cases_are_found_by_the_name_of_an_officer_in_office_or_not(cast: Cast) -> None:
    case, other = submitted(cast, seed=1), submitted(cast, seed=2)
    claims.claim(case.application_id, officer=cast.provincial, at=MORNING)
    claims.claim(other.application_id, officer=cast.provincial_second, at=MORNING)
    Account.objects.filter(pk=cast.provincial.pk).update(is_active=False)
    head = sign_in(cast.provincial_head)
    page = text_of(head.get(PAGE, {"officer": "样例初审甲"}))
    assert (receipt(case) in page, receipt(other) in page) == (True, False)
    refused = head.get(PAGE, {"officer": "样例外省初审", "q": "样例"})
    assert refused.status_code == 400
    assert "No officer of this name is known here" in text_of(refused)
    assert 'value="样例外省初审"' in refused.content.decode()


def test_a_province_does_not_read_who_works_at_the_nation(cast: Cast) -> None:
    case = forwarded(cast)
    claims.claim(case.application_id, officer=cast.national, at=MORNING)
    claims.note_activity(case.application, officer=cast.provincial, at=MORNING)
    shown = {
        officer.name: search(officer, Criteria(), order=Order.RECEIVED).rows[0].officers
        for officer in (cast.provincial, cast.national)
    }
    assert shown == {
        cast.provincial.name: (cast.provincial.name,),
        cast.national.name: (cast.national.name, cast.provincial.name),
    }


def test_a_range_of_days_that_is_reversed_is_said_and_stays_as_typed(cast: Cast) -> None:
    submitted(cast)
    answer = sign_in(cast.provincial).get(
        PAGE, {"received_from": "2026-03-09", "received_to": "2026-03-02", "q": "样例"}
    )
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "This day lies before the first day" in text_of(answer)
    for typed in ('value="2026-03-09"', 'value="2026-03-02"', 'value="样例"'):
        assert typed in page
    assert "data-shortcut-row" not in page


def test_the_filters_in_use_are_named_and_each_can_be_taken_away(cast: Cast) -> None:
    submitted(cast)
    query = {
        "stage": "undelivered",
        "received_from": "2026-03-02",
        "province": "440000",
        "officer": "样例复审甲",
    }
    page = sign_in(cast.national).get(PAGE, query)
    shown = {each["label"]: (each["value"], each["url"]) for each in page.context["chosen"]}
    assert {label: value for label, (value, _url) in shown.items()} == {
        "Stage": "Decided, not yet delivered",
        "Name of an officer": "样例复审甲",
        "Received from": "2026-03-02 Monday",
        "Province": "Guangdong",
    }
    assert "stage=" not in shown["Stage"][1]
    assert all(f"{name}=" in shown["Stage"][1] for name in ("received_from", "province", "officer"))


def test_the_files_say_the_last_day_and_who_works_on_each_case_by_as_many_questions_for_all(
    cast: Cast,
) -> None:
    officer = sign_in(cast.provincial)

    def lines() -> tuple[dict[str, tuple[str, ...]], int]:
        with CaptureQueriesContext(connection) as asked:
            text = read(officer.get("/review/search.csv")).decode("utf-8-sig")
        head, *rows = list(csv.reader(io.StringIO(text)))[:-1]
        assert head[-2:] == ["Last day to decide", "Who works on it now"]
        return {row[0]: tuple(row[-2:]) for row in rows}, len(asked)

    claimed = submitted(cast, seed=1)
    claims.claim(claimed.application_id, officer=cast.provincial, at=clock.now())
    lines()
    _one, of_one = lines()
    free = submitted(cast, seed=2)
    away = forwarded(cast, seed=3)
    found, of_three = lines()
    assert found == {
        receipt(claimed): ("2026-03-30", cast.provincial.name),
        receipt(free): ("2026-03-30", ""),
        # It lies at another office, whose officers are no matter of this one.
        receipt(away): ("2026-03-30", ""),
    }
    assert of_three == of_one


def test_the_files_have_exactly_what_the_page_shows(cast: Cast) -> None:
    named(cast, "=样例公式有限公司", "样例服务甲", seed=1)
    rejected(cast, seed=2)
    submitted(cast, seed=3, at=MORNING - 3 * DAY)
    officer = sign_in(cast.national)
    for query in ("", "?sort=oldest", "?outcome=rejection", "?q=样例服务甲"):
        rows = officer.get(f"{PAGE}{query}").context["rows"]
        shown = [(row["case"].receipt_number, str(row["stage"])) for row in rows]
        lines = list(
            csv.reader(io.StringIO(read(officer.get(f"/review/search.csv{query}")).decode("utf-8-sig")))
        )
        sheet = load_workbook(io.BytesIO(read(officer.get(f"/review/search.xlsx{query}")))).worksheets[0]
        cells = [[str(cell or "") for cell in line] for line in sheet.iter_rows(values_only=True)]
        assert lines[0] == cells[0]
        assert [(line[0], line[8]) for line in lines[1:-1]] == shown
        assert [(line[0], line[8]) for line in cells[1:]] == shown
        assert lines[-1] == ["Cases in this file", str(len(shown))]
    csv_text = read(officer.get("/review/search.csv")).decode()
    assert "'=样例公式有限公司" in csv_text
    book = load_workbook(io.BytesIO(read(officer.get("/review/search.xlsx"))))
    cell = next(
        cell for line in book.worksheets[0].iter_rows() for cell in line if cell.value == "=样例公式有限公司"
    )
    assert cell.data_type == "s"


def read(answer: ClientResponse) -> bytes:
    return answer.getvalue()


def test_more_cases_than_a_workbook_holds_are_to_be_had_as_csv_alone(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    views = import_module("review.search.views")
    for module in (cases, views):
        monkeypatch.setattr(module, "COUNTED_UP_TO", 2)
    submitted(cast, seed=1)
    submitted(cast, seed=2)
    officer = sign_in(cast.provincial)
    page = officer.get(PAGE)
    assert "2 cases or more" in text_of(page)
    assert ("search.csv" in page.content.decode(), "search.xlsx" in page.content.decode()) == (True, False)
    assert officer.get("/review/search.xlsx").status_code == 404
    assert len(read(officer.get("/review/search.csv")).splitlines()) == 4


@pytest.mark.parametrize("query", ["", "?cases=mine", "?stage=undelivered", "?q=样例&sort=applicant"])
def test_twenty_cases_and_two_hundred_take_the_same_queries(cast: Cast, query: str) -> None:
    """Many rows are copies of two that the ledger made: of one that awaits delivery too."""
    made = [rejected(cast, seed=1).application, rejected(cast, seed=2).application]
    officer = sign_in(cast.national)
    taken = []
    for until in (20, 200):
        copies: list[Application] = []
        while Application.objects.count() + len(copies) < until:
            values = {
                field.attname: getattr(made[0], field.attname) for field in Application._meta.concrete_fields
            }
            place = until * 1_000 + len(copies)
            values |= {
                "receipt_number": f"2026-11-{place:06d}",
                "filing_id": None,
            }
            del values["id"]
            copies.append(Application(**values))
        Application.objects.bulk_create(copies)
        for row in Application.objects.filter(worked_on__isnull=True):
            CaseWork.objects.create(
                application=row,
                applicant_id=row.applicant_id,
                province_code=row.province_code,
                officer=cast.national,
                first_at=MORNING,
                last_at=MORNING,
            )
        officer.get(f"{PAGE}{query}")
        with CaptureQueriesContext(connection) as captured:
            page = officer.get(f"{PAGE}{query}")
        assert page.content.decode().count("data-shortcut-row") == min(until, PAGE_SIZE)
        taken.append(len(captured))
    assert taken[0] == taken[1] <= 12


def test_the_public_record_leads_officers_to_the_case_and_nobody_else(cast: Cast) -> None:
    filing = filing_of(in_force(cast))
    address = reverse("public:filing", args=[filing.number])
    link = f'href="{PAGE}?q='
    shown = {
        officer.name: link in sign_in(officer).get(address).content.decode()
        for officer in (cast.provincial, cast.national, cast.member)
    }
    assert shown == {cast.provincial.name: True, cast.national.name: True, cast.member.name: False}
    assert link not in Client().get(address).content.decode()
    for officer, rows in ((cast.provincial, 1), (cast.national, 1), (cast.elsewhere, 0)):
        page = sign_in(officer).get(PAGE, {"q": str(filing.number)})
        assert len(page.context["rows"]) == rows


def test_an_imported_number_without_a_case_leads_to_its_record(cast: Cast) -> None:
    filing = filing_of(in_force(cast))
    page = text_of(sign_in(cast.elsewhere).get(PAGE, {"q": str(filing.number)}))
    assert "No case has this filing number" in page
    assert "No case fits this search" in text_of(sign_in(cast.elsewhere).get(PAGE, {"q": "样例无此案"}))


def test_what_a_version_before_left_out_is_filled_and_mended(cast: Cast) -> None:
    filed, open_case = in_force(cast, seed=1), submitted(cast, seed=2)
    kept = dict(Application.objects.values_list("pk", "search_form"))
    numbers = dict(Application.objects.values_list("pk", "filing_number"))
    assert all(kept.values())
    assert numbers == {filed.application_id: filing_of(filed).number, open_case.application_id: None}
    for mend in (
        lambda: import_module("registry.migrations.0061_fill_case_search").fill(apps, None),
        mend_unfilled_case_search,
        mend_all_case_search,
    ):
        Application.objects.update(search_form="", filing_number=None)
        assert found(cast.provincial, text=filed.application.service_name) == []
        mend()
        assert dict(Application.objects.values_list("pk", "search_form")) == kept
        assert dict(Application.objects.values_list("pk", "filing_number")) == numbers
    assert mend_all_case_search() == mend_unfilled_case_search() == 0
    Application.objects.filter(pk=filed.application_id).update(filing_number=None)
    assert mend_unfilled_case_search() == 1
    assert verify_register().violations == []


@pytest.mark.postgresql
def test_the_index_of_parts_is_there_and_serves_the_search(cast: Cast) -> None:
    case = named(cast, "样例山水科技有限公司", "样例龘靐服务", seed=1)
    condition = condition_of_text("龘靐", number_column="filing__number")
    assert condition is not None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = 'application_by_search_parts'::regclass"
        )
        assert cursor.fetchone() == (True,)
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = Application.objects.filter(condition).explain()
    assert "application_by_search_parts" in plan, plan
    assert found(cast.provincial, text="龘靐") == [receipt(case)]
