"""Submits what it is given at the moments it is given, in whatever time zone the process was started in."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path

import django


def main() -> None:
    """Prints the day of receipt of each submission, one a line."""
    django.setup()
    from registry import clock
    from registry.models import Account
    from registry.sample import walk

    work = json.loads(Path(sys.argv[1]).read_text())
    member = Account.objects.get(pk=work["member"])
    for submission in work["submissions"]:
        clock.set_for_tests(datetime.fromisoformat(submission["at"]))
        case = walk.submit(submission["materials"], member=member, at=clock.now())
        print(case.application.received_on.isoformat(), flush=True)


if __name__ == "__main__":
    main()
