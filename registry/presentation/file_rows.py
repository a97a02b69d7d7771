"""A stored file as `includes/file_row.html` takes it: being read, checked, or refused with what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from registry.labels.files import refusal_message
from registry.models import Attachment, EvidenceFile
from registry.presentation.materials import present_file
from registry.storage import attachments

# The states of a file as the row's badge knows them.
STATES = {
    Attachment.State.WAITING.value: "being_checked",
    Attachment.State.CLEAN.value: "clean",
    Attachment.State.REFUSED.value: "refused",
}


def asking_again(rows: Iterable[dict[str, Any]], *, poll_url: str, poll_list: str) -> list[dict[str, Any]]:
    """These rows; the first that `is_reading` asks again for all of them, until each was read.

    The element `poll_list` is then taken anew from `poll_url`. One asks, for the others are in its answer.
    """
    found = list(rows)
    for row in [each for each in found if each["is_reading"]][:1]:
        row |= {"poll_url": poll_url, "poll_list": poll_list}
    return found


def file_row(
    attachment: Attachment,
    *,
    label: str = "",
    try_again_url: str = "",
    remove_url: str = "",
) -> dict[str, Any]:
    """The row of one file; only a checked one can be opened.

    `try_again_url` is heeded where the file itself may be without fault. `label` says what the file is.
    """
    state = attachment.state
    row: dict[str, Any] = {
        "id": str(attachment.pk),
        "name": attachment.name,
        "label": label,
        "size_bytes": attachment.size_bytes,
        "page_count": 0,
        "state": STATES[state],
        "reason": "",
        "is_reading": state == Attachment.State.WAITING,
        "poll_url": "",
        "try_again_url": "",
        "remove_url": remove_url,
    }
    if state == Attachment.State.REFUSED:
        row["reason"] = refusal_message(attachment.refusal)
        if attachment.refusal_code in attachments.MAY_BE_TRIED_AGAIN:
            row["try_again_url"] = try_again_url
    elif state == Attachment.State.CLEAN:
        shown = present_file(attachments.entry_of(attachment))
        row |= {
            "page_count": shown.page_count,
            "signatures": shown.signatures,
            "carried": shown.carried,
            "original_url": shown.original_url,
            "original_size_bytes": shown.original_size_bytes,
            "url": shown.url,
            "picture_url": shown.picture_url,
        }
    return row


def evidence_row(
    file: EvidenceFile,
    *,
    url: str = "",
    try_again_url: str = "",
) -> dict[str, Any]:
    """The row of a file of evidence, which is opened at `url`; without one it is only named.

    Where it can be opened its pictures and a signed original are shown as well.
    """
    if file.attachment is None:
        row: dict[str, Any] = {"state": STATES[Attachment.State.CLEAN.value], "page_count": file.page_count}
        row |= {"size_bytes": file.size_bytes, "reason": "", "is_reading": False, "poll_url": ""}
        row |= {"try_again_url": ""}
    else:
        row = file_row(file.attachment, try_again_url=try_again_url)
        if not url:
            row |= {"picture_url": "", "original_url": ""}
    is_open = bool(url) and file.is_readable
    return row | {"id": str(file.pk), "name": file.name, "url": url if is_open else ""}
