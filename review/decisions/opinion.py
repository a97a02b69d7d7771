"""Drafts an opinion from the marks, for the officer to edit; typed text is never replaced."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.labels import particulars as words
from registry.rules.workflow.states import Act
from review.desk.checklist import Checklist
from review.models import ChecklistMark

# The acts whose text states what was checked. A rejection states it in its reasons, one for each mark.
DRAFTED = frozenset({Act.FORWARD, Act.PROPOSE_APPROVAL})


def draft_opinion(what: Act, checklist: Checklist, fault_names: Mapping[str, str]) -> str:
    """An opinion drafted from the office's marks, with a line per deficient item; empty for other acts."""
    if what not in DRAFTED or not checklist.answered:
        return ""
    deficient = checklist.deficient
    if not deficient:
        return ngettext(
            "%(count)s item checked, in order.", "%(count)s items checked, all in order.", checklist.answered
        ) % {"count": checklist.answered}
    head = ngettext(
        "%(count)s item checked, %(deficient)s of them deficient:",
        "%(count)s items checked, %(deficient)s of them deficient:",
        checklist.answered,
    ) % {"count": checklist.answered, "deficient": len(deficient)}
    return "\n".join([head, *(_line(mark, fault_names) for mark in deficient)])


def _line(mark: ChecklistMark, fault_names: Mapping[str, str]) -> str:
    said = [fault_names.get(mark.code, mark.code), mark.remark]
    found = _("; ").join(each for each in said if each) or _("deficient")
    return _("%(place)s: %(found)s") % {"place": words.label_of(mark.key), "found": found}
