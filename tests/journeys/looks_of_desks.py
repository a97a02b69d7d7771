"""The pages of the desks in the states they can be in: reviewers, heads, administrators, auditors."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from http import HTTPStatus

from playwright.sync_api import Page, expect

from registry import clock
from registry.models import ListEntry
from tests.builders.holidays import INVENTED_2027
from tests.journeys.looks import SEND, Look, filled, press
from tests.journeys.looks_scene import DeskScene

_NO_CASE = "/review/cases/00000000-0000-0000-0000-000000000000/"
_PREVIEW = "main form.measure button.btn-primary"


def case_looks(case: uuid.UUID, act_name: str) -> Iterator[Look]:
    """What an officer sees whose office has this case; the act is one that takes words, and marks before them."""
    yield Look(f"case-to-{act_name}", f"/review/cases/{case}/")
    yield Look(f"{act_name}-unmarked", f"/review/cases/{case}/", _open_act(act_name))
    yield Look(f"case-marked-to-{act_name}", f"/review/cases/{case}/", _mark_sections)
    yield Look(act_name, f"/review/cases/{case}/", _open_act(act_name))
    yield Look(f"{act_name}-empty", f"/review/cases/{case}/", _open_act(act_name, send=True))


def queue_looks() -> Iterator[Look]:
    yield Look("queue", "/review/")
    yield Look("queue-empty", "/review/?q=没有这样的案件")
    yield Look("find-cases", "/review/search/")
    yield Look("find-cases-mine", "/review/search/?cases=mine&sort=oldest")
    yield Look("find-cases-empty", "/review/search/?q=没有这样的案件&stage=undelivered")
    yield Look(
        "find-cases-refused",
        "/review/search/?received_from=2026-03-09&received_to=2026-03-02",
        None,
        HTTPStatus.BAD_REQUEST,
    )
    yield Look("other-case", _NO_CASE, None, HTTPStatus.NOT_FOUND)


def province_looks(scene: DeskScene) -> Iterator[Look]:
    """Cases of every kind, the office's inbox, whom nothing reached, and claims."""
    yield from queue_looks()
    for name, case in scene.provincial_cases.items():
        prepare = {"open": _claim, "several": _mark_deficient}.get(name)
        yield Look(f"case-{name}", f"/review/cases/{case}/", prepare)
    reveal = f"/review/cases/{scene.provincial_cases['open']}/reveal/person_in_charge.mobile/"
    yield Look("reveal", reveal)
    yield Look("reveal-empty", reveal, SEND)
    consult = f"/review/cases/{scene.provincial_cases['open']}/consult/"
    yield Look("consult", consult)
    yield Look("consult-empty", consult, SEND)
    for name in ("contacts", "site-visits"):
        address = f"/review/cases/{scene.provincial_cases['open']}/{name}/"
        yield Look(name, address)
        yield Look(f"{name}-empty", address, SEND)
    yield Look("consultations", "/review/consultations/")
    yield Look("consultation", f"/review/consultations/{scene.consultation}/")
    yield Look("answer", f"/review/consultations/{scene.consultation}/answer/")
    yield Look("answer-empty", f"/review/consultations/{scene.consultation}/answer/", SEND)
    yield Look("withdraw-question", f"/review/consultations/{scene.consultation}/withdraw/")
    yield Look("withdraw-question-empty", f"/review/consultations/{scene.consultation}/withdraw/", SEND)
    yield Look(
        "rejection", f"/review/cases/{scene.provincial_cases['open']}/", _open_act("propose_rejection")
    )
    yield Look("quality-of-officer", "/review/quality/")
    yield Look("quality-result", f"/review/quality/cases/{scene.quality.found}/")
    yield Look("review-inbox", "/review/inbox/")
    yield Look("own-texts", "/review/own-texts/")
    yield Look("own-texts-empty", "/review/own-texts/", SEND)
    yield Look("own-text", f"/review/own-texts/{scene.own_text}/")
    yield Look("review-notice", f"/review/inbox/{scene.notice}/")
    yield Look("not-told", "/review/not-told/")
    yield Look("not-told-reached", "/review/not-told/?show=reached")
    yield Look("told", f"/review/not-told/{scene.not_told}/")
    yield Look("told-empty", f"/review/not-told/{scene.not_told}/", SEND)
    yield Look("send-again", f"/review/not-told/again/{scene.lost}/")
    yield Look("claims", "/review/membership-claims/")
    yield Look("review-claim", f"/review/membership-claims/{scene.claim}/")
    yield Look("review-claim-empty", f"/review/membership-claims/{scene.claim}/", SEND)


def empty_office_looks() -> Iterator[Look]:
    """What an officer sees whose office has nothing to do."""
    for name in ("inbox", "not-told", "membership-claims"):
        yield Look(f"{name}-of-another-office", f"/review/{name}/")
    yield Look("queue-of-another-office", "/review/")


def head_looks(scene: DeskScene) -> Iterator[Look]:
    late = f"/review/cases/{scene.provincial_cases['late']}/reassign/"
    handover = f"/review/handover/?officer={scene.cast.provincial_second.pk}"
    yield Look("reassign", late)
    yield Look("reassign-empty", late, SEND)
    several = f"/review/assign/?case={scene.provincial_cases['late']}"
    yield Look("queue-ticked", "/review/?ticked=all")
    yield Look("assign-several", several)
    yield Look("assign-several-empty", several, press("main form.act-page button.btn-primary"))
    yield Look("handover", handover)
    yield Look("handover-empty", handover, press("main form[method=post] button.btn-primary"))
    yield Look("nothing-to-hand-over", "/review/handover/")
    leave = f"/review/leave/?officer={scene.cast.provincial_second.pk}"
    yield Look("leave", leave)
    yield Look("leave-empty", leave, press("main form.act-page button.btn-primary"))
    yield Look("overview", "/review/overview/")
    yield Look("workload", "/review/workload/")
    yield Look("workload-empty", "/review/workload/?month=2020-01")
    signed = f"/review/cases/{scene.provincial_cases['late']}/signed-form/"
    yield Look("signed-form", signed)
    yield Look("signed-form-empty", signed, SEND)
    quality, drawn = "/review/quality/", f"/review/quality/cases/{scene.quality.waiting}/"
    days = f"first_on={scene.quality.drawn_on}&last_on={scene.quality.drawn_on}"
    yield Look("quality", quality)
    yield Look("quality-draw", f"{quality}draw/")
    yield Look("quality-draw-drawn", f"{quality}draw/?{days}&percent=5")
    yield Look("quality-draw-preview", f"{quality}draw/?first_on=2020-01-01&last_on=2020-01-02&percent=5")
    wrong = f"{quality}draw/?first_on=2020-01-02&last_on=2020-01-01&percent=0"
    yield Look("quality-draw-wrong", wrong, None, HTTPStatus.BAD_REQUEST)
    yield Look("quality-round", f"{quality}{scene.quality.round}/")
    yield Look("quality-round-waiting", f"{quality}{scene.quality.round}/?state=set_aside")
    yield Look("quality-case", drawn)
    yield Look("quality-case-empty", drawn, SEND)
    yield Look("quality-assign", f"{drawn}assign/")
    yield Look("quality-assign-empty", f"{drawn}assign/", SEND)
    yield Look("quality-set-aside", f"{drawn}set-aside/")
    yield Look("quality-set-aside-empty", f"{drawn}set-aside/", SEND)
    papers = "/review/papers/"
    yield Look("papers-of-office", papers)
    yield Look("papers-wrong", papers, filled({"mark_decision": "样例1"}, 'main button[value="preview"]'))
    yield Look("papers-preview", papers, filled({"court": "样例人民法院"}, 'main button[value="preview"]'))


def calendar_looks() -> Iterator[Look]:
    """The national head's calendar; nothing is loaded."""
    year = clock.today().year
    page = "/review/calendar/import/"
    contradicted = INVENTED_2027.replace("星期五", "星期六")
    yield Look("national-overview", "/review/overview/")
    yield Look("national-workload", "/review/workload/")
    yield Look("calendar", "/review/calendar/")
    yield Look("calendar-not-announced", f"/review/calendar/?year={year + 2}")
    yield Look("calendar-import", page)
    yield Look("calendar-import-correction", f"{page}?year={year}")
    yield Look("calendar-import-empty", page, SEND)
    yield Look("calendar-contradiction", page, _notice(contradicted))
    yield Look("calendar-preview", page, _notice(INVENTED_2027))
    yield Look("calendar-correction-preview", f"{page}?year={year}", filled({"source": "样例通知"}, _PREVIEW))


def list_looks(scene: DeskScene) -> Iterator[Look]:
    """The lists of the national head: all of them, the composer, its preview, the standing text."""
    page = "/review/batches/"
    compose = f"{page}compose/"
    text = f"{page}announcement-text/"
    yield Look("lists-of-head", page)
    yield Look("compose", compose)
    yield Look("compose-held", f"{compose}?show=held")
    wrong = {"cut_off_on": "2099-01-01", "announcement": "样例 {nothing}"}
    yield Look("compose-wrong", compose, filled(wrong, 'main button[value="save"]'))
    yield Look("compose-stale", compose, _save_stale_list)
    yield Look("list-preview", f"{compose}preview/")
    yield Look("list-proposed", f"{page}{scene.lists['proposed']}/")
    yield Look("list-published", f"{page}{scene.lists['published']}/")
    yield Look("announcement-text", text)
    yield Look("announcement-text-wrong", text, filled({"text": "样例"}, _PRIMARY))


def second_officer_looks(scene: DeskScene) -> Iterator[Look]:
    """What the second officer sees of lists."""
    page = f"/review/batches/{scene.lists['proposed']}/"
    proposal = f"/review/calendar/proposals/{scene.calendar_proposal}/"
    yield Look("calendar-of-second-officer", "/review/calendar/")
    yield Look("papers-proposed", "/review/papers/")
    yield Look("papers-declined-empty", "/review/papers/", press('main button[value="change_declined"]'))
    yield Look("calendar-proposal", proposal)
    yield Look("calendar-proposal-declined-empty", proposal, press('main button[value="change_declined"]'))
    yield Look("lists", "/review/batches/")
    yield Look("list-to-confirm", page)
    yield Look("list-dropped", f"/review/batches/{scene.lists['dropped']}/")
    yield Look("list-confirm", f"{page}acts/list_confirmed/?event=1")
    yield Look("list-send-back", f"{page}acts/list_sent_back/?event=1")
    yield Look("list-send-back-empty", f"{page}acts/list_sent_back/?event=1", SEND)
    yield Look("list-act-over", f"{page}acts/list_recalled/?event=1", None, HTTPStatus.CONFLICT)


def administrator_looks(scene: DeskScene) -> Iterator[Look]:
    """Lists, texts, jobs and officers' accounts."""
    officer = f"/office/accounts/{scene.cast.provincial_second.pk}/"
    lists, texts = "/office/lists/", "/office/notices/"
    reason = ListEntry.objects.filter(list_name=ListEntry.ListName.REASONS).earliest("position")
    chain = ListEntry.objects.filter(list_name=ListEntry.ListName.MAIN_CHAINS).earliest("position")
    yield Look("lists", lists)
    yield Look("reasons", f"{lists}reasons/")
    yield Look("reason", f"/office/entries/{reason.pk}/")
    yield Look("reason-empty", f"/office/entries/{reason.pk}/", filled({"name_zh": ""}, _PRIMARY))
    yield Look("reason-retire", f"/office/entries/{reason.pk}/retire/")
    yield Look("reason-retire-empty", f"/office/entries/{reason.pk}/retire/", SEND)
    yield Look("reason-add", f"{lists}reasons/add/")
    yield Look("reason-add-empty", f"{lists}reasons/add/", SEND)
    yield Look("chains", f"{lists}main_chains/")
    yield Look("chain", f"/office/entries/{chain.pk}/")
    yield Look("notice-texts", texts)
    yield Look("notice-text", f"{texts}lapsed/zh-hans/")
    yield Look("notice-text-proposed", f"{texts}rejected/zh-hans/")
    yield Look("notice-text-preview", f"{texts}lapsed/en/", press('main button[name="act"][value="preview"]'))
    yield Look("notice-text-wrong", f"{texts}lapsed/en/", filled({"body": "样例 {nothing}"}, _PRIMARY))
    articles = "/office/articles/"
    yield Look("articles", articles)
    yield Look("article-add", f"{articles}add/")
    yield Look("article-add-empty", f"{articles}add/", SEND)
    for name, number in scene.articles.items():
        yield Look(f"article-{name}", f"{articles}{number}/")
    yield Look(
        "article-preview",
        f"{articles}{scene.articles['to-publish']}/edit/",
        press('main button[name="act"][value="preview"]'),
    )
    yield Look("jobs", "/office/jobs/")
    yield Look("run-job", "/office/jobs/sweep-clocks/run/")
    yield Look("officers", "/office/accounts/")
    yield Look("officer", officer)
    yield Look("officer-close", f"{officer}disable/")
    yield Look("officer-close-empty", f"{officer}disable/", SEND)
    yield Look("officer-add", "/office/accounts/add/")
    yield Look("officer-add-empty", "/office/accounts/add/", SEND)


def auditor_looks() -> Iterator[Look]:
    yield Look("events", "/office/events/")
    yield Look("events-of-nobody", "/office/events/?act=lapse")
    yield Look("membership-events", "/office/members/")
    yield Look("verify", "/office/verify/")
    yield Look("reveals", "/review/reveals/")


_PRIMARY = "main form button.btn-primary"


def _notice(text: str) -> Callable[[Page], None]:
    return filled({"year": "2027", "source": "样例通知", "text": text}, _PREVIEW)


def _open_act(name: str, *, send: bool = False) -> Callable[[Page], None]:
    """Goes from the case to the page of an act, and sends it without a word if asked to."""

    def open_act(page: Page) -> None:
        with page.expect_navigation():
            page.locator(f'.decision-bar a[href*="/acts/{name}/"]').click()
        if send:
            SEND(page)

    return open_act


def _mark_sections(page: Page) -> None:
    """Marks every item of the case as fine, section by section."""
    buttons, done = page.locator(".section-rest button"), page.locator(".section-rest [role=status]")
    for number in range(1, buttons.count() + 1):
        buttons.first.click()
        expect(done).to_have_count(number)


def _claim(page: Page) -> None:
    button = page.locator('form[action$="/claim/"] button')
    if button.count():
        with page.expect_navigation():
            button.click()


def _mark_deficient(page: Page) -> None:
    page.locator('[name="verdict"][value="deficient"]').first.click()
    page.locator('[name="verdict"][value="deficient"][aria-pressed="true"]').first.wait_for()


def _save_stale_list(page: Page) -> None:
    """Saves the composer from a page that a colleague's save has overtaken."""
    page.locator('main [name="version"]').evaluate("field => { field.value = '999'; }")
    filled({"announcement": "样例公告：现公布{count}项。"}, 'main button[value="save"]')(page)
