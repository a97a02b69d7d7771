"""The navigation of officers leads to every place that is theirs, and marks where the present page stands."""

from __future__ import annotations

import re

import pytest

from registry.models import Account
from tests.builders.register import Cast
from tests.client import ClientResponse
from tests.review.officers import sign_in

pytestmark = pytest.mark.django_db

# The places of each office, by hand; heads have two more, and the national head the texts.
EVERYBODY = {
    "/review/",
    "/review/search/",
    "/review/inbox/",
    "/review/not-told/",
    "/review/consultations/",
    "/review/quality/",
    "/review/papers/",
    "/review/handover/",
    "/review/leave/",
    "/",
}
HEADS = {"/review/overview/", "/review/workload/"}
PROVINCE = {"/review/membership-claims/"}
NATION = {
    "/review/batches/",
    "/review/objections/",
    "/review/endings/",
    "/review/calendar/",
    "/office/chains/",
}
TEXTS = {"/office/notices/", "/office/articles/"}


def navigation(page: ClientResponse) -> str:
    found = re.search(r'<nav class="mainnav".*?</nav>', page.content.decode(), re.DOTALL)
    assert found is not None
    return found[0]


def people(cast: Cast) -> dict[str, tuple[Account, set[str]]]:
    return {
        "provincial": (cast.provincial, EVERYBODY | PROVINCE),
        "provincial head": (cast.provincial_head, EVERYBODY | PROVINCE | HEADS),
        "national": (cast.national, EVERYBODY | NATION),
        "national head": (cast.national_head, EVERYBODY | NATION | HEADS | TEXTS),
    }


@pytest.mark.parametrize("who", ["provincial", "provincial head", "national", "national head"])
def test_each_officer_is_led_to_every_place_once(cast: Cast, who: str) -> None:
    officer, places = people(cast)[who]
    led_to = re.findall(r'href="([^"#]+)"', navigation(sign_in(officer).get("/review/")))
    assert sorted(led_to) == sorted(places)


def test_every_place_of_a_head_is_marked_in_its_group_and_nothing_else_is(cast: Cast) -> None:
    head = sign_in(cast.national_head)
    in_no_group = {"/review/overview/", "/review/", "/review/search/", "/review/inbox/"}
    for place in EVERYBODY | NATION | HEADS | TEXTS:
        if place == "/":
            continue
        shown = navigation(head.get(place))
        assert re.findall(r'href="([^"]+)" aria-current="page"', shown) == [place]
        groups = re.findall(r"<summary([^>]*)>.*?</details>", shown, re.DOTALL)
        marked = [
            group
            for group in re.findall(r"<details.*?</details>", shown, re.DOTALL)
            if '<summary aria-current="true">' in group
        ]
        assert len(groups) == 4
        assert [place in group for group in marked] == ([] if place in in_no_group else [True])
