"""Files of a form that came back with a fault: they lie in quarantine for its next sending, and nobody opens them.

No row is kept. What is held says itself whose it is and where it may be sent again, so that an id is of no use to
anybody else; the sweep of the quarantine throws it away a day later, as whatever lies there without a row.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from registry.encryption import DecryptionFailed
from registry.errors import RegisterIncomplete
from registry.storage.encrypted_files import FileStore

_STORE = FileStore("QUARANTINE_ROOT", "held_file")
_END_OF_HEAD = b"\n"


@dataclass(frozen=True, slots=True)
class Place:
    """Whose a held file is, and the page and field that it was chosen in."""

    holder: str
    page: str
    field: str


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A file that is held: its id, its name as sent, its type as the browser stated it, and its bytes."""

    id: uuid.UUID
    name: str
    content_type: str
    content: bytes


def hold(content: bytes, *, name: str, content_type: str, place: Place) -> HeldFile:
    """Keeps a file for its place. Raises StorageFull."""
    held = HeldFile(uuid.uuid4(), name, content_type, content)
    head = {"name": name, "content_type": content_type, "place": asdict(place)}
    _STORE.write(held.id, json.dumps(head).encode() + _END_OF_HEAD + content)
    return held


def find_all(ids: Iterable[uuid.UUID], *, place: Place, most_bytes: int) -> list[HeldFile]:
    """What is held under these ids for this place, as far as it takes no more than so many bytes together.

    What lies there is measured before it is read: an id costs whoever sends it nothing, and a large file much to read.
    What is held no more, or for another place, is left out.
    """
    found: list[HeldFile] = []
    # Encrypted files are a third larger; what is named beyond a form's measure is not read.
    room = most_bytes * 3 // 2
    for file_id in dict.fromkeys(ids):
        size = _STORE.size(file_id)
        if not size or size > room:
            continue
        room -= size
        if (held := _find(file_id, place)) is not None:
            found.append(held)
    return found


def let_go(held: HeldFile) -> None:
    """Throws a held file away."""
    _STORE.remove(held.id)


def _find(file_id: uuid.UUID, place: Place) -> HeldFile | None:
    try:
        written = _STORE.read(file_id)
    except (RegisterIncomplete, DecryptionFailed):
        return None
    head, _end, content = written.partition(_END_OF_HEAD)
    stated = json.loads(head)
    if stated["place"] != asdict(place):
        return None
    return HeldFile(file_id, stated["name"], stated["content_type"], content)
