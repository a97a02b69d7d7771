"""Sweeps for notices and papers, slowed between what is done and its mark so that kills land there."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import Any
from unittest import mock

from django.test import override_settings

from registry.models import EventEffect
from registry.streams import effects
from registry.tasks import sweep_documents, sweep_notices
from review.tasks import sweep_desk_notices, sweep_likeness

PAUSE_SECONDS = 0.03


def main(document_root: str) -> None:
    """Sweeps until it is killed or nothing is undone any more; papers are kept under `document_root`."""
    settle = effects.settle

    def slow_settle(*arguments: Any, **named: Any) -> None:
        time.sleep(random.uniform(0, PAUSE_SECONDS))
        settle(*arguments, **named)
        time.sleep(random.uniform(0, PAUSE_SECONDS))

    with (
        override_settings(DOCUMENT_ROOT=Path(document_root)),
        mock.patch.object(effects, "settle", slow_settle),
    ):
        while EventEffect.objects.filter(done_at__isnull=True).exists():
            for sweep in (sweep_notices, sweep_desk_notices, sweep_likeness, sweep_documents):
                sweep()
