"""What each kind of application calls its acts, its outcomes and its states: one table for every surface.

Buttons, opinions, badges, timelines, papers and notices take their words from here. A first filing, a change and a
cancellation are three matters with words of their own (Art. 11); a change of the applicant is a change. Filing is
registration: its words are never those of a licence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.rules.workflow.states import DECISIONS, PROPOSALS, Act, Kind, Outcome, State


@dataclass(frozen=True, slots=True)
class OutcomeWords:
    """What one kind of application calls one outcome.

    `decide` is the choice, the opinion and the button of the decision. `decided` is the badge, the line of a history
    and the words on papers and in notices. `propose` and `confirm` are buttons, `proposed` a line of the timeline.
    `follows` says what a decision brings about. `paper` is the title of its notice, which is printed in Chinese alone;
    `notice` names it where it is linked.
    """

    decide: Promise
    decided: Promise
    propose: Promise
    proposed: Promise
    confirm: Promise
    follows: Promise
    paper: str
    notice: Promise


@dataclass(frozen=True, slots=True)
class WholeWords:
    """What one kind of application calls a paper with all of it: the printed title, and the name of its link."""

    paper: str
    link: Promise


@dataclass(frozen=True, slots=True)
class ActWords:
    """What one kind of application calls one act: its button, and its line in the timeline."""

    button: Promise
    recorded: Promise


_MAY_MEND = _("The applicant is told the reasons and may mend and submit again within 30 working days.")

_OUTCOMES_OF_FILING: Mapping[Outcome, OutcomeWords] = {
    Outcome.APPROVAL: OutcomeWords(
        decide=pgettext_lazy("outcome", "Approve the filing"),
        decided=pgettext_lazy("event", "Approved"),
        propose=pgettext_lazy("act", "Propose approval"),
        proposed=pgettext_lazy("event", "Approval proposed"),
        confirm=_("Confirm the approval"),
        follows=_("The system issues the filing number at once and the record becomes public."),
        paper="备案决定书",
        notice=pgettext_lazy("paper", "Decision on the filing"),
    ),
    Outcome.REJECTION: OutcomeWords(
        decide=pgettext_lazy("outcome", "Reject the filing"),
        decided=pgettext_lazy("event", "Not approved"),
        propose=pgettext_lazy("act", "Propose rejection"),
        proposed=pgettext_lazy("event", "Rejection proposed"),
        confirm=_("Confirm the rejection"),
        follows=_MAY_MEND,
        paper="不予备案通知书",
        notice=pgettext_lazy("paper", "Notice that the filing is not approved"),
    ),
}

_OUTCOMES_OF_CHANGE: Mapping[Outcome, OutcomeWords] = {
    Outcome.APPROVAL: OutcomeWords(
        decide=pgettext_lazy("outcome", "Approve the change"),
        decided=_("Change approved"),
        propose=_("Propose approval of the change"),
        proposed=_("Approval of the change proposed"),
        confirm=_("Confirm the approval of the change"),
        follows=_("What was changed is in force at once and shows in the public record."),
        paper="变更备案决定书",
        notice=pgettext_lazy("paper", "Decision on the change"),
    ),
    Outcome.REJECTION: OutcomeWords(
        decide=pgettext_lazy("outcome", "Reject the change"),
        decided=_("Change not approved"),
        propose=_("Propose rejection of the change"),
        proposed=_("Rejection of the change proposed"),
        confirm=_("Confirm the rejection of the change"),
        follows=_MAY_MEND,
        paper="不予变更备案通知书",
        notice=pgettext_lazy("paper", "Notice that the change is not approved"),
    ),
}

_OUTCOMES_OF_CANCELLATION: Mapping[Outcome, OutcomeWords] = {
    Outcome.APPROVAL: OutcomeWords(
        decide=pgettext_lazy("outcome", "Approve the cancellation"),
        decided=_("Cancellation approved"),
        propose=_("Propose approval of the cancellation"),
        proposed=_("Approval of the cancellation proposed"),
        confirm=_("Confirm the approval of the cancellation"),
        follows=_("The filing is cancelled on the day the service ends, and the record says so."),
        paper="注销备案决定书",
        notice=pgettext_lazy("paper", "Decision on the cancellation"),
    ),
    Outcome.REJECTION: OutcomeWords(
        decide=pgettext_lazy("outcome", "Reject the cancellation"),
        decided=_("Cancellation not approved"),
        propose=_("Propose rejection of the cancellation"),
        proposed=_("Rejection of the cancellation proposed"),
        confirm=_("Confirm the rejection of the cancellation"),
        follows=_MAY_MEND,
        paper="不予注销备案通知书",
        notice=pgettext_lazy("paper", "Notice that the cancellation is not approved"),
    ),
}

_OUTCOMES: Mapping[Kind, Mapping[Outcome, OutcomeWords]] = {
    Kind.INITIAL: _OUTCOMES_OF_FILING,
    Kind.CHANGE: _OUTCOMES_OF_CHANGE,
    Kind.APPLICANT_CHANGE: _OUTCOMES_OF_CHANGE,
    Kind.CANCELLATION: _OUTCOMES_OF_CANCELLATION,
}

# The heading of the form that an office's leader signs, printed in Chinese alone.
_REVIEW_FORMS: Mapping[Kind, str] = {
    Kind.INITIAL: "区块链信息服务备案审批表",
    Kind.CHANGE: "区块链信息服务变更备案审批表",
    Kind.APPLICANT_CHANGE: "区块链信息服务变更备案审批表",
    Kind.CANCELLATION: "区块链信息服务注销备案审批表",
}

# The whole application as its applicant gets it.
_APPLICATION_OF_CHANGE = WholeWords(
    "变更备案申请材料", pgettext_lazy("paper", "Whole application for a change")
)
_APPLICATIONS: Mapping[Kind, WholeWords] = {
    Kind.INITIAL: WholeWords("备案申请材料", pgettext_lazy("paper", "Whole application")),
    Kind.CHANGE: _APPLICATION_OF_CHANGE,
    Kind.APPLICANT_CHANGE: _APPLICATION_OF_CHANGE,
    Kind.CANCELLATION: WholeWords(
        "注销备案申请材料", pgettext_lazy("paper", "Whole application for a cancellation")
    ),
}

# The whole case as the office gets it: personal values masked, officers named.
_CASE_OF_CHANGE = WholeWords("变更备案案卷", pgettext_lazy("paper", "Whole case of a change"))
_CASES: Mapping[Kind, WholeWords] = {
    Kind.INITIAL: WholeWords("备案案卷", pgettext_lazy("paper", "Whole case")),
    Kind.CHANGE: _CASE_OF_CHANGE,
    Kind.APPLICANT_CHANGE: _CASE_OF_CHANGE,
    Kind.CANCELLATION: WholeWords("注销备案案卷", pgettext_lazy("paper", "Whole case of a cancellation")),
}

_DECIDING: Mapping[Outcome, Act] = {outcome: act for act, outcome in DECISIONS.items()}
_DECIDED: Mapping[State, Outcome] = {State.APPROVED: Outcome.APPROVAL, State.REJECTED: Outcome.REJECTION}

# The acts that every kind calls alike.
_ACTS: Mapping[Act, ActWords] = {
    Act.SUBMIT: ActWords(pgettext_lazy("act", "Submit"), pgettext_lazy("event", "Submitted")),
    Act.SUPPLEMENT: ActWords(
        pgettext_lazy("act", "Supplement the materials"), pgettext_lazy("event", "Materials supplemented")
    ),
    Act.ASK: ActWords(
        pgettext_lazy("act", "Ask for corrections"), pgettext_lazy("event", "Corrections asked for")
    ),
    Act.FORWARD: ActWords(
        pgettext_lazy("act", "Forward to the national office"),
        pgettext_lazy("event", "Forwarded to the national office"),
    ),
    Act.ESCALATE: ActWords(
        pgettext_lazy("act", "Pass on after day 15"),
        pgettext_lazy("event", "Passed on to the national office after day 15"),
    ),
    Act.RETURN_TO_PROVINCE: ActWords(
        pgettext_lazy("act", "Return to the provincial office"),
        pgettext_lazy("event", "Returned to the provincial office"),
    ),
    Act.CONFIRM: ActWords(pgettext_lazy("act", "Confirm"), pgettext_lazy("event", "Proposal confirmed")),
    Act.SEND_BACK: ActWords(
        pgettext_lazy("act", "Send back to review"), pgettext_lazy("event", "Sent back to review")
    ),
    Act.WITHDRAW: ActWords(pgettext_lazy("act", "Withdraw"), pgettext_lazy("event", "Withdrawn")),
    Act.RESUBMIT: ActWords(pgettext_lazy("act", "Submit again"), pgettext_lazy("event", "Submitted again")),
    Act.LAPSE: ActWords(pgettext_lazy("act", "Lapse"), pgettext_lazy("event", "Lapsed")),
    Act.WITHDRAW_CANCELLATION: ActWords(
        pgettext_lazy("act", "Withdraw the cancellation"), pgettext_lazy("event", "Cancellation withdrawn")
    ),
    Act.ISSUE_NUMBER: ActWords(
        pgettext_lazy("act", "Issue the filing number"), pgettext_lazy("event", "Filing number issued")
    ),
    Act.TAKE_EFFECT: ActWords(
        pgettext_lazy("act", "Take effect"), pgettext_lazy("event", "Cancellation took effect")
    ),
    Act.CLOSE_BY_CANCELLATION: ActWords(
        pgettext_lazy("act", "Close by a cancellation"), pgettext_lazy("event", "Closed by a cancellation")
    ),
    Act.STRIKE_OFF: ActWords(
        pgettext_lazy("act", "Strike the filing off"), pgettext_lazy("event", "Filing struck off")
    ),
    Act.CLOSE_BY_STRIKING_OFF: ActWords(
        pgettext_lazy("act", "Close by the striking off"),
        pgettext_lazy("event", "Closed: the filing was struck off"),
    ),
    Act.NOTE_PREDECESSOR: ActWords(
        pgettext_lazy("act", "Note the filing that this one follows"),
        pgettext_lazy("event", "Follows a filing that was struck off"),
    ),
    Act.APPLICANT_CHANGED: ActWords(
        pgettext_lazy("act", "Change the applicant"), pgettext_lazy("event", "Data of the applicant changed")
    ),
    Act.NOTICE_DELIVERED: ActWords(
        pgettext_lazy("act", "Note that the decision has reached the applicant"),
        pgettext_lazy("event", "The decision has reached the applicant"),
    ),
    Act.ENTER_IN_LIST: ActWords(
        pgettext_lazy("act", "Enter in a batch list"), pgettext_lazy("event", "Entered in a batch list")
    ),
    Act.IMPORT: ActWords(
        pgettext_lazy("act", "Take over from an earlier batch list"),
        pgettext_lazy("event", "Taken over from an earlier batch list"),
    ),
    Act.RECORD_LATENESS: ActWords(
        pgettext_lazy("act", "Record the lateness"), pgettext_lazy("event", "The decision period has passed")
    ),
}

# The acts whose words depend on the kind, where they stand for every kind at once: the filter of the trail.
_ACTS_ON_ANY_KIND: Mapping[Act, Promise] = {
    Act.APPROVE: pgettext_lazy("act on any kind of application", "Approved"),
    Act.REJECT: pgettext_lazy("act on any kind of application", "Not approved"),
    Act.PROPOSE_APPROVAL: pgettext_lazy("act on any kind of application", "Approval proposed"),
    Act.PROPOSE_REJECTION: pgettext_lazy("act on any kind of application", "Rejection proposed"),
}

# The states that every kind calls alike.
_STATES: Mapping[State, Promise] = {
    State.PROVINCIAL_REVIEW: pgettext_lazy("state of an application", "Provincial review"),
    State.PROVINCIAL_CONFIRMATION: pgettext_lazy("state of an application", "Provincial confirmation"),
    State.NATIONAL_REVIEW: pgettext_lazy("state of an application", "National review"),
    State.NATIONAL_CONFIRMATION: pgettext_lazy("state of an application", "National confirmation"),
    State.WITHDRAWN: pgettext_lazy("state of an application", "Withdrawn"),
    State.LAPSED: pgettext_lazy("state of an application", "Lapsed"),
}


# Decided, and nobody has been told yet.
NOT_DELIVERED = pgettext_lazy("state of an application", "Decided, not yet delivered")


def outcome_words(kind: Kind, outcome: Outcome) -> OutcomeWords:
    """What this kind of application calls this outcome."""
    return _OUTCOMES[kind][outcome]


def words_of(kind: Kind, act: Act) -> ActWords:
    """What this kind of application calls this act; a confirmation's button names its proposal elsewhere."""
    if act in DECISIONS:
        words = outcome_words(kind, DECISIONS[act])
        return ActWords(words.decide, words.decided)
    if act in PROPOSALS:
        words = outcome_words(kind, PROPOSALS[act])
        return ActWords(words.propose, words.proposed)
    return _ACTS[act]


def recorded_on_any_kind(act: Act) -> Promise:
    """The name of a recorded act where no kind is known, or where it stands for all of them."""
    return _ACTS_ON_ANY_KIND[act] if act in _ACTS_ON_ANY_KIND else _ACTS[act].recorded


def state_label(kind: Kind, state: State, *, awaits_delivery: bool = False) -> Promise:
    """The state of an application as the office names it; a decided one by what was decided.

    A rejection that `awaits_delivery` (`registry.deadlines.application_clock`) is a state of its own.
    """
    if awaits_delivery:
        return NOT_DELIVERED
    if state in _DECIDED:
        return outcome_words(kind, _DECIDED[state]).decided
    return _STATES[state]


def state_on_any_kind(state: State) -> Promise:
    """The name of a state where it stands for every kind: the filter of the search of cases."""
    if state in _DECIDED:
        return recorded_on_any_kind(_DECIDING[_DECIDED[state]])
    return _STATES[state]


def whole_application(kind: Kind) -> WholeWords:
    """What the applicant's paper with all of an application is called."""
    return _APPLICATIONS[kind]


def whole_case(kind: Kind) -> WholeWords:
    """What the office's paper with all of a case is called."""
    return _CASES[kind]


def review_form_title(kind: Kind) -> str:
    """The heading of the review form (审批表) for an application of this kind."""
    return _REVIEW_FORMS[kind]
