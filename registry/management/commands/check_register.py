"""`manage.py check_register`: prints every violation of the register's integrity and what was checked."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from registry.integrity.register import verify_register


class Command(BaseCommand):
    """Verifies the whole register; exit status 1 when there is a violation."""

    help = "Checks the whole register against its events; exit status 1 when anything is wrong."

    def handle(self, *_args: Any, **_options: Any) -> None:
        report = verify_register()
        for violation in report.violations:
            self.stdout.write(str(violation))
        counts = ", ".join(f"{count} {what}" for what, count in report.counts.items())
        self.stdout.write(f"checked {counts}: {len(report.violations)} violations")
        if report.violations:
            sys.exit(1)
