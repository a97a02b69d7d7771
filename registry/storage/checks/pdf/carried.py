"""Other files that a PDF carries within itself: rebuilding it leaves them out, so whoever sent it is told their names.

They lie among the names of the document, beside what they belong to (/AF), behind an icon on a page (FileAttachment)
or in a medium; wherever that is, a file specification holds them. Source: ISO 32000-2, 7.11.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Dictionary, Stream, String

from registry.storage.checks.limits import MOST_CARRIED_NAMED
from registry.storage.checks.pdf import active
from registry.storage.checks.pdf.names import plain

# The one that is for all systems comes first.
_NAMES = ("/UF", "/F", "/Unix", "/Mac", "/DOS")
_CONTENTS = ("/UF", "/F", "/Unix", "/Mac", "/DOS")


def carried_files(document: pikepdf.Pdf) -> dict[str, Any]:
    """The files within a document: `names` (without doubles, an unnamed one as "") and `count`; empty for none.

    No more than so many are named, and all counted. A file that several places refer to counts once.
    """
    found: dict[tuple[str, object], None] = {}
    for specification in _specifications(document):
        found[_name_of(specification), _identity_of(specification)] = None
    if not found:
        return {}
    names = list(dict.fromkeys(name for name, _content in found))
    return {"names": names[:MOST_CARRIED_NAMED], "count": len(found)}


def _specifications(document: pikepdf.Pdf) -> Iterator[Dictionary]:
    for entry in document.objects:
        for inner in active.within(entry):
            if not isinstance(inner, Stream) and _content_of(inner) is not None:
                yield inner


def _content_of(specification: Dictionary) -> Stream | None:
    held = specification.get("/EF")
    if not isinstance(held, Dictionary):
        return None
    streams = (held.get(key) for key in _CONTENTS)
    return next((each for each in streams if isinstance(each, Stream)), None)


def _identity_of(specification: Dictionary) -> object:
    content = _content_of(specification)
    return content.objgen if content is not None else None


def _name_of(specification: Dictionary) -> str:
    stated = (specification.get(key) for key in _NAMES)
    return next((name for each in stated if isinstance(each, String) and (name := plain(str(each)))), "")
