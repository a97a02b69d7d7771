"""Cursors of long lists: pages follow in both directions, and a cursor that no page gave out breaks nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.urls import reverse

from registry.cursors import DAY, ID, MOMENT, YES_OR_NO, CursorInvalid, Key, Keyset
from registry.models import Account
from registry.rules.workflow.states import Role
from tests.builders.register import MORNING, Cast, in_force
from tests.review.officers import sign_in, text_of

pytestmark = pytest.mark.django_db

SAID = "The list is shown from its start"
A_MOMENT = "2026-03-02T02:00:00Z"
AN_ID = "8a9f4f6c-1111-4222-8333-444455556666"
NEWEST = Keyset("newest", (Key("created_at", MOMENT, falls=True), Key("id", ID, falls=True)))
OF_A_LIST = f"after-newest-{A_MOMENT}_{AN_ID}"
REFUSED = {
    "no direction": OF_A_LIST.removeprefix("after-"),
    "another direction": OF_A_LIST.replace("after", "beside"),
    "another list": OF_A_LIST.replace("newest", "inbox"),
    "cut off": OF_A_LIST[:-1],
    "only its beginning": "after-newest-",
    "a part too many": f"{OF_A_LIST}_1",
    "a moment without its zone": OF_A_LIST.replace("Z_", "_"),
    "a moment in another zone": OF_A_LIST.replace("Z_", "+08:00_"),
    "a moment before all time": OF_A_LIST.replace(A_MOMENT, "0001-01-01T00:00:00+23:00"),
    "no moment": OF_A_LIST.replace(A_MOMENT, "yesterday"),
    "an id in capitals": OF_A_LIST.replace(AN_ID, AN_ID.upper()),
    "bytes that are no UTF-8": "\ufffd\ufffd",
    "a null": "after-newest-\x00_\x00",
    "half a character": "after-newest-\ud800",
    "full-width digits": OF_A_LIST.replace("2026", "２０２６"),
    "huge": "after-newest-" + "9" * 100_000,
}


@pytest.mark.parametrize("cursor", REFUSED.values(), ids=REFUSED)
def test_a_cursor_that_no_page_of_the_list_gave_out_is_refused(cursor: str) -> None:
    accounts = Account.objects.all()
    assert NEWEST.page(accounts, OF_A_LIST, size=1).rows == []
    with pytest.raises(CursorInvalid):
        NEWEST.page(accounts, cursor, size=1)
    assert NEWEST.page_or_start(accounts, cursor, size=1).is_start_instead


ORDERS = [
    NEWEST,
    Keyset("oldest", (Key("created_at", MOMENT), Key("id", ID))),
    Keyset("people", (Key("works_there", YES_OR_NO), Key("created_at", MOMENT, falls=True), Key("id", ID))),
    Keyset("offices", (Key("works_there", YES_OR_NO, falls=True), Key("created_at", MOMENT), Key("id", ID))),
]


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: order.name)
@pytest.mark.parametrize("size", [1, 2, 3, 7, 8])
def test_pages_lead_through_the_whole_list_and_back(order: Keyset, size: int) -> None:
    for number in range(7):
        account = Account.objects.create_account(
            name=f"样例{number}",
            password=None,
            role=Role.APPLICANT if number % 3 else Role.NATIONAL_REVIEWER,
        )
        # Two at a time at the same moment.
        Account.objects.filter(pk=account.pk).update(created_at=MORNING + timedelta(minutes=number // 2))
    works_there = ExpressionWrapper(~Q(role=Role.APPLICANT.value), output_field=BooleanField())
    accounts = Account.objects.annotate(works_there=works_there)
    whole = list(order.ordered(accounts))
    assert len(whole) == 7
    pages = [order.page(accounts, "", size=size)]
    assert pages[0].previous_cursor == ""
    while pages[-1].next_cursor:
        pages.append(order.page(accounts, pages[-1].next_cursor, size=size))
    assert [row for page in pages for row in page.rows] == whole
    shown = pages[-1]
    for before in reversed(pages[:-1]):
        shown = order.page(accounts, shown.previous_cursor, size=size)
        assert shown.rows == before.rows
    assert shown.previous_cursor == ""


def test_days_are_a_key_too() -> None:
    order = Keyset("days", (Key("on", DAY),))
    assert order.keys[0].spelling.read("2026-03-02") == MORNING.date()


@pytest.mark.parametrize(
    ("address", "who"),
    [
        (reverse("office:events"), "auditor"),
        (reverse("office:membership_events"), "auditor"),
        (reverse("review:reveals"), "auditor"),
        (reverse("review:queue"), "provincial"),
        (reverse("review:not_told"), "provincial"),
        (reverse("review:inbox"), "provincial"),
        (reverse("applicants:inbox"), "member"),
    ],
)
def test_a_page_begins_at_the_start_and_says_so(cast: Cast, address: str, who: str) -> None:
    in_force(cast)
    client = sign_in(getattr(cast, who))
    assert SAID not in text_of(client.get(address))
    for cursor in ("nonsense", OF_A_LIST, "after-events-", "%FF%FE%00", "9" * 5_000):
        answer = client.get(f"{address}?after={cursor}")
        assert (answer.status_code, SAID in text_of(answer)) == (200, True), cursor
        assert answer.context.get("first_url", "") == ""
