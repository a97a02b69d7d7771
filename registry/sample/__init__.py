"""Sample data: invented applicants, their documents, and stories played through the real ledger."""
