"""A table as it stands in a file: rows of cells with their places, and nothing judged."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Sequence
from typing import NamedTuple

from registry.errors import FilingError

MAXIMUM_UNPACKED_BYTES = 100_000_000
Cells = Sequence[str]


class Place(NamedTuple):
    """Where a row stands: `page` is 0 in a file without pages, and `line` is counted from 1, on each page anew."""

    page: int
    line: int

    def __str__(self) -> str:
        return f"page {self.page}, row {self.line}" if self.page else f"row {self.line}"


Table = list[tuple[Place, Cells]]


class ListUnreadable(FilingError):
    """The file cannot be read as a list; the code says why."""


def open_package(content: bytes) -> zipfile.ZipFile:
    """A document or workbook as the archive it is. Raises ListUnreadable: file_damaged, file_too_large."""
    try:
        package = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, OSError, ValueError):
        raise ListUnreadable("file_damaged") from None
    # No member gives more than its entry says: reading stops there.
    if sum(each.file_size for each in package.infolist()) > MAXIMUM_UNPACKED_BYTES:
        raise ListUnreadable("file_too_large", file="unpacked, it", maximum=MAXIMUM_UNPACKED_BYTES)
    return package


def plain_radicals(text: str) -> str:
    """The text with characters for its radicals: some PDF printers write 方 as the radical that looks the same."""
    return "".join(
        unicodedata.normalize("NFKC", each) if "\u2f00" <= each <= "\u2fdf" else each for each in text
    )
