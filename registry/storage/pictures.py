"""Pictures of the pages of stored files: drawn once by the decoder, kept encrypted, gone with their file.

They are made from the file and can be made again. The web never draws: it hands out what is there.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from django.conf import settings

from registry.encryption import decrypt, encrypt
from registry.storage.checks import sandbox
from registry.storage.checks.limits import PAGES_AT_ONCE
from registry.storage.effort import Effort
from registry.storage.encrypted_files import ORPHAN_AGE_SECONDS, storage_name, write_whole

# What is kept of a page that cannot be drawn.
UNDRAWABLE = b""
_SIGNATURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


class Size(StrEnum):
    """The sizes in which a page is kept."""

    FULL = "full"
    SMALL = "small"


# In pixels; no picture is higher than three times that. The full one is what the viewer enlarges.
WIDTHS = {Size.FULL: 2000, Size.SMALL: 96}


def read(file_id: uuid.UUID, page: int, size: Size) -> bytes | None:
    """The picture of a page (from 1); UNDRAWABLE where there is none to be had, None where it was not drawn yet.

    Raises DecryptionFailed for a picture of another page.
    """
    try:
        token = _path(file_id, page, size).read_bytes()
    except FileNotFoundError:
        return None
    return decrypt(token, bound_to=_bound_to(file_id, page, size))


def type_of(picture: bytes) -> str:
    """The media type of a picture as the decoder keeps them; empty for anything else."""
    return next((kind for start, kind in _SIGNATURES.items() if picture.startswith(start)), "")


def draw_missing(
    file_id: uuid.UUID,
    content: bytes,
    content_type: str,
    *,
    page_count: int,
    effort: Effort,
    go_on: Callable[[], object] = lambda: None,
) -> list[int]:
    """Draws and keeps every page that has no picture yet; gives the pages (from 1) that cannot be drawn.

    `go_on` is called before each child is started, and may raise to end the work. A child that was ended from outside
    raises AttachmentRefused("reading_broke_off"): what it drew is drawn again by whoever goes on. So does a file on
    which as much was spent as may be (`Effort.go_on`): what was drawn of it is kept.
    """
    page = 1
    while page <= page_count:
        if read(file_id, page, Size.SMALL) is not None:
            page += 1
            continue
        go_on()
        effort.go_on()
        last = min(page_count, page + PAGES_AT_ONCE - 1)
        drawn = sandbox.draw_pages(
            content, content_type, pages=(page, last), widths=(WIDTHS[Size.FULL], WIDTHS[Size.SMALL])
        )
        effort.cpu_seconds += drawn.cpu_seconds
        for both in drawn.pictures[: last - page + 1]:
            _keep(file_id, page, both)
            page += 1
        if drawn.refusal is not None and drawn.refusal.code == "reading_broke_off":
            raise drawn.refusal
        if page <= last and (drawn.refusal is not None or not drawn.pictures):
            _keep(file_id, page, (UNDRAWABLE, UNDRAWABLE))
            page += 1
    pages = range(1, page_count + 1)
    return [each for each in pages if read(file_id, each, Size.SMALL) == UNDRAWABLE]


def remove(file_id: uuid.UUID) -> None:
    """Removes all pictures of a file, if there are any."""
    shutil.rmtree(_directory(file_id), ignore_errors=True)


def remove_orphans(known: Callable[[list[uuid.UUID]], set[uuid.UUID]], *, now: datetime) -> int:
    """Removes the pictures of files that are gone, a day after the last was written; gives of how many files."""
    newest = now.timestamp() - ORPHAN_AGE_SECONDS
    removed = 0
    for directory in _root().glob("??"):
        old = {each.name: each for each in directory.iterdir() if each.stat().st_mtime < newest}
        names = {row_id.hex for row_id in known([uuid.UUID(hex=name) for name in old])}
        for name, path in old.items():
            if name not in names:
                shutil.rmtree(path, ignore_errors=True)
                removed += 1
    return removed


def _keep(file_id: uuid.UUID, page: int, both: tuple[bytes, bytes]) -> None:
    """Keeps both pictures of a page; whoever took a child over could answer anything: only pictures are kept."""
    is_picture = all(map(type_of, both))
    # The small one last: where it is, the page is done.
    for size, picture in zip(Size, both, strict=True):
        _write(file_id, page, size, picture if is_picture else UNDRAWABLE)


def _write(file_id: uuid.UUID, page: int, size: Size, picture: bytes) -> None:
    path = _path(file_id, page, size)
    token = encrypt(picture, bound_to=_bound_to(file_id, page, size))
    # Two decoders may draw the same page: each by a way of its own, with the same result.
    write_whole(path, token, by_way_of=path.with_suffix(f".{uuid.uuid4().hex}"))


def _path(file_id: uuid.UUID, page: int, size: Size) -> Path:
    return _directory(file_id) / f"{page}-{size.value}"


def _directory(file_id: uuid.UUID) -> Path:
    return _root() / storage_name(file_id)


def _root() -> Path:
    return Path(settings.PICTURE_ROOT)


def _bound_to(file_id: uuid.UUID, page: int, size: Size) -> str:
    return f"picture.{file_id}.{page}.{size.value}"
