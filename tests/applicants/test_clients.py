"""The table of clients: each service of each client with what is next, by when, and the end of the letter."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from applicants.changes.change import start_change
from applicants.models import Draft
from registry import clock
from registry.members import memberships
from registry.members.memberships import Terms
from registry.models import Account, Applicant, Attachment
from registry.rules.members.permissions import MemberRole, Scope
from registry.rules.particulars.materials import empty_materials
from registry.rules.workflow.states import Act, Outcome
from registry.sample import walk
from registry.sample.walk import SAMPLE_REASON, SampleCase
from tests.applicants.pages import Desk
from tests.builders import register as build
from tests.builders.register import MORNING, Cast
from tests.client import ClientResponse

pytestmark = pytest.mark.django_db

LETTER_ENDS = date(2026, 3, 20)


def agent_of(desk: Desk, applicant: Applicant, *, until: date = LETTER_ENDS) -> None:
    """Makes the account at this desk an agent of an applicant."""
    letter = Attachment.objects.create(
        slot="letter_of_authority",
        draft_id=applicant.pk,
        uploaded_by=desk.account,
        applicant=applicant,
        name="样例.png",
        content_type="image/png",
        size_bytes=1,
        sha256="0" * 64,
        state=Attachment.State.CLEAN,
        uploaded_at=MORNING,
    )
    terms = Terms(MemberRole.EDITOR, True, Scope.ALL_ACTS, letter, until)
    memberships.take_in(applicant, desk.account, terms, at=MORNING)


def drafted(account: Account, applicant: Applicant | None, *, name: str, started_on: str = "") -> Draft:
    draft = Draft(kind="initial", account=account, applicant=applicant, created_at=MORNING, saved_at=MORNING)
    draft.materials = empty_materials() | {
        "applicant": {"name": "样例待登记公司"},
        "service": {"service_name": name, "service_started_on": started_on},
    }
    draft.save()
    return draft


def rejected(cast: Cast, *, seed: int) -> SampleCase:
    case = build.submitted(cast, seed=seed, member=cast.stranger)
    build.forward(cast, case, at=MORNING, recommends=Outcome.REJECTION)
    reasons = [dict(SAMPLE_REASON) | {"id": "1", "key": "service.consensus"}]
    walk.act(case, Act.REJECT, by=cast.national, at=MORNING, reasons=reasons, text="样例")
    return case


def lines(answer: ClientResponse) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.reader(io.StringIO(text)))[1:]


def table(desk: Desk, **asked: str) -> list[tuple[str, str, str, str]]:
    """Client, service, last day and letter's end of every row."""
    return [(row[0], row[1], row[4], row[7]) for row in lines(desk.get("clients_csv", **asked))]


@pytest.fixture
def clients(desk: Desk, cast: Cast) -> tuple[str, str, str]:
    """Two clients, of which one waits for the office and one has to mend, and one without a service."""
    waiting = build.submitted(cast, seed=71, member=cast.stranger)
    mending = rejected(cast, seed=72)
    other = build.materials_for(cast, seed=73, member=cast.stranger)
    idle = walk.sample_applicant(other, member=cast.stranger, at=MORNING)
    agent_of(desk, waiting.application.applicant, until=date(2026, 9, 30))
    agent_of(desk, mending.application.applicant)
    agent_of(desk, idle, until=date(2026, 12, 31))
    return (waiting.application.applicant.name, mending.application.applicant.name, idle.name)


def test_each_service_of_each_client_stands_with_its_next_act_day_and_letter(
    desk: Desk, cast: Cast, clients: tuple[str, str, str]
) -> None:
    waiting, mending, idle = clients
    drafted(desk.account, None, name="样例新客户服务", started_on="2026-02-27")
    found = {row[0]: row for row in lines(desk.get("clients_csv"))}
    assert set(found) == {waiting, mending, idle, "样例待登记公司"}
    # Twenty working days from 3 March for the office, thirty to mend, ten from 28 February, a worked Saturday, to file.
    assert [found[name][4] for name in (waiting, mending, idle, "样例待登记公司")] == [
        "2026-03-30",
        "2026-04-14",
        "",
        "2026-03-12",
    ]
    assert [found[name][7] for name in (waiting, mending, idle, "样例待登记公司")] == [
        "2026-09-30",
        LETTER_ENDS.isoformat(),
        "2026-12-31",
        "",
    ]
    page = desk.get("clients").content.decode()
    assert [name in page for name in (*clients, "样例待登记公司")] == [True] * 4


def test_the_table_is_filtered_and_sorted(desk: Desk, clients: tuple[str, str, str]) -> None:
    waiting, mending, idle = clients
    assert [row[0] for row in table(desk)] == [waiting, mending, idle]
    assert [row[0] for row in table(desk, sort="letter")] == [mending, waiting, idle]
    assert [row[0] for row in table(desk, sort="client")] == sorted(clients)
    assert [row[0] for row in table(desk, q=f" {mending[:8]}")] == [mending]
    assert [row[0] for row in table(desk, only="letter")] == [mending]
    assert table(desk, only="overdue") == []
    clock.set_for_tests(MORNING + timedelta(days=30))
    later = Desk.of(desk.account)
    # The office's own day has passed by then, and asks for nothing.
    assert [row[0] for row in table(later, only="soon")] == [mending]
    assert later.get("clients", sort="nonsense").status_code == 400
    assert later.get("clients_csv", sort="nonsense").status_code == 400


def test_a_workbook_has_the_rows_of_the_table(desk: Desk, clients: tuple[str, str, str]) -> None:
    answer = desk.get("clients_xlsx", sort="client")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == sorted(clients)


def test_a_formula_in_a_typed_name_is_none_in_the_files(desk: Desk) -> None:
    draft = drafted(desk.account, None, name="=1+1")
    materials = draft.materials
    materials["applicant"]["name"] = "=HYPERLINK(1)"
    draft.materials = materials
    draft.save()
    assert lines(desk.get("clients_csv"))[0][:2] == ["'=HYPERLINK(1)", "'=1+1"]


def test_nobody_sees_the_clients_of_another_account(
    desk: Desk, stranger: Desk, cast: Cast, clients: tuple[str, str, str]
) -> None:
    drafted(desk.account, None, name="样例他人草稿")
    assert "样例他人草稿" in str(table(desk))
    assert "样例他人草稿" not in str(table(stranger))
    member = memberships.membership_of(desk.account.pk, Applicant.objects.get(name=clients[1]).pk)
    assert member is not None
    memberships.revoke(member.pk, by=desk.account, at=MORNING)
    assert clients[1] not in [row[0] for row in table(desk)]


def test_the_queries_of_the_table_are_as_many_for_two_hundred_clients_as_for_four(
    desk: Desk, cast: Cast
) -> None:
    filing = build.filing_of(build.in_force(cast, seed=74, member=cast.stranger))
    agent_of(desk, filing.applicant)
    start_change(filing, account=desk.account, at=MORNING)
    first = rejected(cast, seed=75)
    agent_of(desk, first.application.applicant)
    queries(desk)
    with_few = queries(desk)
    template = Applicant.objects.get(pk=filing.applicant_id)
    letter = Attachment.objects.get(draft_id=filing.applicant_id)
    for number in range(200):
        applicant = Applicant(
            nature=template.nature,
            name=f"样例客户{number:03}",
            document_type=template.document_type,
            credit_code=template.credit_code,
            document_index=f"{number:064}",
            division_code=template.division_code,
            province_code=template.province_code,
            created_at=MORNING,
        )
        applicant.save(force_insert=True)
        terms = Terms(MemberRole.EDITOR, True, Scope.ALL_ACTS, letter, LETTER_ENDS)
        memberships.take_in(applicant, desk.account, terms, at=MORNING)
        drafted(desk.account, applicant, name=f"样例服务{number:03}", started_on="2026-02-27")
    more = rejected(cast, seed=76)
    agent_of(desk, more.application.applicant)
    with_many = queries(desk)
    assert len(table(desk)) >= 202
    assert with_many == with_few


def queries(desk: Desk) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert desk.get("clients").status_code == 200
    return len(captured)


def test_lists_name_the_client_for_somebody_who_acts_for_several(
    desk: Desk, stranger: Desk, cast: Cast, clients: tuple[str, str, str]
) -> None:
    waiting, mending, _idle = clients
    for name in ("dashboard", "deadlines"):
        page = desk.get(name).content.decode()
        rows = [row for row in page.split("<tr>") if "SL" in row or "样例" in row]
        assert [any(client in row for row in rows) for client in (waiting, mending)] == [True, True], name
    assert reverse("applicants:clients") in desk.get("memberships").content.decode()
