"""The facts of notices in words: each formatted as its kind declares, in the active language.

Facts are plain JSON values, dates as ISO texts, so that a notice's facts can be stored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registry.calendar.explanations import explain_deadline, explanation_fact, explanation_of
from registry.labels.act_words import outcome_words
from registry.labels.calendar_words import PERIOD_LABELS
from registry.labels.date_format import day, last_day_in_notice, last_day_in_subject
from registry.labels.ending_words import STRUCK_OFF_DECISIONS
from registry.labels.list_words import number_in_text
from registry.labels.office_words import OFFICE_ACTS, OFFICE_SUBJECTS
from registry.labels.offices import office_name
from registry.labels.reasons import reason_lines
from registry.labels.states import label_of
from registry.rules.codes.jurisdictions import province_of
from registry.rules.days.deadlines import Deadline, Period
from registry.rules.days.working_days import Calendar
from registry.rules.end_grounds import EndGround
from registry.rules.office.events import OfficeAct, OfficeSubject
from registry.rules.workflow.states import Kind, Outcome, Role


def deadline_fact(due: Deadline, calendar: Calendar) -> dict[str, Any]:
    """A due day as a fact of the manner `deadline`: the same explanation that the pages show."""
    return explanation_fact(explain_deadline(due, calendar))


def due_fact(on: date, *, provisional: bool) -> dict[str, Any]:
    """The last day of a period as a fact of the manner `due`, which says where it is provisional."""
    return {"on": on.isoformat(), "provisional": provisional}


def words_of(value: Any, manner: str) -> str:
    """A fact in words; `manner` is a key of MANNERS."""
    return MANNERS[manner](value)


def words_in_subject(value: Any, manner: str) -> str:
    """A fact in words where there is room for few: in the subject of a notice."""
    return _due_in_subject(value) if manner == "due" else words_of(value, manner)


def place_description(name: str, manner: str) -> Promise:
    """What a placeholder stands for, as the administrator reads it; described by its manner when unnamed."""
    return _PLACES.get(name) or _DESCRIPTIONS[manner]


def _text(value: Any) -> str:
    return str(value or "").strip()


def _service(value: Any) -> str:
    """The name of the service; a change of the applicant names the applicant, a draft of one all its services."""
    if not isinstance(value, Mapping):
        return _text(value) or _("all services")
    if value["filings"] is None:
        return _text(value["applicant"])
    return ngettext(
        "%(applicant)s (%(count)s filing)", "%(applicant)s (all %(count)s filings)", int(value["filings"])
    ) % {"applicant": value["applicant"], "count": value["filings"]}


def _date(value: Any) -> str:
    return day(date.fromisoformat(value)) if value else ""


def _due(value: Mapping[str, Any]) -> str:
    return last_day_in_notice(date.fromisoformat(value["on"]), provisional=value["provisional"])


def _due_in_subject(value: Mapping[str, Any]) -> str:
    return last_day_in_subject(date.fromisoformat(value["on"]), provisional=value["provisional"])


def _last_day(value: str) -> str:
    return last_day_in_notice(date.fromisoformat(value))


def _said(value: Any) -> str:
    return _text(value) or _("(nothing said)")


def _reasons(value: Sequence[Mapping[str, Any]]) -> str:
    """The reasons, numbered, each with its place, fault, article and remedy, and the address to mend it."""
    lines: list[str] = []
    for number, reason in enumerate(value, start=1):
        first, *more = reason_lines(reason)
        lines.extend([f"{number}. {first}", *(f"   {line}" for line in more)])
        if path := reason.get("path"):
            lines.append(f"   {settings.PORTAL_BASE_URL}{path}")
    return "\n".join(lines)


def _deadline(value: Mapping[str, Any]) -> str:
    """Why the due day is that day, in sentences."""
    return explanation_of(value).text


def _period(value: str) -> str:
    return str(PERIOD_LABELS[Period(value)])


def _lines(value: Sequence[str]) -> str:
    return "\n".join(f"· {line}" for line in value)


def _decision(value: Mapping[str, str]) -> str:
    return str(outcome_words(Kind(value["kind"]), Outcome(value["outcome"])).decided)


MANNERS: Mapping[str, Callable[[Any], str]] = {
    "text": _text,
    "service": _service,
    "number": lambda value: str(int(value)),
    "list_number": lambda value: number_in_text(int(value)),
    "said": _said,
    "date": _date,
    "due": _due,
    "last_day": _last_day,
    "kind": lambda value: str(label_of(Kind(value))),
    "role": lambda value: str(label_of(Role(value))),
    "decision": _decision,
    "ground": lambda value: str(STRUCK_OFF_DECISIONS[EndGround(value)]),
    "province": lambda value: province_of(value).name,
    "reasons": _reasons,
    "deadline": _deadline,
    "period": _period,
    "lines": _lines,
    "lines_or_none": lambda value: _lines(value) or _("(none)"),
    "office_subject": lambda value: str(OFFICE_SUBJECTS[OfficeSubject(value)]),
    "office_act": lambda value: str(OFFICE_ACTS[OfficeAct(value)]),
    "office": lambda value: office_name(value),
}

# The manners of a last day, which says itself that it is included.
LAST_DAYS = frozenset({"due", "last_day"})

_DESCRIPTIONS: Mapping[str, Promise] = {
    "text": gettext_lazy("words"),
    "name": gettext_lazy("the name of whom it is sent to"),
    "address": gettext_lazy("the address of the page it leads to"),
    "service": gettext_lazy("the name of the service"),
    "number": gettext_lazy("a number"),
    "list_number": gettext_lazy("the number of a list; in Chinese a numeral, as in its title"),
    "said": gettext_lazy("what was said, or that nothing was"),
    "date": gettext_lazy("a day with its weekday"),
    "due": gettext_lazy("a last day with its weekday, that day included, and whether it is provisional"),
    "last_day": gettext_lazy("a last day with its weekday, that day included"),
    "kind": gettext_lazy("the kind of application"),
    "role": gettext_lazy("a role"),
    "decision": gettext_lazy("what was decided, in the words of the kind of application"),
    "ground": gettext_lazy("what the striking off is called, by its ground"),
    "province": gettext_lazy("the name of a province"),
    "reasons": gettext_lazy("every reason with its article, what to do and the page that opens it"),
    "deadline": gettext_lazy("why the last day is that day"),
    "period": gettext_lazy("what a deadline is for"),
    "lines": gettext_lazy("several lines"),
    "lines_or_none": gettext_lazy("several lines, or that there are none"),
    "office_subject": gettext_lazy("what of the office is to change"),
    "office_act": gettext_lazy("what the office did"),
    "office": gettext_lazy("the name of an office"),
}

# Placeholders that need more explanation than their manner gives.
_PLACES: Mapping[str, Promise] = {
    "applicant_name": gettext_lazy("the name of the applicant"),
    "receipt_number": gettext_lazy("the receipt number"),
    "number": gettext_lazy("the filing number"),
    "due_on": gettext_lazy("the last day of the period"),
    "old_due_on": gettext_lazy("the last day until now"),
    "new_due_on": gettext_lazy("the last day from now on"),
    "days_left": gettext_lazy("working days left"),
    "day_number": gettext_lazy("the number of the working day"),
    "received_on": gettext_lazy("the day of receipt"),
    "objections_until": gettext_lazy("the last day to object"),
    "answer_by": gettext_lazy("the last day to submit again"),
    "ends_on": gettext_lazy("the day the service ends"),
    "started_on": gettext_lazy("the day the service started"),
    "changed_on": gettext_lazy("the day of the change"),
    "cancelled_on": gettext_lazy("the day of the cancellation"),
    "struck_off_on": gettext_lazy("the day of the striking off"),
    "proceeding_number": gettext_lazy("the number of the proceeding"),
    "basis": gettext_lazy("the legal basis"),
    "served_on": gettext_lazy("the day of service"),
    "statement_by": gettext_lazy("the last day for a statement"),
    "statement_days": gettext_lazy("working days for a statement"),
    "predecessor": gettext_lazy("the number of the filing before it"),
    "expires_on": gettext_lazy("the last day to answer"),
    "valid_until": gettext_lazy("the last day of the letter of authority"),
    "reason": gettext_lazy("the reason given"),
    "note": gettext_lazy("a note to the applicant"),
    "question": gettext_lazy("the question asked"),
    "body_name": gettext_lazy("the name of the body that is consulted"),
    "consultation_due_on": gettext_lazy("the last day for the answer of the body that is consulted"),
    "explanation": gettext_lazy("the explanation given"),
    "year": gettext_lazy("the year of the calendar"),
    "member_name": gettext_lazy("the name of the member"),
    "inviter_name": gettext_lazy("the name of whoever invites"),
    "claimant_name": gettext_lazy("the name of whoever claims"),
}
