"""The wording of notices: the administrator's newest version or else the shipped one, checked and rendered."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.text import Truncator

from registry.errors import NotFound
from registry.gateways.sms import signature
from registry.models import Account, NoticeText, OfficeProposal
from registry.notices.fact_words import LAST_DAYS, words_in_subject, words_of
from registry.notices.kinds import COMMON_FACTS, LANGUAGES, NoticeKind, NoticeKindMismatch, Wording, kind_of
from registry.notices.short_address import short_path
from registry.rules.names import name_in_message
from registry.rules.notice_texts import (
    LONGEST_BODY,
    LONGEST_SMS,
    LONGEST_SUBJECT,
    NoticeTextRefused,
    faults_in,
    faults_in_message,
    faults_in_words,
    fill,
    places_in,
)
from registry.rules.office.events import OfficeSubject
from registry.streams import office_proposals

# What a list of mail shows of a subject, in characters; the names that are cut to keep to it, and how far.
LONGEST_SUBJECT_SHOWN = 60
NAMES = ("service_name", "applicant_name", "stated_name")
SHORTEST_NAME = 8
# Whom a sample is addressed to: a name of the usual length.
SAMPLE_RECIPIENT = "样例收件人"
# A page about one row, as that of a case: a message leads to it by its short address.
_SAMPLE_PATH = f"/{uuid.UUID(int=0)}/"
# A last day that is followed by 前.
_MARK_BEFORE = re.compile(r"(（(?:暂定(?:，以放假安排为准)?，)?含当日）)前")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A rendered notice; `sms_parameters` are the values for the carrier's template."""

    subject: str
    body: str
    sms: str
    sms_parameters: Mapping[str, str]


def current_wording(kind: NoticeKind, language: str) -> Wording:
    """The wording of a kind in a language that is in use now."""
    newest = versions_of(kind.code, language)[:1]
    for text in newest:
        # A wording saved before these words were asked for would leave out what the law has said to everybody.
        if text.subject and not _lacks_words(kind, language, text.body):
            return Wording(text.subject, text.body, text.sms)
    return kind.shipped[language]


def _lacks_words(kind: NoticeKind, language: str, body: str) -> bool:
    return bool(faults_in_words(body, part="body", required=kind.must_say[language]))


def versions_of(kind: str, language: str) -> list[NoticeText]:
    """Every version of a kind's wording that an administrator saved, newest first."""
    found = NoticeText.objects.filter(kind=kind, language=language).select_related("changed_by")
    return list(found.order_by("-version"))


@transaction.atomic
def save_wording(
    kind: NoticeKind, language: str, wording: Wording | None, *, by: Account, at: datetime
) -> NoticeText:
    """Saves a new version of a kind's wording; None restores the shipped one. Raises NoticeTextRefused."""
    if wording is not None:
        check_wording(kind, wording, language)
    # The newest row is locked while the next version's number is found, so that two saves take turns.
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


def propose_wording(
    kind: NoticeKind, language: str, wording: Wording | None, *, reason: str, by: Account, at: datetime
) -> OfficeProposal:
    """Proposes a wording of a kind, or with None the shipped one, for another person to confirm.

    Raises NoticeTextRefused, and TransitionNotAllowed as the table of proposals says.
    """
    if wording is not None:
        check_wording(kind, wording, language)
    now = current_wording(kind, language)
    after = wording or kind.shipped[language]
    return office_proposals.propose(
        OfficeSubject.NOTICE_TEXT,
        proposal_key(kind, language),
        _parts(wording) if wording is not None else {},
        before=_parts(now),
        after=_parts(after),
        reason=reason,
        by=by,
        at=at,
    )


def confirm_wording(
    proposal_id: uuid.UUID, kind: NoticeKind, language: str, *, by: Account, at: datetime
) -> OfficeProposal:
    """Puts a proposed wording in force as another person. Raises NotFound, TransitionNotAllowed, NoticeTextRefused."""

    def put_in_force(proposal: OfficeProposal) -> bool:
        if proposal.key != proposal_key(kind, language):
            raise NotFound("proposal_unknown", proposal=str(proposal.pk))
        save_wording(kind, language, wording_of(proposal), by=proposal.proposed_by, at=at)
        return True

    return office_proposals.confirm(
        proposal_id, put_in_force, subject=OfficeSubject.NOTICE_TEXT, by=by, at=at
    )


def proposal_key(kind: NoticeKind, language: str) -> str:
    """Under which key a change of a wording is proposed."""
    return f"{kind.code}/{language}"


def wording_of(proposal: OfficeProposal) -> Wording | None:
    """The wording that is proposed; None for the shipped one."""
    content = proposal.content
    return Wording(content["subject"], content["body"], content["sms"]) if content else None


def _parts(wording: Wording) -> dict[str, str]:
    return {"subject": wording.subject, "body": wording.body, "sms": wording.sms}


@dataclass(frozen=True, slots=True)
class WordingPart:
    """One part of a wording in a language, with what it must contain and its maximum length in characters.

    `required` are placeholders, `must_say` the law's own words.
    """

    name: str
    text: str
    language: str
    longest: int
    required: tuple[str, ...] = ()
    must_say: tuple[str, ...] = ()


def parts_of(kind: NoticeKind, wording: Wording, language: str) -> list[WordingPart]:
    """The parts of a wording of this kind: subject, body and, if the kind has one, the text message."""
    must_say = kind.must_say[language]
    parts = [
        WordingPart("subject", wording.subject, language, LONGEST_SUBJECT),
        WordingPart("body", wording.body, language, LONGEST_BODY, kind.required, must_say),
    ]
    return [*parts, WordingPart("sms", wording.sms, language, LONGEST_SMS)] if kind.has_sms else parts


def check_wording(kind: NoticeKind, wording: Wording, language: str) -> None:
    """Raises NoticeTextRefused for the first fault of a wording that is not valid."""
    for part in parts_of(kind, wording, language):
        for fault in faults_of_part(kind, part):
            raise fault


def faults_of_part(kind: NoticeKind, part: WordingPart) -> list[NoticeTextRefused]:
    """Everything that is wrong with a part: it is empty or too long, or what it has to say is wrong or missing."""
    found = faults_in(
        part.text, part=part.name, known=kind.places, required=part.required, longest=part.longest
    )
    found += faults_in_words(part.text, part=part.name, required=part.must_say)
    if part.name == "sms" and not found:
        found = faults_in_message(sample_message(kind, part.text, part.language), part=part.name)
    return found


def sample_message(kind: NoticeKind, sms: str, language: str) -> str:
    """The text message with the kind's sample facts, as it is sent: with the sender's signature."""
    wording = Wording(kind.shipped[language].subject, kind.shipped[language].body, sms)
    rendered = render(
        kind, kind.sample, language, recipient=SAMPLE_RECIPIENT, link_path=_SAMPLE_PATH, wording=wording
    )
    return f"{signature()}{rendered.sms}"


def render(
    kind: NoticeKind,
    facts: Mapping[str, object],
    language: str,
    *,
    recipient: str,
    link_path: str = "",
    notice_id: uuid.UUID | None = None,
    wording: Wording | None = None,
) -> Rendered:
    """A kind's wording filled with facts. Raises NoticeKindMismatch when the facts are not those it declares.

    The text message says the short address that belongs to `notice_id`; without one, as in a preview, an address of
    the same length.
    """
    if set(facts) != set(kind.facts):
        differing = sorted(set(facts) ^ set(kind.facts))
        raise NoticeKindMismatch("notice_facts_differ", kind=kind.code, facts=differing)
    wording = wording or current_wording(kind, language)
    with translation.override(language):
        values = {name: words_of(facts[name], manner) for name, manner in kind.facts.items()}
        in_subject = {name: words_in_subject(facts[name], manner) for name, manner in kind.facts.items()}
    common = {
        "recipient": name_in_message(recipient),
        "link": _address(link_path),
    }
    values, in_subject = _with_safe_names(values) | common, _with_safe_names(in_subject) | common
    in_sms = values | {"link": _address(short_path(link_path, notice_id))}
    wording = _saying_included_once(kind, wording)
    named = [name for name in places_in(wording.sms) if name not in COMMON_FACTS or name == "link"]
    return Rendered(
        subject=_in_order(_subject(wording.subject, in_subject)),
        body=_in_order(fill(wording.body, values)),
        sms=_one_line(fill(wording.sms, in_sms)),
        sms_parameters={name: in_sms[name] for name in named},
    )


def _address(path: str) -> str:
    return f"{settings.PORTAL_BASE_URL}{path}" if path else ""


def _with_safe_names(values: Mapping[str, str]) -> dict[str, str]:
    return {name: name_in_message(text) if name.endswith("_name") else text for name, text in values.items()}


def _saying_included_once(kind: NoticeKind, wording: Wording) -> Wording:
    """The wording without an administrator's own words that a last day is included: the day itself says so."""
    places = [name for name, manner in kind.facts.items() if manner in LAST_DAYS]
    if not places:
        return wording
    said = re.compile(rf"(\{{(?:{'|'.join(places)})\}}) ?(?:（含当日）|, that day included)")
    return Wording(*(said.sub(r"\1", text) for text in (wording.subject, wording.body, wording.sms)))


def _in_order(text: str) -> str:
    """The text with what is said of a last day in Chinese behind 前, as official letters write it: 4日前（含当日）.

    A text message stays as it is: the operator fills the registered template with the day.
    """
    return _MARK_BEFORE.sub(r"前\1", text)


def _subject(text: str, values: Mapping[str, str]) -> str:
    """A subject of one line that lists of mail show whole: long names in it are cut, the body says them in full."""
    subject = _one_line(fill(text, values))
    for name in NAMES:
        over = len(subject) - LONGEST_SUBJECT_SHOWN
        if over > 0 and name in places_in(text):
            kept = max(len(values[name]) - over - 1, SHORTEST_NAME)
            values = {**values, name: Truncator(values[name]).chars(kept + 1)}
            subject = _one_line(fill(text, values))
    return subject


def _one_line(text: str) -> str:
    return " ".join(text.split())


def preview(
    kind: str, facts: Mapping[str, object], language: str, *, recipient: str = "", link_path: str = ""
) -> Rendered:
    """The notice of this kind as it would read now; nothing is created or sent."""
    return render(kind_of(kind), facts, language_of(language), recipient=recipient, link_path=link_path)


def language_of(asked: str) -> str:
    """The language of notices that matches the one asked for; Chinese when none does."""
    return next((known for known in LANGUAGES if known[:2] == asked[:2]), LANGUAGES[0])
