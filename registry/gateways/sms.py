"""Text messages: one function to send, and the backends it may send through.

A backend never raises for a message that could not be sent: it says so in the outcome, and the caller decides
what to do. Templates are registered with the carriers, so a gateway is given the template's code and its
parameters; the text is the rendered template. Carriers ask for the sender's signature in every message: it stands
before the text once, put there by the backend or, with a template of the carrier's, by the carrier.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import structlog
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.module_loading import import_string

from registry import clock
from registry.gateways import terminal
from registry.labels.masking import mask_phone
from registry.models.account import mobile_index

KEY_CHARACTERS = 12

_log = structlog.get_logger("portal.sms")


@dataclass(frozen=True, slots=True)
class Handover:
    """Whether a message was handed over; `is_known` is False when the gateway's answer never came.

    A message whose outcome is unknown is not sent again automatically.
    """

    sent: bool
    detail: str = ""
    gateway_reference: str = ""
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class Message:
    """A message to one mobile in E.164."""

    mobile: str
    template_code: str
    parameters: Mapping[str, str]
    text: str

    @property
    def signed_text(self) -> str:
        return f"{signature()}{self.unsigned_text}"

    @property
    def unsigned_text(self) -> str:
        """The text without the signature, which an administrator's wording may have brought along."""
        return self.text.removeprefix(signature()).removesuffix(signature()).strip()


def signature() -> str:
    """The sender's signature as it begins every message."""
    return f"【{settings.SMS_SIGNATURE}】"


class Backend(Protocol):
    """A way to hand messages over."""

    def deliver(self, message: Message) -> Handover: ...


def send_sms(mobile: str, template_code: str, parameters: Mapping[str, str]) -> Handover:
    """Hands one message to the configured backend. `template_code` names a file of templates/account/sms/."""
    text = render_to_string(f"account/sms/{template_code}.txt", dict(parameters)).strip()
    return hand_over(Message(mobile, template_code, parameters, text))


def hand_over(message: Message) -> Handover:
    """Hands a message, its text already rendered, to the configured backend."""
    backend: Backend = import_string(settings.SMS_BACKEND)()
    outcome = backend.deliver(message)
    _log.info(
        "sms",
        template=message.template_code,
        key=mobile_index(message.mobile)[:KEY_CHARACTERS],
        sent=outcome.sent,
        known=outcome.is_known,
        detail=outcome.detail,
    )
    return outcome


class ConsoleBackend:
    """Writes messages to standard output, for development."""

    def deliver(self, message: Message) -> Handover:
        sys.stdout.write(f"SMS to {mask_phone(message.mobile)}: {message.signed_text}\n")
        sys.stdout.flush()
        return Handover(sent=True)


class FileBackend:
    """Appends messages to outbox/sms.jsonl, one JSON object a line, the recipient masked.

    `key` is the beginning of the mobile's blind index, which tells one recipient's messages from another's.
    """

    def deliver(self, message: Message) -> Handover:
        recipient = mask_phone(message.mobile.removeprefix("+86"))
        path = outbox_file("sms.jsonl")
        append_line(
            path,
            {
                "at": clock.now().isoformat(timespec="milliseconds"),
                "to": recipient,
                "key": mobile_index(message.mobile)[:KEY_CHARACTERS],
                "template": message.template_code,
                "parameters": dict(message.parameters),
                "text": message.signed_text,
            },
        )
        tell_where(f"A text message for {recipient}", path)
        return Handover(sent=True)


def outbox_file(name: str) -> Path:
    """A file of the outbox directory, which is made when it is missing."""
    directory = Path(settings.VAR_DIR) / "outbox"
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    return directory / name


def tell_where(message: str, path: Path) -> None:
    """Says on the terminal which file a message was written to; never what it says."""
    terminal.tell(f"{message} is in {terminal.readable_path(path)} (newest line at the end).")


def append_line(path: Path, content: Mapping[str, object]) -> None:
    """Appends one JSON object as a line, whole even when several processes write."""
    line = json.dumps(content, ensure_ascii=False) + "\n"
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, line.encode())
    finally:
        os.close(descriptor)
