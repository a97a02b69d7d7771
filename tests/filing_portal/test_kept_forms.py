"""Nothing that was typed is lost with the sign-in, and nobody keeps anything who had not signed in."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.conf import settings
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from django.urls import reverse

from filing_portal.access import ACCESS, Audience
from filing_portal.kept_forms import KEPT_FORMS
from registry import clock
from registry.accounts.middleware import OFFICER_IDLE
from registry.accounts.sessions import stored_key
from registry.models import Account, AccountSession, Event
from registry.rules.workflow.states import Act
from registry.sample.walk import SampleCase
from review.models import PersonalDataReveal
from tests.builders.register import MORNING, Cast, submitted
from tests.review.officers import BACKEND, mark_all, seen, send, sign_in, supplement, url

pytestmark = pytest.mark.django_db

KEY = "person_in_charge.mobile"
OPINION = "样例意见：材料齐全，与章程一致"
REASON = "样例：需致电负责人核实"
REMEDY = "样例：请重新上传清晰的扫描件"


@pytest.fixture(autouse=True)
def _morning() -> None:
    clock.set_for_tests(MORNING)


@pytest.fixture
def case(cast: Cast) -> SampleCase:
    made = submitted(cast)
    mark_all(made, cast.provincial, at=MORNING)
    return made


def opinion(case: SampleCase, **changed: Any) -> dict[str, Any]:
    return {
        **seen(case.application),
        "key": str(uuid.uuid4()),
        "recommends": "approval",
        "text": OPINION,
        **changed,
    }


def left_alone(client: Client) -> Client:
    """The browser of an officer, after it was left alone for too long."""
    client.get(reverse("review:queue"))
    clock.set_for_tests(clock.now() + OFFICER_IDLE + timedelta(minutes=1))
    return client


def sign_in_again(client: Client, account: Account) -> None:
    client.force_login(account, backend=BACKEND)


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == HTTPStatus.OK
    return answer.content.decode()


def test_every_kept_form_is_behind_a_sign_in() -> None:
    assert {name for name in KEPT_FORMS if Audience.ANONYMOUS in ACCESS[name]} == set()


def test_an_opinion_survives_the_sign_in_and_is_not_sent_by_itself(cast: Cast, case: SampleCase) -> None:
    client, address = left_alone(sign_in(cast.provincial)), url("act", case, "forward")
    typed, events = opinion(case), Event.objects.count()

    asked = client.post(address, typed)
    assert asked["Location"] == f"/account/login/?next={address}"
    assert "What you typed is kept" in page(client, asked["Location"])
    sign_in_again(client, cast.provincial)
    shown = page(client, address)

    assert OPINION in shown
    assert "What you typed is back in the form." in shown
    assert typed["key"] in shown
    assert Event.objects.count() == events
    assert client.post(address, typed).status_code == HTTPStatus.FOUND
    assert Event.objects.count() == events + 1
    assert "kept_form" not in client.session


def test_reasons_for_a_rejection_survive_the_sign_in_without_complaints(cast: Cast, case: SampleCase) -> None:
    client, address = left_alone(sign_in(cast.provincial)), url("act", case, "propose_rejection")
    client.post(
        address,
        {
            **seen(case.application),
            "key": str(uuid.uuid4()),
            "text": OPINION,
            "reasons-TOTAL_FORMS": "2",
            "reasons-INITIAL_FORMS": "0",
            "reasons-0-key": "service.description",
            "reasons-1-remedy": REMEDY,
        },
    )
    sign_in_again(client, cast.provincial)
    shown = page(client, address)
    assert OPINION in shown
    assert REMEDY in shown
    assert '<option value="service.description" selected>' in shown
    assert "error-summary" not in shown
    assert "field__errors" not in shown


def test_what_was_typed_is_bound_to_the_newest_page_the_officer_saw(cast: Cast, case: SampleCase) -> None:
    client, address = left_alone(sign_in(cast.provincial)), url("act", case, "forward")
    client.post(address, opinion(case))
    supplement(case, at=clock.now(), description="样例：补充说明" * 20)
    mark_all(case, cast.provincial, at=clock.now())
    sign_in_again(client, cast.provincial)
    now = seen(case.application)

    assert 'name="revision" value="1"' in page(client, address)
    shown = page(client, f"{address}?revision={now['revision']}&event={now['event']}")
    assert 'name="revision" value="2"' in shown
    assert OPINION in shown


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("note", {"text": REASON}),
        (
            "mark",
            {"key": "service.description", "verdict": "deficient", "remark": REASON, "revision": "1"},
        ),
    ],
)
def test_a_note_and_a_remark_survive_the_sign_in(
    cast: Cast, case: SampleCase, name: str, typed: dict[str, str]
) -> None:
    client, address = left_alone(sign_in(cast.provincial)), url(name, case)
    client.post(address, typed)
    sign_in_again(client, cast.provincial)
    shown = page(client, address)
    assert REASON in shown
    assert "What you typed is back in the form." in shown
    assert client.post(address, typed).status_code == HTTPStatus.FOUND
    assert "kept_form" not in client.session


def test_a_mere_mark_leads_back_to_its_row(cast: Cast, case: SampleCase) -> None:
    client, address = left_alone(sign_in(cast.provincial)), url("mark", case)
    client.post(address, {"key": "service.description", "verdict": "fine", "revision": "1"})
    sign_in_again(client, cast.provincial)
    assert client.get(address)["Location"] == f"{url('case', case)}#row-service.description"
    assert "kept_form" not in client.session


def test_a_reason_to_reveal_survives_the_sign_in(cast: Cast, case: SampleCase) -> None:
    client, address = left_alone(sign_in(cast.provincial)), url("reveal", case, KEY)
    client.post(address, {"reason": REASON})
    sign_in_again(client, cast.provincial)
    shown = page(client, address)
    assert REASON in shown
    assert "What you typed is back in the form." in shown
    assert not PersonalDataReveal.objects.exists()
    client.post(address, {"reason": REASON})
    assert REASON not in page(client, address)


@pytest.mark.parametrize(
    ("address_of", "typed"),
    [
        (lambda case: url("act", case, "forward"), OPINION),
        (lambda case: url("reveal", case, KEY), REASON),
    ],
)
def test_a_colleague_in_the_same_browser_does_not_see_it(
    cast: Cast, case: SampleCase, address_of: Callable[[SampleCase], str], typed: str
) -> None:
    client, address = left_alone(sign_in(cast.provincial)), address_of(case)
    client.post(address, opinion(case, reason=REASON))
    sign_in_again(client, cast.provincial_second)
    now = seen(case.application)
    assert typed not in page(client, f"{address}?revision={now['revision']}&event={now['event']}")
    assert "kept_form" in client.session


def test_a_session_past_its_date_keeps_one_form_and_no_second(cast: Cast, case: SampleCase) -> None:
    client, address = sign_in(cast.provincial), url("act", case, "forward")
    client.get(reverse("review:queue"))
    old = client.cookies[settings.SESSION_COOKIE_NAME].value
    AccountSession.objects.filter(session_key=stored_key(old)).update(expire_date=MORNING)

    client.post(address, opinion(case))
    sign_in_again(client, cast.provincial)
    assert OPINION in page(client, address)

    before = AccountSession.objects.count()
    again = Client()
    again.cookies[settings.SESSION_COOKIE_NAME] = old
    again.post(address, opinion(case))
    assert AccountSession.objects.count() == before


@pytest.mark.parametrize("name", sorted(KEPT_FORMS))
@pytest.mark.parametrize("cookie", ["", "a-key-that-no-session-has", "of a stranger"])
def test_strangers_keep_nothing(case: SampleCase, cast: Cast, name: str, cookie: str) -> None:
    more = {
        "applicants:section": ("person_in_charge",),
        "applicants:part": ("service", "chain"),
        "review:act": ("forward",),
        "review:batch_act": ("drop",),
        "review:objection_act": ("admit",),
        "review:objector_told": (case.application_id,),
        "review:reveal": (KEY,),
        "review:striking_off_act": ("serve",),
    }.get(name, ())
    about = {
        "office:notice_text": ("rejected", "zh-hans"),
        "office:notice_text_decide": ("rejected", "zh-hans"),
        "office:notice_text_shipped": ("rejected", "zh-hans"),
        "office:account_add": (),
        "office:article_add": (),
        "office:article_edit": (1,),
        "office:article_withdraw": (1,),
        "office:list_entry_add": ("reasons",),
        "applicants:claim_number": (),
        "applicants:start": (),
        "review:own_texts": (),
        "review:announcement_text": (),
        "review:compose": (),
        "review:objection_letter": (),
        "review:calendar_import": (),
        "review:hand_over": (),
        "review:leave": (),
        "review:assign": (),
        "review:papers": (),
        "review:quality_draw": (),
        "review:papers_decide": (),
    }
    address = reverse(name, args=about.get(name, (case.application_id, *more)))
    client = Client()
    if cookie == "of a stranger":
        # A session without a sign-in, as the sign-in page itself starts one.
        session = client.session
        session["seen"] = "yes"
        session.save()
        before = AccountSession.objects.count()
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
    else:
        before = AccountSession.objects.count()
        client.cookies[settings.SESSION_COOKIE_NAME] = cookie

    answer = client.post(address, {"text": "x" * 100_000})

    assert answer["Location"].startswith("/account/login/")
    assert AccountSession.objects.count() == before
    assert "kept_form" not in client.session


# ---------------------------------------------------------------- a token that is out of date


def _strict(account: Account) -> Client:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    client.force_login(account, backend=BACKEND)
    client.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32
    return client


def test_a_form_with_an_old_token_is_kept_and_the_page_says_so(cast: Cast, case: SampleCase) -> None:
    client, address = _strict(cast.provincial), url("act", case, "forward")
    answer = client.post(
        address,
        opinion(case, csrfmiddlewaretoken=get_token(RequestFactory().get("/"))),
        headers={"Origin": "http://testserver"},
    )
    said = answer.content.decode()
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert "What you typed is kept for an hour" in said
    assert f'href="{address}"' in said
    assert OPINION in page(client, address)


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://example.com"}, {"Origin": "null"}])
def test_what_another_site_may_have_written_is_not_kept(
    cast: Cast, case: SampleCase, headers: dict[str, str]
) -> None:
    client, address = _strict(cast.provincial), url("act", case, "forward")
    answer = client.post(address, opinion(case), headers=headers)
    said = answer.content.decode()
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert "Nothing was sent." in said
    assert "What you typed is kept" not in said
    assert "kept_form" not in client.session


def test_a_stranger_with_an_old_token_keeps_nothing(case: SampleCase) -> None:
    before = AccountSession.objects.count()
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    answer = client.post(url("act", case, "forward"), opinion(case), headers={"Origin": "http://testserver"})
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert "What you typed is kept" not in answer.content.decode()
    assert AccountSession.objects.count() == before


def test_the_act_is_still_done_once(cast: Cast, case: SampleCase) -> None:
    """The control: the form that is kept in these tests is one that would have been taken."""
    answer = send(sign_in(cast.provincial), case, Act.FORWARD, {"recommends": "approval", "text": OPINION})
    assert answer.status_code == HTTPStatus.FOUND
