"""PDF: the pages are copied into a new document with what they show, and with nothing that acts or hides."""

from __future__ import annotations

import io
import math
import resource
from typing import Any

import pikepdf
import pypdfium2
from pikepdf import Dictionary, Name, Pdf

from registry.storage.checks.images import as_png
from registry.storage.checks.limits import COMPARISON_CPU_SECONDS, MAX_PAGES, TRIAL_CPU_SECONDS
from registry.storage.checks.pdf import active, allowed, carried, fields, ink, marks, signatures, whole
from registry.storage.checks.refusals import FileRefused

signatures_of = signatures.signatures_of

_INHERITED_KEYS = ("/Resources", "/MediaBox", "/CropBox", "/Rotate")


def normalise(content: bytes) -> tuple[bytes, int]:
    """The document rebuilt from its pages, and their number. What marks and forms show is kept.

    Raises FileRefused for a document that opens only with a password, that is not whole, that has too many pages
    or none, or that would look otherwise afterwards.
    """
    with _open(content) as source:
        declared = whole.declared_pages(source)
        page_count = len(source.pages)
        if page_count > MAX_PAGES:
            raise FileRefused("too_many_pages", pages=page_count, maximum=MAX_PAGES)
        if page_count == 0:
            raise FileRefused("file_damaged")
        whole.require_whole(source, content, declared=declared)
        if "/Collection" in source.Root:
            raise FileRefused("file_is_portfolio")
        altered = {place for place, page in enumerate(source.pages) if any(marks.shown(page))}
        before = content
        if fields.draw_values(source):
            with Pdf.open(io.BytesIO(_written(source))) as drawn:
                fields.as_drawn(drawn)
                before = _written(drawn)
        marks.draw_into_pages(source)
        after = _written(_cleaned(source))
    with Pdf.open(io.BytesIO(after)) as clean:
        if active.is_active(clean):
            raise FileRefused("file_damaged")
    # A page that cannot be shown is of no use to the desk that has to read it.
    _limit_trial()
    ink.require_same(before, after, altered=altered, seconds=COMPARISON_CPU_SECONDS)
    return after, page_count


def signed_facts(content: bytes, rebuilt: bytes, each: list[dict[str, Any]]) -> dict[str, Any]:
    """What is known of a signed document: its signatures, the check codes in its text, and whether it acts."""
    with _open(content) as source:
        acts = active.acts_or_carries(source)
    return {"each": each, "codes": signatures.codes_in(rebuilt), "acts": acts}


def carried_files(content: bytes) -> dict[str, Any]:
    """The files that a document carries, which are left out of the rebuilt one; see `carried.carried_files`."""
    with _open(content) as source:
        return carried.carried_files(source)


def draw(content: bytes, *, page_number: int, width: int) -> bytes:
    """A page as PNG, at most `width` wide, and no higher than three times that."""
    return as_png(ink.page_picture(pypdfium2.PdfDocument(content), page_number - 1, width=width))


def _open(content: bytes) -> Pdf:
    try:
        return Pdf.open(io.BytesIO(content), suppress_warnings=True)
    except pikepdf.PasswordError as error:
        raise FileRefused("file_encrypted") from error


def _cleaned(source: Pdf) -> Pdf:
    for page in source.pages:
        _keep_what_shows(page.obj)
    clean = Pdf.new()
    clean.pages.extend(source.pages)
    _keep_hidden_layers_hidden(source, clean)
    return clean


def _written(document: Pdf) -> bytes:
    written = io.BytesIO()
    document.save(
        written,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        deterministic_id=True,
        fix_metadata_version=False,
        encryption=False,
    )
    return written.getvalue()


def _limit_trial() -> None:
    """Leaves a few seconds of CPU time: a page that takes longer as a thumbnail would never be readable."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = math.ceil(used.ru_utime + used.ru_stime)
    _soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (spent + TRIAL_CPU_SECONDS, hard))


def _keep_what_shows(page: Dictionary) -> None:
    for key in _INHERITED_KEYS:
        if key not in page and (value := fields.inherited(page, key)) is not None:
            page[key] = value
    parent = page.get("/Parent")
    allowed.keep_allowed(page, "page")
    if parent is not None:
        page.Parent = parent


def _keep_hidden_layers_hidden(source: Pdf, clean: Pdf) -> None:
    settings = source.Root.get("/OCProperties")
    if isinstance(settings, Dictionary):
        allowed.keep_allowed(settings, "layer_settings")
        shared = settings if settings.is_indirect else source.make_indirect(settings)
        clean.Root[Name.OCProperties] = clean.copy_foreign(shared)
