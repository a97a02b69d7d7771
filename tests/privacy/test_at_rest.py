"""Private data of a hundred people goes through the real doors, and is then looked for wherever bytes rest."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from celery import current_app
from django.db import connection
from redis import Redis

from applicants.models import Draft
from registry import clock
from registry.models import Account, Application, Filing
from registry.rules.workflow.states import Act, Outcome, Role, Standing
from registry.sample import walk
from registry.sample.walk import SampleCase
from registry.tasks import sweep_filing_numbers
from tests.privacy import visits
from tests.privacy.browsers import HttpBrowser
from tests.privacy.needles import Person, found_in, person, written_forms
from tests.services.portal import DecoderProcess, PortalProcess, WebProcess, WorkerProcess, portal_environment
from tests.services.processes import find_program, free_port
from tests.services.redis import RedisServer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("privacy")]

PEOPLE = [person(number) for number in range(100)]
CONTROL = person(900)
SIGN_UPS = 5
SUBMISSIONS = 2


class QuietWeb(WebProcess):
    """gunicorn with the portal's own file backends, behind one trusted proxy."""

    def __init__(self, **changes: str) -> None:
        self.url = f"http://127.0.0.1:{(port := free_port())}"
        environment = portal_environment(
            FILING_PORTAL_BASE_URL=self.url,
            FILING_PORTAL_TEST_EMAIL_BACKEND="registry.gateways.mail.FileBackend",
            FILING_PORTAL_SMS_BACKEND="registry.gateways.sms.FileBackend",
            FILING_PORTAL_TRUSTED_PROXIES="1",
            **changes,
        )
        arguments = ["gunicorn", "--config", "python:filing_portal.gunicorn_settings"]
        arguments += ["--bind", f"127.0.0.1:{port}", "--workers", "1", "filing_portal.wsgi"]
        PortalProcess.__init__(self, "web", arguments, environment=environment)
        self.wait_until(self._answers, seconds=60, what="The web process")


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory of this test's own for everything its processes write."""
    monkeypatch.setenv("FILING_PORTAL_TEST_VAR_DIR", str(tmp_path / "var"))
    (tmp_path / "var").mkdir()
    return tmp_path / "var"


@pytest.fixture
def redis_server() -> Iterator[RedisServer]:
    """A Redis of this test's own, so that all it holds is this test's."""
    server = RedisServer()
    server.start()
    yield server
    server.stop()


def test_nothing_private_is_found_in_database_redis_files_or_logs(
    var: Path, redis_server: RedisServer, tmp_path: Path
) -> None:
    web = QuietWeb(REDIS_URL=redis_server.url())
    worker = WorkerProcess(REDIS_URL=redis_server.url())
    decoder = DecoderProcess()
    try:
        _visit_everything(web, var / "outbox")
        _issue_a_number(worker, redis_server)
    finally:
        web.stop()
        worker.stop()
        decoder.stop()
    assert "decoder_started" in decoder.last_output()
    assert found_in([decoder.log], PEOPLE) == set()
    _ring(redis_server)  # nobody hears it: the message stays in the broker
    with _planted(web, worker, redis_server):
        places = {
            "PostgreSQL dump": _dump(tmp_path / "dump.sql"),
            "Redis snapshot": _snapshot(redis_server),
            "Redis keys": _keys(redis_server, tmp_path / "keys.json"),
            "log of the web": web.log,
            "log of the worker": worker.log,
        }
        found = {name: found_in([path], [*PEOPLE, CONTROL]) for name, path in places.items()}
    assert found == {name: set(CONTROL.secrets) for name in places}
    assert found_in([var], PEOPLE) == set()
    assert found_in([var], [CONTROL]) == set(CONTROL.secrets)


def _visit_everything(web: QuietWeb, outbox: Path) -> None:
    today = clock.today()
    browsers = [HttpBrowser(web.url, address=f"198.51.100.{number}") for number in range(SIGN_UPS)]
    for number, browser in enumerate(browsers):
        visits.sign_up(browser, PEOPLE[number], outbox=outbox)
        visits.sign_out_and_in(browser, PEOPLE[number])
    for number in range(SUBMISSIONS):
        answer = visits.fill_and_submit(browsers[number], PEOPLE[number], seed=900 + number, today=today)
        assert "/applicant/applications/" in answer.address, answer.text
    for number in range(0, len(PEOPLE), 4):
        each, *others = PEOPLE[number : number + 4]
        browser = browsers[number // 4 % SIGN_UPS]
        visits.begin_draft(browser, each, seed=700 + number, today=today, others=others)
    for number, each in enumerate(PEOPLE[::4]):
        visitor = HttpBrowser(web.url, address=f"203.0.113.{number}")
        visits.fail_to_sign_in(visitor, each)
        visitor.close()
    locked_out = HttpBrowser(web.url, address="192.0.2.1")
    assert visits.fail_to_sign_in(locked_out, PEOPLE[1], times=4).status == 429
    _fail_while_saving(browsers[-1], PEOPLE[50])
    locked_out.close()
    for browser in browsers:
        browser.close()
    assert Account.objects.count() == SIGN_UPS
    assert Application.objects.count() == SUBMISSIONS
    # All of it is there, for the portal to read.
    drafts = " ".join(draft.content for draft in Draft.objects.all())
    assert [secret for each in PEOPLE for secret in each.secrets if secret not in drafts] == []
    assert len((outbox / "sms.jsonl").read_text(encoding="utf-8").splitlines()) >= len(PEOPLE[::4])
    assert "violates check constraint" in web.log.read_text(encoding="utf-8")


def _fail_while_saving(browser: HttpBrowser, each: Person) -> None:
    """A server error whose message, from the database, shows the row that could not be saved."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE applicants_draft ADD CONSTRAINT broken CHECK (version < 0) NOT VALID")
        try:
            answer = browser.post("/applicant/start/", {"applicant": ""})
            assert answer.status == 500
            answer = browser.post(f"/applicant/start/?mobile={each.mobile}", {"applicant": each.resident_id})
            assert answer.status in {404, 500}
        finally:
            cursor.execute("ALTER TABLE applicants_draft DROP CONSTRAINT broken")


def _issue_a_number(worker: WorkerProcess, redis_server: RedisServer) -> None:
    """One submission is approved, and the worker issues its number."""
    application = Application.objects.earliest("submitted_at")
    case = SampleCase(application.pk, Account.objects.earliest("pk"))
    province = walk.sample_account("样例初审", Role.PROVINCIAL_REVIEWER, province_code="110000")
    nation = walk.sample_account("样例复审", Role.NATIONAL_REVIEWER)
    now = clock.now()
    walk.act(
        case, Act.FORWARD, by=province, at=now, recommends=Outcome.APPROVAL.value, text="样例意见：均已核对"
    )
    walk.act(case, Act.APPROVE, by=nation, at=now + timedelta(seconds=1), text="样例")
    _ring(redis_server)
    numbered = Filing.objects.filter(standing=Standing.IN_FORCE.value)
    worker.wait_until(numbered.exists, seconds=20, what="The number")


def _ring(redis_server: RedisServer) -> None:
    with current_app.connection_for_write(url=redis_server.url()) as broker:
        current_app.send_task(sweep_filing_numbers.name, connection=broker)


@contextmanager
def _planted(web: QuietWeb, worker: WorkerProcess, redis_server: RedisServer) -> Iterator[None]:
    """The control: one person's data in plain, or as base64, or as bytes, everywhere that is looked at."""
    with connection.cursor() as cursor, Redis.from_url(redis_server.url()) as client:
        cursor.execute("CREATE TABLE planted (plain text, sealed bytea)")
        try:
            cursor.execute(
                "INSERT INTO planted VALUES (%s, %s)",
                [f"{CONTROL.mobile} {CONTROL.email}", CONTROL.resident_id.encode()],
            )
            client.set("planted", json.dumps([f"+86{CONTROL.mobile}", CONTROL.email, CONTROL.resident_id]))
            for process in (web, worker):
                with process.log.open("a", encoding="utf-8") as log:
                    log.write(" ".join(CONTROL.secrets) + "\n")
            yield
        finally:
            cursor.execute("DROP TABLE planted")


def _dump(path: Path) -> Path:
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    program = find_program("pg_dump", package="postgresql-client", places=places)
    address = portal_environment()["DATABASE_URL"]
    subprocess.run([program, "--inserts", f"--file={path}", address], check=True)
    return path


def _snapshot(redis_server: RedisServer) -> Path:
    with Redis.from_url(redis_server.url()) as client:
        # Compressed strings would hide from grep.
        client.config_set("rdbcompression", "no")
        client.save()
    return redis_server.directory / "dump.rdb"


def _keys(redis_server: RedisServer, path: Path) -> Path:
    """Every key of every database with its value, read with the command for its type."""
    lines = []
    for database in range(2):
        with Redis.from_url(redis_server.url(database)) as client:
            readers = {
                b"string": client.get,
                b"list": lambda key, held=client: held.lrange(key, 0, -1),
                b"set": client.smembers,
                b"zset": lambda key, held=client: held.zrange(key, 0, -1, withscores=True),
                b"hash": client.hgetall,
            }
            lines += [f"{key!r} {readers[client.type(key)](key)!r}" for key in client.scan_iter()]
    assert any("planted" in line for line in lines)
    assert any("filing_portal" in line for line in lines)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.mark.parametrize("place", ["before", "between", "after"])
def test_every_written_form_is_found(tmp_path: Path, place: str) -> None:
    for number, secret in enumerate(CONTROL.secrets):
        for form in written_forms(secret):
            path = tmp_path / f"{number}-{len(list(tmp_path.iterdir()))}"
            text = {"before": form + b" x", "between": b"\0\xff" + form + b"\0", "after": b"x\n" + form}[
                place
            ]
            path.write_bytes(text)
            assert found_in([path], [CONTROL]) == {secret}
