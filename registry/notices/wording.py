"""The wording of notices in use: the administrator's newest version, else the shipped one; and filling it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation

from registry.models import Account, NoticeText
from registry.notices.fact_words import words_of
from registry.notices.kinds import COMMON_FACTS, LANGUAGES, NoticeKind, NoticeKindUnknown, Wording, kind_of
from registry.rules.notice_texts import (
    LONGEST_BODY,
    LONGEST_SMS,
    LONGEST_SUBJECT,
    check_text,
    fill,
    places_in,
)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A notice in words, as it goes out; `sms_parameters` are what a carrier's template is filled with."""

    subject: str
    body: str
    sms: str
    sms_parameters: Mapping[str, str]


def current_wording(kind: NoticeKind, language: str) -> Wording:
    """The words of a kind in a language that are in use now."""
    newest = versions_of(kind.code, language)[:1]
    for text in newest:
        if text.subject:
            return Wording(text.subject, text.body, text.sms)
    return kind.shipped[language]


def versions_of(kind: str, language: str) -> list[NoticeText]:
    """Every version that an administrator made, newest first."""
    found = NoticeText.objects.filter(kind=kind, language=language).select_related("changed_by")
    return list(found.order_by("-version"))


@transaction.atomic
def save_wording(
    kind: NoticeKind, language: str, wording: Wording | None, *, by: Account, at: datetime
) -> NoticeText:
    """Adds a version of a kind's wording; None goes back to the shipped one. Raises NoticeTextRefused."""
    if wording is not None:
        check_wording(kind, wording)
    # One after the other: the newest row is locked while the next version's number is found.
    newest = NoticeText.objects.select_for_update().filter(kind=kind.code, language=language)
    last = newest.order_by("-version").first()
    given = wording or Wording("", "")
    return NoticeText.objects.create(
        kind=kind.code,
        language=language,
        version=last.version + 1 if last else 1,
        subject=given.subject.strip(),
        body=given.body.strip(),
        sms=given.sms.strip(),
        changed_at=at,
        changed_by=by,
    )


@dataclass(frozen=True, slots=True)
class WordingPart:
    """One part of a wording, with the places it must keep and its greatest length."""

    name: str
    text: str
    required: tuple[str, ...]
    longest: int


def parts_of(kind: NoticeKind, wording: Wording) -> list[WordingPart]:
    """The parts that a wording of this kind has."""
    parts = [
        WordingPart("subject", wording.subject, (), LONGEST_SUBJECT),
        WordingPart("body", wording.body, kind.required, LONGEST_BODY),
    ]
    return [*parts, WordingPart("sms", wording.sms, (), LONGEST_SMS)] if kind.has_sms else parts


def check_wording(kind: NoticeKind, wording: Wording) -> None:
    """Raises NoticeTextRefused for the first part of a wording that cannot be used."""
    for part in parts_of(kind, wording):
        check_wording_part(kind, part)


def check_wording_part(kind: NoticeKind, part: WordingPart) -> None:
    """Raises NoticeTextRefused when a part cannot be used."""
    check_text(part.text, part=part.name, known=kind.places, required=part.required, longest=part.longest)


def render(
    kind: NoticeKind,
    facts: Mapping[str, object],
    language: str,
    *,
    recipient: str,
    link_path: str = "",
    wording: Wording | None = None,
) -> Rendered:
    """A kind's words filled with facts. Raises NoticeKindUnknown when the facts are not those it declares."""
    if set(facts) != set(kind.facts):
        differing = sorted(set(facts) ^ set(kind.facts))
        raise NoticeKindUnknown("notice_facts_differ", kind=kind.code, facts=differing)
    wording = wording or current_wording(kind, language)
    with translation.override(language):
        values = {name: words_of(facts[name], manner) for name, manner in kind.facts.items()}
    values |= {"recipient": recipient, "link": f"{settings.PORTAL_BASE_URL}{link_path}" if link_path else ""}
    named = [name for name in places_in(wording.sms) if name not in COMMON_FACTS or name == "link"]
    return Rendered(
        # A subject is one line, whatever a name in it holds.
        subject=" ".join(fill(wording.subject, values).split()),
        body=fill(wording.body, values),
        sms=" ".join(fill(wording.sms, values).split()),
        sms_parameters={name: values[name] for name in named},
    )


def preview(
    kind: str, facts: Mapping[str, object], language: str, *, recipient: str = "", link_path: str = ""
) -> Rendered:
    """What a notice of this kind would say now, without telling anybody."""
    return render(kind_of(kind), facts, language_of(language), recipient=recipient, link_path=link_path)


def language_of(asked: str) -> str:
    """The language notices have that is nearest to the one asked for; Chinese when none is."""
    return next((known for known in LANGUAGES if known[:2] == asked[:2]), LANGUAGES[0])
