"""The words of the workflow: states, standings, acts, roles, kinds and outcomes, and every refusal."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.labels import files
from registry.labels.refusal_words import REFUSAL_MESSAGES, UNNAMED_REFUSAL
from registry.rules.errors import FilingError
from registry.rules.workflow.states import OPEN_STATES, Act, Kind, Outcome, Role, Standing, State

_KINDS: Mapping[StrEnum, Promise] = {
    Kind.INITIAL: pgettext_lazy("kind of application", "Initial filing"),
    Kind.CHANGE: pgettext_lazy("kind of application", "Change"),
    Kind.APPLICANT_CHANGE: pgettext_lazy("kind of application", "Change of the applicant"),
    Kind.CANCELLATION: pgettext_lazy("kind of application", "Cancellation"),
}

_STATES: Mapping[StrEnum, Promise] = {
    State.PROVINCIAL_REVIEW: pgettext_lazy("state of an application", "Provincial review"),
    State.PROVINCIAL_CONFIRMATION: pgettext_lazy("state of an application", "Provincial confirmation"),
    State.NATIONAL_REVIEW: pgettext_lazy("state of an application", "National review"),
    State.NATIONAL_CONFIRMATION: pgettext_lazy("state of an application", "National confirmation"),
    State.APPROVED: pgettext_lazy("state of an application", "Approved"),
    State.REJECTED: pgettext_lazy("state of an application", "Not approved"),
    State.WITHDRAWN: pgettext_lazy("state of an application", "Withdrawn"),
    State.LAPSED: pgettext_lazy("state of an application", "Lapsed"),
}

_STANDINGS: Mapping[StrEnum, Promise] = {
    Standing.PENDING: pgettext_lazy("standing of a filing", "Under review"),
    Standing.AWAITING_NUMBER: pgettext_lazy("standing of a filing", "Number being issued"),
    Standing.IN_FORCE: pgettext_lazy("standing of a filing", "In force"),
    Standing.CANCELLED: pgettext_lazy("standing of a filing", "Cancelled"),
    Standing.STRUCK_OFF: pgettext_lazy("standing of a filing", "Struck off"),
}

_ROLES: Mapping[StrEnum, Promise] = {
    Role.APPLICANT: pgettext_lazy("role", "Applicant"),
    Role.PROVINCIAL_REVIEWER: pgettext_lazy("role", "Provincial reviewer"),
    Role.PROVINCIAL_HEAD: pgettext_lazy("role", "Provincial head"),
    Role.NATIONAL_REVIEWER: pgettext_lazy("role", "National reviewer"),
    Role.NATIONAL_HEAD: pgettext_lazy("role", "National head"),
    Role.ADMINISTRATOR: pgettext_lazy("role", "Administrator"),
    Role.AUDITOR: pgettext_lazy("role", "Auditor"),
    Role.PUBLIC: pgettext_lazy("role", "The public"),
    Role.SYSTEM: pgettext_lazy("role", "The system"),
}

_OUTCOMES: Mapping[StrEnum, Promise] = {
    Outcome.APPROVAL: pgettext_lazy("outcome", "Approve the filing"),
    Outcome.REJECTION: pgettext_lazy("outcome", "Reject the filing"),
}

# What somebody does: the words of the buttons.
_ACTS: Mapping[StrEnum, Promise] = {
    Act.SUBMIT: pgettext_lazy("act", "Submit"),
    Act.SUPPLEMENT: pgettext_lazy("act", "Supplement the materials"),
    Act.FORWARD: pgettext_lazy("act", "Forward to the national office"),
    Act.ESCALATE: pgettext_lazy("act", "Pass on after day 15"),
    Act.RETURN_TO_PROVINCE: pgettext_lazy("act", "Return to the provincial office"),
    Act.PROPOSE_APPROVAL: pgettext_lazy("act", "Propose approval"),
    Act.PROPOSE_REJECTION: pgettext_lazy("act", "Propose rejection"),
    Act.APPROVE: pgettext_lazy("act", "Approve"),
    Act.REJECT: pgettext_lazy("act", "Reject"),
    Act.CONFIRM: pgettext_lazy("act", "Confirm"),
    Act.SEND_BACK: pgettext_lazy("act", "Send back to review"),
    Act.WITHDRAW: pgettext_lazy("act", "Withdraw"),
    Act.RESUBMIT: pgettext_lazy("act", "Submit again"),
    Act.LAPSE: pgettext_lazy("act", "Lapse"),
    Act.WITHDRAW_CANCELLATION: pgettext_lazy("act", "Withdraw the cancellation"),
    Act.ISSUE_NUMBER: pgettext_lazy("act", "Issue the filing number"),
    Act.TAKE_EFFECT: pgettext_lazy("act", "Take effect"),
    Act.CLOSE_BY_CANCELLATION: pgettext_lazy("act", "Close by a cancellation"),
    Act.APPLICANT_CHANGED: pgettext_lazy("act", "Change the applicant"),
    Act.NOTICE_DELIVERED: pgettext_lazy("act", "Note that the decision has reached the applicant"),
    Act.RECORD_LATENESS: pgettext_lazy("act", "Record the lateness"),
}

# What was done: the words of the timeline.
_EVENTS: Mapping[Act, Promise] = {
    Act.SUBMIT: pgettext_lazy("event", "Submitted"),
    Act.SUPPLEMENT: pgettext_lazy("event", "Materials supplemented"),
    Act.FORWARD: pgettext_lazy("event", "Forwarded to the national office"),
    Act.ESCALATE: pgettext_lazy("event", "Passed on to the national office after day 15"),
    Act.RETURN_TO_PROVINCE: pgettext_lazy("event", "Returned to the provincial office"),
    Act.PROPOSE_APPROVAL: pgettext_lazy("event", "Approval proposed"),
    Act.PROPOSE_REJECTION: pgettext_lazy("event", "Rejection proposed"),
    Act.APPROVE: pgettext_lazy("event", "Approved"),
    Act.REJECT: pgettext_lazy("event", "Not approved"),
    Act.CONFIRM: pgettext_lazy("event", "Proposal confirmed"),
    Act.SEND_BACK: pgettext_lazy("event", "Sent back to review"),
    Act.WITHDRAW: pgettext_lazy("event", "Withdrawn"),
    Act.RESUBMIT: pgettext_lazy("event", "Submitted again"),
    Act.LAPSE: pgettext_lazy("event", "Lapsed"),
    Act.WITHDRAW_CANCELLATION: pgettext_lazy("event", "Cancellation withdrawn"),
    Act.ISSUE_NUMBER: pgettext_lazy("event", "Filing number issued"),
    Act.TAKE_EFFECT: pgettext_lazy("event", "Cancellation took effect"),
    Act.CLOSE_BY_CANCELLATION: pgettext_lazy("event", "Closed by a cancellation"),
    Act.APPLICANT_CHANGED: pgettext_lazy("event", "Data of the applicant changed"),
    Act.NOTICE_DELIVERED: pgettext_lazy("event", "The decision has reached the applicant"),
    Act.RECORD_LATENESS: pgettext_lazy("event", "The decision period has passed"),
}

_LABELS: Mapping[type[StrEnum], Mapping[StrEnum, Promise]] = {
    Kind: _KINDS,
    State: _STATES,
    Standing: _STANDINGS,
    Role: _ROLES,
    Outcome: _OUTCOMES,
    Act: _ACTS,
}

_NOT_CLAIMED = pgettext_lazy("status shown to the applicant", "Not yet reviewed")
_NUMBER_BEING_ISSUED = pgettext_lazy("status shown to the applicant", "Number being issued")
_STATUS_BY_STATE: Mapping[State, Promise] = {
    **dict.fromkeys(OPEN_STATES, pgettext_lazy("status shown to the applicant", "Under review")),
    State.APPROVED: pgettext_lazy("status shown to the applicant", "Approved"),
    State.REJECTED: pgettext_lazy("status shown to the applicant", "Not approved"),
    State.WITHDRAWN: pgettext_lazy("status shown to the applicant", "Withdrawn"),
    State.LAPSED: pgettext_lazy("status shown to the applicant", "Lapsed"),
}

_ON_PROPOSAL: Mapping[Outcome, Promise] = {
    Outcome.APPROVAL: _("Confirm the approval"),
    Outcome.REJECTION: _("Confirm the rejection"),
}


class UnknownWord(FilingError):
    """A value of the workflow's enumerations has no label."""


def label_of(word: StrEnum) -> Promise:
    """The label of a kind, state, standing, role, act or outcome; raises UnknownWord."""
    label = _LABELS.get(type(word), {}).get(word)
    if label is None:
        raise UnknownWord("no_words", word=str(word))
    return label


def event_label(act: Act | str) -> Promise:
    """The name of a recorded act, as timelines show it."""
    return _EVENTS[Act(act)]


def confirm_label(proposal: Outcome) -> Promise:
    """The label of the button that confirms a proposal."""
    return _ON_PROPOSAL[proposal]


class HasStanding(Protocol):
    """A filing, as far as its standing is asked."""

    @property
    def standing(self) -> str: ...


class HasStatus(Protocol):
    """An application, as far as its status is asked."""

    @property
    def kind(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def filing(self) -> HasStanding | None: ...


def status_words(application: HasStatus, *, is_claimed: bool = True) -> Promise:
    """The status that the applicant sees, without the stage.

    Reads `application.filing`: select it together with the application.
    """
    state = State(application.state)
    if state is State.PROVINCIAL_REVIEW and not is_claimed:
        return _NOT_CLAIMED
    filing = application.filing
    is_first = application.kind == Kind.INITIAL and state is State.APPROVED
    if is_first and filing is not None and filing.standing == Standing.AWAITING_NUMBER:
        return _NUMBER_BEING_ISSUED
    return _STATUS_BY_STATE[state]


def status_code(application: HasStatus) -> str:
    """The code that decides shape and colour of the status (`status_tone`)."""
    filing = application.filing
    is_first = application.kind == Kind.INITIAL and application.state == State.APPROVED
    if is_first and filing is not None and filing.standing == Standing.AWAITING_NUMBER:
        return Standing.AWAITING_NUMBER.value
    return application.state


def refusal_message(error: FilingError) -> str:
    """What was refused and what to do about it, in the language now active."""
    if error.code in files.REFUSAL_MESSAGES:
        return files.refusal_message(error)
    return str(REFUSAL_MESSAGES.get(error.code, UNNAMED_REFUSAL))
