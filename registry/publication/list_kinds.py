"""The kind of a list in an address: /lists/cancelled/3/. Lists of filings are addressed by their number alone."""

from __future__ import annotations

from registry.rules.batches.lifecycle import ListKind

_SLUGS = {
    ListKind.CANCELLED: "cancelled",
    ListKind.STRUCK_OFF: "struck-off",
    ListKind.CORRIGENDA: "corrigenda",
}
_KINDS = {slug: kind for kind, slug in _SLUGS.items()}
SLUGS = tuple(_KINDS)


class ListKindConverter:
    """Reads and writes the kind in a path."""

    regex = "|".join(SLUGS)

    def to_python(self, value: str) -> ListKind:
        return _KINDS[value]

    def to_url(self, value: ListKind) -> str:
        return _SLUGS[value]
