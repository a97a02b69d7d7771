"""Runs the decoders in a child process, so that a hostile file can crash nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import structlog

from registry.errors import AttachmentRefused
from registry.storage.checks.limits import WALL_SECONDS

_ROOT = Path(__file__).resolve().parents[3]
# Results up to this size are cached: some ten megabytes of memory at most.
_CACHED_BYTES = 64 * 1024
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Normalised:
    """A rebuilt file: what is shown of an upload. `signatures` is empty for a file that nobody signed.

    Otherwise it holds `each` (see `registry.storage.checks.pdf.signatures`), `codes` (check codes that stand in the
    text) and `acts` (whether the file as it was sent holds something active, which was left out here).
    """

    content: bytes
    content_type: str
    page_count: int
    signatures: dict[str, Any] = field(default_factory=dict)


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
        normalised, str(facts["content_type"]), int(facts["page_count"]), dict(facts["signatures"])
    )


def draw(content: bytes, content_type: str, *, page_number: int, width: int) -> bytes:
    """A page as PNG, at most `width` pixels wide. Raises AttachmentRefused when it cannot be drawn."""
    return _run("draw", content_type, str(page_number), str(width), content=content)[1]


def _run(*arguments: str, content: bytes) -> tuple[dict[str, Any], bytes]:
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
        raise AttachmentRefused("file_too_complex") from error
    header, newline, made = child.stdout.partition(b"\n")
    if child.returncode != 0 or not newline:
        _log.warning("upload_worker_ended", status=child.returncode)
        raise AttachmentRefused("file_too_complex")
    facts = json.loads(header)
    if "refused" in facts:
        _log.info("upload_refused", code=facts["refused"], cause=facts.get("cause", ""))
        raise AttachmentRefused(facts["refused"], **facts["facts"])
    return facts, made
