"""Names that a PDF states, as a page may show them."""

from __future__ import annotations

_LONGEST_NAME = 120


def plain(name: object) -> str:
    """A name as one line without anything that nobody sees; several of one kind are joined."""
    text = ", ".join(str(each) for each in name) if isinstance(name, list) else str(name or "")
    visible = "".join(
        " " if each.isspace() else each for each in text if each.isspace() or each.isprintable()
    )
    return " ".join(visible.split())[:_LONGEST_NAME]
