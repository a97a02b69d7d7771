"""What a round of quality sampling (案件质量抽查) is called: its acts, and where a drawn case stands."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from registry.rules.quality.lifecycle import CaseState, RoundAct

ROUND_ACTS: Mapping[RoundAct, Promise] = {
    RoundAct.DRAW: pgettext_lazy("event of quality sampling", "Quality sample drawn"),
    RoundAct.ASSIGN: pgettext_lazy("event of quality sampling", "Second look assigned"),
    RoundAct.LOOK: pgettext_lazy("event of quality sampling", "Second look recorded"),
    RoundAct.SET_ASIDE: pgettext_lazy("event of quality sampling", "Drawn case set aside"),
}

CASE_STATES: Mapping[CaseState, Promise] = {
    CaseState.WAITING: pgettext_lazy("state of a drawn case", "Second look awaited"),
    CaseState.IN_ORDER: pgettext_lazy("state of a drawn case", "In order"),
    CaseState.FOUND: pgettext_lazy("state of a drawn case", "Something found"),
    CaseState.SET_ASIDE: pgettext_lazy("state of a drawn case", "Set aside"),
}
CASE_TONES: Mapping[CaseState, str] = {
    CaseState.WAITING: "waiting",
    CaseState.IN_ORDER: "good",
    CaseState.FOUND: "bad",
    CaseState.SET_ASIDE: "ended",
}
