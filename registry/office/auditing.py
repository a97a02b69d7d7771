"""The auditor's pages: the trail of events, its export, the trail of members, and the check of one stream."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from registry.cursors import ID, MOMENT, PARAMETER, Key, Keyset, links
from registry.integrity.register import verify_stream
from registry.labels.act_words import recorded_on_any_kind, words_of
from registry.labels.consultation_words import CONSULTATION_ACTS
from registry.labels.ending_words import STRIKING_OFF_ACTS
from registry.labels.list_words import LIST_ACTS
from registry.labels.membership_words import MEMBERSHIP_ACTS, act_words
from registry.labels.objection_words import OBJECTION_ACTS
from registry.labels.office_words import OFFICE_ACTS
from registry.labels.province_words import full_name
from registry.labels.quality_words import ROUND_ACTS
from registry.labels.states import label_of
from registry.members.history import entries_of
from registry.members.words import history_line
from registry.models import Event
from registry.office import trail
from registry.office.forms import EventFilterForm
from registry.office.office_lines import Stated, names_of_officers, stated_by
from registry.presentation import trails
from registry.presentation.trails import Trail
from registry.rules.batches.lifecycle import ListAct
from registry.rules.consultations.lifecycle import ConsultationAct
from registry.rules.endings.lifecycle import StrikingOffAct
from registry.rules.members.events import MembershipAct
from registry.rules.objections.lifecycle import ObjectionAct
from registry.rules.office.events import OfficeAct
from registry.rules.quality.lifecycle import RoundAct
from registry.rules.workflow.states import Act, Kind, Role, StreamKind


@require_GET
def events(request: HttpRequest) -> HttpResponse:
    """The trail of events, newest first."""
    form = EventFilterForm(request.GET or None)
    return _events_trail().page(request, "office/events.html", form.selected(), form)


@require_GET
def events_csv(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """All events that the same filter selects, as CSV."""
    return _events_trail().export(EventFilterForm(request.GET or None).selected())


@require_GET
def membership_events(request: HttpRequest) -> HttpResponse:
    """The trail of acts about members, newest first."""
    acts = Event.objects.filter(stream_kind=StreamKind.MEMBERSHIP.value)
    found = acts.select_related("applicant", "actor")
    page = _MEMBERSHIP_ORDER.page_or_start(found, request.GET.get(PARAMETER, ""), size=trails.PAGE_SIZE)
    lines = [
        {
            "entry": entry,
            "act": act_words(entry.act, entry.facts),
            "text": history_line(entry),
            "province": full_name(entry.event.province_code),
        }
        for entry in entries_of(page.rows)
    ]
    return render(request, "office/membership_events.html", {"lines": lines, **links(request, page)})


@require_GET
def verify(request: HttpRequest) -> HttpResponse:
    """Verifies one stream, given by its id or by the receipt number of one of its applications."""
    asked = request.GET.get("stream", "").strip()[:40]
    stream_id = trail.stream_of(asked) if asked else None
    context: dict[str, Any] = {"asked": asked, "is_unknown": bool(asked) and stream_id is None}
    if stream_id is not None:
        report = verify_stream(stream_id)
        context |= {
            "stream_id": stream_id,
            "event_count": report.counts["events"],
            "violations": [str(violation) for violation in report.violations],
            "lines": _events_trail().lines(trail.events_shown().filter(stream_id=stream_id)),
        }
    return render(request, "office/verify.html", context)


def _act_label(event: Event) -> Promise:
    if event.stream_kind == StreamKind.MEMBERSHIP:
        return MEMBERSHIP_ACTS[MembershipAct(event.act)]
    if event.stream_kind == StreamKind.BATCH_LIST:
        return LIST_ACTS[ListAct(event.act)]
    if event.stream_kind == StreamKind.OBJECTION:
        return OBJECTION_ACTS[ObjectionAct(event.act)]
    if event.stream_kind == StreamKind.STRIKING_OFF:
        return STRIKING_OFF_ACTS[StrikingOffAct(event.act)]
    if event.stream_kind == StreamKind.CONSULTATION:
        return CONSULTATION_ACTS[ConsultationAct(event.act)]
    if event.stream_kind == StreamKind.QUALITY_ROUND:
        return ROUND_ACTS[RoundAct(event.act)]
    if event.stream_kind == StreamKind.OFFICE:
        return OFFICE_ACTS[OfficeAct(event.act)]
    act, application = Act(event.act), event.application
    return (
        recorded_on_any_kind(act) if application is None else words_of(Kind(application.kind), act).recorded
    )


def _shown(event: Event, names: Mapping[str, str]) -> dict[str, Any]:
    role = label_of(Role(event.actor_role))
    return {
        "event": event,
        "act": _act_label(event),
        "who": (event.actor.name if event.actor is not None else "") or role,
        "role": role,
        "province": full_name(event.province_code) if event.province_code else "",
        "stated": stated_by(event, names),
    }


def _cells(event: Event, names: Mapping[str, str]) -> list[object]:
    shown = _shown(event, names)
    stated: Stated | None = shown["stated"]
    return [
        timezone.localtime(event.at).isoformat(timespec="microseconds"),
        *(str(shown[name]) for name in ("act", "who", "role", "province")),
        event.application.receipt_number if event.application is not None else "",
        *(("", "", "") if stated is None else (stated.about, "; ".join(stated.changes), stated.reason)),
        str(event.stream_id),
        event.sequence,
        event.previous_hash,
        event.hash,
    ]


def _events_trail() -> Trail[Event]:
    """The trail, with the names of officers as they are now: one query, however many rows are shown."""
    names = names_of_officers()
    return Trail(
        "events",
        shown=lambda event: _shown(event, names),
        head=_HEAD,
        cells=lambda event: _cells(event, names),
    )


_HEAD = (
    gettext_lazy("Time"),
    gettext_lazy("Act"),
    gettext_lazy("Who"),
    gettext_lazy("Role"),
    gettext_lazy("Province of the case"),
    gettext_lazy("Receipt number"),
    gettext_lazy("About"),
    gettext_lazy("What changed"),
    gettext_lazy("Reason"),
    gettext_lazy("Stream"),
    gettext_lazy("Sequence"),
    gettext_lazy("Hash before"),
    gettext_lazy("Hash"),
)
_MEMBERSHIP_ORDER = Keyset("members", (Key("at", MOMENT, falls=True), Key("id", ID, falls=True)))
