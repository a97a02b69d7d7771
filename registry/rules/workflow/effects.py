"""What each act calls for beside its event: notices, a paper, traits of likely duplicates, list entries, the record.

The handlers stand where the work is done; a test holds this table and them together.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from registry.rules.workflow.states import Act, Kind, Outcome


class EffectKind(StrEnum):
    """What an event calls for; a row of each kind waits until it is done."""

    TELL_APPLICANT = "tell_applicant"
    TELL_OFFICE = "tell_office"
    # Who objects to an entry of a list, and has no account.
    TELL_OBJECTOR = "tell_objector"
    PAPER = "paper"
    TRAITS = "traits"
    ENTRIES = "entries"
    # The public record of the filing, written ahead of whoever asks for it.
    RECORD = "record"


class EffectOutcome(StrEnum):
    """How an effect ended: `nobody` when there was nobody to tell, or another event tells of it."""

    DONE = "done"
    NOBODY = "nobody"


_TELL_APPLICANT, _TELL_OFFICE = EffectKind.TELL_APPLICANT, EffectKind.TELL_OFFICE
_PAPER, _TRAITS, _RECORD = EffectKind.PAPER, EffectKind.TRAITS, EffectKind.RECORD

# The effects that may end with nobody to tell; a paper, traits and the record are always made.
NOTICES = frozenset({_TELL_APPLICANT, _TELL_OFFICE, EffectKind.TELL_OBJECTOR})

# For every act, all that it may call for; `effects_of` leaves out what other facts of the event exclude.
EFFECTS: Mapping[Act, frozenset[EffectKind]] = MappingProxyType(
    {
        Act.SUBMIT: frozenset({_TELL_APPLICANT, _PAPER, _TRAITS, _RECORD}),
        Act.SUPPLEMENT: frozenset({_TELL_APPLICANT, _TELL_OFFICE, _TRAITS, _RECORD}),
        Act.ASK: frozenset({_TELL_APPLICANT, _PAPER, _RECORD}),
        Act.FORWARD: frozenset({_RECORD}),
        Act.ESCALATE: frozenset({_TELL_OFFICE, _RECORD}),
        Act.RETURN_TO_PROVINCE: frozenset({_TELL_OFFICE, _RECORD}),
        Act.PROPOSE_APPROVAL: frozenset({_RECORD}),
        Act.PROPOSE_REJECTION: frozenset({_RECORD}),
        Act.APPROVE: frozenset({_TELL_APPLICANT, _PAPER, _RECORD}),
        Act.REJECT: frozenset({_TELL_APPLICANT, _PAPER, _RECORD}),
        Act.CONFIRM: frozenset({_TELL_APPLICANT, _TELL_OFFICE, _PAPER, _RECORD}),
        Act.SEND_BACK: frozenset({_TELL_OFFICE, _RECORD}),
        Act.WITHDRAW: frozenset({_TELL_APPLICANT, _TELL_OFFICE, _RECORD}),
        Act.RESUBMIT: frozenset({_TELL_APPLICANT, _PAPER, _TRAITS, _RECORD}),
        Act.LAPSE: frozenset({_TELL_APPLICANT, _RECORD}),
        Act.WITHDRAW_CANCELLATION: frozenset({_TELL_APPLICANT, _TELL_OFFICE, _RECORD}),
        Act.ISSUE_NUMBER: frozenset({_TELL_APPLICANT, _PAPER, _RECORD}),
        Act.TAKE_EFFECT: frozenset({_TELL_APPLICANT, _RECORD}),
        Act.CLOSE_BY_CANCELLATION: frozenset({_TELL_APPLICANT, _TELL_OFFICE, _RECORD}),
        Act.STRIKE_OFF: frozenset({_TELL_APPLICANT, _PAPER, _RECORD}),
        # The notice of the striking off says that these are closed.
        Act.CLOSE_BY_STRIKING_OFF: frozenset({_RECORD}),
        Act.NOTE_PREDECESSOR: frozenset({_TELL_APPLICANT, _RECORD}),
        Act.APPLICANT_CHANGED: frozenset({_TELL_APPLICANT, _RECORD}),
        Act.NOTICE_DELIVERED: frozenset({_RECORD}),
        Act.RECORD_LATENESS: frozenset({_TELL_OFFICE, _RECORD}),
        Act.ENTER_IN_LIST: frozenset({_TELL_APPLICANT, _RECORD}),
        # What a list published before the register began says is nobody's news, and owes no paper.
        Act.IMPORT: frozenset({_RECORD}),
    }
)


def effects_of(
    act: Act, *, kind: Kind | None, outcome: Outcome | None, is_first_of_joint: bool
) -> frozenset[EffectKind]:
    """What an event calls for.

    `kind` is the application's, None for an act on the filing alone; `outcome` is what a confirmation decides. The
    applications of a joint submission share one receipt: it belongs to the first, and to any submission of its own.
    A record is written anew after every event of a filing that may be public, whatever the public sees of it.
    """
    return frozenset(
        effect
        for effect in EFFECTS[act]
        if (effect is not _PAPER or _has_paper(act, kind, outcome, is_first_of_joint))
        and (effect is not _TRAITS or kind is not Kind.APPLICANT_CHANGE)
        and (effect is not _RECORD or _has_record(act, kind))
    )


def acts_calling_for(effect: EffectKind) -> frozenset[Act]:
    """The acts that may call for an effect."""
    return frozenset(act for act, effects in EFFECTS.items() if effect in effects)


def _has_paper(act: Act, kind: Kind | None, outcome: Outcome | None, is_first_of_joint: bool) -> bool:
    if act is Act.SUBMIT:
        return is_first_of_joint
    if act is Act.APPROVE or (act is Act.CONFIRM and outcome is Outcome.APPROVAL):
        # The notice of an approved first filing states its number: the event that issues the number has it.
        return kind is not Kind.INITIAL
    return True


def _has_record(act: Act, kind: Kind | None) -> bool:
    if kind is Kind.INITIAL:
        # Before its number a filing is nobody's to read; lateness may be recorded after it.
        return act in (Act.ISSUE_NUMBER, Act.RECORD_LATENESS)
    # A change of the applicant has a stream of its own: each filing has an event beside it.
    return kind is not Kind.APPLICANT_CHANGE
