"""Nothing active survives: a cleaned PDF holds what drawing its pages needs, and nothing else."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Object, Pdf, Stream

from registry.storage.checks import portable_documents
from registry.storage.checks.pdf import active, ink
from tests.builders import hiding_documents as hiding
from tests.builders import odd_documents as documents
from tests.builders.hiding_documents import rich_document
from tests.builders.odd_documents import document, embedded, script
from tests.builders.odd_pictures import TAIL

ACTIVE = (*documents.ACTIVE, *hiding.HIDING)
# Where drawing a page of the rich document leads: its dictionaries and streams, one by one.
PLACES = 22


@pytest.mark.parametrize("change", ACTIVE, ids=lambda change: change.__name__)
def test_what_acts_is_found_by_the_search_and_removed_by_the_cleaning(change: hiding.Change) -> None:
    content = document(change)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert active.is_active(pdf)
    kept, _pages = portable_documents.normalise(content)
    _require_clean(kept)


@pytest.mark.parametrize("place", range(PLACES))
def test_nothing_hides_under_a_key_that_no_list_forbids(place: int) -> None:
    """Under a name that nobody thought of, in each object that the page draws with."""

    def hide(pdf: Pdf) -> None:
        found = list(_drawn_with(pdf))[place]
        found["/Unheard"] = embedded(pdf)
        found["/Of"] = Array([script(pdf), 1])

    content = rich_document(hide)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert active.is_active(pdf)
    kept, _pages = portable_documents.normalise(content)
    _require_clean(kept)
    assert _looks(kept) == _looks(rich_document())


def test_the_places_are_all_there_are() -> None:
    with pikepdf.open(io.BytesIO(rich_document())) as pdf:
        assert len(list(_drawn_with(pdf))) == PLACES


@pytest.mark.parametrize("mode", [pikepdf.ObjectStreamMode.disable, pikepdf.ObjectStreamMode.generate])
def test_what_an_earlier_version_held_is_gone(mode: pikepdf.ObjectStreamMode) -> None:
    """An appended change leaves the old objects in the file, where nothing refers to them any more."""
    old = document(documents.open_action, object_stream_mode=mode)
    with pikepdf.open(io.BytesIO(old)) as pdf:
        root, size = pdf.trailer.Root.objgen[0], int(pdf.trailer.Size)
        pages = pdf.trailer.Root.Pages.objgen[0]
    place, table = len(old), old.rindex(b"startxref") + 10
    new = b"%d 0 obj\n<</Type/Catalog/Pages %d 0 R>>\nendobj\n" % (root, pages)
    changed = (
        old
        + new
        + b"xref\n%d 1\n%010d 00000 n \n" % (root, place)
        + b"trailer <</Size %d/Root %d 0 R/Prev %d>>\n" % (size, root, int(old[table:].split()[0]))
        + b"startxref\n%d\n%%%%EOF\n" % (place + len(new))
    )
    kept, _pages = portable_documents.normalise(changed)
    _require_clean(kept)


def test_fonts_and_pictures_may_be_named_like_what_acts() -> None:
    def rename(pdf: Pdf) -> None:
        resources = pdf.pages[0].obj.Resources
        names = Dictionary({f"/{name}": resources.Font.F1 for name in ("JS", "AA", "Names", "A", "AF", "EF")})
        resources.Font = names
        pdf.pages[0].obj.Contents = Stream(pdf, b"BT /JS 14 Tf 20 100 Td (Sample) Tj ET")

    kept, _pages = portable_documents.normalise(document(rename))
    with pikepdf.open(io.BytesIO(kept)) as pdf:
        assert sorted(pdf.pages[0].obj.Resources.Font.keys()) == ["/A", "/AA", "/AF", "/EF", "/JS", "/Names"]


def test_a_layer_that_is_hidden_stays_hidden() -> None:
    def hide(pdf: Pdf) -> None:
        pdf.Root.OCProperties.D = Dictionary(OFF=pdf.Root.OCProperties.OCGs)

    hidden, shown = rich_document(hide), rich_document()
    assert _looks(hidden) != _looks(shown)
    for content in (hidden, shown):
        kept, _pages = portable_documents.normalise(content)
        assert _looks(kept) == _looks(content)


def _drawn_with(pdf: Pdf) -> Iterator[Object]:
    """Every dictionary and stream that drawing the first page leads to, but for maps of names."""
    waiting: list[Object] = [pdf.pages[0].obj, pdf.Root.OCProperties]
    seen: set[tuple[int, int]] = set()
    while waiting:
        found = waiting.pop(0)
        if found.is_indirect:
            if found.objgen in seen:
                continue
            seen.add(found.objgen)
        if isinstance(found, (Dictionary, Stream)):
            if found is not pdf.pages[0].obj and not _is_map(found):
                yield found
            waiting += [
                value
                for key, value in sorted(found.items())
                if key != "/Parent" and isinstance(value, (Dictionary, Stream, Array))
            ]
        else:
            waiting += [value for value in found.as_list() if isinstance(value, (Dictionary, Stream, Array))]


def _is_map(found: Object) -> bool:
    """A map of names that the document chose itself: what stands there is a font, and no key."""
    return all(len(key) == 3 and key[2].isdigit() for key, _value in found.items())


def _require_clean(kept: bytes) -> None:
    with pikepdf.open(io.BytesIO(kept)) as pdf:
        assert not active.is_active(pdf)
        texts = [
            entry.unparse(resolved=not isinstance(entry, Stream))
            for entry in pdf.objects
            if entry is not None
        ]
        texts += [entry.stream_dict.unparse() for entry in pdf.objects if isinstance(entry, Stream)]
        texts += [entry.read_bytes() for entry in pdf.objects if isinstance(entry, Stream)]
    for run in (
        TAIL[:64],
        b"app.alert",
        b"/JavaScript",
        b"/EmbeddedFile",
        b"/Filespec",
        b"/Launch",
        b"attacker",
    ):
        assert not any(run in text for text in texts)


def _looks(content: bytes) -> bytes:
    return ink.page_picture(pypdfium2.PdfDocument(content), 0).tobytes()
