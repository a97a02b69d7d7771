"""What a consultation (征求意见) is called: whom the office asks, where one stands, and its acts."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.rules.consultations.lifecycle import Body, ConsultationAct, ConsultationState

BODIES: Mapping[Body, Promise] = {
    Body.POLICE: pgettext_lazy("body that is consulted", "Police: network security"),
    Body.COMMUNICATIONS: pgettext_lazy("body that is consulted", "Communications administration"),
    Body.OFFICE: pgettext_lazy("body that is consulted", "Cyberspace administration of another place"),
    Body.OTHER: pgettext_lazy("body that is consulted", "Another body"),
}

CONSULTATION_STATES: Mapping[ConsultationState, Promise] = {
    ConsultationState.AWAITED: pgettext_lazy("state of a consultation", "Answer awaited"),
    ConsultationState.ANSWERED: pgettext_lazy("state of a consultation", "Answered"),
    ConsultationState.WITHDRAWN: pgettext_lazy("state of a consultation", "Withdrawn"),
}
# In the place of the first, as long as the letter to a body outside the portal is not made.
LETTER_TO_BE_MADE: Promise = pgettext_lazy("state of a consultation", "Letter to be made")
# And once the last day has passed, and once the case is decided.
OVERDUE: Promise = pgettext_lazy("state of a consultation", "Answer overdue")
DECIDED_WITHOUT: Promise = pgettext_lazy("state of a consultation", "Case decided without an answer")

CONSULTATION_ACTS: Mapping[ConsultationAct, Promise] = {
    ConsultationAct.SEND: pgettext_lazy("event of a consultation", "Another body consulted"),
    ConsultationAct.ANSWER: pgettext_lazy("event of a consultation", "Answer of another body entered"),
    ConsultationAct.WITHDRAW: pgettext_lazy("event of a consultation", "Consultation withdrawn"),
    ConsultationAct.NOTE_OVERDUE: pgettext_lazy("event of a consultation", "Answer of another body overdue"),
}
# What the first is called where a letter has to be made before anything is sent.
REGISTERED: Promise = pgettext_lazy("event of a consultation", "Question to another body entered")
CORRECTED: Promise = _("Answer of another body entered anew")
