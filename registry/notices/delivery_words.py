"""The words about deliveries: channels, outcomes, causes of failure, and how a decision arrived."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.models import Delivery, Notice
from registry.notices.notice import ANSWERED, OPENED

_State, _Channel = Delivery.State, Delivery.Channel

CHANNEL_LABELS: dict[str, Promise] = {
    _Channel.INBOX: _("Inbox of the portal"),
    _Channel.EMAIL: _("E-mail"),
    _Channel.SMS: _("Text message"),
}
_OUTCOMES: dict[str, Promise] = {
    _State.WAITING: _("waiting to be sent"),
    _State.SENDING: _("being sent"),
    _State.SENT: _("sent"),
    _State.REFUSED: _("not taken over yet, will be tried again"),
    _State.UNKNOWN: _("not known whether it arrived"),
    _State.GIVEN_UP: _("could not be sent"),
}
_TONES: dict[str, str] = {
    _State.WAITING: "open",
    _State.SENDING: "working",
    _State.SENT: "good",
    _State.REFUSED: "waiting",
    _State.UNKNOWN: "warning",
    _State.GIVEN_UP: "bad",
}
_ARRIVALS: dict[str, Promise | str] = {
    _Channel.EMAIL: pgettext_lazy("how a decision arrived", "By e-mail"),
    _Channel.SMS: pgettext_lazy("how a decision arrived", "By text message"),
    OPENED: _("A member opened the notice"),
    ANSWERED: _("The applicant answered it"),
    **{how.value: how.label for how in Notice.ToldHow},
}
_NO_GATEWAY = _("the gateway could not be reached")
_CAUSES: dict[str, Promise] = {
    "gateway_unreachable": _NO_GATEWAY,
    "server_unreachable": _NO_GATEWAY,
    "gateway_not_configured": _("no gateway is set up"),
    "no_answer": _("the gateway did not answer"),
    "answer_malformed": _("the gateway's answer could not be read"),
    "interrupted": _("sending was interrupted"),
    "recipient_refused": _("the mailbox was refused"),
    "refused": _("the gateway refused the message"),
    "status": _("the gateway answered with an error"),
    "no_address": _("no verified address"),
    "not_the_recipient_any_more": _("the account may no longer read it"),
}
_OTHER_CAUSE = _("an unexpected fault")


def outcome_label(delivery: Delivery) -> Promise:
    return _OUTCOMES[delivery.state]


def outcome_tone(delivery: Delivery) -> str:
    return _TONES[delivery.state]


def cause_label(delivery: Delivery) -> Promise | str:
    """Why the last attempt failed; empty when it did not."""
    if not delivery.last_error:
        return ""
    code = delivery.last_error.partition(":")[0]
    return _CAUSES.get("status" if code.startswith("status_") else code, _OTHER_CAUSE)


def arrival_label(how: str) -> str:
    """How a decision arrived, for the code in the event that records it; empty for an unknown code."""
    return str(_ARRIVALS.get(how, ""))
