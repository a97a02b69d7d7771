"""A hundred mobiles and private addresses are in no file, table, cache, queue or log in plain text.

tests/privacy/ looks for the same, with identity numbers, in every run.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connection
from pytest_django.fixtures import Settings
from redis import Redis

from registry.models import Account
from tests.registry.accounts.visitors import Visitor, visit, visitors


def _found(content: bytes, people: Iterable[Visitor]) -> list[str]:
    return [trace for person in people for trace in person.traces if trace.encode() in content]


def _all_files(directory: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in sorted(directory.rglob("*")) if path.is_file())


def _dump() -> bytes:
    """The whole test database as pg_dump writes it; rows as text, bytes as hexadecimal."""
    given = connection.settings_dict
    program = shutil.which("pg_dump")
    assert program is not None, "pg_dump is not installed: install the package postgresql-client."
    command = [program, "--host", str(given["HOST"]), "--port", str(given["PORT"])]
    command += ["--username", str(given["USER"]), str(given["NAME"])]
    environment = {**os.environ, "PGPASSWORD": str(given["PASSWORD"] or "")}
    return subprocess.run(command, env=environment, check=True, capture_output=True).stdout


def _redis_content() -> bytes:
    """Every key and value of the cache's and the broker's databases, as Redis itself would write them."""
    content = []
    for url in (str(django_settings.CACHES["default"]["LOCATION"]), django_settings.CELERY_BROKER_URL):
        with Redis.from_url(url) as client:
            for key in client.scan_iter():
                content += [key, client.dump(key) or b""]
    return b"\n".join(content)


@pytest.mark.proof
@pytest.mark.django_db(transaction=True)
def test_neither_postgresql_nor_redis_nor_logs_nor_the_outbox_hold_personal_data(
    settings: Settings, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    settings.CODES_PER_RECIPIENT_PER_DAY, settings.CODE_SECONDS_BETWEEN = 50, 0
    people = visitors()
    caplog.set_level("DEBUG")
    for position, person in enumerate(people):
        visit(person, completely=position % 5 == 0)
    assert Account.objects.count() == 20
    planted = people[1]
    Account.objects.create_account(name=planted.mobile, password=None)
    cache.set("planted", planted.email)
    assert _found(_dump(), people) == [planted.mobile]
    assert _found(_redis_content(), people) == list(planted.traces[1:])
    logs = "".join((caplog.text, *capfd.readouterr())).encode()
    assert b"account_login" in logs
    assert _found(logs, people) == []
    assert _found(_all_files(Path(django_settings.VAR_DIR) / "outbox"), people) == []


# The same of the embedded set-up is shown with each run in tests/privacy, with a hundred people.
@pytest.mark.proof
def test_no_file_of_the_embedded_setup_holds_personal_data(tmp_path: Path, repository: Path) -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "filing_portal.settings.embedded",
        "FILING_PORTAL_VAR_DIR": str(tmp_path),
    }
    program = "import django; django.setup(); from tests.registry.accounts import visitors as v; "
    command = [sys.executable, "-c", f"{program} v.visit_embedded_setup()"]
    run = subprocess.run(command, env=environment, cwd=repository, check=False, capture_output=True)
    assert run.returncode == 0, run.stderr.decode()[-3000:]
    people = visitors()
    with closing(sqlite3.connect(tmp_path / "portal.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM registry_account").fetchone() == (20,)
        assert _found(_all_files(tmp_path), people) == []
        database.execute("UPDATE registry_account SET name = ?", (people[0].mobile,))
        database.commit()
        assert _found(_all_files(tmp_path), people) == [people[0].mobile]
    assert (tmp_path / "outbox" / "sms.jsonl").stat().st_size > 0
    assert (tmp_path / "outbox" / "mail.jsonl").stat().st_size > 0
    assert _found(run.stdout + run.stderr, people) == []
