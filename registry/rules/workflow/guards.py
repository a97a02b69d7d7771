"""The guards of the lifecycle as named objects, each with its article, and the facts they look at (Art. 3, 11, 12)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from registry.rules.workflow.states import Kind, Outcome, Role, State


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts that the guards look at: the locked row, the calendar, and the act as it was requested."""

    role: Role
    in_jurisdiction: bool
    kind: Kind = Kind.INITIAL
    state: State | None = None
    actor_id: str | None = None
    # what the act carries
    materials_complete: bool = False
    files_checked: bool = False
    declaration_accepted: bool = False
    date_rule_met: bool = False
    date_refusal: str | None = None
    no_other_open_application: bool = False
    filing_open_to_applications: bool = True
    particulars_held: bool = True
    same_applicant: bool = False
    arrangement_given: bool = True
    materials_changed: bool = False
    every_reason_answered: bool = False
    every_point_answered: bool = True
    points_given: bool = False
    answer_day_fits: bool = False
    base_revision_in_force: bool = True
    explanation_given: bool = False
    opinion_given: bool = False
    checklist_answered: bool = False
    deficiencies_passed_over: bool = False
    fault_marked: bool = False
    sentence_given: bool = False
    reasons_given: bool = False
    question_given: bool = False
    delivery_known: bool = False
    # why the member who acts may not: a code of `registry.rules.members.permissions`
    authority_refusal: str | None = None
    # what the row says
    escalated: bool = False
    opinion: Outcome | None = None
    proposal: Outcome | None = None
    proposer_id: str | None = None
    proposal_on_current_revision: bool = False
    opinion_officer_id: str | None = None
    clock_running: bool = False
    lateness_recorded: bool = False
    # what the calendar says
    escalation_due: bool = False
    decision_overdue: bool = False
    answer_awaited: bool = False
    time_to_answer_left: bool = True
    resubmission_ended: bool = False
    before_service_end: bool = False


class Looks(StrEnum):
    """What a guard looks at. Buttons ask what is known before the act; what it carries is asked when it is recorded."""

    ROW = "row"
    CALENDAR = "calendar"
    ACT = "act"


@dataclass(frozen=True, slots=True)
class Guard:
    """One condition of a step: `name` is the code of its refusal, `asks` what `article` asks for, in short.

    `article` is a key of the provisions of CAC Order No. 3.
    """

    name: str
    article: str
    looks_at: Looks
    asks: str
    holds: Callable[[Facts], bool]

    @property
    def is_known_beforehand(self) -> bool:
        """Whether the row and the calendar answer it, before the act is requested."""
        return self.looks_at is not Looks.ACT


ROW, CALENDAR, ACT = Looks.ROW, Looks.CALENDAR, Looks.ACT

# What materials that are handed in must be.
MATERIALS_COMPLETE = Guard(
    "materials_complete", "12", ACT, "the materials have no gap", lambda f: f.materials_complete
)
FILES_CHECKED = Guard(
    "files_checked", "12", ACT, "every file is stored, checked and the applicant's", lambda f: f.files_checked
)
DECLARATION_ACCEPTED = Guard(
    "declaration_accepted",
    "22",
    ACT,
    "the applicant declares that the materials are true",
    lambda f: f.declaration_accepted,
)
DATE_RULE_MET = Guard(
    "date_rule_met",
    "11",
    ACT,
    "the date keeps to the period of its kind, or a reason says why not",
    lambda f: f.date_rule_met,
)
NO_OTHER_OPEN_APPLICATION = Guard(
    "no_other_open_application",
    "12",
    ACT,
    "no other application about the filing is open",
    lambda f: f.no_other_open_application,
)
FILING_OPEN_TO_APPLICATIONS = Guard(
    "filing_open_to_applications",
    "11",
    ACT,
    "a change or cancellation is of a filing in force that does not end",
    lambda f: f.filing_open_to_applications,
)
PARTICULARS_HELD = Guard(
    "particulars_held",
    "11",
    ACT,
    "the register knows whose filing a change or cancellation is about",
    lambda f: f.particulars_held,
)
SAME_APPLICANT = Guard(
    "same_applicant", "11", ACT, "the materials name the applicant's own document", lambda f: f.same_applicant
)
ARRANGEMENT_GIVEN = Guard(
    "arrangement_given",
    "11(3)",
    ACT,
    "a cancellation says what is arranged for the users",
    lambda f: f.arrangement_given,
)
MATERIALS_CHANGED = Guard(
    "materials_changed",
    "12",
    ACT,
    "something differs from what the office has",
    lambda f: f.materials_changed,
)
EVERY_REASON_ANSWERED = Guard(
    "every_reason_answered",
    "12",
    ACT,
    "every reason of the rejection is answered",
    lambda f: f.every_reason_answered,
)
BASE_REVISION_IN_FORCE = Guard(
    "base_revision_in_force",
    "11(2)",
    ACT,
    "what the application started from is still in force",
    lambda f: f.base_revision_in_force,
)

EVERY_POINT_ANSWERED = Guard(
    "every_point_answered",
    "12",
    ACT,
    "every point that the office asks to have corrected is answered",
    lambda f: f.every_point_answered,
)

# What an act must say.
EXPLANATION_GIVEN = Guard("explanation_given", "12", ACT, "it is said why", lambda f: f.explanation_given)
OPINION_GIVEN = Guard(
    "opinion_given", "3", ACT, "the province recommends an outcome, with a text", lambda f: f.opinion_given
)
CHECKLIST_ANSWERED = Guard(
    "checklist_answered", "12", ACT, "every item of the checklist is marked", lambda f: f.checklist_answered
)
DEFICIENCIES_PASSED_OVER = Guard(
    "deficiencies_passed_over",
    "12",
    ACT,
    "an approval names every item marked deficient as passed over",
    lambda f: f.deficiencies_passed_over,
)
FAULT_MARKED = Guard(
    "fault_marked", "12", ACT, "what a rejection rests on is marked deficient", lambda f: f.fault_marked
)
SENTENCE_GIVEN = Guard(
    "sentence_given", "12", ACT, "what has to be said is at least a sentence", lambda f: f.sentence_given
)
REASONS_GIVEN = Guard("reasons_given", "12", ACT, "the applicant is told why", lambda f: f.reasons_given)
QUESTION_GIVEN = Guard(
    "question_given", "3", ACT, "the province is asked a question", lambda f: f.question_given
)
POINTS_GIVEN = Guard(
    "points_given",
    "12",
    ACT,
    "each point is pinned to a particular or a file, and says what is missing",
    lambda f: f.points_given,
)
ANSWER_DAY_FITS = Guard(
    "answer_day_fits",
    "12",
    ACT,
    "the last day to answer is a working day after today and before the last day to decide",
    lambda f: f.answer_day_fits,
)
DELIVERY_KNOWN = Guard(
    "delivery_known", "12", ACT, "the notice has reached the applicant", lambda f: f.delivery_known
)

# The decision clock.
CLOCK_RUNNING = Guard("clock_running", "12", ROW, "the round's clock runs", lambda f: f.clock_running)
DAY_20_ENDED = Guard("day_20_ended", "12", CALENDAR, "day 20 has ended", lambda f: f.decision_overdue)
LATENESS_NOT_RECORDED = Guard(
    "lateness_not_recorded",
    "12",
    ROW,
    "the round's lateness is not recorded yet",
    lambda f: not f.lateness_recorded,
)
DAY_15_ENDED = Guard("day_15_ended", "12", CALENDAR, "day 15 has ended", lambda f: f.escalation_due)
DAY_15_NOT_ENDED = Guard(
    "day_15_not_ended", "12", CALENDAR, "day 15 has not ended", lambda f: not f.escalation_due
)
NOT_YET_ESCALATED = Guard(
    "not_yet_escalated", "12", ROW, "the case was not escalated in this round", lambda f: not f.escalated
)

TIME_TO_ANSWER_LEFT = Guard(
    "time_to_answer_left",
    "12",
    CALENDAR,
    "a working day lies between today and the last day to decide",
    lambda f: f.time_to_answer_left,
)
NO_ANSWER_AWAITED = Guard(
    "no_answer_awaited",
    "12",
    CALENDAR,
    "no time that the applicant was given to correct still runs",
    lambda f: not f.answer_awaited,
)

# Who decides what.
PROVINCE_RECOMMENDS_APPROVAL = Guard(
    "province_recommends_approval",
    "3",
    ROW,
    "the province's last opinion recommends approval",
    lambda f: f.opinion is Outcome.APPROVAL,
)
PROVINCE_RECOMMENDS_REJECTION = Guard(
    "province_recommends_rejection",
    "3",
    ROW,
    "the province's last opinion recommends rejection",
    lambda f: f.opinion is Outcome.REJECTION,
)
PROVINCE_DOES_NOT_RECOMMEND_APPROVAL = Guard(
    "province_does_not_recommend_approval",
    "3",
    ROW,
    "no opinion of the province recommends approval",
    lambda f: f.opinion is not Outcome.APPROVAL,
)
PROVINCE_DOES_NOT_RECOMMEND_REJECTION = Guard(
    "province_does_not_recommend_rejection",
    "3",
    ROW,
    "no opinion of the province recommends rejection",
    lambda f: f.opinion is not Outcome.REJECTION,
)
SECOND_OFFICER = Guard(
    "second_officer",
    "12",
    ROW,
    "another officer than the one who proposed",
    lambda f: f.actor_id is not None and f.actor_id != f.proposer_id,
)
SECOND_OFFICER_AFTER_OPINION = Guard(
    "second_officer_after_opinion",
    "12",
    ROW,
    "another officer than the one who gave the province's opinion",
    lambda f: f.actor_id is not None and f.actor_id != f.opinion_officer_id,
)
SAME_REVISION_AS_PROPOSED = Guard(
    "same_revision_as_proposed",
    "12",
    ROW,
    "the materials are those of the proposal",
    lambda f: f.proposal_on_current_revision,
)

# After the decision.
RESUBMISSION_ENDED = Guard(
    "resubmission_ended",
    "12",
    CALENDAR,
    "the 30 working days to resubmit have ended",
    lambda f: f.resubmission_ended,
)
RESUBMISSION_NOT_ENDED = Guard(
    "resubmission_not_ended",
    "12",
    CALENDAR,
    "the 30 working days to resubmit have not ended",
    lambda f: not f.resubmission_ended,
)
BEFORE_SERVICE_END = Guard(
    "before_service_end", "11(3)", CALENDAR, "the service has not ended", lambda f: f.before_service_end
)
