"""`manage.py notice_templates`: prints the text messages to register with a carrier, in their current wording.

Those about accounts have one template each, in Chinese; those of notices have one a language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.template.loader import render_to_string
from django.utils import translation

from registry.accounts.adapter import CHANGES_BY_SMS
from registry.accounts.codes import MESSAGES_INSTEAD, SMS_PURPOSES, code_message
from registry.notices.kinds import LANGUAGES, all_kinds
from registry.notices.wording import current_wording

_PLACE = re.compile(r"\{(\w+)\}")
# The parameters of the messages about accounts that are no codes.
_INVITED = ("inviter_name", "applicant_name", "expires_on", "link")
_ACCOUNT_MESSAGES = {
    **dict.fromkeys(MESSAGES_INSTEAD, ()),
    **dict.fromkeys(sorted(CHANGES_BY_SMS), ("at",)),
    "invitation": _INVITED,
    "ownership": _INVITED,
}


class Command(BaseCommand):
    """Prints each template's code and text, with parameters as ${name}."""

    help = "Prints the text messages of accounts and notices by template code, to register with the gateway."

    def handle(self, *_args: Any, **_options: Any) -> None:
        with translation.override(settings.LANGUAGE_CODE):
            for code, text in _account_templates():
                self.stdout.write(f"{code}\t{text}")
        for kind in all_kinds().values():
            for language in LANGUAGES if kind.has_sms else ():
                text = _PLACE.sub(r"${\1}", current_wording(kind, language).sms)
                self.stdout.write(f"{kind.sms_template_code(language)}\t{text}")


def _account_templates() -> Iterator[tuple[str, str]]:
    for purpose in SMS_PURPOSES:
        message = code_message(purpose, "", "${code}")
        yield message.template_code, message.text
    for name, parameters in _ACCOUNT_MESSAGES.items():
        facts = {parameter: f"${{{parameter}}}" for parameter in parameters}
        yield name, render_to_string(f"account/sms/{name}.txt", facts).strip()
