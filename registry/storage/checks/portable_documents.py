"""PDF: the pages are copied into a new document, without actions, embedded files or metadata."""

from __future__ import annotations

import io
import math
import resource

import pikepdf
import pypdfium2
from pikepdf import Dictionary, Name, Pdf, Stream

from registry.storage.checks.images import as_png
from registry.storage.checks.limits import MAX_PAGES, TRIAL_CPU_SECONDS
from registry.storage.checks.refusals import FileRefused

# What a page needs to be seen. Actions, annotations, embedded files, forms and metadata are not among it.
_PAGE_KEYS = frozenset(
    {
        "/Type",
        "/Parent",
        "/MediaBox",
        "/CropBox",
        "/Rotate",
        "/UserUnit",
        "/Resources",
        "/Contents",
        "/Group",
    }
)
# The keys under which pictures and forms on a page carry data that is not seen.
_HIDDEN_STREAM_KEYS = ("/Metadata", "/PieceInfo", "/AF", "/OPI", "/Ref", "/Alternates", "/LastModified")
_INHERITED_KEYS = ("/Resources", "/MediaBox", "/CropBox", "/Rotate")
_A4 = (595, 842)


def normalise(content: bytes) -> tuple[bytes, int]:
    """The document rebuilt from its pages, and their number. What annotations and forms show is kept.

    Raises FileRefused for an encrypted document and for one with too many pages or none.
    """
    try:
        source = Pdf.open(io.BytesIO(content), suppress_warnings=True)
    except pikepdf.PasswordError as error:
        raise FileRefused("file_encrypted") from error
    with source:
        if source.is_encrypted:
            raise FileRefused("file_encrypted")
        page_count = len(source.pages)
        if page_count > MAX_PAGES:
            raise FileRefused("too_many_pages", pages=page_count, maximum=MAX_PAGES)
        if page_count == 0:
            raise FileRefused("file_damaged")
        _draw_annotations_into_pages(source)
        for page in source.pages:
            _strip_page(page.obj)
        clean = Pdf.new()
        clean.pages.extend(source.pages)
        _keep_hidden_layers_hidden(source, clean)
        _strip_streams(clean)
        written = io.BytesIO()
        clean.save(
            written,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            deterministic_id=True,
            fix_metadata_version=False,
        )
    normalised = written.getvalue()
    # A document that cannot be shown is of no use to the desk that has to read it.
    _limit_trial()
    draw(normalised, page_number=1, width=50)
    return normalised, page_count


def draw(content: bytes, *, page_number: int, width: int) -> bytes:
    """A page as PNG, at most `width` wide, and no higher than three times that."""
    document = pypdfium2.PdfDocument(content)
    page = document[page_number - 1]
    page_width, page_height = page.get_size()
    if page_width <= 0 or page_height <= 0:
        page_width, page_height = _A4
    scale = min(width / page_width, 3 * width / page_height)
    return as_png(page.render(scale=scale, may_draw_forms=False).to_pil())


def _limit_trial() -> None:
    """Leaves a few seconds of CPU time: a page that takes longer as a thumbnail would never be readable."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = math.ceil(used.ru_utime + used.ru_stime)
    _soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (spent + TRIAL_CPU_SECONDS, hard))


def _draw_annotations_into_pages(source: Pdf) -> None:
    """Stamps, signatures and filled fields are annotations: what they show becomes part of the page."""
    source.generate_appearance_streams()
    source.flatten_annotations("all")


def _strip_page(page: Dictionary) -> None:
    for key in _INHERITED_KEYS:
        if key not in page and (value := _inherited(page, key)) is not None:
            page[key] = value
    for key in list(page.keys()):
        if key not in _PAGE_KEYS:
            del page[key]


def _inherited(page: Dictionary, key: str) -> pikepdf.Object | None:
    """A value that a page takes from the branches of the page tree above it."""
    node = page.get("/Parent")
    for _level in range(50):
        if not isinstance(node, Dictionary):
            return None
        if key in node:
            return node[key]
        node = node.get("/Parent")
    return None


def _keep_hidden_layers_hidden(source: Pdf, clean: Pdf) -> None:
    properties = source.Root.get("/OCProperties")
    if isinstance(properties, Dictionary):
        shared = properties if properties.is_indirect else source.make_indirect(properties)
        clean.Root[Name.OCProperties] = clean.copy_foreign(shared)


def _strip_streams(document: Pdf) -> None:
    for entry in document.objects:
        if isinstance(entry, Stream):
            for key in _HIDDEN_STREAM_KEYS:
                if key in entry:
                    del entry[key]
