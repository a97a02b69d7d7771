"""The auditor's pages: the trail of filing events, its export, the trail of members, and the check of one stream."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from registry import clock
from registry.cursors import Position
from registry.integrity.register import verify_stream
from registry.labels.states import event_label, label_of
from registry.members.words import history_line
from registry.models import MembershipEvent
from registry.office import trail
from registry.office.forms import EventFilterForm
from registry.presentation.csv_lines import csv_lines
from registry.rules.codes.jurisdictions import province_of
from registry.rules.workflow.states import Role


@require_GET
def events(request: HttpRequest) -> HttpResponse:
    """The trail of filing events, newest first."""
    form = EventFilterForm(request.GET or None)
    narrowed = _narrowed(form)
    lines: list[trail.EventLine] = []
    following = None
    if narrowed is not None:
        lines, following = trail.page_of_events(narrowed, Position.parse(request.GET.get("after", "")))
    query = request.GET.copy()
    query.pop("after", None)
    filters = query.urlencode()
    if following is not None:
        query["after"] = str(following)
    return render(
        request,
        "office/events.html",
        {
            "form": form,
            "lines": [_shown(line) for line in lines],
            "filters": filters,
            "first_url": f"?{filters}" if request.GET.get("after") else "",
            "next_url": f"?{query.urlencode()}" if following is not None else "",
        },
    )


@require_GET
def events_csv(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """All filing events that the same filter selects, as CSV."""
    narrowed = _narrowed(EventFilterForm(request.GET or None))
    if narrowed is None:
        return HttpResponse(status=400)
    response = StreamingHttpResponse(_csv_lines(narrowed), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="events-{clock.today().isoformat()}.csv"'
    return response


@require_GET
def membership_events(request: HttpRequest) -> HttpResponse:
    """The trail of acts about members, newest first; `before` is the id of the last line of the previous page."""
    before = request.GET.get("before", "")
    found = MembershipEvent.objects.select_related("applicant", "actor", "account", "invitation")
    if before.isascii() and before.isdigit():
        found = found.filter(pk__lt=int(before[:18]))
    events = list(found.order_by("-id")[: trail.PAGE_SIZE + 1])
    shown = events[: trail.PAGE_SIZE]
    return render(
        request,
        "office/membership_events.html",
        {
            "lines": [
                {
                    "event": event,
                    "text": history_line(event),
                    "province": province_of(event.province_code).name,
                }
                for event in shown
            ],
            "first_url": request.path if before else "",
            "next_url": f"?before={shown[-1].pk}" if len(events) > trail.PAGE_SIZE else "",
        },
    )


@require_GET
def verify(request: HttpRequest) -> HttpResponse:
    """Verifies one stream, given by its id or by the receipt number of one of its applications."""
    asked = request.GET.get("stream", "").strip()[:40]
    stream_id = trail.stream_of(asked) if asked else None
    context: dict[str, Any] = {"asked": asked, "is_unknown": bool(asked) and stream_id is None}
    if stream_id is not None:
        report = verify_stream(stream_id)
        lines, _following = trail.page_of_events(trail.EventFilter(stream_id=stream_id), None)
        context |= {
            "stream_id": stream_id,
            "event_count": report.counts["events"],
            "violations": [str(violation) for violation in report.violations],
            "lines": [_shown(line) for line in lines],
        }
    return render(request, "office/verify.html", context)


def _narrowed(form: EventFilterForm) -> trail.EventFilter | None:
    """The filter; None when the form is not valid or its receipt number is unknown."""
    if not form.is_bound:
        return trail.EventFilter()
    if not form.is_valid():
        return None
    case = form.cleaned_data["case"]
    stream_id = trail.stream_of(case) if case else None
    if case and stream_id is None:
        form.add_error("case", _("There is no application with this receipt number."))
        return None
    return form.narrowed(stream_id)


def _shown(line: trail.EventLine) -> dict[str, Any]:
    return {
        "line": line,
        "act": event_label(line.act),
        "who": line.actor_name or label_of(Role(line.actor_role)),
        "role": label_of(Role(line.actor_role)),
        "province": province_of(line.province_code).name,
    }


def _csv_lines(narrowed: trail.EventFilter) -> Iterator[str]:
    head = [
        _("Time"),
        _("Act"),
        _("Who"),
        _("Role"),
        _("Province of the case"),
        _("Receipt number"),
        _("Stream"),
        _("Sequence"),
        _("Hash before"),
        _("Hash"),
    ]
    return csv_lines(head, (_row(line) for line in trail.all_events(narrowed)))


def _row(line: trail.EventLine) -> list[object]:
    shown = _shown(line)
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
