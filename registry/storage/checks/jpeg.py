"""Where the picture in a JPEG file ends, and whether all of it is there."""

from __future__ import annotations

import re

END = b"\xff\xd9"
_START = b"\xff\xd8"
_SCAN = 0xDA
# Markers that stand alone, without a length.
_ALONE = frozenset({0x01, 0xD8, *range(0xD0, 0xD8)})
# Within a scan a zero follows every 0xFF that is data, and restart markers are part of it.
_AFTER_SCAN = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")
# As good as any data for a scan that goes on, and nothing to one that has ended.
FILLER = bytes(range(1, 255)) * 3
_FEWEST_ZEROS = 8


def scans_of(content: bytes) -> bytes:
    """The first picture of the file without its end marker, and without anything that follows it.

    Of a file whose end marker is missing, everything but the zeros that an interrupted copy leaves.
    """
    end = _end_of_first_picture(content)
    if end is not None:
        return content[:end]
    shorn = content.rstrip(b"\0")
    if len(content) - len(shorn) < _FEWEST_ZEROS:
        shorn = content
    return shorn.rstrip(b"\xff")


def _end_of_first_picture(content: bytes) -> int | None:
    """The place of the end marker that belongs to the first picture; a preview within it has one of its own."""
    place = len(_START)
    while place + 1 < len(content):
        if content[place] != 0xFF:
            return None
        marker = content[place + 1]
        if marker == 0xFF:
            place += 1
        elif marker == END[1]:
            return place
        elif marker in _ALONE:
            place += 2
        else:
            place += 2 + int.from_bytes(content[place + 2 : place + 4], "big")
            if marker == _SCAN:
                found = _AFTER_SCAN.search(content, place)
                if found is None:
                    return None
                place = found.end() - 2
    return None
