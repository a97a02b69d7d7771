"""File fields whose files need not be chosen again when their form comes back: what was good is held and shown ticked.

A file is held for the account, or for the session of a visitor whose contact is proven; see
`registry.storage.held_files`. It works with and without scripts: the ticked id is sent with the form.
"""

from __future__ import annotations

import io
import secrets
import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.http import HttpRequest
from django.template.loader import render_to_string

from registry.accounts.limits import Limit, LimitReached, address_limits, consume
from registry.errors import AttachmentRefused, StorageFull
from registry.labels.states import refusal_message
from registry.presentation.posted import posted_id
from registry.rules.particulars.attachments import MAX_FILE_BYTES
from registry.storage import attachments, held_files
from registry.storage.evidence import MOST_FILES
from registry.storage.held_files import HeldFile, Place

_SESSION_KEY = "file_holder"
_A_DAY = timedelta(days=1)
# What one person needs who mends a form a few times, and some people behind one address.
_MOST_OF_A_HOLDER, _MOST_OF_AN_ADDRESS = 20, 60


def _holder(request: HttpRequest, *, may_begin: bool) -> str:
    """Who files are held for; "" for a visitor for whom none are, unless `may_begin` says that they may be."""
    if request.user.is_authenticated:
        return f"account:{request.user.pk}"
    if may_begin and _SESSION_KEY not in request.session:
        request.session[_SESSION_KEY] = secrets.token_urlsafe(16)
    return str(request.session.get(_SESSION_KEY, ""))


def fault_at_the_door(upload: UploadedFile) -> str:
    """Why a file cannot be taken, by its size and its first bytes; "" for one that can be."""
    try:
        attachments.at_the_door(upload)
    except AttachmentRefused as error:
        return str(refusal_message(error))
    finally:
        upload.seek(0)
    return ""


class HeldInput(forms.FileInput):
    """A file input beside what is held for it: `place` says whose, None that nothing is."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.place: Place | None = None
        # What was ticked when the form was sent, read each time its data are; and what came to be held after that.
        self.ticked: Sequence[HeldFile] = ()
        self.kept_now: Sequence[HeldFile] = ()
        self._read: tuple[tuple[uuid.UUID, ...], list[HeldFile]] | None = None

    @property
    def held(self) -> list[HeldFile]:
        """What stands ticked beside the input."""
        return [*self.ticked, *self.kept_now]

    def held_name(self, name: str) -> str:
        """The name of the ticks beside the input of this name."""
        return f"{name}-held"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """What was chosen now and what is held and still ticked; in a field for one file the new one counts."""
        chosen = super().value_from_datadict(data, files, name)
        self.ticked = self._ticked(data, self.held_name(name))
        kept = [_as_upload(each, name) for each in self.ticked]
        if self.allow_multiple_selected:
            return [*(chosen or ()), *kept]
        if chosen:
            self.ticked = ()
        return chosen or next(iter(kept), None)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return super().value_omitted_from_data(data, files, name) and self.held_name(name) not in data

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        control = super().render(name, value, attrs, renderer)
        if not self.held:
            return control
        several = self.allow_multiple_selected
        context = {"held": self.held, "name": self.held_name(name), "several": several, "control": control}
        return render_to_string("includes/held_files.html", context)

    def _ticked(self, data: Any, name: str) -> list[HeldFile]:
        if self.place is None or not hasattr(data, "getlist"):
            return []
        most = MOST_FILES if self.allow_multiple_selected else 1
        ids = tuple(file_id for text in data.getlist(name)[:most] if (file_id := posted_id(text)))
        # A form that comes back asks again when it is shown.
        if self._read is None or self._read[0] != ids:
            self._read = ids, held_files.find_all(ids, place=self.place, most_bytes=MAX_FILE_BYTES)
        return self._read[1]


class SeveralHeldInput(HeldInput):
    """The same for several files."""

    allow_multiple_selected = True


class HeldFileField(forms.FileField):
    """One file, which is looked at together with all other answers of its form."""

    widget = HeldInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if upload and (fault := fault_at_the_door(upload)):
            raise forms.ValidationError(fault)
        return upload


class HoldsFiles(forms.Form):
    """A form that holds the files that were good when it comes back with a fault."""

    def hold_for(self, request: HttpRequest, *, may_begin: bool = False) -> None:
        """Holds files for who asks, and for this page; for a visitor none, unless `may_begin` says that they may be.

        What was once begun goes on in the visitor's session.
        """
        holder = _holder(request, may_begin=may_begin)
        for name, widget in self._inputs().items():
            widget.place = Place(holder, request.path, name) if holder else None

    def keep_files(self, request: HttpRequest) -> None:
        """Holds what was chosen and can be taken; what cannot, or not now, has to be chosen again."""
        for name, widget in self._inputs().items():
            if widget.place is None:
                continue
            chosen = self.files.getlist(self.add_prefix(name))
            most = MOST_FILES if widget.allow_multiple_selected else 1
            room = MAX_FILE_BYTES - sum(len(each.content) for each in widget.held)
            for upload in chosen[: max(0, most - len(widget.held))]:
                if (upload.size or 0) > room or fault_at_the_door(upload):
                    continue
                kept = _hold(upload, widget.place, request)
                if kept is None:
                    return
                widget.kept_now = (*widget.kept_now, kept)
                room -= len(kept.content)

    def forget_files(self) -> None:
        """Throws away what was held for a form that is accepted."""
        for widget in self._inputs().values():
            for each in widget.held:
                held_files.let_go(each)

    def _inputs(self) -> Mapping[str, HeldInput]:
        found = {name: field.widget for name, field in self.fields.items()}
        return {name: widget for name, widget in found.items() if isinstance(widget, HeldInput)}


def _hold(upload: UploadedFile, place: Place, request: HttpRequest) -> HeldFile | None:
    try:
        consume(
            [
                Limit("held_files", place.holder, _MOST_OF_A_HOLDER, _A_DAY),
                *address_limits(request, "held_files.address", _MOST_OF_AN_ADDRESS, _A_DAY),
            ]
        )
        upload.seek(0)
        return held_files.hold(
            upload.read(), name=upload.name or "", content_type=upload.content_type or "", place=place
        )
    except (LimitReached, StorageFull):
        return None


def _as_upload(held: HeldFile, field: str) -> InMemoryUploadedFile:
    return InMemoryUploadedFile(
        io.BytesIO(held.content), field, held.name, held.content_type, len(held.content), None
    )
