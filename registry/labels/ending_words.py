"""What a striking off (撤销备案, 依职权注销) is called: its grounds, and the states and acts of its proceedings."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from registry.labels.states import label_of
from registry.rules.end_grounds import EndGround
from registry.rules.endings.lifecycle import StrikingOffAct, StrikingOffState
from registry.rules.workflow.states import Standing

# How the standing of a filing struck off is shown, by its ground.
STRUCK_OFF_STANDINGS: Mapping[EndGround, Promise] = {
    EndGround.FALSE_MATERIALS: pgettext_lazy("standing of a filing", "Revoked"),
    EndGround.APPLICANT_GONE: pgettext_lazy("standing of a filing", "Cancelled by the office"),
}


def standing_words(standing: Standing, ground: str) -> Promise:
    """The standing of a filing in words, with one word for each ground of a striking off."""
    return STRUCK_OFF_STANDINGS[EndGround(ground)] if ground else label_of(standing)


# What the office does, by the ground.
STRUCK_OFF_DECISIONS: Mapping[EndGround, Promise] = {
    EndGround.FALSE_MATERIALS: pgettext_lazy("decision to strike off", "Revocation of the filing"),
    EndGround.APPLICANT_GONE: pgettext_lazy("decision to strike off", "Cancellation by the office"),
}

GROUNDS: Mapping[EndGround, Promise] = {
    EndGround.FALSE_MATERIALS: pgettext_lazy("ground of a striking off", "False filing materials"),
    EndGround.APPLICANT_GONE: pgettext_lazy(
        "ground of a striking off", "The applicant was dissolved or has died"
    ),
}

STRIKING_OFF_STATES: Mapping[StrikingOffState, Promise] = {
    StrikingOffState.PROPOSED: pgettext_lazy("state of a striking off", "Proposed"),
    StrikingOffState.NOTICE_SENT: pgettext_lazy("state of a striking off", "Notice sent"),
    StrikingOffState.SERVED: pgettext_lazy("state of a striking off", "Notice served"),
    StrikingOffState.ANNOUNCED: pgettext_lazy("state of a striking off", "Notice announced"),
    StrikingOffState.STATED: pgettext_lazy("state of a striking off", "Statement received"),
    StrikingOffState.WAIVED: pgettext_lazy("state of a striking off", "No statement to be made"),
    StrikingOffState.ANSWERED: pgettext_lazy("state of a striking off", "Statement answered"),
    StrikingOffState.CONFIRMED: pgettext_lazy("state of a striking off", "Struck off"),
    StrikingOffState.DROPPED: pgettext_lazy("state of a striking off", "Dropped"),
}

STRIKING_OFF_ACTS: Mapping[StrikingOffAct, Promise] = {
    StrikingOffAct.PROPOSE: pgettext_lazy("event of a striking off", "Striking off proposed"),
    StrikingOffAct.SEND_NOTICE: pgettext_lazy("event of a striking off", "Notice sent to the applicant"),
    StrikingOffAct.RECORD_SERVICE: pgettext_lazy("event of a striking off", "Notice served"),
    StrikingOffAct.ANNOUNCE: pgettext_lazy("event of a striking off", "Notice announced in public"),
    StrikingOffAct.STATE: pgettext_lazy("event of a striking off", "Statement of the applicant received"),
    StrikingOffAct.WAIVE: pgettext_lazy("event of a striking off", "The applicant makes no statement"),
    StrikingOffAct.ANSWER: pgettext_lazy("event of a striking off", "Statement answered"),
    StrikingOffAct.CONFIRM: pgettext_lazy("event of a striking off", "Striking off confirmed"),
    StrikingOffAct.DROP: pgettext_lazy("event of a striking off", "Striking off dropped"),
    StrikingOffAct.REPLACE_FILE: pgettext_lazy(
        "event of a striking off", "File that could not be read replaced by another"
    ),
}

# The code under which a badge shows the state of what is over.
BADGES: Mapping[StrikingOffState, str] = {
    StrikingOffState.CONFIRMED: "struck_off",
    StrikingOffState.DROPPED: "withdrawn",
}
