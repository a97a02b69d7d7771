"""The case page: particulars beside documents, automatic checks, and likely duplicates."""
