"""The composer for lists of endings and corrigenda: the same pages, with what each kind has of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from registry import clock
from registry.batches import lists
from registry.models import BatchEntry, BatchList, Filing
from registry.rules.batches.corrections import CorrectedColumn
from registry.rules.batches.lifecycle import ListKind, ListState
from review.models import AnnouncementText, ListDraft
from tests.builders import batch as batches
from tests.builders import objection as objections
from tests.builders.batch import LISTING
from tests.builders.register import Cast
from tests.client import ClientResponse
from tests.review.batches.test_compose import fields
from tests.review.officers import sign_in, text_of

pytestmark = pytest.mark.django_db

LATER = LISTING + timedelta(days=2)
CORRIGENDA = "/review/batches/compose/corrigenda/"
CANCELLED = "/review/batches/compose/cancelled/"
NAME = "样例更正后的服务名称"


@pytest.fixture(autouse=True)
def _later(settings: Settings) -> Iterator[None]:
    settings.SESSION_COOKIE_AGE = 10 * 366 * 24 * 3600
    with clock.stopped_at(LATER):
        yield


@pytest.fixture
def filings(cast: Cast) -> list[Filing]:
    """Three filings of a list in public."""
    found = batches.filings_in_force(cast, 3)
    batches.published(cast)
    return found


def _entry(filing: Filing) -> BatchEntry:
    return BatchEntry.objects.get(filing=filing, kind="filings")


def _corrigendum(*rows: dict[str, str], **changed: Any) -> dict[str, Any]:
    """What the form of a corrigendum sends."""
    sent: dict[str, Any] = {
        "moment": "at_once",
        "publish_at": "",
        "announcement": "样例公告：更正{count}处。",
        "version": 0,
        "step": "save",
        "correction": [row["entry"] for row in rows],
    }
    for place, row in enumerate(rows):
        sent |= {f"{name}-{place}": value for name, value in row.items() if name != "entry"}
    return sent | changed


def _row(filing: Filing, **changed: str) -> dict[str, str]:
    made = {
        "entry": str(_entry(filing).pk),
        "column": "service_name",
        "after": NAME,
        "reason": "样例：录入有误",
    }
    return made | changed


def _propose(client: Client, kind: ListKind) -> ClientResponse:
    numbers = client.get(reverse("review:preview_list", args=[kind])).content.decode()
    numbers = numbers.split('<textarea name="numbers" hidden>')[1].split("</textarea>")[0]
    version = ListDraft.objects.get(kind=kind.value).version
    return client.post(
        reverse("review:propose_list", args=[kind]), {"version": version, "numbers": unescape(numbers)}
    )


# ---------------------------------------------------------------- endings


def test_a_list_of_cancelled_filings_is_composed_from_what_ended(cast: Cast, filings: list[Filing]) -> None:
    first, second, third = filings
    batches.cancel(cast, first)
    batches.cancel(cast, second)
    client = sign_in(cast.national_head)
    page = text_of(client.get(CANCELLED))
    assert "Last day of endings" in page
    assert "2026-03-05" in page
    assert str(third.number) not in page
    sent = fields(announcement="样例公告：注销{count}项。", row=[str(second.pk)], cut_off_on="2026-03-11")
    answer = client.post(CANCELLED, sent | {f"reason-{second.pk}": "样例：待核实原件", "step": "preview"})
    assert answer.headers["Location"] == f"{CANCELLED}preview/"
    preview = unescape(text_of(client.get(f"{CANCELLED}preview/")))
    assert "样例公告：注销1项。" in preview
    assert "Cancelled filings of domestic blockchain information services, list 1" in preview
    answer = _propose(client, ListKind.CANCELLED)
    proposed = BatchList.objects.get(kind="cancelled")
    assert answer.headers["Location"] == reverse("review:batch", args=[proposed.pk])
    assert [each.number for each in lists.proposal_of(proposed).entries] == [first.number]


def test_until_is_no_place_of_an_announcement_that_nobody_objects_to(
    cast: Cast, filings: list[Filing]
) -> None:
    batches.cancel(cast, filings[0])
    client = sign_in(cast.national_head)
    answer = client.post(CANCELLED, fields(announcement="样例 {until}", cut_off_on="2026-03-11"))
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert "There is no place {until}" in unescape(text_of(answer))


def test_each_kind_has_a_draft_and_a_standing_text_of_its_own(cast: Cast, filings: list[Filing]) -> None:
    client = sign_in(cast.national_head)
    client.post(reverse("review:compose"), fields())
    client.post(CANCELLED, fields(announcement="样例：注销{count}项", cut_off_on="2026-03-11"))
    assert set(ListDraft.objects.values_list("kind", flat=True)) == {"filings", "cancelled"}
    client.post(
        reverse("review:announcement_text", args=[ListKind.CANCELLED]),
        {"text": "样例注销公告 {count}", "version": "0", "act": "save"},
    )
    assert AnnouncementText.objects.get().kind == "cancelled"
    page = client.get(reverse("review:batches")).content.decode()
    assert f'href="{CANCELLED}"' in page
    assert f'href="{CORRIGENDA}"' in page


def test_a_second_officer_reads_that_nobody_objects(cast: Cast, filings: list[Filing]) -> None:
    batches.cancel(cast, filings[0])
    proposed = batches.proposed(cast, batches.composition(kind=ListKind.CANCELLED), at=LATER)
    client = sign_in(cast.national)
    address = reverse("review:batch_act", args=[proposed.pk, "list_confirmed"])
    page = text_of(client.get(address, {"event": proposed.last_event_sequence}))
    assert "What is published is never edited." in page
    assert "Anyone may object" not in page


# ---------------------------------------------------------------- corrigenda


def test_an_entry_is_added_by_list_and_position_and_the_draft_is_kept(
    cast: Cast, filings: list[Filing]
) -> None:
    client = sign_in(cast.national_head)
    added = {"add_kind": "filings", "add_number": "1", "add_position": "2", "step": "add"}
    answer = client.post(CORRIGENDA, _corrigendum(**added))
    assert answer.status_code == HTTPStatus.FOUND
    (stored,) = ListDraft.objects.get().corrections or []
    assert stored["entry"] == str(_entry(filings[1]).pk)
    page = text_of(client.get(CORRIGENDA))
    assert filings[1].service_name in page
    assert "Give the reason" in page
    client.post(CORRIGENDA, _corrigendum(_row(filings[1]), version=1))
    (stored,) = ListDraft.objects.get().corrections or []
    assert (stored["after"], stored["column"]) == (NAME, "service_name")
    client.post(CORRIGENDA, _corrigendum(_row(filings[1], remove="1"), version=2))
    assert not ListDraft.objects.get().corrections


@pytest.mark.parametrize("step", ["save", "preview"])
def test_an_entry_that_is_named_is_added_by_every_button(
    cast: Cast, filings: list[Filing], step: str
) -> None:
    client = sign_in(cast.national_head)
    added = {"add_kind": "filings", "add_number": "1", "add_position": "2"}
    assert client.post(CORRIGENDA, _corrigendum(**added, step=step)).status_code == HTTPStatus.FOUND
    (stored,) = ListDraft.objects.get().corrections or []
    assert stored["entry"] == str(_entry(filings[1]).pk)
    unknown = _corrigendum(**added | {"add_position": ""}, step=step, version=1)
    assert "No published list has this entry" in text_of(client.post(CORRIGENDA, unknown))


@pytest.mark.parametrize(
    "added",
    [
        {"add_kind": "filings", "add_number": "1", "add_position": "9"},
        {"add_kind": "filings", "add_number": "x", "add_position": ""},
        {"add_kind": "corrigenda", "add_number": "1", "add_position": "1"},
        {"add_kind": "nothing", "add_number": "1", "add_position": "1"},
    ],
)
def test_an_entry_that_is_none_is_named_and_nothing_typed_is_lost(
    cast: Cast, filings: list[Filing], added: dict[str, str]
) -> None:
    client = sign_in(cast.national_head)
    answer = client.post(CORRIGENDA, _corrigendum(_row(filings[0]), **added, step="add"))
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert "No published list has this entry" in text_of(answer)
    assert NAME in answer.content.decode()
    assert not ListDraft.objects.exists()


def test_a_text_that_is_too_long_is_named(cast: Cast, filings: list[Filing]) -> None:
    client = sign_in(cast.national_head)
    for changed in ({"after": "样" * 201}, {"reason": "样例：写明理由" * 301}):
        answer = client.post(CORRIGENDA, _corrigendum(_row(filings[0], **changed)))
        assert answer.status_code == HTTPStatus.BAD_REQUEST
        assert "At most 200 characters" in text_of(answer)


def test_a_corrigendum_is_previewed_and_proposed(cast: Cast, filings: list[Filing]) -> None:
    first, second, _third = filings
    client = sign_in(cast.national_head)
    rows = (_row(first), _row(second, column="entry", after="样例不会留下", reason="样例：疑议成立"))
    client.post(CORRIGENDA, _corrigendum(*rows))
    preview = unescape(text_of(client.get(f"{CORRIGENDA}preview/")))
    assert "样例公告：更正2处。" in preview
    assert NAME in preview
    assert "Entry withdrawn" in preview
    assert client.get(f"{CORRIGENDA}preview.pdf").headers["Content-Type"] == "application/pdf"
    _propose(client, ListKind.CORRIGENDA)
    proposed = BatchList.objects.get(kind="corrigenda")
    said = [each.correction for each in lists.proposal_of(proposed).entries]
    assert [(each.column, each.after) for each in said if each is not None] == [
        (CorrectedColumn.SERVICE_NAME, NAME),
        (CorrectedColumn.ENTRY, ""),
    ]
    page = text_of(sign_in(cast.national).get(reverse("review:batch", args=[proposed.pk])))
    assert NAME in page
    assert first.service_name in page


def test_what_cannot_be_published_is_not_proposed(cast: Cast, filings: list[Filing]) -> None:
    client = sign_in(cast.national_head)
    client.post(CORRIGENDA, _corrigendum(_row(filings[0], reason="")))
    answer = client.post(f"{CORRIGENDA}propose/", {"version": 1, "numbers": filings[0].number})
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "A correction cannot be published as it stands" in text_of(answer)
    assert not BatchList.objects.filter(kind="corrigenda").exists()


def test_a_preview_names_everything_that_would_be_refused_and_offers_no_proposal(
    cast: Cast, filings: list[Filing]
) -> None:
    client, propose_url = sign_in(cast.national_head), f'action="{CORRIGENDA}propose/"'
    rows = (
        _row(filings[0], after=filings[0].service_name, reason=""),
        _row(filings[1], after="样例\U0001f3db"),
    )
    client.post(CORRIGENDA, _corrigendum(*rows))
    page = client.get(f"{CORRIGENDA}preview/").content.decode()
    said = unescape(page)
    for named in (
        f"{filings[0].number}: Give the reason in at least a sentence: it is published.",
        f"{filings[0].number}: Write the name as it should be",
        "has characters that no file can print: \U0001f3db",
    ):
        assert named in said
    assert propose_url not in page
    client.post(CORRIGENDA, _corrigendum(_row(filings[0]), version=1))
    page = client.get(f"{CORRIGENDA}preview/").content.decode()
    assert ("This list cannot be proposed yet" in page, propose_url in page) == (False, True)


def test_a_row_of_a_corrigendum_names_everything_that_is_wrong_with_it(
    cast: Cast, filings: list[Filing]
) -> None:
    client = sign_in(cast.national_head)
    client.post(CORRIGENDA, _corrigendum(_row(filings[0], after="", reason="\U0001f3db")))
    said = unescape(text_of(client.get(CORRIGENDA)))
    assert "Write the name as it should be" in said
    assert "No font of the files has these characters: \U0001f3db" in said


def test_an_upheld_objection_leads_to_a_corrigendum_of_its_entry(cast: Cast, filings: list[Filing]) -> None:
    upheld = objections.decided(cast, BatchList.objects.get(), uphold=True, position=2)
    client = sign_in(cast.national_head)
    address = f"{CORRIGENDA}?entry={upheld.entry_id}"
    page = client.get(reverse("review:objection", args=[upheld.pk])).content.decode()
    assert address in page
    composer = text_of(client.get(address))
    assert str(filings[1].number) in composer
    assert not ListDraft.objects.exists()
    for nothing in ("x", "00000000-0000-0000-0000-000000000000"):
        assert client.get(f"{CORRIGENDA}?entry={nothing}").status_code == HTTPStatus.OK


def test_a_published_corrigendum_stands_among_the_lists(cast: Cast, filings: list[Filing]) -> None:
    batches.corrigendum(cast, batches.corrected(_entry(filings[0])), at=LATER)
    page = sign_in(cast.national).get(reverse("review:batches")).content.decode()
    assert 'href="/lists/corrigenda/1/"' in page
    assert BatchList.objects.get(kind="corrigenda").state == ListState.PUBLISHED
