"""A province sees its own cases, the nation all, and nobody else any."""

from __future__ import annotations

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from registry.rules.workflow.states import Act
from tests.builders.register import Cast, submitted
from tests.review.officers import seen, sign_in, url

pytestmark = pytest.mark.django_db

GETS = {
    "case": (),
    "note": (),
    "reveal": ("person_in_charge.mobile",),
    "review_form": (),
    "signed_form": (),
    "consult": (),
    "note_contact": (),
    "note_site_visit": (),
    "act": (Act.FORWARD.value,),
}
POSTS = {
    "mark": (),
    "note": (),
    "mark_section": (),
    "typed": ("note",),
    "viewing": (),
    "sites": (),
    "signed_form": (),
    "consult": (),
    "note_contact": (),
    "note_site_visit": (),
    "claim": (),
    "release": (),
    "reassign": (),
    "reveal": ("person_in_charge.mobile",),
    "act": (Act.FORWARD.value,),
}


def test_every_address_of_a_case_is_tried() -> None:
    [review] = [
        each
        for each in get_resolver().url_patterns
        if isinstance(each, URLResolver) and each.app_name == "review"
    ]
    of_a_case = {
        each.name
        for each in review.url_patterns
        if isinstance(each, URLPattern) and "application_id" in str(each.pattern)
    }
    assert of_a_case == set(GETS) | set(POSTS)


def test_a_case_of_another_province_is_not_there(cast: Cast) -> None:
    case = submitted(cast)
    own, foreign = sign_in(cast.provincial_head), sign_in(cast.elsewhere)
    found = {"own": set[int](), "foreign": set[int]()}
    for name, more in GETS.items():
        query = seen(case.application) if name == "act" else {}
        found["own"].add(own.get(url(name, case, *more), query).status_code)
        found["foreign"].add(foreign.get(url(name, case, *more), query).status_code)
    for name, more in POSTS.items():
        found["foreign"].add(foreign.post(url(name, case, *more), {"verdict": "fine"}).status_code)
    assert found == {"own": {200}, "foreign": {404}}


def test_the_nation_sees_every_province(cast: Cast) -> None:
    case = submitted(cast)
    assert sign_in(cast.national).get(url("case", case)).status_code == 200


@pytest.mark.parametrize("who", ["member", "administrator", "auditor"])
def test_nobody_but_officers_finds_the_desk(cast: Cast, who: str) -> None:
    case = submitted(cast)
    client = sign_in(getattr(cast, who))
    addresses = ["/review/", url("case", case)]
    assert [client.get(address).status_code for address in addresses] == [404, 404]


def test_only_a_head_reassigns(cast: Cast) -> None:
    case = submitted(cast)
    colleague = str(cast.provincial_second.pk)
    answers = [
        sign_in(account).post(url("reassign", case), {"officer": colleague}).status_code
        for account in (cast.provincial, cast.provincial_head)
    ]
    assert answers == [404, 302]


def test_an_act_that_is_no_officers_is_not_there(cast: Cast) -> None:
    case = submitted(cast)
    client = sign_in(cast.provincial)
    query = seen(case.application)
    answers = [
        client.get(url("act", case, act.value), query).status_code
        for act in (Act.FORWARD, Act.WITHDRAW, Act.ESCALATE)
    ]
    assert answers == [200, 404, 404]
