"""Sweeps for filings without a number, slowed inside the transaction so that kills land there."""

from __future__ import annotations

import random
import time
from typing import Any

from registry.book import numbering
from registry.models import Filing
from registry.tasks import sweep_filing_numbers

PAUSE_SECONDS = 0.03


def main() -> None:
    """Sweeps until it is killed or nothing awaits a number any more."""
    record = numbering.record_number

    def slow_record(*arguments: Any, **named: Any) -> Any:
        time.sleep(random.uniform(0, PAUSE_SECONDS))
        event = record(*arguments, **named)
        time.sleep(random.uniform(0, PAUSE_SECONDS))
        return event

    numbering.record_number = slow_record
    while Filing.objects.filter(standing="awaiting_number").exists():
        sweep_filing_numbers()
