"""Sweeps for filings without a number, slowed inside the transaction so that kills land there."""

from __future__ import annotations

import random
import time
from typing import Any
from unittest import mock

from registry.book import ledger, numbering
from registry.models import Event, Filing
from registry.tasks import sweep_filing_numbers

PAUSE_SECONDS = 0.03


def main() -> None:
    """Sweeps until it is killed or nothing awaits a number any more."""

    def slow_record(*arguments: Any, **named: Any) -> Event:
        time.sleep(random.uniform(0, PAUSE_SECONDS))
        event = ledger.record_number(*arguments, **named)
        time.sleep(random.uniform(0, PAUSE_SECONDS))
        return event

    with mock.patch.object(numbering, "record_number", slow_record):
        while Filing.objects.filter(standing="awaiting_number").exists():
            sweep_filing_numbers()
