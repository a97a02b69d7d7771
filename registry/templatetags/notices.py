"""The template filter for notices that turns the portal's own addresses in their text into links."""

from __future__ import annotations

import re

from django import template
from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from registry.templatetags.portal import whole_dates

register = template.Library()


@register.filter
def with_links(text: str) -> SafeString:
    """The text, escaped, with the portal's own addresses as links; any other address stays plain text."""
    address = re.compile(re.escape(settings.PORTAL_BASE_URL) + r"(/[^\s<>\"'，。；）]*)")
    parts: list[tuple[str | SafeString]] = []
    end = 0
    for found in address.finditer(text):
        path = found.group(1).rstrip(".,;:)")
        parts.append((whole_dates(text[end : found.start()]),))
        parts.append((format_html('<a href="{}">{}{}</a>', path, settings.PORTAL_BASE_URL, path),))
        end = found.start() + len(settings.PORTAL_BASE_URL) + len(path)
    parts.append((whole_dates(text[end:]),))
    return format_html_join("", "{}", parts)
