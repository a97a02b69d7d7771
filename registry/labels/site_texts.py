"""The long texts of the portal in the language now active, with the facts of this installation put in."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy

from registry.rules.articles import Block, blocks_of
from registry.rules.site_texts import AgreedText, read_text, read_version

AGREED_TEXTS: Mapping[AgreedText, Promise] = {
    AgreedText.PRIVACY_NOTICE: gettext_lazy("Privacy notice"),
    AgreedText.IDENTITY_DOCUMENTS: gettext_lazy("How identity documents are handled"),
}


def blocks_of_version(text: AgreedText, version: int) -> tuple[Block, ...]:
    """A version of an agreed text. Raises TextUnknown."""
    return _filled_in(read_version(text, version, english=is_english()))


def blocks_of_text(name: str, **facts: object) -> tuple[Block, ...]:
    """A text by its path, with facts of its own beside those of the installation. Raises TextUnknown."""
    return _filled_in(read_text(name, english=is_english()), **facts)


def is_english() -> bool:
    """Whether the language now active is English."""
    return (get_language() or "").startswith("en")


def _filled_in(text: str, **facts: object) -> tuple[Block, ...]:
    return blocks_of(text.format(**_facts(), **facts))


def _facts() -> dict[str, object]:
    identity = settings.SITE_IDENTITY
    return {
        "organiser": identity["organiser"],
        "operator": identity["operator"],
        "phone": identity["contact_phone"],
        "email": identity["contact_email"],
        "address": identity["address"],
        "session_hours": settings.SESSION_COOKIE_AGE // 3600,
        "objection_days": settings.OBJECTION_RETENTION_DAYS,
    }
