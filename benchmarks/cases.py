"""Measures the offices' search of cases beside bare SQL, in one run.

`python benchmarks/cases.py` starts a PostgreSQL and a Redis of its own, fills the register with 20, 200 and then
200,000 cases of invented names, and compares for every search the 95th percentile of `review.search.cases.search` with
that of the one statement, written by hand, that fetches the same rows with the officers of each: its floor. It prints a
table, and ends with 1 when a search takes more than three times its floor, or another number of queries with 200 cases
than with 20. `python benchmarks/cases.py 20000` takes another size.
"""

from __future__ import annotations

import gc
import io
import json
import random
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

# Instead of this folder, in which a module has the name of one of Python's.
sys.path[0] = str(Path(__file__).resolve().parents[1])

from benchmarks import search as register
from benchmarks.scale import as_owner, servers
from benchmarks.search import PAGE, SIZE, SMALL, Search, by_forms, count_queries, measure
from tests.services.postgres import PostgresServer

FIRST_DAY = date(2019, 3, 1)
LAST_DAYS = 2_800
STATES = {
    "approved": 880,
    "rejected": 42,
    "withdrawn": 30,
    "lapsed": 20,
    "provincial_review": 15,
    "national_review": 8,
    "provincial_confirmation": 3,
    "national_confirmation": 2,
}
KINDS = {"initial": 80, "change": 12, "cancellation": 8}
NATIONAL_OFFICERS = 20
FETCHED = (
    "application.id, receipt_number, filing_number, applicant_name, applicant.name, service_name,"
    " application.province_code, kind, state, round_number, received_on, decision, decided_at, clock_due_on,"
    " clock_desk,"
    " (SELECT string_agg(officer.name, ',' ORDER BY work.first_at, work.id) FROM review_casework AS work"
    " JOIN registry_account AS officer ON officer.id = work.officer_id"
    " WHERE work.application_id = application.id{seen}),"
    " (SELECT actor_role FROM registry_event WHERE application_id = application.id AND act IN ('reject', 'confirm')"
    " AND at = decided_at AND state = 'rejected' AND clock_due_on IS NULL)"
)
FROM = (
    "registry_application AS application JOIN registry_applicant AS applicant ON applicant.id = applicant_id"
)
OF_PROVINCE = " AND officer.province_code = application.province_code AND officer.role LIKE 'provincial%%'"
UNDELIVERED = "state = 'rejected' AND clock_due_on IS NULL"
NEWEST = "received_on DESC, application.id DESC"


def main() -> None:
    """Fills, measures, prints the table, and says whether it keeps what it should."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else SIZE
    with servers() as postgres:
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        maker = CaseMaker()
        add_officers(maker)
        queries = []
        for few in SMALL:
            fill(postgres, maker, last=few)
            queries.append({name: count_queries(work) for name, work in few_searches().items()})
        started = time.monotonic()
        fill(postgres, maker, last=size)
        print(f"{size:,} cases, {said_sizes(postgres)}, filled in {time.monotonic() - started:.0f} s\n")
        # As the web server does before its first worker: what the filling left is not walked by the collector.
        gc.collect()
        gc.freeze()
        measured = [measure(search, postgres) for search in searches(postgres)]
    is_quick = register.print_table(measured)
    is_flat = register.print_queries(queries)
    sys.exit(0 if is_quick and is_flat else 1)


# ---------------------------------------------------------------- filling


class CaseMaker:
    """Makes applicants, filings and one case of each filing, with its officers, the same in every run."""

    def __init__(self) -> None:
        self._random = random.Random(20190216)
        self.register = register.Maker()
        self.officers: dict[str, list[uuid.UUID]] = {}

    def officer(self, place: str, number: int) -> tuple[uuid.UUID, str]:
        """An officer of the place, "" for the nation, and their name."""
        key = uuid.UUID(int=self._random.getrandbits(128))
        self.officers.setdefault(place, []).append(key)
        return key, f"样例{place or '国家'}审核{number}"

    def case(self, filing: list[Any]) -> tuple[list[Any], list[list[Any]]]:
        """The row of a filing's case, and the rows of who worked on it."""
        from registry.rules.workflow.projection import ApplicationRow
        from registry.rules.workflow.states import Kind, State

        choose, pick = self._random.choice, self._random.choices
        key, applicant, place, number = uuid.UUID(int=self._random.getrandbits(128)), *filing[1:3], filing[4]
        state = State(pick(list(STATES), list(STATES.values()))[0])
        made = self.register.made
        received_on = FIRST_DAY + timedelta(days=made * LAST_DAYS // SIZE)
        received_at = datetime.combine(received_on, datetime.min.time(), tzinfo=UTC) + timedelta(hours=2)
        decided_at = received_at + timedelta(days=20, seconds=made % 30_000)
        decision = {"approved": "approval", "rejected": "rejection", "lapsed": "rejection"}.get(state)
        is_open = state.value.endswith(("review", "confirmation"))
        # A two-hundredth of the rejections has reached nobody yet.
        is_running = is_open or (state is State.REJECTED and made % 200 == 0)
        row = ApplicationRow(
            kind=Kind(pick(list(KINDS), list(KINDS.values()))[0]),
            state=state,
            applicant_id=str(applicant),
            province_code=place,
            receipt_number=f"{received_on:%Y-%m}-{made:06d}",
            round_number=1,
            first_received_on=received_on.isoformat(),
            received_on=received_on.isoformat(),
            submitted_at=received_at.isoformat(),
            revision_number=1,
            revision_hash="",
            columns=json.loads(filing[8]),
            event_on=None,
            late_by_working_days=0,
            last_event_sequence=0,
            filing_number=number,
        )
        cells = [
            key,
            filing[0],
            applicant,
            place,
            row.kind.value,
            state.value,
            row.receipt_number,
            row.applicant_name,
            row.service_name,
            filing[8],
            1,
            row.received_on,
            row.received_on,
            row.submitted_at,
            1,
            "",
            0,
            decision or "\\N",
            decided_at.isoformat() if decision else "\\N",
            "\\N" if is_running else (received_on + timedelta(days=28)).isoformat(),
            "\\N" if is_running else "national_reviewer",
            number,
            row.search_form,
            "f",
            0,
        ]
        officers = dict.fromkeys((choose(self.officers[place]), choose(self.officers[""])))
        return cells, [[key, applicant, place, each, row.submitted_at, decided_at] for each in officers]


COLUMNS = (
    "id, filing_id, applicant_id, province_code, kind, state, receipt_number, applicant_name, service_name, columns,"
    " round_number, first_received_on, received_on, submitted_at, revision_number, revision_hash, late_by_working_days,"
    " decision, decided_at, clock_due_on, clock_desk, filing_number, search_form, escalated, last_event_sequence"
)
WORK = "application_id, applicant_id, province_code, officer_id, first_at, last_at"


def add_officers(maker: CaseMaker) -> None:
    """Two officers for each province, and those of the nation."""
    from registry.models import Account
    from registry.rules.codes.jurisdictions import PROVINCES

    for place, number in (*((each.code, 2) for each in PROVINCES), ("", NATIONAL_OFFICERS)):
        role = "provincial_reviewer" if place else "national_reviewer"
        for each in range(number):
            key, name = maker.officer(place, each)
            Account.objects.create(pk=key, name=name, role=role, province_code=place)


def fill(postgres: PostgresServer, maker: CaseMaker, *, last: int) -> None:
    """Adds filings with their cases until there are `last`; the index of parts is made anew, which is quicker."""
    texts = {name: io.StringIO() for name in ("applicant", "filing", "application", "work")}
    for applicant, filing in maker.register.filings(last):
        if applicant is not None:
            texts["applicant"].write(register.line(applicant))
        texts["filing"].write(register.line(filing))
        case, work = maker.case(filing)
        texts["application"].write(_line(case))
        for each in work:
            texts["work"].write(register.line(each))
    with as_owner(postgres) as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'application_by_search_parts'")
        (definition,) = cursor.fetchone()
        cursor.execute("DROP INDEX application_by_search_parts")
        for name, table, columns in (
            ("applicant", "registry_applicant", register.APPLICANT_COLUMNS),
            ("filing", "registry_filing", ", ".join(register.COLUMNS)),
            ("application", "registry_application", COLUMNS),
            ("work", "review_casework", WORK),
        ):
            texts[name].seek(0)
            cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", texts[name])
        cursor.execute("SET maintenance_work_mem = '256MB'")
        cursor.execute(definition)
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("CHECKPOINT")


def _line(values: list[Any]) -> str:
    """A line as `register.line` makes it, in which a missing value stays one."""
    return "\t".join("\\N" if each == "\\N" else register.line([each])[:-1] for each in values) + "\n"


def said_sizes(postgres: PostgresServer) -> str:
    """How large the table and the index of parts are."""
    with as_owner(postgres) as cursor:
        cursor.execute(
            "SELECT pg_table_size('registry_application') / 1e6, pg_relation_size('application_by_search_parts') / 1e6"
        )
        table, index = cursor.fetchone()
    return f"table {table:.0f} MB, index of parts {index:.0f} MB"


# ---------------------------------------------------------------- searches


def _officers() -> tuple[Any, Any]:
    """An officer of a province that has many cases, and one of the nation."""
    from registry.models import Account

    found = Account.objects.order_by("name", "pk")
    return found.filter(province_code="310000")[0], found.filter(role="national_reviewer")[0]


def few_searches() -> dict[str, Callable[[], object]]:
    """Searches that every size has, for counting queries."""
    from review.search.cases import Criteria, Order, count_found, search

    province, nation = _officers()
    return {
        "all cases of the country": lambda: search(nation, Criteria(), order=Order.RECEIVED),
        "all cases of a province": lambda: search(province, Criteria(), order=Order.RECEIVED),
        "a word": lambda: search(nation, Criteria(text="科技"), order=Order.RECEIVED),
        "cases I worked on": lambda: search(nation, Criteria(is_mine=True), order=Order.WORKED),
        "decided, not yet delivered": lambda: search(
            nation, Criteria(stage="undelivered"), order=Order.RECEIVED
        ),
        "the count": lambda: count_found(nation, Criteria(text="科技"), order=Order.RECEIVED),
    }


def searches(postgres: PostgresServer) -> Iterator[Search]:
    """Every kind of search, with words that the register has."""
    from registry.rules.search_form import form_of
    from review.search.cases import COUNTED_UP_TO, Criteria, Order, count_found

    province, nation = _officers()
    with as_owner(postgres) as cursor:
        cursor.execute(
            "SELECT receipt_number, filing_number, service_name, applicant_name, credit_code FROM registry_application"
            " AS application JOIN registry_applicant AS applicant ON applicant.id = applicant_id"
            " WHERE application.province_code = '310000' ORDER BY received_on DESC, application.id OFFSET 234 LIMIT 1"
        )
        receipt, number, service, name, code = cursor.fetchone()

    def both(title: str, criteria: Any, condition: str, *values: Any, **more: Any) -> Iterator[Search]:
        yield of_rows(title, nation, criteria, condition, *values, **more)
        if "province" not in title:
            yield of_rows(f"{title}, of a province", province, criteria, condition, *values, **more)

    yield from both("all cases", Criteria(), "")
    yield from both("a receipt number", Criteria(text=receipt), "AND receipt_number = %s", receipt)
    yield from both(
        "a filing number",
        Criteria(text=number),
        "AND filing_id = (SELECT id FROM registry_filing WHERE number = %s)",
        number,
    )
    yield from both("a credit code", Criteria(text=code), "AND applicant.credit_code = %s", code)
    for title, text in {
        "a whole name": name,
        "two characters, rare": service[:2],
        "two characters, frequent": "科技",
        "three characters, frequent": "有限公",
        "eight digits of a number": number[12:20],
    }.items():
        yield from both(title, Criteria(text=text), *by_forms([form_of(text)]))
    for title, criteria, condition in (
        ("a province", Criteria(province="440000"), "AND application.province_code = '440000'"),
        ("a stage, rare", Criteria(stage="national_confirmation"), "AND state = 'national_confirmation'"),
        ("a stage, frequent", Criteria(stage="approved"), "AND state = 'approved'"),
        ("decided, not yet delivered", Criteria(stage="undelivered"), f"AND {UNDELIVERED}"),
        ("a kind", Criteria(kind="cancellation"), "AND kind = 'cancellation'"),
        ("an outcome", Criteria(outcome="rejection"), "AND decision = 'rejection'"),
        (
            "days of receipt",
            Criteria(received_from=date(2022, 3, 1), received_to=date(2022, 3, 31)),
            "AND received_on BETWEEN '2022-03-01' AND '2022-03-31'",
        ),
    ):
        yield from both(title, criteria, condition)
    officer = province.pk
    yield of_rows(
        "an officer",
        nation,
        Criteria(worked_on_by=(officer,)),
        "AND application.id IN (SELECT application_id FROM review_casework WHERE officer_id = %s)",
        officer,
    )
    yield of_rows(
        "an officer of a province and a word",
        province,
        Criteria(worked_on_by=(officer,), text="科技"),
        f"{by_forms(['科技'])[0]} AND application.id IN"
        " (SELECT application_id FROM review_casework WHERE officer_id = %s)",
        *by_forms(["科技"])[1:],
        officer,
    )
    for each in (nation, province):
        yield of_rows(
            f"cases I worked on, {'the nation' if each is nation else 'of a province'}",
            each,
            Criteria(is_mine=True),
            "",
            order=Order.WORKED,
            by="mine.last_at DESC, application.id DESC",
            joined="JOIN review_casework AS mine"
            f" ON mine.application_id = application.id AND mine.officer_id = '{each.pk}'",
        )
    yield from both(
        "the last decided",
        Criteria(),
        "AND decided_at IS NOT NULL",
        order=Order.DECIDED,
        by="decided_at DESC, application.id DESC",
    )
    yield from both(
        "by name of the applicant", Criteria(), "", order=Order.APPLICANT, by="applicant_name, application.id"
    )
    yield from far_pages(postgres, nation)
    condition, *values = by_forms(["科技"])
    yield Search(
        "the count of a frequent word",
        lambda: count_found(nation, Criteria(text="科技"), order=Order.RECEIVED),
        "SELECT count(*) FROM (SELECT 1 FROM registry_application"
        f" WHERE true {condition} LIMIT {COUNTED_UP_TO}) AS each",
        tuple(values),
    )


def far_pages(postgres: PostgresServer, nation: Any) -> Iterator[Search]:
    """The thousandth page of the usual order, of fewer cases the one in the middle."""
    from review.search.cases import _ORDERS, Criteria, Order

    with as_owner(postgres) as cursor:
        cursor.execute(
            f"SELECT received_on, application.id FROM {FROM} ORDER BY {NEWEST}"
            " OFFSET (SELECT least(%s, count(*) / 2) FROM registry_application) LIMIT 1",
            [(register.FAR_PAGE - 1) * PAGE - 1],
        )
        day, key = cursor.fetchone()
    there = _ORDERS[Order.RECEIVED]._write("after", {"received_on": day, "id": uuid.UUID(str(key))})
    yield of_rows(
        "page 1,000",
        nation,
        Criteria(),
        "AND (received_on, application.id) < (%s, %s::uuid)",
        day,
        str(key),
        cursor=there,
    )


def of_rows(
    name: str,
    officer: Any,
    criteria: Any,
    condition: str,
    *values: Any,
    cursor: str = "",
    order: Any = None,
    by: str = NEWEST,
    joined: str = "",
) -> Search:
    """A search for one page of cases as this officer sees them."""
    from review.search.cases import Order, search

    of_province = officer.province_code
    where = "application.province_code = %s" if of_province else "true"
    fetched = FETCHED.format(seen=OF_PROVINCE if of_province else "")
    floor = (
        f"SELECT {fetched} FROM {FROM} {joined} WHERE {where}"
        f" {condition.replace('search_', 'application.search_')} ORDER BY {by} LIMIT {PAGE + 1}"
    )
    given = (of_province, *values) if of_province else values
    return Search(
        name,
        lambda: search(officer, criteria, cursor=cursor, order=order or Order.RECEIVED),
        floor,
        tuple(str(each) if isinstance(each, uuid.UUID) else each for each in given),
    )


if __name__ == "__main__":
    main()
