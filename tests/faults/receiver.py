"""Submits what it is given at the moments it is given, in whatever time zone the process lives."""

from __future__ import annotations

import json
import os
import time
from datetime import datetime
from pathlib import Path

from registry import clock
from registry.models import Account
from registry.sample import walk


def main(work_file: str, answer_file: str, zone: str) -> None:
    """Writes the zone it was in and the day of receipt of each submission."""
    os.environ["TZ"] = zone
    time.tzset()
    work = json.loads(Path(work_file).read_text())
    member = Account.objects.get(pk=work["member"])
    days = []
    for submission in work["submissions"]:
        clock.set_for_tests(datetime.fromisoformat(submission["at"]))
        case = walk.submit(submission["materials"], member=member, at=clock.now())
        days.append(case.application.received_on.isoformat())
    answer = {"hours_behind": time.timezone / 3600, "days": days}
    Path(answer_file).write_text(json.dumps(answer))
