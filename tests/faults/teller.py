"""Sweeps for notices and papers, slowed between what is done and its mark so that kills land there."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

from django.test import override_settings

from registry.models import EventEffect
from registry.streams import effects
from registry.tasks import sweep_documents, sweep_notices, sweep_records
from review.tasks import sweep_desk_notices, sweep_likeness

PAUSE_SECONDS = 0.03


def slowed(settle: Callable[..., None]) -> Callable[..., None]:
    """Settles with a pause before and after."""

    def slow_settle(*arguments: Any, **named: Any) -> None:
        time.sleep(random.uniform(0, PAUSE_SECONDS))
        settle(*arguments, **named)
        time.sleep(random.uniform(0, PAUSE_SECONDS))

    return slow_settle


def main(document_root: str) -> None:
    """Sweeps until it is killed or nothing is undone any more; papers are kept under `document_root`."""
    with (
        override_settings(DOCUMENT_ROOT=Path(document_root)),
        mock.patch.object(effects, "settle", slowed(effects.settle)),
        mock.patch.object(effects, "settle_up_to", slowed(effects.settle_up_to)),
    ):
        while EventEffect.objects.filter(done_at__isnull=True).exists():
            for sweep in (sweep_notices, sweep_desk_notices, sweep_likeness, sweep_documents, sweep_records):
                sweep()
