"""Public records written ahead: the same bytes as those made now, and never served once anything has changed."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from registry import clock, tasks
from registry.batches import files, lists, publishing
from registry.lists import note_names
from registry.models import EventEffect, Filing, ListEntry, NamesVersion, PublishedRecord
from registry.office.lists import move_entry, reword_entry
from registry.public.limits import AddressThrottle
from registry.publication import edition as editions
from registry.publication.edition import edition
from registry.publication.ready import ready_record
from registry.rules.workflow.effects import EffectKind
from registry.snapshot import records
from registry.streams import effects
from tests.builders import batch as batches
from tests.builders import register as build
from tests.builders.batch import LISTING
from tests.builders.public_register import PUBLIC, every_state
from tests.builders.register import MORNING, Cast
from tests.builders.renaming import rename_service
from tests.client import ClientResponse

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def look_up(filing: Filing | str, **headers: str) -> ClientResponse:
    number = filing if isinstance(filing, str) else str(filing.number)
    return Client().get(f"/api/v1/filings/{quote(number)}/", headers=headers)


def is_ready(filing: Filing) -> bool:
    return ready_record(str(filing.number), edition=edition()) is not None


def sweep() -> int:
    """Sweeps until nothing is left."""
    done = 0
    while count := tasks.sweep_records():
        done += count
    return done


def kept() -> list[tuple[Any, ...]]:
    found = PublishedRecord.objects.order_by("pk").values_list(
        "pk", "body", "sha256", "sequence", "listings", "names"
    )
    return [(pk, bytes(body), *rest) for pk, body, *rest in found]


@pytest.fixture
def filing(cast: Cast) -> Filing:
    """A filing in force whose record is ready."""
    made = build.filing_of(build.in_force(cast))
    sweep()
    assert is_ready(made)
    return made


def test_what_is_ready_is_byte_for_byte_what_is_made_now_in_every_state(cast: Cast, tmp_path: Path) -> None:
    made = every_state(cast, tmp_path)
    now = {name: look_up(made[name]) for name in PUBLIC}
    assert not PublishedRecord.objects.exists()
    sweep()
    assert PublishedRecord.objects.count() == Filing.objects.exclude(number=None).count()
    for name in PUBLIC:
        assert is_ready(made[name]), name
        for language in ("zh-hans", "en"):
            ready = look_up(made[name], **{"Accept-Language": language})
            assert ready.content == now[name].content, name
        assert look_up(made[name]).headers == now[name].headers, name
    standings = {name: now[name].json()["standing"] for name in PUBLIC}
    assert {name for name, standing in standings.items() if standing == "cancelled"} == {"cancelled"}
    assert {name for name, standing in standings.items() if standing == "struck_off"} == {"struck_off"}
    assert now["listed"].json()["predecessor_numbers"] == [made["struck_off"].number]
    assert now["ending"].json()["ends_on"] == "2026-06-01"
    assert {name: now[name].json()["batch"] for name in ("imported", "listed", "new")} == {
        "imported": 1,
        "listed": 2,
        "new": None,
    }
    assert [each["event"] for each in now["renamed"].json()["history"]][-2:] == [
        "changed",
        "applicant_changed",
    ]
    assert effects.events_awaiting(EffectKind.RECORD) == []


def test_a_ready_record_is_one_query(
    filing: Filing, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        answer = look_up(filing)
    assert answer.json()["number"] == filing.number
    with django_assert_num_queries(1):
        assert look_up(str(filing.number)[4:-1].lower()).content == answer.content
    unwritten = "京网信备11010826000012340012号"
    with django_assert_num_queries(2):
        assert look_up(unwritten).status_code == 404


def test_who_has_the_bytes_gets_them_not_again_ready_or_not(filing: Filing) -> None:
    ready = look_up(filing)
    assert "max-age=60" in ready["Cache-Control"]
    assert "public" in ready["Cache-Control"]
    again = look_up(filing, **{"If-None-Match": ready["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", ready["ETag"])
    PublishedRecord.objects.all().delete()
    now = look_up(filing, **{"If-None-Match": ready["ETag"]})
    assert (now.status_code, dict(now.headers)) == (304, dict(again.headers))
    assert look_up(filing, **{"If-None-Match": '"another"'}).status_code == 200


@pytest.mark.parametrize(
    ("accepted", "status"),
    [("text/html, */*;q=0.1", 200), ("application/json", 200), ("application/*", 200), ("text/html", 406)],
)
def test_it_is_answered_as_the_framework_would(filing: Filing, accepted: str, status: int) -> None:
    ready = look_up(filing, Accept=accepted)
    PublishedRecord.objects.all().delete()
    now = look_up(filing, Accept=accepted)
    assert (ready.status_code, ready.content, ready.headers) == (now.status_code, now.content, now.headers)
    assert ready.status_code == status


def test_an_answer_in_a_form_of_its_own_is_made_for_it(filing: Filing) -> None:
    assert b'\n    "number"' in look_up(filing, Accept="application/json; indent=4").content
    assert Client().get(f"/api/v1/filings/{quote(str(filing.number))}/?format=xml").status_code == 404


def test_every_event_makes_it_stale_until_it_is_written_again(cast: Cast, filing: Filing) -> None:
    before = look_up(filing).content
    rename_service(cast, filing, "样例新名", at=MORNING + DAY)
    assert not is_ready(filing)
    after = look_up(filing)
    assert after.json()["service_name"] == "样例新名"
    assert after.content != before
    assert sweep() == 1
    assert is_ready(filing)
    assert look_up(filing).content == after.content


def test_a_list_makes_it_stale_from_the_moment_it_is_shown(cast: Cast, filing: Filing) -> None:
    batch_list = batches.confirmed(cast)
    moment = LISTING + timedelta(hours=1)
    lists.freeze(batch_list.pk, at=moment)
    files.make_files(batch_list.pk)
    assert is_ready(filing)
    assert look_up(filing).json()["batch"] is None
    lists.publish(batch_list.pk, at=moment)
    # The list is public, and nothing is noted in the filing's stream yet.
    assert not is_ready(filing)
    shown = look_up(filing).json()
    assert (shown["batch"], [each["event"] for each in shown["history"]]) == (1, ["numbered"])
    (event,) = publishing.to_note()
    publishing.note_entries(event)
    sweep()
    assert is_ready(filing)
    assert [each["event"] for each in look_up(filing).json()["history"]] == ["numbered", "listed"]


def test_a_name_of_the_administrators_lists_makes_it_stale_with_its_change(
    cast: Cast, filing: Filing
) -> None:
    code = look_up(filing).json()["main_chains"][0]["code"]
    entry = ListEntry.objects.get(list_name="main_chains", code=code)
    words = {"name_zh": entry.name_zh, "name_en": entry.name_en}
    before = look_up(filing).content
    reword_entry(
        entry.pk,
        words={**words, "name_zh": "样例新链名"},
        reason="样例：写明理由",
        by=cast.administrator,
    )
    assert not is_ready(filing)
    assert look_up(filing).json()["main_chains"][0]["name_zh"] == "样例新链名"
    assert sweep() == 1
    assert is_ready(filing)
    # What was made from the same names is the same bytes again: the digest is of the names, not of their changes.
    reword_entry(entry.pk, words=words, reason="样例：写明理由", by=cast.administrator)
    assert not is_ready(filing)
    sweep()
    assert look_up(filing).content == before


def test_what_the_public_does_not_see_of_a_list_makes_nothing_stale(cast: Cast, filing: Filing) -> None:
    entries = ListEntry.objects.filter(list_name="main_chains").order_by("position")
    move_entry(entries[1].pk, down=False, by=cast.administrator)
    reason = ListEntry.objects.filter(list_name="reasons")[0]
    reword_entry(reason.pk, words={"name_zh": "样例理由"}, reason="样例：写明理由", by=cast.administrator)
    assert is_ready(filing)


def test_a_name_that_was_changed_past_the_portal_is_noted_by_the_next_sweep(filing: Filing) -> None:
    ListEntry.objects.filter(list_name="main_chains").update(name_en="Sample chain")
    assert sweep() == 1
    assert {each["name_en"] for each in look_up(filing).json()["main_chains"]} == {"Sample chain"}
    assert NamesVersion.objects.count() == 1


def test_another_edition_is_not_served_and_is_written_again(filing: Filing) -> None:
    with mock.patch.object(editions, "_edition", return_value="another"):
        assert not is_ready(filing)
        assert sweep() == 1
        assert is_ready(filing)
    assert not is_ready(filing)


def test_the_edition_is_of_the_code_and_of_the_address(settings: Settings) -> None:
    first = edition()
    assert first == edition()
    settings.PORTAL_BASE_URL = "https://elsewhere.example.cn"
    assert edition() != first
    for part in editions._CODE:
        assert (editions._REGISTRY / part).exists()


def test_twice_and_late_is_once(cast: Cast, filing: Filing) -> None:
    first = kept()
    records.write(filing.pk)
    assert kept() == first
    rename_service(cast, filing, "样例新名", at=MORNING + DAY)
    with clock.stopped_at(MORNING + 30 * DAY):
        assert sweep() == 1
        assert sweep() == 0
    assert is_ready(filing)
    assert set(EventEffect.objects.filter(kind=EffectKind.RECORD).values_list("outcome", flat=True)) == {
        "done"
    }


def test_a_death_between_the_bytes_and_the_mark_leaves_neither(
    cast: Cast, filing: Filing, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename_service(cast, filing, "样例新名", at=MORNING + DAY)
    before, undone = kept(), effects.undone(EffectKind.RECORD).count()
    assert undone > 1

    def die(*_arguments: object, **_named: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(effects, "settle_up_to", die)
        with pytest.raises(KeyboardInterrupt):
            records.write(filing.pk)
    assert (kept(), effects.undone(EffectKind.RECORD).count()) == (before, undone)
    assert sweep() == 1


def test_an_event_while_the_bytes_are_made_leaves_them_stale(cast: Cast, filing: Filing) -> None:
    made = records.write_record

    def slow(number: str) -> Any:
        written = made(number)
        rename_service(cast, filing, "样例新名", at=MORNING + DAY)
        return written

    with mock.patch.object(records, "write_record", slow):
        records.write(filing.pk)
    assert not is_ready(filing)
    assert effects.undone(EffectKind.RECORD).exists()
    assert sweep() == 1
    assert look_up(filing).json()["service_name"] == "样例新名"


def test_what_was_made_before_never_replaces_what_was_made_after(cast: Cast, filing: Filing) -> None:
    old = records.write_record(str(filing.number))
    rename_service(cast, filing, "样例新名", at=MORNING + DAY)
    sweep()
    newest = kept()
    assert old is not None
    records._keep(filing.pk, str(filing.number), old, records._MadeFrom(1, 0))
    assert kept() == newest


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_one_filing_leave_one_record(cast: Cast) -> None:
    made = build.filing_of(build.in_force(cast))
    note_names()
    errors: list[BaseException] = []

    def work() -> None:
        try:
            records.write(made.pk)
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert errors == []
    assert is_ready(made)


def test_a_filing_that_is_not_public_has_no_record(cast: Cast) -> None:
    case = build.approved(cast)
    records.write(build.filing_of(case).pk)
    assert not PublishedRecord.objects.exists()


def test_a_request_is_counted_once_ready_or_not(filing: Filing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AddressThrottle, "THROTTLE_RATES", {"public_api": "4/min"})
    statuses = [look_up(filing).status_code for _time in range(2)]
    PublishedRecord.objects.all().delete()
    statuses += [look_up(filing).status_code for _time in range(3)]
    assert statuses == [200, 200, 200, 200, 429]
    refused = look_up(filing)
    assert refused["Content-Type"] == "application/problem+json"
    assert int(refused["Retry-After"]) >= 1
