"""The type and the name of an uploaded file, by its content: declared type and extension are not trusted."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from registry.errors import AttachmentRefused
from registry.rules.particulars.definitions import HEIC, JPEG, PDF, PNG, TIFF, WEBP
from registry.rules.visible_text import clean
from registry.storage.checks.limits import MAX_NAME_LENGTH

_SIGNATURES = (
    (re.compile(rb"\xff\xd8\xff"), JPEG),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), PNG),
    (re.compile(rb"%PDF-"), PDF),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), WEBP),
    (re.compile(rb"II\*\x00|MM\x00\*"), TIFF),
    (re.compile(rb".{4}ftyp(?:hei[cmxs]|hev[cmxs]|mif1|msf1)", re.DOTALL), HEIC),
)
# What editors and servers put before a file; nothing else may stand there.
_PREAMBLE = re.compile(rb"(?:\xef\xbb\xbf|[\s\0])+")
# Other kinds that people have, and the refusal that says how each becomes a PDF.
_TOLD = (
    (re.compile(rb"PK\x03\x04.*OFD\.xml", re.DOTALL), "file_is_ofd"),
    (re.compile(rb"PK\x03\x04.*(?:word|xl|ppt)/", re.DOTALL), "file_is_office"),
    (re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1|\{\\rtf"), "file_is_office"),
    (re.compile(rb"PK\x03\x04|PK\x05\x06|Rar!\x1a\x07|7z\xbc\xaf\x27\x1c|\x1f\x8b"), "file_is_archive"),
)
_WPS_SUFFIXES = (".wps", ".et", ".dps", ".wpt")
# Those of whatever may wait to be read; what is kept is one of the first three.
_EXTENSIONS = {JPEG: ".jpg", PNG: ".png", PDF: ".pdf", WEBP: ".webp", TIFF: ".tif", HEIC: ".heic"}
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,5}\Z", re.ASCII)
# A second extension of these kinds was meant to deceive, or comes from saving twice.
_FURTHER_SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".png", ".pdf", ".gif", ".svg", ".htm", ".html", ".hta", ".js", ".php"}
    | {".exe", ".bat", ".cmd", ".com", ".scr", ".lnk", ".zip"}
)
_NOT_IN_NAMES = frozenset('<>:"/\\|?*')


def without_preamble(content: bytes) -> bytes:
    """The content without the byte order mark, line ends or zeros that stand before a file of a known kind."""
    preamble = _PREAMBLE.match(content)
    if preamble is None:
        return content
    rest = content[preamble.end() :]
    return rest if _known_type(rest) else content


def content_type_of(content: bytes, *, name: str = "") -> str:
    """The type by the first bytes. Raises AttachmentRefused for an empty file or another type.

    The name, which may be wrong, only chooses the words of a refusal.
    """
    if not content:
        raise AttachmentRefused("file_empty")
    content_type = _known_type(content)
    if content_type:
        return content_type
    told = next((code for signature, code in _TOLD if signature.match(content)), "file_type_not_allowed")
    if told in {"file_is_office", "file_is_archive"} and name.lower().endswith(_WPS_SUFFIXES):
        told = "file_is_wps"
    raise AttachmentRefused(told)


def _known_type(content: bytes) -> str:
    return next((kind for signature, kind in _SIGNATURES if signature.match(content)), "")


def clean_name(name: str, content_type: str) -> str:
    """The name the file is kept under: no path, nothing that nobody sees, the right extension."""
    base = PurePosixPath(clean("".join(name.splitlines()), line_breaks=False).replace("\\", "/")).name
    visible = "".join(character for character in base if character not in _NOT_IN_NAMES)
    stem = _SUFFIX.sub("", visible.strip(" ."))
    while (found := _SUFFIX.search(stem)) and found.group().lower() in _FURTHER_SUFFIXES:
        stem = stem[: found.start()]
    stem = stem.strip(" .")[:MAX_NAME_LENGTH] or "file"
    return stem + _EXTENSIONS[content_type]
