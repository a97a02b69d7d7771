"""E-mail of the embedded set-up: one JSON line a message, the recipients masked."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from registry import clock
from registry.accounts.sms import KEY_CHARACTERS, append_line, outbox_file
from registry.masking import mask_email
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
