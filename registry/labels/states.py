"""The words of kinds, standings and roles, the status shown to the applicant, and every refusal.

The words of acts, outcomes and states depend on the kind: see `registry.labels.act_words`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from registry.labels import files
from registry.labels.refusal_words import REFUSAL_MESSAGES, UNNAMED_REFUSAL
from registry.rules.errors import FilingError
from registry.rules.workflow.states import OPEN_STATES, Kind, Role, Standing, State

_KINDS: Mapping[StrEnum, Promise] = {
    Kind.INITIAL: pgettext_lazy("kind of application", "Initial filing"),
    Kind.CHANGE: pgettext_lazy("kind of application", "Change"),
    Kind.APPLICANT_CHANGE: pgettext_lazy("kind of application", "Change of the applicant"),
    Kind.CANCELLATION: pgettext_lazy("kind of application", "Cancellation"),
}

_STANDINGS: Mapping[StrEnum, Promise] = {
    Standing.PENDING: pgettext_lazy("standing of a filing", "Under review"),
    Standing.AWAITING_NUMBER: pgettext_lazy("standing of a filing", "Number being issued"),
    Standing.IN_FORCE: pgettext_lazy("standing of a filing", "In force"),
    Standing.CANCELLED: pgettext_lazy("standing of a filing", "Cancelled"),
    Standing.STRUCK_OFF: pgettext_lazy("standing of a filing", "Struck off by the office"),
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

_LABELS: Mapping[type[StrEnum], Mapping[StrEnum, Promise]] = {
    Kind: _KINDS,
    Standing: _STANDINGS,
    Role: _ROLES,
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


class UnknownWord(FilingError):
    """A value of the workflow's enumerations has no label."""


def label_of(word: StrEnum) -> Promise:
    """The label of a kind, standing or role; raises UnknownWord."""
    label = _LABELS.get(type(word), {}).get(word)
    if label is None:
        raise UnknownWord("no_words", word=str(word))
    return label


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
    if state in OPEN_STATES and not is_claimed:
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
