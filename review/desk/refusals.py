"""Messages for refused marks, notes, claims, reveals and saved filters."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.rules.errors import FilingError

_DESK_REFUSALS: Mapping[str, Promise] = {
    "not_at_this_desk": _("The case does not lie at your office now, so nothing can be noted on it."),
    "marks_of_own_proposal": _(
        "A colleague looks at what you proposed: the marks stay as they were for it. If something is wrong, tell the "
        "colleague, who can send it back."
    ),
    "materials_changed_since": _(
        "The applicant has supplemented the materials since you opened the page. Your mark was not made: "
        "look at the item as it is now."
    ),
    "marked_meanwhile": _(
        "%(name)s marked this item meanwhile (%(verdict)s). Your mark was not made: look at theirs, and mark the item "
        "again if you find otherwise."
    ),
    "not_on_the_checklist": _("This item is not asked for in this case."),
    "fault_not_offered_there": _("The catalogue of reasons does not offer this there. Choose another."),
    "contact_corrected_meanwhile": _(
        "This note was corrected meanwhile. Nothing of yours was recorded, and what you typed is kept: look at the "
        "newer note, and correct that one if you find otherwise."
    ),
    "contact_without_content": _("Write what was said or seen."),
    "contact_in_future": _("The day of a contact is today at the latest."),
    "note_without_text": _(
        "Write in words what colleagues are to know: signs and figures alone say nothing."
    ),
    "own_texts_too_many": _(
        "You keep %(most)s templates already, which is all there is room for. Remove one first."
    ),
    "own_text_without_text": _("There is no text to keep: write it first."),
    "own_text_without_name": _("Give the template a name to find it by."),
    "own_text_too_long": _("A template has at most %(most)s characters. Shorten it, then keep it."),
    "unsent_form_too_long": _("This is longer than the portal keeps. Shorten it, then save it."),
    "filters_without_name": _("Give the filters a name to keep them."),
    "filters_narrow_nothing": _("Set a filter first; there is nothing to keep."),
    "filters_too_many": _("You keep %(most)s filters already. Forget one first."),
    "claimed_by_another": _("%(name)s works on this case. A head of the office can reassign it."),
    "not_a_colleague": _("Choose an officer of your own office."),
    "reassigned_without_reason": _(
        "Say in at least a sentence why the case is reassigned. The reason stays with the act."
    ),
    "proposed_by_the_chosen": _(
        "%(name)s proposed the decision that waits to be confirmed: somebody else decides on it. "
        "Choose another officer."
    ),
    "reassigned_to_the_same": _("That is so already. Nothing was changed."),
    "held_otherwise_meanwhile": _(
        "Who works on this case has changed since you opened this page. The page says it as it is now: if you still "
        "want to, send it again."
    ),
    "handed_over_without_reason": _(
        "Say in at least a sentence why the cases are handed over. The reason stays with the act."
    ),
    "handed_over_to_the_same": _("Choose another officer than the one who hands over."),
    "colleague_on_leave": _("%(name)s is on leave; %(substitute)s stands in. Choose somebody who is there."),
    "own_proposal_of_substitute": _(
        "the officer who would take it made the proposal: another officer decides on it"
    ),
    "leave_begins_in_the_past": _("A leave begins today or later."),
    "leave_ends_before_it_begins": _("The last day lies before the first. Change one of the two."),
    "leave_day_is_no_working_day": _(
        "This is no working day by the official calendar. Give the first and the last working day of the leave."
    ),
    "leave_too_far_ahead": _("This lies too far ahead. Enter leave at most 400 days before its last day."),
    "not_a_substitute": _("Choose an officer of your own office."),
    "substitute_not_there": _("nobody stands in: the substitute has left the office or is away"),
    "on_leave_already": _("The officer is on leave on some of these days already. End that leave first."),
    "leave_entered_already": _(
        "A leave of the officer on some of these days is entered already. Cancel that one first."
    ),
    "substitute_on_leave": _("%(name)s is on leave on some of these days. Choose somebody else."),
    "leave_is_over": _("This leave is over already. Nothing was changed."),
    "nothing_chosen": _("Tick the cases first. Nothing was changed."),
    "too_many_chosen": _("At most %(most)s cases at a time: tick fewer. Nothing was changed."),
    "held_by": _("%(name)s works on it"),
    "held_by_nobody": _("nobody works on it"),
    "moved_on": _("it does not lie at your office any more"),
    "own_proposal": _("it is your own proposal: another officer decides on it"),
    "nothing_handed_over": _("None of these cases is held by this officer any more. Nothing was changed."),
    "held_by_another_meanwhile": _("nobody or somebody else works on it meanwhile"),
    "nothing_masked": _("Nothing is masked there."),
    "reveal_without_reason": _("Say in at least a sentence why you need to see it."),
}


_UNNAMED = _("This was not possible. Load the page again.")


def desk_refusal(error: FilingError) -> str:
    """The message for a refused change of the desk's working papers."""
    return str(_DESK_REFUSALS.get(error.code, _UNNAMED)) % error.facts
