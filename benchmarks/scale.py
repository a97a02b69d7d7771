"""Measures what the size of the register costs: every sweep at two sizes, and acts beside bare SQL, in one run.

`python benchmarks/scale.py` starts a PostgreSQL and a Redis of its own, takes a few filings through the ledger, copies
them within the database to 20,000 and then to 200,000 filings, and prints three tables. A sweep that finds its work by
an index takes the same time at both sizes; one that reads history takes ten times as long. Ends with 1 when a sweep's
ratio is above 1.5, or when numbers are issued at less than half the speed of the same rows written by bare SQL: the
floor writes as an office would by hand, one transaction for each number, and the sweep as it does at work, several in
one, with the finding, the records of the job and the doorbell.
`python benchmarks/scale.py 2000 20000` takes other sizes.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

# Instead of this folder, in which a module has the name of one of Python's.
sys.path[0] = str(Path(__file__).resolve().parents[1])

import django
import psycopg2

from tests.services.postgres import DATABASE, PostgresServer
from tests.services.redis import RedisServer

SIZES = (20_000, 200_000)
MOST_RATIO = 1.5
LEAST_SPEED = 0.5
TO_DO = 100
TIMES = 15
ROUNDS = 5
CASES = 100

# Of a hundred filings: in force, in force with an open change, rejected and waiting for a resubmission.
SHARES = {"in_force": 88, "changing": 11, "rejected": 1}


def main() -> None:
    """Fills, measures at both sizes, prints the tables, and says whether they keep what they should."""
    sizes = tuple(int(size) for size in sys.argv[1:]) or SIZES
    with servers() as postgres:
        scene = prepare()
        found: list[dict[str, tuple[float, float]]] = []
        filled = 0
        for size in sizes:
            started = time.monotonic()
            fill(scene, postgres, first=filled, last=size)
            filled = size
            print(f"{size:,} filings: {rows_said(postgres)}, filled in {time.monotonic() - started:.0f} s")
            found.append(measure_sweeps())
        is_flat = print_sweeps(sizes, found)
        is_quick = print_acts(measure_acts(scene, postgres))
    sys.exit(0 if is_flat and is_quick else 1)


@contextmanager
def servers() -> Iterator[PostgresServer]:
    """A PostgreSQL that keeps what it commits, and a Redis; the settings are made for them."""
    postgres, redis = PostgresServer(durable=True), RedisServer()
    try:
        postgres.start()
        redis.start()
        with tempfile.TemporaryDirectory(prefix="filing-portal-scale-") as directory:
            os.environ |= {
                "DJANGO_SETTINGS_MODULE": "filing_portal.settings.testing",
                "DATABASE_URL": postgres.url(),
                "REDIS_URL": redis.url(),
                "FILING_PORTAL_TEST_VAR_DIR": directory,
            }
            django.setup()
            yield postgres
    finally:
        redis.stop()
        postgres.stop()


@contextmanager
def as_owner(postgres: PostgresServer) -> Iterator[Any]:
    """A cursor of the superuser, for what the portal may not do."""
    address = f"host=127.0.0.1 port={postgres.port} user=postgres dbname={DATABASE}"
    with closing(psycopg2.connect(address)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor


@dataclass(frozen=True, slots=True)
class Scene:
    """The people, and for each share of the filings the applicant whose case is copied."""

    cast: Any
    applicants: dict[str, uuid.UUID]


def prepare() -> Scene:
    """The cases to copy, taken through the real ledger and swept: about six events each, nothing left to do."""
    import structlog
    from django.core.management import call_command

    from registry import clock, tasks
    from registry.models import Notice
    from registry.rules.workflow.states import Act, Outcome
    from registry.sample import walk
    from review.tasks import sweep_desk_notices, sweep_likeness
    from tests.builders import register as build
    from tests.builders.register import MORNING, Cast

    structlog.configure(processors=[_drop])
    call_command("migrate", verbosity=0)
    cast = Cast()
    in_force = build.submitted(cast, seed=901)
    materials = build.materials_for(cast, seed=901)
    materials["service"]["description"] += "样例补充"
    walk.act(in_force, Act.SUPPLEMENT, by=cast.member, at=MORNING, materials=materials, explanation="样例")
    build.forward(cast, in_force, at=MORNING, recommends=Outcome.REJECTION)
    walk.act(in_force, Act.PROPOSE_APPROVAL, by=cast.national, at=MORNING, text="样例意见：均已核对")
    walk.act(in_force, Act.CONFIRM, by=cast.national_second, at=MORNING)
    tasks.sweep_filing_numbers()
    changing = build.change_asked(cast)
    rejected = build.rejected(cast, seed=903)
    with clock.stopped_at(MORNING + timedelta(days=2)):
        for sweep in (tasks.sweep_notices, sweep_desk_notices, tasks.sweep_documents, sweep_likeness):
            sweep()
        Notice.objects.filter(application=rejected.application_id).update(opened_at=clock.now())
        tasks.sweep_clocks()
        tasks.sweep_records()
    cases = {"in_force": in_force, "changing": changing, "rejected": rejected}
    return Scene(cast, {name: case.application.applicant_id for name, case in cases.items()})


def _drop(_logger: object, _method: str, _event: object) -> Any:
    """What jobs log says nothing here."""
    import structlog

    raise structlog.DropEvent


# Ids of copied rows: a copy's id, and every reference to it, is the digest of the original's and the copy's number.
COPIED_IDS = {
    "id",
    "applicant_id",
    "filing_id",
    "application_id",
    "event_id",
    "notice_id",
    "stream_id",
    "in_force_application_id",
    "facts_application_id",
}
APPLICANTS = "applicant_id IN %(ids)s"
# A copy is in no batch list, whatever its original is in.
COPIED_EVENTS = f"{APPLICANTS} AND act <> 'enter_in_list'"
EVENTS = f"event_id IN (SELECT id FROM registry_event WHERE {COPIED_EVENTS})"
# For each table: which rows are copied, and what is unique in a copy.
TABLES: dict[str, tuple[str, dict[str, str]]] = {
    "registry_applicant": ("id IN %(ids)s", {"document_index": "left(md5(t.id::text || n), 64)"}),
    "registry_membership": (APPLICANTS, {}),
    "registry_numberhead": (APPLICANTS, {"serial": "to_char(10000000 + n * 3 + %(share)s, 'FM00000000')"}),
    "registry_filing": (
        APPLICANTS,
        {"number": "CASE WHEN t.number IS NOT NULL THEN left(md5(t.id::text || n), 26) END"},
    ),
    "registry_application": (APPLICANTS, {"receipt_number": "left(md5(t.id::text || n), 24)"}),
    # What the fold reads of a copy's events is the copy's own: its number, as the row above has it, and its applicant.
    "registry_event": (
        COPIED_EVENTS,
        {
            "payload": "CASE WHEN t.act = 'issue_number' THEN jsonb_set(t.payload, '{number}',"
            " to_jsonb(left(md5(t.stream_id::text || n), 26))) WHEN t.payload ? 'applicant_id' THEN"
            " jsonb_set(t.payload, '{applicant_id}',"
            " to_jsonb((md5((t.payload->>'applicant_id') || n)::uuid)::text)) ELSE t.payload END"
        },
    ),
    "registry_eventeffect": (EVENTS, {}),
    "registry_issueddocument": (APPLICANTS, {}),
    "registry_notice": (
        EVENTS,
        {"key": "md5(t.event_id::text || n)::uuid::text", "body": "''", "sms": "''"},
    ),
    "registry_delivery": (
        f"notice_id IN (SELECT id FROM registry_notice WHERE {EVENTS})",
        {},
    ),
    "review_likenesstrait": (APPLICANTS, {"value": "t.value || mod(n, 5000)"}),
}


def fill(scene: Scene, postgres: PostgresServer, *, first: int, last: int) -> None:
    """Copies the cases until there are `last` filings; those from `first` on are new."""
    with as_owner(postgres) as cursor:
        # Copies are whole by themselves: references are not checked one by one, nor triggers asked.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("ALTER SYSTEM SET fsync = off")
        cursor.execute("ALTER SYSTEM SET max_wal_size = '4GB'")
        cursor.execute("SELECT pg_reload_conf()")
        for place, (name, share) in enumerate(SHARES.items()):
            given = {
                "ids": (str(scene.applicants[name]),),
                "share": place,
                "first": first * share // 100,
                "last": last * share // 100 - 1,
            }
            for table, (condition, changes) in TABLES.items():
                cursor.execute(copying(cursor, table, condition, changes), given)
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("ALTER SYSTEM RESET fsync")
        cursor.execute("CHECKPOINT")
        cursor.execute("SELECT pg_reload_conf()")


def copying(cursor: Any, table: str, condition: str, changes: dict[str, str]) -> str:
    """The statement that copies rows of a table, once for each number `n` from `first` to `last`."""
    cursor.execute(
        "SELECT column_name, data_type FROM information_schema.columns"
        " WHERE table_name = %s AND is_identity = 'NO' AND is_generated = 'NEVER' ORDER BY ordinal_position",
        [table],
    )
    columns = dict(cursor.fetchall())
    values = []
    for column, kind in columns.items():
        if column in changes:
            values.append(changes[column])
        elif column in COPIED_IDS and kind == "uuid":
            values.append(f"md5(t.{column}::text || n)::uuid")
        elif kind == "timestamp with time zone":
            # Minutes apart, so that no two copies stand at one moment.
            values.append(f"t.{column} - mod(n, 1000) * interval '1 minute'")
        else:
            values.append(f"t.{column}")
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)}"
        f" FROM {table} t CROSS JOIN generate_series(%(first)s::int, %(last)s::int) n WHERE {condition}"
    )


def rows_said(postgres: PostgresServer) -> str:
    """How many events, effects and documents there are, and how large the database is."""
    tables = {"events": "event", "effects": "eventeffect", "documents": "issueddocument"}
    with as_owner(postgres) as cursor:
        counts = []
        for name, table in tables.items():
            cursor.execute(f"SELECT count(*) FROM registry_{table}")
            counts.append(f"{cursor.fetchone()[0]:,} {name}")
        cursor.execute("SELECT pg_database_size(%s) / 1e9", [DATABASE])
        return f"{', '.join(counts)}, {cursor.fetchone()[0]:.1f} GB"


# Makes a membership one of an agent whose letter ends within 30 days.
LETTER = (
    "is_agent = true, role = 'editor', scope = 'all_acts', letter_valid_until = '2026-03-20',"
    " letter_id = (SELECT id FROM registry_attachment LIMIT 1)"
)


def sweeps() -> dict[str, tuple[Callable[[], object], str]]:
    """For each sweep, what looks for its work, and the statement that gives it a hundred things to do."""
    from django.db import transaction

    from applicants import tasks as applicants_tasks
    from applicants.deadlines import moved_deadlines
    from registry.deadlines import due
    from registry.documents import papers
    from registry.lists import note_names
    from registry.models import Delivery
    from registry.notices import delivery, filing_notices
    from registry.rules.workflow.effects import EffectKind
    from registry.snapshot import records
    from registry.streams import effects
    from review.notices import desk_notices
    from review.notices.moved_deadlines import moves_awaiting_notice
    from tests.builders.register import MORNING

    now = MORNING + timedelta(days=5)

    def of_effects(kind: EffectKind) -> str:
        return _some("registry_eventeffect", "done_at = NULL, outcome = ''", f"kind = '{kind.value}'")

    def next_email() -> None:
        with transaction.atomic():
            delivery.take_next(Delivery.Channel.EMAIL, at=now)
            transaction.set_rollback(True)

    def own_moves() -> None:
        moved_deadlines.subjects_of(moved_deadlines.notices_to_announce())

    old = "received_on = '2026-01-05'"
    rejected = "state = 'rejected'"
    return {
        "sweep_notices": (filing_notices.events_for_applicants, of_effects(EffectKind.TELL_APPLICANT)),
        "sweep_desk_notices": (desk_notices.events_for_desks, of_effects(EffectKind.TELL_OFFICE)),
        "sweep_documents": (lambda: papers.to_make(most=TO_DO), of_effects(EffectKind.PAPER)),
        "sweep_likeness": (
            lambda: effects.events_awaiting(EffectKind.TRAITS),
            of_effects(EffectKind.TRAITS),
        ),
        "sweep_records": (
            lambda: records.to_write(note_names(), most=TO_DO),
            of_effects(EffectKind.RECORD),
        ),
        "sweep_filing_numbers": (
            due.to_number,
            _some("registry_filing", "standing = 'awaiting_number', number = NULL", "standing = 'in_force'"),
        ),
        "sweep_clocks: notice_delivered": (
            due.to_note_delivery,
            _some("registry_application", "clock_due_on = NULL", rejected),
        ),
        "sweep_clocks: escalate": (
            lambda: due.to_escalate(now),
            _some("registry_application", old, "state = 'provincial_review'"),
        ),
        "sweep_clocks: record_lateness": (
            lambda: due.to_record_lateness(now),
            _some("registry_application", f"{old}, escalated = true", "state = 'provincial_review'"),
        ),
        "sweep_clocks: lapse": (
            lambda: due.to_lapse(now),
            _some("registry_application", "decided_at = '2026-01-05'", rejected),
        ),
        "sweep_clocks: take_effect": (
            lambda: due.to_take_effect(now),
            _some("registry_filing", "ends_on = '2026-03-01'", "standing = 'in_force'"),
        ),
        "sweep_emails": (
            next_email,
            _some(
                "registry_delivery",
                "channel = 'email', state = 'waiting', next_attempt_at = '2026-03-02'",
                "channel = 'inbox'",
            ),
        ),
        "sweep_emails: interrupted": (
            lambda: delivery.settle_interrupted(now),
            _some("registry_delivery", "state = 'sending', started_at = '2026-03-09'", "channel = 'inbox'"),
        ),
        "sweep_moved_deadlines": (moves_awaiting_notice, ""),
        "sweep_moved_deadlines: own": (own_moves, ""),
        "sweep_letters": (
            lambda: applicants_tasks.letters_ending(now),
            _some("registry_membership", LETTER, "not is_agent"),
        ),
    }


def _some(table: str, change: str, condition: str) -> str:
    """The statement that changes a hundred rows, from all over the table."""
    chosen = f"SELECT id FROM {table} WHERE {condition} ORDER BY md5(id::text) LIMIT {TO_DO}"
    return f"UPDATE {table} SET {change} WHERE id IN ({chosen})"


def measure_sweeps() -> dict[str, tuple[float, float]]:
    """For each sweep, the milliseconds of looking for work with nothing to do, and with a hundred things.

    The least of several rounds over all sweeps: what else ran while one of them had its turn does not count.
    """
    found: dict[str, tuple[float, float]] = {}
    for _round in range(ROUNDS):
        for name, (find, give_work) in sweeps().items():
            taken = _idle_and_busy(find, give_work)
            before = found.get(name, taken)
            found[name] = (min(before[0], taken[0]), min(before[1], taken[1]))
    return found


def _idle_and_busy(find: Callable[[], object], give_work: str) -> tuple[float, float]:
    from django.db import connection, transaction

    with transaction.atomic():
        idle = milliseconds(find)
        if give_work:
            with connection.cursor() as cursor:
                cursor.execute(give_work)
        busy = milliseconds(find)
        transaction.set_rollback(True)
    return idle, busy


def milliseconds(work: Callable[[], object]) -> float:
    """The least time of several calls: what else runs on the machine only adds to it."""
    least = float("inf")
    for _ in range(TIMES):
        started = time.perf_counter()
        work()
        least = min(least, time.perf_counter() - started)
    return least * 1000


def print_sweeps(sizes: tuple[int, ...], found: list[dict[str, tuple[float, float]]]) -> bool:
    """Prints the milliseconds at every size and the ratio of the last to the first; whether all are flat."""
    print(
        "\nMilliseconds of looking for work, with nothing to do and with 100 things to do, and their ratios."
    )
    print(f"{'':34}" + "".join(f"{f'{size:,}':>18}" for size in sizes) + f"{'ratio':>16}")
    is_flat = True
    for name, first in found[0].items():
        last = found[-1][name]
        ratios = [after / before for before, after in zip(first, last, strict=True)]
        is_flat = is_flat and max(ratios) <= MOST_RATIO
        cells = [f"{idle:.2f} / {busy:.2f}" for idle, busy in (each[name] for each in found)]
        print(
            f"{name:34}" + "".join(f"{cell:>18}" for cell in cells) + f"{ratios[0]:>9.1f} / {ratios[1]:.1f}"
        )
    return is_flat


@dataclass(slots=True)
class Speed:
    """Seconds that each act took through the ledger, and that the rows of each took by bare SQL."""

    ledger: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)

    def per_second(self, taken: list[float]) -> float:
        """Acts a second, from the quickest quarter: what else runs on the machine only adds to the others."""
        quickest = sorted(taken)[: max(len(taken) // 4, 1)]
        return len(quickest) / sum(quickest)

    @property
    def of_the_floor(self) -> float:
        return self.per_second(self.ledger) / self.per_second(self.bare)


def measure_acts(scene: Scene, postgres: PostgresServer) -> dict[str, Speed]:
    """Takes pairs of cases to their numbers: one through the ledger, one by the SQL that the ledger would write.

    The sweep issues the numbers of a whole group; each takes its share of the time.
    """
    from registry import clock, tasks
    from registry.book import ledger, numbering
    from registry.book.act_request import Actor, Request
    from registry.jobs.runs import TOGETHER
    from registry.rules.workflow.states import Act, Kind
    from registry.sample import walk
    from registry.sample.walk import SampleCase
    from tests.builders import register as build
    from tests.builders.register import MORNING

    cast = scene.cast
    speeds = {name: Speed() for name in ("submission", "approval", "issuing a number")}

    def submission(seed: int) -> Callable[[], Any]:
        materials = build.materials_for(cast, seed=seed)
        applicant = walk.sample_applicant(materials, member=cast.member, at=MORNING)
        request = Request(materials=materials, declaration_accepted=True)
        actor = Actor.of(cast.member)
        return lambda: ledger.submit(
            Kind.INITIAL, applicant_id=applicant.pk, actor=actor, request=request, at=MORNING
        )

    with closing(psycopg2.connect(postgres.url())) as bare:
        for number in range(CASES):
            cases = []
            for is_bare in (False, True):
                event = timed(speeds["submission"], submission(2000 + 2 * number + is_bare), bare, is_bare)
                case = SampleCase(event.application_id, cast.member)
                build.forward(cast, case, at=MORNING)
                cases.append((case, is_bare))
            for case, is_bare in cases:

                def approve(case: SampleCase = case) -> Any:
                    return walk.act(case, Act.APPROVE, by=cast.national, at=MORNING, text="样例")

                timed(speeds["approval"], approve, bare, is_bare)
            filing_id = build.filing_of(cases[-1][0]).pk

            def issue(filing_id: uuid.UUID = filing_id) -> Any:
                return numbering.issue_number(filing_id, at=MORNING)

            timed(speeds["issuing a number"], issue, bare, is_bare=True)
            if number % TOGETHER == TOGETHER - 1:
                with clock.stopped_at(MORNING):
                    started = time.perf_counter()
                    issued = tasks.sweep_filing_numbers()
                    taken = time.perf_counter() - started
                speeds["issuing a number"].ledger += [taken / issued] * issued
    return speeds


def timed(speed: Speed, work: Callable[[], Any], bare: Any, is_bare: bool) -> Any:
    """Adds the time of an act, through the ledger or as bare SQL; gives what the act gave."""
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    if not is_bare:
        started = time.perf_counter()
        given = work()
        speed.ledger.append(time.perf_counter() - started)
        return given
    with CaptureQueriesContext(connection) as captured, transaction.atomic():
        given = work()
        transaction.set_rollback(True)
    # Locks belong to the floor: without them two at once would write the same number.
    statements = [
        query["sql"]
        for query in captured.captured_queries
        if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))
        or " FOR UPDATE" in query["sql"]
        or " FOR NO KEY UPDATE" in query["sql"]
    ]
    started = time.perf_counter()
    with bare, bare.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    speed.bare.append(time.perf_counter() - started)
    return given


def print_acts(speeds: dict[str, Speed]) -> bool:
    """Prints how many acts a second there are; whether numbers are issued fast enough."""
    print(
        f"\nActs a second by one process, of {CASES} each; the floor locks and writes the same rows by bare SQL."
    )
    print(f"{'':20}{'ledger':>10}{'floor':>10}{'of the floor':>16}")
    for name, speed in speeds.items():
        ledger, floor = speed.per_second(speed.ledger), speed.per_second(speed.bare)
        print(f"{name:20}{ledger:>10.0f}{floor:>10.0f}{speed.of_the_floor:>15.2f}×")
    return speeds["issuing a number"].of_the_floor >= LEAST_SPEED


if __name__ == "__main__":
    main()
