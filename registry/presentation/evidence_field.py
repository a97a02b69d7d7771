"""The field of a form by which somebody hands in files of evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.labels.files import with_limits
from registry.rules.particulars.attachments import MAX_FILE_MEGABYTES
from registry.rules.particulars.definitions import UPLOAD_CHOICE
from registry.storage.evidence import MOST_FILES


def _help_text() -> str:
    return _("Up to %(most)s files: PDF, JPEG, PNG, HEIC, WebP or TIFF, %(megabytes)s MB together.") % {
        "most": MOST_FILES,
        "megabytes": MAX_FILE_MEGABYTES,
    }


# A form's fields are made once: what is filled in must wait for the language of the page.
_HELP_TEXT = lazy(_help_text, str)()


class _FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class EvidenceField(forms.FileField):
    """Several files, or none; `registry.storage.evidence` checks them."""

    widget = _FilesInput

    def __init__(self, **options: Any) -> None:
        options = {
            "label": gettext_lazy("Evidence"),
            "required": False,
            "help_text": _HELP_TEXT,
            **options,
        }
        super().__init__(**options)

    def clean(self, data: Any, initial: Any = None) -> Sequence[UploadedFile]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(EvidenceField, self).clean(each, initial) for each in given]


class ReplacementForm(forms.Form):
    """Another file in the place of one that could not be read."""

    file = forms.FileField(
        label=gettext_lazy("Another file in its place"),
        help_text=with_limits(
            gettext_lazy("PDF, JPEG, PNG, HEIC, WebP or TIFF, at most %(megabytes)s MB each.")
        ),
        widget=forms.FileInput(attrs={"accept": UPLOAD_CHOICE}),
        error_messages={"required": gettext_lazy("Choose a file first.")},
    )

    def __init__(self, data: Any = None, files: Any = None, *, file_id: object) -> None:
        # Several stand on one page: their fields have names and ids of their own.
        super().__init__(data, files, prefix=str(file_id))
