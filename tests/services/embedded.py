"""The embedded set-up, prepared once for a whole test session and copied for each test that wants one."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

_REPOSITORY = Path(__file__).resolve().parents[2]


def embedded_environment(directory: Path, **changes: str) -> dict[str, str]:
    """The environment of a process of the embedded set-up in this directory, and nothing of the test session's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FILING_PORTAL_")}
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "filing_portal.settings.embedded",
        "FILING_PORTAL_VAR_DIR": str(directory),
        "FILING_PORTAL_SAMPLE_DATA": "no",
        **changes,
    }


def prepare(directory: Path) -> None:
    """What the first `make run` does before it serves, without sample data."""
    command = [sys.executable, "-m", "filing_portal.prepare"]
    subprocess.run(command, cwd=_REPOSITORY, env=embedded_environment(directory), check=True)


def copy_prepared(directory: Path) -> None:
    """Fills a directory with a prepared set-up: made by whoever asks first, in whichever test process."""
    shared = Path(os.environ["FILING_PORTAL_TEST_VAR_DIR"])
    prepared = shared / "embedded"
    with (shared / "embedded.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not prepared.exists():
            draft = shared / "embedded.new"
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir()
            prepare(draft)
            draft.rename(prepared)
    shutil.copytree(prepared, directory, dirs_exist_ok=True)
