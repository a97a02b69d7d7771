"""How somebody hands in files of evidence: the field of a form, another in the place of one, and reading it again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.errors import AttachmentRefused, FilingError, StorageFull
from registry.labels.files import with_limits
from registry.labels.states import refusal_message
from registry.presentation.held_fields import SeveralHeldInput, fault_at_the_door
from registry.rules.particulars.attachments import MAX_FILE_MEGABYTES
from registry.rules.particulars.definitions import UPLOAD_CHOICE
from registry.storage import evidence
from registry.storage.evidence import MOST_FILES, Unread


def _help_text() -> str:
    return _("Up to %(most)s files: PDF, JPEG, PNG, HEIC, WebP or TIFF, %(megabytes)s MB together.") % {
        "most": MOST_FILES,
        "megabytes": MAX_FILE_MEGABYTES,
    }


# A form's fields are made once: what is filled in must wait for the language of the page.
_HELP_TEXT = lazy(_help_text, str)()


class EvidenceField(forms.FileField):
    """Several files, or none, looked at together with all other answers; what is wrong is said file by file."""

    widget = SeveralHeldInput

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
        uploads = [super(EvidenceField, self).clean(each, initial) for each in given]
        if not uploads and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        faults = [(each.name, fault) for each in uploads if (fault := fault_at_the_door(each))]
        if len(uploads) == 1 and faults:
            raise forms.ValidationError(faults[0][1])
        if faults:
            named = _("“%(name)s”: %(fault)s")
            raise forms.ValidationError([named % {"name": name, "fault": fault} for name, fault in faults])
        try:
            evidence.take(uploads)
        except AttachmentRefused as error:
            raise forms.ValidationError(str(refusal_message(error))) from error
        for each in uploads:
            each.seek(0)
        return uploads


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
        self.refusal: FilingError | None = None

    def put(self, act: Callable[[Unread], object], *refusals: type[FilingError]) -> bool:
        """Has the act take the file that was sent; gives whether it did, else the form says why not.

        A file that cannot be taken is an error of its field. What the act itself refuses, one of these `refusals`, is
        the `refusal` of the form.
        """
        if not self.is_valid():
            return False
        try:
            (file,) = evidence.take([self.cleaned_data["file"]])
            act(file)
        except (AttachmentRefused, StorageFull) as error:
            self.add_error("file", str(refusal_message(error)))
        except refusals as error:
            self.refusal = error
        return self.refusal is None and not self.errors

    @property
    def status(self) -> int:
        """The status of the page that shows the form again."""
        return HTTPStatus.CONFLICT if self.refusal is not None else HTTPStatus.BAD_REQUEST

    @property
    def refusal_text(self) -> str:
        """Why the act was refused; empty where the fault is in the form."""
        return "" if self.refusal is None else str(refusal_message(self.refusal))


def read_again(request: HttpRequest, act: Callable[[], object], *refusals: type[FilingError]) -> None:
    """Has the act read a file of evidence once more; the next page says why, where it cannot be or is refused."""
    expected: tuple[type[FilingError], ...] = (AttachmentRefused, *refusals)
    try:
        act()
    except expected as error:
        messages.warning(request, str(refusal_message(error)))
