"""An officer's own texts: kept, ordered, changed and removed by their owner alone, within bounds."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.db import connection
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from registry import clock
from registry.errors import NotFound
from registry.models import Account
from review.models import OwnText
from review.own_texts import own_texts
from review.own_texts.own_texts import MOST_KEPT, OwnTextRefused
from tests.builders.register import MORNING, Cast
from tests.review.officers import sign_in, text_of

pytestmark = pytest.mark.django_db

PAGE = reverse("review:own_texts")
PLACE = OwnText.Place
SAID = "样例：材料齐全，内容与证明文件一致，建议予以备案。"


@pytest.fixture(autouse=True)
def _that_morning() -> None:
    clock.set_for_tests(MORNING)


def kept(officer: Account, *names: str, place: OwnText.Place = PLACE.OPINION) -> list[OwnText]:
    return [
        own_texts.add(officer, place, name=name, text=f"样例正文：{name}。", at=MORNING) for name in names
    ]


def names(officer: Account, place: OwnText.Place = PLACE.OPINION) -> list[str]:
    return [each.name for each in own_texts.texts_for(officer, place)]


def test_a_text_is_added_changed_ordered_and_removed_on_ones_own_page(cast: Cast) -> None:
    client = sign_in(cast.provincial)
    assert "No template yet" in text_of(client.get(PAGE))
    for name in ("样例一", "样例二", "样例三"):
        answer = client.post(PAGE, {"place": "opinion", "name": name, "text": SAID})
        assert answer["Location"] == PAGE
    one, two, three = own_texts.texts_of(cast.provincial)
    for text, to in ((three, "up"), (one, "down"), (three, "up"), (three, "up")):
        client.post(reverse("review:move_own_text", args=[text.pk]), {"to": to})
    assert names(cast.provincial) == ["样例三", "样例一", "样例二"]
    address = reverse("review:own_text", args=[two.pk])
    assert SAID in client.get(address).content.decode()
    changed = {"place": "reason", "name": "样例改名", "text": "样例：另一正文。"}
    assert client.post(address, changed)["Location"] == PAGE
    assert names(cast.provincial) == ["样例三", "样例一"]
    assert names(cast.provincial, PLACE.REASON) == ["样例改名"]
    client.post(reverse("review:remove_own_text", args=[three.pk]))
    assert names(cast.provincial) == ["样例一"]
    page = text_of(client.get(PAGE))
    assert "样例：另一正文。" in page
    assert "2 of at most 60 templates." in page


def test_nobody_else_reads_changes_moves_or_removes_it(cast: Cast) -> None:
    (text,) = kept(cast.provincial, "样例一")
    for other in (cast.provincial_second, cast.provincial_head, cast.national_head, cast.elsewhere):
        client = sign_in(other)
        assert text.text not in client.get(PAGE).content.decode()
        for name in ("own_text", "move_own_text", "remove_own_text"):
            address = reverse(f"review:{name}", args=[text.pk])
            sent = client.post(address, {"place": "opinion", "name": "样例", "text": SAID, "to": "up"})
            assert sent.status_code == HTTPStatus.NOT_FOUND
        assert client.get(reverse("review:own_text", args=[text.pk])).status_code == HTTPStatus.NOT_FOUND
        with pytest.raises(NotFound):
            own_texts.own_text(other, text.pk)
    assert [each.text for each in own_texts.texts_of(cast.provincial)] == ["样例正文：样例一。"]


def test_what_is_missing_or_too_long_is_said_and_nothing_typed_is_lost(cast: Cast) -> None:
    client = sign_in(cast.provincial)
    whole = {"place": "point", "name": "样例一", "text": SAID}
    wrong: tuple[dict[str, str], ...] = (
        {"name": ""},
        {"text": ""},
        {"place": ""},
        {"name": "名" * 41},
        {"text": "文" * 2001},
        {"name": "\u200b\u200b"},
    )
    for each in wrong:
        refused = client.post(PAGE, whole | each)
        assert refused.status_code == HTTPStatus.BAD_REQUEST
        expected = (whole | each)["text"] or (whole | each)["name"]
        assert expected in refused.content.decode()
    assert own_texts.texts_of(cast.provincial) == []


def test_a_text_is_kept_as_all_free_text_is(cast: Cast) -> None:
    text = own_texts.add(
        cast.provincial, PLACE.REMARK, name=" 样例\t一\u202e ", text="样例：\r\n第二行\u200b。", at=MORNING
    )
    assert (text.name, text.text) == ("样例一", "样例：\n第二行。")


def test_there_is_room_for_a_bounded_number_and_the_page_says_so(cast: Cast) -> None:
    kept(cast.provincial, *(f"样例 {number}" for number in range(MOST_KEPT)))
    with pytest.raises(OwnTextRefused, match="own_texts_too_many"):
        kept(cast.provincial, "样例：再多一条")
    refused = sign_in(cast.provincial).post(PAGE, {"place": "opinion", "name": "样例", "text": SAID})
    assert refused.status_code == HTTPStatus.CONFLICT
    assert "Remove one first" in text_of(refused)
    assert SAID in refused.content.decode()
    # Somebody else has as much room as ever.
    kept(cast.provincial_second, "样例一")


@pytest.mark.parametrize("count", [1, MOST_KEPT])
def test_the_page_asks_as_many_queries_for_one_text_as_for_all(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    kept(cast.provincial, *(f"样例 {number}" for number in range(count)))
    client = sign_in(cast.provincial)
    client.get(PAGE)
    with django_assert_num_queries(5):
        client.get(PAGE)


def test_name_and_text_lie_encrypted(cast: Cast) -> None:
    (text,) = kept(cast.provincial, "样例名称")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, text FROM review_owntext")
        stored = "".join(str(value) for value in cursor.fetchone())
    assert "样例" not in stored
    assert OwnText.objects.get(pk=text.pk).name == "样例名称"


def test_the_same_text_is_kept_once_and_named_by_its_beginning(cast: Cast) -> None:
    first = own_texts.keep(cast.provincial, PLACE.OPINION, f"{SAID}\r\n第二行", at=MORNING)
    again = own_texts.keep(cast.provincial, PLACE.OPINION, f"{SAID}\n第二行 ", at=MORNING)
    assert (first.is_new, again.is_new, again.text.pk) == (True, False, first.text.pk)
    assert first.text.name == "样例：材料齐全，内容与证明文件一致，建议…"
    elsewhere = own_texts.keep(cast.provincial, PLACE.REASON, SAID, at=MORNING)
    assert elsewhere.is_new
    with pytest.raises(OwnTextRefused, match="own_text_without_text"):
        own_texts.keep(cast.provincial, PLACE.OPINION, " \u200b", at=MORNING)


def test_with_the_account_its_texts_go_and_those_kept_since_stay(cast: Cast) -> None:
    kept(cast.provincial, "样例一", "样例二")
    own_texts.add(cast.provincial, PLACE.OPINION, name="样例三", text=SAID, at=MORNING + timedelta(hours=2))
    kept(cast.provincial_second, "样例四")
    assert own_texts.remove_all_of(cast.provincial, until=MORNING + timedelta(hours=1)) == 2
    assert names(cast.provincial) == ["样例三"]
    assert names(cast.provincial_second) == ["样例四"]


def test_applicants_and_the_administrator_have_no_such_page(cast: Cast) -> None:
    for account in (cast.member, cast.administrator):
        assert sign_in(account).get(PAGE).status_code == HTTPStatus.NOT_FOUND
