"""E-mail: hands over a message and reports the outcome; backends for SMTP and, when embedded, for a file."""

from __future__ import annotations

import smtplib
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

from registry import clock
from registry.gateways.sms import KEY_CHARACTERS, Handover, append_line, outbox_file, tell_where
from registry.labels.masking import mask_email
from registry.models.account import email_index


class FileBackend(BaseEmailBackend):
    """Appends messages to outbox/mail.jsonl; `key` tells one recipient's messages apart."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        path = outbox_file("mail.jsonl")
        for message in email_messages:
            for recipient in message.recipients():
                append_line(
                    path,
                    {
                        "at": clock.now().isoformat(timespec="milliseconds"),
                        "to": mask_email(recipient),
                        "key": email_index(recipient)[:KEY_CHARACTERS],
                        "subject": str(message.subject),
                        "text": str(message.body),
                    },
                )
                tell_where(f"An e-mail for {mask_email(recipient)}", path)
        return len(email_messages)


class MailRefused(Exception):
    """The server refused the message, or the connection was lost before any of it was sent."""


def hand_over_mail(message: EmailMessage) -> Handover:
    """Hands one message to the configured backend and gives the outcome.

    An error after the server began to receive the message leaves the outcome unknown.
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
        # The outcome is settled; an error while closing the connection does not change it.
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


class _NotesData:
    """Makes an SMTP connection note whether it has begun to send the message itself."""

    has_begun = False

    def data(self, message: Any) -> tuple[int, bytes]:
        self.has_begun = True
        return super().data(message)  # type: ignore[misc]


class _Smtp(_NotesData, smtplib.SMTP):
    pass


class _SmtpOverTls(_NotesData, smtplib.SMTP_SSL):
    pass


class SmtpBackend(EmailBackend):
    """Django's SMTP backend, which raises MailRefused when the server certainly has not taken the message."""

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
