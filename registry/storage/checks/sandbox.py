"""Runs the decoders in a child process, so that a hostile file can crash nothing else."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import structlog

from registry.errors import AttachmentRefused
from registry.storage.checks.limits import DRAWING_CPU_SECONDS, WALL_SECONDS

_ROOT = Path(__file__).resolve().parents[3]
# Results up to this size are cached: some ten megabytes of memory at most.
_CACHED_BYTES = 64 * 1024
# By these a child does not end itself: an administrator, or the kernel that ran out of memory.
_FROM_OUTSIDE = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Normalised:
    """A rebuilt file: what is shown of an upload. `signatures` is empty for a file that nobody signed.

    Otherwise it holds `each` (see `registry.storage.checks.pdf.signatures`), `codes` (check codes that stand in the
    text) and `acts` (whether the file as it was sent holds something active, which was left out here). `carried` are
    the other files within it, which were left out as well (see `registry.storage.checks.pdf.carried`).
    """

    content: bytes
    content_type: str
    page_count: int
    signatures: dict[str, Any] = field(default_factory=dict)
    carried: dict[str, Any] = field(default_factory=dict)


def normalise(content: bytes, content_type: str) -> Normalised:
    """The file, decoded completely and written anew, as one of the types that are kept. Raises AttachmentRefused."""
    if len(content) <= _CACHED_BYTES:
        return _normalise_small(content, content_type)
    return _normalise(content, content_type)


@lru_cache(maxsize=128)
def _normalise_small(content: bytes, content_type: str) -> Normalised:
    """Cached, since the same small file comes again and again: the same seal, the same sample."""
    return _normalise(content, content_type)


def _normalise(content: bytes, content_type: str) -> Normalised:
    facts, normalised = _run("normalise", content_type, content=content)
    return Normalised(
        normalised,
        str(facts["content_type"]),
        int(facts["page_count"]),
        signatures=dict(facts["signatures"]),
        carried=dict(facts["carried"]),
    )


def draw(content: bytes, content_type: str, *, page_number: int, width: int) -> bytes:
    """A page as PNG, at most `width` pixels wide. Raises AttachmentRefused when it cannot be drawn."""
    return _run("draw", content_type, str(page_number), str(width), content=content)[1]


@dataclass(frozen=True, slots=True)
class DrawnPages:
    """Both pictures of each page that was drawn, and why the page after them was not; None where the time was over.

    `cpu_seconds` is the processor time that it took, by the child's own account; all it may take where it was ended.
    """

    pictures: tuple[tuple[bytes, bytes], ...]
    refusal: AttachmentRefused | None
    cpu_seconds: float = 0.0


def draw_pages(
    content: bytes, content_type: str, *, pages: tuple[int, int], widths: tuple[int, int]
) -> DrawnPages:
    """Pictures of these pages (from 1, both included), of each one in either width, the larger first.

    As many pages as one child has time for: at least one, unless it cannot be drawn.
    """
    if len(content) <= _CACHED_BYTES:
        drawn = _draw_small(content, content_type, pages, widths)
        if drawn.refusal is not None:
            # What went wrong once may have come from outside.
            _draw_small.cache_clear()
        return drawn
    return _draw_pages(content, content_type, pages, widths)


@lru_cache(maxsize=64)
def _draw_small(
    content: bytes, content_type: str, pages: tuple[int, int], widths: tuple[int, int]
) -> DrawnPages:
    return _draw_pages(content, content_type, pages, widths)


def _draw_pages(
    content: bytes, content_type: str, pages: tuple[int, int], widths: tuple[int, int]
) -> DrawnPages:
    output, refusal = _answer("draw_pages", content_type, *map(str, (*pages, *widths)), content=content)
    found: list[tuple[bytes, bytes]] = []
    spent = 0.0
    while True:
        header, newline, output = output.partition(b"\n")
        facts = json.loads(header) if newline else {}
        spent = DRAWING_CPU_SECONDS if refusal is not None else float(facts.get("cpu_seconds", spent))
        if "sizes" not in facts:
            return DrawnPages(tuple(found), _refusal_in(facts) or refusal, spent)
        large, small = facts["sizes"]
        if len(output) < large + small:
            return DrawnPages(tuple(found), refusal, spent)
        found.append((output[:large], output[large : large + small]))
        output = output[large + small :]


@dataclass(frozen=True, slots=True)
class ReadPage:
    """What stands on a page: the text that programs can read, whether nothing is drawn, whether it has pictures."""

    text: str
    is_blank: bool
    has_pictures: bool


def read(content: bytes, content_type: str) -> tuple[ReadPage, ...]:
    """The pages of a rebuilt file; a picture is one page. Raises AttachmentRefused when it cannot be read."""
    facts, _nothing = _run("read", content_type, content=content)
    pages: list[dict[str, Any]] = facts["pages"]
    return tuple(
        ReadPage(str(page["text"]), bool(page["is_blank"]), bool(page["has_pictures"])) for page in pages
    )


def looks_like(first: bytes, second: bytes) -> bool:
    """Whether two PDFs show the same, page for page. Raises AttachmentRefused when one cannot be drawn."""
    facts, _nothing = _run("compare", str(len(first)), content=first + second)
    return bool(facts["looks_like"])


def _run(*arguments: str, content: bytes) -> tuple[dict[str, Any], bytes]:
    output, refusal = _answer(*arguments, content=content)
    header, newline, made = output.partition(b"\n")
    facts = json.loads(header) if newline else {}
    if refusal := _refusal_in(facts) or refusal:
        raise refusal
    if not facts and not newline:
        raise AttachmentRefused("file_too_complex")
    return facts, made


def _refusal_in(facts: dict[str, Any]) -> AttachmentRefused | None:
    """What the child refused, if it did."""
    if "refused" not in facts:
        return None
    _log.info("upload_refused", code=facts["refused"], cause=facts.get("cause", ""))
    return AttachmentRefused(facts["refused"], **facts["facts"])


def _answer(*arguments: str, content: bytes) -> tuple[bytes, AttachmentRefused | None]:
    """What a child wrote, and the refusal of a file over which it did not come to its end."""
    try:
        child = subprocess.run(
            # Neither the environment nor the user's packages: the child gets no keys and no surprises.
            [sys.executable, "-E", "-s", "-B", "-m", "registry.storage.checks.worker", *arguments],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            env={"PATH": os.defpath, "LANG": "C.UTF-8"},
            timeout=WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        _log.warning("upload_worker_hung")
        return error.stdout or b"", AttachmentRefused("file_too_complex")
    if child.returncode == 0:
        return child.stdout, None
    _log.warning("upload_worker_ended", status=child.returncode)
    is_from_outside = -child.returncode in _FROM_OUTSIDE
    return child.stdout, AttachmentRefused("reading_broke_off" if is_from_outside else "file_too_complex")
