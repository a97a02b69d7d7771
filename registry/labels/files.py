"""Why a file was not accepted or a document not made, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from registry.rules.errors import FilingError
from registry.rules.particulars.attachments import MAX_FILE_MEGABYTES, MAX_TOTAL_MEGABYTES

REFUSAL_MESSAGES: dict[str, Promise] = {
    "file_empty": _("This file is empty. Choose the file again; if it stays empty, save or scan it anew."),
    "file_too_large": _(
        "This file is larger than %(maximum)s. Scan it at a lower resolution, or split it into several files."
    ),
    "file_type_not_allowed": _(
        "This is not a JPEG, PNG, HEIC, WebP, TIFF or PDF file, whatever its name says. "
        "Save or scan it in one of these formats."
    ),
    "file_is_office": _(
        "This is a file of Word, Excel or PowerPoint. Open it, save or export it as PDF, and upload the PDF."
    ),
    "file_is_wps": _("This is a file of WPS Office. Open it there, export it as PDF, and upload the PDF."),
    "file_is_ofd": _(
        "This is an OFD file. Open it in an OFD reader or in WPS Office, convert or print it to PDF, "
        "and upload the PDF."
    ),
    "file_is_archive": _(
        "This is an archive of files (ZIP, RAR or 7z). Unpack it, and upload each file on its own: "
        "pictures and PDFs as they are, other files saved as PDF."
    ),
    "file_encrypted": _(
        "This PDF opens only with a password. Save it without one, or print it to a new PDF, and upload that."
    ),
    "file_incomplete": _(
        "Parts of this PDF are missing: it was probably cut when it was saved or sent. "
        "Get it anew from where it came, see that every page is there, and upload it again."
    ),
    "file_is_portfolio": _(
        "This PDF is a folder of other files, which the portal does not open. "
        "Take the files out of it and upload each that is asked for."
    ),
    "file_carries_files": _(
        "This PDF carries other files, which would be lost here: %(names)s. Take them out and send each on its own, "
        "and print this PDF to a new one without them."
    ),
    "form_dynamic": _(
        "This PDF is a form that only Adobe's programs can show (XFA). "
        "Open it there, print it to a new PDF and upload that."
    ),
    "form_value_not_shown": _(
        "What was entered in the field “%(field)s” of this PDF form would not be shown as it was entered. "
        "Open the PDF, see that the field is right, print it to a new PDF and upload that."
    ),
    "mark_not_drawn": _(
        "On page %(page)s of this PDF stands a mark or note that every program shows differently. "
        "Print it with its marks to a new PDF and upload that."
    ),
    "note_not_printed": _(
        "On page %(page)s of this PDF stands a note whose text opens only when it is clicked; the office would not "
        "see it. Write the text on the page or remove the note, and upload the PDF again."
    ),
    "page_changed": _(
        "Page %(page)s of this PDF would look different here from what you see. "
        "Print it to a new PDF, or scan it, and upload that."
    ),
    "file_damaged": _(
        "This file cannot be read completely. Open it to see whether it is intact, then save or scan it anew."
    ),
    "file_too_complex": _(
        "This file takes too much time or memory to check. "
        "Print it to a new PDF or scan it, then upload that."
    ),
    "file_takes_too_long": _(
        "All pages of this file together take too much time to draw. Scan it in black and white or at a lower "
        "resolution, or split it into several files, and upload those."
    ),
    "reading_took_too_long": _(
        "Reading this file took too long, since much is being read at this moment. Try again in a few minutes; if it "
        "is refused again, split the file or scan it at a lower resolution, and upload that."
    ),
    "reading_broke_off": _(
        "Reading this file broke off. Try again; if it breaks off again, print the file to a new PDF or scan it, "
        "and upload that."
    ),
    "page_not_drawn": _(
        "Page %(page)s of this file takes too much time or memory to draw. "
        "Print it to a new PDF or scan it, and upload that."
    ),
    "too_many_waiting": _(
        "Many of your files are waiting to be read already. Wait until some of them have been read, "
        "then upload this one again."
    ),
    "file_gone": _("This file is no longer kept here. Choose it again and upload it."),
    "too_many_pixels": _(
        "This picture has too many pixels (%(width)s × %(height)s). Scan it at 300 dots per inch."
    ),
    "too_many_pages": _(
        "This PDF has %(pages)s pages; at most %(maximum)s are accepted. "
        "Upload only the pages that are asked for."
    ),
    "too_many_files": _(
        "No more than %(maximum)s files fit here. Remove one first, or join pages into one PDF."
    ),
    "draft_too_large": _(
        "The files of one application may have %(maximum)s together. "
        "Remove some, or scan at a lower resolution."
    ),
    "statement_blank": _("Nothing is written on this page. Upload the statement that was signed and sealed."),
    "statement_unsigned": _(
        "This is the statement as the portal made it, without signature or seal. Print it, have it signed and sealed, "
        "and upload a scan or photograph of it; or have the PDF signed electronically."
    ),
    "statement_of_other_particulars": _(
        "This statement was made before something that it prints was changed. Download it again, have the new one "
        "signed and sealed, and upload that."
    ),
    "storage_full": _(
        "The portal cannot store the file at the moment. Nothing is lost; please try again in a few minutes."
    ),
    "glyph_missing": _(
        "The document cannot print the characters “%(characters)s”. Check that they are meant, "
        "or use the form that the identity document has."
    ),
}


_CARRIED_UNNAMED = _("a file without a name")
_CARRIED_MORE = ngettext_lazy("%(count)s more", "%(count)s more", "count")


def carried_names(carried: Mapping[str, Any]) -> str:
    """The names of the files within a PDF (see `registry.storage.checks.pdf.carried`) as one text; empty for none."""
    if not carried:
        return ""
    names = [
        gettext("“%(name)s”") % {"name": name} if name else str(_CARRIED_UNNAMED) for name in carried["names"]
    ]
    # Files of the same name are counted each.
    more = int(carried["count"]) - len(names)
    if more > 0:
        names.append(str(_CARRIED_MORE % {"count": more}))
    return gettext(", ").join(names)


def limits_said(message: Promise) -> str:
    """A text with the limits of uploads in its places `megabytes` (of one file) and `total_megabytes`."""
    return str(message) % {"megabytes": MAX_FILE_MEGABYTES, "total_megabytes": MAX_TOTAL_MEGABYTES}


# For the help of a form, whose fields are made once: it waits for the language of the page.
with_limits = lazy(limits_said, str)


def refusal_message(refusal: FilingError) -> str:
    """What to do about an AttachmentRefused or GlyphMissing, in the language now active."""
    try:
        message = REFUSAL_MESSAGES[refusal.code]
    except KeyError:
        raise FilingError("no_words", refusal=refusal.code) from None
    facts = dict(refusal.facts)
    if "carried" in facts:
        facts["names"] = carried_names(facts["carried"])
    if "maximum_bytes" in facts:
        facts["maximum"] = filesizeformat(facts["maximum_bytes"])
    return str(message) % facts
