"""Makes the embedded set-up ready to serve: translations, database, static files, sample data on the first run.

One process does it all, and what is up to date is left alone: `make run` should not make anybody wait.
"""

from __future__ import annotations

import hashlib
import os
import sys
from contextlib import suppress
from io import StringIO
from pathlib import Path

from filing_portal.messages import compile_messages

_REPOSITORY = Path(__file__).resolve().parents[1]


def prepare() -> None:
    """Does what is missing, in the order in which one thing needs the other."""
    compile_messages(_REPOSITORY)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "filing_portal.settings.embedded")
    import django

    django.setup()
    _migrate()
    _collect_static_files()
    _import_sample_lists()
    _fill_with_samples()
    _accept_clock()


def _migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    call_command("carry_over", stdout=StringIO())


def _collect_static_files() -> None:
    from django.conf import settings
    from django.core.management import call_command

    stamp = Path(settings.VAR_DIR) / "static.stamp"
    state = _state_of(_REPOSITORY / "static")
    if stamp.exists() and stamp.read_text(encoding="ascii") == state and Path(settings.STATIC_ROOT).is_dir():
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(state, encoding="ascii")


def _accept_clock() -> None:
    """Whoever starts the portal by hand after a month is there to see the clock; nobody is asked for a command."""
    from registry import clock
    from registry.jobs.clock_watch import ClockWrong, accept_clock

    # What still disagrees stands on the jobs page, and keeps nobody from starting.
    with suppress(ClockWrong):
        accept_clock(at=clock.now())


def _state_of(directory: Path) -> str:
    """A digest of names, sizes and times below `directory`, and of the locked libraries, which bring files too."""
    digest = hashlib.sha256((_REPOSITORY / "requirements.lock").read_bytes())
    for path in sorted(directory.rglob("*")):
        status = path.stat()
        digest.update(f"{path.relative_to(directory)}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _import_sample_lists() -> None:
    """Before the other samples: lists from before the register come before everything that it does itself."""
    from django.conf import settings
    from django.core.management import call_command

    stamp = Path(settings.VAR_DIR) / "sample_lists.stamp"
    if not settings.SAMPLE_DATA or stamp.exists():
        return
    call_command("sample_lists", stdout=StringIO())
    stamp.touch()


def _fill_with_samples() -> None:
    from django.conf import settings
    from django.core.management import call_command, get_commands

    from registry.models import Delivery
    from registry.notices import delivery

    stamp = Path(settings.VAR_DIR) / "sample_data.stamp"
    if not settings.SAMPLE_DATA or stamp.exists() or "sample_data" not in get_commands():
        return
    sys.stdout.write("Making sample data, on the first start only; this takes some seconds.\n")
    sys.stdout.flush()
    call_command("sample_data")
    # The samples' messages are written now: later each would have its line on the terminal.
    for channel in (Delivery.Channel.EMAIL, Delivery.Channel.SMS):
        delivery.sweep(channel)
    stamp.touch()


if __name__ == "__main__":
    prepare()
    sys.stdout.flush()
