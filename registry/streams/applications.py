"""The events about one application: its own, and the changes of its applicant that reached it."""

from __future__ import annotations

from django.db.models import QuerySet

from registry.models import Application, Event
from registry.rules.workflow.states import UNDECIDED_STATES, Act, Kind, Standing, State


def own_events(application: Application) -> QuerySet[Event]:
    """The events of an application with their actors, in sequence."""
    return Event.objects.filter(application=application).select_related("actor").order_by("sequence")


def events_about(application: Application) -> list[Event]:
    """Its own events, and the changes of the applicant that reached its filing while it was not settled.

    Those are events of the filing, which name none of its applications.
    """
    own = list(own_events(application))
    if application.filing_id is None:
        return own
    changes = Event.objects.filter(filing=application.filing_id, act=Act.APPLICANT_CHANGED.value)
    start, end = (own[0].sequence, own[-1].sequence) if own else (0, 0)
    is_waiting = State(application.state) in UNDECIDED_STATES or (
        application.kind == Kind.INITIAL
        and application.filing is not None
        and application.filing.standing == Standing.AWAITING_NUMBER
    )
    reached = [
        event
        for event in changes.select_related("actor")
        if event.sequence > start and (is_waiting or event.sequence < end)
    ]
    return sorted([*own, *reached], key=lambda event: event.sequence)


def latest_sequence(application: Application) -> int:
    """The sequence of the latest event about an application: what a screen has shown is measured by it."""
    return events_about(application)[-1].sequence
