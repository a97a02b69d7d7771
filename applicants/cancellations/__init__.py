"""Cancellations of filings in force (Art. 11)."""
