"""The embedded set-up keeps everything under one directory: nothing private is found anywhere in it."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.privacy.needles import found_in, person
from tests.services.embedded import copy_prepared, embedded_environment
from tests.services.processes import find_program

pytestmark = pytest.mark.xdist_group("privacy")

PEOPLE = [person(number) for number in range(20)]
CONTROL = person(900)


@pytest.fixture
def visited(tmp_path: Path, repository: Path) -> Iterator[Path]:
    """The directory of an embedded portal that twenty people have used, its database still open."""
    assert find_program("grep", package="grep")
    var = tmp_path / "var"
    copy_prepared(var)
    (var / "logs").mkdir(exist_ok=True)
    environment = embedded_environment(
        var,
        FILING_PORTAL_ALLOWED_HOSTS="testserver",
        FILING_PORTAL_TRUSTED_PROXIES="1",
        FILING_PORTAL_PROCESS="web",
    )
    with (var / "logs" / "terminal.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.privacy.embedded_visits", str(len(PEOPLE))],
            cwd=repository,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
        )
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            assert said == b"visited\n", (var / "logs" / "terminal.log").read_text(encoding="utf-8")[-4000:]
            yield var
        finally:
            process.communicate(timeout=20)
        assert process.returncode == 0


def test_nothing_private_is_found_in_sqlite_broker_outbox_cache_or_logs(visited: Path) -> None:
    database = [visited / f"portal.sqlite3{suffix}" for suffix in ("", "-wal")]
    assert all(path.stat().st_size > 0 for path in database)
    assert list((visited / "broker" / "queue").iterdir())
    for name in ("web.log", "terminal.log"):
        assert "broken" in (visited / "logs" / name).read_text(encoding="utf-8")
    assert found_in([visited], PEOPLE) == set()
    with closing(sqlite3.connect(visited / "portal.sqlite3")) as connection:
        drafts = connection.execute("SELECT count(*) FROM applicants_draft").fetchone()[0]
        assert drafts == len(PEOPLE) + 1
        connection.execute("CREATE TABLE planted (plain TEXT)")
        connection.execute("INSERT INTO planted VALUES (?)", [" ".join(CONTROL.secrets)])
        connection.commit()
    places = [
        visited / name for name in ("broker", "outbox", "cache", "logs", "attachments", "documents", "beat")
    ]
    for place in places:
        (place / "planted").write_text(" ".join(CONTROL.secrets), encoding="utf-8")
    found = {place: found_in([place], [CONTROL]) for place in [*places, database[1]]}
    assert found == {place: set(CONTROL.secrets) for place in [*places, database[1]]}
