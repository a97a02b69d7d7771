"""Hints below the desk's form fields whose text stays in the record permanently."""

from __future__ import annotations

from typing import Any

from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

format_html_lazy = lazy(format_html, SafeString)


# These texts become part of events and reveals, which are stored unencrypted and never erased.
_STAYS = _("Stays in the record for good: no identity numbers, mobiles or other personal data here.")


def that_stays(help_text: Any) -> Any:
    return format_html_lazy("{}<br>{}", help_text, _STAYS)
