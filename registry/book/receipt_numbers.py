"""Receipt numbers (收件编号): without gaps, by province and year."""

from __future__ import annotations

from registry.book.counters import count_on, lock_counter
from registry.models import ReceiptCounter


def next_receipt_number(province_code: str, year: int) -> str:
    """The next receipt number (收件编号) of a province and year."""
    last = count_on(lock_counter(ReceiptCounter, province_code=province_code, year=year))
    return f"{year}-{province_code[:2]}-{last:06d}"
