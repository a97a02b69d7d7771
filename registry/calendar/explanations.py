"""Why a due day is the day it is: one explanation for pages, papers, notices and the API.

The sentences are in the language now active. The days are those of `registry.rules.days.deadlines.explain`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from registry.labels.calendar_words import reason_label
from registry.labels.reasons import citation
from registry.rules.days.deadlines import Deadline, ExplainedDay, Period, deadline, explain
from registry.rules.days.official_days import shipped_calendar
from registry.rules.days.working_days import HOLIDAYS, Calendar, DayReason

PROVISIONAL = _(
    "Provisional: the State Council has not yet announced the holidays of a year this period reaches. "
    "You will be told if the day moves."
)

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Days in a row that are skipped for one reason."""

    first: date
    last: date
    reason: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A due day with its days, its article, and the sentences that say why."""

    deadline: Deadline
    days: tuple[ExplainedDay, ...]
    basis: str
    sentences: tuple[str, ...]

    @property
    def text(self) -> str:
        """The sentences in one piece."""
        separator = " " if _in_english() else ""
        return separator.join(self.sentences)


def explain_deadline(due: Deadline, calendar: Calendar) -> Explanation:
    """The explanation of a deadline. Raises CalendarInconsistent when another calendar computed it."""
    return _explanation(due, explain(due, calendar))


def _explanation(due: Deadline, days: tuple[ExplainedDay, ...]) -> Explanation:
    basis = basis_of(due)
    sentences = [_rule(due, basis), *_skipped(days), *_worked(days)]
    if due.provisional:
        sentences.append(str(PROVISIONAL))
    return Explanation(due, days, basis, tuple(sentences))


def explanation_fact(explanation: Explanation) -> dict[str, Any]:
    """An explanation as plain JSON values, from which `explanation_of` restores it in any language."""
    found = explanation.deadline
    return {
        "period": found.period.value,
        "event_on": found.event_on.isoformat(),
        "due_on": found.due_on.isoformat(),
        "provisional": found.provisional,
        "calendar_version": found.calendar_version,
        "days": [
            [day.on.isoformat(), day.number, str(day.reason), day.provisional] for day in explanation.days
        ],
    }


def explanation_of(fact: Mapping[str, Any]) -> Explanation:
    """The explanation that a fact holds; one without days, as in sample data, uses the shipped calendar."""
    period, event_on = Period(fact["period"]), date.fromisoformat(fact["event_on"])
    if "days" not in fact:
        calendar = shipped_calendar()
        return explain_deadline(deadline(period, event_on, calendar), calendar)
    days = tuple(
        ExplainedDay(date.fromisoformat(on), number is not None, number, reason, provisional)
        for on, number, reason, provisional in fact["days"]
    )
    kept = Deadline(
        period=period,
        event_on=event_on,
        due_on=date.fromisoformat(fact["due_on"]),
        provisional=fact["provisional"],
        working_days=period.working_days,
        calendar_version=fact["calendar_version"],
    )
    return _explanation(kept, days)


def basis_of(due: Deadline) -> str:
    """The article a deadline rests on, as it is cited."""
    return citation(due.period.article)


def holiday_spans(days: Iterable[ExplainedDay]) -> list[Span]:
    """The holidays among the days, in the order of the dates; neighbours of one name are one span."""
    spans: list[Span] = []
    for day in days:
        if day.reason not in HOLIDAYS:
            continue
        if spans and spans[-1].reason == day.reason and spans[-1].last + _ONE_DAY == day.on:
            spans[-1] = Span(spans[-1].first, day.on, day.reason)
        else:
            spans.append(Span(day.on, day.on, day.reason))
    return spans


def _rule(due: Deadline, basis: str) -> str:
    facts = {
        "count": due.working_days,
        "event": due.event_on.isoformat(),
        "due": due.due_on.isoformat(),
        "basis": basis,
    }
    if due.period.runs_backwards:
        return (
            ngettext(
                "%(count)s working day before %(event)s, that day not counted: on %(due)s at the latest (%(basis)s).",
                "%(count)s working days before %(event)s, that day not counted: on %(due)s at the latest (%(basis)s).",
                due.working_days,
            )
            % facts
        )
    return (
        ngettext(
            "%(count)s working day after %(event)s, that day not counted: until the end of %(due)s (%(basis)s).",
            "%(count)s working days after %(event)s, that day not counted: until the end of %(due)s (%(basis)s).",
            due.working_days,
        )
        % facts
    )


def _skipped(days: tuple[ExplainedDay, ...]) -> Iterator[str]:
    parts = [
        gettext("%(name)s %(days)s") % {"name": reason_label(span.reason), "days": _span_text(span)}
        for span in holiday_spans(days)
    ]
    weekends = sum(day.reason == DayReason.WEEKEND for day in days)
    if weekends:
        parts.append(
            ngettext("%(count)s weekend day", "%(count)s weekend days", weekends) % {"count": weekends}
        )
    if parts:
        yield gettext("Skipped: %(what)s.") % {"what": _listed(parts)}


def _worked(days: tuple[ExplainedDay, ...]) -> Iterator[str]:
    worked = [day.on.isoformat() for day in days if day.counted and day.reason == DayReason.MAKE_UP]
    if worked:
        yield gettext("Counted, because worked in exchange: %(days)s.") % {"days": _listed(worked)}


def _span_text(span: Span) -> str:
    if span.first == span.last:
        return span.first.isoformat()
    return gettext("%(first)s to %(last)s") % {
        "first": span.first.isoformat(),
        "last": span.last.isoformat(),
    }


def _listed(parts: Iterable[str]) -> str:
    return (", " if _in_english() else "、").join(parts)


def _in_english() -> bool:
    return (get_language() or "").startswith("en")
