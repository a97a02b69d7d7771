"""Texts about an act: its consequences, and the message afterwards."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.models import Application
from registry.rules.workflow.states import Act, Kind, Outcome

_NUMBER_FOLLOWS = _("The system issues the filing number at once and the record becomes public.")
_IN_FORCE_FOLLOWS = _("What was changed is in force at once and shows in the public record.")
_CANCELLATION_FOLLOWS = _("The filing is cancelled on the day the service ends, and the record says so.")
_APPROVAL_FOLLOWS: Mapping[Kind, Promise] = {
    Kind.INITIAL: _NUMBER_FOLLOWS,
    Kind.CHANGE: _IN_FORCE_FOLLOWS,
    Kind.APPLICANT_CHANGE: _IN_FORCE_FOLLOWS,
    Kind.CANCELLATION: _CANCELLATION_FOLLOWS,
}
_REJECTION_FOLLOWS = _(
    "The applicant is told the reasons and may mend and submit again within 30 working days."
)
_CANNOT_BE_TAKEN_BACK = _("This cannot be taken back.")
_SECOND_OFFICER = _("A second officer of this office has to confirm it; until then nothing is decided.")

_CONSEQUENCES: Mapping[Act, tuple[Promise, ...]] = {
    Act.FORWARD: (
        _("The case goes to the national office with your opinion; your office no longer holds it."),
        _("The national office may return it with a question until day 15 has ended."),
    ),
    Act.RETURN_TO_PROVINCE: (
        _("The case goes back to the provincial office with your question. The clock keeps running."),
        _("After day 15 it comes back by itself."),
    ),
    Act.PROPOSE_APPROVAL: (_SECOND_OFFICER,),
    Act.PROPOSE_REJECTION: (_SECOND_OFFICER,),
    Act.SEND_BACK: (_("The proposal is dropped and the case is under review again at this office."),),
    Act.REJECT: (_REJECTION_FOLLOWS, _CANNOT_BE_TAKEN_BACK),
}

_DONE: Mapping[Act, Promise] = {
    Act.FORWARD: _("Forwarded to the national office."),
    Act.RETURN_TO_PROVINCE: _("Returned to the provincial office."),
    Act.PROPOSE_APPROVAL: _("Approval proposed. A second officer has to confirm it."),
    Act.PROPOSE_REJECTION: _("Rejection proposed. A second officer has to confirm it."),
    Act.SEND_BACK: _("Sent back to review."),
    Act.APPROVE: _("Approved."),
    Act.REJECT: _("Rejected. The applicant is told the reasons."),
    Act.CONFIRM: _("Confirmed."),
}


def consequences(act: Act, application: Application) -> list[Promise]:
    """The consequences of an act, in the order they happen."""
    if act is Act.APPROVE or (act is Act.CONFIRM and application.proposal == Outcome.APPROVAL):
        return [_APPROVAL_FOLLOWS[Kind(application.kind)], _CANNOT_BE_TAKEN_BACK]
    if act is Act.CONFIRM:
        return [_REJECTION_FOLLOWS, _CANNOT_BE_TAKEN_BACK]
    return list(_CONSEQUENCES[act])


def done(act: Act) -> Promise:
    """The success message of an act."""
    return _DONE[act]
