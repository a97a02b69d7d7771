"""Compiles changed translation catalogues; run as a module before Django starts."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

_CATALOGUES = "*/locale/*/LC_MESSAGES/*.po"


def compile_messages(root: Path) -> list[Path]:
    """Compiles every .po below `root` that is newer than its .mo; returns those compiled. Needs gettext's msgfmt."""
    made = []
    for source in sorted(root.glob(_CATALOGUES)):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        program = shutil.which("msgfmt")
        if program is None:
            raise SystemExit("msgfmt is not installed: install the package gettext.")
        # Written to another name and renamed, so that a concurrent reader sees the old or the new file.
        draft = target.with_suffix(".mo.new")
        subprocess.run([program, "--check-format", "-o", str(draft), str(source)], check=True)
        draft.replace(target)
        made.append(target)
    return made


if __name__ == "__main__":
    compile_messages(Path(__file__).resolve().parents[1])
