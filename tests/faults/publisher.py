"""Takes batch lists on, slowed between the steps and inside them so that kills land there."""

from __future__ import annotations

import random
import time
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest import mock

from django.test import override_settings

from registry import clock
from registry.batches import files, lists
from registry.book import ledger
from registry.models import BatchList
from registry.rules.batches.lifecycle import ListState
from registry.tasks import sweep_batch_lists

PAUSE_SECONDS = 0.1


def main(list_root: str, moment: str, until: str) -> None:
    """Sweeps at a moment until it is killed or every list is in the state `until` and noted.

    `list_root` is where the files are kept.
    """
    clock.set_for_tests(datetime.fromisoformat(moment))
    with (
        override_settings(LIST_ROOT=Path(list_root)),
        mock.patch.object(lists, "_append", _slow(lists._append)),
        mock.patch.object(files, "_make_once", _slow(files._make_once)),
        mock.patch.object(ledger, "enter_in_list", _slow(ledger.enter_in_list)),
        mock.patch.object(files.STORE.__class__, "write", _slow(files.STORE.__class__.write)),
    ):
        while BatchList.objects.exclude(state__in=[until, ListState.DROPPED.value]).exists():
            sweep_batch_lists()
        sweep_batch_lists()


def _slow(step: Any) -> Any:
    def slowly(*arguments: Any, **named: Any) -> Any:
        time.sleep(random.uniform(0, PAUSE_SECONDS))
        done = step(*arguments, **named)
        time.sleep(random.uniform(0, PAUSE_SECONDS))
        return done

    return slowly
