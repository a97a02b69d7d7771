"""Measures checking a register: fills one with correct chains, checks it, alters three rows and checks it again.

`python benchmarks/verify.py` starts a PostgreSQL of its own, takes a few filings through the ledger, copies them to
2,000, 20,000 and 200,000 filings and runs `manage.py check_register` at each size. `python benchmarks/verify.py 2000`
takes other sizes. The floor, in the same run, is a bare loop that reads every event and takes the SHA-256 of its
canonical JSON. Ends with 1 when a whole register is reported, or an altered row is not.

Every copy has its own ids, document, numbers, effects, notices and revisions with encrypted personal parts; its
hashes are made by the functions the ledger uses. One copy in a hundred has scans and papers of its own on disk. The
revisions of the others name the scans of the original, and their papers are still to be made.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psycopg2

from benchmarks.scale import SHARES, Scene, as_owner, prepare, servers
from tests.services.postgres import PostgresServer

SIZES = (2_000, 20_000, 200_000)
AT_ONCE = 1_000
OWN_FILES_EVERY = 100
FIRST_SERIAL = 20_000_000
# So that every run makes the same register and alters the same rows.
SEED = 7
# The most lines of a check's output that are shown.
LINES = 8
MANAGE = Path(__file__).resolve().parents[1] / "manage.py"


def main() -> None:
    """Fills, checks and alters at every size, and prints the table; ends with 1 when a check missed something."""
    sizes = tuple(int(size) for size in sys.argv[1:]) or SIZES
    is_right = True
    with servers() as postgres:
        filling = Filling(prepare())
        for size in sizes:
            started = time.monotonic()
            filling.fill(postgres, up_to=size)
            print(f"{size:,} filings: {rows_said(postgres)}, filled in {time.monotonic() - started:.0f} s")
            floor = bare_loop(postgres)
            check = checked()
            for line in check.output[-LINES:]:
                print(f"  {line}")
            print(f"  {figures(check, floor)}")
            is_right = check.is_clean and alterations_are_named(postgres) and is_right
    sys.exit(0 if is_right else 1)


# ---------------------------------------------------------------- filling


@dataclass(slots=True)
class Case:
    """The rows of a case to copy, by model, in the order in which they are made."""

    rows: dict[Any, list[Any]]


@dataclass(slots=True)
class Filling:
    """Copies cases; a copy's rows are the case's rows with new ids and numbers, and hashes made anew."""

    scene: Scene
    copies: int = 0
    cases: dict[str, Case] = field(default_factory=dict)
    receipts: int = 0
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))

    def __post_init__(self) -> None:
        from registry.models import ReceiptCounter

        self.receipts = ReceiptCounter.objects.get().last
        self.cases = {name: case_of(applicant) for name, applicant in self.scene.applicants.items()}

    def fill(self, postgres: PostgresServer, *, up_to: int) -> None:
        """Adds copies until there are `up_to` filings, and the day's digest of them all."""
        from registry.integrity.digests import make_digest
        from registry.models import Filing, ReceiptCounter
        from tests.builders.register import MORNING

        missing = up_to - Filing.objects.count()
        names, shares = list(SHARES), list(SHARES.values())
        with as_owner(postgres) as cursor:
            # Copies are whole by themselves: references are not checked one by one.
            cursor.execute("SET session_replication_role = replica")
            for first in range(0, missing, AT_ONCE):
                rows: dict[Any, list[Any]] = {}
                for name in self.chance.choices(names, shares, k=min(AT_ONCE, missing - first)):
                    for model, copied in self.copy(self.cases[name]).items():
                        rows.setdefault(model, []).extend(copied)
                for model, copied in rows.items():
                    put_in(cursor, model, copied)
            ReceiptCounter.objects.update(last=self.receipts)
            cursor.execute("VACUUM (ANALYZE)")
        make_digest(MORNING + timedelta(days=self.copies))

    def copy(self, case: Case) -> dict[Any, list[Any]]:
        """The rows of one more copy, unsaved; its files are written."""
        from registry.models import Attachment, Event, EventEffect, IssuedDocument, Revision

        self.copies += 1
        has_own_files = self.copies % OWN_FILES_EVERY == 0
        left_out = () if has_own_files else (Attachment, IssuedDocument)
        new = self._new_values(case, left_out)
        copies: dict[Any, list[Any]] = {}
        for model, rows in case.rows.items():
            if model in left_out:
                continue
            copies[model] = [copied(row, new) for row in rows]
            if model is Attachment or model is IssuedDocument:
                write_files(copies[model], rows, new)
            elif model is Revision:
                rehash(copies[model], rows, new)
            elif model is Event:
                chain(copies[model])
            elif model is EventEffect and not has_own_files:
                leave_papers_undone(copies[model])
        return copies

    def _new_values(self, case: Case, left_out: tuple[Any, ...]) -> dict[Any, Any]:
        """What a copy has in place of the ids, numbers and the document of the case."""
        from registry.models import Applicant, Application, Filing, NumberHead
        from registry.models.applicant import document_index
        from registry.rules.codes.filing_number import compose, parse

        new: dict[Any, Any] = {}
        for model, rows in case.rows.items():
            for row in rows if model not in left_out else ():
                if isinstance(row.pk, uuid.UUID):
                    new[row.pk] = uuid.UUID(int=self.chance.getrandbits(128), version=4)
                    new[str(row.pk)] = str(new[row.pk])
        (applicant,) = case.rows[Applicant]
        code = f"91{self.copies:016d}"
        new[applicant.credit_code] = code
        new[applicant.document_index] = document_index(applicant.document_type, code)
        for application in case.rows[Application]:
            self.receipts += 1
            head = application.receipt_number.rpartition("-")[0]
            new[application.receipt_number] = f"{head}-{self.receipts:06d}"
        for head in case.rows[NumberHead]:
            new[head.serial] = f"{FIRST_SERIAL + self.copies:08d}"
        for filing in case.rows[Filing]:
            if filing.number is not None:
                number = parse(filing.number)
                serial = new[number.serial]
                new[filing.number] = str(compose(number.division_code, number.year, serial, number.sequence))
        return new


def case_of(applicant_id: uuid.UUID) -> Case:
    """All rows of an applicant that a check reads."""
    from registry.models import (
        Applicant,
        Application,
        Attachment,
        Event,
        EventEffect,
        Filing,
        IssuedDocument,
        Membership,
        Notice,
        NumberHead,
        PersonalParticulars,
        Revision,
        RevisionFile,
    )

    events = Event.objects.filter(applicant=applicant_id).order_by("stream_id", "sequence")
    revisions = Revision.objects.filter(applicant=applicant_id)
    uses = RevisionFile.objects.filter(revision__in=revisions)
    found = {
        Attachment: Attachment.objects.filter(pk__in=uses.values("attachment")),
        Revision: revisions,
        PersonalParticulars: PersonalParticulars.objects.filter(revision__in=revisions),
        RevisionFile: uses,
        Applicant: Applicant.objects.filter(pk=applicant_id),
        Membership: Membership.objects.filter(applicant=applicant_id),
        NumberHead: NumberHead.objects.filter(applicant=applicant_id),
        Filing: Filing.objects.filter(applicant=applicant_id),
        Application: Application.objects.filter(applicant=applicant_id),
        Event: events,
        EventEffect: EventEffect.objects.filter(event__in=events),
        Notice: Notice.objects.filter(event__in=events),
        IssuedDocument: IssuedDocument.objects.filter(event__in=events),
    }
    return Case({model: list(rows) for model, rows in found.items()})


def copied(row: Any, new: Mapping[Any, Any]) -> Any:
    """An unsaved row like this one with the new values; what is encrypted is encrypted again for the new row."""
    names = [each.attname for each in row._meta.concrete_fields]
    return type(row)(**{name: replaced(getattr(row, name), new) for name in names})


def replaced(value: Any, new: Mapping[Any, Any]) -> Any:
    """A value with every known id and number in it replaced."""
    if isinstance(value, dict):
        return {key: replaced(item, new) for key, item in value.items()}
    if isinstance(value, list):
        return [replaced(item, new) for item in value]
    return new.get(value, value) if isinstance(value, str | uuid.UUID) else value


def write_files(copies: list[Any], rows: list[Any], new: dict[Any, Any]) -> None:
    """Writes a few bytes as the file of each row, and sets its digest, also for what names it."""
    from registry.documents import issuing
    from registry.models import Attachment
    from registry.storage import attachments

    for row, copy in zip(rows, copies, strict=True):
        # The same for all that had the same content: what names a file names its digest.
        content = row.sha256.encode()
        (attachments.STORE if isinstance(copy, Attachment) else issuing.STORE).write(copy.pk, content)
        copy.sha256 = new[row.sha256] = hashlib.sha256(content).hexdigest()


def rehash(copies: list[Any], rows: list[Any], new: dict[Any, Any]) -> None:
    """Sets the hashes of copied revisions, also for what names them."""
    from registry.book.revisions import revision_hash

    for row, copy in zip(rows, copies, strict=True):
        copy.content_hash = new[row.content_hash] = revision_hash(copy)


def chain(copies: list[Any]) -> None:
    """Gives copied events, ordered by stream and sequence, the hashes of their own chain."""
    from registry.rules.workflow.hash_chain import GENESIS
    from registry.streams.chain import hash_of

    previous, stream = GENESIS, None
    for event in copies:
        event.previous_hash = previous if event.stream_id == stream else GENESIS
        event.hash = hash_of(event)
        previous, stream = event.hash, event.stream_id


def leave_papers_undone(copies: list[Any]) -> None:
    from registry.rules.workflow.effects import EffectKind

    for effect in copies:
        if effect.kind == EffectKind.PAPER.value:
            effect.done_at, effect.outcome = None, ""


def put_in(cursor: Any, model: Any, rows: Iterable[Any]) -> None:
    """Copies rows into their table; identity columns are left to the database."""
    from django.db import connection, models

    columns = [each for each in model._meta.concrete_fields if not isinstance(each, models.AutoField)]
    text = io.StringIO()
    for row in rows:
        text.write("\t".join(cell(each.pre_save(row, add=True)) for each in columns) + "\n")
    text.seek(0)
    names = ", ".join(connection.ops.quote_name(each.column) for each in columns)
    cursor.copy_expert(f"COPY {model._meta.db_table} ({names}) FROM STDIN", text)


def cell(value: Any) -> str:
    """A value in the text form of COPY."""
    if value is None:
        return r"\N"
    if isinstance(value, bytes):
        return rf"\\x{value.hex()}"
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
    return text.replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n").replace("\r", r"\r")


def rows_said(postgres: PostgresServer) -> str:
    """How many rows there are of the largest tables."""
    tables = {
        "events": "event",
        "effects": "eventeffect",
        "notices": "notice",
        "revisions": "revision",
        "uses of files": "revisionfile",
    }
    with as_owner(postgres) as cursor:
        counts = []
        for name, table in tables.items():
            cursor.execute(f"SELECT count(*) FROM registry_{table}")
            counts.append(f"{cursor.fetchone()[0]:,} {name}")
        return ", ".join(counts)


# ---------------------------------------------------------------- checking


@dataclass(frozen=True, slots=True)
class Check:
    """One run of `manage.py check_register` in a process of its own."""

    output: list[str]
    seconds: float
    processor_seconds: float
    peak_mb: float

    @property
    def is_clean(self) -> bool:
        return bool(self.output) and self.output[-1].endswith(": 0 violations")


def checked() -> Check:
    """Runs the command and waits for it; its memory is the most that its process held."""
    started = time.monotonic()
    with tempfile.TemporaryFile("w+") as written:
        command = subprocess.Popen([sys.executable, str(MANAGE), "check_register"], stdout=written)
        _pid, status, usage = os.wait4(command.pid, 0)
        written.seek(0)
        output = written.read().splitlines()
    command.returncode = os.waitstatus_to_exitcode(status)
    return Check(
        output,
        time.monotonic() - started,
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss / 1024,
    )


@dataclass(frozen=True, slots=True)
class Floor:
    """What reading and hashing alone takes."""

    events: int
    seconds: float


def bare_loop(postgres: PostgresServer) -> Floor:
    """Reads every event and takes the SHA-256 of its canonical JSON; compares nothing."""
    started = time.monotonic()
    events = 0
    with closing(psycopg2.connect(postgres.url())) as connection, connection.cursor("events") as cursor:
        cursor.itersize = AT_ONCE
        cursor.execute("SELECT * FROM registry_event ORDER BY stream_id, sequence")
        for row in cursor:
            text = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
            hashlib.sha256(text.encode()).digest()
            events += 1
    return Floor(events, time.monotonic() - started)


def figures(check: Check, floor: Floor) -> str:
    return (
        f"{check.seconds:.1f} s ({check.processor_seconds:.1f} s of its processor time),"
        f" {floor.events / check.seconds:,.0f} events/s, {check.peak_mb:.0f} MB at most;"
        f" floor {floor.seconds:.1f} s, {floor.events / floor.seconds:,.0f} events/s:"
        f" {check.seconds / floor.seconds:.1f} times the floor"
    )


@dataclass(frozen=True, slots=True)
class Alteration:
    """A value that somebody with the rights of the owner alters, and how a check must name the row."""

    table: str
    column: str
    value: str
    code: str
    subject: str


ALTERATIONS = (
    Alteration("registry_event", "actor_role", "'auditor'", "event_altered", "stream_id"),
    Alteration("registry_filing", "service_name", "'改过的样例'", "row_differs_from_events", "id"),
    Alteration(
        "registry_revision",
        "public_part",
        """jsonb_set(public_part, '{service,description}', '"改过的样例"')""",
        "revision_altered",
        "id",
    ),
)


def alterations_are_named(postgres: PostgresServer) -> bool:
    """Alters a random row in each of three tables, says whether a check names them all, and puts them back."""
    chance = random.Random(SEED)
    expected = []
    with as_owner(postgres) as cursor:
        cursor.execute("SET session_replication_role = replica")
        for place, alteration in enumerate(ALTERATIONS):
            table, column = alteration.table, alteration.column
            cursor.execute(f"SELECT count(*) FROM {table}")
            number = chance.randrange(cursor.fetchone()[0])
            cursor.execute(
                f"CREATE TABLE before_{place} AS SELECT id, {column}"
                f" FROM {table} ORDER BY id OFFSET {number} LIMIT 1"
            )
            cursor.execute(
                f"UPDATE {table} SET {column} = {alteration.value}"
                f" WHERE id = (SELECT id FROM before_{place}) RETURNING {alteration.subject}"
            )
            expected.append(f"{alteration.code} {cursor.fetchone()[0]}")
        output = checked().output
        for place, alteration in enumerate(ALTERATIONS):
            cursor.execute(
                f"UPDATE {alteration.table} t SET {alteration.column} = b.{alteration.column}"
                f" FROM before_{place} b WHERE t.id = b.id"
            )
            cursor.execute(f"DROP TABLE before_{place}")
    for line in output[-LINES:]:
        print(f"    {line}")
    missed = [each for each in expected if not any(line.startswith(each) for line in output)]
    for each in missed:
        print(f"    not named: {each}")
    return not missed


if __name__ == "__main__":
    main()
