"""The upload slots as the pages show them: what belongs there, the files, and their errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from applicants import words
from applicants.drafts import progress
from applicants.drafts.read_files import is_unread
from applicants.drafts.steps import SHARED_SLOTS, step_of, step_url
from applicants.models import Draft
from registry import clock
from registry.book.letters import SLOT as LETTER
from registry.errors import AttachmentRefused
from registry.labels import particulars as particular_words
from registry.labels.files import refusal_message
from registry.models import Attachment
from registry.presentation.file_rows import STATES, asking_again, file_row
from registry.presentation.materials import present_file
from registry.rules.particulars import IDENTITY_DOCUMENT_SLOTS, Slot, is_slot, slots
from registry.rules.particulars.definitions import UPLOAD_CHOICE
from registry.rules.particulars.materials import AttachedFile, Materials, digest_of, files_of
from registry.storage.attachments import refused_files

# Where a template can be downloaded for what belongs there.
_WITH_TEMPLATES = frozenset({"management_system_documents"})


@dataclass(slots=True)
class SlotBlock:
    """One slot on the page: what belongs there, its files, and the form that adds one.

    Files in a shared slot count for all services of the joint submission. A letter on file is renewed at `letter_url`.
    """

    name: str
    label: Promise | str
    help_text: str
    basis: Promise | str
    why: Promise | str
    asked: bool
    files: list[dict[str, Any]]
    max_files: int
    upload_url: str
    accept: str
    errors: list[str]
    upload_errors: list[str]
    locked: bool = False
    letter_url: str = ""
    is_shared: bool = False
    consent_url: str = ""
    template_url: str = ""

    @property
    def list_id(self) -> str:
        """The id of the element that an upload replaces."""
        return f"files-{self.name}"

    @property
    def form_id(self) -> str:
        """The id of the form that adds a file; the rows of refused files say in it that they were listed."""
        return f"send-{self.name}"

    @property
    def kept_count(self) -> int:
        """How many files count: a refused one takes no place."""
        return sum(file["state"] != "refused" for file in self.files)

    @property
    def is_full(self) -> bool:
        return self.kept_count >= self.max_files

    @property
    def reload_url(self) -> str:
        """The page itself, at this slot; another address each time, since a link to where one is loads nothing."""
        page = next((file["poll_url"] for file in self.files if file["poll_url"]), "")
        return f"{page}?read={clock.now():%H%M%S%f}#slot-{self.name}"

    @property
    def is_reading(self) -> bool:
        """Whether a file here waits for the decoder."""
        return any(file["poll_url"] for file in self.files)

    @property
    def replaces(self) -> bool:
        """Whether an upload takes the place of the present file."""
        return self.is_full and self.max_files == 1

    @property
    def takes_several(self) -> bool:
        return self.max_files - self.kept_count > 1


def slot_blocks(
    draft: Draft,
    examination: progress.Examination,
    *,
    errors: Mapping[str, list[str]],
    with_missing: bool,
    consent_url: str = "",
) -> list[SlotBlock]:
    """A block for every slot that applies, in order; `consent_url` is where those of identity documents lead first."""
    states = progress.states_of_files([examination.materials])
    points: dict[str, list[str]] = {}
    for point in examination.points:
        # That a file is being read stands in its row, which goes on by itself.
        is_told = point.message == progress.waiting_message(point.key) if is_slot(point.key) else True
        if not is_told and (with_missing or not point.is_missing):
            points.setdefault(point.key, []).append(point.message)
    materials = examination.materials
    repeated = _repeated_files(materials)
    refused: dict[str, list[Attachment]] = {}
    for attachment in refused_files(draft.pk):
        refused.setdefault(attachment.slot, []).append(attachment)
    return [
        SlotBlock(
            name=slot.name,
            label=particular_words.label_of(slot.key),
            help_text=words.help_with_article(slot.key, slot.basis, materials),
            basis=particular_words.article_of(slot.key),
            why=words.why_asked(slot.basis),
            asked=slot.required(materials),
            files=_files(
                draft, slot, materials, states, repeated=repeated, locked=_is_locked(slot, draft, examination)
            )
            + [_refused_file(draft, each) for each in refused.get(slot.name, [])],
            max_files=slot.max_files,
            upload_url=reverse("applicants:upload", args=[draft.pk, slot.name]),
            accept=UPLOAD_CHOICE,
            errors=points.get(slot.key, []),
            upload_errors=errors.get(slot.name, []),
            locked=_is_locked(slot, draft, examination),
            letter_url=_letter_url(slot, draft),
            is_shared=bool(examination.others) and slot.name in SHARED_SLOTS,
            template_url=reverse("public:templates") if slot.name in _WITH_TEMPLATES else "",
            consent_url=consent_url if slot.name in IDENTITY_DOCUMENT_SLOTS else "",
        )
        for slot in slots()
        if slot.applies(materials)
    ]


def _is_locked(slot: Slot, draft: Draft, examination: progress.Examination) -> bool:
    return examination.is_locked(slot.key) or bool(_letter_url(slot, draft))


def _letter_url(slot: Slot, draft: Draft) -> str:
    """Where the letter on file is renewed; empty for any other slot."""
    if draft.letter_on_file is None or slot.key != LETTER:
        return ""
    return reverse("applicants:member", args=[draft.letter_on_file.membership_id])


def upload_error_list(errors: Mapping[str, list[str]]) -> list[dict[str, str]]:
    """The upload errors, for the summary at the top of the page."""
    return [
        {"target": f"slot-{name}", "label": "", "message": message}
        for name, messages in errors.items()
        for message in messages
    ]


def _files(
    draft: Draft,
    slot: Slot,
    materials: Materials,
    states: Mapping[str, tuple[str, str]],
    *,
    repeated: Mapping[str, str],
    locked: bool,
) -> list[dict[str, Any]]:
    found = [
        {
            **_file(draft, entry, states, is_first=index == 0, locked=locked),
            "note": repeated.get(str(entry["id"]), ""),
        }
        for index, entry in enumerate(files_of(materials, slot.key))
    ]
    return asking_again(found, poll_url=step_url(draft.pk, step_of(slot.key)), poll_list=f"files-{slot.name}")


def _repeated_files(materials: Materials) -> dict[str, str]:
    """What is said of each file that stands in the draft for a second time, by its id."""
    places: dict[str, str] = {}
    said: dict[str, str] = {}
    for slot in slots():
        for entry in files_of(materials, slot.key) if slot.applies(materials) else []:
            place = places.get(digest_of(entry))
            if place is None:
                places[digest_of(entry)] = slot.key
            elif place == slot.key:
                said[str(entry["id"])] = _("This is the same file as one above.")
            else:
                label = particular_words.label_of(place)
                said[str(entry["id"])] = _("This is the same file as under “%(label)s”.") % {"label": label}
    return said


def _refused_file(draft: Draft, refused: Attachment) -> dict[str, Any]:
    """A file that the decoder refused: why, and what can be done with it."""
    return file_row(
        refused,
        try_again_url=reverse("applicants:try_file_again", args=[draft.pk, refused.pk]),
        remove_url=reverse("applicants:remove_file", args=[draft.pk, refused.pk]),
    )


def _file(
    draft: Draft,
    entry: AttachedFile,
    states: Mapping[str, tuple[str, str]],
    *,
    is_first: bool,
    locked: bool,
) -> dict[str, Any]:
    """The file as `includes/file_row.html` takes it; only a checked one can be opened."""
    state, code = states.get(str(entry["id"]), (Attachment.State.REFUSED.value, ""))
    shown = present_file(entry)
    is_clean = state == Attachment.State.CLEAN
    return {
        "id": shown.id,
        "name": shown.name,
        "size_bytes": shown.size_bytes,
        "page_count": 0 if is_unread(entry) else shown.page_count,
        "state": STATES[state],
        "reason": refusal_message(AttachmentRefused(code)) if code else "",
        "signatures": shown.signatures,
        "carried": shown.carried,
        "original_url": shown.original_url if is_clean else "",
        "original_size_bytes": shown.original_size_bytes,
        "is_reading": state == Attachment.State.WAITING,
        "poll_url": "",
        "try_again_url": "",
        "url": shown.url if is_clean else "",
        "picture_url": shown.picture_url if is_clean else "",
        "remove_url": "" if locked else reverse("applicants:remove_file", args=[draft.pk, shown.id]),
        "move_up_url": ""
        if is_first or locked
        else reverse("applicants:move_file", args=[draft.pk, shown.id]),
    }
