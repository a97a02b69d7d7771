"""The type and the name of an uploaded file, by its content: declared type and extension are not trusted."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from registry.errors import AttachmentRefused
from registry.rules.particulars.definitions import JPEG, PDF, PNG
from registry.rules.visible_text import clean
from registry.storage.checks.limits import MAX_NAME_LENGTH

_SIGNATURES = ((b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG), (b"%PDF-", PDF))
_EXTENSIONS = {JPEG: ".jpg", PNG: ".png", PDF: ".pdf"}
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,5}\Z", re.ASCII)
# A second extension of these kinds was meant to deceive, or comes from saving twice.
_FURTHER_SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".png", ".pdf", ".gif", ".svg", ".htm", ".html", ".hta", ".js", ".php"}
    | {".exe", ".bat", ".cmd", ".com", ".scr", ".lnk", ".zip"}
)
_NOT_IN_NAMES = frozenset('<>:"/\\|?*')


def content_type_of(content: bytes) -> str:
    """The type by the first bytes. Raises AttachmentRefused for an empty file or another type."""
    if not content:
        raise AttachmentRefused("file_empty")
    for signature, content_type in _SIGNATURES:
        if content.startswith(signature):
            return content_type
    raise AttachmentRefused("file_type_not_allowed")


def clean_name(name: str, content_type: str) -> str:
    """The name the file is kept under: no path, nothing that nobody sees, the right extension."""
    base = PurePosixPath(clean("".join(name.splitlines()), line_breaks=False).replace("\\", "/")).name
    visible = "".join(character for character in base if character not in _NOT_IN_NAMES)
    stem = _SUFFIX.sub("", visible.strip(" ."))
    while (found := _SUFFIX.search(stem)) and found.group().lower() in _FURTHER_SUFFIXES:
        stem = stem[: found.start()]
    stem = stem.strip(" .")[:MAX_NAME_LENGTH] or "file"
    return stem + _EXTENSIONS[content_type]
