"""The child process that decodes one file: limits itself, reads standard input, answers on standard output.

Run as `python -m registry.storage.checks.worker normalise TYPE` or `… draw TYPE PAGE WIDTH`. The answer is one line
of JSON and then the bytes. Any exception inside a decoder means a damaged file; a process that the system
ends for want of memory or time answers nothing, and the parent refuses the file as too complex.
"""

from __future__ import annotations

import json
import resource
import sys
from typing import Any

from registry.storage.checks.isolation import confine
from registry.storage.checks.limits import (
    CPU_SECONDS,
    MEMORY_BYTES,
    PHOTOGRAPH_CPU_SECONDS,
    SIGNATURE_CPU_SECONDS,
)

PDF = "application/pdf"
HEIC = "image/heic"


def limit_this_process(*, cpu_seconds: int) -> None:
    """Limits memory and CPU time; forbids written files and core dumps. Called before a decoder is loaded."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def answer(arguments: list[str], content: bytes) -> tuple[dict[str, Any], bytes]:
    """Runs the requested operation on the content; gives the facts for the parent and the new bytes."""
    from registry.storage.checks.refusals import FileRefused

    try:
        match arguments:
            case ["normalise", content_type]:
                return _normalise(content, content_type)
            case ["draw", content_type, page_number, width]:
                return {}, _draw(content, content_type, page_number=int(page_number), width=int(width))
    except FileRefused as refusal:
        return {"refused": refusal.code, "facts": refusal.facts}, b""
    except Exception as error:
        # Decoders raise whatever they like over a hostile file.
        return {"refused": "file_damaged", "facts": {}, "cause": type(error).__name__}, b""
    return {"refused": "file_damaged", "facts": {}, "cause": "unknown_operation"}, b""


def _normalise(content: bytes, content_type: str) -> tuple[dict[str, Any], bytes]:
    page_count = 1
    signed: dict[str, Any] = {}
    match content_type:
        case "application/pdf":
            from registry.storage.checks import portable_documents

            signatures = portable_documents.signatures_of(content)
            normalised, page_count = portable_documents.normalise(content)
            if signatures:
                signed = portable_documents.signed_facts(content, normalised, signatures)
        case "image/tiff":
            from registry.storage.checks import scans

            normalised, content_type, page_count = scans.normalise(content)
        case "image/heic":
            from registry.storage.checks import photographs

            picture = photographs.normalise(content)
            normalised, content_type = picture.content, picture.content_type
        case _:
            from registry.storage.checks import images

            picture = images.normalise(content, content_type)
            normalised, content_type = picture.content, picture.content_type
    return {"page_count": page_count, "content_type": content_type, "signatures": signed}, normalised


def _draw(content: bytes, content_type: str, *, page_number: int, width: int) -> bytes:
    if content_type == PDF:
        from registry.storage.checks import portable_documents

        return portable_documents.draw(content, page_number=page_number, width=width)
    from registry.storage.checks import images

    return images.draw(content, content_type, width=width)


def main() -> None:
    further = {PDF: SIGNATURE_CPU_SECONDS, HEIC: PHOTOGRAPH_CPU_SECONDS - CPU_SECONDS}
    limit_this_process(cpu_seconds=CPU_SECONDS + sum(further.get(each, 0) for each in sys.argv))
    confine()
    facts, content = answer(sys.argv[1:], sys.stdin.buffer.read())
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n" + content)


if __name__ == "__main__":
    main()
