"""Each paper has one number, given once: its own count for each office, year and kind, without gaps, in any race."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction

from registry.documents import issuers, issuing, papers
from registry.documents.issuers import issuer_of, number_of
from registry.documents.paper_settings import confirm_settings, propose_settings, settings_of
from registry.models import Event, IssuedDocument, PaperCounter, PaperNumber
from registry.rules.office.papers import NATIONAL_OFFICE_CODE, PaperSeries, PaperSettings, paper_number
from registry.rules.workflow.states import Act, Outcome
from registry.sample import walk
from registry.sample.walk import SAMPLE_REASON
from registry.tasks import sweep_documents
from tests.builders import register as build
from tests.builders import striking_off as strike
from tests.builders.register import BEIJING, GUANGDONG, MORNING, Cast
from tests.builders.striking_off import STRIKING
from tests.registry.documents.reading import page_count, words_of

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
CHINA = ZoneInfo("Asia/Shanghai")


def numbers() -> list[str]:
    rows = PaperNumber.objects.order_by("given_at", "mark", "serial")
    return [paper_number(row.mark, row.year, row.serial) for row in rows]


def submitted_event(cast: Cast, seed: int, *, at: datetime = MORNING) -> Event:
    return build.submitted(cast, seed=seed, at=at).application.events.get(act=Act.SUBMIT.value)


def number_for(event: Event, series: PaperSeries = PaperSeries.RECEIPT, code: str = BEIJING) -> str:
    return number_of(event, series, office_code=code, settings=settings_of(code))


def put_in_force(cast: Cast, settings: PaperSettings) -> None:
    proposal = propose_settings(settings, reason="样例：写明理由", by=cast.provincial_head, at=MORNING)
    confirm_settings(proposal.pk, by=cast.provincial, at=MORNING)


def test_every_paper_of_an_office_is_numbered_in_its_own_count_and_says_so(cast: Cast) -> None:
    case = build.in_force(cast, seed=61)
    build.rejected(cast, seed=62)
    strike.struck_off(cast, build.filing_of(case), at=STRIKING)
    sweep_documents()
    by_kind: dict[str, list[str]] = {}
    for row in PaperNumber.objects.order_by("mark", "serial"):
        by_kind.setdefault(row.series, []).append(paper_number(row.mark, row.year, row.serial))
    assert by_kind["receipt"] == ["京网信备收〔2026〕1号", "京网信备收〔2026〕2号"]
    assert by_kind["decision"] == ["国网信备审〔2026〕1号", "国网信备审〔2026〕2号"]
    assert by_kind["striking_off"] == ["国网信备撤〔2026〕1号"]
    for document in IssuedDocument.objects.all():
        given = document.event.paper_number
        words = words_of(document)
        assert words.count(paper_number(given.mark, given.year, given.serial)) == 1
        assert (
            "国家互联网信息办公室" if given.office_code == "national" else "北京市互联网信息办公室"
        ) in words


def test_the_request_to_correct_is_a_paper_of_its_own(cast: Cast) -> None:
    case = build.submitted(cast, seed=63)
    walk.act(
        case,
        Act.ASK,
        by=cast.provincial,
        at=MORNING + HOUR,
        points=[dict(SAMPLE_REASON)],
        answer_by="2026-03-06",
    )
    sweep_documents()
    (request,) = IssuedDocument.objects.filter(kind=IssuedDocument.Kind.REQUEST)
    words = words_of(request)
    for said in (
        "补正告知书",
        "京网信备补〔2026〕1号",
        "2026年3月6日前（含当日）",
        "办理期限照常计算",
        str(SAMPLE_REASON["remedy"]),
    ):
        assert said in words
    assert [paper.number for paper in papers.papers_of(case.application)] == [
        "京网信备收〔2026〕1号",
        "京网信备补〔2026〕1号",
    ]


def test_a_paper_keeps_its_number_and_its_bytes_whatever_is_set_afterwards(cast: Cast) -> None:
    event = submitted_event(cast, 64)
    issued = papers.issue_paper(event.pk)
    before = issuing.bytes_of(issued)
    marks = {**settings_of(BEIJING).marks, PaperSeries.RECEIPT: "京网信收"}
    put_in_force(cast, replace(settings_of(BEIJING), office_name="样例办公室", marks=marks))
    assert issuing.bytes_of(papers.issue_paper(event.pk)) == before
    assert number_for(event) == "京网信备收〔2026〕1号"
    assert number_for(submitted_event(cast, 65)) == "京网信收〔2026〕1号"


def test_what_was_issued_before_papers_had_numbers_stays_without_one(cast: Cast) -> None:
    event = submitted_event(cast, 66)
    before = issuing.issue(IssuedDocument.Kind.RECEIPT, event, lambda: b"%PDF as it was")
    assert papers.issue_paper(event.pk) == before
    assert not PaperNumber.objects.exists()
    assert event.application is not None
    assert [paper.number for paper in papers.papers_of(event.application)] == [""]


def test_the_year_is_that_of_the_day_in_china_and_each_year_begins_with_one(cast: Cast) -> None:
    last = submitted_event(cast, 67, at=datetime(2026, 12, 31, 23, 59, tzinfo=CHINA))
    # 16:01 on 31 December in Greenwich.
    first = submitted_event(cast, 68, at=datetime(2027, 1, 1, 0, 1, tzinfo=CHINA))
    assert (number_for(first), number_for(last)) == ("京网信备收〔2027〕1号", "京网信备收〔2026〕1号")


def test_each_office_counts_for_itself(cast: Cast) -> None:
    event, other = submitted_event(cast, 69), submitted_event(cast, 70)
    assert number_for(event) == "京网信备收〔2026〕1号"
    assert number_for(other, code=GUANGDONG) == "粤网信备收〔2026〕1号"


def test_what_is_rolled_back_leaves_no_gap(cast: Cast) -> None:
    lost, kept = submitted_event(cast, 71), submitted_event(cast, 72)
    with transaction.atomic():
        assert number_for(lost) == "京网信备收〔2026〕1号"
        transaction.set_rollback(True)
    assert (number_for(kept), number_for(lost)) == ("京网信备收〔2026〕1号", "京网信备收〔2026〕2号")


def test_the_database_refuses_a_number_twice_and_a_second_one_for_a_paper(cast: Cast) -> None:
    event, other = submitted_event(cast, 73), submitted_event(cast, 74)
    number_for(event)
    given = PaperNumber.objects.values("office_code", "series", "mark", "year", "serial", "given_at").get()
    for values in ({**given, "event": other}, {**given, "event": event, "serial": 2}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PaperNumber.objects.create(**values)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_each_number_once_and_without_gaps(cast: Cast) -> None:
    events = [submitted_event(cast, seed) for seed in range(75, 81)]
    given: list[tuple[object, str]] = []
    start = threading.Barrier(12, timeout=30)

    def draw(event: Event) -> None:
        start.wait()
        given.append((event.pk, number_for(event)))
        connection.close()

    # Two at a time want the number of the same paper.
    threads = [threading.Thread(target=draw, args=(event,)) for event in events * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(given) == 12
    assert {number for _event, number in given} == {f"京网信备收〔2026〕{serial}号" for serial in range(1, 7)}
    assert len({event for event, _number in given}) == len(set(given)) == 6
    assert PaperCounter.objects.get().last == 6


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_of_the_counter_two_would_draw_one_number(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = [submitted_event(cast, seed) for seed in (81, 82)]
    PaperCounter.objects.create(mark="京网信备收", year=2026)
    both_read = threading.Barrier(2, timeout=30)
    refused: list[str] = []

    def unlocked(counter: type[PaperCounter], **of: object) -> PaperCounter:
        found = counter.objects.get(**of)
        both_read.wait()
        return found

    monkeypatch.setattr(issuers, "lock_counter", unlocked)

    def draw(event: Event) -> None:
        try:
            number_for(event)
        except PaperNumber.DoesNotExist:
            # The database refused the second: without the lock its paper would have no number at all.
            refused.append(str(event.pk))
        connection.close()

    threads = [threading.Thread(target=draw, args=(event,)) for event in events]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(refused), PaperNumber.objects.count()) == (1, 1)


def test_a_decision_of_the_nation_names_its_bodies_and_goes_to_the_province_too(cast: Cast) -> None:
    for case_seed, named in ((83, False), (84, True)):
        if named:
            nation = replace(
                settings_of(NATIONAL_OFFICE_CODE), reconsideration_body="样例复议机关", court="样例人民法院"
            )
            proposal = propose_settings(nation, reason="样例：写明理由", by=cast.national_head, at=MORNING)
            confirm_settings(proposal.pk, by=cast.national, at=MORNING)
        case = build.rejected(cast, seed=case_seed)
        sweep_documents()
        words = words_of(IssuedDocument.objects.get(kind="decision", application=case.application))
        assert ("六十日内向样例复议机关申请行政复议" in words) is named
        assert ("六个月内向样例人民法院提起行政诉讼" in words) is named
        assert ("六十日内依法申请行政复议" in words) is not named
        assert "抄送：北京市互联网信息办公室。" in words


def test_a_paper_with_one_body_named_says_of_the_other_what_the_law_says(cast: Cast) -> None:
    put_in_force(cast, replace(settings_of(BEIJING), court="样例人民法院"))
    event = submitted_event(cast, 85)
    assert issuer_of(event, PaperSeries.RECEIPT, office_code=BEIJING).copies_to == ""
    case = build.submitted(cast, seed=86)
    reasons = [dict(SAMPLE_REASON)]
    walk.act(case, Act.PROPOSE_REJECTION, by=cast.provincial, at=MORNING, reasons=reasons, text="样例")
    walk.act(case, Act.CONFIRM, by=cast.provincial_second, at=MORNING)
    sweep_documents()
    words = words_of(IssuedDocument.objects.get(kind="decision"))
    assert "六十日内依法申请行政复议，也可以自收到本通知之日起六个月内向样例人民法院提起行政诉讼" in words
    assert "京网信备审〔2026〕1号" in words


def test_long_reasons_go_over_pages_of_twenty_two_lines_and_the_seal_is_never_alone(cast: Cast) -> None:
    case = build.submitted(cast, seed=87)
    build.forward(cast, case, at=MORNING + HOUR, recommends=Outcome.REJECTION)
    reasons = [{**SAMPLE_REASON, "text": f"样例第{place}条。" * 30} for place in range(8)]
    walk.act(case, Act.REJECT, by=cast.national, at=MORNING + 2 * HOUR, reasons=reasons, text="样例")
    sweep_documents()
    content = issuing.bytes_of(IssuedDocument.objects.get(kind="decision"))
    assert page_count(content) > 3
    words = words_of(content)
    assert all(f"（{numeral}）" in words for numeral in "一二三四五六七八")
    assert words.count(f"—{page_count(content)}—") == 1
