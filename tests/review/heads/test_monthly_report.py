"""The report of a month says what the figures of the office say, and nothing that they do not."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from django.urls import reverse

from registry import clock
from registry.calendar.current import current_calendar
from registry.rules.days.deadlines import decision_due
from registry.rules.workflow.decision_clock import Place
from registry.rules.workflow.states import Act, Kind, Outcome, Role
from registry.sample import walk
from registry.statistics.months import Decided, MonthOfApplications, month_of_applications
from registry.statistics.offices import DeskAverage, MonthOfClocks
from review.heads.bar_chart import Column, bar_chart
from review.heads.monthly_report import (
    Figures,
    charts_of,
    figures_of,
    sentences_of,
    tables_of,
)
from review.heads.standing import Lying, Standing
from tests.builders import register as build
from tests.builders.register import MORNING, Cast
from tests.registry.documents.reading import words_of
from tests.review.desk.test_one_clock import resubmitted
from tests.review.heads.test_workload import scene
from tests.review.officers import sign_in

DAY = timedelta(days=1)
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
IN_APRIL = MORNING + 40 * DAY


def figures(**changes: object) -> Figures:
    """A month of a province that is over and in which nothing was done."""
    given: dict[str, object] = {
        "month": MARCH,
        "today": date(2026, 4, 2),
        "is_province": False,
        "now": MonthOfApplications(MARCH),
        "before": None,
        "months": {},
        "desks": {},
        "standing": Standing((), date(2026, 4, 2), date(2026, 4, 10)),
        "officers": [],
        **changes,
    }
    return Figures(**given)  # type: ignore[arg-type]


def month(*, received: int = 0, granted: int = 0, refused: int = 0) -> MonthOfApplications:
    return MonthOfApplications(
        MARCH,
        received=Counter({Kind.INITIAL: received} if received else {}),
        decided=Counter(
            {
                Decided(Kind.INITIAL, outcome, False): count
                for outcome, count in ((Outcome.APPROVAL, granted), (Outcome.REJECTION, refused))
                if count
            }
        ),
    )


def said(of: Figures) -> str:
    return "".join(sentences_of(of))


def test_an_empty_first_month_is_compared_with_nothing() -> None:
    assert list(sentences_of(figures())) == [
        "本月未收到新的申请。",
        "本月未作出决定。",
        "本月没有办结的申请。",
        "截至 2026 年 4 月 2 日，没有在办的申请。",
    ]
    assert list(charts_of(figures())) == []


def test_a_month_that_is_over_is_compared_with_the_one_before() -> None:
    sentences = said(
        figures(now=month(received=5, granted=3, refused=1), before=month(received=7, granted=4))
    )
    assert "本月收到申请 5 件，比上月减少 2 件，其中首次备案 5 件。" in sentences
    assert "本月作出决定 4 件，与上月持平，其中予以（备案、变更或者注销）3 件，不予 1 件。" in sentences
    assert "比上月增加 5 件" in said(figures(now=month(received=5), before=month()))


def test_the_month_running_is_compared_with_no_whole_month() -> None:
    running = figures(today=date(2026, 3, 20), now=month(received=5), before=month(received=7))
    assert "上月" not in said(running)


def test_in_time_is_said_of_all_only_where_none_was_late() -> None:
    assert "本月办结 8 件，均在 20 个工作日内办结。" in said(
        figures(months={MARCH: MonthOfClocks(MARCH, closed=8)})
    )
    late = said(figures(months={MARCH: MonthOfClocks(MARCH, closed=1_000, closed_late=1)}))
    assert "本月办结 1000 件，其中按期 999 件，逾期 1 件。" in late
    assert "均在" not in late
    assert "100%" not in late


def test_what_became_late_is_said_with_the_desk_that_had_it() -> None:
    missed = MonthOfClocks(MARCH, late_at_provinces=2, late_at_nation=1, missed_by_provinces=4)
    sentences = said(figures(months={MARCH: missed}))
    assert "本月有 3 件在第 20 个工作日结束时仍未办结，其中在省级 2 件，在国家级 1 件。" in sentences
    assert "本月有 4 件在第 15 个工作日结束时省级未报送初审意见，已转国家级办理。" in sentences


def average(rounds: int, days: int) -> DeskAverage:
    return DeskAverage(rounds, Counter({Role.PROVINCIAL_REVIEWER: days}))


def test_the_slowest_province_is_named_only_beside_quicker_ones() -> None:
    two = {"110000": average(2, 9), "440000": average(4, 40)}
    assert "省级环节平均用时最长的是广东省（决定 4 件），为 10.0 个工作日。" in said(figures(desks=two))
    assert "最长" not in said(figures(desks={"440000": average(4, 40)}))
    assert "最长" not in said(figures(desks={"110000": average(1, 10), "440000": average(4, 40)}))


@pytest.mark.django_db
def test_what_lies_there_is_of_the_day_the_report_was_made() -> None:
    due = decision_due(date(2026, 3, 2), current_calendar())
    rows = (
        Lying(date(2026, 3, 2), "110000", Place.PROVINCE, due, 3),
        Lying(date(2026, 3, 2), "110000", Place.UNDELIVERED, due, 1),
    )
    today = due.due_on + DAY
    sentences = said(figures(today=today, standing=Standing(rows, today, today + 7 * DAY)))
    assert (
        f"截至 {today.year} 年 {today.month} 月 {today.day} 日，在办 4 件：省级 3 件，国家级 0 件，已决定尚未送达 1 件"
        in sentences
    )
    assert "已逾期 4 件，今后 5 个工作日内到期 0 件。" in sentences


def test_a_column_is_as_high_as_its_value_and_its_dark_part_stands_at_its_foot() -> None:
    chart = bar_chart("样例", [Column("1 月", 10, 5), Column("2 月", 20)])
    assert chart is not None
    first, second = chart.bars
    assert (second.height, first.height, first.dark_height) == (132.0, 66.0, 33.0)
    assert {bar.y + bar.height for bar in chart.bars} == {float(chart.ground)}
    assert first.dark_y + first.dark_height == float(chart.ground)
    assert chart.described == "1 月 10 件（其中深色 5 件）；2 月 20 件（其中深色 0 件）"
    assert bar_chart("样例", []) is None
    assert bar_chart("样例", [Column("1 月", 0)]) is None


@pytest.mark.django_db
def test_the_figures_of_a_province_are_its_own_and_those_of_the_nation_all(cast: Cast) -> None:
    scene(cast)
    province = figures_of(cast.provincial_head, month=MARCH, at=IN_APRIL)
    assert (province.now.received, province.now.decisions(), province.before) == (
        Counter({Kind.INITIAL: 3}),
        1,
        None,
    )
    assert {name: (done, decided) for name, done, decided in province.officers} == {
        cast.provincial.name: (2, 0),
        cast.provincial_head.name: (0, 0),
    }
    nation = figures_of(cast.national_head, month=MARCH, at=IN_APRIL)
    assert nation.now.received == Counter({Kind.INITIAL: 4})
    assert nation.now.decided == Counter({Decided(Kind.INITIAL, Outcome.APPROVAL, False): 1})
    assert nation.standing.total == 3
    april = figures_of(cast.national_head, month=APRIL, at=IN_APRIL)
    assert april.before is not None
    assert april.before.received == nation.now.received


@pytest.mark.django_db
def test_a_rejection_handed_in_again_is_no_new_application_and_has_two_decisions(cast: Cast) -> None:
    case = resubmitted(cast)
    build.forward(cast, case, at=MORNING + DAY)
    walk.act(case, Act.APPROVE, by=cast.national, at=MORNING + 2 * DAY, text="样例")
    found = month_of_applications(MARCH)
    assert (found.received, found.resubmitted) == (Counter({Kind.INITIAL: 1}), 1)
    assert found.decided == Counter(
        {Decided(Kind.INITIAL, outcome, by_province=False): 1 for outcome in Outcome}
    )
    assert month_of_applications(APRIL).decided == Counter()


@pytest.mark.django_db
def test_every_figure_of_a_sentence_stands_in_a_table_of_the_report(cast: Cast) -> None:
    scene(cast)
    found = figures_of(cast.national_head, month=MARCH, at=IN_APRIL)
    tables = {table.title: table.rows for table in tables_of(found)}
    assert tables["申请与决定"][0] == ("首次备案", "4", "0", "1", "0")
    assert [row[:3] for row in tables["近十二个月办结情况"]] == [("2026-03", "1", "0")]
    assert tables["各环节平均用时"] == (("北京市", "1", "1.0", "4.0"),)
    assert {row[0]: row[1:] for row in tables["本办工作人员"]}[cast.national.name] == ("1", "1")


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_it_is_a_paper_in_chinese_whatever_the_language_of_the_page(cast: Cast, language: str) -> None:
    scene(cast)
    browser = sign_in(cast.provincial_head)
    browser.cookies["django_language"] = language
    with clock.stopped_at(IN_APRIL):
        answer = browser.get(reverse("review:monthly_report"), {"month": "2026-03"})
    assert answer["Content-Type"] == "application/pdf"
    words = words_of(answer.content)
    for text in (
        "北京市互联网信息办公室",
        "区块链信息服务备案工作月报",
        "2026年3月",
        "制表日期2026年4月11日",
        "本月收到申请3件，其中首次备案3件。",
        "本月对本辖区申请作出决定1件，其中予以（备案、变更或者注销）1件，不予0件；由本办作出0件。",
    ):
        assert text in words, words


@pytest.mark.django_db
def test_it_is_for_heads_alone_and_linked_from_their_page(cast: Cast) -> None:
    build.submitted(cast)
    with clock.stopped_at(IN_APRIL):
        assert sign_in(cast.provincial).get(reverse("review:monthly_report")).status_code == 404
        page = sign_in(cast.provincial_head).get(reverse("review:workload"), {"month": "2026-03"})
    assert f"{reverse('review:monthly_report')}?month=2026-03" in page.content.decode()
