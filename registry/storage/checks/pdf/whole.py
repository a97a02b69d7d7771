"""Whether a PDF that had to be repaired is still all that was sent."""

from __future__ import annotations

import re

import pikepdf
from pikepdf import Dictionary, Pdf, Stream

from registry.storage.checks.refusals import FileRefused

_END = b"%%EOF"
_OBJECT = re.compile(rb"\d+\s+\d+\s+obj\b")
_LENGTH_STATED = re.compile(rb"/Linearized\b[^>]{0,200}?/L\s+(\d+)")
_HEAD_BYTES = 1024


def declared_pages(source: Pdf) -> int | None:
    """How many pages the document says it has; to be asked before its pages are looked at, which mends it."""
    pages = source.Root.get("/Pages")
    count = pages.get("/Count") if isinstance(pages, Dictionary) else None
    return int(count) if isinstance(count, int) else None


def require_whole(source: Pdf, content: bytes, *, declared: int | None) -> None:
    """Raises FileRefused for a repaired document of which something is missing.

    A table of objects that points to the wrong places is mended without a loss. A document that ends before its
    end, has fewer pages than it says or refers to objects that are not there was cut or overwritten.
    """
    end = content.rfind(_END)
    has_more = end >= 0 and _OBJECT.search(content, end) is not None
    if has_more or _is_shorter_than_stated(content):
        raise FileRefused("file_incomplete")
    for page in source.pages:
        _require_readable(page)
    if not source.get_warnings():
        return
    lacks_pages = declared is not None and declared != len(source.pages)
    # An object that is referred to and is not there, or that cannot be read, is read as null.
    lacks_objects = any(entry is None for entry in source.objects)
    if end < 0 or lacks_pages or lacks_objects:
        raise FileRefused("file_incomplete")


def _is_shorter_than_stated(content: bytes) -> bool:
    stated = _LENGTH_STATED.search(content, 0, _HEAD_BYTES)
    return stated is not None and int(stated.group(1)) > len(content)


def _require_readable(page: pikepdf.Page) -> None:
    """The drawing orders of the page can be unpacked to their end."""
    contents = page.obj.get("/Contents")
    for stream in contents.as_list() if isinstance(contents, pikepdf.Array) else [contents]:
        if isinstance(stream, Stream):
            stream.read_bytes()
