"""Background jobs of the offices. They find their work in the database and may run twice, late, or be killed."""

from __future__ import annotations

from celery import shared_task

from registry import clock
from registry.book import takeovers
from registry.consultations import consultations
from registry.jobs import runs as jobs
from review.case.likeness import refresh_traits
from review.desk.idle_claims import end_idle_claim, idle_claims
from review.desk.passing_on import begin_leave, leaves_to_begin
from review.notices import reminders
from review.notices.desk_notices import events_for_desks, notify_desk
from review.notices.moved_deadlines import moves_awaiting_notice, notify_of_move
from review.visits import visiting

_CASES_AT_ONCE = 200


@shared_task(name="review.tasks.sweep_likeness")
def sweep_likeness() -> int:
    """Creates missing traits, by which likely duplicates are found; returns their number."""
    return refresh_traits()


@shared_task(name="review.tasks.sweep_moved_deadlines")
def sweep_moved_deadlines() -> int:
    """Notifies applicants and offices of deadlines that a holiday notice moved; returns the number of deadlines."""
    return jobs.do_each("tell_move", moves_awaiting_notice(), notify_of_move)


@shared_task(name="review.tasks.sweep_desk_notices")
def sweep_desk_notices() -> int:
    """Notifies offices of events that concern them, once each; returns the number of events."""
    return jobs.do_each("tell_desk", events_for_desks(), notify_desk)


@shared_task(name="review.tasks.sweep_idle_claims")
def sweep_idle_claims() -> int:
    """Ends claims on which nothing was done for the time that is set, each once; returns the number examined."""
    at = clock.now()
    return jobs.do_each("end_claim", idle_claims(at), lambda claim: end_idle_claim(claim, at=at))


@shared_task(name="review.tasks.begin_leaves")
def begin_leaves() -> int:
    """Hands the chosen cases of who goes on leave to the substitutes, each leave once; returns the number examined."""
    at = clock.now()
    return jobs.do_each("begin_leave", leaves_to_begin(at), lambda leave: begin_leave(leave, at=at))


@shared_task(name="review.tasks.sweep_site_visits")
def sweep_site_visits() -> int:
    """Puts the web addresses of cases that arrived at a desk on the list of the visits; returns how many cases."""
    at = clock.now()
    found = visiting.arrived(most=_CASES_AT_ONCE)
    return jobs.do_each(
        visiting.ASKING_FAILURES,
        found,
        lambda application: visiting.ask_for_arrived(application, at=at),
        has_more=len(found) == _CASES_AT_ONCE,
    )


@shared_task(name="review.tasks.settle_takeovers")
def settle_takeovers() -> int:
    """Puts takeovers in effect whose owners had their days to object, each once; returns the number examined."""
    at = clock.now()
    found = takeovers.takeovers_to_settle(at)
    return jobs.do_each("settle_takeover", found, lambda each: takeovers.settle_takeover(each, at=at))


@shared_task(name="review.tasks.remind_desks")
def remind_desks() -> int:
    """Reminds offices of days 10, 15 and 18 of their cases, and of answers of other bodies that are overdue.

    Returns the number of cases and consultations handled.
    """
    at = clock.now()
    found, overdue = reminders.cases_to_remind(at), consultations.to_note_overdue(at)
    reminded = jobs.do_each("remind_desk", found, lambda case: reminders.remind_desk(case, at=at))
    return reminded + jobs.do_each(
        "note_overdue", overdue, lambda each: consultations.note_overdue(each, at=at)
    )
