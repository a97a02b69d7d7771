"""The month on a few pages for the leader, in Chinese as all papers are: what the figures say, two charts, the figures.

A sentence is made from figures that stand in the report's own tables, and says no more than they do. What is compared
with the month before is a month that is over, with one that the register has anything of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import override

from registry import clock
from registry.calendar.current import current_calendar
from registry.documents.paper_settings import office_code_of, settings_of
from registry.documents.printing import LANGUAGE, render
from registry.labels.province_words import full_name, short_name
from registry.labels.states import label_of
from registry.models import Account
from registry.rules.codes.jurisdictions import PROVINCES
from registry.rules.workflow.decision_clock import Place
from registry.rules.workflow.states import PROVINCE, Kind, Outcome, Role
from registry.statistics import offices
from registry.statistics.daily import CLOCKS, month_figures
from registry.statistics.months import (
    MonthOfApplications,
    acts_of_office,
    month_after,
    month_before,
    month_of_applications,
)
from review.access import OFFICE_ROLES, colleagues_of, office_of
from review.desk.actions import FINAL_ACTS, OFFICER_ACTS
from review.heads.bar_chart import BarChart, Column, bar_chart
from review.heads.standing import Standing, standing_of

_MONTHS_SHOWN = 12
_TENTH = Decimal("0.1")
# As many provinces as are named in one sentence.
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Everything that a report says, counted once.

    `today` is the day it was made. `months` are those of the decision clocks up to the report's, by their first days;
    `before` is the month before, None where the register has nothing of it or of any month before the report's.
    `officers` are names with what each did and decided.
    """

    month: date
    today: date
    is_province: bool
    now: MonthOfApplications
    before: MonthOfApplications | None
    months: Mapping[date, offices.MonthOfClocks]
    desks: Mapping[str, offices.DeskAverage]
    standing: Standing
    officers: Sequence[tuple[str, int, int]]

    @property
    def is_running(self) -> bool:
        """Whether the month is not over yet."""
        return self.today < month_after(self.month)

    @property
    def clocks(self) -> offices.MonthOfClocks:
        """The decision clocks of the report's month."""
        return self.months.get(self.month, offices.MonthOfClocks(self.month))


@dataclass(frozen=True, slots=True)
class ReportTable:
    """One table of the report."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


def monthly_report(head: Account, *, month: date, at: datetime) -> bytes:
    """The report of a head's office on the month that begins on `month`, as PDF: its province, or the whole country."""
    figures = figures_of(head, month=month, at=at)
    with override(LANGUAGE):
        context = {
            "office_name": settings_of(office_code_of(head.acts_as, head.province_code)).office_name,
            "month": month,
            "made_on": figures.today,
            "is_running": figures.is_running,
            "sentences": list(sentences_of(figures)),
            "charts": list(charts_of(figures)),
            "tables": list(tables_of(figures)),
        }
        return render("documents/monthly_report.html", context)


def figures_of(head: Account, *, month: date, at: datetime) -> Figures:
    """The figures of a head's office on the month that begins on `month`."""
    code, today = head.province_code, clock.china_date(at)
    since = _months_back(month, _MONTHS_SHOWN - 1)
    until = min(month_after(month) - timedelta(days=1), today)
    counted = month_figures(
        since=since, until=until, calendar=current_calendar(), province_code=code, names=CLOCKS
    )
    now = month_of_applications(month, province_code=code)
    before = month_of_applications(month_before(month), province_code=code)
    return Figures(
        month=month,
        today=today,
        is_province=head.acts_as in PROVINCE,
        now=now,
        before=before if offices.has_applications_before(month, province_code=code) else None,
        months={line.month: line for line in offices.months_of_clocks(counted)},
        desks=offices.desk_averages(month, calendar=current_calendar(), province_code=code),
        standing=standing_of(head, calendar=current_calendar(), today=today),
        officers=_officers(head, month),
    )


def _officers(head: Account, month: date) -> list[tuple[str, int, int]]:
    """The officers of the office, and whoever did something there in the month and works there no more."""
    acts = acts_of_office(
        month, OFFICER_ACTS, roles=OFFICE_ROLES[office_of(head)], province_code=head.province_code
    )
    colleagues = list(colleagues_of(head))
    gone = {actor for actor, _role, _act in acts} - {each.pk for each in colleagues}
    former = Account.objects.filter(pk__in=gone).order_by("name", "id")
    return [
        (
            each.name,
            sum(count for (actor, _role, _act), count in acts.items() if actor == each.pk),
            sum(
                count for (actor, _role, act), count in acts.items() if actor == each.pk and act in FINAL_ACTS
            ),
        )
        for each in (*colleagues, *former)
    ]


# ---------------------------------------------------------------- sentences


def sentences_of(figures: Figures) -> Iterator[str]:
    """What the figures say, in the order a leader asks: what came and was decided, whether in time, what lies there."""
    yield _received(figures)
    yield _decided(figures)
    yield _in_time(figures)
    yield from _missed(figures)
    yield from _slowest(figures)
    yield _lying(figures)


def _received(figures: Figures) -> str:
    now = figures.now
    total, late = now.received.total(), now.received_late.total()
    said = f"本月收到申请 {total} 件" if total else "本月未收到新的申请"
    said += _compared(figures, total, figures.before.received.total() if figures.before else None)
    if total:
        of_kinds = (f"{label_of(kind)} {now.received[kind]} 件" for kind in Kind if now.received[kind])
        said += f"，其中{'、'.join(of_kinds)}"
    if late:
        said += f"；逾期提交 {late} 件"
    if now.resubmitted:
        said += f"；另收到重新提交的申请 {now.resubmitted} 件"
    return f"{said}。"


def _decided(figures: Figures) -> str:
    now = figures.now
    total = now.decisions()
    of_whom = "对本辖区申请" if figures.is_province else ""
    said = f"本月{of_whom}作出决定 {total} 件" if total else f"本月未{of_whom}作出决定"
    said += _compared(figures, total, figures.before.decisions() if figures.before else None)
    if total:
        granted, refused = (now.decisions(outcome=each) for each in Outcome)
        said += f"，其中予以（备案、变更或者注销）{granted} 件，不予 {refused} 件"
        if figures.is_province:
            said += f"；由本办作出 {now.decisions(by_province=True)} 件"
    if now.asked:
        said += f"；发出补正告知 {now.asked} 次"
    return f"{said}。"


def _compared(figures: Figures, now: int, before: int | None) -> str:
    """The figure beside that of the month before; nothing for a month that still runs, or without one before it."""
    if before is None or figures.is_running:
        return ""
    if now == before:
        return "，与上月持平"
    return f"，比上月{'增加' if now > before else '减少'} {abs(now - before)} 件"


def _in_time(figures: Figures) -> str:
    clocks = figures.clocks
    if not clocks.closed:
        return "本月没有办结的申请。"
    if not clocks.closed_late:
        return f"本月办结 {clocks.closed} 件，均在 20 个工作日内办结。"
    return (
        f"本月办结 {clocks.closed} 件，其中按期 {clocks.closed - clocks.closed_late} 件，"
        f"逾期 {clocks.closed_late} 件。"
    )


def _missed(figures: Figures) -> Iterator[str]:
    clocks = figures.clocks
    late = clocks.late_at_provinces + clocks.late_at_nation
    if late:
        yield (
            f"本月有 {late} 件在第 20 个工作日结束时仍未办结，"
            f"其中在省级 {clocks.late_at_provinces} 件，在国家级 {clocks.late_at_nation} 件。"
        )
    if clocks.missed_by_provinces:
        yield f"本月有 {clocks.missed_by_provinces} 件在第 15 个工作日结束时省级未报送初审意见，已转国家级办理。"


def _slowest(figures: Figures) -> Iterator[str]:
    """The provinces whose rounds took longest at their desk, where several have decided rounds that differ."""
    took = {code: _tenths(average) for code, average in figures.desks.items()}
    if len(took) < 2:
        return
    longest = max(took.values())
    slowest = sorted(code for code, days in took.items() if days == longest)
    if len(slowest) > min(_MOST_NAMED, len(took) - 1):
        return
    named = "、".join(f"{full_name(code)}（决定 {figures.desks[code].rounds} 件）" for code in slowest)
    yield f"本月作出决定的申请中，省级环节平均用时最长的是{named}，为 {longest} 个工作日。"


def _lying(figures: Figures) -> str:
    standing = figures.standing
    today = figures.today
    on = f"截至 {today.year} 年 {today.month} 月 {today.day} 日"
    if not standing.total:
        return f"{on}，没有在办的申请。"
    province, nation = standing.at(Place.PROVINCE), standing.at(Place.NATION)
    said = f"{on}，在办 {standing.total} 件：省级 {province} 件，国家级 {nation} 件"
    if undelivered := standing.at(Place.UNDELIVERED):
        said += f"，已决定尚未送达 {undelivered} 件"
    said += f"；已逾期 {standing.late} 件，今后 5 个工作日内到期 {standing.soon} 件"
    return f"{said}。"


# ---------------------------------------------------------------- charts and tables


def charts_of(figures: Figures) -> Iterator[BarChart]:
    """The closed clocks of the twelve months up to the report's, and at the national office what each province got."""
    first = _months_back(figures.month, _MONTHS_SHOWN - 1)
    months = [_months_back(figures.month, back) for back in range(_MONTHS_SHOWN - 1, -1, -1)]
    lines = [figures.months.get(each, offices.MonthOfClocks(each)) for each in months]
    closed = bar_chart(
        f"{first:%Y-%m} 至 {figures.month:%Y-%m} 各月办结（件，深色为逾期办结）",
        [Column(f"{line.month:%y-%m}", line.closed, line.closed_late) for line in lines],
    )
    if closed is not None:
        yield closed
    if figures.is_province:
        return
    ordered = sorted(figures.desks.items(), key=lambda each: (-each[1].rounds, each[0]))[:_MONTHS_SHOWN]
    rounds = bar_chart(
        f"{figures.month:%Y-%m} 作出决定最多的省份（件）",
        [Column(short_name(code), average.rounds) for code, average in ordered],
    )
    if rounds is not None:
        yield rounds


def tables_of(figures: Figures) -> Iterator[ReportTable]:
    """The figures that the sentences rest on."""
    now = figures.now
    yield ReportTable(
        "申请与决定",
        ("事项", "收到", "其中逾期提交", "予以办理", "不予办理"),
        tuple(
            (
                str(label_of(kind)),
                f"{now.received[kind]}",
                f"{now.received_late[kind]}",
                f"{now.decisions(kind=kind, outcome=Outcome.APPROVAL)}",
                f"{now.decisions(kind=kind, outcome=Outcome.REJECTION)}",
            )
            for kind in Kind
        ),
        "收到按首次收件日计，不含重新提交；决定按作出决定的日期计，予以办理、不予办理指备案、变更备案或者注销备案。",
    )
    yield ReportTable(
        "近十二个月办结情况",
        ("月份", "办结", "其中逾期", "省级逾期", "国家级逾期", "初审超过 15 个工作日"),
        tuple(
            (
                f"{line.month:%Y-%m}",
                f"{line.closed}",
                f"{line.closed_late}",
                f"{line.late_at_provinces}",
                f"{line.late_at_nation}",
                f"{line.missed_by_provinces}",
            )
            for line in sorted(figures.months.values(), key=lambda line: line.month, reverse=True)
        ),
        "没有办结、也没有逾期的月份不列。",
    )
    yield ReportTable(
        "各环节平均用时",
        ("省份", "决定", "省级（工作日）", "国家级（工作日）"),
        tuple(
            (
                full_name(code),
                f"{average.rounds}",
                f"{_tenths(average)}",
                f"{_tenths(average, Role.NATIONAL_REVIEWER)}",
            )
            for code, average in ((each.code, figures.desks.get(each.code)) for each in PROVINCES)
            if average is not None
        ),
        "本月作出决定的申请在各环节的工作日，按件平均。",
    )
    yield ReportTable(
        "本办工作人员",
        ("姓名", "办理（次）", "其中作出决定"),
        tuple((name, f"{done}", f"{decided}") for name, done, decided in figures.officers),
        "含本月曾在本办办理、现已离开的人员。",
    )


def _tenths(average: offices.DeskAverage, desk: Role = Role.PROVINCIAL_REVIEWER) -> Decimal:
    """The average working days at a desk with one decimal, half up."""
    return (Decimal(average.days[desk]) / average.rounds).quantize(_TENTH, rounding=ROUND_HALF_UP)


def _months_back(month: date, count: int) -> date:
    for _month in range(count):
        month = month_before(month)
    return month
