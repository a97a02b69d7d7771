"""The register itself: the ledger, its only writer, with what it examines, revisions and filing numbers."""
