"""Visits to the embedded set-up, inside one process that keeps its database open until its input ends."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django


@contextmanager
def decoder() -> Iterator[None]:
    """While this lasts a decoder reads what is uploaded; it logs as the supervisor has it log."""
    process = subprocess.Popen(
        [sys.executable, "-m", "filing_portal.decoder"],
        env={**os.environ, "FILING_PORTAL_PROCESS": "decoder"},
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


def main(people: int) -> None:
    """Takes a prepared portal in its own directory, sends this many people through its doors, says so, and waits."""
    django.setup()
    from celery import current_app
    from django.conf import settings
    from django.db import connection

    import filing_portal.celery  # noqa: F401
    from registry import clock
    from tests.privacy import visits
    from tests.privacy.browsers import InProcessBrowser
    from tests.privacy.needles import person

    with connection.cursor() as cursor:
        # What is written from here on stays in the log beside the database file.
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute("PRAGMA wal_autocheckpoint=0")
    today, outbox = clock.today(), Path(settings.VAR_DIR) / "outbox"
    member = InProcessBrowser(address="198.51.100.1")
    visits.sign_up(member, person(0), outbox=outbox)
    visits.sign_out_and_in(member, person(0))
    with decoder():
        answer = visits.fill_and_submit(member, person(0), seed=900, today=today)
    assert "/applicant/applications/" in answer.address, answer.text
    for number in range(people):
        visits.begin_draft(member, person(number), seed=700 + number, today=today)
    for number in range(1, people, 8):
        visits.fail_to_sign_in(InProcessBrowser(address=f"203.0.113.{number}"), person(number))
    assert visits.fail_to_sign_in(InProcessBrowser(address="192.0.2.1"), person(0), times=3).status == 429
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TRIGGER broken BEFORE INSERT ON applicants_draft BEGIN SELECT RAISE(ABORT, 'broken'); END"
        )
    assert member.post("/applicant/start/", {"applicant": ""}).status == 500
    current_app.send_task("registry.tasks.sweep_filing_numbers")
    print("visited", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(int(sys.argv[1]))
