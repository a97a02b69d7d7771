"""What a list is called, on papers and on pages, and what stands in its history and in its rows."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy

from registry.rules.batches.lifecycle import ListAct, ListKind, ListOrder, ListState

# Printed on papers and in files, which are in Chinese alone, as the announcements write it.
_PRINTED = {
    ListKind.FILINGS: "境内区块链信息服务备案清单（第{number}批）",
    ListKind.CANCELLED: "境内区块链信息服务备案注销清单（第{number}批）",
    ListKind.STRUCK_OFF: "境内区块链信息服务备案撤销和依职权注销清单（第{number}批）",
    ListKind.CORRIGENDA: "境内区块链信息服务备案清单更正公告（第{number}号）",
}
_PRINTED_SHORT = {
    ListKind.FILINGS: "第{number}批",
    ListKind.CANCELLED: "注销清单第{number}批",
    ListKind.STRUCK_OFF: "撤销和依职权注销清单第{number}批",
    ListKind.CORRIGENDA: "更正公告第{number}号",
}
_FILES = {
    ListKind.FILINGS: "blockchain-filings-batch-{number}",
    ListKind.CANCELLED: "blockchain-filings-cancelled-{number}",
    ListKind.STRUCK_OFF: "blockchain-filings-struck-off-{number}",
    ListKind.CORRIGENDA: "blockchain-filings-corrigendum-{number}",
}
_TITLES: Mapping[ListKind, Promise] = {
    ListKind.FILINGS: gettext_lazy("Filed domestic blockchain information services, batch list %(number)s"),
    ListKind.CANCELLED: gettext_lazy(
        "Cancelled filings of domestic blockchain information services, list %(number)s"
    ),
    ListKind.STRUCK_OFF: gettext_lazy(
        "Struck-off filings of domestic blockchain information services, list %(number)s"
    ),
    ListKind.CORRIGENDA: gettext_lazy(
        "Corrigendum %(number)s to the lists of domestic blockchain information services"
    ),
}
_SHORT: Mapping[ListKind, Promise] = {
    ListKind.FILINGS: gettext_lazy("Batch list %(number)s"),
    ListKind.CANCELLED: gettext_lazy("Cancellation list %(number)s"),
    ListKind.STRUCK_OFF: gettext_lazy("Strike-off list %(number)s"),
    ListKind.CORRIGENDA: gettext_lazy("Corrigendum %(number)s"),
}
LIST_KINDS: Mapping[ListKind, Promise] = {
    ListKind.FILINGS: gettext_lazy("Batch lists"),
    ListKind.CANCELLED: gettext_lazy("Lists of cancelled filings"),
    ListKind.STRUCK_OFF: gettext_lazy("Lists of struck-off filings"),
    ListKind.CORRIGENDA: gettext_lazy("Corrigenda"),
}
# The same of each in Chinese, as files and feeds have it.
PRINTED_KINDS: Mapping[ListKind, str] = {
    ListKind.FILINGS: "境内区块链信息服务备案清单",
    ListKind.CANCELLED: "境内区块链信息服务备案注销清单",
    ListKind.STRUCK_OFF: "境内区块链信息服务备案撤销和依职权注销清单",
    ListKind.CORRIGENDA: "境内区块链信息服务备案清单更正公告",
}

_DIGITS = "零一二三四五六七八九"
_UNITS = ((1000, "千"), (100, "百"), (10, "十"), (1, ""))
_HIGHEST_WRITTEN = 9999

LIST_STATES: Mapping[ListState, Promise] = {
    ListState.PROPOSED: pgettext_lazy("state of a batch list", "Proposed"),
    ListState.CONFIRMED: pgettext_lazy("state of a batch list", "Confirmed"),
    ListState.FROZEN: pgettext_lazy("state of a batch list", "Being published"),
    ListState.PUBLISHED: pgettext_lazy("state of a batch list", "Open to objections"),
    ListState.FINAL: pgettext_lazy("state of a batch list", "Final"),
    ListState.DROPPED: pgettext_lazy("state of a batch list", "Not published"),
}

_SHOWN = pgettext_lazy("state of a list that nobody objects to", "Published")

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


def printed_short_title(kind: ListKind, number: int) -> str:
    """What a list is called in Chinese where there is little room: 第六批."""
    return _PRINTED_SHORT[kind].format(number=chinese_number(number))


def list_title(kind: ListKind, number: int) -> str:
    """The title of a list in the active language."""
    if _is_chinese():
        return printed_title(kind, number)
    return str(_TITLES[kind]) % {"number": number}


def short_title(number: int, kind: ListKind = ListKind.FILINGS) -> str:
    """What a list is called where there is little room: 第六批, Batch list 6."""
    if _is_chinese():
        return printed_short_title(kind, number)
    return str(_SHORT[kind]) % {"number": number}


def number_in_text(number: int) -> str:
    """The number of a list inside a sentence: numerals in Chinese, as in its title, else digits."""
    return chinese_number(number) if _is_chinese() else str(number)


def state_label(state: ListState, kind: ListKind) -> Promise:
    """The word for where a list stands: "open to objections" only of one that anybody may object to."""
    return _SHOWN if state is ListState.PUBLISHED and not kind.has_window else LIST_STATES[state]


def file_name(kind: ListKind, number: int, file_format: str) -> str:
    """The name under which a list's file is saved, ASCII so that every system keeps it: blockchain-…-6.pdf."""
    stem = _FILES[kind].format(number=number)
    return f"{stem}-manifest.json" if file_format == "manifest" else f"{stem}.{file_format}"


def chinese_number(number: int) -> str:
    """A number from 1 to 9999 in Chinese numerals, as titles write it: 十二, 一百零五; another one in digits."""
    if not 1 <= number <= _HIGHEST_WRITTEN:
        return str(number)
    written = ""
    for value, unit in _UNITS:
        digit, rest = number // value % 10, number % value
        if digit:
            written += _DIGITS[digit] + unit
        elif rest and written and not written.endswith(_DIGITS[0]):
            written += _DIGITS[0]
    return written.removeprefix("一") if written.startswith("一十") else written


def _is_chinese() -> bool:
    return (get_language() or "").startswith("zh")
