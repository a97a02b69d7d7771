"""The papers that events call for: receipts, requests to correct, decision notices, the decision to strike off.

Which events these are, their effects say: to the sweep that makes the papers, the pages that list them and the views
that serve them.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from registry import clock
from registry.documents.certificates import has_certificate
from registry.documents.decisions import correction_request, decision_notice
from registry.documents.endings import striking_off_decision
from registry.documents.issuing import issue
from registry.documents.receipts import acceptance_receipt
from registry.errors import NotFound
from registry.labels import act_words
from registry.models import Application, Event, EventEffect, Filing, IssuedDocument, JobFailure
from registry.rules.office.papers import paper_number
from registry.rules.workflow.effects import EffectKind
from registry.rules.workflow.events import outcome_of
from registry.rules.workflow.states import Act, Kind, Outcome
from registry.streams import effects

# The name of the job under which the sweep stores its failures.
FAILURES = "make_document"

_RECEIPT_ACTS = (Act.SUBMIT.value, Act.RESUBMIT.value)
_MAKERS: Mapping[str, Callable[[Event], bytes]] = {
    Act.ASK.value: correction_request,
    Act.STRIKE_OFF.value: striking_off_decision,
}


@dataclass(frozen=True, slots=True)
class Paper:
    """A link to one paper of an application, as `includes/papers.html` shows it."""

    label: Promise | str
    url: str
    on: date | None = None
    number: str = ""


def papers_of(application: Application) -> list[Paper]:
    """The receipts, requests to correct and decisions of an application, oldest first.

    Each is made at the latest when it is opened, and has its number from then on.
    """
    events = _with_paper().filter(application=application).order_by("sequence")
    matter = Kind(application.kind)
    papers: list[Paper] = []
    round_number = 0
    for event in _with_number(events):
        round_number += kind_of(event) is IssuedDocument.Kind.RECEIPT
        label = _label_of(event, matter)
        if round_number > 1:
            label = _("%(paper)s, round %(number)s") % {"paper": label, "number": round_number}
        papers.append(_paper(event, label))
    return papers


def papers_for_applicant(application: Application) -> list[Paper]:
    """All papers of an application: receipts, requests to correct, decision notices, certificate and the case file."""
    found = papers_of(application)
    if application.filing is not None and has_certificate(application.filing):
        found.append(certificate_paper(application.filing))
    return [*found, _whole(application, act_words.whole_application)]


def papers_of_filing(filing: Filing) -> list[Paper]:
    """The papers about a filing itself: its certificate while it is in force, the decision when it is struck off."""
    decided = _with_paper().filter(filing=filing, application__isnull=True).order_by("sequence")
    found = [_paper(event, kind_of(event).label) for event in _with_number(decided)]
    return [*found, certificate_paper(filing)] if has_certificate(filing) else found


def certificate_paper(filing: Filing) -> Paper:
    """The link to the certificate of a filing in force."""
    return Paper(IssuedDocument.Kind.CERTIFICATE.label, reverse("files:certificate", args=[filing.pk]))


def whole_case(application: Application) -> Paper:
    """The link to the whole case, as the office reads it."""
    return _whole(application, act_words.whole_case)


def name_of(document: IssuedDocument) -> Promise | str:
    """What a document is called, in the words of the kind of application that it is about."""
    kind, application = IssuedDocument.Kind(document.kind), document.application
    if application is None:
        return kind.label
    matter = Kind(application.kind)
    if kind is IssuedDocument.Kind.DECISION:
        return _label_of(document.event, matter)
    whole = {
        IssuedDocument.Kind.OWN_CASE: act_words.whole_application,
        IssuedDocument.Kind.OFFICE_CASE: act_words.whole_case,
    }
    return whole[kind](matter).link if kind in whole else kind.label


def kind_of(event: Event) -> IssuedDocument.Kind:
    """The kind of paper that an event calls for; the event must call for one."""
    if event.act == Act.ASK:
        return IssuedDocument.Kind.REQUEST
    is_receipt = event.act in _RECEIPT_ACTS
    return IssuedDocument.Kind.RECEIPT if is_receipt else IssuedDocument.Kind.DECISION


def event_of_paper(event_id: uuid.UUID) -> Event:
    """The event with this id. Raises NotFound unless it calls for a paper."""
    event = _with_paper().select_related("application", "filing").filter(pk=event_id).first()
    if event is None:
        raise NotFound("not_found")
    return event


def issue_paper(event_id: uuid.UUID) -> IssuedDocument:
    """The paper that an event calls for, made now if it does not exist. Raises NotFound, StorageFull.

    A joint submission has one receipt, made from the event of its first application.
    """
    event = event_of_paper(event_id)
    kind = kind_of(event)
    if kind is IssuedDocument.Kind.RECEIPT:
        first = _first_of_joint_submission(event)
        return issue(kind, first, lambda: acceptance_receipt(first), effect=EffectKind.PAPER)
    make = _MAKERS.get(event.act, decision_notice)
    return issue(kind, event, lambda: make(event), effect=EffectKind.PAPER)


def to_make(*, most: int) -> list[uuid.UUID]:
    """At most `most` events whose paper has not been made, oldest first; those that failed before come last."""
    failed = JobFailure.objects.filter(job=FAILURES, subject_id=OuterRef("event"))
    found = effects.undone(EffectKind.PAPER).annotate(has_failed=Exists(failed))
    in_order = found.order_by("has_failed", "event__at", "event")
    return list(in_order.values_list("event_id", flat=True)[:most])


def _with_number(events: QuerySet[Event]) -> QuerySet[Event]:
    """The events with what the link to a paper shows."""
    number = ("paper_number__mark", "paper_number__year", "paper_number__serial")
    return events.select_related("paper_number").only("pk", "act", "at", "payload", *number)


def _paper(event: Event, label: Promise | str) -> Paper:
    url, on = reverse("files:paper", args=[event.pk]), clock.china_date(event.at)
    given = getattr(event, "paper_number", None)
    number = paper_number(given.mark, given.year, given.serial) if given is not None else ""
    return Paper(label, url, on, number)


def _whole(application: Application, words: Callable[[Kind], act_words.WholeWords]) -> Paper:
    return Paper(words(Kind(application.kind)).link, reverse("files:case_file", args=[application.pk]))


def _label_of(event: Event, matter: Kind) -> Promise | str:
    """What the paper of an application's event is called; a decision notice by what was decided."""
    kind = kind_of(event)
    if kind is not IssuedDocument.Kind.DECISION:
        return kind.label
    outcome = outcome_of(Act(event.act), event.payload) or Outcome.APPROVAL
    return act_words.outcome_words(matter, outcome).notice


def _with_paper() -> QuerySet[Event]:
    """The events with a paper: of their own, or as submissions that share the receipt of a joint submission."""
    own = EventEffect.objects.filter(event=OuterRef("pk"), kind=EffectKind.PAPER.value)
    return Event.objects.filter(Q(act=Act.SUBMIT.value) | Exists(own))


def _first_of_joint_submission(event: Event) -> Event:
    """The submission with the lowest receipt number in the event's joint submission; otherwise the event itself."""
    application = event.application
    if event.act != Act.SUBMIT or application is None or application.together_id is None:
        return event
    together = Event.objects.filter(act=Act.SUBMIT.value, application__together_id=application.together_id)
    return together.order_by("application__receipt_number").select_related("application", "filing")[0]
