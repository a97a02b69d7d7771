"""The field of a form by which somebody hands in files of evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy

from registry.storage.evidence import MOST_FILES


class _FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class EvidenceField(forms.FileField):
    """Several files, or none; `registry.storage.evidence` checks them."""

    widget = _FilesInput

    def __init__(self, **options: Any) -> None:
        help_text = gettext_lazy("Up to %(most)s files, PDF, JPEG or PNG, 10 MB together.")
        options = {
            "label": gettext_lazy("Evidence"),
            "required": False,
            "help_text": help_text % {"most": MOST_FILES},
            **options,
        }
        super().__init__(**options)

    def clean(self, data: Any, initial: Any = None) -> Sequence[UploadedFile]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(EvidenceField, self).clean(each, initial) for each in given]
