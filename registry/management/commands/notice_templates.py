"""`manage.py notice_templates`: prints the text messages to register with a carrier, in their current wording."""

from __future__ import annotations

import re
from typing import Any

from django.core.management.base import BaseCommand

from registry.notices.kinds import LANGUAGES, all_kinds
from registry.notices.wording import current_wording

_PLACE = re.compile(r"\{(\w+)\}")


class Command(BaseCommand):
    """Prints each template's code and text, with parameters as ${name}."""

    help = "Prints the text messages of notices by template code, for registration with the gateway."

    def handle(self, *_args: Any, **_options: Any) -> None:
        for kind in all_kinds().values():
            for language in LANGUAGES if kind.has_sms else ():
                text = _PLACE.sub(r"${\1}", current_wording(kind, language).sms)
                self.stdout.write(f"{kind.sms_template_code(language)}\t{text}")
