"""What a batch list is called, on papers and on pages, and what stands in its history."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from registry.rules.batches.lifecycle import ListAct, ListKind, ListOrder, ListState

# Printed on papers and in files, which are in Chinese alone, as the announcements write it.
_PRINTED = {ListKind.FILINGS: "境内区块链信息服务备案清单（第{number}批）"}
_FILES = {ListKind.FILINGS: "blockchain-filings-batch-{number}"}

LIST_STATES: Mapping[ListState, Promise] = {
    ListState.PROPOSED: pgettext_lazy("state of a batch list", "Proposed"),
    ListState.CONFIRMED: pgettext_lazy("state of a batch list", "Confirmed"),
    ListState.FROZEN: pgettext_lazy("state of a batch list", "Being published"),
    ListState.PUBLISHED: pgettext_lazy("state of a batch list", "Open to objections"),
    ListState.FINAL: pgettext_lazy("state of a batch list", "Final"),
    ListState.DROPPED: pgettext_lazy("state of a batch list", "Not published"),
}

LIST_ACTS: Mapping[ListAct, Promise] = {
    ListAct.PROPOSE: pgettext_lazy("event of a batch list", "Batch list proposed"),
    ListAct.CONFIRM: pgettext_lazy("event of a batch list", "Batch list confirmed"),
    ListAct.SEND_BACK: pgettext_lazy("event of a batch list", "Batch list sent back"),
    ListAct.RECALL: pgettext_lazy("event of a batch list", "Batch list recalled"),
    ListAct.FREEZE: pgettext_lazy("event of a batch list", "Entries frozen, number given"),
    ListAct.PUBLISH: pgettext_lazy("event of a batch list", "Batch list published"),
    ListAct.FINALISE: pgettext_lazy("event of a batch list", "Batch list final"),
    ListAct.IMPORT: pgettext_lazy(
        "event of a batch list", "Taken over as published before the register began"
    ),
}

LIST_ORDERS: Mapping[ListOrder, Promise] = {
    ListOrder.PROVINCE: gettext_lazy("By province, services of one applicant together"),
    ListOrder.APPLICANT: gettext_lazy("By applicant, in the order of their first numbers"),
    ListOrder.NUMBERED: gettext_lazy("In the order in which the numbers were issued"),
}


def printed_title(kind: ListKind, number: int) -> str:
    """The title of a list as the announcements write it, in Chinese."""
    return _PRINTED[kind].format(number=chinese_number(number))


def list_title(kind: ListKind, number: int) -> str:
    """The title of a list in the active language."""
    if (get_language() or "").startswith("zh"):
        return printed_title(kind, number)
    return _("Filed domestic blockchain information services, batch list %(number)s") % {"number": number}


def short_title(number: int) -> str:
    """What a list is called where there is little room: 第六批, Batch list 6."""
    if (get_language() or "").startswith("zh"):
        return f"第{chinese_number(number)}批"
    return _("Batch list %(number)s") % {"number": number}


def file_name(kind: ListKind, number: int, file_format: str) -> str:
    """The name under which a list's file is saved, ASCII so that every system keeps it: blockchain-…-6.pdf."""
    stem = _FILES[kind].format(number=number)
    return f"{stem}-manifest.json" if file_format == "manifest" else f"{stem}.{file_format}"


def chinese_number(number: int) -> str:
    """A number from 1 to 99 in Chinese numerals, as titles write it; a higher one in digits."""
    digits = "零一二三四五六七八九"
    if not 1 <= number <= 99:
        return str(number)
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{digits[tens]}十"
    return head + (digits[ones] if ones or not tens else "")
