"""The auditor's pages: the trail of filing events, its export, the trail of members, and the check of one stream."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from registry.cursors import ID, MOMENT, PARAMETER, Key, Keyset, links
from registry.integrity.register import verify_stream
from registry.labels.act_words import recorded_on_any_kind, words_of
from registry.labels.membership_words import MEMBERSHIP_ACTS
from registry.labels.states import label_of
from registry.members.history import entries_of
from registry.members.words import history_line
from registry.models import Event
from registry.office import trail
from registry.office.forms import EventFilterForm
from registry.presentation import trails
from registry.presentation.trails import Trail
from registry.rules.codes.jurisdictions import province_of
from registry.rules.members.events import MembershipAct
from registry.rules.workflow.states import Act, Kind, Role, StreamKind


@require_GET
def events(request: HttpRequest) -> HttpResponse:
    """The trail of filing events, newest first."""
    form = EventFilterForm(request.GET or None)
    return _EVENTS.page(request, "office/events.html", _rows(form), form)


@require_GET
def events_csv(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """All filing events that the same filter selects, as CSV."""
    return _EVENTS.export(_rows(EventFilterForm(request.GET or None)))


@require_GET
def membership_events(request: HttpRequest) -> HttpResponse:
    """The trail of acts about members, newest first."""
    acts = Event.objects.filter(stream_kind=StreamKind.MEMBERSHIP.value)
    found = acts.select_related("applicant", "actor")
    page = _MEMBERSHIP_ORDER.page_or_start(found, request.GET.get(PARAMETER, ""), size=trails.PAGE_SIZE)
    lines = [
        {
            "entry": entry,
            "act": MEMBERSHIP_ACTS[entry.act],
            "text": history_line(entry),
            "province": province_of(entry.event.province_code).name,
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
            "lines": _EVENTS.lines(_events_of(stream_id)),
        }
    return render(request, "office/verify.html", context)


def _rows(form: EventFilterForm) -> QuerySet[Event] | None:
    """The events that the form selects; None when it is not valid or its receipt number is unknown."""
    if not form.is_bound:
        return trail.events_within(trail.EventFilter())
    if not form.is_valid():
        return None
    case = form.cleaned_data["case"]
    stream_id = trail.stream_of(case) if case else None
    if case and stream_id is None:
        form.add_error("case", _("There is no application with this receipt number."))
        return None
    return trail.events_within(form.narrowed(stream_id))


def _events_of(stream_id: uuid.UUID) -> QuerySet[Event]:
    return trail.events_within(trail.EventFilter(stream_id=stream_id, stream_kind=None))


def _act_label(line: trail.EventLine) -> Promise:
    if line.stream_kind is StreamKind.MEMBERSHIP:
        return MEMBERSHIP_ACTS[MembershipAct(line.act)]
    act = Act(line.act)
    return words_of(Kind(line.kind), act).recorded if line.kind else recorded_on_any_kind(act)


def _shown(event: Event) -> dict[str, Any]:
    line = trail.line_of(event)
    return {
        "line": line,
        "act": _act_label(line),
        "who": line.actor_name or label_of(Role(line.actor_role)),
        "role": label_of(Role(line.actor_role)),
        "province": province_of(line.province_code).name,
    }


def _cells(event: Event) -> list[object]:
    shown = _shown(event)
    line: trail.EventLine = shown["line"]
    return [
        timezone.localtime(line.at).isoformat(timespec="microseconds"),
        str(shown["act"]),
        str(shown["who"]),
        str(shown["role"]),
        shown["province"],
        line.receipt_number,
        str(line.stream_id),
        line.sequence,
        line.previous_hash,
        line.hash,
    ]


_EVENTS = Trail(
    "events",
    shown=_shown,
    head=(
        gettext_lazy("Time"),
        gettext_lazy("Act"),
        gettext_lazy("Who"),
        gettext_lazy("Role"),
        gettext_lazy("Province of the case"),
        gettext_lazy("Receipt number"),
        gettext_lazy("Stream"),
        gettext_lazy("Sequence"),
        gettext_lazy("Hash before"),
        gettext_lazy("Hash"),
    ),
    cells=_cells,
)
_MEMBERSHIP_ORDER = Keyset("members", (Key("at", MOMENT, falls=True), Key("id", ID, falls=True)))
