"""E-mail: an outcome for each message, SMTP that knows how far it came, and a file for the embedded set-up."""

from __future__ import annotations

import smtplib
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

from registry import clock
from registry.gateways.sms import KEY_CHARACTERS, Handover, append_line, outbox_file
from registry.labels.masking import mask_email
from registry.models.account import email_index


class FileBackend(BaseEmailBackend):
    """Appends messages to outbox/mail.jsonl; `key` tells one recipient's messages apart."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            for recipient in message.recipients():
                append_line(
                    outbox_file("mail.jsonl"),
                    {
                        "at": clock.now().isoformat(timespec="milliseconds"),
                        "to": mask_email(recipient),
                        "key": email_index(recipient)[:KEY_CHARACTERS],
                        "subject": str(message.subject),
                        "text": str(message.body),
                    },
                )
        return len(email_messages)


class MailRefused(Exception):
    """The server refused the message, or was lost before it had been given any of it."""


def hand_over_mail(message: EmailMessage) -> Handover:
    """Hands one message to the configured backend and says what became of it.

    Whatever goes wrong after the server began to take the message over leaves its fate unknown.
    """
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        return Handover(sent=False, detail=f"server_unreachable:{type(error).__name__}")
    try:
        taken_over = connection.send_messages([message])
    except (MailRefused, smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
        return Handover(sent=False, detail=_detail(error))
    except (OSError, smtplib.SMTPException) as error:
        return Handover(sent=False, detail=f"no_answer:{type(error).__name__}", is_known=False)
    finally:
        # The message's fate is settled; a server that is gone by now changes nothing about it.
        with suppress(OSError, smtplib.SMTPException):
            connection.close()
    return Handover(sent=True) if taken_over else Handover(sent=False, detail="not_taken_over")


def _detail(error: Exception) -> str:
    """The kind of refusal and its number; a server's words may repeat the address."""
    cause = error.__cause__ if isinstance(error, MailRefused) and error.__cause__ else error
    if isinstance(cause, smtplib.SMTPRecipientsRefused):
        codes = sorted({code for code, _text in cause.recipients.values()})
        return f"recipient_refused:{','.join(map(str, codes))}"
    code = getattr(cause, "smtp_code", "")
    return f"refused:{type(cause).__name__}:{code}".rstrip(":")


class _KnowsHowFar:
    """What an SMTP connection adds: whether the server was asked to take the message itself."""

    has_begun = False

    def data(self, message: Any) -> tuple[int, bytes]:
        self.has_begun = True
        return super().data(message)  # type: ignore[misc]


class _Smtp(_KnowsHowFar, smtplib.SMTP):
    pass


class _SmtpOverTls(_KnowsHowFar, smtplib.SMTP_SSL):
    pass


class SmtpBackend(EmailBackend):
    """Django's SMTP, raising MailRefused for what certainly was not taken over."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _SmtpOverTls if self.use_ssl else _Smtp

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        try:
            return super().send_messages(email_messages)
        except (OSError, smtplib.SMTPException) as error:
            answered = isinstance(error, smtplib.SMTPResponseException)
            if answered or not getattr(self.connection, "has_begun", False):
                raise MailRefused from error
            raise
