"""Why a due day is the day it is: one explanation for pages, papers, notices and the API.

The sentences are in the language now active. The days are those of `registry.rules.deadlines.explain`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from registry.labels.days import reason_label
from registry.rules.deadlines import Deadline, ExplainedDay, explain
from registry.rules.provisions import find_provision
from registry.rules.working_days import HOLIDAYS, Calendar, DayReason

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


def explain_deadline(deadline: Deadline, calendar: Calendar) -> Explanation:
    """The explanation of a deadline. Raises CalendarInconsistent when another calendar computed it."""
    days = explain(deadline, calendar)
    basis = basis_of(deadline)
    sentences = [_rule(deadline, basis), *_skipped(days), *_worked(days)]
    if deadline.provisional:
        sentences.append(str(PROVISIONAL))
    return Explanation(deadline, days, basis, tuple(sentences))


def basis_of(deadline: Deadline) -> str:
    """The article a deadline rests on, as it is cited."""
    provision = find_provision(deadline.period.article)
    return provision.citation_en if _in_english() else provision.citation_zh


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


def _rule(deadline: Deadline, basis: str) -> str:
    facts = {
        "count": deadline.working_days,
        "event": deadline.event_on.isoformat(),
        "due": deadline.due_on.isoformat(),
        "basis": basis,
    }
    if deadline.period.runs_backwards:
        return (
            ngettext(
                "%(count)s working day before %(event)s, that day not counted: on %(due)s at the latest (%(basis)s).",
                "%(count)s working days before %(event)s, that day not counted: on %(due)s at the latest (%(basis)s).",
                deadline.working_days,
            )
            % facts
        )
    return (
        ngettext(
            "%(count)s working day after %(event)s, that day not counted: until the end of %(due)s (%(basis)s).",
            "%(count)s working days after %(event)s, that day not counted: until the end of %(due)s (%(basis)s).",
            deadline.working_days,
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
