"""Searches a cleaned PDF for what must not be in it, by another way than the one that cleaned it.

And a PDF as it was sent for what a program that opens it may run or unpack.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String


def _names(words: str) -> frozenset[str]:
    return frozenset(f"/{word}" for word in words.split())


_ACTIONS = _names(
    "JavaScript Launch URI SubmitForm ImportData GoTo GoToR GoToE GoToDp Thread Sound Movie Hide Named ResetForm "
    "SetOCGState Rendition Trans GoTo3DView RichMediaExecute"
)
# Of these, what runs something, sends something or opens another file; a link to a page or a site does not.
_DANGEROUS = _names(
    "JavaScript Launch SubmitForm ImportData GoToR GoToE Thread Sound Movie Rendition RichMediaExecute"
)
_CARRIED = _names("JS JavaScript EF RF EmbeddedFiles RichMediaContent XFA")
_TYPES = _names("Action Filespec F EmbeddedFile Annot Sig Collection Metadata ObjRef OBJR")
_KEYS = _names(
    "JS JavaScript EF RF OpenAction AA XFA AcroForm RichMediaContent RichMediaSettings EmbeddedFiles Names "
    "Outlines Annots Metadata PieceInfo StructTreeRoot Perms Collection Threads Alternates OPI"
)
# A document may name its own fonts, pictures and layers like one of the keys; these tell them.
_OF_RESOURCES = _names("Type Subtype ShadingType PatternType FunctionType LW CA ca BM SMask OP op SA")
_ROOT = _names("Type Pages OCProperties Version")


def is_active(document: pikepdf.Pdf) -> bool:
    """Whether anything in the document acts, leads elsewhere or holds another file."""
    if set(document.Root.keys()) - _ROOT:
        return True
    return any(_is_active(entry) for entry in document.objects)


def acts_or_carries(document: pikepdf.Pdf) -> bool:
    """Whether a document as it was sent holds scripts, orders to run or send something, media or other files."""
    return any(_any(entry, _runs_or_carries) for entry in document.objects)


def _is_active(entry: object) -> bool:
    return _any(entry, _acts)


def within(entry: object) -> Iterator[Dictionary | Stream]:
    """An object and what stands within it, as far as it is a dictionary or stream and no object of its own."""
    waiting = [entry]
    while waiting:
        found = waiting.pop()
        if isinstance(found, Array):
            waiting += [inner for inner in found.as_list() if not _is_elsewhere(inner)]
        elif isinstance(found, (Dictionary, Stream)):
            yield found
            waiting += [inner for _key, inner in found.items() if not _is_elsewhere(inner)]


def _any(entry: object, test: Callable[[Dictionary | Stream], bool]) -> bool:
    """Whether the test is true of an object, or of one that stands within it."""
    return any(test(found) for found in within(entry))


def _runs_or_carries(found: Dictionary | Stream) -> bool:
    if found.get("/S") in _DANGEROUS:
        return True
    return any(key in _CARRIED and _is_suspect(value) for key, value in found.items())


def _acts(found: Dictionary | Stream) -> bool:
    if found.get("/S") in _ACTIONS or found.get("/Type") in _TYPES:
        return True
    if isinstance(found, Stream) and ("/F" in found or "/FFilter" in found):
        return True
    return any(key in _KEYS and _is_suspect(value) for key, value in found.items())


def _is_suspect(value: object) -> bool:
    """Whether the value under a suspect key is not just a font or picture of that name."""
    if isinstance(value, (Dictionary, Stream)):
        return not any(key in value for key in _OF_RESOURCES) or value.get("/Type") in _TYPES
    return isinstance(value, (String, Name))


def _is_elsewhere(inner: object) -> bool:
    """Whether it is an object of its own, which the search comes to by itself."""
    return getattr(inner, "is_indirect", False)
