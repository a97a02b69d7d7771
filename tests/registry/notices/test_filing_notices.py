"""Events become notices: every active member is told of each once, in order and in its language."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import translation
from pytest_django.fixtures import Settings

from registry import clock, tasks
from registry.integrity.register import verify_register
from registry.models import Account, Application, Event, EventEffect, JobFailure, Membership, Notice
from registry.notices import notice as notices
from registry.notices.fact_words import words_of
from registry.notices.kinds import kind_of
from registry.presentation.timeline import timeline
from registry.rules.workflow.states import Act, Kind, Outcome, Role
from registry.sample import walk
from registry.sample.walk import SAMPLE_REASON, SampleCase
from review.desk import claims
from review.tasks import sweep_desk_notices
from tests.builders import register as build
from tests.builders.register import MORNING, Cast
from tests.builders.renaming import ask_service_name

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def told_to(account: Account) -> list[str]:
    return list(
        Notice.objects.filter(account=account).order_by("created_at", "id").values_list("kind", flat=True)
    )


def sweep(*, at: datetime = MORNING + 5 * DAY, times: int = 1) -> list[int]:
    with clock.stopped_at(at):
        return [tasks.sweep_notices() for _ in range(times)]


def one(kind: str, **conditions: object) -> Notice:
    return Notice.objects.get(kind=kind, **conditions)


def test_art_12_the_receipt_names_the_number_the_due_day_and_why(cast: Cast, settings: Settings) -> None:
    case = build.submitted(cast)
    sweep()
    notice = one("submitted")
    number = case.application.receipt_number
    assert notice.subject == f"已收件：{case.application.service_name}（收件编号 {number}）"
    assert "办理期限：至2026年3月30日（含当日）" in notice.body
    assert (
        "自2026-03-02起 20 个工作日（当日不计）：至2026-03-30 24 时止（第十二条）。不计：周末 8 天。"
        in notice.body
    )
    assert f"{settings.PORTAL_BASE_URL}{notice.link_path}" in notice.body
    assert notice.link_path == f"/applicant/applications/{case.application_id}/"


def test_events_during_an_outage_are_notified_once_and_in_order(cast: Cast) -> None:
    case = build.in_force(cast)
    assert sweep(times=5) == [3, 0, 0, 0, 0]
    assert [notice.kind for notice in _in_order(case)] == ["submitted", "approved", "number_issued"]
    number = build.filing_of(case).number
    assert number is not None
    assert number in one("number_issued").body
    assert one("number_issued").link_path == f"/filings/{number.removesuffix('号')[-20:]}/"
    assert EventEffect.objects.filter(kind="tell_applicant", outcome="done").count() == 3


def test_an_approval_and_its_number_go_out_in_one_message(cast: Cast) -> None:
    build.in_force(cast)
    sweep()
    assert (kind_of("approved").channels, kind_of("number_issued").channels) == ((), ("email", "sms"))
    assert "予以备案" in one("number_issued").subject


def _in_order(case: SampleCase) -> list[Notice]:
    return list(Notice.objects.filter(account=case.member).order_by("event__sequence"))


def test_a_rejection_gives_every_reason_its_link_the_remedies_and_the_last_day(cast: Cast) -> None:
    case = build.rejected(cast)
    sweep()
    notice = one("rejected")
    page = f"/applicant/applications/{case.application_id}/"
    for said in (
        "第十一条",
        SAMPLE_REASON["remedy"],
        f"{page}#reason-1",
        "请于2026年4月14日前（含当日）",
        "行政复议",
        "行政诉讼",
    ):
        assert said in notice.body
    assert notice.deliveries.get().channel == "inbox"


def test_a_confirmed_rejection_says_the_reasons_and_not_what_officers_wrote_each_other(cast: Cast) -> None:
    case = build.submitted(cast)
    reasons = [dict(SAMPLE_REASON)]
    walk.act(
        case, Act.PROPOSE_REJECTION, by=cast.provincial, at=MORNING + DAY, reasons=reasons, text="内部意见"
    )
    walk.act(case, Act.CONFIRM, by=cast.provincial_second, at=MORNING + DAY)
    assert sweep() == [2]
    notice = one("rejected")
    assert SAMPLE_REASON["remedy"] in notice.body
    assert "内部意见" not in notice.body
    assert notice.event is not None
    assert notices.arrival_of(notice.event) is None
    notices.open_notice(notice, at=MORNING + 2 * DAY)
    assert notices.arrival_of(notice.event) == notices.Arrival(MORNING + 2 * DAY, notices.OPENED)


def test_every_active_owner_and_nobody_else_is_notified_of_a_submission_in_its_own_language(
    cast: Cast,
) -> None:
    case = build.submitted(cast)
    applicant = case.application.applicant
    english = cast.get("Sample Reader", Role.APPLICANT)
    english.language = "en"
    english.save(update_fields=["language"])
    for account, revoked_at in ((english, None), (cast.stranger, MORNING)):
        Membership.objects.create(
            applicant=applicant, account=account, role="owner", created_at=MORNING, revoked_at=revoked_at
        )
    sweep()
    assert (told_to(cast.member), told_to(english), told_to(cast.stranger)) == (
        ["submitted"],
        ["submitted"],
        [],
    )
    assert one("submitted", account=english).body.startswith("Dear Sample Reader,")
    assert one("submitted", account=cast.member).body.startswith("样例经办人：")
    # With the membership the notice leaves the inbox.
    assert notices.inbox_of(english).count() == 1
    Membership.objects.filter(account=english).update(revoked_at=MORNING)
    assert notices.inbox_of(english).count() == 0


def test_the_desk_is_notified_through_the_claimer_or_else_the_head_and_the_proposer_of_a_return(
    cast: Cast,
) -> None:
    heads = (cast.provincial_head, cast.national_head)
    case = build.forwarded(cast)
    walk.act(
        case, Act.RETURN_TO_PROVINCE, by=cast.national, at=MORNING + DAY, question="样例问题：网站归谁所有？"
    )
    build.forward(cast, case, at=MORNING + DAY, recommends=Outcome.APPROVAL)
    reasons = [dict(SAMPLE_REASON)]
    walk.act(case, Act.PROPOSE_REJECTION, by=cast.national, at=MORNING + DAY, reasons=reasons, text="样例")
    walk.act(case, Act.SEND_BACK, by=cast.national_second, at=MORNING + DAY, explanation="样例说明：请再核对")
    with clock.stopped_at(MORNING + 2 * DAY):
        assert [sweep_desk_notices() for _ in range(3)] == [2, 0, 0]
    assert [told_to(head) for head in heads] == [["desk_returned"], []]
    assert told_to(cast.national) == ["desk_sent_back"]
    # Who wrote the opinion that came back is told as well.
    assert told_to(cast.provincial) == ["desk_returned"]
    returned = one("desk_returned", account=cast.provincial_head)
    assert "样例问题" in returned.body
    assert returned.link_path == f"/review/cases/{case.application_id}/"
    assert notices.inbox_of(cast.elsewhere).count() == 0


def test_the_desk_is_told_of_a_withdrawal_and_reads_it_in_the_history(cast: Cast) -> None:
    head = cast.provincial_head
    case, silent = build.forwarded(cast), build.submitted(cast, seed=2, at=MORNING + DAY)
    claims.claim(case.application_id, officer=cast.national, at=MORNING + DAY)
    at = MORNING + 2 * DAY
    walk.act(case, Act.WITHDRAW, by=cast.member, at=at, explanation="样例：服务暂缓上线")
    walk.act(silent, Act.WITHDRAW, by=cast.member, at=at)
    with clock.stopped_at(at):
        assert [sweep_desk_notices() for _ in range(2)] == [2, 0]
    told = one("desk_withdrawn", account=cast.national)
    assert (
        told.subject == f"备案人撤回了申请：{case.application.receipt_number} {case.application.service_name}"
    )
    assert "样例：服务暂缓上线" in told.body
    with translation.override("zh-hans"):
        assert words_of("", "said") in one("desk_withdrawn", account=head).body
    last = timeline(case.application, internal=True)[-1]
    assert (last.at, last.text) == (at, "样例：服务暂缓上线")
    assert verify_register().violations == []


def test_the_desk_is_told_that_a_cancellation_closed_the_change_it_holds(cast: Cast) -> None:
    filing = build.filing_of(build.in_force(cast))
    at = MORNING + 10 * DAY
    change = ask_service_name(cast, filing, "样例新名服务", at=at)
    claims.claim(change.application_id, officer=cast.provincial, at=at)
    walk.submit(
        build.materials_for(cast),
        member=cast.member,
        at=at + DAY,
        kind=Kind.CANCELLATION,
        filing_id=filing.pk,
        details={"ends_on": "2026-06-01", "arrangement": "样例"},
    )
    with clock.stopped_at(at + DAY):
        sweep_desk_notices()
    told = one("desk_closed_by_cancellation")
    assert told.account == cast.provincial
    assert told.link_path == f"/review/cases/{change.application_id}/"


def test_a_cancellation_is_notified_with_its_day_and_again_when_it_takes_effect(cast: Cast) -> None:
    case = build.in_force(cast)
    filing = build.filing_of(case)
    materials = build.materials_for(cast)
    cancellation = walk.submit(
        materials,
        member=cast.member,
        at=MORNING + 10 * DAY,
        kind=Kind.CANCELLATION,
        filing_id=filing.pk,
        details={"ends_on": "2026-06-01", "arrangement": "样例"},
    )
    build.forward(cast, cancellation, at=MORNING + 10 * DAY)
    walk.act(cancellation, Act.APPROVE, by=cast.national, at=MORNING + 10 * DAY, text="样例")
    with clock.stopped_at(MORNING.replace(month=6, day=2)):
        tasks.sweep_clocks()
        tasks.sweep_notices()
    assert "2026-06-01 星期一" in one("cancellation_approved").body
    assert "2026-06-01 星期一" in one("cancelled").body
    assert one("cancelled").application_id == cancellation.application_id


def test_one_event_that_fails_stops_no_other_and_is_notified_later(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = build.submitted(cast), build.submitted(cast, seed=2, at=MORNING + DAY)
    notify = notices.notify

    def sometimes(kind: str, *, application: Application | None, **given: Any) -> int:
        if application == broken.application:
            raise RuntimeError
        return notify(kind, application=application, **given)

    with monkeypatch.context() as patched:
        patched.setattr(notices, "notify", sometimes)
        assert sweep(times=2) == [1, 0]
    assert Notice.objects.filter(application=broken.application).count() == 0
    assert Notice.objects.filter(application=sound.application).count() == 1
    assert JobFailure.objects.get(job="tell_applicant").attempts == 2
    assert sweep() == [1]
    assert JobFailure.objects.count() == 0


def test_making_notices_changes_no_event(cast: Cast) -> None:
    case = build.approved(cast)
    before = list(Event.objects.order_by("sequence").values_list("hash", flat=True))
    sweep()
    assert list(Event.objects.order_by("sequence").values_list("hash", flat=True)) == before
    assert set(Notice.objects.values_list("province_code", flat=True)) == {case.application.province_code}
