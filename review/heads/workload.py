"""The workload tables for heads: per officer, time at each desk, coming due days, lateness by month.

The page and its export use the same tables.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from registry import clock
from registry.calendar.current import current_calendar
from registry.labels.consultation_words import BODIES
from registry.labels.date_format import due_day
from registry.labels.province_words import full_name
from registry.labels.states import label_of
from registry.models import Account
from registry.presentation.day_fields import FIRST_DAY
from registry.rules.days.working_days import Calendar, add_working_days
from registry.rules.particulars.materials import date_of
from registry.rules.workflow.decision_clock import Place
from registry.rules.workflow.states import Kind, Role
from registry.statistics import offices
from registry.statistics.daily import CLOCKS, FigureName, Figures, month_figures
from registry.statistics.decision_times import times_in
from registry.statistics.months import acts_of_office
from review.access import OFFICE_ROLES, colleagues_of, office_of
from review.desk.actions import FINAL_ACTS, OFFICER_ACTS
from review.desk.claims import claims_here
from review.heads.standing import FORECAST_WORKING_DAYS, Standing, standing_of

MONTHS = 12
_ONE_DAY = timedelta(days=1)
# Where a cell's value comes into the form of a row.
_PLACE = format_html("{}", "{}")


@dataclass(frozen=True)
class Table:
    """One table of the page; `key` names it in the address of its export."""

    key: str
    title: Promise
    note: Promise
    head: tuple[str, ...]
    rows: Sequence[tuple[object, ...]]
    empty: Promise

    @cached_property
    def body(self) -> SafeString:
        """The rows as HTML, each cell with its column's label, which narrow screens show in the cell.

        Written here: the table of a whole country has thousands of cells, and a template takes longer for them than the
        database to count them. The form of a row is made once, with its labels.
        """
        first, *others = self.head
        cells = format_html_join("", '<td data-label="{}">{}</td>', ((each, _PLACE) for each in others))
        row = format_html('<tr><th scope="row" data-label="{}">{}</th>{}</tr>', first, _PLACE, cells)
        return format_html_join("", row, self.rows)


def tables_for(head: Account, *, month: date, at: datetime) -> list[Table]:
    """Every table a head sees: of its own province, or of the whole country. `month` is a month's first day."""
    calendar, today = current_calendar(), clock.china_date(at)
    standing = standing_of(head, calendar=calendar, today=today)
    code = head.province_code
    figures = month_figures(
        since=_first_month(today),
        until=today,
        calendar=calendar,
        province_code=code,
        names={*CLOCKS, FigureName.RECEIVED},
    )
    return [
        _officers(head, month=month, at=at),
        _desks(standing, offices.desk_averages(month, calendar=calendar, province_code=code)),
        _forecast(standing, calendar=calendar),
        _months(figures),
        _times(figures),
        _late_marks(figures),
        _consultations(head, today=today),
    ]


def month_of(text: str, *, today: date) -> date:
    """The first day of a month given as 2026-11; the present month for anything else, later or out of bounds."""
    month, present = date_of(f"{text}-01"), today.replace(day=1)
    return month if month is not None and FIRST_DAY <= month <= present else present


def months_to_choose(today: date) -> list[str]:
    """The last twelve months, newest first."""
    months = [today.replace(day=1)]
    while len(months) < MONTHS:
        months.append((months[-1] - _ONE_DAY).replace(day=1))
    return [f"{month:%Y-%m}" for month in months]


def _officers(head: Account, *, month: date, at: datetime) -> Table:
    """The officers of the office, and who did something there in the month and works there no more."""
    office = office_of(head)
    colleagues = list(colleagues_of(head))
    held = Counter(claims_here(office, at=at).values_list("officer", flat=True))
    acts = acts_of_office(month, OFFICER_ACTS, roles=OFFICE_ROLES[office], province_code=head.province_code)
    done: Counter[object] = Counter()
    decided: Counter[object] = Counter()
    former_roles: dict[uuid.UUID, Role] = {}
    for (actor, role, act), count in acts.items():
        former_roles[actor] = role
        done[actor] += count
        if act in FINAL_ACTS:
            decided[actor] += count
    former = Account.objects.filter(pk__in=former_roles.keys() - {each.pk for each in colleagues})
    return Table(
        "officers",
        gettext_lazy("Per officer"),
        gettext_lazy("Cases claimed now; acts and decisions in the month."),
        (_("Officer"), _("Role"), _("Claimed now"), _("Acts"), _("Decisions")),
        [
            *(
                (each.name, str(label_of(each.acts_as)), held[each.pk], done[each.pk], decided[each.pk])
                for each in colleagues
            ),
            *(
                (
                    each.name,
                    _("%(role)s (formerly)") % {"role": label_of(former_roles[each.pk])},
                    held[each.pk],
                    done[each.pk],
                    decided[each.pk],
                )
                for each in former.order_by("name", "id")
            ),
        ],
        gettext_lazy("The office has no officers."),
    )


def _desks(standing: Standing, averages: Mapping[str, offices.DeskAverage]) -> Table:
    lying: Counter[tuple[str, Place]] = Counter()
    late: Counter[str] = Counter()
    soon: Counter[str] = Counter()
    for row in standing.rows:
        lying[row.province_code, row.place] += row.count
        late[row.province_code] += row.count if standing.is_late(row) else 0
        soon[row.province_code] += row.count if standing.is_soon(row) else 0
    codes = sorted({code for code, _at in lying} | set(averages))
    empty = offices.DeskAverage()
    return Table(
        "desks",
        gettext_lazy("Time at each desk"),
        gettext_lazy(
            "Open cases now; working days at each desk, on average over the rounds decided in the month."
        ),
        (
            _("Province"),
            _("At the province"),
            _("At the national office"),
            _("Decided, not yet delivered"),
            _("Late now"),
            _("Due within 5 working days"),
            _("Rounds decided"),
            _("Days at the province"),
            _("Days at the national office"),
        ),
        [
            (
                full_name(code),
                lying[code, Place.PROVINCE],
                lying[code, Place.NATION],
                lying[code, Place.UNDELIVERED],
                late[code],
                soon[code],
                averages.get(code, empty).rounds,
                _average(averages.get(code, empty).at(Role.PROVINCIAL_REVIEWER)),
                _average(averages.get(code, empty).at(Role.NATIONAL_REVIEWER)),
            )
            for code in codes
        ],
        gettext_lazy("Nothing is open, and nothing was decided in the month."),
    )


def _forecast(standing: Standing, *, calendar: Calendar) -> Table:
    today = standing.today
    due: Counter[tuple[date, Place]] = Counter()
    provisional: dict[date, bool] = {}
    for row in standing.rows:
        due[row.due.due_on, row.place] += row.count
        provisional[row.due.due_on] = row.due.provisional
    last = add_working_days(today, FORECAST_WORKING_DAYS, calendar)
    days = sorted(on for on in provisional if today <= on <= last)
    return Table(
        "forecast",
        gettext_lazy("Coming breaches"),
        gettext_lazy(
            "What becomes late when these days end, if nobody decides or the decision is not delivered: the next 10"
            " working days."
        ),
        (_("Last day"), _("At the province"), _("At the national office"), _("Decided, not yet delivered")),
        [
            (
                due_day(on, provisional=provisional[on]),
                due[on, Place.PROVINCE],
                due[on, Place.NATION],
                due[on, Place.UNDELIVERED],
            )
            for on in days
        ],
        gettext_lazy("Nothing is due within the next 10 working days."),
    )


def _months(figures: Figures) -> Table:
    return Table(
        "months",
        gettext_lazy("Lateness by month"),
        gettext_lazy("Each lateness is counted once, with the desk that held the case when day 20 ended."),
        (
            _("Month"),
            _("Clocks closed"),
            _("Closed late"),
            _("In time, percent"),
            _("Late at provinces"),
            _("Late at the national office"),
            _("Day 15 missed"),
        ),
        [
            (
                f"{line.month:%Y-%m}",
                line.closed,
                line.closed_late,
                "—" if line.share_in_time.percent is None else f"{line.share_in_time.percent}",
                line.late_at_provinces,
                line.late_at_nation,
                line.missed_by_provinces,
            )
            for line in offices.months_of_clocks(figures)
        ],
        gettext_lazy("No clock was closed in the last twelve months."),
    )


def _times(figures: Figures) -> Table:
    return Table(
        "times",
        gettext_lazy("Decision times by month and province"),
        gettext_lazy(
            "Working days from the day after receipt until the clock closed: 20 are given (Art. 12)."
        ),
        (
            _("Month"),
            _("Province"),
            _("Clocks closed"),
            _("In time"),
            _("In time, percent"),
            _("Average working days"),
            _("Longest"),
        ),
        [
            (
                f"{line.month:%Y-%m}",
                full_name(line.province_code),
                line.closed,
                line.in_time,
                f"{line.share_in_time.percent}",
                f"{line.average}",
                line.longest,
            )
            for line in times_in(figures)
        ],
        gettext_lazy("No clock was closed in the last twelve months."),
    )


def _first_month(today: date) -> date:
    return month_of(months_to_choose(today)[-1], today=today)


def _late_marks(figures: Figures) -> Table:
    marks = offices.late_marks(figures)
    late = {(line.province_code, line.kind): line for line in marks}
    codes = sorted({line.province_code for line in marks})
    return Table(
        "marks",
        gettext_lazy("Late submissions"),
        gettext_lazy(
            "Applications received in the last twelve months by kind: how many came after their period (Art. 11),"
            " of how many."
        ),
        (_("Province"), *(str(label_of(kind)) for kind in Kind)),
        [(full_name(code), *(_late_of(late.get((code, kind))) for kind in Kind)) for code in codes],
        gettext_lazy("Nothing was received in the last twelve months."),
    )


def _consultations(head: Account, *, today: date) -> Table:
    lines = offices.consultations(since=_first_month(today), today=today, province_code=head.province_code)
    return Table(
        "consultations",
        gettext_lazy("Consultations"),
        gettext_lazy("Questions to other bodies about cases, sent in the last twelve months, by body."),
        (
            _("Body"),
            _("Sent"),
            pgettext("state of a consultation", "Answered"),
            _("Answered late"),
            _("Withdrawn"),
            _("Awaited"),
            _("Overdue"),
            _("Decided without"),
        ),
        [
            (
                str(BODIES[line.body]),
                line.sent,
                line.answered,
                line.answered_late,
                line.withdrawn,
                line.awaited,
                line.overdue,
                line.decided_without,
            )
            for line in lines
        ],
        gettext_lazy("No other body was consulted in the last twelve months."),
    )


def _late_of(line: offices.LateMarks | None) -> str:
    return "—" if line is None else _("%(late)s of %(all)s") % {"late": line.late, "all": line.submitted}


def _average(value: float | None) -> str:
    return "—" if value is None else f"{value:.1f}"
