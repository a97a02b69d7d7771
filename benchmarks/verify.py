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
import re
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

# Instead of this folder, in which a module has the name of one of Python's.
sys.path[0] = str(Path(__file__).resolve().parents[1])

import psycopg2

from benchmarks.scale import Scene, as_owner, prepare, servers
from tests.services.postgres import PostgresServer

SIZES = (2_000, 20_000, 200_000)
# Of a hundred filings: in force after four acts, after seven with two revisions, with an open change, and rejected.
SHARES = {"plain": 76, "in_force": 12, "changing": 11, "rejected": 1}
AT_ONCE = 1_000
OWN_FILES_EVERY = 100
FIRST_SERIAL = 20_000_000
# So that every run makes the same register and alters the same rows.
SEED = 7
# The most lines of a check's output that are shown.
LINES = 8
MANAGE = Path(__file__).resolve().parents[1] / "manage.py"


def main() -> None:
    """Fills, checks and alters at every size and prints the figures; ends with 1 when a check missed something."""
    sizes = tuple(int(size) for size in sys.argv[1:]) or SIZES
    is_right = True
    with servers() as postgres:
        filling = Filling(with_plain_case(prepare()))
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


def with_plain_case(scene: Scene) -> Scene:
    """The scene with a filing that was approved as it came, and what its events call for."""
    from registry import clock, tasks
    from review.tasks import sweep_desk_notices, sweep_likeness
    from tests.builders import register as build

    plain = build.in_force(scene.cast, seed=904)
    with clock.stopped_at(build.MORNING + timedelta(days=2)):
        for sweep in (tasks.sweep_notices, sweep_desk_notices, tasks.sweep_documents, sweep_likeness):
            sweep()
    return Scene(scene.cast, {**scene.applicants, "plain": plain.application.applicant_id})


@dataclass(slots=True)
class Filling:
    """Copies cases; a copy's rows are the case's rows with new ids and numbers, and hashes made anew."""

    scene: Scene
    copies: int = 0
    receipts: int = 0
    cases: dict[tuple[str, bool], Case] = field(default_factory=dict)
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))

    def __post_init__(self) -> None:
        from registry.models import ReceiptCounter

        self.receipts = ReceiptCounter.objects.get().last
        for name, applicant_id in self.scene.applicants.items():
            for has_own_files in (False, True):
                self.cases[name, has_own_files] = Case(rows_of(applicant_id, has_own_files=has_own_files))

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
                texts: dict[Any, list[str]] = {}
                for name in self.chance.choices(names, shares, k=min(AT_ONCE, missing - first)):
                    for model, text in self.copy(name).items():
                        texts.setdefault(model, []).append(text)
                for model, copied in texts.items():
                    columns = ", ".join(f'"{each.column}"' for each in columns_of(model))
                    rows = io.StringIO("".join(copied))
                    cursor.copy_expert(f"COPY {model._meta.db_table} ({columns}) FROM STDIN", rows)
            ReceiptCounter.objects.update(last=self.receipts)
            cursor.execute("VACUUM (ANALYZE)")
        make_digest(MORNING + timedelta(days=self.copies))

    def copy(self, name: str) -> dict[Any, str]:
        """The rows of one more copy of a case, as text for each table; its files are written."""
        self.copies += 1
        case = self.cases[name, self.copies % OWN_FILES_EVERY == 0]
        new = self._new_values(case)
        add_files(case, new)
        add_revisions(case, new)
        add_chains(case, new)
        add_sealed(case, new)
        return case.rendered(new)

    def _new_values(self, case: Case) -> dict[str, str]:
        """What a copy has in place of the ids, numbers and the document of the case."""
        from registry.models import Applicant, Application, Filing, NumberHead
        from registry.models.applicant import document_index
        from registry.rules.codes.filing_number import compose, parse

        new = {key: str(uuid.UUID(int=self.chance.getrandbits(128), version=4)) for key in case.keys}
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


class Case:
    """The rows of a case to copy, by model, and their text with places for what is new in each copy."""

    def __init__(self, rows: dict[Any, list[Any]]) -> None:
        self.rows = rows
        self.keys = [
            str(row.pk) for several in rows.values() for row in several if isinstance(row.pk, uuid.UUID)
        ]
        self.texts = {model: "".join(map(text_of, several)) for model, several in rows.items()}
        self.sealed = [
            (model, column, row)
            for model, several in rows.items()
            for column in columns_of(model)
            if is_sealed(column)
            for row in several
            if getattr(row, column.attname) is not None
        ]
        self.parts: dict[Any, list[str]] = {}

    def rendered(self, new: Mapping[str, str]) -> dict[Any, str]:
        """The text of each table with the new values in their places, which are the same in every copy."""
        if not self.parts:
            values = "|".join(map(re.escape, sorted(new, key=len, reverse=True)))
            places = re.compile(f"(?<![0-9A-Za-z])({values})(?![0-9A-Za-z])")
            self.parts = {model: places.split(text) for model, text in self.texts.items()}
        found = {}
        for model, parts in self.parts.items():
            filled = list(parts)
            filled[1::2] = [new[value] for value in parts[1::2]]
            found[model] = "".join(filled)
        return found


def rows_of(applicant_id: uuid.UUID, *, has_own_files: bool) -> dict[Any, list[Any]]:
    """All rows of an applicant that a check reads; without files of its own the papers are still to be made."""
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
    from registry.rules.workflow.effects import EffectKind

    events = Event.objects.filter(applicant=applicant_id).order_by("stream_id", "sequence")
    revisions = Revision.objects.filter(applicant=applicant_id)
    uses = RevisionFile.objects.filter(revision__in=revisions)
    rows: dict[Any, Any] = {
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
    }
    if has_own_files:
        rows[Attachment] = Attachment.objects.filter(pk__in=uses.values("attachment"))
        rows[IssuedDocument] = IssuedDocument.objects.filter(event__in=events)
    found = {model: list(several) for model, several in rows.items()}
    for effect in found[EventEffect]:
        if effect.kind == EffectKind.PAPER.value and not has_own_files:
            effect.done_at, effect.outcome = None, ""
    return found


def columns_of(model: Any) -> list[Any]:
    """The columns that are copied: identities and generated columns are left to the database."""
    from django.db import models

    return [
        each
        for each in model._meta.concrete_fields
        if not isinstance(each, models.AutoField | models.GeneratedField)
    ]


def text_of(row: Any) -> str:
    """A row in the text form of COPY; what is encrypted, or made of several values, has a name in its place."""
    cells = []
    for column in columns_of(type(row)):
        value = getattr(row, column.attname)
        if value is None:
            cells.append(r"\N")
        elif is_sealed(column) or column.name == "search_form":
            cells.append(f"{row.pk}.{column.name}")
        elif isinstance(value, dict | list):
            cells.append(escaped(json.dumps(value, ensure_ascii=False)))
        else:
            cells.append(escaped(str(value)))
    return "\t".join(cells) + "\n"


def escaped(text: str) -> str:
    """A text as COPY takes it."""
    return text.replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n").replace("\r", r"\r")


def is_sealed(column: Any) -> bool:
    from registry.models.encrypted import EncryptedTextField

    return isinstance(column, EncryptedTextField)


def add_files(case: Case, new: dict[str, str]) -> None:
    """Writes a few bytes as the file of each upload and document, with a digest of their own."""
    from registry.documents import issuing
    from registry.models import Attachment, IssuedDocument
    from registry.storage import attachments

    for model, store in ((Attachment, attachments.STORE), (IssuedDocument, issuing.STORE)):
        for row in case.rows.get(model, ()):
            content = row.sha256.encode()
            store.write(uuid.UUID(new[str(row.pk)]), content)
            new[row.sha256] = hashlib.sha256(content).hexdigest()


def add_revisions(case: Case, new: dict[str, str]) -> None:
    """The hashes of the copied revisions."""
    from registry.book.revisions import revision_hash
    from registry.models import Revision

    for row in case.rows[Revision]:
        public_part = replaced(row.public_part, new)
        copy = Revision(
            number=row.number, personal_commitment=row.personal_commitment, public_part=public_part
        )
        new[row.content_hash] = revision_hash(copy)


def add_chains(case: Case, new: dict[str, str]) -> None:
    """The hashes of the copied events, which are ordered by stream and sequence, and what finds the copied filing."""
    from registry.book.rows import event_record
    from registry.models import Event, Filing
    from registry.rules.workflow.projection import fold
    from registry.streams.chain import StoredEvent, hash_of

    copies = []
    for row in case.rows[Event]:
        copy = StoredEvent._make(replaced(getattr(row, name), new) for name in StoredEvent._fields)
        new[row.hash] = hash_of(copy)
        copies.append(copy)
    for filing in case.rows[Filing]:
        stream_id = new[str(filing.pk)]
        folded = fold(event_record(copy) for copy in copies if copy.stream_id == stream_id).filing
        if folded is not None:
            new[f"{filing.pk}.search_form"] = escaped(folded.search_form)


def add_sealed(case: Case, new: dict[str, str]) -> None:
    """What is encrypted, encrypted again for the copied rows."""
    for model, column, row in case.sealed:
        copy = model(pk=uuid.UUID(new[str(row.pk)]), **{column.name: getattr(row, column.name)})
        new[f"{row.pk}.{column.name}"] = rf"\\x{column.pre_save(copy, add=True).hex()}"


def replaced(value: Any, new: Mapping[str, str]) -> Any:
    """A value with every known id, number and hash in it replaced; ids become texts."""
    if isinstance(value, dict):
        return {key: replaced(item, new) for key, item in value.items()}
    if isinstance(value, list):
        return [replaced(item, new) for item in value]
    if isinstance(value, uuid.UUID):
        value = str(value)
    return new.get(value, value) if isinstance(value, str) else value


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


# Runs the command and then says the most memory that its process held. What `wait4` gives counts what this one held
# when it made the other.
ONE_CHECK = """
import atexit, runpy, sys
from pathlib import Path
atexit.register(lambda: print(*(line for line in Path("/proc/self/status").open() if line.startswith("VmHWM"))))
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def checked() -> Check:
    """Runs the command in a process of its own and waits for it."""
    started = time.monotonic()
    code = f"import sys; sys.argv = [{str(MANAGE)!r}, 'check_register']\n{ONE_CHECK}"
    with tempfile.TemporaryFile("w+") as written:
        command = subprocess.Popen([sys.executable, "-c", code], stdout=written)
        _pid, status, usage = os.wait4(command.pid, 0)
        command.returncode = os.waitstatus_to_exitcode(status)
        written.seek(0)
        lines = written.read().split("\n")
    memory = [line for line in lines if line.startswith("VmHWM")]
    output = [line for line in lines if line and line not in memory]
    seconds = time.monotonic() - started
    return Check(output, seconds, usage.ru_utime + usage.ru_stime, int(memory[0].split()[1]) / 1024)


@dataclass(frozen=True, slots=True)
class Floor:
    """What reading and hashing alone takes."""

    events: int
    seconds: float
    processor_seconds: float


def bare_loop(postgres: PostgresServer) -> Floor:
    """Reads every event and takes the SHA-256 of its canonical JSON; compares nothing."""
    started, worked = time.monotonic(), time.process_time()
    events = 0
    with closing(psycopg2.connect(postgres.url())) as connection, connection.cursor("events") as cursor:
        cursor.itersize = AT_ONCE
        cursor.execute("SELECT * FROM registry_event ORDER BY stream_id, sequence")
        for row in cursor:
            text = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
            hashlib.sha256(text.encode()).digest()
            events += 1
    return Floor(events, time.monotonic() - started, time.process_time() - worked)


def figures(check: Check, floor: Floor) -> str:
    """Seconds, and processor time beside it: on a machine busy with other work only that can be compared."""
    return (
        f"{check.seconds:.1f} s, {floor.events / check.seconds:,.0f} events/s, {check.peak_mb:.0f} MB at most;"
        f" floor {floor.seconds:.1f} s; processor time {check.processor_seconds:.1f} s,"
        f" of the floor {floor.processor_seconds:.1f} s:"
        f" {check.processor_seconds / floor.processor_seconds:.1f} times the floor"
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
