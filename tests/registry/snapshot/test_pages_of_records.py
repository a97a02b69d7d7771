"""Pages of the API out of ready records: the same bytes as made now, in as many queries whatever a page holds."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registry import tasks
from registry.models import Filing, PublishedRecord
from registry.publication import ready
from registry.publication.edition import edition
from registry.publication.record import Criteria, search
from tests.builders.public_register import every_state
from tests.builders.register import MORNING, Cast
from tests.builders.renaming import rename_service
from tests.registry.publication.conftest import make_filings

pytestmark = pytest.mark.django_db

SEARCHES = (
    "",
    "?page_size=2",
    "?sort=service",
    "?standing=in_force",
    "?q=%E6%A0%B7%E4%BE%8B",
    "?q=nothing",
)


def ask(path: str, **headers: str) -> bytes:
    answer = Client().get(path, headers=headers)
    assert answer.status_code == 200
    return answer.content


def sweep() -> None:
    while tasks.sweep_records():
        pass


def test_a_page_is_byte_for_byte_the_same_ready_or_not_and_half_ready(cast: Cast, tmp_path: object) -> None:
    every_state(cast, tmp_path)  # type: ignore[arg-type]
    paths = [f"/api/v1/filings/{query}" for query in SEARCHES]
    made_now = [ask(path) for path in paths]
    assert not PublishedRecord.objects.exists()
    sweep()
    assert [ask(path) for path in paths] == made_now
    some = PublishedRecord.objects.order_by("pk").values("pk")[::2]
    PublishedRecord.objects.filter(pk__in=[row["pk"] for row in some]).delete()
    assert [ask(path) for path in paths] == made_now


def test_its_filings_are_those_of_the_record(cast: Cast) -> None:
    make_filings(cast, 3)
    sweep()
    page = Client().get("/api/v1/filings/").json()
    for shown in page["results"]:
        whole = Client().get(f"/api/v1/filings/{shown['number']}/").json()
        assert {**shown, "history": whole["history"], "disclaimer": page["disclaimer"]} == whole
    assert [each["number"] for each in page["results"]] == [
        each.number for each in search(Criteria()).filings
    ]


def test_a_name_of_before_is_said_ready_or_not(cast: Cast) -> None:
    (filing, _other) = make_filings(cast, 2)
    former = Filing.objects.get(pk=filing.pk).service_name
    rename_service(cast, filing, "全新名字", at=MORNING + timedelta(days=400))
    path = f"/api/v1/filings/?q={former}"
    now = ask(path)
    assert b'"former_names":{"service_name":["' in now
    sweep()
    assert ask(path) == now


def test_what_is_stale_is_made_now(cast: Cast) -> None:
    (filing, other) = make_filings(cast, 2)
    sweep()
    rename_service(cast, filing, "全新名字", at=MORNING + timedelta(days=400))
    names = {
        each["number"]: each["service_name"] for each in Client().get("/api/v1/filings/").json()["results"]
    }
    assert names == {filing.number: "全新名字", other.number: other.service_name}


def test_a_form_of_its_own_has_the_same_content(cast: Cast) -> None:
    make_filings(cast, 2)
    sweep()
    indented = Client().get("/api/v1/filings/", headers={"Accept": "application/json; indent=4"})
    assert indented.content.startswith(b'{\n    "results"')
    assert indented.json() == Client().get("/api/v1/filings/").json()
    assert Client().get("/api/v1/filings/", headers={"Accept": "text/html"}).status_code == 406


def test_a_page_is_two_queries_ready_and_four_not(cast: Cast) -> None:
    make_filings(cast, 3)
    counts = []
    for _state in ("made now", "ready"):
        with CaptureQueriesContext(
            connection,
        ) as one:
            ask("/api/v1/filings/?page_size=1")
        with CaptureQueriesContext(connection) as three:
            ask("/api/v1/filings/")
        counts += [len(one), len(three)]
        sweep()
    assert counts == [4, 4, 2, 2]


def test_the_first_key_beyond_a_page_is_no_other_key(cast: Cast) -> None:
    """A text may hold what looks like the key: in JSON its quotes are not the same bytes."""
    (filing, *_others) = make_filings(cast, 1)
    rename_service(cast, filing, '样例,"history":[]', at=MORNING + timedelta(days=400))
    now = ask("/api/v1/filings/")
    sweep()
    assert ask("/api/v1/filings/") == now
    assert Client().get("/api/v1/filings/").json()["results"][0]["service_name"] == '样例,"history":[]'


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_lost_is_made_again(cast: Cast) -> None:
    (filing, *_others) = make_filings(cast, 1)
    sweep()
    number, written_as = str(filing.number), edition()
    assert ready.ready_record(number, edition=written_as) is not None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (lost,) = cursor.fetchone()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [lost])
    other.close()
    assert ready.ready_record(number, edition=written_as) is not None
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements")
        assert cursor.fetchall() == [("ready_record",)]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_fault_of_the_statement_itself_is_not_tried_twice(cast: Cast) -> None:
    with (
        mock.patch.object(ready, "_fetch_one", side_effect=OperationalError) as asked,
        pytest.raises(OperationalError),
    ):
        ready.ready_record("x", edition="y")
    assert asked.call_count == 1
