"""Texts about an act: its consequences, and the message afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.labels.act_words import outcome_words, words_of
from registry.models import Application
from registry.rules.workflow.states import DECISIONS, Act, Kind, Outcome

_CANNOT_BE_TAKEN_BACK = _("This cannot be taken back.")
_APPLICANT_MAY_WITHDRAW = _(
    "The office cannot take this back; the applicant can withdraw the cancellation until the service ends."
)
_SECOND_OFFICER = _("A second officer of this office has to confirm it; until then nothing is decided.")

_CONSEQUENCES: Mapping[Act, tuple[Promise, ...]] = {
    Act.FORWARD: (
        _("The case goes to the national office with your opinion. The national office then handles it."),
        _("The national office may return it with a question until day 15 has ended."),
    ),
    Act.ASK: (
        _("The applicant is told at once; what the points name reopens, and nothing else."),
        _(
            "The case stays with your office, and the period to decide goes on. No rejection until that day has ended."
        ),
        _("The answer comes back as a supplement; what it changes is to be marked anew."),
    ),
    Act.RETURN_TO_PROVINCE: (
        _("The case goes back to the provincial office with your question. The clock keeps running."),
        _("After day 15 it comes back by itself."),
    ),
    Act.PROPOSE_APPROVAL: (_SECOND_OFFICER,),
    Act.PROPOSE_REJECTION: (_SECOND_OFFICER,),
    Act.SEND_BACK: (_("The proposal is dropped and the case is under review again at this office."),),
}

_DONE: Mapping[Act, Promise] = {
    Act.FORWARD: _("Forwarded to the national office."),
    Act.ASK: _("The applicant is asked for corrections."),
    Act.RETURN_TO_PROVINCE: _("Returned to the provincial office."),
    Act.PROPOSE_APPROVAL: _("%(recorded)s. A second officer has to confirm it."),
    Act.PROPOSE_REJECTION: _("%(recorded)s. A second officer has to confirm it."),
    Act.SEND_BACK: _("Sent back to review."),
    Act.APPROVE: _("%(recorded)s."),
    Act.REJECT: _("%(recorded)s. The applicant is told the reasons."),
    Act.CONFIRM: _("%(recorded)s."),
}


def consequences(act: Act, application: Application, *, today: date) -> list[Promise]:
    """The consequences of an act on this day, in the order they happen."""
    outcome = _decided_by(act, application)
    if outcome is not None:
        kind, ends_on = Kind(application.kind), application.event_on
        ends_later = ends_on is not None and today < ends_on
        may_be_withdrawn = kind is Kind.CANCELLATION and outcome is Outcome.APPROVAL and ends_later
        last = _APPLICANT_MAY_WITHDRAW if may_be_withdrawn else _CANNOT_BE_TAKEN_BACK
        return [outcome_words(kind, outcome).follows, last]
    return list(_CONSEQUENCES[act])


def done(act: Act, kind: Kind) -> str:
    """The success message of an act."""
    return str(_DONE[act]) % {"recorded": words_of(kind, act).recorded}


def _decided_by(act: Act, application: Application) -> Outcome | None:
    """The outcome that an act on this application decides; None when it decides nothing yet."""
    if act is Act.CONFIRM:
        return Outcome(application.proposal) if application.proposal else Outcome.REJECTION
    return DECISIONS.get(act)
