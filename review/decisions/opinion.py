"""Drafts an opinion from the marks and the outcome, for the officer to edit; typed text is never replaced."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.labels import particulars as words
from registry.labels.act_words import outcome_words
from registry.rules.workflow.states import PROPOSALS, Act, Kind, Outcome
from review.desk.checklist import Checklist
from review.models import ChecklistMark

# The acts whose text states what was checked. A rejection states it in its reasons, one for each mark.
DRAFTED = frozenset({Act.FORWARD, Act.PROPOSE_APPROVAL})


def draft_opinions(
    what: Act, kind: Kind, checklist: Checklist, fault_names: Mapping[str, str]
) -> dict[Outcome, str]:
    """The opinions drafted from the office's marks, by what the act may recommend; none for other acts.

    Each has what was checked, a line per deficient item, and what is recommended. An approval over deficient items
    ends where the officer has to say why. A rejection that rests on no deficient item has nothing to say: its draft
    is empty.
    """
    if what not in DRAFTED or not checklist.examined.by_officers:
        return {}
    outcomes = [PROPOSALS[what]] if what in PROPOSALS else list(Outcome)
    return {each: _draft(each, kind, checklist, fault_names) for each in outcomes}


def suggested(drafts: Mapping[Outcome, str], checklist: Checklist) -> str:
    """The draft to begin with, before the officer has chosen: the one that the marks speak for."""
    outcome = Outcome.REJECTION if checklist.deficient else Outcome.APPROVAL
    return drafts.get(outcome) or next(iter(drafts.values()), "")


def _draft(outcome: Outcome, kind: Kind, checklist: Checklist, fault_names: Mapping[str, str]) -> str:
    deficient = checklist.deficient
    if outcome is Outcome.REJECTION and not deficient:
        return ""
    lines = [_found(checklist), *(_line(mark, fault_names) for mark in deficient)]
    lines.append(_("Recommendation: %(outcome)s.") % {"outcome": outcome_words(kind, outcome).decide})
    if outcome is Outcome.APPROVAL and deficient:
        lines.append(_("What is deficient does not stand in the way, because:"))
    return "\n".join(lines)


def _found(checklist: Checklist) -> str:
    deficient = checklist.deficient
    if not deficient:
        return ngettext(
            "%(count)s item checked, in order.",
            "%(count)s items checked, all in order.",
            checklist.examined.by_officers,
        ) % {"count": checklist.examined.by_officers}
    return ngettext(
        "%(count)s item checked, %(deficient)s of them deficient:",
        "%(count)s items checked, %(deficient)s of them deficient:",
        checklist.examined.by_officers,
    ) % {"count": checklist.examined.by_officers, "deficient": len(deficient)}


def _line(mark: ChecklistMark, fault_names: Mapping[str, str]) -> str:
    said = [fault_names.get(mark.code, mark.code), mark.remark]
    found = _("; ").join(each for each in said if each) or _("deficient")
    return _("%(place)s: %(found)s") % {"place": words.label_of(mark.key), "found": found}
