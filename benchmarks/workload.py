"""Measures the pages of heads: overview and workload, with the figures kept by day and counted from the book.

`python benchmarks/workload.py` starts a PostgreSQL and a Redis of its own, fills the register with 200,000 cases of
invented names and their events, and asks for the pages as heads of the nation and of a province do, through the whole
portal. It prints 95th percentiles, how long it takes to keep the figures and to compare them, and ends with 1 when a
page takes longer than 150 ms while the figures are kept, or says something else than when they are counted from the
book. `python benchmarks/workload.py 20000` takes another size; its cases lie as close together.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

# Instead of this folder, in which a module has the name of one of Python's.
sys.path[0] = str(Path(__file__).resolve().parents[1])

from benchmarks import cases
from benchmarks.scale import as_owner, servers
from benchmarks.search import SIZE, percentile_95
from tests.services.postgres import PostgresServer

MOST_MILLISECONDS = 150.0
TIMES = 40
TIMES_FROM_THE_BOOK = 5
PROVINCE = "110000"
# Of the cases that were decided, one in thirty is closed late, and one in sixty passed to the nation after day 15.
LATE_EACH, MISSED_EACH = 30, 60
_NUMBERED = "abs(hashtext(application.id::text))"
_LATE_BY = f"CASE WHEN {_NUMBERED} % {LATE_EACH} = 0 THEN 2 ELSE 0 END"
_CLOCK = (
    "jsonb_build_object('clock', jsonb_build_object('due_on', to_char(received_on + 28, 'YYYY-MM-DD'),"
    f" 'late_by_working_days', {_LATE_BY}, 'desk', 'national_reviewer'))"
)
_OF_PROVINCE = (
    "(SELECT officer_id FROM review_casework AS work JOIN registry_account AS officer ON officer.id = officer_id"
    " WHERE work.application_id = application.id AND officer.province_code <> '' LIMIT 1)"
)
_OF_NATION = _OF_PROVINCE.replace("<> ''", "= ''")
# The events of each case: place in the stream, act, when, by whom, in which role, with what, and of which cases.
EVENTS = (
    (
        1,
        "'submit'",
        "submitted_at",
        "NULL",
        "applicant",
        "jsonb_build_object('kind', kind, 'late_by_working_days', 0)",
        "TRUE",
    ),
    (
        2,
        "'forward'",
        "submitted_at + interval '6 days'",
        _OF_PROVINCE,
        "provincial_reviewer",
        "'{}'::jsonb",
        f"state NOT LIKE 'provincial%' AND {_NUMBERED} % {MISSED_EACH} <> 0",
    ),
    (
        2,
        "'escalate'",
        "submitted_at + interval '22 days'",
        "NULL",
        "system",
        "'{}'::jsonb",
        f"state NOT LIKE 'provincial%' AND {_NUMBERED} % {MISSED_EACH} = 0",
    ),
    (
        3,
        "CASE decision WHEN 'approval' THEN 'approve' ELSE 'reject' END",
        "decided_at",
        _OF_NATION,
        "national_reviewer",
        f"CASE WHEN kind <> 'initial' AND decision = 'approval' THEN {_CLOCK} ELSE '{{}}'::jsonb END",
        "decided_at IS NOT NULL",
    ),
    (
        4,
        "CASE decision WHEN 'approval' THEN 'issue_number' ELSE 'notice_delivered' END",
        "decided_at + interval '1 minute'",
        "NULL",
        "system",
        _CLOCK,
        "decided_at IS NOT NULL AND clock_due_on IS NOT NULL AND (kind = 'initial' OR decision = 'rejection')",
    ),
)


def main() -> None:
    """Fills, measures, prints the table, and says whether it keeps what it should."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else SIZE
    with servers() as postgres:
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        maker = cases.CaseMaker()
        cases.add_officers(maker)
        started = time.monotonic()
        cases.fill(postgres, maker, last=size)
        add_events(postgres)
        print(f"{size:,} cases with their events, filled in {time.monotonic() - started:.0f} s")
        # The names of all cases are at hand in this process, and in no worker: the collector must not walk them.
        gc.freeze()
        is_good = measure()
    sys.exit(0 if is_good else 1)


def add_events(postgres: PostgresServer) -> None:
    """The events of every case, each with what the figures read of it."""
    with as_owner(postgres) as cursor:
        cursor.execute("SET synchronous_commit = off")
        for sequence, act, at, actor, role, payload, which in EVENTS:
            cursor.execute(
                "INSERT INTO registry_event (id, stream_kind, stream_id, sequence, filing_id, application_id,"
                " province_code, act, at, actor_id, actor_role, version, payload, previous_hash, hash)"
                f" SELECT gen_random_uuid(), 'filing', filing_id, {sequence}, filing_id, id, province_code, {act},"
                f" {at}, {actor}, '{role}', 1, {payload}, '', '' FROM registry_application AS application WHERE {which}"
            )
        cursor.execute("VACUUM (ANALYZE) registry_event")
        cursor.execute("CHECKPOINT")


def measure() -> bool:
    """Prints how long the pages take; whether they are quick and the same with and without the figures kept."""
    from registry import clock
    from registry.calendar.current import current_calendar
    from registry.models import Application
    from registry.statistics import daily

    last = Application.objects.latest("submitted_at").submitted_at
    at: datetime = last + timedelta(days=1)
    with clock.stopped_at(at):
        people = heads()
        month = clock.china_date(at).replace(day=1)
        pages = dict(pages_of(people, f"{month:%Y-%m}"))
        from_the_book = {name: timed(page, TIMES_FROM_THE_BOOK) for name, page in pages.items()}
        said = [figures_of(head, month, at) for head in people.values()]
        started = time.perf_counter()
        days = daily.keep_days(calendar=current_calendar(), at=at)
        keeping = time.perf_counter() - started
        started = time.perf_counter()
        differing = len(list(daily.differing_figures(current_calendar())))
        comparing = time.perf_counter() - started
        kept = {name: timed(page, TIMES) for name, page in pages.items()}
        is_same = said == [figures_of(head, month, at) for head in people.values()] and not differing
    print(f"{days:,} days kept in {keeping:.1f} s, compared in {comparing:.1f} s, {differing} differ\n")
    print("95th percentiles in milliseconds, through the whole portal.")
    print(f"{'':36}{'kept':>10}{'book':>10}")
    for name in pages:
        print(f"{name:36}{kept[name]:>10.1f}{from_the_book[name]:>10.1f}")
    print(f"\nthe same figures kept and from the book: {'yes' if is_same else 'NO'}")
    return is_same and all(taken <= MOST_MILLISECONDS for taken in kept.values())


def heads() -> dict[str, Any]:
    """A head of the nation and one of a province, by the name of their place."""
    from registry.models import Account

    return {
        place: Account.objects.create(name=f"样例{place}", role=role, province_code=code)
        for place, role, code in (("nation", "national_head", ""), ("province", "provincial_head", PROVINCE))
    }


def pages_of(people: dict[str, Any], month: str) -> Iterator[tuple[str, Callable[[], None]]]:
    """The pages as these heads ask for them, by name."""
    from django.test import Client

    for place, head in people.items():
        browser = Client()
        browser.force_login(head, backend="registry.accounts.backends.AccountBackend")
        for name, address in (
            ("workload", f"/review/workload/?month={month}"),
            ("overview", "/review/overview/"),
        ):
            yield f"{name}, {place}", partial(ask, browser, address)


def ask(browser: Any, address: str) -> None:
    """Asks for a page, which has to be there."""
    answer = browser.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address} answers {answer.status_code}")


def figures_of(head: Any, month: date, at: datetime) -> list[Any]:
    """Every figure that the pages show to a head."""
    from review.heads.overview import overview_of
    from review.heads.workload import tables_for

    tables = [list(table.rows) for table in tables_for(head, month=month, at=at)]
    return [tables, [figure.count for figure in overview_of(head, at=at).figures]]


def timed(page: Callable[[], None], times: int) -> float:
    """The 95th percentile of so many answers, in milliseconds."""
    taken = []
    for _time in range(times):
        started = time.perf_counter()
        page()
        taken.append((time.perf_counter() - started) * 1000)
    return percentile_95(taken)


if __name__ == "__main__":
    main()
