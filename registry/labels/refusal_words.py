"""What each refusal of the lifecycle and the ledger means, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

UNNAMED_REFUSAL = _("This is not possible now. Nothing was changed; load the page again and look at it.")

# What a text has to be that says why (`registry.rules.substance`).
SENTENCE_WANTED = _(
    "Write at least a sentence that says why. A single word, numbers, punctuation or repeated characters say nothing "
    "to those who read it later."
)

# What a text has to be that asks something.
QUESTION_WANTED = _(
    "Write at least a sentence that says what is to be cleared up. A single word, numbers, punctuation or repeated "
    "characters ask nothing."
)

_NOT_AS_RECOMMENDED = _(
    "The province does not recommend this decision. Propose it, so that a second officer confirms it."
)
_AS_RECOMMENDED = _("The province recommends this decision: decide directly.")

REFUSAL_MESSAGES: Mapping[str, Promise] = {
    # the table
    "not_in_this_state": _("This step does not fit where the application stands now. Load the page again."),
    "not_this_role": _("Your role may not take this step."),
    "not_your_case": _("This case belongs to another office."),
    "letter_in_force": _(
        "Your letter of authority has expired: you can read and fill in, but hand nothing in. "
        "Ask an owner to hand it in, or to upload a new letter on the page of the members."
    ),
    "letter_read": _(
        "Your letter of authority has not been read yet, or could not be read: you can read and fill in, but hand "
        "nothing in. The page of the members says how far it is."
    ),
    "scope_covers": _(
        "Your letter of authority covers preparing only. What you have filled in is kept: ask an owner to hand it in."
    ),
    "nothing_proposed": _("There is no proposal to confirm. Load the page again."),
    # submitting
    "materials_complete": _(
        "The materials are not complete. Complete every point of the list, then send them."
    ),
    "materials_incomplete": _(
        "The materials are not complete. Complete every point of the list, then send them."
    ),
    "files_checked": _("A file is still being checked or was refused. Wait for the check, or replace it."),
    "declaration_accepted": _("Declare that the materials are true, then send them."),
    "date_rule_met": _("The date this application turns on does not meet the rule. Check the date."),
    "event_date_missing": _("Give the date this application turns on."),
    "event_date_in_future": _("The date lies in the future. File on or after that day."),
    "event_date_out_of_range": _("This date lies outside the days the calendar knows. Check the year."),
    "same_applicant": _(
        "The document number is not the applicant's. For another applicant, start a filing of its own."
    ),
    "arrangement_given": _(
        "Say what is arranged for the users of the service (Art. 11): "
        "how they are told, and what becomes of their data and assets."
    ),
    "changed_on_missing_or_future": _("Give for each change the day it was made, not later than today."),
    "changed_before_service_started": _(
        "A change is dated before the start of the service: correct its day, then send it."
    ),
    "late_reason_required": _("The period has passed. Say why the application comes late, then send it."),
    "no_other_open_application": _(
        "Another application about this filing is still open. Withdraw it, or wait for its decision."
    ),
    "filing_open_to_applications": _(
        "This filing takes no such application: it is not in force or is ending."
    ),
    "particulars_held": _(
        "The register has this filing only as a batch list published before it began, and does not know whose it is. "
        "Claim it by its number first."
    ),
    "materials_changed": _("Nothing differs from what the office has. Change what is to be changed first."),
    "every_reason_answered": _("Answer every reason the office gave, then send it again."),
    "every_point_answered": _("Answer every point that the office asks to have corrected, then send it."),
    "base_revision_in_force": _(
        "What is in force has changed since this application began. "
        "Start a new one from what is in force now."
    ),
    "explanation_given": _("Say why in at least a sentence; the other side reads it."),
    # reviewing
    "opinion_given": _("Give your opinion: what you recommend, with a text."),
    "checklist_answered": _("Mark every item of the checklist on the case page first."),
    "deficiencies_passed_over": _(
        "Some items are marked deficient, and the approval does not pass over them. Look at them; then confirm below "
        "that you pass over them, or send the proposal back."
    ),
    "fault_marked": _(
        "What the rejection rests on is not marked deficient. Mark on the case page what is wrong, or give a reason "
        "about the materials as a whole."
    ),
    "sentence_given": SENTENCE_WANTED,
    "reasons_given": _("Give at least one reason."),
    "question_given": _("Write the question the provincial office is to answer."),
    "points_given": _(
        "Pin at least one point to a particular or a file: only what is named reopens for the applicant."
    ),
    "answer_day_fits": _("Choose a working day after today and before the last day to decide."),
    "time_to_answer_left": _(
        "No working day is left between today and the last day to decide: decide on what the materials say."
    ),
    "no_answer_awaited": _(
        "The applicant was given time to correct the materials, and it still runs. "
        "Wait for the answer, or for the end of the last day."
    ),
    "day_15_ended": _("Day 15 has not ended yet."),
    "day_15_not_ended": _("Day 15 has ended: the case stays with the national office."),
    "clock_running": _("The decision period of this round has already been met or ended."),
    "day_20_ended": _("Day 20 has not ended, so nothing is late."),
    "lateness_not_recorded": _("The lateness of this round is already recorded."),
    "delivery_known": _("Nobody has been reached yet, so the decision has not arrived."),
    "not_yet_escalated": _("The case has already been passed on once in this round."),
    "province_recommends_approval": _NOT_AS_RECOMMENDED,
    "province_recommends_rejection": _NOT_AS_RECOMMENDED,
    "province_does_not_recommend_approval": _AS_RECOMMENDED,
    "province_does_not_recommend_rejection": _AS_RECOMMENDED,
    "second_officer": _(
        "You made the proposal. A decision rests on two officers: a colleague has to confirm it."
    ),
    "second_officer_after_opinion": _(
        "You gave the province's opinion. A decision rests on two officers: a colleague has to decide."
    ),
    "same_revision_as_proposed": _("The materials have changed since the proposal. Send it back to review."),
    "signed_form_filed": _(
        "Your office decides only once the signed review form is filed with the case and its scan was read."
    ),
    "resubmission_not_ended": _(
        "The 30 working days for submitting again have passed. Copy the application into a new draft."
    ),
    "resubmission_ended": _("The 30 working days for submitting again have not passed yet."),
    "before_service_end": _("The service has already ended: the cancellation can no longer be withdrawn."),
    # objections to batch lists
    "objection_list_public": _("This list is not published, so nobody can object to it."),
    "objection_facts_given": _("Say what is not right, and how you can be reached."),
    "objection_days_possible": _(
        "Check the days: the postmark is not before the list's publication, "
        "and the letter came on that day or later, not later than today."
    ),
    "objection_in_time": _("The objection came too late, so it cannot be admitted. Say so in your reasons."),
    "objection_text_given": _("Write the text first."),
    "objection_not_extended": _("The time to decide has been extended already."),
    "objection_not_answered": _("A statement has been sent already."),
    "evidence_read": _(
        "A file of the evidence is still being read, which takes seconds. Look at it first, then take this step."
    ),
    "objection_own_file": _(
        "A file of a letter is replaced by the office, that of an objection through this site by who objects."
    ),
    "evidence_replacements_left": _(
        "Another file has been put in this place three times; no further one is taken. Go on without this file."
    ),
    "evidence_readings_left": _(
        "The file in this place has been read three times more. It is not read again: go on without it."
    ),
    "applicant_heard": _("The applicant still has time for its statement."),
    # striking off
    "filing_in_force": _("This filing is not in force, so it cannot be struck off."),
    "only_striking_off": _("A striking off of this filing is open already."),
    "striking_off_reason_given": _("Say why, in at least a sentence."),
    "striking_off_basis_given": _("Name the legal basis."),
    "successor_in_register": _(
        "The filing under which the service goes on must be another one in the register."
    ),
    "striking_off_notice_arrived": _("The notice has not arrived yet."),
    "striking_off_text_given": _("Write the text first."),
    # consultations
    "consultation_at_desk": _("Only the office that holds the case now may consult another body about it."),
    "consultation_of_office": _("This is for the office that asked, or that holds the case now."),
    "consultation_body_given": _("Say who is asked: another body than your own office, by its full name."),
    "consultation_question_given": _("Write the question in at least a sentence."),
    "consultation_particulars": _(
        "The case has changed since the page was shown: what you chose is not all there any more. Choose again."
    ),
    "consultation_due_day": _(
        "The last day for the answer lies inside the 20 working days, with a day left to decide. Choose another day."
    ),
    "consultation_answer_given": _("Say what was answered, and who answered."),
    "consultation_answer_day": _("The day of the answer lies between the day of the question and today."),
    "consultation_reason_given": _("Say in at least a sentence why the question is withdrawn."),
    "consultation_overdue_once": _("It is not overdue, or that has been noted."),
    "consultation_moved_on": _(
        "Something was done in this consultation since you opened the page. Nothing of yours was recorded; what you "
        "typed is kept below. Look at it as it is now, then send it again if it is still right."
    ),
    # quality sampling
    "quality_of_office": _("This is for the office that drew the case."),
    "quality_days": _(
        "Give days that are over, the first not after the last, and not more than 366 of them."
    ),
    "quality_share": _("Give a share from 1 to 100 percent."),
    "quality_days_drawn": _(
        "Your office has drawn from some of these days already, and decided days are drawn from once. "
        "Choose other days."
    ),
    "quality_no_cases": _("No case of your office was decided on these days. Nothing was drawn."),
    "quality_too_many": _(
        "More than 200 cases would be drawn. Choose a smaller share or fewer days. Nothing was drawn."
    ),
    "quality_case_done": _(
        "This drawn case is done already: what was found once stays. Nothing was recorded."
    ),
    "quality_not_assigned": _("The second look at this case is another officer's. Nothing was recorded."),
    "quality_own_case": _("You had a part in the decision of this case: another officer looks at it again."),
    "quality_taker": _(
        "Choose an active officer of your office who had no part in the decision of this case."
    ),
    "quality_taker_same": _("That officer has it already. Nothing was changed."),
    "quality_finding_given": _("Say whether the case is in order, or in at least a sentence what was found."),
    "quality_reason_given": _("Say in at least a sentence why the case is set aside."),
    "striking_off_own_file": _("A file is replaced by the side that handed it in."),
    "statement_period_over": _("The applicant still has time for its statement."),
    # the ledger
    "moved_on": _(
        "Somebody else has acted since you opened this page. Look at what happened, then decide again."
    ),
    "idempotency_key_reused": _("This form was already sent with other content. Load the page again."),
    "application_unknown": _("There is no such application."),
    "filing_unknown": _("There is no such filing."),
    "row_unknown": _("There is no such application or filing."),
    "sequence_exhausted": _("This applicant has used all 999 numbers. Tell the system's operator."),
    "serials_exhausted": _("No free serial was found. Tell the system's operator."),
}
