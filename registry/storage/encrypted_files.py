"""Files kept encrypted on disk, outside the web root: one for each row of a table, named by the row's id alone.

A file is in its place before its row is committed, and the row is deleted before its file: an interruption
leaves at worst a file without a row, which the sweep removes. No row is ever without its file.
"""

from __future__ import annotations

import errno
import math
import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from registry import clock
from registry.encryption import decrypt, encrypt
from registry.errors import RegisterIncomplete, StorageFull

_UNFINISHED = ".part"
ORPHAN_AGE_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class FileStore:
    """The files of one table. `root_setting` names the setting that holds their directory."""

    root_setting: str
    table: str

    @property
    def root(self) -> Path:
        return Path(getattr(settings, self.root_setting))

    def path(self, row_id: uuid.UUID) -> Path:
        return self.root / storage_name(row_id)

    def write(self, row_id: uuid.UUID, content: bytes) -> None:
        """Writes a file completely or not at all, readable by the portal's user alone. Raises StorageFull."""
        path = self.path(row_id)
        token = encrypt(content, bound_to=self._bound_to(row_id))
        write_whole(path, token, by_way_of=path.with_suffix(f".{uuid.uuid4().hex}{_UNFINISHED}"))

    def read(self, row_id: uuid.UUID) -> bytes:
        """The decrypted file. Raises RegisterIncomplete when missing, DecryptionFailed when not this row's."""
        try:
            token = self.path(row_id).read_bytes()
        except FileNotFoundError as error:
            raise RegisterIncomplete("file_missing", table=self.table, row=str(row_id)) from error
        return decrypt(token, bound_to=self._bound_to(row_id))

    def size(self, row_id: uuid.UUID) -> int:
        """How many bytes the file takes on the disk, encrypted; 0 where there is none."""
        try:
            return self.path(row_id).stat().st_size
        except FileNotFoundError:
            return 0

    def remove(self, row_id: uuid.UUID) -> None:
        """Removes the file, if it is there."""
        self.path(row_id).unlink(missing_ok=True)

    def names(self) -> Iterator[str]:
        """The name of every stored file relative to the root, directory by directory in order; no unfinished ones."""
        if not self.root.is_dir():
            return
        for path in _files_in_order(self.root):
            if path.suffix != _UNFINISHED:
                yield path.relative_to(self.root).as_posix()

    def remove_orphans(self, known: Callable[[list[uuid.UUID]], set[uuid.UUID]], *, now: datetime) -> int:
        """Removes files without a row, and unfinished ones, a day after they were written; gives how many.

        `known` returns those of the ids that have a row. Newer files are spared, since their row may be about
        to be written.
        """
        newest = now.timestamp() - ORPHAN_AGE_SECONDS
        removed = 0
        for directory in self.root.glob("??"):
            # Each directory holds one file in 256: one query for each.
            old = [path for path in directory.iterdir() if _written_at(path) < newest]
            ids = [found for path in old if (found := _id_of(path))]
            names = {row_id.hex for row_id in known(ids)}
            for path in old:
                if path.name not in names:
                    path.unlink(missing_ok=True)
                    removed += 1
        return removed

    def _bound_to(self, row_id: uuid.UUID) -> str:
        return f"{self.table}.file.{row_id}"


def write_whole(path: Path, token: bytes, *, by_way_of: Path) -> None:
    """Writes a file completely or not at all, for the portal's user alone; `by_way_of` must not exist yet.

    Raises StorageFull.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(by_way_of, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(token)
            stream.flush()
            os.fsync(stream.fileno())
        # By the portal's clock, with which the sweep compares, and not by the machine's.
        written_at = clock.now().timestamp()
        os.utime(by_way_of, (written_at, written_at))
        by_way_of.replace(path)
    except OSError as error:
        by_way_of.unlink(missing_ok=True)
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StorageFull("storage_full") from error
        raise


def storage_name(row_id: uuid.UUID) -> str:
    """The path of a row's file below the root; random, so that it reveals nothing of the content."""
    return f"{row_id.hex[:2]}/{row_id.hex}"


def _files_in_order(directory: Path) -> Iterator[Path]:
    """The files below a directory, by their names and the names of their directories; links are not followed."""
    with os.scandir(directory) as entries:
        ordered = sorted(entries, key=lambda entry: entry.name)
    for entry in ordered:
        if entry.is_dir(follow_symlinks=False):
            yield from _files_in_order(Path(entry.path))
        elif entry.is_file():
            yield Path(entry.path)


def _written_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # thrown away a moment ago
        return math.inf


def _id_of(path: Path) -> uuid.UUID | None:
    try:
        return uuid.UUID(hex=path.name)
    except ValueError:
        return None
