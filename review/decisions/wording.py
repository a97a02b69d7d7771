"""What an officer is told before an act: what it does, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.models import Application
from registry.rules.errors import FilingError
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

_DESK_REFUSALS: Mapping[str, Promise] = {
    "not_at_this_desk": _("The case does not lie at your office now, so nothing can be noted on it."),
    "materials_changed_since": _(
        "The applicant has supplemented the materials since you opened the page. Your mark was not made: "
        "look at the item as it is now."
    ),
    "not_on_the_checklist": _("This item is not asked for in this case."),
    "fault_not_offered_there": _("The catalogue of reasons does not offer this there. Choose another."),
    "marks_passed_over": _(
        "A colleague has marked items deficient meanwhile. Look at them; then confirm below that you pass over them."
    ),
    "note_without_text": _("Write something to note."),
    "filters_without_name": _("Give the filters a name to keep them."),
    "filters_narrow_nothing": _("Set a filter first; there is nothing to keep."),
    "filters_too_many": _("You keep %(most)s filters already. Forget one first."),
    "claimed_by_another": _("%(name)s works on this case. A head of the office can reassign it."),
    "not_a_colleague": _("Choose an officer of your own office."),
    "nothing_masked": _("Nothing is masked there."),
    "reveal_without_reason": _("Say why you need to see it."),
}
_UNNAMED = _("This was not possible. Load the page again.")


def consequences(act: Act, application: Application) -> list[Promise]:
    """What happens when the act is done, in the order it happens."""
    if act is Act.APPROVE or (act is Act.CONFIRM and application.proposal == Outcome.APPROVAL):
        return [_APPROVAL_FOLLOWS[Kind(application.kind)], _CANNOT_BE_TAKEN_BACK]
    if act is Act.CONFIRM:
        return [_REJECTION_FOLLOWS, _CANNOT_BE_TAKEN_BACK]
    return list(_CONSEQUENCES[act])


def done(act: Act) -> Promise:
    """What is said after the act."""
    return _DONE[act]


def desk_refusal(error: FilingError) -> str:
    """Why the desk's own papers were not changed."""
    return str(_DESK_REFUSALS.get(error.code, _UNNAMED)) % error.facts
