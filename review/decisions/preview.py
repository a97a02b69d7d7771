"""Previews the notices that an act would send, word for word, in each language of the recipients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from registry.book.examination import latest_reasons
from registry.models import Application
from registry.notices import notice as notices
from registry.notices.filing_notices import KindAndFacts, asked_notice, decision_notice
from registry.notices.wording import Rendered, language_of
from registry.rules.workflow.states import DECISIONS, PROPOSALS, Act, Outcome

PREVIEWED = frozenset({*DECISIONS, *PROPOSALS, Act.CONFIRM, Act.ASK})


@dataclass(frozen=True, slots=True)
class PreviewedNotice:
    """A notice in one language, and the members who would receive it."""

    language: str
    recipients: tuple[str, ...]
    words: Rendered


def preview_of(
    what: Act,
    application: Application,
    *,
    reasons: Sequence[Mapping[str, Any]] = (),
    note: str = "",
    answer_by: date | None = None,
    at: datetime,
) -> list[PreviewedNotice]:
    """The notices of a decision, one for each language of the applicant's members.

    `note` is sent only with a rejection: the text of a proposal is for the colleague. Each notice is addressed
    to its first recipient. Empty for an act that sends the applicant no notice, and for a request for corrections
    while `answer_by`, the last day to answer, is not chosen.
    """
    if what is Act.ASK:
        content = asked_notice(application, reasons, answer_by=answer_by) if answer_by is not None else None
    else:
        content = _decision(what, application, reasons, note=note, at=at)
    if content is None:
        return []
    kind, facts = content
    by_language: dict[str, list[str]] = {}
    for member in notices.members_of(application.applicant_id):
        by_language.setdefault(language_of(member.language), []).append(member.name)
    path = reverse("applicants:application", args=[application.pk])
    names = dict(settings.LANGUAGES)
    return [
        PreviewedNotice(
            language=str(names.get(language, language)),
            recipients=tuple(recipients),
            words=notices.preview(kind, facts, language, recipient=recipients[0], link_path=path),
        )
        for language, recipients in sorted(by_language.items(), reverse=True)
    ]


def _decision(
    what: Act, application: Application, reasons: Sequence[Mapping[str, Any]], *, note: str, at: datetime
) -> KindAndFacts | None:
    """The notice of what the act decides, or would if its proposal were confirmed; None when it decides nothing."""
    outcome = Outcome(application.proposal) if what is Act.CONFIRM and application.proposal else None
    outcome = outcome or DECISIONS.get(what) or PROPOSALS.get(what)
    if outcome is None:
        return None
    if what is Act.CONFIRM:
        reasons = latest_reasons(application)
    return decision_notice(
        application, outcome, reasons=reasons, note=note if what is Act.REJECT else "", at=at
    )
