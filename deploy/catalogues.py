"""Reads and writes translation catalogues: .po files as gettext's own programs write them with --no-wrap."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

LOCALE = "zh_Hans"

# What gettext finds a translation by: context and id. The plural is not part of it.
Key = tuple[str | None, str]

_LINE = re.compile(r'(?P<mark>#~\| |#\| |#~ |)(?:(?P<name>msg[a-z_]+(?:\[\d+\])?) )?(?P<text>".*")')


@dataclass
class Message:
    """One entry of a catalogue. The header is the entry with the empty id."""

    id: str
    context: str | None = None
    plural: str | None = None
    # The translation; of a text with a plural, each of its forms.
    forms: list[str] = field(default_factory=list)
    # Lines that begin with #: places in the code, flags, notes.
    comments: list[str] = field(default_factory=list)
    # The English that the translation was made for, where msgmerge found another: texts by their keyword.
    previous: dict[str, str] = field(default_factory=dict)
    # Neither code nor templates hold the text.
    is_obsolete: bool = False

    @property
    def key(self) -> Key:
        return self.context, self.id

    @property
    def is_fuzzy(self) -> bool:
        return any("fuzzy" in flags for flags in self._flags())

    @property
    def is_finished(self) -> bool:
        return all(self.forms) and not self.is_fuzzy

    def finish(self, forms: list[str]) -> None:
        """Sets the translation and removes the marks of doubt."""
        flags = [flag for line in self._flags() for flag in line if flag != "fuzzy"]
        self.comments = [line for line in self.comments if not line.startswith("#, ")]
        if flags:
            self.comments.append(f"#, {', '.join(flags)}")
        self.forms = forms.copy()
        self.previous = {}

    def _flags(self) -> Iterator[list[str]]:
        return (line.removeprefix("#, ").split(", ") for line in self.comments if line.startswith("#, "))


def catalogue_paths(root: Path) -> list[Path]:
    """The Chinese catalogues of the desks below `root`."""
    return sorted(root.glob(f"*/locale/{LOCALE}/LC_MESSAGES/django.po"))


def read_catalogue(path: Path) -> list[Message]:
    """Every entry, the header and the obsolete ones included."""
    blocks = path.read_text(encoding="utf-8").strip("\n").split("\n\n")
    return [_parse(block.split("\n")) for block in blocks]


def write_catalogue(path: Path, messages: list[Message]) -> None:
    path.write_text("\n\n".join("\n".join(_lines(message)) for message in messages) + "\n", encoding="utf-8")


def _parse(lines: list[str]) -> Message:
    comments: list[str] = []
    now: dict[str, str] = {}
    previous: dict[str, str] = {}
    is_obsolete = False
    name = ""
    for line in lines:
        match = _LINE.fullmatch(line)
        if match is None:
            comments.append(line)
            continue
        is_obsolete = match["mark"].startswith("#~")
        texts = previous if "|" in match["mark"] else now
        name = match["name"] or name
        texts[name] = texts.get(name, "") + json.loads(match["text"])
    return Message(
        id=now["msgid"],
        context=now.get("msgctxt"),
        plural=now.get("msgid_plural"),
        forms=[text for name, text in now.items() if name.startswith("msgstr")],
        comments=comments,
        previous=previous,
        is_obsolete=is_obsolete,
    )


def _lines(message: Message) -> Iterator[str]:
    yield from message.comments
    mark = "#~" if message.is_obsolete else "#"
    for name, text in message.previous.items():
        yield from (f"{mark}| {line}" for line in _quoted(name, text))
    mark = "#~ " if message.is_obsolete else ""
    for name, text in _texts(message):
        yield from (mark + line for line in _quoted(name, text))


def _texts(message: Message) -> Iterator[tuple[str, str]]:
    """The keywords of an entry, in their order, with their texts."""
    if message.context is not None:
        yield "msgctxt", message.context
    yield "msgid", message.id
    if message.plural is None:
        yield "msgstr", "".join(message.forms)
    else:
        yield "msgid_plural", message.plural
        yield from ((f"msgstr[{number}]", form) for number, form in enumerate(message.forms))


def _quoted(name: str, text: str) -> Iterator[str]:
    """The lines of a text: several begin below the keyword. JSON escapes what gettext escapes, and in its way."""
    parts = re.findall(r"[^\n]*\n|[^\n]+", text)
    if len(parts) == 1:
        yield f"{name} {json.dumps(parts[0], ensure_ascii=False)}"
    else:
        yield f'{name} ""'
        yield from (json.dumps(part, ensure_ascii=False) for part in parts)
