"""The repository's own files, as the structure tests look at them."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
ROOMS = ("applicants", "filing_portal", "registry", "review")
_FOREIGN = ("static/vendor/", "registry/data/", "tests/data/", "docs/screenshots/")


@cache
def tracked_files() -> tuple[Path, ...]:
    """Every file that is or would be committed, relative to the repository."""
    output = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=REPOSITORY,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return tuple(Path(name) for name in output.split("\0") if name and (REPOSITORY / name).is_file())


def own_files(*suffixes: str) -> Iterator[Path]:
    """Files with these suffixes that were written here: nothing vendored, no data, no generated migration."""
    for path in tracked_files():
        name = path.as_posix()
        if path.suffix in suffixes and not name.startswith(_FOREIGN) and "/migrations/" not in name:
            yield path


def room_modules() -> Iterator[Path]:
    """The Python modules of the portal itself."""
    return (path for path in own_files(".py") if path.parts[0] in ROOMS)


def read(path: Path) -> str:
    return (REPOSITORY / path).read_text(encoding="utf-8")


@cache
def syntax_tree(path: Path) -> ast.Module:
    return ast.parse(read(path), filename=str(path))
