"""Receipt numbers (收件编号): without gaps, by province and year."""

from __future__ import annotations

from registry.models import ReceiptCounter


def next_receipt_number(province_code: str, year: int) -> str:
    """The next receipt number (收件编号) of a province and year.

    Numbers have no gaps: the counter's row is locked until the transaction ends.
    """
    ReceiptCounter.objects.get_or_create(province_code=province_code, year=year)
    counter = ReceiptCounter.objects.select_for_update().get(province_code=province_code, year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{year}-{province_code[:2]}-{counter.last:06d}"
