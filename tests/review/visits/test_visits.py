"""The web addresses of a case: looked at when it arrives and when an officer asks, each look kept once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from registry import clock
from registry.calendar.current import current_calendar
from registry.jobs import runs
from registry.models import JobFailure
from registry.rules.particulars import particulars
from registry.rules.particulars.definitions import AnswerKind
from registry.rules.workflow.states import Kind
from registry.sample.walk import SampleCase
from review.models import SiteVisit, VisitedRevision, WaitingVisit
from review.review_forms.content import facts_of
from review.tasks import sweep_site_visits
from review.visits import visiting, visitor, waiting
from review.visits.addresses import FiledAddress, filed_addresses
from review.visits.seen import Seen, SeenPage, Step, as_json, from_json, read_answer
from review.visits.words import statements_of
from tests.builders.register import MORNING, Cast, in_force, materials_for, submitted
from tests.review.officers import sign_in, text_of, url

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
SITE = FiledAddress("service.websites.url", "https://www.site.cn/", "京ICP备12345678号-1")
NUMBER = "粤网信备44030419239726130015号"


@pytest.fixture(autouse=True)
def _visits_are_on(settings: Settings) -> None:
    settings.SITE_VISITS = True


def opened(address: str = SITE.url, *, page: SeenPage | None = None, way: Sequence[Step] = ()) -> Seen:
    steps = (*way, Step(way[-1].leads_to if way else address, 200, 12, "", "", ""))
    return Seen(address, steps, "text/html", 100, page=page)


def a_page(**facts: object) -> SeenPage:
    whole: dict[str, object] = {
        "title": "样例存证平台",
        "encoding": "utf-8",
        "icp_numbers": ("京ICP备12345678号-1",),
        "filing_numbers": (),
        "names_service": True,
        "names_applicant": True,
        "has_text": True,
    }
    return SeenPage(**(whole | facts))  # type: ignore[arg-type]


def failed(problem: str) -> Seen:
    return Seen(SITE.url, (Step(SITE.url, 0, 5, problem, "", ""),))


def look_at_all(case: SampleCase, seen: Seen | None = None, *, by: str = "sample") -> int:
    """Keeps a look at every address that waits; gives at how many."""
    count = 0
    while (row := waiting.take(by)) is not None:
        order = waiting.order_of(row)
        waiting.finish(row, seen or opened(order.url, page=a_page()), at=clock.now())
        count += 1
    return count


# ---------------------------------------------------------------- what is looked at


def test_every_web_address_that_the_forms_ask_for_is_looked_at(cast: Cast) -> None:
    """Written by hand: whoever adds a question for a web address decides here whether it is looked at."""
    asked = {each.key for top in particulars() for each in (top, *top.fields) if each.kind is AnswerKind.URL}
    assert asked == {
        "applicant.home_page_url",
        "service.websites.url",
        "service.apps.download_url",
        "service.apis.documentation_url",
        "service.published_rules_url",
        "content.explorer_url",
        "content.technology_source_code_url",
    }
    materials = materials_for(cast)
    materials["applicant"]["home_page_url"] = "https://www.home.cn/"
    materials["service"]["published_rules_url"] = "https://www.home.cn/"
    found = {each.key: each.url for each in filed_addresses(Kind.INITIAL, materials)}
    assert found["applicant.home_page_url"] == "https://www.home.cn/"
    # Each address once.
    assert "service.published_rules_url" not in found
    of_applicant = filed_addresses(Kind.APPLICANT_CHANGE, materials)
    assert [each.key for each in of_applicant] == ["applicant.home_page_url"]


def test_a_case_that_arrives_is_put_on_the_list_once_however_often_and_late_the_job_runs(cast: Cast) -> None:
    case = submitted(cast)
    expected = len(filed_addresses(Kind.INITIAL, materials_for(cast)))
    assert sweep_site_visits() == 1
    assert sweep_site_visits() == 0
    assert WaitingVisit.objects.count() == expected > 0
    with clock.stopped_at(MORNING + timedelta(days=3)):
        assert sweep_site_visits() == 0
        assert look_at_all(case) == expected
        assert sweep_site_visits() == 0
    assert (SiteVisit.objects.count(), WaitingVisit.objects.count()) == (expected, 0)


def test_three_days_late_comes_to_the_same(cast: Cast) -> None:
    case = submitted(cast)
    with clock.stopped_at(MORNING + timedelta(days=3)):
        assert sweep_site_visits() == 1
        assert look_at_all(case) == SiteVisit.objects.count() > 0
    assert VisitedRevision.objects.count() == 1


def test_a_case_that_is_decided_is_not_put_on_the_list(cast: Cast) -> None:
    in_force(cast)
    assert sweep_site_visits() == 0


def test_turned_off_nothing_is_put_on_the_list_and_nothing_is_taken_from_it(
    cast: Cast, settings: Settings
) -> None:
    case = submitted(cast)
    settings.SITE_VISITS = False
    assert sweep_site_visits() == 0
    settings.SITE_VISITS = True
    assert sweep_site_visits() == 1
    settings.SITE_VISITS = False
    assert not visiting.work_once("sample")
    client = sign_in(cast.provincial)
    answer = client.post(url("sites", case), headers={"HX-Request": "true"})
    assert "turned the visits of web sites off" in answer.content.decode()
    assert "turned the visits of web sites off" in text_of(client.get(url("case", case)))


# ---------------------------------------------------------------- the list


def ask(case: SampleCase, *addresses: str) -> None:
    filed = [FiledAddress("service.websites.url", each) for each in addresses]
    waiting.ask(case.application, filed, words=("样例", "样例"), asked_by=None, at=clock.now())


def test_of_one_host_one_address_is_looked_at_at_a_time(cast: Cast) -> None:
    case = submitted(cast)
    ask(case, "https://www.site.cn/a", "https://site.cn/b", "https://other.cn/")
    first, second = waiting.take("one"), waiting.take("two")
    assert first is not None
    assert second is not None
    assert first.host != second.host
    assert waiting.take("three") is None
    waiting.finish(first, opened(), at=MORNING)
    waiting.finish(second, opened(), at=MORNING)
    third = waiting.take("three")
    assert third is not None
    seen = {waiting.order_of(each).url for each in (first, second, third)}
    assert seen == {"https://www.site.cn/a", "https://site.cn/b", "https://other.cn/"}


def test_what_a_killed_process_was_at_is_taken_over_and_kept_once(cast: Cast) -> None:
    case = submitted(cast)
    ask(case, SITE.url, "https://www.site.cn/second")
    killed = waiting.take("killed")
    assert killed is not None
    assert waiting.take("next") is None
    with clock.stopped_at(MORNING + waiting.SILENT_AFTER + MINUTE):
        taken = [waiting.take("next"), waiting.take("next")]
        assert taken[0] is not None
        assert taken[1] is None
        with pytest.raises(waiting.Overtaken):
            waiting.finish(killed, opened(), at=clock.now())
        assert look_at_all(case) == 0
        waiting.finish(taken[0], opened(), at=clock.now())
        with pytest.raises(waiting.Overtaken):
            waiting.finish(taken[0], opened(), at=clock.now())
        assert look_at_all(case) == 1
    assert SiteVisit.objects.count() == 2


def test_an_address_over_which_everybody_dies_is_kept_as_broken_off(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = submitted(cast)
    ask(case, SITE.url)
    monkeypatch.setattr(visitor, "is_there", lambda: True)

    def break_off(_url: str, _words: Sequence[str]) -> bytes:
        raise visitor.LookBrokeOff("look_broke_off")

    monkeypatch.setattr(visitor, "ask_visitor", break_off)
    for _attempt in range(waiting.MOST_ATTEMPTS):
        assert visiting.work_once("sample")
        assert not SiteVisit.objects.exists()
        assert JobFailure.objects.filter(job=visiting.FAILURES).count() == 1
    assert visiting.work_once("sample")
    assert from_json(SiteVisit.objects.get().seen).failure == "looking_broke_off"
    assert not JobFailure.objects.exists()


def test_without_a_visitor_the_addresses_wait(cast: Cast) -> None:
    case = submitted(cast)
    ask(case, SITE.url)
    assert not visiting.work_once("sample")
    assert WaitingVisit.objects.values_list("attempts", "taken_by").get() == (0, "")
    visiting.say_alive(at=MORNING)
    assert not visiting.is_alive(at=MORNING)
    runs.say_alive(visiting.VISITS, at=MORNING)
    assert visiting.is_alive(at=MORNING)


def test_what_an_officer_asks_for_goes_first(cast: Cast) -> None:
    case, other = submitted(cast), submitted(cast, seed=2)
    ask(case, SITE.url)
    filed = [FiledAddress("service.websites.url", "https://other.cn/")]
    waiting.ask(other.application, filed, words=("", ""), asked_by=cast.provincial, at=MORNING + MINUTE)
    row = waiting.take("sample")
    assert row is not None
    assert waiting.order_of(row).url == "https://other.cn/"


def test_nothing_that_was_seen_lies_plain_in_the_database(cast: Cast) -> None:
    case = submitted(cast)
    ask(case, SITE.url, "https://waits.cn/")
    row = waiting.take("sample")
    assert row is not None
    waiting.finish(row, opened(page=a_page(title="样例姓名的主页")), at=MORNING)
    with connection.cursor() as cursor:
        cursor.execute("SELECT seen, address FROM review_sitevisit")
        stored = repr([bytes(cell) if isinstance(cell, memoryview) else cell for cell in cursor.fetchone()])
        cursor.execute('SELECT "order", address, host FROM review_waitingvisit')
        stored += repr([bytes(cell) if isinstance(cell, memoryview) else cell for cell in cursor.fetchone()])
    for plain in ("样例姓名", "site.cn", "waits.cn"):
        assert plain not in stored
        assert repr(plain.encode())[2:-1] not in stored


# ---------------------------------------------------------------- what is believed of the visitor


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"nonsense\n",
        b"[]\n1\nnull\n",
        b'{"step": 5}\n{"answer": []}\n{"page": "x"}\n',
        b'{"step": {"url": 5, "status": "x", "milliseconds": -1, "problem": {}, "leads_to": [], "by": null}}\n',
        b'{"step": {"url": "https://a.cn/", "status": true}}\n',
        b'{"step": {"url": "https://a.cn/", "status": 200}}\n{"page": {"words": "yes", "icp_numbers": "x"}}\n',
        b'{"step": {"url": "https://a.cn/", "status": 200}}\n' * 10_000,
        b'{"page": {"title": "' + b"x" * 100_000 + b'", "icp_numbers": ["1", 2, null]}}\n',
        '{"page": {"title": "a\u202eb\u0000"}}\n'.encode(),
    ],
)
def test_an_answer_out_of_its_form_is_no_error(answer: bytes) -> None:
    seen = read_answer(answer, url=SITE.url)
    assert from_json(as_json(seen)) == seen
    assert len(as_json(seen)) < 50_000
    assert all(isinstance(each, str) for each in statements_of(SITE, seen, number=""))


# ---------------------------------------------------------------- statements


@pytest.mark.parametrize(
    ("seen", "number", "said"),
    [
        (opened(page=a_page()), "", []),
        (
            opened(page=a_page(icp_numbers=())),
            "",
            ["The page shows no ICP number; 京ICP备12345678号-1 is filed."],
        ),
        # Another site of the same owner.
        (opened(page=a_page(icp_numbers=("京ICP备12345678号-7",))), "", []),
        (
            opened(page=a_page(icp_numbers=("粤ICP备87654321号",))),
            "",
            ["The page shows the ICP number 粤ICP备87654321号; 京ICP备12345678号-1 is filed."],
        ),
        (
            opened(page=a_page(names_service=False, names_applicant=False)),
            "",
            [
                "The name of the service does not appear on the page.",
                "The name of the applicant does not appear on the page.",
            ],
        ),
        (
            opened(page=a_page()),
            NUMBER,
            [f"The page does not show the filing number {NUMBER} (Art. 13)."],
        ),
        (opened(page=a_page(filing_numbers=(NUMBER,))), NUMBER, []),
        (
            opened(page=a_page(filing_numbers=(NUMBER,))),
            "",
            [f"The page shows another filing number: {NUMBER}."],
        ),
        (
            opened(page=a_page(has_text=False, icp_numbers=())),
            "",
            ["The page has no text unless its scripts are run, and they are not run here."],
        ),
        (
            opened(page=a_page(), way=[Step(SITE.url, 302, 5, "", "https://elsewhere.cn/", "redirect")]),
            "",
            ["The address leads to another site: elsewhere.cn."],
        ),
        (opened(page=a_page(), way=[Step(SITE.url, 301, 5, "", "https://m.site.cn/", "redirect")]), "", []),
        (failed("name_unknown"), "", ["No address is known for the name of the site."]),
        (failed("tls_expired"), "", ["The site's certificate has expired; a browser warns of it."]),
        (
            Seen(
                SITE.url, (Step(SITE.url, 404, 5, "", "", ""),), "text/html", 5, page=a_page(icp_numbers=())
            ),
            "",
            ["The server answered with status 404 in place of a page."],
        ),
    ],
)
def test_what_does_not_go_together_is_stated(seen: Seen, number: str, said: list[str]) -> None:
    from django.utils.translation import override

    with override("en"):
        assert list(statements_of(SITE, seen, number=number)) == said


# ---------------------------------------------------------------- the case


def test_a_case_shows_what_was_seen_and_the_looks_before_it(cast: Cast) -> None:
    case, client = submitted(cast), sign_in(cast.provincial)
    assert "Not looked at yet." in text_of(client.get(url("case", case)))
    sweep_site_visits()
    assert "Being looked at. What is seen appears here by itself." in text_of(client.get(url("case", case)))
    look_at_all(case, opened(page=a_page(icp_numbers=(), title="样例标题")))
    shown = text_of(client.get(url("case", case)))
    assert "样例标题" in shown
    assert "The page shows no ICP number" in shown
    assert "when it arrived" in shown
    assert "Being looked at" not in shown
    client.post(url("sites", case))
    with clock.stopped_at(MORNING + MINUTE):
        look_at_all(case, failed("connection_refused"))
    shown = text_of(client.get(url("case", case)))
    assert "The server refused the connection." in shown
    assert f"asked for by {cast.provincial.name}" in shown
    assert "1 earlier look" in shown


def test_while_something_waits_the_panel_asks_again_by_itself_and_without_scripts_by_a_link(
    cast: Cast,
) -> None:
    case, client = submitted(cast), sign_in(cast.provincial)
    sweep_site_visits()
    panel = client.get(url("sites", case), headers={"HX-Request": "true"}).content.decode()
    assert f'hx-get="{url("sites", case)}"' in panel
    assert "<html" not in panel
    assert f'<a href="{url("sites", case)}">Load again</a>' in panel
    assert client.get(url("sites", case)).headers["Location"] == f"{url('case', case)}#sites"
    clock.set_for_tests(MORNING + timedelta(minutes=11))
    late = client.get(url("sites", case), headers={"HX-Request": "true"}).content.decode()
    assert "more than ten minutes" in late
    assert "hx-get" not in late
    look_at_all(case)
    assert "hx-get" not in client.get(url("sites", case), headers={"HX-Request": "true"}).content.decode()


def test_the_button_is_limited_by_the_minute_and_says_from_when_on_it_works(cast: Cast) -> None:
    case, client = submitted(cast), sign_in(cast.provincial)
    assert client.post(url("sites", case)).headers["Location"] == f"{url('case', case)}#sites"
    look_at_all(case)
    second = client.post(url("sites", case), headers={"HX-Request": "true"}).content.decode()
    assert "look again from" in second
    assert 'role="alert"' in second
    assert not WaitingVisit.objects.exists()
    client.post(url("sites", case))
    assert "look again from" in text_of(client.get(url("case", case)))
    clock.set_for_tests(MORNING + MINUTE)
    client.post(url("sites", case))
    assert WaitingVisit.objects.exists()


def test_a_case_of_another_province_has_no_sites(cast: Cast) -> None:
    case = submitted(cast)
    client = sign_in(cast.elsewhere)
    assert client.get(url("sites", case)).status_code == 404
    assert client.post(url("sites", case)).status_code == 404
    assert not WaitingVisit.objects.exists()


def test_the_applicant_sees_nothing_of_it(cast: Cast) -> None:
    case = submitted(cast)
    sweep_site_visits()
    look_at_all(case, opened(page=a_page(title="样例标题")))
    # It would have been found.
    assert "样例标题" in text_of(sign_in(cast.provincial).get(url("case", case)))
    client = sign_in(cast.member)
    assert client.get(url("sites", case)).status_code in {302, 403, 404}
    page = client.get(f"/applicant/applications/{case.application_id}/")
    assert page.status_code == 200
    assert "样例标题" not in text_of(page)


def test_the_review_form_has_a_line_of_what_was_seen(cast: Cast) -> None:
    case = submitted(cast)
    calendar = current_calendar()
    assert facts_of(case.application, calendar=calendar).sites == ""
    sweep_site_visits()
    look_at_all(case, failed("name_unknown"))
    sites = facts_of(case.application, calendar=calendar).sites
    assert "未能打开" in sites
    assert "域名无法解析。" in sites
    assert len(sites) <= 450


def test_the_sites_of_a_case_cost_the_same_with_one_look_and_with_thirty(cast: Cast) -> None:
    case, client = submitted(cast), sign_in(cast.provincial)
    client.get(url("sites", case), headers={"HX-Request": "true"})
    counts = []
    for minutes in (0, *range(1, 31)):
        clock.set_for_tests(MORNING + minutes * timedelta(seconds=10))
        ask(case, *(each.url for each in filed_addresses(Kind.INITIAL, materials_for(cast))))
        look_at_all(case)
        if minutes in (1, 30):
            # The first request after some time also notes that the session is in use.
            client.get(url("sites", case), headers={"HX-Request": "true"})
            with CaptureQueriesContext(connection) as queries:
                client.get(url("sites", case), headers={"HX-Request": "true"})
            counts.append(len(queries))
    assert counts[0] == counts[1]


def test_nothing_that_was_not_seen_keeps_from_deciding(cast: Cast) -> None:
    """The case opens, with its acts, whatever a look came to."""
    case, client = submitted(cast), sign_in(cast.provincial)
    for seen in (failed("address_refused"), Seen(SITE.url, ()), opened(page=None), failed("a_code_of_later")):
        ask(case, *(each.url for each in filed_addresses(Kind.INITIAL, materials_for(cast))))
        look_at_all(case, seen)
        answer = client.get(url("case", case))
        assert answer.status_code == 200
        assert url("act", case, "forward") in answer.content.decode()
