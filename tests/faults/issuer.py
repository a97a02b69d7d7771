"""Sweeps for filings without a number, slowed inside the transaction so that kills land there."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from typing import Any
from unittest import mock

from registry.book import ledger, numbering
from registry.models import Event, Filing
from registry.tasks import sweep_filing_numbers

# Before and after the events of each number.
PAUSE_SECONDS = 0.03


def main() -> None:
    """Sweeps until it is killed or nothing awaits a number any more."""

    def slow_record(issued: Sequence[Any], **named: Any) -> list[Event]:
        time.sleep(random.uniform(0, PAUSE_SECONDS) * len(issued))
        events = ledger.record_numbers(issued, **named)
        time.sleep(random.uniform(0, PAUSE_SECONDS) * len(issued))
        return events

    with mock.patch.object(numbering, "record_numbers", slow_record):
        while Filing.objects.filter(standing="awaiting_number").exists():
            sweep_filing_numbers()
