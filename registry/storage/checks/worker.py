"""The child process that decodes one file: limits itself, reads standard input, answers on standard output.

Run as `python -m registry.storage.checks.worker normalise TYPE`, `… draw TYPE PAGE WIDTH`,
`… draw_pages TYPE FIRST LAST WIDTH SMALL_WIDTH`, `… read TYPE` or `… compare SIZE`, where two PDFs follow each other
and the first has SIZE bytes. The answer is one line of JSON and then the bytes; of pages one such
answer each, as they are drawn, and a line without bytes at the end. Each line says how much processor time was taken so
far. Any exception
inside a decoder means a damaged file, but want of memory: that is a file too complex, as is one over which the system
ends the process for want of time, so that it answers nothing.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from typing import Any

from registry.storage.checks.isolation import confine
from registry.storage.checks.limits import (
    CPU_SECONDS,
    DRAWING_CPU_SECONDS,
    MEMORY_BYTES,
    NICENESS,
    PHOTOGRAPH_CPU_SECONDS,
    SIGNATURE_CPU_SECONDS,
)

PDF = "application/pdf"
HEIC = "image/heic"


def limit_this_process(*, cpu_seconds: int) -> None:
    """Limits memory and CPU time; forbids written files and core dumps; gives way to all other processes.

    Called before a decoder is loaded. At the limit of CPU time the signal is SIGXCPU: any other that ends the process
    came from outside.
    """
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
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
            case ["draw_pages", content_type, first, last, width, small_width]:
                _draw_pages(content, content_type, (int(first), int(last)), (int(width), int(small_width)))
                return {}, b""
            case ["read", content_type]:
                from registry.storage.checks import reading

                return {"pages": reading.read(content, content_type)}, b""
            case ["compare", first_size]:
                from registry.storage.checks import reading

                size = int(first_size)
                return {"looks_like": reading.looks_like(content[:size], content[size:])}, b""
    except FileRefused as refusal:
        return {"refused": refusal.code, "facts": refusal.facts}, b""
    except MemoryError:
        return {"refused": "file_too_complex", "facts": {}, "cause": "MemoryError"}, b""
    except Exception as error:
        # Decoders raise whatever they like over a hostile file.
        return {"refused": "file_damaged", "facts": {}, "cause": type(error).__name__}, b""
    return {"refused": "file_damaged", "facts": {}, "cause": "unknown_operation"}, b""


def _normalise(content: bytes, content_type: str) -> tuple[dict[str, Any], bytes]:
    page_count = 1
    signed: dict[str, Any] = {}
    carried: dict[str, Any] = {}
    match content_type:
        case "application/pdf":
            from registry.storage.checks import portable_documents

            signatures = portable_documents.signatures_of(content)
            normalised, page_count = portable_documents.normalise(content)
            carried = portable_documents.carried_files(content)
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
    facts = {"page_count": page_count, "content_type": content_type, "signatures": signed, "carried": carried}
    return facts, normalised


def _draw(content: bytes, content_type: str, *, page_number: int, width: int) -> bytes:
    if content_type == PDF:
        from registry.storage.checks import portable_documents

        return portable_documents.draw(content, page_number=page_number, width=width)
    from registry.storage.checks import images

    return images.draw(content, content_type, width=width)


def _draw_pages(content: bytes, content_type: str, pages: tuple[int, int], widths: tuple[int, int]) -> None:
    """Answers with the first of these pages, as many as there is time for: the sizes of two pictures, and these."""
    from registry.storage.checks import drawing

    for large, small in drawing.pictures_of(content, content_type, pages=pages, widths=widths):
        _say({"sizes": [len(large), len(small)], "cpu_seconds": time.process_time()}, large + small)


def _say(facts: dict[str, Any], content: bytes) -> None:
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n" + content)
    sys.stdout.buffer.flush()


def _cpu_seconds(arguments: list[str]) -> int:
    if "draw_pages" in arguments:
        return DRAWING_CPU_SECONDS
    further = {PDF: SIGNATURE_CPU_SECONDS, HEIC: PHOTOGRAPH_CPU_SECONDS - CPU_SECONDS}
    return CPU_SECONDS + sum(further.get(each, 0) for each in arguments)


def main() -> None:
    limit_this_process(cpu_seconds=_cpu_seconds(sys.argv))
    confine()
    facts, content = answer(sys.argv[1:], sys.stdin.buffer.read())
    _say({**facts, "cpu_seconds": time.process_time()}, content)


if __name__ == "__main__":
    main()
